/*
 * comments_pages existing: a thread begins only on a page that is there.
 *
 *   prepare (thread)     the page has no thread     -> PAGE_ASK
 *   page_check()         a subrequest for the page  -> PAGE_ASKING
 *   page_answered()      its status is 200          -> PAGE_FOUND
 *   page_check()         the post is prepared again, the page is sure
 *
 * A form that nginx itself put into a page has a token that proves the page.
 *
 * Only the status is looked at: the subrequest ends with the header of its
 * answer, and nothing of it reaches the reader.  It is a GET of a path of
 * this very server, without the body and the conditions of the post, and may
 * not enter locations that are internal.
 */

#include "ngx_http_comments_module.h"


static ngx_int_t ngx_http_comments_page_ask(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx);
static ngx_int_t ngx_http_comments_page_request(ngx_http_request_t *r,
    ngx_http_request_t *sr, ngx_http_comments_post_t *post);
static ngx_int_t ngx_http_comments_page_headers(ngx_http_request_t *r,
    ngx_http_request_t *sr);
static void ngx_http_comments_page_start(ngx_http_request_t *sr);
static ngx_int_t ngx_http_comments_page_answered(ngx_http_request_t *sr,
    void *data, ngx_int_t rc);


/* What belongs to the post and not to the page. */
static ngx_str_t  ngx_http_comments_page_dropped[] = {
    ngx_string("accept"),
    ngx_string("content-"),
    ngx_string("expect"),
    ngx_string("if-"),
    ngx_string("range"),
    ngx_string("te"),
    ngx_string("transfer-encoding"),
    ngx_null_string
};


int
ngx_http_comments_page_known(cmt_store_t *store,
    ngx_http_comments_post_t *post)
{
    int            rc;
    cmt_str_t      page;
    cmt_read_t    *read;
    cmt_thread_t   thread;

    if (post->page_state != NGX_HTTP_COMMENTS_PAGE_UNSURE) {
        return CMT_OK;
    }

    rc = cmt_page_of(post->site, post->arena,
                     cmt_form_get(&post->submission.form, "page"), &page);
    if (rc == CMT_EPAGE) {
        /* Refused with its reason by what comes next. */
        return CMT_OK;
    }

    if (rc == CMT_OK
        && (cmt_form_flags(post->site, page,
                           cmt_form_get(&post->submission.form, "token"),
                           post->submission.now)
            & CMT_FORM_PROVEN))
    {
        return CMT_OK;
    }

    if (rc == CMT_OK) {
        rc = cmt_read_begin(store, &read, &post->error);
    }

    if (rc != CMT_OK) {
        return rc;
    }

    rc = cmt_thread_find(read, post->site, page, post->arena, &thread,
                         &post->error);
    cmt_read_end(read);

    if (rc != CMT_OK || thread.id) {
        return rc;
    }

    post->page = page;
    post->page_state = NGX_HTTP_COMMENTS_PAGE_ASK;

    return ngx_http_comments_fail(&post->error, CMT_EPAGEMISSING, "page");
}


ngx_int_t
ngx_http_comments_page_check(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx)
{
    ngx_http_comments_post_t  *post;

    post = ctx->post;

    switch (post->page_state) {

    case NGX_HTTP_COMMENTS_PAGE_ASK:
        return ngx_http_comments_page_ask(r, ctx);

    case NGX_HTTP_COMMENTS_PAGE_ASKING:
        return NGX_AGAIN;

    case NGX_HTTP_COMMENTS_PAGE_FOUND:
        post->page_state = NGX_HTTP_COMMENTS_PAGE_SURE;
        return NGX_OK;

    default: /* PAGE_SURE, PAGE_UNSURE */
        return NGX_DECLINED;
    }
}


static ngx_int_t
ngx_http_comments_page_ask(ngx_http_request_t *r, ngx_http_comments_ctx_t *ctx)
{
    ngx_str_t                    uri, args;
    ngx_uint_t                   flags;
    ngx_http_request_t          *sr;
    ngx_http_comments_post_t    *post;
    ngx_http_post_subrequest_t  *ps;

    post = ctx->post;
    post->page_state = NGX_HTTP_COMMENTS_PAGE_UNSURE;

    uri.len = post->page.len;
    uri.data = ngx_pnalloc(r->pool, uri.len);
    ps = ngx_palloc(r->pool, sizeof(ngx_http_post_subrequest_t));

    if (uri.data == NULL || ps == NULL) {
        (void) ngx_http_comments_fail(&post->error, CMT_ENOMEM, NULL);
        post->rc = CMT_ENOMEM;
        return NGX_DECLINED;
    }

    ngx_memcpy(uri.data, post->page.data, uri.len);
    ngx_str_null(&args);
    flags = NGX_HTTP_LOG_UNSAFE;

    if (ngx_http_parse_unsafe_uri(r, &uri, &args, &flags) != NGX_OK
        || (uri.len >= ctx->conf->prefix.len
            && ngx_strncmp(uri.data, ctx->conf->prefix.data,
                           ctx->conf->prefix.len)
               == 0))
    {
        /* The comments themselves are no page. */
        return NGX_DECLINED;
    }

    ps->handler = ngx_http_comments_page_answered;
    ps->data = post;

    if (ngx_http_subrequest(r, &uri, &args, &sr, ps,
                            NGX_HTTP_SUBREQUEST_BACKGROUND)
        != NGX_OK
        || ngx_http_comments_page_request(r, sr, post) != NGX_OK)
    {
        (void) ngx_http_comments_fail(&post->error, CMT_EBUSY, NULL);
        post->rc = CMT_EBUSY;
        return NGX_DECLINED;
    }

    /* It is bounded as posts are: one that waits is one in the queue. */

    ctx->worker->waiting++;
    post->worker = ctx->worker;
    post->page_state = NGX_HTTP_COMMENTS_PAGE_ASKING;

    return NGX_AGAIN;
}


static ngx_int_t
ngx_http_comments_page_request(ngx_http_request_t *r, ngx_http_request_t *sr,
    ngx_http_comments_post_t *post)
{
    ngx_http_core_main_conf_t  *cmcf;

    sr->header_only = 1;
    sr->write_event_handler = ngx_http_comments_page_start;

    sr->unparsed_uri.len = post->page.len;
    sr->unparsed_uri.data = (u_char *) post->page.data;

    /* $request_uri and others have values of their own here. */

    cmcf = ngx_http_get_module_main_conf(r, ngx_http_core_module);

    sr->variables = ngx_pcalloc(r->pool, cmcf->variables.nelts
                                         * sizeof(ngx_http_variable_value_t));

    if (sr->variables == NULL
        || ngx_http_comments_page_headers(r, sr) != NGX_OK)
    {
        return NGX_ERROR;
    }

    /* $request_method is always that of the main request. */

    post->method_name = r->method_name;
    r->method_name = sr->method_name;

    return NGX_OK;
}


static ngx_int_t
ngx_http_comments_page_headers(ngx_http_request_t *r, ngx_http_request_t *sr)
{
    ngx_uint_t        i;
    ngx_str_t        *name;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *header, *copy;

    if (ngx_list_init(&sr->headers_in.headers, r->pool, 20,
                      sizeof(ngx_table_elt_t))
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    for (part = &r->headers_in.headers.part; part; part = part->next) {
        header = part->elts;

        for (i = 0; i < part->nelts; i++) {

            for (name = ngx_http_comments_page_dropped; name->len; name++) {
                if (header[i].key.len >= name->len
                    && ngx_strncasecmp(header[i].key.data, name->data,
                                       name->len)
                       == 0)
                {
                    break;
                }
            }

            if (name->len) {
                continue;
            }

            copy = ngx_list_push(&sr->headers_in.headers);
            if (copy == NULL) {
                return NGX_ERROR;
            }

            *copy = header[i];
        }
    }

    sr->headers_in.content_length = NULL;
    sr->headers_in.content_length_n = -1;
    sr->headers_in.content_type = NULL;
    sr->headers_in.chunked = 0;
    sr->headers_in.transfer_encoding = NULL;
    sr->headers_in.expect = NULL;
    sr->headers_in.range = NULL;
    sr->headers_in.if_range = NULL;
    sr->headers_in.if_match = NULL;
    sr->headers_in.if_none_match = NULL;
    sr->headers_in.if_modified_since = NULL;
    sr->headers_in.if_unmodified_since = NULL;

    return NGX_OK;
}


/* As ngx_http_handler() does, but as a request from outside. */

static void
ngx_http_comments_page_start(ngx_http_request_t *sr)
{
    ngx_http_core_main_conf_t  *cmcf;

    cmcf = ngx_http_get_module_main_conf(sr, ngx_http_core_module);

    sr->internal = 0;
    sr->valid_location = 1;
    sr->phase_handler = cmcf->phase_engine.server_rewrite_index;
    sr->write_event_handler = ngx_http_core_run_phases;

    ngx_http_core_run_phases(sr);
}


/* Called once more when nginx has looked for a page of an error. */

static ngx_int_t
ngx_http_comments_page_answered(ngx_http_request_t *sr, void *data,
    ngx_int_t rc)
{
    ngx_http_comments_post_t *post = data;

    ngx_uint_t           status;
    ngx_http_request_t  *r;

    if (rc >= NGX_HTTP_SPECIAL_RESPONSE
        || post->page_state != NGX_HTTP_COMMENTS_PAGE_ASKING)
    {
        return rc;
    }

    r = sr->main;
    status = sr->headers_out.status;

    ngx_log_error(NGX_LOG_INFO, r->connection->log, 0,
                  "comments: the page \"%*s\" answers %ui", post->page.len,
                  post->page.data, status);

    ngx_http_comments_page_leave(post);

    if (rc != NGX_ERROR && status == NGX_HTTP_OK) {
        post->page_state = NGX_HTTP_COMMENTS_PAGE_FOUND;

    } else if (rc == NGX_ERROR || status == 0
               || status >= NGX_HTTP_INTERNAL_SERVER_ERROR)
    {
        /* Not the author's fault, and it may pass. */
        post->rc = ngx_http_comments_fail(&post->error, CMT_EBUSY, NULL);
    }

    if (ngx_http_post_request(r, NULL) != NGX_OK) {
        return NGX_ERROR;
    }

    return NGX_OK;
}


void
ngx_http_comments_page_leave(ngx_http_comments_post_t *post)
{
    if (post->page_state != NGX_HTTP_COMMENTS_PAGE_ASKING) {
        return;
    }

    post->page_state = NGX_HTTP_COMMENTS_PAGE_UNSURE;
    post->request->method_name = post->method_name;
    post->worker->waiting--;
}
