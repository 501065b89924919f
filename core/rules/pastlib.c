/*
 * pastlib.c: what rules ask of earlier comments while they run.  Each answer
 * looks at a bounded number of records, and is charged for them beforehand.
 */

#include <string.h>

#include "engine.h"


#define IDS_MAX         100          /* newest comments of an author         */
#define AUTHORS_MAX     500          /* comments of a thread that are looked
                                        at for their authors                 */
#define RECORD_STEPS    10           /* to read one                          */

/* The keys that an author's comments are listed under. */
typedef struct {
    cmt__author_kind_t   kind;
    const cmt__hash_t   *hash;
} listed_t;

/* How many have which status. */
typedef struct {
    int64_t  total, by_status[CMT__STATUSES];
} recent_t;


static int span_index(lua_State *L, int first);
static size_t author_ids(lua_State *L, cmt__author_kind_t kind,
    const cmt__hash_t *hash, uint64_t ids[IDS_MAX]);
static void count_recent(lua_State *L, int64_t since, recent_t *r);
static int64_t count_replies(lua_State *L, const cmt__hash_t *from,
    const cmt__hash_t *to, int64_t since);
_Noreturn static void raise_unreadable(lua_State *L);


/* author.recent(span): {total=, approved=, held=, rejected=, spam=} of the
 * newest comments. */

int
cmt__past_recent(lua_State *L)
{
    size_t                i;
    int64_t               seconds;
    recent_t              r;
    const cmt__json_t    *given, *n;
    const cmt__facts_t   *facts;

    static const struct {
        const char    *name;
        cmt_status_t   status;
    } names[] = {
        { "approved", CMT_APPROVED }, { "held", CMT_PENDING },
        { "rejected", CMT_REJECTED }, { "spam", CMT_SPAM }
    };

    facts = cmt__engine_of(L)->facts;
    seconds = cmt__span_arg(L, span_index(L, 1));
    memset(&r, 0, sizeof(r));
    given = facts->author.recent;

    if (given == NULL && facts->past.read != NULL && facts->past.site != 0) {
        count_recent(L, facts->time - seconds, &r);
    }

    lua_createtable(L, 0, 5);

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        n = given != NULL ? cmt__json_member(given, names[i].name) : NULL;

        if (n != NULL && n->type == CMT__JSON_INTEGER) {
            r.by_status[names[i].status - 1] = n->integer;
            r.total += n->integer;
        }

        lua_pushlstring(L, names[i].name, strlen(names[i].name));
        lua_pushinteger(L, r.by_status[names[i].status - 1]);
        lua_rawset(L, -3);
    }

    n = given != NULL ? cmt__json_member(given, "total") : NULL;

    if (n != NULL && n->type == CMT__JSON_INTEGER) {
        r.total = n->integer;
    }

    lua_pushlstring(L, "total", 5);
    lua_pushinteger(L, r.total);
    lua_rawset(L, -3);

    return 1;
}


/* Both lists are in falling order; a comment that is in both counts once.  A
 * typed e-mail earns nothing: what it alone says of approved comments counts
 * in the total only. */

static void
count_recent(lua_State *L, int64_t since, recent_t *r)
{
    int                  proven;
    size_t               i, k, n_mail, n_cookie, read;
    uint64_t             mail[IDS_MAX], cookie[IDS_MAX], id;
    cmt__comment_t       comment;
    const cmt__past_t   *past;

    past = &cmt__engine_of(L)->facts->past;
    n_mail = author_ids(L, CMT__BY_EMAIL, &past->identity, mail);
    n_cookie = author_ids(L, CMT__BY_COOKIE, &past->cookie, cookie);
    i = k = 0;

    for (read = 0; read < IDS_MAX && (i < n_mail || k < n_cookie); read++) {

        if (k == n_cookie || (i < n_mail && mail[i] >= cookie[k])) {
            id = mail[i++];
            proven = k < n_cookie && cookie[k] == id;
            k += proven ? 1 : 0;
            proven |= past->signed_in;

        } else {
            id = cookie[k++];
            proven = 1;
        }

        cmt__charge(L, RECORD_STEPS);

        if (id == cmt__engine_of(L)->facts->id) {
            continue;                    /* the one that is being edited */
        }

        if (cmt__comment_get(past->read, id, &comment) != CMT_OK) {
            raise_unreadable(L);
        }

        if (comment.created <= since || comment.status == CMT_DELETED) {
            continue;
        }

        r->total++;

        if (comment.status == CMT_APPROVED && !proven) {
            continue;
        }

        r->by_status[comment.status - 1]++;
    }
}


static size_t
author_ids(lua_State *L, cmt__author_kind_t kind, const cmt__hash_t *hash,
    uint64_t ids[IDS_MAX])
{
    size_t              n;
    const cmt__past_t  *past;

    past = &cmt__engine_of(L)->facts->past;

    if (cmt__hash_is_zero(hash)) {
        return 0;
    }

    cmt__charge(L, IDS_MAX);
    n = IDS_MAX;

    if (cmt__author_comments(past->read, past->site, kind, hash, 0, ids, &n)
        != CMT_OK)
    {
        raise_unreadable(L);
    }

    return n;
}


/* thread.pair_replies(a, b, span): how often two authors, by their keys,
 * answered each other here. */

int
cmt__past_pair_replies(lua_State *L)
{
    int                  arg;
    int64_t              since, n;
    cmt__hash_t          a, b;
    const cmt__json_t   *given;
    const cmt__facts_t  *facts;

    facts = cmt__engine_of(L)->facts;
    arg = span_index(L, 1);
    since = facts->time - cmt__span_arg(L, arg + 2);
    given = facts->thread.pair_replies;
    n = 0;

    if (given != NULL) {
        n = given->type == CMT__JSON_INTEGER ? given->integer : 0;

    } else if (facts->past.read != NULL && facts->past.thread != 0
               && lua_type(L, arg) == LUA_TSTRING
               && lua_type(L, arg + 1) == LUA_TSTRING
               && cmt__unhex(cmt__arg_string(L, arg), a.bytes, CMT_HASH_BYTES)
               && cmt__unhex(cmt__arg_string(L, arg + 1), b.bytes,
                             CMT_HASH_BYTES))
    {
        n = count_replies(L, &a, &b, since);

        if (!cmt__hash_eq(&a, &b)) {
            n += count_replies(L, &b, &a, since);
        }
    }

    lua_pushinteger(L, n);

    return 1;
}


static int64_t
count_replies(lua_State *L, const cmt__hash_t *from, const cmt__hash_t *to,
    int64_t since)
{
    size_t               i, n;
    int64_t              replies;
    uint64_t             ids[IDS_MAX];
    cmt__comment_t       comment, parent;
    const cmt__past_t   *past;

    past = &cmt__engine_of(L)->facts->past;
    n = author_ids(L, CMT__BY_EMAIL, from, ids);
    replies = 0;

    for (i = 0; i < n; i++) {
        cmt__charge(L, 2 * RECORD_STEPS);

        if (cmt__comment_get(past->read, ids[i], &comment) != CMT_OK) {
            raise_unreadable(L);
        }

        if (comment.created <= since) {
            break;                       /* the newest come first */
        }

        if (comment.thread == past->thread && comment.parent != 0
            && cmt__comment_get(past->read, comment.parent, &parent) == CMT_OK
            && cmt__hash_eq(&parent.identity, to))
        {
            replies++;
        }
    }

    return replies;
}


/* Of approved comments; who has no e-mail is known by the cookie. */

void
cmt__past_push_authors(lua_State *L)
{
    int                 rc;
    size_t              i, n, looked;
    uint64_t            id;
    cmt__hash_t        *seen;
    cmt__walk_t        *walk;
    cmt__engine_t      *e;
    cmt__comment_t      comment;
    const cmt__hash_t  *who;
    cmt__walk_query_t   query;

    e = cmt__engine_of(L);

    if (e->facts->past.read == NULL || e->facts->past.thread == 0) {
        lua_pushinteger(L, 0);
        return;
    }

    memset(&query, 0, sizeof(query));
    query.thread = e->facts->past.thread;
    query.levels = CMT_LEVELS_MAX;
    cmt__charge(L, AUTHORS_MAX);
    seen = cmt__machine_alloc(L, AUTHORS_MAX * sizeof(cmt__hash_t));

    if (cmt__walk_open(e->facts->past.read, &query, e->arena, &walk)
        != CMT_OK)
    {
        raise_unreadable(L);
    }

    rc = CMT_OK;
    n = 0;

    for (looked = 0; looked < AUTHORS_MAX; looked++) {
        rc = cmt__walk_next(walk, &id);
        if (rc != CMT_OK) {
            break;
        }

        rc = cmt__comment_get(e->facts->past.read, id, &comment);
        if (rc != CMT_OK) {
            break;
        }

        who = cmt__hash_is_zero(&comment.identity) ? &comment.cookie
                                                   : &comment.identity;

        for (i = 0; i < n && !cmt__hash_eq(&seen[i], who); i++) {
            /* void */
        }

        if (i == n && comment.status == CMT_APPROVED) {
            seen[n++] = *who;
        }
    }

    cmt__walk_close(walk);

    if (rc != CMT_OK && rc != CMT_ENOTFOUND) {
        raise_unreadable(L);
    }

    cmt__charge(L, looked * (RECORD_STEPS + n / 8));
    lua_pushinteger(L, (lua_Integer) n);
}


void
cmt__past_push_per_hour(lua_State *L)
{
    uint64_t             n;
    const cmt__facts_t  *facts;

    facts = cmt__engine_of(L)->facts;
    n = 0;

    cmt__charge(L, RECORD_STEPS);

    if (facts->past.read != NULL && facts->past.site != 0
        && cmt__posts_count(facts->past.read, facts->past.site,
                            CMT__POSTS_ON_PAGE, facts->page.path, 3600,
                            facts->time, &n)
           != CMT_OK)
    {
        raise_unreadable(L);
    }

    lua_pushinteger(L, (lua_Integer) n);
}


/* Both author.recent("30d") and author:recent("30d") are written. */

static int
span_index(lua_State *L, int first)
{
    return cmt__comment_class(L, first) != NULL ? first + 1 : first;
}


_Noreturn static void
raise_unreadable(lua_State *L)
{
    cmt__raise(L, "the store cannot be read");
}
