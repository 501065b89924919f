/*
 * lang_table.h: the languages, what lang*.c share.
 */

#ifndef CMT_LANG_TABLE_H
#define CMT_LANG_TABLE_H


#define CMT__LANGUAGES  19

typedef struct {
    const char   *tag;           /* of BCP 47, names the catalogue           */
    const char   *locale;        /* of ICU                                   */
    unsigned      rtl:1;
} cmt__language_t;

extern const cmt__language_t  cmt__languages[CMT__LANGUAGES];


#endif /* CMT_LANG_TABLE_H */
