/*
 * commento.c: what Commento exports: one object with comments and, apart from
 * them, commenters:
 *
 *   {"version":1,
 *    "comments":[{"commentHex","domain","url","commenterHex","markdown",
 *                 "html","parentHex":"root","state","creationDate",
 *                 "deleted"}],
 *    "commenters":[{"commenterHex","email","name","link"}]}
 *
 * What Commento itself imported may have no Markdown.
 */

#include <stddef.h>
#include <string.h>

#include "foreign.h"


#define SYSTEM     "commento"
#define ANONYMOUS  "anonymous"

#define FIELD(field)  offsetof(cmt__values_t, field)

static const cmt__json_field_t  fields[] = {
    { "commentHex",   FIELD(id) },
    { "parentHex",    FIELD(parent) },
    { "url",          FIELD(page) },
    { "commenterHex", FIELD(account) },
    { "markdown",     FIELD(text) },
    { "state",        FIELD(status) },
    { "creationDate", FIELD(created) },
    { "deleted",      FIELD(deleted) },
    { NULL,           0 }
};


static int commenters_keep(const cmt__json_t *root, cmt__refs_t *people,
    cmt_error_t *err);
static int comments_read(const cmt__json_t *root, const cmt__refs_t *people,
    cmt_arena_t *arena, cmt__sink_t *sink, cmt_error_t *err);
static cmt_status_t status_of(const cmt__values_t *values);
static void person_make(const cmt__refs_t *people, cmt__values_t *values,
    cmt__foreign_t *f);


int
cmt__commento_read(const cmt__input_t *input, cmt__sink_t *sink,
    cmt_error_t *err)
{
    int                 rc;
    cmt_arena_t        *arena;
    cmt__refs_t         people;
    const cmt__json_t  *root;

    arena = cmt_arena_create(CMT__DOCUMENT_TREE_BYTES_MAX);

    if (cmt__refs_open(&people, CMT__REFS_BYTES_MAX) != CMT_OK
        || arena == NULL)
    {
        cmt__refs_close(&people);
        cmt_arena_destroy(arena);
        return cmt__fail(err, CMT_ENOMEM, NULL, NULL);
    }

    rc = cmt__document_parse(input->in, arena, &root, err);

    if (rc == CMT_OK && cmt__json_member(root, "comments") == NULL) {
        rc = cmt__fail(err, CMT_EIO, NULL, "this is no export of Commento, "
                       "which has \"comments\"");
    }

    if (rc == CMT_OK) {
        rc = commenters_keep(root, &people, err);
    }

    if (rc == CMT_OK) {
        rc = comments_read(cmt__json_member(root, "comments"), &people, arena,
                           sink, err);
    }

    cmt__refs_close(&people);
    cmt_arena_wipe(arena);
    cmt_arena_destroy(arena);

    return rc;
}


/* Who left the field of the website empty has "undefined" there. */

static int
commenters_keep(const cmt__json_t *root, cmt__refs_t *people,
    cmt_error_t *err)
{
    int                 rc;
    size_t              i;
    cmt__ref_t          person;
    const cmt__json_t  *list;

    list = cmt__json_member(root, "commenters");

    for (i = 0; list != NULL && i < list->n; i++) {

        memset(&person, 0, sizeof(cmt__ref_t));
        person.name = cmt__json_string_of(&list->items[i], "name");
        person.email = cmt__json_string_of(&list->items[i], "email");
        person.website = cmt__json_string_of(&list->items[i], "link");

        if (cmt__str_is(person.website, "undefined")) {
            person.website = cmt_null_str;
        }

        rc = cmt__refs_add(people, cmt__json_string_of(&list->items[i],
                                                       "commenterHex"),
                           &person, err);
        if (rc != CMT_OK) {
            return rc;
        }
    }

    return CMT_OK;
}


static int
comments_read(const cmt__json_t *list, const cmt__refs_t *people,
    cmt_arena_t *arena, cmt__sink_t *sink, cmt_error_t *err)
{
    int             rc;
    size_t          i;
    cmt__values_t   values;
    cmt__foreign_t  f;

    for (i = 0; i < list->n; i++) {

        memset(&values, 0, sizeof(cmt__values_t));
        memset(&f, 0, sizeof(cmt__foreign_t));

        rc = cmt__json_keep(arena, &list->items[i], fields, &values);

        if (rc == CMT_OK) {
            rc = cmt__foreign_text(arena, values.text,
                                   cmt__json_string_of(&list->items[i],
                                                       "html"), &f);
        }

        if (rc != CMT_OK) {
            return cmt__fail(err, rc, NULL, NULL);
        }

        f.status = status_of(&values);
        person_make(people, &values, &f);

        if (cmt__str_is(values.parent, "root")) {
            values.parent = cmt_null_str;
        }

        rc = cmt__values_put(sink, arena, SYSTEM, i + 1, &values, &f, err);
        if (rc != CMT_OK) {
            return rc;
        }
    }

    return CMT_OK;
}


/* Exports do not say what was deleted, but then nobody wrote "[deleted]". */

static cmt_status_t
status_of(const cmt__values_t *values)
{
    if (cmt__str_is(values->deleted, "true")
        || (cmt__str_is(values->text, "[deleted]")
            && cmt__str_is(values->account, ANONYMOUS)))
    {
        return CMT_DELETED;
    }

    return cmt__str_is(values->status, "approved") ? CMT_APPROVED
                                                   : CMT_PENDING;
}


static void
person_make(const cmt__refs_t *people, cmt__values_t *values, cmt__foreign_t *f)
{
    const cmt__ref_t  *person;

    if (cmt__str_is(values->account, ANONYMOUS)) {
        values->account = cmt_null_str;
    }

    person = cmt__refs_find(people, values->account);

    if (person != NULL) {
        f->name = person->name;
        f->email = person->email;
        f->website = person->website;
    }
}
