/*
 * dump_json.c: all that the store keeps of a comment, for moderators at the
 * command line.
 */

#include <string.h>

#include "render.h"


#define REPORTS_SHOWN_MAX  20        /* report_count has them all */


static void
member(cmt__buf_t *b, const char *name, cmt_str_t value)
{
    cmt__buf_lit(b, ",\"");
    cmt__buf_lit(b, name);
    cmt__buf_lit(b, "\":");

    if (value.len == 0) {
        cmt__buf_lit(b, "null");

    } else {
        cmt__json_string(b, value);
    }
}


static void
member_u64(cmt__buf_t *b, const char *name, uint64_t value)
{
    cmt__buf_lit(b, ",\"");
    cmt__buf_lit(b, name);
    cmt__buf_lit(b, "\":");
    cmt__buf_u64(b, value);
}


static void
member_time(cmt__buf_t *b, const char *name, int64_t value)
{
    cmt__buf_lit(b, ",\"");
    cmt__buf_lit(b, name);
    cmt__buf_lit(b, "\":");
    cmt__json_time(b, value);
}


static const char *
markup_name(cmt_markup_t markup)
{
    static const char *const  names[] = { "plain", "html", "markdown" };

    return markup <= CMT_MARKUP_MARKDOWN ? names[markup] : "?";
}


static int
dump_reports(cmt_read_t *read, const cmt__comment_t *c, cmt__buf_t *b)
{
    int            rc;
    unsigned       n;
    cmt__report_t  report;

    memset(&report, 0, sizeof(report));
    cmt__buf_lit(b, ",\"reports\":[");

    for (n = 0; n < REPORTS_SHOWN_MAX; n++) {

        rc = cmt__report_next(read, c->id, &report);
        if (rc != CMT_OK) {
            break;
        }

        cmt__buf_lit(b, n == 0 ? "{\"created\":" : ",{\"created\":");
        cmt__json_time(b, report.time);
        member(b, "reason", report.reason);
        cmt__buf_char(b, '}');
    }

    cmt__buf_char(b, ']');

    return n == REPORTS_SHOWN_MAX || rc == CMT_ENOTFOUND ? CMT_OK : rc;
}


static int
dump(cmt_read_t *read, const cmt__comment_t *c, cmt__buf_t *b)
{
    int            rc;
    char           hex[2 * CMT_HASH_BYTES + 1];
    cmt_str_t      site, receipt, identity, name;
    cmt__thread_t  thread;

    rc = cmt__thread_get(read, c->thread, &thread);
    if (rc == CMT_OK) {
        rc = cmt__site_name(read, c->site, &site);
    }
    if (rc != CMT_OK) {
        return CMT_ECORRUPT;
    }

    cmt__hex(c->identity.bytes, CMT_HASH_BYTES, hex);
    identity = cmt__hash_is_zero(&c->identity)
               ? cmt_null_str : (cmt_str_t) { 2 * CMT_HASH_BYTES, hex };

    cmt__buf_lit(b, "{\"id\":");
    cmt__buf_u64(b, c->id);
    member(b, "site", site);
    member(b, "page", thread.page);
    member_u64(b, "parent", c->parent);

    name.data = cmt_kind_name(c->kind);
    name.len = strlen(name.data);
    member(b, "kind", name);

    name.data = cmt_status_name(c->status);
    name.len = strlen(name.data);
    member(b, "status", name);

    cmt__buf_lit(b, c->flags & CMT__FLAG_REVIEWED ? ",\"reviewed\":true"
                                                  : ",\"reviewed\":false");
    cmt__buf_lit(b, c->flags & CMT__FLAG_IMPORTED ? ",\"imported\":true"
                                                  : ",\"imported\":false");
    member_time(b, "created", c->created);
    member_time(b, "edited", c->edited);
    member(b, "name", c->name);
    member(b, "identity", identity);
    member(b, "website", c->website);

    name.data = markup_name(c->markup);
    name.len = strlen(name.data);
    member(b, "markup", name);
    member(b, "text", c->text);
    member(b, "html", c->html);
    member_u64(b, "replies", c->replies);
    member_u64(b, "votes_up", c->votes_up);
    member_u64(b, "votes_down", c->votes_down);
    member_u64(b, "report_count", c->reports);

    rc = dump_reports(read, c, b);
    if (rc != CMT_OK) {
        return rc;
    }

    cmt__buf_lit(b, ",\"receipt\":");

    rc = cmt__receipt_get(read, c->id, b->arena, &receipt);

    if (rc == CMT_OK) {
        cmt__buf_str_put(b, receipt);

    } else {
        cmt__buf_lit(b, "null");
    }

    cmt__buf_char(b, '}');

    return CMT_OK;
}


int
cmt_comment_dump(cmt_read_t *read, uint64_t id, cmt_arena_t *arena,
    cmt_str_t *json, cmt_error_t *err)
{
    int             rc;
    cmt__buf_t      b;
    cmt__comment_t  comment;

    rc = cmt__comment_get(read, id, &comment);

    if (rc == CMT_OK) {
        cmt__buf_init(&b, arena, comment.text.len + comment.html.len + 1024);
        rc = dump(read, &comment, &b);
    }
    if (rc == CMT_OK) {
        rc = cmt__buf_end(&b, json);
    }

    return rc == CMT_OK ? CMT_OK
                        : cmt__fail(err, rc, NULL, "comment %llu",
                                    (unsigned long long) id);
}


int
cmt_search_lines(cmt_read_t *read, const cmt_search_t *search,
    cmt_arena_t *arena, cmt_found_t *found, cmt_str_t *lines,
    cmt_error_t *err)
{
    int             rc;
    size_t          i;
    cmt__buf_t      b;
    cmt_found_t     f;
    cmt__comment_t  comment;

    rc = cmt_search(read, search, &f, err);
    if (rc != CMT_OK) {
        return rc;
    }

    cmt__buf_init(&b, arena, 1024 * (f.n + 1));

    for (i = 0; i < f.n && rc == CMT_OK; i++) {

        rc = cmt__comment_get(read, f.ids[i], &comment);
        if (rc == CMT_OK) {
            rc = dump(read, &comment, &b);
            cmt__buf_char(&b, '\n');
        }
    }

    if (rc == CMT_OK) {
        rc = cmt__buf_end(&b, lines);
    }
    if (rc == CMT_OK) {
        *found = f;
    }

    return rc == CMT_OK ? CMT_OK : cmt__fail(err, rc, NULL, "search");
}
