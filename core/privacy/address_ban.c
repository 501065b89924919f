/*
 * address_ban.c: network addresses that are banned.
 *
 * The key of limits changes each day, so that nobody is followed by it; a ban
 * must last.  So it has a key of its own, under which a hash is kept of what
 * a moderator has typed, and nothing of anybody else.
 */

#include <arpa/inet.h>
#include <string.h>

#include "privacy.h"


#define IPV4_MAPPED_BYTES  12

/* By family: how many bits count. */
static const unsigned  bits_of[2][CMT__NETWORKS] = {
    { 8, 16, 24, 32 },
    { 32, 48, 64, 128 }
};


/* The bytes of an address, 4 or 16 of them; 0: it is none. */
static size_t
parse(cmt_str_t address, uint8_t bytes[16])
{
    char                  text[INET6_ADDRSTRLEN];
    static const uint8_t  mapped[IPV4_MAPPED_BYTES] = {
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff
    };

    if (address.len == 0 || address.len >= sizeof(text)
        || memchr(address.data, '\0', address.len) != NULL)
    {
        return 0;
    }

    memcpy(text, address.data, address.len);
    text[address.len] = '\0';

    if (inet_pton(AF_INET, text, bytes) == 1) {
        return 4;
    }

    if (inet_pton(AF_INET6, text, bytes) != 1) {
        return 0;
    }

    if (memcmp(bytes, mapped, IPV4_MAPPED_BYTES) == 0) {
        memmove(bytes, bytes + IPV4_MAPPED_BYTES, 4);
        return 4;
    }

    return 16;
}


static void
hash(const cmt_site_keys_t *keys, size_t family_bytes, unsigned bits,
    const uint8_t *bytes, cmt__hash_t *out)
{
    uint8_t    head[2];
    cmt_str_t  parts[2];

    head[0] = (uint8_t) family_bytes;
    head[1] = (uint8_t) bits;

    parts[0] = (cmt_str_t) { sizeof(head), (const char *) head };
    parts[1] = (cmt_str_t) { bits / 8, (const char *) bytes };

    cmt__hash(keys, CMT__KEY_BAN, parts, 2, out);
}


size_t
cmt__address_networks(const cmt_site_keys_t *keys, cmt_str_t address,
    cmt__hash_t hashes[CMT__NETWORKS])
{
    size_t   i, len;
    uint8_t  bytes[16];

    len = parse(address, bytes);
    if (len == 0) {
        return 0;
    }

    for (i = 0; i < CMT__NETWORKS; i++) {
        hash(keys, len, bits_of[len == 16][i], bytes, &hashes[i]);
    }

    cmt__wipe(bytes, sizeof(bytes));

    return CMT__NETWORKS;
}


int
cmt__address_network(const cmt_site_keys_t *keys, cmt_str_t network,
    cmt__hash_t *out)
{
    size_t       i, len;
    uint8_t      bytes[16];
    uint64_t     bits;
    cmt_str_t    address;
    const char  *slash;

    slash = network.len == 0 ? NULL
                             : memchr(network.data, '/', network.len);
    address = network;

    if (slash != NULL) {
        address.len = (size_t) (slash - network.data);
    }

    len = parse(address, bytes);
    if (len == 0) {
        return CMT_EBAN;
    }

    bits = 8 * len;

    if (slash != NULL
        && !cmt__str_u64(cmt__str_sub(network, address.len + 1, network.len),
                         &bits))
    {
        return CMT_EBAN;
    }

    for (i = 0; i < CMT__NETWORKS; i++) {
        if (bits_of[len == 16][i] == bits) {
            hash(keys, len, (unsigned) bits, bytes, out);
            return CMT_OK;
        }
    }

    return CMT_EBAN;
}
