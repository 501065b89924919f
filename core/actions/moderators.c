/*
 * moderators.c: the file of moderators, read.
 */

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "moderators.h"


static int file_check(int fd, const char *path, struct stat *st,
    cmt_error_t *err) CMT_CHECK;
static int file_read(int fd, cmt_moderators_t *m, cmt_error_t *err)
    CMT_CHECK;
static int file_parse(cmt_moderators_t *m, cmt_error_t *err) CMT_CHECK;


static const char *const  roles[] = { "?", "moderator", "owner" };


const char *
cmt_role_name(cmt_role_t role)
{
    return role >= CMT_ROLE_MODERATOR && role <= CMT_ROLE_OWNER ? roles[role]
                                                                : roles[0];
}


cmt_role_t
cmt_role_parse(cmt_str_t word)
{
    return cmt__str_is(word, roles[CMT_ROLE_OWNER]) ? CMT_ROLE_OWNER
           : cmt__str_is(word, roles[CMT_ROLE_MODERATOR])
           ? CMT_ROLE_MODERATOR : 0;
}


int
cmt_moderators_load(const char *path, cmt_moderators_t **moderators,
    cmt_error_t *err)
{
    int                fd, rc;
    cmt_arena_t       *arena;
    cmt_moderators_t  *m;

    /* O_NONBLOCK: opening a FIFO by mistake must not wait for a writer */
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

    if (fd == -1) {
        return cmt__fail(err, CMT_EIO, NULL, errno == ENOENT
                         ? "%s is missing; make it with: ngx-comments "
                           "moderator add NAME --file %s"
                         : "cannot open %s: %m", path, path);
    }

    m = NULL;
    arena = cmt_arena_create(8 * CMT_MODERATORS_FILE_BYTES_MAX);

    if (arena != NULL) {
        m = cmt_calloc(arena, sizeof(cmt_moderators_t));
    }

    if (m == NULL) {
        rc = cmt__fail(err, CMT_ENOMEM, NULL, "no memory for moderators");

    } else {
        m->arena = arena;
        m->refs = 1;
        m->path = cmt__str_copy(arena, (cmt_str_t) { strlen(path), path })
                  .data;

        rc = m->path == NULL
             ? cmt__fail(err, CMT_ENOMEM, NULL, "no memory for moderators")
             : file_check(fd, path, &m->st, err);

        if (rc == CMT_OK) {
            rc = file_read(fd, m, err);
        }
        if (rc == CMT_OK) {
            rc = file_parse(m, err);
        }
    }

    (void) close(fd);

    if (rc != CMT_OK) {
        cmt_arena_destroy(arena);
        return rc;
    }

    *moderators = m;

    return CMT_OK;
}


int
cmt_moderators_changed(const cmt_moderators_t *m)
{
    struct stat  st;

    return stat(m->path, &st) == -1 || st.st_dev != m->st.st_dev
           || st.st_ino != m->st.st_ino || st.st_size != m->st.st_size
           || st.st_mtim.tv_sec != m->st.st_mtim.tv_sec
           || st.st_mtim.tv_nsec != m->st.st_mtim.tv_nsec
           || st.st_ctim.tv_sec != m->st.st_ctim.tv_sec
           || st.st_ctim.tv_nsec != m->st.st_ctim.tv_nsec;
}


cmt_moderators_t *
cmt_moderators_keep(cmt_moderators_t *m)
{
    (void) __atomic_add_fetch(&m->refs, 1, __ATOMIC_RELAXED);

    return m;
}


void
cmt_moderators_free(cmt_moderators_t *m)
{
    if (m != NULL && __atomic_sub_fetch(&m->refs, 1, __ATOMIC_ACQ_REL) == 0) {
        cmt_arena_destroy(m->arena);
    }
}


size_t
cmt_moderators_count(const cmt_moderators_t *m)
{
    return m->n;
}


static int
file_check(int fd, const char *path, struct stat *st, cmt_error_t *err)
{
    if (fstat(fd, st) == -1) {
        return cmt__fail(err, CMT_EIO, NULL, "cannot look at %s: %m", path);
    }

    if (!S_ISREG(st->st_mode)) {
        return cmt__fail(err, CMT_EIO, NULL, "%s is not a file", path);
    }

    if ((st->st_mode & 037) != 0) {
        return cmt__fail(err, CMT_EIO, NULL, "%s is open to others than its "
                         "owner and its readers; do: chmod 640 %s", path,
                         path);
    }

    if (st->st_size > CMT_MODERATORS_FILE_BYTES_MAX) {
        return cmt__fail(err, CMT_EIO, NULL, "%s has more than %d bytes",
                         path, CMT_MODERATORS_FILE_BYTES_MAX);
    }

    return CMT_OK;
}


static int
file_read(int fd, cmt_moderators_t *m, cmt_error_t *err)
{
    char     *data;
    size_t    len, size;
    ssize_t   n;

    size = (size_t) m->st.st_size;
    data = cmt_alloc(m->arena, size);

    if (data == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, "no memory for moderators");
    }

    for (len = 0; len < size; len += (size_t) n) {

        do {
            n = read(fd, data + len, size - len);
        } while (n == -1 && errno == EINTR);

        if (n == -1) {
            return cmt__fail(err, CMT_EIO, NULL, "cannot read %s: %m",
                             m->path);
        }
        if (n == 0) {
            break;
        }
    }

    m->content = (cmt_str_t) { len, data };

    return CMT_OK;
}


static int
file_parse(cmt_moderators_t *m, cmt_error_t *err)
{
    int               found;
    unsigned          number;
    cmt_str_t         text, line;
    cmt__moderator_t  one;

    m->list = cmt_calloc(m->arena,
                         CMT_MODERATORS_MAX * sizeof(cmt__moderator_t));
    if (m->list == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, "no memory for moderators");
    }

    text = m->content;

    for (number = 1; cmt__line_next(&text, &line); number++) {

        found = cmt__moderator_line(line, &one);

        if (found == 0) {
            continue;
        }

        if (found < 0) {
            return cmt__fail(err, CMT_EIO, NULL, "%s, line %u: not \"name "
                             "role sites hash\"", m->path, number);
        }

        if (cmt__moderator_find(m, one.name) != NULL) {
            return cmt__fail(err, CMT_EIO, NULL, "%s, line %u: this name "
                             "stands there twice", m->path, number);
        }

        if (m->n == CMT_MODERATORS_MAX) {
            return cmt__fail(err, CMT_EIO, NULL, "%s has more than %d "
                             "moderators", m->path, CMT_MODERATORS_MAX);
        }

        m->list[m->n++] = one;
    }

    return CMT_OK;
}


int
cmt__line_next(cmt_str_t *text, cmt_str_t *line)
{
    size_t       len;
    const char  *end;

    if (text->len == 0) {
        return 0;
    }

    end = memchr(text->data, '\n', text->len);
    len = end != NULL ? (size_t) (end - text->data) : text->len;

    *line = cmt__str_sub(*text, 0, len);
    *text = cmt__str_sub(*text, len + 1, text->len);

    return 1;
}


static cmt_str_t
word_next(cmt_str_t *line)
{
    size_t     i;
    cmt_str_t  word;

    *line = cmt__str_trim(*line);

    for (i = 0; i < line->len; i++) {
        if (line->data[i] == ' ' || line->data[i] == '\t') {
            break;
        }
    }

    word = cmt__str_sub(*line, 0, i);
    *line = cmt__str_sub(*line, i, line->len);

    return word;
}


int
cmt__moderator_line(cmt_str_t line, cmt__moderator_t *moderator)
{
    cmt__moderator_t  m;

    line = cmt__str_trim(line);

    if (line.len == 0 || line.data[0] == '#') {
        return 0;
    }

    m.name = word_next(&line);
    m.role = cmt_role_parse(word_next(&line));
    m.sites = word_next(&line);
    m.hash = word_next(&line);

    if (!cmt__moderator_name_ok(m.name) || m.role == 0
        || !cmt__moderator_sites_ok(m.sites)
        || cmt__str_trim(line).len > 0)
    {
        return -1;
    }

    if (cmt__str_is(m.hash, "-")) {
        m.hash = cmt_null_str;

    } else if (!cmt__password_hash_valid(m.hash)) {
        return -1;
    }

    *moderator = m;

    return 1;
}


int
cmt__moderator_name_ok(cmt_str_t name)
{
    size_t         i;
    unsigned char  c;

    if (name.len == 0 || name.len > CMT_MODERATOR_NAME_BYTES_MAX
        || name.data[0] == '#' || !cmt__utf8_valid(name))
    {
        return 0;
    }

    for (i = 0; i < name.len; i++) {
        c = (unsigned char) name.data[i];

        if (c <= ' ' || c == 0x7f || c == ',') {
            return 0;
        }
    }

    return 1;
}


int
cmt__moderator_sites_ok(cmt_str_t sites)
{
    size_t         i;
    unsigned char  c;

    if (sites.len == 0 || sites.len > CMT_MODERATOR_SITES_BYTES_MAX
        || sites.data[0] == ',' || sites.data[sites.len - 1] == ','
        || !cmt__utf8_valid(sites))
    {
        return 0;
    }

    for (i = 0; i < sites.len; i++) {
        c = (unsigned char) sites.data[i];

        if (c <= ' ' || c == 0x7f) {
            return 0;
        }
    }

    return 1;
}


const cmt__moderator_t *
cmt__moderator_find(const cmt_moderators_t *m, cmt_str_t name)
{
    size_t  i;

    for (i = 0; i < m->n; i++) {
        if (cmt__str_eq(m->list[i].name, name)) {
            return &m->list[i];
        }
    }

    return NULL;
}


int
cmt__moderator_of_site(const cmt__moderator_t *moderator, cmt_str_t site)
{
    size_t       len;
    cmt_str_t    rest;
    const char  *comma;

    if (cmt__str_is(moderator->sites, "*")) {
        return 1;
    }

    for (rest = moderator->sites; rest.len > 0;
         rest = cmt__str_sub(rest, len + 1, rest.len))
    {
        comma = memchr(rest.data, ',', rest.len);
        len = comma != NULL ? (size_t) (comma - rest.data) : rest.len;

        if (cmt__str_eq(cmt__str_sub(rest, 0, len), site)) {
            return 1;
        }
    }

    return 0;
}


int
cmt__moderator_who(cmt_str_t name, cmt_role_t role, cmt_arena_t *arena,
    cmt_who_t *who, cmt_error_t *err)
{
    cmt__buf_t  b;

    memset(who, 0, sizeof(*who));
    cmt__buf_init(&b, arena, 16 + name.len);
    cmt__buf_lit(&b, "moderator:");
    cmt__buf_str_put(&b, name);

    if (cmt__buf_end(&b, &who->actor) != CMT_OK) {
        return cmt__fail(err, CMT_ENOMEM, NULL, "no memory for a moderator");
    }

    who->name = cmt__str_sub(who->actor, 10, who->actor.len);
    who->role = role;

    return CMT_OK;
}


int
cmt_moderator_trusted(const cmt_moderators_t *moderators,
    const cmt_site_t *site, cmt_str_t name, cmt_arena_t *arena,
    cmt_who_t *who, cmt_error_t *err)
{
    const cmt__moderator_t  *m;

    if (!cmt__moderator_name_ok(name)) {
        return cmt__fail(err, CMT_EMODERATOR, NULL, "no name of a moderator");
    }

    if (moderators == NULL) {
        return cmt__moderator_who(name, CMT_ROLE_MODERATOR, arena, who, err);
    }

    m = cmt__moderator_find(moderators, name);

    if (m == NULL || !cmt__moderator_of_site(m, site->name)) {
        return cmt__fail(err, CMT_EMODERATOR, NULL,
                         "no moderator of this site");
    }

    return cmt__moderator_who(name, m->role, arena, who, err);
}
