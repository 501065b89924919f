/*
 * jsonl_lines_test.c: a stream as lines, and a tree of JSON written again.
 */

#include <stdlib.h>
#include <unistd.h>

#include "core/exchange/exchange.h"

#include "tap.h"


static void test_lines(void);
static void test_again(void);
static void test_limit(void);
static void test_pipe(void);
static void test_copy(void);
static void test_waiting(void);
static FILE *stream(const void *data, size_t len);
static int lines_open(cmt__lines_t *lines, FILE *in);
static cmt_str_t next(cmt__lines_t *lines, int *rc);
static void is_copied(const char *json, const char *want);


static cmt_arena_t    *arena;
static cmt__stream_t   whole;


int
main(void)
{
    arena = cmt_arena_create(64 * 1024 * 1024);

    test_lines();
    test_again();
    test_limit();
    test_pipe();
    test_copy();
    test_waiting();

    cmt_arena_destroy(arena);

    return done();
}


static void
test_lines(void)
{
    int           rc;
    FILE         *in;
    cmt__lines_t  lines;

    static const char  text[] = "\xef\xbb\xbf" "one\n\ntwo\r\nth\0ree\nend";

    in = stream(text, sizeof(text) - 1);

    is_int(lines_open(&lines, in), CMT_OK, "a stream is opened");
    is_str(next(&lines, &rc), "one", "a byte order mark is no text");
    is_int(lines.number, 1, "the first line is line 1");
    is_int(lines.at, 0, "and begins at the start");
    is_str(next(&lines, &rc), "", "an empty line is a line");
    is_str(next(&lines, &rc), "two\r", "a carriage return stays");
    is_bytes(next(&lines, &rc), "th\0ree", "a NUL is a byte like others");
    is_str(next(&lines, &rc), "end", "the last line needs no line feed");
    is_int(lines.number, 5, "lines are counted");
    (void) next(&lines, &rc);
    is_int(rc, CMT_ENOTFOUND, "then there is no more");
    is_int(lines.number, 5, "which is no line");
    fclose(in);
}


static void
test_again(void)
{
    int           rc;
    off_t         first, third;
    FILE         *in;
    cmt_str_t     text;
    cmt__lines_t  lines;

    in = stream("\xef\xbb\xbf" "a\nbb\nccc\n", 12);
    rc = lines_open(&lines, in);
    (void) next(&lines, &rc);
    first = lines.at;
    (void) next(&lines, &rc);
    (void) next(&lines, &rc);
    third = lines.at;

    is_int(cmt__lines_again(&lines, first, &text), CMT_OK,
           "a line is read again");
    is_str(text, "a", "the first, without its mark");
    is_int(cmt__lines_again(&lines, third, &text), CMT_OK, "or another");
    is_str(text, "ccc", "the third");

    cmt__lines_wipe(&lines);
    is_int(lines.data[0], 0, "what was read can be wiped");
    fclose(in);
}


static void
test_limit(void)
{
    int            rc;
    char          *data;
    FILE          *in;
    size_t         len;
    cmt_str_t      text;
    cmt__lines_t   lines;

    len = 2 * CMT__LINE_BYTES_MAX + 1 + 3 + 3;
    data = cmt_alloc(arena, len);
    memset(data, 'x', len);
    data[CMT__LINE_BYTES_MAX] = '\n';
    data[2 * CMT__LINE_BYTES_MAX + 2] = '\n';
    memcpy(data + len - 4, "end\n", 4);

    in = stream(data, len);
    rc = lines_open(&lines, in);
    text = next(&lines, &rc);
    is_int(rc, CMT_OK, "a line of the largest size is read");
    is_int(text.len, CMT__LINE_BYTES_MAX, "with all its bytes");
    (void) next(&lines, &rc);
    is_int(rc, CMT_ETOOLARGE, "one byte more is too much");
    is_int(lines.number, 2, "but a line");
    is_str(next(&lines, &rc), "end", "and the next one is found");
    fclose(in);

    in = stream(data, 10);
    ok(cmt__arena_fail_at(1) >= 0
       && lines_open(&lines, in) == CMT_ENOMEM,
       "without memory a stream is not opened");
    (void) cmt__arena_fail_at(0);
    fclose(in);
}


static void
test_pipe(void)
{
    int           fds[2], rc;
    FILE         *in;
    cmt_str_t     text;
    cmt__lines_t  lines;

    if (pipe(fds) != 0 || write(fds[1], "a\nb\n", 4) != 4) {
        exit(2);
    }

    close(fds[1]);
    in = fdopen(fds[0], "rb");

    rc = lines_open(&lines, in);
    is_str(next(&lines, &rc), "a", "a pipe is read");
    is_int(lines.at, -1, "but its lines have no place");
    is_int(cmt__lines_again(&lines, 0, &text), CMT_EIO,
           "and cannot be read again");
    fclose(in);

    in = fopen("/", "rb");
    rc = lines_open(&lines, in);
    (void) next(&lines, &rc);
    is_int(rc, CMT_EIO, "a directory cannot be read");
    fclose(in);
}


static void
test_copy(void)
{
    is_copied("{\"a\":[1,-2,true,false,null],\"b\":{}}",
              "{\"a\":[1,-2,true,false,null],\"b\":{}}");
    is_copied("[\"\\u0001\\\"\\\\ \\u00f8 </x\"]",
              "[\"\\u0001\\\"\\\\ \xc3\xb8 <\\/x\"]");
    is_copied("[0.1,2.0,1e300,-0.5]", "[0.1,2.0,1e+300,-0.5]");
    is_copied("[9223372036854775807,-9223372036854775808]",
              "[9223372036854775807,-9223372036854775808]");
    is_copied("[[[[]]]]", "[[[[]]]]");
}


static void
test_waiting(void)
{
    cmt__waiting_t      *first;
    cmt__waiting_list_t  list;

    is_int(cmt__waiting_open(&list, 100000), CMT_OK, "a list is opened");
    is_int(cmt__waiting_add(&list, 1, 10, cmt_null_str), CMT_OK,
           "a place is kept");
    is_int(cmt__waiting_add(&list, 2, -1, cmt_str("text")), CMT_OK,
           "or a text");
    is_int(cmt__waiting_add(&list, 3, -1, cmt_str("more")), CMT_OK,
           "and another");
    is_int(list.n, 3, "three lines wait");

    first = list.first;
    cmt__waiting_drop(&list, first->next);
    ok(first->next == list.last && list.last->prev == first,
       "the middle one leaves");
    cmt__waiting_drop(&list, first);
    ok(list.first == list.last && list.first->line == 3, "the first leaves");
    is_str(list.first->text, "more", "the last has its text");
    cmt__waiting_drop(&list, list.first);
    ok(list.first == NULL && list.last == NULL && list.n == 0,
       "then none waits");

    while (cmt__waiting_add(&list, 4, -1, cmt_str("0123456789")) == CMT_OK) {
        /* until it is full */
    }

    ok(list.n > 500 && list.n < 2000, "the list is bounded in bytes");
    cmt__waiting_close(&list);
}


static FILE *
stream(const void *data, size_t len)
{
    FILE  *out;

    out = tmpfile();
    if (out == NULL || fwrite(data, 1, len, out) != len
        || fflush(out) != 0)
    {
        exit(2);
    }

    rewind(out);

    return out;
}


static int
lines_open(cmt__lines_t *lines, FILE *in)
{
    memset(&whole, 0, sizeof(whole));
    whole.in = in;

    return cmt__lines_open(lines, &whole, arena);
}


static cmt_str_t
next(cmt__lines_t *lines, int *rc)
{
    cmt_str_t  text;

    text = cmt_null_str;
    *rc = cmt__lines_next(lines, &text);

    return *rc == CMT_OK ? text : cmt_null_str;
}


static void
is_copied(const char *json, const char *want)
{
    cmt_str_t           s;
    cmt__buf_t          b;
    const cmt__json_t  *root;

    s.data = json;
    s.len = strlen(json);

    cmt__buf_init(&b, arena, 0);

    if (cmt__json_parse(arena, s, &root, NULL) == CMT_OK) {
        cmt__json_copy(&b, root);
    }

    s = cmt_null_str;
    ok(cmt__buf_end(&b, &s) == CMT_OK, json);
    is_str(s, want, "is copied");
}
