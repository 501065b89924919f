/*
 * cmt_search.h: the part of cmt.h about finding comments.  cmt.h includes it.
 *
 * WORDS
 *
 * A comment is found by the words of its text as it was typed, the name and
 * the website of its author, and the path and the title of its page.  They
 * are folded as rules fold them (docs/rules.md), so that case, accents and
 * letters that look alike make no difference.
 *
 *   casino bonus        both words, in any order, in any of these
 *   "free money"        one behind the other
 *   casin*              words that begin so
 *   spam.example        words in a row, as if it were quoted
 *
 * Chinese, Japanese, Thai and other scripts without blanks are found by any
 * part of their text; an emoji is a word.
 *
 * COST
 *
 * Words are looked up in an index that is made in the background, some
 * hundred comments at a time, so that posts do not pay for it.  What is not
 * in it yet is read through; a search is always complete.  One call does a
 * bounded amount of work: it may end before it has found `limit` comments,
 * and then `next` says where to go on.  That is some milliseconds at most
 * times, and some tens of them at worst: a pool thread or the tool, please,
 * and not an event loop.
 */

#ifndef CMT_SEARCH_H
#define CMT_SEARCH_H


#define CMT_SEARCH_BYTES_MAX    500      /* of what is typed                */
#define CMT_SEARCH_TERMS_MAX    64       /* words in it                     */
#define CMT_AUTHOR_KEY_CHARS    8        /* hex digits, 32 at most          */

typedef struct {
    cmt_str_t     site;          /* name; empty: all sites                    */
    cmt_str_t     words;         /* empty: all comments                       */
    cmt_status_t  status;        /* 0: any                                    */
    cmt_str_t     page;          /* its path; empty: any                      */
    cmt_str_t     author;        /* the first CMT_AUTHOR_KEY_CHARS or more
                                    digits of the author's hash, as items
                                    have them; needs a site; empty: any       */
    uint64_t      author_of;     /* the author of this comment; 0: any        */
    cmt_str_t     rule;          /* that spoke, by its name in the receipt    */
    int64_t       since, until;  /* created in this time, Unix seconds, until
                                    is not in it; 0: no bound                 */
    uint64_t      before;        /* ids below it; 0: all                      */
    unsigned      limit;         /* 1..CMT_LIMIT_MAX                          */
} cmt_search_t;

typedef struct {
    uint64_t      ids[CMT_LIMIT_MAX];    /* newest first                      */
    size_t        n;
    uint64_t      next;          /* `before` of the next call; 0: that was
                                    all                                       */
} cmt_found_t;

/*
 * All that is given must hold.  The cursor is an id, so that nothing is left
 * out or comes twice when comments move meanwhile.
 * CMT_EARGUMENT with err->field: words (too long, or no word in it), page,
 * author (no such digits, or those of two authors), limit; CMT_ENOTFOUND: no
 * such site; CMT_ENOMEM, CMT_ESTORE, CMT_ECORRUPT.
 */
int cmt_search(cmt_read_t *read, const cmt_search_t *search,
    cmt_found_t *found, cmt_error_t *err) CMT_CHECK;

/* The same as JSON lines of cmt_comment_dump(). */
int cmt_search_lines(cmt_read_t *read, const cmt_search_t *search,
    cmt_arena_t *arena, cmt_found_t *found, cmt_str_t *lines,
    cmt_error_t *err) CMT_CHECK;

/*
 * Takes what waits into the index, for ms_max milliseconds or, with 0, all of
 * it.  Some of the newest comments always wait: *left counts those that could
 * be taken now.  Works beside others that write, in short transactions, and
 * beside others that do the same.  cmt_store_maintain() calls it: only who
 * has brought many comments at once needs to.  CMT_ESTORE, CMT_EFULL,
 * CMT_ENOMEM.
 */
int cmt_search_index(cmt_store_t *store, unsigned ms_max, uint64_t *left,
    cmt_error_t *err) CMT_CHECK;


#endif /* CMT_SEARCH_H */
