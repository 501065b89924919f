/*
 * html_out.c: what the serializer writes: text, with the links that are found
 * in it, and the list of links.  Every byte of HTML goes through here.
 */

#include <string.h>

#include "html.h"


#define LINKS_FIRST  8


static void put_linked(cmt__html_t *h, cmt_str_t text);
static int put_link(cmt__html_t *h, cmt_str_t text);
static void put_mentions(cmt__html_t *h, cmt_str_t text);
static size_t mention_len(const cmt__html_t *h, cmt_str_t text, size_t at);
static void put_text(cmt__html_t *h, cmt_str_t text);


void
cmt__html_flush(cmt__html_t *h, int trim)
{
    int        rc;
    size_t     i;
    cmt_str_t  text;

    if (h->run.len == 0) {
        return;
    }

    text.data = h->run.data;
    text.len = h->run.len;
    h->run.len = 0;

    /* what came in pieces may not be in normal form as a whole */

    rc = cmt__unicode_nfc(h->arena, text, &text);
    if (rc != CMT_OK) {
        h->rc = rc;
        return;
    }

    while (trim && text.len != 0 && cmt__blank(text.data[text.len - 1])) {
        text.len--;
    }

    for (i = 0; i < h->n_written; i++) {
        if (h->inlined[i].tag == CMT__TAG_A
            || h->inlined[i].tag == CMT__TAG_CODE)
        {
            put_text(h, text);
            return;
        }
    }

    put_linked(h, text);
}


/* Text in which addresses become links. */

static void
put_linked(cmt__html_t *h, cmt_str_t text)
{
    size_t     from, done;
    cmt_str_t  found;

    done = 0;
    from = 0;

    while (h->rc == CMT_OK && h->n_links < CMT__LINKS_MAX
           && h->n_written < CMT__INLINES_MAX
           && cmt__autolink_next(text, &from, &found))
    {
        put_mentions(h, cmt__str_sub(text, done,
                                     (size_t) (found.data - text.data)));
        done = from;

        if (!put_link(h, found)) {
            put_text(h, found);
        }
    }

    put_mentions(h, cmt__str_sub(text, done, text.len));
}


/* Text in which "@name" leads to the comment that is answered. */

static void
put_mentions(cmt__html_t *h, cmt_str_t text)
{
    size_t  at, done, len;

    done = 0;

    for (at = 0; h->whom.name.len != 0 && at < text.len; at++) {

        if (text.data[at] != '@' || h->n_mentions == CMT__MENTIONS_MAX) {
            continue;
        }

        len = mention_len(h, text, at);
        if (len == 0) {
            continue;
        }

        put_text(h, cmt__str_sub(text, done, at));
        cmt__tag_mention(&h->out, h->whom.id);
        put_text(h, cmt__str_sub(text, at, at + len));
        cmt__html_put(h, cmt__tags[CMT__TAG_A].end);

        h->n_mentions++;
        done = at + len;
    }

    put_text(h, cmt__str_sub(text, done, text.len));
}


/* Of "@" and the whole name or its first word, which stand apart from other
 * words; 0: that is something else. */

static size_t
mention_len(const cmt__html_t *h, cmt_str_t text, size_t at)
{
    size_t       i, end, next;
    cmt_str_t    names[2], word;
    const char  *blank;

    if (at != 0 && (cmt__ascii_alnum((unsigned char) text.data[at - 1])
                    || (unsigned char) text.data[at - 1] >= 0x80))
    {
        return 0;
    }

    names[0] = names[1] = h->whom.name;
    blank = memchr(names[1].data, ' ', names[1].len);

    if (blank != NULL) {
        names[1].len = (size_t) (blank - names[1].data);
    }

    for (i = 0; i < 2; i++) {

        end = at + 1 + names[i].len;

        if (end > text.len
            || memcmp(text.data + at + 1, names[i].data, names[i].len) != 0)
        {
            continue;
        }

        next = end;

        if (!cmt__text_word(text, &next, &word)
            || word.data != text.data + end)
        {
            return end - at;
        }
    }

    return 0;
}


/* 0: that is no address after all. */

static int
put_link(cmt__html_t *h, cmt_str_t text)
{
    int         rc;
    size_t      at;
    cmt_str_t   address;
    cmt__buf_t  b;
    cmt__url_t  url;

    address = text;

    if ((text.data[0] | 0x20) == 'w') {
        cmt__buf_init(&b, h->arena, sizeof("http://") + text.len);
        cmt__buf_lit(&b, "http://");
        cmt__buf_str_put(&b, text);
        rc = cmt__buf_end(&b, &address);

    } else {
        rc = CMT_OK;
    }

    if (rc == CMT_OK) {
        rc = cmt__url_parse(h->arena, address, &url);
    }

    if (rc != CMT_OK) {
        h->rc = rc == CMT_EWEBSITE ? h->rc : rc;
        return 0;
    }

    at = h->plain.len;

    cmt__tag_link(&h->out, url.url);
    put_text(h, text);
    cmt__html_put(h, cmt__tags[CMT__TAG_A].end);
    cmt__html_add_link(h, &url, at);

    return 1;
}


static void
put_text(cmt__html_t *h, cmt_str_t text)
{
    cmt__html_escape(&h->out, text);
    cmt__buf_str_put(&h->plain, text);
    cmt__html_check(h);
}


void
cmt__html_put(cmt__html_t *h, cmt_str_t s)
{
    cmt__buf_str_put(&h->out, s);
    cmt__html_check(h);
}


void
cmt__html_put_apart(cmt__html_t *h, cmt_str_t s)
{
    if (h->out.len != 0) {
        cmt__buf_char(&h->out, '\n');
    }

    cmt__html_put(h, s);
}


void
cmt__html_add_link(cmt__html_t *h, const cmt__url_t *url, size_t at)
{
    size_t        size;
    cmt__link_t  *link, *links;

    if (h->n_links == h->links_size) {

        size = h->links_size == 0 ? LINKS_FIRST : 2 * h->links_size;

        links = cmt_alloc(h->arena, size * sizeof(cmt__link_t));
        if (links == NULL) {
            h->rc = CMT_ENOMEM;
            return;
        }

        if (h->n_links != 0) {
            memcpy(links, h->links, h->n_links * sizeof(cmt__link_t));
        }

        h->links = links;
        h->links_size = size;
    }

    link = &h->links[h->n_links++];

    link->url = url->url;
    link->host = url->host;
    link->domain = url->domain;
    link->path = url->path;
    link->at = at;
    link->text.len = h->plain.len - at;
    link->text.data = NULL;              /* plain may still move */
}


void
cmt__html_check(cmt__html_t *h)
{
    if (h->out.failed || h->plain.failed || h->run.failed) {
        h->rc = CMT_ENOMEM;

    } else if (h->out.len > CMT_HTML_BYTES_MAX && h->rc == CMT_OK) {
        h->rc = CMT_ETEXTLONG;
    }
}
