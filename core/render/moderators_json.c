/*
 * moderators_json.c: who may decide, without what proves it.
 */

#include <string.h>

#include "render.h"
#include "../actions/moderators.h"


static void sites_json(cmt_str_t sites, cmt__buf_t *b);


int
cmt_moderators_json(const cmt_moderators_t *moderators, cmt_arena_t *arena,
    cmt_str_t *json, cmt_error_t *err)
{
    size_t                   i;
    cmt__buf_t               b;
    const cmt__moderator_t  *m;

    cmt__buf_init(&b, arena, 64 + 128 * moderators->n);
    cmt__buf_lit(&b, "{\"moderators\":[");

    for (i = 0; i < moderators->n; i++) {
        m = &moderators->list[i];

        cmt__buf_lit(&b, i == 0 ? "{\"name\":" : ",{\"name\":");
        cmt__json_string(&b, m->name);
        cmt__buf_lit(&b, ",\"role\":\"");
        cmt__buf_lit(&b, cmt_role_name(m->role));
        cmt__buf_lit(&b, "\",\"sites\":[");
        sites_json(m->sites, &b);
        cmt__buf_lit(&b, m->hash.len > 0 ? "],\"password\":true}"
                                         : "],\"password\":false}");
    }

    cmt__buf_lit(&b, "]}");

    return cmt__buf_end(&b, json) == CMT_OK
           ? CMT_OK : cmt__fail(err, CMT_ENOMEM, NULL, "moderators");
}


static void
sites_json(cmt_str_t sites, cmt__buf_t *b)
{
    size_t       len;
    const char  *comma;

    while (sites.len > 0) {
        comma = memchr(sites.data, ',', sites.len);
        len = comma != NULL ? (size_t) (comma - sites.data) : sites.len;

        cmt__json_string(b, cmt__str_sub(sites, 0, len));
        sites = cmt__str_sub(sites, len + 1, sites.len);

        if (sites.len > 0) {
            cmt__buf_char(b, ',');
        }
    }
}
