/*
 * arena_test.c: memory that is given back all at once, and text that grows
 * in it.
 */

#include "core/base/base.h"

#include "tap.h"


#define PIECES  2000


static void test_pieces(void);
static void test_limit(void);
static void test_reset(void);
static void test_faults(void);
static void test_buf(void);
static void test_buf_faults(void);


int
main(void)
{
    test_pieces();
    test_limit();
    test_reset();
    test_faults();
    test_buf();
    test_buf_faults();

    return done();
}


static void
test_pieces(void)
{
    int           aligned, apart;
    size_t        i, j, size;
    uint8_t      *pieces[PIECES];
    cmt_arena_t  *arena;

    arena = cmt_arena_create(CMT_ARENA_BYTES_MAX);

    ok(arena != NULL, "an arena is made");
    is_int(cmt_arena_used(arena), 0, "nothing of it is used");
    ok(cmt_alloc(arena, 0) != NULL, "no bytes are a valid piece");

    aligned = 1;

    for (i = 0; i < PIECES; i++) {
        size = i * 7 % 3000;
        pieces[i] = i % 2 ? cmt_alloc(arena, size) : cmt_calloc(arena, size);
        aligned &= pieces[i] != NULL && ((uintptr_t) pieces[i] & 15) == 0;
        memset(pieces[i], (int) (i & 0xff), size);
    }

    apart = 1;

    for (i = 0; i < PIECES; i++) {
        for (j = 0; j < i * 7 % 3000; j++) {
            apart &= pieces[i][j] == (i & 0xff);
        }
    }

    ok(aligned, "every piece is aligned for any type");
    ok(apart, "no piece lies over another");

    size = cmt_arena_used(arena);
    pieces[0] = cmt_calloc(arena, 1000000);
    ok(pieces[0] != NULL, "a piece may be larger than a block");
    ok(pieces[0][0] == 0 && pieces[0][999999] == 0, "and is zeroed on demand");
    is_int(cmt_arena_used(arena) - size, 1000000, "what is used is counted");

    pieces[1] = cmt_alloc(arena, 16);
    ok(pieces[1] != NULL, "small pieces follow a large one");
    memset(pieces[0], 'x', 1000000);
    memset(pieces[1], 'x', 16);

    cmt_arena_wipe(arena);

    for (i = 0; i < 1000000 && pieces[0][i] == 0; i++) { /* void */ }

    ok(i == 1000000 && pieces[1][0] == 0 && pieces[1][15] == 0,
       "what they held can be wiped");
    ok(pieces[PIECES - 1][0] == 0, "in every block");

    cmt_arena_destroy(arena);
    cmt_arena_destroy(NULL);
    ok(1, "no arena can be destroyed, too");
}


static void
test_limit(void)
{
    size_t        n;
    cmt_arena_t  *arena;

    arena = cmt_arena_create(100000);
    ok(cmt_alloc(arena, 100001) == NULL, "one byte more than all is refused");
    ok(cmt_alloc(arena, 100000) != NULL, "all bytes can be one piece");
    ok(cmt_alloc(arena, 1) == NULL, "then no other byte is given");
    ok(cmt_alloc(arena, 0) != NULL, "but no bytes are");
    cmt_arena_destroy(arena);

    arena = cmt_arena_create(64);
    ok(cmt_alloc(arena, 48) != NULL, "an arena can be smaller than a block");
    ok(cmt_alloc(arena, 17) == NULL, "17 bytes do not fit into 16");
    ok(cmt_alloc(arena, 16) != NULL, "16 do");
    ok(cmt_alloc(arena, SIZE_MAX) == NULL, "a size that wraps is refused");
    ok(cmt_alloc(arena, SIZE_MAX - 20) == NULL, "so is one that would");
    ok(cmt_calloc(arena, SIZE_MAX / 2 + 1) == NULL, "zeroed or not");
    cmt_arena_destroy(arena);

    arena = cmt_arena_create(0);
    ok(arena != NULL && cmt_alloc(arena, 1) == NULL,
       "an arena of nothing gives nothing");
    cmt_arena_destroy(arena);

    /* the second block is smaller than the first: no more may be taken */

    arena = cmt_arena_create(20000);
    for (n = 0; cmt_alloc(arena, 10) != NULL; n++) { /* void */ }
    is_int(n, 20000 / 16, "small pieces, too, reach the limit exactly");
    cmt_arena_destroy(arena);

#if !defined(__SANITIZE_ADDRESS__)
    arena = cmt_arena_create(SIZE_MAX);
    ok(cmt_alloc(arena, SIZE_MAX / 4) == NULL,
       "what the system does not have is not given");
    is_int(cmt_arena_used(arena), 0, "nor counted");
    cmt_arena_destroy(arena);
#endif
}


static void
test_reset(void)
{
    int           i;
    void         *first, *again;
    cmt_arena_t  *arena;

    arena = cmt_arena_create(CMT_ARENA_BYTES_MAX);
    first = cmt_alloc(arena, 100);

    for (i = 0; i < 1000; i++) {
        if (cmt_alloc(arena, 5000) == NULL) {
            break;
        }
    }

    is_int(i, 1000, "an arena holds many pieces");

    cmt_arena_reset(arena);
    is_int(cmt_arena_used(arena), 0, "after a reset nothing is used");

    again = cmt_alloc(arena, 100);

#if defined(__SANITIZE_ADDRESS__)
    ok(again != NULL, "after a reset there is memory again");
    (void) first;
#else
    ok(again == first, "a reset keeps the first block");
#endif

    cmt_arena_reset(arena);
    ok(cmt_alloc(arena, CMT_ARENA_BYTES_MAX) != NULL,
       "after a reset all of it can be had");

    cmt_arena_destroy(arena);
}


static void
test_faults(void)
{
    cmt_arena_t  *arena;

    is_int(cmt__arena_fail_at(1), 0, "no fault is due from the start");
    ok(cmt_arena_create(1000) == NULL, "making an arena can fail");

    arena = cmt_arena_create(1000);
    ok(arena != NULL, "but once only");

    (void) cmt__arena_fail_at(2);
    ok(cmt_alloc(arena, 1) != NULL, "the first allocation does not fail");
    ok(cmt_calloc(arena, 1) == NULL, "the second does");
    ok(cmt_alloc(arena, 1) != NULL, "the third does not");

    (void) cmt__arena_fail_at(5);
    ok(cmt_alloc(arena, 1) != NULL, "an early end");
    is_int(cmt__arena_fail_at(0), 4, "leaves a fault that has not come");

    cmt_arena_destroy(arena);
}


static void
test_buf(void)
{
    int           i;
    cmt_str_t     s;
    cmt__buf_t    b;
    cmt_arena_t  *arena;

    arena = cmt_arena_create(CMT_ARENA_BYTES_MAX);

    cmt__buf_init(&b, arena, 0);
    is_int(cmt__buf_end(&b, &s), CMT_OK, "an empty text ends well");
    ok(s.len == 0 && s.data != NULL, "and is a string");

    cmt__buf_init(&b, arena, 4);
    cmt__buf_lit(&b, "<");
    cmt__buf_char(&b, '|');
    cmt__buf_put(&b, "abc", 2);
    cmt__buf_str_put(&b, cmt_str("xyz"));
    cmt__buf_str_put(&b, cmt_null_str);
    cmt__buf_u64(&b, 0);
    cmt__buf_char(&b, ' ');
    cmt__buf_u64(&b, UINT64_MAX);
    cmt__buf_char(&b, ' ');
    cmt__buf_i64(&b, INT64_MIN);
    cmt__buf_char(&b, ' ');
    cmt__buf_i64(&b, -1);
    cmt__buf_i64(&b, 1);

    is_int(cmt__buf_end(&b, &s), CMT_OK, "a text that outgrew its size");
    is_str(s, "<|abxyz0 18446744073709551615 -9223372036854775808 -11",
           "pieces and numbers follow each other");

    cmt__buf_init(&b, arena, 0);

    for (i = 0; i < 100000; i++) {
        cmt__buf_char(&b, (char) ('a' + i % 26));
    }

    is_int(cmt__buf_end(&b, &s), CMT_OK, "a text grows");
    ok(s.len == 100000 && s.data[99999] == 'a' + 99999 % 26, "to any length");

    cmt_arena_destroy(arena);
}


static void
test_buf_faults(void)
{
    cmt_str_t     s;
    cmt__buf_t    b;
    cmt_arena_t  *arena;

    arena = cmt_arena_create(1000);
    s = cmt_str("as it was");

    cmt__buf_init(&b, arena, 900);
    cmt__buf_lit(&b, "a");
    ok(cmt__buf_room(&b, 899), "there is as much room as was asked for");
    ok(!cmt__buf_room(&b, 900), "one byte more does not fit");
    cmt__buf_lit(&b, "b");
    is_int(cmt__buf_end(&b, &s), CMT_ENOMEM, "that is told at the end");
    is_str(s, "as it was", "and the output is untouched");

    cmt_arena_reset(arena);
    cmt__buf_init(&b, arena, SIZE_MAX);
    is_int(cmt__buf_end(&b, &s), CMT_ENOMEM, "a size that wraps is refused");

    cmt__buf_init(&b, arena, 16);
    ok(!cmt__buf_room(&b, SIZE_MAX), "growing by one that wraps, too");

    cmt_arena_destroy(arena);
}
