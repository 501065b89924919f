/*
 * autolink.c: finds addresses in running text: http://, https:// and www.
 *
 * Each byte is looked at a bounded number of times: a host name is at most
 * CMT__HOST_BYTES_MAX long, and what follows a good host is not tried again.
 */

#include <string.h>

#include "html.h"


static size_t scheme_len(cmt_str_t s);
static int is_www(cmt_str_t s, size_t host);
static size_t extent(cmt_str_t s, size_t at);
static size_t trimmed(cmt_str_t s, size_t min, size_t end);


int
cmt__autolink_next(cmt_str_t text, size_t *from, cmt_str_t *found)
{
    char       c;
    size_t     i, scheme, host, end;
    cmt_str_t  rest;

    for (i = *from; i < text.len; i++) {

        c = (char) (text.data[i] | 0x20);

        if ((c != 'h' && c != 'w')
            || (i != 0 && (cmt__ascii_alnum((unsigned char) text.data[i - 1])
                           || strchr("_/@.-", text.data[i - 1]) != NULL)))
        {
            continue;
        }

        rest = cmt__str_sub(text, i, text.len);

        scheme = c == 'h' ? scheme_len(rest) : 0;
        if (c == 'h' && scheme == 0) {
            continue;
        }

        host = cmt__url_host(cmt__str_sub(rest, scheme, rest.len));

        if (host == 0 || (c == 'w' && !is_www(rest, host))) {
            continue;
        }

        end = extent(rest, scheme + host);
        end = trimmed(rest, scheme + host, end);

        *found = cmt__str_sub(rest, 0, end);
        *from = i + end;

        return 1;
    }

    *from = text.len;

    return 0;
}


int
cmt__autolink_stops(uint32_t point)
{
    size_t  i;

    static const struct {
        uint32_t  first, last;
    } stops[] = {
        { 0x0000, 0x0020 },
        { 0x007f, 0x00a9 },              /* no-break space, section ...      */
        { 0x00ab, 0x00b1 },              /* left guillemet ...               */
        { 0x00b4, 0x00b4 },
        { 0x00b6, 0x00b6 },
        { 0x00b8, 0x00b8 },
        { 0x00bb, 0x00bb },
        { 0x00bf, 0x00bf },
        { 0x061c, 0x061c },
        { 0x1680, 0x1680 },
        { 0x180e, 0x180e },
        { 0x2000, 0x206f },              /* spaces, dashes, quotes, bidi     */
        { 0x3000, 0x3004 },              /* ideographic space, comma, stop   */
        { 0x3008, 0x3020 },              /* brackets                         */
        { 0xfdd0, 0xfdef },
        { 0xfeff, 0xfeff },
        { 0xff01, 0xff0f },              /* full-width punctuation           */
        { 0xff1a, 0xff20 },
        { 0xff3b, 0xff40 },
        { 0xff5b, 0xff65 },
        { 0xfff0, 0xffff }
    };

    if (point < 0x80) {
        return point <= 0x20 || point == 0x7f
               || memchr("\"<>\\^`{|}", (int) point, 9) != NULL;
    }

    for (i = 0; i < sizeof(stops) / sizeof(stops[0]); i++) {
        if (point <= stops[i].last) {
            return point >= stops[i].first;
        }
    }

    return (point & 0xfffe) == 0xfffe || point >= 0xe0000;
}


static size_t
scheme_len(cmt_str_t s)
{
    if (cmt__str_is_nocase(cmt__str_sub(s, 0, 7), "http://")) {
        return 7;
    }

    if (cmt__str_is_nocase(cmt__str_sub(s, 0, 8), "https://")) {
        return 8;
    }

    return 0;
}


/* "www." and a name with a dot of its own. */

static int
is_www(cmt_str_t s, size_t host)
{
    return host > 4
           && cmt__str_is_nocase(cmt__str_sub(s, 0, 4), "www.")
           && memchr(s.data + 4, '.', host - 4) != NULL;
}


/* Where an address ends at the latest whose host ends at byte at. */

static size_t
extent(cmt_str_t s, size_t at)
{
    size_t  next;

    if (at < s.len && s.data[at] == ':') {

        for (next = at + 1; next < s.len; next++) {
            if (s.data[next] < '0' || s.data[next] > '9') {
                break;
            }
        }

        if (next > at + 1) {
            at = next;
        }
    }

    if (at == s.len || strchr("/?#", s.data[at]) == NULL) {
        return at;
    }

    while (at < s.len) {

        next = at;

        if (cmt__autolink_stops(cmt__utf8_next(s, &next))) {
            break;
        }

        at = next;
    }

    return at;
}


/*
 * Without the punctuation that belongs to the sentence: "(see http://a.no/b)"
 * loses the bracket, "http://a.no/b_(c)" keeps it.
 */

static size_t
trimmed(cmt_str_t s, size_t min, size_t end)
{
    char    c;
    size_t  i;
    long    round, square;

    round = 0;
    square = 0;

    for (i = min; i < end; i++) {
        c = s.data[i];
        round += (c == '(') - (c == ')');
        square += (c == '[') - (c == ']');
    }

    for ( /* void */ ; end > min; end--) {

        c = s.data[end - 1];

        if (c == ')' && round < 0) {
            round++;

        } else if (c == ']' && square < 0) {
            square++;

        } else if (c == '\0' || strchr(".,:;!?'*_~", c) == NULL) {
            break;
        }
    }

    return end;
}
