/*
 * deed.c: what was done to a comment, and how it was before.
 *
 *   deed, little-endian, never changed once it is written
 *     0 version:1   1 did:1      2 before:1   3 after:1
 *     4 flags before:1           5 flags after:1   6 has text:1   7 zero:1
 *     8 time:8     16 undoes:8  24 salt:16
 *    40 edited:8   48 fingerprint:16          64 pinned:8
 *    72 actor length:2          74 note length:2
 *    76 text length:4           80 html length:4
 *    84 actor, note, text, html
 *
 * edited, fingerprint, text and html are those before; pinned is the comment
 * that stood on top of the thread before.  The journal's entry holds a hash
 * of all these bytes: who alters a deed is found out, while one that is
 * erased leaves nothing behind, since nobody can guess the salt.
 *
 * Deeds about no comment (a thread is closed, an author banned) stand under
 * the number 0.
 */

#include <string.h>

#include "schema.h"


#define DEED_BYTES    84
#define DEED_VERSION  1


static size_t
deed_key(uint8_t key[CMT__DEED_KEY_BYTES], uint64_t id, uint64_t seq)
{
    cmt__be_put(key, id, 8);
    cmt__be_put(key + 8, seq, 8);

    return CMT__DEED_KEY_BYTES;
}


static uint8_t *
give(uint8_t *p, cmt_str_t s)
{
    if (s.len > 0) {
        memcpy(p, s.data, s.len);
    }

    return p + s.len;
}


static void
deed_encode(const cmt__entry_t *entry, const cmt__deed_t *deed, uint8_t *out)
{
    uint8_t  *p;

    memset(out, 0, DEED_BYTES);

    out[0] = DEED_VERSION;
    out[1] = (uint8_t) entry->did;
    out[2] = (uint8_t) entry->before;
    out[3] = (uint8_t) entry->after;
    out[4] = (uint8_t) deed->flags_before;
    out[5] = (uint8_t) deed->flags_after;
    out[6] = deed->has_text;
    cmt__le_put(out + 8, (uint64_t) entry->time, 8);
    cmt__le_put(out + 16, entry->undoes, 8);
    memcpy(out + 24, deed->salt, CMT__SALT_BYTES);
    cmt__le_put(out + 40, (uint64_t) deed->edited, 8);
    memcpy(out + 48, deed->fingerprint.bytes, CMT_HASH_BYTES);
    cmt__le_put(out + 64, deed->pinned, 8);
    cmt__le_put(out + 72, entry->actor.len, 2);
    cmt__le_put(out + 74, deed->note.len, 2);
    cmt__le_put(out + 76, deed->text.len, 4);
    cmt__le_put(out + 80, deed->html.len, 4);

    p = give(out + DEED_BYTES, entry->actor);
    p = give(p, deed->note);
    p = give(p, deed->text);
    (void) give(p, deed->html);
}


static int
deed_decode(uint64_t id, uint64_t seq, cmt_str_t value, cmt__deed_t *deed)
{
    size_t          at, actor, note, text, html;
    cmt__deed_t     d;
    const uint8_t  *in;

    in = (const uint8_t *) value.data;

    if (value.len < DEED_BYTES || in[0] != DEED_VERSION) {
        return CMT_ECORRUPT;
    }

    actor = cmt__le_get(in + 72, 2);
    note = cmt__le_get(in + 74, 2);
    text = cmt__le_get(in + 76, 4);
    html = cmt__le_get(in + 80, 4);

    if (value.len != DEED_BYTES + actor + note + text + html) {
        return CMT_ECORRUPT;
    }

    memset(&d, 0, sizeof(d));
    d.comment = id;
    d.seq = seq;
    d.did = (cmt__did_t) in[1];
    d.before = in[2];
    d.after = in[3];
    d.flags_before = in[4];
    d.flags_after = in[5];
    d.has_text = in[6] != 0;
    d.time = (int64_t) cmt__le_get(in + 8, 8);
    d.undoes = cmt__le_get(in + 16, 8);
    memcpy(d.salt, in + 24, CMT__SALT_BYTES);
    d.edited = (int64_t) cmt__le_get(in + 40, 8);
    memcpy(d.fingerprint.bytes, in + 48, CMT_HASH_BYTES);
    d.pinned = cmt__le_get(in + 64, 8);

    at = DEED_BYTES;
    d.actor = cmt__str_sub(value, at, at + actor);
    at += actor;
    d.note = cmt__str_sub(value, at, at + note);
    at += note;
    d.text = cmt__str_sub(value, at, at + text);
    at += text;
    d.html = cmt__str_sub(value, at, at + html);

    *deed = d;

    return CMT_OK;
}


/* Journal first: its entry gives the deed its number. */
int
cmt__deed_put(cmt__write_t *write, cmt__entry_t *entry,
    const cmt__deed_t *deed, cmt_error_t *err)
{
    int       rc;
    size_t    len;
    uint8_t   key[CMT__DEED_KEY_BYTES], *value, *bytes;

    if (entry->actor.len > CMT__ACTOR_BYTES_MAX) {
        entry->actor.len = CMT__ACTOR_BYTES_MAX;
    }

    len = DEED_BYTES + entry->actor.len + deed->note.len + deed->text.len
          + deed->html.len;

    bytes = cmt_alloc(write->scratch, len);
    if (bytes == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, "deed");
    }

    deed_encode(entry, deed, bytes);

    entry->has_deed = 1;
    cmt__chain(entry->digest, (cmt_str_t) { len, (char *) bytes },
               entry->digest);

    rc = cmt__journal_append(write, entry, err);

    if (rc == CMT_OK) {
        rc = cmt__reserve(write, CMT__DEEDS, key,
                          deed_key(key, entry->comment, entry->seq), len,
                          &value, err);
    }
    if (rc == CMT_OK) {
        memcpy(value, bytes, len);
    }

    return rc;
}


int
cmt__deed_get(cmt_read_t *read, uint64_t id, uint64_t seq, cmt__deed_t *deed)
{
    int        rc;
    uint8_t    key[CMT__DEED_KEY_BYTES];
    cmt_str_t  value;

    rc = cmt__get(read, CMT__DEEDS, key, deed_key(key, id, seq), &value);

    return rc == CMT_OK ? deed_decode(id, seq, value, deed) : rc;
}


int
cmt__deed_before(cmt_read_t *read, uint64_t id, uint64_t seq,
    cmt__deed_t *deed)
{
    int       rc;
    size_t    n;
    uint8_t   key[8];
    uint64_t  found;

    n = 1;
    cmt__be_put(key, id, 8);

    rc = cmt__ids_below(read, CMT__DEEDS, key, 8, seq, &found, &n);
    if (rc != CMT_OK) {
        return rc;
    }

    return n == 0 ? CMT_ENOTFOUND : cmt__deed_get(read, id, found, deed);
}


int
cmt__deed_digest(cmt_read_t *read, uint64_t id, uint64_t seq,
    uint8_t digest[CMT__CHAIN_BYTES])
{
    int        rc;
    uint8_t    key[CMT__DEED_KEY_BYTES];
    cmt_str_t  value;

    rc = cmt__get(read, CMT__DEEDS, key, deed_key(key, id, seq), &value);
    if (rc == CMT_OK) {
        memset(digest, 0, CMT__CHAIN_BYTES);
        cmt__chain(digest, value, digest);
    }

    return rc;
}


int
cmt__deeds_drop(cmt__write_t *write, uint64_t id, cmt_error_t *err)
{
    int          rc;
    uint8_t      key[CMT__DEED_KEY_BYTES];
    cmt__deed_t  deed;

    while ((rc = cmt__deed_before(&write->view, id, 0, &deed)) == CMT_OK) {

        rc = cmt__del(write, CMT__DEEDS, key, deed_key(key, id, deed.seq),
                      err);
        if (rc != CMT_OK) {
            return rc;
        }
    }

    return rc == CMT_ENOTFOUND ? CMT_OK : cmt__fail(err, rc, NULL, "deeds");
}
