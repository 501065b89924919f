/*
 * cmd_key.c: makes the master key.
 */

#include <string.h>

#include "tool.h"


int
cmt__cmd_key_new(cmt__tool_t *tool)
{
    int           rc;
    cmt__buf_t    b;
    cmt_str_t     path;
    cmt_error_t   err = { 0 };

    path.data = tool->args[0];
    path.len = strlen(tool->args[0]);

    rc = cmt_key_create(tool->args[0], &err);
    if (rc != CMT_OK) {
        return cmt__tool_failed(&err, rc);
    }

    if (tool->opts[CMT__OPT_JSON] != NULL) {
        cmt__buf_init(&b, tool->arena, 256);
        cmt__buf_lit(&b, "{\"key\":");
        cmt__json_string(&b, path);
        cmt__buf_char(&b, '}');

        return cmt__print_json(&b);
    }

    cmt__print_text(stdout, path, 0);
    puts(": a new key.  Keep a copy of it, apart from copies of the store:\n"
         "without it nobody's address can be recognized any more.");

    return CMT__DONE;
}
