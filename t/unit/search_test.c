/*
 * search_test.c: what is found against what a look at each comment finds;
 * limits.
 */

#include "search_model.h"
#include "tap.h"


#define QUERIES  150

typedef struct {
    unsigned      n;                     /* words, all of which must be there */
    unsigned      words[3];
    int           prefix;                /* of the last one */
    int           row;                   /* they are one behind the other */
    int           named;                 /* and the author's name, 1 + which */
} asked_t;


static int
said(const model_t *m, unsigned word, int prefix)
{
    char      a[16], b[16];
    unsigned  i;

    snprintf(a, sizeof(a), "%u", word);

    for (i = 0; i < m->n; i++) {
        snprintf(b, sizeof(b), "%u", m->said[i]);

        if (m->said[i] == word
            || (prefix && strncmp(a, b, strlen(a)) == 0))
        {
            return 1;
        }
    }

    return 0;
}


static int
said_in_row(const model_t *m, const asked_t *a)
{
    unsigned  i, k;

    for (i = 0; i + a->n <= m->n; i++) {
        for (k = 0; k < a->n && m->said[i + k] == a->words[k]; k++) {
            /* void */
        }

        if (k == a->n) {
            return 1;
        }
    }

    return 0;
}


static int
holds(const model_t *m, const cmt_search_t *q, const asked_t *a)
{
    char      page[64], rule[64];
    unsigned  i;

    snprintf(page, sizeof(page), "/page-%u", m->page);
    snprintf(rule, sizeof(rule), "rule %u", m->rule);

    if ((q->site.len != 0 && m->site != (q->site.data[0] == 'o' ? 1 : 2))
        || (q->status != 0 && m->status != q->status)
        || (q->page.len != 0 && !cmt__str_is(q->page, page))
        || (q->since != 0 && m->created < q->since)
        || (q->until != 0 && m->created >= q->until)
        || (q->author.len != 0
            && (m->author == AUTHORS
                || m->author + 1 != strtoul(q->author.data, NULL, 16) >> 24))
        || (q->rule.len != 0
            && (m->rule == RULES
                || (!cmt__str_is(q->rule, rule)
                    && !cmt__str_is(q->rule, "always"))))
        || (a->named != 0 && m->author + 1 != (unsigned) a->named))
    {
        return 0;
    }

    if (a->row) {
        return said_in_row(m, a);
    }

    for (i = 0; i < a->n; i++) {
        if (!said(m, a->words[i], a->prefix && i + 1 == a->n)) {
            return 0;
        }
    }

    return 1;
}


static void
ask(cmt_search_t *q, asked_t *a, char words[256])
{
    size_t    len;
    unsigned  i;

    static char  page[64], rule[64], author[64];

    memset(q, 0, sizeof(*q));
    memset(a, 0, sizeof(*a));

    a->n = (unsigned) roll(4);
    a->row = a->n > 1 && roll(3) == 0;
    a->prefix = !a->row && roll(4) == 0;
    a->named = roll(6) == 0 ? (int) (1 + roll(AUTHORS)) : 0;
    len = 0;
    words[0] = '\0';

    for (i = 0; i < a->n; i++) {
        a->words[i] = (unsigned) roll(roll(2) == 0 ? WORDS : 10);
        len += (size_t) snprintf(words + len, 256 - len, "%s%c%u%s",
                                 i == 0 ? (a->row ? "\"" : "") : " ",
                                 roll(2) == 0 ? 'k' : 'K', a->words[i],
                                 i + 1 < a->n ? "" : a->row ? "\""
                                 : a->prefix ? "*" : "");
    }

    if (a->named) {
        snprintf(words + len, 256 - len, " NAME%d", a->named - 1);
    }

    snprintf(page, sizeof(page), "/page-%u", (unsigned) roll(PAGES));
    snprintf(rule, sizeof(rule), "rule %u", (unsigned) roll(RULES));
    snprintf(author, sizeof(author), "%02x000007",
             1 + (unsigned) roll(AUTHORS));

    q->words = str(words);
    q->site = roll(8) == 0 ? cmt_str("two") : cmt_str("one");
    q->status = roll(2) == 0 ? (cmt_status_t) (1 + roll(5)) : 0;
    q->page = roll(4) == 0 ? str(page) : cmt_null_str;
    q->author = roll(5) == 0 ? str(author) : cmt_null_str;
    q->rule = roll(4) == 0 ? roll(3) == 0 ? cmt_str("always") : str(rule)
                           : cmt_null_str;
    q->since = roll(4) == 0 ? (int64_t) (1000000 + roll(last_id * 10)) : 0;
    q->until = roll(4) == 0 ? (int64_t) (1000000 + roll(last_id * 12)) : 0;
    q->limit = 1 + (unsigned) roll(20);

    if (q->page.len == 0 && q->author.len == 0 && roll(6) == 0) {
        q->site = cmt_null_str;
    }
}


/* All pages of one search against a look at each comment of the model. */
static int
search_agrees(cmt_read_t *read, cmt_search_t *q, const asked_t *a)
{
    size_t       i;
    uint64_t     id;
    unsigned     calls;
    cmt_error_t  err;
    cmt_found_t  found;

    id = last_id;

    for (calls = 0; calls < 2 * IDS_MAX; calls++) {

        if (cmt_search(read, q, &found, &err) != CMT_OK) {
            printf("# %s\n", err.detail);
            return 0;
        }

        for (i = 0; i < found.n; i++, id--) {
            while (id > 0 && !holds(&model[id], q, a)) {
                id--;
            }

            if (id == 0 || found.ids[i] != id) {
                printf("# got %llu, want %llu, by %.*s\n",
                       (unsigned long long) found.ids[i],
                       (unsigned long long) id, (int) q->words.len,
                       q->words.data);
                return 0;
            }
        }

        if (found.next == 0) {
            break;
        }

        q->before = found.next;
    }

    while (id > 0 && !holds(&model[id], q, a)) {
        id--;
    }

    if (id != 0) {
        printf("# %llu was not found by %.*s\n", (unsigned long long) id,
               (int) q->words.len, q->words.data);
    }

    return id == 0;
}


static unsigned
searches_differ(cmt_store_t *store, unsigned n)
{
    char          words[256];
    asked_t       asked;
    unsigned      wrong;
    cmt_read_t   *read;
    cmt_search_t  q;

    if (cmt_read_begin(store, &read, NULL) != CMT_OK) {
        return 1;
    }

    for (wrong = 0; n > 0 && wrong < 3; n--) {
        ask(&q, &asked, words);
        wrong += !search_agrees(read, &q, &asked);
    }

    cmt_read_end(read);

    return wrong;
}


static void
test_model(cmt_store_t *store)
{
    int            rc;
    unsigned       i;
    uint64_t       left, wrong;
    cmt_read_t    *read;
    cmt__index_t   index;

    static const struct {
        unsigned     comments, changes, steps;
        const char  *sentence;
    } rows[] = {
        { 300, 30, 1, "comments that are in no segment are found" },
        { 300, 30, 1, "with a small segment" },
        { 1500, 100, 3, "with several, after changes in them" },
        { 1900, 300, 20, "with all small ones but one" },
        { 200, 200, 2, "with a full one in their place" },
        { 700, 500, 0, "with many behind it, and changes before it" },
        { 100, 100, 20, "with small ones behind it" },
        { 1500, 1000, 20, "after many more" },
    };

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {

        rc = model_work(store, rows[i].comments, 0);
        if (rc == CMT_OK) {
            rc = model_work(store, 0, rows[i].changes);
        }

        for (left = rows[i].steps; left > 0 && rc == CMT_OK; left--) {
            rc = cmt__index_step(store, &wrong, NULL);
        }

        if (rc == CMT_OK) {
            rc = model_work(store, 0, rows[i].changes);
        }

        is_int(rc, CMT_OK, "comments come, change, and are indexed");
        is_int(searches_differ(store, QUERIES), 0, rows[i].sentence);
    }

    is_int(problems(store), 0, "the check finds nothing");

    (void) !cmt_read_begin(store, &read, NULL);
    is_int(cmt__index_read(read, &index), CMT_OK, "there is an index");
    cmt_read_end(read);
    ok(index.indexed > CMT__SEGMENT_FULL && index.indexed < last_id,
       "with full segments, small ones, and a rest");
}


/* A call that may do little still comes further, and misses nothing. */
static void
test_budget(cmt_store_t *store)
{
    size_t       n, all, part;
    uint64_t     id, ids[64], next, a, b;
    unsigned     calls;
    cmt_read_t  *read;
    cmt__find_t  find;
    cmt__term_t  term;

    cmt__phrase_t  phrase = { 1, &term };

    memset(&term, 0, sizeof(term));
    memset(&find, 0, sizeof(find));
    term.text = cmt_str("k150");
    find.phrases = &phrase;
    find.n_phrases = 1;

    (void) !cmt_read_begin(store, &read, NULL);

    for (id = 1, all = 0; id <= last_id; id++) {
        all += (size_t) said(&model[id], 150, 0);
    }

    for (calls = part = 0, next = 0, a = UINT64_MAX, b = 0; calls < IDS_MAX;
         calls++)
    {
        n = 64;
        find.before = next;
        find.work_max = 1;

        if (cmt__find(read, &find, ids, &n, &next) != CMT_OK) {
            break;
        }

        part += n;
        b += next >= a && next != 0;
        a = next;

        if (next == 0) {
            break;
        }
    }

    cmt_read_end(read);
    is_int(next, 0, "a search in the smallest steps comes to its end");
    is_int(b, 0, "each step goes further");
    is_int(part, all, "and all is found");
    ok(calls > 3, "in more than one step");
}


static void
is_refused(cmt_read_t *read, const cmt_search_t *q, const char *field,
    const char *sentence)
{
    int          rc;
    cmt_error_t  err;
    cmt_found_t  found;

    memset(&err, 0, sizeof(err));
    rc = cmt_search(read, q, &found, &err);
    ok(rc == CMT_EARGUMENT && err.field != NULL
       && strcmp(err.field, field) == 0, sentence);
}


static void
test_limits(cmt_store_t *store)
{
    char          words[1024];
    unsigned      i;
    cmt_read_t   *read;
    cmt_found_t   found;
    cmt_search_t  q;

    (void) !cmt_read_begin(store, &read, NULL);
    memset(&q, 0, sizeof(q));
    q.site = cmt_str("one");

    is_refused(read, &q, "limit", "a limit of 0 is refused");
    q.limit = CMT_LIMIT_MAX;
    is_int(cmt_search(read, &q, &found, NULL), CMT_OK, "the greatest is not");
    is_int(found.n, CMT_LIMIT_MAX, "and gives as many");
    q.limit++;
    is_refused(read, &q, "limit", "one more is refused");
    q.limit = 1;

    memset(words, 'x', sizeof(words));
    q.words = (cmt_str_t) { CMT_SEARCH_BYTES_MAX, words };
    is_int(cmt_search(read, &q, &found, NULL), CMT_OK, "the longest words");
    q.words.len++;
    is_refused(read, &q, "words", "one byte more is refused");

    for (i = 0; i < CMT_SEARCH_TERMS_MAX + 1; i++) {
        memcpy(words + 2 * i, "x ", 2);
    }

    q.words = (cmt_str_t) { 2 * CMT_SEARCH_TERMS_MAX, words };
    is_int(cmt_search(read, &q, &found, NULL), CMT_OK, "the most words");
    q.words.len += 2;
    is_refused(read, &q, "words", "one more is refused");
    q.words = cmt_str("... ?!");
    is_refused(read, &q, "words", "none at all as well");
    q.words = cmt_null_str;

    q.page = cmt_str("//\x01");
    is_refused(read, &q, "page", "what is no page is refused");
    q.page = cmt_str("/nobody/was/here");
    found.n = 9;
    is_int(cmt_search(read, &q, &found, NULL), CMT_OK, "a page nobody knows");
    is_int(found.n, 0, "has no comments");
    q.page = cmt_null_str;

    q.author = cmt_str("0100000");
    is_refused(read, &q, "author", "seven digits are no author");
    q.author = cmt_str("0100000g");
    is_refused(read, &q, "author", "nor are other letters");
    q.author = cmt_str("ffffffff");
    is_int(cmt_search(read, &q, &found, NULL), CMT_OK, "an unknown one");
    is_int(found.n, 0, "has no comments");
    q.author = cmt_null_str;

    q.author_of = found.next = 0;
    for (i = 1; i <= last_id && model[i].author == AUTHORS; i++) {
        /* void */
    }
    q.author_of = i;
    is_int(cmt_search(read, &q, &found, NULL), CMT_OK, "the same author's");
    ok(found.n == 1 && model[found.ids[0]].author == model[i].author,
       "are found by one comment");
    q.author_of = 0;

    q.site = cmt_str("three");
    is_int(cmt_search(read, &q, &found, NULL), CMT_ENOTFOUND, "no such site");

    cmt_read_end(read);
}


static void
test_damage(cmt_store_t *store)
{
    uint64_t         left;
    unsigned         work;
    cmt__index_t     index;
    cmt__write_t    *write;
    cmt__segment_t   segment;
    cmt__idset_t     set;
    uint8_t          key[CMT__WORD_KEY_BYTES], out[sizeof(cmt__idset_t)];

    printf("# what follows is the damage done by this test\n");
    work = 0;

    (void) !cmt__write_begin(store, &write, NULL);
    (void) !cmt__index_read(cmt__write_view(write), &index);
    segment = cmt__segment_of(&index, 5);
    (void) !cmt__segment_get(cmt__write_view(write), &segment, cmt_str("k3"),
                             0, &set, &work);
    set.bits[1] ^= 3;
    (void) !cmt__put(write, CMT__WORDS, key,
                     cmt__segment_key(key, &segment, cmt_str("k3")), out,
                     cmt__idset_encode(&segment, &set, out), NULL);
    (void) !cmt__put(write, CMT__WORDS, key,
                     cmt__segment_key(key, &segment, cmt_str("zz")),
                     "\5\0", 2, NULL);
    (void) !cmt__write_commit(write, NULL);
    is_int(problems(store), 3, "the check finds words too many and too few");

    (void) !cmt__write_begin(store, &write, NULL);
    index.version++;
    (void) !cmt__index_write(write, &index, NULL);
    (void) !cmt__write_commit(write, NULL);
    is_int(searches_differ(store, 20), 0,
           "an index of another version is not looked at");
    is_int(cmt_search_index(store, 0, &left, NULL), CMT_OK,
           "but made anew");
    is_int(problems(store), 0, "and then the check finds nothing");
    is_int(searches_differ(store, 100), 0, "and all is found");
}


int
main(void)
{
    cmt_store_t  *store;

    scratch_make();

    is_int(cmt_store_open(dir, CMT_STORE_CREATE, (size_t) 1 << 30, &store,
                          NULL), CMT_OK, "there is a store");

    test_model(store);
    test_budget(store);
    test_limits(store);
    test_damage(store);

    cmt_store_close(store);
    scratch_remove();

    return done();
}
