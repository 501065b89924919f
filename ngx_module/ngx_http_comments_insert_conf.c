/*
 * comments_insert and comments_pages: what they take, and which location a
 * comments_insert means.
 */

#include "ngx_http_comments_insert.h"
#include "ngx_http_comments_params.h"


static ngx_int_t ngx_http_comments_insert_assets(ngx_conf_t *cf, void *conf,
    ngx_str_t *value);
static ngx_int_t ngx_http_comments_insert_page(ngx_conf_t *cf, void *conf,
    ngx_str_t *value);
static ngx_int_t ngx_http_comments_insert_made(ngx_conf_t *cf,
    ngx_http_comments_loc_conf_t *conf);
static ngx_int_t ngx_http_comments_insert_kept(ngx_conf_t *cf, cmt_str_t s,
    ngx_str_t *kept);
static char *ngx_http_comments_alias_page(ngx_conf_t *cf, ngx_str_t *arg,
    cmt_str_t *page);


/* comments_pages existing | any */

char *
ngx_http_comments_set_pages(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_comments_loc_conf_t *lcf = conf;

    ngx_str_t  *value;

    if (lcf->pages_any != NGX_CONF_UNSET) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (ngx_strcmp(value[1].data, "existing") == 0) {
        lcf->pages_any = 0;
        return NGX_CONF_OK;
    }

    if (ngx_strcmp(value[1].data, "any") == 0) {
        lcf->pages_any = 1;
        return NGX_CONF_OK;
    }

    return "needs \"existing\" or \"any\"";
}


/* comments_insert PREFIX [page=VALUE] [assets=on|off] | off */

char *
ngx_http_comments_set_insert(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_comments_loc_conf_t *lcf = conf;

    u_char      *p;
    ngx_str_t   *value;

    static const ngx_http_comments_param_t  params[] = {
        { ngx_string("page="), ngx_http_comments_insert_page },
        { ngx_string("assets="), ngx_http_comments_insert_assets },
        { ngx_null_string, NULL }
    };

    if (lcf->insert.data) {
        return "is duplicate";
    }

    value = cf->args->elts;

    lcf->insert_file = cf->conf_file->file.name.data;
    lcf->insert_line = cf->conf_file->line;

    if (ngx_strcmp(value[1].data, "off") == 0 && cf->args->nelts == 2) {
        ngx_str_set(&lcf->insert, "");
        return NGX_CONF_OK;
    }

    if (value[1].len == 0 || value[1].data[0] != '/') {
        return "needs the location of the comments, such as \"/comments/\", "
               "or \"off\"";
    }

    /* As `comments` makes its prefix. */

    p = ngx_pnalloc(cf->pool, value[1].len + 1);
    if (p == NULL) {
        return NGX_CONF_ERROR;
    }

    lcf->insert.data = p;
    p = ngx_cpymem(p, value[1].data, value[1].len);

    if (p[-1] != '/') {
        *p++ = '/';
    }

    lcf->insert.len = p - lcf->insert.data;

    if (ngx_http_comments_set_params(cf, conf, 2, params,
                                     "the path of the page, such as "
                                     "\"page=$uri\", or \"assets=off\"")
        != NGX_CONF_OK)
    {
        return NGX_CONF_ERROR;
    }

    if (lcf->insert_assets == NGX_CONF_UNSET) {
        lcf->insert_assets = 1;
    }

    return NGX_CONF_OK;
}


static ngx_int_t
ngx_http_comments_insert_assets(ngx_conf_t *cf, void *conf, ngx_str_t *value)
{
    ngx_http_comments_loc_conf_t *lcf = conf;

    if (lcf->insert_assets != NGX_CONF_UNSET) {
        return NGX_BUSY;
    }

    if (ngx_strcmp(value->data, "on") == 0) {
        lcf->insert_assets = 1;

    } else if (ngx_strcmp(value->data, "off") == 0) {
        lcf->insert_assets = 0;

    } else {
        return NGX_DECLINED;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_comments_insert_page(ngx_conf_t *cf, void *conf, ngx_str_t *value)
{
    ngx_http_comments_loc_conf_t *lcf = conf;

    ngx_http_compile_complex_value_t   ccv;

    if (lcf->insert_page) {
        return NGX_BUSY;
    }

    if (value->len == 0) {
        return NGX_DECLINED;
    }

    lcf->insert_page = ngx_palloc(cf->pool, sizeof(ngx_http_complex_value_t));
    if (lcf->insert_page == NULL) {
        return NGX_ERROR;
    }

    ngx_memzero(&ccv, sizeof(ngx_http_compile_complex_value_t));

    ccv.cf = cf;
    ccv.value = value;
    ccv.complex_value = lcf->insert_page;

    return ngx_http_compile_complex_value(&ccv);
}


/* Called at every level, also when no location has comments. */

char *
ngx_http_comments_merge_insert(ngx_conf_t *cf,
    ngx_http_comments_loc_conf_t *prev, ngx_http_comments_loc_conf_t *conf)
{
    ngx_uint_t                      i;
    ngx_http_comments_srv_conf_t   *scf;
    ngx_http_comments_loc_conf_t  **site;

    if (conf->insert.data == NULL) {
        conf->insert = prev->insert;
        conf->insert_page = prev->insert_page;
        conf->insert_assets = prev->insert_assets;
        conf->insert_file = prev->insert_file;
        conf->insert_line = prev->insert_line;
    }

    /* The comments are no page that could have comments. */

    if (conf->insert.len == 0 || conf->name.len) {
        return NGX_CONF_OK;
    }

    scf = ngx_http_conf_get_module_srv_conf(cf, ngx_http_comments_module);

    site = scf->sites ? scf->sites->elts : NULL;

    for (i = 0; site && i < scf->sites->nelts; i++) {

        if (site[i]->prefix.len == conf->insert.len
            && ngx_strncmp(site[i]->prefix.data, conf->insert.data,
                           conf->insert.len)
               == 0)
        {
            conf->insert_conf = site[i];
            site[i]->inserted = 1;
            return ngx_http_comments_insert_made(cf, conf) == NGX_OK
                   ? NGX_CONF_OK : NGX_CONF_ERROR;
        }
    }

    ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                  "comments_insert \"%V\" needs \"location %V\" with "
                  "\"comments\" in the same server, or must be \"off\" there, "
                  "in %s:%ui", &conf->insert, &conf->insert,
                  conf->insert_file, conf->insert_line);

    return NGX_CONF_ERROR;
}


/* The elements for the stylesheet and the script. */

static ngx_int_t
ngx_http_comments_insert_made(ngx_conf_t *cf,
    ngx_http_comments_loc_conf_t *conf)
{
    uint32_t      crc;
    ngx_int_t     rc;
    cmt_str_t     style, script;
    cmt_arena_t  *arena;

    if (!conf->insert_assets) {
        return NGX_OK;
    }

    arena = cmt_arena_create(CMT_ARENA_BYTES_MAX);

    rc = arena != NULL
         && cmt_assets_html(ngx_http_comments_str(&conf->insert), arena,
                            &style, &script)
            == CMT_OK
         && ngx_http_comments_insert_kept(cf, style, &conf->insert_style)
            == NGX_OK
         && ngx_http_comments_insert_kept(cf, script, &conf->insert_script)
            == NGX_OK
         ? NGX_OK : NGX_ERROR;

    cmt_arena_destroy(arena);

    if (rc == NGX_OK) {
        ngx_crc32_init(crc);
        ngx_crc32_update(&crc, conf->insert_style.data,
                         conf->insert_style.len);
        ngx_crc32_update(&crc, conf->insert_script.data,
                         conf->insert_script.len);
        ngx_crc32_final(crc);

        conf->insert_made = crc;
    }

    return rc;
}


static ngx_int_t
ngx_http_comments_insert_kept(ngx_conf_t *cf, cmt_str_t s, ngx_str_t *kept)
{
    kept->data = ngx_pnalloc(cf->pool, s.len);
    if (kept->data == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(kept->data, s.data, s.len);
    kept->len = s.len;

    return NGX_OK;
}


/* comments_alias OLD NEW */

char *
ngx_http_comments_set_alias(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_comments_loc_conf_t *lcf = conf;

    char         *rc;
    ngx_str_t    *value;
    ngx_uint_t    i;
    cmt_alias_t  *alias, *known;

    if (lcf->aliases == NULL) {
        lcf->aliases = ngx_array_create(cf->pool, 4, sizeof(cmt_alias_t));
        if (lcf->aliases == NULL) {
            return NGX_CONF_ERROR;
        }
    }

    alias = ngx_array_push(lcf->aliases);
    if (alias == NULL) {
        return NGX_CONF_ERROR;
    }

    value = cf->args->elts;

    rc = ngx_http_comments_alias_page(cf, &value[1], &alias->from);
    if (rc == NGX_CONF_OK) {
        rc = ngx_http_comments_alias_page(cf, &value[2], &alias->to);
    }
    if (rc != NGX_CONF_OK) {
        return rc;
    }

    known = lcf->aliases->elts;

    for (i = 0; i < lcf->aliases->nelts - 1; i++) {

        if (known[i].from.len == alias->from.len
            && ngx_strncmp(known[i].from.data, alias->from.data,
                           alias->from.len)
               == 0)
        {
            return ngx_http_comments_twice(cf, &value[1]);
        }
    }

    return NGX_CONF_OK;
}


/* The canonical path, as long as the configuration lives. */

static char *
ngx_http_comments_alias_page(ngx_conf_t *cf, ngx_str_t *arg, cmt_str_t *page)
{
    char         *rc;
    cmt_str_t     path;
    ngx_str_t     kept;
    cmt_arena_t  *arena;

    arena = cmt_arena_create(CMT_ARENA_BYTES_MAX);
    if (arena == NULL) {
        return NGX_CONF_ERROR;
    }

    rc = NGX_CONF_OK;

    if (cmt_page_canonical(arena, ngx_http_comments_str(arg), &path)
        != CMT_OK)
    {
        rc = "needs two paths, such as \"/old/post /blog/post\"";

    } else if (ngx_http_comments_insert_kept(cf, path, &kept) != NGX_OK) {
        rc = NGX_CONF_ERROR;

    } else {
        *page = ngx_http_comments_str(&kept);
    }

    cmt_arena_destroy(arena);

    return rc;
}
