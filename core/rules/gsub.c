/*
 * gsub.c: string.gsub().
 */

#include <string.h>

#include "match.h"


static int put_replacement(cmt__match_t *m, const char *s, const char *end);
static void put_template(cmt__match_t *m, const char *s, const char *end);


/* Arguments: text, pattern, replacement (text, table, function), how often. */

int
cmt__string_gsub(lua_State *L)
{
    int            type, anchor, changed;
    size_t         begin;
    cmt_str_t      text, pattern;
    const char    *p, *s, *end, *last, *kept;
    lua_Integer    n, n_max;
    cmt__match_t   m;

    text = cmt__arg_string(L, 1);
    pattern = cmt__arg_string(L, 2);
    type = lua_type(L, 3);

    if (type != LUA_TSTRING && type != LUA_TNUMBER && type != LUA_TTABLE
        && type != LUA_TFUNCTION)
    {
        cmt__raise_argument(L, 3, "text, table or function expected, got %s",
                            cmt__type_name(L, 3));
    }

    n_max = cmt__arg_integer_or(L, 4, (lua_Integer) text.len + 1);
    anchor = pattern.len != 0 && pattern.data[0] == '^';
    p = pattern.data + anchor;

    cmt__match_init(&m, L, text, pattern);
    begin = cmt__scratch_begin(L);
    changed = 0;
    last = NULL;
    kept = text.data;                    /* not put yet */
    s = text.data;

    for (n = 0; n < n_max; /* void */) {
        end = cmt__match_at(&m, s, p);

        if (end != NULL && end != last) {
            n++;
            cmt__match_settle(&m);
            cmt__scratch_put(L, kept, (size_t) (s - kept));
            changed |= put_replacement(&m, s, end);
            s = kept = last = end;

        } else if (s < m.text_end) {
            s++;

        } else {
            break;
        }

        if (anchor) {
            break;
        }
    }

    cmt__match_settle(&m);

    if (changed) {
        cmt__scratch_put(L, kept, (size_t) (m.text_end - kept));
        cmt__scratch_push(L, begin);

    } else {
        cmt__engine_of(L)->scratch.len = begin;
        lua_pushvalue(L, 1);
    }

    lua_pushinteger(L, n);

    return 2;
}


/* 0: the piece stays as it was. */

static int
put_replacement(cmt__match_t *m, const char *s, const char *end)
{
    int         n;
    cmt_str_t   value;
    lua_State  *L;

    L = m->L;

    switch (lua_type(L, 3)) {

    case LUA_TFUNCTION:
        lua_pushvalue(L, 3);
        n = cmt__match_push_all(m, s, end);
        lua_call(L, n, 1);
        break;

    case LUA_TTABLE:
        cmt__match_push(m, 0, s, end);
        lua_rawget(L, 3);
        break;

    default:
        put_template(m, s, end);
        return 1;
    }

    if (!lua_toboolean(L, -1)) {
        lua_pop(L, 1);
        cmt__scratch_put(L, s, (size_t) (end - s));
        return 0;
    }

    if (lua_type(L, -1) != LUA_TSTRING && lua_type(L, -1) != LUA_TNUMBER) {
        cmt__raise(L, "gsub: a %s cannot replace text",
                   cmt__type_name(L, -1));
    }

    value.data = lua_tolstring(L, -1, &value.len);
    cmt__charge_copy(L, value.len);
    cmt__scratch_put(L, value.data, value.len);
    lua_pop(L, 1);

    return 1;
}


/* "%1" is a capture, "%0" the match, "%%" a "%". */

static void
put_template(cmt__match_t *m, const char *s, const char *end)
{
    size_t       at, from;
    cmt_str_t    template, value;
    lua_State   *L;

    L = m->L;
    template.data = lua_tolstring(L, 3, &template.len);
    cmt__charge_scan(L, template.len);

    for (at = 0; at < template.len; /* void */) {
        from = at;
        while (at < template.len && template.data[at] != '%') {
            at++;
        }

        cmt__scratch_put(L, template.data + from, at - from);

        if (at == template.len) {
            break;
        }

        at++;

        if (at == template.len
            || strchr("0123456789%", template.data[at]) == NULL
            || template.data[at] == '\0')
        {
            cmt__raise(L, "gsub: \"%%\" in the replacement must be followed"
                       " by a digit or \"%%\"");
        }

        if (template.data[at] == '%') {
            cmt__scratch_put(L, "%", 1);

        } else if (template.data[at] == '0') {
            cmt__charge_copy(L, (uint64_t) (end - s));
            cmt__scratch_put(L, s, (size_t) (end - s));

        } else {
            cmt__match_push(m, template.data[at] - '1', s, end);
            value.data = lua_tolstring(L, -1, &value.len);
            cmt__charge_copy(L, value.len);
            cmt__scratch_put(L, value.data, value.len);
            lua_pop(L, 1);
        }

        at++;
    }
}
