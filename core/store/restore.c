/*
 * restore.c: a copy takes the place of a store.
 *
 * The new file is made aside, in DIR/restoring, and gets its name by one
 * rename; the old one keeps another name.  LMDB's processes hold a shared
 * lock on the first byte of lock.mdb as long as they have the store open.
 * We take it alone for the moment of the change: whoever has the old file
 * open would go on writing into it, so then nothing is changed, and whoever
 * comes meanwhile waits.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "schema.h"


#define ASIDE  "restoring"


static int copy_aside(cmt_store_t *from, const char *path, cmt_error_t *err)
    CMT_CHECK;
static int lock_alone(int lock, cmt_error_t *err) CMT_CHECK;
static int put_in_place(int dir, const char *keep_as, cmt_error_t *err)
    CMT_CHECK;
static int failed(cmt_error_t *err, const char *what);


int
cmt_store_restore(cmt_store_t *from, const char *path, const char *keep_as,
    cmt_error_t *err)
{
    int  dir, lock, rc;

    if (mkdir(path, 0700) == -1 && errno != EEXIST) {
        return failed(err, path);
    }

    dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir == -1) {
        return failed(err, path);
    }

    lock = openat(dir, "lock.mdb", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock == -1) {
        rc = failed(err, "lock.mdb");
        close(dir);
        return rc;
    }

    rc = lock_alone(lock, err);          /* before the long work, too */
    (void) fcntl(lock, F_SETLK, &(struct flock) { .l_type = F_UNLCK,
                                                  .l_len = 1 });
    if (rc == CMT_OK) {
        rc = copy_aside(from, path, err);
    }
    if (rc == CMT_OK) {
        rc = lock_alone(lock, err);
    }
    if (rc == CMT_OK) {
        rc = put_in_place(dir, keep_as, err);
    }

    (void) unlinkat(dir, ASIDE "/data.mdb", 0);
    (void) unlinkat(dir, ASIDE, AT_REMOVEDIR);
    cmt__store_match_owner(path);

    close(lock);
    close(dir);

    return rc;
}


static int
copy_aside(cmt_store_t *from, const char *path, cmt_error_t *err)
{
    int   n;
    char  aside[4096];

    n = snprintf(aside, sizeof(aside), "%s/" ASIDE "/data.mdb", path);
    if (n < 0 || (size_t) n >= sizeof(aside)) {
        return cmt__fail(err, CMT_EIO, NULL, "the store's path is too long");
    }

    (void) unlink(aside);                /* of one that was interrupted */
    aside[(size_t) n - sizeof("/data.mdb") + 1] = '\0';

    return cmt_store_copy(from, aside, 0, err);
}


static int
lock_alone(int lock, cmt_error_t *err)
{
    struct flock  l;

    memset(&l, 0, sizeof(l));
    l.l_type = F_WRLCK;
    l.l_whence = SEEK_SET;
    l.l_len = 1;

    if (fcntl(lock, F_SETLK, &l) == 0) {
        return CMT_OK;
    }

    if (errno != EACCES && errno != EAGAIN) {
        return failed(err, "lock.mdb");
    }

    (void) fcntl(lock, F_GETLK, &l);

    return cmt__fail(err, CMT_EBUSY, NULL, "process %ld has the store open, "
                     "stop it first", (long) l.l_pid);
}


static int
put_in_place(int dir, const char *keep_as, cmt_error_t *err)
{
    /* The same errno says that there is no store and no such name for it. */

    if (linkat(dir, "data.mdb", dir, keep_as, 0) == -1
        && (errno != ENOENT || faccessat(dir, "data.mdb", F_OK, 0) == 0))
    {
        return failed(err, keep_as);
    }

    if (renameat(dir, ASIDE "/data.mdb", dir, "data.mdb") == -1
        || fsync(dir) == -1)
    {
        return failed(err, "data.mdb");
    }

    return CMT_OK;
}


static int
failed(cmt_error_t *err, const char *what)
{
    return cmt__fail(err, CMT_EIO, NULL, "restore \"%s\": %s", what,
                     strerror(errno));
}
