/*
 * decide.c: a moderator decides about comments, one or a thousand.
 *
 *   prepare   known decisions? -> notes -> texts of edits -> change
 *   apply     each in its turn, decide_item.c
 */

#include <assert.h>
#include <string.h>

#include "decide.h"


const cmt__doing_t  cmt__doings[] = {
    [CMT_DO_APPROVE] = { "approve", CMT__DID_STATUS, CMT_APPROVED },
    [CMT_DO_HOLD] = { "hold", CMT__DID_STATUS, CMT_PENDING },
    [CMT_DO_SPAM] = { "spam", CMT__DID_STATUS, CMT_SPAM },
    [CMT_DO_REJECT] = { "reject", CMT__DID_STATUS, CMT_REJECTED },
    [CMT_DO_DELETE] = { "delete", CMT__DID_STATUS, CMT_DELETED },
    [CMT_DO_EDIT] = { "edit", CMT__DID_EDIT, 0 },
    [CMT_DO_NOTE] = { "note", CMT__DID_NOTE, 0 },
    [CMT_DO_PIN] = { "pin", CMT__DID_PIN, 0 },
    [CMT_DO_UNPIN] = { "unpin", CMT__DID_UNPIN, 0 },
    [CMT_DO_UNDO] = { "undo", 0, 0 }
};

#define DOINGS  (sizeof(cmt__doings) / sizeof(cmt__doings[0]))


static int item_prepare(cmt__decide_t *decide, cmt_store_t *store,
    const cmt_decision_t *in, cmt__item_t *item, cmt_error_t *err) CMT_CHECK;
static int item_text(cmt__decide_t *decide, cmt_store_t *store,
    const cmt_decision_t *in, cmt__item_t *item, cmt_error_t *err) CMT_CHECK;
static int decide_apply(cmt__write_t *write, cmt_change_t *change,
    int *wrote, cmt_error_t *err);


const char *
cmt_do_name(cmt_do_t what)
{
    return what >= CMT_DO_APPROVE && what < DOINGS ? cmt__doings[what].name
                                                   : "?";
}


cmt_do_t
cmt_do_parse(cmt_str_t word)
{
    size_t  i;

    for (i = CMT_DO_APPROVE; i < DOINGS; i++) {
        if (cmt__str_is(word, cmt__doings[i].name)) {
            return (cmt_do_t) i;
        }
    }

    return 0;
}


int
cmt__who_copy(const cmt_who_t *who, cmt_arena_t *arena, cmt_who_t *copy,
    cmt_error_t *err)
{
    *copy = *who;
    copy->name = cmt__str_copy(arena, who->name);
    copy->actor = cmt__str_copy(arena, who->actor);

    return copy->name.data != NULL && copy->actor.data != NULL
           ? CMT_OK : cmt__fail(err, CMT_ENOMEM, NULL, "no memory");
}


int
cmt__note_copy(cmt_str_t note, cmt_arena_t *arena, cmt_str_t *copy,
    cmt_error_t *err)
{
    if (!cmt__utf8_valid(note)) {
        return cmt__fail(err, CMT_EUTF8, "note", "the note");
    }

    if (cmt__utf8_chars(note) > CMT_NOTE_CHARS_MAX) {
        return cmt__fail(err, CMT_ENOTELONG, "note",
                         "a note has %d characters at most",
                         CMT_NOTE_CHARS_MAX);
    }

    *copy = cmt__str_copy(arena, cmt__str_trim(note));

    return copy->data != NULL ? CMT_OK
                              : cmt__fail(err, CMT_ENOMEM, NULL, "no memory");
}


int
cmt_decide_prepare(cmt_store_t *store, const cmt_site_t *site,
    const cmt_who_t *who, const cmt_decision_t *decisions, size_t n,
    int64_t now, cmt_arena_t *arena, cmt_change_t **change, cmt_error_t *err)
{
    int             rc;
    size_t          i;
    cmt__decide_t  *s;

    if (n < 1 || n > CMT_DECISIONS_MAX) {
        return cmt__fail(err, CMT_EDECISION, "decision",
                         "1 to %d decisions at a time", CMT_DECISIONS_MAX);
    }

    s = cmt_calloc(arena, sizeof(cmt__decide_t));
    if (s == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, "no memory for a decision");
    }

    s->change.apply = decide_apply;
    s->site = site;
    s->now = now;
    s->arena = arena;
    s->n = n;
    s->items = cmt_calloc(arena, n * sizeof(cmt__item_t));
    s->decided = cmt_calloc(arena, n * sizeof(cmt_decided_t));

    if (s->items == NULL || s->decided == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, "no memory for a decision");
    }

    rc = cmt__who_copy(who, arena, &s->who, err);

    for (i = 0; i < n && rc == CMT_OK; i++) {
        rc = item_prepare(s, store, &decisions[i], &s->items[i], err);
    }

    if (rc == CMT_OK) {
        *change = &s->change;
    }

    return rc;
}


static int
item_prepare(cmt__decide_t *s, cmt_store_t *store, const cmt_decision_t *in,
    cmt__item_t *item, cmt_error_t *err)
{
    int  rc;

    if (in->what < CMT_DO_APPROVE || in->what >= DOINGS
        || (in->what == CMT_DO_NOTE && cmt__str_trim(in->note).len == 0))
    {
        return cmt__fail(err, CMT_EDECISION, "decision",
                         "no decision that is known");
    }

    item->what = in->what;
    item->id = in->id;
    item->version = in->version;
    item->undo = in->undo;
    cmt__random(item->salt, sizeof(item->salt));

    rc = cmt__note_copy(in->note, s->arena, &item->note, err);

    return rc == CMT_OK && in->what == CMT_DO_EDIT
           ? item_text(s, store, in, item, err) : rc;
}


/* A comment that is not there is no error here, but the decision's result. */
static int
item_text(cmt__decide_t *s, cmt_store_t *store, const cmt_decision_t *in,
    cmt__item_t *item, cmt_error_t *err)
{
    int             rc;
    cmt_read_t     *read;
    cmt__typed_t    typed;
    cmt__fields_t   fields;
    cmt__comment_t  c;

    if (s->who.machine || s->site == NULL) {
        return cmt__fail(err, CMT_EFORBIDDEN, "decision",
                         "only a person edits, with the keys of the site");
    }

    rc = cmt_read_begin(store, &read, err);
    if (rc != CMT_OK) {
        return rc;
    }

    memset(&typed, 0, sizeof(typed));
    memset(&fields, 0, sizeof(fields));

    rc = cmt__reader_target(read, s->site, in->id, &c);

    if (rc == CMT_OK) {
        rc = cmt__reader_whom(read, s->site, c.parent, s->arena, &typed.whom);
    }
    if (rc == CMT_OK) {
        typed.markup = c.markup;
        fields.identity = c.identity;
        fields.name = cmt__str_copy(s->arena, c.name);

        if (fields.name.data == NULL) {
            rc = CMT_ENOMEM;
        }
    }

    cmt_read_end(read);

    if (rc != CMT_OK) {
        return rc == CMT_ENOTFOUND ? CMT_OK
                                   : cmt__fail(err, rc, NULL, "comment");
    }

    typed.text = in->text;

    rc = cmt__fields_text(s->site, &typed, s->arena, &item->text, err);
    if (rc != CMT_OK) {
        return rc;
    }

    fields.text = item->text;
    cmt__fields_fingerprint(s->site, &fields, c.parent, &item->fingerprint);

    return CMT_OK;
}


static int
decide_apply(cmt__write_t *write, cmt_change_t *change, int *wrote,
    cmt_error_t *err)
{
    int             rc;
    size_t          i;
    uint32_t        site;
    cmt__decide_t  *s;

    s = (cmt__decide_t *) change;
    site = 0;
    rc = CMT_OK;

    if (s->site != NULL) {
        rc = cmt__site_find(cmt__write_view(write), s->site->name, &site);
    }

    if (rc == CMT_ENOTFOUND) {
        site = UINT32_MAX;      /* nobody has commented: nothing is found */
        rc = CMT_OK;
    }

    for (i = 0; i < s->n && rc == CMT_OK; i++) {
        rc = cmt__item_apply(write, s, &s->items[i], site, &s->decided[i],
                             wrote, err);
    }

    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, "decision");
    }

    change->result.id = s->decided[0].id;
    change->result.status = s->decided[0].status;
    change->result.replayed = 1;

    for (i = 0; i < s->n; i++) {
        change->result.replayed &= s->decided[i].replayed;
    }

    return CMT_OK;
}


const cmt_decided_t *
cmt_change_decided(const cmt_change_t *change, size_t *n)
{
    const cmt__decide_t  *s;

    assert(change->apply == decide_apply);

    s = (const cmt__decide_t *) change;
    *n = s->n;

    return s->decided;
}
