/*
 * words.c: the words of the domain.  The numbers are stored.
 */

#include "base.h"


typedef struct {
    unsigned     value;
    const char  *word;
} word_t;


static const word_t  statuses[] = {
    { CMT_APPROVED, "approved" },
    { CMT_PENDING,  "pending" },
    { CMT_SPAM,     "spam" },
    { CMT_REJECTED, "rejected" },
    { CMT_DELETED,  "deleted" },
    { 0, NULL }
};

static const word_t  kinds[] = {
    { CMT_COMMENT,    "comment" },
    { CMT_PINGBACK,   "pingback" },
    { CMT_WEBMENTION, "webmention" },
    { 0, NULL }
};

static const word_t  verdicts[] = {
    { CMT_VERDICT_ACCEPT,    "accept" },
    { CMT_VERDICT_NUDGE,     "nudge" },
    { CMT_VERDICT_CHALLENGE, "challenge" },
    { CMT_VERDICT_HOLD,      "hold" },
    { CMT_VERDICT_SPAM,      "spam" },
    { CMT_VERDICT_REJECT,    "reject" },
    { 0, NULL }
};


/* One more than the number, which begins with 0 and is not stored. */
static const word_t  sorts[] = {
    { CMT_SORT_OLDEST + 1, "oldest" },
    { CMT_SORT_NEWEST + 1, "newest" },
    { CMT_SORT_TOP + 1,    "top" },
    { 0, NULL }
};


static const char *word_of(const word_t *words, unsigned value);
static unsigned value_of(const word_t *words, cmt_str_t word);


const char *
cmt_status_name(cmt_status_t status)
{
    return word_of(statuses, (unsigned) status);
}


const char *
cmt_kind_name(cmt_kind_t kind)
{
    return word_of(kinds, (unsigned) kind);
}


const char *
cmt_verdict_name(cmt_verdict_t v)
{
    return word_of(verdicts, (unsigned) v);
}


const char *
cmt_sort_name(cmt_sort_t sort)
{
    return word_of(sorts, (unsigned) sort + 1);
}


int
cmt_sort_parse(cmt_str_t word, cmt_sort_t *sort)
{
    unsigned  value;

    value = value_of(sorts, word);
    if (value == 0) {
        return CMT_EARGUMENT;
    }

    *sort = (cmt_sort_t) (value - 1);

    return CMT_OK;
}


cmt_status_t
cmt_status_parse(cmt_str_t word)
{
    return (cmt_status_t) value_of(statuses, word);
}


cmt_kind_t
cmt_kind_parse(cmt_str_t word)
{
    return (cmt_kind_t) value_of(kinds, word);
}


static const char *
word_of(const word_t *words, unsigned value)
{
    for ( /* void */ ; words->word != NULL; words++) {
        if (words->value == value) {
            return words->word;
        }
    }

    return "?";
}


static unsigned
value_of(const word_t *words, cmt_str_t word)
{
    for ( /* void */ ; words->word != NULL; words++) {
        if (cmt__str_is(word, words->word)) {
            return words->value;
        }
    }

    return 0;
}
