/*
 * limits.c: limits of speed of one event, all or none of which count it.
 *
 * apply asks and counts them.  Long before, prepare asks a snapshot: who must
 * wait anyhow costs no work.
 */

#include "actions.h"


static int limits_ask(cmt_read_t *read, uint32_t site,
    const cmt__pace_t *paces, size_t n, int64_t now, unsigned *wait_seconds)
    CMT_CHECK;


int
cmt__limits(cmt__write_t *write, cmt_change_t *change, uint32_t site,
    const cmt__pace_t *paces, size_t n, int64_t now, int *wrote,
    cmt_error_t *err)
{
    int       rc;
    size_t    i;
    unsigned  wait;

    rc = limits_ask(cmt__write_view(write), site, paces, n, now, &wait);
    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, "record of a limit");
    }

    if (wait > 0) {
        return cmt__refuse(change, CMT_EFLOOD, NULL, wait);
    }

    *wrote = 1;

    for (i = 0; i < n && rc == CMT_OK; i++) {
        rc = cmt__limit(write, site, paces[i].kind, paces[i].key,
                        paces[i].rate, now, 1, &wait, err);
    }

    return rc;
}


int
cmt__limits_wait(cmt_store_t *store, cmt_str_t site, const cmt__pace_t *paces,
    size_t n, int64_t now, cmt_error_t *err)
{
    int          rc;
    unsigned     wait;
    uint32_t     id;
    cmt_read_t  *read;

    rc = cmt_read_begin(store, &read, err);
    if (rc != CMT_OK) {
        return rc;
    }

    wait = 0;
    rc = cmt__site_find(read, site, &id);

    if (rc == CMT_OK) {
        rc = limits_ask(read, id, paces, n, now, &wait);

    } else if (rc == CMT_ENOTFOUND) {
        rc = CMT_OK;             /* nobody has posted */
    }

    cmt_read_end(read);

    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, "record of a limit");
    }
    if (wait == 0) {
        return CMT_OK;
    }

    rc = cmt__fail(err, CMT_EFLOOD, NULL, "before any work");
    if (err != NULL) {
        err->retry_seconds = wait;
    }

    return rc;
}


static int
limits_ask(cmt_read_t *read, uint32_t site, const cmt__pace_t *paces,
    size_t n, int64_t now, unsigned *wait_seconds)
{
    int       rc;
    size_t    i;
    unsigned  wait;

    *wait_seconds = 0;

    for (i = 0; i < n; i++) {

        rc = cmt__limit_wait(read, site, paces[i].kind, paces[i].key,
                             paces[i].rate, now, &wait);
        if (rc != CMT_OK) {
            return rc;
        }

        if (wait > *wait_seconds) {
            *wait_seconds = wait;
        }
    }

    return CMT_OK;
}
