/*
 * escape.c: text as it may stand in HTML, in an element or in a value.
 */

#include <string.h>

#include "text.h"


static const char *entity(char c);


void
cmt__html_escape(cmt__buf_t *b, cmt_str_t s)
{
    size_t       i, from;
    const char  *replaced;

    from = 0;

    for (i = 0; i < s.len; i++) {

        replaced = entity(s.data[i]);
        if (replaced == NULL) {
            continue;
        }

        cmt__buf_put(b, s.data + from, i - from);
        cmt__buf_lit(b, replaced);
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

    default:
        return NULL;
    }
}
