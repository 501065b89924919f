/*
 * json_write.c: JSON out.  Most bytes of an answer are the HTML of comments
 * and go through cmt__json_string(), so it looks for the next byte to escape
 * 16 at a time and copies while it looks.
 */

#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base.h"


/* Bytes taken at a time, and the most that one step may write. */
#define STEP        16
#define STEP_ROOM   (2 * STEP)


static char *copy_step(char *out, const char **at, const char *end,
    const char *start);
static char *escape(char *out, const char **at, const char *end);


/* Bytes below 0x20 that have a short form; the others are \u00XX. */
static const char  short_form[0x20] = {
    ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'
};


void
cmt__json_string(cmt__buf_t *b, cmt_str_t s)
{
    char        *out;
    const char  *at, *end;

    /* a guess that most texts keep to: one escape in 16 bytes */

    if (!cmt__buf_room(b, s.len + s.len / 16 + STEP_ROOM + 2)) {
        return;
    }

    at = s.data;
    end = s.data + s.len;

    b->data[b->len++] = '"';

    while (at != end) {

        if (!cmt__buf_room(b, STEP_ROOM)) {
            return;
        }

        /* as far as there is room for a whole step */

        out = b->data + b->len;

        do {
            out = copy_step(out, &at, end, s.data);
        } while (at != end && b->data + b->size - out >= STEP_ROOM);

        b->len = (size_t) (out - b->data);
    }

    cmt__buf_char(b, '"');
}


void
cmt__json_time(cmt__buf_t *b, int64_t t)
{
    char  text[CMT__TIME_CHARS + 1];

    if (t == 0) {
        cmt__buf_lit(b, "null");
        return;
    }

    cmt__time_format(t, text);

    cmt__buf_char(b, '"');
    cmt__buf_put(b, text, CMT__TIME_CHARS);
    cmt__buf_char(b, '"');
}


#ifdef __SSE2__

/*
 * One bit for each of 16 bytes that may need an escape.  A slash does after
 * "<" only; the byte before the 16 comes in as before_is_lt.
 */

static unsigned
special_bits(__m128i v, unsigned before_is_lt)
{
    unsigned  lt, slash, other;
    __m128i   m;

    m = _mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8(0x1f)), v);
    m = _mm_or_si128(m, _mm_cmpeq_epi8(v, _mm_set1_epi8('"')));
    m = _mm_or_si128(m, _mm_cmpeq_epi8(v, _mm_set1_epi8('\\')));
    m = _mm_or_si128(m, _mm_cmpeq_epi8(v, _mm_set1_epi8((char) 0xe2)));
    other = (unsigned) _mm_movemask_epi8(m);

    lt = (unsigned) _mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_set1_epi8('<')));
    slash = (unsigned) _mm_movemask_epi8(_mm_cmpeq_epi8(v,
                                                       _mm_set1_epi8('/')));

    return other | (slash & (lt << 1 | before_is_lt));
}


/* Takes at most 16 bytes and one escape; writes at most STEP_ROOM. */

static char *
copy_step(char *out, const char **at, const char *end, const char *start)
{
    char         tail[STEP];
    size_t       n;
    __m128i      v;
    unsigned     bits, before_is_lt;
    const char  *p;

    p = *at;
    n = (size_t) (end - p);
    before_is_lt = p != start && p[-1] == '<';

    if (n >= STEP) {
        n = STEP;
        v = _mm_loadu_si128((const __m128i *) (const void *) p);

    } else {
        memset(tail, ' ', STEP);
        memcpy(tail, p, n);
        v = _mm_loadu_si128((const __m128i *) (const void *) tail);
    }

    /* 16 bytes always: there is room, and what is too much is written over */

    _mm_storeu_si128((__m128i *) (void *) out, v);

    bits = special_bits(v, before_is_lt);

    if (bits == 0) {
        *at = p + n;
        return out + n;
    }

    n = (size_t) __builtin_ctz(bits);
    *at = p + n;

    return escape(out + n, at, end);
}

#else

/* 1: may need an escape. */
static const uint8_t  special[256] = {
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    ['"'] = 1, ['\\'] = 1, ['/'] = 1, [0xe2] = 1
};


/* Takes at most 16 bytes and one escape; writes at most STEP_ROOM. */

static char *
copy_step(char *out, const char **at, const char *end, const char *start)
{
    size_t       i, n;
    const char  *p;

    p = *at;
    n = (size_t) (end - p);

    if (n > STEP) {
        n = STEP;
    }

    for (i = 0; i < n; i++) {

        if (special[(uint8_t) p[i]]
            && (p[i] != '/' || (p + i != start && p[i - 1] == '<')))
        {
            *at = p + i;
            return escape(out + i, at, end);
        }

        out[i] = p[i];
    }

    *at = p + n;

    return out + n;
}

#endif


/* Writes the byte (or, with E2, the character) at *at; 6 bytes at most. */

static char *
escape(char *out, const char **at, const char *end)
{
    char                  c;
    const unsigned char  *p;

    p = (const unsigned char *) *at;
    c = **at;

    if (p[0] == 0xe2) {

        if (end - *at >= 3 && p[1] == 0x80 && (p[2] == 0xa8 || p[2] == 0xa9)) {
            memcpy(out, p[2] == 0xa8 ? "\\u2028" : "\\u2029", 6);
            *at += 3;
            return out + 6;
        }

        *out++ = c;

    } else if (p[0] < 0x20 && short_form[p[0]] == 0) {
        memcpy(out, "\\u00", 4);
        out[4] = (char) ('0' + (p[0] >> 4));
        out[5] = "0123456789abcdef"[p[0] & 15];
        out += 6;

    } else {
        *out++ = '\\';
        *out++ = p[0] < 0x20 ? short_form[p[0]] : c;
    }

    *at += 1;

    return out;
}
