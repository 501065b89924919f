/*
 * remark42.c: a backup of Remark42.  Whatever stands in it, what comes out are
 * lines that the import takes.
 */

#include "core/exchange/foreign.h"

#include "foreign_fuzz.h"


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    foreign_fuzz(cmt__remark42_read, data, size);

    return 0;
}
