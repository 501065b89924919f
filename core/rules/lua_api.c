/*
 * lua_api.c: finds liblua5.4 and fills the table.
 */

#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

#define CMT__LUA_API_PLAIN  1
#include "lua_api.h"


/* The name with the ABI version: it comes with the library itself, not with
 * its -dev package. */
#define LIBRARY  "liblua5.4.so.0"

#define VERSION  504

/*
 * DEEPBIND lets the library find its own names before the global ones, which
 * may be LuaJIT's.  Sanitizers refuse it.
 */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define FLAGS  (RTLD_NOW | RTLD_LOCAL)
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define FLAGS  (RTLD_NOW | RTLD_LOCAL)
#endif
#endif

#ifndef FLAGS
#define FLAGS  (RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND)
#endif


typedef struct {
    const char  *name;
    void        *slot;           /* a pointer to a function, of any type */
} symbol_t;


static void open_once(void);


cmt__lua_t             cmt__lua;

static pthread_once_t  once = PTHREAD_ONCE_INIT;
static char            reason[256];      /* empty: the table is filled */


int
cmt__lua_open(cmt_error_t *err)
{
    (void) pthread_once(&once, open_once);

    if (reason[0] != '\0') {
        return cmt__fail(err, CMT_ERULES, NULL, "Lua 5.4: %s", reason);
    }

    return CMT_OK;
}


static void
fail(const char *why)
{
    strncpy(reason, why != NULL ? why : "unknown", sizeof(reason) - 1);
}


static void
open_once(void)
{
    void    *library, *function;
    size_t   i;

    const symbol_t  symbols[] = {
#define CMT__X(name)  { #name, &cmt__lua.name##_ },
        CMT__LUA_FUNCTIONS(CMT__X)
#undef CMT__X
    };

    library = dlopen(LIBRARY, FLAGS);
    if (library == NULL) {
        fail(dlerror());
        return;
    }

    for (i = 0; i < sizeof(symbols) / sizeof(symbols[0]); i++) {
        function = dlsym(library, symbols[i].name);
        if (function == NULL) {
            fail(dlerror());
            return;
        }

        memcpy(symbols[i].slot, &function, sizeof(function));
    }

    if (cmt__lua.lua_version_(NULL) != (lua_Number) VERSION) {
        fail(LIBRARY " is not Lua 5.4");
        return;
    }

    cmt__lua.locale = newlocale(LC_ALL_MASK, "C", (locale_t) 0);
    if (cmt__lua.locale == (locale_t) 0) {
        fail("there is no locale \"C\"");
    }
}
