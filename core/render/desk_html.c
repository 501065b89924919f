/*
 * desk_html.c: the moderators' page.  Without a script it lists comments with
 * a form for each; web/moderate.js takes the list over.
 *
 *   <body data-api="/comments/moderate/" data-token="...">
 *     header    title, site, who it is, signing out
 *     nav       the lists: waiting, reported, ...
 *     main      what was refused, what can be undone, the cards
 */

#include <string.h>

#include "render.h"


typedef struct {
    cmt__buf_t             b;
    const cmt_site_t      *site;
    const cmt_desk_page_t *page;
    const cmt__lang_t     *lang;
    cmt_queue_query_t      query;
    const char            *status;       /* of the list, by its name         */
} desk_t;


static void put_head(desk_t *d);
static void put_file(desk_t *d, const char *before, const char *name,
    const char *after);
static void put_header(desk_t *d);
static void put_lists(desk_t *d);
static void put_refused(desk_t *d);
static void put_signin(desk_t *d);
static void put_undo(desk_t *d);
static int put_cards(desk_t *d, cmt_read_t *read, cmt_error_t *err) CMT_CHECK;
static int put_card(desk_t *d, cmt_read_t *read, uint64_t id) CMT_CHECK;
static void put_card_head(desk_t *d, const cmt__comment_t *comment,
    const cmt__thread_t *thread);
static void put_form(desk_t *d, const char *action);
static void put_hidden(desk_t *d, const char *name, uint64_t value);
static void put_button(desk_t *d, const char *decision, const char *key);


/* In the order of their tabs; the key of the word is "tab_" and this. */
static const char *const  lists[] = {
    "pending", "reported", "approved", "spam", "rejected", "deleted"
};


int
cmt_desk_html(cmt_read_t *read, const cmt_site_t *site,
    const cmt_desk_page_t *page, cmt_arena_t *arena, cmt_str_t *html,
    cmt_error_t *err)
{
    int                rc, any;
    size_t             i;
    desk_t             d;
    cmt_queue_query_t  query;

    memset(&d, 0, sizeof(d));
    d.site = site;
    d.page = page;
    d.lang = cmt__lang_moderate(page->language);
    d.status = lists[0];

    if (d.lang == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, "no memory for words");
    }

    d.query.status = CMT_PENDING;
    d.query.limit = CMT_LIMIT_DEFAULT;

    if (page->args != NULL
        && cmt__desk_query(page->args, &query, &any, NULL) == CMT_OK)
    {
        d.query = query;
    }

    for (i = 0; page->args != NULL && i < sizeof(lists) / sizeof(lists[0]);
         i++)
    {
        if (cmt__str_is(cmt_form_get(page->args, "status"), lists[i])) {
            d.status = lists[i];
        }
    }

    cmt__buf_init(&d.b, arena, 16 * 1024);

    put_head(&d);
    put_header(&d);
    put_refused(&d);

    if (page->session == NULL) {
        put_signin(&d);

    } else if (read != NULL) {
        put_undo(&d);

        rc = put_cards(&d, read, err);
        if (rc != CMT_OK) {
            return rc;
        }
    }

    cmt__buf_lit(&d.b, "</main>\n</body>\n</html>\n");

    return cmt__buf_end(&d.b, html) == CMT_OK
           ? CMT_OK : cmt__fail(err, CMT_ENOMEM, NULL, "no memory for a page");
}


static void
put_head(desk_t *d)
{
    cmt__buf_t  *b;

    b = &d->b;

    cmt__buf_lit(b, "<!DOCTYPE html>\n<html lang=\"");
    cmt__buf_lit(b, cmt_language_tag(d->page->language));
    cmt__buf_lit(b, cmt__lang_rtl(d->page->language) ? "\" dir=\"rtl\">\n"
                                                      : "\">\n");
    cmt__buf_lit(b, "<head>\n<meta charset=\"utf-8\">\n"
                    "<meta name=\"viewport\" "
                    "content=\"width=device-width, initial-scale=1\">\n"
                    "<meta name=\"color-scheme\" content=\"light dark\">\n"
                    "<meta name=\"robots\" content=\"noindex\">\n<title>");
    cmt__lang_put(b, d->lang, d->page->session == NULL ? "signin_title"
                                                        : "title");
    cmt__buf_lit(b, " · ");
    cmt__html_escape(b, d->site->name);
    cmt__buf_lit(b, "</title>\n");
    put_file(d, "<link rel=\"stylesheet\" href=\"", "moderate.css", "\">\n");

    if (d->page->session != NULL) {
        put_file(d, "<script src=\"", "moderate.js", "\" defer></script>\n");
    }

    cmt__buf_lit(b, "</head>\n");
}


/* A file that is compiled in, by an address that names its bytes. */
static void
put_file(desk_t *d, const char *before, const char *name, const char *after)
{
    cmt_str_t  body, version;

    cmt__buf_lit(&d->b, before);
    cmt__html_escape(&d->b, d->site->prefix);
    cmt__buf_lit(&d->b, name);

    if (cmt_asset(name, &body, &version) == CMT_OK) {
        cmt__buf_lit(&d->b, "?v=");
        cmt__buf_str_put(&d->b, version);
    }

    cmt__buf_lit(&d->b, after);
}


static void
put_header(desk_t *d)
{
    cmt__buf_t           *b;
    const cmt_session_t  *session;

    b = &d->b;
    session = d->page->session;

    cmt__buf_lit(b, "<body data-api=\"");
    cmt__html_escape(b, d->site->prefix);
    cmt__buf_lit(b, "moderate/\" data-words=\"");
    cmt__html_escape(b, d->site->prefix);
    cmt__buf_lit(b, "words?for=moderate&amp;lang=");
    cmt__buf_lit(b, cmt_language_tag(d->page->language));

    if (session != NULL) {
        cmt__buf_lit(b, "\" data-token=\"");
        cmt__buf_lit(b, session->csrf);
        cmt__buf_lit(b, "\" data-role=\"");
        cmt__buf_lit(b, cmt_role_name(session->who.role));
        cmt__buf_lit(b, "\" data-name=\"");
        cmt__html_escape(b, session->who.name);
    }

    cmt__buf_lit(b, "\">\n<header class=\"desk-header\">\n<h1>");
    cmt__lang_put(b, d->lang, "title");
    cmt__buf_lit(b, " <span class=\"desk-site\" dir=\"auto\">");
    cmt__html_escape(b, d->site->name);
    cmt__buf_lit(b, "</span></h1>\n");

    if (session != NULL) {
        cmt__buf_lit(b, "<div class=\"desk-who\"><span dir=\"auto\">");
        cmt__html_escape(b, session->who.name);
        cmt__buf_lit(b, "</span>");

        if (!d->page->trusted) {
            put_form(d, "signout");
            cmt__buf_lit(b, "<button>");
            cmt__lang_put(b, d->lang, "signout");
            cmt__buf_lit(b, "</button></form>");
        }

        cmt__buf_lit(b, "</div>\n");
    }

    cmt__buf_lit(b, "</header>\n");

    if (session != NULL) {
        put_lists(d);
    }

    cmt__buf_lit(b, "<main id=\"desk\">\n");
}


static void
put_lists(desk_t *d)
{
    char         key[32];
    size_t       i;
    cmt__buf_t  *b;

    b = &d->b;
    cmt__buf_lit(b, "<nav class=\"desk-lists\" aria-label=\"");
    cmt__lang_put(b, d->lang, "lists");
    cmt__buf_lit(b, "\">\n");

    for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        cmt__buf_lit(b, "<a href=\"?status=");
        cmt__buf_lit(b, lists[i]);
        cmt__buf_lit(b, "\" data-status=\"");
        cmt__buf_lit(b, lists[i]);
        cmt__buf_lit(b, strcmp(lists[i], d->status) == 0
                        ? "\" aria-current=\"page\">" : "\">");
        strcpy(key, "tab_");
        cmt__lang_put(b, d->lang, strcat(key, lists[i]));
        cmt__buf_lit(b, "</a>\n");
    }

    cmt__buf_lit(b, "</nav>\n");
}


/* The sentences about refusals are those of readers. */
static void
put_refused(desk_t *d)
{
    const cmt__lang_t  *words;

    if (d->page->refused == NULL) {
        return;
    }

    words = cmt__lang(d->page->language);

    cmt__buf_lit(&d->b, "<p class=\"desk-refused\" id=\"desk-refused\" "
                        "role=\"alert\">");

    if (words != NULL) {
        cmt__html_escape(&d->b,
                         cmt__error_words(d->page->refused->rc, words));
    }

    cmt__buf_lit(&d->b, "</p>\n");

    if (d->page->session != NULL) {
        cmt__buf_lit(&d->b, "<p><a href=\"");
        cmt__html_escape(&d->b, d->site->prefix);
        cmt__buf_lit(&d->b, "moderate/\">");
        cmt__lang_put(&d->b, d->lang, "title");
        cmt__buf_lit(&d->b, "</a></p>\n");
    }
}


static void
put_signin(desk_t *d)
{
    cmt__buf_t  *b;

    b = &d->b;

    if (!d->page->passwords) {
        if (d->page->refused == NULL) {
            cmt__buf_lit(b, "<p class=\"desk-refused\">");
            cmt__lang_put(b, d->lang, "signin_nobody");
            cmt__buf_lit(b, "</p>\n");
        }
        return;
    }

    put_form(d, "session");
    cmt__buf_lit(b, "<h2>");
    cmt__lang_put(b, d->lang, "signin_title");
    cmt__buf_lit(b, "</h2>\n<p><label for=\"desk-name\">");
    cmt__lang_put(b, d->lang, "signin_name");
    cmt__buf_lit(b, "</label><input id=\"desk-name\" name=\"name\" required "
                    "autocomplete=\"username\" autocapitalize=\"none\" "
                    "spellcheck=\"false\" dir=\"auto\" value=\"");

    if (d->page->args != NULL) {
        cmt__html_escape(b, cmt_form_get(d->page->args, "name"));
    }

    cmt__buf_lit(b, d->page->refused != NULL
                    ? "\" aria-describedby=\"desk-refused" : "");
    cmt__buf_lit(b, "\"></p>\n<p><label for=\"desk-password\">");
    cmt__lang_put(b, d->lang, "signin_password");
    cmt__buf_lit(b, "</label><input id=\"desk-password\" name=\"password\" "
                    "type=\"password\" required "
                    "autocomplete=\"current-password\"></p>\n"
                    "<p><button class=\"desk-main\">");
    cmt__lang_put(b, d->lang, "signin_submit");
    cmt__buf_lit(b, "</button></p>\n</form>\n");
}


/* What the last form has done. */
static void
put_undo(desk_t *d)
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
    put_form(d, "decisions");
    put_hidden(d, "id", id);
    put_button(d, "undo", "do_undo");
    cmt__buf_lit(&d->b, "</form></div>\n");
}


static int
put_cards(desk_t *d, cmt_read_t *read, cmt_error_t *err)
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
        n = d->query.limit;
        rc = d->query.status == 0
             ? cmt__reported_comments(read, site, d->query.before, ids, &n)
             : cmt__status_comments(read, site, d->query.status,
                                    d->query.before, ids, &n);
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

    } else if (n == d->query.limit) {
        cmt__buf_lit(&d->b, "<p id=\"desk-more\"><a href=\"?status=");
        cmt__buf_lit(&d->b, d->status);
        cmt__buf_lit(&d->b, "&amp;before=");
        cmt__buf_u64(&d->b, ids[n - 1]);
        cmt__buf_lit(&d->b, "\">");
        cmt__lang_put(&d->b, d->lang, "queue_more");
        cmt__buf_lit(&d->b, "</a></p>\n");
    }

    return CMT_OK;
}


static int
put_card(desk_t *d, cmt_read_t *read, uint64_t id)
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
    put_form(d, "decisions");
    put_hidden(d, "id", id);
    put_hidden(d, "version", deed.seq);
    cmt__buf_lit(b, "<input type=\"hidden\" name=\"status\" value=\"");
    cmt__buf_lit(b, d->status);
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

    cmt__buf_lit(b, "</form>\n</article></li>\n");

    return CMT_OK;
}


static void
put_card_head(desk_t *d, const cmt__comment_t *comment,
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
    cmt__buf_lit(b, "#comment-");
    cmt__buf_u64(b, comment->id);
    cmt__buf_lit(b, "\" dir=\"auto\">");
    cmt__html_escape(b, thread->title.len > 0 ? thread->title : thread->page);
    cmt__buf_lit(b, "</a> <span>");
    cmt__lang_date(b, d->page->language, d->site->timezone, comment->created);
    cmt__buf_lit(b, "</span></p>\n");
}


/* With the token: a form of another page does not have it. */
static void
put_form(desk_t *d, const char *action)
{
    cmt__buf_lit(&d->b, "<form method=\"post\" action=\"");
    cmt__html_escape(&d->b, d->site->prefix);
    cmt__buf_lit(&d->b, "moderate/");
    cmt__buf_lit(&d->b, action);
    cmt__buf_lit(&d->b, "\" class=\"desk-");
    cmt__buf_lit(&d->b, action);
    cmt__buf_lit(&d->b, "\">");

    if (d->page->session != NULL) {
        cmt__buf_lit(&d->b, "<input type=\"hidden\" name=\"token\" value=\"");
        cmt__buf_lit(&d->b, d->page->session->csrf);
        cmt__buf_lit(&d->b, "\">");
    }
}


static void
put_hidden(desk_t *d, const char *name, uint64_t value)
{
    cmt__buf_lit(&d->b, "<input type=\"hidden\" name=\"");
    cmt__buf_lit(&d->b, name);
    cmt__buf_lit(&d->b, "\" value=\"");
    cmt__buf_u64(&d->b, value);
    cmt__buf_lit(&d->b, "\">");
}


static void
put_button(desk_t *d, const char *decision, const char *key)
{
    cmt__buf_lit(&d->b, "<button name=\"decision\" value=\"");
    cmt__buf_lit(&d->b, decision);
    cmt__buf_lit(&d->b, "\">");
    cmt__lang_put(&d->b, d->lang, key);
    cmt__buf_lit(&d->b, "</button>\n");
}
