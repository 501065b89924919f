/*
 * jsonl_export.c: the comments of a site, one line each, in the order of
 * their ids, so that nothing stands before what it answers.
 *
 * What the import does not take is not written: hashes of secrets and
 * tokens, votes.  Of a deleted comment only the place in its thread is left.
 */

#include <errno.h>
#include <string.h>

#include "exchange.h"
#include "../store/store.h"


/* Text and receipt escaped at six bytes for each, and the rest. */
#define EXPORT_ARENA_BYTES_MAX  ((size_t) 16 * 1024 * 1024)

#define INSTANCE_BYTES  8
#define INSTANCE_CHARS  (2 * INSTANCE_BYTES)
#define IDENTITY_CHARS  (2 * CMT_HASH_BYTES)


typedef struct {
    cmt_read_t      *read;
    FILE            *out;
    cmt_arena_t     *arena;      /* of one line                              */
    cmt__thread_t    thread;     /* of the line before                       */
    char             instance[INSTANCE_CHARS + 1];
    uint64_t         n;
    cmt__hash_t      identity;       /* of whom alone, when one is 1 */
    unsigned         one:1;
} export_t;


static int site_export(export_t *ex, cmt_str_t name, cmt_error_t *err);
static int comment_export(export_t *ex, const cmt__comment_t *comment,
    cmt_error_t *err);
static void place_put(export_t *ex, cmt__buf_t *b,
    const cmt__comment_t *comment);
static int content_put(export_t *ex, cmt__buf_t *b,
    const cmt__comment_t *comment);
static void uid_put(export_t *ex, cmt__buf_t *b, uint64_t id);


int
cmt_export_jsonl(cmt_store_t *store, const cmt_site_t *site, cmt_str_t email,
    void *out, uint64_t *n, cmt_error_t *err)
{
    int       rc;
    export_t  ex;

    memset(&ex, 0, sizeof(export_t));
    ex.out = out;

    if (email.len > 0) {
        ex.one = 1;

        rc = cmt__email_hash(site->keys, email, &ex.identity);
        if (rc != CMT_OK) {
            return cmt__fail(err, rc, "email", "no e-mail address");
        }
    }

    ex.arena = cmt_arena_create(EXPORT_ARENA_BYTES_MAX);
    if (ex.arena == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, NULL);
    }

    rc = cmt_read_begin(store, &ex.read, err);
    if (rc != CMT_OK) {
        cmt_arena_destroy(ex.arena);
        return rc;
    }

    rc = site_export(&ex, site->name, err);

    cmt_read_end(ex.read);
    cmt_arena_destroy(ex.arena);

    if (rc == CMT_OK && (fflush(out) != 0 || ferror(ex.out))) {
        rc = cmt__fail(err, CMT_EIO, NULL, "the export could not be "
                       "written: %s", strerror(errno));
    }

    if (rc == CMT_OK) {
        *n = ex.n;
    }

    return rc;
}


static int
site_export(export_t *ex, cmt_str_t name, cmt_error_t *err)
{
    int             i, rc;
    uint8_t         bytes[INSTANCE_BYTES];
    uint32_t        site;
    uint64_t        id, instance;
    cmt__comment_t  comment;

    rc = cmt__site_find(ex->read, name, &site);
    if (rc != CMT_OK) {
        return cmt__fail(err, rc, "site", rc == CMT_ENOTFOUND
                         ? "the store has no site \"%.*s\""
                         : "the site \"%.*s\" could not be read",
                         (int) name.len, name.data);
    }

    instance = cmt__instance(ex->read);
    for (i = 0; i < INSTANCE_BYTES; i++) {
        bytes[i] = (uint8_t) (instance >> (8 * (INSTANCE_BYTES - 1 - i)));
    }
    cmt__hex(bytes, INSTANCE_BYTES, ex->instance);

    id = 0;

    while ((rc = cmt__comment_next(ex->read, &id, &comment)) == CMT_OK) {
        if (comment.site != site
            || (ex->one && !cmt__hash_eq(&comment.identity, &ex->identity)))
        {
            continue;
        }

        rc = comment_export(ex, &comment, err);
        if (rc != CMT_OK) {
            return rc;
        }
    }

    return rc == CMT_ENOTFOUND ? CMT_OK
                               : cmt__fail(err, rc, NULL, NULL);
}


static int
comment_export(export_t *ex, const cmt__comment_t *comment, cmt_error_t *err)
{
    int         rc;
    cmt_str_t   line;
    cmt__buf_t  b;

    if (ex->thread.id != comment->thread) {
        rc = cmt__thread_get(ex->read, comment->thread, &ex->thread);
        if (rc != CMT_OK) {
            return cmt__fail(err, rc == CMT_ENOTFOUND ? CMT_ECORRUPT : rc,
                             NULL, "the thread of comment %llu could not be "
                             "read", (unsigned long long) comment->id);
        }
    }

    cmt_arena_reset(ex->arena);
    cmt__buf_init(&b, ex->arena, 1024);
    place_put(ex, &b, comment);

    /* a person is told what is still kept of a deleted comment, too */
    if (comment->status != CMT_DELETED || ex->one) {
        rc = content_put(ex, &b, comment);
        if (rc != CMT_OK) {
            return cmt__fail(err, rc, NULL, NULL);
        }
    }

    cmt__buf_lit(&b, "}\n");

    rc = cmt__buf_end(&b, &line);
    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, NULL);
    }

    if (fwrite(line.data, 1, line.len, ex->out) != line.len) {
        return cmt__fail(err, CMT_EIO, NULL, "the export could not be "
                         "written: %s", strerror(errno));
    }

    ex->n++;

    return CMT_OK;
}


static void
place_put(export_t *ex, cmt__buf_t *b, const cmt__comment_t *comment)
{
    cmt__buf_lit(b, "{\"id\":");
    cmt__buf_u64(b, comment->id);
    cmt__buf_lit(b, ",\"uid\":");
    uid_put(ex, b, comment->id);

    cmt__line_put(b, "page", ex->thread.page);
    cmt__line_put(b, "title", ex->thread.title);

    if (comment->parent != 0) {
        cmt__buf_lit(b, ",\"parent\":");
        uid_put(ex, b, comment->parent);
    }

    cmt__line_word(b, "kind", cmt_kind_name(comment->kind));
    cmt__line_word(b, "status", cmt_status_name(comment->status));

    cmt__buf_lit(b, ",\"created\":");
    cmt__json_time(b, comment->created);
}


static int
content_put(export_t *ex, cmt__buf_t *b, const cmt__comment_t *comment)
{
    int        rc;
    char       hex[IDENTITY_CHARS + 1];
    cmt_str_t  receipt;

    if (comment->edited != 0) {
        cmt__buf_lit(b, ",\"edited\":");
        cmt__json_time(b, comment->edited);
    }

    cmt__line_put(b, "name", comment->name);

    if (!cmt__hash_is_zero(&comment->identity)) {
        cmt__hex(comment->identity.bytes, CMT_HASH_BYTES, hex);
        cmt__line_word(b, "identity", hex);
    }

    cmt__line_put(b, "website", comment->website);
    cmt__line_put(b, "text", comment->text);
    cmt__line_word(b, "markup", cmt__record_markup(comment->markup));

    rc = cmt__receipt_get(ex->read, comment->id, ex->arena, &receipt);

    if (rc == CMT_OK && receipt.len != 0) {
        cmt__buf_lit(b, ",\"receipt\":");
        cmt__buf_str_put(b, receipt);
    }

    return rc == CMT_ENOTFOUND ? CMT_OK : rc;
}


static void
uid_put(export_t *ex, cmt__buf_t *b, uint64_t id)
{
    cmt__buf_char(b, '"');
    cmt__buf_lit(b, ex->instance);
    cmt__buf_char(b, '-');
    cmt__buf_u64(b, id);
    cmt__buf_char(b, '"');
}
