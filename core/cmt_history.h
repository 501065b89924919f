/*
 * cmt_history.h: rules that served.  Included by cmt.h.
 */

#ifndef CMT_HISTORY_H
#define CMT_HISTORY_H


/*
 * The store keeps the files of rules that served, so that a receipt can be
 * read beside them: the newest CMT_GENERATIONS_KEPT, and those by which
 * comments that are there were decided, CMT_GENERATIONS_MAX in all.
 *
 * cmt_rules_keep         puts the files that serve there unless they are: a
 *                        look into the store, and once a transaction.  What
 *                        is larger than CMT_GENERATION_BYTES_MAX is left out.
 *                        CMT_ESTORE, CMT_EFULL and others of a commit.
 * cmt_ruleset_load_kept  as cmt_ruleset_load(), of kept files and with the
 *                        budget that they had.  digest: of a receipt, or at
 *                        least 6 of its digits.  CMT_ENOTFOUND.
 * cmt_rules_history_json {"generations":[{"ruleset","since","files":[...]}]},
 *                        the oldest first.
 * cmt_kept_files         the files themselves, in the arena; *n of them.
 *                        CMT_ENOTFOUND.
 * cmt_kept_has           1 when this text is one of a file that is kept
 */
int cmt_rules_keep(cmt_store_t *store, cmt_rules_t *rules, int64_t now,
    cmt_error_t *err) CMT_CHECK;
int cmt_ruleset_load_kept(cmt_store_t *store, cmt_str_t digest,
    int run_tests, cmt_ruleset_t **ruleset, cmt_error_t *err) CMT_CHECK;
int cmt_rules_history_json(cmt_store_t *store, cmt_arena_t *arena,
    cmt_str_t *json, cmt_error_t *err) CMT_CHECK;

/*
 * The guard holds rules that have changed against those that serve, before
 * they do: by the verdicts of both on the newest comments.  compare is asked
 * by cmt_rules_look(), in its thread, and cmt_rules_compare() is one, with a
 * store as ctx; it takes some 100 us for a comment.  When more than percent
 * of at least CMT_GUARD_COMMENTS_MIN verdicts would be others, the new rules
 * are refused; percent 0 refuses none.  What compare gave is in the state.
 * An error of compare is no reason to refuse.
 */
#define CMT_GUARD_COMMENTS_MAX  200
#define CMT_GUARD_COMMENTS_MIN  20
#define CMT_GUARD_LOOKS_MAX     1000         /* also at what is deleted       */
#define CMT_GUARD_WARN_PERCENT  10           /* is worth a line in the log    */

typedef int (*cmt_rules_compare_fn)(void *ctx, const cmt_ruleset_t *before,
    const cmt_ruleset_t *after, cmt_rules_compared_t *compared,
    cmt_error_t *err);

void cmt_rules_guard(cmt_rules_t *rules, cmt_rules_compare_fn compare,
    void *ctx, unsigned percent);
int cmt_rules_compare(void *ctx, const cmt_ruleset_t *before,
    const cmt_ruleset_t *after, cmt_rules_compared_t *compared,
    cmt_error_t *err) CMT_CHECK;
/* More than so many of a hundred, and enough of them to tell? */
int cmt_rules_differ(const cmt_rules_compared_t *compared, unsigned percent);

typedef struct {
    cmt_str_t     path;          /* as the configuration has it; ends in NUL  */
    cmt_str_t     text;
} cmt_kept_file_t;

int cmt_kept_files(cmt_store_t *store, cmt_str_t digest, cmt_arena_t *arena,
    cmt_kept_file_t **files, size_t *n, cmt_error_t *err) CMT_CHECK;
int cmt_kept_has(cmt_read_t *read, cmt_str_t text);


#endif /* CMT_HISTORY_H */
