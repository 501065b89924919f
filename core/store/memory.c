/*
 * memory.c: what rules remember for a while, by name and key.
 *
 *   site:4 kind:1 name-len:1 name key      expires:8 data
 *   site:4 'q'                             bytes:8, of what rules keep
 *   0:4 day:4 KEY                          -, KEY is over when that day comes
 *
 * Every record stands once in the list of days, which lies at the front, so
 * that what is over is found without looking at what is not.  A key that is
 * too long stands as its digest.
 */

#include <assert.h>
#include <string.h>

#include "schema.h"


#define KIND_QUOTA      'q'
#define PREFIX_BYTES    6            /* site, kind, length of the name */
#define DAY_BYTES       8
#define KEY_BYTES       (PREFIX_BYTES + CMT__MEMORY_NAME_BYTES_MAX            \
                         + CMT__MEMORY_KEY_BYTES_MAX)


static size_t make_key(uint8_t *key, const cmt__memory_key_t *k);
static size_t make_day(uint8_t *out, int64_t expires, const uint8_t *key,
    size_t len);
static int count_bytes(cmt__write_t *write, const uint8_t *key,
    int64_t bytes, cmt_error_t *err) CMT_CHECK;
static int drop(cmt__write_t *write, const uint8_t *key, size_t len,
    cmt_error_t *err) CMT_CHECK;


int
cmt__memory_get(cmt_read_t *read, const cmt__memory_key_t *k, int64_t now,
    cmt_str_t *data)
{
    int        rc;
    uint8_t    key[KEY_BYTES];
    cmt_str_t  value;

    rc = cmt__get(read, CMT__MEMORY, key, make_key(key, k), &value);
    if (rc != CMT_OK) {
        return rc;
    }

    if (value.len < 8) {
        return CMT_ECORRUPT;
    }

    if ((int64_t) cmt__le_get((const uint8_t *) value.data, 8) <= now) {
        return CMT_ENOTFOUND;
    }

    *data = cmt__str_sub(value, 8, value.len);

    return CMT_OK;
}


int
cmt__memory_put(cmt__write_t *write, const cmt__memory_key_t *k,
    int64_t expires, cmt_str_t data, cmt_error_t *err)
{
    int        rc;
    size_t     len, old_len, day_len;
    int64_t    old;
    uint8_t    key[KEY_BYTES], day[DAY_BYTES + KEY_BYTES], *value;
    cmt_str_t  was;

    len = make_key(key, k);
    rc = cmt__get(&write->view, CMT__MEMORY, key, len, &was);

    if (rc != CMT_OK && rc != CMT_ENOTFOUND) {
        return cmt__fail(err, rc, NULL, "memory of rules");
    }

    old_len = rc == CMT_OK && was.len >= 8 ? len + was.len : 0;
    old = old_len != 0 ? (int64_t) cmt__le_get((const uint8_t *) was.data, 8)
                       : 0;

    if (old_len == 0
        || old / CMT__SECONDS_A_DAY != expires / CMT__SECONDS_A_DAY)
    {

        if (old_len != 0) {
            day_len = make_day(day, old, key, len);
            rc = cmt__del(write, CMT__MEMORY, day, day_len, err);

            if (rc != CMT_OK) {
                return rc;
            }
        }

        day_len = make_day(day, expires, key, len);
        rc = cmt__put(write, CMT__MEMORY, day, day_len, "", 0, err);

        if (rc != CMT_OK) {
            return rc;
        }
    }

    rc = count_bytes(write, key, (int64_t) (len + 8 + data.len)
                                 - (int64_t) old_len, err);
    if (rc != CMT_OK) {
        return rc;
    }

    rc = cmt__reserve(write, CMT__MEMORY, key, len, 8 + data.len, &value,
                      err);
    if (rc != CMT_OK) {
        return rc;
    }

    cmt__le_put(value, (uint64_t) expires, 8);
    memcpy(value + 8, data.data, data.len);

    return CMT_OK;
}


int
cmt__memory_del(cmt__write_t *write, const cmt__memory_key_t *k,
    cmt_error_t *err)
{
    uint8_t  key[KEY_BYTES];

    return drop(write, key, make_key(key, k), err);
}


int
cmt__memory_fits(cmt_read_t *read, const cmt__memory_key_t *k, size_t bytes,
    int *fits)
{
    int        rc;
    size_t     len;
    uint8_t    key[KEY_BYTES];
    uint64_t   used;
    cmt_str_t  value;

    len = make_key(key, k);
    bytes += len + 8;

    rc = cmt__get(read, CMT__MEMORY, key, len, &value);

    if (rc == CMT_OK) {                 /* what is there makes room */
        bytes = bytes > len + value.len ? bytes - len - value.len : 0;

    } else if (rc != CMT_ENOTFOUND) {
        return rc;
    }

    rc = cmt__memory_used(read, k->site, &used);

    if (rc == CMT_OK) {
        *fits = bytes == 0 || used + bytes <= CMT_RULES_STORE_BYTES_MAX;
    }

    return rc;
}


int
cmt__memory_used(cmt_read_t *read, uint32_t site, uint64_t *bytes)
{
    int        rc;
    uint8_t    key[5];
    cmt_str_t  value;

    cmt__be_put(key, site, 4);
    key[4] = KIND_QUOTA;

    rc = cmt__get(read, CMT__MEMORY, key, sizeof(key), &value);

    if (rc == CMT_ENOTFOUND) {
        *bytes = 0;
        return CMT_OK;
    }

    if (rc == CMT_OK && value.len != 8) {
        return CMT_ECORRUPT;
    }

    if (rc == CMT_OK) {
        *bytes = cmt__le_get((const uint8_t *) value.data, 8);
    }

    return rc;
}


int
cmt__memory_purge(cmt__write_t *write, int64_t now, size_t n_max, size_t *n,
    cmt_error_t *err)
{
    int          rc;
    size_t       len;
    uint8_t      key[KEY_BYTES], day[DAY_BYTES + KEY_BYTES];
    MDB_val      k;
    MDB_cursor  *cursor;

    for (*n = 0; *n < n_max; (*n)++) {

        rc = cmt__cursor(&write->view, CMT__MEMORY, &cursor);
        if (rc != CMT_OK) {
            return cmt__fail(err, rc, NULL, "cursor");
        }

        rc = mdb_cursor_get(cursor, &k, NULL, MDB_FIRST);
        len = k.mv_size;

        if (rc == 0 && len <= sizeof(day)) {
            memcpy(day, k.mv_data, len);
        }

        mdb_cursor_close(cursor);

        if (rc == MDB_NOTFOUND) {
            return CMT_OK;
        }
        if (rc != 0) {
            return cmt__store_fail(err, rc, "purge");
        }

        if (len <= DAY_BYTES + PREFIX_BYTES || len > sizeof(day)
            || cmt__be_get(day, 4) != 0
            || (int64_t) cmt__be_get(day + 4, 4) > now / CMT__SECONDS_A_DAY)
        {
            return CMT_OK;
        }

        memcpy(key, day + DAY_BYTES, len - DAY_BYTES);

        rc = drop(write, key, len - DAY_BYTES, err);
        if (rc == CMT_OK) {
            rc = cmt__del(write, CMT__MEMORY, day, len, err);
        }
        if (rc != CMT_OK) {
            return rc;
        }
    }

    return CMT_OK;
}


/* The record, its day, and its bytes from the quota. */
static int
drop(cmt__write_t *write, const uint8_t *key, size_t len, cmt_error_t *err)
{
    int        rc;
    size_t     bytes;
    int64_t    expires;
    uint8_t    day[DAY_BYTES + KEY_BYTES];
    cmt_str_t  value;

    rc = cmt__get(&write->view, CMT__MEMORY, key, len, &value);

    if (rc == CMT_ENOTFOUND) {
        return CMT_OK;
    }
    if (rc != CMT_OK || value.len < 8) {
        return cmt__fail(err, rc == CMT_OK ? CMT_ECORRUPT : rc, NULL,
                         "memory of rules");
    }

    expires = (int64_t) cmt__le_get((const uint8_t *) value.data, 8);
    bytes = len + value.len;

    rc = cmt__del(write, CMT__MEMORY, day, make_day(day, expires, key, len),
                  err);
    if (rc == CMT_OK) {
        rc = count_bytes(write, key, - (int64_t) bytes, err);
    }
    if (rc == CMT_OK) {
        rc = cmt__del(write, CMT__MEMORY, key, len, err);
    }

    return rc;
}


/* What the core counts is not the rules' to pay for. */
static int
count_bytes(cmt__write_t *write, const uint8_t *key, int64_t bytes,
    cmt_error_t *err)
{
    int       rc;
    uint8_t   quota[5], value[8];
    uint32_t  site;
    uint64_t  used;

    if (key[4] == CMT__MEMORY_POSTS) {
        return CMT_OK;
    }

    site = (uint32_t) cmt__be_get(key, 4);

    rc = cmt__memory_used(&write->view, site, &used);
    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, "quota of rules");
    }

    memcpy(quota, key, 4);
    quota[4] = KIND_QUOTA;
    cmt__le_put(value, (uint64_t) ((int64_t) used + bytes), 8);

    return cmt__put(write, CMT__MEMORY, quota, sizeof(quota), value, 8, err);
}


static size_t
make_key(uint8_t *key, const cmt__memory_key_t *k)
{
    char       hex[65];
    cmt_str_t  s;

    assert(k->name.len <= CMT__MEMORY_NAME_BYTES_MAX);

    s = k->key;

    if (s.len > CMT__MEMORY_KEY_BYTES_MAX) {
        cmt__digest_hex(s, hex);
        s = (cmt_str_t) { sizeof(hex) - 1, hex };
    }

    cmt__be_put(key, k->site, 4);
    key[4] = (uint8_t) k->kind;
    key[5] = (uint8_t) k->name.len;
    memcpy(key + PREFIX_BYTES, k->name.data, k->name.len);
    memcpy(key + PREFIX_BYTES + k->name.len, s.data, s.len);

    return PREFIX_BYTES + k->name.len + s.len;
}


static size_t
make_day(uint8_t *out, int64_t expires, const uint8_t *key, size_t len)
{
    cmt__be_put(out, 0, 4);
    cmt__be_put(out + 4, (uint64_t) (expires / CMT__SECONDS_A_DAY + 1), 4);
    memcpy(out + DAY_BYTES, key, len);

    return DAY_BYTES + len;
}
