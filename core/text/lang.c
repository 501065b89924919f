/*
 * lang.c: catalogues of words.
 *
 *   web/i18n/nb.json (compiled in) -> JSON tree -> keys in order, in an arena
 *   that is never given back
 *
 * Moderators have catalogues of their own, web/i18n/moderate/, so that readers
 * need not fetch them.
 */

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <unicode/upluralrules.h>

#include "../base/asset.h"
#include "lang.h"
#include "lang_table.h"


#define CATALOGUE_BYTES_MAX  (1024 * 1024)
#define KEYWORD_CHARS_MAX    8           /* "other" and its NUL              */

struct cmt__lang_s {
    size_t               n;
    const cmt__json_t  **words;          /* members, in order of their names */
    const UPluralRules  *plurals;
    cmt_arena_t         *arena;          /* all of this lies in it, for ever */
};


static const cmt__lang_t *lang_of(unsigned whose, unsigned language);
static const cmt__lang_t *load(unsigned whose, unsigned language,
    cmt_arena_t *arena) CMT_CHECK;
static int by_name(const void *a, const void *b);
static const cmt__json_t *find(const cmt__lang_t *lang, const char *key);
static void put_around(cmt__buf_t *b, cmt_str_t words, const char *before,
    cmt_str_t value, const char *after);


/* What a process has only one of: the catalogues are compiled in. */
static pthread_mutex_t      lock = PTHREAD_MUTEX_INITIALIZER;
static const cmt__lang_t   *loaded[2][CMT__LANGUAGES];

static const char *const  folders[2] = { "i18n/", "i18n/moderate/" };


const cmt__lang_t *
cmt__lang(unsigned language)
{
    return lang_of(0, language);
}


const cmt__lang_t *
cmt__lang_moderate(unsigned language)
{
    return lang_of(1, language);
}


static const cmt__lang_t *
lang_of(unsigned whose, unsigned language)
{
    cmt_arena_t        *arena;
    const cmt__lang_t  *lang;

    if (language >= CMT__LANGUAGES) {
        language = 0;
    }

    lang = __atomic_load_n(&loaded[whose][language], __ATOMIC_ACQUIRE);
    if (lang != NULL) {
        return lang;
    }

    pthread_mutex_lock(&lock);

    if (loaded[whose][language] == NULL) {

        arena = cmt_arena_create(CATALOGUE_BYTES_MAX);

        if (arena != NULL) {
            lang = load(whose, language, arena);

            if (lang == NULL) {
                cmt_arena_destroy(arena);
            }

            __atomic_store_n(&loaded[whose][language], lang, __ATOMIC_RELEASE);
        }
    }

    lang = loaded[whose][language];
    pthread_mutex_unlock(&lock);

    return lang;
}


static const cmt__lang_t *
load(unsigned whose, unsigned language, cmt_arena_t *arena)
{
    size_t               i;
    char                 name[40];
    UErrorCode           status;
    cmt__lang_t         *lang;
    const cmt__json_t   *root;
    const cmt__asset_t  *asset;

    strcpy(name, folders[whose]);
    strcat(strcat(name, cmt__languages[language].tag), ".json");

    asset = cmt__asset_find(name);

    lang = cmt_calloc(arena, sizeof(cmt__lang_t));

    if (asset == NULL || lang == NULL
        || cmt__json_parse(arena, (cmt_str_t) { asset->len,
                                                (const char *) asset->bytes },
                           &root, NULL)
           != CMT_OK
        || root->n > CMT__LANG_KEYS_MAX)
    {
        return NULL;
    }

    lang->arena = arena;
    lang->words = cmt_alloc(arena, root->n * sizeof(cmt__json_t *));
    if (lang->words == NULL) {
        return NULL;
    }

    for (i = 0; i < root->n; i++) {
        lang->words[i] = &root->items[i];
    }

    lang->n = root->n;
    qsort(lang->words, lang->n, sizeof(cmt__json_t *), by_name);

    status = U_ZERO_ERROR;
    lang->plurals = uplrules_open(cmt__languages[language].locale, &status);

    return U_SUCCESS(status) ? lang : NULL;
}


static int
by_name(const void *a, const void *b)
{
    int                 order;
    size_t              len;
    const cmt__json_t  *one, *two;

    one = *(const cmt__json_t *const *) a;
    two = *(const cmt__json_t *const *) b;

    len = one->name.len < two->name.len ? one->name.len : two->name.len;
    order = memcmp(one->name.data, two->name.data, len);

    return order != 0 ? order
           : (one->name.len > two->name.len)
             - (one->name.len < two->name.len);
}


static const cmt__json_t *
find(const cmt__lang_t *lang, const char *key)
{
    cmt__json_t          wanted;
    const cmt__json_t   *member, **found;

    wanted.name = (cmt_str_t) { strlen(key), key };
    member = &wanted;

    found = bsearch(&member, lang->words, lang->n, sizeof(cmt__json_t *),
                    by_name);

    return found == NULL ? NULL : *found;
}


cmt_str_t
cmt__lang_text(const cmt__lang_t *lang, const char *key)
{
    const cmt__json_t  *words;

    words = find(lang, key);

    return words != NULL && words->type == CMT__JSON_STRING
           ? words->string : (cmt_str_t) { strlen(key), key };
}


cmt_str_t
cmt__lang_plural(const cmt__lang_t *lang, const char *key, uint64_t n)
{
    char                keyword[KEYWORD_CHARS_MAX];
    UChar               wide[KEYWORD_CHARS_MAX];
    int32_t             i, len;
    UErrorCode          status;
    const cmt__json_t  *forms, *form;

    forms = find(lang, key);

    if (forms == NULL || forms->type != CMT__JSON_OBJECT) {
        return cmt__lang_text(lang, key);
    }

    status = U_ZERO_ERROR;
    len = uplrules_select(lang->plurals, (double) n, wide, KEYWORD_CHARS_MAX,
                          &status);
    form = NULL;

    if (U_SUCCESS(status) && len < KEYWORD_CHARS_MAX) {

        for (i = 0; i < len; i++) {
            keyword[i] = (char) wide[i];             /* ASCII */
        }

        keyword[len] = '\0';
        form = cmt__json_member(forms, keyword);
    }

    if (form == NULL) {
        form = cmt__json_member(forms, "other");
    }

    return form != NULL ? form->string : (cmt_str_t) { strlen(key), key };
}


void
cmt__lang_put(cmt__buf_t *b, const cmt__lang_t *lang, const char *key)
{
    cmt__html_escape(b, cmt__lang_text(lang, key));
}


void
cmt__lang_put_with(cmt__buf_t *b, cmt_str_t words, cmt_str_t value)
{
    put_around(b, words, "", value, "");
}


void
cmt__lang_put_code(cmt__buf_t *b, cmt_str_t words, cmt_str_t value)
{
    put_around(b, words, "<code dir=\"ltr\">", value, "</code>");
}


static void
put_around(cmt__buf_t *b, cmt_str_t words, const char *before,
    cmt_str_t value, const char *after)
{
    size_t       from, to;
    const char  *open, *close;

    open = memchr(words.data, '{', words.len);
    close = open == NULL ? NULL
            : memchr(open, '}', words.len - (size_t) (open - words.data));

    if (close == NULL) {
        cmt__html_escape(b, words);
        return;
    }

    from = (size_t) (open - words.data);
    to = (size_t) (close - words.data) + 1;

    cmt__html_escape(b, cmt__str_sub(words, 0, from));
    cmt__buf_lit(b, before);
    cmt__html_escape(b, value);
    cmt__buf_lit(b, after);
    cmt__html_escape(b, cmt__str_sub(words, to, words.len));
}
