/*
 * actions/: what can be done to the comments of a site, one file each.  A
 * file reads as a recipe: prepare, then apply.
 *
 * Applying is pure: no Lua, no clock, no randomness, no network.  The same
 * changes in the same order give the same store.
 */

#ifndef CMT_ACTIONS_H
#define CMT_ACTIONS_H

#include "../base/base.h"
#include "../privacy/privacy.h"
#include "../rules/rules.h"
#include "../store/store.h"
#include "../text/text.h"


/*
 * Applies one change.  CMT_OK: it is decided, and change->result says how
 * (result.rc is a refusal or CMT_OK).  Anything else: the store failed, and
 * what was written so far must be aborted with the whole transaction.
 * *wrote is set to 1 before the first write.
 */
typedef int (*cmt__apply_fn)(cmt__write_t *write, cmt_change_t *change,
    int *wrote, cmt_error_t *err);

/* The head of every change; the actions put theirs behind it. */
struct cmt_change_s {
    cmt__apply_fn  apply;
    cmt_result_t   result;
};

/* Makes the change refused; always CMT_OK, for `return`. */
int cmt__refuse(cmt_change_t *change, int rc, const char *field,
    unsigned retry_seconds);


/* What both posting and importing check and make of the typed fields.
 * (fields.c) */
typedef struct {
    cmt_str_t      page, title, name, website;
    cmt__text_t    text;
    cmt__hash_t    identity;             /* zero: no e-mail given */
} cmt__fields_t;

typedef struct {
    cmt_str_t      page, title, name, email, website, text;
    cmt_markup_t   markup;
    unsigned       lenient:1;            /* old comments: nothing is required
                                            but page and text */
    unsigned       hollow:1;             /* nor a text: a deleted comment */
} cmt__typed_t;

int cmt__fields_make(const cmt_site_t *site, const cmt__typed_t *typed,
    cmt_arena_t *arena, cmt__fields_t *fields, cmt_error_t *err) CMT_CHECK;

/* Keyed hash by which the same words of the same author are known again. */
void cmt__fields_fingerprint(const cmt_site_t *site,
    const cmt__fields_t *fields, uint64_t parent, cmt__hash_t *out);


/* Who posts, as far as hashes tell, and what is answered. */
typedef struct {
    uint64_t       parent;               /* 0: none */
    cmt__hash_t    cookie;               /* that was sent; zero: none */
    cmt__hash_t    address;
} cmt__asker_t;

/*
 * What the rules may know of a comment: the fields and, in one snapshot, the
 * author's history, the thread and the parent.  A typed e-mail proves
 * nothing: approved comments count only by the cookie, while bad marks count
 * by either.  Everything is copied into the arena.  (facts.c)
 */
int cmt__facts_of_post(cmt_store_t *store, const cmt_site_t *site,
    const cmt__fields_t *fields, const cmt__asker_t *asker, int64_t now,
    cmt_arena_t *arena, cmt__facts_t *facts, cmt_error_t *err) CMT_CHECK;

/* The receipt of a comment that is held because the rules could not run.
 * (facts.c) */
int cmt__receipt_of_trouble(cmt_arena_t *arena, const cmt_error_t *trouble,
    cmt_str_t *receipt) CMT_CHECK;


/* Import.  (import.c) */
typedef struct {
    cmt_str_t      uid, parent_uid;      /* parent_uid empty: none */
    cmt_str_t      page, title, name, email, website, text;
    int            has_identity;
    uint8_t        identity[CMT_HASH_BYTES];
    cmt_markup_t   markup;
    cmt_kind_t     kind;
    cmt_status_t   status;
    int64_t        created, edited;
    cmt_str_t      receipt;              /* JSON, or empty */
} cmt__import_t;

/*
 * result.replayed is 1 when the uid is known; CMT_EPARENT when parent_uid is
 * not.  Errors of prepare: those of validation, with err->field.
 */
int cmt__import_prepare(const cmt_site_t *site, const cmt__import_t *in,
    int64_t now, cmt_arena_t *arena, cmt_change_t **change, cmt_error_t *err)
    CMT_CHECK;


#endif /* CMT_ACTIONS_H */
