/*
 * desk.c: what moderators look at: arguments of an address become a question
 * to the store, its answer becomes JSON.
 */

#include <string.h>

#include "item.h"


static int search(cmt_read_t *read, const cmt_site_t *site,
    const cmt_form_t *args, const cmt_queue_query_t *query,
    cmt_arena_t *arena, cmt_str_t *json, cmt_error_t *err) CMT_CHECK;
static int search_query(const cmt_site_t *site, const cmt_form_t *args,
    const cmt_queue_query_t *query, cmt_search_t *search, cmt_error_t *err)
    CMT_CHECK;
static int number_of(const cmt_form_t *args, const char *name,
    uint64_t *number, cmt_error_t *err) CMT_CHECK;
static int limit_of(const cmt_form_t *args, unsigned max, unsigned *limit,
    cmt_error_t *err) CMT_CHECK;
static int time_of(const cmt_form_t *args, const char *name, int64_t *t,
    cmt_error_t *err) CMT_CHECK;
static int put_items(cmt_read_t *read, const cmt_site_t *site,
    const uint64_t *ids, size_t n, cmt__buf_t *b, cmt_error_t *err) CMT_CHECK;


/* What makes a search of a look at the queue. */
static const char *const  filters[] = {
    "words", "page", "author", "author_of", "rule", "since", "until"
};


int
cmt__desk_query(const cmt_form_t *args, cmt_queue_query_t *query, int *any,
    cmt_error_t *err)
{
    int        rc;
    cmt_str_t  status, order;

    memset(query, 0, sizeof(*query));
    *any = 0;

    status = cmt_form_get(args, "status");
    order = cmt_form_get(args, "order");
    query->status = CMT_PENDING;

    if (cmt__str_is(status, "any")) {
        *any = 1;
        query->status = 0;

    } else if (cmt__str_is(status, "reported")) {
        query->status = 0;

    } else if (status.len > 0) {
        query->status = cmt_status_parse(status);

        if (query->status == 0) {
            return cmt__fail(err, CMT_EARGUMENT, "status", "status");
        }
    }

    query->oldest = cmt__str_is(order, "oldest") ? 1 : 0;

    if (order.len > 0 && !query->oldest && !cmt__str_is(order, "newest")) {
        return cmt__fail(err, CMT_EARGUMENT, "order", "order");
    }

    rc = number_of(args, "before", &query->before, err);
    if (rc != CMT_OK) {
        return rc;
    }

    return limit_of(args, CMT_LIMIT_MAX, &query->limit, err);
}


int
cmt_desk_queue(cmt_read_t *read, const cmt_site_t *site,
    const cmt_form_t *args, uint64_t unused, cmt_arena_t *arena,
    cmt_str_t *json, cmt_error_t *err)
{
    int                rc, any;
    size_t             i;
    cmt_queue_query_t  query;

    (void) unused;

    rc = cmt__desk_query(args, &query, &any, err);
    if (rc != CMT_OK) {
        return rc;
    }

    for (i = 0; i < sizeof(filters) / sizeof(filters[0]); i++) {
        if (cmt_form_get(args, filters[i]).len > 0) {
            any = 1;
        }
    }

    return any ? search(read, site, args, &query, arena, json, err)
               : cmt_queue_json(read, site, &query, arena, json, err);
}


static int
search(cmt_read_t *read, const cmt_site_t *site, const cmt_form_t *args,
    const cmt_queue_query_t *query, cmt_arena_t *arena, cmt_str_t *json,
    cmt_error_t *err)
{
    int           rc;
    cmt__buf_t    b;
    cmt_search_t  q;
    cmt_found_t  *found;

    rc = search_query(site, args, query, &q, err);
    if (rc != CMT_OK) {
        return rc;
    }

    found = cmt_alloc(arena, sizeof(cmt_found_t));
    if (found == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, "no memory for a search");
    }

    rc = cmt_search(read, &q, found, err);

    if (rc == CMT_ENOTFOUND) {
        /* Nobody has commented on this site so far. */
        found->n = 0;
        found->next = 0;
        rc = CMT_OK;
    }

    if (rc != CMT_OK) {
        return rc;
    }

    cmt__buf_init(&b, arena, 4096);

    rc = put_items(read, site, found->ids, found->n, &b, err);
    if (rc != CMT_OK) {
        return rc;
    }

    cmt__member_next(&b, found->next);
    cmt__buf_lit(&b, ",\"counts\":null}");

    return cmt__buf_end(&b, json);
}


static int
search_query(const cmt_site_t *site, const cmt_form_t *args,
    const cmt_queue_query_t *query, cmt_search_t *q, cmt_error_t *err)
{
    int  rc;

    if (query->oldest) {
        return cmt__fail(err, CMT_EARGUMENT, "order",
                         "what is found comes newest first");
    }

    if (cmt__str_is(cmt_form_get(args, "status"), "reported")) {
        return cmt__fail(err, CMT_EARGUMENT, "status",
                         "reported comments cannot be searched");
    }

    memset(q, 0, sizeof(*q));
    q->site = site->name;
    q->words = cmt_form_get(args, "words");
    q->status = query->status;
    q->page = cmt_form_get(args, "page");
    q->author = cmt_form_get(args, "author");
    q->rule = cmt_form_get(args, "rule");
    q->before = query->before;
    q->limit = query->limit;

    rc = number_of(args, "author_of", &q->author_of, err);

    if (rc == CMT_OK) {
        rc = time_of(args, "since", &q->since, err);
    }

    return rc == CMT_OK ? time_of(args, "until", &q->until, err) : rc;
}


int
cmt_desk_items(cmt_read_t *read, const cmt_site_t *site,
    const cmt_form_t *args, uint64_t unused, cmt_arena_t *arena,
    cmt_str_t *json, cmt_error_t *err)
{
    int          rc;
    size_t       from, to, n;
    uint64_t    *ids;
    cmt_str_t    list;
    cmt__buf_t   b;

    (void) unused;

    list = cmt_form_get(args, "ids");

    ids = cmt_alloc(arena, CMT_LIMIT_MAX * sizeof(uint64_t));
    if (ids == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, "no memory for a list");
    }

    for (n = 0, from = 0; from < list.len; from = to + 1, n++) {

        for (to = from; to < list.len && list.data[to] != ','; to++) {
            /* void */
        }

        if (n == CMT_LIMIT_MAX
            || !cmt__str_u64(cmt__str_sub(list, from, to), &ids[n]))
        {
            return cmt__fail(err, CMT_EARGUMENT, "ids",
                             "ids are numbers with commas, at most %d",
                             CMT_LIMIT_MAX);
        }
    }

    cmt__buf_init(&b, arena, 4096);

    rc = put_items(read, site, ids, n, &b, err);
    if (rc != CMT_OK) {
        return rc;
    }

    cmt__buf_char(&b, '}');

    return cmt__buf_end(&b, json);
}


/* {"items":[...] */
static int
put_items(cmt_read_t *read, const cmt_site_t *site, const uint64_t *ids,
    size_t n, cmt__buf_t *b, cmt_error_t *err)
{
    int        rc;
    cmt_str_t  items;

    rc = cmt_items_json(read, site, ids, n, b->arena, &items, err);
    if (rc != CMT_OK) {
        return rc;
    }

    cmt__buf_lit(b, "{\"items\":");
    cmt__buf_str_put(b, items);

    return CMT_OK;
}


int
cmt_desk_author(cmt_read_t *read, const cmt_site_t *site,
    const cmt_form_t *args, uint64_t id, cmt_arena_t *arena, cmt_str_t *json,
    cmt_error_t *err)
{
    int       rc;
    uint64_t  before;
    unsigned  limit;

    rc = number_of(args, "before", &before, err);

    if (rc == CMT_OK) {
        rc = limit_of(args, CMT_LIMIT_MAX, &limit, err);
    }
    if (rc != CMT_OK) {
        return rc;
    }

    return cmt_author_json(read, site, id, before, limit, arena, json, err);
}


int
cmt_desk_log(cmt_read_t *read, const cmt_site_t *site, const cmt_form_t *args,
    uint64_t unused, cmt_arena_t *arena, cmt_str_t *json, cmt_error_t *err)
{
    int              rc;
    size_t           i;
    uint64_t         next;
    cmt_str_t        lines;
    cmt__buf_t       b;
    cmt_log_query_t  query;

    (void) unused;

    memset(&query, 0, sizeof(query));
    query.site = site->name;
    query.actor = cmt_form_get(args, "actor");

    rc = number_of(args, "comment", &query.comment, err);

    if (rc == CMT_OK) {
        rc = number_of(args, "before", &query.before, err);
    }
    if (rc == CMT_OK) {
        rc = time_of(args, "since", &query.since, err);
    }
    if (rc == CMT_OK) {
        rc = time_of(args, "until", &query.until, err);
    }
    if (rc == CMT_OK) {
        rc = limit_of(args, CMT_LOG_ENTRIES_MAX, &query.limit, err);
    }
    if (query.before == 0) {
        query.before = UINT64_MAX;       /* the newest ones */
    }

    if (rc == CMT_OK) {
        rc = cmt_log_json(read, &query, arena, &lines, &next, err);
    }
    if (rc == CMT_ENOTFOUND) {
        /* Nothing has happened on this site so far. */
        lines = cmt_null_str;
        next = 0;
        rc = CMT_OK;
    }
    if (rc != CMT_OK) {
        return rc;
    }

    /* A line is an object; a line feed inside one is written \n. */

    cmt__buf_init(&b, arena, lines.len + 64);
    cmt__buf_lit(&b, "{\"entries\":[");

    for (i = 0; i < lines.len; i++) {
        if (lines.data[i] != '\n') {
            cmt__buf_char(&b, lines.data[i]);

        } else if (i + 1 < lines.len) {
            cmt__buf_char(&b, ',');
        }
    }

    cmt__buf_char(&b, ']');
    cmt__member_next(&b, next);
    cmt__buf_char(&b, '}');

    return cmt__buf_end(&b, json);
}


int
cmt_desk_session(const cmt_site_t *site, const cmt_session_t *session,
    cmt_arena_t *arena, cmt_str_t *json, cmt_error_t *err)
{
    cmt__buf_t  b;

    cmt__buf_init(&b, arena, 256);
    cmt__buf_lit(&b, "{\"site\":");
    cmt__json_string(&b, site->name);
    cmt__buf_lit(&b, ",\"name\":");
    cmt__json_string(&b, session->who.name);
    cmt__buf_lit(&b, ",\"role\":\"");
    cmt__buf_lit(&b, cmt_role_name(session->who.role));
    cmt__buf_lit(&b, "\",\"token\":\"");
    cmt__buf_lit(&b, session->csrf);
    cmt__buf_lit(&b, "\",\"created\":");
    cmt__json_time(&b, session->created);
    cmt__buf_lit(&b, ",\"expires\":");
    cmt__json_time(&b, session->expires);
    cmt__buf_char(&b, '}');

    return cmt__buf_end(&b, json) == CMT_OK
           ? CMT_OK : cmt__fail(err, CMT_ENOMEM, NULL, "no memory");
}


/* 0 when it is left out. */
static int
number_of(const cmt_form_t *args, const char *name, uint64_t *number,
    cmt_error_t *err)
{
    cmt_str_t  value;

    value = cmt_form_get(args, name);
    *number = 0;

    if (value.len > 0 && !cmt__str_u64(value, number)) {
        return cmt__fail(err, CMT_EARGUMENT, name, "%s is a number", name);
    }

    return CMT_OK;
}


static int
limit_of(const cmt_form_t *args, unsigned max, unsigned *limit,
    cmt_error_t *err)
{
    int       rc;
    uint64_t  number;

    rc = number_of(args, "limit", &number, err);
    if (rc != CMT_OK) {
        return rc;
    }

    if (cmt_form_get(args, "limit").len == 0) {
        number = CMT_LIMIT_DEFAULT;
    }

    if (number == 0 || number > max) {
        return cmt__fail(err, CMT_EARGUMENT, "limit", "limit is 1 to %u", max);
    }

    *limit = (unsigned) number;

    return CMT_OK;
}


static int
time_of(const cmt_form_t *args, const char *name, int64_t *t,
    cmt_error_t *err)
{
    cmt_str_t  value;

    value = cmt_form_get(args, name);
    *t = 0;

    if (value.len > 0 && !cmt__time_parse(value, t)) {
        return cmt__fail(err, CMT_EARGUMENT, name,
                         "%s is a time such as 2026-11-23T23:05:25Z", name);
    }

    return CMT_OK;
}
