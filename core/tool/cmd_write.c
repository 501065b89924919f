/*
 * cmd_write.c: what a moderator writes, and where nobody else may.
 */

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "tool.h"


#define TEXT_BYTES_MAX  (CMT_TEXT_BYTES_MAX + 1)


static int text_read(cmt__tool_t *tool, cmt_str_t *text);
static int edit_run(cmt__tool_t *tool, cmt_store_t *store,
    const cmt_site_t *site, uint64_t id, cmt_str_t text);
static int reply_run(cmt__tool_t *tool, cmt_store_t *store,
    const cmt_site_t *site, uint64_t id, cmt_str_t text);


static cmt_str_t
word(const char *s)
{
    return (cmt_str_t) { strlen(s), s };
}


/* Another text for a comment, or an answer to it. */

int
cmt__cmd_write(cmt__tool_t *tool)
{
    int            status;
    uint64_t       id;
    cmt_str_t      text;
    cmt__opened_t  opened;

    status = cmt__tool_number(tool, "ID", tool->args[0], &id);
    if (status == CMT__DONE) {
        status = text_read(tool, &text);
    }
    if (status == CMT__DONE) {
        status = cmt__tool_open(tool, 0, &opened);
    }
    if (status != CMT__DONE) {
        return status;
    }

    status = tool->command->decision == CMT_DO_EDIT
             ? edit_run(tool, opened.store, &opened.site, id, text)
             : reply_run(tool, opened.store, &opened.site, id, text);

    cmt__tool_close(&opened);

    return status;
}


static int
text_read(cmt__tool_t *tool, cmt_str_t *text)
{
    char   *data;
    size_t  len;

    *text = cmt__tool_option(tool, CMT__OPT_TEXT);

    if (!cmt__str_is(*text, "-")) {
        return CMT__DONE;
    }

    data = cmt_alloc(tool->arena, TEXT_BYTES_MAX);
    if (data == NULL) {
        return cmt__tool_refuse("there is not enough memory");
    }

    len = fread(data, 1, TEXT_BYTES_MAX, stdin);
    *text = (cmt_str_t) { len, data };

    return CMT__DONE;
}


static int
edit_run(cmt__tool_t *tool, cmt_store_t *store, const cmt_site_t *site,
    uint64_t id, cmt_str_t text)
{
    int                   rc;
    size_t                n;
    cmt_who_t             who;
    cmt_str_t             json;
    cmt_error_t           err = { 0 };
    cmt_change_t         *change;
    cmt_decision_t        d;
    const cmt_decided_t  *decided;

    memset(&d, 0, sizeof(d));
    d.what = CMT_DO_EDIT;
    d.id = id;
    d.version = CMT_VERSION_ANY;
    d.text = text;
    d.note = cmt__tool_option(tool, CMT__OPT_NOTE);
    who = cmt__tool_who();

    rc = cmt_decide_prepare(store, site, &who, &d, 1, (int64_t) time(NULL),
                            tool->arena, &change, &err);
    if (rc != CMT_OK) {
        return cmt__tool_failed(&err, rc);
    }

    cmt_commit(store, &change, 1);

    rc = cmt_change_result(change)->rc;
    if (rc != CMT_OK) {
        return cmt__tool_failed(&cmt_change_result(change)->error, rc);
    }

    decided = cmt_change_decided(change, &n);

    if (decided->rc == CMT_ENOTFOUND) {
        return cmt__tool_refuse("the site has no comment %" PRIu64, id);
    }
    if (decided->rc != CMT_OK) {
        return cmt__tool_refuse("%s", cmt_error_text(decided->rc));
    }

    if (tool->opts[CMT__OPT_JSON] == NULL) {
        printf("%" PRIu64 " %s\n", id,
               decided->replayed ? "has this text already" : "edited");
        return CMT__DONE;
    }

    rc = cmt_decided_json(change, 0, tool->arena, &json, &err);
    if (rc != CMT_OK) {
        return cmt__tool_failed(&err, rc);
    }

    return cmt__print_answer(json);
}


static int
reply_run(cmt__tool_t *tool, cmt_store_t *store, const cmt_site_t *site,
    uint64_t id, cmt_str_t text)
{
    int                  rc;
    cmt_who_t            who;
    cmt_error_t          err = { 0 };
    cmt_field_t          fields[2];
    cmt_change_t        *change;
    cmt_submission_t     in;
    const cmt_result_t  *result;

    fields[0] = (cmt_field_t) { cmt_str("text"), text };
    fields[1] = (cmt_field_t) { cmt_str("name"),
                                cmt__tool_option(tool, CMT__OPT_NAME) };

    memset(&in, 0, sizeof(in));
    in.id = id;
    in.now = (int64_t) time(NULL);
    in.form.n = 2;
    in.form.fields = fields;
    who = cmt__tool_who();

    rc = cmt_reply_prepare(store, site, &who, &in, tool->arena, &change,
                           &err);
    if (rc != CMT_OK) {
        return cmt__tool_failed(&err, rc);
    }

    cmt_commit(store, &change, 1);
    result = cmt_change_result(change);

    if (result->rc != CMT_OK) {
        return cmt__tool_refuse("%s", cmt_error_text(result->rc));
    }

    printf(tool->opts[CMT__OPT_JSON] != NULL
           ? "{\"id\":%" PRIu64 ",\"status\":\"%s\"}\n" : "%" PRIu64 " %s\n",
           result->id, cmt_status_name(result->status));

    return CMT__DONE;
}


int
cmt__cmd_close(cmt__tool_t *tool)
{
    int                  rc, close;
    cmt_who_t            who;
    cmt_site_t           site;
    cmt_store_t         *store;
    cmt_error_t          err = { 0 };
    cmt_change_t        *change;
    const cmt_result_t  *result;

    if (cmt__tool_store(tool, 0, &store) != CMT__DONE) {
        return CMT__REFUSED;
    }

    cmt_site_default(&site);
    site.name = cmt__tool_option(tool, CMT__OPT_SITE);
    who = cmt__tool_who();
    close = strcmp(tool->command->name, "close") == 0;

    rc = cmt_close_prepare(&site, &who, word(tool->args[0]), close,
                           cmt__tool_option(tool, CMT__OPT_NOTE),
                           (int64_t) time(NULL), tool->arena, &change, &err);
    if (rc == CMT_OK) {
        cmt_commit(store, &change, 1);
    }

    cmt_store_close(store);

    if (rc != CMT_OK) {
        return rc == CMT_EPAGE ? cmt__tool_refuse("%s", cmt_error_text(rc))
                               : cmt__tool_failed(&err, rc);
    }

    result = cmt_change_result(change);

    if (result->rc != CMT_OK) {
        return cmt__tool_failed(&result->error, result->rc);
    }

    if (tool->opts[CMT__OPT_JSON] != NULL) {
        printf("{\"closed\":%s,\"replayed\":%s}\n", close ? "true" : "false",
               result->replayed ? "true" : "false");
        return CMT__DONE;
    }

    cmt__print_text(stdout, result->page, 0);
    puts(close ? " is closed" : " is open");

    return CMT__DONE;
}
