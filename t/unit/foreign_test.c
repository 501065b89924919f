/*
 * foreign_test.c: parts of the imports from other systems.
 */

#include <unistd.h>

#include "core/exchange/foreign.h"

#include "scratch.h"
#include "tap.h"


#define ROWS  768               /* whose names need 1024 slots */


typedef struct {
    const char  *typed, *want;
} fit_t;


static void test_fit(void);
static void test_time(void);
static void test_spool(void);
static void test_spool_full(void);
static void test_spool_limits(void);
static void test_refs(void);
static void test_xml(void);
static void test_xml_faults(void);
static int xml_read(const char *xml);
static int on_begin(void *ctx, const cmt__xml_t *xml, const char *name,
    cmt_error_t *e);
static int on_end(void *ctx, const cmt__xml_t *xml, const char *name,
    cmt_error_t *e);
static int put(unsigned id, int64_t created);
static cmt_str_t str(const char *s);


static cmt_arena_t   *arena;
static cmt__spool_t   spool;
static cmt_error_t    err;
static char           seen[1024];


int
main(void)
{
    scratch_make();
    arena = cmt_arena_create(16 * 1024 * 1024);

    test_fit();
    test_time();
    test_spool();
    test_spool_limits();
    test_refs();
    test_xml();
    test_xml_faults();

    cmt_arena_destroy(arena);
    scratch_remove();

    return done();
}


static void
test_fit(void)
{
    size_t               i;
    cmt_str_t            out;
    static const fit_t   fits[] = {
        { "", "" },
        { "plain & <b>bold</b> 1 < 2", "plain & <b>bold</b> 1 < 2" },
        { "<u>a</u> <SPAN class=\"x>y\">b</SPAN>", "a b" },
        { "<h2>A</h2><p>b</p>", "<b>A</b>\n\n<p>b</p>" },
        { "x<ul><li>a</li><li>b</li></ul>y", "x\n\n- a\n- b\n\ny" },
        { "x <ul> <li>a</li></ul>", "x \n\n \n- a\n\n" },
        { "<div><div>a</div></div>b", "a\n\nb" },
        { "a<!-- b --><!-- c > -->d", "ad" },
        { "a<!-- b", "a<!-- b" },
        { "<tfoot><details><summary>a</summary>b</details><caption>c</caption>"
          "<nobr>d</nobr><wbr><time>e</time></tfoot>",
          "a\nb\n\nc\nde" },
        { "<address>a</address><center>b</center><header>c</header>"
          "<footer><dfn>d</dfn></footer>", "a\n\nb\n\nc\n\nd\n\n" },
        { "<unknown>a</unknown>", "<unknown>a</unknown>" },
        { "<script>a</script>", "<script>a</script>" },
        { "<u", "<u" },
        { "<u <b>a</b>", "<u <b>a</b>" },
        { "<", "<" },
        { "</", "</" },
        { "<>", "<>" },
        { "<a href=\"http://a.example/\">x</a>",
          "<a href=\"http://a.example/\">x</a>" },
        { "<a class='y' href='HTTPS://a.example/'>x</a>",
          "<a class='y' href='HTTPS://a.example/'>x</a>" },
        { "<a href=\"#comment-7\">Ola</a>", "Ola</a>" },
        { "<a href=\"javascript:alert(1)\">x</a>", "x</a>" },
        { "<a>x</a>", "x</a>" },
        { "<img src=\"http://a.example/b.png\" alt=\"c\">",
          " http://a.example/b.png " },
        { "<img alt=':-)' src='/smile.gif'/>", ":-)" },
        { "<img src=http://a.example/b.png />", " http://a.example/b.png " },
        { "<img src=\"http://a.example>", "<img src=\"http://a.example>" },
        { "<iframe src=\"https://v.example/1\"></iframe>",
          " https://v.example/1 " },
        { "<img>", "" },
        { "<img src=>", "" },
        { "<img src=\">", "<img src=\">" }
    };

    for (i = 0; i < sizeof(fits) / sizeof(fits[0]); i++) {
        cmt_arena_reset(arena);
        is_int(cmt__html_fit(arena, str(fits[i].typed), &out), CMT_OK,
               "HTML is fitted");
        is_str(out, fits[i].want, fits[i].typed);
    }

    is_int(cmt__html_plain(arena, str("<u>A</u> <i>b</i> &lt;c&gt;"), &out),
           CMT_OK, "or read");
    is_str(out, "A b <c>", "as text");
    is_int(cmt__html_plain(arena, str("<u></u>"), &out), CMT_OK, "where none");
    is_str(out, "", "is none");

    (void) cmt__arena_fail_at(1);
    is_int(cmt__html_fit(arena, str("<p>a"), &out), CMT_ENOMEM,
           "without memory nothing is");
    (void) cmt__arena_fail_at(0);
}


static void
test_time(void)
{
    size_t               i;
    int64_t              t;
    static const char   *good[] = {
        "2013-01-08 09:40:00", "2013-01-08T09:40:00Z", "2013-01-08T09:40:00",
        " 2013-01-08 09:40:00\n", "2013-01-08 10:40:00+01:00",
        "2013-01-08 10:40:00 +0100", "2013-01-08 04:10:00 -0530",
        "2013-01-08T09:40:00.123Z", "2013-01-08 09:40:00.123",
        "2013-01-08 10:40:00.123456789 +0100 CET",
        "2013-01-08 09:40:00 +0000 UTC", "2013-01-08 15:10:00 +0530 +0530"
    };
    static const char   *bad[] = {
        "", "0000-00-00 00:00:00", "2013-01-08", "2013-01-08 09:40",
        "2013-02-30 09:40:00", "2013-01-08_09:40:00",
        "2013-01-08 09:40:00 CET", "2013-01-08 09:40:00 CET +0100",
        "2013-01-08 09:40:00 +01000",
        "2013-01-08 09:40:00.123456789012345678901234567890"
    };

    for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        t = 0;
        ok(cmt__foreign_time(str(good[i]), &t) && t == 1357638000,
           good[i]);
    }

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        t = 7;
        ok(!cmt__foreign_time(str(bad[i]), &t) && t == 7, bad[i]);
    }
}


static void
test_spool(void)
{
    unsigned         i;
    cmt_str_t        text;
    cmt__lines_t     lines;
    cmt__stream_t    stream;

    memset(&stream, 0, sizeof(stream));

    is_int(cmt__spool_open(&spool, dir, CMT__ROWS_BYTES_MAX, &err), CMT_OK,
           "a spool is opened");
    for (i = 1; i <= 5; i++) {
        is_int(put(i, i % 2 == 0 ? 100 : 50), CMT_OK, "a line comes in");
    }
    is_int(put(3, 10), CMT_EDUPLICATE, "but none twice");
    is_int(cmt__spool_sort(&spool, &err), CMT_OK, "they are sorted");

    stream.in = spool.file;
    stream.rows = spool.rows;
    stream.n_rows = spool.n;
    is_int(cmt__lines_open(&lines, &stream, arena), CMT_OK,
           "and read as lines");

    seen[0] = '\0';
    while (cmt__lines_next(&lines, &text) == CMT_OK) {
        snprintf(seen + strlen(seen), sizeof(seen) - strlen(seen), "%.*s=%u ",
                 (int) text.len, text.data,
                 (unsigned) cmt__lines_told(&lines, lines.number));
    }
    is_str(str(seen), "line 1=10 line 3=30 line 5=50 line 2=20 line 4=40 ",
           "by time, those of one second as they came");

    is_int(cmt__lines_again(&lines, spool.rows[1].at, &text), CMT_OK,
           "one is read again");
    is_str(text, "line 3", "from its place");
    cmt__spool_close(&spool);

    test_spool_full();

    is_int(cmt__spool_open(&spool, "/nowhere", CMT__ROWS_BYTES_MAX, &err),
           CMT_EIO, "where no file can be made there is no spool");
}


/* A disk that is full shows when a line is written, or at the end. */

static void
test_spool_full(void)
{
    int       rc;
    unsigned  i;

    is_int(cmt__spool_open(&spool, dir, CMT__ROWS_BYTES_MAX, &err), CMT_OK,
           "a spool");
    fclose(spool.file);
    spool.file = fopen("/dev/full", "w+b");

    is_int(put(1, 1), CMT_OK, "on a disk that is full");
    is_int(cmt__spool_sort(&spool, &err), CMT_EIO, "cannot be sorted");
    ok(strstr(err.detail, "No space left") != NULL, "and says why");

    rc = CMT_OK;
    for (i = 2; i < 10000 && rc == CMT_OK; i++) {
        rc = put(i, 1);
    }
    is_int(rc, CMT_EIO, "nor take any number of lines");
    cmt__spool_close(&spool);
}


static void
test_spool_limits(void)
{
    int       rc;
    long      left;
    unsigned  i, wrong;

    is_int(cmt__spool_open(&spool, dir, 1024 * sizeof(cmt__name_t),
                           &err), CMT_OK, "a small spool");
    for (i = 1; i <= ROWS; i++) {
        if (put(i, i) != CMT_OK) {
            break;
        }
    }
    is_int(i - 1, ROWS, "takes what there is room for");
    is_int(put(i, i), CMT_EFULL, "and not one more");
    cmt__spool_close(&spool);

    for (i = 1, left = 0, wrong = 0; i < 100 && left == 0; i++) {
        (void) cmt__arena_fail_at(i);
        rc = cmt__spool_open(&spool, dir, CMT__ROWS_BYTES_MAX, &err);
        left = cmt__arena_fail_at(0);
        wrong += rc != (left == 0 ? CMT_ENOMEM : CMT_OK);

        if (rc == CMT_OK) {
            cmt__spool_close(&spool);
        }
    }
    ok(left > 0 && i > 2 && wrong == 0, "without memory there is none");
}


static int
put(unsigned id, int64_t created)
{
    char            uid[16], line[16];
    uint64_t        other;
    cmt__foreign_t  f;

    memset(&f, 0, sizeof(f));
    snprintf(uid, sizeof(uid), "x:%u", id);
    snprintf(line, sizeof(line), "line %u", id);
    f.uid = str(uid);
    f.created = created;
    f.at = 10 * id;

    return cmt__spool_put(&spool, str(line), &f, &other, &err);
}


static void
test_refs(void)
{
    int                  rc;
    char                 id[CMT__SOURCE_BYTES_MAX + 1];
    size_t               i;
    cmt__ref_t           ref;
    cmt__refs_t          refs;
    const cmt__ref_t    *found;

    memset(&ref, 0, sizeof(ref));
    is_int(cmt__refs_open(&refs, CMT__REFS_BYTES_MAX), CMT_OK,
           "references are opened");

    for (i = 1; i <= 1000; i++) {
        snprintf(id, sizeof(id), "%zu", i);
        ref.page = str(id);
        ref.title = str("T");
        ref.hidden = i % 2;
        rc = cmt__refs_add(&refs, str(id), &ref, &err);
        if (rc != CMT_OK) {
            break;
        }
    }
    is_int(i - 1, 1000, "and take a thousand");

    found = cmt__refs_find(&refs, str("777"));
    ok(found != NULL && found->hidden, "of which one is found");
    is_str(found->page, "777", "with its page");

    ref.page = str("other");
    is_int(cmt__refs_add(&refs, str("777"), &ref, &err), CMT_OK,
           "the same id once more");
    is_str(cmt__refs_find(&refs, str("777"))->page, "777",
           "changes nothing");

    memset(id, 'x', sizeof(id));
    is_int(cmt__refs_add(&refs, (cmt_str_t) { sizeof(id) - 1, id },
                           &ref, &err), CMT_OK, "a long id");
    ok(cmt__refs_find(&refs, (cmt_str_t) { sizeof(id) - 1, id }) != NULL,
       "is kept");
    is_int(cmt__refs_add(&refs, (cmt_str_t) { sizeof(id), id }, &ref,
                           &err), CMT_OK, "one that is too long");
    ok(cmt__refs_find(&refs, (cmt_str_t) { sizeof(id), id }) == NULL,
       "is not");
    ok(cmt__refs_find(&refs, str("")) == NULL, "nor is none");
    cmt__refs_close(&refs);

    is_int(cmt__refs_open(&refs, 64 * 1024), CMT_OK, "of a small table");
    for (i = 1; cmt__refs_add(&refs, str("x"), &ref, &err) == CMT_OK
         && i < 2000; i++)
    {
        snprintf(id, sizeof(id), "%zu", i);
        if (cmt__refs_add(&refs, str(id), &ref, &err) != CMT_OK) {
            break;
        }
    }
    ok(i > 100 && i < 2000 && err.rc == CMT_EFULL, "the end is told");
    cmt__refs_close(&refs);
}


static void
test_xml(void)
{
    char      name[CMT__XML_NAME_BYTES_MAX + 8];
    char      xml[4096];
    unsigned  i;

    is_int(xml_read("<a xmlns:x='urn:x/2' xmlns:y='urn:y' x:i='1' i='2'>\n"
                    "<x:b>t<!-- c -->u<![CDATA[<v>]]></x:b><y:c/>w</a>"),
           CMT_OK, "XML is read");
    is_str(str(seen), "a i=2 p:i=1 p:b @2 =tu<v> ? @2 = @2 =w ",
           "its elements, spaces, attributes and texts");

    is_int(xml_read("\n\n <a>\n</a>"), CMT_OK, "behind blank lines");
    is_str(str(seen), "a @4 =\n ", "which are counted");

    memset(name, 'n', sizeof(name));
    name[CMT__XML_NAME_BYTES_MAX - 1] = '\0';
    snprintf(xml, sizeof(xml), "<%s/>", name);
    is_int(xml_read(xml), CMT_OK, "a long name");
    ok(strstr(seen, "nnn") != NULL, "is told");
    name[CMT__XML_NAME_BYTES_MAX - 1] = 'n';
    name[CMT__XML_NAME_BYTES_MAX] = '\0';
    snprintf(xml, sizeof(xml), "<%s/>", name);
    is_int(xml_read(xml), CMT_OK, "one that is longer");
    is_str(str(seen), "? @1 = ", "is none that anybody knows");

    for (i = 0, xml[0] = '\0'; i < CMT__XML_DEPTH_MAX; i++) {
        strcat(xml, "<a>");
    }
    for (i = 0; i < CMT__XML_DEPTH_MAX; i++) {
        strcat(xml, "</a>");
    }
    is_int(xml_read(xml), CMT_OK, "elements as deep as may be");
    memmove(xml + 3, xml, strlen(xml) + 1);
    strcat(xml, "</a>");
    is_int(xml_read(xml), CMT_EIO, "and not one deeper");

    is_int(xml_read("<a><stop/>"), CMT_EFULL, "who reads can stop it");
    is_int(xml_read("<a><b></a>"), CMT_EIO, "what is no XML");
    ok(strstr(err.detail, "line 1, column 9: ") != NULL, "has its place");
}


static void
test_xml_faults(void)
{
    int       rc;
    unsigned  i;

    for (i = 1; i < 100; i++) {
        (void) cmt__arena_fail_at(i);
        rc = xml_read("<a>b</a>");
        if (rc == CMT_OK) {
            break;
        }
        if (rc != CMT_ENOMEM) {
            break;
        }
    }
    (void) cmt__arena_fail_at(0);
    ok(rc == CMT_OK && i > 1, "without memory no XML is read");
}


static int
xml_read(const char *xml)
{
    int                             rc;
    FILE                           *in;
    cmt_arena_t                    *own;
    static const cmt__xml_space_t   spaces[] = {
        { "", "" }, { "urn:x/", "p:" }, { NULL, NULL }
    };
    static const cmt__xml_format_t  format = { spaces, on_begin, on_end };

    memset(&err, 0, sizeof(err));
    seen[0] = '\0';

    own = cmt_arena_create(1024 * 1024);
    if (own == NULL) {
        return CMT_ENOMEM;
    }

    in = fmemopen((void *) (uintptr_t) xml, strlen(xml), "r");
    rc = cmt__xml_read(in, &format, NULL, own, &err);
    fclose(in);
    cmt_arena_destroy(own);

    return rc;
}


static int
on_begin(void *ctx, const cmt__xml_t *xml, const char *name, cmt_error_t *e)
{
    size_t       i;
    cmt_str_t    value;
    const char  *attrs[] = { "i", "p:i" };

    (void) ctx;
    (void) e;

    snprintf(seen + strlen(seen), sizeof(seen) - strlen(seen), "%s ",
             xml->depth == 1 || name[0] != 'a' ? name : "");

    for (i = 0; i < 2; i++) {
        value = cmt__xml_attr(xml, attrs[i]);
        if (value.len != 0) {
            snprintf(seen + strlen(seen), sizeof(seen) - strlen(seen),
                     "%s=%.*s ", attrs[i], (int) value.len, value.data);
        }
    }

    return strcmp(name, "stop") == 0 ? CMT_EFULL : CMT_OK;
}


static int
on_end(void *ctx, const cmt__xml_t *xml, const char *name, cmt_error_t *e)
{
    (void) ctx;
    (void) name;
    (void) e;

    snprintf(seen + strlen(seen), sizeof(seen) - strlen(seen), "@%u =%.*s ",
             (unsigned) xml->line, (int) xml->text.len, xml->text.data);

    return CMT_OK;
}


static cmt_str_t
str(const char *s)
{
    return (cmt_str_t) { strlen(s), s };
}
