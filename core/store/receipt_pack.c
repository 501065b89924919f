/*
 * receipt_pack.c: a receipt as it is kept.  It is JSON everywhere else; what
 * all receipts say takes a byte or two here, and nothing is said twice.
 *
 *   first byte     then
 *   0x00           n:1             words[n] in quotes     "author.approved"
 *   0x01           n:1             a comma before it     ,"author.approved"
 *   0x02           n:1             and a colon behind it ,"author.approved":
 *   0x03           bytes:16        32 hex digits
 *   0x04           back:v len:v    what stands `back` bytes before, again
 *   0x05           any:1           that byte
 *   0x06..0x1f                     phrases[0..25]
 *   0x20..0xf4                     itself
 *   0xf5..0xff                     phrases[26..36]
 *
 * v is a varint, 7 bits a byte from the lowest, 0x80 on all but the last.
 * JSON has no byte below 0x20, UTF-8 none above 0xf4: so what was not packed
 * reads as itself.
 *
 *   {"verdict":"hold","score":0,"public":null,"rules":[{"name":"many links",
 *    06              hold 07    0  08                  0b       many links
 *    "file":"rules.lua","line":1,"verdict":"hold","note":"3 links"}], ...
 *    0c      rules.lua 0d      1 0f                      3 links  17
 *
 * The tables are part of the format: rows are added at the end.
 */

#include <string.h>

#include "schema.h"


#define WORD          0x00
#define COMMA_WORD    0x01
#define MEMBER        0x02
#define HEX           0x03
#define AGAIN         0x04
#define ESCAPE        0x05
#define PHRASE_LOW    0x06
#define TEXT          0x20
#define PHRASE_HIGH   0xf5

#define HEX_BYTES     16
#define PHRASES_LOW   (TEXT - PHRASE_LOW)
#define WORDS_MAX     256
#define STRINGS_MAX   32         /* earlier ones that are looked at           */
#define AGAIN_MIN     6          /* bytes of one that is worth to refer to    */
#define CHAINS        64
#define PHRASE_MIN    3          /* bytes of the shortest                     */


#define row(text)  { sizeof(text) - 1, text }

static const cmt_str_t  words[] = {
    row("event"), row("kind"), row("id"), row("time"), row("text"),
    row("plain"), row("length"), row("words"), row("links"), row("ip_key"),
    row("ip_country"), row("agent"), row("var"), row("parent"),
    row("folded"), row("emoji"), row("mentions"), row("script"), row("html"),
    row("lang"),
    row("author.key"), row("author.name"), row("author.url"),
    row("author.role"), row("author.proof"), row("author.first_seen"),
    row("author.approved"), row("author.held"), row("author.rejected"),
    row("author.spam"), row("author.recent"), row("author.upheld_flags"),
    row("form.seconds"), row("form.honeypot"), row("form.pow_bits"),
    row("form.js"), row("form.pasted"),
    row("page.path"), row("page.url"), row("page.title"), row("page.meta"),
    row("page.tags"), row("page.age"),
    row("thread.comments"), row("thread.closed"), row("thread.locked"),
    row("thread.depth"), row("thread.authors"), row("thread.per_hour"),
    row("thread.removed_share"), row("thread.pair_replies"),
    row("parent.id"), row("parent.kind"), row("parent.time"),
    row("parent.text"), row("parent.plain"), row("parent.length"),
    row("parent.words"), row("parent.links"), row("parent.folded"),
    row("parent.author.key"), row("parent.author.name"),
    row("parent.author.url"),
    row("total"), row("approved"), row("held"), row("rejected"), row("spam"),
    row("answers"), row("language"), row("tags"), row("more"), row("cookie"),
    row("login"), row("member"), row("staff"), row("moderator"), row("post"),
    row("edit"), row("accept"), row("hold"), row("score"), row("reject"),
    row("nudge"), row("challenge"), row("verdict"), row("public"),
    row("rules"), row("name"), row("file"), row("line"), row("note"),
    row("steps"), row("us"), row("errors"), row("facts"), row("given"),
    row("ruleset"), row("skipped")
};

static const cmt_str_t  phrases[] = {
    row("{\"verdict\":\""),
    row("\",\"score\":"),
    row(",\"public\":null,\"rules\":["),
    row(",\"public\":\""),
    row("\",\"rules\":["),
    row("{\"name\":\""),
    row("\",\"file\":\""),
    row("\",\"line\":"),
    row(",\"verdict\":\"score\",\"score\":"),
    row(",\"verdict\":\"hold\",\"note\":\""),
    row(",\"verdict\":\"accept\",\"note\":\""),
    row(",\"verdict\":\"spam\",\"note\":\""),
    row(",\"verdict\":\"reject\",\"note\":\""),
    row(",\"verdict\":\"nudge\",\"note\":\""),
    row(",\"verdict\":\"challenge\",\"note\":\""),
    row(",\"verdict\":\""),
    row(",\"note\":\""),
    row("\"}],\"steps\":"),
    row("],\"steps\":"),
    row(",\"us\":"),
    row(",\"errors\":[],\"facts\":["),
    row(",\"errors\":[\""),
    row("],\"given\":{"),
    row("},\"answers\":[["),
    row("]],\"language\":\""),
    row("},\"language\":\""),
    row("\",\"ruleset\":\""),
    row("},\"ruleset\":\""),
    row("]],\"ruleset\":\""),
    row("\"},{\"name\":\""),
    row("\"],\"facts\":["),
    row("],["),
    row(",\"form.honeypot\":false,\"form.js\":false"),
    row("\"form.honeypot\":false,\"form.js\":false"),
    row(",\"form.honeypot\":false"),
    row(",\"author.proof\":\"cookie\""),
    row(",\"tags\":[\"")
};

#define WORDS    (sizeof(words) / sizeof(words[0]))
#define PHRASES  (sizeof(phrases) / sizeof(phrases[0]))

_Static_assert(WORDS < WORDS_MAX, "a word is one byte");
_Static_assert(PHRASES == PHRASES_LOW + 0x100 - PHRASE_HIGH, "all are used");


/* Rows of a table that have something in common stand in one chain: from the
 * first one, plus 1, to the next; 0 ends it. */
typedef struct {
    uint8_t      first[CHAINS];
    uint8_t      next[WORDS_MAX];
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

typedef struct {
    const uint8_t  *in;
    size_t          len, at;
    char           *out;                 /* NULL: it is only measured         */
    size_t          n, size;
} unpacker_t;


static void chain_rows(packer_t *p);
static void chain_row(chains_t *chains, size_t chain, size_t row);
static int starts_string(const packer_t *p);
static size_t pack_phrase(packer_t *p);
static size_t pack_word(packer_t *p);
static size_t pack_hex(packer_t *p);
static size_t pack_again(packer_t *p);
static void pack_byte(packer_t *p);
static void pass(packer_t *p, size_t bytes);
static int unpack_all(unpacker_t *u) CMT_CHECK;
static int unpack_one(unpacker_t *u) CMT_CHECK;


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

    for (i = 0; i < PHRASES; i++) {
        chain_row(&p->phrases, phrase_chain(phrases[i].data), i);
    }

    for (i = 0; i < WORDS; i++) {
        chain_row(&p->words, word_chain(words[i]), i);
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
    size_t  i, best;

    if (p->in.len - p->at < PHRASE_MIN) {
        return 0;
    }

    best = PHRASES;

    for (i = p->phrases.first[phrase_chain(p->in.data + p->at)];
         i != 0;
         i = p->phrases.next[i - 1])
    {
        if ((best == PHRASES || phrases[i - 1].len > phrases[best].len)
            && stands(p, p->at, phrases[i - 1]))
        {
            best = i - 1;
        }
    }

    if (best == PHRASES) {
        return 0;
    }

    cmt__buf_char(p->out, (char) (best < PHRASES_LOW
                                  ? PHRASE_LOW + best
                                  : PHRASE_HIGH + best - PHRASES_LOW));

    return phrases[best].len;
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
         i != 0 && !cmt__str_eq(words[i - 1], word);
         i = p->words.next[i - 1])
    {
        /* void */
    }

    if (i == 0) {
        return 0;
    }

    at += len + 1;
    colon = comma && at < p->in.len && p->in.data[at] == ':';
    cmt__buf_char(p->out, colon ? MEMBER : comma ? COMMA_WORD : WORD);
    cmt__buf_char(p->out, (char) (i - 1));

    return at + (size_t) colon - p->at;
}


static size_t
pack_hex(packer_t *p)
{
    size_t   i;
    char     c;
    uint8_t  bytes[HEX_BYTES];

    if (p->in.len - p->at < 2 * HEX_BYTES) {
        return 0;
    }

    for (i = 0; i < 2 * HEX_BYTES; i++) {
        c = p->in.data[p->at + i];

        if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
            return 0;
        }
    }

    if (!cmt__unhex(cmt__str_sub(p->in, p->at, p->at + 2 * HEX_BYTES), bytes,
                    HEX_BYTES))
    {
        return 0;
    }

    cmt__buf_char(p->out, HEX);
    cmt__buf_put(p->out, bytes, HEX_BYTES);

    return 2 * HEX_BYTES;
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
            cmt__buf_char(p->out, AGAIN);
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

    if (c < TEXT || c >= PHRASE_HIGH) {
        cmt__buf_char(p->out, ESCAPE);
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


int
cmt__receipt_unpack(cmt_arena_t *arena, cmt_str_t packed, cmt_str_t *json)
{
    int         rc;
    char       *out;
    unpacker_t  u;

    memset(&u, 0, sizeof(u));
    u.in = (const uint8_t *) packed.data;
    u.len = packed.len;
    u.size = CMT__RECEIPT_BYTES_MAX;

    rc = unpack_all(&u);
    if (rc != CMT_OK) {
        return rc;
    }

    out = cmt_alloc(arena, u.n + 1);
    if (out == NULL) {
        return CMT_ENOMEM;
    }

    u.size = u.n;
    u.at = 0;
    u.n = 0;
    u.out = out;

    rc = unpack_all(&u);
    if (rc != CMT_OK) {
        return rc;
    }

    out[u.n] = '\0';
    json->data = out;
    json->len = u.n;

    return CMT_OK;
}


static int
unpack_all(unpacker_t *u)
{
    int  rc;

    for (rc = CMT_OK; rc == CMT_OK && u->at < u->len; /* void */ ) {
        rc = unpack_one(u);
    }

    return rc;
}


static int
give(unpacker_t *u, const void *bytes, size_t n)
{
    if (n > u->size - u->n) {
        return CMT_ECORRUPT;
    }

    if (u->out != NULL) {
        memcpy(u->out + u->n, bytes, n);
    }

    u->n += n;

    return CMT_OK;
}


static int
give_word(unpacker_t *u, unsigned code)
{
    int     rc;
    size_t  i;

    i = u->at < u->len ? u->in[u->at++] : WORDS;

    if (i >= WORDS) {
        return CMT_ECORRUPT;
    }

    rc = give(u, ",\"", code == WORD ? 0 : 1);
    if (rc == CMT_OK) {
        rc = give(u, "\"", 1);
    }
    if (rc == CMT_OK) {
        rc = give(u, words[i].data, words[i].len);
    }
    if (rc == CMT_OK) {
        rc = give(u, "\":", code == MEMBER ? 2 : 1);
    }

    return rc;
}


static int
give_hex(unpacker_t *u)
{
    char  hex[2 * HEX_BYTES + 1];

    if (u->len - u->at < HEX_BYTES) {
        return CMT_ECORRUPT;
    }

    cmt__hex(u->in + u->at, HEX_BYTES, hex);
    u->at += HEX_BYTES;

    return give(u, hex, 2 * HEX_BYTES);
}


/* 0: there is none. */

static size_t
number(unpacker_t *u)
{
    size_t    n;
    unsigned  shift;
    uint8_t   byte;

    n = 0;

    for (shift = 0; u->at < u->len && shift < 28; shift += 7) {
        byte = u->in[u->at++];
        n |= (size_t) (byte & 0x7f) << shift;

        if ((byte & 0x80) == 0) {
            return n;
        }
    }

    return 0;
}


static int
give_again(unpacker_t *u)
{
    size_t  back, len;

    back = number(u);
    len = number(u);

    if (len == 0 || len > back || back > u->n) {
        return CMT_ECORRUPT;
    }

    return give(u, u->out != NULL ? u->out + u->n - back : NULL, len);
}


static int
unpack_one(unpacker_t *u)
{
    unsigned          code;
    const uint8_t    *at;
    const cmt_str_t  *phrase;

    at = &u->in[u->at++];
    code = *at;

    switch (code) {

    case WORD:
    case COMMA_WORD:
    case MEMBER:
        return give_word(u, code);

    case HEX:
        return give_hex(u);

    case AGAIN:
        return give_again(u);

    case ESCAPE:
        return u->at < u->len ? give(u, &u->in[u->at++], 1) : CMT_ECORRUPT;

    default:
        break;
    }

    if (code >= TEXT && code < PHRASE_HIGH) {
        return give(u, at, 1);
    }

    phrase = &phrases[code < TEXT ? code - PHRASE_LOW
                                  : code - PHRASE_HIGH + PHRASES_LOW];

    return give(u, phrase->data, phrase->len);
}


int
cmt__receipt_has_word(const char *word)
{
    size_t  i;

    for (i = 0; i < WORDS; i++) {
        if (cmt__str_is(words[i], word)) {
            return 1;
        }
    }

    return 0;
}
