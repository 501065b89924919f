/*
 * arena.c: memory that is given back all at once.  The only file of the
 * library that calls malloc().
 *
 *   arena ---> current block ---> older block ---> ... ---> first block
 *                |head|used....|free....|
 *
 * Small pieces are cut from the current block; a new one is twice as large
 * as the one before.  A piece that is large beside the next block gets a
 * block of its own behind the current one, so that the free end of the
 * current block is not lost.
 *
 * bytes_max bounds what callers took, each piece rounded up to 16 bytes; the
 * unused ends of blocks come on top.
 *
 * With AddressSanitizer every piece is a block of its own, so that reading
 * or writing past its end is seen.
 */

#include <stdlib.h>
#include <string.h>

#include "base.h"


#define ALIGN           ((size_t) 16)
#define align_up(n)     (((n) + (ALIGN - 1)) & ~(ALIGN - 1))

#if defined(__SANITIZE_ADDRESS__)
#define ONE_PIECE_BLOCKS  1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ONE_PIECE_BLOCKS  1
#endif
#endif

#ifndef ONE_PIECE_BLOCKS
#define ONE_PIECE_BLOCKS  0
#endif


typedef struct block_s  block_t;

struct block_s {
    block_t              *older;
    size_t                size;        /* of what follows this head */
    size_t                used;
    _Alignas(16) uint8_t  data[];
};

struct cmt_arena_s {
    block_t              *current;
    block_t              *first;       /* survives a reset; NULL under ASan */
    size_t                next_size;   /* of the next block                 */
    size_t                used;        /* sum of all rounded pieces         */
    size_t                bytes_max;
};


static int fault_is_due(void);
static block_t *block_create(size_t size);
static void *alloc_block(cmt_arena_t *arena, size_t bytes, size_t rounded);


/* A test hook and not state: 0 outside of tests. */
static _Thread_local long  fail_at;

long
cmt__arena_fail_at(long n)
{
    long  left;

    left = fail_at;
    fail_at = n;

    return left;
}


cmt_arena_t *
cmt_arena_create(size_t bytes_max)
{
    size_t        size;
    cmt_arena_t  *arena;

    if (fault_is_due()) {
        return NULL;
    }

    arena = calloc(1, sizeof(cmt_arena_t));
    if (arena == NULL) {
        return NULL;
    }

    size = CMT__ARENA_BLOCK_BYTES;
    if (size > bytes_max) {
        size = bytes_max & ~(ALIGN - 1);
    }

    arena->bytes_max = bytes_max;
    arena->next_size = 2 * size;

    if (!ONE_PIECE_BLOCKS) {
        arena->first = block_create(size);
        arena->current = arena->first;

        if (arena->first == NULL) {
            free(arena);
            return NULL;
        }
    }

    return arena;
}


void
cmt_arena_reset(cmt_arena_t *arena)
{
    block_t  *block, *older;

    for (block = arena->current; block != NULL; block = older) {
        older = block->older;

        if (block != arena->first) {
            free(block);
        }
    }

    arena->current = arena->first;
    arena->used = 0;

    if (arena->first != NULL) {
        arena->first->older = NULL;
        arena->first->used = 0;
        arena->next_size = 2 * arena->first->size;
    }
}


void
cmt_arena_destroy(cmt_arena_t *arena)
{
    if (arena == NULL) {
        return;
    }

    cmt_arena_reset(arena);
    free(arena->first);
    free(arena);
}


void
cmt_arena_wipe(cmt_arena_t *arena)
{
    block_t  *block;

    for (block = arena->current; block != NULL; block = block->older) {
        explicit_bzero(block->data, block->used);
    }
}


size_t
cmt_arena_used(const cmt_arena_t *arena)
{
    return arena->used;
}


void *
cmt_alloc(cmt_arena_t *arena, size_t bytes)
{
    void     *piece;
    size_t    rounded;
    block_t  *block;

    if (fault_is_due()) {
        return NULL;
    }

    if (bytes > SIZE_MAX / 2) {
        return NULL;
    }

    rounded = align_up(bytes);

    if (rounded > arena->bytes_max - arena->used) {
        return NULL;
    }

    block = arena->current;

    if (!ONE_PIECE_BLOCKS && rounded <= block->size - block->used) {
        piece = block->data + block->used;
        block->used += rounded;

    } else {
        piece = alloc_block(arena, bytes, rounded);
        if (piece == NULL) {
            return NULL;
        }
    }

    arena->used += rounded;

    return piece;
}


void *
cmt_calloc(cmt_arena_t *arena, size_t bytes)
{
    void  *piece;

    piece = cmt_alloc(arena, bytes);

    if (piece != NULL) {
        memset(piece, 0, bytes);
    }

    return piece;
}


static int
fault_is_due(void)
{
    if (fail_at <= 0) {
        return 0;
    }

    fail_at--;

    return fail_at == 0;
}


static block_t *
block_create(size_t size)
{
    block_t  *block;

    block = malloc(sizeof(block_t) + size);
    if (block == NULL) {
        return NULL;
    }

    block->older = NULL;
    block->size = size;
    block->used = 0;

    return block;
}


/* The current block has no room: takes the piece from a new one. */

static void *
alloc_block(cmt_arena_t *arena, size_t bytes, size_t rounded)
{
    size_t    size;
    block_t  *block;

    size = rounded;

    if (ONE_PIECE_BLOCKS) {
        size = bytes;

    } else if (rounded < arena->next_size / 4) {
        size = arena->next_size;

        if (size > arena->bytes_max - arena->used) {
            size = (arena->bytes_max - arena->used) & ~(ALIGN - 1);
        }
    }

    block = block_create(size);
    if (block == NULL) {
        return NULL;
    }

    block->used = ONE_PIECE_BLOCKS ? size : rounded;

    if (arena->current != NULL && size == rounded) {
        block->older = arena->current->older;
        arena->current->older = block;

    } else {
        block->older = arena->current;
        arena->current = block;
        arena->next_size *= 2;
    }

    return block->data;
}
