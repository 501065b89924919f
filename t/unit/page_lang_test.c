/*
 * The language of a page is found whatever its pieces, and only where a
 * browser would see it.
 */

#include <stdlib.h>

#include "tap.h"


#define ROUNDS  20000


static void test_found(void);
static void test_passed_over(void);
static void test_none(void);
static void test_limits(void);
static void test_random(void);
static void check(const char *page, const char *want, const char *sentence);
static cmt_str_t run(cmt_page_lang_t *scan, cmt_str_t page,
    const size_t *cuts, size_t n);


int
main(void)
{
    test_found();
    test_passed_over();
    test_none();
    test_limits();
    test_random();

    return done();
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
    cmt_page_lang_t  scan;

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
    char                    page[CMT_PAGE_LANG_BYTES_MAX + 100];
    cmt_str_t               in;
    cmt_page_lang_t         scan;
    static size_t           ones[sizeof(page)];
    static const char       tag[] = "<html lang=\"nb\"";

    for (i = 0; i < sizeof(page); i++) {
        ones[i] = i;
    }

    for (n = CMT_PAGE_LANG_BYTES_MAX; n <= CMT_PAGE_LANG_BYTES_MAX + 1; n++) {
        memset(page, ' ', sizeof(page));
        memcpy(page + n - (sizeof(tag) - 1), tag, sizeof(tag) - 1);
        in = (cmt_str_t) { sizeof(page), page };

        is_str(run(&scan, in, NULL, 0),
               n == CMT_PAGE_LANG_BYTES_MAX ? "nb" : "",
               "only so many bytes are looked at");
        is_str(run(&scan, in, ones, in.len),
               n == CMT_PAGE_LANG_BYTES_MAX ? "nb" : "", "also byte by byte");
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
        "=", "\"", "'", "nb", "/", "-", "!", "?", "class=a ", "text", "\n"
    };

    int              same;
    char             page[400];
    size_t           i, n, len, n_cuts, cuts[40];
    unsigned         round, found;
    cmt_str_t        in, got, want;
    const char      *part;
    cmt_page_lang_t  once, scan;

    srandom(1);
    same = 1;
    found = 0;

    for (round = 0; round < ROUNDS && same; round++) {
        len = 0;
        n = (size_t) random() % 20;

        for (i = 0; i < n; i++) {
            part = parts[(size_t) random()
                         % (sizeof(parts) / sizeof(parts[0]))];
            memcpy(page + len, part, strlen(part));
            len += strlen(part);
        }

        n_cuts = 0;

        for (i = 0; i < len && n_cuts < 40; i++) {
            if (random() % 8 == 0) {
                cuts[n_cuts++] = i;
            }
        }

        in = (cmt_str_t) { len, page };
        want = run(&once, in, NULL, 0);
        got = run(&scan, in, cuts, n_cuts);

        found += want.len > 0;
        same = got.len == want.len
               && (got.len == 0 || memcmp(got.data, want.data, got.len) == 0);
    }

    ok(same, "20000 random pages in random pieces are as in one piece");
    ok(found > 10, "some of them have a language");
}


static void
check(const char *page, const char *want, const char *sentence)
{
    int              same;
    size_t           i, len, ones[400];
    cmt_str_t        in, got;
    cmt_page_lang_t  scan;

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


/* Each piece lies in memory of its own, which is freed behind it. */

static cmt_str_t
run(cmt_page_lang_t *scan, cmt_str_t page, const size_t *cuts, size_t n)
{
    char    *copy;
    size_t   i, from, to;

    cmt_page_lang_init(scan);
    from = 0;

    for (i = 0; i <= n; i++) {
        to = i < n ? cuts[i] : page.len;

        copy = malloc(to - from + 1);
        memcpy(copy, page.data + from, to - from);
        cmt_page_lang_feed(scan, (cmt_str_t) { to - from, copy });
        free(copy);

        from = to;
    }

    return cmt_page_lang_result(scan);
}
