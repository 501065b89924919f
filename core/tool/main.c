/*
 * main.c: ngx-comments, the command.  The table below is everything that it
 * can do; help, usage and the checks of options are made from it.
 */

#include <string.h>
#include <sys/resource.h>

#include "tool.h"


#define STORE  CMT__BIT(STORE)
#define DECIDE (STORE | CMT__BIT(NOTE))
#define WHICH  (STORE | CMT__BIT(PAGE) | CMT__BIT(AUTHOR)                      \
                | CMT__BIT(AUTHOR_OF) | CMT__BIT(RULE) | CMT__BIT(SINCE)      \
                | CMT__BIT(UNTIL) | CMT__BIT(LIMIT) | CMT__BIT(BEFORE))


const cmt__command_t  cmt__commands[] = {

    { "key new", "PATH",
      "make a new master key, readable for you only",
      cmt__cmd_key_new, 1, 1, 0, 0, 0 },

    { "rules check", "FILE...",
      "load files of rules and run their own tests",
      cmt__cmd_rules_check, 1, -1, 0, 0, 0 },

    { "rules run", "FILE",
      "decide about one comment and print the receipt",
      cmt__cmd_rules_run, 1, 1, CMT__BIT(COMMENT), 0, 0 },

    { "rules explain", "ID",
      "print in words why a comment was decided so",
      cmt__cmd_rules_explain, 1, 1, 0, STORE, 0 },

    { "rules history", "",
      "print which rules served, the newest first",
      cmt__cmd_rules_history, 0, 0, 0, STORE, 0 },

    { "rules rollback", "RULESET",
      "put files of rules that served back",
      cmt__cmd_rules_rollback, 1, 1, 0, STORE | CMT__BIT(INTO), 0 },

    { "rules replay", "[FILE...]",
      "decide about stored comments again, by other rules",
      cmt__cmd_rules_replay, 0, -1, 0,
      STORE | CMT__BIT(RULESET) | CMT__BIT(SITE) | CMT__BIT(SINCE)
      | CMT__BIT(FACTS) | CMT__BIT(LIMIT), 0 },

    { "import jsonl", "FILE|-",
      "add the comments of a file of JSON lines",
      cmt__cmd_import, 1, 1, CMT__BIT(SITE) | CMT__BIT(KEY), STORE, 0 },

    { "import wordpress", "FILE|-",
      "add the comments of an export of WordPress (WXR)",
      cmt__cmd_import, 1, 1, CMT__BIT(SITE) | CMT__BIT(KEY), STORE, 0 },

    { "import disqus", "FILE|-",
      "add the comments of an export of Disqus (XML)",
      cmt__cmd_import, 1, 1, CMT__BIT(SITE) | CMT__BIT(KEY), STORE, 0 },

    { "import isso", "FILE",
      "add the comments of the database of Isso",
      cmt__cmd_import, 1, 1, CMT__BIT(SITE) | CMT__BIT(KEY), STORE, 0 },

    { "import remark42", "FILE|-",
      "add the comments of a backup of Remark42",
      cmt__cmd_import, 1, 1, CMT__BIT(SITE) | CMT__BIT(KEY), STORE, 0 },

    { "import waline", "FILE|-",
      "add the comments of an export of Waline or LeanCloud",
      cmt__cmd_import, 1, 1, CMT__BIT(SITE) | CMT__BIT(KEY), STORE, 0 },

    { "import artalk", "FILE|-",
      "add the comments of an export of Artalk",
      cmt__cmd_import, 1, 1, CMT__BIT(SITE) | CMT__BIT(KEY), STORE, 0 },

    { "import commento", "FILE|-",
      "add the comments of an export of Commento",
      cmt__cmd_import, 1, 1, CMT__BIT(SITE) | CMT__BIT(KEY), STORE, 0 },

    { "export jsonl", "",
      "print the comments of a site as JSON lines",
      cmt__cmd_export, 0, 0, CMT__BIT(SITE) | CMT__BIT(KEY),
      STORE | CMT__BIT(EMAIL), 0 },

    { "check", "",
      "prove that records, indexes and journal agree",
      cmt__cmd_check, 0, 0, 0, STORE, 0 },

    { "stats", "",
      "print numbers of comments and the room they take",
      cmt__cmd_stats, 0, 0, 0, STORE, 0 },

    { "copy", "DEST",
      "copy the store while others write",
      cmt__cmd_copy, 1, 1, 0, STORE | CMT__BIT(COMPACT), 0 },

    { "restore", "DEST",
      "put a copy in the place of a store, which is kept",
      cmt__cmd_restore, 1, 1, CMT__BIT(FROM), 0, 0 },

    { "comment", "ID",
      "print all that the store keeps of a comment",
      cmt__cmd_comment, 1, 1, 0, STORE, 0 },

    { "show", "ID",
      "the same as comment",
      cmt__cmd_comment, 1, 1, 0, STORE, 0 },

    { "list", "",
      "print comments by status, newest first",
      cmt__cmd_search, 0, 0, CMT__BIT(STATUS) | CMT__BIT(SITE), WHICH, 0 },

    { "search", "WORD...",
      "print comments that have these words, newest first",
      cmt__cmd_search, 1, -1, 0,
      CMT__BIT(STATUS) | CMT__BIT(SITE) | WHICH, 0 },

    { "index", "",
      "take new comments into the index of words now",
      cmt__cmd_index, 0, 0, 0, STORE, 0 },

    { "approve", "ID...",
      "publish comments",
      cmt__cmd_decide, 1, -1, 0, DECIDE, CMT_DO_APPROVE },

    { "hold", "ID...",
      "put comments back into the queue",
      cmt__cmd_decide, 1, -1, 0, DECIDE, CMT_DO_HOLD },

    { "spam", "ID...",
      "mark comments as spam",
      cmt__cmd_decide, 1, -1, 0, DECIDE, CMT_DO_SPAM },

    { "reject", "ID...",
      "refuse comments",
      cmt__cmd_decide, 1, -1, 0, DECIDE, CMT_DO_REJECT },

    { "delete", "ID...",
      "take comments away; what answers them stays",
      cmt__cmd_decide, 1, -1, 0, DECIDE, CMT_DO_DELETE },

    { "undo", "ID...",
      "take back the newest decision about comments",
      cmt__cmd_decide, 1, -1, 0, DECIDE | CMT__BIT(DECISION), CMT_DO_UNDO },

    { "pin", "ID",
      "put a comment on top of its thread",
      cmt__cmd_decide, 1, 1, 0, DECIDE, CMT_DO_PIN },

    { "unpin", "ID",
      "put it back to its place",
      cmt__cmd_decide, 1, 1, 0, DECIDE, CMT_DO_UNPIN },

    { "note", "ID...",
      "leave a note at comments",
      cmt__cmd_decide, 1, -1, CMT__BIT(NOTE), STORE, CMT_DO_NOTE },

    { "edit", "ID",
      "give a comment another text",
      cmt__cmd_write, 1, 1,
      CMT__BIT(SITE) | CMT__BIT(KEY) | CMT__BIT(TEXT), DECIDE, CMT_DO_EDIT },

    { "reply", "ID",
      "answer a comment as a moderator",
      cmt__cmd_write, 1, 1,
      CMT__BIT(SITE) | CMT__BIT(KEY) | CMT__BIT(TEXT),
      STORE | CMT__BIT(NAME), 0 },

    { "close", "PAGE",
      "take no more comments on a page",
      cmt__cmd_close, 1, 1, CMT__BIT(SITE), DECIDE, 0 },

    { "reopen", "PAGE",
      "take comments on it again",
      cmt__cmd_close, 1, 1, CMT__BIT(SITE), DECIDE, 0 },

    { "ban add", "",
      "ban an author, a network or a domain",
      cmt__cmd_ban_add, 0, 0, CMT__BIT(SITE) | CMT__BIT(KEY),
      DECIDE | CMT__BIT(AUTHOR_OF) | CMT__BIT(EMAIL) | CMT__BIT(ADDRESS)
      | CMT__BIT(DOMAIN) | CMT__BIT(STATUS) | CMT__BIT(UNTIL), 0 },

    { "ban list", "",
      "print who and what is banned",
      cmt__cmd_ban_list, 0, 0, CMT__BIT(SITE), STORE, 0 },

    { "ban remove", "KEY",
      "let them in again",
      cmt__cmd_ban_remove, 1, 1, CMT__BIT(SITE), STORE, 0 },

    { "moderator add", "NAME",
      "add a moderator to the file, or make it",
      cmt__cmd_moderator_add, 1, 1, CMT__BIT(FILE),
      CMT__BIT(ROLE) | CMT__BIT(SITES) | CMT__BIT(PASSWORD_STDIN)
      | CMT__BIT(NO_PASSWORD), 0 },

    { "moderator remove", "NAME",
      "take a moderator out of the file",
      cmt__cmd_moderator_remove, 1, 1, CMT__BIT(FILE), 0, 0 },

    { "moderator password", "NAME",
      "give a moderator another password",
      cmt__cmd_moderator_password, 1, 1, CMT__BIT(FILE),
      CMT__BIT(PASSWORD_STDIN), 0 },

    { "moderator list", "",
      "print the moderators of the file",
      cmt__cmd_moderator_list, 0, 0, CMT__BIT(FILE), 0, 0 },

    { "log", "[ID]",
      "print the journal, of one comment or all",
      cmt__cmd_log, 0, 1, 0,
      STORE | CMT__BIT(SITE) | CMT__BIT(LIMIT) | CMT__BIT(SINCE)
      | CMT__BIT(UNTIL) | CMT__BIT(ACTOR) | CMT__BIT(VERIFY), 0 },

    { "purge", "",
      "drop what was spam, rejected or deleted for long",
      cmt__cmd_purge, 0, 0, CMT__BIT(SITE),
      STORE | CMT__BIT(SPAM) | CMT__BIT(REJECTED) | CMT__BIT(DELETED), 0 },

    { "erase", "",
      "drop all comments of a person, for good",
      cmt__cmd_erase, 0, 0,
      CMT__BIT(SITE) | CMT__BIT(KEY) | CMT__BIT(EMAIL), STORE, 0 },

    { "version", "",
      "print the version",
      cmt__cmd_version, 0, 0, 0, 0, 0 },

    { "help", "[COMMAND]",
      "print this, or how to use one command",
      cmt__cmd_help, 0, 2, 0, 0, 0 },

    { NULL, NULL, NULL, NULL, 0, 0, 0, 0, 0 }
};


static int command_select(cmt__tool_t *tool);


int
main(int argc, char **argv)
{
    int            status;
    cmt__tool_t    tool;
    struct rlimit  none = { 0, 0 };

    /* Keys and e-mail addresses pass through memory: leave no core file. */
    (void) setrlimit(RLIMIT_CORE, &none);

    memset(&tool, 0, sizeof(tool));

    status = cmt__options_parse(&tool, argc, argv);
    if (status == CMT__DONE) {
        status = command_select(&tool);
    }
    if (status != CMT__DONE) {
        return status;
    }

    tool.arena = cmt_arena_create(CMT__TOOL_ARENA_BYTES_MAX);
    if (tool.arena == NULL) {
        return cmt__tool_refuse("there is not enough memory");
    }

    status = tool.command->run(&tool);
    cmt_arena_destroy(tool.arena);

    if (cmt__print_end() != CMT__DONE && status == CMT__DONE) {
        status = CMT__REFUSED;
    }

    return status;
}


/* Takes the words of the command off the arguments.  --help and --version
 * stand for commands of these names. */

static int
command_select(cmt__tool_t *tool)
{
    int     n;
    char  **words;
    char   *help[] = { "help", NULL };
    char   *version[] = { "version", NULL };

    words = tool->args;

    if (tool->opts[CMT__OPT_HELP] != NULL) {
        tool->command = cmt__command_find(help, 1, &n);
        return CMT__DONE;
    }

    if (tool->opts[CMT__OPT_VERSION] != NULL) {
        tool->command = cmt__command_find(version, 1, &n);
        return CMT__DONE;
    }

    if (tool->n_args == 0) {
        cmt__usage_print(stderr, NULL);
        return CMT__USAGE;
    }

    tool->command = cmt__command_find(words, tool->n_args, &n);
    if (tool->command == NULL) {
        return cmt__command_unknown(words, tool->n_args);
    }

    tool->args += n;
    tool->n_args -= n;

    return cmt__options_check(tool);
}
