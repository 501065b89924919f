/*
 * replay_json.c: what came of a replay, as JSON; docs/rules.md "Replay".
 */

#include <string.h>

#include "replay.h"


static void write_verdicts(cmt__buf_t *b, const cmt__replay_run_t *run);
static void write_rules(cmt__buf_t *b, const cmt__replay_run_t *run);
static void write_rates(cmt__buf_t *b, uint64_t right, uint64_t wrong,
    uint64_t bad);


static void
member(cmt__buf_t *b, const char *name, uint64_t n)
{
    cmt__buf_lit(b, ",\"");
    cmt__buf_lit(b, name);
    cmt__buf_lit(b, "\":");
    cmt__buf_u64(b, n);
}


int
cmt__replay_write(const cmt__replay_run_t *run, cmt_str_t *json)
{
    cmt__buf_t  b;
    cmt_str_t   changes;

    cmt__buf_init(&b, run->arena, 2048);
    cmt__buf_lit(&b, "{\"facts\":");
    cmt__buf_lit(&b, run->query->now ? "\"now\"" : "\"recorded\"");
    member(&b, "comments", run->comments);
    member(&b, "without_receipt", run->bare);
    member(&b, "changed", run->changed);
    member(&b, "failed", run->failed);
    cmt__buf_lit(&b, run->late ? ",\"complete\":false"
                               : ",\"complete\":true");
    cmt__buf_lit(&b, ",\"same_ruleset\":{\"comments\":");
    cmt__buf_u64(&b, run->same_rules);
    member(&b, "identical", run->same);
    cmt__buf_lit(&b, "},\"moderated\":{\"approved\":");
    cmt__buf_u64(&b, run->good);
    member(&b, "refused", run->bad);
    write_rates(&b, run->right, run->wrong, run->bad);
    cmt__buf_char(&b, '}');

    write_verdicts(&b, run);
    write_rules(&b, run);

    changes.data = run->changes.len != 0 ? run->changes.data : "";
    changes.len = run->changes.len;
    b.failed |= run->changes.failed;

    cmt__buf_lit(&b, ",\"changes\":[");
    cmt__buf_str_put(&b, changes);
    cmt__buf_lit(&b, "]}");

    return cmt__buf_end(&b, json);
}


/* {"accept":{"accept":10,"hold":2}}: before, then after; no zeros. */

static void
write_verdicts(cmt__buf_t *b, const cmt__replay_run_t *run)
{
    int       v, w, rows, cells;
    uint64_t  n;

    cmt__buf_lit(b, ",\"verdicts\":{");
    rows = 0;

    for (v = 0; v < CMT__REPLAY_VERDICTS; v++) {
        cells = 0;

        for (w = 0; w < CMT__REPLAY_VERDICTS; w++) {
            n = run->verdicts[v][w];
            if (n == 0) {
                continue;
            }

            if (cells++ == 0) {
                cmt__buf_lit(b, rows++ == 0 ? "\"" : ",\"");
                cmt__buf_lit(b, v == 0 ? "none"
                                : cmt_verdict_name((cmt_verdict_t) v));
                cmt__buf_lit(b, "\":{\"");
            } else {
                cmt__buf_lit(b, ",\"");
            }

            cmt__buf_lit(b, cmt_verdict_name((cmt_verdict_t) w));
            cmt__buf_lit(b, "\":");
            cmt__buf_u64(b, n);
        }

        cmt__buf_lit(b, cells != 0 ? "}" : "");
    }

    cmt__buf_char(b, '}');
}


static void
write_rules(cmt__buf_t *b, const cmt__replay_run_t *run)
{
    size_t                     i;
    const cmt__replay_rule_t  *r;

    cmt__buf_lit(b, ",\"rules\":[");

    for (i = 0; i < run->n_rules; i++) {
        r = &run->rules[i];
        cmt__buf_lit(b, i == 0 ? "{\"name\":" : ",{\"name\":");
        cmt__json_string(b, r->name);
        cmt__buf_lit(b, ",\"file\":");
        cmt__json_string(b, r->file);
        cmt__buf_lit(b, ",\"line\":");
        cmt__buf_i64(b, r->line);
        member(b, "before", r->before);
        member(b, "after", r->after);
        write_rates(b, r->right, r->wrong, run->bad);
        cmt__buf_char(b, '}');
    }

    cmt__buf_char(b, ']');
}


/* Shares in per cent, rounded; null when there is nothing to divide by. */

static void
write_share(cmt__buf_t *b, const char *name, uint64_t n, uint64_t of)
{
    cmt__buf_lit(b, ",\"");
    cmt__buf_lit(b, name);
    cmt__buf_lit(b, "\":");

    if (of == 0) {
        cmt__buf_lit(b, "null");
    } else {
        cmt__buf_u64(b, (100 * n + of / 2) / of);
    }
}


static void
write_rates(cmt__buf_t *b, uint64_t right, uint64_t wrong, uint64_t bad)
{
    member(b, "right", right);
    member(b, "wrong", wrong);
    write_share(b, "precision", right, right + wrong);
    write_share(b, "recall", right, bad);
}
