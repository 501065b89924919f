/*
 * baselib.c: Lua's basic functions, as far as rules have them.
 */

#include <stdio.h>
#include <string.h>

#include "engine.h"


#define BASE_MAX  36


static int ipairs_next(lua_State *L);
static int digits_to_number(lua_State *L, cmt_str_t s, lua_Integer base);
static int digit(char c);


int
cmt__base_assert(lua_State *L)
{
    cmt__arg_any(L, 1);

    if (lua_toboolean(L, 1)) {
        return lua_gettop(L);
    }

    if (lua_gettop(L) < 2) {
        cmt__raise(L, "assertion failed");
    }

    lua_settop(L, 2);

    return lua_error(L);
}


/* A text gets the place in front of it, unless level is 0. */

int
cmt__base_error(lua_State *L)
{
    char         place[LUA_IDSIZE + 16];
    size_t       begin;
    cmt_str_t    s;
    lua_Debug    ar;
    lua_Integer  level;

    level = cmt__arg_integer_or(L, 2, 1);

    if (lua_type(L, 1) == LUA_TSTRING && level > 0 && level < 200
        && lua_getstack(L, (int) level, &ar) && lua_getinfo(L, "Sl", &ar)
        && ar.currentline > 0)
    {
        s = cmt__arg_string(L, 1);
        (void) snprintf(place, sizeof(place), "%s:%d: ", ar.short_src,
                        ar.currentline);

        begin = cmt__scratch_begin(L);
        cmt__scratch_put(L, place, strlen(place));
        cmt__scratch_put(L, s.data, s.len < CMT_ERROR_DETAIL_BYTES
                                    ? s.len : CMT_ERROR_DETAIL_BYTES);
        cmt__scratch_push(L, begin);

        return lua_error(L);
    }

    lua_settop(L, 1);

    return lua_error(L);
}


int
cmt__base_ipairs(lua_State *L)
{
    cmt__arg_any(L, 1);

    if (cmt__comment_links(L, 1) < 0 && lua_type(L, 1) != LUA_TTABLE) {
        cmt__raise_argument(L, 1, "table or list expected, got %s",
                            cmt__type_name(L, 1));
    }

    lua_pushcfunction(L, ipairs_next);
    lua_pushvalue(L, 1);
    lua_pushinteger(L, 0);

    return 3;
}


static int
ipairs_next(lua_State *L)
{
    lua_Integer  i, n;

    i = cmt__arg_integer(L, 2);
    if (i == LUA_MAXINTEGER) {
        return 0;
    }

    i++;
    n = cmt__comment_links(L, 1);

    lua_pushinteger(L, i);

    if (n >= 0) {
        if (i < 1 || i > n) {
            return 0;
        }

        cmt__comment_link(L, 1, i);
        return 2;
    }

    if (lua_type(L, 1) != LUA_TTABLE) {
        return 0;
    }

    return lua_rawgeti(L, 1, i) == LUA_TNIL ? 1 : 2;
}


/* For whoever debugs a rule; kept by `rules run` and by tests. */

int
cmt__base_print(lua_State *L)
{
    int             i, n;
    size_t          room;
    cmt_str_t       s;
    cmt__engine_t  *e;

    e = cmt__engine_of(L);
    e->left = 1;
    n = lua_gettop(L);

    for (i = 1; i <= n; i++) {
        s = cmt__push_text(L, i);
        cmt__charge_copy(L, s.len < CMT__RULES_TRACE_BYTES_MAX
                            ? s.len : CMT__RULES_TRACE_BYTES_MAX);

        room = CMT__RULES_TRACE_BYTES_MAX - e->trace.len;

        if (e->keep_trace && room > 1) {
            if (i > 1) {
                cmt__buf_char(&e->trace, '\t');
                room--;
            }

            cmt__buf_put(&e->trace, s.data, s.len < room - 1 ? s.len
                                                             : room - 1);
        }

        lua_pop(L, 1);
    }

    if (e->keep_trace && e->trace.len < CMT__RULES_TRACE_BYTES_MAX) {
        cmt__buf_char(&e->trace, '\n');
    }

    return 0;
}


int
cmt__base_select(lua_State *L)
{
    int          n;
    cmt_str_t    s;
    lua_Integer  at;

    n = lua_gettop(L);

    if (lua_type(L, 1) == LUA_TSTRING) {
        s = cmt__arg_string(L, 1);

        if (s.len == 1 && s.data[0] == '#') {
            lua_pushinteger(L, n - 1);
            return 1;
        }
    }

    at = cmt__arg_integer(L, 1);

    if (at < 0) {
        at = n + at;

    } else if (at > n) {
        at = n;
    }

    if (at < 1) {
        cmt__raise_argument(L, 1, "index out of range");
    }

    cmt__charge(L, (uint64_t) (n - at) / 8);

    return n - (int) at;
}


int
cmt__base_tonumber(lua_State *L)
{
    cmt_str_t    s;
    lua_Integer  base;

    if (lua_type(L, 2) > LUA_TNIL) {
        base = cmt__arg_integer(L, 2);

        if (lua_type(L, 1) != LUA_TSTRING) {
            cmt__raise_argument(L, 1, "text expected, got %s",
                                cmt__type_name(L, 1));
        }

        if (base < 2 || base > BASE_MAX) {
            cmt__raise_argument(L, 2, "base out of range");
        }

        return digits_to_number(L, cmt__arg_string(L, 1), base);
    }

    if (lua_type(L, 1) == LUA_TNUMBER) {
        lua_settop(L, 1);
        return 1;
    }

    cmt__arg_any(L, 1);

    if (lua_type(L, 1) == LUA_TSTRING) {
        s = cmt__str_trim(cmt__arg_string(L, 1));
        cmt__charge_scan(L, lua_rawlen(L, 1));

        if (s.len != 0 && s.len <= CMT__RULES_NUMBER_BYTES_MAX
            && memchr(s.data, '\0', s.len) == NULL)
        {
            /* The text goes on behind s with blanks or its NUL. */
            if (lua_stringtonumber(L, s.data) != 0) {
                return 1;
            }
        }
    }

    lua_pushnil(L);

    return 1;
}


static int
digits_to_number(lua_State *L, cmt_str_t s, lua_Integer base)
{
    int           sign, negative, d;
    size_t        i;
    lua_Unsigned  n;

    cmt__charge_scan(L, s.len);

    s = cmt__str_trim(s);
    negative = s.len != 0 && s.data[0] == '-';
    sign = negative || (s.len != 0 && s.data[0] == '+');
    n = 0;

    for (i = (size_t) sign; i < s.len; i++) {
        d = digit(s.data[i]);
        if (d < 0 || d >= base) {
            break;
        }

        n = n * (lua_Unsigned) base + (lua_Unsigned) d;
    }

    if (i != s.len || i == (size_t) sign) {
        lua_pushnil(L);
        return 1;
    }

    lua_pushinteger(L, (lua_Integer) (negative ? 0u - n : n));

    return 1;
}


static int
digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }

    if (c >= 'a' && c <= 'z') {
        return c - 'a' + 10;
    }

    if (c >= 'A' && c <= 'Z') {
        return c - 'A' + 10;
    }

    return -1;
}


int
cmt__base_tostring(lua_State *L)
{
    cmt__arg_any(L, 1);
    (void) cmt__push_text(L, 1);

    return 1;
}


int
cmt__base_type(lua_State *L)
{
    const char  *name;

    cmt__arg_any(L, 1);
    name = lua_typename(L, lua_type(L, 1));
    lua_pushlstring(L, name, strlen(name));

    return 1;
}


/* Lua would show an address for what is not listed here. */

cmt_str_t
cmt__push_text(lua_State *L, int index)
{
    cmt_str_t    s;
    const char  *name;

    switch (lua_type(L, index)) {

    case LUA_TSTRING:
    case LUA_TNUMBER:
        lua_pushvalue(L, index);
        break;

    case LUA_TBOOLEAN:
        name = lua_toboolean(L, index) ? "true" : "false";
        lua_pushlstring(L, name, strlen(name));
        break;

    default:
        name = cmt__type_name(L, index);
        lua_pushlstring(L, name, strlen(name));
    }

    s.data = lua_tolstring(L, -1, &s.len);

    return s;
}
