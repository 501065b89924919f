/*
 * form_test.c: the fields of a POST, whatever its encoding.
 */

#include "core/base/base.h"
#include "core/base/form.h"

#include "tap.h"


#define JSON         "application/json"
#define URLENCODED   "application/x-www-form-urlencoded"
#define MULTIPART    "multipart/form-data; boundary=AaB03x"

#define PART(name, value)                                                     \
    "--AaB03x\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n"   \
    value "\r\n"
#define END  "--AaB03x--\r\n"


static void test_content_type(void);
static void test_urlencoded(void);
static void test_json(void);
static void test_multipart(void);
static void test_multipart_heads(void);
static void test_multipart_refused(void);
static void test_texts(void);
static void test_limits(void);
static void test_truncated(void);
static void test_faults(void);
static void test_writable(void);


static cmt_arena_t  *arena;
static cmt_form_t    form;
static cmt_error_t   err;


int
main(void)
{
    arena = cmt_arena_create(CMT_ARENA_BYTES_MAX);

    test_content_type();
    test_urlencoded();
    test_json();
    test_multipart();
    test_multipart_heads();
    test_multipart_refused();
    test_texts();
    test_limits();
    test_truncated();
    test_faults();
    test_writable();

    cmt_arena_destroy(arena);

    return done();
}


static int
parse_str(const char *type, cmt_str_t body)
{
    cmt_arena_reset(arena);
    memset(&form, 0, sizeof(form));
    memset(&err, 0, sizeof(err));

    return cmt_form_parse(arena, (cmt_str_t) { strlen(type), type }, body,
                          &form, &err);
}


static int
parse(const char *type, const char *body)
{
    return parse_str(type, (cmt_str_t) { strlen(body), body });
}


static void
test_content_type(void)
{
    size_t  i;

    static const struct {
        int          rc;
        const char  *type;
    } types[] = {
        { CMT_OK, JSON },
        { CMT_OK, "Application/JSON" },
        { CMT_OK, " application/json ; charset=UTF-8" },
        { CMT_OK, "application/json;charset=\"utf-8\"" },
        { CMT_OK, "application/json; charset=utf-8; x=y" },
        { CMT_OK, "application/json;" },
        { CMT_EMEDIATYPE, "application/json; charset=latin1" },
        { CMT_EMEDIATYPE, "application/json; charset=\"iso-8859-1\"" },
        { CMT_EMEDIATYPE, "application/json; charset" },
        { CMT_EMEDIATYPE, "application/json; charset=\"utf-8" },
        { CMT_EMEDIATYPE, "application/json; charset=\"utf-8\" x" },
        { CMT_EMEDIATYPE, "application/jsonp" },
        { CMT_EMEDIATYPE, "application" },
        { CMT_EMEDIATYPE, "text/plain" },
        { CMT_EMEDIATYPE, ";" },
        { CMT_EMEDIATYPE, "" }
    };

    for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (!is_int(parse(types[i].type, "{}"), types[i].rc,
                    "a media type is taken or refused"))
        {
            note("%s", types[i].type);
        }
    }

    is_int(cmt_form_parse(arena, cmt_null_str, cmt_str("{}"), &form, NULL),
           CMT_EMEDIATYPE, "a missing media type is refused");
    is_int(parse(URLENCODED "; charset=koi8-r", "a=b"), CMT_EMEDIATYPE,
           "forms have their charset, too");
    is_int(parse(MULTIPART "; charset=koi8-r", END), CMT_EMEDIATYPE,
           "in each encoding");
}


static void
test_urlencoded(void)
{
    is_int(parse(URLENCODED, "page=%2Fblog%2F&text=a+b%2Bc%0D%0A&name=Bl%c3%A5"
                 "&empty=&bare"), CMT_OK, "a form is read");
    is_int(form.n, 5, "with all its fields");
    is_str(cmt_form_get(&form, "page"), "/blog/", "percents are decoded");
    is_str(cmt_form_get(&form, "text"), "a b+c\r\n", "plus is a blank");
    is_str(cmt_form_get(&form, "name"), "Bl\xc3\xa5", "letters are UTF-8");
    is_str(form.fields[0].name, "page", "fields keep their order");
    ok(cmt_form_get(&form, "empty").data != NULL, "an empty field is there");
    is_int(cmt_form_get(&form, "bare").len, 0, "one without a value is empty");
    ok(cmt_form_get(&form, "other").data == NULL, "no other field is there");

    is_int(parse(URLENCODED, ""), CMT_OK, "an empty form is a form");
    is_int(form.n, 0, "without fields");
    is_int(parse(URLENCODED, "&&a=1&&b=2&"), CMT_OK, "empty pairs are skipped");
    is_int(form.n, 2, "and are no fields");
    is_int(parse(URLENCODED, "te%78t=a=b=c"), CMT_OK, "a name is decoded");
    is_str(cmt_form_get(&form, "text"), "a=b=c", "a value may have an =");

    is_int(parse(URLENCODED, "text=%"), CMT_EFORM, "a bare percent is refused");
    is_text(err.field, "text", "naming the field");
    is_int(parse(URLENCODED, "text=%4"), CMT_EFORM, "so is half a byte");
    is_int(parse(URLENCODED, "text=%4&a=1"), CMT_EFORM, "at the end of a pair");
    is_int(parse(URLENCODED, "text=%zz"), CMT_EFORM, "and what is no number");
    is_int(parse(URLENCODED, "%zz=1"), CMT_EFORM, "in a name as well");
    is_int(parse(URLENCODED, "name=1&na%6de=2"), CMT_EFORM,
           "a name that stands twice is refused");
    is_text(err.detail, "name stands twice", "with the reason");
}


static void
test_json(void)
{
    is_int(parse(JSON, "{\"page\": \"/b\", \"parent\": 12, \"minus\": -3,"
                 " \"yes\": true, \"no\": false, \"website\": null}"), CMT_OK,
           "an object is read");
    is_int(form.n, 5, "but for null");
    is_str(cmt_form_get(&form, "page"), "/b", "a string is its text");
    is_str(cmt_form_get(&form, "parent"), "12", "an integer is its digits");
    is_str(cmt_form_get(&form, "minus"), "-3", "with its sign");
    is_str(cmt_form_get(&form, "yes"), "1", "true is 1");
    is_str(cmt_form_get(&form, "no"), "0", "false is 0");
    ok(cmt_form_get(&form, "website").data == NULL, "null is not there");

    is_int(parse(JSON, "{\"text\": [\"a\"]}"), CMT_EFIELD,
           "an array is no field");
    is_text(err.field, "text", "naming a field that we know");
    is_int(parse(JSON, "{\"name\": {}}"), CMT_EFIELD, "nor is an object");
    is_text(err.field, "name", "each by its name");
    is_int(parse(JSON, "{\"x\": 1.5}"), CMT_EFIELD, "nor is a fraction");
    is_text(err.field, "", "others have none");

    is_int(parse(JSON, "[]"), CMT_EJSON, "an array is no form");
    is_int(parse(JSON, ""), CMT_EJSON, "nothing is no JSON");
    is_int(parse(JSON, "{\"a\": 1, \"a\": 2}"), CMT_EJSON,
           "a name that stands twice is refused");
    is_int(parse(JSON, "{\"text\": \"\\u0000\"}"), CMT_EJSON, "so is U+0000");
    is_int(parse(JSON, "{\"text\": \"\xc3\"}"), CMT_EJSON, "and half a letter");
}


static void
test_multipart(void)
{
    is_int(parse(MULTIPART, "preamble\r\n" PART("page", "/b")
                 PART("text", "one\r\n\r\n--AaB03\r\ntwo") PART("name", "")
                 PART("last", "\r\n") "--AaB03x--\r\nepilogue"), CMT_OK,
           "a form is read");
    is_int(form.n, 4, "with all its fields");
    is_str(cmt_form_get(&form, "page"), "/b", "each with its value");
    is_str(cmt_form_get(&form, "text"), "one\r\n\r\n--AaB03\r\ntwo",
           "empty lines and half a boundary are text");
    ok(cmt_form_get(&form, "name").data != NULL
       && cmt_form_get(&form, "name").len == 0, "a value may be empty");
    is_str(cmt_form_get(&form, "last"), "\r\n", "or one end of line");

    is_int(parse(MULTIPART, END), CMT_OK, "a form may have no parts");
    is_int(form.n, 0, "and then has no fields");
    is_int(parse(MULTIPART, PART("a", "b") "--AaB03x--"), CMT_OK,
           "the last line need not end");
    is_int(parse(MULTIPART, "--AaB03x \t\r\nContent-Disposition: form-data;"
                 " name=a\r\n\r\nb\r\n" END), CMT_OK,
           "white space may follow a boundary");
    is_str(cmt_form_get(&form, "a"), "b", "and a name need not be quoted");
    is_int(parse("Multipart/Form-Data; x=y; Boundary=\"a b:c\"",
                 "--a b:c\r\ncontent-disposition: FORM-DATA; NAME=\"a\"\r\n"
                 "\r\nb\r\n--a b:c--"), CMT_OK,
           "a quoted boundary may have blanks, and case means nothing");
    is_str(cmt_form_get(&form, "a"), "b", "to the parser");
}


static int
parse_head(const char *head)
{
    char  body[2 * CMT__PART_HEAD_BYTES_MAX];

    (void) snprintf(body, sizeof(body), "--AaB03x\r\n%s\r\n\r\nv\r\n%s", head,
                    END);

    return parse(MULTIPART, body);
}


static void
test_multipart_heads(void)
{
    is_int(parse_head("Content-Disposition: form-data; name=\"a%22b\""),
           CMT_OK, "a name has a quote as browsers write it");
    is_str(form.fields[0].name, "a\"b", "and gets it back");
    is_int(parse_head("Content-Disposition: form-data; name=\"a\\\"b\\\\\""),
           CMT_OK, "or with a backslash");
    is_str(form.fields[0].name, "a\"b\\", "which goes");
    is_int(parse_head("Content-Disposition: form-data; name=\"%0D%0a%41\""),
           CMT_OK, "ends of lines are encoded, too");
    is_str(form.fields[0].name, "\r\n%41", "but nothing else is");
    is_int(parse_head("Content-Disposition: form-data; name=\"a;b=c\""),
           CMT_OK, "a semicolon may be quoted");
    is_str(form.fields[0].name, "a;b=c", "and is part of the name");
    is_int(parse_head("Content-Type: text/plain; charset=latin1\r\n"
                      "X-Other: y\r\nContent-Transfer-Encoding: 8bit\r\n"
                      "Content-Disposition: form-data; name=a"),
           CMT_OK, "other headers mean nothing");

    is_int(parse_head("Content-Disposition: form-data; name=a; "
                      "filename=\"x.png\""), CMT_EFORM, "files are refused");
    is_text(err.detail, "files are not taken", "with the reason");
    is_int(parse_head("Content-Disposition: form-data; name=a; filename=\"\""),
           CMT_EFORM, "even without a name");
    is_int(parse_head("Content-Disposition: form-data; name=a; "
                      "filename*=utf-8''x"), CMT_EFORM, "in any spelling");

    is_int(parse_head("Content-Disposition: attachment; name=a"), CMT_EFORM,
           "a part that is no form data is refused");
    is_int(parse_head("Content-Disposition: form-data"), CMT_EFORM,
           "so is one without a name");
    is_int(parse_head("X-Other: form-data; name=a"), CMT_EFORM,
           "or without a disposition");
    is_int(parse_head("Content-Disposition: form-data; name=\"a"), CMT_EFORM,
           "or with half a quote");
    is_int(parse_head("Content-Disposition: form-data; name=a\r\n"
                      "Content-Disposition: form-data; name=b"), CMT_EFORM,
           "or with two names");
    is_int(parse_head("Content-Disposition: form-data; name=a\r\n"
                      "Content-Transfer-Encoding: base64"), CMT_EFORM,
           "or in another encoding");
}


static void
test_multipart_refused(void)
{
    is_int(parse(MULTIPART, ""), CMT_EFORM, "nothing is no form");
    is_int(parse(MULTIPART, "text=a"), CMT_EFORM, "nor is another encoding");
    is_int(parse(MULTIPART, PART("a", "b")), CMT_EFORM,
           "the final boundary must be there");
    is_text(err.detail, "the final boundary is missing", "with the reason");
    is_int(parse(MULTIPART, PART("a", "b") "--AaB03"), CMT_EFORM, "whole");
    is_int(parse(MULTIPART, PART("a", "b") "--AaB03x"), CMT_EFORM,
           "and be told from that of a part");
    is_text(err.detail, "a boundary is malformed", "with the reason");
    is_int(parse(MULTIPART, "--AaB03x\r\nv\r\n" END), CMT_EFORM,
           "a part must have a head");
    is_int(parse(MULTIPART, "--AaB03x\r\n\r\nv\r\n" END), CMT_EFORM,
           "that is not empty");
    is_int(parse(MULTIPART, "--AaB03xy\r\n" END), CMT_EFORM,
           "nothing else may follow a boundary");
    is_int(parse("multipart/form-data", END), CMT_EFORM,
           "a boundary must be named");
    is_int(parse("multipart/form-data; boundary=", "--\r\n"), CMT_EFORM,
           "and not be empty");
    is_int(parse("multipart/form-data; boundary=\"a\tb\"", END), CMT_EFORM,
           "and have no controls");
    is_int(parse(MULTIPART, PART("name", "1") PART("name", "2") END),
           CMT_EFORM, "a name that stands twice is refused");
    is_text(err.field, "name", "naming it");
}


static void
test_texts(void)
{
    is_int(parse(URLENCODED, "text=%ff"), CMT_EUTF8, "a value must be UTF-8");
    is_text(err.field, "text", "and a field that we know is named");
    is_int(parse(URLENCODED, "x=%c3"), CMT_EUTF8, "whole letters of it");
    ok(err.field == NULL, "others are not");
    is_int(parse(URLENCODED, "%ff=x"), CMT_EUTF8, "a name must be UTF-8");
    is_int(parse(URLENCODED, "text=%00"), CMT_EFORM, "NUL is refused");
    is_int(parse(URLENCODED, "a%00=1"), CMT_EFORM, "in names as well");
    is_int(parse(MULTIPART, PART("text", "\xed\xa0\x80") END), CMT_EUTF8,
           "surrogates are no UTF-8");
    is_text(err.field, "text", "in any encoding");
    is_int(parse_str(MULTIPART, cmt_str(PART("email", "a\0b") END)),
           CMT_EFORM, "NUL is refused in parts");
    is_text(err.field, "email", "naming the field");
}


/* n fields that differ, in one of three encodings. */

static int
parse_many(const char *type, size_t n)
{
    size_t       i;
    cmt_str_t    body;
    cmt__buf_t   b;
    const char  *format;
    char         field[200];

    format = type[0] == 'm' ? PART("f%zu", "v")
             : strcmp(type, JSON) == 0 ? "\"f%zu\": 1" : "f%zu=1&";

    cmt_arena_reset(arena);
    cmt__buf_init(&b, arena, 0);

    if (strcmp(type, JSON) == 0) {
        cmt__buf_char(&b, '{');
    }

    for (i = 0; i < n; i++) {
        (void) snprintf(field, sizeof(field), format, i);
        cmt__buf_lit(&b, field);

        if (strcmp(type, JSON) == 0) {
            cmt__buf_char(&b, i + 1 < n ? ',' : '}');
        }
    }

    if (type[0] == 'm') {
        cmt__buf_lit(&b, END);
    }

    if (cmt__buf_end(&b, &body) != CMT_OK) {
        return CMT_ENOMEM;
    }

    return cmt_form_parse(arena, (cmt_str_t) { strlen(type), type }, body,
                          &form, &err);
}


static void
test_limits(void)
{
    size_t       i;
    static char  body[CMT_BODY_BYTES_MAX + 1];
    static char  head[CMT__PART_HEAD_BYTES_MAX + 100];
    char         type[200], boundary[CMT__BOUNDARY_BYTES_MAX + 2];

    static const char *const  types[] = { URLENCODED, JSON, MULTIPART };

    for (i = 0; i < 3; i++) {
        is_int(parse_many(types[i], CMT_FORM_FIELDS_MAX), CMT_OK,
               "a form may have so many fields");
        is_int(form.n, CMT_FORM_FIELDS_MAX, "and has them");
        is_int(parse_many(types[i], CMT_FORM_FIELDS_MAX + 1), CMT_EFORM,
               "but not one more");
    }

    memset(body, 'a', sizeof(body));
    is_int(parse_str(URLENCODED, (cmt_str_t) { CMT_BODY_BYTES_MAX, body }),
           CMT_OK, "a body may have so many bytes");
    is_int(parse_str(URLENCODED, (cmt_str_t) { CMT_BODY_BYTES_MAX + 1, body }),
           CMT_ETOOLARGE, "but not one more");

    for (i = 0; i < 2; i++) {
        memset(boundary, 'b', sizeof(boundary));
        boundary[CMT__BOUNDARY_BYTES_MAX + i] = '\0';
        (void) snprintf(type, sizeof(type), "multipart/form-data; boundary=%s",
                        boundary);
        (void) snprintf(body, sizeof(body), "--%s--", boundary);
        is_int(parse(type, body), i == 0 ? CMT_OK : CMT_EFORM,
               "a boundary has a limit");
    }

    /* with the CRLF before it, the head has CMT__PART_HEAD_BYTES_MAX bytes */

    for (i = 0; i < 2; i++) {
        memset(head, 'x', sizeof(head));
        memcpy(head, "Content-Disposition: form-data; name=a\r\n", 40);
        head[CMT__PART_HEAD_BYTES_MAX - 2 + i] = '\0';
        is_int(parse_head(head), i == 0 ? CMT_OK : CMT_EFORM,
               "the head of a part has a limit");
    }
}


/* Every beginning of a good body: no crash, and the whole one is the only
 * multipart form or JSON object among them. */

static void
test_truncated(void)
{
    int     refused;
    char   *copy;
    size_t  i, len, n;

    static const struct {
        const char  *type, *body;
    } whole[] = {
        { MULTIPART, PART("page", "/b") PART("text", "one\r\ntwo")
          "--AaB03x--" },
        { JSON, "{\"page\": \"/b\", \"parent\": 12}" }
    };

    for (i = 0; i < 2; i++) {
        refused = 1;
        n = strlen(whole[i].body);

        for (len = 0; len < n; len++) {
            cmt_arena_reset(arena);

            /* a piece of its own, so that a sanitizer sees its end */

            copy = cmt_alloc(arena, len);
            memcpy(copy, whole[i].body, len);
            refused &= cmt_form_parse(arena,
                                      (cmt_str_t) { strlen(whole[i].type),
                                                    whole[i].type },
                                      (cmt_str_t) { len, copy }, &form, &err)
                       != CMT_OK;
        }

        ok(refused, "no beginning of a form is a form");
        is_int(parse(whole[i].type, whole[i].body), CMT_OK, "but all of it is");
    }
}


static void
test_faults(void)
{
    int     rc, said;
    long    n;
    size_t  i;

    static const struct {
        const char  *type, *body;
    } forms[] = {
        { URLENCODED, "page=/b&text=x" },
        { JSON, "{\"page\": \"/b\", \"parent\": 12, \"x\": true}" },
        { MULTIPART "; x=\"y\"", PART("page", "/b") PART("text", "x") END }
    };

    for (i = 0; i < 3; i++) {
        said = 1;

        for (n = 1; n < 100; n++) {
            (void) cmt__arena_fail_at(n);
            rc = parse(forms[i].type, forms[i].body);

            if (cmt__arena_fail_at(0) != 0) {
                break;
            }

            said &= rc == CMT_ENOMEM && err.rc == CMT_ENOMEM && form.n == 0
                    && form.fields == NULL;
        }

        is_int(rc, CMT_OK, "with memory enough a form is read");
        ok(n > 3 && said, "without, it is told, and the output is untouched");
    }
}


static void
test_writable(void)
{
    size_t  i, f, writes;
    cmt_str_t  before;

    static const struct {
        const char  *type, *body;
    } forms[] = {
        { URLENCODED, "email=a&b=1" },
        { JSON, "{\"email\": \"a\", \"b\": true, \"c\": 7}" },
        { MULTIPART, PART("email", "a") PART("b", "1") END }
    };

    for (i = 0; i < 3; i++) {
        writes = 0;

        if (parse(forms[i].type, forms[i].body) != CMT_OK) {
            break;
        }

        for (f = 0; f < form.n; f++) {
            before = form.fields[f].name;
            memset((char *) form.fields[f].value.data, 0,
                   form.fields[f].value.len);
            writes += cmt__str_eq(before, form.fields[f].name)
                      && form.fields[f].value.data[0] == '\0';
        }

        is_int(writes, form.n, "every value can be overwritten, alone");
    }
}
