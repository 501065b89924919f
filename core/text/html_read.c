/*
 * html_read.c: text with the tags that WordPress allows in comments.
 *
 * A tag that is none of these, or no good tag, is text.  Line ends are
 * markup as in plain text; <br> and <p> are the same markup as tags.  An end
 * tag without a start is dropped, unless the start was shown as text.
 */

#include <string.h>

#include "html.h"


typedef struct {
    cmt__tag_t     tag;
    unsigned       end:1;
    cmt__attrs_t   attrs;
} typed_tag_t;


/* What an author may type. */
static const unsigned char  typable[CMT__TAGS] = {
    [CMT__TAG_A]          = 1,
    [CMT__TAG_ABBR]       = 1,
    [CMT__TAG_ACRONYM]    = 1,
    [CMT__TAG_B]          = 1,
    [CMT__TAG_BLOCKQUOTE] = 1,
    [CMT__TAG_BR]         = 1,
    [CMT__TAG_CITE]       = 1,
    [CMT__TAG_CODE]       = 1,
    [CMT__TAG_DEL]        = 1,
    [CMT__TAG_EM]         = 1,
    [CMT__TAG_I]          = 1,
    [CMT__TAG_P]          = 1,
    [CMT__TAG_Q]          = 1,
    [CMT__TAG_S]          = 1,
    [CMT__TAG_STRIKE]     = 1,
    [CMT__TAG_STRONG]     = 1,
};

static const struct {
    const char   *name;
    cmt__attr_t   attr;
} typable_attrs[] = {
    { "href",     CMT__ATTR_HREF },
    { "title",    CMT__ATTR_TITLE },
    { "cite",     CMT__ATTR_CITE },
    { "datetime", CMT__ATTR_DATETIME },
};


static void read_text(cmt__tags_t *t, cmt_str_t text);
static void put_line(cmt__tags_t *t, cmt_str_t line);
static int put_tag(cmt__tags_t *t, const typed_tag_t *typed);
static int put_end_tag(cmt__tags_t *t, cmt__tag_t tag);
static size_t parse_tag(cmt__tags_t *t, cmt_str_t s, typed_tag_t *typed);
static int parse_attr(cmt__tags_t *t, cmt_str_t s, size_t *at,
    cmt__attrs_t *attrs);
static int parse_value(cmt_str_t s, size_t *at, cmt_str_t *value);
static int keep_attr(cmt__tags_t *t, cmt_str_t name, cmt_str_t value,
    cmt__attrs_t *attrs);
static size_t skip_space(cmt_str_t s, size_t at);


void
cmt__html_read(cmt__html_t *h, cmt_str_t text)
{
    cmt__tags_t  t;

    cmt__tags_init(&t, h);
    cmt__tags_read(&t, text);
}


void
cmt__tags_init(cmt__tags_t *t, cmt__html_t *h)
{
    memset(t, 0, sizeof(cmt__tags_t));

    t->html = h;
    cmt__buf_init(&t->decoded, h->arena, 0);
}


void
cmt__tags_read(cmt__tags_t *t, cmt_str_t text)
{
    size_t        at, len;
    const char   *tag;
    typed_tag_t   typed;

    at = 0;

    while (at < text.len && t->html->rc == CMT_OK) {

        tag = memchr(text.data + at, '<', text.len - at);
        len = tag == NULL ? text.len - at
                          : (size_t) (tag - text.data) - at;

        read_text(t, cmt__str_sub(text, at, at + len));
        at += len;

        if (tag == NULL) {
            break;
        }

        len = parse_tag(t, cmt__str_sub(text, at, text.len), &typed);

        if (len == 0 || !put_tag(t, &typed)) {
            put_line(t, cmt_str("<"));
            len = 1;
        }

        at += len;
    }

    if (t->decoded.failed) {
        t->html->rc = CMT_ENOMEM;
    }
}


static void
read_text(cmt__tags_t *t, cmt_str_t text)
{
    size_t       from, to;
    const char  *end;

    for (from = 0; from < text.len; from = to + 1) {

        end = memchr(text.data + from, '\n', text.len - from);
        to = end == NULL ? text.len : (size_t) (end - text.data);

        put_line(t, cmt__str_sub(text, from, to));

        if (end == NULL) {
            return;
        }

        if (!t->after_br) {
            cmt__html_newline(t->html);
        }

        t->after_br = 0;
    }
}


static void
put_line(cmt__tags_t *t, cmt_str_t line)
{
    size_t  i;

    for (i = 0; i < line.len && cmt__blank(line.data[i]); i++) {
        /* void */
    }

    if (i != line.len) {
        t->after_br = 0;
    }

    if (line.len == 0 || memchr(line.data, '&', line.len) == NULL) {
        cmt__html_text(t->html, line);
        return;
    }

    t->decoded.len = 0;
    cmt__entity_decode(&t->decoded, line);

    cmt__html_text(t->html, (cmt_str_t) { t->decoded.len, t->decoded.data });
}


/* 0: the tag is text. */

static int
put_tag(cmt__tags_t *t, const typed_tag_t *typed)
{
    cmt__tag_t  tag;

    tag = typed->tag;

    if (typed->end) {
        return put_end_tag(t, tag);
    }

    if (tag == CMT__TAG_P) {
        cmt__html_paragraph(t->html);
        return 1;
    }

    /* as in a browser, a link ends where the next one begins */

    if (tag == CMT__TAG_A) {
        (void) cmt__html_close_typed(t->html, tag);
    }

    if (!cmt__html_open_typed(t->html, tag, &typed->attrs)) {
        t->refused[tag]++;
        return 0;
    }

    t->after_br = tag == CMT__TAG_BR;

    return 1;
}


static int
put_end_tag(cmt__tags_t *t, cmt__tag_t tag)
{
    if (tag == CMT__TAG_P) {
        cmt__html_paragraph(t->html);
        return 1;
    }

    if (!cmt__html_close_typed(t->html, tag) && t->refused[tag] != 0) {
        t->refused[tag]--;
        return 0;
    }

    return 1;
}


/*
 * Length of the tag at the start of s, 0 when there is none that may be
 * typed.
 *
 *   <a href="http://a.no" title=x>     </a >     <br/>
 */

static size_t
parse_tag(cmt__tags_t *t, cmt_str_t s, typed_tag_t *typed)
{
    int     first;
    size_t  at, name;

    s = cmt__str_sub(s, 0, CMT__TAG_BYTES_MAX);
    memset(typed, 0, sizeof(typed_tag_t));

    name = 1;

    if (name < s.len && s.data[name] == '/') {
        typed->end = 1;
        name++;
    }

    for (at = name; at < s.len && cmt__ascii_alnum((unsigned char) s.data[at]);
         at++)
    {
        /* void */
    }

    typed->tag = cmt__html_tag(cmt__str_sub(s, name, at));

    if (!typable[typed->tag]
        || (typed->end && typed->tag == CMT__TAG_BR))
    {
        return 0;
    }

    first = 1;

    for ( ;; ) {

        name = at;
        at = skip_space(s, at);

        if (at == s.len) {
            return 0;
        }

        if (s.data[at] == '>') {
            return at + 1;
        }

        /* an end tag has no attributes, and "<b-x>" is another name */

        if (typed->end || (first && at == name)
            || !parse_attr(t, s, &at, &typed->attrs))
        {
            return 0;
        }

        first = 0;
    }
}


static int
parse_attr(cmt__tags_t *t, cmt_str_t s, size_t *at, cmt__attrs_t *attrs)
{
    size_t     i, after;
    cmt_str_t  name, value;

    for (i = *at; i < s.len; i++) {
        if (strchr(" \t\n/>=\"'<", s.data[i]) != NULL) {
            break;
        }
    }

    if (i == *at) {
        return 0;
    }

    name = cmt__str_sub(s, *at, i);
    value = cmt_str("");

    for (after = i; after < s.len && strchr(" \t\n", s.data[after]) != NULL;
         after++)
    {
        /* void */
    }

    if (after < s.len && s.data[after] == '=') {

        i = after + 1;

        if (!parse_value(s, &i, &value)) {
            return 0;
        }
    }

    *at = i;

    return keep_attr(t, name, value, attrs);
}


static int
parse_value(cmt_str_t s, size_t *at, cmt_str_t *value)
{
    char         quote;
    size_t       i;
    const char  *end;

    for (i = *at; i < s.len && strchr(" \t\n", s.data[i]) != NULL; i++) {
        /* void */
    }

    if (i == s.len) {
        return 0;
    }

    quote = s.data[i];

    if (quote == '"' || quote == '\'') {

        end = memchr(s.data + i + 1, quote, s.len - i - 1);
        if (end == NULL) {
            return 0;
        }

        *value = cmt__str_sub(s, i + 1, (size_t) (end - s.data));
        *at = (size_t) (end - s.data) + 1;

        return 1;
    }

    for (*at = i; i < s.len; i++) {
        if (strchr(" \t\n>\"'<=`", s.data[i]) != NULL) {
            break;
        }
    }

    *value = cmt__str_sub(s, *at, i);
    *at = i;

    return value->len != 0;
}


/* The first of a name counts; others that we do not know are dropped. */

static int
keep_attr(cmt__tags_t *t, cmt_str_t name, cmt_str_t value,
    cmt__attrs_t *attrs)
{
    int          rc;
    size_t       i;
    cmt_str_t   *kept;
    cmt__buf_t   b;

    for (i = 0; i < sizeof(typable_attrs) / sizeof(typable_attrs[0]); i++) {
        if (cmt__str_is_nocase(name, typable_attrs[i].name)) {
            break;
        }
    }

    if (i == sizeof(typable_attrs) / sizeof(typable_attrs[0])) {
        return 1;
    }

    kept = &attrs->value[typable_attrs[i].attr];

    if (kept->data != NULL) {
        return 1;
    }

    if (value.len == 0 || memchr(value.data, '&', value.len) == NULL) {
        *kept = value;
        return 1;
    }

    cmt__buf_init(&b, t->html->arena, value.len);
    cmt__entity_decode(&b, value);

    rc = cmt__buf_end(&b, &value);

    if (rc == CMT_OK) {
        rc = cmt__unicode_nfc(t->html->arena, value, kept);
    }

    if (rc != CMT_OK) {
        t->html->rc = rc;
    }

    return rc == CMT_OK;
}


/* Slashes in a tag mean no more than spaces. */

static size_t
skip_space(cmt_str_t s, size_t at)
{
    while (at < s.len && strchr(" \t\n/", s.data[at]) != NULL) {
        at++;
    }

    return at;
}
