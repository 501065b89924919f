/*
 * events.c: what readers could see happen, from the journal.
 */

#include <string.h>

#include "actions.h"


/* 0: nothing that everybody could see. */
static int
kind_of(const cmt__entry_t *entry)
{
    int  before, after;

    before = entry->before == CMT_APPROVED;
    after = entry->after == CMT_APPROVED;

    return !before && after ? CMT_EVENT_COMMENT
           : before && !after ? CMT_EVENT_DELETE
           : before && entry->did == CMT__DID_EDIT ? CMT_EVENT_EDIT
           : 0;
}


int
cmt_journal_last(cmt_read_t *read, uint64_t *seq, cmt_error_t *err)
{
    int  rc;

    rc = cmt__journal_last(read, seq);

    return rc == CMT_OK ? CMT_OK : cmt__fail(err, rc, NULL, "journal");
}


int
cmt_journal_read(cmt_read_t *read, uint64_t thread, uint64_t *cursor,
    cmt_event_t *events, size_t *n, cmt_error_t *err)
{
    int           rc, kind;
    size_t        i, found;
    uint8_t       chain[CMT__CHAIN_BYTES];
    uint64_t      seq;
    cmt__entry_t  entry;

    seq = *cursor;
    found = 0;

    for (i = 0; i < *n; i++) {

        rc = cmt__journal_get(read, seq + 1, &entry, chain);
        if (rc == CMT_ENOTFOUND) {
            break;
        }
        if (rc != CMT_OK) {
            return cmt__fail(err, rc, NULL, "journal, entry %llu",
                             (unsigned long long) seq + 1);
        }

        seq++;
        kind = kind_of(&entry);

        if (kind == 0 || (thread != 0 && thread != entry.thread)) {
            continue;
        }

        events[found].seq = seq;
        events[found].kind = (cmt_event_kind_t) kind;
        events[found].thread = entry.thread;
        events[found].comment = entry.comment;
        found++;
    }

    *cursor = seq;
    *n = found;

    return CMT_OK;
}


int
cmt_event_thread(cmt_read_t *read, uint64_t id, cmt_arena_t *arena,
    cmt_str_t *site, cmt_thread_t *thread, cmt_error_t *err)
{
    int            rc;
    cmt_str_t      name, page;
    cmt__thread_t  found;

    rc = cmt__thread_get(read, id, &found);
    if (rc == CMT_OK) {
        rc = cmt__site_name(read, found.site, &name);
    }
    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, "thread %llu",
                         (unsigned long long) id);
    }

    name = cmt__str_copy(arena, name);
    page = cmt__str_copy(arena, found.page);

    if (name.data == NULL || page.data == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, "no memory for a thread");
    }

    thread->id = id;
    thread->version = found.version;
    thread->instance = cmt__instance(read);
    thread->snapshot = cmt__snapshot(read);
    thread->count = found.counts[CMT_APPROVED - 1];
    thread->page = page;
    *site = name;

    return CMT_OK;
}
