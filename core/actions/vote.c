/*
 * vote.c: a reader's vote on a comment, one for each cookie; another one
 * takes its place, and 0 takes it back.  Who is banned finds all of it as
 * everybody does: limits, the cookie, the numbers that are shown to him.
 */

#include "actions.h"


typedef struct {
    cmt_change_t        change;
    const cmt_site_t   *site;
    cmt_arena_t        *arena;
    uint64_t            id;
    int64_t             now;
    int                 value;
    cmt__reader_t       reader;
} vote_t;


static int vote_apply(cmt__write_t *write, cmt_change_t *change, int *wrote,
    cmt_error_t *err);
static int vote_write(cmt__write_t *write, vote_t *vote,
    const cmt__comment_t *comment, int *wrote, cmt_error_t *err) CMT_CHECK;


static const struct {
    const char  *word;
    int          value;
} votes[] = {
    { "1", 1 },
    { "0", 0 },
    { "-1", -1 }
};


int
cmt_vote_prepare(cmt_store_t *store, const cmt_site_t *site,
    const cmt_submission_t *in, cmt_arena_t *arena, cmt_change_t **change,
    cmt_error_t *err)
{
    int        rc;
    size_t     i;
    vote_t    *s;
    cmt_str_t  word;

    s = cmt_calloc(arena, sizeof(vote_t));
    if (s == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, "no memory for a vote");
    }

    s->change.apply = vote_apply;
    s->site = site;
    s->arena = arena;
    s->id = in->id;
    s->now = in->now;

    word = cmt_form_get(&in->form, "value");

    for (i = 0; i < sizeof(votes) / sizeof(votes[0]); i++) {
        if (cmt__str_is(word, votes[i].word)) {
            break;
        }
    }

    if (i == sizeof(votes) / sizeof(votes[0])) {
        return cmt__fail(err, CMT_EVOTE, "value", "no vote");
    }

    s->value = votes[i].value;

    rc = cmt__reader_comes(store, site, in, arena, &s->reader,
                           &s->change.result, err);
    if (rc != CMT_OK) {
        return rc;
    }

    *change = &s->change;

    return CMT_OK;
}


static int
vote_apply(cmt__write_t *write, cmt_change_t *change, int *wrote,
    cmt_error_t *err)
{
    int             rc;
    vote_t         *s;
    cmt_read_t     *view;
    cmt__vote_t     old;
    cmt__comment_t  c;

    s = (vote_t *) change;
    view = cmt__write_view(write);

    rc = cmt__reader_sees(view, s->site, s->id, &c);

    if (rc == CMT_ENOTFOUND) {
        return cmt__refuse(change, CMT_ENOTFOUND, NULL, 0);
    }
    if (rc == CMT_OK) {
        rc = cmt__vote_get(view, &c, &s->reader.cookie, &old);
    }
    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, "vote");
    }

    if (cmt__hash_eq(&s->reader.cookie, &c.cookie)) {
        return cmt__refuse(change, CMT_EOWNVOTE, NULL, 0);
    }

    rc = cmt__reader_result(view, &c, s->arena, &change->result, err);
    if (rc != CMT_OK) {
        return rc;
    }

    if (old.value == s->value && (s->reader.banned || !old.silent)) {
        change->result.replayed = 1;
        change->result.set_cookie = cmt_null_str;   /* nothing to prove */
        return CMT_OK;
    }

    return vote_write(write, s, &c, wrote, err);
}


static int
vote_write(cmt__write_t *write, vote_t *s, const cmt__comment_t *c,
    int *wrote, cmt_error_t *err)
{
    int          rc;
    cmt__vote_t  vote;

    const cmt__pace_t  pace = { CMT__LIMIT_VOTE, &s->reader.address,
                                s->site->address_rate };

    rc = cmt__limits(write, &s->change, c->site, &pace, 1, s->now, wrote,
                     err);
    if (rc != CMT_OK || s->change.result.rc != CMT_OK) {
        return rc;
    }

    *wrote = 1;
    vote.value = s->value;
    vote.silent = s->reader.banned != 0;

    rc = cmt__vote_put(write, s->id, &s->reader.cookie, vote, err);

    return rc == CMT_OK ? cmt__reader_did(write, c, CMT__DID_VOTE, c->status,
                                          s->now, err)
                        : rc;
}
