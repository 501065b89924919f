/*
 * env_test.c: how a store begins: with little memory or address space, where
 * no store can be, twice; and how a copy takes its place.
 */

#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "core/store/schema.h"

#include "scratch.h"
#include "tap.h"


#define SMALL_MAP  ((size_t) 64 << 20)
#define OPENINGS   3000


static cmt_error_t  err;
static char         path[4200];


static const char *
below(const char *name)
{
    (void) snprintf(path, sizeof(path), "%s/%s", dir, name);

    return path;
}


static int
open_at(const char *where, unsigned flags, cmt_store_t **store)
{
    memset(&err, 0, sizeof(err));

    return cmt_store_open(where, flags, SMALL_MAP, store, &err);
}


#ifndef __SANITIZE_ADDRESS__             /* it takes all of them for itself */

/* A process of 1 GiB, as a container or a service may be told to be. */

static void
test_address_space(void)
{
    int            status;
    pid_t          pid;
    cmt_store_t   *store;
    struct rlimit  few = { (rlim_t) 1 << 30, (rlim_t) 1 << 30 };

    pid = fork();

    if (pid == 0) {
        _exit(setrlimit(RLIMIT_AS, &few) == 0
              && open_at(below("few"), CMT_STORE_CREATE, &store) == CMT_OK
              ? 0 : 1);
    }

    ok(pid > 0 && waitpid(pid, &status, 0) == pid && status == 0,
       "a small map needs no more address space than it has");
}

#endif


static void
test_memory(void)
{
    int           rc;
    long          n;
    cmt_store_t  *store;

    for (n = 1; n < 100; n++) {
        (void) cmt__arena_fail_at(n);
        rc = open_at(below("memory"), CMT_STORE_CREATE, &store);

        if (cmt__arena_fail_at(0) != 0 || rc != CMT_ENOMEM) {
            break;
        }
    }

    ok(n > 3, "each allocation of opening a store has failed");

    if (!is_int(rc, CMT_OK, "which is told, and then it is opened")) {
        return;
    }

    is_int(problems(store), 0, "what failed has left nothing wrong");
    cmt_store_close(store);
}


static void
test_places(void)
{
    FILE         *file;
    cmt_store_t  *store;
    char          longest[4200];

    is_int(open_at(below("none"), 0, &store), CMT_EIO,
           "a store that is not there is not opened");
    ok(strstr(err.detail, "/none") != NULL, "and it says which");
    is_int(open_at(below("none/none"), CMT_STORE_CREATE, &store), CMT_EIO,
           "nor made in a folder that is not there");

    file = fopen(below("file"), "w");
    ok(file != NULL && fclose(file) == 0, "a file");
    is_int(open_at(below("file"), CMT_STORE_CREATE, &store), CMT_EIO,
           "is no place for one");

    memset(longest, 'x', sizeof(longest));
    longest[0] = '/';
    longest[4090] = '\0';
    is_int(open_at(longest, CMT_STORE_CREATE, &store), CMT_EIO,
           "neither is a path that is too long");

    (void) mkdir(below("empty"), 0700);
    file = fopen(below("empty/data.mdb"), "w");
    ok(file != NULL && fputs("no store at all", file) >= 0
       && fclose(file) == 0, "a file of that name");
    is_int(open_at(below("empty"), 0, &store), CMT_ECORRUPT,
           "is not taken for a store");
}


static void
test_twice(void)
{
    cmt_read_t   *read;
    cmt_store_t  *one, *two;

    is_int(open_at(below("twice"), CMT_STORE_CREATE, &one), CMT_OK, "once");
    is_int(open_at(below("twice/../twice"), 0, &two), CMT_OK,
           "twice, by another name");
    ok(one == two, "is the same store");
    cmt_store_close(two);

    is_int(cmt_read_begin(one, &read, &err), CMT_OK,
           "which the first one still has");
    is_int(cmt__store_try_reopen(one, &err), CMT_ESTORE,
           "it is not opened anew while somebody reads");
    cmt_read_end(read);

    is_int(cmt__store_try_reopen(one, &err), CMT_OK, "but after it");
    is_int(problems(one), 0, "and is whole");
    cmt_store_close(one);
}


static void
test_restore(void)
{
    FILE         *file;
    cmt_store_t  *from, *store;
    char          longest[4200];

    is_int(open_at(below("from"), CMT_STORE_CREATE, &from), CMT_OK, "a copy");

    is_int(cmt_store_restore(from, below("no/store"), "old", &err), CMT_EIO,
           "it is not put into a folder that is not there");
    is_int(cmt_store_restore(from, below("file"), "old", &err), CMT_EIO,
           "nor into a file");

    memset(longest, 'x', sizeof(longest));
    memcpy(longest, "/tmp/", 5);
    longest[4094] = '\0';
    is_int(cmt_store_restore(from, longest, "old", &err), CMT_EIO,
           "nor where the path is too long");

    is_int(cmt_store_restore(from, below("new"), "old", &err), CMT_OK,
           "but where nothing is");
    is_int(cmt_store_restore(from, below("new"), "no/old", &err), CMT_EIO,
           "what was there is not dropped when it cannot be kept");
    ok(strstr(err.detail, "no/old") != NULL, "and it says so");
    ok(access(below("new/restoring"), F_OK) == -1, "nothing is left aside");

    /* One that was interrupted has left this. */
    (void) mkdir(below("new/restoring"), 0700);
    file = fopen(below("new/restoring/data.mdb"), "w");
    ok(file != NULL && fclose(file) == 0, "after a half one");
    is_int(cmt_store_restore(from, below("new"), "old", &err), CMT_OK,
           "a whole one goes on");
    ok(access(below("new/old"), F_OK) == 0, "and keeps what was there");

    is_int(open_at(below("new"), 0, &store), CMT_OK, "it is opened");
    is_int(problems(store), 0, "and whole");
    cmt_store_close(store);
    cmt_store_close(from);
}


static void
commit_always(void)
{
    cmt_store_t   *store;
    cmt__write_t  *write;

    if (open_at(path, 0, &store) != CMT_OK) {
        _exit(1);
    }

    /* It may be full as long as somebody holds a snapshot. */

    for ( ;; ) {
        if (cmt__write_begin(store, &write, &err) != CMT_OK) {
            continue;
        }

        if (cmt__head_write(write, &err) == CMT_OK) {
            (void) !cmt__write_commit(write, &err);

        } else {
            cmt__write_abort(write);
        }
    }
}


/* The head of the file is written in place, by whoever commits; in memory
 * that is often. */

static void
test_busy(void)
{
    int            status;
    char           memory[] = "/dev/shm/cmt-test-XXXXXX";
    pid_t          pid;
    unsigned       i, good;
    cmt_store_t   *store;

    (void) snprintf(path, sizeof(path), "%s",
                    mkdtemp(memory) != NULL ? memory : below("busy"));

    is_int(open_at(path, CMT_STORE_CREATE, &store), CMT_OK,
           "a store is made");
    cmt_store_close(store);

    pid = fork();

    if (pid == 0) {
        (void) prctl(PR_SET_PDEATHSIG, SIGKILL);
        commit_always();
    }

    for (i = 0, good = 0; i < OPENINGS; i++) {
        if (open_at(path, CMT_STORE_PROVE, &store) == CMT_OK) {
            cmt_store_close(store);
            good++;

        } else {
            note("%s", err.detail);
        }
    }

    is_int(good, OPENINGS, "it opens while another process commits");

    ok(kill(pid, SIGKILL) == 0 && waitpid(pid, &status, 0) == pid
       && WIFSIGNALED(status), "which it did until now");
    (void) nftw(memory, scratch_forget, 8, FTW_DEPTH | FTW_PHYS);
}


int
main(void)
{
    scratch_make();
    (void) atexit(scratch_remove);

#ifndef __SANITIZE_ADDRESS__
    test_address_space();
#endif

    test_memory();
    test_places();
    test_twice();
    test_restore();
    test_busy();

    return done();
}
