/*
 * cmd_moderator.c: the file of moderators.
 */

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "tool.h"


#define LINE_BYTES  (CMT_PASSWORD_BYTES_MAX + 2)
#define N_SIGNALS   (sizeof(signals) / sizeof(signals[0]))


static int password_read(cmt__tool_t *tool, char line[LINE_BYTES],
    cmt_str_t *password);
static int line_read(FILE *in, char line[LINE_BYTES], cmt_str_t *out);
static int line_take(const char *line, cmt_str_t *out);
static int password_typed(const char *prompt, char line[LINE_BYTES],
    cmt_str_t *out);
static void signals_catch(struct sigaction *before, sigset_t *mask);
static void signals_leave(const struct sigaction *before,
    const sigset_t *mask);
static void on_signal(int number);
static int told(cmt__tool_t *tool, const char *what, const char *done);


/* What may come while a password is typed. */
static const int  signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };

static volatile sig_atomic_t  caught;


static cmt_str_t
word(const char *s)
{
    return (cmt_str_t) { strlen(s), s };
}


int
cmt__cmd_moderator_add(cmt__tool_t *tool)
{
    int          rc, status;
    char         line[LINE_BYTES];
    cmt_str_t    password;
    cmt_role_t   role;
    cmt_error_t  err = { 0 };

    role = CMT_ROLE_MODERATOR;

    if (tool->opts[CMT__OPT_ROLE] != NULL) {
        role = cmt_role_parse(word(tool->opts[CMT__OPT_ROLE]));

        if (role == 0) {
            return cmt__tool_misuse(tool, "--role must be owner or "
                                    "moderator, not \"%s\"",
                                    tool->opts[CMT__OPT_ROLE]);
        }
    }

    password = cmt_null_str;

    if (tool->opts[CMT__OPT_NO_PASSWORD] == NULL) {
        status = password_read(tool, line, &password);
        if (status != CMT__DONE) {
            return status;
        }
    }

    rc = cmt_moderator_add(tool->opts[CMT__OPT_FILE], word(tool->args[0]),
                           role, cmt__tool_option(tool, CMT__OPT_SITES),
                           password, &err);
    explicit_bzero(line, sizeof(line));

    return rc == CMT_OK ? told(tool, tool->args[0], "added")
                        : cmt__tool_failed(&err, rc);
}


int
cmt__cmd_moderator_remove(cmt__tool_t *tool)
{
    int          rc;
    cmt_error_t  err = { 0 };

    rc = cmt_moderator_remove(tool->opts[CMT__OPT_FILE],
                              word(tool->args[0]), &err);

    return rc == CMT_OK ? told(tool, tool->args[0], "removed")
                        : cmt__tool_failed(&err, rc);
}


int
cmt__cmd_moderator_password(cmt__tool_t *tool)
{
    int          rc, status;
    char         line[LINE_BYTES];
    cmt_str_t    password;
    cmt_error_t  err = { 0 };

    status = password_read(tool, line, &password);
    if (status != CMT__DONE) {
        return status;
    }

    rc = cmt_moderator_password(tool->opts[CMT__OPT_FILE],
                                word(tool->args[0]), password, &err);
    explicit_bzero(line, sizeof(line));

    return rc == CMT_OK ? told(tool, tool->args[0], "has a new password")
                        : cmt__tool_failed(&err, rc);
}


int
cmt__cmd_moderator_list(cmt__tool_t *tool)
{
    int                 rc, status;
    size_t              i, k;
    cmt_str_t           json;
    cmt_error_t         err = { 0 };
    cmt_moderators_t   *moderators;
    const cmt__json_t  *root, *list, *one, *sites;

    rc = cmt_moderators_load(tool->opts[CMT__OPT_FILE], &moderators, &err);
    if (rc != CMT_OK) {
        return cmt__tool_failed(&err, rc);
    }

    rc = cmt_moderators_json(moderators, tool->arena, &json, &err);
    cmt_moderators_free(moderators);

    if (rc != CMT_OK) {
        return cmt__tool_failed(&err, rc);
    }

    status = cmt__tool_answer(tool, json, &root);
    if (root == NULL) {
        return status;
    }

    list = cmt__json_member(root, "moderators");

    for (i = 0; i < list->n; i++) {
        one = &list->items[i];
        sites = cmt__json_member(one, "sites");

        cmt__print_cell(stdout, cmt__json_member(one, "name")->string, 20);
        fputs("  ", stdout);
        cmt__print_cell(stdout, cmt__json_member(one, "role")->string, 10);
        fputs("  ", stdout);

        for (k = 0; k < sites->n; k++) {
            fputs(k == 0 ? "" : ",", stdout);
            cmt__print_text(stdout, sites->items[k].string, 0);
        }

        fputs(cmt__json_member(one, "password")->type == CMT__JSON_TRUE
              ? "\n" : "  (no password)\n", stdout);
    }

    return CMT__DONE;
}


static int
told(cmt__tool_t *tool, const char *what, const char *done)
{
    cmt__buf_t  b;

    if (tool->opts[CMT__OPT_JSON] == NULL) {
        cmt__print_text(stdout, word(what), 0);
        printf(" %s\n", done);
        return CMT__DONE;
    }

    cmt__buf_init(&b, tool->arena, 128);
    cmt__buf_lit(&b, "{\"name\":");
    cmt__json_string(&b, word(what));
    cmt__buf_char(&b, '}');

    return cmt__print_json(&b);
}


/* One line of standard input, or typed twice at a terminal. */

static int
password_read(cmt__tool_t *tool, char line[LINE_BYTES], cmt_str_t *password)
{
    int        status;
    char       again[LINE_BYTES];
    cmt_str_t  second;

    if (tool->opts[CMT__OPT_PASSWORD_STDIN] != NULL) {
        return line_read(stdin, line, password);
    }

    if (!isatty(STDIN_FILENO)) {
        return cmt__tool_misuse(tool, "standard input is no terminal: give "
                                "the password with --password-stdin");
    }

    status = password_typed("Password: ", line, password);
    if (status == CMT__DONE) {
        status = password_typed("Once more: ", again, &second);
    }

    if (status == CMT__DONE && !cmt__str_eq(*password, second)) {
        status = cmt__tool_refuse("the two passwords are not the same");
    }

    if (status != CMT__DONE) {
        explicit_bzero(line, LINE_BYTES);
    }

    explicit_bzero(again, sizeof(again));

    return status;
}


/*
 * What ends us finds the terminal as it was.  Signals come while we wait for
 * the line and at no other time; then all is put back, and the signal is
 * raised once more.
 */

static int
password_typed(const char *prompt, char line[LINE_BYTES], cmt_str_t *out)
{
    int             answered, status;
    sigset_t        mask;
    struct termios  was, quiet;

    struct pollfd     in = { STDIN_FILENO, POLLIN, 0 };
    struct sigaction  before[N_SIGNALS];

    if (tcgetattr(STDIN_FILENO, &was) == -1) {
        return cmt__tool_refuse("the terminal: %s", strerror(errno));
    }

    signals_catch(before, &mask);

    quiet = was;
    quiet.c_lflag &= ~(tcflag_t) ECHO;

    /* what is typed before is dropped, what comes after the prompt is not */
    (void) tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    fputs(prompt, stderr);

    answered = ppoll(&in, 1, NULL, &mask) == 1
               && fgets(line, LINE_BYTES, stdin) != NULL;

    (void) tcsetattr(STDIN_FILENO, TCSAFLUSH, &was);
    fputc('\n', stderr);

    status = answered ? line_take(line, out)
             : cmt__tool_refuse(caught != 0 ? "interrupted"
                                            : "there is no password");
    signals_leave(before, &mask);

    return status;
}


/* Caught from now on, but held back; one that is ignored stays so. */

static void
signals_catch(struct sigaction *before, sigset_t *mask)
{
    size_t            i;
    sigset_t          held;
    struct sigaction  catch;

    memset(&catch, 0, sizeof(catch));
    catch.sa_handler = on_signal;
    (void) sigemptyset(&held);

    for (i = 0; i < N_SIGNALS; i++) {
        (void) sigaddset(&held, signals[i]);
    }

    (void) sigprocmask(SIG_BLOCK, &held, mask);

    for (i = 0; i < N_SIGNALS; i++) {
        (void) sigaction(signals[i], NULL, &before[i]);

        if (before[i].sa_handler != SIG_IGN) {
            (void) sigaction(signals[i], &catch, NULL);
        }
    }
}


static void
signals_leave(const struct sigaction *before, const sigset_t *mask)
{
    size_t  i;

    for (i = 0; i < N_SIGNALS; i++) {
        (void) sigaction(signals[i], &before[i], NULL);
    }

    if (caught != 0) {
        (void) raise(caught);
    }

    (void) sigprocmask(SIG_SETMASK, mask, NULL);
}


static void
on_signal(int number)
{
    caught = number;
}


static int
line_read(FILE *in, char line[LINE_BYTES], cmt_str_t *out)
{
    return fgets(line, LINE_BYTES, in) != NULL
           ? line_take(line, out)
           : cmt__tool_refuse("there is no password");
}


/* Without its end. */

static int
line_take(const char *line, cmt_str_t *out)
{
    out->data = line;
    out->len = strcspn(line, "\r\n");

    return CMT__DONE;
}
