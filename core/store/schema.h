/*
 * schema.h: what lies where in the environment.  Private to store/.
 *
 *   table       key                                value
 *   meta        "head"                             head, below
 *               "words"                            state of the words
 *               "generations"                      seq:4, generation_prune.c
 *               "purge"                            how far it is, purging.c
 *   sites       name                               id:4
 *               NUL id:4                           counts:5*8 name
 *   pages       site:4 path-hash:16                thread:8
 *   threads     thread:8 1 (created:5 id:7)*levels -, a place
 *               thread:8 2                         thread, codec.c
 *               thread:8 3                         newest posts, recent.c
 *               thread:8 4 rank:4 place:12         -, by votes, top.c
 *   prints      thread:8 fingerprint:8             id:8, fingerprint.c
 *   comments    id:8                               comment, codec.c
 *   statuses    site:4 status:1 id:8               -
 *   authors     site:4 kind:1 hash:16              author, codec.c
 *               site:4 'v' cookie:16 thread:8 id:8 vote:1, vote.c
 *   authored    site:4 kind:1 hash:16 id:8         -, an older comment of his
 *   sources     site:4 hash:16                     id:8
 *               site:4 hash:11 number:5            id:8, import.c
 *   daily       day:4 kind:1 site:4 hash:16        time:8 tally
 *               day:4 't' thread:8 token:8         id:8
 *   memory      site:4 kind:1 len:1 name key       expires:8 data, memory.c
 *               site:4 'q'                         bytes:8
 *               0:4 day:4 KEY                      -, when KEY is over
 *   journal     seq:8                              entry, journal.c
 *   receipts    id:8                               receipt, receipt_rows.h
 *               id:8 cookie:16                     report, report.c
 *   deeds       id:8 seq:8                         deed, deed.c
 *   moderation  site:4 'r' id:8                    -, reports to look at
 *               site:4 'b' kind:1 hash:16          ban, ban.c
 *               site:4 's' hash:16                 session, session.c
 *   words       segment:4 word                     comments, search.h
 *   generations 'd' digest:16                      seq:4
 *               'g' seq:4                          rules, generation.c
 *               's' hash:16                        text of a file
 *
 * Numbers in keys are big-endian, so that LMDB's order of bytes is their
 * order; numbers in values are little-endian.
 *
 * What changes together lies together: a transaction costs what it costs to
 * write its pages, and a post touches one page of its thread and one of each
 * key of its author.  Everything else grows at its end.
 *
 * The key of a place repeats the places of all that it answers, from the top
 * down.  So a walk along the keys is the thread in display order, what
 * answers a comment stands right behind it, and a page of a thread is found
 * by one seek:
 *
 *   thread 1 | 2013-01-08 #1                         first comment
 *   thread 1 | 2013-01-08 #1 | 2013-01-09 #4         an answer to it
 *   thread 1 | 2013-01-10 #2                         next comment
 *
 * A comment has a place when it is approved or when something below it has
 * one; in the second case readers see that something stood there.
 *
 * head, 80 bytes:
 *   0 schema:4   4 next site:4   8 instance:8   16 next comment:8
 *   24 next thread:8   32 last journal seq:8   40 chain:32   72 authors:8
 */

#ifndef CMT_SCHEMA_H
#define CMT_SCHEMA_H

#include <endian.h>
#include <lmdb.h>
#include <pthread.h>
#include <string.h>
#include <sys/types.h>

#include "store.h"


#define CMT__SCHEMA         1
#define CMT__HEAD_BYTES     80
#define CMT__PLACE_KEY      9            /* bytes before the first level */
#define CMT__KEY_BYTES_MAX  (CMT__PLACE_KEY                                   \
                             + CMT_LEVELS_MAX * CMT__PLACE_BYTES)
#define CMT__THREAD_KEY_BYTES       9
#define CMT__RECENT_KEY_BYTES       9
#define CMT__RECENT_MAX             32   /* posts, then they move            */
#define CMT__PRINT_BYTES            8    /* of a fingerprint or a token */
#define CMT__PRINT_KEY_BYTES        (8 + CMT__PRINT_BYTES)
#define CMT__TOP_KEY                9            /* bytes before the rank */
#define CMT__TOP_KEY_BYTES          (CMT__TOP_KEY + 4 + CMT__PLACE_BYTES)
#define CMT__DAILY_KEY_BYTES        (9 + CMT_HASH_BYTES)
#define CMT__DUE_BYTES              8    /* of a limit, before a tally */
#define CMT__TOKEN_KEY_BYTES        (13 + CMT__PRINT_BYTES)
#define CMT__AUTHOR_KEY_BYTES       (5 + CMT_HASH_BYTES)
#define CMT__AUTHOR_NEWEST_MAX      32   /* comments in the author's record  */
#define CMT__AUTHORED_KEY_BYTES     (CMT__AUTHOR_KEY_BYTES + 8)
#define CMT__VOTE_KEY_BYTES         (CMT__AUTHORED_KEY_BYTES + 8)
#define CMT__REPORT_KEY_BYTES       (8 + CMT_HASH_BYTES)
#define CMT__DEED_KEY_BYTES         16
#define CMT__REPORTED_KEY_BYTES     13
#define CMT__BAN_KEY_BYTES          (6 + CMT_HASH_BYTES)
#define CMT__SESSION_KEY_BYTES      (5 + CMT_HASH_BYTES)
#define CMT__READERS_MAX    510

typedef enum {
    CMT__META, CMT__SITES, CMT__PAGES, CMT__THREADS, CMT__PRINTS,
    CMT__COMMENTS, CMT__STATUSES_DB, CMT__AUTHORS, CMT__AUTHORED,
    CMT__SOURCES, CMT__DAILY, CMT__JOURNAL, CMT__RECEIPTS, CMT__DEEDS,
    CMT__MODERATION, CMT__MEMORY, CMT__WORDS, CMT__GENERATIONS, CMT__TABLES
} cmt__table_t;

typedef struct {
    uint32_t      next_site;
    uint64_t      instance, next_comment, next_thread, seq, authors;
    uint8_t       chain[CMT__CHAIN_BYTES];
} cmt__head_t;

struct cmt_store_s {
    const char       *path;          /* in the arena, with NUL               */
    dev_t             dev;
    ino_t             ino;
    unsigned          refs;          /* under the registry's lock            */
    unsigned          flags;
    size_t            map_bytes;
    cmt_store_t      *next;

    pthread_rwlock_t  lock;          /* shared by users of env; exclusive to
                                        open it anew                         */
    MDB_env          *env;           /* NULL: the reopening failed           */
    MDB_dbi           tables[CMT__TABLES];
    uint64_t          instance;

    pthread_mutex_t   free_lock;
    cmt_read_t       *free_reads;    /* reset read transactions              */
    cmt_arena_t      *arena;         /* of the store itself                  */
    pthread_mutex_t   write_lock;    /* cmt__write_s below is one per store  */
    cmt__write_t     *write;
};

struct cmt_read_s {
    cmt_store_t      *store;
    MDB_txn          *txn;
    uint64_t          snapshot;
    MDB_cursor      **cursors;       /* of a write transaction, by table     */
    cmt_read_t       *next;
};

/*
 * A transaction has a cursor for each table that it has used.  What a change
 * looks at and writes lies close together in most tables, and a cursor that
 * stands on the right page need not begin at the root.
 */
struct cmt__write_s {
    cmt_read_t        view;
    MDB_cursor       *cursors[CMT__TABLES];
    cmt__head_t       head;
    uint64_t          added;         /* the comment that was added last      */
    uint32_t          counted_site;  /* of what is not in its record yet:    */
    int64_t           counted[CMT__STATUSES];
    cmt_arena_t      *scratch;       /* records that are about to be changed */
};


/* Translates a code of LMDB; MDB_NOTFOUND is CMT_ENOTFOUND.  (env.c) */
int cmt__store_rc(int mdb_rc);
int cmt__store_fail(cmt_error_t *err, int mdb_rc, const char *what);
/* Closes and opens the environment anew when LMDB gave it up.  (env.c) */
int cmt__store_reopen(cmt_store_t *store, cmt_error_t *err) CMT_CHECK;
/* The same, but CMT_ESTORE at once while a snapshot is out, which may be the
 * caller's own.  (env.c) */
int cmt__store_try_reopen(cmt_store_t *store, cmt_error_t *err) CMT_CHECK;

/* Gives the files of a store to the directory's owner, if we are root.
 * (env.c) */
void cmt__store_match_owner(const char *path);

/*
 * Is what LMDB will follow inside of the file?  First what it reads when it
 * opens, then all pages of a snapshot, which may come to be a newer one:
 * CMT_ECORRUPT and which page it is.  CMT_EIO, CMT_ENOMEM.  (pages.c)
 */
int cmt__pages_metas(const char *path, cmt_error_t *err) CMT_CHECK;
int cmt__pages_prove(MDB_env *env, MDB_txn *txn, cmt_error_t *err) CMT_CHECK;

/* Has the file system of the store less room than a commit may need?
 * (env.c) */
int cmt__disk_full(const cmt_store_t *store);

/* One record; key and value by bytes.  (txn.c) */
int cmt__get(cmt_read_t *read, cmt__table_t table, const void *key,
    size_t key_len, cmt_str_t *value) CMT_CHECK;
int cmt__put(cmt__write_t *write, cmt__table_t table, const void *key,
    size_t key_len, const void *value, size_t value_len, cmt_error_t *err)
    CMT_CHECK;
/* Room of value_len bytes to be filled at once by the caller. */
int cmt__reserve(cmt__write_t *write, cmt__table_t table, const void *key,
    size_t key_len, size_t value_len, uint8_t **value, cmt_error_t *err)
    CMT_CHECK;
/* A record that is not there is no error. */
int cmt__del(cmt__write_t *write, cmt__table_t table, const void *key,
    size_t key_len, cmt_error_t *err) CMT_CHECK;
int cmt__cursor(cmt_read_t *read, cmt__table_t table, MDB_cursor **cursor)
    CMT_CHECK;
/*
 * The record behind a key: CMT_ENOTFOUND when the next one's key has another
 * length or does not begin with the same prefix_len bytes.  The key need not
 * be there.  key_len: CMT__KEY_BYTES_MAX - 1 at most.  found (key_len bytes)
 * and value lie in the snapshot.
 */
int cmt__next(cmt_read_t *read, cmt__table_t table, const void *key,
    size_t key_len, size_t prefix_len, const uint8_t **found,
    cmt_str_t *value) CMT_CHECK;

/* Ids at the end of the keys that begin with prefix, below before (0: all),
 * newest first.  (txn.c) */
int cmt__ids_below(cmt_read_t *read, cmt__table_t table, const void *prefix,
    size_t prefix_len, uint64_t before, uint64_t *ids, size_t *n) CMT_CHECK;

/* The same in rising order, above after. */
int cmt__ids_above(cmt_read_t *read, cmt__table_t table, const void *prefix,
    size_t prefix_len, uint64_t after, uint64_t *ids, size_t *n) CMT_CHECK;

int cmt__head_read(cmt_read_t *read, cmt__head_t *head) CMT_CHECK;
int cmt__head_write(cmt__write_t *write, cmt_error_t *err) CMT_CHECK;

/* Keys; each returns its length.  (keys.c) */
size_t cmt__key_page(uint8_t *key, uint32_t site, cmt_str_t page);
size_t cmt__key_status(uint8_t *key, uint32_t site, cmt_status_t status,
    uint64_t id);
size_t cmt__key_author(uint8_t *key, uint32_t site, cmt__author_kind_t kind,
    const cmt__hash_t *hash);
size_t cmt__key_authored(uint8_t *key, uint32_t site,
    cmt__author_kind_t kind, const cmt__hash_t *hash, uint64_t id);
/* CMT_ECORRUPT: no vote is written so.  (vote.c) */
int cmt__vote_parse(cmt_str_t value, cmt__vote_t *vote) CMT_CHECK;
size_t cmt__key_vote(uint8_t *key, const cmt__comment_t *comment,
    const cmt__hash_t *cookie);
size_t cmt__key_thread(uint8_t *key, uint64_t thread);
size_t cmt__key_recent(uint8_t *key, uint64_t thread);
size_t cmt__key_print(uint8_t *key, uint64_t thread, const uint8_t *print);
size_t cmt__key_source(uint8_t *key, uint32_t site,
    const cmt__hash_t *source);
size_t cmt__key_daily(uint8_t *key, int64_t day, unsigned kind,
    uint32_t site, const cmt__hash_t *hash);
size_t cmt__key_token(uint8_t *key, int64_t day, uint64_t thread,
    const uint8_t *token);
size_t cmt__key_place(uint8_t *key, uint64_t thread, const uint8_t *place,
    unsigned levels);
size_t cmt__key_tops(uint8_t *key, uint64_t thread);
size_t cmt__key_top(uint8_t *key, const cmt__comment_t *comment);
/* Makes of a key, which is never all ones, the first that does not begin with
 * it. */
void cmt__key_after(uint8_t *key, size_t len);
void cmt__place_level(uint8_t *level, int64_t created, uint64_t id);

/* Big-endian for keys, little-endian for values; n bytes, 8 at most.  A
 * record has dozens: where n is known this is one instruction. */

static inline void
cmt__be_put(uint8_t *p, uint64_t v, unsigned n)
{
    v = htobe64(v);
    memcpy(p, (uint8_t *) &v + 8 - n, n);
}


static inline uint64_t
cmt__be_get(const uint8_t *p, unsigned n)
{
    uint64_t  v;

    v = 0;
    memcpy((uint8_t *) &v + 8 - n, p, n);

    return be64toh(v);
}


static inline void
cmt__le_put(uint8_t *p, uint64_t v, unsigned n)
{
    v = htole64(v);
    memcpy(p, &v, n);
}


static inline uint64_t
cmt__le_get(const uint8_t *p, unsigned n)
{
    uint64_t  v;

    v = 0;
    memcpy(&v, p, n);

    return le64toh(v);
}


/* Records.  The decoders check every length before they use it and answer
 * CMT_ECORRUPT.  (codec.c) */
size_t cmt__comment_size(const cmt__comment_t *comment);
void cmt__comment_encode(const cmt__comment_t *comment, uint8_t *out);
int cmt__comment_decode(uint64_t id, cmt_str_t value,
    cmt__comment_t *comment) CMT_CHECK;
/* Has nobody but us written this record?  It costs a look at each byte, so
 * readers do without.  (codec.c) */
int cmt__comment_is_unchanged(cmt_str_t value);
int cmt__thread_is_unchanged(cmt_str_t value);
size_t cmt__thread_size(const cmt__thread_t *thread);
void cmt__thread_encode(const cmt__thread_t *thread, uint8_t *out);
int cmt__thread_decode(uint64_t id, cmt_str_t value, cmt__thread_t *thread)
    CMT_CHECK;
#define CMT__AUTHOR_BYTES_MAX  (42 + 8 * CMT__AUTHOR_NEWEST_MAX               \
                                + CMT__TALLY_PACKED_MAX)
/* Gives the length. */
size_t cmt__author_encode(const cmt__author_t *author, uint8_t *out);
int cmt__author_decode(cmt_str_t value, cmt__author_t *author) CMT_CHECK;
#define CMT__SITE_BYTES    (CMT__STATUSES * 8)       /* and the name */

/* Adds n to the site's count of a status, which comes into its record when
 * the transaction commits, or counts for another site.  (thread.c) */
int cmt__site_count(cmt__write_t *write, uint32_t site, cmt_status_t status,
    int n, cmt_error_t *err) CMT_CHECK;
int cmt__site_count_write(cmt__write_t *write, cmt_error_t *err) CMT_CHECK;
/* Counts and lists a new comment under each key of its author; posted: it is
 * also a post to be counted.  (author.c) */
int cmt__author_add(cmt__write_t *write, const cmt__comment_t *comment,
    int posted, cmt_error_t *err) CMT_CHECK;
/* Counts a comment that is listed under each of its keys as what it is now,
 * no more as what it was. */
int cmt__author_count(cmt__write_t *write, const cmt__comment_t *was,
    const cmt__comment_t *comment, cmt_error_t *err) CMT_CHECK;
/* Is it among the newest, or by itself?  CMT_ENOTFOUND. */
int cmt__author_lists(cmt_read_t *read, uint32_t site,
    cmt__author_kind_t kind, const cmt__hash_t *hash, uint64_t id) CMT_CHECK;
/* Takes the comment out of its author's counts and lists.  An author without
 * comments is not kept.  (author.c) */
int cmt__author_forget(cmt__write_t *write, const cmt__comment_t *comment,
    cmt_error_t *err) CMT_CHECK;
/* All but whose it is; CMT_ECORRUPT.  (report.c) */
int cmt__report_decode(cmt_str_t value, cmt__report_t *report) CMT_CHECK;
/* Drops what was reported of a comment.  (report.c) */
int cmt__reports_drop(cmt__write_t *write, uint64_t id, cmt_error_t *err)
    CMT_CHECK;
/* Has the comment reports to look at? */
int cmt__reported(const cmt__comment_t *comment);
size_t cmt__key_reported(uint8_t *key, uint32_t site, uint64_t id);
/* Keeps the list of those in step with the comment.  (report.c) */
int cmt__reported_keep(cmt__write_t *write, const cmt__comment_t *comment,
    cmt_error_t *err) CMT_CHECK;
int cmt__ban_decode(cmt_str_t value, cmt__ban_t *ban) CMT_CHECK;
int cmt__session_decode(cmt_str_t value, cmt__session_t *session) CMT_CHECK;
/* Drops all deeds of a comment; their journal entries stay.  (deed.c) */
int cmt__deeds_drop(cmt__write_t *write, uint64_t id, cmt_error_t *err)
    CMT_CHECK;

int cmt__generation_decode(cmt_str_t value, cmt_arena_t *arena,
    cmt__generation_t *g) CMT_CHECK;

/* Does nobody else in the thread say this again?  (fingerprint.c) */
int cmt__fingerprint_kept(const cmt__comment_t *comment);
/* The entry of a comment that was changed, or has none any more; and of one
 * whose fingerprint is about to be another one. */
int cmt__fingerprint_keep(cmt__write_t *write, cmt__comment_t *comment,
    cmt_error_t *err) CMT_CHECK;
int cmt__fingerprint_drop(cmt__write_t *write,
    const cmt__comment_t *comment, cmt_error_t *err) CMT_CHECK;
int cmt__fingerprint_put(cmt__write_t *write, uint64_t thread,
    const uint8_t print[CMT__PRINT_BYTES], uint64_t id, cmt_error_t *err)
    CMT_CHECK;

/*
 * The newest posts of a thread.  find: the comment with the fingerprint,
 * CMT_ENOTFOUND.  drop: takes the fingerprint of a comment out of them.
 * entry: number i of a record, for checks; CMT_ENOTFOUND behind the last.
 * (recent.c)
 */
typedef struct {
    uint64_t       id;
    int64_t        day;
    uint8_t        fingerprint[CMT__PRINT_BYTES];    /* zeros: none */
    uint8_t        token[CMT__PRINT_BYTES];
} cmt__recent_t;

int cmt__recent_add(cmt__write_t *write, const cmt__comment_t *comment,
    const cmt__posted_t *posted, cmt_error_t *err) CMT_CHECK;
int cmt__recent_find(cmt_read_t *read, uint64_t thread,
    const cmt__hash_t *fingerprint, uint64_t *id) CMT_CHECK;
int cmt__recent_drop(cmt__write_t *write, uint64_t thread, uint64_t id,
    cmt_error_t *err) CMT_CHECK;
int cmt__recent_tally(cmt_read_t *read, uint64_t thread, cmt_str_t *tally)
    CMT_CHECK;
int cmt__recent_entry(cmt_str_t value, size_t i, cmt__recent_t *entry)
    CMT_CHECK;

/* Posts that are counted beside a comment.  (posts.c) */
int cmt__posts_from(cmt__write_t *write, uint32_t site,
    const cmt__hash_t *address, int64_t now, cmt_error_t *err) CMT_CHECK;
int cmt__posts_keep(cmt__write_t *write, uint32_t site,
    const cmt__hash_t *identity, cmt_str_t tally, cmt_error_t *err)
    CMT_CHECK;
/* Of an author who comes back; out has CMT__TALLY_PACKED_MAX bytes. */
int cmt__posts_kept(cmt__write_t *write, uint32_t site,
    const cmt__hash_t *identity, int64_t now, uint8_t *out, size_t *len,
    cmt_error_t *err) CMT_CHECK;

/*
 * The order by votes.  put, drop: the entry of a comment that has a place, if
 * its thread has an index.  make: gives the thread one, which it must have
 * before the first vote, and when more than CMT__UNRANKED_MAX comments are
 * approved; the caller writes the thread.  place: that in an entry.  (top.c)
 */
#define CMT__UNRANKED_MAX  1024
int cmt__top_put(cmt__write_t *write, const cmt__thread_t *thread,
    const cmt__comment_t *comment, cmt_error_t *err) CMT_CHECK;
int cmt__top_drop(cmt__write_t *write, const cmt__thread_t *thread,
    const cmt__comment_t *comment, cmt_error_t *err) CMT_CHECK;
int cmt__tops_make(cmt__write_t *write, cmt__thread_t *thread,
    cmt_error_t *err) CMT_CHECK;
void cmt__top_place(const uint8_t *key, uint8_t place[CMT__PLACE_BYTES]);

/* A comment whose strings lie in the scratch arena, where writes leave them;
 * and its record with the entry in the index of statuses.  (comment.c) */
int cmt__comment_load(cmt__write_t *write, uint64_t id,
    cmt__comment_t *comment, cmt_error_t *err) CMT_CHECK;
int cmt__comment_save(cmt__write_t *write, const cmt__comment_t *comment,
    cmt_error_t *err) CMT_CHECK;


#endif /* CMT_SCHEMA_H */
