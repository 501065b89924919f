/*
 * vote.c: votes, which lie behind the author's key and the thread, so that
 * those that one reader gave in a thread are neighbours.
 *
 *   vote:1   1 up, 2 down; 5 and 6 the same of who was banned: silent
 *
 * The comment's record has the numbers of those that are not silent.
 */

#include <string.h>

#include "schema.h"


#define UP      1
#define DOWN    2
#define SILENT  4


static int vote_thread(cmt__write_t *write, const cmt__comment_t *comment,
    cmt__thread_t *thread, char kept[CMT__THREAD_KEPT_BYTES],
    cmt_error_t *err) CMT_CHECK;
static int vote_record(cmt__write_t *write, const cmt__comment_t *comment,
    const cmt__hash_t *cookie, cmt__vote_t vote, cmt_error_t *err) CMT_CHECK;


int
cmt__votes_in(cmt_read_t *read, uint32_t site, const cmt__hash_t *cookie,
    uint64_t thread)
{
    int       rc;
    size_t    n, len;
    uint8_t   key[CMT__VOTE_KEY_BYTES];
    uint64_t  id;

    n = 1;
    len = cmt__key_authored(key, site, CMT__VOTES_OF, cookie, thread);
    rc = cmt__ids_below(read, CMT__AUTHORS, key, len, 0, &id, &n);

    return rc == CMT_OK && n == 0 ? CMT_ENOTFOUND : rc;
}


int
cmt__votes_of(cmt_read_t *read, uint32_t site, const cmt__hash_t *cookie,
    uint64_t *ids, size_t *n)
{
    int          rc;
    size_t       len, room;
    uint8_t      key[CMT__AUTHOR_KEY_BYTES];
    MDB_val      k;
    MDB_cursor  *cursor;

    rc = cmt__cursor(read, CMT__AUTHORS, &cursor);
    if (rc != CMT_OK) {
        return rc;
    }

    room = *n;
    *n = 0;

    len = cmt__key_author(key, site, CMT__VOTES_OF, cookie);
    k.mv_size = len;
    k.mv_data = key;

    rc = mdb_cursor_get(cursor, &k, NULL, MDB_SET_RANGE);

    while (rc == 0 && *n < room && k.mv_size == CMT__VOTE_KEY_BYTES
           && memcmp(k.mv_data, key, len) == 0)
    {
        ids[(*n)++] = cmt__be_get((uint8_t *) k.mv_data + k.mv_size - 8, 8);
        rc = mdb_cursor_get(cursor, &k, NULL, MDB_NEXT);
    }

    mdb_cursor_close(cursor);

    return rc == 0 || rc == MDB_NOTFOUND ? CMT_OK : cmt__store_rc(rc);
}


int
cmt__vote_get(cmt_read_t *read, const cmt__comment_t *comment,
    const cmt__hash_t *cookie, cmt__vote_t *vote)
{
    int        rc;
    uint8_t    key[CMT__VOTE_KEY_BYTES];
    cmt_str_t  value;

    rc = cmt__get(read, CMT__AUTHORS, key, cmt__key_vote(key, comment, cookie),
                  &value);

    if (rc == CMT_ENOTFOUND) {
        memset(vote, 0, sizeof(*vote));
        return CMT_OK;
    }

    return rc == CMT_OK ? cmt__vote_parse(value, vote) : rc;
}


int
cmt__vote_parse(cmt_str_t value, cmt__vote_t *vote)
{
    int  way;

    way = value.len == 1 ? value.data[0] & ~SILENT : 0;

    if (way != UP && way != DOWN) {
        return CMT_ECORRUPT;
    }

    vote->value = way == UP ? 1 : -1;
    vote->silent = (value.data[0] & SILENT) != 0;

    return CMT_OK;
}


int
cmt__vote_put(cmt__write_t *write, uint64_t id, const cmt__hash_t *cookie,
    cmt__vote_t vote, cmt_error_t *err)
{
    int             rc, placed;
    char            kept[CMT__THREAD_KEPT_BYTES];
    cmt__vote_t     old;
    cmt__thread_t   thread;
    cmt__comment_t  c;

    cmt_arena_reset(write->scratch);

    rc = cmt__comment_load(write, id, &c, err);
    if (rc != CMT_OK) {
        return rc;
    }

    rc = cmt__vote_get(&write->view, &c, cookie, &old);
    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, "vote");
    }

    rc = vote_thread(write, &c, &thread, kept, err);

    placed = c.status == CMT_APPROVED || c.replies > 0;

    if (rc == CMT_OK && placed) {
        rc = cmt__top_drop(write, &thread, &c, err);
    }

    c.votes_up -= old.value > 0 && !old.silent;
    c.votes_down -= old.value < 0 && !old.silent;
    c.votes_up += vote.value > 0 && !vote.silent;
    c.votes_down += vote.value < 0 && !vote.silent;

    if (rc == CMT_OK) {
        rc = vote_record(write, &c, cookie, vote, err);
    }
    if (rc == CMT_OK && placed) {
        rc = cmt__top_put(write, &thread, &c, err);
    }
    if (rc == CMT_OK) {
        rc = cmt__comment_save(write, &c, err);
    }
    if (rc != CMT_OK) {
        return rc;
    }

    thread.version = cmt__journal_next(write);

    return cmt__thread_put(write, &thread, err);
}


/* The comment's thread, which can keep an order by votes now. */
static int
vote_thread(cmt__write_t *write, const cmt__comment_t *comment,
    cmt__thread_t *thread, char kept[CMT__THREAD_KEPT_BYTES],
    cmt_error_t *err)
{
    int  rc;

    rc = cmt__thread_get(&write->view, comment->thread, thread);
    if (rc != CMT_OK) {
        return cmt__fail(err, CMT_ECORRUPT, NULL, "thread of comment %llu",
                         (unsigned long long) comment->id);
    }

    rc = cmt__thread_keep(thread, kept, err);

    return rc == CMT_OK && comment->levels == 1
           ? cmt__tops_make(write, thread, err) : rc;
}


static int
vote_record(cmt__write_t *write, const cmt__comment_t *comment,
    const cmt__hash_t *cookie, cmt__vote_t vote, cmt_error_t *err)
{
    size_t   len;
    uint8_t  key[CMT__VOTE_KEY_BYTES], value;

    len = cmt__key_vote(key, comment, cookie);

    if (vote.value == 0) {
        return cmt__del(write, CMT__AUTHORS, key, len, err);
    }

    value = (uint8_t) ((vote.value > 0 ? UP : DOWN)
                       | (vote.silent ? SILENT : 0));

    return cmt__put(write, CMT__AUTHORS, key, len, &value, 1, err);
}
