/*
 * index_step.c: takes comments into the table of words, a segment at a time.
 *
 * A segment is made of a snapshot, while others may write; the transaction
 * that follows only puts it into the table.  When anything it was made of has
 * changed meanwhile, or somebody else has made it, it is thrown away.
 */

#include <string.h>
#include <time.h>

#include "schema.h"
#include "search.h"


#define MADE_BYTES_MAX  ((size_t) 512 * 1024 * 1024)


static int index_empty(cmt_store_t *store, cmt_error_t *err) CMT_CHECK;
static int made_write(cmt__write_t *write, const cmt__made_t *made,
    cmt_error_t *err) CMT_CHECK;
static int segments_drop(cmt__write_t *write, const cmt__segment_t *segment,
    cmt_error_t *err) CMT_CHECK;
static cmt__segment_t segment_next(const cmt__index_t *index,
    uint64_t waiting);
static uint64_t waiting_of(const cmt__index_t *index, uint64_t next);


/*
 * As long as a step took, others get the writer's lock: it knows no queue,
 * and who gives it back and takes it at once would always be first.
 */
int
cmt_search_index(cmt_store_t *store, unsigned ms_max, uint64_t *left,
    cmt_error_t *err)
{
    int              rc;
    int64_t          begin, before, took;
    struct timespec  pause;

    begin = cmt__now_ms();

    do {
        before = cmt__now_ms();

        rc = cmt__index_step(store, left, err);
        if (rc != CMT_OK || *left == 0 || ms_max == 0) {
            continue;
        }

        took = cmt__now_ms() - before;
        pause.tv_sec = took / 1000;
        pause.tv_nsec = took % 1000 * 1000000;
        (void) nanosleep(&pause, NULL);

    } while (rc == CMT_OK && *left > 0
             && (ms_max == 0 || cmt__now_ms() - begin < ms_max));

    return rc;
}


int
cmt__index_step(cmt_store_t *store, uint64_t *left, cmt_error_t *err)
{
    int             rc;
    uint64_t        waiting;
    cmt_read_t     *read;
    cmt_arena_t    *arena;
    cmt__head_t     head;
    cmt__made_t     made;
    cmt__index_t    index;
    cmt__segment_t  segment;

    rc = cmt_read_begin(store, &read, err);
    if (rc != CMT_OK) {
        return rc;
    }

    rc = cmt__index_read(read, &index);
    if (rc == CMT_OK) {
        rc = cmt__head_read(read, &head);
    }
    if (rc != CMT_OK) {
        cmt_read_end(read);
        return cmt__fail(err, rc, NULL, "state of the words");
    }

    waiting = waiting_of(&index, head.next_comment);

    if (index.version != cmt__terms_version()) {
        cmt_read_end(read);
        *left = waiting;
        return index_empty(store, err);
    }

    if (waiting == 0) {
        cmt_read_end(read);
        *left = 0;
        return CMT_OK;
    }

    arena = cmt_arena_create(MADE_BYTES_MAX);
    if (arena == NULL) {
        cmt_read_end(read);
        return cmt__fail(err, CMT_ENOMEM, NULL, "index");
    }

    segment = segment_next(&index, waiting);
    rc = cmt__segment_make(read, &segment, NULL, arena, &made);
    cmt_read_end(read);

    rc = rc == CMT_OK ? cmt__index_take(store, &index, &made, err)
                      : cmt__fail(err, rc, NULL, "index");
    if (rc == CMT_OK) {
        *left = waiting - (segment.from + segment.size - index.indexed);
    }

    cmt_arena_destroy(arena);

    return rc;
}


/* Ids that are given, in whole segments; those that never were a comment, as
 * 0 is none, count as well. */

static uint64_t
waiting_of(const cmt__index_t *index, uint64_t next)
{
    return next <= index->indexed
           ? 0 : (next - index->indexed) / CMT__SEGMENT_SMALL
                 * CMT__SEGMENT_SMALL;
}


static cmt__segment_t
segment_next(const cmt__index_t *index, uint64_t waiting)
{
    uint64_t        full_end;
    cmt__segment_t  segment;

    full_end = index->indexed - index->indexed % CMT__SEGMENT_FULL
               + CMT__SEGMENT_FULL;

    segment.indexed = 1;
    segment.size = index->indexed + waiting >= full_end
                   && (index->indexed % CMT__SEGMENT_FULL == 0
                       || full_end - index->indexed == CMT__SEGMENT_SMALL)
                   ? CMT__SEGMENT_FULL : CMT__SEGMENT_SMALL;
    segment.from = index->indexed - index->indexed % segment.size;

    return segment;
}


/* Made by another version of Unicode or of ours: its words are not the ones
 * that are looked for. */

static int
index_empty(cmt_store_t *store, cmt_error_t *err)
{
    int            rc;
    cmt__index_t   index;
    cmt__write_t  *write;

    rc = cmt__write_begin(store, &write, err);
    if (rc != CMT_OK) {
        return rc;
    }

    rc = cmt__index_read(&write->view, &index);
    if (rc == CMT_OK) {
        rc = cmt__store_rc(mdb_drop(write->view.txn,
                                    store->tables[CMT__WORDS], 0));
    }

    index.indexed = 0;
    index.changes++;
    index.version = cmt__terms_version();

    rc = rc == CMT_OK ? cmt__index_write(write, &index, err)
                      : cmt__fail(err, rc, NULL, "emptying the index");
    if (rc != CMT_OK) {
        cmt__write_abort(write);
        return rc;
    }

    return cmt__write_commit(write, err);
}


int
cmt__index_take(cmt_store_t *store, const cmt__index_t *index,
    const cmt__made_t *made, cmt_error_t *err)
{
    int            rc;
    cmt__index_t   now;
    cmt__write_t  *write;

    rc = cmt__write_begin(store, &write, err);
    if (rc != CMT_OK) {
        return rc;
    }

    rc = cmt__index_read(&write->view, &now);

    if (rc != CMT_OK || now.indexed != index->indexed
        || now.changes != index->changes || now.version != index->version)
    {
        cmt__write_abort(write);
        return rc == CMT_OK ? CMT_OK
                            : cmt__fail(err, rc, NULL, "state of the words");
    }

    now.indexed = made->segment.from + made->segment.size;

    rc = segments_drop(write, &made->segment, err);
    if (rc == CMT_OK) {
        rc = made_write(write, made, err);
    }
    if (rc == CMT_OK) {
        rc = cmt__index_write(write, &now, err);
    }
    if (rc != CMT_OK) {
        cmt__write_abort(write);
        return rc;
    }

    return cmt__write_commit(write, err);
}


/* The small ones whose place a full one takes: they are the last of the
 * table. */

static int
segments_drop(cmt__write_t *write, const cmt__segment_t *segment,
    cmt_error_t *err)
{
    int          rc;
    uint8_t      key[CMT__WORD_KEY_BYTES];
    MDB_val      k;
    MDB_cursor  *cursor;

    rc = cmt__cursor(&write->view, CMT__WORDS, &cursor);
    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, "words");
    }

    k.mv_size = cmt__segment_key(key, segment, cmt_null_str);
    k.mv_data = key;

    rc = mdb_cursor_get(cursor, &k, NULL, MDB_SET_RANGE);

    while (rc == 0) {
        rc = mdb_cursor_del(cursor, 0);
        if (rc == 0) {
            rc = mdb_cursor_get(cursor, &k, NULL, MDB_NEXT);
        }
    }

    mdb_cursor_close(cursor);

    return rc == MDB_NOTFOUND ? CMT_OK
                              : cmt__store_fail(err, rc, "dropping words");
}


static int
made_write(cmt__write_t *write, const cmt__made_t *made, cmt_error_t *err)
{
    int           rc;
    size_t        i;
    uint8_t       key[CMT__WORD_KEY_BYTES], out[sizeof(cmt__idset_t)];
    MDB_val       k, v;
    MDB_cursor   *cursor;
    cmt__idset_t  set;

    rc = cmt__segment_head_put(write, &made->segment, &made->head, err);
    if (rc != CMT_OK) {
        return rc;
    }

    rc = cmt__cursor(&write->view, CMT__WORDS, &cursor);
    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, "words");
    }

    k.mv_data = key;
    v.mv_data = out;

    for (i = 0; i < made->n && rc == CMT_OK; i++) {
        cmt__made_set(made, i, &set);
        k.mv_size = cmt__segment_key(key, &made->segment,
                                     made->words[i].word);
        v.mv_size = cmt__idset_encode(&made->segment, &set, out);
        rc = mdb_cursor_put(cursor, &k, &v, MDB_APPEND);
    }

    mdb_cursor_close(cursor);

    return rc == 0 ? CMT_OK : cmt__store_fail(err, rc, "words");
}
