/*
 * cmt_base.h: the part of cmt.h about strings and memory.  cmt.h includes it.
 */

#ifndef CMT_PUBLIC_BASE_H
#define CMT_PUBLIC_BASE_H


#define CMT_VERSION  "0.1.0"

#define CMT_CHECK    __attribute__((warn_unused_result))


typedef struct {
    size_t        len;
    const char   *data;
} cmt_str_t;

#define cmt_str(literal)  ((cmt_str_t) { sizeof(literal) - 1, literal })
#define cmt_null_str      ((cmt_str_t) { 0, NULL })


/*
 * Arena: memory that is given back all at once.  The pieces are aligned for
 * any type.  cmt_alloc() gives NULL when the system has none or when the
 * arena would hold more than bytes_max; callers return CMT_ENOMEM then.
 * A size of 0 gives a valid pointer.
 */

typedef struct cmt_arena_s  cmt_arena_t;

cmt_arena_t *cmt_arena_create(size_t bytes_max);   /* NULL: no memory */
void cmt_arena_reset(cmt_arena_t *arena);          /* keeps its first block */
void cmt_arena_destroy(cmt_arena_t *arena);        /* NULL is allowed */
void cmt_arena_wipe(cmt_arena_t *arena);           /* all pieces hold zeros */
size_t cmt_arena_used(const cmt_arena_t *arena);
void *cmt_alloc(cmt_arena_t *arena, size_t bytes) CMT_CHECK;
void *cmt_calloc(cmt_arena_t *arena, size_t bytes) CMT_CHECK;  /* zeroed */


#endif /* CMT_PUBLIC_BASE_H */
