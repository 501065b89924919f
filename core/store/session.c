/*
 * session.c: sessions of moderators.
 *
 *   session, little-endian
 *     0 version:1   1 name length:1   2 zero:2   4 created:8   12 touched:8
 *    20 mark:16    36 name
 *
 * The key has the hash of the secret, and not the secret.
 */

#include <string.h>

#include "schema.h"


#define SESSION_BYTES    36
#define SESSION_VERSION  1


static size_t
session_key(uint8_t key[CMT__SESSION_KEY_BYTES], uint32_t site,
    const cmt__hash_t *hash)
{
    cmt__be_put(key, site, 4);
    key[4] = 's';
    memcpy(key + 5, hash->bytes, CMT_HASH_BYTES);

    return CMT__SESSION_KEY_BYTES;
}


int
cmt__session_decode(cmt_str_t value, cmt__session_t *session)
{
    const uint8_t  *in;

    in = (const uint8_t *) value.data;

    if (value.len < SESSION_BYTES || in[0] != SESSION_VERSION
        || value.len != (size_t) SESSION_BYTES + in[1])
    {
        return CMT_ECORRUPT;
    }

    session->created = (int64_t) cmt__le_get(in + 4, 8);
    session->touched = (int64_t) cmt__le_get(in + 12, 8);
    memcpy(session->mark.bytes, in + 20, CMT_HASH_BYTES);
    session->name = cmt__str_sub(value, SESSION_BYTES, value.len);

    return CMT_OK;
}


int
cmt__session_get(cmt_read_t *read, uint32_t site, const cmt__hash_t *hash,
    cmt__session_t *session)
{
    int        rc;
    uint8_t    key[CMT__SESSION_KEY_BYTES];
    cmt_str_t  value;

    rc = cmt__get(read, CMT__MODERATION, key, session_key(key, site, hash),
                  &value);
    if (rc != CMT_OK) {
        return rc;
    }

    session->hash = *hash;

    return cmt__session_decode(value, session);
}


/* A hash of zeros is no secret's. */
int
cmt__session_next(cmt_read_t *read, uint32_t site, cmt__session_t *session)
{
    int             rc;
    uint8_t         key[CMT__SESSION_KEY_BYTES];
    cmt_str_t       value;
    const uint8_t  *found;

    rc = cmt__next(read, CMT__MODERATION, key,
                   session_key(key, site, &session->hash), 5, &found, &value);
    if (rc != CMT_OK) {
        return rc;
    }

    memcpy(session->hash.bytes, found + 5, CMT_HASH_BYTES);

    return cmt__session_decode(value, session);
}


int
cmt__session_put(cmt__write_t *write, uint32_t site,
    const cmt__session_t *session, cmt_error_t *err)
{
    size_t   len;
    uint8_t  key[CMT__SESSION_KEY_BYTES];
    uint8_t  value[SESSION_BYTES + CMT_MODERATOR_NAME_BYTES_MAX];

    len = session->name.len < CMT_MODERATOR_NAME_BYTES_MAX
          ? session->name.len : CMT_MODERATOR_NAME_BYTES_MAX;

    memset(value, 0, SESSION_BYTES);
    value[0] = SESSION_VERSION;
    value[1] = (uint8_t) len;
    cmt__le_put(value + 4, (uint64_t) session->created, 8);
    cmt__le_put(value + 12, (uint64_t) session->touched, 8);
    memcpy(value + 20, session->mark.bytes, CMT_HASH_BYTES);
    memcpy(value + SESSION_BYTES, session->name.data, len);

    return cmt__put(write, CMT__MODERATION, key,
                    session_key(key, site, &session->hash), value,
                    SESSION_BYTES + len, err);
}


int
cmt__session_drop(cmt__write_t *write, uint32_t site,
    const cmt__hash_t *hash, cmt_error_t *err)
{
    uint8_t  key[CMT__SESSION_KEY_BYTES];

    return cmt__del(write, CMT__MODERATION, key,
                    session_key(key, site, hash), err);
}


int
cmt__session_over(const cmt__session_t *session, int64_t now)
{
    return now - session->created >= CMT_SESSION_SECONDS
           || now - session->touched >= CMT_SESSION_IDLE_SECONDS;
}


int
cmt__sessions_purge(cmt__write_t *write, int64_t now, size_t n_max,
    size_t *n, cmt_error_t *err)
{
    int             rc;
    uint32_t        site;
    cmt__session_t  s;

    *n = 0;

    for (site = 1; site < write->head.next_site; site++) {

        memset(&s, 0, sizeof(s));

        while (*n < n_max
               && (rc = cmt__session_next(&write->view, site, &s)) == CMT_OK)
        {
            if (!cmt__session_over(&s, now)) {
                continue;
            }

            rc = cmt__session_drop(write, site, &s.hash, err);
            if (rc != CMT_OK) {
                return rc;
            }

            (*n)++;
        }
    }

    return CMT_OK;
}
