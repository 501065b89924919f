/*
 * desk_form.c: what moderators send: decisions, one or many; a ban.
 */

#include <string.h>

#include "render.h"


static int decisions_of_json(const cmt__json_t *root, cmt_arena_t *arena,
    cmt_decision_t **decisions, size_t *n, cmt_error_t *err) CMT_CHECK;
static int decision_of_json(const cmt__json_t *object,
    cmt_decision_t *decision, cmt_error_t *err) CMT_CHECK;
static int decision_of_form(const cmt_form_t *form, cmt_decision_t *decision,
    cmt_error_t *err) CMT_CHECK;
static int is_json(cmt_str_t content_type);
static int json_number(const cmt__json_t *object, const char *name,
    uint64_t *number, cmt_error_t *err) CMT_CHECK;
static int json_text(const cmt__json_t *object, const char *name,
    cmt_str_t *text, cmt_error_t *err) CMT_CHECK;
static int form_number(const cmt_form_t *form, const char *name,
    uint64_t *number, cmt_error_t *err) CMT_CHECK;


int
cmt_desk_decisions(cmt_arena_t *arena, cmt_str_t content_type, cmt_str_t body,
    cmt_form_t *form, cmt_decision_t **decisions, size_t *n,
    cmt_error_t *err)
{
    int                 rc;
    cmt_decision_t     *one;
    const cmt__json_t  *root;

    if (is_json(content_type)) {
        memset(form, 0, sizeof(*form));

        rc = cmt__json_parse(arena, body, &root, err);
        if (rc != CMT_OK) {
            return rc;
        }

        return decisions_of_json(root, arena, decisions, n, err);
    }

    rc = cmt_form_parse(arena, content_type, body, form, err);
    if (rc != CMT_OK) {
        return rc;
    }

    one = cmt_calloc(arena, sizeof(cmt_decision_t));
    if (one == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, "no memory for a decision");
    }

    rc = decision_of_form(form, one, err);
    if (rc != CMT_OK) {
        return rc;
    }

    *decisions = one;
    *n = 1;

    return CMT_OK;
}


static int
is_json(cmt_str_t content_type)
{
    size_t  n;

    for (n = 0; n < content_type.len && content_type.data[n] != ';'; n++) {
        /* void */
    }

    content_type.len = n;

    return cmt__str_is_nocase(cmt__str_trim(content_type),
                              "application/json");
}


static int
decisions_of_json(const cmt__json_t *root, cmt_arena_t *arena,
    cmt_decision_t **decisions, size_t *n, cmt_error_t *err)
{
    int                 rc;
    size_t              i;
    cmt_decision_t     *all;
    const cmt__json_t  *list;

    list = cmt__json_member(root, "decisions");

    if (list == NULL || list->type != CMT__JSON_ARRAY || list->n == 0
        || list->n > CMT_DECISIONS_MAX)
    {
        return cmt__fail(err, CMT_EDECISION, "decisions",
                         "decisions are a list of 1 to %d", CMT_DECISIONS_MAX);
    }

    all = cmt_calloc(arena, list->n * sizeof(cmt_decision_t));
    if (all == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, "no memory for decisions");
    }

    for (i = 0; i < list->n; i++) {
        rc = decision_of_json(&list->items[i], &all[i], err);
        if (rc != CMT_OK) {
            return rc;
        }
    }

    *decisions = all;
    *n = list->n;

    return CMT_OK;
}


static int
decision_of_json(const cmt__json_t *object, cmt_decision_t *decision,
    cmt_error_t *err)
{
    int        rc;
    cmt_str_t  what;

    what = cmt_null_str;
    decision->version = CMT_VERSION_ANY;

    rc = json_number(object, "id", &decision->id, err);

    if (rc == CMT_OK) {
        rc = json_number(object, "version", &decision->version, err);
    }
    if (rc == CMT_OK) {
        rc = json_number(object, "undo", &decision->undo, err);
    }
    if (rc == CMT_OK) {
        rc = json_text(object, "decision", &what, err);
    }
    if (rc == CMT_OK) {
        rc = json_text(object, "note", &decision->note, err);
    }
    if (rc == CMT_OK) {
        rc = json_text(object, "text", &decision->text, err);
    }
    if (rc != CMT_OK) {
        return rc;
    }

    decision->what = cmt_do_parse(what);

    if (decision->what == 0) {
        return cmt__fail(err, CMT_EDECISION, "decision", "decision");
    }

    if (decision->id == 0) {
        return cmt__fail(err, CMT_EDECISION, "id", "no id");
    }

    return CMT_OK;
}


static int
decision_of_form(const cmt_form_t *form, cmt_decision_t *decision,
    cmt_error_t *err)
{
    int  rc;

    decision->version = CMT_VERSION_ANY;
    decision->note = cmt_form_get(form, "note");
    decision->text = cmt_form_get(form, "text");
    decision->what = cmt_do_parse(cmt_form_get(form, "decision"));

    if (decision->what == 0) {
        return cmt__fail(err, CMT_EDECISION, "decision", "decision");
    }

    rc = form_number(form, "id", &decision->id, err);

    if (rc == CMT_OK) {
        rc = form_number(form, "version", &decision->version, err);
    }
    if (rc == CMT_OK) {
        rc = form_number(form, "undo", &decision->undo, err);
    }

    if (rc == CMT_OK && decision->id == 0) {
        rc = cmt__fail(err, CMT_EDECISION, "id", "no id");
    }

    return rc;
}


int
cmt_desk_ban(const cmt_form_t *form, cmt_ban_t *ban, cmt_error_t *err)
{
    cmt_str_t  value;

    memset(ban, 0, sizeof(*ban));

    ban->kind = cmt_ban_kind_parse(cmt_form_get(form, "kind"));
    if (ban->kind == 0) {
        return cmt__fail(err, CMT_EBAN, "kind", "kind");
    }

    value = cmt_form_get(form, "status");
    ban->status = value.len > 0 ? cmt_status_parse(value) : CMT_SPAM;

    if (ban->status == 0) {
        return cmt__fail(err, CMT_EBAN, "status", "status");
    }

    value = cmt_form_get(form, "comment");

    if (value.len > 0 && !cmt__str_u64(value, &ban->id)) {
        return cmt__fail(err, CMT_EBAN, "comment", "no id");
    }

    value = cmt_form_get(form, "until");

    /* 0 would be a ban without end. */
    if (value.len > 0
        && (!cmt__time_parse(value, &ban->until) || ban->until <= 0))
    {
        return cmt__fail(err, CMT_EBAN, "until", "until is no time to come");
    }

    ban->value = cmt_form_get(form, "value");
    ban->note = cmt_form_get(form, "note");

    return CMT_OK;
}


/* Leaves *number alone when there is no such member. */
static int
json_number(const cmt__json_t *object, const char *name, uint64_t *number,
    cmt_error_t *err)
{
    const cmt__json_t  *member;

    member = cmt__json_member(object, name);

    if (member == NULL || member->type == CMT__JSON_NULL) {
        return CMT_OK;
    }

    if (member->type != CMT__JSON_INTEGER || member->integer < 0) {
        return cmt__fail(err, CMT_EDECISION, name, "%s is a whole number",
                         name);
    }

    *number = (uint64_t) member->integer;

    return CMT_OK;
}


static int
json_text(const cmt__json_t *object, const char *name, cmt_str_t *text,
    cmt_error_t *err)
{
    const cmt__json_t  *member;

    member = cmt__json_member(object, name);

    if (member == NULL || member->type == CMT__JSON_NULL) {
        return CMT_OK;
    }

    if (member->type != CMT__JSON_STRING) {
        return cmt__fail(err, CMT_EFIELD, name, "%s is a text", name);
    }

    *text = member->string;

    return CMT_OK;
}


static int
form_number(const cmt_form_t *form, const char *name, uint64_t *number,
    cmt_error_t *err)
{
    cmt_str_t  value;

    value = cmt_form_get(form, name);

    if (value.len > 0 && !cmt__str_u64(value, number)) {
        return cmt__fail(err, CMT_EDECISION, name, "%s is a whole number",
                         name);
    }

    return CMT_OK;
}
