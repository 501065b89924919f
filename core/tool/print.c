/*
 * print.c: what people and programs see.
 *
 * Names and texts were typed by strangers.  None of their control characters
 * reaches a terminal, where an escape sequence could rename the window,
 * rewrite what stands above or answer a question in the reader's place.
 */

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "tool.h"


#define SENTENCE_BYTES  2048

/* Of a tree. */
#define LABEL_CHARS     12
#define INDENT          2


static void say(const char *format, va_list args)
    __attribute__((format(printf, 1, 0)));
static size_t print_chars(FILE *out, cmt_str_t s, size_t chars_max);
static int is_harmful(uint32_t point);
static void member_print(FILE *out, const cmt__json_t *member, int depth);
static void value_print(FILE *out, const cmt__json_t *value, int column);


void
cmt__tool_say(const char *format, ...)
{
    va_list  args;

    va_start(args, format);
    say(format, args);
    va_end(args);
}


int
cmt__tool_refuse(const char *format, ...)
{
    va_list  args;

    va_start(args, format);
    say(format, args);
    va_end(args);

    return CMT__REFUSED;
}


int
cmt__tool_misuse(const cmt__tool_t *tool, const char *format, ...)
{
    va_list  args;

    va_start(args, format);
    say(format, args);
    va_end(args);

    if (tool->command != NULL) {
        fprintf(stderr, "\"ngx-comments help %s\" tells how it is used.\n",
                tool->command->name);
    }

    return CMT__USAGE;
}


static void
say(const char *format, va_list args)
{
    char       sentence[SENTENCE_BYTES];
    cmt_str_t  s;

    (void) vsnprintf(sentence, sizeof(sentence), format, args);
    s.data = sentence;
    s.len = strlen(sentence);

    (void) fflush(stdout);
    fputs("ngx-comments: ", stderr);
    cmt__print_text(stderr, s, 0);
    fputc('\n', stderr);
}


int
cmt__tool_failed(const cmt_error_t *err, int rc)
{
    return cmt__tool_refuse("%s", cmt__tool_why(err, rc));
}


const char *
cmt__tool_why(const cmt_error_t *err, int rc)
{
    return err->detail[0] != '\0' ? err->detail : cmt_error_text(rc);
}


void
cmt__print_text(FILE *out, cmt_str_t s, size_t chars_max)
{
    (void) print_chars(out, s, chars_max);
}


void
cmt__print_cell(FILE *out, cmt_str_t s, size_t chars)
{
    size_t  n;

    for (n = print_chars(out, s, chars); n < chars; n++) {
        fputc(' ', out);
    }
}


/* How many characters were printed. */

static size_t
print_chars(FILE *out, cmt_str_t s, size_t chars_max)
{
    char      utf8[4];
    size_t    at, n, chars;
    uint32_t  point;
    int       valid, cut;

    valid = cmt__utf8_valid(s);
    chars = valid ? cmt__utf8_chars(s) : s.len;
    cut = chars_max != 0 && chars > chars_max;

    if (cut) {
        chars = chars_max > 3 ? chars_max - 3 : 0;
    }

    for (at = 0, n = 0; n < chars; n++) {
        point = valid ? cmt__utf8_next(s, &at)
                      : (unsigned char) s.data[at++];

        if (point == '\n') {
            point = ' ';
        } else if (is_harmful(point) || (!valid && point > 0x7e)) {
            point = '?';
        }

        fwrite(utf8, 1, cmt__utf8_put(utf8, point), out);
    }

    if (cut) {
        fputs("...", out);
        chars += 3;
    }

    return chars;
}


static int
is_harmful(uint32_t point)
{
    return point < 0x20
           || (point >= 0x7f && point < 0xa0)
           || point == 0x061c                          /* arabic mark       */
           || (point >= 0x200e && point <= 0x200f)     /* directional marks */
           || (point >= 0x2028 && point <= 0x202e)     /* separators, bidi  */
           || (point >= 0x2066 && point <= 0x2069);    /* bidi isolates     */
}


/* A member's name, its value beside it or, if it has members of its own,
 * below it; what follows a line feed in a text stands below its start. */

void
cmt__print_tree(FILE *out, const cmt__json_t *json)
{
    size_t  i;

    for (i = 0; i < json->n; i++) {
        member_print(out, &json->items[i], 0);
    }
}


static void
member_print(FILE *out, const cmt__json_t *member, int depth)
{
    int        width;
    size_t     i;
    cmt_str_t  dash = cmt_str("-");

    width = LABEL_CHARS - depth * INDENT;
    if (width < 1) {
        width = 1;
    }

    fprintf(out, "%*s", depth * INDENT, "");
    cmt__print_cell(out, member->name.len != 0 ? member->name : dash,
                    (size_t) width);
    fputc(' ', out);

    if (member->type != CMT__JSON_ARRAY && member->type != CMT__JSON_OBJECT) {
        value_print(out, member, depth * INDENT + width + 1);
        fputc('\n', out);
        return;
    }

    fputc('\n', out);

    for (i = 0; i < member->n; i++) {
        member_print(out, &member->items[i], depth + 1);
    }
}


static void
value_print(FILE *out, const cmt__json_t *value, int column)
{
    size_t       len;
    cmt_str_t    rest;
    const char  *end;

    switch (value->type) {
    case CMT__JSON_FALSE:
        fputs("no", out);
        return;
    case CMT__JSON_TRUE:
        fputs("yes", out);
        return;
    case CMT__JSON_INTEGER:
        fprintf(out, "%" PRIi64, value->integer);
        return;
    case CMT__JSON_REAL:
        fprintf(out, "%g", value->real);
        return;
    case CMT__JSON_STRING:
        break;
    default:
        fputc('-', out);
        return;
    }

    for (rest = value->string;
         rest.len != 0
         && (end = memchr(rest.data, '\n', rest.len)) != NULL;
         rest = cmt__str_sub(rest, len + 1, rest.len))
    {
        len = (size_t) (end - rest.data);
        cmt__print_text(out, cmt__str_sub(rest, 0, len), 0);
        fprintf(out, "\n%*s", column, "");
    }

    cmt__print_text(out, rest, 0);
}


int
cmt__print_json(cmt__buf_t *b)
{
    cmt_str_t  json;

    if (cmt__buf_end(b, &json) != CMT_OK) {
        return cmt__tool_refuse("there is not enough memory");
    }

    return cmt__print_answer(json);
}


int
cmt__print_answer(cmt_str_t json)
{
    (void) fwrite(json.data, 1, json.len, stdout);
    (void) fputc('\n', stdout);

    return CMT__DONE;
}


int
cmt__tool_answer(cmt__tool_t *tool, cmt_str_t json, const cmt__json_t **root)
{
    int          rc;
    cmt_error_t  err = { 0 };

    *root = NULL;

    if (tool->opts[CMT__OPT_JSON] != NULL) {
        return cmt__print_answer(json);
    }

    rc = cmt__json_parse(tool->arena, json, root, &err);

    return rc == CMT_OK ? CMT__DONE : cmt__tool_failed(&err, rc);
}


int
cmt__print_end(void)
{
    if (fflush(stdout) != 0 || ferror(stdout)) {
        return cmt__tool_refuse("the output could not be written: %s",
                                strerror(errno));
    }

    return CMT__DONE;
}


size_t
cmt__tool_lines(cmt_str_t text)
{
    size_t  i, n;

    for (i = 0, n = 0; i < text.len; i++) {
        n += text.data[i] == '\n';
    }

    return n;
}
