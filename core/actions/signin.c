/*
 * signin.c: a moderator signs in.
 *
 *   prepare   too many failures? -> name -> password, the slow part
 *   apply     still not too many? -> the failure is counted, or the session
 *             written
 *
 * The limit is asked once more in the transaction: of attempts at the same
 * time none slips through, whatever they know.  A name that is not there
 * costs as much as one that is, and is answered with the same words.
 */

#include <string.h>

#include "moderators.h"


typedef struct {
    cmt_change_t        change;
    const cmt_site_t   *site;
    int64_t             now;
    unsigned            right:1;         /* name, password and site          */
    cmt_who_t           who;
    cmt__hash_t         network, name;   /* what failures are counted by     */
    cmt__hash_t         before;          /* the session that ends            */
    cmt__session_t      session;
    cmt_str_t           secret;
} signin_t;


static const cmt_rate_t  network_rate = { CMT_SIGNIN_OF_NETWORK_MAX,
                                          CMT_SIGNIN_SECONDS };
static const cmt_rate_t  name_rate = { CMT_SIGNIN_OF_NAME_MAX,
                                       CMT_SIGNIN_SECONDS };


static int signin_wait(const signin_t *signin, cmt_store_t *store,
    cmt_error_t *err) CMT_CHECK;
static int signin_check(signin_t *signin, cmt_moderators_t *moderators,
    const cmt_submission_t *in, cmt_arena_t *arena, cmt_error_t *err)
    CMT_CHECK;
static int signin_apply(cmt__write_t *write, cmt_change_t *change,
    int *wrote, cmt_error_t *err);
static int signin_write(cmt__write_t *write, signin_t *signin, uint32_t site,
    cmt_error_t *err) CMT_CHECK;
static int signin_room(cmt__write_t *write, const signin_t *signin,
    uint32_t site, cmt_error_t *err) CMT_CHECK;


int
cmt_signin_prepare(cmt_store_t *store, const cmt_site_t *site,
    cmt_moderators_t *moderators, const cmt_submission_t *in,
    cmt_arena_t *arena, cmt_change_t **change, cmt_error_t *err)
{
    int        rc;
    signin_t  *s;
    cmt_str_t  parts[2];

    s = cmt_calloc(arena, sizeof(signin_t));
    if (s == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, "no memory for a sign-in");
    }

    s->change.apply = signin_apply;
    s->site = site;
    s->now = in->now;
    (void) cmt__session_hash(site->keys, in->cookie, &s->before);
    cmt__address_hash(site->keys, in->address, in->now, &s->network);

    parts[0] = cmt_str("name");
    parts[1] = cmt__str_trim(cmt_form_get(&in->form, "name"));
    cmt__hash(site->keys, CMT__KEY_SESSION, parts, 2, &s->name);

    rc = signin_wait(s, store, err);

    if (rc == CMT_OK) {
        rc = signin_check(s, moderators, in, arena, err);
    }
    if (rc == CMT_OK) {
        *change = &s->change;
    }

    return rc;
}


/* Who must wait costs no work. */
static int
signin_wait(const signin_t *s, cmt_store_t *store, cmt_error_t *err)
{
    const cmt__pace_t  paces[] = {
        { CMT__LIMIT_NETWORK, &s->network, network_rate },
        { CMT__LIMIT_NAME, &s->name, name_rate }
    };

    return cmt__limits_wait(store, s->site->name, paces,
                            sizeof(paces) / sizeof(paces[0]), s->now, err);
}


static int
signin_check(signin_t *s, cmt_moderators_t *moderators,
    const cmt_submission_t *in, cmt_arena_t *arena, cmt_error_t *err)
{
    int                      rc, right;
    char                     secret[CMT_SESSION_CHARS + 1];
    cmt_str_t                name, password;
    const cmt__moderator_t  *m;

    name = cmt__str_trim(cmt_form_get(&in->form, "name"));
    password = cmt_form_get(&in->form, "password");
    m = cmt__moderator_find(moderators, name);

    if (password.len > CMT_PASSWORD_BYTES_MAX) {
        password.len = CMT_PASSWORD_BYTES_MAX + 1;   /* nobody's */
    }

    rc = cmt__password_check(m != NULL ? m->hash : cmt_null_str, password,
                             &right);
    cmt__wipe((void *) password.data, password.len);

    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, "no memory to compare a password");
    }

    s->right = right && cmt__moderator_of_site(m, s->site->name);
    if (!s->right) {
        return CMT_OK;
    }

    cmt__session_new(secret);
    s->secret = cmt__str_copy(arena, (cmt_str_t) { CMT_SESSION_CHARS,
                                                   secret });
    (void) cmt__session_hash(s->site->keys,
                             (cmt_str_t) { CMT_SESSION_CHARS, secret },
                             &s->session.hash);
    cmt__wipe(secret, sizeof(secret));

    if (s->secret.data == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, "no memory for a sign-in");
    }

    cmt__session_mark(m->hash, &s->session.mark);
    s->session.created = s->now;
    s->session.touched = s->now;

    rc = cmt__moderator_who(m->name, m->role, arena, &s->who, err);
    s->session.name = s->who.name;

    return rc;
}


static int
signin_apply(cmt__write_t *write, cmt_change_t *change, int *wrote,
    cmt_error_t *err)
{
    int        rc;
    uint32_t   site;
    unsigned   network, name;
    signin_t  *s;

    s = (signin_t *) change;

    rc = cmt__site_find(cmt__write_view(write), s->site->name, &site);

    if (rc == CMT_ENOTFOUND) {
        *wrote = 1;
        rc = cmt__site_make(write, s->site->name, &site, err);
    }
    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, "site");
    }

    rc = cmt__limit(write, site, CMT__LIMIT_NETWORK, &s->network,
                    network_rate, s->now, 0, &network, err);
    if (rc == CMT_OK) {
        rc = cmt__limit(write, site, CMT__LIMIT_NAME, &s->name, name_rate,
                        s->now, 0, &name, err);
    }
    if (rc != CMT_OK) {
        return rc;
    }

    if (network + name > 0) {
        return cmt__refuse(change, CMT_EFLOOD, NULL,
                           network > name ? network : name);
    }

    *wrote = 1;

    if (s->right) {
        return signin_write(write, s, site, err);
    }

    rc = cmt__limit(write, site, CMT__LIMIT_NETWORK, &s->network,
                    network_rate, s->now, 1, &network, err);
    if (rc == CMT_OK) {
        rc = cmt__limit(write, site, CMT__LIMIT_NAME, &s->name, name_rate,
                        s->now, 1, &name, err);
    }

    return rc == CMT_OK ? cmt__refuse(change, CMT_ESIGNIN, NULL, 0) : rc;
}


static int
signin_write(cmt__write_t *write, signin_t *s, uint32_t site,
    cmt_error_t *err)
{
    int           rc;
    cmt__entry_t  entry;

    rc = cmt__session_drop(write, site, &s->before, err);

    if (rc == CMT_OK) {
        rc = signin_room(write, s, site, err);
    }
    if (rc == CMT_OK) {
        rc = cmt__session_put(write, site, &s->session, err);
    }
    if (rc != CMT_OK) {
        return rc;
    }

    memset(&entry, 0, sizeof(entry));
    entry.did = CMT__DID_SIGNIN;
    entry.site = site;
    entry.time = s->now;
    entry.actor = s->who.actor;

    s->change.result.set_cookie = s->secret;

    return cmt__journal_append(write, &entry, err);
}


/* Of too many sessions of one moderator the oldest ends. */
static int
signin_room(cmt__write_t *write, const signin_t *s, uint32_t site,
    cmt_error_t *err)
{
    int             rc;
    unsigned        n;
    cmt__session_t  one, oldest;

    memset(&one, 0, sizeof(one));
    memset(&oldest, 0, sizeof(oldest));
    n = 0;

    while ((rc = cmt__session_next(cmt__write_view(write), site, &one))
           == CMT_OK)
    {
        if (!cmt__str_eq(one.name, s->who.name)) {
            continue;
        }

        if (n++ == 0 || one.created < oldest.created) {
            oldest = one;
        }
    }

    if (rc != CMT_ENOTFOUND) {
        return cmt__fail(err, rc, NULL, "sessions");
    }

    return n < CMT_SESSIONS_OF_ONE_MAX
           ? CMT_OK : cmt__session_drop(write, site, &oldest.hash, err);
}
