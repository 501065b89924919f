/*
 * record.c: writes down what a power cut could take away.  To be preloaded
 * into nginx; t/lib/Comments/Power.pm reads what it writes.
 *
 *   FAULT_LOG   the log, appended to by all processes
 *   FAULT_DISK  which disk to play, for the tests of the test:
 *       lazy    syncs and O_DSYNC do nothing, as with MDB_NOSYNC
 *       loose   O_DSYNC does nothing, as with MDB_NOMETASYNC
 *       late    answers leave before their commit is written (one worker)
 *
 * The log is a row of records: a head of 32 bytes, in the machine's order of
 * bytes, and what was written.
 *
 *   0 kind:1   4 length:4   8 number:8   16 inode:8   24 offset:8
 *
 *   w  a write to a store's file; it may be lost, or torn
 *   t  its new length (offset); the same
 *   b  a sync of it, or of its directory, begins
 *   e  the sync b of this number has ended: what was logged before b is safe
 *   d  the write of this number was O_DSYNC and has ended
 *   n  the file of this inode got the name data.mdb
 *   a  an answer that says that something was done leaves now
 *
 * What may be lost is written down before it is done, what is safe after.
 */

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>


#define EXPORT  __attribute__((visibility("default")))

/* The C library's function of the name in which this stands. */
#define REAL(type)  ((type) dlsym(RTLD_NEXT, __func__))

typedef struct {
    char       kind;
    char       unused[3];
    uint32_t   len;
    uint64_t   id, ino, offset;
} head_t;

typedef ssize_t (*pwrite_fn)(int, const void *, size_t, off_t);
typedef ssize_t (*write_fn)(int, const void *, size_t);
typedef ssize_t (*writev_fn)(int, const struct iovec *, int);
typedef ssize_t (*pwritev_fn)(int, const struct iovec *, int, off_t);
typedef ssize_t (*send_fn)(int, const void *, size_t, int);
typedef int (*sync_fn)(int);
typedef int (*truncate_fn)(int, off_t);
typedef int (*rename_fn)(const char *, const char *);
typedef int (*msync_fn)(void *, size_t, int);

typedef enum { HONEST, LAZY, LOOSE, LATE } disk_t;

static int              log_fd = -1;
static disk_t           disk;
static uint64_t         count;

/* What a late disk has taken and not yet written down. */
static pthread_mutex_t  late_lock = PTHREAD_MUTEX_INITIALIZER;
static char             late[16 * 1024 * 1024];
static size_t           late_len;
static int              late_done;


__attribute__((constructor))
static void
begin(void)
{
    size_t       i;
    const char  *path, *word;

    static const char *const  words[] = { "honest", "lazy", "loose", "late" };

    path = getenv("FAULT_LOG");
    word = getenv("FAULT_DISK");

    for (i = 0; word != NULL && i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcmp(words[i], word) == 0) {
            disk = (disk_t) i;
        }
    }

    if (path != NULL) {
        log_fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    }
}


static uint64_t
number(void)
{
    return (uint64_t) getpid() << 32
           | __atomic_add_fetch(&count, 1, __ATOMIC_RELAXED);
}


/* The system appends all of it or, when the test's own disk is full, stops
 * the process: a log with a hole would prove nothing. */

static void
append(const void *head, size_t head_len, const void *data, size_t len)
{
    struct iovec  iov[2] = { { (void *) head, head_len },
                             { (void *) data, len } };

    if (syscall(SYS_writev, log_fd, iov, 2) != (long) (head_len + len)) {
        abort();
    }
}


static void
say(char kind, uint64_t id, uint64_t ino, off_t offset, const void *data,
    size_t len)
{
    head_t  head = { kind, { 0 }, (uint32_t) len, id, ino, (uint64_t) offset };

    if (disk != LATE || kind == 'a' || kind == 'n') {
        append(&head, sizeof(head), data, len);
        return;
    }

    pthread_mutex_lock(&late_lock);

    if (late_done && kind == 'w') {         /* the next commit begins */
        append(late, late_len, NULL, 0);
        late_len = 0;
        late_done = 0;
    }

    if (late_len + sizeof(head) + len > sizeof(late)) {
        abort();
    }

    memcpy(late + late_len, &head, sizeof(head));
    if (len != 0) {
        memcpy(late + late_len + sizeof(head), data, len);
    }
    late_len += sizeof(head) + len;
    late_done |= (kind == 'd');

    pthread_mutex_unlock(&late_lock);
}


/* The inode of a store's file, else 0. */

static uint64_t
store_file(int fd)
{
    char         link[64], path[PATH_MAX];
    ssize_t      n;
    struct stat  st;

    if (log_fd == -1 || fstat(fd, &st) == -1 || !S_ISREG(st.st_mode)) {
        return 0;
    }

    (void) snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    n = readlink(link, path, sizeof(path) - 1);

    if (n < 9 || memcmp(path + n - 9, "/data.mdb", 9) != 0) {
        return 0;
    }

    return (uint64_t) st.st_ino;
}


static uint64_t
directory(int fd)
{
    struct stat  st;

    return log_fd != -1 && fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)
           ? (uint64_t) st.st_ino : 0;
}


static void
acknowledge(int fd, const void *data, size_t len)
{
    struct stat  st;

    if (log_fd != -1 && len > 12 && memcmp(data, "HTTP/1.1 20", 11) == 0
        && fstat(fd, &st) == 0 && S_ISSOCK(st.st_mode))
    {
        say('a', number(), 0, 0, data, len);
    }
}


static int
flushes_itself(int fd)
{
    return (disk == HONEST || disk == LATE)
           && (fcntl(fd, F_GETFL) & O_DSYNC) != 0;
}


/* Before and after a write to the place of the file. */

static uint64_t
write_begins(uint64_t ino, off_t offset, const struct iovec *iov, int n)
{
    int       i;
    size_t    len;
    uint64_t  id;

    static _Thread_local char  bytes[4 * 1024 * 1024];

    id = number();

    for (i = 0, len = 0; i < n; i++) {
        if (len + iov[i].iov_len > sizeof(bytes)) {
            abort();
        }
        memcpy(bytes + len, iov[i].iov_base, iov[i].iov_len);
        len += iov[i].iov_len;
    }

    say('w', id, ino, offset, bytes, len);

    return id;
}


static void
write_ended(int fd, uint64_t ino, uint64_t id, ssize_t rc)
{
    if (rc > 0 && flushes_itself(fd)) {
        say('d', id, ino, 0, NULL, 0);
    }
}


EXPORT ssize_t
pwrite(int fd, const void *data, size_t len, off_t offset)
{
    ssize_t       rc;
    uint64_t      ino, id;
    struct iovec  iov = { (void *) data, len };

    ino = store_file(fd);
    id = ino ? write_begins(ino, offset, &iov, 1) : 0;

    rc = REAL(pwrite_fn)(fd, data, len, offset);

    if (ino) {
        write_ended(fd, ino, id, rc);
    }

    return rc;
}


EXPORT ssize_t
pwrite64(int fd, const void *data, size_t len, off_t offset)
{
    return pwrite(fd, data, len, offset);
}


EXPORT ssize_t
pwritev(int fd, const struct iovec *iov, int n, off_t offset)
{
    ssize_t   rc;
    uint64_t  ino, id;

    ino = store_file(fd);
    id = ino ? write_begins(ino, offset, iov, n) : 0;

    rc = REAL(pwritev_fn)(fd, iov, n, offset);

    if (ino) {
        write_ended(fd, ino, id, rc);
    }

    return rc;
}


EXPORT ssize_t
writev(int fd, const struct iovec *iov, int n)
{
    int            i;
    size_t         len;
    ssize_t        rc;
    uint64_t       ino, id;

    static _Thread_local char  bytes[256 * 1024];

    ino = store_file(fd);

    if (ino) {
        id = write_begins(ino, lseek(fd, 0, SEEK_CUR), iov, n);
        rc = REAL(writev_fn)(fd, iov, n);
        write_ended(fd, ino, id, rc);
        return rc;
    }

    for (i = 0, len = 0; i < n; i++) {
        if (len + iov[i].iov_len > sizeof(bytes)) {
            break;
        }
        memcpy(bytes + len, iov[i].iov_base, iov[i].iov_len);
        len += iov[i].iov_len;
    }

    acknowledge(fd, bytes, len);

    return REAL(writev_fn)(fd, iov, n);
}


EXPORT ssize_t
write(int fd, const void *data, size_t len)
{
    ssize_t       rc;
    uint64_t      ino, id;
    struct iovec  iov = { (void *) data, len };

    ino = store_file(fd);
    id = ino ? write_begins(ino, lseek(fd, 0, SEEK_CUR), &iov, 1) : 0;

    if (!ino) {
        acknowledge(fd, data, len);
    }

    rc = REAL(write_fn)(fd, data, len);

    if (ino) {
        write_ended(fd, ino, id, rc);
    }

    return rc;
}


EXPORT ssize_t
send(int fd, const void *data, size_t len, int flags)
{
    acknowledge(fd, data, len);

    return REAL(send_fn)(fd, data, len, flags);
}


EXPORT int
ftruncate(int fd, off_t size)
{
    uint64_t  ino;

    ino = store_file(fd);

    if (ino) {
        say('t', number(), ino, size, NULL, 0);
    }

    return REAL(truncate_fn)(fd, size);
}


EXPORT int
ftruncate64(int fd, off_t size)
{
    return ftruncate(fd, size);
}


static int
sync_logged(int fd, sync_fn real)
{
    int       rc;
    uint64_t  ino, id;

    ino = store_file(fd);
    if (ino == 0) {
        ino = directory(fd);
    }

    if (ino == 0) {
        return real(fd);
    }

    if (disk == LAZY) {
        return 0;
    }

    id = number();
    say('b', id, ino, 0, NULL, 0);

    rc = real(fd);

    if (rc == 0) {
        say('e', id, ino, 0, NULL, 0);
    }

    return rc;
}


EXPORT int
fdatasync(int fd)
{
    return sync_logged(fd, REAL(sync_fn));
}


EXPORT int
fsync(int fd)
{
    return sync_logged(fd, REAL(sync_fn));
}


/* A store that is written through its map could not be followed. */

EXPORT int
msync(void *address, size_t len, int flags)
{
    if (log_fd != -1) {
        abort();
    }

    return REAL(msync_fn)(address, len, flags);
}


EXPORT int
rename(const char *from, const char *to)
{
    int          rc;
    size_t       len;
    struct stat  st;

    len = strlen(to);

    if (log_fd != -1 && len >= 9 && strcmp(to + len - 9, "/data.mdb") == 0
        && lstat(from, &st) == 0)
    {
        say('n', number(), (uint64_t) st.st_ino, 0, NULL, 0);
    }

    rc = REAL(rename_fn)(from, to);

    return rc;
}
