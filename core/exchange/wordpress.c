/*
 * wordpress.c: WXR, which "Tools, Export" of WordPress writes: RSS with items
 * that are posts, and in them their comments:
 *
 *   <rss><channel>
 *     <wp:base_blog_url>            makes ids unique in the world
 *     <item>
 *       <title> <link>              the page
 *       <wp:post_id> <wp:status> <wp:post_password>
 *       <wp:comment>                one after the other
 *         <wp:comment_id> ...
 *
 * In WordPress the end of a line breaks it, names of authors are kept escaped,
 * titles are HTML, and ids of comments are unique only as long as nobody merges
 * two files, so that the number of the post belongs to them.
 */

#include <stddef.h>
#include <string.h>

#include "foreign.h"


#define ITEM_BYTES_MAX     ((size_t) 16 * 1024 * 1024)
#define READER_BYTES_MAX   ((size_t) 64 * 1024 * 1024)
#define BLOG_BYTES_MAX     128


typedef struct {
    cmt_str_t  title, link, id, status, password;
    cmt_str_t  date, date_gmt;
    cmt_str_t  plain;            /* the title as text                        */
} item_t;

typedef struct {
    cmt_str_t  id, author, email, url, date, date_gmt, content, approved;
    cmt_str_t  type, parent;
    unsigned   too_long;
} comment_t;

typedef struct {
    cmt__sink_t   *sink;
    cmt_arena_t   *item_arena, *comment_arena;
    item_t         item;
    comment_t      comment;
    uint64_t       at;           /* where the comment begins                 */
    size_t         blog_len;
    char           blog[BLOG_BYTES_MAX];     /* "example.org/blog"           */
    unsigned       in_item:1;
    unsigned       in_comment:1;
} wordpress_t;

typedef struct {
    const char    *word;
    int            meant;
} word_t;


static int on_begin(void *ctx, const cmt__xml_t *xml, const char *name,
    cmt_error_t *err);
static int on_end(void *ctx, const cmt__xml_t *xml, const char *name,
    cmt_error_t *err);
static void blog_keep(wordpress_t *wp, cmt_str_t url);
static int comment_put(wordpress_t *wp, cmt_error_t *err);
static int is_hidden(const item_t *item);
static int comment_make(wordpress_t *wp, cmt__foreign_t *f);
static int uid_make(wordpress_t *wp, cmt_str_t id, cmt_str_t *uid) CMT_CHECK;
static int64_t time_of(const wordpress_t *wp);
static int meant(const word_t *words, cmt_str_t word, int otherwise);


#define NONE  -1

static const cmt__xml_space_t  spaces[] = {
    { "", "" },
    { "http://wordpress.org/export/", "wp:" },
    { NULL, NULL }
};

static const cmt__xml_format_t  format = { spaces, on_begin, on_end };

static const cmt__xml_field_t  item_fields[] = {
    { "title",            offsetof(item_t, title) },
    { "link",             offsetof(item_t, link) },
    { "wp:post_id",       offsetof(item_t, id) },
    { "wp:post_date",     offsetof(item_t, date) },
    { "wp:post_date_gmt", offsetof(item_t, date_gmt) },
    { "wp:status",        offsetof(item_t, status) },
    { "wp:post_password", offsetof(item_t, password) },
    { NULL,               0 }
};

static const cmt__xml_field_t  comment_fields[] = {
    { "wp:comment_id",           offsetof(comment_t, id) },
    { "wp:comment_author",       offsetof(comment_t, author) },
    { "wp:comment_author_email", offsetof(comment_t, email) },
    { "wp:comment_author_url",   offsetof(comment_t, url) },
    { "wp:comment_date",         offsetof(comment_t, date) },
    { "wp:comment_date_gmt",     offsetof(comment_t, date_gmt) },
    { "wp:comment_content",      offsetof(comment_t, content) },
    { "wp:comment_approved",     offsetof(comment_t, approved) },
    { "wp:comment_type",         offsetof(comment_t, type) },
    { "wp:comment_parent",       offsetof(comment_t, parent) },
    { NULL,                      0 }
};

/* What is in the trash can be put back there, and here. */
static const word_t  statuses[] = {
    { "1",            CMT_APPROVED },
    { "approve",      CMT_APPROVED },
    { "0",            CMT_PENDING },
    { "hold",         CMT_PENDING },
    { "spam",         CMT_SPAM },
    { "trash",        CMT_REJECTED },
    { "post-trashed", NONE },
    { NULL,           0 }
};

/* Before WordPress 5.5 a comment had no type.  Reviews are those of shops;
 * other plugins keep their notes among the comments. */
static const word_t  kinds[] = {
    { "",          CMT_COMMENT },
    { "comment",   CMT_COMMENT },
    { "review",    CMT_COMMENT },
    { "pingback",  CMT_PINGBACK },
    { "trackback", CMT_PINGBACK },
    { NULL,        0 }
};


int
cmt__wordpress_read(const cmt__input_t *input, cmt__sink_t *sink,
    cmt_error_t *err)
{
    int           rc;
    cmt_arena_t  *arena;
    wordpress_t  *wp;

    arena = cmt_arena_create(READER_BYTES_MAX);
    wp = arena != NULL ? cmt_calloc(arena, sizeof(wordpress_t)) : NULL;
    rc = CMT_ENOMEM;

    if (wp != NULL) {
        wp->sink = sink;
        wp->item_arena = cmt_arena_create(ITEM_BYTES_MAX);
        wp->comment_arena = cmt_arena_create(CMT__FOREIGN_BYTES_MAX);

        if (wp->item_arena != NULL && wp->comment_arena != NULL) {
            rc = cmt__xml_read(input->in, &format, wp, arena, err);
        } else {
            rc = cmt__fail(err, rc, NULL, NULL);
        }

        if (wp->comment_arena != NULL) {
            cmt_arena_wipe(wp->comment_arena);
        }

        cmt_arena_destroy(wp->item_arena);
        cmt_arena_destroy(wp->comment_arena);

    } else {
        (void) cmt__fail(err, rc, NULL, NULL);
    }

    cmt_arena_destroy(arena);

    return rc;
}


static int
on_begin(void *ctx, const cmt__xml_t *xml, const char *name, cmt_error_t *err)
{
    wordpress_t  *wp = ctx;

    if (xml->depth == 1 && strcmp(name, "rss") != 0) {
        return cmt__fail(err, CMT_EIO, NULL, "line %llu: this is no export of "
                         "WordPress, which begins with <rss>",
                         (unsigned long long) xml->line);
    }

    if (!wp->in_item && strcmp(name, "item") == 0) {
        wp->in_item = 1;
        memset(&wp->item, 0, sizeof(item_t));
        cmt_arena_reset(wp->item_arena);
    }

    if (wp->in_item && !wp->in_comment && strcmp(name, "wp:comment") == 0) {
        wp->in_comment = 1;
        wp->at = xml->line;
        memset(&wp->comment, 0, sizeof(comment_t));
        cmt_arena_reset(wp->comment_arena);
    }

    return CMT_OK;
}


static int
on_end(void *ctx, const cmt__xml_t *xml, const char *name, cmt_error_t *err)
{
    unsigned      too_long;
    wordpress_t  *wp = ctx;

    too_long = 0;

    if (wp->in_comment) {
        if (strcmp(name, "wp:comment") == 0) {
            wp->in_comment = 0;
            return comment_put(wp, err);
        }

        return cmt__xml_keep(xml, name, comment_fields, &wp->comment,
                             &wp->comment.too_long, wp->comment_arena, err);
    }

    if (wp->in_item) {
        wp->in_item = strcmp(name, "item") != 0;

        return cmt__xml_keep(xml, name, item_fields, &wp->item, &too_long,
                             wp->item_arena, err);
    }

    if (strcmp(name, "wp:base_blog_url") == 0) {
        blog_keep(wp, xml->text);
    }

    return CMT_OK;
}


/* http or https, with a slash at its end or not: it is the same blog. */

static void
blog_keep(wordpress_t *wp, cmt_str_t url)
{
    size_t       i;
    const char  *at;

    url = cmt__str_trim(url);
    at = url.len != 0 ? memmem(url.data, url.len, "://", 3) : NULL;

    if (at != NULL) {
        url = cmt__str_sub(url, (size_t) (at - url.data) + 3, url.len);
    }

    while (url.len != 0 && url.data[url.len - 1] == '/') {
        url.len--;
    }

    if (url.len > BLOG_BYTES_MAX) {
        url.len = BLOG_BYTES_MAX;
    }

    for (i = 0; i < url.len; i++) {
        wp->blog[i] = cmt__lower(url.data[i]);
    }

    wp->blog_len = url.len;
}


static int
comment_put(wordpress_t *wp, cmt_error_t *err)
{
    int                rc;
    cmt__foreign_t     f;
    const comment_t   *c;

    c = &wp->comment;

    if (meant(kinds, c->type, NONE) == NONE) {
        cmt__sink_skip(wp->sink, CMT_NOTE_OTHER);
        return CMT_OK;
    }

    if (is_hidden(&wp->item)
        || meant(statuses, c->approved, CMT_PENDING) == NONE)
    {
        cmt__sink_skip(wp->sink, CMT_NOTE_HIDDEN);
        return CMT_OK;
    }

    if (c->too_long) {
        cmt__sink_refuse_long(wp->sink, wp->at);
        return CMT_OK;
    }

    rc = comment_make(wp, &f);
    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, NULL);
    }

    return cmt__sink_put(wp->sink, &f, err);
}


/* An attachment inherits; a page that does not exist for all readers would
 * not be hidden any more here. */

static int
is_hidden(const item_t *item)
{
    return item->password.len != 0
           || (item->status.len != 0
               && !cmt__str_is(item->status, "publish")
               && !cmt__str_is(item->status, "inherit"));
}


static int
comment_make(wordpress_t *wp, cmt__foreign_t *f)
{
    int               rc;
    const comment_t  *c;

    c = &wp->comment;

    memset(f, 0, sizeof(cmt__foreign_t));
    f->at = wp->at;
    f->page = wp->item.link;
    f->email = c->email;
    f->website = c->url;
    f->markup = CMT_MARKUP_HTML;
    f->kind = (cmt_kind_t) meant(kinds, c->type, CMT_COMMENT);
    f->status = (cmt_status_t) meant(statuses, c->approved, CMT_PENDING);
    f->created = time_of(wp);

    rc = uid_make(wp, c->id, &f->uid);

    if (rc == CMT_OK && !cmt__str_is(c->parent, "0")) {
        rc = uid_make(wp, c->parent, &f->parent);
    }

    /* made once, for all comments of the item */

    if (rc == CMT_OK && wp->item.plain.len == 0) {
        rc = cmt__html_plain(wp->item_arena, wp->item.title, &wp->item.plain);
    }

    f->title = wp->item.plain;

    if (rc == CMT_OK) {
        rc = cmt__html_unescape(wp->comment_arena, c->author, &f->name);
    }

    return rc == CMT_OK ? cmt__html_fit(wp->comment_arena, c->content,
                                        &f->text) : rc;
}


/* "wordpress:example.org/12/345" */

static int
uid_make(wordpress_t *wp, cmt_str_t id, cmt_str_t *uid)
{
    int         rc;
    cmt_str_t   scope;
    cmt__buf_t  b;

    cmt__buf_init(&b, wp->comment_arena, 0);
    cmt__buf_put(&b, wp->blog, wp->blog_len);
    cmt__buf_char(&b, '/');
    cmt__buf_str_put(&b, wp->item.id);

    rc = cmt__buf_end(&b, &scope);

    return rc == CMT_OK ? cmt__foreign_uid(wp->comment_arena, "wordpress",
                                           scope, id, uid) : rc;
}


/* Old ones may have no time in GMT but zeros.  Then the clocks are those of
 * the post. */

static int64_t
time_of(const wordpress_t *wp)
{
    int64_t  t, post, post_gmt;

    if (cmt__foreign_time(wp->comment.date_gmt, &t)) {
        return t;
    }

    if (!cmt__foreign_time(wp->comment.date, &t)) {
        return 0;
    }

    if (cmt__foreign_time(wp->item.date, &post)
        && cmt__foreign_time(wp->item.date_gmt, &post_gmt))
    {
        t -= post - post_gmt;
    }

    return t;
}


static int
meant(const word_t *words, cmt_str_t word, int otherwise)
{
    for ( ; words->word != NULL; words++) {
        if (cmt__str_is(word, words->word)) {
            return words->meant;
        }
    }

    return otherwise;
}
