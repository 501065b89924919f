/*
 * buf.c: text that grows in an arena.
 */

#include <string.h>

#include "base.h"


#define BUF_BYTES_MIN  64

/* Digits of the largest uint64_t. */
#define U64_DIGITS  20


void
cmt__buf_init(cmt__buf_t *b, cmt_arena_t *arena, size_t size)
{
    memset(b, 0, sizeof(cmt__buf_t));
    b->arena = arena;

    if (size != 0) {
        (void) cmt__buf_room(b, size);
    }
}


int
cmt__buf_room(cmt__buf_t *b, size_t bytes)
{
    char    *data;
    size_t   size;

    if (b->failed) {
        return 0;
    }

    if (b->data != NULL && bytes <= b->size - b->len) {
        return 1;
    }

    if (bytes > SIZE_MAX / 4 || b->size > SIZE_MAX / 4) {
        b->failed = 1;
        return 0;
    }

    size = b->size < BUF_BYTES_MIN ? BUF_BYTES_MIN : 2 * b->size;
    if (size < b->len + bytes) {
        size = b->len + bytes;
    }

    data = cmt_alloc(b->arena, size);
    if (data == NULL) {
        b->failed = 1;
        return 0;
    }

    if (b->len != 0) {
        memcpy(data, b->data, b->len);
    }

    b->data = data;
    b->size = size;

    return 1;
}


void
cmt__buf_put(cmt__buf_t *b, const void *data, size_t len)
{
    if (len == 0 || !cmt__buf_room(b, len)) {
        return;
    }

    memcpy(b->data + b->len, data, len);
    b->len += len;
}


void
cmt__buf_str_put(cmt__buf_t *b, cmt_str_t s)
{
    cmt__buf_put(b, s.data, s.len);
}


void
cmt__buf_lit(cmt__buf_t *b, const char *literal)
{
    cmt__buf_put(b, literal, strlen(literal));
}


void
cmt__buf_char(cmt__buf_t *b, char c)
{
    if (cmt__buf_room(b, 1)) {
        b->data[b->len++] = c;
    }
}


void
cmt__buf_u64(cmt__buf_t *b, uint64_t n)
{
    char    digits[U64_DIGITS];
    size_t  at;

    at = U64_DIGITS;

    do {
        digits[--at] = (char) ('0' + n % 10);
        n /= 10;
    } while (n != 0);

    cmt__buf_put(b, digits + at, U64_DIGITS - at);
}


void
cmt__buf_i64(cmt__buf_t *b, int64_t n)
{
    if (n >= 0) {
        cmt__buf_u64(b, (uint64_t) n);
        return;
    }

    cmt__buf_char(b, '-');
    cmt__buf_u64(b, - (uint64_t) n);
}


int
cmt__buf_end(cmt__buf_t *b, cmt_str_t *out)
{
    if (b->failed) {
        return CMT_ENOMEM;
    }

    out->len = b->len;
    out->data = b->data != NULL ? b->data : "";

    return CMT_OK;
}
