/*
 * check_words.c: makes each segment of the table of words again, of the
 * comments, and compares the two word by word.  So a comment is found by each
 * of its words, and by none that it does not have, or has no more.
 */

#include <inttypes.h>
#include <string.h>

#include "check.h"
#include "search.h"


#define MADE_BYTES_MAX  ((size_t) 1024 * 1024 * 1024)


typedef struct {
    cmt__check_t    *check;
    cmt__segment_t   segment;
    MDB_cursor      *cursor;
    MDB_val          k, v;
    int              end;                /* no record is left                */
} words_t;


static int segment_check(words_t *w) CMT_CHECK;
static int segment_compare(words_t *w, const cmt__made_t *made) CMT_CHECK;
static void set_compare(words_t *w, const cmt__idset_t *want,
    const cmt__idset_t *have);
static int record_next(words_t *w) CMT_CHECK;
static int record_in(const words_t *w);
static int order(const words_t *w, cmt_str_t word);


int
cmt__check_words(cmt__check_t *check)
{
    int           rc;
    uint64_t      id, left;
    words_t       w;
    cmt__index_t  index;

    rc = cmt__index_read(check->read, &index);
    if (rc != CMT_OK || index.version != cmt__terms_version()) {
        return rc;                       /* it will be made anew */
    }

    if (index.indexed > check->head.next_comment) {
        cmt__problem(check, "words: of comments that were never given");
        return CMT_OK;
    }

    memset(&w, 0, sizeof(w));
    w.check = check;

    rc = cmt__cursor(check->read, CMT__WORDS, &w.cursor);
    if (rc != CMT_OK) {
        return rc;
    }

    rc = record_next(&w);

    for (id = 0; rc == CMT_OK && id < index.indexed; id += w.segment.size) {
        w.segment = cmt__segment_of(&index, id);
        rc = segment_check(&w);
    }

    for (left = 0; rc == CMT_OK && !w.end; left++) {
        rc = record_next(&w);
    }

    if (left > 0) {
        cmt__problem(check, "words: %" PRIu64 " entries of no segment", left);
    }

    mdb_cursor_close(w.cursor);

    return rc;
}


static int
segment_check(words_t *w)
{
    int                   rc;
    cmt_read_t           *read;
    cmt_arena_t          *arena;
    cmt__made_t           made;
    cmt__segment_head_t   head;

    read = w->check->read;

    if (cmt__segment_head(read, &w->segment, &head) != CMT_OK) {
        cmt__problem(w->check, "words: comments %" PRIu64 " to %" PRIu64
                     " have no head", w->segment.from,
                     w->segment.from + w->segment.size - 1);
        return CMT_OK;
    }

    arena = cmt_arena_create(MADE_BYTES_MAX);
    if (arena == NULL) {
        return CMT_ENOMEM;
    }

    rc = cmt__segment_make(read, &w->segment, &head.too_long, arena, &made);

    if (rc == CMT_OK && (made.head.first != head.first
                         || made.head.last != head.last))
    {
        cmt__problem(w->check, "words: comments %" PRIu64 " to %" PRIu64
                     " are of another time", w->segment.from,
                     w->segment.from + w->segment.size - 1);
    }

    if (rc == CMT_OK && record_in(w) && w->k.mv_size == 4) {
        rc = record_next(w);
    }
    if (rc == CMT_OK) {
        rc = segment_compare(w, &made);
    }

    cmt_arena_destroy(arena);

    return rc;
}


/* Both are in the order of their words. */

static int
segment_compare(words_t *w, const cmt__made_t *made)
{
    int           rc, o;
    size_t        i;
    cmt__idset_t  want, have;

    i = 0;

    while (i < made->n || record_in(w)) {

        o = i == made->n ? 1 : record_in(w) ? order(w, made->words[i].word)
                                            : -1;
        memset(&want, 0, sizeof(want));
        memset(&have, 0, sizeof(have));

        if (o <= 0) {
            cmt__made_set(made, i++, &want);
        }

        if (o >= 0) {
            if (cmt__idset_decode(&w->segment,
                                  (cmt_str_t) { w->v.mv_size, w->v.mv_data },
                                  &have) != CMT_OK)
            {
                cmt__problem(w->check, "words: a damaged entry");
                have = want;
            }

            rc = record_next(w);
            if (rc != CMT_OK) {
                return rc;
            }
        }

        set_compare(w, &want, &have);
    }

    return CMT_OK;
}


static void
set_compare(words_t *w, const cmt__idset_t *want, const cmt__idset_t *have)
{
    unsigned  i;

    /* nearly always; each comment by itself would be half of the check */
    if (memcmp(want->bits, have->bits, w->segment.size / 8) == 0) {
        return;
    }

    for (i = 0; i < w->segment.size; i++) {

        if (cmt__idset_has(want, i) && !cmt__idset_has(have, i)) {
            cmt__problem(w->check, "comment %" PRIu64 ": a word of it is not "
                         "in words", w->segment.from + i);
        }

        if (cmt__idset_has(have, i) && !cmt__idset_has(want, i)) {
            cmt__problem(w->check, "comment %" PRIu64 ": words has a word "
                         "that it does not have", w->segment.from + i);
        }
    }
}


static int
record_next(words_t *w)
{
    int  rc;

    rc = mdb_cursor_get(w->cursor, &w->k, &w->v, MDB_NEXT);
    w->end = rc == MDB_NOTFOUND;

    return w->end ? CMT_OK : cmt__store_rc(rc);
}


static int
record_in(const words_t *w)
{
    uint8_t  key[CMT__WORD_KEY_BYTES];

    return !w->end && w->k.mv_size >= 4
           && memcmp(w->k.mv_data, key,
                     cmt__segment_key(key, &w->segment, cmt_null_str)) == 0;
}


/* The word that was made and that of the record: below 0, the first one has
 * no record. */

static int
order(const words_t *w, cmt_str_t word)
{
    int     o;
    size_t  len;

    len = w->k.mv_size - 4;
    o = memcmp(word.data, (const char *) w->k.mv_data + 4,
               word.len < len ? word.len : len);

    return o != 0 ? o : (word.len > len) - (word.len < len);
}
