/*
 * address.c: network addresses, for limits only.
 *
 *   192.0.2.77        -> "4" C0 00 02                 and the day
 *   ::ffff:192.0.2.77 -> "4" C0 00 02                 and the day
 *   2001:db8:7:9::1   -> "6" 20 01 0D B8 00 07        and the day
 *
 * A /24 or /48 is what one household or office tends to have, and shares
 * its hash with others, so that it points at no single person.
 */

#include <arpa/inet.h>
#include <string.h>

#include "privacy.h"


#define IPV4_PREFIX_BYTES  3
#define IPV6_PREFIX_BYTES  6
#define IPV4_MAPPED_BYTES  12


static cmt_str_t prefix_of(cmt_str_t address, uint8_t bytes[16],
    cmt_str_t *family);


void
cmt__address_hash(const cmt_site_keys_t *keys, cmt_str_t address, int64_t now,
    cmt__hash_t *out)
{
    size_t     i;
    uint8_t    bytes[16];
    uint8_t    day_bytes[8];
    int64_t    day;
    cmt_str_t  parts[3];

    memset(out, 0, sizeof(cmt__hash_t));

    parts[2] = prefix_of(address, bytes, &parts[1]);
    if (parts[2].len == 0) {
        return;
    }

    day = now / CMT__SECONDS_A_DAY;

    for (i = 0; i < sizeof(day_bytes); i++) {
        day_bytes[i] = (uint8_t) ((uint64_t) day >> (8 * i));
    }

    parts[0].data = (const char *) day_bytes;
    parts[0].len = sizeof(day_bytes);

    cmt__hash(keys, CMT__KEY_ADDRESS, parts, 3, out);
    cmt__wipe(bytes, sizeof(bytes));
}


/* Empty when the text is no address. */

static cmt_str_t
prefix_of(cmt_str_t address, uint8_t bytes[16], cmt_str_t *family)
{
    char                  text[INET6_ADDRSTRLEN];
    const char           *data;
    static const uint8_t  mapped[IPV4_MAPPED_BYTES] = {
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff
    };

    data = (const char *) bytes;

    if (address.len == 0 || address.len >= sizeof(text)
        || memchr(address.data, '\0', address.len) != NULL)
    {
        return cmt_null_str;
    }

    memcpy(text, address.data, address.len);
    text[address.len] = '\0';

    *family = cmt_str("4");

    if (inet_pton(AF_INET, text, bytes) == 1) {
        return (cmt_str_t) { IPV4_PREFIX_BYTES, data };
    }

    if (inet_pton(AF_INET6, text, bytes) != 1) {
        return cmt_null_str;
    }

    if (memcmp(bytes, mapped, IPV4_MAPPED_BYTES) == 0) {
        return (cmt_str_t) { IPV4_PREFIX_BYTES, data + IPV4_MAPPED_BYTES };
    }

    *family = cmt_str("6");

    return (cmt_str_t) { IPV6_PREFIX_BYTES, data };
}
