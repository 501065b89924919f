/*
 * answers.c: what the store answered while rules asked it: counts, what was
 * remembered, what authors did lately.  All of that is another later, so a
 * receipt keeps the answers in their order, each with the steps that it cost,
 * and a decision that is made again by the same rules is given them instead.
 *
 *   "answers":[[3,12],[{"held":1,"total":4},1014],[null,12]]
 */

#include <stdio.h>
#include <string.h>

#include "engine.h"


static int answer(lua_State *L, lua_CFunction ask);
static void give(lua_State *L, cmt__engine_t *e, uint64_t before);
static void note(lua_State *L, cmt__engine_t *e, uint64_t steps);
static void write_value(lua_State *L, cmt__buf_t *b, int index, int nested);
static void write_table(lua_State *L, cmt__buf_t *b, int index);
static int ask_authors(lua_State *L);
static int ask_per_hour(lua_State *L);


int
cmt__answer_rate_add(lua_State *L)
{
    return answer(L, cmt__rate_lib_add);
}


int
cmt__answer_rate_count(lua_State *L)
{
    return answer(L, cmt__rate_lib_count);
}


int
cmt__answer_store_get(lua_State *L)
{
    return answer(L, cmt__store_lib_get);
}


int
cmt__answer_recent(lua_State *L)
{
    return answer(L, cmt__past_recent);
}


int
cmt__answer_pair_replies(lua_State *L)
{
    return answer(L, cmt__past_pair_replies);
}


void
cmt__answer_authors(lua_State *L)
{
    (void) answer(L, ask_authors);
}


void
cmt__answer_per_hour(lua_State *L)
{
    (void) answer(L, ask_per_hour);
}


static int
ask_authors(lua_State *L)
{
    cmt__past_push_authors(L);

    return 1;
}


static int
ask_per_hour(lua_State *L)
{
    cmt__past_push_per_hour(L);

    return 1;
}


/* One value lies on top afterwards. */

static int
answer(lua_State *L, lua_CFunction ask)
{
    uint64_t        before;
    cmt__engine_t  *e;

    e = cmt__engine_of(L);
    before = e->steps;
    (void) ask(L);

    if (e->facts == NULL) {
        return 1;
    }

    if (e->facts->answers != NULL) {
        give(L, e, before);
    }

    if (e->facts->past.read != NULL || e->facts->answers != NULL) {
        note(L, e, e->steps - before);
    }

    return 1;
}


static void
give(lua_State *L, cmt__engine_t *e, uint64_t before)
{
    const cmt__json_t  *one;

    if (e->answered >= e->facts->answers->n) {
        return;
    }

    one = &e->facts->answers->items[e->answered];

    if (one->type != CMT__JSON_ARRAY || one->n != 2
        || one->items[1].type != CMT__JSON_INTEGER)
    {
        return;
    }

    lua_pop(L, 1);
    cmt__push_json(L, &one->items[0]);
    e->steps = before + (uint64_t) one->items[1].integer;
}


static void
note(lua_State *L, cmt__engine_t *e, uint64_t steps)
{
    cmt__buf_t  *b;

    b = &e->replies;

    if (e->answered++ >= CMT__RULES_ANSWERS_MAX
        || b->len >= CMT__RULES_ANSWERS_BYTES_MAX)
    {
        return;
    }

    cmt__buf_lit(b, b->len == 0 ? "[" : ",[");
    write_value(L, b, lua_gettop(L), 0);
    cmt__buf_char(b, ',');
    cmt__buf_u64(b, steps);
    cmt__buf_char(b, ']');
}


static void
write_value(lua_State *L, cmt__buf_t *b, int index, int nested)
{
    char       number[40];
    cmt_str_t  s;

    switch (lua_type(L, index)) {

    case LUA_TBOOLEAN:
        cmt__buf_lit(b, lua_toboolean(L, index) ? "true" : "false");
        return;

    case LUA_TNUMBER:
        if (lua_isinteger(L, index)) {
            cmt__buf_i64(b, lua_tointegerx(L, index, NULL));
            return;
        }

        (void) snprintf(number, sizeof(number), "%.17g",
                        lua_tonumberx(L, index, NULL));
        cmt__buf_lit(b, number);

        /* So that it comes back as what it was. */
        if (strpbrk(number, ".e") == NULL) {
            cmt__buf_lit(b, ".0");
        }
        return;

    case LUA_TSTRING:
        s.data = lua_tolstring(L, index, &s.len);
        cmt__json_string(b, s);
        return;

    case LUA_TTABLE:
        if (!nested) {
            write_table(L, b, index);
            return;
        }
        /* fall through */

    default:
        cmt__buf_lit(b, "null");
    }
}


static int
is_before(cmt_str_t a, cmt_str_t b)
{
    int  order;

    order = memcmp(a.data, b.data, a.len < b.len ? a.len : b.len);

    return order != 0 ? order < 0 : a.len < b.len;
}


/* A list, or names in the order of their bytes: that of a table is another in
 * each process. */

static void
write_table(lua_State *L, cmt__buf_t *b, int index)
{
    size_t     i, n;
    cmt_str_t  last, best, key;

    n = (size_t) lua_rawlen(L, index);
    cmt__buf_char(b, n != 0 ? '[' : '{');

    for (i = 1; i <= n; i++) {
        cmt__buf_lit(b, i != 1 ? "," : "");
        lua_rawgeti(L, index, (lua_Integer) i);
        write_value(L, b, lua_gettop(L), 1);
        lua_pop(L, 1);
    }

    last = cmt_null_str;

    for (i = 0; n == 0; i++) {
        best = cmt_null_str;
        lua_pushnil(L);                          /* the value of best */

        for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
            if (lua_type(L, -2) != LUA_TSTRING) {
                continue;
            }

            key.data = lua_tolstring(L, -2, &key.len);

            if ((last.data == NULL || is_before(last, key))
                && (best.data == NULL || is_before(key, best)))
            {
                best = key;
                lua_copy(L, -1, -3);
            }
        }

        if (best.data != NULL) {
            cmt__buf_lit(b, i != 0 ? "," : "");
            cmt__json_string(b, best);
            cmt__buf_char(b, ':');
            write_value(L, b, lua_gettop(L), 1);
        }

        lua_pop(L, 1);

        if (best.data == NULL) {
            break;
        }

        last = best;
    }

    cmt__buf_char(b, n != 0 ? ']' : '}');
}
