/*
 * render.c: from what was typed to all that is kept of a comment's text.
 */

#include <string.h>

#include "html.h"


static int normalise(cmt_arena_t *arena, cmt_str_t typed, cmt_str_t *text);
static size_t keep(char *to, cmt_str_t typed);
static cmt_str_t without_outer_blanks(cmt_str_t s);


static void  (*const readers[])(cmt__html_t *h, cmt_str_t text) = {
    [CMT_MARKUP_PLAIN]    = cmt__plain_read,
    [CMT_MARKUP_HTML]     = cmt__html_read,
    [CMT_MARKUP_MARKDOWN] = cmt__markdown_read,
};


int
cmt__text_render(cmt_arena_t *arena, cmt_markup_t markup, cmt_str_t typed,
    cmt__text_t *out)
{
    cmt__whom_t  nobody = { cmt_null_str, 0 };

    return cmt__text_render_answer(arena, markup, 0, typed, &nobody, out);
}


int
cmt__text_render_answer(cmt_arena_t *arena, cmt_markup_t markup,
    unsigned allow, cmt_str_t typed, const cmt__whom_t *whom,
    cmt__text_t *out)
{
    int          rc;
    cmt__html_t  h;
    cmt__text_t  text;

    if (typed.len > CMT_TEXT_BYTES_MAX) {
        return CMT_ETEXTLONG;
    }

    memset(&text, 0, sizeof(cmt__text_t));

    rc = normalise(arena, typed, &text.text);
    if (rc != CMT_OK) {
        return rc;
    }

    cmt__html_init(&h, arena, text.text.len);
    h.whom = *whom;
    h.allow = allow;

    readers[markup](&h, text.text);

    rc = cmt__html_end(&h, &text);
    if (rc != CMT_OK) {
        return rc;
    }

    if (!cmt__unicode_visible(text.plain)) {
        return CMT_ETEXTMISSING;
    }

    rc = cmt__unicode_words(arena, text.plain, &text.words);
    if (rc != CMT_OK) {
        return rc;
    }

    text.chars = cmt__utf8_chars(text.plain);
    *out = text;

    return CMT_OK;
}


static int
normalise(cmt_arena_t *arena, cmt_str_t typed, cmt_str_t *text)
{
    char       *kept;
    cmt_str_t   s;

    kept = cmt_alloc(arena, typed.len);
    if (kept == NULL) {
        return CMT_ENOMEM;
    }

    s.data = kept;
    s.len = keep(kept, typed);

    return cmt__unicode_nfc(arena, without_outer_blanks(s), text);
}


/* Copies without control characters, with LF at the end of lines. */

static size_t
keep(char *to, cmt_str_t typed)
{
    size_t         i, len;
    unsigned char  c;

    len = 0;

    for (i = 0; i < typed.len; i++) {

        c = (unsigned char) typed.data[i];

        if (c == '\r') {
            if (i + 1 == typed.len || typed.data[i + 1] != '\n') {
                to[len++] = '\n';
            }

            continue;
        }

        /* C1 is U+0080 to U+009F: c2 80 to c2 9f */

        if (c == 0xc2 && i + 1 < typed.len
            && (unsigned char) typed.data[i + 1] < 0xa0)
        {
            i++;
            continue;
        }

        if (c >= 0x80 || !cmt__control(c)) {
            to[len++] = (char) c;
        }
    }

    return len;
}


/* Without blank lines at the start and without white space at the end. */

static cmt_str_t
without_outer_blanks(cmt_str_t s)
{
    size_t  i, from;

    from = 0;

    for (i = 0; i < s.len && (s.data[i] == '\n' || cmt__blank(s.data[i]));
         i++)
    {
        if (s.data[i] == '\n') {
            from = i + 1;
        }
    }

    while (s.len > from
           && (s.data[s.len - 1] == '\n' || cmt__blank(s.data[s.len - 1])))
    {
        s.len--;
    }

    return cmt__str_sub(s, from, s.len);
}
