/*
 * reply.c: a moderator's own comment.  No rules run, no limit counts; it is
 * there at once, and readers see who wrote it.
 */

#include <string.h>

#include "actions.h"


typedef struct {
    cmt_change_t        change;
    const cmt_site_t   *site;
    cmt_who_t           who;
    int64_t             now;
    uint64_t            parent;
    cmt__whom_t         whom;
    cmt__fields_t       fields;
    cmt__hash_t         token, fingerprint;
} reply_t;


static int reply_page(reply_t *reply, cmt_store_t *store,
    cmt_arena_t *arena, cmt_str_t *page, cmt_error_t *err) CMT_CHECK;
static int reply_fields(reply_t *reply, const cmt_submission_t *in,
    cmt_str_t page, cmt_arena_t *arena, cmt_error_t *err) CMT_CHECK;
static int reply_apply(cmt__write_t *write, cmt_change_t *change, int *wrote,
    cmt_error_t *err);
static int reply_write(cmt__write_t *write, reply_t *reply,
    cmt__thread_t *thread, const cmt__comment_t *parent, cmt_error_t *err)
    CMT_CHECK;


int
cmt_reply_prepare(cmt_store_t *store, const cmt_site_t *site,
    const cmt_who_t *who, const cmt_submission_t *in, cmt_arena_t *arena,
    cmt_change_t **change, cmt_error_t *err)
{
    int        rc;
    reply_t   *s;
    cmt_str_t  page;

    s = cmt_calloc(arena, sizeof(reply_t));
    if (s == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, "no memory for a comment");
    }

    s->change.apply = reply_apply;
    s->site = site;
    s->now = in->now;
    s->parent = in->id;
    page = cmt_form_get(&in->form, "page");

    rc = cmt__who_copy(who, arena, &s->who, err);

    if (rc == CMT_OK && s->parent != 0) {
        rc = reply_page(s, store, arena, &page, err);
    }
    if (rc == CMT_OK) {
        rc = reply_fields(s, in, page, arena, err);
    }
    if (rc == CMT_OK) {
        s->change.result.page = s->fields.page;
        *change = &s->change;
    }

    return rc;
}


static int
reply_page(reply_t *s, cmt_store_t *store, cmt_arena_t *arena,
    cmt_str_t *page, cmt_error_t *err)
{
    int             rc;
    cmt_read_t     *read;
    cmt__thread_t   thread;
    cmt__comment_t  parent;

    rc = cmt_read_begin(store, &read, err);
    if (rc != CMT_OK) {
        return rc;
    }

    rc = cmt__reader_target(read, s->site, s->parent, &parent);

    if (rc == CMT_OK) {
        rc = cmt__thread_get(read, parent.thread, &thread);
    }
    if (rc == CMT_OK) {
        *page = cmt__str_copy(arena, thread.page);
        rc = page->data != NULL ? CMT_OK : CMT_ENOMEM;
    }
    if (rc == CMT_OK) {
        rc = cmt__reader_whom(read, s->site, s->parent, arena, &s->whom);
    }

    cmt_read_end(read);

    return rc == CMT_OK ? CMT_OK
           : cmt__fail(err, rc == CMT_ENOTFOUND ? CMT_EPARENT : rc, "parent",
                       "comment that is answered");
}


static int
reply_fields(reply_t *s, const cmt_submission_t *in, cmt_str_t page,
    cmt_arena_t *arena, cmt_error_t *err)
{
    int           rc;
    cmt_str_t     token, parts[2];
    cmt_site_t    lenient;
    cmt__typed_t  typed;

    memset(&typed, 0, sizeof(typed));
    typed.page = page;
    typed.title = cmt_form_get(&in->form, "title");
    typed.name = cmt_form_get(&in->form, "name");
    typed.text = cmt_form_get(&in->form, "text");
    typed.markup = s->site->markup;
    typed.whom = s->whom;

    if (typed.name.len == 0) {
        typed.name = s->who.name;
    }

    /* a moderator needs no e-mail address */
    lenient = *s->site;
    lenient.require_email = 0;

    rc = cmt__fields_make(&lenient, &typed, arena, &s->fields, err);
    if (rc != CMT_OK) {
        return rc;
    }

    cmt__fields_fingerprint(s->site, &s->fields, s->parent, &s->fingerprint);

    token = cmt_form_get(&in->form, "token");

    rc = cmt__fields_token(token, err);
    if (rc != CMT_OK || token.len == 0) {
        return rc;
    }

    parts[0] = s->who.actor;
    parts[1] = token;
    cmt__hash(s->site->keys, CMT__KEY_TOKEN, parts, 2, &s->token);

    return CMT_OK;
}


static int
reply_apply(cmt__write_t *write, cmt_change_t *change, int *wrote,
    cmt_error_t *err)
{
    int             rc;
    reply_t        *s;
    cmt_read_t     *view;
    cmt__thread_t   thread;
    cmt__comment_t  parent;

    s = (reply_t *) change;
    view = cmt__write_view(write);

    rc = cmt__thread_open(write, s->site, s->fields.page, &thread, wrote,
                          err);
    if (rc != CMT_OK) {
        return rc;
    }

    rc = cmt__thread_replays(view, &thread, &s->token, s->now, change, err);
    if (rc != CMT_OK) {
        return rc;
    }

    if (change->result.replayed
        || !cmt__thread_takes(view, &thread, s->parent, &s->fingerprint,
                              change, &parent))
    {
        return CMT_OK;
    }

    *wrote = 1;

    rc = cmt__thread_begin(write, &s->fields, s->now, &thread, err);

    return rc == CMT_OK
           ? reply_write(write, s, &thread, s->parent != 0 ? &parent : NULL,
                         err)
           : rc;
}


static int
reply_write(cmt__write_t *write, reply_t *s, cmt__thread_t *thread,
    const cmt__comment_t *parent, cmt_error_t *err)
{
    int             rc;
    cmt__posted_t   posted;
    cmt__comment_t  c;

    cmt__fields_comment(&s->fields, &c);
    c.status = CMT_APPROVED;
    c.kind = CMT_COMMENT;
    c.markup = s->site->markup;
    c.flags = CMT__FLAG_REVIEWED | CMT__FLAG_MODERATOR;
    c.created = s->now;
    c.fingerprint = s->fingerprint;

    posted.token = &s->token;
    posted.address = NULL;

    rc = cmt__comment_add(write, thread, parent, s->site->levels, &posted, &c,
                          err);
    if (rc != CMT_OK) {
        return rc;
    }

    s->change.result.id = c.id;
    s->change.result.status = CMT_APPROVED;

    return cmt__thread_grew(write, thread, &c, CMT__DID_SUBMIT, s->who.actor,
                            s->now, err);
}
