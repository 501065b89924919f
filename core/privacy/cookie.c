/*
 * cookie.c: author secrets, base64url of
 *
 *   0 milliseconds:6, big-endian   6 random:26
 *
 * and their hashes: the same six bytes, then ten of the keyed hash.  The time
 * is there for the store, where records of authors are sorted by the hash:
 * those of new authors, who are most of those that post, come to lie together
 * at the end instead of each on a page of its own.  80 bits of hash are more
 * than anybody can try over a network.
 */

#include <string.h>
#include <time.h>

#include <sodium.h>

#include "privacy.h"


#define SECRET_BYTES  32
#define TIME_BYTES    6
#define VARIANT       sodium_base64_VARIANT_URLSAFE_NO_PADDING

_Static_assert(sodium_base64_ENCODED_LEN(SECRET_BYTES, VARIANT)
               == CMT_COOKIE_CHARS + 1, "length of a cookie");


static void hash(const cmt_site_keys_t *keys,
    const uint8_t secret[SECRET_BYTES], cmt__hash_t *out);


void
cmt__cookie_new(const cmt_site_keys_t *keys, char out[CMT_COOKIE_CHARS + 1],
    cmt__hash_t *hashed)
{
    int              i;
    uint8_t          secret[SECRET_BYTES];
    uint64_t         ms;
    struct timespec  t;

    (void) clock_gettime(CLOCK_REALTIME, &t);
    ms = (uint64_t) t.tv_sec * 1000 + (uint64_t) t.tv_nsec / 1000000;

    cmt__random(secret + TIME_BYTES, SECRET_BYTES - TIME_BYTES);

    for (i = TIME_BYTES - 1; i >= 0; i--) {
        secret[i] = (uint8_t) (ms & 0xff);
        ms >>= 8;
    }

    sodium_bin2base64(out, CMT_COOKIE_CHARS + 1, secret, sizeof(secret),
                      VARIANT);
    hash(keys, secret, hashed);
    sodium_memzero(secret, sizeof(secret));
}


/* The bytes are hashed and not the text; base642bin refuses every spelling
 * but the one that bin2base64 makes. */

int
cmt__cookie_hash(const cmt_site_keys_t *keys, cmt_str_t value,
    cmt__hash_t *out)
{
    int      ok;
    size_t   len;
    uint8_t  secret[SECRET_BYTES];

    memset(out, 0, sizeof(cmt__hash_t));

    if (value.len != CMT_COOKIE_CHARS) {
        return 0;
    }

    ok = sodium_base642bin(secret, sizeof(secret), value.data, value.len,
                           NULL, &len, NULL, VARIANT) == 0
         && len == SECRET_BYTES;

    if (ok) {
        hash(keys, secret, out);
    }

    sodium_memzero(secret, sizeof(secret));

    return ok;
}


static void
hash(const cmt_site_keys_t *keys, const uint8_t secret[SECRET_BYTES],
    cmt__hash_t *out)
{
    cmt_str_t  part;

    part = (cmt_str_t) { SECRET_BYTES, (const char *) secret };
    cmt__hash(keys, CMT__KEY_COOKIE, &part, 1, out);

    memmove(out->bytes + TIME_BYTES, out->bytes, CMT_HASH_BYTES - TIME_BYTES);
    memcpy(out->bytes, secret, TIME_BYTES);
}
