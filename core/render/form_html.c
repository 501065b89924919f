/*
 * form_html.c: the form below a thread, also when it is shown again with what
 * was typed and why it was refused.
 */

#include <string.h>

#include "render.h"


typedef struct {
    const char  *name;
    const char  *label;                  /* key of its words                 */
    const char  *type;                   /* of input; NULL: textarea         */
    const char  *attributes;
    unsigned     of_person:1;            /* known of who is signed in        */
} input_t;


static void put_title(cmt__buf_t *b, const cmt__place_t *place,
    const cmt__form_view_t *form);
static void put_input(cmt__buf_t *b, const cmt__place_t *place,
    const cmt__form_view_t *form, const input_t *input);
static void put_control(cmt__buf_t *b, const cmt__place_t *place,
    const cmt__form_view_t *form, const input_t *input, int wrong);
static int is_required(const cmt_site_t *site, const char *name);
static void put_markup(cmt__buf_t *b, const cmt__place_t *place);
static void put_honeypot(cmt__buf_t *b, const cmt__place_t *place);
static void put_hidden(cmt__buf_t *b, const char *name, cmt_str_t value);
static void put_words(cmt__buf_t *b, const cmt__place_t *place,
    const char *tag, const char *key);


#define NUMBER(n)   DIGITS(n)
#define DIGITS(n)   #n

/* No limit at the text: a browser would cut what is pasted, without a word. */
static const input_t  inputs[] = {
    { "text", "form_text", NULL, " rows=\"8\" cols=\"45\" dir=\"auto\"", 0 },
    { "name", "form_name", "text", " autocomplete=\"name\" dir=\"auto\" "
      "maxlength=\"" NUMBER(CMT_NAME_CHARS_MAX) "\"", 1 },
    { "email", "form_email", "email", " autocomplete=\"email\" dir=\"ltr\" "
      "maxlength=\"" NUMBER(CMT_EMAIL_BYTES_MAX) "\"", 1 },
    { "website", "form_website", "url", " autocomplete=\"url\" dir=\"ltr\" "
      "maxlength=\"" NUMBER(CMT_WEBSITE_BYTES_MAX) "\"", 0 }
};

static const cmt_str_t  required_mark = cmt_str("*");

/* The tags of html_read.c. */
static const cmt_str_t  html_tags = cmt_str(
    "<a href=\"\" title=\"\"> <abbr title=\"\"> <acronym title=\"\"> <b> "
    "<blockquote cite=\"\"> <cite> <code> <del datetime=\"\"> <em> <i> "
    "<q cite=\"\"> <s> <strike> <strong>");

static const cmt_str_t  markdown_examples = cmt_str(
    "*em* **strong** [text](https://example.org) `code` > quote");


void
cmt__form_html(cmt__buf_t *b, const cmt__place_t *place,
    const cmt__form_view_t *form, size_t *token_at)
{
    size_t       i;
    char         parent[24];
    const char  *tag;

    cmt__buf_lit(b, "<form id=\"comment-form\" class=\"comments-form\" "
                    "method=\"post\" action=\"");
    cmt__html_escape(b, place->site->prefix);
    cmt__buf_lit(b, "comment");

    if (form->edits != 0) {
        cmt__buf_char(b, '/');
        cmt__buf_u64(b, form->edits);
    }

    cmt__buf_lit(b, "\" accept-charset=\"utf-8\">\n");

    /* who edits changes the text alone, the first of the inputs */

    if (form->edits != 0) {
        put_input(b, place, form, &inputs[0]);
        put_hidden(b, "action", cmt_str("edit"));

    } else {
        put_title(b, place, form);

        for (i = 0; i < sizeof(inputs) / sizeof(inputs[0]); i++) {
            if (form->signed_in.len == 0 || !inputs[i].of_person) {
                put_input(b, place, form, &inputs[i]);
            }
        }

        put_honeypot(b, place);
    }

    put_hidden(b, "page", place->page);

    if (form->reply_to != 0) {
        (void) cmt__u64_format(form->reply_to, parent);
        put_hidden(b, "parent", (cmt_str_t) { strlen(parent), parent });
    }

    if (form->typed != NULL) {
        put_hidden(b, "title", cmt_form_get(form->typed, "title"));
    }

    put_hidden(b, "ticket", form->ticket);

    tag = cmt_language_tag(place->language);
    put_hidden(b, "lang", (cmt_str_t) { strlen(tag), tag });

    cmt__buf_lit(b, "<input type=\"hidden\" name=\"token\" value=\"");
    *token_at = b->len;
    cmt__html_escape(b, form->token);
    cmt__buf_lit(b, "\">\n<p class=\"comments-submit\">");
    put_words(b, place, "button type=\"submit\"",
              form->edits != 0 ? "comment_save" : "form_submit");
    cmt__buf_lit(b, "</button></p>\n");

    if (form->edits == 0) {
        put_words(b, place, "p class=\"comments-privacy\"", "form_privacy");
        cmt__buf_lit(b, "</p>\n");
    }

    cmt__buf_lit(b, "</form>\n");
}


static void
put_title(cmt__buf_t *b, const cmt__place_t *place,
    const cmt__form_view_t *form)
{
    /* below the heading of the thread, or of a page of its own */

    if (form->typed != NULL) {
        put_words(b, place, "h2 class=\"comments-form-title\"", "form_title");
        cmt__buf_lit(b, "</h2>\n");

    } else if (form->reply_to == 0 || form->reply_name.len == 0) {
        put_words(b, place, "h3 class=\"comments-form-title\"", "form_title");
        cmt__buf_lit(b, "</h3>\n");

    } else {
        cmt__buf_lit(b, "<h3 class=\"comments-form-title\">");
        cmt__lang_put_with(b, cmt__lang_text(place->lang, "comment_reply_to"),
                           form->reply_name);
        cmt__buf_lit(b, "</h3>\n<p class=\"comments-cancel\"><a href=\"");
        cmt__html_permalink(b, place, form->reply_to);
        cmt__buf_lit(b, "\">");
        cmt__lang_put(b, place->lang, "form_cancel");
        cmt__buf_lit(b, "</a></p>\n");
    }

    if (form->signed_in.len > 0) {
        cmt__buf_lit(b, "<p class=\"comments-signed-in\">");
        cmt__lang_put_with(b, cmt__lang_text(place->lang, "form_signed_in"),
                           form->signed_in);
        cmt__buf_lit(b, "</p>\n");
    }

    cmt__buf_lit(b, "<p class=\"comments-note\">");

    if (form->signed_in.len == 0) {
        cmt__lang_put(b, place->lang, "form_note_email");
        cmt__buf_char(b, ' ');
    }

    cmt__lang_put_with(b, cmt__lang_text(place->lang, "form_note_required"),
                       required_mark);
    cmt__buf_lit(b, "</p>\n");
}


static void
put_input(cmt__buf_t *b, const cmt__place_t *place,
    const cmt__form_view_t *form, const input_t *input)
{
    int  wrong;

    wrong = form->error != NULL && form->error->field != NULL
            && strcmp(form->error->field, input->name) == 0;

    cmt__buf_lit(b, "<p class=\"comments-field comments-field-");
    cmt__buf_lit(b, input->name);
    cmt__buf_lit(b, "\">\n<label for=\"comment-");
    cmt__buf_lit(b, input->name);
    cmt__buf_lit(b, "\">");
    cmt__lang_put(b, place->lang, input->label);

    if (is_required(place->site, input->name)) {
        cmt__buf_lit(b, " <span class=\"comments-required\" "
                        "aria-hidden=\"true\">*</span>");
    }

    cmt__buf_lit(b, "</label>\n");
    put_control(b, place, form, input, wrong);

    if (wrong) {
        cmt__buf_lit(b, "<span class=\"comments-field-error\" id=\"comment-");
        cmt__buf_lit(b, input->name);
        cmt__buf_lit(b, "-error\">");
        cmt__html_escape(b, form->message);
        cmt__buf_lit(b, "</span>\n");
    }

    cmt__buf_lit(b, "</p>\n");

    if (input->type == NULL) {
        put_markup(b, place);
    }
}


static void
put_control(cmt__buf_t *b, const cmt__place_t *place,
    const cmt__form_view_t *form, const input_t *input, int wrong)
{
    cmt_str_t  value;

    value = form->typed == NULL ? cmt_null_str
                                : cmt_form_get(form->typed, input->name);

    cmt__buf_lit(b, input->type == NULL ? "<textarea" : "<input type=\"");

    if (input->type != NULL) {
        cmt__buf_lit(b, input->type);
        cmt__buf_char(b, '"');
    }

    cmt__buf_lit(b, " id=\"comment-");
    cmt__buf_lit(b, input->name);
    cmt__buf_lit(b, "\" name=\"");
    cmt__buf_lit(b, input->name);
    cmt__buf_char(b, '"');
    cmt__buf_lit(b, input->attributes);

    if (is_required(place->site, input->name)) {
        cmt__buf_lit(b, " required");
    }

    if (wrong) {
        cmt__buf_lit(b, " aria-invalid=\"true\" autofocus");
    }

    if (wrong || input->type == NULL) {
        cmt__buf_lit(b, " aria-describedby=\"");

        if (wrong) {
            cmt__buf_lit(b, "comment-");
            cmt__buf_lit(b, input->name);
            cmt__buf_lit(b, "-error");
        }

        cmt__buf_lit(b, wrong && input->type == NULL ? " " : "");
        cmt__buf_lit(b, input->type == NULL ? "comment-markup\"" : "\"");
    }

    if (input->type == NULL) {

        /* a line feed right behind <textarea> is not part of the text */

        cmt__buf_lit(b, ">\n");
        cmt__html_escape(b, value);
        cmt__buf_lit(b, "</textarea>\n");

    } else {
        cmt__buf_lit(b, " value=\"");
        cmt__html_escape(b, value);
        cmt__buf_lit(b, "\">\n");
    }
}


static int
is_required(const cmt_site_t *site, const char *name)
{
    return strcmp(name, "text") == 0
           || (site->require_name && strcmp(name, "name") == 0)
           || (site->require_email && strcmp(name, "email") == 0);
}


static void
put_markup(cmt__buf_t *b, const cmt__place_t *place)
{
    cmt_str_t  words;

    cmt__buf_lit(b, "<p class=\"comments-markup\" id=\"comment-markup\">");

    switch (place->site->markup) {

    case CMT_MARKUP_HTML:
        words = cmt__lang_text(place->lang, "form_markup_html");
        cmt__lang_put_code(b, words, html_tags);
        break;

    case CMT_MARKUP_MARKDOWN:
        words = cmt__lang_text(place->lang, "form_markup_markdown");
        cmt__lang_put_code(b, words, markdown_examples);
        break;

    default: /* CMT_MARKUP_PLAIN */
        cmt__lang_put(b, place->lang, "form_markup_plain");
    }

    cmt__buf_lit(b, "</p>\n");
}


/* Hidden by the stylesheet, so that a machine that looks for what is hidden
 * in the page itself finds nothing. */
static void
put_honeypot(cmt__buf_t *b, const cmt__place_t *place)
{
    char  name[CMT__HONEYPOT_CHARS + 1];

    cmt__form_honeypot(place->site->keys, place->page, name);

    cmt__buf_lit(b, "<p class=\"comments-extra\" aria-hidden=\"true\">\n"
                    "<label for=\"comment-");
    cmt__buf_lit(b, name);
    cmt__buf_lit(b, "\">");
    cmt__lang_put(b, place->lang, "form_honeypot");
    cmt__buf_lit(b, "</label>\n<input type=\"text\" id=\"comment-");
    cmt__buf_lit(b, name);
    cmt__buf_lit(b, "\" name=\"");
    cmt__buf_lit(b, name);
    cmt__buf_lit(b, "\" tabindex=\"-1\" autocomplete=\"off\">\n</p>\n");
}


static void
put_hidden(cmt__buf_t *b, const char *name, cmt_str_t value)
{
    if (value.len == 0) {
        return;
    }

    cmt__buf_lit(b, "<input type=\"hidden\" name=\"");
    cmt__buf_lit(b, name);
    cmt__buf_lit(b, "\" value=\"");
    cmt__html_escape(b, value);
    cmt__buf_lit(b, "\">\n");
}


/* "<TAG>words"; whoever opens it closes it. */
static void
put_words(cmt__buf_t *b, const cmt__place_t *place, const char *tag,
    const char *key)
{
    cmt__buf_char(b, '<');
    cmt__buf_lit(b, tag);
    cmt__buf_char(b, '>');
    cmt__lang_put(b, place->lang, key);
}
