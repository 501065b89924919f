/*
 * markdown.c: CommonMark with strikethrough, as md4c reads it.
 *
 * What differs from CommonMark: the end of a line breaks it, headings are
 * bold paragraphs, images are links, indented code is none, and tags are
 * those of html_read.c.  md4c calls back with blocks, spans and text:
 *
 *   "**a**"  ->  block P, span STRONG, text "a", end STRONG, end P
 *
 * md4c would read the marks in http://a.no/b_c_d as emphasis.  Before it sees
 * the text, the marks of a bare address are replaced by bytes that UTF-8 does
 * not have; each text that comes back gets them again.
 */

#include <string.h>

#include <md4c.h>

#include "html.h"


/* * _ ~ in addresses */
#define MARK_FIRST  ((char) 0xf8)

/* md4c 0.4.8 can look a byte past the end of its text. */
#define SPARE_BYTES  4


typedef struct {
    cmt__html_t  *html;
    cmt__tags_t   tags;
    cmt__buf_t    raw;                   /* tags that the author typed       */
    cmt__buf_t    text;
    int           marked;                /* there are replaced marks         */
    int           linked;                /* the link is open                 */
    int           empty;                 /* no text in it yet                */
    int           same;                  /* its text is its address          */
    size_t        links;                 /* links and images we are in       */
    size_t        refused;               /* blocks too deep to be opened     */
    cmt_str_t     href;
    size_t        image;                 /* depth of images while one is made */
    cmt_str_t     src;
    cmt__buf_t    alt;
} markdown_t;


static const char  marks[] = "*_~";


static cmt_str_t protect(markdown_t *m, cmt_str_t text);
static void protect_address(markdown_t *m, char *address, size_t len);
static cmt_str_t restore(markdown_t *m, cmt_str_t s);
static int enter_block(MD_BLOCKTYPE type, void *detail, void *data);
static int leave_block(MD_BLOCKTYPE type, void *detail, void *data);
static int enter_span(MD_SPANTYPE type, void *detail, void *data);
static int leave_span(MD_SPANTYPE type, void *detail, void *data);
static int put_text(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE len,
    void *data);
static void enter_container(markdown_t *m, cmt__tag_t tag,
    const cmt__attrs_t *attrs);
static void leave_container(markdown_t *m, cmt__tag_t tag);
static void enter_list(markdown_t *m, unsigned start);
static void enter_code(markdown_t *m, const MD_BLOCK_CODE_DETAIL *code);
static void enter_link(markdown_t *m, const MD_ATTRIBUTE *href,
    const MD_ATTRIBUTE *title);
static void leave_link(markdown_t *m);
static void enter_image(markdown_t *m, const MD_SPAN_IMG_DETAIL *image);
static void leave_image(markdown_t *m);
static int put_alt(markdown_t *m, MD_TEXTTYPE type, cmt_str_t s);
static void put_entity(markdown_t *m, cmt_str_t s);
static void put_raw(markdown_t *m);
static cmt_str_t attribute(markdown_t *m, const MD_ATTRIBUTE *a);
static int result(markdown_t *m);


void
cmt__markdown_read(cmt__html_t *h, cmt_str_t text)
{
    int         rc;
    markdown_t  m;

    static const MD_PARSER  parser = {
        .flags = MD_FLAG_STRIKETHROUGH | MD_FLAG_NOHTMLBLOCKS
                 | MD_FLAG_NOINDENTEDCODEBLOCKS,
        .enter_block = enter_block,
        .leave_block = leave_block,
        .enter_span = enter_span,
        .leave_span = leave_span,
        .text = put_text,
    };

    memset(&m, 0, sizeof(markdown_t));
    m.html = h;

    cmt__tags_init(&m.tags, h);
    cmt__buf_init(&m.raw, h->arena, 0);
    cmt__buf_init(&m.text, h->arena, 0);

    text = protect(&m, text);

    if (result(&m) != 0) {
        return;
    }

    rc = md_parse(text.data, (MD_SIZE) text.len, &parser, &m);

    /* of its own, md4c only fails for want of memory */

    if (rc < 0 && h->rc == CMT_OK) {
        h->rc = CMT_ENOMEM;
    }
}


/* A copy in which bare addresses have no marks, and with spare bytes. */

static cmt_str_t
protect(markdown_t *m, cmt_str_t text)
{
    char       *copy;
    size_t      from;
    cmt_str_t   found;

    copy = cmt_calloc(m->html->arena, text.len + SPARE_BYTES);
    if (copy == NULL) {
        m->html->rc = CMT_ENOMEM;
        return text;
    }

    if (text.len != 0) {
        memcpy(copy, text.data, text.len);
    }

    text.data = copy;
    from = 0;

    while (cmt__autolink_next(text, &from, &found)) {
        protect_address(m, copy + (found.data - text.data), found.len);
    }

    return text;
}


/* Up to a bracket that closes more than the address opened: that one ends
 * the address of [text](http://a.no). */

static void
protect_address(markdown_t *m, char *address, size_t len)
{
    long         open;
    size_t       i;
    const char  *mark;

    open = 0;

    for (i = 0; i < len && open >= 0; i++) {

        open += (address[i] == '(') - (address[i] == ')');

        mark = strchr(marks, address[i]);

        if (mark != NULL && address[i] != '\0') {
            address[i] = (char) (MARK_FIRST + (mark - marks));
            m->marked = 1;
        }
    }
}


/* Valid until the next call. */

static cmt_str_t
restore(markdown_t *m, cmt_str_t s)
{
    size_t         i;
    unsigned char  mark;

    if (!m->marked) {
        return s;
    }

    m->text.len = 0;
    cmt__buf_str_put(&m->text, s);

    for (i = 0; i < m->text.len; i++) {

        mark = (unsigned char) (m->text.data[i] - MARK_FIRST);

        if (mark < sizeof(marks) - 1) {
            m->text.data[i] = marks[mark];
        }
    }

    s.data = m->text.data;
    s.len = m->text.len;

    return s;
}


static int
enter_block(MD_BLOCKTYPE type, void *detail, void *data)
{
    markdown_t  *m = data;

    put_raw(m);

    switch (type) {

    case MD_BLOCK_QUOTE:
        enter_container(m, CMT__TAG_BLOCKQUOTE, NULL);
        break;

    case MD_BLOCK_UL:
        enter_container(m, CMT__TAG_UL, NULL);
        break;

    case MD_BLOCK_OL:
        enter_list(m, ((MD_BLOCK_OL_DETAIL *) detail)->start);
        break;

    case MD_BLOCK_LI:
        enter_container(m, CMT__TAG_LI, NULL);
        break;

    case MD_BLOCK_HR:
        (void) cmt__html_open(m->html, CMT__TAG_HR, NULL);
        break;

    case MD_BLOCK_H:
        (void) cmt__html_open(m->html, CMT__TAG_P, NULL);
        (void) cmt__html_open(m->html, CMT__TAG_STRONG, NULL);
        break;

    case MD_BLOCK_CODE:
        enter_code(m, detail);
        break;

    case MD_BLOCK_P:
        (void) cmt__html_open(m->html, CMT__TAG_P, NULL);
        break;

    default:
        break;
    }

    return result(m);
}


static int
leave_block(MD_BLOCKTYPE type, void *detail, void *data)
{
    markdown_t  *m = data;

    (void) detail;

    put_raw(m);

    switch (type) {

    case MD_BLOCK_QUOTE:
        leave_container(m, CMT__TAG_BLOCKQUOTE);
        break;

    case MD_BLOCK_UL:
        leave_container(m, CMT__TAG_UL);
        break;

    case MD_BLOCK_OL:
        leave_container(m, CMT__TAG_OL);
        break;

    case MD_BLOCK_LI:
        leave_container(m, CMT__TAG_LI);
        break;

    case MD_BLOCK_CODE:
        (void) cmt__html_close(m->html, CMT__TAG_PRE);
        cmt__html_settle(m->html);
        break;

    case MD_BLOCK_H:
    case MD_BLOCK_P:
        cmt__html_settle(m->html);
        (void) cmt__html_close(m->html, CMT__TAG_P);
        break;

    default:
        break;
    }

    return result(m);
}


static int
enter_span(MD_SPANTYPE type, void *detail, void *data)
{
    markdown_t          *m = data;
    MD_SPAN_A_DETAIL    *a = detail;
    MD_SPAN_IMG_DETAIL  *image = detail;

    put_raw(m);

    if (m->image != 0) {
        m->image += type == MD_SPAN_IMG;
        return result(m);
    }

    switch (type) {

    case MD_SPAN_EM:
        (void) cmt__html_open(m->html, CMT__TAG_EM, NULL);
        break;

    case MD_SPAN_STRONG:
        (void) cmt__html_open(m->html, CMT__TAG_STRONG, NULL);
        break;

    case MD_SPAN_DEL:
        (void) cmt__html_open(m->html, CMT__TAG_DEL, NULL);
        break;

    case MD_SPAN_CODE:
        (void) cmt__html_open(m->html, CMT__TAG_CODE, NULL);
        break;

    case MD_SPAN_A:
        enter_link(m, &a->href, &a->title);
        break;

    case MD_SPAN_IMG:
        enter_image(m, image);
        break;

    default:
        break;
    }

    return result(m);
}


static int
leave_span(MD_SPANTYPE type, void *detail, void *data)
{
    markdown_t  *m = data;

    (void) detail;

    put_raw(m);

    if (m->image != 0 && type != MD_SPAN_IMG) {
        return result(m);
    }

    switch (type) {

    case MD_SPAN_EM:
        (void) cmt__html_close(m->html, CMT__TAG_EM);
        break;

    case MD_SPAN_STRONG:
        (void) cmt__html_close(m->html, CMT__TAG_STRONG);
        break;

    case MD_SPAN_DEL:
        (void) cmt__html_close(m->html, CMT__TAG_DEL);
        break;

    case MD_SPAN_CODE:
        (void) cmt__html_close(m->html, CMT__TAG_CODE);
        break;

    case MD_SPAN_IMG:
        if (m->image != 0) {
            leave_image(m);
            break;
        }

        /* fall through */

    case MD_SPAN_A:
        leave_link(m);
        break;

    default:
        break;
    }

    return result(m);
}


static int
put_text(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE len, void *data)
{
    cmt_str_t    s;
    markdown_t  *m = data;

    s.data = text;
    s.len = len;

    if (m->image != 0) {
        return put_alt(m, type, s);
    }

    if (type == MD_TEXT_HTML) {
        cmt__buf_str_put(&m->raw, s);
        return result(m);
    }

    put_raw(m);

    switch (type) {

    case MD_TEXT_BR:
    case MD_TEXT_SOFTBR:
        cmt__html_newline(m->html);
        return result(m);

    case MD_TEXT_ENTITY:
        put_entity(m, s);
        break;

    default:
        s = restore(m, s);
        m->same = cmt__str_eq(s, m->href)
                  || (cmt__str_starts(m->href, "mailto:")
                      && cmt__str_eq(s, cmt__str_sub(m->href, 7,
                                                     m->href.len)));
        cmt__plain_read(m->html, s);
    }

    m->empty = 0;

    return result(m);
}


/*
 * A block that holds blocks.  Once one is too deep, so are all inside it:
 * their text goes where it may stand.
 */

static void
enter_container(markdown_t *m, cmt__tag_t tag, const cmt__attrs_t *attrs)
{
    if (m->refused != 0 || !cmt__html_open(m->html, tag, attrs)) {
        m->refused++;
        cmt__html_newline(m->html);
    }
}


static void
leave_container(markdown_t *m, cmt__tag_t tag)
{
    if (m->refused != 0) {
        m->refused--;
        cmt__html_newline(m->html);
        return;
    }

    (void) cmt__html_close(m->html, tag);
}


static void
enter_list(markdown_t *m, unsigned start)
{
    cmt__buf_t    b;
    cmt__attrs_t  attrs;

    memset(&attrs, 0, sizeof(cmt__attrs_t));

    if (start != 1) {
        cmt__buf_init(&b, m->html->arena, CMT__START_DIGITS_MAX + 1);
        cmt__buf_u64(&b, start);

        if (cmt__buf_end(&b, &attrs.value[CMT__ATTR_START]) != CMT_OK) {
            m->html->rc = CMT_ENOMEM;
        }
    }

    enter_container(m, CMT__TAG_OL, &attrs);
}


static void
enter_code(markdown_t *m, const MD_BLOCK_CODE_DETAIL *code)
{
    cmt__attrs_t  attrs;

    memset(&attrs, 0, sizeof(cmt__attrs_t));

    attrs.value[CMT__ATTR_LANGUAGE] = attribute(m, &code->lang);

    (void) cmt__html_open(m->html, CMT__TAG_PRE, NULL);
    (void) cmt__html_open(m->html, CMT__TAG_CODE, &attrs);
}


/* A link in a link is its text; one that may not be is text and address. */

static void
enter_link(markdown_t *m, const MD_ATTRIBUTE *href, const MD_ATTRIBUTE *title)
{
    cmt__attrs_t  attrs;

    if (m->links++ != 0) {
        return;
    }

    memset(&attrs, 0, sizeof(cmt__attrs_t));

    m->href = attribute(m, href);

    attrs.value[CMT__ATTR_HREF] = m->href;
    attrs.value[CMT__ATTR_TITLE] = attribute(m, title);

    m->linked = cmt__html_open(m->html, CMT__TAG_A, &attrs);
    m->empty = 1;
    m->same = 0;
}


static void
leave_link(markdown_t *m)
{
    if (--m->links != 0) {
        return;
    }

    if (m->empty) {
        cmt__html_text(m->html, m->href);

    } else if (!m->linked && !m->same) {
        cmt__html_text(m->html, cmt_str(" ("));
        cmt__html_text(m->html, m->href);
        cmt__html_text(m->html, cmt_str(")"));
    }

    if (m->linked) {
        (void) cmt__html_close(m->html, CMT__TAG_A);
    }
}


/* Until its end nobody knows whether it has an alternative text. */

static void
enter_image(markdown_t *m, const MD_SPAN_IMG_DETAIL *image)
{
    if (m->links == 0 && (m->html->allow & CMT_ALLOW_IMAGES)) {
        m->image = 1;
        m->src = attribute(m, &image->src);
        cmt__buf_init(&m->alt, m->html->arena, 0);
        return;
    }

    enter_link(m, &image->src, &image->title);
}


/* What is no image is the link that it would be if none were allowed. */

static void
leave_image(markdown_t *m)
{
    cmt_str_t     alt;
    cmt__attrs_t  attrs;

    if (--m->image != 0) {
        return;
    }

    if (cmt__buf_end(&m->alt, &alt) != CMT_OK) {
        m->html->rc = CMT_ENOMEM;
        return;
    }

    if (cmt__html_image(m->html, m->src, alt)) {
        return;
    }

    memset(&attrs, 0, sizeof(cmt__attrs_t));
    attrs.value[CMT__ATTR_HREF] = m->src;

    m->href = m->src;
    m->links = 1;
    m->empty = alt.len == 0;
    m->same = cmt__str_eq(alt, m->src);
    m->linked = cmt__html_open(m->html, CMT__TAG_A, &attrs);
    cmt__html_text(m->html, alt);
    leave_link(m);
}


static int
put_alt(markdown_t *m, MD_TEXTTYPE type, cmt_str_t s)
{
    switch (type) {

    case MD_TEXT_BR:
    case MD_TEXT_SOFTBR:
        cmt__buf_char(&m->alt, ' ');
        break;

    case MD_TEXT_ENTITY:
        cmt__entity_decode(&m->alt, s);
        break;

    default:
        cmt__buf_str_put(&m->alt, restore(m, s));
    }

    return result(m);
}


static void
put_entity(markdown_t *m, cmt_str_t s)
{
    m->text.len = 0;
    cmt__entity_decode(&m->text, s);

    cmt__html_text(m->html, (cmt_str_t) { m->text.len, m->text.data });
}


/* The tags that have gathered. */

static void
put_raw(markdown_t *m)
{
    cmt_str_t  s;

    if (m->raw.len == 0) {
        return;
    }

    s.data = m->raw.data;
    s.len = m->raw.len;
    m->raw.len = 0;

    cmt__tags_read(&m->tags, restore(m, s));
}


/* The value of an attribute, as text. */

static cmt_str_t
attribute(markdown_t *m, const MD_ATTRIBUTE *a)
{
    size_t       i;
    cmt_str_t    all, part;
    cmt__buf_t   b;

    if (a->size == 0) {
        return cmt_null_str;
    }

    cmt__buf_init(&b, m->html->arena, a->size);

    for (i = 0; a->substr_offsets[i] < a->size; i++) {

        part.data = a->text + a->substr_offsets[i];
        part.len = a->substr_offsets[i + 1] - a->substr_offsets[i];

        if (a->substr_types[i] == MD_TEXT_ENTITY) {
            cmt__entity_decode(&b, part);

        } else {
            cmt__buf_str_put(&b, restore(m, part));
        }
    }

    if (cmt__buf_end(&b, &all) != CMT_OK) {
        m->html->rc = CMT_ENOMEM;
        return cmt_null_str;
    }

    return all;
}


/* Not 0 makes md4c stop. */

static int
result(markdown_t *m)
{
    if (m->raw.failed || m->text.failed) {
        m->html->rc = CMT_ENOMEM;
    }

    return m->html->rc != CMT_OK;
}
