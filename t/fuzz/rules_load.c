/*
 * rules_load.c: any bytes as a file of rules.  What loads decides about a
 * comment, twice the same.  Its seeds are our own rules and those that attack
 * the sandbox.
 */

#include "rules_fuzz.h"


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    cmt_error_t      err;
    cmt__facts_t     facts;
    cmt_ruleset_t   *rules;
    cmt__decision_t  d;

    folder_make();
    file_write(rules_path, data, size);

    if (rules_load(&rules, &err) != CMT_OK) {
        return 0;
    }

    cmt__facts_default(&facts);
    decide(rules, &facts, &d);
    cmt_ruleset_free(rules);

    return 0;
}
