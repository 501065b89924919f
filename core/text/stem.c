/*
 * stem.c: the stem of a word, by Snowball's rules for its language: "huset"
 * and "husene" are "hus".  The only file that sees <libstemmer.h>.
 */

#include <string.h>
#include <libstemmer.h>

#include "text.h"


static const struct {
    const char  *tag, *algorithm;
} languages[] = {
    { "ar", "arabic" },     { "da", "danish" },     { "de", "german" },
    { "en", "english" },    { "es", "spanish" },    { "fi", "finnish" },
    { "fr", "french" },     { "it", "italian" },    { "nb", "norwegian" },
    { "nl", "dutch" },      { "nn", "norwegian" },  { "pt", "portuguese" },
    { "ru", "russian" },    { "sv", "swedish" }
};

#define LANGUAGES  (sizeof(languages) / sizeof(languages[0]))


/* 1 and up; 0: Snowball has no rules for it. */
unsigned
cmt__stem_language(cmt_str_t tag)
{
    unsigned  i;

    for (i = 0; i < LANGUAGES; i++) {
        if (cmt__str_is(tag, languages[i].tag)) {
            return i + 1;
        }
    }

    return 0;
}


struct sb_stemmer *
cmt__stem_open(unsigned language)
{
    return sb_stemmer_new(languages[language - 1].algorithm, "UTF_8");
}


void
cmt__stem_close(struct sb_stemmer *stemmer)
{
    if (stemmer != NULL) {
        sb_stemmer_delete(stemmer);
    }
}


cmt_str_t
cmt__stem(struct sb_stemmer *stemmer, cmt_str_t word)
{
    const sb_symbol  *stem;

    if (word.len > CMT__STEM_BYTES_MAX) {
        return word;
    }

    stem = sb_stemmer_stem(stemmer, (const sb_symbol *) word.data,
                           (int) word.len);

    return stem != NULL
           ? (cmt_str_t) { (size_t) sb_stemmer_length(stemmer),
                           (const char *) stem }
           : word;
}
