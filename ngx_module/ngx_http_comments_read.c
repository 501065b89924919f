/*
 * GET: a thread as JSON or HTML, counts, one comment.  Each is one short
 * snapshot of the store, begun and ended in one call; the answer is sent
 * after its end.
 */

#include "ngx_http_comments_cache.h"


/* W/"instance-version-view", for a reader who has something there "-snapshot"
 * and "-cookie-until", for who is signed in "-identity". */
#define NGX_HTTP_COMMENTS_ETAG_BYTES                                          \
    (sizeof("W/\"0123456789abcdef-0123456789abcdef-01234567"                  \
            "-0123456789abcdef\"") + NGX_HTTP_COMMENTS_READER_BYTES)


static ngx_int_t ngx_http_comments_show(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, ngx_uint_t format);
static int ngx_http_comments_thread_body(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, ngx_http_comments_view_t *view,
    ngx_http_comments_args_t *args, ngx_http_comments_found_t *found,
    ngx_http_comments_body_t *body, ngx_uint_t *same, cmt_error_t *err);
static void ngx_http_comments_view_now(
    const ngx_http_comments_found_t *found, ngx_http_comments_view_t *view);
static int ngx_http_comments_render(ngx_http_comments_ctx_t *ctx,
    const ngx_http_comments_view_t *view, cmt_thread_query_t *query,
    const ngx_http_comments_found_t *found, ngx_http_comments_body_t *body,
    cmt_error_t *err);
static int ngx_http_comments_count_body(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, ngx_http_comments_body_t *body,
    cmt_error_t *err);
static int ngx_http_comments_count_make(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, cmt_read_t *read,
    const ngx_http_comments_asked_t *asked, cmt_str_t *json,
    cmt_error_t *err);
static ngx_int_t ngx_http_comments_etag(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, const ngx_http_comments_found_t *found,
    ngx_http_comments_view_t *view);
static void ngx_http_comments_view(const ngx_http_comments_args_t *args,
    ngx_http_comments_view_t *view);
static ngx_int_t ngx_http_comments_comment_page(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, ngx_uint_t edit);


ngx_int_t
ngx_http_comments_thread(ngx_http_request_t *r, ngx_http_comments_ctx_t *ctx)
{
    return ngx_http_comments_show(r, ctx, NGX_HTTP_COMMENTS_JSON);
}


ngx_int_t
ngx_http_comments_fragment(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx)
{
    return ngx_http_comments_show(r, ctx, NGX_HTTP_COMMENTS_HTML);
}


static ngx_int_t
ngx_http_comments_show(ngx_http_request_t *r, ngx_http_comments_ctx_t *ctx,
    ngx_uint_t format)
{
    int                         rc;
    ngx_uint_t                  same;
    cmt_arena_t                *arena;
    cmt_error_t                 err;
    ngx_http_comments_args_t    args;
    ngx_http_comments_body_t    body;
    ngx_http_comments_form_t    form;
    ngx_http_comments_view_t    view;
    ngx_http_comments_found_t   found;

    ctx->vary_cookie = 1;
    ctx->vary_encoding = (ctx->conf->gzip != 0);

    arena = ctx->worker->arena;
    cmt_arena_reset(arena);

    ngx_memzero(&err, sizeof(cmt_error_t));
    ngx_memzero(&args, sizeof(ngx_http_comments_args_t));

    args.query.limit = (unsigned) ctx->conf->page_size;
    args.query.depth = CMT_LEVELS_MAX;
    args.query.now = (int64_t) ngx_time();

    /* What a page hands on may be anything that was typed into its address,
     * and the page is not to be without comments for that. */

    args.lenient = (format == NGX_HTTP_COMMENTS_HTML);

    rc = ngx_http_comments_args_thread(r, arena, &args, &err);

    if (rc == CMT_OK && format == NGX_HTTP_COMMENTS_HTML
        && ngx_http_comments_signed_in(r, ctx) != NGX_OK)
    {
        rc = CMT_ENOMEM;
    }

    if (rc != CMT_OK) {
        err.rc = rc;
        return ngx_http_comments_reply_error(r, &err);
    }

    ngx_http_comments_view(&args, &view);
    view.format = (uint32_t) format;

    if (format == NGX_HTTP_COMMENTS_HTML) {
        view.reply_to = args.reply_to;
        view.form_flags = (r != r->main) ? CMT_FORM_INCLUDED : 0;
        view.language = ngx_http_comments_language(r, ctx, args.lang);
    }

    rc = ngx_http_comments_thread_body(r, ctx, &view, &args, &found, &body,
                                       &same, &err);
    ngx_http_comments_find_end(&found);

    if (rc != CMT_OK) {
        err.rc = rc;
        return ngx_http_comments_reply_error(r, &err);
    }

    if (same) {
        return ngx_http_comments_reply_empty(r, NGX_HTTP_NOT_MODIFIED);
    }

    ngx_memzero(&form, sizeof(ngx_http_comments_form_t));
    form.site = &ctx->conf->site;
    form.page = found.thread.page;
    form.flags = view.form_flags;

    return ngx_http_comments_reply_body(r, format == NGX_HTTP_COMMENTS_HTML
                                        ? "text/html" : "application/json",
                                        &form, &body);
}


/* *same: the client has it. */

static int
ngx_http_comments_thread_body(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, ngx_http_comments_view_t *view,
    ngx_http_comments_args_t *args, ngx_http_comments_found_t *found,
    ngx_http_comments_body_t *body, ngx_uint_t *same, cmt_error_t *err)
{
    int       rc;
    uint64_t  snapshot;

    *same = 0;

    rc = ngx_http_comments_find(ctx->worker, &ctx->conf->site, args->page,
                                found, err);
    if (rc == CMT_OK) {
        rc = ngx_http_comments_find_own(ctx, found, err);
    }
    if (rc != CMT_OK) {
        return rc;
    }

    if (ngx_http_comments_etag(r, ctx, found, view) != NGX_OK) {
        return CMT_ENOMEM;
    }

    if (ngx_http_comments_unchanged(r)) {
        *same = 1;
        return CMT_OK;
    }

    snapshot = found->thread.snapshot;

    rc = ngx_http_comments_thread_made(r, ctx, view, &args->query,
                                       args->lenient, found, body, err);

    if (rc == CMT_OK && found->thread.snapshot != snapshot
        && ngx_http_comments_etag(r, ctx, found, view) != NGX_OK)
    {
        return CMT_ENOMEM;
    }

    return rc;
}


/* lenient: a cursor that leads nowhere is left out. */

int
ngx_http_comments_thread_made(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, ngx_http_comments_view_t *view,
    cmt_thread_query_t *query, ngx_uint_t lenient,
    ngx_http_comments_found_t *found, ngx_http_comments_body_t *body,
    cmt_error_t *err)
{
    int                          rc;
    ngx_http_comments_asked_t    asked;
    ngx_http_comments_cache_t   *cache;

    /* An author may see more than others, a form may have the reader's name,
     * and a thread without comments has no id to be found by. */

    cache = (ctx->own.some || ctx->identity.len || found->thread.id == 0)
            ? NULL : ctx->worker->cache;
    ngx_http_comments_view_now(found, view);

    asked.conf = ctx->conf;
    asked.thread = found->thread.id;
    asked.view = *view;
    asked.name = cmt_null_str;
    asked.version = found->thread.version;
    asked.instance = found->thread.instance;

    if (ngx_http_comments_cache_find(cache, r, &asked, body) == NGX_OK) {
        return CMT_OK;
    }

    if (found->read == NULL) {

        /* To be made it takes a snapshot, which may have another thread. */

        rc = ngx_http_comments_find_read(ctx->worker, &ctx->conf->site, found,
                                         err);

        return rc != CMT_OK ? rc
               : ngx_http_comments_thread_made(r, ctx, view, query, lenient,
                                               found, body, err);
    }

    rc = ngx_http_comments_render(ctx, view, query, found, body, err);

    if (rc == CMT_EARGUMENT && lenient && (view->after || view->at)) {
        view->after = 0;
        view->at = 0;
        asked.view = *view;
        query->after = 0;
        query->at = 0;
        rc = ngx_http_comments_render(ctx, view, query, found, body, err);
    }

    if (rc == CMT_OK) {
        (void) ngx_http_comments_cache_store(cache, r, &asked, body);
    }

    return rc;
}


static void
ngx_http_comments_view_now(const ngx_http_comments_found_t *found,
    ngx_http_comments_view_t *view)
{
    view->closed = found->closed;
    view->shared = view->format == NGX_HTTP_COMMENTS_HTML ? found->shared : 0;
}


static int
ngx_http_comments_render(ngx_http_comments_ctx_t *ctx,
    const ngx_http_comments_view_t *view, cmt_thread_query_t *query,
    const ngx_http_comments_found_t *found, ngx_http_comments_body_t *body,
    cmt_error_t *err)
{
    cmt_fragment_t  fragment;

    body->token_at = 0;
    body->hash = 0;

    query->cookie = ctx->own.some ? ngx_http_comments_str(&ctx->cookie)
                                  : cmt_null_str;

    if (view->format == NGX_HTTP_COMMENTS_JSON) {
        return cmt_thread_json(found->read, &ctx->conf->site, &found->thread,
                               query, ctx->worker->arena, &body->text, err);
    }

    fragment.language = view->language;
    fragment.form_flags = view->form_flags;
    fragment.reply_to = view->reply_to;
    fragment.now = (int64_t) ngx_time();
    fragment.identity = ngx_http_comments_str(&ctx->identity);

    return cmt_thread_html(found->read, &ctx->conf->site, &found->thread,
                           query, &fragment, ctx->worker->arena, &body->text,
                           &body->token_at, err);
}


/*
 * The version of a thread grows with what everybody sees.  An author may also
 * see what is only for authors, so the author's tag changes with the store and
 * when an edit window ends.  Where there is no such thing the bytes are those
 * for everybody, and so is their tag.
 */

static ngx_int_t
ngx_http_comments_etag(ngx_http_request_t *r, ngx_http_comments_ctx_t *ctx,
    const ngx_http_comments_found_t *found, ngx_http_comments_view_t *view)
{
    u_char              *p, *start;
    uint32_t             hash;
    const cmt_thread_t  *thread;

    thread = &found->thread;
    ngx_http_comments_view_now(found, view);

    start = ngx_pnalloc(r->pool, NGX_HTTP_COMMENTS_ETAG_BYTES);
    if (start == NULL) {
        return NGX_ERROR;
    }

    hash = ngx_murmur_hash2((u_char *) view, sizeof(*view))
           ^ ctx->conf->made;

    p = ngx_cpymem(start, "W/\"", sizeof("W/\"") - 1);
    p = ngx_http_comments_hex_put(p, thread->instance, 8);
    *p++ = '-';
    p = ngx_http_comments_hex_put(p, thread->version, 8);
    *p++ = '-';
    p = ngx_http_comments_hex_put(p, hash, 4);

    if (ctx->own.some) {
        *p++ = '-';
        p = ngx_http_comments_hex_put(p, thread->snapshot, 8);
    }

    p = ngx_http_comments_reader_tag(ctx, p);
    *p++ = '"';

    return ngx_http_comments_set_etag(r, start, p - start);
}


/* At most NGX_HTTP_COMMENTS_READER_BYTES at p; nothing for anybody. */

u_char *
ngx_http_comments_reader_tag(const ngx_http_comments_ctx_t *ctx, u_char *p)
{
    if (ctx->own.some) {
        p = ngx_sprintf(p, "-%08xD-%xL", ngx_murmur_hash2(ctx->cookie.data,
                                                          ctx->cookie.len),
                        ctx->own.until);
    }

    if (ctx->identity.len) {
        p = ngx_sprintf(p, "-%08xD%08xD",
                        ngx_murmur_hash2(ctx->identity.data,
                                         ctx->identity.len),
                        ngx_crc32_long(ctx->identity.data,
                                       ctx->identity.len));
    }

    return p;
}


/* The lowest bytes of n as two digits each; ngx_sprintf() takes ten times as
 * long. */

u_char *
ngx_http_comments_hex_put(u_char *p, uint64_t n, size_t bytes)
{
    static u_char  digits[] = "0123456789abcdef";

    for (bytes *= 2; bytes > 0; bytes--) {
        *p++ = digits[(n >> (4 * (bytes - 1))) & 15];
    }

    return p;
}


ngx_int_t
ngx_http_comments_set_etag(ngx_http_request_t *r, u_char *value, size_t len)
{
    ngx_table_elt_t  *etag;

    etag = r->headers_out.etag;

    if (etag == NULL) {
        etag = ngx_list_push(&r->headers_out.headers);
        if (etag == NULL) {
            return NGX_ERROR;
        }
    }

    etag->hash = 1;
#if (nginx_version >= 1023000)
    etag->next = NULL;
#endif
    ngx_str_set(&etag->key, "ETag");
    etag->value.len = len;
    etag->value.data = value;

    r->headers_out.etag = etag;

    return NGX_OK;
}


/* If-None-Match, compared weakly as RFC 9110, 13.1.2 says. */

ngx_int_t
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
ngx_http_comments_view(const ngx_http_comments_args_t *args,
    ngx_http_comments_view_t *view)
{
    ngx_memzero(view, sizeof(ngx_http_comments_view_t));

    view->after = args->query.after;
    view->at = args->query.at;
    view->parent = args->query.parent;
    view->sort = (uint32_t) args->query.sort;
    view->limit = args->query.limit;
    view->depth = args->query.depth;
}


ngx_int_t
ngx_http_comments_count(ngx_http_request_t *r, ngx_http_comments_ctx_t *ctx)
{
    int                        rc;
    cmt_error_t                err;
    ngx_http_comments_body_t   body;

    ctx->vary_encoding = (ctx->conf->gzip != 0);

    cmt_arena_reset(ctx->worker->arena);
    ngx_memzero(&err, sizeof(cmt_error_t));

    rc = ngx_http_comments_count_body(r, ctx, &body, &err);

    if (rc != CMT_OK) {
        err.rc = rc;
        return ngx_http_comments_reply_error(r, &err);
    }

    return ngx_http_comments_reply_of_site(r, "application/json", &body);
}


/* Kept as long as the store does not change, by the arguments as they came:
 * to take them apart is the larger part of the work. */

static int
ngx_http_comments_count_body(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, ngx_http_comments_body_t *body,
    cmt_error_t *err)
{
    ngx_http_comments_asked_t  asked;

    ngx_memzero(&asked, sizeof(ngx_http_comments_asked_t));
    asked.conf = ctx->conf;
    asked.view.format = NGX_HTTP_COMMENTS_COUNT;
    asked.name = ngx_http_comments_str(&r->args);

    return ngx_http_comments_body_of_site(r, ctx, &asked,
                                          ngx_http_comments_count_make, body,
                                          err);
}


static int
ngx_http_comments_count_make(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, cmt_read_t *read,
    const ngx_http_comments_asked_t *asked, cmt_str_t *json,
    cmt_error_t *err)
{
    int         rc;
    size_t      n;
    cmt_str_t   pages[CMT_COUNT_PAGES_MAX];

    rc = ngx_http_comments_args_pages(r, ctx->worker->arena, pages, &n, err);

    if (rc == CMT_OK) {
        rc = cmt_count_json(read, &ctx->conf->site, pages, n,
                            ctx->worker->arena, json, err);
    }

    return rc;
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


/* For browsers that run no scripts: what the script does in place. */

ngx_int_t
ngx_http_comments_edit_page(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx)
{
    return ngx_http_comments_comment_page(r, ctx, 1);
}


ngx_int_t
ngx_http_comments_report_page(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx)
{
    return ngx_http_comments_comment_page(r, ctx, 0);
}


static ngx_int_t
ngx_http_comments_comment_page(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, ngx_uint_t edit)
{
    int           rc;
    unsigned      language;
    ngx_str_t     lang;
    cmt_str_t     body;
    cmt_read_t   *read;
    cmt_arena_t  *arena;
    cmt_error_t   err;

    ctx->browser = 1;
    ctx->vary_cookie = 1;
    ctx->no_store = 1;

    arena = ctx->worker->arena;
    cmt_arena_reset(arena);

    ngx_memzero(&err, sizeof(cmt_error_t));

    if (ngx_http_arg(r, (u_char *) "lang", sizeof("lang") - 1, &lang)
        != NGX_OK)
    {
        ngx_str_null(&lang);
    }

    language = ngx_http_comments_language(r, ctx,
                                          ngx_http_comments_str(&lang));

    rc = cmt_read_begin(ctx->worker->store, &read, &err);

    if (rc == CMT_OK) {
        rc = edit ? cmt_edit_html(read, &ctx->conf->site, ctx->id,
                                  ngx_http_comments_str(&ctx->cookie),
                                  language, (int64_t) ngx_time(), arena,
                                  &body, &err)
                  : cmt_report_html(read, &ctx->conf->site, ctx->id, 0,
                                    language, arena, &body, &err);
        cmt_read_end(read);
    }

    if (rc != CMT_OK) {
        err.rc = rc;
        return ngx_http_comments_reply_error(r, &err);
    }

    return ngx_http_comments_reply_copy(r, NGX_HTTP_OK, "text/html", body);
}
