/*
 * live.c: the rules that serve: a ruleset, and what has to be looked at to
 * see that its files changed.
 *
 *   look()   nothing changed                     -> same
 *            something changed since the last    -> settling: look again soon
 *            it has been as it is for two looks  -> load it aside:
 *               good   the new generation serves; what is being decided by
 *                      the old one is decided by it to the end
 *               bad    the old generation goes on; nothing is tried before
 *                      something changes again
 *
 * A file that an editor writes in place is empty, then half, then whole: it
 * is taken when it was the same for two looks and while it was read.
 */

#include <pthread.h>
#include <string.h>

#include "engine.h"
#include "input.h"


struct cmt_rules_s {
    cmt_arena_t         *arena;      /* of this struct and the paths         */
    size_t               n_paths;
    const char         **paths;
    cmt_rules_budget_t   budget;
    unsigned             has_budget:1;
    unsigned             uid, gid;

    cmt_rules_compare_fn compare;    /* NULL: none; only for who looks       */
    void                *compare_ctx;
    unsigned             percent;
    cmt_rules_compared_t compared;   /* of the load under way                */

    pthread_mutex_t      lock;       /* for ruleset and state                */
    cmt_ruleset_t       *ruleset;
    cmt_rules_state_t    state;

    /* Only for who looks. */
    cmt__inputs_t       *inputs;     /* of the last load, in an own arena    */
    cmt__inputs_t       *later;      /* what they were at the last look      */
    unsigned             settling:1;
};


static int keep_paths(cmt_rules_t *rules, const char *const *paths);
static int load(cmt_rules_t *rules, int64_t now, cmt_error_t *err);
static int load_into(cmt_rules_t *rules, cmt__inputs_t *inputs,
    cmt_ruleset_t **ruleset, cmt_error_t *err);
static int check_empty(const cmt_rules_t *rules, const cmt__inputs_t *inputs,
    cmt_error_t *err);
static int guard(cmt_rules_t *rules, const cmt_ruleset_t *ruleset,
    cmt_error_t *err);
static void serve(cmt_rules_t *rules, cmt_ruleset_t *ruleset, int64_t now);


int
cmt_rules_open(const char *const *paths, size_t n_paths,
    const cmt_rules_budget_t *budget, unsigned uid, unsigned gid,
    int64_t now, cmt_rules_t **rules, cmt_error_t *err)
{
    int           rc;
    cmt_arena_t  *arena;
    cmt_rules_t  *r;

    arena = cmt_arena_create(CMT_ARENA_BYTES_MAX);
    r = arena != NULL ? cmt_calloc(arena, sizeof(cmt_rules_t)) : NULL;

    if (r == NULL) {
        cmt_arena_destroy(arena);
        return cmt__fail(err, CMT_ENOMEM, NULL, NULL);
    }

    r->arena = arena;
    r->n_paths = n_paths;
    r->uid = uid;
    r->gid = gid;
    r->has_budget = budget != NULL;

    if (budget != NULL) {
        r->budget = *budget;
    }

    rc = keep_paths(r, paths);

    if (rc != CMT_OK || pthread_mutex_init(&r->lock, NULL) != 0) {
        cmt_arena_destroy(arena);
        return cmt__fail(err, CMT_ENOMEM, NULL, NULL);
    }

    rc = load(r, now, err);

    if (rc != CMT_OK) {
        cmt_rules_close(r);
        return rc;
    }

    *rules = r;

    return CMT_OK;
}


static int
keep_paths(cmt_rules_t *rules, const char *const *paths)
{
    size_t     i;
    cmt_str_t  copy;

    rules->paths = cmt_alloc(rules->arena, rules->n_paths * sizeof(char *));
    rules->later = cmt_calloc(rules->arena, sizeof(cmt__inputs_t));

    if (rules->paths == NULL || rules->later == NULL) {
        return CMT_ENOMEM;
    }

    for (i = 0; i < rules->n_paths; i++) {
        copy = cmt__str_copy(rules->arena,
                             (cmt_str_t) { strlen(paths[i]), paths[i] });
        if (copy.data == NULL) {
            return CMT_ENOMEM;
        }

        rules->paths[i] = copy.data;
    }

    return CMT_OK;
}


void
cmt_rules_close(cmt_rules_t *rules)
{
    if (rules == NULL) {
        return;
    }

    if (rules->inputs != NULL) {
        cmt_arena_destroy(rules->inputs->arena);
    }

    cmt_ruleset_free(rules->ruleset);
    (void) pthread_mutex_destroy(&rules->lock);
    cmt_arena_destroy(rules->arena);
}


cmt_ruleset_t *
cmt_rules_take(cmt_rules_t *rules)
{
    cmt_ruleset_t  *ruleset;

    (void) pthread_mutex_lock(&rules->lock);
    ruleset = rules->ruleset;
    (void) __atomic_add_fetch(&ruleset->users, 1, __ATOMIC_RELAXED);
    (void) pthread_mutex_unlock(&rules->lock);

    return ruleset;
}


void
cmt_rules_state(cmt_rules_t *rules, cmt_rules_state_t *state)
{
    (void) pthread_mutex_lock(&rules->lock);
    *state = rules->state;
    (void) pthread_mutex_unlock(&rules->lock);
}


const char *
cmt_rules_path(const cmt_rules_t *rules, size_t i)
{
    return i < rules->n_paths ? rules->paths[i] : NULL;
}


cmt_rules_look_t
cmt_rules_look(cmt_rules_t *rules, int64_t now, cmt_error_t *err)
{
    int            rc, differs, moves;
    size_t         i;
    cmt__stamp_t   stamp, *later;

    differs = 0;
    moves = 0;

    for (i = 0; i < rules->inputs->n; i++) {
        stamp.path = rules->inputs->stamps[i].path;
        cmt__stamp_take(&stamp);
        later = &rules->later->stamps[i];

        differs |= memcmp(&stamp.seen, &rules->inputs->stamps[i].seen,
                          sizeof(stamp.seen)) != 0;
        moves |= memcmp(&stamp.seen, &later->seen, sizeof(stamp.seen)) != 0;
        memcpy(&later->seen, &stamp.seen, sizeof(stamp.seen));
    }

    if (!differs) {
        rules->settling = 0;
        return CMT_RULES_SAME;
    }

    if (!rules->settling || moves) {
        rules->settling = 1;
        return CMT_RULES_SETTLING;
    }

    rules->settling = 0;
    rc = load(rules, now, err);

    return rc == CMT_OK ? CMT_RULES_LOADED : CMT_RULES_REFUSED;
}


/* What was looked at is kept whether it loads or not: what was refused is
 * tried again when one of the files is another.  Only without memory all is
 * left as it was, and tried again. */

static int
load(cmt_rules_t *rules, int64_t now, cmt_error_t *err)
{
    int             rc;
    cmt_error_t     why;
    cmt_arena_t    *arena;
    cmt__inputs_t  *inputs;
    cmt_ruleset_t  *ruleset;

    memset(&why, 0, sizeof(why));
    arena = cmt_arena_create(CMT_ARENA_BYTES_MAX);
    inputs = arena != NULL ? cmt_calloc(arena, sizeof(cmt__inputs_t)) : NULL;

    if (inputs == NULL) {
        cmt_arena_destroy(arena);
        return cmt__fail(err, CMT_ENOMEM, NULL, NULL);
    }

    cmt__inputs_init(inputs, arena, rules->uid, rules->gid);
    rc = cmt__inputs_record(inputs);

    if (rc == CMT_OK) {
        rc = load_into(rules, inputs, &ruleset, &why);
    }

    if (rc == CMT_ENOMEM) {
        cmt_arena_destroy(arena);
        return cmt__fail(err, rc, NULL, NULL);
    }

    if (rules->inputs != NULL) {
        cmt_arena_destroy(rules->inputs->arena);
    }

    rules->inputs = inputs;

    if (rc == CMT_OK) {
        serve(rules, ruleset, now);
        return CMT_OK;
    }

    if (why.detail[0] == '\0') {
        (void) cmt__fail(&why, rc, NULL, "%s", cmt_error_text(rc));
    }

    (void) pthread_mutex_lock(&rules->lock);
    rules->state.refused = now;
    rules->state.compared = rules->compared;
    memcpy(rules->state.error, why.detail, sizeof(why.detail));
    (void) pthread_mutex_unlock(&rules->lock);

    return cmt__fail(err, rc, NULL, "%s", why.detail);
}


static int
load_into(cmt_rules_t *rules, cmt__inputs_t *inputs, cmt_ruleset_t **ruleset,
    cmt_error_t *err)
{
    int  rc;

    rc = cmt__ruleset_load(rules->paths, rules->n_paths,
                           rules->has_budget ? &rules->budget : NULL,
                           inputs, ruleset, err);

    if (rc == CMT_OK && rules->ruleset != NULL) {
        rc = check_empty(rules, inputs, err);

        if (rc == CMT_OK) {
            rc = guard(rules, *ruleset, err);
        }

        if (rc != CMT_OK) {
            cmt_ruleset_free(*ruleset);
        }
    }

    return rc;
}


/* Who starts nginx with an empty file may want it; who serves would publish
 * everything because a disk was full when the file was saved. */

static int
check_empty(const cmt_rules_t *rules, const cmt__inputs_t *inputs,
    cmt_error_t *err)
{
    size_t  i, k;

    for (i = 0; i < rules->n_paths; i++) {
        for (k = 0; k < inputs->n; k++) {
            if (inputs->stamps[k].seen.bytes == 0
                && strcmp(inputs->stamps[k].path, rules->paths[i]) == 0)
            {
                return cmt__fail(err, CMT_ERULES, NULL, "%s:1: the file is"
                                 " empty; reload nginx if that is meant",
                                 rules->paths[i]);
            }
        }
    }

    return CMT_OK;
}


void
cmt_rules_guard(cmt_rules_t *rules, cmt_rules_compare_fn compare, void *ctx,
    unsigned percent)
{
    rules->compare = compare;
    rules->compare_ctx = ctx;
    rules->percent = percent;
}


int
cmt_rules_differ(const cmt_rules_compared_t *compared, unsigned percent)
{
    return compared->comments >= CMT_GUARD_COMMENTS_MIN
           && compared->changed * 100 > percent * compared->comments;
}


/* A file that was saved by mistake, such as one that holds everything, loads
 * and passes its tests. */

static int
guard(cmt_rules_t *rules, const cmt_ruleset_t *ruleset, cmt_error_t *err)
{
    cmt_error_t            why;
    cmt_rules_compared_t  *n;

    n = &rules->compared;
    memset(n, 0, sizeof(*n));
    memset(&why, 0, sizeof(why));

    if (rules->compare == NULL
        || rules->compare(rules->compare_ctx, rules->ruleset, ruleset, n,
                          &why) != CMT_OK
        || rules->percent == 0 || !cmt_rules_differ(n, rules->percent))
    {
        return CMT_OK;
    }

    return cmt__fail(err, CMT_ERULES, NULL, "%s:1: %u of the %u newest"
                     " comments would be decided otherwise, %u of them more"
                     " strictly; reload nginx if that is meant",
                     rules->n_paths > 0 ? rules->paths[0] : "", n->changed,
                     n->comments, n->stricter);
}


static void
serve(cmt_rules_t *rules, cmt_ruleset_t *ruleset, int64_t now)
{
    cmt_ruleset_t      *before;
    cmt_rules_state_t  *state;

    (void) pthread_mutex_lock(&rules->lock);

    before = rules->ruleset;
    rules->ruleset = ruleset;

    state = &rules->state;
    memcpy(state->digest, ruleset->digest, sizeof(state->digest));
    state->generation++;
    state->loaded = now;
    state->refused = 0;
    state->error[0] = '\0';
    state->files = ruleset->n_files;
    state->lists = ruleset->n_lists;
    state->rules = ruleset->n_rules;
    state->tests = ruleset->n_tests;
    state->compared = rules->compared;

    (void) pthread_mutex_unlock(&rules->lock);

    cmt_ruleset_free(before);
}
