/*
 * given.c: the facts that a receipt keeps with their values, so that a
 * decision can be made again from what is stored: those that follow neither
 * from the comment's record nor from its thread, because they were so only
 * then.
 *
 *   {"author.proof":"cookie","author.approved":3,"form.seconds":12, ...}
 *
 * Numbers, words and yes-or-no are kept whether a rule read them or not, for
 * rules that are written later; what has the value of `ordinary` is left out.
 * Texts are kept when a rule read them, and so are the page's title and what it
 * says of itself, also when that is nothing: the thread may know more later.
 * What tells of the network is never kept: it would outlive the day for which
 * it was hashed.
 */

#include <stdio.h>
#include <string.h>

#include "engine.h"


/* Of the comment's own rows: where what was posted comes from is kept. */
static const char *const  follows[] = {
    "kind", "id", "time", "text", "plain", "length", "words", "links",
    "author.key", "author.name", "author.url", "page.path", NULL
};

/* Kept as null when there is none. */
static const char *const  later[] = { "page.title", NULL };

static const char *const  withheld[] = { "ip_key", "var", NULL };

/* A comment of which nothing is given.  Part of the format: a value that
 * changes here changes what older receipts say. */
static const cmt__facts_t  ordinary = {
    .event = CMT__EVENT_POST,
    .author = { .first_seen = CMT__UNKNOWN },
    .form = {
        .seconds = CMT__UNKNOWN,
        .honeypot = CMT__UNKNOWN,
        .js = CMT__UNKNOWN,
        .pasted = CMT__UNKNOWN
    },
    .thread = { .authors = CMT__UNKNOWN, .per_hour = CMT__UNKNOWN }
};


typedef struct {
    cmt__buf_t          *b;
    const cmt__facts_t  *facts;
    uint64_t             read;
    size_t               n;
} writer_t;


static void write_class(writer_t *w, const cmt__class_t *class);
static int is_given(const cmt__class_t *class, const cmt__fact_t *row);
static int is_ordinary(const cmt__class_t *class, const cmt__fact_t *row,
    const void *place);
static void write_value(cmt__buf_t *b, const cmt__fact_t *row,
    const void *place);
static void read_value(const cmt__fact_t *row, const cmt__json_t *value,
    void *place);


void
cmt__given_ordinary(cmt__facts_t *facts)
{
    *facts = ordinary;
}


void
cmt__given_write(const cmt__facts_t *facts, const uint64_t read[2],
    cmt__buf_t *b)
{
    writer_t  w;

    w.b = b;
    w.facts = facts;
    w.read = read[CMT__SELF];
    w.n = 0;

    cmt__buf_char(b, '{');
    write_class(&w, &cmt__class_comment);
    cmt__buf_char(b, '}');
}


static void
write_class(writer_t *w, const cmt__class_t *class)
{
    size_t              i;
    const void         *place;
    const cmt__fact_t  *row;

    for (i = 0; i < class->n; i++) {
        row = &class->rows[i];
        place = (const char *) w->facts + row->offset;

        if (row->type == CMT__FACT_OBJECT) {
            write_class(w, row->class);
            continue;
        }

        if (is_ordinary(class, row, place)
            || ((row->type == CMT__FACT_STRING
                 || row->type == CMT__FACT_META)
                && (w->read >> (class->first + i) & 1) == 0)
            || !is_given(class, row))
        {
            continue;
        }

        cmt__buf_lit(w->b, w->n++ == 0 ? "\"" : ",\"");
        cmt__buf_lit(w->b, class->prefix);
        cmt__buf_lit(w->b, row->name);
        cmt__buf_lit(w->b, "\":");
        write_value(w->b, row, place);
    }
}


static int
has_name(const char *const *names, const cmt__class_t *class,
    const cmt__fact_t *row)
{
    size_t  len;

    len = strlen(class->prefix);

    for ( /* void */ ; *names != NULL; names++) {
        if (strncmp(*names, class->prefix, len) == 0
            && strcmp(*names + len, row->name) == 0)
        {
            return 1;
        }
    }

    return 0;
}


static int
is_given(const cmt__class_t *class, const cmt__fact_t *row)
{
    switch (row->type) {

    case CMT__FACT_STRING:
    case CMT__FACT_INTEGER:
    case CMT__FACT_FLAG:
    case CMT__FACT_WORD:
    case CMT__FACT_SHARE:
    case CMT__FACT_META:
        return !has_name(follows, class, row)
               && !has_name(withheld, class, row);

    default:
        return 0;
    }
}


static int
is_ordinary(const cmt__class_t *class, const cmt__fact_t *row,
    const void *place)
{
    const void  *other;

    other = (const char *) &ordinary + row->offset;

    switch (row->type) {

    case CMT__FACT_STRING:
        return ((const cmt_str_t *) place)->data == NULL
               && !has_name(later, class, row);

    case CMT__FACT_INTEGER:
        return *(const int64_t *) place == *(const int64_t *) other;

    case CMT__FACT_SHARE:
        return *(const double *) place == 0;

    case CMT__FACT_FLAG:
    case CMT__FACT_WORD:
        return *(const int *) place == *(const int *) other;

    case CMT__FACT_META:
        return 0;

    default:
        return 1;                        /* no single value */
    }
}


/* What a page says; a test may say more than texts. */
static void
write_meta(cmt__buf_t *b, const cmt__json_t *meta)
{
    size_t              i, n;
    char                real[32];
    const cmt__json_t  *value;

    cmt__buf_char(b, '{');

    for (i = 0, n = 0; meta != NULL && i < meta->n; i++) {
        value = &meta->items[i];

        if (value->type == CMT__JSON_NULL || value->type > CMT__JSON_STRING) {
            continue;
        }

        if (n++ > 0) {
            cmt__buf_char(b, ',');
        }

        cmt__json_string(b, value->name);
        cmt__buf_char(b, ':');

        switch (value->type) {

        case CMT__JSON_STRING:
            cmt__json_string(b, value->string);
            break;

        case CMT__JSON_INTEGER:
            cmt__buf_i64(b, value->integer);
            break;

        case CMT__JSON_REAL:
            (void) snprintf(real, sizeof(real), "%.17g", value->real);
            cmt__buf_lit(b, real);
            break;

        default:
            cmt__buf_lit(b, value->type == CMT__JSON_TRUE ? "true" : "false");
        }
    }

    cmt__buf_char(b, '}');
}


static void
write_value(cmt__buf_t *b, const cmt__fact_t *row, const void *place)
{
    int   n;
    char  share[32];

    switch (row->type) {

    case CMT__FACT_SHARE:
        /* Enough digits to come back as the same number. */
        (void) snprintf(share, sizeof(share), "%.17g",
                        *(const double *) place);
        cmt__buf_lit(b, share);
        break;

    case CMT__FACT_STRING:
        if (((const cmt_str_t *) place)->data == NULL) {
            cmt__buf_lit(b, "null");
        } else {
            cmt__json_string(b, *(const cmt_str_t *) place);
        }
        break;

    case CMT__FACT_INTEGER:
        cmt__buf_i64(b, *(const int64_t *) place);
        break;

    case CMT__FACT_META:
        write_meta(b, *(const cmt__json_t *const *) place);
        break;

    case CMT__FACT_WORD:
        cmt__buf_char(b, '"');
        cmt__buf_lit(b, row->words[*(const int *) place]);
        cmt__buf_char(b, '"');
        break;

    default:
        n = *(const int *) place;
        cmt__buf_lit(b, n == CMT__UNKNOWN ? "null" : n ? "true" : "false");
    }
}


void
cmt__given_read(const cmt__json_t *given, cmt__facts_t *facts)
{
    size_t               i;
    cmt_str_t            name, left;
    const char          *point;
    const cmt__fact_t   *row;
    const cmt__class_t  *class;

    if (given == NULL || given->type != CMT__JSON_OBJECT) {
        return;
    }

    for (i = 0; i < given->n; i++) {
        name = given->items[i].name;
        class = &cmt__class_comment;
        point = memchr(name.data, '.', name.len);

        if (point != NULL) {
            left = cmt__str_sub(name, 0, (size_t) (point - name.data));
            name = cmt__str_sub(name, left.len + 1, name.len);
            row = cmt__class_find(class, left);
            class = row != NULL && row->type == CMT__FACT_OBJECT ? row->class
                                                                 : NULL;
        }

        row = class != NULL ? cmt__class_find(class, name) : NULL;

        if (row != NULL && is_given(class, row)) {
            read_value(row, &given->items[i], (char *) facts + row->offset);
        }
    }
}


/* What does not fit, in a receipt of another version, is left as it is. */

static void
read_value(const cmt__fact_t *row, const cmt__json_t *value, void *place)
{
    int  i;

    switch (row->type) {

    case CMT__FACT_STRING:
        if (value->type == CMT__JSON_STRING) {
            *(cmt_str_t *) place = value->string;

        } else if (value->type == CMT__JSON_NULL) {
            *(cmt_str_t *) place = cmt_null_str;
        }
        break;

    case CMT__FACT_META:
        if (value->type == CMT__JSON_OBJECT) {
            *(const cmt__json_t **) place = value;
        }
        break;

    case CMT__FACT_INTEGER:
        if (value->type == CMT__JSON_INTEGER) {
            *(int64_t *) place = value->integer;
        }
        break;

    case CMT__FACT_SHARE:
        if (value->type == CMT__JSON_REAL
            || value->type == CMT__JSON_INTEGER)
        {
            *(double *) place = value->type == CMT__JSON_REAL
                                ? value->real : (double) value->integer;
        }
        break;

    case CMT__FACT_WORD:
        for (i = 0; row->words[i] != NULL; i++) {
            if (value->type == CMT__JSON_STRING
                && cmt__str_is(value->string, row->words[i]))
            {
                *(int *) place = i;
            }
        }
        break;

    default:
        if (value->type <= CMT__JSON_TRUE) {
            *(int *) place = value->type == CMT__JSON_NULL ? CMT__UNKNOWN
                             : value->type == CMT__JSON_TRUE;
        }
    }
}
