/*
 * list.h: lists of words, phrases, parts of words and domains, read once when
 * the files of rules load and shared by all evaluations.
 *
 *   list.c       what may be opened, lines -> entries, the hash of whole keys
 *   list_find.c  the tree of bytes; what of a list stands in a text
 *   list_cidr.c  networks
 *   listlib.c    list(), c:find() and the like; matches
 */

#ifndef CMT_RULES_LIST_H
#define CMT_RULES_LIST_H

#include "engine.h"


#define CMT__LISTS_MAX             64            /* of one ruleset           */
#define CMT__LIST_FILE_BYTES_MAX   (2 * 1024 * 1024)
#define CMT__LIST_ENTRIES_MAX      100000
#define CMT__LIST_ENTRY_BYTES_MAX  200
#define CMT__LIST_WORDS_MAX        5             /* of one phrase            */
#define CMT__LIST_NODES_MAX        200000        /* bytes of a tree          */
#define CMT__LIST_MATCHES_MAX      200           /* that find_all() gives    */
#define CMT__LIST_STEM_STEPS       100           /* before the first word    */
#define CMT__LIST_ADDRESS_STEPS    150           /* to look one up           */
#define CMT__LIST_LINKS_STEPS      8             /* for one link             */


typedef enum {
    CMT__LIST_WORD, CMT__LIST_SUBSTRING, CMT__LIST_DOMAIN, CMT__LIST_PREFIX,
    CMT__LIST_CIDR
} cmt__list_match_t;

typedef struct {
    cmt_str_t            key;            /* folded                           */
    cmt_str_t            note;           /* data NULL: none                  */
    int64_t              weight;         /* thousandths                      */
} cmt__list_entry_t;

/* A byte of the tree; 0 is the root. */
typedef struct {
    uint32_t             parent, child, sibling;
    uint32_t             fail;           /* the longest end that is a start  */
    uint32_t             entry;          /* + 1; 0: none ends here           */
    char                 byte;
} cmt__node_t;

struct cmt__list_s {
    cmt_str_t            name;           /* as the file of rules has it      */
    cmt__list_match_t    match;
    const cmt__list_t   *except;         /* or NULL                          */
    unsigned             inflect;        /* cmt__stem_language(); 0: not     */
    unsigned             exact:1;        /* upper and lower case differ      */
    unsigned             cyrillic:1;     /* folded so                        */
    unsigned char        lengths[129];   /* of networks: is there one?       */
    size_t               words_max;      /* of the longest phrase            */
    size_t               key_max;        /* bytes of the longest key         */
    size_t               n;
    cmt__list_entry_t        *entries;
    size_t               n_slots;        /* a power of two                   */
    uint32_t            *slots;          /* entry + 1 by its key, or node    */
    uint32_t            *begins;         /* bits, as many as slots: the hash
                                            of what phrases begin with       */
    size_t               n_nodes;
    cmt__node_t         *nodes;
    char                 digest[65];     /* of the file and the options      */
};

typedef struct {
    const cmt__list_entry_t  *entry;
    size_t               from, to;       /* in the text that was searched    */
    unsigned             no_memory:1;    /* to look any further              */
} cmt__hit_t;


/* Reads the list `name` beside the file of rules.  Everything in arena; temp
 * is for what does not stay.  CMT_ERULES with file and line.  (list.c) */
int cmt__list_read(cmt__list_t *list, const char *rules,
    cmt__inputs_t *inputs, cmt_arena_t *arena, cmt_arena_t *temp,
    cmt_error_t *err) CMT_CHECK;
uint64_t cmt__list_hash(uint64_t hash, const char *s, size_t n);
#define CMT__LIST_HASH  UINT64_C(0xcbf29ce484222325)

/* Makes the tree of the entries.  (list_find.c) */
int cmt__list_tree(cmt__list_t *list, cmt_arena_t *arena,
    cmt_error_t *err) CMT_CHECK;
/* The entry with this key, or NULL. */
const cmt__list_entry_t *cmt__list_key(const cmt__list_t *list, uint64_t hash,
    cmt_str_t key);
/* The entry for a host or one of the domains that it lies in, or NULL. */
const cmt__list_entry_t *cmt__list_domain(const cmt__list_t *list,
    cmt_str_t host);
/* The key of a network, or of one address; 0: it is neither.  And the entry
 * of the smallest network that an address lies in, or NULL.  (list_cidr.c) */
#define CMT__LIST_NETWORK_BYTES  17
int cmt__list_network(cmt_str_t s, char key[CMT__LIST_NETWORK_BYTES]);
const cmt__list_entry_t *cmt__list_address(const cmt__list_t *list,
    cmt_str_t address);
/* Is there a phrase that goes on after the words of this hash?  0: no; 1:
 * perhaps. */
static inline int
cmt__list_goes_on(const cmt__list_t *list, uint64_t hash)
{
    size_t  at;

    at = (size_t) (hash ^ hash >> 32) & (list->n_slots - 1);

    return list->begins[at / 32] >> (at % 32) & 1;
}
/* The next hit in folded text from *at on: 1, and *at moves past it. */
int cmt__list_next(const cmt__list_t *list, cmt_str_t s, size_t *at,
    cmt__hit_t *hit);
/* Steps that looking through so many bytes costs. */
uint64_t cmt__list_price(const cmt__list_t *list, size_t bytes);


#endif /* CMT_RULES_LIST_H */
