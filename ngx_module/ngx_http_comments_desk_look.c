/*
 * What moderators look at.  All of it in a thread, each in one snapshot.
 */

#include "ngx_http_comments_desk.h"


typedef int (*ngx_http_comments_look_pt)(cmt_read_t *read,
    const cmt_site_t *site, const cmt_form_t *args, uint64_t id,
    cmt_arena_t *arena, cmt_str_t *json, cmt_error_t *err);

typedef int (*ngx_http_comments_look_html_pt)(cmt_read_t *read,
    const cmt_site_t *site, const cmt_desk_page_t *page, cmt_arena_t *arena,
    cmt_str_t *html, cmt_error_t *err);


static int ngx_http_comments_look(cmt_store_t *store,
    ngx_http_comments_post_t *post, ngx_http_comments_look_pt look);
static int ngx_http_comments_look_html(cmt_store_t *store,
    ngx_http_comments_post_t *post, cmt_str_t said,
    ngx_http_comments_look_html_pt look);


int
ngx_http_comments_look_queue(cmt_store_t *store,
    ngx_http_comments_post_t *post)
{
    return ngx_http_comments_look(store, post, cmt_desk_queue);
}


int
ngx_http_comments_look_items(cmt_store_t *store,
    ngx_http_comments_post_t *post)
{
    return ngx_http_comments_look(store, post, cmt_desk_items);
}


int
ngx_http_comments_look_author(cmt_store_t *store,
    ngx_http_comments_post_t *post)
{
    return ngx_http_comments_look(store, post, cmt_desk_author);
}


int
ngx_http_comments_look_log(cmt_store_t *store,
    ngx_http_comments_post_t *post)
{
    return ngx_http_comments_look(store, post, cmt_desk_log);
}


static int
ngx_http_comments_look(cmt_store_t *store, ngx_http_comments_post_t *post,
    ngx_http_comments_look_pt look)
{
    int          rc;
    cmt_read_t  *read;

    rc = cmt_read_begin(store, &read, &post->error);
    if (rc != CMT_OK) {
        return rc;
    }

    rc = look(read, post->site, &post->submission.form, post->submission.id,
              post->arena, &post->json, &post->error);
    cmt_read_end(read);

    return rc;
}


static int
ngx_http_comments_look_one(cmt_read_t *read, const cmt_site_t *site,
    const cmt_form_t *unused, uint64_t id, cmt_arena_t *arena,
    cmt_str_t *json, cmt_error_t *err)
{
    return cmt_item_json(read, site, id, arena, json, err);
}


int
ngx_http_comments_look_item(cmt_store_t *store,
    ngx_http_comments_post_t *post)
{
    return ngx_http_comments_look(store, post, ngx_http_comments_look_one);
}


int
ngx_http_comments_look_bans(cmt_store_t *store,
    ngx_http_comments_post_t *post)
{
    int          rc;
    cmt_read_t  *read;

    rc = cmt_read_begin(store, &read, &post->error);
    if (rc != CMT_OK) {
        return rc;
    }

    rc = cmt_bans_json(read, post->site, post->submission.now, post->arena,
                       &post->json, &post->error);
    cmt_read_end(read);

    return rc;
}


int
ngx_http_comments_look_status(cmt_store_t *store,
    ngx_http_comments_post_t *post)
{
    return cmt_status_json(store, post->site, post->desk->session.who.role,
                           post->arena, &post->json, &post->error);
}


int
ngx_http_comments_look_session(cmt_store_t *store,
    ngx_http_comments_post_t *post)
{
    return cmt_desk_session(post->site, &post->desk->session, post->arena,
                            &post->json, &post->error);
}


/* Whom an owner may know, a moderator need not. */

int
ngx_http_comments_look_moderators(cmt_store_t *store,
    ngx_http_comments_post_t *post)
{
    if (post->desk->session.who.role != CMT_ROLE_OWNER) {
        return ngx_http_comments_fail(&post->error, CMT_EFORBIDDEN, NULL);
    }

    if (post->desk->moderators == NULL) {
        post->json = cmt_str("{\"moderators\":[]}");
        return CMT_OK;
    }

    return cmt_moderators_json(post->desk->moderators, post->arena,
                               &post->json, &post->error);
}


int
ngx_http_comments_look_page(cmt_store_t *store,
    ngx_http_comments_post_t *post)
{
    return ngx_http_comments_look_html(store, post, cmt_null_str,
                                       cmt_desk_html);
}


int
ngx_http_comments_look_rules(cmt_store_t *store,
    ngx_http_comments_post_t *post)
{
    return ngx_http_comments_console_page(store, post, cmt_null_str);
}


int
ngx_http_comments_console_page(cmt_store_t *store,
    ngx_http_comments_post_t *post, cmt_str_t said)
{
    if (!post->desk->browser) {
        post->json = said;
        return CMT_OK;
    }

    return ngx_http_comments_look_html(store, post, said, cmt_console_html);
}


/* With what each page of a moderator needs; the answer is one. */

static int
ngx_http_comments_look_html(cmt_store_t *store,
    ngx_http_comments_post_t *post, cmt_str_t said,
    ngx_http_comments_look_html_pt look)
{
    int                        rc;
    cmt_read_t                *read;
    cmt_desk_page_t            page;
    ngx_http_comments_desk_t  *desk;

    desk = post->desk;
    desk->html = 1;

    ngx_memzero(&page, sizeof(cmt_desk_page_t));

    page.language = desk->language;
    page.args = &post->submission.form;
    page.now = post->submission.now;
    page.passwords = (desk->moderators != NULL && desk->trusted.len == 0);
    page.trusted = (desk->trusted.len != 0);
    page.session = desk->known ? &desk->session : NULL;
    page.said = said;

    rc = cmt_read_begin(store, &read, &post->error);
    if (rc != CMT_OK) {
        return rc;
    }

    rc = look(read, post->site, &page, post->arena, &post->json,
              &post->error);
    cmt_read_end(read);

    return rc;
}


/* On the event loop: the page of a refusal, which needs no store. */

int
ngx_http_comments_desk_error(ngx_http_comments_ctx_t *ctx,
    const cmt_error_t *err, unsigned language, cmt_arena_t *arena,
    cmt_str_t *html)
{
    cmt_desk_page_t            page;
    ngx_http_comments_desk_t  *desk;

    desk = ctx->desk;

    ngx_memzero(&page, sizeof(cmt_desk_page_t));

    page.language = language;
    page.refused = err;

    if (desk) {
        page.args = &ctx->post->submission.form;
        page.passwords = (desk->moderators != NULL && !desk->known
                          && desk->trusted.len == 0);
        page.trusted = (desk->trusted.len != 0);
        page.session = desk->known ? &desk->session : NULL;
    }

    return cmt_desk_html(NULL, &ctx->conf->site, &page, arena, html, NULL);
}
