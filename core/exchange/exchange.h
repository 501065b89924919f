/*
 * exchange/: comments in and out of the store.  One file per format, and
 * what formats share.
 *
 *   lines.c         a stream as lines
 *   json_copy.c     a tree of JSON written again
 *   member.c        members of a line
 *   jsonl_record.c  one line of the format into one comment
 *   jsonl_names.c   which names the lines of a file have given themselves
 *   jsonl_waiting.c the lines of a file that wait for what they answer
 *   jsonl_import.c  the import: batches, and lines that wait for a parent
 *   jsonl_export.c  the export
 *
 * docs/exchange.md describes the format.  Files of other systems become lines
 * of it, see foreign.h.
 */

#ifndef CMT_EXCHANGE_H
#define CMT_EXCHANGE_H

#include <stdio.h>
#include <sys/types.h>

#include "../base/base.h"
#include "../privacy/privacy.h"
#include "../actions/actions.h"


#define CMT__BOM                 "\xef\xbb\xbf"  /* editors begin files so   */
#define CMT__LINE_BYTES_MAX      (1024 * 1024)   /* of a file to import      */
#define CMT__SOURCE_BYTES_MAX    255             /* an id, uid or parent     */
#define CMT__ID_PREFIX           "jsonl:"        /* makes an id a uid        */

/* How much an import remembers of its file.  */
#define CMT__NAMES_BYTES_MAX     ((size_t) 1024 * 1024 * 1024)
#define CMT__WAITING_BYTES_MAX   ((size_t) 64 * 1024 * 1024)
#define CMT__ROUNDS_MAX          64              /* over lines that wait     */

/* One batch is committed when it is full or when it holds so many bytes.  On
 * top of them there must be room for any line: of 1 MiB, half a million
 * numbers, a tree of JSON takes 36 MiB. */
#define CMT__BATCH_BYTES         (16 * 1024 * 1024)
#define CMT__BATCH_BYTES_MAX     (CMT__BATCH_BYTES + 64 * 1024 * 1024)


/*
 * Names: a table of hashes that answers which uid a line of this file has
 * that calls itself so.  24 bytes a name, with what is free 32 to 64, and as
 * much for the uid of a line that has an id, too.
 */

#define CMT__NAME_HASH_BYTES     12

typedef struct {
    const char   *uid;           /* its length:1, then it; NULL: the id with
                                    its prefix                               */
    uint32_t      line;          /* 0: the slot is free                      */
    uint8_t       hash[CMT__NAME_HASH_BYTES];
} cmt__name_t;

typedef struct {
    cmt_arena_t  *slots_arena, *strings;
    cmt__name_t  *slots;
    size_t        n, size;       /* size is a power of two                   */
    size_t        bytes_max;
} cmt__names_t;

int cmt__names_open(cmt__names_t *names, size_t bytes_max) CMT_CHECK;
void cmt__names_close(cmt__names_t *names);
/* Keeps id and uid of a line, each of which may be empty.  CMT_EDUPLICATE
 * when another line, *other, has one of them; CMT_ENOMEM. */
int cmt__names_add(cmt__names_t *names, cmt_str_t id, cmt_str_t uid,
    uint64_t line, uint64_t *other) CMT_CHECK;
/* The uid of the line that is called so, first by id, then by uid.
 * CMT_ENOTFOUND, CMT_ENOMEM. */
int cmt__names_find(const cmt__names_t *names, cmt_str_t name,
    cmt_arena_t *arena, cmt_str_t *uid) CMT_CHECK;
/* The line that has this uid; 0: none. */
uint64_t cmt__names_line(const cmt__names_t *names, cmt_str_t uid);


/*
 * Lines.  The stream is read from where it stands; at is where a line
 * begins, or -1 when the stream cannot be read twice (a pipe).  With rows,
 * the stream is read in their order, and the names of all of them are known.
 */

typedef struct {
    int64_t      created;
    off_t        at;             /* of the line                               */
    uint64_t     told;           /* what of which file it was made of         */
} cmt__row_t;

typedef struct {
    FILE              *in;
    const char        *unit;     /* "line": what told counts                  */
    const cmt__row_t  *rows;     /* NULL: line by line                        */
    size_t             n_rows;
    const cmt__names_t  *names;  /* of the rows                               */
    unsigned           orphans:1;   /* a row that answers what is nowhere is
                                       taken all the same, as no answer       */
} cmt__stream_t;

typedef struct {
    const cmt__stream_t  *stream;
    char        *data;           /* CMT__LINE_BYTES_MAX                       */
    off_t        next;           /* where the next line begins, -1            */
    off_t        at;             /* of the line that was read last            */
    uint64_t     number;         /* of that line, the first one is 1          */
} cmt__lines_t;

int cmt__lines_open(cmt__lines_t *lines, const cmt__stream_t *stream,
    cmt_arena_t *arena) CMT_CHECK;
/* The number under which a person knows this line. */
uint64_t cmt__lines_told(const cmt__lines_t *lines, uint64_t number);
/* text is valid until the next call.  CMT_ENOTFOUND at the end;
 * CMT_ETOOLARGE for a line that is too long, behind which reading goes on;
 * CMT_EIO. */
int cmt__lines_next(cmt__lines_t *lines, cmt_str_t *text) CMT_CHECK;
/* Reads the line that begins at once more; its number is not touched. */
int cmt__lines_again(cmt__lines_t *lines, off_t at, cmt_str_t *text)
    CMT_CHECK;
/* Overwrites what was read: it may hold e-mail addresses. */
void cmt__lines_wipe(cmt__lines_t *lines);


/* Writes a tree as JSON; numbers come out as they went in. */
void cmt__json_copy(cmt__buf_t *b, const cmt__json_t *json);


/* ,"page":"/a" behind another member; an empty value is left out. */
void cmt__line_put(cmt__buf_t *b, const char *member, cmt_str_t value);
void cmt__line_word(cmt__buf_t *b, const char *member, const char *word);


/*
 * One line as a comment.  Strings are in the arena or in *text.
 */

typedef struct {
    cmt__import_t  comment;      /* parent_uid is not set yet                */
    cmt_str_t      id;           /* as written, of this file; may be empty   */
    cmt_str_t      uid;          /* as written; may be empty                 */
    cmt_str_t      parent;       /* an id or a uid; may be empty             */
} cmt__record_t;

/* CMT_EJSON, CMT_EFIELD with err->field, CMT_ENOMEM. */
int cmt__record_read(cmt_arena_t *arena, cmt_str_t text,
    cmt__record_t *record, cmt_error_t *err) CMT_CHECK;
/* "jsonl:" and an id, in the arena; data NULL: no memory. */
cmt_str_t cmt__record_uid(cmt_arena_t *arena, cmt_str_t id);
/* "plain" */
const char *cmt__record_markup(cmt_markup_t markup);


/*
 * Lines that wait for what they answer.
 */

typedef struct cmt__waiting_s  cmt__waiting_t;

struct cmt__waiting_s {
    cmt__waiting_t  *prev, *next;
    uint64_t         line;
    off_t            at;         /* -1: the text is kept                     */
    cmt_str_t        text;
};

typedef struct {
    cmt__waiting_t  *first, *last;
    uint64_t         n;
    cmt_arena_t     *arena;
} cmt__waiting_list_t;

int cmt__waiting_open(cmt__waiting_list_t *list, size_t bytes_max) CMT_CHECK;
void cmt__waiting_close(cmt__waiting_list_t *list);
/* At the end.  text is copied when at is -1.  CMT_ENOMEM. */
int cmt__waiting_add(cmt__waiting_list_t *list, uint64_t line, off_t at,
    cmt_str_t text) CMT_CHECK;
void cmt__waiting_drop(cmt__waiting_list_t *list, cmt__waiting_t *waiting);
/* Overwrites a string in an arena. */
void cmt__str_wipe(cmt_str_t s);


/* What an import may remember; cmt__import_limits has the constants. */
typedef struct {
    size_t        names_bytes_max;
    size_t        waiting_bytes_max;
    unsigned      rounds_max;
} cmt__import_limits_t;

/* Adds to the stats. */
int cmt__import_lines(cmt_store_t *store, const cmt_site_t *site,
    const cmt__stream_t *stream, int64_t now,
    const cmt__import_limits_t *limits, cmt_check_fn fn, void *ctx,
    cmt_import_stats_t *stats, cmt_error_t *err) CMT_CHECK;
extern const cmt__import_limits_t  cmt__import_limits;


#endif /* CMT_EXCHANGE_H */
