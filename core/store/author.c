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


static void seen(cmt__author_t *author, const cmt__comment_t *comment);
static void keep_tally(cmt__author_t *author,
    uint8_t out[CMT__TALLY_PACKED_MAX]);
static int author_put(cmt__write_t *write, uint32_t site,
    const author_key_t *k, const cmt__author_t *author, cmt_error_t *err)
    CMT_CHECK;
static int author_drop(cmt__write_t *write, uint32_t site,
    const author_key_t *k, const cmt__author_t *author, cmt_error_t *err)
    CMT_CHECK;
static int newest_add(cmt__write_t *write, const cmt__comment_t *comment,
    const author_key_t *k, cmt_str_t *ids,
    uint8_t out[8 * CMT__AUTHOR_NEWEST_MAX], cmt_error_t *err) CMT_CHECK;
static int newest_drop(cmt__write_t *write, const cmt__comment_t *comment,
    const author_key_t *k, cmt_str_t *ids,
    uint8_t out[8 * CMT__AUTHOR_NEWEST_MAX], cmt_error_t *err) CMT_CHECK;
static uint64_t has_comments(const cmt__author_t *author);
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
cmt__author_of(cmt_read_t *read, const cmt__comment_t *comment,
    cmt__author_kind_t *kind, cmt__hash_t *hash)
{
    int            rc;
    size_t         i;
    unsigned       k;
    uint64_t       n, most;
    cmt__author_t  author;

    const struct {
        cmt__author_kind_t  kind;
        const cmt__hash_t  *hash;
    } keys[] = {
        { CMT__BY_COOKIE, &comment->cookie },
        { CMT__BY_EMAIL, &comment->identity }
    };

    for (i = 0, most = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {

        if (cmt__hash_is_zero(keys[i].hash)) {
            continue;
        }

        rc = cmt__author_get(read, comment->site, keys[i].kind, keys[i].hash,
                             &author);
        if (rc == CMT_ENOTFOUND) {
            continue;
        }
        if (rc != CMT_OK) {
            return rc;
        }

        for (k = 0, n = 0; k < CMT__STATUSES; k++) {
            n += author.counts[k];
        }

        if (n > most) {
            most = n;
            *kind = keys[i].kind;
            *hash = *keys[i].hash;
        }
    }

    return most > 0 ? CMT_OK : CMT_ENOTFOUND;
}


int
cmt__author_begins(cmt_read_t *read, uint32_t site, cmt__author_kind_t kind,
    const uint8_t *bytes, size_t n, cmt__hash_t *hash)
{
    int          rc;
    size_t       len;
    uint8_t      key[CMT__AUTHOR_KEY_BYTES];
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

        memcpy(h.bytes, (const uint8_t *) k.mv_data + CMT__AUTHOR_KEY_BYTES
                        - CMT_HASH_BYTES, CMT_HASH_BYTES);
        rc = cmt__store_rc(mdb_cursor_get(cursor, &k, NULL, MDB_NEXT));
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
cmt__author_add(cmt__write_t *write, const cmt__comment_t *comment,
    int posted, cmt_error_t *err)
{
    int            rc;
    uint8_t        tally[CMT__TALLY_PACKED_MAX];
    uint8_t        ids[8 * CMT__AUTHOR_NEWEST_MAX];
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

        author.counts[comment->status - 1]++;
        author.upheld += cmt__upheld(comment);
        seen(&author, comment);
        keep_tally(&author, tally);

        rc = newest_add(write, comment, &keys[i], &author.ids, ids, err);

        if (rc == CMT_OK && posted && keys[i].kind == CMT__BY_EMAIL) {
            rc = posted_count(write, comment, &author.tally, tally, err);
        }
        if (rc == CMT_OK) {
            rc = author_put(write, comment->site, &keys[i], &author, err);
        }
        if (rc != CMT_OK) {
            return rc;
        }
    }

    return CMT_OK;
}


int
cmt__author_count(cmt__write_t *write, const cmt__comment_t *was,
    const cmt__comment_t *comment, cmt_error_t *err)
{
    int            rc;
    unsigned       i, n_keys;
    author_key_t   keys[2];
    cmt__author_t  author;

    n_keys = keys_of(comment, keys);

    for (i = 0; i < n_keys; i++) {

        rc = cmt__author_get(&write->view, comment->site, keys[i].kind,
                             keys[i].hash, &author);
        if (rc != CMT_OK) {
            return cmt__fail(err, rc == CMT_ENOTFOUND ? CMT_ECORRUPT : rc,
                             NULL, "record of an author");
        }

        author.counts[was->status - 1]--;
        author.counts[comment->status - 1]++;
        author.upheld += cmt__upheld(comment) - cmt__upheld(was);

        rc = author_put(write, comment->site, &keys[i], &author, err);
        if (rc != CMT_OK) {
            return rc;
        }
    }

    return CMT_OK;
}


static void
seen(cmt__author_t *author, const cmt__comment_t *comment)
{
    if (comment->created < author->first_seen) {
        author->first_seen = comment->created;
    }
    if (comment->created > author->last_seen) {
        author->last_seen = comment->created;
    }
}


/* Copies it out of the page, which is about to change. */
static void
keep_tally(cmt__author_t *author, uint8_t out[CMT__TALLY_PACKED_MAX])
{
    if (author->tally.len > 0) {
        memcpy(out, author->tally.data, author->tally.len);
        author->tally.data = (const char *) out;
    }
}


static int
author_put(cmt__write_t *write, uint32_t site, const author_key_t *k,
    const cmt__author_t *author, cmt_error_t *err)
{
    size_t   len;
    uint8_t  key[CMT__AUTHOR_KEY_BYTES], record[CMT__AUTHOR_BYTES_MAX];

    len = cmt__author_encode(author, record);

    return cmt__put(write, CMT__AUTHORS, key,
                    cmt__key_author(key, site, k->kind, k->hash), record, len,
                    err);
}


/*
 * Another id behind the newest, which come to lie in out.  When there are
 * CMT__AUTHOR_NEWEST_MAX, all of them get keys of their own first, which are
 * neighbours: so most authors have none, and the others pay for many at once.
 */
static int
newest_add(cmt__write_t *write, const cmt__comment_t *comment,
    const author_key_t *k, cmt_str_t *ids,
    uint8_t out[8 * CMT__AUTHOR_NEWEST_MAX], cmt_error_t *err)
{
    int      rc;
    size_t   i, len;
    uint8_t  key[CMT__AUTHORED_KEY_BYTES];

    len = ids->len;

    if (len > 0) {
        memcpy(out, ids->data, len);
    }

    if (len == 8 * CMT__AUTHOR_NEWEST_MAX) {

        for (i = 0; i < len; i += 8) {
            rc = cmt__put(write, CMT__AUTHORED, key,
                          cmt__key_authored(key, comment->site, k->kind,
                                            k->hash,
                                            cmt__le_get(out + i, 8)),
                          "", 0, err);
            if (rc != CMT_OK) {
                return rc;
            }
        }

        len = 0;
    }

    cmt__le_put(out + len, comment->id, 8);
    *ids = (cmt_str_t) { len + 8, (const char *) out };

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
cmt__author_forget(cmt__write_t *write, const cmt__comment_t *comment,
    cmt_error_t *err)
{
    int            rc;
    uint8_t        tally[CMT__TALLY_PACKED_MAX];
    uint8_t        ids[8 * CMT__AUTHOR_NEWEST_MAX];
    unsigned       i, n_keys;
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
        author.upheld -= cmt__upheld(comment);
        keep_tally(&author, tally);

        rc = newest_drop(write, comment, &keys[i], &author.ids, ids, err);

        if (rc == CMT_OK) {
            rc = has_comments(&author)
                 ? author_put(write, comment->site, &keys[i], &author, err)
                 : author_drop(write, comment->site, &keys[i], &author, err);
        }
        if (rc != CMT_OK) {
            return rc;
        }
    }

    return CMT_OK;
}


static uint64_t
has_comments(const cmt__author_t *author)
{
    uint64_t  n;
    unsigned  i;

    for (i = 0, n = 0; i < CMT__STATUSES; i++) {
        n += author->counts[i];
    }

    return n;
}


static int
author_drop(cmt__write_t *write, uint32_t site, const author_key_t *k,
    const cmt__author_t *author, cmt_error_t *err)
{
    int      rc;
    uint8_t  key[CMT__AUTHOR_KEY_BYTES];

    write->head.authors--;

    rc = cmt__del(write, CMT__AUTHORS, key,
                  cmt__key_author(key, site, k->kind, k->hash), err);

    return rc == CMT_OK && author->tally.len > 0
           ? cmt__posts_keep(write, site, k->hash, author->tally, err) : rc;
}


/* Takes the comment out of the newest, which come to lie in out, or out of
 * those with keys. */
static int
newest_drop(cmt__write_t *write, const cmt__comment_t *comment,
    const author_key_t *k, cmt_str_t *ids,
    uint8_t out[8 * CMT__AUTHOR_NEWEST_MAX], cmt_error_t *err)
{
    size_t   i, len;
    uint8_t  key[CMT__AUTHORED_KEY_BYTES];

    len = 0;

    for (i = 0; i < ids->len; i += 8) {
        if (cmt__le_get((const uint8_t *) ids->data + i, 8) != comment->id) {
            memcpy(out + len, ids->data + i, 8);
            len += 8;
        }
    }

    if (len == ids->len) {
        *ids = (cmt_str_t) { len, (const char *) out };
        return cmt__del(write, CMT__AUTHORED, key,
                        cmt__key_authored(key, comment->site, k->kind,
                                          k->hash, comment->id), err);
    }

    *ids = (cmt_str_t) { len, (const char *) out };

    return CMT_OK;
}


int
cmt__author_comments(cmt_read_t *read, uint32_t site,
    cmt__author_kind_t kind, const cmt__hash_t *hash, uint64_t before,
    uint64_t *ids, size_t *n)
{
    int            rc;
    size_t         i, room, older;
    uint8_t        key[CMT__AUTHOR_KEY_BYTES];
    uint64_t       id;
    cmt__author_t  author;

    room = *n;
    *n = 0;

    rc = cmt__author_get(read, site, kind, hash, &author);
    if (rc != CMT_OK) {
        return rc == CMT_ENOTFOUND ? CMT_OK : rc;
    }

    for (i = author.ids.len; i > 0 && *n < room; i -= 8) {
        id = cmt__le_get((const uint8_t *) author.ids.data + i - 8, 8);

        if (before == 0 || id < before) {
            ids[(*n)++] = id;
        }
    }

    if (*n == room || has_comments(&author) == author.ids.len / 8) {
        return CMT_OK;           /* there are no others */
    }

    /* what has a key is older than all of the newest */
    older = room - *n;
    rc = cmt__ids_below(read, CMT__AUTHORED, key,
                        cmt__key_author(key, site, kind, hash), before,
                        ids + *n, &older);
    *n += older;

    return rc;
}


int
cmt__author_lists(cmt_read_t *read, uint32_t site, cmt__author_kind_t kind,
    const cmt__hash_t *hash, uint64_t id)
{
    int            rc;
    size_t         i;
    uint8_t        key[CMT__AUTHORED_KEY_BYTES];
    cmt_str_t      value;
    cmt__author_t  author;

    rc = cmt__author_get(read, site, kind, hash, &author);
    if (rc != CMT_OK) {
        return rc;
    }

    for (i = 0; i < author.ids.len; i += 8) {
        if (cmt__le_get((const uint8_t *) author.ids.data + i, 8) == id) {
            return CMT_OK;
        }
    }

    return cmt__get(read, CMT__AUTHORED, key,
                    cmt__key_authored(key, site, kind, hash, id), &value);
}
