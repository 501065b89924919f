/*
 * verdict.c: from facts to the status of a comment.
 */

#include <string.h>

#include "actions.h"
#include "../text/lang.h"


/* By cmt_verdict_t. */
static const cmt_status_t  status_of[] = {
    [CMT_VERDICT_ACCEPT] = CMT_APPROVED,
    [CMT_VERDICT_NUDGE] = CMT_PENDING,
    [CMT_VERDICT_CHALLENGE] = CMT_PENDING,
    [CMT_VERDICT_HOLD] = CMT_PENDING,
    [CMT_VERDICT_SPAM] = CMT_SPAM,
    [CMT_VERDICT_REJECT] = CMT_REJECTED
};


int
cmt__judge(const cmt_site_t *site, const cmt__facts_t *facts,
    cmt_str_t language, cmt_arena_t *arena, cmt__judged_t *judged,
    cmt_error_t *err)
{
    int              rc;
    cmt_error_t      trouble;
    cmt_ruleset_t   *ruleset;
    cmt__decision_t  decision;

    ruleset = cmt_rules_take(site->rules);
    rc = cmt__rules_evaluate(ruleset, facts, language, arena, &decision,
                             &trouble);
    cmt_ruleset_free(ruleset);

    if (rc != CMT_OK) {
        memset(&decision, 0, sizeof(decision));
        decision.verdict = CMT_VERDICT_HOLD;

        rc = cmt__receipt_of_trouble(arena, &trouble, &decision.receipt);
        if (rc != CMT_OK) {
            return cmt__fail(err, rc, NULL, "no memory for a receipt");
        }
    }

    rc = cmt__receipt_pack(arena, decision.receipt, &judged->receipt);
    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, "no memory for a receipt");
    }

    judged->verdict = decision.verdict;
    judged->status = status_of[decision.verdict];
    judged->message = decision.message;
    judged->pow_bits = decision.pow_bits;
    judged->n_effects = decision.n_effects;
    judged->effects = decision.effects;

    return CMT_OK;
}


cmt_str_t
cmt__judged_message(cmt_status_t status, unsigned language, cmt_str_t message)
{
    const cmt__lang_t  *lang;

    if (status == CMT_APPROVED) {
        return cmt_null_str;
    }

    if (message.len > 0 || status == CMT_REJECTED) {
        return message;
    }

    lang = cmt__lang(language);

    return lang != NULL ? cmt__lang_text(lang, "form_held") : cmt_null_str;
}
