/*
 * recent_html.c: the newest comments of a site as a list, for a page that
 * tells what is talked about.
 */

#include <string.h>

#include "render.h"


#define EXCERPT_CHARS  140

typedef struct {
    cmt_read_t         *read;
    const cmt_site_t   *site;
    const cmt__lang_t  *lang;
    unsigned            language;
    cmt__buf_t          b;
} recent_t;


static int put_items(recent_t *recent, const uint64_t *ids, size_t n)
    CMT_CHECK;
static void put_item(recent_t *recent, const cmt__comment_t *comment,
    const cmt__thread_t *thread);
static void put_excerpt(cmt__buf_t *b, cmt_str_t html);
static size_t text_part(cmt_str_t html, size_t at);


int
cmt_recent_html(cmt_read_t *read, const cmt_site_t *site, unsigned language,
    unsigned limit, cmt_arena_t *arena, cmt_str_t *html, cmt_error_t *err)
{
    int        rc;
    size_t     n;
    uint32_t   id;
    uint64_t   ids[CMT_FEED_COMMENTS_MAX];
    recent_t   recent;

    recent.read = read;
    recent.site = site;
    recent.language = language;
    recent.lang = cmt__lang(language);

    if (recent.lang == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, "no memory for a language");
    }

    n = limit < CMT_FEED_COMMENTS_MAX ? limit : CMT_FEED_COMMENTS_MAX;

    rc = cmt__site_find(read, site->name, &id);

    if (rc == CMT_OK) {
        rc = cmt__status_comments(read, id, CMT_APPROVED, 0, ids, &n);

    } else if (rc == CMT_ENOTFOUND) {
        rc = CMT_OK;             /* nobody has commented yet */
        n = 0;
    }

    cmt__buf_init(&recent.b, arena, 512 * (n + 1));

    if (rc == CMT_OK && n > 0) {
        rc = put_items(&recent, ids, n);
    } else {
        cmt__buf_char(&recent.b, '\n');
    }
    if (rc == CMT_OK) {
        rc = cmt__buf_end(&recent.b, html);
    }

    return rc == CMT_OK ? CMT_OK : cmt__fail(err, rc, NULL, "newest comments");
}


static int
put_items(recent_t *recent, const uint64_t *ids, size_t n)
{
    int             rc;
    size_t          i;
    cmt__buf_t     *b;
    cmt__thread_t   thread;
    cmt__comment_t  comment;

    b = &recent->b;

    cmt__buf_lit(b, "<ul class=\"comments-recent\" lang=\"");
    cmt__buf_lit(b, cmt_language_tag(recent->language));
    cmt__buf_lit(b, cmt__lang_rtl(recent->language) ? "\" dir=\"rtl\">\n"
                                                    : "\" dir=\"ltr\">\n");

    for (i = 0; i < n; i++) {

        rc = cmt__comment_get(recent->read, ids[i], &comment);
        if (rc == CMT_OK) {
            rc = cmt__thread_get(recent->read, comment.thread, &thread);
        }
        if (rc != CMT_OK) {
            return CMT_ECORRUPT;
        }

        put_item(recent, &comment, &thread);
    }

    cmt__buf_lit(b, "</ul>\n");

    return CMT_OK;
}


static void
put_item(recent_t *recent, const cmt__comment_t *comment,
    const cmt__thread_t *thread)
{
    char         time[CMT__TIME_CHARS + 1];
    cmt__buf_t  *b;

    b = &recent->b;

    cmt__buf_lit(b, "<li>\n<bdi class=\"comments-recent-name\">");
    cmt__html_escape(b, comment->name.len > 0 ? comment->name
                        : cmt__lang_text(recent->lang, "comment_anonymous"));
    cmt__buf_lit(b, "</bdi>\n<a href=\"");
    cmt__html_escape(b, thread->page);
    cmt__link_to(b, thread->page,
                 cmt__thread_long(recent->site,
                                  thread->counts[CMT_APPROVED - 1]),
                 comment->id, "&amp;");
    cmt__buf_lit(b, "\"><bdi>");
    cmt__html_escape(b, thread->title.len > 0 ? thread->title : thread->page);
    cmt__buf_lit(b, "</bdi></a>\n<time datetime=\"");
    cmt__time_format(comment->created, time);
    cmt__buf_lit(b, time);
    cmt__buf_lit(b, "\">");
    cmt__lang_date(b, recent->language, recent->site->timezone,
                   comment->created);
    cmt__buf_lit(b, "</time>\n<p dir=\"auto\">");
    put_excerpt(b, comment->html);
    cmt__buf_lit(b, "</p>\n</li>\n");
}


/*
 * Its begin without tags.  Our own serializer has written the HTML: text in it
 * is escaped, also within the values of attributes, so the next ">" ends a tag.
 */
static void
put_excerpt(cmt__buf_t *b, cmt_str_t html)
{
    int     space;
    size_t  i, end, n;

    n = 0;
    space = 0;

    for (i = 0; i < html.len; i = end) {

        end = text_part(html, i);

        if (html.data[i] == '<' || html.data[i] == '\n'
            || html.data[i] == ' ')
        {
            /* words of two paragraphs stay two; those of "<b>a</b>b" become
             * two, which no reader misses */

            space = n > 0;
            continue;
        }

        if (n >= EXCERPT_CHARS) {
            cmt__buf_lit(b, " …");
            return;
        }

        if (space) {
            cmt__buf_char(b, ' ');
            space = 0;
            n++;
        }

        cmt__buf_put(b, html.data + i, end - i);
        n++;
    }
}


/* The end of the tag, the entity or the character that begins there. */
static size_t
text_part(cmt_str_t html, size_t at)
{
    char         c;
    const char  *end;

    c = html.data[at];

    if (c == '<' || c == '&') {
        end = memchr(html.data + at, c == '<' ? '>' : ';', html.len - at);
        return end == NULL ? html.len : (size_t) (end + 1 - html.data);
    }

    for (at++; at < html.len && ((unsigned char) html.data[at] & 0xc0) == 0x80;
         at++)
    {
        /* void */
    }

    return at;
}
