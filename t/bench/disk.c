/*
 * disk.c: what the disk and the store do without HTTP.
 *
 *   disk sync DIR AMOUNT
 *       Writes 4 KB and waits for the disk, again and again, in a file that
 *       has its full size before: the least that one durable answer costs.
 *
 *   disk posts STORE KEY SITE RULES POSTS FIRST AMOUNT [BATCH]
 *       Prepares and commits one post after another, BATCH of them (or one)
 *       in a transaction.  RULES is a file, or "-" for the built-in ones.
 *       POSTS has one JSON body in a line; in each its twelve zeros become
 *       the number of the post, which begins with FIRST.
 *
 * AMOUNT is a count, or a time in seconds: "5000", "2s".  Both print one
 * line, {"n": ..., "seconds": ..., "cpu": ..., "written": bytes, "p50": ms}:
 * the median of the syncs or of the transactions, without what was prepared
 * before.
 */

#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/cmt.h"


#define SYNC_BYTES        4096
#define SYNC_FILE_BYTES   (16 * 1024 * 1024)
#define MAP_BYTES         ((size_t) 16 << 30)     /* valgrind gives it, too */
#define LINES_MAX         10000
#define LINE_BYTES_MAX    16384
#define TIMES_MAX         100000
#define NUMBER            "000000000000"
#define NUMBER_DIGITS     (sizeof(NUMBER) - 1)


typedef struct {
    unsigned long long    n, n_max;
    double                seconds_max;
    double                began, cpu_began;
    long                  written_began;
} amount_t;

typedef struct {
    cmt_store_t          *store;
    cmt_key_t            *key;
    cmt_rules_t          *rules;
    cmt_site_t            site;
    cmt_arena_t          *arena;
    size_t                n_lines, n_batch, n_waiting;
    cmt_str_t             lines[LINES_MAX];
    cmt_change_t         *waiting[CMT_BATCH_CHANGES_MAX];
} poster_t;


static void sync_run(const char *dir, amount_t *amount);
static void posts_run(char **args, amount_t *amount);
static void posts_open(poster_t *poster, char **args);
static void posts_read(poster_t *poster, const char *path);
static void post_one(poster_t *poster, unsigned long long number);
static void post_commit(poster_t *poster);
static cmt_str_t post_body(poster_t *poster, unsigned long long number);
static void amount_read(amount_t *amount, const char *word);
static void amount_begin(amount_t *amount);
static int amount_more(amount_t *amount);
static void amount_print(const amount_t *amount);
static void time_begin(void);
static void time_end(void);
static int time_order(const void *a, const void *b);
static double seconds(clockid_t clock);
static long written(void);


/* How long the first TIMES_MAX syncs or transactions took, in seconds. */
static double  times[TIMES_MAX], time_began;
static size_t  n_times;


int
main(int argc, char **argv)
{
    amount_t  amount;

    if (argc == 4 && strcmp(argv[1], "sync") == 0) {
        amount_read(&amount, argv[3]);
        sync_run(argv[2], &amount);

    } else if ((argc == 9 || argc == 10) && strcmp(argv[1], "posts") == 0) {
        amount_read(&amount, argv[8]);
        posts_run(argv + 2, &amount);

    } else {
        errx(2, "usage: disk sync DIR AMOUNT\n"
                "       disk posts STORE KEY SITE RULES POSTS FIRST AMOUNT "
                "[BATCH]");
    }

    amount_print(&amount);

    return 0;
}


static void
sync_run(const char *dir, amount_t *amount)
{
    int    fd;
    char   path[4096], block[SYNC_BYTES];
    off_t  at;

    if ((size_t) snprintf(path, sizeof(path), "%s/sync.tmp", dir)
        >= sizeof(path))
    {
        errx(1, "%s: too long", dir);
    }

    fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
    if (fd < 0) {
        err(1, "%s", path);
    }

    memset(block, 'x', sizeof(block));

    for (at = 0; at < SYNC_FILE_BYTES; at += SYNC_BYTES) {
        if (pwrite(fd, block, sizeof(block), at) != SYNC_BYTES) {
            err(1, "%s", path);
        }
    }

    if (fsync(fd) != 0) {
        err(1, "%s", path);
    }

    amount_begin(amount);

    while (amount_more(amount)) {
        at = (off_t) (amount->n % (SYNC_FILE_BYTES / SYNC_BYTES)) * SYNC_BYTES;

        time_begin();

        if (pwrite(fd, block, sizeof(block), at) != SYNC_BYTES
            || fdatasync(fd) != 0)
        {
            err(1, "%s", path);
        }

        time_end();
    }

    (void) close(fd);
    (void) unlink(path);
}


static void
posts_run(char **args, amount_t *amount)
{
    unsigned long long  first;

    static poster_t  poster;

    posts_open(&poster, args);
    first = strtoull(args[5], NULL, 10);
    poster.n_batch = args[7] == NULL ? 1 : strtoul(args[7], NULL, 10);

    if (poster.n_batch == 0 || poster.n_batch > CMT_BATCH_CHANGES_MAX) {
        errx(2, "a batch has 1 to %d posts", CMT_BATCH_CHANGES_MAX);
    }

    amount_begin(amount);

    while (amount_more(amount)) {
        post_one(&poster, first + amount->n);
    }

    post_commit(&poster);

    cmt_arena_destroy(poster.arena);
    cmt_store_close(poster.store);
    cmt_site_clear(&poster.site);
    cmt_rules_close(poster.rules);
    cmt_key_free(poster.key);
}


static void
posts_open(poster_t *poster, char **args)
{
    int           rc;
    const char   *rules;
    cmt_error_t   error;

    rules = args[3];
    posts_read(poster, args[4]);

    rc = cmt_rules_open(&rules, strcmp(rules, "-") != 0, NULL, 0, 0, 0,
                        &poster->rules, &error);
    if (rc == CMT_OK) {
        rc = cmt_key_load(args[1], &poster->key, &error);
    }

    if (rc == CMT_OK) {
        cmt_site_default(&poster->site);
        poster->site.name.data = args[2];
        poster->site.name.len = strlen(args[2]);
        poster->site.author_rate.posts = 0;
        poster->site.address_rate.posts = 0;
        poster->site.rules = poster->rules;

        rc = cmt_site_init(&poster->site, poster->key, &error);
    }

    if (rc == CMT_OK) {
        rc = cmt_store_open(args[0], CMT_STORE_CREATE, MAP_BYTES,
                            &poster->store, &error);
    }

    if (rc != CMT_OK) {
        errx(1, "%s: %s", cmt_error_code(rc), error.detail);
    }

    poster->arena = cmt_arena_create(CMT_ARENA_BYTES_MAX);
    if (poster->arena == NULL) {
        errx(1, "no memory");
    }
}


/* The lines stay in memory to the end of the process. */

static void
posts_read(poster_t *poster, const char *path)
{
    FILE     *in;
    char     *line;
    size_t    size;
    ssize_t   len;

    in = fopen(path, "rb");
    if (in == NULL) {
        err(1, "%s", path);
    }

    for ( ;; ) {
        line = NULL;
        size = 0;

        len = getline(&line, &size, in);
        if (len <= 0) {
            break;
        }

        if (poster->n_lines == LINES_MAX || len > LINE_BYTES_MAX) {
            errx(1, "%s: too much for this program", path);
        }

        poster->lines[poster->n_lines].data = line;
        poster->lines[poster->n_lines++].len = (size_t) len;
    }

    free(line);
    (void) fclose(in);

    if (poster->n_lines == 0) {
        errx(1, "%s: no posts", path);
    }
}


static void
post_one(poster_t *poster, unsigned long long number)
{
    int                  rc;
    cmt_str_t            body;
    cmt_error_t          error;
    cmt_submission_t     submission;

    memset(&submission, 0, sizeof(submission));
    memset(&error, 0, sizeof(error));

    body = post_body(poster, number);
    submission.address = cmt_str("127.0.0.1");
    submission.now = (int64_t) time(NULL);

    rc = cmt_form_parse(poster->arena, cmt_str("application/json"), body,
                        &submission.form, &error);
    if (rc == CMT_OK) {
        rc = cmt_submit_prepare(poster->store, &poster->site, &submission,
                                poster->arena,
                                &poster->waiting[poster->n_waiting], &error);
    }

    if (rc != CMT_OK) {
        errx(1, "post %llu: %s: %s", number, cmt_error_code(rc),
             error.detail);
    }

    if (++poster->n_waiting == poster->n_batch) {
        post_commit(poster);
    }
}


static void
post_commit(poster_t *poster)
{
    size_t               i;
    const cmt_result_t  *result;

    time_begin();
    cmt_commit(poster->store, poster->waiting, poster->n_waiting);
    time_end();

    for (i = 0; i < poster->n_waiting; i++) {
        result = cmt_change_result(poster->waiting[i]);

        if (result->rc != CMT_OK) {
            errx(1, "a post: %s: %s", cmt_error_code(result->rc),
                 result->error.detail);
        }
    }

    poster->n_waiting = 0;
    cmt_arena_reset(poster->arena);
}


/* A copy in the arena, since an e-mail is wiped where it stands. */

static cmt_str_t
post_body(poster_t *poster, unsigned long long number)
{
    char              digits[NUMBER_DIGITS + 8], *body, *p;
    const cmt_str_t  *line;

    line = &poster->lines[number % poster->n_lines];

    body = cmt_alloc(poster->arena, line->len);
    if (body == NULL) {
        errx(1, "no memory");
    }

    memcpy(body, line->data, line->len);
    body[line->len - 1] = '\0';

    (void) snprintf(digits, sizeof(digits), "%0*llu", (int) NUMBER_DIGITS,
                    number);

    for (p = body; (p = strstr(p, NUMBER)) != NULL; ) {
        memcpy(p, digits, NUMBER_DIGITS);
        p += NUMBER_DIGITS;
    }

    return (cmt_str_t) { line->len - 1, body };
}


static void
amount_read(amount_t *amount, const char *word)
{
    char    *end;
    double   value;

    memset(amount, 0, sizeof(*amount));
    value = strtod(word, &end);

    if (value <= 0 || (strcmp(end, "s") != 0 && *end != '\0')) {
        errx(2, "\"%s\" is neither a count nor seconds", word);
    }

    if (*end == 's') {
        amount->seconds_max = value;
    } else {
        amount->n_max = (unsigned long long) value;
    }
}


static void
amount_begin(amount_t *amount)
{
    amount->written_began = written();
    amount->cpu_began = seconds(CLOCK_PROCESS_CPUTIME_ID);
    amount->began = seconds(CLOCK_MONOTONIC);
}


/* n is the number of what is done: that of the next one, from 1 on. */

static int
amount_more(amount_t *amount)
{
    if (amount->n_max ? amount->n == amount->n_max
                      : seconds(CLOCK_MONOTONIC) - amount->began
                        >= amount->seconds_max)
    {
        return 0;
    }

    amount->n++;

    return 1;
}


static void
amount_print(const amount_t *amount)
{
    double  wall, cpu;
    long    bytes;

    wall = seconds(CLOCK_MONOTONIC) - amount->began;
    cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) - amount->cpu_began;
    bytes = written() - amount->written_began;

    qsort(times, n_times, sizeof(times[0]), time_order);

    printf("{\"n\": %llu, \"seconds\": %.6f, \"cpu\": %.6f, "
           "\"written\": %ld, \"p50\": %.6f}\n", amount->n, wall, cpu, bytes,
           1e3 * times[n_times / 2]);
}


static void
time_begin(void)
{
    time_began = seconds(CLOCK_MONOTONIC);
}


static void
time_end(void)
{
    if (n_times < TIMES_MAX) {
        times[n_times++] = seconds(CLOCK_MONOTONIC) - time_began;
    }
}


static int
time_order(const void *a, const void *b)
{
    double  x, y;

    x = *(const double *) a;
    y = *(const double *) b;

    return (x > y) - (x < y);
}


static double
seconds(clockid_t clock)
{
    struct timespec  t;

    (void) clock_gettime(clock, &t);

    return (double) t.tv_sec + (double) t.tv_nsec / 1e9;
}


/* What the process has written, by the kernel's account; 0: nobody counts. */

static long
written(void)
{
    long   bytes;
    FILE  *in;

    bytes = 0;
    in = fopen("/proc/self/io", "r");

    if (in != NULL) {
        if (fscanf(in, "rchar: %*d wchar: %ld", &bytes) != 1) {
            bytes = 0;
        }

        (void) fclose(in);
    }

    return bytes;
}
