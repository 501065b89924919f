/*
 * marker.c: finds the places of comments in the bytes of a page, however
 * the page is cut into pieces.
 *
 *   <p>text</p> <!-- comments --> <b>
 *   ~~~~~~~~~~~~                  ~~~   CMT_MARKER_TEXT, slices of the input
 *               ^^^^^^^^^^^^^^^^^       CMT_MARKER_THREAD
 *
 * What may become a marker begins with "<" and has no other one, so a piece
 * that turned out to be none never hides the begin of the next: only the
 * byte that did not fit is looked at again.  Bytes are copied only when a
 * piece ends inside of something that may be a marker.
 */

#include <string.h>

#include "base.h"


enum {
    TEXT = 0,
    OPEN,                                /* within "<!--"                    */
    SPACE,                               /* behind it                        */
    WORD,                                /* within "comments"                */
    REST                                 /* up to ">"                        */
};


static cmt_marker_t find(cmt_marker_scan_t *scan, cmt_str_t *in,
    cmt_str_t *out, cmt_str_t *page);
static const char *candidate(const char *p, const char *last);
static cmt_marker_t hold(cmt_marker_scan_t *scan, cmt_str_t *in,
    const char *start, cmt_str_t *out);
static cmt_marker_t whole(cmt_marker_scan_t *scan, cmt_str_t *in,
    const char *start, const char *last, cmt_str_t *out, cmt_str_t *page);
static void take(cmt_str_t *in, size_t n, cmt_str_t *out);
static int step(cmt_marker_scan_t *scan, char c);
static cmt_marker_t parse(cmt_str_t s, cmt_str_t *page);
static void skip_space(cmt_str_t *s);


static const char  open[] = "<!--";
static const char  word[] = "comments";


void
cmt_marker_init(cmt_marker_scan_t *scan)
{
    scan->state = TEXT;
    scan->at = 0;
    scan->size = 0;
    scan->n_held = 0;
}


cmt_marker_t
cmt_marker_next(cmt_marker_scan_t *scan, cmt_str_t *in, cmt_str_t *out,
    cmt_str_t *page)
{
    /* What was given as held or as a marker is not needed any more. */

    if (scan->state == TEXT) {
        scan->n_held = 0;
    }

    return find(scan, in, out, page);
}


cmt_str_t
cmt_marker_held(const cmt_marker_scan_t *scan)
{
    return (cmt_str_t) { scan->n_held, scan->held };
}


/*
 * Gives the next thing and takes it off *in.  A candidate begins at start:
 * with what is held when it began in an earlier piece.
 */

static cmt_marker_t
find(cmt_marker_scan_t *scan, cmt_str_t *in, cmt_str_t *out, cmt_str_t *page)
{
    const char  *p, *last, *start;

    p = in->data;
    last = p + in->len;
    start = p;

    for ( ;; ) {

        if (scan->state == TEXT) {
            p = p < last ? candidate(p, last) : NULL;

            if (p == NULL) {
                take(in, in->len, out);
                return out->len > 0 ? CMT_MARKER_TEXT : CMT_MARKER_END;
            }

            start = p;
            scan->at = 0;
            scan->size = 0;
            scan->state = OPEN;
        }

        if (p == last) {
            return hold(scan, in, start, out);
        }

        if (!step(scan, *p)) {
            scan->state = TEXT;

            if (scan->n_held > 0) {
                *out = cmt_marker_held(scan);
                return CMT_MARKER_HELD;
            }

        } else if (*p++ == '>') {
            scan->state = TEXT;
            return whole(scan, in, start, p, out, page);
        }
    }
}


/* "<!", or "<" where the piece ends.  In a page there are few "!" and many
 * "<". */

static const char *
candidate(const char *p, const char *last)
{
    const char  *mark;

    for (mark = p + 1; mark < last; mark++) {

        mark = memchr(mark, open[1], (size_t) (last - mark));
        if (mark == NULL) {
            break;
        }

        if (mark[-1] == open[0]) {
            return mark - 1;
        }
    }

    return last[-1] == open[0] ? last - 1 : NULL;
}


/* The piece ends inside of a candidate; what stands before it goes first. */

static cmt_marker_t
hold(cmt_marker_scan_t *scan, cmt_str_t *in, const char *start,
    cmt_str_t *out)
{
    cmt_str_t  begin;

    if (start > in->data) {
        scan->state = TEXT;
        take(in, (size_t) (start - in->data), out);
        return CMT_MARKER_TEXT;
    }

    take(in, in->len, &begin);

    if (begin.len > 0) {
        memcpy(scan->held + scan->n_held, begin.data, begin.len);
        scan->n_held += begin.len;
    }

    return CMT_MARKER_END;
}


/* The candidate ends at last, behind ">"; what stands before it goes first. */

static cmt_marker_t
whole(cmt_marker_scan_t *scan, cmt_str_t *in, const char *start,
    const char *last, cmt_str_t *out, cmt_str_t *page)
{
    cmt_str_t     end;
    cmt_marker_t  marker;

    if (start > in->data) {
        take(in, (size_t) (start - in->data), out);
        return CMT_MARKER_TEXT;
    }

    take(in, (size_t) (last - start), out);

    if (scan->n_held == 0) {
        return parse(*out, page);
    }

    end = *out;
    memcpy(scan->held + scan->n_held, end.data, end.len);
    scan->n_held += end.len;

    *out = cmt_marker_held(scan);
    marker = parse(*out, page);

    return marker == CMT_MARKER_TEXT ? CMT_MARKER_HELD : marker;
}


static void
take(cmt_str_t *in, size_t n, cmt_str_t *out)
{
    *out = (cmt_str_t) { n, in->data };
    in->data += n;
    in->len -= n;
}


/* May c go on with the candidate? */

static int
step(cmt_marker_scan_t *scan, char c)
{
    if (scan->size == CMT_MARKER_BYTES_MAX) {
        return 0;
    }

    scan->size++;

    switch (scan->state) {

    case OPEN:
        if (c != open[scan->at]) {
            return 0;
        }
        if (++scan->at == sizeof(open) - 1) {
            scan->state = SPACE;
            scan->at = 0;
        }
        return 1;

    case SPACE:
        if (cmt__space(c)) {
            return 1;
        }
        scan->state = WORD;
        /* fall through */

    case WORD:
        if (c != word[scan->at]) {
            return 0;
        }
        if (++scan->at == sizeof(word) - 1) {
            scan->state = REST;
        }
        return 1;

    default: /* REST */
        return c != '<';
    }
}


/* s is "<!--", space, "comments" and whatever stands before the first ">". */

static cmt_marker_t
parse(cmt_str_t s, cmt_str_t *page)
{
    size_t        n;
    cmt_marker_t  marker;

    s = cmt__str_sub(s, sizeof(open) - 1, s.len);

    if (s.len < 3 || memcmp(s.data + s.len - 3, "-->", 3) != 0) {
        return CMT_MARKER_TEXT;
    }

    s.len -= 3;
    skip_space(&s);
    s = cmt__str_sub(s, sizeof(word) - 1, s.len);

    *page = cmt_null_str;

    if (cmt__str_starts(s, "-count")) {
        marker = CMT_MARKER_COUNT;
        s = cmt__str_sub(s, sizeof("-count") - 1, s.len);

    } else if (cmt__str_starts(s, "-recent")) {
        marker = CMT_MARKER_RECENT;
        s = cmt__str_sub(s, sizeof("-recent") - 1, s.len);

    } else {
        skip_space(&s);
        return s.len == 0 ? CMT_MARKER_THREAD : CMT_MARKER_TEXT;
    }

    if (s.len > 0 && !cmt__space(s.data[0])) {
        return CMT_MARKER_TEXT;
    }

    skip_space(&s);

    for (n = 0; n < s.len && !cmt__space(s.data[n]); n++) {
        /* void */
    }

    *page = cmt__str_sub(s, 0, n);

    s = cmt__str_sub(s, n, s.len);
    skip_space(&s);

    return s.len == 0 ? marker : CMT_MARKER_TEXT;
}


static void
skip_space(cmt_str_t *s)
{
    while (s->len > 0 && cmt__space(s->data[0])) {
        s->data++;
        s->len--;
    }
}
