/*
 * Rules that were pasted: one file in memory, that opens nothing, with bounds
 * of bytes and of time.
 */

#include "rules_judge.h"
#include "core/rules/input.h"


static cmt_ruleset_t  *like;


static int
paste(const char *text, size_t len, unsigned tests_ms)
{
    int             rc;
    cmt_ruleset_t  *ruleset;

    memset(&err, 0, sizeof(err));
    ruleset = NULL;

    rc = cmt_ruleset_paste((cmt_str_t) { len, text }, like, tests_ms,
                           &ruleset, &err);
    cmt_ruleset_free(ruleset);

    return rc;
}


static void
unusable(const char *text, const char *why, const char *sentence)
{
    is_int(paste(text, strlen(text), 0), CMT_ERULES, sentence);
    ok(strcmp(err.detail, why) == 0, why);

    if (strcmp(err.detail, why) != 0) {
        note("%s", err.detail);
    }
}


static void
test_good(void)
{
    size_t          rules, tests;
    cmt_str_t       text, receipt_json;
    cmt_ruleset_t  *ruleset;

    text = cmt_str(RULE("r", "return hold()")
                   "\ntest('t', { text = 'x' }, 'hold', 'r')");

    is_int(cmt_ruleset_paste(text, like, 1000, &ruleset, &err), CMT_OK,
           "a text is a ruleset");
    cmt_ruleset_count(ruleset, &rules, &tests);
    is_int((int) (10 * rules + tests), 11, "with its rule and its test");

    is_int(cmt_ruleset_run_json(ruleset, cmt_str("{\"text\":\"x\"}"), arena,
                                &receipt_json, &err),
           CMT_OK, "that decides");
    ok(memmem(receipt_json.data, receipt_json.len,
              "\"file\":\"pasted.lua\",\"line\":1", 28) != NULL,
       "by the lines of pasted.lua");
    ok(ruleset->budget.steps_max == like->budget.steps_max,
       "with the budgets of the rules that serve");

    cmt_ruleset_free(ruleset);

    is_int(paste("", 0, 0), CMT_OK, "nothing is good, too");
}


static void
test_refused(void)
{
    unusable("\n\nlocal bad = list('words.txt')",
            "pasted.lua:3: the list \"words.txt\" is not there: pasted rules"
            " read no other file", "a list is refused");
    unusable("\ninclude 'r1.lua'",
            "pasted.lua:2: the file \"r1.lua\" is not there: pasted rules"
            " read no other file", "and so is a file");
    unusable("include '/etc/passwd'",
            "pasted.lua:1: the file \"/etc/passwd\" is not there: pasted rules"
            " read no other file", "whatever it is called");
    unusable("x = '\xff'", "pasted.lua:1: the file is not UTF-8 text",
            "bytes are no text");
    unusable("\n" RULE("r", "return spam()") "\ntest('t', {}, 'hold')",
            "pasted.lua:4: the test \"t\" fails: \"hold\" was expected but"
            " the rules say \"spam\", by \"r\"", "its tests count");
}


static void
test_bytes(void)
{
    static char  text[CMT_CONSOLE_FILE_BYTES_MAX + 1];

    memset(text, '-', sizeof(text));

    is_int(paste(text, sizeof(text) - 1, 0), CMT_OK,
           "CMT_CONSOLE_FILE_BYTES_MAX bytes are taken");
    is_int(paste(text, sizeof(text), 0), CMT_ETOOLARGE, "one more is not");
    ok(err.field != NULL && strcmp(err.field, "rules") == 0,
       "and told which field it is");
}


/* Each test takes far less than the budget of an evaluation. */

static void
test_time(void)
{
    int         i;
    char        one[64];
    cmt_str_t   text;
    cmt__buf_t  b;

    cmt__buf_init(&b, arena, 4096);
    cmt__buf_lit(&b, RULE("r", "for i = 1, 20000 do end") "\n");

    for (i = 0; i < 200; i++) {
        (void) snprintf(one, sizeof(one), "test('t%d', {}, 'accept')\n", i);
        cmt__buf_lit(&b, one);
    }

    is_int(cmt__buf_end(&b, &text), CMT_OK, "200 tests that take a while");
    is_int(paste(text.data, text.len, 0), CMT_OK, "have the time they need");
    is_int(paste(text.data, text.len, 1), CMT_ERULES, "but not in 1 ms");
    ok(strstr(err.detail, "take too long") != NULL, "and the message says so");
}


int
main(void)
{
    begin();

    like = load("settings { language = 'nb' }", NULL, NULL);

    test_good();
    test_refused();
    test_bytes();
    test_time();

    cmt_ruleset_free(like);
    end();

    return done();
}
