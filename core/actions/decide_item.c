/*
 * decide_item.c: one decision about one comment, in the write transaction.
 *
 *   there? -> what shall it be? -> is it so already? -> has somebody come
 *   between? -> written: comment, thread, journal with the deed
 */

#include <string.h>

#include "decide.h"


#define MARKS  ((unsigned) (CMT__FLAG_REVIEWED | CMT__FLAG_SETTLED))

/* A comment as it is and as it shall be. */
typedef struct {
    cmt__comment_t   is;
    cmt__deed_t      newest;             /* seq 0: there is none             */
    cmt__state_t     state;
    cmt__did_t       did;
    uint64_t         undoes;
    uint64_t         pinned_is, pinned;  /* on top of the thread             */
} case_t;


static int case_read(cmt__decide_t *decide, cmt_read_t *read, uint64_t id,
    uint32_t site, case_t *c) CMT_CHECK;
static int case_aim(const cmt__decide_t *decide, cmt_read_t *read,
    const cmt__item_t *item, case_t *c) CMT_CHECK;
static int case_undo(const cmt__decide_t *decide, cmt_read_t *read,
    const cmt__item_t *item, case_t *c) CMT_CHECK;
static int case_is_so(const cmt__decide_t *decide, const cmt__item_t *item,
    const case_t *c);
static int case_write(cmt__write_t *write, cmt__decide_t *decide,
    const cmt__item_t *item, case_t *c, cmt_decided_t *decided,
    cmt_error_t *err) CMT_CHECK;
static int case_pin(cmt__write_t *write, const case_t *c, cmt_error_t *err)
    CMT_CHECK;
static int copy_text(cmt_arena_t *arena, cmt_str_t *text, cmt_str_t *html)
    CMT_CHECK;


int
cmt__item_apply(cmt__write_t *write, cmt__decide_t *s,
    const cmt__item_t *item, uint32_t site, cmt_decided_t *decided,
    int *wrote, cmt_error_t *err)
{
    int          rc;
    case_t       c;
    cmt_read_t  *view;

    view = cmt__write_view(write);
    memset(&c, 0, sizeof(c));
    memset(decided, 0, sizeof(*decided));
    decided->id = item->id;
    decided->what = item->what;

    rc = case_read(s, view, item->id, site, &c);

    if (rc == CMT_ENOTFOUND) {
        decided->rc = CMT_ENOTFOUND;
        return CMT_OK;
    }
    if (rc != CMT_OK) {
        return rc;
    }

    decided->before = c.is.status;
    decided->status = c.is.status;
    decided->version = c.newest.seq;
    decided->by = c.newest.actor;
    decided->at = c.newest.time;

    rc = case_aim(s, view, item, &c);

    if (rc == CMT_OK && case_is_so(s, item, &c)) {
        decided->replayed = 1;
        return CMT_OK;
    }

    if (rc == CMT_ENOTFOUND) {      /* an undo that was done before */
        decided->replayed = 1;
        return CMT_OK;
    }

    if (rc == CMT_OK && item->version != CMT_VERSION_ANY
        && item->version != c.newest.seq)
    {
        rc = CMT_EDECIDED;
    }

    if (rc == CMT_EDECIDED || rc == CMT_EUNDO) {
        decided->rc = rc;
        return CMT_OK;
    }
    if (rc != CMT_OK) {
        return rc;
    }

    *wrote = 1;

    return case_write(write, s, item, &c, decided, err);
}


static int
case_read(cmt__decide_t *s, cmt_read_t *read, uint64_t id, uint32_t site,
    case_t *c)
{
    int            rc;
    cmt__thread_t  thread;

    rc = cmt__comment_get(read, id, &c->is);

    if (rc == CMT_OK && ((site != 0 && c->is.site != site)
                         || cmt__hollow(&c->is)))
    {
        return CMT_ENOTFOUND;
    }
    if (rc != CMT_OK) {
        return rc;
    }

    rc = cmt__thread_get(read, c->is.thread, &thread);
    if (rc != CMT_OK) {
        return CMT_ECORRUPT;
    }

    c->pinned_is = thread.pinned;

    rc = cmt__deed_before(read, id, 0, &c->newest);
    if (rc == CMT_ENOTFOUND) {
        return CMT_OK;
    }

    if (rc == CMT_OK) {
        c->newest.actor = cmt__str_copy(s->arena, c->newest.actor);
        c->newest.note = cmt__str_copy(s->arena, c->newest.note);

        if (c->newest.actor.data == NULL || c->newest.note.data == NULL) {
            return CMT_ENOMEM;
        }
    }

    return rc;
}


static int
case_aim(const cmt__decide_t *s, cmt_read_t *read, const cmt__item_t *item,
    case_t *c)
{
    const cmt__doing_t  *doing;

    doing = &cmt__doings[item->what];

    c->did = doing->did;
    c->state.status = c->is.status;
    c->state.flags = c->is.flags;
    c->pinned = c->pinned_is;

    switch (item->what) {

    case CMT_DO_EDIT:
        c->state.has_text = 1;
        c->state.edited = s->now;
        c->state.fingerprint = item->fingerprint;
        c->state.text = item->text.text;
        c->state.html = item->text.html;
        return CMT_OK;

    case CMT_DO_PIN:
        c->pinned = c->is.id;
        return CMT_OK;

    case CMT_DO_UNPIN:
        c->pinned = c->pinned_is == c->is.id ? 0 : c->pinned_is;
        return CMT_OK;

    case CMT_DO_NOTE:
        return CMT_OK;

    case CMT_DO_UNDO:
        return case_undo(s, read, item, c);

    default:
        c->state.status = doing->status;
    }

    if (!s->who.machine) {
        c->state.flags |= MARKS;
        return CMT_OK;
    }

    return (c->is.flags & CMT__FLAG_REVIEWED) && doing->status != c->is.status
           ? CMT_EDECIDED : CMT_OK;
}


/* Reports that came after the decision stay to be looked at. */
static int
case_undo(const cmt__decide_t *s, cmt_read_t *read, const cmt__item_t *item,
    case_t *c)
{
    int             rc;
    cmt__deed_t     deed;
    cmt__comment_t  other;

    rc = cmt__undo_find(read, item->id, item->undo, &deed);
    if (rc != CMT_OK) {
        return rc;
    }

    c->did = deed.did;
    c->undoes = deed.seq;
    c->state.status = (cmt_status_t) deed.before;
    c->state.flags = (c->is.flags & ~MARKS) | (deed.flags_before & MARKS);

    if (!(c->is.flags & CMT__FLAG_SETTLED)) {
        c->state.flags &= ~(unsigned) CMT__FLAG_SETTLED;
    }

    if (deed.did == CMT__DID_PIN || deed.did == CMT__DID_UNPIN) {

        if (c->pinned_is != (deed.did == CMT__DID_PIN ? c->is.id : 0)) {
            return CMT_EUNDO;   /* another one was pinned meanwhile */
        }

        c->pinned = deed.pinned;

        if (deed.pinned != 0
            && (cmt__comment_get(read, deed.pinned, &other) != CMT_OK
                || cmt__hollow(&other)))
        {
            c->pinned = 0;      /* it was erased meanwhile */
        }
    }

    if (deed.has_text) {
        c->state.has_text = 1;
        c->state.edited = deed.edited;
        c->state.fingerprint = deed.fingerprint;
        c->state.text = deed.text;
        c->state.html = deed.html;

        return copy_text(s->arena, &c->state.text, &c->state.html);
    }

    return CMT_OK;
}


/* A note that is new is a reason to write, whatever the rest is. */
static int
case_is_so(const cmt__decide_t *s, const cmt__item_t *item, const case_t *c)
{
    if (c->undoes != 0) {
        return 0;
    }

    if (item->note.len > 0
        && !(cmt__str_eq(item->note, c->newest.note)
             && cmt__str_eq(s->who.actor, c->newest.actor)))
    {
        return 0;
    }

    return c->state.status == c->is.status && c->state.flags == c->is.flags
           && c->pinned == c->pinned_is
           && (!c->state.has_text
               || cmt__str_eq(c->state.text, c->is.text));
}


static int
case_write(cmt__write_t *write, cmt__decide_t *s, const cmt__item_t *item,
    case_t *c, cmt_decided_t *decided, cmt_error_t *err)
{
    int           rc;
    cmt__deed_t   deed;
    cmt__entry_t  entry;

    memset(&deed, 0, sizeof(deed));
    memcpy(deed.salt, item->salt, sizeof(deed.salt));
    deed.flags_before = c->is.flags;
    deed.flags_after = c->state.flags;
    deed.pinned = c->pinned_is;
    deed.note = item->note;

    if (c->state.has_text) {
        deed.has_text = 1;
        deed.edited = c->is.edited;
        deed.fingerprint = c->is.fingerprint;
        deed.text = c->is.text;
        deed.html = c->is.html;

        rc = copy_text(s->arena, &deed.text, &deed.html);
        if (rc != CMT_OK) {
            return cmt__fail(err, rc, NULL, "text before");
        }
    }

    rc = CMT_OK;

    if (c->pinned != c->pinned_is) {
        rc = case_pin(write, c, err);

    } else if (c->did != CMT__DID_NOTE) {
        rc = cmt__comment_set(write, item->id, &c->state, err);
    }
    if (rc != CMT_OK) {
        return rc;
    }

    memset(&entry, 0, sizeof(entry));
    entry.did = c->did;
    entry.before = (unsigned) c->is.status;
    entry.after = (unsigned) c->state.status;
    entry.site = c->is.site;
    entry.thread = c->is.thread;
    entry.comment = c->is.id;
    entry.time = s->now;
    entry.actor = s->who.actor;
    entry.undoes = c->undoes;

    rc = cmt__deed_put(write, &entry, &deed, err);

    decided->status = c->state.status;
    decided->version = entry.seq;
    decided->by = s->who.actor;
    decided->at = s->now;

    return rc;
}


static int
case_pin(cmt__write_t *write, const case_t *c, cmt_error_t *err)
{
    int            rc;
    cmt__thread_t  thread;

    rc = cmt__thread_get(cmt__write_view(write), c->is.thread, &thread);
    if (rc != CMT_OK) {
        return cmt__fail(err, CMT_ECORRUPT, NULL, "thread to pin in");
    }

    thread.pinned = c->pinned;
    thread.version = cmt__journal_next(write);

    return cmt__thread_put(write, &thread, err);
}


/* They lie where the next write may be. */
static int
copy_text(cmt_arena_t *arena, cmt_str_t *text, cmt_str_t *html)
{
    *text = cmt__str_copy(arena, *text);
    *html = cmt__str_copy(arena, *html);

    return text->data != NULL && html->data != NULL ? CMT_OK : CMT_ENOMEM;
}
