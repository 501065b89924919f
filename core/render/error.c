/*
 * error.c: refusals, as JSON for scripts and as a page for browsers whose
 * form was refused.  The page brings every typed word back.
 */

#include <string.h>

#include "render.h"


#define KEY_BYTES  64


static int is_text(const cmt_submission_t *refused);
static int signed_in(const cmt_submission_t *refused,
    const cmt_error_t *error, cmt_arena_t *arena, cmt_str_t *name) CMT_CHECK;


cmt_str_t
cmt__error_words(int rc, const cmt__lang_t *lang)
{
    char         key[KEY_BYTES] = "error_";
    cmt_str_t    words;
    const char  *text;

    if (lang != NULL) {
        strncat(key, cmt_error_code(rc), KEY_BYTES - 7);
        words = cmt__lang_text(lang, key);

        if (words.data != key) {        /* else the catalogue has it not */
            return words;
        }
    }

    text = cmt_error_text(rc);

    return (cmt_str_t) { strlen(text), text };
}


/* A rule's own words, or ours in the reader's language. */
static cmt_str_t
message_of(const cmt_error_t *error, cmt_str_t message,
    const cmt__lang_t *lang)
{
    return message.len > 0 ? message : cmt__error_words(error->rc, lang);
}


int
cmt_error_json(const cmt_error_t *error, cmt_str_t message,
    const cmt_ask_t *ask, unsigned language, cmt_arena_t *arena,
    cmt_str_t *json)
{
    cmt__buf_t  b;

    cmt__buf_init(&b, arena, 256);
    cmt__buf_lit(&b, "{\"error\":{\"code\":\"");
    cmt__buf_lit(&b, cmt_error_code(error->rc));
    cmt__buf_lit(&b, "\",\"message\":");
    cmt__json_string(&b, message_of(error, message,
                                   cmt__lang(language)));

    if (error->field != NULL && error->field[0] != '\0') {
        cmt__buf_lit(&b, ",\"field\":\"");
        cmt__buf_lit(&b, error->field);
        cmt__buf_char(&b, '"');
    }

    if (ask != NULL && ask->ticket.len > 0) {
        cmt__buf_lit(&b, ",\"ticket\":");
        cmt__json_string(&b, ask->ticket);
    }

    if (ask != NULL && ask->pow_bits > 0) {
        cmt__buf_lit(&b, ",\"pow\":");
        cmt__buf_u64(&b, ask->pow_bits);
    }

    cmt__buf_lit(&b, "}}");

    return cmt__buf_end(&b, json);
}


int
cmt_error_html(const cmt_error_t *error, cmt_str_t message,
    const cmt_ask_t *ask, const cmt_site_t *site, unsigned language,
    const cmt_submission_t *refused, cmt_arena_t *arena, cmt_str_t *html)
{
    int                 rc;
    cmt_str_t           page;
    cmt__buf_t          b;
    cmt__form_view_t    view;
    const cmt__lang_t  *lang;

    lang = cmt__lang(language);
    if (lang == NULL) {
        return CMT_ENOMEM;
    }

    memset(&view, 0, sizeof(view));
    view.typed = refused == NULL ? NULL : &refused->form;
    view.edits = refused == NULL ? 0 : refused->id;
    view.error = error;
    view.message = message_of(error, message, lang);

    if (ask != NULL && ask->ticket.len > 0) {
        view.ticket = ask->ticket;

    } else if (refused != NULL) {
        view.ticket = cmt_form_get(&refused->form, "ticket");
    }

    cmt__buf_init(&b, arena, 8192);

    if (refused == NULL || !is_text(refused)) {
        cmt__page_start(&b, site, language, view.message);

    } else {
        rc = signed_in(refused, error, arena, &view.signed_in);
        if (rc != CMT_OK) {
            return rc;
        }

        cmt__page_start(&b, site, language,
                        cmt__lang_text(lang, "refused_title"));
        cmt__buf_lit(&b, "<p class=\"comments-error\" "
                         "id=\"comment-error\" role=\"alert\">");
        cmt__html_escape(&b, view.message);
        cmt__buf_lit(&b, "</p>\n<p class=\"comments-hint\">");
        cmt__lang_put(&b, lang, "refused_hint");
        cmt__buf_lit(&b, "</p>\n");
        cmt__form_again(&b, site, language, lang, &view, refused->now);
    }

    if (refused != NULL
        && cmt_page_of(site, arena, cmt_form_get(&refused->form, "page"),
                       &page)
           == CMT_OK)
    {
        /* how long the thread is, is not known */
        cmt__page_back(&b, lang, page, 1,
                       refused->id != 0 ? refused->id : view.reply_to);
    }

    cmt__page_end(&b);

    return cmt__buf_end(&b, html);
}


/* Words that must not be lost: a comment, or another text for one. */
static int
is_text(const cmt_submission_t *refused)
{
    return refused->id == 0
           || cmt__str_is(cmt_form_get(&refused->form, "action"), "edit");
}


/* Whom a refusal concerns by name must be able to type another one. */
static int
signed_in(const cmt_submission_t *refused, const cmt_error_t *error,
    cmt_arena_t *arena, cmt_str_t *name)
{
    if (error->field != NULL && strcmp(error->field, "name") == 0) {
        *name = cmt_null_str;
        return CMT_OK;
    }

    return cmt__reader_name(arena, refused->identity, name);
}


/* The form keeps its token: sent once more, it is still one comment. */
void
cmt__form_again(cmt__buf_t *b, const cmt_site_t *site, unsigned language,
    const cmt__lang_t *lang, cmt__form_view_t *view, int64_t now)
{
    char                token[CMT_FORM_TOKEN_CHARS + 1];
    size_t              at;
    cmt_str_t           page;
    cmt__place_t        place;
    cmt_thread_query_t  query;

    memset(&query, 0, sizeof(query));
    memset(&place, 0, sizeof(place));
    place.site = site;
    place.language = language;
    place.lang = lang;
    place.query = &query;
    place.page = cmt_form_get(view->typed, "page");

    if (cmt_page_of(site, b->arena, place.page, &page) == CMT_OK) {
        place.page = page;
    }

    if (!cmt__str_u64(cmt_form_get(view->typed, "parent"), &view->reply_to)) {
        view->reply_to = 0;
    }

    view->token = cmt_form_get(view->typed, "token");

    if (view->token.len == 0) {
        cmt_form_token(site, place.page, 0, now, token);
        view->token = (cmt_str_t) { CMT_FORM_TOKEN_CHARS, token };
    }

    cmt__form_html(b, &place, view, &at);
}
