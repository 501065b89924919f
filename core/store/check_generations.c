/*
 * check_generations.c: the files of rules that served: each digest has its
 * generation, each generation its texts, each text its hash and a use.
 */

#include <inttypes.h>
#include <string.h>

#include "check.h"


static int check_text(cmt__check_t *check, const MDB_val *key,
    const MDB_val *value) CMT_CHECK;


int
cmt__check_generation(cmt__check_t *check, const MDB_val *key,
    const MDB_val *value)
{
    int                rc;
    size_t             i;
    uint32_t           seq;
    cmt_str_t          v;
    cmt_arena_t       *arena;
    const uint8_t     *k;
    cmt__generation_t  g;

    k = key->mv_data;
    v = (cmt_str_t) { value->mv_size, value->mv_data };

    if (k[0] == 's' && key->mv_size == 1 + CMT_HASH_BYTES) {
        return check_text(check, key, value);
    }

    if (k[0] == 'd' && key->mv_size == 1 + CMT_HASH_BYTES) {
        check->digests++;                /* proven by its generation */
        return CMT_OK;
    }

    if (k[0] != 'g' || key->mv_size != 5) {
        cmt__problem(check, "generations: a key of %zu bytes", key->mv_size);
        return CMT_OK;
    }

    arena = cmt_arena_create(2 * CMT_GENERATION_BYTES_MAX
                             + CMT_ARENA_BYTES_MAX);
    if (arena == NULL) {
        return CMT_ENOMEM;
    }

    check->generations++;
    memset(&g, 0, sizeof(g));

    rc = cmt__generation_decode(v, arena, &g);

    for (i = 0; rc == CMT_OK && i < g.n; i++) {
        if (g.sources[i].path.len == 0) {
            rc = CMT_ECORRUPT;
        }
    }

    if (rc == CMT_OK) {
        rc = cmt__generation_find(check->read, g.digest, &seq);
    }
    if (rc == CMT_OK && seq != cmt__be_get(k + 1, 4)) {
        rc = CMT_ECORRUPT;
    }
    if (rc == CMT_OK) {
        rc = cmt__generation_get(check->read, g.digest, arena, &g);
    }

    cmt_arena_destroy(arena);

    if (rc == CMT_ECORRUPT || rc == CMT_ENOTFOUND) {
        cmt__problem(check, "generations: number %" PRIu64 " is not whole",
                     cmt__be_get(k + 1, 4));
        return CMT_OK;
    }

    return rc;
}


static int
check_text(cmt__check_t *check, const MDB_val *key, const MDB_val *value)
{
    int           rc, used;
    char          hex[65], is[2 * CMT_HASH_BYTES + 1];
    cmt_arena_t  *arena;

    cmt__digest_hex((cmt_str_t) { value->mv_size, value->mv_data }, hex);
    cmt__hex((const uint8_t *) key->mv_data + 1, CMT_HASH_BYTES, is);

    if (strncmp(hex, is, 2 * CMT_HASH_BYTES) != 0) {
        cmt__problem(check, "generations: the text %s is another", is);
    }

    arena = cmt_arena_create(4 * CMT_ARENA_BYTES_MAX);
    if (arena == NULL) {
        return CMT_ENOMEM;
    }

    rc = cmt__source_used(check->read, (const uint8_t *) key->mv_data + 1,
                          arena, &used);
    cmt_arena_destroy(arena);

    if (rc == CMT_OK && !used) {
        cmt__problem(check, "generations: nothing needs the text %s", is);
    }

    return rc == CMT_ECORRUPT ? CMT_OK : rc;     /* told by its generation */
}
