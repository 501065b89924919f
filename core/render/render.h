/*
 * render/: from records to answers.
 */

#ifndef CMT_RENDER_H
#define CMT_RENDER_H

#include "../actions/actions.h"
#include "../text/lang.h"


/* The sentence of a code; lang NULL: in English.  (error.c) */
cmt_str_t cmt__error_words(int rc, const cmt__lang_t *lang);


/* Who looks: decides what is theirs and which held comments they may see. */
typedef struct {
    cmt__hash_t    cookie;       /* zero: nobody in particular */
    cmt_read_t    *votes;        /* where votes of the cookie are; NULL: none */
    unsigned       text:1;       /* own comments come with what was typed */
} cmt__viewer_t;

/* Who has sent this cookie, in a thread of the site with that number; 1 when it
 * is one. */
int cmt__viewer_make(cmt_read_t *read, const cmt_site_t *site,
    cmt_str_t cookie, uint32_t number, uint64_t thread,
    cmt__viewer_t *viewer);

/* The votes that a comment has, as this reader is shown them. */
typedef struct {
    uint64_t       up, down;
    int            mine;         /* 1, -1, or 0 for none */
} cmt__votes_t;

cmt__votes_t cmt__viewer_votes(const cmt__viewer_t *viewer,
    const cmt__comment_t *comment);

/*
 * Writes one comment object.  A comment that is not approved is a gap
 * (status "deleted", no author, no text) unless own is 1: then its author
 * looks, and all that waits is "pending".
 */
void cmt__render_comment(cmt__buf_t *b, const cmt_site_t *site,
    const cmt__comment_t *comment, const cmt__viewer_t *viewer, int own,
    cmt_str_t message);

/* The address of an author's picture, as it may stand in JSON and HTML. */
void cmt__render_avatar(cmt__buf_t *b, const cmt_site_t *site,
    const cmt__comment_t *comment);


/*
 * The comments of a thread that a query asks for, as its reader sees them.
 * thread and viewer are there from the start; more and last (id of the last
 * one that is not the reader's own and waits) when all have been taken.
 * (shown.c)
 */
typedef struct cmt__shown_s  cmt__shown_t;

typedef struct {
    cmt__thread_t  thread;       /* zeros: nobody has commented yet */
    cmt__viewer_t  viewer;
    uint64_t       last;
    unsigned       more:1;
} cmt__shown_page_t;

/* CMT_EARGUMENT with err->field "after", "at" or "parent". */
int cmt__shown_open(cmt_read_t *read, const cmt_site_t *site,
    const cmt_thread_t *thread, const cmt_thread_query_t *query,
    cmt_arena_t *arena, cmt__shown_t **shown, cmt_error_t *err) CMT_CHECK;
/* own is 1 for one that waits for a moderator.  CMT_ENOTFOUND at the end. */
int cmt__shown_next(cmt__shown_t *shown, const cmt__comment_t **comment,
    int *own) CMT_CHECK;
const cmt__shown_page_t *cmt__shown_page(const cmt__shown_t *shown);
void cmt__shown_close(cmt__shown_t *shown);


/* Where a reader is, for links that lead back there. */
typedef struct {
    const cmt_site_t          *site;
    const cmt__lang_t         *lang;
    unsigned                   language;
    cmt_str_t                  page;     /* canonical path */
    const cmt_thread_query_t  *query;
    int64_t                    now;
    unsigned                   open:1;   /* new comments are taken */
    unsigned                   is_long:1;
} cmt__place_t;

typedef struct {
    cmt_sort_t                 sort;
    uint64_t                   after, at, reply_to;     /* 0: none */
} cmt__part_t;

/* Of so many comments, some may stand on another page than the first. */
int cmt__thread_long(const cmt_site_t *site, uint64_t count);

/* "PAGE?comments_sort=...&amp;comments_after=...&amp;reply_to=ID#FRAGMENT",
 * only what differs from the first page; for an attribute. */
void cmt__html_link(cmt__buf_t *b, const cmt__place_t *place,
    const cmt__part_t *link, const char *fragment);

/* To one comment of the page, wherever in the thread it stands. */
void cmt__html_permalink(cmt__buf_t *b, const cmt__place_t *place,
    uint64_t id);

/* As a component of an address, RFC 3986, 2.3: nothing is left to escape but
 * what of plain is there. */
void cmt__link_encode(cmt__buf_t *b, cmt_str_t s, const char *plain);

/* "?comments_at=ID#comment-ID", behind the page's path; in a thread that is
 * not long, "#comment-ID".  amp: how "&" is written there. */
void cmt__link_to(cmt__buf_t *b, cmt_str_t page, int is_long, uint64_t id,
    const char *amp);

/*
 * One <article>.  answered: the comment it answers, when its place does not
 * tell; else NULL.  (comment_html.c)
 */
void cmt__comment_html(cmt__buf_t *b, const cmt__place_t *place,
    const cmt__comment_t *comment, const cmt__viewer_t *viewer, int own,
    const cmt__comment_t *answered);

/* BEFORE and the address of a file that is compiled in, and BEHIND. */
void cmt__asset_html(cmt__buf_t *b, cmt_str_t prefix, const char *before,
    const char *name, const char *behind);

/* That of the words of a language, in the folder of web/: "i18n".  With it as
 * the argument v of C/words a browser keeps them until they change. */
void cmt__words_version(cmt__buf_t *b, const char *folder, unsigned language);

/* Links to share the page, if the site has any.  (share_html.c) */
void cmt__share_html(cmt__buf_t *b, const cmt__place_t *place,
    const cmt__thread_t *thread);

/* The pinned comment of the first page; CMT_ENOTFOUND: there is none to be
 * seen.  (pinned.c) */
int cmt__pinned_get(cmt_read_t *read, const cmt__thread_t *thread,
    const cmt_thread_query_t *query, cmt__comment_t *comment) CMT_CHECK;
void cmt__pinned_html(cmt__buf_t *b, const cmt__place_t *place,
    const cmt__comment_t *comment);

/* The form, empty or with what was typed and refused.  (form_html.c) */
typedef struct {
    const cmt_form_t          *typed;    /* NULL: empty */
    const cmt_error_t         *error;    /* NULL: none */
    cmt_str_t                  message;
    cmt_str_t                  reply_name;   /* whom it answers */
    uint64_t                   reply_to;     /* 0: nobody */
    uint64_t                   edits;        /* id of a comment; 0: a new one */
    cmt_str_t                  token;
    cmt_str_t                  ticket;       /* empty: nothing was asked */
    cmt_str_t                  signed_in;    /* name; empty: one is asked for
                                                name and e-mail */
} cmt__form_view_t;

/* *token_at: where the token stands in b. */
void cmt__form_html(cmt__buf_t *b, const cmt__place_t *place,
    const cmt__form_view_t *form, size_t *token_at);
/* The form for what form->typed says, on a page of its own.  (error.c) */
void cmt__form_again(cmt__buf_t *b, const cmt_site_t *site,
    unsigned language, const cmt__lang_t *lang, cmt__form_view_t *form,
    int64_t now);

/* A page of its own, without its middle.  (page_html.c) */
void cmt__page_start(cmt__buf_t *b, const cmt_site_t *site,
    unsigned language, cmt_str_t title);
/* The link to the page, there to the comment, as cmt__link_to(); id 0: to its
 * comments. */
void cmt__page_back(cmt__buf_t *b, const cmt__lang_t *lang, cmt_str_t page,
    int is_long, uint64_t id);
void cmt__page_end(cmt__buf_t *b);


/*
 * Files of rules, as this role is told of them.  The i-th path; 0: there is
 * none.  Why they were refused, which is made UTF-8.  (rules_shown.c)
 */
int cmt__rules_path(const cmt_rules_t *rules, size_t i, cmt_role_t role,
    cmt_str_t *path);
cmt_str_t cmt__rules_reason(char *reason, cmt_role_t role);

/*
 * What a moderator's address asks for, docs/http-api.md; any: whatever the
 * status.  CMT_EARGUMENT with err->field.  (desk.c)
 */
int cmt__desk_query(const cmt_form_t *args, cmt_queue_query_t *query,
    int *any, cmt_error_t *err) CMT_CHECK;


#endif /* CMT_RENDER_H */
