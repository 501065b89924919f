/*
 * tablelib.c: functions on tables that rules made.  Such a table has no
 * metatable, so reading and writing it is raw.  Positions may lie: every
 * loop ends at the first value that is missing, at a bound, or at the budget.
 */

#include <string.h>

#include "engine.h"


int
cmt__table_concat(lua_State *L)
{
    size_t       begin;
    cmt_str_t    separator, s;
    lua_Integer  i, last;

    cmt__arg_table(L, 1);
    separator = lua_type(L, 2) <= LUA_TNIL ? cmt_str("")
                                           : cmt__arg_string(L, 2);
    i = cmt__arg_integer_or(L, 3, 1);
    last = cmt__arg_integer_or(L, 4, (lua_Integer) lua_rawlen(L, 1));

    begin = cmt__scratch_begin(L);

    for ( /* void */ ; i <= last; i++) {
        lua_rawgeti(L, 1, i);

        if (lua_type(L, -1) != LUA_TSTRING && lua_type(L, -1) != LUA_TNUMBER)
        {
            cmt__raise(L, "concat: the value at %lld is %s",
                       (long long) i, cmt__type_name(L, -1));
        }

        s.data = lua_tolstring(L, -1, &s.len);
        cmt__charge_copy(L, s.len + separator.len);
        cmt__scratch_put(L, s.data, s.len);
        lua_pop(L, 1);

        if (i == last) {                 /* also LUA_MAXINTEGER */
            break;
        }

        cmt__scratch_put(L, separator.data, separator.len);
    }

    cmt__scratch_push(L, begin);

    return 1;
}


int
cmt__table_insert(lua_State *L)
{
    lua_Integer  i, n, at;

    cmt__arg_table(L, 1);
    n = (lua_Integer) lua_rawlen(L, 1) + 1;

    switch (lua_gettop(L)) {

    case 2:
        lua_rawseti(L, 1, n);
        return 0;

    case 3:
        at = cmt__arg_integer(L, 2);
        break;

    default:
        cmt__raise(L, "insert: a table, perhaps a position, and a value"
                   " expected");
    }

    if (at < 1 || at > n) {
        cmt__raise_argument(L, 2, "position out of range");
    }

    cmt__charge(L, (uint64_t) (n - at));

    for (i = n; i > at; i--) {
        lua_rawgeti(L, 1, i - 1);
        lua_rawseti(L, 1, i);
    }

    lua_rawseti(L, 1, at);

    return 0;
}


int
cmt__table_remove(lua_State *L)
{
    lua_Integer  n, at;

    cmt__arg_table(L, 1);
    n = (lua_Integer) lua_rawlen(L, 1);
    at = cmt__arg_integer_or(L, 2, n);

    if (lua_type(L, 2) > LUA_TNIL && (at < 1 || at > n + 1)
        && !(n == 0 && at == 0))
    {
        cmt__raise_argument(L, 2, "position out of range");
    }

    lua_rawgeti(L, 1, at);
    cmt__charge(L, at < n ? (uint64_t) (n - at) : 0);

    for ( /* void */ ; at < n; at++) {
        lua_rawgeti(L, 1, at + 1);
        lua_rawseti(L, 1, at);
    }

    lua_pushnil(L);
    lua_rawseti(L, 1, at);

    return 1;
}


int
cmt__table_pack(lua_State *L)
{
    int  i, n;

    n = lua_gettop(L);
    cmt__charge(L, (uint64_t) n);

    lua_createtable(L, n, 1);
    lua_rotate(L, 1, 1);

    for (i = n; i >= 1; i--) {
        lua_rawseti(L, 1, i);
    }

    lua_pushlstring(L, "n", 1);
    lua_pushinteger(L, n);
    lua_rawset(L, 1);

    return 1;
}


int
cmt__table_unpack(lua_State *L)
{
    lua_Integer  i, last, n;

    cmt__arg_table(L, 1);
    i = cmt__arg_integer_or(L, 2, 1);
    last = cmt__arg_integer_or(L, 3, (lua_Integer) lua_rawlen(L, 1));

    if (i > last) {
        return 0;
    }

    if ((lua_Unsigned) last - (lua_Unsigned) i >= CMT__RULES_VALUES_MAX
        || !lua_checkstack(L, (int) (last - i + 1)))
    {
        cmt__raise(L, "unpack: more than %d results", CMT__RULES_VALUES_MAX);
    }

    n = last - i + 1;
    cmt__charge(L, (uint64_t) n);

    for ( /* void */ ; n > 0; n--) {
        lua_rawgeti(L, 1, last - n + 1);
    }

    return (int) (last - i + 1);
}
