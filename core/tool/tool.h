/*
 * tool/: the command ngx-comments, the only main().  It reads arguments,
 * calls the library, and prints; what it can do is one table in main.c.
 *
 * A command returns CMT__DONE, CMT__REFUSED after one sentence on stderr, or
 * CMT__USAGE when the arguments make no sense.  The numbers are the exit
 * codes.
 */

#ifndef CMT_TOOL_H
#define CMT_TOOL_H

#include <stdio.h>

#include "../base/base.h"


#define CMT__DONE      0
#define CMT__REFUSED   1
#define CMT__USAGE     2

#define CMT__STORE_DEFAULT  "/var/lib/ngx-comments"

/* 200 comments of the largest size, as JSON, and room to grow. */
#define CMT__TOOL_ARENA_BYTES_MAX  ((size_t) 512 * 1024 * 1024)


/* Options: the rows of cmt__options in options.c, in this order. */
typedef enum {
    CMT__OPT_STORE,
    CMT__OPT_KEY,
    CMT__OPT_SITE,
    CMT__OPT_STATUS,
    CMT__OPT_PAGE,
    CMT__OPT_AUTHOR,
    CMT__OPT_AUTHOR_OF,
    CMT__OPT_RULE,
    CMT__OPT_SINCE,
    CMT__OPT_UNTIL,
    CMT__OPT_LIMIT,
    CMT__OPT_BEFORE,
    CMT__OPT_COMMENT,
    CMT__OPT_FACTS,
    CMT__OPT_RULESET,
    CMT__OPT_INTO,
    CMT__OPT_COMPACT,
    CMT__OPT_FROM,
    CMT__OPT_NOTE,
    CMT__OPT_DECISION,
    CMT__OPT_FILE,
    CMT__OPT_ROLE,
    CMT__OPT_SITES,
    CMT__OPT_PASSWORD_STDIN,
    CMT__OPT_NO_PASSWORD,
    CMT__OPT_TEXT,
    CMT__OPT_NAME,
    CMT__OPT_EMAIL,
    CMT__OPT_ADDRESS,
    CMT__OPT_DOMAIN,
    CMT__OPT_ACTOR,
    CMT__OPT_VERIFY,
    CMT__OPT_SPAM,
    CMT__OPT_REJECTED,
    CMT__OPT_DELETED,
    CMT__OPT_JSON,
    CMT__OPT_HELP,
    CMT__OPT_VERSION,
    CMT__OPTIONS
} cmt__opt_t;

#define CMT__BIT(opt)  (1ull << CMT__OPT_ ## opt)

typedef struct {
    const char        *name;     /* "store"                                  */
    const char        *value;    /* "DIR"; NULL: takes none                  */
    const char        *help;
} cmt__option_t;

extern const cmt__option_t  cmt__options[CMT__OPTIONS];


typedef struct cmt__command_s  cmt__command_t;

typedef struct {
    const cmt__command_t  *command;
    const char            *opts[CMT__OPTIONS];   /* NULL: not given; "" for
                                                    those without value      */
    char                 **args;                 /* what is no option        */
    int                    n_args;
    cmt_arena_t           *arena;
} cmt__tool_t;

struct cmt__command_s {
    const char        *name;     /* one word or two                          */
    const char        *args;     /* for usage: "ID..."                       */
    const char        *help;
    int              (*run)(cmt__tool_t *tool);
    int                args_min;
    int                args_max; /* -1: as many as you like                  */
    uint64_t           required; /* options, CMT__BIT(SITE) | ...            */
    uint64_t           optional; /* beside --json and --help                 */
    cmt_do_t           decision; /* what is done to the comments             */
};

extern const cmt__command_t  cmt__commands[];    /* ends with name NULL      */


/* Splits argv into options and arguments; argv itself holds the arguments
 * afterwards.  CMT__DONE, or CMT__USAGE after a sentence on stderr.
 * (options.c) */
int cmt__options_parse(cmt__tool_t *tool, int argc, char **argv);
/* Does the command know each option and have all it needs?  The same. */
int cmt__options_check(const cmt__tool_t *tool);
/* A number of at least 1: CMT__DONE, or CMT__USAGE after a sentence. */
int cmt__tool_number(const cmt__tool_t *tool, const char *what,
    const char *word, uint64_t *n);
/* Keeps the nearest name to word if it is near enough to be meant; *best
 * begins as 0. */
void cmt__tool_nearest(const char *word, const char *name, size_t *best,
    const char **nearest);


/* Help.  (help.c) */
void cmt__usage_print(FILE *out, const cmt__command_t *command);
int cmt__cmd_help(cmt__tool_t *tool);
int cmt__cmd_version(cmt__tool_t *tool);
/* The command with this name, which ends where words ends; NULL.  *n_words
 * says how many words of it the name took. */
const cmt__command_t *cmt__command_find(char **words, int n, int *n_words);
/* Says that there is no such command and what may have been meant. */
int cmt__command_unknown(char **words, int n);


/* Commands. */
int cmt__cmd_key_new(cmt__tool_t *tool);
int cmt__cmd_rules_check(cmt__tool_t *tool);
int cmt__cmd_rules_run(cmt__tool_t *tool);
int cmt__cmd_rules_explain(cmt__tool_t *tool);
int cmt__cmd_rules_replay(cmt__tool_t *tool);
int cmt__cmd_rules_history(cmt__tool_t *tool);
int cmt__cmd_rules_rollback(cmt__tool_t *tool);
int cmt__cmd_import(cmt__tool_t *tool);
int cmt__cmd_export(cmt__tool_t *tool);
int cmt__cmd_check(cmt__tool_t *tool);
int cmt__cmd_stats(cmt__tool_t *tool);
int cmt__cmd_copy(cmt__tool_t *tool);
int cmt__cmd_restore(cmt__tool_t *tool);
int cmt__cmd_comment(cmt__tool_t *tool);
int cmt__cmd_search(cmt__tool_t *tool);
int cmt__cmd_index(cmt__tool_t *tool);
int cmt__cmd_decide(cmt__tool_t *tool);
int cmt__cmd_write(cmt__tool_t *tool);
int cmt__cmd_close(cmt__tool_t *tool);
int cmt__cmd_ban_add(cmt__tool_t *tool);
int cmt__cmd_ban_remove(cmt__tool_t *tool);
int cmt__cmd_ban_list(cmt__tool_t *tool);
int cmt__cmd_moderator_add(cmt__tool_t *tool);
int cmt__cmd_moderator_remove(cmt__tool_t *tool);
int cmt__cmd_moderator_password(cmt__tool_t *tool);
int cmt__cmd_moderator_list(cmt__tool_t *tool);
int cmt__cmd_log(cmt__tool_t *tool);
int cmt__cmd_purge(cmt__tool_t *tool);
int cmt__cmd_erase(cmt__tool_t *tool);

/* The site of --site with the key of --key, to be given back with
 * cmt_site_clear() and cmt_key_free(); CMT__REFUSED after a sentence.
 * (cmd_exchange.c) */
int cmt__tool_site(cmt__tool_t *tool, cmt_key_t **key, cmt_site_t *site);

typedef struct {
    cmt_key_t    *key;
    cmt_site_t    site;
    cmt_store_t  *store;
} cmt__opened_t;

/* That site and the store of --store, opened with CMT_STORE_... flags;
 * CMT__REFUSED after a sentence, and nothing is to be closed.
 * (cmd_exchange.c) */
int cmt__tool_open(cmt__tool_t *tool, unsigned flags, cmt__opened_t *opened);
void cmt__tool_close(cmt__opened_t *opened);
/* A time: RFC 3339, a day, or "7d" before (sign -1) or after (1) now; *t stays
 * when the option was not given.  CMT__USAGE after a sentence.  (time.c) */
int cmt__tool_time(const cmt__tool_t *tool, cmt__opt_t opt, int sign,
    int64_t *t);
/* How many lines a text has.  (print.c) */
size_t cmt__tool_lines(cmt_str_t text);

/* Who decides at the command line.  (cmd_moderate.c) */
cmt_who_t cmt__tool_who(void);
/* The value of an option; empty when it was not given. */
cmt_str_t cmt__tool_option(const cmt__tool_t *tool, cmt__opt_t opt);

/* The store of --store; CMT__REFUSED after a sentence.  (cmd_store.c) */
int cmt__tool_store(const cmt__tool_t *tool, unsigned flags,
    cmt_store_t **store);
/* Takes what waits into the index of words.  (cmd_search.c) */
int cmt__tool_index(cmt__tool_t *tool, cmt_store_t *store);


/* Printing.  (print.c) */

/* "ngx-comments: ..." and a line feed on stderr; control characters of what
 * is printed do not reach the terminal. */
void cmt__tool_say(const char *format, ...)
    __attribute__((format(printf, 1, 2)));
/* The same with CMT__REFUSED or CMT__USAGE as value. */
int cmt__tool_refuse(const char *format, ...)
    __attribute__((format(printf, 1, 2)));
int cmt__tool_misuse(const cmt__tool_t *tool, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The sentence of an error as refusal: its detail, if it has one. */
int cmt__tool_failed(const cmt_error_t *err, int rc);
const char *cmt__tool_why(const cmt_error_t *err, int rc);

/* For a person's terminal: control characters and those that turn the
 * direction of writing become "?", a line feed becomes a blank.  At most
 * chars_max characters, then "..."; 0 means all. */
void cmt__print_text(FILE *out, cmt_str_t s, size_t chars_max);
/* The same, filled up with blanks to chars. */
void cmt__print_cell(FILE *out, cmt_str_t s, size_t chars);
/* The members of an object, one a line. */
void cmt__print_tree(FILE *out, const cmt__json_t *json);
/* Prints what the buffer holds, or an answer of the library, as one line. */
int cmt__print_json(cmt__buf_t *b);
int cmt__print_answer(cmt_str_t json);
/* The same with --json, and *root is NULL; else the answer is parsed, to be
 * printed for a person.  CMT__DONE or CMT__REFUSED. */
int cmt__tool_answer(cmt__tool_t *tool, cmt_str_t json,
    const cmt__json_t **root);
/* What a caller can only learn now: was everything written?  CMT__DONE or
 * CMT__REFUSED. */
int cmt__print_end(void);


/* Progress of long work, on a terminal only.  (progress.c) */
typedef struct cmt__progress_s  cmt__progress_t;

/* How much is done, 0..1; below 0: not known.  Called from another thread
 * and must not touch what the work uses without care. */
typedef double (*cmt__progress_fn)(void *ctx);

/* NULL when stderr is no terminal, which cmt__progress_end() allows. */
cmt__progress_t *cmt__progress_begin(cmt_arena_t *arena, const char *label,
    cmt__progress_fn fn, void *ctx);
void cmt__progress_end(cmt__progress_t *progress);


#endif /* CMT_TOOL_H */
