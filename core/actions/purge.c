/*
 * purge.c: what was spam, rejected or deleted for long goes for good: all of
 * it when somebody asks for it, or a part each minute until all of a day is
 * done.
 *
 * The daily one keeps its place in the store, cmt__purging_t.  A worker writes
 * there that it is at it and for how long at most, works for a moment, and
 * writes where it stopped.  One that was killed leaves the place as it was:
 * what it has erased is not found again.
 */

#include <string.h>

#include "erase.h"


#define BUSY_SECONDS   300       /* much longer than a moment */


static void purge_begin(cmt__erase_t *s, int64_t seconds,
    const cmt_who_t *who, int64_t now);
static int purge_batch(cmt_store_t *store, cmt__erase_t *s, uint64_t *last,
    uint64_t *after, uint64_t *total, cmt_error_t *err) CMT_CHECK;
static int purge_find(cmt_read_t *read, cmt__erase_t *s, uint64_t *after,
    uint64_t last) CMT_CHECK;
static int purge_last(cmt_read_t *read, int64_t before, uint64_t *id)
    CMT_CHECK;
static int daily_take(cmt_store_t *store, int64_t now,
    cmt__purging_t *purging, int *mine, cmt_error_t *err) CMT_CHECK;
static int daily_free(const cmt__purging_t *purging, int64_t now);
static int daily_work(cmt_store_t *store, cmt__erase_t *s, int64_t end_ms,
    cmt__purging_t *purging, uint64_t *total, cmt_error_t *err) CMT_CHECK;
static int daily_keep(cmt__write_t *write, const cmt__purging_t *purging,
    cmt_error_t *err) CMT_CHECK;
static int daily_give(cmt_store_t *store, cmt__purging_t *purging,
    cmt_error_t *err) CMT_CHECK;


int
cmt_purge(cmt_store_t *store, const cmt_site_t *site, cmt_status_t status,
    int64_t seconds, const cmt_who_t *who, int64_t now, uint64_t *n,
    cmt_error_t *err)
{
    int            rc;
    uint64_t       after, last, total;
    cmt_read_t    *read;
    cmt__erase_t   s;

    if (status != CMT_SPAM && status != CMT_REJECTED
        && status != CMT_DELETED)
    {
        return cmt__fail(err, CMT_EARGUMENT, "status", "only spam, rejected "
                         "and deleted comments are purged");
    }

    if (seconds < CMT_PURGE_DAYS_MIN * CMT__SECONDS_A_DAY) {
        return cmt__fail(err, CMT_EARGUMENT, "seconds", "comments are kept "
                         "for %d days at least", CMT_PURGE_DAYS_MIN);
    }

    purge_begin(&s, seconds, who, now);
    s.status = status;

    rc = cmt_read_begin(store, &read, err);
    if (rc != CMT_OK) {
        return rc;
    }

    rc = cmt__site_find(read, site->name, &s.site);
    cmt_read_end(read);

    if (rc != CMT_OK && rc != CMT_ENOTFOUND) {
        return cmt__fail(err, rc, NULL, "comments to purge");
    }

    total = 0;
    after = 0;
    last = rc == CMT_OK ? UINT64_MAX : 0;    /* nobody knows this site */

    for (rc = CMT_OK; rc == CMT_OK && after < last; /* void */ ) {
        rc = purge_batch(store, &s, &last, &after, &total, err);
    }

    if (rc == CMT_OK) {
        *n = total;
    }

    return rc;
}


static void
purge_begin(cmt__erase_t *s, int64_t seconds, const cmt_who_t *who,
    int64_t now)
{
    memset(s, 0, sizeof(*s));
    s->who = who;
    s->now = now;
    s->did = CMT__DID_PURGE;
    s->before = now - seconds;
}


/* *last UINT64_MAX: not known yet.  *after is not below it when all is done. */

static int
purge_batch(cmt_store_t *store, cmt__erase_t *s, uint64_t *last,
    uint64_t *after, uint64_t *total, cmt_error_t *err)
{
    int          rc;
    cmt_read_t  *read;

    rc = cmt_read_begin(store, &read, err);
    if (rc != CMT_OK) {
        return rc;
    }

    s->n = 0;

    if (*last == UINT64_MAX) {
        rc = purge_last(read, s->before, last);
    }
    if (rc == CMT_OK && *after < *last) {
        rc = purge_find(read, s, after, *last);
    }

    cmt_read_end(read);

    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, "comments to purge");
    }

    return s->n > 0 ? cmt__erase_commit(store, s, total, err) : CMT_OK;
}


int
cmt_purge_daily(cmt_store_t *store, int64_t seconds, unsigned ms_max,
    int64_t now, uint64_t *n, cmt_error_t *err)
{
    int              rc, mine;
    int64_t          end_ms;
    cmt__erase_t     s;
    cmt__purging_t   purging;

    static const cmt_who_t  upkeep = {
        .name = { 6, "upkeep" }, .actor = { 6, "upkeep" }, .machine = 1
    };

    *n = 0;
    end_ms = cmt__now_ms() + ms_max;

    if (seconds < CMT_PURGE_DAYS_MIN * CMT__SECONDS_A_DAY) {
        return cmt__fail(err, CMT_EARGUMENT, "seconds", "comments are kept "
                         "for %d days at least", CMT_PURGE_DAYS_MIN);
    }

    rc = daily_take(store, now, &purging, &mine, err);
    if (rc != CMT_OK || !mine) {
        return rc;
    }

    purge_begin(&s, seconds, &upkeep, now);

    rc = daily_work(store, &s, end_ms, &purging, n, err);

    return rc == CMT_OK ? daily_give(store, &purging, err) : rc;
}


/* Looks into a snapshot first: most times there is nothing to do. */

static int
daily_take(cmt_store_t *store, int64_t now, cmt__purging_t *purging,
    int *mine, cmt_error_t *err)
{
    int            rc;
    cmt_read_t    *read;
    cmt__write_t  *write;

    rc = cmt_read_begin(store, &read, err);
    if (rc != CMT_OK) {
        return rc;
    }

    rc = cmt__purging_get(read, purging);
    cmt_read_end(read);

    *mine = rc == CMT_OK && daily_free(purging, now);

    if (!*mine) {
        return rc == CMT_OK ? CMT_OK : cmt__fail(err, rc, NULL, "purge");
    }

    rc = cmt__write_begin(store, &write, err);
    if (rc != CMT_OK) {
        return rc;
    }

    rc = cmt__purging_get(cmt__write_view(write), purging);
    *mine = rc == CMT_OK && daily_free(purging, now);

    if (!*mine) {
        cmt__write_abort(write);
        return rc == CMT_OK ? CMT_OK : cmt__fail(err, rc, NULL, "purge");
    }

    if (purging->site == 0) {
        purging->day = (uint32_t) (now / CMT__SECONDS_A_DAY);
        purging->site = 1;
        purging->status = CMT_SPAM;
        purging->after = 0;
    }

    purging->busy = now + BUSY_SECONDS;

    return daily_keep(write, purging, err);
}


/* Ends the transaction. */
static int
daily_keep(cmt__write_t *write, const cmt__purging_t *purging,
    cmt_error_t *err)
{
    int  rc;

    rc = cmt__purging_put(write, purging, err);

    if (rc != CMT_OK) {
        cmt__write_abort(write);
        return rc;
    }

    return cmt__write_commit(write, err);
}


/* Nobody is at it, and it is not done for today.  A clock that was wrong for a
 * while keeps nobody out for longer than it is busy. */

static int
daily_free(const cmt__purging_t *purging, int64_t now)
{
    if (purging->busy > now && purging->busy <= now + BUSY_SECONDS) {
        return 0;
    }

    return purging->site != 0
           || purging->day != (uint32_t) (now / CMT__SECONDS_A_DAY);
}


/* Site by site, spam and then what was rejected. */

static int
daily_work(cmt_store_t *store, cmt__erase_t *s, int64_t end_ms,
    cmt__purging_t *purging, uint64_t *total, cmt_error_t *err)
{
    int          rc;
    uint64_t     last, counts[CMT__STATUSES];
    cmt_str_t    name;
    cmt_read_t  *read;

    last = UINT64_MAX;

    do {
        rc = cmt_read_begin(store, &read, err);
        if (rc != CMT_OK) {
            return rc;
        }

        rc = cmt__site_get(read, purging->site, counts, &name);
        cmt_read_end(read);

        if (rc == CMT_ENOTFOUND) {
            purging->site = 0;
            return CMT_OK;
        }
        if (rc != CMT_OK) {
            return cmt__fail(err, rc, NULL, "site %u", purging->site);
        }

        s->site = purging->site;
        s->status = purging->status;

        rc = purge_batch(store, s, &last, &purging->after, total, err);

        if (rc == CMT_OK && purging->after >= last) {
            purging->site += purging->status == CMT_REJECTED;
            purging->status = purging->status == CMT_SPAM ? CMT_REJECTED
                                                          : CMT_SPAM;
            purging->after = 0;
        }

    } while (rc == CMT_OK && cmt__now_ms() < end_ms);

    return rc;
}


static int
daily_give(cmt_store_t *store, cmt__purging_t *purging, cmt_error_t *err)
{
    int            rc;
    cmt__write_t  *write;

    purging->busy = 0;

    rc = cmt__write_begin(store, &write, err);

    return rc == CMT_OK ? daily_keep(write, purging, err) : rc;
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
purge_find(cmt_read_t *read, cmt__erase_t *s, uint64_t *after, uint64_t last)
{
    int             rc;
    size_t          i, n;
    uint64_t        ids[CMT__ERASE_BATCH];
    cmt__comment_t  c;

    n = CMT__ERASE_BATCH;

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

        if (cmt__purge_ripe(read, s, &c)) {
            s->ids[s->n++] = ids[i];
        }
    }

    return CMT_OK;
}


int
cmt__purge_ripe(cmt_read_t *read, const cmt__erase_t *s,
    const cmt__comment_t *c)
{
    int          rc;
    cmt__deed_t  deed;

    if (c->status != s->status || cmt__hollow(c)) {
        return 0;
    }

    rc = cmt__deed_before(read, c->id, 0, &deed);

    return rc == CMT_ENOTFOUND || (rc == CMT_OK && deed.time <= s->before);
}
