/*
 * options.c: arguments into options and words.
 *
 * Options may stand anywhere: --name VALUE, --name=VALUE, --name; "--" ends
 * them.  A single "-" is a word (standard input).
 */

#include <string.h>

#include "tool.h"


/* A misspelt name is taken for another when so many letters differ. */
#define NEAR_LETTERS  3
#define NAME_CHARS_MAX  32


const cmt__option_t  cmt__options[CMT__OPTIONS] = {
    { "store", "DIR", "the store, else " CMT__STORE_DEFAULT },
    { "key", "FILE", "the master key, made by \"key new\"" },
    { "site", "NAME", "the site, by its name in the store" },
    { "status", "STATUS", "approved, pending, spam, rejected or deleted" },
    { "page", "PATH", "only comments of this page" },
    { "author", "KEY", "only of the author whose hash begins so" },
    { "author-of", "ID", "only of the author of this comment" },
    { "rule", "NAME", "only those about which this rule spoke" },
    { "since", "TIME", "not older: 7d, 12h, 2013-01-08" },
    { "until", "TIME", "older; of a ban: when it ends" },
    { "limit", "N", "so many at most, 50 unless told, 200 at most" },
    { "before", "ID", "only comments that are older than this one" },
    { "comment", "JSON|FILE|-", "the comment: JSON, a file of it, or - for "
                                "standard input" },
    { "facts", "recorded|now", "about authors and threads: as they were, or "
                               "as they are" },
    { "ruleset", "RULESET", "by rules that served, see \"rules history\"" },
    { "into", "DIR", "into this folder; without it where they were" },
    { "compact", NULL, "leave out free pages, which keep deleted bytes" },
    { "from", "DIR", "the copy to take" },
    { "note", "TEXT", "why, for those who look later" },
    { "decision", "N", "this one, by its number; else the newest" },
    { "file", "FILE", "the file of moderators" },
    { "role", "ROLE", "owner or moderator, which is the default" },
    { "sites", "A,B", "sites of the moderator; without it all" },
    { "password-stdin", NULL, "read the password from standard input" },
    { "no-password", NULL, "who comes in through a variable of nginx only" },
    { "text", "TEXT|-", "the text, or - for standard input" },
    { "name", "NAME", "the name that readers see" },
    { "email", "ADDRESS", "whoever has this e-mail address" },
    { "address", "ADDR[/N]", "a network address, or all of a network" },
    { "domain", "NAME", "a website or link to it or below it" },
    { "actor", "NAME", "what was done by author, tool, moderator:NAME" },
    { "verify", NULL, "prove that nothing in it was altered" },
    { "spam", "DAYS", "comments that were spam for so long, as 30d" },
    { "rejected", "DAYS", "those that were rejected" },
    { "deleted", "DAYS", "those that a moderator deleted" },
    { "json", NULL, "print JSON, for programs" },
    { "help", NULL, "print how to use the command" },
    { "version", NULL, "print the version" }
};


static int option_parse(cmt__tool_t *tool, const char *word,
    const char *next, int *used);
static int option_find(const char *name, size_t len);
static int option_unknown(const cmt__tool_t *tool, const char *word,
    size_t len);
static int args_check(const cmt__tool_t *tool);


int
cmt__options_parse(cmt__tool_t *tool, int argc, char **argv)
{
    int          i, status, used;
    const char  *word;

    tool->args = argv;
    tool->n_args = 0;

    for (i = 1; i < argc; i++) {
        word = argv[i];

        if (word[0] != '-' || word[1] == '\0') {
            tool->args[tool->n_args++] = argv[i];
            continue;
        }

        if (strcmp(word, "--") == 0) {
            break;
        }

        status = option_parse(tool, word, argv[i + 1], &used);
        if (status != CMT__DONE) {
            return status;
        }

        i += used;
    }

    for (i++; i < argc; i++) {
        tool->args[tool->n_args++] = argv[i];
    }

    return CMT__DONE;
}


/* *used: how many of the words that follow belong to the option. */

static int
option_parse(cmt__tool_t *tool, const char *word, const char *next, int *used)
{
    int          opt;
    size_t       len;
    const char  *name, *equals, *value;

    *used = 0;

    if (strcmp(word, "-h") == 0) {
        word = "--help";
    }

    if (word[1] != '-') {
        return cmt__tool_misuse(tool, "unknown option \"%s\"", word);
    }

    name = word + 2;
    equals = strchr(name, '=');
    len = equals != NULL ? (size_t) (equals - name) : strlen(name);

    opt = option_find(name, len);
    if (opt < 0) {
        return option_unknown(tool, word, len);
    }

    if (cmt__options[opt].value == NULL) {
        if (equals != NULL) {
            return cmt__tool_misuse(tool, "--%s takes no value",
                                    cmt__options[opt].name);
        }

        tool->opts[opt] = "";
        return CMT__DONE;
    }

    value = equals != NULL ? equals + 1 : next;

    /* "--store --json" is a forgotten value; "--store=--json" is meant. */
    if (value == NULL || *value == '\0'
        || (equals == NULL && strncmp(value, "--", 2) == 0))
    {
        return cmt__tool_misuse(tool, "--%s needs a value: --%s %s",
                                cmt__options[opt].name,
                                cmt__options[opt].name,
                                cmt__options[opt].value);
    }

    tool->opts[opt] = value;
    *used = equals == NULL;

    return CMT__DONE;
}


static int
option_find(const char *name, size_t len)
{
    int  i;

    for (i = 0; i < CMT__OPTIONS; i++) {
        if (strlen(cmt__options[i].name) == len
            && memcmp(cmt__options[i].name, name, len) == 0)
        {
            return i;
        }
    }

    return -1;
}


static int
option_unknown(const cmt__tool_t *tool, const char *word, size_t len)
{
    int          i;
    char         name[NAME_CHARS_MAX + 1];
    size_t       best;
    const char  *nearest;

    best = 0;
    nearest = NULL;

    if (len <= NAME_CHARS_MAX) {
        memcpy(name, word + 2, len);
        name[len] = '\0';

        for (i = 0; i < CMT__OPTIONS; i++) {
            cmt__tool_nearest(name, cmt__options[i].name, &best, &nearest);
        }
    }

    if (nearest != NULL) {
        return cmt__tool_misuse(tool, "unknown option \"%.*s\"; "
                                "did you mean --%s?", (int) len + 2, word,
                                nearest);
    }

    return cmt__tool_misuse(tool, "unknown option \"%.*s\"", (int) len + 2,
                            word);
}


int
cmt__options_check(const cmt__tool_t *tool)
{
    int                    i;
    uint64_t               known;
    const cmt__command_t  *command;
    const cmt__option_t   *option;

    command = tool->command;
    known = command->required | command->optional
            | CMT__BIT(JSON) | CMT__BIT(HELP);

    for (i = 0; i < CMT__OPTIONS; i++) {
        option = &cmt__options[i];

        if (tool->opts[i] != NULL && !(known & 1ull << i)) {
            return cmt__tool_misuse(tool, "\"%s\" has no option --%s",
                                    command->name, option->name);
        }

        if (tool->opts[i] == NULL && (command->required & 1ull << i)) {
            return cmt__tool_misuse(tool, "\"%s\" needs --%s %s", command->name,
                                    option->name, option->value);
        }
    }

    return args_check(tool);
}


static int
args_check(const cmt__tool_t *tool)
{
    const cmt__command_t  *command;

    command = tool->command;

    if (tool->n_args < command->args_min) {
        return cmt__tool_misuse(tool, "\"%s\" needs %s", command->name,
                                command->args);
    }

    if (command->args_max >= 0 && tool->n_args > command->args_max) {
        return cmt__tool_misuse(tool, "\"%s\" is one argument too many for "
                                "\"%s\"", tool->args[command->args_max],
                                command->name);
    }

    return CMT__DONE;
}


int
cmt__tool_number(const cmt__tool_t *tool, const char *what, const char *word,
    uint64_t *n)
{
    uint64_t   value;
    cmt_str_t  s;

    s.data = word;
    s.len = strlen(word);

    if (!cmt__str_u64(s, &value) || value == 0) {
        return cmt__tool_misuse(tool, "%s must be a number from 1 on, not "
                                "\"%s\"", what, word);
    }

    *n = value;

    return CMT__DONE;
}


/* The distance of Levenshtein, one row of the table at a time. */

void
cmt__tool_nearest(const char *word, const char *name, size_t *best,
    const char **nearest)
{
    size_t  row[NAME_CHARS_MAX + 1], i, j, n, up, left, corner;

    n = strlen(name);
    if (n > NAME_CHARS_MAX || strlen(word) > NAME_CHARS_MAX) {
        return;
    }

    for (j = 0; j <= n; j++) {
        row[j] = j;
    }

    for (i = 0; word[i] != '\0'; i++) {
        corner = row[0];
        row[0] = i + 1;

        for (j = 1; j <= n; j++) {
            up = row[j] + 1;
            left = row[j - 1] + 1;
            corner += word[i] != name[j - 1];

            left = left < up ? left : up;
            left = left < corner ? left : corner;

            corner = row[j];
            row[j] = left;
        }
    }

    /* Something must be left of a short name. */
    if (row[n] < NEAR_LETTERS && row[n] < n
        && (*nearest == NULL || row[n] < *best))
    {
        *best = row[n];
        *nearest = name;
    }
}
