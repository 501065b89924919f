/*
 * jsonl.c: one line of an import.  What is taken must keep its promises, and
 * JSON that is written again must read back as the same.
 */

#include "core/exchange/exchange.h"

#include "fuzz.h"


static void record(cmt_arena_t *arena, cmt_str_t text);
static void copy(cmt_arena_t *arena, cmt_str_t text);


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    cmt_str_t     s;
    cmt_arena_t  *arena;

    arena = cmt_arena_create(CMT_ARENA_BYTES_MAX);
    s = (cmt_str_t) { size, (const char *) data };

    record(arena, s);
    copy(arena, s);

    cmt_arena_destroy(arena);

    return 0;
}


static void
record(cmt_arena_t *arena, cmt_str_t text)
{
    int            rc;
    cmt_error_t    err;
    cmt__record_t  r;

    memset(&err, 0, sizeof(err));
    memset(&r, 0, sizeof(r));

    rc = cmt__record_read(arena, text, &r, &err);

    if (rc != CMT_OK) {
        expect(rc == CMT_EJSON || rc == CMT_EFIELD || rc == CMT_ENOMEM);
        expect(err.rc == rc);
        return;
    }

    expect(r.comment.uid.len != 0);
    expect(r.comment.uid.len
           <= CMT__SOURCE_BYTES_MAX + sizeof(CMT__ID_PREFIX) - 1);
    expect(r.parent.len <= CMT__SOURCE_BYTES_MAX);
    expect(r.comment.page.len != 0);
    expect(r.comment.created > 0 && r.comment.edited >= 0);
    expect(cmt_status_name(r.comment.status)[0] != '?');
    expect(cmt_kind_name(r.comment.kind)[0] != '?');
    expect(r.comment.status != CMT_DELETED || r.comment.text.len == 0);
    expect(!r.comment.has_identity || r.comment.email.len == 0);
}


static void
copy(cmt_arena_t *arena, cmt_str_t text)
{
    cmt_str_t           once, twice;
    cmt__buf_t          b;
    const cmt__json_t  *root;

    if (cmt__json_parse(arena, text, &root, NULL) != CMT_OK) {
        return;
    }

    cmt__buf_init(&b, arena, 0);
    cmt__json_copy(&b, root);
    if (cmt__buf_end(&b, &once) != CMT_OK) {
        return;
    }

    expect(cmt__json_parse(arena, once, &root, NULL) == CMT_OK);

    cmt__buf_init(&b, arena, 0);
    cmt__json_copy(&b, root);
    if (cmt__buf_end(&b, &twice) == CMT_OK) {
        expect(cmt__str_eq(once, twice));
    }
}
