/*
 * GET: a thread, counts, one comment.  Each is one short snapshot of the
 * store, begun and ended in one call; the answer is sent after its end.
 */

#include "ngx_http_comments_module.h"


/* W/"instance-version-view" and, for an author, "-snapshot-cookie". */
#define NGX_HTTP_COMMENTS_ETAG_BYTES                                          \
    sizeof("W/\"0123456789abcdef-0123456789abcdef-01234567"                   \
           "-0123456789abcdef-01234567\"")


static int ngx_http_comments_thread_body(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, ngx_http_comments_args_t *args,
    cmt_read_t *read, cmt_str_t *body, ngx_int_t *kept, cmt_error_t *err);
static ngx_int_t ngx_http_comments_etag(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, const cmt_thread_t *thread,
    const ngx_http_comments_view_t *view);
static ngx_int_t ngx_http_comments_unchanged(ngx_http_request_t *r);
static void ngx_http_comments_view(const cmt_thread_query_t *query,
    ngx_http_comments_view_t *view);


/* What thread_body() found. */
#define NGX_HTTP_COMMENTS_FRESH  0             /* body is in the arena       */
#define NGX_HTTP_COMMENTS_KEPT   1             /* body stays with r          */
#define NGX_HTTP_COMMENTS_SAME   2             /* the client has it          */


ngx_int_t
ngx_http_comments_thread(ngx_http_request_t *r, ngx_http_comments_ctx_t *ctx)
{
    int                        rc;
    cmt_str_t                  body;
    ngx_int_t                  kept;
    cmt_read_t                *read;
    cmt_arena_t               *arena;
    cmt_error_t                err;
    ngx_http_comments_args_t   args;

    ctx->vary_cookie = 1;

    arena = ctx->worker->arena;
    cmt_arena_reset(arena);

    ngx_memzero(&err, sizeof(cmt_error_t));
    ngx_memzero(&args, sizeof(ngx_http_comments_args_t));

    args.query.limit = (unsigned) ctx->conf->page_size;
    args.query.depth = CMT_LEVELS_MAX;
    args.query.cookie = ngx_http_comments_str(&ctx->cookie);

    rc = ngx_http_comments_args_thread(r, arena, &args, &err);

    if (rc == CMT_OK) {
        rc = cmt_read_begin(ctx->worker->store, &read, &err);
    }

    if (rc != CMT_OK) {
        err.rc = rc;
        return ngx_http_comments_reply_error(r, &err);
    }

    rc = ngx_http_comments_thread_body(r, ctx, &args, read, &body, &kept,
                                       &err);
    cmt_read_end(read);

    if (rc != CMT_OK) {
        err.rc = rc;
        return ngx_http_comments_reply_error(r, &err);
    }

    switch (kept) {

    case NGX_HTTP_COMMENTS_SAME:
        return ngx_http_comments_reply_empty(r, NGX_HTTP_NOT_MODIFIED);

    case NGX_HTTP_COMMENTS_KEPT:
        return ngx_http_comments_reply(r, NGX_HTTP_OK, "application/json",
                                       body);

    default: /* NGX_HTTP_COMMENTS_FRESH */
        return ngx_http_comments_reply_copy(r, NGX_HTTP_OK,
                                            "application/json", body);
    }
}


static int
ngx_http_comments_thread_body(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, ngx_http_comments_args_t *args,
    cmt_read_t *read, cmt_str_t *body, ngx_int_t *kept, cmt_error_t *err)
{
    int                         rc;
    cmt_thread_t                thread;
    ngx_http_comments_view_t    view;
    ngx_http_comments_cache_t  *cache;

    rc = cmt_thread_find(read, &ctx->conf->site, args->page,
                         ctx->worker->arena, &thread, err);
    if (rc != CMT_OK) {
        return rc;
    }

    ngx_http_comments_view(&args->query, &view);

    if (ngx_http_comments_etag(r, ctx, &thread, &view) != NGX_OK) {
        return CMT_ENOMEM;
    }

    if (ngx_http_comments_unchanged(r)) {
        *kept = NGX_HTTP_COMMENTS_SAME;
        return CMT_OK;
    }

    /* An author sees more than others, and a thread without comments has no
     * id to be found by. */

    cache = (ctx->cookie.len || thread.id == 0) ? NULL : ctx->worker->cache;

    if (cache
        && ngx_http_comments_cache_find(cache, r, ctx->conf, &thread, &view,
                                        body)
           == NGX_OK)
    {
        *kept = NGX_HTTP_COMMENTS_KEPT;
        return CMT_OK;
    }

    rc = cmt_thread_json(read, &ctx->conf->site, &thread, &args->query,
                         ctx->worker->arena, body, err);
    if (rc != CMT_OK) {
        return rc;
    }

    *kept = NGX_HTTP_COMMENTS_FRESH;

    if (cache
        && ngx_http_comments_cache_store(cache, r, ctx->conf, &thread, &view,
                                         body)
           == NGX_OK)
    {
        *kept = NGX_HTTP_COMMENTS_KEPT;
    }

    return CMT_OK;
}


/*
 * The version of a thread grows with what everybody sees.  An author also
 * sees own comments that wait, so the author's tag changes with the store.
 */

static ngx_int_t
ngx_http_comments_etag(ngx_http_request_t *r, ngx_http_comments_ctx_t *ctx,
    const cmt_thread_t *thread, const ngx_http_comments_view_t *view)
{
    u_char           *p, *start;
    uint32_t          hash;
    ngx_table_elt_t  *etag;

    start = ngx_pnalloc(r->pool, NGX_HTTP_COMMENTS_ETAG_BYTES);
    etag = ngx_list_push(&r->headers_out.headers);

    if (start == NULL || etag == NULL) {
        if (etag) {
            etag->hash = 0;
        }

        return NGX_ERROR;
    }

    hash = ngx_murmur_hash2((u_char *) view, sizeof(*view))
           ^ ngx_murmur_hash2((u_char *) CMT_VERSION, sizeof(CMT_VERSION));

    p = ngx_sprintf(start, "W/\"%016xL-%016xL-%08xD",
                    (int64_t) thread->instance, (int64_t) thread->version,
                    hash);

    if (ctx->cookie.len) {
        hash = ngx_murmur_hash2(ctx->cookie.data, ctx->cookie.len);
        p = ngx_sprintf(p, "-%016xL-%08xD", (int64_t) thread->snapshot, hash);
    }

    *p++ = '"';

    etag->hash = 1;
#if (nginx_version >= 1023000)
    etag->next = NULL;
#endif
    ngx_str_set(&etag->key, "ETag");
    etag->value.len = p - start;
    etag->value.data = start;

    r->headers_out.etag = etag;

    return NGX_OK;
}


/* If-None-Match, compared weakly as RFC 9110, 13.1.2 says. */

static ngx_int_t
ngx_http_comments_unchanged(ngx_http_request_t *r)
{
    u_char     *p, *last;
    size_t      len;
    ngx_str_t  *tags;

    if (r->headers_in.if_none_match == NULL) {
        return 0;
    }

    tags = &r->headers_in.if_none_match->value;

    if (tags->len == 1 && tags->data[0] == '*') {
        return 1;
    }

    /* Ours without "W/"; quotes on both ends keep parts from matching. */

    p = r->headers_out.etag->value.data + 2;
    len = r->headers_out.etag->value.len - 2;

    last = tags->data + tags->len;

    return memmem(tags->data, (size_t) (last - tags->data), p, len) != NULL;
}


static void
ngx_http_comments_view(const cmt_thread_query_t *query,
    ngx_http_comments_view_t *view)
{
    view->after = query->after;
    view->parent = query->parent;
    view->sort = (uint32_t) query->sort;
    view->limit = query->limit;
    view->depth = query->depth;
    view->zero = 0;
}


ngx_int_t
ngx_http_comments_count(ngx_http_request_t *r, ngx_http_comments_ctx_t *ctx)
{
    int           rc;
    size_t        n;
    cmt_str_t     pages[CMT_COUNT_PAGES_MAX], body;
    cmt_read_t   *read;
    cmt_arena_t  *arena;
    cmt_error_t   err;

    arena = ctx->worker->arena;
    cmt_arena_reset(arena);

    ngx_memzero(&err, sizeof(cmt_error_t));

    rc = ngx_http_comments_args_pages(r, arena, pages, &n, &err);

    if (rc == CMT_OK) {
        rc = cmt_read_begin(ctx->worker->store, &read, &err);
    }

    if (rc == CMT_OK) {
        rc = cmt_count_json(read, &ctx->conf->site, pages, n, arena, &body,
                            &err);
        cmt_read_end(read);
    }

    if (rc != CMT_OK) {
        err.rc = rc;
        return ngx_http_comments_reply_error(r, &err);
    }

    return ngx_http_comments_reply_copy(r, NGX_HTTP_OK, "application/json",
                                        body);
}


ngx_int_t
ngx_http_comments_comment(ngx_http_request_t *r, ngx_http_comments_ctx_t *ctx)
{
    int           rc;
    cmt_str_t     body;
    cmt_read_t   *read;
    cmt_arena_t  *arena;
    cmt_error_t   err;

    ctx->vary_cookie = 1;

    arena = ctx->worker->arena;
    cmt_arena_reset(arena);

    ngx_memzero(&err, sizeof(cmt_error_t));

    rc = cmt_read_begin(ctx->worker->store, &read, &err);

    if (rc == CMT_OK) {
        rc = cmt_comment_json(read, &ctx->conf->site, ctx->id,
                              ngx_http_comments_str(&ctx->cookie),
                              cmt_null_str, arena, &body, &err);
        cmt_read_end(read);
    }

    if (rc != CMT_OK) {
        err.rc = rc;
        return ngx_http_comments_reply_error(r, &err);
    }

    return ngx_http_comments_reply_copy(r, NGX_HTTP_OK, "application/json",
                                        body);
}
