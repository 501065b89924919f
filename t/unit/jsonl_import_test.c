/*
 * jsonl_import_test.c: files into a store and out of it, with limits and
 * faults.
 */

#include <stdarg.h>

#include "core/exchange/exchange.h"

#include "scratch.h"
#include "tap.h"


#define FILE_BYTES   (4 * 1024 * 1024)
#define LINKS        (CMT__ROUNDS_MAX + 2)
#define FAULTS_MAX   2000


static void test_order(void);
static void test_rounds(void);
static void test_outside(void);
static void test_hopeless(void);
static void test_numbers(void);
static void test_names_limit(void);
static void test_waiting_limit(void);
static void test_pipe(void);
static void test_parts(void);
static void test_faults(void);
static void test_export(void);
static void test_export_faults(void);
static void test_full(void);
static void zigzag(unsigned links, const char *page);
static void begin(void);
static void line(unsigned id, int parent, const char *page);
static void add(const char *format, ...)
    __attribute__((format(printf, 1, 2)));
static int import_file(FILE *in);
static int import(void);
static FILE *as_file(void);
static FILE *as_pipe(void);
static void take_down(void *ctx, const char *text);
static void open_all(size_t map_bytes);
static void close_all(void);


static char                  store_path[64], key_path[64];
static char                  text[FILE_BYTES];
static size_t                text_len;
static char                  told[4096];
static cmt_key_t            *key;
static cmt_site_t            site;
static cmt_store_t          *store;
static cmt_error_t           err;
static cmt_import_stats_t    stats;
static cmt__import_limits_t  limits = {
    CMT__NAMES_BYTES_MAX, CMT__WAITING_BYTES_MAX, CMT__ROUNDS_MAX
};


int
main(void)
{
    scratch_make();

    snprintf(store_path, sizeof(store_path), "%s/store", dir);
    snprintf(key_path, sizeof(key_path), "%s/key", dir);
    open_all(0);

    test_order();
    test_rounds();
    test_outside();
    test_hopeless();
    test_numbers();
    test_names_limit();
    test_waiting_limit();
    test_pipe();
    test_parts();
    test_faults();
    test_export();
    test_export_faults();
    is_int(problems(store), 0, "after all of it the store is whole");
    close_all();

    test_full();

    scratch_remove();

    return done();
}


static void
test_order(void)
{
    unsigned  i;

    begin();
    for (i = 1000; i >= 1; i--) {
        line(i, (int) i - 1, "/falling");
    }

    is_int(import(), CMT_OK, "a chain in falling order is imported");
    is_int(stats.added, 1000, "whole");
    is_int(import(), CMT_OK, "and once more");
    is_int(stats.known, 1000, "without effect");
}


/* Each round over waiting lines finds one more of these links. */

static void
test_rounds(void)
{
    begin();
    zigzag(LINKS, "/zigzag");

    is_int(import(), CMT_OK, "a chain that needs all rounds is imported");
    is_int(stats.refused, 0, "whole");

    begin();
    zigzag(LINKS + 2, "/zigzag2");

    is_int(import(), CMT_OK, "one that needs more is imported");
    ok(stats.refused > 0 && stats.added + stats.refused == LINKS + 2,
       "in part");
    is_int(import(), CMT_OK, "and the rest of it");
    is_int(stats.refused, 0, "by the next run");
}


static void
test_outside(void)
{
    begin();
    line(2001, 0, "/outside");
    add("{\"id\":2002,\"uid\":\"wp-2002\",\"page\":\"/outside\","
        "\"status\":\"approved\",\"created\":\"2013-01-08T09:40:00Z\","
        "\"text\":\"x\"}\n");
    is_int(import(), CMT_OK, "parents are imported");

    begin();
    line(2003, 2001, "/outside");
    add("{\"id\":2004,\"parent\":\"wp-2002\",\"page\":\"/outside\","
        "\"status\":\"approved\",\"created\":\"2013-01-08T09:40:00Z\","
        "\"text\":\"x\"}\n");
    line(2005, 2004, "/outside");

    is_int(import(), CMT_OK, "then a file that answers them");
    is_int(stats.added, 3, "by id and by uid");

    begin();
    add("{\"id\":1,\"uid\":\"k-1\",\"page\":\"/k\",\"status\":\"approved\","
        "\"created\":\"2013-01-08T09:40:00Z\",\"text\":\"x\"}\n"
        "{\"id\":2,\"uid\":\"k-2\",\"parent\":1,\"page\":\"/k\","
        "\"status\":\"approved\",\"created\":\"2013-01-08T09:40:00Z\","
        "\"text\":\"x\"}\n");
    is_int(import(), CMT_OK, "an id leads to a line of this file");
    is_int(stats.added, 2, "before one of another file");
}


static void
test_hopeless(void)
{
    begin();
    line(3001, 3001, "/self");
    line(3002, 3003, "/circle");
    line(3003, 3002, "/circle");
    line(3004, 999999, "/nobody");
    line(3005, 0, "/here");
    line(3006, 3005, "/there");
    line(3007, 3006, "/there");
    add("not json\n");
    line(3008, 0, "no path");
    line(3009, 3008, "/here");
    line(3005, 0, "/here");
    line(3010, 3005, "/here");

    is_int(import(), CMT_OK, "hopeless lines do not end an import");
    is_int(stats.lines, 12, "which reads all of them");
    is_int(stats.added, 2, "takes the two good ones");
    is_int(stats.refused, 10, "and refuses the others");
    ok(strstr(told, "line 1: parent_invalid: ") != NULL,
       "one that answers itself");
    ok(strstr(told, "line 2: parent_invalid: ") != NULL, "a circle");
    ok(strstr(told, "line 4: parent_invalid: ") != NULL, "an orphan");
    ok(strstr(told, "line 6: parent_invalid: ") != NULL,
       "an answer on another page");
    ok(strstr(told, "line 8: json_invalid: column ") != NULL, "no JSON");
    ok(strstr(told, "line 9: page_invalid: ") != NULL, "no page");
    ok(strstr(told, "line 10: parent_invalid: ") != NULL,
       "what answers a refused line");
    ok(strstr(told, "line 11: duplicate: line 5 has the same id or uid")
       != NULL, "an id that stands twice");
}


/* An id that ends in a number is found by that and what stands before it. */

static void
test_numbers(void)
{
    size_t              i;
    static const char  *ids[] = {
        "0", "00", "0000000000000", "n-7", "n-07", "n-007", "n7", "n-77",
        "n-70", "n-0", "n-", "-7",
        "999999999999", "n-999999999999", "1000000000000", "1000000000007",
        "10000000000007", "18446744073709551615", "18446744073709551616",
        "118446744073709551616", "n-1e3", "n-3"
    };

    begin();
    for (i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
        add("{\"id\":\"%s\",\"page\":\"/numbers\",\"status\":"
            "\"approved\",\"created\":\"2013-01-08T09:40:00Z\","
            "\"text\":\"%s.\"}\n",
            ids[i], ids[i]);
    }

    is_int(import(), CMT_OK, "ids that end alike are imported");
    is_int(stats.added, sizeof(ids) / sizeof(ids[0]), "each as its own");
    is_int(import(), CMT_OK, "and once more");
    is_int(stats.known, sizeof(ids) / sizeof(ids[0]), "each is known");
}


static void
test_names_limit(void)
{
    unsigned  i;

    begin();
    for (i = 1; i <= 768; i++) {
        line(10000 + i, 0, "/names");
    }

    limits.names_bytes_max = 1024 * sizeof(cmt__name_t);
    is_int(import(), CMT_OK, "so many lines as names fit are imported");

    line(10000 + i, 0, "/names");
    is_int(import(), CMT_EFULL, "one more ends the import");
    ok(strstr(err.detail, "split it") != NULL, "and says what to do");
    limits.names_bytes_max = CMT__NAMES_BYTES_MAX;
}


static void
test_waiting_limit(void)
{
    unsigned  i;

    begin();
    for (i = 100; i >= 1; i--) {
        line(20000 + i, i == 1 ? 0 : 20000 + (int) i - 1, "/waiting");
    }

    limits.waiting_bytes_max = 99 * sizeof(cmt__waiting_t);
    is_int(import(), CMT_OK, "so many lines as may wait do");
    is_int(stats.added, 100, "and get their turn");

    begin();
    for (i = 101; i >= 1; i--) {
        line(21000 + i, i == 1 ? 0 : 21000 + (int) i - 1, "/waiting");
    }

    is_int(import(), CMT_OK, "with one more, the last of them");
    is_int(stats.added, 1, "is missed by the others");
    ok(strstr(told, "line 100: body_too_large: too many answers") != NULL,
       "with a reason");
    is_int(import(), CMT_OK, "and the next run");
    is_int(stats.added, 100, "adds all of them");
    limits.waiting_bytes_max = CMT__WAITING_BYTES_MAX;
}


static void
test_pipe(void)
{
    unsigned  i;

    begin();
    for (i = 300; i >= 1; i--) {
        line(30000 + i, i == 1 ? 0 : 30000 + (int) i - 1, "/pipe");
    }

    is_int(import_file(as_pipe()), CMT_OK, "answers first, from a pipe");
    is_int(stats.added, 300, "are all imported");

    begin();
    for (i = 300; i >= 1; i--) {
        line(31000 + i, i == 1 ? 0 : 31000 + (int) i - 1, "/pipe");
    }

    limits.waiting_bytes_max = 10000;
    is_int(import_file(as_pipe()), CMT_OK, "more than may be kept");
    ok(stats.refused > 100 && stats.added + stats.refused == 300,
       "are refused in part");
    limits.waiting_bytes_max = CMT__WAITING_BYTES_MAX;
    is_int(import_file(as_pipe()), CMT_OK, "until they are sent again");
    is_int(stats.refused, 0, "with enough room");
}


static void
test_parts(void)
{
    unsigned  i;

    begin();
    line(40001, 0, "/parts");
    add("{\"id\":40002,\"page\":\"/parts\",\"status\":\"approved\","
        "\"created\":\"2013-01-08T09:40:00Z\",\"text\":\"x\","
        "\"receipt\":{\"a\":[1");
    for (i = 0; i < 524000; i++) {
        memcpy(text + text_len, ",1", 2);
        text_len += 2;
    }
    add("]}}\n");
    line(40003, 40001, "/parts");

    is_int(import(), CMT_OK, "a line of very many parts");
    is_int(stats.added, 3, "is imported");
}


/* Whatever allocation fails, no line is lost and no line comes twice. */

static void
test_faults(void)
{
    int   rc, clean;
    long  n, left;

    clean = 1;
    left = 0;

    for (n = 1; n < FAULTS_MAX && left == 0; n++) {
        begin();
        line(100000 + (unsigned) n * 10 + 1,
             100000 + (int) n * 10 + 2, "/faults");
        line(100000 + (unsigned) n * 10 + 2, 0, "/faults");

        (void) cmt__arena_fail_at(n);
        rc = import();
        left = cmt__arena_fail_at(0);

        clean &= rc == CMT_OK || cmt_error_http(rc) >= 500;
        clean &= rc != CMT_OK || stats.added + stats.refused == 2;

        rc = import();
        clean &= rc == CMT_OK && stats.refused == 0;
        clean &= stats.added + stats.known == 2;
    }

    ok(clean, "after every failing allocation a second run completes it");
    ok(n > 20 && n < FAULTS_MAX, "and there are some");
}


static void
test_export(void)
{
    int       rc;
    FILE     *out;
    char      buf[8192];
    size_t    len;
    uint64_t  n;

    out = tmpfile();
    n = 0;
    rc = cmt_export_jsonl(store, &site, cmt_null_str, out, &n, &err);
    is_int(rc, CMT_OK, "the site is exported");
    ok(n > 1000, "all of it");
    rewind(out);
    is_int(import_file(out), CMT_OK, "and imported where it came from");
    is_int(stats.known, n, "nothing is new");

    out = fopen("/dev/full", "wb");
    n = 0;
    is_int(cmt_export_jsonl(store, &site, cmt_null_str, out, &n, &err), CMT_EIO,
           "a full disk is told");
    is_int(n, 0, "and no number is given");
    fclose(out);

    site.name = cmt_str("nobody");
    out = fmemopen(buf, sizeof(buf), "w");
    is_int(cmt_export_jsonl(store, &site, cmt_null_str, out, &n, &err),
           CMT_ENOTFOUND,
           "a site that is not there is told");
    ok(strstr(err.detail, "no site \"nobody\"") != NULL, "by name");
    fclose(out);
    site.name = cmt_str("test");

    begin();
    add("{\"id\":50001,\"page\":\"/deep\",\"status\":\"deleted\","
        "\"created\":\"2013-01-08T09:40:00Z\",\"text\":\"secret-7\"}\n");
    is_int(import(), CMT_OK, "a deleted comment is imported");

    out = tmpfile();
    rc = cmt_export_jsonl(store, &site, cmt_null_str, out, &n, &err);
    is_int(rc, CMT_OK, "and exported");
    (void) fseek(out, -500, SEEK_END);
    len = fread(buf, 1, sizeof(buf) - 1, out);
    buf[len] = '\0';
    ok(strstr(buf, "/deep") != NULL && strstr(buf, "secret-7") == NULL,
       "without its text");
    fclose(out);
}


static void
test_export_faults(void)
{
    int       rc, clean;
    long      n, left;
    FILE     *out;
    uint64_t  lines;

    clean = 1;
    left = 0;
    rc = CMT_OK;

    for (n = 1; n < 50 && left == 0; n++) {
        out = fopen("/dev/null", "wb");
        (void) cmt__arena_fail_at(n);
        rc = cmt_export_jsonl(store, &site, cmt_null_str, out, &lines, &err);
        left = cmt__arena_fail_at(0);
        clean &= left != 0 ? rc == CMT_OK : rc == CMT_ENOMEM;
        fclose(out);
    }

    ok(clean, "an export without memory is told");
}


static void
test_full(void)
{
    unsigned  i;

    open_all(512 * 1024);

    begin();
    for (i = 1; i <= 6000; i++) {
        line(i, 0, "/full");
    }

    is_int(import(), CMT_EFULL, "a full store ends the import");
    ok(strncmp(err.detail, "line ", 5) == 0, "and the line is named");
    is_int(problems(store), 0, "what is there is whole");
    close_all();
}


/* Even links first, then odd ones: the next link always lies behind. */

static void
zigzag(unsigned links, const char *page)
{
    unsigned  i, base;

    base = page[7] == '2' ? 6000 : 5000;

    for (i = 2; i <= links; i += 2) {
        line(base + i, (int) (base + i) - 1, page);
    }
    for (i = 1; i <= links; i += 2) {
        line(base + i, i == 1 ? 0 : (int) (base + i) - 1, page);
    }
}


static void
begin(void)
{
    text_len = 0;
}


static void
line(unsigned id, int parent, const char *page)
{
    add("{\"id\":%u,", id);
    if (parent != 0) {
        add("\"parent\":%d,", parent);
    }
    add("\"page\":\"%s\",\"status\":\"approved\","
        "\"created\":\"2013-01-08T09:40:00Z\","
        "\"name\":\"n\",\"email\":\"n@example.org\",\"text\":\"Text %u\"}\n",
        page, id);
}


static void
add(const char *format, ...)
{
    va_list  args;

    va_start(args, format);
    text_len += (size_t) vsnprintf(text + text_len, sizeof(text) - text_len,
                                   format, args);
    va_end(args);
}


static int
import(void)
{
    return import_file(as_file());
}


static int
import_file(FILE *in)
{
    int            rc;
    cmt__stream_t  stream = { in, "line", NULL, 0, NULL, 0 };

    memset(&stats, 0, sizeof(stats));
    memset(&err, 0, sizeof(err));
    told[0] = '\0';

    rc = cmt__import_lines(store, &site, &stream, 1700000000, &limits,
                            take_down, NULL, &stats, &err);
    fclose(in);

    return rc;
}


static FILE *
as_file(void)
{
    FILE  *in;

    in = tmpfile();
    if (in == NULL || fwrite(text, 1, text_len, in) != text_len) {
        exit(2);
    }
    rewind(in);

    return in;
}


/* A pipe holds 64 KiB; what is written here is less. */

static FILE *
as_pipe(void)
{
    int  fds[2];

    if (pipe(fds) != 0
        || write(fds[1], text, text_len) != (ssize_t) text_len)
    {
        exit(2);
    }
    close(fds[1]);

    return fdopen(fds[0], "rb");
}


static void
take_down(void *ctx, const char *sentence)
{
    size_t  len;

    (void) ctx;

    len = strlen(told);
    snprintf(told + len, sizeof(told) - len, "%s\n", sentence);
}


static void
open_all(size_t map_bytes)
{
    (void) nftw(store_path, scratch_forget, 8, FTW_DEPTH | FTW_PHYS);

    if ((access(key_path, F_OK) != 0
         && cmt_key_create(key_path, &err) != CMT_OK)
        || cmt_key_load(key_path, &key, &err) != CMT_OK
        || cmt_store_open(store_path, CMT_STORE_CREATE, map_bytes, &store,
                          &err) != CMT_OK)
    {
        printf("Bail out! %s\n", err.detail);
        exit(2);
    }

    cmt_site_default(&site);
    site.name = cmt_str("test");
    site.levels = CMT_LEVELS_MAX;

    if (cmt_site_init(&site, key, &err) != CMT_OK) {
        printf("Bail out! %s\n", err.detail);
        exit(2);
    }
}


static void
close_all(void)
{
    cmt_site_clear(&site);
    cmt_key_free(key);
    cmt_store_close(store);
}
