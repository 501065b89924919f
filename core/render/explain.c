/*
 * explain.c: a receipt in words, for moderators:
 *
 *   held by "second person attack" (6-newspaper.lua:63): suspect word within
 *   4 words of 'du'; also: "suspect words" +4
 */

#include <stdio.h>
#include <string.h>

#include "render.h"


typedef struct {
    const cmt__json_t  *receipt;
    const cmt__json_t  *rules;           /* NULL: none spoke                 */
    cmt_str_t           verdict;
    const cmt__json_t  *by;              /* the rule that decided; or NULL   */
    cmt__buf_t          words;
} explain_t;


static void explain(explain_t *e);
static void say_score(explain_t *e);
static void say_nobody(explain_t *e);
static void say_rule(explain_t *e, const cmt__json_t *rule);
static void say_also(explain_t *e);
static const cmt__json_t *deciding(const explain_t *e);
static double score_of(const cmt__json_t *rule);
static int write_json(const cmt__comment_t *c, const explain_t *e,
    cmt_str_t words, cmt_arena_t *arena, cmt_str_t *json) CMT_CHECK;


static const struct {
    const char  *verdict, *done, *would;
} verbs[] = {
    { "accept", "published", "would publish" },
    { "nudge", "given back to the author once", "would ask the author" },
    { "challenge", "answered with a task for the browser", "would set a task" },
    { "hold", "held", "would hold" },
    { "spam", "put into the spam", "would call it spam" },
    { "reject", "refused", "would refuse" },
    { "skipped", "skipped", "failed and was skipped" }
};


int
cmt_explain_json(cmt_read_t *read, uint64_t id, cmt_arena_t *arena,
    cmt_str_t *words, cmt_str_t *json, cmt_error_t *err)
{
    int             rc;
    explain_t       e;
    cmt_str_t       text, made;
    cmt__comment_t  c;

    memset(&e, 0, sizeof(e));

    rc = cmt__comment_get(read, id, &c);
    if (rc == CMT_OK) {
        rc = cmt__receipt_get(read, id, arena, &text);
    }

    if (rc == CMT_ENOTFOUND) {
        return cmt__fail(err, rc, NULL, "comment %llu has no receipt: it is"
                         " not there, was imported, or is deleted",
                         (unsigned long long) id);
    }

    if (rc == CMT_OK) {
        rc = cmt__json_parse(arena, text, &e.receipt, err);
    }
    if (rc != CMT_OK) {
        return cmt__fail(err, rc == CMT_EJSON ? CMT_ECORRUPT : rc, NULL,
                         "the receipt of comment %llu",
                         (unsigned long long) id);
    }

    e.rules = cmt__json_member(e.receipt, "rules");
    e.verdict = cmt__json_string_of(e.receipt, "verdict");
    e.by = deciding(&e);
    cmt__buf_init(&e.words, arena, 256);

    explain(&e);
    rc = cmt__buf_end(&e.words, &made);

    if (rc == CMT_OK) {
        rc = write_json(&c, &e, made, arena, json);
    }
    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, NULL);
    }

    *words = made;

    return CMT_OK;
}


static const char *
verb(cmt_str_t verdict, int would)
{
    size_t  i;

    for (i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
        if (cmt__str_is(verdict, verbs[i].verdict)) {
            return would ? verbs[i].would : verbs[i].done;
        }
    }

    return "?";
}


static void
explain(explain_t *e)
{
    cmt_str_t  note;

    cmt__buf_lit(&e->words, verb(e->verdict, 0));

    if (e->by == NULL && score_of(e->receipt) != 0) {
        say_score(e);
        return;
    }

    if (e->by == NULL) {
        say_nobody(e);
        return;
    }

    note = cmt__json_string_of(e->by, "note");

    if (cmt__str_starts(note, "rule \"")
        && memmem(note.data, note.len, "\" failed: ", 10) != NULL)
    {
        cmt__buf_lit(&e->words, " because ");
        cmt__buf_str_put(&e->words, note);

    } else {
        cmt__buf_lit(&e->words, " by ");
        say_rule(e, e->by);

        if (note.len != 0) {
            cmt__buf_lit(&e->words, ": ");
            cmt__buf_str_put(&e->words, note);
        }
    }

    say_also(e);
}


/* "name" (file:line) */

static void
say_rule(explain_t *e, const cmt__json_t *rule)
{
    const cmt__json_t  *line;

    line = cmt__json_member(rule, "line");

    cmt__buf_char(&e->words, '"');
    cmt__buf_str_put(&e->words, cmt__json_string_of(rule, "name"));
    cmt__buf_lit(&e->words, "\" (");
    cmt__buf_str_put(&e->words, cmt__json_string_of(rule, "file"));
    cmt__buf_char(&e->words, ':');
    cmt__buf_i64(&e->words, line != NULL ? line->integer : 0);
    cmt__buf_char(&e->words, ')');
}


/* Thousandths, as the engine has them; with + for what is above 0. */

static void
say_number(explain_t *e, double n, int sign)
{
    char     out[32];
    size_t   len;
    int64_t  n1000;

    n1000 = (int64_t) (n * 1000 + (n < 0 ? -0.5 : 0.5));

    if (n1000 > 0 && sign) {
        cmt__buf_char(&e->words, '+');
    }

    (void) snprintf(out, sizeof(out), "%s%lld.%03lld", n1000 < 0 ? "-" : "",
                    (long long) (n1000 < 0 ? -n1000 : n1000) / 1000,
                    (long long) (n1000 < 0 ? -n1000 : n1000) % 1000);

    for (len = strlen(out); out[len - 1] == '0'; len--) {
        /* void */
    }

    len -= out[len - 1] == '.' ? 1 : 0;
    cmt__buf_put(&e->words, out, len);
}


static void
say_score(explain_t *e)
{
    cmt__buf_lit(&e->words, cmt__str_is(e->verdict, "accept")
                            ? ": no rule decided; the score is "
                            : " by a score of ");
    say_number(e, score_of(e->receipt), 0);
    say_also(e);
}


static void
say_nobody(explain_t *e)
{
    const cmt__json_t  *errors;

    errors = cmt__json_member(e->receipt, "errors");

    if (errors != NULL && errors->n > 0
        && (e->rules == NULL || e->rules->n == 0)
        && !cmt__str_is(e->verdict, "accept"))
    {
        cmt__buf_lit(&e->words, " because the rules could not run: ");
        cmt__buf_str_put(&e->words, errors->items[0].string);

    } else {
        cmt__buf_lit(&e->words, ": no rule decided otherwise");
        say_also(e);
    }
}


/* The other rules that spoke. */

static void
say_also(explain_t *e)
{
    size_t              i, n;
    cmt_str_t           note, verdict;
    const cmt__json_t  *rule;

    n = 0;

    for (i = 0; e->rules != NULL && i < e->rules->n; i++) {
        rule = &e->rules->items[i];

        if (rule == e->by) {
            continue;
        }

        cmt__buf_lit(&e->words, n++ != 0 ? ", \""
                                : e->by != NULL ? "; also: \"" : ": \"");
        cmt__buf_str_put(&e->words, cmt__json_string_of(rule, "name"));
        cmt__buf_lit(&e->words, "\" ");
        verdict = cmt__json_string_of(rule, "verdict");
        note = cmt__json_string_of(rule, "note");

        if (cmt__str_is(verdict, "score")) {
            say_number(e, score_of(rule), 1);
        } else {
            cmt__buf_lit(&e->words, verb(verdict, 1));
        }

        if (note.len != 0) {
            cmt__buf_lit(&e->words, " (");
            cmt__buf_str_put(&e->words, note);
            cmt__buf_char(&e->words, ')');
        }
    }
}


static const cmt__json_t *
deciding(const explain_t *e)
{
    size_t  i;

    for (i = 0; e->rules != NULL && i < e->rules->n; i++) {
        if (cmt__str_eq(cmt__json_string_of(&e->rules->items[i], "verdict"),
                        e->verdict))
        {
            return &e->rules->items[i];
        }
    }

    return NULL;
}


static double
score_of(const cmt__json_t *rule)
{
    const cmt__json_t  *score;

    score = cmt__json_member(rule, "score");

    if (score == NULL) {
        return 0;
    }

    return score->type == CMT__JSON_INTEGER ? (double) score->integer
                                            : score->real;
}


static int
write_json(const cmt__comment_t *c, const explain_t *e, cmt_str_t words,
    cmt_arena_t *arena, cmt_str_t *json)
{
    cmt__buf_t          b;
    const cmt__json_t  *line;

    cmt__buf_init(&b, arena, words.len + 256);
    cmt__buf_lit(&b, "{\"id\":");
    cmt__buf_u64(&b, c->id);
    cmt__buf_lit(&b, ",\"status\":\"");
    cmt__buf_lit(&b, cmt_status_name(c->status));
    cmt__buf_lit(&b, c->flags & CMT__FLAG_REVIEWED ? "\",\"reviewed\":true"
                                                   : "\",\"reviewed\":false");
    cmt__buf_lit(&b, ",\"verdict\":");
    cmt__json_string(&b, e->verdict);
    cmt__buf_lit(&b, ",\"words\":");
    cmt__json_string(&b, words);
    cmt__buf_lit(&b, ",\"rule\":");

    if (e->by == NULL) {
        cmt__buf_lit(&b, "null}");
        return cmt__buf_end(&b, json);
    }

    line = cmt__json_member(e->by, "line");
    cmt__buf_lit(&b, "{\"name\":");
    cmt__json_string(&b, cmt__json_string_of(e->by, "name"));
    cmt__buf_lit(&b, ",\"file\":");
    cmt__json_string(&b, cmt__json_string_of(e->by, "file"));
    cmt__buf_lit(&b, ",\"line\":");
    cmt__buf_i64(&b, line != NULL ? line->integer : 0);
    cmt__buf_lit(&b, ",\"note\":");
    cmt__json_string(&b, cmt__json_string_of(e->by, "note"));
    cmt__buf_lit(&b, "}}");

    return cmt__buf_end(&b, json);
}
