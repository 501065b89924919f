/*
 * json_copy.c: writes again what was parsed.
 */

#include <stdio.h>
#include <stdlib.h>

#include "exchange.h"


#define REAL_BYTES  40


static void real_put(cmt__buf_t *b, double real);
static void items_put(cmt__buf_t *b, const cmt__json_t *json);


/* The depth is bounded: the parser refuses more than CMT_JSON_DEPTH_MAX. */

void
cmt__json_copy(cmt__buf_t *b, const cmt__json_t *json)
{
    switch (json->type) {
    case CMT__JSON_NULL:
        cmt__buf_lit(b, "null");
        break;
    case CMT__JSON_FALSE:
        cmt__buf_lit(b, "false");
        break;
    case CMT__JSON_TRUE:
        cmt__buf_lit(b, "true");
        break;
    case CMT__JSON_INTEGER:
        cmt__buf_i64(b, json->integer);
        break;
    case CMT__JSON_REAL:
        real_put(b, json->real);
        break;
    case CMT__JSON_STRING:
        cmt__json_string(b, json->string);
        break;
    case CMT__JSON_ARRAY:
    case CMT__JSON_OBJECT:
        items_put(b, json);
        break;
    }
}


static void
items_put(cmt__buf_t *b, const cmt__json_t *json)
{
    int     is_object;
    size_t  i;

    is_object = json->type == CMT__JSON_OBJECT;
    cmt__buf_char(b, is_object ? '{' : '[');

    for (i = 0; i < json->n; i++) {
        if (i != 0) {
            cmt__buf_char(b, ',');
        }

        if (is_object) {
            cmt__json_string(b, json->items[i].name);
            cmt__buf_char(b, ':');
        }

        cmt__json_copy(b, &json->items[i]);
    }

    cmt__buf_char(b, is_object ? '}' : ']');
}


/* The shortest digits that read back as the same number; with a point, so
 * that it stays a real one. */

static void
real_put(cmt__buf_t *b, double real)
{
    int   digits;
    char  text[REAL_BYTES], *p;

    for (digits = 1; digits <= 17; digits++) {
        (void) snprintf(text, sizeof(text), "%.*g", digits, real);
        if (strtod(text, NULL) == real) {
            break;
        }
    }

    cmt__buf_lit(b, text);

    for (p = text; *p != '\0'; p++) {
        if (*p == '.' || *p == 'e') {
            return;
        }
    }

    cmt__buf_lit(b, ".0");
}
