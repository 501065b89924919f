/*
 * avatar.c: pictures of authors.  The name of a picture is a keyed hash; the
 * picture is drawn from the digits of that name, so it needs no store, tells
 * nothing about anybody, and never changes.
 *
 *   digits  0..1   hue       . o o o .      five by five squares, the right
 *           2..15  squares   o o . o o      half mirrors the left: 15 bits
 */

#include "render.h"


#define SQUARES_A_SIDE   5
#define COLUMNS          3               /* the others mirror them           */
#define HUES             24              /* steps of 15 degrees              */


static unsigned digit(char c);


void
cmt__render_avatar(cmt__buf_t *b, const cmt_site_t *site,
    const cmt__comment_t *comment)
{
    char  key[CMT_AVATAR_CHARS + 1];

    cmt__avatar_key(site->keys, &comment->identity, comment->name, key);

    cmt__html_escape(b, site->prefix);
    cmt__buf_lit(b, "avatar/");
    cmt__buf_lit(b, key);
    cmt__buf_lit(b, ".svg");
}


int
cmt_avatar_svg(cmt_str_t name, cmt_arena_t *arena, cmt_str_t *svg)
{
    size_t      i;
    unsigned    x, y, squares;
    cmt__buf_t  b;

    if (name.len != CMT_AVATAR_CHARS) {
        return CMT_ENOTFOUND;
    }

    squares = 0;

    for (i = 0; i < name.len; i++) {
        if (digit(name.data[i]) > 15) {
            return CMT_ENOTFOUND;
        }
        if (i >= 2) {
            squares = squares * 16 + digit(name.data[i]);
        }
    }

    cmt__buf_init(&b, arena, 1024);
    cmt__buf_lit(&b, "<svg xmlns=\"http://www.w3.org/2000/svg\" "
                     "viewBox=\"0 0 7 7\" shape-rendering=\"crispEdges\">"
                     "<rect width=\"7\" height=\"7\" fill=\"#8882\"/>"
                     "<path fill=\"hsl(");
    cmt__buf_u64(&b, (digit(name.data[0]) * 16 + digit(name.data[1]))
                     % HUES * (360 / HUES));
    cmt__buf_lit(&b, ",45%,52%)\" d=\"");

    for (y = 0; y < SQUARES_A_SIDE; y++) {

        for (x = 0; x < SQUARES_A_SIDE; x++) {

            i = y * COLUMNS + (x < COLUMNS ? x : SQUARES_A_SIDE - 1 - x);

            if ((squares >> i & 1) == 0) {
                continue;
            }

            cmt__buf_char(&b, 'M');
            cmt__buf_u64(&b, x + 1);
            cmt__buf_char(&b, ' ');
            cmt__buf_u64(&b, y + 1);
            cmt__buf_lit(&b, "h1v1h-1z");
        }
    }

    cmt__buf_lit(&b, "\"/></svg>\n");

    return cmt__buf_end(&b, svg);
}


static unsigned
digit(char c)
{
    if (c >= '0' && c <= '9') {
        return (unsigned) (c - '0');
    }

    return c >= 'a' && c <= 'f' ? (unsigned) (c - 'a') + 10 : 99;
}
