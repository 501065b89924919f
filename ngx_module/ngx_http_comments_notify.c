/*
 * When live streams look into the journal: when the store's file was written
 * to by any process, and each second in case that was not seen.
 *
 * LMDB writes its pages before readers can see the transaction, so the news
 * comes early: while a look finds nothing, there is another one after 1, 2,
 * 4 ... ms.  The snapshot is the truth, the news only says when to take one.
 */

#include <sys/inotify.h>

#include "ngx_http_comments_stream.h"


static void ngx_http_comments_watch(ngx_http_comments_stream_t *stream);
static void ngx_http_comments_watch_handler(ngx_event_t *ev);
static void ngx_http_comments_recheck_handler(ngx_event_t *ev);
static void ngx_http_comments_tick_handler(ngx_event_t *ev);
static void ngx_http_comments_look(ngx_http_comments_stream_t *stream);


void
ngx_http_comments_notify_init(ngx_http_comments_stream_t *stream)
{
    ngx_http_comments_worker_t  *worker;

    worker = stream->worker;

    /* tick is not cancelable: a worker that is told to leave stays until it
     * has ended the streams, and with the last one the timer goes. */

    stream->tick.handler = ngx_http_comments_tick_handler;
    stream->tick.data = &worker->connection;
    stream->tick.log = worker->log;

    stream->recheck.handler = ngx_http_comments_recheck_handler;
    stream->recheck.data = &worker->connection;
    stream->recheck.log = worker->log;
    stream->recheck.cancelable = 1;
}


void
ngx_http_comments_notify_start(ngx_http_comments_stream_t *stream)
{
    if (stream->watch == NULL) {
        ngx_http_comments_watch(stream);
    }

    if (!stream->tick.timer_set) {
        ngx_add_timer(&stream->tick, NGX_HTTP_COMMENTS_STREAM_TICK_MSEC);
    }
}


void
ngx_http_comments_notify_stop(ngx_http_comments_stream_t *stream)
{
    if (stream->tick.timer_set) {
        ngx_del_timer(&stream->tick);
    }

    if (stream->recheck.timer_set) {
        ngx_del_timer(&stream->recheck);
    }
}


void
ngx_http_comments_notify_close(ngx_http_comments_stream_t *stream)
{
    ngx_http_comments_notify_stop(stream);

    if (stream->watch) {
        ngx_close_connection(stream->watch);
        stream->watch = NULL;
    }
}


/* Without it there is the tick. */

static void
ngx_http_comments_watch(ngx_http_comments_stream_t *stream)
{
    int                fd;
    u_char             path[NGX_MAX_PATH];
    ngx_log_t         *log;
    ngx_str_t         *store;
    ngx_connection_t  *c;

    log = stream->worker->log;
    store = &stream->worker->conf->store;

    if (store->len + sizeof("/data.mdb") > sizeof(path)) {
        return;
    }

    *ngx_sprintf(path, "%V/data.mdb", store) = '\0';

    fd = inotify_init1(IN_NONBLOCK|IN_CLOEXEC);

    if (fd == -1
        || inotify_add_watch(fd, (char *) path, IN_MODIFY) == -1)
    {
        ngx_log_error(NGX_LOG_NOTICE, log, ngx_errno,
                      "\"%s\" cannot be watched, live streams look each "
                      "second", path);
        goto failed;
    }

    c = ngx_get_connection(fd, log);
    if (c == NULL) {
        goto failed;
    }

    c->log = log;
    c->data = stream;
    c->read->handler = ngx_http_comments_watch_handler;
    c->read->log = log;
    c->write->log = log;

    if (ngx_handle_read_event(c->read, 0) != NGX_OK) {
        ngx_close_connection(c);
        return;
    }

    stream->watch = c;

    return;

failed:

    if (fd != -1) {
        (void) close(fd);
    }
}


static void
ngx_http_comments_watch_handler(ngx_event_t *ev)
{
    u_char                       news[4096];
    ssize_t                      n;
    ngx_connection_t            *c;
    ngx_http_comments_stream_t  *stream;

    c = ev->data;
    stream = c->data;

    do {
        n = read(c->fd, news, sizeof(news));
    } while (n > 0 || (n == -1 && ngx_errno == NGX_EINTR));

    ev->ready = 0;

    if (ngx_handle_read_event(ev, 0) != NGX_OK || stream->n == 0) {
        return;
    }

    stream->wait = 1;
    ngx_http_comments_look(stream);
}


static void
ngx_http_comments_recheck_handler(ngx_event_t *ev)
{
    ngx_connection_t *c = ev->data;
    ngx_http_comments_worker_t *worker = c->data;

    ngx_http_comments_look(worker->stream);
}


static void
ngx_http_comments_tick_handler(ngx_event_t *ev)
{
    ngx_connection_t *c = ev->data;
    ngx_http_comments_worker_t *worker = c->data;

    ngx_http_comments_stream_t  *stream;

    stream = worker->stream;

    ngx_http_comments_look(stream);
    ngx_http_comments_stream_tick(stream);

    if (stream->n && !ev->timer_set) {
        ngx_add_timer(ev, NGX_HTTP_COMMENTS_STREAM_TICK_MSEC);
    }
}


static void
ngx_http_comments_look(ngx_http_comments_stream_t *stream)
{
    ngx_int_t  rc;

    rc = ngx_http_comments_channel_read(stream);

    /* What was found need not be what the news was about. */

    if (rc == NGX_AGAIN || (rc == NGX_OK && stream->wait)) {
        stream->wait = 1;
    }

    /* A timer that is set would be left as it is. */

    if (stream->recheck.timer_set) {
        ngx_del_timer(&stream->recheck);
    }

    if (stream->n == 0 || stream->wait == 0
        || stream->wait > NGX_HTTP_COMMENTS_STREAM_RECHECK_MSEC)
    {
        stream->wait = 0;
        return;
    }

    ngx_add_timer(&stream->recheck, stream->wait);
    stream->wait *= 2;
}
