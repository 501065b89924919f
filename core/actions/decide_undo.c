/*
 * decide_undo.c: which deed an undo takes back.
 *
 * Deeds of a comment are a stack, newest on top.  A note changes nothing and
 * is passed by; an undo and all down to what it took back cancel out:
 *
 *   12 undo of 7     passed by, and so are 9 and 7
 *    9 note
 *    7 spam
 *    4 approve       the one
 *
 * What an author has done meanwhile ends the search: the comment that was
 * decided about is not there any more.
 */

#include <string.h>

#include "decide.h"


int
cmt__undo_find(cmt_read_t *read, uint64_t id, uint64_t number,
    cmt__deed_t *deed)
{
    int       rc;
    uint64_t  at;

    at = 0;

    for ( ;; ) {

        rc = cmt__deed_before(read, id, at, deed);
        if (rc != CMT_OK) {
            return rc == CMT_ENOTFOUND ? CMT_EUNDO : rc;
        }

        if (deed->undoes != 0) {
            if (number >= deed->undoes && number < deed->seq) {
                return CMT_ENOTFOUND;
            }
            at = deed->undoes;

        } else if (deed->did == CMT__DID_NOTE) {
            at = deed->seq;

        } else {
            break;
        }
    }

    if (cmt__str_is(deed->actor, "author")
        || (number != 0 && number != deed->seq))
    {
        return CMT_EUNDO;
    }

    return CMT_OK;
}
