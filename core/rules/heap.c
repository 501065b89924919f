/*
 * heap.c: the memory of one machine.
 *
 *   chunk |piece|piece|piece|......free......|     next chunk, twice as large
 *                           ^at              ^end
 *
 * Pieces are cut off one after the other and never given back alone, but for
 * the newest, which can also grow in its place.  That suits a machine that
 * judges for a fraction of a millisecond with its collector stopped: freeing
 * is dropping the arena.
 *
 * A heap that is kept (kept.c) has an image of what was used then.  Chunks
 * that come after that are of another arena, which is dropped alone; the free
 * end of the newest chunk from before is used first.
 *
 * What the limit counts is what was cut off, so that it does not depend on
 * where the chunks came to lie.
 *
 * With AddressSanitizer every piece is a chunk of its own, so that reading or
 * writing past its end is seen.
 *
 * Every piece is charged as steps.  An allocator must not raise; the debt is
 * noticed at the next look of the hook or the next charge of a helper.
 */

#include <string.h>

#include "engine.h"


#define ALIGN           ((size_t) 16)
#define align_up(n)     (((n) + (ALIGN - 1)) & ~(ALIGN - 1))

#define CHUNK_BYTES_MIN  CMT__ARENA_BLOCK_BYTES
#define CHUNK_BYTES_MAX  ((size_t) 1024 * 1024)

#if defined(__SANITIZE_ADDRESS__)
#define ONE_PIECE_CHUNKS  1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ONE_PIECE_CHUNKS  1
#endif
#endif

#ifndef ONE_PIECE_CHUNKS
#define ONE_PIECE_CHUNKS  0
#endif

/* Head of a string in Lua 5.4, and its NUL; only to tell lengths. */
#define STRING_HEAD_BYTES  25

#define SCRATCH_BYTES_MIN  512


static cmt_arena_t *heap_arena(size_t used_max);
static int heap_chunk(cmt__heap_t *heap, size_t bytes);
static int heap_note(cmt__heap_t *heap, char *chunk);
static void *heap_make(cmt__heap_t *heap, size_t kind, size_t bytes);
static void *heap_grow(cmt__heap_t *heap, void *block, size_t old_bytes,
    size_t bytes);
static int is_newest(cmt__heap_t *heap, void *block, size_t bytes);


int
cmt__heap_open(cmt__heap_t *heap, size_t used_max)
{
    memset(heap, 0, sizeof(cmt__heap_t));

    heap->arena = heap_arena(used_max);
    if (heap->arena == NULL) {
        return CMT_ENOMEM;
    }

    heap->used_max = used_max;
    heap->chunk_bytes = CHUNK_BYTES_MIN;

    return CMT_OK;
}


/* Chunks double, so their ends waste at most half; then, what a small piece
 * takes for itself with AddressSanitizer, the image, and the last chunk, which
 * may be larger than what is left of used_max. */

static cmt_arena_t *
heap_arena(size_t used_max)
{
    return cmt_arena_create(4 * used_max + 2 * CHUNK_BYTES_MAX);
}


void
cmt__heap_close(cmt__heap_t *heap)
{
    cmt__heap_drop(heap);
    cmt_arena_destroy(heap->arena);
    heap->arena = NULL;
}


int
cmt__heap_keep(cmt__heap_t *heap, char **image)
{
    char          *to;
    size_t         bytes;
    cmt__chunk_t  *c;

    heap->newest->used = (size_t) (heap->at - heap->newest->data);
    bytes = 0;

    for (c = heap->newest; c != NULL; c = c->older) {
        bytes += c->used;
    }

    to = cmt_alloc(heap->arena, bytes);
    if (to == NULL) {
        return CMT_ENOMEM;
    }

    *image = to;
    heap->kept = 1;

    for (c = heap->newest; c != NULL; c = c->older) {
        memcpy(to, c->data, c->used);
        to += c->used;
    }

    return CMT_OK;
}


void
cmt__heap_restore(const cmt__heap_t *heap, const char *image)
{
    cmt__chunk_t  *c;

    for (c = heap->newest; c != NULL; c = c->older) {
        memcpy(c->data, image, c->used);
        image += c->used;
    }
}


void
cmt__heap_drop(cmt__heap_t *heap)
{
    cmt_arena_destroy(heap->more);
    heap->more = NULL;
}


void *
cmt__heap_alloc(cmt__heap_t *heap, size_t bytes)
{
    void    *piece;
    size_t   rounded;

    if (bytes > heap->used_max) {
        heap->exhausted = 1;
    }

    if (heap->exhausted) {
        return NULL;
    }

    rounded = align_up(bytes);

    if (rounded > heap->used_max - heap->used) {
        heap->exhausted = 1;
        return NULL;
    }

    if ((ONE_PIECE_CHUNKS || rounded > (size_t) (heap->end - heap->at))
        && heap_chunk(heap, rounded) != CMT_OK)
    {
        heap->exhausted = 1;
        heap->no_memory = 1;
        return NULL;
    }

    piece = heap->at;
    heap->at += rounded;
    heap->used += rounded;

    return piece;
}


/*
 * Once the limit is met, every wish to grow is refused: Lua answers the first
 * refusal with a full collection, which would otherwise be repeated at each
 * allocation for as long as a rule stays just below the limit.
 */

void *
cmt__heap_lua(void *ud, void *block, size_t old_bytes, size_t bytes)
{
    void           *piece;
    cmt__engine_t  *e;

    e = ud;

    if (bytes == 0) {
        if (block != NULL && is_newest(&e->heap, block, old_bytes)) {
            e->heap.at = block;
            e->heap.used -= align_up(old_bytes);
        }

        return NULL;
    }

    if (block != NULL && bytes <= align_up(old_bytes)) {
        return block;
    }

    if (block == NULL) {
        piece = heap_make(&e->heap, old_bytes, bytes);
        old_bytes = 0;

    } else {
        piece = heap_grow(&e->heap, block, old_bytes, bytes);
    }

    if (piece != NULL) {
        e->steps += (bytes - old_bytes + CMT__RULES_ALLOC_BYTES - 1)
                    / CMT__RULES_ALLOC_BYTES;
    }

    return piece;
}


/* Lua tells the kind of a new object where the old size stands otherwise. */

static void *
heap_make(cmt__heap_t *heap, size_t kind, size_t bytes)
{
    if (kind == LUA_TSTRING) {
        if (bytes > CMT__RULES_STRING_BYTES_MAX + STRING_HEAD_BYTES) {
            heap->too_long = 1;
            return NULL;
        }

        if (bytes > heap->longest) {
            heap->longest = bytes;
        }
    }

    return cmt__heap_alloc(heap, bytes);
}


static void *
heap_grow(cmt__heap_t *heap, void *block, size_t old_bytes, size_t bytes)
{
    void    *piece;
    size_t   more;

    if (bytes <= heap->used_max && is_newest(heap, block, old_bytes)) {
        more = align_up(bytes) - align_up(old_bytes);

        if (!heap->exhausted && more <= heap->used_max - heap->used
            && more <= (size_t) (heap->end - heap->at))
        {
            heap->at += more;
            heap->used += more;
            return block;
        }
    }

    piece = cmt__heap_alloc(heap, bytes);

    if (piece != NULL) {
        memcpy(piece, block, old_bytes);
    }

    return piece;
}


static int
is_newest(cmt__heap_t *heap, void *block, size_t bytes)
{
    return (char *) block + align_up(bytes) == heap->at;
}


static int
heap_chunk(cmt__heap_t *heap, size_t bytes)
{
    char         *chunk;
    size_t        size;
    cmt_arena_t  *arena;

    size = bytes;

    if (heap->chunk_bytes > bytes && !ONE_PIECE_CHUNKS) {
        size = heap->chunk_bytes;
    }

    if (heap->kept && heap->more == NULL) {
        heap->more = heap_arena(heap->used_max);
    }

    arena = heap->kept ? heap->more : heap->arena;
    chunk = arena != NULL ? cmt_alloc(arena, size) : NULL;

    if (chunk == NULL || heap_note(heap, chunk) != CMT_OK) {
        return CMT_ENOMEM;
    }

    heap->at = chunk;
    heap->end = chunk + size;

    if (heap->chunk_bytes < CHUNK_BYTES_MAX) {
        heap->chunk_bytes *= 2;
    }

    return CMT_OK;
}


/* What must be there when the heap is kept. */

static int
heap_note(cmt__heap_t *heap, char *chunk)
{
    cmt__chunk_t  *c;

    if (heap->kept) {
        return CMT_OK;
    }

    c = cmt_alloc(heap->arena, sizeof(cmt__chunk_t));
    if (c == NULL) {
        return CMT_ENOMEM;
    }

    if (heap->newest != NULL) {
        heap->newest->used = (size_t) (heap->at - heap->newest->data);
    }

    c->older = heap->newest;
    c->data = chunk;
    c->used = 0;
    heap->newest = c;

    return CMT_OK;
}


size_t
cmt__scratch_begin(lua_State *L)
{
    return cmt__engine_of(L)->scratch.len;
}


char *
cmt__scratch_room(lua_State *L, size_t len)
{
    char            *data;
    size_t           size;
    cmt__engine_t   *e;
    cmt__scratch_t  *s;

    e = cmt__engine_of(L);
    s = &e->scratch;

    if (len > CMT__RULES_STRING_BYTES_MAX - s->len) {
        cmt__raise(L, "a text would be longer than %d bytes",
                   CMT__RULES_STRING_BYTES_MAX);
    }

    if (len > s->size - s->len) {
        size = s->size < SCRATCH_BYTES_MIN ? SCRATCH_BYTES_MIN : 2 * s->size;
        if (size < s->len + len) {
            size = s->len + len;
        }

        cmt__charge_copy(L, size);

        data = cmt__heap_alloc(&e->heap, size);
        if (data == NULL) {
            cmt__raise(L, "not enough memory");
        }

        if (s->len != 0) {
            memcpy(data, s->data, s->len);
        }

        s->data = data;
        s->size = size;
    }

    data = s->data + s->len;
    s->len += len;

    return data;
}


void
cmt__scratch_put(lua_State *L, const char *data, size_t len)
{
    if (len != 0) {
        memcpy(cmt__scratch_room(L, len), data, len);
    }
}


void
cmt__scratch_push(lua_State *L, size_t begin)
{
    cmt__scratch_t  *s;

    s = &cmt__engine_of(L)->scratch;

    cmt__charge_copy(L, s->len - begin);

    lua_pushlstring(L, s->len == begin ? "" : s->data + begin, s->len - begin);
    s->len = begin;
}
