/*
 * zone.c: the time of day in a place, by ICU's table of zones.
 */

#include <string.h>

#include <unicode/ucal.h>
#include <unicode/ustring.h>

#include "html.h"


#define ZONE_UNITS_MAX  64


static int
is_zone(cmt_str_t zone, UChar out[ZONE_UNITS_MAX])
{
    UBool       system;
    UChar       same[ZONE_UNITS_MAX];
    size_t      i;
    UErrorCode  status;

    if (zone.len == 0 || zone.len >= ZONE_UNITS_MAX) {
        return 0;
    }

    for (i = 0; i < zone.len; i++) {
        if ((unsigned char) zone.data[i] >= 0x80) {
            return 0;
        }

        out[i] = (UChar) zone.data[i];
    }

    out[i] = 0;
    status = U_ZERO_ERROR;
    (void) ucal_getCanonicalTimeZoneID(out, (int32_t) i, same,
                                       ZONE_UNITS_MAX, &system, &status);

    return U_SUCCESS(status) && system;
}


int
cmt__text_zone_offset(cmt_str_t zone, int64_t t, int64_t *offset)
{
    UChar       name[ZONE_UNITS_MAX];
    int32_t     raw, summer;
    UCalendar  *calendar;
    UErrorCode  status;

    if (!is_zone(zone, name)) {
        return CMT_EFIELD;
    }

    status = U_ZERO_ERROR;
    calendar = ucal_open(name, -1, "", UCAL_GREGORIAN, &status);

    if (U_FAILURE(status)) {
        return CMT_ENOMEM;
    }

    ucal_setMillis(calendar, (UDate) t * 1000, &status);
    raw = ucal_get(calendar, UCAL_ZONE_OFFSET, &status);
    summer = ucal_get(calendar, UCAL_DST_OFFSET, &status);
    ucal_close(calendar);

    if (U_FAILURE(status)) {
        return CMT_ENOMEM;
    }

    *offset = (raw + summer) / 1000;

    return CMT_OK;
}
