/*
 * Mistakes that sanitizers are there to find: `mistake;` in a location makes
 * the one that the request names, "?pool" or "?leak", and none otherwise.
 */

#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


#define PIECE_BYTES  8


static ngx_int_t ngx_http_mistake_handler(ngx_http_request_t *r);
static char *ngx_http_mistake(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);


static ngx_command_t  ngx_http_mistake_commands[] = {

    { ngx_string("mistake"),
      NGX_HTTP_LOC_CONF|NGX_CONF_NOARGS,
      ngx_http_mistake,
      0,
      0,
      NULL },

      ngx_null_command
};


static ngx_http_module_t  ngx_http_mistake_module_ctx = {
    NULL,                                  /* preconfiguration */
    NULL,                                  /* postconfiguration */

    NULL,                                  /* create main configuration */
    NULL,                                  /* init main configuration */

    NULL,                                  /* create server configuration */
    NULL,                                  /* merge server configuration */

    NULL,                                  /* create location configuration */
    NULL                                   /* merge location configuration */
};


ngx_module_t  ngx_http_mistake_module = {
    NGX_MODULE_V1,
    &ngx_http_mistake_module_ctx,          /* module context */
    ngx_http_mistake_commands,             /* module directives */
    NGX_HTTP_MODULE,                       /* module type */
    NULL,                                  /* init master */
    NULL,                                  /* init module */
    NULL,                                  /* init process */
    NULL,                                  /* init thread */
    NULL,                                  /* exit thread */
    NULL,                                  /* exit process */
    NULL,                                  /* exit master */
    NGX_MODULE_V1_PADDING
};


static ngx_int_t
ngx_http_mistake_handler(ngx_http_request_t *r)
{
    volatile u_char  *piece;

    if (r->args.len == 4 && ngx_strncmp(r->args.data, "pool", 4) == 0) {
        piece = ngx_pnalloc(r->pool, PIECE_BYTES);
        if (piece != NULL) {
            piece[PIECE_BYTES] = 0;
        }
    }

    if (r->args.len == 4 && ngx_strncmp(r->args.data, "leak", 4) == 0) {
        piece = ngx_alloc(PIECE_BYTES, r->connection->log);
        if (piece != NULL) {
            piece[0] = 0;
        }
    }

    return NGX_HTTP_NO_CONTENT;
}


static char *
ngx_http_mistake(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_core_loc_conf_t  *clcf;

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);
    clcf->handler = ngx_http_mistake_handler;

    return NGX_CONF_OK;
}
