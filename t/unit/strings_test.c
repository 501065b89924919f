/*
 * strings_test.c: strings that carry their length, and UTF-8.
 */

#include "core/base/base.h"

#include "tap.h"


static void test_compare(void);
static void test_cut(void);
static void test_numbers(void);
static void test_hex(void);
static void test_utf8_points(void);
static void test_utf8_sequences(void);
static void test_utf8_anywhere(void);


int
main(void)
{
    test_compare();
    test_cut();
    test_numbers();
    test_hex();
    test_utf8_points();
    test_utf8_sequences();
    test_utf8_anywhere();

    return done();
}


static void
test_compare(void)
{
    ok(cmt__str_eq(cmt_str("ab"), cmt_str("ab")), "equal strings are equal");
    ok(!cmt__str_eq(cmt_str("ab"), cmt_str("aB")), "case matters");
    ok(!cmt__str_eq(cmt_str("ab"), cmt_str("abc")), "so does the length");
    ok(cmt__str_eq(cmt_str(""), cmt_null_str), "empty strings are equal");
    ok(cmt__str_is(cmt_str("page"), "page"), "a string is a literal");
    ok(!cmt__str_is(cmt_str("pages"), "page"), "a longer one is not");
    ok(!cmt__str_is(cmt_str("page\0"), "page"), "not even by a NUL");
    ok(cmt__str_is(cmt_null_str, ""), "no string is the empty literal");
    ok(cmt__str_is_nocase(cmt_str("UTF-8"), "utf-8"), "ASCII case is folded");
    ok(!cmt__str_is_nocase(cmt_str("\xc3\x86"), "\xc3\xa6"), "no other is");
    ok(!cmt__str_is_nocase(cmt_str("@"), "`"), "nor what differs by a bit");
    ok(cmt__str_starts(cmt_str("/blog"), "/"), "a string has a beginning");
    ok(cmt__str_starts(cmt_str("/"), "/"), "which may be all of it");
    ok(!cmt__str_starts(cmt_null_str, "/"), "nothing begins with nothing");
}


static void
test_cut(void)
{
    cmt_str_t     s, copy;
    cmt_arena_t  *arena;

    s = cmt_str("0123456789");

    is_str(cmt__str_sub(s, 2, 5), "234", "a part is cut out");
    is_str(cmt__str_sub(s, 8, 99), "89", "an end beyond is the end");
    is_str(cmt__str_sub(s, 99, 100), "", "a part beyond is empty");
    is_str(cmt__str_sub(s, 5, 2), "", "so is one that ends before it begins");
    ok(cmt__str_sub(cmt_null_str, 1, 2).data == NULL, "no string has no part");

    is_str(cmt__str_trim(cmt_str(" \t\r\n\f\v a b \n")), "a b",
           "white space is trimmed at both ends");
    is_str(cmt__str_trim(cmt_str(" \n ")), "", "all of it, if need be");
    is_str(cmt__str_trim(cmt_str("\xc2\xa0")), "\xc2\xa0",
           "a no-break space is no ASCII white space");

    arena = cmt_arena_create(1000);
    copy = cmt__str_copy(arena, s);
    is_str(copy, "0123456789", "a copy is the same");
    ok(copy.data != s.data && copy.data[copy.len] == '\0',
       "a copy is apart and ends in NUL");
    copy = cmt__str_copy(arena, cmt_null_str);
    ok(copy.len == 0 && copy.data != NULL && copy.data[0] == '\0',
       "a copy of nothing is an empty string");
    (void) cmt__arena_fail_at(1);
    ok(cmt__str_copy(arena, s).data == NULL, "without memory there is none");
    s.len = SIZE_MAX;
    ok(cmt__str_copy(arena, s).data == NULL, "nor for a length that wraps");
    cmt_arena_destroy(arena);
}


static void
test_numbers(void)
{
    uint64_t  n;

    n = 7;

    ok(cmt__str_u64(cmt_str("0"), &n) && n == 0, "zero is a number");
    ok(cmt__str_u64(cmt_str("007"), &n) && n == 7, "zeros may come first");
    ok(cmt__str_u64(cmt_str("18446744073709551615"), &n) && n == UINT64_MAX,
       "the largest number is one");
    ok(!cmt__str_u64(cmt_str("18446744073709551616"), &n), "the next is not");
    ok(!cmt__str_u64(cmt_str("99999999999999999999"), &n), "nor one beyond");
    ok(!cmt__str_u64(cmt_null_str, &n), "nothing is no number");
    ok(!cmt__str_u64(cmt_str("-1"), &n), "nor is a negative one");
    ok(!cmt__str_u64(cmt_str("+1"), &n), "a sign is none of it");
    ok(!cmt__str_u64(cmt_str("1 "), &n), "nor is a blank");
    ok(n == UINT64_MAX, "what is no number changes nothing");
}


static void
test_hex(void)
{
    char     hex[7];
    uint8_t  bytes[3];

    cmt__hex((const uint8_t *) "\x00\x9f\xff", 3, hex);
    is_text(hex, "009fff", "bytes are written in lower case");
    ok(cmt__unhex(cmt_str("009FfF"), bytes, 3)
       && memcmp(bytes, "\x00\x9f\xff", 3) == 0, "any case is read");
    ok(!cmt__unhex(cmt_str("0102"), bytes, 3), "too few digits are refused");
    ok(!cmt__unhex(cmt_str("01020304"), bytes, 3), "so are too many");
    ok(!cmt__unhex(cmt_str("01020g"), bytes, 3), "and letters beyond f");
    ok(memcmp(bytes, "\x00\x9f\xff", 3) == 0, "which changes nothing");
}


static void
test_utf8_points(void)
{
    int        valid, same, refused;
    char       text[4];
    size_t     at;
    uint32_t   point;
    cmt_str_t  s;

    valid = same = refused = 1;

    for (point = 0; point <= 0x10ffff; point++) {

        s = (cmt_str_t) { cmt__utf8_put(text, point), text };
        at = 0;

        if (point >= 0xd800 && point <= 0xdfff) {
            refused &= !cmt__utf8_valid(s);
            continue;
        }

        valid &= cmt__utf8_valid(s) && cmt__utf8_chars(s) == 1;
        same &= cmt__utf8_next(s, &at) == point && at == s.len;
    }

    ok(valid, "every character that is written is valid");
    ok(same, "and is read as it was written");
    ok(refused, "surrogates are refused");

    s = (cmt_str_t) { cmt__utf8_put(text, 0x110000), text };
    ok(!cmt__utf8_valid(s), "there is nothing beyond U+10FFFF");

    s = cmt_str("a\xc3\xb8\xe2\x82\xac\xf0\x9f\x98\x80z");
    is_int(cmt__utf8_chars(s), 5, "characters are counted, not bytes");
}


/* Valid as the table of RFC 3629, section 4 has it, written another way. */

static int
is_sequence(const uint8_t *p, size_t n)
{
    size_t    i;
    uint32_t  point;

    static const uint8_t   lead[5] = { 0, 0, 0xc0, 0xe0, 0xf0 };
    static const uint8_t   mask[5] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
    static const uint32_t  least[5] = { 0, 0, 0x80, 0x800, 0x10000 };

    if ((p[0] & ~mask[n] & 0xff) != lead[n]) {
        return 0;
    }

    point = p[0] & mask[n];

    for (i = 1; i < n; i++) {
        if (p[i] < 0x80 || p[i] > 0xbf) {
            return 0;
        }

        point = point * 64 + p[i] - 0x80;
    }

    return point >= least[n] && point <= 0x10ffff
           && (point < 0xd800 || point > 0xdfff);
}


static int
is_text_of(const uint8_t *p, size_t len)
{
    size_t  n;

    if (len == 0) {
        return 1;
    }

    for (n = 1; n <= 4 && n <= len; n++) {
        if (is_sequence(p, n)) {
            return is_text_of(p + n, len - n);
        }
    }

    return 0;
}


static void
test_utf8_sequences(void)
{
    int        agree;
    size_t     i, n;
    uint8_t    p[4];
    uint32_t   bits;
    cmt_str_t  s;

    static const uint8_t  edges[] = {
        0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2,
        0xdf, 0xe0, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff
    };

    agree = 1;

    for (n = 1; n <= 2; n++) {
        for (bits = 0; bits < 1u << (8 * n); bits++) {
            p[0] = (uint8_t) bits;
            p[1] = (uint8_t) (bits >> 8);
            s = (cmt_str_t) { n, (const char *) p };
            agree &= cmt__utf8_valid(s) == is_text_of(p, n);
        }
    }

    ok(agree, "all strings of one and two bytes are judged rightly");

    agree = 1;
    n = sizeof(edges);

    for (i = 0; i < n * n * n * n; i++) {
        p[0] = edges[i % n];
        p[1] = edges[i / n % n];
        p[2] = edges[i / n / n % n];
        p[3] = edges[i / n / n / n];

        s = (cmt_str_t) { 3, (const char *) p };
        agree &= cmt__utf8_valid(s) == is_text_of(p, 3);
        s.len = 4;
        agree &= cmt__utf8_valid(s) == is_text_of(p, 4);
    }

    ok(agree, "so are all of three and four at the edges of each range");
}


/* The validator takes eight ASCII bytes at a time. */

static void
test_utf8_anywhere(void)
{
    int        found, good;
    char       text[40];
    size_t     at, len;
    cmt_str_t  s;

    found = good = 1;

    for (len = 1; len <= sizeof(text); len++) {
        for (at = 0; at < len; at++) {
            memset(text, 'a', sizeof(text));
            s = (cmt_str_t) { len, text };

            text[at] = (char) 0x80;
            found &= !cmt__utf8_valid(s);

            text[at] = (char) 0xc3;
            found &= !cmt__utf8_valid(s);

            if (at + 1 < len) {
                text[at + 1] = (char) 0xb8;
                good &= cmt__utf8_valid(s);
            }
        }
    }

    ok(found, "a bad byte is found at every place in every length");
    ok(good, "a good character is good at every place");
    ok(cmt__utf8_valid(cmt_null_str), "nothing is valid");
}
