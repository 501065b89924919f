/*
 * _rules.h: rulesets, as _site.c loads them when the configuration is read and
 * _rules.c looks at them while it serves.
 */

#ifndef NGX_HTTP_COMMENTS_RULES_H
#define NGX_HTTP_COMMENTS_RULES_H

#include "ngx_http_comments_module.h"


#define NGX_HTTP_COMMENTS_RULES_MSEC   1000    /* between two looks          */
#define NGX_HTTP_COMMENTS_SETTLE_MSEC  300     /* when something changes     */


/* A file of rules, and where the configuration names it. */
typedef struct {
    ngx_str_t                      path;       /* with NUL after it          */
    u_char                        *file;
    ngx_uint_t                     line;
} ngx_http_comments_rules_t;


/* Locations with the same rules share them. */
typedef struct {
    ngx_array_t                   *rules;      /* NULL: the built-in ones    */
    ngx_http_comments_budget_t     budget;
    ngx_flag_t                     test;
    cmt_rules_t                   *live;

    /* Of the look under way. */
    cmt_rules_look_t               look;
    cmt_error_t                    error;
    cmt_error_t                    unkept;     /* rc 0: the store has them   */
    unsigned                       told:1;
} ngx_http_comments_ruleset_t;


void ngx_http_comments_rules_watch(ngx_http_comments_worker_t *worker);
void ngx_http_comments_rules_unwatch(ngx_http_comments_worker_t *worker);


#endif /* NGX_HTTP_COMMENTS_RULES_H */
