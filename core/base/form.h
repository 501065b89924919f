/*
 * form.h: what form.c and multipart.c share.
 */

#ifndef CMT_FORM_H
#define CMT_FORM_H

#include "base.h"


/* Head of one part of a multipart form. */
#define CMT__PART_HEAD_BYTES_MAX  4096

/* RFC 2046, 5.1.1. */
#define CMT__BOUNDARY_BYTES_MAX   70


/* The static name of a field that we know, or NULL. */
const char *cmt__form_known(cmt_str_t name);

/* Makes room for the fields of a form. */
int cmt__form_init(cmt_arena_t *arena, cmt_form_t *form, cmt_error_t *err)
    CMT_CHECK;

/* Adds a field whose name and value are in the arena, after checking both.
 * CMT_EFORM, CMT_EUTF8. */
int cmt__form_add(cmt_form_t *form, cmt_str_t name, cmt_str_t value,
    cmt_error_t *err) CMT_CHECK;

/*
 * Parameters of a header such as "text/plain; charset=utf-8": takes the next
 * one off *rest, which begins with ";" or is empty, and unquotes its value
 * into the arena.
 * 1: a parameter; 0: no more; CMT_EFORM, CMT_ENOMEM.
 */
int cmt__form_param(cmt_arena_t *arena, cmt_str_t *rest, cmt_str_t *name,
    cmt_str_t *value) CMT_CHECK;

/* Decodes %XX, and with plus also "+", from s into out of at least s.len
 * bytes.  CMT_EFORM: a malformed %. */
int cmt__form_decode(cmt_str_t s, int plus, char *out, size_t *len) CMT_CHECK;

/* A form as RFC 7578 describes it. */
int cmt__form_multipart(cmt_arena_t *arena, cmt_str_t boundary,
    cmt_str_t body, cmt_form_t *form, cmt_error_t *err) CMT_CHECK;


#endif /* CMT_FORM_H */
