/*
 * Parameters of directives: NAME=VALUE, in any order, each once.
 */

#include "ngx_http_comments_params.h"


char *
ngx_http_comments_set_params(ngx_conf_t *cf, void *conf, ngx_uint_t first,
    const ngx_http_comments_param_t *params, const char *expected)
{
    ngx_int_t                         rc;
    ngx_str_t                        *arg, value;
    ngx_uint_t                        i;
    const ngx_http_comments_param_t  *param;

    arg = cf->args->elts;

    for (i = first; i < cf->args->nelts; i++) {
        rc = NGX_DECLINED;

        for (param = params; param->name.len; param++) {

            if (ngx_strncmp(arg[i].data, param->name.data, param->name.len)
                == 0)
            {
                value.data = arg[i].data + param->name.len;
                value.len = arg[i].len - param->name.len;
                rc = param->set(cf, conf, &value);
                break;
            }
        }

        switch (rc) {

        case NGX_OK:
            break;

        case NGX_BUSY:
            return ngx_http_comments_twice(cf, &arg[i]);

        case NGX_DECLINED:
            ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                               "invalid parameter \"%V\", expected %s",
                               &arg[i], expected);
            /* fall through */

        default:
            return NGX_CONF_ERROR;
        }
    }

    return NGX_CONF_OK;
}


char *
ngx_http_comments_twice(ngx_conf_t *cf, ngx_str_t *arg)
{
    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "parameter \"%V\" is duplicate",
                       arg);

    return NGX_CONF_ERROR;
}
