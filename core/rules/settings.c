/*
 * settings.c: settings{...}, which files call while they load.  A later call
 * changes only what it names.
 */

#include <string.h>

#include "engine.h"


typedef void (*read_pt)(lua_State *L, cmt__settings_t *s, int index);


static void read_default(lua_State *L, cmt__settings_t *s, int index);
static void read_reason(lua_State *L, cmt__settings_t *s, int index);
static void read_language(lua_State *L, cmt__settings_t *s, int index);
static void read_thresholds(lua_State *L, cmt__settings_t *s, int index);
static cmt_str_t copy(lua_State *L, cmt_str_t s);


const char *const  cmt__setting_names[] = {
    "default", "default_reason", "language", "thresholds", NULL
};

/* In the order of the names. */
static const read_pt  readers[] = {
    read_default, read_reason, read_language, read_thresholds
};


int
cmt__register_settings(lua_State *L)
{
    char            shown[CMT__SHOWN_BYTES];
    size_t          i;
    cmt_str_t       key;
    cmt__engine_t  *e;
    cmt__nearest_t  nearest;

    e = cmt__engine_of(L);

    cmt__register_now(L, "settings");

    if (e->loading == NULL) {
        return 0;
    }

    cmt__arg_table(L, 1);
    lua_settop(L, 1);

    for (lua_pushnil(L); lua_next(L, 1); lua_pop(L, 1)) {
        cmt__charge(L, 1);

        if (lua_type(L, -2) != LUA_TSTRING) {
            cmt__raise(L, "settings have names, such as {default="
                       "\"hold\"}");
        }

        key = cmt__arg_string(L, -2);
        cmt__nearest_init(&nearest, key);

        for (i = 0; cmt__setting_names[i] != NULL; i++) {
            if (cmt__str_is(key, cmt__setting_names[i])) {
                break;
            }

            cmt__nearest_offer(&nearest, cmt__setting_names[i]);
        }

        if (cmt__setting_names[i] == NULL) {
            cmt__raise(L, "there is no setting \"%s\"%s",
                       cmt__shown(shown, key), cmt__nearest_text(&nearest));
        }

        readers[i](L, &e->loading->settings, lua_absindex(L, -1));
    }

    return 0;
}


static void
read_default(lua_State *L, cmt__settings_t *s, int index)
{
    cmt_verdict_t  v;

    v = lua_type(L, index) == LUA_TSTRING
        ? cmt__verdict_word(L, cmt__arg_string(L, index))
        : (cmt_verdict_t) 0;

    if (v != CMT_VERDICT_ACCEPT && v != CMT_VERDICT_HOLD) {
        cmt__raise(L, "default must be \"accept\" or \"hold\"");
    }

    s->verdict = v;
}


static void
read_reason(lua_State *L, cmt__settings_t *s, int index)
{
    size_t         i, n;
    cmt__words_t   words[CMT__RULES_LANGUAGES_MAX];

    n = cmt__words_read(L, index, "default_reason", words);

    s->reasons = cmt_alloc(cmt__engine_of(L)->loading->arena,
                           n * sizeof(cmt__words_t));
    if (s->reasons == NULL) {
        cmt__raise_no_memory(L);
    }

    for (i = 0; i < n; i++) {
        if (words[i].text.len > CMT_PUBLIC_BYTES_MAX) {
            cmt__raise(L, "default_reason is longer than %d bytes",
                       CMT_PUBLIC_BYTES_MAX);
        }

        s->reasons[i].language = copy(L, words[i].language);
        s->reasons[i].text = copy(L, words[i].text);
    }

    s->n_reasons = n;
}


static void
read_language(lua_State *L, cmt__settings_t *s, int index)
{
    size_t     i;
    cmt_str_t  language;

    if (lua_type(L, index) != LUA_TSTRING) {
        cmt__raise(L, "language must be a code such as \"nb\"");
    }

    language = cmt__arg_string(L, index);

    for (i = 0; i < language.len; i++) {
        if ((language.data[i] < 'a' || language.data[i] > 'z')
            && (language.data[i] < 'A' || language.data[i] > 'Z')
            && (language.data[i] < '0' || language.data[i] > '9')
            && language.data[i] != '-')
        {
            break;
        }
    }

    if (i != language.len || i < 2 || i > 35) {
        cmt__raise(L, "language must be a code such as \"nb\"");
    }

    s->language = copy(L, language);
}


static void
read_thresholds(lua_State *L, cmt__settings_t *s, int index)
{
    char            shown[CMT__SHOWN_BYTES];
    int64_t         n;
    cmt_str_t       key;
    cmt__nearest_t  nearest;

    if (lua_type(L, index) != LUA_TTABLE) {
        cmt__raise(L, "thresholds must be {hold=4, spam=8}, not %s",
                   cmt__type_name(L, index));
    }

    s->hold = s->spam = s->reject = INT64_MAX;

    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
        cmt__charge(L, 1);

        if (lua_type(L, -2) != LUA_TSTRING) {
            cmt__raise(L, "thresholds must be {hold=4, spam=8}");
        }

        key = cmt__arg_string(L, -2);
        n = cmt__score_read(L, -1, "a threshold");

        if (cmt__str_is(key, "hold")) {
            s->hold = n;

        } else if (cmt__str_is(key, "spam")) {
            s->spam = n;

        } else if (cmt__str_is(key, "reject")) {
            s->reject = n;

        } else {
            cmt__nearest_init(&nearest, key);
            cmt__nearest_offer(&nearest, "hold");
            cmt__nearest_offer(&nearest, "spam");
            cmt__nearest_offer(&nearest, "reject");
            cmt__raise(L, "there is no threshold for \"%s\"%s",
                       cmt__shown(shown, key), cmt__nearest_text(&nearest));
        }
    }

    if ((s->hold != INT64_MAX && s->hold >= s->spam)
        || (s->spam != INT64_MAX && s->spam >= s->reject)
        || (s->hold != INT64_MAX && s->hold >= s->reject))
    {
        cmt__raise(L, "thresholds must rise from hold to spam to reject, or"
                   " one of them is never reached");
    }
}


static cmt_str_t
copy(lua_State *L, cmt_str_t s)
{
    s = cmt__str_copy(cmt__engine_of(L)->loading->arena, s);

    if (s.data == NULL) {
        cmt__raise_no_memory(L);
    }

    return s;
}
