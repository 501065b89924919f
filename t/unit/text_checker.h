/*
 * text_checker.h: a strict reader of the HTML of comments, written without a
 * look at the serializer.  It knows its own lists of tags and attributes and
 * the content model of HTML, and it finds fault with everything else.
 */

#ifndef CMT_TEXT_CHECKER_H
#define CMT_TEXT_CHECKER_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/text/text.h"


#define CHECK_REL  "nofollow ugc noopener"


typedef struct {
    const char  *name;
    char         kind;                 /* Inline, Block, Void              */
    const char  *attrs;                /* " a b ", those with a value      */
} check_tag_t;

static const check_tag_t  check_tags[] = {
    { "a",          'I', " href title rel " },
    { "abbr",       'I', " title " },
    { "acronym",    'I', " title " },
    { "b",          'I', "" },
    { "blockquote", 'B', " cite " },
    { "br",         'V', "" },
    { "cite",       'I', "" },
    { "code",       'I', " class " },
    { "del",        'I', " datetime " },
    { "em",         'I', "" },
    { "hr",         'V', "" },
    { "i",          'I', "" },
    { "img",        'V', " src alt loading referrerpolicy " },
    { "li",         'B', "" },
    { "ol",         'B', " start " },
    { "p",          'B', "" },
    { "pre",        'B', "" },
    { "q",          'I', " cite " },
    { "s",          'I', "" },
    { "strike",     'I', "" },
    { "strong",     'I', "" },
    { "ul",         'B', "" },
};

/* CMT_ALLOW_..., of what is checked. */
static unsigned  check_allow;

typedef struct {
    const char         *at, *end;
    const check_tag_t  *open[CMT__NESTING_MAX];
    size_t              depth;
    int                 just_opened;   /* an inline element without content */
    size_t              links;
    char               *text;          /* without white space               */
    size_t              text_len;
    const cmt__text_t  *want;
} check_t;


static inline const check_tag_t *
check_find(const char *name, size_t len)
{
    size_t  i;

    for (i = 0; i < sizeof(check_tags) / sizeof(check_tags[0]); i++) {
        if (strcmp(check_tags[i].name, "img") == 0
            && (check_allow & CMT_ALLOW_IMAGES) == 0)
        {
            continue;
        }

        if (strlen(check_tags[i].name) == len
            && memcmp(check_tags[i].name, name, len) == 0)
        {
            return &check_tags[i];
        }
    }

    return NULL;
}


static inline int
check_inside(const check_t *c, const char *name)
{
    size_t  i;

    for (i = 0; i < c->depth; i++) {
        if (strcmp(c->open[i]->name, name) == 0) {
            return 1;
        }
    }

    return 0;
}


static inline int
check_top(const check_t *c, const char *name)
{
    return c->depth != 0 && strcmp(c->open[c->depth - 1]->name, name) == 0;
}


/* Decodes one byte or one entity of text or of a value; NULL is good. */

static inline const char *
check_char(check_t *c, char decoded[4])
{
    size_t  i;

    static const struct {
        const char  *entity;
        const char  *text;
    } entities[] = {
        { "&amp;", "&" }, { "&lt;", "<" }, { "&gt;", ">" },
        { "&quot;", "\"" }, { "&#39;", "'" }, { "&#824;", "\xcc\xb8" }
    };

    decoded[0] = *c->at;
    decoded[1] = '\0';

    if (strchr("<>\"'", *c->at) != NULL) {
        return "a special character stands bare";
    }

    if ((unsigned char) *c->at < ' ' && *c->at != '\n' && *c->at != '\t') {
        return "a control character";
    }

    if (*c->at != '&') {
        c->at++;
        return NULL;
    }

    for (i = 0; i < sizeof(entities) / sizeof(entities[0]); i++) {
        if ((size_t) (c->end - c->at) >= strlen(entities[i].entity)
            && memcmp(c->at, entities[i].entity, strlen(entities[i].entity))
               == 0)
        {
            memcpy(decoded, entities[i].text, strlen(entities[i].text) + 1);
            c->at += strlen(entities[i].entity);
            return NULL;
        }
    }

    return "an unknown entity";
}


/* The value at c->at up to the quote, decoded, into 128 KB and one byte. */

static inline const char *
check_value(check_t *c, char *out, size_t *len)
{
    char         decoded[4];
    const char  *wrong;

    *len = 0;

    while (c->at < c->end && *c->at != '"') {

        if (*len + 2 > 128 * 1024) {
            return "a value is too long";
        }

        wrong = check_char(c, decoded);
        if (wrong != NULL) {
            return wrong;
        }

        memcpy(out + *len, decoded, strlen(decoded));
        *len += strlen(decoded);
    }

    out[*len] = '\0';

    return c->at < c->end ? (c->at++, NULL) : "a value without an end";
}


static inline int
check_only(const char *value, const char *allowed, size_t max)
{
    return strspn(value, allowed) == strlen(value) && strlen(value) <= max
           && value[0] != '\0';
}


static inline const char *
check_mailto(const char *value)
{
    return strspn(value + 7, "abcdefghijklmnopqrstuvwxyz"
                             "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-")
           == strcspn(value + 7, "@")
           && strchr(value + 7, '@') != NULL
           && strpbrk(value, " ?&#%\t\n\"<>\\") == NULL
           ? NULL : "a mailto: that says more";
}


static inline const char *
check_address(const char *value)
{
    const char  *host;

    if ((check_allow & CMT_ALLOW_MAILTO) && strncmp(value, "mailto:", 7) == 0)
    {
        return check_mailto(value);
    }

    host = strncmp(value, "http://", 7) == 0 ? value + 7
           : strncmp(value, "https://", 8) == 0 ? value + 8 : NULL;

    if (host == NULL) {
        return "an address that is not http or https";
    }

    if (strcspn(host, "/?#:") == 0 || strpbrk(value, " \t\n\"<>\\") != NULL
        || strcspn(host, "@") < strcspn(host, "/?#"))
    {
        return "an address that misleads";
    }

    return NULL;
}


/* It is text of plain, too, which counts no white space. */

static inline const char *
check_alt(check_t *c, const char *value)
{
    for ( /* void */ ; *value != '\0'; value++) {

        if (strchr(" \t\n", *value) != NULL) {
            continue;
        }

        if (c->text_len == c->want->plain.len) {
            return "more text than in plain";
        }

        c->text[c->text_len++] = *value;
    }

    return NULL;
}


static inline const char *
check_attr(check_t *c, const char *name, const char *value, size_t len)
{
    const cmt__link_t  *link;

    if (strlen(value) != len) {
        return "a NUL in a value";
    }

    if (strcmp(name, "loading") == 0) {
        return strcmp(value, "lazy") == 0 ? NULL : "another loading";
    }

    if (strcmp(name, "referrerpolicy") == 0) {
        return strcmp(value, "no-referrer") == 0 ? NULL : "a referrer";
    }

    if (strcmp(name, "alt") == 0) {
        return check_alt(c, value);
    }

    if (strcmp(name, "src") == 0 && strncmp(value, "https://", 8) != 0) {
        return "an image that is not https";
    }

    if (strcmp(name, "href") == 0 || strcmp(name, "src") == 0) {

        if (c->links >= c->want->n_links) {
            return "a link that is not in the list";
        }

        link = &c->want->links[c->links++];

        if (link->url.len != len || memcmp(link->url.data, value, len) != 0) {
            return "a link that is another in the list";
        }

        return check_address(value);
    }

    if (strcmp(name, "cite") == 0) {
        return check_address(value);
    }

    if (strcmp(name, "rel") == 0) {
        return strcmp(value, CHECK_REL) == 0 ? NULL : "another rel";
    }

    if (strcmp(name, "class") == 0) {
        return strncmp(value, "language-", 9) == 0
               && check_only(value + 9, "abcdefghijklmnopqrstuvwxyz"
                                        "0123456789+-", 20)
               ? NULL : "a class of any kind";
    }

    if (strcmp(name, "start") == 0) {
        return check_only(value, "0123456789", 9) ? NULL : "a wild start";
    }

    if (strcmp(name, "datetime") == 0) {
        return check_only(value, "0123456789TZ:+-. ", 40)
               ? NULL : "a wild datetime";
    }

    return len != 0 ? NULL : "an empty title";
}


static inline const char *
check_attrs(check_t *c, const check_tag_t *tag)
{
    char        *value;
    char         name[16], key[20], seen[64];
    size_t       len;
    const char  *wrong, *start;

    seen[0] = '\0';
    value = malloc(128 * 1024 + 1);
    wrong = value == NULL ? "no memory" : NULL;

    while (wrong == NULL && c->at < c->end && *c->at == ' ') {

        start = ++c->at;
        while (c->at < c->end && *c->at >= 'a' && *c->at <= 'z') {
            c->at++;
        }

        len = (size_t) (c->at - start);
        if (len == 0 || len >= sizeof(name)) {
            wrong = "an attribute without a good name";
            break;
        }

        memcpy(name, start, len);
        name[len] = '\0';
        (void) snprintf(key, sizeof(key), " %s ", name);

        if (strstr(tag->attrs, key) == NULL || strstr(seen, key) != NULL) {
            wrong = "an attribute that may not stand here";
            break;
        }

        (void) strncat(seen, key, sizeof(seen) - strlen(seen) - 1);

        if (c->end - c->at < 2 || memcmp(c->at, "=\"", 2) != 0) {
            wrong = "an attribute without quotes";
            break;
        }

        c->at += 2;
        wrong = check_value(c, value, &len);

        if (wrong == NULL) {
            wrong = check_attr(c, name, value, len);
        }
    }

    free(value);

    if (wrong == NULL && strcmp(tag->name, "a") == 0
        && (strstr(seen, " href ") == NULL || strstr(seen, " rel ") == NULL))
    {
        wrong = "a link without href or rel";
    }

    if (wrong == NULL && strcmp(tag->name, "img") == 0
        && (strstr(seen, " src ") == NULL || strstr(seen, " alt ") == NULL
            || strstr(seen, " loading ") == NULL
            || strstr(seen, " referrerpolicy ") == NULL))
    {
        wrong = "an image without all that it needs";
    }

    return wrong;
}


/* What HTML's content model and its parser say of a tag in this place. */

static inline const char *
check_place(const check_t *c, const check_tag_t *tag)
{
    size_t  i;
    int     item;

    item = strcmp(tag->name, "li") == 0;

    if (item != (check_top(c, "ul") || check_top(c, "ol"))) {
        return "lists hold items, and only lists do";
    }

    if (check_top(c, "pre") && strcmp(tag->name, "code") != 0) {
        return "pre holds code";
    }

    if (tag->kind == 'B' || strcmp(tag->name, "hr") == 0) {
        for (i = 0; i < c->depth; i++) {
            if (c->open[i]->kind == 'I' || strcmp(c->open[i]->name, "p") == 0) {
                return "a block in a paragraph or an inline element";
            }
        }

        return NULL;
    }

    if (c->depth == 0 || check_top(c, "blockquote")) {
        return "an inline element outside a paragraph";
    }

    if (strcmp(tag->name, "a") == 0 && check_inside(c, "a")) {
        return "a link in a link";
    }

    return NULL;
}


static inline const char *
check_start_tag(check_t *c, const check_tag_t *tag)
{
    const char  *wrong;

    wrong = check_place(c, tag);
    if (wrong == NULL) {
        wrong = check_attrs(c, tag);
    }

    if (wrong != NULL) {
        return wrong;
    }

    c->just_opened = tag->kind == 'I';   /* an image is content, too */

    if (tag->kind != 'V') {
        if (c->depth == CMT__NESTING_MAX) {
            return "nested too deeply";
        }

        c->open[c->depth++] = tag;
    }

    return NULL;
}


static inline const char *
check_markup(check_t *c)
{
    int                 end;
    const char         *name, *wrong;
    const check_tag_t  *tag;

    c->at++;
    end = c->at < c->end && *c->at == '/';
    c->at += end;

    name = c->at;
    while (c->at < c->end && *c->at >= 'a' && *c->at <= 'z') {
        c->at++;
    }

    tag = check_find(name, (size_t) (c->at - name));
    if (tag == NULL) {
        return "an unknown tag";
    }

    if (end) {
        if (tag->kind == 'V' || c->depth == 0
            || c->open[--c->depth] != tag)
        {
            return "an end tag of another element";
        }

        wrong = c->just_opened ? "an empty inline element" : NULL;
        c->just_opened = 0;

    } else {
        wrong = check_start_tag(c, tag);
    }

    if (wrong == NULL && (c->at == c->end || *c->at++ != '>')) {
        wrong = "a tag without its end";
    }

    return wrong;
}


static inline const char *
check_text(check_t *c)
{
    char         decoded[4];
    const char  *wrong;

    wrong = check_char(c, decoded);
    if (wrong != NULL) {
        return wrong;
    }

    c->just_opened = 0;

    if (strchr(" \t\n", decoded[0]) != NULL) {
        return NULL;
    }

    if (c->depth == 0 || check_top(c, "blockquote") || check_top(c, "ul")
        || check_top(c, "ol"))
    {
        return "text outside a paragraph";
    }

    if (c->text_len + strlen(decoded) > c->want->plain.len) {
        return "more text than in plain";
    }

    memcpy(c->text + c->text_len, decoded, strlen(decoded));
    c->text_len += strlen(decoded);

    return NULL;
}


/* The text of the HTML is plain, and links are where they say. */

static inline const char *
check_plain(const check_t *c)
{
    size_t              i, n;
    const cmt__text_t  *t;

    t = c->want;
    n = 0;

    for (i = 0; i < t->plain.len; i++) {
        if (strchr(" \t\n", t->plain.data[i]) == NULL) {
            if (n == c->text_len || c->text[n] != t->plain.data[i]) {
                return "plain is not the text of the HTML";
            }

            n++;
        }
    }

    if (n != c->text_len) {
        return "plain has more text than the HTML";
    }

    if (c->links != t->n_links) {
        return "the list has more links than the HTML";
    }

    for (i = 0; i < t->n_links; i++) {
        if (t->links[i].at + t->links[i].text.len > t->plain.len
            || t->links[i].text.data != t->plain.data + t->links[i].at
            || t->links[i].text.len == 0 || t->links[i].host.len == 0
            || t->links[i].domain.len == 0 || t->links[i].path.len == 0)
        {
            return "a link is not where it says";
        }
    }

    return cmt__utf8_valid(t->plain) && cmt__utf8_valid(t->text)
           && t->chars == cmt__utf8_chars(t->plain)
           ? NULL : "plain or text is not good UTF-8, or miscounted";
}


/* NULL, or what is wrong with a rendered text.  *at: where in the HTML. */

static inline const char *
check_rendered(const cmt__text_t *t, size_t *at)
{
    check_t      c;
    const char  *wrong;

    memset(&c, 0, sizeof(check_t));
    *at = 0;

    if (t->html.len > CMT_HTML_BYTES_MAX || t->n_links > CMT__LINKS_MAX) {
        return "longer than allowed";
    }

    if (!cmt__utf8_valid(t->html)) {
        return "not UTF-8";
    }

    c.want = t;
    c.at = t->html.data;
    c.end = c.at + t->html.len;
    c.text = malloc(t->plain.len + 1);
    wrong = c.text == NULL ? "no memory" : NULL;

    while (wrong == NULL && c.at < c.end) {
        *at = (size_t) (c.at - t->html.data);
        wrong = *c.at == '<' ? check_markup(&c) : check_text(&c);
    }

    if (wrong == NULL && c.depth != 0) {
        wrong = "an element is not closed";
    }

    if (wrong == NULL) {
        wrong = check_plain(&c);
    }

    free(c.text);

    return wrong;
}


#endif /* CMT_TEXT_CHECKER_H */
