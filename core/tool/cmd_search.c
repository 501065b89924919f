/*
 * cmd_search.c: lists of comments, by what is known of them and by their
 * words.
 */

#include <inttypes.h>
#include <string.h>

#include "tool.h"


/* Columns of a list. */
#define TIME_CHARS  20
#define NAME_CHARS  16
#define PAGE_CHARS  24
#define TEXT_CHARS  48


static int search_read(cmt__tool_t *tool, cmt_search_t *search);
static int numbers_read(cmt__tool_t *tool, cmt_search_t *search);
static int words_read(cmt__tool_t *tool, cmt_search_t *search);
static int search_run(cmt__tool_t *tool, cmt_search_t *search);
static int list_print(cmt__tool_t *tool, cmt_str_t lines);
static int row_print(cmt__tool_t *tool, cmt_str_t line);
static cmt_str_t text_of(const cmt__json_t *object, const char *name);


int
cmt__cmd_search(cmt__tool_t *tool)
{
    int           status;
    cmt_search_t  search;

    status = search_read(tool, &search);

    return status == CMT__DONE ? search_run(tool, &search) : status;
}


static cmt_str_t
option(const cmt__tool_t *tool, cmt__opt_t opt)
{
    const char  *value;

    value = tool->opts[opt];

    return value != NULL ? (cmt_str_t) { strlen(value), value }
                         : cmt_null_str;
}


static int
search_read(cmt__tool_t *tool, cmt_search_t *search)
{
    int        status;
    cmt_str_t  word;

    memset(search, 0, sizeof(cmt_search_t));
    search->site = option(tool, CMT__OPT_SITE);
    search->page = option(tool, CMT__OPT_PAGE);
    search->author = option(tool, CMT__OPT_AUTHOR);
    search->rule = option(tool, CMT__OPT_RULE);

    word = option(tool, CMT__OPT_STATUS);

    if (word.data != NULL) {
        search->status = cmt_status_parse(word);

        if (search->status == 0) {
            return cmt__tool_misuse(tool, "--status must be approved, "
                                    "pending, spam, rejected or deleted, not "
                                    "\"%s\"", word.data);
        }
    }

    if (search->site.data == NULL
        && (search->page.data != NULL || search->author.data != NULL))
    {
        return cmt__tool_misuse(tool, "--page and --author need --site NAME");
    }

    status = numbers_read(tool, search);

    if (status == CMT__DONE) {
        status = cmt__tool_time(tool, CMT__OPT_SINCE, -1, &search->since);
    }
    if (status == CMT__DONE) {
        status = cmt__tool_time(tool, CMT__OPT_UNTIL, -1, &search->until);
    }

    return status == CMT__DONE ? words_read(tool, search) : status;
}


static int
numbers_read(cmt__tool_t *tool, cmt_search_t *search)
{
    size_t    i;
    uint64_t  n;

    const struct {
        cmt__opt_t    opt;
        const char   *name;
        uint64_t     *value;
    } ids[] = {
        { CMT__OPT_BEFORE, "--before", &search->before },
        { CMT__OPT_AUTHOR_OF, "--author-of", &search->author_of },
        { CMT__OPT_LIMIT, "--limit", &n }
    };

    n = CMT_LIMIT_DEFAULT;

    for (i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {

        if (tool->opts[ids[i].opt] != NULL
            && cmt__tool_number(tool, ids[i].name, tool->opts[ids[i].opt],
                                ids[i].value) != CMT__DONE)
        {
            return CMT__USAGE;
        }
    }

    if (n > CMT_LIMIT_MAX) {
        return cmt__tool_misuse(tool, "--limit must be %d at most",
                                CMT_LIMIT_MAX);
    }

    search->limit = (unsigned) n;

    return CMT__DONE;
}


/* What the shell gives as one argument, with blanks in it, is a phrase. */

static int
words_read(cmt__tool_t *tool, cmt_search_t *search)
{
    int          i, phrase;
    cmt__buf_t   b;
    const char  *word;

    cmt__buf_init(&b, tool->arena, 0);

    for (i = 0; i < tool->n_args; i++) {
        word = tool->args[i];
        phrase = strchr(word, ' ') != NULL && strchr(word, '"') == NULL;

        cmt__buf_lit(&b, i == 0 ? "" : " ");
        cmt__buf_lit(&b, phrase ? "\"" : "");
        cmt__buf_lit(&b, word);
        cmt__buf_lit(&b, phrase ? "\"" : "");
    }

    return cmt__buf_end(&b, &search->words) == CMT_OK
           ? CMT__DONE : cmt__tool_refuse("there is not enough memory");
}


/* A call does a bounded amount of work and may end before it has as many as
 * are wanted. */

static int
search_run(cmt__tool_t *tool, cmt_search_t *search)
{
    int           rc, status;
    cmt_str_t     lines;
    cmt_read_t   *read;
    cmt_found_t   found;
    cmt_store_t  *store;
    cmt_error_t   err = { 0 };

    if (cmt__tool_store(tool, CMT_STORE_READONLY, &store) != CMT__DONE) {
        return CMT__REFUSED;
    }

    status = CMT__REFUSED;

    do {
        rc = cmt_read_begin(store, &read, &err);
        if (rc != CMT_OK) {
            break;
        }

        rc = cmt_search_lines(read, search, tool->arena, &found, &lines,
                              &err);
        cmt_read_end(read);

        if (rc == CMT_OK) {
            status = list_print(tool, lines);
        }

        if (rc != CMT_OK || status != CMT__DONE) {
            break;
        }

        search->limit -= (unsigned) found.n;
        search->before = found.next;

    } while (search->limit > 0 && found.next != 0);

    cmt_store_close(store);

    if (rc == CMT_OK) {
        return status;
    }

    if (rc == CMT_ENOTFOUND) {
        return cmt__tool_refuse("the store has no site \"%s\"",
                                tool->opts[CMT__OPT_SITE]);
    }

    return rc == CMT_EARGUMENT ? cmt__tool_misuse(tool, "%s", err.detail)
                               : cmt__tool_failed(&err, rc);
}


/* For imports, and after a time without nginx. */

int
cmt__tool_index(cmt__tool_t *tool, cmt_store_t *store)
{
    int               rc;
    uint64_t          left;
    cmt_error_t       err = { 0 };
    cmt__progress_t  *progress;

    progress = cmt__progress_begin(tool->arena, "indexing", NULL, NULL);
    rc = cmt_search_index(store, 0, &left, &err);
    cmt__progress_end(progress);

    return rc == CMT_OK ? CMT__DONE : cmt__tool_failed(&err, rc);
}


int
cmt__cmd_index(cmt__tool_t *tool)
{
    int           status;
    cmt_store_t  *store;

    if (cmt__tool_store(tool, 0, &store) != CMT__DONE) {
        return CMT__REFUSED;
    }

    status = cmt__tool_index(tool, store);
    cmt_store_close(store);

    return status;
}


static int
list_print(cmt__tool_t *tool, cmt_str_t lines)
{
    size_t       len;
    cmt_str_t    line;
    const char  *end;

    if (tool->opts[CMT__OPT_JSON] != NULL) {
        (void) fwrite(lines.data, 1, lines.len, stdout);
        return CMT__DONE;
    }

    while (lines.len != 0) {
        end = memchr(lines.data, '\n', lines.len);
        len = end != NULL ? (size_t) (end - lines.data) : lines.len;
        line = cmt__str_sub(lines, 0, len);

        if (line.len != 0 && row_print(tool, line) != CMT__DONE) {
            return CMT__REFUSED;
        }

        lines = cmt__str_sub(lines, len + 1, lines.len);
    }

    return CMT__DONE;
}


static int
row_print(cmt__tool_t *tool, cmt_str_t line)
{
    int                 rc;
    cmt_error_t         err = { 0 };
    const cmt__json_t  *root, *member;

    rc = cmt__json_parse(tool->arena, line, &root, &err);
    if (rc != CMT_OK) {
        return cmt__tool_failed(&err, rc);
    }

    member = cmt__json_member(root, "id");
    printf("%8" PRIi64 "  ", member != NULL ? member->integer : 0);
    cmt__print_cell(stdout, text_of(root, "created"), TIME_CHARS);
    fputs("  ", stdout);
    cmt__print_cell(stdout, text_of(root, "name"), NAME_CHARS);
    fputs("  ", stdout);
    cmt__print_cell(stdout, text_of(root, "page"), PAGE_CHARS);
    fputs("  ", stdout);
    cmt__print_text(stdout, text_of(root, "text"), TEXT_CHARS);
    fputc('\n', stdout);

    return CMT__DONE;
}


/* An empty one when there is no such member, or of another type. */

static cmt_str_t
text_of(const cmt__json_t *object, const char *name)
{
    const cmt__json_t  *member;

    member = cmt__json_member(object, name);

    return member != NULL ? member->string : cmt_null_str;
}
