/*
 * reader.c: a reader, known by a cookie, and a comment that is there.
 */

#include <string.h>

#include "actions.h"


int
cmt__reader_cookie(const cmt_site_t *site, cmt_str_t sent,
    cmt_arena_t *arena, cmt__hash_t *hash, cmt_result_t *result,
    cmt_error_t *err)
{
    char       secret[CMT_COOKIE_CHARS + 1];
    cmt_str_t  made;

    if (cmt__cookie_hash(site->keys, sent, hash)) {
        return CMT_OK;
    }

    cmt__cookie_new(site->keys, secret, hash);
    made = (cmt_str_t) { CMT_COOKIE_CHARS, secret };

    result->set_cookie = cmt__str_copy(arena, made);
    cmt__wipe(secret, sizeof(secret));

    return result->set_cookie.data != NULL
           ? CMT_OK : cmt__fail(err, CMT_ENOMEM, NULL, "no memory");
}


int
cmt__reader_comes(cmt_store_t *store, const cmt_site_t *site,
    const cmt_submission_t *in, cmt_arena_t *arena, cmt__reader_t *reader,
    cmt_result_t *result, cmt_error_t *err)
{
    int  rc;

    rc = cmt__reader_cookie(site, in->cookie, arena, &reader->cookie, result,
                            err);
    if (rc != CMT_OK) {
        return rc;
    }

    cmt__address_hash(site->keys, in->address, in->now, &reader->address);

    return cmt__banned_reader(store, site, &reader->cookie, in->address,
                              in->now, &reader->banned, err);
}


void
cmt__reader_identity(const cmt_site_t *site, cmt_str_t name,
    cmt__hash_t *identity)
{
    cmt_str_t  parts[2];

    parts[0] = cmt_str("signed in");     /* no e-mail has two parts */
    parts[1] = name;
    cmt__hash(site->keys, CMT__KEY_IDENTITY, parts, 2, identity);
}


int
cmt__reader_name(cmt_arena_t *arena, cmt_str_t identity, cmt_str_t *name)
{
    int        rc;
    cmt_str_t  line;

    rc = cmt__fields_line(identity, CMT_NAME_CHARS_MAX, CMT_ENAMELONG, "name",
                          arena, &line, NULL);

    if (rc == CMT_ENOMEM) {
        return rc;
    }

    *name = rc == CMT_OK ? line : cmt_null_str;

    return CMT_OK;
}


unsigned
cmt__reader_language(const cmt_site_t *site, const cmt_submission_t *in)
{
    return cmt_site_language(site, cmt_form_get(&in->form, "lang"),
                             in->accept_language);
}


/* Empty when nobody has said anything: then the rules have their own. */
cmt_str_t
cmt__reader_tag(const cmt_site_t *site, const cmt_submission_t *in)
{
    const char  *tag;

    if (site->language == CMT_LANGUAGE_AUTO && in->accept_language.len == 0
        && cmt_form_get(&in->form, "lang").len == 0)
    {
        return cmt_null_str;
    }

    tag = cmt_language_tag(cmt__reader_language(site, in));

    return (cmt_str_t) { strlen(tag), tag };
}


int
cmt__reader_target(cmt_read_t *read, const cmt_site_t *site, uint64_t id,
    cmt__comment_t *comment)
{
    int       rc;
    uint32_t  site_id;

    rc = cmt__site_find(read, site->name, &site_id);
    if (rc == CMT_OK) {
        rc = cmt__comment_get(read, id, comment);
    }

    return rc == CMT_OK && comment->site != site_id ? CMT_ENOTFOUND : rc;
}


int
cmt__reader_sees(cmt_read_t *read, const cmt_site_t *site, uint64_t id,
    cmt__comment_t *comment)
{
    int  rc;

    rc = cmt__reader_target(read, site, id, comment);

    return rc == CMT_OK && comment->status != CMT_APPROVED ? CMT_ENOTFOUND
                                                           : rc;
}


int
cmt__reader_own(cmt_read_t *read, const cmt_site_t *site, uint64_t id,
    const cmt__hash_t *cookie, int64_t now, cmt__comment_t *comment)
{
    int  rc;

    rc = cmt__reader_target(read, site, id, comment);

    return rc == CMT_OK ? cmt__reader_owns(site, comment, cookie, now) : rc;
}


int
cmt__reader_whom(cmt_read_t *read, const cmt_site_t *site, uint64_t id,
    cmt_arena_t *arena, cmt__whom_t *whom)
{
    int             rc;
    cmt_str_t       name;
    cmt__comment_t  answered;

    if (id == 0) {
        return CMT_OK;
    }

    rc = cmt__reader_sees(read, site, id, &answered);
    if (rc != CMT_OK) {
        return rc == CMT_ENOTFOUND ? CMT_OK : rc;
    }

    name = cmt__str_copy(arena, answered.name);
    if (name.data == NULL) {
        return CMT_ENOMEM;
    }

    whom->name = name;
    whom->id = id;

    return CMT_OK;
}


int
cmt__reader_mentions(cmt_store_t *store, const cmt_site_t *site,
    const cmt_form_t *form, cmt_arena_t *arena, cmt__whom_t *whom,
    cmt_error_t *err)
{
    int          rc;
    uint64_t     parent;
    cmt_str_t    text;
    cmt_read_t  *read;

    text = cmt_form_get(form, "text");

    if (!cmt__str_u64(cmt_form_get(form, "parent"), &parent)
        || text.len == 0 || memchr(text.data, '@', text.len) == NULL)
    {
        return CMT_OK;
    }

    rc = cmt_read_begin(store, &read, err);
    if (rc != CMT_OK) {
        return rc;
    }

    rc = cmt__reader_whom(read, site, parent, arena, whom);
    cmt_read_end(read);

    return rc == CMT_OK ? CMT_OK : cmt__fail(err, rc, NULL, "comment %llu",
                                             (unsigned long long) parent);
}


/* To its author, spam is a comment that waits. */
int
cmt__reader_owns(const cmt_site_t *site, const cmt__comment_t *comment,
    const cmt__hash_t *cookie, int64_t now)
{
    int  own;

    own = !cmt__hash_is_zero(cookie)
          && cmt__hash_eq(cookie, &comment->cookie);

    switch (comment->status) {

    case CMT_APPROVED:
        if (!own) {
            return CMT_ENOTYOURS;
        }
        break;

    case CMT_PENDING:
    case CMT_SPAM:
        if (!own) {
            return CMT_ENOTFOUND;
        }
        break;

    default: /* CMT_REJECTED, CMT_DELETED */
        return CMT_ENOTFOUND;
    }

    return site->edit_seconds > 0
           && now - comment->created <= (int64_t) site->edit_seconds
           ? CMT_OK : CMT_EWINDOW;
}


int
cmt__reader_result(cmt_read_t *read, const cmt__comment_t *comment,
    cmt_arena_t *arena, cmt_result_t *result, cmt_error_t *err)
{
    int            rc;
    cmt__thread_t  thread;

    rc = cmt__thread_get(read, comment->thread, &thread);
    if (rc != CMT_OK) {
        return cmt__fail(err, CMT_ECORRUPT, NULL, "thread of comment %llu",
                         (unsigned long long) comment->id);
    }

    result->id = comment->id;
    result->status = comment->status;
    result->page = cmt__str_copy(arena, thread.page);

    return result->page.data != NULL
           ? CMT_OK : cmt__fail(err, CMT_ENOMEM, NULL, "no memory");
}


/* An edit is a deed: moderators must see that another text is there. */
int
cmt__reader_did(cmt__write_t *write, const cmt__comment_t *comment,
    cmt__did_t did, cmt_status_t after, int64_t now, cmt_error_t *err)
{
    cmt__deed_t   deed;
    cmt__entry_t  entry;

    memset(&entry, 0, sizeof(entry));
    entry.did = did;
    entry.before = (unsigned) comment->status;
    entry.after = (unsigned) after;
    entry.site = comment->site;
    entry.thread = comment->thread;
    entry.comment = comment->id;
    entry.time = now;
    entry.actor = cmt_str("author");

    if (did != CMT__DID_EDIT) {
        return cmt__journal_append(write, &entry, err);
    }

    memset(&deed, 0, sizeof(deed));
    deed.flags_before = comment->flags;
    deed.flags_after = comment->flags;

    return cmt__deed_put(write, &entry, &deed, err);
}
