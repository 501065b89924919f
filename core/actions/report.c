/*
 * report.c: a reader tells the moderators that a comment is not right, once
 * for each cookie and comment.
 */

#include "actions.h"


typedef struct {
    cmt_change_t        change;
    const cmt_site_t   *site;
    cmt_arena_t        *arena;
    uint64_t            id;
    cmt__report_t       report;
    cmt__reader_t       reader;
} report_t;


static int report_apply(cmt__write_t *write, cmt_change_t *change,
    int *wrote, cmt_error_t *err);
static int report_write(cmt__write_t *write, report_t *report,
    const cmt__comment_t *comment, int *wrote, cmt_error_t *err) CMT_CHECK;


int
cmt_report_prepare(cmt_store_t *store, const cmt_site_t *site,
    const cmt_submission_t *in, cmt_arena_t *arena, cmt_change_t **change,
    cmt_error_t *err)
{
    int        rc;
    report_t  *s;

    s = cmt_calloc(arena, sizeof(report_t));
    if (s == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, "no memory for a report");
    }

    s->change.apply = report_apply;
    s->site = site;
    s->arena = arena;
    s->id = in->id;
    s->report.time = in->now;

    rc = cmt__fields_line(cmt_form_get(&in->form, "reason"),
                          CMT_REASON_CHARS_MAX, CMT_EREASONLONG, "reason",
                          arena, &s->report.reason, err);

    if (rc == CMT_OK) {
        rc = cmt__reader_comes(store, site, in, arena, &s->reader,
                               &s->change.result, err);
    }
    if (rc != CMT_OK) {
        return rc;
    }

    s->report.cookie = s->reader.cookie;
    *change = &s->change;

    return CMT_OK;
}


static int
report_apply(cmt__write_t *write, cmt_change_t *change, int *wrote,
    cmt_error_t *err)
{
    int             rc;
    report_t       *s;
    cmt_read_t     *view;
    cmt__report_t   before;
    cmt__comment_t  c;

    s = (report_t *) change;
    view = cmt__write_view(write);

    rc = cmt__reader_sees(view, s->site, s->id, &c);

    if (rc == CMT_ENOTFOUND) {
        return cmt__refuse(change, CMT_ENOTFOUND, NULL, 0);
    }
    if (rc == CMT_OK) {
        rc = cmt__reader_result(view, &c, s->arena, &change->result, err);
    }
    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, "comment of a report");
    }

    rc = cmt__report_get(view, s->id, &s->report.cookie, &before);

    if (rc == CMT_OK && (s->reader.banned || !before.silent)) {
        change->result.replayed = 1;
        return CMT_OK;
    }
    if (rc != CMT_OK && rc != CMT_ENOTFOUND) {
        return cmt__fail(err, rc, NULL, "report");
    }

    return report_write(write, s, &c, wrote, err);
}


static int
report_write(cmt__write_t *write, report_t *s, const cmt__comment_t *c,
    int *wrote, cmt_error_t *err)
{
    int  rc;

    const cmt__pace_t  pace = { CMT__LIMIT_REPORT, &s->reader.address,
                                s->site->address_rate };

    rc = cmt__limits(write, &s->change, c->site, &pace, 1, s->report.time,
                     wrote, err);
    if (rc != CMT_OK || s->change.result.rc != CMT_OK) {
        return rc;
    }

    s->report.silent = s->reader.banned != 0;
    s->change.result.replayed = s->report.silent;
    *wrote = 1;

    rc = cmt__report_put(write, s->id, &s->report, err);

    return rc == CMT_OK && !s->report.silent
           ? cmt__reader_did(write, c, CMT__DID_REPORT, c->status,
                             s->report.time, err)
           : rc;
}
