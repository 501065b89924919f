/*
 * moderate_site.h: a site with a store, comments and moderators, for the
 * tests of what people decide.
 */

#ifndef CMT_MODERATE_SITE_H
#define CMT_MODERATE_SITE_H

#include "core/actions/actions.h"
#include "core/store/schema.h"
#include "scratch.h"
#include "tap.h"


#define NOW  1000000000

typedef int (*prepare_fn)(cmt_store_t *store, const cmt_site_t *site,
    const cmt_submission_t *in, cmt_arena_t *arena, cmt_change_t **change,
    cmt_error_t *err);


static cmt_key_t    *key;
static cmt_site_t    site, elsewhere;
static cmt_arena_t  *arena;
static cmt_store_t  *store;
static char          secret[CMT_COOKIE_CHARS + 1];
static char          other[CMT_COOKIE_CHARS + 1];

static cmt_who_t  kari __attribute__((unused)) = {
    cmt_str("kari"), cmt_str("moderator:kari"), CMT_ROLE_MODERATOR, 0
};
static cmt_who_t  ola __attribute__((unused)) = {
    cmt_str("ola"), cmt_str("moderator:ola"), CMT_ROLE_OWNER, 0
};


static inline cmt_str_t
cookie(const char *value)
{
    return (cmt_str_t) { CMT_COOKIE_CHARS, value };
}


/* What a request would do; the code that it is answered with. */
static inline int
ask(prepare_fn prepare, cmt_site_t *where, uint64_t id, const char *who,
    const char *address, int64_t now, const char *json, cmt_result_t *result)
{
    int               rc;
    cmt_error_t       err;
    cmt_change_t     *change;
    cmt_submission_t  in;

    memset(&in, 0, sizeof(in));
    in.id = id;
    in.now = now;

    if (who != NULL) {
        in.cookie = cookie(who);
    }
    if (address != NULL) {
        in.address = (cmt_str_t) { strlen(address), address };
    }

    rc = cmt_form_parse(arena, cmt_str("application/json"),
                        (cmt_str_t) { strlen(json), json }, &in.form, &err);
    if (rc == CMT_OK) {
        rc = prepare(store, where, &in, arena, &change, &err);
    }
    if (rc != CMT_OK) {
        return rc;
    }

    cmt_commit(store, &change, 1);

    if (result != NULL) {
        *result = *cmt_change_result(change);
    }

    return cmt_change_result(change)->rc;
}


/* A comment of who has the secret, posted at NOW; rules hold "hold". */
static inline uint64_t
post(const char *text)
{
    char          json[512];
    cmt_result_t  result;

    snprintf(json, sizeof(json), "{\"page\":\"/p\",\"name\":\"n\","
             "\"email\":\"a@example.org\",\"text\":\"%s\"}", text);

    return ask(cmt_submit_prepare, &site, 0, secret, NULL, NOW, json,
               &result) == CMT_OK ? result.id : 0;
}


/* All of a comment, its strings in the arena. */
static inline cmt__comment_t
comment(uint64_t id)
{
    cmt_read_t      *read;
    cmt__comment_t   c;

    memset(&c, 0, sizeof(c));

    if (cmt_read_begin(store, &read, NULL) == CMT_OK) {
        (void) !cmt__comment_get(read, id, &c);
        c.name = cmt__str_copy(arena, c.name);
        c.text = cmt__str_copy(arena, c.text);
        c.html = cmt__str_copy(arena, c.html);
        c.website = cmt_null_str;
        cmt_read_end(read);
    }

    return c;
}


/* What is known of who has the secret. */
static inline cmt__author_t
author(void)
{
    cmt_read_t     *read;
    cmt__hash_t     hash;
    cmt__author_t   a;

    memset(&a, 0, sizeof(a));
    (void) cmt__cookie_hash(site.keys, cookie(secret), &hash);

    if (cmt_read_begin(store, &read, NULL) == CMT_OK) {
        (void) !cmt__author_get(read, 1, CMT__BY_COOKIE, &hash, &a);
        cmt_read_end(read);
    }

    return a;
}


/* A decision about one comment and what became of it. */
static inline cmt_decided_t
decide_by(cmt_who_t *who, cmt_do_t what, uint64_t id, uint64_t version,
    const char *text)
{
    size_t          n;
    cmt_error_t     err;
    cmt_change_t   *change;
    cmt_decided_t   none;
    cmt_decision_t  d;

    memset(&none, 0, sizeof(none));
    memset(&d, 0, sizeof(d));
    d.what = what;
    d.id = id;
    d.version = version;
    d.undo = 0;

    if (text != NULL && what == CMT_DO_EDIT) {
        d.text = (cmt_str_t) { strlen(text), text };
    } else if (text != NULL) {
        d.note = (cmt_str_t) { strlen(text), text };
    }

    none.rc = cmt_decide_prepare(store, &site, who, &d, 1, NOW + 1, arena,
                                 &change, &err);
    if (none.rc != CMT_OK) {
        return none;
    }

    cmt_commit(store, &change, 1);

    none.rc = cmt_change_result(change)->rc;

    return none.rc == CMT_OK ? cmt_change_decided(change, &n)[0] : none;
}


static inline cmt_decided_t
decide(cmt_do_t what, uint64_t id)
{
    return decide_by(&kari, what, id, CMT_VERSION_ANY, NULL);
}


static inline int
site_begin(void)
{
    char            path[64];
    FILE           *file;
    const char     *paths[1];
    cmt_error_t     err;
    cmt__hash_t     hash;
    cmt_rules_t    *rules;

    scratch_make();

    arena = cmt_arena_create((size_t) 1024 * 1024 * 1024);
    snprintf(path, sizeof(path), "%s/key", dir);
    (void) !cmt_key_create(path, &err);
    (void) !cmt_key_load(path, &key, &err);

    snprintf(path, sizeof(path), "%s/rules.lua", dir);
    paths[0] = path;
    file = fopen(path, "w");
    if (file == NULL
        || fputs("rule('held', function(c) if c.text:find('hold') then "
                 "return hold('wait') end end)\n", file) < 0
        || fclose(file) != 0
        || cmt_rules_open(paths, 1, NULL, 0, 0, 0, &rules, &err) != CMT_OK)
    {
        return 0;
    }

    cmt_site_default(&site);
    site.name = cmt_str("example.org");
    site.author_rate.posts = 0;
    site.address_rate.posts = 0;
    site.rules = rules;
    elsewhere = site;
    elsewhere.name = cmt_str("example.com");

    if (cmt_site_init(&site, key, &err) != CMT_OK
        || cmt_site_init(&elsewhere, key, &err) != CMT_OK)
    {
        return 0;
    }

    cmt__cookie_new(site.keys, secret, &hash);
    cmt__cookie_new(site.keys, other, &hash);

    return cmt_store_open(dir, CMT_STORE_CREATE, (size_t) 1 << 30, &store, &err)
           == CMT_OK;
}


static inline int
site_done(void)
{
    is_int(problems(store), 0, "the store is whole");

    cmt_store_close(store);
    cmt_site_clear(&site);
    cmt_site_clear(&elsewhere);
    cmt_rules_close(site.rules);
    cmt_key_free(key);
    cmt_arena_destroy(arena);
    scratch_remove();

    return done();
}


#endif /* CMT_MODERATE_SITE_H */
