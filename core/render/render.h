/*
 * render/: from records to answers.
 */

#ifndef CMT_RENDER_H
#define CMT_RENDER_H

#include "../actions/actions.h"


/* Who looks: decides what is theirs and which held comments they may see. */
typedef struct {
    cmt__hash_t    cookie;       /* zero: nobody in particular */
    cmt_read_t    *votes;        /* where votes of the cookie are; NULL: none */
    unsigned       text:1;       /* own comments come with what was typed */
} cmt__viewer_t;

/* Who has sent this cookie; 1 when it is one. */
int cmt__viewer_make(cmt_read_t *read, const cmt_site_t *site,
    cmt_str_t cookie, cmt__viewer_t *viewer);

/*
 * Writes one comment object.  A comment that is not approved is a gap
 * (status "deleted", no author, no text) unless own is 1: then its author
 * looks, and all that waits is "pending".
 */
void cmt__render_comment(cmt__buf_t *b, const cmt__comment_t *comment,
    const cmt__viewer_t *viewer, int own, cmt_str_t message);


#endif /* CMT_RENDER_H */
