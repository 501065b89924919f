/*
 * email.c: an e-mail address becomes an identity, and nothing else.
 */

#include <string.h>

#include "privacy.h"


#define LOCAL_BYTES_MAX    64          /* RFC 5321, 4.5.3.1.1 */
#define LABEL_BYTES_MAX    63          /* RFC 1035, 2.3.4     */


static int is_local(cmt_str_t local);
static int is_domain(cmt_str_t domain);
static int is_label(cmt_str_t label);
static int is_letter_or_digit(char c);


int
cmt__email_hash(const cmt_site_keys_t *keys, cmt_str_t email, cmt__hash_t *out)
{
    char         normal[CMT_EMAIL_BYTES_MAX];
    size_t       i, at;
    cmt_str_t    part;
    const char  *p;

    email = cmt__str_trim(email);

    if (email.len == 0 || email.len > CMT_EMAIL_BYTES_MAX
        || !cmt__utf8_valid(email))
    {
        return CMT_EEMAIL;
    }

    p = memchr(email.data, '@', email.len);
    if (p == NULL) {
        return CMT_EEMAIL;
    }

    at = (size_t) (p - email.data);

    if (!is_local(cmt__str_sub(email, 0, at))
        || !is_domain(cmt__str_sub(email, at + 1, email.len)))
    {
        return CMT_EEMAIL;
    }

    for (i = 0; i < email.len; i++) {
        normal[i] = email.data[i];

        if (normal[i] >= 'A' && normal[i] <= 'Z') {
            normal[i] = (char) (normal[i] | 0x20);
        }
    }

    part = (cmt_str_t) { email.len, normal };
    cmt__hash(keys, CMT__KEY_IDENTITY, &part, 1, out);
    cmt__wipe(normal, sizeof(normal));

    return CMT_OK;
}


/* Atoms with single dots between them. */

static int
is_local(cmt_str_t local)
{
    char    c, before;
    size_t  i;

    if (local.len == 0 || local.len > LOCAL_BYTES_MAX) {
        return 0;
    }

    before = '.';

    for (i = 0; i < local.len; i++) {

        c = local.data[i];

        if (c == '.' && before == '.') {
            return 0;
        }

        if (c != '.' && !is_letter_or_digit(c)
            && (c == '\0' || strchr("!#$%&'*+-/=?^_`{|}~", c) == NULL))
        {
            return 0;
        }

        before = c;
    }

    return before != '.';
}


static int
is_domain(cmt_str_t domain)
{
    size_t       n, labels;
    const char  *dot;

    for (labels = 1; /* void */ ; labels++) {

        dot = domain.len != 0 ? memchr(domain.data, '.', domain.len) : NULL;
        n = dot != NULL ? (size_t) (dot - domain.data) : domain.len;

        if (!is_label(cmt__str_sub(domain, 0, n))) {
            return 0;
        }

        if (dot == NULL) {
            return labels >= 2;
        }

        domain = cmt__str_sub(domain, n + 1, domain.len);
    }
}


static int
is_label(cmt_str_t label)
{
    size_t  i;

    if (label.len == 0 || label.len > LABEL_BYTES_MAX
        || label.data[0] == '-' || label.data[label.len - 1] == '-')
    {
        return 0;
    }

    for (i = 0; i < label.len; i++) {
        if (!is_letter_or_digit(label.data[i]) && label.data[i] != '-') {
            return 0;
        }
    }

    return 1;
}


/* Beyond ASCII, everything counts as a letter. */

static int
is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
           || (c >= '0' && c <= '9') || ((unsigned char) c) >= 0x80;
}
