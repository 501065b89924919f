/*
 * strlib.c: the plain functions on text.  They work on bytes, as Lua's do.
 */

#include <string.h>

#include "engine.h"


static int arithmetic(lua_State *L);
static void push_operand(lua_State *L, int index);


typedef struct {
    const char  *event;
    int          op;
} event_t;


static const event_t  events[] = {
    { "__add", LUA_OPADD },   { "__sub", LUA_OPSUB },
    { "__mul", LUA_OPMUL },   { "__mod", LUA_OPMOD },
    { "__pow", LUA_OPPOW },   { "__div", LUA_OPDIV },
    { "__idiv", LUA_OPIDIV }, { "__unm", LUA_OPUNM }
};


size_t
cmt__string_position(lua_Integer at, size_t len)
{
    if (at > 0) {
        return (size_t) at;
    }

    if (at == 0 || at < - (lua_Integer) len) {
        return at == 0 ? 0 : 1;
    }

    return len + (size_t) at + 1;
}


/* The last byte of a piece: at most len, 0 when it lies before the text. */

static size_t
last_position(lua_Integer at, size_t len)
{
    if (at > (lua_Integer) len) {
        return len;
    }

    if (at >= 0) {
        return (size_t) at;
    }

    return at < - (lua_Integer) len ? 0 : len + (size_t) at + 1;
}


static size_t
first_position(lua_Integer at, size_t len)
{
    size_t  position;

    position = cmt__string_position(at, len);

    return position == 0 ? 1 : position;
}


int
cmt__string_len(lua_State *L)
{
    lua_pushinteger(L, (lua_Integer) cmt__arg_string(L, 1).len);

    return 1;
}


int
cmt__string_sub(lua_State *L)
{
    size_t     first, last;
    cmt_str_t  s;

    s = cmt__arg_string(L, 1);
    first = first_position(cmt__arg_integer(L, 2), s.len);
    last = last_position(cmt__arg_integer_or(L, 3, -1), s.len);

    if (first > last) {
        lua_pushlstring(L, "", 0);
        return 1;
    }

    cmt__charge_copy(L, last - first + 1);
    lua_pushlstring(L, s.data + first - 1, last - first + 1);

    return 1;
}


int
cmt__string_byte(lua_State *L)
{
    size_t       first, last, i;
    cmt_str_t    s;
    lua_Integer  at;

    s = cmt__arg_string(L, 1);
    at = cmt__arg_integer_or(L, 2, 1);
    first = first_position(at, s.len);
    last = last_position(cmt__arg_integer_or(L, 3, at), s.len);

    if (first > last) {
        return 0;
    }

    if (last - first >= CMT__RULES_VALUES_MAX
        || !lua_checkstack(L, (int) (last - first + 1)))
    {
        cmt__raise(L, "byte: more than %d results", CMT__RULES_VALUES_MAX);
    }

    cmt__charge(L, last - first + 1);

    for (i = first; i <= last; i++) {
        lua_pushinteger(L, (unsigned char) s.data[i - 1]);
    }

    return (int) (last - first + 1);
}


int
cmt__string_char(lua_State *L)
{
    int          i, n;
    char        *out;
    size_t       begin;
    lua_Integer  c;

    n = lua_gettop(L);
    cmt__charge(L, (uint64_t) n);

    begin = cmt__scratch_begin(L);
    out = cmt__scratch_room(L, (size_t) n);

    for (i = 1; i <= n; i++) {
        c = cmt__arg_integer(L, i);

        if (c < 0 || c > 255) {
            cmt__raise_argument(L, i, "a byte is 0 to 255");
        }

        out[i - 1] = (char) c;
    }

    cmt__scratch_push(L, begin);

    return 1;
}


int
cmt__string_rep(lua_State *L)
{
    char        *out;
    size_t       begin, total, unit, filled, more;
    cmt_str_t    s, separator;
    lua_Integer  n;

    s = cmt__arg_string(L, 1);
    n = cmt__arg_integer(L, 2);
    separator = lua_type(L, 3) <= LUA_TNIL ? cmt_str("")
                                           : cmt__arg_string(L, 3);
    unit = s.len + separator.len;

    if (n <= 0 || unit == 0) {
        lua_pushlstring(L, "", 0);
        return 1;
    }

    if ((uint64_t) n > CMT__RULES_STRING_BYTES_MAX / unit + 1
        || unit * (size_t) n - separator.len > CMT__RULES_STRING_BYTES_MAX)
    {
        cmt__raise(L, "a text would be longer than %d bytes",
                   CMT__RULES_STRING_BYTES_MAX);
    }

    total = unit * (size_t) n - separator.len;
    cmt__charge_copy(L, total);

    begin = cmt__scratch_begin(L);
    out = cmt__scratch_room(L, total);
    filled = unit < total ? unit : total;

    memcpy(out, s.data, s.len);
    memcpy(out + s.len, separator.data, filled - s.len);

    /* What is there is copied behind itself, so it doubles each time. */
    while (filled < total) {
        more = filled < total - filled ? filled : total - filled;
        memcpy(out + filled, out, more);
        filled += more;
    }

    cmt__scratch_push(L, begin);

    return 1;
}


/* Room for as many bytes as s has, and the charge for a loop over them. */

static char *
begin_loop(lua_State *L, cmt_str_t s, size_t *begin)
{
    cmt__charge_scan(L, 2 * s.len);
    *begin = cmt__scratch_begin(L);

    return cmt__scratch_room(L, s.len);
}


int
cmt__string_reverse(lua_State *L)
{
    char       *out;
    size_t      begin, i;
    cmt_str_t   s;

    s = cmt__arg_string(L, 1);
    out = begin_loop(L, s, &begin);

    for (i = 0; i < s.len; i++) {
        out[i] = s.data[s.len - 1 - i];
    }

    cmt__scratch_push(L, begin);

    return 1;
}


/* ASCII only: a byte of a longer character is not a letter by itself. */

int
cmt__string_lower(lua_State *L)
{
    char       *out, c;
    size_t      begin, i;
    cmt_str_t   s;

    s = cmt__arg_string(L, 1);
    out = begin_loop(L, s, &begin);

    for (i = 0; i < s.len; i++) {
        c = s.data[i];
        out[i] = (char) (c >= 'A' && c <= 'Z' ? c | 0x20 : c);
    }

    cmt__scratch_push(L, begin);

    return 1;
}


int
cmt__string_upper(lua_State *L)
{
    char       *out, c;
    size_t      begin, i;
    cmt_str_t   s;

    s = cmt__arg_string(L, 1);
    out = begin_loop(L, s, &begin);

    for (i = 0; i < s.len; i++) {
        c = s.data[i];
        out[i] = (char) (c >= 'a' && c <= 'z' ? c & ~0x20 : c);
    }

    cmt__scratch_push(L, begin);

    return 1;
}


void
cmt__string_arithmetic(lua_State *L, int metatable)
{
    size_t  i;

    for (i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
        lua_pushlstring(L, events[i].event, strlen(events[i].event));
        lua_pushinteger(L, events[i].op);
        lua_pushcclosure(L, arithmetic, 1);
        lua_rawset(L, metatable);
    }
}


/* Two operands, of which one at least is text. */

static int
arithmetic(lua_State *L)
{
    int  op;

    op = (int) lua_tointegerx(L, lua_upvalueindex(1), NULL);

    push_operand(L, 1);
    if (op != LUA_OPUNM) {
        push_operand(L, 2);
    }

    lua_arith(L, op);

    return 1;
}


static void
push_operand(lua_State *L, int index)
{
    char       shown[CMT__SHOWN_BYTES];
    cmt_str_t  s;

    lua_pushcfunction(L, cmt__base_tonumber);
    lua_pushvalue(L, index);
    lua_call(L, 1, 1);

    if (lua_type(L, -1) == LUA_TNUMBER) {
        return;
    }

    if (lua_type(L, index) != LUA_TSTRING) {
        cmt__raise(L, "attempt to reckon with a %s",
                   cmt__type_name(L, index));
    }

    s = cmt__arg_string(L, index);
    cmt__raise(L, "the text \"%s\" is not a number", cmt__shown(shown, s));
}
