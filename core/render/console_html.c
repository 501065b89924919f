/*
 * console_html.c: the page where moderators try rules.  One form has all of
 * it; web/console.js sends it without leaving the page.
 *
 *   the rules that serve, since when
 *   form   a pasted file
 *          a comment, typed or by its number           [try]
 *          how many of the newest comments             [replay]
 *          what came of it; each comment in it again   [try]
 */

#include <stdio.h>
#include <string.h>

#include "desk_page.h"


#define EXCERPT_BYTES  200


static void put_serving(cmt__desk_t *d);
static void put_form(cmt__desk_t *d);
static void put_field(cmt__desk_t *d, const char *name, const char *label,
    const char *more, const char *value);
static void put_area(cmt__desk_t *d, const char *name, const char *label,
    const char *more);
static int put_said(cmt__desk_t *d, cmt_read_t *read, cmt_str_t said,
    cmt_error_t *err) CMT_CHECK;
static void put_file(cmt__desk_t *d, const cmt__json_t *file);
static int put_picked(cmt__desk_t *d, cmt_read_t *read) CMT_CHECK;
static void put_receipt(cmt__desk_t *d, const cmt__json_t *receipt,
    cmt_str_t said);
static void put_rule(cmt__desk_t *d, const cmt__json_t *rule);
static void put_replay(cmt__desk_t *d, cmt_read_t *read,
    const cmt__json_t *replay);
static void put_table(cmt__desk_t *d, const cmt__json_t *table);
static void put_change(cmt__desk_t *d, cmt_read_t *read,
    const cmt__json_t *change);
static int put_text(cmt__desk_t *d, cmt_read_t *read, uint64_t id,
    size_t bytes_max);


/* From the mildest on; the key of the word is "verdict_" and this. */
static const char *const  verdicts[] = {
    "none", "accept", "nudge", "challenge", "hold", "spam", "reject"
};

#define VERDICTS  (sizeof(verdicts) / sizeof(verdicts[0]))


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
        rc = put_said(&d, read, page->said, err);
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


static int
put_said(cmt__desk_t *d, cmt_read_t *read, cmt_str_t said, cmt_error_t *err)
{
    int                 rc;
    const cmt__json_t  *root, *part;

    rc = cmt__json_parse(d->b.arena, said, &root, err);
    if (rc != CMT_OK) {
        return rc;
    }

    part = cmt__json_member(root, "refused");

    if (part->type == CMT__JSON_OBJECT) {
        cmt__buf_lit(&d->b, "<p class=\"desk-refused\">");
        cmt__lang_put(&d->b, d->lang, "console_refused");
        cmt__buf_lit(&d->b, "</p>\n<pre dir=\"ltr\" tabindex=\"0\">");
        cmt__html_escape(&d->b, cmt__json_member(part, "error")->string);
        cmt__buf_lit(&d->b, "</pre>\n");
        return CMT_OK;
    }

    put_file(d, cmt__json_member(root, "file"));
    part = cmt__json_member(root, "replay");

    if (part != NULL) {
        put_replay(d, read, part);
        return CMT_OK;
    }

    rc = put_picked(d, read);
    put_receipt(d, cmt__json_member(root, "receipt"), said);

    return rc == CMT_OK ? CMT_OK : cmt__fail(err, rc, NULL, "comment");
}


/* "Rules: 3 · Tests: 2" */

static void
put_file(cmt__desk_t *d, const cmt__json_t *file)
{
    cmt__buf_lit(&d->b, "<p class=\"desk-why\">");
    cmt__lang_put(&d->b, d->lang, "rules");
    cmt__buf_lit(&d->b, ": ");
    cmt__buf_i64(&d->b, cmt__json_member(file, "rules")->integer);
    cmt__buf_lit(&d->b, " · ");
    cmt__lang_put(&d->b, d->lang, "console_tests");
    cmt__buf_lit(&d->b, ": ");
    cmt__buf_i64(&d->b, cmt__json_member(file, "tests")->integer);
    cmt__buf_lit(&d->b, "</p>\n");
}


static int
put_picked(cmt__desk_t *d, cmt_read_t *read)
{
    int       rc;
    uint64_t  id;

    if (read == NULL || d->page->args == NULL
        || cmt_console_comment(d->page->args, &id, NULL) != CMT_OK || id == 0)
    {
        return CMT_OK;
    }

    cmt__buf_lit(&d->b, "<blockquote class=\"desk-text\" dir=\"auto\">");
    rc = put_text(d, read, id, CMT_TEXT_BYTES_MAX);
    cmt__buf_lit(&d->b, "</blockquote>\n");

    return rc;
}


static void
put_verdict(cmt__desk_t *d, cmt_str_t verdict)
{
    char    key[sizeof("verdict_challenge")];
    size_t  i;

    for (i = 0; i < VERDICTS; i++) {
        if (cmt__str_is(verdict, verdicts[i])) {
            strcpy(key, "verdict_");
            cmt__lang_put(&d->b, d->lang, strcat(key, verdicts[i]));
            return;
        }
    }

    cmt__html_escape(&d->b, verdict);
}


static void
put_receipt(cmt__desk_t *d, const cmt__json_t *receipt, cmt_str_t said)
{
    size_t              i;
    cmt_str_t           told;
    const char         *at;
    cmt__buf_t         *b;
    const cmt__json_t  *rules, *errors;

    b = &d->b;
    told = cmt__json_string_of(receipt, "public");
    rules = cmt__json_member(receipt, "rules");
    errors = cmt__json_member(receipt, "errors");

    cmt__buf_lit(b, "<p><b>");
    put_verdict(d, cmt__json_string_of(receipt, "verdict"));
    cmt__buf_lit(b, "</b>");

    if (told.len > 0) {
        cmt__buf_lit(b, " · <bdi>");
        cmt__html_escape(b, told);
        cmt__buf_lit(b, "</bdi>");
    }

    cmt__buf_lit(b, "</p>\n<h3>");
    cmt__lang_put(b, d->lang, "why");
    cmt__buf_lit(b, "</h3>\n");

    if (rules->n + errors->n == 0) {
        cmt__buf_lit(b, "<p>");
        cmt__lang_put(b, d->lang, "why_none");
        cmt__buf_lit(b, "</p>\n");

    } else {
        cmt__buf_lit(b, "<ul class=\"desk-rows\">\n");

        for (i = 0; i < rules->n; i++) {
            put_rule(d, &rules->items[i]);
        }

        for (i = 0; i < errors->n; i++) {
            cmt__buf_lit(b, "<li class=\"desk-refused\" dir=\"auto\">");
            cmt__html_escape(b, errors->items[i].string);
            cmt__buf_lit(b, "</li>\n");
        }

        cmt__buf_lit(b, "</ul>\n");
    }

    told = cmt__json_string_of(receipt, "trace");

    if (told.len > 0) {
        cmt__buf_lit(b, "<pre dir=\"auto\" tabindex=\"0\">");
        cmt__html_escape(b, told);
        cmt__buf_lit(b, "</pre>\n");
    }

    /* The bytes of the receipt: the last member, up to the last brace. */
    at = memmem(said.data, said.len, ",\"receipt\":", 11);
    told = cmt__str_sub(said, (size_t) (at - said.data) + 11, said.len - 1);

    cmt__buf_lit(b, "<details><summary>");
    cmt__lang_put(b, d->lang, "console_receipt");
    cmt__buf_lit(b, "</summary><pre class=\"console-json\" dir=\"ltr\" "
                    "tabindex=\"0\">");
    cmt__html_escape(b, told);
    cmt__buf_lit(b, "</pre></details>\n");
}


/* "flood (rules.lua:3): hold, a note" */

static void
put_rule(cmt__desk_t *d, const cmt__json_t *rule)
{
    char                number[32];
    cmt_str_t           note, verdict, score;
    const cmt__json_t  *n;

    note = cmt__json_string_of(rule, "note");
    verdict = cmt__json_string_of(rule, "verdict");
    n = cmt__json_member(rule, "score");

    cmt__buf_lit(&d->b, "<li><b dir=\"auto\">");
    cmt__html_escape(&d->b, cmt__json_string_of(rule, "name"));
    cmt__buf_lit(&d->b, "</b> <bdi dir=\"ltr\">(");
    cmt__html_escape(&d->b, cmt__json_string_of(rule, "file"));
    cmt__buf_char(&d->b, ':');
    cmt__buf_i64(&d->b, cmt__json_member(rule, "line")->integer);
    cmt__buf_lit(&d->b, ")</bdi>: ");

    if (cmt__str_is(verdict, "score") && n != NULL) {
        (void) snprintf(number, sizeof(number), "%g",
                        n->type == CMT__JSON_REAL ? n->real
                                                  : (double) n->integer);
        score = (cmt_str_t) { strlen(number), number };
        cmt__lang_put_with(&d->b, cmt__lang_text(d->lang, "verdict_score"),
                           score);

    } else {
        put_verdict(d, verdict);
    }

    if (note.len > 0) {
        cmt__buf_lit(&d->b, " · <bdi>");
        cmt__html_escape(&d->b, note);
        cmt__buf_lit(&d->b, "</bdi>");
    }

    cmt__buf_lit(&d->b, "</li>\n");
}


static uint64_t
number_of(const cmt__json_t *object, const char *name)
{
    return (uint64_t) cmt__json_integer_of(object, name);
}


static void
put_counted(cmt__desk_t *d, const char *key, uint64_t n)
{
    char       digits[24];
    cmt_str_t  value;

    value.data = digits;
    value.len = (size_t) snprintf(digits, sizeof(digits), "%llu",
                                  (unsigned long long) n);
    cmt__lang_put_with(&d->b, cmt__lang_plural(d->lang, key, n), value);
}


static void
put_replay(cmt__desk_t *d, cmt_read_t *read, const cmt__json_t *replay)
{
    size_t              i;
    cmt__buf_t         *b;
    const cmt__json_t  *changes;

    b = &d->b;
    cmt__buf_lit(b, "<p>");
    put_counted(d, "console_looked", number_of(replay, "comments"));
    cmt__buf_lit(b, " · <b>");
    put_counted(d, "console_changed", number_of(replay, "changed"));
    cmt__buf_lit(b, "</b></p>\n");

    if (cmt__json_member(replay, "complete")->type == CMT__JSON_FALSE) {
        cmt__buf_lit(b, "<p class=\"desk-refused\">");
        cmt__lang_put(b, d->lang, "console_late");
        cmt__buf_lit(b, "</p>\n");
    }

    put_table(d, cmt__json_member(replay, "verdicts"));
    changes = cmt__json_member(replay, "changes");

    if (changes->n == 0) {
        return;
    }

    cmt__buf_lit(b, "<ol class=\"desk-rows\">\n");

    for (i = 0; i < changes->n; i++) {
        put_change(d, read, &changes->items[i]);
    }

    cmt__buf_lit(b, "</ol>\n");
}


/* Rows: before; columns: now.  What is nowhere has neither. */

static void
put_table(cmt__desk_t *d, const cmt__json_t *table)
{
    size_t              v, w;
    uint64_t            n, columns[VERDICTS] = { 0 };
    cmt__buf_t         *b;
    const cmt__json_t  *row;

    b = &d->b;

    if (table->n == 0) {
        return;
    }

    cmt__buf_lit(b, "<div class=\"console-scroll\" role=\"region\" "
                    "tabindex=\"0\" aria-labelledby=\"console-table\">\n"
                    "<table>\n<caption id=\"console-table\">");
    cmt__lang_put(b, d->lang, "console_table");
    cmt__buf_lit(b, "</caption>\n<thead><tr><td></td>");

    for (w = 0; w < VERDICTS; w++) {
        for (v = 0; v < table->n; v++) {
            columns[w] += number_of(&table->items[v], verdicts[w]);
        }

        if (columns[w] != 0) {
            cmt__buf_lit(b, "<th scope=\"col\">");
            put_verdict(d, (cmt_str_t) { strlen(verdicts[w]), verdicts[w] });
            cmt__buf_lit(b, "</th>");
        }
    }

    cmt__buf_lit(b, "</tr></thead>\n<tbody>");

    for (v = 0; v < VERDICTS; v++) {
        row = cmt__json_member(table, verdicts[v]);

        if (row == NULL) {
            continue;
        }

        cmt__buf_lit(b, "<tr><th scope=\"row\">");
        put_verdict(d, (cmt_str_t) { strlen(verdicts[v]), verdicts[v] });
        cmt__buf_lit(b, "</th>");

        for (w = 0; w < VERDICTS; w++) {
            if (columns[w] != 0) {
                n = number_of(row, verdicts[w]);
                /* row 0: nobody had decided, so nothing is different */
                cmt__buf_lit(b, n != 0 && v != w && v != 0
                                ? "<td class=\"console-other\">" : "<td>");
                cmt__buf_u64(b, n);
                cmt__buf_lit(b, "</td>");
            }
        }

        cmt__buf_lit(b, "</tr>\n");
    }

    cmt__buf_lit(b, "</tbody>\n</table>\n</div>\n");
}


static void
put_change(cmt__desk_t *d, cmt_read_t *read, const cmt__json_t *change)
{
    uint64_t     id;
    cmt_str_t    page, rule;
    cmt__buf_t  *b;

    b = &d->b;
    id = number_of(change, "id");
    page = cmt__json_string_of(change, "page");
    rule = cmt__json_string_of(change, "rule");

    cmt__buf_lit(b, "<li>");
    cmt__lang_put(b, d->lang, "console_before");
    cmt__buf_lit(b, ": <b>");
    put_verdict(d, cmt__json_string_of(change, "before"));
    cmt__buf_lit(b, "</b> · ");
    cmt__lang_put(b, d->lang, "console_now");
    cmt__buf_lit(b, ": <b>");
    put_verdict(d, cmt__json_string_of(change, "after"));
    cmt__buf_lit(b, "</b>");

    if (rule.len > 0) {
        cmt__buf_lit(b, " · <bdi>");
        cmt__html_escape(b, rule);
        cmt__buf_lit(b, "</bdi>");
    }

    cmt__buf_lit(b, " · <a dir=\"ltr\" href=\"");
    cmt__html_escape(b, page);
    cmt__link_to(b, page, 1, id, "&amp;");
    cmt__buf_lit(b, "\">");
    cmt__html_escape(b, page);
    cmt__buf_lit(b, "</a><br><span dir=\"auto\">");

    /* It may have gone meanwhile. */
    if (read != NULL) {
        (void) put_text(d, read, id, EXCERPT_BYTES);
    }

    cmt__buf_lit(b, "</span> <button name=\"pick\" value=\"");
    cmt__buf_u64(b, id);
    cmt__buf_lit(b, "\">");
    cmt__lang_put(b, d->lang, "rules_run");
    cmt__buf_lit(b, "</button></li>\n");
}


static int
put_text(cmt__desk_t *d, cmt_read_t *read, uint64_t id, size_t bytes_max)
{
    int             rc;
    size_t          at;
    cmt__comment_t  comment;

    rc = cmt__comment_get(read, id, &comment);
    if (rc != CMT_OK) {
        return rc;
    }

    for (at = 0; at < comment.text.len && at < bytes_max; /* void */ ) {
        (void) cmt__utf8_next(comment.text, &at);
    }

    cmt__html_escape(&d->b, cmt__str_sub(comment.text, 0, at));

    if (at < comment.text.len) {
        cmt__buf_lit(&d->b, " …");
    }

    return CMT_OK;
}
