/*
 * queue_json.c: what a moderator looks at: the queue, one comment with its
 * history, an author, the state of things.
 */

#include <string.h>

#include "item.h"


#define COUNTED_MAX  1000        /* bans and sessions; more are so many */


static int query_ids(cmt_read_t *read, uint32_t site,
    const cmt_queue_query_t *query, uint64_t *ids, size_t *n) CMT_CHECK;
static int item_history(cmt__buf_t *b, cmt_read_t *read, uint64_t id)
    CMT_CHECK;
static int item_context(cmt__buf_t *b, cmt_read_t *read,
    const cmt_site_t *site, const cmt__comment_t *c) CMT_CHECK;


int
cmt__item_counts(cmt__buf_t *b, cmt_read_t *read, uint32_t site)
{
    int        rc;
    size_t     n;
    unsigned   i;
    uint64_t   counts[CMT__STATUSES], ids[CMT_REPORTED_COUNTED_MAX];
    cmt_str_t  name;

    memset(counts, 0, sizeof(counts));
    n = 0;

    if (site != 0) {
        n = CMT_REPORTED_COUNTED_MAX;

        rc = cmt__site_get(read, site, counts, &name);
        if (rc == CMT_OK) {
            rc = cmt__reported_comments(read, site, 0, ids, &n);
        }
        if (rc != CMT_OK) {
            return rc;
        }
    }

    cmt__buf_lit(b, "{\"approved\":");
    cmt__buf_u64(b, counts[CMT_APPROVED - 1]);

    for (i = CMT_PENDING; i <= CMT_DELETED; i++) {
        cmt__member_u64(b, cmt_status_name((cmt_status_t) i), counts[i - 1]);
    }

    cmt__member_u64(b, "reported", n);
    cmt__buf_char(b, '}');

    return CMT_OK;
}


/* A site that nobody has commented on has the number 0 and no comments. */
static int
site_of(cmt_read_t *read, const cmt_site_t *site, uint32_t *id)
{
    int  rc;

    *id = 0;
    rc = cmt__site_find(read, site->name, id);

    return rc == CMT_ENOTFOUND ? CMT_OK : rc;
}


static int
end(cmt__buf_t *b, int rc, cmt_str_t *json, cmt_error_t *err)
{
    if (rc == CMT_OK) {
        rc = cmt__buf_end(b, json);
    }

    return rc == CMT_OK ? CMT_OK : cmt__fail(err, rc, NULL,
                                             "comments for a moderator");
}


int
cmt_items_json(cmt_read_t *read, const cmt_site_t *site, const uint64_t *ids,
    size_t n, cmt_arena_t *arena, cmt_str_t *json, cmt_error_t *err)
{
    int         rc;
    uint32_t    id;
    cmt__buf_t  b;

    cmt__buf_init(&b, arena, 1024 * (n + 1));
    cmt__buf_char(&b, '[');

    rc = site_of(read, site, &id);
    if (rc == CMT_OK && id != 0) {
        rc = cmt__items(&b, read, site, id, ids, n);
    }

    cmt__buf_char(&b, ']');

    return end(&b, rc, json, err);
}


int
cmt_queue_json(cmt_read_t *read, const cmt_site_t *site,
    const cmt_queue_query_t *query, cmt_arena_t *arena, cmt_str_t *json,
    cmt_error_t *err)
{
    int         rc;
    size_t      n, limit;
    uint32_t    id;
    uint64_t    ids[CMT_LIMIT_MAX + 1];
    cmt__buf_t  b;

    limit = query->limit < 1 ? 1 : query->limit > CMT_LIMIT_MAX
                                   ? CMT_LIMIT_MAX : query->limit;
    n = limit + 1;

    rc = site_of(read, site, &id);

    if (rc == CMT_OK && id != 0) {
        rc = query_ids(read, id, query, ids, &n);
    } else {
        n = 0;
    }
    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, "queue");
    }

    cmt__buf_init(&b, arena, 1024 * (n + 1));
    cmt__buf_lit(&b, "{\"items\":[");
    rc = cmt__items(&b, read, site, id, ids, n > limit ? limit : n);
    cmt__buf_char(&b, ']');
    cmt__member_next(&b, n > limit ? ids[limit - 1] : 0);
    cmt__buf_lit(&b, ",\"counts\":");

    if (rc == CMT_OK) {
        rc = cmt__item_counts(&b, read, id);
    }

    cmt__buf_char(&b, '}');

    return end(&b, rc, json, err);
}


static int
query_ids(cmt_read_t *read, uint32_t site, const cmt_queue_query_t *query,
    uint64_t *ids, size_t *n)
{
    if (query->status == 0) {
        return query->oldest
               ? cmt__reported_after(read, site, query->before, ids, n)
               : cmt__reported_comments(read, site, query->before, ids, n);
    }

    return query->oldest
           ? cmt__status_after(read, site, query->status, query->before, ids,
                               n)
           : cmt__status_comments(read, site, query->status, query->before,
                                  ids, n);
}


static int
target(cmt_read_t *read, const cmt_site_t *site, uint64_t id,
    cmt__comment_t *c, cmt_error_t *err)
{
    int  rc;

    rc = cmt__reader_target(read, site, id, c);

    return rc == CMT_OK ? CMT_OK : cmt__fail(err, rc, NULL, "comment %llu",
                                             (unsigned long long) id);
}


int
cmt_item_json(cmt_read_t *read, const cmt_site_t *site, uint64_t id,
    cmt_arena_t *arena, cmt_str_t *json, cmt_error_t *err)
{
    int             rc;
    cmt__buf_t      b;
    cmt__comment_t  c;

    rc = target(read, site, id, &c, err);
    if (rc != CMT_OK) {
        return rc;
    }

    cmt__buf_init(&b, arena, 4096);

    rc = cmt__item_open(&b, read, site, &c);
    if (rc == CMT_OK) {
        rc = item_history(&b, read, id);
    }
    if (rc == CMT_OK) {
        rc = item_context(&b, read, site, &c);
    }

    cmt__buf_char(&b, '}');

    return end(&b, rc, json, err);
}


static int
item_history(cmt__buf_t *b, cmt_read_t *read, uint64_t id)
{
    int          rc;
    unsigned     n;
    uint64_t     at, undone;
    cmt__deed_t  deed;

    cmt__buf_lit(b, ",\"history\":[");
    undone = UINT64_MAX;

    for (n = 0, at = 0; n < CMT_HISTORY_MAX; n++) {

        rc = cmt__deed_before(read, id, at, &deed);
        if (rc == CMT_ENOTFOUND) {
            break;
        }
        if (rc != CMT_OK) {
            return rc;
        }

        at = deed.seq;
        cmt__buf_lit(b, n == 0 ? "{\"version\":" : ",{\"version\":");
        cmt__buf_u64(b, deed.seq);
        cmt__buf_lit(b, ",\"decision\":\"");
        cmt__buf_lit(b, cmt__did_name(deed.did, deed.after, deed.undoes));
        cmt__buf_char(b, '"');
        cmt__member_str(b, "by", deed.actor);
        cmt__member_time(b, "at", deed.time);
        cmt__buf_lit(b, ",\"before\":\"");
        cmt__buf_lit(b, cmt_status_name((cmt_status_t) deed.before));
        cmt__buf_lit(b, "\",\"after\":\"");
        cmt__buf_lit(b, cmt_status_name((cmt_status_t) deed.after));
        cmt__buf_char(b, '"');
        cmt__member_str(b, "note", deed.note);
        cmt__member_str(b, "text_before", deed.text);
        cmt__member_bool(b, "undone", deed.seq >= undone
                                      && deed.undoes == 0);
        cmt__buf_char(b, '}');

        /* an undo cancels all down to what it took back */
        if (deed.undoes != 0
            && (undone == UINT64_MAX || deed.undoes < undone))
        {
            undone = deed.undoes;

        } else if (deed.seq == undone) {
            undone = UINT64_MAX;
        }
    }

    cmt__buf_char(b, ']');

    return CMT_OK;
}


static int
item_context(cmt__buf_t *b, cmt_read_t *read, const cmt_site_t *site,
    const cmt__comment_t *c)
{
    int             rc;
    size_t          n;
    uint64_t        ids[CMT_CONTEXT_MAX], parent;
    cmt__comment_t  above;

    n = CMT_CONTEXT_MAX;

    for (parent = c->parent; parent != 0 && n > 0; parent = above.parent) {

        rc = cmt__comment_get(read, parent, &above);
        if (rc != CMT_OK) {
            return CMT_ECORRUPT;
        }

        ids[--n] = parent;
    }

    cmt__buf_lit(b, ",\"context\":[");
    rc = cmt__items(b, read, site, c->site, ids + n, CMT_CONTEXT_MAX - n);
    cmt__buf_char(b, ']');

    return rc;
}


int
cmt_author_json(cmt_read_t *read, const cmt_site_t *site, uint64_t id,
    uint64_t before, unsigned limit, cmt_arena_t *arena, cmt_str_t *json,
    cmt_error_t *err)
{
    int                 rc;
    size_t              n, shown;
    uint64_t            ids[CMT_LIMIT_MAX + 1];
    cmt__buf_t          b;
    cmt__hash_t         hash;
    cmt__comment_t      c;
    cmt__author_kind_t  kind;

    rc = target(read, site, id, &c, err);
    if (rc != CMT_OK) {
        return rc;
    }

    limit = limit < 1 ? 1 : limit > CMT_LIMIT_MAX ? CMT_LIMIT_MAX : limit;
    n = limit + 1;
    rc = cmt__author_of(read, &c, &kind, &hash);

    if (rc == CMT_ENOTFOUND) {
        ids[0] = id;            /* nothing else is known of him */
        n = before == 0;
        rc = CMT_OK;

    } else if (rc == CMT_OK) {
        rc = cmt__author_comments(read, c.site, kind, &hash, before, ids, &n);
    }

    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, "comments of an author");
    }

    shown = n > limit ? limit : n;
    cmt__buf_init(&b, arena, 1024 * (n + 1));
    cmt__buf_lit(&b, "{\"author\":");
    rc = cmt__item_author(&b, read, site, &c);
    cmt__buf_lit(&b, ",\"items\":[");

    if (rc == CMT_OK) {
        rc = cmt__items(&b, read, site, c.site, ids, shown);
    }

    cmt__buf_char(&b, ']');
    cmt__member_next(&b, n > limit ? ids[limit - 1] : 0);
    cmt__buf_char(&b, '}');

    return end(&b, rc, json, err);
}


static int
status_site(cmt__buf_t *b, cmt_read_t *read, uint32_t site)
{
    int             rc;
    size_t          n;
    uint64_t        id;
    cmt__ban_t      ban;
    cmt__session_t  session;
    cmt__comment_t  c;

    n = 1;
    rc = cmt__status_after(read, site, CMT_PENDING, 0, &id, &n);

    cmt__buf_lit(b, ",\"oldest\":");

    if (rc == CMT_OK && n == 1) {
        rc = cmt__comment_get(read, id, &c);
        if (rc != CMT_OK) {
            return CMT_ECORRUPT;
        }

        cmt__buf_lit(b, "{\"id\":");
        cmt__buf_u64(b, id);
        cmt__member_time(b, "created", c.created);
        cmt__buf_char(b, '}');

    } else {
        cmt__buf_lit(b, "null");
    }

    memset(&ban, 0, sizeof(ban));
    for (n = 0; n < COUNTED_MAX && rc == CMT_OK; /* void */) {
        rc = cmt__ban_next(read, site, &ban);
        n += rc == CMT_OK && !(ban.kind == CMT__BANNED_EMAIL
                               && cmt__ban_twin(read, site, &ban));
    }

    cmt__member_u64(b, "bans", n);

    if (rc == CMT_ENOTFOUND) {
        rc = CMT_OK;
    }

    memset(&session, 0, sizeof(session));
    for (n = 0; n < COUNTED_MAX && rc == CMT_OK; /* void */) {
        rc = cmt__session_next(read, site, &session);
        n += rc == CMT_OK;
    }

    cmt__member_u64(b, "sessions", n);

    return rc == CMT_ENOTFOUND ? CMT_OK : rc;
}


/* Of the rules that serve, as this process has them. */
static void
status_rules(cmt__buf_t *b, const cmt_site_t *site, cmt_role_t role)
{
    size_t             i;
    cmt_str_t          path;
    cmt_rules_state_t  state;

    cmt__buf_lit(b, ",\"rules\":");

    if (site->rules == NULL) {
        cmt__buf_lit(b, "null");
        return;
    }

    cmt_rules_state(site->rules, &state);

    cmt__buf_lit(b, "{\"paths\":[");

    for (i = 0; cmt__rules_path(site->rules, i, role, &path); i++) {
        if (i > 0) {
            cmt__buf_char(b, ',');
        }
        cmt__json_string(b, path);
    }

    cmt__buf_char(b, ']');
    cmt__member_str(b, "digest", cmt_str(state.digest));
    cmt__member_u64(b, "generation", state.generation);
    cmt__buf_lit(b, ",\"loaded\":");
    cmt__json_time(b, state.loaded);
    cmt__member_u64(b, "files", state.files);
    cmt__member_u64(b, "lists", state.lists);
    cmt__member_u64(b, "rules", state.rules);
    cmt__member_u64(b, "tests", state.tests);

    if (state.refused != 0) {
        cmt__buf_lit(b, ",\"refused\":{\"at\":");
        cmt__json_time(b, state.refused);
        cmt__member_str(b, "error", cmt__rules_reason(state.error, role));
        cmt__buf_lit(b, "}}");

    } else {
        cmt__buf_lit(b, ",\"refused\":null}");
    }
}


int
cmt_status_json(cmt_store_t *store, const cmt_site_t *site,
    cmt_role_t role, cmt_arena_t *arena, cmt_str_t *json, cmt_error_t *err)
{
    int                rc;
    uint32_t           id;
    cmt_read_t        *read;
    cmt__buf_t         b;
    cmt_store_stats_t  stats;

    rc = cmt_store_stats(store, &stats, err);
    if (rc == CMT_OK) {
        rc = cmt_read_begin(store, &read, err);
    }
    if (rc != CMT_OK) {
        return rc;
    }

    cmt__buf_init(&b, arena, 512);
    cmt__buf_lit(&b, "{\"counts\":");

    rc = site_of(read, site, &id);
    if (rc == CMT_OK) {
        rc = cmt__item_counts(&b, read, id);
    }
    if (rc == CMT_OK) {
        rc = status_site(&b, read, id);
    }

    cmt_read_end(read);

    cmt__member_u64(&b, "threads", stats.threads);
    cmt__member_u64(&b, "journal", stats.journal);
    cmt__buf_lit(&b, ",\"store\":{\"bytes_used\":");
    cmt__buf_u64(&b, stats.bytes_used);
    cmt__member_u64(&b, "bytes_map", stats.bytes_map);
    cmt__member_u64(&b, "readers", stats.readers);
    cmt__buf_char(&b, '}');
    status_rules(&b, site, role);
    cmt__buf_char(&b, '}');

    return end(&b, rc, json, err);
}
