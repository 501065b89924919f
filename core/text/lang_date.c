/*
 * lang_date.c: dates in words.
 *
 * ICU takes 0.1 to 25 ms to open a format and 1 us to use it, so each pair of
 * a language and a zone is opened once and kept.  A format may be used by one
 * thread at a time.
 */

#include <pthread.h>
#include <string.h>

#include <unicode/ucal.h>
#include <unicode/udat.h>
#include <unicode/ustring.h>

#include "lang.h"
#include "lang_table.h"


#define DATE_CHARS_MAX     128
#define ZONE_CHARS_MAX     64
#define FORMATS_MAX        (4 * CMT__LANGUAGES)      /* kept at a time       */

typedef struct {
    unsigned      language;
    char          zone[ZONE_CHARS_MAX];
    UDateFormat  *format;
} format_t;


static UDateFormat *format_find(unsigned language, const char *zone);


/* What a process has only one of. */
static pthread_mutex_t  lock = PTHREAD_MUTEX_INITIALIZER;
static format_t         formats[FORMATS_MAX];
static unsigned         n_formats;


void
cmt__lang_date(cmt__buf_t *b, unsigned language, const char *zone, int64_t t)
{
    char          text[DATE_CHARS_MAX * U8_MAX_LENGTH];
    UChar         wide[DATE_CHARS_MAX];
    int32_t       len, bytes;
    UErrorCode    status;
    UDateFormat  *format;

    if (language >= CMT__LANGUAGES) {
        language = 0;
    }

    len = 0;
    status = U_ZERO_ERROR;

    pthread_mutex_lock(&lock);

    format = format_find(language, zone == NULL ? "UTC" : zone);

    if (format != NULL) {
        len = udat_format(format, (UDate) t * 1000, wide, DATE_CHARS_MAX,
                          NULL, &status);
    }

    pthread_mutex_unlock(&lock);

    if (format == NULL || U_FAILURE(status)) {
        return;
    }

    bytes = 0;
    u_strToUTF8(text, sizeof(text), &bytes, wide, len, &status);

    if (U_SUCCESS(status)) {
        cmt__html_escape(b, (cmt_str_t) { (size_t) bytes, text });
    }
}


static UDateFormat *
format_find(unsigned language, const char *zone)
{
    UChar        wide[ZONE_CHARS_MAX];
    unsigned     i;
    format_t    *f;
    UErrorCode   status;

    for (i = 0; i < n_formats; i++) {
        f = &formats[i];

        if (f->language == language && strcmp(f->zone, zone) == 0) {
            return f->format;
        }
    }

    if (strlen(zone) >= ZONE_CHARS_MAX) {
        return NULL;
    }

    /* so many zones are in nobody's configuration: begin anew */

    if (n_formats == FORMATS_MAX) {
        for (i = 0; i < n_formats; i++) {
            udat_close(formats[i].format);
        }
        n_formats = 0;
    }

    f = &formats[n_formats];
    f->language = language;
    strcpy(f->zone, zone);
    u_charsToUChars(zone, wide, (int32_t) strlen(zone));

    status = U_ZERO_ERROR;
    f->format = udat_open(UDAT_SHORT, UDAT_LONG,
                          cmt__languages[language].locale, wide,
                          (int32_t) strlen(zone), NULL, 0, &status);

    if (U_FAILURE(status)) {
        return NULL;
    }

    n_formats++;

    return f->format;
}


void
cmt_languages_warm(void)
{
    (void) cmt__lang(0);

    pthread_mutex_lock(&lock);
    (void) format_find(0, "UTC");
    pthread_mutex_unlock(&lock);
}


int
cmt_timezone_check(const char *zone)
{
    UChar       wide[ZONE_CHARS_MAX], canonical[ZONE_CHARS_MAX];
    size_t      i, len;
    UBool       system;
    UErrorCode  status;

    len = strlen(zone);

    if (len == 0 || len >= ZONE_CHARS_MAX) {
        return CMT_EARGUMENT;
    }

    for (i = 0; i < len; i++) {
        if (zone[i] <= 0x20 || zone[i] >= 0x7f) {
            return CMT_EARGUMENT;
        }
    }

    u_charsToUChars(zone, wide, (int32_t) len);

    status = U_ZERO_ERROR;
    system = 0;
    ucal_getCanonicalTimeZoneID(wide, (int32_t) len, canonical,
                                ZONE_CHARS_MAX, &system, &status);

    return U_SUCCESS(status) && system ? CMT_OK : CMT_EARGUMENT;
}
