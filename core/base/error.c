/*
 * error.c: the one table of errors and the one way to report one.
 */

#include <stdarg.h>
#include <stdio.h>

#include "base.h"


typedef struct {
    int          rc;
    int          http;
    const char  *code;
    const char  *text;
} error_row_t;


static const error_row_t  rows[] = {
#define CMT_X(name, code, http, text)  { name, http, code, text },
    CMT_ERRORS(CMT_X)
#undef CMT_X
};

static const error_row_t  row_ok = { CMT_OK, 200, "ok", "Done." };


static const error_row_t *row_of(int rc);


const char *
cmt_error_code(int rc)
{
    return row_of(rc)->code;
}


int
cmt_error_http(int rc)
{
    return row_of(rc)->http;
}


const char *
cmt_error_text(int rc)
{
    return row_of(rc)->text;
}


int
cmt__fail(cmt_error_t *err, int rc, const char *field, const char *format, ...)
{
    va_list  args;

    if (err == NULL) {
        return rc;
    }

    err->rc = rc;
    err->field = field;
    err->retry_seconds = 0;
    err->detail[0] = '\0';

    if (format != NULL) {
        va_start(args, format);
        (void) vsnprintf(err->detail, sizeof(err->detail), format, args);
        va_end(args);
    }

    return rc;
}


/* A number that is no code of ours is answered as CMT_EINTERNAL, the first
 * row. */

static const error_row_t *
row_of(int rc)
{
    size_t  i;

    if (rc == CMT_OK) {
        return &row_ok;
    }

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (rows[i].rc == rc) {
            return &rows[i];
        }
    }

    return &rows[0];
}
