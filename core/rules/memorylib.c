/*
 * memorylib.c: rate and store: what rules remember from one comment to the
 * next.
 *
 * They read the snapshot that the facts come from.  What they write is only
 * noted: it goes into the transaction of the comment, and is dropped when the
 * rule that wrote it fails.  Whoever asks again in the same evaluation gets
 * what was noted.
 */

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "engine.h"
#include "../privacy/privacy.h"


#define LOOK_STEPS         50        /* a look-up                            */
#define NOTE_STEPS         100       /* a write                              */
#define VALUE_BYTES_MAX    1024      /* as JSON                              */
#define MEMBERS_MAX        64        /* of a table                           */
#define LOOKUP_BYTES_MAX   (256 * 1024)  /* to read one value                */


static cmt_str_t name_arg(lua_State *L, int arg, const char *what);
static cmt_str_t key_arg(lua_State *L);
static uint64_t count_known(lua_State *L, const cmt__memory_key_t *k,
    int64_t seconds);
static uint64_t count_posts(lua_State *L, cmt__posts_t of, cmt_str_t key,
    int64_t seconds);
static uint64_t count_noted(const cmt__engine_t *e, cmt_str_t name,
    cmt_str_t key);
static const cmt__json_t *seeded(const cmt__json_t *seeds, cmt_str_t name,
    cmt_str_t key);
static cmt_str_t value_noted(const cmt__engine_t *e,
    const cmt__memory_key_t *k);
static cmt_str_t value_kept(lua_State *L, const cmt__engine_t *e,
    const cmt__memory_key_t *k);
static const cmt__json_t *value_read(lua_State *L, cmt__engine_t *e,
    cmt_str_t data);
static void note(lua_State *L, cmt__effect_kind_t kind, cmt_str_t name,
    cmt_str_t key, cmt_str_t value, int64_t seconds);
static void write_value(lua_State *L, int index, cmt__buf_t *b, int depth);
static void write_table(lua_State *L, int index, cmt__buf_t *b);


/* rate.count(kind, key, span) */

int
cmt__rate_lib_count(lua_State *L)
{
    int64_t             seconds;
    uint64_t            known;
    cmt__posts_t        of;
    cmt__engine_t      *e;
    cmt__memory_key_t   k;
    const cmt__json_t  *seed;

    e = cmt__engine_of(L);
    k.name = name_arg(L, 1, "kind");
    seconds = cmt__span_arg(L, 3);

    k.key = lua_type(L, 2) <= LUA_TNIL ? cmt_str("") : key_arg(L);
    k.site = e->facts != NULL ? e->facts->past.site : 0;
    k.kind = CMT__MEMORY_COUNT;

    cmt__charge(L, LOOK_STEPS);
    seed = e->facts != NULL ? seeded(e->facts->past.rate, k.name, k.key)
                            : NULL;

    if (seed != NULL && seed->type == CMT__JSON_INTEGER) {
        lua_pushinteger(L, seed->integer
                           + (lua_Integer) count_noted(e, k.name, k.key));
        return 1;
    }

    if (lua_type(L, 2) <= LUA_TNIL) {        /* nobody: nothing was counted */
        lua_pushinteger(L, 0);
        return 1;
    }

    /* of the key as it was given: it is no key of the rules' memory */
    known = cmt__kind_is_core(k.name, &of)
            ? count_posts(L, of, cmt__arg_string(L, 2), seconds)
            : count_known(L, &k, seconds);

    lua_pushinteger(L, (lua_Integer) (known + count_noted(e, k.name, k.key)));

    return 1;
}


/* rate.add(kind, key, span): the new count */

int
cmt__rate_lib_add(lua_State *L)
{
    char          shown[CMT__SHOWN_BYTES];
    int64_t       seconds;
    cmt_str_t     name;
    cmt__posts_t  of;

    name = name_arg(L, 1, "kind");
    seconds = cmt__span_arg(L, 3);

    if (cmt__kind_is_core(name, &of)) {
        cmt__raise(L, "\"%s\" is counted for each comment: rate.add takes"
                   " kinds of your own", cmt__shown(shown, name));
    }

    if (lua_type(L, 2) <= LUA_TNIL) {
        lua_pushinteger(L, 0);
        return 1;
    }

    note(L, CMT__EFFECT_COUNT, name, key_arg(L), cmt_str(""),
         seconds);

    return cmt__rate_lib_count(L);
}


/* store.get(space, key): what was noted, else what a test gives, else what is
 * kept. */

int
cmt__store_lib_get(lua_State *L)
{
    cmt_str_t            data;
    cmt__engine_t       *e;
    cmt__memory_key_t    k;
    const cmt__json_t   *value;

    e = cmt__engine_of(L);
    k.name = name_arg(L, 1, "space");

    if (lua_type(L, 2) <= LUA_TNIL || e->facts == NULL) {
        lua_pushnil(L);
        return 1;
    }

    k.key = key_arg(L);
    k.kind = CMT__MEMORY_VALUE;
    k.site = e->facts->past.site;
    cmt__charge(L, LOOK_STEPS);

    data = value_noted(e, &k);
    value = data.data == NULL ? seeded(e->facts->past.store, k.name, k.key)
                              : NULL;

    if (data.data == NULL && value == NULL) {
        data = value_kept(L, e, &k);
    }

    cmt__charge_copy(L, data.len);

    if (data.data != NULL) {
        value = value_read(L, e, data);
    }

    if (value != NULL) {
        cmt__push_json(L, value);
    } else {
        lua_pushnil(L);
    }

    return 1;
}


/* As JSON, in a list; data NULL: nothing. */

static cmt_str_t
value_noted(const cmt__engine_t *e, const cmt__memory_key_t *k)
{
    size_t                i;
    const cmt__effect_t  *effect;

    for (i = e->n_effects; i > 0; i--) {
        effect = &e->effects[i - 1];

        if (effect->kind != CMT__EFFECT_COUNT
            && cmt__str_eq(effect->name, k->name)
            && cmt__str_eq(effect->key, k->key))
        {
            return effect->kind == CMT__EFFECT_SET ? effect->value
                                                   : cmt_str("[null]");
        }
    }

    return cmt_null_str;
}


static cmt_str_t
value_kept(lua_State *L, const cmt__engine_t *e, const cmt__memory_key_t *k)
{
    int        rc;
    cmt_str_t  data;

    data = cmt_null_str;

    if (e->facts->past.read == NULL || k->site == 0) {
        return data;
    }

    rc = cmt__memory_get(e->facts->past.read, k, e->facts->time, &data);

    if (rc != CMT_OK && rc != CMT_ENOTFOUND) {
        cmt__raise(L, "the store cannot be read");
    }

    return data;
}


static const cmt__json_t *
value_read(lua_State *L, cmt__engine_t *e, cmt_str_t data)
{
    const cmt__json_t  *value;

    if (e->lookup == NULL) {
        e->lookup = cmt_arena_create(LOOKUP_BYTES_MAX);
    }

    if (e->lookup == NULL) {
        cmt__raise_no_memory(L);
    }

    cmt_arena_reset(e->lookup);

    if (cmt__json_parse(e->lookup, data, &value, NULL) != CMT_OK
        || value->type != CMT__JSON_ARRAY || value->n != 1)
    {
        cmt__raise(L, "what the store has is damaged");
    }

    return value->items;
}


/* store.set(space, key, value, ttl) */

int
cmt__store_lib_set(lua_State *L)
{
    int                fits;
    int64_t            seconds;
    cmt_str_t          value;
    cmt__buf_t         b;
    cmt__engine_t     *e;
    cmt__memory_key_t  k;

    e = cmt__engine_of(L);
    k.name = name_arg(L, 1, "space");

    if (lua_type(L, 4) <= LUA_TNIL) {
        cmt__raise(L, "store.set needs for how long, such as \"7d\", as its"
                   " fourth argument");
    }

    seconds = cmt__span_arg(L, 4);
    k.key = key_arg(L);
    k.kind = CMT__MEMORY_VALUE;

    cmt__charge(L, NOTE_STEPS);
    cmt__buf_init(&b, e->arena, 64);
    cmt__buf_char(&b, '[');              /* a document of its own */
    write_value(L, 3, &b, 0);
    cmt__buf_char(&b, ']');

    if (b.failed || cmt__buf_end(&b, &value) != CMT_OK) {
        cmt__raise_no_memory(L);
    }

    if (value.len > VALUE_BYTES_MAX + 2) {
        cmt__raise(L, "a value of the store has at most %d bytes of JSON",
                   VALUE_BYTES_MAX);
    }

    if (e->facts != NULL && e->facts->past.read != NULL
        && e->facts->past.site != 0)
    {
        k.site = e->facts->past.site;

        if (cmt__memory_fits(e->facts->past.read, &k, value.len, &fits)
            != CMT_OK)
        {
            cmt__raise(L, "the store cannot be read");
        }

        if (!fits) {
            cmt__raise(L, "the rules of this site keep %d bytes already",
                       CMT_RULES_STORE_BYTES_MAX);
        }
    }

    note(L, CMT__EFFECT_SET, k.name, k.key, value, seconds);

    return 0;
}


/* store.del(space, key) */

int
cmt__store_lib_del(lua_State *L)
{
    cmt_str_t  name;

    name = name_arg(L, 1, "space");
    note(L, CMT__EFFECT_DEL, name, key_arg(L), cmt_str(""), 0);

    return 0;
}


static cmt_str_t
name_arg(lua_State *L, int arg, const char *what)
{
    cmt_str_t  name;

    name = cmt__arg_string(L, arg);

    if (name.len == 0 || name.len > CMT__MEMORY_NAME_BYTES_MAX
        || !cmt__utf8_valid(name))
    {
        cmt__raise_argument(L, arg, "a %s has 1 to %d bytes of text", what,
                            CMT__MEMORY_NAME_BYTES_MAX);
    }

    return name;
}


/* A long key is its digest, as in the store. */

static cmt_str_t
key_arg(lua_State *L)
{
    char       hex[65];
    cmt_str_t  key;

    key = cmt__arg_string(L, 2);

    if (key.len <= CMT__MEMORY_KEY_BYTES_MAX) {
        return key;
    }

    cmt__charge_scan(L, 2 * key.len);
    cmt__digest_hex(key, hex);
    lua_pushlstring(L, hex, sizeof(hex) - 1);

    return cmt__arg_string(L, -1);
}


static uint64_t
count_known(lua_State *L, const cmt__memory_key_t *k, int64_t seconds)
{
    uint64_t             n;
    const cmt__facts_t  *facts;

    facts = cmt__engine_of(L)->facts;

    if (facts == NULL || facts->past.read == NULL || k->site == 0) {
        return 0;
    }

    if (cmt__tally_get(facts->past.read, k, seconds, facts->time, &n)
        != CMT_OK)
    {
        cmt__raise(L, "the store cannot be read");
    }

    return n;
}


static uint64_t
count_posts(lua_State *L, cmt__posts_t of, cmt_str_t key, int64_t seconds)
{
    uint64_t             n;
    const cmt__facts_t  *facts;

    facts = cmt__engine_of(L)->facts;

    if (facts == NULL || facts->past.read == NULL || facts->past.site == 0) {
        return 0;
    }

    if (cmt__posts_count(facts->past.read, facts->past.site, of, key, seconds,
                         facts->time, &n)
        != CMT_OK)
    {
        cmt__raise(L, "the store cannot be read");
    }

    return n;
}


static uint64_t
count_noted(const cmt__engine_t *e, cmt_str_t name, cmt_str_t key)
{
    size_t    i;
    uint64_t  n;

    n = 0;

    for (i = 0; i < e->n_effects; i++) {
        n += e->effects[i].kind == CMT__EFFECT_COUNT
             && cmt__str_eq(e->effects[i].name, name)
             && cmt__str_eq(e->effects[i].key, key);
    }

    return n;
}


/* Of { name = value } or { name = { key = value } }; NULL: not given. */

static const cmt__json_t *
seeded(const cmt__json_t *seeds, cmt_str_t name, cmt_str_t key)
{
    size_t  i, depth;

    for (depth = 0; seeds != NULL && depth < 2; depth++) {

        if (seeds->type != CMT__JSON_OBJECT) {
            return seeds;
        }

        for (i = 0; i < seeds->n; i++) {
            if (cmt__str_eq(seeds->items[i].name, depth == 0 ? name : key)) {
                break;
            }
        }

        seeds = i < seeds->n ? &seeds->items[i] : NULL;
    }

    return seeds;
}


static void
note(lua_State *L, cmt__effect_kind_t kind, cmt_str_t name, cmt_str_t key,
    cmt_str_t value, int64_t seconds)
{
    cmt__effect_t  *effect;
    cmt__engine_t  *e;

    e = cmt__engine_of(L);

    if (!e->running) {
        cmt__raise(L, "only rules can remember: call this inside of rule()");
    }

    cmt__charge(L, NOTE_STEPS + value.len / CMT__RULES_COPY_BYTES);

    if (e->n_effects == CMT_RULES_WRITES_MAX) {
        cmt__raise(L, "rules write at most %d times for one comment",
                   CMT_RULES_WRITES_MAX);
    }

    if (e->effects == NULL) {
        e->effects = cmt_alloc(e->arena, CMT_RULES_WRITES_MAX
                                         * sizeof(cmt__effect_t));
        if (e->effects == NULL) {
            cmt__raise_no_memory(L);
        }
    }

    effect = &e->effects[e->n_effects];
    effect->kind = kind;
    effect->name = cmt__str_copy(e->arena, name);
    effect->key = cmt__str_copy(e->arena, key);
    effect->value = value;
    effect->seconds = seconds;

    if (effect->name.data == NULL || effect->key.data == NULL) {
        cmt__raise_no_memory(L);
    }

    e->n_effects++;
}


static void
write_value(lua_State *L, int index, cmt__buf_t *b, int depth)
{
    int         n;
    char        number[32];
    cmt_str_t   s;
    lua_Number  real;

    switch (lua_type(L, index)) {

    case LUA_TSTRING:
        s = cmt__arg_string(L, index);

        if (!cmt__utf8_valid(s) || s.len > VALUE_BYTES_MAX
            || memchr(s.data, '\0', s.len) != NULL)
        {
            cmt__raise(L, "the store keeps UTF-8 text of at most %d bytes",
                       VALUE_BYTES_MAX);
        }

        cmt__json_string(b, s);
        return;

    case LUA_TBOOLEAN:
        cmt__buf_lit(b, lua_toboolean(L, index) ? "true" : "false");
        return;

    case LUA_TNUMBER:
        if (lua_isinteger(L, index)) {
            cmt__buf_i64(b, lua_tointegerx(L, index, NULL));
            return;
        }

        real = lua_tonumberx(L, index, NULL);
        if (!isfinite(real)) {
            cmt__raise(L, "the store keeps no number that is not finite");
        }

        n = snprintf(number, sizeof(number), "%.17g", real);
        cmt__buf_put(b, number, (size_t) n);
        cmt__buf_lit(b, strpbrk(number, ".e") == NULL ? ".0" : "");
        return;

    case LUA_TTABLE:
        if (depth == 0 && !lua_getmetatable(L, index)) {
            write_table(L, lua_absindex(L, index), b);
            return;
        }

        /* fall through */

    default:
        cmt__raise(L, "the store keeps text, numbers, booleans and flat"
                   " tables of them, no %s", cmt__type_name(L, index));
    }
}


/* In the order of pairs(), so that the same table is the same text. */

static void
write_table(lua_State *L, int index, cmt__buf_t *b)
{
    size_t     i, k, n, list;
    cmt_str_t  names[MEMBERS_MAX], name;

    list = (size_t) lua_rawlen(L, index);
    n = 0;

    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
        cmt__charge(L, 2);

        if (n == MEMBERS_MAX
            || (list == 0 && lua_type(L, -2) != LUA_TSTRING))
        {
            cmt__raise(L, "a table of the store has names or is a list, with"
                       " at most %d members", MEMBERS_MAX);
        }

        if (list == 0) {
            name = cmt__arg_string(L, -2);

            for (i = n; i > 0 && memcmp(names[i - 1].data, name.data,
                                        names[i - 1].len < name.len
                                        ? names[i - 1].len + 1
                                        : name.len + 1) > 0; i--)
            {
                names[i] = names[i - 1];
            }

            names[i] = name;
        }

        n++;
    }

    if (list != 0 && list != n) {
        cmt__raise(L, "a table of the store has names or is a list");
    }

    cmt__charge(L, n * n / 8);
    cmt__buf_char(b, list != 0 ? '[' : '{');

    for (k = 0; k < n; k++) {
        cmt__buf_lit(b, k == 0 ? "" : ",");

        if (list != 0) {
            lua_rawgeti(L, index, (lua_Integer) k + 1);

        } else {
            if (!cmt__utf8_valid(names[k])
                || names[k].len > VALUE_BYTES_MAX
                || memchr(names[k].data, '\0', names[k].len) != NULL)
            {
                cmt__raise(L, "the store keeps names of UTF-8 text");
            }

            cmt__json_string(b, names[k]);
            cmt__buf_char(b, ':');
            lua_pushlstring(L, names[k].data, names[k].len);
            lua_rawget(L, index);
        }

        write_value(L, -1, b, 1);
        lua_pop(L, 1);
    }

    cmt__buf_char(b, list != 0 ? ']' : '}');
}


void
cmt__push_json(lua_State *L, const cmt__json_t *value)
{
    size_t              i;
    const cmt__json_t  *item;

    switch (value->type) {

    case CMT__JSON_TRUE:
    case CMT__JSON_FALSE:
        lua_pushboolean(L, value->type == CMT__JSON_TRUE);
        return;

    case CMT__JSON_INTEGER:
        lua_pushinteger(L, value->integer);
        return;

    case CMT__JSON_REAL:
        lua_pushnumber(L, value->real);
        return;

    case CMT__JSON_STRING:
        cmt__charge_copy(L, value->string.len);
        lua_pushlstring(L, value->string.data, value->string.len);
        return;

    case CMT__JSON_ARRAY:
    case CMT__JSON_OBJECT:
        cmt__charge(L, value->n);
        lua_createtable(L, 0, 0);

        for (i = 0; i < value->n; i++) {
            item = &value->items[i];

            if (item->type >= CMT__JSON_ARRAY) {
                continue;
            }

            if (value->type == CMT__JSON_OBJECT) {
                lua_pushlstring(L, item->name.data, item->name.len);
            } else {
                lua_pushinteger(L, (lua_Integer) i + 1);
            }

            cmt__push_json(L, item);
            lua_rawset(L, -3);
        }
        return;

    default:
        lua_pushnil(L);
    }
}
