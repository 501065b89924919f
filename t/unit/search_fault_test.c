/*
 * search_fault_test.c: the index of words when memory ends, the disk fails,
 * the process is killed, and others write at the same time.
 */

#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "disk.h"
#include "search_model.h"
#include "tap.h"


#define KILLS   10
#define PLACES  400                      /* to fail at, at most */


static cmt_store_t *
store_open(const char *name)
{
    char          path[64];
    cmt_store_t  *store;

    snprintf(path, sizeof(path), "%s/%s", dir, name);

    if (cmt_store_open(path, CMT_STORE_CREATE, (size_t) 1 << 30, &store,
                       NULL) != CMT_OK)
    {
        printf("Bail out! no store\n");
        exit(1);
    }

    return store;
}


static cmt__index_t
index_of(cmt_store_t *store)
{
    cmt_read_t    *read;
    cmt__index_t   index;

    memset(&index, 0xff, sizeof(index));

    if (cmt_read_begin(store, &read, NULL) == CMT_OK) {
        (void) !cmt__index_read(read, &index);
        cmt_read_end(read);
    }

    return index;
}


static int
step(cmt_store_t *store)
{
    uint64_t  left;

    return cmt__index_step(store, &left, NULL);
}


static int
search(cmt_store_t *store)
{
    int           rc;
    cmt_read_t   *read;
    cmt_found_t   found;
    cmt_search_t  q;

    memset(&q, 0, sizeof(q));
    q.site = cmt_str("one");
    q.words = cmt_str("\"k1 k2\" k3*");
    q.rule = cmt_str("rule 1");
    q.limit = 10;

    rc = cmt_read_begin(store, &read, NULL);
    if (rc == CMT_OK) {
        rc = cmt_search(read, &q, &found, NULL);
        cmt_read_end(read);
    }

    return rc;
}


/* The work of one transaction on comments that are indexed. */
static int
edits(cmt_store_t *store)
{
    int            rc;
    uint64_t       id;
    cmt__write_t  *write;

    rc = cmt__write_begin(store, &write, NULL);

    for (id = 1; id < 4 && rc == CMT_OK; id++) {
        rc = model_edit(write, id);
        if (rc != CMT_OK) {
            cmt__write_abort(write);
            return rc;
        }
    }

    return rc == CMT_OK ? cmt__write_commit(write, NULL) : rc;
}


static void
test_memory(void)
{
    int           rc;
    long          n;
    size_t        i;
    unsigned      wrong;
    cmt_store_t  *store;

    static const struct {
        int        (*run)(cmt_store_t *store);
        const char  *failed, *done;
    } rows[] = {
        { search, "each allocation of a search can fail",
          "and then nothing else is wrong" },
        { step, "an allocation of a step of the index can fail",
          "and then the step can be done again" },
        { search, "with a segment as well", "in the same way" },
        { edits, "each allocation of an edit can fail",
          "and the index stays as it was" },
    };

    store = store_open("memory");
    (void) !model_work(store, 600, 0);

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {

        for (n = 1, wrong = 0; n < 100000; n += 1 + n / 20) {
            (void) cmt__arena_fail_at(n);
            rc = rows[i].run(store);

            if (cmt__arena_fail_at(0) != 0) {
                break;                   /* it was not reached */
            }

            wrong += rc != CMT_ENOMEM;
        }

        ok(wrong == 0 && n > 3, rows[i].failed);
        ok(rc == CMT_OK && problems(store) == 0, rows[i].done);
    }

    is_int(index_of(store).indexed, CMT__SEGMENT_SMALL,
           "the step was done once");
    cmt_store_close(store);
}


static void
test_disk(void)
{
    int           rc;
    long          n, left;
    unsigned      half, stuck;
    uint64_t      before;
    cmt_store_t  *store;

    store = store_open("disk");
    half = stuck = 0;
    left = 0;

    for (n = 1; n < PLACES && left == 0; n++) {

        while (last_id + 1 < index_of(store).indexed + CMT__SEGMENT_SMALL) {
            (void) !model_work(store, 300, 0);
        }

        before = index_of(store).indexed;

        fail_at = n;
        rc = step(store);
        left = fail_at;
        fail_at = 0;

        half += left > 0 ? 0 : rc == CMT_OK;
        half += left > 0 ? 0 : index_of(store).indexed != before;
        stuck += step(store) != CMT_OK;

        if (last_id > IDS_MAX - 1000) {
            break;
        }
    }

    note("%ld places to fail", n - 1);
    ok(left > 0 && n > 2, "each write and sync of a step has failed once");
    is_int(half, 0, "a step is done as a whole or not at all");
    is_int(stuck, 0, "and can be done again");
    is_int(problems(store), 0, "the check finds nothing");
    cmt_store_close(store);
}


static void
run_until_killed(unsigned round)
{
    uint64_t      left;
    cmt_store_t  *store;

    store = store_open("killed");

    for ( ;; ) {
        roll(round + 2);

        if (last_id < IDS_MAX - 300
            && model_work(store, 200, last_id > 0 ? 20 : 0) != CMT_OK)
        {
            _exit(1);
        }

        if (cmt_search_index(store, 20, &left, NULL) != CMT_OK) {
            _exit(1);
        }
    }
}


static void
test_killed(void)
{
    int              status;
    pid_t            pid;
    unsigned         round, wrong;
    uint64_t         left;
    cmt_read_t      *read;
    cmt__head_t      head;
    cmt_store_t     *store;
    struct timespec  t;

    wrong = 0;

    for (round = 0; round < KILLS; round++) {
        (void) fflush(stdout);

        pid = fork();
        if (pid == 0) {
            run_until_killed(round);
        }

        t.tv_sec = 0;
        t.tv_nsec = (long) (1 + roll(150)) * 1000000;
        (void) nanosleep(&t, NULL);
        (void) kill(pid, SIGKILL);
        (void) waitpid(pid, &status, 0);
        wrong += !WIFSIGNALED(status);

        store = store_open("killed");
        wrong += problems(store) != 0;

        /* the model of the dead process is gone: go on behind it */
        (void) !cmt_read_begin(store, &read, NULL);
        (void) !cmt__head_read(read, &head);
        cmt_read_end(read);
        last_id = head.next_comment - 1;
        for (left = 1; left <= last_id && left < IDS_MAX; left++) {
            model[left].status = CMT_DELETED;    /* is not edited */
        }

        cmt_store_close(store);

        if (last_id > IDS_MAX - 500) {
            break;
        }
    }

    is_int(wrong, 0, "killed while it indexes, it leaves a sound store");

    store = store_open("killed");
    is_int(cmt_search_index(store, 0, &left, NULL), CMT_OK,
           "the next process goes on");
    is_int(left, 0, "to the end");
    ok(index_of(store).indexed > 0, "there is an index");
    is_int(problems(store), 0, "the check finds nothing");
    cmt_store_close(store);
}


/* A segment is made, then a comment in it changes, then it is to be taken. */
static void
test_overtaken(void)
{
    cmt_read_t      *read;
    cmt_arena_t     *arena;
    cmt__made_t      made;
    cmt_store_t     *store;
    cmt__index_t     index;
    cmt__segment_t   segment;

    store = store_open("overtaken");
    last_id = 0;
    (void) !model_work(store, 600, 0);

    arena = cmt_arena_create((size_t) 1 << 30);
    segment = (cmt__segment_t) { 0, CMT__SEGMENT_SMALL, 1 };
    (void) !cmt_read_begin(store, &read, NULL);
    (void) !cmt__index_read(read, &index);
    is_int(cmt__segment_make(read, &segment, NULL, arena, &made), CMT_OK,
           "a segment is made");
    cmt_read_end(read);

    is_int(edits(store), CMT_OK, "meanwhile comments of it are edited");
    is_int(cmt__index_take(store, &index, &made, NULL), CMT_OK,
           "so it is not taken");
    is_int(index_of(store).indexed, 0, "into the index");
    is_int(step(store), CMT_OK, "but made again");
    is_int(index_of(store).indexed, CMT__SEGMENT_SMALL, "and taken");

    index = index_of(store);
    index.indexed = 0;
    is_int(cmt__index_take(store, &index, &made, NULL), CMT_OK,
           "the first one is not taken when it comes late");
    is_int(problems(store), 0, "the check finds nothing");

    cmt_arena_destroy(arena);
    cmt_store_close(store);
}


static void *
index_on(void *data)
{
    unsigned      n;
    cmt_store_t  *store = data;

    for (n = 0; n < 150; n++) {
        if (step(store) != CMT_OK) {
            return data;
        }
    }

    return NULL;
}


/* Two that index, and one that changes what they are looking at. */
static void
test_threads(void)
{
    int           rc;
    void         *failed[2];
    unsigned      n;
    uint64_t      left;
    pthread_t     threads[2];
    cmt_store_t  *store;

    store = store_open("threads");
    last_id = 0;
    memset(model, 0, sizeof(model));

    rc = model_work(store, 100, 0);
    (void) pthread_create(&threads[0], NULL, index_on, store);
    (void) pthread_create(&threads[1], NULL, index_on, store);

    for (n = 0; n < 60 && rc == CMT_OK; n++) {
        rc = model_work(store, 60, 40);
    }

    (void) pthread_join(threads[0], &failed[0]);
    (void) pthread_join(threads[1], &failed[1]);

    is_int(rc, CMT_OK, "comments come and change while two index them");
    ok(failed[0] == NULL && failed[1] == NULL, "none of them fails");
    is_int(cmt_search_index(store, 0, &left, NULL), CMT_OK, "the rest");
    ok(index_of(store).indexed + CMT__SEGMENT_SMALL > last_id,
       "is in the index");
    is_int(problems(store), 0, "the check finds nothing");
    cmt_store_close(store);
}


int
main(void)
{
    scratch_make();

    test_memory();
    last_id = 0;
    test_disk();
    last_id = 0;
    test_killed();
    test_overtaken();
    test_threads();

    scratch_remove();

    return done();
}
