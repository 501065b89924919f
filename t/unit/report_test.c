/*
 * report_test.c: what readers report, and what moderators make of it.
 */

#include "moderate_site.h"


static void
test_reports(void)
{
    size_t       n;
    uint64_t     id, ids[2];
    cmt_read_t  *read;

    id = post("reported");
    (void) ask(cmt_report_prepare, &site, id, other, NULL, NOW,
               "{\"reason\":\"rude\"}", NULL);

    (void) !cmt_read_begin(store, &read, NULL);
    n = 2;
    (void) !cmt__reported_comments(read, 1, 0, ids, &n);
    cmt_read_end(read);
    ok(n == 1 && ids[0] == id, "a reported comment is to be looked at");

    is_int(decide(CMT_DO_APPROVE, id).replayed, 0,
           "to approve it is a decision");
    (void) !cmt_read_begin(store, &read, NULL);
    n = 2;
    (void) !cmt__reported_comments(read, 1, 0, ids, &n);
    cmt_read_end(read);
    is_int(n, 0, "then it is not");
    is_int(comment(id).reports, 1, "but its report is kept");

    (void) decide(CMT_DO_UNDO, id);
    (void) !cmt_read_begin(store, &read, NULL);
    n = 2;
    (void) !cmt__reported_comments(read, 1, 0, ids, &n);
    cmt_read_end(read);
    is_int(n, 1, "an undo brings it back to those");

    (void) decide(CMT_DO_APPROVE, id);
    (void) decide(CMT_DO_SPAM, id);
    (void) decide(CMT_DO_APPROVE, id);
    (void) ask(cmt_report_prepare, &site, id, NULL, NULL, NOW, "{}", NULL);
    (void) decide(CMT_DO_UNDO, id);
    (void) !cmt_read_begin(store, &read, NULL);
    n = 2;
    (void) !cmt__reported_comments(read, 1, 0, ids, &n);
    cmt_read_end(read);
    is_int(n, 1, "what was reported later stays, whatever is undone");
}


/* Beside every layer. */

static void
add_upheld(uint32_t n)
{
    size_t          len;
    uint8_t         at[CMT__AUTHOR_KEY_BYTES], bytes[CMT__AUTHOR_BYTES_MAX];
    cmt__hash_t     hash;
    cmt__write_t   *write;
    cmt__author_t   a;

    (void) cmt__cookie_hash(site.keys, cookie(secret), &hash);
    (void) !cmt__write_begin(store, &write, NULL);
    (void) !cmt__author_get(cmt__write_view(write), 1, CMT__BY_COOKIE, &hash,
                            &a);
    a.upheld += n;
    len = cmt__author_encode(&a, bytes);
    (void) !cmt__put(write, CMT__AUTHORS, at,
                     cmt__key_author(at, 1, CMT__BY_COOKIE, &hash), bytes,
                     len, NULL);
    (void) !cmt__write_commit(write, NULL);
}


/* The reports about the author's comments that were right. */

static void
test_upheld(void)
{
    uint32_t   was;
    uint64_t   id;
    cmt_who_t  machine = { cmt_str("rules"), cmt_str("rules"), 0, 1 };

    id = post("reported twice");
    was = author().upheld;
    (void) ask(cmt_report_prepare, &site, id, other, NULL, NOW, "{}", NULL);
    (void) ask(cmt_report_prepare, &site, id, NULL, NULL, NOW, "{}", NULL);
    is_int(author().upheld, was, "reports are not right by themselves");

    (void) decide_by(&machine, CMT_DO_SPAM, id, CMT_VERSION_ANY, NULL);
    is_int(author().upheld, was, "nor by what a machine decides");
    (void) decide(CMT_DO_SPAM, id);
    is_int(author().upheld, was + 2, "a person finds them right");
    (void) decide(CMT_DO_REJECT, id);
    is_int(author().upheld, was + 2, "and is as strict as that");
    (void) decide(CMT_DO_UNDO, id);
    is_int(author().upheld, was + 2, "an undo goes one step back");
    (void) decide(CMT_DO_UNDO, id);
    is_int(comment(id).status, CMT_SPAM, "to what the machine had decided");
    is_int(author().upheld, was, "and that is no person's word");
    (void) decide(CMT_DO_REJECT, id);
    (void) decide(CMT_DO_HOLD, id);
    is_int(author().upheld, was, "a comment that waits is no answer");
    (void) decide(CMT_DO_APPROVE, id);
    is_int(author().upheld, was, "approved, they were wrong");
    (void) decide(CMT_DO_DELETE, id);
    is_int(author().upheld, was, "deleted, there is nothing to be right about");
    (void) decide(CMT_DO_SPAM, id);
    is_int(author().upheld, was + 2, "right after all");
    is_int(problems(store), 0, "the store is whole");

    add_upheld(1);
    is_int(problems(store), 1, "the check finds a wrong number of them");
    add_upheld(UINT32_MAX);
    is_int(problems(store), 0, "and nothing when it is put right");
}


int
main(void)
{
    if (!site_begin()) {
        return 1;
    }

    test_reports();
    test_upheld();

    return site_done();
}
