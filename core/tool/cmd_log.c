/*
 * cmd_log.c: the journal, and what goes for good.
 */

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "tool.h"


#define LINES_A_READ    1000

typedef struct {
    cmt__tool_t  *tool;
    uint64_t      n;
} problems_t;


static int log_query(cmt__tool_t *tool, cmt_log_query_t *query);
static int log_verify(cmt__tool_t *tool, cmt_store_t *store);
static int log_print(cmt__tool_t *tool, cmt_str_t lines);
static void problem_print(void *ctx, const char *line);
static int days_parse(const cmt__tool_t *tool, cmt__opt_t opt,
    int64_t *seconds);


int
cmt__cmd_log(cmt__tool_t *tool)
{
    int               rc, status;
    uint64_t          next, left;
    cmt_str_t         lines;
    cmt_read_t       *read;
    cmt_store_t      *store;
    cmt_error_t       err = { 0 };
    cmt_log_query_t   query;

    status = log_query(tool, &query);
    if (status != CMT__DONE) {
        return status;
    }

    if (cmt__tool_store(tool, CMT_STORE_READONLY, &store) != CMT__DONE) {
        return CMT__REFUSED;
    }

    if (tool->opts[CMT__OPT_VERIFY] != NULL) {
        status = log_verify(tool, store);
        cmt_store_close(store);
        return status;
    }

    left = query.limit;
    query.limit = LINES_A_READ;

    /* with a limit the newest first, else all in order */
    if (left > 0) {
        query.before = UINT64_MAX;
        query.limit = (unsigned) left;
    }

    do {
        cmt_arena_reset(tool->arena);
        rc = cmt_read_begin(store, &read, &err);

        if (rc == CMT_OK) {
            rc = cmt_log_json(read, &query, tool->arena, &lines, &next,
                              &err);
            if (rc == CMT_OK) {
                status = log_print(tool, lines);
            }
            cmt_read_end(read);
        }

        if (left > 0) {
            left -= cmt__tool_lines(lines) < left ? cmt__tool_lines(lines)
                                                  : left;
            query.limit = (unsigned) left;
            query.before = next;
            next = left == 0 ? 0 : next;
        } else {
            query.after = next;
        }

    } while (rc == CMT_OK && status == CMT__DONE && next != 0);

    cmt_store_close(store);

    return rc == CMT_OK ? status : cmt__tool_failed(&err, rc);
}


static int
log_query(cmt__tool_t *tool, cmt_log_query_t *query)
{
    uint64_t     limit;
    const char  *value;

    memset(query, 0, sizeof(*query));
    query->site = cmt__tool_option(tool, CMT__OPT_SITE);
    query->actor = cmt__tool_option(tool, CMT__OPT_ACTOR);

    if (tool->n_args > 0
        && cmt__tool_number(tool, "ID", tool->args[0], &query->comment)
           != CMT__DONE)
    {
        return CMT__USAGE;
    }

    value = tool->opts[CMT__OPT_LIMIT];

    if (value != NULL) {
        if (cmt__tool_number(tool, "--limit", value, &limit) != CMT__DONE) {
            return CMT__USAGE;
        }

        if (limit > CMT_LOG_ENTRIES_MAX) {
            return cmt__tool_misuse(tool, "--limit must be %d at most",
                                    CMT_LOG_ENTRIES_MAX);
        }

        query->limit = (unsigned) limit;
    }

    if (cmt__tool_time(tool, CMT__OPT_SINCE, -1, &query->since) != CMT__DONE) {
        return CMT__USAGE;
    }

    return cmt__tool_time(tool, CMT__OPT_UNTIL, -1, &query->until);
}


static int
log_verify(cmt__tool_t *tool, cmt_store_t *store)
{
    int          rc;
    uint64_t     entries, n;
    cmt_error_t  err = { 0 };

    rc = cmt_log_verify(store, problem_print, tool, &entries, &n, &err);
    if (rc != CMT_OK) {
        return cmt__tool_failed(&err, rc);
    }

    if (tool->opts[CMT__OPT_JSON] != NULL) {
        printf("{\"entries\":%" PRIu64 ",\"problems\":%" PRIu64 "}\n",
               entries, n);
    } else {
        printf("%" PRIu64 " entries, %" PRIu64 " problems\n", entries, n);
    }

    return n == 0 ? CMT__DONE
                  : cmt__tool_refuse("the journal is not as it was written");
}


static void
problem_print(void *ctx, const char *line)
{
    cmt__tool_t  *tool = ctx;

    if (tool->opts[CMT__OPT_JSON] == NULL) {
        puts(line);
    }
}


static void
cell(const cmt__json_t *root, const char *name, size_t chars)
{
    const cmt__json_t  *member;

    member = cmt__json_member(root, name);
    cmt__print_cell(stdout, member != NULL ? member->string : cmt_null_str,
                    chars);
    fputs("  ", stdout);
}


/* seq, time, who, what, comment, from and to, page, note */

static int
log_print(cmt__tool_t *tool, cmt_str_t lines)
{
    int                 rc;
    size_t              len;
    const char         *end;
    cmt_error_t         err = { 0 };
    const cmt__json_t  *root, *note;

    if (tool->opts[CMT__OPT_JSON] != NULL) {
        (void) fwrite(lines.data, 1, lines.len, stdout);
        return CMT__DONE;
    }

    while (lines.len > 0) {
        end = memchr(lines.data, '\n', lines.len);
        len = end != NULL ? (size_t) (end - lines.data) : lines.len;

        rc = cmt__json_parse(tool->arena, cmt__str_sub(lines, 0, len), &root,
                             &err);
        if (rc != CMT_OK) {
            return cmt__tool_failed(&err, rc);
        }

        printf("%8" PRIi64 "  ", cmt__json_member(root, "seq")->integer);
        cell(root, "time", 20);
        cell(root, "actor", 16);
        cell(root, "what", 8);
        printf("%8" PRIi64 "  ", cmt__json_member(root, "comment")->integer);
        cell(root, "before", 8);
        cell(root, "after", 8);
        cell(root, "page", 24);

        note = cmt__json_member(root, "note");
        cmt__print_text(stdout, note->string, 60);
        fputc('\n', stdout);

        lines = cmt__str_sub(lines, len + 1, lines.len);
    }

    return CMT__DONE;
}


int
cmt__cmd_purge(cmt__tool_t *tool)
{
    int           rc;
    size_t        i;
    int64_t       seconds[3];
    uint64_t      n[3];
    cmt_who_t     who;
    cmt_site_t    site;
    cmt_store_t  *store;
    cmt_error_t   err = { 0 };

    static const struct {
        cmt__opt_t    opt;
        cmt_status_t  status;
    } rows[] = {
        { CMT__OPT_SPAM, CMT_SPAM },
        { CMT__OPT_REJECTED, CMT_REJECTED },
        { CMT__OPT_DELETED, CMT_DELETED }
    };

    for (i = 0; i < 3; i++) {
        if (days_parse(tool, rows[i].opt, &seconds[i]) != CMT__DONE) {
            return CMT__USAGE;
        }
    }

    if (seconds[0] + seconds[1] + seconds[2] == 0) {
        return cmt__tool_misuse(tool, "a purge needs --spam, --rejected or "
                                "--deleted, as in --spam 30d");
    }

    if (cmt__tool_store(tool, 0, &store) != CMT__DONE) {
        return CMT__REFUSED;
    }

    cmt_site_default(&site);
    site.name = cmt__tool_option(tool, CMT__OPT_SITE);
    who = cmt__tool_who();
    rc = CMT_OK;

    for (i = 0; i < 3 && rc == CMT_OK; i++) {
        n[i] = 0;
        if (seconds[i] > 0) {
            rc = cmt_purge(store, &site, rows[i].status, seconds[i], &who,
                           (int64_t) time(NULL), &n[i], &err);
        }
    }

    cmt_store_close(store);

    if (rc != CMT_OK) {
        return cmt__tool_failed(&err, rc);
    }

    printf(tool->opts[CMT__OPT_JSON] != NULL
           ? "{\"spam\":%" PRIu64 ",\"rejected\":%" PRIu64 ",\"deleted\":%"
             PRIu64 "}\n"
           : "purged: spam %" PRIu64 ", rejected %" PRIu64 ", deleted %"
             PRIu64 "\n", n[0], n[1], n[2]);

    return CMT__DONE;
}


/* "30d"; 0 when it was not given. */

static int
days_parse(const cmt__tool_t *tool, cmt__opt_t opt, int64_t *seconds)
{
    uint64_t   days;
    cmt_str_t  value;

    *seconds = 0;
    value = cmt__tool_option(tool, opt);

    if (value.len == 0) {
        return CMT__DONE;
    }

    if (value.data[value.len - 1] != 'd'
        || !cmt__str_u64(cmt__str_sub(value, 0, value.len - 1), &days)
        || days < CMT_PURGE_DAYS_MIN || days > 36500)
    {
        return cmt__tool_misuse(tool, "--%s must be days from %dd on, as "
                                "30d, not \"%s\"", cmt__options[opt].name,
                                CMT_PURGE_DAYS_MIN, value.data);
    }

    *seconds = (int64_t) days * CMT__SECONDS_A_DAY;

    return CMT__DONE;
}


int
cmt__cmd_erase(cmt__tool_t *tool)
{
    int            rc, status;
    uint64_t       n;
    cmt_who_t      who;
    cmt_str_t      email;
    cmt_error_t    err = { 0 };
    cmt__opened_t  opened;

    status = cmt__tool_open(tool, 0, &opened);
    if (status != CMT__DONE) {
        return status;
    }

    email = cmt__tool_option(tool, CMT__OPT_EMAIL);
    who = cmt__tool_who();
    n = 0;

    rc = cmt_erase(opened.store, &opened.site, email, &who,
                   (int64_t) time(NULL), &n, &err);
    cmt__tool_close(&opened);

    if (rc != CMT_OK) {
        return cmt__tool_failed(&err, rc);
    }

    if (tool->opts[CMT__OPT_JSON] != NULL) {
        printf("{\"erased\":%" PRIu64 "}\n", n);
        return CMT__DONE;
    }

    printf("erased: %" PRIu64 " comments\n", n);

    if (n > 0) {
        puts("Free pages of the store keep old bytes until they are used "
             "again.\nA copy without them: ngx-comments copy DEST "
             "--compact");
    }

    return CMT__DONE;
}
