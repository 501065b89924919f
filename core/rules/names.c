/*
 * names.c: finds in the code of files what no rule could ever call: a global,
 * or a member of a library, that does not exist once all files have run, and
 * a field of the comment.  It would raise an error only when a comment comes
 * by.
 *
 * Lua has no list of the globals that a function reads, but its bytecode has:
 *
 *   GETTABUP A B C   R[A] = upvalue B [constant C]     B: _ENV
 *   GETFIELD A B C   R[A] = R[B] [constant C]          of the library in R[B]
 *   SELF     A B C   R[A] = R[B] [constant C]          the same, to be called
 *
 * The comment is R[0] of a function that rule() or predicate() was given, found
 * by its lines; one that changes R[0], itself or by a function within it, is
 * left alone.
 *
 * The code is our own: this process has just dumped it.  Its form is that of
 * Lua 5.4; when a byte is not as expected the rest is left unread, and what
 * is misspelt is told when it runs.
 *
 *   function: source:s line:v last:v parameters:1 vararg:1 stack:1
 *             code: n:v op:4*n       constants: n:v (type:1 value)*n
 *             upvalues: n:v (in stack:1 index:1 kind:1)*n
 *             functions: n:v function*n
 *             debug: n:v delta:1*n   n:v (pc:v line:v)*n
 *                    n:v (name:s pc:v pc:v)*n   n:v name:s*n
 *   v: 7 bits a byte from the highest, 0x80 on the last; s: length + 1 as v
 */

#include <stdio.h>
#include <string.h>

#include "engine.h"
#include "objects.h"


#define HEAD            "\x1bLua\x54\0\x19\x93\r\n\x1a\n\4\10\10"
#define HEAD_BYTES      31           /* with two numbers behind it           */
#define DEPTH_MAX       200          /* as of Lua's parser                   */
#define CONSTANTS_MAX   256          /* that an instruction can name         */

#define OP_SETUPVAL     10
#define OP_GETTABUP     11
#define OP_GETFIELD     14
#define OP_SELF         20
#define OP_JMP          56
#define JMP_OFFSET      0xffffff
#define LINE_ABSOLUTE   (-0x80)
#define JUMPS           64
#define NONE            0x100        /* no upvalue                           */
#define SPOTS_MAX       (CMT__RULES_RULES_MAX + CMT__RULES_PREDICATES_MAX)


/* Which instructions change R[A], by their numbers. */
static const uint64_t  changes[2] = {
    UINT64_C(0x3e3ffffff87bff),      /* MOVE .. GETUPVAL, GETTABUP ..
                                            GETFIELD, NEWTABLE .. SHR, UNM ..
                                            CONCAT                           */
    1 << (67 - 64) | 1 << (68 - 64)      /* TESTSET, CALL                    */
    | 1 << (79 - 64) | 1 << (80 - 64)    /* CLOSURE, VARARG                  */
};


/* Lines of functions that get a comment. */
typedef struct {
    size_t             line, last;
    unsigned           given, seen;  /* how often there, and in the file     */
} spot_t;

typedef struct {
    lua_State         *L;
    const cmt__file_t *file;
    const uint8_t     *at, *end;
    unsigned           bad:1;        /* not as expected                      */
    unsigned           counting:1;   /* the spots, nothing else              */
    unsigned           replaced:1;   /* R[0], by a function within           */
    size_t             n_spots;
    spot_t             spots[SPOTS_MAX];
} reader_t;

typedef struct {
    const uint8_t     *code;
    size_t             n_code;
    cmt_str_t          constants[CONSTANTS_MAX];   /* data NULL: no text     */
    size_t             line, last;
    unsigned           parameters;
    const int8_t      *deltas;
    size_t             n_deltas;
    size_t             n_jumps;

    struct {
        size_t         pc, line;
    } jumps[JUMPS];                  /* lines that no delta can tell         */
} function_t;


static void read_file(reader_t *r);
static void find_spots(reader_t *r, size_t n_declared);
static spot_t *spot_of(reader_t *r, size_t line, size_t last);
static void read_function(reader_t *r, unsigned env, unsigned comment,
    unsigned depth);
static unsigned upvalue_of(const uint8_t *up, size_t n, unsigned is_local,
    unsigned index);
static int sets_upvalue(const function_t *f, unsigned upvalue);
static void read_constants(reader_t *r, function_t *f);
static void read_debug(reader_t *r, function_t *f);
static void check_code(reader_t *r, const function_t *f, unsigned env);
static void check_comment(reader_t *r, const function_t *f);
static void check_fields(reader_t *r, const function_t *f, size_t pc);
static int is_target(const function_t *f, size_t pc);
static size_t line_of(const function_t *f, size_t pc);


void
cmt__names_check(lua_State *L)
{
    size_t                i;
    reader_t              r;
    const cmt_ruleset_t  *rs;

    rs = cmt__engine_of(L)->loading;

    for (i = 0; i < rs->n_files; i++) {
        r.L = L;
        r.file = &rs->files[i];
        r.n_spots = 0;
        find_spots(&r, rs->n_declared);
        r.counting = 1;
        read_file(&r);
        r.counting = 0;
        read_file(&r);
    }
}


static void
read_file(reader_t *r)
{
    r->bad = 0;
    r->at = (const uint8_t *) r->file->code.data;
    r->end = r->at + r->file->code.len;

    if (r->file->code.len > HEAD_BYTES + 1
        && memcmp(r->at, HEAD, sizeof(HEAD) - 1) == 0)
    {
        r->at += HEAD_BYTES + 1;             /* and the count of upvalues */
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


static unsigned
byte(reader_t *r)
{
    if (r->at == r->end) {
        r->bad = 1;
        return 0;
    }

    return *r->at++;
}


static size_t
number(reader_t *r)
{
    size_t    n;
    unsigned  b;

    n = 0;

    do {
        b = byte(r);
        n = n << 7 | (b & 0x7f);
    } while ((b & 0x80) == 0 && !r->bad && n < SIZE_MAX >> 7);

    return n;
}


static const uint8_t *
skip(reader_t *r, size_t n, size_t bytes)
{
    const uint8_t  *was;

    was = r->at;

    if (r->bad || n > (size_t) (r->end - r->at) / bytes) {
        r->bad = 1;
        return was;
    }

    r->at += n * bytes;

    return was;
}


static cmt_str_t
string(reader_t *r)
{
    size_t     n;
    cmt_str_t  s;

    n = number(r);
    s.len = n > 0 ? n - 1 : 0;
    s.data = (const char *) skip(r, s.len, 1);

    return s;
}


/* env: which upvalue of the function around it has the globals; NONE.
 * comment: as well, or its R[0]. */

static void
read_function(reader_t *r, unsigned env, unsigned comment, unsigned depth)
{
    size_t          i, n;
    unsigned        own, mine;
    function_t      f;
    spot_t         *spot;
    const uint8_t  *up;

    memset(&f, 0, sizeof(f));

    if (depth > DEPTH_MAX) {
        r->bad = 1;
        return;
    }

    (void) string(r);
    f.line = number(r);
    f.last = number(r);
    f.parameters = byte(r);
    (void) skip(r, 2, 1);
    f.n_code = number(r);
    f.code = skip(r, f.n_code, 4);
    read_constants(r, &f);

    n = number(r);
    up = skip(r, n, 3);
    n = r->bad ? 0 : n;
    own = depth == 0 ? 0 : upvalue_of(up, n, 0, env);
    mine = upvalue_of(up, n, depth == 2, comment);
    r->replaced = depth > 1 && (r->replaced || sets_upvalue(&f, mine));

    n = number(r);

    for (i = 0; i < n && !r->bad; i++) {
        read_function(r, own, depth == 1 ? 0 : mine, depth + 1);
    }

    read_debug(r, &f);

    spot = depth == 1 ? spot_of(r, f.line, f.last) : NULL;

    if (r->bad) {
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


static void
read_constants(reader_t *r, function_t *f)
{
    size_t     i, n;
    cmt_str_t  s;

    n = number(r);

    for (i = 0; i < n && !r->bad; i++) {

        switch (byte(r)) {

        case 0x04:                       /* short and long texts */
        case 0x14:
            s = string(r);

            if (i < CONSTANTS_MAX) {
                f->constants[i] = s;
            }

            break;

        case 0x03:                       /* whole numbers and others */
        case 0x13:
            (void) skip(r, 8, 1);
            break;

        case 0x00:                       /* nil, false, true */
        case 0x01:
        case 0x11:
            break;

        default:
            r->bad = 1;
        }
    }
}


static void
read_debug(reader_t *r, function_t *f)
{
    size_t  i, n;

    f->n_deltas = number(r);
    f->deltas = (const int8_t *) skip(r, f->n_deltas, 1);
    n = number(r);

    for (i = 0; i < n && !r->bad; i++) {
        f->jumps[i % JUMPS].pc = number(r);
        f->jumps[i % JUMPS].line = number(r);
    }

    f->n_jumps = n < JUMPS ? n : 0;
    n = number(r);

    for (i = 0; i < n && !r->bad; i++) {
        (void) string(r);
        (void) number(r);
        (void) number(r);
    }

    n = number(r);

    for (i = 0; i < n && !r->bad; i++) {
        (void) string(r);
    }
}


static uint32_t
op_at(const function_t *f, size_t pc)
{
    uint32_t  op;

    memcpy(&op, f->code + 4 * pc, sizeof(op));

    return op;
}


static cmt_str_t
constant(const function_t *f, uint32_t op)
{
    return f->constants[op >> 24];
}


/* Two in a row: text.links is the member of what was just read. */

static void
check_code(reader_t *r, const function_t *f, unsigned env)
{
    size_t     pc;
    uint32_t   op, next;
    cmt_str_t  name, member;

    for (pc = 0; pc < f->n_code; pc++) {
        op = op_at(f, pc);
        name = constant(f, op);

        if ((op & 0x7f) != OP_GETTABUP || (op >> 16 & 0xff) != env
            || name.data == NULL)
        {
            continue;
        }

        if (!cmt__global_is_there(r->L, name)) {
            cmt__global_raise(r->L, r->file->name, line_of(f, pc), NULL,
                              name);
        }

        next = pc + 1 < f->n_code ? op_at(f, pc + 1) : 0;
        member = constant(f, next);

        if ((next & 0x7f) == OP_GETFIELD
            && (next >> 16 & 0xff) == (op >> 7 & 0xff)
            && member.data != NULL
            && !cmt__member_is_there(name, member)
            && !is_target(f, pc + 1))
        {
            cmt__global_raise(r->L, r->file->name, line_of(f, pc + 1), &name,
                              member);
        }
    }
}


static int
sets_upvalue(const function_t *f, unsigned upvalue)
{
    size_t    pc;
    uint32_t  op;

    for (pc = 0; pc < f->n_code; pc++) {
        op = op_at(f, pc);

        if ((op & 0x7f) == OP_SETUPVAL && (op >> 16 & 0xff) == upvalue) {
            return 1;
        }
    }

    return 0;
}


/* R[0] is the comment, from the first instruction to the last. */

static void
check_comment(reader_t *r, const function_t *f)
{
    size_t    pc;
    uint32_t  op;

    for (pc = 0; pc < f->n_code; pc++) {
        op = op_at(f, pc);

        if ((op >> 7 & 0xff) == 0
            && (changes[(op & 0x7f) / 64] >> (op & 0x7f) % 64 & 1))
        {
            return;
        }
    }

    for (pc = 0; pc < f->n_code; pc++) {
        if ((op_at(f, pc) >> 16 & 0xff) == 0) {
            check_fields(r, f, pc);
        }
    }
}


/* c.author.approved: one behind the other. */

static void
check_fields(reader_t *r, const function_t *f, size_t pc)
{
    char                 place[CMT__SHOWN_BYTES + 32];
    char                 shown[CMT__SHOWN_BYTES];
    uint32_t             op;
    cmt_str_t            name;
    const cmt__fact_t   *row;
    const cmt__class_t  *class;

    for (class = &cmt__class_comment; pc < f->n_code; pc++) {
        op = op_at(f, pc);
        name = constant(f, op);

        if (((op & 0x7f) != OP_GETFIELD
             && ((op & 0x7f) != OP_SELF || (op >> 15 & 1) == 0))
            || name.data == NULL)
        {
            return;
        }

        if (!cmt__field_is_there(class, name)) {
            (void) snprintf(place, sizeof(place), "%s:%zu: ",
                            cmt__shown(shown, r->file->name), line_of(f, pc));
            cmt__field_raise(r->L, place, class, name);
        }

        row = cmt__class_find(class, name);

        if (row == NULL
            || (row->type != CMT__FACT_OBJECT
                && row->type != CMT__FACT_PARENT)
            || pc + 1 == f->n_code || is_target(f, pc + 1)
            || (op_at(f, pc + 1) >> 16 & 0xff) != (op >> 7 & 0xff))
        {
            return;
        }

        class = row->type == CMT__FACT_PARENT ? &cmt__class_comment
                                              : row->class;
    }
}


/* (c.x or text).y: who jumps there brings something else along. */

static int
is_target(const function_t *f, size_t pc)
{
    size_t    i;
    uint32_t  op;

    for (i = 0; i < f->n_code; i++) {
        op = op_at(f, i);

        if ((op & 0x7f) == OP_JMP && i + 1 + (op >> 7) == pc + JMP_OFFSET) {
            return 1;
        }
    }

    return 0;
}


static size_t
line_of(const function_t *f, size_t pc)
{
    size_t  i, k, line;

    line = f->line;

    for (i = 0; i <= pc && i < f->n_deltas; i++) {
        if (f->deltas[i] != LINE_ABSOLUTE) {
            line = (size_t) ((int64_t) line + f->deltas[i]);
            continue;
        }

        for (k = 0; k < f->n_jumps; k++) {
            if (f->jumps[k].pc == i) {
                line = f->jumps[k].line;
            }
        }
    }

    return line;
}
