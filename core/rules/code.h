/*
 * code.h: functions as Lua's bytecode has them.
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
 *
 *   instruction: code:7 A:8 k:1 B:8 C:8, or code:7 A:8 Bx:17
 */

#ifndef CMT_RULES_CODE_H
#define CMT_RULES_CODE_H

#include "../base/base.h"


#define CMT__CODE_CONSTANTS  256     /* that an instruction can name         */
#define CMT__CODE_JUMPS      64

#define CMT__OP_LOADK        3
#define CMT__OP_GETUPVAL     9
#define CMT__OP_SETUPVAL     10
#define CMT__OP_GETTABUP     11
#define CMT__OP_GETFIELD     14
#define CMT__OP_SELF         20
#define CMT__OP_JMP          56
#define CMT__OP_CALL         68
#define CMT__OP_TAILCALL     69

typedef struct {
    const uint8_t     *at, *end;
    unsigned           bad:1;        /* not as expected                      */
} cmt__bytecode_t;

typedef struct {
    const uint8_t     *code;
    size_t             n_code;
    cmt_str_t          constants[CMT__CODE_CONSTANTS];  /* data NULL: no text */
    size_t             line, last;
    unsigned           parameters;
    const int8_t      *deltas;
    size_t             n_deltas;
    size_t             n_jumps;

    struct {
        size_t         pc, line;
    } jumps[CMT__CODE_JUMPS];        /* lines that no delta can tell         */
} cmt__function_t;


/* What comes next; bad is set when it is not there. */
unsigned cmt__code_byte(cmt__bytecode_t *in);
size_t cmt__code_number(cmt__bytecode_t *in);
const uint8_t *cmt__code_skip(cmt__bytecode_t *in, size_t n, size_t bytes);
cmt_str_t cmt__code_string(cmt__bytecode_t *in);
void cmt__code_constants(cmt__bytecode_t *in, cmt__function_t *f);
void cmt__code_debug(cmt__bytecode_t *in, cmt__function_t *f);

uint32_t cmt__op_at(const cmt__function_t *f, size_t pc);
/* Constant C of an instruction; data NULL: it is no text. */
cmt_str_t cmt__op_text(const cmt__function_t *f, uint32_t op);
/* Does the instruction change R[n]? */
int cmt__op_changes(uint32_t op, uint32_t n);

/* The text that R[callee] is called with first, when pc begins to load what
 * it is called with; data NULL: it is not known. */
cmt_str_t cmt__code_argument(const cmt__function_t *f, size_t pc,
    uint32_t callee);
int cmt__code_sets(const cmt__function_t *f, unsigned upvalue);
/* Does an instruction jump to pc? */
int cmt__code_jumps_to(const cmt__function_t *f, size_t pc);
size_t cmt__code_line(const cmt__function_t *f, size_t pc);

#endif /* CMT_RULES_CODE_H */
