/*
 * seeds.c: the main() that makes an ordinary test of a fuzzer: each file of
 * the folders in SEEDS, which the Makefile names, goes through its
 *
 *     int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
 *
 * as it is, without its last line feed, and with lines that end in CR LF, as
 * browsers send them.  Whatever aborts is said to be the file that did it.
 */

#include <dirent.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>


#define SEED_BYTES_MAX  (256 * 1024)


static const char *const  folders[] = { SEEDS, NULL };

static char  path[4096];
static char  seed[SEED_BYTES_MAX + 1];
static char  lines[2 * SEED_BYTES_MAX];


static int folder_run(const char *folder, unsigned *files);
static int seed_read(size_t *size);
static void seed_run(size_t size);
static void input_run(const char *data, size_t size);
static void fell(int signo);


int  LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


int
main(void)
{
    int       whole;
    size_t    i;
    unsigned  files, all;

    (void) signal(SIGABRT, fell);

#ifndef __SANITIZE_ADDRESS__            /* it tells more of these */
    (void) signal(SIGSEGV, fell);
    (void) signal(SIGBUS, fell);
    (void) signal(SIGFPE, fell);
#endif

    printf("1..1\n");
    (void) fflush(stdout);

    whole = 1;
    all = 0;
    (void) snprintf(path, sizeof(path), "nothing at all");
    input_run("", 0);

    for (i = 0; folders[i] != NULL; i++) {
        files = 0;
        whole &= folder_run(folders[i], &files) && files != 0;
        all += files;

        if (files == 0) {
            printf("# no seeds in %s\n", folders[i]);
        }
    }

    whole &= all != 0;
    printf("%sok 1 - " TARGET ": what is known to be hard, %u files\n",
           whole ? "" : "not ", all);

    return !whole;
}


static int
folder_run(const char *folder, unsigned *files)
{
    int             n, whole;
    size_t          size;
    struct dirent  **names;

    n = scandir(folder, &names, NULL, alphasort);
    if (n < 0) {
        return 0;
    }

    whole = 1;

    while (n-- > 0) {
        (void) snprintf(path, sizeof(path), "%s/%s", folder, names[n]->d_name);

        if (names[n]->d_type == DT_REG) {
            if (seed_read(&size)) {
                seed_run(size);
                (*files)++;

            } else {
                printf("# cannot read %s\n", path);
                whole = 0;
            }
        }

        free(names[n]);
    }

    free(names);

    return whole;
}


/* A file that is too long is not read as a shorter one. */

static int
seed_read(size_t *size)
{
    int    whole;
    FILE  *in;

    in = fopen(path, "r");
    if (in == NULL) {
        return 0;
    }

    *size = fread(seed, 1, sizeof(seed), in);
    whole = !ferror(in) && *size <= SEED_BYTES_MAX;
    (void) fclose(in);

    return whole;
}


static void
seed_run(size_t size)
{
    size_t  i, n;

    input_run(seed, size);

    if (size != 0 && seed[size - 1] == '\n') {
        input_run(seed, size - 1);
    }

    for (i = 0, n = 0; i < size; i++) {
        if (seed[i] == '\n') {
            lines[n++] = '\r';
        }

        lines[n++] = seed[i];
    }

    input_run(lines, n);
}


/* In memory of just its size, so that sanitizers see a byte too many. */

static void
input_run(const char *data, size_t size)
{
    uint8_t  *copy;

    copy = malloc(size);
    if (copy == NULL && size != 0) {
        abort();
    }

    if (size != 0) {
        memcpy(copy, data, size);
    }

    (void) LLVMFuzzerTestOneInput(copy, size);
    free(copy);
}


static void
fell(int signo)
{
    ssize_t  n;

    static const char  before[] = "not ok 1 - " TARGET "\n#   fell at ";

    n = write(STDOUT_FILENO, before, sizeof(before) - 1);
    n = write(STDOUT_FILENO, path, strlen(path));
    n = write(STDOUT_FILENO, "\n", 1);
    (void) n;

    (void) signal(signo, SIG_DFL);
    (void) raise(signo);
}
