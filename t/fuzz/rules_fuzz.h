/*
 * rules_fuzz.h: what the fuzzers of rules share: a folder in memory for files,
 * and what must hold of every decision.
 */

#ifndef CMT_RULES_FUZZ_H
#define CMT_RULES_FUZZ_H

#include <stdio.h>
#include <unistd.h>

#include "core/rules/engine.h"

#include "fuzz.h"


static char  folder[] = "/dev/shm/cmt-fuzz.XXXXXX";
static char  list_path[64], rules_path[64];


static inline void
folder_remove(void)
{
    (void) unlink(list_path);
    (void) unlink(rules_path);
    (void) rmdir(folder);
}


static inline void
folder_make(void)
{
    if (rules_path[0] != '\0') {
        return;
    }

    expect(mkdtemp(folder) != NULL);
    (void) snprintf(list_path, sizeof(list_path), "%s/list.txt", folder);
    (void) snprintf(rules_path, sizeof(rules_path), "%s/rules.lua", folder);
    expect(atexit(folder_remove) == 0);
}


static inline void
file_write(const char *path, const void *data, size_t size)
{
    FILE  *out;

    out = fopen(path, "w");
    expect(out != NULL);
    expect(fwrite(data, 1, size, out) == size);
    expect(fclose(out) == 0);
}


/* Time decides nothing here: with sanitizers it would.  A thousand tests that
 * use up their steps take too long with them. */

static inline int
rules_load(cmt_ruleset_t **rules, cmt_error_t *err)
{
    int          rc;
    const char  *paths[1] = { rules_path };

    static const cmt_rules_budget_t  budget = {
        CMT_RULES_STEPS_DEFAULT, CMT_RULES_MEMORY_DEFAULT, 60000, 0, 0
    };

    memset(err, 0, sizeof(cmt_error_t));
    rc = cmt_ruleset_load(paths, 1, &budget, rules, err);

    /* A refusal says where. */
    expect(rc == CMT_OK || rc == CMT_ENOMEM
           || (rc == CMT_ERULES && strchr(err->detail, ':') != NULL));

    return rc;
}


/* The receipt without the microseconds, which are not the same twice. */

static inline void
receipt_of(const cmt_ruleset_t *rules, const cmt__facts_t *facts,
    cmt_arena_t *arena, cmt__decision_t *d)
{
    char               *us;
    cmt_error_t         err;
    const cmt__json_t  *root;

    memset(&err, 0, sizeof(err));

    if (cmt__rules_evaluate(rules, facts, cmt_str("en"), arena, d, &err)
        != CMT_OK)
    {
        expect(err.rc == CMT_ENOMEM);
        d->receipt = cmt_null_str;
        return;
    }

    expect(d->verdict >= CMT_VERDICT_ACCEPT
           && d->verdict <= CMT_VERDICT_REJECT);
    expect(cmt__utf8_valid(d->message));
    expect(cmt__json_parse(arena, d->receipt, &root, &err) == CMT_OK);

    us = memmem(d->receipt.data, d->receipt.len, ",\"us\":", 6);
    expect(us != NULL);

    for (us += 6; *us >= '0' && *us <= '9'; us++) {
        *us = '0';
    }
}


/* Decides twice: the same must come of it, but for the number of digits that
 * the microseconds have. */

static inline void
decide(const cmt_ruleset_t *rules, const cmt__facts_t *facts,
    cmt__decision_t *d)
{
    cmt_arena_t      *arena;
    cmt__decision_t   again;

    arena = cmt_arena_create(CMT_ARENA_BYTES_MAX);
    expect(arena != NULL);

    receipt_of(rules, facts, arena, d);
    receipt_of(rules, facts, arena, &again);

    expect(d->verdict == again.verdict && d->score == again.score);
    expect(cmt__str_eq(d->message, again.message));

    if (d->receipt.len == again.receipt.len) {
        expect(cmt__str_eq(d->receipt, again.receipt));
    }

    /* What is in the arena goes with it. */
    d->receipt = d->message = cmt_null_str;
    cmt_arena_destroy(arena);
}


#endif /* CMT_RULES_FUZZ_H */
