/*
 * receipt.c: why comments were decided as they were, one receipt for each, in
 * step with the words by which moderators search.
 */

#include <string.h>

#include "schema.h"
#include "search.h"


int
cmt__receipt_get(cmt_read_t *read, uint64_t id, cmt_arena_t *arena,
    cmt_str_t *json)
{
    int        rc;
    uint8_t    key[8];
    cmt_str_t  packed;

    cmt__be_put(key, id, 8);

    rc = cmt__get(read, CMT__RECEIPTS, key, 8, &packed);

    return rc == CMT_OK ? cmt__receipt_unpack(arena, packed, json) : rc;
}


int
cmt__receipt_put(cmt__write_t *write, uint64_t id, cmt_str_t packed,
    cmt_error_t *err)
{
    int      rc;
    uint8_t  key[8];

    rc = cmt__index_follow_receipt(write, id, packed, err);
    if (rc != CMT_OK) {
        return rc;
    }

    cmt__be_put(key, id, 8);

    return cmt__put(write, CMT__RECEIPTS, key, 8, packed.data, packed.len,
                    err);
}


int
cmt__receipt_drop(cmt__write_t *write, uint64_t id, cmt_error_t *err)
{
    int      rc;
    uint8_t  key[8];

    rc = cmt__index_follow_receipt(write, id, cmt_null_str, err);
    if (rc != CMT_OK) {
        return rc;
    }

    cmt__be_put(key, id, 8);

    return cmt__del(write, CMT__RECEIPTS, key, 8, err);
}


/* Within a text the quotes would be escaped. */

int
cmt__receipt_ruleset(cmt_str_t json, uint8_t digest[CMT_HASH_BYTES])
{
    size_t       at;
    const char  *found;

    static const char  member[] = "\"ruleset\":\"";

    found = memmem(json.data, json.len, member, sizeof(member) - 1);

    if (found == NULL) {
        return 0;
    }

    at = (size_t) (found - json.data) + sizeof(member) - 1;

    return cmt__unhex(cmt__str_sub(json, at, at + 2 * CMT_HASH_BYTES), digest,
                      CMT_HASH_BYTES);
}
