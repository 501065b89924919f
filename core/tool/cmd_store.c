/*
 * cmd_store.c: the store as a whole.  All of it works while nginx serves.
 */

#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tool.h"


/* Problems that --json lists; there may be as many as records. */
#define PROBLEMS_LISTED_MAX  1000

typedef struct {
    cmt__buf_t  *json;           /* NULL: print for people                   */
    uint64_t     n;
} problems_t;

typedef struct {
    char         file[PATH_MAX];
    uint64_t     bytes;          /* how large it will be, about              */
} copying_t;


static void problem_take(void *ctx, const char *line);
static void stats_print(const cmt_store_stats_t *stats);
static int stats_json(cmt__tool_t *tool, const cmt_store_stats_t *stats);
static double copy_done(void *ctx);
static int copy_report(cmt__tool_t *tool, uint64_t bytes);
static uint64_t file_bytes(const char *path);
static void member_u64(cmt__buf_t *b, const char *member, uint64_t n);


int
cmt__tool_store(const cmt__tool_t *tool, unsigned flags, cmt_store_t **store)
{
    int          rc;
    const char  *path;
    cmt_error_t  err = { 0 };

    path = tool->opts[CMT__OPT_STORE];
    if (path == NULL) {
        path = CMT__STORE_DEFAULT;
    }

    rc = cmt_store_open(path, flags, 0, store, &err);
    if (rc != CMT_OK) {
        return cmt__tool_failed(&err, rc);
    }

    return CMT__DONE;
}


int
cmt__cmd_check(cmt__tool_t *tool)
{
    int               rc, json;
    uint64_t          n;
    cmt__buf_t        b;
    problems_t        problems;
    cmt_store_t      *store;
    cmt_error_t       err = { 0 };
    cmt__progress_t  *progress;

    if (cmt__tool_store(tool, CMT_STORE_READONLY | CMT_STORE_PROVE, &store)
        != CMT__DONE)
    {
        return CMT__REFUSED;
    }

    json = tool->opts[CMT__OPT_JSON] != NULL;
    cmt__buf_init(&b, tool->arena, 256);
    cmt__buf_lit(&b, "{\"lines\":[");

    problems.json = json ? &b : NULL;
    problems.n = 0;

    progress = cmt__progress_begin(tool->arena, "checking", NULL, NULL);
    rc = cmt_store_check(store, problem_take, &problems, &n, &err);
    cmt__progress_end(progress);
    cmt_store_close(store);

    if (rc != CMT_OK) {
        return cmt__tool_failed(&err, rc);
    }

    if (json) {
        cmt__buf_char(&b, ']');
        member_u64(&b, ",\"problems\":", n);
        cmt__buf_char(&b, '}');
        if (cmt__print_json(&b) != CMT__DONE) {
            return CMT__REFUSED;
        }
    }

    if (n != 0) {
        return cmt__tool_refuse("the store has %" PRIu64 " problem%s", n,
                                n == 1 ? "" : "s");
    }

    if (!json) {
        puts("no problems");
    }

    return CMT__DONE;
}


static void
problem_take(void *ctx, const char *line)
{
    cmt_str_t    s;
    problems_t  *problems = ctx;

    s.data = line;
    s.len = strlen(line);
    problems->n++;

    if (problems->json == NULL) {
        cmt__print_text(stdout, s, 0);
        (void) fputc('\n', stdout);
        return;
    }

    if (problems->n <= PROBLEMS_LISTED_MAX) {
        cmt__buf_lit(problems->json, problems->n == 1 ? "" : ",");
        cmt__json_string(problems->json, s);
    }
}


int
cmt__cmd_stats(cmt__tool_t *tool)
{
    int                rc;
    cmt_store_t       *store;
    cmt_error_t        err = { 0 };
    cmt_store_stats_t  stats;

    if (cmt__tool_store(tool, CMT_STORE_READONLY, &store) != CMT__DONE) {
        return CMT__REFUSED;
    }

    rc = cmt_store_stats(store, &stats, &err);
    cmt_store_close(store);

    if (rc != CMT_OK) {
        return cmt__tool_failed(&err, rc);
    }

    if (tool->opts[CMT__OPT_JSON] != NULL) {
        return stats_json(tool, &stats);
    }

    stats_print(&stats);

    return CMT__DONE;
}


static void
stats_print(const cmt_store_stats_t *stats)
{
    int  status;

    printf("%-12s %12" PRIu64 "\n", "comments", stats->comments);

    for (status = CMT_APPROVED; status <= CMT_DELETED; status++) {
        printf("  %-10s %12" PRIu64 "\n",
               cmt_status_name((cmt_status_t) status),
               stats->by_status[status - 1]);
    }

    printf("%-12s %12" PRIu64 "\n", "threads", stats->threads);
    printf("%-12s %12" PRIu64 "\n", "sites", stats->sites);
    printf("%-12s %12" PRIu64 "\n", "authors", stats->authors);
    printf("%-12s %12" PRIu64 "\n", "journal", stats->journal);
    printf("%-12s %12" PRIu64 " bytes of at most %" PRIu64 "\n", "size",
           stats->bytes_used, stats->bytes_map);
    printf("%-12s %12" PRIu64 " bytes, %" PRIu64 " for each of %" PRIu64
           " comments\n", "words", stats->bytes_words,
           stats->comments_indexed == 0
           ? 0 : stats->bytes_words / stats->comments_indexed,
           stats->comments_indexed);
    printf("%-12s %12u\n", "readers", stats->readers);
}


static int
stats_json(cmt__tool_t *tool, const cmt_store_stats_t *stats)
{
    int         status;
    cmt__buf_t  b;

    cmt__buf_init(&b, tool->arena, 512);

    member_u64(&b, "{\"comments\":", stats->comments);
    cmt__buf_lit(&b, ",\"status\":{");

    for (status = CMT_APPROVED; status <= CMT_DELETED; status++) {
        cmt__buf_lit(&b, status == CMT_APPROVED ? "\"" : ",\"");
        cmt__buf_lit(&b, cmt_status_name((cmt_status_t) status));
        member_u64(&b, "\":", stats->by_status[status - 1]);
    }

    member_u64(&b, "},\"threads\":", stats->threads);
    member_u64(&b, ",\"sites\":", stats->sites);
    member_u64(&b, ",\"authors\":", stats->authors);
    member_u64(&b, ",\"journal\":", stats->journal);
    member_u64(&b, ",\"bytes_used\":", stats->bytes_used);
    member_u64(&b, ",\"bytes_map\":", stats->bytes_map);
    member_u64(&b, ",\"comments_indexed\":", stats->comments_indexed);
    member_u64(&b, ",\"bytes_words\":", stats->bytes_words);
    member_u64(&b, ",\"readers\":", stats->readers);
    cmt__buf_char(&b, '}');

    return cmt__print_json(&b);
}


int
cmt__cmd_copy(cmt__tool_t *tool)
{
    int                rc;
    copying_t         *copying;
    cmt_store_t       *store;
    cmt_error_t        err = { 0 };
    cmt__progress_t   *progress;
    cmt_store_stats_t  stats;

    copying = cmt_calloc(tool->arena, sizeof(copying_t));
    if (copying == NULL) {
        return cmt__tool_refuse("there is not enough memory");
    }

    if (cmt__tool_store(tool, CMT_STORE_READONLY, &store) != CMT__DONE) {
        return CMT__REFUSED;
    }

    rc = cmt_store_stats(store, &stats, &err);

    if (rc == CMT_OK) {
        copying->bytes = stats.bytes_used;
        (void) snprintf(copying->file, sizeof(copying->file), "%s/data.mdb",
                        tool->args[0]);

        progress = cmt__progress_begin(tool->arena, "copying", copy_done,
                                       copying);
        rc = cmt_store_copy(store, tool->args[0],
                            tool->opts[CMT__OPT_COMPACT] != NULL, &err);
        cmt__progress_end(progress);
    }

    cmt_store_close(store);

    if (rc != CMT_OK) {
        return cmt__tool_failed(&err, rc);
    }

    return copy_report(tool, file_bytes(copying->file));
}


static double
copy_done(void *ctx)
{
    copying_t  *copying = ctx;

    if (copying->bytes == 0) {
        return -1;
    }

    return (double) file_bytes(copying->file) / (double) copying->bytes;
}


static int
copy_report(cmt__tool_t *tool, uint64_t bytes)
{
    cmt_str_t   dest;
    cmt__buf_t  b;

    dest.data = tool->args[0];
    dest.len = strlen(tool->args[0]);

    if (tool->opts[CMT__OPT_JSON] != NULL) {
        cmt__buf_init(&b, tool->arena, 256);
        cmt__buf_lit(&b, "{\"copy\":");
        cmt__json_string(&b, dest);
        member_u64(&b, ",\"bytes\":", bytes);
        cmt__buf_char(&b, '}');

        return cmt__print_json(&b);
    }

    cmt__print_text(stdout, dest, 0);
    printf(": %" PRIu64 " bytes\n", bytes);

    return CMT__DONE;
}


static uint64_t
file_bytes(const char *path)
{
    struct stat  st;

    return stat(path, &st) == 0 && st.st_size > 0 ? (uint64_t) st.st_size : 0;
}


static void
member_u64(cmt__buf_t *b, const char *member, uint64_t n)
{
    cmt__buf_lit(b, member);
    cmt__buf_u64(b, n);
}
