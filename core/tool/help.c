/*
 * help.c: what the tables in main.c and options.c say, for people.
 */

#include <string.h>

#include "tool.h"


#define NAME_COLUMN  24
#define LIST_BYTES  256          /* of names that begin alike */
#define WORDS_BYTES  128


static void overview_print(FILE *out);
static void usage_line(FILE *out, const cmt__command_t *command);
static void options_print(FILE *out, uint64_t known);
static int help_json(cmt__tool_t *tool);
static int begin_alike(const char *word, char list[LIST_BYTES]);


int
cmt__cmd_version(cmt__tool_t *tool)
{
    if (tool->opts[CMT__OPT_JSON] != NULL) {
        printf("{\"version\":\"%s\"}\n", CMT_VERSION);
    } else {
        printf("ngx-comments %s\n", CMT_VERSION);
    }

    return CMT__DONE;
}


int
cmt__cmd_help(cmt__tool_t *tool)
{
    int                    n;
    const cmt__command_t  *command;

    if (tool->opts[CMT__OPT_JSON] != NULL) {
        return help_json(tool);
    }

    if (tool->n_args == 0) {
        cmt__usage_print(stdout, NULL);
        return CMT__DONE;
    }

    command = cmt__command_find(tool->args, tool->n_args, &n);
    if (command == NULL) {
        return cmt__command_unknown(tool->args, tool->n_args);
    }

    cmt__usage_print(stdout, command);

    return CMT__DONE;
}


void
cmt__usage_print(FILE *out, const cmt__command_t *command)
{
    if (command == NULL) {
        overview_print(out);
        return;
    }

    usage_line(out, command);
    fprintf(out, "\n%s.\n\n", command->help);
    options_print(out, command->required | command->optional
                       | CMT__BIT(JSON));
}


static void
overview_print(FILE *out)
{
    int                    pad;
    const cmt__command_t  *command;

    fputs("usage: ngx-comments COMMAND [ARGUMENTS] [--store DIR] [--json]\n\n",
          out);

    for (command = cmt__commands; command->name != NULL; command++) {
        pad = NAME_COLUMN - (int) strlen(command->name);
        fprintf(out, "  %s %-*s %s\n", command->name, pad, command->args,
                command->help);
    }

    fputs("\n\"ngx-comments help COMMAND\" tells more about one of them.\n",
          out);
}


static void
usage_line(FILE *out, const cmt__command_t *command)
{
    int                   i;
    uint64_t              known;
    const char           *open, *close;
    const cmt__option_t  *option;

    known = command->required | command->optional | CMT__BIT(JSON);

    fprintf(out, "usage: ngx-comments %s%s%s", command->name,
            command->args[0] != '\0' ? " " : "", command->args);

    for (i = 0; i < CMT__OPTIONS; i++) {
        if (!(known & 1ull << i)) {
            continue;
        }

        option = &cmt__options[i];
        open = command->required & 1ull << i ? "" : "[";
        close = command->required & 1ull << i ? "" : "]";

        fprintf(out, " %s--%s%s%s%s", open, option->name,
                option->value != NULL ? " " : "",
                option->value != NULL ? option->value : "", close);
    }

    fputc('\n', out);
}


static void
options_print(FILE *out, uint64_t known)
{
    int                   i, pad;
    const cmt__option_t  *option;

    for (i = 0; i < CMT__OPTIONS; i++) {
        if (!(known & 1ull << i)) {
            continue;
        }

        option = &cmt__options[i];
        pad = NAME_COLUMN - 2 - (int) strlen(option->name);
        fprintf(out, "  --%s %-*s %s\n", option->name, pad,
                option->value != NULL ? option->value : "", option->help);
    }
}


static int
help_json(cmt__tool_t *tool)
{
    cmt__buf_t             b;
    const cmt__command_t  *command;

    cmt__buf_init(&b, tool->arena, 4096);
    cmt__buf_lit(&b, "{\"commands\":[");

    for (command = cmt__commands; command->name != NULL; command++) {
        cmt__buf_lit(&b, command == cmt__commands ? "{\"name\":"
                                                  : ",{\"name\":");
        cmt__json_string(&b, (cmt_str_t) { strlen(command->name),
                                           command->name });
        cmt__buf_lit(&b, ",\"arguments\":");
        cmt__json_string(&b, (cmt_str_t) { strlen(command->args),
                                           command->args });
        cmt__buf_lit(&b, ",\"help\":");
        cmt__json_string(&b, (cmt_str_t) { strlen(command->help),
                                           command->help });
        cmt__buf_char(&b, '}');
    }

    cmt__buf_lit(&b, "]}");

    return cmt__print_json(&b);
}


const cmt__command_t *
cmt__command_find(char **words, int n, int *n_words)
{
    size_t                 len;
    const char            *blank;
    const cmt__command_t  *command;

    for (command = cmt__commands; n > 0 && command->name != NULL; command++) {
        blank = strchr(command->name, ' ');

        if (blank == NULL) {
            if (strcmp(command->name, words[0]) == 0) {
                *n_words = 1;
                return command;
            }

            continue;
        }

        len = (size_t) (blank - command->name);

        if (n > 1 && strlen(words[0]) == len
            && memcmp(command->name, words[0], len) == 0
            && strcmp(blank + 1, words[1]) == 0)
        {
            *n_words = 2;
            return command;
        }
    }

    return NULL;
}


/* Compares with one word and with two, as names of commands have both. */

int
cmt__command_unknown(char **words, int n)
{
    int                    two_words;
    char                   two[WORDS_BYTES], list[LIST_BYTES];
    size_t                 best;
    const char            *nearest;
    const cmt__command_t  *command;

    best = 0;
    nearest = NULL;
    snprintf(two, sizeof(two), "%s %s", words[0], n > 1 ? words[1] : "");

    for (command = cmt__commands; command->name != NULL; command++) {
        cmt__tool_nearest(strchr(command->name, ' ') != NULL ? two : words[0],
                          command->name, &best, &nearest);
    }

    if (nearest != NULL) {
        two_words = n > 1 && strchr(nearest, ' ') != NULL;
        cmt__tool_say("unknown command \"%s\"; did you mean \"%s\"?",
                      two_words ? two : words[0], nearest);

    } else if (begin_alike(words[0], list)) {
        cmt__tool_say("unknown command \"%s\"; did you mean %s?",
                      n > 1 ? two : words[0], list);

    } else {
        cmt__tool_say("unknown command \"%s\"; \"ngx-comments help\" lists "
                      "them", words[0]);
    }

    return CMT__USAGE;
}


/* "rules" alone means one of those that begin with it: 0, there is none. */

static int
begin_alike(const char *word, char list[LIST_BYTES])
{
    int                    len;
    size_t                 word_len;
    const cmt__command_t  *command;

    len = 0;
    word_len = strlen(word);

    for (command = cmt__commands; command->name != NULL; command++) {

        if (strncmp(command->name, word, word_len) == 0
            && command->name[word_len] == ' ' && len < LIST_BYTES)
        {
            len += snprintf(list + len, (size_t) (LIST_BYTES - len),
                            "%s\"%s\"", len == 0 ? "" : ", ", command->name);
        }
    }

    return len != 0;
}
