/*
 * index.c: the state of the table of words, and how it follows what becomes
 * of a comment that is in it.
 */

#include <string.h>

#include "schema.h"
#include "search.h"


#define STATE        "words"             /* key in `meta` */
#define STATE_BYTES  20


static int changed(cmt__write_t *write, cmt__index_t *index, cmt_error_t *err)
    CMT_CHECK;
static int words_swap(cmt__write_t *write, const cmt__index_t *index,
    const cmt__comment_t *before, const cmt__comment_t *after,
    cmt_arena_t *arena, cmt_error_t *err) CMT_CHECK;
static int word_set(cmt__write_t *write, const cmt__segment_t *segment,
    cmt_str_t word, uint64_t id, int have, cmt_error_t *err) CMT_CHECK;
static int words_set(cmt__write_t *write, const cmt__segment_t *segment,
    const cmt__words_of_t *of, uint64_t id, int have, cmt_error_t *err)
    CMT_CHECK;


int
cmt__index_read(cmt_read_t *read, cmt__index_t *index)
{
    int             rc;
    cmt_str_t       value;
    const uint8_t  *in;

    memset(index, 0, sizeof(cmt__index_t));
    index->version = cmt__terms_version();

    rc = cmt__get(read, CMT__META, STATE, sizeof(STATE) - 1, &value);
    if (rc != CMT_OK) {
        return rc == CMT_ENOTFOUND ? CMT_OK : rc;
    }

    if (value.len != STATE_BYTES) {
        return CMT_ECORRUPT;
    }

    in = (const uint8_t *) value.data;
    index->changes = cmt__le_get(in + 8, 8);

    if (cmt__le_get(in + 16, 4) != index->version) {
        index->version = (uint32_t) cmt__le_get(in + 16, 4);
        return CMT_OK;
    }

    index->indexed = cmt__le_get(in, 8);

    return index->indexed % CMT__SEGMENT_SMALL == 0 ? CMT_OK : CMT_ECORRUPT;
}


int
cmt__index_write(cmt__write_t *write, const cmt__index_t *index,
    cmt_error_t *err)
{
    uint8_t  out[STATE_BYTES];

    cmt__le_put(out, index->indexed, 8);
    cmt__le_put(out + 8, index->changes, 8);
    cmt__le_put(out + 16, index->version, 4);

    return cmt__put(write, CMT__META, STATE, sizeof(STATE) - 1, out,
                    STATE_BYTES, err);
}


int
cmt__index_follow(cmt__write_t *write, const cmt__comment_t *after,
    cmt_error_t *err)
{
    int             rc;
    uint8_t         key[8];
    cmt_str_t       value, copy;
    cmt_arena_t    *arena;
    cmt__index_t    index;
    cmt__comment_t  before;

    cmt__be_put(key, after->id, 8);

    rc = cmt__get(&write->view, CMT__COMMENTS, key, 8, &value);
    if (rc == CMT_ENOTFOUND) {
        return CMT_OK;           /* it is new */
    }
    if (rc == CMT_OK) {
        rc = cmt__comment_decode(after->id, value, &before);
    }
    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, "comment %llu",
                         (unsigned long long) after->id);
    }

    if (cmt__str_eq(before.text, after->text)
        && cmt__str_eq(before.name, after->name)
        && cmt__str_eq(before.website, after->website))
    {
        return CMT_OK;
    }

    rc = cmt__index_read(&write->view, &index);
    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, "state of the words");
    }

    if (after->id >= index.indexed) {
        return changed(write, &index, err);
    }

    arena = cmt_arena_create(CMT_ARENA_BYTES_MAX);
    if (arena == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, "words");
    }

    copy = cmt__str_copy(arena, value);    /* a write may move the page */
    rc = copy.data == NULL ? cmt__fail(err, CMT_ENOMEM, NULL, "words")
                           : cmt__comment_decode(after->id, copy, &before);
    if (rc == CMT_OK) {
        rc = words_swap(write, &index, &before, after, arena, err);
    }

    cmt_arena_destroy(arena);

    return rc;
}


/* Who is just making a segment of it must begin again. */

static int
changed(cmt__write_t *write, cmt__index_t *index, cmt_error_t *err)
{
    index->changes++;

    return cmt__index_write(write, index, err);
}


static int
words_swap(cmt__write_t *write, const cmt__index_t *index,
    const cmt__comment_t *before, const cmt__comment_t *after,
    cmt_arena_t *arena, cmt_error_t *err)
{
    int                  rc;
    unsigned             at;
    cmt__segment_t       segment;
    cmt__words_of_t      old, new;
    cmt__segment_head_t  head;

    segment = cmt__segment_of(index, before->id);
    at = (unsigned) (before->id - segment.from);

    rc = cmt__segment_head(&write->view, &segment, &head);
    if (rc == CMT_OK && cmt__idset_has(&head.too_long, at)) {
        return CMT_OK;           /* it is read, not looked up */
    }

    if (rc == CMT_OK) {
        rc = cmt__words_of(&write->view, before, arena, &old);
    }
    if (rc == CMT_OK) {
        rc = cmt__words_of(&write->view, after, arena, &new);
    }
    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, "words of comment %llu",
                         (unsigned long long) before->id);
    }

    rc = words_set(write, &segment, &old, before->id, 0, err);

    if (rc == CMT_OK && new.too_long) {
        cmt__idset_add(&head.too_long, at);
        return cmt__segment_head_put(write, &segment, &head, err);
    }

    return rc == CMT_OK ? words_set(write, &segment, &new, before->id, 1, err)
                        : rc;
}


int
cmt__index_follow_receipt(cmt__write_t *write, uint64_t id,
    cmt_str_t packed, cmt_error_t *err)
{
    int              rc, had;
    uint8_t          key[8];
    cmt_str_t        before;
    cmt_arena_t     *arena;
    cmt__index_t     index;
    cmt__segment_t   segment;
    cmt__words_of_t  old, new;

    if (id == write->added) {
        return CMT_OK;      /* nobody has seen it yet who makes the index */
    }

    before = cmt_null_str;

    rc = cmt__index_read(&write->view, &index);
    if (rc == CMT_OK) {
        cmt__be_put(key, id, 8);
        rc = cmt__get(&write->view, CMT__RECEIPTS, key, 8, &before);
    }
    if (rc != CMT_OK && rc != CMT_ENOTFOUND) {
        return cmt__fail(err, rc, NULL, "receipt");
    }

    had = rc == CMT_OK;

    if (id >= index.indexed) {
        return had ? changed(write, &index, err) : CMT_OK;
    }

    arena = cmt_arena_create(CMT_ARENA_BYTES_MAX);
    if (arena == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, "words");
    }

    rc = cmt__receipt_unpack(arena, before, &before);
    if (rc == CMT_OK) {
        rc = cmt__words_of_rules(before, arena, &old);
    }
    if (rc == CMT_OK) {
        rc = cmt__receipt_unpack(arena, packed, &packed);
    }
    if (rc == CMT_OK) {
        rc = cmt__words_of_rules(packed, arena, &new);
    }
    if (rc != CMT_OK) {
        rc = cmt__fail(err, rc, NULL, "rules of a receipt");
    }

    segment = cmt__segment_of(&index, id);

    if (rc == CMT_OK) {
        rc = words_set(write, &segment, &old, id, 0, err);
    }
    if (rc == CMT_OK) {
        rc = words_set(write, &segment, &new, id, 1, err);
    }

    cmt_arena_destroy(arena);

    return rc;
}


static int
words_set(cmt__write_t *write, const cmt__segment_t *segment,
    const cmt__words_of_t *of, uint64_t id, int have, cmt_error_t *err)
{
    int     rc;
    size_t  i;

    rc = CMT_OK;

    for (i = 0; i < of->n && rc == CMT_OK; i++) {
        rc = word_set(write, segment, of->words[i], id, have, err);
    }

    return rc;
}


/* A word that no comment has any more leaves nothing behind. */

static int
word_set(cmt__write_t *write, const cmt__segment_t *segment, cmt_str_t word,
    uint64_t id, int have, cmt_error_t *err)
{
    int           rc;
    size_t        len, n;
    uint8_t       key[CMT__WORD_KEY_BYTES], out[sizeof(cmt__idset_t)];
    unsigned      at, work;
    cmt__idset_t  set;

    work = 0;
    at = (unsigned) (id - segment->from);

    rc = cmt__segment_get(&write->view, segment, word, 0, &set, &work);
    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, "words");
    }

    if (cmt__idset_has(&set, at) == have) {
        return CMT_OK;
    }

    if (have) {
        cmt__idset_add(&set, at);
    } else {
        cmt__idset_drop(&set, at);
    }

    len = cmt__segment_key(key, segment, word);
    n = cmt__idset_encode(segment, &set, out);

    return n == 0 ? cmt__del(write, CMT__WORDS, key, len, err)
                  : cmt__put(write, CMT__WORDS, key, len, out, n, err);
}


int
cmt__index_stats(cmt_read_t *read, uint64_t *bytes, uint64_t *comments)
{
    int           rc;
    MDB_stat      st;
    cmt__index_t  index;

    rc = cmt__index_read(read, &index);
    if (rc == CMT_OK) {
        rc = cmt__store_rc(mdb_stat(read->txn,
                                    read->store->tables[CMT__WORDS], &st));
    }
    if (rc != CMT_OK) {
        return rc;
    }

    *bytes = (st.ms_branch_pages + st.ms_leaf_pages + st.ms_overflow_pages)
             * st.ms_psize;
    *comments = index.indexed == 0 ? 0 : index.indexed - 1;

    return CMT_OK;
}
