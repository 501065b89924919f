/*
 * rules_judge.h: writes files of rules, loads them, judges comments by them.
 * The file goes into a folder that begin() makes and end() removes.
 */

#ifndef CMT_RULES_JUDGE_H
#define CMT_RULES_JUDGE_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tap.h"
#include "core/rules/engine.h"


#define FILES_MAX  3


static cmt_arena_t    *arena;
static char            folder[] = "/tmp/rules_test.XXXXXX";
static cmt_error_t     err;
static char            receipt[65536];


static inline void
path_of(char path[256], int n)
{
    (void) snprintf(path, 256, "%s/r%d.lua", folder, n);
}


static inline void
write_file(int n, const char *data, size_t len)
{
    int   fd;
    char  path[256];

    path_of(path, n);
    fd = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0600);

    if (fd < 0 || write(fd, data, len) != (ssize_t) len) {
        exit(1);
    }

    (void) close(fd);
}


/* A file beside them, by its name in the folder; the test drops it again. */

static inline void
put(const char *name, const char *data)
{
    char   path[256];
    FILE  *out;

    (void) snprintf(path, sizeof(path), "%s/%s", folder, name);
    out = fopen(path, "w");

    if (out == NULL || fputs(data, out) == EOF || fclose(out) != 0) {
        exit(1);
    }
}


static inline void
drop(const char *name)
{
    char  path[256];

    (void) snprintf(path, sizeof(path), "%s/%s", folder, name);
    (void) remove(path);
}


/* Loads up to three sources as r1.lua, r2.lua, r3.lua. */

static inline cmt_ruleset_t *
load(const char *one, const char *two, const char *three)
{
    char            paths[FILES_MAX][256];
    const char     *sources[FILES_MAX] = { one, two, three };
    const char     *given[FILES_MAX];
    size_t          n;
    cmt_ruleset_t  *rules;

    for (n = 0; n < FILES_MAX && sources[n] != NULL; n++) {
        write_file((int) n + 1, sources[n], strlen(sources[n]));
        path_of(paths[n], (int) n + 1);
        given[n] = paths[n];
    }

    memset(&err, 0, sizeof(err));

    if (cmt_ruleset_load(given, n, NULL, &rules, &err) != CMT_OK) {
        return NULL;
    }

    return rules;
}


/* The receipt of a comment, "" when there is none. */

static inline const char *
run(const cmt_ruleset_t *rules, const char *comment)
{
    cmt_str_t  json, out;

    receipt[0] = '\0';
    memset(&err, 0, sizeof(err));
    cmt_arena_reset(arena);

    json.data = comment;
    json.len = strlen(comment);

    if (rules != NULL
        && cmt_ruleset_run_json(rules, json, arena, &out, &err) == CMT_OK
        && out.len < sizeof(receipt))
    {
        memcpy(receipt, out.data, out.len);
        receipt[out.len] = '\0';
    }

    return receipt;
}


/* As run(), of one source that is dropped again. */

static inline const char *
judge(const char *source, const char *comment)
{
    cmt_ruleset_t  *rules;

    rules = load(source, NULL, NULL);
    run(rules, comment);
    cmt_ruleset_free(rules);

    return receipt;
}


static inline void
has(const char *piece, const char *sentence)
{
    if (!ok(strstr(receipt, piece) != NULL, sentence)) {
        note("want: %s", piece);
        note("got:  %s", receipt[0] != '\0' ? receipt : err.detail);
    }
}


static inline void
lacks(const char *piece, const char *sentence)
{
    if (!ok(strstr(receipt, piece) == NULL, sentence)) {
        note("got:  %s", receipt);
    }
}


static inline void
refused(const char *source, const char *detail, const char *sentence)
{
    cmt_ruleset_t  *rules;

    rules = load(source, NULL, NULL);

    if (!ok(rules == NULL && err.rc == CMT_ERULES
            && strstr(err.detail, detail) != NULL, sentence))
    {
        note("got:  %s", err.detail);
    }

    cmt_ruleset_free(rules);
}


#define RULE(name, body)  "rule(\"" name "\", function(c) " body " end)\n"


/* As cmt_ruleset_load() of r1.lua. */

static inline int
load_file(const cmt_rules_budget_t *budget, cmt_ruleset_t **rules)
{
    char         path[256];
    const char  *paths[1] = { path };

    path_of(path, 1);
    *rules = NULL;
    memset(&err, 0, sizeof(err));

    return cmt_ruleset_load(paths, 1, budget, rules, &err);
}


static inline void
begin(void)
{
    arena = cmt_arena_create(CMT_ARENA_BYTES_MAX);

    if (arena == NULL || mkdtemp(folder) == NULL) {
        exit(1);
    }
}


static inline void
end(void)
{
    int   i;
    char  path[256];

    for (i = 1; i <= FILES_MAX; i++) {
        path_of(path, i);
        (void) unlink(path);
    }

    (void) rmdir(folder);
    cmt_arena_destroy(arena);
}


#endif /* CMT_RULES_JUDGE_H */
