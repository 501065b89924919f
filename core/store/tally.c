/*
 * tally.c: how often something happened in the last minutes, hours or days.
 *
 * A tally has up to CMT__TALLY_LEVELS rings of 16 buckets.  Each ring covers
 * one span and a bucket more, so that an event counts for its span and at
 * most a fifteenth of it longer:
 *
 *   last:8 levels:1 (count:2 * 16) for each level that is in levels
 *
 * Bucket n of a ring is the one of the time n * width, modulo 16.
 *
 * Those of posts are part of other records and stand there packed, a ring as
 *
 *   mask:2 (count:2) for each bucket that is not 0, whose bit is in mask
 */

#include <string.h>

#include "schema.h"


#define BUCKETS      16
#define HEAD_BYTES   9
#define RING_BYTES   (2 * BUCKETS)

_Static_assert(CMT__TALLY_BYTES_MAX
               == HEAD_BYTES + CMT__TALLY_LEVELS * RING_BYTES,
               "bytes of a tally");


/* Seconds of a bucket; 15 of them are the span. */
static const int64_t  widths[CMT__TALLY_LEVELS] = {
    40,              /* 10 minutes */
    240,             /* 1 hour     */
    1440,            /* 6 hours    */
    5760,            /* 1 day      */
    40320,           /* 7 days     */
    172800,          /* 30 days    */
    518400,          /* 90 days    */
    2304000          /* 400 days   */
};


static int is_whole(const uint8_t *record, size_t len);
static int unpack(cmt_str_t packed, uint8_t *record, size_t *len) CMT_CHECK;
static size_t pack(const uint8_t *record, uint8_t *out);
static uint64_t count(const uint8_t *record, int64_t seconds, int64_t now);
static size_t count_one(uint8_t *record, size_t len, unsigned levels,
    int64_t now, int64_t *expires);
static void move_on(uint8_t *ring, int64_t width, int64_t last, int64_t now);
static uint8_t *add_level(uint8_t *record, size_t *len, unsigned level);


static size_t
rings_before(unsigned levels, unsigned level)
{
    return (size_t) __builtin_popcount(levels & ((1u << level) - 1));
}


unsigned
cmt__tally_level(int64_t seconds)
{
    unsigned  i;

    for (i = 0; i < CMT__TALLY_LEVELS - 1; i++) {
        if (seconds <= widths[i] * (BUCKETS - 1)) {
            break;
        }
    }

    return i;
}


int
cmt__tally_get(cmt_read_t *read, const cmt__memory_key_t *key,
    int64_t seconds, int64_t now, uint64_t *n)
{
    int        rc;
    cmt_str_t  data;

    *n = 0;

    rc = cmt__memory_get(read, key, now, &data);
    if (rc != CMT_OK) {
        return rc == CMT_ENOTFOUND ? CMT_OK : rc;
    }

    if (!is_whole((const uint8_t *) data.data, data.len)) {
        return CMT_ECORRUPT;
    }

    *n = count((const uint8_t *) data.data, seconds, now);

    return CMT_OK;
}


int
cmt__tally_add(cmt__write_t *write, const cmt__memory_key_t *key,
    unsigned levels, int64_t now, cmt_error_t *err)
{
    int         rc;
    size_t      len;
    int64_t     expires;
    uint8_t     record[CMT__TALLY_BYTES_MAX];
    cmt_str_t   data;

    memset(record, 0, sizeof(record));
    rc = cmt__memory_get(&write->view, key, now, &data);

    if (rc == CMT_OK && is_whole((const uint8_t *) data.data, data.len)) {
        len = data.len;
        memcpy(record, data.data, len);

    } else if (rc == CMT_OK || rc == CMT_ENOTFOUND) {
        len = HEAD_BYTES;

    } else {
        return cmt__fail(err, rc, NULL, "tally");
    }

    len = count_one(record, len, levels, now, &expires);

    return cmt__memory_put(write, key, expires,
                           (cmt_str_t) { len, (const char *) record }, err);
}


int
cmt__tally_packed_get(cmt_str_t packed, int64_t seconds, int64_t now,
    uint64_t *n)
{
    int      rc;
    size_t   len;
    uint8_t  record[CMT__TALLY_BYTES_MAX];

    *n = 0;

    if (packed.len == 0) {
        return CMT_OK;
    }

    rc = unpack(packed, record, &len);
    if (rc == CMT_OK) {
        *n = count(record, seconds, now);
    }

    return rc;
}


int
cmt__tally_packed_add(cmt_str_t packed, unsigned levels, int64_t now,
    uint8_t out[CMT__TALLY_PACKED_MAX], size_t *out_len)
{
    int      rc;
    size_t   len;
    int64_t  expires;
    uint8_t  record[CMT__TALLY_BYTES_MAX];

    rc = unpack(packed, record, &len);
    if (rc == CMT_OK) {
        (void) count_one(record, len, levels, now, &expires);
        *out_len = pack(record, out);
    }

    return rc;
}


int
cmt__tally_packed_expires(cmt_str_t packed, int64_t *expires)
{
    int       rc;
    size_t    len;
    uint8_t   record[CMT__TALLY_BYTES_MAX];
    unsigned  i;

    *expires = 0;

    rc = unpack(packed, record, &len);

    for (i = 0; rc == CMT_OK && i < CMT__TALLY_LEVELS; i++) {
        if (record[8] >> i & 1) {
            *expires = (int64_t) cmt__le_get(record, 8) + widths[i] * BUCKETS;
        }
    }

    return rc;
}


static int
is_whole(const uint8_t *record, size_t len)
{
    return len >= HEAD_BYTES && record[8] != 0
           && len == HEAD_BYTES + RING_BYTES * rings_before(record[8],
                                                            CMT__TALLY_LEVELS);
}


/* No bytes are a tally that has counted nothing. */
static int
unpack(cmt_str_t packed, uint8_t *record, size_t *len)
{
    size_t          at;
    uint8_t        *ring;
    unsigned        i, bucket, mask;
    const uint8_t  *in;

    memset(record, 0, CMT__TALLY_BYTES_MAX);
    *len = HEAD_BYTES;

    if (packed.len == 0) {
        return CMT_OK;
    }

    in = (const uint8_t *) packed.data;

    if (packed.len < HEAD_BYTES || in[8] == 0) {
        return CMT_ECORRUPT;
    }

    memcpy(record, in, HEAD_BYTES);
    at = HEAD_BYTES;

    for (i = 0; i < CMT__TALLY_LEVELS; i++) {

        if ((record[8] >> i & 1) == 0) {
            continue;
        }
        if (packed.len - at < 2) {
            return CMT_ECORRUPT;
        }

        mask = (unsigned) cmt__le_get(in + at, 2);
        at += 2;
        ring = record + *len;
        *len += RING_BYTES;

        if (packed.len - at < 2 * (size_t) __builtin_popcount(mask)) {
            return CMT_ECORRUPT;
        }

        for (bucket = 0; bucket < BUCKETS; bucket++) {
            if (mask >> bucket & 1) {
                memcpy(ring + 2 * bucket, in + at, 2);
                at += 2;
            }
        }
    }

    return at == packed.len ? CMT_OK : CMT_ECORRUPT;
}


static size_t
pack(const uint8_t *record, uint8_t *out)
{
    uint8_t        *p, *mask_at;
    unsigned        i, bucket, mask;
    const uint8_t  *ring;

    memcpy(out, record, HEAD_BYTES);
    p = out + HEAD_BYTES;
    ring = record + HEAD_BYTES;

    for (i = 0; i < rings_before(record[8], CMT__TALLY_LEVELS); i++) {

        mask = 0;
        mask_at = p;
        p += 2;

        for (bucket = 0; bucket < BUCKETS; bucket++) {
            if (ring[2 * bucket] != 0 || ring[2 * bucket + 1] != 0) {
                mask |= 1u << bucket;
                memcpy(p, ring + 2 * bucket, 2);
                p += 2;
            }
        }

        cmt__le_put(mask_at, mask, 2);
        ring += RING_BYTES;
    }

    return (size_t) (p - out);
}


/* By the finest ring that covers the span, or the coarsest there is. */
static uint64_t
count(const uint8_t *record, int64_t seconds, int64_t now)
{
    int64_t         i, first, end;
    uint64_t        n;
    unsigned        levels, level;
    const uint8_t  *ring;
    uint8_t         rings[RING_BYTES];

    n = 0;
    levels = record[8];
    level = cmt__tally_level(seconds);

    while (level < CMT__TALLY_LEVELS - 1 && (levels >> level) > 1
           && (levels >> level & 1) == 0)
    {
        level++;
    }
    while ((levels >> level & 1) == 0) {
        level--;
    }

    ring = record + HEAD_BYTES + RING_BYTES * rings_before(levels, level);
    memcpy(rings, ring, RING_BYTES);
    move_on(rings, widths[level], (int64_t) cmt__le_get(record, 8), now);

    end = now / widths[level];
    first = (now - seconds + 1) / widths[level];

    if (first <= end - BUCKETS) {
        first = end - BUCKETS + 1;
    }

    for (i = first < 0 ? 0 : first; i <= end; i++) {
        n += cmt__le_get(rings + 2 * (i % BUCKETS), 2);
    }

    return n;
}


/* In all levels that it has, and these; gives the new length. */
static size_t
count_one(uint8_t *record, size_t len, unsigned levels, int64_t now,
    int64_t *expires)
{
    int64_t    last;
    uint8_t   *ring, *bucket;
    uint64_t   n;
    unsigned   i;

    last = (int64_t) cmt__le_get(record, 8);
    *expires = now;

    for (i = 0; i < CMT__TALLY_LEVELS; i++) {

        if (((levels | record[8]) >> i & 1) == 0) {
            continue;
        }

        ring = add_level(record, &len, i);
        move_on(ring, widths[i], last, now);

        bucket = ring + 2 * (now / widths[i] % BUCKETS);
        n = cmt__le_get(bucket, 2);
        cmt__le_put(bucket, n < UINT16_MAX ? n + 1 : n, 2);

        *expires = now + widths[i] * BUCKETS;
    }

    cmt__le_put(record, (uint64_t) (now > last ? now : last), 8);

    return len;
}


/* Empties the buckets whose time has come again. */
static void
move_on(uint8_t *ring, int64_t width, int64_t last, int64_t now)
{
    int64_t  i, end;

    i = last / width + 1;
    end = now / width;

    if (i < end - BUCKETS + 1) {
        i = end - BUCKETS + 1;
    }

    for ( /* void */ ; i <= end; i++) {
        cmt__le_put(ring + 2 * (i % BUCKETS), 0, 2);
    }
}


/* The ring of the level; a new one is put between the others. */
static uint8_t *
add_level(uint8_t *record, size_t *len, unsigned level)
{
    uint8_t  *ring;

    ring = record + HEAD_BYTES + RING_BYTES * rings_before(record[8], level);

    if ((record[8] >> level & 1) == 0) {
        memmove(ring + RING_BYTES, ring, *len - (size_t) (ring - record));
        memset(ring, 0, RING_BYTES);
        record[8] = (uint8_t) (record[8] | 1u << level);
        *len += RING_BYTES;
    }

    return ring;
}
