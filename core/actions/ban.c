/*
 * ban.c: a moderator bans an author, a network or a domain, and lets them in
 * again.
 */

#include <string.h>

#include "actions.h"


typedef struct {
    cmt_change_t        change;
    const cmt_site_t   *site;
    cmt_who_t           who;
    int64_t             now;
    size_t              n;
    cmt__ban_t          bans[2];         /* an author may have two keys      */
    uint8_t             key[CMT_BAN_KEY_CHARS / 2];   /* to let in again     */
    uint8_t             salt[CMT__SALT_BYTES];
    cmt_str_t           note;
} ban_t;


static int ban_author(ban_t *ban, cmt_store_t *store, const cmt_ban_t *in,
    cmt_error_t *err) CMT_CHECK;
static int ban_value(ban_t *ban, const cmt_ban_t *in, cmt_arena_t *arena,
    cmt_error_t *err) CMT_CHECK;
static int ban_apply(cmt__write_t *write, cmt_change_t *change, int *wrote,
    cmt_error_t *err);
static int unban_apply(cmt__write_t *write, cmt_change_t *change, int *wrote,
    cmt_error_t *err);
static int ban_did(cmt__write_t *write, const ban_t *ban, uint32_t site,
    cmt__did_t did, cmt_error_t *err) CMT_CHECK;


static const char *const  kinds[] = { "?", "author", "address", "domain" };


const char *
cmt_ban_kind_name(cmt_ban_kind_t kind)
{
    return kind >= CMT_BAN_AUTHOR && kind <= CMT_BAN_DOMAIN ? kinds[kind]
                                                            : kinds[0];
}


cmt_ban_kind_t
cmt_ban_kind_parse(cmt_str_t word)
{
    unsigned  i;

    for (i = CMT_BAN_AUTHOR; i <= CMT_BAN_DOMAIN; i++) {
        if (cmt__str_is(word, kinds[i])) {
            return (cmt_ban_kind_t) i;
        }
    }

    return 0;
}


static int
wrong(cmt_error_t *err, const char *field, const char *why)
{
    return cmt__fail(err, CMT_EBAN, field, "%s", why);
}


int
cmt_ban_prepare(cmt_store_t *store, const cmt_site_t *site,
    const cmt_who_t *who, const cmt_ban_t *in, int64_t now,
    cmt_arena_t *arena, cmt_change_t **change, cmt_error_t *err)
{
    int     rc;
    size_t  i;
    ban_t  *s;

    s = cmt_calloc(arena, sizeof(ban_t));
    if (s == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, "no memory for a ban");
    }

    s->change.apply = ban_apply;
    s->site = site;
    s->now = now;
    cmt__random(s->salt, sizeof(s->salt));

    if (in->status != CMT_SPAM && in->status != CMT_PENDING
        && in->status != CMT_REJECTED)
    {
        return wrong(err, "status", "what is posted becomes spam, pending or "
                     "rejected");
    }

    if (in->until != 0 && in->until <= now) {
        return wrong(err, "until", "the end of a ban is to come");
    }

    rc = cmt__who_copy(who, arena, &s->who, err);

    if (rc == CMT_OK) {
        rc = cmt__note_copy(in->note, arena, &s->note, err);
    }
    if (rc == CMT_OK) {
        rc = in->kind == CMT_BAN_AUTHOR && in->id != 0
             ? ban_author(s, store, in, err) : ban_value(s, in, arena, err);
    }
    if (rc != CMT_OK) {
        return rc;
    }

    for (i = 0; i < s->n; i++) {
        s->bans[i].status = in->status;
        s->bans[i].created = now;
        s->bans[i].until = in->until;
        s->bans[i].actor = s->who.actor;
        s->bans[i].note = s->note;
    }

    *change = &s->change;

    return CMT_OK;
}


/* Both that a comment has of its author. */
static int
ban_author(ban_t *s, cmt_store_t *store, const cmt_ban_t *in,
    cmt_error_t *err)
{
    int             rc;
    cmt_read_t     *read;
    cmt__hash_t     cookie, identity;
    cmt__comment_t  c;

    rc = cmt_read_begin(store, &read, err);
    if (rc != CMT_OK) {
        return rc;
    }

    memset(&cookie, 0, sizeof(cookie));
    memset(&identity, 0, sizeof(identity));

    rc = cmt__reader_target(read, s->site, in->id, &c);

    if (rc == CMT_OK) {
        cookie = c.cookie;
        identity = c.identity;
    }

    cmt_read_end(read);

    if (rc != CMT_OK) {
        return cmt__fail(err, rc, "id", "comment %llu",
                         (unsigned long long) in->id);
    }

    if (!cmt__hash_is_zero(&cookie)) {
        s->bans[s->n].kind = CMT__BANNED_COOKIE;
        s->bans[s->n].comment = in->id;
        s->bans[s->n++].hash = cookie;
    }

    if (!cmt__hash_is_zero(&identity)) {
        s->bans[s->n].kind = CMT__BANNED_EMAIL;
        s->bans[s->n].comment = in->id;
        s->bans[s->n++].hash = identity;
    }

    return s->n > 0 ? CMT_OK
                    : wrong(err, "id", "this comment tells nothing of its "
                            "author");
}


static int
ban_value(ban_t *s, const cmt_ban_t *in, cmt_arena_t *arena,
    cmt_error_t *err)
{
    int          rc;
    cmt_str_t    value, host;
    cmt__buf_t   b;
    cmt__ban_t  *ban;

    value = cmt__str_trim(in->value);
    ban = &s->bans[0];
    s->n = 1;

    switch (in->kind) {

    case CMT_BAN_AUTHOR:
        ban->kind = CMT__BANNED_EMAIL;
        rc = cmt__email_hash(s->site->keys, value, &ban->hash);
        cmt__wipe((void *) in->value.data, in->value.len);

        return rc == CMT_OK ? CMT_OK : wrong(err, "value", "an author is a "
                                             "comment or an e-mail address");

    case CMT_BAN_ADDRESS:
        ban->kind = CMT__BANNED_ADDRESS;
        rc = cmt__address_network(s->site->keys, value, &ban->hash);

        return rc == CMT_OK ? CMT_OK
               : wrong(err, "value", "an address has a length of /8, /16, "
                       "/24, /32 or, of IPv6, /32, /48, /64, /128");

    case CMT_BAN_DOMAIN:
        break;

    default:
        return wrong(err, "kind", "author, address or domain");
    }

    cmt__buf_init(&b, arena, 16 + value.len);
    cmt__buf_lit(&b, "http://");
    cmt__buf_str_put(&b, value);
    rc = cmt__buf_end(&b, &host);

    if (rc == CMT_OK && cmt__utf8_valid(value)
        && memchr(host.data + 7, '/', value.len) == NULL)
    {
        rc = cmt__text_url(arena, host, &host);
    } else if (rc == CMT_OK) {
        rc = CMT_EWEBSITE;
    }

    if (rc == CMT_ENOMEM) {
        return cmt__fail(err, rc, NULL, "no memory for a ban");
    }

    ban->kind = CMT__BANNED_DOMAIN;
    ban->domain = rc == CMT_OK ? cmt__host_of(host) : cmt_null_str;

    if (ban->domain.len == 0 || ban->domain.len > CMT_DOMAIN_BYTES_MAX) {
        return wrong(err, "value", "a domain is a name like example.org");
    }

    cmt__hash_plain(ban->domain, &ban->hash);

    return CMT_OK;
}


static int
ban_apply(cmt__write_t *write, cmt_change_t *change, int *wrote,
    cmt_error_t *err)
{
    int         rc;
    size_t      i;
    ban_t      *s;
    uint32_t    site;
    cmt_read_t *view;
    cmt__ban_t  is;

    s = (ban_t *) change;
    view = cmt__write_view(write);

    rc = cmt__site_find(view, s->site->name, &site);

    if (rc == CMT_ENOTFOUND) {
        *wrote = 1;
        rc = cmt__site_make(write, s->site->name, &site, err);
    }
    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, "site");
    }

    change->result.replayed = 1;

    for (i = 0; i < s->n; i++) {

        rc = cmt__ban_get(view, site, s->bans[i].kind, &s->bans[i].hash,
                          &is);

        if (rc == CMT_OK && is.status == s->bans[i].status
            && is.until == s->bans[i].until
            && cmt__str_eq(is.note, s->note))
        {
            continue;
        }
        if (rc != CMT_OK && rc != CMT_ENOTFOUND) {
            return cmt__fail(err, rc, NULL, "ban");
        }

        *wrote = 1;
        change->result.replayed = 0;

        rc = cmt__ban_put(write, site, &s->bans[i], err);
        if (rc != CMT_OK) {
            return rc;
        }
    }

    return change->result.replayed ? CMT_OK
                                   : ban_did(write, s, site, CMT__DID_BAN,
                                             err);
}


int
cmt_unban_prepare(const cmt_site_t *site, const cmt_who_t *who,
    cmt_str_t key, int64_t now, cmt_arena_t *arena, cmt_change_t **change,
    cmt_error_t *err)
{
    int     rc;
    ban_t  *s;

    s = cmt_calloc(arena, sizeof(ban_t));
    if (s == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, "no memory for a ban");
    }

    s->change.apply = unban_apply;
    s->site = site;
    s->now = now;
    cmt__random(s->salt, sizeof(s->salt));

    if (!cmt__unhex(key, s->key, sizeof(s->key))) {
        return wrong(err, "key", "the key of a ban is in their list");
    }

    rc = cmt__who_copy(who, arena, &s->who, err);
    if (rc == CMT_OK) {
        *change = &s->change;
    }

    return rc;
}


/* With the one that is named goes the other key of the same author. */
static int
unban_apply(cmt__write_t *write, cmt_change_t *change, int *wrote,
    cmt_error_t *err)
{
    int         rc, found;
    ban_t      *s;
    uint32_t    site;
    uint64_t    comment;
    cmt_read_t *view;
    cmt__ban_t  ban;

    s = (ban_t *) change;
    view = cmt__write_view(write);
    found = 0;
    comment = 0;

    rc = cmt__site_find(view, s->site->name, &site);
    if (rc == CMT_ENOTFOUND) {
        return cmt__refuse(change, CMT_ENOTFOUND, "key", 0);
    }
    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, "site");
    }

    memset(&ban, 0, sizeof(ban));

    while ((rc = cmt__ban_next(view, site, &ban)) == CMT_OK) {
        if (memcmp(cmt__ban_key(&ban), s->key, sizeof(s->key)) == 0) {
            found = 1;
            comment = ban.comment;
            s->bans[0] = ban;
            break;
        }
    }

    if (rc != CMT_OK && rc != CMT_ENOTFOUND) {
        return cmt__fail(err, rc, NULL, "bans");
    }
    if (!found) {
        return cmt__refuse(change, CMT_ENOTFOUND, "key", 0);
    }

    *wrote = 1;
    rc = cmt__ban_drop(write, site, s->bans[0].kind, &s->bans[0].hash, err);
    memset(&ban, 0, sizeof(ban));

    while (rc == CMT_OK && comment != 0) {

        rc = cmt__ban_next(view, site, &ban);

        if (rc == CMT_OK && ban.comment == comment) {
            rc = cmt__ban_drop(write, site, ban.kind, &ban.hash, err);
        }
    }

    return rc == CMT_OK || rc == CMT_ENOTFOUND
           ? ban_did(write, s, site, CMT__DID_UNBAN, err)
           : cmt__fail(err, rc, NULL, "bans");
}


static int
ban_did(cmt__write_t *write, const ban_t *s, uint32_t site, cmt__did_t did,
    cmt_error_t *err)
{
    cmt__deed_t   deed;
    cmt__entry_t  entry;

    memset(&deed, 0, sizeof(deed));
    memcpy(deed.salt, s->salt, sizeof(deed.salt));
    deed.note = s->note;

    memset(&entry, 0, sizeof(entry));
    entry.did = did;
    entry.site = site;
    entry.time = s->now;
    entry.actor = s->who.actor;

    return cmt__deed_put(write, &entry, &deed, err);
}


/* The end of the hash: a cookie's begins with a time. */
const uint8_t *
cmt__ban_key(const cmt__ban_t *ban)
{
    return ban->hash.bytes + CMT_HASH_BYTES - CMT_BAN_KEY_CHARS / 2;
}
