/*
 * What is compressed comes back whole, whatever stands in the hole.
 */

#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "core/cmt.h"

#include "tap.h"


#define TEXT_BYTES  100000
#define OUT_BYTES   (TEXT_BYTES + CMT_GZIP_HOLE_BYTES_MAX + 1)


static char  text[TEXT_BYTES], filled[OUT_BYTES], packed[OUT_BYTES],
             out[OUT_BYTES];


static void make_text(void);
static int round_trip(size_t n, size_t at, size_t hole, size_t fill,
    int level);
static size_t add(size_t n, const char *data, size_t len);
static void test_memory(void);


int
main(void)
{
    int     ok_all, level;
    size_t  at;

    make_text();

    ok(round_trip(TEXT_BYTES, 0, 0, 0, 5), "a text without a hole");
    ok(round_trip(0, 0, 0, 0, 5), "nothing at all");
    ok(round_trip(1, 0, 0, 0, 5), "one byte");
    ok(round_trip(43, 0, 43, 43, 5), "nothing but a hole");
    ok(round_trip(5000, 0, 43, 43, 5), "a hole at the begin");
    ok(round_trip(5000, 5000 - 43, 43, 43, 5), "a hole at the end");
    ok(round_trip(5000, 777, 43, 0, 5), "one filled with nothing");
    ok(round_trip(5000, 777, 1, CMT_GZIP_HOLE_BYTES_MAX, 5),
       "one filled with as much as can be");
    ok(round_trip(TEXT_BYTES, 10, CMT_GZIP_HOLE_BYTES_MAX, 43, 5),
       "a hole as large as can be");

    ok_all = 1;

    for (at = 0; at <= 300; at++) {
        ok_all &= round_trip(400, at, 100, 43, 6);
    }

    ok(ok_all, "a hole anywhere");

    ok_all = 1;

    for (level = 1; level <= CMT_GZIP_LEVEL_MAX; level++) {
        ok_all &= round_trip(TEXT_BYTES, 30000, 43, 43, level);
    }

    ok(ok_all, "every level");

    test_memory();

    return done();
}


/* Words, and some bytes that no compression helps. */
static void
make_text(void)
{
    size_t  i;

    for (i = 0; i < TEXT_BYTES; i++) {
        text[i] = i % 1000 < 800 ? "the same words again, "[i % 22]
                                 : (char) rand();
    }
}


/* n bytes of the text with a hole, into which other bytes are put. */
static int
round_trip(size_t n, size_t at, size_t hole, size_t fill, int level)
{
    int           rc;
    char          head[CMT_GZIP_HEAD_BYTES], end[CMT_GZIP_TRAILER_BYTES];
    size_t        want, have;
    z_stream      z;
    cmt_gzip_t    gzip;
    cmt_arena_t  *arena;
    cmt_error_t   err;

    arena = cmt_arena_create(CMT_ARENA_BYTES_MAX);

    rc = cmt_gzip_make((cmt_str_t) { n, text }, at, hole, level, arena, &gzip,
                       &err);
    if (rc != CMT_OK) {
        return 0;
    }

    have = add(0, gzip.before.data, gzip.before.len);
    memcpy(filled, text, n);
    want = n;

    if (hole > 0) {
        cmt_gzip_fill(&gzip, (cmt_str_t) { fill, text + 1 }, head, end);
        have = add(have, head, sizeof(head));
        have = add(have, text + 1, fill);
        have = add(have, gzip.behind.data, gzip.behind.len);
        have = add(have, end, sizeof(end));

        memcpy(filled + at, text + 1, fill);
        memcpy(filled + at + fill, text + at + hole, n - at - hole);
        want = n - hole + fill;
    }

    cmt_arena_destroy(arena);

    memset(&z, 0, sizeof(z));
    z.next_in = (Bytef *) packed;
    z.avail_in = (uInt) have;
    z.next_out = (Bytef *) out;
    z.avail_out = OUT_BYTES;

    /* 16: gzip alone, whose trailer zlib checks */

    rc = inflateInit2(&z, MAX_WBITS + 16);
    rc = rc == Z_OK ? inflate(&z, Z_FINISH) : rc;
    (void) inflateEnd(&z);

    return rc == Z_STREAM_END && z.avail_in == 0
           && OUT_BYTES - z.avail_out == want
           && memcmp(out, filled, want) == 0;
}


static size_t
add(size_t n, const char *data, size_t len)
{
    memcpy(packed + n, data, len);

    return n + len;
}


static void
test_memory(void)
{
    int           rc;
    size_t        bytes;
    cmt_gzip_t    gzip;
    cmt_error_t   err;
    cmt_arena_t  *arena;

    rc = CMT_ENOMEM;

    for (bytes = 4096; rc == CMT_ENOMEM && bytes < 1 << 20; bytes += 4096) {
        arena = cmt_arena_create(bytes);
        rc = cmt_gzip_make((cmt_str_t) { 10000, text }, 5000, 43, 5, arena,
                           &gzip, &err);
        cmt_arena_destroy(arena);
    }

    is_int(rc, CMT_OK, "with too little memory it fails, and does no harm");
    ok(bytes > 200000, "it was so many times");
    ok(bytes < 350000, "300 KB and the bodies are enough");
}
