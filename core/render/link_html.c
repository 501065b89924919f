/*
 * link_html.c: links that lead back to the page of a thread, so that they
 * work without JavaScript.
 */

#include <string.h>

#include "render.h"


static void put_argument(cmt__buf_t *b, const char **separator,
    const char *name);


void
cmt__html_link(cmt__buf_t *b, const cmt__place_t *place, cmt_sort_t sort,
    uint64_t after, uint64_t reply_to, const char *fragment)
{
    const char  *separator;

    separator = memchr(place->page.data, '?', place->page.len) == NULL
                ? "?" : "&amp;";

    cmt__html_escape(b, place->page);

    if (sort != CMT_SORT_OLDEST) {
        put_argument(b, &separator, "comments_sort=");
        cmt__buf_lit(b, cmt_sort_name(sort));
    }

    if (after != 0) {
        put_argument(b, &separator, "comments_after=");
        cmt__buf_u64(b, after);
    }

    if (reply_to != 0) {
        put_argument(b, &separator, "reply_to=");
        cmt__buf_u64(b, reply_to);
    }

    cmt__buf_char(b, '#');
    cmt__buf_lit(b, fragment);
}


static void
put_argument(cmt__buf_t *b, const char **separator, const char *name)
{
    cmt__buf_lit(b, *separator);
    cmt__buf_lit(b, name);
    *separator = "&amp;";
}
