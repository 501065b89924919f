/*
 * The language of an answer: that of the configuration, of the page, or of
 * the browser.
 */

#include "ngx_http_comments_module.h"


cmt_str_t
ngx_http_comments_accept_language(ngx_http_request_t *r)
{
    ngx_uint_t        n;
    ngx_table_elt_t  *accept;

    accept = ngx_http_comments_header(r, "accept-language", &n);

    return accept ? ngx_http_comments_str(&accept->value) : cmt_null_str;
}


unsigned
ngx_http_comments_language(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, cmt_str_t tag)
{
    unsigned     language;
    cmt_site_t  *site;

    site = &ctx->conf->site;

    if (site->language == CMT_LANGUAGE_AUTO) {

        if (cmt_language_find(tag, &language) == CMT_OK) {
            return language;
        }

        ctx->vary_language = 1;
    }

    return cmt_site_language(site, cmt_null_str,
                             ngx_http_comments_accept_language(r));
}


/* comments_language auto | TAG */

char *
ngx_http_comments_set_language(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_comments_loc_conf_t *lcf = conf;

    unsigned    language;
    ngx_str_t  *value;

    if (lcf->language != NGX_CONF_UNSET) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (ngx_strcmp(value[1].data, "auto") == 0) {
        lcf->language = 0;
        return NGX_CONF_OK;
    }

    if (cmt_language_find(ngx_http_comments_str(&value[1]), &language)
        != CMT_OK)
    {
        return "needs \"auto\" or the tag of a language that is there, such "
               "as \"en\", \"nb\" or \"zh-Hans\"";
    }

    lcf->language = (ngx_int_t) language + 1;

    return NGX_CONF_OK;
}


/* comments_timezone NAME */

char *
ngx_http_comments_set_timezone(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_comments_loc_conf_t *lcf = conf;

    ngx_str_t  *value;

    if (lcf->timezone.data) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (cmt_timezone_check((char *) value[1].data) != CMT_OK) {
        return "needs the name of a time zone, such as \"Europe/Oslo\" or "
               "\"UTC\"";
    }

    lcf->timezone = value[1];

    return NGX_CONF_OK;
}
