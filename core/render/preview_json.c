/*
 * preview_json.c: what would become of a text.
 */

#include <string.h>

#include "render.h"


int
cmt_preview_json(cmt_store_t *store, const cmt_site_t *site,
    const cmt_form_t *form, cmt_arena_t *arena, cmt_str_t *json,
    cmt_error_t *err)
{
    int           rc;
    cmt__buf_t    b;
    cmt__text_t   text;
    cmt__typed_t  typed;

    memset(&typed, 0, sizeof(typed));
    typed.text = cmt_form_get(form, "text");
    typed.markup = site->markup;

    rc = cmt__reader_mentions(store, site, form, arena, &typed.whom, err);

    if (rc == CMT_OK) {
        rc = cmt__fields_text(site, &typed, arena, &text, err);
    }
    if (rc != CMT_OK) {
        return rc;
    }

    cmt__buf_init(&b, arena, text.html.len + 64);
    cmt__buf_lit(&b, "{\"html\":");
    cmt__json_string(&b, text.html);
    cmt__buf_char(&b, '}');

    rc = cmt__buf_end(&b, json);

    return rc == CMT_OK ? CMT_OK : cmt__fail(err, rc, NULL, "no memory");
}
