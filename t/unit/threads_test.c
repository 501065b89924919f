/*
 * threads_test.c: what threads share: the list of open stores, snapshots,
 * the write transaction, rules and keys.  `./dev test-tsan` builds it with
 * ThreadSanitizer.
 */

#include <pthread.h>

#include "core/actions/actions.h"
#include "scratch.h"
#include "tap.h"


#define WRITERS  2
#define READERS  2
#define COMMITS  60
#define READS    300

typedef struct {
    unsigned       number;
    unsigned       failures;
    uint64_t       seen;         /* comments, by the last snapshot */
} worker_t;

static cmt_site_t  site;

/* What TEST_RACE=1 lets writers count without a lock, to be found out. */
static unsigned    raced;


static int
commit_one(cmt_store_t *store, unsigned number, unsigned n)
{
    int            rc;
    char           uid[32];
    cmt_arena_t   *arena;
    cmt_change_t  *change;
    cmt__import_t  in;

    arena = cmt_arena_create(CMT_ARENA_BYTES_MAX);
    memset(&in, 0, sizeof(in));
    in.uid.data = uid;
    in.uid.len = (size_t) snprintf(uid, sizeof(uid), "%u-%u", number, n);
    in.page = cmt_str("/page");
    in.name = cmt_str("name");
    in.email = cmt_str("name@example.org");
    in.text = in.uid;
    in.kind = CMT_COMMENT;
    in.status = CMT_APPROVED;
    in.created = 1000;

    rc = cmt__import_prepare(&site, &in, 1000, arena, &change, NULL);

    if (rc == CMT_OK) {
        cmt_commit(store, &change, 1);
        rc = cmt_change_result(change)->rc;
    }

    cmt_arena_destroy(arena);

    return rc;
}


static void *
write_all(void *data)
{
    unsigned      n;
    worker_t     *worker = data;
    cmt_store_t  *store;

    if (getenv("TEST_RACE") != NULL) {
        raced++;
    }

    for (n = 0; n < COMMITS; n++) {

        if (cmt_store_open(dir, 0, (size_t) 1 << 30, &store, NULL)
            != CMT_OK)
        {
            worker->failures++;
            continue;
        }

        worker->failures += commit_one(store, worker->number, n) != CMT_OK;
        cmt_store_close(store);
    }

    return NULL;
}


/* A snapshot is never newer than what is told to be newest behind it, and not
 * older than what was told before it, but for the commit under way. */

static int
state_fits(cmt_store_t *store)
{
    uint64_t     instance, before, snapshot, behind;
    cmt_read_t  *read;

    if (cmt_store_state(store, &instance, &before) != CMT_OK
        || cmt_read_begin(store, &read, NULL) != CMT_OK)
    {
        return 0;
    }

    cmt_read_state(read, &instance, &snapshot);
    cmt_read_end(read);

    return cmt_store_state(store, &instance, &behind) == CMT_OK
           && behind >= snapshot && snapshot + 1 >= before;
}


static void *
read_all(void *data)
{
    unsigned            n;
    worker_t           *worker = data;
    cmt_store_t        *store;
    cmt_store_stats_t   stats;

    for (n = 0; n < READS; n++) {

        if (cmt_store_open(dir, CMT_STORE_READONLY, (size_t) 1 << 30, &store,
                           NULL)
            != CMT_OK)
        {
            worker->failures++;
            continue;
        }

        if (!state_fits(store)
            || cmt_store_stats(store, &stats, NULL) != CMT_OK
            || stats.comments < worker->seen)
        {
            worker->failures++;
        }

        worker->seen = stats.comments;
        cmt_store_close(store);
    }

    return NULL;
}


int
main(void)
{
    char                key_path[64];
    unsigned            i, failures;
    worker_t            workers[WRITERS + READERS];
    pthread_t           threads[WRITERS + READERS];
    cmt_key_t          *key;
    cmt_store_t        *store;
    cmt_store_stats_t   stats;

    scratch_make();

    snprintf(key_path, sizeof(key_path), "%s/key", dir);
    is_int(cmt_key_create(key_path, NULL), CMT_OK, "a key is made");
    is_int(cmt_key_load(key_path, &key, NULL), CMT_OK, "and loaded");

    cmt_site_default(&site);
    site.name = cmt_str("example.org");
    is_int(cmt_site_init(&site, key, NULL), CMT_OK, "a site has its keys");
    is_int(cmt_store_open(dir, CMT_STORE_CREATE, (size_t) 1 << 30, &store,
                          NULL),
           CMT_OK, "a store is made");

    memset(workers, 0, sizeof(workers));

    for (i = 0; i < WRITERS + READERS; i++) {
        workers[i].number = i;
        (void) pthread_create(&threads[i], NULL,
                              i < WRITERS ? write_all : read_all,
                              &workers[i]);
    }

    for (i = 0, failures = 0; i < WRITERS + READERS; i++) {
        (void) pthread_join(threads[i], NULL);
        failures += workers[i].failures;
    }

    is_int(failures, 0, "no thread has met a failure or an older snapshot");
    is_int(cmt_store_stats(store, &stats, NULL), CMT_OK, "and at the end");
    is_int(stats.comments, WRITERS * COMMITS, "every comment is there");
    is_int(problems(store), 0, "and the store is whole");

    cmt_store_close(store);
    cmt_site_clear(&site);
    cmt_key_free(key);
    scratch_remove();

    return done();
}
