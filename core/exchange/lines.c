/*
 * lines.c: a stream as lines, of which one is held at a time.
 */

#include <string.h>

#include "exchange.h"


static int line_read(cmt__lines_t *lines, cmt_str_t *text);
static int row_seek(cmt__lines_t *lines);


int
cmt__lines_open(cmt__lines_t *lines, const cmt__stream_t *stream,
    cmt_arena_t *arena)
{
    lines->stream = stream;
    lines->next = ftello(stream->in);
    lines->at = lines->next;
    lines->number = 0;

    lines->data = cmt_alloc(arena, CMT__LINE_BYTES_MAX);
    if (lines->data == NULL) {
        return CMT_ENOMEM;
    }

    return CMT_OK;
}


int
cmt__lines_next(cmt__lines_t *lines, cmt_str_t *text)
{
    int  rc;

    if (lines->stream->rows != NULL) {
        rc = row_seek(lines);
        if (rc != CMT_OK) {
            return rc;
        }
    }

    lines->at = lines->next;

    rc = line_read(lines, text);
    if (rc == CMT_ENOTFOUND || rc == CMT_EIO) {
        return rc;
    }

    lines->number++;

    if (rc == CMT_OK && lines->number == 1
        && cmt__str_starts(*text, CMT__BOM))
    {
        *text = cmt__str_sub(*text, sizeof(CMT__BOM) - 1, text->len);
    }

    return rc;
}


static int
row_seek(cmt__lines_t *lines)
{
    if (lines->number == lines->stream->n_rows) {
        return CMT_ENOTFOUND;
    }

    lines->next = lines->stream->rows[lines->number].at;

    return fseeko(lines->stream->in, lines->next, SEEK_SET) == 0 ? CMT_OK
                                                                 : CMT_EIO;
}


uint64_t
cmt__lines_told(const cmt__lines_t *lines, uint64_t number)
{
    return lines->stream->rows != NULL ? lines->stream->rows[number - 1].told
                                       : number;
}


int
cmt__lines_again(cmt__lines_t *lines, off_t at, cmt_str_t *text)
{
    int  rc;

    if (fseeko(lines->stream->in, at, SEEK_SET) != 0) {
        return CMT_EIO;
    }

    rc = line_read(lines, text);
    if (rc == CMT_OK && cmt__str_starts(*text, CMT__BOM)) {
        *text = cmt__str_sub(*text, sizeof(CMT__BOM) - 1, text->len);
    }

    return rc;
}


/* getc_unlocked() over the stream's buffer is as fast as looking for the
 * line feed in a block of our own, and simpler. */

static int
line_read(cmt__lines_t *lines, cmt_str_t *text)
{
    int     c;
    size_t  len, kept;

    len = 0;
    kept = 0;

    while ((c = getc_unlocked(lines->stream->in)) != EOF) {
        len++;

        if (c == '\n') {
            break;
        }

        if (kept < CMT__LINE_BYTES_MAX) {
            lines->data[kept] = (char) c;
        }

        kept++;
    }

    if (ferror(lines->stream->in)) {
        return CMT_EIO;
    }

    if (len == 0) {
        return CMT_ENOTFOUND;
    }

    if (lines->next >= 0) {
        lines->next += (off_t) len;
    }

    if (kept > CMT__LINE_BYTES_MAX) {
        return CMT_ETOOLARGE;
    }

    text->data = lines->data;
    text->len = kept;

    return CMT_OK;
}


void
cmt__lines_wipe(cmt__lines_t *lines)
{
    cmt__wipe(lines->data, CMT__LINE_BYTES_MAX);
}
