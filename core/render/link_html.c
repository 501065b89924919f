/*
 * link_html.c: links that lead back to the page of a thread, so that they
 * work without JavaScript.
 */

#include <string.h>

#include "render.h"


static void put_argument(cmt__buf_t *b, const char **separator,
    const char *name, uint64_t id);
static const char *first_separator(cmt_str_t page, const char *amp);


int
cmt__thread_long(const cmt_site_t *site, uint64_t count)
{
    /* one that waits may stand behind all of them */

    return count >= site->page_size;
}


void
cmt__html_link(cmt__buf_t *b, const cmt__place_t *place,
    const cmt__part_t *link, const char *fragment)
{
    const char  *separator;

    separator = first_separator(place->page, "&amp;");

    cmt__html_escape(b, place->page);

    if (link->sort != CMT_SORT_OLDEST) {
        cmt__buf_lit(b, separator);
        cmt__buf_lit(b, "comments_sort=");
        cmt__buf_lit(b, cmt_sort_name(link->sort));
        separator = "&amp;";
    }

    put_argument(b, &separator, "comments_after=", link->after);
    put_argument(b, &separator, "comments_at=", link->at);
    put_argument(b, &separator, "reply_to=", link->reply_to);

    cmt__buf_char(b, '#');
    cmt__buf_lit(b, fragment);
}


void
cmt__html_permalink(cmt__buf_t *b, const cmt__place_t *place, uint64_t id)
{
    cmt__html_escape(b, place->page);
    cmt__link_to(b, place->page, place->is_long, id, "&amp;");
}


void
cmt__link_to(cmt__buf_t *b, cmt_str_t page, int is_long, uint64_t id,
    const char *amp)
{
    if (is_long) {
        cmt__buf_lit(b, first_separator(page, amp));
        cmt__buf_lit(b, "comments_at=");
        cmt__buf_u64(b, id);
    }

    cmt__buf_lit(b, "#comment-");
    cmt__buf_u64(b, id);
}


int
cmt_comment_link(cmt_read_t *read, const cmt_site_t *site, uint64_t id,
    cmt_arena_t *arena, cmt_str_t *link)
{
    int             rc;
    cmt__buf_t      b;
    cmt__thread_t   thread;
    cmt__comment_t  comment;

    rc = cmt__comment_get(read, id, &comment);
    if (rc == CMT_OK) {
        rc = cmt__thread_get(read, comment.thread, &thread);
    }
    if (rc != CMT_OK) {
        return rc;
    }

    cmt__buf_init(&b, arena, thread.page.len + 64);
    cmt__buf_str_put(&b, thread.page);
    cmt__link_to(&b, thread.page,
                 cmt__thread_long(site, thread.counts[CMT_APPROVED - 1]), id,
                 "&");

    return cmt__buf_end(&b, link);
}


void
cmt__link_encode(cmt__buf_t *b, cmt_str_t s, const char *plain)
{
    char     hex[3];
    size_t   i;
    uint8_t  c;

    for (i = 0; i < s.len; i++) {
        c = (uint8_t) s.data[i];

        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
            || (c >= '0' && c <= '9')
            || (c != '\0' && (strchr("-._~", c) || strchr(plain, c))))
        {
            cmt__buf_char(b, (char) c);
            continue;
        }

        cmt__hex(&c, 1, hex);
        cmt__buf_char(b, '%');
        cmt__buf_char(b, (char) (hex[0] >= 'a' ? hex[0] - 'a' + 'A' : hex[0]));
        cmt__buf_char(b, (char) (hex[1] >= 'a' ? hex[1] - 'a' + 'A' : hex[1]));
    }
}


static const char *
first_separator(cmt_str_t page, const char *amp)
{
    return memchr(page.data, '?', page.len) == NULL ? "?" : amp;
}


static void
put_argument(cmt__buf_t *b, const char **separator, const char *name,
    uint64_t id)
{
    if (id == 0) {
        return;
    }

    cmt__buf_lit(b, *separator);
    cmt__buf_lit(b, name);
    cmt__buf_u64(b, id);
    *separator = "&amp;";
}
