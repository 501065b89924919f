/*
 * facts_json.c: a comment written as JSON, for `rules run` and for tests.
 * What is not given is ordinary (cmt__facts_default()); null is "not known".
 */

#include <string.h>

#include "engine.h"


typedef struct {
    cmt_arena_t   *arena;
    cmt_error_t   *err;
    cmt__facts_t  *facts;
    int            depth;            /* 1: a parent                          */
} reader_t;


static int read_comment(reader_t *r, const cmt__json_t *object);
static int read_members(reader_t *r, const cmt__class_t *class, void *data,
    const cmt__json_t *object);
static int read_member(reader_t *r, const cmt__class_t *class,
    const cmt__fact_t *row, void *data, const cmt__json_t *value);
static int read_seed(reader_t *r, const cmt__class_t *class,
    const cmt__json_t *member);
static int read_text(reader_t *r, const cmt__json_t *value);
static int read_string(reader_t *r, const cmt__class_t *class,
    const cmt__fact_t *row, cmt_str_t *string, const cmt__json_t *value);
static int read_flag(reader_t *r, const cmt__class_t *class,
    const cmt__fact_t *row, int *flag, const cmt__json_t *value);
static int read_share(reader_t *r, const cmt__class_t *class,
    const cmt__fact_t *row, double *share, const cmt__json_t *value);
static int read_number(reader_t *r, const cmt__class_t *class,
    const cmt__fact_t *row, void *place, const cmt__json_t *value);
static int read_word(reader_t *r, const cmt__class_t *class,
    const cmt__fact_t *row, void *place, const cmt__json_t *value);
static int read_kind(reader_t *r, const cmt__class_t *class,
    const cmt__fact_t *row, void *place, const cmt__json_t *value);
static int read_links(reader_t *r, const cmt__json_t *value);
static int read_link(reader_t *r, const cmt__json_t *value,
    cmt__link_t *link);
static int read_parent(reader_t *r, const cmt__json_t *value);
static int wrong(reader_t *r, const cmt__class_t *class,
    const cmt__fact_t *row, const char *wanted);
static int unknown(reader_t *r, const cmt__class_t *class, cmt_str_t name);


int
cmt__facts_from_json(const cmt__json_t *comment, cmt_arena_t *arena,
    cmt__facts_t *facts, cmt_error_t *err)
{
    int           rc;
    reader_t      r;
    cmt__facts_t  made;

    r.arena = arena;
    r.err = err;
    r.facts = &made;
    r.depth = 0;

    rc = read_comment(&r, comment);
    if (rc != CMT_OK) {
        return rc;
    }

    *facts = made;

    return CMT_OK;
}


/* The text first: what follows from it (links, words ...) can be given
 * otherwise. */

static int
read_comment(reader_t *r, const cmt__json_t *object)
{
    int                 rc;
    const cmt__json_t  *text;

    if (object->type != CMT__JSON_OBJECT) {
        return cmt__fail(r->err, CMT_EFIELD, "comment",
                         "the comment must be a JSON object");
    }

    cmt__facts_default(r->facts);
    text = cmt__json_member(object, "text");

    if (text != NULL) {
        rc = read_text(r, text);
        if (rc != CMT_OK) {
            return rc;
        }
    }

    rc = read_members(r, &cmt__class_comment, r->facts, object);
    if (rc != CMT_OK) {
        return rc;
    }

    r->facts->seed = r->facts->id;

    return CMT_OK;
}


static int
read_members(reader_t *r, const cmt__class_t *class, void *data,
    const cmt__json_t *object)
{
    int                 rc;
    size_t              i;
    const cmt__fact_t  *row;

    for (i = 0; i < object->n; i++) {
        row = cmt__class_find(class, object->items[i].name);

        if (row == NULL && read_seed(r, class, &object->items[i])) {
            continue;
        }

        if (row == NULL) {
            return unknown(r, class, object->items[i].name);
        }

        if (class == &cmt__class_comment && cmt__str_is(object->items[i].name,
                                                        "text"))
        {
            continue;
        }

        rc = read_member(r, class, row, data, &object->items[i]);
        if (rc != CMT_OK) {
            return rc;
        }
    }

    return CMT_OK;
}


/* What rules are to remember: rate={kind=3}, store={space={key=value}}. */

static int
read_seed(reader_t *r, const cmt__class_t *class, const cmt__json_t *member)
{
    if (class == &cmt__class_comment && r->depth == 0
        && cmt__str_is(member->name, "address")
        && member->type == CMT__JSON_STRING)
    {
        r->facts->address = member->string;      /* only lists look at it */
        return 1;
    }

    if (class != &cmt__class_comment || r->depth != 0
        || member->type != CMT__JSON_OBJECT)
    {
        return 0;
    }

    if (cmt__str_is(member->name, "rate")) {
        r->facts->past.rate = member;
        return 1;
    }

    if (cmt__str_is(member->name, "store")) {
        r->facts->past.store = member;
        return 1;
    }

    return 0;
}


static int
read_member(reader_t *r, const cmt__class_t *class, const cmt__fact_t *row,
    void *data, const cmt__json_t *value)
{
    void  *place;

    place = (char *) data + row->offset;

    switch (row->type) {

    case CMT__FACT_STRING:
        return read_string(r, class, row, place, value);

    case CMT__FACT_INTEGER:
    case CMT__FACT_ID:
    case CMT__FACT_SIZE:
    case CMT__FACT_AUTHORS:
    case CMT__FACT_PER_HOUR:
        return read_number(r, class, row, place, value);

    case CMT__FACT_FLAG:
        return read_flag(r, class, row, place, value);

    case CMT__FACT_WORD:
        return read_word(r, class, row, place, value);

    case CMT__FACT_KIND:
        return read_kind(r, class, row, place, value);

    case CMT__FACT_OBJECT:
        if (value->type != CMT__JSON_OBJECT) {
            return wrong(r, class, row, "an object");
        }

        return read_members(r, row->class, data, value);

    case CMT__FACT_LINKS:
        return read_links(r, value);

    case CMT__FACT_PARENT:
        return read_parent(r, value);

    case CMT__FACT_SHARE:
        return read_share(r, class, row, place, value);

    case CMT__FACT_CALL:
        *(const cmt__json_t **) place = value->type == CMT__JSON_NULL
                                        ? NULL : value;
        return CMT_OK;

    case CMT__FACT_META:
        if (value->type == CMT__JSON_NULL) {
            *(const cmt__json_t **) place = NULL;
            return CMT_OK;
        }

        if (value->type != CMT__JSON_OBJECT) {
            return wrong(r, class, row, "an object of texts");
        }

        *(const cmt__json_t **) place = value;
        return CMT_OK;

    default:
        return cmt__fail(r->err, CMT_EFIELD, row->name, "%s follows from the"
                         " text and cannot be given", row->name);
    }

    return CMT_EINTERNAL;
}


static int
read_string(reader_t *r, const cmt__class_t *class, const cmt__fact_t *row,
    cmt_str_t *string, const cmt__json_t *value)
{
    if (value->type != CMT__JSON_NULL && value->type != CMT__JSON_STRING) {
        return wrong(r, class, row, "text");
    }

    *string = value->type == CMT__JSON_NULL ? cmt_null_str : value->string;

    return CMT_OK;
}


static int
read_flag(reader_t *r, const cmt__class_t *class, const cmt__fact_t *row,
    int *flag, const cmt__json_t *value)
{
    if (value->type > CMT__JSON_TRUE) {
        return wrong(r, class, row, "true or false");
    }

    *flag = value->type == CMT__JSON_NULL ? CMT__UNKNOWN
                                          : value->type == CMT__JSON_TRUE;

    return CMT_OK;
}


static int
read_share(reader_t *r, const cmt__class_t *class, const cmt__fact_t *row,
    double *share, const cmt__json_t *value)
{
    if (value->type != CMT__JSON_INTEGER && value->type != CMT__JSON_REAL) {
        return wrong(r, class, row, "a number");
    }

    *share = value->type == CMT__JSON_REAL ? value->real
                                           : (double) value->integer;

    return CMT_OK;
}


/* Rendered as plain text, as a comment on a plain site would be. */

static int
read_text(reader_t *r, const cmt__json_t *value)
{
    int           rc;
    cmt__text_t  *text;

    if (value->type != CMT__JSON_STRING) {
        return cmt__fail(r->err, CMT_EFIELD, "text", "text must be text");
    }

    text = &r->facts->text;
    rc = cmt__text_render(r->arena, CMT_MARKUP_PLAIN, value->string, text);

    if (rc == CMT_ETEXTMISSING) {
        memset(text, 0, sizeof(cmt__text_t));
        text->text = cmt_str("");
        text->plain = cmt_str("");
        return CMT_OK;
    }

    if (rc == CMT_ENOMEM) {
        return cmt__fail(r->err, rc, NULL, NULL);
    }

    if (rc != CMT_OK) {
        return cmt__fail(r->err, CMT_EFIELD, "text", "text is too long");
    }

    return CMT_OK;
}


static int
read_number(reader_t *r, const cmt__class_t *class, const cmt__fact_t *row,
    void *place, const cmt__json_t *value)
{
    int64_t  n;

    if (value->type == CMT__JSON_NULL) {
        n = row->type == CMT__FACT_ID || row->type == CMT__FACT_SIZE
            ? 0 : CMT__UNKNOWN;

    } else if (value->type == CMT__JSON_INTEGER && value->integer >= 0) {
        n = value->integer;

    } else {
        return wrong(r, class, row, "a whole number of 0 or more");
    }

    if (row->type == CMT__FACT_ID) {
        *(uint64_t *) place = (uint64_t) n;

    } else if (row->type == CMT__FACT_SIZE) {
        *(size_t *) place = (size_t) n;

    } else {
        *(int64_t *) place = n;
    }

    return CMT_OK;
}


static int
read_word(reader_t *r, const cmt__class_t *class, const cmt__fact_t *row,
    void *place, const cmt__json_t *value)
{
    unsigned        i;
    cmt__nearest_t  nearest;

    cmt__nearest_init(&nearest, value->type == CMT__JSON_STRING
                                ? value->string : cmt_str(""));

    for (i = 0; row->words[i] != NULL; i++) {
        if (value->type == CMT__JSON_STRING
            && cmt__str_is(value->string, row->words[i]))
        {
            memcpy(place, &i, sizeof(i));
            return CMT_OK;
        }

        cmt__nearest_offer(&nearest, row->words[i]);
    }

    return cmt__fail(r->err, CMT_EFIELD, row->name, "%s%s must be one of its"
                     " words%s", class->prefix, row->name,
                     cmt__nearest_text(&nearest));
}


/* "mention" is what a rule sees of both kinds of mention. */

static int
read_kind(reader_t *r, const cmt__class_t *class, const cmt__fact_t *row,
    void *place, const cmt__json_t *value)
{
    cmt_kind_t  kind;

    kind = (cmt_kind_t) 0;

    if (value->type == CMT__JSON_STRING) {
        kind = cmt__str_is(value->string, "mention")
               ? CMT_WEBMENTION : cmt_kind_parse(value->string);
    }

    if (kind == 0) {
        return wrong(r, class, row, "\"comment\" or \"mention\"");
    }

    *(cmt_kind_t *) place = kind;

    return CMT_OK;
}


static int
read_links(reader_t *r, const cmt__json_t *value)
{
    int           rc;
    size_t        i;
    cmt__link_t  *links;

    if (value->type != CMT__JSON_ARRAY
        && !(value->type == CMT__JSON_OBJECT && value->n == 0))
    {
        return cmt__fail(r->err, CMT_EFIELD, "links",
                         "links must be a list");
    }

    if (value->n > CMT__LINKS_MAX) {
        return cmt__fail(r->err, CMT_EFIELD, "links",
                         "links has more than %d members", CMT__LINKS_MAX);
    }

    links = cmt_calloc(r->arena, value->n * sizeof(cmt__link_t));
    if (links == NULL) {
        return cmt__fail(r->err, CMT_ENOMEM, NULL, NULL);
    }

    for (i = 0; i < value->n; i++) {
        rc = read_link(r, &value->items[i], &links[i]);
        if (rc != CMT_OK) {
            return rc;
        }
    }

    r->facts->text.links = links;
    r->facts->text.n_links = value->n;

    return CMT_OK;
}


/* An address, from which the rest follows, or an object of a link's fields. */

static int
read_link(reader_t *r, const cmt__json_t *value, cmt__link_t *link)
{
    int          rc;
    cmt__text_t  text;

    if (value->type == CMT__JSON_OBJECT) {
        return read_members(r, &cmt__class_link, link, value);
    }

    if (value->type == CMT__JSON_STRING) {
        rc = cmt__text_render(r->arena, CMT_MARKUP_PLAIN, value->string,
                              &text);
        if (rc == CMT_ENOMEM) {
            return cmt__fail(r->err, rc, NULL, NULL);
        }

        if (rc == CMT_OK && text.n_links == 1) {
            *link = text.links[0];
            return CMT_OK;
        }
    }

    return cmt__fail(r->err, CMT_EFIELD, "links", "a link must be an address"
                     " such as \"https://example.org/\", or an object");
}


static int
read_parent(reader_t *r, const cmt__json_t *value)
{
    int            rc;
    cmt__facts_t  *facts, *parent;

    if (value->type == CMT__JSON_NULL) {
        r->facts->parent = NULL;
        return CMT_OK;
    }

    if (value->type != CMT__JSON_OBJECT || r->depth == 1) {
        return cmt__fail(r->err, CMT_EFIELD, "parent", r->depth == 1
                         ? "the parent of a parent is not known to rules"
                         : "parent must be an object");
    }

    parent = cmt_alloc(r->arena, sizeof(cmt__facts_t));
    if (parent == NULL) {
        return cmt__fail(r->err, CMT_ENOMEM, NULL, NULL);
    }

    facts = r->facts;
    r->facts = parent;
    r->depth = 1;

    rc = read_comment(r, value);

    r->facts = facts;
    r->depth = 0;
    facts->parent = parent;

    return rc;
}


static int
wrong(reader_t *r, const cmt__class_t *class, const cmt__fact_t *row,
    const char *wanted)
{
    return cmt__fail(r->err, CMT_EFIELD, row->name, "%s%s must be %s",
                     class->prefix != NULL ? class->prefix : "links[].",
                     row->name, wanted);
}


static int
unknown(reader_t *r, const cmt__class_t *class, cmt_str_t name)
{
    char            shown[CMT__SHOWN_BYTES];
    size_t          i;
    cmt__nearest_t  nearest;

    cmt__nearest_init(&nearest, name);

    for (i = 0; i < class->n; i++) {
        cmt__nearest_offer(&nearest, class->rows[i].name);
    }

    return cmt__fail(r->err, CMT_EFIELD, class->name, "a %s has no \"%s\"%s",
                     class->name, cmt__shown(shown, name),
                     cmt__nearest_text(&nearest));
}
