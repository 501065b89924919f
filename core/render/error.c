/*
 * error.c: refusals, as JSON for scripts and as a page for browsers whose
 * form was refused.  The page brings every typed word back.
 */

#include <string.h>

#include "render.h"


typedef struct {
    const char  *name;
    const char  *label;
    const char  *type;           /* of input; NULL: textarea */
    const char  *attributes;
} input_t;


static void put_input(cmt__buf_t *b, const input_t *input,
    const cmt_error_t *error, cmt_str_t message, const cmt_form_t *form);
static void put_hidden(cmt__buf_t *b, const cmt_form_t *form,
    const char *name);


static const input_t  inputs[] = {
    { "text", "Comment", NULL, "required rows=\"8\" cols=\"60\"" },
    { "name", "Name", "text", "autocomplete=\"name\"" },
    { "email", "E-mail (will not be published)", "email",
      "autocomplete=\"email\"" },
    { "website", "Website", "url", "autocomplete=\"url\"" }
};

static const char *const  hidden[] = {
    "page", "parent", "title", "token", "action"
};


static cmt_str_t
message_of(const cmt_error_t *error, cmt_str_t message)
{
    const char  *text;

    if (message.len > 0) {
        return message;
    }

    text = cmt_error_text(error->rc);

    return (cmt_str_t) { strlen(text), text };
}


int
cmt_error_json(const cmt_error_t *error, cmt_str_t message,
    cmt_arena_t *arena, cmt_str_t *json)
{
    cmt__buf_t  b;

    cmt__buf_init(&b, arena, 256);
    cmt__buf_lit(&b, "{\"error\":{\"code\":\"");
    cmt__buf_lit(&b, cmt_error_code(error->rc));
    cmt__buf_lit(&b, "\",\"message\":");
    cmt__json_string(&b, message_of(error, message));

    if (error->field != NULL && error->field[0] != '\0') {
        cmt__buf_lit(&b, ",\"field\":\"");
        cmt__buf_lit(&b, error->field);
        cmt__buf_char(&b, '"');
    }

    cmt__buf_lit(&b, "}}");

    return cmt__buf_end(&b, json);
}


int
cmt_error_html(const cmt_error_t *error, cmt_str_t message,
    const cmt_form_t *form, cmt_str_t action, cmt_arena_t *arena,
    cmt_str_t *html)
{
    size_t      i, n;
    cmt__buf_t  b;

    message = message_of(error, message);

    cmt__buf_init(&b, arena, 4096);
    cmt__buf_lit(&b, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
                     "<meta charset=\"utf-8\">\n"
                     "<meta name=\"viewport\" "
                     "content=\"width=device-width, initial-scale=1\">\n"
                     "<meta name=\"color-scheme\" content=\"light dark\">\n"
                     "<meta name=\"robots\" content=\"noindex\">\n"
                     "<title>Your comment was not sent</title>\n"
                     "</head>\n<body>\n<main>\n"
                     "<h1>Your comment was not sent</h1>\n"
                     "<p id=\"comment-error\" role=\"alert\">");
    cmt__html_escape(&b, message);
    cmt__buf_lit(&b, "</p>\n");

    if (form != NULL) {
        cmt__buf_lit(&b, "<p>Nothing you typed is lost: change it below and "
                         "send it again.</p>\n"
                         "<form method=\"post\" action=\"");
        cmt__html_escape(&b, action);
        cmt__buf_lit(&b, "\">\n");

        /* who edits changes the text alone, the first of them */

        n = cmt_form_get(form, "action").len > 0
            ? 1 : sizeof(inputs) / sizeof(inputs[0]);

        for (i = 0; i < n; i++) {
            put_input(&b, &inputs[i], error, message, form);
        }

        for (i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++) {
            put_hidden(&b, form, hidden[i]);
        }

        cmt__buf_lit(&b, "<p><button type=\"submit\">Send comment</button>"
                         "</p>\n</form>\n");
    }

    cmt__buf_lit(&b, "</main>\n</body>\n</html>\n");

    return cmt__buf_end(&b, html);
}


static void
put_input(cmt__buf_t *b, const input_t *input, const cmt_error_t *error,
    cmt_str_t message, const cmt_form_t *form)
{
    int  wrong;

    wrong = error->field != NULL && strcmp(error->field, input->name) == 0;

    cmt__buf_lit(b, "<p><label for=\"comment-");
    cmt__buf_lit(b, input->name);
    cmt__buf_lit(b, "\">");
    cmt__buf_lit(b, input->label);
    cmt__buf_lit(b, "</label><br>\n");
    cmt__buf_lit(b, input->type == NULL ? "<textarea" : "<input type=\"");

    if (input->type != NULL) {
        cmt__buf_lit(b, input->type);
        cmt__buf_char(b, '"');
    }

    cmt__buf_lit(b, " id=\"comment-");
    cmt__buf_lit(b, input->name);
    cmt__buf_lit(b, "\" name=\"");
    cmt__buf_lit(b, input->name);
    cmt__buf_lit(b, "\" ");
    cmt__buf_lit(b, input->attributes);

    if (wrong) {
        cmt__buf_lit(b, " aria-invalid=\"true\" autofocus"
                        " aria-describedby=\"comment-");
        cmt__buf_lit(b, input->name);
        cmt__buf_lit(b, "-error\"");
    }

    /* a line feed right behind <textarea> is not part of the text */

    if (input->type == NULL) {
        cmt__buf_lit(b, ">\n");
        cmt__html_escape(b, cmt_form_get(form, input->name));
        cmt__buf_lit(b, "</textarea>");

    } else {
        cmt__buf_lit(b, " value=\"");
        cmt__html_escape(b, cmt_form_get(form, input->name));
        cmt__buf_lit(b, "\">");
    }

    if (wrong) {
        cmt__buf_lit(b, "<br>\n<strong id=\"comment-");
        cmt__buf_lit(b, input->name);
        cmt__buf_lit(b, "-error\">");
        cmt__html_escape(b, message);
        cmt__buf_lit(b, "</strong>");
    }

    cmt__buf_lit(b, "</p>\n");
}


static void
put_hidden(cmt__buf_t *b, const cmt_form_t *form, const char *name)
{
    cmt_str_t  value;

    value = cmt_form_get(form, name);

    if (value.len == 0) {
        return;
    }

    cmt__buf_lit(b, "<input type=\"hidden\" name=\"");
    cmt__buf_lit(b, name);
    cmt__buf_lit(b, "\" value=\"");
    cmt__html_escape(b, value);
    cmt__buf_lit(b, "\">\n");
}
