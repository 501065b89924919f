/*
 * ngx_http_comments_stream.h: what the three files of live streams share.
 *
 *   _notify.c     when to look: the store's file changed, or time has passed
 *   _channel.c    what happened since, and whom it matters to
 *   _stream.c     the listeners: how they come, are written to, and go
 *
 *   stream -> buckets[hash of site and page] -> channel -> channel -> NULL
 *                                               listeners <-> listeners
 *
 * A channel is a page as one location shows it; it is there as long as
 * somebody listens.  What is to be said is rendered once for all of them, as
 * a message that counts who still has to send it.
 */

#ifndef NGX_HTTP_COMMENTS_STREAM_H
#define NGX_HTTP_COMMENTS_STREAM_H

#include "ngx_http_comments_module.h"


#define NGX_HTTP_COMMENTS_STREAM_BUCKETS   1024
#define NGX_HTTP_COMMENTS_STREAM_ENTRIES   256     /* read at a time         */
#define NGX_HTTP_COMMENTS_STREAM_BEHIND    1024    /* entries, to resume     */
#define NGX_HTTP_COMMENTS_STREAM_MESSAGES  8       /* that one may leave     */
#define NGX_HTTP_COMMENTS_STREAM_BYTES     262144  /* waiting; their sum     */
#define NGX_HTTP_COMMENTS_STREAM_TICK_MSEC     1000
#define NGX_HTTP_COMMENTS_STREAM_RECHECK_MSEC  32  /* at most                */


typedef struct {
    ngx_uint_t                       refs;
    size_t                           len;
    u_char                           data[];
} ngx_http_comments_message_t;


typedef struct ngx_http_comments_channel_s   ngx_http_comments_channel_t;

struct ngx_http_comments_channel_s {
    ngx_http_comments_channel_t     *next;     /* in its bucket              */
    ngx_queue_t                      touched;
    ngx_queue_t                      listeners;
    ngx_http_comments_loc_conf_t    *conf;
    ngx_http_comments_message_t     *message;  /* about to be delivered      */
    uint32_t                         hash;
    size_t                           len;
    char                             page[];
};


typedef struct {
    ngx_queue_t                      queue;    /* of its channel             */
    ngx_queue_t                      spoken;   /* of the stream              */
    ngx_http_request_t              *request;
    ngx_http_comments_stream_t      *stream;
    ngx_http_comments_channel_t     *channel;
    uint64_t                         seq;      /* has all up to this entry   */
    ngx_http_comments_message_t     *own;      /* instead of the channel's   */

    ngx_msec_t                       time;     /* of the last byte           */
    ngx_http_comments_message_t     *messages[
                                         NGX_HTTP_COMMENTS_STREAM_MESSAGES];
    ngx_uint_t                       first;    /* of the ring; it is sent    */
    ngx_uint_t                       n;
    size_t                           bytes;
    ngx_buf_t                        buf;
    unsigned                         sending:1;
    unsigned                         broken:1;
} ngx_http_comments_listener_t;


struct ngx_http_comments_stream_s {
    ngx_http_comments_worker_t      *worker;
    ngx_uint_t                       n;        /* listeners                  */
    ngx_uint_t                       max;
    uint64_t                         cursor;   /* last entry that was read   */
    int                              rc;       /* of reading, told once      */
    ngx_queue_t                      spoken;   /* longest silent first       */

    ngx_connection_t                *watch;    /* of the store's file        */
    ngx_event_t                      tick;
    ngx_event_t                      recheck;
    ngx_msec_t                       wait;     /* before the next recheck    */

    ngx_http_comments_channel_t     *buckets[
                                         NGX_HTTP_COMMENTS_STREAM_BUCKETS];
};


/* _notify.c: while anybody listens, and for ever once a file is watched. */
void ngx_http_comments_notify_init(ngx_http_comments_stream_t *stream);
void ngx_http_comments_notify_start(ngx_http_comments_stream_t *stream);
void ngx_http_comments_notify_stop(ngx_http_comments_stream_t *stream);
void ngx_http_comments_notify_close(ngx_http_comments_stream_t *stream);

/* _channel.c */
ngx_int_t ngx_http_comments_channel_join(ngx_http_comments_stream_t *stream,
    ngx_http_comments_loc_conf_t *conf, cmt_str_t page,
    ngx_http_comments_listener_t *listener);
void ngx_http_comments_channel_leave(ngx_http_comments_listener_t *listener);
/* Reads on in the journal and delivers.  NGX_OK: there was something new;
 * NGX_DECLINED: nothing; NGX_AGAIN: there is more. */
ngx_int_t ngx_http_comments_channel_read(ngx_http_comments_stream_t *stream);
/* Tells a client to load the thread anew. */
#define NGX_HTTP_COMMENTS_RESET_BYTES                                         \
    (sizeof("event: reset\nid: \ndata: {}\n\n") + NGX_INT64_LEN)
size_t ngx_http_comments_reset_text(u_char *text, uint64_t seq);

/* NULL: no memory. */
ngx_http_comments_message_t *ngx_http_comments_message(const char *text,
    size_t len);
void ngx_http_comments_message_free(ngx_http_comments_message_t *message);

/* _stream.c */
void ngx_http_comments_listener_say(ngx_http_comments_listener_t *listener,
    ngx_http_comments_message_t *message);
/* Ends those that say() could not write to: not inside of a loop over
 * listeners. */
void ngx_http_comments_stream_sweep(ngx_http_comments_stream_t *stream);
void ngx_http_comments_stream_tick(ngx_http_comments_stream_t *stream);


#endif /* NGX_HTTP_COMMENTS_STREAM_H */
