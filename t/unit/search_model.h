/*
 * search_model.h: comments of a few words in plain arrays, and the same in a
 * store.  Words are "k0" to "k199", the first ones far more common.
 */

#ifndef CMT_SEARCH_MODEL_H
#define CMT_SEARCH_MODEL_H

#include <string.h>

#include "core/store/schema.h"
#include "core/store/search.h"
#include "scratch.h"


#define IDS_MAX    8000
#define WORDS      200
#define SAID_MAX   12                    /* words of one comment */
#define PAGES      40
#define AUTHORS    30
#define RULES      6

typedef struct {
    uint32_t      site;                  /* 1, 2 */
    unsigned      page, author, rule;    /* rule RULES: none spoke */
    cmt_status_t  status;
    int64_t       created;
    unsigned      n;
    unsigned      said[SAID_MAX];
} model_t;


static model_t      model[IDS_MAX];
static uint64_t     last_id;


static uint64_t
roll(uint64_t n)
{
    static uint64_t  state = 88172645463325252ull;

    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;

    return state % n;
}


static cmt_str_t
str(const char *s)
{
    return (cmt_str_t) { strlen(s), s };
}


static int
journal(cmt__write_t *write, uint64_t id, cmt__did_t did, cmt_status_t before,
    cmt_status_t after)
{
    cmt__entry_t  entry;

    memset(&entry, 0, sizeof(entry));
    entry.did = did;
    entry.before = (unsigned) before;
    entry.after = (unsigned) after;
    entry.comment = id;
    entry.actor = cmt_str("test");

    return cmt__journal_append(write, &entry, NULL);
}


/* The text of what is said, with other letters and signs between. */
static cmt_str_t
text_of(const model_t *m, char text[256])
{
    size_t    n;
    unsigned  i;

    static const char *const  between[] = { " ", ", ", ". ", "\n", " - " };

    n = 0;
    text[0] = '\0';

    for (i = 0; i < m->n; i++) {
        n += (size_t) snprintf(text + n, 256 - n, "%s%c%u",
                               i == 0 ? "" : between[(i + m->page) % 5],
                               i % 3 == 1 ? 'K' : 'k', m->said[i]);
    }

    return str(text);
}


static void
say(model_t *m)
{
    unsigned  i;

    m->n = 1 + (unsigned) roll(SAID_MAX);

    for (i = 0; i < m->n; i++) {
        m->said[i] = (unsigned) (roll(3) == 0 ? roll(WORDS)
                                              : roll(1 + roll(20)));
    }
}


static cmt__hash_t
author_of(unsigned author)
{
    cmt__hash_t  hash;

    memset(&hash, 0, sizeof(hash));
    hash.bytes[0] = (uint8_t) (author + 1);
    hash.bytes[3] = 7;

    return hash;
}


static cmt_str_t
receipt_of(unsigned rule, char receipt[128])
{
    snprintf(receipt, 128, "{\"verdict\":\"hold\",\"rules\":[{\"name\":"
             "\"rule %u\",\"note\":\"x\"},{\"name\":\"always\"}]}", rule);

    return str(receipt);
}


static int
thread_open(cmt__write_t *write, uint32_t site, const char *page,
    cmt__thread_t *thread)
{
    int  rc;

    memset(thread, 0, sizeof(*thread));

    rc = cmt__thread_find(cmt__write_view(write), site, str(page), thread);
    if (rc != CMT_ENOTFOUND) {
        return rc;
    }

    thread->site = site;
    thread->page = str(page);
    thread->title = cmt_str("About it all");

    return cmt__thread_put(write, thread, NULL);
}


static int
model_add(cmt__write_t *write)
{
    int             rc;
    char            text[256], page[64], name[64], receipt[128];
    model_t         m;
    cmt__thread_t   thread;
    cmt__comment_t  c;

    memset(&c, 0, sizeof(c));
    memset(&m, 0, sizeof(m));

    m.site = 1 + (roll(10) == 0);
    m.page = (unsigned) roll(1 + roll(PAGES));
    m.author = (unsigned) roll(AUTHORS);
    m.rule = (unsigned) roll(RULES + 1);
    m.status = roll(20) == 0 ? CMT_PENDING
                             : (cmt_status_t) (1 + roll(3) * 2 % 5);
    m.created = (int64_t) (1000000 + last_id * 10 + roll(3000));
    say(&m);

    snprintf(page, sizeof(page), "/page-%u", m.page);
    snprintf(name, sizeof(name), "Name%u", m.author);

    rc = thread_open(write, m.site, page, &thread);
    if (rc != CMT_OK) {
        return rc;
    }

    c.status = m.status;
    c.kind = CMT_COMMENT;
    c.created = m.created;
    c.name = str(name);
    c.text = text_of(&m, text);
    c.html = c.text;
    c.cookie = author_of(m.author);

    rc = cmt__comment_add(write, &thread, NULL, 1, NULL, &c, NULL);
    if (rc == CMT_OK && m.rule < RULES) {
        rc = cmt__receipt_put(write, c.id, receipt_of(m.rule, receipt), NULL);
    }
    if (rc == CMT_OK) {
        rc = journal(write, c.id, CMT__DID_SUBMIT, 0, c.status);
    }

    if (rc == CMT_OK) {
        last_id = c.id;
        model[last_id] = m;
    }

    return rc;
}


static int
model_move(cmt__write_t *write, uint64_t id)
{
    int           rc;
    cmt_status_t  before;
    cmt__state_t  state;

    before = model[id].status;
    if (before == CMT_DELETED) {
        return CMT_OK;
    }

    memset(&state, 0, sizeof(state));
    state.status = (cmt_status_t) (1 + roll(4));
    model[id].status = state.status;

    rc = cmt__comment_set(write, id, &state, NULL);

    return rc == CMT_OK ? journal(write, id, CMT__DID_STATUS, before,
                                  model[id].status) : rc;
}


static int
model_edit(cmt__write_t *write, uint64_t id)
{
    int          rc;
    char         text[256], receipt[128];
    model_t     *m;
    cmt__edit_t  edit;

    m = &model[id];

    if (m->status == CMT_DELETED) {
        return CMT_OK;
    }

    say(m);
    m->rule = (unsigned) roll(RULES);

    memset(&edit, 0, sizeof(edit));
    edit.status = m->status;
    edit.edited = m->created + 1;
    edit.text = text_of(m, text);
    edit.html = edit.text;

    rc = cmt__comment_edit(write, id, &edit, NULL);
    if (rc == CMT_OK) {
        rc = cmt__receipt_put(write, id, receipt_of(m->rule, receipt), NULL);
    }

    return rc == CMT_OK ? journal(write, id, CMT__DID_EDIT, m->status,
                                  m->status) : rc;
}


static int
model_erase(cmt__write_t *write, uint64_t id)
{
    int           rc;
    cmt_status_t  before;

    before = model[id].status;
    if (before == CMT_DELETED) {
        return CMT_OK;
    }

    model[id].status = CMT_DELETED;
    model[id].n = 0;
    model[id].rule = RULES;
    model[id].author = AUTHORS;

    rc = cmt__comment_erase(write, id, NULL);

    return rc == CMT_OK ? journal(write, id, CMT__DID_DELETE, before,
                                  CMT_DELETED) : rc;
}


/* So many changes in one transaction; most of them are new comments. */
static int
model_work(cmt_store_t *store, unsigned n, unsigned changes)
{
    int            rc;
    uint32_t       site;
    uint64_t       id;
    cmt__write_t  *write;

    rc = cmt__write_begin(store, &write, NULL);
    if (rc == CMT_OK) {
        rc = cmt__site_make(write, cmt_str("one"), &site, NULL);
    }
    if (rc == CMT_OK) {
        rc = cmt__site_make(write, cmt_str("two"), &site, NULL);
    }

    for (; n > 0 && rc == CMT_OK; n--) {
        rc = model_add(write);
    }

    for (; changes > 0 && rc == CMT_OK; changes--) {
        id = 1 + roll(last_id);
        rc = roll(3) == 0 ? model_move(write, id)
             : roll(4) == 0 ? model_erase(write, id) : model_edit(write, id);
    }

    if (rc != CMT_OK) {
        cmt__write_abort(write);
        return rc;
    }

    return cmt__write_commit(write, NULL);
}


#endif /* CMT_SEARCH_MODEL_H */
