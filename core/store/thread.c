/*
 * thread.c: sites and their threads.
 */

#include <string.h>

#include "schema.h"


static char *keep(char *p, cmt_str_t *s);


static size_t
site_key(uint8_t key[5], uint32_t site)
{
    key[0] = 0;      /* names have no control characters */
    cmt__be_put(key + 1, site, 4);

    return 5;
}


int
cmt__site_find(cmt_read_t *read, cmt_str_t name, uint32_t *site)
{
    int        rc;
    cmt_str_t  value;

    rc = cmt__get(read, CMT__SITES, name.data, name.len, &value);
    if (rc != CMT_OK) {
        return rc;
    }

    if (value.len != 4) {
        return CMT_ECORRUPT;
    }

    *site = (uint32_t) cmt__le_get((const uint8_t *) value.data, 4);

    return CMT_OK;
}


int
cmt__site_make(cmt__write_t *write, cmt_str_t name, uint32_t *site,
    cmt_error_t *err)
{
    int       rc;
    uint8_t   key[5], id[4], *record;
    uint32_t  next;

    rc = cmt__site_find(&write->view, name, site);
    if (rc != CMT_ENOTFOUND) {
        return rc;
    }

    next = write->head.next_site;
    cmt__le_put(id, next, 4);

    rc = cmt__put(write, CMT__SITES, name.data, name.len, id, 4, err);
    if (rc != CMT_OK) {
        return rc;
    }

    rc = cmt__reserve(write, CMT__SITES, key, site_key(key, next),
                      CMT__SITE_BYTES + name.len, &record, err);
    if (rc != CMT_OK) {
        return rc;
    }

    memset(record, 0, CMT__SITE_BYTES);
    memcpy(record + CMT__SITE_BYTES, name.data, name.len);

    write->head.next_site++;
    *site = next;

    return CMT_OK;
}


int
cmt__site_get(cmt_read_t *read, uint32_t site,
    uint64_t counts[CMT__STATUSES], cmt_str_t *name)
{
    int        rc;
    uint8_t    key[5];
    unsigned   i;
    cmt_str_t  value;

    rc = cmt__get(read, CMT__SITES, key, site_key(key, site), &value);
    if (rc != CMT_OK) {
        return rc;
    }

    if (value.len <= CMT__SITE_BYTES) {
        return CMT_ECORRUPT;
    }

    for (i = 0; i < CMT__STATUSES; i++) {
        counts[i] = cmt__le_get((const uint8_t *) value.data + 8 * i, 8);
    }

    *name = cmt__str_sub(value, CMT__SITE_BYTES, value.len);

    return CMT_OK;
}


int
cmt__site_name(cmt_read_t *read, uint32_t site, cmt_str_t *name)
{
    uint64_t  counts[CMT__STATUSES];

    return cmt__site_get(read, site, counts, name);
}


int
cmt__site_count(cmt__write_t *write, uint32_t site, cmt_status_t status,
    int n, cmt_error_t *err)
{
    int  rc;

    if (write->counted_site != site) {

        rc = cmt__site_count_write(write, err);
        if (rc != CMT_OK) {
            return rc;
        }

        write->counted_site = site;
    }

    write->counted[status - 1] += n;

    return CMT_OK;
}


int
cmt__site_count_write(cmt__write_t *write, cmt_error_t *err)
{
    int        rc;
    uint8_t    key[5], record[CMT__SITE_BYTES + CMT_SITE_BYTES_MAX], *count;
    size_t     key_len;
    unsigned   i;
    cmt_str_t  value;

    if (write->counted_site == 0) {
        return CMT_OK;
    }

    key_len = site_key(key, write->counted_site);

    rc = cmt__get(&write->view, CMT__SITES, key, key_len, &value);
    if (rc != CMT_OK || value.len > sizeof(record)
        || value.len <= CMT__SITE_BYTES)
    {
        return cmt__fail(err, CMT_ECORRUPT, NULL, "record of site %u",
                         write->counted_site);
    }

    memcpy(record, value.data, value.len);

    for (i = 0; i < CMT__STATUSES; i++) {
        count = record + 8 * i;
        cmt__le_put(count, cmt__le_get(count, 8)
                           + (uint64_t) write->counted[i], 8);
        write->counted[i] = 0;
    }

    write->counted_site = 0;

    return cmt__put(write, CMT__SITES, key, key_len, record, value.len, err);
}


int
cmt__thread_find(cmt_read_t *read, uint32_t site, cmt_str_t page,
    cmt__thread_t *thread)
{
    int            rc;
    uint8_t        key[4 + CMT_HASH_BYTES];
    cmt_str_t      value;
    cmt__thread_t  found;

    rc = cmt__get(read, CMT__PAGES, key, cmt__key_page(key, site, page),
                  &value);
    if (rc != CMT_OK) {
        return rc;
    }

    if (value.len != 8) {
        return CMT_ECORRUPT;
    }

    rc = cmt__thread_get(read,
                         cmt__le_get((const uint8_t *) value.data, 8),
                         &found);
    if (rc != CMT_OK) {
        return CMT_ECORRUPT;
    }

    if (found.site != site || !cmt__str_eq(found.page, page)) {
        return CMT_ECORRUPT;
    }

    *thread = found;

    return CMT_OK;
}


int
cmt__thread_get(cmt_read_t *read, uint64_t id, cmt__thread_t *thread)
{
    int        rc;
    uint8_t    key[CMT__THREAD_KEY_BYTES];
    cmt_str_t  value;

    rc = cmt__get(read, CMT__THREADS, key, cmt__key_thread(key, id), &value);

    return rc == CMT_OK ? cmt__thread_decode(id, value, thread) : rc;
}


int
cmt__thread_keep(cmt__thread_t *thread, char kept[CMT__THREAD_KEPT_BYTES],
    cmt_error_t *err)
{
    char  *p;

    if (thread->page.len + thread->title.len + thread->about.len
        > CMT__THREAD_KEPT_BYTES)
    {
        return cmt__fail(err, CMT_ECORRUPT, NULL, "thread %llu",
                         (unsigned long long) thread->id);
    }

    p = keep(kept, &thread->page);
    p = keep(p, &thread->title);
    (void) keep(p, &thread->about);

    return CMT_OK;
}


/* s now lies at p; gives the place behind it. */
static char *
keep(char *p, cmt_str_t *s)
{
    if (s->len > 0) {
        memcpy(p, s->data, s->len);
    }

    s->data = p;

    return p + s->len;
}


int
cmt__thread_put(cmt__write_t *write, cmt__thread_t *thread, cmt_error_t *err)
{
    int            rc;
    char           kept[CMT__THREAD_KEPT_BYTES];
    uint8_t        key[4 + CMT_HASH_BYTES], id[8], *record;
    cmt__thread_t  copy;

    if (thread->id == 0) {
        thread->id = write->head.next_thread++;
        cmt__le_put(id, thread->id, 8);

        rc = cmt__put(write, CMT__PAGES, key,
                      cmt__key_page(key, thread->site, thread->page), id, 8,
                      err);
        if (rc != CMT_OK) {
            return rc;
        }
    }

    /* the strings may lie where the record is going to be written */

    copy = *thread;

    rc = cmt__thread_keep(&copy, kept, err);
    if (rc == CMT_OK) {
        rc = cmt__reserve(write, CMT__THREADS, key,
                          cmt__key_thread(key, copy.id),
                          cmt__thread_size(&copy), &record, err);
    }
    if (rc != CMT_OK) {
        return rc;
    }

    cmt__thread_encode(&copy, record);

    /* now they are part of the record */
    return cmt__thread_decode(copy.id,
                              (cmt_str_t) { cmt__thread_size(&copy),
                                            (char *) record }, thread);
}


int
cmt__thread_move(cmt__write_t *write, cmt__thread_t *thread, cmt_str_t page,
    cmt_error_t *err)
{
    int            rc;
    char           kept[CMT__THREAD_KEPT_BYTES];
    uint8_t        key[4 + CMT_HASH_BYTES], id[8];
    cmt__thread_t  moved;

    moved = *thread;
    cmt__le_put(id, moved.id, 8);

    rc = cmt__thread_keep(&moved, kept, err);
    if (rc == CMT_OK) {
        rc = cmt__del(write, CMT__PAGES, key,
                      cmt__key_page(key, moved.site, moved.page), err);
    }
    if (rc == CMT_OK) {
        rc = cmt__put(write, CMT__PAGES, key,
                      cmt__key_page(key, moved.site, page), id, 8, err);
    }
    if (rc == CMT_OK) {
        moved.page = page;
        rc = cmt__thread_put(write, &moved, err);
    }
    if (rc == CMT_OK) {
        *thread = moved;
    }

    return rc;
}
