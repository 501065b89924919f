/*
 * tap.h: what a unit test says.  One program for each test file:
 *
 *     int
 *     main(void)
 *     {
 *         ok(2 > 1, "two is more than one");
 *         is_int(1 + 1, 2, "one and one make two");
 *         is_str(cmt_str("a"), "a", "a string is what it is");
 *
 *         return done();
 *     }
 *
 * All print their place when they fail, and return whether they held.
 */

#ifndef CMT_TAP_H
#define CMT_TAP_H

#include <stdio.h>
#include <string.h>

#include "core/cmt.h"


#define ok(condition, sentence)                                               \
    tap_ok((condition) ? 1 : 0, sentence, __FILE__, __LINE__)

/* got and want: any integers that fit into a long long. */
#define is_int(got, want, sentence)                                           \
    tap_is_int((long long) (got), (long long) (want), sentence, __FILE__,     \
               __LINE__)

/* want ends in NUL. */
#define is_str(got, want, sentence)                                           \
    tap_is_str(got, want, strlen(want), sentence, __FILE__, __LINE__)

/* want is a literal and may hold NUL bytes. */
#define is_bytes(got, want, sentence)                                         \
    tap_is_str(got, want, sizeof(want) - 1, sentence, __FILE__, __LINE__)

/* got may be NULL, then it is not what was wanted. */
#define is_text(got, want, sentence)                                          \
    tap_is_text(got, want, sentence, __FILE__, __LINE__)

/* Something to know about the test that stands above. */
#define note(...)                                                             \
    (printf("# " __VA_ARGS__), printf("\n"))


static unsigned  tap_tests;
static unsigned  tap_failures;


static inline int
tap_ok(int held, const char *sentence, const char *file, int line)
{
    tap_tests++;
    printf("%sok %u - %s\n", held ? "" : "not ", tap_tests, sentence);

    if (!held) {
        tap_failures++;
        printf("#   at %s line %d\n", file, line);
    }

    (void) fflush(stdout);

    return held;
}


static inline void
tap_show(const char *what, const char *data, size_t len)
{
    size_t         i;
    unsigned char  c;

    if (data == NULL && len == 0) {
        printf("#   %s: NULL\n", what);
        return;
    }

    printf("#   %s: \"", what);

    for (i = 0; i < len; i++) {
        c = (unsigned char) data[i];

        if (c < ' ' || c == 0x7f) {
            printf("\\x%02x", c);

        } else {
            (void) putchar(c);
        }
    }

    printf("\"\n");
}


static inline int
tap_is_int(long long got, long long want, const char *sentence,
    const char *file, int line)
{
    if (tap_ok(got == want, sentence, file, line)) {
        return 1;
    }

    printf("#   got: %lld\n#   want: %lld\n", got, want);

    return 0;
}


static inline int
tap_is_str(cmt_str_t got, const char *want, size_t len, const char *sentence,
    const char *file, int line)
{
    if (tap_ok(got.len == len && (len == 0 || memcmp(got.data, want, len) == 0),
               sentence, file, line))
    {
        return 1;
    }

    tap_show("got", got.data, got.len);
    tap_show("want", want, len);

    return 0;
}


static inline int
tap_is_text(const char *got, const char *want, const char *sentence,
    const char *file, int line)
{
    if (tap_ok(got != NULL && strcmp(got, want) == 0, sentence, file, line)) {
        return 1;
    }

    tap_show("got", got, got != NULL ? strlen(got) : 0);
    tap_show("want", want, strlen(want));

    return 0;
}


/* The plan comes last; what main() returns. */

static inline int
done(void)
{
    printf("1..%u\n", tap_tests);

    return tap_failures == 0 ? 0 : 1;
}


#endif /* CMT_TAP_H */
