/*
 * sort.c: sorting that keeps the order of equals, charges for every
 * comparison, and ends whatever the comparing function says; table.sort().
 *
 * Its values are copied into a list; their indexes are merged; then they are
 * written back.  So the table may be changed by the comparing function
 * without harm.
 */

#include "engine.h"


/* Stack: 1 the table, 2 the function or nil, 3 the copy. */

#define COPY  3


static int is_less(lua_State *L, const void *things, uint32_t a, uint32_t b);


int
cmt__table_sort(lua_State *L)
{
    size_t           i, n;
    const uint32_t  *at;

    cmt__arg_table(L, 1);

    if (lua_type(L, 2) > LUA_TNIL) {
        cmt__arg_function(L, 2);
    }

    lua_settop(L, 2);

    n = (size_t) lua_rawlen(L, 1);
    if (n < 2) {
        return 0;
    }

    cmt__charge(L, 2 * n);
    lua_createtable(L, (int) n, 0);

    for (i = 1; i <= n; i++) {
        lua_rawgeti(L, 1, (lua_Integer) i);
        lua_rawseti(L, COPY, (lua_Integer) i);
    }

    cmt__charge_scan(L, 2 * n * sizeof(uint32_t));
    at = cmt__sort(L, n, n, is_less, NULL);

    for (i = 0; i < n; i++) {
        lua_rawgeti(L, COPY, at[i]);
        lua_rawseti(L, 1, (lua_Integer) i + 1);
    }

    return 0;
}


/* Merges runs of 1, 2, 4 ... of them; there is room for two lists. */

const uint32_t *
cmt__sort(lua_State *L, size_t n, size_t steps, cmt__before_pt comes_before,
    const void *things)
{
    size_t     width, low, middle, high, i, j, k;
    uint32_t  *from, *to, *spare;

    from = cmt__heap_alloc(&cmt__engine_of(L)->heap,
                           2 * n * sizeof(uint32_t));
    if (from == NULL) {
        cmt__raise(L, "not enough memory");
    }

    to = from + n;

    for (i = 0; i < n; i++) {
        from[i] = (uint32_t) (i + 1);
    }

    for (width = 1; width < n; width *= 2) {
        cmt__charge(L, steps);

        for (low = 0; low < n; low += 2 * width) {
            middle = low + width < n ? low + width : n;
            high = low + 2 * width < n ? low + 2 * width : n;
            i = low;
            j = middle;

            for (k = low; k < high; k++) {
                if (j < high
                    && (i == middle
                        || comes_before(L, things, from[j], from[i])))
                {
                    to[k] = from[j++];
                } else {
                    to[k] = from[i++];
                }
            }
        }

        spare = from;
        from = to;
        to = spare;
    }

    return from;
}


static int
is_less(lua_State *L, const void *things, uint32_t a, uint32_t b)
{
    int     less;
    size_t  bytes;

    (void) things;

    if (lua_type(L, 2) == LUA_TFUNCTION) {
        cmt__charge(L, 1);
        lua_pushvalue(L, 2);
        lua_rawgeti(L, COPY, a);
        lua_rawgeti(L, COPY, b);
        lua_call(L, 2, 1);

    } else {
        lua_rawgeti(L, COPY, a);
        lua_rawgeti(L, COPY, b);

        bytes = 0;
        if (lua_type(L, -1) == LUA_TSTRING && lua_type(L, -2) == LUA_TSTRING)
        {
            bytes = lua_rawlen(L, -1);
            if (lua_rawlen(L, -2) < bytes) {
                bytes = lua_rawlen(L, -2);
            }
        }

        cmt__charge_scan(L, bytes);
        less = lua_compare(L, -2, -1, LUA_OPLT);
        lua_pop(L, 2);

        return less;
    }

    less = lua_toboolean(L, -1);
    lua_pop(L, 1);

    return less;
}
