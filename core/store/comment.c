/*
 * comment.c: comments and everything that must stay in step with them.
 *
 * The verbs: add, set (another state), edit, erase.  All end in the same
 * four steps: the record, its place among the visible, the index of its
 * status, the counts of thread, site and author.
 */

#include <assert.h>
#include <string.h>

#include "schema.h"
#include "search.h"


static int record_put(cmt__write_t *write, const cmt__comment_t *comment,
    cmt_error_t *err) CMT_CHECK;
static int comment_update(cmt__write_t *write, const cmt__comment_t *was,
    cmt__comment_t *comment, cmt_error_t *err) CMT_CHECK;
static int comment_count(cmt__write_t *write, cmt__thread_t *thread,
    const cmt__comment_t *was, const cmt__comment_t *comment,
    cmt_error_t *err) CMT_CHECK;
static int place_show(cmt__write_t *write, cmt__thread_t *thread,
    const cmt__comment_t *comment, cmt_error_t *err) CMT_CHECK;
static int place_hide(cmt__write_t *write, const cmt__thread_t *thread,
    const cmt__comment_t *comment, cmt_error_t *err) CMT_CHECK;


static inline int
has_place(const cmt__comment_t *comment)
{
    return comment->status == CMT_APPROVED || comment->replies > 0;
}


int
cmt__comment_get(cmt_read_t *read, uint64_t id, cmt__comment_t *comment)
{
    int        rc;
    uint8_t    key[8];
    cmt_str_t  value;

    cmt__be_put(key, id, 8);

    rc = cmt__get(read, CMT__COMMENTS, key, 8, &value);

    return rc == CMT_OK ? cmt__comment_decode(id, value, comment) : rc;
}


int
cmt__comment_next(cmt_read_t *read, uint64_t *id, cmt__comment_t *comment)
{
    int          rc;
    uint8_t      key[8];
    MDB_val      k, v;
    MDB_cursor  *cursor;

    rc = cmt__cursor(read, CMT__COMMENTS, &cursor);
    if (rc != CMT_OK) {
        return rc;
    }

    cmt__be_put(key, *id + 1, 8);
    k.mv_size = 8;
    k.mv_data = key;

    rc = cmt__store_rc(mdb_cursor_get(cursor, &k, &v, MDB_SET_RANGE));

    if (rc == CMT_OK) {
        /* a damaged tree may lead back, and then again and again */
        if (k.mv_size != 8 || cmt__be_get(k.mv_data, 8) <= *id) {
            rc = CMT_ECORRUPT;

        } else {
            *id = cmt__be_get(k.mv_data, 8);
            rc = cmt__comment_decode(*id, (cmt_str_t) { v.mv_size,
                                                        v.mv_data },
                                     comment);
        }
    }

    mdb_cursor_close(cursor);

    return rc;
}


int
cmt__comment_add(cmt__write_t *write, cmt__thread_t *thread,
    const cmt__comment_t *parent, unsigned levels_max,
    const cmt__posted_t *posted, cmt__comment_t *comment, cmt_error_t *err)
{
    int       rc, counted;
    char      kept[CMT__THREAD_KEPT_BYTES];
    unsigned  above;

    assert(levels_max >= 1 && levels_max <= CMT_LEVELS_MAX);

    cmt_arena_reset(write->scratch);

    above = 0;

    if (parent != NULL) {
        above = parent->levels < levels_max ? parent->levels
                                            : levels_max - 1;
        memcpy(comment->place, parent->place, above * CMT__PLACE_BYTES);
    }

    comment->id = write->head.next_comment++;
    comment->thread = thread->id;
    comment->site = thread->site;
    comment->parent = parent == NULL ? 0 : parent->id;
    comment->replies = 0;
    comment->levels = above + 1;
    cmt__place_level(comment->place + above * CMT__PLACE_BYTES,
                     comment->created, comment->id);

    counted = posted != NULL && posted->address != NULL;

    rc = cmt__thread_keep(thread, kept, err);

    if (rc == CMT_OK) {
        rc = posted == NULL ? cmt__fingerprint_keep(write, comment, err)
                            : cmt__recent_add(write, comment, posted, err);
    }
    if (rc == CMT_OK) {
        write->added = comment->id;
        rc = record_put(write, comment, err);
    }
    if (rc == CMT_OK) {
        rc = cmt__author_add(write, comment, counted, err);
    }
    if (rc == CMT_OK) {
        thread->counts[comment->status - 1]++;
        rc = cmt__site_count(write, comment->site, comment->status, 1, err);
    }
    if (rc == CMT_OK && counted) {
        rc = cmt__posts_from(write, comment->site, posted->address,
                             comment->created, err);
    }
    if (rc == CMT_OK && has_place(comment)) {
        rc = place_show(write, thread, comment, err);
        thread->version = cmt__journal_next(write);
    }
    if (rc == CMT_OK) {
        rc = cmt__thread_put(write, thread, err);
    }

    return rc;
}


int
cmt__comment_set(cmt__write_t *write, uint64_t id, const cmt__state_t *state,
    cmt_error_t *err)
{
    int             rc;
    cmt__comment_t  comment, was;

    cmt_arena_reset(write->scratch);

    rc = cmt__comment_load(write, id, &comment, err);

    if (rc == CMT_OK && state->has_text) {
        rc = cmt__fingerprint_drop(write, &comment, err);
    }
    if (rc != CMT_OK) {
        return rc;
    }

    was = comment;
    comment.status = state->status;
    comment.flags = state->flags;

    if (state->has_text) {
        comment.edited = state->edited;
        comment.fingerprint = state->fingerprint;
        comment.text = state->text;
        comment.html = state->html;
    }

    rc = cmt__reported_keep(write, &comment, err);

    return rc == CMT_OK ? comment_update(write, &was, &comment, err) : rc;
}


int
cmt__comment_edit(cmt__write_t *write, uint64_t id, const cmt__edit_t *edit,
    cmt_error_t *err)
{
    int             rc;
    cmt__comment_t  comment, was;

    cmt_arena_reset(write->scratch);

    rc = cmt__comment_load(write, id, &comment, err);
    if (rc == CMT_OK) {
        rc = cmt__fingerprint_drop(write, &comment, err);
    }
    if (rc != CMT_OK) {
        return rc;
    }

    was = comment;
    comment.status = edit->status;

    if (comment.status != was.status) {
        comment.flags &= ~(unsigned) CMT__FLAG_REVIEWED;
    }

    comment.edited = edit->edited;
    comment.fingerprint = edit->fingerprint;
    comment.text = edit->text;
    comment.html = edit->html;

    return comment_update(write, &was, &comment, err);
}


int
cmt__comment_erase(cmt__write_t *write, uint64_t id, cmt_error_t *err)
{
    int             rc;
    cmt__comment_t  comment, was;

    cmt_arena_reset(write->scratch);

    rc = cmt__comment_load(write, id, &comment, err);

    if (rc == CMT_OK) {
        rc = cmt__fingerprint_drop(write, &comment, err);
    }
    if (rc == CMT_OK) {
        rc = cmt__author_forget(write, &comment, err);
    }
    if (rc == CMT_OK) {
        rc = cmt__reports_drop(write, id, err);
    }
    if (rc == CMT_OK) {
        rc = cmt__deeds_drop(write, id, err);
    }
    if (rc == CMT_OK) {
        rc = cmt__receipt_drop(write, id, err);
    }
    if (rc != CMT_OK) {
        return rc;
    }

    was = comment;
    comment.status = CMT_DELETED;
    memset(&comment.identity, 0, sizeof(comment.identity));
    memset(&comment.cookie, 0, sizeof(comment.cookie));
    memset(&comment.fingerprint, 0, sizeof(comment.fingerprint));
    comment.name = cmt_null_str;
    comment.website = cmt_null_str;
    comment.text = cmt_null_str;
    comment.html = cmt_null_str;
    comment.edited = 0;
    comment.reports = 0;
    comment.flags &= ~(unsigned) CMT__FLAG_MODERATOR;

    rc = cmt__reported_keep(write, &comment, err);
    if (rc != CMT_OK) {
        return rc;
    }

    return comment_update(write, &was, &comment, err);
}


/* Writes a comment that was loaded and changed. */
static int
comment_update(cmt__write_t *write, const cmt__comment_t *was,
    cmt__comment_t *comment, cmt_error_t *err)
{
    int            rc, before, after;
    char           kept[CMT__THREAD_KEPT_BYTES];
    uint8_t        key[13];
    cmt__thread_t  thread;

    rc = cmt__thread_get(&write->view, comment->thread, &thread);
    if (rc != CMT_OK) {
        return cmt__fail(err, CMT_ECORRUPT, NULL, "thread of comment %llu",
                         (unsigned long long) comment->id);
    }

    rc = cmt__thread_keep(&thread, kept, err);
    if (rc != CMT_OK) {
        return rc;
    }

    before = has_place(was);
    after = has_place(comment);

    if (thread.pinned == comment->id && cmt__hollow(comment)) {
        thread.pinned = 0;
    }

    rc = cmt__del(write, CMT__STATUSES_DB, key,
                  cmt__key_status(key, was->site, was->status, was->id), err);
    if (rc == CMT_OK) {
        rc = cmt__fingerprint_keep(write, comment, err);
    }
    if (rc == CMT_OK) {
        rc = cmt__comment_save(write, comment, err);
    }
    if (rc == CMT_OK) {
        rc = comment_count(write, &thread, was, comment, err);
    }
    if (rc == CMT_OK && after && !before) {
        rc = place_show(write, &thread, comment, err);
    }
    if (rc == CMT_OK && before && !after) {
        rc = place_hide(write, &thread, comment, err);
    }
    if (rc != CMT_OK) {
        return rc;
    }

    if (before || after) {
        thread.version = cmt__journal_next(write);
    }

    return cmt__thread_put(write, &thread, err);
}


int
cmt__comment_load(cmt__write_t *write, uint64_t id, cmt__comment_t *comment,
    cmt_error_t *err)
{
    int        rc;
    uint8_t    key[8];
    cmt_str_t  value, copy;

    cmt__be_put(key, id, 8);

    rc = cmt__get(&write->view, CMT__COMMENTS, key, 8, &value);
    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, "comment %llu",
                         (unsigned long long) id);
    }

    copy = cmt__str_copy(write->scratch, value);
    if (copy.data == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, "comment %llu",
                         (unsigned long long) id);
    }

    rc = cmt__comment_decode(id, copy, comment);
    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, "comment %llu",
                         (unsigned long long) id);
    }

    return CMT_OK;
}


int
cmt__comment_save(cmt__write_t *write, const cmt__comment_t *comment,
    cmt_error_t *err)
{
    int  rc;

    rc = cmt__index_follow(write, comment, err);

    return rc == CMT_OK ? record_put(write, comment, err) : rc;
}


static int
record_put(cmt__write_t *write, const cmt__comment_t *comment,
    cmt_error_t *err)
{
    int       rc;
    uint8_t   key[13], *record;

    cmt__be_put(key, comment->id, 8);

    rc = cmt__reserve(write, CMT__COMMENTS, key, 8,
                      cmt__comment_size(comment), &record, err);
    if (rc != CMT_OK) {
        return rc;
    }

    cmt__comment_encode(comment, record);

    return cmt__put(write, CMT__STATUSES_DB, key,
                    cmt__key_status(key, comment->site, comment->status,
                                    comment->id),
                    "", 0, err);
}


static int
comment_count(cmt__write_t *write, cmt__thread_t *thread,
    const cmt__comment_t *was, const cmt__comment_t *comment,
    cmt_error_t *err)
{
    int  rc;

    thread->counts[was->status - 1]--;
    thread->counts[comment->status - 1]++;

    rc = cmt__site_count(write, was->site, was->status, -1, err);
    if (rc == CMT_OK) {
        rc = cmt__site_count(write, comment->site, comment->status, 1, err);
    }
    if (rc == CMT_OK) {
        rc = cmt__author_count(write, was, comment, err);
    }

    return rc;
}


/* Also gives a place to what the comment answers, as far up as needed. */
static int
place_show(cmt__write_t *write, cmt__thread_t *thread,
    const cmt__comment_t *comment, cmt_error_t *err)
{
    int             rc, had;
    uint8_t         key[CMT__KEY_BYTES_MAX];
    cmt__comment_t  c;

    for (c = *comment;; /* void */) {

        rc = cmt__put(write, CMT__THREADS, key,
                      cmt__key_place(key, c.thread, c.place, c.levels),
                      "", 0, err);
        if (rc == CMT_OK) {
            rc = cmt__top_put(write, thread, &c, err);
        }
        if (rc != CMT_OK || c.parent == 0) {
            break;
        }

        rc = cmt__comment_load(write, c.parent, &c, err);
        if (rc != CMT_OK) {
            break;
        }

        had = has_place(&c);
        c.replies++;

        rc = cmt__comment_save(write, &c, err);
        if (rc != CMT_OK || had) {
            break;
        }
    }

    return rc == CMT_OK
           && thread->counts[CMT_APPROVED - 1] > CMT__UNRANKED_MAX
           ? cmt__tops_make(write, thread, err) : rc;
}


static int
place_hide(cmt__write_t *write, const cmt__thread_t *thread,
    const cmt__comment_t *comment, cmt_error_t *err)
{
    int             rc;
    uint8_t         key[CMT__KEY_BYTES_MAX];
    cmt__comment_t  c;

    for (c = *comment;; /* void */) {

        rc = cmt__del(write, CMT__THREADS, key,
                      cmt__key_place(key, c.thread, c.place, c.levels), err);
        if (rc == CMT_OK) {
            rc = cmt__top_drop(write, thread, &c, err);
        }
        if (rc != CMT_OK || c.parent == 0) {
            return rc;
        }

        rc = cmt__comment_load(write, c.parent, &c, err);
        if (rc != CMT_OK) {
            return rc;
        }

        if (c.replies == 0) {
            return cmt__fail(err, CMT_ECORRUPT, NULL,
                             "comment %llu has no replies",
                             (unsigned long long) c.id);
        }

        c.replies--;

        rc = cmt__comment_save(write, &c, err);
        if (rc != CMT_OK || has_place(&c)) {
            return rc;
        }
    }
}


int
cmt__source_find(cmt_read_t *read, uint32_t site, const cmt__hash_t *source,
    uint64_t *id)
{
    int        rc;
    uint8_t    key[4 + CMT_HASH_BYTES];
    cmt_str_t  value;

    rc = cmt__get(read, CMT__SOURCES, key,
                  cmt__key_source(key, site, source), &value);
    if (rc != CMT_OK) {
        return rc;
    }

    if (value.len != 8) {
        return CMT_ECORRUPT;
    }

    *id = cmt__le_get((const uint8_t *) value.data, 8);

    return CMT_OK;
}


int
cmt__source_put(cmt__write_t *write, uint32_t site,
    const cmt__hash_t *source, uint64_t id, cmt_error_t *err)
{
    uint8_t  key[4 + CMT_HASH_BYTES], value[8];

    cmt__le_put(value, id, 8);

    return cmt__put(write, CMT__SOURCES, key,
                    cmt__key_source(key, site, source), value, 8, err);
}


int
cmt__status_comments(cmt_read_t *read, uint32_t site, cmt_status_t status,
    uint64_t before, uint64_t *ids, size_t *n)
{
    uint8_t  key[13];

    (void) cmt__key_status(key, site, status, 0);

    return cmt__ids_below(read, CMT__STATUSES_DB, key, 5, before, ids, n);
}


int
cmt__status_after(cmt_read_t *read, uint32_t site, cmt_status_t status,
    uint64_t after, uint64_t *ids, size_t *n)
{
    uint8_t  key[13];

    (void) cmt__key_status(key, site, status, 0);

    return cmt__ids_above(read, CMT__STATUSES_DB, key, 5, after, ids, n);
}
