/*
 * privacy/: the only folder that sees <sodium.h>.  Keys, and hashes of what
 * must not be stored: e-mail addresses, network addresses, author secrets.
 *
 *   master key (file)
 *     site key    = BLAKE2b-256(key = master, "ngx-comments site" NUL name)
 *       purpose n = crypto_kdf_derive_from_key(n, "cmtsite1", site key)
 *
 * so that no purpose's key tells another's, and two sites have nothing in
 * common.
 */

#ifndef CMT_PRIVACY_H
#define CMT_PRIVACY_H

#include "../base/base.h"


typedef enum {                   /* kdf subkey ids: stored, never renumber  */
    CMT__KEY_IDENTITY = 1,       /* e-mail addresses                        */
    CMT__KEY_COOKIE = 2,         /* author secrets                          */
    CMT__KEY_ADDRESS = 3,        /* network addresses, with the day         */
    CMT__KEY_TOKEN = 4,          /* idempotency tokens, texts, source ids   */
    CMT__KEY_AVATAR = 5,
    CMT__KEY_FORM = 6,           /* signatures of form tokens               */
    CMT__KEY_SESSION = 7,        /* of moderators; names at their sign-in   */
    CMT__KEY_BAN = 8,            /* network addresses that are banned       */
    CMT__KEYS
} cmt__purpose_t;

typedef struct { uint8_t bytes[CMT_HASH_BYTES]; } cmt__hash_t;

/* All zero: "none". */
int cmt__hash_is_zero(const cmt__hash_t *h);
int cmt__hash_eq(const cmt__hash_t *a, const cmt__hash_t *b); /* const time */

/* Keys of one site, in guarded memory that core dumps leave out; NULL: no
 * memory.  (keys.c) */
cmt_site_keys_t *cmt__site_keys_create(const cmt_key_t *key, cmt_str_t site);
void cmt__site_keys_free(cmt_site_keys_t *keys);

/* Keyed BLAKE2b-128 of the parts, each preceded by its length (8 bytes,
 * little-endian), so that parts cannot run into each other. */
void cmt__hash(const cmt_site_keys_t *keys, cmt__purpose_t purpose,
    const cmt_str_t *parts, size_t n_parts, cmt__hash_t *out);

/* Not keyed: names records inside the store (page paths). */
void cmt__hash_plain(cmt_str_t s, cmt__hash_t *out);
/* Not keyed, 32 bytes: the journal's chain, hash(previous, entry). */
#define CMT__CHAIN_BYTES  32
void cmt__chain(const uint8_t previous[CMT__CHAIN_BYTES], cmt_str_t entry,
    uint8_t out[CMT__CHAIN_BYTES]);

/*
 * Checks the syntax of an e-mail address: one "@", a local part of 1..64
 * bytes of the atom characters of RFC 5322 with single dots, or beyond
 * ASCII; a domain of two labels or more, each 1..63 letters, digits, inner
 * hyphens, or beyond ASCII; at most CMT_EMAIL_BYTES_MAX in all, valid UTF-8.
 * Then hashes its normal form: trimmed, ASCII letters lower-cased.
 * CMT_EEMAIL.  (email.c)
 */
int cmt__email_hash(const cmt_site_keys_t *keys, cmt_str_t email,
    cmt__hash_t *out) CMT_CHECK;

/*
 * Hash of the /24 (IPv4, also mapped into IPv6) or /48 (IPv6) under a key
 * that changes with the day; now: Unix seconds.  Zero hash when the text is
 * no address ("unix:").  (address.c)
 */
void cmt__address_hash(const cmt_site_keys_t *keys, cmt_str_t address,
    int64_t now, cmt__hash_t *out);

/*
 * Hashes of an address under the key of bans, which stays: each alone and the
 * networks that it lies in, the widest first; 0: it is no address.  network:
 * of "192.0.2.0/24" or a single address; CMT_EBAN.  (address_ban.c)
 */
#define CMT__NETWORKS  4
size_t cmt__address_networks(const cmt_site_keys_t *keys, cmt_str_t address,
    cmt__hash_t hashes[CMT__NETWORKS]);
int cmt__address_network(const cmt_site_keys_t *keys, cmt_str_t network,
    cmt__hash_t *hash) CMT_CHECK;

/* Author secrets: base64url of 32 bytes, the time and 26 random ones.  new
 * gives the hash, too.  (cookie.c) */
void cmt__cookie_new(const cmt_site_keys_t *keys,
    char out[CMT_COOKIE_CHARS + 1], cmt__hash_t *hash);
/* 1 and the hash when value has the form of a secret; else 0, zero hash. */
int cmt__cookie_hash(const cmt_site_keys_t *keys, cmt_str_t value,
    cmt__hash_t *out);

/*
 * The token of a form, signed for its page.  _about: with what the page says
 * of itself, CMT_PAGE_SEALED_BYTES_MAX at most, which may be empty; gives the
 * length, out has CMT_FORM_TOKEN_CHARS_MAX + 1 bytes.  check: 1 when it is
 * ours, for this page and at most CMT_FORM_SECONDS_MAX old; else 0.
 * (form_token.c)
 */
#define CMT__FORM_AHEAD_SECONDS  60      /* by which our clocks may differ   */

typedef struct {
    unsigned       flags;
    int64_t        made, seconds;        /* when, and its age, never below 0 */
    size_t         n_about;
    char           about[CMT_PAGE_SEALED_BYTES_MAX];
} cmt__form_told_t;

void cmt__form_token_new(const cmt_site_keys_t *keys, cmt_str_t page,
    unsigned flags, int64_t now, char out[CMT_FORM_TOKEN_CHARS + 1]);
size_t cmt__form_token_about(const cmt_site_keys_t *keys, cmt_str_t page,
    unsigned flags, cmt_str_t about, int64_t now, char *out);
int cmt__form_token_check(const cmt_site_keys_t *keys, cmt_str_t page,
    cmt_str_t value, int64_t now, cmt__form_told_t *told);
/* 1 when it is ours and for this page, however old. */
int cmt__form_token_known(const cmt_site_keys_t *keys, cmt_str_t page,
    cmt_str_t value);
/* Name of the field that only machines fill. */
#define CMT__HONEYPOT_CHARS  14
void cmt__form_honeypot(const cmt_site_keys_t *keys, cmt_str_t page,
    char out[CMT__HONEYPOT_CHARS + 1]);

/*
 * A ticket says what its author was asked about these words on this page, and
 * what work was proven for them.  words: a keyed hash of all that must not
 * change.  check: 1 when it is ours and at most CMT_FORM_SECONDS_MAX old; else
 * 0, and a ticket of zeros.  (ticket.c)
 */
typedef struct {
    unsigned       nudged:1, challenged:1;
    unsigned       bits;                 /* 0..63 */
} cmt__ticket_t;

void cmt__ticket_new(const cmt_site_keys_t *keys, cmt_str_t page,
    const cmt__hash_t *words, const cmt__ticket_t *ticket, int64_t now,
    char out[CMT_FORM_TOKEN_CHARS + 1]);
int cmt__ticket_check(const cmt_site_keys_t *keys, cmt_str_t page,
    const cmt__hash_t *words, cmt_str_t value, int64_t now,
    cmt__ticket_t *ticket);
/* How many zero bits the SHA-256 of "TICKET:WORK" begins with, 63 at most; 0
 * for work that is empty or longer than CMT_WORK_BYTES_MAX. */
unsigned cmt__work_bits(cmt_str_t ticket, cmt_str_t work);

/* Names an author's picture; of the e-mail's hash, or of the name without
 * one. */
void cmt__avatar_key(const cmt_site_keys_t *keys, const cmt__hash_t *identity,
    cmt_str_t name, char out[CMT_AVATAR_CHARS + 1]);

/*
 * Passwords, by Argon2id: 100 ms, 64 MiB.  check: *right is 1 when it is the
 * password of the hash; an empty hash takes as long and is never right.
 * CMT_ENOMEM.  (password.c)
 */
#define CMT__PASSWORD_HASH_CHARS  127
int cmt__password_hash(cmt_str_t password,
    char out[CMT__PASSWORD_HASH_CHARS + 1]) CMT_CHECK;
int cmt__password_check(cmt_str_t hash, cmt_str_t password, int *right)
    CMT_CHECK;
int cmt__password_hash_valid(cmt_str_t hash);

/* Secrets of sessions.  hash: as cmt__cookie_hash().  (session.c) */
void cmt__session_new(char out[CMT_SESSION_CHARS + 1]);
int cmt__session_hash(const cmt_site_keys_t *keys, cmt_str_t value,
    cmt__hash_t *out);

void cmt__wipe(void *data, size_t len);
void cmt__random(void *out, size_t len);
/* Lower-case hex of BLAKE2b-256, for names of files and rulesets; 64 chars
 * and NUL. */
void cmt__digest_hex(cmt_str_t s, char out[65]);


#endif /* CMT_PRIVACY_H */
