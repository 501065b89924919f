/*
 * bans_json.c: who and what is banned from a site.
 */

#include <string.h>

#include "item.h"


static void ban_json(cmt__buf_t *b, const cmt__ban_t *ban, int twin);
static const char *parts_of(const cmt__ban_t *ban, int twin);


int
cmt_bans_json(cmt_read_t *read, const cmt_site_t *site, int64_t now,
    cmt_arena_t *arena, cmt_str_t *json, cmt_error_t *err)
{
    int         rc, twin;
    unsigned    n;
    uint32_t    id;
    cmt__buf_t  b;
    cmt__ban_t  ban;

    cmt__buf_init(&b, arena, 1024);
    cmt__buf_lit(&b, "{\"bans\":[");
    memset(&ban, 0, sizeof(ban));
    n = 0;

    rc = cmt__site_find(read, site->name, &id);

    while (rc == CMT_OK && n < CMT_BANS_LISTED_MAX) {

        rc = cmt__ban_next(read, id, &ban);

        if (rc != CMT_OK || (ban.until != 0 && ban.until <= now)) {
            continue;
        }

        twin = cmt__ban_twin(read, id, &ban);

        if (ban.kind == CMT__BANNED_EMAIL && twin) {
            continue;                    /* told with its cookie */
        }

        if (n++ > 0) {
            cmt__buf_char(&b, ',');
        }

        ban_json(&b, &ban, twin);
    }

    cmt__buf_lit(&b, "]}");

    if (rc == CMT_OK || rc == CMT_ENOTFOUND) {
        rc = cmt__buf_end(&b, json);
    }

    return rc == CMT_OK ? CMT_OK : cmt__fail(err, rc, NULL, "bans");
}


int
cmt__ban_twin(cmt_read_t *read, uint32_t site, const cmt__ban_t *ban)
{
    cmt__ban_t      other;
    cmt__comment_t  c;

    if (ban->comment == 0
        || (ban->kind != CMT__BANNED_COOKIE && ban->kind != CMT__BANNED_EMAIL)
        || cmt__comment_get(read, ban->comment, &c) != CMT_OK
        || cmt__hash_is_zero(&c.cookie) || cmt__hash_is_zero(&c.identity))
    {
        return 0;
    }

    return (ban->kind == CMT__BANNED_COOKIE
            ? cmt__ban_get(read, site, CMT__BANNED_EMAIL, &c.identity, &other)
            : cmt__ban_get(read, site, CMT__BANNED_COOKIE, &c.cookie, &other))
           == CMT_OK && other.comment == ban->comment;
}


static void
ban_json(cmt__buf_t *b, const cmt__ban_t *ban, int twin)
{
    char         hex[CMT_BAN_KEY_CHARS + 1];
    const char  *kind;

    kind = cmt_ban_kind_name(ban->kind == CMT__BANNED_ADDRESS
                             ? CMT_BAN_ADDRESS
                             : ban->kind == CMT__BANNED_DOMAIN
                             ? CMT_BAN_DOMAIN : CMT_BAN_AUTHOR);

    cmt__hex(cmt__ban_key(ban), CMT_BAN_KEY_CHARS / 2, hex);
    cmt__buf_lit(b, "{\"key\":\"");
    cmt__buf_lit(b, hex);
    cmt__buf_lit(b, "\",\"kind\":\"");
    cmt__buf_lit(b, kind);
    cmt__buf_char(b, '"');
    cmt__member_str(b, "value", ban->domain);
    cmt__buf_lit(b, ",\"parts\":[");
    cmt__buf_lit(b, parts_of(ban, twin));
    cmt__buf_char(b, ']');
    cmt__member_u64(b, "comment", ban->comment);
    cmt__buf_lit(b, ",\"status\":\"");
    cmt__buf_lit(b, cmt_status_name(ban->status));
    cmt__buf_char(b, '"');
    cmt__member_time(b, "created", ban->created);
    cmt__member_time(b, "until", ban->until);
    cmt__member_str(b, "by", ban->actor);
    cmt__member_str(b, "note", ban->note);
    cmt__buf_char(b, '}');
}


static const char *
parts_of(const cmt__ban_t *ban, int twin)
{
    if (twin) {
        return "\"cookie\",\"email\"";
    }

    return ban->kind == CMT__BANNED_COOKIE ? "\"cookie\""
           : ban->kind == CMT__BANNED_EMAIL ? "\"email\"" : "";
}
