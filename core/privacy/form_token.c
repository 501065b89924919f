/*
 * form_token.c: what a form carries to say when it was made, for which page.
 *
 *   0      1           6             16                32
 *   +------+-----------+-------------+-----------------+
 *   | flags| time, big | random      | keyed hash of   |  as base64url
 *   |      | endian    |             | page and these  |
 *   +------+-----------+-------------+-----------------+
 */

#include <string.h>

#include <sodium.h>

#include "privacy.h"


#define TIME_BYTES    5
#define SIGNED_BYTES  16
#define TOKEN_BYTES   (SIGNED_BYTES + CMT_HASH_BYTES)
#define VARIANT       sodium_base64_VARIANT_URLSAFE_NO_PADDING

_Static_assert(sodium_base64_ENCODED_LEN(TOKEN_BYTES, VARIANT)
               == CMT_FORM_TOKEN_CHARS + 1, "length of a form's token");


static void
sign(const cmt_site_keys_t *keys, cmt_str_t page, const uint8_t *token,
    cmt__hash_t *out)
{
    cmt_str_t  parts[3];

    parts[0] = cmt_str("form");
    parts[1] = page;
    parts[2] = (cmt_str_t) { SIGNED_BYTES, (const char *) token };

    cmt__hash(keys, CMT__KEY_FORM, parts, 3, out);
}


void
cmt__form_token_new(const cmt_site_keys_t *keys, cmt_str_t page,
    unsigned flags, int64_t now, char out[CMT_FORM_TOKEN_CHARS + 1])
{
    size_t       i;
    uint8_t      token[TOKEN_BYTES];
    cmt__hash_t  signature;

    token[0] = (uint8_t) flags;

    for (i = 0; i < TIME_BYTES; i++) {
        token[1 + i] = (uint8_t) ((uint64_t) now >> (8 * (TIME_BYTES - 1 - i)));
    }

    cmt__random(token + 1 + TIME_BYTES, SIGNED_BYTES - 1 - TIME_BYTES);
    sign(keys, page, token, &signature);
    memcpy(token + SIGNED_BYTES, signature.bytes, CMT_HASH_BYTES);

    sodium_bin2base64(out, CMT_FORM_TOKEN_CHARS + 1, token, sizeof(token),
                      VARIANT);
}


/* 1 when the signature is ours. */
static int
open_token(const cmt_site_keys_t *keys, cmt_str_t page, cmt_str_t value,
    uint8_t token[TOKEN_BYTES])
{
    size_t       len;
    cmt__hash_t  signature, expected;

    if (value.len != CMT_FORM_TOKEN_CHARS
        || sodium_base642bin(token, TOKEN_BYTES, value.data, value.len, NULL,
                             &len, NULL, VARIANT) != 0
        || len != TOKEN_BYTES)
    {
        return 0;
    }

    sign(keys, page, token, &expected);
    memcpy(signature.bytes, token + SIGNED_BYTES, CMT_HASH_BYTES);

    return cmt__hash_eq(&signature, &expected);
}


int
cmt__form_token_known(const cmt_site_keys_t *keys, cmt_str_t page,
    cmt_str_t value)
{
    uint8_t  token[TOKEN_BYTES];

    return open_token(keys, page, value, token);
}


int
cmt__form_token_check(const cmt_site_keys_t *keys, cmt_str_t page,
    cmt_str_t value, int64_t now, unsigned *flags, int64_t *seconds)
{
    size_t    i;
    int64_t   age;
    uint64_t  time;
    uint8_t   token[TOKEN_BYTES];

    if (!open_token(keys, page, value, token)) {
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

    *flags = token[0];
    *seconds = age < 0 ? 0 : age;

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
