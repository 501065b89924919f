/*
 * generation_prune.c: which files of rules need not be kept any more: those
 * that are not among the newest CMT_GENERATIONS_KEPT and by which no comment
 * that is there was decided.  Past CMT_GENERATIONS_MAX the oldest go, too.
 *
 * All receipts are looked at, which takes 2 us for each; so only once for
 * each generation that has come.
 */

#include <string.h>

#include "schema.h"


#define SCANNED      "generations"       /* key in `meta`: seq:4              */
#define SCAN_STEP    10000               /* receipts in one snapshot          */
#define LISTED_MAX   (4 * CMT_GENERATIONS_MAX)


typedef struct {
    uint32_t       seq;
    uint8_t        digest[CMT_HASH_BYTES];
    unsigned       used:1;
} row_t;

typedef struct {
    cmt_arena_t   *arena;
    cmt_arena_t   *scratch;
    row_t         *rows;                 /* from the oldest one on            */
    size_t         n, n_used;
} pruner_t;


static int list(cmt_read_t *read, pruner_t *p) CMT_CHECK;
static int is_scanned(cmt_read_t *read, const pruner_t *p, int *scanned)
    CMT_CHECK;
static int scan_some(cmt_read_t *read, pruner_t *p, uint64_t *id) CMT_CHECK;
static int note(pruner_t *p, cmt_str_t packed) CMT_CHECK;
static int drop_all(cmt__write_t *write, pruner_t *p, cmt_error_t *err)
    CMT_CHECK;
static int sweep(cmt__write_t *write, pruner_t *p, cmt_error_t *err)
    CMT_CHECK;
static int prune(cmt_store_t *store, pruner_t *p, cmt_error_t *err)
    CMT_CHECK;


int
cmt__generations_prune(cmt_store_t *store, cmt_error_t *err)
{
    int       rc;
    pruner_t  p;

    memset(&p, 0, sizeof(p));
    p.arena = cmt_arena_create(CMT_ARENA_BYTES_MAX);
    p.scratch = cmt_arena_create(2 * CMT__RECEIPT_BYTES_MAX);

    rc = p.arena != NULL && p.scratch != NULL ? prune(store, &p, err)
         : cmt__fail(err, CMT_ENOMEM, NULL, NULL);

    cmt_arena_destroy(p.arena);
    cmt_arena_destroy(p.scratch);

    return rc;
}


static int
prune(cmt_store_t *store, pruner_t *p, cmt_error_t *err)
{
    int            rc, scanned;
    uint64_t       id;
    cmt_read_t    *read;
    cmt__write_t  *write;

    rc = cmt_read_begin(store, &read, err);
    if (rc != CMT_OK) {
        return rc;
    }

    scanned = 1;
    rc = list(read, p);
    if (rc == CMT_OK && p->n > CMT_GENERATIONS_KEPT) {
        rc = is_scanned(read, p, &scanned);
    }

    cmt_read_end(read);

    if (rc != CMT_OK || scanned) {
        return rc == CMT_OK ? rc : cmt__fail(err, rc, NULL, "old rules");
    }

    for (id = 0; rc == CMT_OK; /* void */ ) {
        rc = cmt_read_begin(store, &read, err);
        if (rc == CMT_OK) {
            rc = scan_some(read, p, &id);
            cmt_read_end(read);
        }
    }

    if (rc != CMT_ENOTFOUND) {
        return cmt__fail(err, rc, NULL, "receipts");
    }

    rc = cmt__write_begin(store, &write, err);
    if (rc != CMT_OK) {
        return rc;
    }

    rc = drop_all(write, p, err);
    if (rc != CMT_OK) {
        cmt__write_abort(write);
        return cmt__fail(err, rc, NULL, "old rules");
    }

    return cmt__write_commit(write, err);
}


static int
list(cmt_read_t *read, pruner_t *p)
{
    int                rc;
    uint32_t           seq;
    cmt__generation_t  g;

    p->rows = cmt_alloc(p->arena, LISTED_MAX * sizeof(row_t));
    if (p->rows == NULL) {
        return CMT_ENOMEM;
    }

    seq = 0;
    rc = CMT_OK;

    for (p->n = 0; p->n < LISTED_MAX; p->n++) {
        cmt_arena_reset(p->scratch);

        rc = cmt__generation_next(read, &seq, p->scratch, &g);
        if (rc != CMT_OK) {
            break;
        }

        p->rows[p->n].seq = seq;
        p->rows[p->n].used = 0;
        memcpy(p->rows[p->n].digest, g.digest, CMT_HASH_BYTES);
    }

    return rc == CMT_ENOTFOUND ? CMT_OK : rc;
}


static int
is_scanned(cmt_read_t *read, const pruner_t *p, int *scanned)
{
    int        rc;
    cmt_str_t  value;

    rc = cmt__get(read, CMT__META, SCANNED, sizeof(SCANNED) - 1, &value);
    *scanned = rc == CMT_OK && value.len == 4
               && cmt__le_get((const uint8_t *) value.data, 4)
                  == p->rows[p->n - 1].seq;

    return rc == CMT_ENOTFOUND ? CMT_OK : rc;
}


/* CMT_ENOTFOUND: there are no more, or nothing is left to be found. */

static int
scan_some(cmt_read_t *read, pruner_t *p, uint64_t *id)
{
    int          rc, i;
    uint8_t      key[8];
    MDB_val      k, v;
    MDB_cursor  *cursor;

    rc = cmt__cursor(read, CMT__RECEIPTS, &cursor);
    if (rc != CMT_OK) {
        return rc;
    }

    cmt__be_put(key, *id + 1, 8);
    k.mv_size = 8;
    k.mv_data = key;
    rc = cmt__store_rc(mdb_cursor_get(cursor, &k, &v, MDB_SET_RANGE));

    for (i = 0; rc == CMT_OK && i < SCAN_STEP && p->n_used < p->n; i++) {
        *id = cmt__be_get(k.mv_data, 8);

        if (k.mv_size == 8) {
            rc = note(p, (cmt_str_t) { v.mv_size, v.mv_data });
        }
        if (rc == CMT_OK) {
            rc = cmt__store_rc(mdb_cursor_get(cursor, &k, &v, MDB_NEXT));
        }
    }

    mdb_cursor_close(cursor);

    return rc == CMT_OK && p->n_used == p->n ? CMT_ENOTFOUND : rc;
}


/* A damaged receipt is none. */

static int
note(pruner_t *p, cmt_str_t packed)
{
    int        rc;
    size_t     i;
    uint8_t    digest[CMT_HASH_BYTES];
    cmt_str_t  json;

    cmt_arena_reset(p->scratch);

    rc = cmt__receipt_unpack(p->scratch, packed, &json);
    if (rc != CMT_OK) {
        return rc == CMT_ECORRUPT ? CMT_OK : rc;
    }

    if (!cmt__receipt_ruleset(json, digest)) {
        return CMT_OK;
    }

    for (i = 0; i < p->n; i++) {
        if (!p->rows[i].used
            && memcmp(p->rows[i].digest, digest, CMT_HASH_BYTES) == 0)
        {
            p->rows[i].used = 1;
            p->n_used++;
        }
    }

    return CMT_OK;
}


static int
drop_all(cmt__write_t *write, pruner_t *p, cmt_error_t *err)
{
    int      rc;
    size_t   i, left;
    uint8_t  seq[4];

    rc = CMT_OK;
    left = p->n;

    for (i = 0; rc == CMT_OK && i + CMT_GENERATIONS_KEPT < p->n; i++) {
        if (!p->rows[i].used || left > CMT_GENERATIONS_MAX) {
            rc = cmt__generation_drop(write, p->rows[i].seq,
                                      p->rows[i].digest, err);
            left--;
        }
    }

    if (rc == CMT_OK && left < p->n) {
        rc = sweep(write, p, err);
    }

    if (rc == CMT_OK) {
        cmt__le_put(seq, p->rows[p->n - 1].seq, 4);
        rc = cmt__put(write, CMT__META, SCANNED, sizeof(SCANNED) - 1, seq, 4,
                      err);
    }

    return rc;
}


/* Texts that no generation has any more. */

static int
sweep(cmt__write_t *write, pruner_t *p, cmt_error_t *err)
{
    int             rc, used;
    uint8_t         hash[CMT_HASH_BYTES];
    const uint8_t  *last;

    last = NULL;

    for ( ;; ) {
        rc = cmt__source_next(&write->view, last, hash);
        if (rc != CMT_OK) {
            return rc == CMT_ENOTFOUND ? CMT_OK : rc;
        }

        last = hash;
        cmt_arena_reset(p->scratch);

        rc = cmt__source_used(&write->view, hash, p->scratch, &used);
        if (rc == CMT_OK && !used) {
            rc = cmt__source_drop(write, hash, err);
        }
        if (rc != CMT_OK) {
            return rc;
        }
    }
}
