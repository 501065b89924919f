/*
 * Files of rules that change while nginx runs.  Each second a thread of the
 * pool looks at them, and loads what changed; the event loop only writes the
 * lines of the log.  Each worker looks for itself.
 */

#include "ngx_http_comments_rules.h"


static void ngx_http_comments_rules_handler(ngx_event_t *ev);
static void ngx_http_comments_rules_task(void *data, ngx_log_t *log);
static void ngx_http_comments_rules_done(ngx_event_t *ev);
static void ngx_http_comments_rules_say(ngx_http_comments_worker_t *worker,
    ngx_http_comments_ruleset_t *ruleset);


void
ngx_http_comments_rules_watch(ngx_http_comments_worker_t *worker)
{
    if (worker->conf->rulesets == NULL) {
        return;
    }

    worker->rules_timer.handler = ngx_http_comments_rules_handler;
    worker->rules_timer.data = &worker->connection;
    worker->rules_timer.log = worker->log;
    worker->rules_timer.cancelable = 1;

    worker->rules_task.ctx = worker;
    worker->rules_task.handler = ngx_http_comments_rules_task;
    worker->rules_task.event.handler = ngx_http_comments_rules_done;
    worker->rules_task.event.data = &worker->connection;
    worker->rules_task.event.log = worker->log;

    /* what serves now is kept before the first second is over */
    ngx_add_timer(&worker->rules_timer, 1);
}


void
ngx_http_comments_rules_unwatch(ngx_http_comments_worker_t *worker)
{
    if (worker->rules_timer.timer_set) {
        ngx_del_timer(&worker->rules_timer);
    }
}


static void
ngx_http_comments_rules_handler(ngx_event_t *ev)
{
    ngx_connection_t *c = ev->data;
    ngx_http_comments_worker_t *worker = c->data;

    if (ngx_exiting) {
        return;
    }

    if (ngx_thread_task_post(worker->conf->pool, &worker->rules_task)
        != NGX_OK)
    {
        ngx_add_timer(ev, NGX_HTTP_COMMENTS_RULES_MSEC);
    }
}


/* In a thread of the pool. */

static void
ngx_http_comments_rules_task(void *data, ngx_log_t *log)
{
    ngx_http_comments_worker_t *worker = data;

    ngx_uint_t                    i;
    ngx_http_comments_ruleset_t  *ruleset;

    ruleset = worker->conf->rulesets->elts;

    for (i = 0; i < worker->conf->rulesets->nelts; i++) {
        ngx_memzero(&ruleset[i].error, sizeof(cmt_error_t));
        ngx_memzero(&ruleset[i].unkept, sizeof(cmt_error_t));
        ruleset[i].look = CMT_RULES_SAME;

        if (worker->conf->rules_reload) {
            cmt_rules_guard(ruleset[i].live,
                            worker->store != NULL ? cmt_rules_compare : NULL,
                            worker->store,
                            (unsigned) worker->conf->rules_guard);
            ruleset[i].look = cmt_rules_look(ruleset[i].live,
                                             (int64_t) ngx_time(),
                                             &ruleset[i].error);
        }

        if (worker->store != NULL) {
            (void) !cmt_rules_keep(worker->store, ruleset[i].live,
                                   (int64_t) ngx_time(), &ruleset[i].unkept);
        }
    }
}


static void
ngx_http_comments_rules_done(ngx_event_t *ev)
{
    ngx_connection_t *c = ev->data;
    ngx_http_comments_worker_t *worker = c->data;

    ngx_msec_t                    next;
    ngx_uint_t                    i, kept;
    ngx_http_comments_ruleset_t  *ruleset;

    ruleset = worker->conf->rulesets->elts;
    next = NGX_HTTP_COMMENTS_RULES_MSEC;
    kept = worker->store != NULL;

    for (i = 0; i < worker->conf->rulesets->nelts; i++) {
        ngx_http_comments_rules_say(worker, &ruleset[i]);
        kept &= ruleset[i].unkept.rc == CMT_OK;

        if (ruleset[i].look == CMT_RULES_SETTLING) {
            next = NGX_HTTP_COMMENTS_SETTLE_MSEC;
        }
    }

    if (!ngx_exiting && (worker->conf->rules_reload || !kept)) {
        ngx_add_timer(&worker->rules_timer, next);
    }
}


static void
ngx_http_comments_rules_say(ngx_http_comments_worker_t *worker,
    ngx_http_comments_ruleset_t *ruleset)
{
    cmt_rules_state_t  state;

    if (ruleset->unkept.rc != CMT_OK && !ruleset->told) {
        ngx_log_error(NGX_LOG_ERR, worker->log, 0,
                      "comments_rules: the files that serve could not be "
                      "kept in the store: %s", ruleset->unkept.detail);
    }

    ruleset->told = ruleset->unkept.rc != CMT_OK;

    switch (ruleset->look) {

    case CMT_RULES_LOADED:
        cmt_rules_state(ruleset->live, &state);

        ngx_log_error(NGX_LOG_NOTICE, worker->log, 0,
                      "comments_rules: %s has changed: %uz rules and %uz "
                      "tests serve now, ruleset %s",
                      cmt_rules_path(ruleset->live, 0), state.rules,
                      state.tests, state.digest);

        if (cmt_rules_differ(&state.compared, CMT_GUARD_WARN_PERCENT)) {
            ngx_log_error(NGX_LOG_WARN, worker->log, 0,
                          "comments_rules: %s decides %ud of the %ud newest "
                          "comments otherwise, %ud of them more strictly, "
                          "%ud by a rule that fails",
                          cmt_rules_path(ruleset->live, 0),
                          state.compared.changed, state.compared.comments,
                          state.compared.stricter, state.compared.failed);
        }

        break;

    case CMT_RULES_REFUSED:
        ngx_log_error(NGX_LOG_ERR, worker->log, 0,
                      "comments_rules: %s (the rules of before go on)",
                      ruleset->error.detail);
        break;

    default:
        break;
    }
}
