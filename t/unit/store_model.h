/*
 * store_model.h: comments in plain arrays, and what is done to a store and to
 * them at the same time.
 */

#ifndef CMT_STORE_MODEL_H
#define CMT_STORE_MODEL_H

#include <stdio.h>
#include <string.h>

#include "core/store/schema.h"


#define COMMENTS  600
#define MOVES     2000
#define VOTERS    7
#define SILENT    2

typedef struct {
    uint64_t      parent;
    unsigned      levels;            /* as the store nests it */
    cmt_status_t  status;
    int64_t       created;
    uint64_t      branch[CMT_LEVELS_MAX];    /* ids from the top to itself */
    unsigned      edits;             /* the text ends in their number */
    unsigned      erased:1;
    cmt__vote_t   votes[VOTERS];
    int           reports[VOTERS];   /* 1, or SILENT */
} model_t;


static model_t      model[COMMENTS + 2];    /* by id; test_ids() adds one */
static uint64_t     last_id;


static uint64_t
roll(uint64_t n)
{
    static uint64_t  state = 88172645463325252ull;

    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;

    return state % n;
}


static int
visible(uint64_t id)
{
    uint64_t  i;

    if (model[id].status == CMT_APPROVED) {
        return 1;
    }

    for (i = id + 1; i <= last_id; i++) {
        if (model[i].parent == id && visible(i)) {
            return 1;
        }
    }

    return 0;
}


static int
journal(cmt__write_t *write, uint64_t id, cmt__did_t did, unsigned before,
    unsigned after)
{
    cmt__entry_t  entry;

    memset(&entry, 0, sizeof(entry));
    entry.did = did;
    entry.before = before;
    entry.after = after;
    entry.comment = id;
    entry.actor = cmt_str("test");

    return cmt__journal_append(write, &entry, NULL);
}


/* Adds one comment, below an approved one or at the top. */
static int
add(cmt__write_t *write, uint32_t site, unsigned levels_max)
{
    int             rc, live;
    char            text[64];
    model_t        *m;
    uint64_t        parent, other;
    cmt_read_t     *view;
    cmt__hash_t     token;
    cmt__posted_t   posted;
    cmt__thread_t   thread;
    cmt__comment_t  c, p;

    view = cmt__write_view(write);
    memset(&thread, 0, sizeof(thread));
    memset(&c, 0, sizeof(c));

    rc = cmt__thread_find(view, site, cmt_str("/page"), &thread);

    if (rc == CMT_ENOTFOUND) {
        thread.site = site;
        thread.page = cmt_str("/page");
        thread.title = cmt_str("Title");
        rc = cmt__thread_put(write, &thread, NULL);
    }
    if (rc != CMT_OK) {
        return rc;
    }

    parent = last_id == 0 ? 0 : roll(last_id + 1);
    if (parent != 0 && model[parent].status != CMT_APPROVED) {
        parent = 0;
    }
    if (parent != 0) {
        rc = cmt__comment_get(view, parent, &p);
        if (rc != CMT_OK) {
            return rc;
        }
    }

    snprintf(text, sizeof(text), "text %llu", (unsigned long long) last_id);
    c.status = (cmt_status_t) (roll(3) == 0 ? CMT_PENDING : CMT_APPROVED);
    c.kind = CMT_COMMENT;
    c.created = (int64_t) (1000000 + roll(1000));
    c.name = cmt_str("name");
    c.text = (cmt_str_t) { strlen(text), text };
    c.html = c.text;
    c.identity.bytes[0] = (uint8_t) (1 + roll(5));
    c.cookie.bytes[0] = (uint8_t) (1 + roll(7));
    c.fingerprint.bytes[0] = (uint8_t) last_id;
    c.fingerprint.bytes[1] = 1;

    /* what nobody posts may say again what is there */
    memset(&token, 1, sizeof(token));
    posted.token = &token;
    posted.address = roll(2) == 0 ? &token : NULL;
    live = roll(5) != 0;

    if (live && cmt__duplicate_find(view, thread.id, &c.fingerprint, &other)
                == CMT_OK)
    {
        memset(&c.fingerprint, 0, sizeof(c.fingerprint));
    }

    rc = cmt__comment_add(write, &thread, parent != 0 ? &p : NULL,
                          levels_max, live ? &posted : NULL, &c, NULL);
    if (rc == CMT_OK) {
        rc = journal(write, c.id, CMT__DID_SUBMIT, 0, (unsigned) c.status);
    }
    if (rc != CMT_OK) {
        return rc;
    }

    last_id = c.id;
    m = &model[c.id];
    m->parent = parent;
    m->status = c.status;
    m->created = c.created;
    m->levels = parent == 0 ? 1 : model[parent].levels + 1;

    if (m->levels > levels_max) {
        m->levels = levels_max;
    }
    if (m->levels > 1) {
        memcpy(m->branch, model[parent].branch,
               (m->levels - 1) * sizeof(uint64_t));
    }
    m->branch[m->levels - 1] = c.id;

    return CMT_OK;
}


/* The n-th reader's cookie: that of the authors whose first byte is n + 1. */
static cmt__hash_t
cookie_of(unsigned n)
{
    cmt__hash_t  cookie;

    memset(&cookie, 0, sizeof(cookie));
    cookie.bytes[0] = (uint8_t) (n + 1);

    return cookie;
}


static int
do_move(cmt__write_t *write, uint64_t id)
{
    int           rc;
    unsigned      before;
    cmt__state_t  state;

    memset(&state, 0, sizeof(state));
    state.status = (cmt_status_t) (1 + roll(5));
    state.flags = (unsigned) roll(8) & ~(unsigned) CMT__FLAG_IMPORTED;
    before = (unsigned) model[id].status;
    rc = cmt__comment_set(write, id, &state, NULL);
    model[id].status = state.status;

    return rc == CMT_OK ? journal(write, id, CMT__DID_STATUS, before,
                                  (unsigned) state.status) : rc;
}


static int
do_edit(cmt__write_t *write, uint64_t id)
{
    int          rc;
    char         text[64];
    unsigned     before;
    cmt__edit_t  edit;

    if (model[id].erased) {
        return CMT_OK;
    }

    before = (unsigned) model[id].status;
    model[id].edits++;

    if (roll(3) == 0) {
        model[id].status = (cmt_status_t) (1 + roll(4));
    }

    snprintf(text, sizeof(text), "edit %u", model[id].edits);
    memset(&edit, 0, sizeof(edit));
    edit.status = model[id].status;
    edit.edited = (int64_t) model[id].edits;
    edit.text = (cmt_str_t) { strlen(text), text };
    edit.html = edit.text;
    edit.fingerprint.bytes[0] = (uint8_t) roll(256);
    edit.fingerprint.bytes[1] = 1;

    rc = cmt__comment_edit(write, id, &edit, NULL);

    return rc == CMT_OK ? journal(write, id, CMT__DID_EDIT, before,
                                  (unsigned) edit.status) : rc;
}


static int
do_erase(cmt__write_t *write, uint64_t id)
{
    int       rc;
    unsigned  before;

    if (roll(4) != 0) {
        return CMT_OK;          /* not too many of them */
    }

    before = (unsigned) model[id].status;
    model[id].status = CMT_DELETED;
    model[id].erased = 1;
    memset(model[id].reports, 0, sizeof(model[id].reports));

    rc = cmt__comment_erase(write, id, NULL);

    return rc == CMT_OK ? journal(write, id, CMT__DID_DELETE, before,
                                  CMT_DELETED) : rc;
}


static int
do_vote(cmt__write_t *write, uint64_t id)
{
    int          rc;
    unsigned     voter;
    cmt__vote_t  vote;
    cmt__hash_t  cookie;

    voter = (unsigned) roll(VOTERS);
    memset(&vote, 0, sizeof(vote));
    vote.value = (int) roll(3) - 1;
    vote.silent = vote.value != 0 && roll(4) == 0;
    cookie = cookie_of(voter);
    model[id].votes[voter] = vote;

    rc = cmt__vote_put(write, id, &cookie, vote, NULL);

    return rc == CMT_OK ? journal(write, id, CMT__DID_VOTE,
                                  (unsigned) model[id].status,
                                  (unsigned) model[id].status) : rc;
}


static int
do_report(cmt__write_t *write, uint64_t id)
{
    int            rc;
    unsigned       reader;
    cmt__report_t  report;

    reader = (unsigned) roll(VOTERS);

    if (model[id].reports[reader] == 1) {
        return CMT_OK;
    }

    model[id].reports[reader] = roll(3) == 0 ? SILENT : 1;
    report.silent = model[id].reports[reader] == SILENT;
    report.cookie = cookie_of(reader);
    report.time = 1000;
    report.reason = reader == 0 ? cmt_null_str : cmt_str("reason");

    rc = cmt__report_put(write, id, &report, NULL);

    return rc == CMT_OK && !report.silent
           ? journal(write, id, CMT__DID_REPORT, (unsigned) model[id].status,
                     (unsigned) model[id].status) : rc;
}


static int (*const  verbs[])(cmt__write_t *write, uint64_t id) = {
    do_move, do_edit, do_erase, do_vote, do_report
};


/* Reports of a comment that count, by the store's own walk. */
static unsigned
reports_of(cmt_read_t *read, uint64_t id)
{
    int            kept;
    unsigned       n;
    cmt__report_t  report;

    memset(&report, 0, sizeof(report));
    n = 0;

    while (cmt__report_next(read, id, &report) == CMT_OK) {
        kept = model[id].reports[report.cookie.bytes[0] - 1];

        if (kept != (report.silent ? SILENT : 1) || report.time != 1000) {
            return UINT32_MAX;
        }

        n += kept == 1;
    }

    return n;
}


static int
record_agrees(cmt_read_t *read, uint64_t id)
{
    char             text[64];
    unsigned         i, up, down, reports;
    cmt__hash_t      cookie;
    cmt__vote_t      vote;
    cmt__comment_t   c;
    const model_t   *m;

    m = &model[id];

    if (cmt__comment_get(read, id, &c) != CMT_OK || c.status != m->status) {
        return 0;
    }

    for (i = 0, up = 0, down = 0, reports = 0; i < VOTERS; i++) {
        cookie = cookie_of(i);

        if (cmt__vote_get(read, &c, &cookie, &vote) != CMT_OK
            || vote.value != m->votes[i].value
            || vote.silent != m->votes[i].silent)
        {
            return 0;
        }

        up += vote.value > 0 && !vote.silent;
        down += vote.value < 0 && !vote.silent;
        reports += m->reports[i] == 1;
    }

    if (c.votes_up != up || c.votes_down != down || c.reports != reports
        || reports_of(read, id) != reports)
    {
        return 0;
    }

    if (m->erased) {
        return c.name.len + c.website.len + c.text.len + c.html.len == 0
               && cmt__hash_is_zero(&c.identity)
               && cmt__hash_is_zero(&c.cookie)
               && cmt__hash_is_zero(&c.fingerprint) && c.edited == 0;
    }

    snprintf(text, sizeof(text), "edit %u", m->edits);

    return c.edited == (int64_t) m->edits && c.name.len > 0
           && (m->edits == 0 || cmt__str_is(c.text, text));
}


#endif /* CMT_STORE_MODEL_H */
