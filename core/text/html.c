/*
 * html.c: the serializer.  It keeps the tree that an HTML parser will make of
 * what it writes: blocks only in blocks, inline elements only in a line, no
 * link in a link, everything closed, nothing deeper than CMT__NESTING_MAX,
 * nothing longer than CMT_HTML_BYTES_MAX.
 */

#include <string.h>

#include "html.h"


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
static void put_gap(cmt__html_t *h);
static void put_breaks(cmt__html_t *h);
static void open_place(cmt__html_t *h);
static void write_inlines(cmt__html_t *h);
static void unwrite_inlines(cmt__html_t *h, size_t n);
static void end_line(cmt__html_t *h);


void
cmt__html_init(cmt__html_t *h, cmt_arena_t *arena, size_t text_bytes)
{
    memset(h, 0, sizeof(cmt__html_t));

    h->arena = arena;
    h->fresh = 1;

    cmt__buf_init(&h->out, arena, text_bytes + text_bytes / 4 + 64);
    cmt__buf_init(&h->plain, arena, text_bytes + 1);
    cmt__buf_init(&h->run, arena, text_bytes / 2 + 64);

    cmt__html_check(h);
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


int
cmt__html_image(cmt__html_t *h, cmt_str_t address, cmt_str_t alt)
{
    int         rc;
    size_t      at;
    cmt__url_t  url;

    if (h->rc != CMT_OK || (h->allow & CMT_ALLOW_IMAGES) == 0
        || h->n_links == CMT__LINKS_MAX || place(h) == CMT__TAG_PRE
        || cmt__html_wanted(h, CMT__TAG_A) || !cmt__unicode_visible(alt))
    {
        return 0;
    }

    rc = cmt__url_parse(h->arena, address, &url);

    if (rc != CMT_OK || !cmt__str_starts(url.url, "https:")) {
        h->rc = rc == CMT_ENOMEM ? rc : CMT_OK;
        return 0;
    }

    begin_text(h);
    cmt__html_flush(h, 0);
    at = h->plain.len;

    cmt__tag_image(&h->out, url.url, alt);
    cmt__buf_str_put(&h->plain, alt);
    cmt__html_check(h);
    cmt__html_add_link(h, &url, at);

    return 1;
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

    rc = cmt__tag_start(h->arena, tag, attrs, h->allow, &e->start, &e->url);

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

    rc = cmt__tag_start(h->arena, tag, attrs, 0, &start, &url);

    if (rc != CMT_OK) {
        h->rc = rc;
        return 0;
    }

    end_line(h);
    cmt__html_put_apart(h, start);

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
    cmt__html_put_apart(h, cmt__tags[CMT__TAG_HR].start);

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
        cmt__html_flush(h, 0);
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
        cmt__html_put(h, cmt__tags[tag].end);

    } else {
        cmt__html_put_apart(h, cmt__tags[tag].end);
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

    cmt__html_flush(h, 0);

    put_gap(h);

    write_inlines(h);

    h->fresh = 0;
    h->line = 1;
}


/* Ends of line in plain; code may have ended with one of its own. */

static void
put_gap(cmt__html_t *h)
{
    size_t  len;

    len = h->plain.len;

    if (h->gap != 0 && len != 0 && h->plain.data[len - 1] == '\n') {
        h->gap--;
    }

    for ( /* void */ ; h->gap != 0; h->gap--) {
        if (len != 0) {
            cmt__buf_char(&h->plain, '\n');
        }
    }
}


static void
put_breaks(cmt__html_t *h)
{
    if (h->breaks > 1 && (h->in_p || place(h) != CMT__TAG_LI)) {
        end_line(h);
        return;
    }

    cmt__html_flush(h, 1);
    cmt__html_put(h, cmt__tags[CMT__TAG_BR].start);
    cmt__html_put(h, cmt_str("\n"));

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

    cmt__html_put_apart(h, cmt__tags[CMT__TAG_P].start);
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

        cmt__html_put(h, e->start);
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

        cmt__html_put(h, cmt__tags[e->tag].end);

        if (e->tag == CMT__TAG_A) {
            cmt__html_add_link(h, &e->url, h->link_at);
        }
    }
}


static void
end_line(cmt__html_t *h)
{
    cmt__html_flush(h, place(h) != CMT__TAG_PRE);
    unwrite_inlines(h, 0);

    if (h->in_p) {
        cmt__html_put(h, cmt__tags[CMT__TAG_P].end);
        h->in_p = 0;
    }

    if (h->line) {
        h->gap = 2;
        h->line = 0;
    }

    h->fresh = 1;
    h->breaks = 0;
}
