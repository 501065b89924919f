/*
 * args.c: arguments of the functions that rules call, and text for messages.
 */

#include <string.h>

#include "engine.h"


/* What a byte that is not UTF-8 is shown as: U+FFFD. */
#define REPLACEMENT        "\xef\xbf\xbd"
#define REPLACEMENT_BYTES  3

#define ELLIPSIS           "\xe2\x80\xa6"
#define ELLIPSIS_BYTES     3

#define DEL                0x7f
#define C1_LAST            0x9f


cmt_str_t
cmt__arg_string(lua_State *L, int arg)
{
    cmt_str_t  s;
    int        type;

    type = lua_type(L, arg);

    if (type != LUA_TSTRING && type != LUA_TNUMBER) {
        cmt__raise_argument(L, arg, "text expected, got %s",
                            cmt__type_name(L, arg));
    }

    s.data = lua_tolstring(L, arg, &s.len);

    return s;
}


/* A number, or a short text that is one; a long text is not even looked at. */

static void
check_number(lua_State *L, int arg)
{
    int  ok;

    ok = lua_type(L, arg) == LUA_TNUMBER;

    if (lua_type(L, arg) == LUA_TSTRING
        && lua_rawlen(L, arg) <= CMT__RULES_NUMBER_BYTES_MAX)
    {
        (void) lua_tonumberx(L, arg, &ok);
    }

    if (!ok) {
        cmt__raise_argument(L, arg, "number expected, got %s",
                            cmt__type_name(L, arg));
    }
}


lua_Integer
cmt__arg_integer(lua_State *L, int arg)
{
    int          ok;
    lua_Integer  n;

    check_number(L, arg);

    n = lua_tointegerx(L, arg, &ok);
    if (!ok) {
        cmt__raise_argument(L, arg, "whole number expected");
    }

    return n;
}


lua_Integer
cmt__arg_integer_or(lua_State *L, int arg, lua_Integer otherwise)
{
    return lua_type(L, arg) <= LUA_TNIL ? otherwise
                                        : cmt__arg_integer(L, arg);
}


lua_Number
cmt__arg_number(lua_State *L, int arg)
{
    check_number(L, arg);

    return lua_tonumberx(L, arg, NULL);
}


void
cmt__arg_any(lua_State *L, int arg)
{
    if (lua_type(L, arg) == LUA_TNONE) {
        cmt__raise_argument(L, arg, "value expected");
    }
}


/* A table that rules made: one with a metatable is one of ours, and read
 * only. */

void
cmt__arg_table(lua_State *L, int arg)
{
    if (lua_type(L, arg) != LUA_TTABLE) {
        cmt__raise_argument(L, arg, "table expected, got %s",
                            cmt__type_name(L, arg));
    }

    if (lua_getmetatable(L, arg)) {
        cmt__raise_argument(L, arg, "this table cannot be changed or listed");
    }
}


void
cmt__arg_function(lua_State *L, int arg)
{
    if (lua_type(L, arg) != LUA_TFUNCTION) {
        cmt__raise_argument(L, arg, "function expected, got %s",
                            cmt__type_name(L, arg));
    }
}


const char *
cmt__type_name(lua_State *L, int index)
{
    const char  *name;

    switch (lua_type(L, index)) {

    case LUA_TNONE:
        return "nothing";

    case LUA_TSTRING:
        return "text";

    case LUA_TUSERDATA:
        if (cmt__verdict_at(L, index) != NULL) {
            return "verdict";
        }

        name = cmt__comment_class(L, index);
        return name != NULL ? name : "userdata";

    default:
        return lua_typename(L, lua_type(L, index));
    }
}


/* No byte of s becomes more than three. */

cmt_str_t
cmt__clean(cmt_arena_t *arena, cmt_str_t s, size_t bytes_max, int controls)
{
    char       *out;
    size_t      at, n, len, room;
    uint32_t    point;
    cmt_str_t   cleaned;

    room = s.len < bytes_max ? REPLACEMENT_BYTES * s.len : bytes_max;

    out = cmt_alloc(arena, room + ELLIPSIS_BYTES);
    if (out == NULL) {
        return cmt_null_str;
    }

    len = 0;

    for (at = 0; at < s.len; at += n) {
        n = cmt__utf8_decode(s.data + at, s.len - at, &point);

        if (len + (n == 0 ? REPLACEMENT_BYTES : n) > bytes_max) {
            memcpy(out + len, ELLIPSIS, ELLIPSIS_BYTES);
            len += ELLIPSIS_BYTES;
            break;
        }

        if (n == 0) {
            memcpy(out + len, REPLACEMENT, REPLACEMENT_BYTES);
            len += REPLACEMENT_BYTES;
            n = 1;

        } else if (!controls
                   && (point < ' ' || (point >= DEL && point <= C1_LAST)))
        {
            out[len++] = ' ';

        } else {
            memcpy(out + len, s.data + at, n);
            len += n;
        }
    }

    cleaned.data = out;
    cleaned.len = len;

    return cleaned;
}


const char *
cmt__shown(char out[CMT__SHOWN_BYTES], cmt_str_t s)
{
    size_t    at, n, len;
    uint32_t  point;

    len = 0;

    for (at = 0; at < s.len; at += n) {
        n = cmt__utf8_decode(s.data + at, s.len - at, &point);

        if (len + n + ELLIPSIS_BYTES + 1 >= CMT__SHOWN_BYTES) {
            memcpy(out + len, ELLIPSIS, ELLIPSIS_BYTES);
            len += ELLIPSIS_BYTES;
            break;
        }

        if (n == 0 || point < ' ' || (point >= DEL && point <= C1_LAST)) {
            out[len++] = '?';
            n = n == 0 ? 1 : n;

        } else {
            memcpy(out + len, s.data + at, n);
            len += n;
        }
    }

    out[len] = '\0';

    return out;
}
