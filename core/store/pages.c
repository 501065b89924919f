/*
 * pages.c: proves that the pages of the file are what LMDB takes them for.
 *
 * LMDB believes its file: a damaged page number or length leads it outside of
 * the map, and the process ends there.  So the pages of a snapshot are looked
 * at one by one before LMDB follows them: each once, each with its own
 * number, leaves all at one depth, every node inside its page, keys in order,
 * each branch's keys between those of the leaves that they part, counts as
 * told, and no page both used and free.
 *
 *   page, 16 bytes         0 number:8  10 flags:2  12 lower:2  14 upper:2
 *     or of an overflow                            12 pages:4
 *     then nodes' places:2 each, up to lower; the nodes, from upper on
 *   node, 8 bytes          0 low:2  2 high:2  4 flags:2  6 key length:2
 *     in a leaf            low and high: length of the value;
 *                          key, value or, if big, the number of its page:8
 *     in a branch          low, high, flags: number of a page; key
 *   tree, 48 bytes         4 flags:2  6 depth:2  8 branches:8  16 leaves:8
 *                          24 overflows:8  32 entries:8  40 root:8
 *   meta, behind page      0 magic:4  4 version:4  24 tree of free pages
 *                          (its first 4: page size)  72 main tree
 *                          120 last page:8  128 transaction:8
 *
 * This is version 1 of LMDB's file as 64-bit, little-endian machines write
 * it.
 */

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "schema.h"


#define MAGIC        0xbeefc0de
#define PAGE_HEAD    16
#define NODE_HEAD    8
#define TREE_BYTES   48
#define META_BYTES   136
#define HEAD_TRIES   100         /* others may commit all the time            */
#define DEPTH_MAX    32
#define KEY_BYTES_MAX   511
#define PAGE_BYTES_MIN  512
#define PAGE_BYTES_MAX  32768
#define FLAGS        0x08        /* of the tree of free pages: its keys are
                                    numbers; all others have none */
#define NO_ROOT      UINT64_MAX

#define BRANCH       0x01
#define LEAF         0x02
#define OVERFLOWS    0x04
#define KIND         0x6f        /* bits that tell what a page is */

#define BIG          0x01
#define SUBTREE      0x02

typedef struct {
    uint64_t        branches, leaves, overflows, entries;
} counts_t;

typedef struct {
    const uint8_t  *map;
    uint64_t        bytes;
    uint64_t        size;        /* of a page                                */
    uint64_t        last;        /* page                                     */
    uint8_t        *seen;        /* a bit for each page                      */
    cmt_error_t    *err;
} proof_t;

typedef struct {
    proof_t        *proof;
    unsigned        depth;       /* that leaves must have                    */
    int             is_free;     /* keys are numbers, values lists of pages  */
    int             is_main;     /* values are trees                         */
    counts_t        counts;
    const uint8_t  *key;         /* the one before; NULL                     */
    size_t          key_len;
    int             key_parts;   /* it is a branch's: all left of it are
                                    less, all right of it are not */
} tree_t;


static int metas_fit(int fd, cmt_error_t *err) CMT_CHECK;
static int head_read(int fd, uint64_t page_size, MDB_txn *txn,
    uint8_t head[META_BYTES], cmt_error_t *err) CMT_CHECK;
static int prove_tree(proof_t *proof, const uint8_t *record, int is_free,
    int is_main) CMT_CHECK;
static int prove_page(tree_t *tree, uint64_t n, unsigned level) CMT_CHECK;
static int prove_child(tree_t *tree, uint64_t n, const uint8_t *node,
    int is_first, unsigned level) CMT_CHECK;
static int prove_leaf(tree_t *tree, uint64_t n, const uint8_t *page,
    const uint8_t *node) CMT_CHECK;
static int prove_key(tree_t *tree, uint64_t n, const uint8_t *node,
    int parts) CMT_CHECK;
static int keys_compare(const tree_t *tree, const uint8_t *key, size_t len);
static int prove_overflow(tree_t *tree, uint64_t n, size_t len,
    const uint8_t **value) CMT_CHECK;
static int prove_free(tree_t *tree, uint64_t n, const uint8_t *value,
    size_t len) CMT_CHECK;
static int take(proof_t *proof, uint64_t n) CMT_CHECK;
static int damaged(proof_t *proof, uint64_t n, const char *what);


/*
 * What LMDB believes when it opens the file, before there is a snapshot.
 * Whether it is LMDB's file at all, it sees itself.
 */
int
cmt__pages_metas(const char *path, cmt_error_t *err)
{
    int   fd, rc;
    char  file[4096];

    (void) snprintf(file, sizeof(file), "%s/data.mdb", path);

    fd = open(file, O_RDONLY | O_CLOEXEC);
    if (fd == -1) {
        return CMT_OK;           /* LMDB says it better */
    }

    rc = metas_fit(fd, err);
    close(fd);

    return rc;
}


/* The two are written in turn, so their transactions are neighbours; unless
 * others write while we read. */
static int
metas_fit(int fd, cmt_error_t *err)
{
    uint8_t   meta[META_BYTES];
    uint64_t  txn[2], size[2];
    unsigned  i, tries, flags;

    size[0] = 0;
    flags = 0;

    for (tries = 0; tries < 3; tries++) {

        for (i = 0; i < 2; i++) {
            if (pread(fd, meta, META_BYTES,
                      (off_t) (PAGE_HEAD + i * size[0])) != META_BYTES)
            {
                return CMT_OK;
            }

            size[i] = cmt__le_get(meta + 24, 4);
            flags |= (unsigned) cmt__le_get(meta + 28, 2);
            txn[i] = cmt__le_get(meta + 128, 8);

            if (cmt__le_get(meta, 4) != MAGIC) {
                return CMT_OK;
            }
        }

        if (size[0] != size[1] || size[0] < PAGE_BYTES_MIN
            || size[0] > PAGE_BYTES_MAX || (size[0] & (size[0] - 1)) != 0)
        {
            return cmt__fail(err, CMT_ECORRUPT, NULL,
                             "page 0 or 1 is damaged: the size of pages");
        }

        if (flags != FLAGS) {
            return cmt__fail(err, CMT_ECORRUPT, NULL,
                             "page 0 or 1 is damaged: its flags");
        }

        if (txn[0] - txn[1] + 1 <= 2) {
            return CMT_OK;
        }
    }

    return cmt__fail(err, CMT_ECORRUPT, NULL,
                     "pages 0 and 1 are not of one time");
}


int
cmt__pages_prove(MDB_env *env, MDB_txn *txn, cmt_error_t *err)
{
    int           fd, rc;
    uint8_t       head[META_BYTES];
    proof_t       proof;
    MDB_stat      stat;
    struct stat   st;
    cmt_arena_t  *arena;

    if (mdb_env_get_fd(env, &fd) != 0 || mdb_env_stat(env, &stat) != 0) {
        return cmt__fail(err, CMT_EIO, NULL, "pages: no file");
    }

    rc = head_read(fd, stat.ms_psize, txn, head, err);
    if (rc != CMT_OK) {
        return rc;
    }

    /* Only now is the file as long as the snapshot needs it. */

    if (fstat(fd, &st) == -1) {
        return cmt__fail(err, CMT_EIO, NULL, "pages: %s", strerror(errno));
    }

    proof.err = err;
    proof.size = stat.ms_psize;
    proof.bytes = (uint64_t) st.st_size;
    proof.map = mmap(NULL, proof.bytes, PROT_READ, MAP_SHARED, fd, 0);

    if (proof.map == MAP_FAILED) {
        return cmt__fail(err, CMT_EIO, NULL, "pages: %s", strerror(errno));
    }

    proof.last = cmt__le_get(head + 120, 8);

    arena = cmt_arena_create(SIZE_MAX / 2);
    proof.seen = arena == NULL || proof.last > proof.bytes
                 ? NULL : cmt_calloc(arena, proof.last / 8 + 1);

    if (proof.last > proof.bytes) {
        rc = damaged(&proof, mdb_txn_id(txn) & 1, "the last page");

    } else if (proof.seen == NULL) {
        rc = cmt__fail(err, CMT_ENOMEM, NULL, "pages");

    } else {
        rc = prove_tree(&proof, head + 24, 1, 0);
        if (rc == CMT_OK) {
            rc = prove_tree(&proof, head + 72, 0, 1);
        }
    }

    cmt_arena_destroy(arena);
    (void) munmap((void *) proof.map, proof.bytes);

    return rc;
}


/*
 * Pages of a snapshot stay as they are as long as it is held, but not its
 * head: the second commit from there writes its own in that place.  Whatever
 * that leaves, its number comes last.
 */
static int
head_read(int fd, uint64_t page_size, MDB_txn *txn, uint8_t head[META_BYTES],
    cmt_error_t *err)
{
    off_t     at;
    uint8_t   again[META_BYTES];
    unsigned  tries;

    for (tries = 0; tries < HEAD_TRIES; tries++) {
        at = (off_t) (PAGE_HEAD + (mdb_txn_id(txn) & 1) * page_size);

        if (pread(fd, head, META_BYTES, at) != META_BYTES
            || pread(fd, again, META_BYTES, at) != META_BYTES)
        {
            return cmt__fail(err, CMT_EIO, NULL, "pages: %s",
                             strerror(errno));
        }

        if (memcmp(head, again, META_BYTES) == 0
            && cmt__le_get(head + 128, 8) == mdb_txn_id(txn))
        {
            return CMT_OK;
        }

        mdb_txn_reset(txn);

        if (mdb_txn_renew(txn) != 0) {
            return cmt__fail(err, CMT_EIO, NULL, "pages: no snapshot");
        }
    }

    return cmt__fail(err, CMT_ECORRUPT, NULL,
                     "page 0 or 1 is damaged: its transaction");
}


static int
prove_tree(proof_t *proof, const uint8_t *record, int is_free, int is_main)
{
    int       rc;
    tree_t    tree;
    uint64_t  root;

    memset(&tree, 0, sizeof(tree));
    tree.proof = proof;
    tree.depth = (unsigned) cmt__le_get(record + 6, 2);
    tree.is_free = is_free;
    tree.is_main = is_main;
    root = cmt__le_get(record + 40, 8);

    if (cmt__le_get(record + 4, 2) != (is_free ? FLAGS : 0)) {
        return damaged(proof, root, "the flags of its tree");
    }

    if (root == NO_ROOT ? tree.depth != 0
                        : tree.depth < 1 || tree.depth > DEPTH_MAX)
    {
        return damaged(proof, root, "the depth of its tree");
    }

    if (root != NO_ROOT) {
        rc = prove_page(&tree, root, 1);
        if (rc != CMT_OK) {
            return rc;
        }
    }

    if (tree.counts.branches != cmt__le_get(record + 8, 8)
        || tree.counts.leaves != cmt__le_get(record + 16, 8)
        || tree.counts.overflows != cmt__le_get(record + 24, 8)
        || tree.counts.entries != cmt__le_get(record + 32, 8))
    {
        return damaged(proof, root, "the counts of its tree");
    }

    return CMT_OK;
}


/* As deep as DEPTH_MAX. */
static int
prove_page(tree_t *tree, uint64_t n, unsigned level)
{
    int             rc;
    size_t          i, at, lower, upper, n_nodes;
    unsigned        kind;
    const uint8_t  *page, *node;

    rc = take(tree->proof, n);
    if (rc != CMT_OK) {
        return rc;
    }

    page = tree->proof->map + n * tree->proof->size;
    kind = (unsigned) cmt__le_get(page + 10, 2) & KIND;
    lower = (size_t) cmt__le_get(page + 12, 2);
    upper = (size_t) cmt__le_get(page + 14, 2);

    if (kind != (level == tree->depth ? LEAF : BRANCH)
        || cmt__le_get(page, 8) != n || lower < PAGE_HEAD || lower % 2 != 0
        || lower > upper || upper > tree->proof->size)
    {
        return damaged(tree->proof, n, "its head");
    }

    n_nodes = (lower - PAGE_HEAD) / 2;

    if (n_nodes < (kind == BRANCH && !tree->is_free ? 2u : 1u)) {
        return damaged(tree->proof, n, "the number of its nodes");
    }

    if (kind == BRANCH) {
        tree->counts.branches++;
    } else {
        tree->counts.leaves++;
        tree->counts.entries += n_nodes;
    }

    for (i = 0; i < n_nodes; i++) {
        at = (size_t) cmt__le_get(page + PAGE_HEAD + 2 * i, 2);
        node = page + at;

        if (at < upper || at + NODE_HEAD > tree->proof->size
            || at + NODE_HEAD + cmt__le_get(node + 6, 2) > tree->proof->size)
        {
            return damaged(tree->proof, n, "a node");
        }

        rc = kind == LEAF ? prove_leaf(tree, n, page, node)
                          : prove_child(tree, n, node, i == 0, level);
        if (rc != CMT_OK) {
            return rc;
        }
    }

    return CMT_OK;
}


/* Nobody reads the first key of a branch. */
static int
prove_child(tree_t *tree, uint64_t n, const uint8_t *node, int is_first,
    unsigned level)
{
    int  rc;

    rc = is_first ? CMT_OK : prove_key(tree, n, node, 1);

    return rc == CMT_OK ? prove_page(tree, cmt__le_get(node, 6), level + 1)
                        : rc;
}


static int
prove_leaf(tree_t *tree, uint64_t n, const uint8_t *page, const uint8_t *node)
{
    int             rc;
    size_t          len, kept;
    unsigned        flags;
    const uint8_t  *value;

    len = (size_t) cmt__le_get(node, 4);
    flags = (unsigned) cmt__le_get(node + 4, 2);
    value = node + NODE_HEAD + cmt__le_get(node + 6, 2);
    kept = flags & BIG ? 8 : len;

    if ((flags & ~(unsigned) (BIG | SUBTREE)) != 0
        || kept > tree->proof->size - (size_t) (value - page)
        || (tree->is_main ? flags != SUBTREE || len != TREE_BYTES
                          : (flags & SUBTREE) != 0))
    {
        return damaged(tree->proof, n, "a value");
    }

    rc = prove_key(tree, n, node, 0);

    if (rc == CMT_OK && (flags & BIG) != 0) {
        rc = prove_overflow(tree, cmt__le_get(value, 8), len, &value);
    }

    if (rc == CMT_OK && tree->is_main) {
        rc = prove_tree(tree->proof, value, 0, 0);
    }

    if (rc == CMT_OK && tree->is_free) {
        rc = prove_free(tree, n, value, len);
    }

    return rc;
}


/*
 * Keys come in their order when the tree is gone through from left to right:
 * a key that parts two children between them, where the first of the right
 * one may be the same.
 */
static int
prove_key(tree_t *tree, uint64_t n, const uint8_t *node, int parts)
{
    int     order;
    size_t  len;

    len = (size_t) cmt__le_get(node + 6, 2);

    if (len == 0 || len > KEY_BYTES_MAX || (tree->is_free && len != 8)) {
        return damaged(tree->proof, n, "the length of a key");
    }

    order = keys_compare(tree, node + NODE_HEAD, len);

    if (order > 0 || (order == 0 && !tree->key_parts)) {
        return damaged(tree->proof, n, "the order of its keys");
    }

    tree->key = node + NODE_HEAD;
    tree->key_len = len;
    tree->key_parts = parts;

    return CMT_OK;
}


/* Of the key before with this one: negative, 0 or positive. */
static int
keys_compare(const tree_t *tree, const uint8_t *key, size_t len)
{
    int       order;
    uint64_t  before, now;

    if (tree->key == NULL) {
        return -1;
    }

    if (tree->is_free) {
        before = cmt__le_get(tree->key, 8);
        now = cmt__le_get(key, 8);

        return before < now ? -1 : before > now;
    }

    order = memcmp(tree->key, key, len < tree->key_len ? len
                                                       : tree->key_len);
    if (order != 0) {
        return order;
    }

    return tree->key_len < len ? -1 : tree->key_len > len;
}


/*
 * A value of len bytes on pages of its own.  They may be more than it needs:
 * a value that is written again in the same transaction stays where it is.
 */
static int
prove_overflow(tree_t *tree, uint64_t n, size_t len, const uint8_t **value)
{
    int             rc;
    uint64_t        i, pages, size;
    const uint8_t  *page;

    rc = take(tree->proof, n);
    if (rc != CMT_OK) {
        return rc;
    }

    size = tree->proof->size;
    page = tree->proof->map + n * size;
    pages = cmt__le_get(page + 12, 4);

    if (cmt__le_get(page, 8) != n
        || (cmt__le_get(page + 10, 2) & KIND) != OVERFLOWS
        || pages < (PAGE_HEAD + len + size - 1) / size)
    {
        return damaged(tree->proof, n, "its head");
    }

    for (i = 1; i < pages; i++) {
        rc = take(tree->proof, n + i);
        if (rc != CMT_OK) {
            return rc;
        }
    }

    tree->counts.overflows += pages;
    *value = page + PAGE_HEAD;

    return CMT_OK;
}


/* How many, then that many numbers, falling.  Such a page need not be in the
 * file yet. */
static int
prove_free(tree_t *tree, uint64_t n, const uint8_t *value, size_t len)
{
    uint64_t  i, count, page, before;
    uint8_t  *seen;

    count = len < 8 ? UINT64_MAX : cmt__le_get(value, 8);

    if (count > len / 8 - 1) {
        return damaged(tree->proof, n, "a list of free pages");
    }

    before = UINT64_MAX;
    seen = tree->proof->seen;

    for (i = 1; i <= count; i++) {
        page = cmt__le_get(value + 8 * i, 8);

        if (page < 2 || page > tree->proof->last || page >= before
            || (seen[page / 8] & 1u << page % 8) != 0)
        {
            return damaged(tree->proof, n, "a list of free pages");
        }

        seen[page / 8] |= (uint8_t) (1u << page % 8);
        before = page;
    }

    return CMT_OK;
}


/* A page is there and was not seen before. */
static int
take(proof_t *proof, uint64_t n)
{
    uint8_t  bit;

    if (n < 2 || n > proof->last || n >= proof->bytes / proof->size) {
        return damaged(proof, n, "it is not in the file");
    }

    bit = (uint8_t) (1u << n % 8);

    if ((proof->seen[n / 8] & bit) != 0) {
        return damaged(proof, n, "it is used twice");
    }

    proof->seen[n / 8] |= bit;

    return CMT_OK;
}


static int
damaged(proof_t *proof, uint64_t n, const char *what)
{
    return cmt__fail(proof->err, CMT_ECORRUPT, NULL,
                     "page %" PRIu64 " is damaged: %s", n, what);
}
