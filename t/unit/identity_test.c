/*
 * identity_test.c: e-mail and network addresses become hashes.
 */

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/privacy/privacy.h"

#include "tap.h"


static void test_email(void);
static void test_email_refused(void);
static void test_email_limits(void);
static void test_address(void);
static void test_address_refused(void);


static cmt_site_keys_t  *keys;


int
main(void)
{
    int         fd, i;
    char        path[] = "/tmp/cmt-identity-XXXXXX";
    uint8_t     bytes[CMT_KEY_BYTES];
    cmt_key_t  *key;

    for (i = 0; i < CMT_KEY_BYTES; i++) {
        bytes[i] = (uint8_t) (i + 1);
    }

    fd = mkstemp(path);

    if (fd == -1 || write(fd, bytes, sizeof(bytes)) != sizeof(bytes)
        || cmt_key_load(path, &key, NULL) != CMT_OK)
    {
        return 1;
    }

    (void) close(fd);
    (void) unlink(path);

    keys = cmt__site_keys_create(key, cmt_str("example.org"));
    cmt_key_free(key);

    test_email();
    test_email_refused();
    test_email_limits();
    test_address();
    test_address_refused();

    cmt__site_keys_free(keys);

    return done();
}


static int
email(const char *text, cmt__hash_t *h)
{
    return cmt__email_hash(keys, (cmt_str_t) { strlen(text), text }, h);
}


static void
test_email(void)
{
    char         hex[2 * CMT_HASH_BYTES + 1];
    size_t       i;
    cmt__hash_t  kari, h;

    static const char *const  same[] = {
        "KARI@example.org", "kari@EXAMPLE.org", " kari@example.org\r\n",
        "\tKari@Example.Org "
    };

    static const char *const  others[] = {
        "kari@example.com", "kari+x@example.org", "k.ari@example.org",
        "kari@mail.example.org", "a@b.c", "!#$%&'*+-/=?^_`{|}~@example.org",
        "1@2.3", "kari@b\xc3\xbc" "cher.example", "p\xc3\xa5l@example.org",
        "kari@xn--bcher-kva.example", "a.b.c@a-b.c--d.e"
    };

    is_int(email("kari@example.org", &kari), CMT_OK, "an address has a hash");
    cmt__hex(kari.bytes, CMT_HASH_BYTES, hex);
    is_text(hex, "2e923f5586dd5dd4fe2a01564a085397",
            "which is what it always was");

    for (i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
        ok(email(same[i], &h) == CMT_OK && cmt__hash_eq(&h, &kari),
           "case and white space make no difference");
    }

    for (i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        if (!ok(email(others[i], &h) == CMT_OK && !cmt__hash_eq(&h, &kari),
                "another address has another"))
        {
            note("%s", others[i]);
        }
    }

    ok(email("P\xc3\x85L@example.org", &h) == CMT_OK
       && email("p\xc3\xa5l@example.org", &kari) == CMT_OK
       && !cmt__hash_eq(&h, &kari), "case is folded in ASCII only");
}


static void
test_email_refused(void)
{
    size_t       i;
    cmt__hash_t  h;

    static const char *const  bad[] = {
        "", " ", "kari", "@", "kari@", "@example.org", "kari@example",
        "kari@@example.org", "kari@ex@ample.org", "ka ri@example.org",
        "kari@exa mple.org", ".kari@example.org", "kari.@example.org",
        "ka..ri@example.org", "kari@.example.org", "kari@example.org.",
        "kari@example..org", "kari@-example.org", "kari@example-.org",
        "kari@exam_ple.org", "kari@[192.0.2.1]", "\"kari\"@example.org",
        "Kari <kari@example.org>", "kari@example.org, ola@example.org",
        "ka(ri)@example.org", "kari@example.org\nBcc: x@example.org",
        "kari\x01@example.org", "kari\x7f@example.org", "k\xff@example.org",
        "kari@ex\xc3.org", "mailto:kari@example.org"
    };

    memset(&h, 7, sizeof(h));

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        if (!is_int(email(bad[i], &h), CMT_EEMAIL,
                    "what is no address is refused"))
        {
            note("%s", bad[i]);
        }
    }

    is_int(cmt__email_hash(keys, cmt_str("a\0@b.c"), &h), CMT_EEMAIL,
           "so is one with a NUL");
    is_int(cmt__email_hash(keys, cmt_str("a@b\0.c"), &h), CMT_EEMAIL,
           "on either side");
    is_int(cmt__email_hash(keys, cmt_null_str, &h), CMT_EEMAIL,
           "so is nothing");
    ok(h.bytes[0] == 7 && h.bytes[15] == 7, "and the output is untouched");
}


/* local bytes, "@", domain bytes in labels of at most so many bytes. */

static int
email_of(size_t local, size_t domain, size_t label)
{
    char         text[2 * CMT_EMAIL_BYTES_MAX];
    size_t       i;
    cmt__hash_t  h;

    memset(text, 'a', sizeof(text));
    text[local] = '@';

    for (i = label; i + 1 < domain; i += label + 1) {
        text[local + 1 + i] = '.';
    }

    return cmt__email_hash(keys, (cmt_str_t) { local + 1 + domain, text }, &h);
}


static void
test_email_limits(void)
{
    is_int(email_of(64, 20, 9), CMT_OK, "a local part may have 64 bytes");
    is_int(email_of(65, 20, 9), CMT_EEMAIL, "but not one more");
    is_int(email_of(5, 127, 63), CMT_OK, "a label may have 63 bytes");
    is_int(email_of(5, 129, 64), CMT_EEMAIL, "but not one more");
    is_int(email_of(64, CMT_EMAIL_BYTES_MAX - 65, 60), CMT_OK,
           "an address may have 254 bytes");
    is_int(email_of(64, CMT_EMAIL_BYTES_MAX - 64, 60), CMT_EEMAIL,
           "but not one more");
    is_int(email_of(1, 1, 9), CMT_EEMAIL, "one label is no domain");
}


static cmt__hash_t
address(const char *text, int64_t day)
{
    cmt__hash_t  h;

    cmt__address_hash(keys, (cmt_str_t) { strlen(text), text }, day * 86400,
                      &h);

    return h;
}


static int
same(const char *a, const char *b)
{
    cmt__hash_t  x, y;

    x = address(a, 15713);
    y = address(b, 15713);

    return !cmt__hash_is_zero(&x) && !cmt__hash_is_zero(&y)
           && cmt__hash_eq(&x, &y);
}


static void
test_address(void)
{
    char         hex[2 * CMT_HASH_BYTES + 1];
    cmt__hash_t  a, b;

    a = address("192.0.2.77", 15713);
    cmt__hex(a.bytes, CMT_HASH_BYTES, hex);
    is_text(hex, "0870d32d4e8a3975940883b1ab9a8266",
            "the hash of an IPv4 address is what it always was");
    a = address("2001:db8:7:9::1", 15713);
    cmt__hex(a.bytes, CMT_HASH_BYTES, hex);
    is_text(hex, "db7c3ac8b6839c59ab891967f0bb2bcc",
            "so is that of an IPv6 address");

    ok(same("192.0.2.1", "192.0.2.255"), "a /24 is one network");
    ok(!same("192.0.2.1", "192.0.3.1"), "the next is another");
    ok(same("192.0.2.1", "::ffff:192.0.2.9"), "mapped into IPv6 or not");
    ok(same("2001:db8:7::1", "2001:DB8:7:ffff::"), "a /48 is one network");
    ok(!same("2001:db8:7::1", "2001:db8:8::1"), "the next is another");
    ok(!same("192.0.2.1", "c000:200::"), "the families are apart");

    a = address("192.0.2.1", 15713);
    b = address("192.0.2.1", 15714);
    ok(!cmt__hash_eq(&a, &b), "the next day it is another hash");
    b = address("192.0.2.1", -1);
    ok(!cmt__hash_is_zero(&b), "days before 1970 are days");
}


static void
test_address_refused(void)
{
    size_t       i;
    cmt__hash_t  h;

    static const char *const  bad[] = {
        "", "unix:", "localhost", "192.0.2", "192.0.2.256", "192.0.2.1:80",
        "[::1]", "::1%eth0", "::g", "192.0.2.1 ",
        "1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa"
    };

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        h = address(bad[i], 15713);

        if (!ok(cmt__hash_is_zero(&h), "what is no address has no hash")) {
            note("%s", bad[i]);
        }
    }

    cmt__address_hash(keys, cmt_str("192.0.2.1\0"), 1, &h);
    ok(cmt__hash_is_zero(&h), "nor has one with a NUL");
    cmt__address_hash(keys, cmt_null_str, 1, &h);
    ok(cmt__hash_is_zero(&h), "nor has nothing");
}
