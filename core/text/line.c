/*
 * line.c: text of one line, for names and titles.
 */

#include "html.h"


static int is_space(uint32_t point);
static int is_hidden(uint32_t point);


int
cmt__text_line(cmt_arena_t *arena, cmt_str_t typed, cmt_str_t *out)
{
    int        rc;
    char      *line;
    size_t     at, len, space;
    uint32_t   point;
    cmt_str_t  kept;

    line = cmt_alloc(arena, typed.len + 1);
    if (line == NULL) {
        return CMT_ENOMEM;
    }

    len = 0;
    space = 0;

    for (at = 0; at < typed.len; /* void */ ) {

        point = cmt__utf8_next(typed, &at);

        if (is_space(point)) {
            space = len != 0;
            continue;
        }

        if (is_hidden(point)) {
            continue;
        }

        if (space) {
            line[len++] = ' ';
            space = 0;
        }

        len += cmt__utf8_put(line + len, point);
    }

    kept.data = line;
    kept.len = len;

    if (!cmt__unicode_visible(kept)) {
        kept.len = 0;
    }

    rc = cmt__unicode_nfc(arena, kept, &kept);

    if (rc == CMT_OK) {
        *out = kept;
    }

    return rc;
}


static int
is_space(uint32_t point)
{
    return (point >= 0x09 && point <= 0x0d) || point == 0x20
           || point == 0x85 || point == 0xa0 || point == 0x1680
           || (point >= 0x2000 && point <= 0x200a)
           || point == 0x2028 || point == 0x2029 || point == 0x202f
           || point == 0x205f || point == 0x3000;
}


/*
 * What could make a name look like another one.  Joiners stay: names in
 * Persian and in emoji need them.
 */

static int
is_hidden(uint32_t point)
{
    return point < 0x20 || cmt__control(point) || cmt__bidi_control(point)
           || point == 0xad || point == 0x180e || point == 0x200b
           || (point >= 0x2060 && point <= 0x2065)
           || (point >= 0x206a && point <= 0x206f)
           || point == 0xfeff || (point >= 0xfff9 && point <= 0xfffb);
}
