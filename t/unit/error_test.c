/*
 * error_test.c: the table of errors and the words of the domain.
 */

#include "core/base/base.h"

#include "tap.h"


static void test_table(void);
static void test_fail(void);
static void test_words(void);


static const int  codes[] = {
#define CMT_X(name, code, http, text)  name,
    CMT_ERRORS(CMT_X)
#undef CMT_X
};

#define N_CODES  (sizeof(codes) / sizeof(codes[0]))


int
main(void)
{
    test_table();
    test_fail();
    test_words();

    return done();
}


static void
test_table(void)
{
    int     http, negative, statuses, unlike, sentences;
    size_t  i, j, len;

    negative = statuses = unlike = sentences = 1;

    for (i = 0; i < N_CODES; i++) {

        negative &= codes[i] < 0;
        http = cmt_error_http(codes[i]);
        statuses &= http >= 400 && http <= 599;
        len = strlen(cmt_error_text(codes[i]));
        sentences &= len > 0 && cmt_error_text(codes[i])[len - 1] == '.'
                     && strchr(cmt_error_text(codes[i]), '%') == NULL;

        for (j = 0; j < i; j++) {
            unlike &= strcmp(cmt_error_code(codes[i]),
                             cmt_error_code(codes[j])) != 0;
        }
    }

    ok(negative, "every code is negative");
    ok(statuses, "every code has a status that says that it failed");
    ok(unlike, "no two codes have one name");
    ok(sentences, "every code has a sentence without a percent sign");

    is_text(cmt_error_code(CMT_EEMAIL), "email_invalid", "a code has a name");
    is_int(cmt_error_http(CMT_EEMAIL), 422, "a code has a status");
    is_text(cmt_error_code(CMT_EIO), "io", "the last row is found");
    is_text(cmt_error_code(CMT_OK), "ok", "success has a name");
    is_int(cmt_error_http(CMT_OK), 200, "success has a status");
    is_text(cmt_error_code(-7777), "internal", "any number has a name");
    is_int(cmt_error_http(12), 500, "any number has a status");
    is_text(cmt_error_text(12), cmt_error_text(CMT_EINTERNAL),
            "any number has a sentence");
}


static void
test_fail(void)
{
    char         word[CMT_ERROR_DETAIL_BYTES + 8];
    cmt_error_t  err;

    memset(&err, 0xff, sizeof(err));

    is_int(cmt__fail(&err, CMT_EEMAIL, "email", "line %d", 7), CMT_EEMAIL,
           "failing gives the code back");
    is_int(err.rc, CMT_EEMAIL, "the code is kept");
    is_text(err.field, "email", "the field is kept");
    is_text(err.detail, "line 7", "the detail is formatted");
    is_int(err.retry_seconds, 0, "there is nothing to wait for");
    is_int(cmt__fail(NULL, CMT_EIO, NULL, "x"), CMT_EIO,
           "nobody has to care for details");

    memset(word, 'a', sizeof(word) - 1);
    word[sizeof(word) - 1] = '\0';
    (void) cmt__fail(&err, CMT_EIO, NULL, "%s", word);

    ok(err.field == NULL, "a field need not be named");
    is_int(strlen(err.detail), CMT_ERROR_DETAIL_BYTES - 1,
           "a long detail is cut at its limit");
}


static void
test_words(void)
{
    int       status, kind, verdict;
    unsigned  i;

    status = kind = 1;

    for (i = CMT_APPROVED; i <= CMT_DELETED; i++) {
        const char  *name = cmt_status_name((cmt_status_t) i);

        status &= cmt_status_parse((cmt_str_t) { strlen(name), name }) == i;
    }

    for (i = CMT_COMMENT; i <= CMT_WEBMENTION; i++) {
        const char  *name = cmt_kind_name((cmt_kind_t) i);

        kind &= cmt_kind_parse((cmt_str_t) { strlen(name), name }) == i;
    }

    verdict = 1;

    for (i = CMT_VERDICT_ACCEPT; i <= CMT_VERDICT_REJECT; i++) {
        verdict &= strcmp(cmt_verdict_name((cmt_verdict_t) i), "?") != 0;
    }

    ok(status, "every status is read as it is written");
    ok(kind, "every kind is read as it is written");
    ok(verdict, "every verdict has a name");
    is_int(CMT_APPROVED, 1, "numbers of statuses stay as they are stored");
    is_int(CMT_DELETED, 5, "to the last one");
    is_text(cmt_status_name((cmt_status_t) 6), "?", "other numbers have none");
    is_int(cmt_status_parse(cmt_str("Approved")), 0, "case matters");
    is_int(cmt_status_parse(cmt_str("approve")), 0, "a part is no word");
    is_int(cmt_kind_parse(cmt_null_str), 0, "nothing is no word");
}
