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
static void test_about(void);
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
    test_about();
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
    cmt_str_t  token;

    cmt__form_told_t  told;

    cmt__form_token_new(keys, PAGE, 1, NOW, one);
    cmt__form_token_new(keys, PAGE, 0, NOW, two);
    token = (cmt_str_t) { CMT_FORM_TOKEN_CHARS, one };

    ok(strlen(one) == CMT_FORM_TOKEN_CHARS, "a token has its length");
    ok(strcmp(one, two) != 0, "no two are the same");

    told.seconds = -1;
    ok(cmt__form_token_check(keys, PAGE, token, NOW + 7, &told),
       "a token is known again");
    is_int(told.seconds, 7, "with its age");
    is_int(told.flags, 1, "and its flags");
    is_int(told.made, NOW, "and when it was made");
    is_int(told.n_about, 0, "it says nothing of the page");

    ok(cmt__form_token_check(keys, PAGE, token, NOW + CMT_FORM_SECONDS_MAX,
                             &told), "at the limit of its age");
    ok(!cmt__form_token_check(keys, PAGE, token,
                              NOW + CMT_FORM_SECONDS_MAX + 1, &told),
       "but not one second past it");
    ok(cmt__form_token_known(keys, PAGE, token), "it is still ours then");

    ok(cmt__form_token_check(keys, PAGE, token,
                             NOW - CMT__FORM_AHEAD_SECONDS, &told),
       "a clock may be behind a little");
    is_int(told.seconds, 0, "which counts as no age");
    ok(!cmt__form_token_check(keys, PAGE, token,
                              NOW - CMT__FORM_AHEAD_SECONDS - 1, &told),
       "but not more");
}


static void
test_forged(void)
{
    int        i, known;
    char       one[CMT_FORM_TOKEN_CHARS + 1];
    cmt_str_t  token;

    cmt__form_told_t  told;

    cmt__form_token_new(keys, PAGE, 0, NOW, one);
    token = (cmt_str_t) { CMT_FORM_TOKEN_CHARS, one };

    ok(!cmt__form_token_check(keys, cmt_str("/other"), token, NOW, &told),
       "another page's is not known");
    ok(!cmt__form_token_check(others, PAGE, token, NOW, &told),
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


/* What the page says of itself stands in the token for all to read, and none
 * to change. */

static void
test_about(void)
{
    char              said[CMT_PAGE_SEALED_BYTES_MAX];
    char              one[CMT_FORM_TOKEN_CHARS_MAX + 1];
    int               known;
    size_t            i;
    cmt_str_t         token, about, plain;
    cmt__form_told_t  told;

    about = cmt_str("deadline=2013-01-31\n#court case\n");
    token.data = one;
    token.len = cmt__form_token_about(keys, PAGE, CMT_FORM_PROVEN, about, NOW,
                                      one);

    is_int(strlen(one), token.len, "a token with what the page says");
    ok(cmt__form_token_check(keys, PAGE, token, NOW + 3, &told)
       && told.seconds == 3 && told.flags == CMT_FORM_PROVEN,
       "is one as others are");
    about.data = told.about;
    is_int(told.n_about, about.len, "and tells it again");
    is_str(about, "deadline=2013-01-31\n#court case\n", "to the byte");
    ok(!cmt__form_token_check(keys, cmt_str("/other"), token, NOW, &told),
       "on no other page");
    ok(!cmt__form_token_check(keys, PAGE, token,
                              NOW + CMT_FORM_SECONDS_MAX + 1, &told),
       "and for a day");

    plain = (cmt_str_t) { CMT_FORM_TOKEN_CHARS, one };
    ok(!cmt__form_token_known(keys, PAGE, plain), "it cannot be cut off");
    plain.len++;
    ok(!cmt__form_token_known(keys, PAGE, plain), "nor be empty");

    known = 0;

    for (i = 0; i < token.len; i++) {
        one[i] ^= 1;
        known += cmt__form_token_known(keys, PAGE, token);
        one[i] ^= 1;
        plain.len = i;
        known += cmt__form_token_known(keys, PAGE, plain);
    }

    is_int(known, 0, "nor any character be changed, nor the end be missing");

    cmt__form_token_new(keys, PAGE, CMT_FORM_PROVEN, NOW, one);
    one[CMT_FORM_TOKEN_CHARS] = '.';
    memcpy(one + CMT_FORM_TOKEN_CHARS + 1, "YT1iCg", 7);     /* a=b */
    token.len = CMT_FORM_TOKEN_CHARS + 7;
    ok(!cmt__form_token_known(keys, PAGE, token),
       "nothing can be added to a token that says nothing");

    memset(said, 'x', sizeof(said));
    about = (cmt_str_t) { sizeof(said), said };
    token.len = cmt__form_token_about(keys, PAGE, 0, about, NOW, one);
    is_int(token.len, CMT_FORM_TOKEN_CHARS_MAX, "the longest one");
    ok(cmt__form_token_check(keys, PAGE, token, NOW, &told)
       && told.n_about == sizeof(said), "is known, too");
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
