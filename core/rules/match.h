/*
 * match.h: the matcher of Lua's patterns, as match.c and gsub.c use it.
 */

#ifndef CMT_RULES_MATCH_H
#define CMT_RULES_MATCH_H

#include "engine.h"


#define CMT__SPECIALS        "^$*+?.([%-"

#define CMT__CAPTURES_MAX    32
#define CMT__CAPTURE_OPEN    (-1)    /* its ")" was not met yet              */
#define CMT__CAPTURE_PLACE   (-2)    /* "()": a position                     */

typedef struct {
    lua_State    *L;
    const char   *text, *text_end;
    const char   *pattern_end;
    unsigned      depth;             /* of match() within match(), left      */
    unsigned      steps;             /* not charged yet                      */
    int           level;             /* captures, open ones too              */
    struct {
        const char  *at;
        ptrdiff_t    len;
    } capture[CMT__CAPTURES_MAX];
} cmt__match_t;

void cmt__match_init(cmt__match_t *m, lua_State *L, cmt_str_t text,
    cmt_str_t pattern);
/* Where the match that begins at s ends, or NULL.  Raises. */
const char *cmt__match_at(cmt__match_t *m, const char *s, const char *pattern);
/* The first match at s or behind; *end.  NULL: none. */
const char *cmt__match_from(cmt__match_t *m, const char *s,
    const char *pattern, const char **end);
/* Charges what was not charged yet. */
void cmt__match_settle(cmt__match_t *m);
/* Pushes capture i; number 0 of a pattern without captures is all of it. */
void cmt__match_push(cmt__match_t *m, int i, const char *s, const char *end);
/* Pushes all, the whole match when there are none; how many. */
int cmt__match_push_all(cmt__match_t *m, const char *s, const char *end);


#endif /* CMT_RULES_MATCH_H */
