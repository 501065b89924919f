/*
 * text_render.h: what is typed becomes what readers get, and that is looked
 * at.  A test says in which MARKUP before it includes this.
 */

#ifndef TEXT_RENDER_H
#define TEXT_RENDER_H

#include "core/text/html.h"
#include "text_checker.h"

#include "tap.h"


static cmt_arena_t  *arena;
static cmt__text_t   text;


/* CMT_EINTERNAL and a note: what readers get is not well-formed. */
static int
render(const char *typed)
{
    size_t       at;
    int          rc;
    const char  *wrong;

    cmt_arena_reset(arena);

    rc = cmt__text_render(arena, MARKUP,
                          (cmt_str_t) { strlen(typed), typed }, &text);

    wrong = rc == CMT_OK ? check_rendered(&text, &at) : NULL;

    if (wrong != NULL) {
        note("%s", wrong);
        return CMT_EINTERNAL;
    }

    return rc;
}


static int
html_is(const char *typed, const char *html, const char *sentence)
{
    if (render(typed) != CMT_OK) {
        return ok(0, sentence);
    }

    return is_str(text.html, html, sentence);
}


#endif /* TEXT_RENDER_H */
