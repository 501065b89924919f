/*
 * pinned.c: the comment that a moderator has put on top of its thread.  It
 * stands there besides its own place, so it has no anchor and no buttons.
 */

#include <string.h>

#include "render.h"


/* Only on the first page of the whole thread. */
int
cmt__pinned_get(cmt_read_t *read, const cmt__thread_t *thread,
    const cmt_thread_query_t *query, cmt__comment_t *comment)
{
    int  rc;

    if (thread->pinned == 0 || query->after != 0 || query->at != 0
        || query->parent != 0)
    {
        return CMT_ENOTFOUND;
    }

    rc = cmt__comment_get(read, thread->pinned, comment);

    return rc == CMT_OK && comment->status != CMT_APPROVED ? CMT_ENOTFOUND
                                                           : rc;
}


void
cmt__pinned_html(cmt__buf_t *b, const cmt__place_t *place,
    const cmt__comment_t *c)
{
    cmt__buf_lit(b, "<div class=\"comments-pinned\">\n<p>");
    cmt__lang_put(b, place->lang, "comment_pinned");
    cmt__buf_lit(b, " <a href=\"");
    cmt__html_permalink(b, place, c->id);
    cmt__buf_lit(b, "\" dir=\"auto\">");

    if (c->name.len > 0) {
        cmt__html_escape(b, c->name);
    } else {
        cmt__lang_put(b, place->lang, "comment_anonymous");
    }

    cmt__buf_lit(b, "</a></p>\n<div class=\"comment-body\" dir=\"auto\">");
    cmt__buf_str_put(b, c->html);
    cmt__buf_lit(b, "</div>\n</div>\n");
}
