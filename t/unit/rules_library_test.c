/*
 * The functions that rules have, against Lua's own: the same library, in a
 * state of its own with all of Lua's functions, gets the same arguments, made
 * at random.  What is meant to differ is not asked.
 */

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tap.h"
#include "core/rules/engine.h"


#define ROUNDS       20000
#define RESULTS_MAX  60
#define TEXT_MAX     2000
#define LITERAL_MAX  16


typedef struct {
    char    text[TEXT_MAX];
    size_t  len;
} result_t;

typedef struct {
    const char     *library, *name;
    lua_CFunction   ours;
    void          (*arguments)(void);
} function_t;


static int compare_all(lua_State *L);
static void compare(lua_State *L, const function_t *f);
static void call(lua_State *L, result_t *r);
static void call_iterator(lua_State *L, result_t *r);
static void push_arguments(lua_State *L);
static void describe(lua_State *L, int index, result_t *r);
static void pattern_arguments(void);
static void gsub_arguments(void);
static void position_arguments(void);
static void rep_arguments(void);
static void text_arguments(void);
static void format_arguments(void);
static void number_arguments(void);
static void tonumber_arguments(void);
static void utf8_arguments(void);
static void utf8_text(void);
static void range_arguments(void);


static const function_t  functions[] = {
    { "string", "find",      cmt__string_find,        pattern_arguments },
    { "string", "match",     cmt__string_match,       pattern_arguments },
    { "string", "gmatch",    cmt__string_gmatch,      pattern_arguments },
    { "string", "gsub",      cmt__string_gsub,        gsub_arguments },
    { "string", "sub",       cmt__string_sub,         position_arguments },
    { "string", "byte",      cmt__string_byte,        position_arguments },
    { "string", "rep",       cmt__string_rep,         rep_arguments },
    { "string", "reverse",   cmt__string_reverse,     text_arguments },
    { "string", "lower",     cmt__string_lower,       text_arguments },
    { "string", "upper",     cmt__string_upper,       text_arguments },
    { "string", "format",    cmt__string_format,      format_arguments },
    { "utf8",   "len",       cmt__utf8_lib_len,       utf8_arguments },
    { "utf8",   "offset",    cmt__utf8_lib_offset,    utf8_arguments },
    { "utf8",   "codepoint", cmt__utf8_lib_codepoint, utf8_arguments },
    { "utf8",   "codes",     cmt__utf8_lib_codes,     utf8_text },
    { "table",  "concat",    cmt__table_concat,       range_arguments },
    { "table",  "unpack",    cmt__table_unpack,       range_arguments },
    { "table",  "remove",    cmt__table_remove,       range_arguments },
    { "math",   "fmod",      cmt__math_fmod,          number_arguments },
    { "math",   "abs",       cmt__math_abs,           number_arguments },
    { "math",   "ceil",      cmt__math_ceil,          number_arguments },
    { "math",   "floor",     cmt__math_floor,         number_arguments },
    { "math",   "max",       cmt__math_max,           number_arguments },
    { "math",   "min",       cmt__math_min,           number_arguments },
    { "math",   "modf",      cmt__math_modf,          number_arguments },
    { "math",   "log",       cmt__math_log,           number_arguments },
    { "math",   "atan",      cmt__math_atan,          number_arguments },
    { "math",   "tointeger", cmt__math_tointeger,     tonumber_arguments },
    { "math",   "type",      cmt__math_type,          tonumber_arguments },
    { NULL,     "tonumber",  cmt__base_tonumber,      tonumber_arguments },
    { NULL,     "select",    cmt__base_select,        number_arguments }
};


/* The arguments as Lua source, which both states read. */
static char          source[4096];

static lua_State    *real;
static uint64_t      seed = 42;

static int         (*load_string)(lua_State *L, const char *s);
static lua_State  *(*new_state)(void);
static void        (*open_libraries)(lua_State *L);
static int         (*get_global)(lua_State *L, const char *name);
static int         (*get_field)(lua_State *L, int index, const char *name);
static void        (*close_state)(lua_State *L);


static void
find_symbol(void *library, const char *name, void *slot, size_t size)
{
    void  *symbol;

    symbol = dlsym(library, name);
    memcpy(slot, &symbol, size);
}

#define SYMBOL(name, variable)                                                \
    find_symbol(library, name, &variable, sizeof(variable))


int
main(void)
{
    void           *library;
    cmt_error_t     err;
    cmt__engine_t   e;
    cmt_ruleset_t   rules;

    memset(&err, 0, sizeof(err));
    memset(&rules, 0, sizeof(rules));
    memset(&e, 0, sizeof(e));

    if (!ok(cmt__lua_open(&err) == CMT_OK, "Lua is there")) {
        note("%s", err.detail);
        return done();
    }

    library = dlopen("liblua5.4.so.0", RTLD_NOW | RTLD_LOCAL);
    SYMBOL("luaL_loadstring", load_string);
    SYMBOL("luaL_newstate", new_state);
    SYMBOL("luaL_openlibs", open_libraries);
    SYMBOL("lua_getglobal", get_global);
    SYMBOL("lua_getfield", get_field);
    SYMBOL("lua_close", close_state);

    real = new_state();
    open_libraries(real);

    e.ruleset = &rules;
    e.steps_max = UINT64_MAX;
    e.clock_at = UINT64_MAX;

    is_int(cmt__machine_once(&e, (size_t) 1 << 32, compare_all, &err),
           CMT_OK, "all functions were compared");
    note("%s", err.detail);

    close_state(real);
    (void) dlclose(library);

    return done();
}


static unsigned
below(unsigned n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;

    return (unsigned) ((seed >> 33) % n);
}


static int
compare_all(lua_State *L)
{
    size_t  i;

    for (i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
        compare(L, &functions[i]);
    }

    return 0;
}


static void
compare(lua_State *L, const function_t *f)
{
    int       round, differ;
    char      sentence[64];
    result_t  ours, theirs;

    differ = 0;

    for (round = 0; round < ROUNDS && differ < 3; round++) {
        source[0] = '\0';
        f->arguments();

        lua_settop(L, 0);
        lua_pushcfunction(L, f->ours);
        push_arguments(L);

        lua_settop(real, 0);
        (void) get_global(real, f->library != NULL ? f->library : f->name);
        if (f->library != NULL) {
            (void) get_field(real, -1, f->name);
            lua_remove(real, 1);
        }
        push_arguments(real);

        if (strcmp(f->name, "gmatch") == 0 || strcmp(f->name, "codes") == 0) {
            call_iterator(L, &ours);
            call_iterator(real, &theirs);
        } else {
            call(L, &ours);
            call(real, &theirs);
        }

        if (ours.len != theirs.len
            || memcmp(ours.text, theirs.text, ours.len) != 0)
        {
            differ++;
            note("%s(%s)", f->name, source);
            tap_show("ours", ours.text, ours.len);
            tap_show("Lua's", theirs.text, theirs.len);
        }
    }

    (void) snprintf(sentence, sizeof(sentence), "%s does what Lua's does",
                    f->name);
    ok(differ == 0, sentence);
}


/* The source is "return ..." of literals, run in the state it is for. */

static void
push_arguments(lua_State *L)
{
    char  chunk[sizeof(source) + 16];

    (void) snprintf(chunk, sizeof(chunk), "return %s", source);

    if (load_string(L, chunk) != LUA_OK
        || lua_pcall(L, 0, LUA_MULTRET, 0) != LUA_OK)
    {
        note("%s: %s", chunk, lua_tolstring(L, -1, NULL));
        exit(1);
    }
}


static void
call(lua_State *L, result_t *r)
{
    int  i;

    r->len = 0;

    if (lua_pcall(L, lua_gettop(L) - 1, LUA_MULTRET, 0) != LUA_OK) {
        r->len = (size_t) snprintf(r->text, TEXT_MAX, "error");
        return;
    }

    for (i = 1; i <= lua_gettop(L) && i <= RESULTS_MAX; i++) {
        describe(L, i, r);
    }
}


static void
call_iterator(lua_State *L, result_t *r)
{
    int  n, i;

    r->len = 0;

    if (lua_pcall(L, lua_gettop(L) - 1, 3, 0) != LUA_OK) {
        r->len = (size_t) snprintf(r->text, TEXT_MAX, "error");
        return;
    }

    for (n = 0; n < RESULTS_MAX; n++) {
        lua_settop(L, 3);
        lua_pushvalue(L, 1);
        lua_pushvalue(L, 2);
        lua_pushvalue(L, 3);

        if (lua_pcall(L, 2, LUA_MULTRET, 0) != LUA_OK) {
            r->len += (size_t) snprintf(r->text + r->len, TEXT_MAX - r->len,
                                        "error");
            return;
        }

        if (lua_type(L, 4) <= LUA_TNIL) {
            return;
        }

        for (i = 4; i <= lua_gettop(L); i++) {
            describe(L, i, r);
        }

        lua_copy(L, 4, 3);
    }
}


static void
describe(lua_State *L, int index, result_t *r)
{
    size_t       len, room;
    const char  *s;

    if (r->len > TEXT_MAX - 100) {
        return;
    }

    r->text[r->len++] = (char) ('0' + lua_type(L, index));

    if (lua_type(L, index) == LUA_TNUMBER) {
        r->text[r->len++] = lua_isinteger(L, index) ? 'i' : 'f';
    }

    if (lua_type(L, index) == LUA_TNUMBER || lua_type(L, index) == LUA_TSTRING)
    {
        lua_pushvalue(L, index);
        s = lua_tolstring(L, -1, &len);
        room = TEXT_MAX - 50 - r->len;
        len = len < room ? len : room;
        memcpy(r->text + r->len, s, len);
        r->len += len;
        lua_pop(L, 1);
    }

    r->text[r->len++] = '|';
}


static void
add(const char *s)
{
    (void) strncat(source, s, sizeof(source) - strlen(source) - 1);
}


/* A literal of up to n of the bytes. */

static void
add_literal(const char *bytes, size_t n_bytes, unsigned n)
{
    char      out[8];
    unsigned  i, len;

    len = below(n + 1);
    add("\"");

    for (i = 0; i < len; i++) {
        (void) snprintf(out, sizeof(out), "\\%03u",
                        (unsigned char) bytes[below((unsigned) n_bytes)]);
        add(out);
    }

    add("\"");
}

#define ADD_LITERAL(bytes, n)  add_literal(bytes, sizeof(bytes) - 1, n)


static void
add_integer(void)
{
    char  out[32];

    static const char *const  odd[] = {
        "0", "-1", "math_max", "math_min", "1000000", "-1000000", "1.0",
        "2.0"
    };

    if (below(8) == 0) {
        (void) snprintf(out, sizeof(out), "%s", odd[below(8)]);
        if (strcmp(out, "math_max") == 0) {
            add("9223372036854775807");
        } else if (strcmp(out, "math_min") == 0) {
            add("(-9223372036854775807-1)");
        } else {
            add(out);
        }
        return;
    }

    (void) snprintf(out, sizeof(out), "%d", (int) below(24) - 8);
    add(out);
}


static void
add_number(void)
{
    static const char *const  numbers[] = {
        "0", "0.0", "-0.0", "1", "-1", "0.5", "-0.5", "2.5", "-2.5", "1e15",
        "1e300", "-1e300", "1/0", "-1/0", "0/0", "9223372036854775807",
        "-9223372036854775807-1", "9007199254740993", "3", "7", "-7", "10",
        "2^53", "2^63", "-2^63", "1e-310"
    };

    add(numbers[below(sizeof(numbers) / sizeof(numbers[0]))]);
}


static void
pattern_arguments(void)
{
    ADD_LITERAL("aaabbA1 -.%[]()\0\n\xe5", LITERAL_MAX);
    add(",");
    ADD_LITERAL("aabb1.%%--**++??[[]]^$(())dwsSbf12\0", below(4) == 0 ? 14
                                                                      : 6);
    if (below(3) == 0) {
        add(",");
        add_integer();
    }
}


static void
gsub_arguments(void)
{
    static const char *const  replacements[] = {
        "\"<%0>\"", "\"%1\"", "\"x\"", "\"\"", "\"%%\"", "\"%2-%1\"", "\"%\"",
        "\"%x\"", "{a='x', b=1, ['']='e', A=false}", "7"
    };

    ADD_LITERAL("aaabbA1 -.%[]()\0\n\xe5", LITERAL_MAX);
    add(",");
    ADD_LITERAL("aabb1.%%--**++??[[]]^$(())dwsSbf12\0", 6);
    add(",");
    add(replacements[below(10)]);

    if (below(3) == 0) {
        add(",");
        add_integer();
    }
}


static void
position_arguments(void)
{
    ADD_LITERAL("abcdefgh\0\xc3\xa5", LITERAL_MAX);
    add(",");
    add_integer();

    if (below(2) == 0) {
        add(",");
        add_integer();
    }
}


/* Not so often that it would be longer than a text may be. */

static void
rep_arguments(void)
{
    char  out[16];

    ADD_LITERAL("abc\0", 5);
    (void) snprintf(out, sizeof(out), ",%d", (int) below(40) - 5);
    add(out);

    if (below(2) == 0) {
        add(",");
        ADD_LITERAL(",;", 3);
    }
}


static void
text_arguments(void)
{
    ADD_LITERAL("abzAZ@[`{09 \n\0\xc3\xa5\xff\xe2\x82\xac", LITERAL_MAX);
}


/* %q and %a are left out: we write numbers of %q plainly, and %s of a table
 * without its address. */

static void
format_arguments(void)
{
    char      out[64];
    unsigned  i, n;

    static const char *const  flags[] = { "", "", "-", "0", "+", " ", "#" };

    add("\"a%%");
    n = 1 + below(3);

    for (i = 0; i < n; i++) {
        add("%");
        add(flags[below(7)]);

        if (below(2) == 0) {
            (void) snprintf(out, sizeof(out), "%u", 1 + below(110));
            add(out);
        }

        if (below(3) == 0) {
            (void) snprintf(out, sizeof(out), ".%u", below(30));
            add(out);
        }

        (void) snprintf(out, sizeof(out), "%c|", "dioxXeEfgGcsssF"[below(15)]);
        add(out);
    }

    add("\"");

    for (i = 0; i < n; i++) {
        add(",");

        switch (below(4)) {
        case 0:
            add_integer();
            break;
        case 1:
            add_number();
            break;
        case 2:
            ADD_LITERAL("abc 12", 6);
            break;
        default:
            add(below(2) == 0 ? "true" : "nil");
        }
    }
}


static void
number_arguments(void)
{
    unsigned  n;

    add_number();

    for (n = below(3); n > 0; n--) {
        add(",");
        add_number();
    }
}


static void
tonumber_arguments(void)
{
    static const char *const  texts[] = {
        "\"10\"", "\" 10 \"", "\"0x1F\"", "\"1e5\"", "\"1.5\"", "\"\"",
        "\" \"", "\"0x\"", "\"1 2\"", "\"inf\"", "\"nan\"", "\"-5\"",
        "\"- 5\"", "\"10\\0\"", "\"0x1p4\"", "\".5\"", "\"5.\"",
        "\"99999999999999999999\"", "\"-0x7fffffffffffffff\"", "\"zz\"",
        "\"-ZZ\"", "\"7f \"", "nil", "true", "{}"
    };

    if (below(2) == 0) {
        add(texts[below(sizeof(texts) / sizeof(texts[0]))]);
    } else if (below(2) == 0) {
        add_number();
    } else {
        ADD_LITERAL("0123456789.eExX+- \nafAF", 8);
    }

    if (below(4) == 0) {
        add(",");
        add_integer();
    }
}


static void
utf8_text(void)
{
    static const char *const  texts[] = {
        "\"\"", "\"abc\"", "\"\\u{e6}\\u{f8}\\u{e5}\"",
        "\"a\\u{1F600}b\\u{20AC}\"", "\"\\xff\"", "\"a\\xc3\"",
        "\"\\xed\\xa0\\x80\"", "\"\\u{10FFFF}x\""
    };

    add(texts[below(8)]);
}


static void
utf8_arguments(void)
{
    utf8_text();

    if (below(3) != 0) {
        add(",");
        add_integer();

        if (below(2) == 0) {
            add(",");
            add_integer();
        }
    }
}


static void
range_arguments(void)
{
    static const char *const  tables[] = {
        "{}", "{1}", "{'a','b','c'}", "{1,2,3,4,5,6,7,8,9,10}",
        "{'a',nil,'c'}", "{1,{},3}", "{n=1}"
    };

    add(tables[below(7)]);

    if (below(2) == 0) {
        add(below(2) == 0 ? ",';'" : ",");
        if (source[strlen(source) - 1] == ',') {
            add_integer();
        }
    }

    if (below(2) == 0) {
        add(below(2) == 0 ? ",1" : ",2");
    }

    if (below(2) == 0) {
        add(below(2) == 0 ? ",3" : ",-1");
    }
}
