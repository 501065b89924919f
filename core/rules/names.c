/*
 * names.c: finds in the code of files what no rule could ever call: a global,
 * or a member of a library, that does not exist once all files have run.  It
 * would raise an error only when a comment comes by.
 *
 * Lua has no list of the globals that a function reads, but its bytecode has:
 *
 *   GETTABUP A B C   R[A] = upvalue B [constant C]     B: _ENV
 *   GETFIELD A B C   R[A] = R[B] [constant C]          of the library in R[B]
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

#include <string.h>

#include "engine.h"


#define HEAD            "\x1bLua\x54\0\x19\x93\r\n\x1a\n\4\10\10"
#define HEAD_BYTES      31           /* with two numbers behind it           */
#define DEPTH_MAX       200          /* as of Lua's parser                   */
#define CONSTANTS_MAX   256          /* that an instruction can name         */

#define OP_GETTABUP     11
#define OP_GETFIELD     14
#define OP_JMP          56
#define JMP_OFFSET      0xffffff
#define LINE_ABSOLUTE   (-0x80)
#define JUMPS           64
#define NONE            0x100        /* no upvalue                           */


typedef struct {
    lua_State         *L;
    const cmt__file_t *file;
    const uint8_t     *at, *end;
    unsigned           bad:1;        /* not as expected                      */
} reader_t;

typedef struct {
    const uint8_t     *code;
    size_t             n_code;
    cmt_str_t          constants[CONSTANTS_MAX];   /* data NULL: no text     */
    size_t             line;
    const int8_t      *deltas;
    size_t             n_deltas;
    size_t             n_jumps;

    struct {
        size_t         pc, line;
    } jumps[JUMPS];                  /* lines that no delta can tell         */
} function_t;


static void read_function(reader_t *r, unsigned env, unsigned depth);
static void read_constants(reader_t *r, function_t *f);
static void read_debug(reader_t *r, function_t *f);
static void check_code(reader_t *r, const function_t *f, unsigned env);
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
        memset(&r, 0, sizeof(r));
        r.L = L;
        r.file = &rs->files[i];
        r.at = (const uint8_t *) r.file->code.data;
        r.end = r.at + r.file->code.len;

        if (r.file->code.len > HEAD_BYTES + 1
            && memcmp(r.at, HEAD, sizeof(HEAD) - 1) == 0)
        {
            r.at += HEAD_BYTES + 1;          /* and the count of upvalues */
            read_function(&r, NONE, 0);
        }
    }
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


/* env: which upvalue of the function around it has the globals; NONE. */

static void
read_function(reader_t *r, unsigned env, unsigned depth)
{
    size_t          i, n;
    unsigned        own;
    function_t      f;
    const uint8_t  *up;

    memset(&f, 0, sizeof(f));

    if (depth > DEPTH_MAX) {
        r->bad = 1;
        return;
    }

    (void) string(r);
    f.line = number(r);
    (void) number(r);
    (void) skip(r, 3, 1);
    f.n_code = number(r);
    f.code = skip(r, f.n_code, 4);
    read_constants(r, &f);

    n = number(r);
    up = skip(r, n, 3);
    own = depth == 0 ? 0 : NONE;

    for (i = 0; depth > 0 && !r->bad && i < n; i++) {
        if (up[3 * i] == 0 && up[3 * i + 1] == env) {
            own = (unsigned) i;
        }
    }

    n = number(r);

    for (i = 0; i < n && !r->bad; i++) {
        read_function(r, own, depth + 1);
    }

    read_debug(r, &f);

    if (!r->bad && own != NONE) {
        check_code(r, &f, own);
    }
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
