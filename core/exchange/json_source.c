/*
 * json_source.c: JSON of other systems: members as strings, and documents that
 * are one value, which lies in memory as a whole.
 */

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "foreign.h"


#define BLOCK_BYTES  (64 * 1024)
#define NAME_BYTES   32          /* of a part of a path, which is our own */


static const cmt__json_t *member_at(const cmt__json_t *object,
    const char *path);
static int value_text(cmt_arena_t *arena, const cmt__json_t *value,
    cmt_str_t *text) CMT_CHECK;
static int64_t time_of(cmt_str_t s);


int
cmt__json_keep(cmt_arena_t *arena, const cmt__json_t *object,
    const cmt__json_field_t *fields, void *record)
{
    int                       rc;
    cmt_str_t                *kept;
    const cmt__json_field_t  *f;

    for (f = fields; f->name != NULL; f++) {
        kept = (cmt_str_t *) (void *) ((char *) record + f->offset);

        rc = value_text(arena, member_at(object, f->name), kept);
        if (rc != CMT_OK) {
            return rc;
        }
    }

    return CMT_OK;
}


static const cmt__json_t *
member_at(const cmt__json_t *object, const char *path)
{
    char         name[NAME_BYTES];
    size_t       len;
    const char  *dot;

    while ((dot = strchr(path, '.')) != NULL) {
        len = (size_t) (dot - path);
        assert(len < sizeof(name));

        memcpy(name, path, len);
        name[len] = '\0';

        object = cmt__json_member(object, name);
        path = dot + 1;
    }

    return cmt__json_member(object, path);
}


static int
value_text(cmt_arena_t *arena, const cmt__json_t *value, cmt_str_t *text)
{
    cmt__buf_t  b;

    *text = cmt_null_str;

    if (value == NULL) {
        return CMT_OK;
    }

    switch (value->type) {
    case CMT__JSON_STRING:
        *text = value->string;
        return CMT_OK;
    case CMT__JSON_TRUE:
        *text = cmt_str("true");
        return CMT_OK;
    case CMT__JSON_INTEGER:
        cmt__buf_init(&b, arena, 0);
        cmt__buf_i64(&b, value->integer);
        return cmt__buf_end(&b, text);
    default:
        return CMT_OK;
    }
}


int
cmt__document_read(FILE *in, cmt_arena_t *arena, cmt_str_t *text,
    cmt_error_t *err)
{
    size_t      n;
    cmt__buf_t  b;

    cmt__buf_init(&b, arena, BLOCK_BYTES);

    do {
        if (!cmt__buf_room(&b, BLOCK_BYTES)) {
            return cmt__fail(err, CMT_ENOMEM, NULL, NULL);
        }

        n = fread(b.data + b.len, 1, BLOCK_BYTES, in);
        b.len += n;

        if (ferror(in)) {
            return cmt__fail(err, CMT_EIO, NULL,
                             "the file could not be read: %s",
                             strerror(errno));
        }

        if (b.len > CMT__DOCUMENT_BYTES_MAX) {
            return cmt__fail(err, CMT_EIO, NULL, "the file has more than %d "
                             "MiB", CMT__DOCUMENT_BYTES_MAX / 1024 / 1024);
        }

    } while (n == BLOCK_BYTES);

    if (cmt__buf_end(&b, text) != CMT_OK) {
        return cmt__fail(err, CMT_ENOMEM, NULL, NULL);
    }

    if (cmt__str_starts(*text, CMT__BOM)) {
        *text = cmt__str_sub(*text, sizeof(CMT__BOM) - 1, text->len);
    }

    return CMT_OK;
}


int
cmt__document_parse(FILE *in, cmt_arena_t *arena, const cmt__json_t **root,
    cmt_error_t *err)
{
    int          rc;
    cmt_str_t    text;
    cmt_error_t  why;

    rc = cmt__document_read(in, arena, &text, err);
    if (rc != CMT_OK) {
        return rc;
    }

    memset(&why, 0, sizeof(cmt_error_t));
    rc = cmt__json_parse(arena, text, root, &why);

    if (rc == CMT_ENOMEM) {
        return cmt__fail(err, rc, NULL, NULL);
    }

    return rc == CMT_OK ? CMT_OK
                        : cmt__fail(err, CMT_EIO, NULL, "no good JSON: %s",
                                    why.detail);
}


int
cmt__values_put(cmt__sink_t *sink, cmt_arena_t *arena, const char *system,
    uint64_t number, const cmt__values_t *values, cmt__foreign_t *f,
    cmt_error_t *err)
{
    int  rc;

    if (f->text.len > CMT__FIELD_BYTES_MAX) {
        cmt__sink_refuse_long(sink, number);
        return CMT_OK;
    }

    f->at = number;
    f->kind = CMT_COMMENT;
    f->page = values->page.len != 0 ? values->page : f->page;
    f->title = values->title.len != 0 ? values->title : f->title;
    f->name = values->name.len != 0 ? values->name : f->name;
    f->email = values->email.len != 0 ? values->email : f->email;
    f->website = values->website.len != 0 ? values->website : f->website;
    f->created = time_of(values->created);

    rc = cmt__foreign_uid(arena, system, values->scope, values->id, &f->uid);

    if (rc == CMT_OK) {
        rc = cmt__foreign_uid(arena, system, values->scope, values->parent,
                              &f->parent);
    }

    if (rc == CMT_OK) {
        rc = cmt__foreign_uid(arena, system, cmt_null_str, values->account,
                              &f->account);
    }

    return rc == CMT_OK ? cmt__sink_put(sink, f, err)
                        : cmt__fail(err, rc, NULL, NULL);
}


/* A number is milliseconds. */

static int64_t
time_of(cmt_str_t s)
{
    int64_t   t;
    uint64_t  ms;

    if (cmt__str_u64(s, &ms)) {
        return (int64_t) (ms / 1000);
    }

    return cmt__foreign_time(s, &t) ? t : 0;
}
