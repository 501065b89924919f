/*
 * time.c: times as arguments.
 */

#include <string.h>
#include <time.h>

#include "tool.h"


/* "7d": so long before or after now. */

static int
span_read(cmt_str_t s, int sign, int64_t *t)
{
    size_t    i;
    uint64_t  n;

    static const struct {
        char      unit;
        int64_t   seconds;
    } units[] = {
        { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 }, { 'w', 7 * 86400 }
    };

    for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {

        if (s.len > 1 && s.data[s.len - 1] == units[i].unit
            && cmt__str_u64(cmt__str_sub(s, 0, s.len - 1), &n)
            && n > 0 && n <= INT32_MAX)
        {
            *t = (int64_t) time(NULL)
                 + sign * (int64_t) n * units[i].seconds;
            return 1;
        }
    }

    return 0;
}


int
cmt__tool_time(const cmt__tool_t *tool, cmt__opt_t opt, int sign, int64_t *t)
{
    char        day[CMT__TIME_CHARS + 1];
    cmt_str_t   s;

    s = cmt__tool_option(tool, opt);

    if (s.len == 0 || span_read(s, sign, t) || cmt__time_parse(s, t)) {
        return CMT__DONE;
    }

    if (s.len == sizeof("2013-01-08") - 1) {
        (void) snprintf(day, sizeof(day), "%sT00:00:00Z", s.data);
        s.data = day;
        s.len = CMT__TIME_CHARS;

        if (cmt__time_parse(s, t)) {
            return CMT__DONE;
        }
    }

    return cmt__tool_misuse(tool, "--%s must be a time such as 7d, 12h, "
                            "2013-01-08 or 2013-01-08T09:40:00Z, not \"%s\"",
                            cmt__options[opt].name, tool->opts[opt]);
}
