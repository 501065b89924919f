/*
 * check_thread.c: the record of a thread against its page, its places and
 * its numbers.
 */

#include <inttypes.h>

#include "../text/text.h"
#include "check.h"


static void check_shares(cmt__check_t *check, const cmt__thread_t *thread);
static void check_about(cmt__check_t *check, const cmt__thread_t *thread);
static int check_places(cmt__check_t *check, const cmt__thread_t *thread)
    CMT_CHECK;


int
cmt__check_thread(cmt__check_t *check, const MDB_val *key,
    const MDB_val *value)
{
    int             rc;
    uint64_t        id;
    cmt__thread_t   t, found;
    cmt__comment_t  c;

    check->threads++;
    id = cmt__be_get(key->mv_data, 8);

    rc = cmt__thread_decode(id, (cmt_str_t) { value->mv_size,
                                              value->mv_data }, &t);
    if (rc != CMT_OK) {
        cmt__problem(check, "thread %" PRIu64 ": the record is damaged", id);
        return CMT_OK;
    }

    if (!cmt__thread_is_unchanged((cmt_str_t) { value->mv_size,
                                             value->mv_data }))
    {
        cmt__problem(check, "thread %" PRIu64 ": its bytes were changed", id);
    }

    if (cmt__thread_find(check->read, t.site, t.page, &found) != CMT_OK
        || found.id != id)
    {
        cmt__problem(check, "thread %" PRIu64 ": its page leads elsewhere", id);
    }

    if (t.pinned != 0 && (cmt__comment_get(check->read, t.pinned, &c) != CMT_OK
                          || c.thread != id || cmt__hollow(&c)))
    {
        cmt__problem(check, "thread %" PRIu64 ": the pinned comment %" PRIu64
                     " is not there", id, t.pinned);
    }

    check_shares(check, &t);
    check_about(check, &t);

    if (t.version > check->head.seq) {
        cmt__problem(check, "thread %" PRIu64 ": its version is not in the "
                     "journal yet", id);
    }

    return check_places(check, &t);
}


/* A thread has been shared when one of its numbers says so, and not else. */
static void
check_shares(cmt__check_t *check, const cmt__thread_t *thread)
{
    unsigned  i;
    uint64_t  sum;

    sum = 0;

    for (i = 0; i < CMT_SHARES_MAX; i++) {
        sum += thread->shares[i];
    }

    if (thread->shared < 0 || (thread->shared == 0) != (sum == 0)) {
        cmt__problem(check, "thread %" PRIu64 ": shared %" PRIu64 " times, "
                     "the last one at %" PRId64, thread->id, sum,
                     thread->shared);
    }
}


/* What the page said of itself is written as rules will read it. */
static void
check_about(cmt__check_t *check, const cmt__thread_t *thread)
{
    const cmt__json_t  *meta, *tags;

    if (thread->told == 0) {
        return;
    }

    cmt_arena_reset(check->arena);

    if (thread->told < 0
        || !cmt__utf8_valid(thread->about)
        || cmt__page_about_read(thread->about, check->arena, &meta, &tags)
           == CMT_ECORRUPT)
    {
        cmt__problem(check, "thread %" PRIu64 ": what its page said of itself "
                     "cannot be read", thread->id);
    }
}


static int
check_places(cmt__check_t *check, const cmt__thread_t *thread)
{
    int             rc;
    uint64_t        id, approved;
    cmt__walk_t    *walk;
    cmt__comment_t  c;

    cmt_arena_reset(check->arena);

    rc = cmt__walk_open(check->read, &(cmt__walk_query_t) {
                            .thread = thread->id,
                            .levels = CMT_LEVELS_MAX },
                        check->arena, &walk);
    if (rc != CMT_OK) {
        return rc;
    }

    approved = 0;

    while ((rc = cmt__walk_next(walk, &id)) == CMT_OK) {
        if (cmt__comment_get(check->read, id, &c) != CMT_OK
            || c.thread != thread->id)
        {
            cmt__problem(check, "thread %" PRIu64 ": a place of comment %"
                         PRIu64 " that is not there", thread->id, id);
            continue;
        }

        approved += c.status == CMT_APPROVED;
    }

    cmt__walk_close(walk);

    if (rc != CMT_ENOTFOUND) {
        return rc;
    }

    if (approved != thread->counts[CMT_APPROVED - 1]) {
        cmt__problem(check, "thread %" PRIu64 ": %" PRIu64 " approved, its "
                     "count says %u", thread->id, approved,
                     thread->counts[CMT_APPROVED - 1]);
    }

    return CMT_OK;
}
