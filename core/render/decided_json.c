/*
 * decided_json.c: what became of decisions, for who decided.
 */

#include <string.h>

#include "render.h"


static void decided_json(const cmt_decided_t *decided, unsigned language,
    cmt__buf_t *b);


int
cmt_decided_json(const cmt_change_t *change, unsigned language,
    cmt_arena_t *arena, cmt_str_t *json, cmt_error_t *err)
{
    size_t                i, n;
    cmt__buf_t            b;
    const cmt_decided_t  *decided;

    decided = cmt_change_decided(change, &n);

    cmt__buf_init(&b, arena, 64 + 192 * n);
    cmt__buf_lit(&b, "{\"results\":[");

    for (i = 0; i < n; i++) {
        if (i > 0) {
            cmt__buf_char(&b, ',');
        }
        decided_json(&decided[i], language, &b);
    }

    cmt__buf_lit(&b, "]}");

    return cmt__buf_end(&b, json) == CMT_OK
           ? CMT_OK : cmt__fail(err, CMT_ENOMEM, NULL, "results");
}


static void
decided_json(const cmt_decided_t *d, unsigned language, cmt__buf_t *b)
{
    cmt__buf_lit(b, "{\"id\":");
    cmt__buf_u64(b, d->id);
    cmt__buf_lit(b, ",\"decision\":\"");
    cmt__buf_lit(b, cmt_do_name(d->what));
    cmt__buf_char(b, '"');

    if (d->rc != CMT_ENOTFOUND) {
        cmt__buf_lit(b, ",\"status\":\"");
        cmt__buf_lit(b, cmt_status_name(d->status));
        cmt__buf_lit(b, "\",\"before\":\"");
        cmt__buf_lit(b, cmt_status_name(d->before));
        cmt__buf_lit(b, "\",\"version\":");
        cmt__buf_u64(b, d->version);
        cmt__buf_lit(b, ",\"by\":");

        if (d->by.len > 0) {
            cmt__json_string(b, d->by);
        } else {
            cmt__buf_lit(b, "null");
        }

        cmt__buf_lit(b, ",\"at\":");
        cmt__json_time(b, d->at);
        cmt__buf_lit(b, d->replayed ? ",\"replayed\":true"
                                    : ",\"replayed\":false");
    }

    if (d->rc != CMT_OK) {
        cmt__buf_lit(b, ",\"error\":{\"code\":\"");
        cmt__buf_lit(b, cmt_error_code(d->rc));
        cmt__buf_lit(b, "\",\"message\":");
        cmt__json_string(b, cmt__error_words(d->rc, cmt__lang(language)));
        cmt__buf_char(b, '}');
    }

    cmt__buf_char(b, '}');
}
