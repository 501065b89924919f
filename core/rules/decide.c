/*
 * decide.c: from what the rules said to the decision: the strictest verdict;
 * without one, the sum of the scores; without a threshold, the default.
 */

#include <string.h>

#include "engine.h"


static cmt_verdict_t by_score(const cmt__engine_t *e, int64_t score);
static int choose_message(cmt__engine_t *e, cmt__decision_t *d);


int
cmt__rules_evaluate(const cmt_ruleset_t *ruleset, const cmt__facts_t *facts,
    cmt_str_t language, cmt_arena_t *arena, cmt__decision_t *decision,
    cmt_error_t *err)
{
    cmt__engine_t  e;

    memset(&e, 0, sizeof(e));

    return cmt__receipt_evaluate(&e, ruleset, facts, language, arena,
                                 decision, err);
}


int
cmt__rules_try(const cmt_ruleset_t *ruleset, const cmt__facts_t *facts,
    cmt_str_t language, cmt_arena_t *arena, cmt__decision_t *decision,
    cmt_error_t *err)
{
    cmt__engine_t  e;

    memset(&e, 0, sizeof(e));
    e.keep_trace = 1;

    if (facts->author.key.len != 0) {
        e.redacted[e.n_redacted++] = facts->author.key;
    }

    if (facts->parent != NULL && facts->parent->author.key.len != 0) {
        e.redacted[e.n_redacted++] = facts->parent->author.key;
    }

    return cmt__receipt_evaluate(&e, ruleset, facts, language, arena,
                                 decision, err);
}


int
cmt__decide(cmt__engine_t *e, cmt__decision_t *d)
{
    size_t           i;
    cmt__outcome_t  *o;

    memset(d, 0, sizeof(cmt__decision_t));
    d->n_effects = e->n_effects;
    d->effects = e->effects;

    for (i = 0; i < e->n_outcomes; i++) {
        o = &e->outcomes[i];
        d->score += o->score;

        if (o->verdict > d->verdict) {
            d->verdict = o->verdict;
        }

        if (o->verdict == CMT_VERDICT_CHALLENGE && o->pow_bits > d->pow_bits) {
            d->pow_bits = o->pow_bits;
        }

        if (o->error.len != 0 && o->verdict != 0) {
            d->failed = 1;
        }
    }

    if (d->verdict == 0) {
        d->verdict = by_score(e, d->score);
    }

    return choose_message(e, d);
}


static cmt_verdict_t
by_score(const cmt__engine_t *e, int64_t score)
{
    const cmt__settings_t  *s;

    s = &e->ruleset->settings;

    if (score >= s->reject) {
        return CMT_VERDICT_REJECT;
    }

    if (score >= s->spam) {
        return CMT_VERDICT_SPAM;
    }

    if (score >= s->hold) {
        return CMT_VERDICT_HOLD;
    }

    return s->verdict;
}


/* A spammer gets the words of one who is held.  A rule's own words come
 * before those of a rule that failed. */

static int
choose_message(cmt__engine_t *e, cmt__decision_t *d)
{
    size_t                  i;
    cmt_str_t               words;
    cmt_verdict_t           from;
    cmt__outcome_t         *o;
    const cmt__settings_t  *s;

    from = d->verdict == CMT_VERDICT_SPAM ? CMT_VERDICT_HOLD : d->verdict;
    d->message = cmt_str("");

    for (i = 0; i < e->n_outcomes; i++) {
        o = &e->outcomes[i];

        if (o->verdict == from && o->error.len == 0 && o->message.len != 0) {
            d->message = o->message;
            return CMT_OK;
        }
    }

    if (from != CMT_VERDICT_HOLD) {
        return CMT_OK;
    }

    s = &e->ruleset->settings;
    words = cmt__words_choose(s->reasons, s->n_reasons, e->language,
                              s->language);
    if (words.len == 0) {
        words = cmt__std_words(e, "form_held");
    }

    d->message = cmt__clean(e->arena, words, CMT_PUBLIC_BYTES_MAX, 0);

    return d->message.data != NULL ? CMT_OK : CMT_ENOMEM;
}
