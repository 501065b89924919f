/*
 * rules_pattern.c: any text, pattern and replacement, parted by line feeds,
 * for the functions that match and format.  The first byte chooses.  Whatever
 * they say, it ends within the budget and holds what a caller relies on.
 */

#include "rules_fuzz.h"


#define OPERATIONS  9


static const char  source[] =
    "local function all(s, p)\n"
    "  for w in s:gmatch(p) do assert(w) end\n"
    "end\n"
    "local ops = {\n"
    "  function(s, p)\n"
    "    local a, b = s:find(p)\n"
    "    if a then\n"
    "      assert(a >= 1 and b <= #s and b >= a - 1)\n"
    "      assert(#s:sub(a, b) == b - a + 1)\n"
    "    end\n"
    "  end,\n"
    "  function(s, p)\n"
    "    local a, b = s:find(p, 1, true)\n"
    "    if a then assert(s:sub(a, b) == p) end\n"
    "  end,\n"
    "  function(s, p) s:match(p, -3) end,\n"
    "  all,\n"
    "  function(s, p, r)\n"
    "    local t, n = s:gsub(p, r, 100)\n"
    "    assert(n <= 100)\n"
    "    if n == 0 then assert(t == s) end\n"
    "  end,\n"
    "  function(s, p) s:gsub(p, { a = 'b', [s] = p }) end,\n"
    "  function(s, p) s:gsub(p, function(x) return x end) end,\n"
    "  function(s, p, r) p:format(s, #s, r, 1.5, -7) end,\n"
    "  function(s, p, r)\n"
    "    assert(text.fold(text.lower(s)))\n"
    "    assert(#text.trim(s) <= #s)\n"
    "    assert(text.distance(text.sub(s, 1, 64), text.sub(p, 1, 64)) <= 64)\n"
    "    for _, m in ipairs(text.contacts(s)) do\n"
    "      assert(s:sub(m.at + 1, m.at + #m.text) == m.text)\n"
    "    end\n"
    "    text.near(s, { p }, { r }, 3)\n"
    "    time.parse(s)\n"
    "    utf8.len(s)\n"
    "    for _, w in ipairs(text.words(s)) do assert(s:find(w, 1, true)) end\n"
    "  end\n"
    "}\n"
    "rule('r', function(c)\n"
    "  ops[c.author.approved](c.author.key, c.author.name, c.author.url)\n"
    "end)\n";


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    cmt_str_t              rest;
    cmt_error_t            err;
    cmt__facts_t           facts;
    cmt__decision_t        d;
    static cmt_ruleset_t  *rules;

    if (rules == NULL) {
        folder_make();
        file_write(rules_path, source, sizeof(source) - 1);
        expect(rules_load(&rules, &err) == CMT_OK);
    }

    if (size == 0) {
        return 0;
    }

    rest = (cmt_str_t) { size - 1, (const char *) data + 1 };
    cmt__facts_default(&facts);
    facts.author.approved = 1 + data[0] % OPERATIONS;
    facts.author.key = part_next(&rest);
    facts.author.name = part_next(&rest);
    facts.author.url = part_next(&rest);

    decide(rules, &facts, &d);

    /* A pattern may be wrong and a budget may end; nothing else may. */
    expect(d.verdict == CMT_VERDICT_ACCEPT || d.failed);

    return 0;
}
