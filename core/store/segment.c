/*
 * segment.c: segments of the table of words: their keys, and the sets of
 * comments in them.
 */

#include <assert.h>
#include <string.h>

#include "schema.h"
#include "search.h"


#define HEAD_BYTES  16


static size_t bits_encode(const cmt__segment_t *segment,
    const cmt__idset_t *set, uint8_t *out);


cmt__segment_t
cmt__segment_of(const cmt__index_t *index, uint64_t id)
{
    uint64_t        full;
    cmt__segment_t  segment;

    full = index->indexed - index->indexed % CMT__SEGMENT_FULL;

    segment.size = id < full ? CMT__SEGMENT_FULL : CMT__SEGMENT_SMALL;
    segment.from = id - id % segment.size;
    segment.indexed = id < index->indexed;

    return segment;
}


size_t
cmt__segment_key(uint8_t key[CMT__WORD_KEY_BYTES],
    const cmt__segment_t *segment, cmt_str_t word)
{
    assert(word.len <= CMT__WORD_KEY_BYTES - 4);

    cmt__be_put(key, segment->from / CMT__SEGMENT_SMALL, 4);

    if (word.len > 0) {
        memcpy(key + 4, word.data, word.len);
    }

    return 4 + word.len;
}


int
cmt__segment_head(cmt_read_t *read, const cmt__segment_t *segment,
    cmt__segment_head_t *head)
{
    int        rc;
    uint8_t    key[CMT__WORD_KEY_BYTES];
    cmt_str_t  value;

    rc = cmt__get(read, CMT__WORDS, key,
                  cmt__segment_key(key, segment, cmt_null_str), &value);
    if (rc != CMT_OK) {
        return rc == CMT_ENOTFOUND ? CMT_ECORRUPT : rc;
    }

    if (value.len < HEAD_BYTES) {
        return CMT_ECORRUPT;
    }

    head->first = (int64_t) cmt__le_get((const uint8_t *) value.data, 8);
    head->last = (int64_t) cmt__le_get((const uint8_t *) value.data + 8, 8);

    return cmt__idset_decode(segment,
                             cmt__str_sub(value, HEAD_BYTES, value.len),
                             &head->too_long);
}


int
cmt__segment_head_put(cmt__write_t *write, const cmt__segment_t *segment,
    const cmt__segment_head_t *head, cmt_error_t *err)
{
    size_t   n;
    uint8_t  key[CMT__WORD_KEY_BYTES], out[HEAD_BYTES + sizeof(cmt__idset_t)];

    cmt__le_put(out, (uint64_t) head->first, 8);
    cmt__le_put(out + 8, (uint64_t) head->last, 8);
    n = cmt__idset_encode(segment, &head->too_long, out + HEAD_BYTES);

    return cmt__put(write, CMT__WORDS, key,
                    cmt__segment_key(key, segment, cmt_null_str), out,
                    HEAD_BYTES + n, err);
}


int
cmt__segment_get(cmt_read_t *read, const cmt__segment_t *segment,
    cmt_str_t word, int prefix, cmt__idset_t *set, unsigned *work)
{
    int           rc;
    size_t        n;
    uint8_t       key[CMT__WORD_KEY_BYTES];
    MDB_val       k, v;
    cmt_str_t     value;
    MDB_cursor   *cursor;
    cmt__idset_t  one;
    unsigned      i;

    memset(set, 0, sizeof(cmt__idset_t));
    n = cmt__segment_key(key, segment, word);
    (*work)++;

    if (!prefix) {
        rc = cmt__get(read, CMT__WORDS, key, n, &value);

        return rc == CMT_OK ? cmt__idset_decode(segment, value, set)
               : rc == CMT_ENOTFOUND ? CMT_OK : rc;
    }

    rc = cmt__cursor(read, CMT__WORDS, &cursor);
    if (rc != CMT_OK) {
        return rc;
    }

    k.mv_size = n;
    k.mv_data = key;
    rc = cmt__store_rc(mdb_cursor_get(cursor, &k, &v, MDB_SET_RANGE));

    while (rc == CMT_OK && k.mv_size >= n && memcmp(k.mv_data, key, n) == 0) {

        rc = cmt__idset_decode(segment, (cmt_str_t) { v.mv_size, v.mv_data },
                               &one);
        if (rc != CMT_OK) {
            break;
        }

        for (i = 0; i < CMT__SEGMENT_FULL / 64; i++) {
            set->bits[i] |= one.bits[i];
        }

        (*work)++;
        rc = cmt__store_rc(mdb_cursor_get(cursor, &k, &v, MDB_NEXT));
    }

    mdb_cursor_close(cursor);

    return rc == CMT_ENOTFOUND ? CMT_OK : rc;
}


size_t
cmt__idset_encode(const cmt__segment_t *segment, const cmt__idset_t *set,
    uint8_t out[sizeof(cmt__idset_t)])
{
    size_t    n;
    uint64_t  bits;
    unsigned  i;

    n = 0;

    for (i = 0; i < segment->size / 64; i++) {
        for (bits = set->bits[i]; bits != 0; bits &= bits - 1) {

            if (n + 2 >= segment->size / 8) {
                return bits_encode(segment, set, out);
            }

            cmt__le_put(out + n,
                        64 * i + (unsigned) __builtin_ctzll(bits), 2);
            n += 2;
        }
    }

    return n;
}


/* As bits, of which there would be as many in a list of them. */
static size_t
bits_encode(const cmt__segment_t *segment, const cmt__idset_t *set,
    uint8_t *out)
{
    unsigned  i;

    for (i = 0; i < segment->size / 64; i++) {
        cmt__le_put(out + 8 * i, set->bits[i], 8);
    }

    return segment->size / 8;
}


int
cmt__idset_decode(const cmt__segment_t *segment, cmt_str_t value,
    cmt__idset_t *set)
{
    size_t          i;
    unsigned        at;
    const uint8_t  *in;

    in = (const uint8_t *) value.data;
    memset(set, 0, sizeof(cmt__idset_t));

    if (value.len == segment->size / 8) {
        for (i = 0; i < segment->size / 64; i++) {
            set->bits[i] = cmt__le_get(in + 8 * i, 8);
        }

        return CMT_OK;
    }

    if (value.len > segment->size / 8 || value.len % 2 != 0) {
        return CMT_ECORRUPT;
    }

    for (i = 0; i < value.len; i += 2) {
        at = (unsigned) cmt__le_get(in + i, 2);

        if (at >= segment->size) {
            return CMT_ECORRUPT;
        }

        cmt__idset_add(set, at);
    }

    return CMT_OK;
}
