/*
 * html_fit.c: HTML of other systems, for the markup "html".
 *
 * That markup shows a tag that it does not have as text, which is right for
 * what somebody types here.  But an old comment with a list in it, written
 * where lists were allowed, should not be read as "<ul><li>".  So tags that
 * HTML has become what comes nearest:
 *
 *   <h2>Rain</h2><ul><li>cold<li>wet</ul>      <b>Rain</b>
 *                                              - cold
 *                                              - wet
 *
 * A link to nowhere that a reader could go loses its tag, too.
 */

#include <string.h>

#include "foreign.h"


#define TAG_BYTES_MAX   4096


typedef struct {
    const char  *name;
    const char  *start, *end;    /* what stands for the tags                 */
} fit_t;


static int is_html(cmt_str_t s);
static size_t comment_len(cmt_str_t s, int *open);
static size_t tag_len(cmt_str_t s);
static cmt_str_t tag_name(cmt_str_t tag, int *end);
static int tag_put(cmt__buf_t *b, cmt_str_t tag);
static void fit_put(cmt__buf_t *b, const char *text);
static int source_put(cmt__buf_t *b, cmt_str_t tag, cmt_str_t name);
static int is_web(cmt_str_t url);
static cmt_str_t attr(cmt_str_t tag, const char *name);


#define PARAGRAPH  "\n\n"

static const fit_t  fits[] = {
    { "address",    PARAGRAPH, PARAGRAPH },
    { "article",    PARAGRAPH, PARAGRAPH },
    { "aside",      PARAGRAPH, PARAGRAPH },
    { "big",        "", "" },
    { "caption",    "\n", "\n" },
    { "center",     PARAGRAPH, PARAGRAPH },
    { "col",        "", "" },
    { "colgroup",   "", "" },
    { "dd",         "\n", "" },
    { "details",    PARAGRAPH, PARAGRAPH },
    { "dfn",        "", "" },
    { "div",        PARAGRAPH, PARAGRAPH },
    { "dl",         PARAGRAPH, PARAGRAPH },
    { "dt",         "\n", "" },
    { "figcaption", "\n", "\n" },
    { "figure",     PARAGRAPH, PARAGRAPH },
    { "font",       "", "" },
    { "footer",     PARAGRAPH, PARAGRAPH },
    { "h1",         PARAGRAPH "<b>", "</b>" PARAGRAPH },
    { "h2",         PARAGRAPH "<b>", "</b>" PARAGRAPH },
    { "h3",         PARAGRAPH "<b>", "</b>" PARAGRAPH },
    { "h4",         PARAGRAPH "<b>", "</b>" PARAGRAPH },
    { "h5",         PARAGRAPH "<b>", "</b>" PARAGRAPH },
    { "h6",         PARAGRAPH "<b>", "</b>" PARAGRAPH },
    { "header",     PARAGRAPH, PARAGRAPH },
    { "hr",         PARAGRAPH, "" },
    { "ins",        "", "" },
    { "kbd",        "", "" },
    { "li",         "\n- ", "" },
    { "mark",       "", "" },
    { "nobr",       "", "" },
    { "ol",         PARAGRAPH, PARAGRAPH },
    { "pre",        PARAGRAPH, PARAGRAPH },
    { "samp",       "", "" },
    { "section",    PARAGRAPH, PARAGRAPH },
    { "small",      "", "" },
    { "span",       "", "" },
    { "spoiler",    "", "" },
    { "sub",        "", "" },
    { "summary",    "", "\n" },
    { "sup",        "", "" },
    { "table",      PARAGRAPH, PARAGRAPH },
    { "tbody",      "", "" },
    { "td",         " ", "" },
    { "tfoot",      "", "" },
    { "th",         " ", "" },
    { "thead",      "", "" },
    { "time",       "", "" },
    { "tr",         "\n", "" },
    { "tt",         "", "" },
    { "u",          "", "" },
    { "ul",         PARAGRAPH, PARAGRAPH },
    { "var",        "", "" },
    { "wbr",        "", "" },
    { NULL,         NULL, NULL }
};


int
cmt__html_fit(cmt_arena_t *arena, cmt_str_t html, cmt_str_t *out)
{
    int          open;
    size_t       at, len;
    cmt_str_t    rest;
    cmt__buf_t   b;
    const char  *tag;

    cmt__buf_init(&b, arena, html.len);
    open = 0;

    for (at = 0; at < html.len; at += len) {

        rest = cmt__str_sub(html, at, html.len);
        tag = memchr(rest.data, '<', rest.len);

        if (tag != rest.data) {
            len = tag == NULL ? rest.len : (size_t) (tag - rest.data);
            cmt__buf_put(&b, rest.data, len);
            continue;
        }

        len = comment_len(rest, &open);
        if (len != 0) {
            continue;
        }

        len = tag_len(rest);
        if (len == 0 || !tag_put(&b, cmt__str_sub(rest, 0, len))) {
            len = 1;
            cmt__buf_char(&b, '<');
        }
    }

    return cmt__buf_end(&b, out);
}


int
cmt__html_plain(cmt_arena_t *arena, cmt_str_t html, cmt_str_t *out)
{
    int          rc;
    cmt_str_t    fitted;
    cmt__text_t  text;

    rc = cmt__html_fit(arena, html, &fitted);

    if (rc == CMT_OK) {
        rc = cmt__text_render(arena, CMT_MARKUP_HTML, fitted, &text);
    }

    if (rc == CMT_ENOMEM) {
        return rc;
    }

    *out = rc == CMT_OK ? text.plain : cmt_null_str;

    return CMT_OK;
}


int
cmt__html_unescape(cmt_arena_t *arena, cmt_str_t s, cmt_str_t *out)
{
    cmt__buf_t  b;

    cmt__buf_init(&b, arena, s.len);
    cmt__entity_decode(&b, s);

    return cmt__buf_end(&b, out);
}


int
cmt__foreign_text(cmt_arena_t *arena, cmt_str_t typed, cmt_str_t html,
    cmt__foreign_t *foreign)
{
    if (typed.len != 0 && !is_html(typed)) {
        foreign->markup = CMT_MARKUP_MARKDOWN;
        foreign->text = typed;
        return CMT_OK;
    }

    foreign->markup = CMT_MARKUP_HTML;

    return cmt__html_fit(arena, typed.len != 0 ? typed : html,
                         &foreign->text);
}


/* Begins with a block and ends with a tag, as what programs write. */

static int
is_html(cmt_str_t s)
{
    int                 end;
    size_t              i;
    cmt_str_t           name;
    static const char  *const  blocks[] = {
        "p", "blockquote", "ol", "ul", "pre"
    };

    s = cmt__str_trim(s);

    if (s.len < 3 || s.data[0] != '<' || s.data[s.len - 1] != '>') {
        return 0;
    }

    name = tag_name(s, &end);

    for (i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++) {
        if (!end && cmt__str_is_nocase(name, blocks[i])) {
            return 1;
        }
    }

    return 0;
}


/* 0: none begins here, or it has no end; then no later one has, either, and
 * *open says so. */

static size_t
comment_len(cmt_str_t s, int *open)
{
    const char  *end;

    if (*open || !cmt__str_starts(s, "<!--")) {
        return 0;
    }

    end = memmem(s.data + 4, s.len - 4, "-->", 3);
    *open = end == NULL;

    return end == NULL ? 0 : (size_t) (end - s.data) + 3;
}


/* Quotes keep a ">" in them.  0: it has no end. */

static size_t
tag_len(cmt_str_t s)
{
    char    quote;
    size_t  i;

    quote = '\0';

    for (i = 1; i < s.len && i < TAG_BYTES_MAX; i++) {

        if (quote != '\0') {
            quote = s.data[i] == quote ? '\0' : quote;

        } else if (s.data[i] == '"' || s.data[i] == '\'') {
            quote = s.data[i];

        } else if (s.data[i] == '>') {
            return i + 1;

        } else if (s.data[i] == '<') {
            return 0;
        }
    }

    return 0;
}


/* Writes what stands for a tag.  0: the tag stays as it is. */

static int
tag_put(cmt__buf_t *b, cmt_str_t tag)
{
    int           end;
    cmt_str_t     name;
    const fit_t  *fit;

    name = tag_name(tag, &end);

    if (cmt__str_is_nocase(name, "a")) {
        return !end && !is_web(attr(tag, "href"));
    }

    if (source_put(b, tag, name)) {
        return 1;
    }

    for (fit = fits; fit->name != NULL; fit++) {
        if (cmt__str_is_nocase(name, fit->name)) {
            fit_put(b, end ? fit->end : fit->start);
            return 1;
        }
    }

    return 0;
}


/* Of the line ends before it, those that are there already are not written
 * again; a text begins with none. */

static void
fit_put(cmt__buf_t *b, const char *text)
{
    size_t  n;

    for (n = b->len; n > 0 && *text == '\n' && b->data[n - 1] == '\n'; n--) {
        text++;
    }

    while (n == 0 && *text == '\n') {
        text++;
    }

    cmt__buf_lit(b, text);
}


static cmt_str_t
tag_name(cmt_str_t tag, int *end)
{
    size_t  from, to;

    *end = tag.data[1] == '/';
    from = *end ? 2 : 1;

    for (to = from; to < tag.len && (cmt__letter(tag.data[to])
                                     || (tag.data[to] >= '0'
                                         && tag.data[to] <= '9')); to++)
    {
        /* void */
    }

    return cmt__str_sub(tag, from, to);
}


/* Of what is shown from elsewhere, where it is: the address becomes a link. */

static int
source_put(cmt__buf_t *b, cmt_str_t tag, cmt_str_t name)
{
    size_t              i;
    cmt_str_t           src;
    static const char  *const  names[] = {
        "img", "iframe", "video", "audio", "source", "embed"
    };

    for (i = 0; !cmt__str_is_nocase(name, names[i]); i++) {
        if (i + 1 == sizeof(names) / sizeof(names[0])) {
            return 0;
        }
    }

    src = attr(tag, "src");

    if (tag.data[1] != '/' && is_web(src)) {
        cmt__buf_char(b, ' ');
        cmt__buf_str_put(b, src);
        cmt__buf_char(b, ' ');

    } else if (tag.data[1] != '/') {
        cmt__buf_str_put(b, attr(tag, "alt"));
    }

    return 1;
}


static int
is_web(cmt_str_t url)
{
    url = cmt__str_trim(url);

    return cmt__str_is_nocase(cmt__str_sub(url, 0, 7), "http://")
           || cmt__str_is_nocase(cmt__str_sub(url, 0, 8), "https://");
}


/* The value of an attribute as it is written, without quotes.  The name may
 * stand in another value, too, which then is taken: there is not much to be
 * lost. */

static cmt_str_t
attr(cmt_str_t tag, const char *name)
{
    char         quote;
    size_t       i, len;
    cmt_str_t    value;
    const char  *end;

    len = strlen(name);

    for (i = 1; i + len < tag.len; i++) {
        if (tag.data[i + len] == '=' && cmt__space(tag.data[i - 1])
            && cmt__str_is_nocase(cmt__str_sub(tag, i, i + len), name))
        {
            break;
        }
    }

    if (i + len >= tag.len) {
        return cmt_null_str;
    }

    value = cmt__str_sub(tag, i + len + 1, tag.len - 1);
    quote = value.len != 0 ? value.data[0] : '\0';

    if (quote == '"' || quote == '\'') {
        value = cmt__str_sub(value, 1, value.len);
        end = value.len != 0 ? memchr(value.data, quote, value.len) : NULL;
        return cmt__str_sub(value, 0, end != NULL
                                      ? (size_t) (end - value.data) : 0);
    }

    for (i = 0; i < value.len && !cmt__space(value.data[i]); i++) {
        /* void */
    }

    return cmt__str_sub(value, 0, i);
}
