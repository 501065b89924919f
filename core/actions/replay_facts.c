/*
 * replay_facts.c: what the rules knew of a comment, from its record, its
 * thread, what it answers, and the values that its receipt kept.
 */

#include <string.h>

#include "replay.h"


static int facts_of_record(const cmt__comment_t *c, cmt_arena_t *arena,
    cmt__facts_t *facts) CMT_CHECK;
static int facts_of_place(cmt_read_t *read, const cmt__comment_t *c,
    cmt_arena_t *arena, cmt__facts_t *facts) CMT_CHECK;
static int facts_as_now(cmt_read_t *read, const cmt__comment_t *c,
    cmt__facts_t *facts) CMT_CHECK;


int
cmt__replay_facts(cmt_read_t *read, const cmt__comment_t *c,
    const cmt__json_t *receipt, int now, cmt_arena_t *arena,
    cmt__facts_t *facts)
{
    int  rc;

    cmt__given_ordinary(facts);

    rc = facts_of_record(c, arena, facts);
    if (rc == CMT_OK) {
        rc = facts_of_place(read, c, arena, facts);
    }

    if (rc != CMT_OK) {
        return rc;
    }

    if (receipt != NULL) {
        cmt__given_read(cmt__json_member(receipt, "given"), facts);
    }

    /* A post is decided before it has a number. */
    if (facts->event == CMT__EVENT_EDIT) {
        facts->id = c->id;
        facts->time = c->edited;
    }

    return now ? facts_as_now(read, c, facts) : CMT_OK;
}


static int
facts_of_record(const cmt__comment_t *c, cmt_arena_t *arena,
    cmt__facts_t *facts)
{
    int        rc;
    char       key[2 * CMT_HASH_BYTES + 1];
    cmt_str_t  text;

    text = cmt__str_copy(arena, c->text);
    if (text.data == NULL) {
        return CMT_ENOMEM;
    }

    rc = cmt__text_render(arena, c->markup, text, &facts->text);
    if (rc != CMT_OK) {
        return rc;
    }

    facts->kind = c->kind;
    facts->time = c->created;
    facts->author.name = cmt__str_copy(arena, c->name);
    memcpy(&facts->seed, c->fingerprint.bytes, sizeof(facts->seed));

    if (facts->author.name.data == NULL) {
        return CMT_ENOMEM;
    }

    if (c->website.len > 0) {
        facts->author.url = cmt__str_copy(arena, c->website);

        if (facts->author.url.data == NULL) {
            return CMT_ENOMEM;
        }
    }

    if (!cmt__hash_is_zero(&c->identity)) {
        cmt__hex(c->identity.bytes, CMT_HASH_BYTES, key);
        facts->author.key = cmt__str_copy(arena, (cmt_str_t) {
                                          2 * CMT_HASH_BYTES, key });
        if (facts->author.key.data == NULL) {
            return CMT_ENOMEM;
        }
    }

    return CMT_OK;
}


static int
facts_of_place(cmt_read_t *read, const cmt__comment_t *c, cmt_arena_t *arena,
    cmt__facts_t *facts)
{
    int             rc;
    cmt__thread_t   thread;
    cmt__comment_t  parent;

    rc = cmt__thread_get(read, c->thread, &thread);
    if (rc != CMT_OK) {
        return rc == CMT_ENOTFOUND ? CMT_ECORRUPT : rc;
    }

    facts->page.path = cmt__str_copy(arena, thread.page);

    if (thread.title.len > 0) {
        facts->page.title = cmt__str_copy(arena, thread.title);
    }

    if (facts->page.path.data == NULL
        || (thread.title.len > 0 && facts->page.title.data == NULL))
    {
        return CMT_ENOMEM;
    }

    rc = cmt__facts_of_page(&thread, arena, facts);

    if (rc != CMT_OK || c->parent == 0) {
        return rc;
    }

    rc = cmt__comment_get(read, c->parent, &parent);
    if (rc != CMT_OK) {
        return rc == CMT_ENOTFOUND ? CMT_OK : rc;
    }

    return cmt__facts_of_parent(&parent, arena, facts);
}


static int
facts_as_now(cmt_read_t *read, const cmt__comment_t *c, cmt__facts_t *facts)
{
    int            rc;
    int64_t       *own;
    cmt__thread_t  thread;

    facts->author.held = facts->author.rejected = facts->author.spam = 0;
    facts->author.approved = facts->author.upheld_flags = 0;
    facts->author.first_seen = CMT__UNKNOWN;

    rc = cmt__facts_of_author(read, c->site, &c->identity, &c->cookie, facts);
    if (rc == CMT_OK) {
        rc = cmt__thread_get(read, c->thread, &thread);
    }
    if (rc != CMT_OK) {
        return rc;
    }

    facts->thread.comments = thread.counts[CMT_APPROVED - 1];
    facts->thread.closed = (thread.flags & CMT__THREAD_CLOSED) != 0;

    own = c->status == CMT_APPROVED ? &facts->author.approved
          : c->status == CMT_PENDING ? &facts->author.held
          : c->status == CMT_SPAM ? &facts->author.spam
          : &facts->author.rejected;
    *own -= *own > 0;

    if (facts->author.upheld_flags >= (int64_t) cmt__upheld(c)) {
        facts->author.upheld_flags -= cmt__upheld(c);
    }

    if (c->status == CMT_APPROVED) {
        facts->thread.comments -= facts->thread.comments > 0;
    }

    return CMT_OK;
}
