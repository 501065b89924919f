/*
 * The conf of the module: its parts, their defaults, and how an inner level
 * inherits from the outer one.
 */

#include "ngx_http_comments_desk.h"
#include "ngx_http_comments_insert.h"
#include "ngx_http_comments_rules.h"


#define NGX_HTTP_COMMENTS_STORE  "/var/lib/ngx-comments"


static void ngx_http_comments_merge_settings(ngx_http_comments_loc_conf_t *prev,
    ngx_http_comments_loc_conf_t *conf);
static void ngx_http_comments_merge_deciding(
    ngx_http_comments_loc_conf_t *prev, ngx_http_comments_loc_conf_t *conf);
static void ngx_http_comments_merge_showing(
    ngx_http_comments_loc_conf_t *prev, ngx_http_comments_loc_conf_t *conf,
    const cmt_site_t *site);
static void ngx_http_comments_merge_writing(
    ngx_http_comments_loc_conf_t *prev, ngx_http_comments_loc_conf_t *conf,
    const cmt_site_t *site);
static char *ngx_http_comments_merge_rules(ngx_conf_t *cf,
    ngx_http_comments_loc_conf_t *prev, ngx_http_comments_loc_conf_t *conf);
static void ngx_http_comments_core_conf(ngx_conf_t *cf);


void *
ngx_http_comments_create_main_conf(ngx_conf_t *cf)
{
    ngx_http_comments_main_conf_t  *cmcf;

    cmcf = ngx_pcalloc(cf->pool, sizeof(ngx_http_comments_main_conf_t));
    if (cmcf == NULL) {
        return NULL;
    }

    cmcf->map = NGX_CONF_UNSET_SIZE;
    cmcf->cache = NGX_CONF_UNSET_SIZE;
    cmcf->purge = NGX_CONF_UNSET;
    cmcf->queue = NGX_CONF_UNSET;
    cmcf->rules_reload = NGX_CONF_UNSET;
    cmcf->rules_guard = NGX_CONF_UNSET;
    cmcf->stream_max = NGX_CONF_UNSET;
    cmcf->stream_keepalive = NGX_CONF_UNSET_MSEC;

    return cmcf;
}


char *
ngx_http_comments_init_main_conf(ngx_conf_t *cf, void *conf)
{
    ngx_http_comments_main_conf_t *cmcf = conf;

    ngx_path_t  *path;

    if (cmcf->file == NULL) {
        /* No location has comments. */
        return NGX_CONF_OK;
    }

    ngx_conf_init_size_value(cmcf->map, CMT_STORE_MAP_BYTES_DEFAULT);
    ngx_conf_init_size_value(cmcf->cache, NGX_HTTP_COMMENTS_CACHE_BYTES);
    ngx_conf_init_value(cmcf->stream_max, NGX_HTTP_COMMENTS_STREAMS);
    ngx_conf_init_msec_value(cmcf->stream_keepalive,
                             NGX_HTTP_COMMENTS_KEEPALIVE_MSEC);
    ngx_conf_init_value(cmcf->purge, 0);
    ngx_conf_init_value(cmcf->queue, NGX_HTTP_COMMENTS_QUEUE);
    ngx_conf_init_value(cmcf->rules_reload, 1);
    ngx_conf_init_value(cmcf->rules_guard, 0);

    if (cmcf->store.data == NULL) {
        ngx_str_set(&cmcf->store, NGX_HTTP_COMMENTS_STORE);
    }

    if (ngx_conf_full_name(cf->cycle, &cmcf->store, 0) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    while (cmcf->store.len > 1
           && cmcf->store.data[cmcf->store.len - 1] == '/')
    {
        cmcf->store.data[--cmcf->store.len] = '\0';
    }

    /* The master makes the directory and gives it to the workers' user. */

    path = ngx_pcalloc(cf->pool, sizeof(ngx_path_t));
    if (path == NULL) {
        return NGX_CONF_ERROR;
    }

    path->name = cmcf->store;
    path->conf_file = cmcf->file;
    path->line = cmcf->line;

    if (ngx_add_path(cf, &path) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    cmcf->pool = ngx_thread_pool_add(cf, cmcf->pool_name.len
                                         ? &cmcf->pool_name : NULL);
    if (cmcf->pool == NULL) {
        return NGX_CONF_ERROR;
    }

    if (ngx_http_comments_load_key(cf, cmcf) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


void *
ngx_http_comments_create_srv_conf(ngx_conf_t *cf)
{
    return ngx_pcalloc(cf->pool, sizeof(ngx_http_comments_srv_conf_t));
}


void *
ngx_http_comments_create_loc_conf(ngx_conf_t *cf)
{
    ngx_http_comments_loc_conf_t  *conf;

    conf = ngx_pcalloc(cf->pool, sizeof(ngx_http_comments_loc_conf_t));
    if (conf == NULL) {
        return NULL;
    }

    conf->rules_inherit = NGX_CONF_UNSET;
    conf->rules_test = NGX_CONF_UNSET;
    conf->budget.steps = (uint64_t) NGX_CONF_UNSET;
    conf->budget.memory = NGX_CONF_UNSET_SIZE;
    conf->budget.time = NGX_CONF_UNSET_MSEC;
    conf->vars = NGX_CONF_UNSET_PTR;
    conf->identity = NGX_CONF_UNSET_PTR;
    conf->role = NGX_CONF_UNSET_PTR;
    conf->language = NGX_CONF_UNSET;
    conf->gzip = NGX_CONF_UNSET;
    conf->avatars = NGX_CONF_UNSET;
    conf->mailto = NGX_CONF_UNSET;
    conf->images = NGX_CONF_UNSET;
    conf->n_shares = NGX_CONF_UNSET_UINT;
    conf->markup = NGX_CONF_UNSET_UINT;
    conf->depth = NGX_CONF_UNSET;
    conf->page_size = NGX_CONF_UNSET;
    conf->text_max = NGX_CONF_UNSET;
    conf->edit_window = NGX_CONF_UNSET;
    conf->close_after = NGX_CONF_UNSET;
    conf->limit_author.posts = (unsigned) NGX_CONF_UNSET;
    conf->limit_address.posts = (unsigned) NGX_CONF_UNSET;
    conf->origins = NGX_CONF_UNSET_PTR;
    conf->stream = NGX_CONF_UNSET;
    conf->pages_any = NGX_CONF_UNSET;
    conf->insert_assets = NGX_CONF_UNSET;
    conf->moderator = NGX_CONF_UNSET_PTR;

    return conf;
}


char *
ngx_http_comments_merge_loc_conf(ngx_conf_t *cf, void *parent, void *child)
{
    ngx_http_comments_loc_conf_t *prev = parent;
    ngx_http_comments_loc_conf_t *conf = child;

    ngx_http_core_loc_conf_t       *clcf;
    ngx_http_comments_main_conf_t  *cmcf;

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_comments_module);
    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);

    if (ngx_http_comments_merge_insert(cf, prev, conf) != NGX_CONF_OK) {
        return NGX_CONF_ERROR;
    }

    if (cmcf->file == NULL) {
        return NGX_CONF_OK;
    }

    if (clcf->noname && prev->name.len) {

        /* "if" and "limit_except" are parts of the location around them. */

        *conf = *prev;

        if (clcf->lmt_excpt) {
            clcf->handler = ngx_http_comments_handler;
        }

        ngx_http_comments_core_conf(cf);

        return NGX_CONF_OK;
    }

    ngx_http_comments_merge_settings(prev, conf);

    if (ngx_http_comments_merge_rules(cf, prev, conf) != NGX_CONF_OK
        || ngx_http_comments_check_root(cf, cmcf) != NGX_OK
        || ngx_http_comments_merge_staff(cf, cmcf, prev, conf)
           != NGX_CONF_OK)
    {
        return NGX_CONF_ERROR;
    }

    if (conf->name.len == 0) {
        return NGX_CONF_OK;
    }

    if (ngx_http_comments_init_site(cf, cmcf, conf) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    ngx_http_comments_core_conf(cf);

    return NGX_CONF_OK;
}


static void
ngx_http_comments_merge_settings(ngx_http_comments_loc_conf_t *prev,
    ngx_http_comments_loc_conf_t *conf)
{
    cmt_site_t  site;

    cmt_site_default(&site);

    ngx_http_comments_merge_deciding(prev, conf);
    ngx_http_comments_merge_showing(prev, conf, &site);
    ngx_http_comments_merge_writing(prev, conf, &site);

    if (conf->aliases == NULL) {
        conf->aliases = prev->aliases;
    }

    ngx_conf_merge_ptr_value(conf->origins, prev->origins, NULL);
    ngx_conf_merge_value(conf->pages_any, prev->pages_any, 0);
    ngx_conf_merge_str_value(conf->base_url, prev->base_url, "");
}


/* What rules may use, and who somebody is. */

static void
ngx_http_comments_merge_deciding(ngx_http_comments_loc_conf_t *prev,
    ngx_http_comments_loc_conf_t *conf)
{
    ngx_conf_merge_value(conf->rules_test, prev->rules_test, 1);
    ngx_conf_merge_ptr_value(conf->vars, prev->vars, NULL);
    ngx_conf_merge_ptr_value(conf->role, prev->role, NULL);
    ngx_conf_merge_ptr_value(conf->identity, prev->identity, NULL);

    if (conf->budget.steps == (uint64_t) NGX_CONF_UNSET) {
        conf->budget.steps = prev->budget.steps;
    }

    if (conf->budget.steps == (uint64_t) NGX_CONF_UNSET) {
        conf->budget.steps = CMT_RULES_STEPS_DEFAULT;
    }

    ngx_conf_merge_size_value(conf->budget.memory, prev->budget.memory,
                              CMT_RULES_MEMORY_DEFAULT);
    ngx_conf_merge_msec_value(conf->budget.time, prev->budget.time,
                              CMT_RULES_CPU_MS_DEFAULT);
}


static void
ngx_http_comments_merge_showing(ngx_http_comments_loc_conf_t *prev,
    ngx_http_comments_loc_conf_t *conf, const cmt_site_t *site)
{
    ngx_conf_merge_value(conf->language, prev->language, 0);
    ngx_conf_merge_value(conf->gzip, prev->gzip, CMT_GZIP_LEVEL_DEFAULT);
    ngx_conf_merge_value(conf->avatars, prev->avatars, site->avatars);

    if (conf->n_shares == NGX_CONF_UNSET_UINT
        && prev->n_shares != NGX_CONF_UNSET_UINT)
    {
        ngx_memcpy(conf->shares, prev->shares, CMT_SHARES_MAX);
    }

    ngx_conf_merge_uint_value(conf->n_shares, prev->n_shares, 0);

    ngx_conf_merge_str_value(conf->timezone, prev->timezone, "UTC");
    ngx_conf_merge_value(conf->page_size, prev->page_size, CMT_LIMIT_DEFAULT);
    ngx_conf_merge_value(conf->stream, prev->stream, 1);
}


static void
ngx_http_comments_merge_writing(ngx_http_comments_loc_conf_t *prev,
    ngx_http_comments_loc_conf_t *conf, const cmt_site_t *site)
{
    ngx_conf_merge_uint_value(conf->markup, prev->markup, site->markup);
    ngx_conf_merge_value(conf->mailto, prev->mailto, 0);
    ngx_conf_merge_value(conf->images, prev->images, 0);
    ngx_conf_merge_value(conf->depth, prev->depth, (ngx_int_t) site->levels);
    ngx_conf_merge_value(conf->text_max, prev->text_max,
                         (ngx_int_t) site->text_chars_max);
    ngx_conf_merge_sec_value(conf->edit_window, prev->edit_window,
                             (time_t) site->edit_seconds);
    ngx_conf_merge_sec_value(conf->close_after, prev->close_after,
                             (time_t) site->close_seconds);

    if (conf->require == 0) {
        conf->require = prev->require;
    }

    if (conf->require == 0) {
        conf->require = NGX_CONF_BITMASK_SET
                        | (site->require_name ? NGX_HTTP_COMMENTS_NAME : 0)
                        | (site->require_email ? NGX_HTTP_COMMENTS_EMAIL : 0);
    }

    if (conf->limit_author.posts == (unsigned) NGX_CONF_UNSET) {
        conf->limit_author = prev->limit_author.posts
                             == (unsigned) NGX_CONF_UNSET
                             ? site->author_rate : prev->limit_author;
    }

    if (conf->limit_address.posts == (unsigned) NGX_CONF_UNSET) {
        conf->limit_address = prev->limit_address.posts
                              == (unsigned) NGX_CONF_UNSET
                              ? site->address_rate : prev->limit_address;
    }
}


static char *
ngx_http_comments_merge_rules(ngx_conf_t *cf,
    ngx_http_comments_loc_conf_t *prev, ngx_http_comments_loc_conf_t *conf)
{
    ngx_array_t                *all;
    ngx_http_comments_rules_t  *rules;

    /* comments_rules_inherit speaks of its own level, so it is not merged. */

    if (conf->rules_inherit == 0 || prev->rules == NULL) {
        return NGX_CONF_OK;
    }

    if (conf->rules == NULL) {
        conf->rules = prev->rules;
        return NGX_CONF_OK;
    }

    all = ngx_array_create(cf->pool, prev->rules->nelts + conf->rules->nelts,
                           sizeof(ngx_http_comments_rules_t));
    if (all == NULL) {
        return NGX_CONF_ERROR;
    }

    rules = ngx_array_push_n(all, prev->rules->nelts);
    ngx_memcpy(rules, prev->rules->elts, prev->rules->nelts * all->size);

    rules = ngx_array_push_n(all, conf->rules->nelts);
    ngx_memcpy(rules, conf->rules->elts, conf->rules->nelts * all->size);

    conf->rules = all;

    return NGX_CONF_OK;
}


/*
 * What the location needs of nginx's core.  All levels of the core's own conf
 * are merged by now, so nothing here is inherited by locations inside.
 *
 * The body of a post holds an e-mail and must never lie in a file, and one
 * that is too large is to be refused in our words.  _post.c sees to both; the
 * settings of the buffer serve when another module has read the body first.
 */

static void
ngx_http_comments_core_conf(ngx_conf_t *cf)
{
    ngx_http_core_loc_conf_t  *clcf;

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);

    clcf->client_max_body_size = 0;            /* we count ourselves         */
    clcf->client_body_buffer_size = CMT_BODY_BYTES_MAX;
    clcf->client_body_in_single_buffer = 1;
    clcf->client_body_in_file_only = 0;        /* off                        */
}
