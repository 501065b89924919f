/*
 * cmt_moderate.h: the part of cmt.h about moderators: who they are, how they
 * sign in, what they decide, and what they look at.  cmt.h includes it.
 *
 * Deciding is a write like any other: a function prepares a change, off the
 * event loop, and cmt_commit() applies it.  Every change of this header
 * writes its own entry of the journal: who, when, from what to what.
 *
 * Names of moderators, notes and everything else that people type come out
 * of here as they were typed: escape them like any text.
 */

#ifndef CMT_MODERATE_H
#define CMT_MODERATE_H


#define CMT_MODERATOR_NAME_BYTES_MAX    64
#define CMT_MODERATORS_MAX              1000    /* in one file              */
#define CMT_MODERATORS_FILE_BYTES_MAX   (1024 * 1024)
#define CMT_MODERATOR_SITES_BYTES_MAX   4096    /* of one moderator         */
#define CMT_PASSWORD_BYTES_MIN          10
#define CMT_PASSWORD_BYTES_MAX          1024
#define CMT_SESSION_SECONDS             (12 * 3600)  /* from the sign-in    */
#define CMT_SESSION_IDLE_SECONDS        3600    /* without a request        */
#define CMT_SESSION_TOUCH_SECONDS       300     /* a younger touch is kept  */
#define CMT_SESSIONS_OF_ONE_MAX         20      /* the oldest one goes      */
#define CMT_SESSION_CHARS               43      /* base64url of 32 bytes    */
#define CMT_CSRF_CHARS                  22      /* base64url of 16 bytes    */
#define CMT_SIGNIN_SECONDS              600
#define CMT_SIGNIN_OF_NETWORK_MAX       10      /* failures in that time    */
#define CMT_SIGNIN_OF_NAME_MAX          30
#define CMT_NOTE_CHARS_MAX              1000
#define CMT_DECISIONS_MAX               1000    /* in one change            */
#define CMT_HISTORY_MAX                 100     /* told of one comment      */
#define CMT_REPORTED_COUNTED_MAX        1000    /* more are told as so many */
#define CMT_CONTEXT_MAX                 20      /* comments around one      */
#define CMT_BANS_LISTED_MAX             1000
#define CMT_BAN_KEY_CHARS               12      /* names a ban              */
#define CMT_DOMAIN_BYTES_MAX            253
#define CMT_LOG_ENTRIES_MAX             1000    /* in one answer            */
#define CMT_PURGE_DAYS_MIN              3


/*
 * MODERATORS
 *
 * A file, made by `ngx-comments moderator add`, one moderator a line:
 *
 *   kari owner * $argon2id$v=19$m=65536,t=2,p=1$...
 *   ola moderator example.org,blog.example.org $argon2id$...
 *   per moderator * -
 *
 * name, role, sites ("*": all), hash of the password; "-" has none and can
 * only come in through a variable of nginx.  The file is read as a whole and
 * is immutable in memory; it is counted, since a sign-in on another thread
 * may outlive its successor.
 *
 * load     CMT_EIO: missing, not a file, open to others than its owner and
 *          group, or wrong in a line; err->detail says which and what to do.
 * changed  1 when the file is another one now: by its number, size and time.
 *          One stat(): cheap enough for each request of a moderator.
 * keep     one more user, which calls cmt_moderators_free(), too.
 */
typedef struct cmt_moderators_s  cmt_moderators_t;

typedef enum {                   /* an owner may do all that a moderator may */
    CMT_ROLE_MODERATOR = 1,
    CMT_ROLE_OWNER = 2
} cmt_role_t;

const char *cmt_role_name(cmt_role_t role);        /* "owner"; "?" */
cmt_role_t cmt_role_parse(cmt_str_t word);         /* 0: unknown */

int cmt_moderators_load(const char *path, cmt_moderators_t **moderators,
    cmt_error_t *err) CMT_CHECK;
int cmt_moderators_changed(const cmt_moderators_t *moderators);
cmt_moderators_t *cmt_moderators_keep(cmt_moderators_t *moderators);
void cmt_moderators_free(cmt_moderators_t *moderators);  /* NULL is allowed */
size_t cmt_moderators_count(const cmt_moderators_t *moderators);

/* {"moderators":[{"name","role","sites":["*"],"password":true}]} */
int cmt_moderators_json(const cmt_moderators_t *moderators,
    cmt_arena_t *arena, cmt_str_t *json, cmt_error_t *err) CMT_CHECK;

/*
 * Changes the file: under a lock against a second writer, written aside,
 * synced and renamed; mode and owner stay.  A new file has mode 0600.
 *
 * add       CMT_EARGUMENT with err->field "name", "role", "sites" or
 *           "password" (too short or too long); also when the name is there.
 * remove    CMT_ENOTFOUND.  Sessions of the name end at once.
 * password  CMT_ENOTFOUND.  The same.
 * All: CMT_EIO.  password empty in add: none, see above.  sites empty: "*",
 * else names with commas.  Takes as long as Argon2id: some 100 ms.
 */
int cmt_moderator_add(const char *path, cmt_str_t name, cmt_role_t role,
    cmt_str_t sites, cmt_str_t password, cmt_error_t *err) CMT_CHECK;
int cmt_moderator_remove(const char *path, cmt_str_t name, cmt_error_t *err)
    CMT_CHECK;
int cmt_moderator_password(const char *path, cmt_str_t name,
    cmt_str_t password, cmt_error_t *err) CMT_CHECK;


/*
 * WHO DECIDES
 *
 * actor is what the journal keeps and moderators see: "moderator:kari",
 * "tool", "rules", "upkeep".  What a machine decides never takes the place of
 * what a person has decided about the same text.
 */
typedef struct {
    cmt_str_t     name;          /* "kari"                                    */
    cmt_str_t     actor;         /* "moderator:kari"                          */
    cmt_role_t    role;
    unsigned      machine:1;
} cmt_who_t;

/*
 * Whom nginx has authenticated itself (a variable).  With moderators, the
 * name must be there for this site; NULL takes anybody as a moderator.  The
 * strings are in the arena.  CMT_EMODERATOR: the name is empty, not of the
 * form of a name, unknown, or of another site.
 */
int cmt_moderator_trusted(const cmt_moderators_t *moderators,
    const cmt_site_t *site, cmt_str_t name, cmt_arena_t *arena,
    cmt_who_t *who, cmt_error_t *err) CMT_CHECK;


/*
 * SESSIONS
 *
 * A session is 32 random bytes in a cookie; the store has their keyed hash,
 * the moderator's name, the site, and a mark of the password it began with.
 * It ends CMT_SESSION_SECONDS after the sign-in whatever happens, and
 * CMT_SESSION_IDLE_SECONDS after the last touch; at once by sign-out, when
 * the moderator is removed, gets another password or loses the site.
 */

/*
 * form: name, password; address; cookie: that of a session so far, which
 * ends.  Compares the password by Argon2id, with the same work for a name
 * that is not there: a pool thread, please.  The password is overwritten.
 * As error or as result.rc: CMT_ESIGNIN, with one sentence for a wrong name,
 * a wrong password and a moderator of another site; CMT_EFLOOD with
 * retry_seconds after CMT_SIGNIN_OF_NETWORK_MAX failures of one network or
 * CMT_SIGNIN_OF_NAME_MAX of one name, also for the right password.
 * The failure itself is a change, too: commit it, or it is not counted.
 * result.set_cookie: the session's secret.
 */
int cmt_signin_prepare(cmt_store_t *store, const cmt_site_t *site,
    cmt_moderators_t *moderators, const cmt_submission_t *submission,
    cmt_arena_t *arena, cmt_change_t **change, cmt_error_t *err) CMT_CHECK;

typedef struct {
    cmt_who_t     who;           /* in the arena                              */
    int64_t       created, expires;   /* Unix seconds                         */
    unsigned      touch:1;       /* the last touch is old: prepare another    */
    char          csrf[CMT_CSRF_CHARS + 1];   /* with NUL                     */
} cmt_session_t;

/* secret: the cookie's value.  Reads one record: fit for the event loop.
 * CMT_EMODERATOR: there is no such session for this site any more. */
int cmt_session_find(cmt_read_t *read, const cmt_site_t *site,
    const cmt_moderators_t *moderators, cmt_str_t secret, int64_t now,
    cmt_arena_t *arena, cmt_session_t *session, cmt_error_t *err) CMT_CHECK;

/* Keeps a session from falling idle.  Nothing is written when it is young or
 * over. */
int cmt_session_touch_prepare(const cmt_site_t *site, cmt_str_t secret,
    int64_t now, cmt_arena_t *arena, cmt_change_t **change, cmt_error_t *err)
    CMT_CHECK;

/* Signs out: this session, or with everywhere all of its moderator here. */
int cmt_signout_prepare(const cmt_site_t *site, cmt_str_t secret,
    int everywhere, int64_t now, cmt_arena_t *arena, cmt_change_t **change,
    cmt_error_t *err) CMT_CHECK;

/*
 * The token that each state change must bring along: derived from the
 * session's secret or, for whom nginx has authenticated, from the name.
 * check: 1 when it is right, in constant time.
 */
void cmt_csrf_token(const cmt_site_t *site, cmt_str_t secret_or_name,
    char out[CMT_CSRF_CHARS + 1]);
int cmt_csrf_check(const cmt_site_t *site, cmt_str_t secret_or_name,
    cmt_str_t token);


/*
 * DECISIONS
 *
 * Each decision about a comment has a number, which is that of its journal
 * entry.  The number of the newest one is the comment's version (0: nobody
 * has touched it since it was posted); an edit by the author counts as well,
 * so that nobody approves a text that he has not read.
 *
 * A deleted comment is a gap for readers; what it said is kept for an undo
 * until it is purged or erased.
 */
typedef enum {
    CMT_DO_APPROVE = 1,
    CMT_DO_HOLD,
    CMT_DO_SPAM,
    CMT_DO_REJECT,
    CMT_DO_DELETE,
    CMT_DO_EDIT,                 /* text; needs a site with its keys          */
    CMT_DO_NOTE,                 /* note alone                                */
    CMT_DO_PIN,                  /* on top of its thread; one in each         */
    CMT_DO_UNPIN,
    CMT_DO_UNDO                  /* what `undo` names                         */
} cmt_do_t;

const char *cmt_do_name(cmt_do_t what);            /* "approve"; "?" */
cmt_do_t cmt_do_parse(cmt_str_t word);             /* 0: unknown */

#define CMT_VERSION_ANY  UINT64_MAX

typedef struct {
    cmt_do_t      what;
    uint64_t      id;
    uint64_t      version;       /* that was seen, or CMT_VERSION_ANY         */
    uint64_t      undo;          /* number of a decision; 0: the newest       */
    cmt_str_t     text;          /* of an edit                                */
    cmt_str_t     note;          /* may be empty                              */
} cmt_decision_t;

/*
 * One change for all n decisions, 1..CMT_DECISIONS_MAX: all of them are on
 * the disk or none is.  Each has its own result; one that is refused does
 * not keep the others from it.  site NULL: comments of any site (the tool);
 * else a comment of another site is not found.
 *
 * Idempotent: to decide what is so already writes nothing (replayed), and
 * tells who was first.  What differs from it and was decided upon another
 * version is CMT_EDECIDED.  An undo brings back status, text, marks and all
 * that follows from them, as they were before the decision; it needs that
 * nothing came after it, else CMT_EUNDO.
 *
 * Errors: CMT_EDECISION with field "decision" (unknown, or their number, or a
 * note without one), CMT_ENOTELONG, those of a text; CMT_EFORBIDDEN for an
 * edit by a machine or without a site.
 */
int cmt_decide_prepare(cmt_store_t *store, const cmt_site_t *site,
    const cmt_who_t *who, const cmt_decision_t *decisions, size_t n,
    int64_t now, cmt_arena_t *arena, cmt_change_t **change,
    cmt_error_t *err) CMT_CHECK;

typedef struct {
    int           rc;            /* CMT_OK, CMT_ENOTFOUND, CMT_EDECIDED or
                                    CMT_EUNDO                                 */
    uint64_t      id;
    cmt_do_t      what;
    cmt_status_t  before, status;
    uint64_t      version;       /* of the comment now                        */
    unsigned      replayed:1;    /* it was so: nothing was written            */
    cmt_str_t     by;            /* who made the newest decision; may be empty*/
    int64_t       at;            /* and when; 0: there is none                */
} cmt_decided_t;

/* Valid after cmt_commit(), when the change's result.rc is CMT_OK. */
const cmt_decided_t *cmt_change_decided(const cmt_change_t *change,
    size_t *n);
/* {"results":[{"id","decision","status","before","version","by","at",
 * "replayed","error":{"code","message"}}]} in the order of the decisions. */
int cmt_decided_json(const cmt_change_t *change, unsigned language,
    cmt_arena_t *arena, cmt_str_t *json, cmt_error_t *err) CMT_CHECK;

/*
 * A moderator's own comment: published at once, no rules run.  form: text,
 * token, page and title for a new thread when id is 0, name (else the
 * moderator's).  id: of the comment that is answered.  Errors: those of a
 * text; as result.rc: CMT_EPARENT, CMT_EDUPLICATE.  Closed threads are open
 * for moderators.  The result is that of a post.
 */
int cmt_reply_prepare(cmt_store_t *store, const cmt_site_t *site,
    const cmt_who_t *who, const cmt_submission_t *submission,
    cmt_arena_t *arena, cmt_change_t **change, cmt_error_t *err) CMT_CHECK;

/* Closes a page for new comments, or opens it again.  A page without a
 * thread gets one to be closed.  CMT_EPAGE; result.replayed: it was so. */
int cmt_close_prepare(const cmt_site_t *site, const cmt_who_t *who,
    cmt_str_t page, int close, cmt_str_t note, int64_t now,
    cmt_arena_t *arena, cmt_change_t **change, cmt_error_t *err) CMT_CHECK;


/*
 * BANS
 *
 * They are asked before the rules, for posts and for edits, and decide what
 * becomes of the comment: spam (looks like waiting to its author, as all
 * spam does), pending, or rejected, which says so.
 *
 * author   by a comment: whoever has its cookie or its e-mail; or by e-mail.
 * address  one address or a prefix ("192.0.2.0/24", "2001:db8::/32"): /8,
 *          /16, /24 and /32, or /32, /48, /64 and /128.  The store has only
 *          a hash under a key of its own, and knows no comment's address: an
 *          address can be typed, and not be taken from a comment.
 * domain   of the author's website and of links in the text, with all below
 *          it.
 */
typedef enum {
    CMT_BAN_AUTHOR = 1,
    CMT_BAN_ADDRESS = 2,
    CMT_BAN_DOMAIN = 3
} cmt_ban_kind_t;

const char *cmt_ban_kind_name(cmt_ban_kind_t kind);  /* "author"; "?" */
cmt_ban_kind_t cmt_ban_kind_parse(cmt_str_t word);   /* 0: unknown */

typedef struct {
    cmt_ban_kind_t  kind;
    uint64_t        id;          /* author: of a comment; 0: value            */
    cmt_str_t       value;       /* an e-mail, an address, a domain           */
    cmt_status_t    status;      /* CMT_SPAM, CMT_PENDING or CMT_REJECTED     */
    int64_t         until;       /* Unix seconds; 0: no end                   */
    cmt_str_t       note;
} cmt_ban_t;

/*
 * The same ban again takes the place of the first; result.replayed when all
 * is the same.  CMT_EBAN with field "kind", "value", "status" or "until";
 * CMT_ENOTFOUND: no such comment; CMT_EBAN: it has neither cookie nor e-mail;
 * CMT_ENOTELONG.  The e-mail is overwritten.
 */
int cmt_ban_prepare(cmt_store_t *store, const cmt_site_t *site,
    const cmt_who_t *who, const cmt_ban_t *ban, int64_t now,
    cmt_arena_t *arena, cmt_change_t **change, cmt_error_t *err) CMT_CHECK;
/* key: as the list tells it.  As result.rc: CMT_ENOTFOUND. */
int cmt_unban_prepare(const cmt_site_t *site, const cmt_who_t *who,
    cmt_str_t key, int64_t now, cmt_arena_t *arena, cmt_change_t **change,
    cmt_error_t *err) CMT_CHECK;
/* {"bans":[{"key","kind","value","parts","comment","status","created","until",
 * "by","note"}]}: value is a domain or else null; parts are what of an author
 * is banned, "cookie" and "email"; those that are over are left out. */
int cmt_bans_json(cmt_read_t *read, const cmt_site_t *site, int64_t now,
    cmt_arena_t *arena, cmt_str_t *json, cmt_error_t *err) CMT_CHECK;


/*
 * LOOKING
 *
 * Of an author a moderator sees a name, a picture and a history, never an
 * e-mail and never a whole hash.
 *
 * An item is what a card of the queue needs:
 *   {"id","version","status","kind","page","title","parent","created",
 *    "edited","reviewed","pinned","imported","author":{"name","url","avatar",
 *    "role","key","history":{"approved","pending","spam","rejected",
 *    "deleted","first_seen","proof"}},"text","html","markup","votes":
 *    {"up","down"},"replies","reports":{"count","open","reasons":[...]},
 *    "receipt","decision":{"version","decision","by","at","note"}}
 * author.key: the first 8 digits of the hash, to tell two of one name apart;
 * null without one.  decision: the newest, or null.  receipt: what the rules
 * said, docs/rules.md, or null.
 */

/* The items of these comments as an array "[...]", in their order; those
 * that are not of this site are left out.  For lists by status, by search. */
int cmt_items_json(cmt_read_t *read, const cmt_site_t *site,
    const uint64_t *ids, size_t n, cmt_arena_t *arena, cmt_str_t *json,
    cmt_error_t *err) CMT_CHECK;

/*
 * The queue, newest first: {"items":[...],"next":id or null,"counts":
 * {"approved","pending","spam","rejected","deleted","reported"}}.
 * status 0: those with open reports, whatever their status.
 * before: ids below it; 0: all.  oldest 1: the other way round, above it.
 * reported is counted to CMT_REPORTED_COUNTED_MAX.
 */
typedef struct {
    cmt_status_t  status;
    unsigned      oldest:1;
    uint64_t      before;
    unsigned      limit;         /* 1..CMT_LIMIT_MAX                          */
} cmt_queue_query_t;

int cmt_queue_json(cmt_read_t *read, const cmt_site_t *site,
    const cmt_queue_query_t *query, cmt_arena_t *arena, cmt_str_t *json,
    cmt_error_t *err) CMT_CHECK;

/*
 * One item with members more: "history":[{"version","decision","by","at",
 * "before","after","note","text_before","undone"}], newest first, and
 * "context":[...]: items before it, those that it answers from the top down.
 * CMT_ENOTFOUND.
 */
int cmt_item_json(cmt_read_t *read, const cmt_site_t *site, uint64_t id,
    cmt_arena_t *arena, cmt_str_t *json, cmt_error_t *err) CMT_CHECK;

/* What the author of a comment has written: {"author":{...},"items":[...],
 * "next"}, newest first, by cookie, else by e-mail.  CMT_ENOTFOUND. */
int cmt_author_json(cmt_read_t *read, const cmt_site_t *site, uint64_t id,
    uint64_t before, unsigned limit, cmt_arena_t *arena, cmt_str_t *json,
    cmt_error_t *err) CMT_CHECK;

/* {"counts":{...},"oldest":{"id","created"} or null,"threads","bans",
 * "sessions","journal","store":{"bytes_used","bytes_map","readers"},
 * "rules":{"paths":[...],"digest","generation","loaded","files","lists",
 * "rules","tests","refused":{"at","error"} or null} or null}.
 * oldest: that waits.  rules: see cmt_rules_state_t; another process may be
 * a look behind.  Owners are told where files lie, others only their names. */
int cmt_status_json(cmt_store_t *store, const cmt_site_t *site,
    cmt_role_t role, cmt_arena_t *arena, cmt_str_t *json, cmt_error_t *err)
    CMT_CHECK;


/*
 * THE RECORD
 *
 * Entries of the journal, each an object in a line of its own:
 *   {"seq","time","what","actor","site","page","comment","before","after",
 *    "undoes","note"}
 * what a submit or an author's edit became ("after") is the rules' decision.
 * after: entries behind it, in order; before: entries below it, newest
 * first, when after is 0.
 */
typedef struct {
    cmt_str_t     site;          /* empty: all                                */
    uint64_t      comment;       /* 0: all                                    */
    cmt_str_t     actor;         /* empty: all                                */
    int64_t       since, until;  /* Unix seconds; 0: no bound                 */
    uint64_t      after, before;
    unsigned      limit;         /* 1..CMT_LOG_ENTRIES_MAX                    */
} cmt_log_query_t;

/* *next: for `after` or `before` of the next call; 0: that was all. */
int cmt_log_json(cmt_read_t *read, const cmt_log_query_t *query,
    cmt_arena_t *arena, cmt_str_t *lines, uint64_t *next, cmt_error_t *err)
    CMT_CHECK;

/* Chains the journal again from its beginning: the hash over all entries, and
 * the hash in each entry over the decision's record with note and old text. */
int cmt_log_verify(cmt_store_t *store, cmt_check_fn fn, void *ctx,
    uint64_t *n_entries, uint64_t *n_problems, cmt_error_t *err) CMT_CHECK;


/*
 * GOING
 *
 * purge: erases comments that have had this status for the given seconds at
 * least, in which moderators could see them there; CMT_SPAM, CMT_REJECTED or
 * CMT_DELETED.  erase: all comments of an e-mail, with their notes, old
 * texts, votes and bans; the e-mail is overwritten.  Both work in batches of
 * their own; *n counts comments.  CMT_EARGUMENT, CMT_EEMAIL, CMT_ESTORE,
 * CMT_EFULL.
 */
int cmt_purge(cmt_store_t *store, const cmt_site_t *site,
    cmt_status_t status, int64_t seconds, const cmt_who_t *who, int64_t now,
    uint64_t *n, cmt_error_t *err) CMT_CHECK;
/*
 * A part of the daily purge of spam and rejected comments, on all sites of the
 * store: ms_max milliseconds, at least a batch.  Call it each minute.  When all
 * of a day (UTC) is done, or somebody else is at it, it does nothing; who is
 * killed at it is waited for five minutes.  What it does is done by "upkeep".
 * CMT_EARGUMENT: less than CMT_PURGE_DAYS_MIN days.
 */
int cmt_purge_daily(cmt_store_t *store, int64_t seconds, unsigned ms_max,
    int64_t now, uint64_t *n, cmt_error_t *err) CMT_CHECK;
int cmt_erase(cmt_store_t *store, const cmt_site_t *site, cmt_str_t email,
    const cmt_who_t *who, int64_t now, uint64_t *n, cmt_error_t *err)
    CMT_CHECK;


#endif /* CMT_MODERATE_H */
