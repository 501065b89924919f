/*
 * history.c: the files of a ruleset go into the store when it begins to serve,
 * and a ruleset can be made of what is kept there.
 *
 *   files -> inputs, recording -> ruleset.sources -> store
 *   store -> inputs, given     -> ruleset
 */

#include <string.h>

#include "engine.h"
#include "input.h"


static cmt__source_t *source_at(cmt__generation_t *g, const char *path);
static int keep(cmt_store_t *store, const cmt_ruleset_t *ruleset,
    const cmt__generation_t *g, cmt_error_t *err) CMT_CHECK;


/* Those that were given come first, in their order. */

int
cmt__sources_keep(cmt_ruleset_t *rs, const cmt__inputs_t *inputs,
    const char *const *paths, size_t n_paths)
{
    size_t              i;
    cmt__source_t       first, *found;
    cmt__generation_t  *g;

    g = cmt_calloc(rs->arena, sizeof(cmt__generation_t));
    if (g == NULL) {
        return CMT_ENOMEM;
    }

    g->n = inputs->n_sources;
    g->steps_max = rs->budget.steps_max;
    g->memory_bytes_max = rs->budget.memory_bytes_max;
    g->sources = cmt_alloc(rs->arena, (g->n + 1) * sizeof(cmt__source_t));

    if (g->sources == NULL) {
        return CMT_ENOMEM;
    }

    for (i = 0; i < g->n; i++) {
        g->sources[i] = inputs->sources[i];
        g->sources[i].path = cmt__str_copy(rs->arena, g->sources[i].path);
        g->sources[i].other = cmt__str_copy(rs->arena, g->sources[i].other);

        if (g->sources[i].path.data == NULL
            || g->sources[i].other.data == NULL)
        {
            return CMT_ENOMEM;
        }
    }

    for (i = n_paths; i > 0; i--) {
        found = source_at(g, paths[i - 1]);

        if (found != NULL) {
            first = *found;
            first.kind = CMT__SOURCE_MAIN;
            memmove(g->sources + 1, g->sources,
                    (size_t) (found - g->sources) * sizeof(cmt__source_t));
            g->sources[0] = first;
        }
    }

    (void) cmt__unhex((cmt_str_t) { 2 * CMT_HASH_BYTES, rs->digest },
                      g->digest, CMT_HASH_BYTES);
    rs->sources = g;

    return CMT_OK;
}


static cmt__source_t *
source_at(cmt__generation_t *g, const char *path)
{
    size_t  i;

    for (i = 0; i < g->n; i++) {
        if (cmt__str_is(g->sources[i].path, path)) {
            return &g->sources[i];
        }
    }

    return NULL;
}


int
cmt_rules_keep(cmt_store_t *store, cmt_rules_t *rules, int64_t now,
    cmt_error_t *err)
{
    int                rc;
    uint32_t           seq;
    cmt_read_t        *read;
    cmt_ruleset_t     *ruleset;
    cmt__generation_t  g;

    ruleset = cmt_rules_take(rules);

    if (ruleset->sources == NULL) {
        cmt_ruleset_free(ruleset);
        return CMT_OK;
    }

    rc = cmt_read_begin(store, &read, err);

    if (rc == CMT_OK) {
        rc = cmt__generation_find(read, ruleset->sources->digest, &seq);
        cmt_read_end(read);
    }

    if (rc == CMT_ENOTFOUND) {
        g = *ruleset->sources;
        g.since = now;
        rc = keep(store, ruleset, &g, err);
    }

    cmt_ruleset_free(ruleset);

    return rc;
}


/* Another worker may have been first. */

static int
keep(cmt_store_t *store, const cmt_ruleset_t *ruleset,
    const cmt__generation_t *g, cmt_error_t *err)
{
    int            rc;
    uint32_t       seq;
    cmt__write_t  *write;

    rc = cmt__write_begin(store, &write, err);
    if (rc != CMT_OK) {
        return rc;
    }

    rc = cmt__generation_find(cmt__write_view(write),
                              ruleset->sources->digest, &seq);
    if (rc == CMT_ENOTFOUND) {
        rc = cmt__generation_put(write, g, err);

        if (rc == CMT_OK) {
            return cmt__write_commit(write, err);
        }
    }

    cmt__write_abort(write);

    return rc == CMT_OK ? rc : cmt__fail(err, rc, NULL, "the rules' files");
}


int
cmt_ruleset_load_kept(cmt_store_t *store, cmt_str_t digest, int run_tests,
    cmt_ruleset_t **ruleset, cmt_error_t *err)
{
    int                  rc;
    size_t               i, n;
    cmt_arena_t         *arena;
    const char         **paths;
    cmt__inputs_t       *inputs;
    cmt__generation_t    g;
    cmt_rules_budget_t   budget;

    arena = cmt_arena_create(CMT__RULES_SET_BYTES_MAX);
    inputs = arena != NULL ? cmt_alloc(arena, sizeof(cmt__inputs_t)) : NULL;

    if (inputs == NULL) {
        cmt_arena_destroy(arena);
        return cmt__fail(err, CMT_ENOMEM, NULL, NULL);
    }

    rc = cmt__kept_get(store, digest, arena, &g, err);
    paths = rc == CMT_OK ? cmt_alloc(arena, (g.n + 1) * sizeof(char *))
                         : NULL;

    if (rc == CMT_OK && paths == NULL) {
        rc = cmt__fail(err, CMT_ENOMEM, NULL, NULL);
    }

    if (rc == CMT_OK) {
        for (i = n = 0; i < g.n; i++) {
            if (g.sources[i].kind == CMT__SOURCE_MAIN) {
                paths[n++] = g.sources[i].path.data;
            }
        }

        cmt__inputs_init(inputs, arena, 0, 0);
        inputs->given = &g;
        memset(&budget, 0, sizeof(budget));
        budget.steps_max = g.steps_max;
        budget.memory_bytes_max = g.memory_bytes_max;
        budget.cpu_ms_max = CMT_RULES_CPU_MS_DEFAULT;
        budget.run_tests = run_tests != 0;

        rc = cmt__ruleset_load(paths, n, &budget, inputs, ruleset, err);
    }

    cmt_arena_destroy(arena);

    return rc;
}


/* A digest may be cut, as long as it means one of them. */

int
cmt__kept_get(cmt_store_t *store, cmt_str_t digest, cmt_arena_t *arena,
    cmt__generation_t *g, cmt_error_t *err)
{
    int                rc, n;
    char               hex[2 * CMT_HASH_BYTES + 1];
    uint8_t            found[CMT_HASH_BYTES];
    uint32_t           seq;
    cmt_read_t        *read;
    cmt__generation_t  row;

    rc = cmt_read_begin(store, &read, err);
    if (rc != CMT_OK) {
        return rc;
    }

    seq = 0;
    n = 0;

    while ((rc = cmt__generation_next(read, &seq, arena, &row)) == CMT_OK) {
        cmt__hex(row.digest, CMT_HASH_BYTES, hex);

        if (digest.len >= CMT__DIGEST_CHARS_MIN
            && digest.len < sizeof(hex)
            && memcmp(hex, digest.data, digest.len) == 0)
        {
            memcpy(found, row.digest, CMT_HASH_BYTES);
            n++;
        }
    }

    if (rc == CMT_ENOTFOUND && n == 1) {
        rc = cmt__generation_get(read, found, arena, g);

    } else if (rc == CMT_ENOTFOUND) {
        rc = cmt__fail(err, CMT_ENOTFOUND, NULL, "%s rules \"%.*s\" are kept"
                       "; see \"rules history\"",
                       n == 0 ? "no" : "several",
                       (int) (digest.len < 64 ? digest.len : 64),
                       digest.data);
        cmt_read_end(read);
        return rc;
    }

    cmt_read_end(read);

    return rc == CMT_OK ? rc : cmt__fail(err, rc, NULL, "kept rules");
}


int
cmt_rules_history_json(cmt_store_t *store, cmt_arena_t *arena,
    cmt_str_t *json, cmt_error_t *err)
{
    int                rc;
    char               hex[2 * CMT_HASH_BYTES + 1];
    size_t             i, n;
    uint32_t           seq;
    cmt__buf_t         b;
    cmt_read_t        *read;
    cmt__generation_t  g;

    rc = cmt_read_begin(store, &read, err);
    if (rc != CMT_OK) {
        return rc;
    }

    seq = 0;
    cmt__buf_init(&b, arena, 1024);
    cmt__buf_lit(&b, "{\"generations\":[");

    while ((rc = cmt__generation_next(read, &seq, arena, &g)) == CMT_OK) {
        cmt__hex(g.digest, CMT_HASH_BYTES, hex);
        cmt__buf_lit(&b, b.data[b.len - 1] == '[' ? "{\"ruleset\":\""
                                                  : ",{\"ruleset\":\"");
        cmt__buf_lit(&b, hex);
        cmt__buf_lit(&b, "\",\"since\":");
        cmt__json_time(&b, g.since);
        cmt__buf_lit(&b, ",\"files\":[");

        for (i = n = 0; i < g.n; i++) {
            if (g.sources[i].kind == CMT__SOURCE_NAME) {
                continue;
            }

            cmt__buf_lit(&b, n++ == 0 ? "" : ",");
            cmt__json_string(&b, g.sources[i].path);
        }

        cmt__buf_lit(&b, "]}");

        if (b.failed) {
            break;
        }
    }

    cmt_read_end(read);

    if (rc != CMT_ENOTFOUND && rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, "kept rules");
    }

    cmt__buf_lit(&b, "]}");
    rc = cmt__buf_end(&b, json);

    return rc == CMT_OK ? rc : cmt__fail(err, rc, NULL, NULL);
}


int
cmt_kept_files(cmt_store_t *store, cmt_str_t digest, cmt_arena_t *arena,
    cmt_kept_file_t **files, size_t *n, cmt_error_t *err)
{
    int                rc;
    size_t             i, count;
    cmt_kept_file_t   *out;
    cmt__generation_t  g;

    rc = cmt__kept_get(store, digest, arena, &g, err);
    if (rc != CMT_OK) {
        return rc;
    }

    out = cmt_alloc(arena, (g.n + 1) * sizeof(cmt_kept_file_t));
    if (out == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, NULL);
    }

    for (i = count = 0; i < g.n; i++) {
        if (g.sources[i].kind != CMT__SOURCE_NAME) {
            out[count].path = g.sources[i].path;
            out[count++].text = g.sources[i].other;
        }
    }

    *files = out;
    *n = count;

    return CMT_OK;
}


int
cmt_kept_has(cmt_read_t *read, cmt_str_t text)
{
    return cmt__source_has(read, text);
}
