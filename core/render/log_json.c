/*
 * log_json.c: entries of the journal, one JSON object in a line.
 */

#include <string.h>

#include "item.h"


#define SCAN_MAX  20000          /* entries looked at in one call */


static int entry_wanted(const cmt_log_query_t *query, uint32_t site,
    const cmt__entry_t *entry);
static int entry_json(cmt__buf_t *b, cmt_read_t *read,
    const cmt__entry_t *entry) CMT_CHECK;


int
cmt_log_json(cmt_read_t *read, const cmt_log_query_t *query,
    cmt_arena_t *arena, cmt_str_t *lines, uint64_t *next, cmt_error_t *err)
{
    int           rc, down;
    uint8_t       chain[CMT__CHAIN_BYTES];
    uint32_t      site;
    uint64_t      seq, last;
    unsigned      found, seen;
    cmt__buf_t    b;
    cmt__entry_t  entry;

    site = 0;
    rc = cmt__journal_last(read, &last);

    if (rc == CMT_OK && query->site.len > 0) {
        rc = cmt__site_find(read, query->site, &site);
    }
    if (rc != CMT_OK) {
        return cmt__fail(err, rc, "site", "there is no site \"%.*s\"",
                         (int) query->site.len, query->site.data);
    }

    down = query->after == 0 && query->before != 0;
    seq = !down ? query->after + 1
          : query->before > last ? last : query->before - 1;

    cmt__buf_init(&b, arena, 4096);

    for (found = 0, seen = 0;
         seq >= 1 && seq <= last && seen < SCAN_MAX
         && found < query->limit && found < CMT_LOG_ENTRIES_MAX;
         seq = down ? seq - 1 : seq + 1, seen++)
    {
        rc = cmt__journal_get(read, seq, &entry, chain);

        if (rc == CMT_OK && entry_wanted(query, site, &entry)) {
            found++;
            rc = entry_json(&b, read, &entry);
        }
        if (rc != CMT_OK) {
            return cmt__fail(err, rc, NULL, "journal, entry %llu",
                             (unsigned long long) seq);
        }
    }

    if (cmt__buf_end(&b, lines) != CMT_OK) {
        return cmt__fail(err, CMT_ENOMEM, NULL, "journal");
    }

    *next = seq < 1 || seq > last ? 0 : down ? seq + 1 : seq - 1;

    return CMT_OK;
}


static int
entry_wanted(const cmt_log_query_t *q, uint32_t site, const cmt__entry_t *e)
{
    return (site == 0 || e->site == site)
           && (q->comment == 0 || e->comment == q->comment)
           && (q->actor.len == 0 || cmt__str_eq(q->actor, e->actor))
           && (q->since == 0 || e->time >= q->since)
           && (q->until == 0 || e->time < q->until);
}


static void
member_status(cmt__buf_t *b, const char *name, unsigned status)
{
    const char  *word;

    word = status == 0 ? "" : cmt_status_name((cmt_status_t) status);
    cmt__member_str(b, name, (cmt_str_t) { strlen(word), word });
}


static int
entry_json(cmt__buf_t *b, cmt_read_t *read, const cmt__entry_t *e)
{
    int            rc;
    cmt_str_t      site, page, note;
    cmt__deed_t    deed;
    cmt__thread_t  thread;

    site = cmt_null_str;
    page = cmt_null_str;
    note = cmt_null_str;

    if (e->site != 0 && cmt__site_name(read, e->site, &site) != CMT_OK) {
        return CMT_ECORRUPT;
    }

    if (e->thread != 0) {
        rc = cmt__thread_get(read, e->thread, &thread);
        if (rc != CMT_OK) {
            return CMT_ECORRUPT;
        }
        page = thread.page;
    }

    if (e->has_deed) {
        rc = cmt__deed_get(read, e->comment, e->seq, &deed);
        if (rc == CMT_OK) {
            note = deed.note;
        } else if (rc != CMT_ENOTFOUND) {
            return rc;
        }
    }

    cmt__buf_lit(b, "{\"seq\":");
    cmt__buf_u64(b, e->seq);
    cmt__member_time(b, "time", e->time);
    cmt__buf_lit(b, ",\"what\":\"");
    cmt__buf_lit(b, cmt__did_name(e->did, e->after, e->undoes));
    cmt__buf_char(b, '"');
    cmt__member_str(b, "actor", e->actor);
    cmt__member_str(b, "site", site);
    cmt__member_str(b, "page", page);
    cmt__member_u64(b, "comment", e->comment);
    member_status(b, "before", e->before);
    member_status(b, "after", e->after);
    cmt__member_u64(b, "undoes", e->undoes);
    cmt__member_str(b, "note", note);
    cmt__buf_lit(b, "}\n");

    return CMT_OK;
}
