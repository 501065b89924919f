/*
 * purging.c: how far the daily purge has come.
 *
 * meta "purge", 25 bytes:
 *   0 day:4   4 site:4   8 status:1   9 after:8   17 busy:8
 */

#include <string.h>

#include "schema.h"


#define KEY    "purge"
#define BYTES  25


int
cmt__purging_get(cmt_read_t *read, cmt__purging_t *purging)
{
    int             rc;
    cmt_str_t       value;
    const uint8_t  *in;

    rc = cmt__get(read, CMT__META, KEY, sizeof(KEY) - 1, &value);

    if (rc == CMT_ENOTFOUND) {
        memset(purging, 0, sizeof(cmt__purging_t));
        return CMT_OK;
    }

    if (rc != CMT_OK || value.len != BYTES) {
        return rc != CMT_OK ? rc : CMT_ECORRUPT;
    }

    in = (const uint8_t *) value.data;

    if (in[8] > CMT__STATUSES) {
        return CMT_ECORRUPT;
    }

    purging->day = (uint32_t) cmt__le_get(in, 4);
    purging->site = (uint32_t) cmt__le_get(in + 4, 4);
    purging->status = (cmt_status_t) in[8];
    purging->after = cmt__le_get(in + 9, 8);
    purging->busy = (int64_t) cmt__le_get(in + 17, 8);

    return CMT_OK;
}


int
cmt__purging_put(cmt__write_t *write, const cmt__purging_t *purging,
    cmt_error_t *err)
{
    uint8_t  out[BYTES];

    cmt__le_put(out, purging->day, 4);
    cmt__le_put(out + 4, purging->site, 4);
    out[8] = (uint8_t) purging->status;
    cmt__le_put(out + 9, purging->after, 8);
    cmt__le_put(out + 17, (uint64_t) purging->busy, 8);

    return cmt__put(write, CMT__META, KEY, sizeof(KEY) - 1, out, BYTES, err);
}
