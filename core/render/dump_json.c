/*
 * dump_json.c: all that the store keeps of a comment, for moderators at the
 * command line.
 */

#include "item.h"


static int
dump(cmt_read_t *read, const cmt__comment_t *c, cmt__buf_t *b)
{
    int            rc;
    char           hex[2 * CMT_HASH_BYTES + 1];
    cmt_str_t      site, receipt, identity;
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
    cmt__member_str(b, "site", site);
    cmt__member_str(b, "page", thread.page);
    cmt__member_u64(b, "parent", c->parent);
    cmt__member_word(b, "kind", cmt_kind_name(c->kind));
    cmt__member_word(b, "status", cmt_status_name(c->status));
    cmt__member_bool(b, "reviewed", c->flags & CMT__FLAG_REVIEWED);
    cmt__member_bool(b, "imported", c->flags & CMT__FLAG_IMPORTED);
    cmt__member_time(b, "created", c->created);
    cmt__member_time(b, "edited", c->edited);
    cmt__member_str(b, "name", c->name);
    cmt__member_str(b, "identity", identity);
    cmt__member_str(b, "website", c->website);
    cmt__member_markup(b, c->markup);
    cmt__member_str(b, "text", c->text);
    cmt__member_str(b, "html", c->html);
    cmt__member_u64(b, "replies", c->replies);
    cmt__member_u64(b, "votes_up", c->votes_up);
    cmt__member_u64(b, "votes_down", c->votes_down);
    cmt__member_u64(b, "report_count", c->reports);

    cmt__buf_lit(b, ",\"reports\":");
    rc = cmt__item_reasons(b, read, c);
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
