/*
 * receipt.c: what was decided and why, as JSON.  Everything a rule said is
 * escaped here, once; the receipt is kept as long as the comment.
 */

#include <string.h>
#include <time.h>

#include "engine.h"


static int write_receipt(const cmt__engine_t *e, const cmt__decision_t *d,
    uint64_t us, cmt_str_t *json);
static int write_errors(cmt__buf_t *b, const cmt__engine_t *e) CMT_CHECK;
static int write_trace(cmt__buf_t *b, const cmt__engine_t *e) CMT_CHECK;
static void write_tags(cmt__buf_t *b, const cmt__engine_t *e);
static void write_outcomes(cmt__buf_t *b, const cmt__engine_t *e,
    const cmt__decision_t *d);
static void write_outcome(cmt__buf_t *b, const cmt__engine_t *e,
    const cmt__outcome_t *o);
static int write_answers(cmt__buf_t *b, const cmt__engine_t *e);
static void write_thousandths(cmt__buf_t *b, int64_t n);
static uint64_t now_us(void);


int
cmt__receipt_evaluate(cmt__engine_t *e, const cmt_ruleset_t *ruleset,
    const cmt__facts_t *facts, cmt_str_t language, cmt_arena_t *arena,
    cmt__decision_t *decision, cmt_error_t *err)
{
    int              rc;
    uint64_t         start;
    cmt_str_t        receipt;
    cmt__decision_t  d;

    start = now_us();

    rc = cmt__engine_evaluate(e, ruleset, facts, language, arena, &d, err);
    if (rc != CMT_OK) {
        return rc;
    }

    rc = write_receipt(e, &d, now_us() - start, &receipt);
    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, NULL);
    }

    *decision = d;
    decision->receipt = receipt;

    return CMT_OK;
}


int
cmt_ruleset_run_json(const cmt_ruleset_t *ruleset, cmt_str_t comment,
    cmt_arena_t *arena, cmt_str_t *receipt, cmt_error_t *err)
{
    int                 rc;
    cmt__facts_t        facts;
    cmt__engine_t       e;
    cmt__decision_t     decision;
    const cmt__json_t  *root;

    rc = cmt__json_parse(arena, comment, &root, err);
    if (rc != CMT_OK) {
        return rc;
    }

    rc = cmt__facts_from_json(root, arena, &facts, err);
    if (rc != CMT_OK) {
        return rc;
    }

    memset(&e, 0, sizeof(e));
    e.keep_trace = 1;

    rc = cmt__receipt_evaluate(&e, ruleset, &facts,
                               ruleset->settings.language, arena, &decision,
                               err);
    if (rc != CMT_OK) {
        return rc;
    }

    *receipt = decision.receipt;

    return CMT_OK;
}


static int
write_receipt(const cmt__engine_t *e, const cmt__decision_t *d, uint64_t us,
    cmt_str_t *json)
{
    cmt__buf_t  b;

    cmt__buf_init(&b, e->arena, 512);

    cmt__buf_lit(&b, "{\"verdict\":\"");
    cmt__buf_lit(&b, cmt_verdict_name(d->verdict));
    cmt__buf_lit(&b, "\",\"score\":");
    write_thousandths(&b, d->score);
    cmt__buf_lit(&b, ",\"public\":");

    if (d->message.len != 0) {
        cmt__json_string(&b, d->message);
    } else {
        cmt__buf_lit(&b, "null");
    }

    write_outcomes(&b, e, d);
    cmt__buf_lit(&b, ",\"steps\":");
    cmt__buf_u64(&b, e->steps_done);
    cmt__buf_lit(&b, ",\"us\":");
    cmt__buf_u64(&b, us);

    if (write_errors(&b, e) != CMT_OK) {
        return CMT_ENOMEM;
    }

    cmt__buf_lit(&b, ",\"facts\":[");
    cmt__facts_read_json(e->read, &b);
    cmt__buf_lit(&b, "],\"given\":");
    cmt__given_write(e->facts, e->read, &b);

    if (write_answers(&b, e) != CMT_OK) {
        return CMT_ENOMEM;
    }

    if (e->language.len != 0) {
        cmt__buf_lit(&b, ",\"language\":");
        cmt__json_string(&b, e->language);
    }

    cmt__buf_lit(&b, ",\"ruleset\":\"");
    cmt__buf_lit(&b, e->ruleset->digest);
    cmt__buf_char(&b, '"');

    write_tags(&b, e);

    if (e->trace.len != 0 && write_trace(&b, e) != CMT_OK) {
        return CMT_ENOMEM;
    }

    cmt__buf_char(&b, '}');

    return cmt__buf_end(&b, json);
}


static int
write_errors(cmt__buf_t *b, const cmt__engine_t *e)
{
    cmt_str_t  errors;

    errors.data = e->errors.len != 0 ? e->errors.data : "";
    errors.len = e->errors.len;
    errors = cmt__redact(e, errors);

    if (errors.data == NULL) {
        return CMT_ENOMEM;
    }

    cmt__buf_lit(b, ",\"errors\":[");
    cmt__buf_str_put(b, errors);
    cmt__buf_char(b, ']');

    return CMT_OK;
}


static int
write_trace(cmt__buf_t *b, const cmt__engine_t *e)
{
    cmt_str_t  trace;

    trace.data = e->trace.data;
    trace.len = e->trace.len;
    trace = cmt__redact(e, trace);
    trace = cmt__clean(e->arena, trace, CMT__RULES_TRACE_BYTES_MAX, 1);

    if (trace.data == NULL) {
        return CMT_ENOMEM;
    }

    cmt__buf_lit(b, ",\"trace\":");
    cmt__json_string(b, trace);

    return CMT_OK;
}


static void
write_tags(cmt__buf_t *b, const cmt__engine_t *e)
{
    size_t     i;
    cmt_str_t  tag;

    for (i = 0; i < e->n_marks; i++) {
        cmt__buf_lit(b, i == 0 ? ",\"tags\":[" : ",");
        tag = cmt__redact(e, e->marks[i]);
        b->failed |= tag.data == NULL;
        cmt__json_string(b, tag);
    }

    cmt__buf_lit(b, e->n_marks != 0 ? "]" : "");
}


/* A file may have hundreds of rules that all speak: what is left out is
 * counted, but what decided is not left out. */

static void
write_outcomes(cmt__buf_t *b, const cmt__engine_t *e,
    const cmt__decision_t *d)
{
    int     decided;
    size_t  i, n;

    cmt__buf_lit(b, ",\"rules\":[");
    decided = 0;
    n = 0;

    for (i = 0; i < e->n_outcomes; i++) {
        if (n >= CMT__RULES_RECEIPT_ROWS_MAX
            && (decided || e->outcomes[i].verdict != d->verdict))
        {
            continue;
        }

        if (n++ != 0) {
            cmt__buf_char(b, ',');
        }

        write_outcome(b, e, &e->outcomes[i]);
        decided |= e->outcomes[i].verdict == d->verdict;
    }

    cmt__buf_char(b, ']');

    if (n < e->n_outcomes) {
        cmt__buf_lit(b, ",\"more\":");
        cmt__buf_u64(b, e->n_outcomes - n);
    }
}


static void
write_outcome(cmt__buf_t *b, const cmt__engine_t *e,
    const cmt__outcome_t *o)
{
    cmt_str_t  note;

    cmt__buf_lit(b, "{\"name\":");
    cmt__json_string(b, o->rule->name);
    cmt__buf_lit(b, ",\"file\":");
    cmt__json_string(b, o->rule->file);
    cmt__buf_lit(b, ",\"line\":");
    cmt__buf_i64(b, o->rule->line);
    cmt__buf_lit(b, ",\"verdict\":\"");

    if (o->verdict != 0) {
        cmt__buf_lit(b, cmt_verdict_name(o->verdict));
        cmt__buf_char(b, '"');

    } else if (o->error.len != 0) {
        cmt__buf_lit(b, "skipped\"");

    } else {
        cmt__buf_lit(b, "score\",\"score\":");
        write_thousandths(b, o->score);
    }

    cmt__buf_lit(b, ",\"note\":");
    note = cmt__redact(e, o->note);
    b->failed |= note.data == NULL;
    cmt__json_string(b, note);
    cmt__buf_char(b, '}');
}


/* null: there were too many, or one has a text that is to be kept out. */

static int
write_answers(cmt__buf_t *b, const cmt__engine_t *e)
{
    cmt_str_t  all, kept;

    if (e->answered == 0) {
        return CMT_OK;
    }

    all.data = e->replies.data;
    all.len = e->replies.len;
    kept = cmt__redact(e, all);

    if (e->replies.failed || kept.data == NULL) {
        return CMT_ENOMEM;
    }

    cmt__buf_lit(b, ",\"answers\":");

    if (e->answered > CMT__RULES_ANSWERS_MAX
        || all.len >= CMT__RULES_ANSWERS_BYTES_MAX
        || !cmt__str_eq(all, kept))
    {
        cmt__buf_lit(b, "null");
        return CMT_OK;
    }

    cmt__buf_char(b, '[');
    cmt__buf_str_put(b, all);
    cmt__buf_char(b, ']');

    return CMT_OK;
}


/* 2500 is 2.5, 3000 is 3. */

static void
write_thousandths(cmt__buf_t *b, int64_t n)
{
    int       i, digits;
    char      out[4];
    uint64_t  whole, rest;

    if (n < 0) {
        cmt__buf_char(b, '-');
    }

    whole = n < 0 ? - (uint64_t) n : (uint64_t) n;
    rest = whole % 1000;

    cmt__buf_u64(b, whole / 1000);

    if (rest == 0) {
        return;
    }

    out[0] = '.';
    digits = 0;

    for (i = 3; i >= 1; i--) {
        out[i] = (char) ('0' + rest % 10);
        rest /= 10;

        if (digits == 0 && out[i] != '0') {
            digits = i;
        }
    }

    cmt__buf_put(b, out, (size_t) digits + 1);
}


static uint64_t
now_us(void)
{
    struct timespec  t;

    if (clock_gettime(CLOCK_MONOTONIC, &t) != 0) {
        return 0;
    }

    return (uint64_t) t.tv_sec * 1000000 + (uint64_t) t.tv_nsec / 1000;
}
