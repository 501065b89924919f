/*
 * ask.c: what an author is asked before a comment is kept: to think it over
 * (nudge), or to let the browser work for it (challenge).
 *
 * Nothing is stored meanwhile.  The words stay in the form, and the ticket
 * that comes back with them says what was asked.  It is signed for these
 * words on this page, so it is of no use for others, and the same words twice
 * are a duplicate.  Each is asked once: who sends the same words and has not
 * done it waits for a moderator.
 *
 *   verdict      nudge           challenge
 *   asked        held            held
 *   no script    asked           held
 *   else         asked           asked
 */

#include <string.h>

#include "actions.h"
#include "../text/lang.h"


static int ask_words(cmt__asking_t *asking, unsigned language,
    cmt_arena_t *arena, cmt_str_t *message) CMT_CHECK;


void
cmt__asking_begin(const cmt_site_t *site, const cmt_submission_t *in,
    cmt_str_t page, const cmt__hash_t *words, cmt__asking_t *asking,
    cmt__facts_t *facts)
{
    unsigned   bits;
    cmt_str_t  ticket;

    memset(asking, 0, sizeof(*asking));
    asking->site = site;
    asking->page = page;
    asking->words = words;
    asking->now = in->now;
    asking->plain_form = in->plain_form;

    ticket = cmt_form_get(&in->form, "ticket");

    if (cmt__ticket_check(site->keys, page, words, ticket, in->now,
                          &asking->ticket))
    {
        bits = cmt__work_bits(ticket, cmt_form_get(&in->form, "work"));

        if (bits > asking->ticket.bits) {
            asking->ticket.bits = bits;
        }
    }

    facts->form.pow_bits = asking->ticket.bits;
    facts->form.js = !in->plain_form;
}


int
cmt__asking_end(cmt__asking_t *asking, cmt__judged_t *judged,
    unsigned language, cmt_arena_t *arena, cmt_result_t *result,
    cmt_error_t *err)
{
    int    rc;
    char   ticket[CMT_FORM_TOKEN_CHARS + 1];

    switch (judged->verdict) {

    case CMT_VERDICT_NUDGE:
        if (asking->ticket.nudged) {
            judged->message = cmt_null_str;      /* it was said */
            return CMT_OK;
        }

        asking->ticket.nudged = 1;
        asking->asks = CMT_ENUDGE;
        break;

    case CMT_VERDICT_CHALLENGE:
        if (asking->ticket.challenged || asking->plain_form) {
            return CMT_OK;
        }

        asking->ticket.challenged = 1;
        asking->asks = CMT_ECHALLENGE;
        result->ask.pow_bits = judged->pow_bits;
        break;

    default:
        return CMT_OK;
    }

    cmt__ticket_new(asking->site->keys, asking->page, asking->words,
                    &asking->ticket, asking->now, ticket);

    result->ask.ticket = cmt__str_copy(arena, (cmt_str_t) {
                                           CMT_FORM_TOKEN_CHARS, ticket });

    rc = result->ask.ticket.data != NULL
         ? ask_words(asking, language, arena, &judged->message) : CMT_ENOMEM;

    return rc == CMT_OK ? CMT_OK
                        : cmt__fail(err, rc, NULL, "no memory for a ticket");
}


/* To the words of the rule, or our own, what can be done now. */
static int
ask_words(cmt__asking_t *asking, unsigned language, cmt_arena_t *arena,
    cmt_str_t *message)
{
    cmt__buf_t          b;
    const cmt__lang_t  *lang;

    if (asking->asks != CMT_ENUDGE) {
        *message = cmt_null_str;
        return CMT_OK;
    }

    lang = cmt__lang(language);
    if (lang == NULL) {
        return CMT_ENOMEM;
    }

    cmt__buf_init(&b, arena, message->len + 256);
    cmt__buf_str_put(&b, message->len > 0 ? *message
                         : cmt__lang_text(lang, "error_nudge"));
    cmt__buf_char(&b, ' ');
    cmt__buf_str_put(&b, cmt__lang_text(lang, "form_nudge"));

    return cmt__buf_end(&b, message);
}


int
cmt__asking_refuse(const cmt__asking_t *asking, cmt_change_t *change)
{
    return cmt__refuse_saying(change, asking->asks,
                              asking->asks == CMT_ENUDGE ? "text" : NULL);
}
