/*
 * desk_html.c: the moderators' lists.  Without a script they are comments with
 * a form for each; web/moderate.js takes the list over.
 */

#include <string.h>

#include "desk_page.h"


static void put_undo(cmt__desk_t *d);
static int put_cards(cmt__desk_t *d, cmt_read_t *read,
    const cmt_queue_query_t *query, cmt_error_t *err) CMT_CHECK;
static int put_card(cmt__desk_t *d, cmt_read_t *read, uint64_t id) CMT_CHECK;
static void put_card_head(cmt__desk_t *d, const cmt__comment_t *comment,
    const cmt__thread_t *thread);
static void put_hidden(cmt__desk_t *d, const char *name, uint64_t value);
static void put_button(cmt__desk_t *d, const char *decision, const char *key);


int
cmt_desk_html(cmt_read_t *read, const cmt_site_t *site,
    const cmt_desk_page_t *page, cmt_arena_t *arena, cmt_str_t *html,
    cmt_error_t *err)
{
    int                rc, any;
    cmt_str_t          status;
    cmt__desk_t        d;
    cmt_queue_query_t  query;

    status = page->args != NULL ? cmt_form_get(page->args, "status")
                                : cmt_null_str;

    rc = cmt__desk_begin(&d, site, page, cmt__desk_list(status),
                         "moderate.js", arena, err);
    if (rc != CMT_OK) {
        return rc;
    }

    if (page->args == NULL
        || cmt__desk_query(page->args, &query, &any, NULL) != CMT_OK)
    {
        memset(&query, 0, sizeof(query));
        query.status = CMT_PENDING;
        query.limit = CMT_LIMIT_DEFAULT;
    }

    if (page->session != NULL && read != NULL) {
        put_undo(&d);

        rc = put_cards(&d, read, &query, err);
        if (rc != CMT_OK) {
            return rc;
        }
    }

    return cmt__desk_end(&d, html, err);
}


/* What the last form has done. */
static void
put_undo(cmt__desk_t *d)
{
    uint64_t  id;

    if (d->page->args == NULL
        || !cmt__str_u64(cmt_form_get(d->page->args, "done"), &id))
    {
        return;
    }

    cmt__buf_lit(&d->b, "<div class=\"desk-undo\" role=\"status\"><span>");
    cmt__lang_put(&d->b, d->lang, "done");
    cmt__buf_lit(&d->b, "</span>");
    cmt__desk_form(d, "decisions");
    put_hidden(d, "id", id);
    put_button(d, "undo", "do_undo");
    cmt__buf_lit(&d->b, "</form></div>\n");
}


static int
put_cards(cmt__desk_t *d, cmt_read_t *read,
    const cmt_queue_query_t *query, cmt_error_t *err)
{
    int        rc;
    size_t     i, n;
    uint32_t   site;
    uint64_t  *ids;

    n = 0;
    rc = cmt__site_find(read, d->site->name, &site);

    ids = cmt_alloc(d->b.arena, CMT_LIMIT_MAX * sizeof(uint64_t));
    if (ids == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, "no memory for a list");
    }

    if (rc == CMT_OK) {
        n = query->limit;
        rc = query->status == 0
             ? cmt__reported_comments(read, site, query->before, ids, &n)
             : cmt__status_comments(read, site, query->status,
                                    query->before, ids, &n);
    }
    if (rc != CMT_OK && rc != CMT_ENOTFOUND) {
        return cmt__fail(err, rc, NULL, "list");
    }

    cmt__buf_lit(&d->b, "<ol class=\"desk-cards\" id=\"desk-cards\">\n");

    for (i = 0; i < n; i++) {
        rc = put_card(d, read, ids[i]);
        if (rc != CMT_OK) {
            return cmt__fail(err, rc, NULL, "comment");
        }
    }

    cmt__buf_lit(&d->b, "</ol>\n");

    if (n == 0) {
        cmt__buf_lit(&d->b, "<p class=\"desk-empty\" id=\"desk-empty\">");
        cmt__lang_put(&d->b, d->lang, "queue_empty");
        cmt__buf_lit(&d->b, "</p>\n");

    } else if (n == query->limit) {
        cmt__buf_lit(&d->b, "<p id=\"desk-more\"><a href=\"?status=");
        cmt__buf_lit(&d->b, d->here);
        cmt__buf_lit(&d->b, "&amp;before=");
        cmt__buf_u64(&d->b, ids[n - 1]);
        cmt__buf_lit(&d->b, "\">");
        cmt__lang_put(&d->b, d->lang, "queue_more");
        cmt__buf_lit(&d->b, "</a></p>\n");
    }

    return CMT_OK;
}


static int
put_card(cmt__desk_t *d, cmt_read_t *read, uint64_t id)
{
    int             rc;
    cmt__buf_t     *b;
    cmt__deed_t     deed;
    cmt__thread_t   thread;
    cmt__comment_t  comment;

    b = &d->b;

    rc = cmt__comment_get(read, id, &comment);

    if (rc == CMT_OK) {
        rc = cmt__thread_get(read, comment.thread, &thread);
    }
    if (rc == CMT_OK) {
        rc = cmt__deed_before(read, id, 0, &deed);

        if (rc == CMT_ENOTFOUND) {
            deed.seq = 0;
            rc = CMT_OK;
        }
    }
    if (rc != CMT_OK) {
        return rc;
    }

    cmt__buf_lit(b, "<li><article class=\"desk-card\" id=\"c");
    cmt__buf_u64(b, id);
    cmt__buf_lit(b, "\">\n");
    put_card_head(d, &comment, &thread);
    cmt__buf_lit(b, "<p class=\"desk-text\" dir=\"auto\">");
    cmt__html_escape(b, comment.text);
    cmt__buf_lit(b, "</p>\n");
    cmt__desk_form(d, "decisions");
    put_hidden(d, "id", id);
    put_hidden(d, "version", deed.seq);
    cmt__buf_lit(b, "<input type=\"hidden\" name=\"status\" value=\"");
    cmt__buf_lit(b, d->here);
    cmt__buf_lit(b, "\">");

    if (comment.status != CMT_APPROVED
        || (comment.reports > 0 && !(comment.flags & CMT__FLAG_SETTLED)))
    {
        put_button(d, "approve", "do_approve");
    }
    if (comment.status != CMT_PENDING) {
        put_button(d, "hold", "do_hold");
    }
    if (comment.status != CMT_SPAM) {
        put_button(d, "spam", "do_spam");
    }
    if (comment.status != CMT_REJECTED) {
        put_button(d, "reject", "do_reject");
    }
    if (comment.status != CMT_DELETED) {
        put_button(d, "delete", "do_delete");
    }

    cmt__buf_lit(b, "<a href=\"");
    cmt__html_escape(b, d->site->prefix);
    cmt__buf_lit(b, "moderate/" CMT__DESK_RULES "?comment=");
    cmt__buf_u64(b, id);
    cmt__buf_lit(b, "\">");
    cmt__lang_put(b, d->lang, "do_try");
    cmt__buf_lit(b, "</a></form>\n</article></li>\n");

    return CMT_OK;
}


static void
put_card_head(cmt__desk_t *d, const cmt__comment_t *comment,
    const cmt__thread_t *thread)
{
    cmt__buf_t  *b;

    b = &d->b;

    cmt__buf_lit(b, "<p class=\"desk-head\"><b dir=\"auto\">");

    if (comment->name.len > 0) {
        cmt__html_escape(b, comment->name);

    } else {
        cmt__lang_put(b, d->lang, "author_anonymous");
    }

    cmt__buf_lit(b, "</b> <a href=\"");
    cmt__html_escape(b, thread->page);
    cmt__link_to(b, thread->page,
                 cmt__thread_long(d->site, thread->counts[CMT_APPROVED - 1]),
                 comment->id, "&amp;");
    cmt__buf_lit(b, "\" dir=\"auto\">");
    cmt__html_escape(b, thread->title.len > 0 ? thread->title : thread->page);
    cmt__buf_lit(b, "</a> <span>");
    cmt__lang_date(b, d->page->language, d->site->timezone, comment->created);
    cmt__buf_lit(b, "</span></p>\n");
}


static void
put_hidden(cmt__desk_t *d, const char *name, uint64_t value)
{
    cmt__buf_lit(&d->b, "<input type=\"hidden\" name=\"");
    cmt__buf_lit(&d->b, name);
    cmt__buf_lit(&d->b, "\" value=\"");
    cmt__buf_u64(&d->b, value);
    cmt__buf_lit(&d->b, "\">");
}


static void
put_button(cmt__desk_t *d, const char *decision, const char *key)
{
    cmt__buf_lit(&d->b, "<button name=\"decision\" value=\"");
    cmt__buf_lit(&d->b, decision);
    cmt__buf_lit(&d->b, "\">");
    cmt__lang_put(&d->b, d->lang, key);
    cmt__buf_lit(&d->b, "</button>\n");
}
