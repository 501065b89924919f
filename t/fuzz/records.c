/*
 * records.c: any bytes as a record of the store, as a damaged file has them.
 * What is taken lies inside of them, and is written again as it was.  The
 * first byte chooses.
 */

#include "core/store/schema.h"
#include "core/store/search.h"

#include "fuzz.h"


#define ID  7


static void comment(cmt_str_t value);
static void thread(cmt_str_t value);
static void author(cmt_str_t value);
static void recent(cmt_str_t value);
static void receipt(cmt_str_t value, int is_json);
static void ids(cmt_str_t value, unsigned size);
static void inside(cmt_str_t value, cmt_str_t part);


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    cmt_str_t       s;
    cmt__ban_t      ban;
    cmt__session_t  session;

    if (size == 0) {
        return 0;
    }

    s = (cmt_str_t) { size - 1, (const char *) data + 1 };

    switch (data[0] % 8) {

    case 0:
        comment(s);
        break;

    case 1:
        thread(s);
        break;

    case 2:
        ids(s, data[0] & 64 ? CMT__SEGMENT_FULL : CMT__SEGMENT_SMALL);
        break;

    case 3:
        if (cmt__ban_decode(s, &ban) == CMT_OK) {
            inside(s, ban.actor);
            inside(s, ban.domain);
            inside(s, ban.note);
        }
        break;

    case 4:
        if (cmt__session_decode(s, &session) == CMT_OK) {
            inside(s, session.name);
        }
        break;

    case 5:
        if (data[0] & 64) {
            recent(s);
        } else {
            author(s);
        }
        break;

    default:
        receipt(s, data[0] % 8 == 7);
    }

    return 0;
}


static void
comment(cmt_str_t value)
{
    uint8_t        *out;
    cmt__comment_t  c, again;

    if (cmt__comment_decode(ID, value, &c) != CMT_OK) {
        return;
    }

    (void) cmt__comment_is_unchanged(value);
    inside(value, c.name);
    inside(value, c.website);
    inside(value, c.text);
    inside(value, c.html);

    expect(cmt__comment_size(&c) == value.len);
    out = malloc(value.len);
    expect(out != NULL);
    cmt__comment_encode(&c, out);

    value.data = (const char *) out;
    expect(cmt__comment_decode(ID, value, &again) == CMT_OK);
    expect(cmt__comment_is_unchanged(value));
    expect(cmt__str_eq(c.html, again.html) && c.status == again.status);
    free(out);
}


static void
thread(cmt_str_t value)
{
    uint8_t       *out;
    cmt__thread_t  t, again;

    if (cmt__thread_decode(ID, value, &t) != CMT_OK) {
        return;
    }

    (void) cmt__thread_is_unchanged(value);
    inside(value, t.page);
    inside(value, t.title);
    expect(cmt__thread_size(&t) == value.len);

    if (t.page.len == 0 || t.page.len > CMT_PAGE_BYTES_MAX) {
        return;                          /* nobody writes such a one */
    }

    out = malloc(value.len);
    expect(out != NULL);
    cmt__thread_encode(&t, out);

    value.data = (const char *) out;
    expect(cmt__thread_decode(ID, value, &again) == CMT_OK);
    expect(cmt__thread_is_unchanged(value));
    expect(cmt__str_eq(t.page, again.page) && t.pinned == again.pinned);
    free(out);
}


static void
author(cmt_str_t value)
{
    size_t         n;
    uint8_t        out[CMT__AUTHOR_BYTES_MAX];
    int64_t        expires;
    uint64_t       posts;
    cmt__author_t  a, again;

    if (cmt__author_decode(value, &a) != CMT_OK) {
        return;
    }

    inside(value, a.ids);
    inside(value, a.tally);

    expect(cmt__author_encode(&a, out) == value.len);
    expect(cmt__author_decode((cmt_str_t) { value.len, (const char *) out },
                              &again)
           == CMT_OK);
    expect(cmt__str_eq(a.tally, again.tally));
    expect(cmt__str_eq(a.ids, again.ids));

    (void) !cmt__tally_packed_get(a.tally, 86400, 1400000000, &posts);
    (void) !cmt__tally_packed_expires(a.tally, &expires);

    if (cmt__tally_packed_add(a.tally, CMT__TALLY_DAY, 1400000000, out, &n)
        == CMT_OK)
    {
        expect(n <= CMT__TALLY_PACKED_MAX);
    }
}


static void
recent(cmt_str_t value)
{
    size_t         i;
    cmt__recent_t  entry;

    for (i = 0; cmt__recent_entry(value, i, &entry) == CMT_OK; i++) {
        expect(i < CMT__RECENT_MAX);
    }
}


/* What was packed is unpacked as it was. */

static void
receipt(cmt_str_t value, int is_json)
{
    cmt_str_t           packed, json;
    cmt_arena_t        *arena;
    const cmt__json_t  *root;

    arena = cmt_arena_create(CMT_ARENA_BYTES_MAX);
    expect(arena != NULL);

    if (!is_json) {
        if (cmt__receipt_unpack(arena, value, &json) == CMT_OK) {
            expect(json.len <= CMT__RECEIPT_BYTES_MAX);
        }

    } else if (cmt__json_parse(arena, value, &root, NULL) == CMT_OK
               && root->type == CMT__JSON_OBJECT
               && cmt__receipt_pack(arena, value, &packed) == CMT_OK)
    {
        expect(cmt__receipt_unpack(arena, packed, &json) == CMT_OK);
        expect(cmt__str_eq(value, json));
    }

    cmt_arena_destroy(arena);
}


static void
ids(cmt_str_t value, unsigned size)
{
    size_t           n;
    uint8_t          out[sizeof(cmt__idset_t)];
    cmt__idset_t     set, again;
    cmt__segment_t   segment;

    memset(&segment, 0, sizeof(segment));
    segment.size = size;

    if (cmt__idset_decode(&segment, value, &set) != CMT_OK) {
        return;
    }

    n = cmt__idset_encode(&segment, &set, out);
    expect(n <= sizeof(out));
    expect(cmt__idset_decode(&segment,
                             (cmt_str_t) { n, (const char *) out }, &again)
           == CMT_OK);
    expect(memcmp(&set, &again, sizeof(set)) == 0);
}


static void
inside(cmt_str_t value, cmt_str_t part)
{
    expect(part.data >= value.data
           && part.data + part.len <= value.data + value.len);
}
