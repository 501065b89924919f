/*
 * check_moderation.c: what is kept for moderators.
 */

#include <inttypes.h>

#include "check.h"


int
cmt__check_moderation(cmt__check_t *check, const MDB_val *key,
    const MDB_val *value)
{
    cmt_str_t       v;
    cmt__ban_t      ban;
    cmt__session_t  session;
    const uint8_t  *k;

    k = key->mv_data;
    v = (cmt_str_t) { value->mv_size, value->mv_data };

    if (key->mv_size < 5 || cmt__be_get(k, 4) == 0
        || cmt__be_get(k, 4) >= check->head.next_site)
    {
        cmt__problem(check, "moderation: a record of no site");
        return CMT_OK;
    }

    if (k[4] == 'r' && key->mv_size == CMT__REPORTED_KEY_BYTES) {
        return CMT_OK;          /* told by its comment, and counted there */
    }

    check->moderation++;

    if (k[4] == 'b' && key->mv_size == CMT__BAN_KEY_BYTES
        && cmt__ban_decode(v, &ban) == CMT_OK)
    {
        return CMT_OK;
    }

    if (k[4] != 's' || key->mv_size != CMT__SESSION_KEY_BYTES
        || cmt__session_decode(v, &session) != CMT_OK)
    {
        cmt__problem(check, "moderation: a damaged record");
    }

    return CMT_OK;
}


int
cmt__check_purging(cmt__check_t *check)
{
    int              rc;
    cmt__purging_t   purging;

    rc = cmt__purging_get(check->read, &purging);

    if (rc == CMT_ECORRUPT) {
        cmt__problem(check, "meta: a damaged record of the daily purge");
        return CMT_OK;
    }

    if (rc == CMT_OK && purging.site > check->head.next_site) {
        cmt__problem(check, "meta: the daily purge is at no site");
    }

    return rc;
}
