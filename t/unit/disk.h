/*
 * disk.h: a disk that fails.  LMDB writes with pwrite(), writev() and
 * fdatasync(); the ones below stand in front of the system's and fail at the
 * n-th call.  Include it in one file of a program.
 */

#ifndef CMT_DISK_H
#define CMT_DISK_H

#include <errno.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>


static long  fail_at;                /* 0: never; counts down */
static int   fail_errno = EIO;


static int
fails(void)
{
    if (fail_at > 0 && --fail_at == 0) {
        errno = fail_errno;
        return 1;
    }

    return 0;
}


ssize_t
pwrite(int fd, const void *data, size_t len, off_t at)
{
    return fails() ? -1 : syscall(SYS_pwrite64, fd, data, len, at);
}


ssize_t
pwrite64(int fd, const void *data, size_t len, off64_t at)
{
    return fails() ? -1 : syscall(SYS_pwrite64, fd, data, len, at);
}


ssize_t
writev(int fd, const struct iovec *iov, int n)
{
    return fails() ? -1 : syscall(SYS_writev, fd, iov, n);
}


int
fdatasync(int fd)
{
    return fails() ? -1 : (int) syscall(SYS_fdatasync, fd);
}

#endif /* CMT_DISK_H */
