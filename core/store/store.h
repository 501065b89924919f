/*
 * store/: threads, comments, authors and the journal in one LMDB
 * environment.  The only folder that sees <lmdb.h>.
 *
 * This header offers nouns and verbs.  Whoever adds or moves a comment gets
 * every index and counter kept in step: no other folder knows the tables
 * (schema.h draws them).
 *
 * A cmt_read_t is a snapshot; a cmt__write_t is the one write transaction,
 * and cmt__write_view() reads what it has written so far.  The strings of a
 * record that was read point into the map: valid until the snapshot ends or,
 * in a write transaction, until the next write.
 */

#ifndef CMT_STORE_H
#define CMT_STORE_H

#include "../base/base.h"
#include "../privacy/privacy.h"


#define CMT__STATUSES  5

typedef struct cmt__write_s  cmt__write_t;

/*
 * Waits for the writer lock, which all processes share.  An environment that
 * LMDB declared broken after a failed write is opened anew first.
 * CMT_ESTORE.  (txn.c)
 */
int cmt__write_begin(cmt_store_t *store, cmt__write_t **write,
    cmt_error_t *err) CMT_CHECK;
/* On the disk when it returns CMT_OK.  Ends the transaction in any case.
 * CMT_EFULL, CMT_ESTORE. */
int cmt__write_commit(cmt__write_t *write, cmt_error_t *err) CMT_CHECK;
void cmt__write_abort(cmt__write_t *write);
/* Frees what killed readers hold; worth a try before a full store is given
 * up. */
void cmt__store_relieve(cmt_store_t *store);
/* Its directory. */
const char *cmt__store_path(const cmt_store_t *store);
cmt_read_t *cmt__write_view(cmt__write_t *write);
uint64_t cmt__instance(const cmt_read_t *read);
uint64_t cmt__snapshot(const cmt_read_t *read);


/* Counts by status and name of a site, from its id; or the name alone. */
int cmt__site_get(cmt_read_t *read, uint32_t site,
    uint64_t counts[CMT__STATUSES], cmt_str_t *name) CMT_CHECK;
int cmt__site_name(cmt_read_t *read, uint32_t site, cmt_str_t *name)
    CMT_CHECK;
/* Sites.  Every getter of this header answers CMT_ENOTFOUND when there is no
 * such record, CMT_ECORRUPT when the bytes are no record, CMT_ESTORE when
 * LMDB fails.  (thread.c) */
int cmt__site_find(cmt_read_t *read, cmt_str_t name, uint32_t *site)
    CMT_CHECK;
int cmt__site_make(cmt__write_t *write, cmt_str_t name, uint32_t *site,
    cmt_error_t *err) CMT_CHECK;


#define CMT__THREAD_CLOSED  1
#define CMT__THREAD_RANKED  2        /* has an index by votes (top.c)        */
#define CMT__THREAD_FLAGS   (CMT__THREAD_CLOSED | CMT__THREAD_RANKED)

typedef struct {
    uint64_t       id;
    uint32_t       site;
    unsigned       flags;
    uint64_t       version;      /* journal number of the last visible change */
    int64_t        created;      /* first comment; 0: shared before any      */
    uint32_t       counts[CMT__STATUSES];
    uint64_t       pinned;       /* the comment on top; 0: none              */
    int64_t        shared;       /* when it was last shared; 0: never        */
    uint32_t       shares[CMT_SHARES_MAX];   /* how often, by target         */
    cmt_str_t      page, title;
    cmt_str_t      about;        /* what the page said of itself (cmt_page.h) */
    int64_t        told;         /* when it did; 0: it never said anything   */
} cmt__thread_t;

int cmt__thread_find(cmt_read_t *read, uint32_t site, cmt_str_t page,
    cmt__thread_t *thread) CMT_CHECK;
int cmt__thread_get(cmt_read_t *read, uint64_t id, cmt__thread_t *thread)
    CMT_CHECK;
/*
 * Copies its strings to kept, where no write can move them: who has read it
 * calls this before the first write.  CMT_ECORRUPT: they are longer than any.
 */
#define CMT__THREAD_KEPT_BYTES  (CMT_PAGE_BYTES_MAX + 4 * CMT_TITLE_CHARS_MAX \
                                 + CMT_PAGE_ABOUT_BYTES_MAX)
int cmt__thread_keep(cmt__thread_t *thread,
    char kept[CMT__THREAD_KEPT_BYTES], cmt_error_t *err) CMT_CHECK;
/* thread->id 0: a new one, which gets its id.  Its strings are then those of
 * the record. */
int cmt__thread_put(cmt__write_t *write, cmt__thread_t *thread,
    cmt_error_t *err) CMT_CHECK;


#define CMT__PLACE_BYTES       12        /* one level, see schema.h          */
#define CMT__FLAG_IMPORTED     1
#define CMT__FLAG_REVIEWED     2         /* a person has decided             */
#define CMT__FLAG_SETTLED      4         /* and has seen all its reports     */
#define CMT__FLAG_MODERATOR    8         /* written by one                   */

typedef struct {
    uint64_t       id, thread, parent;
    uint32_t       site;
    cmt_status_t   status;
    cmt_kind_t     kind;
    cmt_markup_t   markup;
    unsigned       flags;
    int64_t        created, edited;      /* edited 0: never                  */
    uint32_t       replies;              /* direct ones with a place         */
    uint32_t       votes_up, votes_down;
    uint32_t       reports;              /* at most UINT16_MAX               */
    unsigned       levels;               /* 1 = top                          */
    uint8_t        place[CMT_LEVELS_MAX * CMT__PLACE_BYTES];
    cmt__hash_t    identity;             /* of the e-mail; zero: none        */
    cmt__hash_t    cookie;               /* of the author's secret           */
    cmt__hash_t    fingerprint;          /* for duplicates; zero: none       */
    cmt_str_t      name, website, text, html;
} cmt__comment_t;

int cmt__comment_get(cmt_read_t *read, uint64_t id, cmt__comment_t *comment)
    CMT_CHECK;

/* Nothing is left of it but its place: see cmt__comment_erase(). */
static inline int
cmt__hollow(const cmt__comment_t *comment)
{
    return comment->text.len == 0 && comment->html.len == 0;
}

/* What is kept of a post beside its comment. */
typedef struct {
    const cmt__hash_t  *token;           /* zero: none                       */
    const cmt__hash_t  *address;         /* NULL: it is not counted          */
} cmt__posted_t;

/*
 * Adds a comment to its thread: gives it the next id and its place below
 * parent (which may be NULL), at most levels_max deep, and writes record,
 * indexes, counters and the author's history.  *thread is updated and put.
 * posted NULL: nobody has posted it now, or it was refused.  Else nothing in
 * the thread may have its fingerprint, if it has one.
 */
int cmt__comment_add(cmt__write_t *write, cmt__thread_t *thread,
    const cmt__comment_t *parent, unsigned levels_max,
    const cmt__posted_t *posted, cmt__comment_t *comment, cmt_error_t *err)
    CMT_CHECK;

/* All of a comment that a decision can change. */
typedef struct {
    cmt_status_t   status;
    unsigned       flags;
    unsigned       has_text:1;           /* else the next four stay          */
    int64_t        edited;
    cmt__hash_t    fingerprint;
    cmt_str_t      text, html;
} cmt__state_t;

/* Gives a comment another state; everything that depends on it follows. */
int cmt__comment_set(cmt__write_t *write, uint64_t id,
    const cmt__state_t *state, cmt_error_t *err) CMT_CHECK;

typedef struct {
    cmt_status_t   status;               /* when it is another one, no person
                                            has decided any more             */
    int64_t        edited;
    cmt__hash_t    fingerprint;
    cmt_str_t      text, html;
} cmt__edit_t;

/* Gives a comment another text, and all that depends on it. */
int cmt__comment_edit(cmt__write_t *write, uint64_t id,
    const cmt__edit_t *edit, cmt_error_t *err) CMT_CHECK;

/*
 * Deletes a comment with all that was said and all that tells who said it:
 * name, website, text, hashes, receipt, reports, its place in the author's
 * counts and lists.  What is left are its number, its times and its place,
 * for those that answer it.
 */
int cmt__comment_erase(cmt__write_t *write, uint64_t id, cmt_error_t *err)
    CMT_CHECK;

/*
 * One vote for each cookie and comment.  (vote.c)  That of who is banned is
 * silent: it is in no number but those that its reader sees.
 */
typedef struct {
    int            value;                /* 1, -1, or 0 for none             */
    unsigned       silent:1;
} cmt__vote_t;

/*
 * cmt__votes_in() says whether there is any vote of the cookie in the thread,
 * so that readers without one cost no look-ups; CMT_ENOTFOUND: none.
 */
int cmt__votes_in(cmt_read_t *read, uint32_t site, const cmt__hash_t *cookie,
    uint64_t thread) CMT_CHECK;
/* Ids of comments that it has voted on, some of them when there are more;
 * *n goes in as room. */
int cmt__votes_of(cmt_read_t *read, uint32_t site, const cmt__hash_t *cookie,
    uint64_t *ids, size_t *n) CMT_CHECK;
int cmt__vote_get(cmt_read_t *read, const cmt__comment_t *comment,
    const cmt__hash_t *cookie, cmt__vote_t *vote) CMT_CHECK;
/* In place of the one before; with the value 0 there is none. */
int cmt__vote_put(cmt__write_t *write, uint64_t id,
    const cmt__hash_t *cookie, cmt__vote_t vote, cmt_error_t *err) CMT_CHECK;

/* What readers have against a comment, once for each cookie.  silent: nobody
 * is told, and it does not count.  (report.c) */
typedef struct {
    cmt__hash_t    cookie;
    unsigned       silent:1;
    int64_t        time;
    cmt_str_t      reason;               /* may be empty */
} cmt__report_t;

int cmt__report_get(cmt_read_t *read, uint64_t id, const cmt__hash_t *cookie,
    cmt__report_t *report) CMT_CHECK;
/* The next one of the comment behind report->cookie (zero: the first);
 * CMT_ENOTFOUND at the end. */
int cmt__report_next(cmt_read_t *read, uint64_t id, cmt__report_t *report)
    CMT_CHECK;
int cmt__report_put(cmt__write_t *write, uint64_t id,
    const cmt__report_t *report, cmt_error_t *err) CMT_CHECK;
/* How many of its reports were right: all, when a person has put the comment
 * aside as spam or rejected, else none. */
uint32_t cmt__upheld(const cmt__comment_t *comment);
/* Ids of a site's comments with reports that nobody has settled, below before
 * (0: all), newest first; *n goes in as room and comes out as count. */
int cmt__reported_comments(cmt_read_t *read, uint32_t site, uint64_t before,
    uint64_t *ids, size_t *n) CMT_CHECK;
/* The same above after, oldest first. */
int cmt__reported_after(cmt_read_t *read, uint32_t site, uint64_t after,
    uint64_t *ids, size_t *n) CMT_CHECK;

/* Forgets the token that a comment was posted with.  (recent.c) */
int cmt__token_forget(cmt__write_t *write, uint64_t thread, uint64_t id,
    cmt_error_t *err) CMT_CHECK;

/* The comment with this fingerprint in the thread.  (fingerprint.c) */
int cmt__duplicate_find(cmt_read_t *read, uint64_t thread,
    const cmt__hash_t *fingerprint, uint64_t *id) CMT_CHECK;

/* Where an imported comment came from, as a keyed hash. */
int cmt__source_find(cmt_read_t *read, uint32_t site,
    const cmt__hash_t *source, uint64_t *id) CMT_CHECK;
int cmt__source_put(cmt__write_t *write, uint32_t site,
    const cmt__hash_t *source, uint64_t id, cmt_error_t *err) CMT_CHECK;

/* A receipt is JSON, and lies packed in the store: get gives JSON in the
 * arena; put takes what pack made, which needs no transaction.  CMT_ENOMEM,
 * of pack also CMT_ETOOLARGE.  (receipt.c, receipt_pack.c,
 * receipt_unpack.c) */
#define CMT__RECEIPT_BYTES_MAX  (2 * 1024 * 1024)    /* as JSON              */
int cmt__receipt_get(cmt_read_t *read, uint64_t id, cmt_arena_t *arena,
    cmt_str_t *json) CMT_CHECK;
int cmt__receipt_put(cmt__write_t *write, uint64_t id, cmt_str_t packed,
    cmt_error_t *err) CMT_CHECK;
int cmt__receipt_drop(cmt__write_t *write, uint64_t id, cmt_error_t *err)
    CMT_CHECK;
int cmt__receipt_pack(cmt_arena_t *arena, cmt_str_t json, cmt_str_t *packed)
    CMT_CHECK;
int cmt__receipt_unpack(cmt_arena_t *arena, cmt_str_t packed,
    cmt_str_t *json) CMT_CHECK;
/* The ruleset that decided, as bytes; 0: the receipt names none. */
int cmt__receipt_ruleset(cmt_str_t json, uint8_t digest[CMT_HASH_BYTES]);


/*
 * The files of rules that served, by the digest that receipts name.
 * (generation.c)
 */

typedef enum {
    CMT__SOURCE_MAIN = 1,            /* given by the configuration, in order */
    CMT__SOURCE_READ,                /* what those read: files, lists, tests */
    CMT__SOURCE_NAME                 /* another name of one of these         */
} cmt__source_kind_t;

typedef struct {
    cmt__source_kind_t   kind;
    cmt_str_t            path;       /* of a NAME, as it is asked for        */
    cmt_str_t            other;      /* the text; of a NAME, the path it has */
} cmt__source_t;

typedef struct {
    uint8_t              digest[CMT_HASH_BYTES];
    int64_t              since;      /* Unix seconds, when it first served   */
    uint64_t             steps_max, memory_bytes_max;
    size_t               n;
    cmt__source_t       *sources;
} cmt__generation_t;

#define CMT__SOURCES_MAX  512        /* rows of one generation               */

int cmt__generation_find(cmt_read_t *read, const uint8_t *digest,
    uint32_t *seq) CMT_CHECK;
/* With texts; all of it in the arena. */
int cmt__generation_get(cmt_read_t *read, const uint8_t *digest,
    cmt_arena_t *arena, cmt__generation_t *g) CMT_CHECK;
/* The one behind *seq, which moves on, from 0; "other" of its sources is the
 * hash of the text. */
int cmt__generation_next(cmt_read_t *read, uint32_t *seq, cmt_arena_t *arena,
    cmt__generation_t *g) CMT_CHECK;
/* Adds the newest; none of this digest is there. */
int cmt__generation_put(cmt__write_t *write, const cmt__generation_t *g,
    cmt_error_t *err) CMT_CHECK;
/* Without its texts, which may be those of others. */
int cmt__generation_drop(cmt__write_t *write, uint32_t seq,
    const uint8_t *digest, cmt_error_t *err) CMT_CHECK;
/* Is this text one that is kept? */
int cmt__source_has(cmt_read_t *read, cmt_str_t text);
/* The hash of the text behind last (NULL: of the first).  last may be hash. */
int cmt__source_next(cmt_read_t *read, const uint8_t *last, uint8_t *hash)
    CMT_CHECK;
int cmt__source_used(cmt_read_t *read, const uint8_t *hash,
    cmt_arena_t *arena, int *used) CMT_CHECK;
int cmt__source_drop(cmt__write_t *write, const uint8_t *hash,
    cmt_error_t *err) CMT_CHECK;
/* Drops what no receipt needs, in a transaction of its own.
 * (generation_prune.c) */
int cmt__generations_prune(cmt_store_t *store, cmt_error_t *err) CMT_CHECK;


/* Authors, by what proves or claims them. */
typedef enum {
    CMT__BY_EMAIL = 'e',
    CMT__VOTES_OF = 'v',         /* of a cookie; no author, see schema.h */
    CMT__BY_COOKIE = 'z'         /* last: new ones come to the table's end */
} cmt__author_kind_t;

typedef struct {
    uint32_t       counts[CMT__STATUSES];
    uint32_t       upheld;       /* reports, by what became of the comments  */
    int64_t        first_seen, last_seen;
    cmt_str_t      ids;          /* 8 bytes each, of the newest comments     */
    cmt_str_t      tally;        /* packed, of posts; by e-mail only         */
} cmt__author_t;

int cmt__author_get(cmt_read_t *read, uint32_t site, cmt__author_kind_t kind,
    const cmt__hash_t *hash, cmt__author_t *author) CMT_CHECK;

/* The key of a comment's author, cookie or e-mail, that has more comments: so
 * is the history which moderators see.  CMT_ENOTFOUND: it has neither, or they
 * have no comments. */
int cmt__author_of(cmt_read_t *read, const cmt__comment_t *comment,
    cmt__author_kind_t *kind, cmt__hash_t *hash) CMT_CHECK;

/* The hash of the author whose hash begins with these n bytes; CMT_EDUPLICATE:
 * there are two. */
int cmt__author_begins(cmt_read_t *read, uint32_t site,
    cmt__author_kind_t kind, const uint8_t *bytes, size_t n,
    cmt__hash_t *hash) CMT_CHECK;

/* Ids of an author's comments below before (0: all), newest first; *n goes
 * in as room and comes out as count. */
int cmt__author_comments(cmt_read_t *read, uint32_t site,
    cmt__author_kind_t kind, const cmt__hash_t *hash, uint64_t before,
    uint64_t *ids, size_t *n) CMT_CHECK;

/* The same for a site's comments of one status. */
int cmt__status_comments(cmt_read_t *read, uint32_t site,
    cmt_status_t status, uint64_t before, uint64_t *ids, size_t *n) CMT_CHECK;
/* The same above after, oldest first. */
int cmt__status_after(cmt_read_t *read, uint32_t site, cmt_status_t status,
    uint64_t after, uint64_t *ids, size_t *n) CMT_CHECK;


/* Records that live for some days: tokens and limits.  (daily.c) */
typedef enum {
    CMT__LIMIT_ADDRESS = 'a',
    CMT__LIMIT_COOKIE = 'c',
    CMT__LIMIT_EMAIL = 'e',
    CMT__LIMIT_VOTE = 'v',           /* by address, as are reports           */
    CMT__LIMIT_REPORT = 'r',
    CMT__LIMIT_SHARE = 'l',          /* links: by address, and by address,
                                        thread and target                    */
    CMT__LIMIT_NETWORK = 's',        /* sign-ins that failed, by address     */
    CMT__LIMIT_NAME = 'n'            /* and by the moderator's name          */
} cmt__limit_t;

/* The comment that was posted to the thread with this token, today or on the
 * CMT_TOKEN_DAYS - 1 days before.  (recent.c) */
int cmt__token_find(cmt_read_t *read, uint64_t thread, int64_t now,
    const cmt__hash_t *token, uint64_t *id) CMT_CHECK;

/*
 * Would one more event at now break the rate?  By the generic cell rate
 * algorithm (ITU-T I.371): one number per key.  take 1 also counts it.
 * *wait_seconds: 0 when it is within the rate.
 */
int cmt__limit(cmt__write_t *write, uint32_t site, cmt__limit_t kind,
    const cmt__hash_t *key, cmt_rate_t rate, int64_t now, int take,
    unsigned *wait_seconds, cmt_error_t *err) CMT_CHECK;

/* The same question to a snapshot. */
int cmt__limit_wait(cmt_read_t *read, uint32_t site, cmt__limit_t kind,
    const cmt__hash_t *key, cmt_rate_t rate, int64_t now,
    unsigned *wait_seconds) CMT_CHECK;

/*
 * What is remembered for a while, by name and key, of one site.  (memory.c)
 * A key longer than CMT__MEMORY_KEY_BYTES_MAX stands as its digest.
 */
#define CMT__MEMORY_NAME_BYTES_MAX   32
#define CMT__MEMORY_KEY_BYTES_MAX    200

typedef enum {                   /* stored: never change */
    CMT__MEMORY_COUNT = 'c',     /* tallies of rules                         */
    CMT__MEMORY_POSTS = 'p',     /* of authors without comments, posts.c     */
    CMT__MEMORY_VALUE = 'v'      /* values of rules                          */
} cmt__memory_kind_t;

typedef struct {
    uint32_t            site;
    cmt__memory_kind_t  kind;
    cmt_str_t           name, key;
} cmt__memory_key_t;

/* CMT_ENOTFOUND also when it expired; the data lies in the map. */
int cmt__memory_get(cmt_read_t *read, const cmt__memory_key_t *key,
    int64_t now, cmt_str_t *data) CMT_CHECK;
/* expires: Unix seconds. */
int cmt__memory_put(cmt__write_t *write, const cmt__memory_key_t *key,
    int64_t expires, cmt_str_t data, cmt_error_t *err) CMT_CHECK;
/* What is not there is no error. */
int cmt__memory_del(cmt__write_t *write, const cmt__memory_key_t *key,
    cmt_error_t *err) CMT_CHECK;
/* Bytes that the rules of a site keep; and whether a record with so many
 * bytes of data is within CMT_RULES_STORE_BYTES_MAX. */
int cmt__memory_used(cmt_read_t *read, uint32_t site, uint64_t *bytes)
    CMT_CHECK;
int cmt__memory_fits(cmt_read_t *read, const cmt__memory_key_t *key,
    size_t bytes, int *fits) CMT_CHECK;
/* Drops at most n_max records that are over; *n says how many. */
int cmt__memory_purge(cmt__write_t *write, int64_t now, size_t n_max,
    size_t *n, cmt_error_t *err) CMT_CHECK;

/*
 * Tallies: how many events in the last seconds.  An event counts for the
 * span and at most a fifteenth of the next larger level longer.  (tally.c)
 * A level is a bit: 10 minutes, 1 and 6 hours, 1, 7, 30, 90, 400 days.
 */
#define CMT__TALLY_LEVELS        8
#define CMT__TALLY_BYTES_MAX     (9 + CMT__TALLY_LEVELS * 32)
#define CMT__TALLY_PACKED_MAX    (9 + CMT__TALLY_LEVELS * 34)
#define CMT__TALLY_SECONDS_MAX   (400 * 86400)
#define CMT__TALLY_DAY           0x0f    /* up to a day                      */
#define CMT__TALLY_WEEK          0x1f

/* The level for a span. */
unsigned cmt__tally_level(int64_t seconds);
int cmt__tally_get(cmt_read_t *read, const cmt__memory_key_t *key,
    int64_t seconds, int64_t now, uint64_t *n) CMT_CHECK;
int cmt__tally_add(cmt__write_t *write, const cmt__memory_key_t *key,
    unsigned levels, int64_t now, cmt_error_t *err) CMT_CHECK;

/* One that is part of another record, where it has only what is not 0; no
 * bytes: nothing was counted.  expires: when all of it is over.
 * CMT_ECORRUPT. */
int cmt__tally_packed_get(cmt_str_t packed, int64_t seconds, int64_t now,
    uint64_t *n) CMT_CHECK;
int cmt__tally_packed_add(cmt_str_t packed, unsigned levels, int64_t now,
    uint8_t out[CMT__TALLY_PACKED_MAX], size_t *out_len) CMT_CHECK;
int cmt__tally_packed_expires(cmt_str_t packed, int64_t *expires) CMT_CHECK;

/*
 * How many posts there were in the last seconds, rejected ones left out: by
 * an author's e-mail and from an address, by the hash in hexadecimal digits,
 * or on a page.  An address is known for its day.  (posts.c)
 */
typedef enum {
    CMT__POSTS_BY_AUTHOR, CMT__POSTS_FROM_ADDRESS, CMT__POSTS_ON_PAGE
} cmt__posts_t;

int cmt__posts_count(cmt_read_t *read, uint32_t site, cmt__posts_t of,
    cmt_str_t key, int64_t seconds, int64_t now, uint64_t *n) CMT_CHECK;
/* What is still counted of an author who has no comments any more; *wrote
 * is set when there is any. */
int cmt__posts_forget(cmt__write_t *write, uint32_t site,
    const cmt__hash_t *identity, int *wrote, cmt_error_t *err) CMT_CHECK;


/* Drops at most n_max records of days that are over; *n says how many. */
int cmt__daily_purge(cmt__write_t *write, int64_t now, size_t n_max,
    size_t *n, cmt_error_t *err) CMT_CHECK;


/*
 * Bans of a site.  next: the one behind kind and hash (zero: the first), in
 * the order of both; CMT_ENOTFOUND at the end.  (ban.c)
 */
typedef enum {                       /* stored: never renumber */
    CMT__BANNED_ADDRESS = 'a',
    CMT__BANNED_COOKIE = 'c',
    CMT__BANNED_DOMAIN = 'd',
    CMT__BANNED_EMAIL = 'e'
} cmt__banned_t;

typedef struct {
    cmt__banned_t  kind;
    cmt__hash_t    hash;
    cmt_status_t   status;           /* of what is posted                    */
    int64_t        created, until;   /* until 0: no end                      */
    uint64_t       comment;          /* that the author was known by; 0      */
    cmt_str_t      actor, domain, note;
} cmt__ban_t;

int cmt__ban_get(cmt_read_t *read, uint32_t site, cmt__banned_t kind,
    const cmt__hash_t *hash, cmt__ban_t *ban) CMT_CHECK;
int cmt__ban_next(cmt_read_t *read, uint32_t site, cmt__ban_t *ban)
    CMT_CHECK;
/* Is there any of the kind?  So that others cost no look-ups.  CMT_ENOTFOUND;
 * errors of cmt__ban_next(). */
int cmt__bans_any(cmt_read_t *read, uint32_t site, cmt__banned_t kind)
    CMT_CHECK;
int cmt__ban_put(cmt__write_t *write, uint32_t site, const cmt__ban_t *ban,
    cmt_error_t *err) CMT_CHECK;
int cmt__ban_drop(cmt__write_t *write, uint32_t site, cmt__banned_t kind,
    const cmt__hash_t *hash, cmt_error_t *err) CMT_CHECK;


/*
 * Sessions of moderators, by the hash of their secret.  next: the one behind
 * session->hash (zero: the first); CMT_ENOTFOUND at the end.  over: too old,
 * or idle for too long.  (session.c)
 */
typedef struct {
    cmt__hash_t    hash;
    int64_t        created, touched;
    cmt__hash_t    mark;             /* of the password that it began with   */
    cmt_str_t      name;
} cmt__session_t;

int cmt__session_get(cmt_read_t *read, uint32_t site,
    const cmt__hash_t *hash, cmt__session_t *session) CMT_CHECK;
int cmt__session_next(cmt_read_t *read, uint32_t site,
    cmt__session_t *session) CMT_CHECK;
int cmt__session_put(cmt__write_t *write, uint32_t site,
    const cmt__session_t *session, cmt_error_t *err) CMT_CHECK;
int cmt__session_drop(cmt__write_t *write, uint32_t site,
    const cmt__hash_t *hash, cmt_error_t *err) CMT_CHECK;
int cmt__session_over(const cmt__session_t *session, int64_t now);
/* Drops at most n_max of those that are over; *n says how many. */
int cmt__sessions_purge(cmt__write_t *write, int64_t now, size_t n_max,
    size_t *n, cmt_error_t *err) CMT_CHECK;


/* Journal: what was done, in order, each entry chained to the one before by
 * a hash.  (journal.c) */
typedef enum {                       /* stored: never renumber */
    CMT__DID_SUBMIT = 1,
    CMT__DID_IMPORT = 2,
    CMT__DID_STATUS = 3,
    CMT__DID_EDIT = 4,
    CMT__DID_DELETE = 5,             /* by its author                        */
    CMT__DID_VOTE = 6,
    CMT__DID_REPORT = 7,
    CMT__DID_NOTE = 8,
    CMT__DID_PIN = 9,
    CMT__DID_UNPIN = 10,
    CMT__DID_CLOSE = 11,
    CMT__DID_REOPEN = 12,
    CMT__DID_BAN = 13,
    CMT__DID_UNBAN = 14,
    CMT__DID_SIGNIN = 15,
    CMT__DID_PURGE = 16,
    CMT__DID_ERASE = 17
} cmt__did_t;

#define CMT__ACTOR_BYTES_MAX  128

typedef struct {
    uint64_t       seq;
    cmt__did_t     did;
    unsigned       before, after;    /* cmt_status_t; 0: did not exist       */
    uint32_t       site;
    uint64_t       thread, comment;
    int64_t        time;
    cmt_str_t      actor;            /* "author", "tool", "moderator:kari"   */
    unsigned       has_deed:1;       /* set by cmt__deed_put(), with digest  */
    uint64_t       undoes;           /* number of an entry; 0: none          */
    uint8_t        digest[CMT__CHAIN_BYTES];
} cmt__entry_t;

/* The number that the next entry will have; versions of threads are these. */
uint64_t cmt__journal_next(const cmt__write_t *write);
int cmt__journal_append(cmt__write_t *write, cmt__entry_t *entry,
    cmt_error_t *err) CMT_CHECK;
int cmt__journal_get(cmt_read_t *read, uint64_t seq, cmt__entry_t *entry,
    uint8_t chain[CMT__CHAIN_BYTES]) CMT_CHECK;
/* The number of the last entry; 0: there is none. */
int cmt__journal_last(cmt_read_t *read, uint64_t *seq) CMT_CHECK;


/*
 * Deeds: what people did to a comment, with all that an undo needs.  Each has
 * the number of its journal entry; an edit by the author is one, too, without
 * the text before.  (deed.c)
 */
#define CMT__SALT_BYTES  16

typedef struct {
    uint64_t       comment, seq;     /* these six come from the entry        */
    cmt__did_t     did;
    unsigned       before, after;
    int64_t        time;
    uint64_t       undoes;
    cmt_str_t      actor;
    unsigned       flags_before, flags_after;
    unsigned       has_text:1;       /* text and html are those before       */
    uint8_t        salt[CMT__SALT_BYTES];   /* random, made by prepare       */
    int64_t        edited;           /* before, as the next two              */
    cmt__hash_t    fingerprint;
    uint64_t       pinned;
    cmt_str_t      note, text, html;
} cmt__deed_t;

/* Appends the entry to the journal and keeps the deed under its number. */
int cmt__deed_put(cmt__write_t *write, cmt__entry_t *entry,
    const cmt__deed_t *deed, cmt_error_t *err) CMT_CHECK;
int cmt__deed_get(cmt_read_t *read, uint64_t id, uint64_t seq,
    cmt__deed_t *deed) CMT_CHECK;
/* The newest one of the comment below seq (0: of all). */
int cmt__deed_before(cmt_read_t *read, uint64_t id, uint64_t seq,
    cmt__deed_t *deed) CMT_CHECK;
/* The hash that its journal entry must hold. */
int cmt__deed_digest(cmt_read_t *read, uint64_t id, uint64_t seq,
    uint8_t digest[CMT__CHAIN_BYTES]) CMT_CHECK;


/*
 * A walk through the places of a thread in display order: a comment, then
 * what answers it.  Costs one step of a cursor for each comment it gives and
 * at most one seek for each branch it leaves out.  (walk.c)
 */
typedef struct cmt__walk_s  cmt__walk_t;

typedef struct {
    uint64_t               thread;
    cmt_sort_t             sort;     /* of the top level; by votes only
                                        without a parent, else oldest        */
    unsigned               levels;   /* shown below the first one, 0..       */
    const cmt__comment_t  *parent;   /* only what is below it; NULL          */
    const cmt__comment_t  *after;    /* begin behind it; NULL                */
    const cmt__comment_t  *from;     /* begin with it, or behind it where it
                                        is not shown; NULL                   */
} cmt__walk_query_t;

int cmt__walk_open(cmt_read_t *read, const cmt__walk_query_t *query,
    cmt_arena_t *arena, cmt__walk_t **walk) CMT_CHECK;
/* CMT_ENOTFOUND at the end. */
int cmt__walk_next(cmt__walk_t *walk, uint64_t *id) CMT_CHECK;
void cmt__walk_close(cmt__walk_t *walk);

/* The id that a level of a place has.  (keys.c) */
uint64_t cmt__place_id(const uint8_t *level);

/* Gives a thread another page, which has none.  (thread.c) */
int cmt__thread_move(cmt__write_t *write, cmt__thread_t *thread,
    cmt_str_t page, cmt_error_t *err) CMT_CHECK;

/* All comments of the store in the order of their ids; CMT_ENOTFOUND at the
 * end.  id: goes in as the last one seen (0 at first). */
int cmt__comment_next(cmt_read_t *read, uint64_t *id,
    cmt__comment_t *comment) CMT_CHECK;
/* The highest id that was ever given; 0: none.  (walk.c) */
int cmt__comment_last(cmt_read_t *read, uint64_t *id) CMT_CHECK;


/* How far the daily purge has come; zeros before the first one.  CMT_ECORRUPT.
 * (purging.c) */
typedef struct {
    uint32_t       day;          /* of the last one, since 1970               */
    uint32_t       site;         /* where it goes on; 0: it is done           */
    cmt_status_t   status;
    uint64_t       after;        /* ids up to this one were looked at         */
    int64_t        busy;         /* a worker is at it until then, Unix seconds*/
} cmt__purging_t;

int cmt__purging_get(cmt_read_t *read, cmt__purging_t *purging) CMT_CHECK;
int cmt__purging_put(cmt__write_t *write, const cmt__purging_t *purging,
    cmt_error_t *err) CMT_CHECK;


#endif /* CMT_STORE_H */
