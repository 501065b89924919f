/*
 * cmd_rules.c: tries rules without a server.
 */

#include <errno.h>
#include <string.h>

#include "tool.h"


typedef struct {
    size_t       rules, tests;
    int          rc;
    cmt_error_t  err;
} report_t;


static void file_check(const char *path, report_t *report);
static void report_print(const char *path, const report_t *report);
static void report_json(cmt__buf_t *b, const char *path,
    const report_t *report);
static int comment_read(cmt__tool_t *tool, cmt_str_t *comment);
static int stream_read(cmt__tool_t *tool, FILE *in, const char *name,
    cmt_str_t *text);


/* Each file by itself: one that fails does not keep the others from being
 * checked. */

int
cmt__cmd_rules_check(cmt__tool_t *tool)
{
    int         i, json, failed;
    report_t    report;
    cmt__buf_t  b;

    failed = 0;
    json = tool->opts[CMT__OPT_JSON] != NULL;
    cmt__buf_init(&b, tool->arena, 1024);
    cmt__buf_lit(&b, "{\"files\":[");

    for (i = 0; i < tool->n_args; i++) {
        file_check(tool->args[i], &report);
        failed |= report.rc != CMT_OK;

        if (json) {
            if (i != 0) {
                cmt__buf_char(&b, ',');
            }

            report_json(&b, tool->args[i], &report);

        } else {
            report_print(tool->args[i], &report);
        }
    }

    if (json) {
        cmt__buf_lit(&b, failed ? "],\"ok\":false}" : "],\"ok\":true}");
        if (cmt__print_json(&b) != CMT__DONE) {
            return CMT__REFUSED;
        }
    }

    return failed ? CMT__REFUSED : CMT__DONE;
}


static void
file_check(const char *path, report_t *report)
{
    cmt_ruleset_t  *ruleset;

    memset(report, 0, sizeof(report_t));

    report->rc = cmt_ruleset_load(&path, 1, NULL, &ruleset, &report->err);
    if (report->rc == CMT_OK) {
        cmt_ruleset_count(ruleset, &report->rules, &report->tests);
        cmt_ruleset_free(ruleset);
    }
}


/* The detail stands alone, as "file:line: ...", which editors know. */

static void
report_print(const char *path, const report_t *report)
{
    const char  *why;
    cmt_str_t    s;

    if (report->rc != CMT_OK) {
        (void) fflush(stdout);
        why = cmt__tool_why(&report->err, report->rc);
        s.data = why;
        s.len = strlen(why);
        cmt__print_text(stderr, s, 0);
        fputc('\n', stderr);
        return;
    }

    s.data = path;
    s.len = strlen(path);
    cmt__print_text(stdout, s, 0);
    printf(": %zu rule%s, %zu test%s passed\n", report->rules,
           report->rules == 1 ? "" : "s", report->tests,
           report->tests == 1 ? "" : "s");
}


static void
report_json(cmt__buf_t *b, const char *path, const report_t *report)
{
    const char  *why;

    cmt__buf_lit(b, "{\"file\":");
    cmt__json_string(b, (cmt_str_t) { strlen(path), path });

    if (report->rc == CMT_OK) {
        cmt__buf_lit(b, ",\"rules\":");
        cmt__buf_u64(b, report->rules);
        cmt__buf_lit(b, ",\"tests\":");
        cmt__buf_u64(b, report->tests);

    } else {
        why = cmt__tool_why(&report->err, report->rc);
        cmt__buf_lit(b, ",\"error\":");
        cmt__json_string(b, (cmt_str_t) { strlen(why), why });
    }

    cmt__buf_char(b, '}');
}


int
cmt__cmd_rules_run(cmt__tool_t *tool)
{
    int             rc, status;
    const char     *path;
    cmt_str_t       comment, receipt;
    cmt_error_t     err = { 0 };
    cmt_ruleset_t  *ruleset;

    status = comment_read(tool, &comment);
    if (status != CMT__DONE) {
        return status;
    }

    path = tool->args[0];

    rc = cmt_ruleset_load(&path, 1, NULL, &ruleset, &err);
    if (rc != CMT_OK) {
        return cmt__tool_failed(&err, rc);
    }

    rc = cmt_ruleset_run_json(ruleset, comment, tool->arena, &receipt, &err);

    if (rc == CMT_OK) {
        (void) fwrite(receipt.data, 1, receipt.len, stdout);
        (void) fputc('\n', stdout);

    } else {
        status = cmt__tool_refuse("the comment: %s%s%s",
                                  err.field != NULL ? err.field : "",
                                  err.field != NULL ? ": " : "",
                                  cmt__tool_why(&err, rc));
    }

    cmt_ruleset_free(ruleset);

    return status;
}


/* What begins with "{" is the comment itself. */

static int
comment_read(cmt__tool_t *tool, cmt_str_t *comment)
{
    int          status;
    FILE        *in;
    const char  *value;
    cmt_str_t    s;

    value = tool->opts[CMT__OPT_COMMENT];

    s.data = value;
    s.len = strlen(value);
    s = cmt__str_trim(s);

    if (s.len != 0 && s.data[0] == '{') {
        *comment = s;
        return CMT__DONE;
    }

    if (strcmp(value, "-") == 0) {
        return stream_read(tool, stdin, "standard input", comment);
    }

    in = fopen(value, "rb");
    if (in == NULL) {
        return cmt__tool_refuse("%s: %s", value, strerror(errno));
    }

    status = stream_read(tool, in, value, comment);
    (void) fclose(in);

    return status;
}


static int
stream_read(cmt__tool_t *tool, FILE *in, const char *name, cmt_str_t *text)
{
    char    *data;
    size_t   len;

    data = cmt_alloc(tool->arena, CMT_BODY_BYTES_MAX + 1);
    if (data == NULL) {
        return cmt__tool_refuse("there is not enough memory");
    }

    len = fread(data, 1, CMT_BODY_BYTES_MAX + 1, in);

    if (ferror(in)) {
        return cmt__tool_refuse("%s: %s", name, strerror(errno));
    }

    if (len > CMT_BODY_BYTES_MAX) {
        return cmt__tool_refuse("%s: a comment has %d bytes at most", name,
                                CMT_BODY_BYTES_MAX);
    }

    text->data = data;
    text->len = len;

    return CMT__DONE;
}
