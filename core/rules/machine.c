/*
 * machine.c: the life of one machine, which is Lua's state on a heap of its
 * own.
 */

#include <stdio.h>
#include <string.h>

#include "engine.h"


static int failed(cmt__engine_t *e, int status, cmt_error_t *err);


int
cmt__machine_open(cmt__engine_t *e, size_t bytes_max, cmt_error_t *err)
{
    int  rc;

    if (cmt__heap_open(&e->heap, bytes_max) != CMT_OK) {
        return cmt__fail(err, CMT_ENOMEM, NULL, NULL);
    }

    memset(&e->scratch, 0, sizeof(cmt__scratch_t));

    e->L = lua_newstate(cmt__heap_lua, e);

    if (e->L == NULL) {
        rc = failed(e, LUA_ERRMEM, err);
        cmt__machine_close(e);
        return rc;
    }

    *(cmt__engine_t **) lua_getextraspace(e->L) = e;
    (void) lua_gc(e->L, LUA_GCSTOP);

    return CMT_OK;
}


int
cmt__machine_call(cmt__engine_t *e, lua_CFunction fn, cmt_error_t *err)
{
    int       status;
    locale_t  locale;

    memset(&e->folded, 0, sizeof(cmt__folded_t));
    e->shape = NULL;
    e->tags = NULL;

    locale = uselocale(cmt__lua.locale);
    lua_pushcfunction(e->L, fn);
    status = lua_pcall(e->L, 0, 0, 0);
    (void) uselocale(locale);

    return failed(e, status, err);
}


void
cmt__machine_close(cmt__engine_t *e)
{
    cmt__heap_close(&e->heap);
    cmt_arena_destroy(e->lookup);
    e->lookup = NULL;
    e->L = NULL;
}


int
cmt__machine_once(cmt__engine_t *e, size_t bytes_max, lua_CFunction fn,
    cmt_error_t *err)
{
    int  rc;

    rc = cmt__machine_open(e, bytes_max, err);

    if (rc == CMT_OK) {
        rc = cmt__machine_call(e, fn, err);
        cmt__machine_close(e);
    }

    return rc;
}


static int
failed(cmt__engine_t *e, int status, cmt_error_t *err)
{
    char       words[CMT__MACHINE_WORDS_BYTES];
    cmt_str_t  text;

    if (e->heap.no_memory) {
        return cmt__fail(err, CMT_ENOMEM, NULL, NULL);
    }

    if (status == LUA_OK) {
        return CMT_OK;
    }

    text = cmt__machine_error(e, status, words);

    return cmt__fail(err, CMT_ERULES, NULL, "%.*s", (int) text.len, text.data);
}


cmt_str_t
cmt__machine_error(cmt__engine_t *e, int status,
    char words[CMT__MACHINE_WORDS_BYTES])
{
    int        n;
    cmt_str_t  text;

    text.data = words;

    if (status == LUA_ERRMEM && e->heap.too_long && !e->heap.exhausted) {
        n = snprintf(words, CMT__MACHINE_WORDS_BYTES,
                     "it made a text longer than %d bytes",
                     CMT__RULES_STRING_BYTES_MAX);

    } else if (status == LUA_ERRMEM || e->heap.exhausted) {
        n = snprintf(words, CMT__MACHINE_WORDS_BYTES,
                     "it used more than %zu bytes of memory",
                     e->heap.used_max);

    } else if (lua_type(e->L, -1) == LUA_TSTRING) {
        text.data = lua_tolstring(e->L, -1, &text.len);
        return text;

    } else if (lua_type(e->L, -1) == LUA_TNUMBER) {
        n = snprintf(words, CMT__MACHINE_WORDS_BYTES,
                     "it raised the number %.14g",
                     lua_tonumberx(e->L, -1, NULL));

    } else {
        n = snprintf(words, CMT__MACHINE_WORDS_BYTES,
                     "it raised a %s instead of a text",
                     cmt__type_name(e->L, -1));
    }

    text.len = (size_t) n;

    return text;
}
