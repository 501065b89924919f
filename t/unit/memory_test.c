/*
 * memory_test.c: what rules remember: values with their quota, tallies beside
 * an exact list of the events, and the store's own check.
 */

#include "core/store/store.h"
#include "scratch.h"
#include "tap.h"


#define T0      ((int64_t) 1700000000)
#define EVENTS  3000


static cmt_error_t   err;
static cmt_store_t  *store;


static void
sound(const char *sentence)
{
    uint64_t  n;

    ok(cmt_store_check(store, tell, NULL, &n, &err) == CMT_OK && n == 0,
       sentence);
}


static cmt__memory_key_t
key(uint32_t site, cmt__memory_kind_t kind, const char *name, const char *k)
{
    return (cmt__memory_key_t) { site, kind, { strlen(name), name },
                                 { strlen(k), k } };
}


static int
put(const char *name, const char *k, const char *data, size_t len,
    int64_t expires)
{
    int                rc;
    cmt__write_t      *write;
    cmt__memory_key_t  at;

    at = key(1, CMT__MEMORY_VALUE, name, k);

    if (cmt__write_begin(store, &write, &err) != CMT_OK) {
        return CMT_ESTORE;
    }

    rc = cmt__memory_put(write, &at, expires, (cmt_str_t) { len, data },
                         &err);

    if (rc != CMT_OK) {
        cmt__write_abort(write);
        return rc;
    }

    return cmt__write_commit(write, &err);
}


static int
is_there(const char *name, const char *k, const char *data, int64_t now)
{
    int                rc, same;
    cmt_str_t          found;
    cmt_read_t        *read;
    cmt__memory_key_t  at;

    at = key(1, CMT__MEMORY_VALUE, name, k);

    if (cmt_read_begin(store, &read, &err) != CMT_OK) {
        return 0;
    }

    rc = cmt__memory_get(read, &at, now, &found);
    same = rc == CMT_OK && cmt__str_is(found, data);
    cmt_read_end(read);

    return data == NULL ? rc == CMT_ENOTFOUND : same;
}


static uint64_t
used(void)
{
    uint64_t     n;
    cmt_read_t  *read;

    if (cmt_read_begin(store, &read, &err) != CMT_OK
        || cmt__memory_used(read, 1, &n) != CMT_OK)
    {
        return UINT64_MAX;
    }

    cmt_read_end(read);

    return n;
}


static void
test_values(void)
{
    char               longer[CMT__MEMORY_KEY_BYTES_MAX + 2];
    cmt__write_t      *write;
    cmt__memory_key_t  at;

    is_int(put("ban", "kari", "1", 1, T0 + 100), CMT_OK, "a value is kept");
    ok(is_there("ban", "kari", "1", T0 + 99), "and is there");
    ok(is_there("ban", "kari", NULL, T0 + 100), "until its time is over");
    ok(is_there("ban", "ola", NULL, T0), "by its key");
    ok(is_there("bankari", "", NULL, T0), "and its name");

    is_int(put("ban", "kari", "two", 3, T0 + 864000), CMT_OK,
           "another value takes its place");
    ok(is_there("ban", "kari", "two", T0 + 200), "for its own time");
    ok(used() == 6 + 3 + 4 + 8 + 3, "bytes are counted");

    memset(longer, 'x', sizeof(longer));
    longer[sizeof(longer) - 1] = '\0';
    is_int(put("ban", longer, "long", 4, T0 + 100), CMT_OK,
           "a key past the limit");
    ok(is_there("ban", longer, "long", T0), "is found, too");
    longer[sizeof(longer) - 2] = '\0';
    is_int(put("ban", longer, "limit", 5, T0 + 100), CMT_OK,
           "a key at the limit");
    ok(is_there("ban", longer, "limit", T0), "is another one");
    sound("the store agrees with itself");

    if (cmt__write_begin(store, &write, &err) != CMT_OK) {
        exit(1);
    }

    at = key(1, CMT__MEMORY_VALUE, "ban", longer);
    is_int(cmt__memory_del(write, &at, &err), CMT_OK, "a value is dropped");
    at = key(1, CMT__MEMORY_VALUE, "ban", "nobody");
    is_int(cmt__memory_del(write, &at, &err), CMT_OK,
           "one that was never there is no error");
    is_int(cmt__write_commit(write, &err), CMT_OK, "written");
    ok(is_there("ban", longer, NULL, T0), "it is gone");
    sound("and the store agrees");
}


static void
test_purge(void)
{
    is_int(cmt_store_maintain(store, T0 + 2 * 86400, &err), CMT_OK,
           "days later");
    ok(used() == 6 + 3 + 4 + 8 + 3, "what is over has gone");
    ok(is_there("ban", "kari", "two", T0 + 3 * 86400), "the rest is there");
    is_int(cmt_store_maintain(store, T0 + 12 * 86400, &err), CMT_OK,
           "and later");
    ok(used() == 0, "all is over");
    sound("the store agrees with itself");
}


static void
test_quota(void)
{
    int                fits, fits_past;
    cmt_read_t        *read;
    cmt__memory_key_t  at;

    at = key(1, CMT__MEMORY_VALUE, "n", "k");

    if (cmt_read_begin(store, &read, &err) != CMT_OK) {
        exit(1);
    }

    is_int(cmt__memory_fits(read, &at, CMT_RULES_STORE_BYTES_MAX - 16, &fits),
           CMT_OK, "the quota can be asked");
    is_int(cmt__memory_fits(read, &at, CMT_RULES_STORE_BYTES_MAX - 15,
                            &fits_past), CMT_OK, "and past it");
    cmt_read_end(read);
    ok(fits && !fits_past, "a record at the quota fits, one past it does not");
}


static const struct { int64_t seconds, width; }  spans[] = {
    { 1, 40 }, { 60, 40 }, { 600, 40 }, { 1800, 240 }, { 3600, 240 },
    { 21600, 1440 }, { 86400, 5760 }, { 604800, 40320 },
    { 30 * 86400, 172800 }, { 90 * 86400, 518400 }, { 400 * 86400, 2304000 }
};


/* Never fewer than there were; never one that is older than a bucket more. */

static void
test_tally(void)
{
    size_t             i, k, s, len;
    int64_t            now, times[EVENTS];
    uint8_t            packed[CMT__TALLY_PACKED_MAX];
    uint64_t           n, same, least, most;
    unsigned           few, many, other;
    cmt__write_t      *write;
    cmt__memory_key_t  at;

    at = key(1, CMT__MEMORY_COUNT, "strike", "kari");
    now = T0;
    few = 0;
    many = 0;
    other = 0;
    len = 0;

    if (cmt__write_begin(store, &write, &err) != CMT_OK) {
        exit(1);
    }

    for (i = 0; i < EVENTS; i++) {
        now += rand() % 10 != 0 ? rand() % 30 : rand() % 100000;
        times[i] = now;

        if (cmt__tally_add(write, &at, 0xff, now, &err) != CMT_OK
            || cmt__tally_packed_add((cmt_str_t) { len, (char *) packed },
                                     0xff, now, packed, &len) != CMT_OK)
        {
            exit(1);
        }

        for (s = 0; s < sizeof(spans) / sizeof(spans[0]); s++) {
            least = 0;
            most = 0;

            for (k = 0; k <= i; k++) {
                least += times[k] > now - spans[s].seconds;
                most += times[k] > now - spans[s].seconds - spans[s].width;
            }

            if (cmt__tally_get(cmt__write_view(write), &at,
                               spans[s].seconds, now, &n) != CMT_OK
                || cmt__tally_packed_get((cmt_str_t) { len, (char *) packed },
                                         spans[s].seconds, now, &same)
                   != CMT_OK)
            {
                exit(1);
            }

            other += same != n;
            few += n < least;
            many += n > most;
        }
    }

    is_int(cmt__write_commit(write, &err), CMT_OK, "events are written");
    is_int(few, 0, "no tally is lower than what happened");
    is_int(many, 0, "nor counts what is older than a bucket more");
    is_int(other, 0, "and one that is packed counts the same");
    ok(len <= sizeof(packed), "within its bound");

    for (i = 1, few = 0; i < len; i++) {
        few += cmt__tally_packed_get((cmt_str_t) { i, (char *) packed }, 1,
                                     now, &n) != CMT_ECORRUPT;
    }

    is_int(few, 0, "one that was cut anywhere is seen to be damaged");

    memset(packed, 0, 9);
    is_int(cmt__tally_packed_get((cmt_str_t) { 9, (char *) packed }, 1, now,
                                 &n), CMT_ECORRUPT, "so is one of no level");
    sound("the store agrees with itself");
}


static uint64_t
tally(const char *k, int64_t seconds, int64_t now)
{
    uint64_t           n;
    cmt_read_t        *read;
    cmt__memory_key_t  at;

    at = key(1, CMT__MEMORY_COUNT, "strike", k);

    if (cmt_read_begin(store, &read, &err) != CMT_OK
        || cmt__tally_get(read, &at, seconds, now, &n) != CMT_OK)
    {
        exit(1);
    }

    cmt_read_end(read);

    return n;
}


static void
add(const char *k, unsigned levels, int64_t now)
{
    cmt__write_t      *write;
    cmt__memory_key_t  at;

    at = key(1, CMT__MEMORY_COUNT, "strike", k);

    if (cmt__write_begin(store, &write, &err) != CMT_OK
        || cmt__tally_add(write, &at, levels, now, &err) != CMT_OK
        || cmt__write_commit(write, &err) != CMT_OK)
    {
        exit(1);
    }
}


static void
test_levels(void)
{
    int  i;

    ok(tally("ola", 3600, T0) == 0, "what was never counted is 0");

    add("ola", 1u << cmt__tally_level(3600), T0);
    ok(tally("ola", 3600, T0 + 3599) == 1, "an hour is counted");
    ok(tally("ola", 60, T0 + 3599) == 0, "in parts of it, too");
    ok(tally("ola", 86400, T0 + 3599) == 1,
       "a longer span sees what is there");

    add("ola", 1u << cmt__tally_level(90 * 86400), T0 + 10);
    ok(tally("ola", 3600, T0 + 20) == 2, "a second level counts with it");
    ok(tally("ola", 90 * 86400, T0 + 20) == 1, "from when it began");

    add("ola", 0, T0 - 86400 * 3);
    ok(tally("ola", 3600, T0 + 20) <= 3, "a clock that went back is no harm");

    for (i = 0; i < 5; i++) {
        add("back", CMT__TALLY_DAY, T0 - i);
    }
    ok(tally("back", 600, T0) == 5, "nor events out of order");
    sound("the store agrees with itself");
}


int
main(void)
{
    scratch_make();

    if (cmt_store_open(dir, CMT_STORE_CREATE, (size_t) 1 << 28, &store, &err)
        != CMT_OK)
    {
        return 1;
    }

    test_values();
    test_purge();
    test_quota();
    test_levels();
    test_tally();

    cmt_store_close(store);
    scratch_remove();

    return done();
}
