/*
 * text_line_test.c: names and titles, addresses of websites, words.
 */

#include "core/text/html.h"

#include "tap.h"


static void test_line(void);
static void test_line_faults(void);
static void test_url(void);
static void test_url_refused(void);
static void test_url_limits(void);
static void test_words(void);
static void test_words_as_icu(void);
static void line_is(const char *typed, const char *line,
    const char *sentence);
static int url_is(const char *typed, const char *url, const char *sentence);
static size_t words(const char *s);


static cmt_arena_t  *arena;


int
main(void)
{
    arena = cmt_arena_create(CMT_ARENA_BYTES_MAX);

    test_line();
    test_line_faults();
    test_url();
    test_url_refused();
    test_url_limits();
    test_words();
    test_words_as_icu();

    cmt_arena_destroy(arena);

    return done();
}


static void
test_line(void)
{
    line_is("Kari", "Kari", "a name stays as it is");
    line_is("  Kari \t\r\n Nordmann ", "Kari Nordmann", "spaces are folded");
    line_is("Kari\xc2\xa0\xe3\x80\x80Nordmann", "Kari Nordmann",
            "also those beyond ASCII");
    line_is("K\x01" "a\x7fr\x1bi", "Kari", "control characters go");
    line_is("Kari\xe2\x80\xae\xe2\x81\xa6\xd8\x9c", "Kari",
            "so do marks that turn the direction");
    line_is("Ka\xe2\x80\x8bri\xef\xbb\xbf\xc2\xad", "Kari",
            "and what nobody sees");
    line_is("A\xe2\x80\x8e\xcc\x8ase", "\xc3\x85se",
            "what is left is in normal form");
    line_is("\xe2\x80\x8d \xe3\x85\xa4", "", "nothing visible is nothing");
    line_is("", "", "nothing is nothing");
    line_is("\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x9a\x80",
            "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x9a\x80",
            "an astronaut is kept together");
}


static void
test_line_faults(void)
{
    int        rc, bad;
    long       n, left;
    cmt_str_t  out;

    bad = 0;
    n = 0;

    do {
        cmt_arena_reset(arena);
        out.len = 77;

        (void) cmt__arena_fail_at(++n);
        rc = cmt__text_line(arena, cmt_str("A\xcc\x8a"), &out);
        left = cmt__arena_fail_at(0);

        bad += left == 0 && (rc != CMT_ENOMEM || out.len != 77);

    } while (left == 0);

    is_int(bad, 0, "a line without memory is told");
    is_str(out, "\xc3\x85", "with memory it is there");

    n = 0;

    do {
        cmt_arena_reset(arena);
        out.len = 77;

        (void) cmt__arena_fail_at(++n);
        rc = cmt__text_url(arena, cmt_str("http://bl\xc3\xa5.no/"), &out);
        left = cmt__arena_fail_at(0);

        bad += left == 0 && (rc != CMT_ENOMEM || out.len != 77);

    } while (left == 0);

    is_int(bad, 0, "so is an address");
    is_int(rc, CMT_OK, "which is there with memory");
}


static void
test_url(void)
{
    url_is("http://a.no", "http://a.no", "an address stays as it is");
    url_is(" HTTPS://WWW.A.no/B?C#D ", "https://www.a.no/B?C#D",
           "scheme and host become lower case");
    url_is("http://a.no.:80/", "http://a.no:80/", "the last dot goes");
    url_is("http://localhost/", "http://localhost/", "localhost is a host");
    url_is("http://bl\xc3\xa5" "b\xc3\xa6r.no/\xc3\xb8",
           "http://bl\xc3\xa5" "b\xc3\xa6r.no/\xc3\xb8", "letters are letters");
    url_is("http://xn--blbr-roah.no", "http://bl\xc3\xa5" "b\xc3\xa6r.no",
           "a host is Unicode");
    url_is("http://192.168.0.1:8080/x", "http://192.168.0.1:8080/x",
           "four numbers are a host");
    url_is("http://a.no/%7Ex|{}^`", "", "what must be escaped is not typed");
    url_is("http://a.no/{}|^", "http://a.no/%7B%7D%7C%5E",
           "or is escaped");
}


static void
test_url_refused(void)
{
    size_t  i;

    static const char *const  bad[] = {
        "", " ", "a.no", "www.a.no", "//a.no", "/x", "ftp://a.no",
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x",
        "http:", "http:/a.no", "http://", "http:///", "http://a", "http://.",
        "http://a..no", "http://.a.no", "http://a.n", "http://a.no:",
        "http://a.no:x", "http://a.no:65536", "http://a.no:123456",
        "http://u@a.no", "http://u:p@a.no", "http://a.no\\@b.no",
        "http://a b.no", "http://a.no/ x", "http://a.no/\"x",
        "http://a.no/'x", "http://a.no/<x", "http://a.no/\x7f",
        "http://a.no/\nx", "http://a\tb.no", "http://[::1]/", "http://1/",
        "http://1.2.3.4.5/", "http://1.2.3.256/", "http://0x7f.0.0.1/",
        "http://a.0x7f/", "http://a%2eno/", "http://xn--a.no/",
        "http://xn--\xc3\xa5.no", "http://a\xe2\x80\xae.no",
        "http://a\xc2\xad.no@b", "http://\xef\xbc\x8e.no",
        "http://\xe2\x84\x80.no/", "h\xc3\xa5ttp://a.no", "http//a.no",
        "http:\\\\a.no"
    };

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        if (!url_is(bad[i], "", "this is no address")) {
            tap_show("typed", bad[i], strlen(bad[i]));
        }
    }
}


static void
test_url_limits(void)
{
    char       typed[CMT__URL_BYTES_MAX + 2];
    size_t     i;
    cmt_str_t  s, out;

    memset(typed, 'a', sizeof(typed));
    memcpy(typed, "http://a.no/", 12);

    s.data = typed;
    s.len = CMT__URL_BYTES_MAX;
    is_int(cmt__text_url(arena, s, &out), CMT_OK, "an address may be long");
    s.len++;
    is_int(cmt__text_url(arena, s, &out), CMT_EWEBSITE, "to a limit");

    memset(typed + 7, 'a', CMT__LABEL_BYTES_MAX + 1);
    memcpy(typed + 7 + CMT__LABEL_BYTES_MAX, ".no", 3);
    s.len = 7 + CMT__LABEL_BYTES_MAX + 3;
    is_int(cmt__text_url(arena, s, &out), CMT_OK, "so may a label");

    memcpy(typed + 7 + CMT__LABEL_BYTES_MAX, "a.no", 4);
    s.len++;
    is_int(cmt__text_url(arena, s, &out), CMT_EWEBSITE, "to its limit");

    memset(typed + 7, 'a', CMT__HOST_BYTES_MAX + 1);
    for (i = 0; i < 4; i++) {
        typed[7 + 50 * (i + 1)] = '.';
    }
    s.len = 7 + CMT__HOST_BYTES_MAX;
    is_int(cmt__text_url(arena, s, &out), CMT_OK, "so may a host");

    s.len++;
    is_int(cmt__text_url(arena, s, &out), CMT_EWEBSITE, "to its own");
}


static void
test_words(void)
{
    is_int(words(""), 0, "nothing has no words");
    is_int(words("don't stop"), 2, "an apostrophe is in a word");
    is_int(words("3.14 is 3,14"), 3, "a number is a word");
    is_int(words("well-known"), 2, "a hyphen parts words");
    is_int(words(" -- ... !? "), 0, "marks are no words");
    is_int(words("bl\xc3\xa5" "b\xc3\xa6rsyltet\xc3\xb8y er godt"), 3,
           "letters beyond ASCII are letters");
    is_int(words("\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e\xe3\x82\x92\xe8\xa9\xb1"
                 "\xe3\x81\x99"), 3, "Japanese has words without spaces");
}


/* ASCII is counted without ICU: the count must be the same. */

static void
test_words_as_icu(void)
{
    int          bad;
    char         s[24];
    size_t       i, len, own, icu;
    unsigned     n, seed, c;

    static const char  likely[] = "aZ09.',;:_@- \n\"/()!";

    seed = 7;
    bad = 0;

    for (n = 0; n < 100000 && bad < 5; n++) {

        seed = seed * 1103515245 + 12345;
        len = (seed >> 16) % sizeof(s);

        for (i = 0; i < len; i++) {
            seed = seed * 1103515245 + 12345;
            s[i] = (seed >> 28) == 0 ? (char) (seed >> 16 & 0x7f)
                   : likely[(seed >> 16) % (sizeof(likely) - 1)];

            if ((seed >> 28) == 1 && i + 1 < len) {
                c = 0xc0 + (seed >> 16) % (0x180 - 0xc0);
                s[i++] = (char) (0xc0 | c >> 6);
                s[i] = (char) (0x80 | (c & 0x3f));
            }
        }

        cmt_arena_reset(arena);

        if (cmt__unicode_words(arena, (cmt_str_t) { len, s }, &own) != CMT_OK
            || cmt__unicode_words_icu(arena, (cmt_str_t) { len, s }, &icu)
               != CMT_OK
            || own != icu)
        {
            tap_show("text", s, len);
            note("%zu by the loop, %zu by ICU", own, icu);
            bad++;
        }
    }

    is_int(bad, 0, "words of Latin letters are counted as ICU counts them");
}


static void
line_is(const char *typed, const char *line, const char *sentence)
{
    cmt_str_t  out;

    if (cmt__text_line(arena, (cmt_str_t) { strlen(typed), typed }, &out)
        != CMT_OK)
    {
        ok(0, sentence);
        return;
    }

    is_str(out, line, sentence);
}


/* url "": it is refused, and the output stays untouched. */

static int
url_is(const char *typed, const char *url, const char *sentence)
{
    int        rc;
    cmt_str_t  out;

    cmt_arena_reset(arena);
    out = cmt_str("");

    rc = cmt__text_url(arena, (cmt_str_t) { strlen(typed), typed }, &out);

    if (rc != (*url != '\0' ? CMT_OK : CMT_EWEBSITE)) {
        note("%d", rc);
        return ok(0, sentence);
    }

    return is_str(out, url, sentence);
}


static size_t
words(const char *s)
{
    size_t  n;

    cmt_arena_reset(arena);

    if (cmt__unicode_words(arena, (cmt_str_t) { strlen(s), s }, &n) != CMT_OK)
    {
        return SIZE_MAX;
    }

    return n;
}
