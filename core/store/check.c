/*
 * check.c: walks the whole store and proves that records, indexes, counters
 * and the journal agree.
 *
 * Each table is walked once.  Records are the truth: indexes are looked up
 * from records and counted, so that an index with a missing entry fails the
 * look-up and one with an entry too many fails the count.  Counters of
 * threads, sites and authors are counted again by ranges of their indexes.
 * The journal is chained again and must lead each comment to its status.
 */

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "check.h"


typedef int (*record_fn)(cmt__check_t *check, const MDB_val *key,
    const MDB_val *value);


static int check_run(cmt__check_t *check, cmt_store_t *store,
    cmt_check_fn fn, void *ctx, int (*parts)(cmt__check_t *check),
    const char *failed, cmt_error_t *err) CMT_CHECK;
static int check_store(cmt__check_t *check) CMT_CHECK;
static int check_log(cmt__check_t *check) CMT_CHECK;
static int check_begin(cmt__check_t *check) CMT_CHECK;
static int walk_table(cmt__check_t *check, cmt__table_t table,
    const void *prefix, size_t prefix_len, record_fn fn) CMT_CHECK;
static int check_comment(cmt__check_t *check, const MDB_val *key,
    const MDB_val *value) CMT_CHECK;
static void check_names(cmt__check_t *check, const cmt__comment_t *c);
static void check_indexes(cmt__check_t *check, const cmt__comment_t *c);
static void check_top(cmt__check_t *check, const cmt__comment_t *c);
static int check_thread(cmt__check_t *check, const MDB_val *key,
    const MDB_val *value) CMT_CHECK;
static int check_author(cmt__check_t *check, const MDB_val *key,
    const MDB_val *value) CMT_CHECK;
static int check_print(cmt__check_t *check, const MDB_val *key,
    const MDB_val *value) CMT_CHECK;
static int check_source(cmt__check_t *check, const MDB_val *key,
    const MDB_val *value) CMT_CHECK;
static int check_sites(cmt__check_t *check) CMT_CHECK;
static int check_sizes(cmt__check_t *check) CMT_CHECK;


/* In this order: each needs what those before it have counted. */
static const struct {
    cmt__table_t   table;
    record_fn      record;
    void         (*end)(cmt__check_t *check);    /* when all were seen */
} walks[] = {
    { CMT__COMMENTS, check_comment, NULL },
    { CMT__AUTHORS, check_author, NULL },
    { CMT__RECEIPTS, cmt__check_receipt, cmt__check_tallies },
    { CMT__MEMORY, cmt__check_memory, cmt__check_memory_end },
    /* from here on the arena is used again for each thread */
    { CMT__THREADS, check_thread, NULL },
    { CMT__PRINTS, check_print, NULL },
    { CMT__SOURCES, check_source, NULL },
    { CMT__MODERATION, cmt__check_moderation, NULL },
    { CMT__GENERATIONS, cmt__check_generation, NULL }
};


int
cmt_store_check(cmt_store_t *store, cmt_check_fn fn, void *ctx,
    uint64_t *n_problems, cmt_error_t *err)
{
    int           rc;
    cmt__check_t  check;

    rc = check_run(&check, store, fn, ctx, check_store,
                   "the store could not be walked", err);
    if (rc != CMT_OK) {
        return rc;
    }

    *n_problems = check.problems;

    return CMT_OK;
}


int
cmt_log_verify(cmt_store_t *store, cmt_check_fn fn, void *ctx,
    uint64_t *n_entries, uint64_t *n_problems, cmt_error_t *err)
{
    int           rc;
    cmt__check_t  check;

    rc = check_run(&check, store, fn, ctx, check_log,
                   "the journal could not be walked", err);
    if (rc != CMT_OK) {
        return rc;
    }

    *n_entries = check.head.seq;
    *n_problems = check.problems;

    return CMT_OK;
}


/* The parts in one snapshot; the arena and it are gone behind them. */
static int
check_run(cmt__check_t *check, cmt_store_t *store, cmt_check_fn fn, void *ctx,
    int (*parts)(cmt__check_t *check), const char *failed, cmt_error_t *err)
{
    int  rc;

    memset(check, 0, sizeof(*check));
    check->fn = fn;
    check->ctx = ctx;

    check->arena = cmt_arena_create(SIZE_MAX / 2);
    if (check->arena == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, "check");
    }

    rc = cmt_read_begin(store, &check->read, err);

    if (rc == CMT_OK) {
        rc = parts(check);
        cmt_read_end(check->read);

        if (rc != CMT_OK) {
            rc = cmt__fail(err, rc, NULL, "%s", failed);
        }
    }

    cmt_arena_destroy(check->arena);

    return rc;
}


static int
check_store(cmt__check_t *check)
{
    int     rc;
    size_t  i;

    rc = check_begin(check);

    if (rc == CMT_OK) {
        rc = cmt__check_journal(check);
    }

    for (i = 0; i < sizeof(walks) / sizeof(walks[0]) && rc == CMT_OK; i++) {

        rc = walk_table(check, walks[i].table, "", 0, walks[i].record);

        if (rc == CMT_OK && walks[i].end != NULL) {
            walks[i].end(check);
        }
    }

    if (rc == CMT_OK) {
        rc = check_sites(check);
    }
    if (rc == CMT_OK) {
        rc = cmt__check_words(check);
    }
    if (rc == CMT_OK) {
        rc = cmt__check_purging(check);
    }

    return rc == CMT_OK ? check_sizes(check) : rc;
}


static int
check_log(cmt__check_t *check)
{
    int  rc;

    rc = cmt__head_read(check->read, &check->head);
    if (rc != CMT_OK) {
        return rc;
    }

    check->status = cmt_calloc(check->arena, check->head.next_comment);

    return check->status == NULL ? CMT_ENOMEM : cmt__check_journal(check);
}


static int
check_begin(cmt__check_t *check)
{
    int       rc;
    uint64_t  n;

    rc = cmt__head_read(check->read, &check->head);
    if (rc != CMT_OK) {
        return rc;
    }

    n = check->head.next_comment;
    check->status = cmt_calloc(check->arena, n);
    check->replies = cmt_calloc(check->arena, n * sizeof(uint32_t));
    check->votes_up = cmt_calloc(check->arena, n * sizeof(uint32_t));
    check->votes_down = cmt_calloc(check->arena, n * sizeof(uint32_t));
    check->reports = cmt_calloc(check->arena, n * sizeof(uint32_t));

    return check->status == NULL || check->replies == NULL
           || check->votes_up == NULL || check->votes_down == NULL
           || check->reports == NULL ? CMT_ENOMEM : CMT_OK;
}


/* All records whose keys begin with the prefix. */
static int
walk_table(cmt__check_t *check, cmt__table_t table, const void *prefix,
    size_t prefix_len, record_fn fn)
{
    int          rc;
    MDB_val      k, v;
    MDB_cursor  *cursor;

    rc = cmt__cursor(check->read, table, &cursor);
    if (rc != CMT_OK) {
        return rc;
    }

    k.mv_size = prefix_len;
    k.mv_data = (void *) prefix;

    rc = mdb_cursor_get(cursor, &k, &v,
                        prefix_len == 0 ? MDB_FIRST : MDB_SET_RANGE);

    while (rc == 0 && k.mv_size >= prefix_len
           && memcmp(k.mv_data, prefix, prefix_len) == 0)
    {
        rc = fn(check, &k, &v);
        if (rc != CMT_OK) {
            mdb_cursor_close(cursor);
            return rc;
        }

        rc = mdb_cursor_get(cursor, &k, &v, MDB_NEXT);
    }

    mdb_cursor_close(cursor);

    return rc == 0 || rc == MDB_NOTFOUND ? CMT_OK : cmt__store_rc(rc);
}


static void
expect(cmt__check_t *check, cmt__table_t table, const uint8_t *key, size_t len,
    uint64_t id, const char *what)
{
    cmt_str_t  value;

    if (cmt__get(check->read, table, key, len, &value) != CMT_OK) {
        cmt__problem(check, "comment %" PRIu64 ": no entry in %s", id, what);
    }
}


static void
expect_author(cmt__check_t *check, const cmt__comment_t *c,
    cmt__author_kind_t kind, const cmt__hash_t *hash)
{
    if (cmt__hash_is_zero(hash)) {
        return;
    }

    if (cmt__author_lists(check->read, c->site, kind, hash, c->id) != CMT_OK)
    {
        cmt__problem(check, "comment %" PRIu64 ": no entry in its author's "
                     "list", c->id);
    }

    check->authored++;
}


static int
count_one(cmt__check_t *check, const MDB_val *key, const MDB_val *value)
{
    (void) key;
    (void) value;

    check->counted++;

    return CMT_OK;
}


static int
check_comment(cmt__check_t *check, const MDB_val *key, const MDB_val *value)
{
    uint64_t        id;
    cmt_str_t       record;
    cmt__comment_t  c;

    check->comments++;

    if (key->mv_size != 8) {
        cmt__problem(check, "comments: a key of %zu bytes", key->mv_size);
        return CMT_OK;
    }

    id = cmt__be_get(key->mv_data, 8);
    record = (cmt_str_t) { value->mv_size, value->mv_data };

    if (cmt__comment_decode(id, record, &c) != CMT_OK) {
        cmt__problem(check, "comment %" PRIu64 ": the record is damaged", id);
        return CMT_OK;
    }

    if (!cmt__comment_is_unchanged(record)) {
        cmt__problem(check, "comment %" PRIu64 ": its bytes were changed", id);
    }

    check_names(check, &c);
    check_indexes(check, &c);

    if (id < check->head.next_comment) {
        check->replies[id] -= c.replies;
        check->votes_up[id] -= c.votes_up;
        check->votes_down[id] -= c.votes_down;
        check->reports[id] -= c.reports;
    }

    return CMT_OK;
}


/* The id, the status and what the record refers to. */
static void
check_names(cmt__check_t *check, const cmt__comment_t *c)
{
    cmt__thread_t   thread;
    cmt__comment_t  parent;

    if (c->id >= check->head.next_comment) {
        cmt__problem(check, "comment %" PRIu64 ": the id was never given",
                     c->id);

    } else if (check->status[c->id] != (unsigned) c->status) {
        cmt__problem(check, "comment %" PRIu64 ": is %s, by the journal %s",
                     c->id, cmt_status_name(c->status),
                     cmt_status_name((cmt_status_t) check->status[c->id]));
    }

    if (cmt__thread_get(check->read, c->thread, &thread) != CMT_OK
        || thread.site != c->site)
    {
        cmt__problem(check, "comment %" PRIu64 ": no thread %" PRIu64, c->id,
                     c->thread);
    }

    if (c->parent != 0
        && (cmt__comment_get(check->read, c->parent, &parent) != CMT_OK
            || parent.thread != c->thread || c->levels < 1))
    {
        cmt__problem(check, "comment %" PRIu64 ": no parent %" PRIu64, c->id,
                     c->parent);
    }
}


/* Its entry in each index, which is counted there. */
static void
check_indexes(cmt__check_t *check, const cmt__comment_t *c)
{
    uint8_t  k[CMT__KEY_BYTES_MAX];

    expect(check, CMT__STATUSES_DB, k,
           cmt__key_status(k, c->site, c->status, c->id), c->id, "statuses");
    expect_author(check, c, CMT__BY_EMAIL, &c->identity);
    expect_author(check, c, CMT__BY_COOKIE, &c->cookie);
    cmt__check_fingerprint(check, c);

    if (cmt__reported(c)) {
        check->reported++;
        expect(check, CMT__MODERATION, k,
               cmt__key_reported(k, c->site, c->id), c->id, "reported");
    }

    if (c->status != CMT_APPROVED && c->replies == 0) {
        return;                 /* it has no place */
    }

    if (c->parent < check->head.next_comment) {
        check->replies[c->parent]++;
    }

    check->places++;
    expect(check, CMT__THREADS, k,
           cmt__key_place(k, c->thread, c->place, c->levels), c->id,
           "places");

    if (c->levels == 1) {
        check_top(check, c);
    }
}


/* A thread without an index has no votes, and nothing too much there. */
static void
check_top(cmt__check_t *check, const cmt__comment_t *c)
{
    uint8_t        k[CMT__KEY_BYTES_MAX];
    cmt__thread_t  thread;

    if (cmt__thread_get(check->read, c->thread, &thread) == CMT_OK
        && (thread.flags & CMT__THREAD_RANKED))
    {
        check->tops++;
        expect(check, CMT__THREADS, k, cmt__key_top(k, c), c->id,
               "the order by votes");

    } else if (c->votes_up != 0 || c->votes_down != 0) {
        cmt__problem(check, "comment %" PRIu64 ": has votes, but its thread "
                     "has no order by votes", c->id);
    }
}


static void
count_comment(cmt__check_t *check, uint64_t id)
{
    cmt__comment_t  c;

    if (cmt__comment_get(check->read, id, &c) == CMT_OK) {
        check->statuses[c.status - 1]++;
        check->upheld += cmt__upheld(&c);
    }
}


/* The status of the comment whose id ends the key, in an author's list. */
static int
count_status(cmt__check_t *check, const MDB_val *key, const MDB_val *value)
{
    (void) value;

    if (key->mv_size == CMT__AUTHORED_KEY_BYTES) {
        count_comment(check, cmt__be_get((const uint8_t *) key->mv_data
                                         + CMT__AUTHOR_KEY_BYTES, 8));
    }

    return CMT_OK;
}


/* What an entry of another table leads to. */
static int
check_target(cmt__check_t *check, const MDB_val *value, const char *table)
{
    cmt__comment_t  c;

    if (value->mv_size != 8
        || cmt__comment_get(check->read, cmt__le_get(value->mv_data, 8), &c)
           != CMT_OK)
    {
        cmt__problem(check, "%s: an entry of no comment", table);
    }

    return CMT_OK;
}


static int
check_source(cmt__check_t *check, const MDB_val *key, const MDB_val *value)
{
    (void) key;

    return check_target(check, value, "sources");
}


static int
check_print(cmt__check_t *check, const MDB_val *key, const MDB_val *value)
{
    (void) key;

    return check_target(check, value, "prints");
}


static int
check_thread(cmt__check_t *check, const MDB_val *key, const MDB_val *value)
{
    uint8_t  record[CMT__THREAD_KEY_BYTES];

    (void) cmt__key_thread(record, 0);

    if (key->mv_size != CMT__THREAD_KEY_BYTES) {
        return CMT_OK;          /* a place: counted, and walked with it */
    }
    if (((uint8_t *) key->mv_data)[8] != record[8]) {
        return cmt__check_recent(check, key, value);
    }

    return cmt__check_thread(check, key, value);
}


static int
check_author(cmt__check_t *check, const MDB_val *key, const MDB_val *value)
{
    int            rc;
    char           hex[2 * CMT_HASH_BYTES + 1];
    uint64_t       n;
    unsigned       i;
    cmt__author_t  author;

    if (key->mv_size == CMT__VOTE_KEY_BYTES
        && ((uint8_t *) key->mv_data)[4] == CMT__VOTES_OF)
    {
        return cmt__check_vote(check, key, value);
    }

    check->authors++;

    if (key->mv_size != CMT__AUTHOR_KEY_BYTES
        || cmt__author_decode((cmt_str_t) { value->mv_size, value->mv_data },
                              &author) != CMT_OK
        || cmt__tally_packed_get(author.tally, 1, 0, &n) != CMT_OK)
    {
        cmt__problem(check, "authors: a damaged record");
        return CMT_OK;
    }

    memset(check->statuses, 0, sizeof(check->statuses));
    check->upheld = 0;

    rc = walk_table(check, CMT__AUTHORED, key->mv_data, key->mv_size,
                    count_status);
    if (rc != CMT_OK) {
        return rc;
    }

    for (i = 0; i < author.ids.len; i += 8) {
        check->authored_newest++;
        count_comment(check, cmt__le_get((const uint8_t *) author.ids.data
                                         + i, 8));
    }

    cmt__hex((const uint8_t *) key->mv_data + 5, 4, hex);

    for (i = 0; i < CMT__STATUSES; i++) {
        if (check->statuses[i] != author.counts[i]) {
            cmt__problem(check, "author %s...: %" PRIu64 " %s, the count "
                         "says %u", hex, check->statuses[i],
                         cmt_status_name((cmt_status_t) (i + 1)),
                         author.counts[i]);
        }
    }

    if (check->upheld != author.upheld) {
        cmt__problem(check, "author %s...: %" PRIu64 " reports were right, "
                     "the count says %u", hex, check->upheld, author.upheld);
    }

    return CMT_OK;
}


static int
check_sites(cmt__check_t *check)
{
    int        rc;
    uint8_t    key[13];
    uint32_t   site;
    uint64_t   counts[CMT__STATUSES];
    unsigned   i;
    cmt_str_t  name;

    for (site = 1; site < check->head.next_site; site++) {

        rc = cmt__site_get(check->read, site, counts, &name);
        if (rc != CMT_OK) {
            cmt__problem(check, "site %u: no record", site);
            continue;
        }

        for (i = 0; i < CMT__STATUSES; i++) {
            (void) cmt__key_status(key, site, (cmt_status_t) (i + 1), 0);
            check->counted = 0;

            rc = walk_table(check, CMT__STATUSES_DB, key, 5, count_one);
            if (rc != CMT_OK) {
                return rc;
            }

            if (check->counted != counts[i]) {
                cmt__problem(check, "site %.*s: %" PRIu64 " %s, the count "
                             "says %" PRIu64, (int) name.len, name.data,
                             check->counted,
                             cmt_status_name((cmt_status_t) (i + 1)),
                             counts[i]);
            }
        }
    }

    return CMT_OK;
}


static int
check_sizes(cmt__check_t *check)
{
    int       rc;
    size_t    i;
    MDB_stat  st;

    const struct {
        cmt__table_t   table;
        uint64_t       n;
        const char    *name;
    } sizes[] = {
        { CMT__THREADS,
          check->threads + check->places + check->tops + check->recents,
          "threads" },
        { CMT__PRINTS, check->fingerprints - check->fingerprints_recent,
          "prints" },
        { CMT__STATUSES_DB, check->comments, "statuses" },
        { CMT__AUTHORS, check->authors + check->votes, "authors" },
        { CMT__AUTHORED, check->authored - check->authored_newest,
          "authored" },
        { CMT__PAGES, check->threads, "pages" },
        { CMT__JOURNAL, check->head.seq, "journal" },
        { CMT__DEEDS, check->deeds, "deeds" },
        { CMT__MODERATION, check->reported + check->moderation,
          "moderation" }
    };

    for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {

        rc = mdb_stat(check->read->txn,
                      check->read->store->tables[sizes[i].table], &st);
        if (rc != 0) {
            return cmt__store_rc(rc);
        }

        if (st.ms_entries != sizes[i].n) {
            cmt__problem(check, "%s: %zu entries instead of %" PRIu64,
                         sizes[i].name, st.ms_entries, sizes[i].n);
        }
    }

    if (check->digests != check->generations) {
        cmt__problem(check, "generations: %" PRIu64 " digests of %" PRIu64,
                     check->digests, check->generations);
    }

    if (check->authors != check->head.authors) {
        cmt__problem(check, "authors: %" PRIu64 ", the head says %" PRIu64,
                     check->authors, check->head.authors);
    }

    return CMT_OK;
}


void
cmt__problem(cmt__check_t *check, const char *format, ...)
{
    char     line[512];
    va_list  args;

    check->problems++;

    if (check->fn == NULL) {
        return;
    }

    va_start(args, format);
    vsnprintf(line, sizeof(line), format, args);
    va_end(args);

    check->fn(check->ctx, line);
}
