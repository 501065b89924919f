/*
 * ticket.c: what an author whose comment was not taken yet brings back, to
 * show what was asked; and the work that a browser does for it.
 *
 * A ticket is a token of a form (form_token.c) for "ticket", the hash of the
 * words, and the page, in one piece: no page begins so.  Its flags:
 *
 *   7        6            5..0
 *   +--------+------------+-----------------------+
 *   | nudged | challenged | bits of work, proven  |
 *   +--------+------------+-----------------------+
 */

#include <string.h>

#include <sodium.h>

#include "privacy.h"


#define NUDGED      0x80
#define CHALLENGED  0x40
#define BITS_MAX    0x3f

#define NAME_BYTES     (sizeof("ticket") - 1)
#define SUBJECT_BYTES  (NAME_BYTES + CMT_HASH_BYTES + CMT_PAGE_BYTES_MAX)


static cmt_str_t
subject_of(char out[SUBJECT_BYTES], cmt_str_t page, const cmt__hash_t *words)
{
    memcpy(out, "ticket", NAME_BYTES);
    memcpy(out + NAME_BYTES, words->bytes, CMT_HASH_BYTES);

    page = cmt__str_sub(page, 0, CMT_PAGE_BYTES_MAX);
    memcpy(out + NAME_BYTES + CMT_HASH_BYTES, page.data, page.len);

    return (cmt_str_t) { NAME_BYTES + CMT_HASH_BYTES + page.len, out };
}


void
cmt__ticket_new(const cmt_site_keys_t *keys, cmt_str_t page,
    const cmt__hash_t *words, const cmt__ticket_t *ticket, int64_t now,
    char out[CMT_FORM_TOKEN_CHARS + 1])
{
    char      subject[SUBJECT_BYTES];
    unsigned  flags;

    flags = ticket->bits < BITS_MAX ? ticket->bits : BITS_MAX;
    flags |= ticket->nudged ? NUDGED : 0;
    flags |= ticket->challenged ? CHALLENGED : 0;

    cmt__form_token_new(keys, subject_of(subject, page, words), flags, now,
                        out);
}


int
cmt__ticket_check(const cmt_site_keys_t *keys, cmt_str_t page,
    const cmt__hash_t *words, cmt_str_t value, int64_t now,
    cmt__ticket_t *ticket)
{
    char              subject[SUBJECT_BYTES];
    cmt__form_told_t  told;

    memset(ticket, 0, sizeof(*ticket));

    if (!cmt__form_token_check(keys, subject_of(subject, page, words), value,
                               now, &told))
    {
        return 0;
    }

    ticket->nudged = (told.flags & NUDGED) != 0;
    ticket->challenged = (told.flags & CHALLENGED) != 0;
    ticket->bits = told.flags & BITS_MAX;

    return 1;
}


unsigned
cmt__work_bits(cmt_str_t ticket, cmt_str_t work)
{
    unsigned                  bits;
    uint8_t                   hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_state  state;

    if (work.len == 0 || work.len > CMT_WORK_BYTES_MAX) {
        return 0;
    }

    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, (const uint8_t *) ticket.data,
                              ticket.len);
    crypto_hash_sha256_update(&state, (const uint8_t *) ":", 1);
    crypto_hash_sha256_update(&state, (const uint8_t *) work.data, work.len);
    crypto_hash_sha256_final(&state, hash);

    for (bits = 0; bits < BITS_MAX; bits++) {
        if (hash[bits / 8] & (0x80 >> bits % 8)) {
            break;
        }
    }

    return bits;
}
