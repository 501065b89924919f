/*
 * The module: its directives and its place in nginx's life.
 */

#include "ngx_http_comments_desk.h"
#include "ngx_http_comments_insert.h"


static ngx_conf_num_bounds_t  ngx_http_comments_queue_bounds = {
    ngx_conf_check_num_bounds, 1, NGX_HTTP_COMMENTS_QUEUE_MAX
};


static ngx_conf_num_bounds_t  ngx_http_comments_stream_bounds = {
    ngx_conf_check_num_bounds, 1, NGX_HTTP_COMMENTS_STREAMS_MAX
};


static ngx_conf_num_bounds_t  ngx_http_comments_depth_bounds = {
    ngx_conf_check_num_bounds, 1, CMT_LEVELS_MAX
};


static ngx_conf_num_bounds_t  ngx_http_comments_page_size_bounds = {
    ngx_conf_check_num_bounds, 1, CMT_LIMIT_MAX
};


static ngx_conf_num_bounds_t  ngx_http_comments_text_bounds = {
    ngx_conf_check_num_bounds, 1, CMT_TEXT_BYTES_MAX
};


#define NGX_HTTP_COMMENTS_ANY                                                 \
    (NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF)


static ngx_command_t  ngx_http_comments_commands[] = {

    { ngx_string("comments_store"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE12,
      ngx_http_comments_set_store,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("comments_key"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_str_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_http_comments_main_conf_t, key_file),
      NULL },

    { ngx_string("comments_cache"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_http_comments_set_cache,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("comments_purge"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_http_comments_set_purge,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("comments_thread_pool"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_str_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_http_comments_main_conf_t, pool_name),
      NULL },

    { ngx_string("comments_queue"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_num_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_http_comments_main_conf_t, queue),
      &ngx_http_comments_queue_bounds },

    { ngx_string("comments_stream_max"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_num_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_http_comments_main_conf_t, stream_max),
      &ngx_http_comments_stream_bounds },

    { ngx_string("comments_stream_keepalive"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_conf_set_msec_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_http_comments_main_conf_t, stream_keepalive),
      NULL },

    { ngx_string("comments"),
      NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_http_comments_set_site,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("comments_rules"),
      NGX_HTTP_COMMENTS_ANY|NGX_CONF_TAKE1,
      ngx_http_comments_set_rules,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("comments_rules_reload"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_FLAG,
      ngx_conf_set_flag_slot,
      NGX_HTTP_MAIN_CONF_OFFSET,
      offsetof(ngx_http_comments_main_conf_t, rules_reload),
      NULL },

    { ngx_string("comments_rules_guard"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_TAKE1,
      ngx_http_comments_set_guard,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("comments_rules_inherit"),
      NGX_HTTP_COMMENTS_ANY|NGX_CONF_FLAG,
      ngx_conf_set_flag_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_comments_loc_conf_t, rules_inherit),
      NULL },

    { ngx_string("comments_rules_test"),
      NGX_HTTP_COMMENTS_ANY|NGX_CONF_FLAG,
      ngx_conf_set_flag_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_comments_loc_conf_t, rules_test),
      NULL },

    { ngx_string("comments_rules_budget"),
      NGX_HTTP_COMMENTS_ANY|NGX_CONF_TAKE123,
      ngx_http_comments_set_budget,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("comments_rules_vars"),
      NGX_HTTP_COMMENTS_ANY|NGX_CONF_1MORE,
      ngx_http_comments_set_vars,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("comments_identity"),
      NGX_HTTP_COMMENTS_ANY|NGX_CONF_TAKE12,
      ngx_http_comments_set_identity,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("comments_markup"),
      NGX_HTTP_COMMENTS_ANY|NGX_CONF_TAKE1,
      ngx_http_comments_set_markup,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("comments_mailto"),
      NGX_HTTP_COMMENTS_ANY|NGX_CONF_FLAG,
      ngx_conf_set_flag_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_comments_loc_conf_t, mailto),
      NULL },

    { ngx_string("comments_images"),
      NGX_HTTP_COMMENTS_ANY|NGX_CONF_FLAG,
      ngx_conf_set_flag_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_comments_loc_conf_t, images),
      NULL },

    { ngx_string("comments_depth"),
      NGX_HTTP_COMMENTS_ANY|NGX_CONF_TAKE1,
      ngx_conf_set_num_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_comments_loc_conf_t, depth),
      &ngx_http_comments_depth_bounds },

    { ngx_string("comments_page_size"),
      NGX_HTTP_COMMENTS_ANY|NGX_CONF_TAKE1,
      ngx_conf_set_num_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_comments_loc_conf_t, page_size),
      &ngx_http_comments_page_size_bounds },

    { ngx_string("comments_text_max"),
      NGX_HTTP_COMMENTS_ANY|NGX_CONF_TAKE1,
      ngx_conf_set_num_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_comments_loc_conf_t, text_max),
      &ngx_http_comments_text_bounds },

    { ngx_string("comments_edit_window"),
      NGX_HTTP_COMMENTS_ANY|NGX_CONF_TAKE1,
      ngx_http_comments_set_edit_window,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("comments_close_after"),
      NGX_HTTP_COMMENTS_ANY|NGX_CONF_TAKE1,
      ngx_http_comments_set_close_after,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("comments_require"),
      NGX_HTTP_COMMENTS_ANY|NGX_CONF_TAKE12,
      ngx_http_comments_set_require,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("comments_limit_author"),
      NGX_HTTP_COMMENTS_ANY|NGX_CONF_TAKE1,
      ngx_http_comments_set_limit,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_comments_loc_conf_t, limit_author),
      NULL },

    { ngx_string("comments_limit_address"),
      NGX_HTTP_COMMENTS_ANY|NGX_CONF_TAKE1,
      ngx_http_comments_set_limit,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_comments_loc_conf_t, limit_address),
      NULL },

    { ngx_string("comments_language"),
      NGX_HTTP_COMMENTS_ANY|NGX_CONF_TAKE1,
      ngx_http_comments_set_language,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("comments_timezone"),
      NGX_HTTP_COMMENTS_ANY|NGX_CONF_TAKE1,
      ngx_http_comments_set_timezone,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("comments_gzip"),
      NGX_HTTP_COMMENTS_ANY|NGX_CONF_TAKE1,
      ngx_http_comments_set_gzip,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("comments_avatars"),
      NGX_HTTP_COMMENTS_ANY|NGX_CONF_FLAG,
      ngx_conf_set_flag_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_comments_loc_conf_t, avatars),
      NULL },

    { ngx_string("comments_alias"),
      NGX_HTTP_COMMENTS_ANY|NGX_CONF_TAKE2,
      ngx_http_comments_set_alias,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("comments_share"),
      NGX_HTTP_COMMENTS_ANY|NGX_CONF_1MORE,
      ngx_http_comments_set_share,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("comments_origins"),
      NGX_HTTP_COMMENTS_ANY|NGX_CONF_1MORE,
      ngx_http_comments_set_origins,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_comments_loc_conf_t, origins),
      NULL },

    { ngx_string("comments_base_url"),
      NGX_HTTP_COMMENTS_ANY|NGX_CONF_TAKE1,
      ngx_http_comments_set_base_url,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_comments_loc_conf_t, base_url),
      NULL },

    { ngx_string("comments_stream"),
      NGX_HTTP_COMMENTS_ANY|NGX_CONF_FLAG,
      ngx_conf_set_flag_slot,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_comments_loc_conf_t, stream),
      NULL },

    { ngx_string("comments_pages"),
      NGX_HTTP_COMMENTS_ANY|NGX_CONF_TAKE1,
      ngx_http_comments_set_pages,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("comments_moderators"),
      NGX_HTTP_COMMENTS_ANY|NGX_CONF_TAKE1,
      ngx_http_comments_set_moderators,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("comments_moderator"),
      NGX_HTTP_COMMENTS_ANY|NGX_CONF_TAKE1,
      ngx_http_comments_set_moderator,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("comments_insert"),
      NGX_HTTP_COMMENTS_ANY|NGX_CONF_TAKE123,
      ngx_http_comments_set_insert,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

      ngx_null_command
};


static ngx_http_module_t  ngx_http_comments_module_ctx = {
    ngx_http_comments_add_variables,       /* preconfiguration */
    ngx_http_comments_add_body_filter,     /* postconfiguration */

    ngx_http_comments_create_main_conf,    /* create main configuration */
    ngx_http_comments_init_main_conf,      /* init main configuration */

    ngx_http_comments_create_srv_conf,     /* create server configuration */
    NULL,                                  /* merge server configuration */

    ngx_http_comments_create_loc_conf,     /* create location configuration */
    ngx_http_comments_merge_loc_conf       /* merge location configuration */
};


ngx_module_t  ngx_http_comments_module = {
    NGX_MODULE_V1,
    &ngx_http_comments_module_ctx,         /* module context */
    ngx_http_comments_commands,            /* module directives */
    NGX_HTTP_MODULE,                       /* module type */
    NULL,                                  /* init master */
    NULL,                                  /* init module */
    ngx_http_comments_worker_start,        /* init process */
    NULL,                                  /* init thread */
    NULL,                                  /* exit thread */
    ngx_http_comments_worker_exit,         /* exit process */
    NULL,                                  /* exit master */
    NGX_MODULE_V1_PADDING
};
