/*
 * search.h: the table of words, by which comments are found.
 *
 * The ids are cut into segments, at multiples of CMT__SEGMENT_FULL.  For each
 * word of a segment's comments one record says which of them have it:
 *
 *   key:    segment:4 word           segment: its first id / 512
 *   value:  offset:2 ...             ids less the first, in order; or
 *           a bit for each id        when that is not longer
 *
 *   key:    segment:4                its head
 *   value:  created:8 created:8      the first and the last time
 *           and as above             those that are too long, see below
 *
 * Beside words there are what tells of place and judgement, behind a byte
 * that begins no word: 1 site:4, 2 thread:8, 3 name of a rule that spoke.
 *
 * Segments are made in the background, of comments that are there.  The ids
 * behind the last one are read through by each search:
 *
 *   0 ........... 4096 ......... 8192 .. 8704 .. 9216 ...... next id
 *   |    full     |     full     | small | small |  not yet  |
 *
 * When eight small ones are there, a full one is made anew of the comments
 * and takes their place.  So a post writes nothing here, a new segment is
 * written in the order of its keys, at the end of the table, and no page of
 * it is written more than twice.
 *
 * The records of comments are the truth, and the table is always exact: who
 * changes the text of a comment changes its words in the same transaction.
 * The words are made of what a comment and its thread say; both the page and
 * the title of a thread stay what they were when its first comment came.
 *
 * A comment with more terms than CMT__WORDS_MAX, and those behind
 * CMT__SEGMENT_WORDS_MAX of one segment, have no words in it: a bit in the
 * head says so, and they are read.
 */

#ifndef CMT_SEARCH_STORE_H
#define CMT_SEARCH_STORE_H

#include "../text/text.h"
#include "store.h"


#define CMT__SEGMENT_SMALL      512
#define CMT__SEGMENT_FULL       4096
#define CMT__WORDS_MAX          4096     /* of one comment, with repetitions */
#define CMT__SEGMENT_WORDS_MAX  (1u << 20)
#define CMT__RULE_BYTES_MAX     64
#define CMT__RULES_FOUND_MAX    256      /* of one receipt                   */
#define CMT__RULES_OF_BYTES_MAX (128 * 1024)     /* of a receipt that is read */
#define CMT__WORD_KEY_BYTES     (4 + 1 + CMT__RULE_BYTES_MAX)
#define CMT__FIND_WORK_MAX      20000    /* look-ups in one call; some 20 ms */

/* The state of the table; a record of `meta`. */
typedef struct {
    uint64_t       indexed;      /* ids below it are in segments             */
    uint64_t       changes;      /* of texts and receipts behind it          */
    uint32_t       version;      /* cmt__terms_version() of what is there    */
} cmt__index_t;

typedef struct {
    uint64_t       from;
    unsigned       size;         /* ids                                      */
    unsigned       indexed:1;
} cmt__segment_t;

/* Some of a segment's ids. */
typedef struct {
    uint64_t       bits[CMT__SEGMENT_FULL / 64];
} cmt__idset_t;

/* indexed is 0 when the terms of this process are others.  (index.c) */
int cmt__index_read(cmt_read_t *read, cmt__index_t *index) CMT_CHECK;
int cmt__index_write(cmt__write_t *write, const cmt__index_t *index,
    cmt_error_t *err) CMT_CHECK;

/* Keep the table in step: to be called before a comment's record, or its
 * packed receipt (empty: it goes), is written.  (index.c) */
int cmt__index_follow(cmt__write_t *write, const cmt__comment_t *comment,
    cmt_error_t *err) CMT_CHECK;
int cmt__index_follow_receipt(cmt__write_t *write, uint64_t id,
    cmt_str_t packed, cmt_error_t *err) CMT_CHECK;

/* Bytes of the table's pages, and how many comments they tell of. */
int cmt__index_stats(cmt_read_t *read, uint64_t *bytes, uint64_t *comments)
    CMT_CHECK;


/* What a comment is found by, folded.  In the arena.  (words_of.c) */
#define CMT__FIELDS  5                   /* text, name, website, page, title */

int cmt__words_fields(cmt_read_t *read, const cmt__comment_t *comment,
    cmt_arena_t *arena, cmt_str_t fields[CMT__FIELDS]) CMT_CHECK;

typedef struct {
    size_t         n;                    /* with repetitions                 */
    cmt_str_t     *words;
    unsigned       too_long:1;           /* none, as there would be too many */
} cmt__words_of_t;

int cmt__words_of(cmt_read_t *read, const cmt__comment_t *comment,
    cmt_arena_t *arena, cmt__words_of_t *of) CMT_CHECK;
/* Site, thread and the rules of the receipt (empty: none). */
int cmt__words_of_place(const cmt__comment_t *comment, cmt_str_t receipt,
    cmt_arena_t *arena, cmt__words_of_t *of) CMT_CHECK;
int cmt__words_of_rules(cmt_str_t receipt, cmt_arena_t *arena,
    cmt__words_of_t *of) CMT_CHECK;
cmt_str_t cmt__word_of_site(uint8_t word[5], uint32_t site);
cmt_str_t cmt__word_of_thread(uint8_t word[9], uint64_t thread);
cmt_str_t cmt__word_of_rule(uint8_t word[1 + CMT__RULE_BYTES_MAX],
    cmt_str_t rule);


/* Segments in the table.  (segment.c) */

/* That of an id which is below the next one to be given. */
cmt__segment_t cmt__segment_of(const cmt__index_t *index, uint64_t id);
size_t cmt__segment_key(uint8_t key[CMT__WORD_KEY_BYTES],
    const cmt__segment_t *segment, cmt_str_t word);

typedef struct {
    int64_t        first, last;          /* created                          */
    cmt__idset_t   too_long;
} cmt__segment_head_t;

int cmt__segment_head(cmt_read_t *read, const cmt__segment_t *segment,
    cmt__segment_head_t *head) CMT_CHECK;
int cmt__segment_head_put(cmt__write_t *write, const cmt__segment_t *segment,
    const cmt__segment_head_t *head, cmt_error_t *err) CMT_CHECK;
/* Those with the word; with prefix, with any word that begins so.  *work
 * grows by the number of records that were looked at. */
int cmt__segment_get(cmt_read_t *read, const cmt__segment_t *segment,
    cmt_str_t word, int prefix, cmt__idset_t *set, unsigned *work) CMT_CHECK;

size_t cmt__idset_encode(const cmt__segment_t *segment,
    const cmt__idset_t *set, uint8_t out[sizeof(cmt__idset_t)]);
int cmt__idset_decode(const cmt__segment_t *segment, cmt_str_t value,
    cmt__idset_t *set) CMT_CHECK;

static inline void
cmt__idset_add(cmt__idset_t *set, unsigned at)
{
    set->bits[at / 64] |= (uint64_t) 1 << at % 64;
}

static inline void
cmt__idset_drop(cmt__idset_t *set, unsigned at)
{
    set->bits[at / 64] &= ~((uint64_t) 1 << at % 64);
}

static inline int
cmt__idset_has(const cmt__idset_t *set, unsigned at)
{
    return (int) (set->bits[at / 64] >> at % 64 & 1);
}


/*
 * A segment in memory, made of its comments.  too_long: those that are to be
 * taken as such, for a check; NULL.  The view must not change meanwhile.
 * (segment_make.c)
 */
typedef struct {
    cmt_str_t             word;
    uint32_t              hash;
    uint32_t              n;             /* comments that have it            */
    uint32_t              newest;        /* one of made->entries             */
} cmt__made_word_t;

typedef struct {
    uint32_t              older;         /* one of made->entries             */
    uint32_t              at;            /* id less the segment's first      */
} cmt__made_entry_t;

typedef struct {
    cmt__segment_t        segment;
    cmt__segment_head_t   head;
    size_t                n;
    cmt__made_word_t     *words;         /* in the order of their keys       */
    cmt__made_entry_t    *entries;
} cmt__made_t;

int cmt__segment_make(cmt_read_t *read, const cmt__segment_t *segment,
    const cmt__idset_t *too_long, cmt_arena_t *arena, cmt__made_t *made)
    CMT_CHECK;
void cmt__made_set(const cmt__made_t *made, size_t word, cmt__idset_t *set);

/* Makes one segment, if there is one to be made, and takes it into the table.
 * *left: comments that could be taken still.  (index_step.c) */
int cmt__index_step(cmt_store_t *store, uint64_t *left, cmt_error_t *err)
    CMT_CHECK;
/* The second half of it: does nothing when the state is not any more what it
 * was when the segment was made. */
int cmt__index_take(cmt_store_t *store, const cmt__index_t *index,
    const cmt__made_t *made, cmt_error_t *err) CMT_CHECK;


/*
 * The newest comments that all of this holds of, see cmt_search().  *n goes
 * in as room and comes out as count.  *next: go on below it; 0: that was all.
 * CMT_ENOMEM, CMT_ESTORE, CMT_ECORRUPT.  (find.c)
 */
typedef struct {
    uint32_t              site;          /* 0: all                           */
    cmt_status_t          status;        /* 0: any                           */
    uint64_t              thread;        /* 0: any                           */
    cmt__author_kind_t    author_kind;   /* 0: any; needs a site             */
    cmt__hash_t           author;
    cmt_str_t             rule;          /* empty: any                       */
    int64_t               since, until;  /* 0: no bound                      */
    size_t                n_phrases;
    const cmt__phrase_t  *phrases;
    uint64_t              before;        /* 0: all                           */
    unsigned              work_max;      /* 0: CMT__FIND_WORK_MAX            */
} cmt__find_t;

int cmt__find(cmt_read_t *read, const cmt__find_t *find, uint64_t *ids,
    size_t *n, uint64_t *next) CMT_CHECK;


#endif /* CMT_SEARCH_STORE_H */
