/*
 * pages_test.c: whatever LMDB makes of a tree, the proof of its pages holds:
 * keys of one length and of many, values on pages of their own that are
 * written again, trees that grow and shrink.  What it finds in a damaged file
 * is in t/70-damage.t.
 */

#include "core/store/schema.h"

#include "scratch.h"
#include "tap.h"


#define ROUNDS           200
#define OPERATIONS_MAX   1500
#define SHRINKS_ROUNDS   30          /* then it grows for as long            */
#define VALUE_BYTES_MAX  20000


static cmt_error_t  err;
static MDB_env     *env;
static MDB_dbi      tree;


static MDB_txn *
begin(unsigned flags)
{
    MDB_txn  *txn;

    if (mdb_txn_begin(env, NULL, flags, &txn) != 0) {
        printf("Bail out! no transaction\n");
        exit(1);
    }

    return txn;
}


static int
proven(void)
{
    int       rc;
    MDB_txn  *txn;

    txn = begin(MDB_RDONLY);
    rc = cmt__pages_prove(env, txn, &err);
    mdb_txn_abort(txn);

    return rc;
}


static int
put(MDB_txn *txn, const void *key, size_t key_len, size_t value_len)
{
    MDB_val      k, v;
    static char  bytes[VALUE_BYTES_MAX];

    k.mv_size = key_len;
    k.mv_data = (void *) key;
    v.mv_size = value_len;
    v.mv_data = bytes;

    return mdb_put(txn, tree, &k, &v, 0);
}


static int
drop(MDB_txn *txn, const void *key, size_t key_len)
{
    int      rc;
    MDB_val  k;

    k.mv_size = key_len;
    k.mv_data = (void *) key;
    rc = mdb_del(txn, tree, &k, NULL);

    return rc == MDB_NOTFOUND ? 0 : rc;
}


static unsigned
less_than(unsigned n)
{
    return (unsigned) random() % n;
}


/* Adds and drops some, in a row or anywhere. */

static int
change(unsigned shrinks, unsigned key_bytes)
{
    int       rc;
    uint8_t   key[512];
    unsigned  n, in_row, range, number, values, len;
    MDB_txn  *txn;

    txn = begin(0);
    range = 2000 << less_than(3);
    number = less_than(range);
    in_row = less_than(3) == 0;
    values = less_than(4) == 0 ? 9000 : 60;
    rc = 0;

    for (n = 1 + less_than(OPERATIONS_MAX); n > 0 && rc == 0; n--) {
        number = in_row ? number + 1 : less_than(range);
        len = 4 + (number * 7919 >> 3) % key_bytes;

        memset(key, 'a' + (int) (number % 3), sizeof(key));
        cmt__be_put(key, number, 4);

        rc = less_than(10) < (shrinks ? 8 : 2)
             ? drop(txn, key, len) : put(txn, key, len, less_than(values));
    }

    if (rc != 0) {
        mdb_txn_abort(txn);
        return rc;
    }

    return mdb_txn_commit(txn);
}


static void
test_any(unsigned key_bytes, const char *sentence)
{
    unsigned  i, good;

    for (i = 0, good = 0; i < ROUNDS; i++) {

        if (change(i / SHRINKS_ROUNDS % 2, key_bytes) == 0
            && proven() == CMT_OK)
        {
            good++;

        } else {
            note("%u: %s", i, err.detail);
        }
    }

    is_int(good, ROUNDS, sentence);
}


static void
test_written_again(void)
{
    MDB_txn  *txn;

    txn = begin(0);
    ok(put(txn, "long", 4, 15000) == 0 && put(txn, "long", 4, 5000) == 0
       && mdb_txn_commit(txn) == 0,
       "a long value is written again in its transaction, shorter");
    is_int(proven(), CMT_OK, "it may have more pages than it needs");

    txn = begin(0);
    ok(drop(txn, "long", 4) == 0 && mdb_txn_commit(txn) == 0,
       "it is dropped");
    is_int(proven(), CMT_OK, "all of its pages are free");
}


static void
make_env(void)
{
    MDB_txn  *txn;

    if (mdb_env_create(&env) != 0
        || mdb_env_set_maxdbs(env, 1) != 0
        || mdb_env_set_mapsize(env, (size_t) 256 << 20) != 0
        || mdb_env_open(env, dir, MDB_NOSYNC, 0600) != 0)
    {
        printf("Bail out! no environment\n");
        exit(1);
    }

    txn = begin(0);

    if (mdb_dbi_open(txn, "tree", MDB_CREATE, &tree) != 0
        || mdb_txn_commit(txn) != 0)
    {
        printf("Bail out! no tree\n");
        exit(1);
    }
}


int
main(void)
{
    scratch_make();
    (void) atexit(scratch_remove);
    make_env();
    srandom(1);

    test_written_again();
    test_any(20, "short keys in any order");
    test_any(400, "long keys in any order: branches of branches");

    mdb_env_close(env);

    return done();
}
