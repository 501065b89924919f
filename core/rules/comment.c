/*
 * comment.c: the comment as rules see it: objects that can only be read.
 *
 *   userdata { class, facts, whose }  --metatable--> read(), refuse_write()
 *       \--user value--> table of what was read: long texts and objects, so
 *                        that reading a field twice makes nothing twice
 *
 * A field is made when it is first read, and noted for the receipt.  Short
 * texts are interned by Lua and numbers cost nothing: they are not kept.
 */

#include <string.h>

#include "engine.h"


/* Longer texts are not interned by Lua. */
#define SHORT_BYTES_MAX  40


typedef struct {
    const cmt__class_t  *class;
    const void          *data;           /* cmt__facts_t, cmt__text_t or
                                            cmt__link_t                      */
    unsigned             whose;          /* CMT__SELF, CMT__PARENT           */
} object_t;


static void push_object(lua_State *L, const cmt__class_t *class,
    const void *data, unsigned whose);
static void push_metatable(lua_State *L, const cmt__class_t *class);
static int read_field(lua_State *L);
static int read_link(lua_State *L, const object_t *o);
static int refuse_write(lua_State *L);
static int count_links(lua_State *L);
static void push_fact(lua_State *L, const object_t *o,
    const cmt__fact_t *row);
static void push_string(lua_State *L, cmt_str_t s);
static void push_integer(lua_State *L, int64_t n, int64_t unknown);
static void push_related(lua_State *L, const object_t *o,
    const cmt__fact_t *row, const void *place);
static int push_kept(lua_State *L);
static void keep(lua_State *L);
_Noreturn static void raise_unknown(lua_State *L, const object_t *o,
    cmt_str_t name);


/* In every metatable of ours, at index 1: a mark that rules cannot make. */
static const char  mark;


void
cmt__comment_push(lua_State *L, const cmt__facts_t *facts)
{
    push_object(L, &cmt__class_comment, facts, CMT__SELF);
}


static void
push_object(lua_State *L, const cmt__class_t *class, const void *data,
    unsigned whose)
{
    object_t  *o;

    o = lua_newuserdatauv(L, sizeof(object_t), 1);
    o->class = class;
    o->data = data;
    o->whose = whose;

    push_metatable(L, class);
    lua_setmetatable(L, -2);
}


static void
push_metatable(lua_State *L, const cmt__class_t *class)
{
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, class) == LUA_TTABLE) {
        return;
    }

    lua_pop(L, 1);
    lua_createtable(L, 1, 4);

    lua_pushlightuserdata(L, (void *) (uintptr_t) &mark);
    lua_rawseti(L, -2, 1);

    lua_pushlstring(L, "__name", 6);
    lua_pushlstring(L, class->name, strlen(class->name));
    lua_rawset(L, -3);

    lua_pushlstring(L, "__index", 7);
    lua_pushcfunction(L, read_field);
    lua_rawset(L, -3);

    lua_pushlstring(L, "__newindex", 10);
    lua_pushcfunction(L, refuse_write);
    lua_rawset(L, -3);

    if (class == &cmt__class_links) {
        lua_pushlstring(L, "__len", 5);
        lua_pushcfunction(L, count_links);
        lua_rawset(L, -3);
    }

    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, class);
}


/* NULL when it is not one of ours. */

static const object_t *
object_at(lua_State *L, int index)
{
    int  ours;

    if (lua_type(L, index) != LUA_TUSERDATA || !lua_getmetatable(L, index)) {
        return NULL;
    }

    lua_rawgeti(L, -1, 1);
    ours = lua_touserdata(L, -1) == &mark;
    lua_pop(L, 2);

    return ours ? lua_touserdata(L, index) : NULL;
}


const char *
cmt__comment_class(lua_State *L, int index)
{
    const object_t  *o;

    o = object_at(L, index);

    return o != NULL ? o->class->name : NULL;
}


lua_Integer
cmt__comment_links(lua_State *L, int index)
{
    const object_t  *o;

    o = object_at(L, index);

    if (o == NULL || o->class != &cmt__class_links) {
        return -1;
    }

    return (lua_Integer) ((const cmt__text_t *) o->data)->n_links;
}


void
cmt__comment_link(lua_State *L, int index, lua_Integer n)
{
    lua_pushcfunction(L, read_field);
    lua_pushvalue(L, index);
    lua_pushinteger(L, n);
    lua_call(L, 2, 1);
}


/* object, key */

static int
read_field(lua_State *L)
{
    cmt_str_t           name;
    cmt__engine_t      *e;
    const object_t     *o;
    const cmt__fact_t  *row;

    o = object_at(L, 1);
    if (o == NULL) {
        cmt__raise(L, "this is not a comment");
    }

    lua_settop(L, 2);

    if (o->class == &cmt__class_links && lua_type(L, 2) == LUA_TNUMBER) {
        return read_link(L, o);
    }

    if (lua_type(L, 2) != LUA_TSTRING) {
        cmt__raise(L, "a %s has no fields under a %s", o->class->name,
                   cmt__type_name(L, 2));
    }

    name.data = lua_tolstring(L, 2, &name.len);
    row = cmt__class_find(o->class, name);

    if (row == NULL) {
        raise_unknown(L, o, name);
    }

    if (o->class->prefix != NULL) {
        e = cmt__engine_of(L);
        e->read[o->whose] |= (uint64_t) 1 << (o->class->first
                                              + (row - o->class->rows));
    }

    if (row->own && o->whose == CMT__PARENT) {
        lua_pushnil(L);

    } else if (!push_kept(L)) {
        push_fact(L, o, row);
    }

    return 1;
}


static int
read_link(lua_State *L, const object_t *o)
{
    int                 ok;
    lua_Integer         n;
    const cmt__text_t  *text;

    text = o->data;
    n = lua_tointegerx(L, 2, &ok);

    if (!ok || n < 1 || (size_t) n > text->n_links) {
        lua_pushnil(L);

    } else if (!push_kept(L)) {
        push_object(L, &cmt__class_link, &text->links[n - 1], o->whose);
        keep(L);
    }

    return 1;
}


static int
count_links(lua_State *L)
{
    lua_pushinteger(L, cmt__comment_links(L, 1));

    return 1;
}


static int
refuse_write(lua_State *L)
{
    cmt__raise(L, "the comment can only be read");
}


/* Pushes what a field holds; what is not known is nil, never 0 or "". */

static void
push_fact(lua_State *L, const object_t *o, const cmt__fact_t *row)
{
    unsigned       word;
    const void    *place;

    place = (const char *) o->data + row->offset;

    switch (row->type) {

    case CMT__FACT_STRING:
        push_string(L, *(const cmt_str_t *) place);
        return;

    case CMT__FACT_INTEGER:
        push_integer(L, *(const int64_t *) place, CMT__UNKNOWN);
        return;

    case CMT__FACT_ID:
        push_integer(L, (int64_t) *(const uint64_t *) place, 0);
        return;

    case CMT__FACT_SIZE:
        lua_pushinteger(L, (lua_Integer) *(const size_t *) place);
        return;

    case CMT__FACT_FLAG:
        if (*(const int *) place == CMT__UNKNOWN) {
            lua_pushnil(L);
        } else {
            lua_pushboolean(L, *(const int *) place);
        }
        return;

    case CMT__FACT_WORD:
        memcpy(&word, place, sizeof(word));
        lua_pushlstring(L, row->words[word], strlen(row->words[word]));
        return;

    case CMT__FACT_KIND:
        if (*(const cmt_kind_t *) place == CMT_COMMENT) {
            lua_pushlstring(L, "comment", 7);
        } else {
            lua_pushlstring(L, "mention", 7);
        }
        return;

    default:
        push_related(L, o, row, place);
    }
}


static void
push_string(lua_State *L, cmt_str_t s)
{
    if (s.data == NULL) {
        lua_pushnil(L);
        return;
    }

    cmt__charge_copy(L, s.len);
    lua_pushlstring(L, s.data, s.len);

    if (s.len > SHORT_BYTES_MAX) {
        keep(L);
    }
}


static void
push_integer(lua_State *L, int64_t n, int64_t unknown)
{
    if (n == unknown) {
        lua_pushnil(L);
    } else {
        lua_pushinteger(L, n);
    }
}


/* The author, the links, the parent ... */

static void
push_related(lua_State *L, const object_t *o, const cmt__fact_t *row,
    const void *place)
{
    if (row->type == CMT__FACT_LINKS) {
        push_object(L, &cmt__class_links, place, o->whose);

    } else if (row->type == CMT__FACT_OBJECT) {
        push_object(L, row->class, o->data, o->whose);

    } else {
        place = *(const cmt__facts_t *const *) place;

        if (place == NULL) {
            lua_pushnil(L);
            return;
        }

        push_object(L, row->class, place, CMT__PARENT);
    }

    keep(L);
}


/* Stack: object, key.  Pushes the kept value of that key and gives 1, or
 * pushes nothing. */

static int
push_kept(lua_State *L)
{
    if (lua_getiuservalue(L, 1, 1) != LUA_TTABLE) {
        lua_pop(L, 1);
        return 0;
    }

    lua_pushvalue(L, 2);

    if (lua_rawget(L, -2) == LUA_TNIL) {
        lua_pop(L, 2);
        return 0;
    }

    return 1;
}


/* Stack: object, key ... value.  Keeps the value, which stays on top. */

static void
keep(lua_State *L)
{
    if (lua_getiuservalue(L, 1, 1) != LUA_TTABLE) {
        lua_pop(L, 1);
        lua_createtable(L, 0, 4);
        lua_pushvalue(L, -1);
        lua_setiuservalue(L, 1, 1);
    }

    lua_pushvalue(L, 2);
    lua_pushvalue(L, -3);
    lua_rawset(L, -3);
    lua_pop(L, 1);
}


_Noreturn static void
raise_unknown(lua_State *L, const object_t *o, cmt_str_t name)
{
    char            shown[CMT__SHOWN_BYTES];
    size_t          i;
    cmt__nearest_t  nearest;

    if (o->class == &cmt__class_links) {
        cmt__raise(L, "\"links\" is a list: there is no \"%s\" in it, but in"
                   " links[1], links[2] ...", cmt__shown(shown, name));
    }

    cmt__nearest_init(&nearest, name);

    for (i = 0; i < o->class->n; i++) {
        cmt__nearest_offer(&nearest, o->class->rows[i].name);
    }

    cmt__raise(L, "a %s has no \"%s\"%s", o->class->name,
               cmt__shown(shown, name), cmt__nearest_text(&nearest));
}
