/*
 * check_memory.c: each record that rules remember stands in the list of days
 * under its own day, and the quota is the sum of their bytes.
 */

#include <inttypes.h>
#include <string.h>

#include "check.h"


static void check_quota(cmt__check_t *check, uint32_t site);


int
cmt__check_memory(cmt__check_t *check, const MDB_val *key,
    const MDB_val *value)
{
    int             rc;
    size_t          len;
    int64_t         expires;
    uint8_t         day[512];
    uint32_t        site;
    cmt_str_t       found;
    const uint8_t  *k;

    k = key->mv_data;
    len = key->mv_size;
    site = len >= 5 ? (uint32_t) cmt__be_get(k, 4) : 0;

    if (len < 5) {
        cmt__problem(check, "memory: a key of %zu bytes", len);
        return CMT_OK;
    }

    if (site == 0) {
        check->days++;
        return CMT_OK;
    }

    if (site != check->memory_site) {
        check_quota(check, check->memory_site);
        check->memory_site = site;
        check->memory_bytes = 0;
    }

    if (k[4] == 'q' && len == 5) {
        return CMT_OK;
    }

    if (value->mv_size < 8 || len + 8 > sizeof(day)) {
        cmt__problem(check, "memory: a record of %zu bytes",
                     value->mv_size);
        return CMT_OK;
    }

    if (k[4] != CMT__MEMORY_POSTS) {
        check->memory_bytes += len + value->mv_size;
    }

    expires = (int64_t) cmt__le_get(value->mv_data, 8);
    cmt__be_put(day, 0, 4);
    cmt__be_put(day + 4, (uint64_t) (expires / CMT__SECONDS_A_DAY + 1), 4);
    memcpy(day + 8, k, len);
    check->remembered++;

    rc = cmt__get(check->read, CMT__MEMORY, day, 8 + len, &found);

    if (rc == CMT_ENOTFOUND) {
        cmt__problem(check, "memory: a record of site %" PRIu32
                     " is not in the list of its day", site);
        return CMT_OK;
    }

    return rc;
}


void
cmt__check_memory_end(cmt__check_t *check)
{
    check_quota(check, check->memory_site);

    if (check->days != check->remembered) {
        cmt__problem(check, "memory: %" PRIu64 " records, but the list of"
                     " days has %" PRIu64, check->remembered, check->days);
    }
}


static void
check_quota(cmt__check_t *check, uint32_t site)
{
    uint64_t  used;

    if (site == 0) {
        return;
    }

    if (cmt__memory_used(check->read, site, &used) != CMT_OK
        || used != check->memory_bytes)
    {
        cmt__problem(check, "memory: the quota of site %" PRIu32
                     " is not the sum of its records", site);
    }
}
