/*
 * rules.c: evaluates one comment N times, as a worker does that has its rules
 * loaded, and prints the receipts, one in a line.
 *
 *   rules RULES COMMENT N [BYTES]
 *
 * RULES is a file, or "-" for the built-in ones; COMMENT is a JSON object;
 * BYTES is the memory that an evaluation may use.
 */

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/cmt.h"


int
main(int argc, char **argv)
{
    int             rc;
    long            i, n;
    cmt_str_t       comment, receipt;
    const char     *path;
    cmt_error_t     error;
    cmt_arena_t    *arena;
    cmt_ruleset_t  *rules;

    cmt_rules_budget_t  budget = {
        CMT_RULES_STEPS_DEFAULT, CMT_RULES_MEMORY_DEFAULT,
        CMT_RULES_CPU_MS_DEFAULT, 1, 0
    };

    if (argc != 4 && argc != 5) {
        errx(2, "usage: rules RULES COMMENT N [BYTES]");
    }

    if (argc == 5) {
        budget.memory_bytes_max = strtoul(argv[4], NULL, 10);
        budget.run_tests = 0;
    }

    path = argv[1];
    comment.data = argv[2];
    comment.len = strlen(argv[2]);
    n = strtol(argv[3], NULL, 10);

    arena = cmt_arena_create(CMT_ARENA_BYTES_MAX);
    if (arena == NULL) {
        errx(1, "no memory");
    }

    rc = cmt_ruleset_load(&path, strcmp(path, "-") != 0, &budget, &rules,
                          &error);
    if (rc != CMT_OK) {
        errx(1, "%s", error.detail);
    }

    for (i = 0; i < n; i++) {
        cmt_arena_reset(arena);

        rc = cmt_ruleset_run_json(rules, comment, arena, &receipt, &error);
        if (rc != CMT_OK) {
            errx(1, "%s: %s", cmt_error_code(rc), error.detail);
        }

        (void) fwrite(receipt.data, 1, receipt.len, stdout);
        (void) putchar('\n');
    }

    cmt_ruleset_free(rules);
    cmt_arena_destroy(arena);

    return 0;
}
