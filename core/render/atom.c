/*
 * atom.c: the newest comments of a thread or a site as Atom, RFC 4287, with
 * what answers what, RFC 4685.
 *
 * The id of an entry must stay, wherever the site moves: it is a UUID of the
 * user's own kind, RFC 9562, 5.8, that has the store's number and the
 * comment's:
 *
 *   instance:8   kind:1   number:7      with 4 bits of the instance and the
 *                                       upper 2 of kind given to the format
 */

#include <string.h>

#include "render.h"


#define WALK_MAX   10000         /* comments of a thread that are looked at */
#define UUID_BYTES  16

typedef enum {
    ID_COMMENT = 1,
    ID_PAGE = 2,
    ID_SITE = 3
} id_kind_t;

typedef struct {
    cmt_read_t         *read;
    const cmt_site_t   *site;
    cmt_str_t           base;
    cmt_str_t           anonymous;
    cmt_arena_t        *arena;
    unsigned            of_site:1;
    size_t              n;
    uint64_t            ids[CMT_FEED_COMMENTS_MAX];  /* the newest first */
    int64_t             updated;
    cmt__buf_t          entries;
    cmt__buf_t          b;
} feed_t;


static feed_t *feed_make(cmt_read_t *read, const cmt_site_t *site,
    cmt_str_t base, cmt_arena_t *arena);
static int thread_newest(feed_t *feed, uint64_t thread) CMT_CHECK;
static void feed_insert(feed_t *feed, uint64_t id);
static int feed_entries(feed_t *feed) CMT_CHECK;
static void put_entry(feed_t *feed, const cmt__comment_t *comment,
    const cmt__thread_t *thread);
static int feed_write(feed_t *feed, cmt_str_t title, cmt_str_t page,
    cmt_str_t *xml) CMT_CHECK;
static void put_id(cmt__buf_t *b, const cmt_read_t *read, id_kind_t kind,
    uint64_t number);
static uint64_t number_of(const cmt_site_t *site, cmt_str_t page);
static void put_link(cmt__buf_t *b, const char *rel, cmt_str_t base,
    cmt_str_t path);
static void put_time(cmt__buf_t *b, const char *name, int64_t t);
static void put_text(cmt__buf_t *b, cmt_str_t s);


int
cmt_thread_atom(cmt_read_t *read, const cmt_site_t *site,
    const cmt_thread_t *thread, cmt_str_t base, cmt_arena_t *arena,
    cmt_str_t *xml, cmt_error_t *err)
{
    int             rc;
    feed_t         *feed;
    cmt_str_t       title;
    cmt__thread_t   t;

    feed = feed_make(read, site, base, arena);
    if (feed == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, "no memory for a feed");
    }

    rc = CMT_OK;
    title = thread->page;

    if (thread->id != 0) {
        rc = cmt__thread_get(read, thread->id, &t);
        if (rc == CMT_OK) {
            rc = thread_newest(feed, thread->id);
            title = t.title.len > 0 ? t.title : thread->page;
        }
    }

    if (rc == CMT_OK) {
        rc = feed_entries(feed);
    }
    if (rc == CMT_OK) {
        rc = feed_write(feed, title, thread->page, xml);
    }

    return rc == CMT_OK ? CMT_OK : cmt__fail(err, rc, NULL, "feed");
}


int
cmt_site_atom(cmt_read_t *read, const cmt_site_t *site, cmt_str_t base,
    cmt_arena_t *arena, cmt_str_t *xml, cmt_error_t *err)
{
    int        rc;
    feed_t    *feed;
    uint32_t   id;

    feed = feed_make(read, site, base, arena);
    if (feed == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, "no memory for a feed");
    }

    feed->of_site = 1;

    rc = cmt__site_find(read, site->name, &id);

    if (rc == CMT_OK) {
        feed->n = CMT_FEED_COMMENTS_MAX;
        rc = cmt__status_comments(read, id, CMT_APPROVED, 0, feed->ids,
                                  &feed->n);

    } else if (rc == CMT_ENOTFOUND) {
        rc = CMT_OK;        /* nobody has commented yet */
    }

    if (rc == CMT_OK) {
        rc = feed_entries(feed);
    }
    if (rc == CMT_OK) {
        rc = feed_write(feed, site->name, cmt_null_str, xml);
    }

    return rc == CMT_OK ? CMT_OK : cmt__fail(err, rc, NULL, "feed");
}


static feed_t *
feed_make(cmt_read_t *read, const cmt_site_t *site, cmt_str_t base,
    cmt_arena_t *arena)
{
    feed_t             *feed;
    const cmt__lang_t  *lang;

    feed = cmt_calloc(arena, sizeof(feed_t));
    lang = cmt__lang(cmt_site_language(site, cmt_null_str, cmt_null_str));

    if (feed == NULL || lang == NULL) {
        return NULL;
    }

    feed->read = read;
    feed->site = site;
    feed->base = base;
    feed->arena = arena;
    feed->anonymous = cmt__lang_text(lang, "comment_anonymous");

    return feed;
}


/* Newest by their ids, which grow, wherever they stand in the thread. */
static int
thread_newest(feed_t *feed, uint64_t thread)
{
    int                 rc;
    unsigned            i;
    uint64_t            id;
    cmt__walk_t        *walk;
    cmt__walk_query_t   query;

    memset(&query, 0, sizeof(query));
    query.thread = thread;
    query.sort = CMT_SORT_NEWEST;
    query.levels = CMT_LEVELS_MAX;

    rc = cmt__walk_open(feed->read, &query, feed->arena, &walk);
    if (rc != CMT_OK) {
        return rc;
    }

    for (i = 0; i < WALK_MAX; i++) {

        rc = cmt__walk_next(walk, &id);
        if (rc != CMT_OK) {
            break;
        }

        feed_insert(feed, id);
    }

    cmt__walk_close(walk);

    return rc == CMT_ENOTFOUND ? CMT_OK : rc;
}


static void
feed_insert(feed_t *feed, uint64_t id)
{
    size_t  i;

    if (feed->n == CMT_FEED_COMMENTS_MAX) {
        if (id < feed->ids[feed->n - 1]) {
            return;
        }
        feed->n--;
    }

    for (i = feed->n++; i > 0 && feed->ids[i - 1] < id; i--) {
        feed->ids[i] = feed->ids[i - 1];
    }

    feed->ids[i] = id;
}


static int
feed_entries(feed_t *feed)
{
    int             rc;
    size_t          i;
    cmt__thread_t   thread;
    cmt__comment_t  comment;

    cmt__buf_init(&feed->entries, feed->arena, 1024 * (feed->n + 1));

    for (i = 0; i < feed->n; i++) {

        rc = cmt__comment_get(feed->read, feed->ids[i], &comment);
        if (rc != CMT_OK) {
            return CMT_ECORRUPT;
        }

        if (comment.status != CMT_APPROVED) {
            continue;       /* a gap */
        }

        rc = cmt__thread_get(feed->read, comment.thread, &thread);
        if (rc != CMT_OK) {
            return CMT_ECORRUPT;
        }

        put_entry(feed, &comment, &thread);
    }

    return CMT_OK;
}


static void
put_entry(feed_t *feed, const cmt__comment_t *c, const cmt__thread_t *thread)
{
    int          is_long;
    int64_t      updated;
    cmt_str_t    name;
    cmt__buf_t  *b;

    b = &feed->entries;
    is_long = cmt__thread_long(feed->site, thread->counts[CMT_APPROVED - 1]);
    name = c->name.len > 0 ? c->name : feed->anonymous;
    updated = c->edited != 0 ? c->edited : c->created;

    if (updated > feed->updated) {
        feed->updated = updated;
    }

    cmt__buf_lit(b, "<entry>\n<id>");
    put_id(b, feed->read, ID_COMMENT, c->id);
    cmt__buf_lit(b, "</id>\n<title>");
    put_text(b, name);

    if (feed->of_site) {
        cmt__buf_lit(b, ": ");
        put_text(b, thread->title.len > 0 ? thread->title : thread->page);
    }

    cmt__buf_lit(b, "</title>\n");
    put_time(b, "published", c->created);
    put_time(b, "updated", updated);
    cmt__buf_lit(b, "<author><name>");
    put_text(b, name);
    cmt__buf_lit(b, "</name>");

    if (c->website.len > 0) {
        cmt__buf_lit(b, "<uri>");
        put_text(b, c->website);
        cmt__buf_lit(b, "</uri>");
    }

    cmt__buf_lit(b, "</author>\n");
    put_link(b, "alternate\" type=\"text/html", feed->base, thread->page);
    cmt__link_to(b, thread->page, is_long, c->id, "&amp;");
    cmt__buf_lit(b, "\"/>\n");

    if (c->parent != 0) {
        cmt__buf_lit(b, "<thr:in-reply-to ref=\"");
        put_id(b, feed->read, ID_COMMENT, c->parent);
        cmt__buf_lit(b, "\" type=\"text/html\" href=\"");
        put_text(b, feed->base);
        put_text(b, thread->page);
        cmt__link_to(b, thread->page, is_long, c->parent, "&amp;");
        cmt__buf_lit(b, "\"/>\n");
    }

    cmt__buf_lit(b, "<content type=\"html\" xml:base=\"");
    put_text(b, feed->base);
    put_text(b, thread->page);
    cmt__buf_lit(b, "\">");
    put_text(b, c->html);
    cmt__buf_lit(b, "</content>\n</entry>\n");
}


/* page empty: of the whole site. */
static int
feed_write(feed_t *feed, cmt_str_t title, cmt_str_t page, cmt_str_t *xml)
{
    int          rc;
    cmt_str_t    entries;
    cmt__buf_t  *b;

    rc = cmt__buf_end(&feed->entries, &entries);
    if (rc != CMT_OK) {
        return rc;
    }

    b = &feed->b;
    cmt__buf_init(b, feed->arena, entries.len + 4096);

    cmt__buf_lit(b, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                 "<feed xmlns=\"http://www.w3.org/2005/Atom\" "
                 "xmlns:thr=\"http://purl.org/syndication/thread/1.0\">\n"
                 "<id>");
    put_id(b, feed->read, page.len > 0 ? ID_PAGE : ID_SITE,
           number_of(feed->site, page));
    cmt__buf_lit(b, "</id>\n<title>");
    put_text(b, title);
    cmt__buf_lit(b, "</title>\n");
    put_time(b, "updated", feed->updated);

    put_link(b, "self\" type=\"application/atom+xml", feed->base,
             feed->site->prefix);

    if (page.len > 0) {
        cmt__buf_lit(b, "thread.atom?page=");
        cmt__link_encode(b, page, "/");

    } else {
        cmt__buf_lit(b, "site.atom");
    }

    cmt__buf_lit(b, "\"/>\n");
    put_link(b, "alternate\" type=\"text/html", feed->base,
             page.len > 0 ? page : (cmt_str_t) { 1, "/" });
    cmt__buf_lit(b, "\"/>\n");
    cmt__buf_str_put(b, entries);
    cmt__buf_lit(b, "</feed>\n");

    return cmt__buf_end(b, xml);
}


static void
put_id(cmt__buf_t *b, const cmt_read_t *read, id_kind_t kind, uint64_t number)
{
    char      hex[2 * UUID_BYTES + 1];
    uint8_t   bytes[UUID_BYTES];
    unsigned  i;
    uint64_t  instance;

    instance = cmt__instance(read);

    for (i = 0; i < 8; i++) {
        bytes[i] = (uint8_t) (instance >> (56 - 8 * i));
        bytes[8 + i] = (uint8_t) (number >> (56 - 8 * i));
    }

    bytes[6] = (uint8_t) (0x80 | (bytes[6] & 0x0f));
    bytes[8] = (uint8_t) (0x80 | kind);

    cmt__hex(bytes, UUID_BYTES, hex);

    cmt__buf_lit(b, "urn:uuid:");

    for (i = 0; i < 2 * UUID_BYTES; i++) {
        if (i == 8 || i == 12 || i == 16 || i == 20) {
            cmt__buf_char(b, '-');
        }
        cmt__buf_char(b, hex[i]);
    }
}


/* Of a page that may have no thread yet. */
static uint64_t
number_of(const cmt_site_t *site, cmt_str_t page)
{
    unsigned     i;
    uint64_t     number;
    cmt__hash_t  name, path;

    cmt__hash_plain(site->name, &name);
    cmt__hash_plain(page, &path);
    number = 0;

    for (i = 0; i < 7; i++) {
        number = number << 8 | (name.bytes[i] ^ path.bytes[i]);
    }

    return number;
}


/* Open for what is to be added to the address. */
static void
put_link(cmt__buf_t *b, const char *rel, cmt_str_t base, cmt_str_t path)
{
    cmt__buf_lit(b, "<link rel=\"");
    cmt__buf_lit(b, rel);
    cmt__buf_lit(b, "\" href=\"");
    put_text(b, base);
    put_text(b, path);
}


static void
put_time(cmt__buf_t *b, const char *name, int64_t t)
{
    char  time[CMT__TIME_CHARS + 1];

    cmt__time_format(t, time);

    cmt__buf_char(b, '<');
    cmt__buf_lit(b, name);
    cmt__buf_char(b, '>');
    cmt__buf_lit(b, time);
    cmt__buf_lit(b, "</");
    cmt__buf_lit(b, name);
    cmt__buf_lit(b, ">\n");
}


/*
 * Text of XML 1.0, in an element or a value.  What XML cannot have at all,
 * control characters, U+FFFE and U+FFFF, becomes U+FFFD.
 */
static void
put_text(cmt__buf_t *b, cmt_str_t s)
{
    char      utf8[4];
    size_t    at;
    uint32_t  c;

    for (at = 0; at < s.len; /* void */) {

        c = cmt__utf8_next(s, &at);

        if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r')
            || c == 0xfffe || c == 0xffff)
        {
            c = 0xfffd;
        }

        switch (c) {

        case '&':
            cmt__buf_lit(b, "&amp;");
            break;

        case '<':
            cmt__buf_lit(b, "&lt;");
            break;

        case '>':
            cmt__buf_lit(b, "&gt;");
            break;

        case '"':
            cmt__buf_lit(b, "&quot;");
            break;

        case '\r':
            cmt__buf_lit(b, "&#13;");
            break;

        default:
            cmt__buf_put(b, utf8, cmt__utf8_put(utf8, c));
        }
    }
}
