/*
 * url.c: addresses of web pages.  Only http and https, only absolute, never
 * with a user part: what a reader sees is where the link goes.
 *
 *   HTTPS://Example.NO:8080/Path?q=1#f
 *   scheme  host       port path
 */

#include <string.h>

#include "html.h"


/* Of a port. */
#define PORT_DIGITS_MAX  5
#define PORT_MAX         65535


static size_t host_bytes(cmt_str_t s);
static int host_ok(cmt_str_t host);
static int address_ok(cmt_str_t host);
static int host_canonical(cmt_arena_t *arena, cmt_str_t typed,
    cmt_str_t *host);
static size_t port_bytes(cmt_str_t s);
static int put_rest(cmt__buf_t *b, cmt_str_t s);
static cmt_str_t domain(cmt_str_t host);


int
cmt__text_url(cmt_arena_t *arena, cmt_str_t typed, cmt_str_t *out)
{
    int         rc;
    size_t      i;
    cmt__url_t  url;

    typed = cmt__str_trim(typed);

    for (i = 0; i < typed.len; i++) {
        if ((unsigned char) typed.data[i] <= 0x20
            || memchr("\"'<>\\`\x7f", typed.data[i], 7) != NULL)
        {
            return CMT_EWEBSITE;
        }
    }

    rc = cmt__url_parse(arena, typed, &url);

    if (rc == CMT_OK) {
        *out = url.url;
    }

    return rc;
}


int
cmt__url_parse(cmt_arena_t *arena, cmt_str_t typed, cmt__url_t *out)
{
    int         rc;
    size_t      n, scheme, host_at, path_at, path;
    cmt_str_t   host, rest;
    cmt__buf_t  b;

    typed = cmt__str_trim(typed);

    if (typed.len > CMT__URL_BYTES_MAX) {
        return CMT_EWEBSITE;
    }

    if (cmt__str_is_nocase(cmt__str_sub(typed, 0, 7), "http://")) {
        scheme = 7;

    } else if (cmt__str_is_nocase(cmt__str_sub(typed, 0, 8), "https://")) {
        scheme = 8;

    } else {
        return CMT_EWEBSITE;
    }

    rest = cmt__str_sub(typed, scheme, typed.len);
    n = host_bytes(rest);

    rc = host_canonical(arena, cmt__str_sub(rest, 0, n), &host);
    if (rc != CMT_OK) {
        return rc;
    }

    rest = cmt__str_sub(rest, n, rest.len);

    cmt__buf_init(&b, arena, typed.len + host.len + 16);
    cmt__buf_lit(&b, scheme == 7 ? "http://" : "https://");

    host_at = b.len;
    cmt__buf_str_put(&b, host);

    n = port_bytes(rest);
    cmt__buf_str_put(&b, cmt__str_sub(rest, 0, n));
    rest = cmt__str_sub(rest, n, rest.len);

    path_at = b.len;

    if (!put_rest(&b, rest)) {
        return CMT_EWEBSITE;
    }

    rc = cmt__buf_end(&b, &out->url);
    if (rc != CMT_OK) {
        return rc;
    }

    for (path = path_at; path < out->url.len; path++) {
        if (out->url.data[path] == '?' || out->url.data[path] == '#') {
            break;
        }
    }

    out->host = cmt__str_sub(out->url, host_at, host_at + host.len);
    out->domain = domain(out->host);
    out->path = path == path_at ? cmt_str("/")
                                : cmt__str_sub(out->url, path_at, path);

    return CMT_OK;
}


/*
 * No more than "a@b.no": what may follow in such an address (copies to others,
 * a text) is nothing that a stranger should prepare for a reader.
 */
int
cmt__url_mailto(cmt_arena_t *arena, cmt_str_t typed, cmt__url_t *out)
{
    int         rc;
    size_t      at;
    cmt_str_t   local, host;
    cmt__buf_t  b;

    typed = cmt__str_trim(typed);

    if (typed.len > CMT_EMAIL_BYTES_MAX + sizeof("mailto:") - 1
        || !cmt__str_is_nocase(cmt__str_sub(typed, 0, 7), "mailto:"))
    {
        return CMT_EWEBSITE;
    }

    local = cmt__str_sub(typed, 7, typed.len);

    for (at = 0; at < local.len && local.data[at] != '@'; at++) {

        if (!cmt__ascii_alnum((unsigned char) local.data[at])
            && memchr("._+-", local.data[at], 4) == NULL)
        {
            return CMT_EWEBSITE;
        }
    }

    if (at == 0 || at == local.len) {
        return CMT_EWEBSITE;
    }

    host = cmt__str_sub(local, at + 1, local.len);

    if (host_bytes(host) != host.len) {
        return CMT_EWEBSITE;
    }

    rc = host_canonical(arena, host, &host);
    if (rc != CMT_OK) {
        return rc;
    }

    cmt__buf_init(&b, arena, typed.len + host.len);
    cmt__buf_lit(&b, "mailto:");
    cmt__buf_str_put(&b, cmt__str_sub(local, 0, at + 1));
    cmt__buf_str_put(&b, host);

    rc = cmt__buf_end(&b, &out->url);
    if (rc != CMT_OK) {
        return rc;
    }

    out->host = cmt__str_sub(out->url, 7 + at + 1, out->url.len);
    out->domain = domain(out->host);
    out->path = cmt_str("/");

    return CMT_OK;
}


size_t
cmt__url_host(cmt_str_t s)
{
    size_t  n, len;

    len = host_bytes(s);

    /* "http://bank.example@evil.example" is no link to the bank */

    if (len < s.len && s.data[len] == '@') {
        return 0;
    }

    for (n = len; n != 0 && (s.data[n - 1] == '.' || s.data[n - 1] == '_');
         n--)
    {
        /* void: punctuation of the sentence */
    }

    return host_ok(cmt__str_sub(s, 0, n)) ? n : 0;
}


/* How many bytes at the start of s may stand in a host name.  One more than
 * CMT__HOST_BYTES_MAX at most, and the dot at the end. */

static size_t
host_bytes(cmt_str_t s)
{
    size_t         at, next;
    unsigned char  c;

    for (at = 0; at < s.len && at <= CMT__HOST_BYTES_MAX; at = next) {

        c = (unsigned char) s.data[at];
        next = at + 1;

        if (c < 0x80) {
            if (!cmt__ascii_alnum(c) && c != '.' && c != '-' && c != '_') {
                break;
            }

            continue;
        }

        next = at;

        if (cmt__autolink_stops(cmt__utf8_next(s, &next))) {
            break;
        }
    }

    return at;
}


/* Labels of a good length, one dot at least or "localhost"; what ends in a
 * number is an IPv4 address in four parts. */

static int
host_ok(cmt_str_t host)
{
    size_t  i, from, labels;

    if (host.len == 0 || host.len > CMT__HOST_BYTES_MAX) {
        return 0;
    }

    if (cmt__str_is_nocase(host, "localhost")) {
        return 1;
    }

    labels = 0;
    from = 0;

    for (i = 0; i <= host.len; i++) {

        if (i < host.len && host.data[i] != '.') {
            continue;
        }

        if (i == from || i - from > CMT__LABEL_BYTES_MAX) {
            return 0;
        }

        labels++;

        if (i < host.len) {
            from = i + 1;
        }
    }

    if (labels < 2) {
        return 0;
    }

    if (host.data[from] >= '0' && host.data[from] <= '9') {
        return labels == 4 && address_ok(host);
    }

    return host.len - from >= 2;
}


static int
address_ok(cmt_str_t host)
{
    size_t    i, from;
    uint64_t  part;

    from = 0;

    for (i = 0; i <= host.len; i++) {

        if (i < host.len && host.data[i] != '.') {
            continue;
        }

        if (!cmt__str_u64(cmt__str_sub(host, from, i), &part) || part > 255
            || (i - from > 1 && host.data[from] == '0'))
        {
            return 0;
        }

        from = i + 1;
    }

    return 1;
}


/*
 * One spelling for one host: lower case, no dot at the end, Unicode rather
 * than punycode.  So a list of domains cannot be passed by another spelling.
 */

static int
host_canonical(cmt_arena_t *arena, cmt_str_t typed, cmt_str_t *host)
{
    char       *lower;
    size_t      i;
    unsigned    other;
    cmt_str_t   copy;

    if (typed.len != 0 && typed.data[typed.len - 1] == '.') {
        typed.len--;
    }

    if (!host_ok(typed)) {
        return CMT_EWEBSITE;
    }

    lower = cmt_alloc(arena, typed.len);
    if (lower == NULL) {
        return CMT_ENOMEM;
    }

    other = 0;

    for (i = 0; i < typed.len; i++) {
        lower[i] = typed.data[i];

        if (lower[i] >= 'A' && lower[i] <= 'Z') {
            lower[i] = (char) (lower[i] | 0x20);
        }

        other |= (unsigned char) lower[i] >= 0x80
                 || (lower[i] == '-' && i >= 3 && lower[i - 1] == '-'
                     && lower[i - 2] == 'n' && lower[i - 3] == 'x');
    }

    copy.data = lower;
    copy.len = typed.len;

    if (other) {
        int  rc;

        rc = cmt__unicode_host(arena, copy, &copy);
        if (rc != CMT_OK) {
            return rc;
        }

        if (!host_ok(copy) || host_bytes(copy) != copy.len) {
            return CMT_EWEBSITE;
        }
    }

    *host = copy;

    return CMT_OK;
}


/* ":8080" at the start of s: how many bytes; 0 when there is none. */

static size_t
port_bytes(cmt_str_t s)
{
    size_t    n;
    uint64_t  port;

    if (s.len == 0 || s.data[0] != ':') {
        return 0;
    }

    for (n = 1; n < s.len && n <= PORT_DIGITS_MAX; n++) {
        if (s.data[n] < '0' || s.data[n] > '9') {
            break;
        }
    }

    if (!cmt__str_u64(cmt__str_sub(s, 1, n), &port) || port > PORT_MAX) {
        return 0;
    }

    return n;
}


/* Path, query and fragment; 0 when they are none.  Browsers skip tabs and
 * line feeds in an address, so they are not kept. */

static int
put_rest(cmt__buf_t *b, cmt_str_t s)
{
    size_t             i;
    unsigned char      c;
    static const char  digits[] = "0123456789ABCDEF";

    if (s.len != 0 && memchr("/?#", s.data[0], 3) == NULL) {
        return 0;
    }

    for (i = 0; i < s.len; i++) {

        c = (unsigned char) s.data[i];

        if (c == '\t' || c == '\n') {
            continue;
        }

        if (c < 0x20 || c == 0x7f) {
            return 0;
        }

        if (memchr(" \"<>\\^`{|}", c, 10) != NULL) {
            cmt__buf_char(b, '%');
            cmt__buf_char(b, digits[c >> 4]);
            cmt__buf_char(b, digits[c & 15]);
            continue;
        }

        cmt__buf_char(b, (char) c);
    }

    return 1;
}


/* The last two labels; an address of numbers is its own domain. */

static cmt_str_t
domain(cmt_str_t host)
{
    size_t  i, dots;

    dots = 0;

    for (i = host.len; i != 0; i--) {

        if (host.data[i - 1] != '.') {
            continue;
        }

        if (dots == 0 && host.data[i] >= '0' && host.data[i] <= '9') {
            return host;
        }

        if (++dots == 2) {
            return cmt__str_sub(host, i, host.len);
        }
    }

    return host;
}
