/*
 * textlib.c: text, the functions that know characters.  Any bytes are taken:
 * one that is not UTF-8 counts as a character.
 */

#include <string.h>

#include "list.h"


#define DISTANCE_CHARS_MAX  64
#define RESULTS_MAX         1000         /* words, links, contacts           */
#define NEAR_WORDS_MAX      32           /* in a table given to near()       */
#define NEAR_MAX            1000
#define BULLET              "\xe2\x80\xa2"


typedef int (*next_pt)(cmt_str_t s, size_t *at, cmt_str_t *found);


static int push_places(lua_State *L, cmt_str_t s, next_pt next);
static cmt_str_t kept_copy(lua_State *L, cmt_str_t s, int valid);
static size_t matches_of(lua_State *L, int arg, const cmt__folded_t *f,
    cmt__found_t **matches);
static size_t word_number(const cmt__folded_t *f, size_t *at, size_t *words,
    const cmt__found_t *m);
static void mask_one(lua_State *L, int arg, cmt_str_t s, size_t *done);


/* The length of the character at s, which may be no UTF-8. */

static size_t
step(cmt_str_t s, size_t at, uint32_t *point)
{
    size_t  n;

    n = cmt__utf8_decode(s.data + at, s.len - at, point);

    return n == 0 ? 1 : n;
}


int
cmt__site_cyrillic(const cmt_ruleset_t *rs)
{
    size_t  i;

    static const char *const  languages[] = {
        "ru", "uk", "bg", "be", "mk", "sr", "kk", "ky", "mn", "tg"
    };

    for (i = 0; i < sizeof(languages) / sizeof(languages[0]); i++) {
        if (rs->settings.language.len >= 2
            && memcmp(rs->settings.language.data, languages[i], 2) == 0)
        {
            return 1;
        }
    }

    return 0;
}


/* text.fold(s) */

int
cmt__text_lib_fold(lua_State *L)
{
    cmt__folded_t  f;

    cmt__fold(L, cmt__arg_string(L, 1), 0, &f);
    cmt__charge_copy(L, f.text.len);
    lua_pushlstring(L, f.text.data, f.text.len);

    return 1;
}


/* text.len(s) */

int
cmt__text_lib_len(lua_State *L)
{
    size_t     at, n;
    uint32_t   point;
    cmt_str_t  s;

    s = cmt__arg_string(L, 1);
    cmt__charge_scan(L, 4 * s.len);
    n = 0;

    for (at = 0; at < s.len; at += step(s, at, &point)) {
        n++;
    }

    lua_pushinteger(L, (lua_Integer) n);

    return 1;
}


/* text.leet(s): digits and signs that stand for letters, as letters */

int
cmt__text_lib_leet(lua_State *L)
{
    char        c, *out;
    size_t      i, begin;
    cmt_str_t   s;
    const char *p;

    static const char  from[] = "013457@$", to[] = "oieastas";

    s = cmt__arg_string(L, 1);
    cmt__charge(L, s.len / 4 + 1);

    begin = cmt__scratch_begin(L);
    out = cmt__scratch_room(L, s.len);

    for (i = 0; i < s.len; i++) {
        c = s.data[i];
        p = c != '\0' ? strchr(from, c) : NULL;
        out[i] = p != NULL ? to[p - from] : c;
    }

    cmt__scratch_push(L, begin);

    return 1;
}


/* text.lower(s) */

int
cmt__text_lib_lower(lua_State *L)
{
    char       out[4];
    size_t     at, n, begin, before;
    uint32_t   point, lower;
    cmt_str_t  s;

    s = cmt__arg_string(L, 1);
    cmt__charge(L, s.len / 4 + 1);
    begin = cmt__scratch_begin(L);

    for (at = 0; at < s.len; at += n) {
        point = 0;
        before = cmt__utf8_decode(s.data + at, s.len - at, &point);
        n = before == 0 ? 1 : before;
        lower = before == 0 ? 0 : cmt__text_lower(point);

        if (before != 0 && lower != point) {
            cmt__scratch_put(L, out, cmt__utf8_put(out, lower));
        } else {
            cmt__scratch_put(L, s.data + at, n);
        }
    }

    cmt__scratch_push(L, begin);

    return 1;
}


/* text.sub(s, i, j): as string.sub, in characters */

int
cmt__text_lib_sub(lua_State *L)
{
    size_t       at, n, from, to;
    uint32_t     point;
    cmt_str_t    s;
    lua_Integer  i, j, chars;

    s = cmt__arg_string(L, 1);
    i = cmt__arg_integer_or(L, 2, 1);
    j = cmt__arg_integer_or(L, 3, -1);

    cmt__charge_scan(L, 8 * s.len);
    chars = 0;

    for (at = 0; at < s.len; at += step(s, at, &point)) {
        chars++;
    }

    i = i >= 0 ? (i == 0 ? 1 : i) : i < -chars ? 1 : chars + i + 1;
    j = j >= 0 ? (j > chars ? chars : j) : j < -chars ? 0 : chars + j + 1;

    from = to = s.len;
    n = 0;

    for (at = 0; at < s.len; at += step(s, at, &point)) {
        n++;

        if ((lua_Integer) n == i) {
            from = at;
        }

        if ((lua_Integer) n == j) {
            to = at + step(s, at, &point);
        }
    }

    s = i > j || j < 1 ? cmt_str("") : cmt__str_sub(s, from, to);
    cmt__charge_copy(L, s.len);
    lua_pushlstring(L, s.data, s.len);

    return 1;
}


/* text.trim(s): without white space and unseen characters at its ends */

int
cmt__text_lib_trim(lua_State *L)
{
    size_t     at, n, from, to;
    uint32_t   point;
    cmt_str_t  s;

    s = cmt__arg_string(L, 1);
    cmt__charge(L, s.len / 4 + 1);
    from = s.len;
    to = 0;

    for (at = 0; at < s.len; at += n) {
        point = 0xfffd;
        n = step(s, at, &point);

        if (!cmt__text_space(point)) {
            from = from == s.len ? at : from;
            to = at + n;
        }
    }

    s = from < to ? cmt__str_sub(s, from, to) : cmt_str("");
    cmt__charge_copy(L, s.len);
    lua_pushlstring(L, s.data, s.len);

    return 1;
}


/* text.words(s) */

int
cmt__text_lib_words(lua_State *L)
{
    size_t       at;
    cmt_str_t    s, word;
    lua_Integer  n;

    s = cmt__arg_string(L, 1);
    cmt__charge(L, s.len / 4 + 1);
    lua_createtable(L, 0, 0);
    at = 0;

    for (n = 1; n <= RESULTS_MAX && cmt__text_word(s, &at, &word); n++) {
        cmt__charge_copy(L, word.len);
        lua_pushlstring(L, word.data, word.len);
        lua_rawseti(L, -2, n);
    }

    return 1;
}


/* text.contacts(s) */

int
cmt__text_lib_contacts(lua_State *L)
{
    return push_places(L, cmt__arg_string(L, 1), cmt__text_contact);
}


/* text.links(s) */

int
cmt__text_lib_links(lua_State *L)
{
    return push_places(L, cmt__arg_string(L, 1), cmt__text_link);
}


static int
push_places(lua_State *L, cmt_str_t s, next_pt next)
{
    size_t        at;
    cmt_str_t     found;
    lua_Integer   n;
    cmt__found_t  m;

    cmt__charge(L, s.len / 4 + 1);
    s = kept_copy(L, s, next == cmt__text_link);

    memset(&m, 0, sizeof(m));
    m.weight = 1000;
    lua_createtable(L, 0, 0);
    at = 0;

    for (n = 1; n <= RESULTS_MAX && next(s, &at, &found); n++) {
        m.text = found;
        m.at = (size_t) (found.data - s.data);
        cmt__found_push(L, &m);
        lua_rawseti(L, -2, n);
    }

    return 1;
}


/* Matches point into it.  valid: bytes that are not UTF-8 become marks, so
 * that places stay the same. */

static cmt_str_t
kept_copy(lua_State *L, cmt_str_t s, int valid)
{
    char      *copy;
    size_t     at, n;
    uint32_t   point;
    cmt_str_t  out;

    copy = cmt__machine_alloc(L, s.len + 1);
    memcpy(copy, s.data, s.len);

    for (at = 0; valid && at < s.len; at += n) {
        n = cmt__utf8_decode(s.data + at, s.len - at, &point);

        if (n == 0) {
            copy[at] = '?';
            n = 1;
        }
    }

    out.data = copy;
    out.len = s.len;

    return out;
}


/* text.distance(a, b): how many characters to add, drop or change */

int
cmt__text_lib_distance(lua_State *L)
{
    size_t     at, i, k, n[2];
    uint32_t   points[2][DISTANCE_CHARS_MAX], point;
    unsigned   row[DISTANCE_CHARS_MAX + 1], before, next;
    cmt_str_t  s;

    for (i = 0; i < 2; i++) {
        s = cmt__arg_string(L, (int) i + 1);
        n[i] = 0;

        for (at = 0; at < s.len; /* void */ ) {
            if (n[i] == DISTANCE_CHARS_MAX) {
                cmt__raise_argument(L, (int) i + 1, "a text of at most %d"
                                    " characters expected",
                                    DISTANCE_CHARS_MAX);
            }

            point = (unsigned char) s.data[at] | 0x80000000u;
            at += step(s, at, &point);
            points[i][n[i]++] = point;
        }
    }

    cmt__charge(L, n[0] * n[1] / 2 + 1);

    for (k = 0; k <= n[1]; k++) {
        row[k] = (unsigned) k;
    }

    for (i = 1; i <= n[0]; i++) {
        before = row[0];
        row[0] = (unsigned) i;

        for (k = 1; k <= n[1]; k++) {
            next = before + (points[0][i - 1] != points[1][k - 1]);
            before = row[k];
            next = next < row[k] + 1 ? next : row[k] + 1;
            row[k] = next < row[k - 1] + 1 ? next : row[k - 1] + 1;
        }
    }

    lua_pushinteger(L, row[n[1]]);

    return 1;
}


/* text.near(s, a, b, n): the first of a that stands at most n words from one
 * of b; a and b: lists, or tables of words */

int
cmt__text_lib_near(lua_State *L)
{
    size_t         i, k, n, near, at[2], words[2], where[2];
    lua_Integer    most;
    cmt__found_t  *m[2];
    size_t         counts[2];
    cmt__folded_t  f;

    most = cmt__arg_integer(L, 4);
    if (most < 0 || most > NEAR_MAX) {
        cmt__raise_argument(L, 4, "0 to %d words expected", NEAR_MAX);
    }

    cmt__fold(L, cmt__arg_string(L, 1), 1, &f);
    n = (size_t) most;
    counts[0] = matches_of(L, 2, &f, &m[0]);
    counts[1] = matches_of(L, 3, &f, &m[1]);

    cmt__charge(L, f.source.len / 4 + counts[0] + counts[1]);

    if (counts[0] == 0 || counts[1] == 0) {
        lua_pushnil(L);
        return 1;
    }

    memset(at, 0, sizeof(at));
    memset(words, 0, sizeof(words));
    where[0] = word_number(&f, &at[0], &words[0], &m[0][0]);
    where[1] = word_number(&f, &at[1], &words[1], &m[1][0]);

    for (i = k = 0; /* void */ ; /* void */ ) {
        near = where[0] > where[1] ? where[0] - where[1]
                                   : where[1] - where[0];
        if (near <= n) {
            cmt__found_push(L, &m[0][i]);
            return 1;
        }

        if (where[0] < where[1]) {
            if (++i == counts[0]) {
                break;
            }

            where[0] = word_number(&f, &at[0], &words[0], &m[0][i]);

        } else {
            if (++k == counts[1]) {
                break;
            }

            where[1] = word_number(&f, &at[1], &words[1], &m[1][k]);
        }
    }

    lua_pushnil(L);

    return 1;
}


static size_t
matches_of(lua_State *L, int arg, const cmt__folded_t *f,
    cmt__found_t **matches)
{
    size_t         at, i, n, count;
    cmt_str_t      word;
    cmt__found_t  *m;
    cmt__folded_t  wanted[NEAR_WORDS_MAX];

    if (lua_type(L, arg) != LUA_TTABLE) {
        return cmt__list_matches(L, arg, f, matches, CMT__LIST_MATCHES_MAX);
    }

    n = (size_t) lua_rawlen(L, arg);
    if (n > NEAR_WORDS_MAX) {
        cmt__raise_argument(L, arg, "at most %d words expected",
                            NEAR_WORDS_MAX);
    }

    for (i = 0; i < n; i++) {
        lua_rawgeti(L, arg, (lua_Integer) i + 1);

        if (lua_type(L, -1) != LUA_TSTRING) {
            cmt__raise_argument(L, arg, "a table of words expected");
        }

        cmt__fold(L, cmt__arg_string(L, -1), 0, &wanted[i]);
        lua_pop(L, 1);
    }

    cmt__charge(L, f->text.len * (1 + n / 4) / 4 + 1);
    m = cmt__machine_alloc(L, CMT__LIST_MATCHES_MAX * sizeof(cmt__found_t));
    memset(m, 0, CMT__LIST_MATCHES_MAX * sizeof(cmt__found_t));
    count = 0;
    at = 0;

    while (count < CMT__LIST_MATCHES_MAX && cmt__text_word(f->text, &at,
                                                           &word))
    {
        for (i = 0; i < n && !cmt__str_eq(word, wanted[i].text); i++) {
            /* void */
        }

        if (i < n) {
            m[count].at = f->map[word.data - f->text.data];
            m[count].text = cmt__str_sub(f->source, m[count].at,
                                         at < f->text.len ? f->map[at]
                                                          : f->source.len);
            m[count++].weight = 1000;
        }
    }

    *matches = m;

    return count;
}


/* Which word of the text it begins with; each text is gone through once. */

static size_t
word_number(const cmt__folded_t *f, size_t *at, size_t *words,
    const cmt__found_t *m)
{
    cmt_str_t  word;

    while (*at <= m->at && cmt__text_word(f->source, at, &word)) {
        ++*words;
    }

    return *words;
}


/* text.mask(s, m): what m found becomes dots; m: a match or a list of them,
 * in the order of the text */

int
cmt__text_lib_mask(lua_State *L)
{
    size_t     begin, i, n, done;
    cmt_str_t  s;

    s = cmt__arg_string(L, 1);
    cmt__charge_copy(L, 4 * s.len);
    begin = cmt__scratch_begin(L);
    done = 0;

    if (cmt__found_at(L, 2) != NULL) {
        mask_one(L, 2, s, &done);

    } else {
        cmt__arg_table(L, 2);
        n = (size_t) lua_rawlen(L, 2);

        for (i = 1; i <= n; i++) {
            cmt__charge(L, 1);
            lua_rawgeti(L, 2, (lua_Integer) i);
            mask_one(L, -1, s, &done);
            lua_pop(L, 1);
        }
    }

    cmt__scratch_put(L, s.data + done, s.len - done);
    cmt__scratch_push(L, begin);

    return 1;
}


/* A match of another text, which says other than s there, is left out. */

static void
mask_one(lua_State *L, int arg, cmt_str_t s, size_t *done)
{
    size_t               at;
    uint32_t             point;
    const cmt__found_t  *m;

    m = cmt__found_at(L, arg);

    if (m == NULL) {
        cmt__raise_argument(L, 2, "a match or a list of matches expected");
    }

    if (m->at < *done
        || !cmt__str_eq(cmt__str_sub(s, m->at, m->at + m->text.len),
                        m->text))
    {
        return;
    }

    cmt__charge_copy(L, 4 * m->text.len);
    cmt__scratch_put(L, s.data + *done, m->at - *done);

    for (at = 0; at < m->text.len; at += step(m->text, at, &point)) {
        cmt__scratch_put(L, BULLET, sizeof(BULLET) - 1);
    }

    *done = m->at + m->text.len;
}
