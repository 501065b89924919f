/*
 * json_test.c: JSON out and in.
 */

#include "core/base/base.h"

#include "tap.h"


#define RANDOM_TEXTS  20000


static void test_write(void);
static void test_write_random(void);
static void test_write_faults(void);
static void test_read(void);
static void test_read_strings(void);
static void test_read_numbers(void);
static void test_read_many(void);
static void test_read_refused(void);
static void test_read_depth(void);
static void test_read_faults(void);
static void test_read_discreet(void);


static cmt_arena_t  *arena;
static uint64_t      seed = 20130108;


int
main(void)
{
    arena = cmt_arena_create(CMT_ARENA_BYTES_MAX);

    test_write();
    test_write_random();
    test_write_faults();
    test_read();
    test_read_strings();
    test_read_numbers();
    test_read_many();
    test_read_refused();
    test_read_depth();
    test_read_faults();
    test_read_discreet();

    cmt_arena_destroy(arena);

    return done();
}


static unsigned
dice(unsigned sides)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);

    return (unsigned) (seed >> 33) % sides;
}


static cmt_str_t
quoted(cmt_str_t s)
{
    cmt_str_t   json;
    cmt__buf_t  b;

    json = cmt_null_str;

    cmt__buf_init(&b, arena, 0);
    cmt__json_string(&b, s);

    if (cmt__buf_end(&b, &json) != CMT_OK) {
        return cmt_null_str;
    }

    return json;
}


static void
test_write(void)
{
    cmt_str_t   json;
    cmt__buf_t  b;

    is_str(quoted(cmt_null_str), "\"\"", "nothing is an empty string");
    is_str(quoted(cmt_str("plain")), "\"plain\"", "text gets its quotes");
    is_str(quoted(cmt_str("\"\\/")), "\"\\\"\\\\/\"",
           "quotes and backslashes are escaped, a slash is not");
    is_str(quoted(cmt_str("\b\t\n\f\r")), "\"\\b\\t\\n\\f\\r\"",
           "controls have their short forms");
    is_str(quoted(cmt_str("\0\x01\x1f\x7f")),
           "\"\\u0000\\u0001\\u001f\x7f\"", "or their numbers");
    is_str(quoted(cmt_str("</script><//p>")), "\"<\\/script><\\//p>\"",
           "an end tag cannot end a script");
    is_str(quoted(cmt_str("0123456789abcde</p>")),
           "\"0123456789abcde<\\/p>\"", "nor one at the edge of a step");
    is_str(quoted(cmt_str("\xe2\x80\xa8 \xe2\x80\xa9 \xe2\x80\xa7 "
                          "\xe2\x82\xa8")),
           "\"\\u2028 \\u2029 \xe2\x80\xa7 \xe2\x82\xa8\"",
           "the ends of line of JavaScript are escaped");
    is_str(quoted(cmt_str("bl\xc3\xa5 \xf0\x9f\x98\x80")),
           "\"bl\xc3\xa5 \xf0\x9f\x98\x80\"", "other letters stay");

    cmt__buf_init(&b, arena, 0);
    cmt__json_time(&b, 1357638000);
    cmt__json_time(&b, 0);
    is_int(cmt__buf_end(&b, &json), CMT_OK, "a time is written");
    is_str(json, "\"2013-01-08T09:40:00Z\"null", "or null when there is none");
}


/* The same, one byte at a time. */

static size_t
quote_slowly(const char *text, size_t len, char *out)
{
    char    *p;
    size_t   i;

    p = out;
    *p++ = '"';

    for (i = 0; i < len; i++) {
        if (strchr("\"\\", text[i]) != NULL && text[i] != '\0') {
            p += sprintf(p, "\\%c", text[i]);

        } else if (text[i] == '/' && i > 0 && text[i - 1] == '<') {
            p += sprintf(p, "\\/");

        } else if (text[i] == '\n') {
            p += sprintf(p, "\\n");

        } else if ((unsigned char) text[i] < 0x20) {
            p += sprintf(p, "\\u%04x", text[i]);

        } else if (len - i >= 3
                   && (memcmp(text + i, "\xe2\x80\xa8", 3) == 0
                       || memcmp(text + i, "\xe2\x80\xa9", 3) == 0))
        {
            p += sprintf(p, "\\u202%c", text[i + 2] == '\xa8' ? '8' : '9');
            i += 2;

        } else {
            *p++ = text[i];
        }
    }

    *p++ = '"';

    return (size_t) (p - out);
}


static void
test_write_random(void)
{
    int                 same, back, rc;
    char                text[400], slow[6 * sizeof(text) + 8];
    size_t              i, len, n;
    cmt_str_t           json, document;
    cmt__buf_t          b;
    const char         *piece;
    const cmt__json_t  *root;

    static const char *const  pieces[] = {
        "a", "bcd", "efghijklmnopqrstuv", "<", "/", "</", "\"", "\\", "\n",
        "\x01", "\x1f", "\xe2\x80\xa8", "\xe2\x80\xa9", "\xe2\x80\xa6",
        "\xc3\xa6", "<a href=\"https://example.org/\">"
    };

    same = back = 1;

    for (n = 0; n < RANDOM_TEXTS; n++) {

        cmt_arena_reset(arena);
        len = 0;

        for (i = dice(20); i > 0; i--) {
            piece = pieces[dice(sizeof(pieces) / sizeof(pieces[0]))];

            if (len + strlen(piece) > sizeof(text)) {
                break;
            }

            memcpy(text + len, piece, strlen(piece));
            len += strlen(piece);
        }

        json = quoted((cmt_str_t) { len, text });
        same &= json.len == quote_slowly(text, len, slow)
                && memcmp(json.data, slow, json.len) == 0;

        cmt__buf_init(&b, arena, 0);
        cmt__buf_char(&b, '[');
        cmt__buf_str_put(&b, json);
        cmt__buf_char(&b, ']');

        rc = cmt__buf_end(&b, &document);
        rc = rc == CMT_OK ? cmt__json_parse(arena, document, &root, NULL) : rc;
        back &= rc == CMT_OK
                && cmt__str_eq(root->items[0].string,
                               (cmt_str_t) { len, text });
    }

    ok(same, "many texts are written as byte by byte");
    ok(back, "and are read as they were");
    cmt_arena_reset(arena);
}


static void
test_write_faults(void)
{
    int         rc, said;
    long        n;
    char        text[3000];
    cmt_str_t   json;
    cmt__buf_t  b;

    memset(text, '"', sizeof(text));
    said = 1;

    for (n = 1; n < 100; n++) {
        cmt_arena_reset(arena);
        (void) cmt__arena_fail_at(n);

        cmt__buf_init(&b, arena, 1);
        cmt__json_string(&b, (cmt_str_t) { sizeof(text), text });
        rc = cmt__buf_end(&b, &json);

        if (cmt__arena_fail_at(0) != 0) {
            break;
        }

        said &= rc == CMT_ENOMEM;
    }

    ok(n > 1 && n < 100 && rc == CMT_OK, "with memory enough it is written");
    ok(said, "without, it is told");
    is_int(json.len, 2 * sizeof(text) + 2, "a text of quotes doubles");
    cmt_arena_reset(arena);
}


static const cmt__json_t *
read_json(cmt_str_t text, cmt_error_t *err)
{
    const cmt__json_t  *root;

    return cmt__json_parse(arena, text, &root, err) == CMT_OK ? root : NULL;
}


static void
test_read(void)
{
    cmt_error_t         err;
    const cmt__json_t  *root, *m;

    root = read_json(cmt_str("{\"b\": \"t\\u00e6xt\","
                             " \"a\": -9223372036854775808, \"r\": 1.5,"
                             " \"y\": true, \"n\": false, \"z\": null,"
                             " \"l\": [1, \"x\", [], {}]}\n"),
                     &err);

    if (!ok(root != NULL, "a document is read")) {
        return;
    }

    is_int(root->type, CMT__JSON_OBJECT, "it is an object");
    is_int(root->n, 7, "of so many members");
    is_str(root->items[0].name, "b", "in the order they were written in");
    is_str(root->items[6].name, "l", "to the last one");

    m = cmt__json_member(root, "b");
    ok(m != NULL && m->type == CMT__JSON_STRING, "one is a string");
    is_str(m->string, "t\xc3\xa6xt", "whose escapes are decoded");
    m = cmt__json_member(root, "a");
    ok(m->type == CMT__JSON_INTEGER && m->integer == INT64_MIN,
       "the smallest integer is one");
    m = cmt__json_member(root, "r");
    ok(m->type == CMT__JSON_REAL && m->real > 1.4 && m->real < 1.6,
       "a fraction is a real");
    is_int(cmt__json_member(root, "y")->type, CMT__JSON_TRUE, "true is true");
    is_int(cmt__json_member(root, "n")->type, CMT__JSON_FALSE, "false, false");
    is_int(cmt__json_member(root, "z")->type, CMT__JSON_NULL, "null is null");

    m = cmt__json_member(root, "l");
    ok(m->type == CMT__JSON_ARRAY && m->n == 4, "an array has its elements");
    is_str(m->items[1].string, "x", "in order");
    ok(m->items[2].type == CMT__JSON_ARRAY && m->items[2].n == 0,
       "an array may be empty");
    ok(m->items[3].type == CMT__JSON_OBJECT && m->items[3].n == 0,
       "so may an object");

    ok(cmt__json_member(root, "c") == NULL, "no other member is found");
    ok(cmt__json_member(m, "c") == NULL, "nor any in an array");
    ok(cmt__json_member(NULL, "c") == NULL, "nor in nothing");
    cmt_arena_reset(arena);
}


static void
test_read_strings(void)
{
    const cmt__json_t  *root;

    root = read_json(cmt_str("[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\", "
                             "\"\\u00e6\\u20AC\\ud83d\\ude00.\", \"\", "
                             "\"\xc3\xa6\xe2\x82\xac\x7f\"]"), NULL);

    if (!ok(root != NULL && root->n == 4, "strings are read")) {
        return;
    }

    is_str(root->items[0].string, "\"\\/\b\f\n\r\t",
           "with the short escapes");
    is_str(root->items[1].string,
           "\xc3\xa6\xe2\x82\xac\xf0\x9f\x98\x80.",
           "with numbers of characters, also beyond the first 65536");
    is_int(root->items[2].string.len, 0, "or with nothing");
    is_str(root->items[3].string, "\xc3\xa6\xe2\x82\xac\x7f",
           "and as they stand");
    cmt_arena_reset(arena);
}


static void
test_read_numbers(void)
{
    size_t              i;
    const cmt__json_t  *root;

    static const double  reals[] = { 0.0, 1.5, -2500.0, 0.01, 1e300 };

    root = read_json(cmt_str("[0, -0, 9223372036854775807, -12, "
                             "0.0, 1.5, -2.5e3, 1E-2, 1e+300]"), NULL);

    if (!ok(root != NULL && root->n == 9, "numbers are read")) {
        return;
    }

    is_int(root->items[0].integer, 0, "nothing,");
    is_int(root->items[1].integer, 0, "less than nothing,");
    ok(root->items[2].integer == INT64_MAX, "the largest integer,");
    is_int(root->items[3].integer, -12, "a negative one,");

    for (i = 0; i < sizeof(reals) / sizeof(reals[0]); i++) {
        ok(root->items[4 + i].type == CMT__JSON_REAL
           && root->items[4 + i].real >= reals[i]
           && root->items[4 + i].real <= reals[i], "and fractions");
    }

    cmt_arena_reset(arena);
}


/* More than are compared each with each, and than the first stack has. */

static void
test_read_many(void)
{
    char                text[4096];
    size_t              i, n, len;
    unsigned            wrong;
    const cmt__json_t  *root;

    for (n = 1; n <= 100; n += n < 12 ? 1 : 29) {

        cmt_arena_reset(arena);
        wrong = 0;

        for (i = 0, len = 0; i < n; i++) {
            len += (size_t) sprintf(text + len, "%s\"m%zu\": [%zu, {}]",
                                    i == 0 ? "{" : ", ", i * 7919 % 1000, i);
        }

        memcpy(text + len, "}", 2);
        root = read_json((cmt_str_t) { len + 1, text }, NULL);

        for (i = 0; root != NULL && i < root->n; i++) {
            wrong += root->items[i].n != 2
                     || root->items[i].items[0].integer != (int64_t) i;
        }

        ok(root != NULL && root->n == n && wrong == 0,
           "so many members are read in their order");

        len += (size_t) sprintf(text + len, ", \"m%zu\": 1}",
                                (n - 1) * 7919 % 1000);
        is_int(cmt__json_parse(arena, (cmt_str_t) { len, text }, &root, NULL),
               CMT_EJSON, "and refused when the last one stands twice");
    }

    cmt_arena_reset(arena);
}


static void
test_read_refused(void)
{
    size_t              i;
    cmt_error_t         err;
    const cmt__json_t  *root;

    static const struct {
        cmt_str_t    text;
        const char  *detail;
    } bad[] = {
        { cmt_null_str, "line 1, column 0: ends too early" },
        { cmt_str("{\"a\": 1"), "line 1, column 7: ends too early" },
        { cmt_str("{\"a\": 1}\n{}"),
          "line 2, column 1: something follows the document" },
        { cmt_str("{\"a\": 1, \"a\": 2}"),
          "line 1, column 12: a member stands twice" },
        { cmt_str("{\"a\": \"\xff\"}"), "line 1, column 7: not valid UTF-8" },
        { cmt_str("{\"a\": \"\\ud800\"}"), NULL },
        { cmt_str("{\"a\": \"\\u0000\"}"),
          "line 1, column 14: U+0000 is not allowed" },
        { cmt_str("{\"a\\u0000\": 1}"), NULL },
        { cmt_str("{\"a\": \"\0\"}"), NULL },
        { cmt_str("{\"a\": \"\n\"}"), NULL },
        { cmt_str("{\"a\": 9223372036854775808}"),
          "line 1, column 25: a number is too large" },
        { cmt_str("{\"a\": 1e999}"), NULL },
        { cmt_str("{\"a\": 01}"), NULL },
        { cmt_str("{\"a\": NaN}"), NULL },
        { cmt_str("{\"a\": 1,}"), NULL },
        { cmt_str("{'a': 1}"), NULL },
        { cmt_str("{a: 1}"), NULL },
        { cmt_str("/* */ {}"), NULL },
        { cmt_str("[1\0]"), NULL },
        { cmt_str("[1 2]"), "line 1, column 4: not valid JSON" },
        { cmt_str("[-]"), NULL },
        { cmt_str("[1.]"), NULL },
        { cmt_str("[.5]"), NULL },
        { cmt_str("[1e]"), NULL },
        { cmt_str("[-"), "line 1, column 2: ends too early" },
        { cmt_str("[tru"), NULL },
        { cmt_str("[\"\\x\"]"), NULL },
        { cmt_str("[\"\\u12g4\"]"), NULL },
        { cmt_str("[\"\\u12\"]"), NULL },
        { cmt_str("[\"\\udc00\"]"), "line 1, column 8: half of a character" },
        { cmt_str("[\"\\ud800\\u0041\"]"), NULL },
        { cmt_str("[\"abc\\"), "line 1, column 6: ends too early" },
        { cmt_str("[\"\xc3\xa6\", \"\xe2\x82\"]"),
          "line 1, column 7: not valid UTF-8" },
        { cmt_str("[1}"), NULL },
        { cmt_str("{\"a\" 1}"), NULL },
        { cmt_str("{\"a\"}"), NULL },
        { cmt_str("{,}"), NULL },
        { cmt_str("[,]"), NULL },
        { cmt_str("\"text\""), NULL },
        { cmt_str("\xef\xbb\xbf{}"), NULL }
    };

    root = NULL;

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {

        memset(&err, 0, sizeof(err));

        if (!ok(cmt__json_parse(arena, bad[i].text, &root, &err) == CMT_EJSON
                && strncmp(err.detail, "line ", 5) == 0,
                "what is no JSON is refused, with its place"))
        {
            note("%zu: %s", i, err.detail);
        }

        if (bad[i].detail != NULL) {
            is_text(err.detail, bad[i].detail, "and with the reason");
        }
    }

    ok(root == NULL, "the output is untouched");
    cmt_arena_reset(arena);
}


static void
test_read_depth(void)
{
    size_t       i, deep;
    char         text[2 * 5000];
    cmt_error_t  err;

    static const size_t  depths[] = {
        CMT_JSON_DEPTH_MAX, CMT_JSON_DEPTH_MAX + 1, 2047, 5000
    };

    for (i = 0; i < sizeof(depths) / sizeof(depths[0]); i++) {
        deep = depths[i];
        memset(text, '[', deep);
        memset(text + deep, ']', deep);
        err.detail[0] = '\0';

        is_int(cmt__json_parse(arena, (cmt_str_t) { 2 * deep, text },
                               &(const cmt__json_t *) { NULL }, &err),
               deep <= CMT_JSON_DEPTH_MAX ? CMT_OK : CMT_EJSON,
               "arrays nest to the limit and no deeper");
        note("%zu: %s", deep, err.detail);
    }

    cmt_arena_reset(arena);
}


static void
test_read_faults(void)
{
    int                 rc, said;
    long                n;
    cmt_error_t         err;
    const cmt__json_t  *root;

    root = NULL;
    said = 1;

    for (n = 1; n < 100; n++) {
        cmt_arena_reset(arena);
        (void) cmt__arena_fail_at(n);
        rc = cmt__json_parse(arena,
                             cmt_str("{\"a\": [1, {\"b\": \"c\"}], \"d\": "
                                     "\"a text that outgrows buffers, and a "
                                     "number\", \"e\": 12}"),
                             &root, &err);

        if (cmt__arena_fail_at(0) != 0) {
            break;
        }

        said &= rc == CMT_ENOMEM && err.rc == CMT_ENOMEM && root == NULL;
    }

    is_int(rc, CMT_OK, "with memory enough a document is read");
    ok(n > 5 && said, "without, it is told, and the output is untouched");
    cmt_arena_reset(arena);
}


/* Details go into a log: what was posted must not. */

static void
test_read_discreet(void)
{
    char         text[64];
    size_t       i, len;
    cmt_error_t  err;
    int          quiet;

    len = (size_t) snprintf(text, sizeof(text),
                            "{\"email\": \"kari@example.org\", \"b\": [kari]}");
    quiet = 1;

    for (i = 0; i < len; i++) {
        memset(&err, 0, sizeof(err));
        (void) !read_json((cmt_str_t) { i, text }, &err);
        quiet &= strstr(err.detail, "kari") == NULL && err.detail[0] != '\0';
    }

    (void) !read_json((cmt_str_t) { len, text }, &err);
    quiet &= strstr(err.detail, "kari") == NULL;

    ok(quiet, "no detail quotes the text");
    cmt_arena_reset(arena);
}
