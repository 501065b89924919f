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
    char       *out, *copy;
    size_t      room;
    uint32_t   *places;

    room = cmt__text_fold_room(s);
    cmt__charge(L, room == s.len ? s.len / 8 + 1 : s.len + 1);

    out = cmt__machine_alloc(L, room + 1);
    places = map ? cmt__machine_alloc(L, (room + 1) * sizeof(uint32_t))
                 : NULL;

    if (map && s.data != cmt__engine_of(L)->facts->text.plain.data) {
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
