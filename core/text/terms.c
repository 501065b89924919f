/*
 * terms.c: a folded text as the terms that search knows.
 *
 *   letters, digits    a word is a term; a very long one is cut into several
 *   Chinese, Japanese  two characters from each on are a term, and the last
 *                      one alone:      abcd --> ab bc cd d
 *   Thai, Lao, Khmer,  three are:      abcd --> abc bcd cd d
 *   Burmese
 *   signs, emoji       each is a term
 *
 * The scripts that put no blanks between words are not cut into words by a
 * dictionary: what it finds depends on what stands around, and changes with
 * its version.  By pieces of a fixed length any part of a text is found.
 */

#include <string.h>

#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include "html.h"


typedef enum {
    CLASS_NONE, CLASS_WORD, CLASS_SIGN, CLASS_TWO, CLASS_THREE
} class_t;


static class_t class_of(UChar32 c);
static void word_next(cmt__terms_t *t, cmt__term_t *term);
static void gram_next(cmt__terms_t *t, cmt__term_t *term);


void
cmt__terms_begin(cmt__terms_t *t, cmt_str_t folded)
{
    t->s = folded;
    t->at = 0;
}


int
cmt__terms_next(cmt__terms_t *t, cmt__term_t *term)
{
    size_t   next;
    class_t  class;

    for ( ;; t->at = next) {

        if (t->at >= t->s.len) {
            return 0;
        }

        next = t->at;
        class = class_of(cmt__point_next(t->s, &next));

        if (class != CLASS_NONE) {
            break;
        }
    }

    memset(term, 0, sizeof(cmt__term_t));

    switch (class) {

    case CLASS_WORD:
        word_next(t, term);
        return 1;

    case CLASS_TWO:
    case CLASS_THREE:
        term->gram = class == CLASS_TWO ? 2 : 3;
        gram_next(t, term);
        return 1;

    default:
        term->text = cmt__str_sub(t->s, t->at, next);
        t->at = next;
        return 1;
    }
}


static void
word_next(cmt__terms_t *t, cmt__term_t *term)
{
    size_t  i, next;

    for (i = t->at; i < t->s.len; i = next) {
        next = i;

        if (class_of(cmt__point_next(t->s, &next)) != CLASS_WORD
            || next - t->at > CMT__TERM_BYTES_MAX)
        {
            break;
        }
    }

    term->text = cmt__str_sub(t->s, t->at, i);
    t->at = i;
}


/* Moves on by one character, and gives as many as the run still has, up to
 * term->gram. */

static void
gram_next(cmt__terms_t *t, cmt__term_t *term)
{
    size_t    i, next, first;
    class_t   class;
    unsigned  n;

    class = term->gram == 2 ? CLASS_TWO : CLASS_THREE;
    first = t->at;

    for (n = 0, i = t->at; i < t->s.len && n < term->gram; n++, i = next) {
        next = i;

        if (class_of(cmt__point_next(t->s, &next)) != class) {
            break;
        }

        if (n == 0) {
            first = next;
        }
    }

    term->text = cmt__str_sub(t->s, t->at, i);
    term->partial = n < term->gram;
    t->at = first;
}


static class_t
class_of(UChar32 c)
{
    uint32_t    mask;
    UErrorCode  status;

    if (c < 0) {
        return CLASS_NONE;
    }

    if (c < 0x80) {
        return cmt__ascii_alnum((unsigned char) c) ? CLASS_WORD : CLASS_NONE;
    }

    mask = U_GET_GC_MASK(c);

    if ((mask & (U_GC_SO_MASK | U_GC_SC_MASK)) != 0) {
        return CLASS_SIGN;
    }

    if ((mask & (U_GC_L_MASK | U_GC_N_MASK | U_GC_M_MASK)) == 0) {
        return CLASS_NONE;
    }

    if (c < 0xe00) {
        return CLASS_WORD;
    }

    if (c == 0x30fc || c == 0x3005) {   /* lengthens, or repeats, kana, han */
        return CLASS_TWO;
    }

    status = U_ZERO_ERROR;

    switch (uscript_getScript(c, &status)) {

    case USCRIPT_HAN:
    case USCRIPT_HIRAGANA:
    case USCRIPT_KATAKANA:
    case USCRIPT_BOPOMOFO:
        return CLASS_TWO;

    case USCRIPT_THAI:
    case USCRIPT_LAO:
    case USCRIPT_KHMER:
    case USCRIPT_MYANMAR:
        return CLASS_THREE;

    default:
        return CLASS_WORD;
    }
}


uint32_t
cmt__terms_version(void)
{
    UVersionInfo  unicode;

    u_getUnicodeVersion(unicode);

    return (uint32_t) CMT__TERMS_RULES << 16
           | (uint32_t) unicode[0] << 8 | unicode[1];
}
