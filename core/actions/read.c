/*
 * read.c: finds what a reader asks for.
 */

#include <string.h>

#include "actions.h"


/* Whose in which thread. */
typedef struct {
    uint32_t      site;
    uint64_t      thread;
    cmt__hash_t   cookie;
    unsigned      edit_seconds;
} own_t;


static int own_comment(cmt_read_t *read, const own_t *own, int64_t now,
    int64_t *until) CMT_CHECK;


int
cmt_thread_find(cmt_read_t *read, const cmt_site_t *site, cmt_str_t page,
    cmt_arena_t *arena, cmt_thread_t *thread, cmt_error_t *err)
{
    int            rc;
    uint32_t       id;
    cmt_str_t      path;
    cmt__thread_t  found;

    rc = cmt_page_of(site, arena, page, &path);
    if (rc != CMT_OK) {
        return cmt__fail(err, rc, "page", "%s", cmt_error_code(rc));
    }

    memset(&found, 0, sizeof(found));

    rc = cmt__site_find(read, site->name, &id);
    if (rc == CMT_OK) {
        rc = cmt__thread_of(read, site, id, path, &found);
    }

    if (rc != CMT_OK && rc != CMT_ENOTFOUND) {
        return cmt__fail(err, rc, NULL, "thread of \"%.*s\"",
                         (int) path.len, path.data);
    }

    thread->id = found.id;
    thread->version = found.version;
    thread->instance = cmt__instance(read);
    thread->snapshot = cmt__snapshot(read);
    thread->count = found.counts[CMT_APPROVED - 1];
    thread->page = path;
    thread->closes = cmt__thread_closes(site, &found);
    thread->shared = found.shared;

    return CMT_OK;
}


int
cmt_thread_own(cmt_read_t *read, const cmt_site_t *site,
    const cmt_thread_t *thread, cmt_str_t cookie, int64_t now, int64_t *until)
{
    own_t  own;

    *until = 0;

    if (thread->id == 0 || !cmt__cookie_hash(site->keys, cookie, &own.cookie)) {
        return 0;
    }

    if (cmt__site_find(read, site->name, &own.site) != CMT_OK) {
        return 1;
    }

    own.thread = thread->id;
    own.edit_seconds = site->edit_seconds;

    return own_comment(read, &own, now, until)
           || cmt__votes_in(read, own.site, &own.cookie, own.thread)
              != CMT_ENOTFOUND;
}


/* All are looked at, since each may have a window that ends earlier. */
static int
own_comment(cmt_read_t *read, const own_t *own, int64_t now, int64_t *until)
{
    int             some;
    size_t          i, n;
    int64_t         end;
    uint64_t        ids[CMT_OWN_LOOKED_MAX + 1];
    cmt__comment_t  c;

    n = CMT_OWN_LOOKED_MAX + 1;

    if (cmt__author_comments(read, own->site, CMT__BY_COOKIE, &own->cookie, 0,
                             ids, &n)
        != CMT_OK)
    {
        return 1;
    }

    some = n > CMT_OWN_LOOKED_MAX;

    for (i = 0; i < n; i++) {

        if (cmt__comment_get(read, ids[i], &c) != CMT_OK) {
            return 1;
        }

        end = c.created + (int64_t) own->edit_seconds;

        if (i == CMT_OWN_LOOKED_MAX && now < end) {
            *until = now;       /* of those before it nobody knows */

        } else if (c.thread == own->thread) {
            some = 1;

            if (now < end && (*until == 0 || end < *until)) {
                *until = end;
            }
        }
    }

    return some;
}
