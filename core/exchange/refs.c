/*
 * refs.c: pages and people of a file, by their ids there.
 */

#include <string.h>

#include "foreign.h"


#define REFS_FIRST  256


static int ref_copy(cmt_arena_t *arena, const cmt__ref_t *ref,
    cmt__ref_t *copy) CMT_CHECK;
static int refs_grow(cmt__refs_t *refs);


int
cmt__refs_open(cmt__refs_t *refs, size_t bytes_max)
{
    memset(refs, 0, sizeof(cmt__refs_t));

    refs->arena = cmt_arena_create(bytes_max);
    if (refs->arena == NULL) {
        return CMT_ENOMEM;
    }

    return cmt__names_open(&refs->names, bytes_max);
}


void
cmt__refs_close(cmt__refs_t *refs)
{
    if (refs->arena != NULL) {
        cmt_arena_wipe(refs->arena);
    }

    cmt__names_close(&refs->names);
    cmt_arena_destroy(refs->arena);
}


int
cmt__refs_add(cmt__refs_t *refs, cmt_str_t id, const cmt__ref_t *ref,
    cmt_error_t *err)
{
    int         rc;
    uint64_t    other;

    if (id.len == 0 || id.len > CMT__SOURCE_BYTES_MAX) {
        return CMT_OK;
    }

    rc = refs->n == refs->size ? refs_grow(refs) : CMT_OK;

    if (rc == CMT_OK) {
        rc = cmt__names_add(&refs->names, cmt_null_str, id, refs->n + 1,
                            &other);
    }

    if (rc == CMT_EDUPLICATE) {
        return CMT_OK;
    }

    if (rc == CMT_OK) {
        rc = ref_copy(refs->arena, ref, &refs->refs[refs->n++]);
    }

    return rc == CMT_OK ? CMT_OK
                        : cmt__fail(err, CMT_EFULL, NULL, "the file has more "
                                    "pages or people than one import can keep "
                                    "in mind; split it");
}


static int
ref_copy(cmt_arena_t *arena, const cmt__ref_t *ref, cmt__ref_t *copy)
{
    copy->hidden = ref->hidden;
    copy->page = cmt__str_copy(arena, ref->page);
    copy->title = cmt__str_copy(arena, ref->title);
    copy->name = cmt__str_copy(arena, ref->name);
    copy->email = cmt__str_copy(arena, ref->email);
    copy->website = cmt__str_copy(arena, ref->website);

    return copy->page.data != NULL && copy->title.data != NULL
           && copy->name.data != NULL && copy->email.data != NULL
           && copy->website.data != NULL ? CMT_OK : CMT_ENOMEM;
}


/* The old table stays in the arena: in all, they take twice the last one. */

static int
refs_grow(cmt__refs_t *refs)
{
    size_t       size;
    cmt__ref_t  *grown;

    size = refs->size == 0 ? REFS_FIRST : 2 * refs->size;

    grown = cmt_alloc(refs->arena, size * sizeof(cmt__ref_t));
    if (grown == NULL) {
        return CMT_ENOMEM;
    }

    if (refs->n != 0) {
        memcpy(grown, refs->refs, refs->n * sizeof(cmt__ref_t));
    }

    refs->refs = grown;
    refs->size = size;

    return CMT_OK;
}


const cmt__ref_t *
cmt__refs_find(const cmt__refs_t *refs, cmt_str_t id)
{
    uint64_t  number;

    if (id.len == 0 || id.len > CMT__SOURCE_BYTES_MAX) {
        return NULL;
    }

    number = cmt__names_line(&refs->names, id);

    return number != 0 ? &refs->refs[number - 1] : NULL;
}
