/*
 * import.c: a comment that was published elsewhere, with the status, the
 * dates and the author that it had there.  No rules, limits or duplicates:
 * somebody has decided already.
 */

#include <string.h>

#include "actions.h"


#define NUMBER_BYTES       5
#define NUMBER_DIGITS_MAX  12        /* what 5 bytes hold */


typedef struct {
    cmt_change_t        change;
    const cmt_site_t   *site;
    cmt_arena_t        *arena;
    cmt__fields_t       fields;
    cmt__import_t       in;              /* its strings are the caller's */
    int64_t             now;
    cmt__hash_t         source, parent_source;
    uint64_t            own_id, own_parent;   /* of uids this store gave */
    uint64_t            instance, parent_instance;
} import_t;


static int import_apply(cmt__write_t *write, cmt_change_t *change,
    int *wrote, cmt_error_t *err);
static int import_mention(import_t *import, const cmt__comment_t *parent,
    cmt_error_t *err) CMT_CHECK;
static int import_known(cmt_read_t *view, uint32_t site, uint64_t instance,
    uint64_t own_id, const cmt__hash_t *source, uint64_t *id) CMT_CHECK;
static int import_write(cmt__write_t *write, import_t *import,
    cmt__thread_t *thread, const cmt__comment_t *parent, cmt_error_t *err)
    CMT_CHECK;
static void source_hash(const cmt_site_t *site, cmt_str_t uid,
    cmt__hash_t *out);
static size_t number_at(cmt_str_t uid, uint64_t *number);
static void uid_parse(cmt_str_t uid, uint64_t *instance, uint64_t *id);


int
cmt__import_prepare(const cmt_site_t *site, const cmt__import_t *in,
    int64_t now, cmt_arena_t *arena, cmt_change_t **change, cmt_error_t *err)
{
    int           rc;
    import_t     *s;
    cmt__typed_t  typed;

    s = cmt_calloc(arena, sizeof(import_t));
    if (s == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, "no memory for a comment");
    }

    s->change.apply = import_apply;
    s->site = site;
    s->arena = arena;
    s->in = *in;
    s->now = now;

    memset(&typed, 0, sizeof(typed));
    typed.page = in->page;
    typed.title = in->title;
    typed.name = in->name;
    typed.email = in->email;
    typed.website = in->website;
    typed.text = in->text;
    typed.markup = in->markup;
    typed.lenient = 1;
    typed.hollow = in->status == CMT_DELETED;

    rc = cmt__fields_make(site, &typed, arena, &s->fields, err);
    if (rc != CMT_OK) {
        return rc;
    }

    if (in->has_identity) {
        memcpy(s->fields.identity.bytes, in->identity, CMT_HASH_BYTES);
    }

    rc = cmt__receipt_pack(arena, in->receipt, &s->in.receipt);
    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, "the receipt");
    }

    source_hash(site, in->uid, &s->source);
    uid_parse(in->uid, &s->instance, &s->own_id);

    if (in->parent_uid.len > 0) {
        source_hash(site, in->parent_uid, &s->parent_source);
        uid_parse(in->parent_uid, &s->parent_instance, &s->own_parent);
    }

    *change = &s->change;

    return CMT_OK;
}


/*
 * A uid that ends in a number keeps it, behind a shorter hash of what stands
 * before it:
 *
 *   "jsonl:17"   hash of "jsonl:":11   17:5
 *
 * So those of a file in order come to lie in order, too: each on the page of
 * the one before, and not each on a page of its own.
 */
static void
source_hash(const cmt_site_t *site, cmt_str_t uid, cmt__hash_t *out)
{
    size_t     at;
    unsigned   i;
    uint64_t   number;
    cmt_str_t  parts[2];

    at = number_at(uid, &number);

    parts[0] = cmt_str("source");
    parts[1] = cmt__str_sub(uid, 0, at);
    cmt__hash(site->keys, CMT__KEY_TOKEN, parts, 2, out);

    if (at < uid.len) {
        for (i = 1; i <= NUMBER_BYTES; i++) {
            out->bytes[CMT_HASH_BYTES - i] = (uint8_t) number;
            number >>= 8;
        }
    }
}


/* Where its last digits begin, but those that would be lost: zeros before
 * them, and more than there is room for. */
static size_t
number_at(cmt_str_t uid, uint64_t *number)
{
    size_t  at;

    *number = 0;
    at = uid.len;

    while (at > 0 && uid.len - at < NUMBER_DIGITS_MAX
           && uid.data[at - 1] >= '0' && uid.data[at - 1] <= '9')
    {
        at--;
    }

    while (at < uid.len && uid.data[at] == '0') {
        at++;
    }

    return cmt__str_u64(cmt__str_sub(uid, at, uid.len), number) ? at
                                                                : uid.len;
}


/* "0123456789abcdef-17": the store that gave it, and its id there. */
static void
uid_parse(cmt_str_t uid, uint64_t *instance, uint64_t *id)
{
    uint8_t   bytes[8];
    unsigned  i;
    uint64_t  n;

    *instance = 0;
    *id = 0;

    if (uid.len < 18 || uid.data[16] != '-'
        || !cmt__unhex(cmt__str_sub(uid, 0, 16), bytes, 8)
        || !cmt__str_u64(cmt__str_sub(uid, 17, uid.len), &n))
    {
        return;
    }

    for (i = 0; i < 8; i++) {
        *instance = (*instance << 8) | bytes[i];
    }

    *id = n;
}


static int
import_apply(cmt__write_t *write, cmt_change_t *change, int *wrote,
    cmt_error_t *err)
{
    int             rc;
    uint64_t        id;
    import_t       *s;
    cmt_read_t     *view;
    cmt__thread_t   thread;
    cmt__comment_t  parent;

    s = (import_t *) change;
    view = cmt__write_view(write);

    rc = cmt__thread_open(write, s->site, s->fields.page, &thread, wrote,
                          err);
    if (rc != CMT_OK) {
        return rc;
    }

    rc = import_known(view, thread.site, s->instance, s->own_id, &s->source,
                      &id);
    if (rc == CMT_OK) {
        change->result.id = id;
        change->result.status = s->in.status;
        change->result.replayed = 1;
        return CMT_OK;
    }
    if (rc != CMT_ENOTFOUND) {
        return cmt__fail(err, rc, NULL, "source");
    }

    if (s->in.parent_uid.len > 0
        && (import_known(view, thread.site, s->parent_instance,
                         s->own_parent, &s->parent_source, &id) != CMT_OK
            || cmt__comment_get(view, id, &parent) != CMT_OK
            || parent.thread != thread.id))
    {
        return cmt__refuse(change, CMT_EPARENT, "parent", 0);
    }

    if (s->in.parent_uid.len > 0) {
        rc = import_mention(s, &parent, err);
        if (rc != CMT_OK) {
            return rc;
        }
    }

    *wrote = 1;

    rc = cmt__thread_begin(write, &s->fields, s->in.created, &thread, err);
    if (rc != CMT_OK) {
        return rc;
    }

    return import_write(write, s, &thread,
                        s->in.parent_uid.len > 0 ? &parent : NULL, err);
}


/*
 * Whom an imported comment answers is known here only: it may have come some
 * lines before.  So the text becomes HTML once more, if it has an "@" and the
 * first letter of that name behind it.
 */
static int
import_mention(import_t *s, const cmt__comment_t *parent, cmt_error_t *err)
{
    int          rc;
    char         at[2] = "@";
    cmt_str_t    text;
    cmt__whom_t  whom;

    if (parent->status != CMT_APPROVED || parent->name.len == 0) {
        return CMT_OK;
    }

    at[1] = parent->name.data[0];

    text = s->fields.text.text;

    if (text.len == 0 || memmem(text.data, text.len, at, 2) == NULL) {
        return CMT_OK;
    }

    whom.name = parent->name;
    whom.id = parent->id;

    rc = cmt__text_render_answer(s->arena, s->in.markup, s->site->allow,
                                 s->fields.text.text, &whom,
                                 &s->fields.text);

    return rc == CMT_OK ? CMT_OK : cmt__fail(err, rc, "text", "%s",
                                             cmt_error_code(rc));
}


/* A uid that this very store gave leads to its comment; any other to the
 * comment that was made of it. */
static int
import_known(cmt_read_t *view, uint32_t site, uint64_t instance,
    uint64_t own_id, const cmt__hash_t *source, uint64_t *id)
{
    cmt__comment_t  comment;

    if (own_id != 0 && instance == cmt__instance(view)
        && cmt__comment_get(view, own_id, &comment) == CMT_OK
        && comment.site == site)
    {
        *id = own_id;
        return CMT_OK;
    }

    return cmt__source_find(view, site, source, id);
}


int
cmt__import_knows(cmt_store_t *store, const cmt_site_t *site, cmt_str_t uid,
    int *known, cmt_error_t *err)
{
    int           rc;
    uint32_t      id;
    uint64_t      instance, own_id, comment;
    cmt_read_t   *read;
    cmt__hash_t   source;

    rc = cmt_read_begin(store, &read, err);
    if (rc != CMT_OK) {
        return rc;
    }

    source_hash(site, uid, &source);
    uid_parse(uid, &instance, &own_id);

    rc = cmt__site_find(read, site->name, &id);
    if (rc == CMT_OK) {
        rc = import_known(read, id, instance, own_id, &source, &comment);
    }

    cmt_read_end(read);

    if (rc != CMT_OK && rc != CMT_ENOTFOUND) {
        return cmt__fail(err, rc, NULL, "source");
    }

    *known = rc == CMT_OK;

    return CMT_OK;
}


static int
import_write(cmt__write_t *write, import_t *s, cmt__thread_t *thread,
    const cmt__comment_t *parent, cmt_error_t *err)
{
    int             rc;
    cmt__comment_t  c;

    cmt__fields_comment(&s->fields, &c);
    c.status = s->in.status;
    c.kind = s->in.kind;
    c.markup = s->in.markup;
    c.flags = CMT__FLAG_IMPORTED;
    c.created = s->in.created;
    c.edited = s->in.edited;

    rc = cmt__comment_add(write, thread, parent, s->site->levels, NULL, &c,
                          err);

    if (rc == CMT_OK) {
        rc = cmt__source_put(write, thread->site, &s->source, c.id, err);
    }

    if (rc == CMT_OK && s->in.receipt.len > 0) {
        rc = cmt__receipt_put(write, c.id, s->in.receipt, err);
    }

    if (rc != CMT_OK) {
        return rc;
    }

    s->change.result.id = c.id;
    s->change.result.status = c.status;

    return cmt__thread_grew(write, thread, &c, CMT__DID_IMPORT,
                            cmt_str("tool"), s->now, err);
}
