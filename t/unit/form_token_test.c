/*
 * form_token_test.c: tokens of forms, names of honeypots and pictures.
 */

#include <stdlib.h>
#include <unistd.h>

#include "core/privacy/privacy.h"

#include "tap.h"


#define NOW   1800000000
#define PAGE  cmt_str("/blog/post")


static void test_token(void);
static void test_forged(void);
static void test_ticket(void);
static void test_work(void);
static void test_names(void);
static void test_picture(void);

static cmt_site_keys_t  *keys, *others;


int
main(void)
{
    int         fd;
    char        path[] = "/tmp/cmt-form-XXXXXX";
    uint8_t     bytes[CMT_KEY_BYTES];
    cmt_key_t  *key;

    memset(bytes, 7, sizeof(bytes));
    fd = mkstemp(path);

    if (fd == -1 || write(fd, bytes, sizeof(bytes)) != sizeof(bytes)
        || cmt_key_load(path, &key, NULL) != CMT_OK)
    {
        return 1;
    }

    (void) close(fd);
    (void) unlink(path);

    keys = cmt__site_keys_create(key, cmt_str("example.org"));
    others = cmt__site_keys_create(key, cmt_str("example.com"));
    cmt_key_free(key);

    test_token();
    test_forged();
    test_ticket();
    test_work();
    test_names();
    test_picture();

    cmt__site_keys_free(keys);
    cmt__site_keys_free(others);

    return done();
}


static void
test_token(void)
{
    char       one[CMT_FORM_TOKEN_CHARS + 1], two[CMT_FORM_TOKEN_CHARS + 1];
    int64_t    seconds;
    unsigned   flags;
    cmt_str_t  token;

    cmt__form_token_new(keys, PAGE, 1, NOW, one);
    cmt__form_token_new(keys, PAGE, 0, NOW, two);
    token = (cmt_str_t) { CMT_FORM_TOKEN_CHARS, one };

    ok(strlen(one) == CMT_FORM_TOKEN_CHARS, "a token has its length");
    ok(strcmp(one, two) != 0, "no two are the same");

    seconds = -1;
    ok(cmt__form_token_check(keys, PAGE, token, NOW + 7, &flags, &seconds),
       "a token is known again");
    is_int(seconds, 7, "with its age");
    is_int(flags, 1, "and its flags");

    ok(cmt__form_token_check(keys, PAGE, token, NOW + CMT_FORM_SECONDS_MAX,
                             &flags, &seconds), "at the limit of its age");
    ok(!cmt__form_token_check(keys, PAGE, token,
                              NOW + CMT_FORM_SECONDS_MAX + 1, &flags,
                              &seconds), "but not one second past it");
    ok(cmt__form_token_known(keys, PAGE, token), "it is still ours then");

    ok(cmt__form_token_check(keys, PAGE, token,
                             NOW - CMT__FORM_AHEAD_SECONDS, &flags, &seconds),
       "a clock may be behind a little");
    is_int(seconds, 0, "which counts as no age");
    ok(!cmt__form_token_check(keys, PAGE, token,
                              NOW - CMT__FORM_AHEAD_SECONDS - 1, &flags,
                              &seconds), "but not more");
}


static void
test_forged(void)
{
    int        i, known;
    char       one[CMT_FORM_TOKEN_CHARS + 1];
    int64_t    seconds;
    unsigned   flags;
    cmt_str_t  token;

    cmt__form_token_new(keys, PAGE, 0, NOW, one);
    token = (cmt_str_t) { CMT_FORM_TOKEN_CHARS, one };

    ok(!cmt__form_token_check(keys, cmt_str("/other"), token, NOW, &flags,
                              &seconds), "another page's is not known");
    ok(!cmt__form_token_check(others, PAGE, token, NOW, &flags, &seconds),
       "nor is another site's");
    ok(!cmt__form_token_known(keys, PAGE, cmt_null_str), "nor is none");

    token.len--;
    ok(!cmt__form_token_known(keys, PAGE, token), "nor a short one");
    token.len++;

    known = 0;

    for (i = 0; i < CMT_FORM_TOKEN_CHARS; i++) {
        one[i] ^= 1;
        known += cmt__form_token_known(keys, PAGE, token);
        one[i] ^= 1;
    }

    is_int(known, 0, "nor one with any character changed");
    ok(cmt__form_token_known(keys, PAGE, token), "while it is itself known");
}


static void
test_ticket(void)
{
    char           value[CMT_FORM_TOKEN_CHARS + 1];
    cmt_str_t      told;
    cmt__hash_t    words, others_words;
    cmt__ticket_t  ticket, found;

    memset(&words, 1, sizeof(words));
    memset(&others_words, 2, sizeof(others_words));
    memset(&ticket, 0, sizeof(ticket));
    ticket.nudged = 1;
    ticket.bits = 20;

    cmt__ticket_new(keys, PAGE, &words, &ticket, NOW, value);
    told = (cmt_str_t) { CMT_FORM_TOKEN_CHARS, value };

    ok(cmt__ticket_check(keys, PAGE, &words, told, NOW, &found)
       && found.nudged && !found.challenged && found.bits == 20,
       "a ticket says what was asked and done");
    ok(cmt__ticket_check(keys, PAGE, &words, told,
                         NOW + CMT_FORM_SECONDS_MAX, &found), "for a day");
    ok(!cmt__ticket_check(keys, PAGE, &words, told,
                          NOW + CMT_FORM_SECONDS_MAX + 1, &found)
       && found.bits == 0, "and no second more");
    ok(!cmt__ticket_check(keys, PAGE, &others_words, told, NOW, &found),
       "it is of no use for other words");
    ok(!cmt__ticket_check(keys, cmt_str("/other"), &words, told, NOW, &found),
       "or another page");
    ok(!cmt__ticket_check(others, PAGE, &words, told, NOW, &found),
       "or another site");

    cmt__form_token_new(keys, PAGE, 0xff, NOW, value);
    ok(!cmt__ticket_check(keys, PAGE, &words, told, NOW, &found),
       "a form's token is no ticket");

    ticket.challenged = 1;
    ticket.bits = 64;
    cmt__ticket_new(keys, PAGE, &words, &ticket, NOW, value);
    ok(cmt__ticket_check(keys, PAGE, &words, told, NOW, &found)
       && found.nudged && found.challenged && found.bits == 63,
       "more work than can be told is the most that can");
}


static void
test_work(void)
{
    cmt_str_t  work;

    is_int(cmt__work_bits(cmt_str("t"), cmt_str("83")), 9, "nine bits of work");
    is_int(cmt__work_bits(cmt_str("t"), cmt_str("")), 0, "none");
    work = cmt_str("00000000000000000000000000000002");
    is_int(cmt__work_bits(cmt_str("t"), work), 4, "work of 32 bytes");
    work = cmt_str("000000000000000000000000000000021");
    is_int(cmt__work_bits(cmt_str("t"), work), 0, "but not of 33");
}


static void
test_names(void)
{
    char  one[CMT__HONEYPOT_CHARS + 1], two[CMT__HONEYPOT_CHARS + 1];

    cmt__form_honeypot(keys, PAGE, one);
    cmt__form_honeypot(keys, PAGE, two);
    ok(strcmp(one, two) == 0, "a page's honeypot keeps its name");
    ok(strlen(one) == CMT__HONEYPOT_CHARS, "of its length");

    cmt__form_honeypot(keys, cmt_str("/other"), two);
    ok(strcmp(one, two) != 0, "another page's has another");
}


static void
test_picture(void)
{
    char          one[CMT_AVATAR_CHARS + 1], two[CMT_AVATAR_CHARS + 1];
    char          hex[2 * CMT_HASH_BYTES + 1];
    cmt_str_t     svg;
    cmt__hash_t   identity, none;
    cmt_arena_t  *arena;

    memset(&none, 0, sizeof(none));
    ok(cmt__email_hash(keys, cmt_str("kari@example.org"), &identity)
       == CMT_OK, "an identity");

    cmt__avatar_key(keys, &identity, cmt_str("Kari"), one);
    cmt__avatar_key(keys, &identity, cmt_str("K."), two);
    ok(strcmp(one, two) == 0, "an e-mail has one picture by any name");

    cmt__hex(identity.bytes, CMT_HASH_BYTES, hex);
    ok(strncmp(one, hex, CMT_AVATAR_CHARS) != 0, "that is not its hash");

    cmt__avatar_key(keys, &none, cmt_str("Kari"), one);
    ok(strcmp(one, two) != 0, "the bare name has another");
    cmt__avatar_key(others, &none, cmt_str("Kari"), two);
    ok(strcmp(one, two) != 0, "and yet another on another site");

    arena = cmt_arena_create(CMT_ARENA_BYTES_MAX);
    ok(cmt_avatar_svg((cmt_str_t) { CMT_AVATAR_CHARS, one }, arena, &svg)
       == CMT_OK && strncmp(svg.data, "<svg ", 5) == 0, "it is drawn");
    is_int(cmt_avatar_svg(cmt_str("0123456789abcde"), arena, &svg),
           CMT_ENOTFOUND, "a short name has no picture");
    is_int(cmt_avatar_svg(cmt_str("0123456789abcdef0"), arena, &svg),
           CMT_ENOTFOUND, "nor has a long one");
    is_int(cmt_avatar_svg(cmt_str("0123456789abcdeF"), arena, &svg),
           CMT_ENOTFOUND, "nor other digits");
    cmt_arena_destroy(arena);
}
