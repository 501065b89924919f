/*
 * lang_choose.c: which language a reader gets.
 */

#include <string.h>

#include "lang.h"
#include "lang_table.h"


/* English first: who asks for nothing that we have gets it.  Counts are
 * written in Latin digits, so dates are, too. */
const cmt__language_t  cmt__languages[CMT__LANGUAGES] = {
    { "en",      "en",               0 },
    { "nb",      "nb",               0 },
    { "nn",      "nn",               0 },
    { "sv",      "sv",               0 },
    { "da",      "da",               0 },
    { "fi",      "fi",               0 },
    { "de",      "de",               0 },
    { "fr",      "fr",               0 },
    { "es",      "es",               0 },
    { "pt",      "pt",               0 },
    { "it",      "it",               0 },
    { "nl",      "nl",               0 },
    { "pl",      "pl",               0 },
    { "ru",      "ru",               0 },
    { "uk",      "uk",               0 },
    { "ar",      "ar@numbers=latn",  1 },
    { "he",      "he",               1 },
    { "ja",      "ja",               0 },
    { "zh-Hans", "zh_Hans",          0 }
};

/* Other names of these languages. */
static const struct {
    const char  *tag, *is;
} others[] = {
    { "no", "nb" }, { "iw", "he" }, { "zh", "zh-Hans" }
};


static int find_prefix(cmt_str_t tag, unsigned *language);
static unsigned quality(cmt_str_t params);


const char *
cmt_language_tag(unsigned language)
{
    return cmt__languages[language < CMT__LANGUAGES ? language : 0].tag;
}


int
cmt__lang_rtl(unsigned language)
{
    return cmt__languages[language < CMT__LANGUAGES ? language : 0].rtl;
}


/* "pt-BR" is looked for as "pt-BR", then as "pt" (RFC 4647, 3.4). */
int
cmt_language_find(cmt_str_t tag, unsigned *language)
{
    size_t  i;

    while (tag.len == 0 || !find_prefix(tag, language)) {

        for (i = tag.len; i > 0 && tag.data[i - 1] != '-'
                          && tag.data[i - 1] != '_'; i--)
        {
            /* void */
        }

        if (i == 0) {
            return CMT_ENOTFOUND;
        }

        tag.len = i - 1;
    }

    return CMT_OK;
}


static int
find_prefix(cmt_str_t tag, unsigned *language)
{
    size_t    k;
    unsigned  i;

    for (k = 0; k < sizeof(others) / sizeof(others[0]); k++) {
        if (cmt__str_is_nocase(tag, others[k].tag)) {
            tag = (cmt_str_t) { strlen(others[k].is), others[k].is };
            break;
        }
    }

    for (i = 0; i < CMT__LANGUAGES; i++) {
        if (cmt__str_is_nocase(tag, cmt__languages[i].tag)) {
            *language = i;
            return 1;
        }
    }

    return 0;
}


/* The best of "nb, nn;q=0.9, en;q=0.5"; of equals the first. */
unsigned
cmt_language_choose(cmt_str_t asked, cmt_str_t accept)
{
    size_t       from, to, semi;
    unsigned     q, best, best_q, language;
    const char  *p;
    cmt_str_t    item;

    if (cmt_language_find(cmt__str_trim(asked), &language) == CMT_OK) {
        return language;
    }

    best = 0;
    best_q = 0;

    for (from = 0; from < accept.len; from = to + 1) {

        p = memchr(accept.data + from, ',', accept.len - from);
        to = p == NULL ? accept.len : (size_t) (p - accept.data);

        item = cmt__str_sub(accept, from, to);
        p = memchr(item.data, ';', item.len);
        semi = p == NULL ? item.len : (size_t) (p - item.data);

        q = quality(cmt__str_sub(item, semi, item.len));

        if (q > best_q
            && cmt_language_find(cmt__str_trim(cmt__str_sub(item, 0, semi)),
                                 &language)
               == CMT_OK)
        {
            best = language;
            best_q = q;
        }
    }

    return best;
}


/* Thousandths of ";q=0.8"; 1000 when there is none. */
static unsigned
quality(cmt_str_t params)
{
    size_t       i;
    unsigned     q, unit;
    const char  *p;

    p = params.len == 0 ? NULL : memchr(params.data, '=', params.len);
    if (p == NULL) {
        return 1000;
    }

    params = cmt__str_trim(cmt__str_sub(params,
                                        (size_t) (p - params.data) + 1,
                                        params.len));

    if (params.len == 0 || params.data[0] != '0') {
        return 1000;
    }

    q = 0;
    unit = 100;

    for (i = 2; i < params.len && unit > 0; i++) {

        if (params.data[i] < '0' || params.data[i] > '9') {
            break;
        }

        q += unit * (unsigned) (params.data[i] - '0');
        unit /= 10;
    }

    return q;
}
