/*
 * replay.h: deciding about stored comments again.
 *
 *   replay_facts.c  the facts of a stored comment, as they were or as they are
 *   replay_one.c    one comment, by other rules
 *   replay.c        all comments of a store, old verdicts against new ones
 *   replay_json.c   what came of it, as JSON
 */

#ifndef CMT_REPLAY_H
#define CMT_REPLAY_H

#include "actions.h"


#define CMT__REPLAY_RULES_MAX  1000          /* names that are counted       */
#define CMT__REPLAY_VERDICTS   7             /* 0: there was none            */
#define CMT__REPLAY_SNAPSHOT   1000          /* comments in one snapshot     */


/* The facts of a stored comment.  receipt: its receipt as JSON, or NULL.
 * now: counts of author and thread as they are now, without this comment.
 * All in the arena, or where the receipt lies.  CMT_ENOMEM, CMT_ESTORE,
 * CMT_ECORRUPT, those of a text. */
int cmt__replay_facts(cmt_read_t *read, const cmt__comment_t *comment,
    const cmt__json_t *receipt, int now, cmt_arena_t *arena,
    cmt__facts_t *facts) CMT_CHECK;


/* One comment again.  evaluate: cmt__rules_evaluate or cmt__rules_try. */
typedef int (*cmt__evaluate_fn)(const cmt_ruleset_t *ruleset,
    const cmt__facts_t *facts, cmt_str_t language, cmt_arena_t *arena,
    cmt__decision_t *decision, cmt_error_t *err);

typedef struct {
    cmt_str_t            text;       /* the receipt as it is kept            */
    const cmt__json_t   *before;     /* the same; NULL: there is none        */
    cmt__facts_t         facts;
    cmt__decision_t      decision;
} cmt__replayed_t;

/* Errors: those of cmt__replay_facts() and of evaluate. */
int cmt__replay_comment(cmt_read_t *read, const cmt_ruleset_t *ruleset,
    const cmt__comment_t *comment, int now, cmt__evaluate_fn evaluate,
    cmt_arena_t *arena, cmt__replayed_t *again, cmt_error_t *err) CMT_CHECK;


/* What one rule said of the comments, before and now. */
typedef struct {
    cmt_str_t      name, file;
    int64_t        line;
    uint64_t       before, after;
    uint64_t       right, wrong;     /* now, against what a person decided   */
} cmt__replay_rule_t;

typedef struct {
    const cmt_replay_t  *query;
    const cmt_ruleset_t *ruleset;
    cmt_arena_t         *arena;      /* of the result                        */
    cmt_arena_t         *scratch;    /* of one comment                       */

    uint64_t             comments, bare;     /* bare: without a receipt      */
    uint64_t             same_rules, same;   /* receipts of this ruleset, and
                                                those made again to the byte */
    uint64_t             failed;             /* evaluations with errors      */
    int64_t              end_ms;             /* of the time there is; 0: all */
    unsigned             late:1;             /* it is over                   */
    uint64_t             changed;
    uint64_t             good, bad;          /* decided by a person          */
    uint64_t             right, wrong;       /* by all rules together        */
    uint64_t             verdicts[CMT__REPLAY_VERDICTS][CMT__REPLAY_VERDICTS];
    size_t               n_rules;
    cmt__replay_rule_t  *rules;
    uint64_t             listed;
    cmt__buf_t           changes;            /* JSON objects and commas      */
} cmt__replay_run_t;

int cmt__replay_write(const cmt__replay_run_t *run, cmt_str_t *json)
    CMT_CHECK;


#endif /* CMT_REPLAY_H */
