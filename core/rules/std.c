/*
 * std.c: the library "std": rules that many sites want, written in Lua
 * (lua/std.lua, lua/std_wordpress.lua), and the product's own words to authors.
 *
 * The chunks are compiled with each ruleset and run in a machine when a file
 * first says "std" or "std.wordpress", so that files without pay nothing.
 * They register what they are asked for by rule(), as any file would: the
 * place of such a rule is the line that asked.
 */

#include <string.h>

#include "engine.h"
#include "../base/asset.h"
#include "../text/lang.h"


/* Of the catalogues of web/i18n: "rules_first" is std.words("first"). */
#define PREFIX  "rules_"


/* Key of the registry: what the chunk gave. */
static const char  std_key;

static const char *const  words[] = {
    "first", "flood", "held", "links", "shouting", NULL
};


void
cmt__std_push(lua_State *L, const char *name)
{
    const cmt_ruleset_t  *rs;

    rs = cmt__engine_of(L)->ruleset;

    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &std_key) != LUA_TTABLE) {
        lua_pop(L, 1);
        cmt__engine_load(L, rs->std, CMT__STD_CHUNK);
        lua_call(L, 0, 1);
        lua_pushvalue(L, -1);
        lua_rawsetp(L, LUA_REGISTRYINDEX, &std_key);
    }

    if (strcmp(name, "wordpress") == 0) {
        cmt__engine_load(L, rs->std_wordpress, CMT__STD_CHUNK);
        lua_pushvalue(L, -2);
        lua_call(L, 1, 0);
    }

    lua_pushlstring(L, name, strlen(name));
    lua_rawget(L, -2);
}


cmt_str_t
cmt__std_source(const char *name)
{
    cmt_str_t            source;
    const cmt__asset_t  *asset;

    asset = cmt__asset_find(name);
    source = cmt_null_str;

    if (asset != NULL) {
        source.data = (const char *) asset->bytes;
        source.len = asset->len;
    }

    return source;
}


/* In the author's language, that of the site, or English. */

cmt_str_t
cmt__std_words(const cmt__engine_t *e, const char *key)
{
    unsigned            language;
    const cmt__lang_t  *lang;

    if (cmt_language_find(e->language, &language) != CMT_OK
        && cmt_language_find(e->ruleset->settings.language, &language)
           != CMT_OK)
    {
        language = 0;
    }

    lang = cmt__lang(language);

    return lang != NULL ? cmt__lang_text(lang, key)
                        : cmt_str(CMT__RULES_HELD_TEXT);
}


/* std.words(name) */

int
cmt__std_lib_words(lua_State *L)
{
    char            shown[CMT__SHOWN_BYTES], key[32];
    size_t          i;
    cmt_str_t       name, said;
    cmt__nearest_t  nearest;

    name = cmt__arg_string(L, 1);
    cmt__engine_of(L)->asked_language = 1;
    cmt__nearest_init(&nearest, name);

    for (i = 0; words[i] != NULL; i++) {
        if (cmt__str_is(name, words[i])) {
            break;
        }

        cmt__nearest_offer(&nearest, words[i]);
    }

    if (words[i] == NULL) {
        cmt__raise(L, "std.words has no \"%s\"%s", cmt__shown(shown, name),
                   cmt__nearest_text(&nearest));
    }

    if (strcmp(words[i], "held") == 0) {
        said = cmt__std_words(cmt__engine_of(L), "form_held");

    } else {
        strcat(strcpy(key, PREFIX), words[i]);
        said = cmt__std_words(cmt__engine_of(L), key);
    }

    cmt__charge_copy(L, said.len);
    lua_pushlstring(L, said.data, said.len);

    return 1;
}
