/*
 * test.c: the tests that a file of rules carries.  A file whose tests fail is
 * not loaded.
 */

#include <stdio.h>
#include <string.h>

#include "engine.h"


#define DEPTH_MAX     8
#define MEMBERS_MAX   1000

/* An evaluation with its receipt, for messages: ample. */
#define ARENA_BYTES   (4 * 1024 * 1024)


static const cmt__json_t *read_table(lua_State *L, int index);
static void read_value(lua_State *L, int index, int depth, cmt__json_t *value);
static void read_members(lua_State *L, int index, int depth,
    cmt__json_t *value);
static int run_test(const cmt_ruleset_t *rs, const cmt__test_t *test,
    cmt_arena_t *arena, uint64_t *steps, cmt_error_t *err);
static int fail(const cmt__test_t *test, cmt_error_t *err, const char *why);
static const cmt__outcome_t *deciding(const cmt__engine_t *e,
    const cmt__decision_t *d, cmt_str_t name);


/* test(name, {fields}, verdict[, rule]) */

int
cmt__register_test(lua_State *L)
{
    cmt__test_t    *test;
    cmt_ruleset_t  *rs;
    cmt__engine_t  *e;

    e = cmt__engine_of(L);

    if (e->running) {
        cmt__raise(L, "test() can only be called while the file loads");
    }

    rs = e->loading;
    if (rs == NULL) {
        return 0;
    }

    if (rs->n_tests == CMT__RULES_TESTS_MAX) {
        cmt__raise(L, "there are more than %d tests", CMT__RULES_TESTS_MAX);
    }

    test = &rs->tests[rs->n_tests];
    memset(test, 0, sizeof(cmt__test_t));

    test->name = cmt__register_name(L, 1, "test");
    cmt__register_place(L, &test->file, &test->line);
    test->n_file = e->file;

    cmt__arg_table(L, 2);
    test->comment = read_table(L, 2);
    test->verdict = cmt__verdict_word(L, cmt__arg_string(L, 3));

    if (lua_type(L, 4) > LUA_TNIL) {
        test->rule = cmt__register_name(L, 4, "rule");
    }

    rs->n_tests++;

    return 0;
}


/* A table becomes what the same JSON would be, so that test() and `rules run`
 * take the same fields by the same code. */

static const cmt__json_t *
read_table(lua_State *L, int index)
{
    cmt__json_t  *root;

    root = cmt_calloc(cmt__engine_of(L)->loading->arena, sizeof(cmt__json_t));
    if (root == NULL) {
        cmt__raise_no_memory(L);
    }

    read_value(L, index, 0, root);

    return root;
}


static void
read_value(lua_State *L, int index, int depth, cmt__json_t *value)
{
    cmt_str_t  s;

    cmt__charge(L, 1);

    switch (lua_type(L, index)) {

    case LUA_TBOOLEAN:
        value->type = lua_toboolean(L, index) ? CMT__JSON_TRUE
                                              : CMT__JSON_FALSE;
        return;

    case LUA_TNUMBER:
        value->type = lua_isinteger(L, index) ? CMT__JSON_INTEGER
                                              : CMT__JSON_REAL;
        value->integer = lua_tointegerx(L, index, NULL);
        value->real = lua_tonumberx(L, index, NULL);
        return;

    case LUA_TSTRING:
        s = cmt__arg_string(L, index);

        if (!cmt__utf8_valid(s)) {
            cmt__raise(L, "a text of the test is not UTF-8");
        }

        value->type = CMT__JSON_STRING;
        value->string = cmt__str_copy(cmt__engine_of(L)->loading->arena, s);

        if (value->string.data == NULL) {
            cmt__raise_no_memory(L);
        }
        return;

    case LUA_TTABLE:
        if (depth == DEPTH_MAX || !lua_checkstack(L, 8)) {
            cmt__raise(L, "the fields of a test are nested more than %d"
                       " deep", DEPTH_MAX);
        }

        read_members(L, index, depth, value);
        return;

    default:
        cmt__raise(L, "a test cannot take a %s", cmt__type_name(L, index));
    }
}


static void
read_members(lua_State *L, int index, int depth, cmt__json_t *value)
{
    size_t        n, list;
    cmt_str_t     name;
    cmt_arena_t  *arena;
    cmt__json_t  *items, *item;

    arena = cmt__engine_of(L)->loading->arena;
    list = (size_t) lua_rawlen(L, index);
    n = 0;

    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
        n++;
    }

    if (n > MEMBERS_MAX || (list != 0 && list != n)) {
        cmt__raise(L, "a table of a test has names or is a list, with at"
                   " most %d members", MEMBERS_MAX);
    }

    cmt__charge(L, n);

    items = cmt_calloc(arena, n * sizeof(cmt__json_t));
    if (items == NULL) {
        cmt__raise_no_memory(L);
    }

    for (n = 0; n < list; n++) {
        lua_rawgeti(L, index, (lua_Integer) n + 1);
        read_value(L, lua_absindex(L, -1), depth + 1, &items[n]);
        lua_pop(L, 1);
    }

    if (list == 0) {
        for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
            item = &items[n++];

            if (lua_type(L, -2) != LUA_TSTRING) {
                cmt__raise(L, "a table of a test has names or is a list");
            }

            name = cmt__arg_string(L, -2);
            item->name = cmt__str_copy(arena, name);

            if (item->name.data == NULL) {
                cmt__raise_no_memory(L);
            }

            read_value(L, lua_absindex(L, -1), depth + 1, item);
        }
    }

    value->type = list != 0 ? CMT__JSON_ARRAY : CMT__JSON_OBJECT;
    value->n = n;
    value->items = items;
}


int
cmt__tests_run(const cmt_ruleset_t *ruleset, cmt_error_t *err)
{
    int           rc;
    size_t        i;
    int64_t       end_us;
    uint64_t      steps;
    cmt_arena_t  *arena;

    if (ruleset->n_tests == 0) {
        return CMT_OK;
    }

    arena = cmt_arena_create(ARENA_BYTES);
    if (arena == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, NULL);
    }

    rc = CMT_OK;
    steps = 0;
    end_us = ruleset->budget.tests_ms_max == 0 ? INT64_MAX
             : cmt__budget_now_us()
               + (int64_t) ruleset->budget.tests_ms_max * 1000;

    for (i = 0; i < ruleset->n_tests && rc == CMT_OK; i++) {
        cmt_arena_reset(arena);
        rc = run_test(ruleset, &ruleset->tests[i], arena, &steps, err);

        if (rc == CMT_OK && steps > CMT__RULES_STEPS_TESTS) {
            rc = fail(&ruleset->tests[i], err, "the tests up to this one take"
                      " too many steps");
        }

        if (rc == CMT_OK && cmt__budget_now_us() > end_us) {
            rc = fail(&ruleset->tests[i], err, "the tests up to this one take"
                      " too long");
        }
    }

    cmt_arena_destroy(arena);

    return rc;
}


static int
rule_is_there(const cmt_ruleset_t *rs, cmt_str_t name, cmt__nearest_t *nearest)
{
    size_t  i;

    cmt__nearest_init(nearest, name);

    for (i = 0; i < rs->n_rules; i++) {
        if (cmt__str_eq(rs->rules[i].name, name)) {
            return 1;
        }

        cmt__nearest_offer(nearest, rs->rules[i].name.data);
    }

    return 0;
}


/* A rule that fails makes the test fail, even if a hold was expected. */

static int
run_test(const cmt_ruleset_t *rs, const cmt__test_t *test,
    cmt_arena_t *arena, uint64_t *steps, cmt_error_t *err)
{
    int                    rc;
    char                   why[CMT_ERROR_DETAIL_BYTES];
    size_t                 i;
    cmt_error_t            error;
    cmt__facts_t           facts;
    cmt__engine_t          e;
    cmt__decision_t        d;
    cmt__nearest_t         nearest;
    const cmt__outcome_t  *o;

    memset(&error, 0, sizeof(error));
    memset(&e, 0, sizeof(e));

    rc = cmt__facts_from_json(test->comment, arena, &facts, &error);
    if (rc == CMT_EFIELD) {
        return fail(test, err, error.detail);
    }

    if (rc == CMT_OK) {
        rc = cmt__engine_evaluate(&e, rs, &facts, rs->settings.language,
                                  arena, &d, &error);
    }

    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, "%s", error.detail);
    }

    *steps += e.steps_done + e.steps_load;

    for (i = 0; i < e.n_outcomes; i++) {
        o = &e.outcomes[i];

        if (o->error.len != 0) {
            (void) snprintf(why, sizeof(why), "%.*s", (int) o->error.len,
                            o->error.data);
            return fail(test, err, why);
        }
    }

    o = deciding(&e, &d, test->rule);

    if (d.verdict == test->verdict && (test->rule.len == 0 || o != NULL)) {
        return CMT_OK;
    }

    if (d.verdict == test->verdict) {
        if (!rule_is_there(rs, test->rule, &nearest)) {
            (void) snprintf(why, sizeof(why), "there is no rule \"%s\"%s",
                            test->rule.data, cmt__nearest_text(&nearest));
            return fail(test, err, why);
        }

        (void) snprintf(why, sizeof(why), "it was not the rule \"%s\" that"
                        " said \"%s\"", test->rule.data,
                        cmt_verdict_name(d.verdict));
        return fail(test, err, why);
    }

    o = deciding(&e, &d, cmt_str(""));
    (void) snprintf(why, sizeof(why), "\"%s\" was expected but the rules say"
                    " \"%s\"%s%s%s", cmt_verdict_name(test->verdict),
                    cmt_verdict_name(d.verdict), o != NULL ? ", by \"" : "",
                    o != NULL ? o->rule->name.data : "",
                    o != NULL ? "\"" : "");

    return fail(test, err, why);
}


static int
fail(const cmt__test_t *test, cmt_error_t *err, const char *why)
{
    return cmt__fail(err, CMT_ERULES, NULL, "%.*s:%d: the test \"%s\" fails:"
                     " %s", (int) test->file.len, test->file.data, test->line,
                     test->name.data, why);
}


/* The outcome of the rule (any rule when name is empty) that made the
 * verdict: one that gave it, or one whose score led to it. */

static const cmt__outcome_t *
deciding(const cmt__engine_t *e, const cmt__decision_t *d, cmt_str_t name)
{
    size_t                 i;
    cmt_verdict_t          best;
    const cmt__outcome_t  *o;

    best = (cmt_verdict_t) 0;

    for (i = 0; i < e->n_outcomes; i++) {
        if (e->outcomes[i].verdict > best) {
            best = e->outcomes[i].verdict;
        }
    }

    for (i = 0; i < e->n_outcomes; i++) {
        o = &e->outcomes[i];

        if ((name.len == 0 || cmt__str_eq(o->rule->name, name))
            && (best != 0 ? o->verdict == d->verdict : o->score > 0))
        {
            return o;
        }
    }

    return NULL;
}
