/*
 * The author cookie: one random secret that shows that a later request comes
 * from the one who wrote a comment.
 */

#include "ngx_http_comments_module.h"


static ngx_str_t  ngx_http_comments_cookie_name = ngx_string("comments_author");


static ngx_uint_t ngx_http_comments_included(ngx_http_comments_ctx_t *ctx,
    const cmt_result_t *result);


#define NGX_HTTP_COMMENTS_COOKIE                                              \
    "comments_author=%*s; Path=%V; Max-Age=%d; HttpOnly; SameSite=Lax%s"


/* Leaves *value empty when there is none. */

void
ngx_http_comments_cookie_find(ngx_http_request_t *r, ngx_str_t *value)
{
    (void) ngx_http_comments_cookie_get(r, &ngx_http_comments_cookie_name,
                                        value);
}


/* NGX_DECLINED: there is none of that name. */

ngx_int_t
ngx_http_comments_cookie_get(ngx_http_request_t *r, ngx_str_t *name,
    ngx_str_t *value)
{
    ngx_str_t  found;

#if (nginx_version >= 1023000)

    if (ngx_http_parse_multi_header_lines(r, r->headers_in.cookie,
                                          name, &found)
        == NULL)
    {
        return NGX_DECLINED;
    }

#else

    if (ngx_http_parse_multi_header_lines(&r->headers_in.cookies,
                                          name, &found)
        == NGX_DECLINED)
    {
        return NGX_DECLINED;
    }

#endif

    *value = found;

    return NGX_OK;
}


ngx_int_t
ngx_http_comments_cookie_set(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, const cmt_result_t *result)
{
    char       *secure;
    ngx_str_t   path;
    size_t      size;
    u_char     *p, *last;
    cmt_str_t   secret;
    ngx_uint_t  included;

    secret = result->set_cookie;
    included = ngx_http_comments_included(ctx, result);

    if (secret.len == 0 && included) {

        /* The first one may have come from a vote, for our location alone. */

        secret = ngx_http_comments_str(&ctx->cookie);
    }

    if (secret.len == 0) {
        return NGX_OK;
    }

    secure = ngx_http_comments_over_tls(r) ? "; Secure" : "";

    /* A page with the thread in it shows its author what waits. */

    path = ctx->conf->prefix;

    if (ctx->conf->inserted || included) {
        ngx_str_set(&path, "/");
    }

    size = sizeof(NGX_HTTP_COMMENTS_COOKIE) + secret.len
           + ctx->conf->prefix.len + NGX_INT_T_LEN + sizeof("; Secure");

    p = ngx_pnalloc(r->pool, size);
    if (p == NULL) {
        return NGX_ERROR;
    }

    last = ngx_snprintf(p, size, NGX_HTTP_COMMENTS_COOKIE, secret.len,
                        secret.data, &path,
                        NGX_HTTP_COMMENTS_COOKIE_SECONDS, secure);

    return ngx_http_comments_add_header(r, "Set-Cookie", p, last - p);
}


/* Does the form stand in a page that asks for it by SSI? */

static ngx_uint_t
ngx_http_comments_included(ngx_http_comments_ctx_t *ctx,
    const cmt_result_t *result)
{
    cmt_submission_t  *in;

    in = &ctx->post->submission;

    return ctx->action == NGX_HTTP_COMMENTS_SUBMIT
           && (cmt_form_flags(&ctx->conf->site, result->page,
                              cmt_form_get(&in->form, "token"), in->now)
               & CMT_FORM_INCLUDED);
}
