/*
 * moderators.h: the file of moderators in memory.  Private to actions/.
 */

#ifndef CMT_MODERATORS_H
#define CMT_MODERATORS_H

#include <sys/stat.h>

#include "actions.h"


typedef struct {
    cmt_str_t         name, sites, hash;     /* hash empty: no password */
    cmt_role_t        role;
} cmt__moderator_t;

struct cmt_moderators_s {
    cmt_arena_t      *arena;                 /* holds all, this as well */
    unsigned          refs;
    const char       *path;                  /* with NUL */
    struct stat       st;
    cmt_str_t         content;
    size_t            n;
    cmt__moderator_t *list;
};


/* NULL: nobody of this name. */
const cmt__moderator_t *cmt__moderator_find(const cmt_moderators_t *m,
    cmt_str_t name);
int cmt__moderator_of_site(const cmt__moderator_t *moderator, cmt_str_t site);

/* 1 when it can stand in the file: 1..CMT_MODERATOR_NAME_BYTES_MAX bytes of
 * UTF-8 without blanks, controls, commas and a "#" in front. */
int cmt__moderator_name_ok(cmt_str_t name);
int cmt__moderator_sites_ok(cmt_str_t sites);

/* Takes a line into its fields: 1; 0: there is none in it; -1: it is wrong. */
int cmt__moderator_line(cmt_str_t line, cmt__moderator_t *moderator);

/* The next line of the text, which goes on behind it; 0 at the end. */
int cmt__line_next(cmt_str_t *text, cmt_str_t *line);

/* Changes when the password does.  (session.c) */
void cmt__session_mark(cmt_str_t password_hash, cmt__hash_t *mark);

/* Who this is, in the arena: actor "moderator:NAME". */
int cmt__moderator_who(cmt_str_t name, cmt_role_t role, cmt_arena_t *arena,
    cmt_who_t *who, cmt_error_t *err) CMT_CHECK;


#endif /* CMT_MODERATORS_H */
