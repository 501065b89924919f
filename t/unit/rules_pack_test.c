/*
 * What twenty rules of a busy site, t/bench/pack.lua, may cost.  Steps and
 * memory are the same on every machine; time is what `./dev bench` shows.
 */

#include "rules_judge.h"


#define PACK           "t/bench/pack.lua"
#define RULES          20
#define TEXT_BYTES     600
#define STEPS_MAX      10000
#define MEMORY_BYTES   (256 * 1024)


static char  text[2 * TEXT_BYTES];


/* Sentences with links, an insult and a telephone number in them. */

static void
write_text(void)
{
    static const char  sentence[] = "You fool, I read this twice and still"
        " think that http://a.example/chart shows the opposite; call me at"
        " 22 33 44 55. ";

    while (strlen(text) < TEXT_BYTES) {
        strcat(text, sentence);
    }

    text[TEXT_BYTES] = '\0';
}


static unsigned long long
steps(void)
{
    const char  *at;

    at = strstr(receipt, "\"steps\":");

    return at != NULL ? strtoull(at + 8, NULL, 10) : 0;
}


int
main(void)
{
    int                  i;
    char                 comment[2 * TEXT_BYTES];
    size_t               rules, tests;
    const char          *path = PACK;
    cmt_ruleset_t       *pack;
    cmt_rules_budget_t   budget = {
        CMT_RULES_STEPS_DEFAULT, MEMORY_BYTES, 60000, 1, 0
    };

    begin();

    if (!ok(cmt_ruleset_load(&path, 1, &budget, &pack, &err) == CMT_OK,
            "twenty rules and their tests load in 256 KB"))
    {
        note("%s", err.detail);
        return done();
    }

    cmt_ruleset_count(pack, &rules, &tests);
    is_int(rules, RULES, "there are as many");

    write_text();
    (void) snprintf(comment, sizeof(comment), "{\"text\":\"%s\",\"author\":"
                    "{\"key\":\"0a1b\",\"approved\":0}}", text);

    for (i = 0; i < 2; i++) {
        run(pack, comment);
        has("\"errors\":[]", "they judge 600 bytes in 256 KB");
        has("\"name\":\"words\"", "and find what is in them");
        note("%llu steps", steps());
        ok(steps() > 1000 && steps() <= STEPS_MAX, "in 10 000 steps");
    }

    cmt_ruleset_free(pack);
    end();

    return done();
}
