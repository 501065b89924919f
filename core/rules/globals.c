/*
 * globals.c: everything that rules can call, in one table, with the reason
 * why it may be there.  What is not in the table does not exist.
 *
 *   _ENV (empty) --__index--> names --__index--> resolve()
 *        \--__newindex--> set_global()
 *
 * _ENV stays empty, so that every write to a global is seen.  resolve() puts
 * a function into `names` when it is first asked for, because most rules use
 * few of them, and is the end of every misspelt name.  Libraries have the
 * same shape; texts have the one of `string` as their metatable's __index.
 * Rules have no function that reaches a metatable.
 */

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "engine.h"


#define PLACE_BYTES  128
#define PI  3.141592653589793238462643383279502884

/* As in Lua's utf8 library, with the NUL that it needs. */
#define CHARPATTERN  "[\0-\x7F\xC2-\xFD][\x80-\xBF]*"


static int resolve(lua_State *L);
static int set_global(lua_State *L);
static int set_frozen(lua_State *L);
static void push_names(lua_State *L, const cmt__global_t *rows);
static void push_library(lua_State *L, const cmt__global_t *rows);
static int push_constant(lua_State *L, const cmt__global_t *row);
static const cmt__global_t *find(const cmt__global_t *rows, cmt_str_t name);
static const cmt__global_t *find_library(cmt_str_t name);
_Noreturn static void raise_unknown(lua_State *L, const char *place,
    const char *library, cmt_str_t name);


/* Keys of the registry: the tables of names. */
static const char  names_key, string_key;


/* The rows of a library stand together; those without one come first. */

const cmt__global_t  cmt__globals[] = {

    /* What a file calls while it loads. */

    { NULL, "rule",      cmt__register_rule,     "only while loading" },
    { NULL, "settings",  cmt__register_settings, "only while loading" },
    { NULL, "disable",   cmt__register_disable,  "only while loading" },
    { NULL, "test",      cmt__register_test,     "only while loading" },
    { NULL, "predicate", cmt__register_predicate, "only while loading" },
    { NULL, "list",      cmt__register_list,     "beside the file, loading" },
    { NULL, "include",   cmt__register_include,  "beside the file, loading" },

    /* What a rule answers with. */

    { NULL, "accept",    cmt__verdict_accept,    "makes a value" },
    { NULL, "challenge", cmt__verdict_challenge, "makes a value" },
    { NULL, "hold",      cmt__verdict_hold,      "makes a value" },
    { NULL, "nudge",     cmt__verdict_nudge,     "makes a value" },
    { NULL, "reject",    cmt__verdict_reject,    "makes a value" },
    { NULL, "score",     cmt__verdict_score,     "makes a value" },
    { NULL, "spam",      cmt__verdict_spam,      "makes a value" },
    { NULL, "tag",       cmt__tag,               "to the receipt, bounded" },

    /* Lua's own.  pcall is not among them: it would swallow the abort. */

    { NULL, "_VERSION",  NULL,                   "constant" },
    { NULL, "assert",    cmt__base_assert,       "raises, nothing more" },
    { NULL, "error",     cmt__base_error,        "raises, nothing more" },
    { NULL, "ipairs",    cmt__base_ipairs,       "each turn is counted" },
    { NULL, "pairs",     cmt__base_pairs,        "in a fixed order" },
    { NULL, "print",     cmt__base_print,        "to the trace, bounded" },
    { NULL, "select",    cmt__base_select,       "charged by value" },
    { NULL, "tonumber",  cmt__base_tonumber,     "charged by byte" },
    { NULL, "tostring",  cmt__base_tostring,     "shows no address" },
    { NULL, "type",      cmt__base_type,         "constant time" },

    /* string: no dump, pack, unpack, packsize: no rule needs bytes. */

    { "string", "byte",    cmt__string_byte,    "results bounded" },
    { "string", "char",    cmt__string_char,    "arguments bounded" },
    { "string", "find",    cmt__string_find,    "own matcher, charged" },
    { "string", "format",  cmt__string_format,  "no %p, widths bounded" },
    { "string", "gmatch",  cmt__string_gmatch,  "own matcher, charged" },
    { "string", "gsub",    cmt__string_gsub,    "own matcher, charged" },
    { "string", "len",     cmt__string_len,     "constant time" },
    { "string", "lower",   cmt__string_lower,   "charged by byte" },
    { "string", "match",   cmt__string_match,   "own matcher, charged" },
    { "string", "rep",     cmt__string_rep,     "charged beforehand" },
    { "string", "reverse", cmt__string_reverse, "charged by byte" },
    { "string", "sub",     cmt__string_sub,     "charged by byte" },
    { "string", "upper",   cmt__string_upper,   "charged by byte" },

    /* table: no move: its arguments may lie by 10^15. */

    { "table", "concat", cmt__table_concat, "charged by value and byte" },
    { "table", "insert", cmt__table_insert, "charged by value moved" },
    { "table", "pack",   cmt__table_pack,   "charged by value" },
    { "table", "remove", cmt__table_remove, "charged by value moved" },
    { "table", "sort",   cmt__table_sort,   "stable, charged by comparison" },
    { "table", "unpack", cmt__table_unpack, "results bounded" },

    /* math: all of it but randomseed, random being seeded by the comment. */

    { "math", "abs",        cmt__math_abs,       "constant time" },
    { "math", "acos",       cmt__math_acos,      "constant time" },
    { "math", "asin",       cmt__math_asin,      "constant time" },
    { "math", "atan",       cmt__math_atan,      "constant time" },
    { "math", "ceil",       cmt__math_ceil,      "constant time" },
    { "math", "cos",        cmt__math_cos,       "constant time" },
    { "math", "deg",        cmt__math_deg,       "constant time" },
    { "math", "exp",        cmt__math_exp,       "constant time" },
    { "math", "floor",      cmt__math_floor,     "constant time" },
    { "math", "fmod",       cmt__math_fmod,      "constant time" },
    { "math", "huge",       NULL,                "constant" },
    { "math", "log",        cmt__math_log,       "constant time" },
    { "math", "max",        cmt__math_max,       "charged by value" },
    { "math", "maxinteger", NULL,                "constant" },
    { "math", "min",        cmt__math_min,       "charged by value" },
    { "math", "mininteger", NULL,                "constant" },
    { "math", "modf",       cmt__math_modf,      "constant time" },
    { "math", "pi",         NULL,                "constant" },
    { "math", "rad",        cmt__math_rad,       "constant time" },
    { "math", "random",     cmt__math_random,    "seeded by the comment" },
    { "math", "sin",        cmt__math_sin,       "constant time" },
    { "math", "sqrt",       cmt__math_sqrt,      "constant time" },
    { "math", "tan",        cmt__math_tan,       "constant time" },
    { "math", "tointeger",  cmt__math_tointeger, "charged by byte" },
    { "math", "type",       cmt__math_type,      "constant time" },
    { "math", "ult",        cmt__math_ult,       "constant time" },

    { "utf8", "char",        cmt__utf8_lib_char,      "arguments bounded" },
    { "utf8", "charpattern", NULL,                    "constant" },
    { "utf8", "codepoint",   cmt__utf8_lib_codepoint, "results bounded" },
    { "utf8", "codes",       cmt__utf8_lib_codes,     "each turn is counted" },
    { "utf8", "len",         cmt__utf8_lib_len,       "charged by byte" },
    { "utf8", "offset",      cmt__utf8_lib_offset,    "charged by byte" },

    /* text: on characters, with matches. */

    { "text", "contacts", cmt__text_lib_contacts, "charged by byte" },
    { "text", "distance", cmt__text_lib_distance, "arguments bounded" },
    { "text", "fold",     cmt__text_lib_fold,     "charged by byte" },
    { "text", "leet",     cmt__text_lib_leet,     "charged by byte" },
    { "text", "len",      cmt__text_lib_len,      "charged by byte" },
    { "text", "links",    cmt__text_lib_links,    "charged by byte" },
    { "text", "lower",    cmt__text_lib_lower,    "charged by byte" },
    { "text", "mask",     cmt__text_lib_mask,     "charged by byte" },
    { "text", "near",     cmt__text_lib_near,     "charged by byte" },
    { "text", "sub",      cmt__text_lib_sub,      "charged by byte" },
    { "text", "trim",     cmt__text_lib_trim,     "charged by byte" },
    { "text", "words",    cmt__text_lib_words,    "charged by byte" },

    /* rate, store: read in the snapshot, written with the comment. */

    { "rate", "add",   cmt__answer_rate_add, "bounded, kept with the comment" },
    { "rate", "count", cmt__answer_rate_count, "one look-up" },

    { "store", "del", cmt__store_lib_del, "bounded, kept with the comment" },
    { "store", "get", cmt__answer_store_get, "one look-up" },
    { "store", "set", cmt__store_lib_set, "bounded, kept with the comment" },

    /* std: written in Lua, but for the words. */

    { "std", "first_comment",   NULL, "rules of lua/std.lua" },
    { "std", "flood",           NULL, "rules of lua/std.lua" },
    { "std", "honeypot",        NULL, "rules of lua/std.lua" },
    { "std", "links",           NULL, "rules of lua/std.lua" },
    { "std", "mixed_alphabets", NULL, "rules of lua/std.lua" },
    { "std", "shouting",        NULL, "rules of lua/std.lua" },
    { "std", "staff",           NULL, "rules of lua/std.lua" },
    { "std", "throwaway",       NULL, "rules of lua/std.lua" },
    { "std", "too_fast",        NULL, "rules of lua/std.lua" },
    { "std", "wordpress",       NULL, "rules of lua/std_wordpress.lua" },
    { "std", "words",           cmt__std_lib_words, "words are ours" },

    { "lang", "guess", cmt__lang_lib_guess, "charged by byte" },

    /* time: without a clock. */

    { "time", "date",   cmt__time_lib_date,  "constant time" },
    { "time", "human",  cmt__time_lib_human, "constant time" },
    { "time", "local_", cmt__time_lib_local, "constant time" },
    { "time", "parse",  cmt__time_lib_parse, "arguments bounded" },
    { "time", "span",   cmt__time_lib_span,  "arguments bounded" },

    { NULL, NULL, NULL, NULL }
};


void
cmt__globals_install(lua_State *L)
{
    push_names(L, cmt__globals);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &names_key);

    push_names(L, find_library(cmt_str("string")));
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &string_key);

    /* The metatable of all texts. */
    lua_pushlstring(L, "", 0);
    lua_createtable(L, 0, 16);
    lua_pushlstring(L, "__index", 7);
    lua_pushvalue(L, -4);
    lua_rawset(L, -3);
    cmt__string_arithmetic(L, lua_absindex(L, -1));
    lua_setmetatable(L, -2);
    lua_pop(L, 2);

    lua_createtable(L, 0, 0);                       /* _ENV */
    lua_createtable(L, 0, 2);
    lua_pushlstring(L, "__index", 7);
    lua_pushvalue(L, -4);
    lua_rawset(L, -3);
    lua_pushlstring(L, "__newindex", 10);
    lua_pushcfunction(L, set_global);
    lua_rawset(L, -3);
    lua_setmetatable(L, -2);
    lua_rawseti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);

    lua_pop(L, 1);
}


/* A table that fills itself by resolve() from the rows of one library. */

static void
push_names(lua_State *L, const cmt__global_t *rows)
{
    lua_createtable(L, 0, 8);
    lua_createtable(L, 0, 1);
    lua_pushlstring(L, "__index", 7);
    lua_pushlightuserdata(L, (void *) (uintptr_t) rows);
    lua_pushcclosure(L, resolve, 1);
    lua_rawset(L, -3);
    lua_setmetatable(L, -2);
}


/* names, key: the value, which also goes into names. */

static int
resolve(lua_State *L)
{
    cmt_str_t             name;
    const char           *library;
    const cmt__global_t  *rows, *row;

    rows = lua_touserdata(L, lua_upvalueindex(1));
    library = rows->library;

    if (lua_type(L, 2) != LUA_TSTRING) {
        cmt__raise(L, "there is nothing in \"%s\" under a %s",
                   library != NULL ? library : "_ENV", cmt__type_name(L, 2));
    }

    name.data = lua_tolstring(L, 2, &name.len);
    row = find(rows, name);

    if (row != NULL && row->function != NULL) {
        lua_pushcfunction(L, row->function);

    } else if (row != NULL) {
        push_constant(L, row);

    } else if (library == NULL && (row = find_library(name)) != NULL) {
        push_library(L, row);

    } else {
        raise_unknown(L, "", library, name);
    }

    lua_pushvalue(L, 2);
    lua_pushvalue(L, -2);
    lua_rawset(L, 1);

    return 1;
}


static void
push_library(lua_State *L, const cmt__global_t *rows)
{
    lua_createtable(L, 0, 0);
    lua_createtable(L, 0, 2);

    lua_pushlstring(L, "__index", 7);
    if (strcmp(rows->library, "string") == 0) {
        lua_rawgetp(L, LUA_REGISTRYINDEX, &string_key);
    } else {
        push_names(L, rows);
    }
    lua_rawset(L, -3);

    lua_pushlstring(L, "__newindex", 10);
    lua_pushcfunction(L, set_frozen);
    lua_rawset(L, -3);

    lua_setmetatable(L, -2);
}


static int
push_constant(lua_State *L, const cmt__global_t *row)
{
    const char  *name;

    name = row->name;

    if (row->library == NULL) {
        lua_pushlstring(L, LUA_VERSION, sizeof(LUA_VERSION) - 1);

    } else if (strcmp(row->library, "std") == 0) {
        cmt__std_push(L, name);

    } else if (strcmp(name, "charpattern") == 0) {
        lua_pushlstring(L, CHARPATTERN, sizeof(CHARPATTERN) - 1);

    } else if (strcmp(name, "huge") == 0) {
        lua_pushnumber(L, HUGE_VAL);

    } else if (strcmp(name, "maxinteger") == 0) {
        lua_pushinteger(L, LUA_MAXINTEGER);

    } else if (strcmp(name, "mininteger") == 0) {
        lua_pushinteger(L, LUA_MININTEGER);

    } else {
        lua_pushnumber(L, PI);
    }

    return 1;
}


/* Files may define globals while they load; nothing may be redefined. */

static int
set_global(lua_State *L)
{
    char       shown[CMT__SHOWN_BYTES];
    cmt_str_t  name;

    if (lua_type(L, 2) != LUA_TSTRING) {
        cmt__raise(L, "the name of a global must be text");
    }

    name.data = lua_tolstring(L, 2, &name.len);

    if (find(cmt__globals, name) != NULL || find_library(name) != NULL) {
        cmt__raise(L, "\"%s\" belongs to the rules and cannot be redefined",
                   cmt__shown(shown, name));
    }

    if (cmt__engine_of(L)->running) {
        cmt__raise(L, "a rule cannot set the global \"%s\": write \"local\""
                   " before it", cmt__shown(shown, name));
    }

    lua_rawgetp(L, LUA_REGISTRYINDEX, &names_key);
    lua_pushvalue(L, 2);
    lua_pushvalue(L, 3);
    lua_rawset(L, -3);

    return 0;
}


static int
set_frozen(lua_State *L)
{
    cmt__raise(L, "the libraries cannot be changed");
}


/* Every machine asks for some twenty names: what is not alike in its first
 * byte is not compared.  Texts of Lua end in NUL, the empty one too. */

static int
is_named(const char *word, cmt_str_t name)
{
    return word[0] == name.data[0] && cmt__str_is(name, word);
}


static int
is_of(const cmt__global_t *row, const char *library)
{
    return row->library == library
           || (row->library != NULL && library != NULL
               && strcmp(row->library, library) == 0);
}


/* In the library whose first row this is. */

static const cmt__global_t *
find(const cmt__global_t *rows, cmt_str_t name)
{
    const cmt__global_t  *row;

    for (row = rows; row->name != NULL && is_of(row, rows->library); row++) {
        if (is_named(row->name, name)) {
            return row;
        }
    }

    return NULL;
}


/* The first row of the library, or NULL. */

static const cmt__global_t *
find_library(cmt_str_t name)
{
    const cmt__global_t  *row;

    for (row = cmt__globals; row->name != NULL; row++) {
        if (row->library != NULL && is_named(row->library, name)) {
            return row;
        }
    }

    return NULL;
}


int
cmt__global_is_there(lua_State *L, cmt_str_t name)
{
    int  is_there;

    if (find(cmt__globals, name) != NULL || find_library(name) != NULL) {
        return 1;
    }

    lua_rawgetp(L, LUA_REGISTRYINDEX, &names_key);
    lua_pushlstring(L, name.data, name.len);
    lua_rawget(L, -2);
    is_there = lua_type(L, -1) != LUA_TNIL;
    lua_pop(L, 2);

    return is_there;
}


int
cmt__member_is_there(cmt_str_t library, cmt_str_t name)
{
    const cmt__global_t  *rows;

    rows = find_library(library);

    return rows == NULL || find(rows, name) != NULL;
}


_Noreturn void
cmt__global_raise(lua_State *L, cmt_str_t file, size_t line,
    const cmt_str_t *library, cmt_str_t name)
{
    char  place[PLACE_BYTES];

    (void) snprintf(place, sizeof(place), "%.*s:%zu: ",
                    (int) (file.len < PLACE_BYTES / 2 ? file.len
                                                      : PLACE_BYTES / 2),
                    file.data, line);
    raise_unknown(L, place, library != NULL ? find_library(*library)->library
                                            : NULL, name);
}


_Noreturn static void
raise_unknown(lua_State *L, const char *place, const char *library,
    cmt_str_t name)
{
    char                  shown[CMT__SHOWN_BYTES];
    cmt__nearest_t        nearest;
    const cmt__global_t  *row;

    cmt__nearest_init(&nearest, name);

    for (row = cmt__globals; row->name != NULL; row++) {
        if (library == NULL) {
            cmt__nearest_offer(&nearest, row->library != NULL ? row->library
                                                              : row->name);

        } else if (row->library != NULL && strcmp(row->library, library) == 0)
        {
            cmt__nearest_offer(&nearest, row->name);
        }
    }

    if (library == NULL) {
        cmt__raise(L, "%sthere is no \"%s\" here%s", place,
                   cmt__shown(shown, name), cmt__nearest_text(&nearest));
    }

    cmt__raise(L, "%sthere is no \"%s\" in \"%s\"%s", place,
               cmt__shown(shown, name), library, cmt__nearest_text(&nearest));
}
