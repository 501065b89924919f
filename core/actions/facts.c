/*
 * facts.c: what the rules may know of a comment that is being posted.
 */

#include <string.h>

#include "actions.h"


static cmt__role_t role_of(const cmt__asker_t *asker);
static int facts_begin(const cmt__fields_t *fields,
    const cmt__asker_t *asker, int64_t now, cmt_arena_t *arena,
    cmt__facts_t *facts) CMT_CHECK;
static int facts_of_nginx(const cmt_submission_t *in, cmt_arena_t *arena,
    cmt__facts_t *facts) CMT_CHECK;
static int facts_of_author(cmt_read_t *read, uint32_t site,
    const cmt__hash_t *identity, const cmt__asker_t *asker,
    cmt__facts_t *facts) CMT_CHECK;
static int facts_of_thread(cmt_read_t *read, const cmt_site_t *site,
    uint32_t id, const cmt__asker_t *asker, cmt_arena_t *arena,
    cmt__facts_t *facts) CMT_CHECK;
static int facts_of_page(cmt_arena_t *arena, cmt__facts_t *facts) CMT_CHECK;
static double removed_share(const cmt__thread_t *thread);
static int facts_of_parent(const cmt__comment_t *comment, cmt_arena_t *arena,
    cmt__facts_t *facts) CMT_CHECK;
static int hash_hex(cmt_arena_t *arena, const cmt__hash_t *hash,
    cmt_str_t *hex) CMT_CHECK;


int
cmt__facts_of_post(cmt_store_t *store, const cmt_site_t *site,
    const cmt__fields_t *fields, const cmt__asker_t *asker, int64_t now,
    cmt_arena_t *arena, cmt__facts_t *facts, cmt_error_t *err)
{
    int          rc;
    uint32_t     id;
    cmt_read_t  *read;

    rc = facts_begin(fields, asker, now, arena, facts);

    if (rc == CMT_OK) {
        rc = facts_of_nginx(asker->in, arena, facts);
    }
    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, "facts");
    }

    rc = cmt_read_begin(store, &read, err);
    if (rc != CMT_OK) {
        return rc;
    }

    facts->past.read = read;

    rc = cmt__site_find(read, site->name, &id);

    if (rc == CMT_OK) {
        facts->past.site = id;
        rc = facts_of_author(read, id, &fields->identity, asker, facts);
        if (rc == CMT_OK) {
            rc = facts_of_thread(read, site, id, asker, arena, facts);
        }

    } else if (rc == CMT_ENOTFOUND) {
        rc = CMT_OK;            /* the first comment of the site */
    }

    if (rc == CMT_OK) {
        rc = facts_of_page(arena, facts);
    }

    if (rc != CMT_OK) {
        cmt_read_end(read);
        return cmt__fail(err, rc, NULL, "facts");
    }

    return CMT_OK;
}


/* What was sent, and what the store is asked for later. */
static int
facts_begin(const cmt__fields_t *fields, const cmt__asker_t *asker,
    int64_t now, cmt_arena_t *arena, cmt__facts_t *facts)
{
    int  rc;

    memset(facts, 0, sizeof(*facts));

    facts->event = CMT__EVENT_POST;
    facts->kind = CMT_COMMENT;
    facts->time = now;
    facts->text = fields->text;
    facts->author.name = fields->name;
    facts->author.url = fields->website;
    facts->author.first_seen = CMT__UNKNOWN;
    facts->author.role = role_of(asker);
    facts->author.proof = asker->signed_in ? CMT__PROOF_LOGIN
                                           : CMT__PROOF_NONE;
    facts->form.seconds = CMT__UNKNOWN;
    facts->form.honeypot = CMT__UNKNOWN;
    facts->form.pasted = CMT__UNKNOWN;
    facts->page.path = fields->page;
    facts->page.title = fields->title.len > 0 ? fields->title : cmt_null_str;
    facts->page.about = asker->about;
    facts->page.told = asker->told;
    facts->past.signed_in = asker->signed_in;
    facts->past.identity = fields->identity;
    facts->past.cookie = asker->cookie;
    facts->thread.authors = CMT__UNKNOWN;
    facts->thread.per_hour = CMT__UNKNOWN;

    rc = hash_hex(arena, &fields->identity, &facts->author.key);

    return rc == CMT_OK ? hash_hex(arena, &asker->address, &facts->ip_key)
                        : rc;
}


void
cmt__facts_end(cmt__facts_t *facts)
{
    cmt_read_end(facts->past.read);
    facts->past.read = NULL;
}


static cmt__role_t
role_of(const cmt__asker_t *asker)
{
    if (!asker->signed_in) {
        return CMT__ROLE_READER;
    }

    return cmt__str_is(asker->in->role, "moderator") ? CMT__ROLE_MODERATOR
           : cmt__str_is(asker->in->role, "staff") ? CMT__ROLE_STAFF
           : CMT__ROLE_MEMBER;
}


/* Of what clients send, text that is no UTF-8 is not known. */
static int
facts_of_nginx(const cmt_submission_t *in, cmt_arena_t *arena,
    cmt__facts_t *facts)
{
    size_t        i, n;
    cmt__buf_t    b;
    cmt__json_t  *vars, *items;

    facts->address = in->address;

    if (in->agent.len > 0 && cmt__utf8_valid(in->agent)) {
        facts->agent = in->agent;
    }

    if (in->base.len > 0) {
        cmt__buf_init(&b, arena, in->base.len + facts->page.path.len);
        cmt__buf_str_put(&b, in->base);
        cmt__buf_str_put(&b, facts->page.path);

        if (cmt__buf_end(&b, &facts->page.url) != CMT_OK) {
            return CMT_ENOMEM;
        }
    }

    vars = cmt_calloc(arena, sizeof(cmt__json_t));
    items = cmt_calloc(arena, in->n_vars * sizeof(cmt__json_t));

    if (vars == NULL || items == NULL) {
        return CMT_ENOMEM;
    }

    for (i = 0, n = 0; i < in->n_vars; i++) {

        if (in->vars[i].value.len == 0 || !cmt__utf8_valid(in->vars[i].value))
        {
            continue;
        }

        items[n].type = CMT__JSON_STRING;
        items[n].name = in->vars[i].name;
        items[n++].string = in->vars[i].value;

        if (cmt__str_is(in->vars[i].name, "country")) {
            facts->ip_country = in->vars[i].value;
        }
    }

    vars->type = CMT__JSON_OBJECT;
    vars->items = items;
    vars->n = n;
    facts->vars = vars;

    return CMT_OK;
}


static void
raise_to(int64_t *fact, uint32_t n)
{
    if (*fact < (int64_t) n) {
        *fact = n;
    }
}


static int
facts_of_author(cmt_read_t *read, uint32_t site, const cmt__hash_t *identity,
    const cmt__asker_t *asker, cmt__facts_t *facts)
{
    int            rc;
    size_t         i;
    cmt__author_t  author;

    const struct {
        cmt__author_kind_t  kind;
        const cmt__hash_t  *hash;
    } keys[] = {
        { CMT__BY_EMAIL, identity },
        { CMT__BY_COOKIE, &asker->cookie }
    };

    for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {

        if (cmt__hash_is_zero(keys[i].hash)) {
            continue;
        }

        rc = cmt__author_get(read, site, keys[i].kind, keys[i].hash,
                             &author);
        if (rc == CMT_ENOTFOUND) {
            continue;
        }
        if (rc != CMT_OK) {
            return rc;
        }

        raise_to(&facts->author.held, author.counts[CMT_PENDING - 1]);
        raise_to(&facts->author.rejected, author.counts[CMT_REJECTED - 1]);
        raise_to(&facts->author.spam, author.counts[CMT_SPAM - 1]);
        raise_to(&facts->author.upheld_flags, author.upheld);

        if (keys[i].kind == CMT__BY_EMAIL && !asker->signed_in) {
            continue;
        }

        /* by the cookie, or, when that tells more, by who is signed in */

        if (!asker->signed_in) {
            facts->author.proof = CMT__PROOF_COOKIE;
        }

        raise_to(&facts->author.approved, author.counts[CMT_APPROVED - 1]);

        if (facts->author.first_seen == CMT__UNKNOWN
            || facts->author.first_seen > author.first_seen)
        {
            facts->author.first_seen = author.first_seen;
        }
    }

    return CMT_OK;
}


static int
facts_of_thread(cmt_read_t *read, const cmt_site_t *site, uint32_t id,
    const cmt__asker_t *asker, cmt_arena_t *arena, cmt__facts_t *facts)
{
    int             rc;
    cmt__thread_t   thread;
    cmt__comment_t  parent;

    rc = cmt__thread_of(read, site, id, facts->page.path, &thread);
    if (rc != CMT_OK) {
        return rc == CMT_ENOTFOUND ? CMT_OK : rc;
    }

    facts->thread.comments = thread.counts[CMT_APPROVED - 1];
    facts->thread.closed = cmt__thread_closed(site, &thread, facts->time);
    facts->thread.removed_share = removed_share(&thread);
    facts->page.age = thread.created != 0 && facts->time > thread.created
                      ? facts->time - thread.created : 0;
    facts->past.thread = thread.id;

    if (thread.told > facts->page.told) {
        facts->page.about = thread.about;
        facts->page.told = thread.told;
    }

    /* who posts says it of a page that has none, with its first comment */

    if (thread.title.len > 0
        && (!asker->has_title || asker->told < thread.told))
    {
        facts->page.title = cmt__str_copy(arena, thread.title);

        if (facts->page.title.data == NULL) {
            return CMT_ENOMEM;
        }

    } else if (thread.created != 0 && !asker->has_title) {
        facts->page.title = cmt_null_str;
    }

    if (asker->parent == 0) {
        return CMT_OK;
    }

    rc = cmt__comment_get(read, asker->parent, &parent);

    /* a parent that is not there is refused when the change is applied */
    if (rc != CMT_OK || parent.thread != thread.id) {
        return rc == CMT_ENOTFOUND ? CMT_OK : rc;
    }

    facts->thread.depth = parent.levels < site->levels ? parent.levels
                                                       : site->levels - 1;

    return facts_of_parent(&parent, arena, facts);
}


/* What the page says of itself: by the form or by an earlier one, whichever is
 * newer. */
static int
facts_of_page(cmt_arena_t *arena, cmt__facts_t *facts)
{
    if (facts->page.about.len == 0) {
        return CMT_OK;
    }

    return cmt__page_about_read(facts->page.about, arena, &facts->page.meta,
                                &facts->page.tags);
}


/* Of what moderators and rules took away; what authors deleted is no sign. */
static double
removed_share(const cmt__thread_t *thread)
{
    uint32_t  removed, all;

    removed = thread->counts[CMT_SPAM - 1] + thread->counts[CMT_REJECTED - 1];
    all = thread->counts[CMT_APPROVED - 1] + removed;

    return all != 0 ? (double) removed / all : 0;
}


static int
facts_of_parent(const cmt__comment_t *comment, cmt_arena_t *arena,
    cmt__facts_t *facts)
{
    cmt__facts_t  *parent;

    parent = cmt_calloc(arena, sizeof(cmt__facts_t));
    if (parent == NULL) {
        return CMT_ENOMEM;
    }

    parent->event = CMT__EVENT_POST;
    parent->kind = comment->kind;
    parent->id = comment->id;
    parent->time = comment->created;
    parent->text.text = cmt__str_copy(arena, comment->text);
    parent->text.chars = cmt__utf8_chars(comment->text);
    parent->author.name = cmt__str_copy(arena, comment->name);
    parent->author.first_seen = CMT__UNKNOWN;
    parent->author.approved = CMT__UNKNOWN;
    parent->author.held = CMT__UNKNOWN;
    parent->author.rejected = CMT__UNKNOWN;
    parent->author.spam = CMT__UNKNOWN;
    parent->author.upheld_flags = CMT__UNKNOWN;
    parent->form.seconds = CMT__UNKNOWN;
    parent->form.honeypot = CMT__UNKNOWN;
    parent->form.pasted = CMT__UNKNOWN;

    if (comment->website.len > 0) {
        parent->author.url = cmt__str_copy(arena, comment->website);

        if (parent->author.url.data == NULL) {
            return CMT_ENOMEM;
        }
    }

    if (parent->text.text.data == NULL || parent->author.name.data == NULL
        || hash_hex(arena, &comment->identity, &parent->author.key) != CMT_OK)
    {
        return CMT_ENOMEM;
    }

    facts->parent = parent;

    return CMT_OK;
}


/* A hash of zeros is nil to the rules. */
static int
hash_hex(cmt_arena_t *arena, const cmt__hash_t *hash, cmt_str_t *hex)
{
    char  bytes[2 * CMT_HASH_BYTES + 1];

    *hex = cmt_null_str;

    if (cmt__hash_is_zero(hash)) {
        return CMT_OK;
    }

    cmt__hex(hash->bytes, CMT_HASH_BYTES, bytes);
    *hex = cmt__str_copy(arena, (cmt_str_t) { 2 * CMT_HASH_BYTES, bytes });

    return hex->data != NULL ? CMT_OK : CMT_ENOMEM;
}


int
cmt__receipt_of_trouble(cmt_arena_t *arena, const cmt_error_t *trouble,
    cmt_str_t *receipt)
{
    cmt__buf_t  b;

    cmt__buf_init(&b, arena, 256);
    cmt__buf_lit(&b, "{\"verdict\":\"hold\",\"score\":0,\"public\":null,"
                     "\"rules\":[],\"steps\":0,\"us\":0,\"errors\":[");
    cmt__json_string(&b, (cmt_str_t) { strlen(trouble->detail),
                                       trouble->detail });
    cmt__buf_lit(&b, "]}");

    return cmt__buf_end(&b, receipt);
}


int
cmt__facts_of_author(cmt_read_t *read, uint32_t site,
    const cmt__hash_t *identity, const cmt__hash_t *cookie,
    cmt__facts_t *facts)
{
    cmt__asker_t  asker;

    memset(&asker, 0, sizeof(asker));
    asker.cookie = *cookie;
    asker.signed_in = facts->author.proof == CMT__PROOF_LOGIN;

    return facts_of_author(read, site, identity, &asker, facts);
}


int
cmt__facts_of_page(const cmt__thread_t *thread, cmt_arena_t *arena,
    cmt__facts_t *facts)
{
    facts->page.about = thread->about;

    return facts_of_page(arena, facts);
}


int
cmt__facts_of_parent(const cmt__comment_t *parent, cmt_arena_t *arena,
    cmt__facts_t *facts)
{
    return facts_of_parent(parent, arena, facts);
}
