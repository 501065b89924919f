/*
 * slow.c: a disk that takes SLOW_MS for each fdatasync().  To be preloaded
 * into nginx.
 */

#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>


__attribute__((visibility("default"))) int
fdatasync(int fd)
{
    long             ms;
    const char      *word;
    struct timespec  t;

    word = getenv("SLOW_MS");
    ms = word == NULL ? 0 : atol(word);

    t.tv_sec = ms / 1000;
    t.tv_nsec = ms % 1000 * 1000000;
    (void) nanosleep(&t, NULL);

    return ((int (*)(int)) dlsym(RTLD_NEXT, __func__))(fd);
}
