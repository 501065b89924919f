/*
 * facts.c: what is known of a comment: the names that rules use, and where
 * each value lies.  One table serves the comment object, the JSON of
 * `rules run` and of test(), and the list of facts in a receipt.
 *
 *   bit of a receipt:  0        28        42     47     53      64
 *                      |comment |author   |form  |page  |thread |
 */

#include <stddef.h>
#include <string.h>

#include "engine.h"


/* A careful guess at nothing in particular: 2024-01-01 00:00:00 UTC. */
#define TIME_DEFAULT  1704067200


#define at(member)       offsetof(cmt__facts_t, member)
#define shape_at(member) offsetof(cmt__shape_t, member)
#define link_at(member)  offsetof(cmt__link_t, member)
#define rows(table)      sizeof(table) / sizeof(table[0]), table


static const char *const  event_words[] = { "post", "edit", "import", NULL };

static const char *const  role_words[] = {
    "reader", "member", "staff", "moderator", NULL
};

static const char *const  proof_words[] = {
    "none", "cookie", "mail", "login", NULL
};


static const cmt__fact_t  author_rows[] = {
    { "key", CMT__FACT_STRING, at(author.key), NULL, NULL, 0 },
    { "name", CMT__FACT_STRING, at(author.name), NULL, NULL, 0 },
    { "url", CMT__FACT_STRING, at(author.url), NULL, NULL, 0 },
    { "role", CMT__FACT_WORD, at(author.role), role_words, NULL, 0 },
    { "proof", CMT__FACT_WORD, at(author.proof), proof_words, NULL, 0 },
    { "first_seen", CMT__FACT_INTEGER, at(author.first_seen), NULL, NULL, 0 },
    { "approved", CMT__FACT_INTEGER, at(author.approved), NULL, NULL, 0 },
    { "held", CMT__FACT_INTEGER, at(author.held), NULL, NULL, 0 },
    { "rejected", CMT__FACT_INTEGER, at(author.rejected), NULL, NULL, 0 },
    { "spam", CMT__FACT_INTEGER, at(author.spam), NULL, NULL, 0 },
    { "upheld_flags", CMT__FACT_INTEGER, at(author.upheld_flags), NULL, NULL,
      0 },
    { "recent", CMT__FACT_CALL, at(author.recent), NULL, NULL, 1 }
};

static const cmt__method_t  author_methods[] = {
    { "recent", cmt__answer_recent },
    { NULL, NULL }
};

static const cmt__class_t  class_author = {
    "author", "author.", 28, rows(author_rows), author_methods
};


static const cmt__fact_t  form_rows[] = {
    { "seconds", CMT__FACT_INTEGER, at(form.seconds), NULL, NULL, 0 },
    { "honeypot", CMT__FACT_FLAG, at(form.honeypot), NULL, NULL, 0 },
    { "pow_bits", CMT__FACT_INTEGER, at(form.pow_bits), NULL, NULL, 0 },
    { "js", CMT__FACT_FLAG, at(form.js), NULL, NULL, 0 },
    { "pasted", CMT__FACT_INTEGER, at(form.pasted), NULL, NULL, 0 }
};

static const cmt__class_t  class_form = {
    "form", "form.", 42, rows(form_rows), NULL
};


static const cmt__fact_t  page_rows[] = {
    { "path", CMT__FACT_STRING, at(page.path), NULL, NULL, 0 },
    { "url", CMT__FACT_STRING, at(page.url), NULL, NULL, 0 },
    { "title", CMT__FACT_STRING, at(page.title), NULL, NULL, 0 },
    { "meta", CMT__FACT_META, at(page.meta), NULL, &cmt__class_meta, 0 },
    { "tags", CMT__FACT_META, at(page.tags), NULL, &cmt__class_meta, 0 },
    { "age", CMT__FACT_INTEGER, at(page.age), NULL, NULL, 0 }
};

static const cmt__class_t  class_page = {
    "page", "page.", 47, rows(page_rows), NULL
};


static const cmt__fact_t  thread_rows[] = {
    { "comments", CMT__FACT_INTEGER, at(thread.comments), NULL, NULL, 0 },
    { "closed", CMT__FACT_FLAG, at(thread.closed), NULL, NULL, 0 },
    { "locked", CMT__FACT_FLAG, at(thread.closed), NULL, NULL, 0 },
    { "depth", CMT__FACT_INTEGER, at(thread.depth), NULL, NULL, 0 },
    { "authors", CMT__FACT_AUTHORS, at(thread.authors), NULL, NULL, 0 },
    { "per_hour", CMT__FACT_PER_HOUR, at(thread.per_hour), NULL, NULL, 0 },
    { "removed_share", CMT__FACT_SHARE, at(thread.removed_share), NULL,
      NULL, 0 },
    { "pair_replies", CMT__FACT_CALL, at(thread.pair_replies), NULL, NULL,
      0 }
};

static const cmt__method_t  thread_methods[] = {
    { "pair_replies", cmt__answer_pair_replies },
    { NULL, NULL }
};

static const cmt__class_t  class_thread = {
    "thread", "thread.", 53, rows(thread_rows), thread_methods
};


/* What follows from the text; reading the object is what is noted. */

#define SCRIPT(name, n)                                                       \
    { name, CMT__FACT_SHARE, shape_at(script) + (n) * sizeof(double), NULL,   \
      NULL, 0 }

static const cmt__fact_t  script_rows[] = {
    SCRIPT("latin", 0),
    SCRIPT("cyrillic", 1),
    SCRIPT("greek", 2),
    SCRIPT("arabic", 3),
    SCRIPT("hebrew", 4),
    SCRIPT("han", 5),
    SCRIPT("hiragana", 6),
    SCRIPT("katakana", 7),
    SCRIPT("hangul", 8),
    SCRIPT("thai", 9),
    SCRIPT("devanagari", 10),
    SCRIPT("other", 11),
    { "caps", CMT__FACT_SHARE, shape_at(caps), NULL, NULL, 0 },
    { "mixed_words", CMT__FACT_SIZE, shape_at(mixed_words), NULL, NULL, 0 }
};

static const cmt__class_t  class_script = {
    "script", NULL, 0, rows(script_rows), NULL
};


#define TAG(name, n)  { name, CMT__FACT_SIZE, (n) * sizeof(size_t), NULL,     \
                        NULL, 0 }

static const cmt__fact_t  html_rows[CMT__TAG_NAMES] = {
    TAG("a", 0),
    TAG("abbr", 1),
    TAG("acronym", 2),
    TAG("b", 3),
    TAG("blockquote", 4),
    TAG("br", 5),
    TAG("cite", 6),
    TAG("code", 7),
    TAG("del", 8),
    TAG("em", 9),
    TAG("hr", 10),
    TAG("i", 11),
    TAG("li", 12),
    TAG("ol", 13),
    TAG("p", 14),
    TAG("pre", 15),
    TAG("q", 16),
    TAG("s", 17),
    TAG("strike", 18),
    TAG("strong", 19),
    TAG("ul", 20)
};

const char *const  cmt__tag_names[CMT__TAG_NAMES + 1] = {
    "a", "abbr", "acronym", "b", "blockquote", "br", "cite",
    "code", "del", "em", "hr", "i", "li", "ol",
    "p", "pre", "q", "s", "strike", "strong", "ul", NULL
};

static const cmt__class_t  class_html = {
    "html", NULL, 0, rows(html_rows), NULL
};


static const cmt__fact_t  lang_rows[] = {
    { "code", CMT__FACT_STRING, offsetof(cmt__guess_t, code), NULL, NULL, 0 },
    { "confidence", CMT__FACT_SHARE, offsetof(cmt__guess_t, confidence), NULL,
      NULL, 0 }
};

static const cmt__class_t  class_lang = {
    "lang", NULL, 0, rows(lang_rows), NULL
};


static const cmt__method_t  comment_methods[] = {
    { "find", cmt__comment_find },
    { "find_all", cmt__comment_find_all },
    { "count", cmt__comment_count },
    { NULL, NULL }
};

static const cmt__fact_t  comment_rows[] = {
    { "event", CMT__FACT_WORD, at(event), event_words, NULL, 1 },
    { "kind", CMT__FACT_KIND, at(kind), NULL, NULL, 0 },
    { "id", CMT__FACT_ID, at(id), NULL, NULL, 0 },
    { "time", CMT__FACT_INTEGER, at(time), NULL, NULL, 0 },
    { "text", CMT__FACT_STRING, at(text.text), NULL, NULL, 0 },
    { "plain", CMT__FACT_STRING, at(text.plain), NULL, NULL, 0 },
    { "length", CMT__FACT_SIZE, at(text.chars), NULL, NULL, 0 },
    { "words", CMT__FACT_SIZE, at(text.words), NULL, NULL, 0 },
    { "links", CMT__FACT_LINKS, at(text), NULL, &cmt__class_link, 0 },
    { "author", CMT__FACT_OBJECT, 0, NULL, &class_author, 0 },
    { "ip_key", CMT__FACT_STRING, at(ip_key), NULL, NULL, 1 },
    { "ip_country", CMT__FACT_STRING, at(ip_country), NULL, NULL, 1 },
    { "agent", CMT__FACT_STRING, at(agent), NULL, NULL, 1 },
    { "var", CMT__FACT_META, at(vars), NULL, &cmt__class_meta, 1 },
    { "form", CMT__FACT_OBJECT, 0, NULL, &class_form, 1 },
    { "parent", CMT__FACT_PARENT, at(parent), NULL, &cmt__class_comment, 1 },
    { "page", CMT__FACT_OBJECT, 0, NULL, &class_page, 1 },
    { "thread", CMT__FACT_OBJECT, 0, NULL, &class_thread, 1 },
    { "folded", CMT__FACT_FOLDED, 0, NULL, NULL, 1 },
    { "emoji", CMT__FACT_SHAPE, shape_at(emoji), NULL, NULL, 1 },
    { "mentions", CMT__FACT_SHAPE, shape_at(mentions), NULL, NULL, 1 },
    { "script", CMT__FACT_SCRIPT, 0, NULL, &class_script, 1 },
    { "html", CMT__FACT_TAGS, 0, NULL, &class_html, 1 },
    { "lang", CMT__FACT_LANG, 0, NULL, &class_lang, 1 }
};

const cmt__class_t  cmt__class_comment = {
    "comment", "", 0, rows(comment_rows), comment_methods
};


/* Reading the list is what a receipt notes, not each member of a link. */

static const cmt__fact_t  link_rows[] = {
    { "url", CMT__FACT_STRING, link_at(url), NULL, NULL, 0 },
    { "host", CMT__FACT_STRING, link_at(host), NULL, NULL, 0 },
    { "domain", CMT__FACT_STRING, link_at(domain), NULL, NULL, 0 },
    { "path", CMT__FACT_STRING, link_at(path), NULL, NULL, 0 },
    { "text", CMT__FACT_STRING, link_at(text), NULL, NULL, 0 },
    { "at", CMT__FACT_SIZE, link_at(at), NULL, NULL, 0 }
};

const cmt__class_t  cmt__class_link = {
    "link", NULL, 0, rows(link_rows), NULL
};

const cmt__class_t  cmt__class_links = { "links", NULL, 0, 0, NULL, NULL };

const cmt__class_t  cmt__class_meta = { "meta", NULL, 0, 0, NULL, NULL };


static const cmt__class_t *const  noted[] = {
    &cmt__class_comment, &class_author, &class_form, &class_page,
    &class_thread
};


void
cmt__facts_default(cmt__facts_t *facts)
{
    static const cmt__facts_t  ordinary = {
        .event = CMT__EVENT_POST,
        .kind = CMT_COMMENT,
        .time = TIME_DEFAULT,
        .text = {
            .text = { 10, "A comment." },
            .plain = { 10, "A comment." },
            .chars = 10,
            .words = 2
        },
        .author = {
            .name = { 6, "Reader" },
            .role = CMT__ROLE_READER,
            .proof = CMT__PROOF_NONE,
            .first_seen = CMT__UNKNOWN,
            .approved = 1
        },
        .form = {
            .seconds = CMT__UNKNOWN,
            .honeypot = 0,
            .pasted = CMT__UNKNOWN
        },
        .page = { .path = { 1, "/" } }
    };

    *facts = ordinary;
}


/* As if a rule had read this field of the comment. */

static void
note_read(cmt__engine_t *e, const cmt__class_t *class, cmt_str_t name)
{
    const cmt__fact_t  *row;

    row = cmt__class_find(class, name);
    e->read[CMT__SELF] |= (uint64_t) 1 << (class->first
                                           + (row - class->rows));
}


void
cmt__facts_note_author(cmt__engine_t *e, const char *name)
{
    note_read(e, &class_author, (cmt_str_t) { strlen(name), name });
}


void
cmt__facts_read_work(cmt__engine_t *e)
{
    note_read(e, &class_form, cmt_str("pow_bits"));
}


const cmt__fact_t *
cmt__class_find(const cmt__class_t *class, cmt_str_t name)
{
    size_t  i;

    for (i = 0; i < class->n; i++) {
        if (cmt__str_is(name, class->rows[i].name)) {
            return &class->rows[i];
        }
    }

    return NULL;
}


static int
is_value(const cmt__fact_t *row)
{
    return row->type != CMT__FACT_OBJECT && row->type != CMT__FACT_PARENT;
}


/* "text","links","author.approved","parent.author.name"; an object is not
 * listed, only what was read of it, but for whether there is a parent. */

void
cmt__facts_read_json(const uint64_t read[2], cmt__buf_t *b)
{
    int                  whose;
    size_t               c, i, n;
    const cmt__class_t  *class;

    n = 0;

    for (whose = CMT__SELF; whose <= CMT__PARENT; whose++) {
        for (c = 0; c < sizeof(noted) / sizeof(noted[0]); c++) {
            class = noted[c];

            for (i = 0; i < class->n; i++) {
                if ((read[whose] >> (class->first + i) & 1) == 0
                    || (!is_value(&class->rows[i])
                        && class->rows[i].type != CMT__FACT_PARENT))
                {
                    continue;
                }

                cmt__buf_lit(b, n++ == 0 ? "\"" : ",\"");
                cmt__buf_lit(b, whose == CMT__PARENT ? "parent." : "");
                cmt__buf_lit(b, class->prefix);
                cmt__buf_lit(b, class->rows[i].name);
                cmt__buf_char(b, '"');
            }
        }
    }
}
