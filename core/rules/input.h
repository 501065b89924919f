/*
 * input.h: the files that a ruleset is made of, and what each of them was
 * when it was read.
 */

#ifndef CMT_RULES_INPUT_H
#define CMT_RULES_INPUT_H

#include <limits.h>
#include <sys/stat.h>

#include "../base/base.h"
#include "../store/store.h"


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
    const cmt__generation_t  *given; /* what is read instead of the disk, and
                                        nothing is noted; NULL: the disk     */
    unsigned          record:1;      /* what is read is kept in sources      */
    unsigned          too_many:1;    /* it was more than is kept             */
    size_t            n_sources, bytes;
    cmt__source_t    *sources;       /* room for CMT__SOURCES_MAX            */
    size_t            n;
    cmt__stamp_t      stamps[CMT__INPUTS_MAX];
} cmt__inputs_t;

void cmt__inputs_init(cmt__inputs_t *s, cmt_arena_t *arena, unsigned uid,
    unsigned gid);
/* Notes a path, once; what comes behind the CMT__INPUTS_MAX-th is not
 * watched.  CMT_ENOMEM. */
int cmt__inputs_note(cmt__inputs_t *s, const char *path) CMT_CHECK;
void cmt__stamp_take(cmt__stamp_t *stamp);
/* Is there a file?  Are both the same one, whatever their names? */
int cmt__input_is_there(const cmt__inputs_t *s, const char *path);
int cmt__input_is_same(const cmt__inputs_t *s, const char *a, const char *b);
/* Keeps what is read from now on, up to CMT_GENERATION_BYTES_MAX.
 * CMT_ENOMEM. */
int cmt__inputs_record(cmt__inputs_t *s) CMT_CHECK;

/* The path of what a file of rules names; what: "list", for messages.  name
 * ends in NUL.  CMT_ERULES, also for whatever pasted rules name; CMT_ENOMEM. */
int cmt__input_find(cmt__inputs_t *s, const char *what, cmt_str_t name,
    const char *beside, char path[PATH_MAX], cmt_error_t *err) CMT_CHECK;
/* The whole file.  The detail says only what is wrong, not where.  CMT_EIO,
 * CMT_ETOOLARGE, CMT_ENOMEM. */
int cmt__input_read(cmt__inputs_t *s, const char *path, size_t bytes_max,
    cmt_arena_t *arena, cmt_str_t *text, cmt_error_t *err) CMT_CHECK;


#endif /* CMT_RULES_INPUT_H */
