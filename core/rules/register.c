/*
 * register.c: rule() and disable(), which files call while they load.
 *
 * The files run once when a ruleset is loaded, which notes names, places and
 * filters in the ruleset, and again in every machine, which only collects the
 * functions: the n-th call of rule() is the n-th each time, because nothing
 * that a file can see while it loads differs, but for the words of std.words():
 * a file that registers by them is told so, and the comment is held.
 */

#include <string.h>

#include "engine.h"


static void declare(lua_State *L, cmt__engine_t *e, int filter);
static cmt__rule_t *find_rule(cmt_ruleset_t *rs, cmt_str_t name);
static void read_filter(lua_State *L, cmt__rule_t *rule, int filter);
static void read_globs(lua_State *L, cmt__rule_t *rule, int index);
static void read_glob(lua_State *L, cmt__rule_t *rule, int index);
static unsigned read_words(lua_State *L, int index, const char *what,
    const char *const *words, const unsigned *bits);
static unsigned read_word(lua_State *L, int index, const char *what,
    const char *const *words, const unsigned *bits);


static const char *const  kind_words[] = {
    "comment", "mention", "pingback", "webmention", NULL
};

static const unsigned  kind_bits[] = {
    1 << CMT_COMMENT, 1 << CMT_PINGBACK | 1 << CMT_WEBMENTION,
    1 << CMT_PINGBACK, 1 << CMT_WEBMENTION
};

static const char *const  event_words[] = { "post", "edit", "import", NULL };

static const unsigned  event_bits[] = {
    1 << CMT__EVENT_POST, 1 << CMT__EVENT_EDIT, 1 << CMT__EVENT_IMPORT
};

static const char *const  error_words[] = { "hold", "skip", NULL };
static const unsigned  error_bits[] = { 1, 2 };

const char *const  cmt__filter_keys[] = {
    "kind", "path", "event", "lang", "on_error", "unless", "only", NULL
};


void
cmt__register_now(lua_State *L, const char *call)
{
    cmt__engine_t  *e;

    e = cmt__engine_of(L);

    if (e->running) {
        cmt__raise(L, "%s() can only be called while the file loads", call);
    }

    if (e->ruleset->files[e->file].is_test) {
        cmt__raise(L, "%s() cannot stand in a file of tests: only test() can",
                   call);
    }
}


_Noreturn void
cmt__register_differs(lua_State *L)
{
    cmt__raise(L, "the files do not register what they did when they were"
               " loaded");
}


/* rule(name, [filter,] function) */

int
cmt__register_rule(lua_State *L)
{
    int             filter;
    cmt__engine_t  *e;

    e = cmt__engine_of(L);

    cmt__register_now(L, "rule");
    filter = lua_type(L, 2) == LUA_TFUNCTION ? 0 : 2;

    if (lua_gettop(L) > (filter != 0 ? 3 : 2)) {
        cmt__raise_argument(L, filter != 0 ? 4 : 3, "nothing expected behind"
                            " the function, got %s; a filter stands before it",
                            cmt__type_name(L, filter != 0 ? 4 : 3));
    }

    lua_settop(L, filter != 0 ? 3 : 2);

    if (e->loading != NULL) {
        declare(L, e, filter);
    }

    cmt__engine_keep(L, -1);
    e->declared++;

    return 0;
}


static void
declare(lua_State *L, cmt__engine_t *e, int filter)
{
    char            shown[CMT__SHOWN_BYTES];
    size_t          n;
    cmt_ruleset_t  *rs;
    cmt__rule_t     rule, *other;

    rs = e->loading;
    memset(&rule, 0, sizeof(rule));

    rule.name = cmt__register_name(L, 1, "rule");

    if (filter != 0) {
        if (lua_type(L, filter) != LUA_TTABLE) {
            cmt__raise_argument(L, filter, "a filter such as {kind="
                                "\"comment\"} or a function expected, got %s",
                                cmt__type_name(L, filter));
        }

        read_filter(L, &rule, filter);
    }

    cmt__arg_function(L, lua_gettop(L));

    cmt__register_place(L, &rule.file, &rule.line);
    rule.n_file = e->file;
    rule.declared = e->declared;

    other = find_rule(rs, rule.name);

    if (other != NULL) {
        if (other->n_file == rule.n_file) {
            cmt__raise(L, "there is a rule \"%s\" already, in line %d",
                       cmt__shown(shown, rule.name), other->line);
        }

        *other = rule;                   /* a later file changes a rule */

    } else {
        n = rs->n_rules;
        if (n == CMT__RULES_RULES_MAX) {
            cmt__raise(L, "there are more than %d rules",
                       CMT__RULES_RULES_MAX);
        }

        rs->rules[n] = rule;
        rs->n_rules = n + 1;
    }

    rs->n_declared = e->declared + 1;
}


/* disable(name) */

int
cmt__register_disable(lua_State *L)
{
    char            shown[CMT__SHOWN_BYTES];
    size_t          i;
    cmt_str_t       name;
    cmt__rule_t    *rule;
    cmt__engine_t  *e;
    cmt__nearest_t  nearest;

    e = cmt__engine_of(L);

    cmt__register_now(L, "disable");

    if (e->loading == NULL) {
        return 0;
    }

    name = cmt__register_name(L, 1, "rule");
    rule = find_rule(e->loading, name);

    if (rule != NULL) {
        rule->disabled = 1;
        return 0;
    }

    cmt__nearest_init(&nearest, name);

    for (i = 0; i < e->loading->n_rules; i++) {
        cmt__nearest_offer(&nearest, e->loading->rules[i].name.data);
    }

    cmt__raise(L, "there is no rule \"%s\" to disable%s",
               cmt__shown(shown, name), cmt__nearest_text(&nearest));
}


/* Names end in NUL: they are made by cmt__str_copy(). */

cmt_str_t
cmt__register_name(lua_State *L, int arg, const char *what)
{
    size_t     i;
    cmt_str_t  name, copy;

    if (lua_type(L, arg) != LUA_TSTRING) {
        cmt__raise_argument(L, arg, "the name of the %s expected, got %s",
                            what, cmt__type_name(L, arg));
    }

    name = cmt__arg_string(L, arg);

    if (name.len == 0 || name.len > CMT__RULES_NAME_BYTES_MAX
        || !cmt__utf8_valid(name))
    {
        cmt__raise_argument(L, arg, "the name of a %s has 1 to %d bytes of"
                            " UTF-8", what, CMT__RULES_NAME_BYTES_MAX);
    }

    for (i = 0; i < name.len; i++) {
        if ((unsigned char) name.data[i] < ' ' || name.data[i] == 0x7f) {
            cmt__raise_argument(L, arg, "the name of a %s has no control"
                                " characters", what);
        }
    }

    copy = cmt__str_copy(cmt__engine_of(L)->loading->arena, name);
    if (copy.data == NULL) {
        cmt__raise_no_memory(L);
    }

    return copy;
}


/* Where the calling Lua code stands. */

void
cmt__register_place(lua_State *L, cmt_str_t *file, int *line)
{
    int                   level;
    lua_Debug             ar;
    cmt_str_t             name;
    cmt__engine_t        *e;

    e = cmt__engine_of(L);
    memset(&ar, 0, sizeof(ar));

    /* of a rule of std, which has no lines: the line that asked for it */
    for (level = 1; lua_getstack(L, level, &ar); level++) {
        (void) lua_getinfo(L, "Sl", &ar);

        if (ar.currentline > 0) {
            break;
        }
    }

    *line = ar.currentline > 0 ? ar.currentline : 0;
    name = e->loading->files[e->file].name;

    if (!cmt__str_is(name, ar.short_src)) {
        name.data = ar.short_src;
        name.len = strlen(ar.short_src);
        name = cmt__str_copy(e->loading->arena, name);

        if (name.data == NULL) {
            cmt__raise_no_memory(L);
        }
    }

    *file = name;
}


static cmt__rule_t *
find_rule(cmt_ruleset_t *rs, cmt_str_t name)
{
    size_t  i;

    for (i = 0; i < rs->n_rules; i++) {
        if (cmt__str_eq(rs->rules[i].name, name)) {
            return &rs->rules[i];
        }
    }

    return NULL;
}


static void
read_filter(lua_State *L, cmt__rule_t *rule, int filter)
{
    char             shown[CMT__SHOWN_BYTES];
    size_t           i;
    cmt_str_t        key;
    cmt__nearest_t   nearest;

    for (lua_pushnil(L); lua_next(L, filter); lua_pop(L, 1)) {
        cmt__charge(L, 1);

        if (lua_type(L, -2) != LUA_TSTRING) {
            cmt__raise(L, "a filter has names, such as {kind=\"comment\"}");
        }

        key = cmt__arg_string(L, -2);

        if (cmt__str_is(key, "kind")) {
            rule->kinds = read_words(L, -1, "kind", kind_words, kind_bits);

        } else if (cmt__str_is(key, "event")) {
            rule->events = read_words(L, -1, "event", event_words,
                                      event_bits);

        } else if (cmt__str_is(key, "lang")) {
            rule->langs = read_words(L, -1, "lang", cmt__text_languages,
                                     NULL);

        } else if (cmt__str_is(key, "on_error")) {
            rule->skip_on_error = read_word(L, -1, "on_error", error_words,
                                            error_bits) == 2;

        } else if (cmt__str_is(key, "unless")) {
            rule->unless = cmt__predicates_read(L, -1, "unless");

        } else if (cmt__str_is(key, "only")) {
            rule->only = cmt__predicates_read(L, -1, "only");

        } else if (cmt__str_is(key, "path")) {
            read_globs(L, rule, lua_absindex(L, -1));

        } else {
            cmt__nearest_init(&nearest, key);

            for (i = 0; cmt__filter_keys[i] != NULL; i++) {
                cmt__nearest_offer(&nearest, cmt__filter_keys[i]);
            }

            cmt__raise(L, "a filter has no \"%s\"%s", cmt__shown(shown, key),
                       cmt__nearest_text(&nearest));
        }
    }
}


static void
read_globs(lua_State *L, cmt__rule_t *rule, int index)
{
    size_t  i, n;

    n = lua_type(L, index) == LUA_TTABLE ? (size_t) lua_rawlen(L, index) : 1;

    if (n == 0 || n > CMT__RULES_GLOBS_MAX) {
        cmt__raise(L, "path is a text such as \"/blog/*\", or a list of 1 to"
                   " %d", CMT__RULES_GLOBS_MAX);
    }

    rule->globs = cmt_alloc(cmt__engine_of(L)->loading->arena,
                            n * sizeof(cmt_str_t));
    if (rule->globs == NULL) {
        cmt__raise_no_memory(L);
    }

    if (lua_type(L, index) != LUA_TTABLE) {
        read_glob(L, rule, index);
        return;
    }

    for (i = 1; i <= n; i++) {
        lua_rawgeti(L, index, (lua_Integer) i);
        read_glob(L, rule, lua_absindex(L, -1));
        lua_pop(L, 1);
    }
}


static void
read_glob(lua_State *L, cmt__rule_t *rule, int index)
{
    cmt_str_t  glob;

    if (lua_type(L, index) != LUA_TSTRING) {
        cmt__raise(L, "path is a text such as \"/blog/*\", not %s",
                   cmt__type_name(L, index));
    }

    glob = cmt__arg_string(L, index);

    if (glob.len == 0 || glob.len > CMT__RULES_GLOB_BYTES_MAX
        || (glob.data[0] != '/' && glob.data[0] != '*'))
    {
        cmt__raise(L, "path begins with \"/\" or \"*\" and has at most %d"
                   " bytes", CMT__RULES_GLOB_BYTES_MAX);
    }

    glob = cmt__str_copy(cmt__engine_of(L)->loading->arena, glob);
    if (glob.data == NULL) {
        cmt__raise_no_memory(L);
    }

    rule->globs[rule->n_globs++] = glob;
}


/* A word or a list of words, as bits; bits NULL: those of their places. */

static unsigned
read_words(lua_State *L, int index, const char *what,
    const char *const *words, const unsigned *bits)
{
    size_t    i, n;
    unsigned  sum;

    index = lua_absindex(L, index);

    if (lua_type(L, index) != LUA_TTABLE) {
        return read_word(L, index, what, words, bits);
    }

    n = (size_t) lua_rawlen(L, index);
    sum = 0;

    for (i = 1; i <= n; i++) {
        cmt__charge(L, 1);
        lua_rawgeti(L, index, (lua_Integer) i);
        sum |= read_word(L, -1, what, words, bits);
        lua_pop(L, 1);
    }

    if (sum == 0) {
        cmt__raise(L, "%s is an empty list", what);
    }

    return sum;
}


static unsigned
read_word(lua_State *L, int index, const char *what,
    const char *const *words, const unsigned *bits)
{
    char            shown[CMT__SHOWN_BYTES];
    size_t          i;
    cmt_str_t       word;
    cmt__nearest_t  nearest;

    if (lua_type(L, index) != LUA_TSTRING) {
        cmt__raise(L, "%s must be text, not %s", what,
                   cmt__type_name(L, index));
    }

    word = cmt__arg_string(L, index);
    cmt__nearest_init(&nearest, word);

    for (i = 0; words[i] != NULL; i++) {
        if (cmt__str_is(word, words[i])) {
            return bits != NULL ? bits[i] : 1u << i;
        }

        cmt__nearest_offer(&nearest, words[i]);
    }

    cmt__raise(L, "there is no %s \"%s\"%s", what, cmt__shown(shown, word),
               cmt__nearest_text(&nearest));
}
