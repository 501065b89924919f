/*
 * A receipt as the store keeps it: it comes back to the byte, whatever was in
 * it, and is small.
 */

#include <dirent.h>

#include "rules_judge.h"
#include "core/store/receipt_rows.h"


#define ROUNDS          20000
#define KEPT_BYTES_MAX  600          /* of a receipt                         */


/* All facts with values that take room. */
static const char  full[] =
    "{\"time\":1704067200,\"text\":\"HELLO http://a.example/x and"
    " http://b.example/y, you fool\",\"event\":\"post\","
    "\"author\":{\"key\":\"3ad378764e6ef98861845156b9f43561\","
    "\"name\":\"Kari Nordmann\",\"url\":\"https://kari.example/\","
    "\"role\":\"moderator\",\"proof\":\"cookie\",\"first_seen\":1700000000,"
    "\"approved\":1234,\"held\":12,\"rejected\":13,\"spam\":14},"
    "\"ip_key\":\"3ad378764e6ef98861845156b9f43562\",\"ip_country\":\"NO\","
    "\"agent\":\"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101"
    " Firefox/128.0\","
    "\"form\":{\"seconds\":86399,\"honeypot\":false,\"pow_bits\":20,"
    "\"js\":true},"
    "\"page\":{\"path\":\"/2024/01/a-title\","
    "\"url\":\"https://site.example/2024/01/a-title\","
    "\"title\":\"A title of some length\",\"age\":31536000},"
    "\"thread\":{\"comments\":1234,\"closed\":false,\"depth\":9,"
    "\"authors\":321,\"per_hour\":12,\"removed_share\":0.3333333333333333},"
    "\"parent\":{\"id\":17,\"text\":\"What?\","
    "\"author\":{\"name\":\"Ola\",\"key\":"
    "\"3ad378764e6ef98861845156b9f43563\"}}}";

static const char *const  comments[] = {
    full,
    "{}",
    "{\"text\":\"CHEAP PILLS http://casino.example http://b.example\","
    "\"author\":{\"approved\":0,\"name\":\"http://a.example\"},"
    "\"form\":{\"seconds\":1,\"honeypot\":true}}"
};


/* Packed, and back again: 1 when nothing changed. */

static int
returns(cmt_str_t json, cmt_str_t *packed)
{
    cmt_str_t  back;

    return cmt__receipt_pack(arena, json, packed) == CMT_OK
           && cmt__receipt_unpack(arena, *packed, &back) == CMT_OK
           && back.len == json.len
           && memcmp(back.data, json.data, json.len) == 0;
}


static void
test_any_bytes(void)
{
    int          i, wrong;
    char         json[512];
    size_t       len, n, at;
    cmt_str_t    packed;
    const char  *part;

    /* Pieces of receipts, in any order, among any bytes. */
    static const char *const  parts[] = {
        "{\"verdict\":\"hold\"", ",\"score\":0", ",\"public\":null",
        ",\"rules\":[{\"name\":\"many links\",\"file\":\"a.lua\"",
        ",\"line\":1", ",\"verdict\":\"score\",\"score\":2.5", "\\\"", "\\",
        "\"", "\"author.approved\"", ",\"author.approved\":", "many links",
        "\"many links\"", "0123456789abcdef0123456789abcdef", "\\u0001",
        "],[", "\"],\"facts\":[", "{\"name\":\"", ",\"", ",", "\xc3\xa6"
    };

    srand(1);
    wrong = 0;

    for (i = 0; i < ROUNDS; i++) {
        len = 0;

        for (n = (size_t) rand() % 16; n > 0; n--) {
            part = parts[(size_t) rand() % (sizeof(parts) / sizeof(*parts))];

            for (at = 0; part[at] != '\0' && len < sizeof(json) - 1; at++) {
                json[len++] = part[at];
            }

            if (rand() % 4 == 0 && len < sizeof(json)) {
                json[len++] = (char) rand();
            }
        }

        cmt_arena_reset(arena);
        wrong += !returns((cmt_str_t) { len, json }, &packed);
    }

    is_int(wrong, 0, "whatever is packed comes back to the byte");
}


static void
test_damaged(void)
{
    int        i, rc, bad;
    char       any[256];
    size_t     k, len;
    cmt_str_t  json;

    srand(2);
    bad = 0;

    for (i = 0; i < ROUNDS; i++) {
        len = (size_t) rand() % sizeof(any);

        for (k = 0; k < len; k++) {
            any[k] = (char) (rand() % 3 == 0 ? rand() % 8 : rand());
        }

        cmt_arena_reset(arena);
        rc = cmt__receipt_unpack(arena, (cmt_str_t) { len, any }, &json);
        bad += rc != CMT_OK && rc != CMT_ECORRUPT;
    }

    is_int(bad, 0, "any bytes are a receipt or damaged, and no more");
    cmt_arena_reset(arena);
    is_int(cmt__receipt_unpack(arena, cmt_str("\x04\x01\x01"), &json),
           CMT_ECORRUPT, "nothing stands before the first byte");
    is_int(cmt__receipt_unpack(arena, cmt_str("abc\x04\x03\x03"), &json),
           CMT_OK, "what stands there comes again");
    is_str(json, "abcabc", "as it was");
    is_int(cmt__receipt_unpack(arena, cmt_str("abc\x04\x03\x04"), &json),
           CMT_ECORRUPT, "but no more of it than there is");
    is_int(cmt__receipt_unpack(arena, cmt_str("{}"), &json), CMT_OK,
           "what was not packed is read as it is");
}


/* Doubles itself: 30 steps would be a gigabyte. */

static void
test_limit(void)
{
    char         bomb[256], *large;
    size_t       i, n, back;
    cmt_str_t    json, packed;
    cmt_arena_t *room;

    n = (size_t) snprintf(bomb, sizeof(bomb), "0123456789");

    for (i = 0, back = 10; i < 25; i++, back *= 2) {
        bomb[n++] = 4;
        bomb[n++] = (char) ((back & 0x7f) | 0x80);
        bomb[n++] = (char) ((back >> 7 & 0x7f) | 0x80);
        bomb[n++] = (char) ((back >> 14 & 0x7f) | 0x80);
        bomb[n++] = (char) (back >> 21 & 0x7f);
        memcpy(bomb + n, bomb + n - 4, 4);
        n += 4;
    }

    is_int(cmt__receipt_unpack(arena, (cmt_str_t) { n, bomb }, &json),
           CMT_ECORRUPT, "one that would grow for ever is damaged");

    large = calloc(1, CMT__RECEIPT_BYTES_MAX + 1);
    room = cmt_arena_create(64 * 1024 * 1024);
    memset(large, 'x', CMT__RECEIPT_BYTES_MAX + 1);
    json.data = large;
    json.len = CMT__RECEIPT_BYTES_MAX;
    is_int(cmt__receipt_pack(room, json, &packed), CMT_OK,
           "a receipt may be as large as the limit");
    is_int(cmt__receipt_unpack(room, packed, &json), CMT_OK,
           "and is read again");
    is_int(json.len, CMT__RECEIPT_BYTES_MAX, "whole");
    json.data = large;
    json.len = CMT__RECEIPT_BYTES_MAX + 1;
    is_int(cmt__receipt_pack(room, json, &packed), CMT_ETOOLARGE,
           "one past it is refused");
    cmt_arena_destroy(room);
    free(large);
}


/* Writes a rule that reads all that there is. */

static void
read_class(char *out, size_t size, const char *object,
    const cmt__class_t *class)
{
    size_t              i;
    char                inner[64];
    const cmt__fact_t  *row;

    for (i = 0; i < class->n; i++) {
        row = &class->rows[i];

        if (row->type == CMT__FACT_OBJECT) {
            (void) snprintf(inner, sizeof(inner), "%s.%s", object, row->name);
            read_class(out, size, inner, row->class);
            continue;
        }

        (void) snprintf(out + strlen(out), size - strlen(out),
                        "  x = %s.%s\n", object, row->name);
    }
}


static int
is_row(const char *word)
{
    size_t  i;

    for (i = 0; i < PACKED_WORDS; i++) {
        if (cmt__str_is(cmt__packed_words[i], word)) {
            return 1;
        }
    }

    return 0;
}


static void
test_every_fact(void)
{
    int                 missing;
    char                source[8192];
    size_t              i;
    cmt_str_t           packed;
    cmt_ruleset_t      *rules;
    const cmt__json_t  *root, *facts;

    (void) snprintf(source, sizeof(source),
                    "rule('reads all', function(c)\n  local x\n");
    read_class(source, sizeof(source), "c", &cmt__class_comment);
    (void) snprintf(source + strlen(source), sizeof(source) - strlen(source),
                    "  x = c.parent.text .. c.parent.author.name\n"
                    "    .. c.parent.author.key\n"
                    "  return hold('Wait.', 'all')\nend)\n");

    rules = load(source, NULL, NULL);
    ok(rules != NULL, "a rule reads every fact");
    run(rules, full);
    cmt_ruleset_free(rules);
    has("\"verdict\":\"hold\"", "and decides");

    cmt_arena_reset(arena);
    ok(returns((cmt_str_t) { strlen(receipt), receipt }, &packed),
       "its receipt comes back");
    printf("# %zu bytes of JSON, %zu are kept\n", strlen(receipt),
           packed.len);
    ok(packed.len <= KEPT_BYTES_MAX, "and is small");

    ok(cmt__json_parse(arena, (cmt_str_t) { strlen(receipt), receipt }, &root,
                       &err) == CMT_OK, "it is JSON");
    facts = cmt__json_member(root, "facts");
    missing = 0;

    for (i = 0; i < facts->n; i++) {
        if (!is_row(facts->items[i].string.data)) {
            printf("# no word: %s\n", facts->items[i].string.data);
            missing++;
        }
    }

    ok(facts->n > 50, "it names what was read");
    is_int(missing, 0, "each name has a short form");
}


static size_t
largest_of(const char *path, size_t *json_bytes)
{
    size_t          i, most;
    cmt_str_t       packed;
    cmt_ruleset_t  *rules;
    const char     *given[1] = { path };

    if (cmt_ruleset_load(given, 1, NULL, &rules, &err) != CMT_OK) {
        printf("# %s\n", err.detail);
        return SIZE_MAX;
    }

    most = 0;

    for (i = 0; i < sizeof(comments) / sizeof(comments[0]); i++) {
        run(rules, comments[i]);
        cmt_arena_reset(arena);

        if (!returns((cmt_str_t) { strlen(receipt), receipt }, &packed)) {
            most = SIZE_MAX;

        } else if (packed.len > most) {
            most = packed.len;
            *json_bytes = strlen(receipt);
        }
    }

    cmt_ruleset_free(rules);

    return most;
}


static void
test_policies(void)
{
    int             n, large;
    DIR            *dir;
    char            path[512];
    size_t          i, bytes, json_bytes;
    struct dirent  *entry;

    static const char *const  folders[] = { "lua", "lua/policies" };

    large = n = 0;

    for (i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
        dir = opendir(folders[i]);

        while (dir != NULL && (entry = readdir(dir)) != NULL) {
            if (strstr(entry->d_name, ".lua") == NULL
                || strstr(entry->d_name, "_test.lua") != NULL
                || strncmp(entry->d_name, "std_", 4) == 0
                || strcmp(entry->d_name, "std.lua") == 0)
            {
                continue;
            }

            (void) snprintf(path, sizeof(path), "%s/%s", folders[i],
                            entry->d_name);
            json_bytes = 0;
            bytes = largest_of(path, &json_bytes);
            printf("# %s: at most %zu bytes of JSON, %zu are kept\n", path,
                   json_bytes, bytes);
            large += bytes > KEPT_BYTES_MAX;
            n++;
        }

        if (dir != NULL) {
            (void) closedir(dir);
        }
    }

    ok(n >= 8, "policies were tried");
    is_int(large, 0, "all of their receipts are small");
}


int
main(void)
{
    begin();
    test_any_bytes();
    test_damaged();
    test_limit();
    test_every_fact();
    test_policies();
    end();

    return done();
}
