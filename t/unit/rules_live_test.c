/*
 * Rules that serve: what changes is loaded when it has come to rest, what is
 * no good changes nothing, and what is being decided is not disturbed.
 */

#include <pthread.h>
#include <sys/stat.h>

#include "rules_judge.h"


#define ROUNDS  60


static cmt_rules_t  *rules;
static char          paths[2][256];


static int
look(void)
{
    memset(&err, 0, sizeof(err));

    return cmt_rules_look(rules, 1000, &err);
}


/* What the second of two looks says. */

static int
settle(void)
{
    int  first;

    first = look();

    return first == CMT_RULES_SETTLING ? look() : first;
}


static const char *
now_says(void)
{
    cmt_ruleset_t  *ruleset;

    ruleset = cmt_rules_take(rules);
    run(ruleset, "{}");
    cmt_ruleset_free(ruleset);

    return receipt;
}


static void
test_changes(void)
{
    cmt_ruleset_t      *old;
    cmt_rules_state_t   state;

    now_says();
    has("\"verdict\":\"hold\"", "the rules serve");
    is_int(look(), CMT_RULES_SAME, "nothing has changed");

    old = cmt_rules_take(rules);
    put("r1.lua", RULE("a", "return spam('new')"));
    is_int(look(), CMT_RULES_SETTLING, "a change is waited out");
    put("r1.lua", RULE("a", "return spam('newer')"));
    is_int(look(), CMT_RULES_SETTLING, "as long as there are others");
    now_says();
    has("\"verdict\":\"hold\"", "and the old rules serve");
    is_int(look(), CMT_RULES_LOADED, "then it is loaded");
    is_int(look(), CMT_RULES_SAME, "once");
    now_says();
    has("newer", "the new rules serve");

    run(old, "{}");
    has("\"verdict\":\"hold\"", "who took the old ones still has them");
    cmt_ruleset_free(old);

    cmt_rules_state(rules, &state);
    is_int(state.generation, 2, "the generation is counted");
    is_int(state.loaded, 1000, "the time is kept");
    is_int(state.rules, 1, "and the number of rules");
    is_int(state.refused, 0, "nothing was refused");
    now_says();
    ok(strstr(receipt, state.digest) != NULL, "the digest is the receipt's");
    is_text(cmt_rules_path(rules, 0), paths[0], "the path is known");
    ok(cmt_rules_path(rules, 1) == NULL, "there is no other");
}


static void
test_refused(void)
{
    cmt_rules_state_t  state;

    put("r1.lua", "\nrule('a', function(c) return spam( end)\n");
    is_int(settle(), CMT_RULES_REFUSED, "a mistake is refused");
    ok(strstr(err.detail, "/r1.lua:2: ") != NULL, "with file and line");
    is_int(look(), CMT_RULES_SAME, "and told once");
    now_says();
    has("newer", "the rules before go on");
    cmt_rules_state(rules, &state);
    is_int(state.refused, 1000, "the state says when");
    ok(strstr(state.error, "/r1.lua:2: ") != NULL, "and why");
    is_int(state.generation, 2, "the generation is the same");

    put("r1.lua", RULE("a", "return spam('x')")
        "test('t', { text = 'x' }, 'accept')\n");
    is_int(settle(), CMT_RULES_REFUSED, "a test that fails is refused");
    put("r1.lua", "");
    is_int(settle(), CMT_RULES_REFUSED, "an empty file is refused");
    ok(strstr(err.detail, "is empty") != NULL, "since it may be half saved");
    drop("r1.lua");
    is_int(settle(), CMT_RULES_REFUSED, "no file is refused");
    now_says();
    has("newer", "the rules before go on through all of it");

    put("r1.lua", RULE("a", "return spam('again')"));
    is_int(settle(), CMT_RULES_LOADED, "what is good again serves");
    now_says();
    has("again", "at once");
    cmt_rules_state(rules, &state);
    is_int(state.refused, 0, "and the state is good");
    is_text(state.error, "", "without an error");
}


static void
test_inputs(void)
{
    put("tone.lua", RULE("tone", "return score(1, 'one')"));
    put("w.txt", "casino\n");
    put("r1.lua", "include 'tone.lua'\nlocal w = list('w.txt')\n"
        RULE("a", "if w:has('bingo') then return spam('bingo') end"));
    is_int(settle(), CMT_RULES_LOADED, "a file with a list and an include");
    now_says();
    has("\"note\":\"one\"", "serves");

    put("tone.lua", RULE("tone", "return score(1, 'two')"));
    is_int(settle(), CMT_RULES_LOADED, "the included file changes");
    now_says();
    has("\"note\":\"two\"", "and serves");

    put("w.txt", "casino\nbingo\n");
    is_int(settle(), CMT_RULES_LOADED, "the list changes");
    now_says();
    has("\"note\":\"bingo\"", "and serves");

    put("w.txt", "casino | much\n");
    is_int(settle(), CMT_RULES_REFUSED, "a bad line in a list");
    ok(strstr(err.detail, "w.txt:1: the weight") != NULL, "is named");
    now_says();
    has("\"note\":\"bingo\"", "and the old list goes on");
    put("w.txt", "");
    is_int(settle(), CMT_RULES_LOADED, "a list may be empty");

    put("tone_test.lua", "test('t', { text = 'x' }, 'reject')\n");
    is_int(settle(), CMT_RULES_REFUSED, "a new file of tests is run");
    drop("tone_test.lua");
    is_int(settle(), CMT_RULES_LOADED, "and taken away");

    drop("tone.lua");
    is_int(settle(), CMT_RULES_REFUSED, "an included file is missing");
    ok(strstr(err.detail, "r1.lua:1: the file \"tone.lua\"") != NULL,
       "the line that wants it is told");
    put("tone.lua", RULE("tone", "return score(1, 'three')"));
    is_int(settle(), CMT_RULES_LOADED, "it comes back");
    now_says();
    has("\"note\":\"three\"", "and serves");
}


/* An allocation that fails leaves the rules as they were, and the next change
 * is taken. */

static void
test_memory(void)
{
    int       rc;
    long      n;
    unsigned  wrong;
    char      text[128];

    wrong = 0;

    for (n = 1; n < 5000; n++) {
        (void) snprintf(text, sizeof(text), RULE("a", "return spam('%ld')"),
                        n);
        put("r1.lua", text);

        if (look() != CMT_RULES_SETTLING) {
            wrong++;
        }

        (void) cmt__arena_fail_at(n);
        rc = look();

        if (cmt__arena_fail_at(0) != 0) {
            break;
        }

        wrong += rc != CMT_RULES_REFUSED || err.rc != CMT_ENOMEM;
        now_says();
        wrong += strstr(receipt, "spam") == NULL
                 && strstr(receipt, "three") == NULL;
    }

    note("%ld allocations failed", n - 1);
    ok(n > 10 && n < 5000, "all allocations of a load fail once");
    is_int(wrong, 0, "each is told, and the old rules go on");
    is_int(rc, CMT_RULES_LOADED, "without a failure they are exchanged");
}


static int  stop;


static void *
decide(void *data)
{
    cmt_str_t        comment, out;
    cmt_error_t      e;
    cmt_arena_t     *own;
    cmt_ruleset_t   *ruleset;
    unsigned        *wrong;

    wrong = data;
    own = cmt_arena_create(CMT_ARENA_BYTES_MAX);
    comment = cmt_str("{\"text\":\"x\"}");

    while (!__atomic_load_n(&stop, __ATOMIC_ACQUIRE)) {
        ruleset = cmt_rules_take(rules);

        if (cmt_ruleset_run_json(ruleset, comment, own, &out, &e) != CMT_OK) {
            (*wrong)++;
        }

        cmt_ruleset_free(ruleset);
        cmt_arena_reset(own);
    }

    cmt_arena_destroy(own);

    return NULL;
}


static void
test_threads(void)
{
    int        i, loaded;
    char       text[128];
    unsigned   wrong[2] = { 0, 0 };
    pthread_t  threads[2];

    for (i = 0; i < 2; i++) {
        if (pthread_create(&threads[i], NULL, decide, &wrong[i]) != 0) {
            exit(1);
        }
    }

    loaded = 0;

    for (i = 0; i < ROUNDS; i++) {
        (void) snprintf(text, sizeof(text),
                        RULE("a", "return spam('round %d')"), i);
        put("r1.lua", text);
        loaded += settle() == CMT_RULES_LOADED;
    }

    __atomic_store_n(&stop, 1, __ATOMIC_RELEASE);

    for (i = 0; i < 2; i++) {
        (void) pthread_join(threads[i], NULL);
    }

    is_int(loaded, ROUNDS, "rules are exchanged while threads decide");
    is_int(wrong[0] + wrong[1], 0, "and every decision falls");
}


static cmt_rules_compared_t  gives;
static int                   gives_rc;

static int
compare(void *ctx, const cmt_ruleset_t *before, const cmt_ruleset_t *after,
    cmt_rules_compared_t *compared, cmt_error_t *error)
{
    (void) ctx;
    (void) error;

    *compared = gives;

    return before != after ? gives_rc : CMT_ESTORE;
}


/* Tells what becomes of a change of which so many verdicts are others. */

static int
guarded(unsigned changed, unsigned comments, unsigned percent)
{
    char             text[128];
    static unsigned  n;

    gives.changed = changed;
    gives.comments = comments;
    cmt_rules_guard(rules, compare, NULL, percent);
    (void) snprintf(text, sizeof(text), "rule('g', function(c) end) -- %u\n",
                    n++);
    put("r1.lua", text);

    return settle();
}


static void
test_guard(void)
{
    is_int(guarded(30, 100, 30), CMT_RULES_LOADED,
           "as many as the guard lets through");
    is_int(guarded(31, 100, 30), CMT_RULES_REFUSED, "one more is refused");
    ok(strstr(err.detail, "31 of the 100 newest") != NULL, "with the number");
    is_int(guarded(19, 19, 30), CMT_RULES_LOADED, "too few tell nothing");
    is_int(guarded(20, 20, 30), CMT_RULES_REFUSED, "so many do");
    is_int(guarded(20, 20, 0), CMT_RULES_LOADED, "without a share, none is");
    gives_rc = CMT_ESTORE;
    is_int(guarded(0, 0, 30), CMT_RULES_LOADED,
           "a store that cannot be asked keeps no rules back");
    cmt_rules_guard(rules, NULL, NULL, 0);
    is_int(guarded(1, 1, 1), CMT_RULES_LOADED, "and so does nobody to ask");
}


int
main(void)
{
    char         command[64];
    const char  *given[1] = { paths[0] };

    begin();
    (void) snprintf(paths[0], sizeof(paths[0]), "%s/r1.lua", folder);
    put("r1.lua", RULE("a", "return hold(nil, 'first')"));

    is_int(cmt_rules_open(given, 1, NULL, 0, 0, 900, &rules, &err), CMT_OK,
           "rules are opened");
    test_changes();
    test_refused();
    test_inputs();
    test_memory();
    test_threads();
    test_guard();
    cmt_rules_close(rules);

    put("r1.lua", "x(");
    is_int(cmt_rules_open(given, 1, NULL, 0, 0, 900, &rules, &err),
           CMT_ERULES, "a bad file is not opened");
    is_int(cmt_rules_open(NULL, 0, NULL, 0, 0, 900, &rules, &err), CMT_OK,
           "without a file the built-in rules serve");
    is_int(look(), CMT_RULES_SAME, "and never change");
    ok(cmt_rules_path(rules, 0) == NULL, "they have no path");
    cmt_rules_close(rules);

    (void) snprintf(command, sizeof(command), "rm -rf %s", folder);
    is_int(system(command), 0, "all is cleared away");
    end();

    return done();
}
