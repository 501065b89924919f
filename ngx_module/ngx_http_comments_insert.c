/*
 * comments_insert: the thread stands in the page where the page says
 * <!-- comments -->, and numbers where it says <!-- comments-count -->.
 *
 *   top header filter   before nginx compares validators: will we touch this
 *                       answer?  then it gets a tag of page and store
 *   ...                 not_modified makes a 304 of it, or
 *   copy filter         reads files into memory, because we ask for it
 *   body filter         looks for markers
 *   ...                 sub_filter, SSI, gzip see the page with the thread
 *
 * Every buffer that comes in leaves as slices of the same memory and as
 * buffers of our own between them.  The last of them has the buffer as its
 * shadow, so that it is given back when all before it is sent.
 */

#include "ngx_http_comments_cache.h"
#include "ngx_http_comments_insert.h"


#define NGX_HTTP_COMMENTS_TAG_BYTES_MAX  128   /* of the page's own          */


struct ngx_http_comments_insert_s {
    cmt_str_t            page;
    ngx_uint_t           counts;
    ngx_chain_t         *free;
    ngx_chain_t         *busy;
    ngx_chain_t         *out;
    ngx_chain_t        **last_out;
    unsigned             inserted:1;           /* the thread                 */
    unsigned             recent:1;             /* the newest comments        */
    cmt_marker_scan_t    scan;                 /* large, zeroed by its init  */
    cmt_page_head_t      head;                 /* so is this                 */
};


static ngx_int_t ngx_http_comments_insert_header_filter(
    ngx_http_request_t *r);
static ngx_int_t ngx_http_comments_insert_wanted(ngx_http_request_t *r,
    ngx_http_comments_loc_conf_t *lcf);
static ngx_int_t ngx_http_comments_insert_prepare(ngx_http_request_t *r,
    ngx_http_comments_loc_conf_t *lcf);
static ngx_int_t ngx_http_comments_insert_headers(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, const ngx_http_comments_found_t *found);
static ngx_int_t ngx_http_comments_insert_etag(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, const ngx_http_comments_found_t *found,
    const u_char *page, size_t len, unsigned language);
static size_t ngx_http_comments_insert_tag(ngx_http_request_t *r,
    u_char *tag);
static ngx_int_t ngx_http_comments_insert_body_filter(ngx_http_request_t *r,
    ngx_chain_t *in);
static ngx_int_t ngx_http_comments_insert_buf(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, ngx_buf_t *in);
static ngx_int_t ngx_http_comments_insert_scan(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, ngx_buf_t *in, ngx_buf_t **last);
static ngx_int_t ngx_http_comments_insert_marker(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, cmt_marker_t marker, cmt_str_t page,
    cmt_str_t *parts, ngx_uint_t *n);
static ngx_int_t ngx_http_comments_insert_copy(ngx_http_request_t *r,
    cmt_str_t *text);
static ngx_buf_t *ngx_http_comments_insert_add(ngx_http_request_t *r,
    ngx_http_comments_insert_t *insert);
static ngx_int_t ngx_http_comments_insert_send(ngx_http_request_t *r,
    ngx_http_comments_insert_t *insert);


static ngx_http_output_header_filter_pt  ngx_http_next_header_filter;
static ngx_http_output_body_filter_pt    ngx_http_next_body_filter;


void
ngx_http_comments_add_insert_filter(void)
{
    ngx_http_next_body_filter = ngx_http_top_body_filter;
    ngx_http_top_body_filter = ngx_http_comments_insert_body_filter;
}


/*
 * The filter of headers must come before not_modified, which nginx puts
 * before all filters of other modules, so it is added when a worker starts
 * and all others are there.
 */

void
ngx_http_comments_add_insert_header_filter(void)
{
    if (ngx_http_top_header_filter != ngx_http_comments_insert_header_filter) {
        ngx_http_next_header_filter = ngx_http_top_header_filter;
        ngx_http_top_header_filter = ngx_http_comments_insert_header_filter;
    }
}


static ngx_int_t
ngx_http_comments_insert_header_filter(ngx_http_request_t *r)
{
    ngx_http_comments_loc_conf_t  *lcf;

    lcf = ngx_http_get_module_loc_conf(r, ngx_http_comments_module);

    if (lcf->insert_conf
        && ngx_http_comments_insert_wanted(r, lcf)
        && ngx_http_comments_insert_prepare(r, lcf) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_next_header_filter(r);
}


/*
 * Which pages have a marker is known when their bytes come, too late for
 * headers: so all of these are taken as if they had one.
 */

static ngx_int_t
ngx_http_comments_insert_wanted(ngx_http_request_t *r,
    ngx_http_comments_loc_conf_t *lcf)
{
    ngx_str_t                      *type, *charset;
    ngx_table_elt_t                *encoding;
    ngx_http_comments_main_conf_t  *cmcf;

    if (r != r->main
        || !(r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD))
        || r->headers_out.status != NGX_HTTP_OK)
    {
        return 0;
    }

    type = &r->headers_out.content_type;

    if (type->len < sizeof("text/html") - 1
        || ngx_strncasecmp(type->data, (u_char *) "text/html",
                           sizeof("text/html") - 1)
           != 0
        || (type->len > sizeof("text/html") - 1
            && type->data[sizeof("text/html") - 1] != ';'
            && type->data[sizeof("text/html") - 1] != ' '))
    {
        return 0;
    }

    encoding = r->headers_out.content_encoding;

    if (encoding && encoding->hash && encoding->value.len) {
        ngx_log_error(NGX_LOG_INFO, r->connection->log, 0,
                      "comments_insert: \"%V\" is left as it is, since it "
                      "comes with Content-Encoding \"%V\"", &r->uri,
                      &encoding->value);
        return 0;
    }

    charset = &r->headers_out.charset;

    if (charset->len
        && (charset->len != sizeof("utf-8") - 1
            || ngx_strncasecmp(charset->data, (u_char *) "utf-8",
                               sizeof("utf-8") - 1)
               != 0))
    {
        ngx_log_error(NGX_LOG_INFO, r->connection->log, 0,
                      "comments_insert: \"%V\" is left as it is, since it is "
                      "in \"%V\" and not in UTF-8", &r->uri, charset);
        return 0;
    }

    cmcf = ngx_http_get_module_main_conf(r, ngx_http_comments_module);

    return cmcf->worker && cmcf->worker->store;
}


/* A page that cannot have a thread is left as it is. */

static ngx_int_t
ngx_http_comments_insert_prepare(ngx_http_request_t *r,
    ngx_http_comments_loc_conf_t *lcf)
{
    int                          rc;
    cmt_str_t                    page;
    ngx_uint_t                   level;
    cmt_error_t                  err;
    ngx_http_comments_ctx_t     *ctx;
    ngx_http_comments_found_t    found;
    ngx_http_comments_insert_t  *insert;

    ctx = ngx_pcalloc(r->pool, sizeof(ngx_http_comments_ctx_t));
    insert = ngx_palloc(r->pool, sizeof(ngx_http_comments_insert_t));

    if (ctx == NULL || insert == NULL
        || ngx_http_comments_page_of(r, lcf, &page) != NGX_OK)
    {
        return NGX_ERROR;
    }

    ctx->main = ngx_http_get_module_main_conf(r, ngx_http_comments_module);
    ctx->conf = lcf->insert_conf;
    ctx->worker = ctx->main->worker;
    ctx->read_only = 1;
    ngx_http_comments_cookie_find(r, &ctx->cookie);

    if (ngx_http_comments_signed_in(r, ctx) != NGX_OK) {
        return NGX_ERROR;
    }

    cmt_arena_reset(ctx->worker->arena);
    ngx_memzero(&err, sizeof(cmt_error_t));

    rc = ngx_http_comments_find(ctx->worker, &ctx->conf->site, page, &found,
                                &err);
    if (rc == CMT_OK) {
        rc = ngx_http_comments_find_own(ctx, &found, &err);
    }

    ngx_http_comments_find_end(&found);

    if (rc != CMT_OK) {
        level = (rc == CMT_EPAGE) ? NGX_LOG_INFO : NGX_LOG_ERR;

        ngx_log_error(level, r->connection->log, 0,
                      "comments_insert: \"%*s\" is left as it is: %s %s",
                      page.len, page.data, cmt_error_code(rc), err.detail);
        return NGX_OK;
    }

    ngx_memzero(insert, offsetof(ngx_http_comments_insert_t, scan));
    insert->page = found.thread.page;
    insert->last_out = &insert->out;
    cmt_marker_init(&insert->scan);
    cmt_page_head_init(&insert->head);

    if (ngx_http_comments_insert_copy(r, &insert->page) != NGX_OK) {
        return NGX_ERROR;
    }

    ctx->insert = insert;
    ngx_http_set_ctx(r, ctx, ngx_http_comments_module);

    r->filter_need_in_memory = 1;

    return ngx_http_comments_insert_headers(r, ctx, &found);
}


static ngx_int_t
ngx_http_comments_insert_headers(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, const ngx_http_comments_found_t *found)
{
    size_t     len;
    u_char     page[NGX_HTTP_COMMENTS_TAG_BYTES_MAX];
    unsigned   language;
    ngx_str_t  vary;

    len = ngx_http_comments_insert_tag(r, page);

    ngx_http_clear_content_length(r);
    ngx_http_clear_accept_ranges(r);
    ngx_http_clear_last_modified(r);
    ngx_http_clear_etag(r);

    if ((ctx->cookie.len || ctx->identity.len)
        && ngx_http_comments_add_header(r, "Cache-Control",
                                        (u_char *) "private",
                                        sizeof("private") - 1)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    language = ngx_http_comments_language(r, ctx, cmt_null_str);

    ngx_str_set(&vary, "Cookie");

    if (ctx->vary_language) {
        ngx_str_set(&vary, "Cookie, Accept-Language");
    }

    if (ngx_http_comments_add_header(r, "Vary", vary.data, vary.len)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (len == 0) {
        /* The page has none, so there is no telling when it changes. */
        return NGX_OK;
    }

    return ngx_http_comments_insert_etag(r, ctx, found, page, len, language);
}


/*
 * The tag: that of the page, then what the store was when it was looked at,
 * and what the configuration makes of it.
 * The version of the thread would not do, since a page may have numbers of
 * other pages.  The language that the page says it is in comes too late, but
 * it is a part of the page, whose own tag stands for it.
 */

static ngx_int_t
ngx_http_comments_insert_etag(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, const ngx_http_comments_found_t *found,
    const u_char *page, size_t len, unsigned language)
{
    u_char                        *p, *start;
    ngx_http_comments_loc_conf_t  *lcf;

    lcf = ngx_http_get_module_loc_conf(r, ngx_http_comments_module);

    start = ngx_pnalloc(r->pool, len + sizeof("W/\"-0123456789abcdef"
                                              "-0123456789abcdef-01234567-00"
                                              "cs0123456789abcdef\"")
                                       + NGX_HTTP_COMMENTS_READER_BYTES);
    if (start == NULL) {
        return NGX_ERROR;
    }

    p = ngx_cpymem(start, "W/\"", sizeof("W/\"") - 1);
    p = ngx_cpymem(p, page, len);
    *p++ = '-';
    p = ngx_http_comments_hex_put(p, found->thread.instance, 8);
    *p++ = '-';
    p = ngx_http_comments_hex_put(p, found->thread.snapshot, 8);
    *p++ = '-';
    p = ngx_http_comments_hex_put(p, ctx->conf->made ^ lcf->insert_made, 4);
    *p++ = '-';
    p = ngx_http_comments_hex_put(p, language, 1);

    if (found->closed) {
        *p++ = 'c';
    }

    if (found->shared) {
        p = ngx_sprintf(p, "s%xL", (int64_t) found->shared);
    }

    p = ngx_http_comments_reader_tag(ctx, p);
    *p++ = '"';

    return ngx_http_comments_set_etag(r, start, p - start);
}


/* What the page's own validators say, without quotes; 0: it has none. */

static size_t
ngx_http_comments_insert_tag(ngx_http_request_t *r, u_char *tag)
{
    size_t     len;
    u_char    *data;
    uint32_t   hash;

    if (r->headers_out.etag && r->headers_out.etag->hash) {
        data = r->headers_out.etag->value.data;
        len = r->headers_out.etag->value.len;

        if (len > 2 && data[0] == 'W' && data[1] == '/') {
            data += 2;
            len -= 2;
        }

        if (len > 2 && data[0] == '"' && data[len - 1] == '"') {
            data++;
            len -= 2;
        }

        if (len <= NGX_HTTP_COMMENTS_TAG_BYTES_MAX
            && ngx_strlchr(data, data + len, '"') == NULL)
        {
            ngx_memcpy(tag, data, len);
            return len;
        }

        hash = ngx_crc32_long(data, len);

        return ngx_sprintf(tag, "%08xD%08xD", hash,
                           ngx_murmur_hash2(data, len))
               - tag;
    }

    if (r->headers_out.last_modified_time != -1) {
        return ngx_sprintf(tag, "%xT", r->headers_out.last_modified_time)
               - tag;
    }

    return 0;
}


static ngx_int_t
ngx_http_comments_insert_body_filter(ngx_http_request_t *r, ngx_chain_t *in)
{
    ngx_chain_t                 *cl;
    ngx_http_comments_ctx_t     *ctx;
    ngx_http_comments_insert_t  *insert;

    ctx = ngx_http_get_module_ctx(r, ngx_http_comments_module);

    if (ctx == NULL || ctx->insert == NULL || r->header_only) {
        return ngx_http_next_body_filter(r, in);
    }

    insert = ctx->insert;

    if (in == NULL && insert->busy == NULL) {
        return ngx_http_next_body_filter(r, in);
    }

    for (cl = in; cl; cl = cl->next) {
        if (ngx_http_comments_insert_buf(r, ctx, cl->buf) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return ngx_http_comments_insert_send(r, insert);
}


static ngx_int_t
ngx_http_comments_insert_buf(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, ngx_buf_t *in)
{
    cmt_str_t                    held;
    ngx_buf_t                   *b;
    ngx_http_comments_insert_t  *insert;

    b = NULL;
    insert = ctx->insert;

    if (ngx_buf_in_memory(in)
        && ngx_http_comments_insert_scan(r, ctx, in, &b) != NGX_OK)
    {
        return NGX_ERROR;
    }

    held = cmt_marker_held(&insert->scan);

    if (in->last_buf && held.len) {

        /* The page ends in what could have become a marker. */

        b = ngx_http_comments_insert_add(r, insert);

        if (b == NULL || ngx_http_comments_insert_copy(r, &held) != NGX_OK) {
            return NGX_ERROR;
        }

        cmt_marker_init(&insert->scan);

        b->memory = 1;
        b->pos = (u_char *) held.data;
        b->last = b->pos + held.len;
    }

    if (b == NULL) {
        b = ngx_http_comments_insert_add(r, insert);
        if (b == NULL) {
            return NGX_ERROR;
        }

        if (!ngx_buf_in_memory(in) && in->in_file) {
            /* Nobody should send a file here; it passes as it is. */
            *b = *in;

        } else {
            b->sync = 1;
        }
    }

    b->last_buf = in->last_buf;
    b->last_in_chain = in->last_in_chain;
    b->flush = in->flush;
    b->recycled = in->recycled;
    b->shadow = in;

    return NGX_OK;
}


/* *last: the last buffer that was made of in; NULL: none. */

static ngx_int_t
ngx_http_comments_insert_scan(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, ngx_buf_t *in, ngx_buf_t **last)
{
    cmt_str_t                    rest, page;
    cmt_str_t                    parts[NGX_HTTP_COMMENTS_PARTS_MAX];
    ngx_buf_t                   *b;
    ngx_uint_t                   i, n;
    cmt_marker_t                 marker;
    ngx_http_comments_insert_t  *insert;

    insert = ctx->insert;

    rest.data = (char *) in->pos;
    rest.len = in->last - in->pos;

    cmt_page_head_feed(&insert->head, rest);

    for ( ;; ) {
        marker = cmt_marker_next(&insert->scan, &rest, &parts[0], &page);
        n = 1;

        if (marker == CMT_MARKER_END) {
            return NGX_OK;
        }

        if (marker != CMT_MARKER_TEXT
            && ngx_http_comments_insert_marker(r, ctx, marker, page, parts, &n)
               != NGX_OK)
        {
            return NGX_ERROR;
        }

        for (i = 0; i < n; i++) {

            if (parts[i].len == 0) {
                continue;
            }

            b = ngx_http_comments_insert_add(r, insert);
            if (b == NULL) {
                return NGX_ERROR;
            }

            b->memory = 1;
            b->pos = (u_char *) parts[i].data;
            b->last = b->pos + parts[i].len;

            *last = b;
        }
    }
}


/* parts[0] goes in as the marker; what stands in its place comes out, in
 * memory that stays. */

static ngx_int_t
ngx_http_comments_insert_marker(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, cmt_marker_t marker, cmt_str_t page,
    cmt_str_t *parts, ngx_uint_t *n)
{
    ngx_int_t                    rc;
    ngx_http_comments_insert_t  *insert;

    rc = NGX_DECLINED;
    insert = ctx->insert;

    if (marker == CMT_MARKER_THREAD && !insert->inserted) {
        rc = ngx_http_comments_inserted_thread(r, ctx, insert->page,
                                               &insert->head, parts, n);
        insert->inserted = 1;

    } else if (marker == CMT_MARKER_COUNT
               && insert->counts < CMT_COUNT_PAGES_MAX)
    {
        rc = ngx_http_comments_inserted_count(r, ctx,
                                              page.len ? page : insert->page,
                                              parts);
        insert->counts++;

    } else if (marker == CMT_MARKER_RECENT && !insert->recent) {
        rc = ngx_http_comments_inserted_recent(r, ctx, page,
                                         cmt_page_head_lang(&insert->head),
                                         parts, n);
        insert->recent = 1;
    }

    if (rc == NGX_OK || rc == NGX_ERROR) {
        return rc;
    }

    return ngx_http_comments_insert_copy(r, parts);
}


static ngx_int_t
ngx_http_comments_insert_copy(ngx_http_request_t *r, cmt_str_t *text)
{
    u_char  *p;

    p = ngx_pnalloc(r->pool, text->len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(p, text->data, text->len);
    text->data = (char *) p;

    return NGX_OK;
}


static ngx_buf_t *
ngx_http_comments_insert_add(ngx_http_request_t *r,
    ngx_http_comments_insert_t *insert)
{
    ngx_chain_t  *cl;

    cl = ngx_chain_get_free_buf(r->pool, &insert->free);
    if (cl == NULL) {
        return NULL;
    }

    ngx_memzero(cl->buf, sizeof(ngx_buf_t));

    *insert->last_out = cl;
    insert->last_out = &cl->next;

    return cl->buf;
}


static ngx_int_t
ngx_http_comments_insert_send(ngx_http_request_t *r,
    ngx_http_comments_insert_t *insert)
{
    ngx_int_t      rc;
    ngx_buf_t     *b;
    ngx_chain_t   *cl, **end;

    rc = ngx_http_next_body_filter(r, insert->out);

    for (end = &insert->busy; *end; end = &(*end)->next) {
        /* void */
    }

    *end = insert->out;
    insert->out = NULL;
    insert->last_out = &insert->out;

    while (insert->busy) {
        cl = insert->busy;
        b = cl->buf;

        if (ngx_buf_size(b) != 0) {
            break;
        }

        if (b->shadow) {
            b->shadow->pos = b->shadow->last;
            b->shadow->file_pos = b->shadow->file_last;
        }

        insert->busy = cl->next;

        if (ngx_buf_in_memory(b) || b->in_file) {
            /* Filters behind us may still hold one without data. */
            cl->next = insert->free;
            insert->free = cl;
        }
    }

    return rc;
}
