/*
 * hash.c: BLAKE2b, keyed and not, and the small things of libsodium that
 * other folders need.
 */

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "keys.h"


#define DIGEST_BYTES  32

_Static_assert(CMT_HASH_BYTES >= crypto_generichash_BYTES_MIN,
               "length of a hash");


static void start(void);


int
cmt__hash_is_zero(const cmt__hash_t *h)
{
    static const cmt__hash_t  zero;

    return memcmp(h->bytes, zero.bytes, CMT_HASH_BYTES) == 0;
}


int
cmt__hash_eq(const cmt__hash_t *a, const cmt__hash_t *b)
{
    return sodium_memcmp(a->bytes, b->bytes, CMT_HASH_BYTES) == 0;
}


void
cmt__hash(const cmt_site_keys_t *keys, cmt__purpose_t purpose,
    const cmt_str_t *parts, size_t n_parts, cmt__hash_t *out)
{
    size_t                    i, b;
    uint8_t                   len[8];
    crypto_generichash_state  state;

    crypto_generichash_init(&state, keys->purpose[purpose], CMT_KEY_BYTES,
                            CMT_HASH_BYTES);

    for (i = 0; i < n_parts; i++) {

        for (b = 0; b < 8; b++) {
            len[b] = (uint8_t) ((uint64_t) parts[i].len >> (8 * b));
        }

        crypto_generichash_update(&state, len, sizeof(len));
        crypto_generichash_update(&state, (const uint8_t *) parts[i].data,
                                  parts[i].len);
    }

    crypto_generichash_final(&state, out->bytes, CMT_HASH_BYTES);
    sodium_memzero(&state, sizeof(state));
}


void
cmt__hash_plain(cmt_str_t s, cmt__hash_t *out)
{
    start();
    crypto_generichash(out->bytes, CMT_HASH_BYTES, (const uint8_t *) s.data,
                       s.len, NULL, 0);
}


void
cmt__chain(const uint8_t previous[CMT__CHAIN_BYTES], cmt_str_t entry,
    uint8_t out[CMT__CHAIN_BYTES])
{
    crypto_generichash_state  state;

    start();
    crypto_generichash_init(&state, NULL, 0, CMT__CHAIN_BYTES);
    crypto_generichash_update(&state, previous, CMT__CHAIN_BYTES);
    crypto_generichash_update(&state, (const uint8_t *) entry.data, entry.len);
    crypto_generichash_final(&state, out, CMT__CHAIN_BYTES);
}


void
cmt__wipe(void *data, size_t len)
{
    if (len != 0) {
        sodium_memzero(data, len);
    }
}


void
cmt__random(void *out, size_t len)
{
    start();
    randombytes_buf(out, len);
}


void
cmt__digest_hex(cmt_str_t s, char out[65])
{
    uint8_t  digest[DIGEST_BYTES];

    start();
    crypto_generichash(digest, DIGEST_BYTES, (const uint8_t *) s.data, s.len,
                       NULL, 0);
    cmt__hex(digest, DIGEST_BYTES, out);
}


/* Fails only where the system gives no random bytes; libsodium itself aborts
 * then.  Again and again it costs nothing. */

static void
start(void)
{
    if (sodium_init() < 0) {
        abort();
    }
}
