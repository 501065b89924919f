/*
 * lang_test.c: which language a reader gets, its words, plurals and dates.
 */

#include <time.h>

#include "core/text/lang.h"

#include "tap.h"


#define T_2013  1357638000       /* 2013-01-08T09:40:00Z */


static void test_choose(void);
static void test_words(void);
static void test_plurals(void);
static void test_dates(void);
static void test_zones(void);

static cmt_arena_t  *arena;


int
main(void)
{
    arena = cmt_arena_create(CMT_ARENA_BYTES_MAX);

    test_choose();
    test_words();
    test_plurals();
    test_dates();
    test_zones();

    cmt_arena_destroy(arena);

    return done();
}


static const char *
chosen(const char *tag, const char *accept)
{
    return cmt_language_tag(cmt_language_choose(
               (cmt_str_t) { strlen(tag), tag },
               (cmt_str_t) { strlen(accept), accept }));
}


static void
test_choose(void)
{
    is_text(chosen("", ""), "en", "English when nothing is said");
    is_text(chosen("nb", "de"), "nb", "the page goes before the browser");
    is_text(chosen("NB-no", ""), "nb", "a region and case do not matter");
    is_text(chosen("no", ""), "nb", "no is nb");
    is_text(chosen("iw", ""), "he", "iw is he");
    is_text(chosen("zh-CN", ""), "zh-Hans", "zh-CN is zh-Hans");
    is_text(chosen("pt_BR", ""), "pt", "an underscore parts, too");
    is_text(chosen("xx", "sv"), "sv", "an unknown page leaves the browser");
    is_text(chosen("", "xx, fr;q=0.8, de;q=0.9"), "de", "the best quality");
    is_text(chosen("", "fr, de"), "fr", "of equals the first");
    is_text(chosen("", "fr;q=0, de;q=0.001"), "de", "q=0 is not wanted");
    is_text(chosen("", "fr;q=0"), "en", "and English is left");
    is_text(chosen("", "*"), "en", "a star is English");
    is_text(chosen("", ",,;q=,=;;q"), "en", "nonsense is English");
    is_text(chosen("-", "-"), "en", "a lone hyphen ends");
}


static unsigned
number(const char *tag)
{
    unsigned  language;

    return cmt_language_find((cmt_str_t) { strlen(tag), tag }, &language)
           == CMT_OK ? language : 99;
}


static void
test_words(void)
{
    cmt_str_t   out;
    cmt__buf_t  b;

    const cmt__lang_t  *nb = cmt__lang(number("nb"));

    ok(nb != NULL && nb == cmt__lang(number("nb")), "a catalogue is kept");
    is_str(cmt__lang_text(nb, "form_submit"), "Send kommentar", "a word");
    is_str(cmt__lang_text(nb, "no_such_key"), "no_such_key",
           "a key that is not there gives itself");
    is_str(cmt__lang_text(nb, "comments_count"), "comments_count",
           "so does one with plural forms that is asked for without them");
    is_str(cmt__lang_text(cmt__lang(9999), "form_submit"), "Post comment",
           "a language that is not there is English");

    cmt__buf_init(&b, arena, 64);
    cmt__lang_put_with(&b, cmt_str("a {name} <"), cmt_str("{x} & y"));
    cmt__lang_put_with(&b, cmt_str(" none"), cmt_str("z"));
    cmt__lang_put_with(&b, cmt_str(" {open"), cmt_str("z"));
    cmt__lang_put_code(&b, cmt_str(" {a}"), cmt_str("<b>"));

    ok(cmt__buf_end(&b, &out) == CMT_OK, "words are put together");
    is_str(out, "a {x} &amp; y &lt; none {open "
                "<code dir=\"ltr\">&lt;b&gt;</code>",
           "escaped, and what is filled in is not looked at again");
}


static void
test_plurals(void)
{
    const cmt__lang_t  *ru = cmt__lang(number("ru"));
    const cmt__lang_t  *ar = cmt__lang(number("ar"));
    const cmt__lang_t  *en = cmt__lang(0);
    const cmt__lang_t  *ja = cmt__lang(number("ja"));

    is_str(cmt__lang_plural(en, "comments_count", 1), "{count} comment",
           "one");
    is_str(cmt__lang_plural(en, "comments_count", 0), "{count} comments",
           "none are many in English");
    is_str(cmt__lang_plural(ru, "comments_count", 21),
           "{count} комментарий", "21 is one in Russian");
    is_str(cmt__lang_plural(ru, "comments_count", 3),
           "{count} комментария", "3 are few");
    is_str(cmt__lang_plural(ru, "comments_count", 11),
           "{count} комментариев", "11 are many");
    is_str(cmt__lang_plural(ar, "comments_count", 2), "تعليقان",
           "2 has a form of its own in Arabic");
    is_str(cmt__lang_plural(ja, "comments_count", 1),
           "{count} 件のコメント", "Japanese has one form");
    is_str(cmt__lang_plural(en, "form_submit", 1), "Post comment",
           "a word without forms is itself");
}


static cmt_str_t
date(const char *tag, const char *zone, int64_t t)
{
    cmt_str_t   out;
    cmt__buf_t  b;

    cmt__buf_init(&b, arena, 64);
    cmt__lang_date(&b, number(tag), zone, t);

    return cmt__buf_end(&b, &out) == CMT_OK ? out : cmt_null_str;
}


static void
test_dates(void)
{
    int              i;
    double           us;
    cmt__buf_t       b;
    struct timespec  from, to;

    is_str(date("nb", NULL, T_2013), "8. januar 2013 kl. 09:40",
           "a date in Norwegian");
    is_str(date("en", "UTC", T_2013),
           "January 8, 2013 at 9:40\xe2\x80\xaf" "AM", "in English");
    is_str(date("nb", "Europe/Oslo", T_2013), "8. januar 2013 kl. 10:40",
           "in another zone");
    is_str(date("nb", "UTC", T_2013), "8. januar 2013 kl. 09:40",
           "and in the first again");
    is_str(date("ja", "UTC", T_2013), "2013年1月8日 9:40", "in Japanese");
    is_str(date("ar", "UTC", T_2013), "8 يناير 2013 في 9:40 ص",
           "in Arabic with Latin digits");
    is_str(date("nb", "UTC", 0), "1. januar 1970 kl. 00:00", "time 0");

    cmt__buf_init(&b, arena, 8000);
    (void) clock_gettime(CLOCK_MONOTONIC, &from);

    for (i = 0; i < 100; i++) {
        cmt__lang_date(&b, number("nb"), "UTC", T_2013 + i * 100000);
    }

    (void) clock_gettime(CLOCK_MONOTONIC, &to);

    us = (double) (to.tv_sec - from.tv_sec) * 1e6
         + (double) (to.tv_nsec - from.tv_nsec) / 1e3;

    ok(us < 20000, "100 dates do not open ICU's formats anew");
    note("100 dates: %.0f us", us);
}


static void
test_zones(void)
{
    int   i;
    char  zone[32];

    is_int(cmt_timezone_check("Europe/Oslo"), CMT_OK, "a zone");
    is_int(cmt_timezone_check("UTC"), CMT_OK, "UTC");
    is_int(cmt_timezone_check("Europe/Nowhere"), CMT_EARGUMENT, "no zone");
    is_int(cmt_timezone_check(""), CMT_EARGUMENT, "an empty name");
    is_int(cmt_timezone_check("Europe/Oslo\xc3\xa6"), CMT_EARGUMENT,
           "a name that is not ASCII");

    for (i = 0; i < 100; i++) {
        (void) snprintf(zone, sizeof(zone), "GMT+%d:%02d", i % 12, i % 60);
        (void) date("nb", zone, T_2013);
    }

    is_str(date("nb", "UTC", T_2013), "8. januar 2013 kl. 09:40",
           "more zones than are kept do no harm");
}
