/*
 * Parameters of directives.
 */

#ifndef NGX_HTTP_COMMENTS_PARAMS_H
#define NGX_HTTP_COMMENTS_PARAMS_H

#include "ngx_http_comments_module.h"


/* set: NGX_BUSY when it has one, NGX_DECLINED when the value is no good,
 * NGX_ERROR when that was logged. */
typedef struct {
    ngx_str_t                      name;       /* with "="                   */
    ngx_int_t                    (*set)(ngx_conf_t *cf, void *conf,
                                        ngx_str_t *value);
} ngx_http_comments_param_t;

/* The arguments from the first on; for the log, what was expected. */
char *ngx_http_comments_set_params(ngx_conf_t *cf, void *conf,
    ngx_uint_t first, const ngx_http_comments_param_t *params,
    const char *expected);
/* Logs it. */
char *ngx_http_comments_twice(ngx_conf_t *cf, ngx_str_t *arg);


#endif /* NGX_HTTP_COMMENTS_PARAMS_H */
