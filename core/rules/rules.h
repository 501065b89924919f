/*
 * rules/: the only folder that sees <lua.h>.  Evaluates moderators' rules in
 * a sandbox and says what they decided and why.
 *
 * Lua is loaded with dlopen(), local to us, so that a LuaJIT in the same
 * process (http-lua) and its symbols of the same names never meet ours.
 */

#ifndef CMT_RULES_H
#define CMT_RULES_H

#include "../base/base.h"
#include "../store/store.h"
#include "../text/text.h"


typedef enum { CMT__EVENT_POST, CMT__EVENT_EDIT, CMT__EVENT_IMPORT }
    cmt__event_t;
typedef enum { CMT__ROLE_READER, CMT__ROLE_MEMBER, CMT__ROLE_STAFF,
    CMT__ROLE_MODERATOR } cmt__role_t;
typedef enum { CMT__PROOF_NONE, CMT__PROOF_COOKIE, CMT__PROOF_MAIL,
    CMT__PROOF_LOGIN } cmt__proof_t;

#define CMT__UNKNOWN  (-1)       /* of a number that may be unknown: nil     */

/*
 * Where rules look for what they ask while they run: the snapshot that the
 * facts were read from, which the caller holds until the evaluation is over.
 * Without one (tests, `rules run`) nothing is known but what facts give.
 */
typedef struct {
    cmt_read_t          *read;           /* NULL: none                       */
    uint32_t             site;           /* 0: it has no comment yet         */
    uint64_t             thread;         /* 0: it has no comment yet         */
    cmt__hash_t          identity, cookie;   /* of the author; zero: none    */
    unsigned             signed_in:1;    /* the identity is proven           */
    const cmt__json_t   *rate, *store;   /* what a test gives instead; NULL  */
} cmt__past_t;

/* What rules want to be written with the comment. */
typedef enum { CMT__EFFECT_COUNT, CMT__EFFECT_SET, CMT__EFFECT_DEL }
    cmt__effect_kind_t;

typedef struct {
    cmt__effect_kind_t   kind;
    cmt_str_t            name, key;
    cmt_str_t            value;          /* [value] as JSON, of _SET         */
    int64_t              seconds;        /* how long it counts or is kept    */
} cmt__effect_t;

/* The files of the ruleset with this digest, or the only one that begins so.
 * CMT_ENOTFOUND, CMT_ENOMEM.  (history.c) */
#define CMT__DIGEST_CHARS_MIN  6
int cmt__kept_get(cmt_store_t *store, cmt_str_t digest, cmt_arena_t *arena,
    cmt__generation_t *g, cmt_error_t *err) CMT_CHECK;

/*
 * What rules can know of a comment.  A string with data NULL, and a number
 * of CMT__UNKNOWN, is nil to a rule: never zero, never "".
 */
typedef struct cmt__facts_s  cmt__facts_t;
struct cmt__facts_s {
    cmt__event_t         event;
    cmt_kind_t           kind;
    uint64_t             id;             /* 0: not known yet (nil)           */
    int64_t              time;           /* of the event, Unix seconds       */
    uint64_t             seed;           /* of math.random                   */

    cmt__text_t          text;           /* text, plain, length, words, links*/

    struct {
        cmt_str_t        key;            /* hex of the keyed hash, or nil    */
        cmt_str_t        name;
        cmt_str_t        url;            /* nil when none                    */
        cmt__role_t      role;
        cmt__proof_t     proof;
        int64_t          first_seen;     /* CMT__UNKNOWN                     */
        int64_t          approved, held, rejected, spam;
        int64_t          upheld_flags;   /* reports that were right          */
        const cmt__json_t  *recent;      /* what a test gives; NULL          */
    } author;

    cmt_str_t            ip_key;         /* hex or nil                       */
    cmt_str_t            address;        /* of the peer, for lists of networks:
                                            no rule sees it                  */
    cmt_str_t            ip_country, agent;  /* nil when not known           */
    const cmt__json_t   *vars;           /* object of texts; or NULL         */

    struct {
        int64_t          seconds;        /* CMT__UNKNOWN                     */
        int              honeypot;       /* 0, 1, CMT__UNKNOWN               */
        int64_t          pow_bits;       /* of work, proven for these words  */
        int              js;             /* 1: a script sent it, or a program;
                                            0: a browser did without         */
        int64_t          pasted;         /* characters of text that were not
                                            typed; CMT__UNKNOWN              */
    } form;

    const cmt__facts_t  *parent;         /* shallow: text, author, time, id  */

    struct {
        cmt_str_t        path;
        cmt_str_t        url;            /* nil when not known               */
        cmt_str_t        title;          /* nil when not known               */
        const cmt__json_t  *meta, *tags; /* objects of texts; or NULL        */
        cmt_str_t        about;          /* both, as the page said it ...    */
        int64_t          told;           /* ... then; 0: never               */
        int64_t          age;            /* seconds since its first comment  */
    } page;

    struct {
        int64_t          comments;       /* approved ones                    */
        int              closed;
        int64_t          depth;          /* where it will stand, 0: top      */
        int64_t          authors, per_hour;  /* CMT__UNKNOWN: asked of past  */
        double           removed_share;
        const cmt__json_t  *pair_replies;    /* what a test gives; NULL      */
    } thread;

    cmt__past_t          past;
    const cmt__json_t   *answers;        /* of a receipt, instead; or NULL   */
};

/* Harmless defaults, as `test()` and `rules run` use them: a plain comment
 * by a reader with one approved comment, on page "/". */
void cmt__facts_default(cmt__facts_t *facts);

/* What of a comment only its receipt keeps: facts without any of that, and
 * the member "given" of a receipt (NULL is allowed) put into them.  Texts
 * point into given.  (given.c) */
void cmt__given_ordinary(cmt__facts_t *facts);
void cmt__given_read(const cmt__json_t *given, cmt__facts_t *facts);

typedef struct {
    cmt_verdict_t  verdict;
    int64_t        score;                /* sum, in thousandths              */
    cmt_str_t      message;              /* to the author; empty: none given */
    cmt_str_t      receipt;              /* JSON, docs/rules.md "Receipts"   */
    unsigned       pow_bits;             /* that a challenge asks for        */
    size_t         n_effects;            /* at most CMT_RULES_WRITES_MAX     */
    const cmt__effect_t  *effects;       /* to be written with the comment   */
    unsigned       failed:1;             /* a rule failed: verdict is hold or
                                            stricter                         */
} cmt__decision_t;

/*
 * Evaluates.  Always decides: a rule that raises, runs over its budget or
 * gives nonsense counts as hold and the others still run; the engine's own
 * trouble (no memory, no Lua) is CMT_ENOMEM or CMT_ERULES, and the caller
 * holds the comment.  Every string of the decision is in the arena.
 * Deterministic but for "us" in the receipt: same files, same facts, same
 * answer.  language: "en", "nb" ...: which public text the author gets.
 */
int cmt__rules_evaluate(const cmt_ruleset_t *ruleset,
    const cmt__facts_t *facts, cmt_str_t language, cmt_arena_t *arena,
    cmt__decision_t *decision, cmt_error_t *err) CMT_CHECK;
/* The same for a moderator who tries rules: with what they print, and without
 * the hashes that tell authors apart. */
int cmt__rules_try(const cmt_ruleset_t *ruleset, const cmt__facts_t *facts,
    cmt_str_t language, cmt_arena_t *arena, cmt__decision_t *decision,
    cmt_error_t *err) CMT_CHECK;


#endif /* CMT_RULES_H */
