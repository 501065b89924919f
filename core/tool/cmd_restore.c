/*
 * cmd_restore.c: puts a copy in the place of a store, after it was proven.
 */

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "tool.h"


static int copy_open(const char *path, cmt_store_t **copy);
static void problem_drop(void *ctx, const char *line);
static int restored(cmt__tool_t *tool, const char *kept);


int
cmt__cmd_restore(cmt__tool_t *tool)
{
    int           rc;
    char          kept[sizeof("data.mdb.old-YYYYMMDDThhmmssZ")];
    time_t        now;
    struct tm     tm;
    cmt_store_t  *copy = NULL;
    cmt_error_t   err = { 0 };

    if (copy_open(tool->opts[CMT__OPT_FROM], &copy) != CMT__DONE) {
        return CMT__REFUSED;
    }

    now = time(NULL);
    (void) gmtime_r(&now, &tm);
    (void) strftime(kept, sizeof(kept), "data.mdb.old-%Y%m%dT%H%M%SZ", &tm);

    rc = cmt_store_restore(copy, tool->args[0], kept, &err);
    cmt_store_close(copy);

    return rc == CMT_OK ? restored(tool, kept) : cmt__tool_failed(&err, rc);
}


/* A copy without any problem. */

static int
copy_open(const char *path, cmt_store_t **copy)
{
    int           rc;
    uint64_t      n;
    cmt_error_t   err = { 0 };
    cmt_store_t  *store;

    rc = cmt_store_open(path, CMT_STORE_READONLY | CMT_STORE_PROVE, 0, &store,
                        &err);
    if (rc != CMT_OK) {
        return cmt__tool_failed(&err, rc);
    }

    rc = cmt_store_check(store, problem_drop, NULL, &n, &err);

    if (rc == CMT_OK && n == 0) {
        *copy = store;
        return CMT__DONE;
    }

    cmt_store_close(store);

    if (rc != CMT_OK) {
        return cmt__tool_failed(&err, rc);
    }

    return cmt__tool_refuse("the copy has %" PRIu64 " problem%s, see "
                            "\"ngx-comments check --store %s\"", n,
                            n == 1 ? "" : "s", path);
}


static void
problem_drop(void *ctx, const char *line)
{
    (void) ctx;
    (void) line;
}


static int
restored(cmt__tool_t *tool, const char *kept)
{
    cmt_str_t   name;
    cmt__buf_t  b;

    name.data = kept;
    name.len = strlen(kept);

    if (tool->opts[CMT__OPT_JSON] != NULL) {
        cmt__buf_init(&b, tool->arena, 256);
        cmt__buf_lit(&b, "{\"kept\":");
        cmt__json_string(&b, name);
        cmt__buf_char(&b, '}');

        return cmt__print_json(&b);
    }

    printf("restored; what was there before is %s, if there was anything\n",
           kept);

    return CMT__DONE;
}
