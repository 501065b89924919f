/*
 * ngx_http_comments_insert.h: what puts threads and counts into pages.
 *
 *   _insert.c        the two filters
 *   _insert_conf.c   what its directives take, and how levels merge
 *   _inserted.c      what a marker becomes
 */

#ifndef NGX_HTTP_COMMENTS_INSERT_H
#define NGX_HTTP_COMMENTS_INSERT_H

#include "ngx_http_comments_module.h"


/* _inserted.c: NGX_OK, NGX_ERROR, or NGX_DECLINED: the marker stays.  What is
 * made lives until the request is done. */
ngx_int_t ngx_http_comments_page_of(ngx_http_request_t *r,
    ngx_http_comments_loc_conf_t *lcf, cmt_str_t *page);
ngx_int_t ngx_http_comments_inserted_thread(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, cmt_str_t page, const cmt_page_head_t *head,
    cmt_str_t *parts, ngx_uint_t *n);
ngx_int_t ngx_http_comments_inserted_recent(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, cmt_str_t limit, cmt_str_t lang,
    cmt_str_t *parts, ngx_uint_t *n);
ngx_int_t ngx_http_comments_inserted_count(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, cmt_str_t page, cmt_str_t *text);

/* _insert.c */
void ngx_http_comments_add_insert_filter(void);
void ngx_http_comments_add_insert_header_filter(void);

/* _insert_conf.c */
char *ngx_http_comments_set_pages(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_comments_set_insert(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_comments_merge_insert(ngx_conf_t *cf,
    ngx_http_comments_loc_conf_t *prev, ngx_http_comments_loc_conf_t *conf);


#endif /* NGX_HTTP_COMMENTS_INSERT_H */
