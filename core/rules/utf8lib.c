/*
 * utf8lib.c: Lua's utf8, strict: what is not UTF-8 is never taken as such,
 * and there is no lax mode.
 */

#include <string.h>

#include "engine.h"


#define POINT_MAX        0x10ffff
#define SURROGATE_FIRST  0xd800
#define SURROGATE_LAST   0xdfff


static int codes_next(lua_State *L);


static int
is_tail(char c)
{
    return ((unsigned char) c & 0xc0) == 0x80;
}


size_t
cmt__utf8_decode(const char *s, size_t n, uint32_t *point)
{
    size_t         i, len;
    uint32_t       c, least;
    unsigned char  first;

    first = (unsigned char) s[0];

    if (first < 0x80) {
        *point = first;
        return 1;
    }

    if (first < 0xc2 || first > 0xf4) {
        return 0;
    }

    len = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    least = len == 2 ? 0x80 : len == 3 ? 0x800 : 0x10000;
    c = first & (0x7fu >> len);

    if (n < len) {
        return 0;
    }

    for (i = 1; i < len; i++) {
        if (!is_tail(s[i])) {
            return 0;
        }

        c = (c << 6) | ((unsigned char) s[i] & 0x3fu);
    }

    if (c < least || c > POINT_MAX
        || (c >= SURROGATE_FIRST && c <= SURROGATE_LAST))
    {
        return 0;
    }

    *point = c;

    return len;
}


int
cmt__utf8_lib_char(lua_State *L)
{
    int          i, n;
    char         out[4];
    size_t       begin;
    lua_Integer  c;

    n = lua_gettop(L);
    cmt__charge(L, (uint64_t) n);
    begin = cmt__scratch_begin(L);

    for (i = 1; i <= n; i++) {
        c = cmt__arg_integer(L, i);

        if (c < 0 || c > POINT_MAX
            || (c >= SURROGATE_FIRST && c <= SURROGATE_LAST))
        {
            cmt__raise_argument(L, i, "there is no such character");
        }

        cmt__scratch_put(L, out, cmt__utf8_put(out, (uint32_t) c));
    }

    cmt__scratch_push(L, begin);

    return 1;
}


/* -1 is the last byte; 0 when it lies before the text. */

static lua_Integer
from_end(lua_Integer at, cmt_str_t s)
{
    if (at >= 0) {
        return at;
    }

    return at < - (lua_Integer) s.len ? 0 : (lua_Integer) s.len + at + 1;
}


int
cmt__utf8_lib_codepoint(lua_State *L)
{
    int          count;
    size_t       n;
    uint32_t     point;
    cmt_str_t    s;
    lua_Integer  at, last;

    s = cmt__arg_string(L, 1);
    at = from_end(cmt__arg_integer_or(L, 2, 1), s);
    last = from_end(cmt__arg_integer_or(L, 3, at), s);

    if (at < 1) {
        cmt__raise_argument(L, 2, "out of bounds");
    }

    if (last > (lua_Integer) s.len) {
        cmt__raise_argument(L, 3, "out of bounds");
    }

    for (count = 0; at <= last; count++) {
        cmt__charge(L, 1);

        if (count == CMT__RULES_VALUES_MAX || !lua_checkstack(L, 1)) {
            cmt__raise(L, "codepoint: more than %d results",
                       CMT__RULES_VALUES_MAX);
        }

        n = cmt__utf8_decode(s.data + at - 1, s.len - (size_t) at + 1,
                             &point);
        if (n == 0) {
            cmt__raise(L, "the text is not UTF-8 at byte %lld",
                       (long long) at);
        }

        lua_pushinteger(L, point);
        at += (lua_Integer) n;
    }

    return count;
}


/* How many characters begin between i and j; nil and the position of the
 * first byte that is not UTF-8. */

int
cmt__utf8_lib_len(lua_State *L)
{
    size_t       at, n;
    uint32_t     point;
    cmt_str_t    s;
    lua_Integer  first, last, count;

    s = cmt__arg_string(L, 1);
    first = from_end(cmt__arg_integer_or(L, 2, 1), s);
    last = from_end(cmt__arg_integer_or(L, 3, -1), s);

    if (first < 1 || first > (lua_Integer) s.len + 1) {
        cmt__raise_argument(L, 2, "out of bounds");
    }

    if (last > (lua_Integer) s.len) {
        cmt__raise_argument(L, 3, "out of bounds");
    }

    count = 0;
    at = (size_t) first - 1;

    cmt__charge(L, last >= first ? (uint64_t) (last - first) / 4 : 0);

    while ((lua_Integer) at < last) {
        n = cmt__utf8_decode(s.data + at, s.len - at, &point);

        if (n == 0) {
            lua_pushnil(L);
            lua_pushinteger(L, (lua_Integer) at + 1);
            return 2;
        }

        at += n;
        count++;
    }

    lua_pushinteger(L, count);

    return 1;
}


/* Where the n-th character from position i begins. */

int
cmt__utf8_lib_offset(lua_State *L)
{
    cmt_str_t    s;
    lua_Integer  n, at, len;

    s = cmt__arg_string(L, 1);
    len = (lua_Integer) s.len;
    n = cmt__arg_integer(L, 2);
    at = from_end(cmt__arg_integer_or(L, 3, n >= 0 ? 1 : len + 1), s);

    if (at < 1 || at > len + 1) {
        cmt__raise_argument(L, 3, "out of bounds");
    }

    at--;

#define tail_at(i)  ((i) < len && is_tail(s.data[i]))

    if (n != 0 && tail_at(at)) {
        cmt__raise(L, "offset: position %lld is inside a character",
                   (long long) at + 1);
    }

    if (n == 0) {
        while (at > 0 && tail_at(at)) {
            cmt__charge(L, 1);
            at--;
        }
    }

    for ( /* void */ ; n < 0 && at > 0; n++) {
        do {
            cmt__charge(L, 1);
            at--;
        } while (at > 0 && tail_at(at));
    }

    for ( /* void */ ; n > 1 && at < len; n--) {
        do {
            cmt__charge(L, 1);
            at++;
        } while (tail_at(at));
    }

#undef tail_at

    if (n == 0 || n == 1) {
        lua_pushinteger(L, at + 1);
    } else {
        lua_pushnil(L);
    }

    return 1;
}


int
cmt__utf8_lib_codes(lua_State *L)
{
    (void) cmt__arg_string(L, 1);

    lua_pushcfunction(L, codes_next);
    lua_pushvalue(L, 1);
    lua_pushinteger(L, 0);

    return 3;
}


/* The control variable is the position of the character before. */

static int
codes_next(lua_State *L)
{
    size_t       at, n;
    uint32_t     point;
    cmt_str_t    s;
    lua_Integer  i;

    s = cmt__arg_string(L, 1);
    i = cmt__arg_integer(L, 2);

    if (i < 0 || i > (lua_Integer) s.len) {
        return 0;
    }

    at = (size_t) i;

    if (at > 0) {                        /* past the rest of that character */
        while (at < s.len && is_tail(s.data[at])) {
            cmt__charge(L, 1);
            at++;
        }
    }

    if (at >= s.len) {
        return 0;
    }

    n = cmt__utf8_decode(s.data + at, s.len - at, &point);
    if (n == 0) {
        cmt__raise(L, "the text is not UTF-8 at byte %zu", at + 1);
    }

    lua_pushinteger(L, (lua_Integer) at + 1);
    lua_pushinteger(L, point);

    return 2;
}
