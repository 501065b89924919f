/*
 * disqus.c: the XML that Disqus sends on request: threads, which are pages,
 * then posts, which are comments:
 *
 *   <disqus>
 *     <thread dsq:id="7"> <id> <link> <title> <isDeleted>
 *     <post dsq:id="9"> <message> <createdAt> <isDeleted> <isSpam>
 *       <author> <email> <name> <username>
 *       <thread dsq:id="7"/> <parent dsq:id="8"/>
 *
 * A page may have several threads: one for each address under which somebody
 * had it open, of which the host goes here.  Newer files have no e-mail
 * addresses; then an account of Disqus tells who is the same person.
 */

#include <stddef.h>
#include <string.h>

#include "foreign.h"


#define SYSTEM            "disqus"
#define READER_BYTES_MAX  ((size_t) 16 * 1024 * 1024)


typedef struct {
    cmt_str_t        dsq_id, id, link, title, deleted;
} thread_t;

typedef struct {
    cmt_str_t        dsq_id, thread, parent;
    cmt_str_t        message, created, deleted, spam;
    cmt_str_t        email, name, username;
    unsigned         too_long;
} post_t;

typedef struct {
    cmt__sink_t     *sink;
    cmt__refs_t      threads;
    cmt_arena_t     *arena;      /* of a thread or post                      */
    thread_t         thread;
    post_t           post;
    uint64_t         at;         /* where the post begins                    */
    unsigned         in_thread:1;
    unsigned         in_post:1;
} disqus_t;


static int disqus_open(disqus_t *d, cmt__sink_t *sink) CMT_CHECK;
static void disqus_close(disqus_t *d);
static int on_begin(void *ctx, const cmt__xml_t *xml, const char *name,
    cmt_error_t *err);
static int on_end(void *ctx, const cmt__xml_t *xml, const char *name,
    cmt_error_t *err);
static int id_keep(disqus_t *d, const cmt__xml_t *xml, cmt_str_t *id,
    cmt_error_t *err);
static int thread_keep(disqus_t *d, cmt_error_t *err);
static int post_put(disqus_t *d, cmt_error_t *err);
static int is_true(cmt_str_t s);


static const cmt__xml_space_t  spaces[] = {
    { "", "" },
    { "http://disqus.com/disqus-internals", "dsq:" },
    { "http://disqus.com", "" },
    { NULL, NULL }
};

static const cmt__xml_format_t  format = { spaces, on_begin, on_end };

static const cmt__xml_field_t  thread_fields[] = {
    { "id",        offsetof(thread_t, id) },
    { "link",      offsetof(thread_t, link) },
    { "title",     offsetof(thread_t, title) },
    { "isDeleted", offsetof(thread_t, deleted) },
    { NULL,        0 }
};

static const cmt__xml_field_t  post_fields[] = {
    { "message",   offsetof(post_t, message) },
    { "createdAt", offsetof(post_t, created) },
    { "isDeleted", offsetof(post_t, deleted) },
    { "isSpam",    offsetof(post_t, spam) },
    { "email",     offsetof(post_t, email) },
    { "name",      offsetof(post_t, name) },
    { "username",  offsetof(post_t, username) },
    { NULL,        0 }
};


int
cmt__disqus_read(const cmt__input_t *input, cmt__sink_t *sink,
    cmt_error_t *err)
{
    int           rc;
    disqus_t      d;
    cmt_arena_t  *arena;

    arena = cmt_arena_create(READER_BYTES_MAX);

    if (disqus_open(&d, sink) != CMT_OK || arena == NULL) {
        rc = cmt__fail(err, CMT_ENOMEM, NULL, NULL);
    } else {
        rc = cmt__xml_read(input->in, &format, &d, arena, err);
    }

    disqus_close(&d);
    cmt_arena_destroy(arena);

    return rc;
}


static int
disqus_open(disqus_t *d, cmt__sink_t *sink)
{
    memset(d, 0, sizeof(disqus_t));
    d->sink = sink;

    d->arena = cmt_arena_create(CMT__FOREIGN_BYTES_MAX);
    if (d->arena == NULL) {
        return CMT_ENOMEM;
    }

    return cmt__refs_open(&d->threads, CMT__REFS_BYTES_MAX);
}


static void
disqus_close(disqus_t *d)
{
    if (d->arena != NULL) {
        cmt_arena_wipe(d->arena);
    }

    cmt__refs_close(&d->threads);
    cmt_arena_destroy(d->arena);
}


static int
on_begin(void *ctx, const cmt__xml_t *xml, const char *name, cmt_error_t *err)
{
    disqus_t  *d = ctx;

    if (xml->depth == 1 && strcmp(name, "disqus") != 0) {
        return cmt__fail(err, CMT_EIO, NULL, "line %llu: this is no export of "
                         "Disqus, which begins with <disqus>",
                         (unsigned long long) xml->line);
    }

    if (d->in_post && strcmp(name, "thread") == 0) {
        return id_keep(d, xml, &d->post.thread, err);
    }

    if (d->in_post && strcmp(name, "parent") == 0) {
        return id_keep(d, xml, &d->post.parent, err);
    }

    if (xml->depth == 2 && strcmp(name, "thread") == 0) {
        d->in_thread = 1;
        memset(&d->thread, 0, sizeof(thread_t));
        cmt_arena_reset(d->arena);

        return id_keep(d, xml, &d->thread.dsq_id, err);
    }

    if (xml->depth == 2 && strcmp(name, "post") == 0) {
        d->in_post = 1;
        d->at = xml->line;
        memset(&d->post, 0, sizeof(post_t));
        cmt_arena_reset(d->arena);

        return id_keep(d, xml, &d->post.dsq_id, err);
    }

    return CMT_OK;
}


static int
on_end(void *ctx, const cmt__xml_t *xml, const char *name, cmt_error_t *err)
{
    unsigned   too_long;
    disqus_t  *d = ctx;

    too_long = 0;

    if (xml->depth == 2 && d->in_post) {
        d->in_post = 0;
        return post_put(d, err);
    }

    if (xml->depth == 2 && d->in_thread) {
        d->in_thread = 0;
        return thread_keep(d, err);
    }

    if (d->in_post) {
        return cmt__xml_keep(xml, name, post_fields, &d->post,
                             &d->post.too_long, d->arena, err);
    }

    if (d->in_thread) {
        return cmt__xml_keep(xml, name, thread_fields, &d->thread, &too_long,
                             d->arena, err);
    }

    return CMT_OK;
}


static int
id_keep(disqus_t *d, const cmt__xml_t *xml, cmt_str_t *id, cmt_error_t *err)
{
    cmt_str_t  copy;

    copy = cmt__str_copy(d->arena, cmt__xml_attr(xml, "dsq:id"));
    if (copy.data == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, NULL);
    }

    *id = copy;

    return CMT_OK;
}


/* A site names its pages as it likes; one that has no address may have it for
 * a name.  Titles are as the site had them in its HTML. */

static int
thread_keep(disqus_t *d, cmt_error_t *err)
{
    int         rc;
    cmt__ref_t  ref;

    memset(&ref, 0, sizeof(cmt__ref_t));
    ref.page = d->thread.link.len != 0 ? d->thread.link : d->thread.id;
    ref.hidden = is_true(d->thread.deleted) != 0;

    rc = cmt__html_unescape(d->arena, d->thread.title, &ref.title);

    return rc == CMT_OK ? cmt__refs_add(&d->threads, d->thread.dsq_id, &ref,
                                        err)
                        : cmt__fail(err, rc, NULL, NULL);
}


static int
post_put(disqus_t *d, cmt_error_t *err)
{
    int                rc;
    cmt__foreign_t     f;
    const post_t      *p;
    const cmt__ref_t  *page;

    p = &d->post;
    page = cmt__refs_find(&d->threads, p->thread);

    if (page == NULL || page->hidden) {
        cmt__sink_skip(d->sink, page == NULL ? CMT_NOTE_NO_PAGE
                                             : CMT_NOTE_HIDDEN);
        return CMT_OK;
    }

    if (p->too_long) {
        cmt__sink_refuse_long(d->sink, d->at);
        return CMT_OK;
    }

    memset(&f, 0, sizeof(cmt__foreign_t));
    f.at = d->at;
    f.page = page->page;
    f.title = page->title;
    f.name = p->name;
    f.email = p->email;
    f.markup = CMT_MARKUP_HTML;
    f.kind = CMT_COMMENT;
    f.status = is_true(p->deleted) ? CMT_DELETED
               : is_true(p->spam) ? CMT_SPAM : CMT_APPROVED;

    if (!cmt__foreign_time(p->created, &f.created)) {
        f.created = 0;
    }

    rc = cmt__foreign_uid(d->arena, SYSTEM, cmt_null_str, p->dsq_id, &f.uid);

    if (rc == CMT_OK) {
        rc = cmt__foreign_uid(d->arena, SYSTEM, cmt_null_str, p->parent,
                              &f.parent);
    }

    if (rc == CMT_OK) {
        rc = cmt__foreign_uid(d->arena, SYSTEM, cmt_null_str, p->username,
                              &f.account);
    }

    if (rc == CMT_OK) {
        rc = cmt__html_fit(d->arena, p->message, &f.text);
    }

    return rc == CMT_OK ? cmt__sink_put(d->sink, &f, err)
                        : cmt__fail(err, rc, NULL, NULL);
}


static int
is_true(cmt_str_t s)
{
    return cmt__str_is_nocase(s, "true") || cmt__str_is(s, "1");
}
