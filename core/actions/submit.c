/*
 * submit.c: a reader posts a comment.
 *
 *   prepare   still flood? -> fields -> text and identity -> facts -> banned?
 *             -> rules -> change
 *   apply     token? thread? closed? parent? duplicate? asked? flood?
 *             -> written
 */

#include <string.h>

#include "actions.h"


typedef struct {
    cmt_change_t        change;
    const cmt_site_t   *site;
    int64_t             now;
    cmt__fields_t       fields;
    uint64_t            parent;
    cmt__judged_t       judged;
    cmt__hash_t         cookie;          /* of the secret, old or new        */
    cmt__hash_t         cookie_sent;     /* zero when it is new              */
    cmt__hash_t         address;
    cmt__hash_t         token;           /* zero: none                       */
    cmt__hash_t         fingerprint;
    cmt__form_told_t    form;            /* what its token tells             */
    unsigned            has_form:1;
    unsigned            has_title:1;     /* fields.title is the page's own   */
    cmt_str_t           about;           /* what the page said of itself ... */
    int64_t             told;            /* ... then; 0: that is not known   */
    unsigned            language;        /* of our words                     */
    cmt_str_t           tag;             /* of those of the rules            */
    cmt_str_t           said;            /* when it is taken, or asked about */
    cmt__asking_t       asking;
    cmt__ban_t          ban;             /* status 0: none                   */
} submit_t;


static void submit_asker(const submit_t *s, const cmt_submission_t *in,
    cmt__asker_t *asker);
static void submit_told(submit_t *submit, const cmt_submission_t *in);
static void submit_form(const submit_t *submit, const cmt_submission_t *in,
    cmt__facts_t *facts);
static int fills_trap(const submit_t *submit, const cmt_form_t *form);
static int submit_ids(submit_t *submit, const cmt_submission_t *in,
    cmt_arena_t *arena, cmt_error_t *err) CMT_CHECK;
static int submit_fields(submit_t *submit, cmt_store_t *store,
    const cmt_submission_t *in, cmt_arena_t *arena, cmt_error_t *err)
    CMT_CHECK;
static void submit_token(submit_t *submit, cmt_str_t token);
static int submit_decide(submit_t *submit, const cmt__facts_t *facts,
    cmt_arena_t *arena, cmt_error_t *err) CMT_CHECK;
static int submit_apply(cmt__write_t *write, cmt_change_t *change,
    int *wrote, cmt_error_t *err);
static void submit_replayed(submit_t *submit);
static int submit_limits(cmt__write_t *write, submit_t *submit,
    uint32_t site, int *wrote, cmt_error_t *err) CMT_CHECK;
static void submit_about(const submit_t *submit, cmt__thread_t *thread);
static int submit_write(cmt__write_t *write, submit_t *submit,
    cmt__thread_t *thread, const cmt__comment_t *parent, cmt_error_t *err)
    CMT_CHECK;


int
cmt_submit_wait(cmt_store_t *store, const cmt_site_t *site,
    const cmt_submission_t *in, cmt_error_t *err)
{
    cmt__hash_t  address, cookie;

    const cmt__pace_t  paces[] = {
        { CMT__LIMIT_ADDRESS, &address, site->address_rate },
        { CMT__LIMIT_COOKIE, &cookie, site->author_rate }
    };

    if (in->wait_seconds > 0) {
        (void) cmt__fail(err, CMT_EFLOOD, NULL, "many posts in vain");

        if (err != NULL) {
            err->retry_seconds = in->wait_seconds;
        }

        return CMT_EFLOOD;
    }

    if (site->address_rate.posts == 0 && in->cookie.len == 0) {
        return CMT_OK;
    }

    cmt__address_hash(site->keys, in->address, in->now, &address);
    (void) cmt__cookie_hash(site->keys, in->cookie, &cookie);

    return cmt__limits_wait(store, site->name, paces,
                            sizeof(paces) / sizeof(paces[0]), in->now, err);
}


int
cmt_submit_prepare(cmt_store_t *store, const cmt_site_t *site,
    const cmt_submission_t *in, cmt_arena_t *arena, cmt_change_t **change,
    cmt_error_t *err)
{
    int            rc;
    submit_t      *s;
    cmt_str_t      email;
    cmt__facts_t   facts;
    cmt__asker_t   asker;

    s = cmt_calloc(arena, sizeof(submit_t));
    if (s == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, "no memory for a comment");
    }

    s->change.apply = submit_apply;
    s->site = site;
    s->now = in->now;
    s->language = cmt__reader_language(site, in);
    s->tag = cmt__reader_tag(site, in);

    rc = in->refused ? cmt_submit_wait(store, site, in, err) : CMT_OK;

    if (rc == CMT_OK) {
        rc = submit_fields(s, store, in, arena, err);
    }
    if (rc == CMT_OK) {
        rc = submit_ids(s, in, arena, err);
    }
    if (rc != CMT_OK) {
        return rc;          /* the address goes back into the form */
    }

    email = cmt_form_get(&in->form, "email");

    if (email.len > 0 && !in->plain_form) {
        cmt__wipe((char *) email.data, email.len);
    }

    submit_told(s, in);
    submit_asker(s, in, &asker);

    rc = cmt__banned(store, site, &s->fields, &asker, in->address, s->now,
                     arena, &s->ban, err);
    if (rc == CMT_OK) {
        rc = cmt__facts_of_post(store, site, &s->fields, &asker, s->now,
                                arena, &facts, err);
    }
    if (rc == CMT_OK) {
        submit_form(s, in, &facts);
        cmt__asking_begin(site, in, s->fields.page, &s->fingerprint,
                          &s->asking, &facts);
        memcpy(&facts.seed, s->fingerprint.bytes, sizeof(facts.seed));
        rc = submit_decide(s, &facts, arena, err);
        cmt__facts_end(&facts);
    }
    if (rc != CMT_OK) {
        return rc;
    }

    *change = &s->change;

    return CMT_OK;
}


static void
submit_asker(const submit_t *s, const cmt_submission_t *in,
    cmt__asker_t *asker)
{
    asker->parent = s->parent;
    asker->cookie = s->cookie_sent;
    asker->address = s->address;
    asker->signed_in = in->identity.len > 0;
    asker->has_title = s->has_title;
    asker->in = in;
    asker->about = s->about;
    asker->told = s->told;
}


/* A form that nginx put into the page knows what the page says of itself, also
 * when that is nothing.  The owner wrote its title, anybody may post one. */
static void
submit_told(submit_t *s, const cmt_submission_t *in)
{
    cmt_str_t  title;

    if (!cmt__form_token_check(s->site->keys, s->fields.page,
                               cmt_form_get(&in->form, "token"), s->now,
                               &s->form))
    {
        return;
    }

    s->has_form = 1;

    if (s->form.flags & CMT_FORM_PROVEN) {
        s->about = (cmt_str_t) { s->form.n_about, s->form.about };
        s->told = s->form.made;
        title = cmt__page_about_title(&s->about);

        if (title.len > 0) {
            s->fields.title = title;
            s->has_title = 1;
        }
    }
}


/* What the form tells of who filled it: nothing, when a page kept as a file
 * has no token.  Only a script counts what was pasted; a count that is none,
 * is no reason to refuse a comment. */
static void
submit_form(const submit_t *s, const cmt_submission_t *in,
    cmt__facts_t *facts)
{
    uint64_t  pasted, chars;

    if (s->has_form) {
        facts->form.seconds = s->form.seconds;
        facts->form.honeypot = 0;
    }

    if (fills_trap(s, &in->form)) {
        facts->form.honeypot = 1;
    }

    if (!in->plain_form
        && cmt__str_u64(cmt_form_get(&in->form, "pasted"), &pasted))
    {
        chars = cmt__utf8_chars(s->fields.text.text);
        facts->form.pasted = (int64_t) (pasted < chars ? pasted : chars);
    }
}


/* The name of the field is a hash, which is made when one may be it. */
static int
fills_trap(const submit_t *s, const cmt_form_t *form)
{
    char    name[CMT__HONEYPOT_CHARS + 1];
    size_t  i;

    for (i = 0; i < form->n; i++) {

        if (form->fields[i].name.len == CMT__HONEYPOT_CHARS
            && form->fields[i].value.len > 0)
        {
            cmt__form_honeypot(s->site->keys, s->fields.page, name);
            return cmt_form_get(form, name).len > 0;
        }
    }

    return 0;
}


/* What was typed, checked, hashed and rendered. */

static int
submit_fields(submit_t *s, cmt_store_t *store, const cmt_submission_t *in,
    cmt_arena_t *arena, cmt_error_t *err)
{
    int           rc;
    cmt__typed_t  typed;

    memset(&typed, 0, sizeof(typed));
    typed.page = cmt_form_get(&in->form, "page");
    typed.title = cmt_form_get(&in->form, "title");
    typed.name = cmt_form_get(&in->form, "name");
    typed.email = cmt_form_get(&in->form, "email");
    typed.website = cmt_form_get(&in->form, "website");
    typed.text = cmt_form_get(&in->form, "text");
    typed.markup = s->site->markup;

    rc = cmt__reader_mentions(store, s->site, &in->form, arena, &typed.whom,
                              err);
    if (rc != CMT_OK) {
        return rc;
    }

    if (in->identity.len > 0) {
        typed.signed_in = 1;
        typed.email = cmt_null_str;      /* who it is is known better */

        if (cmt__str_trim(typed.name).len == 0
            && cmt__reader_name(arena, in->identity, &typed.name) != CMT_OK)
        {
            return cmt__fail(err, CMT_ENOMEM, NULL, "no memory");
        }
    }

    rc = cmt__fields_make(s->site, &typed, arena, &s->fields, err);

    if (rc == CMT_OK && in->identity.len > 0) {
        cmt__reader_identity(s->site, in->identity, &s->fields.identity);
    }

    return rc;
}


/* Parent, token, cookie and the other keys under which it is known. */
static int
submit_ids(submit_t *s, const cmt_submission_t *in, cmt_arena_t *arena,
    cmt_error_t *err)
{
    int        rc;
    cmt_str_t  parent, token;

    parent = cmt_form_get(&in->form, "parent");

    if (parent.len > 0 && !cmt__str_u64(parent, &s->parent)) {
        return cmt__fail(err, CMT_EPARENT, "parent", "parent is no number");
    }

    token = cmt_form_get(&in->form, "token");

    rc = cmt__fields_token(token, err);
    if (rc != CMT_OK) {
        return rc;
    }

    (void) cmt__cookie_hash(s->site->keys, in->cookie, &s->cookie_sent);

    rc = cmt__reader_cookie(s->site, in->cookie, arena, &s->cookie,
                            &s->change.result, err);
    if (rc != CMT_OK) {
        return rc;
    }

    cmt__address_hash(s->site->keys, in->address, s->now, &s->address);
    cmt__fields_fingerprint(s->site, &s->fields, s->parent, &s->fingerprint);

    if (token.len > 0) {
        submit_token(s, token);
    }

    return CMT_OK;
}


/*
 * A script makes a token for each comment.  That of a form may be shared: a
 * page can be kept by a cache, or be sent from twice.  So it stands for these
 * words by this author, and other words are another comment.
 */
static void
submit_token(submit_t *s, cmt_str_t token)
{
    size_t     n;
    cmt_str_t  parts[3];

    n = 2;
    parts[0] = cmt_str("token");
    parts[1] = token;

    if (cmt__form_token_known(s->site->keys, s->fields.page, token)) {
        parts[n++] = (cmt_str_t) { CMT_HASH_BYTES,
                                   (const char *) s->fingerprint.bytes };
    }

    cmt__hash(s->site->keys, CMT__KEY_TOKEN, parts, n, &s->token);
}


static int
submit_decide(submit_t *s, const cmt__facts_t *facts, cmt_arena_t *arena,
    cmt_error_t *err)
{
    int             rc;
    cmt__judged_t  *judged;

    judged = &s->judged;
    rc = s->ban.status != 0
         ? cmt__banned_judge(&s->ban, arena, judged, err)
         : cmt__judge(s->site, facts, s->tag, arena, judged, err);

    if (rc == CMT_OK) {
        rc = cmt__asking_end(&s->asking, judged, s->language, arena,
                             &s->change.result, err);
    }
    if (rc != CMT_OK) {
        return rc;
    }

    s->change.result.verdict = judged->verdict;
    s->change.result.page = s->fields.page;
    s->said = judged->message;

    if (judged->status != CMT_APPROVED && s->asking.asks == CMT_OK) {
        s->said = cmt__judged_message(judged->status, s->language,
                                      judged->message);
    }

    return CMT_OK;
}


static int
submit_apply(cmt__write_t *write, cmt_change_t *change, int *wrote,
    cmt_error_t *err)
{
    int             rc;
    char            kept[CMT__THREAD_KEPT_BYTES];
    submit_t       *s;
    cmt_read_t     *view;
    cmt__thread_t   thread;
    cmt__comment_t  parent;

    s = (submit_t *) change;
    view = cmt__write_view(write);
    change->result.message = s->said;

    rc = cmt__thread_open(write, s->site, s->fields.page, &thread, wrote,
                          err);
    if (rc != CMT_OK) {
        return rc;
    }

    rc = cmt__thread_replays(view, &thread, &s->token, s->now, change, err);
    if (rc != CMT_OK) {
        return rc;
    }

    if (change->result.replayed) {
        submit_replayed(s);
        return CMT_OK;
    }

    if (cmt__thread_closed(s->site, &thread, s->now)) {
        return cmt__refuse(change, CMT_ECLOSED, NULL, 0);
    }

    if (!cmt__thread_takes(view, &thread, s->parent, &s->fingerprint, change,
                           &parent))
    {
        return CMT_OK;
    }

    if (s->asking.asks != CMT_OK) {
        return cmt__asking_refuse(&s->asking, change);
    }

    rc = cmt__thread_keep(&thread, kept, err);
    if (rc == CMT_OK) {
        rc = submit_limits(write, s, thread.site, wrote, err);
    }
    if (rc != CMT_OK || change->result.rc != CMT_OK) {
        return rc;
    }

    *wrote = 1;

    rc = cmt__thread_begin(write, &s->fields, s->now, &thread, err);
    if (rc != CMT_OK) {
        return rc;
    }

    return submit_write(write, s, &thread, s->parent != 0 ? &parent : NULL,
                        err);
}


/* What is said of the comment that is there, in the words for its status. */
static void
submit_replayed(submit_t *s)
{
    s->change.result.set_cookie = cmt_null_str;
    s->change.result.message =
        cmt__judged_message(s->change.result.status, s->language,
                            s->change.result.message);
}


static int
submit_limits(cmt__write_t *write, submit_t *s, uint32_t site, int *wrote,
    cmt_error_t *err)
{
    const cmt__pace_t  paces[] = {
        { CMT__LIMIT_ADDRESS, &s->address, s->site->address_rate },
        { CMT__LIMIT_COOKIE, &s->cookie_sent, s->site->author_rate },
        { CMT__LIMIT_EMAIL, &s->fields.identity, s->site->author_rate }
    };

    return cmt__limits(write, &s->change, site, paces,
                       sizeof(paces) / sizeof(paces[0]), s->now, wrote, err);
}


/* The thread keeps what its page said last, for forms that did not see it.  A
 * page that never said more than its title takes no room. */
static void
submit_about(const submit_t *s, cmt__thread_t *thread)
{
    int  renamed;

    if (s->told == 0 || s->told < thread->told) {
        return;
    }

    renamed = s->has_title && !cmt__str_eq(s->fields.title, thread->title);

    if (renamed) {
        thread->title = s->fields.title;
    }

    if (s->about.len > 0 || thread->told != 0 || renamed) {
        thread->about = s->about;
        thread->told = s->told;
    }
}


static int
submit_write(cmt__write_t *write, submit_t *s, cmt__thread_t *thread,
    const cmt__comment_t *parent, cmt_error_t *err)
{
    int             rc;
    cmt__posted_t   posted;
    cmt__comment_t  c;

    cmt__fields_comment(&s->fields, &c);
    c.status = s->judged.status;
    c.kind = CMT_COMMENT;
    c.markup = s->site->markup;
    c.created = s->now;
    c.cookie = s->cookie;
    c.fingerprint = s->fingerprint;

    submit_about(s, thread);

    posted.token = &s->token;
    posted.address = &s->address;

    /* who corrects a refused text sends the same form again, and it is no
     * flood */
    rc = cmt__comment_add(write, thread, parent, s->site->levels,
                          c.status == CMT_REJECTED ? NULL : &posted, &c, err);

    if (rc == CMT_OK) {
        rc = cmt__receipt_put(write, c.id, s->judged.receipt, err);
    }

    if (rc == CMT_OK) {
        rc = cmt__thread_grew(write, thread, &c, CMT__DID_SUBMIT,
                              cmt_str("author"), s->now, err);
    }

    if (rc == CMT_OK) {
        rc = cmt__remember(write, thread->site, &s->judged, s->now, err);
    }

    if (rc != CMT_OK) {
        return rc;
    }

    s->change.result.id = c.id;
    s->change.result.status = c.status;

    return c.status == CMT_REJECTED
           ? cmt__refuse_saying(&s->change, CMT_EREJECTED, "text") : CMT_OK;
}
