/*
 * plain.c: text without markup.  A blank line parts paragraphs, the end of a
 * line breaks it, addresses become links (in the serializer).
 */

#include <string.h>

#include "html.h"


void
cmt__plain_read(cmt__html_t *h, cmt_str_t text)
{
    size_t       from, to;
    const char  *end;

    for (from = 0; from < text.len; from = to + 1) {

        end = memchr(text.data + from, '\n', text.len - from);
        to = end == NULL ? text.len : (size_t) (end - text.data);

        cmt__html_text(h, cmt__str_sub(text, from, to));

        if (end != NULL) {
            cmt__html_newline(h);
        }
    }
}
