/*
 * GET thread.atom, site.atom: feeds of what everybody sees.
 */

#include "ngx_http_comments_cache.h"


/* W/"instance-version-base" */
#define NGX_HTTP_COMMENTS_FEED_ETAG_BYTES                                     \
    sizeof("W/\"0123456789abcdef-0123456789abcdef-01234567\"")


static ngx_int_t ngx_http_comments_feed(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, ngx_http_comments_args_t *args);
static int ngx_http_comments_feed_find(ngx_http_comments_ctx_t *ctx,
    ngx_http_comments_args_t *args, ngx_http_comments_found_t *found,
    cmt_error_t *err);
static int ngx_http_comments_feed_body(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, ngx_http_comments_args_t *args,
    ngx_http_comments_found_t *found, ngx_http_comments_body_t *body,
    ngx_uint_t *same, cmt_error_t *err);
static void ngx_http_comments_feed_asked(ngx_http_comments_ctx_t *ctx,
    ngx_http_comments_args_t *args, const cmt_thread_t *thread,
    cmt_str_t base, ngx_http_comments_asked_t *asked);
static ngx_int_t ngx_http_comments_feed_etag(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, const cmt_thread_t *thread,
    cmt_str_t base);
static ngx_int_t ngx_http_comments_is_host(const ngx_str_t *host);


ngx_int_t
ngx_http_comments_thread_feed(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx)
{
    int                        rc;
    cmt_error_t                err;
    ngx_http_comments_args_t   args;

    cmt_arena_reset(ctx->worker->arena);
    ngx_memzero(&err, sizeof(cmt_error_t));
    ngx_memzero(&args, sizeof(ngx_http_comments_args_t));

    rc = ngx_http_comments_args_feed(r, ctx->worker->arena, &args, &err);

    if (rc != CMT_OK) {
        err.rc = rc;
        return ngx_http_comments_reply_error(r, &err);
    }

    return ngx_http_comments_feed(r, ctx, &args);
}


ngx_int_t
ngx_http_comments_site_feed(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx)
{
    cmt_arena_reset(ctx->worker->arena);

    return ngx_http_comments_feed(r, ctx, NULL);
}


/* args NULL: of the site. */

static ngx_int_t
ngx_http_comments_feed(ngx_http_request_t *r, ngx_http_comments_ctx_t *ctx,
    ngx_http_comments_args_t *args)
{
    int                         rc;
    ngx_uint_t                  same;
    cmt_error_t                 err;
    ngx_http_comments_body_t    body;
    ngx_http_comments_found_t   found;

    /* Who asks makes no difference. */

    ngx_str_null(&ctx->cookie);
    ctx->vary_encoding = (ctx->conf->gzip != 0);

    ngx_memzero(&err, sizeof(cmt_error_t));

    rc = ngx_http_comments_feed_find(ctx, args, &found, &err);

    if (rc == CMT_OK) {
        rc = ngx_http_comments_feed_body(r, ctx, args, &found, &body, &same,
                                         &err);
    }

    ngx_http_comments_find_end(&found);

    if (rc != CMT_OK) {
        err.rc = rc;
        return ngx_http_comments_reply_error(r, &err);
    }

    if (same) {
        return ngx_http_comments_reply_empty(r, NGX_HTTP_NOT_MODIFIED);
    }

    return ngx_http_comments_reply_body(r, "application/atom+xml", NULL,
                                        &body);
}


/* The site's feed is one of all threads, so its version is that of the
 * store. */

static int
ngx_http_comments_feed_find(ngx_http_comments_ctx_t *ctx,
    ngx_http_comments_args_t *args, ngx_http_comments_found_t *found,
    cmt_error_t *err)
{
    int          rc;
    cmt_site_t  *site;

    site = &ctx->conf->site;

    if (args) {
        return ngx_http_comments_find(ctx->worker, site, args->page, found,
                                      err);
    }

    found->page = (cmt_str_t) { 1, "/" };
    found->read = NULL;
    found->thread.snapshot = 0;          /* nothing is remembered */

    rc = ngx_http_comments_find_read(ctx->worker, site, found, err);

    if (rc == CMT_OK) {
        rc = cmt_journal_last(found->read, &found->thread.version, err);
    }

    return rc;
}


/* *same: the client has it. */

static int
ngx_http_comments_feed_body(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, ngx_http_comments_args_t *args,
    ngx_http_comments_found_t *found, ngx_http_comments_body_t *body,
    ngx_uint_t *same, cmt_error_t *err)
{
    int                         rc;
    cmt_str_t                   base;
    cmt_site_t                 *site;
    cmt_arena_t                *arena;
    const cmt_thread_t         *thread;
    ngx_http_comments_asked_t   asked;
    ngx_http_comments_cache_t  *cache;

    *same = 0;

    site = &ctx->conf->site;
    arena = ctx->worker->arena;
    thread = &found->thread;

    rc = ngx_http_comments_base(r, ctx, arena, &base);
    if (rc != CMT_OK) {
        return rc;
    }

    if (ngx_http_comments_feed_etag(r, ctx, thread, base) != NGX_OK) {
        return CMT_ENOMEM;
    }

    if (ngx_http_comments_unchanged(r)) {
        *same = 1;
        return CMT_OK;
    }

    ngx_http_comments_feed_asked(ctx, args, thread, base, &asked);

    cache = (args && thread->id == 0) ? NULL : ctx->worker->cache;

    if (ngx_http_comments_cache_find(cache, r, &asked, body) == NGX_OK) {
        return CMT_OK;
    }

    if (found->read == NULL) {

        /* To be made it takes a snapshot, which may have another thread. */

        rc = ngx_http_comments_find_read(ctx->worker, site, found, err);

        return rc != CMT_OK ? rc
               : ngx_http_comments_feed_body(r, ctx, args, found, body, same,
                                             err);
    }

    body->token_at = 0;
    body->hash = 0;

    rc = args ? cmt_thread_atom(found->read, site, thread, base, arena,
                                &body->text, err)
              : cmt_site_atom(found->read, site, base, arena, &body->text,
                              err);

    if (rc == CMT_OK) {
        (void) ngx_http_comments_cache_store(cache, r, &asked, body);
    }

    return rc;
}


/* What stands in the feed's addresses may come from the client. */

static void
ngx_http_comments_feed_asked(ngx_http_comments_ctx_t *ctx,
    ngx_http_comments_args_t *args, const cmt_thread_t *thread,
    cmt_str_t base, ngx_http_comments_asked_t *asked)
{
    ngx_memzero(asked, sizeof(ngx_http_comments_asked_t));

    asked->conf = ctx->conf;
    asked->thread = args ? thread->id : 0;
    asked->view.format = args ? NGX_HTTP_COMMENTS_ATOM
                              : NGX_HTTP_COMMENTS_SITE_ATOM;
    asked->name = base;
    asked->version = thread->version;
    asked->instance = thread->instance;
}


static ngx_int_t
ngx_http_comments_feed_etag(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, const cmt_thread_t *thread, cmt_str_t base)
{
    u_char    *p, *start;
    uint32_t   hash;

    start = ngx_pnalloc(r->pool, NGX_HTTP_COMMENTS_FEED_ETAG_BYTES);
    if (start == NULL) {
        return NGX_ERROR;
    }

    hash = ngx_murmur_hash2((u_char *) base.data, base.len)
           ^ ctx->conf->made;

    p = ngx_cpymem(start, "W/\"", sizeof("W/\"") - 1);
    p = ngx_http_comments_hex_put(p, thread->instance, 8);
    *p++ = '-';
    p = ngx_http_comments_hex_put(p, thread->version, 8);
    *p++ = '-';
    p = ngx_http_comments_hex_put(p, hash, 4);
    *p++ = '"';

    return ngx_http_comments_set_etag(r, start, p - start);
}


/* "https://example.org", in the arena. */

int
ngx_http_comments_base(ngx_http_request_t *r, ngx_http_comments_ctx_t *ctx,
    cmt_arena_t *arena, cmt_str_t *base)
{
    char                      *start;
    u_char                    *p;
    ngx_str_t                  host;
    ngx_uint_t                 tls;
    ngx_http_core_srv_conf_t  *cscf;

    if (ctx->conf->base_url.len) {
        *base = ngx_http_comments_str(&ctx->conf->base_url);
        return CMT_OK;
    }

#if (NGX_HTTP_SSL)
    tls = (r->connection->ssl != NULL);
#else
    tls = 0;
#endif

    ngx_str_null(&host);

    if (r->headers_in.host) {
        host = r->headers_in.host->value;
    }

    if (!ngx_http_comments_is_host(&host)) {
        cscf = ngx_http_get_module_srv_conf(r, ngx_http_core_module);
        host = cscf->server_name;
    }

    start = cmt_alloc(arena, sizeof("https://") + host.len);
    if (start == NULL) {
        return CMT_ENOMEM;
    }

    p = ngx_sprintf((u_char *) start, "http%s://%V", tls ? "s" : "", &host);

    base->data = start;
    base->len = (size_t) (p - (u_char *) start);

    return CMT_OK;
}


/* nginx also takes what could stand in no address, and a quote or two. */

static ngx_int_t
ngx_http_comments_is_host(const ngx_str_t *host)
{
    u_char      c;
    ngx_uint_t  i;

    for (i = 0; i < host->len; i++) {
        c = ngx_tolower(host->data[i]);

        if ((c < 'a' || c > 'z') && (c < '0' || c > '9')
            && ngx_strchr(".-_:[]", c) == NULL)
        {
            return 0;
        }
    }

    return host->len != 0;
}
