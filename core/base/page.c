/*
 * page.c: the canonical path of a page, so that all addresses of one page
 * share one thread.
 *
 *   HTTPS://example.org/blog//./post/index.html?utm_source=x&b=%c3%b8#top
 *                      /blog/post/?b=%C3%B8
 *
 * The result is made in a buffer of CMT_PAGE_BYTES_MAX bytes; what does not
 * fit is refused.
 */

#include <string.h>

#include "base.h"


typedef struct {
    size_t  len;
    char    data[CMT_PAGE_BYTES_MAX];
} path_t;

typedef struct {
    const char  *name;
    unsigned     prefix:1;        /* any parameter that begins so */
} tracking_t;


static int take_path(cmt_str_t *page);
static cmt_str_t split(cmt_str_t *rest, char at);
static int put_segments(path_t *out, cmt_str_t path);
static void drop_last(path_t *out, size_t segment);
static int put_query(path_t *out, cmt_str_t query);
static int put_encoded(path_t *out, cmt_str_t s, const char *also);
static int put_char(path_t *out, char c);
static int is_tracking(cmt_str_t name);
static int decodes_to_text(const path_t *path);
static int is_unreserved(uint8_t c);


/* Parameters that tell where a visitor came from and not what is shown. */
static const tracking_t  tracking[] = {
    { "utm_",        1 },
    { "mtm_",        1 },
    { "hsa_",        1 },
    { "pk_campaign", 0 },
    { "pk_keyword",  0 },
    { "pk_kwd",      0 },
    { "_ga",         0 },
    { "_gl",         0 },
    { "_hsenc",      0 },
    { "_hsmi",       0 },
    { "_openstat",   0 },
    { "dclid",       0 },
    { "fbclid",      0 },
    { "gad_source",  0 },
    { "gbraid",      0 },
    { "gclid",       0 },
    { "gclsrc",      0 },
    { "igsh",        0 },
    { "igshid",      0 },
    { "li_fat_id",   0 },
    { "mc_cid",      0 },
    { "mc_eid",      0 },
    { "mkt_tok",     0 },
    { "msclkid",     0 },
    { "oly_anon_id", 0 },
    { "oly_enc_id",  0 },
    { "rb_clickid",  0 },
    { "srsltid",     0 },
    { "ttclid",      0 },
    { "twclid",      0 },
    { "vero_conv",   0 },
    { "vero_id",     0 },
    { "wbraid",      0 },
    { "yclid",       0 },
    { NULL,          0 }
};


int
cmt_page_canonical(cmt_arena_t *arena, cmt_str_t page, cmt_str_t *out)
{
    path_t     path;
    cmt_str_t  query, copy;

    path.len = 0;

    if (!cmt__utf8_valid(page) || !take_path(&page)) {
        return CMT_EPAGE;
    }

    query = page;
    query = split(&query, '#');       /* the fragment goes */
    page = split(&query, '?');

    if (!put_segments(&path, page) || !put_query(&path, query)
        || !decodes_to_text(&path))
    {
        return CMT_EPAGE;
    }

    copy = cmt__str_copy(arena, (cmt_str_t) { path.len, path.data });
    if (copy.data == NULL) {
        return CMT_ENOMEM;
    }

    *out = copy;

    return CMT_OK;
}


/* Takes scheme and host off an absolute address. */

static int
take_path(cmt_str_t *page)
{
    size_t     i;
    cmt_str_t  rest;

    if (cmt__str_starts(*page, "/")) {
        return 1;
    }

    if (cmt__str_is_nocase(cmt__str_sub(*page, 0, 7), "http://")) {
        rest = cmt__str_sub(*page, 7, page->len);

    } else if (cmt__str_is_nocase(cmt__str_sub(*page, 0, 8), "https://")) {
        rest = cmt__str_sub(*page, 8, page->len);

    } else {
        return 0;
    }

    for (i = 0;
         i < rest.len && memchr("/?#", rest.data[i], 3) == NULL;
         i++)
    {
        if ((uint8_t) rest.data[i] <= ' ' || rest.data[i] == '\\'
            || rest.data[i] == 0x7f)
        {
            return 0;
        }
    }

    *page = cmt__str_sub(rest, i, rest.len);

    return i != 0;
}


/* What stands before the byte, which goes; rest is what follows it. */

static cmt_str_t
split(cmt_str_t *rest, char at)
{
    size_t       n;
    cmt_str_t    before;
    const char  *p;

    p = rest->len != 0 ? memchr(rest->data, at, rest->len) : NULL;
    n = p != NULL ? (size_t) (p - rest->data) : rest->len;

    before = cmt__str_sub(*rest, 0, n);
    *rest = cmt__str_sub(*rest, n + 1, rest->len);

    return before;
}


/* path is empty or begins with "/".  out always ends in "/" when the next
 * segment is written: empty segments add nothing to it. */

static int
put_segments(path_t *out, cmt_str_t path)
{
    int        last;
    size_t     begin;
    cmt_str_t  segment;

    (void) split(&path, '/');

    if (!put_char(out, '/')) {
        return 0;
    }

    for (last = 0; !last; /* void */ ) {

        last = path.len == 0 || memchr(path.data, '/', path.len) == NULL;
        begin = out->len;

        if (!put_encoded(out, split(&path, '/'), "")) {
            return 0;
        }

        segment = (cmt_str_t) { out->len - begin, out->data + begin };

        if (segment.len == 0) {
            continue;
        }

        if (cmt__str_is(segment, ".") || cmt__str_is(segment, "..")) {
            drop_last(out, begin);

        } else if (last && (cmt__str_is(segment, "index.html")
                            || cmt__str_is(segment, "index.htm")))
        {
            out->len = begin;

        } else if (!last && !put_char(out, '/')) {
            return 0;
        }
    }

    return 1;
}


/* Drops the dot segment that begins there and, for "..", the one before. */

static void
drop_last(path_t *out, size_t segment)
{
    size_t  dots;

    dots = out->len - segment;
    out->len = segment;

    if (dots == 2 && out->len > 1) {
        do {
            out->len--;
        } while (out->data[out->len - 1] != '/');
    }
}


/* A parameter's name is written before it is looked at, since it may be
 * encoded; the value of one that goes is never written: it may be long. */

static int
put_query(path_t *out, cmt_str_t query)
{
    char       mark;
    size_t     begin;
    cmt_str_t  param, name, written;

    mark = '?';

    while (query.len != 0) {

        param = split(&query, '&');
        if (param.len == 0) {
            continue;
        }

        begin = out->len;
        name = split(&param, '=');

        if (!put_char(out, mark) || !put_encoded(out, name, "/?")) {
            return 0;
        }

        written = (cmt_str_t) { out->len - begin - 1, out->data + begin + 1 };

        if (is_tracking(written)) {
            out->len = begin;
            continue;
        }

        /* split() took the "=", when there was one */

        if (name.data + name.len != param.data
            && (!put_char(out, '=') || !put_encoded(out, param, "/?")))
        {
            return 0;
        }

        mark = '&';
    }

    return 1;
}


/*
 * Writes s in its one normal form: unreserved characters as they are, the
 * reserved ones as they came, everything else encoded in upper case.
 */

static int
put_encoded(path_t *out, cmt_str_t s, const char *also)
{
    size_t             i;
    uint8_t            c;
    unsigned           encode;
    static const char  digits[] = "0123456789ABCDEF";

    for (i = 0; i < s.len; i++) {

        c = (uint8_t) s.data[i];

        if (c == '%') {
            if (!cmt__unhex(cmt__str_sub(s, i + 1, i + 3), &c, 1)) {
                return 0;
            }

            i += 2;
            encode = !is_unreserved(c);

        } else {
            encode = !is_unreserved(c)
                     && (c == '\0' || (strchr("!$&'()*+,;=:@", c) == NULL
                                       && strchr(also, c) == NULL));
        }

        if (c < ' ' || c == 0x7f || c == '\\') {
            return 0;
        }

        if (!encode) {
            if (!put_char(out, (char) c)) {
                return 0;
            }

            continue;
        }

        if (!put_char(out, '%') || !put_char(out, digits[c >> 4])
            || !put_char(out, digits[c & 15]))
        {
            return 0;
        }
    }

    return 1;
}


static int
put_char(path_t *out, char c)
{
    if (out->len == CMT_PAGE_BYTES_MAX) {
        return 0;
    }

    out->data[out->len++] = c;

    return 1;
}


static int
is_tracking(cmt_str_t name)
{
    const tracking_t  *t;

    for (t = tracking; t->name != NULL; t++) {
        if (t->prefix ? cmt__str_is_nocase(cmt__str_sub(name, 0,
                                                        strlen(t->name)),
                                           t->name)
                      : cmt__str_is_nocase(name, t->name))
        {
            return 1;
        }
    }

    return 0;
}


static int
decodes_to_text(const path_t *path)
{
    char       text[CMT_PAGE_BYTES_MAX];
    size_t     i, len;
    uint8_t    byte;
    cmt_str_t  s;

    s = (cmt_str_t) { path->len, path->data };
    len = 0;

    for (i = 0; i < s.len; i++) {
        text[len] = s.data[i];

        if (text[len] == '%') {
            (void) cmt__unhex(cmt__str_sub(s, i + 1, i + 3), &byte, 1);
            text[len] = (char) byte;
            i += 2;
        }

        len++;
    }

    return cmt__utf8_valid((cmt_str_t) { len, text });
}


static int
is_unreserved(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
           || (c >= '0' && c <= '9')
           || c == '-' || c == '.' || c == '_' || c == '~';
}
