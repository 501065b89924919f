/*
 * page_meta.c: what is kept of a page's head: its language, its title, and the
 * metas that are for rules, as they stand in the page, one behind the other.
 * The site's own come first, then tags, which leave them room: a page may have
 * more keywords than fit, and they are not made for rules.
 *
 *   kind:1 name length:1 content length:2 content name
 *
 * The content of the one that comes is collected behind those that are kept,
 * where it stays if it is for rules.
 */

#include <string.h>

#include "base.h"


#define META_BYTES      4
#define TAGS_BYTES_MAX  (META_BYTES + CMT_PAGE_CONTENT_MAX)


static char *content_room(cmt_page_head_t *head, size_t *bytes);
static size_t own_bytes(const cmt_page_head_t *head);
static void move_before(cmt_page_head_t *head, size_t at, size_t n);


void
cmt__page_head_put(cmt_page_head_t *head, const char *p, size_t n)
{
    char    *out;
    size_t   i, room;

    switch (head->value) {

    case CMT__HEAD_LANG:
        out = head->lang;
        room = sizeof(head->lang);
        break;

    case CMT__HEAD_WHAT:
        out = head->what;
        room = sizeof(head->what);
        break;

    case CMT__HEAD_CONTENT:
        out = content_room(head, &room);
        break;

    case CMT__HEAD_TITLE:
        out = head->title;
        room = sizeof(head->title);
        break;

    default:
        return;
    }

    for (i = 0; i < n && head->n_value + i < room; i++) {
        out[head->n_value + i] = head->value == CMT__HEAD_WHAT
                                 ? cmt__lower(p[i]) : p[i];
    }

    head->n_value += n;
}


/* Behind what is kept. */

static char *
content_room(cmt_page_head_t *head, size_t *bytes)
{
    size_t  at;

    at = head->n_metas + META_BYTES;

    if (at >= sizeof(head->metas)) {
        *bytes = 0;
        return head->metas;
    }

    *bytes = sizeof(head->metas) - at;

    if (*bytes > CMT_PAGE_CONTENT_MAX) {
        *bytes = CMT_PAGE_CONTENT_MAX;
    }

    return head->metas + at;
}


/* A value that is too long to be a language's tag is no language. */

void
cmt__page_head_end(cmt_page_head_t *head)
{
    switch (head->value) {

    case CMT__HEAD_LANG:
        head->has_lang = head->n_value <= sizeof(head->lang);
        head->n_lang = head->n_value;
        head->lang_over = 1;
        break;

    case CMT__HEAD_WHAT:
        head->has_what = 1;
        head->n_what = head->n_value;
        break;

    case CMT__HEAD_CONTENT:
        head->has_content = 1;
        head->n_content = head->n_value;
    }
}


void
cmt__page_head_keep(cmt_page_head_t *head)
{
    static const char  own[] = "comments:";

    char       kind, *p;
    size_t     n, own_end, room;
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

    n = META_BYTES + head->n_content + name.len;
    own_end = own_bytes(head);
    room = sizeof(head->metas) - head->n_metas;

    if (kind != CMT__META_OWN
        && room > TAGS_BYTES_MAX - (head->n_metas - own_end))
    {
        room = TAGS_BYTES_MAX - (head->n_metas - own_end);
    }

    if (head->n_what > sizeof(head->what)
        || head->n_content > CMT_PAGE_CONTENT_MAX || n > room)
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
        memcpy(p + META_BYTES + head->n_content, name.data, name.len);
    }

    if (kind == CMT__META_OWN) {
        move_before(head, own_end, n);
    }

    head->n_metas += n;
}


static size_t
own_bytes(const cmt_page_head_t *head)
{
    size_t       at, end;
    cmt__meta_t  meta;

    for (at = 0, end = 0; cmt__page_head_meta(head, &at, &meta); end = at) {
        if (meta.kind != CMT__META_OWN) {
            break;
        }
    }

    return end;
}


/* The n bytes behind what is kept, before what is kept from at on. */

static void
move_before(cmt_page_head_t *head, size_t at, size_t n)
{
    char  one[META_BYTES + CMT_PAGE_CONTENT_MAX + CMT_PAGE_META_NAME_MAX];

    memcpy(one, head->metas + head->n_metas, n);
    memmove(head->metas + at + n, head->metas + at, head->n_metas - at);
    memcpy(head->metas + at, one, n);
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
    meta->content = (cmt_str_t) { (size_t) (p[2] << 8 | p[3]),
                                  (const char *) p + META_BYTES };
    meta->name = (cmt_str_t) { p[1],
                               meta->content.data + meta->content.len };
    *at += META_BYTES + meta->content.len + meta->name.len;

    return 1;
}


cmt_str_t
cmt__page_head_title(const cmt_page_head_t *head)
{
    size_t       n;
    const char  *reference;

    if (!head->has_title) {
        return cmt_null_str;
    }

    if (head->n_title <= sizeof(head->title)) {
        return (cmt_str_t) { head->n_title, head->title };
    }

    /* cut before a character or a reference that is not whole */

    for (n = sizeof(head->title); (head->title[n - 1] & 0xc0) == 0x80; n--) {
        if (n == 1) {
            return cmt_null_str;
        }
    }

    n -= (head->title[n - 1] & 0x80) != 0;

    for (reference = head->title + n; reference > head->title; /* void */ ) {
        reference--;

        if (*reference == '&') {
            n = (size_t) (reference - head->title);
        }

        if (*reference == '&' || *reference == ';') {
            break;
        }
    }

    return (cmt_str_t) { n, head->title };
}
