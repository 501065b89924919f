/*
 * cmt_store.h: the part of cmt.h about the store as a whole: it is opened,
 * looked after, copied, restored and checked.  cmt.h includes it.
 */

#ifndef CMT_PUBLIC_STORE_H
#define CMT_PUBLIC_STORE_H


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


#endif /* CMT_PUBLIC_STORE_H */
