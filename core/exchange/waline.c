/*
 * waline.c: what Waline exports, or the LeanCloud that many a Waline keeps its
 * comments in.  Three shapes of the same:
 *
 *   {"type":"waline","data":{"Comment":[{...}, ...]}}     Waline
 *   {"results":[{...}, ...]}                              LeanCloud
 *   #filetype:JSON-streaming ...                          LeanCloud, too
 *   {...}
 *
 * with {"objectId","pid","url","nick","mail","link","comment","status",
 * "insertedAt"}, where comment is Markdown, or HTML where it came from Valine.
 */

#include <stddef.h>
#include <string.h>

#include "foreign.h"


typedef struct {
    cmt__values_t  values;
    cmt_str_t      number;       /* of a database with an id of numbers      */
    cmt_str_t      iso, date;    /* other ways to write a time               */
    cmt_str_t      made;
} record_t;

typedef struct {
    cmt__sink_t   *sink;
    cmt_arena_t   *arena;
    uint64_t       n;
} waline_t;


static int text_read(waline_t *w, cmt_str_t text, cmt_error_t *err);
static int lines_read(waline_t *w, cmt_str_t text, cmt_error_t *err);
static int comments_read(waline_t *w, const cmt__json_t *list,
    cmt_error_t *err);
static int comment_read(waline_t *w, const cmt__json_t *comment,
    cmt_error_t *err);
static int answer_trim(cmt_arena_t *arena, cmt__values_t *values) CMT_CHECK;
static cmt_status_t status_of(cmt_str_t word);
static cmt_str_t line_take(cmt_str_t *text);


#define FIELD(field)  offsetof(record_t, field)

static const cmt__json_field_t  fields[] = {
    { "objectId",         FIELD(values.id) },
    { "id",               FIELD(number) },
    { "pid",              FIELD(values.parent) },
    { "url",              FIELD(values.page) },
    { "nick",             FIELD(values.name) },
    { "mail",             FIELD(values.email) },
    { "link",             FIELD(values.website) },
    { "comment",          FIELD(values.text) },
    { "status",           FIELD(values.status) },
    { "insertedAt",       FIELD(values.created) },
    { "insertedAt.iso",   FIELD(iso) },
    { "insertedAt.$date", FIELD(date) },
    { "createdAt",        FIELD(made) },
    { NULL,               0 }
};


int
cmt__waline_read(const cmt__input_t *input, cmt__sink_t *sink,
    cmt_error_t *err)
{
    int        rc;
    waline_t   w;
    cmt_str_t  text;

    w.sink = sink;
    w.n = 0;

    w.arena = cmt_arena_create(CMT__DOCUMENT_TREE_BYTES_MAX);
    if (w.arena == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, NULL);
    }

    rc = cmt__document_read(input->in, w.arena, &text, err);

    if (rc == CMT_OK) {
        rc = text_read(&w, text, err);
    }

    cmt_arena_wipe(w.arena);
    cmt_arena_destroy(w.arena);

    return rc;
}


/* What is no JSON as a whole may be so line by line. */

static int
text_read(waline_t *w, cmt_str_t text, cmt_error_t *err)
{
    int                 rc;
    cmt_error_t         why;
    const cmt__json_t  *root, *list;

    if (cmt__str_starts(text, "#")) {
        (void) line_take(&text);
        return lines_read(w, text, err);
    }

    memset(&why, 0, sizeof(cmt_error_t));
    rc = cmt__json_parse(w->arena, text, &root, &why);

    if (rc == CMT_ENOMEM) {
        return cmt__fail(err, rc, NULL, NULL);
    }

    if (rc != CMT_OK) {
        rc = cmt__json_parse(w->arena, line_take(&text), &root, NULL);

        if (rc != CMT_OK || cmt__json_member(root, "objectId") == NULL) {
            return cmt__fail(err, CMT_EIO, NULL, "no good JSON: %s",
                             why.detail);
        }

        rc = comment_read(w, root, err);

        return rc == CMT_OK ? lines_read(w, text, err) : rc;
    }

    list = cmt__json_member(cmt__json_member(root, "data"), "Comment");

    if (list == NULL) {
        list = cmt__json_member(root, "results");
    }

    if (list == NULL && root->type == CMT__JSON_ARRAY) {
        list = root;
    }

    if (list == NULL && cmt__json_member(root, "objectId") != NULL) {
        return comment_read(w, root, err);
    }

    return list != NULL ? comments_read(w, list, err)
                        : cmt__fail(err, CMT_EIO, NULL, "this is no export of "
                                    "Waline or LeanCloud, which has "
                                    "\"Comment\" or \"results\"");
}


static int
lines_read(waline_t *w, cmt_str_t text, cmt_error_t *err)
{
    int                 rc;
    cmt_str_t           line;
    const cmt__json_t  *root;

    while (text.len != 0) {
        line = cmt__str_trim(line_take(&text));

        if (line.len == 0) {
            continue;
        }

        rc = cmt__json_parse(w->arena, line, &root, NULL);

        if (rc == CMT_ENOMEM) {
            return cmt__fail(err, rc, NULL, NULL);
        }

        if (rc != CMT_OK) {
            cmt__sink_refuse(w->sink, ++w->n, rc, "this is no JSON");
            continue;
        }

        rc = comment_read(w, root, err);
        if (rc != CMT_OK) {
            return rc;
        }
    }

    return CMT_OK;
}


static int
comments_read(waline_t *w, const cmt__json_t *list, cmt_error_t *err)
{
    int     rc;
    size_t  i;

    for (i = 0; i < list->n; i++) {
        rc = comment_read(w, &list->items[i], err);
        if (rc != CMT_OK) {
            return rc;
        }
    }

    return CMT_OK;
}


static int
comment_read(waline_t *w, const cmt__json_t *comment, cmt_error_t *err)
{
    int             rc;
    record_t        r;
    cmt__values_t  *e;
    cmt__foreign_t  f;

    memset(&r, 0, sizeof(record_t));
    memset(&f, 0, sizeof(cmt__foreign_t));

    rc = cmt__json_keep(w->arena, comment, fields, &r);
    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, NULL);
    }

    e = &r.values;
    e->id = e->id.len != 0 ? e->id : r.number;
    e->created = e->created.len != 0 ? e->created
                 : r.iso.len != 0 ? r.iso
                 : r.date.len != 0 ? r.date : r.made;

    f.status = status_of(e->status);

    rc = answer_trim(w->arena, e);

    if (rc == CMT_OK) {
        rc = cmt__foreign_text(w->arena, e->text, cmt_null_str, &f);
    }

    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, NULL);
    }

    return cmt__values_put(w->sink, w->arena, "waline", ++w->n, e, &f, err);
}


/* Waline put "[@Ola](#PARENT): " before an answer: of the link only the name
 * stays, which is made a link here. */

static int
answer_trim(cmt_arena_t *arena, cmt__values_t *values)
{
    int          rc;
    size_t       at;
    cmt_str_t    text, link;
    cmt__buf_t   b;
    const char  *end;

    text = values->text;
    end = cmt__str_starts(text, "[@") ? memchr(text.data, ']', text.len)
                                      : NULL;
    if (end == NULL) {
        return CMT_OK;
    }

    cmt__buf_init(&b, arena, 0);
    cmt__buf_lit(&b, "](#");
    cmt__buf_str_put(&b, values->parent);
    cmt__buf_char(&b, ')');

    rc = cmt__buf_end(&b, &link);
    if (rc != CMT_OK) {
        return rc;
    }

    at = (size_t) (end - text.data);

    if (!cmt__str_eq(cmt__str_sub(text, at, at + link.len), link)) {
        return CMT_OK;
    }

    cmt__buf_init(&b, arena, text.len);
    cmt__buf_str_put(&b, cmt__str_sub(text, 1, at));
    cmt__buf_str_put(&b, cmt__str_sub(text, at + link.len, text.len));

    return cmt__buf_end(&b, &values->text);
}


static cmt_status_t
status_of(cmt_str_t word)
{
    if (cmt__str_is(word, "spam")) {
        return CMT_SPAM;
    }

    return word.len == 0 || cmt__str_is(word, "approved") ? CMT_APPROVED
                                                          : CMT_PENDING;
}


static cmt_str_t
line_take(cmt_str_t *text)
{
    size_t       len;
    cmt_str_t    line;
    const char  *end;

    end = text->len != 0 ? memchr(text->data, '\n', text->len) : NULL;
    len = end != NULL ? (size_t) (end - text->data) : text->len;

    line = cmt__str_sub(*text, 0, len);
    *text = cmt__str_sub(*text, len + 1, text->len);

    return line;
}
