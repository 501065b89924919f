/*
 * rules_shown.c: what a moderator is told of files of rules.  Where they lie
 * on the server is for owners.
 */

#include <string.h>

#include "render.h"


static cmt_str_t shown(cmt_str_t text, cmt_role_t role);


int
cmt__rules_path(const cmt_rules_t *rules, size_t i, cmt_role_t role,
    cmt_str_t *path)
{
    const char  *p;

    p = cmt_rules_path(rules, i);

    if (p == NULL) {
        return 0;
    }

    *path = shown((cmt_str_t) { strlen(p), p }, role);

    return 1;
}


/* It may be cut inside of a character. */

cmt_str_t
cmt__rules_reason(char *reason, cmt_role_t role)
{
    char       *p;
    cmt_str_t   text;

    text.len = strlen(reason);
    text.data = reason;

    if (!cmt__utf8_valid(text)) {
        for (p = reason; *p != '\0'; p++) {
            if ((unsigned char) *p >= 0x80) {
                *p = '?';
            }
        }
    }

    return shown(text, role);
}


/* "/etc/nginx/rules.lua:3: what is wrong" is "rules.lua:3: what is wrong": a
 * reason begins with its file, and may have strokes behind it. */

static cmt_str_t
shown(cmt_str_t text, cmt_role_t role)
{
    size_t  i, from;

    from = 0;

    for (i = 0; role != CMT_ROLE_OWNER && i < text.len; i++) {

        if (text.data[i] == ':' && i + 1 < text.len
            && text.data[i + 1] == ' ')
        {
            break;
        }

        if (text.data[i] == '/') {
            from = i + 1;
        }
    }

    return cmt__str_sub(text, from, text.len);
}
