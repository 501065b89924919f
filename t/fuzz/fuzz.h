/*
 * fuzz.h: what all fuzzers share.
 */

#ifndef CMT_FUZZ_H
#define CMT_FUZZ_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/base.h"


#define expect(condition)                                                     \
    do { if (!(condition)) { abort(); } } while (0)


int  LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


/* The next line of the text, which goes on behind it; all of it when it has
 * no line feed. */

static inline cmt_str_t
part_next(cmt_str_t *text)
{
    size_t       len;
    cmt_str_t    part;
    const char  *end;

    end = text->len != 0 ? memchr(text->data, '\n', text->len) : NULL;
    len = end != NULL ? (size_t) (end - text->data) : text->len;

    part = cmt__str_sub(*text, 0, len);
    *text = cmt__str_sub(*text, len + 1, text->len);

    return part;
}


#endif /* CMT_FUZZ_H */
