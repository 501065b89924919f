/*
 * session.c: a moderator's session: found, kept from falling idle, ended.
 */

#include <string.h>

#include "moderators.h"


typedef struct {
    cmt_change_t        change;
    const cmt_site_t   *site;
    cmt__hash_t         hash;
    int64_t             now;
    unsigned            everywhere:1;
} session_t;


static int touch_apply(cmt__write_t *write, cmt_change_t *change, int *wrote,
    cmt_error_t *err);
static int signout_apply(cmt__write_t *write, cmt_change_t *change,
    int *wrote, cmt_error_t *err);
static int session_get(cmt_read_t *read, const cmt_site_t *site,
    const cmt__hash_t *hash, uint32_t *id, cmt__session_t *session) CMT_CHECK;
static session_t *session_make(const cmt_site_t *site, cmt_str_t secret,
    int64_t now, cmt_arena_t *arena, cmt_error_t *err);


void
cmt__session_mark(cmt_str_t password_hash, cmt__hash_t *mark)
{
    cmt__hash_plain(password_hash, mark);
}


int
cmt_session_find(cmt_read_t *read, const cmt_site_t *site,
    const cmt_moderators_t *moderators, cmt_str_t secret, int64_t now,
    cmt_arena_t *arena, cmt_session_t *session, cmt_error_t *err)
{
    int                      rc;
    uint32_t                 id;
    cmt__hash_t              hash, mark;
    cmt_session_t            found;
    cmt__session_t           s;
    const cmt__moderator_t  *m;

    if (!cmt__session_hash(site->keys, secret, &hash)) {
        return cmt__fail(err, CMT_EMODERATOR, NULL, "no session");
    }

    rc = session_get(read, site, &hash, &id, &s);
    if (rc != CMT_OK) {
        return cmt__fail(err, rc == CMT_ENOTFOUND ? CMT_EMODERATOR : rc,
                         NULL, "session");
    }

    m = cmt__moderator_find(moderators, s.name);
    if (m != NULL) {
        cmt__session_mark(m->hash, &mark);
    }

    if (cmt__session_over(&s, now) || m == NULL || m->hash.len == 0
        || !cmt__hash_eq(&mark, &s.mark)
        || !cmt__moderator_of_site(m, site->name))
    {
        return cmt__fail(err, CMT_EMODERATOR, NULL, "a session that is over");
    }

    memset(&found, 0, sizeof(found));
    found.created = s.created;
    found.expires = s.created + CMT_SESSION_SECONDS;
    found.touch = now - s.touched >= CMT_SESSION_TOUCH_SECONDS;
    cmt_csrf_token(site, secret, found.csrf);

    rc = cmt__moderator_who(m->name, m->role, arena, &found.who, err);
    if (rc == CMT_OK) {
        *session = found;
    }

    return rc;
}


/* CMT_ENOTFOUND: there is none, or nobody has spoken on the site.  *id is the
 * site's. */
static int
session_get(cmt_read_t *read, const cmt_site_t *site, const cmt__hash_t *hash,
    uint32_t *id, cmt__session_t *session)
{
    int  rc;

    rc = cmt__site_find(read, site->name, id);

    return rc == CMT_OK ? cmt__session_get(read, *id, hash, session) : rc;
}


/* NULL: no memory, and the error says so. */
static session_t *
session_make(const cmt_site_t *site, cmt_str_t secret, int64_t now,
    cmt_arena_t *arena, cmt_error_t *err)
{
    session_t  *s;

    s = cmt_calloc(arena, sizeof(session_t));

    if (s == NULL) {
        (void) cmt__fail(err, CMT_ENOMEM, NULL, "no memory for a session");
        return NULL;
    }

    s->site = site;
    s->now = now;
    (void) cmt__session_hash(site->keys, secret, &s->hash);

    return s;
}


int
cmt_session_touch_prepare(const cmt_site_t *site, cmt_str_t secret,
    int64_t now, cmt_arena_t *arena, cmt_change_t **change, cmt_error_t *err)
{
    session_t  *s;

    s = session_make(site, secret, now, arena, err);
    if (s == NULL) {
        return CMT_ENOMEM;
    }

    s->change.apply = touch_apply;
    *change = &s->change;

    return CMT_OK;
}


static int
touch_apply(cmt__write_t *write, cmt_change_t *change, int *wrote,
    cmt_error_t *err)
{
    int             rc;
    char            name[CMT_MODERATOR_NAME_BYTES_MAX];
    uint32_t        id;
    session_t      *s;
    cmt_read_t     *view;
    cmt__session_t  session;

    s = (session_t *) change;
    view = cmt__write_view(write);
    change->result.replayed = 1;

    rc = session_get(view, s->site, &s->hash, &id, &session);

    if (rc == CMT_ENOTFOUND) {
        return CMT_OK;
    }
    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, "session");
    }

    if (cmt__session_over(&session, s->now)
        || s->now - session.touched < CMT_SESSION_TOUCH_SECONDS
        || session.name.len > sizeof(name))
    {
        return CMT_OK;
    }

    /* the name lies where the record is going to be written */
    memcpy(name, session.name.data, session.name.len);
    session.name.data = name;
    session.touched = s->now;
    change->result.replayed = 0;
    *wrote = 1;

    return cmt__session_put(write, id, &session, err);
}


int
cmt_signout_prepare(const cmt_site_t *site, cmt_str_t secret, int everywhere,
    int64_t now, cmt_arena_t *arena, cmt_change_t **change, cmt_error_t *err)
{
    session_t  *s;

    s = session_make(site, secret, now, arena, err);
    if (s == NULL) {
        return CMT_ENOMEM;
    }

    s->change.apply = signout_apply;
    s->everywhere = everywhere != 0;
    *change = &s->change;

    return CMT_OK;
}


static int
signout_apply(cmt__write_t *write, cmt_change_t *change, int *wrote,
    cmt_error_t *err)
{
    int             rc;
    char            name[CMT_MODERATOR_NAME_BYTES_MAX];
    uint32_t        id;
    cmt_str_t       who;
    session_t      *s;
    cmt_read_t     *view;
    cmt__session_t  session;

    s = (session_t *) change;
    view = cmt__write_view(write);
    change->result.replayed = 1;

    rc = session_get(view, s->site, &s->hash, &id, &session);

    if (rc == CMT_ENOTFOUND) {
        return CMT_OK;
    }
    if (rc != CMT_OK || session.name.len > sizeof(name)) {
        return cmt__fail(err, rc == CMT_OK ? CMT_ECORRUPT : rc, NULL,
                         "session");
    }

    memcpy(name, session.name.data, session.name.len);
    who = (cmt_str_t) { session.name.len, name };
    change->result.replayed = 0;
    *wrote = 1;

    rc = cmt__session_drop(write, id, &s->hash, err);

    if (rc != CMT_OK || !s->everywhere) {
        return rc;
    }

    memset(&session, 0, sizeof(session));

    while ((rc = cmt__session_next(view, id, &session)) == CMT_OK) {

        if (cmt__str_eq(session.name, who)) {
            rc = cmt__session_drop(write, id, &session.hash, err);
            if (rc != CMT_OK) {
                return rc;
            }
        }
    }

    return rc == CMT_ENOTFOUND ? CMT_OK : cmt__fail(err, rc, NULL,
                                                    "sessions");
}
