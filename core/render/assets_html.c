/*
 * assets_html.c: the elements that bring our stylesheets and scripts into a
 * page.  An address names the bytes, so a browser keeps them until they change.
 */

#include <stdio.h>

#include "render.h"


#define NAME_BYTES_MAX  40       /* "i18n/moderate/zh-Hans.json" */


int
cmt_assets_html(cmt_str_t prefix, cmt_arena_t *arena, cmt_str_t *style,
    cmt_str_t *script)
{
    int         rc;
    cmt_str_t   first;
    cmt__buf_t  b;

    cmt__buf_init(&b, arena, 128);
    cmt__asset_html(&b, prefix, "<link rel=\"stylesheet\" href=\"",
                    "comments.css", "\">\n");

    rc = cmt__buf_end(&b, &first);
    if (rc != CMT_OK) {
        return rc;
    }

    cmt__buf_init(&b, arena, 128);
    cmt__asset_html(&b, prefix, "<script src=\"", "comments.js",
                    "\" async></script>\n");

    rc = cmt__buf_end(&b, script);
    if (rc == CMT_OK) {
        *style = first;
    }

    return rc;
}


void
cmt__asset_html(cmt__buf_t *b, cmt_str_t prefix, const char *before,
    const char *name, const char *behind)
{
    cmt_asset_t  asset;

    cmt__buf_lit(b, before);
    cmt__html_escape(b, prefix);
    cmt__buf_lit(b, name);

    if (cmt_asset(name, &asset) == CMT_OK) {
        cmt__buf_lit(b, "?v=");
        cmt__buf_str_put(b, asset.version);
    }

    cmt__buf_lit(b, behind);
}


void
cmt__words_version(cmt__buf_t *b, const char *folder, unsigned language)
{
    char         name[NAME_BYTES_MAX];
    cmt_asset_t  asset;

    (void) snprintf(name, sizeof(name), "%s/%s.json", folder,
                    cmt_language_tag(language));

    if (cmt_asset(name, &asset) == CMT_OK) {
        cmt__buf_str_put(b, asset.version);
    }
}
