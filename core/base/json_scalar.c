/*
 * json_scalar.c: JSON in: strings, numbers and words.
 *
 * An error tells where a token ends that cannot be, in characters, and never
 * quotes the text, which may be an e-mail address on its way into a log.
 */

#include <stdlib.h>
#include <string.h>

#include "json_read.h"


static int read_escaped(cmt__json_reader_t *r, const char *end, cmt_str_t *out)
    CMT_CHECK;
static int read_escape(cmt__json_reader_t *r, char **to) CMT_CHECK;
static int read_hex(cmt__json_reader_t *r, uint32_t *unit) CMT_CHECK;
static int read_integer(cmt__json_reader_t *r, const char *p, cmt__json_t *out)
    CMT_CHECK;
static int read_real(cmt__json_reader_t *r, const char *p, cmt__json_t *out)
    CMT_CHECK;


static size_t
first_invalid(cmt_str_t s)
{
    size_t  at, n;

    for (at = 0; at < s.len; at += n) {

        for (n = 1; n <= 4 && at + n <= s.len
                    && !cmt__utf8_valid(cmt__str_sub(s, at, at + n)); n++)
        {
            /* void: on to the end of a character */
        }

        if (n > 4 || at + n > s.len) {
            break;
        }
    }

    return at;
}


/* Most have no escapes: they are copied as they are. */
int
cmt__json_read_string(cmt__json_reader_t *r, cmt_str_t *out)
{
    int          escapes;
    const char  *p;
    cmt_str_t    raw;

    escapes = 0;

    for (p = ++r->p; p < r->end && *p != '"'; p++) {

        if ((unsigned char) *p < 0x20) {
            return cmt__json_refuse(r, p, *p == '\0'
                                          ? "U+0000 is not allowed"
                                          : "not valid JSON");
        }

        if (*p == '\\') {
            escapes = 1;
            p++;
        }
    }

    if (p >= r->end) {
        return cmt__json_refuse(r, r->end, "ends too early");
    }

    raw = (cmt_str_t) { (size_t) (p - r->p), r->p };

    if (!cmt__utf8_valid(raw)) {
        return cmt__json_refuse(r, r->p + first_invalid(raw),
                                "not valid UTF-8");
    }

    if (escapes) {
        return read_escaped(r, p, out);
    }

    *out = cmt__str_copy(r->arena, raw);
    r->p = p + 1;

    return out->data != NULL ? CMT_OK : cmt__json_no_memory(r);
}


/* No escape is longer than what it stands for. */
static int
read_escaped(cmt__json_reader_t *r, const char *end, cmt_str_t *out)
{
    int          rc;
    char        *start, *to;
    size_t       plain;
    const char  *escape;

    start = cmt_alloc(r->arena, (size_t) (end - r->p));
    if (start == NULL) {
        return cmt__json_no_memory(r);
    }

    for (to = start; r->p < end; /* void */ ) {

        escape = memchr(r->p, '\\', (size_t) (end - r->p));
        plain = (size_t) ((escape != NULL ? escape : end) - r->p);
        memcpy(to, r->p, plain);
        to += plain;
        r->p += plain;

        if (escape != NULL) {
            rc = read_escape(r, &to);
            if (rc != CMT_OK) {
                return rc;
            }
        }
    }

    out->data = start;
    out->len = (size_t) (to - start);
    r->p = end + 1;

    if (memchr(start, '\0', out->len) != NULL) {
        return cmt__json_refuse(r, r->p, "U+0000 is not allowed");
    }

    return CMT_OK;
}


/* p stands at the backslash, behind which there is a character: else the
 * string would have gone on. */
static int
read_escape(cmt__json_reader_t *r, char **to)
{
    int          rc;
    uint32_t     unit, low;
    const char  *found;

    static const char  from[] = "\"\\/bfnrt";
    static const char  into[] = "\"\\/\b\f\n\r\t";

    if (r->p[1] != 'u') {
        found = memchr(from, r->p[1], sizeof(from) - 1);
        if (found == NULL) {
            return cmt__json_refuse(r, r->p + 1, "not valid JSON");
        }

        *(*to)++ = into[found - from];
        r->p += 2;

        return CMT_OK;
    }

    rc = read_hex(r, &unit);

    if (rc == CMT_OK && unit >= 0xd800 && unit <= 0xdfff) {

        low = 0;

        if (unit < 0xdc00 && r->p[0] == '\\' && r->p[1] == 'u') {
            rc = read_hex(r, &low);
        }
        if (rc == CMT_OK && (low < 0xdc00 || low > 0xdfff)) {
            rc = cmt__json_refuse(r, r->p, "half of a character");
        }

        unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
    }

    if (rc == CMT_OK) {
        *to += cmt__utf8_put(*to, unit);
    }

    return rc;
}


/* Behind p there is at least the quote that ends the string. */
static int
read_hex(cmt__json_reader_t *r, uint32_t *unit)
{
    int          i, digit;
    const char  *p;

    *unit = 0;

    for (i = 0, p = r->p + 2; i < 4; i++, p++) {

        digit = *p >= '0' && *p <= '9' ? *p - '0'
                : *p >= 'a' && *p <= 'f' ? *p - 'a' + 10
                : *p >= 'A' && *p <= 'F' ? *p - 'A' + 10 : -1;

        if (digit < 0) {
            return cmt__json_refuse(r, p, "not valid JSON");
        }

        *unit = *unit << 4 | (uint32_t) digit;
    }

    r->p = p;

    return CMT_OK;
}


static const char *
digits(const cmt__json_reader_t *r, const char *p)
{
    while (p < r->end && *p >= '0' && *p <= '9') {
        p++;
    }

    return p;
}


static int
no_digit(cmt__json_reader_t *r, const char *p)
{
    return p == r->end ? cmt__json_refuse(r, p, "ends too early")
                       : cmt__json_refuse(r, p + 1, "not valid JSON");
}


int
cmt__json_read_number(cmt__json_reader_t *r, cmt__json_t *out)
{
    int          whole;
    const char  *p, *from;

    p = r->p + (*r->p == '-');
    from = p;
    p = digits(r, p);

    if (p == from || (*from == '0' && p - from > 1)) {
        return no_digit(r, p == from ? p : from);
    }

    whole = 1;

    if (p < r->end && *p == '.') {
        whole = 0;
        from = p + 1;
        p = digits(r, from);

        if (p == from) {
            return no_digit(r, p);
        }
    }

    if (p < r->end && (*p == 'e' || *p == 'E')) {
        whole = 0;
        from = p + 1;
        from += from < r->end && (*from == '+' || *from == '-');
        p = digits(r, from);

        if (p == from) {
            return no_digit(r, p);
        }
    }

    return whole ? read_integer(r, p, out) : read_real(r, p, out);
}


static int
read_integer(cmt__json_reader_t *r, const char *end, cmt__json_t *out)
{
    int          negative;
    int64_t      n;
    const char  *p;

    negative = *r->p == '-';
    n = 0;                               /* below zero, where one more fits */

    for (p = r->p + negative; p < end; p++) {
        if (__builtin_mul_overflow(n, 10, &n)
            || __builtin_sub_overflow(n, *p - '0', &n))
        {
            return cmt__json_refuse(r, end, "a number is too large");
        }
    }

    if (!negative && n == INT64_MIN) {
        return cmt__json_refuse(r, end, "a number is too large");
    }

    out->type = CMT__JSON_INTEGER;
    out->integer = negative ? n : -n;
    r->p = end;

    return CMT_OK;
}


static int
read_real(cmt__json_reader_t *r, const char *end, cmt__json_t *out)
{
    char    *copy, *stop;
    size_t   len;

    len = (size_t) (end - r->p);

    copy = cmt_alloc(r->arena, len + 1);         /* strtod() needs an end */
    if (copy == NULL) {
        return cmt__json_no_memory(r);
    }

    memcpy(copy, r->p, len);
    copy[len] = '\0';

    out->type = CMT__JSON_REAL;
    out->real = strtod(copy, &stop);

    if (out->real - out->real != 0) {
        return cmt__json_refuse(r, end, "a number is too large");
    }
    if (*stop != '\0') {
        return cmt__json_refuse(r, end, "not valid JSON");
    }

    r->p = end;

    return CMT_OK;
}


int
cmt__json_read_word(cmt__json_reader_t *r, cmt__json_t *out)
{
    size_t  i, left;

    static const struct {
        cmt_str_t         word;
        cmt__json_type_t  type;
    } words[] = {
        { { 4, "true" }, CMT__JSON_TRUE },
        { { 5, "false" }, CMT__JSON_FALSE },
        { { 4, "null" }, CMT__JSON_NULL }
    };

    left = (size_t) (r->end - r->p);

    for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (left >= words[i].word.len
            && memcmp(r->p, words[i].word.data, words[i].word.len) == 0)
        {
            out->type = words[i].type;
            r->p += words[i].word.len;
            return CMT_OK;
        }
    }

    return cmt__json_refuse(r, r->p + 1, "not valid JSON");
}


int
cmt__json_refuse(cmt__json_reader_t *r, const char *at, const char *why)
{
    size_t       line;
    cmt_str_t    before;
    const char  *p;

    line = 1;
    before.data = r->start;

    if (at > r->end) {
        at = r->end;
    }

    for (p = r->start; p < at; p++) {
        if (*p == '\n') {
            line++;
            before.data = p + 1;
        }
    }

    before.len = (size_t) (at - before.data);

    return cmt__fail(r->err, CMT_EJSON, NULL, "line %zu, column %zu: %s",
                     line, cmt__utf8_chars(before), why);
}


int
cmt__json_no_memory(cmt__json_reader_t *r)
{
    return cmt__fail(r->err, CMT_ENOMEM, NULL, "no memory for JSON");
}
