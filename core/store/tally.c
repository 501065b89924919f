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
 */

#include <string.h>

#include "schema.h"


#define BUCKETS      16
#define HEAD_BYTES   9
#define RING_BYTES   (2 * BUCKETS)


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


/* By the finest ring that covers the span, or the coarsest there is. */
int
cmt__tally_get(cmt_read_t *read, const cmt__memory_key_t *key,
    int64_t seconds, int64_t now, uint64_t *n)
{
    int             rc;
    int64_t         i, first, end;
    unsigned        levels, level;
    cmt_str_t       data;
    const uint8_t  *record, *ring;
    uint8_t         rings[RING_BYTES];

    *n = 0;

    rc = cmt__memory_get(read, key, now, &data);
    if (rc != CMT_OK) {
        return rc == CMT_ENOTFOUND ? CMT_OK : rc;
    }

    record = (const uint8_t *) data.data;

    if (data.len < HEAD_BYTES || record[8] == 0
        || data.len != HEAD_BYTES + RING_BYTES
                                    * rings_before(record[8],
                                                   CMT__TALLY_LEVELS))
    {
        return CMT_ECORRUPT;
    }

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
        *n += cmt__le_get(rings + 2 * (i % BUCKETS), 2);
    }

    return CMT_OK;
}


int
cmt__tally_add(cmt__write_t *write, const cmt__memory_key_t *key,
    unsigned levels, int64_t now, cmt_error_t *err)
{
    int         rc;
    size_t      len;
    int64_t     last, expires;
    uint8_t     record[CMT__TALLY_BYTES_MAX], *ring, *bucket;
    uint64_t    count;
    unsigned    i;
    cmt_str_t   data;

    memset(record, 0, sizeof(record));
    rc = cmt__memory_get(&write->view, key, now, &data);

    if (rc == CMT_OK && data.len >= HEAD_BYTES
        && data.len <= CMT__TALLY_BYTES_MAX)
    {
        len = data.len;
        memcpy(record, data.data, len);

    } else if (rc == CMT_OK || rc == CMT_ENOTFOUND) {
        len = HEAD_BYTES;

    } else {
        return cmt__fail(err, rc, NULL, "tally");
    }

    last = (int64_t) cmt__le_get(record, 8);
    expires = now;

    for (i = 0; i < CMT__TALLY_LEVELS; i++) {

        if (((levels | record[8]) >> i & 1) == 0) {
            continue;
        }

        ring = add_level(record, &len, i);
        move_on(ring, widths[i], last, now);

        bucket = ring + 2 * (now / widths[i] % BUCKETS);
        count = cmt__le_get(bucket, 2);
        cmt__le_put(bucket, count < UINT16_MAX ? count + 1 : count, 2);

        expires = now + widths[i] * BUCKETS;
    }

    cmt__le_put(record, (uint64_t) (now > last ? now : last), 8);

    return cmt__memory_put(write, key, expires,
                           (cmt_str_t) { len, (const char *) record }, err);
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
