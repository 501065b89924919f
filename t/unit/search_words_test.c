/*
 * search_words_test.c: words of many languages; what is too long; what is
 * erased.
 */

#include "search_model.h"
#include "tap.h"


typedef struct {
    const char  *text, *words;
    int          found;
    const char  *sentence;
} row_t;

static const row_t  rows[] = {
    { "Blåbærgrøt på hytta", "BLÅBÆRGRØT", 1, "Norwegian capitals" },
    { "Blåbærgrøt på hytta", "blabaergrot", 0, "å is no a" },
    { "Blåbærgrøt på hytta", "blåbær*", 1, "the begin of a word" },
    { "Blåbærgrøt på hytta", "grøt", 0, "not its end" },
    { "Blåbærgrøt på hytta", "grøt*", 0, "not its end with a star" },
    { "Die Straße ist naß", "STRASSE", 1, "German sharp s" },
    { "Die Straße ist naß", "nass die", 1, "two words in any order" },
    { "Die Straße ist naß", "\"nass die\"", 0, "but not as a phrase" },
    { "Die Straße ist naß", "\"straße IST\"", 1, "which this is" },
    { "Crème brûlée", "creme brulee", 1, "accents" },
    { "Привет, мир", "привет", 1, "Cyrillic" },
    { "Привет, мир", "ПРИВЕТ МИР", 1, "Cyrillic capitals" },
    { "Привет, мир", "прив*", 1, "the begin of a Cyrillic word" },
    { "p\xd0\xb0ypal now", "paypal", 1, "a Cyrillic a among Latin letters" },
    { "\xd9\x85\xd8\xb1\xd8\xad\xd8\xa8\xd8\xa7 \xd8\xa8\xd9\x83",
      "\xd9\x85\xd8\xb1\xd8\xad\xd8\xa8\xd8\xa7", 1, "Arabic" },
    { "\xd9\x85\xd9\x8e\xd8\xb1\xd8\xad\xd8\xa8\xd8\xa7",
      "\xd9\x85\xd8\xb1\xd8\xad\xd8\xa8\xd8\xa7", 1, "Arabic with vowels" },
    { "我住在北京大学附近", "北京", 1, "Chinese within a run" },
    { "我住在北京大学附近", "京大", 1, "any two characters of it" },
    { "我住在北京大学附近", "北京大学", 1, "four" },
    { "我住在北京大学附近", "北大", 0, "which must stand together" },
    { "我住在北京大学附近", "京", 1, "a single one" },
    { "我住在北京大学附近", "近", 1, "the last one" },
    { "我住在北京大学附近", "大学 北京", 1, "two in any order" },
    { "北大京北", "北京", 0, "not the pieces of it elsewhere" },
    { "東京タワーはどこ", "タワー", 1, "Japanese" },
    { "東京ﾀﾜｰ", "タワー", 1, "of half width" },
    { "iPhone手机壳", "手机", 1, "Chinese behind Latin" },
    { "iPhone手机壳", "iphone手机", 1, "both together" },
    { "手机iPhone壳", "手机iphone", 1, "and the other way round" },
    { "แมวกินปลา", "กิน", 1, "Thai within a run" },
    { "แมวกินปลา", "ปลา", 1, "at its end" },
    { "แมวกินปลา", "แมวปลา", 0, "not what is apart" },
    { "แมวกินปลา", "ปล", 1, "a part that is short" },
    { "안녕하세요 세계", "세계", 1, "Korean" },
    { "안녕하세요 세계", "안녕*", 1, "the begin of a Korean word" },
    { "so good \xf0\x9f\x98\x80\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80", 1,
      "an emoji" },
    { "so good \xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd", "\xf0\x9f\x91\x8d", 1,
      "of any skin" },
    { "so good \xf0\x9f\x98\x80", "\xf0\x9f\x98\xa0", 0, "not another" },
    { "see http://casino.example/win?x=1", "casino.example", 1, "a domain" },
    { "see http://casino.example/win?x=1", "example.casino", 0,
      "not turned round" },
    { "don't", "don't", 1, "an apostrophe" },
    { "e-mail", "\"e mail\"", 1, "a hyphen" },
    { "say \"so", "\"so", 1, "a quote that does not end" },
    { "price 100€", "€", 1, "a sign" },
    { "a b c", "a * b", 1, "a star alone is nothing" },
    { "x", "about", 1, "the title of the page" },
    { "x", "sm\xc3\xb8r", 1, "the path of the page" },
    { "x", "kari", 1, "the name" },
    { "x", "\"kari kari\"", 0, "a phrase does not run into the next field" },
    { "x", "www.kari.example", 1, "the website" },
};


/* One of each row and then others, so that the first ones are in a segment.
 * Each row has a page of its own. */
static int
rows_add(cmt_store_t *store, size_t from, size_t n, size_t others)
{
    int             rc;
    char            page[64];
    size_t          i;
    uint32_t        site;
    cmt__write_t   *write;
    cmt__thread_t   thread;
    cmt__comment_t  c;

    rc = cmt__write_begin(store, &write, NULL);
    if (rc == CMT_OK) {
        rc = cmt__site_make(write, cmt_str("site"), &site, NULL);
    }

    for (i = from; i < n + others && rc == CMT_OK; i++) {

        snprintf(page, sizeof(page), "/r/%zu/sm%%C3%%B8r", i);
        rc = thread_open(write, site, page, &thread);

        memset(&c, 0, sizeof(c));
        c.status = CMT_APPROVED;
        c.kind = CMT_COMMENT;
        c.name = i < n ? cmt_str("Kari") : cmt_null_str;
        c.website = i < n ? cmt_str("https://www.kari.example/")
                          : cmt_null_str;
        c.text = i < n ? str(rows[i].text) : cmt_str("filler");
        c.html = c.text;

        if (rc == CMT_OK) {
            rc = cmt__comment_add(write, &thread, NULL, 1, NULL, &c, NULL);
        }
        if (rc == CMT_OK) {
            rc = journal(write, c.id, CMT__DID_SUBMIT, 0, c.status);
        }
    }

    if (rc != CMT_OK) {
        cmt__write_abort(write);
        return rc;
    }

    return cmt__write_commit(write, NULL);
}


static void
rows_ask(cmt_store_t *store, size_t n, const char *where)
{
    char          page[64], sentence[128];
    size_t        i;
    cmt_read_t   *read;
    cmt_found_t   found;
    cmt_error_t   err;
    cmt_search_t  q;

    (void) !cmt_read_begin(store, &read, NULL);

    for (i = 0; i < n; i++) {
        snprintf(page, sizeof(page), "/r/%zu/sm%%C3%%B8r", i);
        snprintf(sentence, sizeof(sentence), "%s: %s", where,
                 rows[i].sentence);

        memset(&q, 0, sizeof(q));
        q.site = cmt_str("site");
        q.page = str(page);
        q.words = str(rows[i].words);
        q.limit = 10;
        found.n = 100;
        err.detail[0] = '\0';

        if (cmt_search(read, &q, &found, &err) != CMT_OK) {
            printf("# %s\n", err.detail);
        }

        is_int(found.n, rows[i].found, sentence);
    }

    cmt_read_end(read);
}


static void
test_languages(void)
{
    char          path[64];
    size_t        n;
    uint64_t      left;
    cmt_store_t  *store;

    n = sizeof(rows) / sizeof(rows[0]);
    snprintf(path, sizeof(path), "%s/languages", dir);

    (void) !cmt_store_open(path, CMT_STORE_CREATE, (size_t) 1 << 30, &store,
                           NULL);
    is_int(rows_add(store, 0, n, 0), CMT_OK, "texts of many languages");
    rows_ask(store, n, "not indexed");

    is_int(rows_add(store, n, n, CMT__SEGMENT_SMALL), CMT_OK,
           "and others behind them");
    is_int(cmt_store_maintain(store, 0, NULL), CMT_OK,
           "are indexed by upkeep");
    is_int(cmt_search_index(store, 0, &left, NULL), CMT_OK, "so that none");
    is_int(left, 0, "is left");
    rows_ask(store, n, "indexed");
    is_int(problems(store), 0, "the check finds nothing");
    cmt_store_close(store);
}


/* Comments with too many words for the index are found by reading. */
static void
test_long(void)
{
    int             rc;
    char            path[64];
    size_t          n;
    uint64_t        id, left;
    unsigned        i, k;
    cmt_read_t     *read;
    cmt_found_t     found;
    cmt_search_t    q;
    cmt_store_t    *store;
    cmt__write_t   *write;
    cmt__thread_t   thread;
    cmt__comment_t  c;

    static char  text[CMT_TEXT_BYTES_MAX];

    snprintf(path, sizeof(path), "%s/long", dir);
    (void) !cmt_store_open(path, CMT_STORE_CREATE, (size_t) 1 << 30, &store,
                           NULL);
    (void) !model_work(store, 10, 0);
    id = last_id;

    for (k = 0; k < 2; k++) {

        for (i = 0, n = 0; i < CMT__WORDS_MAX - 4 + k; i++) {
            n += (size_t) sprintf(text + n, "z%x ", i);
        }

        memset(&c, 0, sizeof(c));
        c.status = CMT_APPROVED;
        c.kind = CMT_COMMENT;
        c.text = (cmt_str_t) { n, text };
        c.html = cmt_str("z");

        rc = cmt__write_begin(store, &write, NULL);
        if (rc == CMT_OK) {
            rc = thread_open(write, 1, "/long", &thread);
        }
        if (rc == CMT_OK) {
            rc = cmt__comment_add(write, &thread, NULL, 1, NULL, &c, NULL);
        }
        if (rc == CMT_OK) {
            rc = journal(write, c.id, CMT__DID_SUBMIT, 0, c.status);
        }
        if (rc == CMT_OK) {
            rc = cmt__write_commit(write, NULL);
        }

        is_int(rc, CMT_OK, k == 0 ? "a comment with as many words as the "
                                    "index takes" : "and with one more");
        last_id = c.id;
    }

    (void) !model_work(store, CMT__SEGMENT_SMALL, 0);
    is_int(cmt_search_index(store, 0, &left, NULL), CMT_OK, "are indexed");

    (void) !cmt_read_begin(store, &read, NULL);
    memset(&q, 0, sizeof(q));
    q.words = cmt_str("z0 zf* zff");
    q.limit = 10;
    is_int(cmt_search(read, &q, &found, NULL), CMT_OK, "and looked for");
    cmt_read_end(read);

    ok(found.n == 2 && found.ids[0] == id + 2 && found.ids[1] == id + 1,
       "both are found");
    is_int(problems(store), 0, "the check finds nothing");

    (void) !cmt__write_begin(store, &write, NULL);
    (void) !cmt__comment_erase(write, id + 1, NULL);
    (void) !cmt__comment_erase(write, id + 2, NULL);
    (void) !journal(write, id + 1, CMT__DID_DELETE, CMT_APPROVED,
                    CMT_DELETED);
    (void) !journal(write, id + 2, CMT__DID_DELETE, CMT_APPROVED,
                    CMT_DELETED);
    (void) !cmt__write_commit(write, NULL);

    (void) !cmt_read_begin(store, &read, NULL);
    (void) !cmt_search(read, &q, &found, NULL);
    cmt_read_end(read);
    is_int(found.n, 0, "when they are erased, no more");
    is_int(problems(store), 0, "and the check finds nothing");
    cmt_store_close(store);
}


/* No key of the table has the word, whatever the segment. */
static uint64_t
keys_with(cmt_store_t *store, const char *word)
{
    int          rc;
    uint64_t     n;
    MDB_val      k;
    MDB_cursor  *cursor;
    cmt_read_t  *read;

    (void) !cmt_read_begin(store, &read, NULL);
    (void) !cmt__cursor(read, CMT__WORDS, &cursor);

    for (n = 0; (rc = mdb_cursor_get(cursor, &k, NULL, MDB_NEXT)) == 0;
         /* void */ )
    {
        n += k.mv_size == 4 + strlen(word)
             && memcmp((char *) k.mv_data + 4, word, strlen(word)) == 0;
    }

    mdb_cursor_close(cursor);
    cmt_read_end(read);

    return n;
}


static void
test_erased(void)
{
    char          path[64];
    size_t        n;
    uint64_t      left;
    cmt_store_t  *store;
    cmt__write_t *write;

    snprintf(path, sizeof(path), "%s/erased", dir);
    n = 1;

    (void) !cmt_store_open(path, CMT_STORE_CREATE, (size_t) 1 << 30, &store,
                           NULL);
    (void) !rows_add(store, 0, n, CMT__SEGMENT_SMALL);
    (void) !cmt_search_index(store, 0, &left, NULL);
    is_int(keys_with(store, "kari"), 1, "a name is in the index");

    (void) !cmt__write_begin(store, &write, NULL);
    (void) !cmt__comment_erase(write, 1, NULL);
    (void) !journal(write, 1, CMT__DID_DELETE, CMT_APPROVED, CMT_DELETED);
    (void) !cmt__write_commit(write, NULL);

    is_int(keys_with(store, "kari"), 0,
           "when its comment is erased, it is not");
    is_int(keys_with(store, "hytta"), 0, "nor are the words of the text");
    is_int(problems(store), 0, "the check finds nothing");
    cmt_store_close(store);
}


/* What an import brings need not be a receipt of ours. */

static void
test_receipts(void)
{
    char          path[64], *text;
    size_t        len;
    uint64_t      left;
    cmt_str_t     packed;
    cmt_arena_t  *arena;
    cmt_store_t  *store;
    cmt__write_t *write;

    snprintf(path, sizeof(path), "%s/receipts", dir);
    (void) !cmt_store_open(path, CMT_STORE_CREATE, (size_t) 1 << 30, &store,
                           NULL);
    (void) !rows_add(store, 0, 1, CMT__SEGMENT_SMALL);

    arena = cmt_arena_create(16 * 1024 * 1024);
    text = malloc(1024 * 1024);
    len = (size_t) sprintf(text, "{\"rules\":[{\"name\":\"a\"}],\"b\":[1");

    while (len < 1000000) {
        memcpy(text + len, ",1", 2);
        len += 2;
    }

    memcpy(text + len, "]}", 2);
    is_int(cmt__receipt_pack(arena, (cmt_str_t) { len + 2, text }, &packed),
           CMT_OK, "a receipt of very many parts");
    (void) !cmt__write_begin(store, &write, NULL);
    is_int(cmt__receipt_put(write, 1, packed, NULL), CMT_OK, "is kept");
    (void) !cmt__write_commit(write, NULL);
    is_int(cmt_search_index(store, 0, &left, NULL), CMT_OK,
           "and keeps nothing from being found");
    is_int(left, 0, "all is in the index");
    is_int(problems(store), 0, "the check finds nothing");

    free(text);
    cmt_arena_destroy(arena);
    cmt_store_close(store);
}


static void
test_damaged_receipt(void)
{
    char          path[64];
    cmt_store_t  *store;
    cmt__write_t *write;

    snprintf(path, sizeof(path), "%s/damaged", dir);
    (void) !cmt_store_open(path, CMT_STORE_CREATE, (size_t) 1 << 30, &store,
                           NULL);
    (void) !rows_add(store, 0, 1, 1);
    (void) !cmt__write_begin(store, &write, NULL);
    (void) !cmt__receipt_put(write, 1, cmt_str("{}\x04\x7f\x7f"), NULL);
    (void) !cmt__write_commit(write, NULL);
    is_int(problems(store), 1, "a damaged receipt is found by the check");
    (void) !cmt__write_begin(store, &write, NULL);
    (void) !cmt__receipt_put(write, 1, cmt_str("no JSON"), NULL);
    (void) !cmt__write_commit(write, NULL);
    is_int(problems(store), 1, "and so is one that is no JSON");
    cmt_store_close(store);
}


int
main(void)
{
    scratch_make();

    test_languages();
    test_erased();
    test_long();
    test_receipts();
    test_damaged_receipt();

    scratch_remove();

    return done();
}
