/*
 * events_text.c: events of a thread as text/event-stream.
 *
 *   event: comment
 *   id: 12
 *   data: {"id":7, ...}
 *
 * JSON as we write it has no line feeds, so that data is one line.
 */

#include "render.h"


static const char *const  names[] = {
    [CMT_EVENT_COMMENT] = "comment",
    [CMT_EVENT_EDIT] = "edit",
    [CMT_EVENT_DELETE] = "delete"
};


static void
put(cmt__buf_t *b, const char *name, uint64_t seq, cmt_str_t data)
{
    cmt__buf_lit(b, "event: ");
    cmt__buf_lit(b, name);
    cmt__buf_lit(b, "\nid: ");
    cmt__buf_u64(b, seq);
    cmt__buf_lit(b, "\ndata: ");
    cmt__buf_str_put(b, data);
    cmt__buf_lit(b, "\n\n");
}


static int
number(const char *name, uint64_t n, cmt_arena_t *arena, cmt_str_t *json)
{
    cmt__buf_t  b;

    cmt__buf_init(&b, arena, 64);
    cmt__buf_lit(&b, "{\"");
    cmt__buf_lit(&b, name);
    cmt__buf_lit(&b, "\":");
    cmt__buf_u64(&b, n);
    cmt__buf_char(&b, '}');

    return cmt__buf_end(&b, json);
}


int
cmt_events_text(cmt_read_t *read, const cmt_site_t *site,
    const cmt_thread_t *thread, const cmt_event_t *events, size_t n,
    uint64_t after, uint64_t seq, int count, cmt_arena_t *arena,
    cmt_str_t *text, cmt_error_t *err)
{
    int         rc;
    size_t      i;
    cmt_str_t   json;
    cmt__buf_t  b;

    cmt__buf_init(&b, arena, 0);

    for (i = 0; i < n; i++) {

        if (events[i].thread != thread->id || events[i].seq <= after) {
            continue;
        }

        rc = events[i].kind == CMT_EVENT_DELETE
             ? number("id", events[i].comment, arena, &json)
             : cmt_comment_json(read, site, events[i].comment, cmt_null_str,
                                cmt_null_str, arena, &json, err);

        if (rc == CMT_ENOTFOUND) {
            continue;
        }
        if (rc != CMT_OK) {
            return cmt__fail(err, rc, NULL, "event %llu",
                             (unsigned long long) events[i].seq);
        }

        put(&b, names[events[i].kind], events[i].seq, json);
        count = 1;
    }

    if (count) {
        rc = number("count", thread->count, arena, &json);
        if (rc != CMT_OK) {
            return cmt__fail(err, rc, NULL, "no memory");
        }

        put(&b, "count", seq, json);
    }

    rc = cmt__buf_end(&b, text);

    return rc == CMT_OK ? CMT_OK : cmt__fail(err, rc, NULL, "no memory");
}
