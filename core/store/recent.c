/*
 * recent.c: what the newest posts of a thread leave behind for the next ones,
 * in one record beside that of the thread:
 *
 *   tally length:2, tally of the thread's posts, packed
 *   id:8 day:4 fingerprint:8 token:8       of each, oldest first
 *
 * A hash is a key that lies anywhere: each would cost a post a page of its
 * own.  So they gather here, and when there are CMT__RECENT_MAX, all of them
 * move to where they are looked up from then on: fingerprints to a table of
 * theirs, tokens, which are remembered for some days only, to those of their
 * day.  What moves from one thread at once comes to lie in few pages.  A post
 * also drops the tokens here whose days are over.
 */

#include <string.h>

#include "schema.h"


#define HEAD_BYTES     2
#define ENTRY_BYTES    (12 + 2 * CMT__PRINT_BYTES)
#define AT_DAY         8
#define AT_PRINT       12
#define AT_TOKEN       (12 + CMT__PRINT_BYTES)

typedef struct {
    size_t   tally_len, n;
    uint8_t  tally[CMT__TALLY_PACKED_MAX];
    uint8_t  entries[CMT__RECENT_MAX * ENTRY_BYTES];
} recent_t;


static int split(cmt_str_t value, cmt_str_t *tally, cmt_str_t *entries)
    CMT_CHECK;
static int value_get(cmt_read_t *read, uint64_t thread, cmt_str_t *tally,
    cmt_str_t *entries) CMT_CHECK;
static const uint8_t *find(cmt_str_t entries, size_t at, const void *bytes,
    size_t len);
static int recent_get(cmt__write_t *write, uint64_t thread, recent_t *recent,
    cmt_error_t *err) CMT_CHECK;
static int recent_put(cmt__write_t *write, uint64_t thread,
    const recent_t *recent, cmt_error_t *err) CMT_CHECK;
static void recent_expire(recent_t *recent, int64_t today);
static void recent_cut(recent_t *recent, size_t i);
static int recent_move(cmt__write_t *write, uint64_t thread,
    recent_t *recent, cmt_error_t *err) CMT_CHECK;
static int recent_clear(cmt__write_t *write, uint64_t thread, uint64_t id,
    size_t at, cmt_error_t *err) CMT_CHECK;


int
cmt__recent_add(cmt__write_t *write, const cmt__comment_t *comment,
    const cmt__posted_t *posted, cmt_error_t *err)
{
    int        rc;
    int64_t    day;
    uint8_t   *entry;
    recent_t   recent;

    day = comment->created < 0 ? 0 : comment->created / CMT__SECONDS_A_DAY;

    rc = recent_get(write, comment->thread, &recent, err);
    if (rc != CMT_OK) {
        return rc;
    }

    recent_expire(&recent, day);

    if (recent.n == CMT__RECENT_MAX) {
        rc = recent_move(write, comment->thread, &recent, err);
        if (rc != CMT_OK) {
            return rc;
        }
    }

    if (!cmt__hash_is_zero(&comment->fingerprint)
        || !cmt__hash_is_zero(posted->token))
    {
        entry = recent.entries + ENTRY_BYTES * recent.n++;
        cmt__le_put(entry, comment->id, 8);
        cmt__le_put(entry + AT_DAY, (uint64_t) day, 4);
        memcpy(entry + AT_PRINT, comment->fingerprint.bytes, CMT__PRINT_BYTES);
        memcpy(entry + AT_TOKEN, posted->token->bytes, CMT__PRINT_BYTES);
    }

    if (posted->address != NULL) {
        rc = cmt__tally_packed_add((cmt_str_t) {
                                       recent.tally_len,
                                       (const char *) recent.tally },
                                   CMT__TALLY_WEEK, comment->created,
                                   recent.tally, &recent.tally_len);
        if (rc != CMT_OK) {
            return cmt__fail(err, rc, NULL, "posts of a thread");
        }
    }

    return recent_put(write, comment->thread, &recent, err);
}


int
cmt__recent_find(cmt_read_t *read, uint64_t thread,
    const cmt__hash_t *fingerprint, uint64_t *id)
{
    int             rc;
    cmt_str_t       tally, entries;
    const uint8_t  *entry;

    if (cmt__hash_is_zero(fingerprint)) {
        return CMT_ENOTFOUND;
    }

    rc = value_get(read, thread, &tally, &entries);
    if (rc != CMT_OK) {
        return rc;
    }

    entry = find(entries, AT_PRINT, fingerprint->bytes, CMT__PRINT_BYTES);
    if (entry == NULL) {
        return CMT_ENOTFOUND;
    }

    *id = cmt__le_get(entry, 8);

    return CMT_OK;
}


int
cmt__recent_drop(cmt__write_t *write, uint64_t thread, uint64_t id,
    cmt_error_t *err)
{
    return recent_clear(write, thread, id, AT_PRINT, err);
}


int
cmt__token_forget(cmt__write_t *write, uint64_t thread, uint64_t id,
    cmt_error_t *err)
{
    return recent_clear(write, thread, id, AT_TOKEN, err);
}


int
cmt__token_find(cmt_read_t *read, uint64_t thread, int64_t now,
    const cmt__hash_t *token, uint64_t *id)
{
    int             rc;
    int64_t         today, i;
    uint8_t         key[CMT__TOKEN_KEY_BYTES];
    cmt_str_t       tally, entries, value;
    const uint8_t  *entry;

    today = now / CMT__SECONDS_A_DAY;

    rc = value_get(read, thread, &tally, &entries);
    if (rc != CMT_OK && rc != CMT_ENOTFOUND) {
        return rc;
    }

    entry = rc == CMT_OK
            ? find(entries, AT_TOKEN, token->bytes, CMT__PRINT_BYTES) : NULL;

    if (entry != NULL
        && (int64_t) cmt__le_get(entry + AT_DAY, 4) > today - CMT_TOKEN_DAYS)
    {
        *id = cmt__le_get(entry, 8);
        return CMT_OK;
    }

    rc = CMT_ENOTFOUND;

    for (i = 0; i < CMT_TOKEN_DAYS && rc == CMT_ENOTFOUND; i++) {
        rc = cmt__get(read, CMT__DAILY, key,
                      cmt__key_token(key, today - i, thread, token->bytes),
                      &value);
    }

    if (rc == CMT_OK && value.len != 8) {
        rc = CMT_ECORRUPT;
    }
    if (rc == CMT_OK) {
        *id = cmt__le_get((const uint8_t *) value.data, 8);
    }

    return rc;
}


int
cmt__recent_tally(cmt_read_t *read, uint64_t thread, cmt_str_t *tally)
{
    cmt_str_t  entries;

    return value_get(read, thread, tally, &entries);
}


int
cmt__recent_entry(cmt_str_t value, size_t i, cmt__recent_t *out)
{
    int             rc;
    cmt_str_t       tally, entries;
    const uint8_t  *entry;

    rc = split(value, &tally, &entries);
    if (rc != CMT_OK) {
        return rc;
    }

    if (i >= entries.len / ENTRY_BYTES) {
        return CMT_ENOTFOUND;
    }

    entry = (const uint8_t *) entries.data + ENTRY_BYTES * i;
    out->id = cmt__le_get(entry, 8);
    out->day = (int64_t) cmt__le_get(entry + AT_DAY, 4);
    memcpy(out->fingerprint, entry + AT_PRINT, CMT__PRINT_BYTES);
    memcpy(out->token, entry + AT_TOKEN, CMT__PRINT_BYTES);

    return CMT_OK;
}


static int
split(cmt_str_t value, cmt_str_t *tally, cmt_str_t *entries)
{
    size_t  len;

    if (value.len < HEAD_BYTES) {
        return CMT_ECORRUPT;
    }

    len = cmt__le_get((const uint8_t *) value.data, 2);

    if (len > CMT__TALLY_PACKED_MAX || len > value.len - HEAD_BYTES) {
        return CMT_ECORRUPT;
    }

    *tally = cmt__str_sub(value, HEAD_BYTES, HEAD_BYTES + len);
    *entries = cmt__str_sub(value, HEAD_BYTES + len, value.len);

    return entries->len % ENTRY_BYTES == 0
           && entries->len <= CMT__RECENT_MAX * ENTRY_BYTES
           ? CMT_OK : CMT_ECORRUPT;
}


static int
value_get(cmt_read_t *read, uint64_t thread, cmt_str_t *tally,
    cmt_str_t *entries)
{
    int        rc;
    uint8_t    key[CMT__RECENT_KEY_BYTES];
    cmt_str_t  value;

    rc = cmt__get(read, CMT__THREADS, key, cmt__key_recent(key, thread),
                  &value);

    return rc == CMT_OK ? split(value, tally, entries) : rc;
}


/* The newest entry that has these bytes there. */
static const uint8_t *
find(cmt_str_t entries, size_t at, const void *bytes, size_t len)
{
    size_t          i;
    const uint8_t  *entry;

    for (i = entries.len / ENTRY_BYTES; i > 0; i--) {
        entry = (const uint8_t *) entries.data + ENTRY_BYTES * (i - 1);

        if (memcmp(entry + at, bytes, len) == 0) {
            return entry;
        }
    }

    return NULL;
}


/* A copy; what is not there is empty. */
static int
recent_get(cmt__write_t *write, uint64_t thread, recent_t *recent,
    cmt_error_t *err)
{
    int        rc;
    cmt_str_t  tally, entries;

    recent->tally_len = 0;
    recent->n = 0;

    rc = value_get(&write->view, thread, &tally, &entries);

    if (rc == CMT_ENOTFOUND) {
        return CMT_OK;
    }
    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, "newest posts of thread %llu",
                         (unsigned long long) thread);
    }

    recent->tally_len = tally.len;
    memcpy(recent->tally, tally.data, tally.len);
    recent->n = entries.len / ENTRY_BYTES;
    memcpy(recent->entries, entries.data, entries.len);

    return CMT_OK;
}


static int
recent_put(cmt__write_t *write, uint64_t thread, const recent_t *recent,
    cmt_error_t *err)
{
    int       rc;
    size_t    len;
    uint8_t   key[CMT__RECENT_KEY_BYTES], *value;

    len = cmt__key_recent(key, thread);

    if (recent->tally_len == 0 && recent->n == 0) {
        return cmt__del(write, CMT__THREADS, key, len, err);
    }

    rc = cmt__reserve(write, CMT__THREADS, key, len,
                      HEAD_BYTES + recent->tally_len
                      + ENTRY_BYTES * recent->n, &value, err);
    if (rc != CMT_OK) {
        return rc;
    }

    cmt__le_put(value, recent->tally_len, 2);
    memcpy(value + HEAD_BYTES, recent->tally, recent->tally_len);
    memcpy(value + HEAD_BYTES + recent->tally_len, recent->entries,
           ENTRY_BYTES * recent->n);

    return CMT_OK;
}


static int
is_zero(const uint8_t *entry, size_t at)
{
    return cmt__le_get(entry + at, CMT__PRINT_BYTES) == 0;
}


static void
recent_expire(recent_t *recent, int64_t today)
{
    size_t    i;
    uint8_t  *entry;

    for (i = recent->n; i > 0; i--) {
        entry = recent->entries + ENTRY_BYTES * (i - 1);

        if ((int64_t) cmt__le_get(entry + AT_DAY, 4)
            <= today - CMT_TOKEN_DAYS)
        {
            memset(entry + AT_TOKEN, 0, CMT__PRINT_BYTES);
            recent_cut(recent, i - 1);
        }
    }
}


/* An entry without any hash is not kept. */
static void
recent_cut(recent_t *recent, size_t i)
{
    uint8_t  *entry;

    entry = recent->entries + ENTRY_BYTES * i;

    if (is_zero(entry, AT_PRINT) && is_zero(entry, AT_TOKEN)) {
        recent->n--;
        memmove(entry, entry + ENTRY_BYTES, ENTRY_BYTES * (recent->n - i));
    }
}


/* Puts all entries to where they are looked up one by one. */
static int
recent_move(cmt__write_t *write, uint64_t thread, recent_t *recent,
    cmt_error_t *err)
{
    int             rc;
    size_t          i;
    int64_t         day;
    uint8_t         key[CMT__TOKEN_KEY_BYTES];
    const uint8_t  *entry;

    rc = CMT_OK;

    for (i = 0; i < recent->n && rc == CMT_OK; i++) {

        entry = recent->entries + ENTRY_BYTES * i;

        if (!is_zero(entry, AT_PRINT)) {
            rc = cmt__fingerprint_put(write, thread, entry + AT_PRINT,
                                      cmt__le_get(entry, 8), err);
        }

        if (rc == CMT_OK && !is_zero(entry, AT_TOKEN)) {
            day = (int64_t) cmt__le_get(entry + AT_DAY, 4);
            rc = cmt__put(write, CMT__DAILY, key,
                          cmt__key_token(key, day, thread, entry + AT_TOKEN),
                          entry, 8, err);
        }
    }

    recent->n = 0;

    return rc;
}


/* Takes one of the hashes of a comment out. */
static int
recent_clear(cmt__write_t *write, uint64_t thread, uint64_t id, size_t at,
    cmt_error_t *err)
{
    int             rc;
    size_t          i;
    uint8_t         bytes[8];
    recent_t        recent;
    cmt_str_t       entries;
    const uint8_t  *found;

    rc = recent_get(write, thread, &recent, err);
    if (rc != CMT_OK) {
        return rc;
    }

    cmt__le_put(bytes, id, 8);
    entries = (cmt_str_t) { ENTRY_BYTES * recent.n,
                            (const char *) recent.entries };

    found = find(entries, 0, bytes, 8);
    if (found == NULL) {
        return CMT_OK;
    }

    i = (size_t) (found - recent.entries) / ENTRY_BYTES;
    memset(recent.entries + ENTRY_BYTES * i + at, 0, CMT__PRINT_BYTES);
    recent_cut(&recent, i);

    return recent_put(write, thread, &recent, err);
}
