/*
 * daily.c: records that live for some days.  The day stands first in the
 * key, so that what is over lies together and is dropped from the front.
 */

#include <string.h>

#include "schema.h"


/* When the next event will be due, and the key of that record. */
typedef struct {
    int64_t   ms;
    size_t    len;               /* of the key; 0: there is no limit         */
    uint8_t   key[CMT__DAILY_KEY_BYTES];
} due_t;


/*
 * The record is the time, in milliseconds, at which all events so far would
 * have come had they kept the pace (the "theoretical arrival time").  An
 * event may be early by the whole span less one pace.  A key begins anew
 * each day: the address keys do so too.
 */
static int
limit_due(cmt_read_t *read, uint32_t site, cmt__limit_t kind,
    const cmt__hash_t *key, cmt_rate_t rate, int64_t now, due_t *due,
    unsigned *wait_seconds)
{
    int        rc;
    int64_t    pace, span, early, now_ms;
    cmt_str_t  record;

    *wait_seconds = 0;
    due->len = 0;

    if (rate.posts == 0 || cmt__hash_is_zero(key)) {
        return CMT_OK;
    }

    due->len = cmt__key_daily(due->key, now / CMT__SECONDS_A_DAY,
                              (unsigned) kind, site, key);
    now_ms = now * 1000;
    span = (int64_t) rate.seconds * 1000;
    pace = span / rate.posts;

    rc = cmt__get(read, CMT__DAILY, due->key, due->len, &record);

    if (rc == CMT_ENOTFOUND) {
        due->ms = now_ms;

    } else if (rc != CMT_OK || record.len < CMT__DUE_BYTES) {
        return rc == CMT_OK ? CMT_ECORRUPT : rc;

    } else {
        due->ms = (int64_t) cmt__le_get((const uint8_t *) record.data, 8);
        if (due->ms < now_ms) {
            due->ms = now_ms;
        }
    }

    due->ms += pace;
    early = due->ms - span - now_ms;

    if (early > 0) {
        *wait_seconds = (unsigned) ((early + 999) / 1000);
    }

    return CMT_OK;
}


/* An address has its posts counted in the same record. */
static int
due_put(cmt__write_t *write, const due_t *due, cmt_error_t *err)
{
    int        rc;
    uint8_t    value[CMT__DUE_BYTES + CMT__TALLY_PACKED_MAX];
    cmt_str_t  was;

    rc = cmt__get(&write->view, CMT__DAILY, due->key, due->len, &was);

    if (rc == CMT_ENOTFOUND) {
        was.len = CMT__DUE_BYTES;

    } else if (rc != CMT_OK || was.len > sizeof(value)) {
        return cmt__fail(err, rc == CMT_OK ? CMT_ECORRUPT : rc, NULL,
                         "record of a limit");
    } else {
        memcpy(value, was.data, was.len);
    }

    cmt__le_put(value, (uint64_t) due->ms, CMT__DUE_BYTES);

    return cmt__put(write, CMT__DAILY, due->key, due->len, value, was.len,
                    err);
}


int
cmt__limit(cmt__write_t *write, uint32_t site, cmt__limit_t kind,
    const cmt__hash_t *key, cmt_rate_t rate, int64_t now, int take,
    unsigned *wait_seconds, cmt_error_t *err)
{
    int     rc;
    due_t   due;

    rc = limit_due(&write->view, site, kind, key, rate, now, &due,
                   wait_seconds);
    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, "record of a limit");
    }

    if (due.len == 0 || *wait_seconds > 0 || !take) {
        return CMT_OK;
    }

    return due_put(write, &due, err);
}


int
cmt__limit_wait(cmt_read_t *read, uint32_t site, cmt__limit_t kind,
    const cmt__hash_t *key, cmt_rate_t rate, int64_t now,
    unsigned *wait_seconds)
{
    due_t  due;

    return limit_due(read, site, kind, key, rate, now, &due, wait_seconds);
}


int
cmt__daily_purge(cmt__write_t *write, int64_t now, size_t n_max, size_t *n,
    cmt_error_t *err)
{
    int          rc;
    MDB_val      k;
    int64_t      first_kept;
    MDB_cursor  *cursor;

    *n = 0;
    first_kept = now / CMT__SECONDS_A_DAY - CMT_TOKEN_DAYS + 1;

    rc = cmt__cursor(&write->view, CMT__DAILY, &cursor);
    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, "cursor");
    }

    rc = mdb_cursor_get(cursor, &k, NULL, MDB_FIRST);

    while (rc == 0 && *n < n_max && k.mv_size > 4
           && (int64_t) cmt__be_get(k.mv_data, 4) < first_kept)
    {
        rc = mdb_cursor_del(cursor, 0);
        if (rc == 0) {
            (*n)++;
            rc = mdb_cursor_get(cursor, &k, NULL, MDB_FIRST);
        }
    }

    mdb_cursor_close(cursor);

    return rc == 0 || rc == MDB_NOTFOUND ? CMT_OK
                                         : cmt__store_fail(err, rc, "purge");
}
