/*
 * jsonl_record_test.c: one line of the format, right and wrong.
 */

#include "core/exchange/exchange.h"

#include "tap.h"


#define BASE  "\"id\":1,\"page\":\"/a\",\"status\":\"approved\","             \
              "\"created\":\"2013-01-08T09:40:00Z\",\"text\":\"Hello\""


typedef struct {
    const char  *line;
    int          rc;
    const char  *field;
    const char  *sentence;
} bad_t;


static void test_whole(void);
static void test_defaults(void);
static void test_deleted(void);
static void test_names(void);
static void test_bad(void);
static void test_source_limit(void);
static void test_faults(void);
static int record_read(const char *line, cmt__record_t *record,
    cmt_error_t *err);


static cmt_arena_t  *arena;


static const bad_t  bad[] = {
    { "", CMT_EJSON, NULL, "an empty line is no record" },
    { "[]", CMT_EJSON, NULL, "an array is none" },
    { "7", CMT_EJSON, NULL, "a number is none" },
    { "{" BASE, CMT_EJSON, NULL, "half an object is none" },
    { "{" BASE "} {}", CMT_EJSON, NULL, "two objects are none" },
    { "{" BASE ",\"id\":2}", CMT_EJSON, NULL, "a member stands once" },
    { "{" BASE ",\"name\":\"\xff\"}", CMT_EJSON, NULL, "UTF-8 is checked" },
    { "{" BASE ",\"name\":\"\\u0000\"}", CMT_EJSON, NULL, "no U+0000" },
    { "{" BASE ",\"e-mail\":\"x\"}", CMT_EFIELD, NULL,
      "an unknown member is refused" },
    { "{" BASE ",\"uid\":1.5}", CMT_EFIELD, "uid", "a uid is no real number" },
    { "{" BASE ",\"uid\":\"\"}", CMT_EFIELD, "uid", "a uid is not empty" },
    { "{" BASE ",\"parent\":[]}", CMT_EFIELD, "parent",
      "a parent is no array" },
    { "{" BASE ",\"name\":7}", CMT_EFIELD, "name", "a name is a text" },
    { "{" BASE ",\"kind\":\"trackback\"}", CMT_EFIELD, "kind",
      "an unknown kind is refused" },
    { "{" BASE ",\"kind\":1}", CMT_EFIELD, "kind", "a kind is a word" },
    { "{" BASE ",\"markup\":\"bbcode\"}", CMT_EFIELD, "markup",
      "an unknown markup is refused" },
    { "{" BASE ",\"markup\":1}", CMT_EFIELD, "markup", "a markup is a word" },
    { "{" BASE ",\"edited\":\"yesterday\"}", CMT_EFIELD, "edited",
      "a time is a time" },
    { "{" BASE ",\"edited\":1357638000}", CMT_EFIELD, "edited",
      "a time is no number" },
    { "{" BASE ",\"edited\":\"1970-01-01T00:00:00Z\"}", CMT_EFIELD, "edited",
      "a time lies after 1970 began" },
    { "{" BASE ",\"identity\":\"12\"}", CMT_EFIELD, "identity",
      "an identity has 32 digits" },
    { "{" BASE ",\"identity\":\"0123456789abcdef0123456789abcdeg\"}",
      CMT_EFIELD, "identity", "and they are hex" },
    { "{" BASE ",\"identity\":\"0123456789abcdef0123456789abcdef\","
      "\"email\":\"a@example.org\"}", CMT_EFIELD, "identity",
      "email and identity exclude each other" },
    { "{" BASE ",\"receipt\":\"x\"}", CMT_EFIELD, "receipt",
      "a receipt is an object" },
    { "{\"page\":\"/a\",\"status\":\"spam\",\"text\":\"x\","
      "\"created\":\"2013-01-08T09:40:00Z\"}", CMT_EFIELD, "id",
      "id or uid must be there" },
    { "{\"id\":1,\"status\":\"spam\",\"text\":\"x\","
      "\"created\":\"2013-01-08T09:40:00Z\"}", CMT_EFIELD, "page",
      "a page must be there" },
    { "{\"id\":1,\"page\":\"/a\",\"text\":\"x\","
      "\"created\":\"2013-01-08T09:40:00Z\"}", CMT_EFIELD, "status",
      "a status must be there" },
    { "{\"id\":1,\"page\":\"/a\",\"text\":\"x\",\"status\":\"Spam\","
      "\"created\":\"2013-01-08T09:40:00Z\"}", CMT_EFIELD, "status",
      "and known" },
    { "{\"id\":1,\"page\":\"/a\",\"status\":\"spam\",\"text\":\"x\"}",
      CMT_EFIELD, "created", "created must be there" }
};


int
main(void)
{
    arena = cmt_arena_create(CMT_ARENA_BYTES_MAX);

    test_whole();
    test_defaults();
    test_deleted();
    test_names();
    test_bad();
    test_source_limit();
    test_faults();

    cmt_arena_destroy(arena);

    return done();
}


static void
test_whole(void)
{
    cmt_error_t     err;
    cmt__record_t   r;
    cmt__import_t  *c;

    c = &r.comment;

    is_int(record_read("{\"id\":\"x7\",\"uid\":\"wp-7\",\"page\":\"/a\","
                       "\"title\":\"A\",\"parent\":3,\"kind\":\"pingback\","
                       "\"status\":\"spam\","
                       "\"created\":\"2013-01-08T10:40:00.5+01:00\","
                       "\"edited\":\"2013-01-08T09:41:00Z\","
                       "\"name\":\"reader\",\"email\":\"a@example.org\","
                       "\"website\":\"http://example.org/\","
                       "\"text\":\"Hello\",\"markup\":\"markdown\","
                       "\"receipt\":{\"score\":1.0}}", &r, &err),
           CMT_OK, "a line with every member is read");
    is_str(r.id, "x7", "its id");
    is_str(r.uid, "wp-7", "its uid");
    is_str(c->uid, "wp-7", "which is its name in the store");
    is_str(r.parent, "3", "its parent, a number");
    is_str(c->page, "/a", "its page");
    is_str(c->title, "A", "its title");
    is_int(c->kind, CMT_PINGBACK, "its kind");
    is_int(c->status, CMT_SPAM, "its status");
    is_int(c->created, 1357638000, "its date, in UTC, whole seconds");
    is_int(c->edited, 1357638060, "its other date");
    is_str(c->name, "reader", "its name");
    is_str(c->email, "a@example.org", "its e-mail");
    is_int(c->has_identity, 0, "instead of an identity");
    is_str(c->website, "http://example.org/", "its website");
    is_str(c->text, "Hello", "its text");
    is_int(c->markup, CMT_MARKUP_MARKDOWN, "its markup");
    is_str(c->receipt, "{\"score\":1.0}", "its receipt");
}


static void
test_defaults(void)
{
    cmt__record_t  r;

    is_int(record_read("{" BASE ",\"name\":null}", &r, NULL), CMT_OK,
           "a short line is read");
    is_str(r.comment.uid, "jsonl:1", "an id gets a prefix");
    is_int(r.parent.len, 0, "it answers nothing");
    is_int(r.comment.kind, CMT_COMMENT, "it is a comment");
    is_int(r.comment.markup, CMT_MARKUP_PLAIN, "of plain text");
    is_int(r.comment.edited, 0, "never edited");
    is_int(r.comment.name.len, 0, "null is as good as nothing");

    is_int(record_read("{" BASE ",\"identity\":"
                       "\"0123456789abcdef0123456789ABCDEF\"}", &r, NULL),
           CMT_OK, "an identity is read");
    ok(r.comment.has_identity && r.comment.identity[0] == 1
       && r.comment.identity[15] == 0xef, "as its bytes");
}


static void
test_deleted(void)
{
    cmt__record_t  r;

    is_int(record_read("{\"id\":1,\"page\":\"/a\",\"status\":\"deleted\","
                       "\"created\":\"2013-01-08T09:40:00Z\","
                       "\"name\":\"n\",\"email\":\"a@example.org\","
                       "\"website\":\"http://example.org/\","
                       "\"text\":\"t\",\"receipt\":{}}", &r, NULL),
           CMT_OK, "a deleted comment is read");
    ok(r.comment.name.len == 0 && r.comment.email.len == 0
       && r.comment.website.len == 0 && r.comment.text.len == 0
       && r.comment.receipt.len == 0, "but nothing of its author is taken");
    is_int(r.comment.status, CMT_DELETED, "only its place");
}


static void
test_names(void)
{
    char          name[16];
    unsigned      i;
    uint64_t      other;
    cmt_str_t     uid, s;
    cmt__names_t  names;

    is_int(cmt__names_open(&names, 1000000), CMT_OK, "a table is opened");
    is_int(cmt__names_add(&names, cmt_str("7"), cmt_null_str, 1, &other),
           CMT_OK, "an id is kept");
    is_int(cmt__names_add(&names, cmt_str("8"), cmt_str("wp-8"), 2, &other),
           CMT_OK, "an id and a uid are kept");
    is_int(cmt__names_add(&names, cmt_str("8"), cmt_str("wp-8"), 2, &other),
           CMT_OK, "the same line may say them again");
    is_int(cmt__names_add(&names, cmt_str("8"), cmt_str("wp-9"), 3, &other),
           CMT_EDUPLICATE, "another line may not have the id");
    is_int(other, 2, "which line 2 has");
    is_int(cmt__names_add(&names, cmt_null_str, cmt_str("wp-8"), 4, &other),
           CMT_EDUPLICATE, "nor the uid");
    is_int(cmt__names_add(&names, cmt_null_str, cmt_str("7"), 5, &other),
           CMT_OK, "a uid may look like an id");

    uid = cmt_null_str;
    is_int(cmt__names_find(&names, cmt_str("7"), arena, &uid), CMT_OK,
           "an id is found");
    is_str(uid, "jsonl:7", "before a uid of that name");
    is_int(cmt__names_find(&names, cmt_str("8"), arena, &uid), CMT_OK,
           "an id leads");
    is_str(uid, "wp-8", "to the uid of its line");
    is_int(cmt__names_find(&names, cmt_str("wp-8"), arena, &uid), CMT_OK,
           "as the uid does");
    is_int(cmt__names_find(&names, cmt_str("9"), arena, &uid), CMT_ENOTFOUND,
           "others are not found");

    for (i = 100; i < 100000; i++) {
        snprintf(name, sizeof(name), "%u", i);
        s.data = name;
        s.len = strlen(name);

        if (cmt__names_add(&names, s, cmt_null_str, i, &other) != CMT_OK) {
            break;
        }
    }

    ok(i > 5000 && i < 30000, "the table grows up to its bytes");
    is_int(cmt__names_find(&names, cmt_str("5000"), arena, &uid), CMT_OK,
           "and loses nothing");
    cmt__names_close(&names);
}


static void
test_bad(void)
{
    int            rc;
    size_t         i;
    cmt_error_t    err;
    cmt__record_t  r;

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        rc = record_read(bad[i].line, &r, &err);
        ok(rc == bad[i].rc, bad[i].sentence);
        ok(bad[i].field == NULL
           || (err.field != NULL && strcmp(err.field, bad[i].field) == 0),
           "and its member is named");
        ok(strncmp(err.detail, "line", 4) != 0 && err.detail[0] != '\0',
           "with a reason");
    }
}


static void
test_source_limit(void)
{
    char           line[1024], id[CMT__SOURCE_BYTES_MAX + 2];
    cmt__record_t  r;

    memset(id, 'x', sizeof(id));
    id[CMT__SOURCE_BYTES_MAX] = '\0';
    snprintf(line, sizeof(line), "{" BASE ",\"uid\":\"%s\"}", id);
    is_int(record_read(line, &r, NULL), CMT_OK,
           "a uid of the largest size is read");

    id[CMT__SOURCE_BYTES_MAX] = 'x';
    id[CMT__SOURCE_BYTES_MAX + 1] = '\0';
    snprintf(line, sizeof(line), "{" BASE ",\"uid\":\"%s\"}", id);
    is_int(record_read(line, &r, NULL), CMT_EFIELD, "one byte more is not");
}


static void
test_faults(void)
{
    int            rc, clean;
    long           n, left;
    cmt__record_t  r;

    clean = 1;

    for (n = 1; n < 1000; n++) {
        (void) cmt__arena_fail_at(n);
        rc = record_read("{" BASE ",\"parent\":3,\"receipt\":{\"a\":[1]}}",
                         &r, NULL);
        left = cmt__arena_fail_at(0);

        if (left != 0) {
            break;
        }

        clean &= rc == CMT_ENOMEM;
    }

    ok(clean && rc == CMT_OK, "every failing allocation is told");
    ok(n > 3, "and there are some");
}


static int
record_read(const char *line, cmt__record_t *record, cmt_error_t *err)
{
    cmt_str_t    s;
    cmt_error_t  own;

    s.data = line;
    s.len = strlen(line);
    memset(err != NULL ? err : &own, 0, sizeof(cmt_error_t));

    return cmt__record_read(arena, s, record, err != NULL ? err : &own);
}
