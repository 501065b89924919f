/*
 * ngx_http_comments_module: the adapter between nginx and the core.
 *
 *   _module.c     directives, the module, start and end of a worker
 *   _directives.c what the directives take; _params.h, NAME=VALUE
 *   _conf.c       defaults, and how levels of the configuration merge
 *   _site.c       the checks of `nginx -t`: key, rules, site, store's place
 *   _rules.c      looks each second whether the files of rules changed
 *   _store.c      the store of a worker: open, retry, upkeep
 *   _handler.c    path and method to one row of a table
 *   _args.c       arguments of the query
 *   _read.c       GET: thread as JSON and HTML, count, one comment
 *   _files.c      GET: stylesheet, pictures of authors
 *   _language.c   which language a reader gets
 *   _insert.c     threads and counts put into pages: the filters
 *   _inserted.c     what is put there
 *   _insert_conf.c  and their directives
 *   _find.c       the thread of a page, looked up or remembered
 *   _cache.c      bodies that were made before
 *   _body.c       and how they are sent, compressed or not
 *   _post.c       whatever writes: body in, answer out
 *   _pages.c      is there a page?  asked before the first comment on it
 *   _action.c     a table of what can be done: prepared by, answered by
 *   _writer.c     the two queues between them: prepare, commit
 *   _origin.c     CSRF and CORS
 *   _cookie.c     the author cookie
 *   _feed.c       GET: a thread or a site as Atom
 *   _stream.c     GET: live events, with _channel.c and _notify.c
 *   _reply.c      codes of the core to status, headers, body and log line
 *   _desk.c       what moderators ask for, with _desk_look.c and _desk_do.c
 *   _session.c    the moderator's cookie, and who has sent it
 *   _staff.c      the file of moderators
 *   _variables.c  $comments_...
 *
 * A CMT_ code of the core never leaves this folder and an NGX_ code never
 * enters the core.
 */

#ifndef NGX_HTTP_COMMENTS_MODULE_H
#define NGX_HTTP_COMMENTS_MODULE_H

#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include "../core/cmt.h"

#if !(NGX_THREADS)
#error ngx_http_comments_module needs nginx built --with-threads
#endif


#define NGX_HTTP_COMMENTS_CACHE_BYTES     (16 * 1024 * 1024)
#define NGX_HTTP_COMMENTS_QUEUE           512
#define NGX_HTTP_COMMENTS_FLOODS          256  /* a power of two             */
#define NGX_HTTP_COMMENTS_CAUSES          32   /* of refusals, in the log    */
#define NGX_HTTP_COMMENTS_QUEUE_MAX       65536
#define NGX_HTTP_COMMENTS_STREAMS         2000
#define NGX_HTTP_COMMENTS_STREAMS_MAX     65536
#define NGX_HTTP_COMMENTS_KEEPALIVE_MSEC  25000
#define NGX_HTTP_COMMENTS_PREPARES        4    /* tasks in flight            */
#define NGX_HTTP_COMMENTS_PREPARE_POSTS   32   /* posts in one of them       */
#define NGX_HTTP_COMMENTS_PREPARE_WORTH   16   /* posts worth another thread */
#define NGX_HTTP_COMMENTS_REOPEN_MSEC     1000
#define NGX_HTTP_COMMENTS_DAMAGED_MSEC    5000
#define NGX_HTTP_COMMENTS_MAINTAIN_MSEC   60000
#define NGX_HTTP_COMMENTS_PURGE_SECONDS_MAX  (50 * 365 * 86400)
#define NGX_HTTP_COMMENTS_PURGE_MSEC      2000  /* of them: a worker that leaves
                                                   must wait for it          */
#define NGX_HTTP_COMMENTS_GATHER_MSEC     5    /* that a commit may wait     */
#define NGX_HTTP_COMMENTS_TASK_MSEC       60000
#define NGX_HTTP_COMMENTS_COOKIE_SECONDS  31536000
#define NGX_HTTP_COMMENTS_PREFLIGHT_SECONDS  "600"

/* Methods of requests that may change the store. */
#define NGX_HTTP_COMMENTS_WRITE                                               \
    (NGX_HTTP_POST|NGX_HTTP_PATCH|NGX_HTTP_DELETE)

/* comments_require */
#define NGX_HTTP_COMMENTS_NAME            0x0002
#define NGX_HTTP_COMMENTS_EMAIL           0x0004


typedef struct ngx_http_comments_worker_s  ngx_http_comments_worker_t;
typedef struct ngx_http_comments_cache_s   ngx_http_comments_cache_t;
typedef struct ngx_http_comments_known_s   ngx_http_comments_known_t;
typedef struct ngx_http_comments_stream_s  ngx_http_comments_stream_t;
typedef struct ngx_http_comments_post_s    ngx_http_comments_post_t;
typedef struct ngx_http_comments_action_s  ngx_http_comments_action_t;
typedef struct ngx_http_comments_insert_s  ngx_http_comments_insert_t;
typedef struct ngx_http_comments_desk_s    ngx_http_comments_desk_t;
typedef struct ngx_http_comments_lane_s    ngx_http_comments_lane_t;
typedef struct ngx_http_comments_staff_s   ngx_http_comments_staff_t;


typedef struct {
    uint64_t                       steps;
    size_t                         memory;
    ngx_msec_t                     time;
} ngx_http_comments_budget_t;


typedef struct {
    ngx_str_t                      store;      /* paths with NUL after them  */
    ngx_str_t                      key_file;
    size_t                         map;
    size_t                         cache;      /* 0: off                     */
    time_t                         purge;      /* seconds; 0: off            */
    ngx_str_t                      pool_name;
    ngx_thread_pool_t             *pool;
    ngx_int_t                      queue;
    ngx_int_t                      stream_max; /* of one worker              */
    ngx_msec_t                     stream_keepalive;

    u_char                        *file;       /* of the first `comments`    */
    ngx_uint_t                     line;

    cmt_key_t                     *key;
    ngx_array_t                   *rulesets;   /* shared by locations        */
    ngx_array_t                   *staffs;     /* as well                    */
    ngx_flag_t                     rules_reload;
    ngx_int_t                      rules_guard;    /* percent; 0: off        */

    ngx_http_comments_worker_t    *worker;     /* NULL but in workers        */
} ngx_http_comments_main_conf_t;


typedef struct ngx_http_comments_loc_conf_s  ngx_http_comments_loc_conf_t;

typedef struct {
    /* The first location with `comments`, for $comments_count elsewhere. */
    ngx_http_comments_loc_conf_t  *first;
    ngx_array_t                   *sites;      /* conf * of all of them      */
} ngx_http_comments_srv_conf_t;


typedef struct {
    ngx_str_t                      name;       /* as rules call it           */
    ngx_int_t                      index;
} ngx_http_comments_var_t;


struct ngx_http_comments_loc_conf_s {
    ngx_str_t                      name;       /* of the site; empty: none   */
    ngx_str_t                      prefix;     /* "/comments/"               */
    u_char                        *file;
    ngx_uint_t                     line;
    cmt_site_t                     site;

    ngx_array_t                   *rules;      /* ngx_http_comments_rules_t  */
    ngx_flag_t                     rules_inherit;
    ngx_flag_t                     rules_test;
    ngx_http_comments_budget_t     budget;
    ngx_array_t                   *vars;       /* ngx_http_comments_var_t    */

    ngx_http_complex_value_t      *identity;   /* NULL: nobody is signed in  */
    ngx_http_complex_value_t      *role;       /* NULL: member               */

    ngx_uint_t                     markup;
    ngx_int_t                      depth;
    ngx_int_t                      page_size;
    ngx_int_t                      text_max;
    time_t                         edit_window;
    time_t                         close_after;
    ngx_uint_t                     require;
    cmt_rate_t                     limit_author;
    cmt_rate_t                     limit_address;
    ngx_array_t                   *origins;    /* ngx_str_t, lower case      */
    ngx_int_t                      language;   /* 0: auto, or number + 1     */
    ngx_str_t                      timezone;   /* with NUL after it          */
    ngx_int_t                      gzip;       /* level, 0: off              */
    ngx_flag_t                     avatars;
    ngx_flag_t                     mailto;
    ngx_flag_t                     images;
    ngx_array_t                   *aliases;    /* cmt_alias_t; NULL: none    */
    ngx_uint_t                     n_shares;   /* NGX_CONF_UNSET_UINT        */
    u_char                         shares[CMT_SHARES_MAX];
    ngx_flag_t                     stream;
    ngx_flag_t                     pages_any;  /* comments_pages any         */
    ngx_flag_t                     inserted;   /* a comments_insert names it */

    ngx_str_t                      moderators; /* with NUL; empty: off       */
    u_char                        *moderators_file;
    ngx_uint_t                     moderators_line;
    ngx_http_comments_staff_t     *staff;      /* NULL: no passwords         */
    ngx_http_complex_value_t      *moderator;  /* NULL: nobody is trusted    */

    /* comments_insert; off: empty.  The conf of the location it names. */
    ngx_str_t                      insert;
    ngx_http_complex_value_t      *insert_page;   /* NULL: as asked for      */
    ngx_http_comments_loc_conf_t  *insert_conf;
    ngx_flag_t                     insert_assets;
    uint32_t                       insert_made;   /* hash of these two       */
    ngx_str_t                      insert_style;  /* before the thread       */
    ngx_str_t                      insert_script; /* and behind it; may both
                                                     be empty                */
    u_char                        *insert_file;
    ngx_uint_t                     insert_line;
    ngx_str_t                      base_url;   /* without "/" at the end     */
    uint32_t                       made;       /* hash of what shapes answers
                                                  and is not in the store    */
};


/* What of a thread its reader alone may see, as the store was then. */
typedef struct {
    uint64_t                       instance, snapshot;   /* 0: not asked     */
    int64_t                        until;      /* the clock changes it       */
    ngx_uint_t                     some;       /* 0: what everybody sees     */
} ngx_http_comments_own_t;


/* What is known of a request once it is routed. */
typedef struct {
    ngx_http_comments_main_conf_t *main;
    ngx_http_comments_loc_conf_t  *conf;
    ngx_http_comments_worker_t    *worker;     /* has a store                */
    uint64_t                       id;         /* of the path comment/ID     */
    ngx_str_t                      file;       /* of the path avatar/NAME    */
    ngx_str_t                      cookie;     /* author's, or empty         */
    ngx_http_comments_own_t        own;        /* by the cookie              */
    ngx_str_t                      identity;   /* of who is signed in and sees
                                                  a form, or empty           */
    ngx_str_t                      origin;     /* one of comments_origins    */
    ngx_uint_t                     methods;    /* of the path                */
    ngx_uint_t                     action;     /* of the row                 */
    ngx_http_comments_post_t      *post;
    void                          *listener;   /* of a stream                */
    ngx_http_comments_insert_t    *insert;     /* the request is for a page  */
    ngx_http_comments_desk_t      *desk;       /* the request is a
                                                  moderator's                */
    cmt_status_t                   status;     /* of the comment posted      */
    cmt_verdict_t                  verdict;
    unsigned                       browser:1;  /* a form, to be answered by
                                                  pages                      */
    unsigned                       vary_cookie:1, vary_language:1;
    unsigned                       vary_encoding:1;
    unsigned                       for_ever:1; /* the address names the bytes */
    unsigned                       read_only:1, no_store:1;
    unsigned                       private:1;  /* below C/moderate           */
} ngx_http_comments_ctx_t;


/* What the query of a thread says. */
typedef struct {
    cmt_str_t                      page;
    cmt_thread_query_t             query;
    uint64_t                       reply_to;
    uint64_t                       last;       /* event that a client saw    */
    cmt_str_t                      lang;
    unsigned                       lenient:1;  /* leaves out what is wrong,
                                                  but for the page           */
} ngx_http_comments_args_t;


/* What is known of a page that has no thread yet. */
typedef enum {
    NGX_HTTP_COMMENTS_PAGE_SURE = 0,           /* or nobody asks             */
    NGX_HTTP_COMMENTS_PAGE_UNSURE,
    NGX_HTTP_COMMENTS_PAGE_ASK,                /* it has no thread           */
    NGX_HTTP_COMMENTS_PAGE_ASKING,             /* a subrequest is under way  */
    NGX_HTTP_COMMENTS_PAGE_FOUND
} ngx_http_comments_page_state_t;


struct ngx_http_comments_post_s {
    ngx_queue_t                    queue;
    ngx_http_request_t            *request;    /* not touched by threads     */
    cmt_site_t                    *site;
    cmt_arena_t                   *arena;
    cmt_str_t                      content_type;
    u_char                        *body;       /* in the arena               */
    size_t                         len;
    size_t                         size;
    const ngx_http_comments_action_t  *action;
    cmt_submission_t               submission;
    cmt_change_t                  *change;     /* NULL: an answer alone      */
    cmt_str_t                      json;       /* then this one              */
    int                            rc;
    cmt_error_t                    error;

    ngx_http_comments_page_state_t page_state;
    cmt_str_t                      page;       /* canonical, while it is asked
                                                  for                        */
    ngx_str_t                      method_name;
    ngx_http_comments_worker_t    *worker;
    ngx_http_comments_lane_t      *lane;       /* NULL: that of readers      */
    ngx_http_comments_desk_t      *desk;       /* NULL: it is a reader's     */
    unsigned                       parsed:1;   /* the form is there          */
};


/* Indices of ngx_http_comments_actions. */
typedef enum {
    NGX_HTTP_COMMENTS_READ_ONLY = 0,
    NGX_HTTP_COMMENTS_SUBMIT,
    NGX_HTTP_COMMENTS_BY_FORM,                 /* its field "action" says    */
    NGX_HTTP_COMMENTS_EDIT,
    NGX_HTTP_COMMENTS_DELETE,
    NGX_HTTP_COMMENTS_VOTE,
    NGX_HTTP_COMMENTS_REPORT,
    NGX_HTTP_COMMENTS_PREVIEW,
    NGX_HTTP_COMMENTS_SHARE
} ngx_http_comments_action_e;


/* What can be done: a change of the store, or a look at what was sent. */
struct ngx_http_comments_action_s {
    const char                    *name;       /* in a form; NULL            */
    int                          (*change)(cmt_store_t *store,
                                       const cmt_site_t *site,
                                       const cmt_submission_t *submission,
                                       cmt_arena_t *arena,
                                       cmt_change_t **change,
                                       cmt_error_t *err);
    int                          (*look)(cmt_store_t *store,
                                       const cmt_site_t *site,
                                       const cmt_form_t *form,
                                       cmt_arena_t *arena, cmt_str_t *json,
                                       cmt_error_t *err);
    ngx_int_t                    (*reply)(ngx_http_request_t *r,
                                       ngx_http_comments_ctx_t *ctx);
    unsigned                       empty:1;    /* the body may be            */
    unsigned                       page:1;     /* reply() knows browsers     */

    /* A moderator's: all of it, in a thread, once it is known who asks. */
    int                          (*work)(cmt_store_t *store,
                                       ngx_http_comments_post_t *post);
    ngx_uint_t                     flags;      /* of _desk.h                 */
};


/* Posts on their way through one task of the thread pool. */
typedef struct {
    ngx_thread_task_t              task;
    ngx_connection_t               connection; /* for nginx's debug log      */
    ngx_http_comments_worker_t    *worker;
    ngx_http_comments_lane_t      *lane;       /* NULL: that of readers      */
    cmt_store_t                   *store;
    ngx_uint_t                     n;
    ngx_http_comments_post_t      *posts[CMT_BATCH_CHANGES_MAX];
    cmt_change_t                  *changes[CMT_BATCH_CHANGES_MAX];
} ngx_http_comments_batch_t;


/* Moderators' requests, which may take long, wait beside those of readers:
 * one task is in flight, and only so many wait. */
struct ngx_http_comments_lane_s {
    ngx_queue_t                    queue;
    ngx_uint_t                     waiting;    /* not answered yet           */
    ngx_uint_t                     waiting_max;
    ngx_uint_t                     share;      /* posts in one task          */
    ngx_http_comments_batch_t      batch;
};


/* Who posts too much, one place for each hash; see _flood.c. */
typedef struct {
    uint32_t                       hash;       /* of whom, and the site      */
    ngx_uint_t                     posts;      /* in vain, until then        */
    time_t                         until;
} ngx_http_comments_flood_t;


/* Why requests were refused lately, one place for each hash; see _log.c. */
typedef struct {
    cmt_error_t                    err;
    ngx_uint_t                     more;       /* since there was a line     */
    unsigned                       said:1;     /* in this second             */
} ngx_http_comments_cause_t;


/* All of it belongs to the event loop of one worker; there are no locks. */
struct ngx_http_comments_worker_s {
    ngx_http_comments_main_conf_t *conf;
    ngx_log_t                     *log;
    ngx_connection_t               connection; /* for nginx's debug log      */

    cmt_store_t                   *store;      /* NULL until it opens        */
    cmt_error_t                    error;      /* why it did not             */
    cmt_error_t                    maintain_error;
    uint64_t                       purged;     /* by the last upkeep         */
    ngx_event_t                    reopen;
    ngx_event_t                    maintain;
    ngx_thread_task_t              maintain_task;
    ngx_event_t                    rules_timer;
    ngx_thread_task_t              rules_task;

    cmt_arena_t                   *arena;      /* of the read under way      */
    ngx_http_comments_cache_t     *cache;      /* NULL: off                  */
    ngx_http_comments_known_t     *known;      /* NULL: off                  */
    ngx_http_comments_stream_t    *stream;

    ngx_http_comments_flood_t      floods[NGX_HTTP_COMMENTS_FLOODS];
    ngx_http_comments_flood_t      vain[NGX_HTTP_COMMENTS_FLOODS];
    ngx_http_comments_cause_t      causes[NGX_HTTP_COMMENTS_CAUSES];
    ngx_event_t                    log_timer;

    ngx_int_t                      waiting;    /* posts not answered yet     */
    ngx_uint_t                     unprepared; /* posts in to_prepare        */
    ngx_queue_t                    to_prepare;
    ngx_queue_t                    to_commit;
    ngx_http_comments_batch_t      prepares[NGX_HTTP_COMMENTS_PREPARES];
    ngx_http_comments_batch_t      commit;
    ngx_event_t                    gather;     /* a commit waits no longer   */
    ngx_http_comments_lane_t       desk;       /* who is signed in           */
    ngx_http_comments_lane_t       door;       /* who wants to be            */
    ngx_http_comments_lane_t       console;    /* who tries rules            */
};


extern ngx_module_t  ngx_http_comments_module;


#define ngx_http_comments_str(s)                                              \
    ((cmt_str_t) { (s)->len, (const char *) (s)->data })


/* _conf.c */
void *ngx_http_comments_create_main_conf(ngx_conf_t *cf);
char *ngx_http_comments_init_main_conf(ngx_conf_t *cf, void *conf);
void *ngx_http_comments_create_srv_conf(ngx_conf_t *cf);
void *ngx_http_comments_create_loc_conf(ngx_conf_t *cf);
char *ngx_http_comments_merge_loc_conf(ngx_conf_t *cf, void *parent,
    void *child);

/* _directives.c */
char *ngx_http_comments_set_site(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_comments_set_store(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_comments_set_cache(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_comments_set_guard(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_comments_set_purge(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_comments_set_gzip(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_comments_set_rules(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_comments_set_budget(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_comments_set_markup(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_comments_set_require(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_comments_set_limit(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_comments_set_edit_window(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_comments_set_close_after(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_comments_set_alias(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_comments_set_share(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_comments_set_origins(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_comments_set_base_url(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);

/* _site.c: each writes its own line to the log and returns NGX_ERROR. */
ngx_int_t ngx_http_comments_load_key(ngx_conf_t *cf,
    ngx_http_comments_main_conf_t *cmcf);
ngx_int_t ngx_http_comments_init_site(ngx_conf_t *cf,
    ngx_http_comments_main_conf_t *cmcf, ngx_http_comments_loc_conf_t *clcf);
ngx_int_t ngx_http_comments_check_root(ngx_conf_t *cf,
    ngx_http_comments_main_conf_t *cmcf);

/* _store.c */
ngx_int_t ngx_http_comments_worker_start(ngx_cycle_t *cycle);
void ngx_http_comments_worker_exit(ngx_cycle_t *cycle);

/* _handler.c */
typedef struct {
    ngx_str_t                      path;       /* below C/; "#" is an id, "*"
                                                  any name                   */
    ngx_uint_t                     methods;
    ngx_int_t                    (*handler)(ngx_http_request_t *r,
                                       ngx_http_comments_ctx_t *ctx);
    ngx_uint_t                     action;
} ngx_http_comments_route_t;

#define NGX_HTTP_COMMENTS_READ  (NGX_HTTP_GET|NGX_HTTP_HEAD)

ngx_int_t ngx_http_comments_handler(ngx_http_request_t *r);

/* _args.c: CMT_OK, CMT_EARGUMENT or CMT_EPAGE with err->field, CMT_ENOMEM. */
int ngx_http_comments_args_thread(ngx_http_request_t *r, cmt_arena_t *arena,
    ngx_http_comments_args_t *args, cmt_error_t *err);
int ngx_http_comments_args_recent(ngx_http_request_t *r, cmt_arena_t *arena,
    ngx_http_comments_args_t *args, cmt_error_t *err);
int ngx_http_comments_args_feed(ngx_http_request_t *r, cmt_arena_t *arena,
    ngx_http_comments_args_t *args, cmt_error_t *err);
int ngx_http_comments_args_stream(ngx_http_request_t *r, cmt_arena_t *arena,
    ngx_http_comments_args_t *args, cmt_error_t *err);
/* pages has room for CMT_COUNT_PAGES_MAX. */
int ngx_http_comments_args_pages(ngx_http_request_t *r, cmt_arena_t *arena,
    cmt_str_t *pages, size_t *n, cmt_error_t *err);
ngx_int_t ngx_http_comments_parse_id(u_char *p, size_t len, uint64_t *id);

/* _read.c */
ngx_int_t ngx_http_comments_thread(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx);
ngx_int_t ngx_http_comments_fragment(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx);
/* What the tags of a thread and of a page with one end with. */
#define NGX_HTTP_COMMENTS_READER_BYTES                                        \
    (sizeof("-01234567-0123456789abcdef-0123456789abcdef") - 1)
u_char *ngx_http_comments_reader_tag(const ngx_http_comments_ctx_t *ctx,
    u_char *p);
/* The tag is W/ and a string, and takes the place of the one before;
 * unchanged: the client has that. */
ngx_int_t ngx_http_comments_set_etag(ngx_http_request_t *r, u_char *value,
    size_t len);
ngx_int_t ngx_http_comments_unchanged(ngx_http_request_t *r);
ngx_int_t ngx_http_comments_recent(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx);
ngx_int_t ngx_http_comments_count(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx);
ngx_int_t ngx_http_comments_comment(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx);
ngx_int_t ngx_http_comments_edit_page(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx);
ngx_int_t ngx_http_comments_report_page(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx);

/* _language.c: that of the page, or of the browser; sets vary_language. */
unsigned ngx_http_comments_language(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, cmt_str_t tag);
cmt_str_t ngx_http_comments_accept_language(ngx_http_request_t *r);

/* Sets ctx->identity: what is then made is for this reader alone.  _who() fills
 * in what nginx knows of who posts.  (ngx_http_comments_who.c) */
ngx_int_t ngx_http_comments_signed_in(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx);
ngx_int_t ngx_http_comments_who(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, ngx_http_comments_post_t *post);
char *ngx_http_comments_set_identity(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_comments_set_vars(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
/* "https://example.org", in the arena.  (ngx_http_comments_feed.c) */
int ngx_http_comments_base(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, cmt_arena_t *arena, cmt_str_t *base);
char *ngx_http_comments_set_language(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_comments_set_timezone(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);

/* _files.c */
ngx_int_t ngx_http_comments_stylesheet(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx);
ngx_int_t ngx_http_comments_script(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx);
ngx_int_t ngx_http_comments_work(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx);
ngx_int_t ngx_http_comments_words(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx);
ngx_int_t ngx_http_comments_avatar(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx);

/* _post.c */
ngx_int_t ngx_http_comments_add_body_filter(ngx_conf_t *cf);
ngx_int_t ngx_http_comments_post(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx);
/* NULL: no memory. */
ngx_http_comments_post_t *ngx_http_comments_post_create(
    ngx_http_request_t *r, ngx_http_comments_ctx_t *ctx,
    const ngx_http_comments_action_t *action);
/* Takes the body, then queues; or queues what has none.  NGX_DONE. */
ngx_int_t ngx_http_comments_post_read(ngx_http_request_t *r);
ngx_int_t ngx_http_comments_post_start(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx);
ngx_int_t ngx_http_comments_browser(ngx_http_request_t *r);

/* _flood.c: what is known of who sends it. */
void ngx_http_comments_flood_ask(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, cmt_submission_t *in);
/* A post was refused: its sender has posted too much for so long. */
void ngx_http_comments_flood_refused(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, ngx_uint_t seconds);
/* All work was done for a post, and no comment came of it. */
void ngx_http_comments_flood_in_vain(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx);

/* _action.c */
extern const ngx_http_comments_action_t  ngx_http_comments_actions[];
/* In a thread, once the form is parsed. */
int ngx_http_comments_action_prepare(cmt_store_t *store,
    ngx_http_comments_post_t *post);
ngx_int_t ngx_http_comments_reply_post(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx);
/* _pages.c: in a thread; CMT_OK, or CMT_EPAGEMISSING and the page's state is
 * PAGE_ASK. */
int ngx_http_comments_page_known(cmt_store_t *store,
    ngx_http_comments_post_t *post);
/* On the event loop.  NGX_OK: there is such a page, so prepare again;
 * NGX_AGAIN: the request is called when that is known; NGX_DECLINED: answer. */
ngx_int_t ngx_http_comments_page_check(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx);
void ngx_http_comments_page_leave(ngx_http_comments_post_t *post);

/* _writer.c */
void ngx_http_comments_writer_init(ngx_http_comments_worker_t *worker);
/* lane NULL: that of readers. */
ngx_int_t ngx_http_comments_writer_full(ngx_http_comments_worker_t *worker,
    ngx_http_comments_lane_t *lane);
/* The request's write_event_handler is called when the post is decided. */
void ngx_http_comments_writer_add(ngx_http_comments_worker_t *worker,
    ngx_http_comments_post_t *post);

/* _feed.c */
ngx_int_t ngx_http_comments_thread_feed(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx);
ngx_int_t ngx_http_comments_site_feed(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx);

/* _stream.c: NULL, no memory; close: before the worker's pool goes. */
ngx_http_comments_stream_t *ngx_http_comments_stream_create(
    ngx_http_comments_worker_t *worker);
void ngx_http_comments_stream_close(ngx_http_comments_stream_t *stream);
ngx_int_t ngx_http_comments_stream(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx);

/* _origin.c; over_tls: seen by nginx or told by the browser. */
ngx_uint_t ngx_http_comments_over_tls(ngx_http_request_t *r);
ngx_table_elt_t *ngx_http_comments_header(ngx_http_request_t *r,
    const char *name, ngx_uint_t *n);
void ngx_http_comments_origin_find(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx);
/* NGX_OK, or NGX_DECLINED when the request may be forged. */
ngx_int_t ngx_http_comments_origin_allow(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx);
ngx_int_t ngx_http_comments_preflight(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx);
/* _cookie.c */
void ngx_http_comments_cookie_find(ngx_http_request_t *r, ngx_str_t *value);
ngx_int_t ngx_http_comments_cookie_get(ngx_http_request_t *r,
    ngx_str_t *name, ngx_str_t *value);
/* After a post: what result->set_cookie says, or once more for a page that has
 * not seen it. */
ngx_int_t ngx_http_comments_cookie_set(ngx_http_request_t *r,
    ngx_http_comments_ctx_t *ctx, const cmt_result_t *result);

/* _reply.c: what they return can be given to ngx_http_finalize_request(). */
int ngx_http_comments_fail(cmt_error_t *err, int rc, const char *field);
ngx_int_t ngx_http_comments_add_header(ngx_http_request_t *r,
    const char *name, u_char *value, size_t len);
ngx_int_t ngx_http_comments_reply_copy(ngx_http_request_t *r,
    ngx_uint_t status, const char *type, cmt_str_t body);
/* body lives until the request is done. */
ngx_int_t ngx_http_comments_reply(ngx_http_request_t *r, ngx_uint_t status,
    const char *type, cmt_str_t body);
/* The same of a body in at most NGX_HTTP_COMMENTS_PARTS_MAX parts. */
#define NGX_HTTP_COMMENTS_PARTS_MAX  5
ngx_int_t ngx_http_comments_reply_parts(ngx_http_request_t *r,
    ngx_uint_t status, const char *type, const cmt_str_t *parts,
    ngx_uint_t n);
ngx_int_t ngx_http_comments_reply_empty(ngx_http_request_t *r,
    ngx_uint_t status);
/* The header alone: events follow, each to be passed on at once. */
ngx_int_t ngx_http_comments_reply_stream(ngx_http_request_t *r);
ngx_int_t ngx_http_comments_reply_error(ngx_http_request_t *r,
    const cmt_error_t *err);
/* message: instead of the error's own sentence, when not empty.  ask: NULL, or
 * what the author is asked. */
ngx_int_t ngx_http_comments_reply_refusal(ngx_http_request_t *r,
    const cmt_error_t *err, cmt_str_t message, const cmt_ask_t *ask);

/* _log.c: a line about a refusal, or it is counted; what was counted. */
void ngx_http_comments_log(ngx_http_request_t *r, ngx_uint_t status,
    const cmt_error_t *err);
void ngx_http_comments_log_missing(ngx_http_request_t *r,
    ngx_http_comments_worker_t *worker, const char *what, cmt_str_t page,
    const cmt_error_t *err);
void ngx_http_comments_log_init(ngx_http_comments_worker_t *worker);
void ngx_http_comments_log_flush(ngx_http_comments_worker_t *worker);

/* _variables.c */
ngx_int_t ngx_http_comments_add_variables(ngx_conf_t *cf);
/* CMT_OK and the approved comments of a page; uses the worker's arena. */
int ngx_http_comments_count_of(ngx_http_comments_worker_t *worker,
    const cmt_site_t *site, cmt_str_t page, uint64_t *count,
    cmt_error_t *err);


#endif /* NGX_HTTP_COMMENTS_MODULE_H */
