/*
 * multipart.c: multipart/form-data, RFC 7578 over RFC 2046, 5.1.
 *
 *   preamble CRLF
 *   --boundary CRLF
 *   Content-Disposition: form-data; name="text" CRLF
 *   CRLF
 *   value CRLF
 *   --boundary-- CRLF
 *   epilogue
 */

#ifndef _GNU_SOURCE
#define _GNU_SOURCE  1                 /* memmem() */
#endif

#include <string.h>

#include "base.h"
#include "form.h"


/* "CRLF--" before the boundary. */
#define DASHES  4


typedef struct {
    cmt_str_t  text;               /* CRLF "--" boundary */
    char       bytes[DASHES + CMT__BOUNDARY_BYTES_MAX];
} delimiter_t;

typedef enum {
    NEXT_PART,
    NEXT_END,
    NEXT_MALFORMED
} next_t;


static int make_delimiter(cmt_str_t boundary, delimiter_t *delimiter);
static size_t find(cmt_str_t s, cmt_str_t what);
static next_t after_delimiter(cmt_str_t *rest);
static int parse_part(cmt_arena_t *arena, cmt_str_t part, cmt_form_t *form,
    cmt_error_t *err);
static int parse_head(cmt_arena_t *arena, cmt_str_t head, cmt_str_t *name,
    cmt_error_t *err);
static int parse_disposition(cmt_arena_t *arena, cmt_str_t value,
    cmt_str_t *name, cmt_error_t *err);
static int decode_name(cmt_arena_t *arena, cmt_str_t *name, cmt_error_t *err);


int
cmt__form_multipart(cmt_arena_t *arena, cmt_str_t boundary, cmt_str_t body,
    cmt_form_t *form, cmt_error_t *err)
{
    int          rc;
    size_t       at;
    next_t       next;
    cmt_str_t    rest, part;
    delimiter_t  delimiter;

    if (!make_delimiter(boundary, &delimiter)) {
        return cmt__fail(err, CMT_EFORM, NULL,
                         "the boundary is missing or malformed");
    }

    /* the first delimiter may stand at the very start, without CRLF */

    if (cmt__str_eq(cmt__str_sub(body, 0, delimiter.text.len - 2),
                    cmt__str_sub(delimiter.text, 2, delimiter.text.len)))
    {
        rest = cmt__str_sub(body, delimiter.text.len - 2, body.len);

    } else {
        at = find(body, delimiter.text);
        if (at == body.len) {
            return cmt__fail(err, CMT_EFORM, NULL, "no part begins");
        }

        rest = cmt__str_sub(body, at + delimiter.text.len, body.len);
    }

    for (next = after_delimiter(&rest);
         next == NEXT_PART;
         next = after_delimiter(&rest))
    {
        at = find(rest, delimiter.text);
        if (at == rest.len) {
            return cmt__fail(err, CMT_EFORM, NULL,
                             "the final boundary is missing");
        }

        part = cmt__str_sub(rest, 0, at);
        rest = cmt__str_sub(rest, at + delimiter.text.len, rest.len);

        rc = parse_part(arena, part, form, err);
        if (rc != CMT_OK) {
            return rc;
        }
    }

    if (next == NEXT_MALFORMED) {
        return cmt__fail(err, CMT_EFORM, NULL, "a boundary is malformed");
    }

    return CMT_OK;
}


static int
make_delimiter(cmt_str_t boundary, delimiter_t *delimiter)
{
    size_t  i;

    if (boundary.len == 0 || boundary.len > CMT__BOUNDARY_BYTES_MAX) {
        return 0;
    }

    for (i = 0; i < boundary.len; i++) {
        if (boundary.data[i] < ' ' || boundary.data[i] > '~') {
            return 0;
        }
    }

    memcpy(delimiter->bytes, "\r\n--", DASHES);
    memcpy(delimiter->bytes + DASHES, boundary.data, boundary.len);
    delimiter->text.data = delimiter->bytes;
    delimiter->text.len = DASHES + boundary.len;

    return 1;
}


/* Where what begins in s; s.len when nowhere. */

static size_t
find(cmt_str_t s, cmt_str_t what)
{
    const char  *p;

    if (s.len < what.len) {
        return s.len;
    }

    p = memmem(s.data, s.len, what.data, what.len);

    return p == NULL ? s.len : (size_t) (p - s.data);
}


/* Takes what follows a delimiter off rest: "--" ends the form, white space
 * and the end of the line begin a part.  The CRLF before a part's head stays,
 * so that an empty head and an empty value look like any other. */

static next_t
after_delimiter(cmt_str_t *rest)
{
    size_t  i;

    if (cmt__str_starts(*rest, "--")) {
        return NEXT_END;
    }

    for (i = 0;
         i < rest->len && (rest->data[i] == ' ' || rest->data[i] == '\t');
         i++)
    {
        /* void */
    }

    *rest = cmt__str_sub(*rest, i, rest->len);

    return cmt__str_starts(*rest, "\r\n") ? NEXT_PART : NEXT_MALFORMED;
}


/* part: CRLF, header lines, CRLF CRLF, value. */

static int
parse_part(cmt_arena_t *arena, cmt_str_t part, cmt_form_t *form,
    cmt_error_t *err)
{
    int        rc;
    size_t     at;
    cmt_str_t  head, name, value;

    at = find(part, cmt_str("\r\n\r\n"));
    if (at == part.len) {
        return cmt__fail(err, CMT_EFORM, NULL, "the head of a part is missing");
    }

    if (at > CMT__PART_HEAD_BYTES_MAX) {
        return cmt__fail(err, CMT_EFORM, NULL,
                         "the head of a part has more than %d bytes",
                         CMT__PART_HEAD_BYTES_MAX);
    }

    head = cmt__str_sub(part, 0, at);
    value = cmt__str_sub(part, at + 4, part.len);

    rc = parse_head(arena, head, &name, err);
    if (rc != CMT_OK) {
        return rc;
    }

    value = cmt__str_copy(arena, value);
    if (value.data == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, "no memory for the form");
    }

    return cmt__form_add(form, name, value, err);
}


/* head: lines, each after its CRLF.  Only Content-Disposition matters; a
 * charset in Content-Type is ignored, all text has to be UTF-8. */

static int
parse_head(cmt_arena_t *arena, cmt_str_t head, cmt_str_t *name,
    cmt_error_t *err)
{
    int        rc, named;
    size_t     end, colon;
    cmt_str_t  line, key, value;

    named = 0;

    while (head.len != 0) {

        head = cmt__str_sub(head, 2, head.len);
        end = find(head, cmt_str("\r\n"));
        line = cmt__str_sub(head, 0, end);
        head = cmt__str_sub(head, end, head.len);

        colon = find(line, cmt_str(":"));
        key = cmt__str_sub(line, 0, colon);
        value = cmt__str_trim(cmt__str_sub(line, colon + 1, line.len));

        if (cmt__str_is_nocase(key, "content-disposition")) {
            if (named) {
                return cmt__fail(err, CMT_EFORM, NULL,
                                 "a part has two names");
            }

            rc = parse_disposition(arena, value, name, err);
            if (rc != CMT_OK) {
                return rc;
            }

            named = 1;

        } else if (cmt__str_is_nocase(key, "content-transfer-encoding")
                   && !cmt__str_is_nocase(value, "binary")
                   && !cmt__str_is_nocase(value, "8bit")
                   && !cmt__str_is_nocase(value, "7bit"))
        {
            return cmt__fail(err, CMT_EFORM, NULL,
                             "a part has a transfer encoding");
        }
    }

    if (!named) {
        return cmt__fail(err, CMT_EFORM, NULL, "a part has no name");
    }

    return CMT_OK;
}


static int
parse_disposition(cmt_arena_t *arena, cmt_str_t value, cmt_str_t *name,
    cmt_error_t *err)
{
    int        rc, named;
    size_t     semicolon;
    cmt_str_t  rest, key, word;

    semicolon = find(value, cmt_str(";"));
    rest = cmt__str_sub(value, semicolon, value.len);
    value = cmt__str_trim(cmt__str_sub(value, 0, semicolon));

    if (!cmt__str_is_nocase(value, "form-data")) {
        return cmt__fail(err, CMT_EFORM, NULL, "a part is not form-data");
    }

    named = 0;

    for ( ;; ) {
        rc = cmt__form_param(arena, &rest, &key, &word);

        if (rc == CMT_ENOMEM) {
            return cmt__fail(err, rc, NULL, "no memory for the form");
        }

        if (rc < 0) {
            return cmt__fail(err, CMT_EFORM, NULL,
                             "the head of a part is malformed");
        }

        if (rc == 0) {
            break;
        }

        if (cmt__str_is_nocase(key, "filename")
            || cmt__str_is_nocase(key, "filename*"))
        {
            return cmt__fail(err, CMT_EFORM, NULL, "files are not taken");
        }

        if (cmt__str_is_nocase(key, "name")) {
            *name = word;
            named = 1;
        }
    }

    if (!named) {
        return cmt__fail(err, CMT_EFORM, NULL, "a part has no name");
    }

    return decode_name(arena, name, err);
}


/* Browsers write a quote as %22 and the ends of lines as %0D and %0A, and
 * leave any other percent sign alone. */

static int
decode_name(cmt_arena_t *arena, cmt_str_t *name, cmt_error_t *err)
{
    char       *out;
    size_t      i, len;
    uint8_t     byte;
    cmt_str_t   escape;

    out = cmt_alloc(arena, name->len);
    if (out == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, "no memory for the form");
    }

    len = 0;

    for (i = 0; i < name->len; i++) {

        escape = cmt__str_sub(*name, i, i + 3);
        out[len] = name->data[i];

        if (cmt__str_is(escape, "%22") || cmt__str_is_nocase(escape, "%0d")
            || cmt__str_is_nocase(escape, "%0a"))
        {
            (void) cmt__unhex(cmt__str_sub(escape, 1, 3), &byte, 1);
            out[len] = (char) byte;
            i += 2;
        }

        len++;
    }

    *name = (cmt_str_t) { len, out };

    return CMT_OK;
}
