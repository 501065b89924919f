/*
 * load.c: files of rules -> a ruleset.
 *
 *   read, check UTF-8 -> compile (a machine per file, text only)
 *     -> register (one machine; include() reads and compiles more)
 *     -> files of tests -> run the tests
 *
 * What stays is bytecode that this process made itself, and what the files
 * declared.  A bytecode file is refused: Lua does not check it.
 */

#include <stdio.h>
#include <string.h>

#include "list.h"
#include "input.h"
#include "../privacy/privacy.h"


#define STD_ASSET       "lua/std.lua"
#define WORDPRESS_ASSET "lua/std_wordpress.lua"
#define BOM             "\xef\xbb\xbf"
#define DIGEST_CHARS    64


static int load(cmt_ruleset_t *rs, cmt_arena_t *temp,
    const char *const *paths, size_t n_paths, cmt_error_t *err);
static int add_file(cmt_ruleset_t *rs, cmt_arena_t *temp, const char *path,
    const char *asset, size_t *file, cmt_error_t *err);
static int read_source(cmt_ruleset_t *rs, cmt_arena_t *temp,
    const char *path, cmt_str_t *source, cmt_error_t *err);
static int check_source(cmt_str_t *source, const char *path,
    cmt_error_t *err);
static void name_file(cmt_ruleset_t *rs, size_t i, const char *path);
static int compile(cmt_ruleset_t *rs, cmt_arena_t *temp, const char *chunk,
    cmt_str_t source, cmt_str_t *code, cmt_error_t *err);
static int compile_file(cmt_ruleset_t *rs, cmt_arena_t *temp, size_t i,
    cmt_str_t source, cmt_error_t *err);
static int compile_protected(lua_State *L);
static int register_files(cmt_ruleset_t *rs, cmt_arena_t *temp,
    cmt_error_t *err);
static int register_protected(lua_State *L);
static int make_digest(cmt_ruleset_t *rs, cmt_arena_t *temp);
static int with_file(const cmt_ruleset_t *rs, size_t i, int rc,
    cmt_error_t *err);
static void add_folder(const cmt_ruleset_t *rs, cmt_error_t *err);


int
cmt_ruleset_load(const char *const *paths, size_t n_paths,
    const cmt_rules_budget_t *budget, cmt_ruleset_t **ruleset,
    cmt_error_t *err)
{
    int             rc;
    cmt_arena_t    *arena;
    cmt__inputs_t  *inputs;

    arena = cmt_arena_create(CMT__RULES_SET_BYTES_MAX);
    inputs = arena != NULL ? cmt_alloc(arena, sizeof(cmt__inputs_t)) : NULL;

    if (inputs == NULL) {
        cmt_arena_destroy(arena);
        return cmt__fail(err, CMT_ENOMEM, NULL, NULL);
    }

    cmt__inputs_init(inputs, arena, 0, 0);

    rc = cmt__ruleset_load(paths, n_paths, budget, inputs, ruleset, err);
    cmt_arena_destroy(arena);

    return rc;
}


int
cmt_ruleset_paste(cmt_str_t text, const cmt_ruleset_t *like,
    unsigned tests_ms, cmt_ruleset_t **ruleset, cmt_error_t *err)
{
    cmt__inputs_t        inputs;
    const char          *path;
    cmt_rules_budget_t   budget;

    cmt__inputs_init(&inputs, NULL, 0, 0);
    inputs.pasted = &text;
    path = CMT_RULES_PASTED;

    budget = like->budget;
    budget.run_tests = 1;
    budget.tests_ms_max = tests_ms;

    if (text.len > CMT_CONSOLE_FILE_BYTES_MAX) {
        return cmt__fail(err, CMT_ETOOLARGE, "rules", "pasted rules have %d"
                         " bytes at most", CMT_CONSOLE_FILE_BYTES_MAX);
    }

    return cmt__ruleset_load(&path, 1, &budget, &inputs, ruleset, err);
}


int
cmt__ruleset_load(const char *const *paths, size_t n_paths,
    const cmt_rules_budget_t *budget, cmt__inputs_t *inputs,
    cmt_ruleset_t **ruleset, cmt_error_t *err)
{
    int             rc;
    cmt_arena_t    *arena, *temp;
    cmt__stock_t   *stock;
    cmt_ruleset_t  *rs;

    static const cmt_rules_budget_t  defaults = {
        CMT_RULES_STEPS_DEFAULT, CMT_RULES_MEMORY_DEFAULT,
        CMT_RULES_CPU_MS_DEFAULT, 1, 0
    };

    rc = cmt__lua_open(err);
    if (rc != CMT_OK) {
        return rc;
    }

    arena = cmt_arena_create(CMT__RULES_SET_BYTES_MAX);
    temp = cmt_arena_create(CMT__RULES_SET_BYTES_MAX);
    rs = arena != NULL ? cmt_calloc(arena, sizeof(cmt_ruleset_t)) : NULL;
    stock = rs != NULL ? cmt_alloc(arena, sizeof(cmt__stock_t)) : NULL;

    if (temp == NULL || stock == NULL || cmt__stock_init(stock) != CMT_OK) {
        cmt_arena_destroy(arena);
        cmt_arena_destroy(temp);
        return cmt__fail(err, CMT_ENOMEM, NULL, NULL);
    }

    rs->arena = arena;
    rs->users = 1;
    rs->stock = stock;
    rs->inputs = inputs;
    rs->budget = budget != NULL ? *budget : defaults;
    cmt__predicates_init(rs);
    rs->settings.verdict = CMT_VERDICT_ACCEPT;
    rs->settings.hold = INT64_MAX;
    rs->settings.spam = INT64_MAX;
    rs->settings.reject = INT64_MAX;

    rc = load(rs, temp, paths, n_paths, err);
    if (rc == CMT_OK && inputs->record && !inputs->too_many
        && cmt__sources_keep(rs, inputs, paths, n_paths) != CMT_OK)
    {
        rc = cmt__fail(err, CMT_ENOMEM, NULL, NULL);
    }

    cmt_arena_destroy(temp);
    rs->inputs = NULL;

    if (rc == CMT_OK && rs->budget.run_tests) {
        rc = cmt__tests_run(rs, err);
    }

    if (rc != CMT_OK) {
        add_folder(rs, err);
        cmt_ruleset_free(rs);
        return rc;
    }

    *ruleset = rs;

    return CMT_OK;
}


void
cmt_ruleset_free(cmt_ruleset_t *ruleset)
{
    if (ruleset != NULL
        && __atomic_sub_fetch(&ruleset->users, 1, __ATOMIC_ACQ_REL) == 0)
    {
        cmt__stock_destroy(ruleset->stock);
        cmt_arena_destroy(ruleset->arena);
    }
}


const char *
cmt_ruleset_digest(const cmt_ruleset_t *ruleset)
{
    return ruleset->digest;
}


void
cmt_ruleset_count(const cmt_ruleset_t *ruleset, size_t *rules, size_t *tests)
{
    *rules = ruleset->n_rules;
    *tests = ruleset->n_tests;
}


static int
load(cmt_ruleset_t *rs, cmt_arena_t *temp, const char *const *paths,
    size_t n_paths, cmt_error_t *err)
{
    int     rc;
    size_t  i, n, file;

    n = n_paths != 0 ? n_paths : 1;

    rs->files = cmt_calloc(rs->arena,
                           2 * CMT__RULES_FILES_MAX * sizeof(cmt__file_t));
    if (rs->files == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, NULL);
    }

    for (i = 0; i < n; i++) {
        rc = n_paths != 0
             ? cmt__load_file(rs, temp, paths[i], &file, err)
             : cmt__load_built_in(rs, temp, CMT__STANDARD_ASSET, &file, err);
        if (rc != CMT_OK) {
            return rc;
        }
    }

    rc = compile(rs, temp, CMT__STD_CHUNK, cmt__std_source(STD_ASSET),
                 &rs->std, err);
    if (rc != CMT_OK) {
        return rc;
    }

    rc = compile(rs, temp, CMT__STD_CHUNK, cmt__std_source(WORDPRESS_ASSET),
                 &rs->std_wordpress, err);
    if (rc != CMT_OK) {
        return rc;
    }

    rs->n_main = n;

    rc = register_files(rs, temp, err);
    if (rc != CMT_OK) {
        return rc;
    }

    if (make_digest(rs, temp) != CMT_OK) {
        return cmt__fail(err, CMT_ENOMEM, NULL, NULL);
    }

    return CMT_OK;
}


int
cmt__load_file(cmt_ruleset_t *rs, cmt_arena_t *temp, const char *path,
    size_t *file, cmt_error_t *err)
{
    return add_file(rs, temp, path, NULL, file, err);
}


int
cmt__load_built_in(cmt_ruleset_t *rs, cmt_arena_t *temp, const char *asset,
    size_t *file, cmt_error_t *err)
{
    return add_file(rs, temp, strrchr(asset, '/') + 1, asset, file, err);
}


/* The text is that of the asset, if there is one, or of the file. */

static int
add_file(cmt_ruleset_t *rs, cmt_arena_t *temp, const char *path,
    const char *asset, size_t *file, cmt_error_t *err)
{
    int        rc;
    size_t     i;
    cmt_str_t  source;

    i = rs->n_files;

    if (i - rs->n_test_files >= CMT__RULES_FILES_MAX) {
        return cmt__fail(err, CMT_ERULES, NULL,
                         "there are more than %d files of rules",
                         CMT__RULES_FILES_MAX);
    }

    if (asset != NULL) {
        source = cmt__std_source(asset);

    } else {
        rc = read_source(rs, temp, path, &source, err);
        if (rc != CMT_OK) {
            return rc;
        }
    }

    name_file(rs, i, path);
    rs->files[i].is_built_in = asset != NULL;
    cmt__digest_hex(source, rs->files[i].digest);

    if (rs->files[i].path.data == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, NULL);
    }

    rs->n_files = i + 1;

    rc = compile_file(rs, temp, i, source, err);
    if (rc != CMT_OK) {
        return rc;
    }

    *file = i;

    return CMT_OK;
}


static int
read_source(cmt_ruleset_t *rs, cmt_arena_t *temp, const char *path,
    cmt_str_t *source, cmt_error_t *err)
{
    int          rc;
    cmt_error_t  why;

    memset(&why, 0, sizeof(why));

    rc = cmt__input_read(rs->inputs, path, CMT_RULES_FILE_BYTES_MAX, temp,
                          source, &why);

    if (rc == CMT_ETOOLARGE) {
        return cmt__fail(err, CMT_ERULES, NULL, "%s:1: %s", path, why.detail);
    }

    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, "%s: %s", path, why.detail);
    }

    return check_source(source, path, err);
}


static int
check_source(cmt_str_t *source, const char *path, cmt_error_t *err)
{
    int       line;
    size_t    at, n;
    uint32_t  point;

    if (cmt__str_starts(*source, BOM)) {
        *source = cmt__str_sub(*source, sizeof(BOM) - 1, source->len);
    }

    line = 1;

    for (at = 0; at < source->len; at += n) {
        n = cmt__utf8_decode(source->data + at, source->len - at, &point);

        if (n == 0 || point == 0) {
            return cmt__fail(err, CMT_ERULES, NULL,
                             "%s:%d: the file is not UTF-8 text", path, line);
        }

        line += point == '\n';
    }

    return CMT_OK;
}


/* Messages and receipts name a file without its folders, unless two files
 * have the same name. */

static void
name_file(cmt_ruleset_t *rs, size_t i, const char *path)
{
    size_t        k;
    cmt_str_t     s, name;
    const char   *slash;

    s.data = path;
    s.len = strlen(path);
    s = cmt__str_copy(rs->arena, s);
    rs->files[i].path = s;

    if (s.data == NULL) {
        return;
    }

    slash = strrchr(s.data, '/');
    name.data = slash != NULL ? slash + 1 : s.data;
    name.len = strlen(name.data);

    for (k = 0; k < i; k++) {
        if (cmt__str_eq(rs->files[k].name, name)) {
            name = s;
        }
    }

    rs->files[i].name = name;
}


/*
 * A machine only for this chunk: the parser leaves much behind that would
 * count against the budget of evaluations.
 */

typedef struct {
    cmt__engine_t  engine;           /* first: the machine knows this one    */
    const char    *chunk;
    cmt_str_t      source;
    int            done;
    cmt__buf_t     code;
} compiler_t;


static int
compile_file(cmt_ruleset_t *rs, cmt_arena_t *temp, size_t i, cmt_str_t source,
    cmt_error_t *err)
{
    int         rc;
    char        chunk[LUA_IDSIZE + 2];
    cmt_str_t   name;

    name = rs->files[i].name;
    (void) snprintf(chunk, sizeof(chunk), "@%.*s", (int) name.len, name.data);

    rc = compile(rs, temp, chunk, source, &rs->files[i].code, err);

    return rc == CMT_OK ? rc : with_file(rs, i, rc, err);
}


static int
compile(cmt_ruleset_t *rs, cmt_arena_t *temp, const char *chunk,
    cmt_str_t source, cmt_str_t *code, cmt_error_t *err)
{
    int         rc;
    cmt_str_t   made;
    compiler_t  c;

    memset(&c, 0, sizeof(c));
    c.engine.ruleset = rs;
    c.engine.loading = rs;
    c.engine.arena = temp;
    c.engine.steps_max = UINT64_MAX;
    c.engine.clock_at = UINT64_MAX;
    c.chunk = chunk;
    c.source = source;
    cmt__buf_init(&c.code, temp, source.len);

    rc = cmt__machine_once(&c.engine, CMT__RULES_LOAD_BYTES_MAX,
                           compile_protected, err);
    if (rc != CMT_OK) {
        return rc;
    }

    if (cmt__buf_end(&c.code, &made) != CMT_OK) {
        return cmt__fail(err, CMT_ENOMEM, NULL, NULL);
    }

    *code = cmt__str_copy(rs->arena, made);

    return code->data != NULL ? CMT_OK : cmt__fail(err, CMT_ENOMEM, NULL, NULL);
}


static const char *
read_chunk(lua_State *L, void *ud, size_t *size)
{
    compiler_t  *c;

    (void) L;

    c = ud;
    *size = c->done ? 0 : c->source.len;
    c->done = 1;

    return c->source.data;
}


static int
write_chunk(lua_State *L, const void *data, size_t size, void *ud)
{
    compiler_t  *c;

    (void) L;

    c = ud;
    cmt__buf_put(&c->code, data, size);

    return c->code.failed;
}


static int
compile_protected(lua_State *L)
{
    compiler_t  *c;

    c = (compiler_t *) (void *) cmt__engine_of(L);

    if (lua_load(L, read_chunk, c, c->chunk, "t") != LUA_OK) {
        lua_error(L);
    }

    /* Messages need the lines of files.  std has none: what goes wrong in it
     * is told of the line that asked, and names cost time in each machine. */
    (void) lua_dump(L, write_chunk, c, c->chunk[0] != '@');

    return 0;
}


/* Rules and tests are collected in room for the most, then copied. */

static int
register_files(cmt_ruleset_t *rs, cmt_arena_t *temp, cmt_error_t *err)
{
    int             rc;
    cmt__rule_t    *rules;
    cmt__test_t    *tests;
    cmt__engine_t   e;

    memset(&e, 0, sizeof(e));
    e.ruleset = rs;
    e.loading = rs;
    e.arena = temp;

    rs->rules = cmt_alloc(temp, CMT__RULES_RULES_MAX * sizeof(cmt__rule_t));
    rs->tests = cmt_alloc(temp, CMT__RULES_TESTS_MAX * sizeof(cmt__test_t));

    if (rs->rules == NULL || rs->tests == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, NULL);
    }

    rc = cmt__machine_once(&e, rs->budget.memory_bytes_max,
                           register_protected, err);
    if (rc != CMT_OK) {
        return with_file(rs, e.file, rc, err);
    }

    rules = cmt_alloc(rs->arena, rs->n_rules * sizeof(cmt__rule_t));
    tests = cmt_alloc(rs->arena, rs->n_tests * sizeof(cmt__test_t));

    if (rules == NULL || tests == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, NULL);
    }

    memcpy(rules, rs->rules, rs->n_rules * sizeof(cmt__rule_t));
    memcpy(tests, rs->tests, rs->n_tests * sizeof(cmt__test_t));

    rs->rules = rules;
    rs->tests = tests;

    return CMT_OK;
}


/* random() gives the same in every machine while the files load: a seed of
 * its own, not the comment's. */

static int
register_protected(lua_State *L)
{
    cmt__engine_t  *e;

    e = cmt__engine_of(L);

    cmt__budget_clock(e, CMT__RULES_LOAD_CPU_MS);
    cmt__budget_start(e, CMT_RULES_STEPS_LOAD, CMT__TRIP_LOAD);
    cmt__random_seed(e, 0);
    cmt__engine_register(L);
    cmt__load_tests(L);
    cmt__names_check(L);

    return 0;
}


/* Two rulesets of one digest decide alike: what the files say, what they are
 * called, and what they may use. */

static int
make_digest(cmt_ruleset_t *rs, cmt_arena_t *temp)
{
    char         hex[DIGEST_CHARS + 1];
    size_t       i;
    cmt_str_t    all;
    cmt__buf_t   b;

    cmt__buf_init(&b, temp, 512);
    cmt__buf_lit(&b, "rules 1 " CMT_VERSION " ");
    cmt__buf_u64(&b, rs->budget.steps_max);
    cmt__buf_char(&b, ' ');
    cmt__buf_u64(&b, rs->budget.memory_bytes_max);
    cmt__digest_hex(cmt__std_source(STD_ASSET), hex);
    cmt__buf_char(&b, ' ');
    cmt__buf_lit(&b, hex);
    cmt__digest_hex(cmt__std_source(WORDPRESS_ASSET), hex);
    cmt__buf_char(&b, ' ');
    cmt__buf_lit(&b, hex);

    for (i = 0; i < rs->n_files; i++) {
        cmt__buf_char(&b, '\n');
        cmt__buf_lit(&b, rs->files[i].digest);
        cmt__buf_char(&b, ' ');
        cmt__buf_str_put(&b, rs->files[i].name);
    }

    for (i = 0; i < rs->n_lists; i++) {
        cmt__buf_char(&b, '\n');
        cmt__buf_lit(&b, rs->lists[i]->digest);
    }

    if (cmt__buf_end(&b, &all) != CMT_OK) {
        return CMT_ENOMEM;
    }

    cmt__digest_hex(all, hex);
    memcpy(rs->digest, hex, sizeof(rs->digest) - 1);

    return CMT_OK;
}


static int
starts_with_file(const char *detail, cmt_str_t name)
{
    return strncmp(detail, name.data, name.len) == 0
           && detail[name.len] == ':';
}


/* An error that no line of Lua raised, such as one of memory, gets the file
 * that was read then. */

static int
with_file(const cmt_ruleset_t *rs, size_t i, int rc, cmt_error_t *err)
{
    char    detail[CMT_ERROR_DETAIL_BYTES];
    size_t  k;

    if (err == NULL || rc != CMT_ERULES) {
        return rc;
    }

    for (k = 0; k < rs->n_files; k++) {
        if (starts_with_file(err->detail, rs->files[k].name)) {
            return rc;
        }
    }

    memcpy(detail, err->detail, sizeof(detail));

    return cmt__fail(err, rc, NULL, "%s:1: %.*s", rs->files[i].name.data,
                     CMT_ERROR_DETAIL_BYTES / 2, detail);
}


/* "rules.lua:3: ..." becomes "/etc/nginx/rules.lua:3: ..." for the one who
 * has to find the file. */

static void
add_folder(const cmt_ruleset_t *rs, cmt_error_t *err)
{
    char                detail[CMT_ERROR_DETAIL_BYTES];
    size_t              i;
    const cmt__file_t  *f;

    if (err == NULL || err->rc != CMT_ERULES) {
        return;
    }

    for (i = 0; i < rs->n_files; i++) {
        f = &rs->files[i];

        if (f->name.len != f->path.len
            && starts_with_file(err->detail, f->name))
        {
            memcpy(detail, err->detail, sizeof(detail));
            (void) cmt__fail(err, CMT_ERULES, NULL, "%s%s", f->path.data,
                             detail + f->name.len);
            return;
        }
    }
}
