/*
 * html.c: the serializer.  It keeps the tree that an HTML parser will make of
 * what it writes: blocks only in blocks, inline elements only in a line, no
 * link in a link, everything closed, nothing deeper than CMT__NESTING_MAX,
 * nothing longer than CMT_HTML_BYTES_MAX.
 */

#include <string.h>

#include "html.h"


#define LINKS_FIRST  8


static int open_element(cmt__html_t *h, cmt__tag_t tag,
    const cmt__attrs_t *attrs, unsigned typed);
static int open_inline(cmt__html_t *h, cmt__tag_t tag,
    const cmt__attrs_t *attrs);
static int open_block(cmt__html_t *h, cmt__tag_t tag,
    const cmt__attrs_t *attrs, unsigned typed);
static int put_rule(cmt__html_t *h);
static int close_element(cmt__html_t *h, cmt__tag_t tag, unsigned typed);
static int close_inline(cmt__html_t *h, cmt__tag_t tag);
static int close_block(cmt__html_t *h, cmt__tag_t tag, unsigned typed);
static void pop_block(cmt__html_t *h);
static cmt__tag_t place(const cmt__html_t *h);
static int in_list(const cmt__html_t *h);
static void begin_text(cmt__html_t *h);
static void put_breaks(cmt__html_t *h);
static void open_place(cmt__html_t *h);
static void write_inlines(cmt__html_t *h);
static void unwrite_inlines(cmt__html_t *h, size_t n);
static void end_line(cmt__html_t *h);
static void flush(cmt__html_t *h, int trim);
static void put_linked(cmt__html_t *h, cmt_str_t text);
static int put_link(cmt__html_t *h, cmt_str_t text);
static void put_text(cmt__html_t *h, cmt_str_t text);
static void put(cmt__html_t *h, cmt_str_t s);
static void put_apart(cmt__html_t *h, cmt_str_t s);
static void add_link(cmt__html_t *h, const cmt__url_t *url, size_t at);
static void check(cmt__html_t *h);


void
cmt__html_init(cmt__html_t *h, cmt_arena_t *arena, size_t text_bytes)
{
    memset(h, 0, sizeof(cmt__html_t));

    h->arena = arena;
    h->fresh = 1;

    cmt__buf_init(&h->out, arena, text_bytes + text_bytes / 4 + 64);
    cmt__buf_init(&h->plain, arena, text_bytes + 1);
    cmt__buf_init(&h->run, arena, text_bytes / 2 + 64);

    check(h);
}


int
cmt__html_open(cmt__html_t *h, cmt__tag_t tag, const cmt__attrs_t *attrs)
{
    return open_element(h, tag, attrs, 0);
}


int
cmt__html_open_typed(cmt__html_t *h, cmt__tag_t tag,
    const cmt__attrs_t *attrs)
{
    return open_element(h, tag, attrs, 1);
}


int
cmt__html_close(cmt__html_t *h, cmt__tag_t tag)
{
    return close_element(h, tag, 0);
}


int
cmt__html_close_typed(cmt__html_t *h, cmt__tag_t tag)
{
    return close_element(h, tag, 1);
}


int
cmt__html_wanted(const cmt__html_t *h, cmt__tag_t tag)
{
    size_t  i;

    for (i = 0; i < h->n_inlined; i++) {
        if (h->inlined[i].tag == tag) {
            return 1;
        }
    }

    return 0;
}


void
cmt__html_text(cmt__html_t *h, cmt_str_t text)
{
    size_t  n;

    if (h->rc != CMT_OK) {
        return;
    }

    if (place(h) != CMT__TAG_PRE) {

        for (n = 0; n < text.len && cmt__blank(text.data[n]); n++) {
            /* void */
        }

        /* blanks open no element, and at the start of a line they go */

        if (n != 0 && (h->fresh || h->n_written < h->n_inlined)) {
            if (!h->fresh) {
                cmt__buf_put(&h->run, text.data, n);
            }

            text = cmt__str_sub(text, n, text.len);
        }
    }

    if (text.len != 0) {
        begin_text(h);
        cmt__buf_str_put(&h->run, text);
    }
}


void
cmt__html_newline(cmt__html_t *h)
{
    if (place(h) == CMT__TAG_PRE) {
        cmt__html_text(h, cmt_str("\n"));
        return;
    }

    h->fresh = 1;

    if (h->line) {
        h->breaks++;
    }
}


void
cmt__html_paragraph(cmt__html_t *h)
{
    if (h->rc == CMT_OK) {
        end_line(h);
    }
}


void
cmt__html_settle(cmt__html_t *h)
{
    cmt__html_paragraph(h);

    h->n_inlined = 0;
    h->n_written = 0;
}


int
cmt__html_end(cmt__html_t *h, cmt__text_t *out)
{
    size_t     i;
    cmt_str_t  html, plain;

    cmt__html_paragraph(h);

    while (h->rc == CMT_OK && h->n_blocks != 0) {
        pop_block(h);
    }

    if (h->rc != CMT_OK) {
        return h->rc;
    }

    if (cmt__buf_end(&h->out, &html) != CMT_OK
        || cmt__buf_end(&h->plain, &plain) != CMT_OK)
    {
        return CMT_ENOMEM;
    }

    for (i = 0; i < h->n_links; i++) {
        h->links[i].text.data = plain.data + h->links[i].at;
    }

    out->html = html;
    out->plain = plain;
    out->n_links = h->n_links;
    out->links = h->links;

    return CMT_OK;
}


static int
open_element(cmt__html_t *h, cmt__tag_t tag, const cmt__attrs_t *attrs,
    unsigned typed)
{
    if (h->rc != CMT_OK) {
        return 0;
    }

    switch (cmt__tags[tag].kind) {

    case CMT__KIND_INLINE:
        return open_inline(h, tag, attrs);

    case CMT__KIND_BLOCK:
        return open_block(h, tag, attrs, typed);

    case CMT__KIND_PARAGRAPH:
        end_line(h);
        h->want_p = 1;
        return 1;

    default:
        if (tag == CMT__TAG_HR) {
            return put_rule(h);
        }

        cmt__html_newline(h);
        return 1;
    }
}


static int
open_inline(cmt__html_t *h, cmt__tag_t tag, const cmt__attrs_t *attrs)
{
    int             rc;
    cmt__inline_t  *e;

    if (h->n_inlined == CMT__INLINES_MAX) {
        return 0;
    }

    if (tag == CMT__TAG_A
        && (cmt__html_wanted(h, tag) || h->n_links == CMT__LINKS_MAX))
    {
        return 0;
    }

    e = &h->inlined[h->n_inlined];

    rc = cmt__tag_start(h->arena, tag, attrs, &e->start, &e->url);

    if (rc != CMT_OK) {
        if (rc != CMT_EWEBSITE) {
            h->rc = rc;
        }

        return 0;
    }

    e->tag = tag;
    e->n_blocks = h->n_blocks;
    h->n_inlined++;

    return 1;
}


static int
open_block(cmt__html_t *h, cmt__tag_t tag, const cmt__attrs_t *attrs,
    unsigned typed)
{
    int         rc;
    size_t      room;
    cmt_str_t   start;
    cmt__url_t  url;

    /* a list has room for its items, too */

    room = tag == CMT__TAG_UL || tag == CMT__TAG_OL ? 2 : 1;

    if (h->n_blocks + room > CMT__BLOCKS_MAX
        || place(h) == CMT__TAG_PRE
        || (tag == CMT__TAG_LI) != in_list(h))
    {
        return 0;
    }

    rc = cmt__tag_start(h->arena, tag, attrs, &start, &url);

    if (rc != CMT_OK) {
        h->rc = rc;
        return 0;
    }

    end_line(h);
    put_apart(h, start);

    h->block[h->n_blocks].tag = tag;
    h->block[h->n_blocks].typed = typed & 1;
    h->n_blocks++;

    h->want_p = 0;

    if (tag == CMT__TAG_LI) {
        h->gap = 1;
    }

    return 1;
}


static int
put_rule(cmt__html_t *h)
{
    if (place(h) == CMT__TAG_PRE || in_list(h)) {
        return 0;
    }

    end_line(h);
    put_apart(h, cmt__tags[CMT__TAG_HR].start);

    return 1;
}


static int
close_element(cmt__html_t *h, cmt__tag_t tag, unsigned typed)
{
    if (h->rc != CMT_OK) {
        return 0;
    }

    switch (cmt__tags[tag].kind) {

    case CMT__KIND_INLINE:
        return close_inline(h, tag);

    case CMT__KIND_BLOCK:
        return close_block(h, tag, typed);

    case CMT__KIND_PARAGRAPH:
        end_line(h);
        h->want_p = 0;
        return 1;

    default:
        return 0;
    }
}


static int
close_inline(cmt__html_t *h, cmt__tag_t tag)
{
    size_t  i;

    for (i = h->n_inlined; i != 0; i--) {
        if (h->inlined[i - 1].tag == tag) {
            break;
        }
    }

    if (i == 0) {
        return 0;
    }

    if (h->n_written >= i) {
        flush(h, 0);
        unwrite_inlines(h, i - 1);
    }

    /* those that were opened inside stay wanted */

    h->n_inlined--;
    memmove(&h->inlined[i - 1], &h->inlined[i],
            (h->n_inlined - (i - 1)) * sizeof(cmt__inline_t));

    return 1;
}


static int
close_block(cmt__html_t *h, cmt__tag_t tag, unsigned typed)
{
    size_t  i, n, kept;

    for (n = h->n_blocks; n != 0; n--) {

        if (h->block[n - 1].tag == tag && h->block[n - 1].typed == typed) {
            break;
        }

        if (typed && !h->block[n - 1].typed) {
            return 0;
        }
    }

    if (n == 0) {
        return 0;
    }

    end_line(h);

    while (h->n_blocks >= n) {
        pop_block(h);
    }

    kept = 0;

    for (i = 0; i < h->n_inlined; i++) {
        if (h->inlined[i].n_blocks < n) {
            h->inlined[kept++] = h->inlined[i];
        }
    }

    h->n_inlined = kept;
    h->want_p = 0;

    return 1;
}


static void
pop_block(cmt__html_t *h)
{
    cmt__tag_t  tag;

    tag = place(h);
    h->n_blocks--;

    if (tag == CMT__TAG_LI || tag == CMT__TAG_PRE) {
        put(h, cmt__tags[tag].end);

    } else {
        put_apart(h, cmt__tags[tag].end);
    }
}


/* The innermost block. */

static cmt__tag_t
place(const cmt__html_t *h)
{
    return h->n_blocks == 0 ? CMT__TAG_NONE : h->block[h->n_blocks - 1].tag;
}


static int
in_list(const cmt__html_t *h)
{
    return place(h) == CMT__TAG_UL || place(h) == CMT__TAG_OL;
}


/* Makes the place where text can be written. */

static void
begin_text(cmt__html_t *h)
{
    if (!h->fresh && h->n_written == h->n_inlined) {
        return;
    }

    if (h->breaks != 0) {
        put_breaks(h);
    }

    if (!h->line) {
        open_place(h);
    }

    flush(h, 0);

    for ( /* void */ ; h->gap != 0; h->gap--) {
        if (h->plain.len != 0) {
            cmt__buf_char(&h->plain, '\n');
        }
    }

    write_inlines(h);

    h->fresh = 0;
    h->line = 1;
}


static void
put_breaks(cmt__html_t *h)
{
    if (h->breaks > 1 && (h->in_p || place(h) != CMT__TAG_LI)) {
        end_line(h);
        return;
    }

    flush(h, 1);
    put(h, cmt__tags[CMT__TAG_BR].start);
    put(h, cmt_str("\n"));

    h->breaks = 0;
    h->gap = 1;
}


static void
open_place(cmt__html_t *h)
{
    if (in_list(h)) {
        (void) open_block(h, CMT__TAG_LI, NULL, 0);
    }

    if (place(h) == CMT__TAG_PRE
        || (place(h) == CMT__TAG_LI && !h->want_p))
    {
        return;
    }

    put_apart(h, cmt__tags[CMT__TAG_P].start);
    h->in_p = 1;
}


static void
write_inlines(cmt__html_t *h)
{
    cmt__inline_t  *e;

    for ( /* void */ ; h->n_written < h->n_inlined; h->n_written++) {

        e = &h->inlined[h->n_written];

        if (e->tag == CMT__TAG_A) {
            h->link_at = h->plain.len;

            /* a link that rules cannot see is not written */

            if (h->n_links == CMT__LINKS_MAX) {
                e->start = cmt_null_str;
            }
        }

        put(h, e->start);
    }
}


/* Ends the written inline elements but the first n. */

static void
unwrite_inlines(cmt__html_t *h, size_t n)
{
    cmt__inline_t  *e;

    while (h->n_written > n) {

        e = &h->inlined[--h->n_written];

        if (e->start.len == 0) {
            continue;
        }

        put(h, cmt__tags[e->tag].end);

        if (e->tag == CMT__TAG_A) {
            add_link(h, &e->url, h->link_at);
        }
    }
}


static void
end_line(cmt__html_t *h)
{
    flush(h, place(h) != CMT__TAG_PRE);
    unwrite_inlines(h, 0);

    if (h->in_p) {
        put(h, cmt__tags[CMT__TAG_P].end);
        h->in_p = 0;
    }

    if (h->line) {
        h->gap = 2;
        h->line = 0;
    }

    h->fresh = 1;
    h->breaks = 0;
}


/* Writes the text that has gathered. */

static void
flush(cmt__html_t *h, int trim)
{
    size_t     i;
    cmt_str_t  text;

    if (h->run.len == 0) {
        return;
    }

    text.data = h->run.data;
    text.len = h->run.len;
    h->run.len = 0;

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
           && cmt__autolink_next(text, &from, &found))
    {
        put_text(h, cmt__str_sub(text, done,
                                 (size_t) (found.data - text.data)));
        done = from;

        if (!put_link(h, found)) {
            put_text(h, found);
        }
    }

    put_text(h, cmt__str_sub(text, done, text.len));
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
    put(h, cmt__tags[CMT__TAG_A].end);
    add_link(h, &url, at);

    return 1;
}


static void
put_text(cmt__html_t *h, cmt_str_t text)
{
    cmt__html_escape(&h->out, text);
    cmt__buf_str_put(&h->plain, text);
    check(h);
}


static void
put(cmt__html_t *h, cmt_str_t s)
{
    cmt__buf_str_put(&h->out, s);
    check(h);
}


/* On a line of its own. */

static void
put_apart(cmt__html_t *h, cmt_str_t s)
{
    if (h->out.len != 0) {
        cmt__buf_char(&h->out, '\n');
    }

    put(h, s);
}


/* Keeps a link whose text is what plain has from at on. */

static void
add_link(cmt__html_t *h, const cmt__url_t *url, size_t at)
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


static void
check(cmt__html_t *h)
{
    if (h->out.failed || h->plain.failed || h->run.failed) {
        h->rc = CMT_ENOMEM;

    } else if (h->out.len > CMT_HTML_BYTES_MAX && h->rc == CMT_OK) {
        h->rc = CMT_ETEXTLONG;
    }
}
