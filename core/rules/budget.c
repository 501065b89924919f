/*
 * budget.c: how much a rule may do, and how it is told that it may not.
 *
 * The unit is the step: one instruction of Lua's machine, one step of the
 * pattern matcher, CMT__RULES_SCAN_BYTES bytes that a helper looks at,
 * CMT__RULES_COPY_BYTES that it copies, CMT__RULES_ALLOC_BYTES that are
 * allocated.  Steps do not depend on the machine or its load, so neither does
 * a verdict.
 *
 * Lua counts only its own instructions, so that each helper charges for its
 * work before doing it.  Three instructions work on strings at a cost that
 * grows with their length and that neither sees: comparing, looking up a
 * long key, and taking a string as the limit of a loop.  Therefore an
 * instruction costs one step more for every CMT__RULES_LONG_BYTES bytes of
 * the longest string that was made so far.
 *
 * The processor time of the thread is a second limit, for work that was
 * counted too low; it is set so that steps end first.
 */

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "engine.h"


#define STEPS_MANY        ((uint64_t) 1 << 40)
#define MESSAGE_BYTES     512
#define LEVELS_MAX        16


static void budget_hook(lua_State *L, lua_Debug *ar);
static unsigned hook_price(cmt__engine_t *e);
static void budget_check(lua_State *L, cmt__engine_t *e);
_Noreturn static void budget_trip(lua_State *L, cmt__engine_t *e,
    cmt__trip_t what);
static void push_place(lua_State *L, char *out, size_t size);


void
cmt__budget_start(cmt__engine_t *e, uint64_t steps_max, cmt__trip_t what)
{
    e->steps = 0;
    e->steps_max = steps_max;
    e->clock_at = CMT__RULES_CLOCK_STEPS;
    e->trip_max = what;
    e->trip = CMT__TRIP_NONE;

    e->hook_steps = CMT__RULES_HOOK_STEPS / hook_price(e);
    if (e->hook_steps == 0) {
        e->hook_steps = 1;
    }

    lua_sethook(e->L, budget_hook, LUA_MASKCOUNT, (int) e->hook_steps);
}


void
cmt__budget_clock(cmt__engine_t *e, unsigned ms)
{
    e->cpu_ms = ms;
    e->cpu_end_us = cmt__budget_now_us() + (int64_t) ms * 1000;
}


void
cmt__charge(lua_State *L, uint64_t steps)
{
    cmt__engine_t  *e;

    e = cmt__engine_of(L);

    e->steps += steps < STEPS_MANY ? steps : STEPS_MANY;

    if (e->steps > e->steps_max || e->steps >= e->clock_at) {
        budget_check(L, e);
    }
}


void
cmt__charge_scan(lua_State *L, uint64_t bytes)
{
    cmt__charge(L, bytes / CMT__RULES_SCAN_BYTES + 1);
}


void
cmt__charge_copy(lua_State *L, uint64_t bytes)
{
    cmt__charge(L, bytes / CMT__RULES_COPY_BYTES + 1);
}


/* Steps of one instruction. */

static unsigned
hook_price(cmt__engine_t *e)
{
    return (unsigned) (1 + e->heap.longest / CMT__RULES_LONG_BYTES);
}


/*
 * Looks more often while instructions are dear, so that few of them run
 * between two looks.  Once the budget is spent the hook stays set to every
 * instruction, so that nothing can swallow the error.
 */

static void
budget_hook(lua_State *L, lua_Debug *ar)
{
    unsigned        wanted;
    cmt__engine_t  *e;

    (void) ar;

    e = cmt__engine_of(L);

    if (e->trip != CMT__TRIP_NONE) {
        budget_trip(L, e, e->trip);
    }

    wanted = CMT__RULES_HOOK_STEPS / hook_price(e);
    if (wanted == 0) {
        wanted = 1;
    }

    e->steps += (uint64_t) e->hook_steps * hook_price(e);

    if (wanted != e->hook_steps) {
        e->hook_steps = wanted;
        lua_sethook(L, budget_hook, LUA_MASKCOUNT, (int) wanted);
    }

    if (e->steps > e->steps_max || e->steps >= e->clock_at) {
        budget_check(L, e);
    }
}


static void
budget_check(lua_State *L, cmt__engine_t *e)
{
    if (e->trip != CMT__TRIP_NONE) {
        budget_trip(L, e, e->trip);
    }

    if (e->steps > e->steps_max) {
        budget_trip(L, e, e->trip_max);
    }

    e->clock_at = e->steps + CMT__RULES_CLOCK_STEPS;

    if (cmt__budget_now_us() > e->cpu_end_us) {
        budget_trip(L, e, CMT__TRIP_CPU);
    }
}


_Noreturn static void
budget_trip(lua_State *L, cmt__engine_t *e, cmt__trip_t what)
{
    char  words[CMT__BUDGET_WORDS_BYTES];

    if (e->trip == CMT__TRIP_NONE) {
        e->trip = what;
        lua_sethook(L, budget_hook, LUA_MASKCOUNT, 1);
    }

    cmt__raise(L, "%s", cmt__budget_words(e, what, words));
}


const char *
cmt__budget_words(const cmt__engine_t *e, cmt__trip_t what,
    char words[CMT__BUDGET_WORDS_BYTES])
{
    switch (what) {

    case CMT__TRIP_LOAD:
        (void) snprintf(words, CMT__BUDGET_WORDS_BYTES,
                        "the files take more than %d steps to load",
                        CMT_RULES_STEPS_LOAD);
        break;

    case CMT__TRIP_EVALUATION:
        (void) snprintf(words, CMT__BUDGET_WORDS_BYTES,
                        "the rules used all of the %llu steps of one comment",
                        (unsigned long long) e->ruleset->budget.steps_max);
        break;

    case CMT__TRIP_CPU:
        (void) snprintf(words, CMT__BUDGET_WORDS_BYTES,
                        "it used more than %u ms of processor time",
                        e->cpu_ms);
        break;

    default:
        (void) snprintf(words, CMT__BUDGET_WORDS_BYTES,
                        "it used more than %d steps",
                        CMT_RULES_STEPS_PER_RULE);
    }

    return words;
}


int64_t
cmt__budget_now_us(void)
{
    struct timespec  t;

    if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t) != 0) {
        return 0;
    }

    return (int64_t) t.tv_sec * 1000000 + t.tv_nsec / 1000;
}


_Noreturn void
cmt__raise(lua_State *L, const char *format, ...)
{
    char     message[MESSAGE_BYTES];
    size_t   len;
    va_list  args;

    push_place(L, message, sizeof(message));
    len = strlen(message);

    va_start(args, format);
    (void) vsnprintf(message + len, sizeof(message) - len, format, args);
    va_end(args);

    lua_pushlstring(L, message, strlen(message));
    lua_error(L);

    __builtin_unreachable();
}


_Noreturn void
cmt__raise_no_memory(lua_State *L)
{
    cmt__engine_of(L)->heap.no_memory = 1;
    cmt__raise(L, "not enough memory");
}


_Noreturn void
cmt__raise_argument(lua_State *L, int arg, const char *format, ...)
{
    char        message[MESSAGE_BYTES];
    va_list     args;
    lua_Debug   ar;
    const char *name;

    va_start(args, format);
    (void) vsnprintf(message, sizeof(message), format, args);
    va_end(args);

    name = NULL;
    memset(&ar, 0, sizeof(ar));

    if (lua_getstack(L, 0, &ar) && lua_getinfo(L, "n", &ar)) {
        name = ar.name;
    }

    /* s:rep(x): the author counts from x. */
    if (ar.namewhat != NULL && strcmp(ar.namewhat, "method") == 0) {
        arg--;
    }

    if (name == NULL) {
        name = "?";
    }

    if (arg == 0) {
        cmt__raise(L, "%s: the value before \":\": %s", name, message);
    }

    cmt__raise(L, "%s, argument %d: %s", name, arg, message);
}


/* "rules.lua:3: " of the innermost function of a file: std has no lines. */

static void
push_place(lua_State *L, char *out, size_t size)
{
    int        level;
    lua_Debug  ar;

    out[0] = '\0';

    for (level = 0; level < LEVELS_MAX; level++) {
        if (!lua_getstack(L, level, &ar)) {
            return;
        }

        lua_getinfo(L, "Sl", &ar);

        if (ar.currentline <= 0) {
            continue;
        }

        (void) snprintf(out, size, "%s:%d: ", ar.short_src, ar.currentline);
        return;
    }
}
