/*
 * cmt_page.h: the part of cmt.h about pages that pass by, in pieces: where
 * comments belong in them, what they say of themselves, and bodies that are
 * compressed once.  cmt.h includes it.
 */

#ifndef CMT_PAGE_H
#define CMT_PAGE_H


/*
 * A body that is compressed once and sent often, as RFC 1952 says.  It may
 * have a hole, which is filled with other bytes each time:
 *
 *   without   before
 *   with      before, head, the bytes, behind, end
 *
 * cmt_gzip_make() takes 1 ms for 50 KB at level 5; before and behind lie in
 * the arena, which needs room for both and 300 KB.  hole_bytes 0: no hole.
 * CMT_ENOMEM.  cmt_gzip_fill() makes head and end for at most
 * CMT_GZIP_HOLE_BYTES_MAX bytes, and cannot fail.
 */

#define CMT_GZIP_HOLE_BYTES_MAX  65535
#define CMT_GZIP_HEAD_BYTES      5
#define CMT_GZIP_TRAILER_BYTES   8
#define CMT_GZIP_LEVEL_MAX       9
#define CMT_GZIP_LEVEL_DEFAULT   5

typedef struct {
    cmt_str_t     before, behind;
    uint32_t      before_crc, behind_crc;          /* these are private      */
    size_t        before_bytes, behind_bytes;
} cmt_gzip_t;

int cmt_gzip_make(cmt_str_t text, size_t hole_at, size_t hole_bytes,
    int level, cmt_arena_t *arena, cmt_gzip_t *gzip, cmt_error_t *err)
    CMT_CHECK;
void cmt_gzip_fill(const cmt_gzip_t *gzip, cmt_str_t fill,
    char head[CMT_GZIP_HEAD_BYTES], char end[CMT_GZIP_TRAILER_BYTES]);


/*
 * Places of comments in a page that comes in pieces.
 *
 *   <!-- comments -->                  the thread
 *   <!-- comments-count -->            the number of the page's own comments
 *   <!-- comments-count /blog/a -->    of another page
 *   <!-- comments-recent -->           the newest of the site
 *   <!-- comments-recent 10 -->        so many of them
 *
 * White space inside may be any or none, but stands before page and number;
 * upper case is not the same.  In a loop, cmt_marker_next() takes all of a
 * piece, whose bytes must stay where they are meanwhile:
 *
 *   CMT_MARKER_END     the piece is used up; the begin of what may become a
 *                      marker is kept, cmt_marker_held() gives it when no
 *                      other piece follows
 *   CMT_MARKER_TEXT    *out is a part of the piece, to be left as it is
 *   CMT_MARKER_HELD    *out is the end of earlier pieces, to be left as it
 *                      is; valid until the next call
 *   CMT_MARKER_THREAD  *out is the marker; valid until the next call
 *   CMT_MARKER_COUNT   as well, and *page is the page, empty for the own one
 *   CMT_MARKER_RECENT  as well, and *page is what should be a number, or empty
 *
 * What is given, joined, is the page to the byte.
 */

#define CMT_MARKER_BYTES_MAX  (CMT_PAGE_BYTES_MAX + 64)

typedef enum {
    CMT_MARKER_END = 0,
    CMT_MARKER_TEXT,
    CMT_MARKER_HELD,
    CMT_MARKER_THREAD,
    CMT_MARKER_COUNT,
    CMT_MARKER_RECENT
} cmt_marker_t;

typedef struct {
    unsigned      state;         /* these are private                         */
    size_t        at, size;
    size_t        n_held;
    char          held[CMT_MARKER_BYTES_MAX];
} cmt_marker_scan_t;

void cmt_marker_init(cmt_marker_scan_t *scan);
cmt_marker_t cmt_marker_next(cmt_marker_scan_t *scan, cmt_str_t *in,
    cmt_str_t *out, cmt_str_t *page);
cmt_str_t cmt_marker_held(const cmt_marker_scan_t *scan);


/*
 * What a page, which comes in pieces, says of itself in its head:
 *
 *   <html lang="nb">                                 its language
 *   <title>TITLE</title>                             of its thread
 *   <meta name="comments:NAME" content="VALUE">      for rules: page.meta
 *   <meta property="article:tag" content="TAG">      page.tags
 *   <meta name="keywords" content="TAG, TAG">        as well
 *
 * Only the first CMT_PAGE_HEAD_BYTES_MAX bytes are looked at, up to the end of
 * the head.  lang: as it stands there; empty when there is none so far; it
 * lies in *head.
 *
 * about: title, metas and tags, one a line, in the arena; empty when there are
 * none.  Their text is decoded, and bounded as below; *over tells that a meta
 * or a tag was left out.  A longer title is cut.  CMT_ENOMEM.
 *
 *   =TITLE
 *   deadline=2013-01-31
 *   #court case
 */

#define CMT_PAGE_HEAD_BYTES_MAX   65536
#define CMT_PAGE_LANG_TAG_MAX     35           /* RFC 5646, 4.4.1             */
#define CMT_PAGE_META_NAME_MAX    64           /* bytes of NAME               */
#define CMT_PAGE_CONTENT_MAX      1024         /* of one "content", as it is  */
#define CMT_PAGE_METAS_MAX        16           /* that are kept               */
#define CMT_PAGE_TAGS_MAX         32
#define CMT_PAGE_SAID_BYTES_MAX   512          /* names and values of all     */
#define CMT_PAGE_ABOUT_BYTES_MAX  (CMT_PAGE_SAID_BYTES_MAX                    \
                                   + 2 * CMT_PAGE_METAS_MAX                   \
                                   + 2 * CMT_PAGE_TAGS_MAX)
#define CMT_PAGE_TITLE_BYTES_MAX  2048         /* of "TITLE", as it is        */
#define CMT_PAGE_SEALED_BYTES_MAX (2 + 4 * CMT_TITLE_CHARS_MAX                \
                                   + CMT_PAGE_ABOUT_BYTES_MAX)

typedef struct {
    unsigned      state;         /* these are private                         */
    unsigned      tag, value;
    unsigned      began:1, closes:1, body:1, dashes:1, lang_over:1;
    unsigned      has_lang:1, has_what:1, has_content:1, has_title:1, over:1;
    size_t        seen, at;
    size_t        n_word, n_raw, n_value;
    size_t        n_lang, n_what, n_content, n_metas, n_title;
    char          quote, last;
    char          word[12], raw[12];
    char          lang[CMT_PAGE_LANG_TAG_MAX];
    char          what[CMT_PAGE_META_NAME_MAX + sizeof("comments:") - 1];
    char          metas[2 * CMT_PAGE_CONTENT_MAX];
    char          title[CMT_PAGE_TITLE_BYTES_MAX];
} cmt_page_head_t;

void cmt_page_head_init(cmt_page_head_t *head);
void cmt_page_head_feed(cmt_page_head_t *head, cmt_str_t bytes);
cmt_str_t cmt_page_head_lang(const cmt_page_head_t *head);
int cmt_page_head_about(const cmt_page_head_t *head, cmt_arena_t *arena,
    cmt_str_t *about, int *over) CMT_CHECK;


#endif /* CMT_PAGE_H */
