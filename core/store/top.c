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
 */

#include <string.h>

#include "schema.h"


#define RANK_ZERO  0x80000000u
#define SCORE_MAX  0x7fffffff


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
cmt__top_put(cmt__write_t *write, const cmt__comment_t *comment,
    cmt_error_t *err)
{
    uint8_t  key[CMT__TOP_KEY_BYTES];

    return comment->levels > 1
           ? CMT_OK : cmt__put(write, CMT__THREADS, key,
                               cmt__key_top(key, comment), "", 0, err);
}


int
cmt__top_drop(cmt__write_t *write, const cmt__comment_t *comment,
    cmt_error_t *err)
{
    uint8_t  key[CMT__TOP_KEY_BYTES];

    return comment->levels > 1
           ? CMT_OK : cmt__del(write, CMT__THREADS, key,
                               cmt__key_top(key, comment), err);
}
