/*
 * A decision is the same wherever and whenever it falls: a thousand times, in
 * ten processes, by rules that were loaded anew and exchanged meanwhile.
 */

#include <sys/wait.h>

#include "rules_judge.h"


#define PROCESSES    10
#define LOADS        5
#define EVALUATIONS  20          /* 10 * 5 * 20 = 1000                       */


static const char  comment[] =
    "{\"id\":118,\"time\":1704067200,"
    "\"text\":\"Idi\\u200bot! See http://a.example/x and call 22 33 44 55, "
    "\\u041fривет @ola \\ud83d\\ude00\","
    "\"author\":{\"name\":\"Kari\",\"approved\":3,\"proof\":\"cookie\"},"
    "\"parent\":{\"text\":\"What?\",\"author\":{\"name\":\"Ola\"}},"
    "\"page\":{\"path\":\"/a\",\"meta\":{\"b\":\"1\",\"a\":\"2\"}}}";

/* What would differ if something could: addresses, the order of a table,
 * chance, sorting, numbers, what a list and a pattern find. */
static const char  source[] =
    "include 'shared.lua'\n"
    "local words = list('words.txt')\n"
    "rule('order', function(c)\n"
    "  local out = {}\n"
    "  for k, v in pairs({ a = 1, b = 2, zz = 3, [3] = 4, [10] = 5,\n"
    "                      [words] = nil, long_name_of_a_key = 6 }) do\n"
    "    out[#out + 1] = tostring(k) .. '=' .. tostring(v)\n"
    "  end\n"
    "  return score(1, table.concat(out, ' '))\n"
    "end)\n"
    "rule('names', function(c)\n"
    "  return score(0, tostring(print) .. tostring({}) .. tostring(c)\n"
    "    .. tostring(words) .. tostring(c.links))\n"
    "end)\n"
    "rule('chance', function(c)\n"
    "  local t = {}\n"
    "  for i = 1, 20 do t[i] = math.random(100) end\n"
    "  table.sort(t, function(a, b) return a % 10 < b % 10 end)\n"
    "  return score(0.25, table.concat(t, ',') .. math.random())\n"
    "end)\n"
    "rule('found', function(c)\n"
    "  return hold({ nb = 'Vent.', en = 'Wait.' }, c:find_all(words))\n"
    "end)\n"
    "rule('text', function(c)\n"
    "  return score(-0.5, ('%s %d %.3f %5.2g'):format(c.folded, c.length,\n"
    "    c.script.latin, 1 / 3) .. shared(c))\n"
    "end)\n"
    "rule('contacts', function(c) return score(1, text.contacts(c.plain))\n"
    "end)\n"
    "rule('fails', function(c) error({}) end)\n"
    "rule('too much', function(c) while true do end end)\n"
    "rule('memory', function(c) local t = {} for i = 1, 1e9 do t[i] = {} end\n"
    "end)\n";


/* Time decides nothing here: with sanitizers it would. */
static const cmt_rules_budget_t  budget = {
    CMT_RULES_STEPS_DEFAULT, CMT_RULES_MEMORY_DEFAULT, 60000, 1, 0
};


/* The receipt, with 0 for the microseconds. */

static void
plain(char *text)
{
    char    *us;
    size_t   n;

    us = strstr(text, ",\"us\":");

    if (us == NULL) {
        text[0] = '\0';
        return;
    }

    n = strspn(us + 6, "0123456789");
    memmove(us + 6, us + 6 + n, strlen(us + 6 + n) + 1);
}


/* In a process: how many receipts differ from the one that is wanted. */

static int
differing(const char *wanted, int process)
{
    int             i, k, differ;
    char            path[256], *moved;
    cmt_rules_t    *rules;
    const char     *given[1] = { path };
    cmt_ruleset_t  *ruleset;

    /* Memory lies elsewhere in each process. */
    moved = malloc(1000 + 777 * (size_t) process);
    path_of(path, 1);
    differ = 0;

    for (i = 0; i < LOADS; i++) {
        if (cmt_rules_open(given, 1, &budget, 0, 0, 0, &rules, &err)
            != CMT_OK)
        {
            return 1000;
        }

        for (k = 0; k < EVALUATIONS; k++) {
            ruleset = cmt_rules_take(rules);
            run(ruleset, comment);
            plain(receipt);
            differ += strcmp(receipt, wanted) != 0;
            cmt_ruleset_free(ruleset);
        }

        cmt_rules_close(rules);
    }

    free(moved);

    return differ;
}


static void
test_processes(const char *wanted)
{
    int    i, status, wrong;
    pid_t  pids[PROCESSES];

    for (i = 0; i < PROCESSES; i++) {
        (void) fflush(stdout);
        pids[i] = fork();

        if (pids[i] == 0) {
            _exit(differing(wanted, i) == 0 ? 0 : 1);
        }
    }

    wrong = 0;

    for (i = 0; i < PROCESSES; i++) {
        if (waitpid(pids[i], &status, 0) != pids[i] || status != 0) {
            wrong++;
        }
    }

    is_int(wrong, 0, "a thousand receipts in ten processes are the same");
}


/* The rules change, and change back. */

static void
test_exchanged(const char *wanted)
{
    int             i, loaded, differ;
    char            path[256];
    cmt_rules_t    *rules;
    const char     *given[1] = { path };
    cmt_ruleset_t  *ruleset;

    path_of(path, 1);
    is_int(cmt_rules_open(given, 1, &budget, 0, 0, 0, &rules, &err), CMT_OK,
           "rules serve");
    loaded = differ = 0;

    for (i = 0; i < 2 * LOADS; i++) {
        put("words.txt", i % 2 == 0 ? "idiot\nother\n" : "idiot | 2 | rude\n");
        (void) !cmt_rules_look(rules, 0, &err);
        loaded += cmt_rules_look(rules, 0, &err) == CMT_RULES_LOADED;

        ruleset = cmt_rules_take(rules);
        run(ruleset, comment);
        plain(receipt);
        differ += strcmp(receipt, wanted) != 0;
        cmt_ruleset_free(ruleset);
    }

    is_int(loaded, 2 * LOADS, "they are exchanged ten times");
    is_int(differ, LOADS, "what changed back decides as it did, to the byte");
    cmt_rules_close(rules);
}


int
main(void)
{
    char            command[64], *wanted;
    cmt_ruleset_t  *rules;

    begin();
    put("shared.lua", "function shared(c) return c.parent.author.name end\n");
    put("words.txt", "idiot | 2 | rude\n");
    write_file(1, source, strlen(source));
    is_int(load_file(&budget, &rules), CMT_OK, "the rules load");
    run(rules, comment);
    cmt_ruleset_free(rules);
    has("\"verdict\":\"hold\"", "there is a receipt");
    has("it used more than 250000 steps", "with all kinds of trouble in it");
    plain(receipt);
    wanted = strdup(receipt);

    test_processes(wanted);
    test_exchanged(wanted);
    free(wanted);

    (void) snprintf(command, sizeof(command), "rm -rf %s", folder);
    is_int(system(command), 0, "all is cleared away");
    end();

    return done();
}
