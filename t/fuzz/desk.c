/*
 * desk.c: what moderators send: decisions, bans, and a comment to try the
 * rules on.  The first byte chooses.
 */

#include "core/rules/engine.h"

#include "fuzz.h"


static void decisions(cmt_arena_t *arena, const char *type, cmt_str_t body);
static void ban(cmt_arena_t *arena, cmt_str_t body);
static void facts(cmt_arena_t *arena, cmt_str_t json);


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    cmt_str_t     s;
    cmt_arena_t  *arena;

    if (size == 0) {
        return 0;
    }

    arena = cmt_arena_create(CMT_ARENA_BYTES_MAX);
    expect(arena != NULL);
    s = (cmt_str_t) { size - 1, (const char *) data + 1 };

    switch (data[0] % 4) {

    case 0:
        decisions(arena, "application/json", s);
        break;

    case 1:
        decisions(arena, "application/x-www-form-urlencoded", s);
        break;

    case 2:
        ban(arena, s);
        break;

    default:
        facts(arena, s);
    }

    cmt_arena_destroy(arena);

    return 0;
}


static void
decisions(cmt_arena_t *arena, const char *type, cmt_str_t body)
{
    int              rc;
    size_t           i, n;
    cmt_form_t       form;
    cmt_error_t      err;
    cmt_decision_t  *list;

    memset(&err, 0, sizeof(err));
    rc = cmt_desk_decisions(arena, (cmt_str_t) { strlen(type), type }, body,
                            &form, &list, &n, &err);

    if (rc != CMT_OK) {
        expect(err.rc == rc && cmt_error_http(rc) < 500);
        return;
    }

    expect(n >= 1 && n <= CMT_DECISIONS_MAX);

    for (i = 0; i < n; i++) {
        expect(cmt_do_name(list[i].what)[0] != '?' && list[i].id != 0);
        expect(cmt__utf8_valid(list[i].text) && cmt__utf8_valid(list[i].note));
    }
}


static void
ban(cmt_arena_t *arena, cmt_str_t body)
{
    int          rc;
    cmt_ban_t    ban;
    cmt_form_t   form;
    cmt_error_t  err;

    memset(&err, 0, sizeof(err));

    if (cmt_form_parse(arena, cmt_str("application/x-www-form-urlencoded"),
                       body, &form, &err)
        != CMT_OK)
    {
        return;
    }

    rc = cmt_desk_ban(&form, &ban, &err);

    if (rc != CMT_OK) {
        expect(err.rc == rc && cmt_error_http(rc) < 500 && err.field != NULL);
        return;
    }

    expect(cmt_ban_kind_name(ban.kind)[0] != '?');
    expect(cmt_status_name(ban.status)[0] != '?');
    expect(ban.until >= 0);
}


static void
facts(cmt_arena_t *arena, cmt_str_t json)
{
    int                    rc;
    cmt_str_t              receipt;
    cmt_error_t            err;
    const cmt__json_t     *root;
    static cmt_ruleset_t  *rules;

    if (rules == NULL) {
        expect(cmt_ruleset_load(NULL, 0, NULL, &rules, NULL) == CMT_OK);
    }

    memset(&err, 0, sizeof(err));
    rc = cmt_ruleset_run_json(rules, json, arena, &receipt, &err);

    if (rc != CMT_OK) {
        expect(err.rc == rc);
        expect(rc == CMT_EJSON || rc == CMT_EFIELD || rc == CMT_ENOMEM);
        return;
    }

    expect(cmt__json_parse(arena, receipt, &root, NULL) == CMT_OK);
}
