/*
 * search.c: what a moderator looks for, as the store finds it.
 */

#include <string.h>

#include "../store/search.h"
#include "actions.h"


static int find_make(cmt_read_t *read, const cmt_search_t *search,
    cmt_arena_t *arena, cmt__find_t *find, int *none, cmt_error_t *err)
    CMT_CHECK;
static int words_find(cmt_str_t words, cmt_arena_t *arena,
    cmt__find_t *find, cmt_error_t *err) CMT_CHECK;
static int page_find(cmt_read_t *read, cmt_str_t page, cmt_arena_t *arena,
    cmt__find_t *find, cmt_error_t *err) CMT_CHECK;
static int author_find(cmt_read_t *read, cmt_str_t digits,
    cmt__find_t *find, cmt_error_t *err) CMT_CHECK;
static int author_of(cmt_read_t *read, uint64_t id, cmt__find_t *find)
    CMT_CHECK;


int
cmt_search(cmt_read_t *read, const cmt_search_t *search, cmt_found_t *found,
    cmt_error_t *err)
{
    int           rc, none;
    size_t        n;
    uint64_t      ids[CMT_LIMIT_MAX + 1], next;
    cmt_arena_t  *arena;
    cmt__find_t   find;

    if (search->limit == 0 || search->limit > CMT_LIMIT_MAX) {
        return cmt__fail(err, CMT_EARGUMENT, "limit", "limit %u",
                         search->limit);
    }

    arena = cmt_arena_create(CMT_ARENA_BYTES_MAX);
    if (arena == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, "search");
    }

    n = 0;
    next = 0;
    none = 0;

    rc = find_make(read, search, arena, &find, &none, err);

    if (rc == CMT_OK && !none) {
        n = search->limit + 1;       /* one more tells whether there is more */
        rc = cmt__find(read, &find, ids, &n, &next);
        if (rc != CMT_OK) {
            rc = cmt__fail(err, rc, NULL, "search");
        }
    }

    cmt_arena_destroy(arena);

    if (rc != CMT_OK) {
        return rc;
    }

    if (n > search->limit) {
        n = search->limit;
        next = ids[n - 1];
    }

    memcpy(found->ids, ids, n * sizeof(uint64_t));
    found->n = n;
    found->next = next;

    return CMT_OK;
}


/* *none: nothing can be found, since there is no such page or author. */

static int
find_make(cmt_read_t *read, const cmt_search_t *search, cmt_arena_t *arena,
    cmt__find_t *find, int *none, cmt_error_t *err)
{
    int  rc;

    memset(find, 0, sizeof(cmt__find_t));
    find->status = search->status;
    find->rule = search->rule;
    find->since = search->since;
    find->until = search->until;
    find->before = search->before;

    rc = CMT_OK;

    if (search->site.len > 0) {
        rc = cmt__site_find(read, search->site, &find->site);
        if (rc != CMT_OK) {
            return cmt__fail(err, rc, "site", "there is no site \"%.*s\"",
                             (int) search->site.len, search->site.data);
        }
    }

    if (search->words.len > 0) {
        rc = words_find(search->words, arena, find, err);
    }
    if (rc == CMT_OK && search->page.len > 0) {
        rc = page_find(read, search->page, arena, find, err);
    }
    if (rc == CMT_OK && search->author.len > 0) {
        rc = author_find(read, search->author, find, err);
    }
    if (rc == CMT_OK && search->author_of != 0) {
        rc = author_of(read, search->author_of, find);
    }

    if (rc == CMT_ENOTFOUND) {
        *none = 1;
        return CMT_OK;
    }

    return rc == CMT_OK || rc == CMT_EARGUMENT
           ? rc : cmt__fail(err, rc, NULL, "search");
}


static int
words_find(cmt_str_t words, cmt_arena_t *arena, cmt__find_t *find,
    cmt_error_t *err)
{
    int             rc;
    cmt__phrase_t  *phrases;

    if (words.len > CMT_SEARCH_BYTES_MAX) {
        return cmt__fail(err, CMT_EARGUMENT, "words",
                         "there are %zu bytes of words, %d are allowed",
                         words.len, CMT_SEARCH_BYTES_MAX);
    }

    rc = cmt__query_parse(arena, words, &phrases, &find->n_phrases);
    if (rc != CMT_OK) {
        return cmt__fail(err, rc, "words", rc == CMT_EARGUMENT
                         ? "there is no word in it, or there are too many"
                         : "words");
    }

    find->phrases = phrases;

    return CMT_OK;
}


static int
page_find(cmt_read_t *read, cmt_str_t page, cmt_arena_t *arena,
    cmt__find_t *find, cmt_error_t *err)
{
    int            rc;
    cmt_str_t      path;
    cmt__thread_t  thread;

    if (find->site == 0
        || cmt_page_canonical(arena, page, &path) != CMT_OK)
    {
        return cmt__fail(err, CMT_EARGUMENT, "page",
                         "a page is a path of a site, such as /blog/post");
    }

    rc = cmt__thread_find(read, find->site, path, &thread);
    if (rc == CMT_OK) {
        find->thread = thread.id;
    }

    return rc;
}


static int
author_find(cmt_read_t *read, cmt_str_t digits, cmt__find_t *find,
    cmt_error_t *err)
{
    int          rc;
    size_t       n;
    cmt__hash_t  first;

    n = digits.len / 2;

    if (find->site == 0 || digits.len < CMT_AUTHOR_KEY_CHARS
        || digits.len % 2 != 0 || n > CMT_HASH_BYTES
        || !cmt__unhex(digits, first.bytes, n))
    {
        return cmt__fail(err, CMT_EARGUMENT, "author",
                         "an author of a site is 8 to 32 hex digits");
    }

    find->author_kind = CMT__BY_COOKIE;
    rc = cmt__author_begins(read, find->site, CMT__BY_COOKIE, first.bytes, n,
                            &find->author);

    if (rc == CMT_ENOTFOUND) {
        find->author_kind = CMT__BY_EMAIL;
        rc = cmt__author_begins(read, find->site, CMT__BY_EMAIL, first.bytes,
                                n, &find->author);
    }

    if (rc == CMT_EDUPLICATE) {
        return cmt__fail(err, CMT_EARGUMENT, "author",
                         "two authors begin with these digits: give more");
    }

    return rc;
}


static int
author_of(cmt_read_t *read, uint64_t id, cmt__find_t *find)
{
    int             rc;
    cmt__comment_t  c;

    rc = cmt__comment_get(read, id, &c);
    if (rc != CMT_OK) {
        return rc;
    }

    if (find->site != 0 && c.site != find->site) {
        return CMT_ENOTFOUND;
    }

    find->site = c.site;

    return cmt__author_of(read, &c, &find->author_kind, &find->author);
}
