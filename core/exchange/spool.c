/*
 * spool.c: lines that wait for their turn.
 *
 * Other systems write their comments page by page.  Here a comment gets its
 * number when it comes in, and the newest of a site are those with the highest
 * (its feed, what moderators see first), so an import goes by time.
 *
 * The lines lie beside the store in a file that has no name, and so goes away
 * with the process, whatever ends it.  They have no e-mail addresses, and else
 * nothing that the store will not have.  In memory are 24 bytes a line and its
 * name.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "foreign.h"


#define ROWS_FIRST      1024
#define PATH_BYTES_MAX  4096


static int file_open(const char *dir);
static int rows_grow(cmt__spool_t *spool);
static int write_failed(cmt_error_t *err);
static int row_compare(const void *a, const void *b);


int
cmt__spool_open(cmt__spool_t *spool, const char *dir, size_t bytes_max,
    cmt_error_t *err)
{
    int  fd;

    memset(spool, 0, sizeof(cmt__spool_t));
    spool->bytes_max = bytes_max;

    if (rows_grow(spool) != CMT_OK
        || cmt__names_open(&spool->names, bytes_max) != CMT_OK)
    {
        cmt__spool_close(spool);
        return cmt__fail(err, CMT_ENOMEM, NULL, NULL);
    }

    fd = file_open(dir);
    spool->file = fd >= 0 ? fdopen(fd, "w+b") : NULL;

    if (spool->file == NULL) {
        (void) cmt__fail(err, CMT_EIO, NULL, "no file can be made in %s: %s",
                         dir, strerror(errno));
        if (fd >= 0) {
            (void) close(fd);
        }

        cmt__spool_close(spool);
        return CMT_EIO;
    }

    return CMT_OK;
}


/* Not all file systems know files that never had a name. */

static int
file_open(const char *dir)
{
    int   fd;
    char  path[PATH_BYTES_MAX];

    fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

    if (fd < 0
        && (size_t) snprintf(path, sizeof(path), "%s/import.XXXXXX", dir)
           < sizeof(path))
    {
        fd = mkostemp(path, O_CLOEXEC);
        if (fd >= 0) {
            (void) unlink(path);
        }
    }

    return fd;
}


void
cmt__spool_close(cmt__spool_t *spool)
{
    if (spool->file != NULL) {
        (void) fclose(spool->file);
    }

    cmt__names_close(&spool->names);
    cmt_arena_destroy(spool->arena);
}


int
cmt__spool_put(cmt__spool_t *spool, cmt_str_t line,
    const cmt__foreign_t *foreign, uint64_t *other, cmt_error_t *err)
{
    int          rc;
    uint64_t     number;
    cmt__row_t  *row;

    rc = spool->n == spool->size ? rows_grow(spool) : CMT_OK;

    if (rc == CMT_OK) {
        rc = cmt__names_add(&spool->names, cmt_null_str, foreign->uid,
                            spool->n + 1, &number);
    }

    if (rc == CMT_EDUPLICATE) {
        *other = spool->rows[number - 1].told;
        return rc;
    }

    if (rc != CMT_OK) {
        return cmt__fail(err, CMT_EFULL, NULL, "the file has more comments "
                         "than one import can keep in mind; split it");
    }

    if (fwrite(line.data, 1, line.len, spool->file) != line.len
        || putc('\n', spool->file) == EOF)
    {
        return write_failed(err);
    }

    row = &spool->rows[spool->n++];
    row->created = foreign->created;
    row->at = spool->end;
    row->told = foreign->at;

    spool->end += (off_t) line.len + 1;

    return CMT_OK;
}


/* A table that is full moves into a new arena, so that the old one is given
 * back. */

static int
rows_grow(cmt__spool_t *spool)
{
    size_t        size;
    cmt__row_t   *rows;
    cmt_arena_t  *arena;

    size = spool->size == 0 ? ROWS_FIRST : 2 * spool->size;

    arena = cmt_arena_create(spool->bytes_max);
    if (arena == NULL) {
        return CMT_ENOMEM;
    }

    rows = cmt_alloc(arena, size * sizeof(cmt__row_t));
    if (rows == NULL) {
        cmt_arena_destroy(arena);
        return CMT_ENOMEM;
    }

    if (spool->n != 0) {
        memcpy(rows, spool->rows, spool->n * sizeof(cmt__row_t));
    }

    cmt_arena_destroy(spool->arena);
    spool->arena = arena;
    spool->rows = rows;
    spool->size = size;

    return CMT_OK;
}


int
cmt__spool_sort(cmt__spool_t *spool, cmt_error_t *err)
{
    if (fflush(spool->file) != 0) {
        return write_failed(err);
    }

    qsort(spool->rows, spool->n, sizeof(cmt__row_t), row_compare);

    return CMT_OK;
}


static int
write_failed(cmt_error_t *err)
{
    return cmt__fail(err, CMT_EIO, NULL, "the file beside the store could not "
                     "be written: %s", strerror(errno));
}


static int
row_compare(const void *a, const void *b)
{
    const cmt__row_t  *one = a, *two = b;

    if (one->created != two->created) {
        return one->created < two->created ? -1 : 1;
    }

    return one->at < two->at ? -1 : one->at > two->at;
}
