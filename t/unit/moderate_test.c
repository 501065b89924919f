/*
 * moderate_test.c: bans, closed pages, a moderator's own comments, and what
 * moderators look at.
 */

#include "moderate_site.h"


#define DAY  86400


/* "a": 1 when the text has this part. */
static int
has(cmt_str_t text, const char *part)
{
    return text.data != NULL
           && memmem(text.data, text.len, part, strlen(part)) != NULL;
}


static int
ban(cmt_ban_kind_t kind, uint64_t id, const char *value, cmt_status_t status,
    int64_t until, cmt_result_t *result)
{
    int            rc;
    cmt_ban_t      b;
    cmt_error_t    err;
    cmt_change_t  *change;

    memset(&b, 0, sizeof(b));
    b.kind = kind;
    b.id = id;
    b.status = status;
    b.until = until;
    b.note = cmt_str("why");

    if (value != NULL) {
        b.value = cmt__str_copy(arena, (cmt_str_t) { strlen(value), value });
    }

    rc = cmt_ban_prepare(store, &site, &kari, &b, NOW, arena, &change, &err);
    if (rc != CMT_OK) {
        return rc;
    }

    cmt_commit(store, &change, 1);

    if (result != NULL) {
        *result = *cmt_change_result(change);
    }

    return cmt_change_result(change)->rc;
}


static cmt_str_t
bans(int64_t now)
{
    cmt_str_t    json;
    cmt_read_t  *read;
    cmt_error_t  err;

    json = cmt_null_str;
    (void) !cmt_read_begin(store, &read, NULL);
    (void) !cmt_bans_json(read, &site, now, arena, &json, &err);
    cmt_read_end(read);

    return json;
}


/* Lets in the first of the list. */
static int
unban(void)
{
    int            rc;
    cmt_str_t      json;
    cmt_error_t    err;
    cmt_change_t  *change;

    json = bans(NOW);
    if (!has(json, "\"key\":\"")) {
        return CMT_ENOTFOUND;
    }

    json = cmt__str_sub(json, sizeof("{\"bans\":[{\"key\":\"") - 1, json.len);
    json.len = CMT_BAN_KEY_CHARS;

    rc = cmt_unban_prepare(&site, &kari, json, NOW, arena, &change, &err);
    if (rc == CMT_OK) {
        cmt_commit(store, &change, 1);
        rc = cmt_change_result(change)->rc;
    }

    return rc;
}


/* The status of what is posted now. */
static int
posted(const char *who, const char *email, const char *address,
    const char *website, int64_t now)
{
    int             rc;
    char            json[512];
    cmt_result_t    result;
    static unsigned n;

    snprintf(json, sizeof(json), "{\"page\":\"/bans\",\"name\":\"n\","
             "\"email\":\"%s\",\"text\":\"number %u\",\"website\":\"%s\"}",
             email, n++, website);
    rc = ask(cmt_submit_prepare, &site, 0, who, address, now, json, &result);

    return rc == CMT_OK ? (int) result.status : rc;
}


static void
test_authors(void)
{
    uint64_t      id, liked;
    cmt_result_t  result;

    (void) !ask(cmt_submit_prepare, &site, 0, other, NULL, NOW,
                "{\"page\":\"/bans\",\"name\":\"n\","
                "\"email\":\"l@example.org\",\"text\":\"liked\"}",
                &result);
    liked = result.id;

    id = post("of one who will be banned");
    is_int(ban(CMT_BAN_AUTHOR, id, NULL, CMT_SPAM, 0, &result), CMT_OK,
           "an author is banned by a comment");
    is_int(result.replayed, 0, "which is new");
    is_int(ban(CMT_BAN_AUTHOR, id, NULL, CMT_SPAM, 0, &result), CMT_OK,
           "once more");
    is_int(result.replayed, 1, "is no change");

    is_int(posted(secret, "new@example.org", NULL, "", NOW), CMT_SPAM,
           "the cookie is known again");
    is_int(posted(other, "A@example.org", NULL, "", NOW), CMT_SPAM,
           "and so is the e-mail address");
    is_int(posted(other, "b@example.org", NULL, "", NOW), CMT_APPROVED,
           "others are not");
    is_int(ask(cmt_edit_prepare, &site, id, secret, NULL, NOW,
               "{\"text\":\"changed\"}", NULL),
           CMT_OK, "an edit by the banned one");
    is_int(comment(id).status, CMT_SPAM, "makes the comment spam");

    ok(has(bans(NOW), "\"parts\":[\"cookie\",\"email\"]"),
       "both are one ban");
    ok(!has(bans(NOW), "},{"), "which is listed once");
    is_int(ask(cmt_vote_prepare, &site, liked, secret, NULL, NOW,
               "{\"value\":1}", &result), CMT_OK,
           "the vote of who is banned is answered");
    is_int((int) comment(liked).votes_up, 0, "and not counted");
    is_int(ask(cmt_report_prepare, &site, liked, secret, NULL, NOW, "{}",
               &result), CMT_OK, "so is a report");
    is_int((int) comment(liked).reports, 0, "which nobody sees");
    is_int(ask(cmt_vote_prepare, &site, UINT64_MAX, secret, NULL, NOW,
               "{\"value\":1}", &result), CMT_ENOTFOUND,
           "what is not there is told as to everybody");

    is_int(unban(), CMT_OK, "the author is let in again");
    is_str(bans(NOW), "{\"bans\":[]}", "by both keys");
    is_int(ask(cmt_vote_prepare, &site, liked, secret, NULL, NOW,
               "{\"value\":1}", &result), CMT_OK, "then he votes");
    is_int((int) comment(liked).votes_up, 1, "and it counts");
    is_int(posted(secret, "a@example.org", NULL, "", NOW), CMT_APPROVED,
           "and may post");

    is_int(ban(CMT_BAN_AUTHOR, 0, "c@example.org", CMT_REJECTED, NOW + DAY,
               NULL),
           CMT_OK, "an e-mail address is banned for a day");
    is_int(posted(other, "c@example.org", NULL, "", NOW), CMT_EREJECTED,
           "and told so");
    is_int(posted(other, "c@example.org", NULL, "", NOW + DAY - 1),
           CMT_EREJECTED, "until its last second");
    is_int(posted(other, "c@example.org", NULL, "", NOW + DAY),
           CMT_APPROVED, "and then not");
    ok(has(bans(NOW), "\"kind\":\"author\""), "the list has it");
    ok(!has(bans(NOW), "example.org"), "without the address");
    is_str(bans(NOW + DAY), "{\"bans\":[]}", "and not when it is over");
    (void) !unban();
}


static void
test_addresses(void)
{
    is_int(ban(CMT_BAN_ADDRESS, 0, "192.0.2.0/24", CMT_PENDING, 0, NULL),
           CMT_OK, "a network is banned");
    is_int(posted(other, "d@example.org", "192.0.2.77", "", NOW),
           CMT_PENDING, "who is in it waits");
    is_int(posted(other, "d@example.org", "192.0.2.77", "", NOW + 9 * DAY),
           CMT_PENDING, "also days later");
    is_int(posted(other, "d@example.org", "::ffff:192.0.2.1", "", NOW),
           CMT_PENDING, "in whatever form");
    is_int(posted(other, "d@example.org", "192.0.3.77", "", NOW),
           CMT_APPROVED, "its neighbour does not");
    (void) !unban();

    is_int(ban(CMT_BAN_ADDRESS, 0, "2001:db8:1:2::/64", CMT_SPAM, 0, NULL),
           CMT_OK, "one of IPv6");
    is_int(posted(other, "d@example.org", "2001:db8:1:2:3::4", "", NOW),
           CMT_SPAM, "is known");
    is_int(posted(other, "d@example.org", "2001:db8:1:3:3::4", "", NOW),
           CMT_APPROVED, "and its neighbour");
    (void) !unban();

    is_int(ban(CMT_BAN_ADDRESS, 0, "198.51.100.9", CMT_SPAM, 0, NULL),
           CMT_OK, "a single address");
    is_int(posted(other, "d@example.org", "198.51.100.9", "", NOW), CMT_SPAM,
           "is known");
    is_int(posted(other, "d@example.org", "198.51.100.8", "", NOW),
           CMT_APPROVED, "alone");
    (void) !unban();

    is_int(ban(CMT_BAN_ADDRESS, 0, "192.0.2.0/23", CMT_SPAM, 0, NULL),
           CMT_EBAN, "another length is refused");
    is_int(ban(CMT_BAN_ADDRESS, 0, "here", CMT_SPAM, 0, NULL), CMT_EBAN,
           "and what is no address");
}


static void
test_domains(void)
{
    char          json[512];
    cmt_result_t  result;

    is_int(ban(CMT_BAN_DOMAIN, 0, "Casino.Example", CMT_SPAM, 0, NULL),
           CMT_OK, "a domain is banned");
    ok(has(bans(NOW), "\"value\":\"casino.example\""), "and told in words");
    is_int(posted(other, "e@example.org", NULL, "https://casino.example/x",
                  NOW),
           CMT_SPAM, "as a website");
    is_int(posted(other, "e@example.org", NULL, "https://a.casino.example",
                  NOW),
           CMT_SPAM, "or one below it");
    is_int(posted(other, "e@example.org", NULL, "https://mycasino.example",
                  NOW),
           CMT_APPROVED, "but not one that ends like it");

    snprintf(json, sizeof(json), "{\"page\":\"/bans\",\"name\":\"n\","
             "\"email\":\"e@example.org\",\"text\":\"see "
             "http://www.casino.example/win now\"}");
    (void) ask(cmt_submit_prepare, &site, 0, other, NULL, NOW, json, &result);
    is_int(result.status, CMT_SPAM, "or in a link");
    (void) !unban();

    is_int(ban(CMT_BAN_DOMAIN, 0, "a/b", CMT_SPAM, 0, NULL), CMT_EBAN,
           "a path is no domain");
    is_int(ban(CMT_BAN_DOMAIN, 0, "", CMT_SPAM, 0, NULL), CMT_EBAN,
           "nor is nothing");
    is_int(ban((cmt_ban_kind_t) 9, 0, "x.example", CMT_SPAM, 0, NULL),
           CMT_EBAN, "a kind that is unknown");
    is_int(ban(CMT_BAN_DOMAIN, 0, "x.example", CMT_APPROVED, 0, NULL),
           CMT_EBAN, "a ban that lets in");
    is_int(ban(CMT_BAN_DOMAIN, 0, "x.example", CMT_SPAM, NOW, NULL),
           CMT_EBAN, "a ban that is over");
    is_int(ban(CMT_BAN_AUTHOR, 9999, NULL, CMT_SPAM, 0, NULL), CMT_ENOTFOUND,
           "the author of no comment");
    is_int(unban(), CMT_ENOTFOUND, "nobody is left to let in");
}


/* A ban that cannot be read may be anybody's: nothing goes past it. */
static void
test_damaged_bans(void)
{
    size_t         i;
    uint8_t        key[CMT__BAN_KEY_BYTES];
    cmt_error_t    err;
    cmt__write_t  *write;

    static const cmt__banned_t  kinds[] = {
        CMT__BANNED_ADDRESS, CMT__BANNED_DOMAIN
    };

    for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        memset(key, 1, sizeof(key));
        cmt__be_put(key, 1, 4);
        key[4] = 'b';
        key[5] = (uint8_t) kinds[i];

        (void) !cmt__write_begin(store, &write, &err);
        (void) !cmt__put(write, CMT__MODERATION, key, sizeof(key), "x", 1,
                         &err);
        (void) !cmt__write_commit(write, &err);

        is_int(posted(other, "e@example.org", "192.0.2.1", "", NOW),
               CMT_ECORRUPT, "a damaged ban lets nobody past");

        (void) !cmt__write_begin(store, &write, &err);
        (void) !cmt__del(write, CMT__MODERATION, key, sizeof(key), &err);
        (void) !cmt__write_commit(write, &err);
    }

    is_int(posted(other, "e@example.org", "192.0.2.1", "", NOW),
           CMT_APPROVED, "until it is gone");
}


static int
close_page(const char *page, int close, cmt_result_t *result)
{
    int            rc;
    cmt_error_t    err;
    cmt_change_t  *change;

    rc = cmt_close_prepare(&site, &kari, (cmt_str_t) { strlen(page), page },
                           close, cmt_str("enough"), NOW, arena, &change,
                           &err);
    if (rc == CMT_OK) {
        cmt_commit(store, &change, 1);
        *result = *cmt_change_result(change);
        rc = result->rc;
    }

    return rc;
}


static void
test_closing(void)
{
    cmt_result_t  result;

    (void) post("before it is closed");
    is_int(close_page("/p?utm_source=x", 1, &result), CMT_OK,
           "a page is closed, by whatever address");
    is_int(result.replayed, 0, "that was open");
    is_int(post("after it is closed"), 0, "then nobody comments on it");
    is_int(close_page("/p", 1, &result), CMT_OK, "once more");
    is_int(result.replayed, 1, "is no change");
    is_int(close_page("/p", 0, &result), CMT_OK, "it is opened");
    ok(post("after it is opened") != 0, "and takes comments");

    is_int(close_page("/new", 1, &result), CMT_OK,
           "a page without comments is closed");
    is_int(ask(cmt_submit_prepare, &site, 0, secret, NULL, NOW, "{\"page\":"
               "\"/new\",\"name\":\"n\",\"email\":\"a@example.org\","
               "\"text\":\"first\"}", NULL),
           CMT_ECLOSED, "before the first comes");
    is_int(close_page("/open", 0, &result), CMT_OK, "an open one");
    is_int(result.replayed, 1, "needs no opening");
    is_int(close_page("not a page", 1, &result), CMT_EPAGE,
           "what is no page is refused");
}


static cmt_who_t  *answering = &kari;

static int
reply(cmt_store_t *where, const cmt_site_t *of, const cmt_submission_t *in,
    cmt_arena_t *memory, cmt_change_t **change, cmt_error_t *err)
{
    return cmt_reply_prepare(where, of, answering, in, memory, change, err);
}


static void
test_replies(void)
{
    uint64_t        id;
    cmt_str_t       json;
    cmt_read_t     *read;
    cmt_error_t     err;
    cmt_result_t    result, again;
    cmt__comment_t  c;

    id = post("a question");
    is_int(ask(reply, &site, id, NULL, NULL, NOW, "{\"text\":\"hold an "
               "answer\",\"token\":\"0123456789abcdef\"}", &result),
           CMT_OK, "a moderator answers");
    is_int(result.status, CMT_APPROVED, "without rules");
    is_str(result.page, "/p", "on the page of the question");
    is_int(ask(reply, &site, id, NULL, NULL, NOW, "{\"text\":\"hold an "
               "answer\",\"token\":\"0123456789abcdef\"}", &again),
           CMT_OK, "the same form again");
    ok(again.replayed && again.id == result.id, "is the same answer");

    c = comment(result.id);
    is_int(c.parent, id, "it stands below the question");
    is_str(c.name, "kari", "with the moderator's name");

    (void) !cmt_read_begin(store, &read, NULL);
    (void) !cmt_comment_json(read, &site, result.id, cmt_null_str,
                             cmt_null_str, arena, &json, &err);
    cmt_read_end(read);
    ok(has(json, "\"role\":\"moderator\""), "and readers see who it is");

    is_int(ask(reply, &site, 99999, NULL, NULL, NOW, "{\"text\":\"x\"}",
               NULL), CMT_EPARENT, "no answer to nothing");
    is_int(ask(reply, &site, 0, NULL, NULL, NOW, "{\"text\":\"welcome\","
               "\"page\":\"/new\",\"name\":\"The editors\"}", &result),
           CMT_OK, "the first word on a closed page");
    is_str(comment(result.id).name, "The editors", "with another name");
    is_int(ask(reply, &site, id, NULL, NULL, NOW, "{\"text\":\" \"}", NULL),
           CMT_ETEXTMISSING, "an answer needs a text");
}


static void
test_looking(void)
{
    uint64_t           ids[3];
    cmt_str_t          json;
    cmt_read_t        *read;
    cmt_error_t        err;
    cmt_queue_query_t  query;

    ids[0] = post("hold the queue, one");
    ids[1] = post("hold the queue, two");
    ids[2] = post("hold the queue, three");
    (void) decide_by(&kari, CMT_DO_NOTE, ids[1], 0, "a <note>");
    (void) decide(CMT_DO_SPAM, ids[1]);
    (void) decide(CMT_DO_UNDO, ids[1]);

    (void) !cmt_read_begin(store, &read, NULL);

    memset(&query, 0, sizeof(query));
    query.status = CMT_PENDING;
    query.limit = 2;
    is_int(cmt_queue_json(read, &site, &query, arena, &json, &err), CMT_OK,
           "the queue, newest first");
    ok(has(json, "queue, three") && has(json, "queue, two")
       && !has(json, "queue, one"), "has so many");
    ok(!has(json, "\"next\":null"), "and more behind them");
    ok(!has(json, "example.org"), "and no e-mail address");
    ok(has(json, "\"proof\":\"cookie\""), "but what is known of the author");
    ok(has(json, "\"reported\":0"), "and the counts");

    query.oldest = 1;
    query.limit = CMT_LIMIT_MAX;
    query.before = ids[1];
    (void) !cmt_queue_json(read, &site, &query, arena, &json, &err);
    ok(has(json, "queue, three") && !has(json, "queue, two"),
       "oldest first goes on behind one");
    ok(has(json, "\"next\":null"), "to the end");

    is_int(cmt_item_json(read, &site, ids[1], arena, &json, &err), CMT_OK,
           "one comment");
    ok(has(json, "\"decision\":\"undo\"") && has(json, "\"undone\":true")
       && has(json, "a <note>"), "has its history");
    ok(has(json, "\"context\":[]"), "and what it answers");
    is_int(cmt_item_json(read, &site, 9999, arena, &json, &err),
           CMT_ENOTFOUND, "one that is not there");
    is_int(cmt_item_json(read, &elsewhere, ids[1], arena, &json, &err),
           CMT_ENOTFOUND, "or of another site");

    is_int(cmt_author_json(read, &site, ids[0], 0, 1, arena, &json, &err),
           CMT_OK, "an author");
    ok(has(json, "queue, three") && !has(json, "queue, one"),
       "with the newest comment");

    is_int(cmt_items_json(read, &site, ids, 3, arena, &json, &err), CMT_OK,
           "some by number");
    ok(has(json, "queue, one") && json.data[0] == '[', "are a list");
    is_int(cmt_queue_json(read, &elsewhere, &query, arena, &json, &err),
           CMT_OK, "the queue of a site that nobody has commented on");
    ok(has(json, "{\"items\":[],\"next\":null"), "is empty");
    cmt_read_end(read);

    is_int(cmt_status_json(store, &site, CMT_ROLE_OWNER, arena, &json,
                           &err), CMT_OK,
           "the state of things");
    ok(has(json, "\"oldest\":{\"id\":") && has(json, "\"bans\":0"),
       "tells what has waited longest");
}


static int
prepare_ban(cmt_change_t **change, cmt_error_t *err)
{
    cmt_ban_t  b;

    memset(&b, 0, sizeof(b));
    b.kind = CMT_BAN_DOMAIN;
    b.value = cmt_str("memory.example");
    b.status = CMT_SPAM;
    b.note = cmt_str("why");

    return cmt_ban_prepare(store, &site, &kari, &b, NOW, arena, change, err);
}


static int
prepare_unban(cmt_change_t **change, cmt_error_t *err)
{
    return cmt_unban_prepare(&site, &kari, cmt_str("0123456789ab"), NOW,
                             arena, change, err);
}


static int
prepare_close(cmt_change_t **change, cmt_error_t *err)
{
    return cmt_close_prepare(&site, &kari, cmt_str("/memory"), 1,
                             cmt_str("why"), NOW, arena, change, err);
}


static int
prepare_reply(cmt_change_t **change, cmt_error_t *err)
{
    cmt_field_t       field = { cmt_str("text"), cmt_str("an answer") };
    cmt_submission_t  in;

    memset(&in, 0, sizeof(in));
    in.id = 1;
    in.now = NOW;
    in.form.n = 1;
    in.form.fields = &field;

    return cmt_reply_prepare(store, &site, &kari, &in, arena, change, err);
}


/* The n-th allocation fails, for every n until none does. */
static void
test_memory(void)
{
    int            rc, wrong;
    long           n;
    size_t         i;
    char           sentence[96];
    cmt_error_t    err;
    cmt_change_t  *change;

    static const struct {
        int        (*prepare)(cmt_change_t **change, cmt_error_t *err);
        const char  *name;
    } rows[] = {
        { prepare_ban, "ban" }, { prepare_unban, "end of a ban" },
        { prepare_close, "closing" }, { prepare_reply, "reply" }
    };

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {

        for (n = 1, wrong = 0; n < 500; n++) {
            change = NULL;
            (void) cmt__arena_fail_at(n);
            rc = rows[i].prepare(&change, &err);
            if (cmt__arena_fail_at(0) > 0) {
                break;
            }
            wrong += rc != CMT_ENOMEM || change != NULL;
        }

        snprintf(sentence, sizeof(sentence), "a %s without memory says so, "
                 "%ld times", rows[i].name, n - 1);
        ok(n > 2 && wrong == 0 && rc == CMT_OK && change != NULL, sentence);
    }
}


int
main(void)
{
    if (!site_begin()) {
        return 1;
    }

    test_authors();
    test_addresses();
    test_domains();
    test_damaged_bans();
    test_closing();
    test_replies();
    test_looking();
    test_memory();

    return site_done();
}
