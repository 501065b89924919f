/*
 * timelib.c: time, which reckons with times and knows none: c.time is the
 * only one there is.
 */

#include <stdio.h>
#include <string.h>

#include "engine.h"


#define MINUTE       60
#define HOUR         (60 * MINUTE)
#define DAY          (24 * HOUR)
#define WEEK         (7 * DAY)
#define SPAN_BYTES_MAX  32
#define SPAN_MAX     ((int64_t) 400 * 366 * DAY)
#define DATE_BYTES   10                  /* 2013-01-08 */
#define TIME_MIN     INT64_C(-62167219200)       /* 0000-01-01 */
#define TIME_MAX     INT64_C(253402300799)       /* 9999-12-31 */
#define THURSDAY     4                   /* 1970-01-01 */


typedef struct {
    const char  *name;
    int64_t      seconds;
} unit_t;


static int64_t time_arg(lua_State *L, int arg);
static int64_t local_arg(lua_State *L, int64_t t, int arg);
static int64_t unit_of(char c);
static int64_t span_of(lua_State *L, int arg);


/* time.span("1h30m"): seconds */

int
cmt__time_lib_span(lua_State *L)
{
    lua_pushinteger(L, span_of(L, 1));

    return 1;
}


int64_t
cmt__span_arg(lua_State *L, int arg)
{
    int64_t  seconds;

    seconds = lua_type(L, arg) == LUA_TNUMBER ? cmt__arg_integer(L, arg)
                                              : span_of(L, arg);

    if (seconds < 1 || seconds > CMT__TALLY_SECONDS_MAX) {
        cmt__raise_argument(L, arg, "a span lies between 1 s and 400 days");
    }

    return seconds;
}


static int64_t
span_of(lua_State *L, int arg)
{
    size_t     i, digits;
    int64_t    n, sum, unit;
    cmt_str_t  s;

    s = cmt__arg_string(L, arg);
    n = sum = 0;
    digits = 0;
    unit = 1;

    for (i = 0; i < s.len && s.len <= SPAN_BYTES_MAX; i++) {
        if (s.data[i] >= '0' && s.data[i] <= '9' && digits < 9) {
            n = 10 * n + (s.data[i] - '0');
            digits++;
            continue;
        }

        unit = unit_of(s.data[i]);

        if (unit == 0 || digits == 0) {
            break;
        }

        sum += n * unit;
        n = 0;
        digits = 0;
    }

    if (i != s.len || s.len == 0 || digits != 0 || sum > SPAN_MAX) {
        cmt__raise_argument(L, arg, "a span such as \"10m\" or \"1h30m\""
                            " expected: s, m, h, d, w");
    }

    return sum;
}


static int64_t
unit_of(char c)
{
    switch (c) {

    case 's':
        return 1;

    case 'm':
        return MINUTE;

    case 'h':
        return HOUR;

    case 'd':
        return DAY;

    case 'w':
        return WEEK;

    default:
        return 0;
    }
}


/* time.human(seconds): "2 hours" */

int
cmt__time_lib_human(lua_State *L)
{
    int      len;
    char     out[64];
    size_t   i;
    int64_t  n;

    static const unit_t  units[] = {
        { "week", WEEK }, { "day", DAY }, { "hour", HOUR },
        { "minute", MINUTE }, { "second", 1 }
    };

    n = cmt__arg_integer(L, 1);
    n = n < 0 ? (n < -SPAN_MAX ? SPAN_MAX : -n) : n;

    /* two of a unit at least, so that 36 hours are not one day */

    for (i = 0; i < 4 && n < 2 * units[i].seconds; i++) {
        /* void */
    }

    n /= units[i].seconds;
    len = snprintf(out, sizeof(out), "%lld %s%s", (long long) n,
                   units[i].name, n == 1 ? "" : "s");
    lua_pushlstring(L, out, (size_t) len);

    return 1;
}


/* time.date(t, zone): "2024-01-01" */

int
cmt__time_lib_date(lua_State *L)
{
    char     out[CMT__TIME_CHARS + 1];
    int64_t  t;

    t = time_arg(L, 1);
    t += local_arg(L, t, 2);

    cmt__time_format(t, out);
    lua_pushlstring(L, out, DATE_BYTES);

    return 1;
}


/* time.parse("2024-01-01" or "2024-01-01T12:00:00Z"): seconds, or nil */

int
cmt__time_lib_parse(lua_State *L)
{
    char       whole[CMT__TIME_CHARS + 1];
    int64_t    t;
    cmt_str_t  s;

    s = cmt__arg_string(L, 1);

    if (s.len == DATE_BYTES) {
        memcpy(whole, s.data, DATE_BYTES);
        memcpy(whole + DATE_BYTES, "T00:00:00Z", sizeof("T00:00:00Z"));
        s.data = whole;
        s.len = CMT__TIME_CHARS;
    }

    if (s.len <= 64 && cmt__time_parse(s, &t)) {
        lua_pushinteger(L, t);
    } else {
        lua_pushnil(L);
    }

    return 1;
}


static void
set_field(lua_State *L, const char *name, int64_t value)
{
    lua_pushlstring(L, name, strlen(name));
    lua_pushinteger(L, value);
    lua_rawset(L, -3);
}


static int64_t
digits_at(const char *s, size_t n)
{
    size_t   i;
    int64_t  value;

    value = 0;

    for (i = 0; i < n; i++) {
        value = 10 * value + (s[i] - '0');
    }

    return value;
}


/* time.local_(t, zone): a table of year, month, day, hour, min, sec, wday (1
 * is Monday) and offset */

int
cmt__time_lib_local(lua_State *L)
{
    char     out[CMT__TIME_CHARS + 1];
    int64_t  t, offset, days;

    t = time_arg(L, 1);
    offset = local_arg(L, t, 2);
    t += offset;

    days = (t - TIME_MIN) / DAY - (0 - TIME_MIN) / DAY;
    cmt__time_format(t, out);

    lua_createtable(L, 0, 8);
    set_field(L, "year", digits_at(out, 4));
    set_field(L, "month", digits_at(out + 5, 2));
    set_field(L, "day", digits_at(out + 8, 2));
    set_field(L, "hour", digits_at(out + 11, 2));
    set_field(L, "min", digits_at(out + 14, 2));
    set_field(L, "sec", digits_at(out + 17, 2));
    set_field(L, "wday", ((days + THURSDAY - 1) % 7 + 7) % 7 + 1);
    set_field(L, "offset", offset);

    return 1;
}


/* A day off the ends, so that no zone leads over them. */

static int64_t
time_arg(lua_State *L, int arg)
{
    int64_t  t;

    t = cmt__arg_integer(L, arg);

    if (t < TIME_MIN + DAY || t > TIME_MAX - DAY) {
        cmt__raise_argument(L, arg, "a time in seconds since 1970 expected");
    }

    return t;
}


static int64_t
local_arg(lua_State *L, int64_t t, int arg)
{
    int        rc;
    char       shown[CMT__SHOWN_BYTES];
    int64_t    offset;
    cmt_str_t  zone;

    if (lua_type(L, arg) <= LUA_TNIL) {
        return 0;
    }

    zone = cmt__arg_string(L, arg);
    cmt__charge(L, 200);
    rc = cmt__text_zone_offset(zone, t, &offset);

    if (rc == CMT_EFIELD) {
        cmt__raise_argument(L, arg, "there is no time zone \"%s\"",
                            cmt__shown(shown, zone));
    }

    if (rc != CMT_OK) {
        cmt__raise_no_memory(L);
    }

    return offset;
}
