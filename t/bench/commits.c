/*
 * commits.c: what the disk gives, and what one transaction a comment costs.
 *
 *   commits DIR SECONDS
 *
 * Prints two numbers: how often a block can be written and synced, and how
 * many comments a second are durable when each has a transaction of its own
 * and nothing but the library is in the way.
 */

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/cmt.h"


static double seconds(void);
static double syncs(const char *dir, double for_seconds);
static double commits(const char *dir, double for_seconds);
static void commit_one(cmt_store_t *store, const cmt_site_t *site,
    cmt_arena_t *arena, unsigned n);
static void must(int rc, const cmt_error_t *err);


int
main(int argc, char **argv)
{
    double  for_seconds;

    if (argc != 3) {
        fputs("usage: commits DIR SECONDS\n", stderr);
        return 2;
    }

    for_seconds = atof(argv[2]);
    printf("%.0f %.0f\n", syncs(argv[1], for_seconds),
           commits(argv[1], for_seconds));

    return 0;
}


static double
seconds(void)
{
    struct timespec  now;

    clock_gettime(CLOCK_MONOTONIC, &now);

    return (double) now.tv_sec + (double) now.tv_nsec / 1e9;
}


/* Blocks that exist already, as most pages do that LMDB writes. */

static double
syncs(const char *dir, double for_seconds)
{
    int       fd;
    char      path[4096], block[4096];
    double    begin;
    unsigned  n;

    snprintf(path, sizeof(path), "%s/syncs", dir);
    memset(block, 'x', sizeof(block));
    fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);

    for (n = 0; n < 256; n++) {
        if (pwrite(fd, block, sizeof(block), n * 4096L) < 0) {
            perror(path);
            exit(1);
        }
    }

    fsync(fd);
    begin = seconds();

    for (n = 0; seconds() - begin < for_seconds; n++) {
        if (pwrite(fd, block, sizeof(block), n % 256 * 4096L) < 0
            || fdatasync(fd) != 0)
        {
            perror(path);
            exit(1);
        }
    }

    close(fd);
    unlink(path);

    return n / (seconds() - begin);
}


static double
commits(const char *dir, double for_seconds)
{
    char            path[4096];
    double          begin;
    unsigned        n;
    cmt_key_t      *key;
    cmt_site_t      site;
    cmt_error_t     err;
    cmt_store_t    *store;
    cmt_arena_t    *arena;
    cmt_ruleset_t  *rules;

    snprintf(path, sizeof(path), "%s/one.key", dir);
    must(cmt_key_create(path, &err), &err);
    must(cmt_key_load(path, &key, &err), &err);
    must(cmt_ruleset_load(NULL, 0, NULL, &rules, &err), &err);

    cmt_site_default(&site);
    site.name = cmt_str("bench");
    site.author_rate.posts = 0;
    site.address_rate.posts = 0;
    site.rules = rules;
    must(cmt_site_init(&site, key, &err), &err);

    snprintf(path, sizeof(path), "%s/one", dir);
    must(cmt_store_open(path, CMT_STORE_CREATE, 0, &store, &err), &err);

    arena = cmt_arena_create(CMT_ARENA_BYTES_MAX);
    begin = seconds();

    for (n = 0; seconds() - begin < for_seconds; n++) {
        commit_one(store, &site, arena, n);
        cmt_arena_reset(arena);
    }

    begin = seconds() - begin;

    cmt_arena_destroy(arena);
    cmt_store_close(store);
    cmt_site_clear(&site);
    cmt_ruleset_free(rules);
    cmt_key_free(key);

    return n / begin;
}


static void
commit_one(cmt_store_t *store, const cmt_site_t *site, cmt_arena_t *arena,
    unsigned n)
{
    char              text[100], page[100], email[100];
    cmt_error_t       err;
    cmt_field_t       fields[4];
    cmt_change_t     *change;
    cmt_submission_t  submission;

    memset(&submission, 0, sizeof(submission));
    submission.form.fields = fields;
    submission.form.n = 4;
    submission.now = (int64_t) time(NULL);

    fields[0].name = cmt_str("page");
    fields[0].value.data = page;
    fields[0].value.len = (size_t) sprintf(page, "/bench/%u", n % 50);
    fields[1].name = cmt_str("name");
    fields[1].value = cmt_str("bench");
    fields[2].name = cmt_str("email");
    fields[2].value.data = email;
    fields[2].value.len = (size_t) sprintf(email, "b%u@example.org", n);
    fields[3].name = cmt_str("text");
    fields[3].value.data = text;
    fields[3].value.len = (size_t) sprintf(text, "Comment number %u.", n);

    must(cmt_submit_prepare(store, site, &submission, arena, &change, &err),
         &err);
    cmt_commit(store, &change, 1);
    must(cmt_change_result(change)->rc, &cmt_change_result(change)->error);
}


static void
must(int rc, const cmt_error_t *err)
{
    if (rc != CMT_OK) {
        fprintf(stderr, "%s: %s\n", cmt_error_code(rc), err->detail);
        exit(1);
    }
}
