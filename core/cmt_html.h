/*
 * cmt_html.h: the part of cmt.h about what readers see in pages: languages,
 * fragments of HTML, pictures, and files that are compiled in.  cmt.h
 * includes it.
 */

#ifndef CMT_HTML_H
#define CMT_HTML_H


/*
 * Languages: numbers from 0, which is English.  choose: the best that is
 * there for a tag of BCP 47 or else for the header Accept-Language; both may
 * be empty.  find: CMT_ENOTFOUND.  timezone_check: CMT_EARGUMENT when it is
 * no name such as "Europe/Oslo".
 */
unsigned cmt_language_choose(cmt_str_t tag, cmt_str_t accept);
int cmt_language_find(cmt_str_t tag, unsigned *language) CMT_CHECK;
const char *cmt_language_tag(unsigned language);
int cmt_timezone_check(const char *zone) CMT_CHECK;
/* Reads what ICU needs for the first date, some 25 ms, before anybody waits. */
void cmt_languages_warm(void);
/* The site's, or else as choose() does. */
unsigned cmt_site_language(const cmt_site_t *site, cmt_str_t tag,
    cmt_str_t accept);


/*
 * The thread as a fragment of HTML with its form, docs/theming.md.  The form's
 * token stands *token_at bytes from the start (0: there is no form); whoever
 * keeps the fragment writes a new one there with cmt_form_token() for each
 * reader.  flags: CMT_FORM_PROVEN when it is known that the page exists,
 * CMT_FORM_INCLUDED when a page has asked for the fragment to show it.
 * reply_to: the comment that the form answers; 0 or none of this page: none.
 * Errors: those of cmt_thread_json().
 */
#define CMT_FORM_PROVEN    1
#define CMT_FORM_INCLUDED  2

typedef struct {
    unsigned      language;
    unsigned      form_flags;
    uint64_t      reply_to;
    int64_t       now;           /* Unix seconds                              */
    cmt_str_t     identity;      /* of who is signed in, for whom alone this
                                    fragment is then; may be empty            */
} cmt_fragment_t;

int cmt_thread_html(cmt_read_t *read, const cmt_site_t *site,
    const cmt_thread_t *thread, const cmt_thread_query_t *query,
    const cmt_fragment_t *fragment, cmt_arena_t *arena, cmt_str_t *html,
    size_t *token_at, cmt_error_t *err) CMT_CHECK;
void cmt_form_token(const cmt_site_t *site, cmt_str_t page, unsigned flags,
    int64_t now, char out[CMT_FORM_TOKEN_CHARS + 1]);
/* The same with what the page says of itself (cmt_page.h); gives its length,
 * out has CMT_FORM_TOKEN_CHARS_MAX + 1 bytes. */
size_t cmt_form_token_about(const cmt_site_t *site, cmt_str_t page,
    unsigned flags, cmt_str_t about, int64_t now, char *out);
/* What the token says of this page, a canonical path; 0: nothing, or it is
 * none of ours. */
unsigned cmt_form_flags(const cmt_site_t *site, cmt_str_t page, cmt_str_t token,
    int64_t now);

/* The number of a target to share a page with: "email", "mastodon",
 * "bluesky", "linkedin", "facebook", "x", "copy".  CMT_ENOTFOUND. */
int cmt_share_find(cmt_str_t name, unsigned *share) CMT_CHECK;

/* The picture of an author as SVG, made of its name alone.  CMT_ENOTFOUND
 * when that is not CMT_AVATAR_CHARS lower-case hex digits. */
int cmt_avatar_svg(cmt_str_t name, cmt_arena_t *arena, cmt_str_t *svg)
    CMT_CHECK;

/* The page for a browser whose form was refused: the message beside the
 * field and every typed word in its field.  refused NULL: nothing was typed.
 * ask may be NULL. */
int cmt_error_html(const cmt_error_t *error, cmt_str_t message,
    const cmt_ask_t *ask, const cmt_site_t *site, unsigned language,
    const cmt_submission_t *refused, cmt_arena_t *arena, cmt_str_t *html)
    CMT_CHECK;


/*
 * Pages about one comment, for browsers that run no scripts.  edit: to change
 * or delete an own one; CMT_ENOTFOUND, CMT_ENOTYOURS, CMT_EWINDOW.  report: to
 * say what is wrong with it, or, with done, that it was said; CMT_ENOTFOUND.
 */
int cmt_edit_html(cmt_read_t *read, const cmt_site_t *site, uint64_t id,
    cmt_str_t cookie, unsigned language, int64_t now, cmt_arena_t *arena,
    cmt_str_t *html, cmt_error_t *err) CMT_CHECK;
int cmt_report_html(cmt_read_t *read, const cmt_site_t *site, uint64_t id,
    int done, unsigned language, cmt_arena_t *arena, cmt_str_t *html,
    cmt_error_t *err) CMT_CHECK;


/*
 * The newest comments that everybody sees, as one <ul>; the end of a line
 * when there are none.  limit: 1..CMT_FEED_COMMENTS_MAX.  CMT_ENOMEM,
 * CMT_ECORRUPT.
 */
int cmt_recent_html(cmt_read_t *read, const cmt_site_t *site,
    unsigned language, unsigned limit, cmt_arena_t *arena, cmt_str_t *html,
    cmt_error_t *err) CMT_CHECK;

/* A file that is compiled in: "comments.css".  All of it is static. */
typedef struct {
    cmt_str_t  body;
    cmt_str_t  gzip;             /* the body compressed; empty: it is not     */
    cmt_str_t  version;          /* 8 characters that change with the bytes   */
} cmt_asset_t;

/* CMT_ENOTFOUND. */
int cmt_asset(const char *name, cmt_asset_t *asset) CMT_CHECK;

/*
 * The elements that bring the stylesheet and the script, for before and behind
 * a thread.  prefix: of the site's addresses, "/comments/".  CMT_ENOMEM.
 */
int cmt_assets_html(cmt_str_t prefix, cmt_arena_t *arena, cmt_str_t *style,
    cmt_str_t *script) CMT_CHECK;


#endif /* CMT_HTML_H */
