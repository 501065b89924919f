/*
 * From a post to its place in the store, in two steps that run in threads of
 * the pool:
 *
 *   to_prepare --> prepares[0..3] --> to_commit --> commit --> answers
 *                  32 posts each       all that wait, one transaction
 *
 * Moderators have lanes beside to_prepare: one for whoever is signed in, whose
 * searches may take long, one for signing in, which takes as long as the hash
 * of a password, and one for trying rules, which may take seconds.  So none
 * keeps readers waiting, nor each other.
 *
 * While a commit is on its way to the disk, the posts that arrive gather, and
 * the next commit takes them all: the more there are, the more share the cost
 * of one sync, and of the pages above those of each post.  So a commit also
 * waits for the posts that are being prepared, when there are any, but not for
 * long.  A task starts the next one of its kind before the answers of its own
 * posts are written.
 *
 * The queues belong to the event loop.  A thread sees only the batch that it
 * was given and the posts in it, which nobody else touches meanwhile.
 */

#include "ngx_http_comments_desk.h"


static void ngx_http_comments_batch_init(ngx_http_comments_worker_t *worker,
    ngx_http_comments_batch_t *batch, void (*work)(void *, ngx_log_t *),
    ngx_event_handler_pt done);
static void ngx_http_comments_start_prepare(
    ngx_http_comments_worker_t *worker);
static void ngx_http_comments_lane_init(ngx_http_comments_worker_t *worker,
    ngx_http_comments_lane_t *lane, ngx_uint_t waiting_max, ngx_uint_t share);
static void ngx_http_comments_start_lane(ngx_http_comments_lane_t *lane);
static void ngx_http_comments_start_commit(ngx_http_comments_worker_t *worker);
static ngx_uint_t ngx_http_comments_preparing(
    ngx_http_comments_worker_t *worker);
static void ngx_http_comments_gathered(ngx_event_t *ev);
static void ngx_http_comments_commit_now(ngx_http_comments_worker_t *worker);
static void ngx_http_comments_start(ngx_http_comments_batch_t *batch,
    ngx_queue_t *queue, ngx_uint_t max);
static void ngx_http_comments_prepare(void *data, ngx_log_t *log);
static void ngx_http_comments_prepare_one(cmt_store_t *store,
    ngx_http_comments_post_t *post);
static void ngx_http_comments_prepare_done(ngx_event_t *ev);
static void ngx_http_comments_commit(void *data, ngx_log_t *log);
static void ngx_http_comments_commit_done(ngx_event_t *ev);
static ngx_int_t ngx_http_comments_late(ngx_event_t *ev);
static void ngx_http_comments_answer(ngx_http_comments_worker_t *worker,
    ngx_http_comments_post_t *post);


void
ngx_http_comments_writer_init(ngx_http_comments_worker_t *worker)
{
    ngx_uint_t  i;

    ngx_queue_init(&worker->to_prepare);
    ngx_queue_init(&worker->to_commit);

    for (i = 0; i < NGX_HTTP_COMMENTS_PREPARES; i++) {
        ngx_http_comments_batch_init(worker, &worker->prepares[i],
                                     ngx_http_comments_prepare,
                                     ngx_http_comments_prepare_done);
    }

    ngx_http_comments_batch_init(worker, &worker->commit,
                                 ngx_http_comments_commit,
                                 ngx_http_comments_commit_done);

    worker->gather.handler = ngx_http_comments_gathered;
    worker->gather.data = &worker->commit.connection;
    worker->gather.log = worker->log;

    ngx_http_comments_lane_init(worker, &worker->desk,
                                NGX_HTTP_COMMENTS_DESK_QUEUE,
                                NGX_HTTP_COMMENTS_DESK_POSTS);
    ngx_http_comments_lane_init(worker, &worker->door,
                                NGX_HTTP_COMMENTS_DOOR_QUEUE, 1);
    ngx_http_comments_lane_init(worker, &worker->console,
                                NGX_HTTP_COMMENTS_CONSOLE_QUEUE, 1);
}


static void
ngx_http_comments_lane_init(ngx_http_comments_worker_t *worker,
    ngx_http_comments_lane_t *lane, ngx_uint_t waiting_max, ngx_uint_t share)
{
    ngx_queue_init(&lane->queue);

    lane->waiting_max = waiting_max;
    lane->share = share;

    ngx_http_comments_batch_init(worker, &lane->batch,
                                 ngx_http_comments_prepare,
                                 ngx_http_comments_prepare_done);
    lane->batch.lane = lane;
}


static void
ngx_http_comments_batch_init(ngx_http_comments_worker_t *worker,
    ngx_http_comments_batch_t *batch, void (*work)(void *, ngx_log_t *),
    ngx_event_handler_pt done)
{
    batch->worker = worker;
    batch->connection.fd = (ngx_socket_t) -1;
    batch->connection.data = batch;

    batch->task.ctx = batch;
    batch->task.handler = work;
    batch->task.event.handler = done;
    batch->task.event.data = &batch->connection;
    batch->task.event.log = worker->log;
}


ngx_int_t
ngx_http_comments_writer_full(ngx_http_comments_worker_t *worker,
    ngx_http_comments_lane_t *lane)
{
    if (lane) {
        return lane->waiting >= lane->waiting_max;
    }

    return worker->waiting >= worker->conf->queue;
}


void
ngx_http_comments_writer_add(ngx_http_comments_worker_t *worker,
    ngx_http_comments_post_t *post)
{
    if (post->lane) {
        post->lane->waiting++;
        ngx_queue_insert_tail(&post->lane->queue, &post->queue);

        ngx_http_comments_start_lane(post->lane);
        return;
    }

    worker->waiting++;
    worker->unprepared++;
    ngx_queue_insert_tail(&worker->to_prepare, &post->queue);

    ngx_http_comments_start_prepare(worker);
}


static void
ngx_http_comments_start_prepare(ngx_http_comments_worker_t *worker)
{
    ngx_uint_t                  i, free, tasks, share;
    ngx_http_comments_batch_t  *batch;

    free = 0;

    for (i = 0; i < NGX_HTTP_COMMENTS_PREPARES; i++) {
        free += (worker->prepares[i].n == 0);
    }

    for (i = 0; i < NGX_HTTP_COMMENTS_PREPARES; i++) {
        batch = &worker->prepares[i];

        if (worker->unprepared == 0) {
            return;
        }

        tasks = worker->unprepared / NGX_HTTP_COMMENTS_PREPARE_WORTH;

        if (tasks == 0 && free < NGX_HTTP_COMMENTS_PREPARES) {
            /* A task that runs will be back before another thread woke up. */
            return;
        }

        if (batch->n == 0) {
            tasks = ngx_max(1, ngx_min(tasks, free));
            share = (worker->unprepared + tasks - 1) / tasks;
            share = ngx_min(share, NGX_HTTP_COMMENTS_PREPARE_POSTS);

            worker->unprepared -= share;
            free--;

            ngx_http_comments_start(batch, &worker->to_prepare, share);
        }
    }
}


static void
ngx_http_comments_start_lane(ngx_http_comments_lane_t *lane)
{
    if (lane->batch.n == 0 && !ngx_queue_empty(&lane->queue)) {
        ngx_http_comments_start(&lane->batch, &lane->queue, lane->share);
    }
}


static void
ngx_http_comments_start_commit(ngx_http_comments_worker_t *worker)
{
    if (worker->commit.n || ngx_queue_empty(&worker->to_commit)) {
        return;
    }

    if (ngx_http_comments_preparing(worker)) {

        if (!worker->gather.timer_set) {
            ngx_add_timer(&worker->gather, NGX_HTTP_COMMENTS_GATHER_MSEC);
        }

        return;
    }

    ngx_http_comments_commit_now(worker);
}


static ngx_uint_t
ngx_http_comments_preparing(ngx_http_comments_worker_t *worker)
{
    ngx_uint_t  i;

    for (i = 0; i < NGX_HTTP_COMMENTS_PREPARES; i++) {

        if (worker->prepares[i].n) {
            return 1;
        }
    }

    return worker->unprepared > 0;
}


static void
ngx_http_comments_gathered(ngx_event_t *ev)
{
    ngx_connection_t *c = ev->data;
    ngx_http_comments_batch_t *batch = c->data;

    ngx_http_comments_commit_now(batch->worker);
}


static void
ngx_http_comments_commit_now(ngx_http_comments_worker_t *worker)
{
    if (worker->gather.timer_set) {
        ngx_del_timer(&worker->gather);
    }

    ngx_http_comments_start(&worker->commit, &worker->to_commit,
                            CMT_BATCH_CHANGES_MAX);
}


/* Fills the batch from the queue and hands it to a thread. */

static void
ngx_http_comments_start(ngx_http_comments_batch_t *batch, ngx_queue_t *queue,
    ngx_uint_t max)
{
    ngx_uint_t                 i, n;
    ngx_queue_t               *q;
    ngx_http_comments_post_t  *posts[CMT_BATCH_CHANGES_MAX];

    for (n = 0; n < max && !ngx_queue_empty(queue); n++) {
        q = ngx_queue_head(queue);
        ngx_queue_remove(q);

        posts[n] = ngx_queue_data(q, ngx_http_comments_post_t, queue);
        batch->posts[n] = posts[n];
    }

    batch->n = n;
    batch->store = batch->worker->store;

    if (ngx_thread_task_post(batch->worker->conf->pool, &batch->task)
        == NGX_OK)
    {
        /* A worker that was told to leave stays while a timer runs. */

        ngx_add_timer(&batch->task.event, NGX_HTTP_COMMENTS_TASK_MSEC);
        return;
    }

    batch->n = 0;

    for (i = 0; i < n; i++) {
        posts[i]->rc = ngx_http_comments_fail(&posts[i]->error, CMT_EBUSY,
                                              NULL);
        ngx_http_comments_answer(batch->worker, posts[i]);
    }
}


/* In a thread. */

static void
ngx_http_comments_prepare(void *data, ngx_log_t *log)
{
    ngx_http_comments_batch_t *batch = data;

    ngx_uint_t  i;

    for (i = 0; i < batch->n; i++) {
        ngx_http_comments_prepare_one(batch->store, batch->posts[i]);
    }
}


static void
ngx_http_comments_prepare_one(cmt_store_t *store,
    ngx_http_comments_post_t *post)
{
    int        rc;
    cmt_str_t  body;

    body.data = (const char *) post->body;
    body.len = post->len;

    rc = CMT_OK;

    if (!post->parsed
        && (post->len || !post->action->empty)
        && !(post->action->flags & NGX_HTTP_COMMENTS_DESK_UNPARSED))
    {
        rc = cmt_form_parse(post->arena, post->content_type, body,
                            &post->submission.form, &post->error);
        post->parsed = (rc == CMT_OK);
    }

    if (rc == CMT_OK) {
        rc = ngx_http_comments_page_known(store, post);
    }

    if (post->desk) {
        rc = ngx_http_comments_desk_work(store, post, rc);

    } else if (rc == CMT_OK) {
        rc = ngx_http_comments_action_prepare(store, post);
    }

    /* A page that is asked for brings the post here again. */

    if (post->page_state != NGX_HTTP_COMMENTS_PAGE_ASK) {
        ngx_explicit_memzero(post->body, post->len);
    }

    post->rc = rc;
    post->error.rc = rc;
}


static void
ngx_http_comments_prepare_done(ngx_event_t *ev)
{
    ngx_connection_t *c = ev->data;
    ngx_http_comments_batch_t *batch = c->data;

    ngx_uint_t                   i, n;
    ngx_http_comments_post_t    *post, *ready[CMT_BATCH_CHANGES_MAX];
    ngx_http_comments_worker_t  *worker;

    if (ngx_http_comments_late(ev)) {
        return;
    }

    worker = batch->worker;
    n = 0;

    for (i = 0; i < batch->n; i++) {
        post = batch->posts[i];

        if (post->rc == CMT_OK && post->change) {
            ngx_queue_insert_tail(&worker->to_commit, &post->queue);

        } else {
            ready[n++] = post;     /* refused, or nothing to write */
        }
    }

    batch->n = 0;

    ngx_http_comments_start_commit(worker);

    if (batch->lane) {
        ngx_http_comments_start_lane(batch->lane);

    } else {
        ngx_http_comments_start_prepare(worker);
    }

    for (i = 0; i < n; i++) {
        ngx_http_comments_answer(worker, ready[i]);
    }
}


/* In a thread. */

static void
ngx_http_comments_commit(void *data, ngx_log_t *log)
{
    ngx_http_comments_batch_t *batch = data;

    ngx_uint_t  i;

    for (i = 0; i < batch->n; i++) {
        batch->changes[i] = batch->posts[i]->change;
    }

    cmt_commit(batch->store, batch->changes, batch->n);
}


static void
ngx_http_comments_commit_done(ngx_event_t *ev)
{
    ngx_connection_t *c = ev->data;
    ngx_http_comments_batch_t *batch = c->data;

    ngx_uint_t                   i, n;
    ngx_http_comments_post_t    *posts[CMT_BATCH_CHANGES_MAX];
    ngx_http_comments_worker_t  *worker;

    if (ngx_http_comments_late(ev)) {
        return;
    }

    worker = batch->worker;

    n = batch->n;
    ngx_memcpy(posts, batch->posts, n * sizeof(ngx_http_comments_post_t *));

    batch->n = 0;

    ngx_http_comments_start_commit(worker);

    for (i = 0; i < n; i++) {
        ngx_http_comments_answer(worker, posts[i]);
    }
}


/* True when it was only the timer; else the timer is gone. */

static ngx_int_t
ngx_http_comments_late(ngx_event_t *ev)
{
    if (ev->timedout) {
        ev->timedout = 0;

        ngx_log_error(NGX_LOG_ALERT, ev->log, 0,
                      "comments: a task takes longer than %d ms",
                      NGX_HTTP_COMMENTS_TASK_MSEC);

        ngx_add_timer(ev, NGX_HTTP_COMMENTS_TASK_MSEC);
        return 1;
    }

    ev->complete = 0;

    if (ev->timer_set) {
        ngx_del_timer(ev);
    }

    return 0;
}


/*
 * Gives the request back to nginx.  When the client is gone, nginx has put
 * its own write_event_handler there, which ends the request.
 */

static void
ngx_http_comments_answer(ngx_http_comments_worker_t *worker,
    ngx_http_comments_post_t *post)
{
    ngx_connection_t    *c;
    ngx_http_request_t  *r;

    r = post->request;
    c = r->connection;

    ngx_http_set_log_request(c->log, r);

    if (post->lane) {
        post->lane->waiting--;

    } else {
        worker->waiting--;
    }

    r->main->blocked--;
    r->aio = 0;

    r->write_event_handler(r);

    ngx_http_run_posted_requests(c);
}
