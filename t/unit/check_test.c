/*
 * check_test.c: the store's check against a store in which something is
 * wrong.  Each record of each table is taken away; is cut short; and is there
 * once more, under a key that nothing has.  The table below says in which
 * ones each of these is found each time.
 */

#include "moderate_site.h"


#define RECORDS_MAX  256

typedef enum { MISSING, CUT, MORE, WRONGS } wrong_t;

static const char *const  wrongs[WRONGS] = { "missing", "cut", "too many" };


/* search_test looks after the last table: it is empty here.  Of a receipt, a
 * ban, a session and of what rules keep nothing else tells. */
static const struct {
    const char  *name;
    unsigned     found[WRONGS];
} tables[CMT__TABLES] = {
    [CMT__META] = { "meta", { 0, 0, 0 } },           /* no store opens then  */
    [CMT__SITES] = { "sites", { 0, 0, 0 } },
    [CMT__PAGES] = { "pages", { 1, 1, 1 } },
    [CMT__THREADS] = { "threads", { 1, 1, 1 } },
    [CMT__COMMENTS] = { "comments", { 1, 1, 1 } },
    [CMT__STATUSES_DB] = { "statuses", { 1, 1, 1 } },
    [CMT__AUTHORS] = { "authors", { 1, 1, 1 } },
    [CMT__SOURCES] = { "sources", { 0, 1, 0 } },
    [CMT__DAILY] = { "daily", { 0, 0, 0 } },         /* gone in two days     */
    [CMT__JOURNAL] = { "journal", { 1, 1, 1 } },
    [CMT__RECEIPTS] = { "receipts", { 0, 0, 1 } },
    [CMT__DEEDS] = { "deeds", { 1, 1, 1 } },
    [CMT__MODERATION] = { "moderation", { 0, 1, 1 } },
    [CMT__MEMORY] = { "memory", { 1, 0, 1 } },
    [CMT__WORDS] = { "words", { 0, 0, 0 } }
};

static size_t     n_records;
static cmt_str_t  keys[RECORDS_MAX], values[RECORDS_MAX];


/* One of everything that a site has. */

static void
fill(void)
{
    uint64_t            one, two;
    cmt_ban_t           ban;
    cmt_error_t         err;
    cmt_change_t       *change;
    cmt__write_t       *write;
    cmt__import_t       in;
    cmt__memory_key_t   at;

    one = post("the first one");
    two = post("hold the second");
    (void) decide(CMT_DO_APPROVE, two);
    (void) decide_by(&kari, CMT_DO_NOTE, one, CMT_VERSION_ANY, "a note");
    (void) ask(cmt_vote_prepare, &site, one, other, NULL, NOW,
               "{\"value\":1}", NULL);
    (void) ask(cmt_report_prepare, &site, one, other, NULL, NOW,
               "{\"reason\":\"spam\"}", NULL);

    memset(&ban, 0, sizeof(ban));
    ban.kind = CMT_BAN_DOMAIN;
    ban.value = cmt_str("spam.example");
    ban.status = CMT_SPAM;
    is_int(cmt_ban_prepare(store, &site, &kari, &ban, NOW, arena, &change,
                           &err), CMT_OK, "a ban");
    cmt_commit(store, &change, 1);

    memset(&in, 0, sizeof(in));
    in.uid = cmt_str("1");
    in.page = cmt_str("/old");
    in.name = cmt_str("n");
    in.text = cmt_str("from elsewhere");
    in.kind = CMT_COMMENT;
    in.status = CMT_APPROVED;
    in.created = NOW - 1000;
    is_int(cmt__import_prepare(&site, &in, NOW, arena, &change, &err), CMT_OK,
           "an import");
    cmt_commit(store, &change, 1);

    at = (cmt__memory_key_t) { 1, CMT__MEMORY_VALUE, cmt_str("store"),
                               cmt_str("key") };
    is_int(cmt__write_begin(store, &write, &err), CMT_OK, "a rule");
    is_int(cmt__memory_put(write, &at, NOW + 1000, cmt_str("value"), &err),
           CMT_OK, "keeps something");
    is_int(cmt__write_commit(write, &err), CMT_OK, "for a while");
}


static void
read_all(cmt__table_t table)
{
    MDB_val      k, v;
    cmt_read_t  *read;
    MDB_cursor  *cursor;

    n_records = 0;

    if (cmt_read_begin(store, &read, NULL) != CMT_OK
        || cmt__cursor(read, table, &cursor) != CMT_OK)
    {
        return;
    }

    while (n_records < RECORDS_MAX
           && mdb_cursor_get(cursor, &k, &v, MDB_NEXT) == 0)
    {
        keys[n_records] = cmt__str_copy(arena, (cmt_str_t) { k.mv_size,
                                                             k.mv_data });
        values[n_records++] = cmt__str_copy(arena, (cmt_str_t) { v.mv_size,
                                                                 v.mv_data });
    }

    mdb_cursor_close(cursor);
    cmt_read_end(read);
}


/* Beside every layer: not even the head is written anew. */

static int
change(cmt__table_t table, cmt_str_t key, const cmt_str_t *value)
{
    int       rc;
    MDB_val   k, v;
    MDB_txn  *txn;

    k = (MDB_val) { key.len, (void *) key.data };

    rc = mdb_txn_begin(store->env, NULL, 0, &txn);
    if (rc != 0) {
        return rc;
    }

    if (value == NULL) {
        rc = mdb_del(txn, store->tables[table], &k, NULL);

    } else {
        v = (MDB_val) { value->len, (void *) value->data };
        rc = mdb_put(txn, store->tables[table], &k, &v, 0);
    }

    return rc != 0 ? rc : mdb_txn_commit(txn);
}


/* 1 when it is found, or when there is nothing to be wrong; and puts it
 * right again. */

static int
is_found(cmt__table_t table, size_t i, wrong_t wrong)
{
    int        rc;
    char       more[600];
    uint64_t   n;
    cmt_str_t  key, value;

    key = keys[i];
    value = values[i];

    if (wrong == CUT) {
        if (value.len == 0) {
            return 1;
        }
        value.len--;

    } else if (wrong == MORE) {          /* ids are in front or at the end */
        memcpy(more, key.data, key.len);
        more[key.len - 1] = (char) (more[key.len - 1] ^ 0x55);
        more[0] = (char) (more[0] ^ 0x55);
        key.data = more;
    }

    n = 0;
    rc = change(table, key, wrong == MISSING ? NULL : &value);

    if (rc == 0) {
        rc = cmt_store_check(store, NULL, NULL, &n, NULL);
        rc |= change(table, key, wrong == MORE ? NULL : &values[i]);
    }

    return rc == CMT_OK && n > 0;
}


static void
sweep(cmt__table_t table, wrong_t wrong)
{
    char    sentence[96];
    size_t  i, found;

    read_all(table);

    for (i = 0, found = 0; i < n_records; i++) {
        if (is_found(table, i, wrong)) {
            found++;

        } else {
            note("the check does not see that record %zu of %s is %s", i,
                 tables[table].name, wrongs[wrong]);
        }
    }

    (void) snprintf(sentence, sizeof(sentence), "%s: each of %zu is found "
                    "when it is %s", tables[table].name, n_records,
                    wrongs[wrong]);
    ok(n_records > 0 && found == n_records, sentence);
}


int
main(void)
{
    unsigned  table, wrong;

    if (!site_begin()) {
        printf("Bail out! no site\n");
        return 1;
    }

    fill();
    is_int(problems(store), 0, "nothing is wrong yet");

    for (table = 0; table < CMT__TABLES; table++) {
        for (wrong = 0; wrong < WRONGS; wrong++) {
            if (tables[table].found[wrong]) {
                sweep((cmt__table_t) table, (wrong_t) wrong);
            }
        }
    }

    return site_done();
}
