/*
 * What stands in a page for a marker, and which page that is.
 */

#include "ngx_http_comments_cache.h"
#include "ngx_http_comments_insert.h"


static u_char *ngx_http_comments_page_args(u_char *p, u_char *args,
    u_char *last);
static ngx_int_t ngx_http_comments_page_about(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, const cmt_page_head_t *head,
    cmt_str_t *about);
static void ngx_http_comments_page_query(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, cmt_str_t lang, cmt_thread_query_t *query,
    ngx_http_comments_view_t *view);
static void ngx_http_comments_page_id(ngx_http_request_t *r, const char *name,
    uint64_t *id);


/* Arguments of a page that speak to the thread in it, and name no page. */
static ngx_str_t  ngx_http_comments_own_args[] = {
    ngx_string("comments_sort"),
    ngx_string("comments_after"),
    ngx_string("comments_at"),
    ngx_string("reply_to"),
    ngx_null_string
};


/*
 * The page as the reader asked for it, so that pages made by one script, or
 * served by an internal redirect, are told apart.
 */

ngx_int_t
ngx_http_comments_page_of(ngx_http_request_t *r,
    ngx_http_comments_loc_conf_t *lcf, cmt_str_t *page)
{
    u_char     *p, *start, *last, *args;
    ngx_str_t   value;

    if (lcf->insert_page) {
        if (ngx_http_complex_value(r, lcf->insert_page, &value) != NGX_OK) {
            return NGX_ERROR;
        }

        *page = ngx_http_comments_str(&value);
        return NGX_OK;
    }

    start = r->unparsed_uri.data;
    last = start + r->unparsed_uri.len;

    args = ngx_strlchr(start, last, '?');
    if (args == NULL) {
        *page = ngx_http_comments_str(&r->unparsed_uri);
        return NGX_OK;
    }

    p = ngx_pnalloc(r->pool, r->unparsed_uri.len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    page->data = (char *) p;
    p = ngx_cpymem(p, start, args - start);
    p = ngx_http_comments_page_args(p, args + 1, last);
    page->len = (char *) p - page->data;

    return NGX_OK;
}


/* Copies the arguments but our own, with "?" before them if there are any. */

static u_char *
ngx_http_comments_page_args(u_char *p, u_char *args, u_char *last)
{
    u_char      c, *end;
    ngx_str_t  *own;

    for (c = '?'; args < last; args = end + 1) {

        end = ngx_strlchr(args, last, '&');
        if (end == NULL) {
            end = last;
        }

        for (own = ngx_http_comments_own_args; own->len; own++) {
            if ((size_t) (end - args) >= own->len
                && ngx_strncmp(args, own->data, own->len) == 0
                && (args + own->len == end || args[own->len] == '='))
            {
                break;
            }
        }

        if (own->len == 0) {
            *p++ = c;
            p = ngx_cpymem(p, args, end - args);
            c = '&';
        }
    }

    return p;
}


/* As GET thread.html, but the form knows that the page exists and what it says
 * of itself.  Its language stands in the form, so that refusals come in it,
 * too. */

ngx_int_t
ngx_http_comments_inserted_thread(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, cmt_str_t page, const cmt_page_head_t *head,
    cmt_str_t *parts, ngx_uint_t *n)
{
    int                         rc;
    cmt_error_t                 err;
    cmt_thread_query_t          query;
    ngx_http_comments_body_t    body;
    ngx_http_comments_form_t    form;
    ngx_http_comments_view_t    view;
    ngx_http_comments_found_t   found;

    ngx_http_comments_loc_conf_t  *lcf;

    cmt_arena_reset(ctx->worker->arena);
    ngx_memzero(&err, sizeof(cmt_error_t));

    ngx_http_comments_page_query(r, ctx, cmt_page_head_lang(head), &query,
                                 &view);

    rc = ngx_http_comments_find(ctx->worker, &ctx->conf->site, page, &found,
                                &err);
    if (rc == CMT_OK) {
        rc = ngx_http_comments_find_own(ctx, &found, &err);
    }

    /* What was typed into an address must not hide the thread. */

    if (rc == CMT_OK) {
        rc = ngx_http_comments_thread_made(r, ctx, &view, &query, 1, &found,
                                           &body, &err);
    }

    ngx_http_comments_find_end(&found);

    if (rc != CMT_OK) {
        err.rc = rc;
        ngx_http_comments_log_missing(r, ctx->worker, "thread", page, &err);
        return NGX_DECLINED;
    }

    lcf = ngx_http_get_module_loc_conf(r, ngx_http_comments_module);
    parts[0] = ngx_http_comments_str(&lcf->insert_style);

    form.site = &ctx->conf->site;
    form.page = page;
    form.flags = view.form_flags;

    if (ngx_http_comments_page_about(r, ctx, head, &form.about) != NGX_OK
        || ngx_http_comments_body_parts(r, ctx, &form, &body, &parts[1], n)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    parts[*n + 1] = ngx_http_comments_str(&lcf->insert_script);
    *n += 2;

    return NGX_OK;
}


/* What it says to rules, in the arena, where the body may be, too. */

static ngx_int_t
ngx_http_comments_page_about(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, const cmt_page_head_t *head,
    cmt_str_t *about)
{
    int  over;

    if (cmt_page_head_about(head, ctx->worker->arena, about, &over)
        != CMT_OK)
    {
        return NGX_ERROR;
    }

    if (over) {
        ngx_log_error(NGX_LOG_INFO, r->connection->log, 0,
                      "comments_insert: \"%V\" says more of itself than rules "
                      "can know, a part is left out", &r->uri);
    }

    return NGX_OK;
}


/* What the address of the page says about the thread in it. */

static void
ngx_http_comments_page_query(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, cmt_str_t lang, cmt_thread_query_t *query,
    ngx_http_comments_view_t *view)
{
    ngx_str_t  value;

    ngx_memzero(query, sizeof(cmt_thread_query_t));
    ngx_memzero(view, sizeof(ngx_http_comments_view_t));

    query->limit = (unsigned) ctx->conf->page_size;
    query->depth = CMT_LEVELS_MAX;

    if (ngx_http_arg(r, (u_char *) "comments_sort",
                     sizeof("comments_sort") - 1, &value)
        == NGX_OK
        && cmt_sort_parse(ngx_http_comments_str(&value), &query->sort)
           != CMT_OK)
    {
        query->sort = CMT_SORT_OLDEST;
    }

    ngx_http_comments_page_id(r, "comments_after", &query->after);
    ngx_http_comments_page_id(r, "comments_at", &query->at);
    ngx_http_comments_page_id(r, "reply_to", &view->reply_to);

    view->format = NGX_HTTP_COMMENTS_HTML;
    view->language = ngx_http_comments_language(r, ctx, lang);
    view->form_flags = CMT_FORM_PROVEN;
    view->after = query->after;
    view->at = query->at;
    view->sort = (uint32_t) query->sort;
    view->limit = query->limit;
    view->depth = query->depth;
}


/* Stays 0 where there is none. */

static void
ngx_http_comments_page_id(ngx_http_request_t *r, const char *name,
    uint64_t *id)
{
    ngx_str_t  value;

    if (ngx_http_arg(r, (u_char *) name, ngx_strlen(name), &value) == NGX_OK) {
        (void) ngx_http_comments_parse_id(value.data, value.len, id);
    }
}


/* The number of approved comments of a page, in the arena's time. */

ngx_int_t
ngx_http_comments_inserted_count(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, cmt_str_t page, cmt_str_t *text)
{
    u_char       *p;
    uint64_t      count;
    cmt_error_t   err;

    cmt_arena_reset(ctx->worker->arena);
    ngx_memzero(&err, sizeof(cmt_error_t));

    err.rc = ngx_http_comments_count_of(ctx->worker, &ctx->conf->site, page,
                                        &count, &err);
    if (err.rc != CMT_OK) {
        ngx_http_comments_log_missing(r, ctx->worker, "number", page, &err);
        return NGX_DECLINED;
    }

    p = ngx_pnalloc(r->pool, NGX_INT64_LEN);
    if (p == NULL) {
        return NGX_ERROR;
    }

    text->data = (char *) p;
    text->len = ngx_sprintf(p, "%uL", count) - p;

    return NGX_OK;
}


/* The newest comments of the site; limit: as the marker says, or empty. */

ngx_int_t
ngx_http_comments_inserted_recent(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, cmt_str_t limit, cmt_str_t lang,
    cmt_str_t *parts, ngx_uint_t *n)
{
    uint64_t                   wanted;
    cmt_error_t                err;
    ngx_http_comments_body_t   body;

    wanted = CMT_RECENT_DEFAULT;

    if (limit.len
        && (ngx_http_comments_parse_id((u_char *) limit.data, limit.len,
                                       &wanted)
            != NGX_OK
            || wanted < 1 || wanted > CMT_FEED_COMMENTS_MAX))
    {
        return NGX_DECLINED;
    }

    cmt_arena_reset(ctx->worker->arena);
    ngx_memzero(&err, sizeof(cmt_error_t));

    err.rc = ngx_http_comments_recent_made(r, ctx,
                                      ngx_http_comments_language(r, ctx, lang),
                                      (unsigned) wanted, &body, &err);
    if (err.rc != CMT_OK) {
        ngx_http_comments_log_missing(r, ctx->worker, "newest comments",
                                      ngx_http_comments_str(&ctx->conf->name),
                                      &err);
        return NGX_DECLINED;
    }

    return ngx_http_comments_body_parts(r, ctx, NULL, &body, parts, n);
}
