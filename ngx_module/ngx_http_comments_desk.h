/*
 * What moderators ask for, C/moderate: parts of the module that nobody else
 * needs.
 *
 *   _desk.c       the tables, who may come in, and the way of a request
 *   _desk_look.c  what is looked at
 *   _desk_do.c    what is done
 *   _session.c    the cookie, and who has sent it
 *   _staff.c      directives, and the file of moderators
 */

#ifndef NGX_HTTP_COMMENTS_DESK_H
#define NGX_HTTP_COMMENTS_DESK_H

#include "ngx_http_comments_module.h"


#define NGX_HTTP_COMMENTS_DESK_POSTS      4    /* in one task                */
#define NGX_HTTP_COMMENTS_DESK_QUEUE      256
#define NGX_HTTP_COMMENTS_DOOR_QUEUE      32   /* sign-ins that wait         */
#define NGX_HTTP_COMMENTS_CONSOLE_QUEUE   4    /* runs of rules: one, and who
                                                  waits                      */

/* Of an action. */
#define NGX_HTTP_COMMENTS_DESK_ANYBODY    1    /* also who is not signed in  */
#define NGX_HTTP_COMMENTS_DESK_DOOR       2    /* Argon2id: another lane     */
#define NGX_HTTP_COMMENTS_DESK_UNPARSED   4    /* the body is no flat form   */
#define NGX_HTTP_COMMENTS_DESK_QUIET      8    /* does not keep from idling  */
#define NGX_HTTP_COMMENTS_DESK_PAGE       16   /* answered by pages          */
#define NGX_HTTP_COMMENTS_DESK_CONSOLE    32   /* seconds of Lua: its lane   */


/* A request below C/moderate.  What is above the line is filled before the
 * post goes to a thread, what is below it there. */
struct ngx_http_comments_desk_s {
    cmt_moderators_t              *moderators; /* ours; NULL: no passwords   */
    cmt_str_t                      trusted;    /* by nginx; empty: nobody    */
    cmt_str_t                      secret;     /* of the cookie; may be empty */
    cmt_str_t                      token;      /* of the header              */
    cmt_str_t                      args;       /* of the query               */
    cmt_str_t                      name;       /* of the path                */
    unsigned                       language;
    unsigned                       write:1;
    unsigned                       browser:1;  /* wants a page               */
    unsigned                       secure:1;   /* the browser is on https    */
    unsigned                       loopback:1; /* or on this machine         */

    cmt_session_t                  session;    /* also of who is trusted     */
    unsigned                       known:1;    /* the session is somebody's  */
    unsigned                       touched:1;  /* the change keeps it awake  */
    unsigned                       html:1;     /* post->json is a page       */
};


/* A file of moderators; locations that name it share it.  A worker reads it
 * again when it is another one. */
struct ngx_http_comments_staff_s {
    ngx_str_t                      path;       /* with NUL after it          */
    cmt_moderators_t              *now;        /* NULL: cannot be used       */
    cmt_error_t                    error;      /* then this is why           */
};


/* _desk.c */
extern const ngx_http_comments_route_t  ngx_http_comments_desk_routes[];
extern const ngx_http_comments_action_t  ngx_http_comments_desk_actions[];
ngx_int_t ngx_http_comments_desk(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx);
/* In a thread: who is it, may he, then the action's work.  rc: of the form. */
int ngx_http_comments_desk_work(cmt_store_t *store,
    ngx_http_comments_post_t *post, int rc);
ngx_int_t ngx_http_comments_desk_reply(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx);
ngx_int_t ngx_http_comments_desk_json(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx);

/* _desk_look.c: in a thread; they make post->json. */
int ngx_http_comments_look_page(cmt_store_t *store,
    ngx_http_comments_post_t *post);
int ngx_http_comments_look_session(cmt_store_t *store,
    ngx_http_comments_post_t *post);
int ngx_http_comments_look_queue(cmt_store_t *store,
    ngx_http_comments_post_t *post);
int ngx_http_comments_look_items(cmt_store_t *store,
    ngx_http_comments_post_t *post);
int ngx_http_comments_look_status(cmt_store_t *store,
    ngx_http_comments_post_t *post);
int ngx_http_comments_look_item(cmt_store_t *store,
    ngx_http_comments_post_t *post);
int ngx_http_comments_look_author(cmt_store_t *store,
    ngx_http_comments_post_t *post);
int ngx_http_comments_look_log(cmt_store_t *store,
    ngx_http_comments_post_t *post);
int ngx_http_comments_look_moderators(cmt_store_t *store,
    ngx_http_comments_post_t *post);
int ngx_http_comments_look_bans(cmt_store_t *store,
    ngx_http_comments_post_t *post);
int ngx_http_comments_look_rules(cmt_store_t *store,
    ngx_http_comments_post_t *post);
/* Makes a page of what the console has said, when a browser asks. */
int ngx_http_comments_console_page(cmt_store_t *store,
    ngx_http_comments_post_t *post, cmt_str_t said);
/* On the event loop. */
int ngx_http_comments_desk_error(ngx_http_comments_ctx_t *ctx,
    const cmt_error_t *err, unsigned language, cmt_arena_t *arena,
    cmt_str_t *html);

/* _desk_do.c: do_ in a thread; they make post->change.  reply_ on the
 * event loop. */
int ngx_http_comments_do_signin(cmt_store_t *store,
    ngx_http_comments_post_t *post);
int ngx_http_comments_do_signout(cmt_store_t *store,
    ngx_http_comments_post_t *post);
int ngx_http_comments_do_decide(cmt_store_t *store,
    ngx_http_comments_post_t *post);
int ngx_http_comments_do_reply(cmt_store_t *store,
    ngx_http_comments_post_t *post);
int ngx_http_comments_do_close(cmt_store_t *store,
    ngx_http_comments_post_t *post);
int ngx_http_comments_do_ban(cmt_store_t *store,
    ngx_http_comments_post_t *post);
int ngx_http_comments_do_unban(cmt_store_t *store,
    ngx_http_comments_post_t *post);
int ngx_http_comments_do_try(cmt_store_t *store,
    ngx_http_comments_post_t *post);
int ngx_http_comments_do_replay(cmt_store_t *store,
    ngx_http_comments_post_t *post);
ngx_int_t ngx_http_comments_reply_signin(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx);
ngx_int_t ngx_http_comments_reply_signout(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx);
ngx_int_t ngx_http_comments_reply_decide(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx);
ngx_int_t ngx_http_comments_reply_reply(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx);
ngx_int_t ngx_http_comments_reply_done(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx);
/* To C/moderate/ and a query. */
ngx_int_t ngx_http_comments_to_desk(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, ngx_uint_t status, cmt_str_t query);

/* _staff.c */
char *ngx_http_comments_set_moderators(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_comments_set_moderator(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_comments_merge_staff(ngx_conf_t *cf,
    ngx_http_comments_main_conf_t *cmcf, ngx_http_comments_loc_conf_t *prev,
    ngx_http_comments_loc_conf_t *conf);
cmt_moderators_t *ngx_http_comments_staff_now(
    ngx_http_comments_staff_t *staff, ngx_log_t *log, cmt_error_t *err);

/* _session.c: get and set on the event loop, the others in a thread. */
ngx_int_t ngx_http_comments_session_get(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx);
ngx_int_t ngx_http_comments_session_set(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, cmt_str_t secret);
int ngx_http_comments_session_find(cmt_store_t *store,
    ngx_http_comments_post_t *post);
int ngx_http_comments_session_token(ngx_http_comments_post_t *post);

/* _site.c: writes its own line to the log. */
ngx_int_t ngx_http_comments_staff_outside(ngx_conf_t *cf,
    ngx_http_comments_loc_conf_t *lcf);

/* _origin.c */
/* NGX_OK: a page of our own origin says so; NGX_DECLINED. */
ngx_int_t ngx_http_comments_origin_same(ngx_http_request_t *r);
/* Is the browser on https, whatever we see of it?  Is it on this machine? */
void ngx_http_comments_origin_look(ngx_http_request_t *r,
    ngx_http_comments_desk_t *desk);

/* _files.c */
ngx_int_t ngx_http_comments_desk_script(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx);
ngx_int_t ngx_http_comments_console_script(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx);
ngx_int_t ngx_http_comments_desk_stylesheet(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx);


#endif /* NGX_HTTP_COMMENTS_DESK_H */
