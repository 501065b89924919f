/*
 * console_html.c: the page where moderators try rules.  One form has all of
 * it; web/console.js sends it without leaving the page.
 *
 *   the rules that serve, since when
 *   form   a pasted file
 *          a comment, typed or by its number           [try]
 *          how many of the newest comments             [replay]
 *          what came of it (console_said.c)
 */

#include <string.h>

#include "desk_page.h"


static void put_serving(cmt__desk_t *d);
static void put_form(cmt__desk_t *d);
static void put_field(cmt__desk_t *d, const char *name, const char *label,
    const char *more, const char *value);
static void put_area(cmt__desk_t *d, const char *name, const char *label,
    const char *more);


int
cmt_console_html(cmt_read_t *read, const cmt_site_t *site,
    const cmt_desk_page_t *page, cmt_arena_t *arena, cmt_str_t *html,
    cmt_error_t *err)
{
    int          rc;
    cmt__desk_t  d;

    rc = cmt__desk_begin(&d, site, page, CMT__DESK_RULES, "console.js", arena,
                         err);
    if (rc != CMT_OK) {
        return rc;
    }

    cmt__buf_lit(&d.b, "<section class=\"desk-place desk-console\">\n<h2>");
    cmt__lang_put(&d.b, d.lang, "rules");
    cmt__buf_lit(&d.b, "</h2>\n");
    put_serving(&d);
    put_form(&d);
    cmt__buf_lit(&d.b, "<div id=\"console-said\" role=\"status\" "
                       "tabindex=\"-1\">\n");

    if (page->said.len > 0) {
        rc = cmt__console_said(&d, read, page->said, err);
        if (rc != CMT_OK) {
            return rc;
        }
    }

    cmt__buf_lit(&d.b, "</div>\n</form>\n</section>\n");

    return cmt__desk_end(&d, html, err);
}


/* A date stands in the middle of a sentence, so it is written first. */

static void
put_serving(cmt__desk_t *d)
{
    size_t              i;
    cmt_str_t           since, path;
    cmt__buf_t          date;
    cmt_role_t          role;
    cmt_rules_state_t   state;

    role = d->page->session != NULL ? d->page->session->who.role
                                    : CMT_ROLE_MODERATOR;
    cmt_rules_state(d->site->rules, &state);

    cmt__buf_init(&date, d->b.arena, 64);
    cmt__lang_date(&date, d->page->language, d->site->timezone, state.loaded);
    since = cmt_null_str;

    if (cmt__buf_end(&date, &since) != CMT_OK) {
        d->b.failed = 1;
        return;
    }

    cmt__buf_lit(&d->b, "<p class=\"desk-serving\">");
    cmt__lang_put_with(&d->b, cmt__lang_text(d->lang, "rules_since"), since);

    for (i = 0; cmt__rules_path(d->site->rules, i, role, &path); i++) {
        cmt__buf_lit(&d->b, " <bdi dir=\"ltr\">");
        cmt__html_escape(&d->b, path);
        cmt__buf_lit(&d->b, "</bdi>");
    }

    cmt__buf_lit(&d->b, "</p>\n");

    if (state.refused != 0) {
        cmt__buf_lit(&d->b, "<p class=\"desk-refused\">");
        cmt__lang_put(&d->b, d->lang, "rules_refused");
        cmt__buf_lit(&d->b, "</p>\n<pre dir=\"ltr\" tabindex=\"0\">");
        cmt__html_escape(&d->b, cmt__rules_reason(state.error, role));
        cmt__buf_lit(&d->b, "</pre>\n");
    }

    cmt__buf_lit(&d->b, "<p>");
    cmt__lang_put(&d->b, d->lang, "rules_hint");
    cmt__buf_lit(&d->b, "</p>\n");
}


static void
put_form(cmt__desk_t *d)
{
    cmt__buf_t  *b;

    b = &d->b;
    cmt__desk_form(d, CMT__DESK_RULES);
    put_area(d, "rules", "console_rules", "rows=\"10\" dir=\"ltr\" "
             "spellcheck=\"false\" autocapitalize=\"none\" "
             "aria-describedby=\"console-hint\"");
    cmt__buf_lit(b, "<p class=\"desk-why\" id=\"console-hint\">");
    cmt__lang_put(b, d->lang, "console_hint");
    cmt__buf_lit(b, "</p>\n<fieldset><legend>");
    cmt__lang_put(b, d->lang, "console_one");
    cmt__buf_lit(b, "</legend>\n");
    put_area(d, "text", "text", "rows=\"4\" dir=\"auto\"");
    put_field(d, "name", "signin_name", " dir=\"auto\" autocomplete=\"off\"",
              NULL);
    put_field(d, "page", "search_page", " dir=\"ltr\"", NULL);
    put_field(d, "comment", "console_comment",
              " dir=\"ltr\" inputmode=\"numeric\"", NULL);
    cmt__buf_lit(b, "<p><button class=\"desk-main\">");
    cmt__lang_put(b, d->lang, "rules_run");
    cmt__buf_lit(b, "</button></p>\n</fieldset>\n<fieldset><legend>");
    cmt__lang_put(b, d->lang, "console_all");
    cmt__buf_lit(b, "</legend>\n");
    put_field(d, "newest", "console_newest",
              " dir=\"ltr\" inputmode=\"numeric\"", "500");
    cmt__buf_lit(b, "<p><button formaction=\"");
    cmt__html_escape(b, d->site->prefix);
    cmt__buf_lit(b, "moderate/" CMT__DESK_RULES "/replay\">");
    cmt__lang_put(b, d->lang, "console_replay");
    cmt__buf_lit(b, "</button></p>\n</fieldset>\n");
}


static void
put_label(cmt__desk_t *d, const char *name, const char *label)
{
    cmt__buf_lit(&d->b, "<p><label for=\"console-");
    cmt__buf_lit(&d->b, name);
    cmt__buf_lit(&d->b, "\">");
    cmt__lang_put(&d->b, d->lang, label);
    cmt__buf_lit(&d->b, "</label>");
}


/* What was typed is typed again; the comment that was picked counts. */

static cmt_str_t
typed(const cmt__desk_t *d, const char *name)
{
    cmt_str_t  picked;

    if (d->page->args == NULL) {
        return cmt_null_str;
    }

    picked = cmt_form_get(d->page->args, "pick");

    return strcmp(name, "comment") == 0 && picked.len > 0
           ? picked : cmt_form_get(d->page->args, name);
}


static void
put_field(cmt__desk_t *d, const char *name, const char *label,
    const char *more, const char *value)
{
    cmt_str_t  was;

    was = typed(d, name);
    put_label(d, name, label);
    cmt__buf_lit(&d->b, "<input id=\"console-");
    cmt__buf_lit(&d->b, name);
    cmt__buf_lit(&d->b, "\" name=\"");
    cmt__buf_lit(&d->b, name);
    cmt__buf_lit(&d->b, "\"");
    cmt__buf_lit(&d->b, more);
    cmt__buf_lit(&d->b, " value=\"");

    if (was.data != NULL) {
        cmt__html_escape(&d->b, was);

    } else if (value != NULL) {
        cmt__buf_lit(&d->b, value);
    }

    cmt__buf_lit(&d->b, "\"></p>\n");
}


/* A browser drops the first line feed of what is in it. */

static void
put_area(cmt__desk_t *d, const char *name, const char *label,
    const char *more)
{
    put_label(d, name, label);
    cmt__buf_lit(&d->b, "<textarea id=\"console-");
    cmt__buf_lit(&d->b, name);
    cmt__buf_lit(&d->b, "\" name=\"");
    cmt__buf_lit(&d->b, name);
    cmt__buf_lit(&d->b, "\" ");
    cmt__buf_lit(&d->b, more);
    cmt__buf_lit(&d->b, ">\n");
    cmt__html_escape(&d->b, typed(d, name));
    cmt__buf_lit(&d->b, "</textarea></p>\n");
}
