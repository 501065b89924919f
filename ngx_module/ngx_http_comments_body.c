/*
 * Sends bodies that the cache keeps, and files that are compiled in: as they
 * are, or compressed to who takes that.  Forms get a new token in both cases.
 *
 *   as it is     text up to the token | token | text behind it
 *   compressed   before | head, token | behind | end          see cmt.h
 *
 * A body is compressed once, when it is first asked for so.
 */

#include "ngx_http_comments_cache.h"


/* W/"hash-length" */
#define NGX_HTTP_COMMENTS_BODY_ETAG_BYTES                                     \
    sizeof("W/\"0123456789abcdef-01234567\"")


static ngx_int_t ngx_http_comments_gzip_wanted(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, size_t bytes);
static const cmt_gzip_t *ngx_http_comments_compressed(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, const ngx_http_comments_body_t *body);
static ngx_int_t ngx_http_comments_gzip_parts(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, const ngx_http_comments_form_t *form,
    const ngx_http_comments_body_t *body, const cmt_gzip_t *gzip,
    cmt_str_t *parts, ngx_uint_t *n);
static ngx_int_t ngx_http_comments_gzip_header(ngx_http_request_t *r);


int
ngx_http_comments_body_of_site(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, ngx_http_comments_asked_t *asked,
    ngx_http_comments_make_pt make, ngx_http_comments_body_t *body,
    cmt_error_t *err)
{
    int                         rc;
    cmt_read_t                 *read;
    ngx_http_comments_cache_t  *cache;

    cache = ctx->worker->cache;

    if (cmt_store_state(ctx->worker->store, &asked->instance, &asked->version)
        == CMT_OK
        && ngx_http_comments_cache_find(cache, r, asked, body) == NGX_OK)
    {
        return CMT_OK;
    }

    rc = cmt_read_begin(ctx->worker->store, &read, err);
    if (rc != CMT_OK) {
        return rc;
    }

    cmt_read_state(read, &asked->instance, &asked->version);
    rc = make(r, ctx, read, asked, &body->text, err);
    cmt_read_end(read);

    if (rc == CMT_OK) {
        ngx_http_comments_body_whole(body);
        (void) ngx_http_comments_cache_store(cache, r, asked, body);
    }

    return rc;
}


ngx_int_t
ngx_http_comments_reply_of_site(ngx_http_request_t *r, const char *type,
    const ngx_http_comments_body_t *body)
{
    if (ngx_http_comments_body_etag(r, body) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (ngx_http_comments_unchanged(r)) {
        return ngx_http_comments_reply_empty(r, NGX_HTTP_NOT_MODIFIED);
    }

    return ngx_http_comments_reply_body(r, type, NULL, body);
}


ngx_int_t
ngx_http_comments_reply_body(ngx_http_request_t *r, const char *type,
    const ngx_http_comments_form_t *form, const ngx_http_comments_body_t *body)
{
    ngx_int_t                 rc;
    cmt_str_t                 parts[NGX_HTTP_COMMENTS_PARTS_MAX];
    ngx_uint_t                n;
    const cmt_gzip_t         *gzip;
    ngx_http_comments_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_http_comments_module);

    gzip = ngx_http_comments_compressed(r, ctx, body);

    if (gzip == NULL) {
        rc = ngx_http_comments_body_parts(r, ctx, form, body, parts, &n);

    } else if (body->token_at) {
        rc = ngx_http_comments_gzip_parts(r, ctx, form, body, gzip, parts, &n);

    } else {
        rc = NGX_OK;
        parts[0] = gzip->before;
        n = 1;
    }

    if (rc != NGX_OK
        || (gzip && ngx_http_comments_gzip_header(r) != NGX_OK))
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_comments_reply_parts(r, NGX_HTTP_OK, type, parts, n);
}


ngx_int_t
ngx_http_comments_reply_asset(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, const char *type, const cmt_asset_t *asset)
{
    cmt_str_t  body;

    body = asset->body;

    if (asset->gzip.len
        && ngx_http_comments_gzip_wanted(r, ctx, body.len) == NGX_OK)
    {
        if (ngx_http_comments_gzip_header(r) != NGX_OK) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        body = asset->gzip;
    }

    return ngx_http_comments_reply(r, NGX_HTTP_OK, type, body);
}


/* A body that is not kept has a token already, which knows nothing of the
 * page. */

void
ngx_http_comments_body_whole(ngx_http_comments_body_t *body)
{
    u_char  *data;

    data = (u_char *) body->text.data;

    body->token_at = 0;
    body->hash = (uint64_t) ngx_murmur_hash2(data, body->text.len) << 32
                 | ngx_crc32_long(data, body->text.len);
}


/* W/"hash-length": what did not change keeps its tag, whatever else was
 * posted. */

ngx_int_t
ngx_http_comments_body_etag(ngx_http_request_t *r,
    const ngx_http_comments_body_t *body)
{
    u_char  *p, *start;

    start = ngx_pnalloc(r->pool, NGX_HTTP_COMMENTS_BODY_ETAG_BYTES);
    if (start == NULL) {
        return NGX_ERROR;
    }

    p = ngx_cpymem(start, "W/\"", sizeof("W/\"") - 1);
    p = ngx_http_comments_hex_put(p, body->hash, 8);
    *p++ = '-';
    p = ngx_http_comments_hex_put(p, body->text.len, 4);
    *p++ = '"';

    return ngx_http_comments_set_etag(r, start, p - start);
}


ngx_int_t
ngx_http_comments_body_parts(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, const ngx_http_comments_form_t *form,
    const ngx_http_comments_body_t *body, cmt_str_t *parts, ngx_uint_t *n)
{
    char    *p;
    size_t   end;

    *n = 1;
    parts[0] = body->text;

    if (body->entry == NULL) {
        p = ngx_pnalloc(r->pool, body->text.len);
        if (p == NULL) {
            return NGX_ERROR;
        }

        ngx_memcpy(p, body->text.data, body->text.len);
        parts[0].data = p;

        if (form == NULL || form->about.len == 0) {
            return NGX_OK;
        }
    }

    if (body->token_at == 0) {
        return NGX_OK;
    }

    p = ngx_pnalloc(r->pool, form->about.len ? CMT_FORM_TOKEN_CHARS_MAX + 1
                                             : CMT_FORM_TOKEN_CHARS + 1);
    if (p == NULL) {
        return NGX_ERROR;
    }

    end = body->token_at + CMT_FORM_TOKEN_CHARS;

    *n = 3;
    parts[1].len = ngx_http_comments_cache_token(ctx->worker->cache, r, body,
                                                 form, p);
    parts[1].data = p;
    parts[2] = (cmt_str_t) { body->text.len - end, parts[0].data + end };
    parts[0].len = body->token_at;

    return NGX_OK;
}


static ngx_int_t
ngx_http_comments_gzip_parts(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, const ngx_http_comments_form_t *form,
    const ngx_http_comments_body_t *body, const cmt_gzip_t *gzip,
    cmt_str_t *parts, ngx_uint_t *n)
{
    char  *p, *token, *end;

    p = ngx_pnalloc(r->pool, CMT_GZIP_HEAD_BYTES + CMT_FORM_TOKEN_CHARS + 1
                             + CMT_GZIP_TRAILER_BYTES);
    if (p == NULL) {
        return NGX_ERROR;
    }

    token = p + CMT_GZIP_HEAD_BYTES;
    end = token + CMT_FORM_TOKEN_CHARS + 1;

    (void) ngx_http_comments_cache_token(ctx->worker->cache, r, body, form,
                                         token);
    cmt_gzip_fill(gzip, (cmt_str_t) { CMT_FORM_TOKEN_CHARS, token }, p, end);

    *n = 4;
    parts[0] = gzip->before;
    parts[1] = (cmt_str_t) { CMT_GZIP_HEAD_BYTES + CMT_FORM_TOKEN_CHARS, p };
    parts[2] = gzip->behind;
    parts[3] = (cmt_str_t) { CMT_GZIP_TRAILER_BYTES, end };

    return NGX_OK;
}


/* NULL: the body goes as it is. */

static const cmt_gzip_t *
ngx_http_comments_compressed(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, const ngx_http_comments_body_t *body)
{
    if (body->entry == NULL
        || ngx_http_comments_gzip_wanted(r, ctx, body->text.len) != NGX_OK)
    {
        return NULL;
    }

    return ngx_http_comments_cache_gzip(ctx->worker->cache, r, body,
                                        (int) ctx->conf->gzip,
                                        ctx->worker->arena);
}


static ngx_int_t
ngx_http_comments_gzip_wanted(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, size_t bytes)
{
#if (NGX_HTTP_GZIP)

    if (ctx->conf->gzip
        && bytes >= NGX_HTTP_COMMENTS_GZIP_BYTES_MIN
        && bytes <= NGX_HTTP_COMMENTS_GZIP_BYTES_MAX)
    {
        return ngx_http_gzip_ok(r);
    }

#endif

    return NGX_DECLINED;
}


static ngx_int_t
ngx_http_comments_gzip_header(ngx_http_request_t *r)
{
    ngx_table_elt_t  *h;

    h = ngx_list_push(&r->headers_out.headers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    h->hash = 1;
#if (nginx_version >= 1023000)
    h->next = NULL;
#endif
    ngx_str_set(&h->key, "Content-Encoding");
    ngx_str_set(&h->value, "gzip");

    r->headers_out.content_encoding = h;

    return NGX_OK;
}
