/*
 * read.c: finds what a reader asks for.
 */

#include <string.h>

#include "actions.h"


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
