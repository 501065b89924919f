/*
 * erase_test.c: what goes for good, and what must not go yet; the journal
 * afterwards.
 */

#include "moderate_site.h"


#define DAY   86400
#define MANY  250                /* more than one change erases */


static uint64_t
post_at(const char *text, const char *who, const char *email, int64_t now)
{
    char          json[512];
    cmt_result_t  result;

    snprintf(json, sizeof(json), "{\"page\":\"/p\",\"name\":\"n\","
             "\"email\":\"%s\",\"text\":\"%s\"}", email, text);

    return ask(cmt_submit_prepare, &site, 0, who, NULL, now, json, &result)
           == CMT_OK ? result.id : 0;
}


static void
decide_at(cmt_do_t what, uint64_t id, int64_t now)
{
    cmt_error_t     err;
    cmt_change_t   *change;
    cmt_decision_t  d;

    memset(&d, 0, sizeof(d));
    d.what = what;
    d.id = id;
    d.version = CMT_VERSION_ANY;
    d.note = cmt_str("a note about a person");

    (void) !cmt_decide_prepare(store, &site, &kari, &d, 1, now, arena,
                               &change, &err);
    cmt_commit(store, &change, 1);
}


static uint64_t
purge(cmt_status_t status, int64_t now)
{
    uint64_t     n;
    cmt_error_t  err;

    n = 0;

    return cmt_purge(store, &site, status, 30 * DAY, &kari, now, &n, &err)
           == CMT_OK ? n : UINT64_MAX;
}


static uint64_t
erase(const char *email)
{
    uint64_t     n;
    cmt_str_t    typed;
    cmt_error_t  err;

    n = 0;
    typed = cmt__str_copy(arena, (cmt_str_t) { strlen(email), email });

    return cmt_erase(store, &site, typed, &kari, NOW, &n, &err) == CMT_OK
           && typed.data[0] == '\0' ? n : UINT64_MAX;
}


/* An entry of the journal that the store is empty of, to begin with. */
static void
test_nothing(void)
{
    is_int(purge(CMT_SPAM, NOW), 0, "a site that nobody knows is not purged");
    is_int(erase("a@example.org"), 0, "nor is anybody erased from it");
}


static void
test_purge(void)
{
    int              i;
    uint64_t         old, marked, young, waits, n;
    cmt_error_t      err;
    cmt_change_t    *change;
    cmt__import_t    in;
    cmt__comment_t   c;

    old = post_at("hold one, spam since long", secret, "a@example.org", NOW);
    decide_at(CMT_DO_SPAM, old, NOW + DAY);
    marked = post_at("hold two, spam since today", secret, "a@example.org",
                     NOW);
    waits = post_at("hold three", secret, "a@example.org", NOW);

    for (i = 0; i < MANY; i++) {
        char  text[32];

        snprintf(text, sizeof(text), "hold many %d", i);
        n = post_at(text, secret, "a@example.org", NOW + 2 * DAY);
        decide_at(CMT_DO_REJECT, n, NOW + 2 * DAY);
    }

    /* of another system, with a date of long ago, and here since today */
    memset(&in, 0, sizeof(in));
    in.uid = cmt_str("old");
    in.page = cmt_str("/p");
    in.name = cmt_str("old");
    in.text = cmt_str("imported spam");
    in.kind = CMT_COMMENT;
    in.status = CMT_SPAM;
    in.created = NOW - 1000 * DAY;
    (void) !cmt__import_prepare(&site, &in, NOW + 31 * DAY, arena, &change,
                                &err);
    cmt_commit(store, &change, 1);
    young = cmt_change_result(change)->id;
    decide_at(CMT_DO_SPAM, marked, NOW + 31 * DAY);

    is_int(purge(CMT_SPAM, NOW + 31 * DAY - 1), 0,
           "one second before its days are over nothing goes");
    is_int(purge(CMT_SPAM, NOW + 31 * DAY), 1, "then it does");
    c = comment(old);
    ok(c.status == CMT_DELETED && cmt__hollow(&c), "for good");
    is_int(comment(marked).status, CMT_SPAM,
           "what is spam since today stays, however old it is");
    is_int(comment(young).status, CMT_SPAM,
           "and what was imported today, whatever its date");
    is_int(comment(waits).status, CMT_PENDING, "what waits is not touched");
    is_int(purge(CMT_REJECTED, NOW + 40 * DAY), MANY,
           "many go in many changes");
    is_int(purge(CMT_SPAM, NOW + 62 * DAY), 2, "the others in their time");
    is_int(purge(CMT_SPAM, NOW + 62 * DAY), 0, "and once");

    decide_at(CMT_DO_DELETE, waits, NOW + 62 * DAY);
    is_int(purge(CMT_DELETED, NOW + 91 * DAY), 0,
           "what was deleted can be undone for so long");
    is_int(purge(CMT_DELETED, NOW + 92 * DAY), 1, "and then goes");
    is_int(decide(CMT_DO_UNDO, waits).rc, CMT_ENOTFOUND, "without undo");

    is_int(cmt_purge(store, &site, CMT_APPROVED, 30 * DAY, &kari, NOW, &n,
                     &err), CMT_EARGUMENT, "what readers see is not purged");
    is_int(cmt_purge(store, &site, CMT_SPAM, CMT_PURGE_DAYS_MIN * DAY - 1,
                     &kari, NOW, &n, &err), CMT_EARGUMENT,
           "nor anything too soon");
    is_int(cmt_purge(store, &site, CMT_SPAM, CMT_PURGE_DAYS_MIN * DAY,
                     &kari, NOW, &n, &err), CMT_OK, "but at the limit");
    is_int(problems(store), 0, "the store is whole");
}


static void
test_erase(void)
{
    char            json[256];
    uint64_t        mine, theirs, answer;
    cmt_ban_t       ban;
    cmt_read_t     *read;
    cmt__ban_t      none;
    cmt__deed_t     deed;
    cmt_error_t     err;
    cmt__hash_t     identity, hash;
    cmt_change_t   *change;
    cmt_result_t    result;
    cmt__comment_t  c;

    mine = post_at("said by one who goes", other, "Goes@example.org", NOW);
    theirs = post_at("said by one who stays", secret, "b@example.org", NOW);
    decide_at(CMT_DO_PIN, mine, NOW);
    (void) decide_by(&kari, CMT_DO_EDIT, mine, CMT_VERSION_ANY, "edited");
    snprintf(json, sizeof(json), "{\"page\":\"/p\",\"name\":\"n\","
             "\"email\":\"b@example.org\",\"text\":\"an answer\","
             "\"parent\":%llu}", (unsigned long long) mine);
    (void) ask(cmt_submit_prepare, &site, 0, secret, NULL, NOW, json,
               &result);
    answer = result.id;
    (void) ask(cmt_vote_prepare, &site, theirs, other, NULL, NOW,
               "{\"value\":1}", NULL);
    is_int(comment(theirs).votes_up, 1, "a person votes");

    memset(&ban, 0, sizeof(ban));
    ban.kind = CMT_BAN_AUTHOR;
    ban.id = mine;
    ban.status = CMT_SPAM;
    (void) !cmt_ban_prepare(store, &site, &kari, &ban, NOW, arena, &change,
                            &err);
    cmt_commit(store, &change, 1);

    (void) !cmt__email_hash(site.keys, cmt_str("goes@example.org"),
                            &identity);
    (void) cmt__cookie_hash(site.keys, cookie(other), &hash);

    is_int(erase("goes@EXAMPLE.org"), 1, "a person is erased");
    c = comment(mine);
    ok(cmt__hollow(&c) && c.name.len == 0 && cmt__hash_is_zero(&c.identity)
       && cmt__hash_is_zero(&c.cookie), "nothing is left of the comment");
    is_int(comment(answer).parent, mine, "but a place for its answer");
    is_int(comment(theirs).votes_up, 0, "the vote is gone");
    is_str(comment(theirs).text, "said by one who stays", "others stay");

    (void) !cmt_read_begin(store, &read, NULL);
    is_int(cmt__ban_get(read, 1, CMT__BANNED_EMAIL, &identity, &none),
           CMT_ENOTFOUND, "the ban of the address is gone");
    is_int(cmt__ban_get(read, 1, CMT__BANNED_COOKIE, &hash, &none),
           CMT_ENOTFOUND, "and that of the browser");
    is_int(cmt__deed_before(read, mine, 0, &deed), CMT_ENOTFOUND,
           "and notes and former texts");
    cmt_read_end(read);

    is_int(erase("goes@example.org"), 0, "once is enough");
    is_int(erase("no address"), UINT64_MAX, "what is no address is refused");
    is_int(problems(store), 0, "the store is whole");
}


static void
test_log(void)
{
    size_t           lines, k;
    uint64_t         next, n, wrong;
    cmt_str_t        text;
    cmt_read_t      *read;
    cmt_error_t      err;
    cmt_log_query_t  query;

    (void) !cmt_read_begin(store, &read, NULL);
    memset(&query, 0, sizeof(query));
    query.limit = 100;

    for (lines = 0, next = 1; next != 0; query.after = next) {
        if (cmt_log_json(read, &query, arena, &text, &next, &err) != CMT_OK) {
            break;
        }
        for (k = 0; k < text.len; k++) {
            lines += text.data[k] == '\n';
        }
    }

    cmt_read_end(read);

    is_int(cmt_log_verify(store, tell, NULL, &n, &wrong, &err), CMT_OK,
           "the journal is verified");
    is_int(wrong, 0, "and whole, though much was erased");
    is_int(lines, n, "and told in parts, each entry once");
}


/* The n-th allocation fails while things go.  What did not go, goes then. */
static void
test_memory(void)
{
    int          rc;
    long         n, left;
    uint64_t     id, gone, rest;
    unsigned     wrong, kept;
    cmt_str_t    typed;
    cmt_error_t  err;

    wrong = kept = 0;

    for (n = 1, left = 0; n < 100 && left == 0; n++) {
        id = post_at("to go without memory", secret, "m@example.org",
                     NOW + n);
        typed = cmt__str_copy(arena, cmt_str("m@example.org"));

        (void) cmt__arena_fail_at(n);
        rc = cmt_erase(store, &site, typed, &kari, NOW, &gone, &err);
        left = cmt__arena_fail_at(0);

        rest = erase("m@example.org");
        wrong += id == 0 || (rc != CMT_OK && rc != CMT_ENOMEM);
        wrong += problems(store) != 0;
        kept += rest != 0 && (rc == CMT_OK || rest != 1);
    }

    ok(left > 0 && n > 2 && wrong == 0,
       "erasing without memory fails or is done");
    is_int(kept, 0, "and nothing of the person is left");
}


static uint64_t
daily(unsigned ms, int64_t now)
{
    uint64_t     n;
    cmt_error_t  err;

    return cmt_purge_daily(store, 30 * DAY, ms, now, &n, &err) == CMT_OK
           ? n : UINT64_MAX;
}


static void
purging(cmt__purging_t *p)
{
    cmt_read_t  *read;

    if (cmt_read_begin(store, &read, NULL) == CMT_OK) {
        is_int(cmt__purging_get(read, p), CMT_OK, "it knows where it is");
        cmt_read_end(read);
    }
}


static void
be_at(const cmt__purging_t *p)
{
    cmt__write_t  *write;

    if (cmt__write_begin(store, &write, NULL) == CMT_OK) {
        is_int(cmt__purging_put(write, p, NULL), CMT_OK, "somebody is at it");
        is_int(cmt__write_commit(write, NULL), CMT_OK, "and says so");
    }
}


/* Days are those of UTC: then is a midnight. */
static void
test_daily(void)
{
    int              i;
    char             text[48];
    int64_t          then, later;
    uint64_t         n, total, id, parts;
    cmt_error_t      err;
    cmt__purging_t   p;
    cmt__comment_t   c;

    then = (NOW / DAY + 1000) * DAY;
    later = then + 31 * DAY;

    for (i = 0; i < MANY; i++) {
        snprintf(text, sizeof(text), "hold daily number %d", i);
        id = post_at(text, secret, "d@example.org", then);
        decide_at(i % 2 ? CMT_DO_SPAM : CMT_DO_REJECT, id, then);
    }

    id = post_at("hold daily, spam since today", secret, "d@example.org",
                 then);
    decide_at(CMT_DO_SPAM, id, later);

    total = 0;

    for (parts = 0; parts < 100; parts++) {
        n = daily(0, later + (int64_t) parts * 60);
        total += n;
        purging(&p);

        if (p.site == 0) {
            break;
        }
    }

    is_int((int) total, MANY, "what was spam or rejected for long is gone");
    ok(parts > 3, "a part at a time, each of which goes on behind the last");
    is_int(comment(id).status, CMT_SPAM, "what is spam since today stays");

    is_int(daily(1000, later + DAY - 1), 0, "that was all for today,");
    purging(&p);
    is_int((int) p.day, (int) (later / DAY), "whatever there may be;");
    is_int(daily(1000, later + DAY), 0, "tomorrow it is looked again");
    purging(&p);
    is_int((int) p.day, (int) (later / DAY) + 1, "and that is noted");

    later += 31 * DAY;
    p.site = 1;
    p.status = CMT_SPAM;
    p.after = 0;
    p.busy = later + 300;
    be_at(&p);
    is_int(daily(1000, later), 0, "when another worker is at it, this is not,");
    is_int(daily(1000, later + 299), 0, "as long as he may need;");
    is_int(daily(1000, later + 300), 1, "then it goes on in his place");
    c = comment(id);
    ok(cmt__hollow(&c), "and finds what had not been done");

    p.busy = later + 100 * DAY;
    be_at(&p);
    is_int(daily(1000, later), 0, "a clock that was wrong keeps nobody out");
    purging(&p);
    is_int((int) p.site, 0, "for ever");
    is_int(problems(store), 0, "the store is whole");

    p.site = 1000;
    be_at(&p);
    is_int(problems(store), 1, "a site that there is not is told");
    is_int(daily(1000, later), 0, "and ends the purge");

    is_int(cmt_purge_daily(store, CMT_PURGE_DAYS_MIN * DAY - 1, 0, NOW, &n,
                           &err), CMT_EARGUMENT, "too soon is refused");
}


int
main(void)
{
    if (!site_begin()) {
        return 1;
    }

    test_nothing();
    test_purge();
    test_erase();
    test_log();
    test_memory();
    test_daily();

    return site_done();
}
