/*
 * xml.c: XML as elements that begin and end.  The only file that sees expat.
 *
 * The file is read in blocks; what is held of it is one value and one tag, both
 * bounded.  A DTD is refused, and with it all entities of the file's own: no
 * export has one, and with them a few lines can stand for gigabytes.
 *
 * What exports have that XML does not allow is forgiven where it is clear what
 * was meant: control characters, blank lines before the first tag.
 */

#include <errno.h>
#include <string.h>

#include <expat.h>

#include "foreign.h"


#define SPACE       '|'          /* between the space of a name and the name */
#define UNKNOWN     "?"


typedef struct {
    cmt__xml_t    xml;           /* what the format is told                  */
    XML_Parser    parser;
    void         *ctx;           /* of the format                            */
    cmt_error_t  *err;
    int           rc;            /* of the format, or our own                */
    char         *text;          /* CMT__FIELD_BYTES_MAX                     */
    size_t        len;
    uint64_t      fed, seen;     /* bytes; seen where the last event was     */
    uint64_t      blank;         /* lines before the first tag               */
    unsigned      begun:1;       /* something but blanks was read            */
    unsigned      wide:1;        /* UTF-16                                   */
} reader_t;


static void handlers_set(reader_t *r);
static int blocks_read(reader_t *r, FILE *in);
static size_t block_clean(reader_t *r, char *block, size_t n);
static int parser_failed(reader_t *r);
static int is_end(enum XML_Error code);
static void XMLCALL on_begin(void *data, const XML_Char *name,
    const XML_Char **attrs);
static void XMLCALL on_end(void *data, const XML_Char *name);
static void XMLCALL on_text(void *data, const XML_Char *s, int len);
static void XMLCALL on_doctype(void *data, const XML_Char *name,
    const XML_Char *system, const XML_Char *public, int internal);
static void XMLCALL on_other(void *data, const XML_Char *s, int len);
static unsigned long long line_of(const reader_t *r);
static void reader_stop(reader_t *r, int rc);
static const char *name_of(const reader_t *r, const XML_Char *name,
    char out[CMT__XML_NAME_BYTES_MAX]);
static int is_of(const XML_Char *name, const char *local, const char *uri);


int
cmt__xml_read(FILE *in, const cmt__xml_format_t *format, void *ctx,
    cmt_arena_t *arena, cmt_error_t *err)
{
    int        rc;
    reader_t  *r;

    r = cmt_calloc(arena, sizeof(reader_t));
    if (r == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, NULL);
    }

    r->xml.format = format;
    r->ctx = ctx;
    r->err = err;

    r->text = cmt_alloc(arena, CMT__FIELD_BYTES_MAX);
    r->parser = XML_ParserCreateNS(NULL, SPACE);

    if (r->text == NULL || r->parser == NULL) {
        rc = cmt__fail(err, CMT_ENOMEM, NULL, NULL);

    } else {
        handlers_set(r);
        rc = blocks_read(r, in);
    }

    if (r->parser != NULL) {
        XML_ParserFree(r->parser);
    }

    /* it may hold an e-mail address */
    if (r->text != NULL) {
        cmt__wipe(r->text, CMT__FIELD_BYTES_MAX);
    }

    return rc;
}


static void
handlers_set(reader_t *r)
{
    XML_SetUserData(r->parser, r);
    XML_SetElementHandler(r->parser, on_begin, on_end);
    XML_SetCharacterDataHandler(r->parser, on_text);
    XML_SetStartDoctypeDeclHandler(r->parser, on_doctype);
    XML_SetDefaultHandler(r->parser, on_other);
}


static int
blocks_read(reader_t *r, FILE *in)
{
    int     last;
    void   *block;
    size_t  n;

    do {
        block = XML_GetBuffer(r->parser, CMT__XML_BLOCK_BYTES);
        if (block == NULL) {
            return cmt__fail(r->err, CMT_ENOMEM, NULL, NULL);
        }

        n = fread(block, 1, CMT__XML_BLOCK_BYTES, in);

        if (ferror(in)) {
            return cmt__fail(r->err, CMT_EIO, NULL,
                             "the file could not be read: %s",
                             strerror(errno));
        }

        last = n < CMT__XML_BLOCK_BYTES;
        n = block_clean(r, block, n);
        r->fed += n;

        if (XML_ParseBuffer(r->parser, (int) n, last) != XML_STATUS_OK) {
            return parser_failed(r);
        }

        /* what it cannot tell before it has the end, it keeps */

        if (r->fed - r->seen > CMT__XML_TOKEN_BYTES_MAX) {
            return cmt__fail(r->err, CMT_EIO, NULL, "line %llu: a tag of "
                             "more than %d bytes", line_of(r),
                             CMT__XML_TOKEN_BYTES_MAX);
        }

    } while (!last);

    return CMT_OK;
}


/* Takes off the blanks before the first tag and makes blanks of control
 * characters, which in UTF-8 are no part of others. */

static size_t
block_clean(reader_t *r, char *block, size_t n)
{
    size_t  i, from;

    from = 0;

    if (!r->begun) {
        while (from < n && cmt__space(block[from])) {
            r->blank += block[from++] == '\n';
        }

        r->begun = from < n;
        n -= from;
        memmove(block, block + from, n);

        r->wide = n >= 2 && (memcmp(block, "\xff\xfe", 2) == 0
                             || memcmp(block, "\xfe\xff", 2) == 0);
    }

    for (i = 0; i < n && !r->wide; i++) {
        if ((unsigned char) block[i] < ' ' && !cmt__space(block[i])) {
            block[i] = ' ';
        }
    }

    return n;
}


static int
parser_failed(reader_t *r)
{
    enum XML_Error  code;

    code = XML_GetErrorCode(r->parser);

    if (code == XML_ERROR_ABORTED) {
        return r->rc;
    }

    return cmt__fail(r->err, code == XML_ERROR_NO_MEMORY ? CMT_ENOMEM
                                                         : CMT_EIO,
                     NULL, "line %llu, column %lu: no good XML: %s", line_of(r),
                     XML_GetCurrentColumnNumber(r->parser) + 1,
                     is_end(code) ? "ends too early" : XML_ErrorString(code));
}


/* Of a file that has no more than its beginning, or not even that. */

static int
is_end(enum XML_Error code)
{
    return code == XML_ERROR_NO_ELEMENTS || code == XML_ERROR_UNCLOSED_TOKEN
           || code == XML_ERROR_UNCLOSED_CDATA_SECTION
           || code == XML_ERROR_PARTIAL_CHAR;
}


static void XMLCALL
on_begin(void *data, const XML_Char *name, const XML_Char **attrs)
{
    int        rc;
    char       buf[CMT__XML_NAME_BYTES_MAX];
    reader_t  *r = data;

    r->seen = r->fed;
    r->len = 0;
    r->xml.too_long = 0;
    r->xml.text = cmt_null_str;
    r->xml.attrs = attrs;
    r->xml.line = line_of(r);

    if (r->xml.depth == CMT__XML_DEPTH_MAX) {
        reader_stop(r, cmt__fail(r->err, CMT_EIO, NULL, "line %llu: more than "
                                 "%d elements inside each other", line_of(r),
                                 CMT__XML_DEPTH_MAX));
        return;
    }

    r->xml.depth++;

    rc = r->xml.format->begin(r->ctx, &r->xml, name_of(r, name, buf), r->err);
    if (rc != CMT_OK) {
        reader_stop(r, rc);
    }

    r->xml.attrs = NULL;
}


static void XMLCALL
on_end(void *data, const XML_Char *name)
{
    int        rc;
    char       buf[CMT__XML_NAME_BYTES_MAX];
    reader_t  *r = data;

    r->seen = r->fed;
    r->xml.text = (cmt_str_t) { r->xml.too_long ? 0 : r->len, r->text };
    r->xml.line = line_of(r);

    rc = r->xml.format->end(r->ctx, &r->xml, name_of(r, name, buf), r->err);
    if (rc != CMT_OK) {
        reader_stop(r, rc);
    }

    r->xml.depth--;
    r->len = 0;
    r->xml.too_long = 0;
}


static void XMLCALL
on_text(void *data, const XML_Char *s, int len)
{
    size_t     n;
    reader_t  *r = data;

    r->seen = r->fed;
    n = (size_t) len;

    if (n > CMT__FIELD_BYTES_MAX - r->len) {
        r->xml.too_long = 1;
        return;
    }

    memcpy(r->text + r->len, s, n);
    r->len += n;
}


static void XMLCALL
on_doctype(void *data, const XML_Char *name, const XML_Char *system,
    const XML_Char *public, int internal)
{
    reader_t  *r = data;

    (void) name;
    (void) system;
    (void) public;
    (void) internal;

    reader_stop(r, cmt__fail(r->err, CMT_EIO, NULL, "line %llu: a document "
                             "type, which no export has", line_of(r)));
}


/* Comments and the like: nothing but a sign that it goes on. */

static void XMLCALL
on_other(void *data, const XML_Char *s, int len)
{
    reader_t  *r = data;

    (void) s;
    (void) len;

    r->seen = r->fed;
}


static unsigned long long
line_of(const reader_t *r)
{
    return r->blank + XML_GetCurrentLineNumber(r->parser);
}


static void
reader_stop(reader_t *r, int rc)
{
    if (r->rc == CMT_OK) {
        r->rc = rc;
    }

    (void) XML_StopParser(r->parser, XML_FALSE);
}


/* "http://wordpress.org/export/1.2/|comment" as "wp:comment". */

static const char *
name_of(const reader_t *r, const XML_Char *name,
    char out[CMT__XML_NAME_BYTES_MAX])
{
    size_t                   prefix_len, len;
    const char              *local;
    const cmt__xml_space_t  *space;

    local = strrchr(name, SPACE);

    for (space = r->xml.format->spaces; space->uri != NULL; space++) {
        if (is_of(name, local, space->uri)) {
            break;
        }
    }

    if (space->uri == NULL) {
        return UNKNOWN;
    }

    local = local == NULL ? name : local + 1;
    len = strlen(local);
    prefix_len = strlen(space->prefix);

    if (prefix_len + len >= CMT__XML_NAME_BYTES_MAX) {
        return UNKNOWN;
    }

    memcpy(out, space->prefix, prefix_len);
    memcpy(out + prefix_len, local, len + 1);

    return out;
}


static int
is_of(const XML_Char *name, const char *local, const char *uri)
{
    if (local == NULL || uri[0] == '\0') {
        return local == NULL && uri[0] == '\0';
    }

    return strncmp(name, uri, strlen(uri)) == 0;
}


cmt_str_t
cmt__xml_attr(const cmt__xml_t *xml, const char *name)
{
    char         buf[CMT__XML_NAME_BYTES_MAX];
    const char  *const *a;
    const reader_t     *r;

    r = (const reader_t *) xml;

    for (a = xml->attrs; a != NULL && *a != NULL; a += 2) {
        if (strcmp(name_of(r, a[0], buf), name) == 0) {
            return (cmt_str_t) { strlen(a[1]), a[1] };
        }
    }

    return cmt_null_str;
}


int
cmt__xml_keep(const cmt__xml_t *xml, const char *name,
    const cmt__xml_field_t *fields, void *record, unsigned *too_long,
    cmt_arena_t *arena, cmt_error_t *err)
{
    cmt_str_t               *kept, copy;
    const cmt__xml_field_t  *f;

    for (f = fields; f->name != NULL; f++) {

        if (strcmp(f->name, name) != 0) {
            continue;
        }

        kept = (cmt_str_t *) (void *) ((char *) record + f->offset);
        *too_long |= xml->too_long;

        if (kept->data == NULL) {
            copy = cmt__str_copy(arena, cmt__str_trim(xml->text));
            if (copy.data == NULL) {
                return cmt__fail(err, CMT_ENOMEM, NULL, NULL);
            }

            *kept = copy;
        }
    }

    return CMT_OK;
}
