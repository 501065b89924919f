/*
 * edit.c: an author changes the text of an own comment.
 *
 *   prepare   whose, and in time? -> text -> facts -> rules -> change
 *   apply     still so? duplicate? asked? flood? -> written
 */

#include <string.h>

#include "actions.h"


typedef struct {
    cmt_change_t        change;
    const cmt_site_t   *site;
    uint64_t            id;
    int64_t             now;
    cmt__comment_t      was;             /* its strings in the arena         */
    cmt__whom_t         whom;
    cmt__fields_t       fields;
    cmt__judged_t       judged;
    cmt__hash_t         cookie, address, fingerprint;
    unsigned            language;        /* of our words                     */
    cmt_str_t           tag;             /* of those of the rules            */
    cmt__asking_t       asking;
    unsigned            links_added:1;
} edit_t;


static int edit_read(edit_t *edit, cmt_store_t *store, cmt_arena_t *arena,
    cmt_error_t *err) CMT_CHECK;
static int edit_text(edit_t *edit, const cmt_submission_t *in,
    cmt_arena_t *arena, cmt_error_t *err) CMT_CHECK;
static int edit_links(edit_t *edit, cmt_arena_t *arena) CMT_CHECK;
static int edit_judge(edit_t *edit, cmt_store_t *store,
    const cmt_submission_t *in, cmt_arena_t *arena, cmt_error_t *err)
    CMT_CHECK;
static int edit_apply(cmt__write_t *write, cmt_change_t *change, int *wrote,
    cmt_error_t *err);
static cmt_status_t edit_status(const edit_t *edit,
    const cmt__comment_t *comment);
static int edit_write(cmt__write_t *write, edit_t *edit,
    const cmt__comment_t *comment, cmt_error_t *err) CMT_CHECK;


int
cmt_edit_prepare(cmt_store_t *store, const cmt_site_t *site,
    const cmt_submission_t *in, cmt_arena_t *arena, cmt_change_t **change,
    cmt_error_t *err)
{
    int      rc;
    edit_t  *s;

    s = cmt_calloc(arena, sizeof(edit_t));
    if (s == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, "no memory for an edit");
    }

    s->change.apply = edit_apply;
    s->site = site;
    s->id = in->id;
    s->now = in->now;
    s->language = cmt__reader_language(site, in);
    s->tag = cmt__reader_tag(site, in);

    (void) cmt__cookie_hash(site->keys, in->cookie, &s->cookie);
    cmt__address_hash(site->keys, in->address, in->now, &s->address);

    rc = edit_read(s, store, arena, err);

    if (rc == CMT_OK) {
        rc = edit_text(s, in, arena, err);
    }
    if (rc == CMT_OK) {
        rc = edit_judge(s, store, in, arena, err);
    }
    if (rc != CMT_OK) {
        return rc;
    }

    *change = &s->change;

    return CMT_OK;
}


/* Takes what the comment was out of a snapshot. */
static int
edit_read(edit_t *s, cmt_store_t *store, cmt_arena_t *arena,
    cmt_error_t *err)
{
    int          rc;
    size_t       i;
    cmt_read_t  *read;

    rc = cmt_read_begin(store, &read, err);
    if (rc != CMT_OK) {
        return rc;
    }

    rc = cmt__reader_own(read, s->site, s->id, &s->cookie, s->now, &s->was);

    if (rc == CMT_OK) {
        rc = cmt__reader_whom(read, s->site, s->was.parent, arena, &s->whom);
    }

    if (rc == CMT_OK) {
        rc = cmt__reader_result(read, &s->was, arena, &s->change.result,
                                err);
        s->fields.page = s->change.result.page;

    } else {
        rc = cmt__fail(err, rc, NULL, "comment %llu",
                       (unsigned long long) s->id);
    }

    cmt_str_t *const  strings[] = { &s->was.name, &s->was.website,
                                    &s->was.text };

    for (i = 0; i < 3 && rc == CMT_OK; i++) {

        *strings[i] = cmt__str_copy(arena, *strings[i]);

        if (strings[i]->data == NULL) {
            rc = cmt__fail(err, CMT_ENOMEM, NULL, "no memory for an edit");
        }
    }

    cmt_read_end(read);

    return rc;
}


static int
edit_text(edit_t *s, const cmt_submission_t *in, cmt_arena_t *arena,
    cmt_error_t *err)
{
    int           rc;
    cmt__typed_t  typed;

    memset(&typed, 0, sizeof(typed));
    typed.text = cmt_form_get(&in->form, "text");
    typed.markup = s->was.markup;
    typed.whom = s->whom;

    s->fields.name = s->was.name;
    s->fields.website = s->was.website;
    s->fields.identity = s->was.identity;

    rc = cmt__fields_text(s->site, &typed, arena, &s->fields.text, err);
    if (rc != CMT_OK) {
        return rc;
    }

    cmt__fields_fingerprint(s->site, &s->fields, s->was.parent,
                            &s->fingerprint);

    rc = edit_links(s, arena);

    return rc == CMT_OK ? CMT_OK : cmt__fail(err, rc, NULL, "links");
}


/* Has the text links that it had not before? */
static int
edit_links(edit_t *s, cmt_arena_t *arena)
{
    int          rc;
    size_t       i, k;
    cmt__text_t  old;

    if (s->fields.text.n_links == 0) {
        return CMT_OK;
    }

    rc = cmt__text_render_answer(arena, s->was.markup, s->site->allow,
                                 s->was.text, &(cmt__whom_t) { .id = 0 },
                                 &old);
    if (rc != CMT_OK) {
        return rc;
    }

    for (i = 0; i < s->fields.text.n_links; i++) {

        for (k = 0; k < old.n_links; k++) {
            if (cmt__str_eq(s->fields.text.links[i].url, old.links[k].url)) {
                break;
            }
        }

        if (k == old.n_links) {
            s->links_added = 1;
        }
    }

    return CMT_OK;
}


/* The rules see the history that the author had before this comment. */
static int
edit_judge(edit_t *s, cmt_store_t *store, const cmt_submission_t *in,
    cmt_arena_t *arena, cmt_error_t *err)
{
    int            rc;
    int64_t       *count;
    cmt__ban_t     ban;
    cmt__hash_t    identity;
    cmt__facts_t   facts;
    cmt__asker_t   asker;

    cmt__reader_identity(s->site, in->identity, &identity);
    asker.signed_in = in->identity.len > 0
                      && cmt__hash_eq(&identity, &s->was.identity);
    asker.in = in;
    asker.parent = s->was.parent;
    asker.cookie = s->cookie;
    asker.address = s->address;
    asker.has_title = 0;
    asker.about = cmt_null_str;
    asker.told = 0;

    rc = cmt__banned(store, s->site, &s->fields, &asker, in->address, s->now,
                     arena, &ban, err);
    if (rc == CMT_OK) {
        rc = cmt__facts_of_post(store, s->site, &s->fields, &asker, s->now,
                                arena, &facts, err);
    }
    if (rc != CMT_OK) {
        return rc;
    }

    facts.event = CMT__EVENT_EDIT;
    facts.id = s->id;
    memcpy(&facts.seed, s->fingerprint.bytes, sizeof(facts.seed));

    count = s->was.status == CMT_APPROVED ? &facts.author.approved
            : s->was.status == CMT_PENDING ? &facts.author.held
            : &facts.author.spam;
    *count -= *count > 0;

    cmt__asking_begin(s->site, in, s->fields.page, &s->fingerprint,
                      &s->asking, &facts);

    rc = ban.status != 0
         ? cmt__banned_judge(&ban, arena, &s->judged, err)
         : cmt__judge(s->site, &facts, s->tag, arena, &s->judged, err);
    cmt__facts_end(&facts);

    return rc == CMT_OK ? cmt__asking_end(&s->asking, &s->judged, s->language,
                                          arena, &s->change.result, err)
                        : rc;
}


static int
edit_apply(cmt__write_t *write, cmt_change_t *change, int *wrote,
    cmt_error_t *err)
{
    int             rc;
    edit_t         *s;
    uint64_t        other;
    cmt_read_t     *view;
    cmt__comment_t  c;

    s = (edit_t *) change;
    view = cmt__write_view(write);

    const cmt__pace_t  paces[] = {
        { CMT__LIMIT_ADDRESS, &s->address, s->site->address_rate },
        { CMT__LIMIT_COOKIE, &s->cookie, s->site->author_rate }
    };

    rc = cmt__reader_own(view, s->site, s->id, &s->cookie, s->now, &c);

    if (rc == CMT_ECORRUPT || rc == CMT_ESTORE) {
        return cmt__fail(err, rc, NULL, "comment of an edit");
    }
    if (rc != CMT_OK) {
        return cmt__refuse(change, rc, NULL, 0);
    }

    change->result.verdict = s->judged.verdict;
    change->result.status = c.status;
    change->result.message = cmt__judged_message(c.status, s->language,
                                                 s->judged.message);

    if (cmt__str_eq(c.text, s->fields.text.text)) {
        change->result.replayed = 1;
        return CMT_OK;
    }

    rc = cmt__duplicate_find(view, c.thread, &s->fingerprint, &other);
    if (rc == CMT_OK && other != c.id) {
        return cmt__refuse(change, CMT_EDUPLICATE, "text", 0);
    }
    if (rc != CMT_OK && rc != CMT_ENOTFOUND) {
        return cmt__fail(err, rc, NULL, "fingerprint");
    }

    if (s->asking.asks != CMT_OK) {
        change->result.message = s->judged.message;
        return cmt__asking_refuse(&s->asking, change);
    }

    rc = cmt__limits(write, change, c.site, paces, 2, s->now, wrote, err);
    if (rc != CMT_OK || change->result.rc != CMT_OK) {
        return rc;
    }

    *wrote = 1;

    return edit_write(write, s, &c, err);
}


/* The stricter of what it is and what the rules say now. */
static cmt_status_t
edit_status(const edit_t *s, const cmt__comment_t *c)
{
    if (s->judged.status == CMT_PENDING && c->status == CMT_APPROVED
        && (c->flags & CMT__FLAG_REVIEWED) && !s->links_added)
    {
        return CMT_APPROVED;
    }

    /* approved < pending < spam < rejected */
    return s->judged.status > c->status ? s->judged.status : c->status;
}


static int
edit_write(cmt__write_t *write, edit_t *s, const cmt__comment_t *c,
    cmt_error_t *err)
{
    int           rc;
    cmt__edit_t   edit;
    cmt_result_t *result;

    memset(&edit, 0, sizeof(edit));
    edit.status = edit_status(s, c);
    edit.edited = s->now;
    edit.fingerprint = s->fingerprint;
    edit.text = s->fields.text.text;
    edit.html = s->fields.text.html;

    rc = cmt__comment_edit(write, s->id, &edit, err);

    if (rc == CMT_OK) {
        rc = cmt__receipt_put(write, s->id, s->judged.receipt, err);
    }
    if (rc == CMT_OK) {
        rc = cmt__reader_did(write, c, CMT__DID_EDIT, edit.status, s->now,
                             err);
    }
    if (rc == CMT_OK) {
        rc = cmt__remember(write, c->site, &s->judged, s->now, err);
    }
    if (rc != CMT_OK) {
        return rc;
    }

    result = &s->change.result;
    result->status = edit.status;
    result->message = cmt__judged_message(edit.status, s->language,
                                          s->judged.message);

    return edit.status == CMT_REJECTED
           ? cmt__refuse_saying(&s->change, CMT_EREJECTED, "text") : CMT_OK;
}
