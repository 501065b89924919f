/*
 * keys.c: bytes of keys, and numbers in bytes.
 */

#include <string.h>

#include "schema.h"


#define TAG_PLACE        1       /* behind the number of a thread */
#define TAG_THREAD       2
#define TAG_RECENT       3
#define TAG_TOP          4
#define KIND_TOKEN       't'     /* of a day */


size_t
cmt__key_page(uint8_t *key, uint32_t site, cmt_str_t page)
{
    cmt__hash_t  hash;

    cmt__hash_plain(page, &hash);
    cmt__be_put(key, site, 4);
    memcpy(key + 4, hash.bytes, CMT_HASH_BYTES);

    return 4 + CMT_HASH_BYTES;
}


size_t
cmt__key_status(uint8_t *key, uint32_t site, cmt_status_t status, uint64_t id)
{
    cmt__be_put(key, site, 4);
    key[4] = (uint8_t) status;
    cmt__be_put(key + 5, id, 8);

    return 13;
}


size_t
cmt__key_author(uint8_t *key, uint32_t site, cmt__author_kind_t kind,
    const cmt__hash_t *hash)
{
    cmt__be_put(key, site, 4);
    key[4] = (uint8_t) kind;
    memcpy(key + 5, hash->bytes, CMT_HASH_BYTES);

    return CMT__AUTHOR_KEY_BYTES;
}


size_t
cmt__key_authored(uint8_t *key, uint32_t site, cmt__author_kind_t kind,
    const cmt__hash_t *hash, uint64_t id)
{
    size_t  len;

    len = cmt__key_author(key, site, kind, hash);
    cmt__be_put(key + len, id, 8);

    return len + 8;
}


size_t
cmt__key_vote(uint8_t *key, const cmt__comment_t *comment,
    const cmt__hash_t *cookie)
{
    size_t  len;

    len = cmt__key_authored(key, comment->site, CMT__VOTES_OF, cookie,
                            comment->thread);
    cmt__be_put(key + len, comment->id, 8);

    return len + 8;
}


size_t
cmt__key_thread(uint8_t *key, uint64_t thread)
{
    cmt__be_put(key, thread, 8);
    key[8] = TAG_THREAD;

    return CMT__THREAD_KEY_BYTES;
}


size_t
cmt__key_recent(uint8_t *key, uint64_t thread)
{
    cmt__be_put(key, thread, 8);
    key[8] = TAG_RECENT;

    return CMT__RECENT_KEY_BYTES;
}


size_t
cmt__key_print(uint8_t *key, uint64_t thread, const uint8_t *print)
{
    cmt__be_put(key, thread, 8);
    memcpy(key + 8, print, CMT__PRINT_BYTES);

    return CMT__PRINT_KEY_BYTES;
}


size_t
cmt__key_source(uint8_t *key, uint32_t site, const cmt__hash_t *source)
{
    cmt__be_put(key, site, 4);
    memcpy(key + 4, source->bytes, CMT_HASH_BYTES);

    return 4 + CMT_HASH_BYTES;
}


size_t
cmt__key_daily(uint8_t *key, int64_t day, unsigned kind, uint32_t site,
    const cmt__hash_t *hash)
{
    cmt__be_put(key, day < 0 ? 0 : (uint64_t) day, 4);
    key[4] = (uint8_t) kind;
    cmt__be_put(key + 5, site, 4);
    memcpy(key + 9, hash->bytes, CMT_HASH_BYTES);

    return 9 + CMT_HASH_BYTES;
}


/* By thread, so that the tokens which a thread puts away together are
 * neighbours. */
size_t
cmt__key_token(uint8_t *key, int64_t day, uint64_t thread,
    const uint8_t *token)
{
    cmt__be_put(key, day < 0 ? 0 : (uint64_t) day, 4);
    key[4] = KIND_TOKEN;
    cmt__be_put(key + 5, thread, 8);
    memcpy(key + 13, token, CMT__PRINT_BYTES);

    return CMT__TOKEN_KEY_BYTES;
}


size_t
cmt__key_place(uint8_t *key, uint64_t thread, const uint8_t *place,
    unsigned levels)
{
    cmt__be_put(key, thread, 8);
    key[8] = TAG_PLACE;
    memcpy(key + CMT__PLACE_KEY, place, levels * CMT__PLACE_BYTES);

    return CMT__PLACE_KEY + levels * CMT__PLACE_BYTES;
}


size_t
cmt__key_tops(uint8_t *key, uint64_t thread)
{
    cmt__be_put(key, thread, 8);
    key[8] = TAG_TOP;

    return CMT__TOP_KEY;
}


void
cmt__key_after(uint8_t *key, size_t len)
{
    while (len > 0 && ++key[len - 1] == 0) {
        len--;
    }
}


/* Seconds before 1970 stand as 0: the id still orders them. */
void
cmt__place_level(uint8_t *level, int64_t created, uint64_t id)
{
    cmt__be_put(level, created < 0 ? 0 : (uint64_t) created, 5);
    cmt__be_put(level + 5, id, 7);
}


uint64_t
cmt__place_id(const uint8_t *level)
{
    return cmt__be_get(level + 5, 7);
}
