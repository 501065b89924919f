/*
 * The thread of a page.  To find it takes a snapshot, a hash and three
 * records of the store; so each worker remembers what it found:
 *
 *   known[hash of site and page] = { page as it was asked for, thread }
 *
 * One place for each hash, taken by whatever came last.  What is there holds
 * as long as the store's newest snapshot is the one that it was found in, and
 * that number costs nearly nothing to read.  It lies in the file, which all
 * processes map, so it does not matter who writes.  A thread that closes by
 * its age is compared with the clock each time.
 */

#include "ngx_http_comments_cache.h"


#define NGX_HTTP_COMMENTS_KNOWN_BYTES  512


/* A longer page is looked up each time. */
typedef struct {
    const cmt_site_t                 *site;    /* NULL: nothing is here      */
    cmt_thread_t                      thread;  /* its page is behind asked   */
    size_t                            asked_len;
    u_char                            text[NGX_HTTP_COMMENTS_KNOWN_BYTES
                                           - sizeof(cmt_site_t *)
                                           - sizeof(cmt_thread_t)
                                           - sizeof(size_t)];
} ngx_http_comments_place_t;


_Static_assert(sizeof(ngx_http_comments_place_t)
               == NGX_HTTP_COMMENTS_KNOWN_BYTES, "size of a place");


struct ngx_http_comments_known_s {
    ngx_uint_t                        mask;
    ngx_http_comments_place_t         places[];
};


static ngx_http_comments_place_t *ngx_http_comments_place(
    ngx_http_comments_worker_t *worker, const cmt_site_t *site,
    cmt_str_t page);
static ngx_int_t ngx_http_comments_remembered(
    ngx_http_comments_worker_t *worker, const cmt_site_t *site,
    ngx_http_comments_found_t *found);
static void ngx_http_comments_remember(ngx_http_comments_worker_t *worker,
    const cmt_site_t *site, const ngx_http_comments_found_t *found);
static void ngx_http_comments_find_now(const cmt_site_t *site,
    ngx_http_comments_found_t *found);


/* As many places as fit, a power of two; none when there is no room for one. */

ngx_int_t
ngx_http_comments_known_create(ngx_http_comments_worker_t *worker,
    size_t *bytes)
{
    size_t  n, room;

    room = *bytes;
    *bytes = 0;

    if (room < NGX_HTTP_COMMENTS_KNOWN_BYTES
               + sizeof(ngx_http_comments_known_t))
    {
        return NGX_OK;
    }

    room = (room - sizeof(ngx_http_comments_known_t))
           / NGX_HTTP_COMMENTS_KNOWN_BYTES;

    for (n = 1; 2 * n <= room; n *= 2) {
        /* void */
    }

    *bytes = sizeof(ngx_http_comments_known_t)
             + n * NGX_HTTP_COMMENTS_KNOWN_BYTES;

    worker->known = ngx_calloc(*bytes, ngx_cycle->log);
    if (worker->known == NULL) {
        return NGX_ERROR;
    }

    worker->known->mask = n - 1;

    return NGX_OK;
}


void
ngx_http_comments_known_destroy(ngx_http_comments_known_t *known)
{
    if (known) {
        ngx_free(known);
    }
}


int
ngx_http_comments_find(ngx_http_comments_worker_t *worker,
    const cmt_site_t *site, cmt_str_t page, ngx_http_comments_found_t *found,
    cmt_error_t *err)
{
    found->page = page;
    found->read = NULL;
    found->thread.snapshot = 0;

    if (ngx_http_comments_remembered(worker, site, found) == NGX_OK) {
        return CMT_OK;
    }

    return ngx_http_comments_find_read(worker, site, found, err);
}


int
ngx_http_comments_find_read(ngx_http_comments_worker_t *worker,
    const cmt_site_t *site, ngx_http_comments_found_t *found, cmt_error_t *err)
{
    int       rc;
    uint64_t  instance, snapshot;

    rc = cmt_read_begin(worker->store, &found->read, err);
    if (rc != CMT_OK) {
        return rc;
    }

    cmt_read_state(found->read, &instance, &snapshot);

    if (found->thread.snapshot == snapshot
        && found->thread.instance == instance)
    {
        return CMT_OK;     /* it was remembered as it is here */
    }

    rc = cmt_thread_find(found->read, site, found->page, worker->arena,
                         &found->thread, err);

    if (rc == CMT_OK) {
        ngx_http_comments_find_now(site, found);
        ngx_http_comments_remember(worker, site, found);
    }

    return rc;
}


/* A page asks twice, for its header and for its body. */

int
ngx_http_comments_find_own(ngx_http_comments_ctx_t *ctx,
    ngx_http_comments_found_t *found, cmt_error_t *err)
{
    int                       rc;
    ngx_http_comments_own_t  *own;

    own = &ctx->own;

    if (ctx->cookie.len == 0
        || (own->snapshot == found->thread.snapshot
            && own->instance == found->thread.instance))
    {
        return CMT_OK;
    }

    if (found->read == NULL) {
        rc = ngx_http_comments_find_read(ctx->worker, &ctx->conf->site, found,
                                         err);
        if (rc != CMT_OK) {
            return rc;
        }
    }

    own->instance = found->thread.instance;
    own->snapshot = found->thread.snapshot;
    own->some = cmt_thread_own(found->read, &ctx->conf->site, &found->thread,
                               ngx_http_comments_str(&ctx->cookie),
                               (int64_t) ngx_time(), &own->until);
    return CMT_OK;
}


void
ngx_http_comments_find_end(ngx_http_comments_found_t *found)
{
    cmt_read_end(found->read);
    found->read = NULL;
}


/* Where the page would be; NULL: nothing is remembered. */

static ngx_http_comments_place_t *
ngx_http_comments_place(ngx_http_comments_worker_t *worker,
    const cmt_site_t *site, cmt_str_t page)
{
    ngx_uint_t  n;

    if (worker->known == NULL) {
        return NULL;
    }

    n = ngx_murmur_hash2((u_char *) page.data, page.len)
        ^ (ngx_uint_t) ((uintptr_t) site / sizeof(cmt_site_t));

    return &worker->known->places[n & worker->known->mask];
}


static ngx_int_t
ngx_http_comments_remembered(ngx_http_comments_worker_t *worker,
    const cmt_site_t *site, ngx_http_comments_found_t *found)
{
    char                       *p;
    uint64_t                    instance, snapshot;
    cmt_thread_t               *thread;
    ngx_http_comments_place_t  *place;

    place = ngx_http_comments_place(worker, site, found->page);

    if (place == NULL
        || place->site != site
        || place->asked_len != found->page.len
        || ngx_memcmp(place->text, found->page.data, found->page.len) != 0
        || cmt_store_state(worker->store, &instance, &snapshot) != CMT_OK)
    {
        return NGX_DECLINED;
    }

    thread = &place->thread;

    if (thread->snapshot != snapshot || thread->instance != instance) {
        return NGX_DECLINED;
    }

    /* The place may be taken by another page while this one is answered. */

    p = cmt_alloc(worker->arena, thread->page.len);
    if (p == NULL) {
        return NGX_DECLINED;
    }

    ngx_memcpy(p, thread->page.data, thread->page.len);

    found->thread = *thread;
    found->thread.page.data = p;
    ngx_http_comments_find_now(site, found);

    return NGX_OK;
}


static void
ngx_http_comments_remember(ngx_http_comments_worker_t *worker,
    const cmt_site_t *site, const ngx_http_comments_found_t *found)
{
    u_char                     *p;
    ngx_http_comments_place_t  *place;

    place = ngx_http_comments_place(worker, site, found->page);

    if (place == NULL
        || found->page.len + found->thread.page.len > sizeof(place->text))
    {
        return;
    }

    p = ngx_cpymem(place->text, found->page.data, found->page.len);
    ngx_memcpy(p, found->thread.page.data, found->thread.page.len);

    place->site = site;
    place->asked_len = found->page.len;
    place->thread = found->thread;
    place->thread.page.data = (char *) p;
}


/*
 * What depends on the clock.  A thread's body is made anew for shares once in
 * a span of CMT_SHARE_SECONDS at most: those of a span are seen when it is
 * over.
 */

static void
ngx_http_comments_find_now(const cmt_site_t *site,
    ngx_http_comments_found_t *found)
{
    int64_t  now, span;

    now = (int64_t) ngx_time();

    found->closed = found->thread.closes && now >= found->thread.closes;
    found->shared = 0;

    if (site->n_shares && found->thread.shared) {
        span = ngx_min(found->thread.shared / CMT_SHARE_SECONDS,
                       now / CMT_SHARE_SECONDS - 1);
        found->shared = (uint64_t) span;
    }
}
