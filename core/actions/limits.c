/*
 * limits.c: limits of speed of one event, all or none of which count it.
 */

#include "actions.h"


static int limits_walk(cmt__write_t *write, uint32_t site,
    const cmt__pace_t *paces, size_t n, int64_t now, int take,
    unsigned *wait_seconds, cmt_error_t *err) CMT_CHECK;


int
cmt__limits(cmt__write_t *write, cmt_change_t *change, uint32_t site,
    const cmt__pace_t *paces, size_t n, int64_t now, int *wrote,
    cmt_error_t *err)
{
    int       rc;
    unsigned  wait;

    rc = limits_walk(write, site, paces, n, now, 0, &wait, err);
    if (rc != CMT_OK) {
        return rc;
    }

    if (wait > 0) {
        return cmt__refuse(change, CMT_EFLOOD, NULL, wait);
    }

    *wrote = 1;

    return limits_walk(write, site, paces, n, now, 1, &wait, err);
}


static int
limits_walk(cmt__write_t *write, uint32_t site, const cmt__pace_t *paces,
    size_t n, int64_t now, int take, unsigned *wait_seconds,
    cmt_error_t *err)
{
    int       rc;
    size_t    i;
    unsigned  wait;

    *wait_seconds = 0;

    for (i = 0; i < n; i++) {

        rc = cmt__limit(write, site, paces[i].kind, paces[i].key,
                        paces[i].rate, now, take, &wait, err);
        if (rc != CMT_OK) {
            return rc;
        }

        if (wait > *wait_seconds) {
            *wait_seconds = wait;
        }
    }

    return CMT_OK;
}
