/*
 * share_test.c: how often a page was shared: what counts, and what does not.
 */

#include "moderate_site.h"


#define DAY  86400


static int
share_at(const char *page, const char *target, const char *address,
    int64_t now, cmt_result_t *result)
{
    char  json[128];

    snprintf(json, sizeof(json), "{\"page\":\"%s\",\"target\":\"%s\"}", page,
             target);

    return ask(cmt_share_prepare, &site, 0, NULL, address, now, json, result);
}


/* The thread of a page, without its strings; id 0: there is none. */
static cmt__thread_t
thread_of(const char *page)
{
    uint32_t        id;
    cmt_read_t     *read;
    cmt__thread_t   thread;

    memset(&thread, 0, sizeof(thread));

    if (cmt_read_begin(store, &read, NULL) == CMT_OK) {
        if (cmt__site_find(read, site.name, &id) == CMT_OK) {
            (void) !cmt__thread_find(read, id,
                                     (cmt_str_t) { strlen(page), page },
                                     &thread);
        }

        cmt_read_end(read);
    }

    return thread;
}


static void
test_counting(void)
{
    uint64_t       version;
    cmt_result_t   result;
    cmt__thread_t  t;

    (void) post("A page with a comment.");
    version = thread_of("/p").version;

    is_int(share_at("/p", "x", "192.0.2.1", NOW, &result), CMT_OK,
           "a share is taken");
    t = thread_of("/p");
    ok(t.shares[5] == 1 && t.shared == NOW, "and counted");
    ok(t.version == version, "the version of the thread stays");

    is_int(share_at("/p", "x", "192.0.2.77", NOW + 1, &result), CMT_OK,
           "another one of that network is taken as well");
    ok(result.replayed && thread_of("/p").shares[5] == 1,
       "but is not counted that day");
    is_int(share_at("/p", "copy", "192.0.2.1", NOW + 2, &result), CMT_OK,
           "to another place");
    is_int(share_at("/p", "x", "198.51.100.1", NOW + 3, &result), CMT_OK,
           "or from another network");
    is_int(share_at("/p", "x", "192.0.2.1", NOW + DAY, &result), CMT_OK,
           "or on the next day");
    t = thread_of("/p");
    ok(t.shares[5] == 3 && t.shares[6] == 1 && t.shared == NOW + DAY,
       "it is");

    is_int(share_at("/p", "email", "192.0.2.1", NOW, NULL), CMT_ENOTFOUND,
           "what the site does not offer is not counted");
    is_int(share_at("/p", "nowhere", "192.0.2.1", NOW, NULL), CMT_ENOTFOUND,
           "nor what nobody knows");
    is_int(share_at("no page", "x", "192.0.2.1", NOW, NULL), CMT_EPAGE,
           "a page is a path");
}


static void
test_before_any_comment(void)
{
    cmt__thread_t  t;

    is_int(share_at("/new", "x", "192.0.2.1", NOW, NULL), CMT_OK,
           "a page is shared before anybody has spoken");
    t = thread_of("/new");
    ok(t.id != 0 && t.created == 0, "nobody has begun its thread");

    site.close_seconds = 10;
    ok(!cmt__thread_closed(&site, &t, NOW + 1000),
       "so it does not close by its age");
    is_int(ask(cmt_submit_prepare, &site, 0, secret, NULL, NOW + 1000,
               "{\"page\":\"/new\",\"title\":\"T\",\"name\":\"n\","
               "\"email\":\"a@example.org\",\"text\":\"First.\"}", NULL),
           CMT_OK, "a comment begins it");
    t = thread_of("/new");
    ok(t.created == NOW + 1000 && t.title.len == 1 && t.shares[5] == 1,
       "then it has a time, a title, and its number still");
    ok(!cmt__thread_closed(&site, &t, NOW + 1009)
       && cmt__thread_closed(&site, &t, NOW + 1010),
       "and closes so long after the comment");
    site.close_seconds = 0;
}


/* Its thread has the old page's address when the first comment comes. */
static void
test_moved_before_any_comment(void)
{
    cmt__thread_t  t;

    const cmt_alias_t  alias = { cmt_str("/was"), cmt_str("/is") };

    is_int(share_at("/was", "x", "192.0.2.1", NOW, NULL), CMT_OK,
           "a page is shared, and moves before anybody has spoken");
    site.aliases = &alias;
    site.n_aliases = 1;
    is_int(ask(cmt_submit_prepare, &site, 0, secret, NULL, NOW + 1000,
               "{\"page\":\"/is\",\"title\":\"T\",\"name\":\"n\","
               "\"email\":\"a@example.org\",\"text\":\"First there.\"}",
               NULL),
           CMT_OK, "a comment begins its thread");
    t = thread_of("/is");
    ok(t.created == NOW + 1000 && t.title.len == 1 && t.shares[5] == 1,
       "which has a time and a title, too");
    ok(thread_of("/was").id == 0, "and only the new address");
    site.aliases = NULL;
    site.n_aliases = 0;
}


static void
test_limit(void)
{
    int           i;
    char          page[16];
    cmt_result_t  result;

    site.address_rate.posts = 3;
    site.address_rate.seconds = 600;

    for (i = 0; i < 3; i++) {
        snprintf(page, sizeof(page), "/many%d", i);
        is_int(share_at(page, "x", "203.0.113.1", NOW, NULL), CMT_OK,
               "within the pace of a network");
    }

    is_int(share_at("/many3", "x", "203.0.113.1", NOW, &result), CMT_EFLOOD,
           "one more is too many");
    is_int((long) result.error.retry_seconds, 200, "and told when to come");
    ok(thread_of("/many3").id == 0, "and has written nothing");
    is_int(share_at("/many3", "x", "203.0.113.1", NOW + 200, NULL), CMT_OK,
           "later it counts");
    site.address_rate.posts = 0;
}


/* Writes a number past everything. */
static void
set_shares(uint32_t n)
{
    cmt__write_t   *write;
    cmt__thread_t   t;

    t = thread_of("/p");

    if (cmt__write_begin(store, &write, NULL) == CMT_OK
        && cmt__thread_get(cmt__write_view(write), t.id, &t) == CMT_OK)
    {
        memset(t.shares, 0, sizeof(t.shares));
        t.shares[5] = n;
        (void) !cmt__thread_put(write, &t, NULL);
        (void) !cmt__write_commit(write, NULL);
    }
}


static void
test_highest(void)
{
    set_shares(UINT32_MAX - 1);
    (void) share_at("/p", "x", "203.0.113.2", NOW, NULL);
    ok(thread_of("/p").shares[5] == UINT32_MAX, "up to the highest number");
    is_int(share_at("/p", "x", "198.51.100.2", NOW + 2 * DAY, NULL), CMT_OK,
           "one more is taken");
    ok(thread_of("/p").shares[5] == UINT32_MAX, "but does not begin anew");
}


static void
test_check(void)
{
    set_shares(0);
    is_int((long) problems(store), 1,
           "the check tells of a time of sharing without a number");
    set_shares(1);
}


/* What the page said of itself lies in the same record. */

static void
set_about(cmt_str_t about, int64_t told)
{
    cmt__write_t   *write;
    cmt__thread_t   t;

    t = thread_of("/p");

    if (cmt__write_begin(store, &write, NULL) == CMT_OK
        && cmt__thread_get(cmt__write_view(write), t.id, &t) == CMT_OK)
    {
        t.about = about;
        t.told = told;
        (void) !cmt__thread_put(write, &t, NULL);
        (void) !cmt__write_commit(write, NULL);
    }
}


static void
test_about(void)
{
    char       most[CMT_PAGE_ABOUT_BYTES_MAX];
    uint32_t   shares;
    cmt_str_t  about;

    shares = thread_of("/p").shares[5];
    about = (cmt_str_t) { sizeof(most), most };
    memset(most, 'x', sizeof(most));
    memcpy(most, "a=", 2);
    most[sizeof(most) - 1] = '\n';

    set_about(about, NOW);
    ok(cmt__str_eq(thread_of("/p").about, about)
       && thread_of("/p").told == NOW, "a thread keeps what its page says");
    ok(thread_of("/p").shares[5] == shares
       && cmt__str_is(thread_of("/p").page, "/p"), "beside all else");
    is_int((long) problems(store), 0, "the check can read it");

    set_about(cmt_str("no line"), NOW);
    is_int((long) problems(store), 1, "and tells when it cannot");
    set_about(cmt_str("a=\xff\n"), NOW);
    is_int((long) problems(store), 1, "also of what is no UTF-8");
    set_about(cmt_null_str, -1);
    is_int((long) problems(store), 1, "or of a time before all");
    set_about(cmt_null_str, NOW);
    is_int((long) problems(store), 0, "a page may say nothing any more");
    set_about(cmt_null_str, 0);
}


static void
test_memory(void)
{
    int                rc, wrong;
    long               n;
    cmt_error_t        err;
    cmt_change_t      *change;
    cmt_submission_t   in;

    memset(&in, 0, sizeof(in));
    in.now = NOW;
    (void) !cmt_form_parse(arena, cmt_str("application/json"),
                           cmt_str("{\"page\":\"/m\",\"target\":\"x\"}"),
                           &in.form, &err);

    for (n = 1, wrong = 0; n < 100; n++) {

        change = NULL;
        (void) cmt__arena_fail_at(n);
        rc = cmt_share_prepare(store, &site, &in, arena, &change, &err);

        if (cmt__arena_fail_at(0) > 0) {
            break;
        }

        wrong += rc != CMT_ENOMEM;
    }

    ok(n > 1 && n < 100 && wrong == 0 && change != NULL,
       "a share without memory says so");
}


int
main(void)
{
    if (!site_begin()) {
        return 1;
    }

    site.n_shares = 2;
    site.shares[0] = 5;
    site.shares[1] = 6;

    test_counting();
    test_before_any_comment();
    test_moved_before_any_comment();
    test_limit();
    test_highest();
    test_memory();
    test_check();
    test_about();

    return site_done();
}
