/*
 * cmd_exchange.c: comments in and out, one file format each.
 */

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "tool.h"


#define IMPORT  "import "        /* and a format: the command's name */


static int is_directory(FILE *in);
static int is_gzip(cmt__tool_t *tool, FILE *in);
static int import_run(cmt__tool_t *tool, const cmt_site_t *site, FILE *in);
static void line_refused(void *ctx, const char *line);
static double import_done(void *ctx);
static int import_report(cmt__tool_t *tool, const cmt_import_stats_t *stats);
static void jsonl_print(cmt__tool_t *tool, const cmt_import_stats_t *stats);
static void foreign_print(cmt__tool_t *tool, const cmt_import_stats_t *stats);
static int is_jsonl(const cmt__tool_t *tool);


int
cmt__cmd_import(cmt__tool_t *tool)
{
    int          status;
    FILE        *in;
    cmt_key_t   *key;
    cmt_site_t   site;
    const char  *path;

    path = tool->args[0];
    in = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");

    if (in == NULL) {
        return cmt__tool_refuse("%s: %s", path, strerror(errno));
    }

    status = is_directory(in)
             ? cmt__tool_refuse("%s: %s", path, strerror(EISDIR))
             : is_gzip(tool, in)
             ? cmt__tool_refuse("%s: compressed by gzip; type zcat %s | "
                                "ngx-comments %s - ...", path,
                                in == stdin ? "FILE" : path,
                                tool->command->name)
             : cmt__tool_site(tool, &key, &site);

    if (status == CMT__DONE) {
        status = import_run(tool, &site, in);
        cmt_site_clear(&site);
        cmt_key_free(key);
    }

    if (in != stdin) {
        (void) fclose(in);
    }

    return status;
}


int
cmt__cmd_export(cmt__tool_t *tool)
{
    int            rc, status;
    uint64_t       n;
    cmt_error_t    err = { 0 };
    cmt__opened_t  opened;

    status = cmt__tool_open(tool, CMT_STORE_READONLY, &opened);
    if (status != CMT__DONE) {
        return status;
    }

    rc = cmt_export_jsonl(opened.store, &opened.site,
                          cmt__tool_option(tool, CMT__OPT_EMAIL), stdout, &n,
                          &err);
    if (rc != CMT_OK) {
        status = cmt__tool_failed(&err, rc);
    }

    cmt__tool_close(&opened);

    return status;
}


int
cmt__tool_open(cmt__tool_t *tool, unsigned flags, cmt__opened_t *opened)
{
    int  status;

    status = cmt__tool_site(tool, &opened->key, &opened->site);
    if (status != CMT__DONE) {
        return status;
    }

    status = cmt__tool_store(tool, flags, &opened->store);
    if (status != CMT__DONE) {
        cmt_site_clear(&opened->site);
        cmt_key_free(opened->key);
    }

    return status;
}


void
cmt__tool_close(cmt__opened_t *opened)
{
    cmt_store_close(opened->store);
    cmt_site_clear(&opened->site);
    cmt_key_free(opened->key);
}


int
cmt__tool_site(cmt__tool_t *tool, cmt_key_t **key, cmt_site_t *site)
{
    int          rc;
    cmt_error_t  err = { 0 };

    rc = cmt_key_load(tool->opts[CMT__OPT_KEY], key, &err);
    if (rc != CMT_OK) {
        return cmt__tool_failed(&err, rc);
    }

    cmt_site_default(site);
    site->name.data = tool->opts[CMT__OPT_SITE];
    site->name.len = strlen(tool->opts[CMT__OPT_SITE]);

    /* Old threads keep their nesting; how deep readers see it, a location
     * says. */
    site->levels = CMT_LEVELS_MAX;

    rc = cmt_site_init(site, *key, &err);
    if (rc != CMT_OK) {
        cmt_key_free(*key);
        return cmt__tool_failed(&err, rc);
    }

    return CMT__DONE;
}


static int
is_jsonl(const cmt__tool_t *tool)
{
    return strcmp(tool->command->name, IMPORT "jsonl") == 0;
}


/* It can be opened, but not read. */

static int
is_directory(FILE *in)
{
    struct stat  st;

    return fstat(fileno(in), &st) == 0 && S_ISDIR(st.st_mode);
}


/* By its first byte, with which no JSON begins, and for which a pipe may let
 * one wait. */

static int
is_gzip(cmt__tool_t *tool, FILE *in)
{
    int               c;
    cmt__progress_t  *progress;

    progress = cmt__progress_begin(tool->arena, "importing", NULL, NULL);
    c = getc(in);
    (void) ungetc(c, in);
    cmt__progress_end(progress);

    return c == 0x1f;
}


/* A first import makes the store: a site that moves here has none yet. */

static int
import_run(cmt__tool_t *tool, const cmt_site_t *site, FILE *in)
{
    int                  rc, status;
    cmt_store_t         *store;
    cmt_error_t          err = { 0 };
    cmt__progress_t     *progress;
    cmt_import_stats_t   stats;

    if (cmt__tool_store(tool, CMT_STORE_CREATE, &store) != CMT__DONE) {
        return CMT__REFUSED;
    }

    /* other files are read first, and then much is to be done yet */

    if (is_jsonl(tool)) {
        progress = cmt__progress_begin(tool->arena, "importing", import_done,
                                       in);
        rc = cmt_import_jsonl(store, site, in, (int64_t) time(NULL),
                              line_refused, NULL, &stats, &err);

    } else {
        progress = cmt__progress_begin(tool->arena, "importing", NULL, NULL);
        rc = cmt_import_foreign(store, site,
                                tool->command->name + sizeof(IMPORT) - 1, in,
                                tool->args[0], (int64_t) time(NULL),
                                line_refused, NULL, &stats, &err);
    }

    cmt__progress_end(progress);
    status = rc == CMT_OK ? cmt__tool_index(tool, store) : CMT__REFUSED;
    cmt_store_close(store);

    if (rc != CMT_OK) {
        if (!is_jsonl(tool) && stats.lines != 0) {
            foreign_print(tool, &stats);
        }

        return cmt__tool_refuse("%s; what was imported so far is kept, and "
                                "the import can be run again",
                                cmt__tool_why(&err, rc));
    }

    /* the comments are there, whatever became of the index */
    rc = import_report(tool, &stats);

    return status == CMT__DONE ? rc : status;
}


static void
line_refused(void *ctx, const char *line)
{
    (void) ctx;

    cmt__tool_say("%s", line);
}


/* Asks the descriptor, not the stream: that has a lock which its reader may
 * hold for long. */

static double
import_done(void *ctx)
{
    FILE         *in = ctx;
    off_t         at;
    struct stat   st;

    at = lseek(fileno(in), 0, SEEK_CUR);

    if (at < 0 || fstat(fileno(in), &st) != 0 || !S_ISREG(st.st_mode)
        || st.st_size == 0)
    {
        return -1;
    }

    return (double) at / (double) st.st_size;
}


static int
import_report(cmt__tool_t *tool, const cmt_import_stats_t *stats)
{
    int  jsonl;

    jsonl = is_jsonl(tool);

    if (jsonl) {
        jsonl_print(tool, stats);
    } else {
        foreign_print(tool, stats);
    }

    if (stats->refused != 0) {
        return cmt__tool_refuse("%" PRIu64 " %s%s refused", stats->refused,
                                jsonl ? "line" : "comment",
                                stats->refused == 1 ? " was" : "s were");
    }

    return CMT__DONE;
}


static void
jsonl_print(cmt__tool_t *tool, const cmt_import_stats_t *stats)
{
    printf(tool->opts[CMT__OPT_JSON] != NULL
           ? "{\"lines\":%" PRIu64 ",\"added\":%" PRIu64 ",\"known\":%" PRIu64
             ",\"refused\":%" PRIu64 "}\n"
           : "lines %" PRIu64 ", added %" PRIu64 ", known %" PRIu64
             ", refused %" PRIu64 "\n",
           stats->lines, stats->added, stats->known, stats->refused);
}


/* Beside numbers, what an owner may wonder about: what did not come along. */

static void
foreign_print(cmt__tool_t *tool, const cmt_import_stats_t *stats)
{
    int       json;
    unsigned  i, n;

    static const struct {
        const char  *code, *text;
    } notes[] = {
#define CMT_X(name, code, skipped, text)  { code, text },
        CMT_IMPORT_NOTES(CMT_X)
#undef CMT_X
    };

    json = tool->opts[CMT__OPT_JSON] != NULL;

    printf(json
           ? "{\"comments\":%" PRIu64 ",\"added\":%" PRIu64 ",\"known\":%"
             PRIu64 ",\"refused\":%" PRIu64 ",\"skipped\":%" PRIu64
             ",\"notes\":{"
           : "comments %" PRIu64 ", added %" PRIu64 ", known %" PRIu64
             ", refused %" PRIu64 ", skipped %" PRIu64 "\n",
           stats->lines, stats->added, stats->known, stats->refused,
           stats->skipped);

    for (i = 0, n = 0; i < CMT_NOTES; i++) {

        if (stats->notes[i] == 0) {
            continue;
        }

        if (json) {
            printf("%s\"%s\":%" PRIu64, n++ == 0 ? "" : ",", notes[i].code,
                   stats->notes[i]);
        } else {
            printf("%8" PRIu64 " %s\n", stats->notes[i], notes[i].text);
        }
    }

    if (json) {
        printf("}}\n");
    }
}
