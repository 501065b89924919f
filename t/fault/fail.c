/*
 * fail.c: lets calls of the system fail, one by one.  To be preloaded into
 * nginx or the tool; t/lib/Comments/Fault.pm turns it on and off meanwhile.
 *
 * FAULT_CONTROL names a file of six numbers that all processes map:
 *
 *   kinds    which calls count, the bits below
 *   left     the call that brings this to 0 fails
 *   sticky   1: and so do all after it
 *   error    errno then; 0: it does nothing and says that it did
 *   fired    how many have failed
 *   seen     how many have counted
 *
 * Writes and syncs count on the store's file only; ASIDE is each step by which
 * a file NAME.new is made and takes the place of NAME.  Memory counts when our
 * code or one of its libraries asks for it; what nginx does when it has none
 * is nginx's.
 */

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>


#define EXPORT  __attribute__((visibility("default")))
#define REAL(type)  ((type) dlsym(RTLD_NEXT, __func__))

enum {
    PWRITE = 1,
    WRITEV = 2,
    FDATASYNC = 4,
    MMAP = 8,
    MALLOC = 16,
    OPEN = 32,
    ASIDE = 64
};

typedef struct {
    int32_t  kinds, left, sticky, error, fired, seen;
} control_t;

typedef ssize_t (*pwrite_fn)(int, const void *, size_t, off_t);
typedef ssize_t (*writev_fn)(int, const struct iovec *, int);
typedef int (*sync_fn)(int);
typedef int (*open_fn)(const char *, int, mode_t);
typedef void *(*mmap_fn)(void *, size_t, int, int, int, off_t);

/* glibc's own names for its allocator. */
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);

static control_t  *control;


__attribute__((constructor))
static void
begin(void)
{
    int          fd;
    void        *map;
    const char  *path;

    path = getenv("FAULT_CONTROL");
    fd = path != NULL ? open(path, O_RDWR | O_CLOEXEC) : -1;

    if (fd == -1) {
        return;
    }

    map = mmap(NULL, sizeof(control_t), PROT_READ | PROT_WRITE, MAP_SHARED,
               fd, 0);
    (void) close(fd);

    if (map != MAP_FAILED) {
        control = map;
    }
}


/* Is this the call?  Then errno is set. */

static int
is_due(int kind)
{
    int32_t  left;

    if (control == NULL || (control->kinds & kind) == 0) {
        return 0;
    }

    __atomic_add_fetch(&control->seen, 1, __ATOMIC_SEQ_CST);
    left = __atomic_sub_fetch(&control->left, 1, __ATOMIC_SEQ_CST);

    if (left != 0 && (left > 0 || !control->sticky)) {
        return 0;
    }

    __atomic_add_fetch(&control->fired, 1, __ATOMIC_SEQ_CST);
    errno = control->error;

    return 1;
}


/* Of a write that was not done. */

static ssize_t
answer(size_t len)
{
    return control->error ? -1 : (ssize_t) len;
}


static int
is_file(int fd, const char *end)
{
    char     link[64], path[PATH_MAX];
    size_t   len;
    ssize_t  n;

    (void) snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    n = readlink(link, path, sizeof(path) - 1);
    len = strlen(end);

    return n >= (ssize_t) len && memcmp(path + n - len, end, len) == 0;
}


static int
is_store_file(int fd)
{
    return is_file(fd, "/data.mdb");
}


static int
is_folder(int fd)
{
    struct stat  st;

    return fstat(fd, &st) == 0 && S_ISDIR(st.st_mode);
}


static int
ends_new(const char *path)
{
    size_t  len;

    len = strlen(path);

    return len >= 4 && strcmp(path + len - 4, ".new") == 0;
}


/* Does the code at this address belong to us? */

static int
is_ours(const void *address)
{
    size_t       i;
    Dl_info      info;
    const char  *name;

    static const char *const  ours[] = {
        "ngx_http_comments_module", "ngx-comments", "liblmdb", "libmd4c",
        "liblua5.4", "libicu", "libsodium"
    };

    if (control == NULL || (control->kinds & MALLOC) == 0
        || dladdr(address, &info) == 0 || info.dli_fname == NULL)
    {
        return 0;
    }

    name = strrchr(info.dli_fname, '/');
    name = name != NULL ? name + 1 : info.dli_fname;

    for (i = 0; i < sizeof(ours) / sizeof(ours[0]); i++) {
        if (strncmp(name, ours[i], strlen(ours[i])) == 0) {
            return 1;
        }
    }

    return 0;
}


EXPORT ssize_t
pwrite(int fd, const void *data, size_t len, off_t offset)
{
    if (is_store_file(fd) && is_due(PWRITE)) {
        return answer(len);
    }

    return REAL(pwrite_fn)(fd, data, len, offset);
}


EXPORT ssize_t
pwrite64(int fd, const void *data, size_t len, off_t offset)
{
    return pwrite(fd, data, len, offset);
}


EXPORT ssize_t
writev(int fd, const struct iovec *iov, int n)
{
    if (is_store_file(fd) && is_due(WRITEV)) {
        return -1;
    }

    return REAL(writev_fn)(fd, iov, n);
}


EXPORT ssize_t
write(int fd, const void *data, size_t len)
{
    if ((is_store_file(fd) && is_due(PWRITE))
        || (is_file(fd, ".new") && is_due(ASIDE)))
    {
        return answer(len);
    }

    return REAL(ssize_t (*)(int, const void *, size_t))(fd, data, len);
}


EXPORT int
fdatasync(int fd)
{
    return is_store_file(fd) && is_due(FDATASYNC) ? -1 : REAL(sync_fn)(fd);
}


EXPORT int
fsync(int fd)
{
    return (is_store_file(fd) && is_due(FDATASYNC))
           || ((is_file(fd, ".new") || is_folder(fd)) && is_due(ASIDE))
           ? -1 : REAL(sync_fn)(fd);
}


EXPORT int
fchmod(int fd, mode_t mode)
{
    return is_file(fd, ".new") && is_due(ASIDE)
           ? -1 : REAL(int (*)(int, mode_t))(fd, mode);
}


EXPORT int
rename(const char *from, const char *to)
{
    return ends_new(from) && is_due(ASIDE)
           ? -1 : REAL(int (*)(const char *, const char *))(from, to);
}


EXPORT void *
mmap(void *address, size_t len, int prot, int flags, int fd, off_t offset)
{
    if (fd != -1 && is_store_file(fd) && is_due(MMAP)) {
        return MAP_FAILED;
    }

    return REAL(mmap_fn)(address, len, prot, flags, fd, offset);
}


EXPORT void *
mmap64(void *address, size_t len, int prot, int flags, int fd, off_t offset)
{
    return mmap(address, len, prot, flags, fd, offset);
}


EXPORT int
open(const char *path, int flags, ...)
{
    size_t  len;

    /* the mode, which is garbage where there is none and looked at nowhere */
    __builtin_va_list  args;
    mode_t             mode;

    __builtin_va_start(args, flags);
    mode = __builtin_va_arg(args, mode_t);
    __builtin_va_end(args);

    len = strlen(path);

    if ((len >= 4 && strcmp(path + len - 4, ".mdb") == 0 && is_due(OPEN))
        || (ends_new(path) && is_due(ASIDE)))
    {
        return -1;
    }

    return REAL(open_fn)(path, flags, mode);
}


EXPORT void *
malloc(size_t size)
{
    return is_ours(__builtin_return_address(0)) && is_due(MALLOC)
           ? NULL : __libc_malloc(size);
}


EXPORT void *
calloc(size_t n, size_t size)
{
    return is_ours(__builtin_return_address(0)) && is_due(MALLOC)
           ? NULL : __libc_calloc(n, size);
}


EXPORT void *
realloc(void *old, size_t size)
{
    return is_ours(__builtin_return_address(0)) && is_due(MALLOC)
           ? NULL : __libc_realloc(old, size);
}
