/*
 * list.c: a file of entries -> a list.
 *
 *   word | weight | note        # a comment, behind blanks or alone
 *
 * Weight and note may be left out.  input.c  says which files may be read.
 */

#include <string.h>

#include "list.h"
#include "input.h"
#include "../privacy/privacy.h"


#define PRIME           UINT64_C(0x100000001b3)
#define PROBES_MAX      512
#define WEIGHT_DIGITS   7


typedef struct {
    cmt__list_t  *list;
    cmt_arena_t  *arena, *temp;
    cmt_error_t  *err;
    size_t        line;
} reader_t;


static int read_file(cmt__inputs_t *inputs, const cmt__list_t *list,
    const char *rules, cmt_arena_t *temp, cmt_str_t *text, cmt_error_t *err);
static int read_lines(reader_t *r, cmt_str_t text);
static int read_line(reader_t *r, cmt_str_t line);
static int read_weight(cmt_str_t s, int64_t *weight);
static int make_key(reader_t *r, cmt_str_t s, cmt_str_t *key);
static int join_words(reader_t *r, cmt_str_t folded, cmt_str_t *key);
static int make_slots(reader_t *r);
static void note_begins(cmt__list_t *list, cmt_str_t key);
static int bad_line(reader_t *r, const char *why);


int
cmt__list_read(cmt__list_t *list, const char *rules, cmt__inputs_t *inputs,
    cmt_arena_t *arena, cmt_arena_t *temp, cmt_error_t *err)
{
    int        rc;
    char       hex[65];
    reader_t   r;
    cmt_str_t  text, all;
    cmt__buf_t b;

    rc = read_file(inputs, list, rules, temp, &text, err);
    if (rc != CMT_OK) {
        return rc;
    }

    cmt__digest_hex(text, hex);
    cmt__buf_init(&b, temp, 256);
    cmt__buf_lit(&b, hex);
    cmt__buf_u64(&b, (uint64_t) list->match);
    cmt__buf_u64(&b, list->exact);
    cmt__buf_u64(&b, list->inflect);
    cmt__buf_lit(&b, list->except != NULL ? list->except->digest : "");

    if (cmt__buf_end(&b, &all) != CMT_OK) {
        return cmt__fail(err, CMT_ENOMEM, NULL, NULL);
    }

    cmt__digest_hex(all, list->digest);

    r.list = list;
    r.arena = arena;
    r.temp = temp;
    r.err = err;

    rc = read_lines(&r, text);
    if (rc != CMT_OK) {
        return rc;
    }

    if (list->match == CMT__LIST_SUBSTRING || list->match == CMT__LIST_PREFIX)
    {
        return cmt__list_tree(list, arena, err);
    }

    return make_slots(&r);
}


static int
read_file(cmt__inputs_t *inputs, const cmt__list_t *list,
    const char *rules, cmt_arena_t *temp, cmt_str_t *text, cmt_error_t *err)
{
    int          rc;
    char         path[PATH_MAX];
    cmt_error_t  why;

    rc = cmt__input_find(inputs, "list", list->name, rules, path, err);
    if (rc != CMT_OK) {
        return rc;
    }

    memset(&why, 0, sizeof(why));

    rc = cmt__input_read(inputs, path, CMT__LIST_FILE_BYTES_MAX, temp,
                          text, &why);
    if (rc == CMT_OK || rc == CMT_ENOMEM) {
        return rc == CMT_OK ? rc : cmt__fail(err, rc, NULL, NULL);
    }

    return cmt__fail(err, CMT_ERULES, NULL, "the list \"%s\": %s",
                     list->name.data, why.detail);
}


static int
read_lines(reader_t *r, cmt_str_t text)
{
    int        rc;
    size_t     at, end, lines;
    cmt_str_t  line;

    lines = 1;
    for (at = 0; at < text.len; at++) {
        lines += text.data[at] == '\n';
    }

    r->line = 0;

    if (lines > CMT__LIST_ENTRIES_MAX) {
        return bad_line(r, "the list has too many lines");
    }

    r->list->entries = cmt_alloc(r->arena, lines * sizeof(cmt__list_entry_t));
    if (r->list->entries == NULL) {
        return cmt__fail(r->err, CMT_ENOMEM, NULL, NULL);
    }

    if (cmt__str_starts(text, "\xef\xbb\xbf")) {
        text = cmt__str_sub(text, 3, text.len);
    }

    for (at = 0; at < text.len; at = end + 1) {
        for (end = at; end < text.len && text.data[end] != '\n'; end++) {
            /* void */
        }

        r->line++;
        line = cmt__str_trim(cmt__str_sub(text, at, end));

        if (line.len == 0 || line.data[0] == '#') {
            continue;
        }

        rc = read_line(r, line);
        if (rc != CMT_OK) {
            return rc;
        }
    }

    return CMT_OK;
}


static int
read_line(reader_t *r, cmt_str_t line)
{
    int            rc;
    size_t         i, n, from;
    cmt_str_t      part[3];
    cmt__list_entry_t  *e;

    if (!cmt__utf8_valid(line) || memchr(line.data, '\0', line.len) != NULL) {
        return bad_line(r, "it is not UTF-8 text");
    }

    for (i = 1; i < line.len; i++) {
        if (line.data[i] == '#'
            && (line.data[i - 1] == ' ' || line.data[i - 1] == '\t'))
        {
            line.len = i;
        }
    }

    part[1] = part[2] = cmt_null_str;
    n = from = 0;

    for (i = 0; i <= line.len && n < 3; i++) {
        if (i == line.len || (line.data[i] == '|' && n < 2)) {
            part[n++] = cmt__str_trim(cmt__str_sub(line, from, i));
            from = i + 1;
        }
    }

    e = &r->list->entries[r->list->n];
    e->weight = 1000;
    e->note = cmt_null_str;

    if (part[1].len != 0 && !read_weight(part[1], &e->weight)) {
        return bad_line(r, "the weight must be a number such as 2 or 0.5");
    }

    if (part[2].len > CMT__RULES_NOTE_BYTES_MAX) {
        return bad_line(r, "the note is too long");
    }

    if (part[2].len != 0) {
        e->note = cmt__str_copy(r->arena, part[2]);

        if (e->note.data == NULL) {
            return cmt__fail(r->err, CMT_ENOMEM, NULL, NULL);
        }
    }

    rc = make_key(r, part[0], &e->key);
    if (rc != CMT_OK) {
        return rc;
    }

    if (e->key.len > r->list->key_max) {
        r->list->key_max = e->key.len;
    }

    r->list->n++;

    return CMT_OK;
}


static int
read_weight(cmt_str_t s, int64_t *weight)
{
    int      negative;
    size_t   i, digits, behind;
    int64_t  n;

    negative = s.len != 0 && s.data[0] == '-';
    digits = behind = 0;
    n = 0;

    for (i = (size_t) negative; i < s.len; i++) {
        if (s.data[i] == '.' && behind == 0 && digits != 0) {
            behind = 1;

        } else if (s.data[i] < '0' || s.data[i] > '9'
                   || digits++ == WEIGHT_DIGITS || behind > 3)
        {
            return 0;

        } else {
            n = 10 * n + (s.data[i] - '0');
            behind += behind != 0;
        }
    }

    for ( /* void */ ; behind < 4; behind += behind == 0 ? 2 : 1) {
        n *= 10;
    }

    *weight = negative ? -n : n;

    return digits != 0
           && n <= (int64_t) CMT__RULES_SCORE_MAX * 1000;
}


static int
make_key(reader_t *r, cmt_str_t s, cmt_str_t *key)
{
    char       *folded, network[CMT__LIST_NETWORK_BYTES];
    cmt_str_t   f;

    if (s.len > CMT__LIST_ENTRY_BYTES_MAX) {
        return bad_line(r, "the entry is too long");
    }

    if (r->list->match == CMT__LIST_DOMAIN) {
        if (cmt__str_starts(s, "*.")) {
            s = cmt__str_sub(s, 2, s.len);
        } else if (cmt__str_starts(s, ".")) {
            s = cmt__str_sub(s, 1, s.len);
        }
    }

    if (r->list->match == CMT__LIST_CIDR) {
        if (!cmt__list_network(s, network)) {
            return bad_line(r, "it is no network such as 192.0.2.0/24");
        }

        r->list->lengths[(unsigned char) network[sizeof(network) - 1]] = 1;
        *key = cmt__str_copy(r->arena, (cmt_str_t) { sizeof(network),
                                                     network });

        return key->data != NULL ? CMT_OK
                                 : cmt__fail(r->err, CMT_ENOMEM, NULL, NULL);
    }

    f = s;

    if (!r->list->exact) {
        folded = cmt_alloc(r->temp, cmt__text_fold_room(s) + 1);
        if (folded == NULL) {
            return cmt__fail(r->err, CMT_ENOMEM, NULL, NULL);
        }

        f.data = folded;
        f.len = cmt__text_fold(s, r->list->cyrillic, folded, NULL);
    }

    if (r->list->match == CMT__LIST_WORD
        || r->list->match == CMT__LIST_PREFIX)
    {
        return join_words(r, f, key);
    }

    f = cmt__str_trim(f);

    if (f.len == 0) {
        return bad_line(r, "the entry is empty");
    }

    *key = cmt__str_copy(r->arena, f);

    return key->data != NULL ? CMT_OK
                             : cmt__fail(r->err, CMT_ENOMEM, NULL, NULL);
}


/* The words with one blank between them. */

static int
join_words(reader_t *r, cmt_str_t folded, cmt_str_t *key)
{
    size_t              at, n, most;
    cmt_str_t           word;
    cmt__buf_t          b;
    struct sb_stemmer  *stemmer;

    stemmer = r->list->inflect != 0 ? cmt__stem_open(r->list->inflect) : NULL;

    if (r->list->inflect != 0 && stemmer == NULL) {
        return cmt__fail(r->err, CMT_ENOMEM, NULL, NULL);
    }

    most = r->list->match == CMT__LIST_WORD ? CMT__LIST_WORDS_MAX : 1;
    cmt__buf_init(&b, r->arena, folded.len + 1);
    at = 0;

    for (n = 0; cmt__text_word(folded, &at, &word); n++) {
        if (n == most) {
            cmt__stem_close(stemmer);
            return bad_line(r, most == 1 ? "it must be one word"
                            : "a phrase has at most five words");
        }

        if (n != 0) {
            cmt__buf_char(&b, ' ');
        }

        cmt__buf_str_put(&b, stemmer != NULL ? cmt__stem(stemmer, word)
                                             : word);
    }

    cmt__stem_close(stemmer);

    if (n == 0) {
        return bad_line(r, "there is no word");
    }

    if (n > r->list->words_max) {
        r->list->words_max = n;
    }

    return cmt__buf_end(&b, key) == CMT_OK
           ? CMT_OK : cmt__fail(r->err, CMT_ENOMEM, NULL, NULL);
}


uint64_t
cmt__list_hash(uint64_t hash, const char *s, size_t n)
{
    size_t  i;

    for (i = 0; i < n; i++) {
        hash = (hash ^ (unsigned char) s[i]) * PRIME;
    }

    return hash;
}


/* A quarter full at most, so that few slots are looked at.  Of two entries
 * with the same key the first counts. */

static int
make_slots(reader_t *r)
{
    size_t               i, at, probes;
    uint64_t             hash;
    cmt__list_t         *list;
    const cmt__list_entry_t  *e;

    list = r->list;
    list->n_slots = 16;

    while (list->n_slots < 4 * list->n) {
        list->n_slots *= 2;
    }

    list->slots = cmt_calloc(r->arena, list->n_slots * sizeof(uint32_t));
    list->begins = cmt_calloc(r->arena, (list->n_slots / 32 + 1)
                                        * sizeof(uint32_t));

    if (list->slots == NULL || list->begins == NULL) {
        return cmt__fail(r->err, CMT_ENOMEM, NULL, NULL);
    }

    for (i = 0; i < list->n; i++) {
        e = &list->entries[i];
        hash = cmt__list_hash(CMT__LIST_HASH, e->key.data, e->key.len);
        at = (size_t) (hash ^ hash >> 32) & (list->n_slots - 1);

        for (probes = 0; list->slots[at] != 0; probes++) {
            if (cmt__str_eq(list->entries[list->slots[at] - 1].key, e->key)) {
                break;
            }

            if (probes == PROBES_MAX) {
                r->line = 0;
                return bad_line(r, "its entries were made to be slow");
            }

            at = (at + 1) & (list->n_slots - 1);
        }

        if (list->slots[at] == 0) {
            list->slots[at] = (uint32_t) i + 1;
        }

        note_begins(list, e->key);
    }

    return CMT_OK;
}


/* Of "a b c": "a" and "a b". */

static void
note_begins(cmt__list_t *list, cmt_str_t key)
{
    size_t    i, at;
    uint64_t  hash;

    hash = CMT__LIST_HASH;

    for (i = 0; i < key.len; i++) {
        if (key.data[i] == ' ') {
            at = (size_t) (hash ^ hash >> 32) & (list->n_slots - 1);
            list->begins[at / 32] |= (uint32_t) 1 << (at % 32);
        }

        hash = cmt__list_hash(hash, key.data + i, 1);
    }
}


static int
bad_line(reader_t *r, const char *why)
{
    return cmt__fail(r->err, CMT_ERULES, NULL, "%s:%zu: %s",
                     r->list->name.data, r->line, why);
}
