/*
 * json_read.c: JSON in.  The only file that sees jansson.
 *
 * jansson allocates by itself, and its tree is copied into the arena and
 * released at once.  Three things it must not do.  Its messages quote the
 * text near an error, which may be an e-mail address on its way into a log,
 * so they are not used.  Released strings would stay readable in the heap, so
 * it gets functions that overwrite what is released.  And where it has no
 * memory to make a token longer it drops a byte and goes on, so those
 * functions remember that.
 */

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base.h"


static void lend(void);
static const char *reason(enum json_error_code code);
static int copy_value(cmt_arena_t *arena, json_t *json, unsigned depth,
    cmt__json_t *out, cmt_error_t *err);
static int copy_text(cmt_arena_t *arena, const char *data, size_t len,
    cmt_str_t *out);
static int copy_array(cmt_arena_t *arena, json_t *json, unsigned depth,
    cmt__json_t *out, cmt_error_t *err);
static int copy_object(cmt_arena_t *arena, json_t *json, unsigned depth,
    cmt__json_t *out, cmt_error_t *err);


static pthread_once_t  once = PTHREAD_ONCE_INIT;


int
cmt__json_parse(cmt_arena_t *arena, cmt_str_t text, const cmt__json_t **root,
    cmt_error_t *err)
{
    int                   rc;
    json_t               *json;
    cmt__json_t          *copy;
    json_error_t          error;
    enum json_error_code  code;

    (void) pthread_once(&once, lend);
    cmt__lend_begin();
    memset(&error, 0, sizeof(json_error_t));

    json = json_loadb(text.data != NULL ? text.data : "", text.len,
                      JSON_REJECT_DUPLICATES, &error);

    if (cmt__lend_failed()) {
        json_decref(json);
        return cmt__fail(err, CMT_ENOMEM, NULL, "no memory for JSON");
    }

    if (json == NULL) {
        code = json_error_code(&error);

        return cmt__fail(err, CMT_EJSON, NULL, "line %d, column %d: %s",
                         error.line, error.column, reason(code));
    }

    copy = cmt_calloc(arena, sizeof(cmt__json_t));

    if (copy == NULL) {
        rc = cmt__fail(err, CMT_ENOMEM, NULL, "no memory for JSON");

    } else {
        rc = copy_value(arena, json, 1, copy, err);
    }

    json_decref(json);

    if (rc == CMT_OK) {
        *root = copy;
    }

    return rc;
}


/* The process has one jansson; another module that told it where to get its
 * memory from is left alone. */
static void
lend(void)
{
    json_malloc_t  take;
    json_free_t    give;

    json_get_alloc_funcs(&take, &give);

    if (take == malloc && give == free) {
        json_set_alloc_funcs(cmt__lend, cmt__lend_back);
    }
}


const cmt__json_t *
cmt__json_member(const cmt__json_t *object, const char *name)
{
    size_t  i;

    if (object == NULL || object->type != CMT__JSON_OBJECT) {
        return NULL;
    }

    for (i = 0; i < object->n; i++) {
        if (cmt__str_is(object->items[i].name, name)) {
            return &object->items[i];
        }
    }

    return NULL;
}


static const char *
reason(enum json_error_code code)
{
    switch (code) {

    case json_error_invalid_utf8:
        return "not valid UTF-8";

    case json_error_premature_end_of_input:
        return "ends too early";

    case json_error_end_of_input_expected:
        return "something follows the document";

    case json_error_duplicate_key:
        return "a member stands twice";

    case json_error_numeric_overflow:
        return "a number is too large";

    case json_error_stack_overflow:
        return "nested too deeply";

    case json_error_null_character:
    case json_error_null_byte_in_key:
        return "U+0000 is not allowed";

    default:
        return "not valid JSON";
    }
}


static int
copy_value(cmt_arena_t *arena, json_t *json, unsigned depth, cmt__json_t *out,
    cmt_error_t *err)
{
    switch (json_typeof(json)) {

    case JSON_OBJECT:
        out->type = CMT__JSON_OBJECT;
        return copy_object(arena, json, depth, out, err);

    case JSON_ARRAY:
        out->type = CMT__JSON_ARRAY;
        return copy_array(arena, json, depth, out, err);

    case JSON_STRING:
        out->type = CMT__JSON_STRING;

        if (copy_text(arena, json_string_value(json),
                      json_string_length(json), &out->string)
            != CMT_OK)
        {
            return cmt__fail(err, CMT_ENOMEM, NULL, "no memory for JSON");
        }

        return CMT_OK;

    case JSON_INTEGER:
        out->type = CMT__JSON_INTEGER;
        out->integer = json_integer_value(json);
        return CMT_OK;

    case JSON_REAL:
        out->type = CMT__JSON_REAL;
        out->real = json_real_value(json);
        return CMT_OK;

    case JSON_TRUE:
        out->type = CMT__JSON_TRUE;
        return CMT_OK;

    case JSON_FALSE:
        out->type = CMT__JSON_FALSE;
        return CMT_OK;

    default:
        out->type = CMT__JSON_NULL;
        return CMT_OK;
    }
}


static int
copy_text(cmt_arena_t *arena, const char *data, size_t len, cmt_str_t *out)
{
    *out = cmt__str_copy(arena, (cmt_str_t) { len, data });

    return out->data == NULL ? CMT_ENOMEM : CMT_OK;
}


static cmt__json_t *
alloc_items(cmt_arena_t *arena, size_t n, unsigned depth, int *rc,
    cmt_error_t *err)
{
    cmt__json_t  *items;

    if (depth > CMT_JSON_DEPTH_MAX) {
        *rc = cmt__fail(err, CMT_EJSON, NULL, "nested deeper than %d levels",
                        CMT_JSON_DEPTH_MAX);
        return NULL;
    }

    items = cmt_calloc(arena, n * sizeof(cmt__json_t));

    if (items == NULL) {
        *rc = cmt__fail(err, CMT_ENOMEM, NULL, "no memory for JSON");
    }

    return items;
}


static int
copy_array(cmt_arena_t *arena, json_t *json, unsigned depth, cmt__json_t *out,
    cmt_error_t *err)
{
    int           rc;
    size_t        i, n;
    cmt__json_t  *items;

    rc = CMT_OK;
    n = json_array_size(json);

    items = alloc_items(arena, n, depth, &rc, err);
    if (items == NULL) {
        return rc;
    }

    for (i = 0; i < n && rc == CMT_OK; i++) {
        rc = copy_value(arena, json_array_get(json, i), depth + 1, &items[i],
                        err);
    }

    out->n = n;
    out->items = items;

    return rc;
}


static int
copy_object(cmt_arena_t *arena, json_t *json, unsigned depth,
    cmt__json_t *out, cmt_error_t *err)
{
    int           rc;
    size_t        i;
    json_t       *value;
    const char   *name;
    cmt__json_t  *items;

    rc = CMT_OK;

    items = alloc_items(arena, json_object_size(json), depth, &rc, err);
    if (items == NULL) {
        return rc;
    }

    i = 0;

    json_object_foreach(json, name, value) {

        if (copy_text(arena, name, strlen(name), &items[i].name) != CMT_OK) {
            return cmt__fail(err, CMT_ENOMEM, NULL, "no memory for JSON");
        }

        rc = copy_value(arena, value, depth + 1, &items[i], err);
        if (rc != CMT_OK) {
            return rc;
        }

        i++;
    }

    out->n = i;
    out->items = items;

    return CMT_OK;
}
