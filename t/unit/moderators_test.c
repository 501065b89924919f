/*
 * moderators_test.c: the file of moderators, sign-ins, sessions and their
 * ends.
 */

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "moderate_site.h"


static char               file[64];
static cmt_moderators_t  *moderators;


static void
reload(void)
{
    cmt_error_t  err;

    cmt_moderators_free(moderators);
    moderators = NULL;

    if (cmt_moderators_load(file, &moderators, &err) != CMT_OK) {
        printf("# %s\n", err.detail);
    }
}


static int
write_file(const char *content)
{
    FILE  *out;

    out = fopen(file, "w");

    return out != NULL && fputs(content, out) >= 0 && fclose(out) == 0
           && chmod(file, 0640) == 0;
}


static void
test_file(void)
{
    int               good;
    unsigned          i;
    char              name[CMT_MODERATOR_NAME_BYTES_MAX + 2];
    cmt_str_t         json, s;
    cmt_error_t       err;
    cmt_moderators_t *m;
    struct stat       st;

    static const char *const  wrong[] = {
        "kari\n", "kari owner *\n", "kari king * -\n", "kari owner , -\n",
        "kari owner * plain\n", "kari owner * - more\n",
        "ka,ri owner * -\n", "kari owner * -\nkari owner * -\n",
        "kari owner * $argon2id$v=19$m=65536\n"
    };

    is_int(cmt_moderators_load(file, &m, &err), CMT_EIO,
           "a file that is missing is refused");
    is_int(cmt_moderator_remove(file, cmt_str("kari"), &err), CMT_EIO,
           "nobody is taken out of it");
    is_int(cmt_moderator_add(file, cmt_str("kari"), CMT_ROLE_OWNER,
                             cmt_null_str, cmt_str("0123456789"), &err),
           CMT_OK, "the first moderator makes it");
    is_int(stat(file, &st) == 0 ? st.st_mode & 0777 : 0, 0600,
           "readable for its owner only");
    (void) chmod(file, 0640);
    is_int(cmt_moderator_add(file, cmt_str("ola"), CMT_ROLE_MODERATOR,
                             cmt_str("example.com,other"),
                             cmt_str("abcdefghij"), &err),
           CMT_OK, "the second is added");
    is_int(stat(file, &st) == 0 ? st.st_mode & 0777 : 0, 0640,
           "and its mode stays");
    is_int(cmt_moderator_add(file, cmt_str("ola"), CMT_ROLE_OWNER,
                             cmt_null_str, cmt_null_str, &err),
           CMT_EARGUMENT, "a name stands there once");
    is_int(cmt_moderator_add(file, cmt_str("per"), CMT_ROLE_MODERATOR,
                             cmt_null_str, cmt_null_str, &err),
           CMT_OK, "one without a password");

    is_int(cmt_moderators_load(file, &m, &err), CMT_OK, "it is read");
    is_int(cmt_moderators_count(m), 3, "with all three");
    (void) !cmt_moderators_json(m, arena, &json, &err);
    is_str(json, "{\"moderators\":[{\"name\":\"kari\",\"role\":\"owner\","
           "\"sites\":[\"*\"],\"password\":true},{\"name\":\"ola\",\"role\":"
           "\"moderator\",\"sites\":[\"example.com\",\"other\"],\"password\":"
           "true},{\"name\":\"per\",\"role\":\"moderator\",\"sites\":[\"*\"],"
           "\"password\":false}]}", "and told without hashes");
    is_int(cmt_moderators_changed(m), 0, "it is the same file");
    (void) !cmt_moderator_remove(file, cmt_str("per"), &err);
    is_int(cmt_moderators_changed(m), 1, "and another when one is removed");
    cmt_moderators_free(cmt_moderators_keep(m));
    is_int(cmt_moderators_count(m), 3, "who reads the old one goes on");
    cmt_moderators_free(m);

    memset(name, 'n', sizeof(name));
    s = (cmt_str_t) { CMT_MODERATOR_NAME_BYTES_MAX, name };
    is_int(cmt_moderator_add(file, s, CMT_ROLE_OWNER, cmt_null_str,
                             cmt_null_str, &err),
           CMT_OK, "a name of the largest size");
    s.len++;
    is_int(cmt_moderator_add(file, s, CMT_ROLE_OWNER, cmt_null_str,
                             cmt_null_str, &err),
           CMT_EARGUMENT, "and one past it");
    is_int(cmt_moderator_password(file, cmt_str("kari"),
                                  cmt_str("012345678"), &err),
           CMT_EARGUMENT, "a password one too short");
    is_int(cmt_moderator_password(file, cmt_str("nobody"),
                                  cmt_str("0123456789"), &err),
           CMT_ENOTFOUND, "a password of nobody");

    for (i = 0, good = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        if (!write_file(wrong[i])
            || cmt_moderators_load(file, &m, &err) != CMT_EIO)
        {
            printf("# %s", wrong[i]);
            continue;
        }
        good++;
    }
    is_int(good, sizeof(wrong) / sizeof(wrong[0]), "wrong lines are refused");

    (void) !write_file("# remark\nkari owner * -\n");
    (void) chmod(file, 0644);
    is_int(cmt_moderators_load(file, &m, &err), CMT_EIO,
           "a file that everybody reads is refused");
    (void) chmod(file, 0660);
    is_int(cmt_moderators_load(file, &m, &err), CMT_EIO,
           "or that a group writes");
}


/* Two writers at the same time: none is lost. */
static void
test_writers(void)
{
    int          i, k, status, failed;
    char         name[16];
    pid_t        pids[4];
    cmt_error_t  err;

    (void) !write_file("# remark\n");

    for (i = 0; i < 4; i++) {
        pids[i] = fork();

        if (pids[i] == 0) {
            for (k = 0, failed = 0; k < 10; k++) {
                snprintf(name, sizeof(name), "m%d-%d", i, k);
                failed += cmt_moderator_add(
                              file, (cmt_str_t) { strlen(name), name },
                              CMT_ROLE_MODERATOR, cmt_null_str, cmt_null_str,
                              &err)
                          != CMT_OK;
            }
            _exit(failed);
        }
    }

    for (i = 0, failed = 0; i < 4; i++) {
        (void) waitpid(pids[i], &status, 0);
        failed += status != 0;
    }

    reload();
    is_int(failed, 0, "four writers add ten each");
    is_int(cmt_moderators_count(moderators), 40, "and all of them are there");
}


static int
sign_in(cmt_site_t *where, const char *name, const char *password,
    const char *address, int64_t now, cmt_str_t *secret_out)
{
    int               rc;
    cmt_str_t         typed;
    cmt_error_t       err;
    cmt_field_t       fields[2];
    cmt_change_t     *change;
    cmt_submission_t  in;

    typed = cmt__str_copy(arena, (cmt_str_t) { strlen(password), password });
    fields[0] = (cmt_field_t) { cmt_str("name"), { strlen(name), name } };
    fields[1] = (cmt_field_t) { cmt_str("password"), typed };

    memset(&in, 0, sizeof(in));
    in.form.n = 2;
    in.form.fields = fields;
    in.now = now;
    in.address = (cmt_str_t) { strlen(address), address };

    rc = cmt_signin_prepare(store, where, moderators, &in, arena, &change,
                            &err);
    if (rc != CMT_OK) {
        return rc;
    }

    if (typed.len > 0 && typed.data[0] != '\0') {
        return CMT_EINTERNAL;   /* it must be overwritten */
    }

    cmt_commit(store, &change, 1);

    if (secret_out != NULL) {
        *secret_out = cmt_change_result(change)->set_cookie;
    }

    return cmt_change_result(change)->rc;
}


/* In the place of libsodium's: counts the work that a sign-in takes, and
 * keeps what it costs: "$argon2id$v=19$m=65536,t=2,p=1$". */

static unsigned  verified;
static char      cost[64];

int crypto_pwhash_str_verify(const char *hash, const char *password,
    unsigned long long len);

int
crypto_pwhash_str_verify(const char *hash, const char *password,
    unsigned long long len)
{
    unsigned     n;
    const char  *end;

    verified++;

    for (n = 0, end = hash; *end != '\0' && n < 4; end++) {
        n += *end == '$';
    }

    snprintf(cost, sizeof(cost), "%.*s", (int) (end - hash), hash);

    return ((int (*)(const char *, const char *, unsigned long long))
            dlsym(RTLD_NEXT, __func__))(hash, password, len);
}


/* By count and cost of Argon2id, not by a clock. */
static void
test_same_work(void)
{
    size_t  i;
    char    right[sizeof(cost)];

    static const struct {
        const char  *name, *password, *sentence;
    } rows[] = {
        { "kari", "9876543210", "a wrong password" },
        { "nobody", "0123456789", "a name that is not there" },
        { "per", "0123456789", "a moderator without a password" },
        { "", "0123456789", "no name" },
        { "kari", "", "no password" },
        { "a name that is none", "0123456789", "what is no name" }
    };

    verified = 0;
    is_int(sign_in(&site, "kari", "0123456789", "192.0.2.9", NOW, NULL),
           CMT_OK, "who is right signs in");
    is_int(verified, 1, "which takes one Argon2id");
    memcpy(right, cost, sizeof(right));

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        verified = 0;
        cost[0] = '\0';
        is_int(sign_in(&site, rows[i].name, rows[i].password, "192.0.2.9",
                       NOW, NULL), CMT_ESIGNIN, rows[i].sentence);
        is_int(verified, 1, "takes one as well");
        is_text(cost, right, "of the same cost");
    }
}


static int
find(cmt_site_t *where, cmt_str_t secret, int64_t now, cmt_session_t *session)
{
    int          rc;
    cmt_read_t  *read;
    cmt_error_t  err;

    (void) !cmt_read_begin(store, &read, NULL);
    rc = cmt_session_find(read, where, moderators, secret, now, arena,
                          session, &err);
    cmt_read_end(read);

    return rc;
}


static void
test_sessions(void)
{
    cmt_str_t      one, two;
    cmt_who_t      who;
    cmt_error_t    err;
    cmt_change_t  *change;
    cmt_session_t  s;

    (void) unlink(file);
    (void) !cmt_moderator_add(file, cmt_str("kari"), CMT_ROLE_OWNER,
                              cmt_str("example.org"), cmt_str("0123456789"),
                              &err);
    (void) !cmt_moderator_add(file, cmt_str("per"), CMT_ROLE_MODERATOR,
                              cmt_null_str, cmt_null_str, &err);
    reload();

    test_same_work();

    is_int(sign_in(&site, "kari", "0123456789", "192.0.2.1", NOW, &one),
           CMT_OK, "a moderator signs in");
    is_int(one.len, CMT_SESSION_CHARS, "and has a secret");
    is_int(sign_in(&site, "kari", "0123456789", "192.0.2.1", NOW, &two),
           CMT_OK, "once more");
    ok(!cmt__str_eq(one, two), "with another secret");

    is_int(find(&site, one, NOW, &s), CMT_OK, "the session is known");
    is_str(s.who.actor, "moderator:kari", "with its moderator");
    is_str(s.who.name, "kari", "by name");
    is_int(s.who.role, CMT_ROLE_OWNER, "and role");
    ok(cmt_csrf_check(&site, one, (cmt_str_t) { CMT_CSRF_CHARS, s.csrf }),
       "its token is right");
    ok(!cmt_csrf_check(&site, two, (cmt_str_t) { CMT_CSRF_CHARS, s.csrf }),
       "but not for another session");
    ok(!cmt_csrf_check(&site, one, cmt_null_str)
       && !cmt_csrf_check(&site, cmt_null_str, cmt_null_str),
       "and none is no token");
    is_int(find(&elsewhere, one, NOW, &s), CMT_EMODERATOR,
           "another site does not know it");
    is_int(find(&site, cmt_str("x"), NOW, &s), CMT_EMODERATOR,
           "nor anybody a wrong secret");

    is_int(s.touch, 0, "a young session needs no touch");
    (void) find(&site, one, NOW + CMT_SESSION_TOUCH_SECONDS, &s);
    is_int(s.touch, 1, "an older one does");
    is_int(find(&site, one, NOW + CMT_SESSION_IDLE_SECONDS - 1, &s), CMT_OK,
           "in its last idle second it is there");
    is_int(find(&site, one, NOW + CMT_SESSION_IDLE_SECONDS, &s),
           CMT_EMODERATOR, "and then not");

    (void) !cmt_session_touch_prepare(&site, one, NOW + 3000, arena, &change,
                                      &err);
    cmt_commit(store, &change, 1);
    is_int(cmt_change_result(change)->replayed, 0, "a touch is written");
    is_int(find(&site, one, NOW + 3000 + CMT_SESSION_IDLE_SECONDS - 1, &s),
           CMT_OK, "and keeps it from falling idle");
    cmt_commit(store, &change, 1);
    is_int(cmt_change_result(change)->replayed, 1, "but not twice");

    is_int(cmt_store_maintain(store, NOW + 3000 + 60, NULL), CMT_OK,
           "upkeep");
    is_int(find(&site, one, NOW + 3060, &s), CMT_OK, "leaves what is alive");
    is_int(cmt_store_maintain(store, NOW + CMT_SESSION_IDLE_SECONDS + 10,
                              NULL), CMT_OK, "and drops");
    is_int(find(&site, two, NOW + 100, &s), CMT_EMODERATOR, "what is not");

    (void) !cmt_signout_prepare(&site, one, 0, NOW, arena, &change, &err);
    cmt_commit(store, &change, 1);
    is_int(find(&site, one, NOW + 3001, &s), CMT_EMODERATOR,
           "a sign-out ends it");

    (void) sign_in(&site, "kari", "0123456789", "192.0.2.1", NOW, &one);
    (void) sign_in(&site, "kari", "0123456789", "192.0.2.1", NOW, &two);
    (void) !cmt_signout_prepare(&site, one, 1, NOW, arena, &change, &err);
    cmt_commit(store, &change, 1);
    is_int(find(&site, two, NOW, &s), CMT_EMODERATOR,
           "a sign-out everywhere ends the others, too");

    (void) sign_in(&site, "kari", "0123456789", "192.0.2.1", NOW, &one);
    (void) !cmt_moderator_password(file, cmt_str("kari"),
                                   cmt_str("another one"), &err);
    reload();
    is_int(find(&site, one, NOW, &s), CMT_EMODERATOR,
           "another password ends it");
    (void) sign_in(&site, "kari", "another one", "192.0.2.1", NOW, &one);
    is_int(find(&site, one, NOW, &s), CMT_OK, "a session with it");
    (void) !cmt_moderator_remove(file, cmt_str("kari"), &err);
    reload();
    is_int(find(&site, one, NOW, &s), CMT_EMODERATOR,
           "ends when the moderator goes");

    is_int(cmt_moderator_trusted(moderators, &site, cmt_str("per"), arena,
                                 &who, &err),
           CMT_OK, "nginx may know a moderator");
    is_str(who.actor, "moderator:per", "by name");
    is_int(cmt_moderator_trusted(moderators, &site, cmt_str("pal"), arena,
                                 &who, &err),
           CMT_EMODERATOR, "who must be in the file");
    is_int(cmt_moderator_trusted(NULL, &site, cmt_str("pal"), arena, &who,
                                 &err),
           CMT_OK, "if there is one");
    is_int(cmt_moderator_trusted(NULL, &site, cmt_null_str, arena, &who,
                                 &err),
           CMT_EMODERATOR, "nobody is nobody");
    is_int(sign_in(&site, "per", "", "192.0.2.1", NOW, NULL), CMT_ESIGNIN,
           "who has no password does not sign in");
}


static void
test_limits(void)
{
    int          i, wrong;
    char         address[32];
    cmt_error_t  err;

    (void) !cmt_moderator_add(file, cmt_str("kari"), CMT_ROLE_OWNER,
                              cmt_str("example.com"), cmt_str("0123456789"),
                              &err);
    reload();
    is_int(sign_in(&site, "kari", "0123456789", "198.51.100.1", NOW, NULL),
           CMT_ESIGNIN, "a moderator of another site is nobody");

    for (i = 1, wrong = 0; i < CMT_SIGNIN_OF_NETWORK_MAX; i++) {
        wrong += sign_in(&site, "guess", "guessguess", "198.51.100.2", NOW,
                         NULL) != CMT_ESIGNIN;
    }
    is_int(wrong, 0, "a network may fail so many times");
    is_int(sign_in(&site, "guess", "guessguess", "198.51.100.3", NOW, NULL),
           CMT_EFLOOD, "and not once more");
    is_int(sign_in(&elsewhere, "kari", "0123456789", "198.51.100.3", NOW,
                   NULL), CMT_OK, "which another site does not know");

    for (i = CMT_SIGNIN_OF_NETWORK_MAX - 1, wrong = 0;
         i < CMT_SIGNIN_OF_NAME_MAX; i++)
    {
        snprintf(address, sizeof(address), "203.0.%d.1", i);
        wrong += sign_in(&site, "guess", "guessguess", address, NOW, NULL)
                 != CMT_ESIGNIN;
    }
    is_int(wrong, 0, "a name may be guessed from many networks");
    is_int(sign_in(&site, "guess", "guessguess", "203.1.1.1", NOW, NULL),
           CMT_EFLOOD, "but not without end");
    is_int(sign_in(&site, "other", "guessguess", "203.1.1.1", NOW, NULL),
           CMT_ESIGNIN, "another name may be tried from there");
    is_int(sign_in(&site, "guess", "guessguess", "203.1.1.1",
                   NOW + CMT_SIGNIN_SECONDS, NULL),
           CMT_ESIGNIN, "and later this one, too");
}


/* Attempts that are prepared together do not slip through together. */
static void
test_parallel(void)
{
    size_t            i, good;
    cmt_error_t       err;
    cmt_field_t       fields[2];
    cmt_change_t     *changes[CMT_SIGNIN_OF_NETWORK_MAX + 1];
    cmt_submission_t  in;

    memset(&in, 0, sizeof(in));
    in.form.n = 2;
    in.form.fields = fields;
    in.now = NOW;
    in.address = cmt_str("192.0.9.9");
    fields[0] = (cmt_field_t) { cmt_str("name"), cmt_str("kari") };

    for (i = 0; i <= CMT_SIGNIN_OF_NETWORK_MAX; i++) {
        fields[1] = (cmt_field_t) {
            cmt_str("password"),
            cmt__str_copy(arena, i < CMT_SIGNIN_OF_NETWORK_MAX
                                 ? cmt_str("wrong") : cmt_str("0123456789"))
        };
        (void) !cmt_signin_prepare(store, &elsewhere, moderators, &in, arena,
                                   &changes[i], &err);
    }

    cmt_commit(store, changes, CMT_SIGNIN_OF_NETWORK_MAX + 1);

    for (i = 0, good = 0; i < CMT_SIGNIN_OF_NETWORK_MAX; i++) {
        good += cmt_change_result(changes[i])->rc == CMT_ESIGNIN;
    }

    is_int(good, CMT_SIGNIN_OF_NETWORK_MAX, "guesses at the same time fail");
    is_int(cmt_change_result(changes[i])->rc, CMT_EFLOOD,
           "and the right one behind them is refused");
}


static void
test_many(void)
{
    int             i;
    size_t          n;
    cmt_str_t       first, last;
    cmt_read_t     *read;
    cmt_session_t   s;
    cmt__session_t  one;

    (void) sign_in(&elsewhere, "kari", "0123456789", "192.0.2.1", NOW - 1,
                   &first);

    for (i = 0; i < CMT_SESSIONS_OF_ONE_MAX; i++) {
        (void) sign_in(&elsewhere, "kari", "0123456789", "192.0.2.1",
                       NOW + i, &last);
    }

    (void) !cmt_read_begin(store, &read, NULL);
    memset(&one, 0, sizeof(one));
    for (n = 0; cmt__session_next(read, 2, &one) == CMT_OK; n++) { }
    cmt_read_end(read);

    is_int(n, CMT_SESSIONS_OF_ONE_MAX, "a moderator has so many sessions");
    is_int(find(&elsewhere, first, NOW, &s), CMT_EMODERATOR,
           "the oldest has ended");
    is_int(find(&elsewhere, last, NOW + i, &s), CMT_OK,
           "the newest has not");
}


/* Processor time of some sign-ins that fail. */
static double
work(const char *name)
{
    int      i;
    clock_t  began;

    began = clock();

    for (i = 0; i < 5; i++) {
        (void) sign_in(&elsewhere, name, "not the password", "192.0.8.8",
                       NOW + 86400, NULL);
    }

    return (double) (clock() - began);
}


static void
test_names(void)
{
    double  known, unknown;

    known = work("kari");
    unknown = work("nobody");
    ok(unknown > known / 2 && unknown < known * 2,
       "a name that is not there costs as much as one that is");
}


int
main(void)
{
    if (!site_begin()) {
        return 1;
    }

    snprintf(file, sizeof(file), "%s/moderators", dir);

    test_file();
    test_writers();

    /* both sites are known to the store */
    (void) post("first");
    (void) ask(cmt_submit_prepare, &elsewhere, 0, other, NULL, NOW,
               "{\"page\":\"/p\",\"name\":\"n\",\"email\":\"b@example.org\","
               "\"text\":\"there\"}", NULL);

    test_sessions();
    test_limits();
    test_parallel();
    test_many();
    test_names();
    cmt_moderators_free(moderators);

    return site_done();
}
