/*
 * cookie.c: author secrets, 32 random bytes as base64url.
 */

#include <string.h>

#include <sodium.h>

#include "privacy.h"


#define SECRET_BYTES  32
#define VARIANT       sodium_base64_VARIANT_URLSAFE_NO_PADDING

_Static_assert(sodium_base64_ENCODED_LEN(SECRET_BYTES, VARIANT)
               == CMT_COOKIE_CHARS + 1, "length of a cookie");


void
cmt__cookie_new(char out[CMT_COOKIE_CHARS + 1])
{
    uint8_t  secret[SECRET_BYTES];

    cmt__random(secret, sizeof(secret));
    sodium_bin2base64(out, CMT_COOKIE_CHARS + 1, secret, sizeof(secret),
                      VARIANT);
    sodium_memzero(secret, sizeof(secret));
}


/* The bytes are hashed and not the text; base642bin refuses every spelling
 * but the one that bin2base64 makes. */

int
cmt__cookie_hash(const cmt_site_keys_t *keys, cmt_str_t value,
    cmt__hash_t *out)
{
    int        ok;
    size_t     len;
    uint8_t    secret[SECRET_BYTES];
    cmt_str_t  part;

    memset(out, 0, sizeof(cmt__hash_t));

    if (value.len != CMT_COOKIE_CHARS) {
        return 0;
    }

    ok = sodium_base642bin(secret, sizeof(secret), value.data, value.len,
                           NULL, &len, NULL, VARIANT) == 0
         && len == SECRET_BYTES;

    if (ok) {
        part = (cmt_str_t) { SECRET_BYTES, (const char *) secret };
        cmt__hash(keys, CMT__KEY_COOKIE, &part, 1, out);
    }

    sodium_memzero(secret, sizeof(secret));

    return ok;
}
