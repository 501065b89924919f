/*
 * Whatever may change the store: POST, PATCH, DELETE; and what moderators ask
 * for.
 *
 *   post()         may this come here, and now?  then asks nginx for the body
 *   body_handler() takes the body as it arrives, into the post's arena
 *   writer_add()   prepare and commit, in threads            (_writer.c)
 *   ready()        answers
 *
 * The body holds an e-mail.  It is read without nginx's buffering, which
 * would write it to a file when the framing of chunks outgrows the buffer,
 * and each piece is overwritten as soon as it is copied.  The copy is
 * overwritten once the change is prepared.
 */

#include "ngx_http_comments_desk.h"
#include "ngx_http_comments_insert.h"


static ngx_int_t ngx_http_comments_plain(const ngx_str_t *coding);
static ngx_int_t ngx_http_comments_post_early(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, cmt_error_t *err);
static void ngx_http_comments_post_sender(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, cmt_submission_t *in);
static void ngx_http_comments_body_handler(ngx_http_request_t *r);
static void ngx_http_comments_post_queue(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx);
static int ngx_http_comments_take_body(ngx_http_request_t *r,
    ngx_http_comments_post_t *post);
static void ngx_http_comments_drop_body(ngx_http_request_t *r);
static ngx_int_t ngx_http_comments_body_filter(ngx_http_request_t *r,
    ngx_chain_t *in);
static int ngx_http_comments_room(ngx_http_comments_post_t *post, size_t len);
static void ngx_http_comments_ready(ngx_http_request_t *r);
static ngx_int_t ngx_http_comments_post_refuse(ngx_http_request_t *r, int rc,
    const char *detail);
static void ngx_http_comments_post_cleanup(void *data);


#define NGX_HTTP_COMMENTS_BODY_BYTES_MIN  4096

/*
 * A body that is too large, but not larger than this, is read and dropped, as
 * nginx does with that of any refusal: that takes half of what a connection
 * takes that ends with the body on its way.
 */
#define NGX_HTTP_COMMENTS_DISCARD_BYTES_MAX  (2 * CMT_BODY_BYTES_MAX)


static ngx_http_request_body_filter_pt  ngx_http_next_request_body_filter;


ngx_int_t
ngx_http_comments_post(ngx_http_request_t *r, ngx_http_comments_ctx_t *ctx)
{
    ngx_uint_t        n;
    cmt_error_t       err;
    ngx_table_elt_t  *coding;

    /* Previews and shares are for scripts. */

    ctx->browser = ctx->action != NGX_HTTP_COMMENTS_PREVIEW
                   && ctx->action != NGX_HTTP_COMMENTS_SHARE
                   && ngx_http_comments_browser(r);

    if (ngx_http_comments_origin_allow(r, ctx) != NGX_OK) {
        return ngx_http_comments_post_refuse(r, CMT_EORIGIN, "");
    }

    /* What is packed is not unpacked, whatever it claims to be. */

    coding = ngx_http_comments_header(r, "content-encoding", &n);

    if (coding && !ngx_http_comments_plain(&coding->value)) {
        return ngx_http_comments_post_refuse(r, CMT_EMEDIATYPE,
                                             "content-encoding");
    }

    if (ngx_http_comments_writer_full(ctx->worker, NULL)) {
        return ngx_http_comments_post_refuse(r, CMT_EBUSY,
                                             "comments_queue is full");
    }

    if (r->headers_in.content_length_n > CMT_BODY_BYTES_MAX) {
        if (r->headers_in.content_length_n
            > NGX_HTTP_COMMENTS_DISCARD_BYTES_MAX)
        {
            r->keepalive = 0;
        }

        return ngx_http_comments_post_refuse(r, CMT_ETOOLARGE, "");
    }

    if (ngx_http_comments_post_early(r, ctx, &err)) {
        return ngx_http_comments_reply_error(r, &err);
    }

    ctx->post = ngx_http_comments_post_create(r, ctx,
                                  &ngx_http_comments_actions[ctx->action]);
    if (ctx->post == NULL) {
        return ngx_http_comments_post_refuse(r, CMT_ENOMEM, "");
    }

    if ((ctx->action == NGX_HTTP_COMMENTS_SUBMIT
         || ctx->action == NGX_HTTP_COMMENTS_SHARE)
        && !ctx->conf->pages_any)
    {
        ctx->post->page_state = NGX_HTTP_COMMENTS_PAGE_UNSURE;
    }

    return ngx_http_comments_post_read(r);
}


static ngx_int_t
ngx_http_comments_plain(const ngx_str_t *coding)
{
    return coding->len == sizeof("identity") - 1
           && ngx_strncasecmp(coding->data, (u_char *) "identity",
                              sizeof("identity") - 1)
              == 0;
}


/*
 * A flood is refused before its body is read: of whom it is told by what was
 * refused before, since a first one too many may be a comment that is sent
 * again because its answer got lost, and only its body tells.  A person's form
 * is read all the same, so that it comes back filled in.
 */

static ngx_int_t
ngx_http_comments_post_early(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, cmt_error_t *err)
{
    cmt_submission_t  in;

    if (ctx->action != NGX_HTTP_COMMENTS_SUBMIT || ctx->browser) {
        return 0;
    }

    ngx_memzero(&in, sizeof(cmt_submission_t));
    ngx_http_comments_post_sender(r, ctx, &in);

    return in.refused
           && cmt_submit_wait(ctx->worker->store, &ctx->conf->site, &in, err)
              == CMT_EFLOOD;
}


/* Who sends it, as far as limits ask, and when. */

static void
ngx_http_comments_post_sender(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, cmt_submission_t *in)
{
    if (r->connection->sockaddr->sa_family != AF_UNIX) {
        in->address = ngx_http_comments_str(&r->connection->addr_text);
    }

    in->cookie = ngx_http_comments_str(&ctx->cookie);
    in->now = (int64_t) ngx_time();

    ngx_http_comments_flood_ask(r, ctx, in);
}


ngx_int_t
ngx_http_comments_post_read(ngx_http_request_t *r)
{
    ngx_int_t  rc;

    r->request_body_no_buffering = 1;
    r->request_body_in_file_only = 0;
    r->request_body_in_persistent_file = 0;

    rc = ngx_http_read_client_request_body(r, ngx_http_comments_body_handler);

    if (rc >= NGX_HTTP_SPECIAL_RESPONSE) {
        return rc;
    }

    return NGX_DONE;
}


/* What has no body; as if nginx had read it. */

ngx_int_t
ngx_http_comments_post_start(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx)
{
    r->main->count++;

    ngx_http_comments_post_queue(r, ctx);

    return NGX_DONE;
}


ngx_http_comments_post_t *
ngx_http_comments_post_create(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, const ngx_http_comments_action_t *action)
{
    size_t                     size;
    ngx_pool_cleanup_t        *cln;
    ngx_http_comments_post_t  *post;

    post = ngx_pcalloc(r->pool, sizeof(ngx_http_comments_post_t));
    cln = ngx_pool_cleanup_add(r->pool, 0);

    if (post == NULL || cln == NULL) {
        return NULL;
    }

    cln->handler = ngx_http_comments_post_cleanup;
    cln->data = post;

    post->arena = cmt_arena_create(CMT_ARENA_BYTES_MAX);
    if (post->arena == NULL) {
        return NULL;
    }

    size = NGX_HTTP_COMMENTS_BODY_BYTES_MIN;

    if (r->headers_in.content_length_n > (off_t) size) {
        size = (size_t) r->headers_in.content_length_n;
    }

    post->body = cmt_alloc(post->arena, size);
    if (post->body == NULL) {
        return NULL;
    }

    post->request = r;
    post->size = size;
    post->site = &ctx->conf->site;
    post->action = action;
    post->submission.id = ctx->id;

    if (r->headers_in.content_type) {
        post->content_type =
            ngx_http_comments_str(&r->headers_in.content_type->value);
    }

    ngx_http_comments_post_sender(r, ctx, &post->submission);
    post->submission.accept_language = ngx_http_comments_accept_language(r);
    post->submission.plain_form = ctx->browser ? 1 : 0;

    return ngx_http_comments_who(r, ctx, post) == NGX_OK ? post : NULL;
}


/* A form sent by a person's browser is answered with pages. */

ngx_int_t
ngx_http_comments_browser(ngx_http_request_t *r)
{
    ngx_str_t        *type;
    ngx_uint_t        n;
    ngx_table_elt_t  *accept;

    if (r->headers_in.content_type == NULL) {
        return 0;
    }

    type = &r->headers_in.content_type->value;

    if (ngx_strncasecmp(type->data,
                        (u_char *) "application/x-www-form-urlencoded",
                        sizeof("application/x-www-form-urlencoded") - 1)
        != 0
        && ngx_strncasecmp(type->data, (u_char *) "multipart/form-data",
                           sizeof("multipart/form-data") - 1)
           != 0)
    {
        return 0;
    }

    accept = ngx_http_comments_header(r, "accept", &n);

    return accept
           && ngx_strlcasestrn(accept->value.data,
                               accept->value.data + accept->value.len,
                               (u_char *) "text/html",
                               sizeof("text/html") - 2)
              != NULL;
}


/* Called when the body begins to arrive, and then as it goes on. */

static void
ngx_http_comments_body_handler(ngx_http_request_t *r)
{
    int                        rc;
    ngx_int_t                  n;
    ngx_http_comments_ctx_t   *ctx;
    ngx_http_comments_post_t  *post;

    ctx = ngx_http_get_module_ctx(r, ngx_http_comments_module);
    post = ctx->post;

    for ( ;; ) {
        rc = ngx_http_comments_take_body(r, post);

        if (rc != CMT_OK) {
            ngx_http_comments_drop_body(r);
            ngx_http_finalize_request(r,
                                ngx_http_comments_post_refuse(r, rc, "body"));
            return;
        }

        if (!r->reading_body) {
            break;
        }

        n = ngx_http_read_unbuffered_request_body(r);

        if (n >= NGX_HTTP_SPECIAL_RESPONSE) {
            ngx_http_finalize_request(r, n);
            return;
        }

        if (n == NGX_AGAIN && r->request_body->bufs == NULL) {
            r->read_event_handler = ngx_http_comments_body_handler;
            return;
        }
    }

    r->read_event_handler = ngx_http_block_reading;

    ngx_http_comments_post_queue(r, ctx);
}


static void
ngx_http_comments_post_queue(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx)
{
    if (ngx_http_comments_writer_full(ctx->worker, ctx->post->lane)) {
        ngx_http_finalize_request(r,
                                  ngx_http_comments_post_refuse(r, CMT_EBUSY,
                                                    "comments_queue is full"));
        return;
    }

    /*
     * The writer counts on this request until it has called ready(), whatever
     * becomes of the client: the change is committed all the same.
     */

    r->main->blocked++;
    r->aio = 1;
    r->write_event_handler = ngx_http_comments_ready;

    ngx_http_comments_writer_add(ctx->worker, ctx->post);
}


/* Moves what nginx has read into the post and overwrites it there. */

static int
ngx_http_comments_take_body(ngx_http_request_t *r,
    ngx_http_comments_post_t *post)
{
    int           rc;
    size_t        len;
    ngx_buf_t    *b;
    ngx_chain_t  *cl, *next;

    if (r->request_body == NULL) {
        return CMT_OK;
    }

    rc = CMT_OK;

    for (cl = r->request_body->bufs; cl; cl = next) {
        next = cl->next;
        b = cl->buf;

        if (b->in_file) {
            /* Another module has asked for this; there is no way back. */
            rc = CMT_EINTERNAL;
        }

        if (ngx_buf_in_memory(b) && b->last > b->pos) {
            len = (size_t) (b->last - b->pos);

            if (rc == CMT_OK) {
                rc = ngx_http_comments_room(post, len);
            }

            if (rc == CMT_OK) {
                ngx_memcpy(post->body + post->len, b->pos, len);
                post->len += len;
            }

            ngx_explicit_memzero(b->pos, len);
            b->pos = b->last;
        }

        ngx_free_chain(r->pool, cl);
    }

    r->request_body->bufs = NULL;

    return rc;
}


static int
ngx_http_comments_room(ngx_http_comments_post_t *post, size_t len)
{
    size_t   size;
    u_char  *body;

    if (len > CMT_BODY_BYTES_MAX - post->len) {
        return CMT_ETOOLARGE;
    }

    if (len <= post->size - post->len) {
        return CMT_OK;
    }

    size = ngx_max(2 * post->size, post->len + len);
    size = ngx_min(size, CMT_BODY_BYTES_MAX);

    body = cmt_alloc(post->arena, size);
    if (body == NULL) {
        return CMT_ENOMEM;
    }

    ngx_memcpy(body, post->body, post->len);
    ngx_explicit_memzero(post->body, post->len);

    post->body = body;
    post->size = size;

    return CMT_OK;
}


/* The rest of the body is not worth reading. */

static void
ngx_http_comments_drop_body(ngx_http_request_t *r)
{
    r->keepalive = 0;
    r->lingering_close = 1;

#if (NGX_HTTP_V2)
    if (r->stream) {
        r->stream->skip_data = 1;
    }
#endif
}


/*
 * The core's limit of bodies is off in our locations, so that a body that is
 * too large is answered by us.  When another module reads it before we are
 * asked, the limit is kept here.
 */

static ngx_int_t
ngx_http_comments_body_filter(ngx_http_request_t *r, ngx_chain_t *in)
{
    off_t                          received;
    ngx_http_comments_loc_conf_t  *lcf;

    lcf = ngx_http_get_module_loc_conf(r, ngx_http_comments_module);

    if (lcf->name.len && !r->request_body_no_buffering) {

        /* The length is what was announced, or what has come in chunks. */

        received = ngx_max(r->headers_in.content_length_n,
                           r->request_body->received);

        if (received > CMT_BODY_BYTES_MAX) {
            return NGX_HTTP_REQUEST_ENTITY_TOO_LARGE;
        }
    }

    return ngx_http_next_request_body_filter(r, in);
}


ngx_int_t
ngx_http_comments_add_body_filter(ngx_conf_t *cf)
{
    ngx_http_next_request_body_filter = ngx_http_top_request_body_filter;
    ngx_http_top_request_body_filter = ngx_http_comments_body_filter;

    ngx_http_comments_add_insert_filter();

    return NGX_OK;
}


/* The write_event_handler: also called by nginx while the writer works. */

static void
ngx_http_comments_ready(ngx_http_request_t *r)
{
    ngx_http_comments_ctx_t  *ctx;

    if (r->aio) {
        return;
    }

    ctx = ngx_http_get_module_ctx(r, ngx_http_comments_module);

    if (ctx->desk) {
        ngx_http_finalize_request(r, ngx_http_comments_desk_reply(r, ctx));
        return;
    }

    switch (ngx_http_comments_page_check(r, ctx)) {

    case NGX_AGAIN:
        return;

    case NGX_OK:
        ngx_http_comments_post_queue(r, ctx);
        return;

    default: /* NGX_DECLINED */
        ngx_http_finalize_request(r, ngx_http_comments_reply_post(r, ctx));
    }
}


static ngx_int_t
ngx_http_comments_post_refuse(ngx_http_request_t *r, int rc,
    const char *detail)
{
    cmt_error_t  err;

    (void) ngx_http_comments_fail(&err, rc, NULL);

    ngx_cpystrn((u_char *) err.detail, (u_char *) detail,
                CMT_ERROR_DETAIL_BYTES);

    return ngx_http_comments_reply_error(r, &err);
}


static void
ngx_http_comments_post_cleanup(void *data)
{
    ngx_http_comments_post_t *post = data;

    ngx_uint_t   i;
    cmt_str_t    value;

    static const char *const  secrets[] = { "email", "password", "value" };

    ngx_http_comments_page_leave(post);

    if (post->body) {
        ngx_explicit_memzero(post->body, post->len);
    }

    /* What is no form has been copied as far as it was one. */

    if (post->arena != NULL && !post->parsed) {
        cmt_arena_wipe(post->arena);
    }

    /* Still there when the form was refused before its hash was made. */

    for (i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++) {

        if (post->submission.form.n == 0) {
            break;
        }

        value = cmt_form_get(&post->submission.form, secrets[i]);

        if (value.len) {
            ngx_explicit_memzero((void *) value.data, value.len);
        }
    }

    cmt_arena_destroy(post->arena);
}
