/*
 * rules_list.c: any bytes as a list, before a line of "---", and as a text,
 * behind it.  The first byte chooses how the list matches.  What is found
 * stands where it is said to stand.
 */

#include "rules_fuzz.h"


#define CUT  "\n---\n"

static const char *const  kinds[] = { "word", "substring", "domain", "prefix" };

static const char  source[] =
    "local words = list('list.txt', { match = '%s', case = %s })\n"
    "local ok = list('list.txt')\n"
    "local but = list('list.txt', { match = '%s', except = ok })\n"
    "rule('r', function(c)\n"
    "  local all = c:find_all(words)\n"
    "  assert(#all <= 200)\n"
    "  for _, m in ipairs(all) do\n"
    "    if '%s' ~= 'domain' then\n"
    "      assert(c.plain:sub(m.at + 1, m.at + #m.text) == m.text)\n"
    "    end\n"
    "    assert(m.weight)\n"
    "  end\n"
    "  local first = c:find(words)\n"
    "  assert((first == nil) == (#all == 0))\n"
    "  assert(c:count(words) >= #all)\n"
    "  assert(c:count(but) <= c:count(words) or %s)\n"
    "  words:has(c.plain)\n"
    "  if '%s' ~= 'domain' then words:find(c.plain) end\n"
    "end)\n";


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char              rules_text[sizeof(source) + 64];
    size_t            n;
    cmt_str_t         typed;
    cmt_error_t       err;
    cmt_arena_t      *arena;
    const char       *kind, *exact;
    cmt__facts_t      facts;
    const uint8_t    *cut;
    cmt_ruleset_t    *rules;
    cmt__decision_t   d;

    if (size == 0) {
        return 0;
    }

    folder_make();
    kind = kinds[data[0] % 4];
    exact = data[0] & 4 ? "true" : "false";
    cut = memmem(data + 1, size - 1, CUT, sizeof(CUT) - 1);
    n = cut != NULL ? (size_t) (cut - data) - 1 : size - 1;

    (void) snprintf(rules_text, sizeof(rules_text), source, kind, exact, kind,
                    kind, exact, kind);
    file_write(rules_path, rules_text, strlen(rules_text));
    file_write(list_path, data + 1, n);

    if (rules_load(&rules, &err) != CMT_OK) {
        return 0;
    }

    cmt__facts_default(&facts);
    arena = cmt_arena_create(CMT_ARENA_BYTES_MAX);
    expect(arena != NULL);

    if (cut != NULL) {
        typed.data = (const char *) cut + sizeof(CUT) - 1;
        typed.len = size - 1 - n - (sizeof(CUT) - 1);

        if (cmt__utf8_valid(typed)
            && cmt__text_render(arena, CMT_MARKUP_PLAIN, typed, &facts.text)
               != CMT_OK)
        {
            cmt__facts_default(&facts);
        }
    }

    decide(rules, &facts, &d);

    if (d.failed) {
        cmt_arena_reset(arena);
        receipt_of(rules, &facts, arena, &d);
        expect(memmem(d.receipt.data, d.receipt.len, "assertion failed", 16)
               == NULL);
    }

    cmt_arena_destroy(arena);
    cmt_ruleset_free(rules);

    return 0;
}
