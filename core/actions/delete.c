/*
 * delete.c: an author takes an own comment back.
 */

#include "actions.h"


typedef struct {
    cmt_change_t        change;
    const cmt_site_t   *site;
    cmt_arena_t        *arena;
    uint64_t            id;
    int64_t             now;
    cmt__hash_t         cookie;
} delete_t;


static int delete_apply(cmt__write_t *write, cmt_change_t *change,
    int *wrote, cmt_error_t *err);


int
cmt_delete_prepare(cmt_store_t *store, const cmt_site_t *site,
    const cmt_submission_t *in, cmt_arena_t *arena, cmt_change_t **change,
    cmt_error_t *err)
{
    delete_t  *s;

    (void) store;

    s = cmt_calloc(arena, sizeof(delete_t));
    if (s == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, "no memory for a change");
    }

    s->change.apply = delete_apply;
    s->site = site;
    s->arena = arena;
    s->id = in->id;
    s->now = in->now;
    (void) cmt__cookie_hash(site->keys, in->cookie, &s->cookie);

    *change = &s->change;

    return CMT_OK;
}


static int
delete_apply(cmt__write_t *write, cmt_change_t *change, int *wrote,
    cmt_error_t *err)
{
    int             rc;
    delete_t       *s;
    cmt_read_t     *view;
    cmt__comment_t  c;

    s = (delete_t *) change;
    view = cmt__write_view(write);

    rc = cmt__reader_own(view, s->site, s->id, &s->cookie, s->now, &c);

    if (rc == CMT_ECORRUPT || rc == CMT_ESTORE) {
        return cmt__fail(err, rc, NULL, "comment to delete");
    }
    if (rc != CMT_OK) {
        return cmt__refuse(change, rc, NULL, 0);
    }

    rc = cmt__reader_result(view, &c, s->arena, &change->result, err);
    if (rc != CMT_OK) {
        return rc;
    }

    *wrote = 1;
    change->result.status = CMT_DELETED;

    rc = cmt__comment_erase(write, s->id, err);

    return rc == CMT_OK ? cmt__reader_did(write, &c, CMT__DID_DELETE,
                                          CMT_DELETED, s->now, err)
                        : rc;
}
