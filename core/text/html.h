/*
 * html.h: what the files of text/ share.  Nobody outside includes it.
 *
 *   typed text -> render.c -> plain.c, html_read.c or markdown.c
 *                               -> html.c, the serializer -> HTML, plain
 *                                    -> autolink.c, url.c, escape.c
 *   unicode.c is the only file that sees ICU.
 */

#ifndef CMT_TEXT_HTML_H
#define CMT_TEXT_HTML_H

#include "text.h"


#define CMT__BLOCKS_MAX        16      /* open blocks that are no paragraph  */
#define CMT__INLINES_MAX       (CMT__NESTING_MAX - CMT__BLOCKS_MAX - 1)
#define CMT__URL_BYTES_MAX     2048
#define CMT__HOST_BYTES_MAX    253     /* RFC 1035, 2.3.4                    */
#define CMT__LABEL_BYTES_MAX   63
#define CMT__LANGUAGE_CHARS_MAX  20    /* of a block of code                 */
#define CMT__DATETIME_CHARS_MAX  40
#define CMT__TAG_BYTES_MAX     4096    /* as typed                           */
#define CMT__START_DIGITS_MAX  9       /* of a numbered list                 */


typedef enum {
    CMT__TAG_NONE = 0,
    CMT__TAG_A,
    CMT__TAG_ABBR,
    CMT__TAG_ACRONYM,
    CMT__TAG_B,
    CMT__TAG_BLOCKQUOTE,
    CMT__TAG_BR,
    CMT__TAG_CITE,
    CMT__TAG_CODE,
    CMT__TAG_DEL,
    CMT__TAG_EM,
    CMT__TAG_HR,
    CMT__TAG_I,
    CMT__TAG_LI,
    CMT__TAG_OL,
    CMT__TAG_P,
    CMT__TAG_PRE,
    CMT__TAG_Q,
    CMT__TAG_S,
    CMT__TAG_STRIKE,
    CMT__TAG_STRONG,
    CMT__TAG_UL,
    CMT__TAGS
} cmt__tag_t;

typedef enum {
    CMT__ATTR_HREF = 0,
    CMT__ATTR_TITLE,
    CMT__ATTR_CITE,
    CMT__ATTR_DATETIME,
    CMT__ATTR_LANGUAGE,                  /* class="language-..."             */
    CMT__ATTR_START,
    CMT__ATTRS
} cmt__attr_t;

/* Values as text, entities decoded; data NULL: not given. */
typedef struct {
    cmt_str_t     value[CMT__ATTRS];
} cmt__attrs_t;

typedef struct {
    cmt_str_t     url;                   /* as it may stand in href          */
    cmt_str_t     host;
    cmt_str_t     domain;
    cmt_str_t     path;
} cmt__url_t;


/*
 * The serializer.
 *
 * A block (blockquote, ul, ol, li, pre) is written when it is opened.  A
 * paragraph is written when text comes and the place wants one; an inline
 * element when text comes for it.  So nothing empty is written, and inline
 * elements that are still wanted after the end of a paragraph open again in
 * the next one:
 *
 *   block[]    blockquote  li   p       what is written, from outside in
 *   inlined[]  b  em  a                 what is wanted, from outside in
 *              `--^-- the first n_written of them are written
 *
 * Text gathers in run until a tag is written, so that a link is found in all
 * the text that will stand side by side.
 */

typedef struct {
    cmt__tag_t    tag;
    size_t        n_blocks;              /* open when it was opened          */
    cmt_str_t     start;                 /* start tag; empty: never written  */
    cmt__url_t    url;                   /* of a link                        */
} cmt__inline_t;

typedef struct {
    cmt__tag_t    tag;
    unsigned      typed:1;               /* a tag that the author typed      */
} cmt__block_t;

typedef struct {
    cmt_arena_t   *arena;
    cmt__buf_t     out;
    cmt__buf_t     plain;
    cmt__buf_t     run;
    int            rc;                   /* the first error; then all stops  */

    cmt__block_t   block[CMT__BLOCKS_MAX];
    size_t         n_blocks;
    cmt__inline_t  inlined[CMT__INLINES_MAX];
    size_t         n_inlined, n_written;

    unsigned       in_p:1;               /* a p is open in the last block    */
    unsigned       want_p:1;             /* text in a list item wants one    */
    unsigned       fresh:1;              /* at the start of a line           */
    unsigned       line:1;               /* the paragraph has text           */
    unsigned       breaks;               /* ends of lines not yet written    */
    unsigned       gap;                  /* the same in plain                */

    size_t         n_links, links_size;
    cmt__link_t   *links;
    size_t         link_at;              /* of the link that is open         */

    unsigned       allow;                /* CMT_ALLOW_...                    */
    cmt__whom_t    whom;
    size_t         n_mentions;
} cmt__html_t;

/* text_bytes: about how much will come. */
void cmt__html_init(cmt__html_t *h, cmt_arena_t *arena, size_t text_bytes);

/* 1 when the element is open (or will be, with its first text), 0 when it may
 * not stand here: no address, too deep, a link in a link.  attrs: NULL. */
int cmt__html_open(cmt__html_t *h, cmt__tag_t tag, const cmt__attrs_t *attrs);

/* As the author's own tag, which cmt__html_close() leaves alone. */
int cmt__html_open_typed(cmt__html_t *h, cmt__tag_t tag,
    const cmt__attrs_t *attrs);

/* 1, or 0 when no such element is open.  Elements inside a block end with it,
 * inline ones that overlap another open again. */
int cmt__html_close(cmt__html_t *h, cmt__tag_t tag);
int cmt__html_close_typed(cmt__html_t *h, cmt__tag_t tag);

/* Is such an inline element wanted? */
int cmt__html_wanted(const cmt__html_t *h, cmt__tag_t tag);

/* Text of one line, of any lines in pre.  Blanks that start a line go. */
void cmt__html_text(cmt__html_t *h, cmt_str_t text);

/* Ends of line: one is a br, two are a paragraph. */
void cmt__html_newline(cmt__html_t *h);
void cmt__html_paragraph(cmt__html_t *h);

/* An image of an https address.  0: it may not stand here. */
int cmt__html_image(cmt__html_t *h, cmt_str_t address, cmt_str_t alt);

/* Forgets the inline elements that are still wanted. */
void cmt__html_settle(cmt__html_t *h);

/* Closes what is open and fills html, plain and links.
 * CMT_ETEXTLONG, CMT_ENOMEM. */
int cmt__html_end(cmt__html_t *h, cmt__text_t *out) CMT_CHECK;


/* What the serializer writes.  (html_out.c) */

/* The text that has gathered; trim: without blanks at its end. */
void cmt__html_flush(cmt__html_t *h, int trim);
void cmt__html_put(cmt__html_t *h, cmt_str_t tag);
void cmt__html_put_apart(cmt__html_t *h, cmt_str_t tag);  /* on a new line */
/* Keeps a link whose text is what plain has from byte at on. */
void cmt__html_add_link(cmt__html_t *h, const cmt__url_t *url, size_t at);
/* Looks for the first error. */
void cmt__html_check(cmt__html_t *h);


/* The tags.  (tags.c) */
typedef enum {
    CMT__KIND_INLINE = 0,
    CMT__KIND_BLOCK,
    CMT__KIND_PARAGRAPH,
    CMT__KIND_VOID
} cmt__kind_t;

typedef struct {
    cmt_str_t     name;                  /* with a NUL behind it             */
    cmt_str_t     start, end;            /* without attributes               */
    cmt__kind_t   kind;
    unsigned      attrs;                 /* bits 1 << CMT__ATTR_...          */
} cmt__tag_row_t;

extern const cmt__tag_row_t  cmt__tags[CMT__TAGS];

/* The tag with this name (ASCII, any case), or CMT__TAG_NONE. */
cmt__tag_t cmt__html_tag(cmt_str_t name);

/* The start tag with those of its attributes that are allowed and good.  url
 * is filled for a link.  CMT_EWEBSITE: a link without an address. */
int cmt__tag_start(cmt_arena_t *arena, cmt__tag_t tag,
    const cmt__attrs_t *attrs, unsigned allow, cmt_str_t *start,
    cmt__url_t *url) CMT_CHECK;

/* The start tag of a link. */
void cmt__tag_link(cmt__buf_t *b, cmt_str_t url);
/* The whole of an image, which tells nobody what page it stands in. */
void cmt__tag_image(cmt__buf_t *b, cmt_str_t url, cmt_str_t alt);
/* That of a link to a comment of the same page. */
void cmt__tag_mention(cmt__buf_t *b, uint64_t id);


/* An absolute http or https address of any origin: href is percent-encoded
 * where it must be.  CMT_EWEBSITE, CMT_ENOMEM.  (url.c) */
int cmt__url_parse(cmt_arena_t *arena, cmt_str_t typed, cmt__url_t *out)
    CMT_CHECK;

/* "mailto:" and one plain address, without anything behind it.  (url.c) */
int cmt__url_mailto(cmt_arena_t *arena, cmt_str_t typed, cmt__url_t *out)
    CMT_CHECK;

/* Length of the host name at the start of s, 0 when there is none.  Cheap:
 * looks at CMT__HOST_BYTES_MAX bytes at most.  (url.c) */
size_t cmt__url_host(cmt_str_t s);

/* The next address in text from byte *from on: 1 and its place, *from moves
 * past it; else 0.  (autolink.c) */
int cmt__autolink_next(cmt_str_t text, size_t *from, cmt_str_t *found);

/* White space, quotes, punctuation and controls beyond ASCII: what ends an
 * address in running text.  (autolink.c) */
int cmt__autolink_stops(uint32_t point);


/* The three readers: text to serializer.  Errors stay in h->rc. */
void cmt__plain_read(cmt__html_t *h, cmt_str_t text);       /* plain.c      */
void cmt__html_read(cmt__html_t *h, cmt_str_t text);        /* html_read.c  */
void cmt__markdown_read(cmt__html_t *h, cmt_str_t text);    /* markdown.c   */

/* The reader of tags, for text that comes in pieces.  (html_read.c) */
typedef struct {
    cmt__html_t   *html;
    cmt__buf_t     decoded;
    unsigned       refused[CMT__TAGS];   /* start tags shown as text         */
    unsigned       after_br:1;           /* an end of line here is its own   */
} cmt__tags_t;

void cmt__tags_init(cmt__tags_t *t, cmt__html_t *h);
void cmt__tags_read(cmt__tags_t *t, cmt_str_t text);


/* Normal form C; s itself when it is in it.  CMT_ENOMEM.  (unicode.c) */
int cmt__unicode_nfc(cmt_arena_t *arena, cmt_str_t s, cmt_str_t *out)
    CMT_CHECK;

/* How many words.  CMT_ENOMEM. */
int cmt__unicode_words(cmt_arena_t *arena, cmt_str_t s, size_t *n) CMT_CHECK;

/* The same by ICU alone, whatever the text. */
int cmt__unicode_words_icu(cmt_arena_t *arena, cmt_str_t s, size_t *n)
    CMT_CHECK;

/* Is there anything that leaves ink? */
int cmt__unicode_visible(cmt_str_t s);

/* The name of a host in Unicode, mapped and checked as UTS 46 has it.
 * CMT_EWEBSITE, CMT_ENOMEM. */
int cmt__unicode_host(cmt_arena_t *arena, cmt_str_t host, cmt_str_t *out)
    CMT_CHECK;


/* The character at *at of any bytes; *at moves on.  -1: not UTF-8, one byte.
 * (script.c) */
int32_t cmt__point_next(cmt_str_t s, size_t *at);


/* C0 but tab and line feed, DEL, C1: they never stand in a comment. */
static inline int
cmt__control(uint32_t point)
{
    return (point < 0x20 && point != '\t' && point != '\n')
           || (point >= 0x7f && point <= 0x9f);
}


/* Marks that turn the direction of writing. */
static inline int
cmt__bidi_control(uint32_t point)
{
    return point == 0x061c || point == 0x200e || point == 0x200f
           || (point >= 0x202a && point <= 0x202e)
           || (point >= 0x2066 && point <= 0x2069);
}


static inline int
cmt__ascii_alnum(unsigned char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}


static inline int
cmt__blank(char c)
{
    return c == ' ' || c == '\t';
}


#endif /* CMT_TEXT_HTML_H */
