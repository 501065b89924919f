/*
 * text_properties_test.c: what holds for any text in any markup: only good
 * HTML, bounded, quickly made, and the same when it is read again.
 */

#include <time.h>

#include "core/text/html.h"
#include "text_checker.h"

#include "tap.h"


#define TEXTS        40000
#define TEXT_BYTES   2000
#define MS_MAX       50


static void test_random(void);
static void test_repeated(void);
static size_t make_text(char *typed, size_t size);
static const char *property(cmt_markup_t markup, cmt_str_t typed);
static const char *read_again(const cmt__text_t *text);
static int speed_of(const char *piece, cmt_markup_t markup);
static unsigned dice(unsigned sides);
static double cpu_ms(void);


static cmt_arena_t  *arena;
static unsigned      seed = 1;

static const char *const  pieces[] = {
    "http://a.no", "https://b.no/c_d_(e)", "www.c.no/*x*", "http://", "www.",
    "javascript:alert(1)", "<b>", "</b>", "<i>", "</i>", "<em>", "</em>",
    "<strong>", "</strong>", "<code>", "</code>", "<a href=\"http://a.no\">",
    "<a href='http://b.no' title=\"t'&quot;\">", "<a href=javascript:x>",
    "<a>", "</a>", "<blockquote>", "<blockquote cite=\"http://c.no/\">",
    "</blockquote>", "<q>", "</q>", "<del datetime=\"2013-01-08T09:40:00Z\">",
    "</del>", "<s>", "</s>", "<strike>", "</strike>", "<cite>", "</cite>",
    "<abbr title='x'>", "</abbr>", "<acronym>", "</acronym>", "<br>",
    "<br />", "</br>", "<p>", "</p>", "<script>", "</script>", "<img src=x>",
    "<!--", "-->", "<![CDATA[", "<?", "<", ">", "&", "&amp;", "&lt;", "&#60;",
    "&#x3c;", "&copy;", "&#8217;", "&#0;", "&#10;", "&", ";", "\"", "'", "=",
    "/", "(", ")", "[", "]", "](", "![", "](http://d.no \"t\")",
    "[x](ftp://y)", "[x]: http://e.no\n", "*", "**", "_", "__", "~", "~~",
    "`", "``", "```", "```c\n", "\n```\n", "> ", ">", "- ", "1. ", "7) ",
    "# ", "\n---\n", "\n===\n", "\\", "|", ":", "@", "!", ".", ",", " ", "  ",
    "\t", "\n", "\n\n", "\n    ", "\r\n", "a", "b c", "words and words",
    "\xc3\xa5", "e\xcc\x81", "\xe2\x80\xae", "\xe2\x80\x9d", "\xf0\x9f\x91\x8d",
    "\xcc\xb8", "&#824;", "&#769;", "\xe3\x80\x80", "\xc2\xa0",
    "\xef\xb7\x90", "\x01", "\x7f", "\xc2\x85"
};


int
main(void)
{
    arena = cmt_arena_create(CMT_ARENA_BYTES_MAX);

    test_random();
    test_repeated();

    cmt_arena_destroy(arena);

    return done();
}


static void
test_random(void)
{
    int           i, bad;
    char          typed[TEXT_BYTES];
    cmt_str_t     s;
    const char   *wrong;
    cmt_markup_t  markup;

    bad = 0;

    for (i = 0; i < TEXTS && bad < 3; i++) {

        s.data = typed;
        s.len = make_text(typed, sizeof(typed));
        markup = (cmt_markup_t) (i % 3);

        wrong = property(markup, s);

        if (wrong != NULL) {
            note("markup %d: %s", (int) markup, wrong);
            tap_show("typed", s.data, s.len);
            bad++;
        }
    }

    is_int(bad, 0, "random texts keep all properties");
}


/* Longest texts of one piece, or of some pieces, over and over. */

static void
test_repeated(void)
{
    int           i, bad, worst, ms;
    char          piece[64];
    cmt_markup_t  markup;

    bad = 0;
    worst = 0;

    for (i = 0; i < 400; i++) {

        if (i < (int) (sizeof(pieces) / sizeof(pieces[0]))) {
            (void) snprintf(piece, sizeof(piece), "%s", pieces[i]);

        } else {
            piece[make_text(piece, 24 + dice(16))] = '\0';
        }

        for (markup = CMT_MARKUP_PLAIN; markup <= CMT_MARKUP_MARKDOWN;
             markup++)
        {
            ms = speed_of(piece, markup);
            worst = ms > worst ? ms : worst;

            if (ms > MS_MAX) {
                note("markup %d takes %d ms", (int) markup, ms);
                tap_show("piece", piece, strlen(piece));
                bad++;
            }
        }
    }

    note("the slowest took %d ms", worst);
    is_int(bad, 0, "64 KB of anything are rendered in 50 ms, and well");
}


static size_t
make_text(char *typed, size_t size)
{
    size_t       len, n, at;
    const char  *piece;

    len = 0;

    /* long ones are rarer */

    for (n = dice(2) ? dice(8) + 1 : dice(120) + 1; n != 0; n--) {

        piece = pieces[dice(sizeof(pieces) / sizeof(pieces[0]))];

        if (len + strlen(piece) + 1 > size) {
            break;
        }

        memcpy(typed + len, piece, strlen(piece));
        len += strlen(piece);
    }

    /* bytes lost and changed; ASCII only, so that it stays UTF-8 */

    for (n = dice(4); n != 0 && len != 0; n--) {

        at = dice((unsigned) len);

        if ((unsigned char) typed[at] < 0x80) {
            typed[at] = (char) (dice(8) ? dice(0x5f) + 0x20 : dice(0x80));
        }
    }

    return len;
}


/* NULL, or what does not hold. */

static const char *
property(cmt_markup_t markup, cmt_str_t typed)
{
    int           rc;
    size_t        at;
    cmt__text_t   text;
    const char   *wrong;

    cmt_arena_reset(arena);

    rc = cmt__text_render(arena, markup, typed, &text);

    if (rc == CMT_ETEXTMISSING || rc == CMT_ETEXTLONG) {
        return NULL;
    }

    if (rc != CMT_OK) {
        return cmt_error_code(rc);
    }

    wrong = check_rendered(&text, &at);

    if (wrong == NULL && markup != CMT_MARKUP_MARKDOWN) {
        wrong = read_again(&text);
    }

    if (wrong != NULL) {
        tap_show("html", text.html.data, text.html.len);
    }

    return wrong;
}


/* Our HTML in, the same HTML out: markdown has tags that html has not. */

static const char *
read_again(const cmt__text_t *text)
{
    size_t       at;
    cmt__text_t  again;

    if (text->html.len > CMT_TEXT_BYTES_MAX) {
        return NULL;
    }

    if (cmt__text_render(arena, CMT_MARKUP_HTML, text->html, &again)
        != CMT_OK)
    {
        return "it cannot be read again";
    }

    if (!cmt__str_eq(text->html, again.html)) {

        for (at = 0; at < again.html.len && at < text->html.len; at++) {
            if (again.html.data[at] != text->html.data[at]) {
                break;
            }
        }

        tap_show("differs", again.html.data + at, again.html.len - at);

        return "it is not the same when it is read again";
    }

    return NULL;
}


/* CPU time of the longest text of this piece; the text must keep its
 * properties, or it takes for ever. */

static int
speed_of(const char *piece, cmt_markup_t markup)
{
    int           rc;
    double        before, ms;
    size_t        len, at, n;
    cmt__text_t   text;
    static char   typed[CMT_TEXT_BYTES_MAX];

    n = strlen(piece);

    for (len = 0; n != 0 && len + n <= sizeof(typed); len += n) {
        memcpy(typed + len, piece, n);
    }

    cmt_arena_reset(arena);
    before = cpu_ms();

    rc = cmt__text_render(arena, markup, (cmt_str_t) { len, typed }, &text);

    ms = cpu_ms() - before;

    if (rc != CMT_ETEXTMISSING && rc != CMT_ETEXTLONG
        && (rc != CMT_OK || check_rendered(&text, &at) != NULL))
    {
        note("%s", cmt_error_code(rc));
        return 1000000;
    }

    return (int) ms;
}


static unsigned
dice(unsigned sides)
{
    seed = seed * 1103515245 + 12345;

    return (seed >> 16) % sides;
}


static double
cpu_ms(void)
{
    struct timespec  t;

    (void) clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);

    return (double) t.tv_sec * 1e3 + (double) t.tv_nsec / 1e6;
}
