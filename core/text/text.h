/*
 * text/: from what was typed to what is shown.  The only folder that sees
 * md4c and ICU, and the only one that writes HTML of a comment.
 *
 * All HTML of a comment comes out of one serializer (html.c) that can write
 * nothing but the tags, attributes and URL schemes of its own tables.
 * Whatever else is typed goes through it as escaped text.
 */

#ifndef CMT_TEXT_H
#define CMT_TEXT_H

#include "../base/base.h"


#define CMT__LINKS_MAX       200         /* links kept of one comment       */
#define CMT__NESTING_MAX     32          /* open elements in the output     */
#define CMT__MENTIONS_MAX    20          /* links to whom it answers        */

typedef struct {
    cmt_str_t     url;                   /* as shown in href, UTF-8         */
    cmt_str_t     host;                  /* lower case, without port        */
    cmt_str_t     domain;                /* last two labels of the host     */
    cmt_str_t     path;
    cmt_str_t     text;                  /* what the reader clicks          */
    size_t        at;                    /* byte offset in plain            */
} cmt__link_t;

typedef struct {
    cmt_str_t     text;                  /* as typed, NFC, lines end in LF  */
    cmt_str_t     plain;                 /* what a reader reads, no tags    */
    cmt_str_t     html;
    size_t        chars;                 /* code points of plain            */
    size_t        words;                 /* by Unicode word boundaries      */
    size_t        n_links;
    cmt__link_t  *links;
} cmt__text_t;

/*
 * Renders one comment.  typed is valid UTF-8; control characters other than
 * tab and line feed are dropped, CR LF and CR become LF, outer blank lines
 * go.  A result without anything visible gives CMT_ETEXTMISSING; text beyond
 * CMT_TEXT_BYTES_MAX or HTML beyond CMT_HTML_BYTES_MAX gives CMT_ETEXTLONG;
 * CMT_ENOMEM.  (render.c)
 *
 * In all markups a blank line parts paragraphs, the end of a line breaks it,
 * and bare addresses become links.  All links of the HTML are in links: those
 * past CMT__LINKS_MAX are text.  HTML allows the tags of WordPress's comments
 * (html_read.c), Markdown these and its own (markdown.c).  What is not allowed
 * or too deep is text.
 */
int cmt__text_render(cmt_arena_t *arena, cmt_markup_t markup,
    cmt_str_t typed, cmt__text_t *out) CMT_CHECK;

/* Whom a comment answers: "@" and the name, or its first word, is a link to
 * that comment.  It is none of out->links. */
typedef struct {
    cmt_str_t     name;                  /* NFC; empty: nobody               */
    uint64_t      id;
} cmt__whom_t;

/* allow: CMT_ALLOW_...  An image counts as a link, with its alternative as
 * text; without one it is a link, as are those that are not allowed. */
int cmt__text_render_answer(cmt_arena_t *arena, cmt_markup_t markup,
    unsigned allow, cmt_str_t typed, const cmt__whom_t *whom,
    cmt__text_t *out) CMT_CHECK;

/* A single line for names and titles: NFC; control, bidi-control and unseen
 * characters dropped, white space folded to single spaces, trimmed; empty
 * when nothing of it can be seen.  CMT_ENOMEM.  (line.c) */
int cmt__text_line(cmt_arena_t *arena, cmt_str_t typed, cmt_str_t *out)
    CMT_CHECK;

/* Takes the title off the begin of what a page says of itself, which may be
 * damaged; empty when there is none. */
cmt_str_t cmt__page_about_title(cmt_str_t *about);

/* What else it says (cmt_page_head_about()), as rules see it: two
 * objects of texts, in the arena.  CMT_ECORRUPT when it is not written so,
 * CMT_ENOMEM.  (page_about.c) */
int cmt__page_about_read(cmt_str_t about, cmt_arena_t *arena,
    const cmt__json_t **meta, const cmt__json_t **tags) CMT_CHECK;

/* Checks an http or https address and gives it as it may stand in href:
 * trimmed, scheme and host lower case, no user part, no spaces, quotes or
 * control characters, a host with a dot or "localhost", in Unicode rather
 * than punycode.  CMT_EWEBSITE, CMT_ENOMEM.  (url.c) */
int cmt__text_url(cmt_arena_t *arena, cmt_str_t typed, cmt_str_t *out)
    CMT_CHECK;

/* Appends s with its character references decoded; one line stays one line.
 * (entity.c) */
void cmt__entity_decode(cmt__buf_t *b, cmt_str_t s);

/* & < > " ' escaped, and U+0338, which could join with the end of a tag. */
void cmt__html_escape(cmt__buf_t *b, cmt_str_t s);


/*
 * What rules ask of a text.  These take any bytes, allocate nothing and look
 * at each byte a bounded number of times.
 */

/* Folds s, so that what reads alike is the same: into out, which has
 * cmt__text_fold_room(s) bytes.  map, if not NULL, gets for each byte written
 * where in s the character begins that it comes from.  cyrillic: the script
 * of words that could be either.  Gives the length.  (fold.c) */
size_t cmt__text_fold_room(cmt_str_t s);
size_t cmt__text_fold(cmt_str_t s, int cyrillic, char *out, uint32_t *map);

/* The next run of letters, digits and marks from byte *at on: 1, and *at
 * moves past it; else 0.  (script.c) */
int cmt__text_word(cmt_str_t s, size_t *at, cmt_str_t *word);
/* White space, or nothing to the eye. */
int cmt__text_space(uint32_t point);
uint32_t cmt__text_lower(uint32_t point);

/* The stem of a folded word, for languages that cmt__stem_language() knows
 * by their tag (0: not).  open: NULL without memory; for one thread.  The stem
 * is valid until the next one.  A word longer than CMT__STEM_BYTES_MAX is its
 * own.  (stem.c) */
#define CMT__STEM_BYTES_MAX  100
struct sb_stemmer;
unsigned cmt__stem_language(cmt_str_t tag);
struct sb_stemmer *cmt__stem_open(unsigned language);
cmt_str_t cmt__stem(struct sb_stemmer *stemmer, cmt_str_t word);
void cmt__stem_close(struct sb_stemmer *stemmer);

#define CMT__SCRIPTS  12

typedef struct {
    double        script[CMT__SCRIPTS];  /* share of the letters: latin,
                                            cyrillic, greek, arabic, hebrew,
                                            han, hiragana, katakana, hangul,
                                            thai, devanagari, other          */
    double        caps;                  /* capitals of letters with case    */
    size_t        mixed_words;           /* Latin, Cyrillic, Greek in one    */
    size_t        emoji, mentions;
    size_t        upper, cased, letters;
} cmt__shape_t;

void cmt__text_shape(cmt_str_t s, cmt__shape_t *shape);

/* Which language a text most likely is in; it is not known when there are
 * fewer than 20 letters, or no small words that tell.  (guess.c) */
typedef struct {
    cmt_str_t     code;                  /* "nb"; data NULL: not known       */
    double        confidence;            /* 0 to 1; how far before the next  */
} cmt__guess_t;

void cmt__text_guess(cmt_str_t s, const cmt__shape_t *shape,
    cmt__guess_t *guess);
/* The codes that it knows, up to NULL. */
#define CMT__TEXT_LANGUAGES  23
extern const char *const  cmt__text_languages[];

/* How often each tag of the comment's HTML begins.  names: NULL-terminated.
 * (contacts.c) */
void cmt__text_tags(cmt_str_t html, const char *const *names, size_t *counts);

/* The next e-mail address or telephone number; the next web address.  As
 * cmt__text_word().  (contacts.c) */
int cmt__text_contact(cmt_str_t s, size_t *at, cmt_str_t *contact);
int cmt__text_link(cmt_str_t s, size_t *at, cmt_str_t *link);   /* UTF-8 */

/* Seconds that the clocks of a zone ("Europe/Oslo") are ahead of UTC at t.
 * CMT_EFIELD: there is no such zone; CMT_ENOMEM.  (zone.c) */
int cmt__text_zone_offset(cmt_str_t zone, int64_t t, int64_t *offset)
    CMT_CHECK;


/*
 * Terms: what search finds a text by.  Of a folded text, in the order in
 * which they stand there.  (terms.c)
 */
#define CMT__TERM_BYTES_MAX  64          /* longer words are cut            */
#define CMT__TERMS_RULES     1           /* another number: other terms     */

typedef struct {
    cmt_str_t     text;                  /* in the folded text              */
    unsigned      gram:2;                /* 2 or 3: so many characters of a
                                            script without blanks; else 0   */
    unsigned      partial:1;             /* fewer, at the end of a run      */
    unsigned      prefix:1;              /* of a query: more may follow     */
} cmt__term_t;

typedef struct {
    cmt_str_t     s;
    size_t        at;
} cmt__terms_t;

void cmt__terms_begin(cmt__terms_t *terms, cmt_str_t folded);
/* 1, else 0 at the end. */
int cmt__terms_next(cmt__terms_t *terms, cmt__term_t *term);
/* Terms of two versions may differ: of ours or of Unicode's. */
uint32_t cmt__terms_version(void);

/*
 * What is typed to search for.  Between blanks stand phrases, each of one
 * term or more that must follow each other: `e-mail` is two.  Blanks within
 * "quotes" do not end a phrase.  A * behind a word: more letters may follow.
 * In a script without blanks, more may always follow.  CMT_EARGUMENT: there
 * is no term, or there are more than CMT_SEARCH_TERMS_MAX; CMT_ENOMEM.
 * (query.c)
 */
typedef struct {
    size_t        n;
    cmt__term_t  *terms;
} cmt__phrase_t;

int cmt__query_parse(cmt_arena_t *arena, cmt_str_t typed,
    cmt__phrase_t **phrases, size_t *n) CMT_CHECK;


#endif /* CMT_TEXT_H */
