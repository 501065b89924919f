/*
 * thread_html.c: a thread as a fragment of HTML.  docs/theming.md promises
 * the markup.
 *
 * Comments come flat in display order.  The stack of open lists knows their
 * levels:
 *
 *   level 1   <ol><li> a                    open = [1]
 *   level 2       <ol><li> a1               open = [1, 2]
 *   level 1   </li></ol></li><li> b         open = [1]
 */

#include <string.h>

#include "render.h"


#define BYTES_A_COMMENT  1400    /* a first guess; the buffer grows */

typedef struct {
    unsigned       n;            /* open lists */
    unsigned       levels[CMT_LEVELS_MAX];
    uint64_t       ids[CMT_LEVELS_MAX];      /* of their last comments */
} nest_t;


static int place_of(const cmt_site_t *site, const cmt_thread_t *thread,
    const cmt_thread_query_t *query, const cmt_fragment_t *fragment,
    cmt__place_t *place) CMT_CHECK;
static void put_head(cmt__buf_t *b, const cmt__place_t *place,
    const cmt_thread_t *thread);
static void put_sort(cmt__buf_t *b, const cmt__place_t *place,
    cmt_sort_t sort, const char *key);
static int put_list(cmt__buf_t *b, const cmt__place_t *place,
    cmt_read_t *read, cmt__shown_t *shown) CMT_CHECK;
static void nest(cmt__buf_t *b, nest_t *open, unsigned level);
static int put_one(cmt__buf_t *b, const cmt__place_t *place,
    cmt_read_t *read, cmt__shown_t *shown, nest_t *open,
    const cmt__comment_t *comment, int own) CMT_CHECK;
static void put_pager(cmt__buf_t *b, const cmt__place_t *place,
    const cmt__shown_page_t *page);
static void put_feed(cmt__buf_t *b, const cmt__place_t *place);
static int put_end(cmt__buf_t *b, const cmt__place_t *place,
    cmt_read_t *read, const cmt_fragment_t *fragment, uint64_t thread,
    size_t *token_at) CMT_CHECK;
static int put_form(cmt__buf_t *b, const cmt__place_t *place,
    cmt_read_t *read, const cmt_fragment_t *fragment, uint64_t thread,
    size_t *token_at) CMT_CHECK;


int
cmt_thread_html(cmt_read_t *read, const cmt_site_t *site,
    const cmt_thread_t *thread, const cmt_thread_query_t *query,
    const cmt_fragment_t *fragment, cmt_arena_t *arena, cmt_str_t *html,
    size_t *token_at, cmt_error_t *err)
{
    int             rc;
    size_t          at;
    cmt_str_t       made;
    cmt__buf_t      b;
    cmt__place_t    place;
    cmt__shown_t   *shown;
    cmt__comment_t  pinned;

    if (!place_of(site, thread, query, fragment, &place)) {
        return cmt__fail(err, CMT_ENOMEM, NULL, "no memory for a language");
    }

    rc = cmt__shown_open(read, site, thread, query, arena, &shown, err);
    if (rc != CMT_OK) {
        return rc;
    }

    place.open = !cmt__thread_closed(site, &cmt__shown_page(shown)->thread,
                                     fragment->now);

    cmt__buf_init(&b, arena, 4096 + (size_t) query->limit * BYTES_A_COMMENT);
    put_head(&b, &place, thread);
    cmt__share_html(&b, &place, &cmt__shown_page(shown)->thread);

    rc = cmt__pinned_get(read, &cmt__shown_page(shown)->thread, query,
                         &pinned);
    if (rc == CMT_OK) {
        cmt__pinned_html(&b, &place, &pinned);
    }

    if (rc == CMT_OK || rc == CMT_ENOTFOUND) {
        rc = put_list(&b, &place, read, shown);
    }

    cmt__shown_close(shown);

    if (rc == CMT_OK) {
        put_pager(&b, &place, cmt__shown_page(shown));
        put_feed(&b, &place);
        rc = put_end(&b, &place, read, fragment, thread->id, &at);
    }

    if (rc == CMT_OK) {
        cmt__buf_lit(&b, "</section>\n");
        rc = cmt__buf_end(&b, &made);
    }

    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, "comments of a thread");
    }

    *html = made;
    *token_at = at;

    return CMT_OK;
}


/* 0: there is no memory for the language. */
static int
place_of(const cmt_site_t *site, const cmt_thread_t *thread,
    const cmt_thread_query_t *query, const cmt_fragment_t *fragment,
    cmt__place_t *place)
{
    memset(place, 0, sizeof(*place));
    place->site = site;
    place->language = fragment->language;
    place->lang = cmt__lang(fragment->language);
    place->page = thread->page;
    place->query = query;
    place->now = fragment->now;
    place->is_long = cmt__thread_long(site, thread->count) != 0;

    return place->lang != NULL;
}


static void
put_head(cmt__buf_t *b, const cmt__place_t *place,
    const cmt_thread_t *thread)
{
    char  count[24];

    (void) cmt__u64_format(thread->count, count);

    cmt__buf_lit(b, "<section id=\"comments\" class=\"comments\" lang=\"");
    cmt__buf_lit(b, cmt_language_tag(place->language));
    cmt__buf_lit(b, cmt__lang_rtl(place->language) ? "\" dir=\"rtl\""
                                                   : "\" dir=\"ltr\"");
    cmt__buf_lit(b, " data-page=\"");
    cmt__html_escape(b, place->page);
    cmt__buf_lit(b, "\" data-api=\"");
    cmt__html_escape(b, place->site->prefix);
    cmt__buf_lit(b, "\" data-count=\"");
    cmt__buf_lit(b, count);
    cmt__buf_lit(b, "\" data-sort=\"");
    cmt__buf_lit(b, cmt_sort_name(place->query->sort));
    cmt__buf_lit(b, "\" data-words=\"");
    cmt__words_version(b, "i18n", place->language);
    cmt__buf_lit(b, "\">\n");

    cmt__buf_lit(b, "<h2 class=\"comments-title\">");
    cmt__lang_put_with(b, cmt__lang_plural(place->lang, "comments_count",
                                           thread->count),
                       (cmt_str_t) { strlen(count), count });
    cmt__buf_lit(b, "</h2>\n");

    if (thread->count > 1) {
        cmt__buf_lit(b, "<nav class=\"comments-sort\" aria-label=\"");
        cmt__lang_put(b, place->lang, "sort_label");
        cmt__buf_lit(b, "\">\n");
        put_sort(b, place, CMT_SORT_OLDEST, "sort_oldest");
        put_sort(b, place, CMT_SORT_NEWEST, "sort_newest");
        put_sort(b, place, CMT_SORT_TOP, "sort_top");
        cmt__buf_lit(b, "</nav>\n");
    }
}


static void
put_sort(cmt__buf_t *b, const cmt__place_t *place, cmt_sort_t sort,
    const char *key)
{
    cmt__buf_lit(b, "<a rel=\"nofollow\" href=\"");
    cmt__html_link(b, place, &(cmt__part_t) { .sort = sort }, "comments");
    cmt__buf_lit(b, sort == place->query->sort ? "\" aria-current=\"true\">"
                                               : "\">");
    cmt__lang_put(b, place->lang, key);
    cmt__buf_lit(b, "</a>\n");
}


static int
put_list(cmt__buf_t *b, const cmt__place_t *place, cmt_read_t *read,
    cmt__shown_t *shown)
{
    int                    rc, own;
    nest_t                 open;
    const cmt__comment_t  *comment;

    open.n = 0;

    for ( ;; ) {

        rc = cmt__shown_next(shown, &comment, &own);
        if (rc != CMT_OK) {
            break;
        }

        rc = put_one(b, place, read, shown, &open, comment, own);
        if (rc != CMT_OK) {
            return rc;
        }
    }

    if (rc != CMT_ENOTFOUND) {
        return rc;
    }

    if (open.n == 0 && place->open) {
        cmt__buf_lit(b, "<p class=\"comments-none\">");
        cmt__lang_put(b, place->lang, "comments_none");
        cmt__buf_lit(b, "</p>\n");
    }

    while (open.n > 0) {
        cmt__buf_lit(b, "</li>\n</ol>\n");
        open.n--;
    }

    return CMT_OK;
}


/* Opens and closes what it takes to begin an <li> of that level.  A page may
 * begin inside a branch: its first list then takes all that come. */
static void
nest(cmt__buf_t *b, nest_t *open, unsigned level)
{
    while (open->n > 1 && open->levels[open->n - 1] > level) {
        cmt__buf_lit(b, "</li>\n</ol>\n");
        open->n--;
    }

    if (open->n > 0 && open->levels[open->n - 1] >= level) {
        open->levels[open->n - 1] = level;
        cmt__buf_lit(b, "</li>\n");

    } else {
        cmt__buf_lit(b, open->n == 0
                        ? "<ol class=\"comments-list\">\n"
                        : "<ol class=\"comments-list comments-replies\">\n");
        open->levels[open->n++] = level;
    }

    cmt__buf_lit(b, "<li class=\"comments-item\">\n");
}


static int
put_one(cmt__buf_t *b, const cmt__place_t *place, cmt_read_t *read,
    cmt__shown_t *shown, nest_t *open, const cmt__comment_t *comment, int own)
{
    int              rc;
    cmt__comment_t   parent;
    cmt__comment_t  *answered;

    nest(b, open, comment->levels);
    answered = NULL;

    if (comment->parent != 0
        && (open->n < 2 || open->ids[open->n - 2] != comment->parent)
        && comment->parent != place->query->parent)
    {
        rc = cmt__comment_get(read, comment->parent, &parent);

        if (rc != CMT_OK && rc != CMT_ENOTFOUND) {
            return rc;
        }

        answered = rc == CMT_OK ? &parent : NULL;
    }

    open->ids[open->n - 1] = comment->id;

    cmt__comment_html(b, place, comment, &cmt__shown_page(shown)->viewer, own,
                      answered);

    return CMT_OK;
}


static void
put_pager(cmt__buf_t *b, const cmt__place_t *place,
    const cmt__shown_page_t *page)
{
    int  first;

    first = place->query->after == 0 && place->query->at == 0;

    if (!page->more && first) {
        return;
    }

    cmt__buf_lit(b, "<nav class=\"comments-pager\" aria-label=\"");
    cmt__lang_put(b, place->lang, "pager_label");
    cmt__buf_lit(b, "\">\n");

    if (!first) {
        cmt__buf_lit(b, "<a class=\"comments-first\" href=\"");
        cmt__html_link(b, place, &(cmt__part_t) {
                           .sort = place->query->sort
                       }, "comments");
        cmt__buf_lit(b, "\">");
        cmt__lang_put(b, place->lang, "pager_first");
        cmt__buf_lit(b, "</a>\n");
    }

    if (page->more) {
        cmt__buf_lit(b, "<a class=\"comments-more\" rel=\"next\" "
                        "data-after=\"");
        cmt__buf_u64(b, page->last);
        cmt__buf_lit(b, "\" href=\"");
        cmt__html_link(b, place, &(cmt__part_t) {
                           .sort = place->query->sort,
                           .after = page->last
                       }, "comments");
        cmt__buf_lit(b, "\">");
        cmt__lang_put(b, place->lang, "pager_more");
        cmt__buf_lit(b, "</a>\n");
    }

    cmt__buf_lit(b, "</nav>\n");
}


/* How readers hear of answers without giving anybody an address. */
static void
put_feed(cmt__buf_t *b, const cmt__place_t *place)
{
    if (!place->open) {
        return;
    }

    cmt__buf_lit(b, "<p class=\"comments-feed\"><a rel=\"nofollow\" "
                    "type=\"application/atom+xml\" href=\"");
    cmt__html_escape(b, place->site->prefix);
    cmt__buf_lit(b, "thread.atom?page=");
    cmt__link_encode(b, place->page, "/");
    cmt__buf_lit(b, "\">");
    cmt__lang_put(b, place->lang, "comments_feed");
    cmt__buf_lit(b, "</a></p>\n");
}


/* A place to write, or that there is none. */
static int
put_end(cmt__buf_t *b, const cmt__place_t *place, cmt_read_t *read,
    const cmt_fragment_t *fragment, uint64_t thread, size_t *token_at)
{
    if (place->open) {
        return put_form(b, place, read, fragment, thread, token_at);
    }

    *token_at = 0;

    cmt__buf_lit(b, "<p class=\"comments-closed\">");
    cmt__lang_put(b, place->lang, "comments_closed");
    cmt__buf_lit(b, "</p>\n");

    return CMT_OK;
}


static int
put_form(cmt__buf_t *b, const cmt__place_t *place, cmt_read_t *read,
    const cmt_fragment_t *fragment, uint64_t thread, size_t *token_at)
{
    int               rc;
    char              token[CMT_FORM_TOKEN_CHARS + 1];
    cmt__comment_t    parent;
    cmt__form_view_t  form;

    memset(&form, 0, sizeof(form));

    if (fragment->reply_to != 0 && thread != 0) {

        rc = cmt__comment_get(read, fragment->reply_to, &parent);

        if (rc == CMT_OK && parent.thread == thread
            && parent.status == CMT_APPROVED)
        {
            form.reply_to = parent.id;
            form.reply_name = parent.name.len > 0 ? parent.name
                              : cmt__lang_text(place->lang,
                                               "comment_anonymous");

        } else if (rc != CMT_OK && rc != CMT_ENOTFOUND) {
            return rc;
        }
    }

    cmt_form_token(place->site, place->page, fragment->form_flags,
                   fragment->now, token);
    form.token = (cmt_str_t) { CMT_FORM_TOKEN_CHARS, token };

    rc = cmt__reader_name(b->arena, fragment->identity, &form.signed_in);
    if (rc != CMT_OK) {
        return rc;
    }

    cmt__form_html(b, place, &form, token_at);

    return CMT_OK;
}


void
cmt_form_token(const cmt_site_t *site, cmt_str_t page, unsigned flags,
    int64_t now, char out[CMT_FORM_TOKEN_CHARS + 1])
{
    cmt__form_token_new(site->keys, page, flags, now, out);
}


size_t
cmt_form_token_about(const cmt_site_t *site, cmt_str_t page, unsigned flags,
    cmt_str_t about, int64_t now, char *out)
{
    return cmt__form_token_about(site->keys, page, flags, about, now, out);
}


unsigned
cmt_form_flags(const cmt_site_t *site, cmt_str_t page, cmt_str_t token,
    int64_t now)
{
    cmt__form_told_t  told;

    return cmt__form_token_check(site->keys, page, token, now, &told)
           ? told.flags : 0;
}
