/*
 * form.c: the fields of a POST, whatever its encoding.
 */

#include <string.h>

#include "base.h"
#include "form.h"


typedef int (*parse_fn)(cmt_arena_t *arena, cmt_str_t boundary,
    cmt_str_t body, cmt_form_t *form, cmt_error_t *err);

typedef struct {
    const char  *media_type;
    parse_fn     parse;
} encoding_t;


static int unquote(cmt_arena_t *arena, cmt_str_t s, cmt_str_t *rest,
    cmt_str_t *value);
static int parse_json(cmt_arena_t *arena, cmt_str_t boundary, cmt_str_t body,
    cmt_form_t *form, cmt_error_t *err);
static int parse_urlencoded(cmt_arena_t *arena, cmt_str_t boundary,
    cmt_str_t body, cmt_form_t *form, cmt_error_t *err);
static const encoding_t *find_encoding(cmt_str_t content_type,
    cmt_str_t *params);
static int parse_params(cmt_arena_t *arena, cmt_str_t params,
    cmt_str_t *boundary, cmt_error_t *err);
static int add_json(cmt_arena_t *arena, const cmt__json_t *member,
    cmt_form_t *form, cmt_error_t *err);
static int add_urlencoded(cmt_arena_t *arena, cmt_str_t pair,
    cmt_form_t *form, cmt_error_t *err);
static int check_text(cmt_str_t s, const char *what, const char *field,
    cmt_error_t *err);


static const encoding_t  encodings[] = {
    { "application/json",                  parse_json },
    { "application/x-www-form-urlencoded", parse_urlencoded },
    { "multipart/form-data",               cmt__form_multipart },
    { NULL, NULL }
};

/* Fields that a message may name: static, as cmt_error_t wants. */
static const char *const  known[] = {
    "page", "text", "name", "email", "website", "parent", "title", "token",
    "value", "reason", "action"
};


int
cmt_form_parse(cmt_arena_t *arena, cmt_str_t content_type, cmt_str_t body,
    cmt_form_t *form, cmt_error_t *err)
{
    int                rc;
    cmt_str_t          params, boundary;
    cmt_form_t         parsed;
    const encoding_t  *encoding;

    if (body.len > CMT_BODY_BYTES_MAX) {
        return cmt__fail(err, CMT_ETOOLARGE, NULL,
                         "the body has more than %d bytes",
                         CMT_BODY_BYTES_MAX);
    }

    encoding = find_encoding(content_type, &params);
    if (encoding == NULL) {
        return cmt__fail(err, CMT_EMEDIATYPE, NULL,
                         "the media type is none of ours");
    }

    rc = parse_params(arena, params, &boundary, err);
    if (rc != CMT_OK) {
        return rc;
    }

    rc = cmt__form_init(arena, &parsed, err);
    if (rc != CMT_OK) {
        return rc;
    }

    rc = encoding->parse(arena, boundary, body, &parsed, err);
    if (rc != CMT_OK) {
        return rc;
    }

    *form = parsed;

    return CMT_OK;
}


cmt_str_t
cmt_form_get(const cmt_form_t *form, const char *name)
{
    size_t  i;

    for (i = 0; i < form->n; i++) {
        if (cmt__str_is(form->fields[i].name, name)) {
            return form->fields[i].value;
        }
    }

    return cmt_null_str;
}


const char *
cmt__form_known(cmt_str_t name)
{
    size_t  i;

    for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (cmt__str_is(name, known[i])) {
            return known[i];
        }
    }

    return NULL;
}


int
cmt__form_init(cmt_arena_t *arena, cmt_form_t *form, cmt_error_t *err)
{
    form->n = 0;
    form->fields = cmt_alloc(arena, CMT_FORM_FIELDS_MAX * sizeof(cmt_field_t));

    if (form->fields == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, "no memory for the form");
    }

    return CMT_OK;
}


int
cmt__form_add(cmt_form_t *form, cmt_str_t name, cmt_str_t value,
    cmt_error_t *err)
{
    int          rc;
    size_t       i;
    const char  *field;

    rc = check_text(name, "the name of a field", NULL, err);
    if (rc != CMT_OK) {
        return rc;
    }

    field = cmt__form_known(name);

    rc = check_text(value, field != NULL ? field : "a field", field, err);
    if (rc != CMT_OK) {
        return rc;
    }

    for (i = 0; i < form->n; i++) {
        if (cmt__str_eq(form->fields[i].name, name)) {
            return cmt__fail(err, CMT_EFORM, field, "%s stands twice",
                             field != NULL ? field : "a field");
        }
    }

    if (form->n == CMT_FORM_FIELDS_MAX) {
        return cmt__fail(err, CMT_EFORM, NULL, "more than %d fields",
                         CMT_FORM_FIELDS_MAX);
    }

    form->fields[form->n].name = name;
    form->fields[form->n].value = value;
    form->n++;

    return CMT_OK;
}


int
cmt__form_param(cmt_arena_t *arena, cmt_str_t *rest, cmt_str_t *name,
    cmt_str_t *value)
{
    size_t     i;
    cmt_str_t  s;

    s = cmt__str_trim(*rest);

    /* ";" may stand alone, as in "text/plain;" */

    while (s.len != 0 && s.data[0] == ';') {
        s = cmt__str_trim(cmt__str_sub(s, 1, s.len));
    }

    if (s.len == 0) {
        return 0;
    }

    for (i = 0; i < s.len && s.data[i] != '=' && s.data[i] != ';'; i++) {
        /* void */
    }

    if (i == 0 || i == s.len || s.data[i] == ';') {
        return CMT_EFORM;
    }

    *name = cmt__str_trim(cmt__str_sub(s, 0, i));
    s = cmt__str_trim(cmt__str_sub(s, i + 1, s.len));

    if (s.len != 0 && s.data[0] == '"') {
        return unquote(arena, s, rest, value);
    }

    for (i = 0; i < s.len && s.data[i] != ';'; i++) { /* void */ }

    *value = cmt__str_trim(cmt__str_sub(s, 0, i));
    *rest = cmt__str_sub(s, i, s.len);

    return 1;
}


int
cmt__form_decode(cmt_str_t s, int plus, char *out, size_t *len)
{
    size_t   i, n;
    uint8_t  byte;

    n = 0;

    for (i = 0; i < s.len; i++) {

        if (s.data[i] == '%') {
            if (!cmt__unhex(cmt__str_sub(s, i + 1, i + 3), &byte, 1)) {
                return CMT_EFORM;
            }

            out[n++] = (char) byte;
            i += 2;

        } else {
            out[n++] = plus && s.data[i] == '+' ? ' ' : s.data[i];
        }
    }

    *len = n;

    return CMT_OK;
}


static const encoding_t *
find_encoding(cmt_str_t content_type, cmt_str_t *params)
{
    size_t             i;
    cmt_str_t          media_type;
    const encoding_t  *encoding;

    for (i = 0; i < content_type.len && content_type.data[i] != ';'; i++) {
        /* void */
    }

    media_type = cmt__str_trim(cmt__str_sub(content_type, 0, i));
    *params = cmt__str_sub(content_type, i, content_type.len);

    for (encoding = encodings; encoding->media_type != NULL; encoding++) {
        if (cmt__str_is_nocase(media_type, encoding->media_type)) {
            return encoding;
        }
    }

    return NULL;
}


static int
parse_params(cmt_arena_t *arena, cmt_str_t params, cmt_str_t *boundary,
    cmt_error_t *err)
{
    int        rc;
    cmt_str_t  name, value;

    *boundary = cmt_null_str;

    for ( ;; ) {
        rc = cmt__form_param(arena, &params, &name, &value);

        if (rc == CMT_ENOMEM) {
            return cmt__fail(err, rc, NULL, "no memory for the form");
        }

        if (rc < 0) {
            return cmt__fail(err, CMT_EMEDIATYPE, NULL,
                             "the parameters of the media type are malformed");
        }

        if (rc == 0) {
            return CMT_OK;
        }

        if (cmt__str_is_nocase(name, "boundary")) {
            *boundary = value;

        } else if (cmt__str_is_nocase(name, "charset")
                   && !cmt__str_is_nocase(value, "utf-8")
                   && !cmt__str_is_nocase(value, "utf8"))
        {
            return cmt__fail(err, CMT_EMEDIATYPE, NULL,
                             "the charset is not utf-8");
        }
    }
}


/* s begins with a quote.  Backslash escapes a quote and itself only: a
 * browser that knows no escape writes it as it is. */

static int
unquote(cmt_arena_t *arena, cmt_str_t s, cmt_str_t *rest, cmt_str_t *value)
{
    char    *out;
    size_t   i, len;

    out = cmt_alloc(arena, s.len);
    if (out == NULL) {
        return CMT_ENOMEM;
    }

    len = 0;

    for (i = 1; i < s.len && s.data[i] != '"'; i++) {

        if (s.data[i] == '\\' && i + 1 < s.len
            && (s.data[i + 1] == '"' || s.data[i + 1] == '\\'))
        {
            i++;
        }

        out[len++] = s.data[i];
    }

    if (i == s.len) {
        return CMT_EFORM;
    }

    *value = (cmt_str_t) { len, out };
    *rest = cmt__str_trim(cmt__str_sub(s, i + 1, s.len));

    return rest->len == 0 || rest->data[0] == ';' ? 1 : CMT_EFORM;
}


static int
parse_json(cmt_arena_t *arena, cmt_str_t boundary, cmt_str_t body,
    cmt_form_t *form, cmt_error_t *err)
{
    int                 rc;
    size_t              i;
    const cmt__json_t  *root;

    (void) boundary;

    rc = cmt__json_parse(arena, body, &root, err);
    if (rc != CMT_OK) {
        return rc;
    }

    if (root->type != CMT__JSON_OBJECT) {
        return cmt__fail(err, CMT_EJSON, NULL, "not an object");
    }

    for (i = 0; i < root->n && rc == CMT_OK; i++) {
        rc = add_json(arena, &root->items[i], form, err);
    }

    return rc;
}


static int
add_json(cmt_arena_t *arena, const cmt__json_t *member, cmt_form_t *form,
    cmt_error_t *err)
{
    cmt_str_t    value;
    cmt__buf_t   b;
    const char  *field;

    cmt__buf_init(&b, arena, 0);

    switch (member->type) {

    case CMT__JSON_NULL:
        return CMT_OK;

    case CMT__JSON_STRING:
        return cmt__form_add(form, member->name, member->string, err);

    case CMT__JSON_TRUE:
        cmt__buf_char(&b, '1');
        break;

    case CMT__JSON_FALSE:
        cmt__buf_char(&b, '0');
        break;

    case CMT__JSON_INTEGER:
        cmt__buf_i64(&b, member->integer);
        break;

    default:
        field = cmt__form_known(member->name);

        return cmt__fail(err, CMT_EFIELD, field != NULL ? field : "",
                         "%s is neither text nor an integer",
                         field != NULL ? field : "a field");
    }

    if (cmt__buf_end(&b, &value) != CMT_OK) {
        return cmt__fail(err, CMT_ENOMEM, NULL, "no memory for the form");
    }

    return cmt__form_add(form, member->name, value, err);
}


static int
parse_urlencoded(cmt_arena_t *arena, cmt_str_t boundary, cmt_str_t body,
    cmt_form_t *form, cmt_error_t *err)
{
    int          rc;
    size_t       from, to;
    const char  *amp;

    (void) boundary;

    for (from = 0; from < body.len; from = to + 1) {

        amp = memchr(body.data + from, '&', body.len - from);
        to = amp != NULL ? (size_t) (amp - body.data) : body.len;

        if (to == from) {
            continue;
        }

        rc = add_urlencoded(arena, cmt__str_sub(body, from, to), form, err);
        if (rc != CMT_OK) {
            return rc;
        }
    }

    return CMT_OK;
}


static int
add_urlencoded(cmt_arena_t *arena, cmt_str_t pair, cmt_form_t *form,
    cmt_error_t *err)
{
    char        *out;
    size_t       eq;
    cmt_str_t    name, value;
    const char  *p;

    p = memchr(pair.data, '=', pair.len);
    eq = p != NULL ? (size_t) (p - pair.data) : pair.len;

    out = cmt_alloc(arena, pair.len);
    if (out == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, "no memory for the form");
    }

    name.data = out;
    value.data = out + eq;

    if (cmt__form_decode(cmt__str_sub(pair, 0, eq), 1, out, &name.len)
        != CMT_OK)
    {
        return cmt__fail(err, CMT_EFORM, NULL, "a malformed %% in a name");
    }

    if (cmt__form_decode(cmt__str_sub(pair, eq + 1, pair.len), 1, out + eq,
                         &value.len)
        != CMT_OK)
    {
        return cmt__fail(err, CMT_EFORM, cmt__form_known(name),
                         "a malformed %% in a value");
    }

    return cmt__form_add(form, name, value, err);
}


static int
check_text(cmt_str_t s, const char *what, const char *field, cmt_error_t *err)
{
    if (s.len != 0 && memchr(s.data, '\0', s.len) != NULL) {
        return cmt__fail(err, CMT_EFORM, field, "%s has a NUL byte", what);
    }

    if (!cmt__utf8_valid(s)) {
        return cmt__fail(err, CMT_EUTF8, field, "%s is not UTF-8", what);
    }

    return CMT_OK;
}
