/*
 * thread_json.c: a thread, and counts of threads, as JSON.
 */

#include <string.h>

#include "render.h"


#define BYTES_A_COMMENT  640     /* a first guess; the buffer grows */

/* Own comments that wait, in display order: at shows the next one. */
typedef struct {
    size_t          n, at;
    cmt__comment_t  comments[CMT_OWN_PENDING_MAX];
} pending_t;

typedef struct {
    cmt_read_t                *read;
    const cmt_thread_query_t  *query;
    cmt__viewer_t              viewer;
    pending_t                  pending;
    cmt__comment_t             parent, after;    /* of the query, if any */
    cmt__buf_t                 b;
    unsigned                   n;        /* comments of the walk */
    unsigned                   some:1;   /* has been written */
    uint64_t                   last;     /* id of the last one of the walk */
} page_t;


static int walk_open(page_t *page, uint64_t thread, cmt_arena_t *arena,
    cmt__walk_t **walk, cmt_error_t *err) CMT_CHECK;
static int member_get(cmt_read_t *read, uint64_t thread, uint64_t id,
    const char *field, cmt__comment_t *comment, cmt_error_t *err) CMT_CHECK;
static int pending_read(page_t *page, const cmt__thread_t *thread) CMT_CHECK;
static int pending_shown(const page_t *page, const cmt__comment_t *comment);
static void pending_insert(page_t *page, const cmt__comment_t *comment);
static int display_order(const page_t *page, const cmt__comment_t *a,
    const cmt__comment_t *b);
static int page_write(page_t *page, cmt__walk_t *walk, int *more) CMT_CHECK;
static void page_put(page_t *page, const cmt__comment_t *comment, int own);
static void page_put_pending(page_t *page, const cmt__comment_t *before);


int
cmt_thread_json(cmt_read_t *read, const cmt_site_t *site,
    const cmt_thread_t *thread, const cmt_thread_query_t *query,
    cmt_arena_t *arena, cmt_str_t *json, cmt_error_t *err)
{
    int             rc, more;
    page_t         *page;
    cmt__walk_t    *walk;
    cmt__thread_t   t;

    page = cmt_calloc(arena, sizeof(page_t));
    if (page == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, "no memory for a thread");
    }

    page->read = read;
    page->query = query;
    memset(&t, 0, sizeof(t));
    walk = NULL;
    more = 0;

    rc = walk_open(page, thread->id, arena, &walk, err);
    if (rc != CMT_OK) {
        return rc;
    }

    if (thread->id != 0) {
        rc = cmt__thread_get(read, thread->id, &t);

        if (rc == CMT_OK && cmt__viewer_make(read, site, query->cookie,
                                             &page->viewer))
        {
            rc = pending_read(page, &t);
        }
        if (rc != CMT_OK) {
            cmt__walk_close(walk);
            return cmt__fail(err, rc, NULL, "thread");
        }
    }

    cmt__buf_init(&page->b, arena, 512 + (size_t) query->limit
                                         * BYTES_A_COMMENT);
    cmt__buf_lit(&page->b, "{\"page\":");
    cmt__json_string(&page->b, thread->page);
    cmt__buf_lit(&page->b, ",\"title\":");
    cmt__json_string(&page->b, t.title);
    cmt__buf_lit(&page->b, ",\"count\":");
    cmt__buf_u64(&page->b, thread->count);
    cmt__buf_lit(&page->b, t.flags & CMT__THREAD_CLOSED
                           ? ",\"closed\":true" : ",\"closed\":false");
    cmt__buf_lit(&page->b, query->sort == CMT_SORT_NEWEST
                           ? ",\"sort\":\"newest\"" : ",\"sort\":\"oldest\"");
    cmt__buf_lit(&page->b, ",\"comments\":[");

    rc = page_write(page, walk, &more);
    cmt__walk_close(walk);

    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, "comments of a thread");
    }

    cmt__buf_lit(&page->b, "],\"next\":");

    if (more) {
        cmt__buf_u64(&page->b, page->last);

    } else {
        cmt__buf_lit(&page->b, "null");
    }

    cmt__buf_char(&page->b, '}');

    rc = cmt__buf_end(&page->b, json);

    return rc == CMT_OK ? CMT_OK : cmt__fail(err, rc, NULL, "no memory");
}


static int
walk_open(page_t *page, uint64_t thread, cmt_arena_t *arena,
    cmt__walk_t **walk, cmt_error_t *err)
{
    int                        rc;
    cmt__walk_query_t          q;
    const cmt_thread_query_t  *query;

    query = page->query;
    memset(&q, 0, sizeof(q));
    q.thread = thread;
    q.newest = query->sort == CMT_SORT_NEWEST;
    q.levels = query->depth;

    if (query->parent != 0) {
        rc = member_get(page->read, thread, query->parent, "parent",
                        &page->parent, err);
        if (rc != CMT_OK) {
            return rc;
        }
        q.parent = &page->parent;
    }

    if (query->after != 0) {
        rc = member_get(page->read, thread, query->after, "after",
                        &page->after, err);
        if (rc != CMT_OK) {
            return rc;
        }
        q.after = &page->after;
    }

    rc = cmt__walk_open(page->read, &q, arena, walk);

    return rc == CMT_OK ? CMT_OK
                        : cmt__fail(err, rc, rc == CMT_EARGUMENT ? "after"
                                             : NULL, "walk of a thread");
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
pending_read(page_t *page, const cmt__thread_t *thread)
{
    int             rc;
    size_t          i, n;
    uint64_t        ids[CMT_OWN_PENDING_MAX];
    cmt__comment_t  c;

    n = CMT_OWN_PENDING_MAX;

    rc = cmt__author_comments(page->read, thread->site, CMT__BY_COOKIE,
                              &page->viewer.cookie, 0, ids, &n);

    for (i = 0; i < n && rc == CMT_OK; i++) {

        rc = cmt__comment_get(page->read, ids[i], &c);

        if (rc == CMT_OK && c.thread == thread->id
            && pending_shown(page, &c))
        {
            pending_insert(page, &c);
        }
    }

    return rc;
}


/* Does it wait, and does it stand in the part that is asked for? */
static int
pending_shown(const page_t *page, const cmt__comment_t *comment)
{
    unsigned  base;

    base = page->query->parent == 0 ? 0 : page->parent.levels;

    return (comment->status == CMT_PENDING || comment->status == CMT_SPAM)
           && comment->replies == 0
           && comment->levels > base
           && comment->levels <= base + 1 + page->query->depth
           && memcmp(comment->place, page->parent.place,
                     base * CMT__PLACE_BYTES) == 0
           && (page->query->after == 0
               || display_order(page, comment, &page->after) > 0);
}


static void
pending_insert(page_t *page, const cmt__comment_t *comment)
{
    size_t      i;
    pending_t  *p;

    p = &page->pending;

    for (i = p->n++; i > 0; i--) {
        if (display_order(page, &p->comments[i - 1], comment) < 0) {
            break;
        }
        p->comments[i] = p->comments[i - 1];
    }

    p->comments[i] = *comment;
}


/* As the walk gives them: by places, with the first level of the newest
 * turned round. */
static int
display_order(const page_t *page, const cmt__comment_t *a,
    const cmt__comment_t *b)
{
    int       order;
    size_t    first;
    unsigned  levels;

    levels = a->levels < b->levels ? a->levels : b->levels;

    if (page->query->sort == CMT_SORT_NEWEST) {
        first = page->query->parent == 0 ? 0 : page->parent.levels;
        first *= CMT__PLACE_BYTES;

        order = memcmp(a->place + first, b->place + first, CMT__PLACE_BYTES);
        if (order != 0) {
            return -order;
        }
    }

    order = memcmp(a->place, b->place, levels * CMT__PLACE_BYTES);

    return order != 0 ? order : (int) a->levels - (int) b->levels;
}


static int
page_write(page_t *page, cmt__walk_t *walk, int *more)
{
    int             rc;
    uint64_t        id;
    cmt__comment_t  comment;

    for ( ;; ) {

        rc = cmt__walk_next(walk, &id);
        if (rc != CMT_OK) {
            break;
        }

        if (page->n == page->query->limit) {
            *more = 1;
            return CMT_OK;
        }

        rc = cmt__comment_get(page->read, id, &comment);
        if (rc != CMT_OK) {
            return CMT_ECORRUPT;
        }

        page_put_pending(page, &comment);
        page_put(page, &comment, 0);
        page->n++;
        page->last = id;
    }

    if (rc != CMT_ENOTFOUND) {
        return rc;
    }

    page_put_pending(page, NULL);

    return CMT_OK;
}


static void
page_put(page_t *page, const cmt__comment_t *comment, int own)
{
    if (page->some) {
        cmt__buf_char(&page->b, ',');
    }

    page->some = 1;
    cmt__render_comment(&page->b, comment, &page->viewer, own, cmt_null_str);
}


/* Those that stand before a comment; NULL: all that are left. */
static void
page_put_pending(page_t *page, const cmt__comment_t *before)
{
    pending_t  *p;

    for (p = &page->pending; p->at < p->n; p->at++) {

        if (before != NULL
            && display_order(page, &p->comments[p->at], before) > 0)
        {
            return;
        }

        page_put(page, &p->comments[p->at], 1);
    }
}


int
cmt_count_json(cmt_read_t *read, const cmt_site_t *site,
    const cmt_str_t *pages, size_t n_pages, cmt_arena_t *arena,
    cmt_str_t *json, cmt_error_t *err)
{
    int           rc;
    size_t        i, k;
    cmt__buf_t    b;
    cmt_thread_t  thread;

    cmt__buf_init(&b, arena, 64 * (n_pages + 1));
    cmt__buf_lit(&b, "{\"counts\":{");

    for (i = 0; i < n_pages; i++) {

        for (k = 0; k < i && !cmt__str_eq(pages[k], pages[i]); k++) {
            /* void */
        }
        if (k < i) {
            continue;       /* asked for twice, answered once */
        }

        rc = cmt_thread_find(read, site, pages[i], arena, &thread, err);
        if (rc != CMT_OK) {
            return rc;
        }

        if (i > 0) {
            cmt__buf_char(&b, ',');
        }

        cmt__json_string(&b, pages[i]);
        cmt__buf_char(&b, ':');
        cmt__buf_u64(&b, thread.count);
    }

    cmt__buf_lit(&b, "}}");

    rc = cmt__buf_end(&b, json);

    return rc == CMT_OK ? CMT_OK : cmt__fail(err, rc, NULL, "no memory");
}
