/*
 * segment_make.c: a segment in memory, of the comments that are there.
 *
 *   slots --hash--> words --newest--> entries --older--> ...
 *
 * An entry is a comment that has the word.  The comments come in the order of
 * their ids, so that the newest entry tells whether a word was seen in this
 * comment already.
 */

#include <stdlib.h>
#include <string.h>

#include "schema.h"
#include "search.h"


#define SLOTS  (1u << 15)                /* at first */
#define NONE   UINT32_MAX


typedef struct {
    cmt_read_t          *read;
    const cmt__idset_t  *too_long;
    cmt_arena_t         *arena;          /* of what is made                  */
    cmt_arena_t         *scratch;        /* of one comment                   */
    cmt__made_t         *made;
    cmt__buf_t           words, entries; /* arrays of theirs                 */
    size_t               n_entries;
    uint32_t            *slots;          /* a word each, or NONE             */
    uint32_t             n_slots;
} maker_t;


static int comments_take(maker_t *m) CMT_CHECK;
static int comment_take(maker_t *m, const cmt__comment_t *comment) CMT_CHECK;
static int words_take(maker_t *m, const cmt__words_of_t *of, uint32_t at)
    CMT_CHECK;
static int word_take(maker_t *m, cmt_str_t word, uint32_t at) CMT_CHECK;
static int slots_grow(maker_t *m) CMT_CHECK;
static uint32_t *slot_of(maker_t *m, cmt_str_t word, uint32_t hash);
static uint32_t hash_of(cmt_str_t word);
static int by_key(const void *a, const void *b);


int
cmt__segment_make(cmt_read_t *read, const cmt__segment_t *segment,
    const cmt__idset_t *too_long, cmt_arena_t *arena, cmt__made_t *made)
{
    int      rc;
    maker_t  m;

    memset(&m, 0, sizeof(m));
    memset(made, 0, sizeof(cmt__made_t));

    made->segment = *segment;
    m.read = read;
    m.too_long = too_long;
    m.arena = arena;
    m.made = made;
    cmt__buf_init(&m.words, arena, 4096 * sizeof(cmt__made_word_t));
    cmt__buf_init(&m.entries, arena, 16384 * sizeof(cmt__made_entry_t));

    m.scratch = cmt_arena_create(CMT_ARENA_BYTES_MAX);
    if (m.scratch == NULL) {
        return CMT_ENOMEM;
    }

    rc = slots_grow(&m);
    if (rc == CMT_OK) {
        rc = comments_take(&m);
    }

    cmt_arena_destroy(m.scratch);

    if (rc != CMT_OK) {
        return rc;
    }

    made->words = (cmt__made_word_t *) (void *) m.words.data;
    made->entries = (cmt__made_entry_t *) (void *) m.entries.data;

    if (made->n > 0) {
        qsort(made->words, made->n, sizeof(cmt__made_word_t), by_key);
    }

    return CMT_OK;
}


void
cmt__made_set(const cmt__made_t *made, size_t word, cmt__idset_t *set)
{
    uint32_t  i;

    memset(set, 0, sizeof(cmt__idset_t));

    for (i = made->words[word].newest; i != NONE; i = made->entries[i].older)
    {
        cmt__idset_add(set, made->entries[i].at);
    }
}


static int
comments_take(maker_t *m)
{
    int             rc;
    uint64_t        id, end;
    cmt__comment_t  comment;

    end = m->made->segment.from + m->made->segment.size;
    id = m->made->segment.from == 0 ? 0 : m->made->segment.from - 1;

    for ( ;; ) {
        rc = cmt__comment_next(m->read, &id, &comment);

        if (rc == CMT_ENOTFOUND || (rc == CMT_OK && id >= end)) {
            return CMT_OK;
        }

        if (rc == CMT_OK) {
            rc = comment_take(m, &comment);
        }
        if (rc != CMT_OK) {
            return rc;
        }

        cmt_arena_reset(m->scratch);
    }
}


static int
comment_take(maker_t *m, const cmt__comment_t *c)
{
    int                   rc;
    uint32_t              at;
    cmt_str_t             receipt;
    cmt__words_of_t       of;
    cmt__segment_head_t  *head;

    head = &m->made->head;
    at = (uint32_t) (c->id - m->made->segment.from);

    if (head->first > c->created || m->n_entries == 0) {
        head->first = c->created;
    }
    if (head->last < c->created || m->n_entries == 0) {
        head->last = c->created;
    }

    rc = cmt__receipt_get(m->read, c->id, m->scratch, &receipt);
    if (rc == CMT_ENOTFOUND) {
        receipt = cmt_null_str;
        rc = CMT_OK;
    }
    if (rc == CMT_OK) {
        rc = cmt__words_of_place(c, receipt, m->scratch, &of);
    }
    if (rc == CMT_OK) {
        rc = words_take(m, &of, at);
    }
    if (rc == CMT_OK) {
        rc = cmt__words_of(m->read, c, m->scratch, &of);
    }
    if (rc != CMT_OK) {
        return rc;
    }

    if (m->too_long != NULL ? cmt__idset_has(m->too_long, at)
                            : of.too_long
                              || m->n_entries > CMT__SEGMENT_WORDS_MAX)
    {
        cmt__idset_add(&head->too_long, at);
        return CMT_OK;
    }

    return words_take(m, &of, at);
}


static int
words_take(maker_t *m, const cmt__words_of_t *of, uint32_t at)
{
    int     rc;
    size_t  i;

    rc = CMT_OK;

    for (i = 0; i < of->n && rc == CMT_OK; i++) {
        rc = word_take(m, of->words[i], at);
    }

    return rc;
}


static int
word_take(maker_t *m, cmt_str_t word, uint32_t at)
{
    int                 rc;
    uint32_t            hash, *slot;
    cmt__made_word_t    new, *w;
    cmt__made_entry_t   entry, *entries;

    if (m->made->n >= m->n_slots / 2) {
        rc = slots_grow(m);
        if (rc != CMT_OK) {
            return rc;
        }
    }

    hash = hash_of(word);
    slot = slot_of(m, word, hash);

    if (*slot == NONE) {
        new.word = cmt__str_copy(m->arena, word);
        new.hash = hash;
        new.n = 0;
        new.newest = NONE;
        cmt__buf_put(&m->words, &new, sizeof(new));

        if (new.word.data == NULL || m->words.failed) {
            return CMT_ENOMEM;
        }

        *slot = (uint32_t) m->made->n++;
    }

    w = (cmt__made_word_t *) (void *) m->words.data + *slot;
    entries = (cmt__made_entry_t *) (void *) m->entries.data;

    if (w->newest != NONE && entries[w->newest].at == at) {
        return CMT_OK;
    }

    entry.older = w->newest;
    entry.at = at;
    cmt__buf_put(&m->entries, &entry, sizeof(entry));

    w->newest = (uint32_t) m->n_entries++;
    w->n++;

    return m->entries.failed ? CMT_ENOMEM : CMT_OK;
}


static int
slots_grow(maker_t *m)
{
    size_t             i;
    cmt__made_word_t  *words;

    m->n_slots = m->n_slots == 0 ? SLOTS : 2 * m->n_slots;
    m->slots = cmt_alloc(m->arena, m->n_slots * sizeof(uint32_t));

    if (m->slots == NULL) {
        return CMT_ENOMEM;
    }

    memset(m->slots, 0xff, m->n_slots * sizeof(uint32_t));
    words = (cmt__made_word_t *) (void *) m->words.data;

    for (i = 0; i < m->made->n; i++) {
        *slot_of(m, words[i].word, words[i].hash) = (uint32_t) i;
    }

    return CMT_OK;
}


static uint32_t *
slot_of(maker_t *m, cmt_str_t word, uint32_t hash)
{
    uint32_t                 i;
    const cmt__made_word_t  *words;

    words = (cmt__made_word_t *) (void *) m->words.data;

    for (i = hash & (m->n_slots - 1); m->slots[i] != NONE;
         i = (i + 1) & (m->n_slots - 1))
    {
        if (words[m->slots[i]].hash == hash
            && cmt__str_eq(words[m->slots[i]].word, word))
        {
            break;
        }
    }

    return &m->slots[i];
}


/* FNV-1a.  Who chooses words that collide makes a background task slower by
 * what one segment's words can, and no more. */

static uint32_t
hash_of(cmt_str_t word)
{
    size_t    i;
    uint32_t  h;

    h = 2166136261u;

    for (i = 0; i < word.len; i++) {
        h = (h ^ (unsigned char) word.data[i]) * 16777619u;
    }

    return h ^ h >> 16;
}


static int
by_key(const void *a, const void *b)
{
    int                      order;
    const cmt__made_word_t  *x = a, *y = b;

    order = memcmp(x->word.data, y->word.data,
                   x->word.len < y->word.len ? x->word.len : y->word.len);

    return order != 0 ? order
                      : (x->word.len > y->word.len)
                        - (x->word.len < y->word.len);
}
