/*
 * lang.h: the words of the product in its languages.
 *
 * A language is a number, 0 is English; cmt_language_choose() picks it.  Its
 * catalogue, web/i18n/TAG.json, is read when it is first asked for and stays
 * for the life of the process, as do ICU's rules of plurals and formats of
 * dates.  Any thread may ask.
 */

#ifndef CMT_LANG_H
#define CMT_LANG_H

#include "text.h"


#define CMT__LANG_KEYS_MAX  256          /* in one catalogue                 */

typedef struct cmt__lang_s  cmt__lang_t;

/* NULL: no memory.  What moderators are told has catalogues of its own.
 * (lang.c) */
const cmt__lang_t *cmt__lang(unsigned language);
const cmt__lang_t *cmt__lang_moderate(unsigned language);
int cmt__lang_rtl(unsigned language);

/* The words of a key, as they are: placeholders too.  A key that is not there
 * gives itself.  Static. */
cmt_str_t cmt__lang_text(const cmt__lang_t *lang, const char *key);
/* The same of a key with plural forms, for n. */
cmt_str_t cmt__lang_plural(const cmt__lang_t *lang, const char *key,
    uint64_t n);

/* Writes words, escaped for HTML; of the words "{name}" the value stands in
 * the place of whatever is in braces. */
void cmt__lang_put(cmt__buf_t *b, const cmt__lang_t *lang, const char *key);
void cmt__lang_put_with(cmt__buf_t *b, cmt_str_t words, cmt_str_t value);

/* The same with the value in <code>, which runs from left to right. */
void cmt__lang_put_code(cmt__buf_t *b, cmt_str_t words, cmt_str_t value);

/* "8. januar 2013 kl. 09:40": a long date and a short time, in the zone
 * ("Europe/Oslo"; NULL: UTC).  Nothing when ICU fails.  (lang_date.c) */
void cmt__lang_date(cmt__buf_t *b, unsigned language, const char *zone,
    int64_t t);


#endif /* CMT_LANG_H */
