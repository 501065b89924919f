/*
 * decide_test.c: what moderators decide: once, twice, two at a time, undone,
 * and with no memory at any place.
 */

#include "moderate_site.h"


#define WALK  400                /* decisions of the random walk */


static int
same_state(const cmt__comment_t *a, const cmt__comment_t *b)
{
    return a->status == b->status && a->flags == b->flags
           && a->edited == b->edited && a->replies == b->replies
           && a->votes_up == b->votes_up && a->votes_down == b->votes_down
           && a->reports == b->reports
           && cmt__hash_eq(&a->fingerprint, &b->fingerprint)
           && cmt__str_eq(a->text, b->text) && cmt__str_eq(a->html, b->html)
           && cmt__str_eq(a->name, b->name);
}


static cmt__thread_t
thread(void)
{
    cmt_read_t     *read;
    cmt__thread_t   t;

    memset(&t, 0, sizeof(t));

    if (cmt_read_begin(store, &read, NULL) == CMT_OK) {
        (void) !cmt__thread_get(read, 1, &t);
        cmt_read_end(read);
    }

    return t;
}


static void
test_words(void)
{
    unsigned    i, good;
    cmt_str_t   word;

    for (i = CMT_DO_APPROVE, good = 0; i <= CMT_DO_UNDO; i++) {
        word.data = cmt_do_name((cmt_do_t) i);
        word.len = strlen(word.data);
        good += cmt_do_parse(word) == (cmt_do_t) i;
    }

    is_int(good, CMT_DO_UNDO, "each decision has its word");
    is_int(cmt_do_parse(cmt_str("ignore")), 0, "another word is none");
    is_text(cmt_do_name((cmt_do_t) 99), "?", "another number has none");
    is_text(cmt_do_name((cmt_do_t) 0), "?", "nor has nothing");
}


static void
test_once(void)
{
    uint64_t       id;
    cmt_decided_t  d;

    id = post("hold once");
    is_int(comment(id).status, CMT_PENDING, "a comment waits");

    d = decide(CMT_DO_APPROVE, id);
    is_int(d.rc, CMT_OK, "it is approved");
    is_int(d.before, CMT_PENDING, "and waited before");
    is_int(d.status, CMT_APPROVED, "and does not any more");
    is_str(d.by, "moderator:kari", "by whom is known");
    is_int(d.at, NOW + 1, "and when");
    ok(d.version > 0 && !d.replayed, "it has a version now");
    is_int(comment(id).flags & CMT__FLAG_REVIEWED, CMT__FLAG_REVIEWED,
           "a person has decided");

    is_int(decide_by(&ola, CMT_DO_APPROVE, id, 0, NULL).replayed, 1,
           "to approve it again writes nothing, whatever was seen");
    is_str(decide_by(&ola, CMT_DO_APPROVE, id, 0, NULL).by,
           "moderator:kari", "and tells who was first");

    d = decide_by(&ola, CMT_DO_SPAM, id, 0, NULL);
    is_int(d.rc, CMT_EDECIDED, "who saw it undecided does not make it spam");
    is_str(d.by, "moderator:kari", "but learns who came before");
    is_int(comment(id).status, CMT_APPROVED, "and the comment stays");

    d = decide_by(&ola, CMT_DO_SPAM, id, d.version, NULL);
    is_int(d.rc, CMT_OK, "who has seen that may");
    is_int(comment(id).status, CMT_SPAM, "and it is spam");

    is_int(decide(CMT_DO_HOLD, id).status, CMT_PENDING, "held");
    is_int(decide(CMT_DO_REJECT, id).status, CMT_REJECTED, "rejected");
    is_int(decide(CMT_DO_DELETE, id).status, CMT_DELETED, "deleted");
    is_str(comment(id).text, "hold once", "a deleted comment keeps its text");
    is_int(decide(CMT_DO_APPROVE, id).status, CMT_APPROVED, "and comes back");

    is_int(decide(CMT_DO_APPROVE, 999).rc, CMT_ENOTFOUND,
           "a comment that is not there is not found");
    is_int(problems(store), 0, "the store is whole");
}


static void
test_history(void)
{
    uint64_t       id;
    cmt__author_t  a, b;

    a = author();
    id = post("hold for the history");
    (void) decide(CMT_DO_APPROVE, id);
    b = author();
    is_int(b.counts[CMT_APPROVED - 1], a.counts[CMT_APPROVED - 1] + 1,
           "the author has one approved comment more");
    (void) decide(CMT_DO_SPAM, id);
    b = author();
    is_int(b.counts[CMT_SPAM - 1], a.counts[CMT_SPAM - 1] + 1,
           "then one more that is spam");
    is_int(b.counts[CMT_APPROVED - 1], a.counts[CMT_APPROVED - 1],
           "and none more approved");
    (void) decide(CMT_DO_UNDO, id);
    b = author();
    is_int(b.counts[CMT_APPROVED - 1], a.counts[CMT_APPROVED - 1] + 1,
           "an undo brings it back");
}


static void
test_edit(void)
{
    uint64_t        id;
    cmt_decided_t   d;
    cmt__comment_t  before, c;

    id = post("first text");
    before = comment(id);

    d = decide_by(&kari, CMT_DO_EDIT, id, 0, "second <b>text</b>");
    is_int(d.rc, CMT_OK, "a moderator edits");
    c = comment(id);
    is_str(c.text, "second <b>text</b>", "the text is the new one");
    is_str(c.html, "<p>second <b>text</b></p>", "and its HTML");
    is_int(c.edited, NOW + 1, "readers see that it was edited");
    is_int(c.status, CMT_APPROVED, "the status stays");

    is_int(decide_by(&kari, CMT_DO_EDIT, id, 0, "second <b>text</b>")
           .replayed, 1, "the same text again is no change");
    is_int(decide_by(&ola, CMT_DO_EDIT, id, 0, "third").rc, CMT_EDECIDED,
           "another by one who has not seen it is refused");

    is_int(decide(CMT_DO_UNDO, id).rc, CMT_OK, "it is taken back");
    c = comment(id);
    ok(same_state(&before, &c), "and all is as before");
    is_int(decide_by(&kari, CMT_DO_EDIT, id, CMT_VERSION_ANY, "").rc,
           CMT_ETEXTMISSING, "an edit needs a text");
}


static void
test_undo(void)
{
    uint64_t       id;
    cmt_decided_t  d;

    id = post("hold to undo");
    is_int(decide(CMT_DO_UNDO, id).rc, CMT_EUNDO,
           "nothing was done: nothing to undo");

    (void) decide(CMT_DO_APPROVE, id);
    (void) decide(CMT_DO_SPAM, id);
    (void) decide_by(&ola, CMT_DO_NOTE, id, CMT_VERSION_ANY, "looks odd");
    is_int(decide(CMT_DO_UNDO, id).status, CMT_APPROVED,
           "the newest goes first, past a note");
    is_int(decide(CMT_DO_UNDO, id).status, CMT_PENDING, "then the one before");
    is_int(comment(id).flags, 0, "and no mark is left");
    is_int(decide(CMT_DO_UNDO, id).rc, CMT_EUNDO, "then there is none");

    (void) decide(CMT_DO_APPROVE, id);
    is_int(ask(cmt_edit_prepare, &site, id, secret, NULL, NOW,
               "{\"text\":\"changed by its author\"}", NULL),
           CMT_OK, "the author changes an approved comment");
    d = decide(CMT_DO_UNDO, id);
    is_int(d.rc, CMT_EUNDO, "then the approval is not undone");
    is_str(d.by, "author", "since the author came after it");
    is_int(decide_by(&ola, CMT_DO_SPAM, id, 0, NULL).rc, CMT_EDECIDED,
           "who saw the old text does not decide about the new one");
}


/* The undo of a number that is named. */
static int
undo_number(uint64_t id, uint64_t number, unsigned *replayed)
{
    size_t           n;
    cmt_error_t      err;
    cmt_change_t    *change;
    cmt_decision_t   d;

    memset(&d, 0, sizeof(d));
    d.what = CMT_DO_UNDO;
    d.id = id;
    d.version = CMT_VERSION_ANY;
    d.undo = number;

    (void) !cmt_decide_prepare(store, &site, &kari, &d, 1, NOW, arena,
                               &change, &err);
    cmt_commit(store, &change, 1);
    *replayed = cmt_change_decided(change, &n)[0].replayed;

    return cmt_change_decided(change, &n)[0].rc;
}


static void
test_numbers(void)
{
    uint64_t  id, first, second;
    unsigned  again;

    id = post("hold for numbers");
    first = decide(CMT_DO_APPROVE, id).version;
    second = decide(CMT_DO_DELETE, id).version;

    is_int(undo_number(id, first, &again), CMT_EUNDO,
           "one that is not the newest is not taken back");
    is_int(undo_number(id, second, &again), CMT_OK, "the newest is");
    is_int(comment(id).status, CMT_APPROVED, "and the comment is back");
    is_int(undo_number(id, second, &again), CMT_OK, "once more");
    ok(again, "is no change");
    is_int(comment(id).status, CMT_APPROVED, "and leaves it there");
    is_int(undo_number(id, 1, &again), CMT_EUNDO, "another's is not its own");
}


static void
test_notes(void)
{
    char           text[CMT_NOTE_CHARS_MAX + 2];
    uint64_t       id, version;
    cmt_decided_t  d;

    memset(text, 'n', sizeof(text));
    id = post("noted");

    text[CMT_NOTE_CHARS_MAX] = '\0';
    is_int(decide_by(&kari, CMT_DO_NOTE, id, 0, text).rc, CMT_OK,
           "a note of the largest size");
    text[CMT_NOTE_CHARS_MAX] = 'n';
    text[CMT_NOTE_CHARS_MAX + 1] = '\0';
    is_int(decide_by(&kari, CMT_DO_NOTE, id, CMT_VERSION_ANY, text).rc,
           CMT_ENOTELONG, "and one past it");
    is_int(decide_by(&kari, CMT_DO_NOTE, id, CMT_VERSION_ANY, "  ").rc,
           CMT_EDECISION, "a note without one is no decision");

    d = decide_by(&kari, CMT_DO_SPAM, id, CMT_VERSION_ANY, "why");
    version = d.version;
    d = decide_by(&kari, CMT_DO_SPAM, id, CMT_VERSION_ANY, "why");
    ok(d.replayed && d.version == version, "the same with its note is one");
    d = decide_by(&ola, CMT_DO_SPAM, id, CMT_VERSION_ANY, "I agree");
    ok(!d.replayed && d.version > version, "another's note is kept");
    is_int(problems(store), 0, "the store is whole");
}


static void
test_machine(void)
{
    uint64_t   id;
    cmt_who_t  machine = { cmt_str("rules"), cmt_str("rules"), 0, 1 };

    id = post("hold for a machine");
    is_int(decide_by(&machine, CMT_DO_APPROVE, id, 0, NULL).rc, CMT_OK,
           "a machine decides where nobody has");
    is_int(comment(id).flags & CMT__FLAG_REVIEWED, 0, "which is no review");
    (void) decide(CMT_DO_SPAM, id);
    is_int(decide_by(&machine, CMT_DO_APPROVE, id, CMT_VERSION_ANY, NULL).rc,
           CMT_EDECIDED, "and not where a person has");
    is_int(decide_by(&machine, CMT_DO_SPAM, id, CMT_VERSION_ANY, NULL)
           .replayed, 1, "to say the same is no harm");
    is_int(decide_by(&machine, CMT_DO_EDIT, id, CMT_VERSION_ANY, "x").rc,
           CMT_EFORBIDDEN, "a machine edits nothing");

    id = post("refused by a person");
    (void) decide(CMT_DO_REJECT, id);
    is_int(post("refused by a person"), 0,
           "what a person has refused is not posted again");
}


static void
test_sites(void)
{
    uint64_t         id;
    size_t           n;
    cmt_error_t      err;
    cmt_change_t    *change;
    cmt_decision_t   d;

    id = post("of this site");
    memset(&d, 0, sizeof(d));
    d.what = CMT_DO_SPAM;
    d.id = id;
    d.version = CMT_VERSION_ANY;

    (void) !cmt_decide_prepare(store, &elsewhere, &kari, &d, 1, NOW, arena,
                               &change, &err);
    cmt_commit(store, &change, 1);
    is_int(cmt_change_decided(change, &n)[0].rc, CMT_ENOTFOUND,
           "a moderator of a site that nobody knows finds nothing");

    (void) ask(cmt_submit_prepare, &elsewhere, 0, other, NULL, NOW,
               "{\"page\":\"/p\",\"name\":\"n\",\"email\":\"b@example.org\","
               "\"text\":\"there\"}", NULL);
    cmt_commit(store, &change, 1);
    is_int(cmt_change_decided(change, &n)[0].rc, CMT_ENOTFOUND,
           "nor does one of another site");
    is_int(comment(id).status, CMT_APPROVED, "and the comment stays");

    (void) !cmt_decide_prepare(store, NULL, &kari, &d, 1, NOW, arena,
                               &change, &err);
    cmt_commit(store, &change, 1);
    is_int(comment(id).status, CMT_SPAM, "the tool has no site, but all");
}


static void
test_pins(void)
{
    uint64_t  a, b;
    unsigned  again;

    a = post("pinned a");
    b = post("pinned b");

    is_int(decide(CMT_DO_PIN, a).rc, CMT_OK, "a comment is pinned");
    is_int(thread().pinned, a, "on top of its thread");
    is_int(thread().version, decide(CMT_DO_PIN, a).version,
           "which readers see");
    is_int(decide(CMT_DO_PIN, a).replayed, 1, "again is no change");
    is_int(decide(CMT_DO_UNPIN, b).replayed, 1,
           "another is not there to be taken off");
    is_int(decide(CMT_DO_PIN, b).rc, CMT_OK, "another takes its place");
    is_int(decide(CMT_DO_UNDO, a).rc, CMT_EUNDO,
           "then the first is not undone");
    is_int(decide(CMT_DO_UNDO, b).rc, CMT_OK, "but the second");
    is_int(thread().pinned, a, "and the first is back");
    is_int(undo_number(b, decide(CMT_DO_PIN, b).version, &again), CMT_OK,
           "once more");
    is_int(decide(CMT_DO_UNPIN, a).rc, CMT_OK, "and taken off");
    is_int(thread().pinned, 0, "none is there");

    (void) decide(CMT_DO_PIN, b);
    is_int(ask(cmt_delete_prepare, &site, b, secret, NULL, NOW, "{}", NULL),
           CMT_OK, "its author deletes the pinned one");
    is_int(thread().pinned, 0, "then none is on top");
    is_int(decide(CMT_DO_APPROVE, b).rc, CMT_ENOTFOUND,
           "and nobody brings it back");
    is_int(problems(store), 0, "the store is whole");
}


static void
test_bulk(void)
{
    size_t                i, n, good;
    uint64_t              first;
    cmt_error_t           err;
    cmt_change_t         *change;
    const cmt_decided_t  *decided;
    static cmt_decision_t d[CMT_DECISIONS_MAX + 1];

    first = post("hold the first of many");

    for (i = 0; i <= CMT_DECISIONS_MAX; i++) {
        d[i].what = CMT_DO_SPAM;
        d[i].id = first + i;
        d[i].version = CMT_VERSION_ANY;
    }

    is_int(cmt_decide_prepare(store, &site, &kari, d, CMT_DECISIONS_MAX + 1,
                              NOW, arena, &change, &err),
           CMT_EDECISION, "one decision too many");
    is_int(cmt_decide_prepare(store, &site, &kari, d, 0, NOW, arena, &change,
                              &err),
           CMT_EDECISION, "and none");
    d[1].what = (cmt_do_t) 77;
    is_int(cmt_decide_prepare(store, &site, &kari, d, 2, NOW, arena, &change,
                              &err),
           CMT_EDECISION, "and one that is unknown");
    d[1].what = CMT_DO_SPAM;
    is_int(cmt_decide_prepare(store, &site, &kari, d, CMT_DECISIONS_MAX, NOW,
                              arena, &change, &err),
           CMT_OK, "as many as may be");
    cmt_commit(store, &change, 1);
    decided = cmt_change_decided(change, &n);

    for (i = 1, good = 0; i < n; i++) {
        good += decided[i].rc == CMT_ENOTFOUND;
    }

    is_int(decided[0].status, CMT_SPAM, "the first is decided");
    is_int(good, CMT_DECISIONS_MAX - 1, "the others are not there");
}


/* Decisions at random and a stack of states; each undo must meet it. */
static void
test_walk(void)
{
    size_t                 depth;
    unsigned               i, wrong;
    uint64_t               id, state;
    char                   text[32];
    cmt_do_t               what;
    cmt_decided_t          d;
    cmt__comment_t         is;
    static cmt__comment_t  was[WALK];

    id = post("walked");
    state = 12345;
    depth = 0;

    for (i = 0, wrong = 0; i < WALK; i++) {
        state = state * 6364136223846793005ull + 1442695040888963407ull;
        what = (cmt_do_t) (1 + (state >> 33) % 8);
        is = comment(id);

        if (what == CMT_DO_PIN) {
            d = decide(CMT_DO_UNDO, id);

            if (depth == 0) {
                wrong += d.rc != CMT_EUNDO;
                continue;
            }

            is = comment(id);
            wrong += d.rc != CMT_OK || !same_state(&is, &was[--depth]);
            continue;
        }

        snprintf(text, sizeof(text), "walk %u", i);
        d = decide_by(&kari, what, id, CMT_VERSION_ANY,
                      what == CMT_DO_EDIT || what == CMT_DO_NOTE ? text
                                                                 : NULL);
        wrong += d.rc != CMT_OK;

        if (!d.replayed && what != CMT_DO_NOTE) {
            was[depth++] = is;
        }
    }

    while (depth > 0) {
        d = decide(CMT_DO_UNDO, id);
        is = comment(id);
        wrong += d.rc != CMT_OK || !same_state(&is, &was[--depth]);
    }

    is_int(wrong, 0, "each undo brings back what was");
    is_int(problems(store), 0, "and the check finds nothing");
}


/* The n-th allocation fails, in prepare and then in apply. */
static void
test_memory(void)
{
    int             rc, wrong;
    long            n, left;
    uint64_t        id;
    cmt_error_t     err;
    cmt_change_t   *change;
    cmt_decision_t  d;

    id = post("hold the memory");
    memset(&d, 0, sizeof(d));
    d.id = id;
    d.version = CMT_VERSION_ANY;
    d.what = CMT_DO_EDIT;
    d.text = cmt_str("edited https://example.org/");
    d.note = cmt_str("note");

    for (n = 1, wrong = 0; n < 500; n++) {
        change = NULL;
        (void) cmt__arena_fail_at(n);
        rc = cmt_decide_prepare(store, &site, &kari, &d, 1, NOW, arena,
                                &change, &err);
        if (cmt__arena_fail_at(0) > 0) {
            break;
        }
        wrong += rc != CMT_ENOMEM || change != NULL;
    }

    ok(n > 4 && wrong == 0, "a decision without memory says so");

    for (n = 1, left = 0, wrong = 0; n < 50 && left == 0; n++) {
        d.text = n % 2 ? cmt_str("one way") : cmt_str("the other way");
        (void) !cmt_decide_prepare(store, &site, &kari, &d, 1, NOW, arena,
                                   &change, &err);
        (void) cmt__arena_fail_at(n);
        cmt_commit(store, &change, 1);
        left = cmt__arena_fail_at(0);
        wrong += cmt_change_result(change)->rc != CMT_OK;
        wrong += !cmt__str_eq(comment(id).text, d.text);
    }

    ok(left > 0 && n > 3 && wrong == 0,
       "one that lacks memory in the transaction is applied once more");
}


/* Who alters what was written down is found out. */
static void
test_tampering(void)
{
    size_t         len;
    uint8_t        bytes[16], *value, copy[4096];
    uint64_t       id;
    cmt_str_t      was;
    cmt_decided_t  d;
    cmt__write_t  *write;

    id = post("hold to be tampered with");
    d = decide_by(&kari, CMT_DO_APPROVE, id, CMT_VERSION_ANY, "my note");

    cmt__be_put(bytes, id, 8);
    cmt__be_put(bytes + 8, d.version, 8);

    (void) !cmt__write_begin(store, &write, NULL);
    (void) !cmt__get(cmt__write_view(write), CMT__DEEDS, bytes, 16, &was);
    len = was.len;
    memcpy(copy, was.data, len);
    (void) !cmt__reserve(write, CMT__DEEDS, bytes, 16, len, &value, NULL);
    memcpy(value, copy, len);
    value[len - 1] ^= 1;
    (void) !cmt__write_commit(write, NULL);
    is_int(problems(store), 1, "the check finds a note that was altered");

    (void) !cmt__write_begin(store, &write, NULL);
    (void) !cmt__del(write, CMT__DEEDS, bytes, 16, NULL);
    (void) !cmt__write_commit(write, NULL);
    is_int(problems(store), 1, "or taken away");

    (void) !cmt__write_begin(store, &write, NULL);
    (void) !cmt__put(write, CMT__DEEDS, bytes, 16, copy, len, NULL);
    (void) !cmt__write_commit(write, NULL);
    is_int(problems(store), 0, "and nothing when it is back");
}


int
main(void)
{
    if (!site_begin()) {
        return 1;
    }

    test_words();
    test_once();
    test_history();
    test_edit();
    test_undo();
    test_numbers();
    test_notes();
    test_machine();
    test_sites();
    test_pins();
    test_bulk();
    test_walk();
    test_memory();
    test_tampering();

    return site_done();
}
