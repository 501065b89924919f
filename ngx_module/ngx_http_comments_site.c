/*
 * Sites, as the configuration has them, and what `nginx -t` finds out: is
 * there a key, do the rules load, is the site well named, is the store out of
 * the web's reach.  Keys, rules and sites live as long as the configuration
 * and are wiped with its pool.
 */

#include "ngx_http_comments_desk.h"
#include "ngx_http_comments_rules.h"


static ngx_int_t ngx_http_comments_set_prefix(ngx_conf_t *cf,
    const ngx_str_t *name, ngx_str_t *prefix);
static ngx_int_t ngx_http_comments_add_site(ngx_conf_t *cf,
    ngx_http_comments_loc_conf_t *lcf);
static void ngx_http_comments_fill_site(ngx_http_comments_loc_conf_t *lcf,
    cmt_site_t *site);
static uint32_t ngx_http_comments_made(const cmt_site_t *site);
static ngx_int_t ngx_http_comments_find_rules(ngx_conf_t *cf,
    ngx_http_comments_main_conf_t *cmcf, ngx_http_comments_loc_conf_t *lcf,
    cmt_rules_t **live);
static ngx_int_t ngx_http_comments_load_rules(ngx_conf_t *cf,
    ngx_http_comments_loc_conf_t *lcf, cmt_rules_t **live);
static ngx_int_t ngx_http_comments_same_rules(ngx_http_comments_ruleset_t *a,
    ngx_http_comments_loc_conf_t *b);
static ngx_http_comments_rules_t *ngx_http_comments_blame(
    ngx_http_comments_loc_conf_t *lcf, const char *detail);
static ngx_int_t ngx_http_comments_below(const ngx_str_t *path,
    const ngx_str_t *root);
static void ngx_http_comments_real(ngx_str_t *path, char *real);
static ngx_int_t ngx_http_comments_inside(ngx_str_t *path, ngx_str_t *root);
static void ngx_http_comments_worker_user(ngx_conf_t *cf, ngx_uid_t *uid,
    ngx_gid_t *gid);
static void ngx_http_comments_key_cleanup(void *data);
static void ngx_http_comments_rules_cleanup(void *data);
static void ngx_http_comments_site_cleanup(void *data);


/* comments SITE */

char *
ngx_http_comments_set_site(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_comments_loc_conf_t *lcf = conf;

    ngx_str_t                 *value;
    ngx_http_core_loc_conf_t  *clcf;

    if (lcf->name.len) {
        return "is duplicate";
    }

    value = cf->args->elts;
    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);

    if (clcf->exact_match || clcf->name.len == 0 || clcf->name.data[0] != '/'
#if (NGX_PCRE)
        || clcf->regex
#endif
       )
    {
        return "needs a location that is a prefix, such as "
               "\"location /comments/\"";
    }

    if (value[1].len == 0 || value[1].len > CMT_SITE_BYTES_MAX) {
        return "needs the name of a site, 1 to 255 bytes long, such as "
               "\"example.org\"";
    }

    lcf->name = value[1];
    lcf->file = cf->conf_file->file.name.data;
    lcf->line = cf->conf_file->line;

    clcf->handler = ngx_http_comments_handler;

    if (ngx_http_comments_set_prefix(cf, &clcf->name, &lcf->prefix) != NGX_OK
        || ngx_http_comments_add_site(cf, lcf) != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


/* The location's name, with a slash at its end and a NUL behind it. */

static ngx_int_t
ngx_http_comments_set_prefix(ngx_conf_t *cf, const ngx_str_t *name,
    ngx_str_t *prefix)
{
    u_char  *p;

    p = ngx_pnalloc(cf->pool, name->len + sizeof("/"));
    if (p == NULL) {
        return NGX_ERROR;
    }

    prefix->data = p;
    p = ngx_cpymem(p, name->data, name->len);

    if (p[-1] != '/') {
        *p++ = '/';
    }

    *p = '\0';
    prefix->len = p - prefix->data;

    return NGX_OK;
}


/* The server knows its sites, the first of them above all. */

static ngx_int_t
ngx_http_comments_add_site(ngx_conf_t *cf, ngx_http_comments_loc_conf_t *lcf)
{
    ngx_http_comments_loc_conf_t  **site;
    ngx_http_comments_srv_conf_t   *cscf;
    ngx_http_comments_main_conf_t  *cmcf;

    cscf = ngx_http_conf_get_module_srv_conf(cf, ngx_http_comments_module);

    if (cscf->first == NULL) {
        cscf->first = lcf;

        cscf->sites = ngx_array_create(cf->pool, 2, sizeof(lcf));
        if (cscf->sites == NULL) {
            return NGX_ERROR;
        }
    }

    site = ngx_array_push(cscf->sites);
    if (site == NULL) {
        return NGX_ERROR;
    }

    *site = lcf;

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_comments_module);

    if (cmcf->file == NULL) {
        cmcf->file = lcf->file;
        cmcf->line = lcf->line;
    }

    return NGX_OK;
}


ngx_int_t
ngx_http_comments_load_key(ngx_conf_t *cf, ngx_http_comments_main_conf_t *cmcf)
{
    int                  rc;
    cmt_error_t          err;
    ngx_pool_cleanup_t  *cln;

    if (cmcf->key_file.len == 0) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "\"comments\" needs a \"comments_key\": make one with "
                      "\"ngx-comments key new /etc/nginx/comments.key\" and "
                      "name it in the http block, in %s:%ui",
                      cmcf->file, cmcf->line);
        return NGX_ERROR;
    }

    if (ngx_conf_full_name(cf->cycle, &cmcf->key_file, 1) != NGX_OK) {
        return NGX_ERROR;
    }

    cln = ngx_pool_cleanup_add(cf->pool, 0);
    if (cln == NULL) {
        return NGX_ERROR;
    }

    ngx_memzero(&err, sizeof(cmt_error_t));

    rc = cmt_key_load((char *) cmcf->key_file.data, &cmcf->key, &err);

    if (rc != CMT_OK) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0, "comments_key: %s",
                      err.detail[0] ? err.detail : cmt_error_text(rc));
        return NGX_ERROR;
    }

    cln->handler = ngx_http_comments_key_cleanup;
    cln->data = cmcf->key;

    return NGX_OK;
}


ngx_int_t
ngx_http_comments_init_site(ngx_conf_t *cf,
    ngx_http_comments_main_conf_t *cmcf, ngx_http_comments_loc_conf_t *lcf)
{
    int                  rc;
    cmt_site_t          *site;
    cmt_error_t          err;
    cmt_rules_t         *live;
    ngx_pool_cleanup_t  *cln;

    site = &lcf->site;
    ngx_http_comments_fill_site(lcf, site);
    lcf->made = ngx_http_comments_made(site);

    if (site->n_shares && site->base_url.len == 0) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "\"comments_share\" needs \"comments_base_url\", such "
                      "as \"https://www.example.org\", in %s:%ui", lcf->file,
                      lcf->line);
        return NGX_ERROR;
    }

    if (ngx_http_comments_find_rules(cf, cmcf, lcf, &live) != NGX_OK) {
        return NGX_ERROR;
    }

    site->rules = live;

    cln = ngx_pool_cleanup_add(cf->pool, 0);
    if (cln == NULL) {
        return NGX_ERROR;
    }

    ngx_memzero(&err, sizeof(cmt_error_t));

    rc = cmt_site_init(site, cmcf->key, &err);

    if (rc != CMT_OK) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0, "comments: %s in %s:%ui",
                      err.detail[0] ? err.detail : cmt_error_text(rc),
                      lcf->file, lcf->line);
        return NGX_ERROR;
    }

    cln->handler = ngx_http_comments_site_cleanup;
    cln->data = site;

    return NGX_OK;
}


/* What the location says, in the core's words. */

static void
ngx_http_comments_fill_site(ngx_http_comments_loc_conf_t *lcf,
    cmt_site_t *site)
{
    cmt_site_default(site);

    site->name = ngx_http_comments_str(&lcf->name);
    site->markup = (cmt_markup_t) lcf->markup;
    site->levels = (unsigned) lcf->depth;
    site->text_chars_max = (size_t) lcf->text_max;
    site->edit_seconds = (unsigned) lcf->edit_window;
    site->close_seconds = (unsigned) lcf->close_after;
    site->require_name = (lcf->require & NGX_HTTP_COMMENTS_NAME) != 0;
    site->require_email = (lcf->require & NGX_HTTP_COMMENTS_EMAIL) != 0;
    site->prefix = ngx_http_comments_str(&lcf->prefix);
    site->language = (int) lcf->language - 1;
    site->timezone = (const char *) lcf->timezone.data;
    site->avatars = (lcf->avatars != 0);
    site->page_size = (unsigned) lcf->page_size;
    site->allow = (lcf->mailto ? CMT_ALLOW_MAILTO : 0)
                  | (lcf->images ? CMT_ALLOW_IMAGES : 0);
    site->base_url = ngx_http_comments_str(&lcf->base_url);

    if (lcf->aliases) {
        site->aliases = lcf->aliases->elts;
        site->n_aliases = lcf->aliases->nelts;
    }

    site->n_shares = (unsigned) lcf->n_shares;
    ngx_memcpy(site->shares, lcf->shares, CMT_SHARES_MAX);

    site->author_rate = lcf->limit_author;
    site->address_rate = lcf->limit_address;
}


/* A part of tags: what a browser keeps is asked for again after a change of
 * the configuration, or a new version. */

static uint32_t
ngx_http_comments_made(const cmt_site_t *site)
{
    uint32_t    crc;
    ngx_uint_t  i;

    const uint64_t  numbers[] = {
        site->markup, site->levels, site->text_chars_max, site->require_name,
        site->require_email, site->edit_seconds, site->close_seconds,
        (uint64_t) site->language, site->avatars, site->page_size
    };

    const cmt_str_t  texts[] = {
        site->name, site->prefix, site->base_url,
        { site->n_shares, (const char *) site->shares },
        { ngx_strlen(site->timezone), site->timezone },
        { sizeof(CMT_VERSION) - 1, CMT_VERSION }
    };

    ngx_crc32_init(crc);
    ngx_crc32_update(&crc, (u_char *) numbers, sizeof(numbers));

    for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        ngx_crc32_update(&crc, (u_char *) &texts[i].len, sizeof(size_t));
        ngx_crc32_update(&crc, (u_char *) texts[i].data, texts[i].len);
    }

    ngx_crc32_final(crc);

    return crc;
}


/* Loads the location's rules unless another location has the same. */

static ngx_int_t
ngx_http_comments_find_rules(ngx_conf_t *cf,
    ngx_http_comments_main_conf_t *cmcf, ngx_http_comments_loc_conf_t *lcf,
    cmt_rules_t **live)
{
    ngx_uint_t                    i;
    ngx_http_comments_ruleset_t  *known;

    if (cmcf->rulesets == NULL) {
        cmcf->rulesets = ngx_array_create(cf->pool, 4,
                                          sizeof(ngx_http_comments_ruleset_t));
        if (cmcf->rulesets == NULL) {
            return NGX_ERROR;
        }
    }

    known = cmcf->rulesets->elts;

    for (i = 0; i < cmcf->rulesets->nelts; i++) {
        if (ngx_http_comments_same_rules(&known[i], lcf)) {
            *live = known[i].live;
            return NGX_OK;
        }
    }

    if (ngx_http_comments_load_rules(cf, lcf, live) != NGX_OK) {
        return NGX_ERROR;
    }

    known = ngx_array_push(cmcf->rulesets);
    if (known == NULL) {
        return NGX_ERROR;
    }

    known->rules = lcf->rules;
    known->budget = lcf->budget;
    known->test = lcf->rules_test;
    known->live = *live;

    return NGX_OK;
}


static ngx_int_t
ngx_http_comments_load_rules(ngx_conf_t *cf, ngx_http_comments_loc_conf_t *lcf,
    cmt_rules_t **live)
{
    int                          rc;
    ngx_gid_t                    gid;
    ngx_uid_t                    uid;
    ngx_uint_t                   i, n;
    const char                 **paths;
    cmt_error_t                  err;
    cmt_rules_budget_t           budget;
    ngx_pool_cleanup_t          *cln;
    ngx_http_comments_rules_t   *rules;

    n = lcf->rules ? lcf->rules->nelts : 0;
    rules = lcf->rules ? lcf->rules->elts : NULL;

    paths = ngx_palloc(cf->pool, (n + 1) * sizeof(char *));
    cln = ngx_pool_cleanup_add(cf->pool, 0);

    if (paths == NULL || cln == NULL) {
        return NGX_ERROR;
    }

    for (i = 0; i < n; i++) {
        paths[i] = (const char *) rules[i].path.data;
    }

    ngx_memzero(&budget, sizeof(cmt_rules_budget_t));
    budget.steps_max = lcf->budget.steps;
    budget.memory_bytes_max = lcf->budget.memory;
    budget.cpu_ms_max = (unsigned) lcf->budget.time;
    budget.run_tests = (lcf->rules_test != 0);

    ngx_http_comments_worker_user(cf, &uid, &gid);
    ngx_memzero(&err, sizeof(cmt_error_t));

    rc = cmt_rules_open(paths, n, &budget, (unsigned) uid, (unsigned) gid,
                        (int64_t) ngx_time(), live, &err);

    if (rc != CMT_OK) {
        rules = ngx_http_comments_blame(lcf, err.detail);

        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "comments_rules: %s in %s:%ui",
                      err.detail[0] ? err.detail : cmt_error_text(rc),
                      rules ? rules->file : lcf->file,
                      rules ? rules->line : lcf->line);
        return NGX_ERROR;
    }

    cln->handler = ngx_http_comments_rules_cleanup;
    cln->data = *live;

    return NGX_OK;
}


/* 0 when the workers are root or whoever started nginx. */

static void
ngx_http_comments_worker_user(ngx_conf_t *cf, ngx_uid_t *uid, ngx_gid_t *gid)
{
    struct passwd    *pwd;
    ngx_core_conf_t  *ccf;

    *uid = 0;
    *gid = 0;

    if (geteuid() != 0) {
        return;
    }

    ccf = (ngx_core_conf_t *) ngx_get_conf(cf->cycle->conf_ctx,
                                           ngx_core_module);

    if (ccf->user != (ngx_uid_t) NGX_CONF_UNSET_UINT) {
        *uid = ccf->user;
        *gid = ccf->group;
        return;
    }

    pwd = getpwnam(NGX_USER);

    if (pwd) {
        *uid = pwd->pw_uid;
        *gid = pwd->pw_gid;
    }
}


static ngx_int_t
ngx_http_comments_same_rules(ngx_http_comments_ruleset_t *a,
    ngx_http_comments_loc_conf_t *b)
{
    ngx_uint_t                  i;
    ngx_http_comments_rules_t  *ra, *rb;

    if (a->test != b->rules_test
        || a->budget.steps != b->budget.steps
        || a->budget.memory != b->budget.memory
        || a->budget.time != b->budget.time)
    {
        return 0;
    }

    if (a->rules == b->rules) {
        return 1;
    }

    if (a->rules == NULL || b->rules == NULL
        || a->rules->nelts != b->rules->nelts)
    {
        return 0;
    }

    ra = a->rules->elts;
    rb = b->rules->elts;

    for (i = 0; i < a->rules->nelts; i++) {
        if (ra[i].path.len != rb[i].path.len
            || ngx_strcmp(ra[i].path.data, rb[i].path.data) != 0)
        {
            return 0;
        }
    }

    return 1;
}


/* The directive that names the file which the detail begins with. */

static ngx_http_comments_rules_t *
ngx_http_comments_blame(ngx_http_comments_loc_conf_t *lcf, const char *detail)
{
    ngx_uint_t                  i;
    ngx_http_comments_rules_t  *rules;

    if (lcf->rules == NULL) {
        return NULL;
    }

    rules = lcf->rules->elts;

    for (i = 0; i < lcf->rules->nelts; i++) {
        if (ngx_strstr(detail, rules[i].path.data)) {
            return &rules[i];
        }
    }

    return &rules[lcf->rules->nelts - 1];
}


/* Refuses a store or key that the server or location would serve as files. */

ngx_int_t
ngx_http_comments_check_root(ngx_conf_t *cf,
    ngx_http_comments_main_conf_t *cmcf)
{
    ngx_http_core_loc_conf_t  *clcf;

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);

    if (clcf->root_lengths) {
        /* Known only when a request comes. */
        return NGX_OK;
    }

    if (ngx_http_comments_inside(&cmcf->store, &clcf->root)) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "comments_store \"%V\" lies inside the document root "
                      "\"%V\", where everybody could fetch it: move it out",
                      &cmcf->store, &clcf->root);
        return NGX_ERROR;
    }

    if (ngx_http_comments_inside(&cmcf->key_file, &clcf->root)) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "comments_key \"%V\" lies inside the document root "
                      "\"%V\", where everybody could fetch it: move it out",
                      &cmcf->key_file, &clcf->root);
        return NGX_ERROR;
    }

    return NGX_OK;
}


ngx_int_t
ngx_http_comments_staff_outside(ngx_conf_t *cf,
    ngx_http_comments_loc_conf_t *lcf)
{
    ngx_http_core_loc_conf_t  *clcf;

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);

    if (clcf->root_lengths
        || !ngx_http_comments_inside(&lcf->moderators, &clcf->root))
    {
        return NGX_OK;
    }

    ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                  "comments_moderators \"%V\" lies inside the document root "
                  "\"%V\", where everybody could fetch it: move it out",
                  &lcf->moderators, &clcf->root);

    return NGX_ERROR;
}


/* Whatever ways lead there: links, "..", a root that is "/". */

static ngx_int_t
ngx_http_comments_inside(ngx_str_t *path, ngx_str_t *root)
{
    char       path_real[NGX_MAX_PATH], root_real[NGX_MAX_PATH];
    ngx_str_t  p, r;

    if (root->data == NULL) {
        return 0;
    }

    if (ngx_http_comments_below(path, root)) {
        return 1;
    }

    p = *path;
    r = *root;

    ngx_http_comments_real(&p, path_real);
    ngx_http_comments_real(&r, root_real);

    return ngx_http_comments_below(&p, &r);
}


static ngx_int_t
ngx_http_comments_below(const ngx_str_t *path, const ngx_str_t *root)
{
    size_t  len;

    len = root->len;

    while (len && root->data[len - 1] == '/') {
        len--;
    }

    if (path->len < len || ngx_strncmp(path->data, root->data, len) != 0) {
        return 0;
    }

    return path->len == len || path->data[len] == '/';
}


/* As it is when it is not there, nor its folder; a store may be yet to come. */

static void
ngx_http_comments_real(ngx_str_t *path, char *real)
{
    char         folder[NGX_MAX_PATH];
    size_t       len;
    const char  *name;

    if (path->len == 0 || path->len >= NGX_MAX_PATH) {
        return;
    }

    ngx_cpystrn((u_char *) folder, path->data, path->len + 1);

    if (ngx_realpath(folder, real)) {
        path->data = (u_char *) real;
        path->len = ngx_strlen(real);
        return;
    }

    name = strrchr(folder, '/');

    if (name == NULL || name == folder) {
        return;
    }

    name = (char *) path->data + (name - folder);
    folder[name - (char *) path->data] = '\0';

    if (ngx_realpath(folder, real) == NULL) {
        return;
    }

    len = ngx_strlen(real);

    if (len + path->len < NGX_MAX_PATH) {
        ngx_cpystrn((u_char *) real + len, (u_char *) name,
                    path->len - (name - (char *) path->data) + 1);
        path->data = (u_char *) real;
        path->len = ngx_strlen(real);
    }
}


static void
ngx_http_comments_key_cleanup(void *data)
{
    cmt_key_free(data);
}


static void
ngx_http_comments_rules_cleanup(void *data)
{
    cmt_rules_close(data);
}


static void
ngx_http_comments_site_cleanup(void *data)
{
    cmt_site_clear(data);
}
