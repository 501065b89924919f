/*
 * fingerprint.c: what is said once in a thread.  The fingerprints of its
 * newest posts stand in recent.c's record, the others each by itself:
 *
 *   thread:8 fingerprint:8     id:8
 *
 * That is half of it.  They are keyed, so that nobody can make two alike; a
 * thread of 100 000 comments has two by chance with one in 2^31.
 */

#include <string.h>

#include "schema.h"


static int entry_find(cmt_read_t *read, uint64_t thread,
    const cmt__hash_t *fingerprint, uint64_t *id) CMT_CHECK;


/*
 * A text that the rules refused or its author took away may be sent again.
 * When it was, and the first one comes back, the fingerprint stays with the
 * second and the first has none: a fingerprint belongs to one comment.  What
 * a person has refused is not decided anew by a machine.
 */
int
cmt__fingerprint_kept(const cmt__comment_t *comment)
{
    return !cmt__hash_is_zero(&comment->fingerprint)
           && ((comment->status != CMT_REJECTED
                && comment->status != CMT_DELETED)
               || (comment->flags & CMT__FLAG_REVIEWED));
}


int
cmt__fingerprint_keep(cmt__write_t *write, cmt__comment_t *comment,
    cmt_error_t *err)
{
    int       rc;
    uint64_t  other;

    if (cmt__hash_is_zero(&comment->fingerprint)) {
        return CMT_OK;
    }

    rc = cmt__duplicate_find(&write->view, comment->thread,
                             &comment->fingerprint, &other);
    if (rc == CMT_OK && other != comment->id) {
        memset(&comment->fingerprint, 0, sizeof(comment->fingerprint));
        return CMT_OK;
    }
    if (rc != CMT_OK && rc != CMT_ENOTFOUND) {
        return cmt__fail(err, rc, NULL, "fingerprint");
    }

    if (!cmt__fingerprint_kept(comment)) {
        return rc == CMT_OK ? cmt__fingerprint_drop(write, comment, err)
                            : CMT_OK;
    }

    return rc == CMT_OK
           ? CMT_OK : cmt__fingerprint_put(write, comment->thread,
                                           comment->fingerprint.bytes,
                                           comment->id, err);
}


int
cmt__fingerprint_put(cmt__write_t *write, uint64_t thread,
    const uint8_t print[CMT__PRINT_BYTES], uint64_t id, cmt_error_t *err)
{
    uint8_t  key[CMT__PRINT_KEY_BYTES], value[8];

    cmt__le_put(value, id, 8);

    return cmt__put(write, CMT__PRINTS, key,
                    cmt__key_print(key, thread, print), value, 8, err);
}


int
cmt__fingerprint_drop(cmt__write_t *write, const cmt__comment_t *comment,
    cmt_error_t *err)
{
    int       rc;
    uint8_t   key[CMT__PRINT_KEY_BYTES];
    uint64_t  owner;

    rc = cmt__recent_drop(write, comment->thread, comment->id, err);
    if (rc != CMT_OK) {
        return rc;
    }

    rc = entry_find(&write->view, comment->thread, &comment->fingerprint,
                    &owner);

    if (rc == CMT_ENOTFOUND || (rc == CMT_OK && owner != comment->id)) {
        return CMT_OK;
    }
    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, "fingerprint");
    }

    return cmt__del(write, CMT__PRINTS, key,
                    cmt__key_print(key, comment->thread,
                                   comment->fingerprint.bytes), err);
}


int
cmt__duplicate_find(cmt_read_t *read, uint64_t thread,
    const cmt__hash_t *fingerprint, uint64_t *id)
{
    int  rc;

    rc = cmt__recent_find(read, thread, fingerprint, id);

    return rc == CMT_ENOTFOUND ? entry_find(read, thread, fingerprint, id)
                               : rc;
}


static int
entry_find(cmt_read_t *read, uint64_t thread, const cmt__hash_t *fingerprint,
    uint64_t *id)
{
    int        rc;
    uint8_t    key[CMT__PRINT_KEY_BYTES];
    cmt_str_t  value;

    rc = cmt__get(read, CMT__PRINTS, key,
                  cmt__key_print(key, thread, fingerprint->bytes), &value);
    if (rc != CMT_OK) {
        return rc;
    }

    if (value.len != 8) {
        return CMT_ECORRUPT;
    }

    *id = cmt__le_get((const uint8_t *) value.data, 8);

    return CMT_OK;
}
