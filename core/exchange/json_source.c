/*
 * json_source.c: members of other systems' JSON as strings.
 */

#include <string.h>

#include "foreign.h"


static const cmt__json_t *member_at(const cmt__json_t *object,
    const char *path);
static int value_text(cmt_arena_t *arena, const cmt__json_t *value,
    cmt_str_t *text) CMT_CHECK;


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
    char         name[32];
    size_t       len;
    const char  *dot;

    while ((dot = strchr(path, '.')) != NULL) {
        len = (size_t) (dot - path);
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
