/*
 * moderators_write.c: the file of moderators, changed.
 *
 *   folder locked -> read -> lines with one added, taken out or replaced
 *   -> written aside, synced -> renamed -> folder synced
 *
 * So a reader sees the old file or the new one, and of two writers the second
 * sees what the first has done.  Lines of remarks stay.
 */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "moderators.h"


typedef enum { LINE_ADD, LINE_REMOVE, LINE_PASSWORD } line_verb_t;

/* What is done to the file. */
typedef struct {
    const char     *path;
    line_verb_t     verb;
    cmt_str_t       name;
    cmt_role_t      role;
    cmt_str_t       sites;
    cmt_str_t       password;
    char            hash[CMT__PASSWORD_HASH_CHARS + 1];
} edit_t;


static int edit_file(edit_t *edit, cmt_error_t *err) CMT_CHECK;
static int edit_locked(const edit_t *edit, int folder, cmt_error_t *err)
    CMT_CHECK;
static int edit_lines(const edit_t *edit, const cmt_moderators_t *old,
    cmt__buf_t *b, cmt_error_t *err) CMT_CHECK;
static void put_line(cmt__buf_t *b, const cmt__moderator_t *m);
static int write_aside(const edit_t *edit, const cmt_moderators_t *old,
    cmt_str_t content, int folder, cmt_error_t *err) CMT_CHECK;
static int folder_open(const char *path, cmt_error_t *err);


int
cmt_moderator_add(const char *path, cmt_str_t name, cmt_role_t role,
    cmt_str_t sites, cmt_str_t password, cmt_error_t *err)
{
    edit_t  edit;

    memset(&edit, 0, sizeof(edit));
    edit.path = path;
    edit.verb = LINE_ADD;
    edit.name = name;
    edit.role = role;
    edit.sites = sites.len > 0 ? sites : cmt_str("*");
    edit.password = password;

    if (role != CMT_ROLE_MODERATOR && role != CMT_ROLE_OWNER) {
        return cmt__fail(err, CMT_EARGUMENT, "role",
                         "a role is owner or moderator");
    }

    if (!cmt__moderator_sites_ok(edit.sites)) {
        return cmt__fail(err, CMT_EARGUMENT, "sites", "sites are names with "
                         "commas between them and no blanks, or \"*\"");
    }

    return edit_file(&edit, err);
}


int
cmt_moderator_remove(const char *path, cmt_str_t name, cmt_error_t *err)
{
    edit_t  edit;

    memset(&edit, 0, sizeof(edit));
    edit.path = path;
    edit.verb = LINE_REMOVE;
    edit.name = name;

    return edit_file(&edit, err);
}


int
cmt_moderator_password(const char *path, cmt_str_t name, cmt_str_t password,
    cmt_error_t *err)
{
    edit_t  edit;

    memset(&edit, 0, sizeof(edit));
    edit.path = path;
    edit.verb = LINE_PASSWORD;
    edit.name = name;
    edit.password = password;

    return edit_file(&edit, err);
}


static int
edit_file(edit_t *edit, cmt_error_t *err)
{
    int  folder, rc;

    if (!cmt__moderator_name_ok(edit->name)) {
        return cmt__fail(err, CMT_EARGUMENT, "name", "a name has 1 to %d "
                         "bytes, no blanks and no commas",
                         CMT_MODERATOR_NAME_BYTES_MAX);
    }

    if (edit->verb == LINE_PASSWORD || edit->password.len > 0) {

        if (edit->password.len < CMT_PASSWORD_BYTES_MIN
            || edit->password.len > CMT_PASSWORD_BYTES_MAX)
        {
            return cmt__fail(err, CMT_EARGUMENT, "password",
                             "a password has %d to %d bytes",
                             CMT_PASSWORD_BYTES_MIN, CMT_PASSWORD_BYTES_MAX);
        }

        if (cmt__password_hash(edit->password, edit->hash) != CMT_OK) {
            return cmt__fail(err, CMT_ENOMEM, NULL,
                             "no memory to hash a password");
        }
    }

    folder = folder_open(edit->path, err);
    if (folder < 0) {
        return CMT_EIO;
    }

    rc = edit_locked(edit, folder, err);

    (void) close(folder);       /* and the lock goes */
    cmt__wipe(edit->hash, sizeof(edit->hash));

    return rc;
}


static int
edit_locked(const edit_t *edit, int folder, cmt_error_t *err)
{
    int                rc;
    cmt_str_t          content;
    cmt__buf_t         b;
    cmt_arena_t       *arena;
    cmt_moderators_t  *old;

    while (flock(folder, LOCK_EX) == -1) {
        if (errno != EINTR) {
            return cmt__fail(err, CMT_EIO, NULL, "cannot lock the folder of "
                             "%s: %m", edit->path);
        }
    }

    old = NULL;

    if (edit->verb != LINE_ADD || access(edit->path, F_OK) == 0) {
        rc = cmt_moderators_load(edit->path, &old, err);
        if (rc != CMT_OK) {
            return rc;
        }
    }

    arena = cmt_arena_create(4 * CMT_MODERATORS_FILE_BYTES_MAX);
    if (arena == NULL) {
        cmt_moderators_free(old);
        return cmt__fail(err, CMT_ENOMEM, NULL, "no memory for moderators");
    }

    cmt__buf_init(&b, arena, 4096);
    rc = edit_lines(edit, old, &b, err);

    if (rc == CMT_OK && cmt__buf_end(&b, &content) != CMT_OK) {
        rc = cmt__fail(err, CMT_ENOMEM, NULL, "no memory for moderators");
    }
    if (rc == CMT_OK) {
        rc = write_aside(edit, old, content, folder, err);
    }

    cmt_moderators_free(old);
    cmt_arena_destroy(arena);

    return rc;
}


static int
edit_lines(const edit_t *edit, const cmt_moderators_t *old, cmt__buf_t *b,
    cmt_error_t *err)
{
    int               known;
    cmt_str_t         text, line;
    cmt__moderator_t  m;

    known = old != NULL && cmt__moderator_find(old, edit->name) != NULL;

    if (known && edit->verb == LINE_ADD) {
        return cmt__fail(err, CMT_EARGUMENT, "name",
                         "there is a moderator \"%.*s\" already",
                         (int) edit->name.len, edit->name.data);
    }

    if (!known && edit->verb != LINE_ADD) {
        return cmt__fail(err, CMT_ENOTFOUND, "name",
                         "there is no moderator \"%.*s\"",
                         (int) edit->name.len, edit->name.data);
    }

    if (old != NULL && edit->verb == LINE_ADD && old->n == CMT_MODERATORS_MAX)
    {
        return cmt__fail(err, CMT_EARGUMENT, NULL, "there are %d moderators "
                         "already", CMT_MODERATORS_MAX);
    }

    if (old == NULL) {
        cmt__buf_lit(b, "# Moderators: name, role, sites, hash of the "
                        "password.  Made by ngx-comments.\n");
    } else {
        text = old->content;

        while (cmt__line_next(&text, &line)) {

            if (cmt__moderator_line(line, &m) == 1
                && cmt__str_eq(m.name, edit->name))
            {
                if (edit->verb == LINE_REMOVE) {
                    continue;
                }

                m.hash = (cmt_str_t) { strlen(edit->hash), edit->hash };
                put_line(b, &m);
                continue;
            }

            cmt__buf_str_put(b, line);
            cmt__buf_char(b, '\n');
        }
    }

    if (edit->verb == LINE_ADD) {
        m.name = edit->name;
        m.role = edit->role;
        m.sites = edit->sites;
        m.hash = (cmt_str_t) { strlen(edit->hash), edit->hash };
        put_line(b, &m);
    }

    return CMT_OK;
}


static void
put_line(cmt__buf_t *b, const cmt__moderator_t *m)
{
    cmt__buf_str_put(b, m->name);
    cmt__buf_char(b, ' ');
    cmt__buf_lit(b, cmt_role_name(m->role));
    cmt__buf_char(b, ' ');
    cmt__buf_str_put(b, m->sites);
    cmt__buf_char(b, ' ');

    if (m->hash.len > 0) {
        cmt__buf_str_put(b, m->hash);
    } else {
        cmt__buf_char(b, '-');
    }

    cmt__buf_char(b, '\n');
}


static int
write_aside(const edit_t *edit, const cmt_moderators_t *old,
    cmt_str_t content, int folder, cmt_error_t *err)
{
    int      fd;
    char     aside[PATH_MAX];
    ssize_t  n;
    size_t   done;

    if (snprintf(aside, sizeof(aside), "%s.new", edit->path)
        >= (int) sizeof(aside))
    {
        return cmt__fail(err, CMT_EIO, NULL, "the path is too long");
    }

    /* who holds the lock may drop what a killed writer has left */
    (void) unlink(aside);

    fd = open(aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
              0600);
    if (fd == -1) {
        return cmt__fail(err, CMT_EIO, NULL, "cannot make %s: %m", aside);
    }

    for (done = 0, n = 0; done < content.len; done += (size_t) n) {

        do {
            n = write(fd, content.data + done, content.len - done);
        } while (n == -1 && errno == EINTR);

        if (n <= 0) {
            errno = n == 0 ? ENOSPC : errno;
            break;
        }
    }

    if (done < content.len
        || (old != NULL
            && ((fchown(fd, old->st.st_uid, old->st.st_gid) == -1
                 && geteuid() == 0)
                || fchmod(fd, old->st.st_mode & 0777) == -1))
        || fsync(fd) == -1 || rename(aside, edit->path) == -1)
    {
        (void) cmt__fail(err, CMT_EIO, NULL, "cannot write %s: %m", aside);
        (void) close(fd);
        (void) unlink(aside);
        return CMT_EIO;
    }

    (void) close(fd);

    return fsync(folder) == 0 ? CMT_OK
           : cmt__fail(err, CMT_EIO, NULL, "cannot sync the folder of %s: %m",
                       edit->path);
}


/* A descriptor, or -1 with the error. */
static int
folder_open(const char *path, cmt_error_t *err)
{
    int          fd;
    char         folder[PATH_MAX];
    size_t       len;
    const char  *slash;

    slash = strrchr(path, '/');
    len = slash == NULL ? 0 : slash == path ? 1 : (size_t) (slash - path);

    if (len >= sizeof(folder)) {
        (void) cmt__fail(err, CMT_EIO, NULL, "the path is too long");
        return -1;
    }

    memcpy(folder, path, len);
    folder[len] = '\0';

    fd = open(len == 0 ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd == -1) {
        (void) cmt__fail(err, CMT_EIO, NULL, "cannot open the folder of %s: "
                         "%m", path);
    }

    return fd;
}
