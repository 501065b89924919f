/*
 * json_read.h: what the two files that read JSON share.  Private to them.
 */

#ifndef CMT_JSON_READ_H
#define CMT_JSON_READ_H

#include "base.h"


typedef struct {
    cmt_arena_t  *arena;
    cmt_error_t  *err;
    const char   *start, *p, *end;
    cmt__json_t  *stack;
    cmt_arena_t  *more;              /* has the stack when it has grown */
    size_t        n, room;
    unsigned      depth;
} cmt__json_reader_t;


/* Each begins where p is, at the first character of its token, and leaves p
 * behind it.  CMT_EJSON, CMT_ENOMEM.  (json_scalar.c) */
int cmt__json_read_string(cmt__json_reader_t *r, cmt_str_t *out) CMT_CHECK;
int cmt__json_read_number(cmt__json_reader_t *r, cmt__json_t *out) CMT_CHECK;
int cmt__json_read_word(cmt__json_reader_t *r, cmt__json_t *out) CMT_CHECK;

/* CMT_EJSON, with the place and the reason; CMT_ENOMEM. */
int cmt__json_refuse(cmt__json_reader_t *r, const char *at, const char *why)
    CMT_CHECK;
int cmt__json_no_memory(cmt__json_reader_t *r) CMT_CHECK;


#endif /* CMT_JSON_READ_H */
