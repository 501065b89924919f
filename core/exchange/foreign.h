/*
 * foreign.h: comments of other systems.
 *
 *   file -> translator -> sink -> spool -> cmt__import_lines()
 *
 * A translator reads a file of theirs and gives one comment after the other to
 * the sink, which makes a line of our own format of each.  The spool brings
 * the lines in the order of their time.  From there on an import is an import:
 * there is no second way into the store.
 *
 *   wordpress.c       WXR, what WordPress exports
 *   disqus.c          the XML of Disqus
 *   xml.c             what is common to formats of XML; the only file that
 *                     sees expat
 *   html_fit.c        HTML to what comments here may have
 *   isso.c            the database of Isso; the only file that sees SQLite
 *   remark42.c        the lines of a backup of Remark42
 *   waline.c          the export of Waline, or of the LeanCloud below it
 *   artalk.c          the export of Artalk
 *   commento.c        the export of Commento
 *   json_source.c     what is common to formats of JSON
 *   refs.c            pages and people of a file, by the ids that it has for
 *                     them
 *   sink.c            one comment to one line
 *   spool.c           the lines
 *   foreign_import.c  all of it, and the table of formats
 */

#ifndef CMT_FOREIGN_H
#define CMT_FOREIGN_H

#include "exchange.h"


#define CMT__ROWS_BYTES_MAX      ((size_t) 1024 * 1024 * 1024)
/* One value of a file.  A text that is longer than any comment may be is not
 * cut, but refused; 6 bytes a byte are left of a line for it. */
#define CMT__FIELD_BYTES_MAX     (2 * CMT_TEXT_BYTES_MAX)
#define CMT__FOREIGN_BYTES_MAX   ((size_t) 16 * 1024 * 1024)   /* one comment */

#define CMT__XML_DEPTH_MAX       64
#define CMT__XML_TOKEN_BYTES_MAX (1024 * 1024)   /* a tag, a comment */
#define CMT__XML_NAME_BYTES_MAX  64
#define CMT__XML_BLOCK_BYTES     (64 * 1024)

#define CMT__ROW_BYTES_MAX       (4 * 1024 * 1024)   /* of a database */


/*
 * A comment as another system has it.  Strings are the translator's.
 */

typedef struct {
    uint64_t       at;           /* where in the file: line, row             */
    cmt_str_t      uid;          /* unique in the world, by a prefix         */
    cmt_str_t      parent;       /* a uid; empty: it answers nothing         */
    cmt_str_t      page;         /* a whole address or a path                */
    cmt_str_t      title;        /* of the page                              */
    cmt_str_t      name, email, website, text;
    cmt_str_t      account;      /* who without an e-mail address is the same
                                    person elsewhere, as "disqus:ola"        */
    cmt_markup_t   markup;
    cmt_kind_t     kind;
    cmt_status_t   status;
    int64_t        created, edited;
} cmt__foreign_t;


/*
 * The sink.  Where a system was less strict than we are, a comment loses what
 * is wrong about it, and that is counted: an e-mail address or a website that
 * is none, the end of a name that is too long.  An e-mail address goes no
 * further than here: the line has its hash.
 */

typedef int (*cmt__take_fn)(void *to, cmt_str_t line,
    const cmt__foreign_t *foreign, cmt_error_t *err);

typedef struct {
    const cmt_site_t    *site;
    const char          *unit;   /* "line"                                   */
    cmt_arena_t         *arena;  /* CMT__FOREIGN_BYTES_MAX; reset each time  */
    cmt__take_fn         take;   /* is given each line, without a line feed  */
    void                *to;
    cmt_check_fn         fn;     /* is told what is refused; NULL            */
    void                *ctx;
    cmt_import_stats_t   stats;  /* of all that becomes no line, and notes   */
} cmt__sink_t;

/* A comment that cannot become a line is refused or skipped, which is no error
 * here.  CMT_ENOMEM, and what take() answers. */
int cmt__sink_put(cmt__sink_t *sink, const cmt__foreign_t *foreign,
    cmt_error_t *err) CMT_CHECK;
void cmt__sink_skip(cmt__sink_t *sink, unsigned note);
void cmt__sink_refuse(cmt__sink_t *sink, uint64_t at, int rc,
    const char *why);
/* The same of a value with more than CMT__FIELD_BYTES_MAX bytes. */
void cmt__sink_refuse_long(cmt__sink_t *sink, uint64_t at);

/* "isso:0123456789abcdef/7": what an id is in the world; without a scope
 * "disqus:7", and nothing of nothing.  CMT_ENOMEM.  (sink.c) */
int cmt__foreign_uid(cmt_arena_t *arena, const char *system, cmt_str_t scope,
    cmt_str_t id, cmt_str_t *uid) CMT_CHECK;

/* "2013-01-08 09:40:00", with "T" for the blank or not, with parts of a second
 * or not, with "Z", "+0200", "+02:00" or "+0200 CEST" or not, then it is UTC: 1
 * and *t, else 0.  (sink.c) */
int cmt__foreign_time(cmt_str_t s, int64_t *t);


/*
 * HTML for the markup "html": tags that it does not have become what comes
 * nearest, or nothing, where it would show them as text.  A tag that HTML does
 * not have either stays text.  Nothing here makes a text safe: it becomes HTML
 * where all texts do.  CMT_ENOMEM.  (html_fit.c)
 */
int cmt__html_fit(cmt_arena_t *arena, cmt_str_t html, cmt_str_t *out)
    CMT_CHECK;
/* The same as a reader reads it; nothing of what is no text.  CMT_ENOMEM. */
int cmt__html_plain(cmt_arena_t *arena, cmt_str_t html, cmt_str_t *out)
    CMT_CHECK;
/* Its character references decoded, once.  CMT_ENOMEM. */
int cmt__html_unescape(cmt_arena_t *arena, cmt_str_t s, cmt_str_t *out)
    CMT_CHECK;
/* text and markup of a system that knows Markdown: what was typed; where it
 * has nothing of that, its HTML.  What it took over from others may stand as
 * HTML where else Markdown is.  CMT_ENOMEM. */
int cmt__foreign_text(cmt_arena_t *arena, cmt_str_t typed, cmt_str_t html,
    cmt__foreign_t *foreign) CMT_CHECK;


/*
 * Lines that wait in a file without a name, each with a uid of its own.
 */

typedef struct {
    FILE         *file;
    cmt_arena_t  *arena;         /* of the rows                              */
    cmt__row_t   *rows;
    size_t        n, size;
    size_t        bytes_max;     /* of the rows, and as many for the names   */
    off_t         end;
    cmt__names_t  names;
} cmt__spool_t;

/* CMT_EIO: no file can be made in that directory; CMT_ENOMEM. */
int cmt__spool_open(cmt__spool_t *spool, const char *dir, size_t bytes_max,
    cmt_error_t *err) CMT_CHECK;
void cmt__spool_close(cmt__spool_t *spool);
/* CMT_EDUPLICATE: the line told as *other has this uid; CMT_EIO: the disk is
 * full; CMT_EFULL: there are too many lines.  Before sorting. */
int cmt__spool_put(cmt__spool_t *spool, cmt_str_t line,
    const cmt__foreign_t *foreign, uint64_t *other, cmt_error_t *err)
    CMT_CHECK;
/* By time, those of one second as they came. */
int cmt__spool_sort(cmt__spool_t *spool, cmt_error_t *err) CMT_CHECK;


/*
 * References: what comments of a file tell only by an id, pages or people.
 */

#define CMT__REFS_BYTES_MAX  ((size_t) 512 * 1024 * 1024)

typedef struct {
    cmt_str_t     page, title;
    cmt_str_t     name, email, website;
    unsigned      hidden:1;      /* comments of the page are not for readers */
} cmt__ref_t;

typedef struct {
    cmt__names_t  names;
    cmt_arena_t  *arena;
    cmt__ref_t   *refs;
    size_t        n, size;
} cmt__refs_t;

int cmt__refs_open(cmt__refs_t *refs, size_t bytes_max) CMT_CHECK;
/* Overwrites what was kept. */
void cmt__refs_close(cmt__refs_t *refs);
/* Copies it; the first of an id counts.  CMT_EFULL: there are too many; an id
 * of more than CMT__SOURCE_BYTES_MAX bytes is not kept. */
int cmt__refs_add(cmt__refs_t *refs, cmt_str_t id, const cmt__ref_t *ref,
    cmt_error_t *err) CMT_CHECK;
/* NULL: there is none; until the next one is added. */
const cmt__ref_t *cmt__refs_find(const cmt__refs_t *refs, cmt_str_t id);


/*
 * XML.  A format has the spaces that its names come from, each with the prefix
 * under which begin() and end() are told of them: whatever prefix a file has.
 * "" is that of names without a space.  Names of other spaces are "?".
 */

typedef struct cmt__xml_s  cmt__xml_t;

typedef struct {
    const char  *uri;            /* begins so                                */
    const char  *prefix;         /* "wp:"                                    */
} cmt__xml_space_t;

typedef struct {
    const cmt__xml_space_t  *spaces;     /* up to uri NULL                   */
    /* Anything but CMT_OK ends the reading and is its result. */
    int        (*begin)(void *ctx, const cmt__xml_t *xml, const char *name,
                        cmt_error_t *err);
    int        (*end)(void *ctx, const cmt__xml_t *xml, const char *name,
                      cmt_error_t *err);
} cmt__xml_format_t;

struct cmt__xml_s {
    uint64_t      line;          /* of what is told now                      */
    unsigned      depth;         /* of the element: 1 is the outermost       */
    cmt_str_t     text;          /* at its end: what stands in it, if it is
                                    no more than text; until the next call   */
    unsigned      too_long:1;    /* text has more than CMT__FIELD_BYTES_MAX
                                    bytes, of which it has none              */
    const char  **attrs;         /* at its begin                             */
    const cmt__xml_format_t  *format;
};

/* CMT_EIO with line and column for what is no XML or no harmless one: with a
 * DTD, nested too deep. */
int cmt__xml_read(FILE *in, const cmt__xml_format_t *format, void *ctx,
    cmt_arena_t *arena, cmt_error_t *err) CMT_CHECK;
/* At the begin of an element; empty when it has no such attribute. */
cmt_str_t cmt__xml_attr(const cmt__xml_t *xml, const char *name);

/* Which elements are values of a record, whose strings begin as zeros. */
typedef struct {
    const char   *name;
    size_t        offset;        /* of a cmt_str_t                           */
} cmt__xml_field_t;

/* At the end of an element: keeps what stands in it, without blanks around it,
 * if it is one of the fields, up to name NULL, and the first of its name.
 * too_long is set, never cleared.  CMT_ENOMEM. */
int cmt__xml_keep(const cmt__xml_t *xml, const char *name,
    const cmt__xml_field_t *fields, void *record, unsigned *too_long,
    cmt_arena_t *arena, cmt_error_t *err) CMT_CHECK;


/*
 * JSON.  Which members of an object are values of a record, whose strings are
 * set to them: texts as they are, whole numbers and "true" as text, nothing
 * where there is no such member.  A name may be a path: "user.name", of parts
 * with 31 bytes at most.  CMT_ENOMEM.  (json_source.c)
 */

typedef struct {
    const char   *name;
    size_t        offset;        /* of a cmt_str_t                           */
} cmt__json_field_t;

int cmt__json_keep(cmt_arena_t *arena, const cmt__json_t *object,
    const cmt__json_field_t *fields, void *record) CMT_CHECK;

/* What a comment has in documents of JSON. */
typedef struct {
    cmt_str_t     id, parent, page, title, name, email, website, text;
    cmt_str_t     status, created, deleted, scope, account;
} cmt__values_t;

#define CMT__DOCUMENT_BYTES_MAX  (64 * 1024 * 1024)
#define CMT__DOCUMENT_TREE_BYTES_MAX  ((size_t) 2 * 1024 * 1024 * 1024)

/* The whole file, in the arena.  CMT_EIO: it cannot be read, or has more than
 * CMT__DOCUMENT_BYTES_MAX bytes; CMT_ENOMEM. */
int cmt__document_read(FILE *in, cmt_arena_t *arena, cmt_str_t *text,
    cmt_error_t *err) CMT_CHECK;
/* And as one value.  CMT_EIO: it is none. */
int cmt__document_parse(FILE *in, cmt_arena_t *arena,
    const cmt__json_t **root, cmt_error_t *err) CMT_CHECK;

/* A comment of a document, the first of which is 1.  system: of its uids.
 * Status, markup and text are in *foreign already, others may be: where the
 * values have nothing, what is there stays. */
int cmt__values_put(cmt__sink_t *sink, cmt_arena_t *arena, const char *system,
    uint64_t number, const cmt__values_t *values, cmt__foreign_t *foreign,
    cmt_error_t *err) CMT_CHECK;


/*
 * Formats.  read: CMT_EIO where the file ends to make sense.
 */

typedef struct {
    FILE        *in;
    const char  *path;           /* of the same file; "-": it has none       */
} cmt__input_t;

typedef struct {
    const char  *name;           /* "wordpress"                              */
    const char  *unit;           /* what errors count: "line"                */
    int        (*read)(const cmt__input_t *input, cmt__sink_t *sink,
                       cmt_error_t *err);
} cmt__format_t;

extern const cmt__format_t  cmt__formats[];      /* up to name NULL          */

int cmt__wordpress_read(const cmt__input_t *input, cmt__sink_t *sink,
    cmt_error_t *err) CMT_CHECK;
int cmt__disqus_read(const cmt__input_t *input, cmt__sink_t *sink,
    cmt_error_t *err) CMT_CHECK;
int cmt__isso_read(const cmt__input_t *input, cmt__sink_t *sink,
    cmt_error_t *err) CMT_CHECK;
int cmt__remark42_read(const cmt__input_t *input, cmt__sink_t *sink,
    cmt_error_t *err) CMT_CHECK;
int cmt__waline_read(const cmt__input_t *input, cmt__sink_t *sink,
    cmt_error_t *err) CMT_CHECK;
int cmt__artalk_read(const cmt__input_t *input, cmt__sink_t *sink,
    cmt_error_t *err) CMT_CHECK;
int cmt__commento_read(const cmt__input_t *input, cmt__sink_t *sink,
    cmt_error_t *err) CMT_CHECK;


#endif /* CMT_FOREIGN_H */
