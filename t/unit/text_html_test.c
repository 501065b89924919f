/*
 * text_html_test.c: comments with WordPress's tags, and the serializer.
 */

#define MARKUP  CMT_MARKUP_HTML

#include "text_render.h"


static void test_tags(void);
static void test_attributes(void);
static void test_lines(void);
static void test_balance(void);
static void test_not_allowed(void);
static void test_entities(void);
static void test_links(void);
static void test_link_limit(void);
static void test_depth(void);
static void test_limits(void);
static void test_serializer(void);
static void test_serializer_size(void);


#define REL  "rel=\"nofollow ugc noopener\""


int
main(void)
{
    arena = cmt_arena_create(CMT_ARENA_BYTES_MAX);

    test_tags();
    test_attributes();
    test_lines();
    test_balance();
    test_not_allowed();
    test_entities();
    test_links();
    test_link_limit();
    test_depth();
    test_limits();
    test_serializer();
    test_serializer_size();

    cmt_arena_destroy(arena);

    return done();
}


static void
test_tags(void)
{
    size_t  i;
    char    typed[64], html[80];

    static const char *const  tags[] = {
        "abbr", "acronym", "b", "cite", "code", "del", "em", "i", "q", "s",
        "strike", "strong"
    };

    for (i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
        (void) snprintf(typed, sizeof(typed), "<%s>x</%s>", tags[i], tags[i]);
        (void) snprintf(html, sizeof(html), "<p>%s</p>", typed);
        html_is(typed, html, tags[i]);
    }

    html_is("<blockquote>x</blockquote>",
            "<blockquote>\n<p>x</p>\n</blockquote>", "blockquote");
    html_is("<STRONG>x</Strong>", "<p><strong>x</strong></p>",
            "case does not matter");
    html_is("<b >x</b >", "<p><b>x</b></p>", "nor do spaces at the end");
    html_is("<b>x</b> <i>y</i>", "<p><b>x</b> <i>y</i></p>",
            "a space between two is kept");
    html_is("x<b></b>y", "<p>xy</p>", "nothing empty is written");
    html_is("x <b> y</b>", "<p>x  <b>y</b></p>",
            "no element begins with a space");
    ok(render("<b>x</b> &amp; <i>y</i>") == CMT_OK, "tags are no text");
    is_str(text.plain, "x & y", "for plain");
    is_str(text.text, "<b>x</b> &amp; <i>y</i>", "but for text they are");
}


static void
test_attributes(void)
{
    html_is("<a href=\"http://a.no/b\" title=\"c\">d</a>",
            "<p><a href=\"http://a.no/b\" title=\"c\" " REL ">d</a></p>",
            "a link has href and title");
    html_is("<a title='\"c\"' href='http://a.no' >d</a>",
            "<p><a href=\"http://a.no\" title=\"&quot;c&quot;\" " REL
            ">d</a></p>", "in any order and any quotes");
    html_is("<A HREF=http://a.no/b?c TITLE=d>e</A>",
            "<p><a href=\"http://a.no/b?c\" title=\"d\" " REL ">e</a></p>",
            "or in none");
    html_is("<a\n href = \"http://a.no\"\n>d</a>",
            "<p><a href=\"http://a.no\" " REL ">d</a></p>",
            "with lines and spaces between");
    html_is("<a href=\"http://a.no\"title=\"c\">d</a>",
            "<p><a href=\"http://a.no\" title=\"c\" " REL ">d</a></p>",
            "or none");
    html_is("<a href=\"http://a.no\" href=\"http://b.no\">d</a>",
            "<p><a href=\"http://a.no\" " REL ">d</a></p>",
            "the first of two counts");
    html_is("<a href=\" HTTP://A.no/a b\t\nc\" rel=follow target=_top>d</a>",
            "<p><a href=\"http://a.no/a%20bc\" " REL ">d</a></p>",
            "the address is made canonical, the rest is ours");
    html_is("<abbr title=\"a &amp; b\">c</abbr>",
            "<p><abbr title=\"a &amp; b\">c</abbr></p>", "abbr has a title");
    html_is("<acronym title=x>c</acronym>",
            "<p><acronym title=\"x\">c</acronym></p>", "acronym, too");
    html_is("<q cite=\"http://a.no\">b</q>",
            "<p><q cite=\"http://a.no\">b</q></p>", "q has a source");
    html_is("<blockquote cite=\"https://a.no/\">b</blockquote>",
            "<blockquote cite=\"https://a.no/\">\n<p>b</p>\n</blockquote>",
            "and blockquote");
    html_is("<del datetime=\"2013-01-08T09:40:00+01:00\">a</del>",
            "<p><del datetime=\"2013-01-08T09:40:00+01:00\">a</del></p>",
            "del has a time");
    html_is("<del datetime=\"now\">a</del>", "<p><del>a</del></p>",
            "if it looks like one");
    html_is("<b title=\"x\" class=y id=z>a</b>", "<p><b>a</b></p>",
            "b has nothing");
    html_is("<abbr title=\"\">a</abbr>", "<p><abbr>a</abbr></p>",
            "and an empty title is none");
    html_is("<abbr title>a</abbr>", "<p><abbr>a</abbr></p>",
            "nor is one without a value");
}


static void
test_lines(void)
{
    html_is("a\nb\n\nc", "<p>a<br>\nb</p>\n<p>c</p>",
            "lines are those of plain text");
    html_is("a<br>b<br/>c<br />d", "<p>a<br>\nb<br>\nc<br>\nd</p>",
            "br is the end of a line");
    html_is("a<br>\nb<br> \nc", "<p>a<br>\nb<br>\nc</p>",
            "together with the one behind it");
    html_is("a<br><br>b", "<p>a</p>\n<p>b</p>", "two are a paragraph");
    html_is("a<br>\n\nb", "<p>a</p>\n<p>b</p>", "and so is a blank line then");
    html_is("<br>a<br>", "<p>a</p>", "outside a line it is nothing");
    html_is("<p>a</p><p>b", "<p>a</p>\n<p>b</p>", "p is a paragraph");
    html_is("<p class=x>a\n\n<p>\n\nb</p>\n</p>", "<p>a</p>\n<p>b</p>",
            "however it is typed");
    html_is("<b>a\nb</b>", "<p><b>a<br>\nb</b></p>",
            "a line may end inside an element");
    html_is("<b>a\n\nb</b>c", "<p><b>a</b></p>\n<p><b>b</b>c</p>",
            "so may a paragraph");
    html_is("a\n<blockquote>b\n\nc</blockquote>\nd",
            "<p>a</p>\n<blockquote>\n<p>b</p>\n<p>c</p>\n</blockquote>\n"
            "<p>d</p>", "a quote has paragraphs of its own");
    html_is("<code>a\n  b</code>", "<p><code>a<br>\nb</code></p>",
            "code is no exception");
    ok(render("a<blockquote>b</blockquote>c\nd") == CMT_OK, "plain has lines");
    is_str(text.plain, "a\n\nb\n\nc\nd", "where the reader sees them");
}


static void
test_balance(void)
{
    html_is("<b>a", "<p><b>a</b></p>", "what is open is closed");
    html_is("a</b>", "<p>a</p>", "what is not open is not closed");
    html_is("<b>a<i>b</b>c</i>d", "<p><b>a<i>b</i></b><i>c</i>d</p>",
            "what overlaps is nested");
    html_is("<b>a<blockquote>b</b>c</blockquote>d",
            "<p><b>a</b></p>\n<blockquote>\n<p><b>b</b>c</p>\n</blockquote>\n"
            "<p>d</p>", "also with a block");
    html_is("<blockquote><b>a</blockquote>b</b>",
            "<blockquote>\n<p><b>a</b></p>\n</blockquote>\n<p>b</p>",
            "an element ends with its block");
    html_is("<blockquote>a", "<blockquote>\n<p>a</p>\n</blockquote>",
            "a block is closed at the end");
    html_is("</blockquote>a</p></blockquote>", "<p>a</p>",
            "and not before its start");
    html_is("<a href=\"http://a.no\">x<a href=\"http://b.no\">y</a></a>",
            "<p><a href=\"http://a.no\" " REL ">x</a>"
            "<a href=\"http://b.no\" " REL ">y</a></p>",
            "a link ends where another begins");
    html_is("<a href=\"http://a.no\">x\n\ny</a>",
            "<p><a href=\"http://a.no\" " REL ">x</a></p>\n"
            "<p><a href=\"http://a.no\" " REL ">y</a></p>",
            "a link in two paragraphs is two");
    is_int(text.n_links, 2, "and is counted so");
}


static void
test_not_allowed(void)
{
    html_is("<u>x</u>", "<p>&lt;u&gt;x&lt;/u&gt;</p>", "other tags are text");
    html_is("<ul><li>x</ul>", "<p>&lt;ul&gt;&lt;li&gt;x&lt;/ul&gt;</p>",
            "even good ones");
    html_is("<pre>x</pre><hr>", "<p>&lt;pre&gt;x&lt;/pre&gt;&lt;hr&gt;</p>",
            "which only markdown makes");
    html_is("<!-- x -->", "<p>&lt;!-- x --&gt;</p>", "comments are text");
    html_is("a < b > c", "<p>a &lt; b &gt; c</p>", "so are brackets");
    html_is("<3 i<b", "<p>&lt;3 i&lt;b</p>", "and what looks like tags");
    html_is("<b", "<p>&lt;b</p>", "a tag needs its end");
    html_is("<b-x>y", "<p>&lt;b-x&gt;y</p>", "a longer name is another");
    html_is("<b \"x\">y", "<p>&lt;b &quot;x&quot;&gt;y</p>",
            "a tag must be a good one");
    html_is("</b x>y", "<p>&lt;/b x&gt;y</p>", "an end tag is bare");
    html_is("</br>y", "<p>&lt;/br&gt;y</p>", "br has no end");
    html_is("<a href=\"ftp://a.no\">x</a>",
            "<p>&lt;a href=&quot;ftp://a.no&quot;&gt;x&lt;/a&gt;</p>",
            "a link to elsewhere is text from start to end");
    html_is("<a name=\"x\">y</a>z</a>",
            "<p>&lt;a name=&quot;x&quot;&gt;y&lt;/a&gt;z</p>",
            "so is one without an address");
}


static void
test_entities(void)
{
    html_is("&lt;b&gt; &amp; &quot;", "<p>&lt;b&gt; &amp; &quot;</p>",
            "references are read");
    html_is("&amp;lt;", "<p>&amp;lt;</p>", "once");
    html_is("&#8217;&#x2019;&#X2019;&rsquo;",
            "<p>\xe2\x80\x99\xe2\x80\x99\xe2\x80\x99\xe2\x80\x99</p>",
            "by number or name");
    html_is("&aring;&AElig;&thetasym;&apos;&AMP;",
            "<p>\xc3\xa5\xc3\x86\xcf\x91&#39;&amp;AMP;</p>",
            "names have their case");
    html_is("&#146;&#128;", "<p>\xe2\x80\x99\xe2\x82\xac</p>",
            "old numbers are those of Windows");
    html_is("&; &#; &#x; &nope; &lt &#99999999; &#x110000; &#xd800; &#0; &#1;",
            "<p>&amp;; &amp;#; &amp;#x; &amp;nope; &amp;lt &amp;#99999999; "
            "&amp;#x110000; &amp;#xd800; &amp;#0; &amp;#1;</p>",
            "what is no character is text");
    html_is("a&#10;b&#9;c&#13;d", "<p>a b c&amp;#13;d</p>",
            "ends of line are typed as such");
    html_is("e&#769;", "<p>\xc3\xa9</p>", "what they make is in normal form");
    html_is("<b>&#824;x", "<p><b>&#824;x</b></p>",
            "and cannot join with the end of a tag");
    html_is("&#x1f44d;", "<p>\xf0\x9f\x91\x8d</p>", "a thumb is a character");
}


static void
test_links(void)
{
    html_is("http://a.no/?b=c&amp;d=e",
            "<p><a href=\"http://a.no/?b=c&amp;d=e\" " REL ">"
            "http://a.no/?b=c&amp;d=e</a></p>", "bare addresses are links");
    html_is("<b>http://a.no</b>/x",
            "<p><b><a href=\"http://a.no\" " REL ">http://a.no</a></b>/x</p>",
            "which end at a tag");
    html_is("<code>http://a.no</code>", "<p><code>http://a.no</code></p>",
            "but not in code");
    html_is("<a href=\"http://a.no\">www.b.no</a>",
            "<p><a href=\"http://a.no\" " REL ">www.b.no</a></p>",
            "nor in a link");
    html_is("http://a<b></b>.no",
            "<p><a href=\"http://a.no\" " REL ">http://a.no</a></p>",
            "what is not written ends nothing");

    ok(render("\xc3\xa5 <a href=\"http://A.no/b\">se <i>her</i></a>.")
       == CMT_OK, "a link is told of");
    is_int(text.n_links, 1, "once");
    is_str(text.links[0].text, "se her", "its text is what is seen");
    is_int(text.links[0].at, 3, "at is its place in plain");
    is_str(text.links[0].host, "a.no", "host is where it leads");
}


static void
test_link_limit(void)
{
    size_t  i, n;
    char    typed[CMT__LINKS_MAX * 16 + 64];

    n = 0;

    for (i = 0; i < CMT__LINKS_MAX - 1; i++) {
        n += (size_t) snprintf(typed + n, sizeof(typed) - n, "www.a.no ");
    }

    (void) snprintf(typed + n, sizeof(typed) - n,
                    "\n\n<a href=\"http://b.no\">x\n\ny</a>");

    ok(render(typed) == CMT_OK, "a link may go on in the next paragraph");
    is_int(text.n_links, CMT__LINKS_MAX, "but not past the limit");
    is_str(cmt__str_sub(text.html, text.html.len - 8, text.html.len),
           "<p>y</p>", "then it is text");

    (void) snprintf(typed + n, sizeof(typed) - n,
                    "www.a.no <a href=\"http://b.no\">x</a>");

    ok(render(typed) == CMT_OK && text.n_links == CMT__LINKS_MAX,
       "a tag past the limit makes no link, either");
    is_str(cmt__str_sub(text.html, text.html.len - 10, text.html.len),
           "</a> x</p>", "its text is kept");
}


static void
test_depth(void)
{
    size_t  i, n;
    char    typed[CMT__NESTING_MAX * 12 * 2 + 16];

    n = 0;

    for (i = 0; i < CMT__BLOCKS_MAX; i++) {
        n += (size_t) snprintf(typed + n, sizeof(typed) - n, "<blockquote>");
    }

    for (i = 0; i < CMT__INLINES_MAX; i++) {
        n += (size_t) snprintf(typed + n, sizeof(typed) - n, "<b>");
    }

    (void) snprintf(typed + n, sizeof(typed) - n, "x");
    ok(render(typed) == CMT_OK && cmt__str_is(text.plain, "x"),
       "elements nest to the limit");

    (void) snprintf(typed + n, sizeof(typed) - n, "<i>x");
    ok(render(typed) == CMT_OK
       && cmt__str_is(text.plain, "<i>x"), "one more inline is text");

    n = CMT__BLOCKS_MAX * 12;
    (void) snprintf(typed + n, sizeof(typed) - n, "<blockquote>x");
    ok(render(typed) == CMT_OK
       && cmt__str_is(text.plain, "<blockquote>x"), "so is one more block");
}


static void
test_limits(void)
{
    char    typed[CMT__TAG_BYTES_MAX + 2];
    size_t  i;

    memset(typed, 'x', sizeof(typed));
    memcpy(typed, "<abbr title=", 12);
    typed[CMT__TAG_BYTES_MAX - 1] = '>';
    typed[CMT__TAG_BYTES_MAX] = 'y';
    typed[CMT__TAG_BYTES_MAX + 1] = '\0';

    ok(render(typed) == CMT_OK && cmt__str_is(text.plain, "y"),
       "a tag may be long");

    memmove(typed + 13, typed + 12, CMT__TAG_BYTES_MAX - 11);
    typed[12] = 'x';
    typed[CMT__TAG_BYTES_MAX + 1] = '\0';

    ok(render(typed) == CMT_OK && text.plain.data[0] == '<',
       "to a limit, then it is text");

    for (i = 0; i < 41; i++) {
        typed[15 + i] = '1';
    }

    memcpy(typed, "<del datetime=\"", 15);
    memcpy(typed + 15 + CMT__DATETIME_CHARS_MAX, "\">x", 4);
    ok(render(typed) == CMT_OK
       && memmem(text.html.data, text.html.len, "datetime", 8) != NULL,
       "a time may be long");

    memcpy(typed + 15 + CMT__DATETIME_CHARS_MAX, "1\">x", 5);
    ok(render(typed) == CMT_OK
       && memmem(text.html.data, text.html.len, "datetime", 8) == NULL,
       "to a limit, too");
}


/* What no reader asks for today. */

static void
test_serializer(void)
{
    cmt__html_t  h;
    cmt__text_t  out;

    cmt_arena_reset(arena);
    memset(&out, 0, sizeof(out));
    cmt__html_init(&h, arena, 0);

    ok(!cmt__html_open(&h, CMT__TAG_LI, NULL), "an item needs a list");
    ok(!cmt__html_open(&h, CMT__TAG_A, NULL), "a link needs an address");
    ok(!cmt__html_close(&h, CMT__TAG_B), "what is not open is not closed");
    ok(!cmt__html_close(&h, CMT__TAG_HR), "a rule has no end");
    ok(cmt__html_open(&h, CMT__TAG_UL, NULL), "a list may stand alone");
    ok(!cmt__html_open(&h, CMT__TAG_BLOCKQUOTE, NULL), "it holds no block");
    ok(!cmt__html_open(&h, CMT__TAG_HR, NULL), "and no rule");
    cmt__html_text(&h, cmt_str("x"));
    ok(!cmt__html_close_typed(&h, CMT__TAG_UL), "an author cannot close it");
    ok(cmt__html_close(&h, CMT__TAG_UL), "its reader can");
    ok(cmt__html_open(&h, CMT__TAG_PRE, NULL), "pre may stand alone");
    ok(!cmt__html_open(&h, CMT__TAG_UL, NULL), "it holds no block");
    ok(!cmt__html_open(&h, CMT__TAG_HR, NULL), "and no rule");
    ok(cmt__html_open(&h, CMT__TAG_CODE, NULL), "but code");
    cmt__html_text(&h, cmt_str("  y"));
    cmt__html_newline(&h);
    cmt__html_text(&h, cmt_str("z  "));

    is_int(cmt__html_end(&h, &out), CMT_OK, "all is closed at the end");
    is_str(out.html,
           "<ul>\n<li>x</li>\n</ul>\n<pre><code>  y\nz  </code></pre>",
           "text in a list is an item, text in pre is as it is");

    is_int(cmt__html_tag(cmt_str("BlockQuote")), CMT__TAG_BLOCKQUOTE,
           "a tag is found by its name");
    is_int(cmt__html_tag(cmt_str("script")), CMT__TAG_NONE, "if it is ours");
    is_int(cmt__html_tag(cmt_str("")), CMT__TAG_NONE, "no name is none");
}


static void
test_serializer_size(void)
{
    int           rc;
    size_t        i;
    cmt__html_t   h;
    cmt__text_t   out;
    static char   x[CMT_HTML_BYTES_MAX];

    memset(x, 'x', sizeof(x));

    for (i = 0; i < 2; i++) {

        cmt_arena_reset(arena);
        memset(&out, 0, sizeof(out));
        cmt__html_init(&h, arena, sizeof(x));

        /* <p> and </p> are seven bytes */

        cmt__html_text(&h, (cmt_str_t) { sizeof(x) - 7 + i, x });
        rc = cmt__html_end(&h, &out);

        is_int(rc, i == 0 ? CMT_OK : CMT_ETEXTLONG,
               i == 0 ? "HTML may be long" : "but not longer");
        is_int(out.html.len, i == 0 ? sizeof(x) : 0,
               i == 0 ? "to the byte" : "and is not given then");
    }
}
