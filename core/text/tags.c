/*
 * tags.c: the tags and attributes that the serializer can write.  There is no
 * other way to a "<" in the HTML of a comment than this table.
 */

#include <string.h>

#include "html.h"


#define MASK(attr)  (1u << CMT__ATTR_ ## attr)

#define STR(literal)  { sizeof(literal) - 1, literal }

#define TAG(id, name, kind, attrs)                                            \
    [CMT__TAG_ ## id] = { STR(name), STR("<" name ">"),                       \
                          STR("</" name ">"), CMT__KIND_ ## kind, attrs }


const cmt__tag_row_t  cmt__tags[CMT__TAGS] = {
    TAG(A,          "a",          INLINE,    MASK(HREF) | MASK(TITLE)),
    TAG(ABBR,       "abbr",       INLINE,    MASK(TITLE)),
    TAG(ACRONYM,    "acronym",    INLINE,    MASK(TITLE)),
    TAG(B,          "b",          INLINE,    0),
    TAG(BLOCKQUOTE, "blockquote", BLOCK,     MASK(CITE)),
    TAG(BR,         "br",         VOID,      0),
    TAG(CITE,       "cite",       INLINE,    0),
    TAG(CODE,       "code",       INLINE,    MASK(LANGUAGE)),
    TAG(DEL,        "del",        INLINE,    MASK(DATETIME)),
    TAG(EM,         "em",         INLINE,    0),
    TAG(HR,         "hr",         VOID,      0),
    TAG(I,          "i",          INLINE,    0),
    TAG(LI,         "li",         BLOCK,     0),
    TAG(OL,         "ol",         BLOCK,     MASK(START)),
    TAG(P,          "p",          PARAGRAPH, 0),
    TAG(PRE,        "pre",        BLOCK,     0),
    TAG(Q,          "q",          INLINE,    MASK(CITE)),
    TAG(S,          "s",          INLINE,    0),
    TAG(STRIKE,     "strike",     INLINE,    0),
    TAG(STRONG,     "strong",     INLINE,    0),
    TAG(UL,         "ul",         BLOCK,     0),
};

/* What stands before an attribute's value and after it. */
static const char  *const attr_start[CMT__ATTRS] = {
    [CMT__ATTR_HREF]     = " href=\"",
    [CMT__ATTR_TITLE]    = " title=\"",
    [CMT__ATTR_CITE]     = " cite=\"",
    [CMT__ATTR_DATETIME] = " datetime=\"",
    [CMT__ATTR_LANGUAGE] = " class=\"language-",
    [CMT__ATTR_START]    = " start=\"",
};

/* Every link of a comment: search engines give it no weight, and the page
 * it opens gets no handle on ours. */
static const char  link_rel[] = " rel=\"nofollow ugc noopener\"";


static int attr_value(cmt_arena_t *arena, cmt__attr_t attr, cmt_str_t *value,
    cmt__url_t *url);
static int all_in(cmt_str_t s, const char *more, size_t chars_max);


cmt__tag_t
cmt__html_tag(cmt_str_t name)
{
    cmt__tag_t  tag;

    for (tag = CMT__TAG_NONE + 1; tag < CMT__TAGS; tag++) {
        if (name.len == cmt__tags[tag].name.len
            && cmt__str_is_nocase(name, cmt__tags[tag].name.data))
        {
            return tag;
        }
    }

    return CMT__TAG_NONE;
}


int
cmt__tag_start(cmt_arena_t *arena, cmt__tag_t tag, const cmt__attrs_t *attrs,
    unsigned allow, cmt_str_t *start, cmt__url_t *url)
{
    int          rc;
    cmt_str_t    value;
    cmt__buf_t   b;
    cmt__attr_t  attr;

    *start = cmt__tags[tag].start;

    if (cmt__tags[tag].attrs == 0 || attrs == NULL) {
        return tag == CMT__TAG_A ? CMT_EWEBSITE : CMT_OK;
    }

    cmt__buf_init(&b, arena, 4 * start->len);
    cmt__buf_put(&b, start->data, start->len - 1);

    for (attr = 0; attr < CMT__ATTRS; attr++) {

        value = attrs->value[attr];

        if ((cmt__tags[tag].attrs & 1u << attr) == 0
            || (value.len == 0 && attr != CMT__ATTR_HREF))
        {
            continue;
        }

        rc = attr_value(arena, attr, &value, url);

        if (rc == CMT_EWEBSITE && attr == CMT__ATTR_HREF
            && (allow & CMT_ALLOW_MAILTO))
        {
            rc = cmt__url_mailto(arena, value, url);
            value = url->url;
        }

        if (rc == CMT_EWEBSITE && attr != CMT__ATTR_HREF) {
            continue;
        }

        if (rc != CMT_OK) {
            return rc;
        }

        cmt__buf_lit(&b, attr_start[attr]);
        cmt__html_escape(&b, value);
        cmt__buf_char(&b, '"');
    }

    if (tag == CMT__TAG_A) {
        cmt__buf_lit(&b, link_rel);
    }

    cmt__buf_char(&b, '>');

    return cmt__buf_end(&b, start);
}


void
cmt__tag_link(cmt__buf_t *b, cmt_str_t url)
{
    cmt__buf_lit(b, "<a href=\"");
    cmt__html_escape(b, url);
    cmt__buf_char(b, '"');
    cmt__buf_lit(b, link_rel);
    cmt__buf_char(b, '>');
}


void
cmt__tag_image(cmt__buf_t *b, cmt_str_t url, cmt_str_t alt)
{
    cmt__buf_lit(b, "<img src=\"");
    cmt__html_escape(b, url);
    cmt__buf_lit(b, "\" alt=\"");
    cmt__html_escape(b, alt);
    cmt__buf_lit(b, "\" loading=\"lazy\" referrerpolicy=\"no-referrer\">");
}


void
cmt__tag_mention(cmt__buf_t *b, uint64_t id)
{
    cmt__buf_lit(b, "<a href=\"#comment-");
    cmt__buf_u64(b, id);
    cmt__buf_lit(b, "\">");
}


/* CMT_EWEBSITE: the value may not stand in the attribute. */

static int
attr_value(cmt_arena_t *arena, cmt__attr_t attr, cmt_str_t *value,
    cmt__url_t *url)
{
    int  rc, ok;

    ok = 1;

    switch (attr) {

    case CMT__ATTR_HREF:
    case CMT__ATTR_CITE:
        rc = cmt__url_parse(arena, *value, url);
        if (rc != CMT_OK) {
            return rc;
        }

        *value = url->url;
        break;

    case CMT__ATTR_DATETIME:
        ok = all_in(*value, ":+-. TZ", CMT__DATETIME_CHARS_MAX);
        break;

    case CMT__ATTR_LANGUAGE:
        ok = all_in(*value, "+-abcdefghijklmnopqrstuvwxyz",
                    CMT__LANGUAGE_CHARS_MAX);
        break;

    case CMT__ATTR_START:
        ok = all_in(*value, "", CMT__START_DIGITS_MAX);
        break;

    default:
        break;
    }

    return ok ? CMT_OK : CMT_EWEBSITE;
}


/* Digits and the characters in more. */

static int
all_in(cmt_str_t s, const char *more, size_t chars_max)
{
    size_t  i;

    if (s.len > chars_max) {
        return 0;
    }

    for (i = 0; i < s.len; i++) {
        if ((s.data[i] < '0' || s.data[i] > '9')
            && (s.data[i] == '\0' || strchr(more, s.data[i]) == NULL))
        {
            return 0;
        }
    }

    return 1;
}
