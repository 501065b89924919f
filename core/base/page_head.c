/*
 * page_head.c: what a page says of itself in its head, however the page is
 * cut into pieces: its language, its title, and metas for rules.
 *
 *   <!DOCTYPE html> <!-- <html lang="de"> --> <HTML class=a lang="nb-NO">
 *   ~~~~~~~~~~~~~~~ MARKUP                                  ^^^^^^^^^^^^
 *                   ~~~~~~~~~~~~~~~~~~~~~~~~~ COMMENT
 *   <script>"<meta>"</script> <meta name="comments:a" content="b"> </head>
 *           ~~~~~~~~ RAW            ^^^^^^^^^^^^^^^^^ ^^^^^^^^^^^  DONE
 *
 * What is behind the head is not of the owner alone, so that it ends where a
 * browser would end it: at text, or at a tag that has no place in it.  Only
 * what is looked for is taken byte by byte; the rest is jumped over.
 */

#include <string.h>

#include "base.h"


enum {
    TEXT = 0,
    OPEN,                                /* behind "<"                       */
    BANG,                                /* behind "<!"                      */
    BANG_DASH,                           /* behind "<!-"                     */
    COMMENT,
    MARKUP,                              /* up to ">": doctype, "<?xml", ... */
    TAG,                                 /* within its name                  */
    PASS,                                /* up to its ">"                    */
    PASS_QUOTED,
    SPACE,                               /* between attributes               */
    NAME,                                /* within the name of one           */
    AFTER_NAME,
    EQUALS,                              /* behind "="                       */
    VALUE,
    RAW,                                 /* within <script> and others       */
    RAW_WORD,                            /* behind "<" there                 */
    DONE
};

enum { OTHER = 0, HTML, META, LEAF, RAW_TEXT };

/* What stands in a head; a tag of another name ends it. */
static const struct {
    cmt_str_t  name;
    unsigned   kind;
} tags[] = {
    { { 4, "meta" }, META },
    { { 4, "link" }, LEAF },
    { { 6, "script" }, RAW_TEXT },
    { { 4, "html" }, HTML },
    { { 4, "head" }, LEAF },
    { { 5, "title" }, RAW_TEXT },
    { { 5, "style" }, RAW_TEXT },
    { { 4, "base" }, LEAF },
    { { 8, "noscript" }, LEAF },
    { { 8, "template" }, RAW_TEXT },
    { { 8, "noframes" }, RAW_TEXT }
};

/* The ends of these end it; one of anything else is passed over. */
static const cmt_str_t  ends[] = {
    { 4, "head" }, { 4, "body" }, { 4, "html" }, { 2, "br" }
};

/* The attributes that are looked at, and where their value goes. */
static const struct {
    cmt_str_t  name;
    unsigned   tag, value;
} attributes[] = {
    { { 4, "lang" }, HTML, CMT__HEAD_LANG },
    { { 4, "name" }, META, CMT__HEAD_WHAT },
    { { 7, "content" }, META, CMT__HEAD_CONTENT },
    { { 8, "property" }, META, CMT__HEAD_WHAT }
};


static const char *run(cmt_page_head_t *head, const char *p,
    const char *last);
static const char *find(const char *p, const char *last, char c);
static const char *run_word(cmt_page_head_t *head, const char *p,
    const char *last);
static const char *run_tag(cmt_page_head_t *head, const char *p,
    const char *last);
static const char *run_value(cmt_page_head_t *head, const char *p,
    const char *last);
static const char *run_raw(cmt_page_head_t *head, const char *p,
    const char *last);
static void step(cmt_page_head_t *head, char c);
static void step_markup(cmt_page_head_t *head, char c);
static void step_open(cmt_page_head_t *head, char c);
static void begin_body(cmt_page_head_t *head);
static void step_comment(cmt_page_head_t *head, char c);
static void step_tag(cmt_page_head_t *head, char c);
static void begin_tag(cmt_page_head_t *head);
static void end_tag(cmt_page_head_t *head);
static void step_raw(cmt_page_head_t *head, char c);
static void step_name(cmt_page_head_t *head, char c);
static void end_name(cmt_page_head_t *head);
static void step_after(cmt_page_head_t *head, char c);
static void step_value(cmt_page_head_t *head, char c);
static int word_is(const cmt_page_head_t *head, cmt_str_t word);
static void word_put(cmt_page_head_t *head, char c);


void
cmt_page_head_init(cmt_page_head_t *head)
{
    memset(head, 0, offsetof(cmt_page_head_t, lang));
}


/*
 * A run of bytes that leave the state as it is, then the byte that ends it.
 */

void
cmt_page_head_feed(cmt_page_head_t *head, cmt_str_t bytes)
{
    size_t       left;
    const char  *p, *last;

    left = CMT_PAGE_HEAD_BYTES_MAX - head->seen;
    p = bytes.data;
    last = p + (bytes.len < left ? bytes.len : left);

    while (p < last && head->state != DONE) {

        p = run(head, p, last);

        if (p < last) {
            step(head, *p++);
        }
    }

    head->seen += (size_t) (p - bytes.data);

    if (head->seen == CMT_PAGE_HEAD_BYTES_MAX) {
        head->state = DONE;
    }
}


cmt_str_t
cmt_page_head_lang(const cmt_page_head_t *head)
{
    return head->has_lang ? (cmt_str_t) { head->n_lang, head->lang }
                          : cmt_null_str;
}


static const char *
run(cmt_page_head_t *head, const char *p, const char *last)
{
    switch (head->state) {

    case TEXT:
    case SPACE:
    case AFTER_NAME:
    case EQUALS:
        while (p < last && cmt__space(*p)) {
            p++;
        }

        return p;

    case TAG:
    case NAME:
        return run_word(head, p, last);

    case PASS:
        return run_tag(head, p, last);

    case VALUE:
        return head->quote ? run_value(head, p, last) : p;

    case RAW:
        return run_raw(head, p, last);

    case COMMENT:
        return head->at == 0 ? find(p, last, '-') : p;

    case MARKUP:
        return find(p, last, '>');

    case PASS_QUOTED:
        return find(p, last, head->quote);

    default:
        return p;
    }
}


static const char *
find(const char *p, const char *last, char c)
{
    const char  *found;

    found = memchr(p, c, (size_t) (last - p));

    return found != NULL ? found : last;
}


/* A word that is too long is none that is looked for. */

static const char *
run_word(cmt_page_head_t *head, const char *p, const char *last)
{
    char  c;

    for ( /* void */ ; p < last; p++) {
        c = *p;

        /* nothing that ends a word is behind ">" */

        if ((unsigned char) c <= '>'
            && (cmt__space(c) || c == '/' || c == '>'
                || (c == '=' && head->state == NAME)))
        {
            break;
        }

        word_put(head, c);
    }

    return p;
}


/* A quote begins a value only behind "=". */

static const char *
run_tag(cmt_page_head_t *head, const char *p, const char *last)
{
    char  c, before;

    before = head->last;

    for ( /* void */ ; p < last; p++) {
        c = *p;

        if (c == '>' || ((c == '"' || c == '\'') && before == '=')) {
            break;
        }

        if (!cmt__space(c)) {
            before = c;
        }
    }

    head->last = before;

    return p;
}


static const char *
run_value(cmt_page_head_t *head, const char *p, const char *last)
{
    const char  *end;

    end = find(p, last, head->quote);
    cmt__page_head_put(head, p, (size_t) (end - p));

    return end;
}


static const char *
run_raw(cmt_page_head_t *head, const char *p, const char *last)
{
    const char  *end;

    end = find(p, last, '<');

    if (head->value == CMT__HEAD_TITLE) {
        cmt__page_head_put(head, p, (size_t) (end - p));
    }

    return end;
}


static void
step(cmt_page_head_t *head, char c)
{
    switch (head->state) {

    case COMMENT:
        step_comment(head, c);
        return;

    case TAG:
        step_tag(head, c);
        return;

    case PASS:
        head->state = c == '>' ? head->state : PASS_QUOTED;
        head->quote = head->last = c;

        if (c == '>') {
            end_tag(head);
        }

        return;

    case PASS_QUOTED:
        head->state = PASS;
        return;

    case SPACE:
    case NAME:
        step_name(head, c);
        return;

    case AFTER_NAME:
    case EQUALS:
        step_after(head, c);
        return;

    case VALUE:
        step_value(head, c);
        return;

    case RAW:
    case RAW_WORD:
        step_raw(head, c);
        return;

    default:
        step_markup(head, c);
    }
}


/* What stands between tags. */

static void
step_markup(cmt_page_head_t *head, char c)
{
    switch (head->state) {

    case OPEN:
        step_open(head, c);
        return;

    case BANG:
        head->state = c == '-' ? BANG_DASH : c == '>' ? TEXT : MARKUP;
        return;

    case BANG_DASH:
        /* "<!-->" is a whole comment: its dashes also count as the end's. */
        head->state = c == '-' ? COMMENT : c == '>' ? TEXT : MARKUP;
        head->at = 2;
        return;

    case MARKUP:
        head->state = TEXT;
        return;

    default: /* TEXT */
        if (c == '<') {
            head->state = OPEN;

        } else if (head->began
                   || (c != '\xef' && c != '\xbb' && c != '\xbf'))
        {
            begin_body(head);        /* but for a mark of the encoding */
        }
    }
}


static void
step_open(cmt_page_head_t *head, char c)
{
    head->n_word = 0;
    head->closes = 0;

    if (cmt__letter(c)) {
        head->state = TAG;
        head->began = 1;
        word_put(head, c);

    } else if (c == '/') {
        head->state = TAG;
        head->closes = 1;

    } else if (c == '!') {
        head->state = BANG;

    } else if (c == '?') {
        head->state = MARKUP;

    } else {
        head->state = c == '<' ? OPEN : TEXT;
        begin_body(head);
    }
}


/* By text or an end.  An <html> that comes yet still tells the language. */

static void
begin_body(cmt_page_head_t *head)
{
    head->body = 1;

    if (head->lang_over) {
        head->state = DONE;
    }
}


/* at: the dashes just before c, two at most. */

static void
step_comment(cmt_page_head_t *head, char c)
{
    if (c == '-') {
        head->at += head->at < 2;

    } else if (c == '>' && head->at == 2) {
        head->state = TEXT;

    } else {
        head->at = 0;
    }
}


/* The name ends. */

static void
step_tag(cmt_page_head_t *head, char c)
{
    begin_tag(head);

    if (c == '>' && head->state != DONE) {
        end_tag(head);
    }
}


static void
begin_tag(cmt_page_head_t *head)
{
    size_t  i;

    head->tag = OTHER;
    head->state = PASS;
    head->last = 0;

    if (head->closes) {
        for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
            if (word_is(head, ends[i])) {
                begin_body(head);
            }
        }

        return;
    }

    for (i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
        if (word_is(head, tags[i].name)) {
            head->tag = tags[i].kind;
            break;
        }
    }

    if (head->tag == OTHER || (head->body && head->tag != HTML)) {
        head->state = DONE;

    } else if (head->tag == HTML || head->tag == META) {
        head->state = SPACE;
    }

    if (head->tag != HTML) {
        head->lang_over = 1;
    }

    head->has_what = head->has_content = 0;
    head->n_what = head->n_content = 0;
}


static void
end_tag(cmt_page_head_t *head)
{
    head->state = TEXT;

    if (head->closes) {
        return;
    }

    if (head->tag == META) {
        cmt__page_head_keep(head);

    } else if (head->tag == RAW_TEXT) {
        head->state = RAW;
        head->dashes = 0;
        memcpy(head->raw, head->word, sizeof(head->raw));
        head->n_raw = head->n_word;
        head->n_value = 0;
        head->value = word_is(head, cmt_str("title")) && !head->has_title
                      ? CMT__HEAD_TITLE : CMT__HEAD_IGNORED;

    } else if (head->tag == HTML) {
        head->lang_over = 1;
    }
}


/*
 * Up to the end tag; a title ends before its "<".  In a script, "<!--" and
 * "<script" make a browser look for another end behind the first one; such a
 * page says nothing any more.
 */

static void
step_raw(cmt_page_head_t *head, char c)
{
    if (head->value == CMT__HEAD_TITLE) {
        head->n_title = c == '<' ? head->n_value : head->n_title;
        cmt__page_head_put(head, &c, 1);
    }

    if (head->state == RAW) {
        head->state = RAW_WORD;
        head->n_word = 0;
        return;
    }

    if (cmt__letter(c) || (head->n_word == 0 && (c == '/' || c == '!'))
        || (c == '-' && head->word[0] == '!'))
    {
        word_put(head, c);
        return;
    }

    head->dashes |= head->n_word >= 3 && memcmp(head->word, "!--", 3) == 0;

    head->state = c == '<' ? RAW_WORD : RAW;

    if (head->n_word == head->n_raw + 1U && head->word[0] == '/'
        && memcmp(head->word + 1, head->raw, head->n_raw) == 0
        && (cmt__space(c) || c == '/' || c == '>'))
    {
        head->state = c == '>' ? TEXT : PASS;
        head->closes = 1;
        head->last = 0;
        head->has_title |= head->value == CMT__HEAD_TITLE;

    } else if (head->dashes && word_is(head, cmt_str("script"))
               && memcmp(head->raw, "script", 6) == 0)
    {
        head->state = DONE;
    }

    head->n_word = 0;
}


/* An attribute begins, or its name ends. */

static void
step_name(cmt_page_head_t *head, char c)
{
    if (head->state == SPACE) {

        if (c == '>') {
            end_tag(head);

        } else if (c != '/') {
            head->state = NAME;
            head->n_word = 0;
            word_put(head, c);
        }

        return;
    }

    end_name(head);
    head->state = c == '=' ? EQUALS : c == '/' ? SPACE : AFTER_NAME;

    if (c == '>') {
        end_tag(head);
    }
}


/* An attribute that comes a second time does not count. */

static void
end_name(cmt_page_head_t *head)
{
    size_t  i;

    head->value = CMT__HEAD_IGNORED;

    for (i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++) {
        if (attributes[i].tag == head->tag
            && word_is(head, attributes[i].name))
        {
            head->value = attributes[i].value;
        }
    }

    if ((head->value == CMT__HEAD_LANG && head->lang_over)
        || (head->value == CMT__HEAD_WHAT && head->has_what)
        || (head->value == CMT__HEAD_CONTENT && head->has_content))
    {
        head->value = CMT__HEAD_IGNORED;
    }
}


static void
step_after(cmt_page_head_t *head, char c)
{
    if (c == '>') {
        end_tag(head);
        return;
    }

    if (head->state == AFTER_NAME) {

        if (c == '=') {
            head->state = EQUALS;

        } else {
            /* The next attribute; this one has no value. */
            head->state = SPACE;
            step_name(head, c);
        }

        return;
    }

    head->state = VALUE;
    head->n_value = 0;
    head->quote = (c == '"' || c == '\'') ? c : 0;

    if (!head->quote) {
        step_value(head, c);
    }
}


static void
step_value(cmt_page_head_t *head, char c)
{
    if (head->quote ? c == head->quote : cmt__space(c) || c == '>') {
        head->state = SPACE;
        cmt__page_head_end(head);

        if (c == '>' && !head->quote) {
            end_tag(head);
        }

        return;
    }

    cmt__page_head_put(head, &c, 1);
}


static int
word_is(const cmt_page_head_t *head, cmt_str_t word)
{
    return head->n_word == word.len && head->word[0] == word.data[0]
           && memcmp(head->word, word.data, word.len) == 0;
}


static void
word_put(cmt_page_head_t *head, char c)
{
    if (head->n_word < sizeof(head->word)) {
        head->word[head->n_word++] = cmt__lower(c);
    }
}
