/*
 * Who moderates: the directives, the file of moderators, and how a worker
 * notices that it has changed.
 *
 * `nginx -t` reads the file as the master does.  Workers read it again when
 * it is another one, so that a moderator who was removed is nobody at once;
 * so they must be able to.  As long as the file cannot be used, nobody is
 * let in by it.
 */

#include "ngx_http_comments_desk.h"

#include <grp.h>
#include <pwd.h>


static ngx_http_comments_staff_t *ngx_http_comments_find_staff(ngx_conf_t *cf,
    ngx_http_comments_main_conf_t *cmcf, ngx_http_comments_loc_conf_t *lcf);
static ngx_int_t ngx_http_comments_staff_readable(ngx_conf_t *cf,
    ngx_http_comments_loc_conf_t *lcf);
static ngx_int_t ngx_http_comments_may_read(const struct stat *sb,
    const char *user, uid_t uid, gid_t gid);
static void ngx_http_comments_staff_cleanup(void *data);


#define NGX_HTTP_COMMENTS_GROUPS  64


/* comments_moderators FILE | off */

char *
ngx_http_comments_set_moderators(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_http_comments_loc_conf_t *lcf = conf;

    ngx_str_t  *value;

    if (lcf->moderators.data) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (value[1].len == 0) {
        return "needs the path of a file, or \"off\"";
    }

    if (ngx_strcmp(value[1].data, "off") == 0) {
        ngx_str_set(&lcf->moderators, "");
        return NGX_CONF_OK;
    }

    lcf->moderators = value[1];
    lcf->moderators_file = cf->conf_file->file.name.data;
    lcf->moderators_line = cf->conf_file->line;

    if (ngx_conf_full_name(cf->cycle, &lcf->moderators, 1) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


/* comments_moderator $variable | off */

char *
ngx_http_comments_set_moderator(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_http_comments_loc_conf_t *lcf = conf;

    ngx_str_t                         *value;
    ngx_http_compile_complex_value_t   ccv;

    if (lcf->moderator != NGX_CONF_UNSET_PTR) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (ngx_strcmp(value[1].data, "off") == 0) {
        lcf->moderator = NULL;
        return NGX_CONF_OK;
    }

    /* A name that is not asked for would make a moderator of everybody. */

    if (ngx_http_script_variables_count(&value[1]) == 0) {
        return "needs a variable that nginx sets for whom it has "
               "authenticated, such as \"$remote_user\", or \"off\"";
    }

    lcf->moderator = ngx_palloc(cf->pool, sizeof(ngx_http_complex_value_t));
    if (lcf->moderator == NULL) {
        return NGX_CONF_ERROR;
    }

    ngx_memzero(&ccv, sizeof(ngx_http_compile_complex_value_t));

    ccv.cf = cf;
    ccv.value = &value[1];
    ccv.complex_value = lcf->moderator;

    if (ngx_http_compile_complex_value(&ccv) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


char *
ngx_http_comments_merge_staff(ngx_conf_t *cf,
    ngx_http_comments_main_conf_t *cmcf, ngx_http_comments_loc_conf_t *prev,
    ngx_http_comments_loc_conf_t *conf)
{
    if (conf->moderators.data == NULL) {
        conf->moderators = prev->moderators;
        conf->moderators_file = prev->moderators_file;
        conf->moderators_line = prev->moderators_line;
    }

    ngx_conf_merge_ptr_value(conf->moderator, prev->moderator, NULL);

    if (conf->name.len == 0 || conf->moderators.len == 0) {
        return NGX_CONF_OK;
    }

    conf->staff = ngx_http_comments_find_staff(cf, cmcf, conf);

    return conf->staff ? NGX_CONF_OK : NGX_CONF_ERROR;
}


static ngx_http_comments_staff_t *
ngx_http_comments_find_staff(ngx_conf_t *cf,
    ngx_http_comments_main_conf_t *cmcf, ngx_http_comments_loc_conf_t *lcf)
{
    ngx_uint_t                   i;
    ngx_pool_cleanup_t          *cln;
    ngx_http_comments_staff_t   *staff, **known;

    if (ngx_http_comments_staff_outside(cf, lcf) != NGX_OK) {
        return NULL;
    }

    if (cmcf->staffs == NULL) {
        cmcf->staffs = ngx_array_create(cf->pool, 2, sizeof(staff));
        if (cmcf->staffs == NULL) {
            return NULL;
        }
    }

    known = cmcf->staffs->elts;

    for (i = 0; i < cmcf->staffs->nelts; i++) {
        if (known[i]->path.len == lcf->moderators.len
            && ngx_strcmp(known[i]->path.data, lcf->moderators.data) == 0)
        {
            return known[i];
        }
    }

    staff = ngx_pcalloc(cf->pool, sizeof(ngx_http_comments_staff_t));
    known = ngx_array_push(cmcf->staffs);
    cln = ngx_pool_cleanup_add(cf->pool, 0);

    if (staff == NULL || known == NULL || cln == NULL) {
        return NULL;
    }

    *known = staff;
    staff->path = lcf->moderators;

    if (cmt_moderators_load((char *) staff->path.data, &staff->now,
                            &staff->error)
        != CMT_OK)
    {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "comments_moderators: %s in %s:%ui",
                      staff->error.detail, lcf->moderators_file,
                      lcf->moderators_line);
        return NULL;
    }

    cln->handler = ngx_http_comments_staff_cleanup;
    cln->data = staff;

    if (ngx_http_comments_staff_readable(cf, lcf) != NGX_OK) {
        return NULL;
    }

    return staff;
}


/* A master that is root reads what its workers cannot. */

static ngx_int_t
ngx_http_comments_staff_readable(ngx_conf_t *cf,
    ngx_http_comments_loc_conf_t *lcf)
{
    const char       *user;
    struct stat       sb;
    struct passwd    *pwd;
    ngx_core_conf_t  *ccf;

    if (geteuid() != 0) {
        return NGX_OK;
    }

    ccf = (ngx_core_conf_t *) ngx_get_conf(cf->cycle->conf_ctx,
                                           ngx_core_module);

    user = ccf->username ? ccf->username : NGX_USER;
    pwd = getpwnam(user);

    if (pwd == NULL || pwd->pw_uid == 0
        || stat((char *) lcf->moderators.data, &sb) != 0
        || ngx_http_comments_may_read(&sb, user, pwd->pw_uid, pwd->pw_gid))
    {
        return NGX_OK;
    }

    ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                  "comments_moderators: the user of the workers, \"%s\", "
                  "cannot read \"%V\": give its group the file, with "
                  "\"chgrp %s %V\" and \"chmod 640 %V\", in %s:%ui",
                  user, &lcf->moderators, user, &lcf->moderators,
                  &lcf->moderators, lcf->moderators_file,
                  lcf->moderators_line);

    return NGX_ERROR;
}


static ngx_int_t
ngx_http_comments_may_read(const struct stat *sb, const char *user, uid_t uid,
    gid_t gid)
{
    int    i, n;
    gid_t  groups[NGX_HTTP_COMMENTS_GROUPS];

    if (sb->st_uid == uid) {
        return (sb->st_mode & S_IRUSR) != 0;
    }

    n = NGX_HTTP_COMMENTS_GROUPS;

    if ((sb->st_mode & S_IRGRP) == 0) {
        return 0;
    }

    if (getgrouplist(user, gid, groups, &n) < 0) {
        return 1;                              /* too many to tell */
    }

    for (i = 0; i < n; i++) {
        if (groups[i] == sb->st_gid) {
            return 1;
        }
    }

    return 0;
}


/*
 * In a worker, on the event loop.  The moderators as the file has them now,
 * one more user of them; NULL: it cannot be used, and *err says why.
 */

cmt_moderators_t *
ngx_http_comments_staff_now(ngx_http_comments_staff_t *staff, ngx_log_t *log,
    cmt_error_t *err)
{
    cmt_error_t        error;
    cmt_moderators_t  *fresh;

    if (staff->now && !cmt_moderators_changed(staff->now)) {
        return cmt_moderators_keep(staff->now);
    }

    ngx_memzero(&error, sizeof(cmt_error_t));

    if (cmt_moderators_load((char *) staff->path.data, &fresh, &error)
        == CMT_OK)
    {
        ngx_log_error(NGX_LOG_NOTICE, log, 0,
                      "comments_moderators \"%V\" was read again, it has %uz",
                      &staff->path, cmt_moderators_count(fresh));

        cmt_moderators_free(staff->now);
        staff->now = fresh;
        ngx_memzero(&staff->error, sizeof(cmt_error_t));

        return cmt_moderators_keep(fresh);
    }

    /* Once for each reason. */

    if (staff->now || ngx_strcmp(staff->error.detail, error.detail) != 0) {
        ngx_log_error(NGX_LOG_ERR, log, 0,
                      "comments_moderators: %s; nobody is let in until it "
                      "can be read", error.detail);
    }

    cmt_moderators_free(staff->now);
    staff->now = NULL;
    staff->error = error;
    *err = error;

    return NULL;
}


static void
ngx_http_comments_staff_cleanup(void *data)
{
    ngx_http_comments_staff_t *staff = data;

    cmt_moderators_free(staff->now);
    staff->now = NULL;
}
