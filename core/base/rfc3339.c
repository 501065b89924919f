/*
 * rfc3339.c: times as text.  Unix seconds, UTC, proleptic Gregorian.
 */

#include "base.h"


#define TIME_MIN      INT64_C(-62167219200)      /* 0000-01-01T00:00:00Z */
#define TIME_MAX      INT64_C(253402300799)      /* 9999-12-31T23:59:59Z */

/* From 0000-03-01 to 1970-01-01. */
#define EPOCH_DAYS    719468

/* A cycle of the calendar: 400 years. */
#define ERA_YEARS     400
#define ERA_DAYS      146097


static void put_digits(char *out, unsigned n, unsigned digits);
static int take_digits(cmt_str_t *s, unsigned digits, unsigned *out);
static int take_char(cmt_str_t *s, char a, char b);
static int take_offset(cmt_str_t *s, int64_t *seconds);
static int64_t days_of(unsigned year, unsigned month, unsigned day);
static unsigned month_days(unsigned year, unsigned month);


/* Years begin on 1 March here, so that a leap day is the last of its year. */

void
cmt__time_format(int64_t t, char out[CMT__TIME_CHARS + 1])
{
    int64_t   days;
    unsigned  secs, era, doe, yoe, doy, m, year, month;

    t = t < TIME_MIN ? TIME_MIN : t > TIME_MAX ? TIME_MAX : t;

    /* one era more, so that nothing below is negative */

    t += (int64_t) (EPOCH_DAYS + ERA_DAYS) * CMT__SECONDS_A_DAY;
    days = t / CMT__SECONDS_A_DAY;
    secs = (unsigned) (t % CMT__SECONDS_A_DAY);

    era = (unsigned) (days / ERA_DAYS);
    doe = (unsigned) (days % ERA_DAYS);
    yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    m = (5 * doy + 2) / 153;
    month = m < 10 ? m + 3 : m - 9;
    year = yoe + era * ERA_YEARS + (month <= 2) - ERA_YEARS;

    put_digits(out, year, 4);
    out[4] = '-';
    put_digits(out + 5, month, 2);
    out[7] = '-';
    put_digits(out + 8, doy - (153 * m + 2) / 5 + 1, 2);
    out[10] = 'T';
    put_digits(out + 11, secs / 3600, 2);
    out[13] = ':';
    put_digits(out + 14, secs / 60 % 60, 2);
    out[16] = ':';
    put_digits(out + 17, secs % 60, 2);
    out[19] = 'Z';
    out[20] = '\0';
}


int
cmt__time_parse(cmt_str_t s, int64_t *t)
{
    int64_t   time, offset;
    unsigned  year, month, day, hour, minute, second;

    if (!take_digits(&s, 4, &year) || !take_char(&s, '-', '-')
        || !take_digits(&s, 2, &month) || !take_char(&s, '-', '-')
        || !take_digits(&s, 2, &day) || !take_char(&s, 'T', 't')
        || !take_digits(&s, 2, &hour) || !take_char(&s, ':', ':')
        || !take_digits(&s, 2, &minute) || !take_char(&s, ':', ':')
        || !take_digits(&s, 2, &second))
    {
        return 0;
    }

    if (take_char(&s, '.', '.')) {
        if (!take_digits(&s, 1, NULL)) {
            return 0;
        }

        while (take_digits(&s, 1, NULL)) { /* void */ }
    }

    if (!take_offset(&s, &offset) || s.len != 0) {
        return 0;
    }

    if (month < 1 || month > 12 || day < 1 || day > month_days(year, month)
        || hour > 23 || minute > 59 || second > 60)
    {
        return 0;
    }

    time = days_of(year, month, day) * CMT__SECONDS_A_DAY
           + (int64_t) (hour * 3600 + minute * 60 + second) - offset;

    /* a leap second is the last of a day in UTC; it counts as the next one */

    if (second == 60 && time % CMT__SECONDS_A_DAY != 0) {
        return 0;
    }

    if (time < TIME_MIN || time > TIME_MAX) {
        return 0;
    }

    *t = time;

    return 1;
}


static void
put_digits(char *out, unsigned n, unsigned digits)
{
    while (digits != 0) {
        out[--digits] = (char) ('0' + n % 10);
        n /= 10;
    }
}


static int
take_digits(cmt_str_t *s, unsigned digits, unsigned *out)
{
    unsigned  i, n;

    if (s->len < digits) {
        return 0;
    }

    n = 0;

    for (i = 0; i < digits; i++) {
        if (s->data[i] < '0' || s->data[i] > '9') {
            return 0;
        }

        n = n * 10 + (unsigned) (s->data[i] - '0');
    }

    *s = cmt__str_sub(*s, digits, s->len);

    if (out != NULL) {
        *out = n;
    }

    return 1;
}


static int
take_char(cmt_str_t *s, char a, char b)
{
    if (s->len == 0 || (s->data[0] != a && s->data[0] != b)) {
        return 0;
    }

    *s = cmt__str_sub(*s, 1, s->len);

    return 1;
}


static int
take_offset(cmt_str_t *s, int64_t *seconds)
{
    int       minus;
    unsigned  hour, minute;

    if (take_char(s, 'Z', 'z')) {
        *seconds = 0;
        return 1;
    }

    minus = s->len != 0 && s->data[0] == '-';

    if (!take_char(s, '+', '-')
        || !take_digits(s, 2, &hour) || !take_char(s, ':', ':')
        || !take_digits(s, 2, &minute) || hour > 23 || minute > 59)
    {
        return 0;
    }

    *seconds = (int64_t) (hour * 3600 + minute * 60);

    if (minus) {
        *seconds = - *seconds;
    }

    return 1;
}


static int64_t
days_of(unsigned year, unsigned month, unsigned day)
{
    unsigned  y, era, yoe, doy, doe;

    /* one era more, so that January of year 0 is not negative */

    y = year + ERA_YEARS - (month <= 2);
    era = y / ERA_YEARS;
    yoe = y % ERA_YEARS;
    doy = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;

    return (int64_t) era * ERA_DAYS + doe - ERA_DAYS - EPOCH_DAYS;
}


static unsigned
month_days(unsigned year, unsigned month)
{
    static const uint8_t  days[] = {
        31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31
    };

    if (month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)) {
        return 29;
    }

    return days[month - 1];
}
