/*
 * close.c: a moderator closes a page for new comments, or opens it again.
 */

#include <string.h>

#include "actions.h"


typedef struct {
    cmt_change_t        change;
    const cmt_site_t   *site;
    cmt_who_t           who;
    int64_t             now;
    int                 close;
    cmt__fields_t       fields;          /* page alone                       */
    cmt_str_t           note;
    uint8_t             salt[CMT__SALT_BYTES];
} close_t;


static int close_apply(cmt__write_t *write, cmt_change_t *change, int *wrote,
    cmt_error_t *err);
static int close_write(cmt__write_t *write, close_t *s,
    cmt__thread_t *thread, cmt_error_t *err) CMT_CHECK;


int
cmt_close_prepare(const cmt_site_t *site, const cmt_who_t *who,
    cmt_str_t page, int close, cmt_str_t note, int64_t now,
    cmt_arena_t *arena, cmt_change_t **change, cmt_error_t *err)
{
    int       rc;
    close_t  *s;

    s = cmt_calloc(arena, sizeof(close_t));
    if (s == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, "no memory");
    }

    s->change.apply = close_apply;
    s->site = site;
    s->now = now;
    s->close = close != 0;
    cmt__random(s->salt, sizeof(s->salt));

    rc = cmt_page_canonical(arena, page, &s->fields.page);
    if (rc != CMT_OK) {
        return cmt__fail(err, rc, "page", "no page");
    }

    rc = cmt__who_copy(who, arena, &s->who, err);
    if (rc == CMT_OK) {
        rc = cmt__note_copy(note, arena, &s->note, err);
    }
    if (rc == CMT_OK) {
        s->change.result.page = s->fields.page;
        *change = &s->change;
    }

    return rc;
}


static int
close_apply(cmt__write_t *write, cmt_change_t *change, int *wrote,
    cmt_error_t *err)
{
    int            rc;
    close_t       *s;
    cmt__thread_t  thread;

    s = (close_t *) change;

    rc = cmt__thread_open(write, s->site, s->fields.page, &thread, wrote,
                          err);
    if (rc != CMT_OK) {
        return rc;
    }

    if (s->close == ((thread.flags & CMT__THREAD_CLOSED) != 0)) {
        change->result.replayed = 1;
        return CMT_OK;
    }

    *wrote = 1;

    rc = cmt__thread_begin(write, &s->fields, s->now, &thread, err);

    return rc == CMT_OK ? close_write(write, s, &thread, err) : rc;
}


static int
close_write(cmt__write_t *write, close_t *s, cmt__thread_t *thread,
    cmt_error_t *err)
{
    int           rc;
    cmt__deed_t   deed;
    cmt__entry_t  entry;

    thread->flags ^= CMT__THREAD_CLOSED;
    thread->version = cmt__journal_next(write);

    rc = cmt__thread_put(write, thread, err);
    if (rc != CMT_OK) {
        return rc;
    }

    memset(&deed, 0, sizeof(deed));
    memcpy(deed.salt, s->salt, sizeof(deed.salt));
    deed.note = s->note;

    memset(&entry, 0, sizeof(entry));
    entry.did = s->close ? CMT__DID_CLOSE : CMT__DID_REOPEN;
    entry.site = thread->site;
    entry.thread = thread->id;
    entry.time = s->now;
    entry.actor = s->who.actor;

    return cmt__deed_put(write, &entry, &deed, err);
}
