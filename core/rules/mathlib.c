/*
 * mathlib.c: Lua's math, with random() seeded by the comment.
 */

#include <math.h>
#include <string.h>

#include "engine.h"


#define DEGREES  (180.0 / 3.141592653589793238462643383279502884)

/* 2^-53: turns 53 bits into a number below 1. */
#define UNIT     (0.5 / ((uint64_t) 1 << 52))


static int push_whole(lua_State *L, lua_Number n);
static int extreme(lua_State *L, int sign);
static uint64_t random_next(cmt__engine_t *e);


#define FUNCTION(name, f)                                                     \
    int                                                                       \
    cmt__math_##name(lua_State *L)                                            \
    {                                                                         \
        lua_pushnumber(L, f(cmt__arg_number(L, 1)));                          \
                                                                              \
        return 1;                                                             \
    }

FUNCTION(acos, acos)
FUNCTION(asin, asin)
FUNCTION(cos, cos)
FUNCTION(deg, DEGREES *)
FUNCTION(exp, exp)
FUNCTION(rad, (1.0 / DEGREES) *)
FUNCTION(sin, sin)
FUNCTION(sqrt, sqrt)
FUNCTION(tan, tan)


int
cmt__math_abs(lua_State *L)
{
    lua_Integer  n;

    if (lua_isinteger(L, 1)) {
        n = cmt__arg_integer(L, 1);
        lua_pushinteger(L, n < 0 ? (lua_Integer) (0u - (lua_Unsigned) n)
                                 : n);
        return 1;
    }

    lua_pushnumber(L, fabs(cmt__arg_number(L, 1)));

    return 1;
}


int
cmt__math_atan(lua_State *L)
{
    lua_Number  y, x;

    y = cmt__arg_number(L, 1);
    x = lua_type(L, 2) <= LUA_TNIL ? 1.0 : cmt__arg_number(L, 2);
    lua_pushnumber(L, atan2(y, x));

    return 1;
}


int
cmt__math_ceil(lua_State *L)
{
    if (lua_isinteger(L, 1)) {
        lua_settop(L, 1);
        return 1;
    }

    return push_whole(L, ceil(cmt__arg_number(L, 1)));
}


int
cmt__math_floor(lua_State *L)
{
    if (lua_isinteger(L, 1)) {
        lua_settop(L, 1);
        return 1;
    }

    return push_whole(L, floor(cmt__arg_number(L, 1)));
}


/* As an integer when it fits into one. */

static int
push_whole(lua_State *L, lua_Number n)
{
    if (n >= -0x1p63 && n < 0x1p63) {
        lua_pushinteger(L, (lua_Integer) n);
    } else {
        lua_pushnumber(L, n);
    }

    return 1;
}


int
cmt__math_fmod(lua_State *L)
{
    lua_Integer  a, b;

    if (lua_isinteger(L, 1) && lua_isinteger(L, 2)) {
        a = cmt__arg_integer(L, 1);
        b = cmt__arg_integer(L, 2);

        if (b == 0) {
            cmt__raise_argument(L, 2, "zero");
        }

        lua_pushinteger(L, b == -1 ? 0 : a % b);
        return 1;
    }

    lua_pushnumber(L, fmod(cmt__arg_number(L, 1), cmt__arg_number(L, 2)));

    return 1;
}


int
cmt__math_log(lua_State *L)
{
    lua_Number  n, base;

    n = cmt__arg_number(L, 1);

    if (lua_type(L, 2) <= LUA_TNIL) {
        lua_pushnumber(L, log(n));
        return 1;
    }

    base = cmt__arg_number(L, 2);

    if (base == 2.0) {
        lua_pushnumber(L, log2(n));

    } else if (base == 10.0) {
        lua_pushnumber(L, log10(n));

    } else {
        lua_pushnumber(L, log(n) / log(base));
    }

    return 1;
}


int
cmt__math_max(lua_State *L)
{
    return extreme(L, 1);
}


int
cmt__math_min(lua_State *L)
{
    return extreme(L, -1);
}


static int
extreme(lua_State *L, int sign)
{
    int  i, n, best;

    n = lua_gettop(L);
    best = 1;

    (void) cmt__arg_number(L, 1);
    cmt__charge(L, (uint64_t) n / 4);

    for (i = 2; i <= n; i++) {
        (void) cmt__arg_number(L, i);

        if (sign > 0 ? lua_compare(L, best, i, LUA_OPLT)
                     : lua_compare(L, i, best, LUA_OPLT))
        {
            best = i;
        }
    }

    lua_pushvalue(L, best);

    return 1;
}


int
cmt__math_modf(lua_State *L)
{
    lua_Number  n, whole;

    if (lua_isinteger(L, 1)) {
        lua_settop(L, 1);
        lua_pushnumber(L, 0.0);
        return 2;
    }

    n = cmt__arg_number(L, 1);
    whole = n < 0 ? ceil(n) : floor(n);

    (void) push_whole(L, whole);
    lua_pushnumber(L, n == whole ? 0.0 : n - whole);

    return 2;
}


int
cmt__math_tointeger(lua_State *L)
{
    int          ok;
    lua_Integer  n;

    cmt__arg_any(L, 1);

    if (lua_type(L, 1) == LUA_TSTRING) {
        lua_settop(L, 1);
        (void) cmt__base_tonumber(L);
        lua_copy(L, -1, 1);
    }

    if (lua_type(L, 1) == LUA_TNUMBER) {
        n = lua_tointegerx(L, 1, &ok);
        if (ok) {
            lua_pushinteger(L, n);
            return 1;
        }
    }

    lua_pushnil(L);

    return 1;
}


int
cmt__math_type(lua_State *L)
{
    cmt__arg_any(L, 1);

    if (lua_type(L, 1) != LUA_TNUMBER) {
        lua_pushnil(L);

    } else if (lua_isinteger(L, 1)) {
        lua_pushlstring(L, "integer", 7);

    } else {
        lua_pushlstring(L, "float", 5);
    }

    return 1;
}


int
cmt__math_ult(lua_State *L)
{
    lua_pushboolean(L, (lua_Unsigned) cmt__arg_integer(L, 1)
                       < (lua_Unsigned) cmt__arg_integer(L, 2));

    return 1;
}


/* random(): 0 <= x < 1; random(n): 1..n; random(m, n): m..n; random(0): any
 * integer. */

int
cmt__math_random(lua_State *L)
{
    uint64_t        bits, span, limit;
    lua_Integer     low, high;
    cmt__engine_t  *e;

    e = cmt__engine_of(L);
    bits = random_next(e);

    if (lua_gettop(L) == 0) {
        lua_pushnumber(L, (lua_Number) (bits >> 11) * UNIT);
        return 1;
    }

    low = 1;
    high = cmt__arg_integer(L, 1);

    if (lua_gettop(L) == 1 && high == 0) {
        lua_pushinteger(L, (lua_Integer) bits);
        return 1;
    }

    if (lua_gettop(L) > 1) {
        low = high;
        high = cmt__arg_integer(L, 2);
    }

    if (low > high) {
        cmt__raise_argument(L, lua_gettop(L), "there is nothing between");
    }

    span = (uint64_t) high - (uint64_t) low;

    if (span != UINT64_MAX) {
        /* The last, incomplete round of the span would favour its start. */
        limit = UINT64_MAX - UINT64_MAX % (span + 1);

        while (bits >= limit) {
            bits = random_next(e);
        }

        bits %= span + 1;
    }

    lua_pushinteger(L, (lua_Integer) ((uint64_t) low + bits));

    return 1;
}


/* xoshiro256**, whose state splitmix64 makes of the seed. */

void
cmt__random_seed(cmt__engine_t *e, uint64_t seed)
{
    int       i;
    uint64_t  z;

    for (i = 0; i < 4; i++) {
        seed += 0x9e3779b97f4a7c15u;
        z = seed;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        e->random[i] = z ^ (z >> 31);
    }
}


static uint64_t
rotate(uint64_t x, int n)
{
    return (x << n) | (x >> (64 - n));
}


static uint64_t
random_next(cmt__engine_t *e)
{
    uint64_t  result, t, *s;

    s = e->random;
    result = rotate(s[1] * 5, 7) * 9;
    t = s[1] << 17;

    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);

    return result;
}
