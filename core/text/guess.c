/*
 * guess.c: the language of a text, by its script and by the small words that
 * every text of some sentences has.  A table of trigrams would know more
 * languages; this one is short enough to be read, and says nothing when it
 * does not know.
 */

#include <pthread.h>
#include <string.h>

#include "text.h"


#define LETTERS_MIN   20
#define WORDS_MAX     500            /* that are looked at                   */
#define WORD_BYTES    16
#define SHARE_MIN     0.6            /* of a script                          */

#define SLOTS         1024           /* of some 300 words; a power of two    */


/* By cmt__shape_t.script; NULL: more than one language of ours. */
static const char *const  of_script[CMT__SCRIPTS] = {
    NULL, NULL, "el", "ar", "he", "zh-Hans", "ja", "ja", "ko", "th", "hi",
    NULL
};

/* In lower case, with a blank on both sides of each. */
static const struct {
    const char  *code, *words;
} languages[] = {
    { "en", " the and of to is that it you was for with this have are not"
            " be they what from were my your we which would there " },
    { "nb", " og det er ikke jeg som på av til har med en å men hva noe dette"
            " bare meg deg også fra blir være hvor når etter mye nå " },
    { "nn", " og det er ikkje eg som på av til har med ein å men kva noko"
            " dette berre meg deg også frå blir vere kvar når etter mykje no"
            " dei ei " },
    { "da", " og det er ikke jeg som på af til har med en at men hvad noget"
            " dette kun mig dig også fra bliver være hvor når efter meget nu"
            " " },
    { "sv", " och det är inte jag som på av till har med en att men vad något"
            " detta bara mig dig också från blir vara var när efter mycket nu"
            " " },
    { "fi", " ja on ei se että en oli mutta niin kun hän mitä tämä myös ovat"
            " joka kuin minä sen voi jos " },
    { "de", " und der die das ist nicht ich es ein eine zu mit sie auf den"
            " von wir auch dass aber für im sich wie was war " },
    { "nl", " en de het een is niet ik dat van te zijn met op voor er maar"
            " ook aan wat je dit om als bij " },
    { "fr", " et le la les des est pas je que un une en pour dans ce il qui"
            " vous sur avec plus mais nous au du " },
    { "es", " y el la los las es no que un una en por para con se del lo como"
            " más pero muy su esto yo al " },
    { "pt", " e o os as é não que um uma em por para com se do da no na como"
            " mais mas muito isso eu ao você " },
    { "it", " e il la i gli è non che un una in per con si del della come più"
            " ma molto questo io di sono anche " },
    { "pl", " i w nie na to jest się z że do jak ale co tak czy po już za od"
            " dla tylko są ten " },
    { "ru", " и в не на что это я с как но он по все так же то у мы для из"
            " есть бы только " },
    { "uk", " і в не на що це я з як але він по все так же та у ми для із є"
            " би тільки його " }
};

#define LANGUAGES  (sizeof(languages) / sizeof(languages[0]))


/* All that either table can give. */
const char *const  cmt__text_languages[CMT__TEXT_LANGUAGES + 1] = {
    "en", "nb", "nn", "da", "sv", "fi", "de", "nl", "fr", "es", "pt", "it",
    "pl", "ru", "uk", "el", "ar", "he", "zh-Hans", "ja", "ko", "th", "hi",
    NULL
};


/* The words of all languages by their hash, since each word of a text is asked
 * for: a slot that is taken is followed by the next one. */
typedef struct {
    cmt_str_t  word;                     /* len 0: the slot is free */
    unsigned   languages;                /* bits */
} slot_t;


static void index_once(void);
static slot_t *slot_of(cmt_str_t word);
static size_t lower(cmt_str_t word, char out[WORD_BYTES]);
static void best_of(const unsigned *score, cmt__guess_t *guess);


static pthread_once_t  once = PTHREAD_ONCE_INIT;
static slot_t          slots[SLOTS];     /* only read once it is made */


void
cmt__text_guess(cmt_str_t s, const cmt__shape_t *shape, cmt__guess_t *guess)
{
    char       word[WORD_BYTES];
    size_t     at, i, n;
    unsigned   score[LANGUAGES], known;
    cmt_str_t  w, small;

    guess->code = cmt_null_str;
    guess->confidence = 0;

    if (shape->letters < LETTERS_MIN) {
        return;
    }

    /* Japanese has letters of its own among the Chinese ones. */

    if (shape->script[6] + shape->script[7] > 0.1) {
        guess->code = cmt_str("ja");
        guess->confidence = 1;
        return;
    }

    for (i = 0; i < CMT__SCRIPTS; i++) {
        if (shape->script[i] >= SHARE_MIN && of_script[i] != NULL) {
            guess->code.data = of_script[i];
            guess->code.len = strlen(of_script[i]);
            guess->confidence = shape->script[i];
            return;
        }
    }

    (void) pthread_once(&once, index_once);
    memset(score, 0, sizeof(score));
    at = 0;

    for (n = 0; n < WORDS_MAX && cmt__text_word(s, &at, &w); n++) {

        small.data = word;
        small.len = lower(w, word);

        if (small.len == 0) {
            continue;
        }

        /* what few languages have tells more */

        known = slot_of(small)->languages;

        for (i = 0; known >> i != 0; i++) {
            if (known >> i & 1) {
                score[i] += 12 / (unsigned) __builtin_popcount(known);
            }
        }
    }

    best_of(score, guess);
}


static void
index_once(void)
{
    size_t       i;
    slot_t      *slot;
    cmt_str_t    word;
    const char  *at;

    for (i = 0; i < LANGUAGES; i++) {
        for (at = languages[i].words + 1; *at != '\0'; at += word.len + 1) {
            word.data = at;
            word.len = strcspn(at, " ");
            slot = slot_of(word);
            slot->word = word;
            slot->languages |= 1U << i;
        }
    }
}


/* That of the word, or a free one. */

static slot_t *
slot_of(cmt_str_t word)
{
    size_t    i;
    uint32_t  hash;

    hash = 2166136261;

    for (i = 0; i < word.len; i++) {
        hash = (hash ^ (unsigned char) word.data[i]) * 16777619;
    }

    for (i = hash % SLOTS; slots[i].word.len != 0; i = (i + 1) % SLOTS) {
        if (cmt__str_eq(slots[i].word, word)) {
            break;
        }
    }

    return &slots[i];
}


/* 0: it is none of ours. */

static size_t
lower(cmt_str_t word, char out[WORD_BYTES])
{
    size_t  at, len;

    if (word.len > WORD_BYTES - 4 || !cmt__utf8_valid(word)) {
        return 0;
    }

    len = 0;

    for (at = 0; at < word.len; /* void */ ) {
        if (len + 5 > WORD_BYTES) {
            return 0;
        }

        len += cmt__utf8_put(out + len,
                             cmt__text_lower(cmt__utf8_next(word, &at)));
    }

    return len;
}


static void
best_of(const unsigned *score, cmt__guess_t *guess)
{
    size_t    i, best;
    unsigned  second;

    best = 0;
    second = 0;

    for (i = 1; i < LANGUAGES; i++) {
        if (score[i] > score[best]) {
            second = score[best];
            best = i;

        } else if (score[i] > second) {
            second = score[i];
        }
    }

    if (score[best] < 12 || score[best] == second) {
        return;
    }

    guess->code.data = languages[best].code;
    guess->code.len = strlen(languages[best].code);
    guess->confidence = (double) score[best] / (score[best] + second);
}
