/*
 * cmd_comment.c: looks at comments.
 */

#include <inttypes.h>
#include <string.h>

#include "tool.h"


/* Columns of a list. */
#define TIME_CHARS  20
#define NAME_CHARS  16
#define PAGE_CHARS  24
#define TEXT_CHARS  48


static int comment_print(cmt__tool_t *tool, cmt_str_t json);
static int list_query(cmt__tool_t *tool, cmt_status_t *status,
    uint64_t *before, unsigned *limit);
static int list_print(cmt__tool_t *tool, cmt_str_t lines);
static int row_print(cmt__tool_t *tool, cmt_str_t line);
static cmt_str_t text_of(const cmt__json_t *object, const char *name);


int
cmt__cmd_comment(cmt__tool_t *tool)
{
    int           rc, status;
    uint64_t      id;
    cmt_str_t     json;
    cmt_read_t   *read;
    cmt_store_t  *store;
    cmt_error_t   err = { 0 };

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

    if (tool->opts[CMT__OPT_JSON] != NULL) {
        (void) fwrite(json.data, 1, json.len, stdout);
        (void) fputc('\n', stdout);
        return CMT__DONE;
    }

    return comment_print(tool, json);
}


static int
comment_print(cmt__tool_t *tool, cmt_str_t json)
{
    int                 rc;
    cmt_error_t         err = { 0 };
    const cmt__json_t  *root;

    rc = cmt__json_parse(tool->arena, json, &root, &err);
    if (rc != CMT_OK) {
        return cmt__tool_failed(&err, rc);
    }

    cmt__print_tree(stdout, root);

    return CMT__DONE;
}


int
cmt__cmd_list(cmt__tool_t *tool)
{
    int            rc, status;
    unsigned       limit;
    uint64_t       before;
    cmt_str_t      lines;
    cmt_site_t     site;
    cmt_read_t    *read;
    cmt_store_t   *store;
    cmt_error_t    err = { 0 };
    cmt_status_t   wanted;

    status = list_query(tool, &wanted, &before, &limit);
    if (status != CMT__DONE) {
        return status;
    }

    if (cmt__tool_store(tool, CMT_STORE_READONLY, &store) != CMT__DONE) {
        return CMT__REFUSED;
    }

    /* The name is all that is needed of a site to read; keys are not. */

    cmt_site_default(&site);
    site.name.data = tool->opts[CMT__OPT_SITE];
    site.name.len = strlen(tool->opts[CMT__OPT_SITE]);

    rc = cmt_read_begin(store, &read, &err);
    if (rc == CMT_OK) {
        rc = cmt_list_json(read, &site, wanted, before, limit, tool->arena,
                           &lines, &err);
        cmt_read_end(read);
    }

    cmt_store_close(store);

    if (rc == CMT_ENOTFOUND) {
        return cmt__tool_refuse("the store has no site \"%s\"",
                                tool->opts[CMT__OPT_SITE]);
    }

    if (rc != CMT_OK) {
        return cmt__tool_failed(&err, rc);
    }

    return list_print(tool, lines);
}


static int
list_query(cmt__tool_t *tool, cmt_status_t *status, uint64_t *before,
    unsigned *limit)
{
    uint64_t     n;
    cmt_str_t    word;
    const char  *value;

    word.data = tool->opts[CMT__OPT_STATUS];
    word.len = strlen(word.data);

    *status = cmt_status_parse(word);
    *before = 0;
    *limit = CMT_LIMIT_DEFAULT;

    if (*status == 0) {
        return cmt__tool_misuse(tool, "--status must be approved, pending, "
                                "spam, rejected or deleted, not \"%s\"",
                                word.data);
    }

    value = tool->opts[CMT__OPT_BEFORE];
    if (value != NULL
        && cmt__tool_number(tool, "--before", value, before) != CMT__DONE)
    {
        return CMT__USAGE;
    }

    value = tool->opts[CMT__OPT_LIMIT];
    if (value != NULL) {
        if (cmt__tool_number(tool, "--limit", value, &n) != CMT__DONE) {
            return CMT__USAGE;
        }

        if (n > CMT_LIMIT_MAX) {
            return cmt__tool_misuse(tool, "--limit must be %d at most",
                                    CMT_LIMIT_MAX);
        }

        *limit = (unsigned) n;
    }

    return CMT__DONE;
}


static int
list_print(cmt__tool_t *tool, cmt_str_t lines)
{
    size_t       len;
    cmt_str_t    line;
    const char  *end;

    if (tool->opts[CMT__OPT_JSON] != NULL) {
        (void) fwrite(lines.data, 1, lines.len, stdout);
        return CMT__DONE;
    }

    while (lines.len != 0) {
        end = memchr(lines.data, '\n', lines.len);
        len = end != NULL ? (size_t) (end - lines.data) : lines.len;
        line = cmt__str_sub(lines, 0, len);

        if (line.len != 0 && row_print(tool, line) != CMT__DONE) {
            return CMT__REFUSED;
        }

        lines = cmt__str_sub(lines, len + 1, lines.len);
    }

    return CMT__DONE;
}


static int
row_print(cmt__tool_t *tool, cmt_str_t line)
{
    int                 rc;
    cmt_error_t         err = { 0 };
    const cmt__json_t  *root, *member;

    rc = cmt__json_parse(tool->arena, line, &root, &err);
    if (rc != CMT_OK) {
        return cmt__tool_failed(&err, rc);
    }

    member = cmt__json_member(root, "id");
    printf("%8" PRIi64 "  ", member != NULL ? member->integer : 0);
    cmt__print_cell(stdout, text_of(root, "created"), TIME_CHARS);
    fputs("  ", stdout);
    cmt__print_cell(stdout, text_of(root, "name"), NAME_CHARS);
    fputs("  ", stdout);
    cmt__print_cell(stdout, text_of(root, "page"), PAGE_CHARS);
    fputs("  ", stdout);
    cmt__print_text(stdout, text_of(root, "text"), TEXT_CHARS);
    fputc('\n', stdout);

    return CMT__DONE;
}


/* An empty one when there is no such member, or of another type. */

static cmt_str_t
text_of(const cmt__json_t *object, const char *name)
{
    const cmt__json_t  *member;

    member = cmt__json_member(object, name);

    return member != NULL ? member->string : cmt_null_str;
}
