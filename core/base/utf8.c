/*
 * utf8.c: UTF-8 strictly as RFC 3629.
 */

#include <string.h>

#include "base.h"


#define ASCII_MASK  UINT64_C(0x8080808080808080)
#define LOWEST_BITS UINT64_C(0x0101010101010101)


static size_t sequence_len(const unsigned char *p, size_t left);


int
cmt__utf8_valid(cmt_str_t s)
{
    size_t                i, n;
    uint64_t              word;
    const unsigned char  *p;

    p = (const unsigned char *) s.data;

    for (i = 0; i < s.len; /* void */ ) {

        if (p[i] >= 0x80) {
            n = sequence_len(p + i, s.len - i);
            if (n == 0) {
                return 0;
            }

            i += n;
            continue;
        }

        if (s.len - i >= 8) {
            memcpy(&word, p + i, 8);

            if ((word & ASCII_MASK) == 0) {
                i += 8;
                continue;
            }
        }

        i++;
    }

    return 1;
}


size_t
cmt__utf8_chars(cmt_str_t s)
{
    size_t    i, n;
    uint64_t  word;

    n = s.len;               /* less the bytes that go on with a character */

    for (i = 0; s.len - i >= 8; i += 8) {
        memcpy(&word, s.data + i, 8);
        word = word >> 7 & ~word >> 6 & LOWEST_BITS;
        n -= (size_t) (word * LOWEST_BITS >> 56);    /* the sum of bytes */
    }

    for ( /* void */ ; i < s.len; i++) {
        n -= ((unsigned char) s.data[i] & 0xc0) == 0x80;
    }

    return n;
}


uint32_t
cmt__utf8_next(cmt_str_t s, size_t *at)
{
    size_t                i, n;
    uint32_t              point;
    const unsigned char  *p;

    p = (const unsigned char *) s.data + *at;

    if (p[0] < 0x80) {
        *at += 1;
        return p[0];
    }

    n = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
    point = p[0] & (0xffu >> (n + 1));

    /* an invalid string gives nonsense, never a read past its end */

    for (i = 1; i < n && i < s.len - *at; i++) {
        point = point << 6 | (p[i] & 0x3fu);
    }

    *at += i;

    return point;
}


size_t
cmt__utf8_put(char *out, uint32_t point)
{
    if (point < 0x80) {
        out[0] = (char) point;
        return 1;
    }

    if (point < 0x800) {
        out[0] = (char) (0xc0 | point >> 6);
        out[1] = (char) (0x80 | (point & 0x3f));
        return 2;
    }

    if (point < 0x10000) {
        out[0] = (char) (0xe0 | point >> 12);
        out[1] = (char) (0x80 | (point >> 6 & 0x3f));
        out[2] = (char) (0x80 | (point & 0x3f));
        return 3;
    }

    out[0] = (char) (0xf0 | point >> 18);
    out[1] = (char) (0x80 | (point >> 12 & 0x3f));
    out[2] = (char) (0x80 | (point >> 6 & 0x3f));
    out[3] = (char) (0x80 | (point & 0x3f));

    return 4;
}


/*
 * Length of the sequence of two bytes or more at p, 0 when there is none.
 * The second byte's range excludes overlong forms, surrogates and what lies
 * beyond U+10FFFF (RFC 3629, section 4).
 */

static size_t
sequence_len(const unsigned char *p, size_t left)
{
    size_t         i, n;
    unsigned char  min, max;

    min = 0x80;
    max = 0xbf;

    if (p[0] >= 0xc2 && p[0] <= 0xdf) {
        n = 2;

    } else if (p[0] >= 0xe0 && p[0] <= 0xef) {
        n = 3;
        min = p[0] == 0xe0 ? 0xa0 : 0x80;
        max = p[0] == 0xed ? 0x9f : 0xbf;

    } else if (p[0] >= 0xf0 && p[0] <= 0xf4) {
        n = 4;
        min = p[0] == 0xf0 ? 0x90 : 0x80;
        max = p[0] == 0xf4 ? 0x8f : 0xbf;

    } else {
        return 0;
    }

    if (left < n || p[1] < min || p[1] > max) {
        return 0;
    }

    for (i = 2; i < n; i++) {
        if ((p[i] & 0xc0) != 0x80) {
            return 0;
        }
    }

    return n;
}
