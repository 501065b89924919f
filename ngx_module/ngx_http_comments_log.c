/*
 * The lines of the log about refusals.
 *
 * What is refused for want of a server's own means (503, 507, and what should
 * never be, 500) is said aloud, and whoever sends much of it must not fill the
 * disk with lines.  So each cause has one line a second in a worker, and what
 * is left out meanwhile is counted:
 *
 *   comments: 503 busy: comments_queue is full, client: ...
 *   comments: 503 busy: comments_queue is full: 4211 more
 */

#include "ngx_http_comments_module.h"


#define NGX_HTTP_COMMENTS_LOG_MSEC  1000


static ngx_int_t ngx_http_comments_log_again(
    ngx_http_comments_worker_t *worker, const cmt_error_t *err);
static void ngx_http_comments_log_handler(ngx_event_t *ev);
static void ngx_http_comments_log_more(ngx_http_comments_worker_t *worker,
    ngx_http_comments_cause_t *cause);


/* The client's mistakes are worth a line for who looks; ours for everybody. */

void
ngx_http_comments_log(ngx_http_request_t *r, ngx_uint_t status,
    const cmt_error_t *err)
{
    ngx_uint_t                level;
    ngx_http_comments_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_http_comments_module);
    level = NGX_LOG_INFO;

    if (status >= NGX_HTTP_INTERNAL_SERVER_ERROR) {
        level = NGX_LOG_ERR;

        if (ctx->worker && ngx_http_comments_log_again(ctx->worker, err)) {
            return;
        }
    }

    ngx_log_error(level, r->connection->log, 0,
                  "comments: %ui %s%s%s%s%s", status, cmt_error_code(err->rc),
                  err->field ? ", field " : "", err->field ? err->field : "",
                  err->detail[0] ? ": " : "", err->detail);
}


/* A page comes without what it asks for; it is there all the same. */

void
ngx_http_comments_log_missing(ngx_http_request_t *r,
    ngx_http_comments_worker_t *worker, const char *what, cmt_str_t page,
    const cmt_error_t *err)
{
    if (ngx_http_comments_log_again(worker, err)) {
        return;
    }

    ngx_log_error(NGX_LOG_ERR, r->connection->log, 0,
                  "comments_insert: no %s of \"%*s\": %s%s%s", what, page.len,
                  page.data, cmt_error_code(err->rc),
                  err->detail[0] ? ": " : "", err->detail);
}


/* Causes that share a place are counted as one, which is rare. */

static ngx_int_t
ngx_http_comments_log_again(ngx_http_comments_worker_t *worker,
    const cmt_error_t *err)
{
    uint32_t                    crc;
    ngx_http_comments_cause_t  *cause;

    ngx_crc32_init(crc);
    ngx_crc32_update(&crc, (u_char *) &err->rc, sizeof(err->rc));
    ngx_crc32_update(&crc, (u_char *) err->detail, ngx_strlen(err->detail));
    ngx_crc32_final(crc);

    cause = &worker->causes[crc % NGX_HTTP_COMMENTS_CAUSES];

    if (cause->said) {
        cause->more++;
        return 1;
    }

    cause->said = 1;
    cause->err = *err;

    if (!worker->log_timer.timer_set) {
        ngx_add_timer(&worker->log_timer, NGX_HTTP_COMMENTS_LOG_MSEC);
    }

    return 0;
}


void
ngx_http_comments_log_init(ngx_http_comments_worker_t *worker)
{
    worker->log_timer.handler = ngx_http_comments_log_handler;
    worker->log_timer.data = &worker->connection;
    worker->log_timer.log = worker->log;
    worker->log_timer.cancelable = 1;
}


static void
ngx_http_comments_log_handler(ngx_event_t *ev)
{
    ngx_connection_t *c = ev->data;

    ngx_http_comments_log_flush(c->data);
}


void
ngx_http_comments_log_flush(ngx_http_comments_worker_t *worker)
{
    ngx_uint_t                  i, said;
    ngx_http_comments_cause_t  *cause;

    said = 0;

    for (i = 0; i < NGX_HTTP_COMMENTS_CAUSES; i++) {
        cause = &worker->causes[i];

        if (cause->more) {
            ngx_http_comments_log_more(worker, cause);
            said = 1;

        } else {
            cause->said = 0;
        }
    }

    /* The line above was this second's, so that the next one waits again. */

    if (said && !ngx_exiting) {
        ngx_add_timer(&worker->log_timer, NGX_HTTP_COMMENTS_LOG_MSEC);
    }
}


static void
ngx_http_comments_log_more(ngx_http_comments_worker_t *worker,
    ngx_http_comments_cause_t *cause)
{
    ngx_log_error(NGX_LOG_ERR, worker->log, 0,
                  "comments: %d %s%s%s: %ui more",
                  cmt_error_http(cause->err.rc),
                  cmt_error_code(cause->err.rc),
                  cause->err.detail[0] ? ": " : "", cause->err.detail,
                  cause->more);

    cause->more = 0;
}
