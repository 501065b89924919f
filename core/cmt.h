/*
 * cmt.h: the comment library of ngx-comments, and its manual.
 *
 * The library keeps threads of comments in one LMDB environment, decides
 * about each new one by rules in Lua, and writes threads as JSON.  It knows
 * nothing of nginx: the module (ngx_module/) and the command-line tool
 * (core/tool/) are its two users and include only this header.
 *
 * THE TWO HALVES OF A WRITE
 *
 *   cmt_submit_prepare()   decodes, validates, hashes the identity, renders
 *                          the markup, runs the rules.  Reads the store at
 *                          most.  Makes a change: a value that holds all that
 *                          is decided.
 *   cmt_commit()           applies many changes, in order, in one write
 *                          transaction, with one sync.  What only the order
 *                          can decide (is this token known, is the thread
 *                          closed, is the parent still there, does the text
 *                          repeat, is it a flood) is decided here.
 *
 * Neither may be called on an event loop: both can take milliseconds.
 *
 * A READ
 *
 *   cmt_read_begin()       takes a snapshot;
 *   cmt_thread_find() ...  look into it;
 *   cmt_read_end()         gives it back.  A snapshot held open makes the
 *                          file grow: end it before a reply is sent.
 *
 * ERRORS
 *
 * A function returns CMT_OK or one of the negative codes in CMT_ERRORS.
 * Outputs come last and are untouched on failure.  The details (which field,
 * which line of a rules file, what LMDB said) are in a cmt_error_t that the
 * caller owns; it may be NULL where the caller does not care.  A verdict of
 * the rules is a result, not an error.
 *
 * MEMORY
 *
 * Whatever a call makes for a request comes from the caller's arena and
 * lives as long as that arena.  Strings carry their length and are not
 * terminated by NUL unless a comment says so.
 *
 * THREADS
 *
 * A store, a key, a site and a ruleset may be used by many threads at a time.
 * An arena, a snapshot and a change belong to one thread at a time.
 *
 * PARTS
 *
 * What follows is what posting and reading need.  The rest is included at the
 * end, to be read when it is needed:
 *
 *   cmt_rules.h            rules: load, serve, exchange, replay
 *   cmt_history.h          rules that served, as the store keeps them
 *   cmt_html.h             threads and forms as HTML
 *   cmt_page.h             pages that pass by: markers, heads, gzip
 *   cmt_moderate.h         moderators, sessions, decisions, bans
 *   cmt_desk.h             what moderators ask for over HTTP
 *   cmt_search.h           finding comments
 */

#ifndef CMT_H
#define CMT_H

#include <stddef.h>
#include <stdint.h>


#define CMT_VERSION  "0.1.0"

#define CMT_CHECK    __attribute__((warn_unused_result))


/*
 * Limits.  A test exists at each limit and one past it.
 */

#define CMT_SITE_BYTES_MAX        255     /* name of a site                  */
#define CMT_PAGE_BYTES_MAX        1024    /* canonical path of a page        */
#define CMT_TITLE_CHARS_MAX       300
#define CMT_NAME_CHARS_MAX        100
#define CMT_EMAIL_BYTES_MAX       254     /* RFC 5321, 4.5.3.1.3             */
#define CMT_WEBSITE_BYTES_MAX     500
#define CMT_TEXT_BYTES_MAX        65536
#define CMT_TEXT_CHARS_DEFAULT    10000   /* comments_text_max               */
#define CMT_HTML_BYTES_MAX        (8 * CMT_TEXT_BYTES_MAX)
#define CMT_TOKEN_BYTES_MIN       16      /* idempotency token               */
#define CMT_TOKEN_BYTES_MAX       1024
#define CMT_BODY_BYTES_MAX        (256 * 1024)  /* body of a POST            */
#define CMT_FORM_FIELDS_MAX       64      /* fields of a form or JSON object */
#define CMT_JSON_DEPTH_MAX        16
#define CMT_LEVELS_MAX            10      /* nesting kept by the store       */
#define CMT_LEVELS_DEFAULT        5       /* comments_depth                  */
#define CMT_LIMIT_MAX             200     /* comments in one answer          */
#define CMT_LIMIT_DEFAULT         50      /* comments_page_size              */
#define CMT_REASON_CHARS_MAX      500     /* of a report                     */
#define CMT_EDIT_SECONDS_DEFAULT  900     /* comments_edit_window            */
#define CMT_COUNT_PAGES_MAX       200     /* pages in one GET of counts      */
#define CMT_FEED_COMMENTS_MAX     50      /* in a feed, the newest ones      */
#define CMT_OWN_PENDING_MAX       20      /* own held comments in a thread   */
#define CMT_OWN_LOOKED_MAX        64      /* comments of a reader, in search of
                                             one in the thread                */
#define CMT_BATCH_CHANGES_MAX     256     /* posts in one transaction        */
#define CMT_BULK_CHANGES_MAX      4096    /* the same of an import           */
#define CMT_ARENA_BYTES_MAX       (8 * 1024 * 1024)  /* one request          */
#define CMT_PUBLIC_BYTES_MAX      500     /* words of a rule to the author   */
#define CMT_RULES_STORE_BYTES_MAX (16 * 1024 * 1024)  /* kept by the rules of
                                                         a site              */
#define CMT_GENERATIONS_KEPT      20      /* files of rules that served are  */
#define CMT_GENERATIONS_MAX       200     /* kept: these, and with receipts  */
#define CMT_GENERATION_BYTES_MAX  (4 * 1024 * 1024)  /* larger ones are not  */
#define CMT_RULES_VARS_MAX        16      /* comments_rules_vars             */
#define CMT_RULES_VAR_BYTES_MAX   1024    /* of a value; more is cut         */
#define CMT_AGENT_BYTES_MAX       300     /* of User-Agent; more is cut      */
#define CMT_RULES_WRITES_MAX      64      /* of one evaluation               */
#define CMT_CONSOLE_FILE_BYTES_MAX  65536  /* of rules that are pasted       */
#define CMT_CONSOLE_COMMENTS_MAX  5000    /* decided again in one go         */
#define CMT_CONSOLE_COMMENTS_DEFAULT  500
#define CMT_CONSOLE_CHANGES_MAX   100     /* listed                          */
#define CMT_CONSOLE_MS            5000    /* for all of it                   */
#define CMT_TOKEN_DAYS            2       /* how long tokens and limits live */

#define CMT_HASH_BYTES            16      /* keyed BLAKE2b, 128 bits         */
#define CMT_KEY_BYTES             32
#define CMT_COOKIE_CHARS          43      /* base64url of 32 random bytes    */
#define CMT_FORM_TOKEN_CHARS      43      /* base64url of 32 bytes           */
#define CMT_FORM_TOKEN_CHARS_MAX  855     /* with what a page says of itself */
#define CMT_FORM_SECONDS_MAX      86400   /* age of a form's token           */
#define CMT_SHARES_MAX            8       /* targets of comments_share       */
#define CMT_SHARE_SECONDS         5       /* until their numbers are shown   */
#define CMT_WORK_BYTES_MAX        32      /* what a browser has found        */
#define CMT_AVATAR_CHARS          16      /* hex digits of an avatar's name  */


/*
 * Errors: name, code in JSON, HTTP status, sentence for a person.  The
 * sentence says what to do; %s-free, so that it can be translated.
 */

#define CMT_ERRORS(X)                                                         \
  X(CMT_EINTERNAL,      "internal",            500,                           \
    "Something went wrong on the server. Please try again later.")            \
  X(CMT_ENOMEM,         "out_of_memory",       503,                           \
    "The server is short of memory. Please try again in a moment.")           \
  X(CMT_EBUSY,          "busy",                503,                           \
    "Too many comments arrive right now. Please try again in a moment.")      \
  X(CMT_ESTORE,         "store_unavailable",   503,                           \
    "Comments cannot be saved right now. Please try again in a moment.")      \
  X(CMT_EFULL,          "store_full",          507,                           \
    "There is no room for new comments right now. Please try again later.")   \
  X(CMT_EJSON,          "json_invalid",        400,                           \
    "The body is not a JSON object.")                                         \
  X(CMT_EFORM,          "form_invalid",        400,                           \
    "The form could not be read.")                                            \
  X(CMT_EUTF8,          "not_utf8",            400,                           \
    "The text is not valid UTF-8.")                                           \
  X(CMT_EARGUMENT,      "argument_invalid",    400,                           \
    "One of the arguments in the address has a wrong value.")                 \
  X(CMT_EMODERATOR,     "not_signed_in",       401,                           \
    "Please sign in.")                                                        \
  X(CMT_ESIGNIN,        "signin_failed",       401,                           \
    "The name or the password is wrong.")                                     \
  X(CMT_EORIGIN,        "origin_forbidden",    403,                           \
    "This page may not post comments here.")                                  \
  X(CMT_EHTTPS,         "https_needed",        403,                           \
    "Sign in over https. Here others could read the password.")               \
  X(CMT_EFORBIDDEN,     "not_allowed",         403,                           \
    "You may not do that here.")                                              \
  X(CMT_ECSRF,          "token_stale",         403,                           \
    "This page is too old. Please load it again and repeat what you did.")    \
  X(CMT_ECLOSED,        "thread_closed",       403,                           \
    "Comments are closed on this page.")                                      \
  X(CMT_ENOTYOURS,      "not_yours",           403,                           \
    "Only its author can change this comment.")                               \
  X(CMT_EWINDOW,        "edit_window_over",    403,                           \
    "It is too late to change this comment.")                                 \
  X(CMT_EOWNVOTE,       "own_comment",         403,                           \
    "You cannot vote on your own comment.")                                   \
  X(CMT_ENOTFOUND,      "not_found",           404,                           \
    "There is nothing here.")                                                 \
  X(CMT_EPAGEMISSING,   "page_missing",        404,                           \
    "There is no such page, so nobody can comment on it.")                    \
  X(CMT_EMETHOD,        "method_not_allowed",  405,                           \
    "This method is not allowed here.")                                       \
  X(CMT_EDUPLICATE,     "duplicate",           409,                           \
    "You have already said that here.")                                       \
  X(CMT_EDECIDED,       "already_decided",     409,                           \
    "Somebody has decided about this comment or changed it meanwhile.")       \
  X(CMT_EUNDO,          "undo_impossible",     409,                           \
    "This cannot be undone any more.")                                        \
  X(CMT_ETOOLARGE,      "body_too_large",      413,                           \
    "That is too much at once. Please shorten it.")                           \
  X(CMT_EMEDIATYPE,     "media_type_unsupported", 415,                        \
    "Send JSON or a form.")                                                   \
  X(CMT_EFIELD,         "field_invalid",       422,                           \
    "A field has a wrong type.")                                              \
  X(CMT_EPAGE,          "page_invalid",        422,                           \
    "The page must be a path of this site, such as /blog/post.")              \
  X(CMT_ETITLELONG,     "title_too_long",      422,                           \
    "The title of the page is too long.")                                     \
  X(CMT_ENAMEMISSING,   "name_missing",        422,                           \
    "Please tell us your name.")                                              \
  X(CMT_ENAMELONG,      "name_too_long",       422,                           \
    "The name is too long.")                                                  \
  X(CMT_EEMAILMISSING,  "email_missing",       422,                           \
    "Please give an e-mail address. It will not be published.")               \
  X(CMT_EEMAIL,         "email_invalid",       422,                           \
    "That does not look like an e-mail address.")                             \
  X(CMT_EWEBSITE,       "website_invalid",     422,                           \
    "The website must be an address that begins with http:// or https://.")   \
  X(CMT_EWEBSITELONG,   "website_too_long",    422,                           \
    "The address of the website is too long.")                                \
  X(CMT_ETEXTMISSING,   "text_missing",        422,                           \
    "Please write something first.")                                          \
  X(CMT_ETEXTLONG,      "text_too_long",       422,                           \
    "The comment is too long. Please shorten it.")                            \
  X(CMT_EPARENT,        "parent_invalid",      422,                           \
    "The comment that you answer is not on this page any more.")              \
  X(CMT_ETOKEN,         "token_invalid",       422,                           \
    "The token must be 16 to 1024 printable characters.")                      \
  X(CMT_EACTION,        "action_invalid",      422,                           \
    "The action must be edit or delete.")                                     \
  X(CMT_EVOTE,          "vote_invalid",        422,                           \
    "A vote is 1, 0 or -1.")                                                  \
  X(CMT_EREASONLONG,    "reason_too_long",     422,                           \
    "The reason is too long. Please shorten it.")                             \
  X(CMT_EDECISION,      "decision_invalid",    422,                           \
    "There is no such decision.")                                             \
  X(CMT_ENOTELONG,      "note_too_long",       422,                           \
    "The note is too long. Please shorten it.")                               \
  X(CMT_EBAN,           "ban_invalid",         422,                           \
    "This ban is not possible. Name an author, an address or a domain.")      \
  X(CMT_EREJECTED,      "rejected",            422,                           \
    "This comment was not accepted.")                                         \
  X(CMT_ENUDGE,         "nudge",               422,                           \
    "Please read your comment once more before it is sent.")                  \
  X(CMT_ECHALLENGE,     "challenge",           422,                           \
    "Your browser must do some work first. This needs JavaScript.")           \
  X(CMT_EFLOOD,         "too_many",            429,                           \
    "You are posting too quickly. Please wait a little.")                     \
  X(CMT_EKEY,           "key_unusable",        500,                           \
    "The key file cannot be used.")                                           \
  X(CMT_ERULES,         "rules_unusable",      500,                           \
    "The rules cannot be used.")                                              \
  X(CMT_ECORRUPT,       "store_corrupt",       500,                           \
    "The store is damaged.")                                                  \
  X(CMT_EVERSION,       "store_version",       500,                           \
    "The store was made by another version.")                                 \
  X(CMT_EIO,            "io",                  500,                           \
    "A file could not be read or written.")

#define CMT_OK  0

enum {
    cmt__error_first = -1000,
#define CMT_X(name, code, http, text)  name,
    CMT_ERRORS(CMT_X)
#undef CMT_X
    cmt__error_last
};

#define CMT_ERROR_DETAIL_BYTES  512

typedef struct {
    int           rc;            /* CMT_OK or the code that was returned      */
    const char   *field;         /* "email", static; NULL when none is meant  */
    unsigned      retry_seconds; /* for CMT_EFLOOD, CMT_EBUSY; else 0         */
    char          detail[CMT_ERROR_DETAIL_BYTES];  /* for the log, with NUL   */
} cmt_error_t;

/* "email_invalid", 422 and the sentence; any int is answered. */
const char *cmt_error_code(int rc);
int cmt_error_http(int rc);
const char *cmt_error_text(int rc);


typedef struct {
    size_t        len;
    const char   *data;
} cmt_str_t;

#define cmt_str(literal)  ((cmt_str_t) { sizeof(literal) - 1, literal })
#define cmt_null_str      ((cmt_str_t) { 0, NULL })


/*
 * Arena: memory that is given back all at once.  The pieces are aligned for
 * any type.  cmt_alloc() gives NULL when the system has none or when the
 * arena would hold more than bytes_max; callers return CMT_ENOMEM then.
 * A size of 0 gives a valid pointer.
 */

typedef struct cmt_arena_s  cmt_arena_t;

cmt_arena_t *cmt_arena_create(size_t bytes_max);   /* NULL: no memory */
void cmt_arena_reset(cmt_arena_t *arena);          /* keeps its first block */
void cmt_arena_destroy(cmt_arena_t *arena);        /* NULL is allowed */
size_t cmt_arena_used(const cmt_arena_t *arena);
void *cmt_alloc(cmt_arena_t *arena, size_t bytes) CMT_CHECK;
void *cmt_calloc(cmt_arena_t *arena, size_t bytes) CMT_CHECK;  /* zeroed */


/*
 * The master key: 32 random bytes in a file of its own that only its owner
 * can read.  Everything that hides an e-mail or a network address is keyed
 * with keys derived from it, so that who has the store without the key can
 * neither guess addresses nor link two sites.
 */

typedef struct cmt_key_s  cmt_key_t;

/* Makes a new key file, mode 0600; CMT_EIO when the file exists. */
int cmt_key_create(const char *path, cmt_error_t *err) CMT_CHECK;

/* CMT_EKEY: missing, readable by group or others, not 32 bytes, all zero. */
int cmt_key_load(const char *path, cmt_key_t **key, cmt_error_t *err)
    CMT_CHECK;
void cmt_key_free(cmt_key_t *key);


/* Rules, and rules that serve: cmt_rules.h. */
typedef struct cmt_ruleset_s  cmt_ruleset_t;
typedef struct cmt_rules_s    cmt_rules_t;


/*
 * A site as one location of the configuration describes it.  Fill it with
 * cmt_site_default(), change what differs, then cmt_site_init() derives the
 * site's keys.  One site (by name) may have several of these.
 */

typedef enum {
    CMT_MARKUP_PLAIN = 0,
    CMT_MARKUP_HTML,
    CMT_MARKUP_MARKDOWN
} cmt_markup_t;

#define CMT_ALLOW_MAILTO  1      /* links that write an e-mail                */
#define CMT_ALLOW_IMAGES  2      /* of Markdown                               */

typedef struct {
    unsigned      posts;         /* 0: no limit                               */
    unsigned      seconds;       /* posts per so many seconds                 */
} cmt_rate_t;

/* A page that has moved; both are canonical paths. */
typedef struct {
    cmt_str_t     from, to;
} cmt_alias_t;

typedef struct cmt_site_keys_s  cmt_site_keys_t;

#define CMT_LANGUAGE_AUTO  (-1)

typedef struct {
    cmt_str_t             name;
    cmt_markup_t          markup;
    unsigned              allow;           /* CMT_ALLOW_..., of what is typed
                                              from now on                     */
    unsigned              levels;          /* nesting of new replies, 1..10   */
    size_t                text_chars_max;
    unsigned              require_name:1;
    unsigned              require_email:1;
    cmt_rate_t            author_rate;     /* by cookie and by e-mail         */
    cmt_rate_t            address_rate;    /* by network address              */
    unsigned              edit_seconds;    /* how long authors may edit and
                                              delete; 0: not at all           */
    unsigned              close_seconds;   /* a thread is closed so long after
                                              its first comment; 0: never     */
    cmt_rules_t          *rules;           /* for what is posted and edited   */
    cmt_str_t             prefix;          /* of our addresses: "/comments/"  */
    int                   language;        /* of all pages; CMT_LANGUAGE_AUTO */
    const char           *timezone;        /* of dates in words; NULL: UTC    */
    unsigned              avatars:1;       /* told in threads                 */
    unsigned              page_size;       /* comments in a part of a thread  */
    size_t                n_aliases;
    const cmt_alias_t    *aliases;
    cmt_str_t             base_url;        /* before all paths, for shares    */
    unsigned              n_shares;        /* targets, as cmt_share_find()
                                              numbers them                    */
    unsigned char         shares[CMT_SHARES_MAX];
    cmt_site_keys_t      *keys;            /* made by cmt_site_init()         */
} cmt_site_t;

void cmt_site_default(cmt_site_t *site);
/* CMT_EARGUMENT: the name is empty, too long or has control characters. */
int cmt_site_init(cmt_site_t *site, const cmt_key_t *key, cmt_error_t *err)
    CMT_CHECK;
void cmt_site_clear(cmt_site_t *site);


/*
 * The store: a directory with LMDB's data.mdb and lock.mdb.  Open it in the
 * process that uses it, never before fork().  Opening one directory twice in
 * a process gives the same store, counted.
 */

typedef struct cmt_store_s  cmt_store_t;
typedef struct cmt_read_s   cmt_read_t;

#define CMT_STORE_READONLY  1    /* no write will be made                     */
#define CMT_STORE_CREATE    2    /* make the directory and an empty store     */
#define CMT_STORE_PROVE     4    /* look at every page first, however large   */

/* Stores up to this size are proven whenever they are opened. */
#define CMT_STORE_PROVE_BYTES  ((size_t) 64 << 20)

#define CMT_STORE_MAP_BYTES_DEFAULT  ((size_t) 256 << 30)

/*
 * map_bytes: how large the file may grow (address space, not memory);
 * 0 means the default.
 * CMT_EIO, CMT_EVERSION, CMT_ECORRUPT, CMT_ENOMEM.
 */
int cmt_store_open(const char *path, unsigned flags, size_t map_bytes,
    cmt_store_t **store, cmt_error_t *err) CMT_CHECK;
void cmt_store_close(cmt_store_t *store);          /* NULL is allowed */

/*
 * What must be done now and then, some milliseconds long: frees reader slots
 * of killed processes, drops tokens, limits and sessions that are over, takes
 * new comments into the index of words (no longer than two seconds).  now:
 * Unix seconds.
 */
int cmt_store_maintain(cmt_store_t *store, int64_t now, cmt_error_t *err)
    CMT_CHECK;

/* A consistent copy while others write; dest is a directory that is empty
 * or missing.  compact also leaves out free pages. */
int cmt_store_copy(cmt_store_t *store, const char *dest, int compact,
    cmt_error_t *err) CMT_CHECK;

/*
 * Puts a copy of an open store in the place of the one in the directory path,
 * which is made if it is missing.  What is there keeps its file under the
 * name keep_as.  All or nothing: after a failure the old store is as it was.
 * CMT_EBUSY: somebody has the store of path open; CMT_EIO.
 */
int cmt_store_restore(cmt_store_t *from, const char *path,
    const char *keep_as, cmt_error_t *err) CMT_CHECK;

typedef struct {
    uint64_t      comments, threads, sites, authors, journal;
    uint64_t      by_status[5];  /* indexed by cmt_status_t - 1               */
    uint64_t      bytes_used, bytes_map;
    uint64_t      comments_indexed, bytes_words;   /* cmt_search.h            */
    unsigned      readers;
} cmt_store_stats_t;

int cmt_store_stats(cmt_store_t *store, cmt_store_stats_t *stats,
    cmt_error_t *err) CMT_CHECK;

/* Walks the whole store and compares records, indexes, counters and journal.
 * Each disagreement is told to fn as one line; *n_problems counts them. */
typedef void (*cmt_check_fn)(void *ctx, const char *line);
int cmt_store_check(cmt_store_t *store, cmt_check_fn fn, void *ctx,
    uint64_t *n_problems, cmt_error_t *err) CMT_CHECK;


/*
 * Words of the domain.  The numbers are stored: never change them.
 */

typedef enum {
    CMT_APPROVED = 1,
    CMT_PENDING = 2,
    CMT_SPAM = 3,
    CMT_REJECTED = 4,
    CMT_DELETED = 5
} cmt_status_t;

typedef enum {
    CMT_COMMENT = 1,
    CMT_PINGBACK = 2,
    CMT_WEBMENTION = 3
} cmt_kind_t;

typedef enum {
    CMT_VERDICT_ACCEPT = 1,
    CMT_VERDICT_NUDGE = 2,
    CMT_VERDICT_CHALLENGE = 3,
    CMT_VERDICT_HOLD = 4,
    CMT_VERDICT_SPAM = 5,
    CMT_VERDICT_REJECT = 6
} cmt_verdict_t;

const char *cmt_status_name(cmt_status_t status);   /* "approved"; "?" */
const char *cmt_kind_name(cmt_kind_t kind);         /* "comment"; "?" */
const char *cmt_verdict_name(cmt_verdict_t v);      /* "accept"; "?" */
/* 0 when the word is unknown. */
cmt_status_t cmt_status_parse(cmt_str_t word);
cmt_kind_t cmt_kind_parse(cmt_str_t word);


/*
 * Forms: what a POST carries, whatever its encoding.
 */

typedef struct {
    cmt_str_t     name;
    cmt_str_t     value;
} cmt_field_t;

typedef struct {
    size_t        n;
    cmt_field_t  *fields;        /* in order; a name stands once              */
} cmt_form_t;

/*
 * content_type is the header's value.  Handles application/json (an object
 * of strings, integers, booleans and nulls; null is left out),
 * application/x-www-form-urlencoded, and multipart/form-data (files are
 * refused).  A name that stands twice is refused.
 * CMT_EMEDIATYPE, CMT_EJSON, CMT_EFORM, CMT_EUTF8, CMT_EFIELD,
 * CMT_ETOOLARGE, CMT_ENOMEM.
 */
int cmt_form_parse(cmt_arena_t *arena, cmt_str_t content_type,
    cmt_str_t body, cmt_form_t *form, cmt_error_t *err) CMT_CHECK;
/* The value, or an empty string with data NULL. */
cmt_str_t cmt_form_get(const cmt_form_t *form, const char *name);


/*
 * Posting.
 */

typedef struct cmt_change_s  cmt_change_t;

typedef struct {
    uint64_t      id;            /* of the comment that it is about; 0: a new
                                    one                                       */
    cmt_form_t    form;          /* page, text, name, email, website, parent,
                                    title, token, lang; or what the action
                                    needs                                     */
    cmt_str_t     accept_language;   /* the header, may be empty              */
    cmt_str_t     cookie;        /* value of the author cookie, may be empty  */
    cmt_str_t     address;       /* text form of the peer's address, or empty */
    cmt_str_t     identity;      /* name of who is signed in, may be empty    */
    cmt_str_t     role;          /* "staff", "moderator"; else a member       */
    cmt_str_t     agent;         /* User-Agent, may be empty                  */
    cmt_str_t     base;          /* of the site: "https://example.org"        */
    size_t        n_vars;
    const cmt_field_t  *vars;    /* for rules                                 */
    int64_t       now;           /* Unix seconds                              */
    unsigned      plain_form:1;  /* no script sent it, so none can be asked
                                    for work                                  */
    unsigned      refused:1;     /* a moment ago, for too many posts: that is
                                    asked first                               */
} cmt_submission_t;

/*
 * What an author is asked by CMT_ENUDGE and CMT_ECHALLENGE.  Nothing was
 * stored: the same fields are sent again with the ticket, and for a challenge
 * with work: at most CMT_WORK_BYTES_MAX bytes such that the SHA-256 of
 * "TICKET:WORK" begins with pow_bits zero bits.  Each is asked once; who
 * sends the same words with the ticket and has not done what was asked, waits
 * for a moderator.
 */
typedef struct {
    cmt_str_t     ticket;        /* empty: nothing is asked                   */
    unsigned      pow_bits;      /* 0: no work                                */
} cmt_ask_t;

typedef struct {
    int           rc;            /* CMT_OK, or why it was refused             */
    cmt_error_t   error;         /* when rc is not CMT_OK                     */
    uint64_t      id;            /* of the comment; also set for rejected     */
    cmt_status_t  status;
    cmt_verdict_t verdict;
    unsigned      replayed:1;    /* the token was known: nothing was written  */
    cmt_str_t     message;       /* to the author: why it waits or was refused*/
    cmt_str_t     page;          /* canonical path                            */
    cmt_str_t     set_cookie;    /* a new author secret, or empty             */
    cmt_ask_t     ask;
} cmt_result_t;

/*
 * Whether who posts this has posted too much already, as far as address and
 * cookie tell; the form is not looked at, and may have the token of a comment
 * that is there, which is no new one.  So it is for whom cmt_commit() refused
 * a moment ago: before the body is read, and by cmt_submit_prepare() if
 * submission->refused.  Some reads of memory: for an event loop.
 * CMT_EFLOOD with err->retry_seconds; CMT_ESTORE, CMT_ECORRUPT.
 */
int cmt_submit_wait(cmt_store_t *store, const cmt_site_t *site,
    const cmt_submission_t *submission, cmt_error_t *err) CMT_CHECK;

/*
 * On success the e-mail in the form's memory is overwritten with zeros; after
 * a refusal, and in a plain form, which commit may still refuse, it is there
 * for the form that is shown again, and its owner overwrites it.  Everything
 * the change needs is in the arena or in *site, which must outlive it.
 * Errors: those of validation, with err->field; those of cmt_submit_wait().
 */
int cmt_submit_prepare(cmt_store_t *store, const cmt_site_t *site,
    const cmt_submission_t *submission, cmt_arena_t *arena,
    cmt_change_t **change, cmt_error_t *err) CMT_CHECK;

/*
 * What readers do to a comment that is there: submission->id.  Its author is
 * who has its cookie, as long as cmt_site_t.edit_seconds since it was posted.
 * All of them take what cmt_submit_prepare() takes and give a change for
 * cmt_commit().  CMT_ENOTFOUND: there is no such comment for this reader.
 *
 * cmt_edit_prepare     form: text.  The rules run on the new text; a stricter
 *                      verdict than the comment has changes its status,
 *                      but what a person has approved is not held again
 *                      unless links were added.  CMT_ENOTYOURS, CMT_EWINDOW,
 *                      those of a text; as result.rc also CMT_EDUPLICATE,
 *                      CMT_EFLOOD, CMT_EREJECTED.
 * cmt_delete_prepare   form: nothing.  All that tells of the author goes; with
 *                      answers below it the comment stays as a gap.  As
 *                      result.rc: CMT_ENOTYOURS, CMT_EWINDOW.
 * cmt_vote_prepare     form: value, "1", "0" (takes the vote back) or "-1".
 *                      CMT_EVOTE; as result.rc: CMT_EOWNVOTE, CMT_EFLOOD.
 * cmt_report_prepare   form: reason, may be empty.  Kept for moderators, once
 *                      for each reader.  CMT_EREASONLONG; as result.rc:
 *                      CMT_EFLOOD.
 * cmt_share_prepare    form: page and target.  Counts that a reader followed a
 *                      link to share the page: once a day for each network,
 *                      page and target; replayed is 1 for the others.  A page
 *                      that nobody has spoken on gets a thread, so the caller
 *                      knows that there is such a page.  CMT_EPAGE;
 *                      CMT_ENOTFOUND, the site does not offer the target; as
 *                      result.rc: CMT_EFLOOD.
 *
 * The result has the id, the status and the page of the comment; replayed is
 * 1 when nothing had to be written.
 */
int cmt_edit_prepare(cmt_store_t *store, const cmt_site_t *site,
    const cmt_submission_t *submission, cmt_arena_t *arena,
    cmt_change_t **change, cmt_error_t *err) CMT_CHECK;
int cmt_delete_prepare(cmt_store_t *store, const cmt_site_t *site,
    const cmt_submission_t *submission, cmt_arena_t *arena,
    cmt_change_t **change, cmt_error_t *err) CMT_CHECK;
int cmt_vote_prepare(cmt_store_t *store, const cmt_site_t *site,
    const cmt_submission_t *submission, cmt_arena_t *arena,
    cmt_change_t **change, cmt_error_t *err) CMT_CHECK;
int cmt_report_prepare(cmt_store_t *store, const cmt_site_t *site,
    const cmt_submission_t *submission, cmt_arena_t *arena,
    cmt_change_t **change, cmt_error_t *err) CMT_CHECK;
int cmt_share_prepare(cmt_store_t *store, const cmt_site_t *site,
    const cmt_submission_t *submission, cmt_arena_t *arena,
    cmt_change_t **change, cmt_error_t *err) CMT_CHECK;

/*
 * Applies n changes (at most CMT_BULK_CHANGES_MAX) in one transaction and
 * returns when they are on the disk.  Every change has its own result: one
 * that is refused or fails does not harm its neighbours.
 */
void cmt_commit(cmt_store_t *store, cmt_change_t **changes, size_t n);

/* Valid after cmt_commit(), as long as the change's arena. */
const cmt_result_t *cmt_change_result(const cmt_change_t *change);


/*
 * Reading.
 */

typedef enum {
    CMT_SORT_OLDEST = 0,
    CMT_SORT_NEWEST,
    CMT_SORT_TOP                 /* by votes                                  */
} cmt_sort_t;

/* "oldest"; "?".  parse: CMT_EARGUMENT. */
const char *cmt_sort_name(cmt_sort_t sort);
int cmt_sort_parse(cmt_str_t word, cmt_sort_t *sort) CMT_CHECK;

typedef struct {
    cmt_sort_t    sort;
    unsigned      limit;         /* 1..CMT_LIMIT_MAX                          */
    unsigned      depth;         /* levels below the first; 0 = only the first
                                    level; CMT_LEVELS_MAX = all               */
    uint64_t      after;         /* id of the last comment of the page before,
                                    0 = from the start                        */
    uint64_t      at;            /* instead of after: the part that this comment
                                    stands in, 0 = none.  It begins with its
                                    branch, or with the comment itself where
                                    that is too long                          */
    uint64_t      parent;        /* only what answers this comment; 0 = all   */
    cmt_str_t     cookie;        /* of the reader; empty = the public view    */
    int64_t       now;           /* Unix seconds                              */
} cmt_thread_query_t;

typedef struct {
    uint64_t      id;            /* 0: nobody has commented yet               */
    uint64_t      version;       /* grows with every visible change           */
    uint64_t      instance;      /* random, of the store                      */
    uint64_t      snapshot;      /* transaction id of the read                */
    uint64_t      count;         /* of approved comments                      */
    cmt_str_t     page;          /* canonical path, in the arena              */
    int64_t       closes;        /* Unix seconds; 0: by nobody but moderators */
    int64_t       shared;        /* when it was last shared, Unix seconds; 0:
                                    never.  No change of the version          */
} cmt_thread_t;

/* CMT_ESTORE; may wait for nothing. */
int cmt_read_begin(cmt_store_t *store, cmt_read_t **read, cmt_error_t *err)
    CMT_CHECK;
void cmt_read_end(cmt_read_t *read);               /* NULL is allowed */
/* Two reads of one instance with the same snapshot see the same store. */
void cmt_read_state(const cmt_read_t *read, uint64_t *instance,
    uint64_t *snapshot);

/*
 * The newest snapshot that anybody's read could get by now, without taking
 * one: what was read in that snapshot of that instance is not out of date.
 * It may be one that is being committed.  CMT_ESTORE: the environment is
 * being opened anew; never waits.
 */
int cmt_store_state(cmt_store_t *store, uint64_t *instance,
    uint64_t *snapshot) CMT_CHECK;

/* CMT_EPAGE.  A page without comments is found with id 0. */
int cmt_thread_find(cmt_read_t *read, const cmt_site_t *site,
    cmt_str_t page, cmt_arena_t *arena, cmt_thread_t *thread,
    cmt_error_t *err) CMT_CHECK;

/*
 * May what the holder of this cookie sees of the thread differ from what
 * everybody sees?  It does where a comment or a vote in it is theirs.  1 also
 * when it cannot be told: of more than CMT_OWN_LOOKED_MAX comments on the
 * site, and of records that cannot be read.  0 is sure; so it is for what is no
 * author cookie.
 *
 * *until: when the first of the edit windows that are open there ends, Unix
 * seconds, since that changes what they see without any write; 0: none is.
 */
int cmt_thread_own(cmt_read_t *read, const cmt_site_t *site,
    const cmt_thread_t *thread, cmt_str_t cookie, int64_t now,
    int64_t *until) CMT_CHECK;

/* {"page","title","count","closed","sort","comments":[...],"next"}.
 * CMT_EARGUMENT with err->field "after", "at" or "parent", CMT_ENOMEM. */
int cmt_thread_json(cmt_read_t *read, const cmt_site_t *site,
    const cmt_thread_t *thread, const cmt_thread_query_t *query,
    cmt_arena_t *arena, cmt_str_t *json, cmt_error_t *err) CMT_CHECK;

/* {"counts":{"/a":3,"/b":0}}, keys as they were given.  CMT_EPAGE. */
int cmt_count_json(cmt_read_t *read, const cmt_site_t *site,
    const cmt_str_t *pages, size_t n_pages, cmt_arena_t *arena,
    cmt_str_t *json, cmt_error_t *err) CMT_CHECK;

/* "/page#comment-ID", with "?comments_at=ID" when the thread may have more than
 * one part.  CMT_ENOTFOUND, CMT_ENOMEM. */
int cmt_comment_link(cmt_read_t *read, const cmt_site_t *site, uint64_t id,
    cmt_arena_t *arena, cmt_str_t *link) CMT_CHECK;

/*
 * One comment as its reader may see it: approved for everybody, pending for
 * the author with the cookie, else CMT_ENOTFOUND.  The author also gets
 * "text", what was typed, to edit it.  message, when not empty, becomes the
 * member "message".
 */
int cmt_comment_json(cmt_read_t *read, const cmt_site_t *site, uint64_t id,
    cmt_str_t cookie, cmt_str_t message, cmt_arena_t *arena, cmt_str_t *json,
    cmt_error_t *err) CMT_CHECK;

/* The answer to whoever just posted: the comment as its author sees it, with
 * the result's message, whatever cookie was sent. */
int cmt_result_json(cmt_read_t *read, const cmt_site_t *site,
    const cmt_result_t *result, cmt_arena_t *arena, cmt_str_t *json,
    cmt_error_t *err) CMT_CHECK;

/* {"html"}: what would become of the form's text, as an answer to its parent.
 * Takes as long as a post: not for an event loop.  Errors: those of a text,
 * CMT_ESTORE. */
int cmt_preview_json(cmt_store_t *store, const cmt_site_t *site,
    const cmt_form_t *form, cmt_arena_t *arena, cmt_str_t *json,
    cmt_error_t *err) CMT_CHECK;

/*
 * Events: what readers of a thread could see happen, from the journal.
 * Whoever follows it keeps the number of the last entry that was read and,
 * in each new snapshot, goes on behind it.
 */

typedef enum {
    CMT_EVENT_COMMENT = 1,       /* approved now, and was not before          */
    CMT_EVENT_EDIT,              /* approved, with another text               */
    CMT_EVENT_DELETE             /* not approved any more                     */
} cmt_event_kind_t;

typedef struct {
    uint64_t          seq;       /* in the journal                            */
    cmt_event_kind_t  kind;
    uint64_t          thread, comment;
} cmt_event_t;

/* The number of the journal's last entry. */
int cmt_journal_last(cmt_read_t *read, uint64_t *seq, cmt_error_t *err)
    CMT_CHECK;

/*
 * Looks at no more than *n entries behind *cursor, which comes out as the
 * last one seen; gives events of one thread, or of all when thread is 0.
 * *n goes in as room and comes out as count.  CMT_ESTORE, CMT_ECORRUPT.
 */
int cmt_journal_read(cmt_read_t *read, uint64_t thread, uint64_t *cursor,
    cmt_event_t *events, size_t *n, cmt_error_t *err) CMT_CHECK;

/* The thread of an event and the name of its site.  CMT_ENOTFOUND. */
int cmt_event_thread(cmt_read_t *read, uint64_t id, cmt_arena_t *arena,
    cmt_str_t *site, cmt_thread_t *thread, cmt_error_t *err) CMT_CHECK;

/*
 * The events of one thread that come behind `after`, in the form of
 * text/event-stream, with a last one that counts the thread's comments and
 * has the number seq.  What is not to be seen any more is left out: its end
 * is an event, too.  Without any, count 1 writes the last one alone, count 0
 * nothing.  CMT_ENOMEM, CMT_ESTORE, CMT_ECORRUPT.
 */
int cmt_events_text(cmt_read_t *read, const cmt_site_t *site,
    const cmt_thread_t *thread, const cmt_event_t *events, size_t n,
    uint64_t after, uint64_t seq, int count, cmt_arena_t *arena,
    cmt_str_t *text, cmt_error_t *err) CMT_CHECK;

/*
 * Feeds: the newest comments that everybody sees, as Atom.  base stands before
 * all paths: "https://example.org".  CMT_ENOMEM, CMT_ESTORE, CMT_ECORRUPT.
 */
int cmt_thread_atom(cmt_read_t *read, const cmt_site_t *site,
    const cmt_thread_t *thread, cmt_str_t base, cmt_arena_t *arena,
    cmt_str_t *xml, cmt_error_t *err) CMT_CHECK;
int cmt_site_atom(cmt_read_t *read, const cmt_site_t *site, cmt_str_t base,
    cmt_arena_t *arena, cmt_str_t *xml, cmt_error_t *err) CMT_CHECK;

/*
 * Why a comment was decided as it was: its receipt as one line for a
 * moderator, and the same as a JSON object with the member "words".
 * CMT_ENOTFOUND: it has no receipt.
 */
int cmt_explain_json(cmt_read_t *read, uint64_t id, cmt_arena_t *arena,
    cmt_str_t *words, cmt_str_t *json, cmt_error_t *err) CMT_CHECK;

/* Everything the store keeps of a comment, for the tool. */
int cmt_comment_dump(cmt_read_t *read, uint64_t id, cmt_arena_t *arena,
    cmt_str_t *json, cmt_error_t *err) CMT_CHECK;

/* The error contract: {"error":{"code","message","field","ticket","pow"}}.
 * ask may be NULL. */
int cmt_error_json(const cmt_error_t *error, cmt_str_t message,
    const cmt_ask_t *ask, unsigned language, cmt_arena_t *arena,
    cmt_str_t *json) CMT_CHECK;

/*
 * Canonical path of a page: begins with "/", percent-encoding normalised,
 * dot segments resolved, without fragment, index.html and the parameters
 * that only count visits (utm_*, fbclid, gclid ...).  An absolute http(s)
 * address is taken as its path.  CMT_EPAGE, CMT_ENOMEM.
 */
int cmt_page_canonical(cmt_arena_t *arena, cmt_str_t page, cmt_str_t *out)
    CMT_CHECK;

/* The same on a site: a page that has moved is the one it has moved to. */
int cmt_page_of(const cmt_site_t *site, cmt_arena_t *arena, cmt_str_t page,
    cmt_str_t *out) CMT_CHECK;


/*
 * Exchange.  One JSON object a line; docs/exchange.md describes the members.
 */

typedef struct {
    uint64_t      lines, added, known, refused;
} cmt_import_stats_t;

/* fn is told of each refused line: "line 7: email_invalid: ...".  Lines that
 * are known from an earlier run are counted and skipped.  in: a FILE*. */
int cmt_import_jsonl(cmt_store_t *store, const cmt_site_t *site, void *in,
    int64_t now, cmt_check_fn fn, void *ctx, cmt_import_stats_t *stats,
    cmt_error_t *err) CMT_CHECK;

/* email: of one person, whose deleted comments come along as far as they are
 * kept; empty: all comments.  out: a FILE*.  CMT_EIO when a write fails. */
int cmt_export_jsonl(cmt_store_t *store, const cmt_site_t *site,
    cmt_str_t email, void *out, uint64_t *n, cmt_error_t *err) CMT_CHECK;


#include "cmt_rules.h"
#include "cmt_page.h"
#include "cmt_html.h"
#include "cmt_history.h"
#include "cmt_moderate.h"
#include "cmt_search.h"
#include "cmt_desk.h"

#endif /* CMT_H */
