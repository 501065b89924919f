/*
 * erase.c: comments go for good, and with those of a person who asks for it all
 * else that the store has of him.
 */

#include <string.h>

#include "erase.h"


#define VOTES_BATCH  100


static int erase_apply(cmt__write_t *write, cmt_change_t *change, int *wrote,
    cmt_error_t *err);
static int erase_traces(cmt__write_t *write, const cmt__erase_t *erase,
    const cmt__hash_t *cookie, cmt_error_t *err) CMT_CHECK;
static int erase_one(cmt__write_t *write, cmt__erase_t *erase,
    const cmt__comment_t *c, cmt_error_t *err) CMT_CHECK;


int
cmt_erase(cmt_store_t *store, const cmt_site_t *site, cmt_str_t email,
    const cmt_who_t *who, int64_t now, uint64_t *n, cmt_error_t *err)
{
    int          rc;
    cmt__erase_t      s;
    uint64_t     total;
    cmt_read_t  *read;

    memset(&s, 0, sizeof(s));
    s.who = who;
    s.now = now;
    s.did = CMT__DID_ERASE;
    total = 0;

    rc = cmt__email_hash(site->keys, email, &s.identity);
    cmt__wipe((void *) email.data, email.len);

    if (rc != CMT_OK) {
        return cmt__fail(err, rc, "email", "no e-mail address");
    }

    do {
        rc = cmt_read_begin(store, &read, err);
        if (rc != CMT_OK) {
            return rc;
        }

        s.n = CMT__ERASE_BATCH;
        rc = cmt__site_find(read, site->name, &s.site);

        if (rc == CMT_OK) {
            rc = cmt__author_comments(read, s.site, CMT__BY_EMAIL,
                                      &s.identity, 0, s.ids, &s.n);
        }

        cmt_read_end(read);

        if (rc == CMT_ENOTFOUND) {
            break;              /* nobody has commented on this site */
        }
        if (rc != CMT_OK) {
            return cmt__fail(err, rc, NULL, "comments of an author");
        }

        /* also without comments: there may be a ban */
        rc = cmt__erase_commit(store, &s, &total, err);

    } while (rc == CMT_OK && s.n > 0);

    if (rc == CMT_OK || rc == CMT_ENOTFOUND) {
        *n = total;
        rc = CMT_OK;
    }

    return rc;
}


int
cmt__erase_commit(cmt_store_t *store, cmt__erase_t *s, uint64_t *n,
    cmt_error_t *err)
{
    int            rc;
    cmt_change_t  *change;

    s->change.apply = erase_apply;
    change = &s->change;

    cmt_commit(store, &change, 1);

    rc = change->result.rc;
    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, "%s", change->result.error.detail);
    }

    *n += s->done;

    return CMT_OK;
}


static int
erase_apply(cmt__write_t *write, cmt_change_t *change, int *wrote,
    cmt_error_t *err)
{
    int             rc;
    size_t          i;
    cmt__erase_t        *s;
    cmt_read_t     *view;
    cmt__ban_t      ban;
    cmt__comment_t  c;

    s = (cmt__erase_t *) change;
    view = cmt__write_view(write);
    s->done = 0;

    if (s->did == CMT__DID_ERASE
        && cmt__ban_get(view, s->site, CMT__BANNED_EMAIL, &s->identity, &ban)
           == CMT_OK)
    {
        *wrote = 1;
        rc = cmt__ban_drop(write, s->site, CMT__BANNED_EMAIL, &s->identity,
                           err);
        if (rc != CMT_OK) {
            return rc;
        }
    }

    for (i = 0; i < s->n; i++) {

        rc = cmt__comment_get(view, s->ids[i], &c);
        if (rc != CMT_OK) {
            return cmt__fail(err, CMT_ECORRUPT, NULL, "comment %llu",
                             (unsigned long long) s->ids[i]);
        }

        if (s->did == CMT__DID_ERASE
            ? !cmt__hash_eq(&c.identity, &s->identity)
            : !cmt__purge_ripe(view, s, &c))
        {
            continue;
        }

        *wrote = 1;

        rc = erase_one(write, s, &c, err);
        if (rc != CMT_OK) {
            return rc;
        }
    }

    /* behind its last comment it would be kept for a while */
    return s->did == CMT__DID_ERASE
           ? cmt__posts_forget(write, s->site, &s->identity, wrote, err)
           : CMT_OK;
}


static int
erase_one(cmt__write_t *write, cmt__erase_t *s, const cmt__comment_t *c,
    cmt_error_t *err)
{
    int           rc;
    cmt__entry_t  entry;

    memset(&entry, 0, sizeof(entry));
    entry.did = s->did;
    entry.before = (unsigned) c->status;
    entry.after = CMT_DELETED;
    entry.site = c->site;
    entry.thread = c->thread;
    entry.comment = c->id;
    entry.time = s->now;
    entry.actor = s->who->actor;

    rc = CMT_OK;

    if (s->did == CMT__DID_ERASE && !cmt__hash_is_zero(&c->cookie)) {
        rc = erase_traces(write, s, &c->cookie, err);
    }
    if (rc == CMT_OK) {
        rc = cmt__token_forget(write, entry.thread, entry.comment, err);
    }
    if (rc == CMT_OK) {
        rc = cmt__comment_erase(write, entry.comment, err);
    }
    if (rc == CMT_OK) {
        rc = cmt__journal_append(write, &entry, err);
    }

    s->done++;

    return rc;
}


/* What the person's browser has done to the comments of others. */
static int
erase_traces(cmt__write_t *write, const cmt__erase_t *s,
    const cmt__hash_t *cookie, cmt_error_t *err)
{
    int          rc;
    size_t       i, n;
    uint64_t     ids[VOTES_BATCH];

    do {
        n = VOTES_BATCH;
        rc = cmt__votes_of(cmt__write_view(write), s->site, cookie, ids, &n);
        if (rc != CMT_OK) {
            return cmt__fail(err, rc, NULL, "votes");
        }

        for (i = 0; i < n; i++) {
            rc = cmt__vote_put(write, ids[i], cookie,
                               (cmt__vote_t) { 0, 0 }, err);
            if (rc != CMT_OK) {
                return rc;
            }
        }

    } while (n > 0);

    return cmt__ban_drop(write, s->site, CMT__BANNED_COOKIE, cookie, err);
}
