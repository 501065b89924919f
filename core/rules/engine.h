/*
 * engine.h: what the files of rules/ share.
 *
 *   lua_api.c    Lua's library, loaded so that it meets no other
 *   load.c       files -> ruleset: bytecode, rules, tests, settings
 *   input.c      what may be opened, and what it was then; include.c
 *   history.c    the files of a ruleset in the store, and a ruleset of them
 *   register.c   rule(), disable(): what a file calls; settings.c, test.c
 *   engine.c     one evaluation: machines, rules, what they said
 *   decide.c     what follows from it; receipt.c: the same as JSON, without
 *                what redact.c takes out
 *   machine.c    one machine; heap.c, its memory; kept.c, for the next comment
 *   budget.c     steps, processor time, errors with their place
 *   globals.c    what a rule can call, and why that is safe
 *   *lib.c       those functions; also format.c, pairs.c, sort.c, find.c,
 *                gsub.c on match.c, the patterns; args.c, their arguments
 *   verdict.c    hold(), spam() ...
 *   facts.c      names and places of what is known of a comment
 *   textlib.c    text; fold.c, folded; timelib.c: time; list.h: lists, matches
 *   objects.h    the comment and what is found in it, for those below
 *   comment.c    the comment as rules see it; facts_json.c: as JSON gives it
 *   given.c      what of it a receipt keeps, to decide again; answers.c: and
 *                of what the store answered
 *   field.c      which fields a comment has
 *   nearest.c    what an author most likely meant
 *   names.c      what functions read that does not exist, and kinds.c: count
 *                that nothing counts; code.h: bytecode
 *   std.c        lua/std.lua, the rules that many sites want
 *
 * THE LIFE OF A MACHINE
 *
 *   heap opened -> lua_State made -> chunks run (they only register) -> heap
 *   copied -+-> rules called one by one -> machine idle -> heap copied back -+
 *           +----------------------------------------------------------------+
 *
 *   One evaluation normally needs one machine, which is as its files left it.
 *   When the memory of one is used up, the rest of the rules gets another.
 */

#ifndef CMT_RULES_ENGINE_H
#define CMT_RULES_ENGINE_H

#include "lua_api.h"


#define CMT__RULES_HOOK_STEPS          100     /* instructions between looks */
#define CMT__RULES_ENTRY_STEPS         50      /* charged for calling a rule */
#define CMT__RULES_CLOCK_STEPS         8192    /* steps between two clocks   */
#define CMT__RULES_ALLOC_BYTES         64      /* allocated for one step     */
#define CMT__RULES_SCAN_BYTES          16      /* looked at for one step     */
#define CMT__RULES_COPY_BYTES          64      /* copied for one step        */
#define CMT__RULES_LONG_BYTES          4096    /* see budget.c               */
#define CMT__RULES_LOAD_CPU_MS         2000
#define CMT__RULES_LOAD_BYTES_MAX      (32 * 1024 * 1024)  /* to compile     */
#define CMT__RULES_SET_BYTES_MAX       (64 * 1024 * 1024)  /* a ruleset      */
#define CMT__RULES_STRING_BYTES_MAX    (1024 * 1024)
#define CMT__RULES_NUMBER_BYTES_MAX    200     /* text that is a number      */
#define CMT__RULES_TRACE_BYTES_MAX     8192    /* what print() keeps         */
#define CMT__RULES_NOTE_BYTES_MAX      500
#define CMT__RULES_ERROR_BYTES_MAX     300
#define CMT__RULES_NAME_BYTES_MAX      100     /* of a rule or a test        */
#define CMT__RULES_FILES_MAX           64      /* without those of tests     */
#define CMT__RULES_INCLUDES_MAX        200     /* calls of include()         */
#define CMT__RULES_INCLUDE_DEPTH_MAX   8
#define CMT__RULES_RULES_MAX           500
#define CMT__RULES_TESTS_MAX           1000
#define CMT__RULES_PREDICATES_MAX      32
#define CMT__RULES_TAGS_MAX            16      /* of one comment             */
#define CMT__RULES_TAG_BYTES_MAX       64
#define CMT__RULES_GLOBS_MAX           32      /* in one filter              */
#define CMT__RULES_GLOB_BYTES_MAX      255
#define CMT__RULES_LANGUAGES_MAX       32      /* in one {nb=..., en=...}    */
#define CMT__RULES_VALUES_MAX          4096    /* results of one call        */
#define CMT__RULES_MACHINES_MAX        4       /* of one evaluation          */
#define CMT__RULES_SCORE_MAX           1000000
#define CMT__RULES_POW_BITS_MAX        40      /* of a challenge             */
#define CMT__RULES_STEPS_TESTS         100000000  /* all tests of a load     */
#define CMT__RULES_REDACTED_MAX        16      /* texts kept out of receipts */
#define CMT__RULES_REDACTED_BYTES_MIN  3
#define CMT__RULES_REDACTED_BYTES_MAX  200
#define CMT__RULES_NOTES_MAX           20      /* matches of one note        */
#define CMT__RULES_RECEIPT_ROWS_MAX    50      /* rules, errors in a receipt */
#define CMT__RULES_ANSWERS_MAX         64      /* of the store, in a receipt */
#define CMT__RULES_ANSWERS_BYTES_MAX   1000

#define CMT__RULES_HELD_TEXT  "A moderator will read this first."


typedef struct cmt__engine_s  cmt__engine_t;
typedef struct cmt__list_s    cmt__list_t;
typedef struct cmt__inputs_s  cmt__inputs_t;


#include "machine.h"


/*
 * What a file declared.
 */

typedef struct {
    cmt_str_t     name;
    cmt_str_t     file;              /* its name without the folders         */
    int           line;
    size_t        n_file;            /* index of the file                    */
    size_t        declared;          /* the n-th rule() of the files         */
    size_t        n_globs;
    cmt_str_t    *globs;             /* of pages; none: every page           */
    uint32_t      unless, only;      /* bits of predicates; 0: none          */
    unsigned      kinds;             /* bits of cmt_kind_t; 0: every kind    */
    unsigned      events;            /* bits of cmt__event_t; 0: every event */
    unsigned      langs;             /* of cmt__text_languages; 0: any       */
    unsigned      skip_on_error:1;
    unsigned      disabled:1;
} cmt__rule_t;

typedef struct {
    cmt_str_t     name;
    cmt_str_t     file;
    int           line;
    size_t        n_file;
    const cmt__json_t  *comment;
    cmt_verdict_t verdict;
    cmt_str_t     rule;              /* that must have decided; or empty     */
} cmt__test_t;

typedef struct {
    cmt_str_t     language;
    cmt_str_t     text;
} cmt__words_t;

typedef struct {
    cmt_verdict_t verdict;           /* when no rule gave one                */
    int64_t       hold, spam, reject;/* thresholds, thousandths; INT64_MAX   */
    cmt_str_t     language;          /* of the site, or empty                */
    size_t        n_reasons;
    cmt__words_t *reasons;           /* to the author, by language           */
} cmt__settings_t;

typedef struct {
    cmt_str_t     path;              /* as it was given                      */
    cmt_str_t     name;              /* its last part; names the chunk       */
    cmt_str_t     code;              /* bytecode                             */
    char          digest[65];        /* of its text                          */
    unsigned      is_built_in:1;
    unsigned      is_test:1;         /* x_test.lua: runs when it is loaded   */
} cmt__file_t;

typedef int (*cmt__predicate_built_in_t)(cmt__engine_t *e);

typedef struct {
    cmt_str_t                  name;
    cmt__predicate_built_in_t  holds;    /* NULL: a function of a file       */
    size_t                     n_file;
    size_t                     declared; /* as of a rule                     */
} cmt__predicate_t;

struct cmt_ruleset_s {
    cmt_arena_t         *arena;      /* holds the ruleset itself             */
    unsigned             users;      /* atomic; the last one frees it        */
    cmt__inputs_t       *inputs;     /* while it loads; else NULL            */
    cmt_rules_budget_t   budget;
    size_t               n_files, n_rules, n_tests;
    size_t               n_declared; /* calls of rule()                      */
    size_t               n_main;     /* files that were given; behind them
                                        those included, then those of tests  */
    size_t               n_test_files;
    size_t               n_includes;
    cmt__file_t         *files;      /* room for CMT__RULES_FILES_MAX, twice */
    unsigned char        includes[CMT__RULES_INCLUDES_MAX];
                                     /* the file of the n-th include()       */
    cmt__rule_t         *rules;      /* room for CMT__RULES_RULES_MAX        */
    cmt__test_t         *tests;      /* room for CMT__RULES_TESTS_MAX        */
    size_t               n_predicates;
    cmt__predicate_t     predicates[CMT__RULES_PREDICATES_MAX];
    cmt__settings_t      settings;
    size_t               n_lists;
    cmt__list_t        **lists;      /* in the order of the calls of list()  */
    cmt_str_t            std;        /* bytecode of lua/std.lua, and         */
    cmt_str_t            std_wordpress;  /* lua/std_wordpress.lua            */
    cmt__stock_t        *stock;      /* of machines                          */
    char                 digest[33];
    const cmt__generation_t  *sources;   /* NULL: they are not recorded, or
                                            too large to be kept             */
};


/*
 * What one rule said.
 */

typedef struct {
    const cmt__rule_t  *rule;
    cmt_verdict_t       verdict;     /* 0: a score, or skipped               */
    int64_t             score;       /* thousandths                          */
    unsigned            pow_bits;    /* of a challenge                       */
    cmt_str_t           note;
    cmt_str_t           message;     /* to the author; empty: none given     */
    cmt_str_t           error;       /* why it failed; empty: it did not     */
} cmt__outcome_t;


/*
 * One evaluation, or one load.
 */

/* A text folded, in the memory of the machine. */
typedef struct {
    cmt_str_t             text;                /* data NULL: not made yet    */
    cmt_str_t             source;
    const uint32_t       *map;                 /* where each byte comes from */
} cmt__folded_t;

typedef enum {
    CMT__TRIP_NONE = 0,
    CMT__TRIP_LOAD,                  /* steps of registering                 */
    CMT__TRIP_RULE,                  /* steps of one rule                    */
    CMT__TRIP_EVALUATION,            /* steps of all rules                   */
    CMT__TRIP_CPU
} cmt__trip_t;

#define CMT__SELF    0               /* index into engine.read               */
#define CMT__PARENT  1

struct cmt__engine_s {
    const cmt_ruleset_t  *ruleset;
    cmt_ruleset_t        *loading;   /* while its files register; else NULL  */
    const cmt__facts_t   *facts;     /* NULL while files run                 */
    cmt_str_t             language;
    cmt_arena_t          *arena;     /* the caller's: for what stays         */

    lua_State            *L;
    cmt__heap_t           heap;
    cmt__scratch_t        scratch;
    cmt__kept_t          *kept;      /* what L is of; NULL: of nothing       */

    uint64_t              steps, steps_max;    /* of what runs now           */
    uint64_t              steps_done;          /* of the rules before        */
    uint64_t              steps_load;          /* registering, all machines  */
    uint64_t              clock_at;            /* steps at the next look     */
    int64_t               cpu_end_us;
    unsigned              cpu_ms;
    unsigned              hook_steps;          /* as it is set now           */
    cmt__trip_t           trip_max;            /* what steps_max stands for  */
    cmt__trip_t           trip;                /* what was met               */

    size_t                file;                /* being registered           */
    size_t                declared, listed;    /* calls of rule(), list()    */
    size_t                included;            /* calls of include()         */
    uint64_t              ran;                 /* files, bits by their index */
    size_t                n_active;            /* one includes the next      */
    size_t                active[CMT__RULES_INCLUDE_DEPTH_MAX + 1];
    unsigned              running:1;           /* registering is over        */
    unsigned              left:1;              /* something outside of L     */
    unsigned              asked_language:1;    /* what was made is of it     */
    unsigned              ended:1;             /* a verdict ended it         */
    unsigned              clock_set:1;         /* to the time of the rules   */
    unsigned              fresh:1;             /* no rule ran here yet       */
    unsigned              keep_trace:1;
    unsigned              made_verdict:1;      /* the rule called hold() ... */

    size_t                next;                /* rule                       */
    const cmt__rule_t    *rule;                /* that runs; or NULL         */
    size_t                n_outcomes;
    cmt__outcome_t       *outcomes;            /* room for one of each rule  */
    uint32_t              asked, answers;      /* predicates, by their bits  */
    unsigned              lang;                /* bit of the comment's; 0: it
                                                  was not asked for yet      */
    size_t                n_marks, marks_kept;  /* by tag()             */
    cmt_str_t             marks[CMT__RULES_TAGS_MAX];
    cmt_arena_t          *lookup;              /* of the value last read     */
    size_t                n_effects;
    size_t                effects_kept;        /* of rules that are through  */
    cmt__effect_t        *effects;             /* CMT_RULES_WRITES_MAX       */
    size_t                n_errors;
    cmt__buf_t            errors;              /* JSON strings and commas    */
    cmt__buf_t            trace;
    cmt__buf_t            replies;             /* JSON arrays and commas     */
    size_t                answered;
    uint64_t              read[2];             /* facts, bits by their order */
    uint64_t              random[4];

    cmt__folded_t         folded;              /* of plain, when it was read */
    const cmt__shape_t   *shape;               /* the same                   */
    const size_t         *tags;
    size_t                n_redacted;
    cmt_str_t             redacted[CMT__RULES_REDACTED_MAX];
};

static inline cmt__engine_t *
cmt__engine_of(lua_State *L)
{
    return *(cmt__engine_t **) lua_getextraspace(L);
}

/* Installs the globals and runs the chunks of all files; raises.
 * (engine.c) */
void cmt__engine_register(lua_State *L);
/* Pushes the function of compiled code; raises. */
void cmt__engine_load(lua_State *L, cmt_str_t code, const char *name);
/* Runs the chunk of a file; raises. */
void cmt__engine_run_file(lua_State *L, size_t file);
/* Keeps the function at index as what the next rule() declares. */
void cmt__engine_keep(lua_State *L, int index);
/* Pushes the function of the n-th declaration. */
void cmt__engine_kept(lua_State *L, size_t declared);
/* The decision without its receipt.  CMT_ENOMEM.  (decide.c) */
int cmt__decide(cmt__engine_t *e, cmt__decision_t *d) CMT_CHECK;
/* Evaluates facts; the outcomes, in e, and the decision. */
int cmt__engine_evaluate(cmt__engine_t *e, const cmt_ruleset_t *ruleset,
    const cmt__facts_t *facts, cmt_str_t language, cmt_arena_t *arena,
    cmt__decision_t *decision, cmt_error_t *err) CMT_CHECK;


/*
 * Budgets and errors.  (budget.c)
 */

/* Starts to count what runs from now on; sets the hook. */
void cmt__budget_start(cmt__engine_t *e, uint64_t steps_max, cmt__trip_t what);
void cmt__budget_clock(cmt__engine_t *e, unsigned ms);
/* Processor time of this thread. */
int64_t cmt__budget_now_us(void);
/* What was too much, as a sentence. */
#define CMT__BUDGET_WORDS_BYTES  96
const char *cmt__budget_words(const cmt__engine_t *e, cmt__trip_t what,
    char words[CMT__BUDGET_WORDS_BYTES]);
/* Charges for work that is about to be done; raises when it is too much. */
void cmt__charge(lua_State *L, uint64_t steps);
void cmt__charge_scan(lua_State *L, uint64_t bytes);
void cmt__charge_copy(lua_State *L, uint64_t bytes);

/* Raises "file:line: text", the place being the nearest Lua function. */
_Noreturn void cmt__raise(lua_State *L, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* When the system had none for what does not belong to the machine. */
_Noreturn void cmt__raise_no_memory(lua_State *L);
_Noreturn void cmt__raise_argument(lua_State *L, int arg,
    const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Arguments.  A number is taken as text, as Lua does. */
cmt_str_t cmt__arg_string(lua_State *L, int arg);
lua_Integer cmt__arg_integer(lua_State *L, int arg);
lua_Integer cmt__arg_integer_or(lua_State *L, int arg, lua_Integer otherwise);
lua_Number cmt__arg_number(lua_State *L, int arg);
void cmt__arg_any(lua_State *L, int arg);
void cmt__arg_table(lua_State *L, int arg);
void cmt__arg_function(lua_State *L, int arg);
/* "comment", "table", "nil", "no value" */
const char *cmt__type_name(lua_State *L, int index);

/* Text from a rule that will be shown: valid UTF-8, at most bytes_max, cut
 * between characters; lines = 0 makes control characters spaces.  data NULL:
 * no memory. */
cmt_str_t cmt__clean(cmt_arena_t *arena, cmt_str_t s, size_t bytes_max,
    int controls);
/* The same in a fixed buffer, with NUL, short: for messages. */
#define CMT__SHOWN_BYTES  48
const char *cmt__shown(char out[CMT__SHOWN_BYTES], cmt_str_t s);


/*
 * The nearest right name.  (nearest.c)
 */

typedef struct {
    cmt_str_t     wrong;
    const char   *best;              /* NULL: nothing is near                */
    unsigned      distance;
    size_t        n_words;           /* of all that were offered, while they
                                        fit                                  */
    char          words[96];
    char          text[128];
} cmt__nearest_t;

void cmt__nearest_init(cmt__nearest_t *n, cmt_str_t wrong);
void cmt__nearest_offer(cmt__nearest_t *n, const char *right);
/* "; did you mean \"links\"?"; else, of few, which there are; or "". */
const char *cmt__nearest_text(cmt__nearest_t *n);


/*
 * What rules can call.
 */

typedef struct {
    const char     *library;         /* NULL: a global                       */
    const char     *name;
    lua_CFunction   function;
    const char     *why;             /* it may be there                      */
} cmt__global_t;

extern const cmt__global_t  cmt__globals[];  /* ends with name NULL */

void cmt__globals_install(lua_State *L);     /* (globals.c) */
/* Has a rule such a global, or the library (if it is one) such a member? */
int cmt__global_is_there(lua_State *L, cmt_str_t name);
int cmt__member_is_there(cmt_str_t library, cmt_str_t name);
/* As reading it would, with this place; library NULL: a global. */
_Noreturn void cmt__global_raise(lua_State *L, cmt_str_t file, size_t line,
    const cmt_str_t *library, cmt_str_t name);
/* Raises when a function of the files reads what is not there.  (names.c) */
void cmt__names_check(lua_State *L);

int cmt__base_assert(lua_State *L);          /* (baselib.c) */
int cmt__base_error(lua_State *L);
int cmt__base_ipairs(lua_State *L);
int cmt__base_pairs(lua_State *L);           /* (pairs.c) */
int cmt__base_print(lua_State *L);
int cmt__base_select(lua_State *L);
int cmt__base_tonumber(lua_State *L);
int cmt__base_tostring(lua_State *L);
int cmt__base_type(lua_State *L);
/* Pushes the text of a value, without addresses. */
cmt_str_t cmt__push_text(lua_State *L, int index);

int cmt__string_byte(lua_State *L);          /* (strlib.c) */
int cmt__string_char(lua_State *L);
int cmt__string_len(lua_State *L);
int cmt__string_lower(lua_State *L);
int cmt__string_rep(lua_State *L);
int cmt__string_reverse(lua_State *L);
int cmt__string_sub(lua_State *L);
int cmt__string_upper(lua_State *L);
/* Of text: where 1 is the first byte and -1 the last. */
size_t cmt__string_position(lua_Integer at, size_t len);
/* The metamethods of text that reckon: "10" + 1. */
void cmt__string_arithmetic(lua_State *L, int metatable);

int cmt__string_format(lua_State *L);        /* (format.c) */

int cmt__string_find(lua_State *L);          /* (find.c) */
int cmt__string_match(lua_State *L);
int cmt__string_gmatch(lua_State *L);
int cmt__string_gsub(lua_State *L);          /* (gsub.c) */

int cmt__table_concat(lua_State *L);         /* (tablelib.c) */
int cmt__table_insert(lua_State *L);
int cmt__table_pack(lua_State *L);
int cmt__table_remove(lua_State *L);
int cmt__table_sort(lua_State *L);           /* (sort.c) */
/*
 * 1 .. n in the order that comes_before says, equals as they were.  It lies in
 * the machine's heap.  steps are charged for each round of a merge; raises.
 */
typedef int (*cmt__before_pt)(lua_State *L, const void *things, uint32_t a,
    uint32_t b);
const uint32_t *cmt__sort(lua_State *L, size_t n, size_t steps,
    cmt__before_pt comes_before, const void *things);
int cmt__table_unpack(lua_State *L);

int cmt__math_abs(lua_State *L);             /* (mathlib.c) */
int cmt__math_acos(lua_State *L);
int cmt__math_asin(lua_State *L);
int cmt__math_atan(lua_State *L);
int cmt__math_ceil(lua_State *L);
int cmt__math_cos(lua_State *L);
int cmt__math_deg(lua_State *L);
int cmt__math_exp(lua_State *L);
int cmt__math_floor(lua_State *L);
int cmt__math_fmod(lua_State *L);
int cmt__math_log(lua_State *L);
int cmt__math_max(lua_State *L);
int cmt__math_min(lua_State *L);
int cmt__math_modf(lua_State *L);
int cmt__math_rad(lua_State *L);
int cmt__math_random(lua_State *L);
int cmt__math_sin(lua_State *L);
int cmt__math_sqrt(lua_State *L);
int cmt__math_tan(lua_State *L);
int cmt__math_tointeger(lua_State *L);
int cmt__math_type(lua_State *L);
int cmt__math_ult(lua_State *L);
void cmt__random_seed(cmt__engine_t *e, uint64_t seed);

int cmt__utf8_lib_char(lua_State *L);        /* (utf8lib.c) */
int cmt__utf8_lib_codepoint(lua_State *L);
int cmt__utf8_lib_codes(lua_State *L);
int cmt__utf8_lib_len(lua_State *L);
int cmt__utf8_lib_offset(lua_State *L);
/* Bytes of the character at s, n >= 1 bytes long; 0: not valid. */
size_t cmt__utf8_decode(const char *s, size_t n, uint32_t *point);

/* The keys that they take, up to NULL. */
extern const char *const  cmt__filter_keys[];      /* (register.c) */
extern const char *const  cmt__setting_names[];    /* (settings.c) */
extern const char *const  cmt__list_options[];     /* (listlib.c) */

int cmt__register_include(lua_State *L);     /* (include.c) */
/* Runs the files of tests that lie beside the others; raises. */
void cmt__load_tests(lua_State *L);
/* Reads, compiles and adds a file.  CMT_ERULES, CMT_EIO, CMT_ENOMEM.
 * (load.c) */
int cmt__load_file(cmt_ruleset_t *rs, cmt_arena_t *temp, const char *path,
    size_t *file, cmt_error_t *err) CMT_CHECK;
/* Makes rs->sources of what was recorded.  CMT_ENOMEM.  (history.c) */
int cmt__sources_keep(cmt_ruleset_t *rs, const cmt__inputs_t *inputs,
    const char *const *paths, size_t n_paths) CMT_CHECK;
#define CMT__STANDARD_ASSET        "lua/standard.lua"
#define CMT__STANDARD_TESTS_ASSET  "lua/standard_test.lua"
/* The same for one that is compiled in. */
int cmt__load_built_in(cmt_ruleset_t *rs, cmt_arena_t *temp,
    const char *asset, size_t *file, cmt_error_t *err) CMT_CHECK;
/* As cmt_ruleset_load(); what was looked at is noted in inputs, also when it
 * fails. */
int cmt__ruleset_load(const char *const *paths, size_t n_paths,
    const cmt_rules_budget_t *budget, cmt__inputs_t *inputs,
    cmt_ruleset_t **ruleset, cmt_error_t *err) CMT_CHECK;

/* Raises unless files are being registered that may do so. */
void cmt__register_now(lua_State *L, const char *call);   /* (register.c) */
/* Raises: a file did otherwise than when the ruleset was loaded. */
_Noreturn void cmt__register_differs(lua_State *L);
int cmt__register_disable(lua_State *L);
int cmt__register_rule(lua_State *L);
int cmt__register_settings(lua_State *L);    /* (settings.c) */
int cmt__register_test(lua_State *L);        /* (test.c) */
int cmt__register_predicate(lua_State *L);   /* (predicate.c) */
void cmt__predicates_init(cmt_ruleset_t *rs);
uint32_t cmt__predicates_read(lua_State *L, int index, const char *what);
int cmt__predicates_any(lua_State *L, uint32_t bits);
/* The language of the comment as a bit; a bit of no language: not known. */
unsigned cmt__predicate_lang(lua_State *L);
int cmt__tag(lua_State *L);
/* A name from an argument, copied, with NUL; raises. */
cmt_str_t cmt__register_name(lua_State *L, int arg, const char *what);
void cmt__register_place(lua_State *L, cmt_str_t *file, int *line);
/* The word as a verdict; raises. */
cmt_verdict_t cmt__verdict_word(lua_State *L, cmt_str_t word);

int cmt__verdict_accept(lua_State *L);       /* (verdict.c) */
int cmt__verdict_challenge(lua_State *L);
int cmt__verdict_hold(lua_State *L);
int cmt__verdict_nudge(lua_State *L);
int cmt__verdict_reject(lua_State *L);
int cmt__verdict_score(lua_State *L);
int cmt__verdict_spam(lua_State *L);

typedef struct {
    cmt_verdict_t  verdict;          /* 0: a score                           */
    int64_t        score;
    unsigned       pow_bits;         /* of a challenge                       */
    size_t         note_len, message_len;
    char           text[];           /* note, then message                   */
} cmt__verdict_t;

/* The verdict at index, or NULL when it is something else. */
const cmt__verdict_t *cmt__verdict_at(lua_State *L, int index);
/* The words in the author's language; empty when there are none. */
cmt_str_t cmt__words_choose(const cmt__words_t *words, size_t n,
    cmt_str_t language, cmt_str_t site_language);
/* Reads a text or a table {nb=..., en=...} at index; raises. */
size_t cmt__words_read(lua_State *L, int index, const char *what,
    cmt__words_t words[CMT__RULES_LANGUAGES_MAX]);
/* A score as thousandths; raises. */
int64_t cmt__score_read(lua_State *L, int index, const char *what);


#include "objects.h"


/* The text without what rules asked to keep out of the receipt.  data NULL:
 * no memory.  (redact.c) */
cmt_str_t cmt__redact(const cmt__engine_t *e, cmt_str_t s);


/* Evaluates and writes the receipt; e is all zero but for keep_trace.
 * (receipt.c) */
int cmt__receipt_evaluate(cmt__engine_t *e, const cmt_ruleset_t *ruleset,
    const cmt__facts_t *facts, cmt_str_t language, cmt_arena_t *arena,
    cmt__decision_t *decision, cmt_error_t *err) CMT_CHECK;

/* Runs the tests of a ruleset.  (test.c) */
int cmt__tests_run(const cmt_ruleset_t *ruleset, cmt_error_t *err) CMT_CHECK;

/* The library std.  (std.c) */
#define CMT__STD_CHUNK  "=std"       /* no file, which begins with "@"       */
/* Pushes one of its functions. */
void cmt__std_push(lua_State *L, const char *name);
int cmt__std_lib_words(lua_State *L);
/* A file of lua/ that is compiled in. */
cmt_str_t cmt__std_source(const char *name);
/* The words of a key of the catalogues, for the author. */
cmt_str_t cmt__std_words(const cmt__engine_t *e, const char *key);


#endif /* CMT_RULES_ENGINE_H */
