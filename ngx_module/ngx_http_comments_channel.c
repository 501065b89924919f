/*
 * Channels: pages that somebody listens to, and what is said on them.
 */

#include "ngx_http_comments_stream.h"


static int ngx_http_comments_channel_events(ngx_http_comments_stream_t *stream,
    uint64_t *cursor, ngx_queue_t *touched, cmt_error_t *err);
static void ngx_http_comments_collect(ngx_http_comments_stream_t *stream,
    cmt_read_t *read, cmt_event_t *events, size_t n, uint64_t cursor,
    ngx_queue_t *touched);
static void ngx_http_comments_compose(ngx_http_comments_stream_t *stream,
    ngx_http_comments_channel_t *channel, cmt_read_t *read,
    const cmt_thread_t *thread, const cmt_event_t *events, size_t n,
    uint64_t cursor);
static ngx_http_comments_message_t *ngx_http_comments_events(
    ngx_http_comments_stream_t *stream,
    ngx_http_comments_channel_t *channel, cmt_read_t *read,
    const cmt_thread_t *thread, const cmt_event_t *events, size_t n,
    uint64_t after, uint64_t seq);
static void ngx_http_comments_deliver(ngx_http_comments_channel_t *channel,
    uint64_t cursor);
static uint32_t ngx_http_comments_channel_hash(cmt_str_t site,
    cmt_str_t page);
static ngx_int_t ngx_http_comments_same(cmt_str_t a, cmt_str_t b);


ngx_int_t
ngx_http_comments_channel_join(ngx_http_comments_stream_t *stream,
    ngx_http_comments_loc_conf_t *conf, cmt_str_t page,
    ngx_http_comments_listener_t *listener)
{
    uint32_t                       hash;
    ngx_http_comments_channel_t   *channel, **bucket;

    hash = ngx_http_comments_channel_hash(conf->site.name, page);
    bucket = &stream->buckets[hash % NGX_HTTP_COMMENTS_STREAM_BUCKETS];

    for (channel = *bucket; channel; channel = channel->next) {
        if (channel->hash == hash && channel->conf == conf
            && channel->len == page.len
            && ngx_memcmp(channel->page, page.data, page.len) == 0)
        {
            break;
        }
    }

    if (channel == NULL) {
        channel = ngx_alloc(sizeof(ngx_http_comments_channel_t) + page.len,
                            stream->worker->log);
        if (channel == NULL) {
            return NGX_ERROR;
        }

        channel->conf = conf;
        channel->message = NULL;
        channel->hash = hash;
        channel->len = page.len;
        ngx_memcpy(channel->page, page.data, page.len);
        ngx_queue_init(&channel->listeners);

        channel->next = *bucket;
        *bucket = channel;
    }

    listener->channel = channel;
    ngx_queue_insert_tail(&channel->listeners, &listener->queue);

    return NGX_OK;
}


void
ngx_http_comments_channel_leave(ngx_http_comments_listener_t *listener)
{
    ngx_http_comments_stream_t    *stream;
    ngx_http_comments_channel_t   *channel, **link;

    stream = listener->stream;
    channel = listener->channel;

    ngx_queue_remove(&listener->queue);

    if (!ngx_queue_empty(&channel->listeners)) {
        return;
    }

    link = &stream->buckets[channel->hash % NGX_HTTP_COMMENTS_STREAM_BUCKETS];

    while (*link != channel) {
        link = &(*link)->next;
    }

    *link = channel->next;
    ngx_free(channel);
}


ngx_int_t
ngx_http_comments_channel_read(ngx_http_comments_stream_t *stream)
{
    int                           rc;
    uint64_t                      cursor, from;
    ngx_queue_t                   touched, *q;
    cmt_error_t                   err;
    ngx_http_comments_worker_t   *worker;
    ngx_http_comments_channel_t  *channel;

    worker = stream->worker;

    if (stream->n == 0 || worker->store == NULL) {
        return NGX_DECLINED;
    }

    ngx_memzero(&err, sizeof(cmt_error_t));
    ngx_queue_init(&touched);

    from = stream->cursor;
    cursor = from;

    rc = ngx_http_comments_channel_events(stream, &cursor, &touched, &err);

    if (rc != CMT_OK && rc != stream->rc) {
        ngx_log_error(NGX_LOG_ERR, worker->log, 0,
                      "comments: live streams cannot read the journal: "
                      "%s (%s)", err.detail, cmt_error_code(rc));
    }

    stream->rc = rc;

    if (rc != CMT_OK) {
        return NGX_DECLINED;
    }

    stream->cursor = cursor;

    while (!ngx_queue_empty(&touched)) {
        q = ngx_queue_head(&touched);
        ngx_queue_remove(q);

        channel = ngx_queue_data(q, ngx_http_comments_channel_t, touched);
        ngx_http_comments_deliver(channel, cursor);
    }

    ngx_http_comments_stream_sweep(stream);

    return cursor == from ? NGX_DECLINED
           : cursor - from == NGX_HTTP_COMMENTS_STREAM_ENTRIES ? NGX_AGAIN
           : NGX_OK;
}


/* What the journal has behind the cursor goes to the channels it is about,
 * which are in the queue then. */

static int
ngx_http_comments_channel_events(ngx_http_comments_stream_t *stream,
    uint64_t *cursor, ngx_queue_t *touched, cmt_error_t *err)
{
    int           rc;
    size_t        i, n;
    cmt_read_t   *read;
    cmt_arena_t  *arena;
    cmt_event_t  *events;

    arena = stream->worker->arena;
    cmt_arena_reset(arena);

    n = NGX_HTTP_COMMENTS_STREAM_ENTRIES;

    events = cmt_alloc(arena, n * sizeof(cmt_event_t));
    if (events == NULL) {
        return CMT_ENOMEM;
    }

    rc = cmt_read_begin(stream->worker->store, &read, err);
    if (rc != CMT_OK) {
        return rc;
    }

    rc = cmt_journal_read(read, 0, cursor, events, &n, err);

    for (i = 0; rc == CMT_OK && i < n; i++) {
        if (events[i].thread) {
            ngx_http_comments_collect(stream, read, &events[i], n - i,
                                      *cursor, touched);
        }
    }

    cmt_read_end(read);

    return rc;
}


/*
 * All events of the first one's thread, for the channels of its page; they
 * are marked as done.
 */

static void
ngx_http_comments_collect(ngx_http_comments_stream_t *stream,
    cmt_read_t *read, cmt_event_t *events, size_t n, uint64_t cursor,
    ngx_queue_t *touched)
{
    size_t                         i;
    uint32_t                       hash;
    cmt_str_t                      site, page;
    cmt_thread_t                   thread;
    ngx_http_comments_channel_t   *channel;

    hash = 0;
    channel = NULL;
    thread.id = events[0].thread;

    if (cmt_event_thread(read, thread.id, stream->worker->arena, &site,
                         &thread, NULL)
        == CMT_OK)
    {
        hash = ngx_http_comments_channel_hash(site, thread.page);
        channel = stream->buckets[hash % NGX_HTTP_COMMENTS_STREAM_BUCKETS];
    }

    for ( /* void */ ; channel; channel = channel->next) {

        page.len = channel->len;
        page.data = channel->page;

        if (channel->hash == hash
            && ngx_http_comments_same(channel->conf->site.name, site)
            && ngx_http_comments_same(page, thread.page))
        {
            ngx_http_comments_compose(stream, channel, read, &thread, events,
                                      n, cursor);
            ngx_queue_insert_tail(touched, &channel->touched);
        }
    }

    for (i = n; i-- > 0; /* void */ ) {
        if (events[i].thread == thread.id) {
            events[i].thread = 0;
        }
    }
}


/*
 * One message for all; and one of their own for those who came when the
 * journal was longer than the stream had read, and know a part of it.
 */

static void
ngx_http_comments_compose(ngx_http_comments_stream_t *stream,
    ngx_http_comments_channel_t *channel, cmt_read_t *read,
    const cmt_thread_t *thread, const cmt_event_t *events, size_t n,
    uint64_t cursor)
{
    ngx_queue_t                     *q;
    ngx_http_comments_listener_t    *listener;

    channel->message = ngx_http_comments_events(stream, channel, read, thread,
                                                events, n, 0, cursor);

    for (q = ngx_queue_head(&channel->listeners);
         q != ngx_queue_sentinel(&channel->listeners);
         q = ngx_queue_next(q))
    {
        listener = ngx_queue_data(q, ngx_http_comments_listener_t, queue);

        if (listener->seq > stream->cursor && listener->seq < cursor) {
            listener->own = ngx_http_comments_events(stream, channel, read,
                                                     thread, events, n,
                                                     listener->seq, cursor);
        }
    }
}


/* Of length 0: nothing that is seen.  NULL: no memory. */

static ngx_http_comments_message_t *
ngx_http_comments_events(ngx_http_comments_stream_t *stream,
    ngx_http_comments_channel_t *channel, cmt_read_t *read,
    const cmt_thread_t *thread, const cmt_event_t *events, size_t n,
    uint64_t after, uint64_t seq)
{
    u_char       reset[NGX_HTTP_COMMENTS_RESET_BYTES];
    cmt_str_t    text;

    if (cmt_events_text(read, &channel->conf->site, thread, events, n, after,
                        seq, 0, stream->worker->arena, &text, NULL)
        != CMT_OK
        || text.len > NGX_HTTP_COMMENTS_STREAM_BYTES)
    {
        text.len = ngx_http_comments_reset_text(reset, seq);
        text.data = (char *) reset;
    }

    return ngx_http_comments_message(text.data, text.len);
}


static void
ngx_http_comments_deliver(ngx_http_comments_channel_t *channel,
    uint64_t cursor)
{
    ngx_queue_t                    *q;
    ngx_http_comments_message_t    *message;
    ngx_http_comments_listener_t   *listener;

    for (q = ngx_queue_head(&channel->listeners);
         q != ngx_queue_sentinel(&channel->listeners);
         q = ngx_queue_next(q))
    {
        listener = ngx_queue_data(q, ngx_http_comments_listener_t, queue);

        message = listener->own ? listener->own : channel->message;

        if (listener->seq < cursor) {
            listener->seq = cursor;
            ngx_http_comments_listener_say(listener, message);
        }

        if (listener->own) {
            ngx_http_comments_message_free(listener->own);
            listener->own = NULL;
        }
    }

    ngx_http_comments_message_free(channel->message);
    channel->message = NULL;
}


size_t
ngx_http_comments_reset_text(u_char *text, uint64_t seq)
{
    return ngx_sprintf(text, "event: reset\nid: %uL\ndata: {}\n\n", seq)
           - text;
}


ngx_http_comments_message_t *
ngx_http_comments_message(const char *text, size_t len)
{
    ngx_http_comments_message_t  *message;

    message = ngx_alloc(sizeof(ngx_http_comments_message_t) + len,
                        ngx_cycle->log);

    if (message) {
        message->refs = 1;
        message->len = len;
        ngx_memcpy(message->data, text, len);
    }

    return message;
}


void
ngx_http_comments_message_free(ngx_http_comments_message_t *message)
{
    if (message && --message->refs == 0) {
        ngx_free(message);
    }
}


static uint32_t
ngx_http_comments_channel_hash(cmt_str_t site, cmt_str_t page)
{
    return ngx_murmur_hash2((u_char *) page.data, page.len)
           ^ (ngx_murmur_hash2((u_char *) site.data, site.len) * 31);
}


static ngx_int_t
ngx_http_comments_same(cmt_str_t a, cmt_str_t b)
{
    return a.len == b.len && ngx_memcmp(a.data, b.data, a.len) == 0;
}
