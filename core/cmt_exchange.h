/*
 * cmt_exchange.h: the part of cmt.h about comments that leave the store and
 * come into it, and all that it knows of one.  cmt.h includes it.
 */

#ifndef CMT_PUBLIC_EXCHANGE_H
#define CMT_PUBLIC_EXCHANGE_H


/*
 * Exchange.  One JSON object a line; docs/exchange.md describes the members.
 */

typedef struct {
    uint64_t      lines, added, known, refused;
} cmt_import_stats_t;

/* fn is told of each refused line: "line 7: email_invalid: ...".  Lines that
 * are known from an earlier run are counted and skipped.  in: a FILE*. */
int cmt_import_jsonl(cmt_store_t *store, const cmt_site_t *site, void *in,
    int64_t now, cmt_check_fn fn, void *ctx, cmt_import_stats_t *stats,
    cmt_error_t *err) CMT_CHECK;

/* email: of one person, whose deleted comments come along as far as they are
 * kept; empty: all comments.  out: a FILE*.  CMT_EIO when a write fails. */
int cmt_export_jsonl(cmt_store_t *store, const cmt_site_t *site,
    cmt_str_t email, void *out, uint64_t *n, cmt_error_t *err) CMT_CHECK;


/*
 * Why a comment was decided as it was: its receipt as one line for a
 * moderator, and the same as a JSON object with the member "words".
 * CMT_ENOTFOUND: it has no receipt.
 */
int cmt_explain_json(cmt_read_t *read, uint64_t id, cmt_arena_t *arena,
    cmt_str_t *words, cmt_str_t *json, cmt_error_t *err) CMT_CHECK;

/* Everything the store keeps of a comment, for the tool. */
int cmt_comment_dump(cmt_read_t *read, uint64_t id, cmt_arena_t *arena,
    cmt_str_t *json, cmt_error_t *err) CMT_CHECK;


#endif /* CMT_PUBLIC_EXCHANGE_H */
