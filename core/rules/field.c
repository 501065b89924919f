/*
 * field.c: which fields there are, and what is said of one that is not.
 */

#include <stdio.h>
#include <string.h>

#include "engine.h"
#include "objects.h"


static const char *article(const char *name);
static const cmt__fact_t *holder(const cmt__class_t *class, cmt_str_t name);


int
cmt__field_is_there(const cmt__class_t *class, cmt_str_t name)
{
    const cmt__method_t  *m;

    for (m = class->methods; m != NULL && m->name != NULL; m++) {
        if (cmt__str_is(name, m->name)) {
            return 1;
        }
    }

    return cmt__class_find(class, name) != NULL;
}


_Noreturn void
cmt__field_raise(lua_State *L, const char *place, const cmt__class_t *class,
    cmt_str_t name)
{
    char                  shown[CMT__SHOWN_BYTES];
    size_t                i;
    cmt__nearest_t        nearest;
    const cmt__fact_t    *object;
    const cmt__method_t  *m;

    (void) cmt__shown(shown, name);

    if (class == &cmt__class_links) {
        cmt__raise(L, "%s\"links\" is a list: there is no \"%s\" in it, but in"
                   " links[1], links[2] ...", place, shown);
    }

    object = holder(class, name);

    if (object != NULL) {
        cmt__raise(L, "%sa comment has no \"%s\"; did you mean \"%s.%s\"?",
                   place, shown, object->name, shown);
    }

    cmt__nearest_init(&nearest, name);

    for (i = 0; i < class->n; i++) {
        cmt__nearest_offer(&nearest, class->rows[i].name);
    }

    for (m = class->methods; m != NULL && m->name != NULL; m++) {
        cmt__nearest_offer(&nearest, m->name);
    }

    cmt__raise(L, "%s%s %s has no \"%s\"%s", place, article(class->name),
               class->name, shown, cmt__nearest_text(&nearest));
}


static const char *
article(const char *name)
{
    return strchr("aeiou", name[0]) != NULL ? "an" : "a";
}


/* c.name is in c.author. */

static const cmt__fact_t *
holder(const cmt__class_t *class, cmt_str_t name)
{
    size_t  i;

    for (i = 0; class == &cmt__class_comment && i < class->n; i++) {
        if (class->rows[i].type == CMT__FACT_OBJECT
            && cmt__field_is_there(class->rows[i].class, name))
        {
            return &class->rows[i];
        }
    }

    return NULL;
}
