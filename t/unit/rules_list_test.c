/*
 * Lists of words beside a file of rules, what is found by them and what they
 * cost; folding, notes that are matches, and what is kept out of receipts.
 */

#include "rules_judge.h"


#define ENTRIES_MANY  20000


static void
test_words(void)
{
    put("w.txt", "# comment\nidiot | 2.5 | rude\nnew york city\n"
               "\xc3\xa6lg\nпаспорт # seen\n");
    judge("local w = list('w.txt')\n"
          RULE("r", "local m = c:find(w) if m then return score(m.weight, m)"
                    " end"),
          "{\"text\":\"You ID\\u200bI\\u041eT!\"}");
    has("\"score\":2.5,", "a word is found in any case and in disguise");
    has("(rude)", "its note is shown");
    has("\"facts\":[\"plain\"]", "what was read is noted");

    judge("local w = list('w.txt')\n"
          RULE("r", "return hold(nil, c:find_all(w))"),
          "{\"text\":\"idiotic NEW  York city, an \\u00c6lg, asp\\u00e6lg\"}");
    has("\"note\":\"\\\"NEW  York city\\\", \\\"\xc3\x86lg\\\"\"",
        "phrases and words are found whole, and only whole");

    judge("local w = list('w.txt')\n"
          RULE("r", "assert(w:has('Idiot') and not w:has('an idiot'))"
                    "assert(w:find('so idiot').at == 3)"
                    "return score(c:count(w))"),
          "{\"text\":\"idiot idiot \\u043f\\u0430c\\u043f\\u043e"
          "\\u0440\\u0442\"}");
    has("\"score\":3,", "they are counted, look-alikes too");

    judge("local m = list('w.txt'):find('so idiot')\n"
          RULE("r", "return score(m.at)"), "{}");
    has("\"score\":3,", "a file can ask a list while it loads");
}


static void
test_other_kinds(void)
{
    put("p.txt", "ass\nsassy\nhe\nshe\n");
    put("ok.txt", "class\n");
    put("d.txt", "spam.example\n*.bad.example\n");
    put("s.txt", "kasin\n");

    judge("local p = list('p.txt', { match = 'substring',"
          " except = list('ok.txt') })\n"
          RULE("r", "return hold(nil, c:find_all(p))"),
          "{\"text\":\"class, grass: ushers\"}");
    has("\"note\":\"\\\"ass\\\", \\\"she\\\"\"",
        "parts of words are found, the longest that ends first");

    judge("local d = list('d.txt', { match = 'domain' })\n"
          RULE("r", "assert(d:has('a.spam.example') and d:has('bad.example')"
                    " and not d:has('xspam.example') and not d:has(nil))"
                    "return hold(nil, c:find(d))"),
          "{\"text\":\"http://www.spam.example/ and more\"}");
    has("\"note\":\"\\\"www.spam.example\\\"\"", "a link's domain is found");
    has("\"facts\":[\"links\"]", "by reading the links");

    judge("local s = list('s.txt', { match = 'prefix' })\n"
          RULE("r", "return hold(nil, c:find(s))"),
          "{\"text\":\"okasino Kasinoet\"}");
    has("\"note\":\"\\\"Kasinoet\\\"\"", "beginnings of words are found");

    judge("local w = list('s.txt', { case = true })\n"
          RULE("r", "return score(c:count(w))"),
          "{\"text\":\"kasin Kasin KASIN\"}");
    has("\"score\":1,", "case can count");
}


static void
test_inflect(void)
{
    put("s.txt", "hus\nstor båt\nidiot\n");

    judge("local w = list('s.txt', { inflect = 'nb' })\n"
          RULE("r", "return hold(nil, c:find_all(w))"),
          "{\"text\":\"Husene, husets; store b\u00e5tene, huske,"
          " idiotene\"}");
    has("\"note\":\"\\\"Husene\\\", \\\"husets\\\", \\\"store båtene\\\","
        " \\\"idiotene\\\"\"", "all forms of a word or phrase are found");
    judge("local w = list('s.txt', { inflect = 'nb' })\n"
          RULE("r", "assert(w:has('husene') and not w:has('huset her'))"
                    "return score(w:find('et hus').at)"), "{}");
    has("\"score\":3", "by each call");
    judge("local w = list('s.txt')\n"
          RULE("r", "return score(c:count(w))"), "{\"text\":\"husene\"}");
    has("\"score\":0", "but only when asked to");
    judge(RULE("r", "return hold(nil, text.leet('C4$1n0 @ 3 5 7'))"), "{}");
    has("\"note\":\"Casino a e s t\"", "digits can stand for letters");
}


static void
test_lang(void)
{
    size_t  i;
    char    json[1024], want[64];

    static const char *const  texts[][2] = {
        { "en", "I think that this is what you have to do with it." },
        { "nb", "Dette er noe av det jeg ikke liker, men hva vet vel jeg." },
        { "nn", "Dette er noko av det eg ikkje likar, men kva veit vel eg." },
        { "da", "Dette er noget af det jeg ikke kan lide, men hvad ved jeg." },
        { "sv", "Detta är något av det jag inte gillar, men vad vet jag." },
        { "fi", "Tämä on se mitä minä olen sanonut, mutta niin se on." },
        { "de", "Ich weiß nicht, ob das der richtige Weg für uns ist." },
        { "nl", "Ik weet niet of dat het juiste is om te doen." },
        { "fr", "Je ne sais pas si c'est la bonne chose pour nous." },
        { "es", "No lo sé, pero creo que es muy bueno para los niños." },
        { "pt", "Não sei, mas acho que isso é muito bom para o povo." },
        { "it", "Non lo so, ma questo è molto più bello di quello." },
        { "pl", "Nie wiem, czy to jest dobre, ale tak się mówi." },
        { "ru", "Я не знаю, что это такое, но он так и сказал." },
        { "uk", "Я не знаю, що це таке, але він так і сказав." },
        { "he", "אני לא יודע מה זה אבל ככה הוא אמר לי אתמול" },
        { "ja", "これは何かわかりませんが、彼はそう言いました。本当です。" },
        { "zh-Hans", "我不知道这是什么但是他昨天就是这样跟我说的真的没有骗你们" }
    };

    for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        (void) snprintf(json, sizeof(json), "{\"text\":\"%s\"}", texts[i][1]);
        (void) snprintf(want, sizeof(want), "\"note\":\"%s\"", texts[i][0]);
        judge(RULE("r", "return hold(nil, c.lang.code"
                        " == lang.guess(c.plain) and c.lang.code)"), json);
        has(want, texts[i][0]);
    }

    judge(RULE("r", "if c.lang.code == nil and c.lang.confidence == 0"
                    " and lang.guess('\\xff') == nil then"
                    " return score(1) end"), "{\"text\":\"Hva er det?\"}");
    has("\"score\":1", "too short to tell");
    judge(RULE("r", "return score(c.lang.code == nil and 1 or 2)"),
          "{\"text\":\"Gallia divisa sunt partes quarum incolunt\"}");
    has("\"score\":1", "a language that is not known");
}


static void
test_networks(void)
{
    put("s.txt", "192.0.2.0/24 | 2 | the office\n2001:db8::/33\n"
                        "198.51.100.7\n10.0.0.0/8\n10.1.2.0/23 | 3\n");
    put("p.txt", "192.0.2.9\n");

#define NETS  "local n = list('s.txt', { match = 'cidr',"                     \
              " except = list('p.txt', { match = 'cidr' }) })\n"             \
              RULE("r", "local m = c:find(n) if m then"                       \
                   " return score(m.weight, m) end")

    judge(NETS, "{\"address\":\"192.0.2.255\"}");
    has("\"score\":2,\"note\":\"\\\"a network of the list\\\" (the office)\"",
        "an address is in a network");
    lacks("192.0", "which the receipt does not tell");
    judge(NETS, "{\"address\":\"192.0.3.0\"}");
    has("\"score\":0", "its neighbour is not");
    judge(NETS, "{\"address\":\"192.0.2.9\"}");
    has("\"score\":0", "nor one that is excepted");
    judge(NETS, "{\"address\":\"::ffff:198.51.100.7\"}");
    has("\"score\":1", "an address by itself, mapped into IPv6");
    judge(NETS, "{\"address\":\"2001:db8:7fff::1\"}");
    has("\"score\":1", "one of IPv6");
    judge(NETS, "{\"address\":\"2001:db8:8000::1\"}");
    has("\"score\":0", "and the half that is not in it");
    judge(NETS, "{\"address\":\"10.1.3.4\"}");
    has("\"score\":3", "the smallest network counts");
    judge(NETS, "{}");
    has("\"score\":0", "no address is in none");
    judge("local n = list('s.txt', { match = 'cidr' })\n"
          RULE("r", "assert(n:has('10.9.9.9') and not n:has('11.0.0.1')"
                    " and not n:has('x'))"), "{}");
    has("\"errors\":[]", "a list can be asked");

    put("bad.txt", "192.0.2.0/33\n");
    refused("local w = list('bad.txt', { match = 'cidr' })",
            "bad.txt:1: it is no network", "a length past the limit");
    put("bad.txt", "192.0.2.0/32\n::/0\n::1/128\n");
    judge("local w = list('bad.txt', { match = 'cidr' })\n", "{}");
    has("\"verdict\":\"accept\"", "those at the limit are fine");
}


static void
test_refusals(void)
{
    char  path[256], to[256];

    put("bad.txt", "good\nbad | much\n");
    refused("local w = list('bad.txt')", "bad.txt:2: the weight",
            "a bad line is named");
    put("bad.txt", "one two three four five six\n");
    refused("local w = list('bad.txt')", "bad.txt:1: a phrase",
            "a phrase has at most five words");
    put("bad.txt", "ok\n\xff\n");
    refused("local w = list('bad.txt')", "bad.txt:2: it is not UTF-8",
            "a list is UTF-8");

    (void) snprintf(path, sizeof(path), "%s/link.txt", folder);
    (void) snprintf(to, sizeof(to), "/etc/hostname");
    ok(symlink(to, path) == 0, "there is a link");
    refused("local w = list('link.txt')", "a link that leads out",
            "a link out of the folder is not followed");
    drop("link.txt");
    ok(symlink("w.txt", path) == 0, "and one within the folder");
    judge("local w = list('link.txt')\n"
          RULE("r", "return score(c:count(w))"), "{\"text\":\"idiot\"}");
    has("\"score\":1,", "a link within it is");
    drop("link.txt");
}


static long
steps_of(const char *text)
{
    const char  *at;

    at = strstr(text, "\"steps\":");

    return at != NULL ? strtol(at + 8, NULL, 10) : -1;
}


static void
test_cost(void)
{
    int    i, n;
    long   steps[2];
    char  *data;

    for (n = 0; n < 2; n++) {
        data = malloc(ENTRIES_MANY * 16);
        data[0] = '\0';

        for (i = 0; i < (n == 0 ? 200 : ENTRIES_MANY); i++) {
            (void) sprintf(data + 12 * i, "word%07d\n", i);
        }

        put("many.txt", data);
        free(data);

        judge("local w = list('many.txt')\n"
              RULE("r", "return score(c:count(w))"),
              "{\"text\":\"word0000007 and word0000199 and nothing\"}");
        has("\"score\":2,", "the words of a long list are found");
        steps[n] = steps_of(receipt);
    }

    is_int(steps[1], steps[0], "20000 entries cost what 200 cost");
}


static void
test_digest(void)
{
    char  before[4096];

    put("w.txt", "one\n");
    judge("local w = list('w.txt')\n" RULE("r", "c:find(w)"), "{}");
    (void) snprintf(before, sizeof(before), "%s",
                    strstr(receipt, "\"ruleset\""));
    put("w.txt", "two\n");
    judge("local w = list('w.txt')\n" RULE("r", "c:find(w)"), "{}");
    ok(strcmp(before, strstr(receipt, "\"ruleset\"")) != 0,
       "another list makes another ruleset");
}


static void
test_redact(void)
{
    judge(RULE("a", "return hold(nil, 'saw 123456 78901')")
          RULE("b", "print(c.plain) return hold(nil, { note = 'number "
                    "12345678901', redact = '12345678901' })")
          RULE("c", "error('12345678901')"),
          "{\"text\":\"12345678901\"}");
    lacks("78901", "what is redacted stands nowhere in the receipt");
    has("number \xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2",
        "dots stand in its place");
}


static void
test_facts(void)
{
    judge(RULE("r", "assert(c.folded == 'hei \xc3\xa5\xc3\xa5\xc3\xb8 cafe')"
                    "assert(c.script.latin == 1 and c.script.cyrillic == 0)"
                    "assert(c.script.mixed_words == 0)"
                    "assert(c.script.caps == 0.5)"
                    "assert(c.html.p == 1 and c.html.a == 0)"
                    "assert(c.emoji == 0 and c.mentions == 0)"
                    "assert(c.page.meta.deadline == nil) return score(1)"),
          "{\"text\":\"HEI a\\u030a\\u00c5\\u00d8 caf\\u00e9\"}");
    lacks("failed", "marks go, letters stay");

    judge(RULE("r", "return hold(nil, c.page.meta.deadline .. c.emoji ..'/'.."
                    "c.mentions .. '/' .. c.script.mixed_words)"),
          "{\"text\":\"@you \\ud83d\\ude00 a@b.example p\\u0430ypal\","
          "\"page\":{\"meta\":{\"deadline\":\"soon\"}}}");
    has("\"note\":\"soon1/1/1\"", "what a page says, and what is counted");
}


int
main(void)
{
    begin();
    test_words();
    test_other_kinds();
    test_inflect();
    test_networks();
    test_lang();
    test_refusals();
    test_cost();
    test_digest();
    test_redact();
    test_facts();

    drop("w.txt");
    drop("p.txt");
    drop("ok.txt");
    drop("d.txt");
    drop("s.txt");
    drop("bad.txt");
    drop("many.txt");
    end();

    return done();
}
