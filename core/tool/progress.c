/*
 * progress.c: shows that long work goes on, once a second, on a terminal.
 *
 * The library knows nothing of it: a thread of its own looks from outside at
 * how far the work has come, so that work and its speed are the same whether
 * somebody looks or not.
 */

#include <pthread.h>
#include <time.h>
#include <unistd.h>

#include "tool.h"


/* Erases from the cursor to the end of the line. */
#define LINE_START  "\r\033[K"


struct cmt__progress_s {
    const char        *label;
    cmt__progress_fn   fn;
    void              *ctx;
    pthread_t          thread;
    pthread_mutex_t    lock;
    pthread_cond_t     wake;
    unsigned           seconds;
    unsigned           over:1;       /* under the lock */
};


static void *progress_run(void *data);
static void progress_draw(cmt__progress_t *progress);


cmt__progress_t *
cmt__progress_begin(cmt_arena_t *arena, const char *label,
    cmt__progress_fn fn, void *ctx)
{
    cmt__progress_t  *progress;

    if (!isatty(STDERR_FILENO)) {
        return NULL;
    }

    /* Without memory or thread the work still goes on, just unseen. */

    progress = cmt_calloc(arena, sizeof(cmt__progress_t));
    if (progress == NULL) {
        return NULL;
    }

    progress->label = label;
    progress->fn = fn;
    progress->ctx = ctx;

    (void) pthread_mutex_init(&progress->lock, NULL);
    (void) pthread_cond_init(&progress->wake, NULL);

    if (pthread_create(&progress->thread, NULL, progress_run, progress) != 0) {
        return NULL;
    }

    return progress;
}


void
cmt__progress_end(cmt__progress_t *progress)
{
    if (progress == NULL) {
        return;
    }

    (void) pthread_mutex_lock(&progress->lock);
    progress->over = 1;
    (void) pthread_cond_signal(&progress->wake);
    (void) pthread_mutex_unlock(&progress->lock);

    (void) pthread_join(progress->thread, NULL);
    (void) pthread_cond_destroy(&progress->wake);
    (void) pthread_mutex_destroy(&progress->lock);
}


static void *
progress_run(void *data)
{
    struct timespec   at;
    cmt__progress_t  *progress = data;

    (void) clock_gettime(CLOCK_REALTIME, &at);
    (void) pthread_mutex_lock(&progress->lock);

    while (!progress->over) {
        at.tv_sec++;

        while (!progress->over
               && pthread_cond_timedwait(&progress->wake, &progress->lock,
                                         &at) == 0)
        {
            /* woken for nothing, or over */
        }

        if (!progress->over) {
            progress->seconds++;
            progress_draw(progress);
        }
    }

    (void) pthread_mutex_unlock(&progress->lock);

    if (progress->seconds != 0) {
        fputs(LINE_START, stderr);
        (void) fflush(stderr);
    }

    return NULL;
}


static void
progress_draw(cmt__progress_t *progress)
{
    double  done;

    done = progress->fn != NULL ? progress->fn(progress->ctx) : -1;

    if (done >= 0) {
        fprintf(stderr, LINE_START "%s: %.0f %%, %u s", progress->label,
                done < 1 ? done * 100 : 100, progress->seconds);
    } else {
        fprintf(stderr, LINE_START "%s: %u s", progress->label,
                progress->seconds);
    }

    (void) fflush(stderr);
}
