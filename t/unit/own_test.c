/*
 * own_test.c: what readers do to comments that are there: to the second of
 * the window, and with no memory at any place; and whether a thread has
 * anything of theirs.
 */

#include "core/actions/actions.h"
#include "scratch.h"
#include "tap.h"


#define POSTED  1000000
#define WINDOW  CMT_EDIT_SECONDS_DEFAULT

typedef int (*prepare_fn)(cmt_store_t *store, const cmt_site_t *site,
    const cmt_submission_t *in, cmt_arena_t *arena, cmt_change_t **change,
    cmt_error_t *err);


static cmt_site_t    site;
static cmt_arena_t  *arena;
static cmt_store_t  *store;
static char          secret[CMT_COOKIE_CHARS + 1];
static char          other[CMT_COOKIE_CHARS + 1];

static const cmt_str_t  nobody = { 0, NULL };


static void
new_cookie(char out[CMT_COOKIE_CHARS + 1])
{
    cmt__hash_t  hash;

    cmt__cookie_new(site.keys, out, &hash);
}


static cmt_str_t
cookie(const char *value)
{
    return (cmt_str_t) { CMT_COOKIE_CHARS, value };
}


/* What a request would do; the code that it is answered with. */
static int
ask(prepare_fn prepare, uint64_t id, cmt_str_t who, int64_t now,
    const char *json, cmt_result_t *result)
{
    int               rc;
    cmt_error_t       err;
    cmt_change_t     *change;
    cmt_submission_t  in;

    memset(&in, 0, sizeof(in));
    in.id = id;
    in.cookie = who;
    in.now = now;

    rc = cmt_form_parse(arena, cmt_str("application/json"),
                        (cmt_str_t) { strlen(json), json }, &in.form, &err);
    if (rc == CMT_OK) {
        rc = prepare(store, &site, &in, arena, &change, &err);
    }
    if (rc != CMT_OK) {
        return rc;
    }

    cmt_commit(store, &change, 1);

    if (result != NULL) {
        *result = *cmt_change_result(change);
    }

    return cmt_change_result(change)->rc;
}


/* A comment of who has the secret, posted at POSTED. */
static uint64_t
post(const char *text)
{
    char          json[256];
    cmt_result_t  result;

    snprintf(json, sizeof(json), "{\"page\":\"/p\",\"name\":\"n\","
             "\"email\":\"a@example.org\",\"text\":\"%s\"}", text);

    return ask(cmt_submit_prepare, 0, cookie(secret), POSTED, json, &result)
           == CMT_OK ? result.id : 0;
}


static cmt__comment_t
comment(uint64_t id)
{
    cmt_read_t      *read;
    cmt__comment_t   c;

    memset(&c, 0, sizeof(c));

    if (cmt_read_begin(store, &read, NULL) == CMT_OK) {
        (void) !cmt__comment_get(read, id, &c);
        c.text = cmt__str_copy(arena, c.text);
        cmt_read_end(read);
    }

    return c;
}


static void
test_window(void)
{
    uint64_t        id;
    cmt_result_t    result;
    cmt__comment_t  c;

    id = post("window");

    is_int(ask(cmt_edit_prepare, id, cookie(secret), POSTED + WINDOW,
               "{\"text\":\"at the limit\"}", &result),
           CMT_OK, "the last second of the window is in it");
    is_str(result.page, "/p", "the result knows the page");
    c = comment(id);
    is_str(c.text, "at the limit", "the text is the new one");
    is_int(c.edited, POSTED + WINDOW, "with its time");
    is_int(c.created, POSTED, "and the old one");

    is_int(ask(cmt_edit_prepare, id, cookie(secret), POSTED + WINDOW + 1,
               "{\"text\":\"past it\"}", NULL),
           CMT_EWINDOW, "one second later it is over for edits");
    is_int(ask(cmt_delete_prepare, id, cookie(secret), POSTED + WINDOW + 1,
               "{}", NULL),
           CMT_EWINDOW, "and for deleting");
    is_int(ask(cmt_edit_prepare, id, cookie(other), POSTED,
               "{\"text\":\"x\"}", NULL),
           CMT_ENOTYOURS, "another cookie is not the author's");
    is_int(ask(cmt_delete_prepare, id, nobody, POSTED, "{}", NULL),
           CMT_ENOTYOURS, "nor is none");
    is_int(ask(cmt_delete_prepare, id, cookie("short"), POSTED, "{}", NULL),
           CMT_ENOTYOURS, "nor one that is no secret");

    is_int(ask(cmt_edit_prepare, id, cookie(secret), POSTED,
               "{\"text\":\"at the limit\"}", &result),
           CMT_OK, "the same text again is no error");
    ok(result.replayed, "and no change");

    is_int(ask(cmt_delete_prepare, id, cookie(secret), POSTED + WINDOW,
               "{}", &result),
           CMT_OK, "in its last second a comment is deleted");
    is_int(result.status, CMT_DELETED, "as the result says");
    is_int(ask(cmt_delete_prepare, id, cookie(secret), POSTED, "{}", NULL),
           CMT_ENOTFOUND, "and is there no more");

    id = post("no window");
    site.edit_seconds = 0;
    is_int(ask(cmt_edit_prepare, id, cookie(secret), POSTED,
               "{\"text\":\"x\"}", NULL),
           CMT_EWINDOW, "off is off in the first second");
    site.edit_seconds = WINDOW;
}


/* A moderator comes between the two halves of an edit. */
static void
test_between(void)
{
    uint64_t          id;
    cmt_who_t         who = { cmt_str("tool"), cmt_str("tool"),
                              CMT_ROLE_OWNER, 0 };
    cmt_error_t       err;
    cmt_change_t     *edit, *reject;
    cmt_decision_t    decision;
    cmt_submission_t  in;

    id = post("between");
    memset(&in, 0, sizeof(in));
    in.id = id;
    in.cookie = cookie(secret);
    in.now = POSTED;
    (void) !cmt_form_parse(arena, cmt_str("application/json"),
                           cmt_str("{\"text\":\"late\"}"), &in.form, &err);

    is_int(cmt_edit_prepare(store, &site, &in, arena, &edit, &err), CMT_OK,
           "an edit is prepared");
    memset(&decision, 0, sizeof(decision));
    decision.what = CMT_DO_REJECT;
    decision.id = id;
    (void) !cmt_decide_prepare(store, &site, &who, &decision, 1, POSTED,
                               arena, &reject, &err);
    cmt_commit(store, &reject, 1);
    cmt_commit(store, &edit, 1);
    is_int(cmt_change_result(edit)->rc, CMT_ENOTFOUND,
           "a moderator's decision meanwhile counts");
    is_str(comment(id).text, "between", "and the text stays");
}


static void
test_author(void)
{
    uint64_t        id;
    cmt__hash_t     hash;
    cmt_read_t     *read;
    cmt_result_t    result;
    cmt__author_t   before, after;

    (void) cmt__cookie_hash(site.keys, cookie(secret), &hash);
    id = post("counted");

    (void) !cmt_read_begin(store, &read, NULL);
    (void) !cmt__author_get(read, 1, CMT__BY_COOKIE, &hash, &before);
    cmt_read_end(read);

    is_int(ask(cmt_delete_prepare, id, cookie(secret), POSTED, "{}", NULL),
           CMT_OK, "a comment is deleted");

    (void) !cmt_read_begin(store, &read, NULL);
    (void) !cmt__author_get(read, 1, CMT__BY_COOKIE, &hash, &after);
    is_int(after.counts[0], (int) before.counts[0] - 1,
           "its author has one less");
    is_int(after.counts[4], (int) before.counts[4],
           "and not one more that is deleted");

    cmt_read_end(read);

    while (id > 0) {
        (void) ask(cmt_delete_prepare, id--, cookie(secret), POSTED, "{}",
                   NULL);
    }

    (void) !cmt_read_begin(store, &read, NULL);
    (void) !cmt__author_get(read, 1, CMT__BY_COOKIE, &hash, &after);
    is_int(after.counts[0], 0, "without comments nothing is counted");
    is_int(after.counts[3], 1, "but what was refused");
    cmt_read_end(read);

    is_int(ask(cmt_submit_prepare, 0, cookie(other), POSTED, "{\"page\":"
               "\"/q\",\"name\":\"n\",\"email\":\"b@example.org\","
               "\"text\":\"only one\"}", &result),
           CMT_OK, "another author posts once");
    is_int(ask(cmt_delete_prepare, result.id, cookie(other), POSTED, "{}",
               NULL),
           CMT_OK, "and deletes it");
    (void) cmt__cookie_hash(site.keys, cookie(other), &hash);
    (void) !cmt_read_begin(store, &read, NULL);
    is_int(cmt__author_get(read, 1, CMT__BY_COOKIE, &hash, &after),
           CMT_ENOTFOUND, "then the store does not know that author");
    cmt_read_end(read);
    is_int(problems(store), 0, "the check finds nothing");
}


/*
 * The n-th allocation fails, for every n until none does.  The rules may lack
 * memory, too: then they hold.  json is a format of n and of the comment's id.
 */
static void
test_memory(prepare_fn prepare, const char *json, const char *name)
{
    int               rc, wrong;
    long              n, left;
    char              text[64], body[256], sentence[96];
    cmt_error_t       err;
    cmt_change_t     *change;
    cmt_submission_t  in;

    memset(&in, 0, sizeof(in));
    in.cookie = prepare == cmt_edit_prepare || prepare == cmt_submit_prepare
                ? cookie(secret) : nobody;
    in.now = POSTED;

    for (n = 1, left = 0, wrong = 0; n < 2000 && left == 0; n++) {

        snprintf(text, sizeof(text), "memory %s %ld", name, n);
        in.id = post(text);
        snprintf(body, sizeof(body), json, n, (long) in.id);
        (void) !cmt_form_parse(arena, cmt_str("application/json"),
                               (cmt_str_t) { strlen(body), body }, &in.form,
                               &err);
        change = NULL;

        (void) cmt__arena_fail_at(n);
        rc = prepare(store, &site, &in, arena, &change, &err);
        left = cmt__arena_fail_at(0);

        if (rc != CMT_OK || change == NULL) {
            wrong += rc != CMT_ENOMEM || change != NULL || left > 0;

        } else if (left == 0) {
            cmt_commit(store, &change, 1);
            wrong += cmt_change_result(change)->rc != CMT_OK
                     || cmt_change_result(change)->status != CMT_PENDING;
        }
    }

    snprintf(sentence, sizeof(sentence), "a %s without memory says so, %ld "
             "times", name, n - 2);
    ok(n > 2 && wrong == 0, sentence);
    ok(left > 0 && change != NULL, "and is prepared with it");
}


/* A change that lacks memory when it is applied is applied once more. */
static void
test_applying(prepare_fn prepare, const char *json, const char *name)
{
    long              n, left;
    char              text[64], sentence[96];
    unsigned          failed;
    cmt_error_t       err;
    cmt_change_t     *change;
    cmt__comment_t    c;
    cmt_submission_t  in;

    for (n = 1, left = 0, failed = 0; n < 50 && left == 0; n++) {

        memset(&in, 0, sizeof(in));
        snprintf(text, sizeof(text), "apply %s %ld", name, n);
        in.id = post(text);
        in.cookie = prepare == cmt_vote_prepare ? cookie(other)
                                                : cookie(secret);
        in.now = POSTED;
        (void) !cmt_form_parse(arena, cmt_str("application/json"),
                               (cmt_str_t) { strlen(json), json }, &in.form,
                               &err);

        if (prepare(store, &site, &in, arena, &change, &err) != CMT_OK) {
            failed++;
            break;
        }

        (void) cmt__arena_fail_at(n);
        cmt_commit(store, &change, 1);
        left = cmt__arena_fail_at(0);
        failed += cmt_change_result(change)->rc != CMT_OK;

        c = comment(in.id);
        failed += prepare == cmt_vote_prepare ? c.votes_down != 1
                                              : c.status != CMT_DELETED;
    }

    snprintf(sentence, sizeof(sentence), "a %s is applied though memory "
             "was short, %ld times", name, n - 2);
    ok(left > 0 && n > 2 && failed == 0, sentence);
}


static void
test_reports(void)
{
    uint64_t      id;
    cmt_result_t  result;

    id = post("reported");
    is_int(ask(cmt_report_prepare, id, nobody, POSTED, "{}", &result),
           CMT_OK, "a report without a cookie");
    is_int(result.set_cookie.len, CMT_COOKIE_CHARS, "gets one");
    is_int(ask(cmt_report_prepare, id, result.set_cookie, POSTED, "{}",
               &result),
           CMT_OK, "and with it again");
    ok(result.replayed, "is the same one");
    is_int(comment(id).reports, 1, "which counts once");
    is_int(ask(cmt_vote_prepare, id, nobody, POSTED, "{\"value\":0}",
               &result),
           CMT_OK, "no vote is taken back");
    is_int(result.set_cookie.len, 0, "without a cookie for it");
}


/* A comment of who has that secret, posted at POSTED. */
static uint64_t
post_on(const char *page, const char *who, unsigned n)
{
    char          json[256];
    cmt_result_t  result;

    snprintf(json, sizeof(json), "{\"page\":\"%s\",\"name\":\"n\","
             "\"email\":\"c@example.org\",\"text\":\"n %u\"}", page, n);

    return ask(cmt_submit_prepare, 0, cookie(who), POSTED, json, &result)
           == CMT_OK ? result.id : 0;
}


/* What cmt_thread_own() says, and until when. */
static int
own_on(const char *page, cmt_str_t who, int64_t now, int64_t *until)
{
    int           own;
    cmt_read_t   *read;
    cmt_error_t   err;
    cmt_thread_t  thread;

    *until = -1;

    if (cmt_read_begin(store, &read, &err) != CMT_OK) {
        return -1;
    }

    own = cmt_thread_find(read, &site, (cmt_str_t) { strlen(page), page },
                          arena, &thread, &err)
          == CMT_OK
          ? cmt_thread_own(read, &site, &thread, who, now, until) : -1;

    cmt_read_end(read);

    return own;
}


static void
test_own(void)
{
    char       reader[CMT_COOKIE_CHARS + 1];
    int64_t    until;
    uint64_t   id;
    cmt_str_t  name;

    new_cookie(reader);
    (void) post_on("/own", other, 0);

    is_int(own_on("/own", nobody, POSTED, &until), 0,
           "who has no cookie has nothing of one's own");
    is_int(until, 0, "and nothing that ends");
    is_int(own_on("/own", cookie("short"), POSTED, &until), 0,
           "nor who has one that is no secret");
    is_int(own_on("/own", cookie(reader), POSTED, &until), 0,
           "nor who has never written");
    is_int(own_on("/none", cookie(other), POSTED, &until), 0,
           "a page without comments has nobody's");

    (void) post_on("/elsewhere", reader, 0);
    is_int(own_on("/own", cookie(reader), POSTED, &until), 0,
           "a comment elsewhere is none here");
    is_int(until, 0, "and its window does not matter");

    id = post_on("/own", reader, 1);
    is_int(own_on("/own", cookie(reader), POSTED, &until), 1,
           "a comment here is one");
    is_int(until, POSTED + WINDOW, "until its window ends");
    (void) own_on("/own", cookie(reader), POSTED + WINDOW - 1, &until);
    is_int(until, POSTED + WINDOW, "also one second before that");
    is_int(own_on("/own", cookie(reader), POSTED + WINDOW, &until), 1,
           "then it is still one's own");
    is_int(until, 0, "and nothing ends any more");

    site.edit_seconds = 0;
    (void) own_on("/own", cookie(reader), POSTED, &until);
    is_int(until, 0, "without windows none ends");
    site.edit_seconds = WINDOW;

    (void) ask(cmt_delete_prepare, id, cookie(reader), POSTED, "{}", NULL);
    is_int(own_on("/own", cookie(reader), POSTED, &until), 0,
           "what is deleted is nobody's");

    name = site.name;
    site.name = cmt_str("example.net");
    is_int(own_on("/own", cookie(other), POSTED, &until), 0,
           "another site has nothing of it");
    site.name = name;
}


static void
test_own_votes(void)
{
    char      reader[CMT_COOKIE_CHARS + 1];
    int64_t   until;
    uint64_t  here, elsewhere;

    new_cookie(reader);
    here = post_on("/voted", other, 0);
    elsewhere = post_on("/elsewhere", other, 1);

    (void) ask(cmt_vote_prepare, elsewhere, cookie(reader), POSTED,
               "{\"value\":1}", NULL);
    is_int(own_on("/voted", cookie(reader), POSTED, &until), 0,
           "a vote elsewhere is none here");

    (void) ask(cmt_vote_prepare, here, cookie(reader), POSTED,
               "{\"value\":-1}", NULL);
    is_int(own_on("/voted", cookie(reader), POSTED, &until), 1,
           "a vote here is one");
    is_int(until, 0, "which has no end");

    (void) ask(cmt_vote_prepare, here, cookie(reader), POSTED,
               "{\"value\":0}", NULL);
    is_int(own_on("/voted", cookie(reader), POSTED, &until), 0,
           "one that is taken back is not");
}


static void
test_own_limit(void)
{
    char      reader[CMT_COOKIE_CHARS + 1];
    int64_t   until;
    unsigned  n;

    new_cookie(reader);
    (void) post_on("/limit", other, 0);

    for (n = 1; n <= CMT_OWN_LOOKED_MAX; n++) {
        (void) post_on("/many", reader, n);
    }

    is_int(own_on("/limit", cookie(reader), POSTED, &until), 0,
           "so many comments elsewhere are all looked at");

    (void) post_on("/many", reader, n);

    is_int(own_on("/limit", cookie(reader), POSTED + 1, &until), 1,
           "with one more it cannot be told");
    is_int(until, POSTED + 1, "nor which of their windows ends first");
    is_int(own_on("/limit", cookie(reader), POSTED + WINDOW, &until), 1,
           "when they have ended neither");
    is_int(until, 0, "but then nothing ends");
}


int
main(void)
{
    char            key_path[64], rules_path[64];
    FILE           *file;
    cmt_key_t      *key;
    const char     *paths[1];
    cmt_error_t     err;
    cmt_rules_t    *rules;

    scratch_make();

    arena = cmt_arena_create((size_t) 256 * 1024 * 1024);
    snprintf(key_path, sizeof(key_path), "%s/key", dir);
    (void) !cmt_key_create(key_path, &err);
    (void) !cmt_key_load(key_path, &key, &err);

    snprintf(rules_path, sizeof(rules_path), "%s/rules.lua", dir);
    paths[0] = rules_path;
    file = fopen(rules_path, "w");
    if (file == NULL || fputs("rule('none', function(c) end)\n", file) < 0
        || fclose(file) != 0)
    {
        return 1;
    }

    is_int(cmt_rules_open(paths, 1, NULL, 0, 0, 0, &rules, &err), CMT_OK,
           "rules are there");

    cmt_site_default(&site);
    site.name = cmt_str("example.org");
    site.author_rate.posts = 0;
    site.rules = rules;
    is_int(cmt_site_init(&site, key, &err), CMT_OK, "a site has its keys");
    new_cookie(secret);
    new_cookie(other);
    is_int(cmt_store_open(dir, CMT_STORE_CREATE, (size_t) 1 << 30, &store,
                          &err),
           CMT_OK, "a store is made");

    test_window();
    test_between();
    test_author();
    test_memory(cmt_submit_prepare,
                "{\"page\":\"/p\",\"name\":\"n\",\"email\":\"a@b.org\","
                "\"text\":\"answer %ld\",\"parent\":%ld}", "comment");
    test_memory(cmt_edit_prepare,
                "{\"text\":\"new %ld https://example.org/\"}", "edit");
    test_memory(cmt_delete_prepare, "{}", "delete");
    test_memory(cmt_vote_prepare, "{\"value\":1}", "vote");
    test_memory(cmt_report_prepare, "{\"reason\":\"why\"}", "report");
    test_applying(cmt_vote_prepare, "{\"value\":-1}", "vote");
    test_applying(cmt_delete_prepare, "{}", "deletion");
    test_reports();
    test_own();
    test_own_votes();
    test_own_limit();
    is_int(problems(store), 0, "the store is whole");

    cmt_store_close(store);
    cmt_site_clear(&site);
    cmt_rules_close(rules);
    cmt_key_free(key);
    cmt_arena_destroy(arena);
    scratch_remove();

    return done();
}
