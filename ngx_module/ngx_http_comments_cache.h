/*
 * What makes reading quick: threads that were looked up (_find.c), bodies
 * that were made (_cache.c), and how they are sent (_body.c).
 */

#ifndef NGX_HTTP_COMMENTS_CACHE_H
#define NGX_HTTP_COMMENTS_CACHE_H

#include "ngx_http_comments_module.h"


#define NGX_HTTP_COMMENTS_KNOWN_SHARE     32   /* of the cache: one part     */
#define NGX_HTTP_COMMENTS_GZIP_BYTES_MIN  512  /* less gains nothing         */
#define NGX_HTTP_COMMENTS_GZIP_BYTES_MAX  (256 * 1024)  /* some 5 ms         */


typedef struct ngx_http_comments_entry_s   ngx_http_comments_entry_t;


/* How a thread is looked at.  Hashed as bytes: no padding. */
typedef struct {
    uint64_t                       after, at, parent, reply_to;
    uint32_t                       sort;
    uint32_t                       limit;
    uint32_t                       depth;
    uint32_t                       format;
    uint32_t                       language;   /* of HTML                    */
    uint32_t                       form_flags;
    uint64_t                       closed;     /* by its age                 */
    uint64_t                       shared;     /* of HTML: as _found_t has it */
} ngx_http_comments_view_t;


#define NGX_HTTP_COMMENTS_JSON       0
#define NGX_HTTP_COMMENTS_HTML       1
#define NGX_HTTP_COMMENTS_ATOM       2
#define NGX_HTTP_COMMENTS_SITE_ATOM  3
#define NGX_HTTP_COMMENTS_COUNT      4
#define NGX_HTTP_COMMENTS_RECENT     5


/* The thread of a page, and the snapshot that it was found in. */
typedef struct {
    cmt_str_t                      page;       /* as it was asked for        */
    cmt_read_t                    *read;       /* NULL: not needed so far    */
    cmt_thread_t                   thread;
    ngx_uint_t                     closed;     /* by its age, now            */
    uint64_t                       shared;     /* the last span of time whose
                                                  shares are to be seen      */
} ngx_http_comments_found_t;


/* What a body shows, and in which state of the store. */
typedef struct {
    ngx_http_comments_loc_conf_t  *conf;
    uint64_t                       thread;     /* 0: of no single one        */
    ngx_http_comments_view_t       view;
    cmt_str_t                      name;       /* what else makes another
                                                  body, or empty             */
    uint64_t                       version;
    uint64_t                       instance;
} ngx_http_comments_asked_t;


/* A thread as it is sent.  Whoever sends a form puts a new token into it. */
typedef struct {
    cmt_str_t                      text;
    size_t                         token_at;   /* 0: has no form             */
    uint64_t                       hash;       /* of counts, for their tag   */
    ngx_http_comments_entry_t     *entry;      /* of the cache; NULL: text is
                                                  in the worker's arena      */
} ngx_http_comments_body_t;


/* What the token of a body's form is made of. */
typedef struct {
    const cmt_site_t              *site;
    cmt_str_t                      page;
    cmt_str_t                      about;      /* what it says of itself     */
    unsigned                       flags;
} ngx_http_comments_form_t;


/*
 * _find.c: the thread of found->page.  Unless the store has changed since it
 * was looked up it is remembered, and no snapshot is taken; whoever needs one
 * after all asks for it, and finds the thread as it is there.  page and
 * thread.page live in the worker's arena.  Errors of cmt_read_begin() and
 * cmt_thread_find().  Whether there was one or not, find_end() is due.
 */
int ngx_http_comments_find(ngx_http_comments_worker_t *worker,
    const cmt_site_t *site, cmt_str_t page, ngx_http_comments_found_t *found,
    cmt_error_t *err);
int ngx_http_comments_find_read(ngx_http_comments_worker_t *worker,
    const cmt_site_t *site, ngx_http_comments_found_t *found,
    cmt_error_t *err);
/* Fills ctx->own, which stays as it is for who has no cookie.  It takes a
 * snapshot: errors as above. */
int ngx_http_comments_find_own(ngx_http_comments_ctx_t *ctx,
    ngx_http_comments_found_t *found, cmt_error_t *err);
void ngx_http_comments_find_end(ngx_http_comments_found_t *found);
/* Of at most so many bytes, which come out as those it takes: 0 when they are
 * too few for anything.  NGX_ERROR: no memory. */
ngx_int_t ngx_http_comments_known_create(ngx_http_comments_worker_t *worker,
    size_t *bytes);
void ngx_http_comments_known_destroy(ngx_http_comments_known_t *known);

/*
 * _cache.c: a body that is found or stored stays in memory until r is done,
 * whatever the cache drops meanwhile.  NGX_DECLINED: not there, or not kept;
 * so it is without a cache (NULL).  body->entry tells the same.
 */
ngx_http_comments_cache_t *ngx_http_comments_cache_create(size_t bytes);
void ngx_http_comments_cache_destroy(ngx_http_comments_cache_t *cache);
ngx_int_t ngx_http_comments_cache_find(ngx_http_comments_cache_t *cache,
    ngx_http_request_t *r, const ngx_http_comments_asked_t *asked,
    ngx_http_comments_body_t *body);
ngx_int_t ngx_http_comments_cache_store(ngx_http_comments_cache_t *cache,
    ngx_http_request_t *r, const ngx_http_comments_asked_t *asked,
    ngx_http_comments_body_t *body);
/* The body compressed, as long as the body itself; NULL: it cannot be.  body
 * must have been found or stored in this very call. */
const cmt_gzip_t *ngx_http_comments_cache_gzip(
    ngx_http_comments_cache_t *cache, ngx_http_request_t *r,
    const ngx_http_comments_body_t *body, int level, cmt_arena_t *arena);
/* A token for the form of a body, kept or not: gives its length, at most
 * CMT_FORM_TOKEN_CHARS_MAX.  There must be room for a NUL, which may not come.
 */
size_t ngx_http_comments_cache_token(ngx_http_comments_cache_t *cache,
    ngx_http_request_t *r, const ngx_http_comments_body_t *body,
    const ngx_http_comments_form_t *form, char *out);

/* _body.c */
/* form: without what the page says of itself; NULL: the body has none. */
ngx_int_t ngx_http_comments_reply_body(ngx_http_request_t *r,
    const char *type, const ngx_http_comments_form_t *form,
    const ngx_http_comments_body_t *body);
ngx_int_t ngx_http_comments_reply_asset(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, const char *type, const cmt_asset_t *asset);
/* A body without a token; its tag is its hash and length. */
void ngx_http_comments_body_whole(ngx_http_comments_body_t *body);
ngx_int_t ngx_http_comments_body_etag(ngx_http_request_t *r,
    const ngx_http_comments_body_t *body);

/*
 * A body of the whole site, kept as long as nothing in the store changes.
 * asked tells it from others; its instance and version are set here.
 * make: the text from a snapshot, in the worker's arena.
 */
typedef int (*ngx_http_comments_make_pt)(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, cmt_read_t *read,
    const ngx_http_comments_asked_t *asked, cmt_str_t *text,
    cmt_error_t *err);
int ngx_http_comments_body_of_site(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, ngx_http_comments_asked_t *asked,
    ngx_http_comments_make_pt make, ngx_http_comments_body_t *body,
    cmt_error_t *err);
/* Answers with it, or that it is unchanged. */
ngx_int_t ngx_http_comments_reply_of_site(ngx_http_request_t *r,
    const char *type, const ngx_http_comments_body_t *body);

/* _recent.c; limit: 1..CMT_FEED_COMMENTS_MAX. */
int ngx_http_comments_recent_made(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, unsigned language, unsigned limit,
    ngx_http_comments_body_t *body, cmt_error_t *err);

/* The bytes of a body, uncompressed, at most NGX_HTTP_COMMENTS_PARTS_MAX parts
 * that live as long as r. */
ngx_int_t ngx_http_comments_body_parts(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, const ngx_http_comments_form_t *form,
    const ngx_http_comments_body_t *body, cmt_str_t *parts, ngx_uint_t *n);

/* _read.c */
u_char *ngx_http_comments_hex_put(u_char *p, uint64_t n, size_t bytes);
/* The body of a thread for the reader of ctx->own, kept or made; without
 * err->field, what it needs is in view and query, which say the same.  What is
 * made may be of a newer thread than found had; then found has that one,
 * too. */
int ngx_http_comments_thread_made(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, ngx_http_comments_view_t *view,
    cmt_thread_query_t *query, ngx_uint_t lenient,
    ngx_http_comments_found_t *found, ngx_http_comments_body_t *body,
    cmt_error_t *err);


#endif /* NGX_HTTP_COMMENTS_CACHE_H */
