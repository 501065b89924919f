/*
 * env.c: the life of an environment: one per directory and process, opened
 * in the process that uses it, opened anew when LMDB has given it up.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "schema.h"


#define COMMIT_BYTES     (4 * 1024 * 1024)   /* what a large batch may write */
#define EMPTY_MAP_BYTES  (16 * 1024 * 1024)  /* of a store without records   */

typedef struct {
    const char  *name;
    unsigned     flags;
} table_t;


static int open_locked(const char *path, unsigned flags, size_t map_bytes,
    cmt_store_t **store, cmt_error_t *err) CMT_CHECK;
static int make_directory(const char *path, cmt_error_t *err) CMT_CHECK;
static int make_environment(const char *path, cmt_error_t *err) CMT_CHECK;
static int fill_aside(const char *aside, cmt_error_t *err) CMT_CHECK;
static int store_alloc(const char *path, cmt_store_t **store,
    cmt_error_t *err) CMT_CHECK;
static void store_free(cmt_store_t *store);
static int env_open(const char *path, unsigned flags, size_t map_bytes,
    MDB_env **env, cmt_error_t *err) CMT_CHECK;
static int tables_open(cmt_store_t *store, MDB_txn *txn, unsigned flags,
    cmt_error_t *err) CMT_CHECK;
static int env_attach(cmt_store_t *store, int prove, cmt_error_t *err)
    CMT_CHECK;
static int is_small(const cmt_store_t *store);
static void env_detach(cmt_store_t *store);


static const table_t  tables[CMT__TABLES] = {
    [CMT__META] = { "meta", 0 },
    [CMT__SITES] = { "sites", 0 },
    [CMT__PAGES] = { "pages", 0 },
    [CMT__THREADS] = { "threads", 0 },
    [CMT__PRINTS] = { "prints", 0 },
    [CMT__COMMENTS] = { "comments", 0 },
    [CMT__STATUSES_DB] = { "statuses", 0 },
    [CMT__AUTHORS] = { "authors", 0 },
    [CMT__AUTHORED] = { "authored", 0 },
    [CMT__SOURCES] = { "sources", 0 },
    [CMT__DAILY] = { "daily", 0 },
    [CMT__JOURNAL] = { "journal", 0 },
    [CMT__RECEIPTS] = { "receipts", 0 },
    [CMT__DEEDS] = { "deeds", 0 },
    [CMT__MODERATION] = { "moderation", 0 },
    [CMT__MEMORY] = { "memory", 0 },
    [CMT__WORDS] = { "words", 0 },
    [CMT__GENERATIONS] = { "generations", 0 }
};

/*
 * LMDB forbids to open one file twice in a process: closing one of the two
 * drops the other's locks.  So this list is the process's, not a
 * configuration's; two configurations share a store during a reload.
 */
static pthread_mutex_t  registry_lock = PTHREAD_MUTEX_INITIALIZER;
static cmt_store_t     *registry;


int
cmt_store_open(const char *path, unsigned flags, size_t map_bytes,
    cmt_store_t **store, cmt_error_t *err)
{
    int  rc;

    if (map_bytes == 0) {
        map_bytes = CMT_STORE_MAP_BYTES_DEFAULT;
    }

    pthread_mutex_lock(&registry_lock);
    rc = open_locked(path, flags, map_bytes, store, err);
    pthread_mutex_unlock(&registry_lock);

    return rc;
}


static int
open_locked(const char *path, unsigned flags, size_t map_bytes,
    cmt_store_t **store, cmt_error_t *err)
{
    int           rc;
    struct stat   st;
    cmt_store_t  *s;

    if (flags & CMT_STORE_CREATE) {
        rc = make_directory(path, err);
        if (rc == CMT_OK) {
            rc = make_environment(path, err);
        }
        if (rc != CMT_OK) {
            return rc;
        }
    }

    if (stat(path, &st) == -1) {
        return cmt__fail(err, CMT_EIO, NULL, "store \"%s\": %s", path,
                         strerror(errno));
    }

    for (s = registry; s != NULL; s = s->next) {
        if (s->dev == st.st_dev && s->ino == st.st_ino) {
            s->refs++;
            *store = s;
            return CMT_OK;
        }
    }

    rc = store_alloc(path, &s, err);
    if (rc != CMT_OK) {
        return rc;
    }

    s->dev = st.st_dev;
    s->ino = st.st_ino;
    s->flags = flags;
    s->map_bytes = map_bytes;
    s->refs = 1;

    rc = env_attach(s, (flags & CMT_STORE_PROVE) || is_small(s), err);
    if (rc != CMT_OK) {
        store_free(s);
        return rc;
    }

    s->next = registry;
    registry = s;
    *store = s;

    return CMT_OK;
}


void
cmt_store_close(cmt_store_t *store)
{
    cmt_store_t  **link;

    if (store == NULL) {
        return;
    }

    pthread_mutex_lock(&registry_lock);

    if (--store->refs == 0) {
        for (link = &registry; *link != store; link = &(*link)->next) {
            /* void */
        }
        *link = store->next;

        env_detach(store);
        store_free(store);
    }

    pthread_mutex_unlock(&registry_lock);
}


static int
store_alloc(const char *path, cmt_store_t **store, cmt_error_t *err)
{
    cmt_str_t     copy;
    cmt_arena_t  *arena;
    cmt_store_t  *s;

    arena = cmt_arena_create(CMT_ARENA_BYTES_MAX);
    if (arena == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, "no memory for a store");
    }

    s = cmt_calloc(arena, sizeof(cmt_store_t));
    copy = cmt__str_copy(arena, (cmt_str_t) { strlen(path), path });

    if (s != NULL) {
        s->write = cmt_calloc(arena, sizeof(cmt__write_t));
    }

    if (s != NULL && s->write != NULL) {
        s->write->scratch = cmt_arena_create(CMT_ARENA_BYTES_MAX);
    }

    if (s == NULL || s->write == NULL || s->write->scratch == NULL
        || copy.data == NULL)
    {
        if (s != NULL && s->write != NULL) {
            cmt_arena_destroy(s->write->scratch);
        }
        cmt_arena_destroy(arena);
        return cmt__fail(err, CMT_ENOMEM, NULL, "no memory for a store");
    }

    s->arena = arena;
    s->path = copy.data;
    s->write->view.store = s;
    pthread_rwlock_init(&s->lock, NULL);
    pthread_mutex_init(&s->free_lock, NULL);
    pthread_mutex_init(&s->write_lock, NULL);

    *store = s;

    return CMT_OK;
}


static void
store_free(cmt_store_t *store)
{
    pthread_rwlock_destroy(&store->lock);
    pthread_mutex_destroy(&store->free_lock);
    pthread_mutex_destroy(&store->write_lock);
    cmt_arena_destroy(store->write->scratch);
    cmt_arena_destroy(store->arena);
}


static int
make_directory(const char *path, cmt_error_t *err)
{
    if (mkdir(path, 0700) == 0 || errno == EEXIST) {
        return CMT_OK;
    }

    return cmt__fail(err, CMT_EIO, NULL,
                     "store \"%s\" cannot be made: %s", path,
                     strerror(errno));
}


/*
 * A file whose first pages were written in part never opens again.  So a new
 * environment is made aside and gets its name when it is whole.
 */
static int
make_environment(const char *path, cmt_error_t *err)
{
    int          fd, rc;
    char         file[4096], aside[4096], made[4096 + 16];
    struct stat  st;

    snprintf(file, sizeof(file), "%s/data.mdb", path);
    snprintf(aside, sizeof(aside), "%s/new", path);
    snprintf(made, sizeof(made), "%s/data.mdb", aside);

    if (strlen(path) > sizeof(file) - 32) {
        return cmt__fail(err, CMT_EIO, NULL, "the store's path is too long");
    }

    fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd == -1) {
        return cmt__fail(err, CMT_EIO, NULL, "store \"%s\": %s", path,
                         strerror(errno));
    }

    rc = CMT_OK;

    if (flock(fd, LOCK_EX) == 0 && stat(file, &st) == -1) {
        rc = fill_aside(aside, err);

        if (rc == CMT_OK && (rename(made, file) == -1 || fsync(fd) == -1)) {
            rc = cmt__fail(err, CMT_EIO, NULL, "store \"%s\": %s", path,
                           strerror(errno));
        }

        snprintf(made, sizeof(made), "%s/lock.mdb", aside);
        (void) unlink(made);
        (void) rmdir(aside);
    }

    close(fd);      /* and the lock */

    return rc;
}


static int
fill_aside(const char *aside, cmt_error_t *err)
{
    int           rc;
    char          left[4096 + 16];
    MDB_txn      *txn;
    cmt_store_t   store;
    cmt__write_t  write;

    snprintf(left, sizeof(left), "%s/data.mdb", aside);
    (void) unlink(left);
    memset(&store, 0, sizeof(store));
    memset(&write, 0, sizeof(write));

    rc = make_directory(aside, err);
    if (rc != CMT_OK) {
        return rc;
    }

    /* Whoever may have little address space may have a store, too. */
    rc = env_open(aside, 0, EMPTY_MAP_BYTES, &store.env, err);
    if (rc != CMT_OK) {
        return rc;
    }

    rc = mdb_txn_begin(store.env, NULL, 0, &txn);
    if (rc != 0) {
        rc = cmt__store_fail(err, rc, "mdb_txn_begin");
        goto done;
    }

    write.view.store = &store;
    write.view.txn = txn;
    write.view.cursors = write.cursors;
    write.head.next_site = 1;
    write.head.next_comment = 1;
    write.head.next_thread = 1;
    cmt__random(&write.head.instance, sizeof(uint64_t));

    rc = tables_open(&store, txn, MDB_CREATE, err);
    if (rc == CMT_OK) {
        rc = cmt__head_write(&write, err);
    }

    if (rc != CMT_OK) {
        mdb_txn_abort(txn);
        goto done;
    }

    rc = mdb_txn_commit(txn);
    if (rc != 0) {
        rc = cmt__store_fail(err, rc, "mdb_txn_commit");
    }

done:

    mdb_env_close(store.env);

    return rc;
}


/*
 * NOTLS: a snapshot belongs to a request, not to the thread that took it.
 * No NOSYNC, NOMETASYNC, WRITEMAP or MAPASYNC: a commit that returned is on
 * the disk.  NOMEMINIT stays off: free pages must not show old memory.
 */
static int
env_open(const char *path, unsigned flags, size_t map_bytes, MDB_env **env,
    cmt_error_t *err)
{
    int       rc;
    MDB_env  *e;

    rc = mdb_env_create(&e);
    if (rc != 0) {
        return cmt__store_fail(err, rc, "mdb_env_create");
    }

    rc = mdb_env_set_maxdbs(e, CMT__TABLES);
    if (rc == 0) {
        rc = mdb_env_set_maxreaders(e, CMT__READERS_MAX);
    }
    if (rc == 0) {
        rc = mdb_env_set_mapsize(e, map_bytes);
    }
    if (rc == 0) {
        rc = mdb_env_open(e, path,
                          MDB_NOTLS | (flags & CMT_STORE_READONLY
                                       ? MDB_RDONLY : 0), 0600);
    }

    if (rc != 0) {
        mdb_env_close(e);
        (void) cmt__store_fail(err, rc, path);
        return rc == MDB_INVALID || rc == MDB_CORRUPTED ? CMT_ECORRUPT
               : rc == MDB_VERSION_MISMATCH ? CMT_EVERSION : CMT_EIO;
    }

    *env = e;

    return CMT_OK;
}


static int
tables_open(cmt_store_t *store, MDB_txn *txn, unsigned flags,
    cmt_error_t *err)
{
    int       rc;
    unsigned  i;

    for (i = 0; i < CMT__TABLES; i++) {
        rc = mdb_dbi_open(txn, tables[i].name, tables[i].flags | flags,
                          &store->tables[i]);
        if (rc != 0) {
            (void) cmt__store_fail(err, rc, tables[i].name);
            return rc == MDB_NOTFOUND ? CMT_EVERSION : CMT_ECORRUPT;
        }
    }

    return CMT_OK;
}


/* prove: look at every page before LMDB follows it. */
static int
env_attach(cmt_store_t *store, int prove, cmt_error_t *err)
{
    int          rc, dead;
    MDB_txn     *txn;
    cmt_read_t   view;
    cmt__head_t  head;

    rc = cmt__pages_metas(store->path, err);
    if (rc != CMT_OK) {
        return rc;
    }

    rc = env_open(store->path, store->flags, store->map_bytes, &store->env,
                  err);
    if (rc != CMT_OK) {
        store->env = NULL;
        return rc;
    }

    cmt__store_match_owner(store->path);
    (void) mdb_reader_check(store->env, &dead);

    rc = mdb_txn_begin(store->env, NULL, MDB_RDONLY, &txn);
    if (rc != 0) {
        rc = cmt__store_fail(err, rc, "mdb_txn_begin");
        goto failed;
    }

    memset(&view, 0, sizeof(view));
    view.store = store;
    view.txn = txn;

    rc = prove ? cmt__pages_prove(store->env, txn, err) : CMT_OK;

    if (rc == CMT_OK) {
        rc = tables_open(store, txn, 0, err);
    }

    if (rc == CMT_OK) {
        rc = cmt__head_read(&view, &head);
        if (rc != CMT_OK) {
            (void) cmt__fail(err, rc, NULL, "store \"%s\": %s", store->path,
                             cmt_error_text(rc));
        }
    }

    if (rc != CMT_OK) {
        mdb_txn_abort(txn);
        goto failed;
    }

    store->instance = head.instance;

    /* a commit, so that the tables' handles outlive the transaction */
    rc = mdb_txn_commit(txn);
    if (rc == 0) {
        return CMT_OK;
    }

    rc = cmt__store_fail(err, rc, "mdb_txn_commit");

failed:

    mdb_env_close(store->env);
    store->env = NULL;

    return rc;
}


static int
is_small(const cmt_store_t *store)
{
    char         file[4096];
    struct stat  st;

    (void) snprintf(file, sizeof(file), "%s/data.mdb", store->path);

    return stat(file, &st) == 0
           && (uint64_t) st.st_size <= CMT_STORE_PROVE_BYTES;
}


/*
 * An owner who works as root leaves nothing that nginx's workers, to whom
 * the directory belongs, could not open.  Errors show when they try.
 */
void
cmt__store_match_owner(const char *path)
{
    int          fd;
    size_t       i;
    struct stat  st;

    static const char *const  files[] = { "data.mdb", "lock.mdb" };

    if (geteuid() != 0) {
        return;
    }

    fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd == -1) {
        return;
    }

    if (fstat(fd, &st) == 0 && st.st_uid != 0) {
        for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
            (void) !fchownat(fd, files[i], st.st_uid, st.st_gid,
                             AT_SYMLINK_NOFOLLOW);
        }
    }

    close(fd);
}


static void
env_detach(cmt_store_t *store)
{
    cmt_read_t  *read;

    for (read = store->free_reads; read != NULL; read = read->next) {
        if (read->txn != NULL) {
            mdb_txn_abort(read->txn);
            read->txn = NULL;
        }
    }

    if (store->env != NULL) {
        mdb_env_close(store->env);
        store->env = NULL;
    }
}


int
cmt__store_reopen(cmt_store_t *store, cmt_error_t *err)
{
    int  rc;

    pthread_rwlock_wrlock(&store->lock);     /* no snapshot is out */
    env_detach(store);
    rc = env_attach(store, 0, err);
    pthread_rwlock_unlock(&store->lock);

    return rc;
}


int
cmt__store_try_reopen(cmt_store_t *store, cmt_error_t *err)
{
    int  rc;

    if (pthread_rwlock_trywrlock(&store->lock) != 0) {
        return cmt__fail(err, CMT_ESTORE, NULL, "the store is in use");
    }

    env_detach(store);
    rc = env_attach(store, 0, err);
    pthread_rwlock_unlock(&store->lock);

    return rc;
}


const char *
cmt__store_path(const cmt_store_t *store)
{
    return store->path;
}


int
cmt__disk_full(const cmt_store_t *store)
{
    struct statvfs  fs;

    return statvfs(store->path, &fs) == 0
           && (uint64_t) fs.f_bavail * fs.f_frsize < COMMIT_BYTES;
}


int
cmt__store_rc(int mdb_rc)
{
    switch (mdb_rc) {

    case 0:
        return CMT_OK;

    case MDB_NOTFOUND:
        return CMT_ENOTFOUND;

    case MDB_MAP_FULL:
    case MDB_TXN_FULL:
    case ENOSPC:
    case EDQUOT:
        return CMT_EFULL;

    case ENOMEM:
        return CMT_ENOMEM;

    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
    case MDB_INVALID:
        return CMT_ECORRUPT;

    case MDB_VERSION_MISMATCH:
        return CMT_EVERSION;

    default:
        return CMT_ESTORE;
    }
}


int
cmt__store_fail(cmt_error_t *err, int mdb_rc, const char *what)
{
    return cmt__fail(err, cmt__store_rc(mdb_rc), NULL, "%s: %s", what,
                     mdb_strerror(mdb_rc));
}
