/*
 * text_plain_test.c: text without markup, from what is typed to what is
 * shown.
 */

#include "text_checker.h"

#include "tap.h"


static void test_paragraphs(void);
static void test_escaping(void);
static void test_normalising(void);
static void test_missing(void);
static void test_link_ends(void);
static void test_link_starts(void);
static void test_link_facts(void);
static void test_link_limit(void);
static void test_length_limits(void);
static void test_garbage(void);
static int render(const char *typed);
static void html_is(const char *typed, const char *html,
    const char *sentence);
static void link_is(const char *typed, const char *link,
    const char *sentence);


static cmt_arena_t  *arena;
static cmt__text_t   text;


int
main(void)
{
    arena = cmt_arena_create(CMT_ARENA_BYTES_MAX);

    test_paragraphs();
    test_escaping();
    test_normalising();
    test_missing();
    test_link_ends();
    test_link_starts();
    test_link_facts();
    test_link_limit();
    test_length_limits();
    test_garbage();

    cmt_arena_destroy(arena);

    return done();
}


static void
test_paragraphs(void)
{
    html_is("Hei", "<p>Hei</p>", "one line is one paragraph");
    html_is("a\nb", "<p>a<br>\nb</p>", "the end of a line breaks it");
    html_is("a\n\nb", "<p>a</p>\n<p>b</p>", "a blank line parts paragraphs");
    html_is("a\n \t \nb", "<p>a</p>\n<p>b</p>", "also one with blanks");
    html_is("a\n\n\n\n\nb", "<p>a</p>\n<p>b</p>", "and many of them do");
    html_is("a  \n  b", "<p>a<br>\nb</p>", "blanks around line ends go");
    html_is("\n \na\n \n", "<p>a</p>", "outer blank lines go");

    ok(render("a\nb \n\n\n c") == CMT_OK, "a text of three lines is good");
    is_str(text.plain, "a\nb\n\nc", "plain has the same lines");
    is_str(text.text, "a\nb \n\n\n c", "text is as it was typed");
    is_int(text.chars, 6, "characters are those of plain");
    is_int(text.words, 3, "and so are words");
    is_int(text.n_links, 0, "there are no links");
}


static void
test_escaping(void)
{
    html_is("<b>&amp;\"'</b>",
            "<p>&lt;b&gt;&amp;amp;&quot;&#39;&lt;/b&gt;</p>",
            "markup is text");
    is_str(text.plain, "<b>&amp;\"'</b>", "and plain shows it as typed");
    html_is("<script>alert(1)</script>",
            "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>",
            "a script is text");
}


static void
test_normalising(void)
{
    html_is("a\r\nb\rc", "<p>a<br>\nb<br>\nc</p>", "all ends of line are one");
    html_is("a\r\r\n\nb", "<p>a</p>\n<p>b</p>", "also when they are mixed");
    html_is("a\x01\x7f\xc2\x80\xc2\x9f" "b", "<p>ab</p>",
            "control characters go");
    html_is("a\xc2\xa0\xc3\xa6", "<p>a\xc2\xa0\xc3\xa6</p>",
            "what looks like them in UTF-8 stays");
    html_is("A\xcc\x8a", "<p>\xc3\x85</p>", "letter and ring become one");
    html_is("\xe2\x84\xab", "<p>\xc3\x85</p>", "the angstrom sign is that");
    html_is("\xd7\xa9\xe2\x80\xae" "abc", "<p>\xd7\xa9\xe2\x80\xae" "abc</p>",
            "marks of direction stay in a comment");

    ok(cmt__text_render(arena, CMT_MARKUP_PLAIN, cmt_str("a\0b"), &text)
       == CMT_OK, "a NUL does no harm");
    is_str(text.html, "<p>ab</p>", "and is not kept");
}


static void
test_missing(void)
{
    is_int(render(""), CMT_ETEXTMISSING, "nothing is refused");
    is_int(render(" \n\t\r\n "), CMT_ETEXTMISSING, "so is white space");
    is_int(render("\xc2\xa0\xe2\x80\x8b\xef\xbb\xbf"), CMT_ETEXTMISSING,
           "of any kind");
    is_int(render("\xe3\x85\xa4\xe2\xa0\x80\xe2\x80\xae"), CMT_ETEXTMISSING,
           "and what leaves no ink");
    is_int(render("."), CMT_OK, "a dot is a comment");
    is_int(render("\xf0\x9f\x91\x8d"), CMT_OK, "so is a thumb");
}


static void
test_link_ends(void)
{
    link_is("http://a.no", "http://a.no", "an address is a link");
    link_is("see http://a.no.", "http://a.no", "without the full stop");
    link_is("http://a.no/b, c", "http://a.no/b", "or the comma");
    link_is("http://a.no/b?!...", "http://a.no/b", "or a heap of it");
    link_is("http://a.no/?q=a.b;c", "http://a.no/?q=a.b;c", "only at the end");
    link_is("(http://a.no/b)", "http://a.no/b", "a bracket around it stays");
    link_is("http://a.no/b_(c)", "http://a.no/b_(c)", "its own is its own");
    link_is("(http://a.no/b_(c))", "http://a.no/b_(c)", "even with both");
    link_is("[http://a.no/b].", "http://a.no/b", "square ones alike");
    link_is("http://a.no/\"x", "http://a.no/", "quotes end it");
    link_is("<http://a.no/>", "http://a.no/", "so do angle brackets");
    link_is("\xc2\xabhttp://a.no/b\xc2\xbb", "http://a.no/b",
            "and guillemets");
    link_is("http://a.no/b\xe2\x80\x9d", "http://a.no/b", "and curly quotes");
    link_is("http://a.no/b\xe3\x80\x82", "http://a.no/b", "and a Chinese stop");
    link_is("http://a.no/bl\xc3\xa5" "b\xc3\xa6r",
            "http://a.no/bl\xc3\xa5" "b\xc3\xa6r", "letters do not");
    link_is("http://bl\xc3\xa5" "b\xc3\xa6r.no/",
            "http://bl\xc3\xa5" "b\xc3\xa6r.no/", "nor in the host");
    link_is("http://a.no:8080/x", "http://a.no:8080/x", "a port is part of it");
    link_is("http://a.no: x", "http://a.no", "a colon is not");
    link_is("*http://a.no/b*", "http://a.no/b", "stars are not");
    link_is("http://a.no\nhttp", "http://a.no", "nor is the next line");
}


static void
test_link_starts(void)
{
    link_is("HTTPS://A.no/B", "https://a.no/B", "case is folded in the host");
    link_is("www.a.no/b", "http://www.a.no/b", "www. is enough");
    link_is("(www.a.no)", "http://www.a.no", "also in brackets");
    link_is("http://localhost:80/", "http://localhost:80/",
            "localhost is a host");
    link_is("http://127.0.0.1/", "http://127.0.0.1/", "so is an address");
    link_is("http://a.no@b.no/ http://c.no", "http://c.no",
            "a user part makes no link");
    link_is("xhttp://a.no", "", "a link does not start in a word");
    link_is("me@www.a.no", "", "or in an e-mail address");
    link_is("www.a", "", "www.a is no host");
    link_is("http://a", "", "neither is a");
    link_is("http://1.2.3.400/", "", "nor four numbers too large");
    link_is("http://010.1.1.1/", "", "nor octal ones");
    link_is("http://1.2.3/", "", "nor three");
    link_is("http://a..no/", "", "nor what has empty labels");
    link_is("http:///a.no http:// https://", "", "nor nothing at all");
    link_is("ftp://a.no javascript:alert(1)", "", "other schemes are text");
    link_is("http://a.no:99999/", "", "a port has its limit");
    link_is("http://a\xe2\x80\xa4no/", "", "a dot leader is no dot");
}


static void
test_link_facts(void)
{
    ok(render("Se\n\n\xc3\xa5 http://News.A.no:80/p/q?r=1&s#f, ok") == CMT_OK,
       "a text with one link is good");
    is_int(text.n_links, 1, "the link is counted");
    is_str(text.links[0].url, "http://news.a.no:80/p/q?r=1&s#f",
           "url is the address");
    is_str(text.links[0].host, "news.a.no", "host is in lower case");
    is_str(text.links[0].domain, "a.no", "domain is its end");
    is_str(text.links[0].path, "/p/q", "path is without the query");
    is_str(text.links[0].text, "http://News.A.no:80/p/q?r=1&s#f",
           "text is as typed");
    is_int(text.links[0].at, 7, "at is the byte in plain");
    is_str(text.html, "<p>Se</p>\n<p>\xc3\xa5 "
           "<a href=\"http://news.a.no:80/p/q?r=1&amp;s#f\" "
           "rel=\"nofollow ugc noopener\">"
           "http://News.A.no:80/p/q?r=1&amp;s#f</a>, ok</p>",
           "and that is its HTML");

    ok(render("http://a.no") == CMT_OK, "an address can be bare");
    is_str(text.links[0].path, "/", "then its path is the root");
    ok(render("http://a.no?q") == CMT_OK, "also with a query");
    is_str(text.links[0].path, "/", "it is");
    ok(render("http://10.0.0.1/") == CMT_OK, "an address may be numbers");
    is_str(text.links[0].domain, "10.0.0.1", "which are their own domain");

    ok(render("http://XN--BLBR-ROAH.no/ http://BL\xc3\x85" "B\xc3\x86R.no")
       == CMT_OK, "one name can be spelt in two ways");
    is_str(text.links[0].host, "bl\xc3\xa5" "b\xc3\xa6r.no",
           "a host in punycode is read");
    is_str(text.links[1].host, "bl\xc3\xa5" "b\xc3\xa6r.no",
           "one in capitals, too");
    ok(render("http://\xef\xbd\x81.\xef\xbd\x8e\xef\xbd\x8f/") == CMT_OK,
       "letters can be wide");
    is_str(text.links[0].host, "a.no", "and are the same host");
}


static void
test_link_limit(void)
{
    size_t  i, len;
    char    typed[(CMT__LINKS_MAX + 1) * 12 + 1];

    len = 0;

    for (i = 0; i < CMT__LINKS_MAX + 1; i++) {
        memcpy(typed + len, "www.abc.no ", 11);
        len += 11;
    }

    ok(cmt__text_render(arena, CMT_MARKUP_PLAIN,
                        (cmt_str_t) { len - 11, typed }, &text) == CMT_OK,
       "a comment may have many links");
    is_int(text.n_links, CMT__LINKS_MAX, "all of them");
    is_str(cmt__str_sub(text.html, text.html.len - 19, text.html.len),
           ">www.abc.no</a></p>", "up to the last");

    ok(cmt__text_render(arena, CMT_MARKUP_PLAIN, (cmt_str_t) { len, typed },
                        &text) == CMT_OK, "one more is no harm");
    is_int(text.n_links, CMT__LINKS_MAX, "but no link");
    is_str(cmt__str_sub(text.html, text.html.len - 15, text.html.len),
           " www.abc.no</p>", "it is text");
    cmt_arena_reset(arena);
}


static void
test_length_limits(void)
{
    char         *typed;
    cmt__text_t   before;

    typed = malloc(CMT_TEXT_BYTES_MAX + 1);
    memset(typed, '"', CMT_TEXT_BYTES_MAX + 1);

    is_int(cmt__text_render(arena, CMT_MARKUP_PLAIN,
                            (cmt_str_t) { CMT_TEXT_BYTES_MAX, typed }, &text),
           CMT_OK, "the longest text is good");
    is_int(text.html.len, CMT_TEXT_BYTES_MAX * strlen("&quot;") + 7,
           "even if all of it is escaped");
    cmt_arena_reset(arena);

    before = text;
    is_int(cmt__text_render(arena, CMT_MARKUP_PLAIN,
                            (cmt_str_t) { CMT_TEXT_BYTES_MAX + 1, typed },
                            &text),
           CMT_ETEXTLONG, "one byte more is refused");
    ok(memcmp(&before, &text, sizeof(text)) == 0, "and nothing is touched");

    free(typed);
}


/* Bytes of the kinds that matter, in any order. */

static void
test_garbage(void)
{
    int           rc, bad;
    char          typed[400];
    size_t        len, at;
    unsigned      i, seed;
    const char   *piece, *wrong;

    static const char *const  pieces[] = {
        "http://", "https://", "www.", "a.no", "/", "?", "#", ":", ".", ",",
        "(", ")", "[", "]", "<", ">", "&", "\"", "'", " ", "\n", "\n\n", "\t",
        "\r", "\xc3\xa5", "\xe2\x80\x9d", "\xf0\x9f\x91\x8d", "\xcc\x8a", "@",
        "xn--", "-", "_", "1", "8080", "\xc2\x85", "\x01", "%", "localhost"
    };

    seed = 1;
    bad = 0;

    for (i = 0; i < 20000 && !bad; i++) {

        len = 0;

        do {
            seed = seed * 1103515245 + 12345;
            piece = pieces[(seed >> 16) % (sizeof(pieces) / sizeof(piece))];
            memcpy(typed + len, piece, strlen(piece));
            len += strlen(piece);
        } while (len < sizeof(typed) - 16 && (seed >> 8) % 40 != 0);

        rc = cmt__text_render(arena, CMT_MARKUP_PLAIN,
                              (cmt_str_t) { len, typed }, &text);

        wrong = rc == CMT_OK ? check_rendered(&text, &at)
                : rc == CMT_ETEXTMISSING ? NULL : "an error";

        if (wrong != NULL) {
            note("%s: %d", wrong, rc);
            tap_show("typed", typed, len);
            tap_show("html", text.html.data, text.html.len);
            bad = 1;
        }

        cmt_arena_reset(arena);
    }

    ok(!bad, "nothing that is typed makes bad HTML");
}


static int
render(const char *typed)
{
    cmt_arena_reset(arena);

    return cmt__text_render(arena, CMT_MARKUP_PLAIN,
                            (cmt_str_t) { strlen(typed), typed }, &text);
}


static void
html_is(const char *typed, const char *html, const char *sentence)
{
    size_t  at;

    if (render(typed) != CMT_OK || check_rendered(&text, &at) != NULL) {
        ok(0, sentence);
        return;
    }

    is_str(text.html, html, sentence);
}


/* The first link's address, "" for none; the rest of the HTML is checked. */

static void
link_is(const char *typed, const char *link, const char *sentence)
{
    size_t       at;
    const char  *wrong;

    if (render(typed) != CMT_OK) {
        ok(0, sentence);
        return;
    }

    wrong = check_rendered(&text, &at);
    if (wrong != NULL) {
        note("%s", wrong);
        ok(0, sentence);
        return;
    }

    is_str(text.n_links == 0 ? cmt_null_str : text.links[0].url, link,
           sentence);
}
