/*
 * walk.c: the comments of a thread in display order.
 *
 * Oldest first is the order of the keys.  The other orders change only the
 * first level: each of its comments heads a group (itself and all below it).
 * Newest first takes the groups from the back, by votes as the index (top.c)
 * has them from the back, and reads them forwards.  A thread without an index
 * has no votes, and of equal ones the oldest comes first.
 */

#include <string.h>

#include "schema.h"


struct cmt__walk_s {
    cmt_read_t  *read;
    MDB_cursor  *cursor;
    MDB_cursor  *tops;           /* NULL but by votes                        */
    cmt_sort_t   sort;
    uint64_t     thread;
    unsigned     base;           /* levels of the prefix                     */
    unsigned     deepest;        /* levels of the deepest comment shown      */
    unsigned     started:1;
    unsigned     tops_end:1;     /* the index is behind its last key         */
    unsigned     inclusive:1;    /* the start itself is given                */
    size_t       prefix_len;     /* of the thread, or of the parent          */
    size_t       group_len;      /* 0 in an oldest walk                      */
    size_t       start_len;      /* 0: from the beginning                    */
    uint8_t      prefix[CMT__KEY_BYTES_MAX];
    uint8_t      group[CMT__KEY_BYTES_MAX];
    uint8_t      start[CMT__KEY_BYTES_MAX];
};


static int sort_of(cmt_read_t *read, const cmt__walk_query_t *query,
    cmt_sort_t *sort) CMT_CHECK;
static int walk_start(cmt__walk_t *walk, MDB_val *k) CMT_CHECK;
static int walk_skip(cmt__walk_t *walk, MDB_val *k) CMT_CHECK;
static int group_before(cmt__walk_t *walk, const uint8_t *end, size_t len,
    MDB_val *k) CMT_CHECK;
static int group_top(cmt__walk_t *walk, int rc, MDB_val *top, MDB_val *k)
    CMT_CHECK;
static int top_before(cmt__walk_t *walk, const uint8_t *key, size_t len,
    MDB_val *top) CMT_CHECK;
static int top_find(cmt__walk_t *walk) CMT_CHECK;
static int in_bounds(const cmt__walk_t *walk, const MDB_val *k);
static int starts_with(const MDB_val *k, const uint8_t *prefix, size_t len);
static int seek(cmt__walk_t *walk, const uint8_t *key, size_t len,
    MDB_val *k) CMT_CHECK;


static inline unsigned
levels_of(const MDB_val *k)
{
    return (unsigned) ((k->mv_size - CMT__PLACE_KEY) / CMT__PLACE_BYTES);
}


int
cmt__walk_open(cmt_read_t *read, const cmt__walk_query_t *query,
    cmt_arena_t *arena, cmt__walk_t **walk)
{
    int          rc;
    MDB_val      k;
    cmt__walk_t  *w;

    const cmt__comment_t  *start;

    w = cmt_calloc(arena, sizeof(cmt__walk_t));
    if (w == NULL) {
        return CMT_ENOMEM;
    }

    w->read = read;
    w->thread = query->thread;
    w->base = query->parent == NULL ? 0 : query->parent->levels;
    w->deepest = w->base + 1 + (query->levels < CMT_LEVELS_MAX
                                ? query->levels : CMT_LEVELS_MAX);
    w->prefix_len = cmt__key_place(w->prefix, query->thread,
                                   query->parent == NULL
                                   ? w->prefix : query->parent->place,
                                   w->base);

    rc = sort_of(read, query, &w->sort);
    if (rc != CMT_OK) {
        return rc;
    }

    start = query->after != NULL ? query->after : query->from;
    w->inclusive = query->after == NULL;

    if (start != NULL) {
        w->start_len = cmt__key_place(w->start, start->thread, start->place,
                                      start->levels);
        k.mv_size = w->start_len;
        k.mv_data = w->start;

        if (!starts_with(&k, w->prefix, w->prefix_len)
            || start->levels <= w->base)
        {
            return CMT_EARGUMENT;
        }
    }

    rc = cmt__cursor(read, CMT__THREADS, &w->cursor);
    if (rc != CMT_OK) {
        return rc;
    }

    if (w->sort == CMT_SORT_TOP) {
        rc = cmt__cursor(read, CMT__THREADS, &w->tops);
        if (rc != CMT_OK) {
            mdb_cursor_close(w->cursor);
            return rc;
        }
    }

    *walk = w;

    return CMT_OK;
}


/* A page without comments has no thread. */
static int
sort_of(cmt_read_t *read, const cmt__walk_query_t *query, cmt_sort_t *sort)
{
    int            rc;
    cmt__thread_t  thread;

    *sort = query->sort;

    if (query->sort != CMT_SORT_TOP) {
        return CMT_OK;
    }

    thread.flags = 0;
    rc = cmt__thread_get(read, query->thread, &thread);

    if (rc != CMT_OK && rc != CMT_ENOTFOUND) {
        return rc;
    }

    if (query->parent != NULL || !(thread.flags & CMT__THREAD_RANKED)) {
        *sort = CMT_SORT_OLDEST;
    }

    return CMT_OK;
}


void
cmt__walk_close(cmt__walk_t *walk)
{
    mdb_cursor_close(walk->cursor);

    if (walk->tops != NULL) {
        mdb_cursor_close(walk->tops);
    }
}


int
cmt__walk_next(cmt__walk_t *walk, uint64_t *id)
{
    int      rc;
    MDB_val  k, top;

    if (walk->started) {
        rc = mdb_cursor_get(walk->cursor, &k, NULL, MDB_NEXT);

    } else {
        walk->started = 1;
        rc = walk_start(walk, &k);
    }

    for ( ;; ) {

        if (rc != 0 && rc != MDB_NOTFOUND) {
            return cmt__store_rc(rc);
        }

        if (rc == 0 && in_bounds(walk, &k)) {

            if (levels_of(&k) <= walk->deepest) {
                *id = cmt__place_id((uint8_t *) k.mv_data + k.mv_size
                                    - CMT__PLACE_BYTES);
                return CMT_OK;
            }

            rc = walk_skip(walk, &k);
            continue;
        }

        if (walk->sort == CMT_SORT_OLDEST || walk->group_len == 0) {
            return CMT_ENOTFOUND;
        }

        if (walk->sort == CMT_SORT_TOP) {
            rc = mdb_cursor_get(walk->tops, &top, NULL,
                                walk->tops_end ? MDB_LAST : MDB_PREV);
            walk->tops_end = 0;
            rc = group_top(walk, rc, &top, &k);

        } else {
            rc = group_before(walk, walk->group, walk->group_len, &k);
        }
    }
}


static int
walk_start(cmt__walk_t *walk, MDB_val *k)
{
    int      rc;
    size_t   len;
    uint8_t  end[CMT__KEY_BYTES_MAX];
    MDB_val  top;

    if (walk->start_len == 0 && walk->sort == CMT_SORT_TOP) {
        len = cmt__key_tops(end, walk->thread);
        cmt__key_after(end, len);
        rc = top_before(walk, end, len, &top);
        return group_top(walk, rc, &top, k);
    }

    if (walk->start_len == 0 && walk->sort == CMT_SORT_NEWEST) {
        memcpy(end, walk->prefix, walk->prefix_len);
        cmt__key_after(end, walk->prefix_len);
        return group_before(walk, end, walk->prefix_len, k);
    }

    if (walk->start_len == 0) {
        rc = seek(walk, walk->prefix, walk->prefix_len, k);
        if (rc == 0 && k->mv_size == walk->prefix_len) {
            /* the parent itself */
            rc = mdb_cursor_get(walk->cursor, k, NULL, MDB_NEXT);
        }
        return rc;
    }

    if (walk->sort != CMT_SORT_OLDEST) {
        walk->group_len = walk->prefix_len + CMT__PLACE_BYTES;
        memcpy(walk->group, walk->start, walk->group_len);
    }

    if (walk->sort == CMT_SORT_TOP) {
        rc = top_find(walk);
        if (rc != CMT_OK) {
            return rc == CMT_ENOTFOUND ? MDB_NOTFOUND : MDB_CORRUPTED;
        }
    }

    rc = seek(walk, walk->start, walk->start_len, k);

    if (rc == 0 && !walk->inclusive && k->mv_size == walk->start_len
        && memcmp(k->mv_data, walk->start, walk->start_len) == 0)
    {
        rc = mdb_cursor_get(walk->cursor, k, NULL, MDB_NEXT);
    }

    return rc;
}


/* To what stands behind a branch that is too deep. */
static int
walk_skip(cmt__walk_t *walk, MDB_val *k)
{
    size_t   len;
    uint8_t  key[CMT__KEY_BYTES_MAX];

    len = CMT__PLACE_KEY + walk->deepest * CMT__PLACE_BYTES;
    memcpy(key, k->mv_data, len);
    cmt__key_after(key, len);

    return seek(walk, key, len, k);
}


/* To the head of the last group that lies before a key. */
static int
group_before(cmt__walk_t *walk, const uint8_t *end, size_t len, MDB_val *k)
{
    int  rc;

    walk->group_len = 0;

    rc = seek(walk, end, len, k);
    rc = mdb_cursor_get(walk->cursor, k, NULL,
                        rc == MDB_NOTFOUND ? MDB_LAST : MDB_PREV);

    if (rc != 0) {
        return rc;
    }

    if (!starts_with(k, walk->prefix, walk->prefix_len)
        || k->mv_size == walk->prefix_len)
    {
        return MDB_NOTFOUND;
    }

    walk->group_len = walk->prefix_len + CMT__PLACE_BYTES;
    memcpy(walk->group, k->mv_data, walk->group_len);

    return seek(walk, walk->group, walk->group_len, k);
}


/* To the head of the group that the index has there. */
static int
group_top(cmt__walk_t *walk, int rc, MDB_val *top, MDB_val *k)
{
    uint8_t  first[CMT__TOP_KEY_BYTES];

    walk->group_len = 0;

    if (rc != 0) {
        return rc;
    }

    (void) cmt__key_tops(first, walk->thread);

    if (top->mv_size != CMT__TOP_KEY_BYTES
        || !starts_with(top, first, CMT__TOP_KEY))
    {
        return MDB_NOTFOUND;
    }

    walk->group_len = walk->prefix_len + CMT__PLACE_BYTES;
    memcpy(walk->group, walk->prefix, walk->prefix_len);
    cmt__top_place(top->mv_data, walk->group + walk->prefix_len);

    return seek(walk, walk->group, walk->group_len, k);
}


/* The index at the last key before this one. */
static int
top_before(cmt__walk_t *walk, const uint8_t *key, size_t len, MDB_val *top)
{
    int  rc;

    top->mv_size = len;
    top->mv_data = (void *) key;

    rc = mdb_cursor_get(walk->tops, top, NULL, MDB_SET_RANGE);

    return rc != 0 && rc != MDB_NOTFOUND
           ? rc : mdb_cursor_get(walk->tops, top, NULL,
                                 rc == MDB_NOTFOUND ? MDB_LAST : MDB_PREV);
}


/* The index at the group that the walk begins in, or just before it in the
 * order of readers when it has no place any more. */
static int
top_find(cmt__walk_t *walk)
{
    int             rc;
    uint8_t         key[CMT__TOP_KEY_BYTES];
    MDB_val         top;
    cmt__comment_t  head;

    rc = cmt__comment_get(walk->read,
                          cmt__place_id(walk->group + walk->prefix_len),
                          &head);
    if (rc != CMT_OK) {
        return rc;
    }

    top.mv_size = cmt__key_top(key, &head);
    top.mv_data = key;

    rc = mdb_cursor_get(walk->tops, &top, NULL, MDB_SET_RANGE);

    /* nothing is behind: as if it were there, so that the last comes next */
    walk->tops_end = rc == MDB_NOTFOUND;

    return cmt__store_rc(rc == MDB_NOTFOUND ? 0 : rc);
}


static int
in_bounds(const cmt__walk_t *walk, const MDB_val *k)
{
    if (k->mv_size <= CMT__PLACE_KEY
        || (k->mv_size - CMT__PLACE_KEY) % CMT__PLACE_BYTES != 0)
    {
        return 0;
    }

    return walk->sort != CMT_SORT_OLDEST
           ? walk->group_len > 0 && starts_with(k, walk->group,
                                                walk->group_len)
           : starts_with(k, walk->prefix, walk->prefix_len);
}


static int
starts_with(const MDB_val *k, const uint8_t *prefix, size_t len)
{
    return k->mv_size >= len && memcmp(k->mv_data, prefix, len) == 0;
}


static int
seek(cmt__walk_t *walk, const uint8_t *key, size_t len, MDB_val *k)
{
    k->mv_size = len;
    k->mv_data = (void *) key;

    return mdb_cursor_get(walk->cursor, k, NULL, MDB_SET_RANGE);
}


int
cmt__comment_last(cmt_read_t *read, uint64_t *id)
{
    int          rc;
    cmt__head_t  head;

    rc = cmt__head_read(read, &head);
    if (rc == CMT_OK) {
        *id = head.next_comment - 1;
    }

    return rc;
}
