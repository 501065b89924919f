/*
 * check_recent.c: each fingerprint that is kept leads to its comment, whether
 * it stands by itself or with a thread's newest posts; and nothing else
 * stands there.
 */

#include <inttypes.h>
#include <string.h>

#include "check.h"


static void check_entry(cmt__check_t *check, uint64_t thread,
    const cmt__recent_t *entry);


void
cmt__check_fingerprint(cmt__check_t *check, const cmt__comment_t *c)
{
    uint64_t  id;

    if (!cmt__fingerprint_kept(c)) {
        return;
    }

    check->fingerprints++;

    if (cmt__duplicate_find(check->read, c->thread, &c->fingerprint, &id)
        != CMT_OK)
    {
        cmt__problem(check, "comment %" PRIu64 ": no entry in fingerprints",
                     c->id);

    } else if (id != c->id) {
        cmt__problem(check, "comment %" PRIu64 ": its fingerprint is that of "
                     "%" PRIu64, c->id, id);
    }
}


int
cmt__check_recent(cmt__check_t *check, const MDB_val *key,
    const MDB_val *value)
{
    int            rc;
    size_t         i;
    uint64_t       thread, before, n;
    cmt_str_t      tally;
    cmt__recent_t  entry;

    check->recents++;
    thread = cmt__be_get(key->mv_data, 8);
    before = 0;

    for (i = 0; /* void */ ; i++) {
        rc = cmt__recent_entry((cmt_str_t) { value->mv_size, value->mv_data },
                               i, &entry);
        if (rc != CMT_OK) {
            break;
        }

        if (entry.id <= before) {
            cmt__problem(check, "thread %" PRIu64 ": its newest posts are not "
                         "in their order", thread);
        }

        before = entry.id;
        check_entry(check, thread, &entry);
    }

    if (rc == CMT_ENOTFOUND) {
        rc = cmt__recent_tally(check->read, thread, &tally);
    }
    if (rc == CMT_OK) {
        rc = cmt__tally_packed_get(tally, 1, 0, &n);
    }
    if (rc != CMT_OK) {
        cmt__problem(check, "thread %" PRIu64 ": the record of its newest "
                     "posts is damaged", thread);
    }

    return CMT_OK;
}


static void
check_entry(cmt__check_t *check, uint64_t thread, const cmt__recent_t *entry)
{
    int             has;
    cmt__comment_t  c;

    has = cmt__le_get(entry->fingerprint, CMT__PRINT_BYTES) != 0;
    check->fingerprints_recent += (uint64_t) has;

    if (cmt__comment_get(check->read, entry->id, &c) != CMT_OK
        || c.thread != thread)
    {
        cmt__problem(check, "thread %" PRIu64 ": a new post %" PRIu64 " that "
                     "is not there", thread, entry->id);

    } else if (has && (memcmp(c.fingerprint.bytes, entry->fingerprint,
                              CMT__PRINT_BYTES) != 0
                       || !cmt__fingerprint_kept(&c)))
    {
        cmt__problem(check, "thread %" PRIu64 ": another fingerprint of "
                     "comment %" PRIu64, thread, entry->id);
    }
}
