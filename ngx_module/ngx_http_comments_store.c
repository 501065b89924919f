/*
 * The store of a worker process: opened when the worker starts, tried again
 * each second while that fails, kept tidy by a task each minute, closed with
 * the pool of the configuration.
 */

#include "ngx_http_comments_cache.h"
#include "ngx_http_comments_insert.h"
#include "ngx_http_comments_rules.h"


static void ngx_http_comments_worker_events(
    ngx_http_comments_worker_t *worker);
static void ngx_http_comments_open(ngx_http_comments_worker_t *worker);
static unsigned ngx_http_comments_died(void);
static void ngx_http_comments_reopen_handler(ngx_event_t *ev);
static void ngx_http_comments_maintain_handler(ngx_event_t *ev);
static void ngx_http_comments_maintain_task(void *data, ngx_log_t *log);
static void ngx_http_comments_maintain_done(ngx_event_t *ev);
static void ngx_http_comments_worker_stop(void *data);


ngx_int_t
ngx_http_comments_worker_start(ngx_cycle_t *cycle)
{
    size_t                          known;
    ngx_pool_cleanup_t             *cln;
    ngx_http_comments_worker_t     *worker;
    ngx_http_comments_main_conf_t  *cmcf;

    if (ngx_process != NGX_PROCESS_WORKER && ngx_process != NGX_PROCESS_SINGLE)
    {
        return NGX_OK;
    }

    cmcf = ngx_http_cycle_get_module_main_conf(cycle,
                                               ngx_http_comments_module);

    if (cmcf == NULL || cmcf->file == NULL) {
        return NGX_OK;
    }

    ngx_http_comments_add_insert_header_filter();

    worker = ngx_pcalloc(cycle->pool, sizeof(ngx_http_comments_worker_t));
    cln = ngx_pool_cleanup_add(cycle->pool, 0);

    if (worker == NULL || cln == NULL) {
        return NGX_ERROR;
    }

    cmt_languages_warm();

    worker->conf = cmcf;
    worker->log = cycle->log;
    ngx_http_comments_worker_events(worker);

    cln->handler = ngx_http_comments_worker_stop;
    cln->data = worker;

    worker->arena = cmt_arena_create(CMT_ARENA_BYTES_MAX);
    if (worker->arena == NULL) {
        return NGX_ERROR;
    }

    if (cmcf->cache) {
        known = cmcf->cache / NGX_HTTP_COMMENTS_KNOWN_SHARE;

        if (ngx_http_comments_known_create(worker, &known) != NGX_OK) {
            return NGX_ERROR;
        }

        worker->cache = ngx_http_comments_cache_create(cmcf->cache - known);
        if (worker->cache == NULL) {
            return NGX_ERROR;
        }
    }

    worker->stream = ngx_http_comments_stream_create(worker);
    if (worker->stream == NULL) {
        return NGX_ERROR;
    }

    ngx_http_comments_writer_init(worker);

    cmcf->worker = worker;

    ngx_http_comments_open(worker);
    ngx_http_comments_rules_watch(worker);
    ngx_add_timer(&worker->maintain, NGX_HTTP_COMMENTS_MAINTAIN_MSEC);

    return NGX_OK;
}


static void
ngx_http_comments_worker_events(ngx_http_comments_worker_t *worker)
{
    worker->connection.fd = (ngx_socket_t) -1;
    worker->connection.data = worker;

    /* Cancelable: a worker that was told to leave does not wait for them. */

    worker->reopen.handler = ngx_http_comments_reopen_handler;
    worker->reopen.data = &worker->connection;
    worker->reopen.log = worker->log;
    worker->reopen.cancelable = 1;

    worker->maintain.handler = ngx_http_comments_maintain_handler;
    worker->maintain.data = &worker->connection;
    worker->maintain.log = worker->log;
    worker->maintain.cancelable = 1;

    ngx_http_comments_log_init(worker);

    worker->maintain_task.ctx = worker;
    worker->maintain_task.handler = ngx_http_comments_maintain_task;
    worker->maintain_task.event.handler = ngx_http_comments_maintain_done;
    worker->maintain_task.event.data = &worker->connection;
    worker->maintain_task.event.log = worker->log;
}


/* Before nginx looks whether a connection was left open. */

void
ngx_http_comments_worker_exit(ngx_cycle_t *cycle)
{
    ngx_http_comments_main_conf_t  *cmcf;

    cmcf = ngx_http_cycle_get_module_main_conf(cycle,
                                               ngx_http_comments_module);

    if (cmcf && cmcf->worker) {
        ngx_http_comments_log_flush(cmcf->worker);
        ngx_http_comments_stream_close(cmcf->worker->stream);
    }
}


static void
ngx_http_comments_open(ngx_http_comments_worker_t *worker)
{
    int          rc;
    cmt_error_t  err;

    ngx_memzero(&err, sizeof(cmt_error_t));

    rc = cmt_store_open((char *) worker->conf->store.data,
                        CMT_STORE_CREATE | ngx_http_comments_died(),
                        worker->conf->map, &worker->store, &err);

    if (rc == CMT_OK) {
        if (worker->error.rc != CMT_OK) {
            ngx_log_error(NGX_LOG_NOTICE, worker->log, 0,
                          "comments_store \"%V\" is open now",
                          &worker->conf->store);
        }

        worker->error.rc = CMT_OK;
        return;
    }

    err.rc = rc;

    /* Once for each reason, not once a second. */

    if (worker->error.rc != rc
        || ngx_strcmp(worker->error.detail, err.detail) != 0)
    {
        ngx_log_error(NGX_LOG_ERR, worker->log, 0,
                      "comments_store \"%V\" cannot be opened, will be tried "
                      "each second: %s (%s)", &worker->conf->store,
                      err.detail[0] ? err.detail : cmt_error_text(rc),
                      cmt_error_code(rc));
    }

    worker->error = err;

    ngx_add_timer(&worker->reopen, (rc == CMT_ECORRUPT)
                                   ? NGX_HTTP_COMMENTS_DAMAGED_MSEC
                                   : NGX_HTTP_COMMENTS_REOPEN_MSEC);
}


/*
 * LMDB ends the process on a damaged page.  So the one that takes the place
 * of a worker that was killed looks at all pages first, and there is no row
 * of deaths.  The master forks with what it knows of the one before.
 */

static unsigned
ngx_http_comments_died(void)
{
    ngx_process_t  *before;

    if (ngx_process != NGX_PROCESS_WORKER) {
        return 0;
    }

    before = &ngx_processes[ngx_process_slot];

    return (before->exited && WTERMSIG(before->status)) ? CMT_STORE_PROVE : 0;
}


static void
ngx_http_comments_reopen_handler(ngx_event_t *ev)
{
    ngx_connection_t *c = ev->data;

    ngx_http_comments_open(c->data);
}


/* comments_purge TIME | off */

char *
ngx_http_comments_set_purge(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_comments_main_conf_t *cmcf = conf;

    ngx_int_t   seconds;
    ngx_str_t  *value;

    if (cmcf->purge != NGX_CONF_UNSET) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (ngx_strcmp(value[1].data, "off") == 0) {
        cmcf->purge = 0;
        return NGX_CONF_OK;
    }

    seconds = ngx_parse_time(&value[1], 1);

    if (seconds < CMT_PURGE_DAYS_MIN * 86400
        || seconds > NGX_HTTP_COMMENTS_PURGE_SECONDS_MAX)
    {
        return "needs a time of 3 days to 50 years, such as \"30d\", "
               "or \"off\"";
    }

    cmcf->purge = seconds;

    return NGX_CONF_OK;
}


static void
ngx_http_comments_maintain_handler(ngx_event_t *ev)
{
    ngx_connection_t *c = ev->data;
    ngx_http_comments_worker_t *worker = c->data;

    if (ngx_exiting) {
        return;
    }

    if (worker->store && !worker->maintain_task.event.active) {
        (void) ngx_thread_task_post(worker->conf->pool,
                                    &worker->maintain_task);
    }

    ngx_add_timer(ev, NGX_HTTP_COMMENTS_MAINTAIN_MSEC);
}


/* In a thread of the pool. */

static void
ngx_http_comments_maintain_task(void *data, ngx_log_t *log)
{
    ngx_http_comments_worker_t *worker = data;

    int64_t       now;
    cmt_error_t  *err;

    err = &worker->maintain_error;
    ngx_memzero(err, sizeof(cmt_error_t));

    now = (int64_t) ngx_time();
    worker->purged = 0;

    err->rc = cmt_store_maintain(worker->store, now, err);

    if (err->rc == CMT_OK && worker->conf->purge) {
        err->rc = cmt_purge_daily(worker->store, worker->conf->purge,
                                  NGX_HTTP_COMMENTS_PURGE_MSEC, now,
                                  &worker->purged, err);
    }
}


static void
ngx_http_comments_maintain_done(ngx_event_t *ev)
{
    ngx_connection_t *c = ev->data;
    ngx_http_comments_worker_t *worker = c->data;

    if (worker->purged) {
        ngx_log_error(NGX_LOG_NOTICE, worker->log, 0,
                      "comments_purge: %uL comments are gone for good",
                      worker->purged);
    }

    if (worker->maintain_error.rc != CMT_OK) {
        ngx_log_error(NGX_LOG_ERR, worker->log, 0,
                      "comments_store \"%V\": upkeep failed: %s (%s)",
                      &worker->conf->store, worker->maintain_error.detail,
                      cmt_error_code(worker->maintain_error.rc));
    }
}


/*
 * By now the threads of the pool are gone (nginx ends them before it destroys
 * the pool of the configuration), so nobody uses the store any more.
 */

static void
ngx_http_comments_worker_stop(void *data)
{
    ngx_http_comments_worker_t *worker = data;

    if (worker->reopen.timer_set) {
        ngx_del_timer(&worker->reopen);
    }

    if (worker->maintain.timer_set) {
        ngx_del_timer(&worker->maintain);
    }

    if (worker->log_timer.timer_set) {
        ngx_del_timer(&worker->log_timer);
    }

    ngx_http_comments_rules_unwatch(worker);
    ngx_http_comments_cache_destroy(worker->cache);
    ngx_http_comments_known_destroy(worker->known);
    ngx_free(worker->stream);
    cmt_arena_destroy(worker->arena);
    cmt_store_close(worker->store);

    worker->conf->worker = NULL;
}
