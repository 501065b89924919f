/*
 * cmt_rules.h: the part of cmt.h about rules: they are loaded, serve, are
 * exchanged when their files change, and decide about old comments again.
 * cmt.h includes it; docs/rules.md is what their authors read.
 */

#ifndef CMT_PUBLIC_RULES_H
#define CMT_PUBLIC_RULES_H


/*
 * Rules: files of Lua that are compiled and tested once and then evaluated,
 * each time from the state that they loaded into, for each comment.  Shared
 * by threads and inherited by forked processes.
 */

typedef struct {
    uint64_t      steps_max;     /* one evaluation                            */
    size_t        memory_bytes_max;
    unsigned      cpu_ms_max;    /* thread CPU time, a backstop               */
    unsigned      run_tests:1;
    unsigned      tests_ms_max;  /* the same of all tests of a load; 0: only
                                    their steps count                         */
} cmt_rules_budget_t;

#define CMT_RULES_STEPS_DEFAULT         1000000
#define CMT_RULES_STEPS_PER_RULE        250000
#define CMT_RULES_STEPS_LOAD            2000000
#define CMT_RULES_MEMORY_DEFAULT        (4 * 1024 * 1024)
#define CMT_RULES_CPU_MS_DEFAULT        20
#define CMT_RULES_FILE_BYTES_MAX        (256 * 1024)
#define CMT_RULES_PASTED                "pasted.lua"

/*
 * Compiles the files in order and, unless budget->run_tests is 0, runs their
 * own tests.  budget NULL means the defaults, with tests.  n_paths 0 gives
 * the built-in careful default.
 * CMT_ERULES: err->detail is "file:line: what is wrong"; CMT_EIO; CMT_ENOMEM.
 */
int cmt_ruleset_load(const char *const *paths, size_t n_paths,
    const cmt_rules_budget_t *budget, cmt_ruleset_t **ruleset,
    cmt_error_t *err) CMT_CHECK;
/*
 * One file that is no file: what a moderator has pasted, told in messages as
 * CMT_RULES_PASTED.  It has the budgets of `like`, and its tests tests_ms of
 * processor time.  It opens nothing: a list or an include is refused with its
 * line.  CMT_ETOOLARGE with field "rules"; CMT_ERULES; CMT_ENOMEM.
 */
int cmt_ruleset_paste(cmt_str_t text, const cmt_ruleset_t *like,
    unsigned tests_ms, cmt_ruleset_t **ruleset, cmt_error_t *err) CMT_CHECK;
/* Ends one use of it; the last one frees it.  NULL is allowed. */
void cmt_ruleset_free(cmt_ruleset_t *ruleset);

/* The hash that receipts have: 32 hex digits and NUL, of the ruleset's. */
const char *cmt_ruleset_digest(const cmt_ruleset_t *ruleset);

/* How many rules and tests the files have, for messages. */
void cmt_ruleset_count(const cmt_ruleset_t *ruleset, size_t *rules,
    size_t *tests);

/*
 * Evaluates one comment given as a JSON object with the fields of the
 * comment object (missing ones get harmless defaults) and gives the receipt
 * as JSON.  For `rules run`.
 * CMT_EJSON, CMT_EFIELD with err->field, CMT_ENOMEM.
 */
int cmt_ruleset_run_json(const cmt_ruleset_t *ruleset, cmt_str_t comment,
    cmt_arena_t *arena, cmt_str_t *receipt, cmt_error_t *err) CMT_CHECK;

/*
 * Rules that serve: a ruleset that is exchanged when its files change.  Each
 * process looks for itself.  uid and gid are those of the process that serves
 * strangers: files and folders that it could write are refused; uid 0 asks
 * nothing.  now: Unix seconds.  Errors as of cmt_ruleset_load().
 */

int cmt_rules_open(const char *const *paths, size_t n_paths,
    const cmt_rules_budget_t *budget, unsigned uid, unsigned gid,
    int64_t now, cmt_rules_t **rules, cmt_error_t *err) CMT_CHECK;
void cmt_rules_close(cmt_rules_t *rules);          /* NULL is allowed */

/* The ruleset that serves now, for one use, by any thread: it stays as it is
 * until cmt_ruleset_free(), whatever becomes of the files. */
cmt_ruleset_t *cmt_rules_take(cmt_rules_t *rules) CMT_CHECK;

/*
 * Looks whether files, included ones, lists and files of tests are another
 * than when they were read: a stat() for each.  What changed is loaded when
 * it was the same for two looks.  By one thread at a time; loading takes some
 * milliseconds, and seconds if the files' tests do.
 *
 *   CMT_RULES_SETTLING  something changes: look again soon
 *   CMT_RULES_LOADED    the new rules serve
 *   CMT_RULES_REFUSED   the ones before go on; told once for each change,
 *                       with the reason in err
 */
typedef enum {
    CMT_RULES_SAME = 0,
    CMT_RULES_SETTLING,
    CMT_RULES_LOADED,
    CMT_RULES_REFUSED
} cmt_rules_look_t;

cmt_rules_look_t cmt_rules_look(cmt_rules_t *rules, int64_t now,
    cmt_error_t *err) CMT_CHECK;

/* Of the newest comments, those that new rules decide otherwise. */
typedef struct {
    unsigned      comments;      /* that were looked at                       */
    unsigned      changed;       /* another verdict                           */
    unsigned      stricter;      /* a stricter one                            */
    unsigned      failed;        /* a rule failed that did not before         */
} cmt_rules_compared_t;

typedef struct {
    char          digest[33];    /* of the ruleset that serves, as receipts
                                    have it                                   */
    uint64_t      generation;    /* 1, 2 ... in this process                  */
    int64_t       loaded;        /* when it was loaded                        */
    size_t        files, lists, rules, tests;
    int64_t       refused;       /* when the files as they are now were not
                                    taken; 0: they serve                      */
    char          error[CMT_ERROR_DETAIL_BYTES];  /* why                      */
    cmt_rules_compared_t  compared;      /* with those that served before,
                                            of the last that were tried       */
} cmt_rules_state_t;

void cmt_rules_state(cmt_rules_t *rules, cmt_rules_state_t *state);
/* The i-th path that was given; NULL behind the last. */
const char *cmt_rules_path(const cmt_rules_t *rules, size_t i);


/*
 * Decides about stored comments again, by these rules, and writes nothing:
 * old verdicts against new ones, rule by rule, against what moderators
 * decided, and which comments change.  docs/rules.md "Replay" has the JSON.
 * Takes some 100 us for a comment: not for an event loop.
 * CMT_ENOTFOUND: no such site; CMT_ESTORE, CMT_ECORRUPT, CMT_ENOMEM.
 */
typedef struct {
    cmt_str_t     site;          /* empty: all sites                          */
    int64_t       since;         /* only what was posted from then on         */
    unsigned      now:1;         /* counts of authors and threads as they are,
                                    not as the receipts have them             */
    unsigned      changes_max;   /* comments that are listed                  */
    uint64_t      newest;        /* only so many, from the newest down; 0: all*/
    unsigned      ms_max;        /* then also for so long; 0: to the end      */
} cmt_replay_t;

int cmt_replay_json(cmt_store_t *store, const cmt_ruleset_t *ruleset,
    const cmt_replay_t *query, cmt_arena_t *arena, cmt_str_t *json,
    cmt_error_t *err) CMT_CHECK;

/* What these rules say of one comment of the site, as a receipt: with what
 * they print, and without the hashes of authors.  CMT_ENOTFOUND with field
 * "comment"; those of cmt_replay_json(). */
int cmt_replay_one(cmt_read_t *read, const cmt_site_t *site,
    const cmt_ruleset_t *ruleset, uint64_t id, cmt_arena_t *arena,
    cmt_str_t *receipt, cmt_error_t *err) CMT_CHECK;


#endif /* CMT_PUBLIC_RULES_H */
