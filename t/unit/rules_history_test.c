/*
 * The files of rules that served, in a store: what makes a ruleset, whole and
 * by whatever names; which of them stay, and what the check proves of them.
 */

#include <ftw.h>
#include <sys/stat.h>

#include "rules_judge.h"
#include "core/store/schema.h"


#define ADDED  30

static cmt_store_t  *store;
static uint64_t      told;


static void
tell(void *ctx, const char *line)
{
    (void) ctx;
    printf("# %s\n", line);
    told++;
}


/* What the check finds. */

static int64_t
problems(void)
{
    uint64_t  n;

    told = 0;

    return cmt_store_check(store, tell, NULL, &n, &err) == CMT_OK
           ? (int64_t) n : -1;
}


static int
entries(char kind)
{
    int          rc, n;
    MDB_val      k, v;
    cmt_read_t  *read;
    MDB_cursor  *cursor;

    (void) !cmt_read_begin(store, &read, NULL);
    (void) !cmt__cursor(read, CMT__GENERATIONS, &cursor);
    n = 0;

    for (rc = mdb_cursor_get(cursor, &k, &v, MDB_FIRST); rc == 0;
         rc = mdb_cursor_get(cursor, &k, &v, MDB_NEXT))
    {
        n += *(const char *) k.mv_data == kind;
    }

    mdb_cursor_close(cursor);
    cmt_read_end(read);

    return n;
}


/* A comment that a ruleset decided; with the digest's first byte alone. */

static void
decided_by(uint8_t first)
{
    char            json[128];
    uint32_t        site;
    cmt_str_t       packed;
    cmt__entry_t    entry;
    cmt__write_t   *write;
    cmt__thread_t   thread;
    cmt__comment_t  c;

    (void) !cmt__write_begin(store, &write, NULL);
    (void) !cmt__site_make(write, cmt_str("s"), &site, NULL);

    memset(&thread, 0, sizeof(thread));
    memset(&c, 0, sizeof(c));
    memset(&entry, 0, sizeof(entry));
    thread.site = site;
    thread.page = cmt_str("/");

    if (cmt__thread_find(cmt__write_view(write), site, thread.page, &thread)
        == CMT_ENOTFOUND)
    {
        (void) !cmt__thread_put(write, &thread, NULL);
    }

    c.status = CMT_APPROVED;
    c.kind = CMT_COMMENT;
    c.created = 1000;
    c.name = cmt_str("N");
    c.text = c.html = cmt_str("text");
    (void) !cmt__comment_add(write, &thread, NULL, 1, NULL, &c, NULL);

    (void) snprintf(json, sizeof(json), "{\"verdict\":\"hold\",\"ruleset\":"
                    "\"%02x000000000000000000000000000000\"}", first);
    (void) !cmt__receipt_pack(arena, (cmt_str_t) { strlen(json), json },
                              &packed);
    (void) !cmt__receipt_put(write, c.id, packed, NULL);

    entry.did = CMT__DID_SUBMIT;
    entry.after = CMT_APPROVED;
    entry.comment = c.id;
    entry.actor = cmt_str("test");
    (void) !cmt__journal_append(write, &entry, NULL);
    (void) !cmt__write_commit(write, NULL);
}


static void
add_generation(uint8_t first, const char *text)
{
    cmt__write_t       *write;
    cmt__source_t       sources[2];
    cmt__generation_t   g;

    memset(&g, 0, sizeof(g));
    g.digest[0] = first;
    g.since = first;
    g.n = 2;
    g.sources = sources;
    sources[0] = (cmt__source_t) { CMT__SOURCE_MAIN, cmt_str("/etc/r.lua"),
                                   { strlen(text), text } };
    sources[1] = (cmt__source_t) { CMT__SOURCE_READ, cmt_str("/etc/w.txt"),
                                   cmt_str("shared by all") };

    (void) !cmt__write_begin(store, &write, NULL);
    (void) !cmt__generation_put(write, &g, NULL);
    (void) !cmt__write_commit(write, NULL);
}


static int
has_generation(uint8_t first)
{
    int          rc;
    uint8_t      digest[CMT_HASH_BYTES] = { first };
    uint32_t     seq;
    cmt_read_t  *read;

    (void) !cmt_read_begin(store, &read, NULL);
    rc = cmt__generation_find(read, digest, &seq);
    cmt_read_end(read);

    return rc == CMT_OK;
}


static void
open_store(const char *name)
{
    char  path[256];

    (void) snprintf(path, sizeof(path), "%s/%s", folder, name);

    if (cmt_store_open(path, CMT_STORE_CREATE, (size_t) 1 << 30, &store, &err)
        != CMT_OK)
    {
        printf("Bail out! %s\n", err.detail);
        exit(1);
    }
}


/* Links, other names of one file, tests, a folder: all of it from the store,
 * after the files are gone. */

static void
test_whole(void)
{
    char            path[256], link[256], command[512], before[65536];
    const char     *given[1] = { path };
    cmt_rules_t    *rules;
    cmt_ruleset_t  *ruleset;

    static const char  comment[] = "{\"text\":\"You fool, and casino\"}";

    (void) snprintf(path, sizeof(path), "%s/real", folder);
    (void) mkdir(path, 0755);
    (void) snprintf(path, sizeof(path), "%s/real/lists", folder);
    (void) mkdir(path, 0755);
    (void) snprintf(path, sizeof(path), "%s/real", folder);
    (void) snprintf(link, sizeof(link), "%s/link", folder);
    (void) !symlink("real", link);

    put("real/main.lua", "include 'tone.lua'\ninclude './tone.lua'\n"
        "local a, b = list('lists/a.txt'), list('./lists/a.txt')\n"
        "rule('a', function(c) return score(1, c:find(a)) end)\n"
        "rule('b', function(c) return hold('b', c:find_all(b)) end)\n");
    put("real/tone.lua", "rule('tone', function(c) return score(2, 't') "
        "end)\n");
    put("real/main_test.lua", "test('t', { text = 'x' }, 'hold')\n");
    put("real/lists/a.txt", "casino\nfool\n");
    (void) snprintf(path, sizeof(path), "%s/link/main.lua", folder);

    is_int(cmt_rules_open(given, 1, NULL, 0, 0, 0, &rules, &err), CMT_OK,
           "rules serve, by way of a link");
    is_int(cmt_rules_keep(store, rules, 1000, &err), CMT_OK, "are kept");
    is_int(cmt_rules_keep(store, rules, 1001, &err), CMT_OK, "and again");
    is_int(entries('g'), 1, "once");
    is_int(entries('s'), 4, "each of their files once");

    ruleset = cmt_rules_take(rules);
    run(ruleset, comment);
    cmt_ruleset_free(ruleset);
    cmt_rules_close(rules);
    (void) snprintf(before, sizeof(before), "%s", receipt);

    (void) snprintf(command, sizeof(command), "rm -rf %s/real", folder);
    (void) !system(command);

    is_int(cmt_ruleset_load_kept(store, (cmt_str_t) { 32,
                                 strstr(before, "\"ruleset\":\"") + 11 }, 1,
                                 &ruleset, &err), CMT_OK,
           "they load from the store when the files are gone");
    run(ruleset, comment);
    cmt_ruleset_free(ruleset);

    *strstr(before, ",\"us\":") = '\0';
    ok(strncmp(before, receipt, strlen(before)) == 0,
       "and decide as they did");
    is_int(problems(), 0, "the check finds nothing");
}


static void
test_too_large(void)
{
    char          path[256], *line;
    FILE         *out;
    size_t        i, n;
    const char   *given[1] = { path };
    cmt_rules_t  *rules;

    path_of(path, 1);
    put("r1.lua", "local a, b, c = list('1.txt'), list('2.txt'),"
        " list('3.txt')\nrule('a', function(c) end)\n");
    line = "word of many letters that is long enough to fill a list ";

    for (n = 1; n <= 3; n++) {
        (void) snprintf(path, sizeof(path), "%s/%zu.txt", folder, n);
        out = fopen(path, "w");

        for (i = 0; i < 25000; i++) {
            (void) fprintf(out, "# %s %zu\n", line, i);
        }

        (void) fprintf(out, "x%zu\n", n);
        (void) fclose(out);
    }

    path_of(path, 1);
    is_int(cmt_rules_open(given, 1, NULL, 0, 0, 0, &rules, &err), CMT_OK,
           "rules with very long lists serve");
    is_int(cmt_rules_keep(store, rules, 1000, &err), CMT_OK, "without a fuss");
    is_int(entries('g'), 1, "but are not kept");
    cmt_rules_close(rules);
}


static void
test_pruned(void)
{
    int      i, left;
    char     text[32];

    open_store("prune");

    for (i = 1; i <= ADDED; i++) {
        (void) snprintf(text, sizeof(text), "-- %d", i / 2);
        add_generation((uint8_t) i, text);
    }

    decided_by(1);
    decided_by(4);
    decided_by(4);
    is_int(problems(), 0, "thirty of them are whole");

    is_int(cmt_store_maintain(store, 2000, &err), CMT_OK, "upkeep");

    for (i = 1, left = 0; i <= ADDED; i++) {
        left += has_generation((uint8_t) i);
    }

    is_int(left, CMT_GENERATIONS_KEPT + 2,
           "the newest stay, and those that receipts name");
    ok(has_generation(1) && has_generation(4), "which are these");
    ok(!has_generation(2) && !has_generation(10) && has_generation(11),
       "and not those");
    is_int(problems(), 0, "no text is missing, and none too many");
    is_int(cmt_store_maintain(store, 2000, &err), CMT_OK, "upkeep again");
    is_int(entries('g'), CMT_GENERATIONS_KEPT + 2, "changes nothing");

    for (i = ADDED + 1; i <= CMT_GENERATIONS_MAX + 5; i++) {
        (void) snprintf(text, sizeof(text), "-- %d", i);
        add_generation((uint8_t) i, text);
        decided_by((uint8_t) i);
    }

    is_int(cmt_store_maintain(store, 2000, &err), CMT_OK, "upkeep of many");
    is_int(entries('g'), CMT_GENERATIONS_MAX + 5 - ADDED + 2,
           "all that receipts name stay, up to the limit");

    for ( ; i <= CMT_GENERATIONS_MAX + 45; i++) {
        (void) snprintf(text, sizeof(text), "-- %d", i);
        add_generation((uint8_t) i, text);
        decided_by((uint8_t) i);
    }

    is_int(cmt_store_maintain(store, 2000, &err), CMT_OK, "upkeep past it");
    is_int(entries('g'), CMT_GENERATIONS_MAX, "the limit holds");
    ok(!has_generation(1), "the oldest has gone");
    is_int(problems(), 0, "and all is whole");
}


static void
damage(const char *key, size_t len, const char *value)
{
    cmt__write_t  *write;

    (void) !cmt__write_begin(store, &write, NULL);

    if (value != NULL) {
        (void) !cmt__put(write, CMT__GENERATIONS, key, len, value,
                         strlen(value), NULL);
    } else {
        (void) !cmt__del(write, CMT__GENERATIONS, key, len, NULL);
    }

    (void) !cmt__write_commit(write, NULL);
}


static void
test_damaged(void)
{
    char     key[1 + CMT_HASH_BYTES] = { 's' };
    uint8_t  digest[CMT_HASH_BYTES] = { 7 };

    open_store("damage");
    add_generation(7, "-- a text");
    is_int(problems(), 0, "one that is whole");

    memset(key + 1, 1, CMT_HASH_BYTES);
    damage(key, sizeof(key), "a text");
    is_int(problems(), 2, "a text of another hash, which nothing needs");
    damage(key, sizeof(key), NULL);
    is_int(problems(), 0, "and without it");

    key[0] = 'd';
    memcpy(key + 1, digest, sizeof(digest));
    damage(key, sizeof(key), "\2\1\1\1");
    is_int(problems(), 1, "a digest of another number");
    damage(key, sizeof(key), NULL);
    is_int(problems(), 2, "one that is not there");
    damage("g\0\0\0\1", 5, "too short");
    ok(problems() > 1, "a record that is too short");
    damage("x", 1, "?");
    ok(problems() > 2, "a key of no kind");
}


/* Are the files of the rules that serve in the store? */

static int
is_kept(cmt_rules_t *rules)
{
    int             rc;
    uint8_t         digest[CMT_HASH_BYTES];
    uint32_t        seq;
    cmt_read_t     *read;
    cmt_ruleset_t  *ruleset;

    ruleset = cmt_rules_take(rules);
    (void) cmt__unhex((cmt_str_t) { 2 * CMT_HASH_BYTES,
                                    cmt_ruleset_digest(ruleset) },
                      digest, CMT_HASH_BYTES);
    cmt_ruleset_free(ruleset);

    rc = cmt_read_begin(store, &read, &err);
    if (rc == CMT_OK) {
        rc = cmt__generation_find(read, digest, &seq);
        cmt_read_end(read);
    }

    return rc == CMT_OK;
}


static void
test_faults(void)
{
    int             rc, opened, wrong;
    long            n, left;
    char            path[256], text[128];
    const char     *given[1] = { path };
    cmt_rules_t    *rules;
    cmt_ruleset_t  *ruleset;

    open_store("faults");
    path_of(path, 1);
    put("tone.lua", "-- nothing");

    for (n = 1, left = 0, wrong = 0; n < 2000 && left == 0; n++) {
        (void) snprintf(text, sizeof(text), "include 'tone.lua'\n"
                        RULE("a", "return hold('%ld')"), n);
        put("r1.lua", text);

        (void) cmt__arena_fail_at(n);
        rc = cmt_rules_open(given, 1, NULL, 0, 0, 0, &rules, &err);
        opened = rc == CMT_OK;

        if (opened) {
            rc = cmt_rules_keep(store, rules, 1000, &err);
        }

        left = cmt__arena_fail_at(0);
        wrong += left == 0 ? rc != CMT_ENOMEM
                           : rc != CMT_OK || !is_kept(rules);

        if (opened) {
            cmt_rules_close(rules);
        }
    }

    ok(n > 12 && left > 0, "each allocation of keeping fails");
    is_int(wrong, 0, "which is told, and then not any more");
    is_int(problems(), 0, "and leaves the store whole");

    (void) !cmt_rules_open(given, 1, NULL, 0, 0, 0, &rules, &err);
    ruleset = cmt_rules_take(rules);
    (void) snprintf(path, sizeof(path), "%s", cmt_ruleset_digest(ruleset));
    cmt_ruleset_free(ruleset);
    cmt_rules_close(rules);

    for (n = 1, left = 0, wrong = 0; n < 2000 && left == 0; n++) {
        (void) cmt__arena_fail_at(n);
        rc = cmt_ruleset_load_kept(store, (cmt_str_t) { 32, path }, 1,
                                   &ruleset, &err);
        left = cmt__arena_fail_at(0);
        wrong += rc != (left == 0 ? CMT_ENOMEM : CMT_OK);

        if (rc == CMT_OK) {
            cmt_ruleset_free(ruleset);
        }
    }

    ok(n > 12 && left > 0, "each allocation of loading them fails");
    is_int(wrong, 0, "which is told, and then not any more");
}


static int
forget(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void) st;
    (void) type;
    (void) ftw;

    return remove(path);
}


int
main(void)
{
    begin();
    open_store("store");
    test_whole();
    test_too_large();
    cmt_store_close(store);
    test_pruned();
    cmt_store_close(store);
    test_damaged();
    cmt_store_close(store);
    test_faults();
    cmt_store_close(store);

    cmt_arena_destroy(arena);
    (void) nftw(folder, forget, 8, FTW_DEPTH | FTW_PHYS);

    return done();
}
