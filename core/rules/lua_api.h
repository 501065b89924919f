/*
 * lua_api.h: Lua's C API through a table of pointers.
 *
 * The library is loaded with dlopen() and its names are local to it: nginx
 * may have loaded LuaJIT, which exports the same names with another meaning,
 * before or after us.  The names below are redirected to the table, so the
 * code reads like any other use of the Lua API, and a function that is
 * missing in the list fails to link instead of meeting LuaJIT's.
 */

#ifndef CMT_LUA_API_H
#define CMT_LUA_API_H

#include <locale.h>
#include <lua.h>

#include "rules.h"


#define CMT__LUA_FUNCTIONS(X)                                                 \
    X(lua_arith)          X(lua_callk)          X(lua_checkstack)             \
    X(lua_compare)        X(lua_createtable)    X(lua_dump)                   \
    X(lua_error)          X(lua_gc)             X(lua_getinfo)                \
    X(lua_getiuservalue)  X(lua_getmetatable)   X(lua_getstack)               \
    X(lua_gettop)         X(lua_isinteger)      X(lua_load)                   \
    X(lua_newstate)       X(lua_newuserdatauv)  X(lua_next)                   \
    X(lua_pcallk)         X(lua_pushboolean)    X(lua_pushcclosure)           \
    X(lua_pushinteger)    X(lua_pushlightuserdata) X(lua_pushlstring)         \
    X(lua_pushnil)        X(lua_pushnumber)     X(lua_pushvalue)              \
    X(lua_rawequal)       X(lua_rawget)         X(lua_rawgeti)                \
    X(lua_rawgetp)        X(lua_rawlen)         X(lua_rawset)                 \
    X(lua_rawseti)        X(lua_rawsetp)        X(lua_rotate)                 \
    X(lua_setallocf)      X(lua_sethook)        X(lua_setiuservalue)          \
    X(lua_setmetatable)                                                       \
    X(lua_settop)         X(lua_stringtonumber) X(lua_toboolean)              \
    X(lua_tointegerx)     X(lua_tolstring)      X(lua_tonumberx)              \
    X(lua_touserdata)     X(lua_type)           X(lua_typename)               \
    X(lua_version)        X(lua_copy)           X(lua_absindex)


typedef struct {
#define CMT__X(name)  __typeof__(name)  *name##_;
    CMT__LUA_FUNCTIONS(CMT__X)
#undef CMT__X
    locale_t  locale;            /* "C": Lua's `<`, tonumber and formats
                                    follow the locale of the thread         */
} cmt__lua_t;

/* Written once, by the first cmt__lua_open(), and only read afterwards. */
extern cmt__lua_t  cmt__lua;

/* Loads the library when that has not been done.  CMT_ERULES with the reason
 * of the dynamic linker. */
int cmt__lua_open(cmt_error_t *err) CMT_CHECK;


#ifndef CMT__LUA_API_PLAIN

#define lua_absindex           (*cmt__lua.lua_absindex_)
#define lua_arith              (*cmt__lua.lua_arith_)
#define lua_callk              (*cmt__lua.lua_callk_)
#define lua_checkstack         (*cmt__lua.lua_checkstack_)
#define lua_compare            (*cmt__lua.lua_compare_)
#define lua_copy               (*cmt__lua.lua_copy_)
#define lua_createtable        (*cmt__lua.lua_createtable_)
#define lua_dump               (*cmt__lua.lua_dump_)
#define lua_error              (*cmt__lua.lua_error_)
#define lua_gc                 (*cmt__lua.lua_gc_)
#define lua_getinfo            (*cmt__lua.lua_getinfo_)
#define lua_getiuservalue      (*cmt__lua.lua_getiuservalue_)
#define lua_getmetatable       (*cmt__lua.lua_getmetatable_)
#define lua_getstack           (*cmt__lua.lua_getstack_)
#define lua_gettop             (*cmt__lua.lua_gettop_)
#define lua_isinteger          (*cmt__lua.lua_isinteger_)
#define lua_load               (*cmt__lua.lua_load_)
#define lua_newstate           (*cmt__lua.lua_newstate_)
#define lua_newuserdatauv      (*cmt__lua.lua_newuserdatauv_)
#define lua_next               (*cmt__lua.lua_next_)
#define lua_pcallk             (*cmt__lua.lua_pcallk_)
#define lua_pushboolean        (*cmt__lua.lua_pushboolean_)
#define lua_pushcclosure       (*cmt__lua.lua_pushcclosure_)
#define lua_pushinteger        (*cmt__lua.lua_pushinteger_)
#define lua_pushlightuserdata  (*cmt__lua.lua_pushlightuserdata_)
#define lua_pushlstring        (*cmt__lua.lua_pushlstring_)
#define lua_pushnil            (*cmt__lua.lua_pushnil_)
#define lua_pushnumber         (*cmt__lua.lua_pushnumber_)
#define lua_pushvalue          (*cmt__lua.lua_pushvalue_)
#define lua_rawequal           (*cmt__lua.lua_rawequal_)
#define lua_rawget             (*cmt__lua.lua_rawget_)
#define lua_rawgeti            (*cmt__lua.lua_rawgeti_)
#define lua_rawgetp            (*cmt__lua.lua_rawgetp_)
#define lua_rawlen             (*cmt__lua.lua_rawlen_)
#define lua_rawset             (*cmt__lua.lua_rawset_)
#define lua_rawseti            (*cmt__lua.lua_rawseti_)
#define lua_rawsetp            (*cmt__lua.lua_rawsetp_)
#define lua_rotate             (*cmt__lua.lua_rotate_)
#define lua_setallocf          (*cmt__lua.lua_setallocf_)
#define lua_sethook            (*cmt__lua.lua_sethook_)
#define lua_setiuservalue      (*cmt__lua.lua_setiuservalue_)
#define lua_setmetatable       (*cmt__lua.lua_setmetatable_)
#define lua_settop             (*cmt__lua.lua_settop_)
#define lua_stringtonumber     (*cmt__lua.lua_stringtonumber_)
#define lua_toboolean          (*cmt__lua.lua_toboolean_)
#define lua_tointegerx         (*cmt__lua.lua_tointegerx_)
#define lua_tolstring          (*cmt__lua.lua_tolstring_)
#define lua_tonumberx          (*cmt__lua.lua_tonumberx_)
#define lua_touserdata         (*cmt__lua.lua_touserdata_)
#define lua_type               (*cmt__lua.lua_type_)
#define lua_typename           (*cmt__lua.lua_typename_)
#define lua_version            (*cmt__lua.lua_version_)

#endif /* CMT__LUA_API_PLAIN */


#endif /* CMT_LUA_API_H */
