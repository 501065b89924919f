/*
 * commit_test.c: batches of changes on a store whose disk fails.
 */


#include "core/actions/actions.h"
#include "disk.h"
#include "scratch.h"
#include "tap.h"


static cmt_site_t    site;
static cmt_arena_t  *arena;


static cmt_change_t *
change_of(const char *uid, const char *parent, cmt_str_t text)
{
    cmt_error_t    err;
    cmt_change_t  *change;
    cmt__import_t  in;

    memset(&in, 0, sizeof(in));
    in.uid = cmt__str_copy(arena, (cmt_str_t) { strlen(uid), uid });
    in.parent_uid = cmt__str_copy(arena, (cmt_str_t) { strlen(parent),
                                                       parent });
    in.page = cmt_str("/page");
    in.name = cmt_str("name");
    in.email = cmt_str("name@example.org");
    in.text = text;
    in.kind = CMT_COMMENT;
    in.status = CMT_APPROVED;
    in.created = 1000;

    if (cmt__import_prepare(&site, &in, 1000, arena, &change, &err)
        != CMT_OK)
    {
        printf("# %s\n", err.detail);
        exit(1);
    }

    return change;
}


static uint64_t
count(cmt_store_t *store)
{
    cmt_store_stats_t  stats;

    return cmt_store_stats(store, &stats, NULL) == CMT_OK
           ? stats.comments : UINT64_MAX;
}


static void
test_neighbours(cmt_store_t *store)
{
    cmt_change_t  *changes[4];

    changes[0] = change_of("n1", "", cmt_str("one"));
    changes[1] = change_of("n2", "nobody", cmt_str("two"));
    changes[2] = change_of("n3", "n1", cmt_str("three"));
    changes[3] = change_of("n1", "", cmt_str("one again"));
    cmt_commit(store, changes, 4);

    is_int(cmt_change_result(changes[0])->rc, CMT_OK, "a change is applied");
    is_int(cmt_change_result(changes[1])->rc, CMT_EPARENT,
           "one that answers nothing is refused");
    is_int(cmt_change_result(changes[2])->rc, CMT_OK,
           "one may answer its neighbour in the batch");
    ok(cmt_change_result(changes[3])->replayed,
       "the same source again gives the same comment");
    is_int(cmt_change_result(changes[3])->id,
           cmt_change_result(changes[0])->id, "with the same id");
    is_int(count(store), 2, "two comments are there");
    is_int(problems(store), 0, "and nothing else");
}


/* The n-th write of a batch fails, for every n until none does. */
static void
test_failing_disk(cmt_store_t *store, int error, const char *name)
{
    int            lost, stuck, half;
    char           uid[64];
    long           n, left;
    size_t         i;
    uint64_t       before, acknowledged;
    cmt_change_t  *changes[3], *probe;

    lost = stuck = half = 0;

    for (n = 1, left = 0; n < 200; n++) {

        cmt_arena_reset(arena);
        before = count(store);
        acknowledged = 0;

        for (i = 0; i < 3; i++) {
            snprintf(uid, sizeof(uid), "%s-%ld-%zu", name, n, i);
            changes[i] = change_of(uid, "", cmt_str("text"));
        }

        fail_errno = error;
        fail_at = n;
        cmt_commit(store, changes, 3);
        left = fail_at;
        fail_at = 0;

        for (i = 0; i < 3; i++) {
            acknowledged += cmt_change_result(changes[i])->rc == CMT_OK;
        }

        snprintf(uid, sizeof(uid), "%s-%ld-probe", name, n);
        probe = change_of(uid, "", cmt_str("text"));
        cmt_commit(store, &probe, 1);

        stuck += cmt_change_result(probe)->rc != CMT_OK;
        lost += count(store) < before + acknowledged + 1;
        half += problems(store) != 0;

        if (left > 0) {
            break;          /* the whole batch was written */
        }
    }

    note("%s: %ld places to fail", name, n - 1);
    ok(left > 0 && n > 3, "every write and sync of a batch has failed once");
    is_int(lost, 0, "no acknowledged comment was lost");
    is_int(stuck, 0, "the next post always succeeded");
    is_int(half, 0, "the check never found anything");
}


static void
test_full(void)
{
    int            rc;
    char           path[64], uid[32], *text;
    size_t         i, n;
    cmt_str_t      long_text;
    cmt_store_t   *store;
    cmt_thread_t   thread;
    cmt_change_t  *changes[2];
    cmt_read_t    *read;

    snprintf(path, sizeof(path), "%s/full", dir);
    (void) !cmt_store_open(path, CMT_STORE_CREATE, 1 << 20, &store, NULL);

    text = malloc(60000);
    memset(text, 'x', 60000);
    long_text = (cmt_str_t) { 60000, text };

    for (n = 0; n < 100; n++) {
        cmt_arena_reset(arena);
        snprintf(uid, sizeof(uid), "full-%zu", n);
        changes[0] = change_of(uid, "", long_text);
        cmt_commit(store, changes, 1);
        if (cmt_change_result(changes[0])->rc != CMT_OK) {
            break;
        }
    }

    is_int(cmt_change_result(changes[0])->rc, CMT_EFULL,
           "a full map is told as such");
    ok(n > 2, "after some comments");

    rc = cmt_read_begin(store, &read, NULL);
    if (rc == CMT_OK) {
        rc = cmt_thread_find(read, &site, cmt_str("/page"), arena, &thread,
                             NULL);
        cmt_read_end(read);
    }
    is_int(rc, CMT_OK, "reads go on");
    is_int(thread.count, (long long) n, "with every acknowledged comment");

    cmt_arena_reset(arena);
    changes[0] = change_of("too-big", "", long_text);
    changes[1] = change_of("small", "", cmt_str("small"));
    cmt_commit(store, changes, 2);
    is_int(cmt_change_result(changes[0])->rc, CMT_EFULL,
           "one that does not fit fails alone");

    for (i = 0; i < 50 && cmt_change_result(changes[1])->rc != CMT_OK; i++) {
        cmt_commit(store, &changes[1], 1);
    }
    is_int(cmt_change_result(changes[1])->rc, CMT_OK,
           "its neighbour that fits is kept");
    is_int(problems(store), 0, "the check finds nothing in a full store");

    cmt_store_close(store);

    (void) !cmt_store_open(path, 0, 4 << 20, &store, NULL);
    cmt_commit(store, changes, 1);
    is_int(cmt_change_result(changes[0])->rc, CMT_OK,
           "with a larger map there is room again");
    cmt_store_close(store);
    free(text);
}


int
main(void)
{
    char          key_path[64];
    cmt_key_t    *key;
    cmt_error_t   err;
    cmt_store_t  *store;

    scratch_make();

    arena = cmt_arena_create(CMT_ARENA_BYTES_MAX);
    snprintf(key_path, sizeof(key_path), "%s/key", dir);
    (void) !cmt_key_create(key_path, &err);
    (void) !cmt_key_load(key_path, &key, &err);

    cmt_site_default(&site);
    site.name = cmt_str("example.org");
    is_int(cmt_site_init(&site, key, &err), CMT_OK, "a site has its keys");
    is_int(cmt_store_open(dir, CMT_STORE_CREATE, (size_t) 1 << 30, &store,
                          &err),
           CMT_OK, "a store is made");

    test_neighbours(store);
    test_failing_disk(store, EIO, "EIO");
    test_failing_disk(store, ENOSPC, "ENOSPC");
    test_full();

    cmt_store_close(store);
    cmt_site_clear(&site);
    cmt_key_free(key);
    cmt_arena_destroy(arena);
    scratch_remove();

    return done();
}
