/*
 * Machines that are kept: an evaluation in one that others ran in before is to
 * the byte the one in a machine made for it, whatever they did.
 */

#include <dirent.h>
#include <pthread.h>

#include "rules_judge.h"


#define POISON        "t/lua/poison.lua"
#define ABUSE         "t/lua/abuse/"
#define POLICIES      "lua/policies/"
#define THREADS       8
#define EVALUATIONS   40


/* Time decides nothing here: with sanitizers it would. */
static const cmt_rules_budget_t  budget = {
    CMT_RULES_STEPS_DEFAULT, CMT_RULES_MEMORY_DEFAULT, 60000, 0, 0
};

#define COMMENTS  4

static const char *const  comments[COMMENTS] = {
    "{}",
    "{\"id\":118,\"time\":1704067200,\"text\":\"Idi\\u200bot! See"
    " http://a.example/x and http://b.example/, \\u041fривет @ola\","
    "\"author\":{\"name\":\"Kari\",\"approved\":0,\"url\":\"http://t.co/x\"},"
    "\"form\":{\"seconds\":1,\"honeypot\":false},"
    "\"parent\":{\"text\":\"What?\",\"author\":{\"name\":\"Ola\"}}}",
    "{\"text\":\"COME AND SEE WHAT WE HAVE FOR YOU ALL TODAY, DEAR FRIENDS\","
    "\"author\":{\"approved\":9,\"proof\":\"cookie\"}}",
    "{\"author\":{\"role\":\"staff\"},\"event\":\"edit\"}"
};


/* The receipt without "us", which the caller frees. */

static char *
receipt_of(const cmt_ruleset_t *rules, const char *comment)
{
    char  *us;

    run(rules, comment);
    us = strstr(receipt, "\"us\":");

    if (us != NULL) {
        memmove(us, strchr(us, ','), strlen(strchr(us, ',')) + 1);
    }

    return strdup(receipt[0] != '\0' ? receipt : err.detail);
}


static cmt_ruleset_t *
load_paths(const char *const *paths, size_t n, size_t kept_max)
{
    cmt_ruleset_t  *rules;

    if (cmt_ruleset_load(paths, n, &budget, &rules, &err) != CMT_OK) {
        return NULL;
    }

    rules->stock->n_max = kept_max;
    cmt__stock_empty(rules->stock);

    return rules;
}


/* How many machines are idle. */

static size_t
idle(cmt_ruleset_t *rules)
{
    size_t                n, i;
    static cmt__engine_t  e[2 * CMT__RULES_KEPT_MAX];

    memset(e, 0, sizeof(e));

    for (n = 0; n < 2 * CMT__RULES_KEPT_MAX; n++) {
        e[n].ruleset = rules;

        if (!cmt__kept_take(&e[n])) {
            break;
        }
    }

    for (i = 0; i < n; i++) {
        cmt__kept_give(&e[i]);
    }

    return n;
}


/*
 * The memory of the idle machine as the next comment gets it.  The caller
 * frees it.  The engine is always the same, because the state names it.
 */

static char *
memory_of(cmt_ruleset_t *rules, size_t *len)
{
    char                 *all;
    cmt__chunk_t         *c;
    static cmt__engine_t  e;

    memset(&e, 0, sizeof(e));
    e.ruleset = rules;
    *len = 0;

    if (!cmt__kept_take(&e)) {
        return NULL;
    }

    all = malloc(2 * e.heap.used);

    for (c = e.heap.newest; c != NULL; c = c->older) {
        memcpy(all + *len, c->data, c->used);
        *len += c->used;
    }

    cmt__kept_give(&e);

    return all;
}


static int
same_memory(cmt_ruleset_t *rules, const char *wanted, size_t wanted_len)
{
    int     same;
    char   *got;
    size_t  len;

    got = memory_of(rules, &len);
    same = got != NULL && len == wanted_len && memcmp(got, wanted, len) == 0;
    free(got);

    return same;
}


/* Writes an attack on each name of the sandbox, and what checks them all. */

static void
write_names(FILE *out)
{
    char                  name[64];
    const char           *library;
    const cmt__global_t  *g;

    fputs("function setting(...) return { ..., n = 2, one = \"1\" } end\n"
          "local evil = { 1, \"2\", {} }\nattacks = {}\nlocal saved = {}\n"
          "local function add(f) attacks[#attacks + 1] = f end\n", out);
    library = NULL;

    for (g = cmt__globals; g->name != NULL; g++) {
        (void) snprintf(name, sizeof(name), "%s%s%s",
                        g->library != NULL ? g->library : "",
                        g->library != NULL ? "." : "", g->name);

        fprintf(out, "saved[\"%s\"] = %s\n"
                "add(function() %s = evil end)\n", name, name, name);

        if (g->library != NULL
            && (library == NULL || strcmp(library, g->library) != 0))
        {
            library = g->library;
            fprintf(out, "add(function() %s = evil end)\n"
                    "add(function() %s.new = evil end)\n"
                    "add(function() table.insert(%s, evil) end)\n"
                    "add(function() table.remove(%s) end)\n"
                    "add(function() table.sort(%s) end)\n"
                    "add(function() for k in pairs(%s) do %s[k] = nil end"
                    " end)\n", library, library, library, library, library,
                    library, library);
        }

        if (g->function != NULL
            || (g->library != NULL && strcmp(g->library, "std") == 0))
        {
            fprintf(out, "add(function() %s(evil, evil, evil) end)\n"
                    "add(function(c) %s(c.text, -1, evil) end)\n"
                    "add(function(c) %s(c, function() evil = c end) end)\n",
                    name, name, name);
        }
    }

    fputs("local n_saved = 0\n"
          "for _ in pairs(saved) do n_saved = n_saved + 1 end\n"
          "function names_are_right()\n"
          "  print(n_saved, #evil, evil[1], evil[2])\n", out);

    for (g = cmt__globals; g->name != NULL; g++) {
        (void) snprintf(name, sizeof(name), "%s%s%s",
                        g->library != NULL ? g->library : "",
                        g->library != NULL ? "." : "", g->name);
        fprintf(out, "  assert(saved[\"%s\"] == %s)\n", name, name);
    }

    fputs("end\n", out);
}


static void
test_poison(void)
{
    int             i, n, differ, leaked, other;
    char            path[256], comment[64], *want, *mine, *theirs, *memory;
    size_t          len;
    FILE           *out;
    cmt_ruleset_t  *kept, *anew;
    const char     *paths[2] = { path, POISON };

    static const char  probe[] = "{\"text\":\"probe\",\"id\":7}";

    path_of(path, 1);
    out = fopen(path, "w");
    write_names(out);
    (void) fclose(out);

    kept = load_paths(paths, 2, CMT__RULES_KEPT_MAX);
    anew = load_paths(paths, 2, 0);

    if (!ok(kept != NULL && anew != NULL, "the files of this test load")) {
        note("%s", err.detail);
        exit(1);
    }

    want = receipt_of(anew, probe);
    has("\"errors\":[]", "a probe finds all as it was loaded");
    n = 0;
    (void) sscanf(strstr(want, "attacks"), "attacks\\t%d", &n);
    mine = receipt_of(kept, probe);
    is_text(mine, want, "so does the first one in a machine that is kept");
    free(mine);
    is_int(idle(anew), 0, "one ruleset keeps no machine");
    is_int(idle(kept), 1, "the other does");
    memory = memory_of(kept, &len);
    note("%d attacks; %zu bytes are copied back after each", n, len);

    differ = leaked = other = 0;

    for (i = 1; i <= n; i++) {
        (void) snprintf(comment, sizeof(comment), "{\"text\":\"%d\"}", i);
        mine = receipt_of(kept, comment);
        theirs = receipt_of(anew, comment);

        if (strcmp(mine, theirs) != 0) {
            differ++;
            note("attack %d: %s", i, mine);
            note("in a new one: %s", theirs);
        }

        free(mine);
        free(theirs);

        other += !same_memory(kept, memory, len);
        mine = receipt_of(kept, probe);
        leaked += strcmp(mine, want) != 0;
        free(mine);
    }

    ok(n > 500, "there are many attacks");
    is_int(differ, 0, "each of them ends as it does in a new machine");
    is_int(leaked, 0, "none leaves anything that the next probe sees");
    is_int(other, 0, "nor a byte of memory");
    is_int(idle(kept), 1, "all of that was one machine");

    free(want);
    free(memory);
    cmt_ruleset_free(kept);
    cmt_ruleset_free(anew);
}


/* Each file, with the first n comments, twice; what varies by Lua's hash seed
 * is compared up to the verdict. */

static void
compare(const char *path, size_t n_paths, size_t n, int varies)
{
    int             differ;
    char           *mine, *theirs;
    size_t          i;
    cmt_ruleset_t  *kept, *anew;

    kept = load_paths(&path, n_paths, CMT__RULES_KEPT_MAX);
    anew = load_paths(&path, n_paths, 0);

    if (kept == NULL || anew == NULL) {
        ok(kept == anew && strncmp(path, ABUSE, strlen(ABUSE)) == 0, path);
        return;
    }

    differ = 0;

    for (i = 0; i < 2 * n; i++) {
        mine = receipt_of(kept, comments[i % n]);
        theirs = receipt_of(anew, comments[i % n]);

        if (varies) {
            mine[20] = theirs[20] = '\0';
        }

        if (strcmp(mine, theirs) != 0) {
            differ++;
            note("kept: %s", mine);
            note("anew: %s", theirs);
        }

        free(mine);
        free(theirs);
    }

    is_int(differ, 0, path);
    cmt_ruleset_free(kept);
    cmt_ruleset_free(anew);
}


static int
varies(const char *path)
{
    char     head[512];
    FILE    *in;
    size_t   n;

    in = fopen(path, "r");
    n = fread(head, 1, sizeof(head) - 1, in);
    head[n] = '\0';
    (void) fclose(in);

    return strstr(head, "-- varies: ") != NULL;
}


static void
test_folder(const char *name, size_t n)
{
    DIR            *dir;
    char            path[512];
    struct dirent  *entry;

    dir = opendir(name);

    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        if (strstr(entry->d_name, ".lua") != NULL) {
            (void) snprintf(path, sizeof(path), "%s%s", name, entry->d_name);
            compare(path, 1, n, varies(path));
        }
    }

    (void) closedir(dir);
}


/* What files that run leave outside of the machine. */

static void
test_outside(void)
{
    char            *mine;
    cmt_ruleset_t   *rules;

    rules = load("print('loading') " RULE("r", "print('judging')"), NULL,
                 NULL);
    mine = receipt_of(rules, "{}");
    has("\"trace\":\"loading\\njudging\\n\"", "a file may print");
    is_int(idle(rules), 0, "then its machine is not kept");
    free(mine);
    mine = receipt_of(rules, "{}");
    has("\"trace\":\"loading\\njudging\\n\"", "and each comment has it");
    free(mine);
    cmt_ruleset_free(rules);

    rules = load("local h = hold(nil, { note = 'secret', redact = 'secret' })"
                 RULE("r", "return h"), NULL, NULL);
    mine = receipt_of(rules, "{}");
    has("\"note\":\"•••\"", "a file may make a verdict that redacts");
    is_int(idle(rules), 0, "then its machine is not kept");
    free(mine);
    mine = receipt_of(rules, "{}");
    has("\"note\":\"•••\"", "and each comment has it");
    free(mine);
    cmt_ruleset_free(rules);
}


static void
says(cmt_ruleset_t *rules, const char *language, const char *want,
    const char *sentence)
{
    int              rc;
    cmt_str_t        l;
    cmt__facts_t     facts;
    cmt__decision_t  d;

    l.data = language;
    l.len = strlen(language);
    cmt_arena_reset(arena);
    cmt__facts_default(&facts);
    rc = cmt__rules_evaluate(rules, &facts, l, arena, &d, &err);

    if (rc == CMT_OK) {
        is_str(d.message, want, sentence);
    } else {
        is_text(err.detail, want, sentence);
    }
}


static void
test_language(void)
{
    int             i;
    cmt_ruleset_t  *rules;

    rules = load("local h = hold({ en = 'Wait.', nb = 'Vent.' })"
                 RULE("r", "return h"), NULL, NULL);

    for (i = 0; i < 2; i++) {
        says(rules, "en", "Wait.", "words that a file chose");
        says(rules, "nb", "Vent.", "are those of each author");
    }

    is_int(idle(rules), 0, "a machine of theirs is not for all");
    cmt_ruleset_free(rules);

    rules = load("local h = hold('Vent.')" RULE("r", "return h"), NULL, NULL);
    says(rules, "en", "Vent.", "words of no language");
    says(rules, "nb", "Vent.", "need only one");
    cmt_ruleset_free(rules);

    rules = load("if std.words('held'):find('Thank') then "
                 RULE("one", "return hold('One.')") "end "
                 RULE("two", "return hold('Two.')"), NULL, NULL);
    says(rules, "en", "One.", "a file that registers by the language");
    says(rules, "nb", "the files do not register what they did when they were"
         " loaded", "mixes up no rules");
    cmt_ruleset_free(rules);

    write_file(3, "idiot\n", 6);
    rules = load("if not std.words('held'):find('Thank') then "
                 "list('r3.lua') end " RULE("r", "return hold('One.')"), NULL,
                 NULL);
    says(rules, "en", "One.", "one that reads a list by it");
    says(rules, "nb", "r1.lua:1: the files do not register what they did when"
         " they were loaded", "gets none that was not read");
    cmt_ruleset_free(rules);

    write_file(2, "local x = 1\n", 12);
    rules = load("if not std.words('held'):find('Thank') then "
                 "include('r2.lua') end " RULE("r", "return hold('One.')"),
                 NULL, NULL);
    says(rules, "nb", "r1.lua:1: the files do not register what they did when"
         " they were loaded", "nor a file that was not compiled");
    cmt_ruleset_free(rules);
}


/* How many are kept, and how large they may be. */

static void
test_limits(void)
{
    int             i;
    char            source[256];
    cmt_ruleset_t  *rules;
    cmt__engine_t   e[CMT__RULES_KEPT_MAX + 1];

    rules = load(RULE("r", "return score(1)"), NULL, NULL);
    memset(e, 0, sizeof(e));
    is_int(idle(rules), 0, "a ruleset without tests has no machine yet");

    for (i = 0; i <= CMT__RULES_KEPT_MAX; i++) {
        run(rules, "{}");
        e[i].ruleset = rules;
        (void) cmt__kept_take(&e[i]);
    }

    for (i = 0; i < CMT__RULES_KEPT_MAX; i++) {
        cmt__kept_give(&e[i]);
    }

    is_int(idle(rules), CMT__RULES_KEPT_MAX, "so many can be idle");
    cmt__kept_give(&e[i]);
    is_int(idle(rules), CMT__RULES_KEPT_MAX, "and not one more");

    rules->budget.memory_bytes_max /= 2;
    is_int(idle(rules), 0, "none is of use when memory is another");
    run(rules, "{}");
    has("\"score\":1", "a comment gets one that is");
    is_int(idle(rules), 1, "which is kept beside them");
    cmt_ruleset_free(rules);

    for (i = 0; i < 2; i++) {
        (void) snprintf(source, sizeof(source), "local t = {}\n"
                        "for i = 1, 2 do t[i] = ('x'):rep(%d) end\n"
                        RULE("r", "return score(#t)"),
                        i == 0 ? 690000 : 700000);
        rules = load(source, NULL, NULL);
        run(rules, "{}");
        has("\"score\":2", "files may make much");
        is_int(idle(rules), i == 0, i == 0 ? "up to 2 MB of it is kept"
                                           : "but not more");
        cmt_ruleset_free(rules);
    }
}


/* Threads that attack and probe one ruleset, all at once. */

typedef struct {
    pthread_t        thread;
    int              number, wrong;
    cmt_ruleset_t   *rules;
} judge_t;


static void *
judge_many(void *data)
{
    int               i;
    judge_t          *j;
    cmt_arena_t      *mine;
    cmt__facts_t      facts;
    cmt__decision_t   d;

    j = data;
    mine = cmt_arena_create(CMT_ARENA_BYTES_MAX);
    cmt__facts_default(&facts);

    for (i = 0; i < EVALUATIONS; i++) {
        cmt_arena_reset(mine);
        facts.id = (uint64_t) (1000 * j->number + i);

        if (cmt__rules_evaluate(j->rules, &facts, cmt_str("en"), mine, &d,
                                NULL) != CMT_OK
            || d.score != 1000 * (int64_t) facts.id)
        {
            j->wrong++;
        }
    }

    cmt_arena_destroy(mine);

    return NULL;
}


static void
test_threads(void)
{
    int             i, wrong;
    judge_t         judges[THREADS];
    cmt_ruleset_t  *rules;

    rules = load("local sum, t = 0, {}\n"
                 RULE("a", "for i = 1, 200 do t[i] = c.id end sum = sum + #t")
                 RULE("b", "for i = 1, 200 do sum = sum + t[i] end "
                           "return score((sum - 200) / 200)"), NULL, NULL);
    wrong = 0;

    for (i = 0; i < THREADS; i++) {
        judges[i].number = i;
        judges[i].wrong = 0;
        judges[i].rules = rules;
        (void) pthread_create(&judges[i].thread, NULL, judge_many, &judges[i]);
    }

    for (i = 0; i < THREADS; i++) {
        (void) pthread_join(judges[i].thread, NULL);
        wrong += judges[i].wrong;
    }

    is_int(wrong, 0, "many threads decide at once, each for itself");
    ok(idle(rules) <= CMT__RULES_KEPT_MAX, "and leave some machines");
    cmt_ruleset_free(rules);
}


int
main(void)
{
    begin();
    test_poison();
    compare("the built-in rules", 0, COMMENTS, 0);
    test_folder(POLICIES, COMMENTS);
    test_folder(ABUSE, 2);
    test_outside();
    test_language();
    test_limits();
    test_threads();
    end();

    return done();
}
