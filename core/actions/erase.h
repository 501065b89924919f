/*
 * erase.h: comments that go for good.
 *
 *   erase.c   those of a person who asks for it; the change itself
 *   purge.c   those that were spam, rejected or deleted for long
 *
 * Both walk the store in snapshots and erase in changes of their own, so that
 * posts come in between.  What a change finds to be otherwise by then stays.
 */

#ifndef CMT_ERASE_H
#define CMT_ERASE_H

#include "actions.h"


#define CMT__ERASE_BATCH  100        /* comments in one change               */


typedef struct {
    cmt_change_t        change;
    const cmt_who_t    *who;
    int64_t             now;
    cmt__did_t          did;
    cmt_status_t        status;      /* of a purge                           */
    int64_t             before;      /* of a purge: decided until then       */
    cmt__hash_t         identity;    /* of a person                          */
    uint32_t            site;
    size_t              n, done;
    uint64_t            ids[CMT__ERASE_BATCH];
} cmt__erase_t;

/* Commits the change; *n grows by what is gone. */
int cmt__erase_commit(cmt_store_t *store, cmt__erase_t *erase, uint64_t *n,
    cmt_error_t *err) CMT_CHECK;
/* Has it been so for long enough, and is anything left of it? */
int cmt__purge_ripe(cmt_read_t *read, const cmt__erase_t *erase,
    const cmt__comment_t *c);


#endif /* CMT_ERASE_H */
