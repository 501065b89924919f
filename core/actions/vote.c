/*
 * vote.c: a reader's vote on a comment, one for each cookie; another one
 * takes its place, and 0 takes it back.
 */

#include "actions.h"


#define SECONDS_A_DAY  86400

typedef struct {
    cmt_change_t        change;
    const cmt_site_t   *site;
    cmt_arena_t        *arena;
    uint64_t            id;
    int64_t             now;
    int                 value;
    cmt__hash_t         cookie, address;
    int                 banned;          /* is answered, and not counted     */
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

    rc = cmt__reader_cookie(site, in->cookie, arena, &s->cookie,
                            &s->change.result, err);
    if (rc == CMT_OK) {
        rc = cmt__banned_reader(store, site, &s->cookie, in->address,
                                in->now, &s->banned, err);
    }
    if (rc != CMT_OK) {
        return rc;
    }

    cmt__address_hash(site->keys, in->address, in->now / SECONDS_A_DAY,
                      &s->address);

    *change = &s->change;

    return CMT_OK;
}


static int
vote_apply(cmt__write_t *write, cmt_change_t *change, int *wrote,
    cmt_error_t *err)
{
    int             rc, old;
    vote_t         *s;
    cmt_read_t     *view;
    cmt__comment_t  c;

    s = (vote_t *) change;
    view = cmt__write_view(write);

    rc = cmt__reader_target(view, s->site, s->id, &c);

    if (rc == CMT_ENOTFOUND || (rc == CMT_OK && c.status != CMT_APPROVED)) {
        return cmt__refuse(change, CMT_ENOTFOUND, NULL, 0);
    }
    if (rc == CMT_OK) {
        rc = cmt__vote_get(view, c.site, &s->cookie, s->id, &old);
    }
    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, "vote");
    }

    if (cmt__hash_eq(&s->cookie, &c.cookie)) {
        return cmt__refuse(change, CMT_EOWNVOTE, NULL, 0);
    }

    rc = cmt__reader_result(view, &c, s->arena, &change->result, err);
    if (rc != CMT_OK) {
        return rc;
    }

    if (old == s->value || s->banned) {
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
    int       rc;
    unsigned  wait;

    const cmt__pace_t  pace = { CMT__LIMIT_VOTE, &s->address,
                                s->site->address_rate };

    rc = cmt__limits(write, c->site, &pace, 1, s->now, wrote, &wait, err);
    if (rc != CMT_OK) {
        return rc;
    }
    if (wait > 0) {
        return cmt__refuse(&s->change, CMT_EFLOOD, NULL, wait);
    }

    *wrote = 1;

    rc = cmt__vote_put(write, s->id, &s->cookie, s->value, err);

    return rc == CMT_OK ? cmt__reader_did(write, c, CMT__DID_VOTE, c->status,
                                          s->now, err)
                        : rc;
}
