/*
 * cmt_desk.h: the part of cmt.h about what moderators ask for over HTTP: the
 * fields of a form or an address become calls of cmt_moderate.h, and their
 * page is written.  cmt.h includes it.
 *
 * Each may take as long as a search does: a pool thread, please.
 */

#ifndef CMT_DESK_H
#define CMT_DESK_H


/*
 * args: status (a status, "reported" or "any"; "pending"), order ("newest" or
 * "oldest"; "newest"), before (an id), limit; words, page, author (its key),
 * author_of (an id), rule, since, until (RFC 3339) search for what has all
 * of that, newest first.
 * {"items":[...],"next","counts"}: those of cmt_queue_json(); counts is null
 * for a search.  CMT_EARGUMENT with err->field.
 */
int cmt_desk_queue(cmt_read_t *read, const cmt_site_t *site,
    const cmt_form_t *args, uint64_t unused, cmt_arena_t *arena,
    cmt_str_t *json, cmt_error_t *err) CMT_CHECK;

/* ids: with commas, CMT_LIMIT_MAX at most.  {"items":[...]}.  */
int cmt_desk_items(cmt_read_t *read, const cmt_site_t *site,
    const cmt_form_t *args, uint64_t unused, cmt_arena_t *arena,
    cmt_str_t *json, cmt_error_t *err) CMT_CHECK;

/* before, limit: cmt_author_json(). */
int cmt_desk_author(cmt_read_t *read, const cmt_site_t *site,
    const cmt_form_t *args, uint64_t id, cmt_arena_t *arena,
    cmt_str_t *json, cmt_error_t *err) CMT_CHECK;

/* comment, actor, since, until, before, limit: {"entries":[...],"next"}, those
 * of cmt_log_json(), newest first. */
int cmt_desk_log(cmt_read_t *read, const cmt_site_t *site,
    const cmt_form_t *args, uint64_t unused, cmt_arena_t *arena,
    cmt_str_t *json, cmt_error_t *err) CMT_CHECK;

/* {"site","name","role","token","created","expires"}: who is signed in. */
int cmt_desk_session(const cmt_site_t *site, const cmt_session_t *session,
    cmt_arena_t *arena, cmt_str_t *json, cmt_error_t *err) CMT_CHECK;

/*
 * What a body asks for: JSON {"decisions":[{"id","decision","version","note",
 * "text","undo"},...]}, or a form with these fields for one.  A version that
 * is left out is CMT_VERSION_ANY.  *form is what else there was to a form;
 * of JSON it is empty.
 * CMT_EDECISION with field "decisions" (none, or too many), "id", "decision",
 * "version" or "undo"; CMT_EFIELD; those of cmt_form_parse().
 */
int cmt_desk_decisions(cmt_arena_t *arena, cmt_str_t content_type,
    cmt_str_t body, cmt_form_t *form, cmt_decision_t **decisions, size_t *n,
    cmt_error_t *err) CMT_CHECK;

/* kind, comment or value, status ("spam"), until (RFC 3339), note.  CMT_EBAN
 * with err->field. */
int cmt_desk_ban(const cmt_form_t *form, cmt_ban_t *ban, cmt_error_t *err)
    CMT_CHECK;


/*
 * The console: a moderator tries rules, and nothing is kept.
 *
 * rules    a file that was pasted, CMT_CONSOLE_FILE_BYTES_MAX at most; empty:
 *          the rules that serve.  See cmt_ruleset_paste().
 * try      on one comment of the site, `comment` (or `pick`), with what was
 *          known of it then; or on what was typed: text, name, website, page,
 *          title.
 * replay   on the `newest` comments of the site, 1..CMT_CONSOLE_COMMENTS_MAX,
 *          CMT_CONSOLE_COMMENTS_DEFAULT without, or as many of them as
 *          CMT_CONSOLE_MS allow, in which the tests of a pasted file run, too.
 *
 * {"file":{"digest","rules","tests"},"refused":null,"receipt":{...}}, or
 * "replay":{...}, that of cmt_replay_json().  A pasted file that is no good
 * is a result: {"file":null,"refused":{"line":3 or null,"error":
 * "pasted.lua:3: ..."},"receipt":null}.
 *
 * May take CMT_CONSOLE_MS and more.  CMT_ETOOLARGE with field "rules";
 * CMT_EARGUMENT with field "comment" or "newest"; CMT_ENOTFOUND with field
 * "comment"; those of cmt_ruleset_run_json() and cmt_replay_json().
 */
int cmt_console_try(cmt_store_t *store, const cmt_site_t *site,
    const cmt_form_t *form, cmt_arena_t *arena, cmt_str_t *json,
    cmt_error_t *err) CMT_CHECK;
int cmt_console_replay(cmt_store_t *store, const cmt_site_t *site,
    const cmt_form_t *form, cmt_arena_t *arena, cmt_str_t *json,
    cmt_error_t *err) CMT_CHECK;
/* The number in "pick" or "comment"; 0: none.  CMT_EARGUMENT. */
int cmt_console_comment(const cmt_form_t *form, uint64_t *id,
    cmt_error_t *err) CMT_CHECK;


/*
 * The moderators' page: for whoever is signed in a list of comments, each with
 * its form, which web/moderate.js makes quicker; else a form to sign in.
 */
typedef struct {
    unsigned              language;
    int64_t               now;           /* Unix seconds                      */
    const cmt_form_t     *args;          /* of the address, or what was typed
                                            into the form; NULL: nothing      */
    const cmt_session_t  *session;       /* NULL: nobody is signed in         */
    const cmt_error_t    *refused;       /* NULL: nothing was                 */
    cmt_str_t             said;          /* to the console's form: JSON of the
                                            two above; empty: nothing yet     */
    unsigned              passwords:1;   /* one can sign in here              */
    unsigned              trusted:1;     /* nginx knows who it is: no way out */
} cmt_desk_page_t;

/* read NULL: without the list. */
int cmt_desk_html(cmt_read_t *read, const cmt_site_t *site,
    const cmt_desk_page_t *page, cmt_arena_t *arena, cmt_str_t *html,
    cmt_error_t *err) CMT_CHECK;

/* The page of the console.  page->args: what was typed; page->said: what came
 * of it.  read NULL: without the text of the comment. */
int cmt_console_html(cmt_read_t *read, const cmt_site_t *site,
    const cmt_desk_page_t *page, cmt_arena_t *arena, cmt_str_t *html,
    cmt_error_t *err) CMT_CHECK;


#endif /* CMT_DESK_H */
