/*
 * cmd_ban.c: bans authors, networks and domains, and lets them in again.
 */

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "tool.h"


static int ban_read(cmt__tool_t *tool, cmt_ban_t *ban);
static int changed(cmt__tool_t *tool, const cmt_change_t *change,
    const char *done);


int
cmt__cmd_ban_add(cmt__tool_t *tool)
{
    int            rc, status;
    cmt_ban_t      ban;
    cmt_who_t      who;
    cmt__opened_t  opened;
    cmt_error_t    err = { 0 };
    cmt_change_t  *change;

    status = ban_read(tool, &ban);
    if (status == CMT__DONE) {
        status = cmt__tool_open(tool, 0, &opened);
    }
    if (status != CMT__DONE) {
        return status;
    }

    who = cmt__tool_who();
    rc = cmt_ban_prepare(opened.store, &opened.site, &who, &ban,
                         (int64_t) time(NULL), tool->arena, &change, &err);

    if (rc == CMT_OK) {
        cmt_commit(opened.store, &change, 1);
        status = changed(tool, change, "banned");

    } else if (rc == CMT_ENOTFOUND) {
        status = cmt__tool_refuse("there is no comment %" PRIu64, ban.id);

    } else {
        status = cmt__tool_failed(&err, rc);
    }

    cmt__tool_close(&opened);

    return status;
}


static int
ban_read(cmt__tool_t *tool, cmt_ban_t *ban)
{
    int        i, n;
    cmt_str_t  word;

    static const struct {
        cmt__opt_t      opt;
        cmt_ban_kind_t  kind;
    } kinds[] = {
        { CMT__OPT_AUTHOR_OF, CMT_BAN_AUTHOR },
        { CMT__OPT_EMAIL, CMT_BAN_AUTHOR },
        { CMT__OPT_ADDRESS, CMT_BAN_ADDRESS },
        { CMT__OPT_DOMAIN, CMT_BAN_DOMAIN }
    };

    memset(ban, 0, sizeof(*ban));
    ban->status = CMT_SPAM;
    ban->note = cmt__tool_option(tool, CMT__OPT_NOTE);

    for (i = 0, n = 0; i < 4; i++) {
        if (tool->opts[kinds[i].opt] != NULL) {
            ban->kind = kinds[i].kind;
            ban->value = cmt__tool_option(tool, kinds[i].opt);
            n++;
        }
    }

    if (n != 1) {
        return cmt__tool_misuse(tool, "a ban needs one of --author-of, "
                                "--email, --address and --domain");
    }

    if (tool->opts[CMT__OPT_AUTHOR_OF] != NULL
        && cmt__tool_number(tool, "--author-of", tool->opts[CMT__OPT_AUTHOR_OF],
                            &ban->id) != CMT__DONE)
    {
        return CMT__USAGE;
    }

    word = cmt__tool_option(tool, CMT__OPT_STATUS);

    if (word.len > 0) {
        ban->status = cmt_status_parse(word);

        if (ban->status < CMT_PENDING || ban->status > CMT_REJECTED) {
            return cmt__tool_misuse(tool, "--status must be spam, pending or "
                                    "rejected, not \"%s\"", word.data);
        }
    }

    return cmt__tool_time(tool, CMT__OPT_UNTIL, 1, &ban->until);
}


int
cmt__cmd_ban_remove(cmt__tool_t *tool)
{
    int            rc, status;
    cmt_str_t      key;
    cmt_who_t      who;
    cmt_site_t     site;
    cmt_store_t   *store;
    cmt_error_t    err = { 0 };
    cmt_change_t  *change;

    status = cmt__tool_store(tool, 0, &store);
    if (status != CMT__DONE) {
        return status;
    }

    cmt_site_default(&site);
    site.name = cmt__tool_option(tool, CMT__OPT_SITE);
    key.data = tool->args[0];
    key.len = strlen(tool->args[0]);
    who = cmt__tool_who();

    rc = cmt_unban_prepare(&site, &who, key, (int64_t) time(NULL),
                           tool->arena, &change, &err);
    if (rc == CMT_OK) {
        cmt_commit(store, &change, 1);

        status = cmt_change_result(change)->rc == CMT_ENOTFOUND
                 ? cmt__tool_refuse("there is no ban \"%s\"", tool->args[0])
                 : changed(tool, change, "let in");
    } else {
        status = cmt__tool_failed(&err, rc);
    }

    cmt_store_close(store);

    return status;
}


static int
changed(cmt__tool_t *tool, const cmt_change_t *change, const char *done)
{
    cmt__buf_t           b;
    const cmt_result_t  *result;

    result = cmt_change_result(change);

    if (result->rc != CMT_OK) {
        return cmt__tool_failed(&result->error, result->rc);
    }

    if (tool->opts[CMT__OPT_JSON] == NULL) {
        puts(result->replayed ? "it was so already" : done);
        return CMT__DONE;
    }

    cmt__buf_init(&b, tool->arena, 64);
    cmt__buf_lit(&b, result->replayed ? "{\"replayed\":true}"
                                      : "{\"replayed\":false}");

    return cmt__print_json(&b);
}


int
cmt__cmd_ban_list(cmt__tool_t *tool)
{
    int                 rc, status;
    size_t              i;
    cmt_str_t           json;
    cmt_site_t          site;
    cmt_read_t         *read;
    cmt_store_t        *store;
    cmt_error_t         err = { 0 };
    const cmt__json_t  *root, *bans, *one;

    if (cmt__tool_store(tool, CMT_STORE_READONLY, &store) != CMT__DONE) {
        return CMT__REFUSED;
    }

    cmt_site_default(&site);
    site.name = cmt__tool_option(tool, CMT__OPT_SITE);

    rc = cmt_read_begin(store, &read, &err);
    if (rc == CMT_OK) {
        rc = cmt_bans_json(read, &site, (int64_t) time(NULL), tool->arena,
                           &json, &err);
        cmt_read_end(read);
    }

    cmt_store_close(store);

    if (rc != CMT_OK) {
        return cmt__tool_failed(&err, rc);
    }

    status = cmt__tool_answer(tool, json, &root);
    if (root == NULL) {
        return status;
    }

    bans = cmt__json_member(root, "bans");

    for (i = 0; i < bans->n; i++) {
        one = &bans->items[i];

        cmt__print_text(stdout, cmt__json_member(one, "key")->string, 0);
        fputs("  ", stdout);
        cmt__print_cell(stdout, cmt__json_member(one, "kind")->string, 8);
        fputs("  ", stdout);
        cmt__print_cell(stdout, cmt__json_member(one, "status")->string, 8);
        fputs("  ", stdout);
        cmt__print_cell(stdout, cmt__json_member(one, "until")->string, 20);
        fputs("  ", stdout);
        cmt__print_text(stdout, cmt__json_member(one, "value")->string, 0);
        fputs("  ", stdout);
        cmt__print_text(stdout, cmt__json_member(one, "note")->string, 60);
        fputc('\n', stdout);
    }

    return CMT__DONE;
}
