/*
 * slow.c: a disk that takes SLOW_MS for each fdatasync(), and stands still as
 * long as there is a file named SLOW_FILE.  To be preloaded into nginx.
 */

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>


static long         slow_ms;
static const char  *slow_file;


/* nginx's workers have no environment of their own any more. */

__attribute__((constructor)) static void
begin(void)
{
    const char  *ms;

    ms = getenv("SLOW_MS");
    slow_ms = ms == NULL ? 0 : atol(ms);
    slow_file = getenv("SLOW_FILE");
    slow_file = slow_file == NULL ? NULL : strdup(slow_file);
}


static void
wait_ms(long ms)
{
    struct timespec  t;

    t.tv_sec = ms / 1000;
    t.tv_nsec = ms % 1000 * 1000000;
    (void) nanosleep(&t, NULL);
}


__attribute__((visibility("default"))) int
fdatasync(int fd)
{
    wait_ms(slow_ms);

    while (slow_file != NULL && access(slow_file, F_OK) == 0) {
        wait_ms(1);
    }

    return ((int (*)(int)) dlsym(RTLD_NEXT, __func__))(fd);
}
