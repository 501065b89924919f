/*
 * receipt_unpack.c: the JSON of a packed receipt, see receipt_rows.h.
 */

#include <string.h>

#include "receipt_rows.h"


typedef struct {
    const uint8_t  *in;
    size_t          len, at;
    char           *out;                 /* NULL: it is only measured         */
    size_t          n, size;
} unpacker_t;


static int unpack_all(unpacker_t *u) CMT_CHECK;
static int unpack_one(unpacker_t *u) CMT_CHECK;


int
cmt__receipt_unpack(cmt_arena_t *arena, cmt_str_t packed, cmt_str_t *json)
{
    int         rc;
    char       *out;
    unpacker_t  u;

    memset(&u, 0, sizeof(u));
    u.in = (const uint8_t *) packed.data;
    u.len = packed.len;
    u.size = CMT__RECEIPT_BYTES_MAX;

    rc = unpack_all(&u);
    if (rc != CMT_OK) {
        return rc;
    }

    out = cmt_alloc(arena, u.n + 1);
    if (out == NULL) {
        return CMT_ENOMEM;
    }

    u.size = u.n;
    u.at = 0;
    u.n = 0;
    u.out = out;

    rc = unpack_all(&u);
    if (rc != CMT_OK) {
        return rc;
    }

    out[u.n] = '\0';
    json->data = out;
    json->len = u.n;

    return CMT_OK;
}


static int
unpack_all(unpacker_t *u)
{
    int  rc;

    for (rc = CMT_OK; rc == CMT_OK && u->at < u->len; /* void */ ) {
        rc = unpack_one(u);
    }

    return rc;
}


static int
give(unpacker_t *u, const void *bytes, size_t n)
{
    if (n > u->size - u->n) {
        return CMT_ECORRUPT;
    }

    if (u->out != NULL) {
        memcpy(u->out + u->n, bytes, n);
    }

    u->n += n;

    return CMT_OK;
}


static int
give_word(unpacker_t *u, unsigned code)
{
    int     rc;
    size_t  i;

    i = u->at < u->len ? u->in[u->at++] : PACKED_WORDS;

    if (i >= PACKED_WORDS) {
        return CMT_ECORRUPT;
    }

    rc = give(u, ",\"", code == PACKED_WORD ? 0 : 1);
    if (rc == CMT_OK) {
        rc = give(u, "\"", 1);
    }
    if (rc == CMT_OK) {
        rc = give(u, cmt__packed_words[i].data, cmt__packed_words[i].len);
    }
    if (rc == CMT_OK) {
        rc = give(u, "\":", code == PACKED_MEMBER ? 2 : 1);
    }

    return rc;
}


static int
give_hex(unpacker_t *u)
{
    char  hex[2 * PACKED_HEX_BYTES + 1];

    if (u->len - u->at < PACKED_HEX_BYTES) {
        return CMT_ECORRUPT;
    }

    cmt__hex(u->in + u->at, PACKED_HEX_BYTES, hex);
    u->at += PACKED_HEX_BYTES;

    return give(u, hex, 2 * PACKED_HEX_BYTES);
}


/* 0: there is none. */

static size_t
number(unpacker_t *u)
{
    size_t    n;
    unsigned  shift;
    uint8_t   byte;

    n = 0;

    for (shift = 0; u->at < u->len && shift < 28; shift += 7) {
        byte = u->in[u->at++];
        n |= (size_t) (byte & 0x7f) << shift;

        if ((byte & 0x80) == 0) {
            return n;
        }
    }

    return 0;
}


static int
give_again(unpacker_t *u)
{
    size_t  back, len;

    back = number(u);
    len = number(u);

    if (len == 0 || len > back || back > u->n) {
        return CMT_ECORRUPT;
    }

    return give(u, u->out != NULL ? u->out + u->n - back : NULL, len);
}


static int
unpack_one(unpacker_t *u)
{
    unsigned          code;
    const uint8_t    *at;
    const cmt_str_t  *phrase;

    at = &u->in[u->at++];
    code = *at;

    switch (code) {

    case PACKED_WORD:
    case PACKED_COMMA_WORD:
    case PACKED_MEMBER:
        return give_word(u, code);

    case PACKED_HEX:
        return give_hex(u);

    case PACKED_AGAIN:
        return give_again(u);

    case PACKED_ESCAPE:
        return u->at < u->len ? give(u, &u->in[u->at++], 1) : CMT_ECORRUPT;

    default:
        break;
    }

    if (code >= PACKED_TEXT && code < PACKED_PHRASE_HIGH) {
        return give(u, at, 1);
    }

    phrase = &cmt__packed_phrases[code < PACKED_TEXT
                                  ? code - PACKED_PHRASE_LOW
                                  : code - PACKED_PHRASE_HIGH + PACKED_LOW];

    return give(u, phrase->data, phrase->len);
}
