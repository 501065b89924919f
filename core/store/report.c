/*
 * report.c: what readers have against a comment, behind its receipt.
 *
 *   time:8, of which the highest bit: by who was banned, silent; reason
 *
 * The comment's record has the number of those that are not silent.
 */

#include <string.h>

#include "schema.h"


#define TIME_BYTES  8
#define SILENT      ((uint64_t) 1 << 63)


static size_t
report_key(uint8_t key[CMT__REPORT_KEY_BYTES], uint64_t id,
    const cmt__hash_t *cookie)
{
    cmt__be_put(key, id, 8);
    memcpy(key + 8, cookie->bytes, CMT_HASH_BYTES);

    return CMT__REPORT_KEY_BYTES;
}


int
cmt__report_decode(cmt_str_t value, cmt__report_t *report)
{
    uint64_t  time;

    if (value.len < TIME_BYTES) {
        return CMT_ECORRUPT;
    }

    time = cmt__le_get((const uint8_t *) value.data, TIME_BYTES);
    report->silent = (time & SILENT) != 0;
    report->time = (int64_t) (time & ~SILENT);
    report->reason = cmt__str_sub(value, TIME_BYTES, value.len);

    return CMT_OK;
}


int
cmt__report_get(cmt_read_t *read, uint64_t id, const cmt__hash_t *cookie,
    cmt__report_t *report)
{
    int        rc;
    uint8_t    key[CMT__REPORT_KEY_BYTES];
    cmt_str_t  value;

    rc = cmt__get(read, CMT__RECEIPTS, key, report_key(key, id, cookie),
                  &value);
    if (rc != CMT_OK) {
        return rc;
    }

    report->cookie = *cookie;

    return cmt__report_decode(value, report);
}


/* A cookie of zeros is nobody's; the receipt's own key stands before it. */
int
cmt__report_next(cmt_read_t *read, uint64_t id, cmt__report_t *report)
{
    int             rc;
    uint8_t         key[CMT__REPORT_KEY_BYTES];
    cmt_str_t       value;
    const uint8_t  *found;

    rc = cmt__next(read, CMT__RECEIPTS, key,
                   report_key(key, id, &report->cookie), 8, &found, &value);
    if (rc != CMT_OK) {
        return rc;
    }

    memcpy(report->cookie.bytes, found + 8, CMT_HASH_BYTES);

    return cmt__report_decode(value, report);
}


int
cmt__report_put(cmt__write_t *write, uint64_t id,
    const cmt__report_t *report, cmt_error_t *err)
{
    int             rc;
    uint8_t         key[CMT__REPORT_KEY_BYTES], *value;
    cmt__comment_t  c, was;

    cmt_arena_reset(write->scratch);

    rc = cmt__comment_load(write, id, &c, err);
    if (rc != CMT_OK) {
        return rc;
    }

    if (c.reports == UINT16_MAX) {
        return CMT_OK;          /* one more tells nobody anything */
    }

    rc = cmt__reserve(write, CMT__RECEIPTS, key,
                      report_key(key, id, &report->cookie),
                      TIME_BYTES + report->reason.len, &value, err);
    if (rc != CMT_OK) {
        return rc;
    }

    cmt__le_put(value, (uint64_t) report->time | (report->silent ? SILENT : 0),
                TIME_BYTES);
    if (report->reason.len > 0) {
        memcpy(value + TIME_BYTES, report->reason.data, report->reason.len);
    }

    if (report->silent) {
        return CMT_OK;
    }

    was = c;
    c.reports++;
    c.flags &= ~(unsigned) CMT__FLAG_SETTLED;

    rc = cmt__comment_save(write, &c, err);

    if (rc == CMT_OK && cmt__upheld(&c) != cmt__upheld(&was)) {
        rc = cmt__author_count(write, &was, &c, err);
    }

    return rc == CMT_OK ? cmt__reported_keep(write, &c, err) : rc;
}


int
cmt__reported(const cmt__comment_t *comment)
{
    return comment->reports > 0 && !(comment->flags & CMT__FLAG_SETTLED);
}


uint32_t
cmt__upheld(const cmt__comment_t *comment)
{
    return (comment->flags & CMT__FLAG_REVIEWED)
           && (comment->status == CMT_SPAM || comment->status == CMT_REJECTED)
           ? comment->reports : 0;
}


size_t
cmt__key_reported(uint8_t *key, uint32_t site, uint64_t id)
{
    cmt__be_put(key, site, 4);
    key[4] = 'r';
    cmt__be_put(key + 5, id, 8);

    return CMT__REPORTED_KEY_BYTES;
}


int
cmt__reported_keep(cmt__write_t *write, const cmt__comment_t *comment,
    cmt_error_t *err)
{
    size_t   len;
    uint8_t  key[CMT__REPORTED_KEY_BYTES];

    len = cmt__key_reported(key, comment->site, comment->id);

    return cmt__reported(comment)
           ? cmt__put(write, CMT__MODERATION, key, len, "", 0, err)
           : cmt__del(write, CMT__MODERATION, key, len, err);
}


int
cmt__reported_comments(cmt_read_t *read, uint32_t site, uint64_t before,
    uint64_t *ids, size_t *n)
{
    uint8_t  key[CMT__REPORTED_KEY_BYTES];

    return cmt__ids_below(read, CMT__MODERATION, key,
                          cmt__key_reported(key, site, 0) - 8, before, ids,
                          n);
}


int
cmt__reports_drop(cmt__write_t *write, uint64_t id, cmt_error_t *err)
{
    int            rc;
    uint8_t        key[CMT__REPORT_KEY_BYTES];
    cmt__report_t  report;

    memset(&report, 0, sizeof(report));

    while ((rc = cmt__report_next(&write->view, id, &report)) == CMT_OK) {

        rc = cmt__del(write, CMT__RECEIPTS, key,
                      report_key(key, id, &report.cookie), err);
        if (rc != CMT_OK) {
            return rc;
        }
    }

    return rc == CMT_ENOTFOUND ? CMT_OK
                               : cmt__fail(err, rc, NULL, "reports");
}


int
cmt__reported_after(cmt_read_t *read, uint32_t site, uint64_t after,
    uint64_t *ids, size_t *n)
{
    uint8_t  key[CMT__REPORTED_KEY_BYTES];

    return cmt__ids_above(read, CMT__MODERATION, key,
                          cmt__key_reported(key, site, 0) - 8, after, ids,
                          n);
}
