/*
 * replay.c: decides about the comments of a store again, by other rules, and
 * holds the new verdicts against the old ones and against what moderators
 * decided in the end.  Writes nothing.
 */

#include <string.h>

#include "replay.h"


static int replay_all(cmt_store_t *store, cmt__replay_run_t *run,
    cmt_error_t *err) CMT_CHECK;
static int replay_some(cmt_read_t *read, cmt__replay_run_t *run,
    uint32_t site, uint64_t *id) CMT_CHECK;
static int replay_newest(cmt_store_t *store, cmt__replay_run_t *run,
    cmt_error_t *err) CMT_CHECK;
static int replay_found(cmt_read_t *read, cmt__replay_run_t *run,
    const cmt_found_t *found) CMT_CHECK;
static int replay_one(cmt_read_t *read, cmt__replay_run_t *run,
    const cmt__comment_t *c) CMT_CHECK;
static cmt_verdict_t verdict_of(const cmt__json_t *receipt);
static int count(cmt__replay_run_t *run, const cmt__comment_t *c,
    const cmt__json_t *before, const cmt__json_t *after) CMT_CHECK;
static int count_rules(cmt__replay_run_t *run, const cmt__json_t *receipt,
    int after, int good, int bad) CMT_CHECK;
static int same_but_time(cmt_str_t a, cmt_str_t b);
static void list_change(cmt__replay_run_t *run, const cmt__comment_t *c,
    const cmt__facts_t *facts, cmt_verdict_t before,
    const cmt__json_t *after);


int
cmt_replay_json(cmt_store_t *store, const cmt_ruleset_t *ruleset,
    const cmt_replay_t *query, cmt_arena_t *arena, cmt_str_t *json,
    cmt_error_t *err)
{
    int                 rc;
    cmt__replay_run_t   run;

    memset(&run, 0, sizeof(run));
    run.query = query;
    run.ruleset = ruleset;
    run.arena = arena;
    run.scratch = cmt_arena_create(CMT_ARENA_BYTES_MAX);
    run.rules = cmt_calloc(arena, CMT__REPLAY_RULES_MAX
                                  * sizeof(cmt__replay_rule_t));
    cmt__buf_init(&run.changes, arena, 0);

    if (run.scratch == NULL || run.rules == NULL) {
        cmt_arena_destroy(run.scratch);
        return cmt__fail(err, CMT_ENOMEM, NULL, NULL);
    }

    rc = query->newest != 0 ? replay_newest(store, &run, err)
                            : replay_all(store, &run, err);
    cmt_arena_destroy(run.scratch);

    if (rc != CMT_OK) {
        return rc;
    }

    rc = cmt__replay_write(&run, json);

    return rc == CMT_OK ? CMT_OK : cmt__fail(err, rc, NULL, NULL);
}


/* In snapshots of a bounded length: one that is held long makes the file of a
 * busy store grow. */

static int
replay_all(cmt_store_t *store, cmt__replay_run_t *run, cmt_error_t *err)
{
    int          rc;
    uint32_t     site;
    uint64_t     id;
    cmt_read_t  *read;

    id = 0;
    site = 0;

    do {
        rc = cmt_read_begin(store, &read, err);
        if (rc != CMT_OK) {
            return rc;
        }

        if (run->query->site.len > 0) {
            rc = cmt__site_find(read, run->query->site, &site);

            if (rc == CMT_ENOTFOUND) {
                cmt_read_end(read);
                return cmt__fail(err, rc, NULL, "there is no site \"%.*s\"",
                                 (int) run->query->site.len,
                                 run->query->site.data);
            }
        }

        if (rc == CMT_OK) {
            rc = replay_some(read, run, site, &id);
        }

        cmt_read_end(read);

    } while (rc == CMT_OK);

    return rc == CMT_ENOTFOUND ? CMT_OK
           : cmt__fail(err, rc, NULL, "comment %llu",
                       (unsigned long long) id);
}


static int
replay_some(cmt_read_t *read, cmt__replay_run_t *run, uint32_t site,
    uint64_t *id)
{
    int             rc, n;
    cmt__comment_t  c;

    for (n = 0; n < CMT__REPLAY_SNAPSHOT; n++) {
        rc = cmt__comment_next(read, id, &c);
        if (rc != CMT_OK) {
            return rc;
        }

        if (c.status == CMT_DELETED || c.created < run->query->since
            || (site != 0 && c.site != site))
        {
            continue;
        }

        rc = replay_one(read, run, &c);
        if (rc != CMT_OK) {
            return rc;
        }
    }

    return CMT_OK;
}


/* From the newest one down, as long as there is time: what is left then is
 * what moderators remember.  A part of the list in each snapshot. */

static int
replay_newest(cmt_store_t *store, cmt__replay_run_t *run, cmt_error_t *err)
{
    int            rc;
    cmt_read_t    *read;
    cmt_found_t   *found;
    cmt_search_t   q;

    memset(&q, 0, sizeof(q));
    q.site = run->query->site;
    q.since = run->query->since;
    q.limit = CMT_LIMIT_MAX;

    if (run->query->ms_max != 0) {
        run->end_ms = cmt__now_ms() + (int64_t) run->query->ms_max;
    }

    found = cmt_alloc(run->arena, sizeof(cmt_found_t));
    if (found == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, NULL);
    }

    do {
        rc = cmt_read_begin(store, &read, err);
        if (rc != CMT_OK) {
            return rc;
        }

        rc = cmt_search(read, &q, found, err);

        if (rc == CMT_OK) {
            rc = replay_found(read, run, found);
        }

        cmt_read_end(read);
        q.before = found->next;

    } while (rc == CMT_OK && !run->late && found->next != 0
             && run->comments < run->query->newest);

    /* Nobody has commented on this site so far. */
    return rc == CMT_ENOTFOUND ? CMT_OK : rc == CMT_OK
           ? CMT_OK : cmt__fail(err, rc, NULL, "comments below %llu",
                                (unsigned long long) q.before);
}


static int
replay_found(cmt_read_t *read, cmt__replay_run_t *run,
    const cmt_found_t *found)
{
    int             rc;
    size_t          i;
    cmt__comment_t  c;

    for (i = 0; i < found->n && run->comments < run->query->newest; i++) {

        if (run->end_ms != 0 && cmt__now_ms() >= run->end_ms) {
            run->late = 1;
            return CMT_OK;
        }

        rc = cmt__comment_get(read, found->ids[i], &c);

        if (rc == CMT_OK && c.status != CMT_DELETED) {
            rc = replay_one(read, run, &c);
        }
        if (rc != CMT_OK) {
            return rc == CMT_ENOTFOUND ? CMT_ECORRUPT : rc;
        }
    }

    return CMT_OK;
}


static int
replay_one(cmt_read_t *read, cmt__replay_run_t *run, const cmt__comment_t *c)
{
    int                 rc;
    cmt_error_t         err;
    cmt__replayed_t     again;
    const cmt__json_t  *before, *after;

    cmt_arena_reset(run->scratch);

    rc = cmt__replay_comment(read, run->ruleset, c, run->query->now,
                             cmt__rules_evaluate, run->scratch, &again, &err);
    if (rc == CMT_OK) {
        rc = cmt__json_parse(run->scratch, again.decision.receipt, &after,
                             &err);
    }
    if (rc != CMT_OK) {
        return rc;
    }

    before = again.before;
    run->comments++;
    run->bare += before == NULL;
    run->failed += again.decision.failed;

    if (before != NULL && cmt__str_eq(cmt__json_string_of(before, "ruleset"),
                                      cmt__json_string_of(after, "ruleset")))
    {
        run->same_rules++;
        run->same += same_but_time(again.text, again.decision.receipt) ? 1 : 0;
    }

    if (before != NULL && verdict_of(before) != again.decision.verdict) {
        run->changed++;
        list_change(run, c, &again.facts, verdict_of(before), after);
    }

    return count(run, c, before, after);
}


static cmt_verdict_t
verdict_of(const cmt__json_t *receipt)
{
    int        v;
    cmt_str_t  word;

    word = cmt__json_string_of(receipt, "verdict");

    for (v = CMT_VERDICT_ACCEPT; v <= CMT_VERDICT_REJECT; v++) {
        if (cmt__str_is(word, cmt_verdict_name((cmt_verdict_t) v))) {
            return (cmt_verdict_t) v;
        }
    }

    return (cmt_verdict_t) 0;
}


/* What a person decided counts as right: approved is good, spam and rejected
 * are bad.  A comment that waits says nothing. */

static int
count(cmt__replay_run_t *run, const cmt__comment_t *c,
    const cmt__json_t *before, const cmt__json_t *after)
{
    int            rc, good, bad;
    cmt_verdict_t  v;

    good = (c->flags & CMT__FLAG_REVIEWED) && c->status == CMT_APPROVED;
    bad = (c->flags & CMT__FLAG_REVIEWED)
          && (c->status == CMT_SPAM || c->status == CMT_REJECTED);
    v = verdict_of(after);

    run->good += (uint64_t) good;
    run->bad += (uint64_t) bad;
    run->right += bad && v > CMT_VERDICT_ACCEPT;
    run->wrong += good && v > CMT_VERDICT_ACCEPT;
    run->verdicts[verdict_of(before)][v]++;

    rc = before != NULL ? count_rules(run, before, 0, 0, 0) : CMT_OK;

    return rc == CMT_OK ? count_rules(run, after, 1, good, bad) : rc;
}


static cmt__replay_rule_t *
rule_of(cmt__replay_run_t *run, const cmt__json_t *said)
{
    size_t               i;
    cmt_str_t            name;
    const cmt__json_t   *line;
    cmt__replay_rule_t  *rule;

    name = cmt__json_string_of(said, "name");

    for (i = 0; i < run->n_rules; i++) {
        if (cmt__str_eq(run->rules[i].name, name)) {
            return &run->rules[i];
        }
    }

    rule = &run->rules[run->n_rules];
    line = cmt__json_member(said, "line");
    rule->name = cmt__str_copy(run->arena, name);
    rule->file = cmt__str_copy(run->arena, cmt__json_string_of(said, "file"));
    rule->line = line != NULL ? line->integer : 0;

    if (rule->name.data == NULL || rule->file.data == NULL) {
        return NULL;
    }

    run->n_rules++;

    return rule;
}


/* A rule speaks against a comment by a verdict other than accept, or by a
 * score above 0. */

static int
is_against(const cmt__json_t *said)
{
    cmt_str_t           verdict;
    const cmt__json_t  *score;

    verdict = cmt__json_string_of(said, "verdict");
    score = cmt__json_member(said, "score");

    if (cmt__str_is(verdict, "score")) {
        return score != NULL
               && (score->type == CMT__JSON_INTEGER ? score->integer > 0
                                                    : score->real > 0);
    }

    return !cmt__str_is(verdict, "accept") && !cmt__str_is(verdict, "skipped");
}


static int
count_rules(cmt__replay_run_t *run, const cmt__json_t *receipt, int after,
    int good, int bad)
{
    size_t               i;
    const cmt__json_t   *said, *rules;
    cmt__replay_rule_t  *rule;

    rules = cmt__json_member(receipt, "rules");

    for (i = 0; rules != NULL && i < rules->n; i++) {
        said = &rules->items[i];

        if (run->n_rules == CMT__REPLAY_RULES_MAX) {
            return CMT_OK;
        }

        rule = rule_of(run, said);
        if (rule == NULL) {
            return CMT_ENOMEM;
        }

        if (!after) {
            rule->before++;
            continue;
        }

        rule->after++;
        rule->right += bad && is_against(said);
        rule->wrong += good && is_against(said);
    }

    return CMT_OK;
}


/* Receipts differ in the microseconds that it took.  A quote within a text
 * has a backslash before it, so the name is found where it is one. */

static int
same_but_time(cmt_str_t a, cmt_str_t b)
{
    size_t        i, k;
    cmt_str_t    *s;
    const char   *at;
    cmt_str_t     part[2][2];

    for (k = 0; k < 2; k++) {
        s = k == 0 ? &a : &b;
        at = memmem(s->data, s->len, ",\"us\":", 6);

        if (at == NULL) {
            return 0;
        }

        i = (size_t) (at - s->data) + 6;
        part[k][0] = cmt__str_sub(*s, 0, i);

        while (i < s->len && s->data[i] >= '0' && s->data[i] <= '9') {
            i++;
        }

        part[k][1] = cmt__str_sub(*s, i, s->len);
    }

    return cmt__str_eq(part[0][0], part[1][0])
           && cmt__str_eq(part[0][1], part[1][1]);
}


static void
list_change(cmt__replay_run_t *run, const cmt__comment_t *c,
    const cmt__facts_t *facts, cmt_verdict_t before,
    const cmt__json_t *after)
{
    size_t              i;
    cmt_str_t           word;
    cmt__buf_t         *b;
    const cmt__json_t  *rules, *by;

    if (run->listed == run->query->changes_max) {
        return;
    }

    word = cmt__json_string_of(after, "verdict");
    rules = cmt__json_member(after, "rules");
    by = NULL;

    for (i = 0; rules != NULL && by == NULL && i < rules->n; i++) {
        if (cmt__str_eq(cmt__json_string_of(&rules->items[i], "verdict"),
                        word))
        {
            by = &rules->items[i];
        }
    }

    b = &run->changes;
    cmt__buf_lit(b, run->listed++ == 0 ? "{\"id\":" : ",{\"id\":");
    cmt__buf_u64(b, c->id);
    cmt__buf_lit(b, ",\"page\":");
    cmt__json_string(b, facts->page.path);
    cmt__buf_lit(b, ",\"before\":\"");
    cmt__buf_lit(b, cmt_verdict_name(before));
    cmt__buf_lit(b, "\",\"after\":");
    cmt__json_string(b, word);
    cmt__buf_lit(b, ",\"rule\":");

    if (by != NULL) {
        cmt__json_string(b, cmt__json_string_of(by, "name"));
    } else {
        cmt__buf_lit(b, "null");
    }

    cmt__buf_lit(b, ",\"status\":\"");
    cmt__buf_lit(b, cmt_status_name(c->status));
    cmt__buf_lit(b, c->flags & CMT__FLAG_REVIEWED ? "\",\"reviewed\":true}"
                                                  : "\",\"reviewed\":false}");
}
