/*
 * comment_json.c: one comment as JSON.
 */

#include <string.h>

#include "render.h"


static void render_author(cmt__buf_t *b, const cmt_site_t *site,
    const cmt__comment_t *comment);


int
cmt__viewer_make(cmt_read_t *read, const cmt_site_t *site, cmt_str_t cookie,
    uint32_t number, uint64_t thread, cmt__viewer_t *viewer)
{
    memset(viewer, 0, sizeof(*viewer));

    if (!cmt__cookie_hash(site->keys, cookie, &viewer->cookie)) {
        return 0;
    }

    if (cmt__votes_in(read, number, &viewer->cookie, thread) == CMT_OK) {
        viewer->votes = read;
    }

    return 1;
}


/* A silent vote counts for who gave it. */
cmt__votes_t
cmt__viewer_votes(const cmt__viewer_t *viewer, const cmt__comment_t *comment)
{
    cmt__vote_t   vote;
    cmt__votes_t  votes;

    votes = (cmt__votes_t) { comment->votes_up, comment->votes_down, 0 };

    if (viewer->votes == NULL
        || cmt__vote_get(viewer->votes, comment, &viewer->cookie, &vote)
           != CMT_OK)
    {
        return votes;   /* the check of the store tells of a damaged one */
    }

    votes.up += vote.value > 0 && vote.silent;
    votes.down += vote.value < 0 && vote.silent;
    votes.mine = vote.value;

    return votes;
}


void
cmt__render_comment(cmt__buf_t *b, const cmt_site_t *site,
    const cmt__comment_t *comment, const cmt__viewer_t *viewer, int own,
    cmt_str_t message)
{
    int           shown, mine;
    cmt__votes_t  votes;

    votes = cmt__viewer_votes(viewer, comment);
    shown = own || comment->status == CMT_APPROVED;
    mine = own || (shown && !cmt__hash_is_zero(&viewer->cookie)
                   && cmt__hash_eq(&viewer->cookie, &comment->cookie));

    cmt__buf_lit(b, "{\"id\":");
    cmt__buf_u64(b, comment->id);
    cmt__buf_lit(b, ",\"parent\":");

    if (comment->parent == 0) {
        cmt__buf_lit(b, "null");

    } else {
        cmt__buf_u64(b, comment->parent);
    }

    cmt__buf_lit(b, ",\"depth\":");
    cmt__buf_u64(b, comment->levels - 1);
    cmt__buf_lit(b, ",\"kind\":\"");
    cmt__buf_lit(b, cmt_kind_name(comment->kind));
    cmt__buf_lit(b, "\",\"status\":\"");
    cmt__buf_lit(b, comment->status == CMT_APPROVED ? "approved"
                    : shown ? "pending" : "deleted");
    cmt__buf_lit(b, "\",\"author\":");

    if (shown) {
        render_author(b, site, comment);

    } else {
        cmt__buf_lit(b, "null");
    }

    cmt__buf_lit(b, ",\"html\":");
    cmt__json_string(b, shown ? comment->html : cmt_null_str);
    cmt__buf_lit(b, ",\"created\":");
    cmt__json_time(b, comment->created);
    cmt__buf_lit(b, ",\"edited\":");
    cmt__json_time(b, shown ? comment->edited : 0);
    cmt__buf_lit(b, ",\"votes\":{\"up\":");
    cmt__buf_u64(b, votes.up);
    cmt__buf_lit(b, ",\"down\":");
    cmt__buf_u64(b, votes.down);
    cmt__buf_lit(b, ",\"mine\":");
    cmt__buf_i64(b, votes.mine);
    cmt__buf_lit(b, "},\"replies\":");
    cmt__buf_u64(b, comment->replies);
    cmt__buf_lit(b, mine ? ",\"mine\":true" : ",\"mine\":false");

    if (mine && viewer->text) {
        cmt__buf_lit(b, ",\"text\":");
        cmt__json_string(b, comment->text);
    }

    if (message.len > 0) {
        cmt__buf_lit(b, ",\"message\":");
        cmt__json_string(b, message);
    }

    cmt__buf_char(b, '}');
}


static void
render_author(cmt__buf_t *b, const cmt_site_t *site,
    const cmt__comment_t *comment)
{
    cmt__buf_lit(b, "{\"name\":");

    if (comment->name.len == 0) {
        cmt__buf_lit(b, "null");

    } else {
        cmt__json_string(b, comment->name);
    }

    cmt__buf_lit(b, ",\"url\":");

    if (comment->website.len == 0) {
        cmt__buf_lit(b, "null");

    } else {
        cmt__json_string(b, comment->website);
    }

    cmt__buf_lit(b, ",\"avatar\":");

    if (site->avatars) {
        cmt__buf_char(b, '"');
        cmt__render_avatar(b, site, comment);
        cmt__buf_char(b, '"');

    } else {
        cmt__buf_lit(b, "null");
    }

    cmt__buf_lit(b, comment->flags & CMT__FLAG_MODERATOR
                    ? ",\"role\":\"moderator\"}" : ",\"role\":\"reader\"}");
}


static int
comment_of_site(cmt_read_t *read, const cmt_site_t *site, uint64_t id,
    cmt__comment_t *comment, cmt_error_t *err)
{
    int       rc;
    uint32_t  site_id;

    rc = cmt__site_find(read, site->name, &site_id);
    if (rc == CMT_OK) {
        rc = cmt__comment_get(read, id, comment);
    }
    if (rc == CMT_OK && comment->site != site_id) {
        rc = CMT_ENOTFOUND;
    }

    return rc == CMT_OK ? CMT_OK
                        : cmt__fail(err, rc, NULL, "comment %llu",
                                    (unsigned long long) id);
}


int
cmt_comment_json(cmt_read_t *read, const cmt_site_t *site, uint64_t id,
    cmt_str_t cookie, cmt_str_t message, cmt_arena_t *arena, cmt_str_t *json,
    cmt_error_t *err)
{
    int             rc, own;
    cmt__buf_t      b;
    cmt__viewer_t   viewer;
    cmt__comment_t  comment;

    rc = comment_of_site(read, site, id, &comment, err);
    if (rc != CMT_OK) {
        return rc;
    }

    own = cmt__viewer_make(read, site, cookie, comment.site, comment.thread,
                           &viewer)
          && cmt__hash_eq(&viewer.cookie, &comment.cookie)
          && (comment.status == CMT_PENDING || comment.status == CMT_SPAM);

    if (comment.status != CMT_APPROVED && !own) {
        return cmt__fail(err, CMT_ENOTFOUND, NULL, "comment %llu is %s",
                         (unsigned long long) id,
                         cmt_status_name(comment.status));
    }

    viewer.text = 1;

    cmt__buf_init(&b, arena, comment.html.len + 512);
    cmt__render_comment(&b, site, &comment, &viewer, own, message);

    rc = cmt__buf_end(&b, json);

    return rc == CMT_OK ? CMT_OK : cmt__fail(err, rc, NULL, "no memory");
}


int
cmt_result_json(cmt_read_t *read, const cmt_site_t *site,
    const cmt_result_t *result, cmt_arena_t *arena, cmt_str_t *json,
    cmt_error_t *err)
{
    int             rc;
    cmt__buf_t      b;
    cmt__viewer_t   viewer;
    cmt__comment_t  comment;

    rc = comment_of_site(read, site, result->id, &comment, err);
    if (rc != CMT_OK) {
        return rc;
    }

    memset(&viewer, 0, sizeof(viewer));
    viewer.text = 1;

    cmt__buf_init(&b, arena, comment.html.len + 512);
    cmt__render_comment(&b, site, &comment, &viewer, 1, result->message);

    rc = cmt__buf_end(&b, json);

    return rc == CMT_OK ? CMT_OK : cmt__fail(err, rc, NULL, "no memory");
}
