/*
 * upkeep.c: what owners do to a store as a whole.
 */

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "schema.h"
#include "search.h"


#define PURGE_STEP  1000         /* records in one write transaction */
#define INDEX_MS    2000         /* a worker that leaves must wait for it */


static int daily_purge(cmt_store_t *store, int64_t now, cmt_error_t *err)
    CMT_CHECK;


static int copy_pages(cmt_store_t *store, int fd, int compact) CMT_CHECK;
static int copy_failed(cmt_error_t *err, const char *dest, const char *why);


void
cmt__store_relieve(cmt_store_t *store)
{
    int  dead;

    pthread_rwlock_rdlock(&store->lock);
    if (store->env != NULL) {
        (void) mdb_reader_check(store->env, &dead);
    }
    pthread_rwlock_unlock(&store->lock);
}


int
cmt_store_maintain(cmt_store_t *store, int64_t now, cmt_error_t *err)
{
    int       rc;
    uint64_t  left;

    cmt__store_relieve(store);

    rc = daily_purge(store, now, err);
    if (rc == CMT_OK) {
        rc = cmt__generations_prune(store, err);
    }

    return rc == CMT_OK ? cmt_search_index(store, INDEX_MS, &left, err) : rc;
}


static int
daily_purge(cmt_store_t *store, int64_t now, cmt_error_t *err)
{
    int            rc;
    size_t         n, more;
    cmt__write_t  *write;

    do {
        rc = cmt__write_begin(store, &write, err);
        if (rc != CMT_OK) {
            return rc;
        }

        rc = cmt__daily_purge(write, now, PURGE_STEP, &n, err);

        if (rc == CMT_OK && n < PURGE_STEP) {
            rc = cmt__memory_purge(write, now, PURGE_STEP - n, &more, err);
            n += more;
        }
        if (rc == CMT_OK && n < PURGE_STEP) {
            rc = cmt__sessions_purge(write, now, PURGE_STEP - n, &more, err);
            n += more;
        }

        if (rc != CMT_OK || n == 0) {
            cmt__write_abort(write);
            return rc;
        }

        rc = cmt__write_commit(write, err);

    } while (rc == CMT_OK && n == PURGE_STEP);

    return rc;
}


/*
 * The copy is for its owner alone from its first byte on, and it is on the
 * disk when CMT_OK is returned; LMDB cares for neither.  One that failed
 * leaves nothing behind.
 */
int
cmt_store_copy(cmt_store_t *store, const char *dest, int compact,
    cmt_error_t *err)
{
    int  dir, fd, rc;

    if (mkdir(dest, 0700) == -1 && errno != EEXIST) {
        return copy_failed(err, dest, strerror(errno));
    }

    dir = open(dest, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir == -1) {
        return copy_failed(err, dest, strerror(errno));
    }

    fd = openat(dir, "data.mdb", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                0600);
    if (fd == -1) {
        rc = copy_failed(err, dest, errno == EEXIST
                                    ? "there is a store already"
                                    : strerror(errno));
        close(dir);
        return rc;
    }

    rc = copy_pages(store, fd, compact);

    if (rc == 0 && (fsync(fd) == -1 || fsync(dir) == -1)) {
        rc = errno;
    }

    if (rc != 0) {
        (void) unlinkat(dir, "data.mdb", 0);
        rc = copy_failed(err, dest, mdb_strerror(rc));
    }

    close(fd);
    close(dir);

    return rc;
}


static int
copy_pages(cmt_store_t *store, int fd, int compact)
{
    int  rc;

    pthread_rwlock_rdlock(&store->lock);
    rc = store->env == NULL ? MDB_PANIC
                            : mdb_env_copyfd2(store->env, fd,
                                              compact ? MDB_CP_COMPACT : 0);
    pthread_rwlock_unlock(&store->lock);

    return rc;
}


static int
copy_failed(cmt_error_t *err, const char *dest, const char *why)
{
    return cmt__fail(err, CMT_EIO, NULL, "copy \"%s\": %s", dest, why);
}


static int
entries(cmt_read_t *read, cmt__table_t table, uint64_t *n)
{
    int       rc;
    MDB_stat  st;

    rc = mdb_stat(read->txn, read->store->tables[table], &st);
    if (rc == 0) {
        *n = st.ms_entries;
    }

    return cmt__store_rc(rc);
}


int
cmt_store_stats(cmt_store_t *store, cmt_store_stats_t *stats,
    cmt_error_t *err)
{
    int                rc;
    uint64_t           counts[CMT__STATUSES];
    uint32_t           site;
    unsigned           i;
    cmt_str_t          name;
    cmt_read_t        *read;
    MDB_envinfo        info;
    MDB_stat           st;
    cmt__head_t        head;
    cmt_store_stats_t  s;

    rc = cmt_read_begin(store, &read, err);
    if (rc != CMT_OK) {
        return rc;
    }

    memset(&s, 0, sizeof(s));

    if ((rc = entries(read, CMT__COMMENTS, &s.comments)) != CMT_OK
        || (rc = cmt__head_read(read, &head)) != CMT_OK)
    {
        goto done;
    }

    s.sites = head.next_site - 1;
    s.threads = head.next_thread - 1;
    s.authors = head.authors;
    s.journal = head.seq;

    for (site = 1; site < head.next_site; site++) {

        rc = cmt__site_get(read, site, counts, &name);
        if (rc != CMT_OK) {
            goto done;
        }

        for (i = 0; i < CMT__STATUSES; i++) {
            s.by_status[i] += counts[i];
        }
    }

    rc = cmt__index_stats(read, &s.bytes_words, &s.comments_indexed);
    if (rc != CMT_OK) {
        goto done;
    }

    (void) mdb_env_info(store->env, &info);
    (void) mdb_env_stat(store->env, &st);
    s.bytes_used = ((uint64_t) info.me_last_pgno + 1) * st.ms_psize;
    s.bytes_map = info.me_mapsize;
    s.readers = info.me_numreaders;

    *stats = s;

done:

    cmt_read_end(read);

    return rc == CMT_OK ? CMT_OK : cmt__fail(err, rc, NULL, "stats");
}
