/*
 * Markers are found whatever the pieces of the page, and what is given back
 * is the page to the byte.
 */

#include "random_page.h"
#include "tap.h"


#define OUT_BYTES  20000
#define ROUNDS     20000


/* Every thread becomes "{T}", a count "{C page}"; markers are also joined to
 * the rest, to be compared with what went in. */
typedef struct {
    size_t  n_text, n_same;
    char    text[OUT_BYTES], same[OUT_BYTES];
} got_t;


static void run(got_t *got, cmt_str_t page, const size_t *cuts, size_t n);
static void feed(got_t *got, cmt_marker_scan_t *scan, cmt_str_t piece);
static void add(char *to, size_t *n, cmt_str_t s);
static void check(const char *page, const char *want, const char *sentence);
static void check_limit(void);
static void check_random(void);


int
main(void)
{
    check("<!-- comments -->", "{T}", "the marker alone");
    check("a<!-- comments -->b", "a{T}b", "text around it stays");
    check("<!--comments-->", "{T}", "space is not needed");
    check("<!--\n\t comments \r\n-->", "{T}", "any white space will do");
    check("<!-- comments --><!-- comments -->", "{T}{T}", "one after another");
    check("<!-- Comments -->", "<!-- Comments -->", "case matters");
    check("<!-- comment -->", "<!-- comment -->", "a shorter word is none");
    check("<!-- commentss -->", "<!-- commentss -->", "nor a longer one");
    check("<!-- comments are closed -->", "<!-- comments are closed -->",
          "nor one with words behind it");
    check("<!-- comm<b>ents</b> -->", "<!-- comm<b>ents</b> -->",
          "a marker split by tags is none");
    check("<<<!-- comments -->>", "<<{T}>", "brackets before and after");
    check("<!-<!-- comments -->", "<!-{T}", "a begin that breaks off");
    check("<!-- comments <!-- comments -->", "<!-- comments {T}",
          "a marker that breaks off");
    check("<!--- comments -->", "<!--- comments -->", "three dashes are none");
    check("<!-- comments -- >", "<!-- comments -- >", "nor a parted end");
    check("<!-- comments> -->", "<!-- comments> -->", "nor an early end");
    check("<!-- comments --", "<!-- comments --", "an end is needed");
    check("<", "<", "a bracket at the end");
    check("", "", "nothing at all");
    check("<!-- comments-recent -->", "{R }", "the newest ones");
    check("<!--comments-recent 10-->", "{R 10}", "so many of them");
    check("<!-- comments-recently -->", "<!-- comments-recently -->",
          "not what only begins so");
    check("<!-- comments-count -->", "{C }", "the own count");
    check("<!--comments-count-->", "{C }", "without space");
    check("<!-- comments-count /a-b -->", "{C /a-b}", "another page's count");
    check("<!-- comments-count /a?b=1&c=%20-->", "{C /a?b=1&c=%20}",
          "up to the end of the marker");
    check("<!-- comments-counts -->", "<!-- comments-counts -->",
          "a longer word is none");
    check("<!-- comments-count/a -->", "<!-- comments-count/a -->",
          "the page needs a space");
    check("<!-- comments-count /a /b -->", "<!-- comments-count /a /b -->",
          "two pages are too many");
    check_limit();
    check_random();

    return done();
}


static void
check(const char *page, const char *want, const char *sentence)
{
    int              whole;
    size_t           i, len;
    static size_t    ones[OUT_BYTES];
    static got_t     got;
    const cmt_str_t  in = { strlen(page), page };

    len = in.len;

    for (i = 0; i < len; i++) {
        ones[i] = i;
    }

    run(&got, in, NULL, 0);
    is_str(((cmt_str_t) { got.n_text, got.text }), want, sentence);

    run(&got, in, ones, len);
    is_str(((cmt_str_t) { got.n_text, got.text }), want,
           "the same byte by byte");

    whole = 1;

    for (i = 0; i <= len; i++) {
        run(&got, in, &i, 1);
        whole = whole && got.n_same == len && got.n_text == strlen(want)
                && memcmp(got.same, page, len) == 0
                && memcmp(got.text, want, got.n_text) == 0;
    }

    ok(whole, "and cut in two anywhere");
}


/* A candidate of that many bytes is one; with one more it is text. */

static void
check_limit(void)
{
    char           page[CMT_MARKER_BYTES_MAX + 2];
    size_t         i;
    cmt_str_t      in;
    static got_t   got;
    static size_t  ones[CMT_MARKER_BYTES_MAX + 1];

    for (i = 0; i <= CMT_MARKER_BYTES_MAX; i++) {
        ones[i] = i;
    }

    for (i = CMT_MARKER_BYTES_MAX; i <= CMT_MARKER_BYTES_MAX + 1; i++) {
        memset(page, ' ', sizeof(page));
        memcpy(page, "<!--comments", 12);
        memcpy(page + i - 3, "-->", 3);
        in = (cmt_str_t) { i, page };

        run(&got, in, NULL, 0);
        is_int(got.n_text, i == CMT_MARKER_BYTES_MAX ? 3 : i,
               "a marker has a largest size");

        run(&got, in, ones, i);
        is_int(got.n_text, i == CMT_MARKER_BYTES_MAX ? 3 : i,
               "also byte by byte");
        ok(got.n_same == i && memcmp(got.same, page, i) == 0,
           "and no byte is lost");
    }
}


/* Pages of parts that look alike, cut at random: as in one piece. */

static void
check_random(void)
{
    static const char *const parts[] = {
        "<!-- comments -->", "<!--", "-->", "<", ">", " ", "comments",
        "<!-- comments-count /p -->", "-count", "<!-- comm", "ents", "-", "!",
        "text", "<p>", "\n", "/p"
    };

    int            same;
    char           page[1000];
    size_t         len, n_cuts, cuts[RANDOM_CUTS_MAX];
    unsigned       round;
    cmt_str_t      in;
    static got_t   once, got;

    srandom(1);
    same = 1;

    for (round = 0; round < ROUNDS && same; round++) {
        len = random_page(parts, sizeof(parts) / sizeof(parts[0]), page);
        n_cuts = random_cuts(len, cuts);

        in = (cmt_str_t) { len, page };
        run(&once, in, NULL, 0);
        run(&got, in, cuts, n_cuts);

        same = got.n_same == len && memcmp(got.same, page, len) == 0
               && got.n_text == once.n_text
               && memcmp(got.text, once.text, got.n_text) == 0;
    }

    ok(same, "20000 random pages in random pieces are as in one piece");
}


/* Each piece lies in memory of its own, which is freed behind it. */

static void
run(got_t *got, cmt_str_t page, const size_t *cuts, size_t n)
{
    char               *copy;
    size_t              i, from, to;
    cmt_str_t           held;
    cmt_marker_scan_t   scan;

    got->n_text = 0;
    got->n_same = 0;
    cmt_marker_init(&scan);
    from = 0;

    for (i = 0; i <= n; i++) {
        to = i < n ? cuts[i] : page.len;

        copy = malloc(to - from + 1);
        memcpy(copy, page.data + from, to - from);
        feed(got, &scan, (cmt_str_t) { to - from, copy });
        free(copy);

        from = to;
    }

    held = cmt_marker_held(&scan);
    add(got->text, &got->n_text, held);
    add(got->same, &got->n_same, held);
}


static void
feed(got_t *got, cmt_marker_scan_t *scan, cmt_str_t piece)
{
    cmt_str_t     out, page;
    cmt_marker_t  marker;

    for ( ;; ) {
        marker = cmt_marker_next(scan, &piece, &out, &page);

        switch (marker) {

        case CMT_MARKER_END:
            return;

        case CMT_MARKER_TEXT:
        case CMT_MARKER_HELD:
            add(got->text, &got->n_text, out);
            break;

        case CMT_MARKER_THREAD:
            add(got->text, &got->n_text, cmt_str("{T}"));
            break;

        case CMT_MARKER_COUNT:
            add(got->text, &got->n_text, cmt_str("{C "));
            add(got->text, &got->n_text, page);
            add(got->text, &got->n_text, cmt_str("}"));
            break;

        case CMT_MARKER_RECENT:
            add(got->text, &got->n_text, cmt_str("{R "));
            add(got->text, &got->n_text, page);
            add(got->text, &got->n_text, cmt_str("}"));
            break;
        }

        add(got->same, &got->n_same, out);
    }
}


static void
add(char *to, size_t *n, cmt_str_t s)
{
    if (s.len > 0) {
        memcpy(to + *n, s.data, s.len);
        *n += s.len;
    }
}
