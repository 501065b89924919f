/*
 * thread.c: the thread that a new comment goes to.
 */

#include <string.h>

#include "actions.h"


int
cmt__thread_open(cmt__write_t *write, const cmt_site_t *site, cmt_str_t page,
    cmt__thread_t *thread, int *wrote, cmt_error_t *err)
{
    int       rc;
    uint32_t  id;

    memset(thread, 0, sizeof(*thread));

    rc = cmt__site_find(cmt__write_view(write), site->name, &id);

    if (rc == CMT_ENOTFOUND) {
        *wrote = 1;
        rc = cmt__site_make(write, site->name, &id, err);
    }
    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, "site");
    }

    rc = cmt__thread_of(cmt__write_view(write), site, id, page, thread);

    if (rc == CMT_ENOTFOUND) {
        thread->site = id;
        return CMT_OK;
    }

    return rc == CMT_OK ? CMT_OK : cmt__fail(err, rc, NULL, "thread");
}


int
cmt__thread_begin(cmt__write_t *write, const cmt__fields_t *fields,
    int64_t created, cmt__thread_t *thread, cmt_error_t *err)
{
    if (thread->id != 0 && thread->created == 0) {

        /* it was shared before anybody said anything */

        thread->created = created;
        thread->title = fields->title;
    }

    if (thread->id != 0) {
        return cmt__str_eq(thread->page, fields->page)
               ? CMT_OK : cmt__thread_move(write, thread, fields->page, err);
    }

    thread->created = created;
    thread->page = fields->page;
    thread->title = fields->title;

    return cmt__thread_put(write, thread, err);
}


int
cmt__thread_takes(cmt_read_t *read, const cmt__thread_t *thread,
    uint64_t parent_id, const cmt__hash_t *fingerprint, cmt_change_t *change,
    cmt__comment_t *parent)
{
    uint64_t  id;

    if (parent_id != 0
        && (thread->id == 0
            || cmt__comment_get(read, parent_id, parent) != CMT_OK
            || parent->thread != thread->id
            || parent->status != CMT_APPROVED))
    {
        (void) cmt__refuse(change, CMT_EPARENT, "parent", 0);
        return 0;
    }

    if (thread->id != 0
        && cmt__duplicate_find(read, thread->id, fingerprint, &id) == CMT_OK)
    {
        (void) cmt__refuse(change, CMT_EDUPLICATE, "text", 0);
        return 0;
    }

    return 1;
}


int
cmt__thread_replays(cmt_read_t *read, const cmt__thread_t *thread,
    const cmt__hash_t *token, int64_t now, cmt_change_t *change,
    cmt_error_t *err)
{
    int             rc;
    uint64_t        id;
    cmt__comment_t  comment;

    if (cmt__hash_is_zero(token) || thread->id == 0) {
        return CMT_OK;
    }

    rc = cmt__token_find(read, thread->id, now, token, &id);

    if (rc == CMT_ENOTFOUND) {
        return CMT_OK;
    }
    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, "token");
    }

    if (cmt__comment_get(read, id, &comment) != CMT_OK) {
        return cmt__fail(err, CMT_ECORRUPT, NULL, "comment of a token");
    }

    change->result.id = id;
    change->result.status = comment.status;
    change->result.replayed = 1;

    return CMT_OK;
}


int
cmt__thread_grew(cmt__write_t *write, const cmt__thread_t *thread,
    const cmt__comment_t *comment, cmt__did_t did, cmt_str_t actor,
    int64_t now, cmt_error_t *err)
{
    cmt__entry_t  entry;

    memset(&entry, 0, sizeof(entry));
    entry.did = did;
    entry.after = (unsigned) comment->status;
    entry.site = thread->site;
    entry.thread = thread->id;
    entry.comment = comment->id;
    entry.time = now;
    entry.actor = actor;

    return cmt__journal_append(write, &entry, err);
}


int
cmt_page_of(const cmt_site_t *site, cmt_arena_t *arena, cmt_str_t page,
    cmt_str_t *out)
{
    int        rc;
    size_t     i;
    cmt_str_t  path;

    rc = cmt_page_canonical(arena, page, &path);
    if (rc != CMT_OK) {
        return rc;
    }

    for (i = 0; i < site->n_aliases; i++) {
        if (cmt__str_eq(path, site->aliases[i].from)) {
            path = site->aliases[i].to;
            break;
        }
    }

    *out = path;

    return CMT_OK;
}


int
cmt__thread_of(cmt_read_t *read, const cmt_site_t *site, uint32_t id,
    cmt_str_t page, cmt__thread_t *thread)
{
    int     rc;
    size_t  i;

    rc = cmt__thread_find(read, id, page, thread);

    for (i = 0; i < site->n_aliases && rc == CMT_ENOTFOUND; i++) {
        if (cmt__str_eq(page, site->aliases[i].to)) {
            rc = cmt__thread_find(read, id, site->aliases[i].from, thread);
        }
    }

    return rc;
}


int64_t
cmt__thread_closes(const cmt_site_t *site, const cmt__thread_t *thread)
{
    return site->close_seconds == 0 || thread->created == 0
           ? 0 : thread->created + (int64_t) site->close_seconds;
}


int
cmt__thread_closed(const cmt_site_t *site, const cmt__thread_t *thread,
    int64_t now)
{
    int64_t  closes;

    closes = cmt__thread_closes(site, thread);

    return (thread->flags & CMT__THREAD_CLOSED)
           || (closes != 0 && now >= closes);
}
