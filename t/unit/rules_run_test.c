/*
 * Evaluations: the comment as rules see it, receipts, budgets, determinism,
 * threads, what they cost.
 */

#include <pthread.h>
#include <time.h>

#include "rules_judge.h"


static void
test_comment(void)
{
    judge(RULE("a", "return hold('x', c.event .. ' ' .. c.kind .. ' ' .. "
               "tostring(c.id) .. ' ' .. c.time .. ' ' .. c.text .. '|' .. "
               "c.plain .. '|' .. c.length .. ' ' .. c.words .. ' ' .. "
               "#c.links)"), "{}");
    has("\"note\":\"post comment nil 1704067200 A comment.|A comment.|10 2 0"
        "\"", "the defaults of a comment");

    judge(RULE("a", "local a = c.author return hold('x', tostring(a.key) .. "
               "a.name .. tostring(a.url) .. a.role .. a.proof .. "
               "tostring(a.first_seen) .. a.approved .. a.held .. a.rejected "
               ".. a.spam)"), "{}");
    has("\"note\":\"nilReadernilreadernonenil1000\"", "of an author");

    judge(RULE("a", "return hold('x', tostring(c.form.seconds) .. "
               "tostring(c.form.honeypot) .. tostring(c.parent) .. "
               "c.page.path .. tostring(c.page.url) .. tostring(c.page.title)"
               " .. c.thread.comments .. tostring(c.thread.closed) .. "
               "tostring(c.ip_key))"), "{}");
    has("\"note\":\"nilfalsenil/nilnil0falsenil\"", "and of the rest");

    judge(RULE("a", "local l = c.links[2] return hold('x', l.url .. ' ' .. "
               "l.host .. ' ' .. l.domain .. ' ' .. l.path .. ' ' .. l.text "
               ".. ' ' .. l.at .. ' ' .. #c.links)"),
          "{\"text\":\"http://a.no/ http://www.b.example.org/p\"}");
    has("http://www.b.example.org/p www.b.example.org example.org /p ",
        "the fields of a link");
    judge(RULE("a", "local n = 0 for i, l in ipairs(c.links) do n = n + i * "
               "#l.host end for _, l in pairs(c.links) do n = n + 100 end "
               "return score(n)"),
          "{\"links\":[\"http://a.no/\",{\"host\":\"bb.no\"}]}");
    has("\"score\":214", "links in a loop, given as addresses or objects");

    judge(RULE("a", "local p = c.parent return hold('x', p.text .. p.author."
               "name .. tostring(p.id) .. tostring(p.parent) .. "
               "tostring(p.page) .. tostring(p.thread))"),
          "{\"parent\":{\"text\":\"T\",\"id\":7,\"author\":{\"name\":\"N\"}}}");
    has("\"note\":\"TN7nilnilnil\"", "the parent is shallow");

    judge(RULE("a", "return hold('x', tostring(c.author.approved) .. "
               "tostring(c.form.honeypot) .. tostring(c.author.name))"),
          "{\"author\":{\"approved\":null,\"name\":null},"
          "\"form\":{\"honeypot\":null}}");
    has("\"note\":\"nilnilnil\"", "null is what is not known");

    judge(RULE("a", "return score(c.author.approved + #c.links)"),
          "{\"parent\":{}}");
    has("\"facts\":[\"links\",\"author.approved\"]",
        "the receipt lists what was read");
    judge(RULE("a", "return score(#c.parent.author.name + #c.text)"),
          "{\"parent\":{}}");
    has("\"facts\":[\"text\",\"parent\",\"parent.author.name\"]",
        "of the parent too");

    judge(RULE("a", "local t, all = c.text, _ENV "
               "return score(#t + (all.rawequal and 1 or 0))"), "{}");
    has("there is no \\\"rawequal\\\"", "nothing but what is listed");
}


static void
test_fields(void)
{
    size_t          i;
    cmt_ruleset_t  *rules;

    static const char *const  wrong[][3] = {
        { "[]", "comment", "must be a JSON object" },
        { "{\"text\":5}", "text", "text must be text" },
        { "{\"nme\":5}", "comment", "has no \"nme\"" },
        { "{\"author\":{\"aproved\":5}}", "author", "mean \"approved\"?" },
        { "{\"author\":5}", "author", "author must be an object" },
        { "{\"author\":{\"role\":\"king\"}}", "role", "one of its words" },
        { "{\"author\":{\"approved\":-1}}", "approved",
          "author.approved must be a whole number of 0 or more" },
        { "{\"author\":{\"approved\":1.5}}", "approved", "whole number" },
        { "{\"kind\":\"letter\"}", "kind", "\"comment\" or \"mention\"" },
        { "{\"links\":5}", "links", "must be a list" },
        { "{\"links\":[5]}", "links", "a link must be" },
        { "{\"links\":[\"no address\"]}", "links", "a link must be" },
        { "{\"links\":[{\"hots\":\"a\"}]}", "link", "mean \"host\"?" },
        { "{\"form\":{\"honeypot\":1}}", "honeypot", "true or false" },
        { "{\"parent\":5}", "parent", "must be an object" },
        { "{\"parent\":{\"parent\":{}}}", "parent", "parent of a parent" }
    };

    rules = load("", NULL, NULL);

    for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        run(rules, wrong[i][0]);

        if (!ok(err.rc == CMT_EFIELD && err.field != NULL
                && strcmp(err.field, wrong[i][1]) == 0
                && strstr(err.detail, wrong[i][2]) != NULL, wrong[i][0]))
        {
            note("got: %s: %s", err.field, err.detail);
        }
    }

    run(rules, "{");
    is_int(err.rc, CMT_EJSON, "what is no JSON");
    cmt_ruleset_free(rules);
}


static void
test_receipt(void)
{
    judge("rule('\"</script>', function(c) return hold('a\\r\\nb', "
          "'\"\\n\\27<\\226\\128\\168') end)", "{}");
    has("\"name\":\"\\\"<\\/script>\"", "a name is escaped");
    has("\"public\":\"a  b\"", "an author reads no control characters");
    has("\"note\":\"\\\"\\n\\u001b<\\u2028\"", "a note shows them");

    judge(RULE("a", "print('x', 1, nil, {}) print('y')"), "{}");
    has("\"trace\":\"x\\t1\\tnil\\ttable\\ny\\n\"",
        "what print() said is in the receipt of a trial");

    judge(RULE("a", "return hold('x', ('\xc3\xa5'):rep(251))"), "{}");
    has("\xc3\xa5\xe2\x80\xa6\"}", "a long note is cut between characters");
    judge(RULE("a", "return hold('x', ('\xc3\xa5'):rep(250))"), "{}");
    has("\xc3\xa5\"}", "one of the greatest length is not");
}


/* Fifty rules speak in a receipt; then only the one that decided. */

static void
test_many(void)
{
    judge("for i = 1, 50 do rule('r' .. i, function() return score(i) end) "
          "end", "{}");
    lacks("\"more\"", "fifty rules fit into a receipt");
    has("\"name\":\"r50\"", "all of them");

    judge("for i = 1, 60 do rule('r' .. i, function() return score(i) end) "
          "end " RULE("decides", "return hold('x')")
          RULE("late", "return score(1)"), "{}");
    has("\"name\":\"decides\"", "of more the one that decided is named");
    has("],\"more\":11,", "and the rest is counted");

    judge("for i = 1, 60 do rule('r' .. i, function() error('e' .. i) end) "
          "end", "{}");
    has("e50\"]", "fifty errors, too");
}


/* Between the sum of what rules may use and one step less. */

static void
test_budget(void)
{
    char                 text[64];
    unsigned long long   steps;
    cmt_ruleset_t       *rules;
    cmt_rules_budget_t   budget = { 1000000, 4 << 20, 60000, 1, 0 };

    const char  *work = RULE("a", "for i = 1, 30000 do local x = i end")
                        RULE("b", "for i = 1, 30000 do local x = i end")
                        RULE("c", "return score(1, 'c ran')");

    judge(work, "{}");
    has("\"steps\":", "there are steps");
    steps = strtoull(strstr(receipt, "\"steps\":") + 8, NULL, 10);
    (void) snprintf(text, sizeof(text), "\"steps\":%llu,", steps);

    write_file(1, work, strlen(work));

    budget.steps_max = steps;
    is_int(load_file(&budget, &rules), CMT_OK, "another budget");
    run(rules, "{}");
    has("{\"verdict\":\"accept\",\"score\":1", "just enough steps");
    has(text, "the same number");
    cmt_ruleset_free(rules);

    budget.steps_max = steps - 1;
    is_int(load_file(&budget, &rules), CMT_OK, "another budget");
    run(rules, "{}");
    has("{\"verdict\":\"hold\"", "one step less");
    has("used all of the", "is told");
    cmt_ruleset_free(rules);

    budget.steps_max = 1000;
    is_int(load_file(&budget, &rules), CMT_OK, "another budget");
    run(rules, "{}");
    has("{\"verdict\":\"hold\"", "too few for the first rule");
    has("this rule and those behind it did not run", "so the next do not run");
    has("\"name\":\"b\"", "the first of which is named");
    lacks("c ran", "and none behind it");
    cmt_ruleset_free(rules);

    budget.steps_max = 1000000;
    budget.cpu_ms_max = 0;
    is_int(load_file(&budget, &rules), CMT_OK, "another budget");
    run(rules, "{}");
    has("processor time", "the processor's time is a limit as well");
    has("{\"verdict\":\"hold\"", "that holds");
    cmt_ruleset_free(rules);
}


static void
test_repeats(void)
{
    int             i, same;
    char           *us, *first;
    cmt_ruleset_t  *rules;

    rules = load(RULE("a", "local t = {} for w in c.text:gmatch('%a+') do "
                      "t[w] = (t[w] or 0) + 1 end local s = '' for k, v in "
                      "pairs(t) do s = s .. k .. v .. ',' end return hold('x',"
                      " s .. math.random(1000000))"), NULL, NULL);
    same = 1;
    first = NULL;

    for (i = 0; i < 1000; i++) {
        run(rules, "{\"id\":5,\"text\":\"the quick brown fox and the lazy dog "
                   "and the cat\"}");
        us = strstr(receipt, "\"us\":");

        if (us != NULL) {
            memmove(us, strchr(us, ','), strlen(strchr(us, ',')) + 1);
        }

        if (i == 0) {
            first = strdup(receipt);
        }

        same &= strcmp(first, receipt) == 0;
    }

    ok(same, "1000 evaluations give one receipt");
    has("and2,brown1,cat1", "that is sensible");
    free(first);
    cmt_ruleset_free(rules);
}


static void *
evaluate_often(void *data)
{
    int               i;
    long              wrong;
    cmt_arena_t      *mine;
    cmt__facts_t      facts;
    cmt__decision_t   d;

    mine = cmt_arena_create(CMT_ARENA_BYTES_MAX);
    cmt__facts_default(&facts);
    wrong = 0;

    for (i = 0; i < 300; i++) {
        cmt_arena_reset(mine);
        wrong += cmt__rules_evaluate(data, &facts, cmt_str("en"), mine, &d,
                                     NULL) != CMT_OK
                 || d.verdict != CMT_VERDICT_HOLD || d.score != 3000
                 || !cmt__str_is(d.message, "Wait.") || d.failed;
    }

    cmt_arena_destroy(mine);

    return (void *) wrong;
}


static void
test_threads(void)
{
    int             i, wrong;
    void           *result;
    pthread_t       threads[4];
    cmt_ruleset_t  *rules;

    rules = load("local n = 0\n" RULE("a", "n = n + 1 return score(n * 3)")
                 RULE("b", "return hold({nb='Vent.', en='Wait.'})"),
                 NULL, NULL);
    wrong = 0;

    for (i = 0; i < 4; i++) {
        (void) pthread_create(&threads[i], NULL, evaluate_often, rules);
    }

    for (i = 0; i < 4; i++) {
        (void) pthread_join(threads[i], &result);
        wrong += result != NULL;
    }

    is_int(wrong, 0, "threads share a ruleset and nothing else");
    cmt_ruleset_free(rules);
}


static void
test_globals(void)
{
    char                  names[4096];
    int                   reasons;
    const cmt__global_t  *row;

    names[0] = '\0';
    reasons = 1;

    for (row = cmt__globals; row->name != NULL; row++) {
        reasons &= row->why != NULL && row->why[0] != '\0';
        (void) snprintf(names + strlen(names), sizeof(names) - strlen(names),
                        "%s%s%s ", row->library != NULL ? row->library : "",
                        row->library != NULL ? "." : "", row->name);
    }

    ok(reasons, "every global says why it is there");
    is_text(names,
        "rule settings disable test predicate list include "
        "accept challenge hold nudge reject score spam tag "
        "_VERSION assert error ipairs pairs print select tonumber tostring "
        "type "
        "string.byte string.char string.find string.format string.gmatch "
        "string.gsub string.len string.lower string.match string.rep "
        "string.reverse string.sub string.upper "
        "table.concat table.insert table.pack table.remove table.sort "
        "table.unpack "
        "math.abs math.acos math.asin math.atan math.ceil math.cos math.deg "
        "math.exp math.floor math.fmod math.huge math.log math.max "
        "math.maxinteger math.min math.mininteger math.modf math.pi math.rad "
        "math.random math.sin math.sqrt math.tan math.tointeger math.type "
        "math.ult "
        "utf8.char utf8.charpattern utf8.codepoint utf8.codes utf8.len "
        "utf8.offset "
        "text.contacts text.distance text.fold text.leet text.len text.links "
        "text.lower text.mask text.near text.sub text.trim text.words "
        "rate.add rate.count store.del store.get "
        "store.set std.first_comment std.flood std.honeypot std.links "
        "std.mixed_alphabets std.shouting std.staff std.throwaway "
        "std.too_fast std.wordpress std.words "
        "lang.guess time.date time.human time.local_ time.parse time.span ",
        "and there are no others");
}


static void
test_digest(void)
{
    char            first[64];
    cmt_ruleset_t  *rules;

    rules = load(RULE("a", ""), NULL, NULL);
    (void) snprintf(first, sizeof(first), "%s", rules->digest);
    is_int(strlen(first), 32, "a ruleset has a digest");
    cmt_ruleset_free(rules);

    rules = load(RULE("a", ""), NULL, NULL);
    is_text(rules->digest, first, "the same for the same files");
    cmt_ruleset_free(rules);

    rules = load(RULE("a", " "), NULL, NULL);
    ok(strcmp(rules->digest, first) != 0, "another for others");
    cmt_ruleset_free(rules);
}


static void
measure(const char *what, cmt_ruleset_t *rules, const char *comment)
{
    int               i;
    double            ns;
    cmt_arena_t      *mine;
    cmt_str_t         json;
    cmt__facts_t      facts;
    struct timespec   from, to;
    cmt__decision_t   d;
    const cmt__json_t  *root;

    json.data = comment;
    json.len = strlen(comment);
    mine = cmt_arena_create(CMT_ARENA_BYTES_MAX);

    if (rules == NULL || cmt__json_parse(arena, json, &root, &err) != CMT_OK
        || cmt__facts_from_json(root, arena, &facts, &err) != CMT_OK)
    {
        note("%s: %s", what, err.detail);
        return;
    }

    (void) clock_gettime(CLOCK_THREAD_CPUTIME_ID, &from);

    for (i = 0; i < 500; i++) {
        cmt_arena_reset(mine);
        if (cmt__rules_evaluate(rules, &facts, cmt_str("en"), mine, &d, NULL)
            != CMT_OK)
        {
            return;
        }
    }

    (void) clock_gettime(CLOCK_THREAD_CPUTIME_ID, &to);
    ns = (double) (to.tv_sec - from.tv_sec) * 1e9
         + (double) (to.tv_nsec - from.tv_nsec);
    note("%s: %.1f us of CPU, %s", what, ns / 500 / 1000,
         strstr(cmt__str_copy(mine, d.receipt).data, "\"steps\""));

    cmt_arena_destroy(mine);
}


/* A comment of about so many bytes. */

static void
write_comment(char *out, size_t bytes)
{
    (void) strcpy(out, "{\"text\":\"");

    while (strlen(out) < bytes) {
        (void) strcat(out, "Some ordinary words about the matter. ");
    }

    (void) strcat(out, "http://a.example/x http://b.example/\"}");
}


/* 20 n rules such as moderators write, each kind with a test. */

static void
write_rules(char *out, size_t size, int n)
{
    int     i;
    size_t  len;

    out[0] = '\0';

    for (i = 0; i < 5 * n; i++) {
        len = strlen(out);
        (void) snprintf(out + len, size - len,
            "rule('links %d', function(c)\n  for _, l in ipairs(c.links) do\n"
            "    if l.domain == 'bad%d.example' then\n"
            "      return spam(l.domain)\n    end\n  end\nend)\n"
            "rule('words %d', function(c)\n"
            "  if c.plain:lower():find('casino%d', 1, true) then\n"
            "    return hold('x', 'casino')\n  end\nend)\n"
            "rule('digits %d', function(c)\n"
            "  for d in c.plain:gmatch('%%f[%%d]%%d%%d%%d%%d%%d%%d%%f[%%D]') "
            "do\n    return hold('x', d)\n  end\nend)\n"
            "rule('author %d', function(c)\n  local a = c.author\n"
            "  if a.approved == 0 and a.spam > %d then\n"
            "    return score(2, a.name)\n  end\nend)\n"
            "test('t%d', { text = 'the casino%d' }, 'hold', 'words %d')\n",
            i, i, i, i, i, i, i, i, i, i);
    }
}


static void
test_cost(void)
{
    static char          source[65536], comment[16384];
    double               ms;
    struct timespec      from, to;
    unsigned long long   steps;
    cmt_ruleset_t       *rules;

    write_comment(comment, 570);
    rules = load(RULE("many links", "if #c.links > 2 then return hold('x') "
                      "end"), NULL, NULL);
    measure("one rule", rules, comment);
    cmt_ruleset_free(rules);

    write_rules(source, sizeof(source), 1);
    rules = load(source, NULL, NULL);
    run(rules, comment);
    steps = receipt[0] != '\0'
            ? strtoull(strstr(receipt, "\"steps\":") + 8, NULL, 10) : 0;
    ok(steps > 0 && steps <= 10000, "twenty rules take 10 000 steps at most");
    measure("twenty rules", rules, comment);
    write_comment(comment, 8000);
    measure("twenty rules, 8 KB", rules, comment);
    cmt_ruleset_free(rules);

    write_rules(source, sizeof(source), 4);
    (void) clock_gettime(CLOCK_THREAD_CPUTIME_ID, &from);
    rules = load(source, NULL, NULL);
    (void) clock_gettime(CLOCK_THREAD_CPUTIME_ID, &to);
    ms = (double) (to.tv_sec - from.tv_sec) * 1e3
         + (double) (to.tv_nsec - from.tv_nsec) / 1e6;
    ok(rules != NULL, "a file of 500 lines");
    note("loading it with its 20 tests: %.1f ms", ms);
    cmt_ruleset_free(rules);
}


int
main(void)
{
    begin();

    test_comment();
    test_fields();
    test_receipt();
    test_many();
    test_budget();
    test_repeats();
    test_threads();
    test_globals();
    test_digest();
    test_cost();

    end();

    return done();
}
