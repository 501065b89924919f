/*
 * cmd_moderate.c: a person's decisions about comments.
 */

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "tool.h"


#define RESULTS  "{\"results\":["

typedef struct {
    cmt__tool_t  *tool;
    cmt_store_t  *store;
    cmt__buf_t    json;
    int           failed;
    int           n;             /* batches so far                           */
} decide_t;


static int ids_parse(cmt__tool_t *tool, uint64_t **ids);
static int ids_decide(decide_t *decide, const uint64_t *ids, size_t n,
    uint64_t number);
static void result_print(decide_t *decide, const cmt_decided_t *decided);
static int results_json(decide_t *decide, const cmt_change_t *change);


cmt_who_t
cmt__tool_who(void)
{
    cmt_who_t  who;

    memset(&who, 0, sizeof(who));
    who.name = cmt_str("tool");
    who.actor = cmt_str("tool");
    who.role = CMT_ROLE_OWNER;

    return who;
}


cmt_str_t
cmt__tool_option(const cmt__tool_t *tool, cmt__opt_t opt)
{
    return tool->opts[opt] == NULL
           ? cmt_null_str
           : (cmt_str_t) { strlen(tool->opts[opt]), tool->opts[opt] };
}


/* One comment that is not there does not keep the others from it.  So many
 * at a time are on the disk together or not at all. */

int
cmt__cmd_decide(cmt__tool_t *tool)
{
    int        rc, status;
    size_t     i, n, n_ids;
    uint64_t  *ids, number;
    decide_t   decide;

    memset(&decide, 0, sizeof(decide_t));
    decide.tool = tool;
    number = 0;

    status = ids_parse(tool, &ids);

    if (status == CMT__DONE && tool->opts[CMT__OPT_DECISION] != NULL) {
        status = cmt__tool_number(tool, "--decision",
                                  tool->opts[CMT__OPT_DECISION], &number);
    }
    if (status != CMT__DONE) {
        return status;
    }

    if (cmt__tool_store(tool, 0, &decide.store) != CMT__DONE) {
        return CMT__REFUSED;
    }

    cmt__buf_init(&decide.json, tool->arena, 256);
    cmt__buf_lit(&decide.json, RESULTS);

    rc = CMT__DONE;
    n_ids = (size_t) tool->n_args;

    for (i = 0; rc == CMT__DONE && i < n_ids; i += n) {
        n = n_ids - i;
        if (n > CMT_DECISIONS_MAX) {
            n = CMT_DECISIONS_MAX;
        }

        rc = ids_decide(&decide, ids + i, n, number);
    }

    cmt_store_close(decide.store);

    if (rc == CMT__DONE && tool->opts[CMT__OPT_JSON] != NULL) {
        cmt__buf_lit(&decide.json, "]}");
        rc = cmt__print_json(&decide.json);
    }

    return decide.failed ? CMT__REFUSED : rc;
}


/* All of them first: a misspelt id must not be found after half is done. */

static int
ids_parse(cmt__tool_t *tool, uint64_t **ids)
{
    int  i;

    *ids = cmt_alloc(tool->arena, (size_t) tool->n_args * sizeof(uint64_t));
    if (*ids == NULL) {
        return cmt__tool_refuse("there is not enough memory");
    }

    for (i = 0; i < tool->n_args; i++) {
        if (cmt__tool_number(tool, "ID", tool->args[i], &(*ids)[i])
            != CMT__DONE)
        {
            return CMT__USAGE;
        }
    }

    return CMT__DONE;
}


static int
ids_decide(decide_t *decide, const uint64_t *ids, size_t n, uint64_t number)
{
    int                   rc;
    size_t                i;
    cmt_who_t             who;
    cmt_error_t           err = { 0 };
    cmt_change_t         *change;
    cmt_decision_t       *decisions;
    const cmt_decided_t  *decided;

    decisions = cmt_calloc(decide->tool->arena, n * sizeof(cmt_decision_t));
    if (decisions == NULL) {
        return cmt__tool_refuse("there is not enough memory");
    }

    for (i = 0; i < n; i++) {
        decisions[i].what = decide->tool->command->decision;
        decisions[i].id = ids[i];
        decisions[i].version = CMT_VERSION_ANY;
        decisions[i].undo = number;
        decisions[i].note = cmt__tool_option(decide->tool, CMT__OPT_NOTE);
    }

    who = cmt__tool_who();

    rc = cmt_decide_prepare(decide->store, NULL, &who, decisions, n,
                            (int64_t) time(NULL), decide->tool->arena,
                            &change, &err);
    if (rc != CMT_OK) {
        return cmt__tool_failed(&err, rc);
    }

    cmt_commit(decide->store, &change, 1);

    rc = cmt_change_result(change)->rc;
    if (rc != CMT_OK) {
        return cmt__tool_failed(&cmt_change_result(change)->error, rc);
    }

    decided = cmt_change_decided(change, &n);

    for (i = 0; i < n; i++) {
        result_print(decide, &decided[i]);
    }

    return results_json(decide, change);
}


static void
result_print(decide_t *decide, const cmt_decided_t *decided)
{
    if (decided->rc == CMT_OK) {
        if (decide->tool->opts[CMT__OPT_JSON] == NULL) {
            printf("%" PRIu64 " %s\n", decided->id,
                   cmt_status_name(decided->status));
        }

        return;
    }

    decide->failed = 1;

    if (decided->rc == CMT_ENOTFOUND) {
        cmt__tool_say("there is no comment %" PRIu64, decided->id);

    } else if (decided->rc == CMT_EUNDO && decided->version == 0) {
        cmt__tool_say("comment %" PRIu64 ": nobody has decided about it",
                      decided->id);
    } else {
        cmt__tool_say("comment %" PRIu64 ": %s", decided->id,
                      cmt_error_text(decided->rc));
    }
}


/* The results of this batch behind those of the batches before. */

static int
results_json(decide_t *decide, const cmt_change_t *change)
{
    int          rc;
    cmt_str_t    json;
    cmt_error_t  err = { 0 };

    rc = cmt_decided_json(change, 0, decide->tool->arena, &json, &err);
    if (rc != CMT_OK) {
        return cmt__tool_failed(&err, rc);
    }

    if (decide->n++ > 0) {
        cmt__buf_char(&decide->json, ',');
    }

    cmt__buf_str_put(&decide->json,
                     cmt__str_sub(json, sizeof(RESULTS) - 1, json.len - 2));

    return CMT__DONE;
}
