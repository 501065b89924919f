/*
 * cmd_replay.c: receipts in words, and what other rules would have decided.
 */

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "tool.h"


#define CHANGES_DEFAULT  50
#define CHANGES_MAX      200
#define NAME_CHARS       30


static int query_read(cmt__tool_t *tool, cmt_replay_t *query);
static int replay(cmt__tool_t *tool, const cmt_replay_t *query,
    cmt_str_t *json);
static void print_sums(const cmt__json_t *root, double seconds);
static void print_verdicts(const cmt__json_t *root);
static void print_rules(const cmt__json_t *root);
static void print_changes(const cmt__json_t *root);


static const char *const  verdicts[] = {
    "accept", "nudge", "challenge", "hold", "spam", "reject", NULL
};


int
cmt__cmd_rules_explain(cmt__tool_t *tool)
{
    int           rc, status;
    uint64_t      id;
    cmt_str_t     words, json;
    cmt_read_t   *read;
    cmt_error_t   err = { 0 };
    cmt_store_t  *store;

    status = cmt__tool_number(tool, "ID", tool->args[0], &id);
    if (status != CMT__DONE) {
        return status;
    }

    if (cmt__tool_store(tool, CMT_STORE_READONLY, &store) != CMT__DONE) {
        return CMT__REFUSED;
    }

    rc = cmt_read_begin(store, &read, &err);
    if (rc == CMT_OK) {
        rc = cmt_explain_json(read, id, tool->arena, &words, &json, &err);
        cmt_read_end(read);
    }

    cmt_store_close(store);

    if (rc != CMT_OK) {
        return cmt__tool_failed(&err, rc);
    }

    if (tool->opts[CMT__OPT_JSON] != NULL) {
        (void) fwrite(json.data, 1, json.len, stdout);

    } else {
        cmt__print_text(stdout, words, 0);
    }

    (void) fputc('\n', stdout);

    return CMT__DONE;
}


int
cmt__cmd_rules_replay(cmt__tool_t *tool)
{
    int                 status;
    cmt_str_t           json;
    cmt_replay_t        query;
    struct timespec     from, to;
    const cmt__json_t  *root;

    status = query_read(tool, &query);
    if (status != CMT__DONE) {
        return status;
    }

    (void) clock_gettime(CLOCK_MONOTONIC, &from);
    status = replay(tool, &query, &json);
    (void) clock_gettime(CLOCK_MONOTONIC, &to);

    if (status != CMT__DONE) {
        return status;
    }

    status = cmt__tool_answer(tool, json, &root);
    if (root == NULL) {
        return status;
    }

    print_sums(root, (double) (to.tv_sec - from.tv_sec)
                     + (double) (to.tv_nsec - from.tv_nsec) / 1e9);
    print_verdicts(root);
    print_rules(root);
    print_changes(root);

    return CMT__DONE;
}


static int
query_read(cmt__tool_t *tool, cmt_replay_t *query)
{
    int          status;
    uint64_t     limit;
    const char  *facts;

    memset(query, 0, sizeof(cmt_replay_t));
    query->changes_max = CHANGES_DEFAULT;

    if (tool->opts[CMT__OPT_SITE] != NULL) {
        query->site.data = tool->opts[CMT__OPT_SITE];
        query->site.len = strlen(query->site.data);
    }

    if ((tool->n_args == 0) != (tool->opts[CMT__OPT_RULESET] != NULL)) {
        return cmt__tool_misuse(tool, "a replay needs either files or "
                                "--ruleset RULESET, not both");
    }

    facts = tool->opts[CMT__OPT_FACTS];

    if (facts != NULL && strcmp(facts, "now") == 0) {
        query->now = 1;

    } else if (facts != NULL && strcmp(facts, "recorded") != 0) {
        return cmt__tool_misuse(tool, "--facts is recorded or now, not"
                                " \"%s\"", facts);
    }

    if (tool->opts[CMT__OPT_LIMIT] != NULL) {
        status = cmt__tool_number(tool, "--limit",
                                  tool->opts[CMT__OPT_LIMIT], &limit);
        if (status != CMT__DONE) {
            return status;
        }

        query->changes_max = (unsigned) (limit < CHANGES_MAX ? limit
                                                             : CHANGES_MAX);
    }

    return cmt__tool_time(tool, CMT__OPT_SINCE, -1, &query->since);
}


static int
replay(cmt__tool_t *tool, const cmt_replay_t *query, cmt_str_t *json)
{
    int             rc;
    const char     *kept;
    cmt_error_t     err = { 0 };
    cmt_store_t    *store;
    cmt_ruleset_t  *ruleset;

    if (cmt__tool_store(tool, CMT_STORE_READONLY, &store) != CMT__DONE) {
        return CMT__REFUSED;
    }

    kept = tool->opts[CMT__OPT_RULESET];

    rc = kept != NULL
         ? cmt_ruleset_load_kept(store, (cmt_str_t) { strlen(kept), kept }, 0,
                                 &ruleset, &err)
         : cmt_ruleset_load((const char *const *) tool->args,
                            (size_t) tool->n_args, NULL, &ruleset, &err);
    if (rc != CMT_OK) {
        cmt_store_close(store);
        return cmt__tool_failed(&err, rc);
    }

    rc = cmt_replay_json(store, ruleset, query, tool->arena, json, &err);

    cmt_store_close(store);
    cmt_ruleset_free(ruleset);

    return rc == CMT_OK ? CMT__DONE : cmt__tool_failed(&err, rc);
}


static void
print_sums(const cmt__json_t *root, double seconds)
{
    int64_t             n;
    const cmt__json_t  *same;

    n = cmt__json_integer_of(root, "comments");
    same = cmt__json_member(root, "same_ruleset");

    printf("%" PRId64 " comments, %" PRId64 " with another verdict", n,
           cmt__json_integer_of(root, "changed"));

    if (cmt__json_integer_of(root, "without_receipt") != 0) {
        printf(", %" PRId64 " that had none",
               cmt__json_integer_of(root, "without_receipt"));
    }

    if (cmt__json_integer_of(root, "failed") != 0) {
        printf(", %" PRId64 " on which a rule fails",
               cmt__json_integer_of(root, "failed"));
    }

    printf("; %.1f s, %.0f a second\n", seconds,
           seconds > 0 ? (double) n / seconds : 0);

    if (cmt__json_integer_of(same, "comments") != 0) {
        printf("%" PRId64 " were decided by these very files; %" PRId64
               " of their receipts come out the same to the byte\n",
               cmt__json_integer_of(same, "comments"),
               cmt__json_integer_of(same, "identical"));
    }
}


static void
print_verdicts(const cmt__json_t *root)
{
    int                 i, k;
    const cmt__json_t  *all, *row;

    all = cmt__json_member(root, "verdicts");
    printf("\n%-16s", "before \\ after");

    for (k = 0; verdicts[k] != NULL; k++) {
        printf("%10s", verdicts[k]);
    }

    (void) fputc('\n', stdout);

    for (i = -1; i < 0 || verdicts[i] != NULL; i++) {
        row = cmt__json_member(all, i < 0 ? "none" : verdicts[i]);

        if (row == NULL) {
            continue;
        }

        printf("%-16s", i < 0 ? "none" : verdicts[i]);

        for (k = 0; verdicts[k] != NULL; k++) {
            printf("%10" PRId64, cmt__json_integer_of(row, verdicts[k]));
        }

        (void) fputc('\n', stdout);
    }
}


static void
print_share(const cmt__json_t *object, const char *name)
{
    const cmt__json_t  *share;

    share = cmt__json_member(object, name);

    if (share != NULL && share->type == CMT__JSON_INTEGER) {
        printf("%8" PRId64 " %%", share->integer);
    } else {
        printf("%10s", "-");
    }
}


static void
print_row(cmt_str_t name, const cmt__json_t *row)
{
    cmt__print_cell(stdout, name, NAME_CHARS);

    if (cmt__json_member(row, "before") != NULL) {
        printf("%8" PRId64 "%8" PRId64, cmt__json_integer_of(row, "before"),
               cmt__json_integer_of(row, "after"));
    } else {
        printf("%8s%8s", "", "");
    }

    printf("%8" PRId64 "%8" PRId64, cmt__json_integer_of(row, "right"),
           cmt__json_integer_of(row, "wrong"));
    print_share(row, "precision");
    print_share(row, "recall");
    (void) fputc('\n', stdout);
}


/* Right: it spoke against what moderators refused; wrong: against what they
 * approved. */

static void
print_rules(const cmt__json_t *root)
{
    size_t              i;
    const cmt__json_t  *rules, *moderated;

    rules = cmt__json_member(root, "rules");
    moderated = cmt__json_member(root, "moderated");

    printf("\nModerators approved %" PRId64 " and refused %" PRId64 " of"
           " them.\n", cmt__json_integer_of(moderated, "approved"),
           cmt__json_integer_of(moderated, "refused"));
    printf("%-*s%8s%8s%8s%8s%10s%10s\n", NAME_CHARS, "rule", "before",
           "after", "right", "wrong", "precision", "recall");

    for (i = 0; i < rules->n; i++) {
        print_row(cmt__json_string_of(&rules->items[i], "name"),
                  &rules->items[i]);
    }

    print_row(cmt_str("all together"), moderated);
}


static void
print_changes(const cmt__json_t *root)
{
    size_t              i;
    int64_t             more;
    const cmt__json_t  *all, *one, *reviewed;

    all = cmt__json_member(root, "changes");

    if (all->n != 0) {
        (void) fputc('\n', stdout);
    }

    for (i = 0; i < all->n; i++) {
        one = &all->items[i];
        reviewed = cmt__json_member(one, "reviewed");

        printf("#%-8" PRId64 " ", cmt__json_integer_of(one, "id"));
        cmt__print_cell(stdout, cmt__json_string_of(one, "before"), 9);
        printf(" -> ");
        cmt__print_cell(stdout, cmt__json_string_of(one, "after"), 9);
        (void) fputc(' ', stdout);
        cmt__print_cell(stdout, cmt__json_string_of(one, "rule"), NAME_CHARS);
        (void) fputc(' ', stdout);
        cmt__print_text(stdout, cmt__json_string_of(one, "status"), 0);
        printf("%s  ", reviewed->type == CMT__JSON_TRUE ? " by a moderator"
                                                        : "");
        cmt__print_text(stdout, cmt__json_string_of(one, "page"), 0);
        (void) fputc('\n', stdout);
    }

    more = cmt__json_integer_of(root, "changed") - (int64_t) all->n;

    if (more > 0) {
        printf("and %" PRId64 " more\n", more);
    }
}
