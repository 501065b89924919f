/*
 * keys_test.c: the master key in its file, and what is hashed with keys.
 *
 * The hashes here were made by another program (Python's hashlib): they are
 * stored, so they may never change.
 */

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/privacy/privacy.h"

#include "tap.h"


static void test_create(void);
static void test_create_fault(void);
static void test_load(void);
static void test_load_refused(void);
static void test_hash(void);
static void test_sites(void);
static void test_plain(void);
static void test_cookie(void);


static char  folder[] = "/tmp/cmt-keys-XXXXXX";
static char  path[64];


int
main(void)
{
    if (mkdtemp(folder) == NULL) {
        return 1;
    }

    (void) snprintf(path, sizeof(path), "%s/key", folder);

    test_create();
    test_create_fault();
    test_load();
    test_load_refused();
    test_hash();
    test_sites();
    test_plain();
    test_cookie();

    (void) unlink(path);
    (void) rmdir(folder);

    return done();
}


/* A key file with these bytes, in place of the one before. */

static void
write_file(const void *bytes, size_t len, mode_t mode)
{
    int  fd;

    (void) unlink(path);

    fd = open(path, O_WRONLY|O_CREAT|O_EXCL, 0600);

    if (fd == -1 || write(fd, bytes, len) != (ssize_t) len
        || fchmod(fd, mode) == -1)
    {
        note("cannot write %s", path);
    }

    (void) close(fd);
}


/* The key 01 02 03 ... 20. */

static cmt_key_t *
load_counting(void)
{
    int         i;
    uint8_t     bytes[CMT_KEY_BYTES];
    cmt_key_t  *key;

    for (i = 0; i < CMT_KEY_BYTES; i++) {
        bytes[i] = (uint8_t) (i + 1);
    }

    write_file(bytes, sizeof(bytes), 0600);

    return cmt_key_load(path, &key, NULL) == CMT_OK ? key : NULL;
}


static int
is_hash(const cmt__hash_t *h, const char *want, const char *sentence)
{
    char  hex[2 * CMT_HASH_BYTES + 1];

    cmt__hex(h->bytes, CMT_HASH_BYTES, hex);

    return is_text(hex, want, sentence);
}


static void
test_create(void)
{
    char         wrong[96];
    mode_t       mask;
    cmt_key_t   *key, *other;
    struct stat  st;
    cmt_error_t  err;

    mask = umask(0);
    is_int(cmt_key_create(path, &err), CMT_OK, "a key is made");
    (void) umask(mask);

    ok(stat(path, &st) == 0 && st.st_size == CMT_KEY_BYTES, "of 32 bytes");
    is_int(st.st_mode & 07777, 0600, "for its owner only");
    is_int(cmt_key_load(path, &key, &err), CMT_OK, "it can be loaded");

    is_int(cmt_key_create(path, &err), CMT_EIO, "it is never overwritten");
    ok(strstr(err.detail, "exists") != NULL, "which is told");
    is_int(cmt_key_load(path, &other, &err), CMT_OK, "so it is still there");
    cmt_key_free(other);
    cmt_key_free(key);

    (void) snprintf(wrong, sizeof(wrong), "%s/none/key", folder);
    is_int(cmt_key_create(wrong, &err), CMT_EIO, "a missing folder is told");
    ok(strstr(err.detail, wrong) != NULL, "with the path");

    ok(chdir(folder) == 0 && cmt_key_create("bare", &err) == CMT_OK
       && unlink("bare") == 0, "a name without a folder lies here");
}


/* A file that may not grow: what a full disk does. */

static void
test_create_fault(void)
{
    struct stat    st;
    cmt_error_t    err;
    struct rlimit  before, none;

    (void) getrlimit(RLIMIT_FSIZE, &before);
    none = before;
    none.rlim_cur = 0;
    (void) signal(SIGXFSZ, SIG_IGN);
    (void) unlink(path);

    /* stdout may be a file, too: nothing is said in between */

    (void) setrlimit(RLIMIT_FSIZE, &none);
    err.rc = cmt_key_create(path, &err);
    (void) setrlimit(RLIMIT_FSIZE, &before);

    is_int(err.rc, CMT_EIO, "a key that cannot be written is told");
    ok(strncmp(err.detail, "cannot write ", 13) == 0, "with the reason");
    ok(stat(path, &st) == -1, "and leaves no half of a file");
    is_int(cmt_key_create(path, &err), CMT_OK, "so that it can be made again");
}


static void
test_load(void)
{
    char        link[96];
    cmt_key_t  *key;

    (void) snprintf(link, sizeof(link), "%s/link", folder);

    ok(symlink(path, link) == 0 && cmt_key_load(link, &key, NULL) == CMT_OK,
       "a key may be reached by a link");
    cmt_key_free(key);
    (void) unlink(link);

    write_file("0123456789abcdef0123456789abcdef", CMT_KEY_BYTES, 0400);
    is_int(cmt_key_load(path, &key, NULL), CMT_OK,
           "a key need not be writable");
    cmt_key_free(key);
    cmt_key_free(NULL);
    ok(1, "no key can be freed, too");
}


static void
test_load_refused(void)
{
    int          refused;
    char         want[128];
    mode_t       bit;
    uint8_t      bytes[CMT_KEY_BYTES + 1];
    cmt_key_t   *key;
    cmt_error_t  err;

    key = NULL;
    memset(bytes, 'k', sizeof(bytes));

    refused = 1;

    for (bit = 1; bit <= 040; bit <<= 1) {
        write_file(bytes, CMT_KEY_BYTES, 0600 | bit);
        refused &= cmt_key_load(path, &key, &err) == CMT_EKEY;
    }

    ok(refused, "a key that others can read, write or run is refused");
    (void) snprintf(want, sizeof(want), "do: chmod 600 %s", path);
    ok(strstr(err.detail, want) != NULL, "saying what to do");

    write_file(bytes, CMT_KEY_BYTES - 1, 0600);
    is_int(cmt_key_load(path, &key, &err), CMT_EKEY, "31 bytes are no key");
    ok(strstr(err.detail, "31 bytes") != NULL, "which is told");
    write_file(bytes, CMT_KEY_BYTES + 1, 0600);
    is_int(cmt_key_load(path, &key, &err), CMT_EKEY, "nor are 33");
    write_file(bytes, 0, 0600);
    is_int(cmt_key_load(path, &key, &err), CMT_EKEY, "nor is an empty file");

    memset(bytes, 0, sizeof(bytes));
    write_file(bytes, CMT_KEY_BYTES, 0600);
    is_int(cmt_key_load(path, &key, &err), CMT_EKEY, "nor are zeros");
    ok(strstr(err.detail, "zeros") != NULL, "which is told");
    bytes[CMT_KEY_BYTES - 1] = 1;
    write_file(bytes, CMT_KEY_BYTES, 0600);
    is_int(cmt_key_load(path, &key, &err), CMT_OK, "one bit is enough");
    cmt_key_free(key);
    key = NULL;

    is_int(cmt_key_load(folder, &key, &err), CMT_EKEY, "a folder is no key");
    (void) unlink(path);
    is_int(cmt_key_load(path, &key, &err), CMT_EKEY, "a missing one is told");
    ok(strstr(err.detail, "ngx-comments key new") != NULL, "saying what to do");

    ok(mkfifo(path, 0600) == 0 && cmt_key_load(path, &key, &err) == CMT_EKEY,
       "a pipe is no key, and nobody waits for it");
    ok(key == NULL, "the output is untouched");
}


static void
test_hash(void)
{
    cmt_key_t        *key;
    cmt_str_t         parts[2];
    cmt__hash_t       a, b;
    cmt_site_keys_t  *keys;

    key = load_counting();
    keys = cmt__site_keys_create(key, cmt_str("example.org"));

    parts[0] = cmt_str("kari@example.org");
    cmt__hash(keys, CMT__KEY_IDENTITY, parts, 1, &a);
    is_hash(&a, "2e923f5586dd5dd4fe2a01564a085397",
            "a hash under a derived key is what it always was");

    ok(!cmt__hash_is_zero(&a), "and not zero");
    cmt__hash(keys, CMT__KEY_IDENTITY, parts, 1, &b);
    ok(cmt__hash_eq(&a, &b), "the same gives the same");
    cmt__hash(keys, CMT__KEY_TOKEN, parts, 1, &b);
    ok(!cmt__hash_eq(&a, &b), "but not for another purpose");

    parts[0] = cmt_str("ab");
    parts[1] = cmt_str("c");
    cmt__hash(keys, CMT__KEY_TOKEN, parts, 2, &a);
    parts[0] = cmt_str("a");
    parts[1] = cmt_str("bc");
    cmt__hash(keys, CMT__KEY_TOKEN, parts, 2, &b);
    ok(!cmt__hash_eq(&a, &b), "parts do not run into each other");
    parts[0] = cmt_str("abc");
    parts[1] = cmt_null_str;
    cmt__hash(keys, CMT__KEY_TOKEN, parts, 2, &a);
    cmt__hash(keys, CMT__KEY_TOKEN, parts, 1, &b);
    ok(!cmt__hash_eq(&a, &b), "an empty part counts");

    memset(&a, 0, sizeof(a));
    ok(cmt__hash_is_zero(&a), "zero is none");
    a.bytes[CMT_HASH_BYTES - 1] = 1;
    ok(!cmt__hash_is_zero(&a), "to the last bit");

    cmt__site_keys_free(keys);
    cmt__site_keys_free(NULL);
    cmt_key_free(key);
}


static void
test_sites(void)
{
    int               purpose, apart;
    cmt_key_t        *key;
    cmt_str_t         part;
    cmt__hash_t       a, b;
    cmt_site_keys_t  *one, *other, *again;

    key = load_counting();
    one = cmt__site_keys_create(key, cmt_str("example.org"));
    other = cmt__site_keys_create(key, cmt_str("example.org."));
    again = cmt__site_keys_create(key, cmt_str("example.org"));

    part = cmt_str("kari@example.org");
    apart = 1;

    for (purpose = CMT__KEY_IDENTITY; purpose < CMT__KEYS; purpose++) {
        cmt__hash(one, (cmt__purpose_t) purpose, &part, 1, &a);
        cmt__hash(other, (cmt__purpose_t) purpose, &part, 1, &b);
        apart &= !cmt__hash_eq(&a, &b);
        cmt__hash(again, (cmt__purpose_t) purpose, &part, 1, &b);
        apart &= cmt__hash_eq(&a, &b);
    }

    ok(apart, "sites have nothing in common, but each its own for ever");

    cmt__site_keys_free(one);
    cmt__site_keys_free(other);
    cmt__site_keys_free(again);
    cmt_key_free(key);
}


static void
test_plain(void)
{
    char         hex[2 * CMT__CHAIN_BYTES + 1];
    uint8_t      chain[CMT__CHAIN_BYTES], random[2][32];
    cmt__hash_t  h;

    cmt__hash_plain(cmt_str("/blog/post"), &h);
    is_hash(&h, "9f9912b46125d6338bc342e35738b4c8",
            "a hash without a key is what it always was");

    memset(chain, 0, sizeof(chain));
    cmt__chain(chain, cmt_str("entry"), chain);
    cmt__hex(chain, sizeof(chain), hex);
    is_text(hex, "be3c084da30a980521021bd46f8df2a6"
                 "4a14d5ac56b74bc59a9a3311cf19b7d8",
            "so is a link of the chain, also in its own place");

    cmt__digest_hex(cmt_str("abc"), hex);
    is_text(hex, "bddd813c634239723171ef3fee98579b"
                 "94964e3bb1cb3e427262c8c068d52319", "and a digest");

    cmt__random(random[0], 32);
    cmt__random(random[1], 32);
    ok(memcmp(random[0], random[1], 32) != 0, "chance does not repeat");
    cmt__wipe(random, sizeof(random));
    ok(random[0][0] == 0 && random[1][31] == 0, "what is wiped is zero");
    cmt__wipe(NULL, 0);
    ok(1, "nothing can be wiped, too");
}


static void
test_cookie(void)
{
    int               i, taken;
    char              text[CMT_COOKIE_CHARS + 1], other[sizeof(text)];
    int64_t           seconds;
    cmt_key_t        *key;
    cmt_str_t         value;
    cmt__hash_t       h, made;
    cmt_site_keys_t  *keys;

    key = load_counting();
    keys = cmt__site_keys_create(key, cmt_str("example.org"));

    value = cmt_str("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8");
    ok(cmt__cookie_hash(keys, value, &h), "a secret is taken");
    is_hash(&h, "00010203040591823479116d3770f443",
            "and its hash is what it always was, behind the secret's time");

    value.len--;
    ok(!cmt__cookie_hash(keys, value, &h), "one shorter is refused");
    ok(cmt__hash_is_zero(&h), "and has no hash");
    value = cmt_str("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh88");
    ok(!cmt__cookie_hash(keys, value, &h), "so is one longer");
    value = cmt_str("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9");
    ok(!cmt__cookie_hash(keys, value, &h), "or another spelling of one");
    value = cmt_str("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwd+h8");
    ok(!cmt__cookie_hash(keys, value, &h), "or other letters");
    value = cmt_str("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh=");
    ok(!cmt__cookie_hash(keys, value, &h), "or padding");
    value = cmt_str("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwd h8");
    ok(!cmt__cookie_hash(keys, value, &h), "or a blank");
    ok(!cmt__cookie_hash(keys, cmt_null_str, &h), "or none");

    taken = 1;

    for (i = 0; i < 1000; i++) {
        cmt__cookie_new(keys, text, &made);
        taken &= strlen(text) == CMT_COOKIE_CHARS
                 && cmt__cookie_hash(keys, (cmt_str_t) { strlen(text), text },
                                     &h)
                 && !cmt__hash_is_zero(&h) && cmt__hash_eq(&h, &made);
    }

    ok(taken, "every new secret has the form of one, and its hash");

    seconds = 0;

    for (i = 0; i < 6; i++) {
        seconds = seconds * 256 + h.bytes[i];
    }

    seconds = seconds / 1000 - (int64_t) time(NULL);
    ok(seconds >= -2 && seconds <= 0, "with the time at which it was made");

    cmt__cookie_new(keys, other, &made);
    ok(strcmp(text, other) != 0, "and none comes twice");

    cmt__site_keys_free(keys);
    cmt_key_free(key);
}
