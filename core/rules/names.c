/*
 * names.c: finds in the code of files what no rule could ever call: a global,
 * or a member of a library, that does not exist once all files have run, and
 * a field of the comment.  It would raise an error only when a comment comes
 * by.  And what `rate` is asked for, but nothing counts: it would be 0.
 *
 * Lua has no list of the globals that a function reads, but its bytecode has:
 *
 *   GETTABUP A B C   R[A] = upvalue B [constant C]     B: _ENV
 *   GETFIELD A B C   R[A] = R[B] [constant C]          of the library in R[B]
 *   SELF     A B C   R[A] = R[B] [constant C]          the same, to be called
 *   LOADK    A Bx    R[A] = constant Bx                a function's argument
 *   CALL     A B C   R[A] (R[A + 1] ...)
 *
 * The comment is R[0] of a function that rule() or predicate() was given, found
 * by its lines; one that changes R[0], itself or by a function within it, is
 * left alone.
 */

#include <stdio.h>
#include <string.h>

#include "code.h"
#include "engine.h"
#include "objects.h"


#define HEAD            "\x1bLua\x54\0\x19\x93\r\n\x1a\n\4\10\10"
#define HEAD_BYTES      31           /* with two numbers behind it           */
#define DEPTH_MAX       200          /* as of Lua's parser                   */
#define NONE            0x100        /* no upvalue                           */
#define SPOTS_MAX       (CMT__RULES_RULES_MAX + CMT__RULES_PREDICATES_MAX)


/* Lines of functions that get a comment. */
typedef struct {
    size_t             line, last;
    unsigned           given, seen;  /* how often there, and in the file     */
} spot_t;

typedef struct {
    lua_State         *L;
    const cmt__file_t *file;
    cmt__kinds_t      *kinds;
    cmt__bytecode_t    code;
    unsigned           counting:1;   /* the spots, nothing else              */
    unsigned           replaced:1;   /* R[0], by a function within           */
    size_t             n_spots;
    spot_t             spots[SPOTS_MAX];
} reader_t;


static void read_file(reader_t *r);
static void find_spots(reader_t *r, size_t n_declared);
static spot_t *spot_of(reader_t *r, size_t line, size_t last);
static void read_function(reader_t *r, unsigned env, unsigned comment,
    unsigned depth);
static unsigned upvalue_of(const uint8_t *up, size_t n, unsigned is_local,
    unsigned index);
static void check_code(reader_t *r, const cmt__function_t *f, unsigned env);
static void note_kind(reader_t *r, const cmt__function_t *f, size_t pc);
static void check_comment(reader_t *r, const cmt__function_t *f);
static void check_fields(reader_t *r, const cmt__function_t *f, size_t pc);


void
cmt__names_check(lua_State *L)
{
    size_t                i;
    reader_t              r;
    cmt__kinds_t          kinds;
    const cmt_ruleset_t  *rs;

    rs = cmt__engine_of(L)->loading;
    kinds.n = 0;
    kinds.open = 0;

    for (i = 0; i < rs->n_files; i++) {
        r.L = L;
        r.kinds = &kinds;
        r.file = &rs->files[i];
        r.n_spots = 0;
        find_spots(&r, rs->n_declared);
        r.counting = 1;
        read_file(&r);
        r.counting = 0;
        read_file(&r);
        kinds.open |= r.code.bad;
    }

    cmt__kinds_check(L, &kinds);
}


static void
read_file(reader_t *r)
{
    r->code.bad = r->file->code.len > 0;
    r->code.at = (const uint8_t *) r->file->code.data;
    r->code.end = r->code.at + r->file->code.len;

    if (r->file->code.len > HEAD_BYTES + 1
        && memcmp(r->code.at, HEAD, sizeof(HEAD) - 1) == 0)
    {
        r->code.bad = 0;
        r->code.at += HEAD_BYTES + 1;    /* and the count of upvalues */
        read_function(r, NONE, NONE, 0);
    }
}


/* Where the functions stand that rule() and predicate() were given. */

static void
find_spots(reader_t *r, size_t n_declared)
{
    size_t     i;
    spot_t    *spot;
    lua_Debug  ar;

    for (i = 0; i < n_declared; i++) {
        memset(&ar, 0, sizeof(ar));
        cmt__engine_kept(r->L, i);

        if (lua_type(r->L, -1) != LUA_TFUNCTION) {
            lua_pop(r->L, 1);
            continue;
        }

        (void) lua_getinfo(r->L, ">S", &ar);

        if (ar.source == NULL || ar.linedefined <= 0
            || !cmt__str_is(r->file->name, ar.source + 1))
        {
            continue;
        }

        spot = spot_of(r, (size_t) ar.linedefined, (size_t) ar.lastlinedefined);

        if (spot == NULL && r->n_spots < SPOTS_MAX) {
            spot = &r->spots[r->n_spots++];
            spot->line = (size_t) ar.linedefined;
            spot->last = (size_t) ar.lastlinedefined;
            spot->given = spot->seen = 0;
        }

        if (spot != NULL) {
            spot->given++;
        }
    }
}


static spot_t *
spot_of(reader_t *r, size_t line, size_t last)
{
    size_t  i;

    for (i = 0; i < r->n_spots; i++) {
        if (r->spots[i].line == line && r->spots[i].last == last) {
            return &r->spots[i];
        }
    }

    return NULL;
}


/* env: which upvalue of the function around it has the globals; NONE.
 * comment: as well, or its R[0]. */

static void
read_function(reader_t *r, unsigned env, unsigned comment, unsigned depth)
{
    size_t          i, n;
    unsigned        own, mine;
    cmt__function_t      f;
    spot_t         *spot;
    const uint8_t  *up;

    memset(&f, 0, sizeof(f));

    if (depth > DEPTH_MAX) {
        r->code.bad = 1;
        return;
    }

    (void) cmt__code_string(&r->code);
    f.line = cmt__code_number(&r->code);
    f.last = cmt__code_number(&r->code);
    f.parameters = cmt__code_byte(&r->code);
    (void) cmt__code_skip(&r->code, 2, 1);
    f.n_code = cmt__code_number(&r->code);
    f.code = cmt__code_skip(&r->code, f.n_code, 4);
    cmt__code_constants(&r->code, &f);

    n = cmt__code_number(&r->code);
    up = cmt__code_skip(&r->code, n, 3);
    n = r->code.bad ? 0 : n;
    own = depth == 0 ? 0 : upvalue_of(up, n, 0, env);
    mine = upvalue_of(up, n, depth == 2, comment);
    r->replaced = depth > 1 && (r->replaced || cmt__code_sets(&f, mine));

    n = cmt__code_number(&r->code);

    for (i = 0; i < n && !r->code.bad; i++) {
        read_function(r, own, depth == 1 ? 0 : mine, depth + 1);
    }

    cmt__code_debug(&r->code, &f);

    spot = depth == 1 ? spot_of(r, f.line, f.last) : NULL;

    if (r->code.bad) {
        return;
    }

    if (r->counting) {
        if (spot != NULL) {
            spot->seen++;
        }

        return;
    }

    if (own != NONE) {
        check_code(r, &f, own);
    }

    /* Another function in the same line could be the one that was given. */

    if (spot != NULL && spot->seen <= spot->given && f.parameters > 0
        && !r->replaced)
    {
        check_comment(r, &f);
    }
}


/* What is there a local of the function around, or an upvalue of it; NONE. */

static unsigned
upvalue_of(const uint8_t *up, size_t n, unsigned is_local, unsigned index)
{
    size_t  i;

    for (i = 0; i < n; i++) {
        if (up[3 * i] == is_local && up[3 * i + 1] == index) {
            return (unsigned) i;
        }
    }

    return NONE;
}


/* Two in a row: text.links is the member of what was just read. */

static void
check_code(reader_t *r, const cmt__function_t *f, unsigned env)
{
    size_t     pc;
    uint32_t   op, next;
    cmt_str_t  name, member;

    for (pc = 0; pc < f->n_code; pc++) {
        op = cmt__op_at(f, pc);
        name = cmt__op_text(f, op);

        /* all globals, or the name of one past CMT__CODE_CONSTANTS */

        if ((op & 0x7f) == CMT__OP_GETUPVAL && (op >> 16 & 0xff) == env) {
            r->kinds->open = 1;
        }

        if ((op & 0x7f) != CMT__OP_GETTABUP || (op >> 16 & 0xff) != env
            || name.data == NULL)
        {
            continue;
        }

        if (cmt__str_is(name, "rate")) {
            note_kind(r, f, pc);
        }

        if (!cmt__global_is_there(r->L, name)) {
            cmt__global_raise(r->L, r->file->name, cmt__code_line(f, pc), NULL,
                              name);
        }

        next = pc + 1 < f->n_code ? cmt__op_at(f, pc + 1) : 0;
        member = cmt__op_text(f, next);

        if ((next & 0x7f) == CMT__OP_GETFIELD
            && (next >> 16 & 0xff) == (op >> 7 & 0xff)
            && member.data != NULL
            && !cmt__member_is_there(name, member)
            && !cmt__code_jumps_to(f, pc + 1))
        {
            cmt__global_raise(r->L, r->file->name, cmt__code_line(f, pc + 1),
                              &name, member);
        }
    }
}


/*
 * rate.count("links", ...), rate.add("links", ...), where `rate` is read at pc.
 * Whoever does anything else with `rate` may add to any kind.
 */

static void
note_kind(reader_t *r, const cmt__function_t *f, size_t pc)
{
    uint32_t     op;
    cmt_str_t    member;
    cmt__kind_t  kind;

    op = pc + 1 < f->n_code ? cmt__op_at(f, pc + 1) : 0;
    member = cmt__op_text(f, op);

    if ((op & 0x7f) != CMT__OP_GETFIELD
        || (op >> 16 & 0xff) != (cmt__op_at(f, pc) >> 7 & 0xff)
        || member.data == NULL
        || cmt__code_jumps_to(f, pc + 1))
    {
        r->kinds->open = 1;
        return;
    }

    kind.name = cmt__code_argument(f, pc + 2, op >> 7 & 0xff);
    kind.file = r->file->name;
    kind.line = cmt__code_line(f, pc);
    kind.is_added = !cmt__str_is(member, "count");

    if (kind.name.data != NULL) {
        cmt__kinds_note(r->kinds, &kind);

    } else if (kind.is_added) {
        r->kinds->open = 1;
    }
}


/* R[0] is the comment, from the first instruction to the last. */

static void
check_comment(reader_t *r, const cmt__function_t *f)
{
    size_t  pc;

    for (pc = 0; pc < f->n_code; pc++) {
        if (cmt__op_changes(cmt__op_at(f, pc), 0)) {
            return;
        }
    }

    for (pc = 0; pc < f->n_code; pc++) {
        if ((cmt__op_at(f, pc) >> 16 & 0xff) == 0) {
            check_fields(r, f, pc);
        }
    }
}


/* c.author.approved: one behind the other. */

static void
check_fields(reader_t *r, const cmt__function_t *f, size_t pc)
{
    char                 place[CMT__SHOWN_BYTES + 32];
    char                 shown[CMT__SHOWN_BYTES];
    uint32_t             op;
    cmt_str_t            name;
    const cmt__fact_t   *row;
    const cmt__class_t  *class;

    for (class = &cmt__class_comment; pc < f->n_code; pc++) {
        op = cmt__op_at(f, pc);
        name = cmt__op_text(f, op);

        if (((op & 0x7f) != CMT__OP_GETFIELD
             && ((op & 0x7f) != CMT__OP_SELF || (op >> 15 & 1) == 0))
            || name.data == NULL)
        {
            return;
        }

        if (!cmt__field_is_there(class, name)) {
            (void) snprintf(place, sizeof(place), "%s:%zu: ",
                            cmt__shown(shown, r->file->name),
                            cmt__code_line(f, pc));
            cmt__field_raise(r->L, place, class, name);
        }

        row = cmt__class_find(class, name);

        if (row == NULL
            || (row->type != CMT__FACT_OBJECT
                && row->type != CMT__FACT_PARENT)
            || pc + 1 == f->n_code || cmt__code_jumps_to(f, pc + 1)
            || (cmt__op_at(f, pc + 1) >> 16 & 0xff) != (op >> 7 & 0xff))
        {
            return;
        }

        class = row->type == CMT__FACT_PARENT ? &cmt__class_comment
                                              : row->class;
    }
}
