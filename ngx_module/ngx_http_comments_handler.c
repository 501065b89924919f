/*
 * The content handler: what stands below the location is looked up in a
 * table, with the method, and handed to the row's function.
 */

#include "ngx_http_comments_desk.h"


static const ngx_http_comments_route_t *ngx_http_comments_route(
    ngx_http_request_t *r, ngx_http_comments_ctx_t *ctx);
static ngx_int_t ngx_http_comments_match(ngx_str_t *path, const ngx_str_t *row,
    ngx_http_comments_ctx_t *ctx);
static ngx_int_t ngx_http_comments_refuse(ngx_http_request_t *r, int rc);


static const ngx_http_comments_route_t  ngx_http_comments_routes[] = {

    { ngx_string("thread"),    NGX_HTTP_COMMENTS_READ,
                               ngx_http_comments_thread,
                               NGX_HTTP_COMMENTS_READ_ONLY },

    { ngx_string("thread.html"), NGX_HTTP_COMMENTS_READ,
                               ngx_http_comments_fragment,
                               NGX_HTTP_COMMENTS_READ_ONLY },

    { ngx_string("comments.css"), NGX_HTTP_COMMENTS_READ,
                               ngx_http_comments_stylesheet,
                               NGX_HTTP_COMMENTS_READ_ONLY },

    { ngx_string("comments.js"), NGX_HTTP_COMMENTS_READ,
                               ngx_http_comments_script,
                               NGX_HTTP_COMMENTS_READ_ONLY },

    { ngx_string("work.js"),   NGX_HTTP_COMMENTS_READ,
                               ngx_http_comments_work,
                               NGX_HTTP_COMMENTS_READ_ONLY },

    { ngx_string("moderate.js"), NGX_HTTP_COMMENTS_READ,
                               ngx_http_comments_desk_script,
                               NGX_HTTP_COMMENTS_READ_ONLY },

    { ngx_string("console.js"), NGX_HTTP_COMMENTS_READ,
                               ngx_http_comments_console_script,
                               NGX_HTTP_COMMENTS_READ_ONLY },

    { ngx_string("moderate.css"), NGX_HTTP_COMMENTS_READ,
                               ngx_http_comments_desk_stylesheet,
                               NGX_HTTP_COMMENTS_READ_ONLY },

    { ngx_string("words"),     NGX_HTTP_COMMENTS_READ,
                               ngx_http_comments_words,
                               NGX_HTTP_COMMENTS_READ_ONLY },

    { ngx_string("avatar/*"),  NGX_HTTP_COMMENTS_READ,
                               ngx_http_comments_avatar,
                               NGX_HTTP_COMMENTS_READ_ONLY },

    { ngx_string("count"),     NGX_HTTP_COMMENTS_READ,
                               ngx_http_comments_count,
                               NGX_HTTP_COMMENTS_READ_ONLY },

    { ngx_string("thread.atom"), NGX_HTTP_COMMENTS_READ,
                               ngx_http_comments_thread_feed,
                               NGX_HTTP_COMMENTS_READ_ONLY },

    { ngx_string("site.atom"), NGX_HTTP_COMMENTS_READ,
                               ngx_http_comments_site_feed,
                               NGX_HTTP_COMMENTS_READ_ONLY },

    { ngx_string("recent.html"), NGX_HTTP_COMMENTS_READ,
                               ngx_http_comments_recent,
                               NGX_HTTP_COMMENTS_READ_ONLY },

    { ngx_string("stream"),    NGX_HTTP_COMMENTS_READ,
                               ngx_http_comments_stream,
                               NGX_HTTP_COMMENTS_READ_ONLY },

    { ngx_string("comment"),   NGX_HTTP_POST,
                               ngx_http_comments_post,
                               NGX_HTTP_COMMENTS_SUBMIT },

    { ngx_string("preview"),   NGX_HTTP_POST,
                               ngx_http_comments_post,
                               NGX_HTTP_COMMENTS_PREVIEW },

    { ngx_string("share"),     NGX_HTTP_POST,
                               ngx_http_comments_post,
                               NGX_HTTP_COMMENTS_SHARE },

    { ngx_string("comment/#"), NGX_HTTP_COMMENTS_READ,
                               ngx_http_comments_comment,
                               NGX_HTTP_COMMENTS_READ_ONLY },

    { ngx_string("comment/#/edit"), NGX_HTTP_COMMENTS_READ,
                               ngx_http_comments_edit_page,
                               NGX_HTTP_COMMENTS_READ_ONLY },

    { ngx_string("comment/#/report"), NGX_HTTP_COMMENTS_READ,
                               ngx_http_comments_report_page,
                               NGX_HTTP_COMMENTS_READ_ONLY },

    { ngx_string("comment/#"), NGX_HTTP_PATCH,
                               ngx_http_comments_post,
                               NGX_HTTP_COMMENTS_EDIT },

    { ngx_string("comment/#"), NGX_HTTP_DELETE,
                               ngx_http_comments_post,
                               NGX_HTTP_COMMENTS_DELETE },

    { ngx_string("comment/#"), NGX_HTTP_POST,
                               ngx_http_comments_post,
                               NGX_HTTP_COMMENTS_BY_FORM },

    { ngx_string("comment/#/vote"), NGX_HTTP_POST,
                               ngx_http_comments_post,
                               NGX_HTTP_COMMENTS_VOTE },

    { ngx_string("comment/#/report"), NGX_HTTP_POST,
                               ngx_http_comments_post,
                               NGX_HTTP_COMMENTS_REPORT },

    { ngx_null_string, 0, NULL, NGX_HTTP_COMMENTS_READ_ONLY }
};


ngx_int_t
ngx_http_comments_handler(ngx_http_request_t *r)
{
    ngx_int_t                         rc;
    ngx_http_comments_ctx_t          *ctx;
    const ngx_http_comments_route_t  *route;

    ctx = ngx_pcalloc(r->pool, sizeof(ngx_http_comments_ctx_t));
    if (ctx == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ctx->main = ngx_http_get_module_main_conf(r, ngx_http_comments_module);
    ctx->conf = ngx_http_get_module_loc_conf(r, ngx_http_comments_module);

    ngx_http_set_ctx(r, ctx, ngx_http_comments_module);

    ngx_http_comments_origin_find(r, ctx);

    route = ngx_http_comments_route(r, ctx);

    if (ctx->methods == 0) {
        return ngx_http_comments_refuse(r, CMT_ENOTFOUND);
    }

    if (r->method == NGX_HTTP_OPTIONS) {
        return ngx_http_comments_preflight(r, ctx);
    }

    if (route == NULL
        || (r != r->main && (r->method & NGX_HTTP_COMMENTS_WRITE)))
    {
        return ngx_http_comments_refuse(r, CMT_EMETHOD);
    }

    ngx_http_comments_cookie_find(r, &ctx->cookie);

    ctx->action = route->action;
    ctx->read_only = (r->method & NGX_HTTP_COMMENTS_WRITE) == 0;
    ctx->worker = ctx->main->worker;

    /* nginx looks at conditions when it sends an answer, and would say of a
     * change that was made that it was not. */
    r->disable_not_modified = !ctx->read_only;

    if (ctx->worker == NULL || ctx->worker->store == NULL) {
        return ngx_http_comments_refuse(r, CMT_ESTORE);
    }

    if (ctx->read_only) {
        rc = ngx_http_discard_request_body(r);
        if (rc != NGX_OK) {
            return rc;
        }
    }

    return route->handler(r, ctx);
}


/*
 * Sets ctx->methods to what the path allows (0: there is no such path) and
 * ctx->id; gives the row that fits the method as well, or NULL.
 */

static const ngx_http_comments_route_t *
ngx_http_comments_route(ngx_http_request_t *r, ngx_http_comments_ctx_t *ctx)
{
    ngx_str_t                         path;
    const ngx_http_comments_route_t  *row, *found;

    if (r->uri.len < ctx->conf->prefix.len
        || ngx_strncmp(r->uri.data, ctx->conf->prefix.data,
                       ctx->conf->prefix.len)
           != 0)
    {
        return NULL;
    }

    path.data = r->uri.data + ctx->conf->prefix.len;
    path.len = r->uri.len - ctx->conf->prefix.len;

    found = NULL;
    row = ngx_http_comments_routes;

    if (path.len >= sizeof("moderate") - 1
        && ngx_strncmp(path.data, "moderate", sizeof("moderate") - 1) == 0
        && (path.len == sizeof("moderate") - 1
            || path.data[sizeof("moderate") - 1] == '/'))
    {
        if (ctx->conf->staff == NULL && ctx->conf->moderator == NULL) {
            return NULL;
        }

        /* No other origin has any business here. */

        ctx->private = 1;
        ngx_str_null(&ctx->origin);
        row = ngx_http_comments_desk_routes;
    }

    for ( /* void */ ; row->handler; row++) {

        if (!ngx_http_comments_match(&path, &row->path, ctx)) {
            continue;
        }

        ctx->methods |= row->methods;

        if (r->method & row->methods) {
            found = row;
        }
    }

    return found;
}


static ngx_int_t
ngx_http_comments_match(ngx_str_t *path, const ngx_str_t *row,
    ngx_http_comments_ctx_t *ctx)
{
    size_t   before, after, digits;
    u_char  *hash;

    /* Of most rows this is all that is looked at. */

    if (path->len == 0 || path->data[0] != row->data[0]) {
        return 0;
    }

    if (row->data[row->len - 1] == '*') {
        before = row->len - 1;

        ctx->file.data = path->data + before;
        ctx->file.len = path->len - before;

        return path->len > before
               && ngx_strncmp(path->data, row->data, before) == 0;
    }

    hash = ngx_strlchr(row->data, row->data + row->len, '#');

    if (hash == NULL) {
        return path->len == row->len
               && ngx_strncmp(path->data, row->data, row->len) == 0;
    }

    before = hash - row->data;
    after = row->len - before - 1;

    if (path->len <= before + after) {
        return 0;
    }

    digits = path->len - before - after;

    return ngx_strncmp(path->data, row->data, before) == 0
           && ngx_strncmp(path->data + before + digits, hash + 1, after) == 0
           && ngx_http_comments_parse_id(path->data + before, digits,
                                         &ctx->id)
              == NGX_OK;
}


static ngx_int_t
ngx_http_comments_refuse(ngx_http_request_t *r, int rc)
{
    cmt_error_t  err;

    (void) ngx_http_comments_fail(&err, rc, NULL);

    return ngx_http_comments_reply_error(r, &err);
}
