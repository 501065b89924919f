/*
 * text_markdown_test.c: comments in Markdown.
 */

#define MARKUP  CMT_MARKUP_MARKDOWN

#include "text_render.h"


static void test_spans(void);
static void test_blocks(void);
static void test_lists(void);
static void test_code(void);
static void test_links(void);
static void test_addresses(void);
static void test_tags(void);
static void test_not_there(void);
static void test_depth(void);
static void test_size(void);
static void test_images(void);
static void test_mailto(void);
static int allowed_is(unsigned allow, const char *typed, const char *html,
    const char *sentence);


#define REL  "rel=\"nofollow ugc noopener\""


int
main(void)
{
    arena = cmt_arena_create(CMT_ARENA_BYTES_MAX);

    test_spans();
    test_blocks();
    test_lists();
    test_code();
    test_links();
    test_addresses();
    test_tags();
    test_not_there();
    test_depth();
    test_size();
    test_images();
    test_mailto();

    cmt_arena_destroy(arena);

    return done();
}


static void
test_spans(void)
{
    html_is("*a* _b_", "<p><em>a</em> <em>b</em></p>", "emphasis");
    html_is("**a** __b__", "<p><strong>a</strong> <strong>b</strong></p>",
            "strong");
    html_is("***a***", "<p><em><strong>a</strong></em></p>", "both");
    html_is("~~a~~", "<p><del>a</del></p>", "strikethrough");
    html_is("`a <b>&amp;`", "<p><code>a &lt;b&gt;&amp;amp;</code></p>",
            "code is as typed");
    html_is("\\*a\\* \\<b>", "<p>*a* &lt;b&gt;</p>", "a backslash escapes");
    html_is("a & b &amp; &copy; &#8217; &nope;",
            "<p>a &amp; b &amp; \xc2\xa9 \xe2\x80\x99 &amp;nope;</p>",
            "references are read");
    html_is("a\nb", "<p>a<br>\nb</p>", "the end of a line breaks it");
    html_is("a  \nb\\\nc", "<p>a<br>\nb<br>\nc</p>", "once");
    html_is("snake_case_name 2*3*4", "<p>snake_case_name 2<em>3</em>4</p>",
            "underscores in words are none");
}


static void
test_blocks(void)
{
    html_is("a\n\nb", "<p>a</p>\n<p>b</p>", "paragraphs");
    html_is("# a *b*\nc", "<p><strong>a <em>b</em></strong></p>\n<p>c</p>",
            "headings are bold paragraphs");
    html_is("a\n===\nb", "<p><strong>a</strong></p>\n<p>b</p>",
            "underlined ones, too");
    html_is("> a\n> b\n>\n> c\n\nd",
            "<blockquote>\n<p>a<br>\nb</p>\n<p>c</p>\n</blockquote>\n<p>d</p>",
            "quotes");
    html_is("> a\n> > b", "<blockquote>\n<p>a</p>\n<blockquote>\n<p>b</p>\n"
            "</blockquote>\n</blockquote>", "in quotes");
    html_is("a\n\n---\n\nb", "<p>a</p>\n<hr>\n<p>b</p>", "rules");
    html_is("    a", "<p>a</p>", "indented text is no code");
    ok(render("> a\n\nb\n\n---\n\nc") == CMT_OK, "plain has");
    is_str(text.plain, "a\n\nb\n\nc", "what the reader reads");
    is_int(render("---"), CMT_ETEXTMISSING, "a rule alone is no comment");
}


static void
test_lists(void)
{
    html_is("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>", "bullets");
    html_is("1. a\n2. b", "<ol>\n<li>a</li>\n<li>b</li>\n</ol>", "numbers");
    html_is("7) a", "<ol start=\"7\">\n<li>a</li>\n</ol>", "from any start");
    html_is("0. a", "<ol start=\"0\">\n<li>a</li>\n</ol>", "even zero");
    html_is("999999999. a", "<ol start=\"999999999\">\n<li>a</li>\n</ol>",
            "to nine digits");
    html_is("1999999999. a", "<p>1999999999. a</p>", "ten are text");
    html_is("- a\n  - b\n- c",
            "<ul>\n<li>a\n<ul>\n<li>b</li>\n</ul></li>\n<li>c</li>\n</ul>",
            "lists in lists");
    html_is("- a\n\n- b",
            "<ul>\n<li>\n<p>a</p></li>\n<li>\n<p>b</p></li>\n</ul>",
            "items with paragraphs");
    html_is("- a\n  b", "<ul>\n<li>a<br>\nb</li>\n</ul>", "or with lines");
    html_is("- \n- b", "<ul>\n<li></li>\n<li>b</li>\n</ul>", "or with nothing");
    html_is("- > a", "<ul>\n<li>\n<blockquote>\n<p>a</p>\n</blockquote></li>\n"
            "</ul>", "or with a quote");
    ok(render("x\n\n- a\n- b\n\ny") == CMT_OK, "plain has");
    is_str(text.plain, "x\na\nb\n\ny", "a line for an item");
}


static void
test_code(void)
{
    html_is("```\na < b\n\n  c\n```",
            "<pre><code>a &lt; b\n\n  c\n</code></pre>", "fenced code");
    html_is("```c++\na\n```",
            "<pre><code class=\"language-c++\">a\n</code></pre>",
            "with a language");
    html_is("~~~ objective-c x y\na\n~~~",
            "<pre><code class=\"language-objective-c\">a\n</code></pre>",
            "which is one word");
    html_is("```C\na\n```", "<pre><code>a\n</code></pre>",
            "of lower case");
    html_is("```a\"b\na\n```", "<pre><code>a\n</code></pre>",
            "and nothing else");
    html_is("```aaaaaaaaaabbbbbbbbbb\na\n```",
            "<pre><code class=\"language-aaaaaaaaaabbbbbbbbbb\">a\n"
            "</code></pre>", "of twenty letters");
    html_is("```aaaaaaaaaabbbbbbbbbbc\na\n```",
            "<pre><code>a\n</code></pre>", "at most");
    html_is("```\nhttp://a.no *b*\n```\nc",
            "<pre><code>http://a.no *b*\n</code></pre>\n<p>c</p>",
            "nothing in it is markup");
    html_is("```\n\na", "<pre><code>\na\n</code></pre>",
            "its first line may be blank, its end missing");
    ok(render("```\na\n```\nb") == CMT_OK, "plain has");
    is_str(text.plain, "a\n\nb", "the lines of the code");
}


static void
test_links(void)
{
    html_is("[a](http://b.no)",
            "<p><a href=\"http://b.no\" " REL ">a</a></p>", "links");
    html_is("[a *b*](<http://b.no/c d> \"e &amp; f\")",
            "<p><a href=\"http://b.no/c%20d\" title=\"e &amp; f\" " REL
            ">a <em>b</em></a></p>", "with a title");
    html_is("[a]\n\n[a]: http://b.no/c_d_e 'f'",
            "<p><a href=\"http://b.no/c_d_e\" title=\"f\" " REL ">a</a></p>",
            "by reference");
    html_is("<http://b.no/c_d>",
            "<p><a href=\"http://b.no/c_d\" " REL ">http://b.no/c_d</a></p>",
            "in brackets");
    html_is("![a](http://b.no/c.png)",
            "<p><a href=\"http://b.no/c.png\" " REL ">a</a></p>",
            "an image is a link");
    html_is("![](http://b.no/c.png)",
            "<p><a href=\"http://b.no/c.png\" " REL
            ">http://b.no/c.png</a></p>", "also one without words");
    html_is("[![a](http://b.no)](http://c.no)",
            "<p><a href=\"http://c.no\" " REL ">a</a></p>",
            "a link in a link is its text");
    html_is("![a [b](http://b.no) c](http://c.no)",
            "<p><a href=\"http://c.no\" " REL ">a b c</a></p>",
            "whichever is outside");
    html_is("[a](javascript:alert(1)) b",
            "<p>a (javascript:alert(1)) b</p>",
            "a link to elsewhere is text");
    html_is("[a](/b) [](/c)", "<p>a (/b) /c</p>", "nothing of it is lost");
    html_is("<me@a.no>", "<p>me@a.no</p>", "an e-mail address is text");

    ok(render("x [a *b*](http://C.no/d)") == CMT_OK, "a link is told of");
    is_int(text.n_links, 1, "once");
    is_str(text.links[0].text, "a b", "with what is seen");
    is_int(text.links[0].at, 2, "and where");
    is_str(text.links[0].url, "http://c.no/d", "and where it leads");
}


static void
test_addresses(void)
{
    html_is("http://a.no/b_c_d *x*",
            "<p><a href=\"http://a.no/b_c_d\" " REL ">http://a.no/b_c_d</a> "
            "<em>x</em></p>", "marks in an address are none");
    html_is("http://a.no/~b http://c.no/~d",
            "<p><a href=\"http://a.no/~b\" " REL ">http://a.no/~b</a> "
            "<a href=\"http://c.no/~d\" " REL ">http://c.no/~d</a></p>",
            "nor are tildes");
    html_is("**http://a.no/b_c**",
            "<p><strong><a href=\"http://a.no/b_c\" " REL ">"
            "http://a.no/b_c</a></strong></p>", "marks around it are");
    html_is("[*x*](http://a.no/b_c)*y*",
            "<p><a href=\"http://a.no/b_c\" " REL "><em>x</em></a>"
            "<em>y</em></p>", "and those behind a link");
    html_is("`http://a.no/b_c` ![](http://a.no/b_c)",
            "<p><code>http://a.no/b_c</code> <a href=\"http://a.no/b_c\" " REL
            ">http://a.no/b_c</a></p>", "they are whole wherever they stand");
    html_is("<a href=\"http://a.no/b_c\" title=\"http://d.no/e_f\">x</a>",
            "<p><a href=\"http://a.no/b_c\" title=\"http://d.no/e_f\" " REL
            ">x</a></p>", "also in tags");
    html_is("http://a.no/?b=c&amp;d",
            "<p><a href=\"http://a.no/?b=c&amp;d\" " REL ">"
            "http://a.no/?b=c&amp;d</a></p>", "references in it are read");
    html_is("www.bl\xc3\xa5.no/\xc3\xb8_\xc3\xa6_",
            "<p><a href=\"http://www.bl\xc3\xa5.no/\xc3\xb8_\xc3\xa6\" " REL
            ">www.bl\xc3\xa5.no/\xc3\xb8_\xc3\xa6</a>_</p>",
            "any letter is a letter");
}


static void
test_tags(void)
{
    html_is("<b>a</b> *c*", "<p><b>a</b> <em>c</em></p>", "tags are allowed");
    html_is("<b>*a*</b>", "<p><b><em>a</em></b></p>", "with markup inside");
    html_is("*<b>a*</b>", "<p><em><b>a</b></em></p>", "in any order");
    html_is("<b>a\n\nb</b>", "<p><b>a</b></p>\n<p>b</p>",
            "an element ends with its paragraph");
    html_is("<a href=\"http://a.no\"\ntitle=\"b\">c</a>",
            "<p><a href=\"http://a.no\" title=\"b\" " REL ">c</a></p>",
            "a tag may have lines");
    html_is("<script>a</script> <u>b</u>",
            "<p>&lt;script&gt;a&lt;/script&gt; &lt;u&gt;b&lt;/u&gt;</p>",
            "others are text");
    html_is("<div>\n*a*\n</div>",
            "<p>&lt;div&gt;<br>\n<em>a</em><br>\n&lt;/div&gt;</p>",
            "also blocks");
    html_is("<blockquote>\n\n*a*\n\n</blockquote>b",
            "<blockquote>\n<p><em>a</em></p>\n</blockquote>\n<p>b</p>",
            "a typed quote is a quote");
    html_is("> a </blockquote> b\n\nc",
            "<blockquote>\n<p>a  b</p>\n</blockquote>\n<p>c</p>",
            "but ends no quote of markdown");
    html_is("- <blockquote>a\n- b",
            "<ul>\n<li>\n<blockquote>\n<p>a</p>\n</blockquote></li>\n"
            "<li>b</li>\n</ul>", "and ends with its item");
    html_is("<blockquote>\n\n- a</blockquote>b\n- c",
            "<blockquote>\n<ul>\n<li>ab</li>\n<li>c</li>\n</ul>\n"
            "</blockquote>", "it ends no list of markdown either");
    html_is("a<br>b", "<p>a<br>\nb</p>", "br is br");
    html_is("<a href=\"http://a.no\">[b](http://c.no)</a>",
            "<p><a href=\"http://a.no\" " REL ">b (http://c.no)</a></p>",
            "a link in a tag is text");
}


static void
test_not_there(void)
{
    html_is("| a | b |\n|---|---|\n| c | d |",
            "<p>| a | b |<br>\n|---|---|<br>\n| c | d |</p>", "tables");
    html_is("- [x] a", "<ul>\n<li>[x] a</li>\n</ul>", "tasks");
    html_is("$a$ [[b]]", "<p>$a$ [[b]]</p>", "formulas and wiki links");
}


static void
test_depth(void)
{
    size_t  i, n;
    char    typed[CMT__BLOCKS_MAX * 4 + 16];

    n = 0;

    for (i = 0; i < CMT__BLOCKS_MAX + 1; i++) {
        typed[n++] = '>';
    }

    (void) snprintf(typed + n, sizeof(typed) - n, " x");

    ok(render(typed + 1) == CMT_OK && cmt__str_is(text.plain, "x"),
       "quotes nest to the limit");
    n = text.html.len;
    ok(render(typed) == CMT_OK && cmt__str_is(text.plain, "x")
       && text.html.len == n, "one more changes nothing");

    ok(render("> > > > > > > > > > > > > > > > - a\n"
              "> > > > > > > > > > > > > > > > - b\n"
              "> > > > > > > > > > > > > > > >   > c\n\nd") == CMT_OK,
       "what is too deep is not lost");
    is_str(text.plain, "a\n\nb\n\nc\n\nd", "but stands where it can");

    ok(render("> > > > > > > > > > > > > > > - > a\n\nb") == CMT_OK,
       "a list needs room for its items");
    is_str(cmt__str_sub(text.html, text.html.len - 22, text.html.len),
           "</blockquote>\n<p>b</p>", "what could not be opened is not closed");
}


static int
allowed_is(unsigned allow, const char *typed, const char *html,
    const char *sentence)
{
    size_t       at;
    const char  *wrong;

    cmt_arena_reset(arena);

    if (cmt__text_render_answer(arena, CMT_MARKUP_MARKDOWN, allow,
                                (cmt_str_t) { strlen(typed), typed },
                                &(cmt__whom_t) { .id = 0 }, &text)
        != CMT_OK)
    {
        return ok(0, sentence);
    }

    check_allow = allow;
    wrong = check_rendered(&text, &at);
    check_allow = 0;

    if (wrong != NULL) {
        note("%s", wrong);
    }

    return ok(wrong == NULL, "good HTML") & is_str(text.html, html, sentence);
}


static void
test_images(void)
{
    size_t       i;
    static char  typed[(CMT__LINKS_MAX + 1) * 24 + 1];

#define IMAGE(src, alt)  "<img src=\"" src "\" alt=\"" alt "\" "          \
                         "loading=\"lazy\" referrerpolicy=\"no-referrer\">"

    allowed_is(CMT_ALLOW_IMAGES, "a ![b *c* `d`](https://a.no/p.png \"t\") e",
               "<p>a " IMAGE("https://a.no/p.png", "b c d") " e</p>",
               "an image, with its alternative as text");
    is_int(text.n_links, 1, "which rules see as a link");
    is_str(text.links[0].text, "b c d", "with that text");
    is_str(text.plain, "a b c d e", "as readers do who do not see it");
    allowed_is(CMT_ALLOW_IMAGES, "**![b](https://a.no/p)**",
               "<p><strong>" IMAGE("https://a.no/p", "b") "</strong></p>",
               "in bold, for whom it helps");
    allowed_is(CMT_ALLOW_IMAGES, "![a\nb &lt;&quot;x](https://a.no/p)",
               "<p>" IMAGE("https://a.no/p", "a b &lt;&quot;x") "</p>",
               "an alternative is one line of text");
    allowed_is(CMT_ALLOW_IMAGES, "![a ![b](https://a.no/q) c](https://a.no/p)",
               "<p>" IMAGE("https://a.no/p", "a b c") "</p>",
               "an image in an image is its text");
    allowed_is(CMT_ALLOW_IMAGES, "![b](http://a.no/p)",
               "<p><a href=\"http://a.no/p\" rel=\"nofollow ugc noopener\">b"
               "</a></p>", "what is not https is a link");
    allowed_is(CMT_ALLOW_IMAGES, "![](https://a.no/p)",
               "<p><a href=\"https://a.no/p\" rel=\"nofollow ugc noopener\">"
               "https://a.no/p</a></p>", "so is what says nothing");
    allowed_is(CMT_ALLOW_IMAGES, "![b](javascript:x)",
               "<p>b (javascript:x)</p>", "and another scheme is text");
    allowed_is(CMT_ALLOW_IMAGES, "[![b](https://a.no/p)](https://b.no/)",
               "<p><a href=\"https://b.no/\" rel=\"nofollow ugc noopener\">b"
               "</a></p>", "in a link it is its text");
    allowed_is(CMT_ALLOW_IMAGES, "<img src=\"https://a.no/p\" alt=\"b\">",
               "<p>&lt;img src=&quot;<a href=\"https://a.no/p\" rel=\"nofollow "
               "ugc noopener\">https://a.no/p</a>&quot; alt=&quot;b&quot;&gt;"
               "</p>", "a tag is none");
    allowed_is(0, "![b](https://a.no/p)",
               "<p><a href=\"https://a.no/p\" rel=\"nofollow ugc noopener\">b"
               "</a></p>", "where none are allowed it is a link");

    for (i = 0; i <= CMT__LINKS_MAX; i++) {
        memcpy(typed + 24 * i, "![bcdef](https://a.no/)\n", 24);
    }

    cmt_arena_reset(arena);
    ok(cmt__text_render_answer(arena, CMT_MARKUP_MARKDOWN, CMT_ALLOW_IMAGES,
                               (cmt_str_t) { sizeof(typed) - 1, typed },
                               &(cmt__whom_t) { .id = 0 }, &text) == CMT_OK
       && text.n_links == CMT__LINKS_MAX,
       "no more images than there may be links");
}


static void
test_mailto(void)
{
    const char  *link;

    link = "<p><a href=\"mailto:a.b+c@a.no\" rel=\"nofollow ugc noopener\">x"
           "</a></p>";

    allowed_is(CMT_ALLOW_MAILTO, "[x](mailto:a.b+c@a.no)", link,
               "a link that writes an e-mail");
    allowed_is(CMT_ALLOW_MAILTO, "[x](MAILTO:a.b+c@A.no)", link,
               "in any case");
    allowed_is(CMT_ALLOW_MAILTO, "<a href=\"mailto:a.b+c@a.no\">x</a>", link,
               "as a tag, too");
    allowed_is(CMT_ALLOW_MAILTO, "[x](mailto:a@a.no?subject=y)",
               "<p>x (mailto:a@a.no?subject=y)</p>", "that says nothing more");
    allowed_is(0, "[x](mailto:a@a.no)", "<p>x (mailto:a@a.no)</p>",
               "where it is not allowed it is text");
}


/* A few marks can make many tags. */

static void
test_size(void)
{
    size_t        len;
    cmt__text_t   before;
    static char   typed[CMT_TEXT_BYTES_MAX + 1];

    for (len = 0; len + 16 < sizeof(typed); len += 15) {
        memcpy(typed + len, ">>>>>>>>>>>a\n\n\n", 15);
    }

    before = text;
    is_int(render(typed), CMT_ETEXTLONG, "too much HTML is refused");
    ok(memcmp(&before, &text, sizeof(text)) == 0, "and not given");
}
