/*
 * script.c: words of any bytes, and what the characters of a text are: which
 * scripts, capitals, emoji.
 */

#include <string.h>

#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include "html.h"


/* The first three are told apart within a word: Japanese mixes the others. */
#define TOLD_APART  3


static int is_word(UChar32 c);
static void count_letter(cmt__shape_t *shape, size_t *counts, UChar32 c,
    unsigned *scripts);
static size_t script_of(UChar32 c);
static int is_emoji(UChar32 c);
static double share(size_t part, size_t all);


static const UScriptCode  codes[] = {
    USCRIPT_LATIN, USCRIPT_CYRILLIC, USCRIPT_GREEK, USCRIPT_ARABIC,
    USCRIPT_HEBREW, USCRIPT_HAN, USCRIPT_HIRAGANA, USCRIPT_KATAKANA,
    USCRIPT_HANGUL, USCRIPT_THAI, USCRIPT_DEVANAGARI
};

#define CODES  (sizeof(codes) / sizeof(codes[0]))


int32_t
cmt__point_next(cmt_str_t s, size_t *at)
{
    size_t     n;
    uint32_t   point;
    cmt_str_t  one;

    point = (unsigned char) s.data[*at];

    if (point < 0x80) {
        *at += 1;
        return (int32_t) point;
    }

    n = point < 0xe0 ? 2 : point < 0xf0 ? 3 : 4;
    one = cmt__str_sub(s, *at, *at + n);

    if (one.len != n || !cmt__utf8_valid(one)) {
        *at += 1;
        return -1;
    }

    n = 0;
    point = cmt__utf8_next(one, &n);
    *at += n;

    return (int32_t) point;
}


/* As is_word(cmt__point_next(s, at)), which texts ask for each byte and more
 * than once: most of them are ASCII. */

static int
next_is_word(cmt_str_t s, size_t *at)
{
    unsigned char  c;

    static const uint32_t  ascii[4] = { 0, 0x03ff0000, 0x07fffffe, 0x07fffffe };

    c = (unsigned char) s.data[*at];

    if (c >= 0x80) {
        return is_word(cmt__point_next(s, at));
    }

    ++*at;

    return (ascii[c >> 5] >> (c & 31) & 1) != 0;
}


int
cmt__text_word(cmt_str_t s, size_t *at, cmt_str_t *word)
{
    size_t  i, from, start;

    from = s.len;

    for (i = *at; i < s.len; /* void */ ) {
        start = i;

        if (next_is_word(s, &i)) {
            if (from == s.len) {
                from = start;
            }

        } else if (from != s.len) {
            i = start;
            break;
        }
    }

    *at = i;

    if (from == s.len) {
        return 0;
    }

    *word = cmt__str_sub(s, from, i);

    return 1;
}


static int
is_word(UChar32 c)
{
    if (c >= 0 && c < 0x80) {
        return cmt__ascii_alnum((unsigned char) c);
    }

    return c > 0 && (U_GET_GC_MASK(c)
                     & (U_GC_L_MASK | U_GC_N_MASK | U_GC_M_MASK)) != 0;
}


int
cmt__text_space(uint32_t c)
{
    return u_isUWhiteSpace((UChar32) c)
           || u_hasBinaryProperty((UChar32) c,
                                  UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}


uint32_t
cmt__text_lower(uint32_t c)
{
    return (uint32_t) u_tolower((UChar32) c);
}


void
cmt__text_shape(cmt_str_t s, cmt__shape_t *out)
{
    size_t        at, letters, i, counts[CODES + 1];
    UChar32       c, before, earlier;
    unsigned      scripts;
    cmt__shape_t  shape;

    memset(&shape, 0, sizeof(shape));
    memset(counts, 0, sizeof(counts));
    scripts = 0;
    before = earlier = ' ';

    for (at = 0; at < s.len; before = c) {
        c = cmt__point_next(s, &at);

        if (u_isalpha(c < 0 ? ' ' : c)) {
            count_letter(&shape, counts, c, &scripts);

        } else if (!is_word(c)) {
            shape.mixed_words += (scripts & (scripts - 1)) != 0;
            scripts = 0;
            shape.emoji += (size_t) is_emoji(c);
        }

        /* @name, but not the @ of an e-mail address */
        shape.mentions += before == '@' && is_word(c) && !is_word(earlier);
        earlier = before;
    }

    shape.mixed_words += (scripts & (scripts - 1)) != 0;

    letters = 0;
    for (i = 0; i <= CODES; i++) {
        letters += counts[i];
    }

    for (i = 0; i <= CODES; i++) {
        shape.script[i] = share(counts[i], letters);
    }

    shape.letters = letters;
    shape.caps = share(shape.upper, shape.cased);
    *out = shape;
}


static void
count_letter(cmt__shape_t *shape, size_t *counts, UChar32 c,
    unsigned *scripts)
{
    size_t  k;

    k = script_of(c);
    counts[k]++;

    if (k < TOLD_APART) {
        *scripts |= 1u << k;
    }

    if (u_isupper(c)) {
        shape->upper++;
        shape->cased++;

    } else if (u_islower(c)) {
        shape->cased++;
    }
}


static size_t
script_of(UChar32 c)
{
    size_t       i;
    UErrorCode   status;
    UScriptCode  code;

    if (c < 0x80) {
        return 0;
    }

    status = U_ZERO_ERROR;
    code = uscript_getScript(c, &status);

    for (i = 0; i < CODES && codes[i] != code; i++) {
        /* void */
    }

    return i;
}


/* A modifier of skin or a joined second picture counts as well. */

static int
is_emoji(UChar32 c)
{
    return c > 0xff
           && (u_hasBinaryProperty(c, UCHAR_EMOJI_PRESENTATION)
               || (c >= 0x2600 && c <= 0x27bf
                   && u_hasBinaryProperty(c, UCHAR_EMOJI)))
           && !u_hasBinaryProperty(c, UCHAR_EMOJI_MODIFIER);
}


static double
share(size_t part, size_t all)
{
    return all == 0 ? 0 : (double) part / (double) all;
}
