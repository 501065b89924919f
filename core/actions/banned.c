/*
 * banned.c: is who posts banned, or what is posted?  Asked before the rules,
 * which then are not run.
 */

#include <string.h>

#include "actions.h"


/* What is looked for, the strings in the arena of the post. */
typedef struct {
    cmt_read_t      *read;
    uint32_t         site;
    int64_t          now;
    cmt__ban_t      *ban;
} search_t;


static int banned_key(const search_t *search, cmt__banned_t kind,
    const cmt__hash_t *hash);
static int banned_network(const search_t *search, const cmt_site_t *site,
    cmt_str_t address);
static int banned_hosts(const search_t *search, const cmt__fields_t *fields);
static int banned_host(const search_t *search, cmt_str_t host);
static int banned_any(const search_t *search, const cmt_site_t *site,
    const cmt__fields_t *fields, const cmt__asker_t *asker,
    cmt_str_t address);


int
cmt__banned(cmt_store_t *store, const cmt_site_t *site,
    const cmt__fields_t *fields, const cmt__asker_t *asker,
    cmt_str_t address, int64_t now, cmt_arena_t *arena, cmt__ban_t *ban,
    cmt_error_t *err)
{
    int         rc;
    search_t    search;
    cmt__ban_t  found;

    memset(&found, 0, sizeof(found));
    search.now = now;
    search.ban = &found;

    rc = cmt_read_begin(store, &search.read, err);
    if (rc != CMT_OK) {
        return rc;
    }

    rc = cmt__site_find(search.read, site->name, &search.site);
    if (rc == CMT_OK) {
        rc = banned_any(&search, site, fields, asker, address);
    }

    if (rc == CMT_OK) {
        found.domain = cmt__str_copy(arena, found.domain);
        found.actor = cmt_null_str;
        found.note = cmt_null_str;

        if (found.domain.data == NULL) {
            rc = CMT_ENOMEM;
        }

    } else if (rc == CMT_ENOTFOUND) {
        memset(&found, 0, sizeof(found));
        rc = CMT_OK;
    }

    cmt_read_end(search.read);

    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, "bans");
    }

    *ban = found;

    return CMT_OK;
}


int
cmt__banned_reader(cmt_store_t *store, const cmt_site_t *site,
    const cmt__hash_t *cookie, cmt_str_t address, int64_t now, int *banned,
    cmt_error_t *err)
{
    int         rc;
    search_t    search;
    cmt__ban_t  found;

    search.now = now;
    search.ban = &found;

    rc = cmt_read_begin(store, &search.read, err);
    if (rc != CMT_OK) {
        return rc;
    }

    rc = cmt__site_find(search.read, site->name, &search.site);

    if (rc == CMT_OK) {
        rc = banned_key(&search, CMT__BANNED_COOKIE, cookie);
    }
    if (rc == CMT_ENOTFOUND) {
        rc = banned_network(&search, site, address);
    }

    cmt_read_end(search.read);

    if (rc != CMT_OK && rc != CMT_ENOTFOUND) {
        return cmt__fail(err, rc, NULL, "bans");
    }

    *banned = rc == CMT_OK;

    return CMT_OK;
}


/* CMT_ENOTFOUND: nothing is banned. */
static int
banned_any(const search_t *search, const cmt_site_t *site,
    const cmt__fields_t *fields, const cmt__asker_t *asker,
    cmt_str_t address)
{
    int  rc;

    rc = banned_key(search, CMT__BANNED_COOKIE, &asker->cookie);

    if (rc == CMT_ENOTFOUND) {
        rc = banned_key(search, CMT__BANNED_EMAIL, &fields->identity);
    }

    if (rc == CMT_ENOTFOUND) {
        rc = banned_network(search, site, address);
    }

    return rc == CMT_ENOTFOUND ? banned_hosts(search, fields) : rc;
}


static int
banned_hosts(const search_t *search, const cmt__fields_t *fields)
{
    int     rc;
    size_t  i;

    rc = cmt__bans_any(search->read, search->site, CMT__BANNED_DOMAIN);
    if (rc != CMT_OK) {
        return rc;
    }

    rc = banned_host(search, cmt__host_of(fields->website));

    for (i = 0; i < fields->text.n_links && rc == CMT_ENOTFOUND; i++) {
        rc = banned_host(search, fields->text.links[i].host);
    }

    return rc;
}


static int
banned_network(const search_t *search, const cmt_site_t *site,
    cmt_str_t address)
{
    int          rc;
    size_t       i, n;
    cmt__hash_t  networks[CMT__NETWORKS];

    rc = cmt__bans_any(search->read, search->site, CMT__BANNED_ADDRESS);
    if (rc != CMT_OK) {
        return rc;
    }

    rc = CMT_ENOTFOUND;
    n = cmt__address_networks(site->keys, address, networks);

    for (i = 0; i < n && rc == CMT_ENOTFOUND; i++) {
        rc = banned_key(search, CMT__BANNED_ADDRESS, &networks[i]);
    }

    return rc;
}


/* A ban that is over is none. */
static int
banned_key(const search_t *search, cmt__banned_t kind,
    const cmt__hash_t *hash)
{
    int  rc;

    if (cmt__hash_is_zero(hash)) {
        return CMT_ENOTFOUND;
    }

    rc = cmt__ban_get(search->read, search->site, kind, hash, search->ban);

    return rc == CMT_OK && search->ban->until != 0
           && search->ban->until <= search->now ? CMT_ENOTFOUND : rc;
}


/* The host, and each domain that it lies in. */
static int
banned_host(const search_t *search, cmt_str_t host)
{
    int          rc;
    cmt__hash_t  hash;
    const char  *dot;

    rc = CMT_ENOTFOUND;

    while (host.len > 0 && rc == CMT_ENOTFOUND) {

        cmt__hash_plain(host, &hash);
        rc = banned_key(search, CMT__BANNED_DOMAIN, &hash);

        dot = memchr(host.data, '.', host.len);
        host = dot == NULL ? cmt_null_str
               : cmt__str_sub(host, (size_t) (dot - host.data) + 1, host.len);
    }

    return rc;
}


cmt_str_t
cmt__host_of(cmt_str_t url)
{
    size_t  i, from;

    for (from = 0; from + 3 <= url.len; from++) {
        if (memcmp(url.data + from, "://", 3) == 0) {
            break;
        }
    }

    if (from + 3 > url.len) {
        return cmt_null_str;
    }

    from += 3;

    for (i = from; i < url.len; i++) {
        if (memchr("/:?#", url.data[i], 4) != NULL) {
            break;
        }
    }

    return cmt__str_sub(url, from, i);
}


int
cmt__banned_judge(const cmt__ban_t *ban, cmt_arena_t *arena,
    cmt__judged_t *judged, cmt_error_t *err)
{
    cmt__buf_t  b;
    cmt_str_t   receipt;

    memset(judged, 0, sizeof(*judged));
    judged->status = ban->status;
    judged->verdict = ban->status == CMT_SPAM ? CMT_VERDICT_SPAM
                      : ban->status == CMT_REJECTED ? CMT_VERDICT_REJECT
                      : CMT_VERDICT_HOLD;

    cmt__buf_init(&b, arena, 256);
    cmt__buf_lit(&b, "{\"verdict\":\"");
    cmt__buf_lit(&b, cmt_verdict_name(judged->verdict));
    cmt__buf_lit(&b, "\",\"score\":0,\"public\":null,\"rules\":[{\"name\":"
                     "\"ban\",\"file\":\"\",\"line\":0,\"verdict\":\"");
    cmt__buf_lit(&b, cmt_verdict_name(judged->verdict));
    cmt__buf_lit(&b, "\",\"note\":");

    switch (ban->kind) {

    case CMT__BANNED_DOMAIN:
        cmt__json_string(&b, ban->domain);
        break;

    case CMT__BANNED_ADDRESS:
        cmt__buf_lit(&b, "\"address\"");
        break;

    default:
        cmt__buf_lit(&b, "\"author\"");
    }

    cmt__buf_lit(&b, "}],\"steps\":0,\"us\":0,\"errors\":[]}");

    if (cmt__buf_end(&b, &receipt) != CMT_OK
        || cmt__receipt_pack(arena, receipt, &judged->receipt) != CMT_OK)
    {
        return cmt__fail(err, CMT_ENOMEM, NULL, "no memory for a receipt");
    }

    return CMT_OK;
}
