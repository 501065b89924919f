/*
 * text_fault_test.c: markup of each kind when the n-th allocation fails.
 */

#include <string.h>

#include "core/text/text.h"

#include "tap.h"


/* Of both: what HTML does not know is text. */
#define MARKED                                                                \
    "# A\xcc\x8a *b* **c** [d_e](http://a.no/b_c \"&amp;t\") <b>x</b> "       \
    "<a href=\"http://b.no/?a&amp;b\" title=\"&lt;\">y</a> &copy; "           \
    "www.c.no/a_b ![](http://d.no)\n\n7. a\n8. b\n\n```c\ncode\n```\n\n"      \
    "> q\n\nwww.a.no www.b.no www.c.no www.d.no www.e.no www.f.no"

static const struct {
    cmt_markup_t  markup;
    cmt_str_t     typed;
    const char   *sentence;
} rows[] = {
    { CMT_MARKUP_PLAIN,
      cmt_str("A\xcc\x8a http://a.no\n\nwww.bl\xc3\xa5.no www.b.no www.c.no "
              "www.d.no www.e.no www.f.no www.g.no www.h.no www.i.no"),
      "each allocation of a plain text that fails is told" },
    { CMT_MARKUP_HTML, cmt_str(MARKED), "so is each of HTML" },
    { CMT_MARKUP_MARKDOWN, cmt_str(MARKED), "and of markdown" }
};


int
main(void)
{
    int           rc, wrong;
    long          n, left;
    size_t        i;
    cmt__text_t   out, untouched;
    cmt_arena_t  *arena;

    memset(&untouched, 0x5a, sizeof(untouched));

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {

        for (n = 1, left = 0, wrong = 0; left == 0; n++) {
            arena = cmt_arena_create(CMT_ARENA_BYTES_MAX);
            memcpy(&out, &untouched, sizeof(out));

            (void) cmt__arena_fail_at(n);
            rc = cmt__text_render(arena, rows[i].markup, rows[i].typed,
                                  &out);
            left = cmt__arena_fail_at(0);

            wrong += left > 0 ? rc != CMT_OK
                              : rc != CMT_ENOMEM
                                || memcmp(&out, &untouched, sizeof(out)) != 0;

            cmt_arena_destroy(arena);
        }

        is_int(wrong, 0, rows[i].sentence);
        ok(n > 10, "nothing is touched, and with memory all is well");
    }

    return done();
}
