/*
 * ban.c: who and what is banned from a site.
 *
 *   ban, little-endian
 *     0 version:1   1 status:1   2 actor length:1   3 domain length:1
 *     4 note length:2            6 zero:2
 *     8 created:8  16 until:8   24 comment:8
 *    32 actor, domain, note
 *
 * The key has one of the author's hashes, that of an address, or that of a
 * domain, which alone is kept in words.
 */

#include <string.h>

#include "schema.h"


#define BAN_BYTES    32
#define BAN_VERSION  1


static size_t
ban_key(uint8_t key[CMT__BAN_KEY_BYTES], uint32_t site,
    cmt__banned_t kind, const cmt__hash_t *hash)
{
    cmt__be_put(key, site, 4);
    key[4] = 'b';
    key[5] = (uint8_t) kind;
    memcpy(key + 6, hash->bytes, CMT_HASH_BYTES);

    return CMT__BAN_KEY_BYTES;
}


int
cmt__ban_decode(cmt_str_t value, cmt__ban_t *ban)
{
    size_t          at, note;
    const uint8_t  *in;

    in = (const uint8_t *) value.data;

    if (value.len < BAN_BYTES || in[0] != BAN_VERSION
        || in[1] < CMT_PENDING || in[1] > CMT_REJECTED)
    {
        return CMT_ECORRUPT;
    }

    note = cmt__le_get(in + 4, 2);

    if (value.len != (size_t) BAN_BYTES + in[2] + in[3] + note) {
        return CMT_ECORRUPT;
    }

    ban->status = (cmt_status_t) in[1];
    ban->created = (int64_t) cmt__le_get(in + 8, 8);
    ban->until = (int64_t) cmt__le_get(in + 16, 8);
    ban->comment = cmt__le_get(in + 24, 8);

    at = BAN_BYTES;
    ban->actor = cmt__str_sub(value, at, at + in[2]);
    at += in[2];
    ban->domain = cmt__str_sub(value, at, at + in[3]);
    at += in[3];
    ban->note = cmt__str_sub(value, at, at + note);

    return CMT_OK;
}


int
cmt__ban_get(cmt_read_t *read, uint32_t site, cmt__banned_t kind,
    const cmt__hash_t *hash, cmt__ban_t *ban)
{
    int        rc;
    uint8_t    key[CMT__BAN_KEY_BYTES];
    cmt_str_t  value;

    rc = cmt__get(read, CMT__MODERATION, key, ban_key(key, site, kind, hash),
                  &value);
    if (rc != CMT_OK) {
        return rc;
    }

    ban->kind = kind;
    ban->hash = *hash;

    return cmt__ban_decode(value, ban);
}


int
cmt__ban_next(cmt_read_t *read, uint32_t site, cmt__ban_t *ban)
{
    int             rc;
    uint8_t         key[CMT__BAN_KEY_BYTES];
    cmt_str_t       value;
    const uint8_t  *found;

    rc = cmt__next(read, CMT__MODERATION, key,
                   ban_key(key, site, ban->kind, &ban->hash), 5, &found,
                   &value);
    if (rc != CMT_OK) {
        return rc;
    }

    ban->kind = (cmt__banned_t) found[5];
    memcpy(ban->hash.bytes, found + 6, CMT_HASH_BYTES);

    return cmt__ban_decode(value, ban);
}


int
cmt__bans_any(cmt_read_t *read, uint32_t site, cmt__banned_t kind)
{
    int         rc;
    cmt__ban_t  ban;

    memset(&ban, 0, sizeof(ban));
    ban.kind = kind;

    rc = cmt__ban_next(read, site, &ban);

    return rc == CMT_OK && ban.kind != kind ? CMT_ENOTFOUND : rc;
}


int
cmt__ban_put(cmt__write_t *write, uint32_t site, const cmt__ban_t *ban,
    cmt_error_t *err)
{
    int       rc;
    size_t    len;
    uint8_t   key[CMT__BAN_KEY_BYTES], *p;

    if (ban->actor.len > UINT8_MAX || ban->domain.len > UINT8_MAX
        || ban->note.len > UINT16_MAX)
    {
        return cmt__fail(err, CMT_EINTERNAL, NULL, "a ban too large");
    }

    len = BAN_BYTES + ban->actor.len + ban->domain.len + ban->note.len;

    rc = cmt__reserve(write, CMT__MODERATION, key,
                      ban_key(key, site, ban->kind, &ban->hash), len, &p,
                      err);
    if (rc != CMT_OK) {
        return rc;
    }

    memset(p, 0, BAN_BYTES);
    p[0] = BAN_VERSION;
    p[1] = (uint8_t) ban->status;
    p[2] = (uint8_t) ban->actor.len;
    p[3] = (uint8_t) ban->domain.len;
    cmt__le_put(p + 4, ban->note.len, 2);
    cmt__le_put(p + 8, (uint64_t) ban->created, 8);
    cmt__le_put(p + 16, (uint64_t) ban->until, 8);
    cmt__le_put(p + 24, ban->comment, 8);

    p += BAN_BYTES;

    if (ban->actor.len > 0) {
        memcpy(p, ban->actor.data, ban->actor.len);
        p += ban->actor.len;
    }
    if (ban->domain.len > 0) {
        memcpy(p, ban->domain.data, ban->domain.len);
        p += ban->domain.len;
    }
    if (ban->note.len > 0) {
        memcpy(p, ban->note.data, ban->note.len);
    }

    return CMT_OK;
}


int
cmt__ban_drop(cmt__write_t *write, uint32_t site, cmt__banned_t kind,
    const cmt__hash_t *hash, cmt_error_t *err)
{
    uint8_t  key[CMT__BAN_KEY_BYTES];

    return cmt__del(write, CMT__MODERATION, key,
                    ban_key(key, site, kind, hash), err);
}
