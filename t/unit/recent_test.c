/*
 * recent_test.c: what the newest posts of a thread leave behind: fingerprints
 * and tokens, before and after they move, and how many posts there were.
 */

#include "core/actions/actions.h"
#include "core/store/schema.h"
#include "scratch.h"
#include "tap.h"


_Static_assert(CMT__AUTHOR_NEWEST_MAX == CMT__RECENT_MAX,
               "one test for both");

#define DAY  ((int64_t) 86400)
#define NOW  (20000 * DAY + 1000)
#define HEX  "0700000000000000000000000000000000"


static cmt_store_t  *store;
static cmt__hash_t   author = { { 7 } }, address = { { 8 } };


static void
must(int rc)
{
    if (rc != CMT_OK) {
        printf("# %s\n", cmt_error_code(rc));
        exit(1);
    }
}


static cmt__hash_t
hash(unsigned kind, unsigned n)
{
    cmt__hash_t  h;

    memset(&h, 0, sizeof(h));
    h.bytes[0] = (uint8_t) kind;
    h.bytes[6] = (uint8_t) (n >> 8);
    h.bytes[7] = (uint8_t) n;

    return h;
}


static void
journal(cmt__write_t *write, uint64_t id, cmt__did_t did, unsigned after)
{
    cmt__entry_t  entry;

    memset(&entry, 0, sizeof(entry));
    entry.did = did;
    entry.before = did == CMT__DID_SUBMIT ? 0 : CMT_APPROVED;
    entry.after = after;
    entry.comment = id;
    entry.actor = cmt_str("test");
    must(cmt__journal_append(write, &entry, NULL));
}


/* The n-th post, to the page; gives its id. */
static uint64_t
post(const char *page, unsigned n, int64_t now)
{
    uint32_t        site;
    cmt__hash_t     token;
    cmt__posted_t   posted;
    cmt__write_t   *write;
    cmt__thread_t   thread;
    cmt__comment_t  c;

    must(cmt__write_begin(store, &write, NULL));
    must(cmt__site_make(write, cmt_str("site"), &site, NULL));
    memset(&thread, 0, sizeof(thread));

    if (cmt__thread_find(cmt__write_view(write), site,
                         (cmt_str_t) { strlen(page), page }, &thread)
        != CMT_OK)
    {
        thread.site = site;
        thread.page = (cmt_str_t) { strlen(page), page };
        must(cmt__thread_put(write, &thread, NULL));
    }

    token = hash('t', n);
    posted.token = &token;
    posted.address = &address;

    memset(&c, 0, sizeof(c));
    c.status = CMT_APPROVED;
    c.kind = CMT_COMMENT;
    c.created = now;
    c.text = cmt_str("text");
    c.html = c.text;
    c.identity = author;
    c.fingerprint = hash('f', n);

    must(cmt__comment_add(write, &thread, NULL, 6, &posted, &c, NULL));
    journal(write, c.id, CMT__DID_SUBMIT, CMT_APPROVED);
    must(cmt__write_commit(write, NULL));

    return c.id;
}


static uint64_t
token_is(uint64_t thread, unsigned n, int64_t now)
{
    uint64_t      id;
    cmt_read_t   *read;
    cmt__hash_t   token;

    token = hash('t', n);
    must(cmt_read_begin(store, &read, NULL));

    if (cmt__token_find(read, thread, now, &token, &id) != CMT_OK) {
        id = 0;
    }

    cmt_read_end(read);

    return id;
}


static uint64_t
said(uint64_t thread, unsigned n)
{
    uint64_t      id;
    cmt_read_t   *read;
    cmt__hash_t   print;

    print = hash('f', n);
    must(cmt_read_begin(store, &read, NULL));

    if (cmt__duplicate_find(read, thread, &print, &id) != CMT_OK) {
        id = 0;
    }

    cmt_read_end(read);

    return id;
}


static uint64_t
count(cmt__posts_t of, const char *key, int64_t seconds, int64_t now)
{
    uint64_t     n;
    cmt_read_t  *read;

    must(cmt_read_begin(store, &read, NULL));
    must(cmt__posts_count(read, 1, of, (cmt_str_t) { strlen(key), key },
                          seconds, now, &n));
    cmt_read_end(read);

    return n;
}


static uint64_t
hex_count(cmt__posts_t of, const cmt__hash_t *h, int64_t seconds, int64_t now)
{
    char  hex[2 * CMT_HASH_BYTES + 1];

    cmt__hex(h->bytes, CMT_HASH_BYTES, hex);

    return count(of, hex, seconds, now);
}


/* Are the author's comments those from last down to 1, in any parts? */
static int
listed(uint64_t last)
{
    int          good;
    size_t       i, n, part;
    uint64_t     ids[100], before, want;
    cmt_read_t  *read;

    must(cmt_read_begin(store, &read, NULL));
    good = 1;

    for (part = 1; part <= 40; part++) {
        before = 0;
        want = last;

        do {
            n = part;
            must(cmt__author_comments(read, 1, CMT__BY_EMAIL, &author, before,
                                      ids, &n));

            for (i = 0; i < n; i++) {
                good &= ids[i] == want--;
            }

            before = n > 0 ? ids[n - 1] : 0;

        } while (n == part && before > 1);

        good &= want == 0;
    }

    cmt_read_end(read);

    return good;
}


/* All that a thread and an author can gather, and one more. */
static void
test_move(void)
{
    unsigned  n, lost_tokens, lost_prints;

    for (n = 1; n <= CMT__RECENT_MAX; n++) {
        must(post("/page", n, NOW) == n ? CMT_OK : CMT_EINTERNAL);
    }

    is_int(token_is(1, 1, NOW), 1, "the oldest token of a full record");
    is_int(said(1, CMT__RECENT_MAX), CMT__RECENT_MAX,
           "and the newest fingerprint are found");
    ok(listed(n - 1), "the author's comments are listed in parts");
    is_int(problems(store), 0, "the check finds nothing");

    (void) post("/page", n, NOW);
    ok(listed(n), "one more, and they still are");

    for (n = 1, lost_tokens = lost_prints = 0; n <= CMT__RECENT_MAX + 1; n++)
    {
        lost_tokens += token_is(1, n, NOW) != n;
        lost_prints += said(1, n) != n;
    }

    is_int(lost_tokens, 0, "one more post moves them, and every token");
    is_int(lost_prints, 0, "and every fingerprint is found where it is now");
    is_int(problems(store), 0, "the check finds nothing");
}


static void
test_tokens(void)
{
    size_t         n;
    cmt__write_t  *write;

    is_int(token_is(1, 1, NOW + DAY), 1,
           "a token is found on the next day, moved");
    is_int(token_is(1, CMT__RECENT_MAX + 1, NOW + DAY), CMT__RECENT_MAX + 1,
           "or not");
    is_int(token_is(1, 1, NOW + 2 * DAY), 0, "two days later it is not,");
    is_int(token_is(1, CMT__RECENT_MAX + 1, NOW + 2 * DAY), 0,
           "wherever it is");
    is_int(token_is(2, 1, NOW), 0, "nor is it by another thread");

    must(cmt__write_begin(store, &write, NULL));
    must(cmt__daily_purge(write, NOW + DAY, 1000, &n, NULL));
    is_int(n, 0, "on the next day nothing is dropped");
    must(cmt__daily_purge(write, NOW + 2 * DAY, 1000, &n, NULL));
    is_int(n, CMT__RECENT_MAX + 1,
           "two days later the tokens and the address are");
    cmt__write_abort(write);

    must(cmt__write_begin(store, &write, NULL));
    must(cmt__token_forget(write, 1, CMT__RECENT_MAX + 1, NULL));
    must(cmt__token_forget(write, 1, 1000, NULL));
    must(cmt__write_commit(write, NULL));
    is_int(token_is(1, CMT__RECENT_MAX + 1, NOW), 0,
           "a token that is to be forgotten is");
    is_int(said(1, CMT__RECENT_MAX + 1), CMT__RECENT_MAX + 1,
           "and the fingerprint beside it stays");
    is_int(problems(store), 0, "the check finds nothing");
}


static void
test_edit(void)
{
    uint64_t       id;
    cmt__edit_t    edit;
    cmt__write_t  *write;

    id = post("/page", 900, NOW);

    memset(&edit, 0, sizeof(edit));
    edit.status = CMT_APPROVED;
    edit.edited = NOW;
    edit.text = cmt_str("other");
    edit.html = edit.text;
    edit.fingerprint = hash('f', 901);

    must(cmt__write_begin(store, &write, NULL));
    must(cmt__comment_edit(write, id, &edit, NULL));
    journal(write, id, CMT__DID_EDIT, CMT_APPROVED);
    must(cmt__write_commit(write, NULL));

    is_int(said(1, 900), 0, "what a new post said can be said after its edit");
    is_int(said(1, 901), id, "and what it says now can not");
    is_int(token_is(1, 900, NOW), id, "its token is still known");
    is_int(problems(store), 0, "the check finds nothing");
}


static void
test_counts(void)
{
    unsigned  all;

    all = CMT__RECENT_MAX + 2;

    is_int(hex_count(CMT__POSTS_BY_AUTHOR, &author, 3600, NOW), all,
           "posts are counted by author,");
    is_int(hex_count(CMT__POSTS_FROM_ADDRESS, &address, 3600, NOW), all,
           "by address,");
    is_int(count(CMT__POSTS_ON_PAGE, "/page", 3600, NOW), all, "and by page");

    is_int(hex_count(CMT__POSTS_BY_AUTHOR, &author, 600, NOW + 700), 0,
           "for the span");
    is_int(hex_count(CMT__POSTS_BY_AUTHOR, &author, 7 * DAY, NOW + 6 * DAY),
           all, "up to a week");
    is_int(hex_count(CMT__POSTS_FROM_ADDRESS, &address, DAY, NOW + DAY), 0,
           "an address is known for its day");
    is_int(count(CMT__POSTS_BY_AUTHOR, "no hash", 3600, NOW), 0,
           "what is no hash has posted nothing");
    is_int(count(CMT__POSTS_BY_AUTHOR, HEX, 3600, NOW), 0,
           "nor what is too long");
    is_int(count(CMT__POSTS_ON_PAGE, "/none", 3600, NOW), 0,
           "nor is there any on another page");
}


/* Who takes back all comments is still known to have posted. */
static void
test_taken_back(void)
{
    int            wrote;
    uint64_t       id, last;
    cmt__write_t  *write;

    last = CMT__RECENT_MAX + 2;
    must(cmt__write_begin(store, &write, NULL));

    for (id = 1; id <= last; id++) {
        must(cmt__comment_erase(write, id, NULL));
        journal(write, id, CMT__DID_DELETE, CMT_DELETED);
    }

    must(cmt__write_commit(write, NULL));

    is_int(hex_count(CMT__POSTS_BY_AUTHOR, &author, 3600, NOW), last,
           "posts of who took back all of them are still counted");
    is_int(problems(store), 0, "the check finds nothing");

    (void) post("/page", 1, NOW);
    is_int(hex_count(CMT__POSTS_BY_AUTHOR, &author, 3600, NOW), last + 1,
           "and go on when there is one more");
    is_int(problems(store), 0, "the check finds nothing");

    must(cmt__write_begin(store, &write, NULL));
    must(cmt__comment_erase(write, last + 1, NULL));
    journal(write, last + 1, CMT__DID_DELETE, CMT_DELETED);
    wrote = 0;
    must(cmt__posts_forget(write, 1, &author, &wrote, NULL));
    is_int(wrote, 1, "who is to be forgotten");
    must(cmt__write_commit(write, NULL));

    is_int(hex_count(CMT__POSTS_BY_AUTHOR, &author, 3600, NOW), 0, "is");
    is_int(problems(store), 0, "the check finds nothing");

    must(cmt__write_begin(store, &write, NULL));
    wrote = 0;
    must(cmt__posts_forget(write, 1, &author, &wrote, NULL));
    is_int(wrote, 0, "which happens once");
    cmt__write_abort(write);
}


/* Nothing of a day that is over stays behind the next post. */
static void
test_over(void)
{
    cmt_str_t      value;
    uint8_t        key[CMT__RECENT_KEY_BYTES];
    cmt_read_t    *read;
    cmt__recent_t  first, second;

    (void) post("/quiet", 700, NOW);
    (void) post("/quiet", 701, NOW + 2 * DAY);

    must(cmt_read_begin(store, &read, NULL));
    must(cmt__get(read, CMT__THREADS, key, cmt__key_recent(key, 2), &value));
    must(cmt__recent_entry(value, 0, &first));
    must(cmt__recent_entry(value, 1, &second));
    is_int(cmt__recent_entry(value, 2, &first), CMT_ENOTFOUND,
           "there are two posts");
    cmt_read_end(read);

    ok(cmt__le_get(first.token, CMT__PRINT_BYTES) == 0,
       "a token whose days are over goes with the next post");
    ok(cmt__le_get(first.fingerprint, CMT__PRINT_BYTES) != 0,
       "its fingerprint does not");
    ok(cmt__le_get(second.token, CMT__PRINT_BYTES) != 0,
       "and the new post has its own");
}


/* Else what is sent again would be there twice. */
static void
test_unreadable(void)
{
    uint8_t         key[CMT__TOKEN_KEY_BYTES];
    cmt__hash_t     token;
    cmt_change_t    change;
    cmt__write_t   *write;
    cmt__thread_t   thread;

    memset(&change, 0, sizeof(change));
    memset(&thread, 0, sizeof(thread));
    thread.id = 1;
    token = hash('t', 600);

    must(cmt__write_begin(store, &write, NULL));
    is_int(cmt__thread_replays(cmt__write_view(write), &thread, &token, NOW,
                               &change, NULL),
           CMT_OK, "a token that was never there is new");
    must(cmt__put(write, CMT__DAILY, key,
                  cmt__key_token(key, NOW / DAY, 1, token.bytes), "1234567", 7,
                  NULL));
    is_int(cmt__thread_replays(cmt__write_view(write), &thread, &token, NOW,
                               &change, NULL),
           CMT_ECORRUPT, "one that cannot be read is not");
    ok(!change.result.replayed, "and nothing is replayed");
    cmt__write_abort(write);
}


static void
test_damage(void)
{
    uint8_t         key[CMT__RECENT_KEY_BYTES];
    cmt__hash_t     token;
    cmt__posted_t   posted;
    cmt__write_t   *write;
    cmt__comment_t  c;

    printf("# what follows is the damage done by this test\n");

    token = hash('t', 500);
    posted.token = &token;
    posted.address = NULL;

    (void) post("/page", 500, NOW);

    must(cmt__write_begin(store, &write, NULL));
    must(cmt__comment_get(cmt__write_view(write), 1, &c));
    c.fingerprint = hash('f', 501);
    must(cmt__recent_add(write, &c, &posted, NULL));
    must(cmt__write_commit(write, NULL));
    ok(problems(store) >= 1,
       "the check finds a fingerprint that is no comment's");

    must(cmt__write_begin(store, &write, NULL));
    must(cmt__put(write, CMT__THREADS, key, cmt__key_recent(key, 1), "\1\0", 2,
                  NULL));
    must(cmt__write_commit(write, NULL));
    ok(problems(store) >= 1, "and a record that is none");
}


int
main(void)
{
    scratch_make();
    must(cmt_store_open(dir, CMT_STORE_CREATE, (size_t) 1 << 28, &store,
                        NULL));

    test_move();
    test_tokens();
    test_edit();
    test_counts();
    test_taken_back();
    test_over();
    test_unreadable();
    test_damage();

    cmt_store_close(store);
    scratch_remove();

    return done();
}
