/*
 * page_test.c: the canonical path of a page.
 */

#include "core/base/base.h"

#include "tap.h"


#define RANDOM_PAGES  50000


static void test_same(void);
static void test_refused(void);
static void test_limit(void);
static void test_idempotent(void);
static void test_fault(void);


static cmt_arena_t  *arena;
static uint64_t      seed = 20130108;


/* What comes in and what it is. */
static const char *const  pages[][2] = {

    { "/", "/" },
    { "/blog/post", "/blog/post" },
    { "/blog/post/", "/blog/post/" },
    { "/Blog", "/Blog" },

    /* addresses */
    { "https://example.org", "/" },
    { "https://example.org/blog", "/blog" },
    { "HTTP://example.org:8080/blog?a=1#x", "/blog?a=1" },
    { "https://example.org?a=1", "/?a=1" },
    { "https://example.org#x", "/" },
    { "https://user@[::1]/x", "/x" },

    /* slashes and dots */
    { "//", "/" },
    { "//a///b//", "/a/b/" },
    { "/./a/./b/.", "/a/b/" },
    { "/a/b/..", "/a/" },
    { "/a/b/../", "/a/" },
    { "/a/b/../c", "/a/c" },
    { "/a/../b", "/b" },
    { "/a//../b", "/b" },
    { "/..", "/" },
    { "/../../a", "/a" },
    { "/%2e%2E/a", "/a" },
    { "/a/.%2e/b", "/b" },
    { "/a/...", "/a/..." },
    { "/.a/..b", "/.a/..b" },
    { "/a?b=/../c", "/a?b=/../c" },

    /* percents */
    { "/%7Euser/%41", "/~user/A" },
    { "/a%2fb", "/a%2Fb" },
    { "/a%3fb%23c", "/a%3Fb%23c" },
    { "/bl\xc3\xa5", "/bl%C3%A5" },
    { "/bl%c3%a5", "/bl%C3%A5" },
    { "/a b\"<>^`{|}[]", "/a%20b%22%3C%3E%5E%60%7B%7C%7D%5B%5D" },
    { "/a%20b", "/a%20b" },
    { "/a+b", "/a+b" },
    { "/!$&'()*+,;=:@-._~", "/!$&'()*+,;=:@-._~" },
    { "/%21", "/%21" },
    { "/%25", "/%25" },
    { "/%252e", "/%252e" },

    /* index files */
    { "/index.html", "/" },
    { "/a/index.htm", "/a/" },
    { "/a/%69ndex.html", "/a/" },
    { "/a/index.html?b=1#c", "/a/?b=1" },
    { "/a/index.html/", "/a/index.html/" },
    { "/a/index.html/..", "/a/" },
    { "/a/index.php", "/a/index.php" },
    { "/a/Index.html", "/a/Index.html" },
    { "/a/my-index.html", "/a/my-index.html" },

    /* fragments and queries */
    { "/a#comment-7", "/a" },
    { "/a#?b=1", "/a" },
    { "/a?", "/a" },
    { "/a?&&", "/a" },
    { "/a?b=1&c=2", "/a?b=1&c=2" },
    { "/a?c=2&b=1", "/a?c=2&b=1" },
    { "/a?&b=1&&c&", "/a?b=1&c" },
    { "/a?b=", "/a?b=" },
    { "/a?b", "/a?b" },
    { "/a?=b", "/a?=b" },
    { "/a?b=c=d?e", "/a?b=c=d?e" },
    { "/a?q=bl\xc3\xa5&r=%c3%a5+%26", "/a?q=bl%C3%A5&r=%C3%A5+%26" },

    /* what only counts visits */
    { "/a?utm_source=x", "/a" },
    { "/a?utm_source=x&utm_campaign=y&b=1", "/a?b=1" },
    { "/a?b=1&fbclid=x&c=2", "/a?b=1&c=2" },
    { "/a?b=1&gclid=x", "/a?b=1" },
    { "/a?UTM_Medium=x&FbClid", "/a" },
    { "/a?%75tm_source=x", "/a" },
    { "/a?gclid", "/a" },
    { "/a?gclidx=1", "/a?gclidx=1" },
    { "/a?my_utm_source=1", "/a?my_utm_source=1" },
    { "/a?utm=1", "/a?utm=1" },
    { "/a?b=utm_source", "/a?b=utm_source" },
    { "/utm_source=x", "/utm_source=x" }
};


int
main(void)
{
    arena = cmt_arena_create(CMT_ARENA_BYTES_MAX);

    test_same();
    test_refused();
    test_limit();
    test_idempotent();
    test_fault();

    cmt_arena_destroy(arena);

    return done();
}


static int
canonical(cmt_str_t page, cmt_str_t *out)
{
    *out = cmt_str("as it was");
    cmt_arena_reset(arena);

    return cmt_page_canonical(arena, page, out);
}


static void
test_same(void)
{
    size_t     i;
    cmt_str_t  out;

    for (i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
        (void) !canonical((cmt_str_t) { strlen(pages[i][0]), pages[i][0] },
                          &out);

        if (!is_str(out, pages[i][1], "a page has one path")) {
            note("%s", pages[i][0]);
        }
    }
}


static void
test_refused(void)
{
    int        rc;
    size_t     i;
    cmt_str_t  out;

    static const cmt_str_t  bad[] = {
        { 0, NULL },
        { 4, "blog" },
        { 6, "./blog" },
        { 5, " /a/b" },
        { 2, "?a" },
        { 2, "#a" },
        { 19, "javascript:alert(1)" },
        { 16, "ftp://a.example/" },
        { 7, "http://" },
        { 8, "http:///" },
        { 9, "http://?a" },
        { 13, "https:/a.test" },
        { 12, "http://a b/c" },
        { 12, "http://a\\b/c" },
        { 4, "/a\\b" },
        { 6, "/a%5cb" },
        { 6, "/?a=\\b" },
        { 4, "/a\nb" },
        { 4, "/a\0b" },
        { 6, "/a%00b" },
        { 6, "/a%0ab" },
        { 6, "/a%7fb" },
        { 7, "/?a=%1f" },
        { 2, "/%" },
        { 3, "/%4" },
        { 4, "/%zz" },
        { 5, "/?a=%" },
        { 2, "/\xff" },
        { 4, "/%ff" },
        { 4, "/%c3" },
        { 10, "/%c0%af%41" },
        { 10, "/%ed%a0%80" },
        { 8, "/%c3/%a5" },
        { 5, "/\xc3%a5" },
        { 7, "/?a=%ff" }
    };

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        rc = canonical(bad[i], &out);

        if (!is_int(rc, CMT_EPAGE, "what is no page is refused")) {
            note("%s", bad[i].data);
        }

        if (!cmt__str_is(out, "as it was")) {
            is_str(out, "as it was", "and the output is untouched");
        }
    }
}


static void
test_limit(void)
{
    char       page[2 * CMT_PAGE_BYTES_MAX];
    cmt_str_t  out;

    memset(page, 'a', sizeof(page));
    page[0] = '/';

    is_int(canonical((cmt_str_t) { CMT_PAGE_BYTES_MAX, page }, &out), CMT_OK,
           "a path may have so many bytes");
    is_int(out.len, CMT_PAGE_BYTES_MAX, "and has them");
    is_int(canonical((cmt_str_t) { CMT_PAGE_BYTES_MAX + 1, page }, &out),
           CMT_EPAGE, "but not one more");

    page[CMT_PAGE_BYTES_MAX] = '/';
    is_int(canonical((cmt_str_t) { CMT_PAGE_BYTES_MAX + 1, page }, &out),
           CMT_EPAGE, "not even a slash");
    page[CMT_PAGE_BYTES_MAX] = '?';
    is_int(canonical((cmt_str_t) { CMT_PAGE_BYTES_MAX + 2, page }, &out),
           CMT_EPAGE, "or a query");
    is_int(canonical((cmt_str_t) { CMT_PAGE_BYTES_MAX + 1, page }, &out),
           CMT_OK, "unless it is empty");

    page[CMT_PAGE_BYTES_MAX - 1] = ' ';
    is_int(canonical((cmt_str_t) { CMT_PAGE_BYTES_MAX, page }, &out),
           CMT_EPAGE, "an encoded byte counts as three");

    page[CMT_PAGE_BYTES_MAX - 3] = ' ';
    is_int(canonical((cmt_str_t) { CMT_PAGE_BYTES_MAX - 2, page }, &out),
           CMT_OK, "which may just fit");

    memcpy(page, "/a?fbclid=", 10);
    is_int(canonical((cmt_str_t) { sizeof(page), page }, &out), CMT_OK,
           "what counts visits does not count");
    is_str(out, "/a", "however long it is");
}


/* Twice the same is the same, and begins with a slash. */

static void
test_idempotent(void)
{
    int           same, slash, rc;
    char          page[64], once[CMT_PAGE_BYTES_MAX];
    size_t        i, n, len, found;
    cmt_str_t     out;

    static const char *const  pieces[] = {
        "/", "/", "//", ".", "..", "/..", "/.", "%2e", "%2F", "%2f", "a",
        "index.html", "?", "&", "=", "#", "utm_a", "%c3%a5", "\xc3\xa5", "%41",
        " ", "fbclid", "+", "%26", "%3f", "https://x", "%"
    };

    same = slash = 1;
    found = 0;

    for (n = 0; n < RANDOM_PAGES; n++) {
        len = 1;
        page[0] = '/';

        for (i = 0; i < 5; i++) {
            const char  *piece;

            seed = seed * UINT64_C(6364136223846793005)
                   + UINT64_C(1442695040888963407);
            piece = pieces[(seed >> 33) % (sizeof(pieces) / sizeof(pieces[0]))];
            memcpy(page + len, piece, strlen(piece));
            len += strlen(piece);
        }

        if (canonical((cmt_str_t) { len, page }, &out) != CMT_OK) {
            continue;
        }

        found++;
        slash &= out.data[0] == '/';
        memcpy(once, out.data, out.len);
        len = out.len;

        rc = canonical((cmt_str_t) { len, once }, &out);

        if (rc != CMT_OK || !cmt__str_eq(out, (cmt_str_t) { len, once })) {
            same = 0;
            note("%.*s", (int) len, once);
        }
    }

    ok(same, "the path of a path is itself");
    ok(slash, "every path begins with a slash");
    ok(found > RANDOM_PAGES / 4, "many paths were tried");
}


static void
test_fault(void)
{
    cmt_str_t  out;

    (void) cmt__arena_fail_at(1);
    is_int(canonical(cmt_str("/a"), &out), CMT_ENOMEM, "no memory is told");
    is_str(out, "as it was", "and the output is untouched");
    is_int(canonical(cmt_str("/a"), &out), CMT_OK, "one piece is enough");
}
