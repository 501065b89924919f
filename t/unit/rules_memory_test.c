/*
 * What rules remember and ask of the past, as tests and `rules run` give it;
 * t/30-memory.t has the same with a store.
 */

#include "core/rules/engine.h"
#include "core/rules/objects.h"

#include "rules_judge.h"


static void
fails(const char *source, const char *piece, const char *sentence)
{
    judge(source, "{}");
    has(piece, sentence);
}


/* As many times rate.count, of which the last is wrong. */

static const char *
many_kinds(unsigned n)
{
    size_t       len;
    static char  source[64 * (CMT__KINDS_MAX + 8)];

    len = 0;

    while (n-- > 1) {
        len += (size_t) snprintf(source + len, sizeof(source) - len,
                                 "function f%u() rate.count('ip', 'k', '1h')"
                                 " end\n", n);
    }

    (void) snprintf(source + len, sizeof(source) - len,
                    RULE("r", "return score(1 + rate.count('autor', 'k',"
                              " '1h'))"));

    return source;
}


/* A count that is 0 for ever is found when the files load. */

static void
test_kinds(void)
{
    refused("\n" RULE("r", "return score(rate.count('autor', 'k', '1h'))"),
            ":2: nothing counts \"autor\"; did you mean \"author\"?",
            "a misspelt kind is told when the file loads, with its line");
    refused(RULE("r", "rate.count('posts', 'k', '1h')"),
            "nothing counts \"posts\": there are \"ip\", \"author\","
            " \"thread\"", "and what there is");
    refused(RULE("r", "rate.add('strikes', 'k', '1h')")
            RULE("s", "local f = function()"
                      " return rate.count('strike', 'k', '1h') end f()"),
            "did you mean \"strikes\"?", "also in a function of a rule");
    refused("local n = rate.count('autor', 'k', '1h')",
            "did you mean \"author\"?", "and outside of all");

    judge(RULE("r", "return score(rate.count('links', 'k', '1h'))")
          RULE("s", "rate.add('links', 'k', '1h')"), "{}");
    has("\"errors\":[]", "what a later rule adds to is there");
    judge(RULE("r", "local kind = 'x' return score(1 + rate.count(kind, 'k',"
                    " '1h') + rate.count('y' .. c.words, 'k', '1h'))"), "{}");
    has("\"score\":1", "a kind that is not known yet may be any");
    judge(RULE("r", "rate.add('a' .. c.words, 'k', '1h')"
                    " return score(1 + rate.count('b', 'k', '1h'))"), "{}");
    has("\"score\":1", "and when one is added to, what is asked for, too");
    judge(RULE("r", "local add = rate.add add('b', 'k', '1h')"
                    " return score(rate.count('b', 'k', '1h'))"), "{}");
    has("\"score\":1", "as by a function with another name");
    judge(RULE("r", "local of = rate of.add('b', 'k', '1h')"
                    " return score(rate.count('b', 'k', '1h'))"), "{}");
    has("\"score\":1", "or of a table with one");
    judge(RULE("r", "local by = { count = function(kind) return kind end }"
                    " local add = function(to, kind) to.add(kind, 'k', '1h')"
                    " end add(rate, by.count('b'))"
                    " return score(rate.count('b', 'k', '1h'))"), "{}");
    has("\"score\":1", "or by a function, beside what another table counts");
    judge("local g = _ENV\n"
          RULE("r", "g.rate.add('b', 'k', '1h')"
                    " return score(rate.count('b', 'k', '1h'))"), "{}");
    has("\"score\":1", "or from all globals");

    refused(many_kinds(CMT__KINDS_MAX), "did you mean \"author\"?",
            "the last of as many kinds as are looked at");
    judge(many_kinds(CMT__KINDS_MAX + 1), "{}");
    has("\"score\":1", "one more, and nothing is told");
}


static void
test_rate(void)
{
    judge(RULE("r", "return score(rate.count('ip', 'x', '10m'))"),
          "{\"rate\":{\"ip\":3}}");
    has("\"score\":3", "a count that is given, for all keys");
    judge(RULE("r", "return score(rate.count('ip', 'x', '10m')"
                    " + rate.count('ip', 'y', 60))"),
          "{\"rate\":{\"ip\":{\"x\":4}}}");
    has("\"score\":4", "or for one");
    judge(RULE("r", "return score(rate.count('ip', nil, '10m'))"), "{}");
    has("\"score\":0", "a key that is not known was never counted");

    judge(RULE("r", "rate.add('mine', 'k', '1h')"
                    " return score(rate.add('mine', 'k', '1h'))")
          RULE("s", "return score(10 * rate.count('mine', 'k', '1h'))"),
          "{\"rate\":{\"mine\":5}}");
    has("\"score\":77,", "what was added counts at once, for later rules too");

    judge(RULE("r", "rate.add('mine', 'k', '1h') error('no')")
          RULE("s", "return score(10 * rate.count('mine', 'k', '1h'))"),
          "{}");
    has("\"score\":0", "what a rule that fails has added is dropped");

    fails(RULE("r", "rate.add('ip', 'k', '1h')"),
          "\\\"ip\\\" is counted for each comment",
          "the core's own counts are not the rules' to change");
    fails(RULE("r", "rate.count('ip', 'k')"), "text expected",
          "a span must be given");
    fails(RULE("r", "rate.count('ip', 'k', '401d')"),
          "a span lies between 1 s and 400 days", "of 400 days at most");
    fails(RULE("r", "rate.count(('x'):rep(33), 'k', '1d')"),
          "a kind has 1 to 32 bytes", "of a kind that is not too long");
    judge(RULE("r", "return score(rate.count(('x'):rep(32), 'k', '400d'))"),
          "{}");
    has("\"verdict\":\"accept\"", "both at their limits are fine");
    fails(RULE("r", "for i = 1, 65 do rate.add('mine', i, '1h') end"),
          "rules write at most 64 times", "there is an end to writing");
    judge(RULE("r", "for i = 1, 64 do rate.add('mine', i, '1h') end"), "{}");
    has("\"errors\":[]", "which 64 do not pass");
    refused("rate.add('mine', 'k', '1h')", "only rules can remember",
            "files remember nothing while they load");
    judge("local n = rate.count('ip', 'k', '1h')\n"
          RULE("r", "return score(n)"), "{\"rate\":{\"ip\":7}}");
    has("\"score\":0", "and know nothing");
    judge("if store.get('a', 'k') then rule('s', function() end) end\n"
          RULE("r", "return score(store.get('a', 'k'))"),
          "{\"store\":{\"a\":{\"k\":7}}}");
    has("\"score\":7", "so that each comment meets the same rules");
}


#define TABLE  "{ until_ = 12, note = 'Nå', half = 0.5, yes = true }"

static void
test_store(void)
{
    judge(RULE("r", "local b = store.get('ban', c.author.key)"
                    " return score(b.until_, b.note)"),
          "{\"author\":{\"key\":\"0a\"},"
          "\"store\":{\"ban\":{\"0a\":{\"until_\":7,\"note\":\"why\"}}}}");
    has("\"score\":7,\"note\":\"why\"", "what is given is there");
    judge(RULE("r", "if store.get('ban', 'x') == nil"
                    " and store.get('ban', nil) == nil"
                    " then return score(1) end"), "{}");
    has("\"score\":1", "else nil");

    judge(RULE("r", "store.set('a', 'k', " TABLE ", '7d')")
          RULE("s", "local t = store.get('a', 'k')"
                    " return score(t.until_ + t.half, t.note"
                    " .. tostring(t.yes))"), "{}");
    has("\"score\":12.5,\"note\":\"Nåtrue\"", "a table comes back");
    judge(RULE("r", "store.set('a', 1, { 'x', 'y' }, 3600)"
                    " local t = store.get('a', '1')"
                    " return score(#t, t[1] .. t[2])"), "{}");
    has("\"score\":2,\"note\":\"xy\"", "and a list, by a number as key");
    judge(RULE("r", "store.set('a', 'k', 1.0, '1d')"
                    " return score(1, math.type(store.get('a', 'k')))"),
          "{}");
    has("\"note\":\"float\"", "a number of its own kind");
    judge(RULE("r", "store.set('a', 'k', 'v', '1d') store.del('a', 'k')"
                    " return score(store.get('a', 'k') == nil and 1 or 2)"),
          "{\"store\":{\"a\":{\"k\":\"old\"}}}");
    has("\"score\":1", "what is dropped is gone, also what was given");
    judge(RULE("r", "store.set('a', 'k', 'v', '1d') error('no')")
          RULE("s", "return score(store.get('a', 'k') == nil and 1 or 2)"),
          "{}");
    has("\"score\":1", "what a rule that fails has set is dropped");

    fails(RULE("r", "store.set('a', 'k', 'v')"), "for how long",
          "a time must be given");
    fails(RULE("r", "store.set('a', 'k', { {} }, '1d')"), "no table",
          "a table in a table is refused");
    fails(RULE("r", "store.set('a', 'k', c, '1d')"), "no comment",
          "and so is the comment");
    fails(RULE("r", "store.set('a', 'k', { 1, x = 2 }, '1d')"),
          "has names or is a list", "and a mixture");
    fails(RULE("r", "store.set('a', 'k', 0/0, '1d')"), "not finite",
          "and no number");
    fails(RULE("r", "store.set('a', 'k', '\\xff', '1d')"), "UTF-8",
          "and bytes");
    fails(RULE("r", "store.set('a', 'k', ('x'):rep(1023), '1d')"),
          "at most 1024 bytes", "and what is too long");
    judge(RULE("r", "store.set('a', 'k', ('x'):rep(1022), '1d')"), "{}");
    has("\"errors\":[]", "the limit is fine");
}


static void
test_past(void)
{
    judge(RULE("r", "local r = c.author.recent('30d')"
                    " return score(r.total, r.rejected .. '/' .. r.spam)"),
          "{\"author\":{\"recent\":{\"rejected\":2,\"approved\":3}}}");
    has("\"score\":5,\"note\":\"2/0\"", "an author's last weeks");
    has("\"facts\":[\"author.recent\"]", "which the receipt notes");
    judge(RULE("r", "return score(c.author:recent('1d').total)"), "{}");
    has("\"score\":0", "nothing when nothing is given");
    judge(RULE("r", "return score(c.thread.pair_replies('a', 'b', '1h'))"),
          "{\"thread\":{\"pair_replies\":8}}");
    has("\"score\":8", "a quarrel");
    judge(RULE("r", "local t = c.thread return score(t.authors + t.per_hour"
                    " + t.depth + t.removed_share + c.page.age)"),
          "{\"thread\":{\"authors\":1,\"per_hour\":2,\"depth\":3,"
          "\"removed_share\":0.5},\"page\":{\"age\":4}}");
    has("\"score\":10.5", "a thread");
    judge(RULE("r", "return score(c.page.tags.court and 1 or 0)"),
          "{\"page\":{\"tags\":{\"court\":true}}}");
    has("\"score\":1", "what a page is tagged with");
}


int
main(void)
{
    begin();

    test_kinds();
    test_rate();
    test_store();
    test_past();

    end();

    return done();
}
