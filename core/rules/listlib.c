/*
 * listlib.c: list(), what its result can do, and matches.
 *
 * The n-th call of list() gives the n-th list of the ruleset: files are read
 * when the ruleset loads, and only the handles are made again in each machine.
 */

#include <stddef.h>
#include <string.h>

#include "list.h"


/* What is looked at on both sides of a hit, for a list of exceptions. */
#define AROUND_BYTES_MAX  200


typedef int (*visit_pt)(lua_State *L, const cmt__found_t *m, void *data);

typedef struct {
    cmt__found_t  *matches;
    size_t         n, max;
} collector_t;


static void read_options(lua_State *L, int index, cmt__list_t *list);
static void read_option(lua_State *L, cmt_str_t key, cmt__list_t *list);
static void make(lua_State *L, cmt__engine_t *e);
static const cmt__list_t *list_arg(lua_State *L, int arg);
static void search(lua_State *L, const cmt__list_t *list, visit_pt visit,
    void *data);
static void search_text(lua_State *L, const cmt__list_t *list,
    const cmt__folded_t *f, visit_pt visit, void *data);
static void search_address(lua_State *L, const cmt__list_t *list,
    visit_pt visit, void *data);
static void search_links(lua_State *L, const cmt__list_t *list,
    visit_pt visit, void *data);
static int is_excepted(lua_State *L, const cmt__list_t *list, cmt_str_t text,
    const cmt__hit_t *hit);
static int has(lua_State *L, const cmt__list_t *list, cmt_str_t folded);


static const char *const  match_words[] = {
    "word", "substring", "domain", "prefix", "cidr"
};

const char *const  cmt__list_options[] = {
    "match", "except", "case", "inflect", NULL
};

static const cmt__method_t  list_methods[] = {
    { "has", cmt__list_has },
    { "find", cmt__list_find },
    { NULL, NULL }
};

const cmt__class_t  cmt__class_list = {
    "list", NULL, 0, 0, NULL, list_methods
};

static const cmt__fact_t  match_rows[] = {
    { "text", CMT__FACT_STRING, offsetof(cmt__found_t, text), NULL, NULL, 0 },
    { "at", CMT__FACT_SIZE, offsetof(cmt__found_t, at), NULL, NULL, 0 },
    { "weight", CMT__FACT_THOUSANDTHS, offsetof(cmt__found_t, weight), NULL,
      NULL, 0 },
    { "note", CMT__FACT_STRING, offsetof(cmt__found_t, note), NULL, NULL, 0 }
};

const cmt__class_t  cmt__class_match = {
    "match", NULL, 0, 4, match_rows, NULL
};


/* list(file, {match=..., except=..., case=...}) */

int
cmt__register_list(lua_State *L)
{
    cmt__engine_t  *e;

    e = cmt__engine_of(L);

    if (e->running) {
        cmt__raise(L, "list() can only be called while the file loads: write"
                   " \"local words = list(...)\" above the rule");
    }

    cmt__register_now(L, "list");

    if (e->loading != NULL) {
        make(L, e);
    }

    if (e->listed == e->ruleset->n_lists) {
        cmt__register_differs(L);
    }

    cmt__object_push(L, &cmt__class_list, e->ruleset->lists[e->listed]);
    e->listed++;

    return 1;
}


static void
make(lua_State *L, cmt__engine_t *e)
{
    int             rc;
    cmt_error_t     err;
    cmt__list_t    *list;
    cmt_ruleset_t  *rs;

    rs = e->loading;

    if (rs->lists == NULL) {
        rs->lists = cmt_calloc(rs->arena,
                               CMT__LISTS_MAX * sizeof(cmt__list_t *));
    }

    list = cmt_calloc(rs->arena, sizeof(cmt__list_t));

    if (rs->lists == NULL || list == NULL) {
        cmt__raise_no_memory(L);
    }

    if (rs->n_lists == CMT__LISTS_MAX) {
        cmt__raise(L, "there are more than %d lists", CMT__LISTS_MAX);
    }

    list->name = cmt__register_name(L, 1, "list");
    list->cyrillic = cmt__site_cyrillic(rs) ? 1 : 0;

    if (lua_type(L, 2) > LUA_TNIL) {
        cmt__arg_table(L, 2);
        read_options(L, 2, list);
    }

    if (list->inflect != 0 && (list->match != CMT__LIST_WORD || list->exact))
    {
        cmt__raise(L, "inflect goes with match=\"word\" and without case");
    }

    cmt__charge_scan(L, CMT__LIST_FILE_BYTES_MAX / 64);

    memset(&err, 0, sizeof(err));
    rc = cmt__list_read(list, rs->files[e->file].path.data, rs->inputs,
                        rs->arena, e->arena, &err);

    if (rc == CMT_ERULES) {
        cmt__raise(L, "%s", err.detail);
    }

    if (rc != CMT_OK) {
        cmt__raise_no_memory(L);
    }

    rs->lists[rs->n_lists++] = list;
}


static void
read_options(lua_State *L, int index, cmt__list_t *list)
{
    char            shown[CMT__SHOWN_BYTES];
    size_t          i;
    cmt_str_t       key;
    cmt__nearest_t  nearest;

    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
        cmt__charge(L, 1);

        if (lua_type(L, -2) != LUA_TSTRING) {
            cmt__raise(L, "the options of a list have names, such as"
                       " {match=\"domain\"}");
        }

        key = cmt__arg_string(L, -2);

        cmt__nearest_init(&nearest, key);

        for (i = 0; cmt__list_options[i] != NULL; i++) {
            if (cmt__str_is(key, cmt__list_options[i])) {
                break;
            }

            cmt__nearest_offer(&nearest, cmt__list_options[i]);
        }

        if (cmt__list_options[i] == NULL) {
            cmt__raise(L, "a list has no \"%s\"%s", cmt__shown(shown, key),
                       cmt__nearest_text(&nearest));
        }

        read_option(L, key, list);
    }
}


static void
read_option(lua_State *L, cmt_str_t key, cmt__list_t *list)
{
    char       shown[CMT__SHOWN_BYTES];
    size_t     i;
    cmt_str_t  word;

    if (cmt__str_is(key, "except")) {
        list->except = cmt__object_data(L, -1, &cmt__class_list);

        if (list->except == NULL) {
            cmt__raise(L, "except must be a list, such as list(\"ok.txt\"),"
                       " not %s", cmt__type_name(L, -1));
        }

        return;
    }

    if (cmt__str_is(key, "case")) {
        if (lua_type(L, -1) != LUA_TBOOLEAN) {
            cmt__raise(L, "case must be true or false");
        }

        list->exact = lua_toboolean(L, -1) ? 1 : 0;
        return;
    }

    if (lua_type(L, -1) != LUA_TSTRING) {
        key.len = key.len < 10 ? key.len : 10;
        cmt__raise(L, "%.*s must be text, not %s", (int) key.len, key.data,
                   cmt__type_name(L, -1));
    }

    word = cmt__arg_string(L, -1);

    if (cmt__str_is(key, "inflect")) {
        list->inflect = cmt__stem_language(word);

        if (list->inflect == 0) {
            cmt__raise(L, "words of \"%s\" cannot be inflected: ar, da, de,"
                       " en, es, fi, fr, it, nb, nl, nn, pt, ru, sv can",
                       cmt__shown(shown, word));
        }

        return;
    }

    for (i = 0; i < sizeof(match_words) / sizeof(match_words[0]); i++) {
        if (cmt__str_is(word, match_words[i])) {
            list->match = (cmt__list_match_t) i;
            return;
        }
    }

    cmt__raise(L, "match is \"word\", \"substring\", \"domain\","
               " \"prefix\" or \"cidr\", not \"%s\"", cmt__shown(shown, word));
}


static const cmt__list_t *
list_arg(lua_State *L, int arg)
{
    const cmt__list_t  *list;

    list = cmt__object_data(L, arg, &cmt__class_list);

    if (list == NULL) {
        cmt__raise_argument(L, arg, "a list expected, got %s",
                            cmt__type_name(L, arg));
    }

    return list;
}


static void
comment_arg(lua_State *L)
{
    if (cmt__object_data(L, 1, &cmt__class_comment)
        != cmt__engine_of(L)->facts)
    {
        cmt__raise_argument(L, 1, "the comment expected, got %s",
                            cmt__type_name(L, 1));
    }
}


static int
take_first(lua_State *L, const cmt__found_t *m, void *data)
{
    (void) data;

    cmt__found_push(L, m);

    return 0;
}


/* c:find(list) */

int
cmt__comment_find(lua_State *L)
{
    int  top;

    comment_arg(L);
    top = lua_gettop(L);
    search(L, list_arg(L, 2), take_first, NULL);

    if (lua_gettop(L) == top) {
        lua_pushnil(L);
    }

    return 1;
}


static int
append(lua_State *L, const cmt__found_t *m, void *data)
{
    size_t  *n;

    n = data;

    cmt__found_push(L, m);
    lua_rawseti(L, -2, (lua_Integer) ++*n);

    return *n < CMT__LIST_MATCHES_MAX;
}


/* c:find_all(list) */

int
cmt__comment_find_all(lua_State *L)
{
    size_t              n;
    const cmt__list_t  *list;

    comment_arg(L);
    list = list_arg(L, 2);
    lua_createtable(L, 0, 0);
    n = 0;
    search(L, list, append, &n);

    return 1;
}


static int
count(lua_State *L, const cmt__found_t *m, void *data)
{
    size_t  *n;

    (void) L;
    (void) m;

    n = data;
    ++*n;

    return 1;
}


/* c:count(list) */

int
cmt__comment_count(lua_State *L)
{
    size_t  n;

    comment_arg(L);
    n = 0;
    search(L, list_arg(L, 2), count, &n);
    lua_pushinteger(L, (lua_Integer) n);

    return 1;
}


/* list:find(s) */

int
cmt__list_find(lua_State *L)
{
    int                 top;
    cmt_str_t           s;
    cmt__folded_t       f;
    const cmt__list_t  *list;

    list = list_arg(L, 1);
    s = cmt__arg_string(L, 2);
    cmt__fold(L, s, 1, &f);

    top = lua_gettop(L);
    search_text(L, list, &f, take_first, NULL);

    if (lua_gettop(L) == top) {
        lua_pushnil(L);
    }

    return 1;
}


/* list:has(x): is the whole of x in the list? */

int
cmt__list_has(lua_State *L)
{
    cmt_str_t           s;
    cmt__folded_t       f;
    const cmt__list_t  *list;

    list = list_arg(L, 1);

    if (lua_type(L, 2) == LUA_TNIL) {
        lua_pushboolean(L, 0);           /* what is not known is in no list */
        return 1;
    }

    s = cmt__arg_string(L, 2);
    f.text = s;

    if (!list->exact) {
        cmt__fold(L, s, 0, &f);
    }

    lua_pushboolean(L, has(L, list, f.text));

    return 1;
}


static int
has(lua_State *L, const cmt__list_t *list, cmt_str_t folded)
{
    size_t      at;
    cmt_str_t   word;
    cmt__hit_t  hit;

    cmt__charge(L, cmt__list_price(list, folded.len));

    if (list->match == CMT__LIST_DOMAIN) {
        return cmt__list_domain(list, cmt__str_trim(folded)) != NULL;
    }

    if (list->match == CMT__LIST_CIDR) {
        cmt__charge(L, CMT__LIST_ADDRESS_STEPS);
        return cmt__list_address(list, folded) != NULL;
    }

    at = 0;

    if (!cmt__list_next(list, folded, &at, &hit)) {
        if (hit.no_memory) {
            cmt__raise_no_memory(L);
        }

        return 0;
    }

    if (list->match == CMT__LIST_SUBSTRING) {
        return 1;
    }

    /* nothing but this word or phrase */

    at = 0;
    if (!cmt__text_word(folded, &at, &word)
        || word.data != folded.data + hit.from)
    {
        return 0;
    }

    at = hit.to;

    return !cmt__text_word(folded, &at, &word);
}


static void
search(lua_State *L, const cmt__list_t *list, visit_pt visit, void *data)
{
    cmt__engine_t  *e;

    e = cmt__engine_of(L);

    if (list->match == CMT__LIST_DOMAIN) {
        cmt__comment_note(e, "links");
        search_links(L, list, visit, data);
        return;
    }

    if (list->match == CMT__LIST_CIDR) {
        cmt__comment_note(e, "ip_key");
        search_address(L, list, visit, data);
        return;
    }

    cmt__comment_note(e, "plain");
    search_text(L, list, cmt__comment_folded(L), visit, data);
}


/* Where the character ends from which the byte before `to` comes. */

static size_t
source_end(const cmt__folded_t *f, size_t to)
{
    size_t    at, n;
    uint32_t  point;

    at = f->map[to - 1];
    n = cmt__utf8_decode(f->source.data + at, f->source.len - at, &point);

    return at + (n == 0 ? 1 : n);
}


static void
search_text(lua_State *L, const cmt__list_t *list, const cmt__folded_t *f,
    visit_pt visit, void *data)
{
    size_t        at, from, to;
    cmt_str_t     s;
    cmt__hit_t    hit;
    cmt__found_t  m;

    s = list->exact ? f->source : f->text;
    cmt__charge(L, cmt__list_price(list, s.len));

    for (at = 0; cmt__list_next(list, s, &at, &hit); /* void */ ) {
        cmt__charge(L, 4);

        if (list->except != NULL && is_excepted(L, list, s, &hit)) {
            continue;
        }

        from = list->exact ? hit.from : f->map[hit.from];
        to = list->exact ? hit.to : source_end(f, hit.to);

        m.text = cmt__str_sub(f->source, from, to);
        m.at = from;
        m.weight = hit.entry->weight;
        m.note = hit.entry->note;

        if (!visit(L, &m, data)) {
            return;
        }
    }

    if (hit.no_memory) {
        cmt__raise_no_memory(L);
    }
}


/* A match says that there is one, and the note of its line, but neither
 * address nor network, which would get into the receipt. */

static void
search_address(lua_State *L, const cmt__list_t *list, visit_pt visit,
    void *data)
{
    cmt_str_t                 address;
    cmt__found_t              m;
    const cmt__list_entry_t  *e;

    address = cmt__engine_of(L)->facts->address;
    cmt__charge(L, CMT__LIST_ADDRESS_STEPS);
    e = cmt__list_address(list, address);

    if (e == NULL
        || (list->except != NULL && has(L, list->except, address)))
    {
        return;
    }

    m.text = cmt_str("a network of the list");
    m.at = 0;
    m.weight = e->weight;
    m.note = e->note;

    (void) visit(L, &m, data);
}


static void
search_links(lua_State *L, const cmt__list_t *list, visit_pt visit,
    void *data)
{
    size_t               i;
    cmt__found_t         m;
    const cmt__text_t   *text;
    const cmt__list_entry_t  *e;

    text = &cmt__engine_of(L)->facts->text;
    cmt__charge(L, 1 + CMT__LIST_LINKS_STEPS * text->n_links);

    for (i = 0; i < text->n_links; i++) {
        e = cmt__list_domain(list, text->links[i].host);

        if (e == NULL || (list->except != NULL
                          && has(L, list->except, text->links[i].host)))
        {
            continue;
        }

        m.text = text->links[i].host;
        m.at = text->links[i].at;
        m.weight = e->weight;
        m.note = e->note;

        if (!visit(L, &m, data)) {
            return;
        }
    }
}


/* Is the hit, or what stands around it up to the next blanks or marks? */

static int
is_excepted(lua_State *L, const cmt__list_t *list, cmt_str_t text,
    const cmt__hit_t *hit)
{
    size_t     from, to, at;
    cmt_str_t  word;

    if (has(L, list->except, cmt__str_sub(text, hit->from, hit->to))) {
        return 1;
    }

    from = hit->from > AROUND_BYTES_MAX ? hit->from - AROUND_BYTES_MAX : 0;
    to = hit->to + AROUND_BYTES_MAX;
    text = cmt__str_sub(text, from, to);

    cmt__charge_scan(L, 4 * text.len);

    for (at = 0; cmt__text_word(text, &at, &word); /* void */ ) {
        to = (size_t) (word.data - text.data) + word.len;

        if (to + from >= hit->to) {
            return has(L, list->except, word);
        }
    }

    return 0;
}


void
cmt__found_push(lua_State *L, const cmt__found_t *m)
{
    cmt__found_t  *kept;

    kept = cmt__machine_alloc(L, sizeof(cmt__found_t));
    *kept = *m;
    cmt__object_push(L, &cmt__class_match, kept);
}


const cmt__found_t *
cmt__found_at(lua_State *L, int index)
{
    return cmt__object_data(L, index, &cmt__class_match);
}


static int
collect(lua_State *L, const cmt__found_t *m, void *data)
{
    collector_t  *c;

    (void) L;

    c = data;
    c->matches[c->n++] = *m;

    return c->n < c->max;
}


size_t
cmt__list_matches(lua_State *L, int index, const cmt__folded_t *f,
    cmt__found_t **matches, size_t max)
{
    collector_t  c;

    c.matches = cmt__machine_alloc(L, max * sizeof(cmt__found_t));
    c.n = 0;
    c.max = max;

    search_text(L, list_arg(L, index), f, collect, &c);
    *matches = c.matches;

    return c.n;
}
