/*
 * fold.c: texts that read alike become the same bytes, so that lists of words
 * find what was written to slip past them.
 *
 *   character --> gone           unseen ones, marks that make no letter
 *             --> one or more    lower case, compatibility forms, base letter
 *   word with letters of two scripts --> look-alikes become those of one
 *
 * Any bytes are taken; what is not UTF-8 becomes U+FFFD.  One character never
 * becomes more than FOLD_GROWTH times its bytes, so that room is known.
 */

#include <string.h>

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/utf16.h>

#include "html.h"


#define FOLD_GROWTH    3
#define UNITS_MAX      32                /* UTF-16 of one folded character   */
#define CHAR_BYTES_MAX (4 * UNITS_MAX)
#define REPLACEMENT    0xfffd


typedef struct {
    char                *out;
    uint32_t            *map;            /* or NULL                          */
    size_t               len;
    size_t               word;           /* where the present word begins    */
    size_t               last_at;        /* of the last character            */
    UChar32              last;
    unsigned             foreign:1;      /* the word has other than Latin    */
    int                  cyrillic;       /* the site's script                */
    const UNormalizer2  *nfc, *nfkc;
} folder_t;

typedef struct {
    uint16_t  foreign;
    char      latin;
} alike_t;


static void fold_char(folder_t *f, UChar32 c, size_t from, size_t bytes);
static size_t fold_units(folder_t *f, UChar32 c, char out[CHAR_BYTES_MAX]);
static void put(folder_t *f, const char *s, size_t n, size_t from);
static int compose(folder_t *f, UChar32 mark);
static void end_word(folder_t *f);
static void to_latin(folder_t *f);
static void to_cyrillic(folder_t *f);
static const alike_t *alike_of(UChar32 c);
static UChar32 cyrillic_of(char c);


/* Letters of their own, which lose no mark: Scandinavian, German, Spanish,
 * Estonian; й ї ў ѓ ќ. */
static const uint16_t  kept[] = {
    0xe4, 0xe5, 0xf1, 0xf5, 0xf6, 0xfc, 0x439, 0x453, 0x457, 0x45c, 0x45e
};

/* Lower case; what looks alike in either case. */
static const alike_t  alikes[] = {
    { 0x3b1, 'a' }, { 0x3b2, 'b' }, { 0x3b3, 'y' }, { 0x3b5, 'e' },
    { 0x3b7, 'n' }, { 0x3b9, 'i' }, { 0x3ba, 'k' }, { 0x3bc, 'm' },
    { 0x3bd, 'v' }, { 0x3bf, 'o' }, { 0x3c1, 'p' }, { 0x3c4, 't' },
    { 0x3c5, 'u' }, { 0x3c7, 'x' }, { 0x3c9, 'w' },
    { 0x430, 'a' }, { 0x432, 'b' }, { 0x435, 'e' }, { 0x43a, 'k' },
    { 0x43c, 'm' }, { 0x43d, 'h' }, { 0x43e, 'o' }, { 0x440, 'p' },
    { 0x441, 'c' }, { 0x442, 't' }, { 0x443, 'y' }, { 0x445, 'x' },
    { 0x455, 's' }, { 0x456, 'i' }, { 0x458, 'j' }, { 0x4bb, 'h' },
    { 0x501, 'd' }, { 0x51b, 'q' }, { 0x51d, 'w' }
};


size_t
cmt__text_fold_room(cmt_str_t s)
{
    size_t  i;

    for (i = 0; i < s.len; i++) {
        if ((unsigned char) s.data[i] >= 0x80) {
            return FOLD_GROWTH * s.len;
        }
    }

    return s.len;
}


size_t
cmt__text_fold(cmt_str_t s, int cyrillic, char *out, uint32_t *map)
{
    char        c;
    size_t      at, from;
    UChar32     point;
    folder_t    f;
    UErrorCode  status;

    memset(&f, 0, sizeof(f));
    f.out = out;
    f.map = map;
    f.cyrillic = cyrillic;

    status = U_ZERO_ERROR;
    f.nfc = unorm2_getNFCInstance(&status);
    f.nfkc = unorm2_getNFKCCasefoldInstance(&status);

    if (U_FAILURE(status)) {
        f.nfkc = NULL;
    }

    for (at = 0; at < s.len; /* void */ ) {
        from = at;
        c = s.data[at];

        if ((unsigned char) c < 0x80) {
            at++;

            if (!cmt__ascii_alnum((unsigned char) c)) {
                end_word(&f);
            } else if (c >= 'A' && c <= 'Z') {
                c = (char) (c | 0x20);
            }

            f.last = c;
            put(&f, &c, 1, from);

        } else {
            point = cmt__point_next(s, &at);
            fold_char(&f, point, from, at - from);
        }
    }

    end_word(&f);

    return f.len;
}


static int
is_kept(UChar32 c)
{
    size_t  i;

    for (i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
        if (kept[i] == c) {
            return 1;
        }
    }

    return 0;
}


/* A mark on top of letters that any script may use. */

static int
is_mark(UChar32 c)
{
    UErrorCode  status;

    status = U_ZERO_ERROR;

    return (U_GET_GC_MASK(c) & (U_GC_MN_MASK | U_GC_ME_MASK)) != 0
           && c != 0x3099 && c != 0x309a          /* make letters of kana */
           && uscript_getScript(c, &status) == USCRIPT_INHERITED;
}


static void
fold_char(folder_t *f, UChar32 c, size_t from, size_t bytes)
{
    char    buf[CHAR_BYTES_MAX];
    size_t  n;

    if (c < 0) {
        end_word(f);
        n = cmt__utf8_put(buf, REPLACEMENT);
        f->last = REPLACEMENT;
        put(f, buf, n, from);
        return;
    }

    if (u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT)) {
        return;
    }

    if (is_mark(c)) {
        if (compose(f, c)) {
            n = cmt__utf8_put(buf, (uint32_t) f->last);
            f->len = f->last_at;
            put(f, buf, n, f->map != NULL ? f->map[f->len] : from);
        }

        return;
    }

    n = fold_units(f, c, buf);

    if (n > FOLD_GROWTH * bytes || n == 0) {
        n = cmt__utf8_put(buf, (uint32_t) c);
        f->last = c;
    }

    if (!u_isalnum(f->last)) {
        end_word(f);

    } else if (f->last >= 0x370 && f->last < 0x530) {
        f->foreign = 1;
    }

    put(f, buf, n, from);
}


/* Well-formed UTF-16, as ICU makes it. */

static UChar32
unit_next(const UChar *s, int32_t *at, int32_t len)
{
    UChar  c;

    c = s[(*at)++];

    if (U16_IS_LEAD(c) && *at < len) {
        return U16_GET_SUPPLEMENTARY(c, s[(*at)++]);
    }

    return c;
}


/* Makes f->last the last character of what c becomes. */

static size_t
fold_units(folder_t *f, UChar32 c, char out[CHAR_BYTES_MAX])
{
    UChar       from[2], to[UNITS_MAX], parts[UNITS_MAX];
    size_t      len;
    int32_t     i, k, n, m;
    UChar32     part;
    UErrorCode  status;

    part = u_tolower(c);

    if (f->nfkc == NULL || is_kept(part) || (part >= 0x430 && part < 0x450))
    {
        f->last = part;
        return cmt__utf8_put(out, (uint32_t) part);
    }

    n = 0;
    if (c > 0xffff) {
        from[n++] = U16_LEAD(c);
        from[n++] = U16_TRAIL(c);
    } else {
        from[n++] = (UChar) c;
    }

    status = U_ZERO_ERROR;
    n = unorm2_normalize(f->nfkc, from, n, to, UNITS_MAX, &status);

    if (U_FAILURE(status)) {
        return 0;
    }

    len = 0;

    for (i = 0; i < n; /* void */ ) {
        c = unit_next(to, &i, n);

        if (is_mark(c)) {
            continue;
        }

        status = U_ZERO_ERROR;
        m = is_kept(c) || (c >= 0x530 && (c < 0x1e00 || c >= 0x2000)) ? -1
            : unorm2_getDecomposition(f->nfc, c, parts, UNITS_MAX, &status);

        if (m < 0 || U_FAILURE(status)) {
            len += cmt__utf8_put(out + len, (uint32_t) c);
            f->last = c;
            continue;
        }

        for (k = 0; k < m && len + 4 <= CHAR_BYTES_MAX / 2; /* void */ ) {
            part = unit_next(parts, &k, m);

            if (!is_mark(part)) {
                len += cmt__utf8_put(out + len, (uint32_t) part);
                f->last = part;
            }
        }

        if (len + 8 > CHAR_BYTES_MAX) {
            return 0;
        }
    }

    return len;
}


static void
put(folder_t *f, const char *s, size_t n, size_t from)
{
    size_t  i;

    memcpy(f->out + f->len, s, n);

    if (f->map != NULL) {
        for (i = 0; i < n; i++) {
            f->map[f->len + i] = (uint32_t) from;
        }
    }

    f->last_at = f->len;
    f->len += n;
}


/* Two characters that are a letter of its own together. */

static int
compose(folder_t *f, UChar32 mark)
{
    UChar32  both;

    if (f->nfkc == NULL || f->len == 0 || f->last_at >= f->len
        || f->len - f->last_at > 2 || f->last == 0)
    {
        return 0;
    }

    both = unorm2_composePair(f->nfc, f->last, mark);

    if (!is_kept(both)) {
        return 0;
    }

    f->last = both;

    return 1;
}


/*
 * A word with letters of two scripts: when all letters of one of them look
 * like letters of the other, they become those.  When it could be either, the
 * site's script decides.  Words of one script stay as they are.
 */

static void
end_word(folder_t *f)
{
    size_t          at;
    UChar32         c;
    cmt_str_t       out;
    unsigned        latin, other, latin_own, other_own;
    const alike_t  *a;

    if (f->foreign) {
        out.data = f->out;
        out.len = f->len;
        latin = other = latin_own = other_own = 0;

        for (at = f->word; at < f->len; /* void */ ) {
            c = cmt__point_next(out, &at);

            if (c >= 'a' && c <= 'z') {
                latin = 1;
                latin_own |= cyrillic_of((char) c) == 0;

            } else if (c >= 0x370 && c < 0x530) {
                a = alike_of(c);
                other = 1;
                other_own |= a == NULL;
                latin_own |= c < 0x400;          /* Greek turns to Latin */
            }
        }

        if (latin && other) {
            if (!other_own && (latin_own || !f->cyrillic)) {
                to_latin(f);

            } else if (!latin_own) {
                to_cyrillic(f);
            }
        }
    }

    f->foreign = 0;
    f->word = f->len;
    f->last = 0;

    /* what ends the word is put behind it, and is not part of the next */
}


static void
to_latin(folder_t *f)
{
    size_t          at, from, to;
    UChar32         c;
    cmt_str_t       out;
    const alike_t  *a;

    to = f->word;
    out.data = f->out;
    out.len = f->len;

    for (at = f->word; at < f->len; /* void */ ) {
        from = at;
        c = cmt__point_next(out, &at);
        a = c >= 0x370 && c < 0x530 ? alike_of(c) : NULL;

        if (f->map != NULL) {
            memmove(f->map + to, f->map + from,
                    (at - from) * sizeof(uint32_t));
        }

        if (a != NULL) {
            f->out[to++] = a->latin;

        } else {
            memmove(f->out + to, f->out + from, at - from);
            to += at - from;
        }
    }

    f->len = to;
}


/* Letters of one byte become two: from the end. */

static void
to_cyrillic(folder_t *f)
{
    char      c, two[4];
    size_t    at, to, more;
    uint32_t  from;

    more = 0;

    for (at = f->word; at < f->len; at++) {
        more += f->out[at] >= 'a' && f->out[at] <= 'z';
    }

    to = f->len + more;

    for (at = f->len; at > f->word; at--) {
        c = f->out[at - 1];
        from = f->map != NULL ? f->map[at - 1] : 0;

        if (c >= 'a' && c <= 'z') {
            (void) cmt__utf8_put(two, (uint32_t) cyrillic_of(c));
            f->out[--to] = two[1];
            f->out[--to] = two[0];

            if (f->map != NULL) {
                f->map[to] = from;
                f->map[to + 1] = from;
            }

        } else {
            f->out[--to] = c;

            if (f->map != NULL) {
                f->map[to] = from;
            }
        }
    }

    f->len += more;
}


static const alike_t *
alike_of(UChar32 c)
{
    size_t  i;

    for (i = 0; i < sizeof(alikes) / sizeof(alikes[0]); i++) {
        if (alikes[i].foreign == c) {
            return &alikes[i];
        }
    }

    return NULL;
}


static UChar32
cyrillic_of(char c)
{
    size_t  i;

    for (i = 0; i < sizeof(alikes) / sizeof(alikes[0]); i++) {
        if (alikes[i].latin == c && alikes[i].foreign >= 0x400) {
            return alikes[i].foreign;
        }
    }

    return 0;
}
