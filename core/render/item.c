/*
 * item.c: a comment as a moderator sees it: a card of the queue.
 */

#include <string.h>

#include "item.h"


#define REASONS_SHOWN_MAX  20        /* "count" has them all */
#define KEY_BYTES          4         /* of a hash, to tell two authors apart */


static const char *const  did_names[] = {
    [CMT__DID_SUBMIT] = "submit",
    [CMT__DID_IMPORT] = "import",
    [CMT__DID_STATUS] = "status",
    [CMT__DID_EDIT] = "edit",
    [CMT__DID_DELETE] = "delete",
    [CMT__DID_VOTE] = "vote",
    [CMT__DID_REPORT] = "report",
    [CMT__DID_NOTE] = "note",
    [CMT__DID_PIN] = "pin",
    [CMT__DID_UNPIN] = "unpin",
    [CMT__DID_CLOSE] = "close",
    [CMT__DID_REOPEN] = "reopen",
    [CMT__DID_BAN] = "ban",
    [CMT__DID_UNBAN] = "unban",
    [CMT__DID_SIGNIN] = "signin",
    [CMT__DID_PURGE] = "purge",
    [CMT__DID_ERASE] = "erase"
};

/* By cmt_status_t. */
static const cmt_do_t  doings[] = {
    0, CMT_DO_APPROVE, CMT_DO_HOLD, CMT_DO_SPAM, CMT_DO_REJECT, CMT_DO_DELETE
};


/* What the store remembers of an author. */
typedef struct {
    char         key[2 * KEY_BYTES + 1];     /* empty: none */
    uint32_t     counts[CMT__STATUSES];
    int64_t      first_seen;
    const char  *proof;
} known_t;


static int author_known(cmt_read_t *read, const cmt__comment_t *c,
    known_t *known) CMT_CHECK;
static int item_reports(cmt__buf_t *b, cmt_read_t *read,
    const cmt__comment_t *c) CMT_CHECK;
static int item_newest(cmt__buf_t *b, cmt_read_t *read,
    const cmt__comment_t *c, uint64_t *version) CMT_CHECK;


const char *
cmt__did_name(cmt__did_t did, unsigned after, uint64_t undoes)
{
    if (undoes != 0) {
        return "undo";
    }

    if (did == CMT__DID_STATUS && after >= CMT_APPROVED
        && after <= CMT_DELETED)
    {
        return cmt_do_name(doings[after]);
    }

    return did >= CMT__DID_SUBMIT
           && did < sizeof(did_names) / sizeof(did_names[0])
           ? did_names[did] : "?";
}


static void
member_name(cmt__buf_t *b, const char *name)
{
    cmt__buf_lit(b, ",\"");
    cmt__buf_lit(b, name);
    cmt__buf_lit(b, "\":");
}


void
cmt__member_str(cmt__buf_t *b, const char *name, cmt_str_t value)
{
    member_name(b, name);

    if (value.len == 0) {
        cmt__buf_lit(b, "null");
    } else {
        cmt__json_string(b, value);
    }
}


void
cmt__member_u64(cmt__buf_t *b, const char *name, uint64_t value)
{
    member_name(b, name);
    cmt__buf_u64(b, value);
}


void
cmt__member_time(cmt__buf_t *b, const char *name, int64_t value)
{
    member_name(b, name);
    cmt__json_time(b, value);
}


void
cmt__member_bool(cmt__buf_t *b, const char *name, int value)
{
    member_name(b, name);
    cmt__buf_lit(b, value ? "true" : "false");
}


void
cmt__member_word(cmt__buf_t *b, const char *name, const char *word)
{
    cmt__member_str(b, name, (cmt_str_t) { strlen(word), word });
}


void
cmt__member_next(cmt__buf_t *b, uint64_t next)
{
    member_name(b, "next");

    if (next != 0) {
        cmt__buf_u64(b, next);
    } else {
        cmt__buf_lit(b, "null");
    }
}


void
cmt__member_markup(cmt__buf_t *b, cmt_markup_t markup)
{
    static const char *const  names[] = { "plain", "html", "markdown" };

    cmt__member_word(b, "markup",
                     markup <= CMT_MARKUP_MARKDOWN ? names[markup] : "?");
}


int
cmt__item_open(cmt__buf_t *b, cmt_read_t *read, const cmt_site_t *site,
    const cmt__comment_t *c)
{
    int            rc;
    uint64_t       version;
    cmt_str_t      receipt;
    cmt__thread_t  thread;

    rc = cmt__thread_get(read, c->thread, &thread);
    if (rc != CMT_OK) {
        return CMT_ECORRUPT;
    }

    cmt__buf_lit(b, "{\"id\":");
    cmt__buf_u64(b, c->id);
    cmt__member_word(b, "status", cmt_status_name(c->status));
    cmt__member_word(b, "kind", cmt_kind_name(c->kind));
    cmt__member_str(b, "page", thread.page);
    cmt__member_str(b, "title", thread.title);
    cmt__member_bool(b, "closed", thread.flags & CMT__THREAD_CLOSED);
    cmt__member_u64(b, "parent", c->parent);
    cmt__member_time(b, "created", c->created);
    cmt__member_time(b, "edited", c->edited);
    cmt__member_bool(b, "reviewed", c->flags & CMT__FLAG_REVIEWED);
    cmt__member_bool(b, "pinned", thread.pinned == c->id);
    cmt__member_bool(b, "imported", c->flags & CMT__FLAG_IMPORTED);

    cmt__buf_lit(b, ",\"author\":");
    rc = cmt__item_author(b, read, site, c);
    if (rc != CMT_OK) {
        return rc;
    }

    cmt__member_str(b, "text", c->text);
    cmt__member_str(b, "html", c->html);
    cmt__member_markup(b, c->markup);
    cmt__buf_lit(b, ",\"votes\":{\"up\":");
    cmt__buf_u64(b, c->votes_up);
    cmt__member_u64(b, "down", c->votes_down);
    cmt__buf_char(b, '}');
    cmt__member_u64(b, "replies", c->replies);

    rc = item_reports(b, read, c);
    if (rc != CMT_OK) {
        return rc;
    }

    cmt__buf_lit(b, ",\"receipt\":");
    rc = cmt__receipt_get(read, c->id, b->arena, &receipt);

    if (rc == CMT_OK && receipt.len > 0) {
        cmt__buf_str_put(b, receipt);
    } else {
        cmt__buf_lit(b, "null");
    }

    if (rc != CMT_OK && rc != CMT_ENOTFOUND) {
        return rc;
    }

    rc = item_newest(b, read, c, &version);
    if (rc == CMT_OK) {
        cmt__member_u64(b, "version", version);
    }

    return rc;
}


int
cmt__item_author(cmt__buf_t *b, cmt_read_t *read, const cmt_site_t *site,
    const cmt__comment_t *c)
{
    int       rc;
    known_t   known;
    unsigned  k;

    rc = author_known(read, c, &known);
    if (rc != CMT_OK) {
        return rc;
    }

    cmt__buf_lit(b, "{\"name\":");
    if (c->name.len > 0) {
        cmt__json_string(b, c->name);
    } else {
        cmt__buf_lit(b, "null");
    }

    cmt__member_str(b, "url", c->website);
    cmt__buf_lit(b, ",\"avatar\":");

    if (site->avatars && site->keys != NULL) {
        cmt__buf_char(b, '"');
        cmt__render_avatar(b, site, c);
        cmt__buf_char(b, '"');
    } else {
        cmt__buf_lit(b, "null");
    }

    cmt__member_word(b, "role", c->flags & CMT__FLAG_MODERATOR
                                ? "moderator" : "reader");
    cmt__member_word(b, "key", known.key);
    cmt__buf_lit(b, ",\"history\":{\"approved\":");
    cmt__buf_u64(b, known.counts[CMT_APPROVED - 1]);

    for (k = CMT_PENDING; k <= CMT_DELETED; k++) {
        cmt__member_u64(b, cmt_status_name((cmt_status_t) k),
                        known.counts[k - 1]);
    }

    cmt__member_time(b, "first_seen", known.first_seen);
    cmt__member_word(b, "proof", known.proof);
    cmt__buf_lit(b, "}}");

    return CMT_OK;
}


/* Of e-mail and cookie whichever says more; the cookie's is the later word. */

static int
author_known(cmt_read_t *read, const cmt__comment_t *c, known_t *known)
{
    int            rc;
    size_t         i;
    unsigned       k;
    cmt__author_t  author;

    const struct {
        cmt__author_kind_t  kind;
        const cmt__hash_t  *hash;
        const char         *proof;
    } keys[] = {
        { CMT__BY_EMAIL, &c->identity, "email" },
        { CMT__BY_COOKIE, &c->cookie, "cookie" }
    };

    memset(known, 0, sizeof(*known));
    known->proof = "";

    for (i = 0; i < 2; i++) {

        if (cmt__hash_is_zero(keys[i].hash)) {
            continue;
        }

        rc = cmt__author_get(read, c->site, keys[i].kind, keys[i].hash,
                             &author);
        if (rc == CMT_ENOTFOUND) {
            continue;
        }
        if (rc != CMT_OK) {
            return rc;
        }

        for (k = 0; k < CMT__STATUSES; k++) {
            if (author.counts[k] > known->counts[k]) {
                known->counts[k] = author.counts[k];
            }
        }

        if (known->first_seen == 0 || author.first_seen < known->first_seen) {
            known->first_seen = author.first_seen;
        }

        known->proof = keys[i].proof;

        /* a cookie's hash begins with a time, which many share */
        if (known->key[0] == '\0') {
            cmt__hex(keys[i].kind == CMT__BY_EMAIL
                     ? keys[i].hash->bytes
                     : keys[i].hash->bytes + CMT_HASH_BYTES - KEY_BYTES,
                     KEY_BYTES, known->key);
        }
    }

    return CMT_OK;
}


static int
item_reports(cmt__buf_t *b, cmt_read_t *read, const cmt__comment_t *c)
{
    int  rc;

    cmt__buf_lit(b, ",\"reports\":{\"count\":");
    cmt__buf_u64(b, c->reports);
    cmt__member_bool(b, "open", c->reports > 0
                                && !(c->flags & CMT__FLAG_SETTLED));
    cmt__buf_lit(b, ",\"reasons\":");

    rc = cmt__item_reasons(b, read, c);
    cmt__buf_char(b, '}');

    return rc;
}


int
cmt__item_reasons(cmt__buf_t *b, cmt_read_t *read, const cmt__comment_t *c)
{
    int            rc;
    unsigned       n;
    cmt__report_t  report;

    cmt__buf_char(b, '[');

    memset(&report, 0, sizeof(report));
    rc = CMT_ENOTFOUND;

    for (n = 0; n < c->reports && n < REASONS_SHOWN_MAX; /* void */ ) {

        rc = cmt__report_next(read, c->id, &report);
        if (rc != CMT_OK) {
            break;
        }

        if (report.silent) {
            continue;
        }

        cmt__buf_lit(b, n == 0 ? "{\"created\":" : ",{\"created\":");
        cmt__json_time(b, report.time);
        cmt__member_str(b, "reason", report.reason);
        cmt__buf_char(b, '}');
        n++;
    }

    cmt__buf_char(b, ']');

    return rc == CMT_OK || rc == CMT_ENOTFOUND ? CMT_OK : rc;
}


static int
item_newest(cmt__buf_t *b, cmt_read_t *read, const cmt__comment_t *c,
    uint64_t *version)
{
    int          rc;
    cmt__deed_t  deed;

    *version = 0;
    cmt__buf_lit(b, ",\"decision\":");

    rc = cmt__deed_before(read, c->id, 0, &deed);

    if (rc == CMT_ENOTFOUND) {
        cmt__buf_lit(b, "null");
        return CMT_OK;
    }
    if (rc != CMT_OK) {
        return rc;
    }

    *version = deed.seq;
    cmt__buf_lit(b, "{\"version\":");
    cmt__buf_u64(b, deed.seq);
    cmt__member_word(b, "decision", cmt__did_name(deed.did, deed.after,
                                                  deed.undoes));
    cmt__member_str(b, "by", deed.actor);
    cmt__member_time(b, "at", deed.time);
    cmt__member_str(b, "note", deed.note);
    cmt__buf_char(b, '}');

    return CMT_OK;
}


int
cmt__items(cmt__buf_t *b, cmt_read_t *read, const cmt_site_t *site,
    uint32_t site_id, const uint64_t *ids, size_t n)
{
    int             rc, some;
    size_t          i;
    cmt__comment_t  c;

    some = 0;

    for (i = 0; i < n; i++) {

        rc = cmt__comment_get(read, ids[i], &c);

        if (rc == CMT_ENOTFOUND || (rc == CMT_OK && c.site != site_id)) {
            continue;
        }
        if (rc != CMT_OK) {
            return rc;
        }

        if (some++) {
            cmt__buf_char(b, ',');
        }

        rc = cmt__item_open(b, read, site, &c);
        if (rc != CMT_OK) {
            return rc;
        }

        cmt__buf_char(b, '}');
    }

    return CMT_OK;
}
