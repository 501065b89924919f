/*
 * input.h: the files that a ruleset is made of, and what each of them was
 * when it was read.
 */

#ifndef CMT_RULES_INPUT_H
#define CMT_RULES_INPUT_H

#include <limits.h>
#include <sys/stat.h>

#include "../base/base.h"


#define CMT__INPUTS_MAX  256        /* files, their tests, lists            */


/* What a path was when it was looked at. */
typedef struct {
    const char  *path;               /* in the arena, with NUL               */

    struct {
        int      there;              /* 0: nothing, and all below is 0       */
        uint64_t device, inode, bytes;
        int64_t  written_s, written_ns;
        int64_t  changed_s, changed_ns;
    } seen;
} cmt__stamp_t;

typedef struct cmt__inputs_s {
    cmt_arena_t      *arena;
    unsigned          uid, gid;      /* who must not be able to write them;
                                        uid 0: nobody is asked               */
    const cmt_str_t  *pasted;        /* the only file that there is; NULL: the
                                        disk has them                        */
    size_t            n;
    cmt__stamp_t      stamps[CMT__INPUTS_MAX];
} cmt__inputs_t;

void cmt__inputs_init(cmt__inputs_t *s, cmt_arena_t *arena, unsigned uid,
    unsigned gid);
/* Notes a path, once; what comes behind the CMT__INPUTS_MAX-th is not
 * watched.  CMT_ENOMEM. */
int cmt__inputs_note(cmt__inputs_t *s, const char *path) CMT_CHECK;
void cmt__stamp_take(cmt__stamp_t *stamp);

/* The path of what a file of rules names; what: "list", for messages.  name
 * ends in NUL.  CMT_ERULES, also for whatever pasted rules name; CMT_ENOMEM. */
int cmt__input_find(cmt__inputs_t *s, const char *what, cmt_str_t name,
    const char *beside, char path[PATH_MAX], cmt_error_t *err) CMT_CHECK;
/* The whole file.  The detail says only what is wrong, not where.  CMT_EIO,
 * CMT_ETOOLARGE, CMT_ENOMEM. */
int cmt__input_read(cmt__inputs_t *s, const char *path, size_t bytes_max,
    cmt_arena_t *arena, cmt_str_t *text, cmt_error_t *err) CMT_CHECK;


#endif /* CMT_RULES_INPUT_H */
