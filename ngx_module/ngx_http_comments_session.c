/*
 * The moderator's cookie, and who has sent it.
 *
 * Over https it is __Host-comments_SITE: no other host can set it, no script
 * can read it, and no other site's page can make a browser send it.  A
 * browser on this very machine may be without https, to try things out; then
 * the name has no prefix.  SITE tells sites of one host apart.
 */

#include "ngx_http_comments_desk.h"


static ngx_int_t ngx_http_comments_session_value(ngx_http_request_t *r,
    ngx_str_t *name, cmt_str_t *secret);
static int ngx_http_comments_session_trusted(ngx_http_comments_post_t *post);
static int ngx_http_comments_session_cookie(cmt_store_t *store,
    ngx_http_comments_post_t *post);


#define NGX_HTTP_COMMENTS_HOST    "__Host-comments_"
#define NGX_HTTP_COMMENTS_PLAIN   "comments_moderator_"
#define NGX_HTTP_COMMENTS_SESSION                                             \
    "%V=%*s; Path=/; HttpOnly; SameSite=Strict%s%s"


static ngx_int_t
ngx_http_comments_session_name(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, const char *prefix, ngx_str_t *name)
{
    size_t  size;

    size = ngx_strlen(prefix) + 8;

    name->data = ngx_pnalloc(r->pool, size);
    if (name->data == NULL) {
        return NGX_ERROR;
    }

    name->len = ngx_snprintf(name->data, size, "%s%08xD", prefix,
                             ngx_crc32_short(ctx->conf->name.data,
                                             ctx->conf->name.len))
                - name->data;

    return NGX_OK;
}


/* Leaves desk->secret empty when there is none. */

ngx_int_t
ngx_http_comments_session_get(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx)
{
    ngx_str_t                  name;
    ngx_http_comments_desk_t  *desk;

    desk = ctx->desk;

    if (ngx_http_comments_session_name(r, ctx, NGX_HTTP_COMMENTS_HOST, &name)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (ngx_http_comments_session_value(r, &name, &desk->secret) == NGX_OK
        || desk->secure || !desk->loopback)
    {
        return NGX_OK;
    }

    if (ngx_http_comments_session_name(r, ctx, NGX_HTTP_COMMENTS_PLAIN, &name)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    (void) ngx_http_comments_session_value(r, &name, &desk->secret);

    return NGX_OK;
}


static ngx_int_t
ngx_http_comments_session_value(ngx_http_request_t *r, ngx_str_t *name,
    cmt_str_t *secret)
{
    ngx_str_t  value;

    if (ngx_http_comments_cookie_get(r, name, &value) != NGX_OK
        || value.len != CMT_COOKIE_CHARS)
    {
        return NGX_DECLINED;
    }

    *secret = ngx_http_comments_str(&value);

    return NGX_OK;
}


/* secret empty: the browser forgets it. */

ngx_int_t
ngx_http_comments_session_set(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, cmt_str_t secret)
{
    size_t      size;
    u_char     *p, *last;
    ngx_str_t   name;

    if (ngx_http_comments_session_name(r, ctx, ctx->desk->secure
                                       ? NGX_HTTP_COMMENTS_HOST
                                       : NGX_HTTP_COMMENTS_PLAIN, &name)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    size = sizeof(NGX_HTTP_COMMENTS_SESSION) + name.len + secret.len
           + sizeof("; Secure") + sizeof("; Max-Age=0");

    p = ngx_pnalloc(r->pool, size);
    if (p == NULL) {
        return NGX_ERROR;
    }

    last = ngx_snprintf(p, size, NGX_HTTP_COMMENTS_SESSION, &name,
                        secret.len, secret.data,
                        ctx->desk->secure ? "; Secure" : "",
                        secret.len ? "" : "; Max-Age=0");

    return ngx_http_comments_add_header(r, "Set-Cookie", p, last - p);
}


/* In a thread.  Fills desk->session; CMT_EMODERATOR: it is nobody. */

int
ngx_http_comments_session_find(cmt_store_t *store,
    ngx_http_comments_post_t *post)
{
    int                        rc;
    ngx_http_comments_desk_t  *desk;

    desk = post->desk;

    if (desk->trusted.len) {
        rc = ngx_http_comments_session_trusted(post);

    } else if (desk->secret.len && desk->moderators) {
        rc = ngx_http_comments_session_cookie(store, post);

    } else {
        rc = ngx_http_comments_fail(&post->error, CMT_EMODERATOR, NULL);
    }

    desk->known = (rc == CMT_OK);

    return rc;
}


static int
ngx_http_comments_session_trusted(ngx_http_comments_post_t *post)
{
    int                        rc;
    ngx_http_comments_desk_t  *desk;

    desk = post->desk;

    rc = cmt_moderator_trusted(desk->moderators, post->site, desk->trusted,
                               post->arena, &desk->session.who, &post->error);

    if (rc == CMT_OK) {
        cmt_csrf_token(post->site, desk->trusted, desk->session.csrf);
    }

    return rc;
}


static int
ngx_http_comments_session_cookie(cmt_store_t *store,
    ngx_http_comments_post_t *post)
{
    int                        rc;
    cmt_read_t                *read;
    ngx_http_comments_desk_t  *desk;

    desk = post->desk;

    rc = cmt_read_begin(store, &read, &post->error);
    if (rc != CMT_OK) {
        return rc;
    }

    rc = cmt_session_find(read, post->site, desk->moderators, desk->secret,
                          post->submission.now, post->arena, &desk->session,
                          &post->error);
    cmt_read_end(read);

    return rc;
}


/* What a form or a script brings along shows that it has seen our page. */

int
ngx_http_comments_session_token(ngx_http_comments_post_t *post)
{
    cmt_str_t                  token;
    ngx_http_comments_desk_t  *desk;

    desk = post->desk;
    token = desk->token;

    if (token.len == 0) {
        token = cmt_form_get(&post->submission.form, "token");
    }

    if (cmt_csrf_check(post->site, desk->trusted.len ? desk->trusted
                                                     : desk->secret, token))
    {
        return CMT_OK;
    }

    return ngx_http_comments_fail(&post->error, CMT_ECSRF, NULL);
}
