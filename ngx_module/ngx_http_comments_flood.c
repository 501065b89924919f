/*
 * Who posts too much, as far as one worker has seen: so that a flood is refused
 * before its bodies are read.
 *
 *   refused   by a limit, a moment ago: those are asked first whether they
 *             still are over it
 *   in vain   a network sent many posts of which no comment came: the same
 *             words again, to threads that are closed, to pages that are not
 *             there.  No limit counts those, and each costs what a comment
 *             does.
 *
 * Both are tables of hashes, in which the newest take the place of others.
 */

#include "ngx_http_comments_module.h"


static uint32_t ngx_http_comments_flood_sender(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx);
static uint32_t ngx_http_comments_flood_network(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx);


/* So many times the posts that a network may make. */
#define NGX_HTTP_COMMENTS_VAIN_TIMES  10


void
ngx_http_comments_flood_ask(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, cmt_submission_t *in)
{
    time_t                      now;
    uint32_t                    hash;
    const cmt_rate_t           *rate;
    ngx_http_comments_flood_t  *flood;

    now = ngx_time();
    rate = &ctx->conf->site.address_rate;

    hash = ngx_http_comments_flood_sender(r, ctx);
    flood = &ctx->worker->floods[hash % NGX_HTTP_COMMENTS_FLOODS];

    in->refused = (flood->hash == hash && flood->until > now);

    hash = ngx_http_comments_flood_network(r, ctx);
    flood = &ctx->worker->vain[hash % NGX_HTTP_COMMENTS_FLOODS];

    if (rate->posts && flood->hash == hash && flood->until > now
        && flood->posts >= NGX_HTTP_COMMENTS_VAIN_TIMES * rate->posts)
    {
        in->refused = 1;
        in->wait_seconds = (unsigned) (flood->until - now);
    }
}


void
ngx_http_comments_flood_refused(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, ngx_uint_t seconds)
{
    uint32_t                    hash;
    ngx_http_comments_flood_t  *flood;

    hash = ngx_http_comments_flood_sender(r, ctx);
    flood = &ctx->worker->floods[hash % NGX_HTTP_COMMENTS_FLOODS];

    flood->hash = hash;
    flood->until = ngx_time() + (time_t) seconds;
}


void
ngx_http_comments_flood_in_vain(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx)
{
    time_t                      now;
    uint32_t                    hash;
    ngx_http_comments_flood_t  *flood;

    now = ngx_time();
    hash = ngx_http_comments_flood_network(r, ctx);
    flood = &ctx->worker->vain[hash % NGX_HTTP_COMMENTS_FLOODS];

    if (flood->hash != hash || flood->until <= now) {
        flood->hash = hash;
        flood->until = now + (time_t) ctx->conf->site.address_rate.seconds;
        flood->posts = 0;
    }

    flood->posts++;
}


/* Who shares a hash is asked about once too often. */

static uint32_t
ngx_http_comments_flood_sender(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx)
{
    uint32_t    crc;
    ngx_str_t  *address;

    address = &r->connection->addr_text;

    ngx_crc32_init(crc);
    ngx_crc32_update(&crc, address->data, address->len);
    ngx_crc32_update(&crc, ctx->cookie.data, ctx->cookie.len);
    ngx_crc32_update(&crc, ctx->conf->name.data, ctx->conf->name.len);
    ngx_crc32_final(crc);

    return crc;
}


/* The /24 of an IPv4 address, also of one that is ::ffff:192.0.2.1, the /48 of
 * an IPv6 address: as limits have it. */

static uint32_t
ngx_http_comments_flood_network(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx)
{
    uint32_t              crc;
    struct sockaddr_in   *sin;
#if (NGX_HAVE_INET6)
    struct sockaddr_in6  *sin6;
#endif

    ngx_crc32_init(crc);

    switch (r->connection->sockaddr->sa_family) {

    case AF_INET:
        sin = (struct sockaddr_in *) r->connection->sockaddr;
        ngx_crc32_update(&crc, (u_char *) &sin->sin_addr, 3);
        break;

#if (NGX_HAVE_INET6)
    case AF_INET6:
        sin6 = (struct sockaddr_in6 *) r->connection->sockaddr;

        if (IN6_IS_ADDR_V4MAPPED(&sin6->sin6_addr)) {
            ngx_crc32_update(&crc, &sin6->sin6_addr.s6_addr[12], 3);
        } else {
            ngx_crc32_update(&crc, sin6->sin6_addr.s6_addr, 6);
        }

        break;
#endif

    default: /* AF_UNIX: as one */
        break;
    }

    ngx_crc32_update(&crc, ctx->conf->name.data, ctx->conf->name.len);
    ngx_crc32_final(crc);

    return crc;
}
