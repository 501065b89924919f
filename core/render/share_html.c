/*
 * share_html.c: links to share a page with others.  They are plain links: no
 * script, no picture and no count of anybody else is asked for, and nobody
 * learns of a reader who does not follow one.
 */

#include <string.h>

#include "render.h"


typedef struct {
    const char  *words;                  /* key; or a name, as it is */
    const char  *before;                 /* of the address; NULL: the page */
    unsigned     titled:1;               /* takes a text: title and address */
} target_t;


static void put_target(cmt__buf_t *b, const cmt__place_t *place,
    const cmt__thread_t *thread, unsigned share);
static void put_address(cmt__buf_t *b, const cmt__place_t *place,
    cmt_str_t title, const target_t *target);


/* In the order of their numbers, which core/actions/share.c gives. */
static const target_t  targets[] = {
    { "share_email", "mailto:?body=", 1 },
    { "Mastodon", "https://share.joinmastodon.org/#text=", 1 },
    { "Bluesky", "https://bsky.app/intent/compose?text=", 1 },
    { "LinkedIn", "https://www.linkedin.com/sharing/share-offsite/?url=", 0 },
    { "Facebook", "https://www.facebook.com/sharer/sharer.php?u=", 0 },
    { "X", "https://x.com/intent/post?url=", 0 },
    { "share_copy", NULL, 0 }
};

_Static_assert(sizeof(targets) / sizeof(targets[0]) == CMT__SHARES,
               "a target for each number");


void
cmt__share_html(cmt__buf_t *b, const cmt__place_t *place,
    const cmt__thread_t *thread)
{
    unsigned           i;
    const cmt_site_t  *site;

    site = place->site;

    if (site->n_shares == 0) {
        return;
    }

    cmt__buf_lit(b, "<nav class=\"comments-share\" aria-label=\"");
    cmt__lang_put(b, place->lang, "share_label");
    cmt__buf_lit(b, "\">\n");

    for (i = 0; i < site->n_shares; i++) {
        put_target(b, place, thread, site->shares[i]);
    }

    cmt__buf_lit(b, "</nav>\n");
}


static void
put_target(cmt__buf_t *b, const cmt__place_t *place,
    const cmt__thread_t *thread, unsigned share)
{
    const target_t  *target;

    target = &targets[share];

    cmt__buf_lit(b, "<a class=\"comments-share-");
    cmt__buf_lit(b, cmt__share_name(share));
    cmt__buf_lit(b, "\" rel=\"nofollow noopener noreferrer\" href=\"");
    put_address(b, place, thread->title, target);
    cmt__buf_lit(b, "\">");

    if (strncmp(target->words, "share_", 6) == 0) {
        cmt__lang_put(b, place->lang, target->words);

    } else {
        cmt__buf_lit(b, target->words);
    }

    if (thread->shares[share] > 0) {
        cmt__buf_lit(b, " <span class=\"comments-share-count\">");
        cmt__buf_u64(b, thread->shares[share]);
        cmt__buf_lit(b, "</span>");
    }

    cmt__buf_lit(b, "</a>\n");
}


static void
put_address(cmt__buf_t *b, const cmt__place_t *place, cmt_str_t title,
    const target_t *target)
{
    if (target->before == NULL) {
        cmt__html_escape(b, place->site->base_url);
        cmt__html_escape(b, place->page);
        return;
    }

    cmt__buf_lit(b, target->before);

    if (target->titled && title.len > 0) {
        cmt__link_encode(b, title, "");
        cmt__buf_lit(b, "%20");
    }

    cmt__link_encode(b, place->site->base_url, "");
    cmt__link_encode(b, place->page, "");
}
