/*
 * page_html.c: pages of their own, for browsers without scripts: to change a
 * comment, to report one.  What a script does in place, these do elsewhere.
 */

#include <string.h>

#include "render.h"


static int find(cmt_read_t *read, const cmt_site_t *site, uint64_t id,
    cmt__comment_t *comment, cmt__thread_t *thread, cmt_error_t *err)
    CMT_CHECK;
static void put_form_start(cmt__buf_t *b, const cmt_site_t *site,
    const char *class, uint64_t id, const char *what);
static void put_lang(cmt__buf_t *b, unsigned language);
static void put_button(cmt__buf_t *b, const cmt__lang_t *lang,
    const char *key);


void
cmt__page_start(cmt__buf_t *b, const cmt_site_t *site, unsigned language,
    cmt_str_t title)
{
    cmt__buf_lit(b, "<!DOCTYPE html>\n<html lang=\"");
    cmt__buf_lit(b, cmt_language_tag(language));
    cmt__buf_lit(b, cmt__lang_rtl(language) ? "\" dir=\"rtl\">\n" : "\">\n");
    cmt__buf_lit(b, "<head>\n<meta charset=\"utf-8\">\n"
                    "<meta name=\"viewport\" "
                    "content=\"width=device-width, initial-scale=1\">\n"
                    "<meta name=\"color-scheme\" content=\"light dark\">\n"
                    "<meta name=\"robots\" content=\"noindex\">\n"
                    "<title>");
    cmt__html_escape(b, title);
    cmt__buf_lit(b, "</title>\n");
    cmt__asset_html(b, site->prefix, "<link rel=\"stylesheet\" href=\"",
                    "comments.css", "\">\n");
    cmt__buf_lit(b, "</head>\n<body>\n"
                    "<main class=\"comments comments-refused\">\n<h1>");
    cmt__html_escape(b, title);
    cmt__buf_lit(b, "</h1>\n");
}


void
cmt__page_back(cmt__buf_t *b, const cmt__lang_t *lang, cmt_str_t page,
    int is_long, uint64_t id)
{
    cmt__buf_lit(b, "<p class=\"comments-back\"><a href=\"");
    cmt__html_escape(b, page);

    if (id == 0) {
        cmt__buf_lit(b, "#comments");

    } else {
        cmt__link_to(b, page, is_long, id, "&amp;");
    }

    cmt__buf_lit(b, "\">");
    cmt__lang_put(b, lang, "page_back");
    cmt__buf_lit(b, "</a></p>\n");
}


void
cmt__page_end(cmt__buf_t *b)
{
    cmt__buf_lit(b, "</main>\n</body>\n</html>\n");
}


int
cmt_edit_html(cmt_read_t *read, const cmt_site_t *site, uint64_t id,
    cmt_str_t cookie, unsigned language, int64_t now, cmt_arena_t *arena,
    cmt_str_t *html, cmt_error_t *err)
{
    int                 rc;
    cmt_field_t         fields[2];
    cmt_form_t          typed;
    cmt__buf_t          b;
    cmt__hash_t         reader;
    cmt__thread_t       thread;
    cmt__comment_t      c;
    cmt__form_view_t    view;
    const cmt__lang_t  *lang;

    rc = find(read, site, id, &c, &thread, err);
    if (rc != CMT_OK) {
        return rc;
    }

    (void) cmt__cookie_hash(site->keys, cookie, &reader);

    rc = cmt__reader_owns(site, &c, &reader, now);
    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, "%s", cmt_error_code(rc));
    }

    lang = cmt__lang(language);
    if (lang == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, "no memory for a language");
    }

    fields[0] = (cmt_field_t) { cmt_str("text"), c.text };
    fields[1] = (cmt_field_t) { cmt_str("page"), thread.page };
    typed = (cmt_form_t) { 2, fields };

    memset(&view, 0, sizeof(view));
    view.typed = &typed;
    view.edits = id;

    cmt__buf_init(&b, arena, 4096 + c.text.len);
    cmt__page_start(&b, site, language, cmt__lang_text(lang, "comment_edit"));
    cmt__form_again(&b, site, language, lang, &view, now);

    put_form_start(&b, site, "comments-delete", id, "");
    cmt__buf_lit(&b, "<p>");
    cmt__lang_put(&b, lang, "comment_delete_sure");
    cmt__buf_lit(&b, "</p>\n<input type=\"hidden\" name=\"action\" "
                     "value=\"delete\">\n");
    put_lang(&b, language);
    put_button(&b, lang, "comment_delete");
    cmt__page_back(&b, lang, thread.page,
                   cmt__thread_long(site, thread.counts[CMT_APPROVED - 1]), id);
    cmt__page_end(&b);

    rc = cmt__buf_end(&b, html);

    return rc == CMT_OK ? CMT_OK : cmt__fail(err, rc, NULL, "no memory");
}


int
cmt_report_html(cmt_read_t *read, const cmt_site_t *site, uint64_t id,
    int done, unsigned language, cmt_arena_t *arena, cmt_str_t *html,
    cmt_error_t *err)
{
    int                 rc;
    cmt__buf_t          b;
    cmt__thread_t       thread;
    cmt__comment_t      c;
    const cmt__lang_t  *lang;

    rc = find(read, site, id, &c, &thread, err);

    if (rc == CMT_OK && c.status != CMT_APPROVED && !done) {
        rc = cmt__fail(err, CMT_ENOTFOUND, NULL, "not to be seen");
    }
    if (rc != CMT_OK) {
        return rc;
    }

    lang = cmt__lang(language);
    if (lang == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, "no memory for a language");
    }

    cmt__buf_init(&b, arena, 4096);
    cmt__page_start(&b, site, language,
                    cmt__lang_text(lang, done ? "comment_reported"
                                              : "comment_report"));

    if (!done) {
        put_form_start(&b, site, "comments-report", id, "/report");
        cmt__buf_lit(&b, "<p class=\"comments-field\">\n"
                         "<label for=\"comment-reason\">");
        cmt__lang_put(&b, lang, "comment_report_reason");
        cmt__buf_lit(&b, "</label>\n<input type=\"text\" "
                         "id=\"comment-reason\" name=\"reason\" dir=\"auto\" "
                         "maxlength=\"");
        cmt__buf_u64(&b, CMT_REASON_CHARS_MAX);
        cmt__buf_lit(&b, "\">\n</p>\n");
        put_lang(&b, language);
        put_button(&b, lang, "comment_report");
    }

    cmt__page_back(&b, lang, thread.page,
                   cmt__thread_long(site, thread.counts[CMT_APPROVED - 1]), id);
    cmt__page_end(&b);

    rc = cmt__buf_end(&b, html);

    return rc == CMT_OK ? CMT_OK : cmt__fail(err, rc, NULL, "no memory");
}


static int
find(cmt_read_t *read, const cmt_site_t *site, uint64_t id,
    cmt__comment_t *comment, cmt__thread_t *thread, cmt_error_t *err)
{
    int  rc;

    rc = cmt__reader_target(read, site, id, comment);

    if (rc == CMT_OK) {
        rc = cmt__thread_get(read, comment->thread, thread);
        rc = rc == CMT_ENOTFOUND ? CMT_ECORRUPT : rc;
    }

    return rc == CMT_OK ? CMT_OK
                        : cmt__fail(err, rc, NULL, "comment %llu",
                                    (unsigned long long) id);
}


static void
put_form_start(cmt__buf_t *b, const cmt_site_t *site, const char *class,
    uint64_t id, const char *what)
{
    cmt__buf_lit(b, "<form class=\"");
    cmt__buf_lit(b, class);
    cmt__buf_lit(b, "\" method=\"post\" action=\"");
    cmt__html_escape(b, site->prefix);
    cmt__buf_lit(b, "comment/");
    cmt__buf_u64(b, id);
    cmt__buf_lit(b, what);
    cmt__buf_lit(b, "\" accept-charset=\"utf-8\">\n");
}


static void
put_lang(cmt__buf_t *b, unsigned language)
{
    cmt__buf_lit(b, "<input type=\"hidden\" name=\"lang\" value=\"");
    cmt__buf_lit(b, cmt_language_tag(language));
    cmt__buf_lit(b, "\">\n");
}


static void
put_button(cmt__buf_t *b, const cmt__lang_t *lang, const char *key)
{
    cmt__buf_lit(b, "<p class=\"comments-submit\"><button type=\"submit\">");
    cmt__lang_put(b, lang, key);
    cmt__buf_lit(b, "</button></p>\n</form>\n");
}
