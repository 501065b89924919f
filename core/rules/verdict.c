/*
 * verdict.c: what a rule can answer: accept(), hold() and their like.
 *
 * A verdict is a userdata, so that a rule cannot make one in another way.  It
 * holds the words in the author's language, cleaned when they are taken over
 * into the outcome.
 */

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "engine.h"


/* A note or a message is cut to its limit later; this much is looked at. */
#define TEXT_BYTES_MAX  2048

#define LANGUAGE_BYTES_MAX  35       /* BCP 47, 4.4.1 */


static int make(lua_State *L, cmt_verdict_t verdict, int message, int note);
static void push_metatable(lua_State *L);
static int refuse(lua_State *L);
static cmt_str_t read_note(lua_State *L, int index, int outer);
static void put_match(lua_State *L, const cmt__found_t *m);
static cmt_str_t read_matches(lua_State *L, int index);
static cmt_str_t read_redacted(lua_State *L, int index);
static void redact(lua_State *L, int index);
static void sort_words(cmt__words_t *words, size_t n);
static void check_language(lua_State *L, cmt_str_t tag);
static int same_language(cmt_str_t a, cmt_str_t b);


static const char  verdict_key;


/* A second argument is meant for the author, who sees nothing of it. */

static void
only_note(lua_State *L, const char *call)
{
    if (lua_gettop(L) > 1) {
        cmt__raise(L, "%s takes a note for moderators and nothing else: what"
                   " the author sees is not the rule's to say", call);
    }
}


/* accept(note) */

int
cmt__verdict_accept(lua_State *L)
{
    only_note(L, "accept");

    return make(L, CMT_VERDICT_ACCEPT, 0, 1);
}


/* spam(note) */

int
cmt__verdict_spam(lua_State *L)
{
    only_note(L, "spam");

    return make(L, CMT_VERDICT_SPAM, 0, 1);
}


/* hold(public, note) */

int
cmt__verdict_hold(lua_State *L)
{
    return make(L, CMT_VERDICT_HOLD, 1, 2);
}


/* nudge(public, note) */

int
cmt__verdict_nudge(lua_State *L)
{
    return make(L, CMT_VERDICT_NUDGE, 1, 2);
}


/* reject(public, note) */

int
cmt__verdict_reject(lua_State *L)
{
    return make(L, CMT_VERDICT_REJECT, 1, 2);
}


/* challenge{pow=20, note="..."} */

int
cmt__verdict_challenge(lua_State *L)
{
    int             ok;
    char            shown[CMT__SHOWN_BYTES];
    cmt_str_t       name;
    lua_Integer     bits;
    cmt__nearest_t  nearest;
    cmt__verdict_t *v;

    cmt__arg_table(L, 1);
    lua_settop(L, 1);

    for (lua_pushnil(L); lua_next(L, 1); lua_pop(L, 1)) {
        cmt__charge(L, 1);

        if (lua_type(L, -2) != LUA_TSTRING) {
            cmt__raise_argument(L, 1, "challenge{pow=20} expected");
        }

        name.data = lua_tolstring(L, -2, &name.len);

        if (!cmt__str_is(name, "pow") && !cmt__str_is(name, "note")) {
            cmt__nearest_init(&nearest, name);
            cmt__nearest_offer(&nearest, "pow");
            cmt__nearest_offer(&nearest, "note");
            cmt__raise(L, "a challenge has no \"%s\"%s",
                       cmt__shown(shown, name), cmt__nearest_text(&nearest));
        }
    }

    lua_pushlstring(L, "pow", 3);
    lua_rawget(L, 1);
    bits = lua_tointegerx(L, -1, &ok);

    if (!ok || bits < 1 || bits > CMT__RULES_POW_BITS_MAX) {
        cmt__raise(L, "pow must be a number of bits, 1 to %d",
                   CMT__RULES_POW_BITS_MAX);
    }

    lua_pushlstring(L, "note", 4);

    if (lua_rawget(L, 1) == LUA_TNIL) {
        (void) snprintf(shown, sizeof(shown), "%lld bits of work",
                        (long long) bits);
        lua_pushlstring(L, shown, strlen(shown));
    }

    (void) make(L, CMT_VERDICT_CHALLENGE, 0, lua_gettop(L));

    v = lua_touserdata(L, -1);
    v->pow_bits = (unsigned) bits;

    return 1;
}


/* score(n, why) */

int
cmt__verdict_score(lua_State *L)
{
    int64_t          score;
    cmt__verdict_t  *v;

    score = cmt__score_read(L, 1, "the score");
    (void) make(L, (cmt_verdict_t) 0, 0, 2);

    v = lua_touserdata(L, -1);
    v->score = score;

    return 1;
}


int64_t
cmt__score_read(lua_State *L, int index, const char *what)
{
    lua_Number  n;

    if (lua_type(L, index) != LUA_TNUMBER) {
        cmt__raise(L, "%s must be a number, not %s", what,
                   cmt__type_name(L, index));
    }

    n = lua_tonumberx(L, index, NULL);

    if (!(n >= -CMT__RULES_SCORE_MAX && n <= CMT__RULES_SCORE_MAX)) {
        cmt__raise(L, "%s must lie between -%d and %d", what,
                   CMT__RULES_SCORE_MAX, CMT__RULES_SCORE_MAX);
    }

    return (int64_t) llround(n * 1000);
}


/* message, note: indexes of the arguments, 0 when there is none. */

static int
make(lua_State *L, cmt_verdict_t verdict, int message, int note)
{
    size_t           n;
    cmt_str_t        said, noted;
    cmt__words_t     words[CMT__RULES_LANGUAGES_MAX];
    cmt__engine_t   *e;
    cmt__verdict_t  *v;

    e = cmt__engine_of(L);
    said = cmt_str("");

    if (message != 0 && lua_type(L, message) > LUA_TNIL) {
        n = cmt__words_read(L, message, "the words to the author", words);
        e->asked_language |= lua_type(L, message) == LUA_TTABLE;
        said = cmt__words_choose(words, n, e->language,
                                 e->ruleset->settings.language);
    }

    noted = read_note(L, note, 1);
    noted = cmt__str_sub(noted, 0, TEXT_BYTES_MAX);
    said = cmt__str_sub(said, 0, TEXT_BYTES_MAX);

    v = lua_newuserdatauv(L, sizeof(cmt__verdict_t) + noted.len + said.len,
                          0);
    v->verdict = verdict;
    v->score = 0;
    v->pow_bits = 0;
    v->note_len = noted.len;
    v->message_len = said.len;
    memcpy(v->text, noted.data, noted.len);
    memcpy(v->text + noted.len, said.data, said.len);

    push_metatable(L);
    lua_setmetatable(L, -2);

    e->made_verdict = 1;

    return 1;
}


/* A text, a match, a list of matches, or {note=..., redact=...}. */

static cmt_str_t
read_note(lua_State *L, int index, int outer)
{
    if (lua_type(L, index) <= LUA_TNIL) {
        return cmt_str("");
    }

    if (cmt__found_at(L, index) != NULL) {
        return read_matches(L, index);
    }

    if (lua_type(L, index) == LUA_TTABLE && !lua_getmetatable(L, index)) {
        if (lua_rawlen(L, index) != 0) {
            return read_matches(L, index);
        }

        if (outer) {
            return read_redacted(L, index);
        }
    }

    if (lua_type(L, index) != LUA_TSTRING && lua_type(L, index) != LUA_TNUMBER)
    {
        cmt__raise(L, "a note must be text or what c:find() gives, not %s",
                   cmt__type_name(L, index));
    }

    return cmt__arg_string(L, index);
}


/* "word" (note) */

static void
put_match(lua_State *L, const cmt__found_t *m)
{
    cmt__scratch_put(L, "\"", 1);
    cmt__scratch_put(L, m->text.data, m->text.len < TEXT_BYTES_MAX
                                      ? m->text.len : TEXT_BYTES_MAX);
    cmt__scratch_put(L, "\"", 1);

    if (m->note.data != NULL) {
        cmt__scratch_put(L, " (", 2);
        cmt__scratch_put(L, m->note.data, m->note.len);
        cmt__scratch_put(L, ")", 1);
    }
}


/* Leaves the text on top of the stack. */

static cmt_str_t
read_matches(lua_State *L, int index)
{
    size_t               i, n, begin;
    const cmt__found_t  *m;

    begin = cmt__scratch_begin(L);

    if (lua_type(L, index) != LUA_TTABLE) {
        put_match(L, cmt__found_at(L, index));

    } else {
        n = (size_t) lua_rawlen(L, index);

        for (i = 1; i <= n && i <= CMT__RULES_NOTES_MAX; i++) {
            cmt__charge(L, 4);
            lua_rawgeti(L, index, (lua_Integer) i);
            m = cmt__found_at(L, -1);

            if (m == NULL) {
                cmt__raise(L, "a note that is a list has matches in it, not"
                           " %s", cmt__type_name(L, -1));
            }

            cmt__scratch_put(L, ", ", i == 1 ? 0 : 2);
            put_match(L, m);
            lua_pop(L, 1);
        }

        cmt__scratch_put(L, ", ...", n > CMT__RULES_NOTES_MAX ? 5 : 0);
    }

    cmt__scratch_push(L, begin);

    return cmt__arg_string(L, -1);
}


/* {note=..., redact=text or list of texts} */

static cmt_str_t
read_redacted(lua_State *L, int index)
{
    size_t     i, n;
    cmt_str_t  key;

    index = lua_absindex(L, index);
    n = 0;

    /* In no order: nothing here may depend on it. */

    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
        key = lua_type(L, -2) == LUA_TSTRING ? cmt__arg_string(L, -2)
                                             : cmt_str("");
        n++;

        if (!cmt__str_is(key, "redact") && !cmt__str_is(key, "note")) {
            cmt__raise(L, "a note must be text or {note=\"...\","
                       " redact=\"...\"}");
        }
    }

    cmt__charge(L, n);
    lua_pushlstring(L, "redact", 6);

    if (lua_rawget(L, index) == LUA_TTABLE) {
        n = (size_t) lua_rawlen(L, -1);

        for (i = 1; i <= n; i++) {
            lua_rawgeti(L, -1, (lua_Integer) i);
            redact(L, -1);
            lua_pop(L, 1);
        }

    } else if (lua_type(L, -1) != LUA_TNIL) {
        redact(L, -1);
    }

    lua_pushlstring(L, "note", 4);
    lua_rawget(L, index);

    return read_note(L, lua_gettop(L), 0);
}


static void
redact(lua_State *L, int index)
{
    cmt_str_t            s;
    cmt__engine_t       *e;
    const cmt__found_t  *m;

    e = cmt__engine_of(L);
    m = cmt__found_at(L, index);

    if (m == NULL && lua_type(L, index) != LUA_TSTRING) {
        cmt__raise(L, "redact must be text, not %s",
                   cmt__type_name(L, index));
    }

    s = m != NULL ? m->text : cmt__arg_string(L, index);

    if (s.len < CMT__RULES_REDACTED_BYTES_MIN
        || s.len > CMT__RULES_REDACTED_BYTES_MAX
        || e->n_redacted == CMT__RULES_REDACTED_MAX)
    {
        cmt__raise(L, "redact takes up to %d texts of %d to %d bytes",
                   CMT__RULES_REDACTED_MAX, CMT__RULES_REDACTED_BYTES_MIN,
                   CMT__RULES_REDACTED_BYTES_MAX);
    }

    cmt__charge_copy(L, s.len);
    s = cmt__str_copy(e->arena, s);

    if (s.data == NULL) {
        cmt__raise_no_memory(L);
    }

    e->redacted[e->n_redacted++] = s;
    e->left = 1;
}


static void
push_metatable(lua_State *L)
{
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &verdict_key) == LUA_TTABLE) {
        return;
    }

    lua_pop(L, 1);
    lua_createtable(L, 1, 3);

    lua_pushlightuserdata(L, (void *) (uintptr_t) &verdict_key);
    lua_rawseti(L, -2, 1);

    lua_pushlstring(L, "__name", 6);
    lua_pushlstring(L, "verdict", 7);
    lua_rawset(L, -3);

    lua_pushlstring(L, "__index", 7);
    lua_pushcfunction(L, refuse);
    lua_rawset(L, -3);

    lua_pushlstring(L, "__newindex", 10);
    lua_pushcfunction(L, refuse);
    lua_rawset(L, -3);

    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &verdict_key);
}


static int
refuse(lua_State *L)
{
    cmt__raise(L, "a verdict can only be returned");
}


const cmt__verdict_t *
cmt__verdict_at(lua_State *L, int index)
{
    int  ours;

    if (lua_type(L, index) != LUA_TUSERDATA || !lua_getmetatable(L, index)) {
        return NULL;
    }

    lua_rawgeti(L, -1, 1);
    ours = lua_touserdata(L, -1) == &verdict_key;
    lua_pop(L, 2);

    return ours ? lua_touserdata(L, index) : NULL;
}


cmt_verdict_t
cmt__verdict_word(lua_State *L, cmt_str_t word)
{
    char            shown[CMT__SHOWN_BYTES];
    cmt_verdict_t   v;
    cmt__nearest_t  nearest;

    cmt__nearest_init(&nearest, word);

    for (v = CMT_VERDICT_ACCEPT; v <= CMT_VERDICT_REJECT; v++) {
        if (cmt__str_is(word, cmt_verdict_name(v))) {
            return v;
        }

        cmt__nearest_offer(&nearest, cmt_verdict_name(v));
    }

    cmt__raise(L, "there is no verdict \"%s\"%s", cmt__shown(shown, word),
               cmt__nearest_text(&nearest));
}


/* The words stay in Lua, at index. */

size_t
cmt__words_read(lua_State *L, int index, const char *what,
    cmt__words_t words[CMT__RULES_LANGUAGES_MAX])
{
    size_t  n;

    index = lua_absindex(L, index);

    if (lua_type(L, index) == LUA_TSTRING) {
        words[0].language = cmt_str("");
        words[0].text = cmt__arg_string(L, index);
        return 1;
    }

    if (lua_type(L, index) != LUA_TTABLE) {
        cmt__raise(L, "%s must be text or {nb=\"...\", en=\"...\"}, not %s",
                   what, cmt__type_name(L, index));
    }

    n = 0;

    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
        cmt__charge(L, 1);

        if (n == CMT__RULES_LANGUAGES_MAX) {
            cmt__raise(L, "%s has more than %d languages", what,
                       CMT__RULES_LANGUAGES_MAX);
        }

        if (lua_type(L, -2) != LUA_TSTRING || lua_type(L, -1) != LUA_TSTRING
            || lua_rawlen(L, -2) == 0
            || lua_rawlen(L, -2) > LANGUAGE_BYTES_MAX)
        {
            cmt__raise(L, "%s must be text or {nb=\"...\", en=\"...\"}",
                       what);
        }

        words[n].language = cmt__arg_string(L, -2);
        check_language(L, words[n].language);
        words[n].text = cmt__arg_string(L, -1);
        n++;
    }

    sort_words(words, n);

    return n;
}


/* By language, so that the choice of last resort is always the same. */

static void
sort_words(cmt__words_t *words, size_t n)
{
    int           order;
    size_t        i, j, len;
    cmt_str_t     a, b;
    cmt__words_t  w;

    for (i = 1; i < n; i++) {
        w = words[i];
        b = w.language;

        for (j = i; j > 0; j--) {
            a = words[j - 1].language;
            len = a.len < b.len ? a.len : b.len;
            order = memcmp(a.data, b.data, len);

            if (order < 0 || (order == 0 && a.len <= b.len)) {
                break;
            }

            words[j] = words[j - 1];
        }

        words[j] = w;
    }
}


cmt_str_t
cmt__words_choose(const cmt__words_t *words, size_t n, cmt_str_t language,
    cmt_str_t site_language)
{
    size_t     i, k;
    cmt_str_t  wishes[3];

    wishes[0] = language;
    wishes[1] = site_language;
    wishes[2] = cmt_str("en");

    for (k = 0; k < 3; k++) {
        for (i = 0; i < n; i++) {
            if (words[i].language.len == 0
                || same_language(words[i].language, wishes[k]))
            {
                return words[i].text;
            }
        }
    }

    return n != 0 ? words[0].text : cmt_str("");
}


/* "nb" serves "nb-NO" and the other way round. */

static size_t
primary_len(cmt_str_t tag)
{
    size_t  i;

    for (i = 0; i < tag.len; i++) {
        if (tag.data[i] == '-' || tag.data[i] == '_') {
            break;
        }
    }

    return i;
}


/* "english" would never be chosen. */

static void
check_language(lua_State *L, cmt_str_t tag)
{
    char    shown[CMT__SHOWN_BYTES];
    size_t  i, n;

    n = primary_len(tag);

    for (i = 0; i < n && tag.data[i] >= 'a' && tag.data[i] <= 'z'; i++) {
        /* void */
    }

    if (i < n || n < 2 || n > 3) {
        cmt__raise(L, "\"%s\" is no language: write its code, such as en, nb"
                   " or [\"pt-BR\"]", cmt__shown(shown, tag));
    }
}


static int
same_language(cmt_str_t a, cmt_str_t b)
{
    return a.len != 0 && b.len != 0
           && cmt__str_eq(cmt__str_sub(a, 0, primary_len(a)),
                          cmt__str_sub(b, 0, primary_len(b)));
}
