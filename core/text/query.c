/*
 * query.c: what is typed to search for, as phrases of terms.
 */

#include <string.h>

#include "html.h"


typedef struct {
    cmt_arena_t    *arena;
    size_t          n_terms;
    size_t          n;
    cmt__phrase_t  *phrases;
} query_t;


static int phrase_next(cmt_str_t s, size_t *at, cmt_str_t *typed);
static int phrase_add(query_t *q, cmt_str_t typed) CMT_CHECK;
static size_t end_open(cmt__term_t *terms, size_t n, int star);


int
cmt__query_parse(cmt_arena_t *arena, cmt_str_t typed,
    cmt__phrase_t **phrases, size_t *n)
{
    int        rc;
    size_t     at;
    query_t    q;
    cmt_str_t  one;

    memset(&q, 0, sizeof(q));
    q.arena = arena;
    q.phrases = cmt_alloc(arena, CMT_SEARCH_TERMS_MAX
                                 * sizeof(cmt__phrase_t));
    if (q.phrases == NULL) {
        return CMT_ENOMEM;
    }

    for (at = 0; phrase_next(typed, &at, &one); /* void */ ) {
        rc = phrase_add(&q, one);
        if (rc != CMT_OK) {
            return rc;
        }
    }

    if (q.n == 0) {
        return CMT_EARGUMENT;
    }

    *phrases = q.phrases;
    *n = q.n;

    return CMT_OK;
}


/* What stands between quotes, or between blanks; may be empty. */

static int
phrase_next(cmt_str_t s, size_t *at, cmt_str_t *typed)
{
    int      quoted;
    size_t   from, next;
    int32_t  c;

    quoted = *at < s.len && s.data[*at] == '"';
    from = *at + (size_t) quoted;

    for (*at = from; *at < s.len; *at = next) {
        next = *at;
        c = cmt__point_next(s, &next);

        if (c == '"'
            || (!quoted && c >= 0 && cmt__text_space((uint32_t) c)))
        {
            *typed = cmt__str_sub(s, from, *at);

            if (quoted || c != '"') {
                *at = next;
            }

            return 1;
        }
    }

    *typed = cmt__str_sub(s, from, s.len);

    return from < s.len;
}


static int
phrase_add(query_t *q, cmt_str_t typed)
{
    int            star;
    char          *folded;
    size_t         n;
    cmt__term_t    term, *terms;
    cmt__terms_t   walk;
    cmt__phrase_t *phrase;

    star = typed.len > 0 && typed.data[typed.len - 1] == '*';

    folded = cmt_alloc(q->arena, cmt__text_fold_room(typed));
    terms = cmt_alloc(q->arena, CMT_SEARCH_TERMS_MAX * sizeof(cmt__term_t));
    if (folded == NULL || terms == NULL) {
        return CMT_ENOMEM;
    }

    n = cmt__text_fold(typed, 0, folded, NULL);
    cmt__terms_begin(&walk, (cmt_str_t) { n, folded });

    for (n = 0; cmt__terms_next(&walk, &term); n++) {
        if (q->n_terms + n == CMT_SEARCH_TERMS_MAX) {
            return CMT_EARGUMENT;
        }

        terms[n] = term;
    }

    if (n == 0) {
        return CMT_OK;           /* nothing but punctuation */
    }

    phrase = &q->phrases[q->n++];
    phrase->terms = terms;
    phrase->n = end_open(terms, n, star);
    q->n_terms += phrase->n;

    return CMT_OK;
}


/*
 * The text may go on where the phrase ends.  Of a script without blanks, the
 * last pieces are shorter only because the phrase is at its end: they go,
 * unless all of the run is that short, and then it begins a longer piece.
 */
static size_t
end_open(cmt__term_t *terms, size_t n, int star)
{
    if (terms[n - 1].gram == 0) {
        terms[n - 1].prefix = star != 0;
        return n;
    }

    while (n > 1 && terms[n - 1].partial && terms[n - 2].gram != 0
           && terms[n - 1].gram == terms[n - 2].gram
           && terms[n - 2].text.data + terms[n - 2].text.len
              == terms[n - 1].text.data + terms[n - 1].text.len)
    {
        n--;
    }

    terms[n - 1].prefix = terms[n - 1].partial;

    return n;
}
