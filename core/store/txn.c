/*
 * txn.c: snapshots, the write transaction, and single records in them.
 */

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "schema.h"


static cmt_read_t *read_take(cmt_store_t *store);
static void read_give(cmt_read_t *read);
static int read_try(cmt_read_t *read);
static int read_renew(cmt_read_t *read);
static int write_try(cmt_store_t *store, MDB_txn **txn);
static int cursor_of(cmt_read_t *read, cmt__table_t table,
    MDB_cursor **cursor);
static int put(cmt__write_t *write, cmt__table_t table, MDB_val *key,
    MDB_val *value, unsigned flags, cmt_error_t *err) CMT_CHECK;


int
cmt_read_begin(cmt_store_t *store, cmt_read_t **read, cmt_error_t *err)
{
    int          rc;
    cmt_read_t  *r;

    r = read_take(store);
    if (r == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, "no memory for a snapshot");
    }

    rc = read_try(r);

    if (rc == MDB_MAP_RESIZED && cmt__store_reopen(store, err) == CMT_OK) {
        /* a process with a larger map has made the file outgrow ours */
        rc = read_try(r);
    }

    if (rc == MDB_PANIC && cmt__store_try_reopen(store, err) == CMT_OK) {
        /* a commit has failed in its last step; reads go on */
        rc = read_try(r);
    }

    if (rc != 0) {
        read_give(r);
        return cmt__store_fail(err, rc, "snapshot");
    }

    r->snapshot = mdb_txn_id(r->txn);
    *read = r;

    return CMT_OK;
}


void
cmt_read_end(cmt_read_t *read)
{
    cmt_store_t  *store;

    if (read == NULL) {
        return;
    }

    store = read->store;
    mdb_txn_reset(read->txn);
    pthread_rwlock_unlock(&store->lock);
    read_give(read);
}


void
cmt_read_state(const cmt_read_t *read, uint64_t *instance,
    uint64_t *snapshot)
{
    *instance = read->store->instance;
    *snapshot = read->snapshot;
}


/*
 * A commit of whatever process writes its number into the file's head, which
 * all of them have mapped, before it is acknowledged, and only then into the
 * table of readers, from where new snapshots take theirs.  So this number is
 * never behind what a new snapshot would have, and for a moment ahead of it.
 */
int
cmt_store_state(cmt_store_t *store, uint64_t *instance, uint64_t *snapshot)
{
    MDB_envinfo  info;

    if (pthread_rwlock_tryrdlock(&store->lock) != 0) {
        return CMT_ESTORE;
    }

    if (store->env == NULL || mdb_env_info(store->env, &info) != 0) {
        pthread_rwlock_unlock(&store->lock);
        return CMT_ESTORE;
    }

    *instance = store->instance;
    *snapshot = info.me_last_txnid;

    pthread_rwlock_unlock(&store->lock);

    return CMT_OK;
}


/* On success the environment's lock is held until the snapshot ends. */
static int
read_try(cmt_read_t *read)
{
    int           rc, dead;
    cmt_store_t  *store;

    store = read->store;
    pthread_rwlock_rdlock(&store->lock);

    rc = store->env == NULL ? MDB_PANIC : read_renew(read);

    if (rc == MDB_READERS_FULL) {
        /* slots of killed processes */
        (void) mdb_reader_check(store->env, &dead);
        rc = read_renew(read);
    }

    if (rc != 0) {
        pthread_rwlock_unlock(&store->lock);
    }

    return rc;
}


/*
 * Snapshots are kept for the next reader: renewing one costs no slot and no
 * lock of other processes.
 */
static cmt_read_t *
read_take(cmt_store_t *store)
{
    cmt_read_t  *read;

    pthread_mutex_lock(&store->free_lock);

    read = store->free_reads;

    if (read != NULL) {
        store->free_reads = read->next;

    } else {
        read = cmt_calloc(store->arena, sizeof(cmt_read_t));
        if (read != NULL) {
            read->store = store;
        }
    }

    pthread_mutex_unlock(&store->free_lock);

    return read;
}


static void
read_give(cmt_read_t *read)
{
    cmt_store_t  *store;

    store = read->store;

    pthread_mutex_lock(&store->free_lock);
    read->next = store->free_reads;
    store->free_reads = read;
    pthread_mutex_unlock(&store->free_lock);
}


static int
read_renew(cmt_read_t *read)
{
    int  rc;

    if (read->txn != NULL) {
        rc = mdb_txn_renew(read->txn);
        if (rc == 0) {
            return 0;
        }

        mdb_txn_abort(read->txn);
        read->txn = NULL;
    }

    return mdb_txn_begin(read->store->env, NULL, MDB_RDONLY, &read->txn);
}


int
cmt__write_begin(cmt_store_t *store, cmt__write_t **write, cmt_error_t *err)
{
    int            rc;
    MDB_txn       *txn;
    cmt__write_t  *w;

    pthread_mutex_lock(&store->write_lock);

    rc = write_try(store, &txn);

    if (rc == MDB_PANIC || rc == MDB_MAP_RESIZED || rc == MDB_BAD_TXN) {
        rc = cmt__store_reopen(store, err);
        if (rc != CMT_OK) {
            pthread_mutex_unlock(&store->write_lock);
            return CMT_ESTORE;
        }

        rc = write_try(store, &txn);
    }

    if (rc != 0) {
        pthread_mutex_unlock(&store->write_lock);
        return cmt__store_fail(err, rc, "write transaction");
    }

    w = store->write;
    w->view.txn = txn;
    w->view.snapshot = mdb_txn_id(txn);
    w->view.cursors = w->cursors;
    memset(w->cursors, 0, sizeof(w->cursors));
    w->added = 0;
    w->counted_site = 0;
    memset(w->counted, 0, sizeof(w->counted));

    rc = cmt__head_read(&w->view, &w->head);
    if (rc != CMT_OK) {
        cmt__write_abort(w);
        return cmt__fail(err, rc, NULL, "head of the store");
    }

    *write = w;

    return CMT_OK;
}


/* On success the environment's lock is held until the transaction ends. */
static int
write_try(cmt_store_t *store, MDB_txn **txn)
{
    int  rc;

    pthread_rwlock_rdlock(&store->lock);

    rc = store->env == NULL ? MDB_PANIC
                            : mdb_txn_begin(store->env, NULL, 0, txn);
    if (rc != 0) {
        pthread_rwlock_unlock(&store->lock);
    }

    return rc;
}


int
cmt__write_commit(cmt__write_t *write, cmt_error_t *err)
{
    int           rc;
    cmt_store_t  *store;

    store = write->view.store;

    rc = cmt__site_count_write(write, err);
    if (rc == CMT_OK) {
        rc = cmt__head_write(write, err);
    }
    if (rc != CMT_OK) {
        cmt__write_abort(write);
        return rc;
    }

    rc = mdb_txn_commit(write->view.txn);

    write->view.txn = NULL;
    pthread_rwlock_unlock(&store->lock);
    pthread_mutex_unlock(&store->write_lock);

    if (rc == EIO && cmt__disk_full(store)) {
        rc = ENOSPC;        /* LMDB's word for a short write is EIO */
    }

    return rc == 0 ? CMT_OK : cmt__store_fail(err, rc, "commit");
}


void
cmt__write_abort(cmt__write_t *write)
{
    cmt_store_t  *store;

    store = write->view.store;
    mdb_txn_abort(write->view.txn);

    write->view.txn = NULL;
    pthread_rwlock_unlock(&store->lock);
    pthread_mutex_unlock(&store->write_lock);
}


cmt_read_t *
cmt__write_view(cmt__write_t *write)
{
    return &write->view;
}


uint64_t
cmt__instance(const cmt_read_t *read)
{
    return read->store->instance;
}


uint64_t
cmt__snapshot(const cmt_read_t *read)
{
    return read->snapshot;
}


int
cmt__get(cmt_read_t *read, cmt__table_t table, const void *key,
    size_t key_len, cmt_str_t *value)
{
    int          rc;
    MDB_val      k, v;
    MDB_cursor  *cursor;

    k.mv_size = key_len;
    k.mv_data = (void *) key;

    if (read->cursors == NULL) {
        rc = mdb_get(read->txn, read->store->tables[table], &k, &v);

    } else {
        rc = cursor_of(read, table, &cursor);
        if (rc == 0) {
            rc = mdb_cursor_get(cursor, &k, &v, MDB_SET);
        }
    }

    if (rc != 0) {
        return cmt__store_rc(rc);
    }

    value->len = v.mv_size;
    value->data = v.mv_data;

    return CMT_OK;
}


/* Until the transaction ends, which closes it. */
static int
cursor_of(cmt_read_t *read, cmt__table_t table, MDB_cursor **cursor)
{
    int  rc;

    rc = 0;

    if (read->cursors[table] == NULL) {
        rc = mdb_cursor_open(read->txn, read->store->tables[table],
                             &read->cursors[table]);
    }

    *cursor = read->cursors[table];

    return rc;
}


int
cmt__put(cmt__write_t *write, cmt__table_t table, const void *key,
    size_t key_len, const void *value, size_t value_len, cmt_error_t *err)
{
    MDB_val  k, v;

    k.mv_size = key_len;
    k.mv_data = (void *) key;
    v.mv_size = value_len;
    v.mv_data = (void *) value;

    return put(write, table, &k, &v, 0, err);
}


int
cmt__reserve(cmt__write_t *write, cmt__table_t table, const void *key,
    size_t key_len, size_t value_len, uint8_t **value, cmt_error_t *err)
{
    int      rc;
    MDB_val  k, v;

    k.mv_size = key_len;
    k.mv_data = (void *) key;
    v.mv_size = value_len;
    v.mv_data = NULL;

    rc = put(write, table, &k, &v, MDB_RESERVE, err);
    *value = v.mv_data;

    return rc;
}


static int
put(cmt__write_t *write, cmt__table_t table, MDB_val *key, MDB_val *value,
    unsigned flags, cmt_error_t *err)
{
    int          rc;
    MDB_cursor  *cursor;

    rc = cursor_of(&write->view, table, &cursor);
    if (rc == 0) {
        rc = mdb_cursor_put(cursor, key, value, flags);
    }

    return rc == 0 ? CMT_OK : cmt__store_fail(err, rc, "put");
}


int
cmt__del(cmt__write_t *write, cmt__table_t table, const void *key,
    size_t key_len, cmt_error_t *err)
{
    int      rc;
    MDB_val  k;

    k.mv_size = key_len;
    k.mv_data = (void *) key;

    rc = mdb_del(write->view.txn, write->view.store->tables[table], &k,
                 NULL);

    return rc == 0 || rc == MDB_NOTFOUND ? CMT_OK
                                         : cmt__store_fail(err, rc, "del");
}


int
cmt__cursor(cmt_read_t *read, cmt__table_t table, MDB_cursor **cursor)
{
    return cmt__store_rc(mdb_cursor_open(read->txn,
                                         read->store->tables[table],
                                         cursor));
}


/* The key that follows any other is that one and a zero. */
int
cmt__next(cmt_read_t *read, cmt__table_t table, const void *key,
    size_t key_len, size_t prefix_len, const uint8_t **found,
    cmt_str_t *value)
{
    int          rc;
    uint8_t      behind[CMT__KEY_BYTES_MAX];
    MDB_val      k, v;
    MDB_cursor  *cursor;

    assert(key_len < sizeof(behind) && prefix_len <= key_len);

    rc = cmt__cursor(read, table, &cursor);
    if (rc != CMT_OK) {
        return rc;
    }

    memcpy(behind, key, key_len);
    behind[key_len] = 0;
    k.mv_size = key_len + 1;
    k.mv_data = behind;

    rc = cmt__store_rc(mdb_cursor_get(cursor, &k, &v, MDB_SET_RANGE));
    mdb_cursor_close(cursor);

    if (rc != CMT_OK) {
        return rc;
    }

    if (k.mv_size != key_len || memcmp(k.mv_data, key, prefix_len) != 0) {
        return CMT_ENOTFOUND;
    }

    if (memcmp(k.mv_data, key, key_len) <= 0) {
        return CMT_ECORRUPT;    /* who follows this would do so for ever */
    }

    *found = k.mv_data;
    *value = (cmt_str_t) { v.mv_size, v.mv_data };

    return CMT_OK;
}


int
cmt__ids_below(cmt_read_t *read, cmt__table_t table, const void *prefix,
    size_t prefix_len, uint64_t before, uint64_t *ids, size_t *n)
{
    int          rc;
    size_t       room;
    uint8_t      end[64];
    MDB_val      k;
    MDB_cursor  *cursor;

    assert(prefix_len + 8 <= sizeof(end));

    rc = cmt__cursor(read, table, &cursor);
    if (rc != CMT_OK) {
        return rc;
    }

    room = *n;
    *n = 0;

    memcpy(end, prefix, prefix_len);
    cmt__be_put(end + prefix_len, before == 0 ? UINT64_MAX : before, 8);
    k.mv_size = prefix_len + 8;
    k.mv_data = end;

    /* the first key at or behind the end, then step back */
    rc = mdb_cursor_get(cursor, &k, NULL, MDB_SET_RANGE);
    rc = mdb_cursor_get(cursor, &k, NULL,
                        rc == MDB_NOTFOUND ? MDB_LAST : MDB_PREV);

    while (rc == 0 && *n < room && k.mv_size == prefix_len + 8
           && memcmp(k.mv_data, prefix, prefix_len) == 0)
    {
        ids[(*n)++] = cmt__be_get((uint8_t *) k.mv_data + prefix_len, 8);
        rc = mdb_cursor_get(cursor, &k, NULL, MDB_PREV);
    }

    mdb_cursor_close(cursor);

    return rc == 0 || rc == MDB_NOTFOUND ? CMT_OK : cmt__store_rc(rc);
}


int
cmt__ids_above(cmt_read_t *read, cmt__table_t table, const void *prefix,
    size_t prefix_len, uint64_t after, uint64_t *ids, size_t *n)
{
    int          rc;
    size_t       room;
    uint8_t      begin[64];
    MDB_val      k;
    MDB_cursor  *cursor;

    assert(prefix_len + 8 <= sizeof(begin));

    rc = cmt__cursor(read, table, &cursor);
    if (rc != CMT_OK) {
        return rc;
    }

    room = *n;
    *n = 0;

    memcpy(begin, prefix, prefix_len);
    cmt__be_put(begin + prefix_len, after + 1, 8);
    k.mv_size = prefix_len + 8;
    k.mv_data = begin;

    rc = mdb_cursor_get(cursor, &k, NULL, MDB_SET_RANGE);

    while (rc == 0 && *n < room && k.mv_size == prefix_len + 8
           && memcmp(k.mv_data, prefix, prefix_len) == 0)
    {
        ids[(*n)++] = cmt__be_get((uint8_t *) k.mv_data + prefix_len, 8);
        rc = mdb_cursor_get(cursor, &k, NULL, MDB_NEXT);
    }

    mdb_cursor_close(cursor);

    return rc == 0 || rc == MDB_NOTFOUND ? CMT_OK : cmt__store_rc(rc);
}


int
cmt__head_read(cmt_read_t *read, cmt__head_t *head)
{
    int             rc;
    cmt_str_t       value;
    const uint8_t  *in;

    value = cmt_null_str;

    rc = cmt__get(read, CMT__META, "head", 4, &value);
    if (rc == CMT_ENOTFOUND) {
        return CMT_EVERSION;
    }
    if (rc != CMT_OK) {
        return rc;
    }

    in = (const uint8_t *) value.data;

    if (value.len < 4 || cmt__le_get(in, 4) != CMT__SCHEMA) {
        return CMT_EVERSION;
    }
    if (value.len != CMT__HEAD_BYTES) {
        return CMT_ECORRUPT;
    }

    head->next_site = (uint32_t) cmt__le_get(in + 4, 4);
    head->instance = cmt__le_get(in + 8, 8);
    head->next_comment = cmt__le_get(in + 16, 8);
    head->next_thread = cmt__le_get(in + 24, 8);
    head->seq = cmt__le_get(in + 32, 8);
    head->authors = cmt__le_get(in + 72, 8);
    memcpy(head->chain, in + 40, CMT__CHAIN_BYTES);

    return CMT_OK;
}


int
cmt__head_write(cmt__write_t *write, cmt_error_t *err)
{
    uint8_t             out[CMT__HEAD_BYTES];
    const cmt__head_t  *head;

    head = &write->head;
    memset(out, 0, sizeof(out));

    cmt__le_put(out, CMT__SCHEMA, 4);
    cmt__le_put(out + 4, head->next_site, 4);
    cmt__le_put(out + 8, head->instance, 8);
    cmt__le_put(out + 16, head->next_comment, 8);
    cmt__le_put(out + 24, head->next_thread, 8);
    cmt__le_put(out + 32, head->seq, 8);
    cmt__le_put(out + 72, head->authors, 8);
    memcpy(out + 40, head->chain, CMT__CHAIN_BYTES);

    return cmt__put(write, CMT__META, "head", 4, out, sizeof(out), err);
}
