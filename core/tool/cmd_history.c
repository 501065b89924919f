/*
 * cmd_history.c: rules that served: which there were, and back to one of them.
 *
 * A rollback writes all files beside those that are there and then moves them
 * into place, so that nginx never sees a half of one.  What it replaces and
 * the store does not know is left beside it under the name x.before.
 */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tool.h"


#define DIGEST_SHOWN  12


typedef struct {
    cmt__tool_t      *tool;
    cmt_store_t      *store;
    cmt_kept_file_t  *files;
    size_t            n;
    size_t            shared;    /* bytes of the folder that all lie in       */
    const char       *into;      /* NULL: where they were                     */
} rollback_t;


static int rollback(rollback_t *r);
static int proves_good(rollback_t *r, cmt_str_t digest);
static size_t shared_folder(const rollback_t *r);
static int place_of(const rollback_t *r, size_t i, char path[PATH_MAX]);
static int make_folders(char *path);
static int write_beside(const rollback_t *r, size_t i, const char *path,
    int *differs);
static int write_new(const rollback_t *r, size_t i, const char *path,
    const struct stat *like);
static int move_in(const rollback_t *r, size_t i);
static int set_aside(const rollback_t *r, const char *path);
static int failed(const char *path, const char *what);


int
cmt__cmd_rules_history(cmt__tool_t *tool)
{
    int                 rc, status;
    size_t              i, k;
    cmt_str_t           json, s;
    cmt_error_t         err = { 0 };
    cmt_store_t        *store;
    const cmt__json_t  *root, *all, *files;

    if (cmt__tool_store(tool, CMT_STORE_READONLY, &store) != CMT__DONE) {
        return CMT__REFUSED;
    }

    rc = cmt_rules_history_json(store, tool->arena, &json, &err);
    cmt_store_close(store);

    if (rc != CMT_OK) {
        return cmt__tool_failed(&err, rc);
    }

    status = cmt__tool_answer(tool, json, &root);
    if (root == NULL) {
        return status;
    }

    all = cmt__json_member(root, "generations");

    for (i = all->n; i > 0; i--) {
        s = cmt__json_member(&all->items[i - 1], "since")->string;
        cmt__print_text(stdout, s, 0);
        s = cmt__json_member(&all->items[i - 1], "ruleset")->string;
        printf("  %.*s", DIGEST_SHOWN, s.data);
        files = cmt__json_member(&all->items[i - 1], "files");

        for (k = 0; k < files->n; k++) {
            printf("  ");
            cmt__print_text(stdout, files->items[k].string, 0);
        }

        (void) fputc('\n', stdout);
    }

    return CMT__DONE;
}


int
cmt__cmd_rules_rollback(cmt__tool_t *tool)
{
    int          rc;
    cmt_str_t    digest;
    rollback_t   r;
    cmt_error_t  err = { 0 };

    memset(&r, 0, sizeof(r));
    r.tool = tool;
    r.into = tool->opts[CMT__OPT_INTO];
    digest.data = tool->args[0];
    digest.len = strlen(digest.data);

    if (cmt__tool_store(tool, CMT_STORE_READONLY, &r.store) != CMT__DONE) {
        return CMT__REFUSED;
    }

    rc = cmt_kept_files(r.store, digest, tool->arena, &r.files, &r.n, &err);

    rc = rc != CMT_OK ? cmt__tool_failed(&err, rc)
         : proves_good(&r, digest) ? rollback(&r) : CMT__REFUSED;

    cmt_store_close(r.store);

    return rc;
}


/* What would not load is not put anywhere, but may be looked at. */

static int
proves_good(rollback_t *r, cmt_str_t digest)
{
    int             rc;
    cmt_error_t     err = { 0 };
    cmt_ruleset_t  *ruleset;

    if (r->into != NULL) {
        return 1;
    }

    rc = cmt_ruleset_load_kept(r->store, digest, 1, &ruleset, &err);
    if (rc != CMT_OK) {
        (void) cmt__tool_failed(&err, rc);
        return 0;
    }

    cmt_ruleset_free(ruleset);

    return 1;
}


static int
rollback(rollback_t *r)
{
    int     differs, *changed;
    char    path[PATH_MAX];
    size_t  i;

    changed = cmt_calloc(r->tool->arena, (r->n + 1) * sizeof(int));
    if (changed == NULL) {
        return cmt__tool_failed(NULL, CMT_ENOMEM);
    }

    r->shared = shared_folder(r);

    for (i = 0; i < r->n; i++) {
        if (!place_of(r, i, path)) {
            return failed(r->files[i].path.data, "its path is too long");
        }

        if (r->into != NULL && !make_folders(path)) {
            return failed(path, strerror(errno));
        }

        if (write_beside(r, i, path, &differs) != CMT__DONE) {
            return CMT__REFUSED;
        }

        changed[i] = differs;
    }

    for (i = 0; i < r->n; i++) {
        if (changed[i] && move_in(r, i) != CMT__DONE) {
            return CMT__REFUSED;
        }
    }

    if (r->n == 0) {
        printf("These are the built-in rules: take comments_rules out of the"
               " configuration.\n");
    }

    return CMT__DONE;
}


/* Up to the last slash that all paths share. */

static size_t
shared_folder(const rollback_t *r)
{
    size_t       i, k, shared;
    const char  *first, *path;

    if (r->n == 0) {
        return 0;
    }

    first = r->files[0].path.data;
    shared = 0;

    for (k = 0; first[k] != '\0'; k++) {
        for (i = 1; i < r->n; i++) {
            path = r->files[i].path.data;

            if (path[k] != first[k]) {
                return shared;
            }
        }

        if (first[k] == '/') {
            shared = k + 1;
        }
    }

    return shared;
}


static int
place_of(const rollback_t *r, size_t i, char path[PATH_MAX])
{
    int          n;
    const char  *was;

    was = r->files[i].path.data;

    n = r->into != NULL
        ? snprintf(path, PATH_MAX - 16, "%s/%s", r->into, was + r->shared)
        : snprintf(path, PATH_MAX - 16, "%s", was);

    return n >= 0 && n < PATH_MAX - 16;
}


static int
make_folders(char *path)
{
    char  *slash;

    for (slash = strchr(path + 1, '/'); slash != NULL;
         slash = strchr(slash + 1, '/'))
    {
        *slash = '\0';

        if (mkdir(path, 0755) != 0 && errno != EEXIST) {
            return 0;
        }

        *slash = '/';
    }

    return 1;
}


static int
write_beside(const rollback_t *r, size_t i, const char *path, int *differs)
{
    FILE         *in;
    char         *text;
    size_t        n;
    struct stat   st;

    *differs = 1;

    if (stat(path, &st) != 0) {
        return write_new(r, i, path, NULL);
    }

    if ((size_t) st.st_size == r->files[i].text.len) {
        in = fopen(path, "rb");
        text = in != NULL ? cmt_alloc(r->tool->arena, (size_t) st.st_size + 1)
                          : NULL;
        n = text != NULL ? fread(text, 1, (size_t) st.st_size, in) : 0;
        *differs = text == NULL || n != r->files[i].text.len
                   || memcmp(text, r->files[i].text.data, n) != 0;

        if (in != NULL) {
            (void) fclose(in);
        }
    }

    if (*differs) {
        return write_new(r, i, path, &st);
    }

    printf("%s is as it was\n", path);

    return CMT__DONE;
}


static int
write_new(const rollback_t *r, size_t i, const char *path,
    const struct stat *like)
{
    int     fd, ok;
    char    new[PATH_MAX];
    FILE   *out;

    (void) snprintf(new, sizeof(new), "%s.new", path);
    (void) unlink(new);

    fd = open(new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    out = fd >= 0 ? fdopen(fd, "wb") : NULL;

    if (out == NULL) {
        ok = errno;

        if (fd >= 0) {
            (void) close(fd);
        }

        return failed(new, strerror(ok));
    }

    ok = fwrite(r->files[i].text.data, 1, r->files[i].text.len, out)
         == r->files[i].text.len
         && fflush(out) == 0 && fsync(fd) == 0;

    if (ok && like != NULL) {
        ok = fchmod(fd, like->st_mode & 07777) == 0
             && (fchown(fd, like->st_uid, like->st_gid) == 0
                 || geteuid() != 0);
    }

    ok = fclose(out) == 0 && ok;

    if (!ok) {
        (void) failed(new, strerror(errno));
        (void) unlink(new);
        return CMT__REFUSED;
    }

    return CMT__DONE;
}


static int
move_in(const rollback_t *r, size_t i)
{
    char  path[PATH_MAX], new[PATH_MAX];

    (void) place_of(r, i, path);
    (void) snprintf(new, sizeof(new), "%.*s.new", PATH_MAX - 16, path);

    if (set_aside(r, path) != CMT__DONE) {
        return CMT__REFUSED;
    }

    if (rename(new, path) != 0) {
        return failed(path, strerror(errno));
    }

    printf("%s is put back\n", path);

    return CMT__DONE;
}


/* What never served is nowhere else. */

static int
set_aside(const rollback_t *r, const char *path)
{
    int           known;
    FILE         *in;
    char         *text, before[PATH_MAX];
    size_t        n;
    cmt_str_t     s;
    cmt_read_t   *read;
    struct stat   st;

    in = fopen(path, "rb");
    if (in == NULL) {
        return CMT__DONE;
    }

    n = 0;
    text = fstat(fileno(in), &st) == 0
           ? cmt_alloc(r->tool->arena, (size_t) st.st_size + 1) : NULL;

    if (text != NULL) {
        n = fread(text, 1, (size_t) st.st_size, in);
    }

    (void) fclose(in);
    s = (cmt_str_t) { n, text };
    known = 0;

    if (text != NULL && cmt_read_begin(r->store, &read, NULL) == CMT_OK) {
        known = cmt_kept_has(read, s);
        cmt_read_end(read);
    }

    if (known) {
        return CMT__DONE;
    }

    (void) snprintf(before, sizeof(before), "%.*s.before", PATH_MAX - 16,
                    path);
    (void) unlink(before);

    if (link(path, before) != 0) {
        return failed(before, strerror(errno));
    }

    printf("%s is what lay there\n", before);

    return CMT__DONE;
}


static int
failed(const char *path, const char *what)
{
    cmt__print_text(stderr, cmt_str("ngx-comments: "), 0);
    cmt__print_text(stderr, (cmt_str_t) { strlen(path), path }, 0);
    (void) fprintf(stderr, ": %s\n", what);

    return CMT__REFUSED;
}
