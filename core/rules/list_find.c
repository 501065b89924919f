/*
 * list_find.c: what of a list stands in a text.
 *
 *   word       each run of one to five words is looked up by its hash
 *   substring  Aho and Corasick's automaton: one way through the text, however
 *              many entries there are
 *   prefix     the same tree, from the beginning of each word
 *   domain     a host, then each domain that it lies in
 *
 * The tree's edges lie in a hash table: (node, byte) -> child.
 */

#include <string.h>

#include "list.h"


#define EDGE_PRIME  UINT64_C(0x9e3779b97f4a7c15)


static size_t edge_slot(const cmt__list_t *list, uint32_t node, char byte);
static uint32_t edge(const cmt__list_t *list, uint32_t node, char byte);
static int add_entry(cmt__list_t *list, size_t i);
static void link_ends(cmt__list_t *list, uint32_t *queue);
static int next_words(const cmt__list_t *list, cmt_str_t s, size_t *at,
    cmt__hit_t *hit);
static const cmt__list_entry_t *most_words(const cmt__list_t *list,
    struct sb_stemmer *stemmer, cmt_str_t s, cmt_str_t word, size_t i,
    size_t *end);
static int next_part(const cmt__list_t *list, cmt_str_t s, size_t *at,
    cmt__hit_t *hit);
static int next_prefix(const cmt__list_t *list, cmt_str_t s, size_t *at,
    cmt__hit_t *hit);
static int next_host(const cmt__list_t *list, cmt_str_t s, size_t *at,
    cmt__hit_t *hit);


int
cmt__list_tree(cmt__list_t *list, cmt_arena_t *arena, cmt_error_t *err)
{
    size_t     i, bytes;
    uint32_t  *queue;

    bytes = 1;
    for (i = 0; i < list->n; i++) {
        bytes += list->entries[i].key.len;
    }

    if (bytes > CMT__LIST_NODES_MAX) {
        return cmt__fail(err, CMT_ERULES, NULL, "%s:1: the entries have more"
                         " than %d bytes together", list->name.data,
                         CMT__LIST_NODES_MAX);
    }

    list->n_slots = 16;
    while (list->n_slots < 2 * bytes) {
        list->n_slots *= 2;
    }

    list->nodes = cmt_calloc(arena, bytes * sizeof(cmt__node_t));
    list->slots = cmt_calloc(arena, list->n_slots * sizeof(uint32_t));
    queue = cmt_alloc(arena, bytes * sizeof(uint32_t));

    if (list->nodes == NULL || list->slots == NULL || queue == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, NULL);
    }

    list->n_nodes = 1;

    for (i = 0; i < list->n; i++) {
        if (!add_entry(list, i)) {
            return cmt__fail(err, CMT_EINTERNAL, NULL, NULL);
        }
    }

    if (list->match == CMT__LIST_SUBSTRING) {
        link_ends(list, queue);
    }

    return CMT_OK;
}


static size_t
edge_slot(const cmt__list_t *list, uint32_t node, char byte)
{
    size_t    at;
    uint64_t  hash;

    hash = ((uint64_t) node << 8 | (unsigned char) byte) * EDGE_PRIME;
    at = (size_t) (hash >> 32) & (list->n_slots - 1);

    while (list->slots[at] != 0
           && (list->nodes[list->slots[at]].parent != node
               || list->nodes[list->slots[at]].byte != byte))
    {
        at = (at + 1) & (list->n_slots - 1);
    }

    return at;
}


/* 0: there is no such child. */

static uint32_t
edge(const cmt__list_t *list, uint32_t node, char byte)
{
    return list->slots[edge_slot(list, node, byte)];
}


static int
add_entry(cmt__list_t *list, size_t i)
{
    size_t        k, at;
    uint32_t      node, child;
    cmt_str_t     key;
    cmt__node_t  *made;

    key = list->entries[i].key;
    node = 0;

    for (k = 0; k < key.len; k++) {
        at = edge_slot(list, node, key.data[k]);
        child = list->slots[at];

        if (child == 0) {
            child = (uint32_t) list->n_nodes++;
            list->slots[at] = child;

            made = &list->nodes[child];
            made->parent = node;
            made->byte = key.data[k];
            made->sibling = list->nodes[node].child;
            list->nodes[node].child = child;
        }

        node = child;
    }

    if (list->nodes[node].entry == 0) {
        list->nodes[node].entry = (uint32_t) i + 1;
    }

    return node != 0;
}


/* Breadth first: what a node fails to is less deep. */

static void
link_ends(cmt__list_t *list, uint32_t *queue)
{
    size_t        head, tail;
    uint32_t      node, child, fail, found;
    cmt__node_t  *n;

    queue[0] = 0;
    tail = 1;

    for (head = 0; head < tail; head++) {
        node = queue[head];

        for (child = list->nodes[node].child; child != 0; child = n->sibling)
        {
            n = &list->nodes[child];
            queue[tail++] = child;
            found = 0;

            for (fail = node; fail != 0 && found == 0; /* void */ ) {
                fail = list->nodes[fail].fail;
                found = edge(list, fail, n->byte);
            }

            n->fail = found;

            if (n->entry == 0) {
                n->entry = list->nodes[found].entry;
            }
        }
    }
}


const cmt__list_entry_t *
cmt__list_key(const cmt__list_t *list, uint64_t hash, cmt_str_t key)
{
    size_t               at;
    const cmt__list_entry_t  *e;

    at = (size_t) (hash ^ hash >> 32) & (list->n_slots - 1);

    for ( /* void */ ; list->slots[at] != 0; at = (at + 1)
                                                  & (list->n_slots - 1))
    {
        e = &list->entries[list->slots[at] - 1];

        if (cmt__str_eq(e->key, key)) {
            return e;
        }
    }

    return NULL;
}


const cmt__list_entry_t *
cmt__list_domain(const cmt__list_t *list, cmt_str_t host)
{
    size_t               i;
    cmt_str_t            s;
    const cmt__list_entry_t  *e;

    if (host.len > 255) {
        return NULL;
    }

    for (i = 0; i < host.len; i++) {
        if (i == 0 || host.data[i - 1] == '.') {
            s = cmt__str_sub(host, i, host.len);
            e = cmt__list_key(list, cmt__list_hash(CMT__LIST_HASH, s.data,
                                                   s.len), s);
            if (e != NULL) {
                return e;
            }
        }
    }

    return NULL;
}


uint64_t
cmt__list_price(const cmt__list_t *list, size_t bytes)
{
    size_t  ways;

    ways = list->match == CMT__LIST_WORD ? 1 + list->words_max : 2;

    return 4 + bytes * ways / CMT__RULES_SCAN_BYTES
           + (list->inflect != 0 ? CMT__LIST_STEM_STEPS + bytes / 2 : 0);
}


int
cmt__list_next(const cmt__list_t *list, cmt_str_t s, size_t *at,
    cmt__hit_t *hit)
{
    hit->no_memory = 0;

    switch (list->match) {

    case CMT__LIST_WORD:
        return next_words(list, s, at, hit);

    case CMT__LIST_SUBSTRING:
        return next_part(list, s, at, hit);

    case CMT__LIST_PREFIX:
        return next_prefix(list, s, at, hit);

    default:
        return next_host(list, s, at, hit);
    }
}


/* The longest phrase that begins at each word.  What is longer than every
 * key is not hashed. */

static int
next_words(const cmt__list_t *list, cmt_str_t s, size_t *at, cmt__hit_t *hit)
{
    size_t               i;
    cmt_str_t            word;
    struct sb_stemmer   *stemmer;

    stemmer = list->inflect != 0 ? cmt__stem_open(list->inflect) : NULL;

    if (list->inflect != 0 && stemmer == NULL) {
        hit->no_memory = 1;
        return 0;
    }

    hit->entry = NULL;

    for (i = *at; hit->entry == NULL && cmt__text_word(s, &i, &word); ) {
        hit->from = (size_t) (word.data - s.data);
        hit->entry = most_words(list, stemmer, s, word, i, &hit->to);
    }

    *at = hit->entry != NULL ? hit->to : s.len;
    cmt__stem_close(stemmer);

    return hit->entry != NULL;
}


/* The longest entry that begins with this word, which ends at i; NULL. */

static const cmt__list_entry_t *
most_words(const cmt__list_t *list, struct sb_stemmer *stemmer, cmt_str_t s,
    cmt_str_t word, size_t i, size_t *end)
{
    char                      key[CMT__LIST_ENTRY_BYTES_MAX * 4];
    size_t                    n, len;
    uint64_t                  hash;
    cmt_str_t                 as, whole;
    const cmt__list_entry_t  *e, *best;

    best = NULL;
    len = 0;
    hash = CMT__LIST_HASH;

    for (n = 1; n <= list->words_max; n++) {
        as = stemmer != NULL ? cmt__stem(stemmer, word) : word;

        if (len + as.len + 1 > sizeof(key)
            || len + as.len > list->key_max)
        {
            break;
        }

        memcpy(key + len, as.data, as.len);
        hash = cmt__list_hash(hash, as.data, as.len);
        len += as.len;

        whole.data = key;
        whole.len = len;
        e = cmt__list_key(list, hash, whole);

        if (e != NULL) {
            best = e;
            *end = i;
        }

        if (n == list->words_max || !cmt__list_goes_on(list, hash)
            || !cmt__text_word(s, &i, &word))
        {
            break;
        }

        hash = cmt__list_hash(hash, " ", 1);
        key[len++] = ' ';
    }

    return best;
}


/* The entry that ends first, and of these the longest. */

static int
next_part(const cmt__list_t *list, cmt_str_t s, size_t *at, cmt__hit_t *hit)
{
    size_t    i;
    uint32_t  node, child;

    node = 0;

    for (i = *at; i < s.len; i++) {
        child = edge(list, node, s.data[i]);

        while (child == 0 && node != 0) {
            node = list->nodes[node].fail;
            child = edge(list, node, s.data[i]);
        }

        node = child;

        if (list->nodes[node].entry != 0) {
            hit->entry = &list->entries[list->nodes[node].entry - 1];
            hit->to = i + 1;
            hit->from = hit->to - hit->entry->key.len;
            *at = hit->to;
            return 1;
        }
    }

    *at = s.len;

    return 0;
}


static int
next_prefix(const cmt__list_t *list, cmt_str_t s, size_t *at,
    cmt__hit_t *hit)
{
    size_t     i, k;
    uint32_t   node;
    cmt_str_t  word;

    for (i = *at; cmt__text_word(s, &i, &word); /* void */ ) {
        node = 0;

        for (k = 0; k < word.len; k++) {
            node = edge(list, node, word.data[k]);

            if (node == 0 || list->nodes[node].entry != 0) {
                break;
            }
        }

        if (node != 0 && list->nodes[node].entry != 0) {
            hit->entry = &list->entries[list->nodes[node].entry - 1];
            hit->from = (size_t) (word.data - s.data);
            hit->to = i;
            *at = i;
            return 1;
        }
    }

    *at = s.len;

    return 0;
}


static int
is_host(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
           || (c >= '0' && c <= '9') || c == '-' || c == '.'
           || (unsigned char) c >= 0x80;
}


static int
next_host(const cmt__list_t *list, cmt_str_t s, size_t *at, cmt__hit_t *hit)
{
    size_t  i, end;

    for (i = *at; i < s.len; i = end + 1) {
        for (end = i; end < s.len && is_host(s.data[end]); end++) {
            /* void */
        }

        hit->from = i;
        hit->to = end;

        while (hit->to > i && s.data[hit->to - 1] == '.') {
            hit->to--;
        }

        hit->entry = cmt__list_domain(list, cmt__str_sub(s, i, hit->to));

        if (hit->entry != NULL) {
            *at = end;
            return 1;
        }
    }

    *at = s.len;

    return 0;
}
