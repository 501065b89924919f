/*
 * nearest.c: what an author most likely meant.
 */

#include <stdio.h>
#include <string.h>

#include "engine.h"


#define WORD_BYTES_MAX  32


static unsigned distance(cmt_str_t a, cmt_str_t b);


void
cmt__nearest_init(cmt__nearest_t *n, cmt_str_t wrong)
{
    n->wrong = wrong;
    n->best = NULL;
    n->n_words = 0;

    /* At most two slips, and at most one in three letters. */
    n->distance = wrong.len < 3 ? 1 : wrong.len < 6 ? 2 : 3;
}


void
cmt__nearest_offer(cmt__nearest_t *n, const char *right)
{
    unsigned   d;
    cmt_str_t  s;

    s.len = strlen(right);
    s.data = right;

    if (n->n_words + s.len + sizeof(", \"\"") <= sizeof(n->words)) {
        n->n_words += (size_t) sprintf(n->words + n->n_words, "%s\"%s\"",
                                       n->n_words > 0 ? ", " : "", right);
    } else {
        n->n_words = sizeof(n->words);
    }

    if (n->wrong.len > WORD_BYTES_MAX || s.len > WORD_BYTES_MAX) {
        return;
    }

    d = distance(n->wrong, s);

    if (d < n->distance) {
        n->distance = d;
        n->best = right;
    }
}


const char *
cmt__nearest_text(cmt__nearest_t *n)
{
    n->text[0] = '\0';

    if (n->best != NULL) {
        (void) snprintf(n->text, sizeof(n->text), "; did you mean \"%s\"?",
                        n->best);

    } else if (n->n_words > 0 && n->n_words < sizeof(n->words)) {
        (void) snprintf(n->text, sizeof(n->text), ": there are %s", n->words);
    }

    return n->text;
}


/*
 * Letters added, dropped, changed or swapped with their neighbour, row by
 * row: row i tells what it takes to make the first j letters of b out of the
 * first i of a.
 */

static unsigned
distance(cmt_str_t a, cmt_str_t b)
{
    size_t    i, j;
    unsigned  rows[3][WORD_BYTES_MAX + 1], *before, *above, *row, *spare;
    unsigned  best;

    before = rows[0];
    above = rows[1];
    row = rows[2];

    memset(rows, 0, sizeof(rows));

    for (j = 0; j <= b.len; j++) {
        above[j] = (unsigned) j;
    }

    for (i = 1; i <= a.len; i++) {
        row[0] = (unsigned) i;

        for (j = 1; j <= b.len; j++) {
            best = above[j - 1] + (a.data[i - 1] != b.data[j - 1]);

            if (above[j] + 1 < best) {
                best = above[j] + 1;
            }

            if (row[j - 1] + 1 < best) {
                best = row[j - 1] + 1;
            }

            if (i > 1 && j > 1 && a.data[i - 1] == b.data[j - 2]
                && a.data[i - 2] == b.data[j - 1] && before[j - 2] + 1 < best)
            {
                best = before[j - 2] + 1;
            }

            row[j] = best;
        }

        spare = before;
        before = above;
        above = row;
        row = spare;
    }

    return above[b.len];
}
