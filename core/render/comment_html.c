/*
 * comment_html.c: one comment as HTML.  docs/theming.md promises the markup.
 */

#include "render.h"


static void put_start(cmt__buf_t *b, const cmt__place_t *place,
    const cmt__comment_t *c, int mine, int shown);
static void put_number(cmt__buf_t *b, const char *name, int64_t n);
static void put_head(cmt__buf_t *b, const cmt__place_t *place,
    const cmt__comment_t *c);
static void put_author(cmt__buf_t *b, const cmt__place_t *place,
    const cmt__comment_t *c);
static void put_date(cmt__buf_t *b, const cmt__place_t *place,
    const cmt__comment_t *c);
static void put_actions(cmt__buf_t *b, const cmt__place_t *place,
    const cmt__comment_t *c, int mine, const cmt__votes_t *votes);
static void put_vote(cmt__buf_t *b, const cmt__place_t *place,
    const cmt__comment_t *c, const cmt__votes_t *votes);
static void put_like(cmt__buf_t *b, const cmt__place_t *place,
    const cmt__votes_t *votes);
static void put_label(cmt__buf_t *b, const cmt__place_t *place,
    const cmt__comment_t *c);
static void put_by(cmt__buf_t *b, const cmt__place_t *place,
    const cmt__comment_t *c);
static void put_link(cmt__buf_t *b, const cmt__place_t *place,
    const cmt__comment_t *c, const char *class, const char *what,
    const char *key);
static cmt_str_t name_of(const cmt__place_t *place, const cmt__comment_t *c);


void
cmt__comment_html(cmt__buf_t *b, const cmt__place_t *place,
    const cmt__comment_t *c, const cmt__viewer_t *viewer, int own,
    const cmt__comment_t *answered)
{
    int           shown, mine;
    cmt__votes_t  votes;

    shown = own || c->status == CMT_APPROVED;
    mine = own || (shown && !cmt__hash_is_zero(&viewer->cookie)
                   && cmt__hash_eq(&viewer->cookie, &c->cookie));

    put_start(b, place, c, mine, shown);

    votes = cmt__viewer_votes(viewer, c);

    if (shown) {
        put_number(b, "up", (int64_t) votes.up);
        put_number(b, "down", (int64_t) votes.down);
        put_number(b, "vote", votes.mine);
    }

    if (mine && place->site->edit_seconds > 0) {
        put_number(b, "until", c->created
                               + (int64_t) place->site->edit_seconds);
    }

    cmt__buf_lit(b, ">\n");

    if (!shown) {
        cmt__buf_lit(b, "<p class=\"comment-gone\">");
        cmt__lang_put(b, place->lang, "comment_deleted");
        cmt__buf_lit(b, "</p>\n</article>\n");
        return;
    }

    put_head(b, place, c);

    if (own) {
        cmt__buf_lit(b, "<p class=\"comment-pending\">");
        cmt__lang_put(b, place->lang, "comment_pending");
        cmt__buf_lit(b, "</p>\n");
    }

    if (answered != NULL && answered->status == CMT_APPROVED) {
        cmt__buf_lit(b, "<p class=\"comment-answers\"><a href=\"");
        cmt__html_permalink(b, place, answered->id);
        cmt__buf_lit(b, "\">");
        cmt__lang_put_with(b, cmt__lang_text(place->lang, "comment_answers"),
                           name_of(place, answered));
        cmt__buf_lit(b, "</a></p>\n");
    }

    cmt__buf_lit(b, "<div class=\"comment-body e-content\" itemprop=\"text\" "
                    "dir=\"auto\">");
    cmt__buf_str_put(b, c->html);
    cmt__buf_lit(b, "</div>\n");

    if (c->kind == CMT_COMMENT) {
        put_actions(b, place, c, mine, &votes);
    }

    cmt__buf_lit(b, "</article>\n");
}


static void
put_start(cmt__buf_t *b, const cmt__place_t *place, const cmt__comment_t *c,
    int mine, int shown)
{
    cmt__buf_lit(b, "<article id=\"comment-");
    cmt__buf_u64(b, c->id);
    cmt__buf_lit(b, "\" class=\"comment");

    if (!shown) {
        cmt__buf_lit(b, " comment-is-deleted");

    } else {
        cmt__buf_lit(b, " h-entry");
        cmt__buf_lit(b, c->status != CMT_APPROVED ? " comment-is-pending"
                        : "");
        cmt__buf_lit(b, mine ? " comment-is-mine" : "");
        cmt__buf_lit(b, c->kind != CMT_COMMENT ? " comment-is-mention" : "");
    }

    cmt__buf_lit(b, "\" data-id=\"");
    cmt__buf_u64(b, c->id);

    if (c->parent != 0) {
        cmt__buf_lit(b, "\" data-parent=\"");
        cmt__buf_u64(b, c->parent);
    }

    cmt__buf_lit(b, "\" data-depth=\"");
    cmt__buf_u64(b, c->levels - 1);
    cmt__buf_char(b, '"');

    if (shown) {
        cmt__buf_lit(b, " itemprop=\"comment\" itemscope "
                        "itemtype=\"https://schema.org/Comment\" "
                        "aria-label=\"");
        put_by(b, place, c);
        cmt__buf_char(b, '"');
    }
}


/* The script reads these; nothing where nobody has voted. */
static void
put_number(cmt__buf_t *b, const char *name, int64_t n)
{
    if (n == 0) {
        return;
    }

    cmt__buf_lit(b, " data-");
    cmt__buf_lit(b, name);
    cmt__buf_lit(b, "=\"");
    cmt__buf_i64(b, n);
    cmt__buf_char(b, '"');
}


static void
put_head(cmt__buf_t *b, const cmt__place_t *place, const cmt__comment_t *c)
{
    cmt__buf_lit(b, "<header class=\"comment-head\">\n");

    if (c->kind != CMT_COMMENT) {
        cmt__buf_lit(b, "<span class=\"comment-mention\">");
        cmt__lang_put(b, place->lang, "comment_pingback");
        cmt__buf_lit(b, "</span>\n");

    } else if (place->site->avatars) {
        cmt__buf_lit(b, "<img class=\"comment-avatar\" src=\"");
        cmt__render_avatar(b, place->site, c);
        cmt__buf_lit(b, "\" alt=\"\" width=\"40\" height=\"40\" "
                        "loading=\"lazy\">\n");
    }

    put_author(b, place, c);

    if (c->flags & CMT__FLAG_MODERATOR) {
        cmt__buf_lit(b, "<span class=\"comment-role\">");
        cmt__lang_put(b, place->lang, "comment_moderator");
        cmt__buf_lit(b, "</span>\n");
    }

    put_date(b, place, c);
    cmt__buf_lit(b, "</header>\n");
}


static void
put_author(cmt__buf_t *b, const cmt__place_t *place, const cmt__comment_t *c)
{
    cmt__buf_lit(b, "<span class=\"comment-author p-author h-card\" "
                    "itemprop=\"author\" itemscope "
                    "itemtype=\"https://schema.org/Person\">");

    if (c->website.len > 0) {
        cmt__buf_lit(b, "<a class=\"p-name u-url\" itemprop=\"url\" "
                        "rel=\"nofollow ugc noopener\" href=\"");
        cmt__html_escape(b, c->website);
        cmt__buf_lit(b, "\"><span itemprop=\"name\" dir=\"auto\">");
        cmt__html_escape(b, name_of(place, c));
        cmt__buf_lit(b, "</span></a></span>\n");

    } else {
        cmt__buf_lit(b, "<span class=\"p-name\" itemprop=\"name\" "
                        "dir=\"auto\">");
        cmt__html_escape(b, name_of(place, c));
        cmt__buf_lit(b, "</span></span>\n");
    }
}


static void
put_date(cmt__buf_t *b, const cmt__place_t *place, const cmt__comment_t *c)
{
    char  time[CMT__TIME_CHARS + 1];

    cmt__time_format(c->created, time);

    cmt__buf_lit(b, "<a class=\"comment-permalink u-url\" itemprop=\"url\" "
                    "href=\"");
    cmt__html_permalink(b, place, c->id);
    cmt__buf_lit(b, "\"><time class=\"dt-published\" "
                    "itemprop=\"dateCreated\" datetime=\"");
    cmt__buf_lit(b, time);
    cmt__buf_lit(b, "\">");
    cmt__lang_date(b, place->language, place->site->timezone, c->created);
    cmt__buf_lit(b, "</time></a>\n");

    if (c->edited != 0) {
        cmt__time_format(c->edited, time);
        cmt__buf_lit(b, "<span class=\"comment-edited\"><time "
                        "class=\"dt-updated\" itemprop=\"dateModified\" "
                        "datetime=\"");
        cmt__buf_lit(b, time);
        cmt__buf_lit(b, "\">");
        cmt__lang_put(b, place->lang, "comment_edited");
        cmt__buf_lit(b, "</time></span>\n");
    }
}


static void
put_actions(cmt__buf_t *b, const cmt__place_t *place,
    const cmt__comment_t *c, int mine, const cmt__votes_t *votes)
{
    int  published;

    published = c->status == CMT_APPROVED;

    cmt__buf_lit(b, "<footer class=\"comment-actions\">\n");

    if (place->open && published) {
        cmt__buf_lit(b, "<a class=\"comment-reply\" rel=\"nofollow\" "
                        "data-reply-to=\"");
        cmt__buf_u64(b, c->id);
        cmt__buf_lit(b, "\" href=\"");
        cmt__html_link(b, place, &(cmt__part_t) {
                           .sort = place->query->sort,
                           .at = place->is_long ? c->id : 0,
                           .reply_to = c->id
                       }, "comment-form");
        cmt__buf_lit(b, "\" aria-label=\"");
        cmt__lang_put_with(b, cmt__lang_text(place->lang, "comment_reply_to"),
                           name_of(place, c));
        cmt__buf_lit(b, "\">");
        cmt__lang_put(b, place->lang, "comment_reply");
        cmt__buf_lit(b, "</a>\n");
    }

    if (!mine && published) {
        put_vote(b, place, c, votes);
        put_link(b, place, c, "comment-report", "/report", "comment_report");
    }

    if (mine
        && place->now < c->created + (int64_t) place->site->edit_seconds)
    {
        put_link(b, place, c, "comment-edit", "/edit", "comment_edit");
        put_link(b, place, c, "comment-delete", "/edit", "comment_delete");
    }

    cmt__buf_lit(b, "</footer>\n");
}


/* A vote that was given is taken back by the same button. */
static void
put_vote(cmt__buf_t *b, const cmt__place_t *place, const cmt__comment_t *c,
    const cmt__votes_t *votes)
{
    cmt__buf_lit(b, "<form method=\"post\" action=\"");
    cmt__html_escape(b, place->site->prefix);
    cmt__buf_lit(b, "comment/");
    cmt__buf_u64(b, c->id);
    cmt__buf_lit(b, votes->mine > 0 ? "/vote\"><button class=\"comment-vote\" "
                               "name=\"value\" value=\"0\" "
                               "aria-pressed=\"true\""
                             : "/vote\"><button class=\"comment-vote\" "
                               "name=\"value\" value=\"1\" "
                               "aria-pressed=\"false\"");
    cmt__buf_lit(b, " aria-label=\"");
    put_like(b, place, votes);
    put_label(b, place, c);
    put_like(b, place, votes);
    cmt__buf_lit(b, "</button></form>\n");
}


static void
put_like(cmt__buf_t *b, const cmt__place_t *place, const cmt__votes_t *votes)
{
    cmt__lang_put(b, place->lang, "comment_like");

    if (votes->up > 0) {
        cmt__buf_char(b, ' ');
        cmt__buf_u64(b, votes->up);
    }
}


/* The rest of a control's name for who hears it: whose comment it is for.  It
 * begins with what is seen, so that it is found by that. */
static void
put_label(cmt__buf_t *b, const cmt__place_t *place, const cmt__comment_t *c)
{
    cmt__buf_lit(b, " \xe2\x80\x93 ");
    put_by(b, place, c);
    cmt__buf_lit(b, "\">");
}


static void
put_by(cmt__buf_t *b, const cmt__place_t *place, const cmt__comment_t *c)
{
    cmt__lang_put_with(b, cmt__lang_text(place->lang, "comment_by"),
                       name_of(place, c));
}


/* To a page that does not know the one it is asked from: it takes its language
 * along. */
static void
put_link(cmt__buf_t *b, const cmt__place_t *place, const cmt__comment_t *c,
    const char *class, const char *what, const char *key)
{
    cmt__buf_lit(b, "<a class=\"");
    cmt__buf_lit(b, class);
    cmt__buf_lit(b, "\" rel=\"nofollow\" href=\"");
    cmt__html_escape(b, place->site->prefix);
    cmt__buf_lit(b, "comment/");
    cmt__buf_u64(b, c->id);
    cmt__buf_lit(b, what);
    cmt__buf_lit(b, "?lang=");
    cmt__buf_lit(b, cmt_language_tag(place->language));
    cmt__buf_lit(b, "\" aria-label=\"");
    cmt__lang_put(b, place->lang, key);
    put_label(b, place, c);
    cmt__lang_put(b, place->lang, key);
    cmt__buf_lit(b, "</a>\n");
}


static cmt_str_t
name_of(const cmt__place_t *place, const cmt__comment_t *c)
{
    return c->name.len > 0 ? c->name
                           : cmt__lang_text(place->lang, "comment_anonymous");
}
