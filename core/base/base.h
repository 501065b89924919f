/*
 * base/: what every other folder stands on.  Strings, UTF-8, errors, JSON in
 * and out, times.  The only folder that calls malloc() (arena.c) and zlib
 * (gzip.c).
 */

#ifndef CMT_BASE_H
#define CMT_BASE_H

#include "../cmt.h"


#define CMT__ARENA_BLOCK_BYTES  (16 * 1024)   /* first block of an arena */


/* Fills err (NULL is allowed) and returns rc, so that it can be returned. */
int cmt__fail(cmt_error_t *err, int rc, const char *field,
    const char *format, ...) __attribute__((format(printf, 4, 5)));

/*
 * Test hook: the n-th allocation from now on, of any arena in this thread
 * (making an arena counts too), fails once (n >= 1); 0 turns it off.
 * Returns how many were left: 0 says that the failure has happened.
 */
long cmt__arena_fail_at(long n);


/* Strings.  (strings.c) */
int cmt__str_eq(cmt_str_t a, cmt_str_t b);
int cmt__str_is(cmt_str_t s, const char *literal);
int cmt__str_is_nocase(cmt_str_t s, const char *literal);    /* ASCII */
int cmt__str_starts(cmt_str_t s, const char *prefix);
cmt_str_t cmt__str_sub(cmt_str_t s, size_t from, size_t to); /* clamped */
cmt_str_t cmt__str_trim(cmt_str_t s);       /* ASCII white space, both ends */
/* Of ASCII, as HTML has it. */
static inline int
cmt__space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static inline int
cmt__letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline char
cmt__lower(char c)
{
    return cmt__letter(c) ? (char) (c | 0x20) : c;
}

/* A copy that ends in NUL (not counted).  data NULL: no memory. */
cmt_str_t cmt__str_copy(cmt_arena_t *arena, cmt_str_t s);
/* Decimal digits only, no sign, no overflow: 1 and *out, else 0. */
int cmt__str_u64(cmt_str_t s, uint64_t *out);
/* Decimal digits and a NUL; returns how many. */
size_t cmt__u64_format(uint64_t n, char out[21]);
/* 2 * n lower-case digits and a NUL into hex. */
void cmt__hex(const uint8_t *bytes, size_t n, char *hex);
/* 1 when s is exactly 2 * n hex digits. */
int cmt__unhex(cmt_str_t s, uint8_t *bytes, size_t n);


/* UTF-8, strictly as RFC 3629: no surrogates, nothing overlong, at most
 * U+10FFFF.  (utf8.c) */
int cmt__utf8_valid(cmt_str_t s);
size_t cmt__utf8_chars(cmt_str_t s);        /* of a valid string */
/* Code point at *at, which moves on; the string is valid, *at < len. */
uint32_t cmt__utf8_next(cmt_str_t s, size_t *at);
/* Writes 1..4 bytes, returns how many. */
size_t cmt__utf8_put(char *out, uint32_t point);


/* Growing text in an arena.  After a failed allocation, further writes do
 * nothing and cmt__buf_end() gives CMT_ENOMEM: check once, at the end.
 * (buf.c) */
typedef struct {
    cmt_arena_t  *arena;
    char         *data;
    size_t        len, size;
    unsigned      failed:1;
} cmt__buf_t;

void cmt__buf_init(cmt__buf_t *b, cmt_arena_t *arena, size_t size);
/* 1 when so many bytes can be written at data + len, else 0 and failed. */
int cmt__buf_room(cmt__buf_t *b, size_t bytes);
void cmt__buf_put(cmt__buf_t *b, const void *data, size_t len);
void cmt__buf_str_put(cmt__buf_t *b, cmt_str_t s);
void cmt__buf_lit(cmt__buf_t *b, const char *literal);   /* with NUL */
void cmt__buf_char(cmt__buf_t *b, char c);
void cmt__buf_u64(cmt__buf_t *b, uint64_t n);
void cmt__buf_i64(cmt__buf_t *b, int64_t n);
int cmt__buf_end(cmt__buf_t *b, cmt_str_t *out) CMT_CHECK; /* CMT_ENOMEM */


/* JSON out: writes into a buffer.  Control characters, quotes and backslash
 * are escaped; so are U+2028 and U+2029 and "</" ("<\/"), so that the text
 * can stand in a script element.  (json_write.c) */
void cmt__json_string(cmt__buf_t *b, cmt_str_t s);       /* with quotes */
/* "2013-01-08T09:40:00Z", with quotes; null when t is 0. */
void cmt__json_time(cmt__buf_t *b, int64_t t);


/* JSON in: a whole document as a tree in the arena.  Duplicate members,
 * trailing bytes, depth beyond CMT_JSON_DEPTH_MAX, invalid UTF-8 and U+0000
 * are refused with CMT_EJSON and a detail that names line and column.
 * (json_read.c) */
typedef enum {
    CMT__JSON_NULL, CMT__JSON_FALSE, CMT__JSON_TRUE, CMT__JSON_INTEGER,
    CMT__JSON_REAL, CMT__JSON_STRING, CMT__JSON_ARRAY, CMT__JSON_OBJECT
} cmt__json_type_t;

typedef struct cmt__json_s  cmt__json_t;
struct cmt__json_s {
    cmt__json_type_t    type;
    cmt_str_t           name;          /* of a member                      */
    cmt_str_t           string;
    int64_t             integer;
    double              real;
    size_t              n;             /* members or elements              */
    const cmt__json_t  *items;         /* array of n, in written order     */
};

int cmt__json_parse(cmt_arena_t *arena, cmt_str_t text,
    const cmt__json_t **root, cmt_error_t *err) CMT_CHECK;
/* The member of an object, or NULL; an object that is NULL has none. */
const cmt__json_t *cmt__json_member(const cmt__json_t *object,
    const char *name);
/* Its string or its integer; empty, or 0, where it has none. */
cmt_str_t cmt__json_string_of(const cmt__json_t *object, const char *name);
int64_t cmt__json_integer_of(const cmt__json_t *object, const char *name);


/* Times: Unix seconds, UTC, proleptic Gregorian, years 0 to 9999.
 * (rfc3339.c) */
#define CMT__TIME_CHARS  20                 /* 2013-01-08T09:40:00Z */
#define CMT__SECONDS_A_DAY  86400           /* of UTC */
void cmt__time_format(int64_t t, char out[CMT__TIME_CHARS + 1]);
/* RFC 3339 with Z or an offset, fractions of seconds dropped: 1, else 0. */
int cmt__time_parse(cmt_str_t s, int64_t *t);
/* Milliseconds of a clock that only runs forward.  (clock.c) */
int64_t cmt__now_ms(void);

/* The next meta that is for rules, as it stands in the page: 1, else 0.  *at
 * begins with 0.  (page_meta.c) */
#define CMT__META_OWN   'm'              /* name: lower case                 */
#define CMT__META_TAG   't'
#define CMT__META_TAGS  'k'              /* parted by commas                 */

typedef struct {
    char           kind;
    cmt_str_t      name, content;
} cmt__meta_t;

/* Bytes of what is looked for, by head->value, and its end. */
enum {
    CMT__HEAD_IGNORED = 0,
    CMT__HEAD_LANG,
    CMT__HEAD_WHAT,                      /* name or property                 */
    CMT__HEAD_CONTENT,
    CMT__HEAD_TITLE
};

void cmt__page_head_put(cmt_page_head_t *head, const char *p, size_t n);
void cmt__page_head_end(cmt_page_head_t *head);

/* Its title, as it stands in the page; of one that is longer, the begin.
 * Empty: none. */
cmt_str_t cmt__page_head_title(const cmt_page_head_t *head);

/* Keeps the meta that has just ended, if it is one. */
void cmt__page_head_keep(cmt_page_head_t *head);
int cmt__page_head_meta(const cmt_page_head_t *head, size_t *at,
    cmt__meta_t *meta);


#endif /* CMT_BASE_H */
