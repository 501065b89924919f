/*
 * check_votes.c: votes and reports against the numbers in the records.
 */

#include <inttypes.h>

#include "check.h"


/* The tree of an imported line that is all "1,1,1" has 72 bytes for 2. */
#define RECEIPT_ARENA_BYTES_MAX  (64 * CMT__RECEIPT_BYTES_MAX)


static int check_json(cmt__check_t *check, uint64_t id, cmt_str_t packed)
    CMT_CHECK;


int
cmt__check_vote(cmt__check_t *check, const MDB_val *key, const MDB_val *value)
{
    uint64_t         id;
    cmt__comment_t   c;
    cmt__vote_t      vote;

    check->votes++;

    id = cmt__be_get((uint8_t *) key->mv_data + key->mv_size - 8, 8);

    if (cmt__vote_parse((cmt_str_t) { value->mv_size, value->mv_data }, &vote)
        != CMT_OK)
    {
        cmt__problem(check, "votes: a damaged one of comment %" PRIu64, id);
        return CMT_OK;
    }

    if (id >= check->head.next_comment
        || cmt__comment_get(check->read, id, &c) != CMT_OK)
    {
        cmt__problem(check, "votes: one of no comment");
        return CMT_OK;
    }

    if (cmt__be_get((uint8_t *) key->mv_data + CMT__AUTHOR_KEY_BYTES, 8)
        != c.thread)
    {
        cmt__problem(check, "votes: one of comment %" PRIu64
                     " is in another thread", id);
    }

    check->votes_up[id] += vote.value > 0 && !vote.silent;
    check->votes_down[id] += vote.value < 0 && !vote.silent;

    return CMT_OK;
}


int
cmt__check_receipt(cmt__check_t *check, const MDB_val *key,
    const MDB_val *value)
{
    uint64_t        id;
    cmt_str_t       bytes;
    cmt__report_t   report;
    cmt__comment_t  c;

    if (key->mv_size != 8 && key->mv_size != CMT__REPORT_KEY_BYTES) {
        cmt__problem(check, "receipts: a key of %zu bytes", key->mv_size);
        return CMT_OK;
    }

    id = cmt__be_get(key->mv_data, 8);

    if (id >= check->head.next_comment
        || cmt__comment_get(check->read, id, &c) != CMT_OK)
    {
        cmt__problem(check, "receipts: one of no comment");
        return CMT_OK;
    }

    bytes = (cmt_str_t) { value->mv_size, value->mv_data };

    if (key->mv_size == 8) {
        return check_json(check, id, bytes);
    }

    if (cmt__report_decode(bytes, &report) != CMT_OK) {
        cmt__problem(check, "comment %" PRIu64 ": a report is damaged", id);

    } else {
        check->reports[id] += !report.silent;
    }

    return CMT_OK;
}


static int
check_json(cmt__check_t *check, uint64_t id, cmt_str_t packed)
{
    int                 rc;
    cmt_str_t           json;
    cmt_arena_t        *arena;
    const cmt__json_t  *root;

    arena = cmt_arena_create(RECEIPT_ARENA_BYTES_MAX);
    rc = arena != NULL ? cmt__receipt_unpack(arena, packed, &json)
                       : CMT_ENOMEM;

    if (rc == CMT_OK) {
        rc = cmt__json_parse(arena, json, &root, NULL);
    }

    cmt_arena_destroy(arena);

    if (rc == CMT_ECORRUPT || rc == CMT_EJSON) {
        cmt__problem(check, "receipts: the one of comment %" PRIu64
                     " is damaged", id);
        return CMT_OK;
    }

    return rc;
}


void
cmt__check_tallies(cmt__check_t *check)
{
    size_t    i;
    uint64_t  id;

    const struct {
        const uint32_t  *more;
        const char      *what;
    } tallies[] = {
        { check->replies, "replies" },
        { check->votes_up, "votes up" },
        { check->votes_down, "votes down" },
        { check->reports, "reports" }
    };

    for (id = 1; id < check->head.next_comment; id++) {
        for (i = 0; i < sizeof(tallies) / sizeof(tallies[0]); i++) {

            if (tallies[i].more[id] != 0) {
                cmt__problem(check, "comment %" PRIu64 ": has %d %s more "
                             "than it counts", id,
                             (int32_t) tallies[i].more[id], tallies[i].what);
            }
        }
    }
}
