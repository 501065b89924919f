/*
 * list_cidr.c: lists of networks, "192.0.2.0/24" or "2001:db8::/32".
 *
 * The key of an entry is the network's address with its other bits cleared,
 * 16 bytes (IPv4 as ::ffff:a.b.c.d), and its length.  An address is looked up
 * once for each length that the list has.
 */

#include <arpa/inet.h>
#include <string.h>

#include "list.h"


#define ADDRESS_BYTES  16
#define V4_BITS        96                /* before an IPv4 address           */


static int parse(cmt_str_t s, uint8_t out[ADDRESS_BYTES], int *v4);
static void mask(uint8_t address[ADDRESS_BYTES], unsigned bits);


int
cmt__list_network(cmt_str_t s, char key[CMT__LIST_NETWORK_BYTES])
{
    int          v4;
    size_t       i;
    uint8_t      address[ADDRESS_BYTES];
    uint64_t     bits;

    for (i = 0; i < s.len && s.data[i] != '/'; i++) {
        /* void */
    }

    if (!parse(cmt__str_sub(s, 0, i), address, &v4)) {
        return 0;
    }

    bits = v4 ? 32 : 128;

    if (i < s.len
        && (!cmt__str_u64(cmt__str_sub(s, i + 1, s.len), &bits)
            || bits > (v4 ? 32 : 128)))
    {
        return 0;
    }

    bits += v4 ? V4_BITS : 0;
    mask(address, (unsigned) bits);
    memcpy(key, address, ADDRESS_BYTES);
    key[ADDRESS_BYTES] = (char) (unsigned char) bits;

    return 1;
}


const cmt__list_entry_t *
cmt__list_address(const cmt__list_t *list, cmt_str_t s)
{
    int                       v4;
    char                      key[CMT__LIST_NETWORK_BYTES];
    uint8_t                   address[ADDRESS_BYTES];
    unsigned                  bits;
    cmt_str_t                 k;
    const cmt__list_entry_t  *e;

    if (!parse(s, address, &v4)) {
        return NULL;
    }

    k.data = key;
    k.len = sizeof(key);

    for (bits = 128; bits <= 128; bits--) {         /* the smallest first */
        mask(address, bits);

        if (!list->lengths[bits]) {
            continue;
        }

        memcpy(key, address, ADDRESS_BYTES);
        key[ADDRESS_BYTES] = (char) (unsigned char) bits;

        e = cmt__list_key(list, cmt__list_hash(CMT__LIST_HASH, key,
                                               sizeof(key)), k);
        if (e != NULL) {
            return e;
        }
    }

    return NULL;
}


static int
parse(cmt_str_t s, uint8_t out[ADDRESS_BYTES], int *v4)
{
    char  text[INET6_ADDRSTRLEN];

    s = cmt__str_trim(s);

    if (s.len == 0 || s.len >= sizeof(text)) {
        return 0;
    }

    memcpy(text, s.data, s.len);
    text[s.len] = '\0';

    memset(out, 0, ADDRESS_BYTES);
    memset(out + 10, 0xff, 2);

    *v4 = inet_pton(AF_INET, text, out + 12) == 1;

    return *v4 || inet_pton(AF_INET6, text, out) == 1;
}


static void
mask(uint8_t address[ADDRESS_BYTES], unsigned bits)
{
    unsigned  i;

    for (i = 0; i < ADDRESS_BYTES; i++) {
        if (8 * i >= bits) {
            address[i] = 0;

        } else if (8 * (i + 1) > bits) {
            address[i] = (uint8_t) (address[i] & (0xff << (8 * (i + 1)
                                                           - bits)));
        }
    }
}
