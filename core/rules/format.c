/*
 * format.c: string.format() without %p, which would show an address.
 *
 * The C library formats numbers only; text is padded here, so that no width
 * or precision makes it read behind the end.
 */

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "engine.h"


/* "%-+ #0" once each, two digits, ".", two digits, "ll", the letter, NUL */
#define SPEC_BYTES     16
#define DIGITS_MAX     2

/* "%.99f" of the largest double has 309 + 1 + 99 characters and a sign. */
#define NUMBER_BYTES   512


typedef struct {
    char       text[SPEC_BYTES];     /* "%-5.2", to which a letter is added  */
    size_t     len;
    int        left;                 /* "-" was given                        */
    size_t     width;
    int        has_precision;
    size_t     precision;
    char       letter;
} spec_t;


static size_t read_spec(lua_State *L, cmt_str_t format, size_t at,
    spec_t *spec);
static const char *flags_of(char letter);
static size_t read_digits(cmt_str_t format, size_t at, size_t *n);
static void put_value(lua_State *L, int arg, spec_t *spec);
static void put_string(lua_State *L, int arg, const spec_t *spec);
static void put_quoted(lua_State *L, int arg);


int
cmt__string_format(lua_State *L)
{
    int        arg, n;
    size_t     begin, at, from;
    spec_t     spec;
    cmt_str_t  format;

    n = lua_gettop(L);
    format = cmt__arg_string(L, 1);
    cmt__charge_scan(L, format.len);

    begin = cmt__scratch_begin(L);
    arg = 1;

    for (at = 0; at < format.len; /* void */) {
        from = at;
        while (at < format.len && format.data[at] != '%') {
            at++;
        }

        cmt__scratch_put(L, format.data + from, at - from);

        if (at == format.len) {
            break;
        }

        at++;

        if (at < format.len && format.data[at] == '%') {
            cmt__scratch_put(L, "%", 1);
            at++;
            continue;
        }

        at = read_spec(L, format, at, &spec);
        arg++;

        if (arg > n) {
            cmt__raise_argument(L, arg, "value expected");
        }

        put_value(L, arg, &spec);
    }

    cmt__scratch_push(L, begin);

    return 1;
}


static size_t
read_spec(lua_State *L, cmt_str_t format, size_t at, spec_t *spec)
{
    char    shown[CMT__SHOWN_BYTES];
    size_t  from, flags;

    from = at;
    memset(spec, 0, sizeof(spec_t));

    while (at < format.len && format.data[at] != '\0'
           && strchr("-+ #0", format.data[at]) != NULL && at - from < 5)
    {
        at++;
    }

    flags = at - from;
    at = read_digits(format, at, &spec->width);

    if (at < format.len && format.data[at] == '.') {
        spec->has_precision = 1;
        at = read_digits(format, at + 1, &spec->precision);
    }

    spec->letter = at < format.len ? format.data[at] : '\0';

    if (flags_of(spec->letter) == NULL
        || strspn(format.data + from, flags_of(spec->letter)) < flags
        || (spec->letter == 'c' && spec->has_precision))
    {
        cmt__raise(L, "format: there is no \"%%%s\"",
                   cmt__shown(shown, cmt__str_sub(format, from, at + 1)));
    }

    spec->left = memchr(format.data + from, '-', flags) != NULL;
    spec->text[0] = '%';
    memcpy(spec->text + 1, format.data + from, at - from);
    spec->len = at - from + 1;

    return at + 1;
}


/* NULL: there is no such letter. */

static const char *
flags_of(char letter)
{
    switch (letter) {
    case 'a': case 'A': case 'e': case 'E': case 'f': case 'g': case 'G':
        return "-+ #0";
    case 'd': case 'i':
        return "-+ 0";
    case 'o': case 'x': case 'X':
        return "-#0";
    case 'c': case 's':
        return "-";
    case 'q':
        return "";
    default:
        return NULL;
    }
}


static size_t
read_digits(cmt_str_t format, size_t at, size_t *n)
{
    int  i;

    *n = 0;

    for (i = 0; i < DIGITS_MAX && at < format.len
                && format.data[at] >= '0' && format.data[at] <= '9'; i++)
    {
        *n = *n * 10 + (size_t) (format.data[at] - '0');
        at++;
    }

    return at;
}


static void
put_value(lua_State *L, int arg, spec_t *spec)
{
    int        n;
    char       out[NUMBER_BYTES], c;
    spec_t     text;

    switch (spec->letter) {

    case 's':
        put_string(L, arg, spec);
        return;

    case 'q':
        if (spec->len != 1) {
            cmt__raise(L, "format: \"%%q\" takes no width");
        }

        put_quoted(L, arg);
        return;

    case 'c':
        c = (char) cmt__arg_integer(L, arg);
        text = *spec;
        text.has_precision = 0;
        lua_pushlstring(L, &c, 1);
        put_string(L, lua_gettop(L), &text);
        lua_pop(L, 1);
        return;

    case 'd':
    case 'i':
    case 'o':
    case 'x':
    case 'X':
        memcpy(spec->text + spec->len, "ll", 2);
        spec->text[spec->len + 2] = spec->letter;
        n = snprintf(out, sizeof(out), spec->text, cmt__arg_integer(L, arg));
        break;

    default:
        spec->text[spec->len] = spec->letter;
        n = snprintf(out, sizeof(out), spec->text, cmt__arg_number(L, arg));
    }

    cmt__charge_copy(L, (uint64_t) n);
    cmt__scratch_put(L, out, (size_t) n);
}


static void
put_string(lua_State *L, int arg, const spec_t *spec)
{
    size_t     len, pad;
    cmt_str_t  s;

    s = cmt__push_text(L, arg);
    len = s.len;

    if (spec->has_precision && spec->precision < len) {
        len = spec->precision;
    }

    pad = spec->width > len ? spec->width - len : 0;
    cmt__charge_copy(L, len);

    if (pad != 0 && !spec->left) {
        memset(cmt__scratch_room(L, pad), ' ', pad);
    }

    cmt__scratch_put(L, s.data, len);

    if (pad != 0 && spec->left) {
        memset(cmt__scratch_room(L, pad), ' ', pad);
    }

    lua_pop(L, 1);
}


/* Text between quotes, in one line, as it could stand in a file of rules. */

static void
put_quoted(lua_State *L, int arg)
{
    char           out[8];
    int            n;
    size_t         i;
    cmt_str_t      s;
    unsigned char  c;

    if (lua_type(L, arg) != LUA_TSTRING) {
        s = cmt__push_text(L, arg);
        cmt__scratch_put(L, s.data, s.len);
        lua_pop(L, 1);
        return;
    }

    s = cmt__arg_string(L, arg);
    cmt__charge(L, s.len);
    cmt__scratch_put(L, "\"", 1);

    for (i = 0; i < s.len; i++) {
        c = (unsigned char) s.data[i];

        if (c == '"' || c == '\\') {
            n = snprintf(out, sizeof(out), "\\%c", c);

        } else if (c == '\n') {
            n = snprintf(out, sizeof(out), "\\n");

        } else if (c < ' ' || c == 0x7f) {
            n = snprintf(out, sizeof(out), "\\%03d", c);

        } else {
            out[0] = (char) c;
            n = 1;
        }

        cmt__scratch_put(L, out, (size_t) n);
    }

    cmt__scratch_put(L, "\"", 1);
}
