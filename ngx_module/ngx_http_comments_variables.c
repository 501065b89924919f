/*
 * $comments_status, $comments_verdict: of the comment that this request
 * posted.  $comments_count: approved comments of the page.
 */

#include "ngx_http_comments_cache.h"


static ngx_int_t ngx_http_comments_status_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_http_comments_verdict_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_http_comments_count_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);
static void ngx_http_comments_set_variable(ngx_http_variable_value_t *v,
    const char *value);
static int ngx_http_comments_page(ngx_http_request_t *r, cmt_arena_t *arena,
    cmt_str_t *page);


static ngx_http_variable_t  ngx_http_comments_vars[] = {

    { ngx_string("comments_status"), NULL,
      ngx_http_comments_status_variable, 0, NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("comments_verdict"), NULL,
      ngx_http_comments_verdict_variable, 0, NGX_HTTP_VAR_NOCACHEABLE, 0 },

    { ngx_string("comments_count"), NULL,
      ngx_http_comments_count_variable, 0, 0, 0 },

      ngx_http_null_variable
};


ngx_int_t
ngx_http_comments_add_variables(ngx_conf_t *cf)
{
    ngx_http_variable_t  *var, *v;

    for (v = ngx_http_comments_vars; v->name.len; v++) {
        var = ngx_http_add_variable(cf, &v->name, v->flags);
        if (var == NULL) {
            return NGX_ERROR;
        }

        var->get_handler = v->get_handler;
        var->data = v->data;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_comments_status_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_http_comments_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_http_comments_module);

    ngx_http_comments_set_variable(v, ctx && ctx->status
                                      ? cmt_status_name(ctx->status) : NULL);
    return NGX_OK;
}


static ngx_int_t
ngx_http_comments_verdict_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_http_comments_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_http_comments_module);

    ngx_http_comments_set_variable(v, ctx && ctx->verdict
                                      ? cmt_verdict_name(ctx->verdict) : NULL);
    return NGX_OK;
}


static void
ngx_http_comments_set_variable(ngx_http_variable_value_t *v, const char *value)
{
    if (value == NULL) {
        v->not_found = 1;
        return;
    }

    v->valid = 1;
    v->no_cacheable = 0;
    v->not_found = 0;
    v->len = ngx_strlen(value);
    v->data = (u_char *) value;
}


/* In any location of a server with comments, by that server's first site. */

static ngx_int_t
ngx_http_comments_count_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    u_char                         *p;
    uint64_t                        count;
    cmt_str_t                       page;
    ngx_http_comments_loc_conf_t   *lcf;
    ngx_http_comments_srv_conf_t   *scf;
    ngx_http_comments_main_conf_t  *cmcf;

    cmcf = ngx_http_get_module_main_conf(r, ngx_http_comments_module);
    scf = ngx_http_get_module_srv_conf(r, ngx_http_comments_module);
    lcf = ngx_http_get_module_loc_conf(r, ngx_http_comments_module);

    v->not_found = 1;

    if (lcf->name.len == 0) {
        lcf = scf->first;
    }

    if (lcf == NULL || cmcf->worker == NULL || cmcf->worker->store == NULL) {
        return NGX_OK;
    }

    cmt_arena_reset(cmcf->worker->arena);

    if (ngx_http_comments_page(r, cmcf->worker->arena, &page) != CMT_OK
        || ngx_http_comments_count_of(cmcf->worker, &lcf->site, page, &count,
                                      NULL)
           != CMT_OK)
    {
        return NGX_OK;
    }

    p = ngx_pnalloc(r->pool, NGX_INT64_LEN);
    if (p == NULL) {
        return NGX_ERROR;
    }

    v->valid = 1;
    v->no_cacheable = 0;
    v->not_found = 0;
    v->len = ngx_sprintf(p, "%uL", count) - p;
    v->data = p;

    return NGX_OK;
}


int
ngx_http_comments_count_of(ngx_http_comments_worker_t *worker,
    const cmt_site_t *site, cmt_str_t page, uint64_t *count, cmt_error_t *err)
{
    int                        rc;
    ngx_http_comments_found_t  found;

    rc = ngx_http_comments_find(worker, site, page, &found, err);
    ngx_http_comments_find_end(&found);

    if (rc == CMT_OK) {
        *count = found.thread.count;
    }

    return rc;
}


/* The argument "page" of a request to the comments, else its own path. */

static int
ngx_http_comments_page(ngx_http_request_t *r, cmt_arena_t *arena,
    cmt_str_t *page)
{
    u_char                        *p;
    size_t                         n;
    cmt_error_t                    err;
    ngx_http_comments_args_t       args;
    ngx_http_comments_loc_conf_t  *lcf;

    lcf = ngx_http_get_module_loc_conf(r, ngx_http_comments_module);

    if (lcf->name.len) {
        ngx_memzero(&args, sizeof(ngx_http_comments_args_t));

        if (ngx_http_comments_args_thread(r, arena, &args, &err) != CMT_OK) {
            return CMT_EPAGE;
        }

        *page = args.page;
        return CMT_OK;
    }

    n = r->uri.len + 2 * ngx_escape_uri(NULL, r->uri.data, r->uri.len,
                                        NGX_ESCAPE_URI);

    p = cmt_alloc(arena, n);
    if (p == NULL) {
        return CMT_ENOMEM;
    }

    (void) ngx_escape_uri(p, r->uri.data, r->uri.len, NGX_ESCAPE_URI);

    page->data = (char *) p;
    page->len = n;

    return CMT_OK;
}
