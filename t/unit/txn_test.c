/*
 * txn_test.c: a write transaction reads what it has written, whatever it wrote
 * and dropped between: its cursors stay where they are while pages split, move
 * and go.  Held against plain arrays.
 */

#include "core/store/schema.h"
#include "scratch.h"
#include "tap.h"


#define KEYS         1500
#define KEY_BYTES    120             /* long, so that trees grow high        */
#define BYTES_FEW    300
#define BYTES_MANY   9000            /* more than a page                     */
#define MOVES        40000           /* of a transaction                     */
#define ROUNDS       4


static const cmt__table_t  tables[] = {
    CMT__THREADS, CMT__DAILY, CMT__RECEIPTS
};

#define TABLES  (sizeof(tables) / sizeof(tables[0]))

typedef struct {
    unsigned      there:1;
    unsigned      seed;
    size_t        len;
} value_t;


static cmt_store_t   *store;
static cmt__write_t  *txn;
static value_t        model[TABLES][KEYS];
static unsigned       wrong, depth;


static unsigned
roll(unsigned n)
{
    static uint64_t  state = 88172645463325252ull;

    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;

    return (unsigned) (state % n);
}


static void
must(int rc)
{
    if (rc != CMT_OK) {
        printf("Bail out! %s\n", cmt_error_code(rc));
        exit(1);
    }
}


static void
make_key(uint8_t *key, unsigned k)
{
    memset(key, 'k', KEY_BYTES);
    cmt__be_put(key, k, 4);
}


static void
fill(const value_t *v, uint8_t *out)
{
    size_t  i;

    for (i = 0; i < v->len; i++) {
        out[i] = (uint8_t) (v->seed + 31 * i);
    }
}


static int
is_same(const value_t *v, cmt_str_t value)
{
    uint8_t  bytes[BYTES_MANY];

    fill(v, bytes);

    return value.len == v->len && memcmp(value.data, bytes, v->len) == 0;
}


static void
move_put(size_t t, unsigned k)
{
    uint8_t   key[KEY_BYTES], bytes[BYTES_MANY], *record;
    value_t  *v;

    v = &model[t][k];
    v->there = 1;
    v->seed = roll(256);
    v->len = roll(50) == 0 ? 1 + roll(BYTES_MANY) : roll(BYTES_FEW);
    make_key(key, k);

    if (v->seed & 1) {
        must(cmt__reserve(txn, tables[t], key, KEY_BYTES, v->len,
                          &record, NULL));
        fill(v, record);

    } else {
        fill(v, bytes);
        must(cmt__put(txn, tables[t], key, KEY_BYTES, bytes, v->len,
                      NULL));
    }
}


static void
move_del(size_t t, unsigned k)
{
    uint8_t  key[KEY_BYTES];

    model[t][k].there = 0;
    make_key(key, k);
    must(cmt__del(txn, tables[t], key, KEY_BYTES, NULL));
}


/* Drops the first n, as the purges do: by a cursor of its own. */
static void
move_purge(size_t t, unsigned n)
{
    MDB_val      k;
    MDB_cursor  *cursor;

    must(cmt__cursor(cmt__write_view(txn), tables[t], &cursor));

    while (n-- > 0 && mdb_cursor_get(cursor, &k, NULL, MDB_FIRST) == 0
           && k.mv_size == KEY_BYTES)
    {
        model[t][cmt__be_get(k.mv_data, 4)].there = 0;
        must(cmt__store_rc(mdb_cursor_del(cursor, 0)));
    }

    mdb_cursor_close(cursor);
}


static void
look(cmt_read_t *read, size_t t, unsigned k)
{
    int        rc;
    uint8_t    key[KEY_BYTES];
    cmt_str_t  value;

    make_key(key, k);
    rc = cmt__get(read, tables[t], key, KEY_BYTES, &value);

    wrong += model[t][k].there ? rc != CMT_OK || !is_same(&model[t][k], value)
                               : rc != CMT_ENOTFOUND;
}


static void
look_behind(cmt_read_t *read, size_t t, unsigned k)
{
    int             rc;
    uint8_t         key[KEY_BYTES];
    unsigned        next;
    cmt_str_t       value;
    const uint8_t  *found;

    for (next = k + 1; next < KEYS && !model[t][next].there; next++) {
        /* void */
    }

    make_key(key, k);
    rc = cmt__next(read, tables[t], key, KEY_BYTES, 0, &found, &value);

    wrong += next == KEYS ? rc != CMT_ENOTFOUND
             : rc != CMT_OK || cmt__be_get(found, 4) != next
               || !is_same(&model[t][next], value);
}


static void
look_at_all(cmt_read_t *read)
{
    size_t    t;
    unsigned  k;

    for (t = 0; t < TABLES; t++) {
        for (k = 0; k < KEYS; k++) {
            look(read, t, k);
        }
    }
}


static void
measure(size_t t)
{
    MDB_stat  st;

    must(cmt__store_rc(mdb_stat(cmt__write_view(txn)->txn,
                                store->tables[tables[t]], &st)));
    depth = st.ms_depth > depth ? st.ms_depth : depth;
}


/* Tables grow for a while, then go until nothing is left, and so on. */
static void
move(unsigned i)
{
    size_t    t;
    unsigned  k, growing;

    t = roll(TABLES);
    k = roll(KEYS);
    growing = i / (MOVES / 8) % 2 == 0;

    switch (roll(8)) {

    case 0:
    case 1:
    case 2:
        if (growing) {
            move_put(t, k);
        } else {
            move_del(t, k);
        }
        break;

    case 3:
        if (roll(200) == 0) {
            move_purge(t, growing ? roll(40) : KEYS);
        }
        break;

    case 4:
        move_put(t, k);
        break;

    case 5:
        move_del(t, k);
        break;

    case 6:
        look_behind(cmt__write_view(txn), t, k);
        break;

    default:
        look(cmt__write_view(txn), t, k);
        measure(t);
    }
}


static void
test_round(int aborted)
{
    unsigned        i;
    cmt_read_t     *read;
    static value_t  before[TABLES][KEYS];

    memcpy(before, model, sizeof(model));
    must(cmt__write_begin(store, &txn, NULL));

    for (i = 0; i < MOVES; i++) {
        move(i);
    }

    look_at_all(cmt__write_view(txn));
    ok(wrong == 0, "a transaction reads what it has written");

    if (aborted) {
        cmt__write_abort(txn);
        memcpy(model, before, sizeof(model));
    } else {
        must(cmt__write_commit(txn, NULL));
    }

    must(cmt_read_begin(store, &read, NULL));
    look_at_all(read);
    cmt_read_end(read);
    ok(wrong == 0, aborted ? "and leaves nothing of it behind"
                           : "so does a snapshot behind it");
}


int
main(void)
{
    int  i;

    scratch_make();
    must(cmt_store_open(dir, CMT_STORE_CREATE, (size_t) 1 << 28, &store,
                        NULL));

    for (i = 0; i < ROUNDS; i++) {
        test_round(i == 2);
    }

    ok(depth >= 3, "and its trees were three pages high");

    cmt_store_close(store);
    scratch_remove();

    return done();
}
