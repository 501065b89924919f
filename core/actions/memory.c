/*
 * memory.c: what is remembered with a comment because its rules asked for it.
 */

#include <string.h>

#include "actions.h"


static int remember(cmt__write_t *write, const cmt__memory_key_t *key,
    const cmt__effect_t *effect, int64_t now, cmt_error_t *err) CMT_CHECK;


int
cmt__remember(cmt__write_t *write, uint32_t site,
    const cmt__judged_t *judged, int64_t now, cmt_error_t *err)
{
    int                rc;
    size_t             i;
    cmt__memory_key_t  key;

    for (i = 0; i < judged->n_effects; i++) {
        key.site = site;
        key.name = judged->effects[i].name;
        key.key = judged->effects[i].key;
        key.kind = judged->effects[i].kind == CMT__EFFECT_COUNT
                   ? CMT__MEMORY_COUNT : CMT__MEMORY_VALUE;

        rc = remember(write, &key, &judged->effects[i], now, err);
        if (rc != CMT_OK) {
            return rc;
        }
    }

    return CMT_OK;
}


/* The rules asked whether there is room, but others may have taken it: what
 * has none is not kept, and the comment is. */

static int
remember(cmt__write_t *write, const cmt__memory_key_t *key,
    const cmt__effect_t *effect, int64_t now, cmt_error_t *err)
{
    int  rc, fits;

    if (effect->kind == CMT__EFFECT_DEL) {
        return cmt__memory_del(write, key, err);
    }

    rc = cmt__memory_fits(cmt__write_view(write), key,
                          effect->kind == CMT__EFFECT_SET
                          ? effect->value.len : CMT__TALLY_BYTES_MAX, &fits);
    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, "memory of rules");
    }

    if (!fits) {
        return CMT_OK;
    }

    if (effect->kind == CMT__EFFECT_COUNT) {
        return cmt__tally_add(write, key,
                              1u << cmt__tally_level(effect->seconds), now,
                              err);
    }

    return cmt__memory_put(write, key, now + effect->seconds, effect->value,
                           err);
}
