/*
 * match.c: Lua's patterns, matched by our own matcher so that every step is
 * charged.  What it matches is what Lua 5.4 matches; a test compares both.
 *
 * A pattern is followed item by item.  An item is one set of bytes ("a", ".",
 * "%d", "[a-z]") with "", "?", "*", "+" or "-" behind it; or one of "(", ")",
 * "$", "%b", "%f", "%1".  Only items that may match more than one length call
 * match() again, so that its depth is bounded by the pattern.
 */

#include <string.h>

#include "match.h"


#define DEPTH_MAX      200
#define SETTLE_STEPS   256
#define PATTERN_BYTES  8             /* of a set, looked at for one step  */


static const char *match(cmt__match_t *m, const char *s, const char *p);
static const char *match_special(cmt__match_t *m, const char *s,
    const char *p, const char **next);
static const char *match_balance(cmt__match_t *m, const char *s,
    const char *p);
static const char *match_capture(cmt__match_t *m, const char *s, int c);
static int match_frontier(cmt__match_t *m, const char *s, const char *p,
    const char *ep);
static const char *open_capture(cmt__match_t *m, const char *s,
    const char *p, ptrdiff_t kind);
static const char *close_capture(cmt__match_t *m, const char *s,
    const char *p);
static const char *match_most(cmt__match_t *m, const char *s, const char *p,
    const char *ep);
static const char *match_least(cmt__match_t *m, const char *s,
    const char *p, const char *ep);
static const char *item_end(cmt__match_t *m, const char *p);
static int item_has(cmt__match_t *m, const char *s, const char *p,
    const char *ep);
static int set_has(cmt__match_t *m, unsigned char c, const char *p,
    const char *last);
static int class_has(unsigned char c, int class);


void
cmt__match_init(cmt__match_t *m, lua_State *L, cmt_str_t text,
    cmt_str_t pattern)
{
    m->L = L;
    m->text = text.data;
    m->text_end = text.data + text.len;
    m->pattern_end = pattern.data + pattern.len;
    m->depth = DEPTH_MAX;
    m->steps = 0;
    m->level = 0;
}


void
cmt__match_settle(cmt__match_t *m)
{
    unsigned  steps;

    steps = m->steps;
    m->steps = 0;
    cmt__charge(m->L, steps);
}


static inline void
step(cmt__match_t *m)
{
    if (++m->steps >= SETTLE_STEPS) {
        cmt__match_settle(m);
    }
}


/* For a loop over n bytes of the pattern, of which each costs little. */

static inline void
steps(cmt__match_t *m, ptrdiff_t n)
{
    m->steps += (unsigned) (n / PATTERN_BYTES);

    if (m->steps >= SETTLE_STEPS) {
        cmt__match_settle(m);
    }
}


const char *
cmt__match_at(cmt__match_t *m, const char *s, const char *pattern)
{
    m->level = 0;
    m->depth = DEPTH_MAX;

    return match(m, s, pattern);
}


/*
 * When the pattern begins with a byte that stands for itself, only its places
 * are tried.
 */

const char *
cmt__match_from(cmt__match_t *m, const char *s, const char *pattern,
    const char **end)
{
    int          skip;
    const char  *found;

    skip = pattern + 1 < m->pattern_end
           && strchr(CMT__SPECIALS ")", pattern[0]) == NULL
           && strchr("*?-", pattern[1]) == NULL;

    for ( ;; ) {
        if (skip) {
            found = memchr(s, pattern[0], (size_t) (m->text_end - s));
            cmt__charge_scan(m->L, (uint64_t) ((found != NULL ? found
                                                 : m->text_end) - s));
            if (found == NULL) {
                return NULL;
            }

            s = found;
        }

        *end = cmt__match_at(m, s, pattern);

        if (*end != NULL) {
            return s;
        }

        if (s == m->text_end) {
            return NULL;
        }

        s++;
    }
}


/* Strings of Lua end in NUL, so that p may look one byte past the pattern. */

static const char *
match(cmt__match_t *m, const char *s, const char *p)
{
    const char  *ep, *next;

    if (m->depth-- == 0) {
        cmt__raise(m->L, "the pattern is too complex");
    }

    while (s != NULL && p != m->pattern_end) {
        step(m);

        if (*p == '(' || *p == ')') {
            /* These finish the match by themselves, so as to take a capture
             * back when what follows fails. */
            s = *p == ')' ? close_capture(m, s, p + 1)
                : p[1] == ')' ? open_capture(m, s, p + 2, CMT__CAPTURE_PLACE)
                : open_capture(m, s, p + 1, CMT__CAPTURE_OPEN);
            break;
        }

        if (*p == '$' && p + 1 == m->pattern_end) {
            s = s == m->text_end ? s : NULL;
            break;
        }

        next = NULL;
        ep = *p == '%' ? match_special(m, s, p, &next) : NULL;

        if (next != NULL) {
            s = ep;
            p = next;
            continue;
        }

        ep = item_end(m, p);

        if (!item_has(m, s, p, ep)) {
            s = *ep == '*' || *ep == '?' || *ep == '-' ? s : NULL;
            p = ep + 1;
            continue;
        }

        if (*ep == '*' || *ep == '+') {
            s = match_most(m, s + (*ep == '+'), p, ep);
            break;
        }

        if (*ep == '-') {
            s = match_least(m, s, p, ep);
            break;
        }

        if (*ep != '?') {
            s++;
            p = ep;
            continue;
        }

        next = match(m, s + 1, ep + 1);
        if (next != NULL) {
            s = next;
            break;
        }

        p = ep + 1;
    }

    m->depth++;

    return s;
}


/*
 * "%b", "%f" and "%1".  *next is where the pattern goes on, NULL when p is
 * an ordinary item; gives where the text goes on, or NULL.
 */

static const char *
match_special(cmt__match_t *m, const char *s, const char *p,
    const char **next)
{
    const char  *ep;

    switch (p[1]) {

    case 'b':
        *next = p + 4;
        return match_balance(m, s, p + 2);

    case 'f':
        p += 2;
        if (*p != '[') {
            cmt__raise(m->L, "the pattern lacks \"[\" after \"%%f\"");
        }

        ep = item_end(m, p);
        *next = ep;
        return match_frontier(m, s, p, ep - 1) ? s : NULL;

    case '0': case '1': case '2': case '3': case '4':
    case '5': case '6': case '7': case '8': case '9':
        *next = p + 2;
        return match_capture(m, s, (unsigned char) p[1]);

    default:
        return NULL;
    }
}


static const char *
match_balance(cmt__match_t *m, const char *s, const char *p)
{
    size_t  open;

    if (p >= m->pattern_end - 1) {
        cmt__raise(m->L, "the pattern lacks two characters after \"%%b\"");
    }

    if (s == m->text_end || *s != p[0]) {
        return NULL;
    }

    open = 1;

    for (s++; s < m->text_end; s++) {
        step(m);

        if (*s == p[1]) {
            if (--open == 0) {
                return s + 1;
            }

        } else if (*s == p[0]) {
            open++;
        }
    }

    return NULL;
}


static int
match_frontier(cmt__match_t *m, const char *s, const char *p,
    const char *last)
{
    unsigned char  before, here;

    before = s == m->text ? '\0' : (unsigned char) s[-1];
    here = s == m->text_end ? '\0' : (unsigned char) *s;

    return !set_has(m, before, p, last) && set_has(m, here, p, last);
}


static const char *
match_capture(cmt__match_t *m, const char *s, int c)
{
    int     i;
    size_t  len;

    i = c - '1';

    if (i < 0 || i >= m->level || m->capture[i].len == CMT__CAPTURE_OPEN) {
        cmt__raise(m->L, "the pattern has no capture %%%d to refer to",
                   i + 1);
    }

    /* That of a position can never be met; as in Lua. */
    len = (size_t) m->capture[i].len;

    if ((size_t) (m->text_end - s) < len) {
        return NULL;
    }

    cmt__charge_scan(m->L, len);

    return memcmp(m->capture[i].at, s, len) == 0 ? s + len : NULL;
}


static const char *
open_capture(cmt__match_t *m, const char *s, const char *p, ptrdiff_t kind)
{
    const char  *end;

    if (m->level >= CMT__CAPTURES_MAX) {
        cmt__raise(m->L, "the pattern has more than %d captures",
                   CMT__CAPTURES_MAX);
    }

    m->capture[m->level].at = s;
    m->capture[m->level].len = kind;
    m->level++;

    end = match(m, s, p);
    if (end == NULL) {
        m->level--;
    }

    return end;
}


static const char *
close_capture(cmt__match_t *m, const char *s, const char *p)
{
    int          i;
    const char  *end;

    for (i = m->level - 1; i >= 0; i--) {
        if (m->capture[i].len == CMT__CAPTURE_OPEN) {
            break;
        }
    }

    if (i < 0) {
        cmt__raise(m->L, "the pattern has a \")\" without a \"(\"");
    }

    m->capture[i].len = s - m->capture[i].at;

    end = match(m, s, p);
    if (end == NULL) {
        m->capture[i].len = CMT__CAPTURE_OPEN;
    }

    return end;
}


static const char *
match_most(cmt__match_t *m, const char *s, const char *p, const char *ep)
{
    ptrdiff_t    n;
    const char  *end;

    for (n = 0; item_has(m, s + n, p, ep); n++) {
        step(m);
    }

    for ( /* void */ ; n >= 0; n--) {
        end = match(m, s + n, ep + 1);
        if (end != NULL) {
            return end;
        }
    }

    return NULL;
}


static const char *
match_least(cmt__match_t *m, const char *s, const char *p, const char *ep)
{
    const char  *end;

    for ( ;; ) {
        end = match(m, s, ep + 1);
        if (end != NULL) {
            return end;
        }

        if (!item_has(m, s, p, ep)) {
            return NULL;
        }

        s++;
    }
}


/* The end of the set of bytes at p. */

static const char *
item_end(cmt__match_t *m, const char *p)
{
    char         c;
    const char  *start;

    start = p;
    c = *p++;

    if (c == '%') {
        if (p == m->pattern_end) {
            cmt__raise(m->L, "the pattern ends with \"%%\"");
        }

        return p + 1;
    }

    if (c != '[') {
        return p;
    }

    if (*p == '^') {
        p++;
    }

    do {                                 /* a "]" in first place is a byte */
        if (p == m->pattern_end) {
            cmt__raise(m->L, "the pattern has a \"[\" without a \"]\"");
        }

        if (*p++ == '%') {
            if (p == m->pattern_end) {
                cmt__raise(m->L, "the pattern has a \"[\" without a \"]\"");
            }

            p++;
        }
    } while (p == m->pattern_end || *p != ']');

    steps(m, p - start);

    return p + 1;
}


static int
item_has(cmt__match_t *m, const char *s, const char *p, const char *ep)
{
    unsigned char  c;

    if (s >= m->text_end) {
        return 0;
    }

    c = (unsigned char) *s;

    switch (*p) {
    case '.':
        return 1;
    case '%':
        return class_has(c, (unsigned char) p[1]);
    case '[':
        return set_has(m, c, p, ep - 1);
    default:
        return (unsigned char) *p == c;
    }
}


/* p is at "[", last at "]". */

static int
set_has(cmt__match_t *m, unsigned char c, const char *p, const char *last)
{
    int          has, negated;
    const char  *start;

    start = p;
    negated = p[1] == '^';
    p += negated;
    has = 0;

    while (!has && ++p < last) {
        if (*p == '%') {
            p++;
            has = class_has(c, (unsigned char) *p);

        } else if (p[1] == '-' && p + 2 < last) {
            p += 2;
            has = (unsigned char) p[-2] <= c && c <= (unsigned char) *p;

        } else {
            has = (unsigned char) *p == c;
        }
    }

    steps(m, p - start);

    return has != negated;
}


static int
is_alpha(int c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}


static int
is_digit(int c)
{
    return c >= '0' && c <= '9';
}


/* The classes of the C locale; a capital letter is the opposite. */

static int
class_has(unsigned char c, int class)
{
    int  has;

    switch (class | 0x20) {
    case 'a': has = is_alpha(c); break;
    case 'c': has = c < ' ' || c == 0x7f; break;
    case 'd': has = is_digit(c); break;
    case 'g': has = c > ' ' && c < 0x7f; break;
    case 'l': has = c >= 'a' && c <= 'z'; break;
    case 'p': has = c > ' ' && c < 0x7f && !is_alpha(c) && !is_digit(c); break;
    case 's': has = c == ' ' || (c >= '\t' && c <= '\r'); break;
    case 'u': has = c >= 'A' && c <= 'Z'; break;
    case 'w': has = is_alpha(c) || is_digit(c); break;
    case 'x':
        has = is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
        break;
    default:
        return class == c;
    }

    return class >= 'a' ? has : !has;
}


void
cmt__match_push(cmt__match_t *m, int i, const char *s, const char *end)
{
    if (i >= m->level) {
        if (i != 0) {
            cmt__raise(m->L, "there is no capture %%%d", i + 1);
        }

        lua_pushlstring(m->L, s, (size_t) (end - s));
        return;
    }

    if (m->capture[i].len == CMT__CAPTURE_OPEN) {
        cmt__raise(m->L, "the pattern has a \"(\" without a \")\"");
    }

    if (m->capture[i].len == CMT__CAPTURE_PLACE) {
        lua_pushinteger(m->L, m->capture[i].at - m->text + 1);
        return;
    }

    lua_pushlstring(m->L, m->capture[i].at, (size_t) m->capture[i].len);
}


int
cmt__match_push_all(cmt__match_t *m, const char *s, const char *end)
{
    int  i, n;

    n = m->level == 0 && s != NULL ? 1 : m->level;

    if (!lua_checkstack(m->L, n + 1)) {
        cmt__raise(m->L, "not enough memory");
    }

    for (i = 0; i < n; i++) {
        cmt__match_push(m, i, s, end);
    }

    return n;
}
