/*
 * top.c: the first level of a thread by votes, best last:
 *
 *   thread:8 4 rank:4 place:12      -
 *
 * rank rises with votes up less votes down, and of equal ones the newest
 * stands first, by the complement of its place.  So a new comment, which has
 * no votes, lies behind only those that nobody likes, next to the thread's
 * record and its newest places.  What is on the first level and has a place
 * has an entry; readers walk them backwards.
 *
 * Most threads never get a vote.  As long as one has none, it has no index:
 * its order by votes is that of its comments, and the entries would be half of
 * what a post adds to the keys of the thread.  The first vote makes it for all
 * comments, and so that this takes no time to speak of, a long thread has one
 * anyway.
 */

#include <string.h>

#include "schema.h"


#define RANK_ZERO  0x80000000u
#define SCORE_MAX  0x7fffffff


static int places_read(cmt__write_t *write, const cmt__thread_t *thread,
    uint8_t **places, size_t *n, cmt_error_t *err) CMT_CHECK;


size_t
cmt__key_top(uint8_t *key, const cmt__comment_t *comment)
{
    int64_t   score;
    unsigned  i;

    score = (int64_t) comment->votes_up - (int64_t) comment->votes_down;
    score = score > SCORE_MAX ? SCORE_MAX
            : score < -SCORE_MAX ? -SCORE_MAX : score;

    (void) cmt__key_tops(key, comment->thread);
    cmt__be_put(key + CMT__TOP_KEY, (uint64_t) (RANK_ZERO + score), 4);

    for (i = 0; i < CMT__PLACE_BYTES; i++) {
        key[CMT__TOP_KEY + 4 + i] = (uint8_t) ~comment->place[i];
    }

    return CMT__TOP_KEY_BYTES;
}


void
cmt__top_place(const uint8_t *key, uint8_t place[CMT__PLACE_BYTES])
{
    unsigned  i;

    for (i = 0; i < CMT__PLACE_BYTES; i++) {
        place[i] = (uint8_t) ~key[CMT__TOP_KEY + 4 + i];
    }
}


int
cmt__top_put(cmt__write_t *write, const cmt__thread_t *thread,
    const cmt__comment_t *comment, cmt_error_t *err)
{
    uint8_t  key[CMT__TOP_KEY_BYTES];

    if (!(thread->flags & CMT__THREAD_RANKED) || comment->levels > 1) {
        return CMT_OK;
    }

    return cmt__put(write, CMT__THREADS, key, cmt__key_top(key, comment), "",
                    0, err);
}


int
cmt__top_drop(cmt__write_t *write, const cmt__thread_t *thread,
    const cmt__comment_t *comment, cmt_error_t *err)
{
    uint8_t  key[CMT__TOP_KEY_BYTES];

    if (!(thread->flags & CMT__THREAD_RANKED) || comment->levels > 1) {
        return CMT_OK;
    }

    return cmt__del(write, CMT__THREADS, key, cmt__key_top(key, comment), err);
}


/* No comment of the thread has a vote. */
int
cmt__tops_make(cmt__write_t *write, cmt__thread_t *thread, cmt_error_t *err)
{
    int             rc;
    size_t          i, n;
    uint8_t        *places;
    cmt__comment_t  c;

    if (thread->flags & CMT__THREAD_RANKED) {
        return CMT_OK;
    }

    rc = places_read(write, thread, &places, &n, err);

    thread->flags |= CMT__THREAD_RANKED;
    memset(&c, 0, sizeof(c));
    c.thread = thread->id;
    c.levels = 1;

    for (i = 0; i < n && rc == CMT_OK; i++) {
        memcpy(c.place, places + i * CMT__PLACE_BYTES, CMT__PLACE_BYTES);
        rc = cmt__top_put(write, thread, &c, err);
    }

    return rc;
}


/* Those of the first level, in the scratch arena.  Each is approved or has
 * something below it that is, so there are not more than these. */
static int
places_read(cmt__write_t *write, const cmt__thread_t *thread,
    uint8_t **places, size_t *n, cmt_error_t *err)
{
    int          rc;
    size_t       n_max;
    uint8_t      key[CMT__KEY_BYTES_MAX];
    MDB_val      k;
    MDB_cursor  *cursor;

    *n = 0;
    n_max = thread->counts[CMT_APPROVED - 1];

    *places = cmt_alloc(write->scratch, n_max * CMT__PLACE_BYTES + 1);
    if (*places == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, "order by votes");
    }

    rc = cmt__cursor(&write->view, CMT__THREADS, &cursor);
    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, "order by votes");
    }

    k.mv_size = cmt__key_place(key, thread->id, key, 0);
    k.mv_data = key;
    rc = mdb_cursor_get(cursor, &k, NULL, MDB_SET_RANGE);

    while (rc == 0 && *n < n_max
           && k.mv_size >= CMT__PLACE_KEY + CMT__PLACE_BYTES
           && memcmp(k.mv_data, key, CMT__PLACE_KEY) == 0)
    {
        memcpy(key, k.mv_data, CMT__PLACE_KEY + CMT__PLACE_BYTES);
        memcpy(*places + *n * CMT__PLACE_BYTES, key + CMT__PLACE_KEY,
               CMT__PLACE_BYTES);
        (*n)++;

        k.mv_size = CMT__PLACE_KEY + CMT__PLACE_BYTES;
        k.mv_data = key;
        cmt__key_after(key, k.mv_size);
        rc = mdb_cursor_get(cursor, &k, NULL, MDB_SET_RANGE);
    }

    mdb_cursor_close(cursor);

    return rc == 0 || rc == MDB_NOTFOUND
           ? CMT_OK : cmt__store_fail(err, rc, "order by votes");
}
