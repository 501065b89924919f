/*
 * text_xss_test.c: what people type to make text into script, in all three
 * markups.  Nothing of it may come out but good tags of the allow list.
 */

#include "text_checker.h"

#include "tap.h"


static void test_checker(void);
static void test_vectors(void);
static void test_links(void);
static const char *fault_of(const char *html, const char *url);


#define MARKUPS  3

static cmt_arena_t        *arena;
static const cmt__whom_t   nobody;


/* With its length: some have a NUL. */

#define VECTOR(s)  { sizeof(s) - 1, s }

static const cmt_str_t  vectors[] = {
    VECTOR("<script>alert(1)</script>"),
    VECTOR("<SCRIPT SRC=http://evil.example/x.js></SCRIPT>"),
    VECTOR("<scr\0ipt>alert(1)</scr\0ipt>"),
    VECTOR("<scr<script>ipt>alert(1)</scr</script>ipt>"),
    VECTOR("<<script>alert(1)//<</script>"),
    VECTOR("<script\n>alert(1)</script\n>"),
    VECTOR("<script/xss src=http://evil.example></script>"),
    VECTOR("<script>alert(1)"),
    VECTOR("</script><script>alert(1)</script>"),
    VECTOR("\"><script>alert(1)</script>"),
    VECTOR("'><script>alert(1)</script>"),
    VECTOR("<img src=x onerror=alert(1)>"),
    VECTOR("<img src=javascript:alert(1)>"),
    VECTOR("<img \"\"\"><script>alert(1)</script>\"\\>"),
    VECTOR("<img/src='x'onerror=alert(1)>"),
    VECTOR("<img src=\"x` `<script>alert(1)</script>\"` `>"),
    VECTOR("<svg onload=alert(1)>"),
    VECTOR("<svg><script>alert&#40;1&#41</script>"),
    VECTOR("<svg><style><img src=x onerror=alert(1)></style></svg>"),
    VECTOR("<svg><a xlink:href=\"javascript:alert(1)\"><text>x</text></a>"),
    VECTOR("<svg><animate onbegin=alert(1) attributeName=x></svg>"),
    VECTOR("<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>"),
    VECTOR("<math href=\"javascript:alert(1)\">x</math>"),
    VECTOR("<math><annotation-xml encoding=\"text/html\"><b><img src=x "
           "onerror=alert(1)>"),
    VECTOR("<style>@import 'http://evil.example/x.css';</style>"),
    VECTOR("<style><!--</style><img src=x onerror=alert(1)//-->"),
    VECTOR("<link rel=stylesheet href=http://evil.example/x.css>"),
    VECTOR("<b style=\"background:url(javascript:alert(1))\">x</b>"),
    VECTOR("<b style='x:expression(alert(1))'>x</b>"),
    VECTOR("<template><script>alert(1)</script></template>"),
    VECTOR("<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">"),
    VECTOR("<noembed><img title=\"</noembed><img src onerror=alert(1)>\">"),
    VECTOR("<textarea><img title=\"</textarea><img src onerror=alert(1)>\">"),
    VECTOR("<title><img title=\"</title><img src onerror=alert(1)>\">"),
    VECTOR("<xmp><img title=\"</xmp><img src onerror=alert(1)>\">"),
    VECTOR("<plaintext>alert(1)"),
    VECTOR("<!--<img src=\"--><img src=x onerror=alert(1)//\">"),
    VECTOR("<!--><img src=x onerror=alert(1)>-->"),
    VECTOR("<!-- --!><img src=x onerror=alert(1)>-->"),
    VECTOR("<![CDATA[<img src=x onerror=alert(1)>]]>"),
    VECTOR("<!DOCTYPE x [<!ENTITY y SYSTEM \"file:///etc/passwd\">]>&y;"),
    VECTOR("<?xml version=\"1.0\"?><?x <img src=x onerror=alert(1)>?>"),
    VECTOR("<% <img src=x onerror=alert(1)> %>"),
    VECTOR("<iframe src=javascript:alert(1)></iframe>"),
    VECTOR("<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>"),
    VECTOR("<object data=javascript:alert(1)></object>"),
    VECTOR("<embed src=data:text/html;base64,PHNjcmlwdD4=>"),
    VECTOR("<form action=javascript:alert(1)><input type=submit></form>"),
    VECTOR("<button formaction=javascript:alert(1)>x</button>"),
    VECTOR("<input autofocus onfocus=alert(1)>"),
    VECTOR("<details open ontoggle=alert(1)>x</details>"),
    VECTOR("<video><source onerror=alert(1)></video>"),
    VECTOR("<audio src=x onerror=alert(1)>"),
    VECTOR("<body onload=alert(1)>"),
    VECTOR("<base href=javascript:alert(1)//>"),
    VECTOR("<meta http-equiv=refresh content=\"0;url=javascript:alert(1)\">"),
    VECTOR("<marquee onstart=alert(1)>x</marquee>"),
    VECTOR("<table background=javascript:alert(1)><td>x"),
    VECTOR("<select><b><script>alert(1)</script></select>"),
    VECTOR("<isindex action=javascript:alert(1)>"),
    VECTOR("<b onclick=alert(1)>x</b>"),
    VECTOR("<b/onclick=alert(1)>x</b>"),
    VECTOR("<b \x0c onclick=alert(1)>x</b>"),
    VECTOR("<b onclick=alert(1)//<b>x</b>"),
    VECTOR("<b id=location name=cookie class=admin>x</b>"),
    VECTOR("<strong title=x onmouseover=alert(1)>x</strong>"),
    VECTOR("<abbr title=\"x\" onmouseover=\"alert(1)\">x</abbr>"),
    VECTOR("<abbr title='\"onmouseover=alert(1) '>x</abbr>"),
    VECTOR("<abbr title=\"&quot; onmouseover=alert(1) x=&quot;\">x</abbr>"),
    VECTOR("<abbr title=`x` onmouseover=alert(1)>x</abbr>"),
    VECTOR("<abbr title=x\" onmouseover=alert(1)>x</abbr>"),
    VECTOR("<abbr title=\"><script>alert(1)</script>\">x</abbr>"),
    VECTOR("<abbr title=\"</abbr><script>alert(1)</script>\">x</abbr>"),
    VECTOR("<q cite=javascript:alert(1)>x</q>"),
    VECTOR("<q cite=\"http://a.no\" cite=\"javascript:alert(1)\">x</q>"),
    VECTOR("<blockquote cite=\" javascript:alert(1)\">x</blockquote>"),
    VECTOR("<del datetime=\"\" onclick=alert(1)>x</del>"),
    VECTOR("<del datetime='\"><script>alert(1)</script>'>x</del>"),
    VECTOR("<code class=\"x\" onclick=alert(1)>x</code>"),
    VECTOR("```js\" onclick=alert(1)\nx\n```"),
    VECTOR("```\"><script>alert(1)</script>\nx\n```"),
    VECTOR("`<script>alert(1)</script>`"),
    VECTOR("[x](http://a.no \"\\\"onclick=alert(1)\")"),
    VECTOR("[x](http://a.no '\"><script>alert(1)</script>')"),
    VECTOR("[x](http://a.no/\"onclick=alert(1))"),
    VECTOR("[x](<http://a.no/\"><script>alert(1)</script>>)"),
    VECTOR("![x\" onerror=alert(1)](http://a.no/x.png)"),
    VECTOR("![<script>alert(1)</script>](http://a.no/x.png)"),
    VECTOR("<http://a.no/\"onclick=alert(1)>"),
    VECTOR("[x]: http://a.no \"><script>alert(1)</script>\"\n\n[x]"),
    VECTOR("# <script>alert(1)</script>"),
    VECTOR("- <script>\n  alert(1)\n  </script>"),
    VECTOR("> <img src=x\n> onerror=alert(1)>"),
    VECTOR("http://a.no/\"onclick=alert(1)"),
    VECTOR("http://a.no/'onclick=alert(1)"),
    VECTOR("http://a.no/<script>alert(1)</script>"),
    VECTOR("http://a.no/&quot;onclick=alert(1)"),
    VECTOR("http://a.no\"><script>alert(1)</script>"),
    VECTOR("\xc0\xbcscript\xc0\xbe"),
    VECTOR("\xef\xbc\x9cscript\xef\xbc\x9e" "alert(1)\xef\xbc\x9c/script"),
    VECTOR("\xca\xbascript\xca\xbc onclick=alert(1)"),
    VECTOR("+ADw-script+AD4-alert(1)+ADw-/script+AD4-"),
    VECTOR("\xe2\x80\xa8<script>alert(1)</script>"),
    VECTOR("<b\xe2\x80\xa8onclick=alert(1)>x</b>"),
    VECTOR("<b\xc2\xa0onclick=alert(1)>x</b>"),
    VECTOR("<b>\xcc\xb8 onclick=alert(1) <b>x</b>"),
    VECTOR("<b>&#824; onclick=alert(1) <b>x</b>"),
    VECTOR("<b><\xcc\xb8script>alert(1)</script>"),
    VECTOR("<script\xe2\x84\xaa>alert(1)</script>"),
    VECTOR("&lt;script&gt;alert(1)&lt;/script&gt;"),
    VECTOR("&#60;script&#62;alert(1)&#60;/script&#62;"),
    VECTOR("&#x3c;script&#x3e;alert(1)"),
    VECTOR("&amp;lt;script&amp;gt;alert(1)"),
    VECTOR("&ltscript&gtalert(1)"),
    VECTOR("&#0000060script>alert(1)"),
    VECTOR("<a href=\"http://a.no\"><b><a href=\"http://b.no\">x</a></b></a>"),
    VECTOR("<p><b><blockquote><p></b>x</blockquote>y"),
    VECTOR("</p></blockquote></div></article><script>alert(1)</script>"),
    VECTOR("<b><i><u><b><i></b></i>x"),
};

/* Where a link may lead: nowhere of this. */

static const cmt_str_t  addresses[] = {
    VECTOR("javascript:alert(1)"),
    VECTOR("JaVaScRiPt:alert(1)"),
    VECTOR(" javascript:alert(1)"),
    VECTOR("\x01javascript:alert(1)"),
    VECTOR("java\tscript:alert(1)"),
    VECTOR("java\nscript:alert(1)"),
    VECTOR("java\0script:alert(1)"),
    VECTOR("java&#9;script:alert(1)"),
    VECTOR("java&#x0a;script:alert(1)"),
    VECTOR("java&NewLine;script:alert(1)"),
    VECTOR("java&Tab;script:alert(1)"),
    VECTOR("javascript&colon;alert(1)"),
    VECTOR("javascript&#58;alert(1)"),
    VECTOR("&#106;&#97;vascript:alert(1)"),
    VECTOR("&#x6A&#x61vascript:alert(1)"),
    VECTOR("&#1;javascript:alert(1)"),
    VECTOR("javascript://a.no/%0aalert(1)"),
    VECTOR("javascript:http://a.no"),
    VECTOR("java\xc2\xadscript:alert(1)"),
    VECTOR("\xef\xbb\xbfjavascript:alert(1)"),
    VECTOR("jav\xc4\xb1script:alert(1)"),
    VECTOR("javascript\xef\xbc\x9a" "alert(1)"),
    VECTOR("vbscript:msgbox(1)"),
    VECTOR("livescript:x"),
    VECTOR("data:text/html,<script>alert(1)</script>"),
    VECTOR("data:text/html;base64,PHNjcmlwdD4="),
    VECTOR("DATA:image/svg+xml,<svg/onload=alert(1)>"),
    VECTOR("feed:javascript:alert(1)"),
    VECTOR("view-source:http://a.no"),
    VECTOR("jar:http://a.no!/x"),
    VECTOR("blob:http://a.no/x"),
    VECTOR("filesystem:http://a.no/x"),
    VECTOR("file:///etc/passwd"),
    VECTOR("ftp://a.no/"),
    VECTOR("mailto:x@a.no?bcc=y@b.no"),
    VECTOR("mailto:x@a.no#y"),
    VECTOR("mailto:x@a.no,y@b.no"),
    VECTOR("mailto:x@a.no%0abcc:y@b.no"),
    VECTOR("mailto:%22x@a.no"),
    VECTOR("mailto:"),
    VECTOR("mailto:x"),
    VECTOR("mailto:@a.no"),
    VECTOR("mailto:x@"),
    VECTOR("mailto:x@a_b"),
    VECTOR("mailto:x@y@a.no"),
    VECTOR("tel:+4712345678"),
    VECTOR("intent://a.no#Intent;scheme=http;end"),
    VECTOR("//evil.example/"),
    VECTOR("\\\\evil.example/"),
    VECTOR("/\\evil.example/"),
    VECTOR("http:\\\\evil.example/"),
    VECTOR("http:evil.example"),
    VECTOR("http:/evil.example"),
    VECTOR("http:///evil.example"),
    VECTOR("h\nttp://evil.example"),
    VECTOR("http://bank.example@evil.example/"),
    VECTOR("http://bank.example:x@evil.example/"),
    VECTOR("http://bank.example\\@evil.example/"),
    VECTOR("http://bank.example&#64;evil.example/"),
    VECTOR("http://evil.example\xef\xbc\x8f@bank.example/"),
    VECTOR("http://evil\xe3\x80\x82" "example@x/"),
    VECTOR("http://%65vil.example/"),
    VECTOR("http://[::1]/"),
    VECTOR("http://2130706433/"),
    VECTOR("http://0x7f.1/"),
    VECTOR("?x=javascript:alert(1)"),
    VECTOR("#\"onclick=alert(1)"),
    VECTOR("x"),
    VECTOR("."),
    VECTOR("../../admin?delete"),
};


int
main(void)
{
    arena = cmt_arena_create(CMT_ARENA_BYTES_MAX);

    test_checker();
    test_vectors();
    test_links();

    cmt_arena_destroy(arena);

    return done();
}


/* A checker that finds no fault proves nothing. */

static void
test_checker(void)
{
    size_t  i;

    static const struct {
        const char  *html, *url, *fault;
    } bad[] = {
        { "<p>x</p>", NULL, "" },
        { "<p><a href=\"http://a.no\" rel=\"nofollow ugc noopener\">x</a></p>",
          "http://a.no", "" },
        { "<p>x<script>", NULL, "an unknown tag" },
        { "<p>x</P>", NULL, "an unknown tag" },
        { "<p onclick=\"x\">x</p>", NULL,
          "an attribute that may not stand here" },
        { "<p><b onclick=\"x\">x</b></p>", NULL,
          "an attribute that may not stand here" },
        { "<p><abbr title='x'>x</abbr></p>", NULL,
          "an attribute without quotes" },
        { "<p><abbr title=\"<\">x</abbr></p>", NULL,
          "a special character stands bare" },
        { "<p><a href=\"javascript:x\" rel=\"nofollow ugc noopener\">x</a></p>",
          "javascript:x", "an address that is not http or https" },
        { "<p><a href=\"http://a@b\" rel=\"nofollow ugc noopener\">x</a></p>",
          "http://a@b", "an address that misleads" },
        { "<p><a href=\"http://a.no\">x</a></p>", "http://a.no",
          "a link without href or rel" },
        { "<p><a href=\"http://a.no\" rel=\"nofollow ugc noopener\">x</a></p>",
          NULL, "a link that is not in the list" },
        { "<p><a href=\"http://a.no\" rel=\"opener\">x</a></p>",
          "http://a.no", "another rel" },
        { "x", NULL, "text outside a paragraph" },
        { "<p>x", NULL, "an element is not closed" },
        { "<p><b>x</p></b>", NULL, "an end tag of another element" },
        { "<p><b></b>x</p>", NULL, "an empty inline element" },
        { "<p>x<p>y</p></p>", NULL,
          "a block in a paragraph or an inline element" },
        { "<b>x</b>", NULL, "an inline element outside a paragraph" },
        { "<li>x</li>", NULL, "lists hold items, and only lists do" },
        { "<p>x &copy;</p>", NULL, "an unknown entity" },
        { "<p>x > y</p>", NULL, "a special character stands bare" },
        { "<p>x\x01</p>", NULL, "a control character" },
        { "<p>x\xff</p>", NULL, "not UTF-8" },
        { "<p>y</p>", NULL, "plain is not the text of the HTML" },
    };

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        is_text(fault_of(bad[i].html, bad[i].url), bad[i].fault,
                *bad[i].fault != '\0' ? bad[i].fault : "good HTML is good");
    }
}


static void
test_vectors(void)
{
    int           rc;
    size_t        i, n, at;
    cmt__text_t   text;
    const char   *wrong;
    cmt_markup_t  markup;

    ok(sizeof(vectors) / sizeof(vectors[0]) >= 100, "there are 100 attacks");

    for (i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {

        wrong = NULL;

        for (n = 0; n < 2 * MARKUPS; n++) {
            markup = (cmt_markup_t) (n % MARKUPS);
            check_allow = n < MARKUPS ? 0 : CMT_ALLOW_MAILTO
                                            | CMT_ALLOW_IMAGES;
            cmt_arena_reset(arena);

            /* overlong forms are refused before a text comes so far */

            if (!cmt__utf8_valid(vectors[i])) {
                continue;
            }

            rc = cmt__text_render_answer(arena, markup, check_allow,
                                         vectors[i], &nobody, &text);

            wrong = rc == CMT_OK ? check_rendered(&text, &at)
                    : rc == CMT_ETEXTMISSING ? wrong : cmt_error_code(rc);

            if (wrong != NULL) {
                break;
            }
        }

        check_allow = 0;

        if (!ok(wrong == NULL, "an attack gives good HTML")) {
            note("markup %d: %s", (int) markup, wrong);
            tap_show("typed", vectors[i].data, vectors[i].len);
            tap_show("html", text.html.data, text.html.len);
        }
    }
}


/* Each address as href, as cite and in markdown. */

static void
test_links(void)
{
    int           rc;
    char          typed[256];
    size_t        i, k, n, at, len;
    cmt__text_t   text;
    const char   *wrong;

    static const struct {
        cmt_markup_t  markup;
        const char   *before, *after;
    } forms[] = {
        { CMT_MARKUP_HTML, "<a href=\"", "\">x</a>" },
        { CMT_MARKUP_HTML, "<a href='", "'>x</a>" },
        { CMT_MARKUP_HTML, "<a href=", " title=y>x</a>" },
        { CMT_MARKUP_HTML, "<q cite=\"", "\">x</q>" },
        { CMT_MARKUP_MARKDOWN, "[x](", ")" },
        { CMT_MARKUP_MARKDOWN, "[x](<", ">)" },
        { CMT_MARKUP_MARKDOWN, "![x](", ")" },
        { CMT_MARKUP_MARKDOWN, "<", ">" },
        { CMT_MARKUP_MARKDOWN, "[x][y]\n\n[y]: ", "\n" },
        { CMT_MARKUP_MARKDOWN, "<a href=\"", "\">x</a>" },
    };

    for (i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {

        wrong = NULL;
        memset(&text, 0, sizeof(text));

        for (k = 0; k < 2 * sizeof(forms) / sizeof(forms[0]) && wrong == NULL;
             k++)
        {
            n = k % (sizeof(forms) / sizeof(forms[0]));
            check_allow = k == n ? 0 : CMT_ALLOW_MAILTO | CMT_ALLOW_IMAGES;

            len = strlen(forms[n].before);
            memcpy(typed, forms[n].before, len);
            memcpy(typed + len, addresses[i].data, addresses[i].len);
            len += addresses[i].len;
            memcpy(typed + len, forms[n].after, strlen(forms[n].after));
            len += strlen(forms[n].after);

            cmt_arena_reset(arena);

            rc = cmt__text_render_answer(arena, forms[n].markup, check_allow,
                                         (cmt_str_t) { len, typed }, &nobody,
                                         &text);

            wrong = rc != CMT_OK ? cmt_error_code(rc)
                    : check_rendered(&text, &at);

            /* "http://" in a text that is shown may become a link; the
             * text that was given for a link may not */

            if (wrong == NULL && text.n_links != 0
                && cmt__str_is(text.links[0].text, "x"))
            {
                wrong = "it is a link";
            }

            if (wrong == NULL
                && memmem(text.html.data, text.html.len, " cite=\"", 7) != NULL)
            {
                wrong = "it is cited";
            }
        }

        check_allow = 0;

        if (!ok(wrong == NULL, "a bad address is no link")) {
            note("form %zu: %s", n - 1, wrong);
            tap_show("address", addresses[i].data, addresses[i].len);
            tap_show("html", text.html.data, text.html.len);
        }
    }
}


/* What the checker says of HTML whose text is "x", with one link or none. */

static const char *
fault_of(const char *html, const char *url)
{
    size_t       at;
    cmt__link_t  link;
    cmt__text_t  text;
    const char  *wrong;

    memset(&text, 0, sizeof(text));
    memset(&link, 0, sizeof(link));

    text.html = (cmt_str_t) { strlen(html), html };
    text.plain = cmt_str("x");
    text.chars = 1;

    if (url != NULL) {
        link.url = (cmt_str_t) { strlen(url), url };
        link.host = link.domain = link.path = cmt_str("a.no");
        link.text = (cmt_str_t) { 1, text.plain.data };
        text.links = &link;
        text.n_links = 1;
    }

    wrong = check_rendered(&text, &at);

    return wrong != NULL ? wrong : "";
}
