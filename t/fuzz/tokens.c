/*
 * tokens.c: what clients bring back or are known by: tokens of forms,
 * tickets, cookies, e-mail and network addresses, ids; and a moderator's line.
 * The first byte chooses, the second one changes a byte of what is ours: it is
 * good as it was made, and in no other way.
 */

#include <stdio.h>
#include <unistd.h>

#include "core/actions/moderators.h"

#include "fuzz.h"


#define NOW  1400000000


static void keys_make(void);
static void form_token(cmt_str_t page, uint8_t change);
static void ticket(cmt_str_t page, uint8_t change);
static void strange(cmt_str_t value);
static void secret(cmt_str_t value);
static void email(cmt_str_t typed);
static void network(cmt_str_t typed);
static void number(cmt_str_t typed);
static void moderator(cmt_str_t line);


static cmt_site_keys_t  *keys;


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    cmt_str_t  s;

    keys_make();

    if (size < 2) {
        return 0;
    }

    s = (cmt_str_t) { size - 2, (const char *) data + 2 };

    switch (data[0] % 8) {

    case 0:
        form_token(s, data[1]);
        break;

    case 1:
        ticket(s, data[1]);
        break;

    case 2:
        strange(s);
        break;

    case 3:
        secret(s);
        break;

    case 4:
        email(s);
        break;

    case 5:
        network(s);
        break;

    case 6:
        number(s);
        break;

    default:
        moderator(s);
    }

    return 0;
}


static void
keys_make(void)
{
    char        path[64], folder[] = "/dev/shm/cmt-fuzz.XXXXXX";
    cmt_key_t  *key;

    if (keys != NULL) {
        return;
    }

    expect(mkdtemp(folder) != NULL);
    (void) snprintf(path, sizeof(path), "%s/key", folder);
    expect(cmt_key_create(path, NULL) == CMT_OK);
    expect(cmt_key_load(path, &key, NULL) == CMT_OK);
    (void) unlink(path);
    (void) rmdir(folder);

    keys = cmt__site_keys_create(key, cmt_str("test"));
    expect(keys != NULL);
    cmt_key_free(key);
}


/* One character is another one: 43 of them, or none when that is too many. */

static int
changed(char token[CMT_FORM_TOKEN_CHARS + 1], uint8_t change)
{
    if (change >= CMT_FORM_TOKEN_CHARS) {
        return 0;
    }

    token[change] = token[change] == 'A' ? 'B' : 'A';

    return 1;
}


/* What the page says of itself is the page's own bytes here. */

static void
form_token(cmt_str_t page, uint8_t change)
{
    int               is_ours;
    char              token[CMT_FORM_TOKEN_CHARS_MAX + 1];
    cmt_str_t         value, about;
    cmt__form_told_t  told;

    about = cmt__str_sub(page, 0, change % 2 ? CMT_PAGE_ABOUT_BYTES_MAX : 0);
    value.data = token;
    value.len = cmt__form_token_about(keys, page, change, about, NOW, token);
    is_ours = !changed(token, change);

    expect(value.len <= CMT_FORM_TOKEN_CHARS_MAX);
    expect(cmt__form_token_known(keys, page, value) == is_ours);
    expect(cmt__form_token_check(keys, page, value, NOW + 5, &told)
           == is_ours);
    expect(!is_ours || (told.flags == change && told.seconds == 5
                        && told.made == NOW && told.n_about == about.len
                        && (about.len == 0
                            || memcmp(told.about, about.data, about.len)
                               == 0)));

    /* Neither later nor for another page, nor without what is said. */
    expect(!cmt__form_token_check(keys, page, value,
                                  NOW + CMT_FORM_SECONDS_MAX + 1, &told));
    expect(page.len == 0
           || !cmt__form_token_known(keys, cmt__str_sub(page, 1, page.len),
                                     value));
    expect(about.len == 0
           || !cmt__form_token_known(keys, page,
                                     cmt__str_sub(value, 0,
                                                  CMT_FORM_TOKEN_CHARS)));
}


static void
ticket(cmt_str_t page, uint8_t change)
{
    int            is_ours;
    char           token[CMT_FORM_TOKEN_CHARS + 1];
    cmt_str_t      value;
    cmt__hash_t    words;
    cmt__ticket_t  made, read;

    memset(&words, change, sizeof(words));
    made = (cmt__ticket_t) { change & 1, change >> 1 & 1, change % 64 };
    value = (cmt_str_t) { CMT_FORM_TOKEN_CHARS, token };

    cmt__ticket_new(keys, page, &words, &made, NOW, token);
    is_ours = !changed(token, change);

    expect(cmt__ticket_check(keys, page, &words, value, NOW, &read)
           == is_ours);
    expect(!is_ours || (read.nudged == made.nudged && read.bits == made.bits
                        && read.challenged == made.challenged));
    expect(!cmt__form_token_known(keys, page, value));

    words.bytes[0] ^= 1;
    expect(!cmt__ticket_check(keys, page, &words, value, NOW, &read));
    expect(!read.nudged && !read.challenged && read.bits == 0);
}


/* What is not ours is nothing, whatever it looks like. */

static void
strange(cmt_str_t value)
{
    cmt__hash_t       words;
    cmt__ticket_t     ticket;
    cmt__form_told_t  told;

    memset(&words, 0, sizeof(words));

    expect(!cmt__form_token_known(keys, cmt_str("/a"), value));
    expect(!cmt__form_token_check(keys, cmt_str("/a"), value, NOW, &told));
    expect(!cmt__ticket_check(keys, cmt_str("/a"), &words, value, NOW,
                              &ticket));
    expect(cmt__work_bits(value, value) <= 63);
    expect(value.len <= CMT_WORK_BYTES_MAX
           || cmt__work_bits(cmt_str("ticket"), value) == 0);
}


/* A secret has one spelling: another last character is another secret. */

static void
secret(cmt_str_t value)
{
    char         other[CMT_COOKIE_CHARS];
    cmt__hash_t  a, b;

    expect(cmt__cookie_hash(keys, value, &a)
           == !cmt__hash_is_zero(&a));
    expect(cmt__session_hash(keys, value, &b)
           == !cmt__hash_is_zero(&b));

    if (!cmt__cookie_hash(keys, value, &a)) {
        return;
    }

    expect(value.len == CMT_COOKIE_CHARS);
    memcpy(other, value.data, sizeof(other));
    other[CMT_COOKIE_CHARS - 1] ^= 1;

    if (cmt__cookie_hash(keys, (cmt_str_t) { sizeof(other), other }, &b)) {
        expect(!cmt__hash_eq(&a, &b));
    }
}


/* Blanks around it and capitals make no other one. */

static void
email(cmt_str_t typed)
{
    char         other[CMT_EMAIL_BYTES_MAX + 2];
    size_t       i;
    cmt_str_t    trimmed;
    cmt__hash_t  a, b;

    if (cmt__email_hash(keys, typed, &a) != CMT_OK) {
        return;
    }

    trimmed = cmt__str_trim(typed);
    expect(trimmed.len <= CMT_EMAIL_BYTES_MAX);
    expect(memchr(trimmed.data, '@', trimmed.len) != NULL);
    expect(memchr(trimmed.data, '\n', trimmed.len) == NULL);

    other[0] = ' ';
    other[trimmed.len + 1] = '\t';

    for (i = 0; i < trimmed.len; i++) {
        other[i + 1] = trimmed.data[i];

        if (other[i + 1] >= 'a' && other[i + 1] <= 'z') {
            other[i + 1] = (char) (other[i + 1] - 'a' + 'A');
        }
    }

    expect(cmt__email_hash(keys, (cmt_str_t) { trimmed.len + 2, other }, &b)
           == CMT_OK);
    expect(cmt__hash_eq(&a, &b));
}


/* An address lies in its own networks, and a ban of it alone is the last. */

static void
network(cmt_str_t typed)
{
    int          rc;
    cmt__hash_t  day, one, all[CMT__NETWORKS];

    cmt__address_hash(keys, typed, NOW, &day);
    rc = cmt__address_network(keys, typed, &one);

    if (cmt__address_networks(keys, typed, all) == 0) {
        expect(rc == CMT_OK || rc == CMT_EBAN);
        return;
    }

    expect(!cmt__hash_is_zero(&day));
    expect(rc == CMT_OK && cmt__hash_eq(&one, &all[CMT__NETWORKS - 1]));
}


/* An id, or the cursor that goes on behind it. */

static void
number(cmt_str_t typed)
{
    char      text[21];
    uint64_t  n, again;

    if (!cmt__str_u64(typed, &n)) {
        return;
    }

    expect(cmt__u64_format(n, text) <= typed.len);
    expect(cmt__str_u64((cmt_str_t) { strlen(text), text }, &again));
    expect(n == again);
}


static void
moderator(cmt_str_t line)
{
    cmt_str_t         text, next;
    cmt__moderator_t  m;

    for (text = line; cmt__line_next(&text, &next); /* void */ ) {

        if (cmt__moderator_line(next, &m) != 1) {
            continue;
        }

        expect(cmt__moderator_name_ok(m.name));
        expect(cmt__moderator_sites_ok(m.sites));
        expect(m.role == CMT_ROLE_MODERATOR || m.role == CMT_ROLE_OWNER);
        expect(m.hash.len == 0 || cmt__password_hash_valid(m.hash));

        (void) cmt__moderator_of_site(&m, cmt_str("test"));
    }
}
