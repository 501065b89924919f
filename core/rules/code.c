/*
 * code.c: reads Lua's bytecode, and tells what its instructions do.
 */

#include <string.h>

#include "code.h"


#define JMP_OFFSET      0xffffff
#define LINE_ABSOLUTE   (-0x80)


/* Which instructions change R[A], by their numbers. */
static const uint64_t  changes[2] = {
    UINT64_C(0x3e3ffffff87bff),      /* MOVE .. GETUPVAL, GETTABUP ..
                                            GETFIELD, NEWTABLE .. SHR, UNM ..
                                            CONCAT                           */
    1 << (67 - 64) | 1 << (68 - 64)      /* TESTSET, CALL                    */
    | 1 << (79 - 64) | 1 << (80 - 64)    /* CLOSURE, VARARG                  */
};


unsigned
cmt__code_byte(cmt__bytecode_t *in)
{
    if (in->at == in->end) {
        in->bad = 1;
        return 0;
    }

    return *in->at++;
}


size_t
cmt__code_number(cmt__bytecode_t *in)
{
    size_t    n;
    unsigned  b;

    n = 0;

    do {
        b = cmt__code_byte(in);
        n = n << 7 | (b & 0x7f);
    } while ((b & 0x80) == 0 && !in->bad && n < SIZE_MAX >> 7);

    return n;
}


const uint8_t *
cmt__code_skip(cmt__bytecode_t *in, size_t n, size_t bytes)
{
    const uint8_t  *was;

    was = in->at;

    if (in->bad || n > (size_t) (in->end - in->at) / bytes) {
        in->bad = 1;
        return was;
    }

    in->at += n * bytes;

    return was;
}


cmt_str_t
cmt__code_string(cmt__bytecode_t *in)
{
    size_t     n;
    cmt_str_t  s;

    n = cmt__code_number(in);
    s.len = n > 0 ? n - 1 : 0;
    s.data = (const char *) cmt__code_skip(in, s.len, 1);

    return s;
}


void
cmt__code_constants(cmt__bytecode_t *in, cmt__function_t *f)
{
    size_t     i, n;
    cmt_str_t  s;

    n = cmt__code_number(in);

    for (i = 0; i < n && !in->bad; i++) {

        switch (cmt__code_byte(in)) {

        case 0x04:                       /* short and long texts */
        case 0x14:
            s = cmt__code_string(in);

            if (i < CMT__CODE_CONSTANTS) {
                f->constants[i] = s;
            }

            break;

        case 0x03:                       /* whole numbers and others */
        case 0x13:
            (void) cmt__code_skip(in, 8, 1);
            break;

        case 0x00:                       /* nil, false, true */
        case 0x01:
        case 0x11:
            break;

        default:
            in->bad = 1;
        }
    }
}


void
cmt__code_debug(cmt__bytecode_t *in, cmt__function_t *f)
{
    size_t  i, n;

    f->n_deltas = cmt__code_number(in);
    f->deltas = (const int8_t *) cmt__code_skip(in, f->n_deltas, 1);
    n = cmt__code_number(in);

    for (i = 0; i < n && !in->bad; i++) {
        f->jumps[i % CMT__CODE_JUMPS].pc = cmt__code_number(in);
        f->jumps[i % CMT__CODE_JUMPS].line = cmt__code_number(in);
    }

    f->n_jumps = n < CMT__CODE_JUMPS ? n : 0;
    n = cmt__code_number(in);

    for (i = 0; i < n && !in->bad; i++) {
        (void) cmt__code_string(in);
        (void) cmt__code_number(in);
        (void) cmt__code_number(in);
    }

    n = cmt__code_number(in);

    for (i = 0; i < n && !in->bad; i++) {
        (void) cmt__code_string(in);
    }
}


uint32_t
cmt__op_at(const cmt__function_t *f, size_t pc)
{
    uint32_t  op;

    memcpy(&op, f->code + 4 * pc, sizeof(op));

    return op;
}


cmt_str_t
cmt__op_text(const cmt__function_t *f, uint32_t op)
{
    return f->constants[op >> 24];
}


/* The text that R[callee] is called with; data NULL: it is not known. */

cmt_str_t
cmt__code_argument(const cmt__function_t *f, size_t pc, uint32_t callee)
{
    uint32_t  op;

    op = pc < f->n_code ? cmt__op_at(f, pc) : 0;

    if ((op & 0x7f) != CMT__OP_LOADK || (op >> 7 & 0xff) != callee + 1
        || op >> 15 >= CMT__CODE_CONSTANTS)
    {
        return cmt_null_str;
    }

    for ( ;; ) {
        if (++pc == f->n_code) {
            return cmt_null_str;
        }

        if (((cmt__op_at(f, pc) & 0x7f) == CMT__OP_CALL
             || (cmt__op_at(f, pc) & 0x7f) == CMT__OP_TAILCALL)
            && (cmt__op_at(f, pc) >> 7 & 0xff) == callee)
        {
            return f->constants[op >> 15];
        }

        if (cmt__op_changes(cmt__op_at(f, pc), callee + 1)) {
            return cmt_null_str;
        }
    }
}


int
cmt__op_changes(uint32_t op, uint32_t n)
{
    return (op >> 7 & 0xff) == n
           && (changes[(op & 0x7f) / 64] >> (op & 0x7f) % 64 & 1);
}


int
cmt__code_sets(const cmt__function_t *f, unsigned upvalue)
{
    size_t    pc;
    uint32_t  op;

    for (pc = 0; pc < f->n_code; pc++) {
        op = cmt__op_at(f, pc);

        if ((op & 0x7f) == CMT__OP_SETUPVAL && (op >> 16 & 0xff) == upvalue) {
            return 1;
        }
    }

    return 0;
}


/* (c.x or text).y: who jumps there brings something else along. */

int
cmt__code_jumps_to(const cmt__function_t *f, size_t pc)
{
    size_t    i;
    uint32_t  op;

    for (i = 0; i < f->n_code; i++) {
        op = cmt__op_at(f, i);

        if ((op & 0x7f) == CMT__OP_JMP
            && i + 1 + (op >> 7) == pc + JMP_OFFSET)
        {
            return 1;
        }
    }

    return 0;
}


size_t
cmt__code_line(const cmt__function_t *f, size_t pc)
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
