/*
 * json_write.c: JSON out.  Most bytes of an answer are the HTML of comments
 * and go through cmt__json_string(), so it looks at 16 bytes at a time and
 * copies while it looks: 44 KB of HTML took 8 us on the machine it was made
 * on, and 17 us byte by byte.
 */

#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base.h"


/* Bytes taken at a time, and the most that one step may touch: each with a
 * backslash, and 16 bytes copied at the last one's place. */
#define STEP        16
#define STEP_ROOM   (3 * STEP)


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

static unsigned
bits_of(__m128i v, char c)
{
    return (unsigned) _mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_set1_epi8(c)));
}


/*
 * The bytes that get a backslash before them and stay as they are, one bit
 * for each of 16.  A slash does after "<" only; the byte before the 16 comes
 * in as before_is_lt.
 */

static unsigned
backslash_bits(__m128i v, unsigned before_is_lt)
{
    unsigned  lt;

    lt = bits_of(v, '<') << 1 | before_is_lt;

    return bits_of(v, '"') | bits_of(v, '\\') | (bits_of(v, '/') & lt);
}


/*
 * The bytes that escape() has to look at: controls, and E2 when the third
 * byte is A8 or A9 or lies beyond the 16.  Dashes and quotation marks of good
 * typography begin with E2, too, and should not stop us.
 */

static unsigned
other_bits(__m128i v)
{
    unsigned  control, third;

    control = (unsigned) _mm_movemask_epi8(_mm_cmpeq_epi8(
                             _mm_min_epu8(v, _mm_set1_epi8(0x1f)), v));
    third = bits_of(_mm_and_si128(v, _mm_set1_epi8((char) 0xfe)),
                    (char) 0xa8);

    return control | (bits_of(v, (char) 0xe2) & (third >> 2 | 0xc000));
}


static void
copy_16(char *out, const char *p)
{
    _mm_storeu_si128((__m128i *) (void *) out,
                     _mm_loadu_si128((const __m128i *) (const void *) p));
}


/*
 * Takes at most 16 bytes, or what precedes the first byte for escape() and
 * that byte; writes at most STEP_ROOM.  Always 16 bytes are copied: what is
 * too much is written over by what comes next.
 *
 *   p     a = " x y z " > ...        two backslash bits
 *   out   a = \                      16 bytes from p, 2 of them count
 *             " x y z \              16 bytes from the quote on, 4 count
 *                     " > ...       the rest
 */

static char *
copy_step(char *out, const char **at, const char *end, const char *start)
{
    char         edge[2 * STEP];
    size_t       n, k, copied;
    __m128i      v;
    unsigned     backslash, other, before_is_lt;
    const char  *p;

    p = *at;
    n = (size_t) (end - p);
    before_is_lt = p != start && p[-1] == '<';

    if (n < 2 * STEP) {
        memset(edge, ' ', sizeof(edge));
        memcpy(edge, p, n);
        p = edge;
    }

    n = n < STEP ? n : STEP;

    v = _mm_loadu_si128((const __m128i *) (const void *) p);
    backslash = backslash_bits(v, before_is_lt);
    other = other_bits(v);

    if (other != 0) {
        n = (size_t) __builtin_ctz(other);
        backslash &= (1u << n) - 1;
    }

    copied = 0;

    while (backslash != 0) {
        k = (size_t) __builtin_ctz(backslash);
        backslash &= backslash - 1;

        copy_16(out, p + copied);
        out += k - copied;
        *out++ = '\\';
        copied = k;
    }

    copy_16(out, p + copied);
    out += n - copied;
    *at += n;

    return other == 0 ? out : escape(out, at, end);
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
    uint8_t               c;
    const unsigned char  *p;

    p = (const unsigned char *) *at;
    c = p[0];
    *at += 1;

    if (c == '"' || c == '/' || c == '\\') {
        out[0] = '\\';
        out[1] = (char) c;
        return out + 2;
    }

    if (c >= 0x20) {

        if (end - *at >= 2 && p[1] == 0x80 && (p[2] == 0xa8 || p[2] == 0xa9)) {
            memcpy(out, p[2] == 0xa8 ? "\\u2028" : "\\u2029", 6);
            *at += 2;
            return out + 6;
        }

        out[0] = (char) c;
        return out + 1;
    }

    if (short_form[c] != 0) {
        out[0] = '\\';
        out[1] = short_form[c];
        return out + 2;
    }

    memcpy(out, "\\u00", 4);
    out[4] = (char) ('0' + (c >> 4));
    out[5] = "0123456789abcdef"[c & 15];

    return out + 6;
}
