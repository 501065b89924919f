/*
 * pages.c: any bytes as a page that comes in pieces.  The first one says how
 * long they are.  Whatever they are: what the scan for markers gives, joined,
 * is the page; it finds the same as in one piece; and so does the scan of its
 * head, whose words rules can read.
 */

#include "core/text/text.h"

#include "fuzz.h"


#define FOUND_MAX  64


typedef struct {
    size_t        n, bytes;
    cmt_marker_t  kinds[FOUND_MAX];
    size_t        at[FOUND_MAX];
} found_t;


static void scan(cmt_str_t page, size_t piece, found_t *found);
static void head(cmt_str_t page, size_t piece);


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    found_t    whole, pieces;
    cmt_str_t  page;

    if (size == 0) {
        return 0;
    }

    page = (cmt_str_t) { size - 1, (const char *) data + 1 };

    scan(page, page.len + 1, &whole);
    scan(page, 1 + data[0] % 64, &pieces);

    expect(whole.n == pieces.n && whole.bytes == pieces.bytes);
    expect(memcmp(whole.at, pieces.at, sizeof(whole.at)) == 0);
    expect(memcmp(whole.kinds, pieces.kinds, sizeof(whole.kinds)) == 0);

    head(page, 1 + data[0] % 64);

    return 0;
}


static void
scan(cmt_str_t page, size_t piece, found_t *found)
{
    size_t             from;
    cmt_str_t          in, out, of;
    cmt_marker_t       kind;
    cmt_marker_scan_t  scan;

    memset(found, 0, sizeof(found_t));
    cmt_marker_init(&scan);

    for (from = 0; from < page.len; from += piece) {

        in = cmt__str_sub(page, from, from + piece);

        for ( ;; ) {
            kind = cmt_marker_next(&scan, &in, &out, &of);

            if (kind == CMT_MARKER_END) {
                break;
            }

            expect(found->bytes + out.len <= page.len);
            expect(memcmp(page.data + found->bytes, out.data, out.len) == 0);

            if (kind >= CMT_MARKER_THREAD && found->n < FOUND_MAX) {
                expect(of.len <= CMT_PAGE_BYTES_MAX);
                found->kinds[found->n] = kind;
                found->at[found->n++] = found->bytes;
            }

            found->bytes += out.len;
        }
    }

    out = cmt_marker_held(&scan);
    expect(found->bytes + out.len == page.len);
    expect(out.len == 0
           || memcmp(page.data + found->bytes, out.data, out.len) == 0);
    found->bytes += out.len;
}


static void
head(cmt_str_t page, size_t piece)
{
    int                       rc, over[2];
    size_t                    from;
    cmt_str_t                 a, b;
    cmt_arena_t              *arena;
    const cmt__json_t        *meta, *tags;
    static cmt_page_head_t    whole, pieces;

    cmt_page_head_init(&whole);
    cmt_page_head_feed(&whole, page);
    a = cmt_page_head_lang(&whole);

    cmt_page_head_init(&pieces);

    for (from = 0; from < page.len; from += piece) {
        cmt_page_head_feed(&pieces, cmt__str_sub(page, from, from + piece));
    }

    b = cmt_page_head_lang(&pieces);

    expect(cmt__str_eq(a, b) && a.len <= CMT_PAGE_LANG_TAG_MAX);
    (void) cmt_language_choose(a, page);

    arena = cmt_arena_create(CMT_ARENA_BYTES_MAX);
    expect(arena != NULL);
    expect(cmt_page_head_about(&whole, arena, &a, &over[0]) == CMT_OK);
    expect(cmt_page_head_about(&pieces, arena, &b, &over[1]) == CMT_OK);
    expect(cmt__str_eq(a, b) && a.len <= CMT_PAGE_ABOUT_BYTES_MAX);
    expect(over[0] == over[1] && cmt__utf8_valid(a));

    (void) cmt__page_about_title(&a);
    expect(cmt__page_about_read(a, arena, &meta, &tags) == CMT_OK);
    (void) cmt__page_about_title(&page);
    rc = cmt__page_about_read(page, arena, &meta, &tags);
    expect(rc == CMT_OK || rc == CMT_ECORRUPT);

    cmt_arena_destroy(arena);
}
