/*
 * member.c: members of a line, behind a first one.
 */

#include <string.h>

#include "exchange.h"


void
cmt__line_put(cmt__buf_t *b, const char *member, cmt_str_t value)
{
    if (value.len == 0) {
        return;
    }

    cmt__buf_lit(b, ",\"");
    cmt__buf_lit(b, member);
    cmt__buf_lit(b, "\":");
    cmt__json_string(b, value);
}


void
cmt__line_word(cmt__buf_t *b, const char *member, const char *word)
{
    cmt__line_put(b, member, (cmt_str_t) { strlen(word), word });
}
