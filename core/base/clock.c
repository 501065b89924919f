/*
 * clock.c: how long something takes.
 */

#include <time.h>

#include "base.h"


int64_t
cmt__now_ms(void)
{
    struct timespec  t;

    (void) clock_gettime(CLOCK_MONOTONIC, &t);

    return (int64_t) t.tv_sec * 1000 + t.tv_nsec / 1000000;
}
