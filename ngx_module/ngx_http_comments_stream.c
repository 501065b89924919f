/*
 * GET stream: events of a page as they happen, text/event-stream.
 *
 * A request that listens is written to when its channel has something to
 * say; in between it waits for the client to leave.  Its connection counts as
 * idle, so that nginx closes it at once when a reload tells the worker to
 * leave; clients come back by themselves and say what they have seen.
 */

#include "ngx_http_comments_stream.h"


/* Clients come back after 1 to 3 seconds, not all at once. */
#define NGX_HTTP_COMMENTS_RETRY_MSEC      1000
#define NGX_HTTP_COMMENTS_RETRY_RANGE     2000
#define NGX_HTTP_COMMENTS_HELLO_BYTES                                         \
    (sizeof("retry: 3000\n\n") + NGX_HTTP_COMMENTS_RESET_BYTES)

/* Half of what nginx has stays for everybody else. */
#define NGX_HTTP_COMMENTS_CONNECTIONS_SHARE  2

#define NGX_HTTP_COMMENTS_UNKNOWN  UINT64_MAX


static ngx_int_t ngx_http_comments_last_id(ngx_http_request_t *r,
    ngx_http_comments_args_t *args);
static int ngx_http_comments_hello(ngx_http_comments_ctx_t *ctx,
    ngx_http_comments_args_t *args, ngx_int_t known,
    ngx_http_comments_listener_t *listener, cmt_str_t *page,
    ngx_http_comments_message_t **hello, cmt_error_t *err);
static int ngx_http_comments_missed(ngx_http_comments_ctx_t *ctx,
    cmt_read_t *read, const cmt_thread_t *thread, uint64_t after,
    uint64_t last, cmt_str_t *text, cmt_error_t *err);
static ngx_int_t ngx_http_comments_listen(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, cmt_str_t page,
    ngx_http_comments_listener_t *listener);
static void ngx_http_comments_listener_cleanup(void *data);
static void ngx_http_comments_listener_write(ngx_http_request_t *r);
static ngx_int_t ngx_http_comments_listener_send(
    ngx_http_comments_listener_t *listener);
static void ngx_http_comments_listener_sent(
    ngx_http_comments_listener_t *listener);
static void ngx_http_comments_listener_end(
    ngx_http_comments_listener_t *listener);


ngx_http_comments_stream_t *
ngx_http_comments_stream_create(ngx_http_comments_worker_t *worker)
{
    ngx_http_comments_stream_t  *stream;

    stream = ngx_calloc(sizeof(ngx_http_comments_stream_t), worker->log);
    if (stream == NULL) {
        return NULL;
    }

    stream->worker = worker;
    stream->max = ngx_min((ngx_uint_t) worker->conf->stream_max,
                          ngx_cycle->connection_n
                          / NGX_HTTP_COMMENTS_CONNECTIONS_SHARE);
    ngx_queue_init(&stream->spoken);

    ngx_http_comments_notify_init(stream);

    return stream;
}


void
ngx_http_comments_stream_close(ngx_http_comments_stream_t *stream)
{
    ngx_http_comments_notify_close(stream);
}


ngx_int_t
ngx_http_comments_stream(ngx_http_request_t *r, ngx_http_comments_ctx_t *ctx)
{
    int                             rc;
    cmt_str_t                       page;
    ngx_int_t                       known;
    cmt_error_t                     err;
    ngx_http_comments_args_t        args;
    ngx_http_comments_stream_t     *stream;
    ngx_http_comments_message_t    *hello;
    ngx_http_comments_listener_t   *listener;

    stream = ctx->worker->stream;
    cmt_arena_reset(ctx->worker->arena);
    ngx_memzero(&args, sizeof(ngx_http_comments_args_t));
    args.last = NGX_HTTP_COMMENTS_UNKNOWN;

    if (!ctx->conf->stream || r != r->main) {
        (void) ngx_http_comments_fail(&err, CMT_ENOTFOUND, NULL);
        return ngx_http_comments_reply_error(r, &err);
    }

    if (stream->n >= stream->max) {
        (void) ngx_http_comments_fail(&err, CMT_EBUSY, NULL);
        ngx_sprintf((u_char *) err.detail, "comments_stream_max%Z");
        return ngx_http_comments_reply_error(r, &err);
    }

    listener = ngx_pcalloc(r->pool, sizeof(ngx_http_comments_listener_t));
    if (listener == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    listener->request = r;
    listener->stream = stream;

    ngx_memzero(&err, sizeof(cmt_error_t));

    rc = ngx_http_comments_args_stream(r, ctx->worker->arena, &args, &err);
    known = ngx_http_comments_last_id(r, &args);

    if (rc == CMT_OK) {
        rc = ngx_http_comments_hello(ctx, &args, known, listener, &page,
                                     &hello, &err);
    }

    if (rc != CMT_OK) {
        err.rc = rc;
        return ngx_http_comments_reply_error(r, &err);
    }

    rc = ngx_http_comments_listen(r, ctx, page, listener);

    if (rc == NGX_DONE) {
        ngx_http_comments_listener_say(listener, hello);

        if (listener->broken) {
            rc = NGX_ERROR;
        }
    }

    ngx_http_comments_message_free(hello);

    return rc;
}


/*
 * What the client has seen: the header of a browser that comes back, else the
 * argument.  NGX_DECLINED: it does not say; NGX_ERROR: it is no number.
 */

static ngx_int_t
ngx_http_comments_last_id(ngx_http_request_t *r,
    ngx_http_comments_args_t *args)
{
    ngx_uint_t        n;
    ngx_table_elt_t  *header;

    header = ngx_http_comments_header(r, "last-event-id", &n);

    if (header && header->value.len) {
        return ngx_http_comments_parse_id(header->value.data,
                                          header->value.len, &args->last);
    }

    return args->last == NGX_HTTP_COMMENTS_UNKNOWN ? NGX_DECLINED : NGX_OK;
}


/* The first message, of one snapshot with all that is said later. */

static int
ngx_http_comments_hello(ngx_http_comments_ctx_t *ctx,
    ngx_http_comments_args_t *args, ngx_int_t known,
    ngx_http_comments_listener_t *listener, cmt_str_t *page,
    ngx_http_comments_message_t **hello, cmt_error_t *err)
{
    int            rc;
    u_char        *p;
    uint64_t       last;
    cmt_str_t      text;
    cmt_read_t    *read;
    cmt_arena_t   *arena;
    cmt_thread_t   thread;

    arena = ctx->worker->arena;
    text = cmt_null_str;

    rc = cmt_read_begin(ctx->worker->store, &read, err);
    if (rc != CMT_OK) {
        return rc;
    }

    rc = cmt_thread_find(read, &ctx->conf->site, args->page, arena, &thread,
                         err);
    if (rc == CMT_OK) {
        rc = cmt_journal_last(read, &last, err);
    }

    if (rc == CMT_OK && known != NGX_ERROR) {
        rc = ngx_http_comments_missed(ctx, read, &thread,
                                      known == NGX_OK ? args->last : last,
                                      last, &text, err);
    }

    cmt_read_end(read);

    if (rc != CMT_OK) {
        return rc;
    }

    p = cmt_alloc(arena, NGX_HTTP_COMMENTS_HELLO_BYTES + text.len);
    if (p == NULL) {
        return CMT_ENOMEM;
    }

    *page = thread.page;
    listener->seq = last;
    args->page.data = (char *) p;

    p = ngx_sprintf(p, "retry: %uL\n\n",
                    (uint64_t) NGX_HTTP_COMMENTS_RETRY_MSEC
                    + ngx_random() % NGX_HTTP_COMMENTS_RETRY_RANGE);

    if (text.len) {
        p = ngx_cpymem(p, text.data, text.len);

    } else {
        p += ngx_http_comments_reset_text(p, last);
    }

    *hello = ngx_http_comments_message(args->page.data,
                                       (char *) p - args->page.data);

    return *hello ? CMT_OK : CMT_ENOMEM;
}


/* An empty text: too much, or of another store; only a reset helps. */

static int
ngx_http_comments_missed(ngx_http_comments_ctx_t *ctx, cmt_read_t *read,
    const cmt_thread_t *thread, uint64_t after, uint64_t last,
    cmt_str_t *text, cmt_error_t *err)
{
    int           rc;
    size_t        n;
    uint64_t      cursor;
    cmt_event_t  *events;

    events = NULL;
    n = 0;
    cursor = after;

    if (after > last) {
        return CMT_OK;
    }

    if (thread->id && thread->version > after) {

        if (last - after > NGX_HTTP_COMMENTS_STREAM_BEHIND) {
            return CMT_OK;
        }

        n = (size_t) (last - after);

        events = cmt_alloc(ctx->worker->arena, n * sizeof(cmt_event_t));
        if (events == NULL) {
            return CMT_ENOMEM;
        }

        rc = cmt_journal_read(read, thread->id, &cursor, events, &n, err);
        if (rc != CMT_OK) {
            return rc;
        }
    }

    rc = cmt_events_text(read, &ctx->conf->site, thread, events, n, after,
                         last, 1, ctx->worker->arena, text, err);

    if (rc == CMT_ENOMEM || text->len > NGX_HTTP_COMMENTS_STREAM_BYTES
                                        - NGX_HTTP_COMMENTS_HELLO_BYTES)
    {
        *text = cmt_null_str;
        return CMT_OK;
    }

    return rc;
}


/* NGX_DONE: it listens. */

static ngx_int_t
ngx_http_comments_listen(ngx_http_request_t *r, ngx_http_comments_ctx_t *ctx,
    cmt_str_t page, ngx_http_comments_listener_t *listener)
{
    ngx_int_t                    rc;
    ngx_http_cleanup_t          *cln;
    ngx_http_comments_stream_t  *stream;

    stream = listener->stream;

    rc = ngx_http_comments_reply_stream(r);

    if (rc == NGX_ERROR || rc > NGX_OK || r->header_only) {
        return rc;
    }

    /* Not the pool's: a request that ends must not be written to. */

    cln = ngx_http_cleanup_add(r, 0);

    if (cln == NULL
        || ngx_http_comments_channel_join(stream, ctx->conf, page, listener)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    cln->handler = ngx_http_comments_listener_cleanup;
    cln->data = listener;

    if (stream->n++ == 0) {
        stream->cursor = listener->seq;
        ngx_http_comments_notify_start(stream);
    }

    listener->time = ngx_current_msec;
    ngx_queue_insert_tail(&stream->spoken, &listener->spoken);

    ctx->listener = listener;

    r->main->count++;
    r->write_event_handler = ngx_http_comments_listener_write;

    if (!r->discard_body) {
        r->read_event_handler = ngx_http_test_reading;
    }

    r->connection->idle = 1;

    return NGX_DONE;
}


static void
ngx_http_comments_listener_cleanup(void *data)
{
    ngx_http_comments_listener_t *listener = data;

    ngx_uint_t                    i;
    ngx_http_comments_stream_t   *stream;

    stream = listener->stream;

    listener->request->connection->idle = 0;

    ngx_http_comments_channel_leave(listener);
    ngx_queue_remove(&listener->spoken);

    for (i = 0; i < listener->n; i++) {
        ngx_http_comments_message_free(
            listener->messages[(listener->first + i)
                               % NGX_HTTP_COMMENTS_STREAM_MESSAGES]);
    }

    listener->n = 0;

    if (--stream->n == 0) {
        ngx_http_comments_notify_stop(stream);
    }
}


void
ngx_http_comments_listener_say(ngx_http_comments_listener_t *listener,
    ngx_http_comments_message_t *message)
{
    ngx_uint_t                   last;
    ngx_connection_t            *c;
    ngx_http_comments_stream_t  *stream;

    if (listener->broken || (message && message->len == 0)) {
        return;
    }

    if (message == NULL
        || listener->n == NGX_HTTP_COMMENTS_STREAM_MESSAGES
        || listener->bytes + message->len > NGX_HTTP_COMMENTS_STREAM_BYTES)
    {
        listener->broken = 1;
        goto moved;
    }

    last = (listener->first + listener->n) % NGX_HTTP_COMMENTS_STREAM_MESSAGES;

    listener->messages[last] = message;
    listener->n++;
    listener->bytes += message->len;
    message->refs++;

    c = listener->request->connection;

    ngx_http_set_log_request(c->log, listener->request);

    if (ngx_http_comments_listener_send(listener) != NGX_OK) {
        listener->broken = 1;
    }

moved:

    stream = listener->stream;

    listener->time = ngx_current_msec;
    ngx_queue_remove(&listener->spoken);

    if (listener->broken) {
        ngx_queue_insert_head(&stream->spoken, &listener->spoken);

    } else {
        ngx_queue_insert_tail(&stream->spoken, &listener->spoken);
    }
}


static void
ngx_http_comments_listener_write(ngx_http_request_t *r)
{
    ngx_event_t                    *wev;
    ngx_http_comments_ctx_t        *ctx;
    ngx_http_comments_listener_t   *listener;

    ctx = ngx_http_get_module_ctx(r, ngx_http_comments_module);
    listener = ctx->listener;
    wev = r->connection->write;

    if (wev->timedout) {
        ngx_log_error(NGX_LOG_INFO, r->connection->log, NGX_ETIMEDOUT,
                      "client timed out");
        r->connection->timedout = 1;
        ngx_http_finalize_request(r, NGX_HTTP_REQUEST_TIME_OUT);
        return;
    }

    if (listener->broken
        || ngx_http_comments_listener_send(listener) != NGX_OK)
    {
        ngx_http_finalize_request(r, NGX_ERROR);
    }
}


/* One message at a time is on its way through nginx's filters. */

static ngx_int_t
ngx_http_comments_listener_send(ngx_http_comments_listener_t *listener)
{
    ngx_buf_t                    *b;
    ngx_event_t                  *wev;
    ngx_chain_t                   out, *in;
    ngx_connection_t             *c;
    ngx_http_request_t           *r;
    ngx_http_core_loc_conf_t     *clcf;
    ngx_http_comments_message_t  *message;

    r = listener->request;
    c = r->connection;
    wev = c->write;
    b = &listener->buf;

    do {
        in = NULL;

        if (!listener->sending && listener->n) {
            message = listener->messages[listener->first];

            ngx_memzero(b, sizeof(ngx_buf_t));
            b->pos = message->data;
            b->last = message->data + message->len;
            b->memory = 1;
            b->flush = 1;

            out.buf = b;
            out.next = NULL;
            in = &out;
            listener->sending = 1;
        }

        if (ngx_http_output_filter(r, in) == NGX_ERROR) {
            return NGX_ERROR;
        }

        if (listener->sending && ngx_buf_size(b) == 0) {
            ngx_http_comments_listener_sent(listener);
        }

    } while (listener->n && !listener->sending && !c->buffered);

    if (!c->buffered && !r->buffered && !listener->sending) {

        if (wev->timer_set) {
            ngx_del_timer(wev);
        }

        return NGX_OK;
    }

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);

    if (!wev->timer_set) {
        ngx_add_timer(wev, clcf->send_timeout);
    }

    return ngx_handle_write_event(wev, clcf->send_lowat);
}


static void
ngx_http_comments_listener_sent(ngx_http_comments_listener_t *listener)
{
    ngx_http_comments_message_t  *message;

    message = listener->messages[listener->first];

    listener->first = (listener->first + 1)
                      % NGX_HTTP_COMMENTS_STREAM_MESSAGES;
    listener->n--;
    listener->bytes -= message->len;
    listener->sending = 0;

    ngx_http_comments_message_free(message);
}


/* The broken ones stand at the head. */

void
ngx_http_comments_stream_sweep(ngx_http_comments_stream_t *stream)
{
    ngx_queue_t                    *q;
    ngx_http_comments_listener_t   *listener;

    while (!ngx_queue_empty(&stream->spoken)) {
        q = ngx_queue_head(&stream->spoken);
        listener = ngx_queue_data(q, ngx_http_comments_listener_t, spoken);

        if (!listener->broken) {
            return;
        }

        ngx_http_comments_listener_end(listener);
    }
}


/* Each second: keep-alive for the silent; on a reload, an end for all. */

void
ngx_http_comments_stream_tick(ngx_http_comments_stream_t *stream)
{
    ngx_msec_t                      silent;
    ngx_queue_t                    *q;
    ngx_http_comments_message_t    *message;
    ngx_http_comments_listener_t   *listener;

    message = NULL;
    silent = stream->worker->conf->stream_keepalive;

    while (!ngx_queue_empty(&stream->spoken)) {
        q = ngx_queue_head(&stream->spoken);
        listener = ngx_queue_data(q, ngx_http_comments_listener_t, spoken);

        if (ngx_exiting || listener->broken) {
            ngx_http_comments_listener_end(listener);
            continue;
        }

        if ((ngx_msec_int_t) (ngx_current_msec - listener->time)
            < (ngx_msec_int_t) silent)
        {
            break;
        }

        if (message == NULL) {
            message = ngx_http_comments_message(":\n\n", 3);
        }

        ngx_http_comments_listener_say(listener, message);
    }

    ngx_http_comments_message_free(message);
}


/*
 * HTTP/2 has many streams on a connection that is not idle, so a reload gets
 * here; they end properly.  What is broken is cut off.
 */

static void
ngx_http_comments_listener_end(ngx_http_comments_listener_t *listener)
{
    ngx_int_t            rc;
    ngx_connection_t    *c;
    ngx_http_request_t  *r;

    r = listener->request;
    c = r->connection;

    ngx_http_set_log_request(c->log, r);

    rc = listener->broken ? NGX_ERROR : ngx_http_send_special(r,
                                                              NGX_HTTP_LAST);

    /* It may stay for a while to send what is left. */

    listener->broken = 1;
    ngx_queue_remove(&listener->spoken);
    ngx_queue_init(&listener->spoken);

    ngx_http_finalize_request(r, rc);
    ngx_http_run_posted_requests(c);
}
