/*
 * kept.c: machines whose files have run, for one comment after the other.
 *
 *   once:          new state, globals, all files run -----> heap, in chunks
 *                                                             | copied
 *                                                             v
 *   each comment:  heap <--- copied back, to the same place --- image
 *                  rules run; what they change lies in the heap and behind it
 *
 * Running the files is the larger part of an evaluation, and it gives the same
 * each time: while they run, nothing of a comment is known to them.  Copying
 * back takes a thirtieth of it.  All that Lua has is in the heap and nowhere
 * else, the state and the table of texts included, and pointers stay good
 * because it never moves.  So there is no list of what a rule may have changed,
 * which could lack something: every byte is as it was.
 *
 * What lies outside: the engine, which is of one evaluation, and is told to the
 * machine each time; ruleset and lists, which nobody writes.  What the files
 * themselves leave outside makes their machine one that is not kept (left in
 * engine.h), and words by language one for that language (asked_language).
 *
 * A machine is used by one thread at a time.  Its hash seed stays the same as
 * long as it is kept; nothing that a rule can see depends on it.
 */

#include <string.h>

#include "engine.h"


struct cmt__kept_s {
    cmt__kept_t     *next;           /* idle, used longer ago                */
    lua_State       *L;
    cmt__heap_t      heap;           /* as the files left it                 */
    char            *image;          /* of what the heap has                 */
    cmt__scratch_t   scratch;
    uint64_t         steps;          /* that the files took                  */
    unsigned         by_language:1;  /* words in it are of this one          */
    cmt_str_t        language;
};


static int fits(const cmt__kept_t *k, const cmt__engine_t *e);
static void attach(cmt__engine_t *e, cmt__kept_t *k);
static cmt__kept_t *cut(cmt__stock_t *stock);
static void drop_all(cmt__kept_t *k);


int
cmt__stock_init(cmt__stock_t *stock)
{
    memset(stock, 0, sizeof(cmt__stock_t));
    stock->n_max = CMT__RULES_KEPT_MAX;

    return pthread_mutex_init(&stock->lock, NULL) == 0 ? CMT_OK : CMT_ENOMEM;
}


void
cmt__stock_destroy(cmt__stock_t *stock)
{
    cmt__stock_empty(stock);
    (void) pthread_mutex_destroy(&stock->lock);
}


void
cmt__stock_empty(cmt__stock_t *stock)
{
    cmt__kept_t  *all;

    (void) pthread_mutex_lock(&stock->lock);
    all = stock->first;
    stock->first = NULL;
    (void) pthread_mutex_unlock(&stock->lock);

    drop_all(all);
}


int
cmt__kept_take(cmt__engine_t *e)
{
    cmt__kept_t   *k, **link;
    cmt__stock_t  *stock;

    stock = e->ruleset->stock;

    (void) pthread_mutex_lock(&stock->lock);

    for (link = &stock->first; *link != NULL; link = &(*link)->next) {
        if (fits(*link, e)) {
            break;
        }
    }

    k = *link;

    if (k != NULL) {
        *link = k->next;
    }

    (void) pthread_mutex_unlock(&stock->lock);

    if (k == NULL) {
        return 0;
    }

    cmt__heap_restore(&k->heap, k->image);
    attach(e, k);
    e->steps_load += k->steps;

    return 1;
}


static int
fits(const cmt__kept_t *k, const cmt__engine_t *e)
{
    return k->heap.used_max == e->ruleset->budget.memory_bytes_max
           && k->steps <= CMT_RULES_STEPS_LOAD - e->steps_load
           && (!k->by_language || cmt__str_eq(k->language, e->language));
}


/* Where the state knows its engine from. */

static void
attach(cmt__engine_t *e, cmt__kept_t *k)
{
    e->kept = k;
    e->L = k->L;
    e->heap = k->heap;
    e->scratch = k->scratch;

    lua_setallocf(e->L, cmt__heap_lua, e);
    *(cmt__engine_t **) lua_getextraspace(e->L) = e;
}


int
cmt__kept_make(cmt__engine_t *e)
{
    cmt__kept_t  *k;

    if (e->left || e->ruleset->stock->n_max == 0
        || 2 * e->heap.used > CMT__RULES_KEPT_BYTES_MAX)
    {
        return CMT_OK;
    }

    k = cmt_calloc(e->heap.arena, sizeof(cmt__kept_t));
    if (k == NULL) {
        return CMT_ENOMEM;
    }

    if (e->asked_language) {
        k->by_language = 1;
        k->language = cmt__str_copy(e->heap.arena, e->language);

        if (k->language.data == NULL) {
            return CMT_ENOMEM;
        }
    }

    if (cmt__heap_keep(&e->heap, &k->image) != CMT_OK) {
        return CMT_ENOMEM;
    }

    k->L = e->L;
    k->heap = e->heap;
    k->scratch = e->scratch;
    k->steps = e->steps;
    e->kept = k;

    return CMT_OK;
}


void
cmt__kept_give(cmt__engine_t *e)
{
    cmt__kept_t   *k;
    cmt__stock_t  *stock;

    k = e->kept;

    if (k == NULL) {
        cmt__machine_close(e);
        return;
    }

    e->kept = NULL;
    e->L = NULL;
    cmt__heap_drop(&e->heap);
    cmt_arena_destroy(e->lookup);
    e->lookup = NULL;

    stock = e->ruleset->stock;

    (void) pthread_mutex_lock(&stock->lock);

    k->next = stock->first;
    stock->first = k;
    k = cut(stock);

    (void) pthread_mutex_unlock(&stock->lock);

    drop_all(k);
}


/* Takes off those that were used longest ago when there are too many. */

static cmt__kept_t *
cut(cmt__stock_t *stock)
{
    size_t         n, bytes;
    cmt__kept_t   *rest, **link;

    n = 0;
    bytes = 0;

    for (link = &stock->first; *link != NULL; link = &(*link)->next) {
        bytes += cmt_arena_used((*link)->heap.arena);

        if (n >= stock->n_max || (n > 0 && bytes > CMT__RULES_KEPT_BYTES_MAX))
        {
            break;
        }

        n++;
    }

    rest = *link;
    *link = NULL;

    return rest;
}


static void
drop_all(cmt__kept_t *k)
{
    cmt__kept_t  *next;

    for ( /* void */ ; k != NULL; k = next) {
        next = k->next;
        cmt_arena_destroy(k->heap.arena);        /* which has k */
    }
}
