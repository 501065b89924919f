/*
 * jsonl_names.c: which names the lines of a file have given themselves.
 *
 * An answer may name its parent by the parent's id or by its uid, and may
 * stand before it.  The table answers both, and finds two lines that claim
 * one name, of which the second would be lost.
 *
 * Open addressing over BLAKE2b hashes, at most three quarters full.  A table
 * that is full moves into a new arena, so that the old one is given back.  25
 * million names fit, two of a line that has an id and a uid.
 */

#include <string.h>

#include "exchange.h"


_Static_assert(CMT__SOURCE_BYTES_MAX <= UINT8_MAX, "its length is a byte");


#define SLOTS_FIRST  1024

typedef enum {
    BY_ID = 'i',
    BY_UID = 'u'
} by_t;


static int name_add(cmt__names_t *names, by_t by, cmt_str_t name,
    const char *uid, uint64_t line, uint64_t *other);
static const char *uid_keep(cmt__names_t *names, cmt_str_t uid);
static cmt__name_t *slot_find(const cmt__names_t *names, const uint8_t *hash);
static int slots_grow(cmt__names_t *names);
static void name_hash(by_t by, cmt_str_t name, cmt__hash_t *hash);


int
cmt__names_open(cmt__names_t *names, size_t bytes_max)
{
    memset(names, 0, sizeof(cmt__names_t));
    names->bytes_max = bytes_max;

    names->strings = cmt_arena_create(bytes_max);
    if (names->strings == NULL) {
        return CMT_ENOMEM;
    }

    return slots_grow(names);
}


void
cmt__names_close(cmt__names_t *names)
{
    cmt_arena_destroy(names->slots_arena);
    cmt_arena_destroy(names->strings);
}


int
cmt__names_add(cmt__names_t *names, cmt_str_t id, cmt_str_t uid,
    uint64_t line, uint64_t *other)
{
    int          rc;
    const char  *kept;

    kept = NULL;

    if (id.len != 0) {
        if (uid.len != 0) {
            kept = uid_keep(names, uid);
            if (kept == NULL) {
                return CMT_ENOMEM;
            }
        }

        rc = name_add(names, BY_ID, id, kept, line, other);
        if (rc != CMT_OK) {
            return rc;
        }
    }

    if (uid.len != 0) {
        return name_add(names, BY_UID, uid, NULL, line, other);
    }

    return CMT_OK;
}


static const char *
uid_keep(cmt__names_t *names, cmt_str_t uid)
{
    char  *kept;

    kept = cmt_alloc(names->strings, 1 + uid.len);
    if (kept == NULL) {
        return NULL;
    }

    kept[0] = (char) uid.len;
    memcpy(kept + 1, uid.data, uid.len);

    return kept;
}


static int
name_add(cmt__names_t *names, by_t by, cmt_str_t name, const char *uid,
    uint64_t line, uint64_t *other)
{
    int           rc;
    cmt__hash_t   hash;
    cmt__name_t  *slot;

    if (line > UINT32_MAX) {
        return CMT_ENOMEM;
    }

    if (names->n >= names->size / 4 * 3) {
        rc = slots_grow(names);
        if (rc != CMT_OK) {
            return rc;
        }
    }

    name_hash(by, name, &hash);
    slot = slot_find(names, hash.bytes);

    if (slot->line == line) {
        return CMT_OK;
    }

    if (slot->line != 0) {
        *other = slot->line;
        return CMT_EDUPLICATE;
    }

    memcpy(slot->hash, hash.bytes, CMT__NAME_HASH_BYTES);
    slot->line = (uint32_t) line;
    slot->uid = uid;
    names->n++;

    return CMT_OK;
}


int
cmt__names_find(const cmt__names_t *names, cmt_str_t name,
    cmt_arena_t *arena, cmt_str_t *uid)
{
    cmt_str_t     s;
    cmt__hash_t   hash;
    cmt__name_t  *slot;

    name_hash(BY_ID, name, &hash);
    slot = slot_find(names, hash.bytes);

    if (slot->line != 0) {
        s = slot->uid != NULL
            ? (cmt_str_t) { (uint8_t) slot->uid[0], slot->uid + 1 }
            : cmt__record_uid(arena, name);
        if (s.data == NULL) {
            return CMT_ENOMEM;
        }

        *uid = s;
        return CMT_OK;
    }

    name_hash(BY_UID, name, &hash);
    slot = slot_find(names, hash.bytes);

    if (slot->line != 0) {
        *uid = name;
        return CMT_OK;
    }

    return CMT_ENOTFOUND;
}


uint64_t
cmt__names_line(const cmt__names_t *names, cmt_str_t uid)
{
    cmt__hash_t  hash;

    name_hash(BY_UID, uid, &hash);

    return slot_find(names, hash.bytes)->line;
}


/* The slot of this hash, or the free one where it belongs. */

static cmt__name_t *
slot_find(const cmt__names_t *names, const uint8_t *hash)
{
    size_t    i;
    uint64_t  start;

    memcpy(&start, hash, sizeof(start));

    for (i = (size_t) start & (names->size - 1);
         names->slots[i].line != 0;
         i = (i + 1) & (names->size - 1))
    {
        if (memcmp(names->slots[i].hash, hash, CMT__NAME_HASH_BYTES) == 0) {
            break;
        }
    }

    return &names->slots[i];
}


static int
slots_grow(cmt__names_t *names)
{
    size_t        i, size;
    cmt__name_t  *slots, *old;
    cmt_arena_t  *arena;
    cmt__names_t  grown;

    size = names->size == 0 ? SLOTS_FIRST : 2 * names->size;

    arena = cmt_arena_create(names->bytes_max);
    if (arena == NULL) {
        return CMT_ENOMEM;
    }

    slots = cmt_calloc(arena, size * sizeof(cmt__name_t));
    if (slots == NULL) {
        cmt_arena_destroy(arena);
        return CMT_ENOMEM;
    }

    grown = *names;
    grown.slots_arena = arena;
    grown.slots = slots;
    grown.size = size;

    old = names->slots;

    for (i = 0; i < names->size; i++) {
        if (old[i].line != 0) {
            *slot_find(&grown, old[i].hash) = old[i];
        }
    }

    cmt_arena_destroy(names->slots_arena);
    *names = grown;

    return CMT_OK;
}


static void
name_hash(by_t by, cmt_str_t name, cmt__hash_t *hash)
{
    char       text[1 + CMT__SOURCE_BYTES_MAX];
    cmt_str_t  s;

    text[0] = (char) by;
    memcpy(text + 1, name.data, name.len);

    s.data = text;
    s.len = 1 + name.len;

    cmt__hash_plain(s, hash);
}
