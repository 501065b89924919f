/*
 * desk_page.c: what all pages of moderators have.
 *
 *   <body data-api="/comments/moderate/" data-token="...">
 *     header    title, site, who it is, signing out
 *     main
 *       nav     the lists: waiting, reported, ...; the rules
 *       what was refused, or the form to sign in
 */

#include <string.h>

#include "desk_page.h"


static void put_head(cmt__desk_t *d);
static void put_header(cmt__desk_t *d);
static void put_lists(cmt__desk_t *d);
static void put_link(cmt__desk_t *d, const char *path, const char *name,
    const char *attribute);
static void put_refused(cmt__desk_t *d);
static void put_signin(cmt__desk_t *d);


/* In the order of their tabs; the key of the word is "tab_" and this. */
static const char *const  lists[] = {
    "pending", "reported", "approved", "spam", "rejected", "deleted"
};


const char *
cmt__desk_list(cmt_str_t name)
{
    size_t  i;

    for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        if (cmt__str_is(name, lists[i])) {
            return lists[i];
        }
    }

    return lists[0];
}


int
cmt__desk_begin(cmt__desk_t *d, const cmt_site_t *site,
    const cmt_desk_page_t *page, const char *here, const char *script,
    cmt_arena_t *arena, cmt_error_t *err)
{
    memset(d, 0, sizeof(*d));
    d->site = site;
    d->page = page;
    d->here = here;
    d->script = script;
    d->lang = cmt__lang_moderate(page->language);

    if (d->lang == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, "no memory for words");
    }

    cmt__buf_init(&d->b, arena, 16 * 1024);

    put_head(d);
    put_header(d);
    put_refused(d);

    if (page->session == NULL) {
        put_signin(d);
    }

    return CMT_OK;
}


int
cmt__desk_end(cmt__desk_t *d, cmt_str_t *html, cmt_error_t *err)
{
    cmt__buf_lit(&d->b, "</main>\n</body>\n</html>\n");

    return cmt__buf_end(&d->b, html) == CMT_OK
           ? CMT_OK : cmt__fail(err, CMT_ENOMEM, NULL, "no memory for a page");
}


static void
put_head(cmt__desk_t *d)
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
    cmt__asset_html(b, d->site->prefix, "<link rel=\"stylesheet\" href=\"",
                    "moderate.css", "\">\n");

    if (d->page->session != NULL) {
        cmt__asset_html(b, d->site->prefix, "<script src=\"", d->script,
                        "\" defer></script>\n");
    }

    cmt__buf_lit(b, "</head>\n");
}


static void
put_header(cmt__desk_t *d)
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
    cmt__buf_lit(b, "&amp;v=");
    cmt__words_version(b, "i18n/moderate", d->page->language);

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
            cmt__desk_form(d, "signout");
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
put_lists(cmt__desk_t *d)
{
    char         key[32];
    size_t       i;
    cmt__buf_t  *b;

    b = &d->b;
    cmt__buf_lit(b, "<nav class=\"desk-lists\" aria-label=\"");
    cmt__lang_put(b, d->lang, "lists");
    cmt__buf_lit(b, "\">\n");

    for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        put_link(d, "?status=", lists[i], "\" data-status=\"");
        strcpy(key, "tab_");
        cmt__lang_put(b, d->lang, strcat(key, lists[i]));
        cmt__buf_lit(b, "</a>\n");
    }

    put_link(d, "", CMT__DESK_RULES, "\" data-place=\"");
    cmt__lang_put(b, d->lang, "rules");
    cmt__buf_lit(b, "</a>\n");

    /* by the script alone, which shows them */
    put_link(d, "#", "bans", "\" hidden data-place=\"");
    cmt__lang_put(b, d->lang, "bans");
    cmt__buf_lit(b, "</a>\n");
    put_link(d, "#", "log", "\" hidden data-place=\"");
    cmt__lang_put(b, d->lang, "log");
    cmt__buf_lit(b, "</a>\n");

    cmt__buf_lit(b, "</nav>\n");
}


static void
put_link(cmt__desk_t *d, const char *path, const char *name,
    const char *attribute)
{
    cmt__buf_t  *b;

    b = &d->b;
    cmt__buf_lit(b, "<a href=\"");
    cmt__html_escape(b, d->site->prefix);
    cmt__buf_lit(b, "moderate/");
    cmt__buf_lit(b, path);
    cmt__buf_lit(b, name);
    cmt__buf_lit(b, attribute);
    cmt__buf_lit(b, name);
    cmt__buf_lit(b, strcmp(name, d->here) == 0 ? "\" aria-current=\"page\">"
                                               : "\">");
}


/* The sentences about refusals are those of readers. */
static void
put_refused(cmt__desk_t *d)
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
put_signin(cmt__desk_t *d)
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

    cmt__desk_form(d, "session");
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


/* With the token: a form of another page does not have it. */
void
cmt__desk_form(cmt__desk_t *d, const char *action)
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
