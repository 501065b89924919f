/*
 * contacts.c: e-mail addresses, telephone numbers and web addresses in
 * running text; tags in HTML of ours.
 *
 * An address is found by its "@", a number by its first digit.  What one of
 * them looks at the next one does not look at again, but for bounded ends.
 */

#include <string.h>

#include "html.h"


#define LOCAL_BYTES_MAX    64            /* before the "@", RFC 5321         */
#define DOMAIN_BYTES_MAX   255
#define DIGITS_MIN         8             /* Scandinavian numbers             */
#define DIGITS_MAX         15            /* E.164                            */
#define GROUPS_MAX         8


typedef struct {
    size_t    digits;
    size_t    n;
    size_t    group[GROUPS_MAX];         /* digits of each                   */
    char      mark;                      /* between them, the last one       */
    unsigned  plus:1;
} number_t;


#define MENTION        "<a href=\"#"
#define MENTION_CHARS  (sizeof(MENTION) - 1)


static int email_at(cmt_str_t s, size_t least, size_t at, cmt_str_t *found);
static size_t number_read(cmt_str_t s, size_t at, number_t *n);
static int is_phone(const number_t *n, char first);


int
cmt__text_contact(cmt_str_t s, size_t *at, cmt_str_t *contact)
{
    char      c;
    size_t    i, end, least;
    number_t  n;

    least = *at;

    for (i = *at; i < s.len; i++) {
        c = s.data[i];

        if (c == '@' && email_at(s, least, i, contact)) {
            *at = (size_t) (contact->data - s.data) + contact->len;
            return 1;
        }

        if (((c < '0' || c > '9') && c != '+')
            || (i != 0 && (cmt__ascii_alnum((unsigned char) s.data[i - 1])
                           || strchr("@._%-/=", s.data[i - 1]) != NULL)))
        {
            continue;
        }

        end = number_read(s, i, &n);

        if (end < s.len && (s.data[end] == '@'
                            || cmt__ascii_alnum((unsigned char) s.data[end])))
        {
            continue;                    /* of an address or a word */
        }

        if (is_phone(&n, c)) {
            *contact = cmt__str_sub(s, i, end);
            *at = end;
            return 1;
        }

        if (end > i) {
            i = end - 1;
        }
    }

    *at = s.len;

    return 0;
}


static int
is_local(char c)
{
    return cmt__ascii_alnum((unsigned char) c) || (unsigned char) c >= 0x80
           || (c != '\0' && strchr("._%+-", c) != NULL);
}


static int
email_at(cmt_str_t s, size_t least, size_t at, cmt_str_t *found)
{
    char    c;
    size_t  from, end, dot, letters;

    for (from = at; from > least && at - from < LOCAL_BYTES_MAX; from--) {
        if (!is_local(s.data[from - 1])) {
            break;
        }
    }

    while (from < at && ((s.data[from] & 0xc0) == 0x80
                         || s.data[from] == '.'))
    {
        from++;
    }

    dot = 0;
    letters = 0;

    for (end = at + 1; end < s.len && end - at <= DOMAIN_BYTES_MAX; end++) {
        c = s.data[end];

        if (c == '.' && end > at + 1 && s.data[end - 1] != '.') {
            if (end + 1 == s.len
                || (!cmt__ascii_alnum((unsigned char) s.data[end + 1])
                    && (unsigned char) s.data[end + 1] < 0x80))
            {
                break;                   /* ends the sentence */
            }

            dot = end;
            letters = 0;

        } else if (cmt__ascii_alnum((unsigned char) c) || c == '-'
                   || (unsigned char) c >= 0x80)
        {
            letters += c > '9' || (unsigned char) c >= 0x80;

        } else {
            break;
        }
    }

    if (from == at || dot == 0 || letters < 2) {
        return 0;
    }

    *found = cmt__str_sub(s, from, end);

    return 1;
}


/* Digits in groups, parted by one or two marks: +47 22 33 44 55,
 * (555) 123-4567.  Gives the end. */

static size_t
number_read(cmt_str_t s, size_t at, number_t *n)
{
    char    c;
    size_t  i, end, marks;

    memset(n, 0, sizeof(number_t));
    n->plus = s.data[at] == '+';
    end = at;
    marks = n->plus;

    for (i = at + n->plus; i < s.len; i++) {
        c = s.data[i];

        if (c >= '0' && c <= '9') {
            if ((marks != 0 || n->n == 0) && n->n < GROUPS_MAX) {
                n->n++;
            }

            n->group[n->n - 1]++;
            n->digits++;
            marks = 0;
            end = i + 1;

        } else if (strchr(" .-/()", c) != NULL && c != '\0' && marks < 2) {
            marks++;
            n->mark = c;

        } else {
            break;
        }
    }

    return end;
}


/* Not a date (2013-01-08, 8.1.2013), a span of years or a large number in
 * groups of three. */

static int
is_phone(const number_t *n, char first)
{
    size_t  i;

    if (n->digits < DIGITS_MIN || n->digits > DIGITS_MAX) {
        return 0;
    }

    if (n->plus || first == '0') {
        return 1;
    }

    if ((n->n == 3 && n->digits == 8
         && (n->group[0] == 4 || n->group[2] == 4))
        || (n->n == 2 && n->group[0] == 4 && n->group[1] == 4
            && n->mark != ' ')
        || n->group[0] == 1)
    {
        return 0;
    }

    for (i = 1; i < n->n && n->group[i] == 3; i++) {
        /* void */
    }

    return n->n == 1 || i < n->n || n->group[0] >= 3;
}


int
cmt__text_link(cmt_str_t s, size_t *at, cmt_str_t *link)
{
    return cmt__autolink_next(s, at, link);
}


void
cmt__text_tags(cmt_str_t html, const char *const *names, size_t *counts)
{
    size_t     i, k, len;
    cmt_str_t  name;

    for (i = 0; i + 1 < html.len; i++) {
        if (html.data[i] != '<') {
            continue;
        }

        for (len = 0; i + 1 + len < html.len; len++) {
            if (!cmt__ascii_alnum((unsigned char) html.data[i + 1 + len])) {
                break;
            }
        }

        name = cmt__str_sub(html, i + 1, i + 1 + len);

        /* a mention is made, not typed */

        if (cmt__str_is(cmt__str_sub(html, i, i + MENTION_CHARS), MENTION)) {
            continue;
        }

        for (k = 0; len != 0 && names[k] != NULL; k++) {
            counts[k] += cmt__str_is(name, names[k]) != 0;
        }
    }
}
