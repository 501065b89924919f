/*
 * vote.c: votes, which lie behind the author's key, so that those that one
 * reader gave in a thread are found close together.
 *
 *   vote:1   1 up, 2 down
 *
 * The comment's record has their numbers.
 */

#include "schema.h"


#define UP    1
#define DOWN  2


int
cmt__votes_any(cmt_read_t *read, uint32_t site, const cmt__hash_t *cookie)
{
    size_t    n;
    uint8_t   key[CMT__AUTHOR_KEY_BYTES];
    uint64_t  id;

    n = 1;

    return cmt__ids_below(read, CMT__AUTHORS, key,
                          cmt__key_author(key, site, CMT__VOTES_OF, cookie),
                          0, &id, &n)
           == CMT_OK && n > 0;
}


int
cmt__votes_of(cmt_read_t *read, uint32_t site, const cmt__hash_t *cookie,
    uint64_t *ids, size_t *n)
{
    uint8_t  key[CMT__AUTHOR_KEY_BYTES];

    return cmt__ids_below(read, CMT__AUTHORS, key,
                          cmt__key_author(key, site, CMT__VOTES_OF, cookie),
                          0, ids, n);
}


int
cmt__vote_get(cmt_read_t *read, uint32_t site, const cmt__hash_t *cookie,
    uint64_t id, int *value)
{
    int        rc;
    uint8_t    key[CMT__AUTHORED_KEY_BYTES];
    cmt_str_t  vote;

    rc = cmt__get(read, CMT__AUTHORS, key,
                  cmt__key_authored(key, site, CMT__VOTES_OF, cookie, id),
                  &vote);

    if (rc == CMT_ENOTFOUND) {
        *value = 0;
        return CMT_OK;
    }
    if (rc != CMT_OK) {
        return rc;
    }

    if (vote.len != 1 || (vote.data[0] != UP && vote.data[0] != DOWN)) {
        return CMT_ECORRUPT;
    }

    *value = vote.data[0] == UP ? 1 : -1;

    return CMT_OK;
}


int
cmt__vote_put(cmt__write_t *write, uint64_t id, const cmt__hash_t *cookie,
    int value, cmt_error_t *err)
{
    int             rc, old, placed;
    size_t          len;
    uint8_t         key[CMT__AUTHORED_KEY_BYTES], vote;
    cmt__thread_t   thread;
    cmt__comment_t  c;

    cmt_arena_reset(write->scratch);

    rc = cmt__comment_load(write, id, &c, err);
    if (rc != CMT_OK) {
        return rc;
    }

    rc = cmt__vote_get(&write->view, c.site, cookie, id, &old);
    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, "vote");
    }

    placed = c.status == CMT_APPROVED || c.replies > 0;

    rc = placed ? cmt__top_drop(write, &c, err) : CMT_OK;
    if (rc != CMT_OK) {
        return rc;
    }

    c.votes_up -= old > 0;
    c.votes_down -= old < 0;
    c.votes_up += value > 0;
    c.votes_down += value < 0;

    len = cmt__key_authored(key, c.site, CMT__VOTES_OF, cookie, id);

    if (value == 0) {
        rc = cmt__del(write, CMT__AUTHORS, key, len, err);

    } else {
        vote = value > 0 ? UP : DOWN;
        rc = cmt__put(write, CMT__AUTHORS, key, len, &vote, 1, err);
    }

    if (rc == CMT_OK && placed) {
        rc = cmt__top_put(write, &c, err);
    }
    if (rc == CMT_OK) {
        rc = cmt__comment_save(write, &c, err);
    }
    if (rc != CMT_OK) {
        return rc;
    }

    rc = cmt__thread_get(&write->view, c.thread, &thread);
    if (rc != CMT_OK) {
        return cmt__fail(err, CMT_ECORRUPT, NULL, "thread of comment %llu",
                         (unsigned long long) id);
    }

    thread.version = cmt__journal_next(write);

    return cmt__thread_put(write, &thread, err);
}
