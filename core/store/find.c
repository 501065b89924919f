/*
 * find.c: the newest comments that some things hold of.
 *
 * A segment at a time, from the newest one down:
 *
 *   ids below the cursor   all of the segment, or, when a list is short, those
 *                          of its status or its author
 *   and those with each word, with the site, the thread, the rule
 *   = candidates, whose records are looked at from the newest one down
 *
 * A list leads over segments that have nothing of it.  Of what is in no
 * segment yet, and of phrases, the texts themselves are read.  Work is
 * counted in look-ups, and the search ends between two candidates when there
 * were too many.
 */

#include <string.h>

#include "schema.h"
#include "search.h"


/* A list is worth its look-ups when it has less than this part of a site. */
#define LIST_PART  8
#define LIST_IDS   256               /* are fetched at a time */

/* To read a text costs so many look-ups, and one more for so many bytes. */
#define TEXT_WORK        4
#define TEXT_WORK_BYTES  64

#define FIND_BYTES_MAX  (16 * CMT_TEXT_BYTES_MAX + CMT_ARENA_BYTES_MAX)


typedef struct {
    cmt_read_t          *read;
    const cmt__find_t   *find;
    cmt_arena_t         *arena;
    cmt__index_t         index;
    uint64_t             bound;          /* all ids from here on are done    */
    unsigned             work, work_max;
    unsigned             read_texts:1;   /* phrases need it                  */

    unsigned             by_list:1;
    uint64_t             list[LIST_IDS]; /* the next ones, in falling order  */
    size_t               list_at, list_n;

    uint64_t            *ids;
    size_t               n, room;

    cmt__segment_t       segment;
    cmt__idset_t         candidates;
    cmt__idset_t         too_long;
} finder_t;


static int finder_open(finder_t *f) CMT_CHECK;
static int list_choose(finder_t *f) CMT_CHECK;
static int list_next(finder_t *f, uint64_t bound, uint64_t *id) CMT_CHECK;
static int segment_take(finder_t *f) CMT_CHECK;
static int segment_fill(finder_t *f) CMT_CHECK;
static int segment_words(finder_t *f) CMT_CHECK;
static int word_and(finder_t *f, cmt_str_t word, int prefix,
    cmt__idset_t *set) CMT_CHECK;
static int candidates_take(finder_t *f) CMT_CHECK;
static int candidate_holds(finder_t *f, uint64_t id, int *holds) CMT_CHECK;
static int record_holds(const cmt__find_t *find, const cmt__comment_t *c);
static int rule_holds(finder_t *f, uint64_t id, int *holds) CMT_CHECK;
static int phrases_hold(finder_t *f, const cmt__comment_t *c, int *holds)
    CMT_CHECK;
static int phrase_in(const cmt__phrase_t *phrase, const cmt__term_t *terms,
    size_t n);
static int terms_of(cmt_arena_t *arena, cmt_str_t field, cmt__term_t **terms,
    size_t *n) CMT_CHECK;


int
cmt__find(cmt_read_t *read, const cmt__find_t *find, uint64_t *ids,
    size_t *n, uint64_t *next)
{
    int       rc;
    finder_t  f;

    memset(&f, 0, sizeof(f));
    f.read = read;
    f.find = find;
    f.ids = ids;
    f.room = *n;
    f.work_max = find->work_max == 0 ? CMT__FIND_WORK_MAX : find->work_max;

    f.arena = cmt_arena_create(FIND_BYTES_MAX);
    if (f.arena == NULL) {
        return CMT_ENOMEM;
    }

    rc = finder_open(&f);

    while (rc == CMT_OK && f.bound > 1 && f.n < f.room
           && f.work < f.work_max)
    {
        rc = segment_take(&f);
    }

    cmt_arena_destroy(f.arena);

    if (rc == CMT_OK) {
        *n = f.n;
        *next = f.bound > 1 ? f.bound : 0;
    }

    return rc;
}


static int
finder_open(finder_t *f)
{
    int          rc;
    size_t       i;
    cmt__head_t  head;

    rc = cmt__head_read(f->read, &head);
    if (rc == CMT_OK) {
        rc = cmt__index_read(f->read, &f->index);
    }
    if (rc != CMT_OK) {
        return rc;
    }

    f->bound = head.next_comment;
    if (f->find->before != 0 && f->find->before < f->bound) {
        f->bound = f->find->before;
    }

    for (i = 0; i < f->find->n_phrases; i++) {
        f->read_texts |= f->find->phrases[i].n > 1;
    }

    return list_choose(f);
}


/* The list of an author is short; that of a status perhaps. */

static int
list_choose(finder_t *f)
{
    int                 rc;
    uint64_t            counts[CMT__STATUSES], all;
    unsigned            i;
    cmt_str_t           name;
    const cmt__find_t  *find;

    find = f->find;
    f->by_list = find->author_kind != 0;

    if (f->by_list || find->status == 0 || find->site == 0) {
        return CMT_OK;
    }

    rc = cmt__site_get(f->read, find->site, counts, &name);
    if (rc != CMT_OK) {
        return rc;
    }

    for (i = 0, all = 0; i < CMT__STATUSES; i++) {
        all += counts[i];
    }

    f->by_list = counts[find->status - 1] <= all / LIST_PART
                 || (find->n_phrases == 0 && find->thread == 0
                     && find->rule.len == 0);

    return CMT_OK;
}


/* The list's greatest id below bound, which only falls; 0: there is none. */

static int
list_next(finder_t *f, uint64_t bound, uint64_t *id)
{
    int                 rc;
    const cmt__find_t  *find;

    find = f->find;

    while (f->list_at < f->list_n && f->list[f->list_at] >= bound) {
        f->list_at++;
    }

    if (f->list_at == f->list_n) {
        f->list_at = 0;
        f->list_n = LIST_IDS;

        rc = find->author_kind != 0
             ? cmt__author_comments(f->read, find->site, find->author_kind,
                                    &find->author, bound, f->list,
                                    &f->list_n)
             : cmt__status_comments(f->read, find->site, find->status, bound,
                                    f->list, &f->list_n);
        if (rc != CMT_OK) {
            f->list_n = 0;
            return rc;
        }

        f->work += 1 + (unsigned) f->list_n / 8;
    }

    *id = f->list_n > 0 ? f->list[f->list_at] : 0;

    return CMT_OK;
}


/* Takes all below f->bound that the segment has, and moves f->bound. */

static int
segment_take(finder_t *f)
{
    int                  rc;
    uint64_t             id;
    cmt__segment_head_t  head;

    if (f->by_list) {
        rc = list_next(f, f->bound, &id);
        if (rc != CMT_OK) {
            return rc;
        }

        f->bound = id + 1;
        if (id == 0) {
            return CMT_OK;
        }
    }

    f->segment = cmt__segment_of(&f->index, f->bound - 1);
    memset(&f->too_long, 0, sizeof(f->too_long));

    if (f->segment.indexed) {
        f->work++;

        rc = cmt__segment_head(f->read, &f->segment, &head);
        if (rc != CMT_OK) {
            return rc;
        }

        if ((f->find->since != 0 && head.last < f->find->since)
            || (f->find->until != 0 && head.first >= f->find->until))
        {
            f->bound = f->segment.from;
            return CMT_OK;
        }

        f->too_long = head.too_long;
    }

    rc = segment_fill(f);

    if (rc == CMT_OK && f->segment.indexed) {
        rc = segment_words(f);
    }

    return rc == CMT_OK ? candidates_take(f) : rc;
}


static int
segment_fill(finder_t *f)
{
    int       rc;
    uint64_t  id;

    memset(&f->candidates, 0, sizeof(f->candidates));

    for (id = f->bound - 1; id >= f->segment.from && id > 0; /* void */ ) {

        cmt__idset_add(&f->candidates, (unsigned) (id - f->segment.from));

        if (!f->by_list) {
            id--;
            continue;
        }

        rc = list_next(f, id, &id);
        if (rc != CMT_OK) {
            return rc;
        }
    }

    return CMT_OK;
}


/* What is too long to have words here must be read. */

static int
segment_words(finder_t *f)
{
    int                 rc;
    size_t              i, k;
    uint8_t             word[1 + CMT__RULE_BYTES_MAX];
    cmt__idset_t        set;
    const cmt__find_t  *find;

    find = f->find;
    rc = CMT_OK;

    if (find->site != 0 && !f->by_list) {
        rc = word_and(f, cmt__word_of_site(word, find->site), 0,
                      &f->candidates);
    }
    if (rc == CMT_OK && find->thread != 0) {
        rc = word_and(f, cmt__word_of_thread(word, find->thread), 0,
                      &f->candidates);
    }
    if (rc == CMT_OK && find->rule.len > 0) {
        rc = word_and(f, cmt__word_of_rule(word, find->rule), 0,
                      &f->candidates);
    }

    set = f->candidates;

    for (i = 0; i < find->n_phrases; i++) {
        for (k = 0; k < find->phrases[i].n && rc == CMT_OK; k++) {
            rc = word_and(f, find->phrases[i].terms[k].text,
                          find->phrases[i].terms[k].prefix, &set);
        }
    }

    for (i = 0; i < CMT__SEGMENT_FULL / 64; i++) {
        f->candidates.bits[i] &= set.bits[i] | f->too_long.bits[i];
    }

    return rc;
}


static int
word_and(finder_t *f, cmt_str_t word, int prefix, cmt__idset_t *set)
{
    int           rc;
    size_t        i;
    uint64_t      any;
    cmt__idset_t  have;

    for (i = 0, any = 0; i < CMT__SEGMENT_FULL / 64; i++) {
        any |= set->bits[i];
    }

    if (any == 0) {
        return CMT_OK;
    }

    rc = cmt__segment_get(f->read, &f->segment, word, prefix, &have,
                          &f->work);

    for (i = 0; i < CMT__SEGMENT_FULL / 64 && rc == CMT_OK; i++) {
        set->bits[i] &= have.bits[i];
    }

    return rc;
}


static int
candidates_take(finder_t *f)
{
    int       rc, holds;
    uint64_t  bits, id;
    unsigned  i, bit;

    for (i = CMT__SEGMENT_FULL / 64; i-- > 0; /* void */ ) {

        for (bits = f->candidates.bits[i]; bits != 0;
             bits &= ~((uint64_t) 1 << bit))
        {
            bit = 63 - (unsigned) __builtin_clzll(bits);
            id = f->segment.from + 64 * i + bit;

            rc = candidate_holds(f, id, &holds);
            if (rc != CMT_OK) {
                return rc;
            }

            if (holds) {
                f->ids[f->n++] = id;
            }

            /* after it, so that each call comes further */

            if (f->n == f->room || f->work >= f->work_max) {
                f->bound = id;
                return CMT_OK;
            }
        }
    }

    f->bound = f->segment.from;

    return CMT_OK;
}


static int
candidate_holds(finder_t *f, uint64_t id, int *holds)
{
    int                 rc;
    cmt__comment_t      c;
    const cmt__find_t  *find;

    find = f->find;
    *holds = 0;
    f->work++;

    rc = cmt__comment_get(f->read, id, &c);
    if (rc != CMT_OK) {
        return rc == CMT_ENOTFOUND ? CMT_OK : rc;
    }

    if (!record_holds(find, &c)) {
        return CMT_OK;
    }

    *holds = 1;

    if (find->rule.len > 0 && !f->segment.indexed) {
        rc = rule_holds(f, id, holds);
    }

    if (rc == CMT_OK && *holds && find->n_phrases > 0
        && (f->read_texts || !f->segment.indexed
            || cmt__idset_has(&f->too_long,
                              (unsigned) (id - f->segment.from))))
    {
        rc = phrases_hold(f, &c, holds);
    }

    return rc;
}


static int
record_holds(const cmt__find_t *find, const cmt__comment_t *c)
{
    const cmt__hash_t  *author;

    author = find->author_kind == CMT__BY_EMAIL ? &c->identity : &c->cookie;

    return (find->site == 0 || c->site == find->site)
           && (find->status == 0 || c->status == find->status)
           && (find->thread == 0 || c->thread == find->thread)
           && (find->since == 0 || c->created >= find->since)
           && (find->until == 0 || c->created < find->until)
           && (find->author_kind == 0
               || memcmp(author, &find->author, sizeof(cmt__hash_t)) == 0);
}


static int
rule_holds(finder_t *f, uint64_t id, int *holds)
{
    int              rc;
    size_t           i;
    uint8_t          word[1 + CMT__RULE_BYTES_MAX];
    cmt_str_t        receipt, wanted;
    cmt__words_of_t  of;

    *holds = 0;

    cmt_arena_reset(f->arena);

    rc = cmt__receipt_get(f->read, id, f->arena, &receipt);
    if (rc != CMT_OK) {
        return rc == CMT_ENOTFOUND ? CMT_OK : rc;
    }

    f->work += TEXT_WORK + (unsigned) (receipt.len / TEXT_WORK_BYTES);
    wanted = cmt__word_of_rule(word, f->find->rule);

    rc = cmt__words_of_rules(receipt, f->arena, &of);

    for (i = 0; rc == CMT_OK && i < of.n; i++) {
        *holds |= cmt__str_eq(of.words[i], wanted);
    }

    return rc;
}


static int
phrases_hold(finder_t *f, const cmt__comment_t *c, int *holds)
{
    int           rc;
    size_t        n, i;
    uint64_t      left;
    unsigned      k;
    cmt_str_t     fields[CMT__FIELDS];
    cmt__term_t  *terms;

    cmt_arena_reset(f->arena);
    f->work += TEXT_WORK + (unsigned) (c->text.len / TEXT_WORK_BYTES);

    rc = cmt__words_fields(f->read, c, f->arena, fields);

    /* a bit for each phrase that was not seen yet */
    left = ~(uint64_t) 0 >> (64 - f->find->n_phrases);

    for (k = 0; k < CMT__FIELDS && rc == CMT_OK && left != 0; k++) {
        rc = terms_of(f->arena, fields[k], &terms, &n);

        for (i = 0; rc == CMT_OK && i < f->find->n_phrases; i++) {
            if (phrase_in(&f->find->phrases[i], terms, n)) {
                left &= ~((uint64_t) 1 << i);
            }
        }
    }

    *holds = left == 0;

    return rc;
}


static int
phrase_in(const cmt__phrase_t *phrase, const cmt__term_t *terms, size_t n)
{
    size_t              at, i;
    cmt_str_t           have;
    const cmt__term_t  *want;

    for (at = 0; at + phrase->n <= n; at++) {

        for (i = 0; i < phrase->n; i++) {
            want = &phrase->terms[i];
            have = terms[at + i].text;

            if (want->prefix) {
                have = cmt__str_sub(have, 0, want->text.len);
            }

            if (!cmt__str_eq(have, want->text)) {
                break;
            }
        }

        if (i == phrase->n) {
            return 1;
        }
    }

    return 0;
}


static int
terms_of(cmt_arena_t *arena, cmt_str_t field, cmt__term_t **terms, size_t *n)
{
    cmt__buf_t    b;
    cmt__term_t   term;
    cmt__terms_t  walk;

    cmt__buf_init(&b, arena, (field.len / 8 + 1) * sizeof(cmt__term_t));
    cmt__terms_begin(&walk, field);

    for (*n = 0; cmt__terms_next(&walk, &term); (*n)++) {
        cmt__buf_put(&b, &term, sizeof(term));
    }

    *terms = (cmt__term_t *) (void *) b.data;

    return b.failed ? CMT_ENOMEM : CMT_OK;
}
