/*
 * fold.c: folded text, and other memory of a machine that Lua does not see.
 */

#include <string.h>

#include "engine.h"


void *
cmt__machine_alloc(lua_State *L, size_t bytes)
{
    void  *p;

    cmt__charge(L, bytes / CMT__RULES_ALLOC_BYTES + 1);

    p = cmt__heap_alloc(&cmt__engine_of(L)->heap, bytes);
    if (p == NULL) {
        cmt__raise(L, "not enough memory");
    }

    return p;
}


/* What lists and matches point to stays: s is copied, because a text of Lua
 * has no other owner than the rule. */

void
cmt__fold(lua_State *L, cmt_str_t s, int map, cmt__folded_t *f)
{
    char                *out, *copy;
    size_t               room;
    uint32_t            *places;
    const cmt__facts_t  *facts;

    facts = cmt__engine_of(L)->facts;
    room = cmt__text_fold_room(s);
    cmt__charge(L, room == s.len ? s.len / 8 + 1 : s.len + 1);

    out = cmt__machine_alloc(L, room + 1);
    places = map ? cmt__machine_alloc(L, (room + 1) * sizeof(uint32_t))
                 : NULL;

    if (map && (facts == NULL || s.data != facts->text.plain.data)) {
        copy = cmt__machine_alloc(L, s.len + 1);
        memcpy(copy, s.data, s.len);
        s.data = copy;
    }

    f->text.data = out;
    f->text.len = cmt__text_fold(s, cmt__site_cyrillic(
                                     cmt__engine_of(L)->ruleset), out,
                                 places);
    f->source = s;
    f->map = places;
}


/* lang.guess(s): code and confidence, or nil */

int
cmt__lang_lib_guess(lua_State *L)
{
    cmt_str_t     s;
    cmt__guess_t  guess;
    cmt__shape_t  shape;

    s = cmt__arg_string(L, 1);
    cmt__charge(L, s.len / 2 + 1);
    cmt__text_shape(s, &shape);
    cmt__guess(L, s, &shape, &guess);

    if (guess.code.data == NULL) {
        lua_pushnil(L);
        return 1;
    }

    lua_pushlstring(L, guess.code.data, guess.code.len);
    lua_pushnumber(L, guess.confidence);

    return 2;
}


void
cmt__guess(lua_State *L, cmt_str_t s, const cmt__shape_t *shape,
    cmt__guess_t *guess)
{
    cmt__charge(L, 2 * (s.len < 4096 ? s.len : 4096) + 1);
    cmt__text_guess(s, shape, guess);
}
