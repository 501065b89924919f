/*
 * What can be done to comments: which function of the core prepares it, and
 * how it is answered, to scripts with JSON and to browsers with the page.
 */

#include "ngx_http_comments_module.h"


static ngx_int_t ngx_http_comments_post_vain(
    const ngx_http_comments_post_t *post);
static ngx_int_t ngx_http_comments_reply_submit(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx);
static ngx_int_t ngx_http_comments_reply_edit(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx);
static ngx_int_t ngx_http_comments_reply_delete(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx);
static ngx_int_t ngx_http_comments_reply_vote(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx);
static ngx_int_t ngx_http_comments_reply_report(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx);
static ngx_int_t ngx_http_comments_reply_preview(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx);
static ngx_int_t ngx_http_comments_reply_share(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx);
static ngx_int_t ngx_http_comments_to_page(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, const cmt_result_t *result);
static cmt_str_t ngx_http_comments_link(ngx_http_comments_ctx_t *ctx,
    uint64_t id);
static ngx_int_t ngx_http_comments_reply_comment(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, ngx_uint_t status);
static int ngx_http_comments_stored_body(ngx_http_comments_ctx_t *ctx,
    const cmt_result_t *result, cmt_str_t *body);
static ngx_int_t ngx_http_comments_reply_known(ngx_http_request_t *r,
    ngx_uint_t status, uint64_t id, const char *known);


/* By ngx_http_comments_action_e. */

const ngx_http_comments_action_t  ngx_http_comments_actions[] = {

    { NULL, NULL, NULL, NULL, 0, 0, NULL, 0 },

    { NULL, cmt_submit_prepare, NULL, ngx_http_comments_reply_submit, 0, 0,
      NULL, 0 },

    { NULL, NULL, NULL, NULL, 0, 0, NULL, 0 },

    { "edit", cmt_edit_prepare, NULL, ngx_http_comments_reply_edit, 0, 0,
      NULL, 0 },

    { "delete", cmt_delete_prepare, NULL, ngx_http_comments_reply_delete, 1,
      0, NULL, 0 },

    { NULL, cmt_vote_prepare, NULL, ngx_http_comments_reply_vote, 0, 0,
      NULL, 0 },

    { NULL, cmt_report_prepare, NULL, ngx_http_comments_reply_report, 1, 1,
      NULL, 0 },

    { NULL, NULL, cmt_preview_json, ngx_http_comments_reply_preview, 0, 0,
      NULL, 0 },

    { NULL, cmt_share_prepare, NULL, ngx_http_comments_reply_share, 0, 1,
      NULL, 0 }
};


#define NGX_HTTP_COMMENTS_ACTIONS                                             \
    (sizeof(ngx_http_comments_actions) / sizeof(ngx_http_comments_action_t))


int
ngx_http_comments_action_prepare(cmt_store_t *store,
    ngx_http_comments_post_t *post)
{
    size_t             len;
    cmt_str_t          name;
    ngx_uint_t         i;
    cmt_submission_t  *in;

    in = &post->submission;

    if (post->action == &ngx_http_comments_actions[NGX_HTTP_COMMENTS_BY_FORM])
    {
        name = cmt_form_get(&in->form, "action");

        for (i = 0; i < NGX_HTTP_COMMENTS_ACTIONS; i++) {

            if (ngx_http_comments_actions[i].name == NULL) {
                continue;
            }

            len = ngx_strlen(ngx_http_comments_actions[i].name);

            if (name.len == len
                && ngx_memcmp(name.data, ngx_http_comments_actions[i].name,
                              len)
                   == 0)
            {
                post->action = &ngx_http_comments_actions[i];
                break;
            }
        }

        if (i == NGX_HTTP_COMMENTS_ACTIONS) {
            return ngx_http_comments_fail(&post->error, CMT_EACTION, "action");
        }
    }

    if (post->action->look) {
        return post->action->look(store, post->site, &in->form, post->arena,
                                  &post->json, &post->error);
    }

    return post->action->change(store, post->site, in, post->arena,
                                &post->change, &post->error);
}


/* What became of it. */

ngx_int_t
ngx_http_comments_reply_post(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx)
{
    cmt_error_t          err;
    const cmt_result_t  *result;

    if (ngx_http_comments_post_vain(ctx->post)) {
        ngx_http_comments_flood_in_vain(r, ctx);
    }

    if (ctx->post->rc != CMT_OK) {
        return ngx_http_comments_reply_error(r, &ctx->post->error);
    }

    if (ctx->post->change) {
        result = cmt_change_result(ctx->post->change);

        ctx->status = result->status;
        ctx->verdict = result->verdict;

        if (result->rc != CMT_OK) {
            err = result->error;
            err.rc = result->rc;

            if (err.rc == CMT_EFLOOD) {
                ngx_http_comments_flood_refused(r, ctx, err.retry_seconds);
            }

            return ngx_http_comments_reply_refusal(r, &err, result->message,
                                                   &result->ask);
        }

        if (ngx_http_comments_cookie_set(r, ctx, result) != NGX_OK) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        if (ctx->browser && !ctx->post->action->page) {
            return ngx_http_comments_to_page(r, ctx, result);
        }
    }

    return ctx->post->action->reply(r, ctx);
}


/*
 * Went all the way, or asked for a page, and no comment came of it.  What was
 * malformed is refused at once and costs little.
 */

static ngx_int_t
ngx_http_comments_post_vain(const ngx_http_comments_post_t *post)
{
    const cmt_result_t  *result;

    if (post->action != &ngx_http_comments_actions[NGX_HTTP_COMMENTS_SUBMIT])
    {
        return 0;
    }

    if (post->rc != CMT_OK) {
        return post->rc == CMT_EPAGEMISSING;
    }

    result = cmt_change_result(post->change);

    return result->replayed
           || (result->rc != CMT_OK && result->rc != CMT_EFLOOD
               && cmt_error_http(result->rc) < NGX_HTTP_INTERNAL_SERVER_ERROR);
}


static ngx_int_t
ngx_http_comments_reply_submit(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx)
{
    u_char              *p, *start;
    const cmt_result_t  *result;

    result = cmt_change_result(ctx->post->change);

    start = ngx_pnalloc(r->pool, ctx->conf->prefix.len + sizeof("comment/")
                                 + NGX_INT64_LEN);
    if (start == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    p = ngx_sprintf(start, "%Vcomment/%uL", &ctx->conf->prefix, result->id);

    if (ngx_http_comments_add_header(r, "Location", start, p - start)
        != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_comments_reply_comment(r, ctx, NGX_HTTP_CREATED);
}


static ngx_int_t
ngx_http_comments_reply_edit(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx)
{
    return ngx_http_comments_reply_comment(r, ctx, NGX_HTTP_OK);
}


static ngx_int_t
ngx_http_comments_reply_delete(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx)
{
    return ngx_http_comments_reply_known(r, NGX_HTTP_OK, ctx->id,
                                         "\"status\":\"deleted\"");
}


/* The comment as it is now, with the vote. */

static ngx_int_t
ngx_http_comments_reply_vote(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx)
{
    int                  rc;
    cmt_str_t            body, cookie;
    cmt_read_t          *read;
    const cmt_result_t  *result;

    result = cmt_change_result(ctx->post->change);

    cookie = result->set_cookie.len ? result->set_cookie
                                    : ngx_http_comments_str(&ctx->cookie);

    rc = cmt_read_begin(ctx->worker->store, &read, NULL);

    if (rc == CMT_OK) {
        rc = cmt_comment_json(read, &ctx->conf->site, result->id, cookie,
                              cmt_null_str, ctx->post->arena, &body, NULL);
        cmt_read_end(read);
    }

    if (rc != CMT_OK) {

        /* Kept it is, and somebody may have hidden the comment since. */

        return ngx_http_comments_reply_known(r, NGX_HTTP_OK, result->id,
                                             "\"status\":\"approved\"");
    }

    return ngx_http_comments_reply_copy(r, NGX_HTTP_OK, "application/json",
                                        body);
}


static ngx_int_t
ngx_http_comments_reply_report(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx)
{
    int          rc;
    unsigned     language;
    cmt_str_t    body;
    cmt_read_t  *read;

    if (ctx->browser) {
        language = ngx_http_comments_language(r, ctx,
                       cmt_form_get(&ctx->post->submission.form, "lang"));

        rc = cmt_read_begin(ctx->worker->store, &read, NULL);

        if (rc == CMT_OK) {
            rc = cmt_report_html(read, &ctx->conf->site, ctx->id, 1, language,
                                 ctx->post->arena, &body, NULL);
            cmt_read_end(read);
        }

        if (rc == CMT_OK) {
            return ngx_http_comments_reply_copy(r, NGX_HTTP_OK, "text/html",
                                                body);
        }
    }

    return ngx_http_comments_reply_known(r, NGX_HTTP_OK, ctx->id,
                                         "\"reported\":true");
}


static ngx_int_t
ngx_http_comments_reply_preview(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx)
{
    return ngx_http_comments_reply_copy(r, NGX_HTTP_OK, "application/json",
                                        ctx->post->json);
}


/* Nobody waits for it. */

static ngx_int_t
ngx_http_comments_reply_share(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx)
{
    return ngx_http_comments_reply_empty(r, NGX_HTTP_NO_CONTENT);
}


/*
 * 303 to page#comment-ID.  The header is added without telling nginx that it
 * is a location, or it would make an absolute address of it.
 */

static ngx_int_t
ngx_http_comments_to_page(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, const cmt_result_t *result)
{
    size_t        i;
    u_char       *p, *start;
    cmt_str_t     page, link;
    cmt_error_t   err;

    if (result->status == CMT_REJECTED) {
        (void) ngx_http_comments_fail(&err, CMT_EREJECTED, "text");
        return ngx_http_comments_reply_refusal(r, &err, result->message, NULL);
    }

    page = result->page;

    /* Canonical paths are all this; a redirect trusts nobody. */

    if (page.len == 0 || page.data[0] != '/'
        || (page.len > 1 && (page.data[1] == '/' || page.data[1] == '\\')))
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    for (i = 0; i < page.len; i++) {
        if (page.data[i] <= 0x20 || page.data[i] == 0x7f) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }
    }

    link = result->status == CMT_DELETED
           ? cmt_null_str : ngx_http_comments_link(ctx, result->id);

    start = ngx_pnalloc(r->pool, page.len + link.len + sizeof("#comments"));
    if (start == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (link.len > page.len
        && ngx_memcmp(link.data, page.data, page.len) == 0)
    {
        p = ngx_cpymem(start, link.data, link.len);

    } else {
        p = ngx_cpymem(start, page.data, page.len);
        p = ngx_sprintf(p, "#comments");
    }

    if (ngx_http_comments_add_header(r, "Location", start, p - start)
        != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_comments_reply_empty(r, NGX_HTTP_SEE_OTHER);
}


/* Nothing where it cannot be told. */

static cmt_str_t
ngx_http_comments_link(ngx_http_comments_ctx_t *ctx, uint64_t id)
{
    int          rc;
    cmt_str_t    link;
    cmt_read_t  *read;

    rc = cmt_read_begin(ctx->worker->store, &read, NULL);

    if (rc == CMT_OK) {
        rc = cmt_comment_link(read, &ctx->conf->site, id, ctx->post->arena,
                              &link);
        cmt_read_end(read);
    }

    return rc == CMT_OK ? link : cmt_null_str;
}


/*
 * The comment as its author sees it: with this status when it is published,
 * else with 202.  To the author, spam is what any comment that waits is.
 */

static ngx_int_t
ngx_http_comments_reply_comment(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, ngx_uint_t status)
{
    cmt_str_t            body;
    cmt_error_t          err;
    const cmt_result_t  *result;

    result = cmt_change_result(ctx->post->change);

    switch (result->status) {

    case CMT_REJECTED:
        (void) ngx_http_comments_fail(&err, CMT_EREJECTED, "text");
        return ngx_http_comments_reply_refusal(r, &err, result->message, NULL);

    case CMT_DELETED:
        /* Its token came again after somebody had deleted it. */
        (void) ngx_http_comments_fail(&err, CMT_ENOTFOUND, NULL);
        return ngx_http_comments_reply_error(r, &err);

    case CMT_APPROVED:
        break;

    default: /* CMT_PENDING, CMT_SPAM */
        status = NGX_HTTP_ACCEPTED;
    }

    if (ngx_http_comments_stored_body(ctx, result, &body) != CMT_OK) {

        /* Stored it is, so an error would be a lie: say what is known. */

        return ngx_http_comments_reply_known(r, status, result->id,
                                             status == NGX_HTTP_ACCEPTED
                                             ? "\"status\":\"pending\""
                                             : "\"status\":\"approved\"");
    }

    return ngx_http_comments_reply_copy(r, status, "application/json", body);
}


static int
ngx_http_comments_stored_body(ngx_http_comments_ctx_t *ctx,
    const cmt_result_t *result, cmt_str_t *body)
{
    int          rc;
    cmt_read_t  *read;

    rc = cmt_read_begin(ctx->worker->store, &read, NULL);
    if (rc != CMT_OK) {
        return rc;
    }

    rc = cmt_result_json(read, &ctx->conf->site, result, ctx->post->arena,
                         body, NULL);
    cmt_read_end(read);

    return rc;
}


/* {"id":7,"reported":true} */

static ngx_int_t
ngx_http_comments_reply_known(ngx_http_request_t *r, ngx_uint_t status,
    uint64_t id, const char *known)
{
    u_char     *p, *start;
    cmt_str_t   body;

    start = ngx_pnalloc(r->pool, sizeof("{\"id\":,}") + NGX_INT64_LEN
                                 + ngx_strlen(known));
    if (start == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    p = ngx_sprintf(start, "{\"id\":%uL,%s}", id, known);

    body.data = (char *) start;
    body.len = p - start;

    return ngx_http_comments_reply(r, status, "application/json", body);
}
