/*
 * jsonl_record.c: one line of the format, checked for its shape.  What the
 * values may be (a name's length, a website's scheme, a page) the action
 * checks, as for any other comment.
 *
 * A member that the format does not know is refused, not left out: whoever
 * wrote it wanted it to be kept.
 */

#include <stddef.h>
#include <string.h>

#include "exchange.h"


#define PARSER_LINE  "line 1, "


typedef struct member_s  member_t;

struct member_s {
    const char  *name;
    int        (*read)(cmt_arena_t *arena, const member_t *member,
                       const cmt__json_t *value, cmt__record_t *record,
                       cmt_error_t *err);
    size_t       offset;         /* in cmt__record_t */
};


static int object_read(cmt_arena_t *arena, const cmt__json_t *object,
    cmt__record_t *record, cmt_error_t *err);
static int read_string(cmt_arena_t *arena, const member_t *member,
    const cmt__json_t *value, cmt__record_t *record, cmt_error_t *err);
static int read_source(cmt_arena_t *arena, const member_t *member,
    const cmt__json_t *value, cmt__record_t *record, cmt_error_t *err);
static int read_time(cmt_arena_t *arena, const member_t *member,
    const cmt__json_t *value, cmt__record_t *record, cmt_error_t *err);
static int read_kind(cmt_arena_t *arena, const member_t *member,
    const cmt__json_t *value, cmt__record_t *record, cmt_error_t *err);
static int read_status(cmt_arena_t *arena, const member_t *member,
    const cmt__json_t *value, cmt__record_t *record, cmt_error_t *err);
static int read_markup(cmt_arena_t *arena, const member_t *member,
    const cmt__json_t *value, cmt__record_t *record, cmt_error_t *err);
static int read_identity(cmt_arena_t *arena, const member_t *member,
    const cmt__json_t *value, cmt__record_t *record, cmt_error_t *err);
static int read_receipt(cmt_arena_t *arena, const member_t *member,
    const cmt__json_t *value, cmt__record_t *record, cmt_error_t *err);
static int needs_check(const cmt__record_t *record, cmt_error_t *err);
static void content_drop(cmt__import_t *comment);
static void line_forget(cmt_error_t *err);
static int not_text(const member_t *member, cmt_error_t *err);


#define AT(field)       offsetof(cmt__record_t, field)
#define COMMENT(field)  offsetof(cmt__record_t, comment.field)

static const member_t  members[] = {
    { "id", read_source, AT(id) },
    { "uid", read_source, AT(uid) },
    { "page", read_string, COMMENT(page) },
    { "title", read_string, COMMENT(title) },
    { "parent", read_source, AT(parent) },
    { "kind", read_kind, 0 },
    { "status", read_status, 0 },
    { "created", read_time, COMMENT(created) },
    { "edited", read_time, COMMENT(edited) },
    { "name", read_string, COMMENT(name) },
    { "email", read_string, COMMENT(email) },
    { "identity", read_identity, 0 },
    { "website", read_string, COMMENT(website) },
    { "text", read_string, COMMENT(text) },
    { "markup", read_markup, 0 },
    { "receipt", read_receipt, 0 }
};

#define MEMBERS  (sizeof(members) / sizeof(members[0]))

static const char *const  markups[] = {
    [CMT_MARKUP_PLAIN] = "plain",
    [CMT_MARKUP_HTML] = "html",
    [CMT_MARKUP_MARKDOWN] = "markdown"
};

#define MARKUPS  (sizeof(markups) / sizeof(markups[0]))


int
cmt__record_read(cmt_arena_t *arena, cmt_str_t text, cmt__record_t *record,
    cmt_error_t *err)
{
    int                 rc;
    cmt__record_t       r;
    const cmt__json_t  *root;

    memset(&r, 0, sizeof(r));
    r.comment.kind = CMT_COMMENT;
    r.comment.markup = CMT_MARKUP_PLAIN;

    rc = cmt__json_parse(arena, text, &root, err);
    if (rc != CMT_OK) {
        line_forget(err);
        return rc;
    }

    if (root->type != CMT__JSON_OBJECT) {
        return cmt__fail(err, CMT_EJSON, NULL, "the line is no JSON object");
    }

    rc = object_read(arena, root, &r, err);
    if (rc != CMT_OK) {
        return rc;
    }

    rc = needs_check(&r, err);
    if (rc != CMT_OK) {
        return rc;
    }

    r.comment.uid = r.uid.len != 0 ? r.uid : cmt__record_uid(arena, r.id);
    if (r.comment.uid.data == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, NULL);
    }

    if (r.comment.status == CMT_DELETED) {
        content_drop(&r.comment);
    }

    *record = r;

    return CMT_OK;
}


/* Of a deleted comment only its place is kept, whatever the line has. */

static void
content_drop(cmt__import_t *comment)
{
    comment->edited = 0;
    comment->name = cmt_null_str;
    comment->email = cmt_null_str;
    comment->website = cmt_null_str;
    comment->text = cmt_null_str;
    comment->receipt = cmt_null_str;
    comment->has_identity = 0;
    memset(comment->identity, 0, CMT_HASH_BYTES);
}


cmt_str_t
cmt__record_uid(cmt_arena_t *arena, cmt_str_t id)
{
    char       *data;
    size_t      len;
    cmt_str_t   uid;

    len = sizeof(CMT__ID_PREFIX) - 1;

    data = cmt_alloc(arena, len + id.len);
    if (data == NULL) {
        return cmt_null_str;
    }

    memcpy(data, CMT__ID_PREFIX, len);
    memcpy(data + len, id.data, id.len);

    uid.data = data;
    uid.len = len + id.len;

    return uid;
}


const char *
cmt__record_markup(cmt_markup_t markup)
{
    return (size_t) markup < MARKUPS ? markups[markup] : "plain";
}


/* The parser counts lines of its own, of which there is only one here. */

static void
line_forget(cmt_error_t *err)
{
    size_t  len;

    len = sizeof(PARSER_LINE) - 1;

    if (err != NULL && strncmp(err->detail, PARSER_LINE, len) == 0) {
        memmove(err->detail, err->detail + len,
                strlen(err->detail + len) + 1);
    }
}


static int
object_read(cmt_arena_t *arena, const cmt__json_t *object,
    cmt__record_t *record, cmt_error_t *err)
{
    int                 rc;
    size_t              i, m;
    const cmt__json_t  *value;

    for (i = 0; i < object->n; i++) {
        value = &object->items[i];

        for (m = 0; m < MEMBERS; m++) {
            if (cmt__str_is(value->name, members[m].name)) {
                break;
            }
        }

        if (m == MEMBERS) {
            return cmt__fail(err, CMT_EFIELD, NULL,
                             "the format has no member \"%.*s\"",
                             (int) (value->name.len < 64 ? value->name.len
                                                         : 64),
                             value->name.data);
        }

        /* null says the same as leaving it out. */
        if (value->type == CMT__JSON_NULL) {
            continue;
        }

        rc = members[m].read(arena, &members[m], value, record, err);
        if (rc != CMT_OK) {
            return rc;
        }
    }

    return CMT_OK;
}


static int
needs_check(const cmt__record_t *record, cmt_error_t *err)
{
    if (record->id.len == 0 && record->uid.len == 0) {
        return cmt__fail(err, CMT_EFIELD, "id",
                         "id or uid is missing: without one of them a second "
                         "import would add the comment again");
    }

    if (record->comment.page.len == 0) {
        return cmt__fail(err, CMT_EFIELD, "page", "page is missing");
    }

    if (record->comment.status == 0) {
        return cmt__fail(err, CMT_EFIELD, "status", "status is missing");
    }

    if (record->comment.created == 0) {
        return cmt__fail(err, CMT_EFIELD, "created", "created is missing");
    }

    if (record->comment.has_identity && record->comment.email.len != 0) {
        return cmt__fail(err, CMT_EFIELD, "identity",
                         "give email or identity, not both");
    }

    return CMT_OK;
}


static int
read_string(cmt_arena_t *arena, const member_t *member,
    const cmt__json_t *value, cmt__record_t *record, cmt_error_t *err)
{
    (void) arena;

    if (value->type != CMT__JSON_STRING) {
        return not_text(member, err);
    }

    *(cmt_str_t *) ((char *) record + member->offset) = value->string;

    return CMT_OK;
}


/* An id of the source, a number or any text: 7 and "7" are the same. */

static int
read_source(cmt_arena_t *arena, const member_t *member,
    const cmt__json_t *value, cmt__record_t *record, cmt_error_t *err)
{
    cmt_str_t   s;
    cmt__buf_t  b;

    if (value->type == CMT__JSON_STRING) {
        s = value->string;

    } else if (value->type == CMT__JSON_INTEGER) {
        cmt__buf_init(&b, arena, 0);
        cmt__buf_i64(&b, value->integer);
        if (cmt__buf_end(&b, &s) != CMT_OK) {
            return cmt__fail(err, CMT_ENOMEM, NULL, NULL);
        }

    } else {
        return cmt__fail(err, CMT_EFIELD, member->name,
                         "%s must be a text or a whole number", member->name);
    }

    if (s.len == 0 || s.len > CMT__SOURCE_BYTES_MAX) {
        return cmt__fail(err, CMT_EFIELD, member->name,
                         "%s must have 1 to %d bytes", member->name,
                         CMT__SOURCE_BYTES_MAX);
    }

    *(cmt_str_t *) ((char *) record + member->offset) = s;

    return CMT_OK;
}


static int
read_time(cmt_arena_t *arena, const member_t *member,
    const cmt__json_t *value, cmt__record_t *record, cmt_error_t *err)
{
    int64_t  t;

    (void) arena;

    /* 0 stands for "never" in the store. */

    if (value->type != CMT__JSON_STRING
        || !cmt__time_parse(value->string, &t) || t <= 0)
    {
        return cmt__fail(err, CMT_EFIELD, member->name,
                         "%s must be a time after 1970, such as "
                         "\"2013-01-08T09:40:00Z\"", member->name);
    }

    *(int64_t *) (void *) ((char *) record + member->offset) = t;

    return CMT_OK;
}


static int
read_kind(cmt_arena_t *arena, const member_t *member,
    const cmt__json_t *value, cmt__record_t *record, cmt_error_t *err)
{
    cmt_kind_t  kind;

    (void) arena;

    kind = value->type == CMT__JSON_STRING ? cmt_kind_parse(value->string)
                                           : 0;
    if (kind == 0) {
        return cmt__fail(err, CMT_EFIELD, member->name,
                         "kind must be comment, pingback or webmention");
    }

    record->comment.kind = kind;

    return CMT_OK;
}


static int
read_status(cmt_arena_t *arena, const member_t *member,
    const cmt__json_t *value, cmt__record_t *record, cmt_error_t *err)
{
    cmt_status_t  status;

    (void) arena;

    status = value->type == CMT__JSON_STRING
             ? cmt_status_parse(value->string) : 0;
    if (status == 0) {
        return cmt__fail(err, CMT_EFIELD, member->name,
                         "status must be approved, pending, spam, rejected "
                         "or deleted");
    }

    record->comment.status = status;

    return CMT_OK;
}


static int
read_markup(cmt_arena_t *arena, const member_t *member,
    const cmt__json_t *value, cmt__record_t *record, cmt_error_t *err)
{
    size_t  i;

    (void) arena;

    for (i = 0; i < MARKUPS && value->type == CMT__JSON_STRING; i++) {
        if (cmt__str_is(value->string, markups[i])) {
            record->comment.markup = (cmt_markup_t) i;
            return CMT_OK;
        }
    }

    return cmt__fail(err, CMT_EFIELD, member->name,
                     "markup must be plain, html or markdown");
}


static int
read_identity(cmt_arena_t *arena, const member_t *member,
    const cmt__json_t *value, cmt__record_t *record, cmt_error_t *err)
{
    (void) arena;

    if (value->type != CMT__JSON_STRING
        || !cmt__unhex(value->string, record->comment.identity,
                       CMT_HASH_BYTES))
    {
        return cmt__fail(err, CMT_EFIELD, member->name,
                         "identity must be %d hex digits, as exported",
                         2 * CMT_HASH_BYTES);
    }

    record->comment.has_identity = 1;

    return CMT_OK;
}


static int
read_receipt(cmt_arena_t *arena, const member_t *member,
    const cmt__json_t *value, cmt__record_t *record, cmt_error_t *err)
{
    cmt__buf_t  b;

    if (value->type != CMT__JSON_OBJECT) {
        return cmt__fail(err, CMT_EFIELD, member->name,
                         "receipt must be an object");
    }

    cmt__buf_init(&b, arena, 0);
    cmt__json_copy(&b, value);
    if (cmt__buf_end(&b, &record->comment.receipt) != CMT_OK) {
        return cmt__fail(err, CMT_ENOMEM, NULL, NULL);
    }

    return CMT_OK;
}


static int
not_text(const member_t *member, cmt_error_t *err)
{
    return cmt__fail(err, CMT_EFIELD, member->name, "%s must be a text",
                     member->name);
}
