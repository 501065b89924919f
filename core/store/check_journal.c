/*
 * check_journal.c: the journal, chained again from its beginning.
 */

#include <inttypes.h>
#include <string.h>

#include "check.h"


#define ENTRY_BYTES_MAX  1024


static int check_deed(cmt__check_t *check, const cmt__entry_t *entry)
    CMT_CHECK;


int
cmt__check_journal(cmt__check_t *check)
{
    int           rc;
    uint8_t       chain[CMT__CHAIN_BYTES], again[CMT__CHAIN_BYTES];
    uint8_t       last[CMT__CHAIN_BYTES], key[8];
    uint8_t       bytes[8 + ENTRY_BYTES_MAX];
    uint64_t      seq;
    cmt_str_t     value;
    cmt__entry_t  entry;

    memset(last, 0, sizeof(last));

    for (seq = 1; seq <= check->head.seq; seq++) {

        rc = cmt__journal_get(check->read, seq, &entry, chain);
        if (rc != CMT_OK) {
            cmt__problem(check, "journal: entry %" PRIu64 " is %s", seq,
                         rc == CMT_ENOTFOUND ? "missing" : "damaged");
            continue;
        }

        cmt__be_put(key, seq, 8);
        rc = cmt__get(check->read, CMT__JOURNAL, key, 8, &value);
        if (rc != CMT_OK || value.len - CMT__CHAIN_BYTES > ENTRY_BYTES_MAX) {
            return CMT_ECORRUPT;
        }

        cmt__le_put(bytes, seq, 8);
        memcpy(bytes + 8, value.data, value.len - CMT__CHAIN_BYTES);
        cmt__chain(last, (cmt_str_t) { 8 + value.len - CMT__CHAIN_BYTES,
                                        (char *) bytes }, again);

        if (memcmp(again, chain, sizeof(chain)) != 0) {
            cmt__problem(check, "journal: entry %" PRIu64 " breaks the chain",
                         seq);
        }

        memcpy(last, chain, sizeof(last));

        if (entry.has_deed) {
            rc = check_deed(check, &entry);
            if (rc != CMT_OK) {
                return rc;
            }
        }

        if (entry.comment < check->head.next_comment) {

            if (check->status[entry.comment] != entry.before) {
                cmt__problem(check, "journal: entry %" PRIu64 " does not "
                             "follow from those before it", seq);
            }

            check->status[entry.comment] = (uint8_t) entry.after;
        }
    }

    if (memcmp(last, check->head.chain, sizeof(last)) != 0) {
        cmt__problem(check, "journal: the last entry is not the head's");
    }

    return CMT_OK;
}


/* The deed of an entry goes only with all that its comment said. */
static int
check_deed(cmt__check_t *check, const cmt__entry_t *entry)
{
    int             rc;
    uint8_t         digest[CMT__CHAIN_BYTES];
    cmt__comment_t  c;

    rc = cmt__deed_digest(check->read, entry->comment, entry->seq, digest);

    if (rc == CMT_OK) {
        check->deeds++;

        if (memcmp(digest, entry->digest, sizeof(digest)) != 0) {
            cmt__problem(check, "journal: the deed of entry %" PRIu64 " is "
                         "another one", entry->seq);
        }

        return CMT_OK;
    }

    if (rc != CMT_ENOTFOUND) {
        return rc;
    }

    if (entry->comment == 0
        || (cmt__comment_get(check->read, entry->comment, &c) == CMT_OK
            && !cmt__hollow(&c)))
    {
        cmt__problem(check, "journal: the deed of entry %" PRIu64 " is "
                     "missing", entry->seq);
    }

    return CMT_OK;
}
