/*
 * pairs.c: pairs() in a fixed order: numbers by value, then texts by bytes,
 * then false and true.
 *
 * Lua's own order follows addresses and a seed that differs from state to
 * state.  The keys are listed and sorted when the loop begins; a key that has
 * gone when its turn comes is left out.
 */

#include <string.h>

#include "engine.h"


typedef struct {
    int           type;              /* LUA_TNUMBER, LUA_TSTRING, ...        */
    int           is_integer;
    lua_Integer   integer;           /* or 0 and 1 of a boolean              */
    lua_Number    number;
    cmt_str_t     string;            /* stays: the key is also in a list     */
} sort_key_t;


static int pairs_next(lua_State *L);
static lua_Integer list_keys(lua_State *L);
static sort_key_t *read_keys(lua_State *L, lua_Integer n, size_t *bytes);
static int is_before(lua_State *L, const void *keys, uint32_t a, uint32_t b);
static int compare(const sort_key_t *a, const sort_key_t *b);
static int compare_numbers(const sort_key_t *a, const sort_key_t *b);


int
cmt__base_pairs(lua_State *L)
{
    size_t           bytes;
    lua_Integer      n, i;
    sort_key_t      *keys;
    const uint32_t  *at;

    if (cmt__comment_links(L, 1) >= 0) {
        return cmt__base_ipairs(L);
    }

    cmt__arg_table(L, 1);
    lua_settop(L, 1);

    n = list_keys(L);                                /* 2: in Lua's order */
    keys = read_keys(L, n, &bytes);
    at = cmt__sort(L, (size_t) n, (size_t) n + bytes / CMT__RULES_SCAN_BYTES,
                   is_before, keys);

    lua_createtable(L, (int) n, 0);                  /* 3: sorted */
    for (i = 0; i < n; i++) {
        lua_rawgeti(L, 2, at[i]);
        lua_rawseti(L, 3, i + 1);
    }

    lua_pushvalue(L, 3);
    lua_pushinteger(L, 0);
    lua_pushcclosure(L, pairs_next, 2);
    lua_pushvalue(L, 1);
    lua_pushnil(L);

    return 3;
}


/* Upvalues: the sorted keys, how many were given. */

static int
pairs_next(lua_State *L)
{
    lua_Integer  i;

    if (lua_type(L, 1) != LUA_TTABLE) {
        return 0;
    }

    lua_settop(L, 1);
    i = lua_tointegerx(L, lua_upvalueindex(2), NULL);

    for ( ;; ) {
        i++;
        cmt__charge(L, 1);

        if (lua_rawgeti(L, lua_upvalueindex(1), i) == LUA_TNIL) {
            return 1;
        }

        lua_pushvalue(L, -1);
        if (lua_rawget(L, 1) != LUA_TNIL) {
            break;
        }

        lua_settop(L, 1);
    }

    lua_pushinteger(L, i);
    lua_copy(L, -1, lua_upvalueindex(2));
    lua_pop(L, 1);

    return 2;
}


static lua_Integer
list_keys(lua_State *L)
{
    lua_Integer  n;

    lua_createtable(L, 0, 0);
    n = 0;

    for (lua_pushnil(L); lua_next(L, 1); /* void */) {
        cmt__charge(L, 2);
        lua_pop(L, 1);

        switch (lua_type(L, -1)) {
        case LUA_TNUMBER:
        case LUA_TSTRING:
        case LUA_TBOOLEAN:
            break;
        default:
            cmt__raise(L, "pairs: a %s as a key has no place in a fixed"
                       " order", cmt__type_name(L, -1));
        }

        n++;
        lua_pushvalue(L, -1);
        lua_rawseti(L, 2, n);
    }

    return n;
}


static sort_key_t *
read_keys(lua_State *L, lua_Integer n, size_t *bytes)
{
    lua_Integer   i;
    sort_key_t   *keys, *k;

    keys = cmt__heap_alloc(&cmt__engine_of(L)->heap,
                           (size_t) n * sizeof(sort_key_t));
    if (keys == NULL) {
        cmt__raise(L, "not enough memory");
    }

    *bytes = 0;

    for (i = 0; i < n; i++) {
        k = &keys[i];
        memset(k, 0, sizeof(sort_key_t));

        k->type = lua_rawgeti(L, 2, i + 1);

        if (k->type == LUA_TSTRING) {
            k->string.data = lua_tolstring(L, -1, &k->string.len);
            *bytes += k->string.len;

        } else if (k->type == LUA_TBOOLEAN) {
            k->integer = lua_toboolean(L, -1);

        } else {
            k->is_integer = lua_isinteger(L, -1);
            k->integer = lua_tointegerx(L, -1, NULL);
            k->number = lua_tonumberx(L, -1, NULL);
        }

        lua_pop(L, 1);
    }

    return keys;
}


static int
is_before(lua_State *L, const void *keys, uint32_t a, uint32_t b)
{
    const sort_key_t  *k;

    (void) L;

    k = keys;

    return compare(&k[a - 1], &k[b - 1]) < 0;
}


static int
rank(const sort_key_t *k)
{
    return k->type == LUA_TNUMBER ? 0 : k->type == LUA_TSTRING ? 1 : 2;
}


static int
compare(const sort_key_t *a, const sort_key_t *b)
{
    int     order;
    size_t  len;

    if (a->type != b->type) {
        return rank(a) - rank(b);
    }

    if (a->type == LUA_TNUMBER) {
        return compare_numbers(a, b);
    }

    if (a->type == LUA_TBOOLEAN) {
        return (int) (a->integer - b->integer);
    }

    len = a->string.len < b->string.len ? a->string.len : b->string.len;
    order = memcmp(a->string.data, b->string.data, len);

    if (order != 0 || a->string.len == b->string.len) {
        return order;
    }

    return a->string.len < b->string.len ? -1 : 1;
}


/* A key is never NaN, and a float that is whole is kept as an integer, so
 * two keys are never equal.  Large ones that differ only as integers are
 * told apart as integers. */

static int
compare_numbers(const sort_key_t *a, const sort_key_t *b)
{
    if (a->is_integer && b->is_integer) {
        return a->integer < b->integer ? -1 : a->integer > b->integer;
    }

    if (a->number != b->number) {
        return a->number < b->number ? -1 : 1;
    }

    return b->is_integer - a->is_integer;
}
