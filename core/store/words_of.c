/*
 * words_of.c: by what words a comment is found.
 */

#include <string.h>

#include "schema.h"
#include "search.h"


/* Begin what is no word of a text: none of those begins with a control
 * character. */
#define SITE    1
#define THREAD  2
#define RULE    3


static int fold(cmt_arena_t *arena, cmt_str_t s, cmt_str_t *folded) CMT_CHECK;
static int page_decode(cmt_arena_t *arena, cmt_str_t page, cmt_str_t *out)
    CMT_CHECK;
static int add(cmt__words_of_t *of, cmt_arena_t *arena, cmt_str_t word)
    CMT_CHECK;


int
cmt__words_fields(cmt_read_t *read, const cmt__comment_t *c,
    cmt_arena_t *arena, cmt_str_t fields[CMT__FIELDS])
{
    int            rc;
    unsigned       i;
    cmt_str_t      typed[CMT__FIELDS];
    cmt__thread_t  thread;

    rc = cmt__thread_get(read, c->thread, &thread);
    if (rc != CMT_OK) {
        return rc == CMT_ENOTFOUND ? CMT_ECORRUPT : rc;
    }

    typed[0] = c->text;
    typed[1] = c->name;
    typed[2] = c->website;
    typed[4] = thread.title;

    rc = page_decode(arena, thread.page, &typed[3]);

    for (i = 0; i < CMT__FIELDS && rc == CMT_OK; i++) {
        rc = fold(arena, typed[i], &fields[i]);
    }

    return rc;
}


static int
fold(cmt_arena_t *arena, cmt_str_t s, cmt_str_t *folded)
{
    char  *out;

    out = cmt_alloc(arena, cmt__text_fold_room(s));
    if (out == NULL) {
        return CMT_ENOMEM;
    }

    folded->len = cmt__text_fold(s, 0, out, NULL);
    folded->data = out;

    return CMT_OK;
}


/* /blog/%C3%A5r as a person reads it. */

static int
page_decode(cmt_arena_t *arena, cmt_str_t page, cmt_str_t *out)
{
    char     *p;
    size_t    i, n;
    uint8_t   byte;

    p = cmt_alloc(arena, page.len);
    if (p == NULL) {
        return CMT_ENOMEM;
    }

    for (i = 0, n = 0; i < page.len; i++) {

        if (page.data[i] == '%' && i + 2 < page.len
            && cmt__unhex(cmt__str_sub(page, i + 1, i + 3), &byte, 1))
        {
            p[n++] = (char) byte;
            i += 2;

        } else {
            p[n++] = page.data[i];
        }
    }

    out->len = n;
    out->data = p;

    return CMT_OK;
}


int
cmt__words_of(cmt_read_t *read, const cmt__comment_t *comment,
    cmt_arena_t *arena, cmt__words_of_t *of)
{
    int           rc;
    unsigned      i;
    cmt_str_t     fields[CMT__FIELDS];
    cmt__term_t   term;
    cmt__terms_t  terms;

    rc = cmt__words_fields(read, comment, arena, fields);
    if (rc != CMT_OK) {
        return rc;
    }

    memset(of, 0, sizeof(cmt__words_of_t));

    for (i = 0; i < CMT__FIELDS; i++) {
        cmt__terms_begin(&terms, fields[i]);

        while (cmt__terms_next(&terms, &term)) {
            if (of->n == CMT__WORDS_MAX) {
                of->n = 0;
                of->too_long = 1;
                return CMT_OK;
            }

            rc = add(of, arena, term.text);
            if (rc != CMT_OK) {
                return rc;
            }
        }
    }

    return CMT_OK;
}


/* The array grows by doubling, from the first one on. */

static int
add(cmt__words_of_t *of, cmt_arena_t *arena, cmt_str_t word)
{
    cmt_str_t  *words;

    if ((of->n & (of->n - 1)) == 0) {
        words = cmt_alloc(arena, (of->n == 0 ? 1 : 2 * of->n)
                                 * sizeof(cmt_str_t));
        if (words == NULL) {
            return CMT_ENOMEM;
        }

        if (of->n != 0) {
            memcpy(words, of->words, of->n * sizeof(cmt_str_t));
        }

        of->words = words;
    }

    of->words[of->n++] = word;

    return CMT_OK;
}


int
cmt__words_of_place(const cmt__comment_t *comment, cmt_str_t receipt,
    cmt_arena_t *arena, cmt__words_of_t *of)
{
    int       rc;
    uint8_t  *site, *thread;

    rc = cmt__words_of_rules(receipt, arena, of);
    if (rc != CMT_OK) {
        return rc;
    }

    site = cmt_alloc(arena, 5);
    thread = cmt_alloc(arena, 9);

    if (site == NULL || thread == NULL) {
        return CMT_ENOMEM;
    }

    rc = add(of, arena, cmt__word_of_site(site, comment->site));

    return rc == CMT_OK
           ? add(of, arena, cmt__word_of_thread(thread, comment->thread))
           : rc;
}


/* A receipt may have come from elsewhere, by an import: what is not of our
 * form, or larger than ours get, tells of no rule. */

int
cmt__words_of_rules(cmt_str_t receipt, cmt_arena_t *arena,
    cmt__words_of_t *of)
{
    int                 rc;
    size_t              i;
    uint8_t            *word;
    const cmt__json_t  *root, *rules, *name;

    memset(of, 0, sizeof(cmt__words_of_t));

    if (receipt.len == 0 || receipt.len > CMT__RULES_OF_BYTES_MAX) {
        return CMT_OK;
    }

    rc = cmt__json_parse(arena, receipt, &root, NULL);
    if (rc != CMT_OK) {
        return rc == CMT_ENOMEM ? rc : CMT_OK;
    }

    rules = cmt__json_member(root, "rules");

    if (rules == NULL || rules->type != CMT__JSON_ARRAY) {
        return CMT_OK;
    }

    for (i = 0; i < rules->n && i < CMT__RULES_FOUND_MAX; i++) {

        name = cmt__json_member(&rules->items[i], "name");
        if (name == NULL || name->string.len == 0) {
            continue;
        }

        word = cmt_alloc(arena, 1 + CMT__RULE_BYTES_MAX);
        if (word == NULL) {
            return CMT_ENOMEM;
        }

        rc = add(of, arena, cmt__word_of_rule(word, name->string));
        if (rc != CMT_OK) {
            return rc;
        }
    }

    return CMT_OK;
}


cmt_str_t
cmt__word_of_site(uint8_t word[5], uint32_t site)
{
    word[0] = SITE;
    cmt__be_put(word + 1, site, 4);

    return (cmt_str_t) { 5, (char *) word };
}


cmt_str_t
cmt__word_of_thread(uint8_t word[9], uint64_t thread)
{
    word[0] = THREAD;
    cmt__be_put(word + 1, thread, 8);

    return (cmt_str_t) { 9, (char *) word };
}


/* Names are cut: that two long ones begin alike for so long is as good as
 * one name. */

cmt_str_t
cmt__word_of_rule(uint8_t word[1 + CMT__RULE_BYTES_MAX], cmt_str_t rule)
{
    rule = cmt__str_sub(rule, 0, CMT__RULE_BYTES_MAX);

    word[0] = RULE;
    memcpy(word + 1, rule.data, rule.len);

    return (cmt_str_t) { 1 + rule.len, (char *) word };
}
