/*
 * topics.c: the pages of a file, by their ids there.
 */

#include <string.h>

#include "foreign.h"


#define TOPICS_FIRST  256


static int topics_grow(cmt__topics_t *topics);


int
cmt__topics_open(cmt__topics_t *topics, size_t bytes_max)
{
    memset(topics, 0, sizeof(cmt__topics_t));

    topics->arena = cmt_arena_create(bytes_max);
    if (topics->arena == NULL) {
        return CMT_ENOMEM;
    }

    return cmt__names_open(&topics->names, bytes_max);
}


void
cmt__topics_close(cmt__topics_t *topics)
{
    cmt__names_close(&topics->names);
    cmt_arena_destroy(topics->arena);
}


int
cmt__topics_add(cmt__topics_t *topics, cmt_str_t id,
    const cmt__topic_t *topic, cmt_error_t *err)
{
    int            rc;
    uint64_t       other;
    cmt__topic_t  *t;

    if (id.len == 0 || id.len > CMT__SOURCE_BYTES_MAX) {
        return CMT_OK;
    }

    rc = topics->n == topics->size ? topics_grow(topics) : CMT_OK;

    if (rc == CMT_OK) {
        rc = cmt__names_add(&topics->names, cmt_null_str, id, topics->n + 1,
                            &other);
    }

    if (rc == CMT_EDUPLICATE) {
        return CMT_OK;
    }

    if (rc == CMT_OK) {
        t = &topics->topics[topics->n++];
        t->hidden = topic->hidden;
        t->page = cmt__str_copy(topics->arena, topic->page);
        t->title = cmt__str_copy(topics->arena, topic->title);

        if (t->page.data != NULL && t->title.data != NULL) {
            return CMT_OK;
        }
    }

    return cmt__fail(err, CMT_EFULL, NULL, "the file has more pages than one "
                     "import can keep in mind; split it");
}


/* The old table stays in the arena: in all, they take twice the last one. */

static int
topics_grow(cmt__topics_t *topics)
{
    size_t         size;
    cmt__topic_t  *grown;

    size = topics->size == 0 ? TOPICS_FIRST : 2 * topics->size;

    grown = cmt_alloc(topics->arena, size * sizeof(cmt__topic_t));
    if (grown == NULL) {
        return CMT_ENOMEM;
    }

    if (topics->n != 0) {
        memcpy(grown, topics->topics, topics->n * sizeof(cmt__topic_t));
    }

    topics->topics = grown;
    topics->size = size;

    return CMT_OK;
}


const cmt__topic_t *
cmt__topics_find(const cmt__topics_t *topics, cmt_str_t id)
{
    uint64_t  number;

    if (id.len == 0 || id.len > CMT__SOURCE_BYTES_MAX) {
        return NULL;
    }

    number = cmt__names_line(&topics->names, id);

    return number != 0 ? &topics->topics[number - 1] : NULL;
}
