/*
 * text_fuzz.c: any bytes as a comment.  The first byte picks the markup; the
 * program aborts when a property of the HTML does not hold.
 */

#include "../unit/text_checker.h"

#include "fuzz.h"


static void fail(const char *wrong, const cmt__text_t *text, size_t at);


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int           rc;
    size_t        at;
    cmt_str_t     typed;
    cmt_arena_t  *arena;
    cmt_markup_t  markup;
    cmt__text_t   text, again;
    const char   *wrong;

    if (size == 0) {
        return 0;
    }

    markup = (cmt_markup_t) (data[0] % 3);
    typed.data = (const char *) data + 1;
    typed.len = size - 1;

    if (!cmt__utf8_valid(typed)) {
        return 0;
    }

    arena = cmt_arena_create(CMT_ARENA_BYTES_MAX);
    if (arena == NULL) {
        return 0;
    }

    rc = cmt__text_render(arena, markup, typed, &text);

    if (rc == CMT_OK) {

        wrong = check_rendered(&text, &at);
        if (wrong != NULL) {
            fail(wrong, &text, at);
        }

        if (markup != CMT_MARKUP_MARKDOWN
            && text.html.len <= CMT_TEXT_BYTES_MAX
            && (cmt__text_render(arena, CMT_MARKUP_HTML, text.html, &again)
                != CMT_OK
                || !cmt__str_eq(text.html, again.html)))
        {
            fail("not the same when it is read again", &text, 0);
        }

    } else if (rc != CMT_ETEXTMISSING && rc != CMT_ETEXTLONG) {
        fail(cmt_error_code(rc), NULL, 0);
    }

    cmt_arena_destroy(arena);

    return 0;
}


static void
fail(const char *wrong, const cmt__text_t *text, size_t at)
{
    (void) fprintf(stderr, "%s at byte %zu\n", wrong, at);

    if (text != NULL) {
        (void) fprintf(stderr, "%.*s\n", (int) text->html.len,
                       text->html.data);
    }

    abort();
}
