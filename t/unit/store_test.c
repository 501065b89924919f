/*
 * store_test.c: random work on a store, against a model in plain arrays, and
 * the store's own check after it.
 */

#include "scratch.h"
#include "store_model.h"
#include "tap.h"


static cmt_arena_t *arena;


/* Order of display: branch by branch, each by time and id. */
static int
by_place(const void *a, const void *b)
{
    unsigned        i;
    uint64_t        x, y;
    const model_t  *m, *n;

    m = &model[*(const uint64_t *) a];
    n = &model[*(const uint64_t *) b];

    for (i = 0; i < m->levels && i < n->levels; i++) {
        x = m->branch[i];
        y = n->branch[i];

        if (x != y) {
            return model[x].created != model[y].created
                   ? (model[x].created < model[y].created ? -1 : 1)
                   : (x < y ? -1 : 1);
        }
    }

    return (int) m->levels - (int) n->levels;
}


static int
by_newest(const void *a, const void *b)
{
    uint64_t  x, y;

    x = model[*(const uint64_t *) a].branch[0];
    y = model[*(const uint64_t *) b].branch[0];

    return x == y ? by_place(a, b) : -by_place(&x, &y);
}


static int
score(uint64_t id)
{
    int       sum;
    unsigned  i;

    for (i = 0, sum = 0; i < VOTERS; i++) {
        sum += model[id].votes[i].silent ? 0 : model[id].votes[i].value;
    }

    return sum;
}


static int
by_top(const void *a, const void *b)
{
    uint64_t  x, y;

    x = model[*(const uint64_t *) a].branch[0];
    y = model[*(const uint64_t *) b].branch[0];

    return score(x) != score(y) ? score(y) - score(x) : by_place(a, b);
}


/* What the model shows; below: only what has this comment above it. */
static size_t
expected(uint64_t *ids, cmt_sort_t sort, unsigned depth, uint64_t below)
{
    size_t    n;
    uint64_t  id;
    unsigned  base;

    base = below == 0 ? 0 : model[below].levels;
    n = 0;

    for (id = 1; id <= last_id; id++) {
        if (visible(id) && model[id].levels > base
            && model[id].levels <= base + 1 + depth
            && (below == 0 || model[id].branch[base - 1] == below))
        {
            ids[n++] = id;
        }
    }

    qsort(ids, n, sizeof(uint64_t),
          below != 0 || sort == CMT_SORT_OLDEST ? by_place
          : sort == CMT_SORT_TOP ? by_top : by_newest);

    return n;
}


/* Walks in pages of so many and compares with the model. */
static int
walk_agrees(cmt_store_t *store, cmt_sort_t sort, unsigned depth, uint64_t below,
    size_t page)
{
    int                rc;
    size_t             i, n, at;
    uint64_t           want[COMMENTS], id, after;
    cmt_read_t        *read;
    cmt__walk_t       *walk;
    cmt__comment_t     a, p;
    cmt__walk_query_t  q;

    n = expected(want, sort, depth, below);
    at = 0;
    after = 0;

    do {
        if (cmt_read_begin(store, &read, NULL) != CMT_OK) {
            return 0;
        }

        cmt_arena_reset(arena);
        memset(&q, 0, sizeof(q));
        q.thread = 1;
        q.sort = sort;
        q.levels = depth;

        if (after != 0 && cmt__comment_get(read, after, &a) == CMT_OK) {
            q.after = &a;
        }
        if (below != 0 && cmt__comment_get(read, below, &p) == CMT_OK) {
            q.parent = &p;
        }

        if (cmt__walk_open(read, &q, arena, &walk) != CMT_OK) {
            cmt_read_end(read);
            return 0;
        }

        rc = CMT_OK;

        for (i = 0; i < page; i++) {
            rc = cmt__walk_next(walk, &id);
            if (rc != CMT_OK) {
                break;
            }
            if (at >= n || want[at] != id) {
                printf("# at %zu: got %llu\n", at, (unsigned long long) id);
                cmt__walk_close(walk);
                cmt_read_end(read);
                return 0;
            }
            at++;
            after = id;
        }

        cmt__walk_close(walk);
        cmt_read_end(read);

    } while (rc == CMT_OK);

    if (at != n) {
        printf("# %zu of %zu\n", at, n);
    }

    return rc == CMT_ENOTFOUND && at == n;
}


static void
test_walks(cmt_store_t *store, const char *when)
{
    int       good;
    char      sentence[128];
    unsigned  depth;
    uint64_t  below;

    good = 1;

    for (depth = 0; depth <= CMT_LEVELS_MAX && good; depth++) {
        good = walk_agrees(store, CMT_SORT_OLDEST, depth, 0, 1000)
               && walk_agrees(store, CMT_SORT_NEWEST, depth, 0, 1000)
               && walk_agrees(store, CMT_SORT_TOP, depth, 0, 1000)
               && walk_agrees(store, CMT_SORT_OLDEST, depth, 0, 7)
               && walk_agrees(store, CMT_SORT_NEWEST, depth, 0, 7)
               && walk_agrees(store, CMT_SORT_TOP, depth, 0, 7);
    }

    snprintf(sentence, sizeof(sentence), "threads read in display order, "
             "oldest, newest, by votes, page by page, %s", when);
    ok(good, sentence);

    for (below = 1; below <= last_id && good; below += 11) {
        if (model[below].levels < CMT_LEVELS_MAX - 4) {
            good = walk_agrees(store, CMT_SORT_OLDEST, 2, below, 5)
                   && walk_agrees(store, CMT_SORT_TOP, 2, below, 5);
        }
    }

    snprintf(sentence, sizeof(sentence), "branches are read below their "
             "head, %s", when);
    ok(good, sentence);
}


static void
test_records(cmt_store_t *store)
{
    int          good;
    uint64_t     id;
    cmt_read_t  *read;

    (void) !cmt_read_begin(store, &read, NULL);

    for (id = 1, good = 1; id <= last_id && good; id++) {
        good = record_agrees(read, id);
        if (!good) {
            note("comment %llu", (unsigned long long) id);
        }
    }

    cmt_read_end(read);
    ok(good, "texts, votes and reports are the model's, and what was erased "
       "has none of its author");
}


static void
test_state(cmt_store_t *store)
{
    uint32_t       site;
    uint64_t       instance, before, during, behind, of, seen;
    cmt_read_t    *read;
    cmt__write_t  *write;

    before = during = behind = of = seen = 0;

    is_int(cmt_store_state(store, &instance, &before), CMT_OK,
           "the newest snapshot is told without taking it");

    (void) !cmt_read_begin(store, &read, NULL);
    cmt_read_state(read, &of, &seen);
    ok(of == instance && seen == before, "it is the one that a read gets");

    (void) !cmt__write_begin(store, &write, NULL);
    (void) !cmt__site_make(write, cmt_str("state.example"), &site, NULL);
    (void) !cmt_store_state(store, &instance, &during);
    is_int((long) during, (long) before, "what is written is not there yet");

    is_int(cmt__write_commit(write, NULL), CMT_OK, "it is committed");
    (void) !cmt_store_state(store, &instance, &behind);
    is_int((long) behind, (long) before + 1, "and is told at once");

    cmt_read_state(read, &of, &seen);
    is_int((long) seen, (long) before, "while older reads stay what they are");
    cmt_read_end(read);

    (void) !cmt__write_begin(store, &write, NULL);
    cmt__write_abort(write);
    (void) !cmt_store_state(store, &instance, &during);
    is_int((long) during, (long) behind, "what is given up leaves no trace");
}


static void
test_random(cmt_store_t *store)
{
    int            rc;
    unsigned       i;
    uint32_t       site;
    cmt__write_t  *write;

    rc = cmt__write_begin(store, &write, NULL);
    ok(rc == CMT_OK, "a write transaction begins");
    rc = cmt__site_make(write, cmt_str("example.org"), &site, NULL);
    is_int(rc, CMT_OK, "a site is made");

    for (i = 0; i < COMMENTS && rc == CMT_OK; i++) {
        rc = add(write, site, 6);
    }

    is_int(rc, CMT_OK, "comments are added");
    is_int(cmt__write_commit(write, NULL), CMT_OK, "and committed");
    is_int(problems(store), 0, "the check finds nothing after adding");
    test_walks(store, "after adding");

    for (i = 0; i < MOVES && rc == CMT_OK; i++) {

        if (i % 30 == 0) {
            rc = cmt__write_begin(store, &write, NULL);
            if (rc != CMT_OK) {
                break;
            }
        }

        rc = verbs[roll(sizeof(verbs) / sizeof(verbs[0]))](write,
                                                          1 + roll(last_id));

        if ((i % 30 == 29 || i == MOVES - 1) && rc == CMT_OK) {
            rc = cmt__write_commit(write, NULL);
        }
    }

    is_int(rc, CMT_OK, "comments are moved, edited, erased, voted on and "
           "reported");
    test_records(store);
    is_int(problems(store), 0, "the check finds nothing after the changes");
    test_walks(store, "after the changes");
}


static void
test_ids(cmt_store_t *store)
{
    uint64_t       before, id;
    cmt__write_t  *write;
    cmt_read_t    *read;
    cmt__comment_t c;

    before = last_id;
    (void) !cmt__write_begin(store, &write, NULL);
    (void) !add(write, 1, 6);
    is_int(last_id, before + 1, "ids are given in order");
    cmt__write_abort(write);
    last_id = before;

    (void) !cmt_read_begin(store, &read, NULL);
    is_int(cmt__comment_get(read, before + 1, &c), CMT_ENOTFOUND,
           "an aborted comment is not there");
    id = before;
    is_int(cmt__comment_next(read, &id, &c), CMT_ENOTFOUND,
           "and not in the list");
    cmt_read_end(read);
    is_int(problems(store), 0, "the check finds nothing after an abort");
}


/* Number i, on a page that may be new; parent NULL: on the first level. */
static int
post(cmt__write_t *write, uint32_t site, const char *page, int i,
    const cmt__comment_t *parent, cmt__comment_t *c)
{
    int            rc;
    cmt__thread_t  thread;

    memset(&thread, 0, sizeof(thread));
    memset(c, 0, sizeof(*c));

    rc = cmt__thread_find(cmt__write_view(write), site,
                          (cmt_str_t) { strlen(page), page }, &thread);
    if (rc == CMT_ENOTFOUND) {
        thread.site = site;
        thread.page = (cmt_str_t) { strlen(page), page };
        thread.title = cmt_str("Title");
        rc = cmt__thread_put(write, &thread, NULL);
    }

    c->status = CMT_APPROVED;
    c->kind = CMT_COMMENT;
    c->created = (int64_t) roll(100000);
    c->text = cmt_str("text");
    c->html = c->text;
    c->identity.bytes[0] = (uint8_t) (1 + roll(200));
    memcpy(c->fingerprint.bytes, &i, sizeof(i));
    c->fingerprint.bytes[15] = 1;

    if (rc == CMT_OK) {
        rc = cmt__comment_add(write, &thread, parent, 6, NULL, c, NULL);
    }

    return rc == CMT_OK
           ? journal(write, c->id, CMT__DID_SUBMIT, 0, CMT_APPROVED) : rc;
}


/* Many threads, so that their records move about while they change. */
static void
test_many_threads(void)
{
    int             rc, i;
    char            path[64], page[64];
    uint32_t        site;
    cmt_store_t    *store;
    cmt__write_t   *write;
    cmt__comment_t  c;

    snprintf(path, sizeof(path), "%s/many", dir);
    rc = cmt_store_open(path, CMT_STORE_CREATE, (size_t) 1 << 30, &store,
                        NULL);

    for (i = 0; i < 3000 && rc == CMT_OK; i++) {
        if (i % 20 == 0) {
            rc = cmt__write_begin(store, &write, NULL);
            if (rc != CMT_OK) {
                break;
            }
            rc = cmt__site_make(write, cmt_str("many"), &site, NULL);
        }

        snprintf(page, sizeof(page), "/page-%d", i % 70);

        if (rc == CMT_OK) {
            rc = post(write, site, page, i, NULL, &c);
        }
        if (rc == CMT_OK && i % 20 == 19) {
            rc = cmt__write_commit(write, NULL);
        }
    }

    is_int(rc, CMT_OK, "comments come to many threads");
    is_int(problems(store), 0, "and the check finds nothing");
    cmt_store_close(store);
}


static int
ranked(cmt__write_t *write, uint32_t site, const char *page)
{
    cmt__thread_t  thread;

    return cmt__thread_find(cmt__write_view(write), site,
                            (cmt_str_t) { strlen(page), page }, &thread)
           == CMT_OK && (thread.flags & CMT__THREAD_RANKED) != 0;
}


/* When a thread begins to keep its comments by votes. */
static void
test_ranked(void)
{
    int             i, rc, wrong;
    long            n, left;
    char            path[64];
    uint32_t        site;
    cmt_store_t    *store;
    cmt__vote_t     up = { 1, 0 };
    cmt__write_t   *write;
    cmt__comment_t  c, below;

    snprintf(path, sizeof(path), "%s/ranked", dir);
    (void) !cmt_store_open(path, CMT_STORE_CREATE, (size_t) 1 << 30, &store,
                           NULL);
    (void) !cmt__write_begin(store, &write, NULL);
    rc = cmt__site_make(write, cmt_str("site"), &site, NULL);

    for (i = 0; i < CMT__UNRANKED_MAX && rc == CMT_OK; i++) {
        rc = post(write, site, "/long", i, NULL, &c);
    }

    is_int(rc, CMT_OK, "comments come to a long thread");
    ok(!ranked(write, site, "/long"), "which has no order by votes so far");

    rc = post(write, site, "/long", i, &c, &below);
    is_int(rc, CMT_OK, "with one more, an answer,");
    ok(ranked(write, site, "/long"), "it has one");

    rc = post(write, site, "/short", i + 1, NULL, &c);
    if (rc == CMT_OK) {
        rc = post(write, site, "/short", i + 2, &c, &below);
    }
    if (rc == CMT_OK) {
        rc = cmt__vote_put(write, below.id, &c.identity, up, NULL);
    }
    if (rc == CMT_OK) {
        rc = journal(write, below.id, CMT__DID_VOTE, CMT_APPROVED,
                     CMT_APPROVED);
    }
    is_int(rc, CMT_OK, "an answer in a short thread is liked");
    ok(!ranked(write, site, "/short"), "answers stay in their order");

    rc = cmt__vote_put(write, c.id, &c.identity, up, NULL);
    if (rc == CMT_OK) {
        rc = journal(write, c.id, CMT__DID_VOTE, CMT_APPROVED,
                     CMT_APPROVED);
    }
    is_int(rc, CMT_OK, "so is a comment");
    ok(ranked(write, site, "/short"), "now that has an order by votes, too");

    rc = post(write, site, "/poor", i + 3, NULL, &c);
    is_int(rc, CMT_OK, "where memory is short");
    (void) !cmt__write_commit(write, NULL);

    for (n = 1, left = 0, wrong = 0; n < 20 && left == 0; n++) {
        (void) !cmt__write_begin(store, &write, NULL);
        (void) cmt__arena_fail_at(n);
        rc = cmt__vote_put(write, c.id, &c.identity, up, NULL);
        left = cmt__arena_fail_at(0);
        wrong += rc != (left == 0 ? CMT_ENOMEM : CMT_OK);
        cmt__write_abort(write);
    }

    ok(n > 3 && left > 0 && wrong == 0, "the first vote says so");
    is_int(problems(store), 0, "and the check finds nothing");
    cmt_store_close(store);
}


static void
test_limit(cmt_store_t *store)
{
    int            rc;
    unsigned       i, wait;
    cmt_rate_t     rate;
    cmt__hash_t    key;
    cmt__write_t  *write;

    memset(&key, 7, sizeof(key));
    rate = (cmt_rate_t) { 3, 60 };
    (void) !cmt__write_begin(store, &write, NULL);

    for (i = 0, rc = CMT_OK; i < 3 && rc == CMT_OK; i++) {
        rc = cmt__limit(write, 1, CMT__LIMIT_EMAIL, &key, rate, 1000000, 1,
                        &wait, NULL);
        is_int(wait, 0, "an event within the rate need not wait");
    }

    (void) !cmt__limit(write, 1, CMT__LIMIT_EMAIL, &key, rate, 1000000, 1,
                       &wait, NULL);
    is_int(wait, 20, "one past the rate waits for the pace");
    (void) !cmt__limit(write, 1, CMT__LIMIT_EMAIL, &key, rate, 1000019, 1,
                       &wait, NULL);
    is_int(wait, 1, "a second before it is due it still waits");
    (void) !cmt__limit(write, 1, CMT__LIMIT_EMAIL, &key, rate, 1000020, 1,
                       &wait, NULL);
    is_int(wait, 0, "when it is due it passes");
    (void) !cmt__limit(write, 1, CMT__LIMIT_COOKIE, &key, rate, 1000020, 1,
                       &wait, NULL);
    is_int(wait, 0, "other kinds of keys are counted apart");

    cmt__write_abort(write);
}


static void
test_registry(cmt_store_t *store)
{
    char          copy[64];
    cmt_store_t  *again;

    is_int(cmt_store_open(dir, 0, 0, &again, NULL), CMT_OK,
           "a store that is open opens again");
    ok(again == store, "as the same one");
    cmt_store_close(again);

    snprintf(copy, sizeof(copy), "%s/copy", dir);
    is_int(cmt_store_copy(store, copy, 1, NULL), CMT_OK,
           "a compact copy is made");
    is_int(cmt_store_open(copy, 0, 0, &again, NULL), CMT_OK, "it opens");
    is_int(problems(again), 0, "and the check finds nothing in it");
    cmt_store_close(again);
    is_int(cmt_store_copy(store, copy, 0, NULL), CMT_EIO,
           "a copy never writes over a store");
}


static void
test_damage(cmt_store_t *store)
{
    size_t          len;
    uint8_t         key[CMT__VOTE_KEY_BYTES];
    cmt__hash_t     cookie;
    cmt__state_t    state;
    cmt__thread_t   thread;
    cmt__write_t   *write;
    cmt__comment_t  c;

    printf("# what follows is the damage done by this test\n");

    (void) !cmt__write_begin(store, &write, NULL);
    (void) !cmt__thread_get(cmt__write_view(write), 1, &thread);
    thread.counts[0]++;
    (void) !cmt__thread_put(write, &thread, NULL);
    (void) !cmt__write_commit(write, NULL);
    is_int(problems(store), 1, "the check finds a wrong count");

    (void) !cmt__write_begin(store, &write, NULL);
    cookie = cookie_of(VOTERS);
    (void) !cmt__vote_put(write, last_id, &cookie, (cmt__vote_t) { 1, 0 },
                          NULL);
    (void) !cmt__comment_load(write, last_id, &c, NULL);
    c.votes_up--;
    c.reports++;
    c.flags |= CMT__FLAG_SETTLED;
    (void) !cmt__comment_save(write, &c, NULL);
    (void) !cmt__write_commit(write, NULL);
    is_int(problems(store), 4, "and wrong numbers of votes and reports, and "
           "a version that no entry made");

    (void) !cmt__write_begin(store, &write, NULL);
    len = cmt__key_vote(key, &c, &cookie);
    (void) !cmt__del(write, CMT__AUTHORS, key, len, NULL);
    c.thread++;
    len = cmt__key_vote(key, &c, &cookie);
    (void) !cmt__put(write, CMT__AUTHORS, key, len, "\1", 1, NULL);
    (void) !cmt__write_commit(write, NULL);
    is_int(problems(store), 5, "and a vote that lies behind another thread");

    (void) !cmt__write_begin(store, &write, NULL);
    memset(&state, 0, sizeof(state));
    state.status = model[1].status == CMT_SPAM ? CMT_PENDING : CMT_SPAM;
    (void) !cmt__comment_set(write, 1, &state, NULL);
    (void) !cmt__write_commit(write, NULL);
    ok(problems(store) > 1, "and a change that the journal does not know");
}


int
main(void)
{
    cmt_store_t  *store;
    cmt_error_t   err;

    scratch_make();

    arena = cmt_arena_create(CMT_ARENA_BYTES_MAX);

    ok(cmt_store_open("/tmp/cmt-no-such-store", 0, 0, &store, &err)
       == CMT_EIO, "a store that is missing is not made by accident");
    is_int(cmt_store_open(dir, CMT_STORE_CREATE, (size_t) 1 << 30, &store,
                          &err),
           CMT_OK, "a store is made");

    test_random(store);
    test_ids(store);
    test_many_threads();
    test_ranked();
    test_limit(store);
    test_state(store);
    test_registry(store);
    test_damage(store);

    cmt_store_close(store);
    cmt_arena_destroy(arena);
    scratch_remove();

    return done();
}
