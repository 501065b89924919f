/*
 * Rulesets: loading, what the verdicts add up to, settings, filters.
 */

#include <sys/stat.h>

#include "rules_judge.h"


static void
test_verdicts(void)
{
    judge("", "{}");
    has("{\"verdict\":\"accept\",\"score\":0,\"public\":null,\"rules\":[],"
        "\"steps\":0,", "a file without rules accepts");

    judge(RULE("a", "return hold('Wait.', 'why')"), "{}");
    has("{\"verdict\":\"hold\",\"score\":0,\"public\":\"Wait.\",\"rules\":["
        "{\"name\":\"a\",\"file\":\"r1.lua\",\"line\":1,\"verdict\":\"hold\","
        "\"note\":\"why\"}]", "a rule holds");

    judge(RULE("a", "return hold('h')") RULE("b", "return accept()")
          RULE("c", "return spam()"), "{}");
    has("\"verdict\":\"hold\"", "accept() takes nothing back");
    lacks("\"name\":\"c\"", "and ends the evaluation");

    judge(RULE("a", "return hold('h')") RULE("b", "return reject('r')")
          RULE("c", "return spam()"), "{}");
    has("{\"verdict\":\"reject\",\"score\":0,\"public\":\"r\"",
        "a stricter verdict behind a hold");
    lacks("\"name\":\"c\"", "reject() ends the evaluation");

    judge(RULE("a", "return hold('h', 'n')") RULE("b", "return spam('s')")
          RULE("c", "return reject()"), "{}");
    has("{\"verdict\":\"spam\",\"score\":0,\"public\":\"h\"",
        "who is taken for spam reads the words of who is held");
    lacks("\"name\":\"c\"", "spam() ends the evaluation");

    judge(RULE("a", "return spam('s')"), "{}");
    has("{\"verdict\":\"spam\",\"score\":0,\"public\":"
        "\"Thank you. A moderator will read"
        " this first.\"", "and the usual ones when no rule held");

    judge(RULE("a", "return nudge('n1', 'x')")
          RULE("b", "return challenge{pow=20, note='p'}"), "{}");
    has("{\"verdict\":\"challenge\"", "challenge is stricter than nudge");
    judge(RULE("a", "return challenge{pow=20}") RULE("b", "return hold()"),
          "{}");
    has("{\"verdict\":\"hold\"", "hold is stricter than challenge");
    judge(RULE("a", "return nudge('n1')") RULE("b", "return accept()"), "{}");
    has("{\"verdict\":\"nudge\",\"score\":0,\"public\":\"n1\"",
        "nudge is stricter than accept");

    judge(RULE("a", "return hold('one')") RULE("b", "return hold('two')"),
          "{}");
    has("\"public\":\"one\"", "the first of two equal verdicts has the word");

    judge(RULE("a", "error('x')") RULE("b", "return hold('mine')"), "{}");
    has("\"public\":\"mine\"", "a rule's words come before a failure's");

    judge(RULE("a", "error('x')") RULE("b", "return reject('no')"), "{}");
    has("\"verdict\":\"reject\"", "behind a failure others still run");

    judge("rule('a', {on_error='skip'}, function() error('x') end)", "{}");
    has("{\"verdict\":\"accept\"", "a rule that may fail holds nothing");
    has("\"verdict\":\"skipped\",\"note\":\"rule \\\"a\\\" failed: r1.lua:1: "
        "x\"}", "but is in the receipt");
    has("\"errors\":[\"r1.lua:1: x\"]", "and among the errors");
}


static void
test_scores(void)
{
    const char  *files = "settings{thresholds={hold=4, spam=8, reject=12}}"
                         RULE("a", "return score(c.words, 'w')");

    judge(files, "{\"words\":3}");
    has("{\"verdict\":\"accept\",\"score\":3,", "below the threshold");
    has("\"verdict\":\"score\",\"score\":3,\"note\":\"w\"", "with its reason");
    judge(files, "{\"words\":4}");
    has("{\"verdict\":\"hold\",\"score\":4,", "at the threshold");
    judge(files, "{\"words\":8}");
    has("{\"verdict\":\"spam\",", "at the next");
    judge(files, "{\"words\":12}");
    has("{\"verdict\":\"reject\",", "and the last");

    judge("settings{thresholds={hold=0.3}}" RULE("a", "return score(0.1)")
          RULE("b", "return score(0.2)"), "{}");
    has("{\"verdict\":\"hold\",\"score\":0.3,",
        "scores are counted in thousandths, so 0.1 and 0.2 are 0.3");
    judge(RULE("a", "return score(-2.5)") RULE("b", "return score(0.001)"),
          "{}");
    has("\"score\":-2.499,", "scores may be negative");
    judge("settings{thresholds={hold=1}}" RULE("a", "return score(5)")
          RULE("b", "return accept()"), "{}");
    has("\"verdict\":\"accept\",\"score\":5", "a verdict comes before a sum");
}


static void
test_settings(void)
{
    judge("settings{default='hold'}", "{}");
    has("{\"verdict\":\"hold\",\"score\":0,\"public\":"
        "\"Thank you. A moderator will read "
        "this first.\"", "a default of hold");
    judge("settings{default='hold', default_reason='Everything waits.'}",
          "{}");
    has("\"public\":\"Everything waits.\"", "with words of its own");
    judge("settings{default='hold', language='nb', default_reason={en='E', "
          "nb='N'}}", "{}");
    has("\"public\":\"N\"", "in the language of the site");
    judge("settings{default='hold', default_reason={fr='F', de='D'}}", "{}");
    has("\"public\":\"D\"", "in the first there is, when none fits");
    judge("settings{language='nb'}" RULE("a", "return hold({en='E', nb='N'})"),
          "{}");
    has("\"public\":\"N\"", "as the words of a rule");
    judge("settings{language='nb-NO'}"
          RULE("a", "return hold({en='E', nb='N'})"), "{}");
    has("\"public\":\"N\"", "nb serves nb-NO");

    refused("settings{language='norsk bokmål'}", "such as \"nb\"",
            "a language is a code");
    refused("settings{default_reason=5}", "must be text or",
            "a reason is text");
}


static void
test_filters(void)
{
    const char  *path = "rule('a', {path={'/blog/*', '/news/?'}}, function() "
                        "return hold() end)";
    const char  *kind = "rule('a', {kind='mention'}, function() return hold() "
                        "end)";
    const char  *event = "rule('a', {event={'edit','import'}}, function() "
                         "return hold() end)";

    judge(path, "{\"page\":{\"path\":\"/blog/a/b\"}}");
    has("\"hold\"", "a path that fits");
    judge(path, "{\"page\":{\"path\":\"/news/1\"}}");
    has("\"hold\"", "another");
    judge(path, "{\"page\":{\"path\":\"/news/12\"}}");
    has("{\"verdict\":\"accept\"", "? is one character");
    judge(path, "{\"page\":{\"path\":\"/blog\"}}");
    has("{\"verdict\":\"accept\"", "a path that does not");
    judge("rule('a', {path='*/x*y'}, function() return hold() end)",
          "{\"page\":{\"path\":\"/a/x/x.y/z/y\"}}");
    has("\"hold\"", "several stars");

    judge(kind, "{\"kind\":\"comment\"}");
    has("{\"verdict\":\"accept\"", "a kind that does not fit");
    judge(kind, "{\"kind\":\"pingback\"}");
    has("\"hold\"", "a pingback is a mention");
    judge(kind, "{\"kind\":\"webmention\"}");
    has("\"hold\"", "so is a webmention");

    judge(event, "{}");
    has("{\"verdict\":\"accept\"", "posting is not among the events");
    judge(event, "{\"event\":\"edit\"}");
    has("\"hold\"", "editing is");
}


static void
test_files(void)
{
    size_t          n_rules, n_tests;
    cmt_ruleset_t  *rules;

    rules = load(RULE("a", "return score(1, 'a1')")
                 RULE("b", "return score(1, 'b1')"),
                 "disable 'a'\n" RULE("b", "return score(1, 'b2')")
                 RULE("d", "return score(shared(), 'd2')")
                 "function shared() return 2 end",
                 RULE("e", "return score(shared(), 'e3')"));
    run(rules, "{}");
    lacks("\"a1\"", "a later file disables a rule");
    lacks("\"b1\"", "or declares it anew");
    has("\"rules\":[{\"name\":\"b\",\"file\":\"r2.lua\",\"line\":2,",
        "in its old place");
    has("\"score\":2,\"note\":\"e3\"",
        "files share globals made while loading");

    cmt_ruleset_count(rules, &n_rules, &n_tests);
    is_int(n_rules, 4, "four rules");
    cmt_ruleset_free(rules);

    rules = load(RULE("a", "") "test('t', {}, 'accept')", NULL, NULL);
    cmt_ruleset_count(rules, &n_rules, &n_tests);
    is_int(n_tests, 1, "a test is counted");
    cmt_ruleset_free(rules);

    refused("rule('a', function() end)\nrule('b', function(c)\n  x y\nend)\n",
            "/r1.lua:3: ", "a mistake is told with file and line");
    ok(strncmp(err.detail, folder, strlen(folder)) == 0,
       "the file with its folder");
    refused("test('t', {text='a'}, 'spam')", "/r1.lua:1: the test \"t\" fails:"
            " \"spam\" was expected but the rules say \"accept\"",
            "a test that fails is told");
}


static void
taken(const char *source, const char *sentence)
{
    cmt_ruleset_t  *rules;

    rules = load(source, NULL, NULL);
    ok(rules != NULL, sentence);
    cmt_ruleset_free(rules);
}


/* A field that no comment has is told when the file loads, whether its rule
 * runs or not. */

static void
test_fields(void)
{
    refused("rule('a', function(c)\n  if c.link then return hold() end\nend)",
            "/r1.lua:2: a comment has no \"link\"; did you mean \"links\"?",
            "a misspelt field");
    refused("rule('a', function(c) return c.author.aproved end)",
            "an author has no \"aproved\"; did you mean \"approved\"?",
            "in what a field has");
    refused("rule('a', function(c) return c.parent.author.nam end)",
            "an author has no \"nam\"", "also of the parent");
    refused("rule('a', function(c) return c:fnd(1) end)",
            "a comment has no \"fnd\"; did you mean \"find\"?", "a method");
    refused("predicate('a', function(c) return c.author.spamm > 0 end)",
            "an author has no \"spamm\"", "in a predicate");
    refused("rule('a', { path = '/b' }, function(x) return x.name end)",
            "a comment has no \"name\"; did you mean \"author.name\"?",
            "one that stands elsewhere, whatever the comment is called");
    refused("local function f(c) return c.form.speed end\n"
            "rule('a', f) rule('b', f)",
            "a form has no \"speed\": there are \"seconds\", \"honeypot\", ",
            "of few all are told");

    taken("local function f(c) return c.link end\n"
          "rule('a', function(c) return f({ link = hold() }) end)",
          "another function may have any table");
    taken("rule('a', function(c) c = { link = 1 } print(c.link) end)",
          "so may one that changes what it was given");
    taken("rule('a', function(c)\n"
          "  local function f() return function() c = { link = 1 } end end\n"
          "  f()() print(c.link)\nend)",
          "also when a function within it does");
    refused("rule('a', function(c)\n"
            "  local n = 0 local function f() n = #c.text end\n"
            "  f() print(c.link, n)\nend)",
            "a comment has no \"link\"", "but not when it only reads it");
    taken("local f = function(c) return c.x end rule('a', function(c) end)",
          "of two functions in one line none is asked");
    taken("rule('a', function(c) local k = (c.parent or c).author.k end)",
          "what is known only when it runs is told then");
    taken("rule('a', function(c) print(c.page.meta.x, c.page.tags.y, c.var.z)"
          " end)", "any name is one of a page");

    refused("settings{default_reason={english='Wait.'}}",
            "\"english\" is no language: write its code, such as en",
            "a language by its name");
    refused("settings{default_reason={EN='Wait.'}}", "\"EN\" is no language",
            "or in capitals");
    refused("settings{default_reason={e='Wait.'}}", "\"e\" is no language",
            "or of one letter");
    refused("settings{default_reason={ends='Wait.'}}",
            "\"ends\" is no language", "or of four");
    taken("settings{default_reason={en='Wait.', nds='Tööv.',"
          " ['pt-BR']='Espere.'}}", "by their codes they are taken");

    refused("rule('a', function() end, { path = '/' })",
            "rule, argument 3: nothing expected behind the function, got table",
            "a filter behind the function");
    refused("test('t', {}, 'approve')",
            "there is no verdict \"approve\": there are \"accept\", ",
            "a word that is near to none");
    refused("rule('a', function(c) return c.links > 2 and hold() end)\n"
            "test('t', {}, 'hold')",
            "\"links\" is a list: write #c.links", "a list is no number");
    refused("rule('a', function(c) return spam('For you.', 'note') end)\n"
            "test('t', {}, 'spam')", "spam takes a note for moderators and",
            "words to the author of spam");
    refused("rule('a', function(c) return accept('a', 'b') end)\n"
            "test('t', {}, 'accept')", "accept takes a note for moderators",
            "or of what is published");
    refused("rule('links', function(c) end)\n"
            "test('t', {}, 'accept', 'link')",
            "there is no rule \"link\"; did you mean \"links\"?",
            "a rule that a test names and nobody wrote");
    refused("settings { thresholds = { hold = 5, spam = 3 } }",
            "thresholds must rise", "a threshold that is never reached");
    refused("settings { thresholds = { spam = 5, reject = 5 } }",
            "thresholds must rise", "nor at the same score");
    taken("settings { thresholds = { hold = 3, reject = 5 } }",
          "one may be missing");
    refused("test('t', { author = { role = 'admin' } }, 'accept')",
            "author.role must be one of its words: there are \"reader\", ",
            "words are told");
}


static void
test_sources(void)
{
    int              rc;
    char             path[256], *large;
    const char      *paths[1] = { folder };
    cmt_ruleset_t   *rules;

    path_of(path, 1);

    write_file(1, "\x1bLua\x54\0\x19\x93", 8);
    rc = load_file(NULL, &rules);
    ok(rc == CMT_ERULES && strstr(err.detail, "r1.lua:1: ") != NULL,
       "bytecode is refused");

    write_file(1, "local a = 1\n-- bl\xe5" "b\xe6r\n", 20);
    rc = load_file(NULL, &rules);
    ok(rc == CMT_ERULES
       && strstr(err.detail, "r1.lua:2: the file is not UTF-8") != NULL,
       "another encoding is refused, with the line");

    write_file(1, "\xef\xbb\xbflocal a = 1\r\n", 16);
    rc = load_file(NULL, &rules);
    is_int(rc, CMT_OK, "a byte order mark and CR LF are no mistakes");
    cmt_ruleset_free(rules);

    large = malloc(CMT_RULES_FILE_BYTES_MAX + 1);
    memset(large, ' ', CMT_RULES_FILE_BYTES_MAX + 1);
    write_file(1, large, CMT_RULES_FILE_BYTES_MAX);
    rc = load_file(NULL, &rules);
    is_int(rc, CMT_OK, "a file of the largest size");
    cmt_ruleset_free(rules);
    write_file(1, large, CMT_RULES_FILE_BYTES_MAX + 1);
    rc = load_file(NULL, &rules);
    ok(rc == CMT_ERULES && strstr(err.detail, "larger than 262144") != NULL,
       "one byte more");
    free(large);

    (void) unlink(path);
    is_int(load_file(NULL, &rules), CMT_EIO, "a file that is missing");
    is_int(cmt_ruleset_load(paths, 1, NULL, &rules, &err), CMT_EIO,
           "a folder is no file");

    (void) mkfifo(path, 0600);
    is_int(load_file(NULL, &rules), CMT_EIO,
           "nor is a pipe, and nobody waits for it");
    (void) unlink(path);
}


#define KNOWN  "\"author\":{\"proof\":\"cookie\",\"approved\":1}"

static void
test_standard(void)
{
    size_t           n, n_tests;
    cmt_ruleset_t   *rules;

    is_int(cmt_ruleset_load(NULL, 0, NULL, &rules, &err), CMT_OK,
           "no file: the standard rules, which pass their tests");
    cmt_ruleset_count(rules, &n, &n_tests);
    is_int((int) n, 11, "eleven rules");
    ok(n_tests > 2 * 9, "and for each line a match and a non-match");

    run(rules, "{\"text\":\"a\"," KNOWN "}");
    has("{\"verdict\":\"accept\"", "publish a known author's comment");
    run(rules, "{\"text\":\"a\",\"author\":{\"approved\":0}}");
    has("{\"verdict\":\"hold\"", "hold a first one");
    has("\"public\":\"Thank you. A first comment is read by a moderator",
        "and tell its author so");
    has("\"file\":\"standard.lua\",\"line\":12",
        "by the line that asked for it");
    run(rules, "{\"form\":{\"honeypot\":true}}");
    has("{\"verdict\":\"spam\"", "and know machines");
    cmt_ruleset_free(rules);
}


/* The rules of lua/std.lua, each of its options. */

static void
test_std(void)
{
    refused("std.links { maximum = 2 }\n",
            "r1.lua:1: std.links has no \"maximum\": it takes say, max",
            "a misspelt option of std, where it is written");
    refused("std.shouting {}\nstd.links { max = \"2\" }\n",
            "r1.lua:2: std.links: max is a number, not a string",
            "a text where std takes a number");
    refused("std.link {}\n", "did you mean \"links\"?",
            "a misspelt name of std");
    refused("std.links {}\nstd.links {}\n",
            "r1.lua:2: there is a rule \"many links\" already, in line 1",
            "what std registers has a name like any rule");
    refused("std.x = 1\n", "the libraries cannot be changed",
            "std cannot be changed");
    refused("std.words(\"frist\")\n", "did you mean \"first\"?",
            "misspelt words of std");

    judge("std.links { max = 0, say = { nb = \"Lenker.\" } }\n"
          "settings { language = \"nb\" }\n",
          "{\"text\":\"http://a.example\"}");
    has("\"public\":\"Lenker.\"", "words of one's own");
    judge("settings { language = \"nb\" }\nstd.links { max = 0 }\n",
          "{\"text\":\"http://a.example\"}");
    has("\"public\":\"Kommentarer med flere lenker leses av en moderator",
        "or those of the catalogue, in the language of the site");
    judge("std.first_comment { n = 2 }\ndisable \"first comment\"\n",
          "{\"author\":{\"approved\":0}}");
    has("{\"verdict\":\"accept\"", "a rule of std can be disabled");
    judge("rule(\"r\", function(c) return hold(std.words(\"held\")) end)\n",
          "{}");
    has("Thank you. A moderator will read this first.",
        "a rule can say the product's words");
}


static void
test_predicates(void)
{
    const char  *mine = "predicate('old', function(c)"
                        " return c.author.approved >= 5 end)\n";
    char         text[1024];

    judge(RULE("r", "") "rule('s', { only = 'staff' }, function(c)"
          " return hold() end)", "{}");
    has("{\"verdict\":\"accept\"", "a rule for staff alone");
    judge("rule('s', { only = 'staff' }, function(c) return hold() end)",
          "{\"author\":{\"role\":\"moderator\"}}");
    has("{\"verdict\":\"hold\"", "is asked about staff");
    has("\"facts\":[\"author.role\"]", "which the receipt notes");

    judge("rule('s', { unless = 'trusted' }, function(c) return hold() end)",
          "{\"author\":{\"approved\":3,\"proof\":\"cookie\"}}");
    has("{\"verdict\":\"accept\"", "who is trusted is left alone");
    judge("rule('s', { unless = 'trusted' }, function(c) return hold() end)",
          "{\"author\":{\"approved\":3}}");
    has("{\"verdict\":\"hold\"", "not by a typed name");
    judge("rule('s', { unless = 'trusted' }, function(c) return hold() end)",
          "{\"author\":{\"approved\":2,\"proof\":\"cookie\"}}");
    has("{\"verdict\":\"hold\"", "nor with two comments");
    judge("rule('s', { unless = 'trusted' }, function(c) return hold() end)",
          "{\"author\":{\"approved\":9,\"spam\":1,\"proof\":\"cookie\"}}");
    has("{\"verdict\":\"hold\"", "nor with spam");

    (void) snprintf(text, sizeof(text), "%srule('s', { unless = { 'staff',"
                    " 'old' } }, function(c) return hold() end)", mine);
    judge(text, "{\"author\":{\"approved\":5}}");
    has("{\"verdict\":\"accept\"", "a predicate of one's own");
    judge("predicate('trusted', function(c) return true end)\n"
          "rule('s', { unless = 'trusted' }, function(c) return hold() end)",
          "{}");
    has("{\"verdict\":\"accept\"", "also instead of ours");
    judge("predicate('bad', function(c) return 1 end)\n"
          "rule('s', { only = 'bad' }, function(c) return hold() end)", "{}");
    has("the predicate \\\"bad\\\" returned number", "true or false");
    judge("predicate('bad', function(c) while true do end end)\n"
          "rule('s', { only = 'bad' }, function(c) end)\n"
          RULE("t", "return score(2)"), "{}");
    has("\"verdict\":\"hold\"", "an endless one holds");
    has("\"score\":2", "and other rules run");

    judge("rule('s', { lang = { 'nb', 'sv' } }, function(c) return hold() end)",
          "{\"text\":\"Dette er noe som jeg ikke vet hva er, og det er bra\"}");
    has("{\"verdict\":\"hold\"", "a rule for a language");
    has("\"facts\":[\"lang\"]", "which the receipt notes");
    judge("rule('s', { lang = 'nb' }, function(c) return hold() end)\n"
          "rule('t', { lang = 'en' }, function(c) return score(3) end)",
          "{\"text\":\"This is what I have to say about the matter.\"}");
    has("{\"verdict\":\"accept\"", "is not asked about another");
    has("\"score\":3", "which has its own");
    judge("rule('s', { lang = 'en' }, function(c) return hold() end)",
          "{\"text\":\"Hi\"}");
    has("{\"verdict\":\"accept\"", "nor about what cannot be told");
    refused("rule('s', { lang = 'no' }, function(c) end)",
            "there is no lang \"no\"", "no language of ours");
    refused("rule('s', { lang = {} }, function(c) end)",
            "lang is an empty list", "none at all");

    refused("rule('s', { only = 'trustd' }, function(c) end)",
            "did you mean \"trusted\"?", "a misspelt predicate");
    refused("rule('s', { unless = {} }, function(c) end)",
            "unless is an empty list", "an empty list");
    refused("predicate('a', function() end)\npredicate('a', function() end)",
            "there is a predicate \"a\" already", "the same name twice");
    refused("for i = 1, 31 do predicate('p' .. i, function() end) end",
            "more than 32 predicates", "one too many");
    judge("for i = 1, 30 do predicate('p' .. i, function() end) end\n"
          "rule('s', { only = 'p30' }, function(c) return hold() end)", "{}");
    has("{\"verdict\":\"accept\"", "32 are fine");

    judge(RULE("r", "tag('a') tag('b') tag('a')"), "{}");
    has("\"tags\":[\"a\",\"b\"]", "tags are kept");
    judge(RULE("r", "tag('a') error('x')") RULE("s", "tag('c')"), "{}");
    has("\"tags\":[\"c\"]", "not those of a rule that fails");
    judge(RULE("r", "for i = 1, 17 do tag('t' .. i) end"), "{}");
    has("at most 16 tags", "and not too many");
}


static void
test_wordpress(void)
{
    write_file(2, "press\n", 6);
    write_file(3, "casino\n", 7);

    judge("std.wordpress { previously_approved = false, max_links = 0 }\n",
          "{\"text\":\"a\",\"author\":{\"approved\":0,\"key\":\"0a\"}}");
    has("{\"verdict\":\"accept\"", "WordPress without its settings");
    judge("std.wordpress { name_email = true }\n", "{}");
    has("\"name\":\"name and e-mail\"", "name and e-mail are asked for");
    judge("std.wordpress {}\n",
          "{\"text\":\"http://a.example http://b.example\","
          "\"author\":{\"key\":\"0a\"}}");
    has("\"name\":\"max links\"", "as many links as WordPress counts");
    judge("std.wordpress {}\n", "{\"author\":{\"approved\":0}}");
    has("\"name\":\"previously approved\"", "who was never approved");
    judge("std.wordpress { manual = true, previously_approved = false }\n",
          "{\"author\":{\"key\":\"0a\"}}");
    has("\"name\":\"manual approval\"", "everything is read");
    judge("std.wordpress { moderation_keys = \"r2.lua\",\n"
          "disallowed_keys = list(\"r3.lua\") }\n",
          "{\"text\":\"the press\"}");
    has("\"name\":\"moderation keys\"", "words that wait, by file");
    judge("std.wordpress { moderation_keys = \"r2.lua\",\n"
          "disallowed_keys = list(\"r3.lua\") }\n",
          "{\"text\":\"my casino\"}");
    has("{\"verdict\":\"spam\"", "and words that are spam, by list");
}


int
main(void)
{
    begin();

    test_verdicts();
    test_scores();
    test_settings();
    test_filters();
    test_files();
    test_fields();
    test_sources();
    test_standard();
    test_std();
    test_predicates();
    test_wordpress();

    end();

    return done();
}
