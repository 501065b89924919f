/*
 * Who may send what from where.
 *
 * CSRF: a post that carries the author's cookie must come from a page of the
 * same origin, or of one that comments_origins names.  CORS: scripts of the
 * named origins may read what we answer, without cookies.  What moderators do
 * comes from the same origin and says so, or is refused.
 */

#include "ngx_http_comments_desk.h"


static ngx_int_t ngx_http_comments_same_origin(ngx_http_request_t *r,
    ngx_str_t *origin);
static ngx_int_t ngx_http_comments_site_is(const ngx_str_t *site,
    const char *name);
static void ngx_http_comments_strip_port(ngx_str_t *host, ngx_uint_t tls);


/* The first header of that name (lower case), and how many there are. */

ngx_table_elt_t *
ngx_http_comments_header(ngx_http_request_t *r, const char *name,
    ngx_uint_t *n)
{
    size_t            len;
    ngx_uint_t        i;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *header, *found;

    *n = 0;
    found = NULL;
    len = ngx_strlen(name);

    part = &r->headers_in.headers.part;
    header = part->elts;

    for (i = 0; /* void */ ; i++) {

        if (i >= part->nelts) {
            if (part->next == NULL) {
                break;
            }

            part = part->next;
            header = part->elts;
            i = 0;
        }

        if (header[i].key.len == len
            && ngx_strncmp(header[i].lowcase_key, name, len) == 0)
        {
            if ((*n)++ == 0) {
                found = &header[i];
            }
        }
    }

    return found;
}


/* Sets ctx->origin when the request comes from one of comments_origins. */

void
ngx_http_comments_origin_find(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx)
{
    ngx_str_t        *listed;
    ngx_uint_t        i, n;
    ngx_table_elt_t  *origin;

    if (ctx->conf->origins == NULL) {
        return;
    }

    origin = ngx_http_comments_header(r, "origin", &n);

    if (n != 1) {
        return;
    }

    listed = ctx->conf->origins->elts;

    for (i = 0; i < ctx->conf->origins->nelts; i++) {

        if (listed[i].len == origin->value.len
            && ngx_strncasecmp(listed[i].data, origin->value.data,
                               listed[i].len)
               == 0)
        {
            ctx->origin = origin->value;
            return;
        }
    }
}


ngx_int_t
ngx_http_comments_origin_allow(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx)
{
    ngx_uint_t        n;
    ngx_table_elt_t  *header;

    if (ctx->origin.len) {
        return NGX_OK;
    }

    header = ngx_http_comments_header(r, "origin", &n);

    if (header) {
        return (n == 1 && ngx_http_comments_same_origin(r, &header->value))
               ? NGX_OK : NGX_DECLINED;
    }

    header = ngx_http_comments_header(r, "sec-fetch-site", &n);

    if (header) {
        return (n == 1
                && (ngx_http_comments_site_is(&header->value, "same-origin")
                    || ngx_http_comments_site_is(&header->value, "none")))
               ? NGX_OK : NGX_DECLINED;
    }

    /* No browser of today: without a cookie there is nothing to forge. */

    return ctx->cookie.len ? NGX_DECLINED : NGX_OK;
}


ngx_int_t
ngx_http_comments_origin_same(ngx_http_request_t *r)
{
    ngx_uint_t        n, n_site;
    ngx_table_elt_t  *origin, *site;

    origin = ngx_http_comments_header(r, "origin", &n);
    site = ngx_http_comments_header(r, "sec-fetch-site", &n_site);

    if (site
        && (n_site != 1
            || !ngx_http_comments_site_is(&site->value, "same-origin")))
    {
        return NGX_DECLINED;
    }

    if (origin) {
        return (n == 1 && ngx_http_comments_same_origin(r, &origin->value))
               ? NGX_OK : NGX_DECLINED;
    }

    return site ? NGX_OK : NGX_DECLINED;
}


/*
 * Where TLS ends before nginx, only the browser's own words tell of it: its
 * Origin.  Whoever can forge that can read what is sent, too.
 */

ngx_uint_t
ngx_http_comments_over_tls(ngx_http_request_t *r)
{
    ngx_uint_t        n;
    ngx_table_elt_t  *origin;

#if (NGX_HTTP_SSL)
    if (r->connection->ssl) {
        return 1;
    }
#endif

    origin = ngx_http_comments_header(r, "origin", &n);

    return origin && origin->value.len > 8
           && ngx_strncasecmp(origin->value.data, (u_char *) "https://", 8)
              == 0;
}


void
ngx_http_comments_origin_look(ngx_http_request_t *r,
    ngx_http_comments_desk_t *desk)
{
    size_t     len;
    ngx_str_t  host;

    desk->secure = ngx_http_comments_over_tls(r);

    host = r->headers_in.server;
    len = host.len;

    desk->loopback =
        (len == 9 && ngx_strncmp(host.data, "localhost", 9) == 0)
        || (len == 5 && ngx_strncmp(host.data, "[::1]", 5) == 0)
        || (len > 4 && ngx_strncmp(host.data, "127.", 4) == 0
            && ngx_inet_addr(host.data, len) != INADDR_NONE);
}


static ngx_int_t
ngx_http_comments_site_is(const ngx_str_t *site, const char *name)
{
    return site->len == ngx_strlen(name)
           && ngx_strncmp(site->data, name, site->len) == 0;
}


static ngx_int_t
ngx_http_comments_same_origin(ngx_http_request_t *r, ngx_str_t *origin)
{
    ngx_str_t   host, own;
    ngx_uint_t  tls, own_tls;

    if (origin->len > 8
        && ngx_strncasecmp(origin->data, (u_char *) "https://", 8) == 0)
    {
        tls = 1;
        host.data = origin->data + 8;
        host.len = origin->len - 8;

    } else if (origin->len > 7
               && ngx_strncasecmp(origin->data, (u_char *) "http://", 7) == 0)
    {
        tls = 0;
        host.data = origin->data + 7;
        host.len = origin->len - 7;

    } else {
        /* "null" too */
        return 0;
    }

#if (NGX_HTTP_SSL)
    own_tls = (r->connection->ssl != NULL);
#else
    own_tls = 0;
#endif

    /* Where nginx sees plain HTTP, TLS may have ended before it. */

    if (own_tls && !tls) {
        return 0;
    }

    own = r->headers_in.host ? r->headers_in.host->value
                             : r->headers_in.server;

    ngx_http_comments_strip_port(&host, tls);
    ngx_http_comments_strip_port(&own, tls);

    return host.len
           && host.len == own.len
           && ngx_strncasecmp(host.data, own.data, host.len) == 0;
}


/* ":443" of https and ":80" of http say nothing. */

static void
ngx_http_comments_strip_port(ngx_str_t *host, ngx_uint_t tls)
{
    u_char  *port;
    size_t   len;

    port = (u_char *) (tls ? ":443" : ":80");
    len = tls ? sizeof(":443") - 1 : sizeof(":80") - 1;

    if (host->len > len
        && ngx_strncmp(host->data + host->len - len, port, len) == 0)
    {
        host->len -= len;
    }
}


/* OPTIONS: what a script of another origin may send. */

ngx_int_t
ngx_http_comments_preflight(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx)
{
    ngx_int_t         rc;
    ngx_uint_t        n;
    cmt_error_t       err;
    ngx_table_elt_t  *origin;

    origin = ngx_http_comments_header(r, "origin", &n);

    if (origin && ctx->origin.len == 0
        && (n != 1 || !ngx_http_comments_same_origin(r, &origin->value)))
    {
        (void) ngx_http_comments_fail(&err, CMT_EORIGIN, NULL);
        return ngx_http_comments_reply_error(r, &err);
    }

    rc = ngx_http_discard_request_body(r);
    if (rc != NGX_OK) {
        return rc;
    }

    return ngx_http_comments_reply_empty(r, NGX_HTTP_NO_CONTENT);
}
