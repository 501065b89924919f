/*
 * GET: what does not come from the store: the files that are compiled in, and
 * the pictures of authors.
 */

#include "ngx_http_comments_cache.h"
#include "ngx_http_comments_desk.h"


#define NGX_HTTP_COMMENTS_SVG  ".svg"
#define NGX_HTTP_COMMENTS_TAG  32            /* the longest tag */


static ngx_int_t ngx_http_comments_asset(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, const char *name, const char *type);


/*
 * comments.css?v=VERSION may be kept for ever; without the version, or with
 * another one, it is asked for again.  So may the script.
 */

ngx_int_t
ngx_http_comments_stylesheet(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx)
{
    return ngx_http_comments_asset(r, ctx, "comments.css", "text/css");
}


ngx_int_t
ngx_http_comments_script(ngx_http_request_t *r, ngx_http_comments_ctx_t *ctx)
{
    return ngx_http_comments_asset(r, ctx, "comments.js", "text/javascript");
}


ngx_int_t
ngx_http_comments_work(ngx_http_request_t *r, ngx_http_comments_ctx_t *ctx)
{
    return ngx_http_comments_asset(r, ctx, "work.js", "text/javascript");
}


ngx_int_t
ngx_http_comments_desk_script(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx)
{
    return ngx_http_comments_asset(r, ctx, "moderate.js", "text/javascript");
}


ngx_int_t
ngx_http_comments_console_script(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx)
{
    return ngx_http_comments_asset(r, ctx, "console.js", "text/javascript");
}


ngx_int_t
ngx_http_comments_desk_stylesheet(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx)
{
    return ngx_http_comments_asset(r, ctx, "moderate.css", "text/css");
}


/* words?lang=TAG: the catalogue that the fragment's words come from; with
 * for=moderate, that of moderators. */

ngx_int_t
ngx_http_comments_words(ngx_http_request_t *r, ngx_http_comments_ctx_t *ctx)
{
    u_char       name[sizeof("i18n/moderate/.json") + NGX_HTTP_COMMENTS_TAG];
    ngx_str_t    tag, whom;
    const char  *known;

    if (ngx_http_arg(r, (u_char *) "lang", 4, &tag) != NGX_OK) {
        ngx_str_null(&tag);
    }

    known = cmt_language_tag(ngx_http_comments_language(r, ctx,
                                 ngx_http_comments_str(&tag)));

    if (ngx_http_arg(r, (u_char *) "for", 3, &whom) != NGX_OK
        || whom.len != 8 || ngx_memcmp(whom.data, "moderate", 8) != 0)
    {
        ngx_str_null(&whom);
    }

    ngx_snprintf(name, sizeof(name), "i18n/%s%s.json%Z",
                 whom.len ? "moderate/" : "", known);

    return ngx_http_comments_asset(r, ctx, (char *) name, "application/json");
}


static ngx_int_t
ngx_http_comments_asset(ngx_http_request_t *r, ngx_http_comments_ctx_t *ctx,
    const char *name, const char *type)
{
    int          rc;
    u_char      *p, *tag;
    ngx_str_t    wanted;
    cmt_str_t    version;
    cmt_asset_t  asset;
    cmt_error_t  err;

    ctx->vary_encoding = (ctx->conf->gzip != 0);

    rc = cmt_asset(name, &asset);

    if (rc != CMT_OK) {
        (void) ngx_http_comments_fail(&err, rc, NULL);
        return ngx_http_comments_reply_error(r, &err);
    }

    version = asset.version;

    tag = ngx_pnalloc(r->pool, sizeof("W/\"\"") + version.len);
    if (tag == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    p = ngx_cpymem(tag, "W/\"", sizeof("W/\"") - 1);
    p = ngx_cpymem(p, version.data, version.len);
    *p++ = '"';

    if (ngx_http_comments_set_etag(r, tag, p - tag) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ctx->for_ever = ngx_http_arg(r, (u_char *) "v", 1, &wanted) == NGX_OK
                    && wanted.len == version.len
                    && ngx_memcmp(wanted.data, version.data, version.len) == 0;

    if (ngx_http_comments_unchanged(r)) {
        return ngx_http_comments_reply_empty(r, NGX_HTTP_NOT_MODIFIED);
    }

    return ngx_http_comments_reply_asset(r, ctx, type, &asset);
}


/* avatar/KEY.svg: drawn from the key, so it never changes. */

ngx_int_t
ngx_http_comments_avatar(ngx_http_request_t *r, ngx_http_comments_ctx_t *ctx)
{
    int           rc;
    size_t        ext;
    cmt_str_t     name, svg;
    cmt_error_t   err;
    cmt_arena_t  *arena;

    arena = ctx->worker->arena;
    cmt_arena_reset(arena);

    ext = sizeof(NGX_HTTP_COMMENTS_SVG) - 1;
    name = ngx_http_comments_str(&ctx->file);
    rc = CMT_ENOTFOUND;

    if (ctx->conf->site.avatars
        && name.len > ext
        && ngx_memcmp(name.data + name.len - ext, NGX_HTTP_COMMENTS_SVG, ext)
           == 0)
    {
        name.len -= ext;
        rc = cmt_avatar_svg(name, arena, &svg);
    }

    if (rc != CMT_OK) {
        (void) ngx_http_comments_fail(&err, rc, NULL);
        return ngx_http_comments_reply_error(r, &err);
    }

    ctx->for_ever = 1;

    return ngx_http_comments_reply_copy(r, NGX_HTTP_OK, "image/svg+xml", svg);
}
