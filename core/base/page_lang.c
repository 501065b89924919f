/*
 * page_lang.c: the language that a page says it is in, however the page is
 * cut into pieces.
 *
 *   <!DOCTYPE html> <!-- <html lang="de"> --> <HTML class=a lang="nb-NO">
 *   ~~~~~~~~~~~~~~~                                         ^^^^^^^^^^^^
 *                   ~~~~~~~~~~~~~~~~~~~~~~~~~
 *
 * A start tag of another name, such as "<head", ends the search: what looks
 * like one of <html> behind it is in a script or in a text.
 */

#include <string.h>

#include "base.h"


enum {
    TEXT = 0,
    OPEN,                                /* behind "<"                       */
    BANG,                                /* behind "<!"                      */
    BANG_DASH,                           /* behind "<!-"                     */
    COMMENT,
    SKIP,                                /* up to ">": doctype, "<?xml", ... */
    TAG,                                 /* within "html"                    */
    SPACE,                               /* between attributes               */
    NAME,                                /* within "lang"                    */
    AFTER_NAME,
    EQUALS,                              /* behind "="                       */
    VALUE,                               /* within a value                   */
    DONE
};


static void step(cmt_page_lang_t *scan, char c);
static void step_markup(cmt_page_lang_t *scan, char c);
static void step_comment(cmt_page_lang_t *scan, char c);
static void step_tag(cmt_page_lang_t *scan, char c);
static void step_name(cmt_page_lang_t *scan, char c);
static void step_after(cmt_page_lang_t *scan, char c);
static void step_value(cmt_page_lang_t *scan, char c);
static int letter_is(const char *word, size_t len, size_t at, char c);
static int is_letter(char c);
static int is_space(char c);


void
cmt_page_lang_init(cmt_page_lang_t *scan)
{
    memset(scan, 0, sizeof(cmt_page_lang_t));
}


void
cmt_page_lang_feed(cmt_page_lang_t *scan, cmt_str_t bytes)
{
    size_t  i;

    for (i = 0; i < bytes.len && scan->state != DONE; i++) {

        if (scan->seen++ == CMT_PAGE_LANG_BYTES_MAX) {
            scan->state = DONE;
            return;
        }

        step(scan, bytes.data[i]);
    }
}


cmt_str_t
cmt_page_lang_result(const cmt_page_lang_t *scan)
{
    return scan->found ? (cmt_str_t) { scan->n_value, scan->value }
                       : cmt_null_str;
}


static void
step(cmt_page_lang_t *scan, char c)
{
    switch (scan->state) {

    case COMMENT:
        step_comment(scan, c);
        return;

    case TAG:
        step_tag(scan, c);
        return;

    case SPACE:
    case NAME:
        step_name(scan, c);
        return;

    case AFTER_NAME:
    case EQUALS:
        step_after(scan, c);
        return;

    case VALUE:
        step_value(scan, c);
        return;

    default:
        step_markup(scan, c);
    }
}


/* What stands before a start tag. */

static void
step_markup(cmt_page_lang_t *scan, char c)
{
    switch (scan->state) {

    case OPEN:
        scan->at = 0;

        if (is_letter(c)) {
            scan->state = TAG;
            step_tag(scan, c);

        } else if (c == '!') {
            scan->state = BANG;

        } else if (c == '?' || c == '/') {
            scan->state = SKIP;

        } else if (c != '<') {
            scan->state = TEXT;
        }

        return;

    case BANG:
        scan->state = c == '-' ? BANG_DASH : c == '>' ? TEXT : SKIP;
        return;

    case BANG_DASH:
        /* "<!-->" is a whole comment: its dashes also count as the end's. */
        scan->state = c == '-' ? COMMENT : c == '>' ? TEXT : SKIP;
        scan->at = 2;
        return;

    case SKIP:
        if (c == '>') {
            scan->state = TEXT;
        }
        return;

    default: /* TEXT */
        if (c == '<') {
            scan->state = OPEN;
        }
    }
}


/* at: the dashes just before c, two at most. */

static void
step_comment(cmt_page_lang_t *scan, char c)
{
    if (c == '-') {
        scan->at += scan->at < 2;

    } else if (c == '>' && scan->at == 2) {
        scan->state = TEXT;

    } else {
        scan->at = 0;
    }
}


static void
step_tag(cmt_page_lang_t *scan, char c)
{
    static const char  html[] = "html";

    if (letter_is(html, sizeof(html) - 1, scan->at, c)) {
        scan->at++;

    } else if (scan->at == sizeof(html) - 1 && (is_space(c) || c == '/')) {
        scan->state = SPACE;

    } else {
        scan->state = DONE;
    }
}


/* at: how much of "lang" the name is so far; past its end: it is another. */

static void
step_name(cmt_page_lang_t *scan, char c)
{
    static const char  lang[] = "lang";

    if (c == '>') {
        scan->state = DONE;
        return;
    }

    if (scan->state == SPACE) {
        if (is_space(c) || c == '/') {
            return;
        }

        scan->state = NAME;
        scan->at = 0;

    } else if (is_space(c) || c == '/' || c == '=') {
        scan->is_lang = (scan->at == sizeof(lang) - 1);
        scan->state = c == '=' ? EQUALS : c == '/' ? SPACE : AFTER_NAME;
        return;
    }

    scan->at = letter_is(lang, sizeof(lang) - 1, scan->at, c)
               ? scan->at + 1 : sizeof(lang);
}


static void
step_after(cmt_page_lang_t *scan, char c)
{
    if (is_space(c)) {
        return;
    }

    if (scan->state == AFTER_NAME) {

        if (c == '=') {
            scan->state = EQUALS;

        } else {
            /* The next attribute; this one has no value. */
            scan->state = SPACE;
            step_name(scan, c);
        }

        return;
    }

    if (c == '>') {
        scan->state = DONE;
        return;
    }

    scan->state = VALUE;
    scan->n_value = 0;
    scan->quote = (c == '"' || c == '\'') ? c : 0;

    if (!scan->quote) {
        step_value(scan, c);
    }
}


/* A value that is too long to be a language's tag is no language. */

static void
step_value(cmt_page_lang_t *scan, char c)
{
    int  last;

    last = scan->quote ? c == scan->quote : is_space(c) || c == '>';

    if (!last) {
        if (scan->is_lang && scan->n_value < sizeof(scan->value)) {
            scan->value[scan->n_value] = c;
        }

        scan->n_value++;
        return;
    }

    if (scan->is_lang) {
        scan->found = scan->n_value <= sizeof(scan->value);
        scan->state = DONE;
        return;
    }

    scan->state = c == '>' ? DONE : SPACE;
}


/* Is c, in upper or lower case, what stands in the word there? */

static int
letter_is(const char *word, size_t len, size_t at, char c)
{
    return at < len && is_letter(c) && (c | 0x20) == word[at];
}


static int
is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}


static int
is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}
