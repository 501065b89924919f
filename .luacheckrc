-- What luacheck knows of files of rules: `luacheck lua`.

std = {
  read_globals = {
    -- what a file declares
    "disable", "predicate", "include", "list", "rule", "settings", "test",

    -- what a rule answers
    "accept", "challenge", "hold", "nudge", "reject", "score", "spam", "tag",

    -- what there is of Lua; core/rules/globals.c says why
    "_VERSION", "assert", "error", "ipairs", "pairs", "print", "select",
    "tonumber", "tostring", "type",
    math = {
      fields = {
        "abs", "acos", "asin", "atan", "ceil", "cos", "deg", "exp", "floor",
        "fmod", "huge", "log", "max", "maxinteger", "min", "mininteger",
        "modf", "pi", "rad", "random", "sin", "sqrt", "tan", "tointeger",
        "type", "ult",
      },
    },
    lang = { fields = { "guess" } },
    rate = { fields = { "add", "count" } },
    store = { fields = { "del", "get", "set" } },
    std = {
      fields = {
        "first_comment", "flood", "honeypot", "links", "mixed_alphabets",
        "shouting", "staff", "throwaway", "too_fast", "wordpress", "words",
      },
    },
    string = {
      fields = {
        "byte", "char", "find", "format", "gmatch", "gsub", "len", "lower",
        "match", "rep", "reverse", "sub", "upper",
      },
    },
    table = {
      fields = { "concat", "insert", "pack", "remove", "sort", "unpack" },
    },
    text = {
      fields = {
        "contacts", "distance", "fold", "leet", "len", "links", "lower", "mask",
        "near", "sub", "trim", "words",
      },
    },
    time = { fields = { "date", "human", "local_", "parse", "span" } },
    utf8 = {
      fields = {
        "char", "charpattern", "codepoint", "codes", "len", "offset",
      },
    },
  },
}

max_line_length = 80

-- Attacks on the sandbox: not meant to look well.  Definitions for editors:
-- nothing in them runs.
exclude_files = { "t/lua/abuse", "lua/types" }
