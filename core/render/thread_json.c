/*
 * thread_json.c: a thread, and counts of threads, as JSON.
 */

#include <string.h>

#include "render.h"


#define BYTES_A_COMMENT  640     /* a first guess; the buffer grows */


static int put_comments(cmt__buf_t *b, const cmt_site_t *site,
    cmt__shown_t *shown) CMT_CHECK;


int
cmt_thread_json(cmt_read_t *read, const cmt_site_t *site,
    const cmt_thread_t *thread, const cmt_thread_query_t *query,
    cmt_arena_t *arena, cmt_str_t *json, cmt_error_t *err)
{
    int                       rc;
    cmt__buf_t                b;
    cmt__shown_t             *shown;
    cmt__comment_t            pinned;
    const cmt__shown_page_t  *page;

    rc = cmt__shown_open(read, site, thread, query, arena, &shown, err);
    if (rc != CMT_OK) {
        return rc;
    }

    page = cmt__shown_page(shown);

    cmt__buf_init(&b, arena, 512 + (size_t) query->limit * BYTES_A_COMMENT);
    cmt__buf_lit(&b, "{\"page\":");
    cmt__json_string(&b, thread->page);
    cmt__buf_lit(&b, ",\"title\":");
    cmt__json_string(&b, page->thread.title);
    cmt__buf_lit(&b, ",\"count\":");
    cmt__buf_u64(&b, thread->count);
    cmt__buf_lit(&b, cmt__thread_closed(site, &page->thread, query->now)
                     ? ",\"closed\":true" : ",\"closed\":false");
    cmt__buf_lit(&b, ",\"sort\":\"");
    cmt__buf_lit(&b, cmt_sort_name(query->sort));
    cmt__buf_char(&b, '"');

    rc = cmt__pinned_get(read, &page->thread, query, &pinned);

    if (rc == CMT_OK) {
        cmt__buf_lit(&b, ",\"pinned\":");
        cmt__render_comment(&b, site, &pinned, &page->viewer, 0,
                            cmt_null_str);
    }

    cmt__buf_lit(&b, ",\"comments\":[");

    if (rc == CMT_OK || rc == CMT_ENOTFOUND) {
        rc = put_comments(&b, site, shown);
    }

    cmt__shown_close(shown);

    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, "comments of a thread");
    }

    cmt__buf_lit(&b, "],\"next\":");

    if (page->more) {
        cmt__buf_u64(&b, page->last);

    } else {
        cmt__buf_lit(&b, "null");
    }

    cmt__buf_char(&b, '}');

    rc = cmt__buf_end(&b, json);

    return rc == CMT_OK ? CMT_OK : cmt__fail(err, rc, NULL, "no memory");
}


static int
put_comments(cmt__buf_t *b, const cmt_site_t *site, cmt__shown_t *shown)
{
    int                    rc, own, some;
    const cmt__comment_t  *comment;

    some = 0;

    for ( ;; ) {

        rc = cmt__shown_next(shown, &comment, &own);
        if (rc != CMT_OK) {
            return rc == CMT_ENOTFOUND ? CMT_OK : rc;
        }

        if (some) {
            cmt__buf_char(b, ',');
        }

        some = 1;
        cmt__render_comment(b, site, comment,
                            &cmt__shown_page(shown)->viewer, own,
                            cmt_null_str);
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
