/*
 * strings.c: strings that carry their length.
 */

#include <string.h>

#include "base.h"


static unsigned char lower(unsigned char c);
static int hex_value(unsigned char c);


int
cmt__str_eq(cmt_str_t a, cmt_str_t b)
{
    return a.len == b.len
           && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}


int
cmt__str_is(cmt_str_t s, const char *literal)
{
    /* Tables are searched with this: most of their words begin otherwise. */
    if (s.len == 0 || s.data[0] != literal[0]) {
        return s.len == 0 && literal[0] == '\0';
    }

    return s.len == strlen(literal) && memcmp(s.data, literal, s.len) == 0;
}


int
cmt__str_is_nocase(cmt_str_t s, const char *literal)
{
    size_t  i;

    if (s.len != strlen(literal)) {
        return 0;
    }

    for (i = 0; i < s.len; i++) {
        if (lower((unsigned char) s.data[i])
            != lower((unsigned char) literal[i]))
        {
            return 0;
        }
    }

    return 1;
}


int
cmt__str_starts(cmt_str_t s, const char *prefix)
{
    size_t  len;

    len = strlen(prefix);

    return s.len >= len && (len == 0 || memcmp(s.data, prefix, len) == 0);
}


cmt_str_t
cmt__str_sub(cmt_str_t s, size_t from, size_t to)
{
    if (to > s.len) {
        to = s.len;
    }

    if (from > to) {
        from = to;
    }

    if (s.data != NULL) {
        s.data += from;
    }

    s.len = to - from;

    return s;
}


cmt_str_t
cmt__str_trim(cmt_str_t s)
{
    size_t  from, to;

    from = 0;
    to = s.len;

    while (from < to && memchr(" \t\r\n\f\v", s.data[from], 6) != NULL) {
        from++;
    }

    while (to > from && memchr(" \t\r\n\f\v", s.data[to - 1], 6) != NULL) {
        to--;
    }

    return cmt__str_sub(s, from, to);
}


cmt_str_t
cmt__str_copy(cmt_arena_t *arena, cmt_str_t s)
{
    char  *copy;

    if (s.len == SIZE_MAX) {
        return cmt_null_str;
    }

    copy = cmt_alloc(arena, s.len + 1);
    if (copy == NULL) {
        return cmt_null_str;
    }

    if (s.len != 0) {
        memcpy(copy, s.data, s.len);
    }

    copy[s.len] = '\0';

    return (cmt_str_t) { s.len, copy };
}


int
cmt__str_u64(cmt_str_t s, uint64_t *out)
{
    size_t    i;
    uint64_t  n, digit;

    if (s.len == 0) {
        return 0;
    }

    n = 0;

    for (i = 0; i < s.len; i++) {
        if (s.data[i] < '0' || s.data[i] > '9') {
            return 0;
        }

        digit = (uint64_t) (s.data[i] - '0');

        if (n > (UINT64_MAX - digit) / 10) {
            return 0;
        }

        n = n * 10 + digit;
    }

    *out = n;

    return 1;
}


size_t
cmt__u64_format(uint64_t n, char out[21])
{
    size_t  i, len;
    char    digits[20];

    i = sizeof(digits);

    do {
        digits[--i] = (char) ('0' + n % 10);
        n /= 10;
    } while (n > 0);

    len = sizeof(digits) - i;
    memcpy(out, digits + i, len);
    out[len] = '\0';

    return len;
}


void
cmt__hex(const uint8_t *bytes, size_t n, char *hex)
{
    size_t             i;
    static const char  digits[] = "0123456789abcdef";

    for (i = 0; i < n; i++) {
        hex[2 * i] = digits[bytes[i] >> 4];
        hex[2 * i + 1] = digits[bytes[i] & 15];
    }

    hex[2 * n] = '\0';
}


int
cmt__unhex(cmt_str_t s, uint8_t *bytes, size_t n)
{
    size_t  i;

    if (n > SIZE_MAX / 2 || s.len != 2 * n) {
        return 0;
    }

    for (i = 0; i < s.len; i++) {
        if (hex_value((unsigned char) s.data[i]) < 0) {
            return 0;
        }
    }

    for (i = 0; i < n; i++) {
        bytes[i] = (uint8_t) (hex_value((unsigned char) s.data[2 * i]) * 16
                              + hex_value((unsigned char) s.data[2 * i + 1]));
    }

    return 1;
}


static unsigned char
lower(unsigned char c)
{
    return (unsigned char) (c >= 'A' && c <= 'Z' ? c | 0x20 : c);
}


static int
hex_value(unsigned char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }

    c = lower(c);

    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }

    return -1;
}
