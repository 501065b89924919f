/*
 * status.c: a person decides about a comment.
 */

#include <string.h>

#include "actions.h"


typedef struct {
    cmt_change_t   change;
    uint64_t       id;
    cmt_status_t   status;
    cmt_str_t      actor;
    int64_t        now;
} status_t;


static int status_apply(cmt__write_t *write, cmt_change_t *change,
    int *wrote, cmt_error_t *err);


int
cmt_status_prepare(uint64_t id, cmt_status_t status, cmt_str_t actor,
    int64_t now, cmt_arena_t *arena, cmt_change_t **change, cmt_error_t *err)
{
    status_t  *s;

    if (status < CMT_APPROVED || status > CMT_DELETED) {
        return cmt__fail(err, CMT_EARGUMENT, "status", "status %d", status);
    }

    s = cmt_calloc(arena, sizeof(status_t));
    if (s == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, "no memory for a decision");
    }

    s->change.apply = status_apply;
    s->id = id;
    s->status = status;
    s->now = now;
    s->actor = cmt__str_copy(arena, actor);

    if (s->actor.data == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, "no memory for a decision");
    }

    *change = &s->change;

    return CMT_OK;
}


static int
status_apply(cmt__write_t *write, cmt_change_t *change, int *wrote,
    cmt_error_t *err)
{
    int             rc;
    status_t       *s;
    cmt__entry_t    entry;
    cmt__comment_t  comment;

    s = (status_t *) change;

    rc = cmt__comment_get(cmt__write_view(write), s->id, &comment);

    if (rc == CMT_ENOTFOUND) {
        return cmt__refuse(change, CMT_ENOTFOUND, "id", 0);
    }
    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, "comment %llu",
                         (unsigned long long) s->id);
    }

    memset(&entry, 0, sizeof(entry));
    entry.did = CMT__DID_STATUS;
    entry.before = (unsigned) comment.status;
    entry.after = (unsigned) s->status;
    entry.site = comment.site;
    entry.thread = comment.thread;
    entry.comment = comment.id;
    entry.time = s->now;
    entry.actor = s->actor;

    *wrote = 1;

    rc = cmt__comment_move(write, s->id, s->status, err);

    if (rc == CMT_OK) {
        rc = cmt__journal_append(write, &entry, err);
    }

    change->result.id = s->id;
    change->result.status = s->status;

    return rc;
}
