/*
 * receipt_pack.c: packs a receipt as receipt_rows.h says.
 */

#include <string.h>

#include "receipt_rows.h"


#define STRINGS_MAX   32         /* earlier ones that are looked at           */
#define AGAIN_MIN     6          /* bytes of one that is worth to refer to    */
#define CHAINS        64
#define ROWS_MAX      256
#define PHRASE_MIN    3          /* bytes of the shortest                     */

_Static_assert(PACKED_WORDS < ROWS_MAX, "a word is one byte");


/* Rows of a table that have something in common stand in one chain: from the
 * first one, plus 1, to the next; 0 ends it. */
typedef struct {
    uint8_t      first[CHAINS];
    uint8_t      next[ROWS_MAX];
} chains_t;

typedef struct {
    cmt_str_t    in;
    size_t       at;
    cmt__buf_t  *out;
    chains_t     phrases;
    chains_t     words;
    size_t       starts[STRINGS_MAX];    /* of strings in quotes              */
    size_t       n_starts;
    unsigned     open:1;                 /* at is within such a string        */
    unsigned     escaped:1;              /* behind a backslash in it          */
} packer_t;


static void chain_rows(packer_t *p);
static void chain_row(chains_t *chains, size_t chain, size_t row);
static int starts_string(const packer_t *p);
static size_t pack_phrase(packer_t *p);
static size_t pack_word(packer_t *p);
static size_t pack_hex(packer_t *p);
static size_t pack_again(packer_t *p);
static void pack_byte(packer_t *p);
static void pass(packer_t *p, size_t bytes);


int
cmt__receipt_pack(cmt_arena_t *arena, cmt_str_t json, cmt_str_t *packed)
{
    size_t      bytes;
    packer_t    p;
    cmt__buf_t  b;

    if (json.len > CMT__RECEIPT_BYTES_MAX) {
        return CMT_ETOOLARGE;
    }

    memset(&p, 0, sizeof(p));
    p.in = json;
    p.out = &b;
    chain_rows(&p);
    cmt__buf_init(&b, arena, json.len / 2 + 64);

    while (p.at < json.len) {
        bytes = 0;

        switch (json.data[p.at]) {

        case '"':
        case ',':
            bytes = pack_phrase(&p);

            if (bytes == 0) {
                bytes = pack_word(&p);
            }

            break;

        case '{':
        case '}':
        case ']':
            bytes = pack_phrase(&p);
            break;

        default:
            if (starts_string(&p)) {
                bytes = pack_hex(&p);
            }
            if (bytes == 0 && starts_string(&p)) {
                bytes = pack_again(&p);
            }
        }

        if (bytes == 0) {
            pack_byte(&p);
            bytes = 1;
        }

        pass(&p, bytes);
    }

    return cmt__buf_end(&b, packed);
}


static int
starts_string(const packer_t *p)
{
    return p->open && p->starts[(p->n_starts - 1) % STRINGS_MAX] == p->at;
}


static int
stands(const packer_t *p, size_t at, cmt_str_t s)
{
    return p->in.len - at >= s.len
           && memcmp(p->in.data + at, s.data, s.len) == 0;
}


static size_t
phrase_chain(const char *text)
{
    return (uint8_t) (text[0] + 7 * text[2]) % CHAINS;
}


static size_t
word_chain(cmt_str_t word)
{
    return ((uint8_t) word.data[0] + word.len) % CHAINS;
}


/* To try each row at each place took most of the time. */

static void
chain_rows(packer_t *p)
{
    size_t  i;

    for (i = 0; i < PACKED_PHRASES; i++) {
        chain_row(&p->phrases, phrase_chain(cmt__packed_phrases[i].data), i);
    }

    for (i = 0; i < PACKED_WORDS; i++) {
        chain_row(&p->words, word_chain(cmt__packed_words[i]), i);
    }
}


static void
chain_row(chains_t *chains, size_t chain, size_t row)
{
    chains->next[row] = chains->first[chain];
    chains->first[chain] = (uint8_t) (row + 1);
}


static size_t
pack_phrase(packer_t *p)
{
    size_t            i;
    const cmt_str_t  *row, *best;

    if (p->in.len - p->at < PHRASE_MIN) {
        return 0;
    }

    best = NULL;

    for (i = p->phrases.first[phrase_chain(p->in.data + p->at)];
         i != 0;
         i = p->phrases.next[i - 1])
    {
        row = &cmt__packed_phrases[i - 1];

        if ((best == NULL || row->len > best->len) && stands(p, p->at, *row))
        {
            best = row;
        }
    }

    if (best == NULL) {
        return 0;
    }

    i = (size_t) (best - cmt__packed_phrases);
    cmt__buf_char(p->out, (char) (i < PACKED_LOW
                                  ? PACKED_PHRASE_LOW + i
                                  : PACKED_PHRASE_HIGH + i - PACKED_LOW));

    return best->len;
}


/* Bytes up to the quote that ends the string which begins at `at`; 0: it has
 * none. */

static size_t
string_len(const packer_t *p, size_t at)
{
    size_t  i;

    for (i = at; i < p->in.len; i++) {
        if (p->in.data[i] == '"') {
            return i - at;
        }

        i += p->in.data[i] == '\\';
    }

    return 0;
}


static size_t
pack_word(packer_t *p)
{
    int        comma, colon;
    size_t     i, at, len;
    cmt_str_t  word;

    at = p->at;
    comma = p->in.data[at] == ',';
    at += (size_t) comma;

    if (p->open || at >= p->in.len || p->in.data[at] != '"') {
        return 0;
    }

    len = string_len(p, ++at);
    word = (cmt_str_t) { len, p->in.data + at };

    if (len == 0) {
        return 0;
    }

    for (i = p->words.first[word_chain(word)];
         i != 0 && !cmt__str_eq(cmt__packed_words[i - 1], word);
         i = p->words.next[i - 1])
    {
        /* void */
    }

    if (i == 0) {
        return 0;
    }

    at += len + 1;
    colon = comma && at < p->in.len && p->in.data[at] == ':';
    cmt__buf_char(p->out, colon ? PACKED_MEMBER
                          : comma ? PACKED_COMMA_WORD : PACKED_WORD);
    cmt__buf_char(p->out, (char) (i - 1));

    return at + (size_t) colon - p->at;
}


static size_t
pack_hex(packer_t *p)
{
    size_t   i;
    char     c;
    uint8_t  bytes[PACKED_HEX_BYTES];

    if (p->in.len - p->at < 2 * PACKED_HEX_BYTES) {
        return 0;
    }

    for (i = 0; i < 2 * PACKED_HEX_BYTES; i++) {
        c = p->in.data[p->at + i];

        if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
            return 0;
        }
    }

    if (!cmt__unhex(cmt__str_sub(p->in, p->at, p->at + 2 * PACKED_HEX_BYTES),
                    bytes, PACKED_HEX_BYTES))
    {
        return 0;
    }

    cmt__buf_char(p->out, PACKED_HEX);
    cmt__buf_put(p->out, bytes, PACKED_HEX_BYTES);

    return 2 * PACKED_HEX_BYTES;
}


static void
pack_number(packer_t *p, size_t n)
{
    for ( /* void */ ; n >= 0x80; n >>= 7) {
        cmt__buf_char(p->out, (char) (n | 0x80));
    }

    cmt__buf_char(p->out, (char) n);
}


/* The whole of an earlier string. */

static size_t
pack_again(packer_t *p)
{
    size_t     i, len, start;
    cmt_str_t  this;

    len = string_len(p, p->at);
    this = cmt__str_sub(p->in, p->at, p->at + len + 1);

    if (len < AGAIN_MIN) {
        return 0;
    }

    for (i = 1; i < p->n_starts && i < STRINGS_MAX; i++) {
        start = p->starts[(p->n_starts - 1 - i) % STRINGS_MAX];

        if (start + this.len <= p->at && stands(p, start, this)) {
            cmt__buf_char(p->out, PACKED_AGAIN);
            pack_number(p, p->at - start);
            pack_number(p, len);
            return len;
        }
    }

    return 0;
}


static void
pack_byte(packer_t *p)
{
    uint8_t  c;

    c = (uint8_t) p->in.data[p->at];

    if (c < PACKED_TEXT || c >= PACKED_PHRASE_HIGH) {
        cmt__buf_char(p->out, PACKED_ESCAPE);
    }

    cmt__buf_char(p->out, (char) c);
}


/* Goes on, and notes where strings begin. */

static void
pass(packer_t *p, size_t bytes)
{
    size_t  end;

    for (end = p->at + bytes; p->at < end; p->at++) {
        if (p->escaped) {
            p->escaped = 0;

        } else if (p->open && p->in.data[p->at] == '\\') {
            p->escaped = 1;

        } else if (p->in.data[p->at] == '"') {
            p->open ^= 1;

            if (p->open) {
                p->starts[p->n_starts++ % STRINGS_MAX] = p->at + 1;
            }
        }
    }
}
