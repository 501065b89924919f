/*
 * cmt_exchange.h: the part of cmt.h about comments that leave the store and
 * come into it, and all that it knows of one.  cmt.h includes it.
 */

#ifndef CMT_PUBLIC_EXCHANGE_H
#define CMT_PUBLIC_EXCHANGE_H


/*
 * Exchange.  One JSON object a line; docs/exchange.md describes the members.
 * Files of other systems are translated to such lines first.
 */

/* What an import says at its end besides: name, code in JSON, 1 when these
 * comments were skipped, sentence for a person. */
#define CMT_IMPORT_NOTES(X)                                                   \
  X(CMT_NOTE_HIDDEN,      "page_hidden",       1,                             \
    "skipped, their pages are drafts, private, with a password or deleted")   \
  X(CMT_NOTE_NO_PAGE,     "page_missing",      1,                             \
    "skipped, the file does not say on which page they are")                  \
  X(CMT_NOTE_OTHER,       "no_comment",        1,                             \
    "skipped, they are no comments but notes of a plugin")                    \
  X(CMT_NOTE_EMPTY,       "text_missing",      1,                             \
    "skipped, they have no text")                                             \
  X(CMT_NOTE_ORPHAN,      "parent_missing",    0,                             \
    "answer what is not there; they stand by themselves")                     \
  X(CMT_NOTE_EMAIL,       "email_invalid",     0,                             \
    "without their e-mail address, which is none")                            \
  X(CMT_NOTE_WEBSITE,     "website_invalid",   0,                             \
    "without their website, whose address is none")                           \
  X(CMT_NOTE_SHORTENED,   "name_too_long",     0,                             \
    "have a shorter name or title now")

enum {
#define CMT_X(name, code, skipped, text)  name,
    CMT_IMPORT_NOTES(CMT_X)
#undef CMT_X
    CMT_NOTES
};

/* lines = added + known + refused + skipped.  notes: how many comments each
 * of them is about. */
typedef struct {
    uint64_t      lines, added, known, refused, skipped;
    uint64_t      notes[CMT_NOTES];
} cmt_import_stats_t;

/* fn is told of each refused line: "line 7: email_invalid: ...".  Lines that
 * are known from an earlier run are counted and skipped.  in: a FILE*. */
int cmt_import_jsonl(cmt_store_t *store, const cmt_site_t *site, void *in,
    int64_t now, cmt_check_fn fn, void *ctx, cmt_import_stats_t *stats,
    cmt_error_t *err) CMT_CHECK;

/*
 * The same of a file that another system wrote: format is a
 * command's word, such as "wordpress" of "import wordpress".  in: a FILE*;
 * path: of the same file, "-" when it has none, as standard input.
 *
 * The comments are brought in the order of their time first, in a file
 * without a name beside the store.  What is read up to a fault is imported,
 * and then the fault is told: CMT_EIO with its place in the file.  stats are
 * filled in any case.  CMT_EARGUMENT: there is no such format.
 */
int cmt_import_foreign(cmt_store_t *store, const cmt_site_t *site,
    const char *format, void *in, const char *path, int64_t now,
    cmt_check_fn fn, void *ctx, cmt_import_stats_t *stats, cmt_error_t *err)
    CMT_CHECK;

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
