/*
 * page_meta.c: the metas of a page's head that are for rules, as they stand in
 * the page, one behind the other.
 *
 *   kind:1 name length:1 content length:2 name content
 */

#include <string.h>

#include "base.h"


void
cmt__page_head_keep(cmt_page_head_t *head)
{
    static const char  own[] = "comments:";

    char       kind, *p;
    cmt_str_t  what, name;

    what.data = head->what;
    what.len = head->n_what < sizeof(head->what) ? head->n_what
                                                 : sizeof(head->what);
    name = cmt_null_str;

    if (cmt__str_starts(what, own)) {
        kind = CMT__META_OWN;
        name = cmt__str_sub(what, sizeof(own) - 1, what.len);

    } else if (cmt__str_is(what, "article:tag")) {
        kind = CMT__META_TAG;

    } else if (cmt__str_is(what, "keywords")) {
        kind = CMT__META_TAGS;

    } else {
        return;
    }

    if (head->n_what > sizeof(head->what)
        || head->n_content > sizeof(head->content)
        || head->n_metas + 4 + name.len + head->n_content
           > sizeof(head->metas))
    {
        head->over = 1;
        return;
    }

    p = head->metas + head->n_metas;
    p[0] = kind;
    p[1] = (char) name.len;
    p[2] = (char) (head->n_content >> 8);
    p[3] = (char) head->n_content;

    if (name.len > 0) {
        memcpy(p + 4, name.data, name.len);
    }

    memcpy(p + 4 + name.len, head->content, head->n_content);
    head->n_metas += 4 + name.len + head->n_content;
}


int
cmt__page_head_meta(const cmt_page_head_t *head, size_t *at, cmt__meta_t *meta)
{
    const uint8_t  *p;

    if (*at >= head->n_metas) {
        return 0;
    }

    p = (const uint8_t *) head->metas + *at;
    meta->kind = (char) p[0];
    meta->name = (cmt_str_t) { p[1], (const char *) p + 4 };
    meta->content = (cmt_str_t) { (size_t) (p[2] << 8 | p[3]),
                                  meta->name.data + meta->name.len };
    *at += 4 + meta->name.len + meta->content.len;

    return 1;
}
