/*
 * scratch.h: a folder of the test's own that goes away with it, and what the
 * store's own check says of a store.
 */

#ifndef CMT_SCRATCH_H
#define CMT_SCRATCH_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/cmt.h"


static char  dir[] = "/tmp/cmt-test-XXXXXX";


static inline int
scratch_forget(const char *path, const struct stat *st, int type,
    struct FTW *ftw)
{
    (void) st;
    (void) type;
    (void) ftw;

    return remove(path);
}


/* Also from atexit(). */
static inline void
scratch_remove(void)
{
    (void) nftw(dir, scratch_forget, 8, FTW_DEPTH | FTW_PHYS);
}


/* Makes the folder; without it there is nothing to test. */
static inline void
scratch_make(void)
{
    if (mkdtemp(dir) == NULL) {
        printf("Bail out! no folder\n");
        exit(1);
    }
}


static inline void
tell(void *ctx, const char *line)
{
    (void) ctx;
    printf("# %s\n", line);
}


/* How many the store's check has told; 1 when it cannot be done. */
static inline uint64_t
problems(cmt_store_t *store)
{
    uint64_t     n;
    cmt_error_t  err;

    if (cmt_store_check(store, tell, NULL, &n, &err) != CMT_OK) {
        printf("# %s\n", err.detail);
        return 1;
    }

    return n;
}

#endif /* CMT_SCRATCH_H */
