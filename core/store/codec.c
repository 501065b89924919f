/*
 * codec.c: records as bytes.
 *
 *   comment, little-endian
 *     0 version:1   1 status:1   2 kind:1   3 flags:1
 *     4 site:4      8 thread:8  16 parent:8
 *    24 created:8  32 edited:8
 *    40 replies:4  44 votes up:4  48 votes down:4
 *    52 levels:1   53 markup:1   54 name length:2
 *    56 website length:2         58 reports:2
 *    60 text length:4            64 html length:4
 *    68 identity:16   84 cookie:16   100 fingerprint:16
 *   116 sum:4
 *   120 place: levels * 12, then name, website, text, html
 *
 *   thread, little-endian
 *     0 version:1   1 flags:1   2 page length:2   4 title length:2
 *     6 sum:2       8 site:4   12 counts:5*4     32 version:8
 *    40 created:8  48 pinned:8
 *    56 when it has been shared (bit 7 of the flags): last time:8 counts:8*4
 *       when its page said something of itself (bit 6): time:8 length:2
 *       page, title, what it said
 *
 *   author, little-endian
 *     0 counts:5*4  20 upheld:4    24 first seen:8   32 last seen:8
 *    40 newest:2   42 ids of the newest comments:newest*8, rising
 *    then tally of posts, packed
 */

#include <assert.h>
#include <string.h>

#include "schema.h"


#define RECORD_VERSION   1
#define COMMENT_BYTES    120
#define THREAD_BYTES     56
#define AUTHOR_BYTES     42
#define COMMENT_SUM      116
#define THREAD_SUM       6
#define THREAD_SHARED    0x80            /* of the flags' byte */
#define THREAD_TOLD      0x40
#define TOLD_BYTES       ((size_t) 10)
#define SHARES_BYTES     ((size_t) 8 + 4 * CMT_SHARES_MAX)


static int take(cmt_str_t value, size_t *at, size_t len, cmt_str_t *out)
    CMT_CHECK;
static int decode_shares(cmt_str_t shares, cmt__thread_t *t) CMT_CHECK;
static int decode_told(cmt_str_t told, cmt_str_t value, size_t *at,
    cmt__thread_t *t) CMT_CHECK;
static uint8_t *give(uint8_t *p, cmt_str_t s);
static uint32_t sum(const uint8_t *in, size_t len, size_t end, size_t width);
static uint16_t fold(uint32_t sum);


size_t
cmt__comment_size(const cmt__comment_t *comment)
{
    return COMMENT_BYTES + comment->levels * CMT__PLACE_BYTES
           + comment->name.len + comment->website.len + comment->text.len
           + comment->html.len;
}


void
cmt__comment_encode(const cmt__comment_t *comment, uint8_t *out)
{
    size_t    place;
    uint8_t  *p;

    assert(comment->levels >= 1 && comment->levels <= CMT_LEVELS_MAX);
    assert(comment->name.len <= UINT16_MAX);
    assert(comment->website.len <= UINT16_MAX);
    assert(comment->reports <= UINT16_MAX);
    assert(comment->status >= CMT_APPROVED && comment->status <= CMT_DELETED);

    memset(out, 0, COMMENT_BYTES);

    out[0] = RECORD_VERSION;
    out[1] = (uint8_t) comment->status;
    out[2] = (uint8_t) comment->kind;
    out[3] = (uint8_t) comment->flags;
    cmt__le_put(out + 4, comment->site, 4);
    cmt__le_put(out + 8, comment->thread, 8);
    cmt__le_put(out + 16, comment->parent, 8);
    cmt__le_put(out + 24, (uint64_t) comment->created, 8);
    cmt__le_put(out + 32, (uint64_t) comment->edited, 8);
    cmt__le_put(out + 40, comment->replies, 4);
    cmt__le_put(out + 44, comment->votes_up, 4);
    cmt__le_put(out + 48, comment->votes_down, 4);
    out[52] = (uint8_t) comment->levels;
    out[53] = (uint8_t) comment->markup;
    cmt__le_put(out + 54, comment->name.len, 2);
    cmt__le_put(out + 56, comment->website.len, 2);
    cmt__le_put(out + 58, comment->reports, 2);
    cmt__le_put(out + 60, comment->text.len, 4);
    cmt__le_put(out + 64, comment->html.len, 4);
    memcpy(out + 68, comment->identity.bytes, CMT_HASH_BYTES);
    memcpy(out + 84, comment->cookie.bytes, CMT_HASH_BYTES);
    memcpy(out + 100, comment->fingerprint.bytes, CMT_HASH_BYTES);

    place = comment->levels * CMT__PLACE_BYTES;
    p = out + COMMENT_BYTES;
    memcpy(p, comment->place, place);

    p = give(p + place, comment->name);
    p = give(p, comment->website);
    p = give(p, comment->text);
    p = give(p, comment->html);

    assert((size_t) (p - out) == cmt__comment_size(comment));

    cmt__le_put(out + COMMENT_SUM,
                sum(out, (size_t) (p - out), COMMENT_SUM + 4, 4), 4);
}


int
cmt__comment_decode(uint64_t id, cmt_str_t value, cmt__comment_t *comment)
{
    size_t          at;
    cmt_str_t       place;
    const uint8_t  *in;
    cmt__comment_t  c;

    in = (const uint8_t *) value.data;

    if (value.len < COMMENT_BYTES || in[0] != RECORD_VERSION
        || in[1] < CMT_APPROVED || in[1] > CMT_DELETED
        || in[2] < CMT_COMMENT || in[2] > CMT_WEBMENTION
        || in[52] < 1 || in[52] > CMT_LEVELS_MAX)
    {
        return CMT_ECORRUPT;
    }

    memset(&c, 0, sizeof(c));

    c.id = id;
    c.status = (cmt_status_t) in[1];
    c.kind = (cmt_kind_t) in[2];
    c.flags = in[3];
    c.site = (uint32_t) cmt__le_get(in + 4, 4);
    c.thread = cmt__le_get(in + 8, 8);
    c.parent = cmt__le_get(in + 16, 8);
    c.created = (int64_t) cmt__le_get(in + 24, 8);
    c.edited = (int64_t) cmt__le_get(in + 32, 8);
    c.replies = (uint32_t) cmt__le_get(in + 40, 4);
    c.votes_up = (uint32_t) cmt__le_get(in + 44, 4);
    c.votes_down = (uint32_t) cmt__le_get(in + 48, 4);
    c.reports = (uint32_t) cmt__le_get(in + 58, 2);
    c.levels = in[52];
    c.markup = (cmt_markup_t) in[53];
    memcpy(c.identity.bytes, in + 68, CMT_HASH_BYTES);
    memcpy(c.cookie.bytes, in + 84, CMT_HASH_BYTES);
    memcpy(c.fingerprint.bytes, in + 100, CMT_HASH_BYTES);

    at = COMMENT_BYTES;

    if (take(value, &at, c.levels * CMT__PLACE_BYTES, &place) != CMT_OK
        || take(value, &at, cmt__le_get(in + 54, 2), &c.name) != CMT_OK
        || take(value, &at, cmt__le_get(in + 56, 2), &c.website) != CMT_OK
        || take(value, &at, cmt__le_get(in + 60, 4), &c.text) != CMT_OK
        || take(value, &at, cmt__le_get(in + 64, 4), &c.html) != CMT_OK
        || at != value.len)
    {
        return CMT_ECORRUPT;
    }

    memcpy(c.place, place.data, place.len);

    if (cmt__place_id(c.place + (c.levels - 1) * CMT__PLACE_BYTES) != id) {
        return CMT_ECORRUPT;
    }

    *comment = c;

    return CMT_OK;
}


size_t
cmt__thread_size(const cmt__thread_t *thread)
{
    return THREAD_BYTES + (thread->shared != 0 ? SHARES_BYTES : 0)
           + (thread->told != 0 ? TOLD_BYTES : 0)
           + thread->page.len + thread->title.len + thread->about.len;
}


void
cmt__thread_encode(const cmt__thread_t *thread, uint8_t *out)
{
    unsigned  i;
    uint8_t  *p;

    assert(thread->page.len > 0 && thread->page.len <= CMT_PAGE_BYTES_MAX);
    assert(thread->title.len <= UINT16_MAX);
    assert((thread->flags & ~(unsigned) CMT__THREAD_FLAGS) == 0);
    assert(thread->about.len <= CMT_PAGE_ABOUT_BYTES_MAX);
    assert(thread->told != 0 || thread->about.len == 0);

    memset(out, 0, THREAD_BYTES);

    out[0] = RECORD_VERSION;
    out[1] = (uint8_t) thread->flags;
    cmt__le_put(out + 2, thread->page.len, 2);
    cmt__le_put(out + 4, thread->title.len, 2);
    cmt__le_put(out + 8, thread->site, 4);

    for (i = 0; i < CMT__STATUSES; i++) {
        cmt__le_put(out + 12 + 4 * i, thread->counts[i], 4);
    }

    cmt__le_put(out + 32, thread->version, 8);
    cmt__le_put(out + 40, (uint64_t) thread->created, 8);
    cmt__le_put(out + 48, thread->pinned, 8);

    p = out + THREAD_BYTES;

    if (thread->shared != 0) {
        out[1] |= THREAD_SHARED;
        cmt__le_put(p, (uint64_t) thread->shared, 8);

        for (i = 0; i < CMT_SHARES_MAX; i++) {
            cmt__le_put(p + 8 + 4 * i, thread->shares[i], 4);
        }

        p += SHARES_BYTES;
    }

    if (thread->told != 0) {
        out[1] |= THREAD_TOLD;
        cmt__le_put(p, (uint64_t) thread->told, 8);
        cmt__le_put(p + 8, thread->about.len, 2);
        p += TOLD_BYTES;
    }

    p = give(p, thread->page);
    p = give(p, thread->title);
    p = give(p, thread->about);

    cmt__le_put(out + THREAD_SUM,
                fold(sum(out, (size_t) (p - out), THREAD_SUM + 2, 2)), 2);
}


int
cmt__thread_decode(uint64_t id, cmt_str_t value, cmt__thread_t *thread)
{
    size_t          at;
    unsigned        i;
    cmt_str_t       shares, told;
    cmt__thread_t   t;
    const uint8_t  *in;

    in = (const uint8_t *) value.data;

    if (value.len < THREAD_BYTES || in[0] != RECORD_VERSION
        || (in[1] & ~(CMT__THREAD_FLAGS | THREAD_SHARED | THREAD_TOLD)) != 0)
    {
        return CMT_ECORRUPT;
    }

    memset(&t, 0, sizeof(t));

    t.id = id;
    t.flags = in[1] & (unsigned) ~(THREAD_SHARED | THREAD_TOLD);
    t.site = (uint32_t) cmt__le_get(in + 8, 4);
    t.version = cmt__le_get(in + 32, 8);
    t.created = (int64_t) cmt__le_get(in + 40, 8);
    t.pinned = cmt__le_get(in + 48, 8);

    for (i = 0; i < CMT__STATUSES; i++) {
        t.counts[i] = (uint32_t) cmt__le_get(in + 12 + 4 * i, 4);
    }

    at = THREAD_BYTES;
    shares = told = cmt_null_str;

    if (((in[1] & THREAD_SHARED)
         && take(value, &at, SHARES_BYTES, &shares) != CMT_OK)
        || ((in[1] & THREAD_TOLD)
            && take(value, &at, TOLD_BYTES, &told) != CMT_OK))
    {
        return CMT_ECORRUPT;
    }

    if (take(value, &at, cmt__le_get(in + 2, 2), &t.page) != CMT_OK
        || take(value, &at, cmt__le_get(in + 4, 2), &t.title) != CMT_OK
        || decode_shares(shares, &t) != CMT_OK
        || decode_told(told, value, &at, &t) != CMT_OK
        || at != value.len)
    {
        return CMT_ECORRUPT;
    }

    *thread = t;

    return CMT_OK;
}


/* Nobody writes what is not there. */

static int
decode_shares(cmt_str_t shares, cmt__thread_t *t)
{
    unsigned        i;
    const uint8_t  *in;

    if (shares.len == 0) {
        return CMT_OK;
    }

    in = (const uint8_t *) shares.data;
    t->shared = (int64_t) cmt__le_get(in, 8);

    for (i = 0; i < CMT_SHARES_MAX; i++) {
        t->shares[i] = (uint32_t) cmt__le_get(in + 8 + 4 * i, 4);
    }

    return t->shared != 0 ? CMT_OK : CMT_ECORRUPT;
}


static int
decode_told(cmt_str_t told, cmt_str_t value, size_t *at, cmt__thread_t *t)
{
    size_t          len;
    const uint8_t  *in;

    if (told.len == 0) {
        return CMT_OK;
    }

    in = (const uint8_t *) told.data;
    t->told = (int64_t) cmt__le_get(in, 8);
    len = cmt__le_get(in + 8, 2);

    return t->told != 0 && len <= CMT_PAGE_ABOUT_BYTES_MAX
           ? take(value, at, len, &t->about) : CMT_ECORRUPT;
}


size_t
cmt__author_encode(const cmt__author_t *author, uint8_t *out)
{
    uint8_t   *p;
    unsigned   i;

    assert(author->tally.len <= CMT__TALLY_PACKED_MAX);
    assert(author->ids.len <= 8 * CMT__AUTHOR_NEWEST_MAX);

    memset(out, 0, AUTHOR_BYTES);

    for (i = 0; i < CMT__STATUSES; i++) {
        cmt__le_put(out + 4 * i, author->counts[i], 4);
    }

    cmt__le_put(out + 20, author->upheld, 4);
    cmt__le_put(out + 24, (uint64_t) author->first_seen, 8);
    cmt__le_put(out + 32, (uint64_t) author->last_seen, 8);
    cmt__le_put(out + 40, author->ids.len / 8, 2);

    p = give(out + AUTHOR_BYTES, author->ids);

    return (size_t) (give(p, author->tally) - out);
}


int
cmt__author_decode(cmt_str_t value, cmt__author_t *author)
{
    size_t          at;
    unsigned        i;
    const uint8_t  *in;

    if (value.len < AUTHOR_BYTES || value.len > CMT__AUTHOR_BYTES_MAX) {
        return CMT_ECORRUPT;
    }

    in = (const uint8_t *) value.data;
    at = AUTHOR_BYTES;

    if (take(value, &at, 8 * cmt__le_get(in + 40, 2), &author->ids) != CMT_OK
        || author->ids.len > 8 * CMT__AUTHOR_NEWEST_MAX)
    {
        return CMT_ECORRUPT;
    }

    for (i = 0; i < CMT__STATUSES; i++) {
        author->counts[i] = (uint32_t) cmt__le_get(in + 4 * i, 4);
    }

    author->upheld = (uint32_t) cmt__le_get(in + 20, 4);
    author->first_seen = (int64_t) cmt__le_get(in + 24, 8);
    author->last_seen = (int64_t) cmt__le_get(in + 32, 8);
    author->tally = cmt__str_sub(value, at, value.len);

    if (author->tally.len > CMT__TALLY_PACKED_MAX) {
        return CMT_ECORRUPT;
    }

    return CMT_OK;
}


static int
take(cmt_str_t value, size_t *at, size_t len, cmt_str_t *out)
{
    if (len > value.len - *at) {
        return CMT_ECORRUPT;
    }

    out->len = len;
    out->data = value.data + *at;
    *at += len;

    return CMT_OK;
}


static uint8_t *
give(uint8_t *p, cmt_str_t s)
{
    if (s.len > 0) {
        memcpy(p, s.data, s.len);
    }

    return p + s.len;
}


int
cmt__comment_is_unchanged(cmt_str_t value)
{
    const uint8_t  *in;

    in = (const uint8_t *) value.data;

    return value.len >= COMMENT_BYTES
           && cmt__le_get(in + COMMENT_SUM, 4)
              == sum(in, value.len, COMMENT_SUM + 4, 4);
}


int
cmt__thread_is_unchanged(cmt_str_t value)
{
    const uint8_t  *in;

    in = (const uint8_t *) value.data;

    return value.len >= THREAD_BYTES
           && cmt__le_get(in + THREAD_SUM, 2)
              == fold(sum(in, value.len, THREAD_SUM + 2, 2));
}


static inline uint32_t
word_at(const uint8_t *in)
{
    return (uint32_t) in[0] | (uint32_t) in[1] << 8 | (uint32_t) in[2] << 16
           | (uint32_t) in[3] << 24;
}


/*
 * FNV-1a of a record in steps of four bytes, but for the width last bytes of
 * the four that end at end, where its sum stands: each step can be undone, so
 * one byte that differs is always seen.
 */
static uint32_t
sum(const uint8_t *in, size_t len, size_t end, size_t width)
{
    size_t    i;
    uint32_t  h, word;

    h = 2166136261u;

    for (i = 0; len - i >= 4; i += 4) {
        word = word_at(in + i);

        if (i + 4 == end) {
            word = width == 4 ? 0 : word & 0xffff;
        }

        h = (h ^ word) * 16777619u;
    }

    for ( /* void */ ; i < len; i++) {
        h = (h ^ in[i]) * 16777619u;
    }

    return h;
}


static uint16_t
fold(uint32_t sum)
{
    return (uint16_t) (sum ^ sum >> 16);
}
