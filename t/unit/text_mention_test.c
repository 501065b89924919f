/*
 * text_mention_test.c: "@name" of whom a comment answers.
 */

#include "text_checker.h"

#include "tap.h"


static void test_names(void);
static void test_places(void);
static void test_limit(void);
static void html_is(cmt_markup_t markup, const char *name, const char *typed,
    const char *html, const char *sentence);


static cmt_arena_t  *arena;
static cmt__text_t   text;


int
main(void)
{
    arena = cmt_arena_create(CMT_ARENA_BYTES_MAX);

    test_names();
    test_places();
    test_limit();

    cmt_arena_destroy(arena);

    return done();
}


static void
test_names(void)
{
    html_is(CMT_MARKUP_PLAIN, "Kari", "@Kari: yes",
            "<p><a href=\"#comment-7\">@Kari</a>: yes</p>",
            "the name of whom it answers leads there");
    is_str(text.plain, "@Kari: yes", "plain has what was typed");
    is_int(text.n_links, 0, "and it is no link to rules");

    html_is(CMT_MARKUP_PLAIN, "Kari Li", "@Kari Li, @Kari",
            "<p><a href=\"#comment-7\">@Kari Li</a>, "
            "<a href=\"#comment-7\">@Kari</a></p>",
            "so does its first word");
    html_is(CMT_MARKUP_PLAIN, "Kari", "@Karin @kari kari@Kari @Kariæ",
            "<p>@Karin @kari kari@Kari @Kariæ</p>",
            "other words are left alone");
    html_is(CMT_MARKUP_PLAIN, "", "@ @Kari", "<p>@ @Kari</p>",
            "nobody is mentioned who has no name");
    html_is(CMT_MARKUP_PLAIN, "<i>\"&", "a @<i>\"& b",
            "<p>a <a href=\"#comment-7\">@&lt;i&gt;&quot;&amp;</a> b</p>",
            "a name is text");
}


static void
test_places(void)
{
    html_is(CMT_MARKUP_HTML, "Kari", "<b>@Kari</b> <code>@Kari</code>"
            " <a href=\"http://a.no/\">@Kari</a>",
            "<p><b><a href=\"#comment-7\">@Kari</a></b> <code>@Kari</code>"
            " <a href=\"http://a.no/\" rel=\"nofollow ugc noopener\">@Kari"
            "</a></p>", "in other tags, but in no code and no other link");
    html_is(CMT_MARKUP_MARKDOWN, "Kari", "*@Kari* `@Kari`",
            "<p><em><a href=\"#comment-7\">@Kari</a></em>"
            " <code>@Kari</code></p>", "in Markdown as well");
    html_is(CMT_MARKUP_PLAIN, "Kari", "@Kari http://a.no/@Kari @Kari",
            "<p><a href=\"#comment-7\">@Kari</a> <a href=\"http://a.no/@Kari\""
            " rel=\"nofollow ugc noopener\">http://a.no/@Kari</a>"
            " <a href=\"#comment-7\">@Kari</a></p>", "and beside addresses");
}


static void
test_limit(void)
{
    size_t        i, n;
    char          typed[3 * (CMT__MENTIONS_MAX + 1) + 1];
    const char   *at;
    cmt__whom_t   whom = { cmt_str("a"), 7 };

    for (n = CMT__MENTIONS_MAX; n <= CMT__MENTIONS_MAX + 1; n++) {

        for (i = 0; i < n; i++) {
            memcpy(typed + 3 * i, "@a ", 3);
        }

        ok(cmt__text_render_answer(arena, CMT_MARKUP_PLAIN, 0,
                                   (cmt_str_t) { 3 * n, typed }, &whom, &text)
           == CMT_OK, "many mentions");

        at = text.html.data;
        for (i = 0; (at = memmem(at, (size_t) (text.html.data + text.html.len
                                               - at), "</a>", 4)) != NULL; i++)
        {
            at += 4;
        }

        is_int(i, CMT__MENTIONS_MAX, "no more than so many are links");
    }
}


static void
html_is(cmt_markup_t markup, const char *name, const char *typed,
    const char *html, const char *sentence)
{
    int          rc;
    cmt__whom_t  whom;

    whom.name = (cmt_str_t) { strlen(name), name };
    whom.id = 7;

    rc = cmt__text_render_answer(arena, markup, 0,
                                 (cmt_str_t) { strlen(typed), typed }, &whom,
                                 &text);
    ok(rc == CMT_OK, "it is rendered");
    is_str(text.html, html, sentence);
}
