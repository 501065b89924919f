/*
 * cmd_comment.c: looks at a comment.
 */

#include <inttypes.h>
#include <string.h>

#include "tool.h"


int
cmt__cmd_comment(cmt__tool_t *tool)
{
    int                 rc, status;
    uint64_t            id;
    cmt_str_t           json;
    cmt_read_t         *read;
    cmt_store_t        *store;
    cmt_error_t         err = { 0 };
    const cmt__json_t  *root;

    status = cmt__tool_number(tool, "ID", tool->args[0], &id);
    if (status != CMT__DONE) {
        return status;
    }

    if (cmt__tool_store(tool, CMT_STORE_READONLY, &store) != CMT__DONE) {
        return CMT__REFUSED;
    }

    rc = cmt_read_begin(store, &read, &err);
    if (rc == CMT_OK) {
        rc = cmt_comment_dump(read, id, tool->arena, &json, &err);
        cmt_read_end(read);
    }

    cmt_store_close(store);

    if (rc == CMT_ENOTFOUND) {
        return cmt__tool_refuse("there is no comment %" PRIu64, id);
    }

    if (rc != CMT_OK) {
        return cmt__tool_failed(&err, rc);
    }

    status = cmt__tool_answer(tool, json, &root);

    if (root != NULL) {
        cmt__print_tree(stdout, root);
    }

    return status;
}
