/*
 * The one place where codes of the core become status, headers and body.
 */

#include "ngx_http_comments_desk.h"


/* The body of a refusal, as long as it is sent. */
typedef struct {
    cmt_arena_t  *arena;
    cmt_str_t     body;
} ngx_http_comments_page_t;


static ngx_int_t ngx_http_comments_link(ngx_http_request_t *r,
    ngx_chain_t *out, cmt_str_t part);
static ngx_int_t ngx_http_comments_send(ngx_http_request_t *r,
    ngx_uint_t status, const char *type, ngx_chain_t *out, size_t len);
static ngx_int_t ngx_http_comments_send_header(ngx_http_request_t *r,
    ngx_uint_t status);
static ngx_int_t ngx_http_comments_vary(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx);
static ngx_int_t ngx_http_comments_private(ngx_http_request_t *r);
static ngx_int_t ngx_http_comments_cors(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx);
static ngx_int_t ngx_http_comments_allow(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, const char *name);
static int ngx_http_comments_error_body(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, const cmt_error_t *err, cmt_str_t message,
    const cmt_ask_t *ask, cmt_str_t *body);
static int ngx_http_comments_error_short(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, const cmt_error_t *err, cmt_str_t *body);
static void ngx_http_comments_page_cleanup(void *data);


#define NGX_HTTP_COMMENTS_UNPROCESSABLE  422

#define ngx_http_comments_add_literal(r, name, value)                         \
    ngx_http_comments_add_header(r, name, (u_char *) value, sizeof(value) - 1)


int
ngx_http_comments_fail(cmt_error_t *err, int rc, const char *field)
{
    ngx_memzero(err, sizeof(cmt_error_t));

    err->rc = rc;
    err->field = field;

    return rc;
}


ngx_int_t
ngx_http_comments_add_header(ngx_http_request_t *r, const char *name,
    u_char *value, size_t len)
{
    ngx_table_elt_t  *header;

    header = ngx_list_push(&r->headers_out.headers);
    if (header == NULL) {
        return NGX_ERROR;
    }

    header->hash = 1;
#if (nginx_version >= 1023000)
    header->next = NULL;
#endif
    header->key.len = ngx_strlen(name);
    header->key.data = (u_char *) name;
    header->value.len = len;
    header->value.data = value;

    return NGX_OK;
}


ngx_int_t
ngx_http_comments_reply_copy(ngx_http_request_t *r, ngx_uint_t status,
    const char *type, cmt_str_t body)
{
    u_char  *data;

    data = ngx_pnalloc(r->pool, body.len);
    if (data == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_memcpy(data, body.data, body.len);
    body.data = (char *) data;

    return ngx_http_comments_reply(r, status, type, body);
}


ngx_int_t
ngx_http_comments_reply(ngx_http_request_t *r, ngx_uint_t status,
    const char *type, cmt_str_t body)
{
    return ngx_http_comments_reply_parts(r, status, type, &body, 1);
}


ngx_int_t
ngx_http_comments_reply_parts(ngx_http_request_t *r, ngx_uint_t status,
    const char *type, const cmt_str_t *parts, ngx_uint_t n)
{
    size_t       len;
    ngx_uint_t   i;
    ngx_chain_t  out[NGX_HTTP_COMMENTS_PARTS_MAX];

    len = 0;

    for (i = 0; i < n; i++) {

        if (ngx_http_comments_link(r, &out[i], parts[i]) != NGX_OK) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        if (i > 0) {
            out[i - 1].buf->last_buf = 0;
            out[i - 1].buf->last_in_chain = 0;
            out[i - 1].next = &out[i];
        }

        len += parts[i].len;
    }

    return ngx_http_comments_send(r, status, type, out, len);
}


/* A chain of one buffer, the last one. */

static ngx_int_t
ngx_http_comments_link(ngx_http_request_t *r, ngx_chain_t *out, cmt_str_t part)
{
    ngx_buf_t  *b;

    b = ngx_calloc_buf(r->pool);
    if (b == NULL) {
        return NGX_ERROR;
    }

    b->pos = (u_char *) part.data;
    b->last = b->pos + part.len;
    b->memory = 1;
    b->last_buf = (r == r->main);
    b->last_in_chain = 1;

    out->buf = b;
    out->next = NULL;

    return NGX_OK;
}


static ngx_int_t
ngx_http_comments_send(ngx_http_request_t *r, ngx_uint_t status,
    const char *type, ngx_chain_t *out, size_t len)
{
    ngx_int_t  rc;

    r->headers_out.content_length_n = (off_t) len;
    r->headers_out.content_type.len = ngx_strlen(type);
    r->headers_out.content_type.data = (u_char *) type;
    r->headers_out.content_type_len = r->headers_out.content_type.len;
    r->headers_out.content_type_lowcase = NULL;
    ngx_str_set(&r->headers_out.charset, "utf-8");

    rc = ngx_http_comments_send_header(r, status);

    if (rc == NGX_ERROR || rc > NGX_OK || r->header_only) {
        return rc;
    }

    return ngx_http_output_filter(r, out);
}


/* 204, 303, 304 */

ngx_int_t
ngx_http_comments_reply_empty(ngx_http_request_t *r, ngx_uint_t status)
{
    r->header_only = 1;
    r->headers_out.content_length_n = (status == NGX_HTTP_SEE_OTHER) ? 0 : -1;

    return ngx_http_comments_send_header(r, status);
}


ngx_int_t
ngx_http_comments_reply_stream(ngx_http_request_t *r)
{
    ngx_table_elt_t          *encoding;
    ngx_http_comments_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_http_comments_module);
    ctx->no_store = 1;

    /* What is not in the list of headers is not sent; but filters that
     * compress, and so would gather, find the answer encoded. */

    encoding = ngx_pcalloc(r->pool, sizeof(ngx_table_elt_t));

    if (encoding == NULL
        || ngx_http_comments_add_literal(r, "X-Accel-Buffering", "no")
           != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_str_set(&encoding->key, "Content-Encoding");
    ngx_str_set(&encoding->value, "identity");

    r->headers_out.content_encoding = encoding;
    r->headers_out.content_length_n = -1;
    ngx_str_set(&r->headers_out.content_type, "text/event-stream");
    r->headers_out.content_type_len = r->headers_out.content_type.len;
    r->headers_out.content_type_lowcase = NULL;
    ngx_str_set(&r->headers_out.charset, "utf-8");

    return ngx_http_comments_send_header(r, NGX_HTTP_OK);
}


/* The headers that every answer has. */

static ngx_int_t
ngx_http_comments_send_header(ngx_http_request_t *r, ngx_uint_t status)
{
    ngx_int_t                 rc;
    ngx_http_comments_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_http_comments_module);

    r->headers_out.status = status;

    if (status == NGX_HTTP_COMMENTS_UNPROCESSABLE) {
        /* nginx has no words for it */
        ngx_str_set(&r->headers_out.status_line, "422 Unprocessable Content");
    }

    rc = ngx_http_comments_add_literal(r, "X-Content-Type-Options", "nosniff");

    if (rc == NGX_OK) {
        rc = ngx_http_comments_vary(r, ctx);
    }

    if (rc == NGX_OK) {
        rc = ctx->private ? ngx_http_comments_private(r)
                          : ngx_http_comments_cors(r, ctx);
    }

    if (rc == NGX_OK) {

        if (!ctx->read_only || ctx->no_store || ctx->private
            || status >= NGX_HTTP_BAD_REQUEST)
        {
            rc = ngx_http_comments_add_literal(r, "Cache-Control", "no-store");

        } else if (ctx->for_ever) {
            rc = ngx_http_comments_add_literal(r, "Cache-Control",
                                      "public, max-age=31536000, immutable");

        } else if (ctx->cookie.len || ctx->identity.len) {
            rc = ngx_http_comments_add_literal(r, "Cache-Control",
                                               "private, no-cache");
        } else {
            rc = ngx_http_comments_add_literal(r, "Cache-Control", "no-cache");
        }
    }

    if (rc != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_send_header(r);
}


/* One header for all of them. */

static ngx_int_t
ngx_http_comments_vary(ngx_http_request_t *r, ngx_http_comments_ctx_t *ctx)
{
    ngx_uint_t  n;

    static ngx_str_t  names[] = {
        ngx_null_string,
        ngx_string("Cookie"),
        ngx_string("Accept-Language"),
        ngx_string("Cookie, Accept-Language"),
        ngx_string("Accept-Encoding"),
        ngx_string("Accept-Encoding, Cookie"),
        ngx_string("Accept-Encoding, Accept-Language"),
        ngx_string("Accept-Encoding, Cookie, Accept-Language")
    };

    n = ctx->vary_cookie + 2 * ctx->vary_language + 4 * ctx->vary_encoding;

    return n == 0 ? NGX_OK
                  : ngx_http_comments_add_header(r, "Vary", names[n].data,
                                                 names[n].len);
}


/* What moderators see runs nothing but our own, in no other page, and tells
 * no other site where they are. */

static ngx_int_t
ngx_http_comments_private(ngx_http_request_t *r)
{
    ngx_uint_t  i;

    static const struct {
        const char  *name;
        ngx_str_t    value;
    } headers[] = {
        { "Content-Security-Policy",
          ngx_string("default-src 'self'; base-uri 'none'; "
                     "form-action 'self'; frame-ancestors 'none'; "
                     "object-src 'none'; require-trusted-types-for 'script'; "
                     "trusted-types ngx-comments") },
        { "X-Frame-Options", ngx_string("DENY") },
        /* With "no-referrer" a browser's own forms have the Origin "null". */
        { "Referrer-Policy", ngx_string("same-origin") },
        { "Cross-Origin-Opener-Policy", ngx_string("same-origin") },
        { "Cross-Origin-Resource-Policy", ngx_string("same-origin") }
    };

    for (i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
        if (ngx_http_comments_add_header(r, headers[i].name,
                                         headers[i].value.data,
                                         headers[i].value.len)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_comments_cors(ngx_http_request_t *r, ngx_http_comments_ctx_t *ctx)
{
    if (ctx->conf->origins
        && ngx_http_comments_add_literal(r, "Vary", "Origin") != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (r->method == NGX_HTTP_OPTIONS && ctx->methods
        && ngx_http_comments_allow(r, ctx, "Allow") != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (ctx->origin.len == 0) {
        return NGX_OK;
    }

    if (ngx_http_comments_add_header(r, "Access-Control-Allow-Origin",
                                     ctx->origin.data, ctx->origin.len)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (r->method != NGX_HTTP_OPTIONS) {
        return ngx_http_comments_add_literal(r,
                                             "Access-Control-Expose-Headers",
                                             "Location, Retry-After");
    }

    if (ngx_http_comments_allow(r, ctx, "Access-Control-Allow-Methods")
        != NGX_OK
        || ngx_http_comments_add_literal(r, "Access-Control-Allow-Headers",
                                         "Content-Type")
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_comments_add_literal(r, "Access-Control-Max-Age",
                                         NGX_HTTP_COMMENTS_PREFLIGHT_SECONDS);
}


static ngx_int_t
ngx_http_comments_allow(ngx_http_request_t *r, ngx_http_comments_ctx_t *ctx,
    const char *name)
{
    u_char      *p, *start;
    ngx_uint_t   i;

    static const struct {
        ngx_uint_t  method;
        ngx_str_t   name;
    } names[] = {
        { NGX_HTTP_GET, ngx_string("GET, HEAD, ") },
        { NGX_HTTP_POST, ngx_string("POST, ") },
        { NGX_HTTP_PATCH, ngx_string("PATCH, ") },
        { NGX_HTTP_DELETE, ngx_string("DELETE, ") }
    };

    start = ngx_pnalloc(r->pool,
                        sizeof("GET, HEAD, POST, PATCH, DELETE, OPTIONS"));
    if (start == NULL) {
        return NGX_ERROR;
    }

    p = start;

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (ctx->methods & names[i].method) {
            p = ngx_cpymem(p, names[i].name.data, names[i].name.len);
        }
    }

    p = ngx_cpymem(p, "OPTIONS", sizeof("OPTIONS") - 1);

    return ngx_http_comments_add_header(r, name, start, p - start);
}


ngx_int_t
ngx_http_comments_reply_error(ngx_http_request_t *r, const cmt_error_t *err)
{
    return ngx_http_comments_reply_refusal(r, err, cmt_null_str, NULL);
}


ngx_int_t
ngx_http_comments_reply_refusal(ngx_http_request_t *r, const cmt_error_t *err,
    cmt_str_t message, const cmt_ask_t *ask)
{
    u_char                   *p;
    ngx_uint_t                status, retry;
    cmt_str_t                 body;
    ngx_http_comments_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_http_comments_module);
    status = (ngx_uint_t) cmt_error_http(err->rc);

    ngx_http_comments_log(r, status, err);

    /* What is left of the body must not become the next request. */

    if (ngx_http_discard_request_body(r) != NGX_OK) {
        r->keepalive = 0;
    }

    /* A tag that was set already would belong to the body not sent. */

    if (r->headers_out.etag) {
        r->headers_out.etag->hash = 0;
        r->headers_out.etag = NULL;
    }

    retry = err->retry_seconds;

    if (retry == 0 && status == NGX_HTTP_SERVICE_UNAVAILABLE) {
        retry = 1;
    }

    if (retry) {
        p = ngx_pnalloc(r->pool, NGX_INT_T_LEN);

        if (p == NULL
            || ngx_http_comments_add_header(r, "Retry-After", p,
                                            ngx_sprintf(p, "%ui", retry) - p)
               != NGX_OK)
        {
            return (ngx_int_t) status;
        }
    }

    if (status == NGX_HTTP_NOT_ALLOWED
        && ngx_http_comments_allow(r, ctx, "Allow") != NGX_OK)
    {
        return (ngx_int_t) status;
    }

    if (ngx_http_comments_error_body(r, ctx, err, message, ask, &body)
        != CMT_OK
        && ngx_http_comments_error_short(r, ctx, err, &body) != CMT_OK)
    {
        return (ngx_int_t) status;
    }

    return ngx_http_comments_reply(r, status, ctx->browser
                                   ? "text/html" : "application/json", body);
}


static int
ngx_http_comments_error_body(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, const cmt_error_t *err, cmt_str_t message,
    const cmt_ask_t *ask, cmt_str_t *body)
{
    int                        rc;
    unsigned                   language;
    cmt_arena_t               *arena;
    const cmt_submission_t    *refused;
    ngx_pool_cleanup_t        *cln;
    ngx_http_comments_page_t  *page;

    cln = ngx_pool_cleanup_add(r->pool, sizeof(ngx_http_comments_page_t));
    arena = cmt_arena_create(CMT_ARENA_BYTES_MAX);

    if (cln == NULL || arena == NULL) {
        cmt_arena_destroy(arena);
        return CMT_ENOMEM;
    }

    page = cln->data;
    page->arena = arena;
    page->body = cmt_null_str;
    cln->handler = ngx_http_comments_page_cleanup;

    refused = (ctx->post && ctx->post->submission.form.n)
              ? &ctx->post->submission : NULL;

    language = ngx_http_comments_language(r, ctx, refused
                                        ? cmt_form_get(&refused->form, "lang")
                                        : cmt_null_str);

    if (ctx->private && ctx->browser) {
        return ngx_http_comments_desk_error(ctx, err, language, arena, body);
    }

    if (!ctx->browser) {
        return cmt_error_json(err, message, ask, language, arena, body);
    }

    /* What was typed is shown again; a vote or a report was not typed. */

    if (refused
        && ctx->post->action->change != cmt_submit_prepare
        && ctx->post->action->change != cmt_edit_prepare)
    {
        refused = NULL;
    }

    rc = cmt_error_html(err, message, ask, &ctx->conf->site, language, refused,
                        arena, body);

    if (rc == CMT_OK) {
        page->body = *body;
    }

    return rc;
}


/* For scripts, when there is no memory but what the request has already. */

static int
ngx_http_comments_error_short(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, const cmt_error_t *err, cmt_str_t *body)
{
    u_char      *p;
    size_t       len;
    const char  *code, *text;

    code = cmt_error_code(err->rc);
    text = cmt_error_text(err->rc);

    len = sizeof("{\"error\":{\"code\":\"\",\"message\":\"\"}}")
          + ngx_strlen(code) + ngx_strlen(text);

    p = ctx->browser ? NULL : ngx_pnalloc(r->pool, len);
    if (p == NULL) {
        return CMT_ENOMEM;
    }

    body->data = (const char *) p;
    body->len = (size_t) (ngx_snprintf(p, len, "{\"error\":{\"code\":\"%s\","
                                       "\"message\":\"%s\"}}", code, text)
                          - p);

    return CMT_OK;
}


/* A form that is shown again has the e-mail in it. */

static void
ngx_http_comments_page_cleanup(void *data)
{
    ngx_http_comments_page_t *page = data;

    if (page->body.len) {
        ngx_explicit_memzero((void *) page->body.data, page->body.len);
    }

    cmt_arena_destroy(page->arena);
}
