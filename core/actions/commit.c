/*
 * commit.c: many changes, one transaction, one sync.
 */

#include "actions.h"


static int apply_all(cmt_store_t *store, cmt_change_t **changes, size_t n,
    cmt_error_t *err) CMT_CHECK;


/*
 * When the transaction fails as a whole, each change gets one of its own:
 * the one that cannot be written fails alone.
 */
void
cmt_commit(cmt_store_t *store, cmt_change_t **changes, size_t n)
{
    int          rc;
    size_t       i;
    cmt_error_t  err;

    rc = apply_all(store, changes, n, &err);
    if (rc == CMT_OK) {
        return;
    }

    cmt__store_relieve(store);

    for (i = 0; i < n; i++) {

        rc = apply_all(store, &changes[i], 1, &err);

        if (rc != CMT_OK) {
            changes[i]->result.rc = rc;
            changes[i]->result.error = err;
            changes[i]->result.message = cmt_null_str;
        }
    }
}


static int
apply_all(cmt_store_t *store, cmt_change_t **changes, size_t n,
    cmt_error_t *err)
{
    int            rc, wrote;
    size_t         i;
    cmt__write_t  *write;

    rc = cmt__write_begin(store, &write, err);
    if (rc != CMT_OK) {
        return rc;
    }

    wrote = 0;

    for (i = 0; i < n; i++) {

        changes[i]->result.rc = CMT_OK;
        changes[i]->result.replayed = 0;

        rc = changes[i]->apply(write, changes[i], &wrote, err);
        if (rc != CMT_OK) {
            cmt__write_abort(write);
            return rc;
        }
    }

    if (!wrote) {
        cmt__write_abort(write);
        return CMT_OK;
    }

    return cmt__write_commit(write, err);
}


const cmt_result_t *
cmt_change_result(const cmt_change_t *change)
{
    return &change->result;
}


int
cmt__refuse(cmt_change_t *change, int rc, const char *field,
    unsigned retry_seconds)
{
    change->result.message = cmt_null_str;

    (void) cmt__refuse_saying(change, rc, field);
    change->result.error.retry_seconds = retry_seconds;

    return CMT_OK;
}


int
cmt__refuse_saying(cmt_change_t *change, int rc, const char *field)
{
    change->result.rc = rc;
    (void) cmt__fail(&change->result.error, rc, field, "%s",
                     cmt_error_code(rc));
    change->result.error.retry_seconds = 0;

    return CMT_OK;
}
