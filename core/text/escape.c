/*
 * escape.c: text as it may stand in HTML, in an element or in a value.
 *
 * U+0338 is escaped, too.  It is the one mark that normal form C joins with
 * "<", ">" or "=": whoever normalises "<b>" and a text that begins with it
 * would lose the end of the tag.
 */

#include <string.h>

#include "text.h"


/* U+0338, combining long solidus overlay */
#define SOLIDUS_FIRST   ((char) 0xcc)
#define SOLIDUS_SECOND  ((char) 0xb8)


static const char *entity(char c);


void
cmt__html_escape(cmt__buf_t *b, cmt_str_t s)
{
    size_t       i, from;
    const char  *replaced;

    from = 0;

    for (i = 0; i < s.len; i++) {

        replaced = entity(s.data[i]);

        if (replaced == NULL
            || (s.data[i] == SOLIDUS_FIRST
                && (i + 1 == s.len || s.data[i + 1] != SOLIDUS_SECOND)))
        {
            continue;
        }

        cmt__buf_put(b, s.data + from, i - from);
        cmt__buf_lit(b, replaced);

        i += s.data[i] == SOLIDUS_FIRST;
        from = i + 1;
    }

    if (from < s.len) {
        cmt__buf_put(b, s.data + from, s.len - from);
    }
}


static const char *
entity(char c)
{
    switch (c) {

    case '&':
        return "&amp;";

    case '<':
        return "&lt;";

    case '>':
        return "&gt;";

    case '"':
        return "&quot;";

    case '\'':
        return "&#39;";

    case SOLIDUS_FIRST:
        return "&#824;";

    default:
        return NULL;
    }
}
