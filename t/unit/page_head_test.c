/*
 * What a page says of itself, its language and its metas, is found whatever
 * its pieces, and only where a browser would see it.
 */

#include <stdlib.h>

#include <stdio.h>

#include "core/text/text.h"

#include "random_page.h"
#include "tap.h"


#define ROUNDS  20000

#define M(name, content)                                                      \
    "<meta name=\"" name "\" content=\"" content "\">"


static cmt_arena_t  *arena;


static void test_found(void);
static void test_passed_over(void);
static void test_none(void);
static void test_limits(void);
static void test_metas(void);
static void test_no_metas(void);
static void test_contents(void);
static void test_metas_limits(void);
static void test_titles(void);
static void test_titles_limits(void);
static void test_about_read(void);
static void test_about_broken(void);
static void test_memory(void);
static void test_random(void);
static void check(const char *page, const char *want, const char *sentence);
static void said(const char *page, const char *want, const char *sentence);
static cmt_str_t about_of(const cmt_page_head_t *head, int *over);
static size_t repeat(char *out, const char *format, size_t n);
static cmt_str_t run(cmt_page_head_t *scan, cmt_str_t page,
    const size_t *cuts, size_t n);


int
main(void)
{
    arena = cmt_arena_create(CMT_ARENA_BYTES_MAX);

    test_found();
    test_passed_over();
    test_none();
    test_limits();
    test_metas();
    test_no_metas();
    test_contents();
    test_metas_limits();
    test_titles();
    test_titles_limits();
    test_about_read();
    test_about_broken();
    test_memory();
    test_random();

    cmt_arena_destroy(arena);

    return done();
}


static void
test_metas(void)
{
    said("<!doctype html><html lang=nb><head><title>A</title>"
         M("comments:deadline", "2013-01-31") "</head><body>",
         "=A\ndeadline=2013-01-31\n", "a meta for comments");
    said("<head><META CONTENT='b c' NAME=Comments:A></head>", "a=b c\n",
         "in any case, order and quotes");
    said("<meta property=comments:a content=b/>", "a=b/\n",
         "by property as well, a slash is a part of what has no quotes");
    said("<meta property=\"article:tag\" content=\"Court case\">"
         "<meta property=\"article:tag\" content=\"Oslo\">",
         "#Court case\n#Oslo\n", "tags");
    said(M("keywords", " a, b c ,,a, d"), "#a\n#b c\n#d\n",
         "keywords are tags, each once");
    said(M("comments:a", "1") M("comments:a", "2") M("comments:ab", "3"),
         "a=1\nab=3\n", "of two with one name the first counts");
    said("<meta name=comments:a name=comments:b content=1 content=2>", "a=1\n",
         "so does the first attribute of two");
    said("<link title=\"<meta name=comments:x content=y>\">"
         M("comments:a", "1"), "a=1\n", "what is in an attribute is no tag");
    said("<link title='>' href=it's>" M("comments:a", "1"), "a=1\n",
         "a quote in a word ends nothing");
    said("<script>'<meta name=comments:x content=y>'; a</b</script >"
         M("comments:a", "1"), "a=1\n", "nor is what is in a script");
    said("<style><meta name=comments:x content=y></styles></style>"
         "<title></ titl</title/>" M("comments:a", "1"), "=</ titl\na=1\n",
         "in a style or a title");
    said("<script><!--\n f() //--></script>" M("comments:a", "1"), "a=1\n",
         "old scripts have comments in them");
    said("<!-- " M("comments:x", "y") " -- > - -->" M("comments:a", "1"),
         "a=1\n", "or in a comment");
    said("\xef\xbb\xbf\n<html>\n <head>\n" M("comments:a", "1"), "a=1\n",
         "behind a mark of its encoding");
    said("<noscript><link rel=a></noscript></p>" M("comments:a", "1"),
         "a=1\n", "an end of something else is passed over");
}


/* What a commenter could write stands in the body. */

static void
test_no_metas(void)
{
    said("<head></head>" M("comments:a", "1"), "", "behind the head");
    said("<head></body>" M("comments:a", "1"), "", "behind the body's end");
    said("<head></HTML >" M("comments:a", "1"), "", "behind the page's");
    said("<head></br>" M("comments:a", "1"), "", "behind what makes a line");
    said("<title>A</title><body>" M("comments:a", "1"), "=A\n",
         "in the body");
    said("<title>A</title><p>" M("comments:a", "1"), "=A\n",
         "a tag of the body begins it");
    said("<html><head> text" M("comments:a", "1"), "", "and so does text");
    said("text" M("comments:a", "1"), "", "also before any tag");
    said("< " M("comments:a", "1"), "", "or a bracket");
    said("<script><!--<script></script>" M("comments:a", "1") "</script>", "",
         "a script whose end is not where it seems ends it");
    said("<script>" M("comments:a", "1"), "", "one that does not end");
    said("<metas name=comments:a content=1>", "", "a longer name");
    said("<meta names=comments:a content=1><meta name=comments:a contents=1>"
         "<meta name=comment:a content=1><meta name=comments: content=1>"
         "<meta name=comments:a><meta content=1>", "", "other words");
    said(M("comments:a", "") M("comments:b", " &nbsp; ") M("keywords", ", ,"),
         "", "what says nothing is not there");
    said(M("comments:a b", "1") M("comments:\xc3\xa5", "1")
         M("comments:=", "1"), "",
         "names are letters, digits, \"-\", \"_\" and \".\"");
    said("<meta name=comments:a content=1", "", "a tag without an end");
    said(M("comments:a", "\xc3(") M("keywords", "\xff"), "", "no UTF-8");
}


static void
test_contents(void)
{
    said(M("comments:a", "Tom &amp; Jerry &lt;3 &#x27;&quot;&aring;"),
         "a=Tom & Jerry <3 '\"\xc3\xa5\n", "references are decoded");
    said(M("comments:a", "a&#10;b=1\n\tc &unknown; &amp"),
         "a=a b=1 c &unknown; &amp\n", "a line stays one");
    said(M("keywords", "a&#44;b,c&#10;#d"), "#a,b\n#c #d\n",
         "a comma that is written as a number parts nothing");
    said(M("comments:a", "a\xe2\x80\xae" "b"), "a=ab\n",
         "what turns text around is dropped");
}


static void
test_metas_limits(void)
{
    int              over;
    char             page[8192];
    size_t           i, n;
    cmt_str_t        in, about;
    cmt_page_head_t  head;

    for (n = CMT_PAGE_METAS_MAX; n <= CMT_PAGE_METAS_MAX + 1; n++) {
        in = (cmt_str_t) { repeat(page, "<meta name=comments:n%zu content=v>",
                                  n), page };
        (void) run(&head, in, NULL, 0);
        about = about_of(&head, &over);
        is_int(about.len, 10 * 5 + 6 * 6, "16 metas are kept");
        is_int(over, n > CMT_PAGE_METAS_MAX, "and one more is told of");
    }

    for (n = CMT_PAGE_TAGS_MAX; n <= CMT_PAGE_TAGS_MAX + 1; n++) {
        in = (cmt_str_t) { repeat(page, "<meta name=keywords content=v%zu>",
                                  n), page };
        (void) run(&head, in, NULL, 0);
        about = about_of(&head, &over);
        is_int(about.len, 10 * 4 + 22 * 5, "32 tags are kept");
        is_int(over, n > CMT_PAGE_TAGS_MAX, "and the next one is told of");
    }

    for (n = CMT_PAGE_META_NAME_MAX; n <= CMT_PAGE_META_NAME_MAX + 1; n++) {
        in.data = page;
        in.len = (size_t) sprintf(page, "<meta name=comments:%0*d content=v>",
                                  (int) n, 0);
        (void) run(&head, in, NULL, 0);
        about = about_of(&head, &over);
        is_int(about.len, n > CMT_PAGE_META_NAME_MAX ? 0 : n + 3,
               "a name has 64 bytes");
        is_int(over, n > CMT_PAGE_META_NAME_MAX, "a longer one is told of");
    }

    for (n = CMT_PAGE_SAID_BYTES_MAX - 1; n <= CMT_PAGE_SAID_BYTES_MAX; n++) {
        in.data = page;
        in.len = (size_t) sprintf(page, "<meta name=comments:a content=%0*d>"
                                  "<meta name=keywords content=b>",
                                  (int) n, 0);
        (void) run(&head, in, NULL, 0);
        about = about_of(&head, &over);
        is_int(about.len, n < CMT_PAGE_SAID_BYTES_MAX ? n + 3 : 3,
               "512 bytes in all; what does not fit is left out");
        is_int(over, 1, "which is told");
    }

    for (n = CMT_PAGE_CONTENT_MAX; n <= CMT_PAGE_CONTENT_MAX + 1; n++) {
        in.data = page;
        in.len = (size_t) sprintf(page, "<meta name=comments:a content='");

        for (i = 0; i < n / 8; i++) {
            in.len += (size_t) sprintf(page + in.len, "&#00097;");
        }

        in.len += (size_t) sprintf(page + in.len, "%.*s'>", (int) (n % 8),
                                   "bbbbbbb");
        (void) run(&head, in, NULL, 0);
        about = about_of(&head, &over);
        is_int(about.len, n > CMT_PAGE_CONTENT_MAX ? 0 : n / 8 + 3,
               "1024 bytes of one as it stands there");
        is_int(over, n > CMT_PAGE_CONTENT_MAX, "more is told of");
    }

    in = (cmt_str_t) { repeat(page, "<meta name=comments:n%zu content='"
                              "&#000000000000000000000000000000000000000097;"
                              "&#000000000000000000000000000000000000000097;"
                              "&#000000000000000000000000000000000000000097;'>",
                              16), page };
    (void) run(&head, in, NULL, 0);
    (void) about_of(&head, &over);
    is_int(over, 1, "there is room for only so much of it");

    said(M("keywords", "one") M("comments:a", "1") M("article:tag", "two")
         M("comments:b", "2") M("comments:a", "3"),
         "a=1\nb=2\n#one\n#two\n", "the site's own metas come first");

    for (n = 500; n <= CMT_PAGE_CONTENT_MAX; n += 4) {
        in.data = page;
        in.len = (size_t) sprintf(page, "<meta name=keywords content=%0*d>"
                                  "<meta name=article:tag content=%0*d>"
                                  "<meta name=comments:a content=%0*d>"
                                  "<meta name=comments:b content=c>",
                                  (int) n, 0, (int) n, 0, 490, 0);
        (void) run(&head, in, NULL, 0);
        about = about_of(&head, &over);
        is_int(about.len, 490 + 3 + 4, "they have room behind any tags");
        is_int(over, 1, "which are told of");
    }
}


static void
test_titles(void)
{
    said("<html><head><title>The harbour</title></head>", "=The harbour\n",
         "a title");
    said("<TITLE class=a>\n  The\n\tharbour </Title\n>", "=The harbour\n",
         "in any case, of one line");
    said("<title>Tom &amp; Jerry &lt;b&gt; &#229;</title>",
         "=Tom & Jerry <b> \xc3\xa5\n", "with references");
    said("<title>a <b>b</b> <!-- c --> </titles> </titl<e</title>",
         "=a <b>b</b> <!-- c --> </titles> </titl<e\n", "it has no tags");
    said(M("comments:a", "1") "<title>A</title>", "=A\na=1\n",
         "it comes first");
    said("<title>A</title><title>B</title>", "=A\n", "the first one counts");
    said("<title></title><title>B</title>", "", "also when it is empty");
    said("<title> &nbsp;\xe2\x80\x8b</title>", "", "or cannot be seen");
    said("<title>A", "", "one without an end is none");
    said("<title>\xff</title>", "", "nor is what is no UTF-8");
    said("<head></head><body><svg><title>A</title></svg>", "",
         "nor that of a picture");
    said("<title>A</title></head><body><svg><title>B</title></svg>", "=A\n",
         "which does not win");
    said("<svg><title>A</title></svg>", "", "in no body either");
    said("<head><template><title>A</title></template><title>B</title>",
         "=B\n", "nor does that of a template");
    said("<script>'<title>A</title>'</script><title>B</title>", "=B\n",
         "or of a script");
    said("<title>a&#10;deadline=b</title>", "=a deadline=b\n",
         "it says nothing else");
    said(M("comments:", "x"), "", "and no meta is a title");
}


static void
test_titles_limits(void)
{
    int              over;
    char             page[8192], *p;
    size_t           n;
    cmt_str_t        in, about, title;
    cmt_page_head_t  head;

    for (n = CMT_TITLE_CHARS_MAX; n <= CMT_TITLE_CHARS_MAX + 1; n++) {
        p = page + sprintf(page, "<title>");
        p += repeat(p, "\xf0\x9f\x8c\x8a", n);
        p += sprintf(p, "</title>" M("comments:a", "1"));
        in = (cmt_str_t) { (size_t) (p - page), page };
        (void) run(&head, in, NULL, 0);
        about = about_of(&head, &over);
        title = cmt__page_about_title(&about);
        is_int(title.len, 4 * CMT_TITLE_CHARS_MAX, "300 characters are kept");
        is_str(about, "a=1\n", "with what else it says");
        is_int(over, 0, "which is not told");
    }

    p = page + sprintf(page, "<title>%0*d b</title>", CMT_TITLE_CHARS_MAX - 1,
                       0);
    (void) run(&head, (cmt_str_t) { (size_t) (p - page), page }, NULL, 0);
    about = about_of(&head, &over);
    is_int(cmt__page_about_title(&about).len, CMT_TITLE_CHARS_MAX - 1,
           "a cut one ends in no space");

    for (n = CMT_PAGE_TITLE_BYTES_MAX - 6; n <= CMT_PAGE_TITLE_BYTES_MAX; n++) {
        p = page + sprintf(page, "<title>%*s\xe2\x82\xac&amp;c</title>",
                           (int) n - 3, "b");
        (void) run(&head, (cmt_str_t) { (size_t) (p - page), page }, NULL, 0);
        about = about_of(&head, &over);
        is_str(about, n == CMT_PAGE_TITLE_BYTES_MAX - 6
                      ? "=b\xe2\x82\xac&c\n"
                      : n == CMT_PAGE_TITLE_BYTES_MAX - 5
                      ? "=b\xe2\x82\xac&\n"
                      : n < CMT_PAGE_TITLE_BYTES_MAX
                      ? "=b\xe2\x82\xac\n" : "=b\n",
               "2048 bytes as it stands there, cut where that can be");
    }
}


static void
test_about_read(void)
{
    const cmt__json_t  *meta, *tags;

    is_int(cmt__page_about_read(cmt_str("deadline=a=b\n"
                                        "#\xc3\x85pent M\xc3\x98te\n"
                                        "x.y=\n#B\n"), arena, &meta, &tags),
           CMT_OK, "rules read it");
    is_int(meta->n, 2, "two metas");
    is_str(cmt__json_member(meta, "deadline")->string, "a=b",
           "with their values");
    is_str(cmt__json_member(meta, "x.y")->string, "", "one is empty");
    is_int(tags->n, 2, "and two tags");
    is_str(cmt__json_member(tags, "\xc3\xa5pent m\xc3\xb8te")->string,
           "\xc3\x85pent M\xc3\x98te",
           "found by lower case, with the letters of the page");
    is_int(cmt__page_about_read(cmt_null_str, arena, &meta, &tags), CMT_OK,
           "nothing is read");
    is_int(meta->n + tags->n, 0, "as nothing");
}


static void
test_about_broken(void)
{
    char                page[1024];
    const cmt__json_t  *meta, *tags;

    is_int(cmt__page_about_read(cmt_str("a=b"), arena, &meta, &tags),
           CMT_ECORRUPT, "a line without an end is damage");
    is_int(cmt__page_about_read(cmt_str("ab\n"), arena, &meta, &tags),
           CMT_ECORRUPT, "and one without a sign");
    is_int(cmt__page_about_read(cmt_str("\n"), arena, &meta, &tags),
           CMT_ECORRUPT, "or one that is empty");
    is_int(cmt__page_about_read((cmt_str_t) {
                                    repeat(page, "n%zu=\n",
                                           CMT_PAGE_METAS_MAX + 1), page },
                                arena, &meta, &tags), CMT_ECORRUPT,
           "and 17 metas");
    is_int(cmt__page_about_read((cmt_str_t) {
                                    repeat(page, "#%zu\n",
                                           CMT_PAGE_TAGS_MAX + 1), page },
                                arena, &meta, &tags), CMT_ECORRUPT,
           "and 33 tags");
}


/* Each allocation fails once. */

static void
test_memory(void)
{
    int                 rc, over;
    long                n, left;
    unsigned            wrong;
    cmt_str_t           in, about;
    cmt_arena_t        *small;
    cmt_page_head_t     head;
    const cmt__json_t  *meta, *tags;

    in = cmt_str("<title>A&amp;B</title>"
                 "<meta name=comments:a content='a&amp;b'>"
                 "<meta name=keywords content='c,&aring;'>");
    (void) run(&head, in, NULL, 0);

    for (n = 1, wrong = 0; n < 100; n++) {
        small = cmt_arena_create(CMT_ARENA_BYTES_MAX);
        (void) cmt__arena_fail_at(n);
        rc = cmt_page_head_about(&head, small, &about, &over);

        if (rc == CMT_OK) {
            (void) cmt__page_about_title(&about);
            rc = cmt__page_about_read(about, small, &meta, &tags);
        }

        left = cmt__arena_fail_at(0);
        cmt_arena_destroy(small);

        if (left > 0) {
            break;
        }

        wrong += rc != CMT_ENOMEM;
    }

    ok(n > 5 && wrong == 0, "without memory it says so");
    is_int(rc, CMT_OK, "and with enough it is read");
}


static void
test_found(void)
{
    check("<html lang=\"nb\">", "nb", "in double quotes");
    check("<html lang='nb-NO'>", "nb-NO", "in single quotes");
    check("<html lang=nb>", "nb", "in none, up to the end of the tag");
    check("<html lang=nb class=a>", "nb", "or up to a space");
    check("<HTML LANG=\"PT-br\">", "PT-br", "case does not matter");
    check("<html\n\tlang\r\n=\f \"nb\"\n>", "nb", "space stands anywhere");
    check("<html class=\"a b\" id='x>y' hidden lang=sv>", "sv",
          "behind other attributes");
    check("<html hidden/lang=sv>", "sv", "a slash parts attributes");
    check("<html/lang=sv>", "sv", "also behind the name");
    check("<html a=\"x\"lang=\"sv\">", "sv", "so does a closing quote");
    check("<html xml:lang=\"de\" lang=\"fr\">", "fr", "xml:lang is another");
    check("<html data-lang=de langs=de lan=de lang=fr>", "fr",
          "so are longer and shorter names");
    check("<html title=\" lang=de \" lang=fr>", "fr", "and other values");
    check("<html lang=fr lang=de>", "fr", "the first one counts");
    check("<html lang=\"fr\"", "fr", "the end of the tag is not needed");
    check("<html lang=\"&quot;\">", "&quot;", "nothing is decoded");
    check("<html lang=\"\"><p lang=\"de\">", "", "it may be empty");
}


static void
test_passed_over(void)
{
    check("<!DOCTYPE html>\n<html lang=\"nb\">", "nb", "behind a doctype");
    check("<!-- <html lang=\"de\"> --><html lang=\"nb\">", "nb",
          "a comment is passed over");
    check("<!--[if IE]><html lang=de><![endif]-->"
          "<!--[if !IE]><!--><html lang=nb><!--<![endif]-->", "nb",
          "so are those of old browsers");
    check("<!--><html lang=nb>", "nb", "a comment of nothing ends at once");
    check("<!---><html lang=nb>", "nb", "also with one more dash");
    check("<!-- -- > - -> <html lang=de> ---><html lang=nb>", "nb",
          "others end with two dashes and a bracket");
    check("<!-><html lang=nb>", "nb", "one dash begins none");
    check("<!><html lang=nb>", "nb", "nor does nothing");
    check("<?xml version=\"1.0\"?><html lang=nb>", "nb",
          "a declaration is passed over");
    check("</html lang=de><html lang=nb>", "nb", "so is an end");
    check("\xef\xbb\xbf< 1 <<<html lang=nb>", "nb", "so is text");
}


static void
test_none(void)
{
    cmt_page_head_t  scan;

    check("", "", "nothing at all");
    check("<", "", "a bracket at the end");
    check("<html>", "", "no attribute");
    check("<html lang>", "", "no value");
    check("<html lang=>", "", "an equals sign and no value");
    check("<html lang class=de>", "", "a value of another");
    check("<html><p lang=de><html lang=de>", "", "behind the tag");
    check("<html5 lang=de>", "", "a longer name of the tag");
    check("<htm lang=de>", "", "a shorter one");
    check("<head><script>\"<html lang=de>\"</script>", "",
          "another tag ends the search");
    check("<!-- <html lang=de>", "", "a comment without an end");
    check("<!doctype <html lang=de", "", "a doctype without one");
    check("<html lang=\"de", "", "a value without one");
    check("<html lang=de", "", "also without quotes");
    check("<html \"lang=de>", "", "a quote is a part of a name");
    check("<html =lang=de>", "", "so is an equals sign");
    check("<html a=\"'lang=de' ", "", "a quote in the other quotes");
    is_str(run(&scan, (cmt_str_t) { 16, "<h\0tml lang=\"de\"" }, NULL, 0), "",
           "a byte of zero");
}


/* The last byte of the value, its quote, is the last that may be seen. */

static void
test_limits(void)
{
    size_t                  i, n;
    char                    page[CMT_PAGE_HEAD_BYTES_MAX + 100];
    cmt_str_t               in;
    cmt_page_head_t         scan;
    static size_t           ones[sizeof(page)];
    static const char       tag[] = "<html lang=\"nb\"";

    for (i = 0; i < sizeof(page); i++) {
        ones[i] = i;
    }

    for (n = CMT_PAGE_HEAD_BYTES_MAX; n <= CMT_PAGE_HEAD_BYTES_MAX + 1; n++) {
        memset(page, ' ', sizeof(page));
        memcpy(page + n - (sizeof(tag) - 1), tag, sizeof(tag) - 1);
        in = (cmt_str_t) { sizeof(page), page };

        is_str(run(&scan, in, NULL, 0),
               n == CMT_PAGE_HEAD_BYTES_MAX ? "nb" : "",
               "only so many bytes are looked at");
        is_str(run(&scan, in, ones, in.len),
               n == CMT_PAGE_HEAD_BYTES_MAX ? "nb" : "", "also byte by byte");
    }

    for (n = CMT_PAGE_LANG_TAG_MAX; n <= CMT_PAGE_LANG_TAG_MAX + 1; n++) {
        memset(page, 'a', sizeof(page));
        memcpy(page, "<html lang=", 11);
        page[11 + n] = '>';

        is_int(run(&scan, (cmt_str_t) { 12 + n, page }, NULL, 0).len,
               n == CMT_PAGE_LANG_TAG_MAX ? n : 0, "a tag has a largest size");
    }

    memset(page, 'a', sizeof(page));
    memcpy(page, "<html class=", 12);
    memcpy(page + 3000, " lang=nb>", 9);
    is_str(run(&scan, (cmt_str_t) { 3009, page }, NULL, 0), "nb",
           "other values have none");
}


/* Pages of parts that look alike, cut at random: as in one piece. */

static void
test_random(void)
{
    static const char *const  parts[] = {
        "<html", "<HTML ", "<!--", "-->", "<!", "<", ">", " ", "lang", "lang=",
        "=", "\"", "'", "nb", "/", "-", "!", "?", "class=a ", "text", "\n",
        "<meta ", "name=comments:a ", "name=keywords ", "content='b,c'>",
        "<script>", "</script>", "script", "</", "<link ", "<title>",
        "</title>"
    };

    int              same;
    char             page[400];
    size_t           len, n_cuts, cuts[RANDOM_CUTS_MAX];
    unsigned         round, found;
    cmt_str_t        in, got, want;
    cmt_page_head_t  once, scan;
    unsigned         metas, titles;

    srandom(1);
    same = 1;
    found = metas = titles = 0;

    for (round = 0; round < ROUNDS && same; round++) {
        len = random_page(parts, sizeof(parts) / sizeof(parts[0]), page);
        n_cuts = random_cuts(len, cuts);

        in = (cmt_str_t) { len, page };
        want = run(&once, in, NULL, 0);
        got = run(&scan, in, cuts, n_cuts);

        found += want.len > 0;
        same = got.len == want.len
               && (got.len == 0 || memcmp(got.data, want.data, got.len) == 0)
               && once.n_metas == scan.n_metas
               && memcmp(once.metas, scan.metas, once.n_metas) == 0
               && cmt__str_eq(cmt__page_head_title(&once),
                              cmt__page_head_title(&scan));
        metas += once.n_metas > 0;
        titles += cmt__page_head_title(&once).len > 0;
    }

    ok(same, "20000 random pages in random pieces are as in one piece");
    ok(found > 10, "some of them have a language");
    ok(metas > 10, "some have metas");
    ok(titles > 10, "and some have a title");
}


static void
check(const char *page, const char *want, const char *sentence)
{
    int              same;
    size_t           i, len, ones[400];
    cmt_str_t        in, got;
    cmt_page_head_t  scan;

    len = strlen(page);
    in = (cmt_str_t) { len, page };

    for (i = 0; i < len; i++) {
        ones[i] = i;
    }

    is_str(run(&scan, in, NULL, 0), want, sentence);
    is_str(run(&scan, in, ones, len), want, "the same byte by byte");

    same = 1;

    for (i = 0; i <= len; i++) {
        got = run(&scan, in, &i, 1);
        same = same && got.len == strlen(want)
               && (got.len == 0 || memcmp(got.data, want, got.len) == 0);
    }

    ok(same, "and cut in two anywhere");
}


static void
said(const char *page, const char *want, const char *sentence)
{
    int              same, over;
    size_t           i, len;
    cmt_str_t        got;
    cmt_page_head_t  head;

    len = strlen(page);
    (void) run(&head, (cmt_str_t) { len, page }, NULL, 0);
    got = about_of(&head, &over);
    is_str(got, want, sentence);

    same = 1;

    for (i = 0; i <= len; i++) {
        (void) run(&head, (cmt_str_t) { len, page }, &i, 1);
        got = about_of(&head, &over);
        same = same && cmt__str_is(got, want);
    }

    ok(same, "also cut in two anywhere");
}


static cmt_str_t
about_of(const cmt_page_head_t *head, int *over)
{
    cmt_str_t  about;

    cmt_arena_reset(arena);

    return cmt_page_head_about(head, arena, &about, over) == CMT_OK
           ? about : cmt_str("?");
}


/* "...%zu..." for 0 to n - 1. */

static size_t
repeat(char *out, const char *format, size_t n)
{
    size_t  i, len;

    for (i = 0, len = 0; i < n; i++) {
        len += (size_t) sprintf(out + len, format, i);
    }

    return len;
}


/* Each piece lies in memory of its own, which is freed behind it. */

static cmt_str_t
run(cmt_page_head_t *scan, cmt_str_t page, const size_t *cuts, size_t n)
{
    char    *copy;
    size_t   i, from, to;

    cmt_page_head_init(scan);
    from = 0;

    for (i = 0; i <= n; i++) {
        to = i < n ? cuts[i] : page.len;

        copy = malloc(to - from + 1);
        memcpy(copy, page.data + from, to - from);
        cmt_page_head_feed(scan, (cmt_str_t) { to - from, copy });
        free(copy);

        from = to;
    }

    return cmt_page_head_lang(scan);
}
