/*
 * time_test.c: times as text.
 */

#include <time.h>

#include "core/base/base.h"

#include "tap.h"


static void test_format(void);
static void test_parse(void);
static void test_refused(void);


int
main(void)
{
    test_format();
    test_parse();
    test_refused();

    return done();
}


static const char *
format(int64_t t)
{
    static char  text[CMT__TIME_CHARS + 1];

    cmt__time_format(t, text);

    return text;
}


/* The time, or -1. */

static int64_t
parse(const char *text)
{
    int64_t  t;

    t = -1;

    return cmt__time_parse((cmt_str_t) { strlen(text), text }, &t) ? t : -1;
}


static void
test_format(void)
{
    int        same, back;
    char       text[64];
    time_t     libc;
    int64_t    t, parsed;
    struct tm  tm;

    is_text(format(0), "1970-01-01T00:00:00Z", "time begins in 1970");
    is_text(format(1357638000), "2013-01-08T09:40:00Z", "a day in 2013");
    is_text(format(951782400), "2000-02-29T00:00:00Z", "a leap day");
    is_text(format(-1), "1969-12-31T23:59:59Z", "a second before time");
    is_text(format(INT64_C(-62167219200)), "0000-01-01T00:00:00Z",
            "the first second");
    is_text(format(INT64_C(-62167219201)), "0000-01-01T00:00:00Z",
            "what lies before it is the first second");
    is_text(format(INT64_C(253402300799)), "9999-12-31T23:59:59Z",
            "the last second");
    is_text(format(INT64_MAX), "9999-12-31T23:59:59Z",
            "what lies beyond it is the last second");
    is_text(format(INT64_MIN), "0000-01-01T00:00:00Z", "both ways");

    same = back = 1;

    for (t = INT64_C(-62167219200); t < INT64_C(253402300799); t += 86399 * 7)
    {
        libc = (time_t) t;
        (void) gmtime_r(&libc, &tm);
        (void) snprintf(text, sizeof(text), "%04d-%02d-%02dT%02d:%02d:%02dZ",
                        tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
                        tm.tm_hour, tm.tm_min, tm.tm_sec);
        same &= strcmp(text, format(t)) == 0;
        back &= cmt__time_parse((cmt_str_t) { strlen(text), text }, &parsed)
                && parsed == t;
    }

    ok(same, "ten thousand years are written as the C library does");
    ok(back, "and are read back");
}


static void
test_parse(void)
{
    is_int(parse("2013-01-08T09:40:00Z"), 1357638000, "a time in UTC");
    is_int(parse("2013-01-08t09:40:00z"), 1357638000, "in lower case");
    is_int(parse("2013-01-08T10:40:00+01:00"), 1357638000, "an offset east");
    is_int(parse("2013-01-07T23:10:00-10:30"), 1357638000, "an offset west");
    is_int(parse("2013-01-08T09:40:00-00:00"), 1357638000, "no known offset");
    is_int(parse("2013-01-08T09:40:00.5Z"), 1357638000, "half a second");
    is_int(parse("2013-01-08T09:40:00.123456789012Z"), 1357638000,
           "more digits than anybody needs");
    is_int(parse("2012-02-29T00:00:00Z"), 1330473600, "a leap day");
    is_int(parse("2016-12-31T23:59:60Z"), 1483228800, "a leap second");
    is_int(parse("2017-01-01T00:59:60+01:00"), 1483228800,
           "the same one, elsewhere");
}


static void
test_refused(void)
{
    size_t   i;
    int64_t  t;

    static const char *const  bad[] = {
        "", "2013", "2013-01-08", "2013-01-08T09:40:00",
        "2013-01-08 09:40:00Z", "2013-01-08T09:40Z", "2013-1-8T09:40:00Z",
        "2013-00-08T09:40:00Z", "2013-13-08T09:40:00Z",
        "2013-01-00T09:40:00Z", "2013-01-32T09:40:00Z",
        "2013-02-29T09:40:00Z", "1900-02-29T09:40:00Z",
        "2013-01-08T24:00:00Z", "2013-01-08T09:60:00Z",
        "2013-01-08T09:40:61Z", "2013-01-08T09:40:60Z",
        "2013-01-08T09:40:00.Z", "2013-01-08T09:40:00,5Z",
        "2013-01-08T09:40:00+1:00", "2013-01-08T09:40:00+0100",
        "2013-01-08T09:40:00+24:00", "2013-01-08T09:40:00+00:60",
        "2013-01-08T09:40:00Zx", "2013-01-08T09:40:00Z ",
        " 2013-01-08T09:40:00Z", "-013-01-08T09:40:00Z",
        "12013-01-08T09:40:00Z", "0000-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01", "9999-12-31T23:59:60Z"
    };

    t = 7;

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        if (!ok(!cmt__time_parse((cmt_str_t) { strlen(bad[i]), bad[i] }, &t),
                "what is no time is refused"))
        {
            note("%s", bad[i]);
        }
    }

    is_int(t, 7, "and changes nothing");
}
