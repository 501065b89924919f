/*
 * What the directives take, where nginx has no setter for it.  A bad value
 * is answered with what was expected.
 */

#include "ngx_http_comments_params.h"
#include "ngx_http_comments_rules.h"


#define NGX_HTTP_COMMENTS_MAP_BYTES_MIN     (1024 * 1024)
#define NGX_HTTP_COMMENTS_RATE_POSTS_MAX    1000000
#define NGX_HTTP_COMMENTS_RATE_SECONDS_MAX  86400
#define NGX_HTTP_COMMENTS_WINDOW_SECONDS_MAX  31536000
#define NGX_HTTP_COMMENTS_CLOSE_SECONDS_MAX  1577880000


static ngx_int_t ngx_http_comments_set_map(ngx_conf_t *cf, void *conf,
    ngx_str_t *value);
static ngx_int_t ngx_http_comments_set_budget_steps(ngx_conf_t *cf,
    void *conf, ngx_str_t *value);
static ngx_int_t ngx_http_comments_set_budget_memory(ngx_conf_t *cf,
    void *conf, ngx_str_t *value);
static ngx_int_t ngx_http_comments_set_budget_time(ngx_conf_t *cf,
    void *conf, ngx_str_t *value);
static ngx_int_t ngx_http_comments_check_origin(ngx_str_t *origin);


static ngx_conf_enum_t  ngx_http_comments_markups[] = {
    { ngx_string("plain"), CMT_MARKUP_PLAIN },
    { ngx_string("html"), CMT_MARKUP_HTML },
    { ngx_string("markdown"), CMT_MARKUP_MARKDOWN },
    { ngx_null_string, 0 }
};


/* comments_store PATH [map=SIZE] */

char *
ngx_http_comments_set_store(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_comments_main_conf_t *cmcf = conf;

    ngx_str_t  *value;

    static const ngx_http_comments_param_t  params[] = {
        { ngx_string("map="), ngx_http_comments_set_map },
        { ngx_null_string, NULL }
    };

    if (cmcf->store.data) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (value[1].len == 0) {
        return "needs the path of a directory";
    }

    cmcf->store = value[1];

    return ngx_http_comments_set_params(cf, conf, 2, params,
                                        "the largest size of the store, 1m "
                                        "or more, such as \"map=64g\"");
}


static ngx_int_t
ngx_http_comments_set_map(ngx_conf_t *cf, void *conf, ngx_str_t *value)
{
    ngx_http_comments_main_conf_t *cmcf = conf;

    off_t  size;

    size = ngx_parse_offset(value);

    if (size < NGX_HTTP_COMMENTS_MAP_BYTES_MIN) {
        return NGX_DECLINED;
    }

    cmcf->map = (size_t) size;

    return NGX_OK;
}


/* comments_rules_guard N% | off */

char *
ngx_http_comments_set_guard(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_comments_main_conf_t *cmcf = conf;

    ngx_int_t   percent;
    ngx_str_t  *value;

    if (cmcf->rules_guard != NGX_CONF_UNSET) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (ngx_strcmp(value[1].data, "off") == 0) {
        cmcf->rules_guard = 0;
        return NGX_CONF_OK;
    }

    percent = value[1].data[value[1].len - 1] == '%'
              ? ngx_atoi(value[1].data, value[1].len - 1) : NGX_ERROR;

    if (percent < 1 || percent > 99) {
        return "needs \"off\" or a share of verdicts from 1% to 99%";
    }

    cmcf->rules_guard = percent;

    return NGX_CONF_OK;
}


/* comments_gzip LEVEL | off */

char *
ngx_http_comments_set_gzip(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_comments_loc_conf_t *lcf = conf;

    ngx_int_t   level;
    ngx_str_t  *value;

    if (lcf->gzip != NGX_CONF_UNSET) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (ngx_strcmp(value[1].data, "off") == 0) {
        lcf->gzip = 0;
        return NGX_CONF_OK;
    }

    level = ngx_atoi(value[1].data, value[1].len);

    if (level < 1 || level > CMT_GZIP_LEVEL_MAX) {
        return "needs \"off\" or a level from 1 (fast) to 9 (small)";
    }

    lcf->gzip = level;

    return NGX_CONF_OK;
}


/* comments_cache SIZE | off */

char *
ngx_http_comments_set_cache(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_comments_main_conf_t *cmcf = conf;

    off_t       size;
    ngx_str_t  *value;

    if (cmcf->cache != NGX_CONF_UNSET_SIZE) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (ngx_strcmp(value[1].data, "off") == 0) {
        cmcf->cache = 0;
        return NGX_CONF_OK;
    }

    size = ngx_parse_offset(&value[1]);

    if (size == NGX_ERROR) {
        return "needs a size such as \"16m\", or \"off\"";
    }

    cmcf->cache = (size_t) size;

    return NGX_CONF_OK;
}


/* comments_rules PATH */

char *
ngx_http_comments_set_rules(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_comments_loc_conf_t *lcf = conf;

    ngx_str_t                  *value;
    ngx_http_comments_rules_t  *rules;

    value = cf->args->elts;

    if (value[1].len == 0) {
        return "needs the path of a file";
    }

    if (lcf->rules == NULL) {
        lcf->rules = ngx_array_create(cf->pool, 2,
                                      sizeof(ngx_http_comments_rules_t));
        if (lcf->rules == NULL) {
            return NGX_CONF_ERROR;
        }
    }

    rules = ngx_array_push(lcf->rules);
    if (rules == NULL) {
        return NGX_CONF_ERROR;
    }

    rules->path = value[1];
    rules->file = cf->conf_file->file.name.data;
    rules->line = cf->conf_file->line;

    if (ngx_conf_full_name(cf->cycle, &rules->path, 1) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


/* comments_rules_budget [steps=N] [memory=SIZE] [time=MS] */

char *
ngx_http_comments_set_budget(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    static const ngx_http_comments_param_t  params[] = {
        { ngx_string("steps="), ngx_http_comments_set_budget_steps },
        { ngx_string("memory="), ngx_http_comments_set_budget_memory },
        { ngx_string("time="), ngx_http_comments_set_budget_time },
        { ngx_null_string, NULL }
    };

    return ngx_http_comments_set_params(cf, conf, 1, params,
                                        "parts of \"steps=1000000 memory=4m "
                                        "time=20ms\"");
}


static ngx_int_t
ngx_http_comments_set_budget_steps(ngx_conf_t *cf, void *conf,
    ngx_str_t *value)
{
    ngx_http_comments_loc_conf_t *lcf = conf;

    off_t  n;

    if (lcf->budget.steps != (uint64_t) NGX_CONF_UNSET) {
        return NGX_BUSY;
    }

    n = ngx_atoof(value->data, value->len);

    if (n < 1) {
        return NGX_DECLINED;
    }

    lcf->budget.steps = (uint64_t) n;

    return NGX_OK;
}


static ngx_int_t
ngx_http_comments_set_budget_memory(ngx_conf_t *cf, void *conf,
    ngx_str_t *value)
{
    ngx_http_comments_loc_conf_t *lcf = conf;

    off_t  n;

    if (lcf->budget.memory != NGX_CONF_UNSET_SIZE) {
        return NGX_BUSY;
    }

    n = ngx_parse_offset(value);

    if (n < 1) {
        return NGX_DECLINED;
    }

    lcf->budget.memory = (size_t) n;

    return NGX_OK;
}


static ngx_int_t
ngx_http_comments_set_budget_time(ngx_conf_t *cf, void *conf,
    ngx_str_t *value)
{
    ngx_http_comments_loc_conf_t *lcf = conf;

    ngx_int_t  n;

    if (lcf->budget.time != NGX_CONF_UNSET_MSEC) {
        return NGX_BUSY;
    }

    n = ngx_parse_time(value, 0);

    if (n < 1) {
        return NGX_DECLINED;
    }

    lcf->budget.time = (ngx_msec_t) n;

    return NGX_OK;
}


/* comments_markup plain | html | markdown */

char *
ngx_http_comments_set_markup(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_comments_loc_conf_t *lcf = conf;

    ngx_str_t        *value;
    ngx_conf_enum_t  *markup;

    if (lcf->markup != NGX_CONF_UNSET_UINT) {
        return "is duplicate";
    }

    value = cf->args->elts;

    for (markup = ngx_http_comments_markups; markup->name.len; markup++) {

        if (markup->name.len == value[1].len
            && ngx_strcmp(markup->name.data, value[1].data) == 0)
        {
            lcf->markup = markup->value;
            return NGX_CONF_OK;
        }
    }

    return "needs \"plain\", \"html\" or \"markdown\"";
}


/* comments_edit_window TIME | off */

char *
ngx_http_comments_set_edit_window(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_http_comments_loc_conf_t *lcf = conf;

    ngx_int_t   seconds;
    ngx_str_t  *value;

    if (lcf->edit_window != NGX_CONF_UNSET) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (ngx_strcmp(value[1].data, "off") == 0) {
        lcf->edit_window = 0;
        return NGX_CONF_OK;
    }

    seconds = ngx_parse_time(&value[1], 1);

    if (seconds < 0 || seconds > NGX_HTTP_COMMENTS_WINDOW_SECONDS_MAX) {
        return "needs a time of at most a year, such as \"15m\", or \"off\"";
    }

    lcf->edit_window = seconds;

    return NGX_CONF_OK;
}


/* comments_close_after TIME | off */

char *
ngx_http_comments_set_close_after(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_http_comments_loc_conf_t *lcf = conf;

    ngx_int_t   seconds;
    ngx_str_t  *value;

    if (lcf->close_after != NGX_CONF_UNSET) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (ngx_strcmp(value[1].data, "off") == 0) {
        lcf->close_after = 0;
        return NGX_CONF_OK;
    }

    seconds = ngx_parse_time(&value[1], 1);

    if (seconds < 1 || seconds > NGX_HTTP_COMMENTS_CLOSE_SECONDS_MAX) {
        return "needs a time of at most 50 years, such as \"14d\", "
               "or \"off\"";
    }

    lcf->close_after = seconds;

    return NGX_CONF_OK;
}


/* comments_require [name] [email] | none */

char *
ngx_http_comments_set_require(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_comments_loc_conf_t *lcf = conf;

    ngx_str_t   *value;
    ngx_uint_t   i, bit;

    if (lcf->require) {
        return "is duplicate";
    }

    value = cf->args->elts;
    lcf->require = NGX_CONF_BITMASK_SET;

    if (cf->args->nelts == 2 && ngx_strcmp(value[1].data, "none") == 0) {
        return NGX_CONF_OK;
    }

    for (i = 1; i < cf->args->nelts; i++) {

        if (ngx_strcmp(value[i].data, "name") == 0) {
            bit = NGX_HTTP_COMMENTS_NAME;

        } else if (ngx_strcmp(value[i].data, "email") == 0) {
            bit = NGX_HTTP_COMMENTS_EMAIL;

        } else {
            return "needs \"name\", \"email\", both, or \"none\"";
        }

        if (lcf->require & bit) {
            return ngx_http_comments_twice(cf, &value[i]);
        }

        lcf->require |= bit;
    }

    return NGX_CONF_OK;
}


/* comments_limit_author N/SPAN | off, comments_limit_address N/SPAN | off */

char *
ngx_http_comments_set_limit(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    u_char      *slash;
    ngx_int_t    posts, seconds;
    ngx_str_t   *value, span;
    cmt_rate_t  *rate;

    rate = (cmt_rate_t *) ((u_char *) conf + cmd->offset);

    if (rate->posts != (unsigned) NGX_CONF_UNSET) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (ngx_strcmp(value[1].data, "off") == 0) {
        rate->posts = 0;
        rate->seconds = 0;
        return NGX_CONF_OK;
    }

    slash = ngx_strlchr(value[1].data, value[1].data + value[1].len, '/');

    if (slash) {
        span.data = slash + 1;
        span.len = value[1].data + value[1].len - span.data;

        posts = ngx_atoi(value[1].data, slash - value[1].data);
        seconds = ngx_parse_time(&span, 1);

        if (posts > 0
            && posts <= NGX_HTTP_COMMENTS_RATE_POSTS_MAX
            && seconds > 0
            && seconds <= NGX_HTTP_COMMENTS_RATE_SECONDS_MAX)
        {
            rate->posts = (unsigned) posts;
            rate->seconds = (unsigned) seconds;
            return NGX_CONF_OK;
        }
    }

    return "needs posts per span of at most a day, such as \"5/1m\", "
           "or \"off\"";
}


/* comments_share NAME... | off */

char *
ngx_http_comments_set_share(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_comments_loc_conf_t *lcf = conf;

    unsigned     share;
    ngx_str_t   *value;
    ngx_uint_t   i;

    if (lcf->n_shares != NGX_CONF_UNSET_UINT) {
        return "is duplicate";
    }

    value = cf->args->elts;
    lcf->n_shares = 0;

    if (cf->args->nelts == 2 && ngx_strcmp(value[1].data, "off") == 0) {
        return NGX_CONF_OK;
    }

    for (i = 1; i < cf->args->nelts; i++) {

        if (cmt_share_find(ngx_http_comments_str(&value[i]), &share) != CMT_OK
            || lcf->n_shares == CMT_SHARES_MAX
            || ngx_strlchr(lcf->shares, lcf->shares + lcf->n_shares,
                           (u_char) share))
        {
            return "needs some of \"email\", \"mastodon\", \"bluesky\", "
                   "\"linkedin\", \"facebook\", \"x\" and \"copy\", each "
                   "once, or \"off\"";
        }

        lcf->shares[lcf->n_shares++] = (u_char) share;
    }

    return NGX_CONF_OK;
}


/* comments_origins ORIGIN... */

char *
ngx_http_comments_set_origins(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_comments_loc_conf_t *lcf = conf;

    ngx_str_t   *value, *origin;
    ngx_uint_t   i;

    if (lcf->origins == NGX_CONF_UNSET_PTR) {
        lcf->origins = ngx_array_create(cf->pool, cf->args->nelts - 1,
                                        sizeof(ngx_str_t));
        if (lcf->origins == NULL) {
            return NGX_CONF_ERROR;
        }
    }

    value = cf->args->elts;

    for (i = 1; i < cf->args->nelts; i++) {
        ngx_strlow(value[i].data, value[i].data, value[i].len);

        if (ngx_http_comments_check_origin(&value[i]) != NGX_OK) {
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "invalid origin \"%V\", expected scheme, host "
                               "and at most a port, such as "
                               "\"https://www.example.org\"", &value[i]);
            return NGX_CONF_ERROR;
        }

        origin = ngx_array_push(lcf->origins);
        if (origin == NULL) {
            return NGX_CONF_ERROR;
        }

        *origin = value[i];
    }

    return NGX_CONF_OK;
}


/* comments_base_url ORIGIN */

char *
ngx_http_comments_set_base_url(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_comments_loc_conf_t *lcf = conf;

    ngx_str_t  *value;

    if (lcf->base_url.data) {
        return "is duplicate";
    }

    value = cf->args->elts;
    ngx_strlow(value[1].data, value[1].data, value[1].len);

    if (ngx_http_comments_check_origin(&value[1]) != NGX_OK) {
        return "needs scheme, host and at most a port, such as "
               "\"https://www.example.org\"";
    }

    lcf->base_url = value[1];

    return NGX_CONF_OK;
}


static ngx_int_t
ngx_http_comments_check_origin(ngx_str_t *origin)
{
    u_char  *p, *last;

    p = origin->data;
    last = p + origin->len;

    if (ngx_strncmp(p, "http://", 7) == 0) {
        p += 7;

    } else if (ngx_strncmp(p, "https://", 8) == 0) {
        p += 8;

    } else {
        return NGX_ERROR;
    }

    if (p == last) {
        return NGX_ERROR;
    }

    for ( /* void */ ; p < last; p++) {
        if (!((*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9')
              || *p == '.' || *p == '-' || *p == ':' || *p == '['
              || *p == ']'))
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}
