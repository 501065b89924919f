/*
 * share.c: how often readers follow the links that share a page.
 *
 * The numbers stand in the record of the page's thread, by target.  They are
 * no word of anybody: the journal, which is for ever, has no entry of them,
 * and the version of the thread stays.  One network counts once a day for
 * each page and target, and no faster than it may post.
 */

#include <string.h>

#include "actions.h"


typedef struct {
    cmt_change_t        change;
    const cmt_site_t   *site;
    cmt_str_t           page;
    unsigned            share;
    int64_t             now;
    cmt__hash_t         address, once;
} share_t;


static int share_apply(cmt__write_t *write, cmt_change_t *change, int *wrote,
    cmt_error_t *err);
static int share_write(cmt__write_t *write, share_t *share,
    cmt__thread_t *thread, cmt_error_t *err) CMT_CHECK;


/* Their numbers are in stores: none may get another one. */
static const char *const  names[] = {
    "email", "mastodon", "bluesky", "linkedin", "facebook", "x", "copy"
};

_Static_assert(sizeof(names) / sizeof(names[0]) == CMT__SHARES,
               "a name for each");
_Static_assert(CMT__SHARES <= CMT_SHARES_MAX, "room for all targets");


int
cmt_share_find(cmt_str_t name, unsigned *share)
{
    unsigned  i;

    for (i = 0; i < CMT__SHARES; i++) {
        if (cmt__str_is(name, names[i])) {
            *share = i;
            return CMT_OK;
        }
    }

    return CMT_ENOTFOUND;
}


const char *
cmt__share_name(unsigned share)
{
    return names[share];
}


int
cmt_share_prepare(cmt_store_t *store, const cmt_site_t *site,
    const cmt_submission_t *in, cmt_arena_t *arena, cmt_change_t **change,
    cmt_error_t *err)
{
    int        rc;
    share_t   *s;
    cmt_str_t  parts[4];

    (void) store;

    s = cmt_calloc(arena, sizeof(share_t));
    if (s == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, "no memory for a share");
    }

    s->change.apply = share_apply;
    s->site = site;
    s->now = in->now;

    rc = cmt_page_of(site, arena, cmt_form_get(&in->form, "page"), &s->page);
    if (rc != CMT_OK) {
        return cmt__fail(err, rc, "page", "%s", cmt_error_code(rc));
    }

    if (cmt_share_find(cmt_form_get(&in->form, "target"), &s->share) != CMT_OK
        || memchr(site->shares, (int) s->share, site->n_shares) == NULL)
    {
        return cmt__fail(err, CMT_ENOTFOUND, "target", "no such target");
    }

    cmt__address_hash(site->keys, in->address, in->now, &s->address);

    parts[0] = cmt_str("share");
    parts[1] = (cmt_str_t) { CMT_HASH_BYTES,
                             (const char *) s->address.bytes };
    parts[2] = cmt_form_get(&in->form, "target");
    parts[3] = s->page;
    cmt__hash(site->keys, CMT__KEY_TOKEN, parts, 4, &s->once);

    *change = &s->change;

    return CMT_OK;
}


static int
share_apply(cmt__write_t *write, cmt_change_t *change, int *wrote,
    cmt_error_t *err)
{
    int            rc;
    char           kept[CMT__THREAD_KEPT_BYTES];
    share_t       *s;
    unsigned       wait;
    cmt__thread_t  thread;

    s = (share_t *) change;

    const cmt_rate_t   daily = { 1, CMT__SECONDS_A_DAY };
    const cmt__pace_t  paces[] = {
        { CMT__LIMIT_SHARE, &s->once, daily },
        { CMT__LIMIT_SHARE, &s->address, s->site->address_rate }
    };

    rc = cmt__thread_open(write, s->site, s->page, &thread, wrote, err);

    if (rc == CMT_OK) {
        rc = cmt__limit(write, thread.site, paces[0].kind, paces[0].key,
                        daily, s->now, 0, &wait, err);
    }
    if (rc != CMT_OK) {
        return rc;
    }

    change->result.page = s->page;

    if (wait > 0) {
        change->result.replayed = 1;
        return CMT_OK;
    }

    rc = cmt__thread_keep(&thread, kept, err);
    if (rc == CMT_OK) {
        rc = cmt__limits(write, change, thread.site, paces,
                         sizeof(paces) / sizeof(paces[0]), s->now, wrote,
                         err);
    }
    if (rc != CMT_OK || change->result.rc != CMT_OK) {
        return rc;
    }

    *wrote = 1;

    return share_write(write, s, &thread, err);
}


static int
share_write(cmt__write_t *write, share_t *s, cmt__thread_t *thread,
    cmt_error_t *err)
{
    if (thread->id == 0) {
        thread->page = s->page;
    }

    if (thread->shares[s->share] < UINT32_MAX) {
        thread->shares[s->share]++;
    }

    thread->shared = s->now;

    return cmt__thread_put(write, thread, err);
}
