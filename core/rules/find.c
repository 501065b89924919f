/*
 * find.c: string.find(), match() and gmatch().
 */

#include <string.h>

#include "match.h"


static int find_or_match(lua_State *L, int find);
static int find_plain(lua_State *L, cmt_str_t text, cmt_str_t needle,
    size_t from);
static int has_specials(cmt_str_t pattern);
static int gmatch_next(lua_State *L);


int
cmt__string_find(lua_State *L)
{
    return find_or_match(L, 1);
}


int
cmt__string_match(lua_State *L)
{
    return find_or_match(L, 0);
}


static int
find_or_match(lua_State *L, int find)
{
    size_t         from;
    cmt_str_t      text, pattern;
    const char    *p, *s, *end;
    cmt__match_t   m;

    text = cmt__arg_string(L, 1);
    pattern = cmt__arg_string(L, 2);
    from = cmt__string_position(cmt__arg_integer_or(L, 3, 1), text.len);
    from = from == 0 ? 0 : from - 1;

    if (from > text.len) {
        lua_pushnil(L);
        return 1;
    }

    if (find && (lua_toboolean(L, 4) || !has_specials(pattern))) {
        return find_plain(L, text, pattern, from);
    }

    cmt__match_init(&m, L, text, pattern);
    p = pattern.data;
    s = text.data + from;

    if (p < m.pattern_end && *p == '^') {
        end = cmt__match_at(&m, s, p + 1);
        s = end != NULL ? s : NULL;

    } else {
        s = cmt__match_from(&m, s, p, &end);
    }

    cmt__match_settle(&m);

    if (s == NULL) {
        lua_pushnil(L);
        return 1;
    }

    if (!find) {
        return cmt__match_push_all(&m, s, end);
    }

    lua_pushinteger(L, s - text.data + 1);
    lua_pushinteger(L, end - text.data);

    return 2 + cmt__match_push_all(&m, NULL, NULL);
}


/* memmem() of the C library takes time in proportion to both lengths. */

static int
find_plain(lua_State *L, cmt_str_t text, cmt_str_t needle, size_t from)
{
    const char  *found;

    cmt__charge_scan(L, text.len - from + needle.len);

    found = memmem(text.data + from, text.len - from, needle.data,
                   needle.len);
    if (found == NULL) {
        lua_pushnil(L);
        return 1;
    }

    lua_pushinteger(L, found - text.data + 1);
    lua_pushinteger(L, found - text.data + (lua_Integer) needle.len);

    return 2;
}


static int
has_specials(cmt_str_t pattern)
{
    size_t  i;

    for (i = 0; i < pattern.len; i++) {
        if (pattern.data[i] != '\0'
            && strchr(CMT__SPECIALS, pattern.data[i]) != NULL)
        {
            return 1;
        }
    }

    return 0;
}


/* Upvalues of the iterator: text, pattern, where to go on, where the last
 * match ended (an empty match there would be the same again). */

int
cmt__string_gmatch(lua_State *L)
{
    size_t     from;
    cmt_str_t  text;

    text = cmt__arg_string(L, 1);
    (void) cmt__arg_string(L, 2);
    from = cmt__string_position(cmt__arg_integer_or(L, 3, 1), text.len);
    from = from == 0 ? 0 : from - 1;

    lua_settop(L, 2);
    lua_pushinteger(L, (lua_Integer) (from > text.len ? text.len + 1 : from));
    lua_pushinteger(L, -1);
    lua_pushcclosure(L, gmatch_next, 4);

    return 1;
}


static int
gmatch_next(lua_State *L)
{
    cmt_str_t      text, pattern;
    const char    *s, *end;
    lua_Integer    from, last;
    cmt__match_t   m;

    text.data = lua_tolstring(L, lua_upvalueindex(1), &text.len);
    pattern.data = lua_tolstring(L, lua_upvalueindex(2), &pattern.len);
    from = lua_tointegerx(L, lua_upvalueindex(3), NULL);
    last = lua_tointegerx(L, lua_upvalueindex(4), NULL);

    cmt__match_init(&m, L, text, pattern);

    for ( /* void */ ; from <= (lua_Integer) text.len; from++) {
        s = cmt__match_from(&m, text.data + from, pattern.data, &end);
        if (s == NULL) {
            break;
        }

        if (end - text.data == last) {
            from = s - text.data;
            continue;
        }

        cmt__match_settle(&m);

        lua_pushinteger(L, end - text.data);
        lua_pushvalue(L, -1);
        lua_copy(L, -1, lua_upvalueindex(3));
        lua_copy(L, -1, lua_upvalueindex(4));
        lua_pop(L, 2);

        return cmt__match_push_all(&m, s, end);
    }

    cmt__match_settle(&m);

    return 0;
}
