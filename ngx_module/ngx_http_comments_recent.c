/*
 * GET recent.html: the newest comments of the site as a list, kept as long as
 * the store does not change.
 */

#include "ngx_http_comments_cache.h"


static int ngx_http_comments_recent_make(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, cmt_read_t *read,
    const ngx_http_comments_asked_t *asked, cmt_str_t *html,
    cmt_error_t *err);


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

    return ngx_http_comments_reply_of_site(r, "text/html", &body);
}


int
ngx_http_comments_recent_made(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, unsigned language, unsigned limit,
    ngx_http_comments_body_t *body, cmt_error_t *err)
{
    ngx_http_comments_asked_t  asked;

    ngx_memzero(&asked, sizeof(ngx_http_comments_asked_t));
    asked.conf = ctx->conf;
    asked.view.format = NGX_HTTP_COMMENTS_RECENT;
    asked.view.language = language;
    asked.view.limit = limit;

    return ngx_http_comments_body_of_site(r, ctx, &asked,
                                          ngx_http_comments_recent_make, body,
                                          err);
}


static int
ngx_http_comments_recent_make(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, cmt_read_t *read,
    const ngx_http_comments_asked_t *asked, cmt_str_t *html,
    cmt_error_t *err)
{
    return cmt_recent_html(read, &ctx->conf->site, asked->view.language,
                           asked->view.limit, ctx->worker->arena, html, err);
}
