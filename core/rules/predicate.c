/*
 * predicate.c: named questions about a comment, for the filters `unless` and
 * `only`.  Two are built in; predicate(name, function) adds one, or takes the
 * place of one of an earlier file or of a built-in one.
 *
 * A function is asked when a rule first needs the answer, which then holds
 * for the whole evaluation.  What asking costs is the rule's.
 */

#include <string.h>

#include "engine.h"


static int is_staff(cmt__engine_t *e);
static int is_trusted(cmt__engine_t *e);
static cmt__predicate_t *find(cmt_ruleset_t *rs, cmt_str_t name);
static int ask(lua_State *L, cmt__engine_t *e, size_t i);


static const struct {
    const char             *name;
    cmt__predicate_built_in_t  holds;
} built_in[] = {
    { "staff", is_staff },
    { "trusted", is_trusted }
};


/* predicate(name, function) */

int
cmt__register_predicate(lua_State *L)
{
    char               shown[CMT__SHOWN_BYTES];
    cmt_str_t          name;
    cmt__engine_t     *e;
    cmt_ruleset_t     *rs;
    cmt__predicate_t  *p;

    e = cmt__engine_of(L);
    rs = e->loading;

    cmt__register_now(L, "predicate");
    cmt__arg_function(L, 2);
    lua_settop(L, 2);

    if (rs != NULL) {
        name = cmt__register_name(L, 1, "predicate");
        p = find(rs, name);

        if (p != NULL && p->holds == NULL && p->n_file == e->file) {
            cmt__raise(L, "there is a predicate \"%s\" already",
                       cmt__shown(shown, name));
        }

        if (p == NULL) {
            if (rs->n_predicates == CMT__RULES_PREDICATES_MAX) {
                cmt__raise(L, "there are more than %d predicates",
                           CMT__RULES_PREDICATES_MAX);
            }

            p = &rs->predicates[rs->n_predicates++];
            p->name = name;
        }

        p->holds = NULL;
        p->n_file = e->file;
        p->declared = e->declared;
        rs->n_declared = e->declared + 1;
    }

    cmt__engine_keep(L, 2);
    e->declared++;

    return 0;
}


void
cmt__predicates_init(cmt_ruleset_t *rs)
{
    size_t  i;

    rs->n_predicates = sizeof(built_in) / sizeof(built_in[0]);

    for (i = 0; i < rs->n_predicates; i++) {
        rs->predicates[i].name.data = built_in[i].name;
        rs->predicates[i].name.len = strlen(built_in[i].name);
        rs->predicates[i].holds = built_in[i].holds;
    }
}


static cmt__predicate_t *
find(cmt_ruleset_t *rs, cmt_str_t name)
{
    size_t  i;

    for (i = 0; i < rs->n_predicates; i++) {
        if (cmt__str_eq(rs->predicates[i].name, name)) {
            return &rs->predicates[i];
        }
    }

    return NULL;
}


/* Of a name or a list of names, as bits. */

uint32_t
cmt__predicates_read(lua_State *L, int index, const char *what)
{
    char               shown[CMT__SHOWN_BYTES];
    size_t             i, k, n;
    uint32_t           bits;
    cmt_str_t          name;
    cmt_ruleset_t     *rs;
    cmt__nearest_t     nearest;
    cmt__predicate_t  *p;

    rs = cmt__engine_of(L)->loading;
    index = lua_absindex(L, index);
    n = lua_type(L, index) == LUA_TTABLE ? (size_t) lua_rawlen(L, index) : 1;
    bits = 0;

    for (i = 1; i <= n; i++) {
        cmt__charge(L, 1);

        if (lua_type(L, index) == LUA_TTABLE) {
            lua_rawgeti(L, index, (lua_Integer) i);
        } else {
            lua_pushvalue(L, index);
        }

        if (lua_type(L, -1) != LUA_TSTRING) {
            cmt__raise(L, "%s is the name of a predicate, or a list of them,"
                       " not %s", what, cmt__type_name(L, -1));
        }

        name = cmt__arg_string(L, -1);
        p = find(rs, name);

        if (p == NULL) {
            cmt__nearest_init(&nearest, name);

            for (k = 0; k < rs->n_predicates; k++) {
                cmt__nearest_offer(&nearest, rs->predicates[k].name.data);
            }

            cmt__raise(L, "there is no predicate \"%s\"%s",
                       cmt__shown(shown, name),
                       cmt__nearest_text(&nearest));
        }

        bits |= (uint32_t) 1 << (p - rs->predicates);
        lua_pop(L, 1);
    }

    if (bits == 0) {
        cmt__raise(L, "%s is an empty list", what);
    }

    return bits;
}


/* Does any of them hold? */

int
cmt__predicates_any(lua_State *L, uint32_t bits)
{
    size_t          i;
    cmt__engine_t  *e;

    e = cmt__engine_of(L);

    for (i = 0; i < e->ruleset->n_predicates; i++) {
        if ((bits >> i & 1) == 0) {
            continue;
        }

        if ((e->asked >> i & 1) == 0) {
            if (ask(L, e, i)) {
                e->answers |= (uint32_t) 1 << i;
            }

            e->asked |= (uint32_t) 1 << i;
        }

        if (e->answers >> i & 1) {
            return 1;
        }
    }

    return 0;
}


static int
ask(lua_State *L, cmt__engine_t *e, size_t i)
{
    int                      holds;
    char                     shown[CMT__SHOWN_BYTES];
    const cmt__predicate_t  *p;

    p = &e->ruleset->predicates[i];

    if (p->holds != NULL) {
        cmt__charge(L, 5);
        return p->holds(e);
    }

    cmt__engine_kept(L, p->declared);
    cmt__comment_push(L, e->facts);
    lua_call(L, 1, 1);

    if (lua_type(L, -1) != LUA_TBOOLEAN && lua_type(L, -1) != LUA_TNIL) {
        cmt__raise(L, "the predicate \"%s\" returned %s instead of true or"
                   " false", cmt__shown(shown, p->name),
                   cmt__type_name(L, -1));
    }

    holds = lua_toboolean(L, -1);
    lua_pop(L, 1);

    return holds;
}


/* Signed in as staff or moderator. */

static int
is_staff(cmt__engine_t *e)
{
    cmt__facts_note_author(e, "role");

    return e->facts->author.role >= CMT__ROLE_STAFF;
}


/* Proven to be who wrote before, three times published, and never spam. */

static int
is_trusted(cmt__engine_t *e)
{
    cmt__facts_note_author(e, "proof");
    cmt__facts_note_author(e, "approved");
    cmt__facts_note_author(e, "spam");

    return is_staff(e)
           || (e->facts->author.proof != CMT__PROOF_NONE
               && e->facts->author.approved >= 3
               && e->facts->author.spam == 0);
}


/* tag(name): does not decide; the receipt keeps it. */

int
cmt__tag(lua_State *L)
{
    size_t          i;
    cmt_str_t       name;
    cmt__engine_t  *e;

    e = cmt__engine_of(L);
    name = cmt__arg_string(L, 1);

    if (!e->running) {
        cmt__raise(L, "tag() can only be called by a rule");
    }

    if (name.len == 0 || name.len > CMT__RULES_TAG_BYTES_MAX) {
        cmt__raise_argument(L, 1, "a tag has 1 to %d bytes",
                            CMT__RULES_TAG_BYTES_MAX);
    }

    cmt__charge(L, 10);
    name = cmt__clean(e->arena, name, CMT__RULES_TAG_BYTES_MAX, 0);

    if (name.data == NULL) {
        cmt__raise_no_memory(L);
    }

    for (i = 0; i < e->n_marks; i++) {
        if (cmt__str_eq(e->marks[i], name)) {
            return 0;
        }
    }

    if (e->n_marks == CMT__RULES_TAGS_MAX) {
        cmt__raise(L, "a comment has at most %d tags", CMT__RULES_TAGS_MAX);
    }

    e->marks[e->n_marks++] = name;

    return 0;
}


/* Asked once for a comment, by the rule that needs it first. */

unsigned
cmt__predicate_lang(lua_State *L)
{
    size_t          i;
    cmt__guess_t    guess;
    cmt__engine_t  *e;

    e = cmt__engine_of(L);
    cmt__comment_note(e, "lang");

    if (e->lang != 0) {
        return e->lang;
    }

    cmt__guess(L, e->facts->text.plain, cmt__comment_shape(L), &guess);

    for (i = 0; cmt__text_languages[i] != NULL; i++) {
        if (guess.code.data != NULL
            && cmt__str_is(guess.code, cmt__text_languages[i]))
        {
            break;
        }
    }

    e->lang = 1u << i;

    return e->lang;
}
