/*
 * form.c: what strangers send before anything else looks at it: forms in
 * their three encodings, page paths, JSON strings and times.  The first byte
 * chooses; what is accepted must keep its promises.
 */

#include "fuzz.h"


static void form(cmt_arena_t *arena, const char *type, cmt_str_t body);
static void page(cmt_arena_t *arena, cmt_str_t path);
static void json(cmt_arena_t *arena, cmt_str_t text);
static void time_text(cmt_str_t text);


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    cmt_str_t     s;
    cmt_arena_t  *arena;

    if (size == 0) {
        return 0;
    }

    arena = cmt_arena_create(CMT_ARENA_BYTES_MAX);
    s = (cmt_str_t) { size - 1, (const char *) data + 1 };

    switch (data[0] % 6) {

    case 0:
        form(arena, "application/x-www-form-urlencoded", s);
        break;

    case 1:
        form(arena, "application/json", s);
        break;

    case 2:
        form(arena, "multipart/form-data; boundary=b", s);
        break;

    case 3:
        page(arena, s);
        break;

    case 4:
        json(arena, s);
        break;

    default:
        time_text(s);
    }

    cmt_arena_destroy(arena);

    return 0;
}


static void
form(cmt_arena_t *arena, const char *type, cmt_str_t body)
{
    size_t       i;
    cmt_form_t   parsed;
    cmt_error_t  err;
    cmt_field_t  field;

    if (cmt_form_parse(arena, (cmt_str_t) { strlen(type), type }, body,
                       &parsed, &err)
        != CMT_OK)
    {
        expect(cmt_error_http(err.rc) < 500 && err.detail[0] != '\0');
        return;
    }

    expect(parsed.n <= CMT_FORM_FIELDS_MAX);

    for (i = 0; i < parsed.n; i++) {
        field = parsed.fields[i];

        expect(cmt__utf8_valid(field.name) && cmt__utf8_valid(field.value));
        expect(memchr(field.value.data, '\0', field.value.len) == NULL);

        memset((char *) field.value.data, 'x', field.value.len);
    }
}


static void
page(cmt_arena_t *arena, cmt_str_t path)
{
    cmt_str_t  once, twice;

    if (cmt_page_canonical(arena, path, &once) != CMT_OK) {
        return;
    }

    expect(once.len <= CMT_PAGE_BYTES_MAX && once.data[0] == '/');
    expect(cmt_page_canonical(arena, once, &twice) == CMT_OK);
    expect(cmt__str_eq(once, twice));
}


/* Text that is written as JSON is read as it was. */

static void
json(cmt_arena_t *arena, cmt_str_t text)
{
    cmt_str_t           document;
    cmt__buf_t          b;
    const cmt__json_t  *root;

    cmt__buf_init(&b, arena, 0);
    cmt__buf_char(&b, '[');
    cmt__json_string(&b, text);
    cmt__buf_char(&b, ']');
    expect(cmt__buf_end(&b, &document) == CMT_OK);

    if (!cmt__utf8_valid(text)
        || (text.len != 0 && memchr(text.data, '\0', text.len) != NULL))
    {
        return;
    }

    expect(cmt__json_parse(arena, document, &root, NULL) == CMT_OK);
    expect(cmt__str_eq(root->items[0].string, text));
}


static void
time_text(cmt_str_t text)
{
    char     written[CMT__TIME_CHARS + 1];
    int64_t  t, again;

    if (!cmt__time_parse(text, &t)) {
        return;
    }

    cmt__time_format(t, written);
    expect(cmt__time_parse((cmt_str_t) { CMT__TIME_CHARS, written }, &again));
    expect(again == t);
}
