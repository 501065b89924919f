/*
 * session.c: secrets of sessions, base64url of 32 random bytes, their hashes,
 * and the tokens that are derived from them.
 */

#include <string.h>

#include <sodium.h>

#include "privacy.h"


#define SECRET_BYTES  32
#define VARIANT       sodium_base64_VARIANT_URLSAFE_NO_PADDING

_Static_assert(sodium_base64_ENCODED_LEN(SECRET_BYTES, VARIANT)
               == CMT_SESSION_CHARS + 1, "length of a session's secret");
_Static_assert(sodium_base64_ENCODED_LEN(CMT_HASH_BYTES, VARIANT)
               == CMT_CSRF_CHARS + 1, "length of a token");


void
cmt__session_new(char out[CMT_SESSION_CHARS + 1])
{
    uint8_t  secret[SECRET_BYTES];

    cmt__random(secret, sizeof(secret));
    sodium_bin2base64(out, CMT_SESSION_CHARS + 1, secret, sizeof(secret),
                      VARIANT);
    sodium_memzero(secret, sizeof(secret));
}


int
cmt__session_hash(const cmt_site_keys_t *keys, cmt_str_t value,
    cmt__hash_t *out)
{
    size_t     len;
    uint8_t    secret[SECRET_BYTES];
    cmt_str_t  parts[2];

    memset(out, 0, sizeof(*out));

    if (value.len != CMT_SESSION_CHARS
        || sodium_base642bin(secret, sizeof(secret), value.data, value.len,
                             NULL, &len, NULL, VARIANT) != 0
        || len != sizeof(secret))
    {
        return 0;
    }

    parts[0] = cmt_str("secret");
    parts[1] = (cmt_str_t) { sizeof(secret), (const char *) secret };
    cmt__hash(keys, CMT__KEY_SESSION, parts, 2, out);
    sodium_memzero(secret, sizeof(secret));

    return 1;
}


void
cmt_csrf_token(const cmt_site_t *site, cmt_str_t secret_or_name,
    char out[CMT_CSRF_CHARS + 1])
{
    cmt_str_t    parts[2];
    cmt__hash_t  hash;

    parts[0] = cmt_str("csrf");
    parts[1] = secret_or_name;
    cmt__hash(site->keys, CMT__KEY_SESSION, parts, 2, &hash);

    sodium_bin2base64(out, CMT_CSRF_CHARS + 1, hash.bytes, CMT_HASH_BYTES,
                      VARIANT);
}


int
cmt_csrf_check(const cmt_site_t *site, cmt_str_t secret_or_name,
    cmt_str_t token)
{
    char  right[CMT_CSRF_CHARS + 1];

    cmt_csrf_token(site, secret_or_name, right);

    return secret_or_name.len > 0 && token.len == CMT_CSRF_CHARS
           && sodium_memcmp(token.data, right, CMT_CSRF_CHARS) == 0;
}
