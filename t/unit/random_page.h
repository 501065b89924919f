/*
 * random_page.h: pages made of parts at random, and cut at random.
 */

#ifndef RANDOM_PAGE_H
#define RANDOM_PAGE_H

#include <stdlib.h>
#include <string.h>

#define RANDOM_PARTS_MAX  19
#define RANDOM_CUTS_MAX   40


/* Gives the page's length: page has room for RANDOM_PARTS_MAX of the longest
 * part. */
static size_t
random_page(const char *const *parts, size_t n_parts, char *page)
{
    size_t       i, n, len;
    const char  *part;

    len = 0;
    n = (size_t) random() % (RANDOM_PARTS_MAX + 1);

    for (i = 0; i < n; i++) {
        part = parts[(size_t) random() % n_parts];
        memcpy(page + len, part, strlen(part));
        len += strlen(part);
    }

    return len;
}


/* Gives how many there are. */
static size_t
random_cuts(size_t len, size_t cuts[RANDOM_CUTS_MAX])
{
    size_t  i, n;

    n = 0;

    for (i = 0; i < len && n < RANDOM_CUTS_MAX; i++) {
        if (random() % 8 == 0) {
            cuts[n++] = i;
        }
    }

    return n;
}


#endif /* RANDOM_PAGE_H */
