/*
 * erase.c: comments go for good: those of a person who asks for it, and those
 * that were spam, rejected or deleted for long.
 *
 * Both walk the store in snapshots and erase in changes of their own, so that
 * posts come in between.  What a change finds to be otherwise by then stays.
 */

#include <string.h>

#include "actions.h"


#define SECONDS_A_DAY  86400
#define BATCH          100       /* comments in one change */
#define VOTES_BATCH    100

typedef struct {
    cmt_change_t        change;
    const cmt_who_t    *who;
    int64_t             now;
    cmt__did_t          did;
    cmt_status_t        status;          /* of a purge                       */
    int64_t             before;          /* of a purge: decided until then   */
    cmt__hash_t         identity;        /* of a person                      */
    uint32_t            site;
    size_t              n, done;
    uint64_t            ids[BATCH];
} erase_t;


static int erase_apply(cmt__write_t *write, cmt_change_t *change, int *wrote,
    cmt_error_t *err);
static int erase_traces(cmt__write_t *write, const erase_t *erase,
    const cmt__hash_t *cookie, cmt_error_t *err) CMT_CHECK;
static int erase_one(cmt__write_t *write, erase_t *erase,
    const cmt__comment_t *c, cmt_error_t *err) CMT_CHECK;
static int erase_commit(cmt_store_t *store, erase_t *erase, uint64_t *n,
    cmt_error_t *err) CMT_CHECK;
static int purge_find(cmt_read_t *read, erase_t *erase, uint64_t *after,
    uint64_t last) CMT_CHECK;
static int purge_last(cmt_read_t *read, int64_t before, uint64_t *id)
    CMT_CHECK;
static int purge_ripe(cmt_read_t *read, const erase_t *erase,
    const cmt__comment_t *c);


int
cmt_erase(cmt_store_t *store, const cmt_site_t *site, cmt_str_t email,
    const cmt_who_t *who, int64_t now, uint64_t *n, cmt_error_t *err)
{
    int          rc;
    erase_t      s;
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

        s.n = BATCH;
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
        rc = erase_commit(store, &s, &total, err);

    } while (rc == CMT_OK && s.n > 0);

    if (rc == CMT_OK || rc == CMT_ENOTFOUND) {
        *n = total;
        rc = CMT_OK;
    }

    return rc;
}


int
cmt_purge(cmt_store_t *store, const cmt_site_t *site, cmt_status_t status,
    int64_t seconds, const cmt_who_t *who, int64_t now, uint64_t *n,
    cmt_error_t *err)
{
    int          rc;
    erase_t      s;
    uint64_t     after, last, total;
    cmt_read_t  *read;

    if (status != CMT_SPAM && status != CMT_REJECTED
        && status != CMT_DELETED)
    {
        return cmt__fail(err, CMT_EARGUMENT, "status", "only spam, rejected "
                         "and deleted comments are purged");
    }

    if (seconds < CMT_PURGE_DAYS_MIN * SECONDS_A_DAY) {
        return cmt__fail(err, CMT_EARGUMENT, "seconds", "comments are kept "
                         "for %d days at least", CMT_PURGE_DAYS_MIN);
    }

    memset(&s, 0, sizeof(s));
    s.who = who;
    s.now = now;
    s.did = CMT__DID_PURGE;
    s.status = status;
    s.before = now - seconds;
    total = 0;
    after = 0;
    last = 0;

    do {
        rc = cmt_read_begin(store, &read, err);
        if (rc != CMT_OK) {
            return rc;
        }

        s.n = 0;
        rc = cmt__site_find(read, site->name, &s.site);

        if (rc == CMT_OK && after == 0) {
            rc = purge_last(read, s.before, &last);
        }
        if (rc == CMT_OK) {
            rc = purge_find(read, &s, &after, last);
        }

        cmt_read_end(read);

        if (rc == CMT_ENOTFOUND) {
            break;
        }
        if (rc != CMT_OK) {
            return cmt__fail(err, rc, NULL, "comments to purge");
        }

        if (s.n > 0) {
            rc = erase_commit(store, &s, &total, err);
        }

    } while (rc == CMT_OK && after < last);

    if (rc == CMT_OK || rc == CMT_ENOTFOUND) {
        *n = total;
        rc = CMT_OK;
    }

    return rc;
}


/*
 * The last comment that had come by then.  Numbers of comments grow with the
 * journal, and its times do: a comment of another system that was imported
 * yesterday is as old as yesterday here, whatever its date.
 */
static int
purge_last(cmt_read_t *read, int64_t before, uint64_t *id)
{
    int           rc;
    uint8_t       chain[CMT__CHAIN_BYTES];
    uint64_t      low, high, middle;
    cmt__entry_t  entry;

    *id = 0;
    low = 0;

    rc = cmt__journal_last(read, &high);

    while (rc == CMT_OK && low < high) {
        middle = high - (high - low) / 2;

        rc = cmt__journal_get(read, middle, &entry, chain);
        if (rc == CMT_OK && entry.time <= before) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }

    for ( /* void */ ; rc == CMT_OK && low > 0; low--) {

        rc = cmt__journal_get(read, low, &entry, chain);

        if (rc == CMT_OK && (entry.did == CMT__DID_SUBMIT
                             || entry.did == CMT__DID_IMPORT))
        {
            *id = entry.comment;
            return CMT_OK;
        }
    }

    return rc;
}


static int
purge_find(cmt_read_t *read, erase_t *s, uint64_t *after, uint64_t last)
{
    int             rc;
    size_t          i, n;
    uint64_t        ids[BATCH];
    cmt__comment_t  c;

    n = BATCH;

    rc = cmt__status_after(read, s->site, s->status, *after, ids, &n);
    if (rc != CMT_OK) {
        return rc;
    }

    *after = n == 0 ? last : ids[n - 1];

    for (i = 0; i < n && ids[i] <= last; i++) {

        rc = cmt__comment_get(read, ids[i], &c);
        if (rc != CMT_OK) {
            return CMT_ECORRUPT;
        }

        if (purge_ripe(read, s, &c)) {
            s->ids[s->n++] = ids[i];
        }
    }

    return CMT_OK;
}


/* Has it been so for long enough, and is anything left of it? */
static int
purge_ripe(cmt_read_t *read, const erase_t *s, const cmt__comment_t *c)
{
    int          rc;
    cmt__deed_t  deed;

    if (c->status != s->status || cmt__hollow(c)) {
        return 0;
    }

    rc = cmt__deed_before(read, c->id, 0, &deed);

    return rc == CMT_ENOTFOUND || (rc == CMT_OK && deed.time <= s->before);
}


static int
erase_commit(cmt_store_t *store, erase_t *s, uint64_t *n, cmt_error_t *err)
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
    erase_t        *s;
    cmt_read_t     *view;
    cmt__ban_t      ban;
    cmt__comment_t  c;

    s = (erase_t *) change;
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
            : !purge_ripe(view, s, &c))
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
erase_one(cmt__write_t *write, erase_t *s, const cmt__comment_t *c,
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
erase_traces(cmt__write_t *write, const erase_t *s, const cmt__hash_t *cookie,
    cmt_error_t *err)
{
    int          rc;
    size_t       i, n;
    uint64_t     ids[VOTES_BATCH];
    cmt__hash_t  hash;

    hash = *cookie;             /* it lies in a page that will change */

    do {
        n = VOTES_BATCH;
        rc = cmt__votes_of(cmt__write_view(write), s->site, &hash, ids, &n);
        if (rc != CMT_OK) {
            return cmt__fail(err, rc, NULL, "votes");
        }

        for (i = 0; i < n; i++) {
            rc = cmt__vote_put(write, ids[i], &hash, 0, err);
            if (rc != CMT_OK) {
                return rc;
            }
        }

    } while (n > 0);

    return cmt__ban_drop(write, s->site, CMT__BANNED_COOKIE, &hash, err);
}
