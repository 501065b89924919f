/*
 * machine.h: the memory of a machine, its life, and being kept with its files
 * loaded.  A part of engine.h, which includes it.
 */

#ifndef CMT_RULES_MACHINE_H
#define CMT_RULES_MACHINE_H

#include <pthread.h>


#define CMT__RULES_KEPT_MAX        4           /* idle machines of a ruleset */
#define CMT__RULES_KEPT_BYTES_MAX  (4 * 1024 * 1024)   /* all of them        */


/*
 * Memory of a machine.  (heap.c)
 */

typedef struct cmt__chunk_s  cmt__chunk_t;

struct cmt__chunk_s {
    cmt__chunk_t *older;
    char         *data;
    size_t        used;              /* of the newest: when it is kept       */
};

typedef struct {
    cmt_arena_t  *arena;
    cmt_arena_t  *more;              /* for what comes after it was kept;
                                        NULL: nothing did                    */
    cmt__chunk_t *newest;            /* of those in arena                    */
    char         *at, *end;          /* the free rest of the newest chunk    */
    size_t        chunk_bytes;       /* of the next chunk                    */
    size_t        used, used_max;
    size_t        longest;           /* the longest string made so far       */
    unsigned      kept:1;            /* new chunks are of more               */
    unsigned      exhausted:1;       /* used_max was met: nothing more       */
    unsigned      too_long:1;        /* a string over the limit was refused  */
    unsigned      no_memory:1;       /* the system had none                  */
} cmt__heap_t;

int cmt__heap_open(cmt__heap_t *heap, size_t used_max) CMT_CHECK;
void cmt__heap_close(cmt__heap_t *heap);
/* Memory of the machine that Lua does not see; NULL: over the limit. */
void *cmt__heap_alloc(cmt__heap_t *heap, size_t bytes) CMT_CHECK;
/* A lua_Alloc; ud is the engine. */
void *cmt__heap_lua(void *ud, void *block, size_t old_bytes, size_t bytes);
/* Copies what is used, into memory beside it.  CMT_ENOMEM. */
int cmt__heap_keep(cmt__heap_t *heap, char **image) CMT_CHECK;
/* What was used then is again, to the byte, as it was then; heap: as
 * cmt__heap_keep() left it. */
void cmt__heap_restore(const cmt__heap_t *heap, const char *image);
/* Gives back what came after that. */
void cmt__heap_drop(cmt__heap_t *heap);

/* Text that a helper builds; nested helpers (a function given to gsub that
 * calls gsub) build behind it.  Every call may raise. */
typedef struct {
    char         *data;
    size_t        len, size;
} cmt__scratch_t;

size_t cmt__scratch_begin(lua_State *L);
void cmt__scratch_put(lua_State *L, const char *data, size_t len);
/* Room for len bytes to write into; they count from now on. */
char *cmt__scratch_room(lua_State *L, size_t len);
/* Pushes what was put since begin and forgets it. */
void cmt__scratch_push(lua_State *L, size_t begin);


/*
 * The machine of an engine.  (machine.c)
 */

#define CMT__MACHINE_WORDS_BYTES  512

/* CMT_ENOMEM; CMT_ERULES when bytes_max is not enough for Lua alone. */
int cmt__machine_open(cmt__engine_t *e, size_t bytes_max, cmt_error_t *err)
    CMT_CHECK;
/* Runs fn(L), protected.  CMT_ENOMEM; CMT_ERULES with the error's text. */
int cmt__machine_call(cmt__engine_t *e, lua_CFunction fn, cmt_error_t *err)
    CMT_CHECK;
void cmt__machine_close(cmt__engine_t *e);
/* All three. */
int cmt__machine_once(cmt__engine_t *e, size_t bytes_max, lua_CFunction fn,
    cmt_error_t *err) CMT_CHECK;
/* Why a protected call failed, which left it on top. */
cmt_str_t cmt__machine_error(cmt__engine_t *e, int status,
    char words[CMT__MACHINE_WORDS_BYTES]);


/*
 * Machines that ran all files of a ruleset and no rule yet, for any thread.
 * (kept.c)
 */

typedef struct cmt__kept_s  cmt__kept_t;

typedef struct {
    pthread_mutex_t  lock;           /* for all below                        */
    cmt__kept_t     *first;          /* used last                            */
    size_t           n_max;          /* 0: none is kept                      */
} cmt__stock_t;

int cmt__stock_init(cmt__stock_t *stock) CMT_CHECK;       /* CMT_ENOMEM      */
void cmt__stock_destroy(cmt__stock_t *stock);
/* Drops all that are idle. */
void cmt__stock_empty(cmt__stock_t *stock);
/* Gives the engine a machine, as its files left it; 0: there is none. */
int cmt__kept_take(cmt__engine_t *e);
/* Keeps the machine of the engine, whose files have just run, if it can be.
 * CMT_ENOMEM. */
int cmt__kept_make(cmt__engine_t *e) CMT_CHECK;
/* Ends the use of the machine, kept or not. */
void cmt__kept_give(cmt__engine_t *e);


#endif /* CMT_RULES_MACHINE_H */
