/*
 * remark42.c: what Remark42 backs up: JSON, one value a line.  The first one is
 * about the site, the others are comments:
 *
 *   {"version":1,"users":[{"id","details":{"email"}}],"posts":[...]}
 *   {"id","pid","text","orig","user":{"name","id"},"locator":{"site","url"},
 *    "time","edit":{"time"},"delete","title"}
 *
 * orig is Markdown, which comments that Remark42 itself imported lack: then
 * there is text, which is HTML.  Until 2022 orig was kept escaped; names are.
 */

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include "foreign.h"


#define SYSTEM     "remark42"
#define HEAD       "{\"version\":"
#define ANONYMOUS  "anonymous_"  /* begins what anybody may call himself */

#define READER_BYTES_MAX  (2 * CMT__LINE_BYTES_MAX)
#define LINE_TREE_BYTES_MAX  ((size_t) 64 * 1024 * 1024)


typedef struct {
    cmt_str_t      id, parent, text, orig, name, user, site, url, title;
    cmt_str_t      time, edited, deleted;
} record_t;

typedef struct {
    cmt__sink_t   *sink;
    cmt__refs_t    users;
    cmt__lines_t   lines;
    cmt_arena_t   *arena;        /* of a line                                */
} remark42_t;


static int lines_read(remark42_t *r, cmt_error_t *err);
static int line_read(remark42_t *r, cmt_str_t line, cmt_error_t *err);
static int users_keep(remark42_t *r, const cmt__json_t *head,
    cmt_error_t *err);
static int comment_put(remark42_t *r, const record_t *record,
    cmt_error_t *err);
static int typed_make(remark42_t *r, cmt_str_t orig, cmt_str_t *typed)
    CMT_CHECK;
static int is_escaped(cmt_str_t s);
static int person_make(remark42_t *r, const record_t *record,
    cmt__foreign_t *f) CMT_CHECK;


static const cmt__json_field_t  fields[] = {
    { "id",           offsetof(record_t, id) },
    { "pid",          offsetof(record_t, parent) },
    { "text",         offsetof(record_t, text) },
    { "orig",         offsetof(record_t, orig) },
    { "user.name",    offsetof(record_t, name) },
    { "user.id",      offsetof(record_t, user) },
    { "locator.site", offsetof(record_t, site) },
    { "locator.url",  offsetof(record_t, url) },
    { "title",        offsetof(record_t, title) },
    { "time",         offsetof(record_t, time) },
    { "edit.time",    offsetof(record_t, edited) },
    { "delete",       offsetof(record_t, deleted) },
    { NULL,           0 }
};


int
cmt__remark42_read(const cmt__input_t *input, cmt__sink_t *sink,
    cmt_error_t *err)
{
    int            rc;
    remark42_t     r;
    cmt_arena_t   *arena;
    cmt__stream_t  stream;

    memset(&r, 0, sizeof(remark42_t));
    memset(&stream, 0, sizeof(cmt__stream_t));
    r.sink = sink;
    stream.in = input->in;

    arena = cmt_arena_create(READER_BYTES_MAX);
    r.arena = cmt_arena_create(LINE_TREE_BYTES_MAX);

    if (arena == NULL || r.arena == NULL
        || cmt__refs_open(&r.users, CMT__REFS_BYTES_MAX) != CMT_OK
        || cmt__lines_open(&r.lines, &stream, arena) != CMT_OK)
    {
        rc = cmt__fail(err, CMT_ENOMEM, NULL, NULL);

    } else {
        rc = lines_read(&r, err);
        cmt__lines_wipe(&r.lines);
    }

    if (r.arena != NULL) {
        cmt_arena_wipe(r.arena);
    }

    cmt__refs_close(&r.users);
    cmt_arena_destroy(r.arena);
    cmt_arena_destroy(arena);

    return rc;
}


/* The first line has all users, and so may be longer than others. */

static int
lines_read(remark42_t *r, cmt_error_t *err)
{
    int        rc;
    cmt_str_t  line;

    for ( ;; ) {
        rc = cmt__lines_next(&r->lines, &line);

        if (rc == CMT_ENOTFOUND) {
            return CMT_OK;
        }

        if (rc == CMT_EIO) {
            return cmt__fail(err, rc, NULL, "the file could not be read behind "
                             "line %" PRIu64, r->lines.number);
        }

        if (rc == CMT_ETOOLARGE && r->lines.number == 1) {
            continue;
        }

        if (rc == CMT_ETOOLARGE) {
            cmt__sink_refuse_long(r->sink, r->lines.number);
            continue;
        }

        if (cmt__str_trim(line).len != 0) {
            rc = line_read(r, line, err);
            if (rc != CMT_OK) {
                return rc;
            }
        }
    }
}


static int
line_read(remark42_t *r, cmt_str_t line, cmt_error_t *err)
{
    int                 rc;
    record_t            record;
    const cmt__json_t  *root;

    cmt_arena_reset(r->arena);

    rc = cmt__json_parse(r->arena, line, &root, NULL);

    if (rc == CMT_ENOMEM) {
        return cmt__fail(err, rc, NULL, NULL);
    }

    if (r->lines.number == 1
        && (rc != CMT_OK || root->type != CMT__JSON_OBJECT
            || (cmt__json_member(root, "version") == NULL
                && cmt__json_member(root, "locator") == NULL)))
    {
        return cmt__fail(err, CMT_EIO, NULL, "line 1: this is no backup of "
                         "Remark42, which begins with " HEAD);
    }

    if (rc != CMT_OK) {
        cmt__sink_refuse(r->sink, r->lines.number, rc, "this is no JSON");
        return CMT_OK;
    }

    if (cmt__json_member(root, "version") != NULL) {
        return users_keep(r, root, err);
    }

    rc = cmt__json_keep(r->arena, root, fields, &record);

    return rc == CMT_OK ? comment_put(r, &record, err)
                        : cmt__fail(err, rc, NULL, NULL);
}


static int
users_keep(remark42_t *r, const cmt__json_t *head, cmt_error_t *err)
{
    int                 rc;
    size_t              i;
    cmt__ref_t          user;
    const cmt__json_t  *users;

    users = cmt__json_member(head, "users");

    for (i = 0; users != NULL && i < users->n; i++) {

        memset(&user, 0, sizeof(cmt__ref_t));
        user.email = cmt__json_string_of(cmt__json_member(&users->items[i],
                                                          "details"), "email");

        rc = cmt__refs_add(&r->users,
                           cmt__json_string_of(&users->items[i], "id"), &user,
                           err);
        if (rc != CMT_OK) {
            return rc;
        }
    }

    return CMT_OK;
}


static int
comment_put(remark42_t *r, const record_t *record, cmt_error_t *err)
{
    int             rc;
    cmt_str_t       typed;
    cmt__foreign_t  f;

    if (record->text.len > CMT__FIELD_BYTES_MAX
        || record->orig.len > CMT__FIELD_BYTES_MAX)
    {
        cmt__sink_refuse_long(r->sink, r->lines.number);
        return CMT_OK;
    }

    memset(&f, 0, sizeof(cmt__foreign_t));
    f.at = r->lines.number;
    f.page = record->url;
    f.title = record->title;
    f.kind = CMT_COMMENT;
    f.status = record->deleted.len != 0 ? CMT_DELETED : CMT_APPROVED;

    if (!cmt__foreign_time(record->time, &f.created)) {
        f.created = 0;
    }

    if (!cmt__foreign_time(record->edited, &f.edited)) {
        f.edited = 0;
    }

    rc = cmt__foreign_uid(r->arena, SYSTEM, record->site, record->id, &f.uid);

    if (rc == CMT_OK) {
        rc = cmt__foreign_uid(r->arena, SYSTEM, record->site, record->parent,
                              &f.parent);
    }

    if (rc == CMT_OK) {
        rc = person_make(r, record, &f);
    }

    if (rc == CMT_OK) {
        rc = typed_make(r, record->orig, &typed);
    }

    if (rc == CMT_OK) {
        rc = cmt__foreign_text(r->arena, typed, record->text, &f);
    }

    return rc == CMT_OK ? cmt__sink_put(r->sink, &f, err)
                        : cmt__fail(err, rc, NULL, NULL);
}


static int
typed_make(remark42_t *r, cmt_str_t orig, cmt_str_t *typed)
{
    if (is_escaped(orig)) {
        return cmt__html_unescape(r->arena, orig, typed);
    }

    *typed = orig;

    return CMT_OK;
}


/* Then it has references, but no quotes, and no "&" that begins none. */

static int
is_escaped(cmt_str_t s)
{
    int                 found;
    size_t              i, j;
    static const char  *const  references[] = {
        "&amp;", "&lt;", "&gt;", "&#34;", "&#39;"
    };

    found = 0;

    for (i = 0; i < s.len; i++) {

        if (s.data[i] == '"' || s.data[i] == '\'') {
            return 0;
        }

        if (s.data[i] != '&') {
            continue;
        }

        for (j = 0; !cmt__str_starts(cmt__str_sub(s, i, s.len),
                                     references[j]); j++)
        {
            if (j + 1 == sizeof(references) / sizeof(references[0])) {
                return 0;
            }
        }

        found = 1;
    }

    return found;
}


/* Who was not signed in had a name that anybody could take. */

static int
person_make(remark42_t *r, const record_t *record, cmt__foreign_t *f)
{
    int                rc;
    const cmt__ref_t  *user;

    rc = cmt__html_unescape(r->arena, record->name, &f->name);

    if (rc != CMT_OK || cmt__str_starts(record->user, ANONYMOUS)) {
        return rc;
    }

    user = cmt__refs_find(&r->users, record->user);
    if (user != NULL) {
        f->email = user->email;
    }

    return cmt__foreign_uid(r->arena, SYSTEM, cmt_null_str, record->user,
                            &f->account);
}
