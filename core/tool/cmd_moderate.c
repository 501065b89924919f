/*
 * cmd_moderate.c: a person's decisions about comments.
 */

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "tool.h"


#define ACTOR  "tool"


typedef struct {
    cmt__tool_t  *tool;
    cmt_store_t  *store;
    cmt__buf_t    json;
    int           failed;
    int           n;             /* results so far                           */
} decide_t;


static int ids_parse(cmt__tool_t *tool, uint64_t **ids);
static int ids_decide(decide_t *decide, const uint64_t *ids, size_t n);
static void result_take(decide_t *decide, uint64_t id,
    const cmt_result_t *result);
static void result_json(decide_t *decide, uint64_t id,
    const cmt_result_t *result);


/* Each comment is decided about by itself; one that is not there does not
 * keep the others from it. */

int
cmt__cmd_decide(cmt__tool_t *tool)
{
    int        rc, status;
    size_t     i, n, n_ids;
    uint64_t  *ids;
    decide_t   decide;

    memset(&decide, 0, sizeof(decide_t));
    decide.tool = tool;

    status = ids_parse(tool, &ids);
    if (status != CMT__DONE) {
        return status;
    }

    if (cmt__tool_store(tool, 0, &decide.store) != CMT__DONE) {
        return CMT__REFUSED;
    }

    cmt__buf_init(&decide.json, tool->arena, 256);
    cmt__buf_lit(&decide.json, "{\"results\":[");

    rc = CMT__DONE;
    n_ids = (size_t) tool->n_args;

    for (i = 0; rc == CMT__DONE && i < n_ids; i += n) {
        n = n_ids - i;
        if (n > CMT_BATCH_CHANGES_MAX) {
            n = CMT_BATCH_CHANGES_MAX;
        }

        rc = ids_decide(&decide, ids + i, n);
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
ids_decide(decide_t *decide, const uint64_t *ids, size_t n)
{
    int            rc;
    size_t         i;
    cmt_error_t    err = { 0 };
    cmt_change_t  *changes[CMT_BATCH_CHANGES_MAX];

    for (i = 0; i < n; i++) {
        rc = cmt_status_prepare(ids[i], decide->tool->command->status,
                                cmt_str(ACTOR), (int64_t) time(NULL),
                                decide->tool->arena, &changes[i], &err);
        if (rc != CMT_OK) {
            return cmt__tool_failed(&err, rc);
        }
    }

    cmt_commit(decide->store, changes, n);

    for (i = 0; i < n; i++) {
        result_take(decide, ids[i], cmt_change_result(changes[i]));
    }

    return CMT__DONE;
}


static void
result_take(decide_t *decide, uint64_t id, const cmt_result_t *result)
{
    if (decide->tool->opts[CMT__OPT_JSON] != NULL) {
        result_json(decide, id, result);

    } else if (result->rc == CMT_OK) {
        printf("%" PRIu64 " %s\n", id,
               cmt_status_name(decide->tool->command->status));
    }

    if (result->rc == CMT_OK) {
        return;
    }

    decide->failed = 1;

    if (result->rc == CMT_ENOTFOUND) {
        cmt__tool_say("there is no comment %" PRIu64, id);
    } else {
        cmt__tool_say("comment %" PRIu64 ": %s", id,
                      cmt__tool_why(&result->error, result->rc));
    }
}


static void
result_json(decide_t *decide, uint64_t id, const cmt_result_t *result)
{
    cmt__buf_t  *b;

    b = &decide->json;

    cmt__buf_lit(b, decide->n++ == 0 ? "{\"id\":" : ",{\"id\":");
    cmt__buf_u64(b, id);

    if (result->rc == CMT_OK) {
        cmt__buf_lit(b, ",\"status\":\"");
        cmt__buf_lit(b, cmt_status_name(decide->tool->command->status));
    } else {
        cmt__buf_lit(b, ",\"error\":\"");
        cmt__buf_lit(b, cmt_error_code(result->rc));
    }

    cmt__buf_lit(b, "\"}");
}
