/*
 * search.c: what a search of many comments costs.
 *
 *   search make STORE N
 *       Makes a store of N comments, one in 100 of which waits, and indexes
 *       them.  The comments come through the store's own functions in large
 *       transactions: no rules, no markup, no sync for each.  Their words
 *       are drawn from VOCABULARY by Zipf's law, with SLOPE, so that 4096
 *       comments have some 25000 different ones, as they have in English.
 *       Prints one line, {"comments": ..., "add": seconds of CPU time,
 *       "index": seconds of CPU time, "store": bytes, "words": bytes}.
 *
 *   search ask STORE QUERY TIMES
 *       Asks TIMES queries of the kind, with words, pages and authors of
 *       their own, each until it has a page of results or all, as the queue
 *       does.  Prints one line, {"median": us of CPU time, "p99": us, "most":
 *       us of one call, "wall": median with all waiting, "found": results on
 *       average}.
 *
 *   search print QUERY TIMES
 *       Prints such queries, each in a line, as C/moderate/queue takes them.
 */

#include <err.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/store/schema.h"
#include "core/store/search.h"


#define VOCABULARY   200000
#define SLOPE        1.2
#define PAGES        20000
#define AUTHORS      50000
#define WORDS_MIN    20
#define WORDS_MAX    100
#define WORD_BYTES   16
#define BATCH        2000
#define PENDING_ONE_OF  100
#define RESULTS      50
#define TIMES_MAX    10000
#define SITE         "bench"


typedef struct {
    const char     *name;
    /* Zipf's ranks of the words of the query, from each to 2 * each; 0: none */
    unsigned        ranks[3];
    unsigned        prefix:1, phrase:1, pending:1, page:1, author:1, rule:1;
    unsigned        week:1, missing:1;
} query_t;

static const query_t  queries[] = {
    { "queue", { 0 }, .pending = 1 },
    { "queue-page", { 0 }, .pending = 1, .page = 1 },
    { "queue-author", { 0 }, .pending = 1, .author = 1 },
    { "queue-rule", { 0 }, .pending = 1, .rule = 1 },
    { "none", { 0 }, .missing = 1 },
    { "rare", .ranks = { 100000 } },
    { "common", .ranks = { 10 } },
    { "two", .ranks = { 500, 1000 } },
    { "three", .ranks = { 20, 200, 2000 } },
    { "phrase", { 100, 300 }, .phrase = 1 },
    { "prefix", { 2000 }, .prefix = 1 },
    { "pending-rare", { 20000 }, .pending = 1 },
    { "pending-common", { 10 }, .pending = 1 },
    { "page-common", { 10 }, .page = 1 },
    { "author-common", { 10 }, .author = 1 },
    { "rule-two", { 100, 200 }, .rule = 1 },
    { "week-common", { 10 }, .week = 1 },
};


static uint64_t  state = 88172645463325252ull;


static uint64_t
roll(uint64_t n)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;

    return state % n;
}


static double
now(clockid_t clock)
{
    struct timespec  t;

    (void) clock_gettime(clock, &t);

    return (double) t.tv_sec + (double) t.tv_nsec / 1e9;
}


static void
must(int rc, const cmt_error_t *error)
{
    if (rc != CMT_OK) {
        errx(1, "%s: %s", cmt_error_code(rc), error->detail);
    }
}


/* The n-th word: its number by syllables, so that words begin alike as they
 * do in languages. */
static size_t
word_of(uint64_t n, char word[WORD_BYTES])
{
    size_t  len;

    static const char  first[] = "bdfghklmnprstvjz", second[] = "aeiouyao";

    for (len = 0; n > 0 || len < 2; n /= 128) {
        word[len++] = first[n % 16];
        word[len++] = second[n / 16 % 8];
    }

    word[len] = '\0';

    return len;
}


static uint64_t
zipf(uint64_t n)
{
    double  u;

    u = (double) roll(1u << 30) / (1u << 30);

    return (uint64_t) pow(1 - u * (1 - pow((double) n, 1 - SLOPE)),
                          1 / (1 - SLOPE));
}


static cmt__hash_t
author_of(uint64_t n)
{
    cmt__hash_t  hash;

    memset(&hash, 0x55, sizeof(hash));
    n = (n + 1) * 0x9e3779b97f4a7c15ull;
    memcpy(hash.bytes, &n, sizeof(n));

    return hash;
}


static cmt_str_t
page_of(uint64_t n, char page[64])
{
    char  a[WORD_BYTES], b[WORD_BYTES];

    (void) word_of(n * 7, a);
    (void) word_of(n * 13 + 5, b);

    return (cmt_str_t) { (size_t) snprintf(page, 64, "/blog/%u/%s-%s-%u",
                                           (unsigned) (2004 + n % 20), a, b,
                                           (unsigned) n), page };
}


static int
comment_add(cmt__write_t *write, uint32_t site, uint64_t i, uint64_t n_all,
    cmt_error_t *error)
{
    int             rc;
    char            text[WORDS_MAX * WORD_BYTES], page[64], title[64];
    char            name[WORD_BYTES], receipt[256];
    size_t          len;
    uint64_t        author;
    unsigned        n;
    cmt__entry_t    entry;
    cmt__thread_t   thread;
    cmt__comment_t  c;

    memset(&thread, 0, sizeof(thread));
    memset(&c, 0, sizeof(c));
    memset(&entry, 0, sizeof(entry));

    rc = cmt__thread_find(cmt__write_view(write), site,
                          page_of(zipf(PAGES), page), &thread);
    if (rc == CMT_ENOTFOUND) {
        thread.site = site;
        thread.page = (cmt_str_t) { strlen(page), page };
        thread.title = (cmt_str_t) {
            (size_t) snprintf(title, sizeof(title), "On %s", page + 11),
            title };
        rc = cmt__thread_put(write, &thread, error);
    }
    if (rc != CMT_OK) {
        return rc;
    }

    len = 0;

    for (n = WORDS_MIN + (unsigned) roll(WORDS_MAX - WORDS_MIN); n > 0; n--) {
        len += word_of(zipf(VOCABULARY), text + len);
        text[len++] = n % 11 == 0 ? '.' : ' ';
    }

    author = zipf(AUTHORS);
    c.status = i % PENDING_ONE_OF == 0 ? CMT_PENDING : CMT_APPROVED;
    c.kind = CMT_COMMENT;
    /* over ten years, up to now */
    c.created = (int64_t) (1700000000 - (n_all - i) * 315360000 / n_all);
    c.name = (cmt_str_t) { word_of(author * 11, name), name };
    c.text = (cmt_str_t) { len, text };
    c.html = c.text;
    c.identity = author_of(author);
    c.fingerprint = author_of(i + AUTHORS);

    rc = cmt__comment_add(write, &thread, NULL, 5, NULL, &c, error);

    if (rc == CMT_OK) {
        len = (size_t) snprintf(receipt, sizeof(receipt),
            "{\"verdict\":\"hold\",\"score\":1,\"public\":null,\"rules\":["
            "{\"name\":\"rule %u\",\"file\":\"rules.lua\",\"line\":1,"
            "\"verdict\":\"hold\",\"note\":\"\"}],\"steps\":900,\"us\":40,"
            "\"errors\":[]}", (unsigned) roll(20));
        rc = cmt__receipt_put(write, c.id, (cmt_str_t) { len, receipt },
                              error);
    }

    entry.did = CMT__DID_SUBMIT;
    entry.after = (unsigned) c.status;
    entry.site = site;
    entry.thread = thread.id;
    entry.comment = c.id;
    entry.time = c.created;
    entry.actor = cmt_str("author");

    return rc == CMT_OK ? cmt__journal_append(write, &entry, error) : rc;
}


static void
make(const char *path, uint64_t n_all)
{
    int                rc;
    double             begin, added, indexed;
    uint32_t           site;
    uint64_t           i, left;
    cmt_store_t       *store;
    cmt_error_t        error;
    cmt__write_t      *write;
    cmt_store_stats_t  stats;

    must(cmt_store_open(path, CMT_STORE_CREATE, 0, &store, &error), &error);
    begin = now(CLOCK_PROCESS_CPUTIME_ID);

    for (i = 0; i < n_all; /* void */ ) {
        must(cmt__write_begin(store, &write, &error), &error);
        must(cmt__site_make(write, cmt_str(SITE), &site, &error), &error);

        do {
            rc = comment_add(write, site, ++i, n_all, &error);
            must(rc, &error);
        } while (i < n_all && i % BATCH != 0);

        must(cmt__write_commit(write, &error), &error);
    }

    added = now(CLOCK_PROCESS_CPUTIME_ID);
    must(cmt_search_index(store, 0, &left, &error), &error);
    indexed = now(CLOCK_PROCESS_CPUTIME_ID);

    must(cmt_store_stats(store, &stats, &error), &error);
    printf("{\"comments\":%llu,\"add\":%.3f,\"index\":%.3f,\"store\":%llu,"
           "\"words\":%llu}\n", (unsigned long long) stats.comments,
           added - begin, indexed - added,
           (unsigned long long) stats.bytes_used,
           (unsigned long long) stats.bytes_words);
    cmt_store_close(store);
}


/* What one query of the kind asks for; its strings lie in memory of ours. */
static void
query_fill(const query_t *query, cmt_search_t *search)
{
    size_t       len;
    unsigned     i;
    cmt__hash_t  hash;

    static char  words[256], page[64], rule[32], author[33];

    memset(search, 0, sizeof(*search));
    search->site = cmt_str(SITE);
    search->limit = RESULTS;
    search->status = query->pending ? CMT_PENDING : 0;
    len = 0;

    for (i = 0; i < 3 && query->ranks[i] != 0; i++) {
        words[len] = query->phrase ? '-' : ' ';
        len += i > 0;
        len += word_of(query->ranks[i] + roll(query->ranks[i]), words + len);
    }

    len = query->prefix && len > 1 ? len - 1 : len;
    len += (size_t) snprintf(words + len, sizeof(words) - len, "%s%s",
                             query->prefix ? "*" : "",
                             query->missing ? "qqqq" : "");
    search->words = (cmt_str_t) { len, words };

    if (query->page) {
        search->page = page_of(1 + roll(100), page);
    }

    if (query->author) {
        hash = author_of(1 + roll(100));
        cmt__hex(hash.bytes, CMT_HASH_BYTES, author);
        search->author = (cmt_str_t) { 2 * CMT_HASH_BYTES, author };
    }

    if (query->rule) {
        search->rule = (cmt_str_t) {
            (size_t) snprintf(rule, sizeof(rule), "rule %u",
                              (unsigned) roll(20)), rule };
    }

    if (query->week) {
        search->since = 1700000000 - 7 * 86400;
    }
}


/* One argument of an address; what is there has letters of addresses only,
 * and spaces. */
static void
argument_print(const char *name, cmt_str_t value)
{
    size_t  i;

    if (value.len == 0) {
        return;
    }

    printf("&%s=", name);

    for (i = 0; i < value.len; i++) {
        printf(value.data[i] == ' ' ? "%%20" : "%c", value.data[i]);
    }
}


static void
print(const query_t *query, long times)
{
    long          i;
    char          since[32];
    time_t        t;
    struct tm     tm;
    cmt_search_t  search;

    state += (uint64_t) time(NULL);

    for (i = 0; i < times; i++) {
        query_fill(query, &search);
        printf("limit=%d&status=%s", RESULTS,
               search.status == CMT_PENDING ? "pending" : "any");
        argument_print("words", search.words);
        argument_print("page", search.page);
        argument_print("author", search.author);
        argument_print("rule", search.rule);

        if (search.since != 0) {
            t = (time_t) search.since;
            (void) gmtime_r(&t, &tm);
            argument_print("since", (cmt_str_t) {
                strftime(since, sizeof(since), "%Y-%m-%dT%H:%M:%SZ", &tm),
                since });
        }

        printf("\n");
    }
}


static int
by_size(const void *a, const void *b)
{
    const double  *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}


static void
ask(const char *path, const query_t *query, long times)
{
    long          i;
    double        begin, wall, one, most;
    uint64_t      n;
    cmt_str_t     lines;
    cmt_read_t   *read;
    cmt_store_t  *store;
    cmt_error_t   error;
    cmt_found_t   found;
    cmt_arena_t  *arena;
    cmt_search_t  search;

    static double  us[TIMES_MAX], walls[TIMES_MAX];

    must(cmt_store_open(path, CMT_STORE_READONLY, 0, &store, &error),
         &error);
    arena = cmt_arena_create((size_t) 1 << 30);
    state += (uint64_t) time(NULL);
    most = 0;
    n = 0;

    for (i = 0; i < times && i < TIMES_MAX; i++) {
        query_fill(query, &search);
        begin = now(CLOCK_THREAD_CPUTIME_ID);
        wall = now(CLOCK_MONOTONIC);

        do {
            cmt_arena_reset(arena);
            one = now(CLOCK_THREAD_CPUTIME_ID);

            must(cmt_read_begin(store, &read, &error), &error);
            must(cmt_search_lines(read, &search, arena, &found, &lines,
                                  &error), &error);
            cmt_read_end(read);

            one = (now(CLOCK_THREAD_CPUTIME_ID) - one) * 1e6;
            most = one > most ? one : most;
            n += found.n;
            search.limit -= (unsigned) found.n;
            search.before = found.next;
        } while (search.limit > 0 && found.next != 0);

        us[i] = (now(CLOCK_THREAD_CPUTIME_ID) - begin) * 1e6;
        walls[i] = (now(CLOCK_MONOTONIC) - wall) * 1e6;
    }

    qsort(us, (size_t) i, sizeof(double), by_size);
    qsort(walls, (size_t) i, sizeof(double), by_size);
    printf("{\"median\":%.1f,\"p99\":%.1f,\"most\":%.1f,\"wall\":%.1f,"
           "\"found\":%.1f}\n", us[i / 2], us[i - 1 - i / 100], most,
           walls[i / 2], (double) n / (double) i);

    cmt_arena_destroy(arena);
    cmt_store_close(store);
}


static const query_t *
query_find(const char *name)
{
    size_t  i;

    for (i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
        if (strcmp(name, queries[i].name) == 0) {
            return &queries[i];
        }
    }

    errx(1, "there is no query %s", name);
}


int
main(int argc, char **argv)
{
    long  times;

    times = argc > 3 ? strtol(argv[argc - 1], NULL, 10) : 0;

    if (argc == 4 && strcmp(argv[1], "make") == 0) {
        make(argv[2], strtoull(argv[3], NULL, 10));

    } else if (argc == 4 && strcmp(argv[1], "print") == 0 && times > 0) {
        print(query_find(argv[2]), times);

    } else if (argc == 5 && strcmp(argv[1], "ask") == 0 && times > 0) {
        ask(argv[2], query_find(argv[3]), times);

    } else {
        errx(2, "usage: search make STORE N | ask STORE QUERY TIMES"
                " | print QUERY TIMES");
    }

    return 0;
}
