/*
 * cmt_read.h: the part of cmt.h about reading: threads, comments, counts.
 * cmt.h includes it.
 */

#ifndef CMT_PUBLIC_READ_H
#define CMT_PUBLIC_READ_H


/*
 * Reading.
 */

typedef enum {
    CMT_SORT_OLDEST = 0,
    CMT_SORT_NEWEST,
    CMT_SORT_TOP                 /* by votes                                  */
} cmt_sort_t;

/* "oldest"; "?".  parse: CMT_EARGUMENT. */
const char *cmt_sort_name(cmt_sort_t sort);
int cmt_sort_parse(cmt_str_t word, cmt_sort_t *sort) CMT_CHECK;

typedef struct {
    cmt_sort_t    sort;
    unsigned      limit;         /* 1..CMT_LIMIT_MAX                          */
    unsigned      depth;         /* levels below the first; 0 = only the first
                                    level; CMT_LEVELS_MAX = all               */
    uint64_t      after;         /* id of the last comment of the page before,
                                    0 = from the start                        */
    uint64_t      at;            /* instead of after: the part that this comment
                                    stands in, 0 = none.  It begins with its
                                    branch, or with the comment itself where
                                    that is too long                          */
    uint64_t      parent;        /* only what answers this comment; 0 = all   */
    cmt_str_t     cookie;        /* of the reader; empty = the public view    */
    int64_t       now;           /* Unix seconds                              */
} cmt_thread_query_t;

typedef struct {
    uint64_t      id;            /* 0: nobody has commented yet               */
    uint64_t      version;       /* grows with every visible change           */
    uint64_t      instance;      /* random, of the store                      */
    uint64_t      snapshot;      /* transaction id of the read                */
    uint64_t      count;         /* of approved comments                      */
    cmt_str_t     page;          /* canonical path, in the arena              */
    int64_t       closes;        /* Unix seconds; 0: by nobody but moderators */
    int64_t       shared;        /* when it was last shared, Unix seconds; 0:
                                    never.  No change of the version          */
} cmt_thread_t;

/* CMT_ESTORE; may wait for nothing. */
int cmt_read_begin(cmt_store_t *store, cmt_read_t **read, cmt_error_t *err)
    CMT_CHECK;
void cmt_read_end(cmt_read_t *read);               /* NULL is allowed */
/* Two reads of one instance with the same snapshot see the same store. */
void cmt_read_state(const cmt_read_t *read, uint64_t *instance,
    uint64_t *snapshot);

/*
 * The newest snapshot that anybody's read could get by now, without taking
 * one: what was read in that snapshot of that instance is not out of date.
 * It may be one that is being committed.  CMT_ESTORE: the environment is
 * being opened anew; never waits.
 */
int cmt_store_state(cmt_store_t *store, uint64_t *instance,
    uint64_t *snapshot) CMT_CHECK;

/* CMT_EPAGE.  A page without comments is found with id 0. */
int cmt_thread_find(cmt_read_t *read, const cmt_site_t *site,
    cmt_str_t page, cmt_arena_t *arena, cmt_thread_t *thread,
    cmt_error_t *err) CMT_CHECK;

/*
 * May what the holder of this cookie sees of the thread differ from what
 * everybody sees?  It does where a comment or a vote in it is theirs.  1 also
 * when it cannot be told: of more than CMT_OWN_LOOKED_MAX comments on the
 * site, and of records that cannot be read.  0 is sure; so it is for what is no
 * author cookie.
 *
 * *until: when the first of the edit windows that are open there ends, Unix
 * seconds, since that changes what they see without any write; 0: none is.
 */
int cmt_thread_own(cmt_read_t *read, const cmt_site_t *site,
    const cmt_thread_t *thread, cmt_str_t cookie, int64_t now,
    int64_t *until) CMT_CHECK;

/* {"page","title","count","closed","sort","comments":[...],"next"}.
 * CMT_EARGUMENT with err->field "after", "at" or "parent", CMT_ENOMEM. */
int cmt_thread_json(cmt_read_t *read, const cmt_site_t *site,
    const cmt_thread_t *thread, const cmt_thread_query_t *query,
    cmt_arena_t *arena, cmt_str_t *json, cmt_error_t *err) CMT_CHECK;

/* {"counts":{"/a":3,"/b":0}}, keys as they were given.  CMT_EPAGE. */
int cmt_count_json(cmt_read_t *read, const cmt_site_t *site,
    const cmt_str_t *pages, size_t n_pages, cmt_arena_t *arena,
    cmt_str_t *json, cmt_error_t *err) CMT_CHECK;

/* "/page#comment-ID", with "?comments_at=ID" when the thread may have more than
 * one part.  CMT_ENOTFOUND, CMT_ENOMEM. */
int cmt_comment_link(cmt_read_t *read, const cmt_site_t *site, uint64_t id,
    cmt_arena_t *arena, cmt_str_t *link) CMT_CHECK;

/*
 * One comment as its reader may see it: approved for everybody, pending for
 * the author with the cookie, else CMT_ENOTFOUND.  The author also gets
 * "text", what was typed, to edit it.  message, when not empty, becomes the
 * member "message".
 */
int cmt_comment_json(cmt_read_t *read, const cmt_site_t *site, uint64_t id,
    cmt_str_t cookie, cmt_str_t message, cmt_arena_t *arena, cmt_str_t *json,
    cmt_error_t *err) CMT_CHECK;

/* The answer to whoever just posted: the comment as its author sees it, with
 * the result's message, whatever cookie was sent. */
int cmt_result_json(cmt_read_t *read, const cmt_site_t *site,
    const cmt_result_t *result, cmt_arena_t *arena, cmt_str_t *json,
    cmt_error_t *err) CMT_CHECK;

/* {"html"}: what would become of the form's text, as an answer to its parent.
 * Takes as long as a post: not for an event loop.  Errors: those of a text,
 * CMT_ESTORE. */
int cmt_preview_json(cmt_store_t *store, const cmt_site_t *site,
    const cmt_form_t *form, cmt_arena_t *arena, cmt_str_t *json,
    cmt_error_t *err) CMT_CHECK;


#endif /* CMT_PUBLIC_READ_H */
