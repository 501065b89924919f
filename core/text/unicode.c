/*
 * unicode.c: what ICU knows.  Texts that need no such knowledge (ASCII, for
 * most of it Latin) do not pay for it.
 */

#include <string.h>

#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/uidna.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "html.h"


/* An UTF-16 string grows by normal form C to three times its length. */
#define NFC_GROWTH  3

/* Braille without a dot: a symbol to Unicode, nothing to the eye. */
#define BRAILLE_BLANK  0x2800


typedef enum {
    SORT_OTHER = 0,
    SORT_LETTER,
    SORT_DIGIT,
    SORT_MID,                            /* . ' join letters and digits      */
    SORT_MID_DIGIT,                      /* , ; join digits                  */
    SORT_COLON,                          /* joins letters in some versions   */
    SORT_ICU                             /* ask ICU                          */
} sort_t;


static int to_utf16(cmt_arena_t *arena, cmt_str_t s, UChar **out,
    int32_t *len);
static int to_utf8(cmt_arena_t *arena, const UChar *s, int32_t len,
    cmt_str_t *out);
static int words_of_latin(cmt_str_t s, size_t *n);
static sort_t sort(cmt_str_t s, size_t i);
static int failed(UErrorCode status);


int
cmt__unicode_nfc(cmt_arena_t *arena, cmt_str_t s, cmt_str_t *out)
{
    int                 rc;
    UChar              *from, *to;
    size_t              i;
    int32_t             len, size;
    UErrorCode          status;
    const UNormalizer2 *nfc;

    for (i = 0; i < s.len && (unsigned char) s.data[i] < 0xcc; i++) {
        /* void: U+0300 is cc 80 */
    }

    if (i == s.len) {
        *out = s;
        return CMT_OK;
    }

    rc = to_utf16(arena, s, &from, &len);
    if (rc != CMT_OK) {
        return rc;
    }

    status = U_ZERO_ERROR;
    nfc = unorm2_getNFCInstance(&status);

    if (U_SUCCESS(status)
        && unorm2_spanQuickCheckYes(nfc, from, len, &status) == len)
    {
        *out = s;
        return CMT_OK;
    }

    size = NFC_GROWTH * len + 1;

    to = cmt_alloc(arena, (size_t) size * sizeof(UChar));
    if (to == NULL) {
        return CMT_ENOMEM;
    }

    len = unorm2_normalize(nfc, from, len, to, size, &status);
    if (U_FAILURE(status)) {
        return failed(status);
    }

    return to_utf8(arena, to, len, out);
}


int
cmt__unicode_words(cmt_arena_t *arena, cmt_str_t s, size_t *n)
{
    if (words_of_latin(s, n)) {
        return CMT_OK;
    }

    return cmt__unicode_words_icu(arena, s, n);
}


int
cmt__unicode_words_icu(cmt_arena_t *arena, cmt_str_t s, size_t *n)
{
    int              rc;
    UChar           *text;
    size_t           words;
    int32_t          len;
    UErrorCode       status;
    UBreakIterator  *breaks;

    rc = to_utf16(arena, s, &text, &len);
    if (rc != CMT_OK) {
        return rc;
    }

    status = U_ZERO_ERROR;
    breaks = ubrk_open(UBRK_WORD, "", text, len, &status);

    if (U_FAILURE(status)) {
        return failed(status);
    }

    words = 0;

    while (ubrk_next(breaks) != UBRK_DONE) {
        words += ubrk_getRuleStatus(breaks) >= UBRK_WORD_NONE_LIMIT;
    }

    ubrk_close(breaks);
    *n = words;

    return CMT_OK;
}


int
cmt__unicode_visible(cmt_str_t s)
{
    size_t    at;
    uint32_t  point;

    for (at = 0; at < s.len; /* void */ ) {

        point = cmt__utf8_next(s, &at);

        if (point < 0x7f) {
            if (point > 0x20) {
                return 1;
            }

            continue;
        }

        if (point != BRAILLE_BLANK
            && u_isgraph((UChar32) point)
            && !u_hasBinaryProperty((UChar32) point,
                                    UCHAR_DEFAULT_IGNORABLE_CODE_POINT))
        {
            return 1;
        }
    }

    return 0;
}


int
cmt__unicode_host(cmt_arena_t *arena, cmt_str_t host, cmt_str_t *out)
{
    int         rc;
    char       *name;
    int32_t     len, size;
    UIDNA      *idna;
    UIDNAInfo   info = UIDNA_INFO_INITIALIZER;
    UErrorCode  status;

    status = U_ZERO_ERROR;
    idna = uidna_openUTS46(UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ
                           | UIDNA_NONTRANSITIONAL_TO_ASCII
                           | UIDNA_NONTRANSITIONAL_TO_UNICODE, &status);
    if (U_FAILURE(status)) {
        return failed(status);
    }

    size = 2 * CMT__HOST_BYTES_MAX;
    len = 0;
    rc = CMT_OK;

    name = cmt_alloc(arena, (size_t) size);

    if (name == NULL) {
        rc = CMT_ENOMEM;

    } else {
        len = uidna_nameToUnicodeUTF8(idna, host.data, (int32_t) host.len,
                                      name, size, &info, &status);
    }

    uidna_close(idna);

    if (status == U_MEMORY_ALLOCATION_ERROR) {
        rc = CMT_ENOMEM;

    } else if (rc == CMT_OK && (U_FAILURE(status) || info.errors != 0)) {
        rc = CMT_EWEBSITE;
    }

    if (rc == CMT_OK) {
        out->data = name;
        out->len = (size_t) len;
    }

    return rc;
}


static int
to_utf16(cmt_arena_t *arena, cmt_str_t s, UChar **out, int32_t *len)
{
    UChar       *text;
    int32_t      n;
    UErrorCode   status;

    text = cmt_alloc(arena, (s.len + 1) * sizeof(UChar));
    if (text == NULL) {
        return CMT_ENOMEM;
    }

    status = U_ZERO_ERROR;
    u_strFromUTF8(text, (int32_t) s.len + 1, &n, s.data, (int32_t) s.len,
                  &status);

    if (U_FAILURE(status)) {
        return failed(status);
    }

    *out = text;
    *len = n;

    return CMT_OK;
}


static int
to_utf8(cmt_arena_t *arena, const UChar *s, int32_t len, cmt_str_t *out)
{
    char        *text;
    int32_t      size, n;
    UErrorCode   status;

    /* a unit of UTF-16 is three bytes at most */

    size = 3 * len + 1;

    text = cmt_alloc(arena, (size_t) size);
    if (text == NULL) {
        return CMT_ENOMEM;
    }

    status = U_ZERO_ERROR;
    u_strToUTF8(text, size, &n, s, len, &status);

    if (U_FAILURE(status)) {
        return failed(status);
    }

    out->data = text;
    out->len = (size_t) n;

    return CMT_OK;
}


/*
 * The rules of UAX 29 for the characters that all versions of ICU treat
 * alike, which are ASCII and the letters of U+00C0 to U+017F; 0 when there is
 * another one.  A mark joins only between two letters or two digits: don't,
 * 3.14; "a.1" is two words.
 */

static int
words_of_latin(cmt_str_t s, size_t *n)
{
    sort_t  before, now, after;
    size_t  i, words;

    words = 0;
    before = SORT_OTHER;

    for (i = 0; i < s.len; i++) {

        if (before == SORT_LETTER && s.data[i] >= 'a' && s.data[i] <= 'z') {
            continue;                    /* most of a text */
        }

        now = sort(s, i);

        if (now == SORT_ICU) {
            return 0;
        }

        if ((unsigned char) s.data[i] >= 0x80) {
            i++;
        }

        if (now >= SORT_MID) {
            after = sort(s, i + 1);

            if (now == SORT_COLON && before == SORT_LETTER
                && after == SORT_LETTER)
            {
                return 0;
            }

            /* the mark takes the sort of what it joins */

            now = before == after
                  && ((before == SORT_DIGIT && now != SORT_COLON)
                      || (before == SORT_LETTER && now == SORT_MID))
                  ? before : SORT_OTHER;
        }

        words += now != SORT_OTHER && before == SORT_OTHER;
        before = now;
    }

    *n = words;

    return 1;
}


/* Of the character that begins there; of none at the end. */

static sort_t
sort(cmt_str_t s, size_t i)
{
    unsigned char  c, next;

    if (i >= s.len) {
        return SORT_OTHER;
    }

    c = (unsigned char) s.data[i];

    if (cmt__ascii_alnum(c)) {
        return c <= '9' ? SORT_DIGIT : SORT_LETTER;
    }

    if (c >= 0xc3 && c <= 0xc5 && i + 1 < s.len) {
        next = (unsigned char) s.data[i + 1];

        /* the signs of multiplication and division are no letters */
        return c == 0xc3 && (next == 0x97 || next == 0xb7) ? SORT_OTHER
                                                           : SORT_LETTER;
    }

    switch (c) {

    case '.':
    case '\'':
        return SORT_MID;

    case ',':
    case ';':
        return SORT_MID_DIGIT;

    case ':':
        return SORT_COLON;

    case '_':
    case '@':
        return SORT_ICU;

    default:
        return c < 0x80 ? SORT_OTHER : SORT_ICU;
    }
}


static int
failed(UErrorCode status)
{
    return status == U_MEMORY_ALLOCATION_ERROR ? CMT_ENOMEM : CMT_EINTERNAL;
}
