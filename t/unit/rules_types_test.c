/*
 * rules_types_test.c: lua/types/ tells editors what rules can call and read.
 * Each name of the tables of core/rules must stand there, and no other.
 */

#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "tap.h"
#include "core/rules/engine.h"


#define NAMES_MAX  2000
#define WHERE      "lua/types/*.lua"


static char         *names[NAMES_MAX];       /* "text.fold", "author:name"   */
static char          seen[NAMES_MAX];
static size_t        n_names;
static unsigned      wrong;


static void read_files(void);
static void read_line(char class[64], const char *line);
static void add(const char *prefix, const char *separator, const char *name,
    size_t len);
static void want(const char *first, const char *separator, const char *name);
static void want_globals(void);
static void want_class(const cmt__class_t *class);
static void want_keys(const char *class, const char *const *keys);
static void surplus(void);


int
main(void)
{
    read_files();
    ok(n_names > 100, "lua/types has definitions");

    want_globals();
    want_class(&cmt__class_comment);
    want_class(&cmt__class_link);
    want_class(&cmt__class_list);
    want_class(&cmt__class_match);
    is_int(wrong, 0, "all that rules can call and read is in lua/types");

    want_keys("filter", cmt__filter_keys);
    want_keys("list_options", cmt__list_options);
    want_keys("settings", cmt__setting_names);
    is_int(wrong, 0, "and all keys of filters, lists and settings");

    surplus();
    is_int(wrong, 0, "lua/types has nothing that does not exist");

    return done();
}


static void
read_files(void)
{
    char     line[512], class[64];
    FILE    *in;
    size_t   i;
    glob_t   files;

    if (glob(WHERE, 0, NULL, &files) != 0) {
        return;
    }

    for (i = 0; i < files.gl_pathc; i++) {
        in = fopen(files.gl_pathv[i], "r");
        if (in == NULL) {
            exit(1);
        }

        class[0] = '\0';

        while (fgets(line, sizeof(line), in) != NULL) {
            read_line(class, line);
        }

        (void) fclose(in);
    }

    globfree(&files);
}


/* "function a.b(", "a.b = ...", "---@class a", "---@field b ..." */

static void
read_line(char class[64], const char *line)
{
    size_t  len;

    len = strcspn(line, " =({?:\n");

    if (strncmp(line, "---@class ", 10) == 0) {
        (void) snprintf(class, 64, "%.*s",
                        (int) strcspn(line + 10, " :\n"), line + 10);

    } else if (strncmp(line, "---@field ", 10) == 0) {
        add(class, ":", line + 10, strcspn(line + 10, " ?\n"));

    } else if (strncmp(line, "function ", 9) == 0) {
        add("", "", line + 9, strcspn(line + 9, "("));

    } else if (line[0] != '-' && strstr(line, " = ") != NULL
               && strstr(line, " = {}") == NULL)
    {
        add("", "", line, len);
    }
}


static void
add(const char *prefix, const char *separator, const char *name, size_t len)
{
    if (n_names == NAMES_MAX
        || asprintf(&names[n_names], "%s%s%.*s", prefix, separator, (int) len,
                    name) < 0)
    {
        exit(1);
    }

    n_names++;
}


static void
want(const char *first, const char *separator, const char *name)
{
    char    whole[128];
    size_t  i;

    (void) snprintf(whole, sizeof(whole), "%s%s%s", first, separator, name);

    for (i = 0; i < n_names; i++) {
        if (strcmp(names[i], whole) == 0) {
            seen[i] = 1;
            return;
        }
    }

    wrong++;

    if (separator[0] == ':') {
        note("missing: write \"---@field %s TYPE what it is\" below"
             " \"---@class %s\" in lua/types", name, first);
    } else {
        note("missing: write \"function %s(...) end\", with ---@param and"
             " ---@return above it, in lua/types/rules.lua; a constant is"
             " \"%s = nil\" below \"---@type TYPE\"", whole, whole);
    }
}


static void
want_globals(void)
{
    const cmt__global_t  *row;

    for (row = cmt__globals; row->name != NULL; row++) {
        want(row->library != NULL ? row->library : "",
             row->library != NULL ? "." : "", row->name);
    }
}


/* The classes of a comment's objects lie below it. */

static void
want_class(const cmt__class_t *class)
{
    size_t                i;
    const cmt__method_t  *m;

    for (i = 0; i < class->n; i++) {
        want(class->name, ":", class->rows[i].name);

        if (class->rows[i].class != NULL && class->rows[i].class != class
            && class->rows[i].class != &cmt__class_link)
        {
            want_class(class->rows[i].class);
        }
    }

    for (m = class->methods; m != NULL && m->name != NULL; m++) {
        want(class->name, ":", m->name);
    }
}


static void
want_keys(const char *class, const char *const *keys)
{
    for ( /* void */ ; *keys != NULL; keys++) {
        want(class, ":", *keys);
    }
}


static void
surplus(void)
{
    size_t  i;

    for (i = 0; i < n_names; i++) {
        if (!seen[i]) {
            wrong++;
            note("lua/types defines \"%s\", which does not exist in"
                 " core/rules: take it out", names[i]);
        }

        free(names[i]);
    }
}
