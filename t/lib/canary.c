/*
 * canary.c: tells code of the broken build whether it is to make the mistake
 * of that name, see t/lib/Comments/Canary.pm.
 */

#include <stdlib.h>
#include <string.h>
#include <unistd.h>


int canary(const char *name);
int fdatasync(int fd) __attribute__((weak, visibility("default")));


static char  *wanted;


/* nginx's workers have no environment of their own any more. */

__attribute__((constructor)) static void
begin(void)
{
    const char  *name;

    name = getenv("CANARY");
    wanted = name == NULL ? NULL : strdup(name);
}


int
canary(const char *name)
{
    return wanted != NULL && strcmp(name, wanted) == 0;
}


/* No power fails here: units that write much are quicker so. */

int
fdatasync(int fd)
{
    (void) fd;

    return 0;
}
