/*
 * input.c: which files rules may be made of, and how they are read.
 *
 * A file that a rule file names (a list, an include) lies beside it or in a
 * folder there: no "..", and no link that leads out.  None of them may belong
 * to the user that serves strangers.  Each path that was tried is noted with
 * what stood there, so that a change can be seen later.
 *
 * What a moderator has pasted is one file in memory; nothing is opened then.
 */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "input.h"


static int is_beside(cmt_str_t name);
static int folder_of(const char *beside, char folder[PATH_MAX]);
static int check_file(const cmt__inputs_t *s, const char *path,
    const struct stat *st, size_t bytes_max, cmt_error_t *err);
static int may_write(const cmt__inputs_t *s, const struct stat *st);
static int read_all(int fd, char *data, size_t size, size_t *len);
static int read_file(cmt__inputs_t *s, const char *path, size_t bytes_max,
    cmt_arena_t *arena, cmt_str_t *text, cmt_error_t *err);
static const cmt__source_t *find_given(const cmt__generation_t *given,
    const char *path);
static int asked_for(const char *beside, cmt_str_t name,
    char whole[PATH_MAX]);
static int find_kept(const cmt__inputs_t *s, const char *what,
    cmt_str_t name, const char *beside, char path[PATH_MAX],
    cmt_error_t *err);
static int record(cmt__inputs_t *s, cmt__source_kind_t kind,
    const char *path, cmt_str_t other);


void
cmt__inputs_init(cmt__inputs_t *s, cmt_arena_t *arena, unsigned uid,
    unsigned gid)
{
    memset(s, 0, sizeof(cmt__inputs_t));
    s->arena = arena;
    s->uid = uid;
    s->gid = gid;
}


void
cmt__stamp_take(cmt__stamp_t *stamp)
{
    struct stat  st;

    memset(&stamp->seen, 0, sizeof(stamp->seen));

    if (stat(stamp->path, &st) != 0) {
        return;
    }

    stamp->seen.there = 1;
    stamp->seen.device = (uint64_t) st.st_dev;
    stamp->seen.inode = (uint64_t) st.st_ino;
    stamp->seen.bytes = (uint64_t) st.st_size;
    stamp->seen.written_s = (int64_t) st.st_mtim.tv_sec;
    stamp->seen.written_ns = (int64_t) st.st_mtim.tv_nsec;
    stamp->seen.changed_s = (int64_t) st.st_ctim.tv_sec;
    stamp->seen.changed_ns = (int64_t) st.st_ctim.tv_nsec;
}


int
cmt__inputs_note(cmt__inputs_t *s, const char *path)
{
    size_t         i;
    cmt_str_t      copy;
    cmt__stamp_t  *stamp;

    for (i = 0; i < s->n; i++) {
        if (strcmp(s->stamps[i].path, path) == 0) {
            return CMT_OK;
        }
    }

    if (s->n == CMT__INPUTS_MAX || s->given != NULL) {
        return CMT_OK;
    }

    copy = cmt__str_copy(s->arena, (cmt_str_t) { strlen(path), path });
    if (copy.data == NULL) {
        return CMT_ENOMEM;
    }

    stamp = &s->stamps[s->n++];
    stamp->path = copy.data;
    cmt__stamp_take(stamp);

    return CMT_OK;
}


int
cmt__input_find(cmt__inputs_t *s, const char *what, cmt_str_t name,
    const char *beside, char path[PATH_MAX], cmt_error_t *err)
{
    int     n;
    char    folder[PATH_MAX], whole[PATH_MAX], asked[PATH_MAX];
    size_t  len;

    if (s->pasted != NULL) {
        return cmt__fail(err, CMT_ERULES, NULL, "the %s \"%s\" is not there:"
                         " pasted rules read no other file", what, name.data);
    }

    if (!is_beside(name)) {
        return cmt__fail(err, CMT_ERULES, NULL, "the %s \"%s\" does not lie"
                         " beside the file of rules", what, name.data);
    }

    if (s->given != NULL) {
        return find_kept(s, what, name, beside, path, err);
    }

    if (!folder_of(beside, folder)) {
        return cmt__fail(err, CMT_ERULES, NULL, "the %s \"%s\": %s", what,
                         name.data, strerror(errno));
    }

    len = strlen(folder);
    n = snprintf(whole, sizeof(whole), "%s/%s", folder, name.data);

    if (n < 0 || (size_t) n >= sizeof(whole)) {
        return cmt__fail(err, CMT_ERULES, NULL, "the %s \"%s\": its path"
                         " is too long", what, name.data);
    }

    if (cmt__inputs_note(s, whole) != CMT_OK) {
        return cmt__fail(err, CMT_ENOMEM, NULL, NULL);
    }

    if (realpath(whole, path) == NULL) {
        return cmt__fail(err, CMT_ERULES, NULL, "the %s \"%s\": %s", what,
                         name.data, strerror(errno));
    }

    if (len > 1 && (strncmp(path, folder, len) != 0
                    || (path[len] != '/' && path[len] != '\0')))
    {
        return cmt__fail(err, CMT_ERULES, NULL, "the %s \"%s\" is a link"
                         " that leads out of the folder of the file", what,
                         name.data);
    }

    if (s->record && asked_for(beside, name, asked)
        && strcmp(asked, path) != 0
        && record(s, CMT__SOURCE_NAME, asked,
                  (cmt_str_t) { strlen(path), path }) != CMT_OK)
    {
        return cmt__fail(err, CMT_ENOMEM, NULL, NULL);
    }

    return CMT_OK;
}


/* The path as the files say it, whatever links there are. */

static int
asked_for(const char *beside, cmt_str_t name, char whole[PATH_MAX])
{
    int          n;
    const char  *slash;

    slash = strrchr(beside, '/');
    n = snprintf(whole, PATH_MAX, "%.*s%s",
                 slash != NULL ? (int) (slash - beside) + 1 : 0, beside,
                 name.data);

    return n >= 0 && n < PATH_MAX;
}


static int
find_kept(const cmt__inputs_t *s, const char *what, cmt_str_t name,
    const char *beside, char path[PATH_MAX], cmt_error_t *err)
{
    const cmt__source_t  *source;

    source = asked_for(beside, name, path) ? find_given(s->given, path)
                                           : NULL;

    if (source == NULL) {
        return cmt__fail(err, CMT_ERULES, NULL, "the %s \"%s\" was not kept",
                         what, name.data);
    }

    (void) snprintf(path, PATH_MAX, "%s", source->path.data);

    return CMT_OK;
}


/* The file of this path or name. */

static const cmt__source_t *
find_given(const cmt__generation_t *given, const char *path)
{
    size_t                i;
    const cmt__source_t  *s;

    for (i = 0; i < given->n; i++) {
        s = &given->sources[i];

        if (s->kind == CMT__SOURCE_NAME && cmt__str_is(s->path, path)) {
            path = s->other.data;
            break;
        }
    }

    for (i = 0; i < given->n; i++) {
        s = &given->sources[i];

        if (s->kind != CMT__SOURCE_NAME && cmt__str_is(s->path, path)) {
            return s;
        }
    }

    return NULL;
}


int
cmt__input_is_there(const cmt__inputs_t *s, const char *path)
{
    return s->given != NULL ? find_given(s->given, path) != NULL
                            : access(path, F_OK) == 0;
}


int
cmt__input_is_same(const cmt__inputs_t *s, const char *a, const char *b)
{
    struct stat  one, other;

    if (s->given != NULL) {
        return find_given(s->given, a) == find_given(s->given, b);
    }

    return stat(a, &one) == 0 && stat(b, &other) == 0
           && one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}


int
cmt__inputs_record(cmt__inputs_t *s)
{
    s->sources = cmt_alloc(s->arena, CMT__SOURCES_MAX
                                     * sizeof(cmt__source_t));
    s->record = s->sources != NULL;

    return s->record ? CMT_OK : CMT_ENOMEM;
}


/* Once for each path.  What becomes too large is not kept at all. */

static int
record(cmt__inputs_t *s, cmt__source_kind_t kind, const char *path,
    cmt_str_t other)
{
    size_t          i;
    cmt__source_t  *source;

    for (i = 0; i < s->n_sources; i++) {
        if (cmt__str_is(s->sources[i].path, path)) {
            return CMT_OK;
        }
    }

    s->bytes += other.len;
    s->too_many |= s->n_sources == CMT__SOURCES_MAX
                   || s->bytes > CMT_GENERATION_BYTES_MAX;

    if (s->too_many) {
        return CMT_OK;
    }

    source = &s->sources[s->n_sources++];
    source->kind = kind;
    source->path = cmt__str_copy(s->arena,
                                 (cmt_str_t) { strlen(path), path });
    source->other = cmt__str_copy(s->arena, other);

    return source->path.data != NULL && source->other.data != NULL
           ? CMT_OK : CMT_ENOMEM;
}


static int
is_beside(cmt_str_t name)
{
    const char  *s;

    s = name.data;

    return s[0] != '/' && strcmp(s, "..") != 0 && strncmp(s, "../", 3) != 0
           && strstr(s, "/../") == NULL
           && (name.len < 3 || strcmp(s + name.len - 3, "/..") != 0);
}


/* As the system resolves it, so that a link counts as where it leads. */

static int
folder_of(const char *beside, char folder[PATH_MAX])
{
    int          n;
    char         whole[PATH_MAX];
    const char  *slash;

    slash = strrchr(beside, '/');
    n = snprintf(whole, sizeof(whole), "%.*s",
                 slash != NULL ? (int) (slash - beside) + 1 : 2,
                 slash != NULL ? beside : "./");

    if (n < 0 || (size_t) n >= sizeof(whole)) {
        errno = ENAMETOOLONG;
        return 0;
    }

    return realpath(whole, folder) != NULL;
}


int
cmt__input_read(cmt__inputs_t *s, const char *path, size_t bytes_max,
    cmt_arena_t *arena, cmt_str_t *text, cmt_error_t *err)
{
    int                   rc;
    const cmt__source_t  *source;

    if (s->given != NULL) {
        source = find_given(s->given, path);

        if (source == NULL) {
            return cmt__fail(err, CMT_EIO, NULL, "it was not kept");
        }

        *text = source->other;

        return CMT_OK;
    }

    rc = read_file(s, path, bytes_max, arena, text, err);

    if (rc == CMT_OK && s->record
        && record(s, CMT__SOURCE_READ, path, *text) != CMT_OK)
    {
        return cmt__fail(err, CMT_ENOMEM, NULL, NULL);
    }

    return rc;
}


static int
read_file(cmt__inputs_t *s, const char *path, size_t bytes_max,
    cmt_arena_t *arena, cmt_str_t *text, cmt_error_t *err)
{
    int          fd, rc;
    char        *data;
    size_t       len;
    struct stat  before, after;

    if (s->pasted != NULL) {
        *text = *s->pasted;
        return text->len <= bytes_max
               ? CMT_OK : cmt__fail(err, CMT_ETOOLARGE, NULL, "the file is"
                                    " larger than %zu bytes", bytes_max);
    }

    if (cmt__inputs_note(s, path) != CMT_OK) {
        return cmt__fail(err, CMT_ENOMEM, NULL, NULL);
    }

    /* NONBLOCK: opening a pipe must not wait for its writer. */
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        return cmt__fail(err, CMT_EIO, NULL, "%s", strerror(errno));
    }

    if (fstat(fd, &before) != 0) {
        memset(&before, 0, sizeof(before));
    }

    rc = check_file(s, path, &before, bytes_max, err);
    if (rc != CMT_OK) {
        (void) close(fd);
        return rc;
    }

    data = cmt_alloc(arena, (size_t) before.st_size + 1);
    if (data == NULL) {
        (void) close(fd);
        return cmt__fail(err, CMT_ENOMEM, NULL, NULL);
    }

    rc = read_all(fd, data, (size_t) before.st_size + 1, &len);

    if (rc != CMT_OK || fstat(fd, &after) != 0) {
        rc = cmt__fail(err, CMT_EIO, NULL, "%s", strerror(errno));

    } else if (len != (size_t) before.st_size
               || after.st_size != before.st_size
               || after.st_mtim.tv_sec != before.st_mtim.tv_sec
               || after.st_mtim.tv_nsec != before.st_mtim.tv_nsec)
    {
        rc = cmt__fail(err, CMT_EIO, NULL, "it was written while it was"
                       " read");
    }

    (void) close(fd);

    if (rc == CMT_OK) {
        text->data = data;
        text->len = len;
    }

    return rc;
}


static int
check_file(const cmt__inputs_t *s, const char *path, const struct stat *st,
    size_t bytes_max, cmt_error_t *err)
{
    char         folder[PATH_MAX];
    struct stat  around;

    if (!S_ISREG(st->st_mode)) {
        return cmt__fail(err, CMT_EIO, NULL, "not a file");
    }

    if (st->st_size < 0 || (uint64_t) st->st_size > bytes_max) {
        return cmt__fail(err, CMT_ETOOLARGE, NULL,
                         "the file is larger than %zu bytes", bytes_max);
    }

    if (may_write(s, st)) {
        return cmt__fail(err, CMT_EIO, NULL, "the user of nginx's workers"
                         " can write it: give it to another one, such as"
                         " root");
    }

    if (folder_of(path, folder) && stat(folder, &around) == 0
        && may_write(s, &around))
    {
        return cmt__fail(err, CMT_EIO, NULL, "the user of nginx's workers"
                         " can write into its folder: give the folder to"
                         " another one, such as root");
    }

    return CMT_OK;
}


/* The owner may always: by chmod().  In a folder with the sticky bit nobody
 * can replace what another one owns. */

static int
may_write(const cmt__inputs_t *s, const struct stat *st)
{
    if (s->uid == 0) {
        return 0;
    }

    if (st->st_uid == s->uid) {
        return 1;
    }

    if (S_ISDIR(st->st_mode) && (st->st_mode & S_ISVTX)) {
        return 0;
    }

    return (st->st_mode & S_IWOTH) != 0
           || (st->st_gid == s->gid && (st->st_mode & S_IWGRP) != 0);
}


static int
read_all(int fd, char *data, size_t size, size_t *len)
{
    ssize_t  n;

    for (*len = 0; *len < size; *len += (size_t) n) {
        n = read(fd, data + *len, size - *len);

        if (n == 0) {
            return CMT_OK;
        }

        if (n < 0 && errno != EINTR) {
            return CMT_EIO;
        }

        if (n < 0) {
            n = 0;
        }
    }

    return CMT_OK;
}
