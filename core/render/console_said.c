/*
 * console_said.c: what came of trying rules: a file that was refused, one
 * decision with its reasons, or a table of many and the comments that would be
 * decided otherwise, each with a button to try it alone.
 */

#include <stdio.h>
#include <string.h>

#include "desk_page.h"


#define EXCERPT_BYTES  200


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
static void put_beside(cmt__buf_t *b, cmt_str_t said);


/* From the mildest on; the key of the word is "verdict_" and this. */
static const char *const  verdicts[] = {
    "none", "accept", "nudge", "challenge", "hold", "spam", "reject"
};

#define VERDICTS  (sizeof(verdicts) / sizeof(verdicts[0]))


int
cmt__console_said(cmt__desk_t *d, cmt_read_t *read, cmt_str_t said,
    cmt_error_t *err)
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

    put_beside(b, told);

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

    put_beside(&d->b, note);

    cmt__buf_lit(&d->b, "</li>\n");
}


/* What somebody wrote, behind something else, if there is any of it. */
static void
put_beside(cmt__buf_t *b, cmt_str_t said)
{
    if (said.len > 0) {
        cmt__buf_lit(b, " · <bdi>");
        cmt__html_escape(b, said);
        cmt__buf_lit(b, "</bdi>");
    }
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

    put_beside(b, rule);

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
