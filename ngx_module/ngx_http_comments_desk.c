/*
 * What is below C/moderate: one table of paths, one of what is done there,
 * and the way that all of it goes:
 *
 *   event loop   desk()         from our own page?  room in the lane?  then
 *                               gathers what the request says of its sender
 *   a thread     desk_work()    who is it, has he our token, is the form
 *                               good; then the row's work
 *   event loop   desk_reply()   answers
 *
 * Reads go through a thread, too: a search may take longer than the event
 * loop can wait.  Nothing is answered before it is known who asks, but the
 * page with the form to sign in.
 */

#include "ngx_http_comments_desk.h"


static ngx_int_t ngx_http_comments_desk_root(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx);
static ngx_int_t ngx_http_comments_desk_begin(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, const ngx_http_comments_action_t *action,
    cmt_error_t *err);
static ngx_int_t ngx_http_comments_desk_sender(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx);
static int ngx_http_comments_desk_query(ngx_http_comments_post_t *post);
static int ngx_http_comments_desk_touch(ngx_http_comments_post_t *post);
static void ngx_http_comments_desk_cleanup(void *data);


enum {
    NGX_HTTP_COMMENTS_DESK_PAGE_SHOW = 0,
    NGX_HTTP_COMMENTS_DESK_SESSION,
    NGX_HTTP_COMMENTS_DESK_SIGNIN,
    NGX_HTTP_COMMENTS_DESK_SIGNOUT,
    NGX_HTTP_COMMENTS_DESK_QUEUE_SHOW,
    NGX_HTTP_COMMENTS_DESK_ITEMS,
    NGX_HTTP_COMMENTS_DESK_STATUS,
    NGX_HTTP_COMMENTS_DESK_ITEM,
    NGX_HTTP_COMMENTS_DESK_AUTHOR,
    NGX_HTTP_COMMENTS_DESK_LOG,
    NGX_HTTP_COMMENTS_DESK_MODERATORS,
    NGX_HTTP_COMMENTS_DESK_DECIDE,
    NGX_HTTP_COMMENTS_DESK_REPLY,
    NGX_HTTP_COMMENTS_DESK_CLOSE,
    NGX_HTTP_COMMENTS_DESK_BANS,
    NGX_HTTP_COMMENTS_DESK_BAN,
    NGX_HTTP_COMMENTS_DESK_UNBAN,
    NGX_HTTP_COMMENTS_DESK_RULES,
    NGX_HTTP_COMMENTS_DESK_TRY,
    NGX_HTTP_COMMENTS_DESK_REPLAY
};


#define ngx_http_comments_desk_row(path, methods, action)                     \
    { ngx_string(path), methods, ngx_http_comments_desk,                      \
      NGX_HTTP_COMMENTS_DESK_##action }


const ngx_http_comments_route_t  ngx_http_comments_desk_routes[] = {

    { ngx_string("moderate"), NGX_HTTP_COMMENTS_READ,
      ngx_http_comments_desk_root, 0 },

    ngx_http_comments_desk_row("moderate/", NGX_HTTP_COMMENTS_READ, PAGE_SHOW),

    ngx_http_comments_desk_row("moderate/session", NGX_HTTP_COMMENTS_READ,
                               SESSION),
    ngx_http_comments_desk_row("moderate/session", NGX_HTTP_POST, SIGNIN),
    ngx_http_comments_desk_row("moderate/session", NGX_HTTP_DELETE, SIGNOUT),
    ngx_http_comments_desk_row("moderate/signout", NGX_HTTP_POST, SIGNOUT),

    ngx_http_comments_desk_row("moderate/queue", NGX_HTTP_COMMENTS_READ,
                               QUEUE_SHOW),
    ngx_http_comments_desk_row("moderate/items", NGX_HTTP_COMMENTS_READ,
                               ITEMS),
    ngx_http_comments_desk_row("moderate/status", NGX_HTTP_COMMENTS_READ,
                               STATUS),
    ngx_http_comments_desk_row("moderate/comment/#", NGX_HTTP_COMMENTS_READ,
                               ITEM),
    ngx_http_comments_desk_row("moderate/comment/#/author",
                               NGX_HTTP_COMMENTS_READ, AUTHOR),
    ngx_http_comments_desk_row("moderate/log", NGX_HTTP_COMMENTS_READ, LOG),
    ngx_http_comments_desk_row("moderate/moderators", NGX_HTTP_COMMENTS_READ,
                               MODERATORS),

    ngx_http_comments_desk_row("moderate/decisions", NGX_HTTP_POST, DECIDE),
    ngx_http_comments_desk_row("moderate/comment/#/reply", NGX_HTTP_POST,
                               REPLY),
    ngx_http_comments_desk_row("moderate/thread", NGX_HTTP_POST, CLOSE),
    ngx_http_comments_desk_row("moderate/bans", NGX_HTTP_COMMENTS_READ, BANS),
    ngx_http_comments_desk_row("moderate/bans", NGX_HTTP_POST, BAN),
    ngx_http_comments_desk_row("moderate/bans/*", NGX_HTTP_DELETE, UNBAN),
    ngx_http_comments_desk_row("moderate/rules", NGX_HTTP_COMMENTS_READ,
                               RULES),
    ngx_http_comments_desk_row("moderate/rules", NGX_HTTP_POST, TRY),
    ngx_http_comments_desk_row("moderate/rules/replay", NGX_HTTP_POST,
                               REPLAY),

    { ngx_null_string, 0, NULL, 0 }
};


#define ngx_http_comments_desk_look(work, flags)                              \
    { NULL, NULL, NULL, ngx_http_comments_desk_json, 1, 1, work, flags }

#define ngx_http_comments_desk_do(work, reply, empty, flags)                  \
    { NULL, NULL, NULL, reply, empty, 1, work, flags }


const ngx_http_comments_action_t  ngx_http_comments_desk_actions[] = {

    /* PAGE_SHOW */
    ngx_http_comments_desk_look(ngx_http_comments_look_page,
                                NGX_HTTP_COMMENTS_DESK_ANYBODY
                                |NGX_HTTP_COMMENTS_DESK_PAGE),

    /* SESSION, SIGNIN, SIGNOUT */
    ngx_http_comments_desk_look(ngx_http_comments_look_session, 0),
    ngx_http_comments_desk_do(ngx_http_comments_do_signin,
                              ngx_http_comments_reply_signin, 0,
                              NGX_HTTP_COMMENTS_DESK_ANYBODY
                              |NGX_HTTP_COMMENTS_DESK_DOOR),
    ngx_http_comments_desk_do(ngx_http_comments_do_signout,
                              ngx_http_comments_reply_signout, 1, 0),

    /* QUEUE_SHOW, ITEMS, STATUS, ITEM, AUTHOR, LOG, MODERATORS */
    ngx_http_comments_desk_look(ngx_http_comments_look_queue, 0),
    ngx_http_comments_desk_look(ngx_http_comments_look_items,
                                NGX_HTTP_COMMENTS_DESK_QUIET),
    ngx_http_comments_desk_look(ngx_http_comments_look_status,
                                NGX_HTTP_COMMENTS_DESK_QUIET),
    ngx_http_comments_desk_look(ngx_http_comments_look_item, 0),
    ngx_http_comments_desk_look(ngx_http_comments_look_author, 0),
    ngx_http_comments_desk_look(ngx_http_comments_look_log, 0),
    ngx_http_comments_desk_look(ngx_http_comments_look_moderators, 0),

    /* DECIDE, REPLY, CLOSE */
    ngx_http_comments_desk_do(ngx_http_comments_do_decide,
                              ngx_http_comments_reply_decide, 0,
                              NGX_HTTP_COMMENTS_DESK_UNPARSED),
    ngx_http_comments_desk_do(ngx_http_comments_do_reply,
                              ngx_http_comments_reply_reply, 0, 0),
    ngx_http_comments_desk_do(ngx_http_comments_do_close,
                              ngx_http_comments_reply_done, 0, 0),

    /* BANS, BAN, UNBAN */
    ngx_http_comments_desk_look(ngx_http_comments_look_bans, 0),
    ngx_http_comments_desk_do(ngx_http_comments_do_ban,
                              ngx_http_comments_reply_done, 0, 0),
    ngx_http_comments_desk_do(ngx_http_comments_do_unban,
                              ngx_http_comments_reply_done, 1, 0),

    /* RULES, TRY, REPLAY */
    ngx_http_comments_desk_look(ngx_http_comments_look_rules,
                                NGX_HTTP_COMMENTS_DESK_PAGE),
    ngx_http_comments_desk_do(ngx_http_comments_do_try,
                              ngx_http_comments_desk_json, 0,
                              NGX_HTTP_COMMENTS_DESK_CONSOLE),
    ngx_http_comments_desk_do(ngx_http_comments_do_replay,
                              ngx_http_comments_desk_json, 0,
                              NGX_HTTP_COMMENTS_DESK_CONSOLE)
};


/* C/moderate: the page has its own things beside it. */

static ngx_int_t
ngx_http_comments_desk_root(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx)
{
    return ngx_http_comments_to_desk(r, ctx, NGX_HTTP_MOVED_PERMANENTLY,
                                     cmt_null_str);
}


ngx_int_t
ngx_http_comments_desk(ngx_http_request_t *r, ngx_http_comments_ctx_t *ctx)
{
    ngx_int_t                          rc;
    cmt_error_t                        err;
    const ngx_http_comments_action_t  *action;

    action = &ngx_http_comments_desk_actions[ctx->action];

    ctx->browser = (action->flags & NGX_HTTP_COMMENTS_DESK_PAGE)
                   || (!ctx->read_only && ngx_http_comments_browser(r));

    ngx_memzero(&err, sizeof(cmt_error_t));

    rc = ngx_http_comments_desk_begin(r, ctx, action, &err);

    if (rc != NGX_OK) {
        return ngx_http_comments_reply_error(r, &err);
    }

    if (ctx->read_only) {
        return ngx_http_comments_post_start(r, ctx);
    }

    return ngx_http_comments_post_read(r);
}


static ngx_int_t
ngx_http_comments_desk_begin(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, const ngx_http_comments_action_t *action,
    cmt_error_t *err)
{
    ngx_http_comments_desk_t  *desk;
    ngx_http_comments_lane_t  *lane;

    if (!ctx->read_only && ngx_http_comments_origin_same(r) != NGX_OK) {
        return ngx_http_comments_fail(err, CMT_EORIGIN, NULL);
    }

    lane = (action->flags & NGX_HTTP_COMMENTS_DESK_DOOR)
           ? &ctx->worker->door
           : (action->flags & NGX_HTTP_COMMENTS_DESK_CONSOLE)
           ? &ctx->worker->console : &ctx->worker->desk;

    if (ngx_http_comments_writer_full(ctx->worker, lane)) {
        return ngx_http_comments_fail(err, CMT_EBUSY, NULL);
    }

    if (r->headers_in.content_length_n > CMT_BODY_BYTES_MAX) {
        r->keepalive = 0;
        return ngx_http_comments_fail(err, CMT_ETOOLARGE, NULL);
    }

    desk = ngx_pcalloc(r->pool, sizeof(ngx_http_comments_desk_t));

    if (desk != NULL) {
        ctx->post = ngx_http_comments_post_create(r, ctx, action);
    }

    if (ctx->post == NULL) {
        return ngx_http_comments_fail(err, CMT_ENOMEM, NULL);
    }

    ctx->desk = desk;
    ctx->post->desk = desk;
    ctx->post->lane = lane;

    if (ngx_http_comments_desk_sender(r, ctx) != NGX_OK) {
        return ngx_http_comments_fail(err, CMT_ENOMEM, NULL);
    }

    if (ctx->conf->staff) {
        desk->moderators = ngx_http_comments_staff_now(ctx->conf->staff,
                                                       r->connection->log,
                                                       err);
        if (desk->moderators == NULL) {
            ngx_str_null(&desk->trusted);
            return err->rc = CMT_EIO;
        }
    }

    return NGX_OK;
}


/* What the request tells of its sender; nothing of it is believed yet. */

static ngx_int_t
ngx_http_comments_desk_sender(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx)
{
    ngx_str_t                  name;
    ngx_uint_t                 n;
    ngx_table_elt_t           *token;
    ngx_pool_cleanup_t        *cln;
    ngx_http_comments_desk_t  *desk;

    desk = ctx->desk;

    cln = ngx_pool_cleanup_add(r->pool, 0);
    if (cln == NULL) {
        return NGX_ERROR;
    }

    cln->handler = ngx_http_comments_desk_cleanup;
    cln->data = desk;

    desk->write = !ctx->read_only;
    desk->browser = ctx->browser;
    desk->args = ngx_http_comments_str(&r->args);
    desk->name = ngx_http_comments_str(&ctx->file);
    desk->language = ngx_http_comments_language(r, ctx, cmt_null_str);

    ngx_http_comments_origin_look(r, desk);

    if (ctx->conf->moderator) {

        if (ngx_http_complex_value(r, ctx->conf->moderator, &name) != NGX_OK) {
            return NGX_ERROR;
        }

        desk->trusted = ngx_http_comments_str(&name);
    }

    token = ngx_http_comments_header(r, "x-comments-token", &n);

    if (n == 1) {
        desk->token = ngx_http_comments_str(&token->value);
    }

    return ngx_http_comments_session_get(r, ctx);
}


/* In a thread. */

int
ngx_http_comments_desk_work(cmt_store_t *store,
    ngx_http_comments_post_t *post, int rc)
{
    int                        known;
    cmt_error_t                unread;
    ngx_uint_t                 flags;
    ngx_http_comments_desk_t  *desk;

    desk = post->desk;
    flags = post->action->flags;
    unread = post->error;

    known = ngx_http_comments_session_find(store, post);

    if (known != CMT_OK
        && (known != CMT_EMODERATOR
            || !(flags & NGX_HTTP_COMMENTS_DESK_ANYBODY)))
    {
        return known;
    }

    if (rc != CMT_OK) {
        post->error = unread;
        return rc;
    }

    ngx_memzero(&post->error, sizeof(cmt_error_t));

    if (!desk->write) {
        rc = ngx_http_comments_desk_query(post);

    } else if (!(flags & (NGX_HTTP_COMMENTS_DESK_ANYBODY
                          |NGX_HTTP_COMMENTS_DESK_UNPARSED)))
    {
        rc = ngx_http_comments_session_token(post);
    }

    if (rc == CMT_OK) {
        rc = post->action->work(store, post);
    }

    if (rc == CMT_OK
        && desk->session.touch
        && post->change == NULL
        && !(flags & NGX_HTTP_COMMENTS_DESK_QUIET))
    {
        rc = ngx_http_comments_desk_touch(post);
    }

    return rc;
}


/* The arguments of the address are read as a form is. */

static int
ngx_http_comments_desk_query(ngx_http_comments_post_t *post)
{
    if (post->desk->args.len == 0) {
        return CMT_OK;
    }

    return cmt_form_parse(post->arena,
                          cmt_str("application/x-www-form-urlencoded"),
                          post->desk->args, &post->submission.form,
                          &post->error);
}


static int
ngx_http_comments_desk_touch(ngx_http_comments_post_t *post)
{
    post->desk->touched = 1;

    return cmt_session_touch_prepare(post->site, post->desk->secret,
                                     post->submission.now, post->arena,
                                     &post->change, &post->error);
}


ngx_int_t
ngx_http_comments_desk_reply(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx)
{
    cmt_error_t                err;
    const cmt_result_t        *result;
    ngx_http_comments_post_t  *post;

    post = ctx->post;

    if (post->rc != CMT_OK) {
        return ngx_http_comments_reply_error(r, &post->error);
    }

    /* A session that could not be kept awake is not worth a word. */

    if (post->change && !ctx->desk->touched) {
        result = cmt_change_result(post->change);

        if (result->rc != CMT_OK) {
            err = result->error;
            err.rc = result->rc;
            return ngx_http_comments_reply_error(r, &err);
        }
    }

    return post->action->reply(r, ctx);
}


ngx_int_t
ngx_http_comments_desk_json(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx)
{
    /* A page that asks for a password says so, also by its status. */

    return ngx_http_comments_reply(r, ctx->desk->html && !ctx->desk->known
                                   ? NGX_HTTP_UNAUTHORIZED : NGX_HTTP_OK,
                                   ctx->desk->html ? "text/html"
                                                   : "application/json",
                                   ctx->post->json);
}


static void
ngx_http_comments_desk_cleanup(void *data)
{
    ngx_http_comments_desk_t *desk = data;

    cmt_moderators_free(desk->moderators);
    ngx_explicit_memzero(&desk->session, sizeof(cmt_session_t));
}
