/*
 * redact.c: what rules asked to keep out of the receipt.
 */

#include "engine.h"


#define REDACTED  "\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2"


/* Bytes of s at `at` that are the wanted text, also when it is parted by
 * blanks, points or strokes as numbers are; 0: they are not. */

static size_t
length_at(cmt_str_t s, size_t at, cmt_str_t wanted)
{
    char    c;
    size_t  i, k;

    k = 0;

    for (i = at; i < s.len && k < wanted.len; i++) {
        c = s.data[i];

        if (c == wanted.data[k]) {
            k++;

        } else if (i == at || i - at > 2 * wanted.len
                   || (c != ' ' && c != '.' && c != '-'))
        {
            return 0;
        }
    }

    return k == wanted.len ? i - at : 0;
}


cmt_str_t
cmt__redact(const cmt__engine_t *e, cmt_str_t s)
{
    size_t      at, i, n;
    cmt_str_t   out;
    cmt__buf_t  b;

    if (e->n_redacted == 0) {
        return s;
    }

    cmt__buf_init(&b, e->arena, s.len);

    for (at = 0; at < s.len; /* void */ ) {
        n = 0;

        for (i = 0; i < e->n_redacted && n == 0; i++) {
            n = length_at(s, at, e->redacted[i]);
        }

        if (n != 0) {
            cmt__buf_lit(&b, REDACTED);
            at += n;

        } else {
            cmt__buf_char(&b, s.data[at++]);
        }
    }

    return cmt__buf_end(&b, &out) == CMT_OK ? out : cmt_null_str;
}
