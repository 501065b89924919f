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
static int read_meta(lua_State *L, const object_t *o);
static const size_t *comment_tags(lua_State *L);
static void push_made(lua_State *L, const object_t *o,
    const cmt__fact_t *row);
static int count_links(lua_State *L);
static int refuse_compare(lua_State *L);
static void push_fact(lua_State *L, const object_t *o,
    const cmt__fact_t *row);
static void push_counted(lua_State *L, const cmt__fact_t *row,
    int64_t given);
static void push_string(lua_State *L, cmt_str_t s);
static void push_integer(lua_State *L, int64_t n, int64_t unknown);
static void push_number(lua_State *L, cmt__fact_type_t type,
    const void *place);
static void push_related(lua_State *L, const object_t *o,
    const cmt__fact_t *row, const void *place);
static int push_kept(lua_State *L);
static void keep(lua_State *L);


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

        lua_pushlstring(L, "__lt", 4);
        lua_pushcfunction(L, refuse_compare);
        lua_rawset(L, -3);

        lua_pushlstring(L, "__le", 4);
        lua_pushcfunction(L, refuse_compare);
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


static int
push_method(lua_State *L, const cmt__class_t *class, cmt_str_t name)
{
    const cmt__method_t  *m;

    for (m = class->methods; m != NULL && m->name != NULL; m++) {
        if (cmt__str_is(name, m->name)) {
            lua_pushcfunction(L, m->function);
            return 1;
        }
    }

    return 0;
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

    if (o->class == &cmt__class_meta) {
        return read_meta(L, o);
    }

    if (lua_type(L, 2) != LUA_TSTRING) {
        cmt__raise(L, "a %s has no fields under a %s", o->class->name,
                   cmt__type_name(L, 2));
    }

    name.data = lua_tolstring(L, 2, &name.len);
    row = cmt__class_find(o->class, name);

    if (row == NULL) {
        if (push_method(L, o->class, name)) {
            return 1;
        }

        cmt__field_raise(L, "", o->class, name);
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


/* What a page says of itself: any name; what is not there is nil. */

static int
read_meta(lua_State *L, const object_t *o)
{
    size_t              i;
    cmt_str_t           name;
    const cmt__json_t  *meta, *value;

    meta = *(const cmt__json_t *const *) o->data;

    if (lua_type(L, 2) != LUA_TSTRING || meta == NULL) {
        lua_pushnil(L);
        return 1;
    }

    name.data = lua_tolstring(L, 2, &name.len);
    value = NULL;
    cmt__charge(L, meta->n);

    for (i = 0; i < meta->n; i++) {
        if (cmt__str_eq(meta->items[i].name, name)) {
            value = &meta->items[i];
        }
    }

    if (value != NULL && value->type == CMT__JSON_STRING) {
        cmt__charge_copy(L, value->string.len);
        lua_pushlstring(L, value->string.data, value->string.len);

    } else if (value != NULL && value->type == CMT__JSON_INTEGER) {
        lua_pushinteger(L, value->integer);

    } else if (value != NULL && value->type == CMT__JSON_REAL) {
        lua_pushnumber(L, value->real);

    } else if (value != NULL && value->type <= CMT__JSON_TRUE
               && value->type != CMT__JSON_NULL)
    {
        lua_pushboolean(L, value->type == CMT__JSON_TRUE);

    } else {
        lua_pushnil(L);
    }

    return 1;
}


void
cmt__object_push(lua_State *L, const cmt__class_t *class, const void *data)
{
    push_object(L, class, data, CMT__SELF);
}


const void *
cmt__object_data(lua_State *L, int index, const cmt__class_t *class)
{
    const object_t  *o;

    o = object_at(L, index);

    return o != NULL && o->class == class ? o->data : NULL;
}


void
cmt__comment_note(cmt__engine_t *e, const char *name)
{
    cmt_str_t           s;
    const cmt__fact_t  *row;

    s.data = name;
    s.len = strlen(name);
    row = cmt__class_find(&cmt__class_comment, s);
    e->read[CMT__SELF] |= (uint64_t) 1
                          << (row - cmt__class_comment.rows);
}


/* The same for all that ask in this machine. */

const cmt__folded_t *
cmt__comment_folded(lua_State *L)
{
    cmt__engine_t  *e;

    e = cmt__engine_of(L);

    if (e->folded.text.data == NULL) {
        cmt__fold(L, e->facts->text.plain, 1, &e->folded);
    }

    return &e->folded;
}


const cmt__shape_t *
cmt__comment_shape(lua_State *L)
{
    cmt__shape_t   *shape;
    cmt__engine_t  *e;

    e = cmt__engine_of(L);

    if (e->shape == NULL) {
        cmt__charge(L, e->facts->text.plain.len / 2 + 1);
        shape = cmt__machine_alloc(L, sizeof(cmt__shape_t));
        cmt__text_shape(e->facts->text.plain, shape);
        e->shape = shape;
    }

    return e->shape;
}


static const size_t *
comment_tags(lua_State *L)
{
    size_t         *tags;
    cmt__engine_t  *e;

    e = cmt__engine_of(L);

    if (e->tags == NULL) {
        cmt__charge_scan(L, e->facts->text.html.len);
        tags = cmt__machine_alloc(L, CMT__TAG_NAMES * sizeof(size_t));
        memset(tags, 0, CMT__TAG_NAMES * sizeof(size_t));
        cmt__text_tags(e->facts->text.html, cmt__tag_names, tags);
        e->tags = tags;
    }

    return e->tags;
}


static void
push_made(lua_State *L, const object_t *o, const cmt__fact_t *row)
{
    const char    *shape;
    cmt__guess_t  *guess;

    switch (row->type) {

    case CMT__FACT_LANG:
        guess = cmt__machine_alloc(L, sizeof(cmt__guess_t));
        cmt__guess(L, cmt__engine_of(L)->facts->text.plain,
                   cmt__comment_shape(L), guess);
        push_object(L, row->class, guess, o->whose);
        break;

    case CMT__FACT_FOLDED:
        push_string(L, cmt__comment_folded(L)->text);
        return;

    case CMT__FACT_SHAPE:
        shape = (const char *) cmt__comment_shape(L);
        lua_pushinteger(L, (lua_Integer) *(const size_t *)
                           (const void *) (shape + row->offset));
        return;

    case CMT__FACT_SCRIPT:
        push_object(L, row->class, cmt__comment_shape(L), o->whose);
        break;

    default:
        push_object(L, row->class, comment_tags(L), o->whose);
    }

    keep(L);
}


static int
count_links(lua_State *L)
{
    lua_pushinteger(L, cmt__comment_links(L, 1));

    return 1;
}


/* c.links > 2 */

static int
refuse_compare(lua_State *L)
{
    cmt__raise(L, "\"links\" is a list: write #c.links for how many there"
               " are");
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
    case CMT__FACT_ID:
    case CMT__FACT_SIZE:
    case CMT__FACT_THOUSANDTHS:
    case CMT__FACT_SHARE:
        push_number(L, row->type, place);
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

    case CMT__FACT_CALL:
        (void) push_method(L, o->class, (cmt_str_t) { strlen(row->name),
                                                      row->name });
        return;

    case CMT__FACT_AUTHORS:
    case CMT__FACT_PER_HOUR:
        push_counted(L, row, *(const int64_t *) place);
        return;

    case CMT__FACT_FOLDED:
    case CMT__FACT_SHAPE:
    case CMT__FACT_SCRIPT:
    case CMT__FACT_TAGS:
    case CMT__FACT_LANG:
        push_made(L, o, row);
        return;

    default:
        push_related(L, o, row, place);
    }
}


static void
push_number(lua_State *L, cmt__fact_type_t type, const void *place)
{
    switch (type) {

    case CMT__FACT_INTEGER:
        push_integer(L, *(const int64_t *) place, CMT__UNKNOWN);
        return;

    case CMT__FACT_ID:
        push_integer(L, (int64_t) *(const uint64_t *) place, 0);
        return;

    case CMT__FACT_SIZE:
        lua_pushinteger(L, (lua_Integer) *(const size_t *) place);
        return;

    case CMT__FACT_THOUSANDTHS:
        if (*(const int64_t *) place % 1000 == 0) {
            lua_pushinteger(L, *(const int64_t *) place / 1000);
        } else {
            lua_pushnumber(L, (double) *(const int64_t *) place / 1000);
        }
        return;

    default:
        lua_pushnumber(L, *(const double *) place);
    }
}


/* What a test gives, or what the store counts. */

static void
push_counted(lua_State *L, const cmt__fact_t *row, int64_t given)
{
    if (given != CMT__UNKNOWN) {
        lua_pushinteger(L, given);

    } else if (row->type == CMT__FACT_AUTHORS) {
        cmt__answer_authors(L);

    } else {
        cmt__answer_per_hour(L);
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
    if (row->type == CMT__FACT_META) {
        push_object(L, row->class, place, o->whose);

    } else if (row->type == CMT__FACT_LINKS) {
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
