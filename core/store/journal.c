/*
 * journal.c: what was done, in order.
 *
 *   entry, little-endian
 *     0 version:1   1 did:1   2 before:1   3 after:1   4 site:4
 *     8 thread:8   16 comment:8   24 time:8
 *    32 actor length:2, actor
 *       in version 2, of what has a deed: undoes:8, hash of the deed:32
 *       chain:32
 *
 * chain = BLAKE2b-256(chain of the entry before, seq:8 and all bytes before
 * the chain): who changes an entry must change all that follow, and the last
 * chain stands in the store's head.
 */

#include <string.h>

#include "schema.h"


#define ENTRY_BYTES    34
#define DEED_BYTES     (8 + CMT__CHAIN_BYTES)
#define VERSION_PLAIN  1
#define VERSION_DEED   2


uint64_t
cmt__journal_next(const cmt__write_t *write)
{
    return write->head.seq + 1;
}


int
cmt__journal_append(cmt__write_t *write, cmt__entry_t *entry,
    cmt_error_t *err)
{
    int      rc;
    size_t   len;
    uint8_t  key[8], out[8 + ENTRY_BYTES + CMT__ACTOR_BYTES_MAX + DEED_BYTES
                         + CMT__CHAIN_BYTES];
    uint8_t  *p;

    if (entry->actor.len > CMT__ACTOR_BYTES_MAX) {
        entry->actor.len = CMT__ACTOR_BYTES_MAX;
    }

    entry->seq = cmt__journal_next(write);

    cmt__le_put(out, entry->seq, 8);

    p = out + 8;
    p[0] = entry->has_deed ? VERSION_DEED : VERSION_PLAIN;
    p[1] = (uint8_t) entry->did;
    p[2] = (uint8_t) entry->before;
    p[3] = (uint8_t) entry->after;
    cmt__le_put(p + 4, entry->site, 4);
    cmt__le_put(p + 8, entry->thread, 8);
    cmt__le_put(p + 16, entry->comment, 8);
    cmt__le_put(p + 24, (uint64_t) entry->time, 8);
    cmt__le_put(p + 32, entry->actor.len, 2);
    memcpy(p + ENTRY_BYTES, entry->actor.data, entry->actor.len);

    len = ENTRY_BYTES + entry->actor.len;

    if (entry->has_deed) {
        cmt__le_put(p + len, entry->undoes, 8);
        memcpy(p + len + 8, entry->digest, CMT__CHAIN_BYTES);
        len += DEED_BYTES;
    }

    cmt__chain(write->head.chain, (cmt_str_t) { 8 + len, (char *) out },
               p + len);

    cmt__be_put(key, entry->seq, 8);
    rc = cmt__put(write, CMT__JOURNAL, key, 8, p, len + CMT__CHAIN_BYTES,
                  err);
    if (rc != CMT_OK) {
        return rc;
    }

    memcpy(write->head.chain, p + len, CMT__CHAIN_BYTES);
    write->head.seq = entry->seq;

    return CMT_OK;
}


int
cmt__journal_get(cmt_read_t *read, uint64_t seq, cmt__entry_t *entry,
    uint8_t chain[CMT__CHAIN_BYTES])
{
    int             rc;
    size_t          actor, end;
    uint8_t         key[8];
    cmt_str_t       value;
    const uint8_t  *in;

    cmt__be_put(key, seq, 8);

    rc = cmt__get(read, CMT__JOURNAL, key, 8, &value);
    if (rc != CMT_OK) {
        return rc;
    }

    in = (const uint8_t *) value.data;

    if (value.len < ENTRY_BYTES + CMT__CHAIN_BYTES
        || (in[0] != VERSION_PLAIN && in[0] != VERSION_DEED))
    {
        return CMT_ECORRUPT;
    }

    actor = cmt__le_get(in + 32, 2);
    end = ENTRY_BYTES + actor + (in[0] == VERSION_DEED ? DEED_BYTES : 0);

    if (value.len != end + CMT__CHAIN_BYTES) {
        return CMT_ECORRUPT;
    }

    memset(entry, 0, sizeof(*entry));
    entry->seq = seq;
    entry->did = (cmt__did_t) in[1];
    entry->before = in[2];
    entry->after = in[3];
    entry->site = (uint32_t) cmt__le_get(in + 4, 4);
    entry->thread = cmt__le_get(in + 8, 8);
    entry->comment = cmt__le_get(in + 16, 8);
    entry->time = (int64_t) cmt__le_get(in + 24, 8);
    entry->actor = cmt__str_sub(value, ENTRY_BYTES, ENTRY_BYTES + actor);
    memcpy(chain, in + end, CMT__CHAIN_BYTES);

    if (in[0] == VERSION_DEED) {
        entry->has_deed = 1;
        entry->undoes = cmt__le_get(in + ENTRY_BYTES + actor, 8);
        memcpy(entry->digest, in + end - CMT__CHAIN_BYTES,
               CMT__CHAIN_BYTES);
    }

    return CMT_OK;
}


int
cmt__journal_last(cmt_read_t *read, uint64_t *seq)
{
    int          rc;
    cmt__head_t  head;

    rc = cmt__head_read(read, &head);
    if (rc == CMT_OK) {
        *seq = head.seq;
    }

    return rc;
}
