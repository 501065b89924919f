/*
 * shown.c: the comments of a thread as one reader sees them, one after the
 * other in display order: the walk through the places, and between them the
 * reader's own comments that wait.
 */

#include <string.h>

#include "render.h"


/* Own comments that wait, in display order: at shows the next one. */
typedef struct {
    size_t          n, at;
    cmt__comment_t  comments[CMT_OWN_PENDING_MAX];
} pending_t;

struct cmt__shown_s {
    cmt__shown_page_t          page;     /* what the reader of it may see */
    cmt_read_t                *read;
    const cmt_thread_query_t  *query;
    cmt__walk_t               *walk;
    pending_t                  pending;
    cmt__comment_t             parent, at;       /* of the query, if any */
    cmt__comment_t             start;    /* of the part, if not of the thread */
    cmt__comment_t             comment;  /* next one of the walk */
    unsigned                   n;        /* comments of the walk */
    unsigned                   ready:1;  /* comment is there */
    unsigned                   ended:1;  /* the walk is over, */
    unsigned                   last:1;   /* and with it the thread */
};


static int walk_open(cmt__shown_t *shown, uint64_t thread, cmt_arena_t *arena,
    cmt_error_t *err) CMT_CHECK;
static int walk_at(cmt__shown_t *shown, cmt__walk_query_t *q,
    cmt_arena_t *arena, cmt_error_t *err) CMT_CHECK;
static int at_reached(cmt__shown_t *shown, const cmt__walk_query_t *q,
    cmt_arena_t *arena, int *reached) CMT_CHECK;
static int member_get(cmt_read_t *read, uint64_t thread, uint64_t id,
    const char *field, cmt__comment_t *comment, cmt_error_t *err) CMT_CHECK;
static int pending_read(cmt__shown_t *shown) CMT_CHECK;
static int pending_stands(const cmt__shown_t *shown,
    const cmt__comment_t *comment);
static int stands_behind(const cmt__shown_t *shown,
    const cmt__comment_t *comment);
static void pending_insert(cmt__shown_t *shown,
    const cmt__comment_t *comment);
static int display_order(const cmt__shown_t *shown, const cmt__comment_t *a,
    const cmt__comment_t *b);
static int score_of(const cmt__shown_t *shown,
    const cmt__comment_t *comment);
static int walk_on(cmt__shown_t *shown) CMT_CHECK;


int
cmt__shown_open(cmt_read_t *read, const cmt_site_t *site,
    const cmt_thread_t *thread, const cmt_thread_query_t *query,
    cmt_arena_t *arena, cmt__shown_t **out, cmt_error_t *err)
{
    int            rc;
    cmt__shown_t  *shown;

    shown = cmt_calloc(arena, sizeof(cmt__shown_t));
    if (shown == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, "no memory for a thread");
    }

    shown->read = read;
    shown->query = query;

    rc = walk_open(shown, thread->id, arena, err);
    if (rc != CMT_OK) {
        return rc;
    }

    if (thread->id != 0) {
        rc = cmt__thread_get(read, thread->id, &shown->page.thread);

        if (rc == CMT_OK
            && cmt__viewer_make(read, site, query->cookie,
                                shown->page.thread.site, thread->id,
                                &shown->page.viewer))
        {
            rc = pending_read(shown);
        }
        if (rc != CMT_OK) {
            cmt__walk_close(shown->walk);
            return cmt__fail(err, rc, NULL, "thread");
        }
    }

    *out = shown;

    return CMT_OK;
}


const cmt__shown_page_t *
cmt__shown_page(const cmt__shown_t *shown)
{
    return &shown->page;
}


void
cmt__shown_close(cmt__shown_t *shown)
{
    cmt__walk_close(shown->walk);
}


int
cmt__shown_next(cmt__shown_t *shown, const cmt__comment_t **comment, int *own)
{
    int         rc;
    pending_t  *p;

    if (!shown->ready && !shown->ended) {
        rc = walk_on(shown);
        if (rc != CMT_OK) {
            return rc;
        }
    }

    p = &shown->pending;

    if (p->at < p->n
        && (shown->ready
            ? display_order(shown, &p->comments[p->at], &shown->comment) <= 0
            : shown->last))
    {
        *comment = &p->comments[p->at++];
        *own = 1;
        return CMT_OK;
    }

    if (!shown->ready) {
        return CMT_ENOTFOUND;
    }

    shown->ready = 0;
    shown->n++;
    shown->page.last = shown->comment.id;

    *comment = &shown->comment;
    *own = 0;

    return CMT_OK;
}


static int
walk_on(cmt__shown_t *shown)
{
    int       rc;
    uint64_t  id;

    rc = cmt__walk_next(shown->walk, &id);

    if (rc == CMT_ENOTFOUND) {
        shown->ended = 1;
        shown->last = 1;
        return CMT_OK;
    }

    if (rc != CMT_OK) {
        return rc;
    }

    if (shown->n == shown->query->limit) {
        shown->ended = 1;
        shown->page.more = 1;
        return CMT_OK;
    }

    rc = cmt__comment_get(shown->read, id, &shown->comment);
    if (rc != CMT_OK) {
        return CMT_ECORRUPT;
    }

    shown->ready = 1;

    return CMT_OK;
}


static int
walk_open(cmt__shown_t *shown, uint64_t thread, cmt_arena_t *arena,
    cmt_error_t *err)
{
    int                        rc;
    cmt__walk_query_t          q;
    const cmt_thread_query_t  *query;

    query = shown->query;
    memset(&q, 0, sizeof(q));
    q.thread = thread;
    q.sort = query->sort;
    q.levels = query->depth;

    if (query->parent != 0) {
        rc = member_get(shown->read, thread, query->parent, "parent",
                        &shown->parent, err);
        if (rc != CMT_OK) {
            return rc;
        }
        q.parent = &shown->parent;
    }

    if (query->at != 0) {
        rc = walk_at(shown, &q, arena, err);
        if (rc != CMT_OK) {
            return rc;
        }

    } else if (query->after != 0) {
        rc = member_get(shown->read, thread, query->after, "after",
                        &shown->start, err);
        if (rc != CMT_OK) {
            return rc;
        }
        q.after = &shown->start;
    }

    rc = cmt__walk_open(shown->read, &q, arena, &shown->walk);

    return rc == CMT_OK ? CMT_OK
                        : cmt__fail(err, rc, rc != CMT_EARGUMENT ? NULL
                                             : query->at ? "at" : "after",
                                    "walk of a thread");
}


/* Begins with the branch of the comment, unless that fills the part before
 * the comment's turn comes. */
static int
walk_at(cmt__shown_t *shown, cmt__walk_query_t *q, cmt_arena_t *arena,
    cmt_error_t *err)
{
    int       rc, reached;
    unsigned  base;

    base = shown->query->parent == 0 ? 0 : shown->parent.levels;
    q->from = &shown->start;

    rc = member_get(shown->read, q->thread, shown->query->at, "at",
                    &shown->at, err);

    shown->start = shown->at;

    if (rc != CMT_OK || shown->at.levels <= base + 1) {
        return rc;
    }

    rc = cmt__comment_get(shown->read,
                          cmt__place_id(shown->at.place
                                        + base * CMT__PLACE_BYTES),
                          &shown->start);
    if (rc == CMT_OK) {
        rc = at_reached(shown, q, arena, &reached);
    }

    if (rc != CMT_OK) {
        return cmt__fail(err, rc == CMT_ENOTFOUND ? CMT_ECORRUPT : rc,
                         rc == CMT_EARGUMENT ? "at" : NULL,
                         "branch of comment %llu",
                         (unsigned long long) shown->at.id);
    }

    if (!reached) {
        shown->start = shown->at;
    }

    return CMT_OK;
}


/* It may wait, and so not be in the walk: its turn counts. */
static int
at_reached(cmt__shown_t *shown, const cmt__walk_query_t *q,
    cmt_arena_t *arena, int *reached)
{
    int             rc;
    unsigned        n;
    uint64_t        id;
    cmt__walk_t    *walk;
    cmt__comment_t  c;

    rc = cmt__walk_open(shown->read, q, arena, &walk);
    if (rc != CMT_OK) {
        return rc;
    }

    *reached = 0;

    for (n = 0; n < shown->query->limit && !*reached; n++) {

        rc = cmt__walk_next(walk, &id);
        if (rc == CMT_OK) {
            rc = cmt__comment_get(shown->read, id, &c);
        }
        if (rc != CMT_OK) {
            break;
        }

        *reached = display_order(shown, &c, &shown->at) >= 0;
    }

    cmt__walk_close(walk);

    if (rc == CMT_ENOTFOUND) {
        *reached = 1;            /* all that is left fits */
        rc = CMT_OK;
    }

    return rc;
}


static int
member_get(cmt_read_t *read, uint64_t thread, uint64_t id, const char *field,
    cmt__comment_t *comment, cmt_error_t *err)
{
    int  rc;

    rc = cmt__comment_get(read, id, comment);

    if (rc == CMT_ENOTFOUND || (rc == CMT_OK && comment->thread != thread)) {
        return cmt__fail(err, CMT_EARGUMENT, field,
                         "%s is no comment of this page", field);
    }

    return rc == CMT_OK ? CMT_OK : cmt__fail(err, rc, NULL, "%s", field);
}


static int
pending_read(cmt__shown_t *shown)
{
    int             rc;
    size_t          i, n;
    uint64_t        ids[CMT_OWN_PENDING_MAX];
    cmt__comment_t  c;

    const cmt__thread_t  *thread = &shown->page.thread;

    n = CMT_OWN_PENDING_MAX;

    rc = cmt__author_comments(shown->read, thread->site, CMT__BY_COOKIE,
                              &shown->page.viewer.cookie, 0, ids, &n);

    for (i = 0; i < n && rc == CMT_OK; i++) {

        rc = cmt__comment_get(shown->read, ids[i], &c);

        if (rc == CMT_OK && c.thread == thread->id
            && pending_stands(shown, &c))
        {
            pending_insert(shown, &c);
        }
    }

    return rc;
}


/* Does it wait, and does it stand in the part that is asked for? */
static int
pending_stands(const cmt__shown_t *shown, const cmt__comment_t *comment)
{
    unsigned  base;

    base = shown->query->parent == 0 ? 0 : shown->parent.levels;

    return (comment->status == CMT_PENDING || comment->status == CMT_SPAM)
           && comment->replies == 0
           && comment->levels > base
           && comment->levels <= base + 1 + shown->query->depth
           && memcmp(comment->place, shown->parent.place,
                     base * CMT__PLACE_BYTES) == 0
           && stands_behind(shown, comment);
}


static int
stands_behind(const cmt__shown_t *shown, const cmt__comment_t *comment)
{
    int  order;

    if (shown->query->at == 0 && shown->query->after == 0) {
        return 1;
    }

    order = display_order(shown, comment, &shown->start);

    return shown->query->at != 0 ? order >= 0 : order > 0;
}


static void
pending_insert(cmt__shown_t *shown, const cmt__comment_t *comment)
{
    size_t      i;
    pending_t  *p;

    p = &shown->pending;

    for (i = p->n++; i > 0; i--) {
        if (display_order(shown, &p->comments[i - 1], comment) < 0) {
            break;
        }
        p->comments[i] = p->comments[i - 1];
    }

    p->comments[i] = *comment;
}


/* Of the comment of the first level that it stands below. */
static int
score_of(const cmt__shown_t *shown, const cmt__comment_t *comment)
{
    cmt__comment_t  head;

    if (comment->levels > 1
        && cmt__comment_get(shown->read, cmt__place_id(comment->place), &head)
           == CMT_OK)
    {
        comment = &head;
    }

    return (int) comment->votes_up - (int) comment->votes_down;
}


/* As the walk gives them: by places, with the first level of the newest
 * turned round, or by votes. */
static int
display_order(const cmt__shown_t *shown, const cmt__comment_t *a,
    const cmt__comment_t *b)
{
    int       order;
    size_t    first;
    unsigned  levels;

    levels = a->levels < b->levels ? a->levels : b->levels;

    if (shown->query->sort == CMT_SORT_TOP && shown->query->parent == 0) {
        order = score_of(shown, b) - score_of(shown, a);
        if (order != 0) {
            return order;
        }
    }

    if (shown->query->sort == CMT_SORT_NEWEST) {
        first = shown->query->parent == 0 ? 0 : shown->parent.levels;
        first *= CMT__PLACE_BYTES;

        order = memcmp(a->place + first, b->place + first, CMT__PLACE_BYTES);
        if (order != 0) {
            return -order;
        }
    }

    order = memcmp(a->place, b->place, levels * CMT__PLACE_BYTES);

    return order != 0 ? order : (int) a->levels - (int) b->levels;
}
