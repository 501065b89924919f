/*
 * GET recent.html: the newest comments of the site as a list, kept as long as
 * the store does not change.
 */

#include "ngx_http_comments_cache.h"


ngx_int_t
ngx_http_comments_recent(ngx_http_request_t *r, ngx_http_comments_ctx_t *ctx)
{
    int                        rc;
    unsigned                   language;
    cmt_error_t                err;
    ngx_http_comments_args_t   args;
    ngx_http_comments_body_t   body;

    ngx_str_null(&ctx->cookie);  /* who asks makes no difference */
    ctx->vary_encoding = (ctx->conf->gzip != 0);

    cmt_arena_reset(ctx->worker->arena);
    ngx_memzero(&err, sizeof(cmt_error_t));
    ngx_memzero(&args, sizeof(ngx_http_comments_args_t));
    args.query.limit = CMT_RECENT_DEFAULT;

    rc = ngx_http_comments_args_recent(r, ctx->worker->arena, &args, &err);

    if (rc == CMT_OK) {
        language = ngx_http_comments_language(r, ctx, args.lang);
        rc = ngx_http_comments_recent_made(r, ctx, language, args.query.limit,
                                           &body, &err);
    }

    if (rc != CMT_OK) {
        err.rc = rc;
        return ngx_http_comments_reply_error(r, &err);
    }

    if (ngx_http_comments_body_etag(r, &body) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (ngx_http_comments_unchanged(r)) {
        return ngx_http_comments_reply_empty(r, NGX_HTTP_NOT_MODIFIED);
    }

    return ngx_http_comments_reply_body(r, "text/html", cmt_null_str, 0,
                                        &body);
}


int
ngx_http_comments_recent_made(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, unsigned language, unsigned limit,
    ngx_http_comments_body_t *body, cmt_error_t *err)
{
    int                         rc;
    cmt_read_t                 *read;
    ngx_http_comments_asked_t   asked;

    ngx_memzero(&asked, sizeof(ngx_http_comments_asked_t));
    asked.conf = ctx->conf;
    asked.view.format = NGX_HTTP_COMMENTS_RECENT;
    asked.view.language = language;
    asked.view.limit = limit;

    if (cmt_store_state(ctx->worker->store, &asked.instance, &asked.version)
        == CMT_OK
        && ngx_http_comments_cache_find(ctx->worker->cache, r, &asked, body)
           == NGX_OK)
    {
        return CMT_OK;
    }

    rc = cmt_read_begin(ctx->worker->store, &read, err);
    if (rc != CMT_OK) {
        return rc;
    }

    cmt_read_state(read, &asked.instance, &asked.version);
    rc = cmt_recent_html(read, &ctx->conf->site, language, limit,
                         ctx->worker->arena, &body->text, err);
    cmt_read_end(read);

    if (rc == CMT_OK) {
        ngx_http_comments_body_whole(body);
        (void) ngx_http_comments_cache_store(ctx->worker->cache, r, &asked,
                                             body);
    }

    return rc;
}
