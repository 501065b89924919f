/*
 * form_token.c: what a form carries to say when it was made, for which page.
 *
 *   0      1           6             16                32
 *   +------+-----------+-------------+-----------------+
 *   | flags| time, big | random      | keyed hash of   |  as base64url
 *   |      | endian    |             | page and these  |
 *   +------+-----------+-------------+-----------------+
 *
 * When the page says something of itself, that follows, as base64url behind a
 * point, and is in the hash.
 */

#include <assert.h>
#include <string.h>

#include <sodium.h>

#include "privacy.h"


#define TIME_BYTES    5
#define SIGNED_BYTES  16
#define TOKEN_BYTES   (SIGNED_BYTES + CMT_HASH_BYTES)
#define ABOUT         '.'
#define VARIANT       sodium_base64_VARIANT_URLSAFE_NO_PADDING

_Static_assert(sodium_base64_ENCODED_LEN(TOKEN_BYTES, VARIANT)
               == CMT_FORM_TOKEN_CHARS + 1, "length of a form's token");


_Static_assert(CMT_FORM_TOKEN_CHARS + 1
               + sodium_base64_ENCODED_LEN(CMT_PAGE_SEALED_BYTES_MAX, VARIANT)
               - 1 == CMT_FORM_TOKEN_CHARS_MAX, "length of the longest one");
_Static_assert(CMT_FORM_TOKEN_CHARS_MAX <= CMT_TOKEN_BYTES_MAX,
               "a form's token is taken");


static void
sign(const cmt_site_keys_t *keys, cmt_str_t page, const uint8_t *token,
    cmt_str_t about, cmt__hash_t *out)
{
    cmt_str_t  parts[4];

    parts[0] = cmt_str("form");
    parts[1] = page;
    parts[2] = (cmt_str_t) { SIGNED_BYTES, (const char *) token };
    parts[3] = about;

    cmt__hash(keys, CMT__KEY_FORM, parts, about.len > 0 ? 4 : 3, out);
}


void
cmt__form_token_new(const cmt_site_keys_t *keys, cmt_str_t page,
    unsigned flags, int64_t now, char out[CMT_FORM_TOKEN_CHARS + 1])
{
    (void) cmt__form_token_about(keys, page, flags, cmt_null_str, now, out);
}


size_t
cmt__form_token_about(const cmt_site_keys_t *keys, cmt_str_t page,
    unsigned flags, cmt_str_t about, int64_t now, char *out)
{
    size_t       i;
    uint8_t      token[TOKEN_BYTES];
    cmt__hash_t  signature;

    assert(about.len <= CMT_PAGE_SEALED_BYTES_MAX);

    token[0] = (uint8_t) flags;

    for (i = 0; i < TIME_BYTES; i++) {
        token[1 + i] = (uint8_t) ((uint64_t) now >> (8 * (TIME_BYTES - 1 - i)));
    }

    cmt__random(token + 1 + TIME_BYTES, SIGNED_BYTES - 1 - TIME_BYTES);
    sign(keys, page, token, about, &signature);
    memcpy(token + SIGNED_BYTES, signature.bytes, CMT_HASH_BYTES);

    sodium_bin2base64(out, CMT_FORM_TOKEN_CHARS + 1, token, sizeof(token),
                      VARIANT);

    if (about.len == 0) {
        return CMT_FORM_TOKEN_CHARS;
    }

    out[CMT_FORM_TOKEN_CHARS] = ABOUT;
    out += CMT_FORM_TOKEN_CHARS + 1;
    sodium_bin2base64(out, sodium_base64_encoded_len(about.len, VARIANT),
                      (const unsigned char *) about.data, about.len, VARIANT);

    return CMT_FORM_TOKEN_CHARS + 1 + strlen(out);
}


/* 1 when the signature is ours. */
static int
open_token(const cmt_site_keys_t *keys, cmt_str_t page, cmt_str_t value,
    uint8_t token[TOKEN_BYTES], cmt__form_told_t *told)
{
    size_t       len;
    cmt_str_t    about;
    cmt__hash_t  signature, expected;

    about = cmt__str_sub(value, CMT_FORM_TOKEN_CHARS, value.len);
    told->n_about = 0;

    if (value.len < CMT_FORM_TOKEN_CHARS
        || sodium_base642bin(token, TOKEN_BYTES, value.data,
                             CMT_FORM_TOKEN_CHARS, NULL, &len, NULL, VARIANT)
           != 0
        || len != TOKEN_BYTES)
    {
        return 0;
    }

    if (about.len > 0
        && (about.data[0] != ABOUT
            || sodium_base642bin((unsigned char *) told->about,
                                 sizeof(told->about), about.data + 1,
                                 about.len - 1, NULL, &told->n_about, NULL,
                                 VARIANT) != 0
            || told->n_about == 0))
    {
        return 0;
    }

    about = (cmt_str_t) { told->n_about, told->about };
    sign(keys, page, token, about, &expected);
    memcpy(signature.bytes, token + SIGNED_BYTES, CMT_HASH_BYTES);

    return cmt__hash_eq(&signature, &expected);
}


int
cmt__form_token_known(const cmt_site_keys_t *keys, cmt_str_t page,
    cmt_str_t value)
{
    uint8_t           token[TOKEN_BYTES];
    cmt__form_told_t  told;

    return open_token(keys, page, value, token, &told);
}


int
cmt__form_token_check(const cmt_site_keys_t *keys, cmt_str_t page,
    cmt_str_t value, int64_t now, cmt__form_told_t *told)
{
    size_t    i;
    int64_t   age;
    uint64_t  time;
    uint8_t   token[TOKEN_BYTES];

    if (!open_token(keys, page, value, token, told)) {
        return 0;
    }

    time = 0;

    for (i = 0; i < TIME_BYTES; i++) {
        time = time << 8 | token[1 + i];
    }

    age = now - (int64_t) time;

    if (age < -CMT__FORM_AHEAD_SECONDS || age > CMT_FORM_SECONDS_MAX) {
        return 0;
    }

    told->flags = token[0];
    told->made = (int64_t) time;
    told->seconds = age < 0 ? 0 : age;

    return 1;
}


void
cmt__form_honeypot(const cmt_site_keys_t *keys, cmt_str_t page,
    char out[CMT__HONEYPOT_CHARS + 1])
{
    cmt_str_t    parts[2];
    cmt__hash_t  hash;

    parts[0] = cmt_str("honeypot");
    parts[1] = page;
    cmt__hash(keys, CMT__KEY_FORM, parts, 2, &hash);

    memcpy(out, "phone_", 6);
    cmt__hex(hash.bytes, (CMT__HONEYPOT_CHARS - 6) / 2, out + 6);
}


void
cmt__avatar_key(const cmt_site_keys_t *keys, const cmt__hash_t *identity,
    cmt_str_t name, char out[CMT_AVATAR_CHARS + 1])
{
    int          known;
    cmt_str_t    parts[2];
    cmt__hash_t  hash;

    known = !cmt__hash_is_zero(identity);

    parts[0] = known ? cmt_str("identity") : cmt_str("name");
    parts[1] = known ? (cmt_str_t) { CMT_HASH_BYTES,
                                     (const char *) identity->bytes } : name;

    cmt__hash(keys, CMT__KEY_AVATAR, parts, 2, &hash);
    cmt__hex(hash.bytes, CMT_AVATAR_CHARS / 2, out);
}
