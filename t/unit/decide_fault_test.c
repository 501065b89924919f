/*
 * decide_fault_test.c: many decisions on a disk that fails at the n-th write
 * or sync: all of them are made, or none.
 */

#include "disk.h"
#include "moderate_site.h"


#define MANY  60


/* How many of them have this status. */
static unsigned
counted(uint64_t first, cmt_status_t status)
{
    unsigned         n;
    uint64_t         id;
    cmt_read_t      *read;
    cmt__comment_t   c;

    if (cmt_read_begin(store, &read, NULL) != CMT_OK) {
        return UINT32_MAX;
    }

    for (id = first, n = 0; id < first + MANY; id++) {
        n += cmt__comment_get(read, id, &c) == CMT_OK && c.status == status;
    }

    cmt_read_end(read);

    return n;
}


/* Decides about all; then what has been made must be all or nothing, and what
 * was answered with success must be there. */
static int
decide_all(uint64_t first, cmt_do_t what, cmt_status_t before,
    cmt_status_t after, long at, int *failed)
{
    unsigned         i, n;
    cmt_error_t      err;
    cmt_change_t    *change;
    cmt_decision_t   d[MANY];

    memset(d, 0, sizeof(d));
    for (i = 0; i < MANY; i++) {
        d[i].what = what;
        d[i].id = first + i;
        d[i].version = CMT_VERSION_ANY;
    }

    if (cmt_decide_prepare(store, &site, &kari, d, MANY, NOW, arena, &change,
                           &err) != CMT_OK)
    {
        return 0;
    }

    fail_at = at;
    cmt_commit(store, &change, 1);
    *failed = fail_at == 0;
    fail_at = 0;

    n = counted(first, after);

    if (cmt_change_result(change)->rc == CMT_OK) {
        return n == MANY;
    }

    return n == 0 && counted(first, before) == MANY;
}


int
main(void)
{
    int       failed, good;
    long      n;
    char      text[32];
    unsigned  i;
    uint64_t  first;

    if (!site_begin()) {
        return 1;
    }

    first = post("hold number 0");

    for (i = 1; i < MANY; i++) {
        snprintf(text, sizeof(text), "hold number %u", i);
        (void) post(text);
    }

    is_int(counted(first, CMT_PENDING), MANY, "many comments wait");

    /* an odd n approves, an even one takes it back */
    for (n = 1, failed = 1, good = 1; failed && good && n < 500; n++) {

        good = counted(first, CMT_PENDING) == MANY
               ? decide_all(first, CMT_DO_APPROVE, CMT_PENDING, CMT_APPROVED,
                            n, &failed)
               : decide_all(first, CMT_DO_HOLD, CMT_APPROVED, CMT_PENDING, n,
                            &failed);

        good = good && problems(store) == 0;
    }

    ok(n > 3, "writes and syncs were made to fail");
    ok(good && !failed, "and each time all was made or nothing");

    return site_done();
}
