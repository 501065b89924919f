/*
 * foreign_import.c: a file of another system into the store.
 */

#include <string.h>

#include "foreign.h"
#include "../store/store.h"


#define WHY_BYTES  64


typedef struct {
    cmt__sink_t   *sink;
    cmt__spool_t  *spool;
} taker_t;


static int file_read(const cmt__format_t *format, const cmt__input_t *input,
    cmt__sink_t *sink, cmt__spool_t *spool, cmt_error_t *err) CMT_CHECK;
static int line_take(void *to, cmt_str_t line, const cmt__foreign_t *foreign,
    cmt_error_t *err);
static int spool_import(cmt_store_t *store, int64_t now, int whole,
    const cmt__spool_t *spool, cmt__sink_t *sink, cmt_error_t *err) CMT_CHECK;


const cmt__format_t  cmt__formats[] = {
    { "wordpress", "line", cmt__wordpress_read },
    { "disqus", "line", cmt__disqus_read },
    { "isso", "comment", cmt__isso_read },
    { "remark42", "line", cmt__remark42_read },
    { "waline", "comment", cmt__waline_read },
    { "artalk", "comment", cmt__artalk_read },
    { "commento", "comment", cmt__commento_read },
    { NULL, NULL, NULL }
};


int
cmt_import_foreign(cmt_store_t *store, const cmt_site_t *site,
    const char *name, void *in, const char *path, int64_t now,
    cmt_check_fn fn, void *ctx, cmt_import_stats_t *stats, cmt_error_t *err)
{
    int                   rc, read_rc;
    cmt_error_t           read_err;
    cmt__sink_t           sink;
    cmt__input_t          input = { in, path };
    cmt__spool_t          spool;
    const cmt__format_t  *format;

    memset(stats, 0, sizeof(cmt_import_stats_t));

    for (format = cmt__formats; format->name != NULL; format++) {
        if (strcmp(format->name, name) == 0) {
            break;
        }
    }

    if (format->name == NULL) {
        return cmt__fail(err, CMT_EARGUMENT, NULL, "no format \"%s\"", name);
    }

    memset(&sink, 0, sizeof(cmt__sink_t));
    sink.site = site;
    sink.unit = format->unit;
    sink.fn = fn;
    sink.ctx = ctx;

    rc = cmt__spool_open(&spool, cmt__store_path(store), CMT__ROWS_BYTES_MAX,
                         err);
    if (rc != CMT_OK) {
        return rc;
    }

    read_rc = file_read(format, &input, &sink, &spool, &read_err);

    rc = cmt__spool_sort(&spool, err);
    if (rc == CMT_OK) {
        rc = spool_import(store, now, read_rc == CMT_OK, &spool, &sink, err);
    }

    cmt__spool_close(&spool);
    *stats = sink.stats;

    if (rc == CMT_OK && read_rc != CMT_OK) {
        return cmt__fail(err, read_rc, NULL, "%s", read_err.detail);
    }

    return rc;
}


static int
file_read(const cmt__format_t *format, const cmt__input_t *input,
    cmt__sink_t *sink, cmt__spool_t *spool, cmt_error_t *err)
{
    int      rc;
    taker_t  taker = { sink, spool };

    memset(err, 0, sizeof(cmt_error_t));

    sink->arena = cmt_arena_create(CMT__FOREIGN_BYTES_MAX);
    if (sink->arena == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, NULL);
    }

    sink->take = line_take;
    sink->to = &taker;

    rc = format->read(input, sink, err);

    cmt_arena_destroy(sink->arena);

    return rc;
}


static int
line_take(void *to, cmt_str_t line, const cmt__foreign_t *foreign,
    cmt_error_t *err)
{
    int           rc;
    char          why[WHY_BYTES];
    uint64_t      other;
    taker_t      *taker = to;

    rc = cmt__spool_put(taker->spool, line, foreign, &other, err);
    if (rc != CMT_EDUPLICATE) {
        return rc;
    }

    (void) snprintf(why, sizeof(why), "%s %llu has the same id",
                    taker->sink->unit, (unsigned long long) other);
    cmt__sink_refuse(taker->sink, foreign->at, rc, why);

    return CMT_OK;
}


/* Of a file that could be read in part only, what is missing may be a parent:
 * who answers it is left for the next time. */

static int
spool_import(cmt_store_t *store, int64_t now, int whole,
    const cmt__spool_t *spool, cmt__sink_t *sink, cmt_error_t *err)
{
    cmt__stream_t  stream;

    stream.in = spool->file;
    stream.rows = spool->rows;
    stream.n_rows = spool->n;
    stream.names = &spool->names;
    stream.unit = sink->unit;
    stream.orphans = whole != 0;

    return cmt__import_lines(store, sink->site, &stream, now,
                             &cmt__import_limits, sink->fn, sink->ctx,
                             &sink->stats, err);
}
