/*
 * replay_one.c: what rules say about one stored comment: for a replay, and for
 * a moderator who tries them.
 */

#include <string.h>

#include "replay.h"


static void replay_past(cmt_read_t *read, const cmt_ruleset_t *ruleset,
    const cmt__comment_t *c, const cmt__json_t *before, int now,
    cmt__facts_t *facts);
static int receipt_of(cmt_read_t *read, uint64_t id, cmt_arena_t *arena,
    cmt_str_t *text, const cmt__json_t **receipt) CMT_CHECK;


int
cmt_replay_one(cmt_read_t *read, const cmt_site_t *site,
    const cmt_ruleset_t *ruleset, uint64_t id, cmt_arena_t *arena,
    cmt_str_t *receipt, cmt_error_t *err)
{
    int              rc;
    uint32_t         number;
    cmt__comment_t   c;
    cmt__replayed_t  again;

    rc = cmt__site_find(read, site->name, &number);

    if (rc == CMT_OK) {
        rc = cmt__comment_get(read, id, &c);
    }
    if (rc == CMT_OK && c.site != number) {
        rc = CMT_ENOTFOUND;
    }
    if (rc != CMT_OK) {
        return cmt__fail(err, rc, "comment", NULL);
    }

    rc = cmt__replay_comment(read, ruleset, &c, 0, cmt__rules_try, arena,
                             &again, err);
    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, NULL);
    }

    *receipt = again.decision.receipt;

    return CMT_OK;
}


int
cmt__replay_comment(cmt_read_t *read, const cmt_ruleset_t *ruleset,
    const cmt__comment_t *c, int now, cmt__evaluate_fn evaluate,
    cmt_arena_t *arena, cmt__replayed_t *again, cmt_error_t *err)
{
    int  rc;

    rc = receipt_of(read, c->id, arena, &again->text, &again->before);

    if (rc == CMT_OK) {
        rc = cmt__replay_facts(read, c, again->before, now, arena,
                               &again->facts);
    }
    if (rc != CMT_OK) {
        return rc;
    }

    replay_past(read, ruleset, c, again->before, now, &again->facts);

    return evaluate(ruleset, &again->facts,
                    cmt__json_string_of(again->before, "language"), arena,
                    &again->decision, err);
}


/* The same rules get the answers that they got then.  Others ask other things:
 * they are answered as of today. */

static void
replay_past(cmt_read_t *read, const cmt_ruleset_t *ruleset,
    const cmt__comment_t *c, const cmt__json_t *before, int now,
    cmt__facts_t *facts)
{
    const cmt__json_t  *answers;

    answers = before != NULL ? cmt__json_member(before, "answers") : NULL;

    if (!now && answers != NULL
        && answers->type == CMT__JSON_ARRAY
        && cmt__str_is(cmt__json_string_of(before, "ruleset"),
                       cmt_ruleset_digest(ruleset)))
    {
        facts->answers = answers;
        return;
    }

    facts->past.read = read;
    facts->past.site = c->site;
    facts->past.thread = c->thread;
    facts->past.identity = c->identity;
    facts->past.cookie = c->cookie;
}


/* *receipt is NULL when there is none, as of what was imported. */

static int
receipt_of(cmt_read_t *read, uint64_t id, cmt_arena_t *arena,
    cmt_str_t *text, const cmt__json_t **receipt)
{
    int          rc;
    cmt_error_t  err;

    *receipt = NULL;
    rc = cmt__receipt_get(read, id, arena, text);

    if (rc == CMT_OK) {
        rc = cmt__json_parse(arena, *text, receipt, &err);
        return rc == CMT_EJSON ? CMT_ECORRUPT : rc;
    }

    return rc == CMT_ENOTFOUND ? CMT_OK : rc;
}
