/*
 * engine.c: evaluates one comment.
 *
 *   cmt__engine_evaluate()         until every rule has run:
 *     run_machine()                  a machine, whose files ran:
 *       run_rules()                    in a protected call, rule by rule:
 *         run_rule()                     a protected call in its own budget
 *           take_result(), fail()          an outcome, in the caller's arena
 *     cmt__decide()                  the strictest outcome
 *
 * A rule that uses up the machine's memory after others ran in it may be
 * their victim: it gets a second try in a new machine.
 */

#include <stdio.h>
#include <string.h>

#include "engine.h"


static int run_machine(cmt__engine_t *e, cmt_error_t *err);
static int load_machine(cmt__engine_t *e, cmt_error_t *err);
static int load_files(lua_State *L);
static int run_rules(lua_State *L);
static int run_rule(lua_State *L, cmt__engine_t *e);
static int call_filtered(lua_State *L);
static int applies(const cmt__rule_t *rule, const cmt__facts_t *facts);
static int call_rule(lua_State *L, cmt__engine_t *e);
static int rule_said(lua_State *L, cmt__engine_t *e, int status,
    int too_many_steps) CMT_CHECK;
static int take_result(lua_State *L, cmt__engine_t *e);
static int keep_verdict(cmt__engine_t *e, const cmt__verdict_t *v);
static int fail(cmt__engine_t *e, const cmt__rule_t *rule, cmt_str_t why);
static int note_error(cmt__engine_t *e, cmt_str_t text);
static cmt_str_t with_place(cmt__engine_t *e, const cmt__rule_t *rule,
    cmt_str_t why);
static int give_up(cmt__engine_t *e);


/* Keys of the registry. */
static const char  functions_key;


typedef struct {
    cmt_str_t  code;
    int        done;
} reader_t;


static const char *
read_code(lua_State *L, void *ud, size_t *size)
{
    reader_t  *r;

    (void) L;

    r = ud;
    *size = r->done ? 0 : r->code.len;
    r->done = 1;

    return r->code.data;
}


void
cmt__engine_load(lua_State *L, cmt_str_t code, const char *name)
{
    reader_t  reader;

    reader.code = code;
    reader.done = 0;

    if (lua_load(L, read_code, &reader, name, "b") != LUA_OK) {
        lua_error(L);
    }
}


void
cmt__engine_register(lua_State *L)
{
    size_t          i;
    cmt__engine_t  *e;

    e = cmt__engine_of(L);

    lua_createtable(L, (int) e->ruleset->n_declared, 0);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &functions_key);
    cmt__globals_install(L);

    e->declared = 0;
    e->listed = 0;
    e->included = 0;
    e->n_active = 0;
    e->ran = 0;

    for (i = 0; i < e->ruleset->n_main; i++) {
        if ((e->ran >> i & 1) == 0) {
            cmt__engine_run_file(L, i);
        }
    }
}


void
cmt__engine_run_file(lua_State *L, size_t file)
{
    char                name[LUA_IDSIZE + 2];
    size_t              before;
    cmt__engine_t      *e;
    const cmt__file_t  *f;

    e = cmt__engine_of(L);
    f = &e->ruleset->files[file];
    before = e->file;

    e->file = file;
    e->active[e->n_active++] = file;

    (void) snprintf(name, sizeof(name), "@%.*s", (int) f->name.len,
                    f->name.data);
    cmt__engine_load(L, f->code, name);
    lua_call(L, 0, 0);

    e->n_active--;
    e->file = before;

    if (!f->is_test) {
        e->ran |= (uint64_t) 1 << file;
    }
}


void
cmt__engine_keep(lua_State *L, int index)
{
    cmt__engine_t  *e;

    e = cmt__engine_of(L);
    index = lua_absindex(L, index);

    lua_rawgetp(L, LUA_REGISTRYINDEX, &functions_key);
    lua_pushvalue(L, index);
    lua_rawseti(L, -2, (lua_Integer) e->declared + 1);
    lua_pop(L, 1);
}


void
cmt__engine_kept(lua_State *L, size_t declared)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &functions_key);
    lua_rawgeti(L, -1, (lua_Integer) declared + 1);
    lua_rotate(L, -2, 1);
    lua_pop(L, 1);
}


int
cmt__engine_evaluate(cmt__engine_t *e, const cmt_ruleset_t *ruleset,
    const cmt__facts_t *facts, cmt_str_t language, cmt_arena_t *arena,
    cmt__decision_t *decision, cmt_error_t *err)
{
    int  rc, machines;

    e->ruleset = ruleset;
    e->facts = facts;
    e->language = language;
    e->arena = arena;

    cmt__buf_init(&e->errors, arena, 0);
    cmt__buf_init(&e->trace, arena, 0);
    cmt__buf_init(&e->replies, arena, 0);

    e->outcomes = cmt_calloc(arena,
                             ruleset->n_rules * sizeof(cmt__outcome_t));
    if (e->outcomes == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, NULL);
    }

    for (machines = 0; e->next < ruleset->n_rules && !e->ended; machines++) {
        rc = machines < CMT__RULES_MACHINES_MAX ? run_machine(e, err)
                                                : give_up(e);
        if (rc != CMT_OK) {
            return rc;
        }
    }

    rc = cmt__decide(e, decision);

    return rc == CMT_OK ? rc : cmt__fail(err, rc, NULL, NULL);
}


static int
run_machine(cmt__engine_t *e, cmt_error_t *err)
{
    int  rc;

    e->fresh = 1;

    if (!cmt__kept_take(e)) {
        rc = load_machine(e, err);
        if (rc != CMT_OK) {
            return rc;
        }
    }

    if (!e->clock_set) {
        e->clock_set = 1;
        cmt__budget_clock(e, e->ruleset->budget.cpu_ms_max);
    }

    rc = cmt__machine_call(e, run_rules, err);
    cmt__kept_give(e);

    return rc;
}


/* As in the load of the ruleset, files see nothing of a comment. */

static int
load_machine(cmt__engine_t *e, cmt_error_t *err)
{
    int                  rc;
    const cmt__facts_t  *facts;

    rc = cmt__machine_open(e, e->ruleset->budget.memory_bytes_max, err);
    if (rc != CMT_OK) {
        return rc;
    }

    if (!e->clock_set) {
        cmt__budget_clock(e, CMT__RULES_LOAD_CPU_MS);
    }

    e->running = 0;
    e->left = 0;
    e->asked_language = 0;
    facts = e->facts;
    e->facts = NULL;
    rc = cmt__machine_call(e, load_files, err);
    e->facts = facts;

    if (rc == CMT_OK && cmt__kept_make(e) != CMT_OK) {
        rc = cmt__fail(err, CMT_ENOMEM, NULL, NULL);
    }

    if (rc != CMT_OK) {
        cmt__machine_close(e);
    }

    return rc;
}


static int
load_files(lua_State *L)
{
    uint64_t        left;
    cmt__engine_t  *e;

    e = cmt__engine_of(L);

    left = CMT_RULES_STEPS_LOAD - e->steps_load;
    cmt__budget_start(e, left, CMT__TRIP_LOAD);
    cmt__random_seed(e, 0);
    cmt__engine_register(L);
    e->steps_load += e->steps < left ? e->steps : left;

    if (e->declared != e->ruleset->n_declared) {
        cmt__register_differs(L);
    }

    return 0;
}


/* In the protected call of a machine that has its files: runs rules until
 * there are no more or the machine's memory is used up. */

static int
run_rules(lua_State *L)
{
    cmt__engine_t  *e;

    e = cmt__engine_of(L);

    cmt__random_seed(e, e->facts->seed);
    e->running = 1;

    lua_settop(L, 0);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &functions_key);     /* 1 */
    cmt__comment_push(L, e->facts);                        /* 2 */

    for ( /* void */ ; e->next < e->ruleset->n_rules && !e->ended; e->next++)
    {
        e->rule = &e->ruleset->rules[e->next];

        if (!applies(e->rule, e->facts)) {
            continue;
        }

        if (e->steps_done >= e->ruleset->budget.steps_max) {
            if (give_up(e) != CMT_OK) {
                e->heap.no_memory = 1;
            }
            return 0;
        }

        if (!run_rule(L, e)) {
            return 0;
        }

        e->fresh = 0;
    }

    return 0;
}


/* 0: this machine can go no further; e->next is the rule to go on with. */

static int
run_rule(lua_State *L, cmt__engine_t *e)
{
    int       status;
    size_t    trace;
    uint64_t  left;

    left = e->ruleset->budget.steps_max - e->steps_done;
    trace = e->trace.len;
    e->effects_kept = e->n_effects;
    e->marks_kept = e->n_marks;
    e->scratch.len = 0;
    e->made_verdict = 0;
    e->heap.too_long = 0;

    if (left < CMT_RULES_STEPS_PER_RULE) {
        cmt__budget_start(e, left, CMT__TRIP_EVALUATION);
    } else {
        cmt__budget_start(e, CMT_RULES_STEPS_PER_RULE, CMT__TRIP_RULE);
        left = CMT_RULES_STEPS_PER_RULE;
    }

    e->steps = CMT__RULES_ENTRY_STEPS;
    status = call_rule(L, e);
    e->steps_done += e->steps < left ? e->steps : left;

    if (e->heap.no_memory) {
        return 0;
    }

    if (status != LUA_OK && e->heap.exhausted && !e->fresh) {
        e->trace.len = trace;
        e->n_effects = e->effects_kept;
        e->n_marks = e->marks_kept;
        return 0;
    }

    if (rule_said(L, e, status, e->steps > left) != CMT_OK) {
        e->heap.no_memory = 1;
        return 0;
    }

    if (e->heap.exhausted) {
        e->next++;
        return 0;
    }

    return 1;
}


/* Leaves what it gives, or the error, on the stack. */

static int
call_rule(lua_State *L, cmt__engine_t *e)
{
    lua_settop(L, 2);
    lua_rawgeti(L, 1, (lua_Integer) e->rule->declared + 1);
    lua_pushvalue(L, 2);

    if ((e->rule->unless | e->rule->only | e->rule->langs) == 0) {
        return lua_pcall(L, 1, 2, 0);
    }

    lua_pushcfunction(L, call_filtered);
    lua_rotate(L, -3, 1);

    return lua_pcall(L, 2, 2, 0);
}


/* Its verdict, or why there is none. */

static int
rule_said(lua_State *L, cmt__engine_t *e, int status, int too_many_steps)
{
    char       buf[CMT__MACHINE_WORDS_BYTES];
    cmt_str_t  text;

    if (status != LUA_OK) {
        return fail(e, e->rule, cmt__machine_error(e, status, buf));
    }

    if (too_many_steps) {
        /* The last steps, of which the hook did not hear. */
        text.data = cmt__budget_words(e, e->trip_max, buf);
        text.len = strlen(buf);
        return fail(e, e->rule, text);
    }

    return take_result(L, e);
}


/* rule, comment: what the rule returns, or nothing when its filter leaves the
 * comment to others. */

static int
call_filtered(lua_State *L)
{
    const cmt__rule_t  *rule;

    rule = cmt__engine_of(L)->rule;

    if ((rule->langs != 0 && (rule->langs & cmt__predicate_lang(L)) == 0)
        || (rule->only != 0 && !cmt__predicates_any(L, rule->only))
        || (rule->unless != 0 && cmt__predicates_any(L, rule->unless)))
    {
        lua_settop(L, 0);
        lua_pushnil(L);
        lua_pushnil(L);
        return 2;
    }

    lua_call(L, 1, 2);

    return 2;
}


static int
glob_has(cmt_str_t glob, cmt_str_t s)
{
    size_t  g, i, star, mark;

    star = glob.len;                 /* of the last "*"; glob.len: none yet */
    mark = 0;                        /* where what it stands for ends       */
    g = 0;

    for (i = 0; i < s.len; /* void */) {
        if (g < glob.len && glob.data[g] == '*') {
            star = g++;
            mark = i;

        } else if (g < glob.len
                   && (glob.data[g] == '?' || glob.data[g] == s.data[i]))
        {
            g++;
            i++;

        } else if (star < glob.len) {
            g = star + 1;
            i = ++mark;

        } else {
            return 0;
        }
    }

    while (g < glob.len && glob.data[g] == '*') {
        g++;
    }

    return g == glob.len;
}


static int
applies(const cmt__rule_t *rule, const cmt__facts_t *facts)
{
    size_t  i;

    if (rule->disabled
        || (rule->kinds != 0 && (rule->kinds >> facts->kind & 1) == 0)
        || (rule->events != 0 && (rule->events >> facts->event & 1) == 0))
    {
        return 0;
    }

    for (i = 0; i < rule->n_globs; i++) {
        if (glob_has(rule->globs[i], facts->page.path)) {
            return 1;
        }
    }

    return rule->n_globs == 0;
}


/* Two values lie on top.  Lua's memory may be used up: nothing here makes
 * anything in Lua. */

static int
take_result(lua_State *L, cmt__engine_t *e)
{
    int                    n;
    char                   buf[CMT__MACHINE_WORDS_BYTES];
    const char            *shown;
    cmt_str_t              text;
    const cmt__verdict_t  *v;

    if (lua_type(L, -1) != LUA_TNIL) {
        return fail(e, e->rule, cmt_str("it returned more than one value"));
    }

    if (lua_type(L, -2) == LUA_TNIL) {
        if (!e->made_verdict) {
            return CMT_OK;
        }

        return note_error(e, with_place(e, e->rule, cmt_str("the rule made a"
                          " verdict but did not return it: write \"return"
                          " hold(...)\"")));
    }

    v = cmt__verdict_at(L, -2);
    if (v != NULL) {
        return keep_verdict(e, v);
    }

    shown = cmt__type_name(L, -2);
    if (lua_type(L, -2) == LUA_TBOOLEAN) {
        shown = lua_toboolean(L, -2) ? "true" : "false";
    }

    n = snprintf(buf, sizeof(buf), "it returned %s: a rule returns nothing,"
                 " or a verdict such as hold(\"...\")", shown);
    text.data = buf;
    text.len = (size_t) n;

    return fail(e, e->rule, text);
}


static int
keep_verdict(cmt__engine_t *e, const cmt__verdict_t *v)
{
    cmt_str_t        note, message;
    cmt__outcome_t  *o;

    note.data = v->text;
    note.len = v->note_len;
    message.data = v->text + v->note_len;
    message.len = v->message_len;

    o = &e->outcomes[e->n_outcomes];
    o->rule = e->rule;
    o->verdict = v->verdict;
    o->score = v->score;
    o->pow_bits = v->pow_bits;
    o->note = cmt__clean(e->arena, note, CMT__RULES_NOTE_BYTES_MAX, 1);
    o->message = cmt__clean(e->arena, message, CMT_PUBLIC_BYTES_MAX, 0);

    if (o->note.data == NULL || o->message.data == NULL) {
        return CMT_ENOMEM;
    }

    if (v->verdict == CMT_VERDICT_CHALLENGE) {
        cmt__facts_read_work(e);

        if ((int64_t) v->pow_bits <= e->facts->form.pow_bits) {
            o->verdict = 0;              /* done */
        }
    }

    e->n_outcomes++;
    e->ended = v->verdict == CMT_VERDICT_ACCEPT
               || v->verdict == CMT_VERDICT_SPAM
               || v->verdict == CMT_VERDICT_REJECT;

    return CMT_OK;
}


static int
fail(cmt__engine_t *e, const cmt__rule_t *rule, cmt_str_t why)
{
    cmt__buf_t       b;
    cmt__outcome_t  *o;

    o = &e->outcomes[e->n_outcomes];
    o->rule = rule;
    e->n_effects = e->effects_kept;
    e->n_marks = e->marks_kept;

    why = cmt__clean(e->arena, why, CMT__RULES_ERROR_BYTES_MAX, 0);
    if (why.data == NULL) {
        return CMT_ENOMEM;
    }

    o->error = with_place(e, rule, why);

    cmt__buf_init(&b, e->arena, 0);
    cmt__buf_lit(&b, "rule \"");
    cmt__buf_str_put(&b, rule->name);
    cmt__buf_lit(&b, "\" failed: ");
    cmt__buf_str_put(&b, o->error);

    if (cmt__buf_end(&b, &o->note) != CMT_OK || o->error.data == NULL) {
        return CMT_ENOMEM;
    }

    if (!rule->skip_on_error) {
        o->verdict = CMT_VERDICT_HOLD;
        o->message = cmt_str(CMT__RULES_HELD_TEXT);
    }

    e->n_outcomes++;

    return note_error(e, o->error);
}


static int
note_error(cmt__engine_t *e, cmt_str_t text)
{
    if (text.data == NULL) {
        return CMT_ENOMEM;
    }

    if (e->n_errors++ >= CMT__RULES_RECEIPT_ROWS_MAX) {
        return CMT_OK;
    }

    if (e->errors.len != 0) {
        cmt__buf_char(&e->errors, ',');
    }

    cmt__json_string(&e->errors, text);

    return e->errors.failed ? CMT_ENOMEM : CMT_OK;
}


/* "file:line: why", unless why begins so already; data NULL: no memory. */

static cmt_str_t
with_place(cmt__engine_t *e, const cmt__rule_t *rule, cmt_str_t why)
{
    size_t               i;
    cmt_str_t            name, text;
    cmt__buf_t           b;

    for (i = 0; i < e->ruleset->n_files; i++) {
        name = e->ruleset->files[i].name;

        if (why.len > name.len && why.data[name.len] == ':'
            && memcmp(why.data, name.data, name.len) == 0)
        {
            return why;
        }
    }

    cmt__buf_init(&b, e->arena, 0);
    cmt__buf_str_put(&b, rule->file);
    cmt__buf_char(&b, ':');
    cmt__buf_i64(&b, rule->line);
    cmt__buf_lit(&b, ": ");
    cmt__buf_str_put(&b, why);

    return cmt__buf_end(&b, &text) == CMT_OK ? text : cmt_null_str;
}


/* The rules that are left do not run; the first of them says so. */

static int
give_up(cmt__engine_t *e)
{
    e->ended = 1;

    return fail(e, &e->ruleset->rules[e->next],
                cmt_str("this rule and those behind it did not run: the"
                        " rules before used all that one comment may use"));
}
