/*
 * guard.c: what new rules would have done to the newest comments, held against
 * what those do that serve.  Both are asked about the same facts, so what
 * differs is the rules'.
 */

#include <string.h>

#include "replay.h"


static int compare(cmt_read_t *read, uint64_t id,
    const cmt_ruleset_t *before, const cmt_ruleset_t *after,
    cmt_arena_t *arena, cmt_rules_compared_t *n, cmt_error_t *err)
    CMT_CHECK;


int
cmt_rules_compare(void *ctx, const cmt_ruleset_t *before,
    const cmt_ruleset_t *after, cmt_rules_compared_t *compared,
    cmt_error_t *err)
{
    int                    rc;
    unsigned               looks;
    uint64_t               id;
    cmt_read_t            *read;
    cmt_arena_t           *arena;
    cmt_rules_compared_t   n;

    memset(&n, 0, sizeof(n));
    arena = cmt_arena_create(CMT_ARENA_BYTES_MAX);
    if (arena == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, NULL);
    }

    rc = cmt_read_begin(ctx, &read, err);
    if (rc != CMT_OK) {
        cmt_arena_destroy(arena);
        return rc;
    }

    rc = cmt__comment_last(read, &id);

    for (looks = 0; rc == CMT_OK && id > 0 && looks < CMT_GUARD_LOOKS_MAX
                    && n.comments < CMT_GUARD_COMMENTS_MAX; looks++, id--)
    {
        cmt_arena_reset(arena);
        rc = compare(read, id, before, after, arena, &n, err);
    }

    cmt_read_end(read);
    cmt_arena_destroy(arena);

    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, "comment %llu",
                         (unsigned long long) id);
    }

    *compared = n;

    return CMT_OK;
}


static int
compare(cmt_read_t *read, uint64_t id, const cmt_ruleset_t *before,
    const cmt_ruleset_t *after, cmt_arena_t *arena, cmt_rules_compared_t *n,
    cmt_error_t *err)
{
    int              rc;
    cmt__comment_t   c;
    cmt__replayed_t  old, new;

    rc = cmt__comment_get(read, id, &c);

    if (rc != CMT_OK || c.status == CMT_DELETED) {
        return rc == CMT_ENOTFOUND ? CMT_OK : rc;
    }

    rc = cmt__replay_comment(read, before, &c, 0, cmt__rules_evaluate, arena,
                             &old, err);
    if (rc == CMT_OK) {
        rc = cmt__replay_comment(read, after, &c, 0, cmt__rules_evaluate,
                                 arena, &new, err);
    }

    if (rc != CMT_OK) {
        return rc;
    }

    n->comments++;
    n->changed += old.decision.verdict != new.decision.verdict;
    n->stricter += new.decision.verdict > old.decision.verdict;
    n->failed += new.decision.failed && !old.decision.failed;

    return CMT_OK;
}
