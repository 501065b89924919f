/*
 * documents.c: a file of Waline, Artalk or Commento.  Whatever stands in it,
 * what comes out are lines that the import takes.
 */

#include "core/exchange/foreign.h"

#include "foreign_fuzz.h"


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    foreign_fuzz(cmt__waline_read, data, size);
    foreign_fuzz(cmt__artalk_read, data, size);
    foreign_fuzz(cmt__commento_read, data, size);

    return 0;
}
