/*
 * jsonl_import.c: adds the comments of a file, or of what another file was
 * translated to.
 *
 *   file -> line -> record -> change -> batch -> cmt_commit()
 *                                                  |
 *            waiting lines  <-- parent unknown ----+--> added, known, refused
 *
 * An answer may stand before what it answers.  The store alone knows which
 * parents are there, so such a line comes back from the commit and waits: as
 * its place in the file, or, when the file is a pipe, as its text.  After
 * the file the waiting lines are tried again, in rounds that go backward and
 * forward by turns, so that a file in falling order of time takes one round.
 *
 * Every line ends as exactly one of added, known or refused.
 *
 * What other systems keep may answer something that they have dropped: such
 * an orphan answers nothing here.
 */

#include <inttypes.h>
#include <string.h>

#include "exchange.h"


#define SENTENCE_BYTES  (CMT_ERROR_DETAIL_BYTES + 128)
#define ARENA_BYTES     (64 * 1024 + CMT__LINE_BYTES_MAX)


typedef struct {
    uint64_t                     line;
    off_t                        at;
    cmt_str_t                    text;     /* until the next line is read    */
    cmt_str_t                    copy;     /* in the batch, of a pipe's line */
    cmt__waiting_t              *waiting;  /* NULL: read for the first time  */
    cmt_change_t                *change;
    unsigned                     orphan:1; /* what it answered is lost       */
} job_t;

typedef struct {
    cmt_store_t                 *store;
    const cmt_site_t            *site;
    int64_t                      now;
    const cmt__import_limits_t  *limits;
    cmt_check_fn                 fn;
    void                        *ctx;

    cmt_import_stats_t           stats;
    cmt__lines_t                 lines;
    cmt__names_t                 names;

    cmt_arena_t                 *arena;    /* of this, for the whole import  */
    cmt_arena_t                 *batch;    /* of what the jobs need          */
    job_t                        jobs[CMT_BULK_CHANGES_MAX];
    size_t                       n;

    cmt__waiting_list_t          waiting;

    unsigned                     as_uid:1; /* parents outside are uids       */
    unsigned                     final:1;  /* who still waits is refused     */
} import_t;


const cmt__import_limits_t  cmt__import_limits = {
    CMT__NAMES_BYTES_MAX, CMT__WAITING_BYTES_MAX, CMT__ROUNDS_MAX
};


static int import_open(import_t *im, const cmt__stream_t *stream);
static void import_close(import_t *im);
static int file_take(import_t *im, cmt_error_t *err);
static int job_take(import_t *im, job_t *job, cmt_error_t *err);
static int job_prepare(import_t *im, job_t *job, cmt_error_t *err);
static int name_keep(import_t *im, const cmt__record_t *record,
    uint64_t line, cmt_error_t *err);
static int parent_find(import_t *im, job_t *job, cmt__record_t *record,
    cmt_error_t *err);
static int text_keep(import_t *im, job_t *job, cmt_error_t *err);
static int batch_commit(import_t *im, cmt_error_t *err);
static int job_settle(import_t *im, const job_t *job, int rc,
    const cmt_error_t *why, cmt_error_t *err);
static void job_refuse(import_t *im, uint64_t line, int rc,
    const cmt_error_t *why);
static const char *reason(int rc, const cmt_error_t *why);
static int waiting_take(import_t *im, cmt_error_t *err);
static int round_take(import_t *im, int backward, cmt_error_t *err);


int
cmt_import_jsonl(cmt_store_t *store, const cmt_site_t *site, void *in,
    int64_t now, cmt_check_fn fn, void *ctx, cmt_import_stats_t *stats,
    cmt_error_t *err)
{
    int                 rc;
    cmt__stream_t       stream = { in, "line", NULL, 0, NULL, 0 };
    cmt_import_stats_t  counted = { 0 };

    rc = cmt__import_lines(store, site, &stream, now, &cmt__import_limits, fn,
                           ctx, &counted, err);
    if (rc == CMT_OK) {
        *stats = counted;
    }

    return rc;
}


int
cmt__import_lines(cmt_store_t *store, const cmt_site_t *site,
    const cmt__stream_t *stream, int64_t now,
    const cmt__import_limits_t *limits, cmt_check_fn fn, void *ctx,
    cmt_import_stats_t *stats, cmt_error_t *err)
{
    int           rc;
    import_t     *im;
    cmt_arena_t  *arena;

    arena = cmt_arena_create(ARENA_BYTES + sizeof(import_t));
    im = arena != NULL ? cmt_calloc(arena, sizeof(import_t)) : NULL;

    if (im == NULL) {
        cmt_arena_destroy(arena);
        return cmt__fail(err, CMT_ENOMEM, NULL, NULL);
    }

    im->arena = arena;
    im->store = store;
    im->site = site;
    im->now = now;
    im->limits = limits;
    im->fn = fn;
    im->ctx = ctx;
    im->stats = *stats;

    rc = import_open(im, stream);

    if (rc != CMT_OK) {
        rc = cmt__fail(err, rc, NULL, NULL);

    } else {
        rc = file_take(im, err);

        if (rc == CMT_OK) {
            rc = waiting_take(im, err);
        }
    }

    *stats = im->stats;
    import_close(im);

    return rc;
}


static int
import_open(import_t *im, const cmt__stream_t *stream)
{
    int  rc;

    im->batch = cmt_arena_create(CMT__BATCH_BYTES_MAX);
    if (im->batch == NULL) {
        return CMT_ENOMEM;
    }

    rc = cmt__waiting_open(&im->waiting, im->limits->waiting_bytes_max);
    if (rc != CMT_OK) {
        return rc;
    }

    rc = cmt__names_open(&im->names, im->limits->names_bytes_max);
    if (rc != CMT_OK) {
        return rc;
    }

    return cmt__lines_open(&im->lines, stream, im->arena);
}


static void
import_close(import_t *im)
{
    size_t  i;

    for (i = 0; i < im->n; i++) {
        cmt__str_wipe(im->jobs[i].copy);
    }

    if (im->lines.data != NULL) {
        cmt__lines_wipe(&im->lines);
    }

    cmt__names_close(&im->names);
    cmt__waiting_close(&im->waiting);
    cmt_arena_destroy(im->batch);
    cmt_arena_destroy(im->arena);
}


static int
file_take(import_t *im, cmt_error_t *err)
{
    int          rc;
    job_t        job;
    cmt_str_t    text;
    cmt_error_t  why;

    for ( ;; ) {
        rc = cmt__lines_next(&im->lines, &text);

        if (rc == CMT_ENOTFOUND) {
            return batch_commit(im, err);
        }

        if (rc == CMT_EIO) {
            return cmt__fail(err, CMT_EIO, NULL,
                             "the file could not be read behind line %"
                             PRIu64, im->lines.number);
        }

        if (rc == CMT_OK && cmt__str_trim(text).len == 0) {
            continue;
        }

        im->stats.lines++;

        if (rc == CMT_ETOOLARGE) {
            (void) cmt__fail(&why, rc, NULL, "the line has more than %d bytes",
                             CMT__LINE_BYTES_MAX);
            job_refuse(im, im->lines.number, rc, &why);
            continue;
        }

        memset(&job, 0, sizeof(job_t));
        job.line = im->lines.number;
        job.at = im->lines.at;
        job.text = text;

        rc = job_take(im, &job, err);
        if (rc != CMT_OK) {
            return rc;
        }
    }
}


/* Puts a job into the batch or settles it at once.  A job that finds no
 * memory left gets a batch of its own. */

static int
job_take(import_t *im, job_t *job, cmt_error_t *err)
{
    int          rc;
    cmt_error_t  why;

    if (im->n == CMT_BULK_CHANGES_MAX
        || cmt_arena_used(im->batch) >= CMT__BATCH_BYTES)
    {
        rc = batch_commit(im, err);
        if (rc != CMT_OK) {
            return rc;
        }
    }

    memset(&why, 0, sizeof(cmt_error_t));
    rc = job_prepare(im, job, &why);

    if (rc == CMT_ENOMEM && im->n != 0) {
        rc = batch_commit(im, err);
        if (rc != CMT_OK) {
            return rc;
        }

        rc = job_prepare(im, job, &why);
    }

    if (rc != CMT_OK) {
        return job_settle(im, job, rc, &why, err);
    }

    im->jobs[im->n++] = *job;

    return CMT_OK;
}


static int
job_prepare(import_t *im, job_t *job, cmt_error_t *err)
{
    int            rc;
    cmt__record_t  record;

    rc = cmt__record_read(im->batch, job->text, &record, err);
    if (rc != CMT_OK) {
        return rc;
    }

    rc = CMT_OK;

    if (job->waiting == NULL && im->lines.stream->names == NULL) {
        rc = name_keep(im, &record, job->line, err);
    }

    if (rc == CMT_OK && record.parent.len != 0) {
        rc = parent_find(im, job, &record, err);

        if (rc == CMT_OK && job->waiting == NULL && job->at < 0) {
            rc = text_keep(im, job, err);
        }
    }

    if (rc == CMT_OK) {
        rc = cmt__import_prepare(im->site, &record.comment, im->now,
                                 im->batch, &job->change, err);
    }

    cmt__str_wipe(record.comment.email);

    return rc;
}


static int
name_keep(import_t *im, const cmt__record_t *record, uint64_t line,
    cmt_error_t *err)
{
    int       rc;
    uint64_t  other;

    rc = cmt__names_add(&im->names, record->id, record->uid, line, &other);

    if (rc == CMT_EDUPLICATE) {
        return cmt__fail(err, rc, "id", "%s %" PRIu64 " has the same id or "
                         "uid", im->lines.stream->unit,
                         cmt__lines_told(&im->lines, other));
    }

    if (rc == CMT_ENOMEM) {
        return cmt__fail(err, CMT_EFULL, NULL,
                         "the file has more lines than one import can keep "
                         "in mind; split it");
    }

    return rc;
}


/* A parent that is no line of this file came with an earlier one: perhaps by
 * its id, perhaps by its uid; as_uid says which is tried. */

static int
parent_find(import_t *im, job_t *job, cmt__record_t *record, cmt_error_t *err)
{
    int                   rc, known;
    cmt_str_t            *uid;
    const cmt__stream_t  *stream;

    uid = &record->comment.parent_uid;
    stream = im->lines.stream;

    rc = cmt__names_find(stream->names != NULL ? stream->names : &im->names,
                         record->parent, im->batch, uid);

    if (rc == CMT_ENOTFOUND && stream->orphans) {
        rc = cmt__import_knows(im->store, im->site, record->parent, &known,
                               err);
        if (rc != CMT_OK) {
            return rc;
        }

        job->orphan = !known;
        *uid = known ? record->parent : cmt_null_str;

    } else if (rc == CMT_ENOTFOUND) {
        *uid = im->as_uid ? record->parent
                          : cmt__record_uid(im->batch, record->parent);
        rc = uid->data != NULL ? CMT_OK : CMT_ENOMEM;
    }

    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, NULL);
    }

    return CMT_OK;
}


/* A line of a pipe cannot be read again if it must wait. */

static int
text_keep(import_t *im, job_t *job, cmt_error_t *err)
{
    cmt_str_t  copy;

    copy = cmt__str_copy(im->batch, job->text);
    if (copy.data == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, NULL);
    }

    job->copy = copy;

    return CMT_OK;
}


static int
batch_commit(import_t *im, cmt_error_t *err)
{
    int                  rc, failed;
    size_t               i;
    job_t               *job;
    cmt_change_t        *changes[CMT_BULK_CHANGES_MAX];
    const cmt_result_t  *result;

    for (i = 0; i < im->n; i++) {
        changes[i] = im->jobs[i].change;
    }

    if (im->n != 0) {
        cmt_commit(im->store, changes, im->n);
    }

    failed = CMT_OK;

    for (i = 0; i < im->n; i++) {
        job = &im->jobs[i];
        result = cmt_change_result(job->change);

        if (result->rc == CMT_OK && result->replayed) {
            im->stats.known++;

        } else if (result->rc == CMT_OK) {
            im->stats.added++;
            im->stats.notes[CMT_NOTE_ORPHAN] += job->orphan;
        }

        rc = job_settle(im, job, result->rc, &result->error,
                        failed == CMT_OK ? err : NULL);
        if (failed == CMT_OK) {
            failed = rc;
        }
    }

    for (i = 0; i < im->n; i++) {
        cmt__str_wipe(im->jobs[i].copy);
    }

    im->n = 0;
    cmt_arena_reset(im->batch);

    return failed;
}


/* What becomes of a line.  Trouble that the next line would have as well
 * ends the import: a full store, a disk that fails. */

static int
job_settle(import_t *im, const job_t *job, int rc, const cmt_error_t *why,
    cmt_error_t *err)
{
    cmt_error_t  full;

    if (rc == CMT_EPARENT && !im->final) {
        if (job->waiting != NULL
            || cmt__waiting_add(&im->waiting, job->line, job->at, job->copy)
               == CMT_OK)
        {
            return CMT_OK;
        }

        rc = cmt__fail(&full, CMT_ETOOLARGE, NULL,
                       "too many answers stand before what they answer; "
                       "import the file once more");
        why = &full;
    }

    if (rc != CMT_OK && cmt_error_http(rc) >= 500) {
        return cmt__fail(err, rc, NULL, "%s %" PRIu64 ": %s",
                         im->lines.stream->unit,
                         cmt__lines_told(&im->lines, job->line),
                         reason(rc, why));
    }

    if (rc != CMT_OK) {
        job_refuse(im, job->line, rc, why);
    }

    if (job->waiting != NULL) {
        cmt__waiting_drop(&im->waiting, job->waiting);
    }

    return CMT_OK;
}


static void
job_refuse(import_t *im, uint64_t line, int rc, const cmt_error_t *why)
{
    char         sentence[SENTENCE_BYTES];
    const char  *detail;

    detail = reason(rc, why);

    im->stats.refused++;

    if (im->fn != NULL) {
        (void) snprintf(sentence, sizeof(sentence), "%s %" PRIu64 ": %s: %s",
                        im->lines.stream->unit,
                        cmt__lines_told(&im->lines, line),
                        cmt_error_code(rc), detail);
        im->fn(im->ctx, sentence);
    }
}


/* The sentences of the table speak to a reader who posts; a detail that only
 * repeats the code says nothing. */

static const char *
reason(int rc, const cmt_error_t *why)
{
    if (rc == CMT_EPARENT) {
        return "what it answers was refused, is on another page, or is "
               "neither in this file nor in the store";
    }

    if (why->detail[0] == '\0'
        || strcmp(why->detail, cmt_error_code(rc)) == 0)
    {
        return cmt_error_text(rc);
    }

    return why->detail;
}


/* A round that settles nothing is the last of its sort: first parents from
 * outside the file are ids, then uids, then there is no hope.  The final round
 * tells its refusals in the order of the file. */

static int
waiting_take(import_t *im, cmt_error_t *err)
{
    int       rc;
    unsigned  round;
    uint64_t  before;

    for (round = 0; im->waiting.first != NULL; round++) {

        if (round >= im->limits->rounds_max) {
            im->final = 1;
        }

        before = im->waiting.n;

        rc = round_take(im, round % 2 == 0 && !im->final, err);
        if (rc != CMT_OK) {
            return rc;
        }

        if (im->waiting.n == before) {
            im->final = im->as_uid;
            im->as_uid = 1;
        }
    }

    return CMT_OK;
}


static int
round_take(import_t *im, int backward, cmt_error_t *err)
{
    int              rc;
    job_t            job;
    cmt__waiting_t  *w, *next;

    w = backward ? im->waiting.last : im->waiting.first;

    for ( ; w != NULL; w = next) {
        next = backward ? w->prev : w->next;

        memset(&job, 0, sizeof(job_t));
        job.line = w->line;
        job.at = w->at;
        job.text = w->text;
        job.waiting = w;

        if (w->at >= 0
            && cmt__lines_again(&im->lines, w->at, &job.text) != CMT_OK)
        {
            return cmt__fail(err, CMT_EIO, NULL,
                             "line %" PRIu64 " could not be read again",
                             w->line);
        }

        rc = job_take(im, &job, err);
        if (rc != CMT_OK) {
            return rc;
        }
    }

    return batch_commit(im, err);
}
