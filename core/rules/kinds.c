/*
 * kinds.c: what `rate` counts.  Three kinds are the core's; others are those
 * that some function of the files adds to.  Of a kind that nothing adds to,
 * a rule would always be told 0.
 */

#include <stdio.h>

#include "engine.h"
#include "objects.h"


/* Counted by the core for each comment. */
static const struct {
    const char    *name;
    cmt__posts_t   of;
} core_kinds[] = {
    { "ip", CMT__POSTS_FROM_ADDRESS },
    { "author", CMT__POSTS_BY_AUTHOR },
    { "thread", CMT__POSTS_ON_PAGE }
};


static int is_added(const cmt__kinds_t *kinds, cmt_str_t name);
_Noreturn static void raise_unknown(lua_State *L, const cmt__kinds_t *kinds,
    const cmt__kind_t *kind);


int
cmt__kind_is_core(cmt_str_t name, cmt__posts_t *of)
{
    size_t  i;

    for (i = 0; i < sizeof(core_kinds) / sizeof(core_kinds[0]); i++) {
        if (cmt__str_is(name, core_kinds[i].name)) {
            *of = core_kinds[i].of;
            return 1;
        }
    }

    return 0;
}


void
cmt__kinds_note(cmt__kinds_t *kinds, const cmt__kind_t *kind)
{
    if (kinds->n == CMT__KINDS_MAX) {
        kinds->open = 1;
        return;
    }

    kinds->rows[kinds->n++] = *kind;
}


void
cmt__kinds_check(lua_State *L, const cmt__kinds_t *kinds)
{
    size_t              i;
    cmt__posts_t        of;
    const cmt__kind_t  *kind;

    for (i = 0; i < kinds->n && !kinds->open; i++) {
        kind = &kinds->rows[i];

        if (!kind->is_added && !cmt__kind_is_core(kind->name, &of)
            && !is_added(kinds, kind->name))
        {
            raise_unknown(L, kinds, kind);
        }
    }
}


static int
is_added(const cmt__kinds_t *kinds, cmt_str_t name)
{
    size_t  i;

    for (i = 0; i < kinds->n; i++) {
        if (kinds->rows[i].is_added && cmt__str_eq(kinds->rows[i].name, name))
        {
            return 1;
        }
    }

    return 0;
}


_Noreturn static void
raise_unknown(lua_State *L, const cmt__kinds_t *kinds, const cmt__kind_t *kind)
{
    char            file[CMT__SHOWN_BYTES], shown[CMT__SHOWN_BYTES];
    size_t          i;
    cmt_str_t       name;
    cmt__nearest_t  nearest;

    cmt__nearest_init(&nearest, kind->name);

    for (i = 0; i < sizeof(core_kinds) / sizeof(core_kinds[0]); i++) {
        cmt__nearest_offer(&nearest, core_kinds[i].name);
    }

    for (i = 0; i < kinds->n; i++) {
        name = cmt_null_str;

        if (kinds->rows[i].is_added) {
            name = cmt__str_copy(cmt__engine_of(L)->arena,
                                 kinds->rows[i].name);
        }

        if (name.data != NULL) {
            cmt__nearest_offer(&nearest, name.data);
        }
    }

    cmt__raise(L, "%s:%zu: nothing counts \"%s\"%s",
               cmt__shown(file, kind->file), kind->line,
               cmt__shown(shown, kind->name), cmt__nearest_text(&nearest));
}
