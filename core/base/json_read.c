/*
 * json_read.c: JSON in, by RFC 8259 and no more: what has other values in it.
 *
 * One pass over the text.  What a container has is gathered on a stack, where
 * containers around it have theirs below, and copied to an array of its own
 * when it closes.  All texts lie in the arena, so nothing that was posted
 * stays anywhere else; the stack has their places only, in an arena of its
 * own for each size, of which only the last is kept.
 */

#include <stdlib.h>
#include <string.h>

#include "json_read.h"


#define STACK_MIN    32              /* values; more are rare, grows twofold */
#define FEW_MEMBERS  8               /* are compared each with each       */


typedef int (*read_item_pt)(cmt__json_reader_t *r, size_t first,
    cmt__json_t *item);


static int read_value(cmt__json_reader_t *r, cmt__json_t *out) CMT_CHECK;
static int read_array(cmt__json_reader_t *r, cmt__json_t *out) CMT_CHECK;
static int read_element(cmt__json_reader_t *r, size_t first,
    cmt__json_t *out) CMT_CHECK;
static int read_object(cmt__json_reader_t *r, cmt__json_t *out) CMT_CHECK;
static int read_member(cmt__json_reader_t *r, size_t first,
    cmt__json_t *member) CMT_CHECK;
static int read_items(cmt__json_reader_t *r, char end,
    read_item_pt read_item) CMT_CHECK;
static int goes_on(cmt__json_reader_t *r, char end, int *more) CMT_CHECK;
static int skip_to_token(cmt__json_reader_t *r) CMT_CHECK;
static int read_document(cmt__json_reader_t *r, cmt__json_t *value) CMT_CHECK;
static int push(cmt__json_reader_t *r, const cmt__json_t *value) CMT_CHECK;
static int pop(cmt__json_reader_t *r, size_t first, cmt__json_t *out)
    CMT_CHECK;
static int names_differ(cmt__json_reader_t *r, size_t first) CMT_CHECK;
static int by_name(const void *a, const void *b);


int
cmt__json_parse(cmt_arena_t *arena, cmt_str_t text, const cmt__json_t **root,
    cmt_error_t *err)
{
    int                  rc;
    cmt__json_t         *value, few[STACK_MIN];
    cmt__json_reader_t   r;

    memset(&r, 0, sizeof(r));
    r.arena = arena;
    r.err = err;
    r.start = text.data != NULL ? text.data : "";
    r.p = r.start;
    r.end = r.start + text.len;
    r.stack = few;
    r.room = STACK_MIN;

    value = cmt_calloc(arena, sizeof(cmt__json_t));
    if (value == NULL) {
        return cmt__json_no_memory(&r);
    }

    rc = read_document(&r, value);

    cmt_arena_destroy(r.more);

    if (rc == CMT_OK) {
        *root = value;
    }

    return rc;
}


static int
read_document(cmt__json_reader_t *r, cmt__json_t *value)
{
    int  rc;

    rc = skip_to_token(r);

    if (rc == CMT_OK && *r->p != '{' && *r->p != '[') {
        rc = cmt__json_refuse(r, r->p + 1, "not valid JSON");
    }
    if (rc == CMT_OK) {
        rc = read_value(r, value);
    }
    if (rc != CMT_OK) {
        return rc;
    }

    while (r->p < r->end && (*r->p == ' ' || *r->p == '\n' || *r->p == '\r'
                             || *r->p == '\t'))
    {
        r->p++;
    }

    return r->p == r->end
           ? CMT_OK
           : cmt__json_refuse(r, r->p + 1, "something follows the document");
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


cmt_str_t
cmt__json_string_of(const cmt__json_t *object, const char *name)
{
    const cmt__json_t  *member;

    member = cmt__json_member(object, name);

    return member != NULL && member->type == CMT__JSON_STRING
           ? member->string : cmt_str("");
}


int64_t
cmt__json_integer_of(const cmt__json_t *object, const char *name)
{
    const cmt__json_t  *member;

    member = cmt__json_member(object, name);

    return member != NULL ? member->integer : 0;
}


/* p stands at the first character of a token; it comes to stand behind the
 * value.  *out is all zeros but for its name. */
static int
read_value(cmt__json_reader_t *r, cmt__json_t *out)
{
    switch (*r->p) {

    case '{':
        return read_object(r, out);

    case '[':
        return read_array(r, out);

    case '"':
        out->type = CMT__JSON_STRING;
        return cmt__json_read_string(r, &out->string);

    case '-':
    case '0': case '1': case '2': case '3': case '4':
    case '5': case '6': case '7': case '8': case '9':
        return cmt__json_read_number(r, out);

    default:
        return cmt__json_read_word(r, out);
    }
}


static int
enter(cmt__json_reader_t *r)
{
    r->p++;

    if (++r->depth > CMT_JSON_DEPTH_MAX) {
        return cmt__json_refuse(r, r->p, "nested too deeply");
    }

    return skip_to_token(r);
}


/* What an array or an object holds, up to its end, goes on the stack. */
static int
read_items(cmt__json_reader_t *r, char end, read_item_pt read_item)
{
    int          rc, more;
    size_t       first;
    cmt__json_t  item;

    first = r->n;

    rc = enter(r);
    more = rc == CMT_OK && *r->p != end;

    if (rc == CMT_OK && !more) {
        r->p++;
    }

    while (rc == CMT_OK && more) {
        memset(&item, 0, sizeof(item));

        rc = read_item(r, first, &item);
        if (rc == CMT_OK) {
            rc = push(r, &item);
        }
        if (rc == CMT_OK) {
            rc = goes_on(r, end, &more);
        }
    }

    return rc;
}


/* Is there more behind a comma, or does this end it? */
static int
goes_on(cmt__json_reader_t *r, char end, int *more)
{
    int  rc;

    rc = skip_to_token(r);
    if (rc != CMT_OK) {
        return rc;
    }

    *more = *r->p == ',';

    if (!*more && *r->p != end) {
        return cmt__json_refuse(r, r->p + 1, "not valid JSON");
    }

    r->p++;

    return *more ? skip_to_token(r) : CMT_OK;
}


static int
read_array(cmt__json_reader_t *r, cmt__json_t *out)
{
    int     rc;
    size_t  first;

    out->type = CMT__JSON_ARRAY;
    first = r->n;

    rc = read_items(r, ']', read_element);

    return rc == CMT_OK ? pop(r, first, out) : rc;
}


static int
read_element(cmt__json_reader_t *r, size_t first, cmt__json_t *out)
{
    (void) first;

    return read_value(r, out);
}


static int
read_object(cmt__json_reader_t *r, cmt__json_t *out)
{
    int     rc;
    size_t  first;

    out->type = CMT__JSON_OBJECT;
    first = r->n;

    rc = read_items(r, '}', read_member);
    if (rc == CMT_OK) {
        rc = names_differ(r, first);
    }

    return rc == CMT_OK ? pop(r, first, out) : rc;
}


/* The other members of its object stand on the stack from first on. */
static int
read_member(cmt__json_reader_t *r, size_t first, cmt__json_t *member)
{
    int     rc;
    size_t  i;

    if (*r->p != '"') {
        return cmt__json_refuse(r, r->p + 1, "not valid JSON");
    }

    rc = cmt__json_read_string(r, &member->name);
    if (rc != CMT_OK) {
        return rc;
    }

    if (member->name.len > 0
        && memchr(member->name.data, '\0', member->name.len) != NULL)
    {
        return cmt__json_refuse(r, r->p, "U+0000 is not allowed");
    }

    for (i = first; i < r->n && i < first + FEW_MEMBERS; i++) {
        if (cmt__str_eq(r->stack[i].name, member->name)) {
            return cmt__json_refuse(r, r->p, "a member stands twice");
        }
    }

    rc = skip_to_token(r);

    if (rc == CMT_OK && *r->p != ':') {
        return cmt__json_refuse(r, r->p + 1, "not valid JSON");
    }
    if (rc != CMT_OK) {
        return rc;
    }

    r->p++;
    rc = skip_to_token(r);

    return rc == CMT_OK ? read_value(r, member) : rc;
}


static int
skip_to_token(cmt__json_reader_t *r)
{
    while (r->p < r->end) {

        switch (*r->p) {

        case ' ':
        case '\t':
        case '\n':
        case '\r':
            r->p++;
            break;

        default:
            return CMT_OK;
        }
    }

    return cmt__json_refuse(r, r->end, "ends too early");
}


static int
push(cmt__json_reader_t *r, const cmt__json_t *value)
{
    size_t        bytes;
    cmt_arena_t  *more;
    cmt__json_t  *stack;

    if (r->n == r->room) {
        bytes = 2 * r->room * sizeof(cmt__json_t);

        more = cmt_arena_create(bytes);
        stack = more != NULL ? cmt_alloc(more, bytes) : NULL;

        if (stack == NULL) {
            cmt_arena_destroy(more);
            return cmt__json_no_memory(r);
        }

        memcpy(stack, r->stack, r->n * sizeof(cmt__json_t));
        cmt_arena_destroy(r->more);

        r->more = more;
        r->stack = stack;
        r->room *= 2;
    }

    r->stack[r->n++] = *value;

    return CMT_OK;
}


/* What was gathered since first belongs to *out. */
static int
pop(cmt__json_reader_t *r, size_t first, cmt__json_t *out)
{
    cmt__json_t  *items;

    out->n = r->n - first;

    items = cmt_alloc(r->arena, out->n * sizeof(cmt__json_t));
    if (items == NULL) {
        return cmt__json_no_memory(r);
    }

    if (out->n > 0) {
        memcpy(items, r->stack + first, out->n * sizeof(cmt__json_t));
    }

    out->items = items;
    r->n = first;
    r->depth--;

    return CMT_OK;
}


/* Of many members, which are compared in the order of their names: to compare
 * each with each would be a way to keep us busy. */
static int
names_differ(cmt__json_reader_t *r, size_t first)
{
    size_t             i, n;
    const cmt_str_t  **names;

    n = r->n - first;

    if (n <= FEW_MEMBERS + 1) {
        return CMT_OK;
    }

    names = cmt_alloc(r->arena, n * sizeof(cmt_str_t *));
    if (names == NULL) {
        return cmt__json_no_memory(r);
    }

    for (i = 0; i < n; i++) {
        names[i] = &r->stack[first + i].name;
    }

    qsort(names, n, sizeof(cmt_str_t *), by_name);

    for (i = 1; i < n; i++) {
        if (cmt__str_eq(*names[i - 1], *names[i])) {
            return cmt__json_refuse(r, r->p, "a member stands twice");
        }
    }

    return CMT_OK;
}


static int
by_name(const void *a, const void *b)
{
    int               rc;
    const cmt_str_t  *x, *y;

    x = *(const cmt_str_t *const *) a;
    y = *(const cmt_str_t *const *) b;

    rc = memcmp(x->data, y->data, x->len < y->len ? x->len : y->len);

    return rc != 0 ? rc : (x->len > y->len) - (x->len < y->len);
}
