/*
 * item.h: comments as moderators see them.  Private to render/.
 */

#ifndef CMT_ITEM_H
#define CMT_ITEM_H

#include "render.h"


/* 1: an author's other key is banned by the same comment; both are one ban,
 * listed and lifted at once.  (bans_json.c) */
int cmt__ban_twin(cmt_read_t *read, uint32_t site, const cmt__ban_t *ban);

/* One item; the last "}" is left to the caller. */
int cmt__item_open(cmt__buf_t *b, cmt_read_t *read, const cmt_site_t *site,
    const cmt__comment_t *comment) CMT_CHECK;
/* Items with commas, without brackets; those of another site are left out. */
int cmt__items(cmt__buf_t *b, cmt_read_t *read, const cmt_site_t *site,
    uint32_t site_id, const uint64_t *ids, size_t n) CMT_CHECK;
/* The object of "author". */
int cmt__item_author(cmt__buf_t *b, cmt_read_t *read, const cmt_site_t *site,
    const cmt__comment_t *comment) CMT_CHECK;
/* [{"created","reason"},...]: the first of its reports. */
int cmt__item_reasons(cmt__buf_t *b, cmt_read_t *read,
    const cmt__comment_t *comment) CMT_CHECK;
/* {"approved",...,"deleted","reported"} of a site; 0: all zero. */
int cmt__item_counts(cmt__buf_t *b, cmt_read_t *read, uint32_t site)
    CMT_CHECK;

/* "approve", "edit", "undo" ...: what a deed or an entry of the journal is. */
const char *cmt__did_name(cmt__did_t did, unsigned after, uint64_t undoes);

/* ,"name":value; null when it is empty or 0. */
void cmt__member_str(cmt__buf_t *b, const char *name, cmt_str_t value);
void cmt__member_u64(cmt__buf_t *b, const char *name, uint64_t value);
void cmt__member_time(cmt__buf_t *b, const char *name, int64_t value);
void cmt__member_bool(cmt__buf_t *b, const char *name, int value);
void cmt__member_word(cmt__buf_t *b, const char *name, const char *word);
/* Where the next part of a list begins; 0: nowhere. */
void cmt__member_next(cmt__buf_t *b, uint64_t next);
void cmt__member_markup(cmt__buf_t *b, cmt_markup_t markup);


#endif /* CMT_ITEM_H */
