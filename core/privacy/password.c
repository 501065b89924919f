/*
 * password.c: passwords of moderators, by Argon2id, as text:
 *
 *   $argon2id$v=19$m=65536,t=2,p=1$salt$hash
 *
 * Some 80 ms and 64 MiB for each: never on an event loop.
 */

#include <errno.h>
#include <string.h>

#include <sodium.h>

#include "privacy.h"


_Static_assert(CMT__PASSWORD_HASH_CHARS + 1 == crypto_pwhash_STRBYTES,
               "length of a password's hash");


/* Of a password that nobody knows, for work alone. */
static const char  nobody[] =
    "$argon2id$v=19$m=65536,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg"
    "$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";


int
cmt__password_hash(cmt_str_t password,
    char out[CMT__PASSWORD_HASH_CHARS + 1])
{
    if (sodium_init() < 0
        || crypto_pwhash_str(out, password.data, password.len,
                             crypto_pwhash_OPSLIMIT_INTERACTIVE,
                             crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0)
    {
        return CMT_ENOMEM;
    }

    return CMT_OK;
}


int
cmt__password_hash_valid(cmt_str_t hash)
{
    char  text[CMT__PASSWORD_HASH_CHARS + 1];

    if (hash.len > CMT__PASSWORD_HASH_CHARS
        || memchr(hash.data, '\0', hash.len) != NULL)
    {
        return 0;
    }

    memset(text, 0, sizeof(text));
    memcpy(text, hash.data, hash.len);

    return sodium_init() >= 0 && cmt__str_starts(hash, "$argon2id$")
           && crypto_pwhash_str_needs_rehash(
                  text, crypto_pwhash_OPSLIMIT_INTERACTIVE,
                  crypto_pwhash_MEMLIMIT_INTERACTIVE) != -1;
}


int
cmt__password_check(cmt_str_t hash, cmt_str_t password, int *right)
{
    int   known, rc;
    char  text[CMT__PASSWORD_HASH_CHARS + 1];

    known = hash.len > 0 && hash.len <= CMT__PASSWORD_HASH_CHARS;
    memset(text, 0, sizeof(text));

    if (known) {
        memcpy(text, hash.data, hash.len);
    } else {
        memcpy(text, nobody, sizeof(nobody));
    }

    if (sodium_init() < 0) {
        return CMT_EINTERNAL;
    }

    errno = 0;
    rc = crypto_pwhash_str_verify(text, password.data, password.len);

    if (rc != 0 && errno == ENOMEM) {
        return CMT_ENOMEM;
    }

    *right = known && rc == 0;

    return CMT_OK;
}
