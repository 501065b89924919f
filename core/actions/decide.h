/*
 * decide.h: what the parts of a decision share.  Private to decide*.c.
 */

#ifndef CMT_DECIDE_H
#define CMT_DECIDE_H

#include "actions.h"


typedef struct {
    cmt_do_t        what;
    uint64_t        id, version, undo;
    cmt_str_t       note;
    cmt__text_t     text;                /* of an edit, with HTML            */
    cmt__hash_t     fingerprint;
    uint8_t         salt[CMT__SALT_BYTES];
} cmt__item_t;

typedef struct {
    cmt_change_t        change;
    const cmt_site_t   *site;            /* NULL: any                        */
    cmt_who_t           who;
    int64_t             now;
    cmt_arena_t        *arena;
    size_t              n;
    cmt__item_t        *items;
    cmt_decided_t      *decided;         /* as many                          */
} cmt__decide_t;

/* A row for each cmt_do_t. */
typedef struct {
    const char         *name;
    cmt__did_t          did;             /* 0: an undo, which has another's  */
    cmt_status_t        status;          /* 0: stays                         */
} cmt__doing_t;

extern const cmt__doing_t  cmt__doings[];

/* One decision in the write transaction; site 0: any.  Its outcome, also a
 * refusal, is in *decided; the code is that of the store.  (decide_item.c) */
int cmt__item_apply(cmt__write_t *write, cmt__decide_t *decide,
    const cmt__item_t *item, uint32_t site, cmt_decided_t *decided,
    int *wrote, cmt_error_t *err) CMT_CHECK;

/* The deed that an undo of the number (0: the newest) takes back: CMT_OK;
 * CMT_EUNDO; CMT_ENOTFOUND: it was taken back before.  (decide_undo.c) */
int cmt__undo_find(cmt_read_t *read, uint64_t id, uint64_t number,
    cmt__deed_t *deed) CMT_CHECK;


#endif /* CMT_DECIDE_H */
