/*
 * include.c: what brings further files into a ruleset: include(), and the
 * tests of a file x.lua in x_test.lua beside it.
 *
 * While a ruleset loads, the n-th call of include() reads and compiles; in
 * each machine after that it runs the same file again.  A file that has run
 * does not run twice.
 */

#include <string.h>

#include "input.h"
#include "engine.h"


#define TESTS_END   "_test.lua"
#define FILE_END    ".lua"


static size_t find_or_load(lua_State *L, cmt__engine_t *e, cmt_str_t name);
static int file_at(const cmt_ruleset_t *rs, const char *path, size_t *file);
static void run_tests(lua_State *L, const char *path);
static int tests_of(const cmt__file_t *file, char path[PATH_MAX]);
_Noreturn static void raise_error(lua_State *L, const cmt_error_t *err);


/* include(file) */

int
cmt__register_include(lua_State *L)
{
    size_t          i, file;
    cmt__engine_t  *e;

    e = cmt__engine_of(L);

    cmt__register_now(L, "include");

    if (e->loading != NULL) {
        if (e->included == CMT__RULES_INCLUDES_MAX) {
            cmt__raise(L, "there are more than %d calls of include()",
                       CMT__RULES_INCLUDES_MAX);
        }

        file = find_or_load(L, e, cmt__register_name(L, 1, "file"));
        e->loading->includes[e->included] = (unsigned char) file;
        e->loading->n_includes = e->included + 1;
    }

    if (e->included == e->ruleset->n_includes) {
        cmt__register_differs(L);
    }

    file = e->ruleset->includes[e->included++];

    if (e->ran >> file & 1) {
        return 0;
    }

    for (i = 0; i < e->n_active; i++) {
        if (e->active[i] == file) {
            cmt__raise(L, "\"%s\" includes itself, by way of other files or"
                       " directly", e->ruleset->files[file].name.data);
        }
    }

    if (e->n_active > CMT__RULES_INCLUDE_DEPTH_MAX) {
        cmt__raise(L, "files include one another more than %d deep",
                   CMT__RULES_INCLUDE_DEPTH_MAX);
    }

    if (!lua_checkstack(L, 8)) {
        cmt__raise_no_memory(L);
    }

    cmt__engine_run_file(L, file);

    return 0;
}


static size_t
find_or_load(lua_State *L, cmt__engine_t *e, cmt_str_t name)
{
    int             rc;
    char            path[PATH_MAX];
    size_t          file;
    cmt_error_t     err;
    cmt_ruleset_t  *rs;

    rs = e->loading;
    memset(&err, 0, sizeof(err));

    rc = cmt__input_find(rs->inputs, "file", name,
                          rs->files[e->file].path.data, path, &err);
    if (rc == CMT_ERULES) {
        cmt__raise(L, "%s", err.detail);
    }

    if (rc == CMT_OK && file_at(rs, path, &file)) {
        return file;
    }

    if (rc == CMT_OK) {
        rc = cmt__load_file(rs, e->arena, path, &file, &err);
    }

    if (rc == CMT_ENOMEM) {
        cmt__raise_no_memory(L);
    }

    if (rc == CMT_EIO) {
        cmt__raise(L, "%s", err.detail);
    }

    if (rc != CMT_OK) {
        raise_error(L, &err);
    }

    return file;
}


/* Files of the ruleset by where they really are: links lead to the same. */

static int
file_at(const cmt_ruleset_t *rs, const char *path, size_t *file)
{
    size_t  i;

    for (i = 0; i < rs->n_files; i++) {
        if (!rs->files[i].is_built_in
            && cmt__input_is_same(rs->inputs, path, rs->files[i].path.data))
        {
            *file = i;
            return 1;
        }
    }

    return 0;
}


/* In the machine that registered the files, with a budget of their own. */

void
cmt__load_tests(lua_State *L)
{
    char            path[PATH_MAX];
    size_t          i, n, file;
    cmt_ruleset_t  *rs;

    rs = cmt__engine_of(L)->loading;
    n = rs->n_files;

    for (i = 0; i < n; i++) {
        if (rs->files[i].is_built_in) {
            run_tests(L, NULL);
            continue;
        }

        if (rs->inputs->pasted != NULL || !tests_of(&rs->files[i], path)) {
            continue;
        }

        if (cmt__inputs_note(rs->inputs, path) != CMT_OK) {
            cmt__raise_no_memory(L);
        }

        if (!cmt__input_is_there(rs->inputs, path)
            || file_at(rs, path, &file))
        {
            continue;
        }

        run_tests(L, path);
    }
}


/* NULL: those of the built-in file. */

static void
run_tests(lua_State *L, const char *path)
{
    int             rc;
    size_t          file;
    cmt_error_t     err;
    cmt__engine_t  *e;
    cmt_ruleset_t  *rs;

    e = cmt__engine_of(L);
    rs = e->loading;
    memset(&err, 0, sizeof(err));

    rs->n_test_files++;

    rc = path != NULL
         ? cmt__load_file(rs, e->arena, path, &file, &err)
         : cmt__load_built_in(rs, e->arena, CMT__STANDARD_TESTS_ASSET, &file,
                              &err);

    if (rc == CMT_ENOMEM) {
        cmt__raise_no_memory(L);
    }

    if (rc != CMT_OK) {
        raise_error(L, &err);
    }

    rs->files[file].is_test = 1;
    cmt__budget_start(e, CMT_RULES_STEPS_LOAD, CMT__TRIP_LOAD);
    cmt__engine_run_file(L, file);
}


/* /a/x.lua: /a/x_test.lua. */

static int
tests_of(const cmt__file_t *file, char path[PATH_MAX])
{
    size_t  len;

    len = file->path.len;

    if (len + sizeof(TESTS_END) > PATH_MAX || len < sizeof(FILE_END)
        || strcmp(file->path.data + len - (sizeof(FILE_END) - 1), FILE_END)
           != 0)
    {
        return 0;
    }

    len -= sizeof(FILE_END) - 1;
    memcpy(path, file->path.data, len);
    memcpy(path + len, TESTS_END, sizeof(TESTS_END));

    return 1;
}


/* The detail has file and line of its own. */

_Noreturn static void
raise_error(lua_State *L, const cmt_error_t *err)
{
    lua_pushlstring(L, err->detail, strlen(err->detail));
    lua_error(L);

    __builtin_unreachable();
}
