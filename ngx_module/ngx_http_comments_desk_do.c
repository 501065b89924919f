/*
 * What moderators do: signing in and out, decisions, replies, closing, bans,
 * and trying rules.  The do_ functions run in a thread and prepare a change;
 * the reply_ functions answer when it is on the disk.
 */

#include "ngx_http_comments_desk.h"


static ngx_int_t ngx_http_comments_to_status(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, const cmt_decided_t *decided, size_t n);


int
ngx_http_comments_do_signin(cmt_store_t *store,
    ngx_http_comments_post_t *post)
{
    ngx_http_comments_desk_t *desk = post->desk;

    if (desk->moderators == NULL) {
        return ngx_http_comments_fail(&post->error, CMT_ENOTFOUND, NULL);
    }

    if (!desk->secure && !desk->loopback) {
        return ngx_http_comments_fail(&post->error, CMT_EHTTPS, NULL);
    }

    post->submission.cookie = desk->secret;

    return cmt_signin_prepare(store, post->site, desk->moderators,
                              &post->submission, post->arena, &post->change,
                              &post->error);
}


ngx_int_t
ngx_http_comments_reply_signin(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx)
{
    u_char              *p, *start;
    cmt_str_t            body;
    const cmt_result_t  *result;
    char                 token[CMT_CSRF_CHARS + 1];

    result = cmt_change_result(ctx->post->change);

    if (ngx_http_comments_session_set(r, ctx, result->set_cookie) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (ctx->browser) {
        return ngx_http_comments_to_desk(r, ctx, NGX_HTTP_SEE_OTHER,
                                         cmt_null_str);
    }

    cmt_csrf_token(&ctx->conf->site, result->set_cookie, token);

    start = ngx_pnalloc(r->pool, sizeof("{\"token\":\"\"}") + CMT_CSRF_CHARS);
    if (start == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    p = ngx_sprintf(start, "{\"token\":\"%s\"}", token);

    body.data = (char *) start;
    body.len = p - start;

    return ngx_http_comments_reply(r, NGX_HTTP_OK, "application/json", body);
}


int
ngx_http_comments_do_signout(cmt_store_t *store,
    ngx_http_comments_post_t *post)
{
    cmt_str_t  everywhere;

    if (post->desk->trusted.len) {
        /* nginx knows him again with the next request. */
        return ngx_http_comments_fail(&post->error, CMT_EFORBIDDEN, NULL);
    }

    everywhere = cmt_form_get(&post->submission.form, "everywhere");

    return cmt_signout_prepare(post->site, post->desk->secret,
                               everywhere.len != 0
                               && everywhere.data[0] != '0',
                               post->submission.now, post->arena,
                               &post->change, &post->error);
}


ngx_int_t
ngx_http_comments_reply_signout(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx)
{
    if (ngx_http_comments_session_set(r, ctx, cmt_null_str) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (ctx->browser) {
        return ngx_http_comments_to_desk(r, ctx, NGX_HTTP_SEE_OTHER,
                                         cmt_null_str);
    }

    return ngx_http_comments_reply_empty(r, NGX_HTTP_NO_CONTENT);
}


int
ngx_http_comments_do_decide(cmt_store_t *store,
    ngx_http_comments_post_t *post)
{
    int              rc;
    size_t           n;
    cmt_str_t        body;
    cmt_decision_t  *decisions;

    body.data = (const char *) post->body;
    body.len = post->len;

    rc = cmt_desk_decisions(post->arena, post->content_type, body,
                            &post->submission.form, &decisions, &n,
                            &post->error);

    if (rc == CMT_OK) {
        rc = ngx_http_comments_session_token(post);
    }

    if (rc != CMT_OK) {
        return rc;
    }

    return cmt_decide_prepare(store, post->site, &post->desk->session.who,
                              decisions, n, post->submission.now, post->arena,
                              &post->change, &post->error);
}


ngx_int_t
ngx_http_comments_reply_decide(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx)
{
    size_t                n;
    cmt_str_t             json;
    cmt_error_t           err;
    const cmt_decided_t  *decided;

    ngx_memzero(&err, sizeof(cmt_error_t));

    decided = cmt_change_decided(ctx->post->change, &n);

    if (ctx->browser) {

        /* A form decides about one comment. */

        if (decided[0].rc != CMT_OK) {
            (void) ngx_http_comments_fail(&err, decided[0].rc, NULL);
            return ngx_http_comments_reply_error(r, &err);
        }

        return ngx_http_comments_to_status(r, ctx, decided, n);
    }

    err.rc = cmt_decided_json(ctx->post->change, ctx->desk->language,
                              ctx->post->arena, &json, &err);

    if (err.rc != CMT_OK) {
        return ngx_http_comments_reply_error(r, &err);
    }

    return ngx_http_comments_reply(r, NGX_HTTP_OK, "application/json", json);
}


/* Back to the list that the form stood in, with what can be undone. */

static ngx_int_t
ngx_http_comments_to_status(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, const cmt_decided_t *decided, size_t n)
{
    u_char      *p, *start;
    cmt_str_t    query, back;

    back = cmt_form_get(&ctx->post->submission.form, "status");

    if (cmt_status_parse(back) == 0) {
        back = cmt_str("pending");
    }

    start = ngx_pnalloc(r->pool, sizeof("?status=&done=") + back.len
                                 + NGX_INT64_LEN);
    if (start == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    p = ngx_sprintf(start, "?status=%*s", back.len, back.data);

    if (n == 1 && decided->what != CMT_DO_UNDO && !decided->replayed) {
        p = ngx_sprintf(p, "&done=%uL", decided->id);
    }

    query.data = (char *) start;
    query.len = p - start;

    return ngx_http_comments_to_desk(r, ctx, NGX_HTTP_SEE_OTHER, query);
}


int
ngx_http_comments_do_reply(cmt_store_t *store,
    ngx_http_comments_post_t *post)
{
    return cmt_reply_prepare(store, post->site, &post->desk->session.who,
                             &post->submission, post->arena, &post->change,
                             &post->error);
}


ngx_int_t
ngx_http_comments_reply_reply(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx)
{
    u_char              *p, *start;
    cmt_str_t            body;
    const cmt_result_t  *result;

    if (ctx->browser) {
        return ngx_http_comments_to_desk(r, ctx, NGX_HTTP_SEE_OTHER,
                                         cmt_null_str);
    }

    result = cmt_change_result(ctx->post->change);

    start = ngx_pnalloc(r->pool, sizeof("{\"id\":,\"status\":\"\"}")
                                 + NGX_INT64_LEN + sizeof("approved"));
    if (start == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    p = ngx_sprintf(start, "{\"id\":%uL,\"status\":\"%s\"}", result->id,
                    cmt_status_name(result->status));

    body.data = (char *) start;
    body.len = p - start;

    return ngx_http_comments_reply(r, NGX_HTTP_CREATED, "application/json",
                                   body);
}


int
ngx_http_comments_do_close(cmt_store_t *store,
    ngx_http_comments_post_t *post)
{
    int          close;
    cmt_str_t    action;
    cmt_form_t  *form;

    form = &post->submission.form;
    action = cmt_form_get(form, "action");

    close = (action.len == 5 && ngx_memcmp(action.data, "close", 5) == 0);

    if (!close
        && (action.len != 4 || ngx_memcmp(action.data, "open", 4) != 0))
    {
        return ngx_http_comments_fail(&post->error, CMT_EDECISION, "action");
    }

    return cmt_close_prepare(post->site, &post->desk->session.who,
                             cmt_form_get(form, "page"), close,
                             cmt_form_get(form, "note"), post->submission.now,
                             post->arena, &post->change, &post->error);
}


int
ngx_http_comments_do_ban(cmt_store_t *store, ngx_http_comments_post_t *post)
{
    int        rc;
    cmt_ban_t  ban;

    rc = cmt_desk_ban(&post->submission.form, &ban, &post->error);
    if (rc != CMT_OK) {
        return rc;
    }

    return cmt_ban_prepare(store, post->site, &post->desk->session.who, &ban,
                           post->submission.now, post->arena, &post->change,
                           &post->error);
}


int
ngx_http_comments_do_unban(cmt_store_t *store,
    ngx_http_comments_post_t *post)
{
    return cmt_unban_prepare(post->site, &post->desk->session.who,
                             post->desk->name, post->submission.now,
                             post->arena, &post->change, &post->error);
}


/* What was there before was so already, or is so now. */

ngx_int_t
ngx_http_comments_reply_done(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx)
{
    const cmt_result_t  *result;

    if (ctx->browser) {
        return ngx_http_comments_to_desk(r, ctx, NGX_HTTP_SEE_OTHER,
                                         cmt_null_str);
    }

    result = cmt_change_result(ctx->post->change);

    return ngx_http_comments_reply(r, NGX_HTTP_OK, "application/json",
                                   result->replayed
                                   ? cmt_str("{\"replayed\":true}")
                                   : cmt_str("{\"replayed\":false}"));
}


/* Rules on a comment, or on the newest ones; nothing is kept. */

int
ngx_http_comments_do_try(cmt_store_t *store, ngx_http_comments_post_t *post)
{
    int        rc;
    cmt_str_t  said;

    rc = cmt_console_try(store, post->site, &post->submission.form,
                         post->arena, &said, &post->error);

    return rc == CMT_OK ? ngx_http_comments_console_page(store, post, said)
                        : rc;
}


int
ngx_http_comments_do_replay(cmt_store_t *store,
    ngx_http_comments_post_t *post)
{
    int        rc;
    cmt_str_t  said;

    rc = cmt_console_replay(store, post->site, &post->submission.form,
                            post->arena, &said, &post->error);

    return rc == CMT_OK ? ngx_http_comments_console_page(store, post, said)
                        : rc;
}


/* To the page, by a header that nginx leaves as it is. */

ngx_int_t
ngx_http_comments_to_desk(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, ngx_uint_t status, cmt_str_t query)
{
    u_char  *p, *start;
    size_t   size;

    size = ctx->conf->prefix.len + sizeof("moderate/") + query.len;

    start = ngx_pnalloc(r->pool, size);
    if (start == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    p = ngx_snprintf(start, size, "%Vmoderate/%*s", &ctx->conf->prefix,
                     query.len, query.data);

    if (ngx_http_comments_add_header(r, "Location", start, p - start)
        != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_comments_reply_empty(r, status);
}
