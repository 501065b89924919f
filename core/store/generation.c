/*
 * generation.c: the files of rules that served, so that each receipt can be
 * read beside them and its decision made again.  A text that several
 * generations share is kept once.
 *
 *   'd' digest:16     seq:4, of the ruleset that receipts name
 *   'g' seq:4         generation
 *   's' hash:16       the text of a file
 *
 *   generation, little-endian
 *     0 since:8   8 steps:8   16 memory:8   24 digest:16   40 count:4
 *     44 count times: kind:1 path length:2 other length:4 path other
 *
 *   other: hash:16 of the text; of a NAME, the path it stands for
 */

#include <string.h>

#include "schema.h"


#define HEAD_BYTES    44
#define ROW_BYTES     7
#define KEY_BYTES     (1 + CMT_HASH_BYTES)


static void hash_text(cmt_str_t text, uint8_t hash[CMT_HASH_BYTES]);
static int put_record(cmt__write_t *write, const cmt__generation_t *g,
    uint32_t seq, cmt_error_t *err) CMT_CHECK;
static int texts_get(cmt_read_t *read, cmt_arena_t *arena,
    cmt__generation_t *g) CMT_CHECK;
static int last_seq(cmt_read_t *read, uint32_t *seq) CMT_CHECK;


static size_t
make_key(uint8_t key[KEY_BYTES], char kind, const uint8_t *hash)
{
    key[0] = (uint8_t) kind;
    memcpy(key + 1, hash, CMT_HASH_BYTES);

    return KEY_BYTES;
}


static void
seq_key(uint8_t key[5], uint32_t seq)
{
    key[0] = 'g';
    cmt__be_put(key + 1, seq, 4);
}


static void
hash_text(cmt_str_t text, uint8_t hash[CMT_HASH_BYTES])
{
    char  hex[65];

    cmt__digest_hex(text, hex);
    (void) cmt__unhex((cmt_str_t) { 2 * CMT_HASH_BYTES, hex }, hash,
                      CMT_HASH_BYTES);
}


int
cmt__generation_find(cmt_read_t *read, const uint8_t *digest, uint32_t *seq)
{
    int        rc;
    uint8_t    key[KEY_BYTES];
    cmt_str_t  value;

    rc = cmt__get(read, CMT__GENERATIONS, key, make_key(key, 'd', digest),
                  &value);
    if (rc != CMT_OK) {
        return rc;
    }

    if (value.len != 4) {
        return CMT_ECORRUPT;
    }

    *seq = (uint32_t) cmt__le_get((const uint8_t *) value.data, 4);

    return CMT_OK;
}


int
cmt__generation_put(cmt__write_t *write, const cmt__generation_t *g,
    cmt_error_t *err)
{
    int            rc;
    size_t         i;
    uint8_t        key[KEY_BYTES], seq[4], hash[CMT_HASH_BYTES];
    uint32_t       last;
    cmt_str_t      known;

    rc = last_seq(&write->view, &last);

    for (i = 0; rc == CMT_OK && i < g->n; i++) {
        if (g->sources[i].kind == CMT__SOURCE_NAME) {
            continue;
        }

        hash_text(g->sources[i].other, hash);
        rc = cmt__get(&write->view, CMT__GENERATIONS, key,
                      make_key(key, 's', hash), &known);

        if (rc == CMT_ENOTFOUND) {
            rc = cmt__put(write, CMT__GENERATIONS, key, KEY_BYTES,
                          g->sources[i].other.data, g->sources[i].other.len,
                          err);
        }
    }

    if (rc == CMT_OK) {
        rc = put_record(write, g, last + 1, err);
    }
    if (rc == CMT_OK) {
        cmt__le_put(seq, last + 1, 4);
        rc = cmt__put(write, CMT__GENERATIONS, key,
                      make_key(key, 'd', g->digest), seq, 4, err);
    }

    return rc == CMT_OK ? rc : cmt__fail(err, rc, NULL, "the rules' files");
}


/* 0: there is none. */

static int
last_seq(cmt_read_t *read, uint32_t *seq)
{
    int          rc;
    uint8_t      key[1] = { 'g' + 1 };
    MDB_val      k, v;
    MDB_cursor  *cursor;

    *seq = 0;

    rc = cmt__cursor(read, CMT__GENERATIONS, &cursor);
    if (rc != CMT_OK) {
        return rc;
    }

    k.mv_size = 1;
    k.mv_data = key;

    rc = mdb_cursor_get(cursor, &k, &v, MDB_SET_RANGE);
    rc = cmt__store_rc(mdb_cursor_get(cursor, &k, &v, rc == MDB_NOTFOUND
                                                      ? MDB_LAST : MDB_PREV));
    mdb_cursor_close(cursor);

    if (rc == CMT_OK && k.mv_size == 5 && *(uint8_t *) k.mv_data == 'g') {
        *seq = (uint32_t) cmt__be_get((const uint8_t *) k.mv_data + 1, 4);
    }

    return rc == CMT_ENOTFOUND ? CMT_OK : rc;
}


static int
put_record(cmt__write_t *write, const cmt__generation_t *g, uint32_t seq,
    cmt_error_t *err)
{
    int                    rc;
    size_t                 i, bytes, len;
    uint8_t                key[5], *out;
    const cmt__source_t   *s;

    bytes = HEAD_BYTES;

    for (i = 0; i < g->n; i++) {
        s = &g->sources[i];
        bytes += ROW_BYTES + s->path.len
                 + (s->kind == CMT__SOURCE_NAME ? s->other.len
                                                : CMT_HASH_BYTES);
    }

    seq_key(key, seq);

    rc = cmt__reserve(write, CMT__GENERATIONS, key, 5, bytes, &out, err);
    if (rc != CMT_OK) {
        return rc;
    }

    cmt__le_put(out, (uint64_t) g->since, 8);
    cmt__le_put(out + 8, g->steps_max, 8);
    cmt__le_put(out + 16, g->memory_bytes_max, 8);
    memcpy(out + 24, g->digest, CMT_HASH_BYTES);
    cmt__le_put(out + 40, g->n, 4);
    out += HEAD_BYTES;

    for (i = 0; i < g->n; i++) {
        s = &g->sources[i];
        len = s->kind == CMT__SOURCE_NAME ? s->other.len : CMT_HASH_BYTES;

        out[0] = (uint8_t) s->kind;
        cmt__le_put(out + 1, s->path.len, 2);
        cmt__le_put(out + 3, len, 4);
        memcpy(out + ROW_BYTES, s->path.data, s->path.len);
        out += ROW_BYTES + s->path.len;

        if (s->kind == CMT__SOURCE_NAME) {
            memcpy(out, s->other.data, len);
        } else {
            hash_text(s->other, out);
        }

        out += len;
    }

    return CMT_OK;
}


int
cmt__generation_decode(cmt_str_t value, cmt_arena_t *arena,
    cmt__generation_t *g)
{
    size_t          i, at, path, other;
    const uint8_t  *in;
    cmt__source_t  *s;

    in = (const uint8_t *) value.data;

    if (value.len < HEAD_BYTES) {
        return CMT_ECORRUPT;
    }

    g->since = (int64_t) cmt__le_get(in, 8);
    g->steps_max = cmt__le_get(in + 8, 8);
    g->memory_bytes_max = cmt__le_get(in + 16, 8);
    memcpy(g->digest, in + 24, CMT_HASH_BYTES);
    g->n = cmt__le_get(in + 40, 4);

    if (g->n > CMT__SOURCES_MAX) {
        return CMT_ECORRUPT;
    }

    g->sources = cmt_calloc(arena, (g->n + 1) * sizeof(cmt__source_t));
    if (g->sources == NULL) {
        return CMT_ENOMEM;
    }

    at = HEAD_BYTES;

    for (i = 0; i < g->n; i++) {
        if (value.len - at < ROW_BYTES) {
            return CMT_ECORRUPT;
        }

        s = &g->sources[i];
        s->kind = in[at];
        path = cmt__le_get(in + at + 1, 2);
        other = cmt__le_get(in + at + 3, 4);
        at += ROW_BYTES;

        if (s->kind < CMT__SOURCE_MAIN || s->kind > CMT__SOURCE_NAME
            || path + other > value.len - at
            || (s->kind != CMT__SOURCE_NAME && other != CMT_HASH_BYTES))
        {
            return CMT_ECORRUPT;
        }

        s->path = cmt__str_copy(arena, cmt__str_sub(value, at, at + path));
        at += path;
        s->other = cmt__str_copy(arena, cmt__str_sub(value, at, at + other));
        at += other;

        if (s->path.data == NULL || s->other.data == NULL) {
            return CMT_ENOMEM;
        }
    }

    return at == value.len ? CMT_OK : CMT_ECORRUPT;
}


int
cmt__generation_next(cmt_read_t *read, uint32_t *seq, cmt_arena_t *arena,
    cmt__generation_t *g)
{
    int             rc;
    uint8_t         key[5];
    cmt_str_t       value;
    const uint8_t  *found;

    seq_key(key, *seq);

    rc = cmt__next(read, CMT__GENERATIONS, key, sizeof(key), 1, &found,
                   &value);
    if (rc != CMT_OK) {
        return rc;
    }

    *seq = (uint32_t) cmt__be_get(found + 1, 4);

    return cmt__generation_decode(value, arena, g);
}


int
cmt__generation_get(cmt_read_t *read, const uint8_t *digest,
    cmt_arena_t *arena, cmt__generation_t *g)
{
    int        rc;
    uint8_t    key[5];
    uint32_t   seq;
    cmt_str_t  value;

    rc = cmt__generation_find(read, digest, &seq);
    if (rc != CMT_OK) {
        return rc;
    }

    seq_key(key, seq);
    rc = cmt__get(read, CMT__GENERATIONS, key, 5, &value);

    if (rc != CMT_OK) {
        return rc == CMT_ENOTFOUND ? CMT_ECORRUPT : rc;
    }

    rc = cmt__generation_decode(value, arena, g);

    return rc == CMT_OK ? texts_get(read, arena, g) : rc;
}


static int
texts_get(cmt_read_t *read, cmt_arena_t *arena, cmt__generation_t *g)
{
    int        rc;
    size_t     i;
    uint8_t    key[KEY_BYTES];
    cmt_str_t  text;

    for (i = 0; i < g->n; i++) {
        if (g->sources[i].kind == CMT__SOURCE_NAME) {
            continue;
        }

        rc = cmt__get(read, CMT__GENERATIONS, key,
                      make_key(key, 's', (const uint8_t *)
                                         g->sources[i].other.data), &text);
        if (rc != CMT_OK) {
            return rc == CMT_ENOTFOUND ? CMT_ECORRUPT : rc;
        }

        text = cmt__str_copy(arena, text);
        g->sources[i].other = text;

        if (text.data == NULL) {
            return CMT_ENOMEM;
        }
    }

    return CMT_OK;
}


int
cmt__source_has(cmt_read_t *read, cmt_str_t text)
{
    uint8_t    key[KEY_BYTES], hash[CMT_HASH_BYTES];
    cmt_str_t  value;

    hash_text(text, hash);

    return cmt__get(read, CMT__GENERATIONS, key, make_key(key, 's', hash),
                    &value) == CMT_OK;
}


int
cmt__generation_drop(cmt__write_t *write, uint32_t seq,
    const uint8_t *digest, cmt_error_t *err)
{
    int      rc;
    uint8_t  key[KEY_BYTES], number[5];

    seq_key(number, seq);

    rc = cmt__del(write, CMT__GENERATIONS, number, 5, err);

    return rc == CMT_OK ? cmt__del(write, CMT__GENERATIONS, key,
                                   make_key(key, 'd', digest), err)
                        : rc;
}


int
cmt__source_next(cmt_read_t *read, const uint8_t *last, uint8_t *hash)
{
    int          rc;
    uint8_t      key[KEY_BYTES + 1];
    MDB_val      k, v;
    MDB_cursor  *cursor;

    rc = cmt__cursor(read, CMT__GENERATIONS, &cursor);
    if (rc != CMT_OK) {
        return rc;
    }

    memset(key, 0, sizeof(key));
    key[0] = 's';
    k.mv_size = 1;
    k.mv_data = key;

    if (last != NULL) {                  /* behind it, one byte longer */
        k.mv_size = make_key(key, 's', last) + 1;
    }

    rc = cmt__store_rc(mdb_cursor_get(cursor, &k, &v, MDB_SET_RANGE));

    if (rc == CMT_OK
        && (k.mv_size != KEY_BYTES || *(const uint8_t *) k.mv_data != 's'))
    {
        rc = CMT_ENOTFOUND;
    }

    if (rc == CMT_OK) {
        memcpy(hash, (const uint8_t *) k.mv_data + 1, CMT_HASH_BYTES);
    }

    mdb_cursor_close(cursor);

    return rc;
}


int
cmt__source_used(cmt_read_t *read, const uint8_t *hash, cmt_arena_t *arena,
    int *used)
{
    int                rc;
    size_t             i;
    uint32_t           seq;
    cmt__generation_t  g;

    *used = 0;
    seq = 0;

    while ((rc = cmt__generation_next(read, &seq, arena, &g)) == CMT_OK) {
        for (i = 0; i < g.n; i++) {
            if (g.sources[i].kind != CMT__SOURCE_NAME
                && memcmp(g.sources[i].other.data, hash, CMT_HASH_BYTES) == 0)
            {
                *used = 1;
                return CMT_OK;
            }
        }
    }

    return rc == CMT_ENOTFOUND ? CMT_OK : rc;
}


int
cmt__source_drop(cmt__write_t *write, const uint8_t *hash, cmt_error_t *err)
{
    uint8_t  key[KEY_BYTES];

    return cmt__del(write, CMT__GENERATIONS, key, make_key(key, 's', hash),
                    err);
}
