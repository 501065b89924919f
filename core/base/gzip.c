/*
 * gzip.c: bodies that are compressed once and sent often.
 *
 *   before   header:10, deflate blocks of what stands before the hole
 *   hole     00 length:2 ~length:2, then the bytes themselves: a stored block
 *   behind   deflate blocks of what stands behind it; knows nothing of before
 *   trailer  crc:4 length:4, of all
 *
 * So a hole may be filled with other bytes each time.  Blocks end at whole
 * bytes: the first part by an empty stored block (a sync flush), the last one
 * because it ends.  The only file that sees <zlib.h>.
 */

#include <assert.h>
#include <limits.h>
#include <string.h>

#include <zlib.h>

#include "base.h"


#define HEADER_BYTES  10
#define RAW_DEFLATE   (-MAX_WBITS)
#define FLUSH_BYTES   16                 /* more than a sync flush adds */


static int deflate_part(z_stream *z, cmt_str_t in, int flush,
    cmt_arena_t *arena, cmt_str_t *out) CMT_CHECK;
static void trailer(char *out, uint32_t crc, size_t bytes);
static voidpf arena_alloc(voidpf arena, uInt items, uInt size);
static void arena_free(voidpf arena, voidpf address);


int
cmt_gzip_make(cmt_str_t text, size_t hole_at, size_t hole_bytes, int level,
    cmt_arena_t *arena, cmt_gzip_t *gzip, cmt_error_t *err)
{
    int         rc, hole;
    z_stream    z;
    cmt_str_t   before, behind;
    cmt_gzip_t  made;

    assert(hole_at <= text.len && hole_bytes <= text.len - hole_at);
    assert(hole_bytes <= CMT_GZIP_HOLE_BYTES_MAX && text.len <= INT_MAX);

    hole = hole_bytes > 0;
    before = cmt__str_sub(text, 0, hole ? hole_at : text.len);
    behind = hole ? cmt__str_sub(text, hole_at + hole_bytes, text.len)
                  : cmt_null_str;

    memset(&z, 0, sizeof(z));
    z.zalloc = arena_alloc;
    z.zfree = arena_free;
    z.opaque = arena;

    /* What zlib allocates is given back with the arena. */

    if (deflateInit2(&z, level, Z_DEFLATED, RAW_DEFLATE, MAX_MEM_LEVEL - 1,
                     Z_DEFAULT_STRATEGY) != Z_OK)
    {
        return cmt__fail(err, CMT_ENOMEM, NULL, "no memory to compress");
    }

    memset(&made, 0, sizeof(made));

    rc = deflate_part(&z, before, hole ? Z_SYNC_FLUSH : Z_FINISH, arena,
                      &made.before);

    if (rc == CMT_OK && hole) {
        (void) deflateReset(&z);
        rc = deflate_part(&z, behind, Z_FINISH, arena, &made.behind);

        made.behind = cmt__str_sub(made.behind, HEADER_BYTES,
                                   made.behind.len);
    }

    (void) deflateEnd(&z);

    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, "no memory to compress");
    }

    made.before_crc = (uint32_t) crc32(0, (const Bytef *) before.data,
                                       (uInt) before.len);
    made.behind_crc = (uint32_t) crc32(0, (const Bytef *) behind.data,
                                       (uInt) behind.len);
    made.before_bytes = before.len;
    made.behind_bytes = behind.len;

    if (!hole) {
        trailer((char *) made.before.data + made.before.len,
                made.before_crc, before.len);
        made.before.len += CMT_GZIP_TRAILER_BYTES;
    }

    *gzip = made;

    return CMT_OK;
}


void
cmt_gzip_fill(const cmt_gzip_t *gzip, cmt_str_t fill,
    char head[CMT_GZIP_HEAD_BYTES], char end[CMT_GZIP_TRAILER_BYTES])
{
    uLong  crc;

    assert(fill.len <= CMT_GZIP_HOLE_BYTES_MAX);

    head[0] = 0;
    head[1] = (char) (fill.len & 0xff);
    head[2] = (char) (fill.len >> 8);
    head[3] = (char) ~head[1];
    head[4] = (char) ~head[2];

    crc = crc32(gzip->before_crc, (const Bytef *) fill.data, (uInt) fill.len);
    crc = crc32_combine(crc, gzip->behind_crc, (z_off_t) gzip->behind_bytes);

    trailer(end, (uint32_t) crc,
            gzip->before_bytes + fill.len + gzip->behind_bytes);
}


/* With the header before it and room for a trailer behind it. */
static int
deflate_part(z_stream *z, cmt_str_t in, int flush, cmt_arena_t *arena,
    cmt_str_t *out)
{
    int     rc;
    char   *p;
    size_t  room;

    static const char  header[HEADER_BYTES] =
        { '\x1f', '\x8b', 8, 0, 0, 0, 0, 0, 0, '\xff' };

    room = deflateBound(z, (uLong) in.len) + FLUSH_BYTES;

    p = cmt_alloc(arena, HEADER_BYTES + room + CMT_GZIP_TRAILER_BYTES);
    if (p == NULL) {
        return CMT_ENOMEM;
    }

    memcpy(p, header, HEADER_BYTES);

    z->next_in = (Bytef *) (uintptr_t) in.data;
    z->avail_in = (uInt) in.len;
    z->next_out = (Bytef *) p + HEADER_BYTES;
    z->avail_out = (uInt) room;

    rc = deflate(z, flush);

    if (rc != (flush == Z_FINISH ? Z_STREAM_END : Z_OK) || z->avail_out == 0) {
        return CMT_ENOMEM;       /* more than the bound: cannot be */
    }

    out->data = p;
    out->len = HEADER_BYTES + room - z->avail_out;

    return CMT_OK;
}


static void
trailer(char *out, uint32_t crc, size_t bytes)
{
    unsigned  i;

    for (i = 0; i < 4; i++) {
        out[i] = (char) (crc >> (8 * i) & 0xff);
        out[4 + i] = (char) (bytes >> (8 * i) & 0xff);
    }
}


static voidpf
arena_alloc(voidpf arena, uInt items, uInt size)
{
    return cmt_calloc(arena, (size_t) items * size);
}


static void
arena_free(voidpf arena, voidpf address)
{
    (void) arena;
    (void) address;
}
