/*
 * console.c: a moderator tries rules, those that serve or a file that was
 * pasted, on a comment that was typed, on one of the store, or on the newest
 * ones of it.  Nothing is kept.
 */

#include <string.h>

#include "render.h"


typedef struct {
    cmt_store_t       *store;
    const cmt_site_t  *site;
    const cmt_form_t  *form;
    cmt_arena_t       *arena;
    int64_t            start_ms;
} console_t;

typedef int (*console_fn)(const console_t *c, const cmt_ruleset_t *ruleset,
    cmt_str_t *json, cmt_error_t *err);


static int console(const console_t *c, const char *name, console_fn run,
    cmt_str_t *json, cmt_error_t *err) CMT_CHECK;
static int paste(const console_t *c, const cmt_ruleset_t *live,
    cmt_ruleset_t **ruleset, cmt_error_t *err) CMT_CHECK;
static void put_file(cmt__buf_t *b, const cmt_ruleset_t *ruleset);
static void put_refused(cmt__buf_t *b, cmt_error_t *err);
static int try_one(const console_t *c, const cmt_ruleset_t *ruleset,
    cmt_str_t *json, cmt_error_t *err) CMT_CHECK;
static int try_typed(const console_t *c, const cmt_ruleset_t *ruleset,
    cmt_str_t *receipt, cmt_error_t *err) CMT_CHECK;
static int replay(const console_t *c, const cmt_ruleset_t *ruleset,
    cmt_str_t *json, cmt_error_t *err) CMT_CHECK;


int
cmt_console_try(cmt_store_t *store, const cmt_site_t *site,
    const cmt_form_t *form, cmt_arena_t *arena, cmt_str_t *json,
    cmt_error_t *err)
{
    console_t  c = { store, site, form, arena, cmt__now_ms() };

    return console(&c, "receipt", try_one, json, err);
}


int
cmt_console_replay(cmt_store_t *store, const cmt_site_t *site,
    const cmt_form_t *form, cmt_arena_t *arena, cmt_str_t *json,
    cmt_error_t *err)
{
    console_t  c = { store, site, form, arena, cmt__now_ms() };

    return console(&c, "replay", replay, json, err);
}


/* {"file":{...},"refused":null,NAME:{...}} */

static int
console(const console_t *c, const char *name, console_fn run,
    cmt_str_t *json, cmt_error_t *err)
{
    int             rc, refused;
    cmt_str_t       said;
    cmt__buf_t      b;
    cmt_error_t     why;
    cmt_ruleset_t  *live, *ruleset;

    memset(&why, 0, sizeof(why));
    said = cmt_str("null");
    live = cmt_rules_take(c->site->rules);

    rc = paste(c, live, &ruleset, &why);
    cmt_ruleset_free(live);
    refused = rc == CMT_ERULES;

    if (rc != CMT_OK && !refused) {
        *err = why;
        return rc;
    }

    cmt__buf_init(&b, c->arena, 4096);
    cmt__buf_lit(&b, "{\"file\":");

    if (refused) {
        cmt__buf_lit(&b, "null,\"refused\":");
        put_refused(&b, &why);

    } else {
        put_file(&b, ruleset);
        cmt__buf_lit(&b, ",\"refused\":null");
        rc = run(c, ruleset, &said, err);
        cmt_ruleset_free(ruleset);

        if (rc != CMT_OK) {
            return rc;
        }
    }

    cmt__buf_lit(&b, ",\"");
    cmt__buf_lit(&b, name);
    cmt__buf_lit(&b, "\":");
    cmt__buf_str_put(&b, said);
    cmt__buf_char(&b, '}');

    rc = cmt__buf_end(&b, json);

    return rc == CMT_OK ? CMT_OK : cmt__fail(err, rc, NULL, "no memory");
}


/* Those that serve when nothing was pasted; one more use of them. */

static int
paste(const console_t *c, const cmt_ruleset_t *live, cmt_ruleset_t **ruleset,
    cmt_error_t *err)
{
    cmt_str_t  text;

    text = cmt_form_get(c->form, "rules");

    if (cmt__str_trim(text).len == 0) {
        *ruleset = cmt_rules_take(c->site->rules);
        return CMT_OK;
    }

    return cmt_ruleset_paste(text, live, CMT_CONSOLE_MS, ruleset, err);
}


static void
put_file(cmt__buf_t *b, const cmt_ruleset_t *ruleset)
{
    size_t  rules, tests;

    cmt_ruleset_count(ruleset, &rules, &tests);

    cmt__buf_lit(b, "{\"digest\":\"");
    cmt__buf_lit(b, cmt_ruleset_digest(ruleset));
    cmt__buf_lit(b, "\",\"rules\":");
    cmt__buf_u64(b, rules);
    cmt__buf_lit(b, ",\"tests\":");
    cmt__buf_u64(b, tests);
    cmt__buf_char(b, '}');
}


/* "pasted.lua:3: what is wrong" has the line in it. */

static void
put_refused(cmt__buf_t *b, cmt_error_t *err)
{
    size_t      at, end;
    uint64_t    line;
    cmt_str_t   detail;

    detail = cmt__rules_reason(err->detail, CMT_ROLE_OWNER);
    line = 0;
    at = sizeof(CMT_RULES_PASTED);

    if (cmt__str_starts(detail, CMT_RULES_PASTED ":")) {

        for (end = at; end < detail.len && detail.data[end] != ':'; end++) {
            /* void */
        }

        if (!cmt__str_u64(cmt__str_sub(detail, at, end), &line)) {
            line = 0;
        }
    }

    cmt__buf_lit(b, "{\"line\":");

    if (line != 0) {
        cmt__buf_u64(b, line);
    } else {
        cmt__buf_lit(b, "null");
    }

    cmt__buf_lit(b, ",\"error\":");
    cmt__json_string(b, detail);
    cmt__buf_char(b, '}');
}


int
cmt_console_comment(const cmt_form_t *form, uint64_t *id, cmt_error_t *err)
{
    cmt_str_t  value;

    value = cmt_form_get(form, "pick");

    if (value.len == 0) {
        value = cmt__str_trim(cmt_form_get(form, "comment"));
    }

    *id = 0;

    if (value.len != 0 && !cmt__str_u64(value, id)) {
        return cmt__fail(err, CMT_EARGUMENT, "comment",
                         "the number of a comment");
    }

    return CMT_OK;
}


static int
try_one(const console_t *c, const cmt_ruleset_t *ruleset, cmt_str_t *json,
    cmt_error_t *err)
{
    int          rc;
    uint64_t     id;
    cmt_read_t  *read;

    rc = cmt_console_comment(c->form, &id, err);

    if (rc != CMT_OK) {
        return rc;
    }

    if (id == 0) {
        return try_typed(c, ruleset, json, err);
    }

    rc = cmt_read_begin(c->store, &read, err);
    if (rc != CMT_OK) {
        return rc;
    }

    rc = cmt_replay_one(read, c->site, ruleset, id, c->arena, json, err);
    cmt_read_end(read);

    return rc;
}


static int
try_typed(const console_t *c, const cmt_ruleset_t *ruleset,
    cmt_str_t *receipt, cmt_error_t *err)
{
    cmt_str_t   comment, page;
    cmt__buf_t  b;

    page = cmt_form_get(c->form, "page");

    cmt__buf_init(&b, c->arena, 4096);
    cmt__buf_lit(&b, "{\"text\":");
    cmt__json_string(&b, cmt_form_get(c->form, "text"));
    cmt__buf_lit(&b, ",\"author\":{\"name\":");
    cmt__json_string(&b, cmt_form_get(c->form, "name"));

    if (cmt_form_get(c->form, "website").len > 0) {
        cmt__buf_lit(&b, ",\"url\":");
        cmt__json_string(&b, cmt_form_get(c->form, "website"));
    }

    cmt__buf_lit(&b, "},\"page\":{\"path\":");
    cmt__json_string(&b, page.len > 0 ? page : cmt_str("/"));
    cmt__buf_lit(&b, ",\"title\":");
    cmt__json_string(&b, cmt_form_get(c->form, "title"));
    cmt__buf_lit(&b, "}}");

    if (cmt__buf_end(&b, &comment) != CMT_OK) {
        return cmt__fail(err, CMT_ENOMEM, NULL, "no memory for a comment");
    }

    return cmt_ruleset_run_json(ruleset, comment, c->arena, receipt, err);
}


static int
replay(const console_t *c, const cmt_ruleset_t *ruleset, cmt_str_t *json,
    cmt_error_t *err)
{
    int64_t       spent_ms;
    cmt_str_t     newest;
    cmt_replay_t  query;

    memset(&query, 0, sizeof(query));
    query.site = c->site->name;
    query.newest = CMT_CONSOLE_COMMENTS_DEFAULT;
    query.changes_max = CMT_CONSOLE_CHANGES_MAX;

    newest = cmt__str_trim(cmt_form_get(c->form, "newest"));

    if (newest.len != 0
        && (!cmt__str_u64(newest, &query.newest) || query.newest == 0
            || query.newest > CMT_CONSOLE_COMMENTS_MAX))
    {
        return cmt__fail(err, CMT_EARGUMENT, "newest", "newest is 1 to %d",
                         CMT_CONSOLE_COMMENTS_MAX);
    }

    /* What loading has left; its tests may have taken nearly all. */
    spent_ms = cmt__now_ms() - c->start_ms;
    query.ms_max = spent_ms < CMT_CONSOLE_MS
                   ? (unsigned) (CMT_CONSOLE_MS - spent_ms) : 1;

    return cmt_replay_json(c->store, ruleset, &query, c->arena, json, err);
}
