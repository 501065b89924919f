/*
 * fields.c: one field that somebody has typed: a name, a website, words to
 * search for.  What is made of it is fit to be kept, and stays the same when
 * it is typed once more.  The first byte chooses.
 */

#include "core/text/text.h"

#include "fuzz.h"


static void line(cmt_arena_t *arena, cmt_str_t typed);
static void website(cmt_arena_t *arena, cmt_str_t typed);
static void query(cmt_arena_t *arena, cmt_str_t typed);


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    cmt_str_t     s;
    cmt_arena_t  *arena;

    if (size == 0) {
        return 0;
    }

    s = (cmt_str_t) { size - 1, (const char *) data + 1 };

    if (!cmt__utf8_valid(s)) {
        return 0;
    }

    arena = cmt_arena_create(CMT_ARENA_BYTES_MAX);
    expect(arena != NULL);

    switch (data[0] % 3) {

    case 0:
        line(arena, s);
        break;

    case 1:
        website(arena, s);
        break;

    default:
        query(arena, s);
    }

    cmt_arena_destroy(arena);

    return 0;
}


static void
line(cmt_arena_t *arena, cmt_str_t typed)
{
    size_t     i;
    cmt_str_t  once, twice;

    if (cmt__text_line(arena, typed, &once) != CMT_OK) {
        return;
    }

    expect(cmt__utf8_valid(once));
    expect(cmt__str_eq(once, cmt__str_trim(once)));

    for (i = 0; i < once.len; i++) {
        expect((unsigned char) once.data[i] >= ' ' && once.data[i] != 0x7f);
    }

    expect(cmt__text_line(arena, once, &twice) == CMT_OK);
    expect(cmt__str_eq(once, twice));
}


static void
website(cmt_arena_t *arena, cmt_str_t typed)
{
    size_t     i;
    cmt_str_t  once, twice;

    if (cmt__text_url(arena, typed, &once) != CMT_OK) {
        return;
    }

    expect(cmt__utf8_valid(once));
    expect(cmt__str_starts(once, "http://")
           || cmt__str_starts(once, "https://"));

    for (i = 0; i < once.len; i++) {
        expect((unsigned char) once.data[i] > ' ' && once.data[i] != '"'
               && once.data[i] != '<' && once.data[i] != '>');
    }

    expect(cmt__text_url(arena, once, &twice) == CMT_OK);
    expect(cmt__str_eq(once, twice));
}


static void
query(cmt_arena_t *arena, cmt_str_t typed)
{
    size_t          i, k, n, terms;
    cmt__phrase_t  *phrases;

    if (cmt__query_parse(arena, typed, &phrases, &n) != CMT_OK) {
        return;
    }

    expect(n >= 1 && n <= CMT_SEARCH_TERMS_MAX);

    for (i = 0, terms = 0; i < n; i++) {

        expect(phrases[i].n >= 1);
        terms += phrases[i].n;

        for (k = 0; k < phrases[i].n; k++) {
            expect(phrases[i].terms[k].text.len >= 1);
            expect(phrases[i].terms[k].text.len <= CMT__TERM_BYTES_MAX);
        }
    }

    expect(terms <= CMT_SEARCH_TERMS_MAX);
}
