/*
 * Files that include others, tests in files of their own, and which files may
 * be read at all.
 */

#include <sys/stat.h>

#include "rules_judge.h"
#include "core/rules/input.h"


static void
folder_make(const char *name)
{
    char  path[256];

    (void) snprintf(path, sizeof(path), "%s/%s", folder, name);
    ok(mkdir(path, 0700) == 0, "there is a folder");
}


static void
test_include(void)
{
    put("tone.lua", "public = 'mind your words'\n"
        RULE("tone", "if c.text == 'loud' then return hold(public) end"));

    judge("include 'tone.lua'\n"
          RULE("last", "if c.text == 'loud' then return score(1, public) end"),
          "{\"text\":\"loud\"}");
    has("\"verdict\":\"hold\"", "rules of an included file run");
    has("\"file\":\"tone.lua\",\"line\":2", "and are told by their own file");
    has("{\"name\":\"last\",\"file\":\"r1.lua\"", "before those behind it");
    has("\"note\":\"mind your words\"", "globals are shared");

    judge("include 'tone.lua' include 'tone.lua'\n"
          RULE("r", "return score(1)"), "{\"text\":\"loud\"}");
    has("\"verdict\":\"hold\"", "what is included twice runs once");

    refused("disable 'tone' include 'tone.lua'",
            "r1.lua:1: there is no rule \"tone\"", "order counts");

    judge("include 'tone.lua'\n" RULE("tone", "return spam('other')"),
          "{\"text\":\"loud\"}");
    has("\"verdict\":\"spam\"", "a rule of an included file can be replaced");

    folder_make("sub");
    put("sub/a.lua", "include 'b.lua'\n");
    put("sub/b.lua", "local w = list('w.txt')\n"
        RULE("b", "if c:find(w) then return spam() end"));
    put("sub/w.txt", "casino\n");
    judge("include 'sub/a.lua'\n" RULE("r", "return score(1)"),
          "{\"text\":\"a casino\"}");
    has("\"verdict\":\"spam\"", "paths are those beside the file that says so");
}


static void
test_digest(void)
{
    char  before[64];

    judge("include 'tone.lua'\n", "{}");
    (void) snprintf(before, sizeof(before), "%.44s",
                    strstr(receipt, "\"ruleset\""));
    put("tone.lua", RULE("tone", "") "-- another\n");
    judge("include 'tone.lua'\n", "{}");
    ok(strncmp(strstr(receipt, "\"ruleset\""), before, 44) != 0,
       "an included file is part of the ruleset's hash");

    (void) snprintf(before, sizeof(before), "%.44s",
                    strstr(receipt, "\"ruleset\""));
    put("tone_test.lua", "test('t', { text = 'x' }, 'accept')\n");
    judge("include 'tone.lua'\n", "{}");
    ok(strncmp(strstr(receipt, "\"ruleset\""), before, 44) != 0,
       "and so are its tests");
    drop("tone_test.lua");
}


static void
test_refused(void)
{
    int   i;
    char  name[16], text[64], path[256];

    refused("include 'none.lua'", "r1.lua:1: the file \"none.lua\": No such",
            "a missing file is named, with the line that wants it");
    refused("\ninclude '../x.lua'", "r1.lua:2: the file \"../x.lua\" does not"
            " lie beside", "nothing above the folder");
    refused("include '/etc/passwd'", "does not lie beside",
            "nothing by its whole path");
    refused("include(7)", "r1.lua:1: include, argument 1: the name of the file"
            " expected, got number", "a name is a text");
    refused("include 'sub'", "not a file", "a folder is no file");

    put("bad.lua", "\n\nlocal x = = 1\n");
    refused("include 'bad.lua'", "bad.lua:3: unexpected symbol",
            "a mistake is told with its own file and line");
    put("bad.lua", "\nrul('x')\n");
    refused("include 'bad.lua'", "bad.lua:2: there is no \"rul\"",
            "and so is a misspelt name");
    put("bad.lua", "\x1bLua");
    refused("include 'bad.lua'", "bad.lua:1: ", "bytecode is refused");

    (void) snprintf(path, sizeof(path), "%s/out.lua", folder);
    ok(symlink("/etc/hostname", path) == 0, "there is a link");
    refused("include 'out.lua'", "a link that leads out",
            "a link out of the folder is not followed");
    drop("out.lua");

    put("a.lua", "include 'b.lua'\n");
    put("b.lua", "include 'a.lua'\n");
    refused("include 'a.lua'", "b.lua:1: \"a.lua\" includes itself",
            "a circle is told");
    refused("include 'r1.lua'", "r1.lua:1: \"r1.lua\" includes itself",
            "the smallest one, too");

    for (i = 1; i <= 9; i++) {
        (void) snprintf(name, sizeof(name), "d%d.lua", i);
        (void) snprintf(text, sizeof(text), i < 9 ? "include 'd%d.lua'" : "",
                        i + 1);
        put(name, text);
    }

    judge("include 'd2.lua' " RULE("r", "return spam()"), "{}");
    has("\"verdict\":\"spam\"", "files go eight deep");
    refused("include 'd1.lua'", "d8.lua:1: files include one another more than"
            " 8 deep", "but not nine");

    judge("local i = include\n" RULE("r", "i('tone.lua')"), "{}");
    has("include() can only be called while the file loads",
        "a rule cannot include");
}


static void
test_many(void)
{
    int   i;
    char  name[16], text[4096];

    text[0] = '\0';

    for (i = 1; i <= CMT__RULES_FILES_MAX; i++) {
        (void) snprintf(name, sizeof(name), "m%d.lua", i);
        put(name, "");
        (void) sprintf(text + strlen(text), i == 1 ? "" : "include 'm%d.lua' ",
                       i);
    }

    judge(text, "{}");
    has("\"verdict\":\"accept\"", "64 files are a ruleset");
    (void) strcat(text, "include 'm1.lua'");
    refused(text, "there are more than 64 files", "one more is refused");

    strcpy(text, "");
    for (i = 0; i < CMT__RULES_INCLUDES_MAX; i++) {
        (void) strcat(text, "include 'm1.lua'");
    }

    judge(text, "{}");
    has("\"verdict\":\"accept\"", "200 calls of include() are allowed");
    (void) strcat(text, "include 'm1.lua'");
    refused(text, "there are more than 200 calls", "one more is not");
}


static void
test_tests(void)
{
    put("r1_test.lua", "test('t', { text = 'x' }, 'spam')\n");
    refused(RULE("r", ""), "r1_test.lua:1: the test \"t\" fails",
            "tests beside a file are run");
    put("r1_test.lua", "test('t', { text = 'x' }, 'spam', 'r')\n");
    judge(RULE("r", "return spam()"), "{}");
    has("\"verdict\":\"spam\"", "and hold");
    put("r1_test.lua", "\nrule('x', function() end)\n");
    refused(RULE("r", ""), "r1_test.lua:2: rule() cannot stand in a file of"
            " tests", "they declare nothing");
    put("r1_test.lua", "include 'tone.lua'\n");
    refused(RULE("r", ""), "include() cannot stand", "and include nothing");
    put("r1_test.lua", "settings { default = 'hold' }\n");
    refused(RULE("r", ""), "settings() cannot stand", "and set nothing");
    drop("r1_test.lua");

    put("tone_test.lua", "test('t', { text = 'x' }, 'spam')\n");
    refused("include 'tone.lua'", "tone_test.lua:1: the test \"t\" fails",
            "those of an included file, too");
    drop("tone_test.lua");
}


/* Files and folder belong to us: the worker is us, or somebody else. */

static int
load_as(unsigned uid)
{
    int              rc;
    char             path[256];
    const char      *paths[1] = { path };
    cmt__inputs_t    inputs;
    cmt_ruleset_t   *rules;

    path_of(path, 1);
    memset(&err, 0, sizeof(err));
    cmt__inputs_init(&inputs, arena, uid, 65534);
    rules = NULL;
    rc = cmt__ruleset_load(paths, 1, NULL, &inputs, &rules, &err);
    cmt_ruleset_free(rules);

    return rc;
}


static void
test_owner(void)
{
    char      path[256];
    unsigned  me, other;

    me = (unsigned) getuid();
    other = me + 1;
    path_of(path, 1);
    write_file(1, "include 'tone.lua'\n", 19);

    is_int(load_as(other), CMT_OK, "files of another user are fine");
    ok(chmod(path, 0606) == 0, "a file that everybody can write");
    is_int(load_as(other), CMT_EIO, "is refused");
    ok(strstr(err.detail, "can write it: give it to another") != NULL,
       "with a sentence that says what to do");
    is_int(load_as(0), CMT_OK, "unless nobody asks");
    ok(chmod(path, 0600) == 0, "as it was");

    (void) snprintf(path, sizeof(path), "%s/tone.lua", folder);
    ok(chmod(path, 0606) == 0, "an included one that everybody can write");
    is_int(load_as(other), CMT_ERULES, "is refused");
    ok(chmod(path, 0600) == 0, "as it was");

    ok(chmod(folder, 0707) == 0, "a folder that everybody can write");
    is_int(load_as(other), CMT_EIO, "is refused");
    ok(chmod(folder, 01707) == 0, "one with the sticky bit");
    is_int(load_as(other), CMT_OK, "is not");
    ok(chmod(folder, 0700) == 0, "as it was");

    if (me != 0) {
        is_int(load_as(me), CMT_EIO, "a worker's own file is refused");

    } else {
        path_of(path, 1);
        ok(chown(path, 33, (gid_t) -1) == 0, "a file of the worker's");
        is_int(load_as(33), CMT_EIO, "is refused");
        ok(chown(path, 0, (gid_t) -1) == 0, "as it was");
    }
}


int
main(void)
{
    char  command[64];

    begin();
    test_include();
    test_digest();
    test_refused();
    test_many();
    test_tests();
    test_owner();

    (void) snprintf(command, sizeof(command), "rm -rf %s", folder);
    is_int(system(command), 0, "all is cleared away");
    end();

    return done();
}
