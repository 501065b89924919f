/*
 * posts.c: how many posts there were lately, for rules that ask.  A count
 * stands in a record that a post changes anyway:
 *
 *   by an author     that of the author's e-mail, codec.c
 *   on a page        that of the thread's newest posts, recent.c
 *   from an address  that of its limit, daily.c, until the day is over
 *
 * The record of an author goes with the last comment.  The count stays for as
 * long as it says anything, in the table memory, or who takes back what was
 * posted could begin anew each time.
 */

#include <string.h>

#include "schema.h"


#define HEX_BYTES      (2 * CMT_HASH_BYTES + 1)


static int by_author(cmt_read_t *read, uint32_t site, cmt_str_t key,
    int64_t now, cmt_str_t *tally) CMT_CHECK;
static int from_address(cmt_read_t *read, uint32_t site, cmt_str_t key,
    int64_t now, cmt_str_t *tally) CMT_CHECK;
static int on_page(cmt_read_t *read, uint32_t site, cmt_str_t key,
    int64_t now, cmt_str_t *tally) CMT_CHECK;


int
cmt__posts_count(cmt_read_t *read, uint32_t site, cmt__posts_t of,
    cmt_str_t key, int64_t seconds, int64_t now, uint64_t *n)
{
    int        rc;
    cmt_str_t  tally;

    static int (*const  tallies[])(cmt_read_t *, uint32_t, cmt_str_t,
                                   int64_t, cmt_str_t *) = {
        [CMT__POSTS_BY_AUTHOR] = by_author,
        [CMT__POSTS_FROM_ADDRESS] = from_address,
        [CMT__POSTS_ON_PAGE] = on_page
    };

    *n = 0;

    rc = tallies[of](read, site, key, now, &tally);

    if (rc == CMT_ENOTFOUND) {
        return CMT_OK;
    }

    return rc == CMT_OK ? cmt__tally_packed_get(tally, seconds, now, n) : rc;
}


static void
kept_key(const cmt__hash_t *identity, uint32_t site, char hex[HEX_BYTES],
    cmt__memory_key_t *key)
{
    cmt__hex(identity->bytes, CMT_HASH_BYTES, hex);

    key->site = site;
    key->kind = CMT__MEMORY_POSTS;
    key->name = cmt_str("author");
    key->key = (cmt_str_t) { HEX_BYTES - 1, hex };
}


static int
by_author(cmt_read_t *read, uint32_t site, cmt_str_t key, int64_t now,
    cmt_str_t *tally)
{
    int                rc;
    char               hex[HEX_BYTES];
    cmt__hash_t        hash;
    cmt__author_t      author;
    cmt__memory_key_t  kept;

    if (!cmt__unhex(key, hash.bytes, CMT_HASH_BYTES)) {
        return CMT_ENOTFOUND;
    }

    rc = cmt__author_get(read, site, CMT__BY_EMAIL, &hash, &author);

    if (rc == CMT_ENOTFOUND || (rc == CMT_OK && author.tally.len == 0)) {
        kept_key(&hash, site, hex, &kept);
        return cmt__memory_get(read, &kept, now, tally);
    }

    if (rc == CMT_OK) {
        *tally = author.tally;
    }

    return rc;
}


static int
from_address(cmt_read_t *read, uint32_t site, cmt_str_t key, int64_t now,
    cmt_str_t *tally)
{
    int          rc;
    uint8_t      bytes[CMT__DAILY_KEY_BYTES];
    cmt_str_t    value;
    cmt__hash_t  hash;

    if (!cmt__unhex(key, hash.bytes, CMT_HASH_BYTES)) {
        return CMT_ENOTFOUND;
    }

    rc = cmt__get(read, CMT__DAILY, bytes,
                  cmt__key_daily(bytes, now / CMT__SECONDS_A_DAY,
                                 CMT__LIMIT_ADDRESS, site, &hash), &value);

    if (rc == CMT_OK && value.len < CMT__DUE_BYTES) {
        return CMT_ECORRUPT;
    }
    if (rc == CMT_OK) {
        *tally = cmt__str_sub(value, CMT__DUE_BYTES, value.len);
    }

    return rc;
}


static int
on_page(cmt_read_t *read, uint32_t site, cmt_str_t key, int64_t now,
    cmt_str_t *tally)
{
    int            rc;
    cmt__thread_t  thread;

    (void) now;

    rc = cmt__thread_find(read, site, key, &thread);

    return rc == CMT_OK ? cmt__recent_tally(read, thread.id, tally) : rc;
}


int
cmt__posts_from(cmt__write_t *write, uint32_t site,
    const cmt__hash_t *address, int64_t now, cmt_error_t *err)
{
    int        rc;
    size_t     len, key_len;
    uint8_t    key[CMT__DAILY_KEY_BYTES];
    uint8_t    value[CMT__DUE_BYTES + CMT__TALLY_PACKED_MAX];
    cmt_str_t  was;

    if (cmt__hash_is_zero(address)) {
        return CMT_OK;
    }

    key_len = cmt__key_daily(key, now / CMT__SECONDS_A_DAY, CMT__LIMIT_ADDRESS,
                             site, address);

    rc = cmt__get(&write->view, CMT__DAILY, key, key_len, &was);

    if (rc == CMT_ENOTFOUND) {
        memset(value, 0, CMT__DUE_BYTES);         /* it has no limit */
        was = cmt_str("");

    } else if (rc == CMT_OK && was.len >= CMT__DUE_BYTES) {
        memcpy(value, was.data, CMT__DUE_BYTES);
        was = cmt__str_sub(was, CMT__DUE_BYTES, was.len);

    } else {
        return cmt__fail(err, rc == CMT_OK ? CMT_ECORRUPT : rc, NULL,
                         "posts from an address");
    }

    rc = cmt__tally_packed_add(was, CMT__TALLY_DAY, now, value + CMT__DUE_BYTES,
                               &len);
    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, "posts from an address");
    }

    return cmt__put(write, CMT__DAILY, key, key_len, value,
                    CMT__DUE_BYTES + len, err);
}


int
cmt__posts_keep(cmt__write_t *write, uint32_t site,
    const cmt__hash_t *identity, cmt_str_t tally, cmt_error_t *err)
{
    int                rc;
    char               hex[HEX_BYTES];
    int64_t            expires;
    cmt__memory_key_t  key;

    rc = cmt__tally_packed_expires(tally, &expires);
    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, "posts of an author");
    }

    kept_key(identity, site, hex, &key);

    return cmt__memory_put(write, &key, expires, tally, err);
}


int
cmt__posts_kept(cmt__write_t *write, uint32_t site,
    const cmt__hash_t *identity, int64_t now, uint8_t *out, size_t *len,
    cmt_error_t *err)
{
    int                rc;
    char               hex[HEX_BYTES];
    cmt_str_t          tally;
    cmt__memory_key_t  key;

    *len = 0;
    kept_key(identity, site, hex, &key);

    rc = cmt__memory_get(&write->view, &key, now, &tally);

    if (rc == CMT_ENOTFOUND) {
        return CMT_OK;
    }
    if (rc != CMT_OK || tally.len > CMT__TALLY_PACKED_MAX) {
        return cmt__fail(err, rc == CMT_OK ? CMT_ECORRUPT : rc, NULL,
                         "posts of an author");
    }

    *len = tally.len;
    memcpy(out, tally.data, tally.len);

    return cmt__memory_del(write, &key, err);
}


int
cmt__posts_forget(cmt__write_t *write, uint32_t site,
    const cmt__hash_t *identity, int *wrote, cmt_error_t *err)
{
    int                rc;
    char               hex[HEX_BYTES];
    cmt_str_t          tally;
    cmt__memory_key_t  key;

    kept_key(identity, site, hex, &key);

    /* also what is over and not dropped yet */
    rc = cmt__memory_get(&write->view, &key, INT64_MIN, &tally);

    if (rc == CMT_ENOTFOUND) {
        return CMT_OK;
    }
    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, "posts of an author");
    }

    *wrote = 1;

    return cmt__memory_del(write, &key, err);
}
