/*
 * Memory that is not there: every allocation of a load and of an evaluation
 * fails in turn, and every size of the budget is tried.  Nothing crashes,
 * nothing is lost, and the next evaluation is as if nothing had been.
 */

#include <malloc.h>

#include "rules_judge.h"


#define TRIES_MAX     100000

/* Lua allocates in steps of 16 bytes; this tries one in four. */
#define BUDGET_STEP   64


static const char  source[] =
    "settings { default = 'accept', language = 'nb', thresholds = { hold = 9 },"
    "           default_reason = { nb = 'Vent.', en = 'Wait.' } }\n"
    "local bad = list('bad.txt')\n"
    "local part = list('bad.txt', { match = 'prefix', except = bad })\n"
    "local words = { 'one', 'two', 'three' }\n"
    "function shared(s) return s:upper() end\n"
    RULE("links", "for _, l in ipairs(c.links) do if l.domain == 'x.y' then "
                  "return spam(l.url) end end")
    "rule('path', { path = { '/a/*', '/*' }, kind = 'comment' }, function(c) "
    "return score(1, shared(c.page.path)) end)\n"
    RULE("text", "local t = {} for w in c.text:gmatch('%a+') do t[w] = #w end "
                 "local out = {} for k, v in pairs(t) do "
                 "out[#out + 1] = ('%s=%5d'):format(k, v) end table.sort(out) "
                 "return score(2, table.concat(out, ' '):gsub('o', '0')"
                 ":rep(2))")
    RULE("parent", "if c.parent then return hold({ nb = 'nb', en = 'en' }, "
                   "c.parent.author.name) end")
    RULE("list", "return score(c:count(bad), c:find_all(part))")
    RULE("facts", "local f = text.fold(c.folded) return hold(nil, { note = "
                 "f .. c.script.caps .. c.html.a, redact = f:sub(1, 5) })")
    RULE("fails", "error({ words })")
    "test('t', { text = 'see http://a.example/', parent = { text = 'p' } }, "
    "'spam')\n";

static const char  comment[] =
    "{\"id\":7,\"text\":\"see http://a.example/ and http://b.example/ too\","
    "\"parent\":{\"author\":{\"name\":\"N\"}}}";


static char  list_path[256];


static void
write_list(void)
{
    FILE  *out;

    (void) snprintf(list_path, sizeof(list_path), "%s/bad.txt", folder);
    out = fopen(list_path, "w");
    (void) fputs("see | 2 | a note\ntoo\n", out);
    (void) fclose(out);
}


static void
remove_list(void)
{
    (void) unlink(list_path);
}


/* Without "us". */

static void
strip(char *text)
{
    char  *us;

    us = strstr(text, "\"us\":");

    if (us != NULL) {
        memmove(us, strchr(us, ','), strlen(strchr(us, ',')) + 1);
    }
}


static void
test_load(void)
{
    int                  rc, wrong;
    long                 n;
    cmt_ruleset_t       *rules;
    cmt_rules_budget_t   budget = {
        CMT_RULES_STEPS_DEFAULT, CMT_RULES_MEMORY_DEFAULT, 60000, 0, 0
    };

    write_file(1, source, strlen(source));
    wrong = 0;

    for (n = 1; n < TRIES_MAX; n++) {
        (void) cmt__arena_fail_at(n);
        rc = load_file(&budget, &rules);

        if (cmt__arena_fail_at(0) != 0) {
            break;
        }

        wrong += rc != CMT_ENOMEM || err.rc != CMT_ENOMEM || rules != NULL;
    }

    note("%ld allocations of a load failed", n - 1);
    ok(n > 10 && wrong == 0, "a load without memory says so");
    is_int(rc, CMT_OK, "and succeeds when there is enough");
    cmt_ruleset_free(rules);

    wrong = 0;
    budget.run_tests = 1;

    for (n = 1; n < TRIES_MAX; n++) {
        (void) cmt__arena_fail_at(n);
        rc = load_file(&budget, &rules);

        if (cmt__arena_fail_at(0) != 0) {
            break;
        }

        wrong += (rc != CMT_ENOMEM && rc != CMT_ERULES) || rules != NULL;
    }

    ok(wrong == 0, "so does one with tests");
    is_int(rc, CMT_ERULES, "whose test fails, as it must");
}


/* The first evaluation makes a machine, the next ones take the one that is
 * there, but for its memory. */

static void
test_evaluate(cmt_ruleset_t *rules, const cmt__facts_t *facts, int first,
    const char *want)
{
    int                rc, wrong;
    long               n;
    char              *text;
    cmt_arena_t       *mine;
    cmt__decision_t    d;

    wrong = 0;
    mine = cmt_arena_create(CMT_ARENA_BYTES_MAX);
    memset(&d, 0, sizeof(d));

    for (n = 1; n < TRIES_MAX; n++) {
        cmt_arena_reset(mine);

        if (first) {
            cmt__stock_empty(rules->stock);
        }

        (void) cmt__arena_fail_at(n);
        rc = cmt__rules_evaluate(rules, facts, cmt_str("en"), mine, &d, &err);

        if (cmt__arena_fail_at(0) != 0) {
            break;
        }

        wrong += rc != CMT_ENOMEM || d.verdict != 0;
    }

    note("%ld allocations of %s evaluation failed", n - 1,
         first ? "a first" : "an");
    ok(n > 5 && wrong == 0,
       "an evaluation without memory says so and decides nothing");

    text = strndup(d.receipt.data, d.receipt.len);
    strip(text);
    is_text(text, want, "with enough it decides as before");
    free(text);

    cmt_arena_destroy(mine);
}


/* The machine's own memory: too little for the files, for some rules, for
 * none. */

static void
test_budgets(cmt_ruleset_t *rules, const cmt__facts_t *facts,
    const char *want)
{
    int                 rc, wrong, refused_for, held_for, same_for;
    char               *text;
    size_t              bytes;
    cmt_arena_t        *mine;
    cmt__decision_t     d;

    wrong = refused_for = held_for = same_for = 0;
    mine = cmt_arena_create(CMT_ARENA_BYTES_MAX);

    for (bytes = BUDGET_STEP; same_for < 20 && bytes < 4 << 20;
         bytes += BUDGET_STEP)
    {
        cmt_arena_reset(mine);
        memset(&d, 0, sizeof(d));
        rules->budget.memory_bytes_max = bytes;
        rc = cmt__rules_evaluate(rules, facts, cmt_str("en"), mine, &d, &err);

        if (rc == CMT_ERULES) {
            refused_for++;
            wrong += d.verdict != 0 || held_for != 0;
            continue;
        }

        wrong += rc != CMT_OK || d.verdict != CMT_VERDICT_HOLD || !d.failed;
        text = strndup(d.receipt.data, d.receipt.len);
        strip(text);
        same_for = strcmp(text, want) == 0 ? same_for + 1 : 0;
        held_for++;
        free(text);
    }

    rules->budget.memory_bytes_max = CMT_RULES_MEMORY_DEFAULT;
    note("%d budgets too small to load, %d to run; %zu bytes are enough",
         refused_for, held_for - same_for, bytes);
    ok(refused_for > 10 && held_for - same_for > 10 && wrong == 0,
       "whatever the memory, a comment is held or the caller is told");
    is_int(same_for, 20, "with enough it decides as before");

    cmt_arena_destroy(mine);
}


int
main(void)
{
    int                 rc;
    char               *want;
    struct mallinfo2    before, after;
    cmt_ruleset_t      *rules;
    cmt__facts_t        facts;
    cmt__decision_t     d;
    const cmt__json_t  *root;
    cmt_rules_budget_t  budget = {
        CMT_RULES_STEPS_DEFAULT, CMT_RULES_MEMORY_DEFAULT, 60000, 0, 0
    };

    begin();
    write_list();
    test_load();

    if (load_file(&budget, &rules) != CMT_OK
        || cmt__json_parse(arena, cmt_str(comment), &root, &err) != CMT_OK
        || cmt__facts_from_json(root, arena, &facts, &err) != CMT_OK)
    {
        note("%s", err.detail);
        ok(0, "the file of this test loads");
        return done();
    }

    rc = cmt__rules_evaluate(rules, &facts, cmt_str("en"), arena, &d, &err);
    is_int(rc, CMT_OK, "an evaluation");
    want = strndup(d.receipt.data, d.receipt.len);
    strip(want);
    note("%s", want);

    /* A first round, for what libraries keep for themselves. */
    test_evaluate(rules, &facts, 1, want);
    test_evaluate(rules, &facts, 0, want);
    test_budgets(rules, &facts, want);

    before = mallinfo2();
    test_evaluate(rules, &facts, 1, want);
    test_evaluate(rules, &facts, 0, want);
    test_budgets(rules, &facts, want);
    after = mallinfo2();
    ok(after.uordblks <= before.uordblks + 4096
       && after.hblkhd <= before.hblkhd,
       "the memory of the process is back where it was");

    free(want);
    cmt_ruleset_free(rules);
    remove_list();
    end();

    return done();
}
