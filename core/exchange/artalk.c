/*
 * artalk.c: what Artalk exports ("artrans"): an array of objects, all values of
 * which are texts.  Content is Markdown.
 */

#include <stddef.h>
#include <string.h>

#include "foreign.h"


#define FIELD(field)  offsetof(cmt__values_t, field)

static const cmt__json_field_t  fields[] = {
    { "id",         FIELD(id) },
    { "rid",        FIELD(parent) },
    { "page_key",   FIELD(page) },
    { "page_title", FIELD(title) },
    { "nick",       FIELD(name) },
    { "email",      FIELD(email) },
    { "link",       FIELD(website) },
    { "content",    FIELD(text) },
    { "created_at", FIELD(created) },
    { "is_pending", FIELD(status) },
    { "site_name",  FIELD(scope) },
    { NULL,         0 }
};


static int values_read(const cmt__json_t *root, cmt_arena_t *arena,
    cmt__sink_t *sink, cmt_error_t *err);


int
cmt__artalk_read(const cmt__input_t *input, cmt__sink_t *sink,
    cmt_error_t *err)
{
    int                 rc;
    cmt_arena_t        *arena;
    const cmt__json_t  *root;

    arena = cmt_arena_create(CMT__DOCUMENT_TREE_BYTES_MAX);
    if (arena == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, NULL);
    }

    rc = cmt__document_parse(input->in, arena, &root, err);

    if (rc == CMT_OK && root->type != CMT__JSON_ARRAY) {
        rc = cmt__fail(err, CMT_EIO, NULL, "this is no export of Artalk, which "
                       "is an array of JSON");
    }

    if (rc == CMT_OK) {
        rc = values_read(root, arena, sink, err);
    }

    cmt_arena_wipe(arena);
    cmt_arena_destroy(arena);

    return rc;
}


static int
values_read(const cmt__json_t *root, cmt_arena_t *arena, cmt__sink_t *sink,
    cmt_error_t *err)
{
    int             rc;
    size_t          i;
    cmt__values_t   values;
    cmt__foreign_t  f;

    for (i = 0; i < root->n; i++) {

        memset(&values, 0, sizeof(cmt__values_t));
        memset(&f, 0, sizeof(cmt__foreign_t));

        rc = cmt__json_keep(arena, &root->items[i], fields, &values);

        if (rc == CMT_OK) {
            rc = cmt__foreign_text(arena, values.text, cmt_null_str, &f);
        }

        if (rc != CMT_OK) {
            return cmt__fail(err, rc, NULL, NULL);
        }

        if (cmt__str_is(values.parent, "0")) {
            values.parent = cmt_null_str;
        }

        f.status = cmt__str_is(values.status, "true") ? CMT_PENDING
                                                     : CMT_APPROVED;

        rc = cmt__values_put(sink, arena, "artalk", i + 1, &values, &f, err);
        if (rc != CMT_OK) {
            return rc;
        }
    }

    return CMT_OK;
}
