/*
 * foreign_fuzz.h: what fuzzers of files of other systems share.
 */

#ifndef CMT_FOREIGN_FUZZ_H
#define CMT_FOREIGN_FUZZ_H

#include <stdio.h>

#include "core/privacy/keys.h"

#include "fuzz.h"


static inline int
line_taken(void *to, cmt_str_t line, const cmt__foreign_t *foreign,
    cmt_error_t *err)
{
    int             rc;
    cmt_arena_t    *arena;
    cmt__record_t   record;

    (void) to;
    (void) foreign;
    (void) err;

    arena = cmt_arena_create(CMT_ARENA_BYTES_MAX);
    rc = cmt__record_read(arena, line, &record, err);

    /* what XML cannot have, a database or JSON can */
    expect(rc == CMT_OK
           || (rc == CMT_EJSON && memmem(line.data, line.len, "\\u0000", 6)));
    expect(memchr(line.data, '\n', line.len) == NULL);
    expect(rc != CMT_OK || record.comment.email.len == 0);

    cmt_arena_destroy(arena);

    return CMT_OK;
}


static inline void
foreign_fuzz(int (*read)(const cmt__input_t *input, cmt__sink_t *sink,
    cmt_error_t *err), const uint8_t *data, size_t size)
{
    int              rc;
    cmt__input_t     input;
    cmt_site_t       site;
    cmt_error_t      err;
    cmt__sink_t      sink;
    cmt_site_keys_t  keys;

    memset(&keys, 7, sizeof(keys));
    memset(&err, 0, sizeof(err));
    cmt_site_default(&site);
    site.keys = &keys;

    memset(&sink, 0, sizeof(sink));
    sink.site = &site;
    sink.unit = "line";
    sink.take = line_taken;
    sink.arena = cmt_arena_create(CMT__FOREIGN_BYTES_MAX);

    /* of no bytes at all there is no stream */
    input.path = "-";
    input.in = size != 0 ? fmemopen((void *) (uintptr_t) data, size,
                                         "rb")
                         : fopen("/dev/null", "rb");
    rc = read(&input, &sink, &err);
    expect(rc == CMT_OK || (rc == CMT_EIO && err.rc == rc && err.detail[0]));

    (void) fclose(input.in);
    cmt_arena_destroy(sink.arena);
}


#endif /* CMT_FOREIGN_FUZZ_H */
