/*
 * clock.c: a clock that is CLOCK_DAYS ahead and runs CLOCK_SPEED times as fast,
 * for what nginx does once a minute or a day.  To be preloaded into nginx.
 *
 * Waiting takes as long as ever: who wants a timer to fire must wake nginx up.
 */

#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>


#define SECOND_NS  INT64_C(1000000000)


static int64_t  days, speed, began_ns;


/* Not by dlsym(), which frees memory: AddressSanitizer asks for the time then
 * and would be here again. */

static int
real(clockid_t id, struct timespec *t)
{
    return (int) syscall(SYS_clock_gettime, id, t);
}


static int64_t
read_ns(clockid_t id)
{
    struct timespec  t;

    (void) real(id, &t);

    return (int64_t) t.tv_sec * SECOND_NS + t.tv_nsec;
}


/* nginx's workers have no environment of their own any more. */

__attribute__((constructor)) static void
begin(void)
{
    days = getenv("CLOCK_DAYS") == NULL ? 0 : atol(getenv("CLOCK_DAYS"));
    speed = getenv("CLOCK_SPEED") == NULL ? 1 : atol(getenv("CLOCK_SPEED"));
    began_ns = read_ns(CLOCK_MONOTONIC);
}


/* How much later it seems to be. */

static int64_t
ahead_ns(void)
{
    return (read_ns(CLOCK_MONOTONIC) - began_ns) * (speed - 1);
}


__attribute__((visibility("default"))) int
clock_gettime(clockid_t id, struct timespec *t)
{
    int64_t  ns;

    if (id != CLOCK_REALTIME && id != CLOCK_REALTIME_COARSE
        && id != CLOCK_MONOTONIC && id != CLOCK_MONOTONIC_COARSE)
    {
        return real(id, t);
    }

    ns = read_ns(id) + ahead_ns();

    if (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE) {
        ns += days * 86400 * SECOND_NS;
    }

    t->tv_sec = (time_t) (ns / SECOND_NS);
    t->tv_nsec = (long) (ns % SECOND_NS);

    return 0;
}


__attribute__((visibility("default"))) int
gettimeofday(struct timeval *restrict tv, void *restrict zone)
{
    struct timespec  t;

    (void) zone;
    (void) clock_gettime(CLOCK_REALTIME, &t);

    tv->tv_sec = t.tv_sec;
    tv->tv_usec = t.tv_nsec / 1000;

    return 0;
}


__attribute__((visibility("default"))) time_t
time(time_t *out)
{
    struct timespec  t;

    (void) clock_gettime(CLOCK_REALTIME, &t);

    if (out != NULL) {
        *out = t.tv_sec;
    }

    return t.tv_sec;
}
