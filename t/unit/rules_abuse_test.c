/*
 * Files that attack the sandbox, t/lua/abuse.  Each says at its top what must
 * come of it:
 *
 *     -- expect: hold           a verdict, or "load": the file is refused
 *     -- note: substring        of the receipt, or of the refusal
 *     -- comment: {"id":7}      that is judged; {} when there is none
 *     -- alone: why             the rules behind this one do not run
 *     -- varies: why            only the verdict is the same in each process
 *
 * A second process judges all of them again, where memory lies elsewhere and
 * Lua's hash seed is another: the receipts must be the same.
 */

#include <dirent.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tap.h"


#define FOLDER         "t/lua/abuse/"
#define WITNESS        "t/lua/witness.lua"
#define WITNESS_NOTE   "the rules behind ran"
#define FILES_MAX      1000
#define HEAD_BYTES     8192
#define RUNS           500
#define ARENA_BYTES    (8 * 1024 * 1024)

/* What one evaluation may leave in its caller's arena: the receipt. */
#define LEFT_BYTES     (128 * 1024)

/* The processor time is not to decide here: a sanitizer takes its own. */
#define CPU_MS         60000


typedef struct {
    char             path[256];
    char             head[HEAD_BYTES];
    char            *expect, *note, *comment, *alone, *varies;
    cmt_ruleset_t   *rules;
    cmt_error_t      err;
    cmt_arena_t     *arena;
    char            *receipt;            /* without the time it took */
    double           ms;
} abuse_t;


static void judge_all(char **names, size_t n, FILE *out, int tell);
static void judge(abuse_t *a, FILE *out, int tell);
static void read_head(abuse_t *a);
static char *line_of(const abuse_t *a, const char *word);
static int run(abuse_t *a);
static int as_expected(abuse_t *a);
static int within_limits(abuse_t *a);
static size_t list(char **names);
static void forget(char **names, size_t n);
static double cpu_ms(void);


static double  slowest;
static char    slowest_path[256];


int
main(int argc, char **argv)
{
    char          *names[FILES_MAX], *mine, *theirs, command[600];
    FILE          *out, *other;
    size_t         n, len, got;
    struct mallinfo2  before, after;

    n = list(names);

    if (argc > 1 && strcmp(argv[1], "receipts") == 0) {
        judge_all(names, n, stdout, 0);
        forget(names, n);
        return 0;
    }

    ok(n >= 100, "there are at least 100 files of abuse");

    mine = NULL;
    out = open_memstream(&mine, &len);
    judge_all(names, n, out, 1);
    (void) fclose(out);

    theirs = calloc(1, len + 2);
    (void) snprintf(command, sizeof(command), "'%s' receipts", argv[0]);
    other = popen(command, "r");
    got = fread(theirs, 1, len + 1, other);

    ok(pclose(other) == 0, "another process judges them too");
    ok(got == len && memcmp(mine, theirs, len) == 0,
       "and all its receipts are the same");
    note("slowest: %s with %.1f ms", slowest_path, slowest);

    /* Two rounds so that what libraries keep for themselves is there. */
    judge_all(names, n, NULL, 0);
    before = mallinfo2();
    judge_all(names, n, NULL, 0);
    after = mallinfo2();
    ok(after.uordblks <= before.uordblks + 4096
       && after.hblkhd <= before.hblkhd,
       "the memory of the process is back where it was");

    free(mine);
    free(theirs);
    forget(names, n);

    return done();
}


static void
forget(char **names, size_t n)
{
    while (n > 0) {
        free(names[--n]);
    }
}


static void
judge_all(char **names, size_t n, FILE *out, int tell)
{
    size_t   i;
    abuse_t  a;

    for (i = 0; i < n; i++) {
        memset(&a, 0, sizeof(a));
        (void) snprintf(a.path, sizeof(a.path), FOLDER "%s", names[i]);
        a.arena = cmt_arena_create(ARENA_BYTES);
        judge(&a, out, tell);
        free(a.receipt);
        free(a.comment);
        free(a.alone);
        free(a.varies);
        free(a.note);
        free(a.expect);
        cmt_ruleset_free(a.rules);
        cmt_arena_destroy(a.arena);
    }
}


static void
judge(abuse_t *a, FILE *out, int tell)
{
    int    i, same;
    char  *first;

    read_head(a);
    (void) run(a);

    if (out != NULL) {
        fprintf(out, "%s %.*s\n", a->path,
                a->varies != NULL ? 20 : (int) strlen(a->receipt),
                a->receipt);
    }

    if (tell && !ok(as_expected(a) && within_limits(a), a->path)) {
        note("%s", a->receipt);
    }

    if (strstr(a->path, "/same_") == NULL || out == NULL) {
        return;
    }

    first = strdup(a->receipt);
    same = 1;

    for (i = 1; i < RUNS && same; i++) {
        cmt_arena_reset(a->arena);
        (void) run(a);
        same = strcmp(first, a->receipt) == 0;
    }

    free(first);

    if (tell) {
        ok(same, "... and 500 times the same receipt");
    }
}


static void
read_head(abuse_t *a)
{
    FILE        *f;
    size_t       n;

    f = fopen(a->path, "r");
    n = f != NULL ? fread(a->head, 1, sizeof(a->head) - 1, f) : 0;
    a->head[n] = '\0';

    if (f != NULL) {
        (void) fclose(f);
    }

    a->comment = line_of(a, "-- comment: ");
    a->alone = line_of(a, "-- alone: ");
    a->varies = line_of(a, "-- varies: ");
    a->note = line_of(a, "-- note: ");
    a->expect = line_of(a, "-- expect: ");
}


/* The rest of the line that begins with word. */

static char *
line_of(const abuse_t *a, const char *word)
{
    char         *line;
    size_t        len;
    const char   *at;

    at = strstr(a->head, word);
    if (at == NULL) {
        return NULL;
    }

    at += strlen(word);
    len = strcspn(at, "\n");
    line = malloc(len + 1);
    memcpy(line, at, len);
    line[len] = '\0';

    return line;
}


static int
run(abuse_t *a)
{
    int          rc;
    char        *us, *end;
    double       start;
    cmt_str_t    json, receipt;
    const char  *paths[2];

    static const cmt_rules_budget_t  budget = {
        CMT_RULES_STEPS_DEFAULT, CMT_RULES_MEMORY_DEFAULT, CPU_MS, 1, 0
    };

    free(a->receipt);
    a->receipt = NULL;

    if (a->rules == NULL) {
        paths[0] = a->path;
        paths[1] = WITNESS;

        rc = cmt_ruleset_load(paths, 2, &budget, &a->rules, &a->err);
        if (rc != CMT_OK) {
            a->receipt = strdup(a->err.detail);
            return rc;
        }
    }

    json.data = a->comment != NULL ? a->comment : "{}";
    json.len = strlen(json.data);
    start = cpu_ms();
    rc = cmt_ruleset_run_json(a->rules, json, a->arena, &receipt, &a->err);
    a->ms = cpu_ms() - start;

    if (rc != CMT_OK) {
        a->receipt = strdup(a->err.detail);
        return rc;
    }

    a->receipt = strndup(receipt.data, receipt.len);

    /* "us":123, */
    us = strstr(a->receipt, "\"us\":");
    if (us != NULL) {
        end = strchr(us, ',') + 1;
        memmove(us, end, strlen(end) + 1);
    }

    return CMT_OK;
}


static int
as_expected(abuse_t *a)
{
    char  wanted[64];

    if (a->expect == NULL
        || (a->note != NULL && strstr(a->receipt, a->note) == NULL))
    {
        return 0;
    }

    if (strcmp(a->expect, "load") == 0) {
        return a->rules == NULL && a->err.rc == CMT_ERULES
               && strncmp(a->err.detail, FOLDER, strlen(FOLDER)) == 0;
    }

    (void) snprintf(wanted, sizeof(wanted), "{\"verdict\":\"%s\"", a->expect);

    return strncmp(a->receipt, wanted, strlen(wanted)) == 0
           && (a->alone != NULL || strstr(a->receipt, WITNESS_NOTE) != NULL);
}


static int
within_limits(abuse_t *a)
{
    const char  *steps;

    if (a->rules == NULL) {
        return 1;
    }

    if (a->ms > slowest) {
        slowest = a->ms;
        (void) snprintf(slowest_path, sizeof(slowest_path), "%s", a->path);
    }

    steps = strstr(a->receipt, "\"steps\":");

    return steps != NULL
           && strtoull(steps + 8, NULL, 10) <= CMT_RULES_STEPS_DEFAULT
           && cmt_arena_used(a->arena) <= LEFT_BYTES;
}


static int
by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *) a, *(char *const *) b);
}


static size_t
list(char **names)
{
    DIR            *dir;
    size_t          n;
    struct dirent  *entry;

    n = 0;
    dir = opendir(FOLDER);

    while (dir != NULL && n < FILES_MAX && (entry = readdir(dir)) != NULL) {
        if (strstr(entry->d_name, ".lua") != NULL) {
            names[n++] = strdup(entry->d_name);
        }
    }

    if (dir != NULL) {
        (void) closedir(dir);
    }

    qsort(names, n, sizeof(names[0]), by_name);

    return n;
}


static double
cpu_ms(void)
{
    struct timespec  t;

    (void) clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);

    return (double) t.tv_sec * 1e3 + (double) t.tv_nsec / 1e6;
}
