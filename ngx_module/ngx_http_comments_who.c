/*
 * Who posts, as far as nginx knows: comments_identity and comments_rules_vars.
 *
 * Variables are asked on the event loop, before a thread sees the post, and
 * copied into its arena.
 */

#include "ngx_http_comments_params.h"


static char *ngx_http_comments_add_var(ngx_conf_t *cf, ngx_array_t *vars,
    ngx_str_t *arg);
static ngx_int_t ngx_http_comments_text_of(ngx_http_request_t *r,
    ngx_http_comments_post_t *post, ngx_http_complex_value_t *value,
    cmt_str_t *text);
static ngx_int_t ngx_http_comments_copy(ngx_http_comments_post_t *post,
    ngx_str_t *s, size_t max, cmt_str_t *copy);


/* comments_identity VALUE [role=VALUE] | off */

char *
ngx_http_comments_set_identity(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_comments_loc_conf_t *lcf = conf;

    ngx_str_t                         *value, s;
    ngx_http_compile_complex_value_t   ccv;

    if (lcf->identity != NGX_CONF_UNSET_PTR) {
        return "is duplicate";
    }

    value = cf->args->elts;
    lcf->identity = NULL;
    lcf->role = NULL;

    if (ngx_strcmp(value[1].data, "off") == 0) {
        return cf->args->nelts == 2 ? NGX_CONF_OK : "off takes no role";
    }

    ngx_memzero(&ccv, sizeof(ngx_http_compile_complex_value_t));
    ccv.cf = cf;
    ccv.value = &value[1];
    ccv.complex_value = ngx_palloc(cf->pool,
                                   sizeof(ngx_http_complex_value_t));

    if (ccv.complex_value == NULL
        || ngx_http_compile_complex_value(&ccv) != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    lcf->identity = ccv.complex_value;

    if (cf->args->nelts == 2) {
        return NGX_CONF_OK;
    }

    if (ngx_strncmp(value[2].data, "role=", 5) != 0) {
        return "expected a variable such as $remote_user and then"
               " role=$variable";
    }

    s.len = value[2].len - 5;
    s.data = value[2].data + 5;
    ccv.value = &s;
    ccv.complex_value = ngx_palloc(cf->pool,
                                   sizeof(ngx_http_complex_value_t));

    if (ccv.complex_value == NULL
        || ngx_http_compile_complex_value(&ccv) != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    lcf->role = ccv.complex_value;

    return NGX_CONF_OK;
}


/* comments_rules_vars [NAME=]$VARIABLE ... */

char *
ngx_http_comments_set_vars(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_comments_loc_conf_t *lcf = conf;

    char        *rc;
    ngx_str_t   *value;
    ngx_uint_t   i;

    if (lcf->vars != NGX_CONF_UNSET_PTR) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (cf->args->nelts - 1 > CMT_RULES_VARS_MAX) {
        return "takes at most " ngx_value(CMT_RULES_VARS_MAX) " variables";
    }

    lcf->vars = ngx_array_create(cf->pool, cf->args->nelts - 1,
                                 sizeof(ngx_http_comments_var_t));
    if (lcf->vars == NULL) {
        return NGX_CONF_ERROR;
    }

    rc = NGX_CONF_OK;

    for (i = 1; i < cf->args->nelts && rc == NGX_CONF_OK; i++) {
        rc = ngx_http_comments_add_var(cf, lcf->vars, &value[i]);
    }

    return rc;
}


static char *
ngx_http_comments_add_var(ngx_conf_t *cf, ngx_array_t *vars, ngx_str_t *arg)
{
    u_char                   *p, *last;
    ngx_str_t                 name;
    ngx_http_comments_var_t  *var, *known;

    var = ngx_array_push(vars);
    if (var == NULL) {
        return NGX_CONF_ERROR;
    }

    last = arg->data + arg->len;
    p = (u_char *) ngx_strlchr(arg->data, last, '$');

    if (p == NULL || p + 1 == last
        || (p != arg->data && (p[-1] != '=' || p - 1 == arg->data)))
    {
        return "expected variables such as $request_id or"
               " country=$geoip_country_code";
    }

    name.data = p + 1;
    name.len = last - name.data;

    var->index = ngx_http_get_variable_index(cf, &name);
    if (var->index == NGX_ERROR) {
        return NGX_CONF_ERROR;
    }

    var->name = name;

    if (p != arg->data) {
        var->name.data = arg->data;
        var->name.len = p - 1 - arg->data;
    }

    for (known = vars->elts; known != var; known++) {

        if (known->name.len == var->name.len
            && ngx_strncmp(known->name.data, var->name.data, var->name.len)
               == 0)
        {
            return ngx_http_comments_twice(cf, arg);
        }
    }

    return NGX_CONF_OK;
}


ngx_int_t
ngx_http_comments_signed_in(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx)
{
    if (ctx->conf->identity == NULL) {
        return NGX_OK;
    }

    return ngx_http_complex_value(r, ctx->conf->identity, &ctx->identity);
}


ngx_int_t
ngx_http_comments_who(ngx_http_request_t *r, ngx_http_comments_ctx_t *ctx,
    ngx_http_comments_post_t *post)
{
    ngx_str_t                      value;
    ngx_uint_t                     i;
    cmt_field_t                   *fields;
    cmt_submission_t              *in;
    ngx_http_comments_var_t       *vars;
    ngx_http_variable_value_t     *vv;
    ngx_http_comments_loc_conf_t  *conf;

    in = &post->submission;
    conf = ctx->conf;

    if (ngx_http_comments_text_of(r, post, conf->identity, &in->identity)
        != NGX_OK
        || ngx_http_comments_text_of(r, post, conf->role, &in->role)
           != NGX_OK
        || ngx_http_comments_base(r, ctx, post->arena, &in->base) != CMT_OK)
    {
        return NGX_ERROR;
    }

    if (r->headers_in.user_agent
        && ngx_http_comments_copy(post, &r->headers_in.user_agent->value,
                                  CMT_AGENT_BYTES_MAX, &in->agent)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (conf->vars == NULL) {
        return NGX_OK;
    }

    vars = conf->vars->elts;
    fields = cmt_alloc(post->arena, conf->vars->nelts * sizeof(cmt_field_t));

    if (fields == NULL) {
        return NGX_ERROR;
    }

    for (i = 0; i < conf->vars->nelts; i++) {
        vv = ngx_http_get_indexed_variable(r, vars[i].index);

        if (vv == NULL || vv->not_found) {
            continue;
        }

        value.len = vv->len;
        value.data = vv->data;

        if (ngx_http_comments_copy(post, &value, CMT_RULES_VAR_BYTES_MAX,
                                   &fields[in->n_vars].value)
            != NGX_OK)
        {
            return NGX_ERROR;
        }

        fields[in->n_vars++].name = ngx_http_comments_str(&vars[i].name);
    }

    in->vars = fields;

    return NGX_OK;
}


static ngx_int_t
ngx_http_comments_text_of(ngx_http_request_t *r,
    ngx_http_comments_post_t *post, ngx_http_complex_value_t *value,
    cmt_str_t *text)
{
    ngx_str_t  s;

    if (value == NULL) {
        return NGX_OK;
    }

    if (ngx_http_complex_value(r, value, &s) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_http_comments_copy(post, &s, CMT_RULES_VAR_BYTES_MAX, text);
}


static ngx_int_t
ngx_http_comments_copy(ngx_http_comments_post_t *post, ngx_str_t *s,
    size_t max, cmt_str_t *copy)
{
    char    *p;
    size_t   len;

    len = ngx_min(s->len, max);
    p = cmt_alloc(post->arena, len);

    if (p == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(p, s->data, len);
    copy->data = p;
    copy->len = len;

    return NGX_OK;
}
