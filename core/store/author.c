/*
 * author.c: what is known of an author, counted by the e-mail's hash and by
 * the secret in the cookie.
 */

#include <string.h>

#include "schema.h"


typedef struct {
    cmt__author_kind_t   kind;
    const cmt__hash_t   *hash;
} author_key_t;


static int posted_count(cmt__write_t *write, const cmt__comment_t *comment,
    cmt_str_t *tally, uint8_t out[CMT__TALLY_PACKED_MAX], cmt_error_t *err)
    CMT_CHECK;


/* The keys that a comment counts for: none, one or two. */
static unsigned
keys_of(const cmt__comment_t *comment, author_key_t keys[2])
{
    unsigned  n;

    n = 0;

    if (!cmt__hash_is_zero(&comment->identity)) {
        keys[n++] = (author_key_t) { CMT__BY_EMAIL, &comment->identity };
    }

    if (!cmt__hash_is_zero(&comment->cookie)) {
        keys[n++] = (author_key_t) { CMT__BY_COOKIE, &comment->cookie };
    }

    return n;
}


int
cmt__author_get(cmt_read_t *read, uint32_t site, cmt__author_kind_t kind,
    const cmt__hash_t *hash, cmt__author_t *author)
{
    int        rc;
    uint8_t    key[CMT__AUTHOR_KEY_BYTES];
    cmt_str_t  value;

    rc = cmt__get(read, CMT__AUTHORS, key,
                  cmt__key_author(key, site, kind, hash), &value);

    return rc == CMT_OK ? cmt__author_decode(value, author) : rc;
}


int
cmt__author_begins(cmt_read_t *read, uint32_t site, cmt__author_kind_t kind,
    const uint8_t *bytes, size_t n, cmt__hash_t *hash)
{
    int          rc;
    size_t       len;
    uint8_t      key[CMT__AUTHOR_KEY_BYTES];
    uint8_t      after[CMT__AUTHORED_KEY_BYTES];
    MDB_val      k;
    unsigned     found;
    cmt__hash_t  h;
    MDB_cursor  *cursor;

    rc = cmt__cursor(read, CMT__AUTHORS, &cursor);
    if (rc != CMT_OK) {
        return rc;
    }

    memset(&h, 0, sizeof(h));
    memcpy(h.bytes, bytes, n);
    (void) cmt__key_author(key, site, kind, &h);

    len = CMT__AUTHOR_KEY_BYTES - CMT_HASH_BYTES + n;
    k.mv_size = len;
    k.mv_data = key;
    found = 0;

    rc = cmt__store_rc(mdb_cursor_get(cursor, &k, NULL, MDB_SET_RANGE));

    while (rc == CMT_OK && k.mv_size >= CMT__AUTHOR_KEY_BYTES
           && memcmp(k.mv_data, key, len) == 0)
    {
        if (found++ == 1) {
            rc = CMT_EDUPLICATE;
            break;
        }

        /* on to the next author, past the list of this one */
        memcpy(key, k.mv_data, CMT__AUTHOR_KEY_BYTES);
        memcpy(h.bytes, key + CMT__AUTHOR_KEY_BYTES - CMT_HASH_BYTES,
               CMT_HASH_BYTES);
        (void) cmt__key_authored(after, site, kind, &h, UINT64_MAX);
        k.mv_size = sizeof(after);
        k.mv_data = after;
        rc = cmt__store_rc(mdb_cursor_get(cursor, &k, NULL, MDB_SET_RANGE));
    }

    mdb_cursor_close(cursor);

    if (found == 0) {
        return rc == CMT_OK ? CMT_ENOTFOUND : rc;
    }

    if (rc == CMT_OK || rc == CMT_ENOTFOUND) {
        *hash = h;
        return CMT_OK;
    }

    return rc;
}


int
cmt__author_count(cmt__write_t *write, const cmt__comment_t *comment,
    cmt_status_t status, int n, int posted, cmt_error_t *err)
{
    int            rc;
    size_t         len;
    uint8_t        key[CMT__AUTHOR_KEY_BYTES], record[CMT__AUTHOR_BYTES_MAX];
    uint8_t        tally[CMT__TALLY_PACKED_MAX];
    unsigned       i, n_keys;
    author_key_t   keys[2];
    cmt__author_t  author;

    n_keys = keys_of(comment, keys);

    for (i = 0; i < n_keys; i++) {

        rc = cmt__author_get(&write->view, comment->site, keys[i].kind,
                             keys[i].hash, &author);

        if (rc == CMT_ENOTFOUND) {
            memset(&author, 0, sizeof(author));
            author.first_seen = comment->created;
            author.last_seen = comment->created;
            write->head.authors++;

        } else if (rc != CMT_OK) {
            return cmt__fail(err, rc, NULL, "record of an author");
        }

        author.counts[status - 1] += (uint32_t) n;

        if (comment->created < author.first_seen) {
            author.first_seen = comment->created;
        }
        if (comment->created > author.last_seen) {
            author.last_seen = comment->created;
        }

        if (posted && keys[i].kind == CMT__BY_EMAIL) {
            rc = posted_count(write, comment, &author.tally, tally, err);
            if (rc != CMT_OK) {
                return rc;
            }
        }

        len = cmt__author_encode(&author, record);

        rc = cmt__put(write, CMT__AUTHORS, key,
                      cmt__key_author(key, comment->site, keys[i].kind,
                                      keys[i].hash),
                      record, len, err);
        if (rc != CMT_OK) {
            return rc;
        }
    }

    return CMT_OK;
}


/* One more; an author who is new may be one who has taken back all comments.
 * The tally comes to lie in out. */
static int
posted_count(cmt__write_t *write, const cmt__comment_t *comment,
    cmt_str_t *tally, uint8_t out[CMT__TALLY_PACKED_MAX], cmt_error_t *err)
{
    int        rc;
    size_t     len;
    cmt_str_t  was;

    was = *tally;

    if (was.len == 0) {
        rc = cmt__posts_kept(write, comment->site, &comment->identity,
                             comment->created, out, &len, err);
        if (rc != CMT_OK) {
            return rc;
        }

        was = (cmt_str_t) { len, (const char *) out };
    }

    rc = cmt__tally_packed_add(was, CMT__TALLY_WEEK, comment->created, out,
                               &len);
    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, "posts of an author");
    }

    *tally = (cmt_str_t) { len, (const char *) out };

    return CMT_OK;
}


int
cmt__author_list(cmt__write_t *write, const cmt__comment_t *comment,
    cmt_error_t *err)
{
    int           rc;
    uint8_t       key[CMT__AUTHORED_KEY_BYTES];
    unsigned      i, n_keys;
    author_key_t  keys[2];

    n_keys = keys_of(comment, keys);

    for (i = 0; i < n_keys; i++) {
        rc = cmt__put(write, CMT__AUTHORS, key,
                      cmt__key_authored(key, comment->site, keys[i].kind,
                                        keys[i].hash, comment->id),
                      "", 0, err);
        if (rc != CMT_OK) {
            return rc;
        }
    }

    return CMT_OK;
}


int
cmt__author_forget(cmt__write_t *write, const cmt__comment_t *comment,
    cmt_error_t *err)
{
    int            rc;
    size_t         len, record_len;
    uint8_t        key[CMT__AUTHORED_KEY_BYTES];
    uint8_t        record[CMT__AUTHOR_BYTES_MAX];
    unsigned       i, k, n_keys, left;
    author_key_t   keys[2];
    cmt__author_t  author;

    n_keys = keys_of(comment, keys);

    for (i = 0; i < n_keys; i++) {

        rc = cmt__author_get(&write->view, comment->site, keys[i].kind,
                             keys[i].hash, &author);
        if (rc != CMT_OK) {
            return cmt__fail(err, CMT_ECORRUPT, NULL, "record of an author");
        }

        author.counts[comment->status - 1]--;

        for (k = 0, left = 0; k < CMT__STATUSES; k++) {
            left |= author.counts[k];
        }

        len = cmt__key_authored(key, comment->site, keys[i].kind,
                                keys[i].hash, comment->id);

        /* the tally lies in a page that is about to change */
        record_len = cmt__author_encode(&author, record);
        rc = cmt__author_decode((cmt_str_t) { record_len,
                                              (const char *) record },
                                &author);

        if (rc == CMT_OK) {
            rc = cmt__del(write, CMT__AUTHORS, key, len, err);
        }
        if (rc != CMT_OK) {
            return rc;
        }

        if (left == 0) {
            write->head.authors--;
            rc = cmt__del(write, CMT__AUTHORS, key, CMT__AUTHOR_KEY_BYTES,
                          err);

            if (rc == CMT_OK && author.tally.len > 0) {
                rc = cmt__posts_keep(write, comment->site, keys[i].hash,
                                     author.tally, err);
            }

        } else {
            rc = cmt__put(write, CMT__AUTHORS, key, CMT__AUTHOR_KEY_BYTES,
                          record, record_len, err);
        }

        if (rc != CMT_OK) {
            return rc;
        }
    }

    return CMT_OK;
}


int
cmt__author_comments(cmt_read_t *read, uint32_t site,
    cmt__author_kind_t kind, const cmt__hash_t *hash, uint64_t before,
    uint64_t *ids, size_t *n)
{
    size_t   len;
    uint8_t  key[CMT__AUTHOR_KEY_BYTES];

    len = cmt__key_author(key, site, kind, hash);

    return cmt__ids_below(read, CMT__AUTHORS, key, len, before, ids, n);
}
