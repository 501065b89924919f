/*
 * page_about.c: what a page says of itself in its head, as one text that
 * forms carry and threads keep, and what rules see of it.
 *
 *   =The harbour                    the title; not kept here by threads
 *   deadline=2013-01-31             c.page.meta.deadline
 *   #Court case                     c.page.tags["court case"]
 */

#include <string.h>

#include "html.h"


typedef struct {
    cmt_arena_t  *arena;
    cmt__buf_t    b;
    size_t        n_metas, n_tags, bytes;
    int           over, rc;
} about_t;


static void begin(about_t *a, cmt_arena_t *arena);
static void put_title(about_t *a, cmt_str_t raw);
static void put_meta(about_t *a, const cmt__meta_t *meta);
static void put_tags(about_t *a, cmt_str_t content);
static void put_tag(about_t *a, cmt_str_t tag);
static void put_line(about_t *a, size_t *n, size_t n_max, cmt_str_t name,
    char mark, cmt_str_t value);
static int has_line(const about_t *a, cmt_str_t start, int whole);
static int is_name(cmt_str_t name);
static int decode(about_t *a, cmt_str_t raw, cmt_str_t *value);
static cmt__json_t *object(cmt_arena_t *arena, size_t n_max);
static int read_meta(cmt_str_t line, cmt_arena_t *arena, cmt__json_t *metas)
    CMT_CHECK;
static int read_tag(cmt_str_t line, cmt_arena_t *arena, cmt__json_t *tags)
    CMT_CHECK;
static int add(cmt__json_t *object, cmt_str_t name, cmt_str_t value)
    CMT_CHECK;


int
cmt_page_head_about(const cmt_page_head_t *head, cmt_arena_t *arena,
    cmt_str_t *about, int *over)
{
    size_t       at;
    about_t      a;
    cmt_str_t    title;
    cmt__meta_t  meta;

    memset(&a, 0, sizeof(a));
    *about = cmt_null_str;
    *over = head->over;

    title = cmt__page_head_title(head);

    if (title.len > 0) {
        begin(&a, arena);
        put_title(&a, title);
    }

    for (at = 0; cmt__page_head_meta(head, &at, &meta); /* void */ ) {
        begin(&a, arena);

        if (meta.kind == CMT__META_OWN) {
            put_meta(&a, &meta);

        } else if (meta.kind == CMT__META_TAG) {
            put_tag(&a, meta.content);

        } else {
            put_tags(&a, meta.content);
        }
    }

    if (a.rc != CMT_OK || a.arena == NULL) {
        return a.rc;
    }

    *over |= a.over;

    return cmt__buf_end(&a.b, about);
}


static void
begin(about_t *a, cmt_arena_t *arena)
{
    if (a->arena == NULL) {
        a->arena = arena;
        cmt__buf_init(&a->b, arena, CMT_PAGE_SEALED_BYTES_MAX);
    }
}


static void
put_title(about_t *a, cmt_str_t raw)
{
    size_t     at, n;
    cmt_str_t  title;

    if (!decode(a, raw, &title)) {
        return;
    }

    for (at = 0, n = 0; at < title.len && n < CMT_TITLE_CHARS_MAX; n++) {
        (void) cmt__utf8_next(title, &at);
    }

    cmt__buf_char(&a->b, '=');
    cmt__buf_str_put(&a->b, cmt__str_trim(cmt__str_sub(title, 0, at)));
    cmt__buf_char(&a->b, '\n');
}


/* Of two with one name, the first counts. */

static void
put_meta(about_t *a, const cmt__meta_t *meta)
{
    char       start[CMT_PAGE_META_NAME_MAX + 1];
    cmt_str_t  value;

    if (!is_name(meta->name)) {
        a->over = 1;
        return;
    }

    memcpy(start, meta->name.data, meta->name.len);
    start[meta->name.len] = '=';

    if (!decode(a, meta->content, &value)
        || has_line(a, (cmt_str_t) { meta->name.len + 1, start }, 0))
    {
        return;
    }

    put_line(a, &a->n_metas, CMT_PAGE_METAS_MAX, meta->name, '=', value);
}


static void
put_tags(about_t *a, cmt_str_t content)
{
    size_t       n;
    const char  *comma;

    for ( ;; ) {
        comma = memchr(content.data, ',', content.len);
        n = comma == NULL ? content.len : (size_t) (comma - content.data);
        put_tag(a, cmt__str_sub(content, 0, n));

        if (comma == NULL) {
            return;
        }

        content = cmt__str_sub(content, n + 1, content.len);
    }
}


static void
put_tag(about_t *a, cmt_str_t tag)
{
    char       *line;
    cmt_str_t   value;

    if (!decode(a, tag, &value)) {
        return;
    }

    line = cmt_alloc(a->arena, value.len + 1);
    if (line == NULL) {
        a->rc = CMT_ENOMEM;
        return;
    }

    line[0] = '#';
    memcpy(line + 1, value.data, value.len);

    if (has_line(a, (cmt_str_t) { value.len + 1, line }, 1)) {
        return;
    }

    put_line(a, &a->n_tags, CMT_PAGE_TAGS_MAX, cmt_null_str, '#', value);
}


static void
put_line(about_t *a, size_t *n, size_t n_max, cmt_str_t name, char mark,
    cmt_str_t value)
{
    if (*n == n_max
        || a->bytes + name.len + value.len > CMT_PAGE_SAID_BYTES_MAX)
    {
        a->over = 1;
        return;
    }

    *n += 1;
    a->bytes += name.len + value.len;
    cmt__buf_str_put(&a->b, name);
    cmt__buf_char(&a->b, mark);
    cmt__buf_str_put(&a->b, value);
    cmt__buf_char(&a->b, '\n');
}


static int
has_line(const about_t *a, cmt_str_t start, int whole)
{
    size_t     from, to;
    cmt_str_t  all, line;

    all = (cmt_str_t) { a->b.len, a->b.data };

    for (from = 0; from < all.len; from = to + 1) {

        to = from + (size_t) ((const char *) memchr(all.data + from, '\n',
                                                    all.len - from)
                              - (all.data + from));
        line = cmt__str_sub(all, from, to);

        if (line.len >= start.len
            && memcmp(line.data, start.data, start.len) == 0
            && (!whole || line.len == start.len))
        {
            return 1;
        }
    }

    return 0;
}


static int
is_name(cmt_str_t name)
{
    size_t  i;
    char    c;

    for (i = 0; i < name.len; i++) {
        c = name.data[i];

        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9')
            && c != '-' && c != '_' && c != '.')
        {
            return 0;
        }
    }

    return name.len > 0 && name.len <= CMT_PAGE_META_NAME_MAX;
}


/* 1 when it says something.  What is no UTF-8 says nothing. */

static int
decode(about_t *a, cmt_str_t raw, cmt_str_t *value)
{
    cmt__buf_t  b;

    if (!cmt__utf8_valid(raw)) {
        return 0;
    }

    if (memchr(raw.data, '&', raw.len) != NULL) {
        cmt__buf_init(&b, a->arena, raw.len + 1);
        cmt__entity_decode(&b, raw);

        if (cmt__buf_end(&b, &raw) != CMT_OK) {
            a->rc = CMT_ENOMEM;
            return 0;
        }
    }

    if (cmt__text_line(a->arena, raw, value) != CMT_OK) {
        a->rc = CMT_ENOMEM;
        return 0;
    }

    return value->len > 0;
}


cmt_str_t
cmt__page_about_title(cmt_str_t *about)
{
    size_t       n;
    cmt_str_t    title;
    const char  *end;

    if (!cmt__str_starts(*about, "=")) {
        return cmt_null_str;
    }

    end = memchr(about->data, '\n', about->len);
    n = end == NULL ? about->len : (size_t) (end - about->data);
    title = cmt__str_sub(*about, 1, n);
    *about = cmt__str_sub(*about, end == NULL ? n : n + 1, about->len);

    return title;
}


int
cmt__page_about_read(cmt_str_t about, cmt_arena_t *arena,
    const cmt__json_t **meta, const cmt__json_t **tags)
{
    int           rc;
    size_t        from, to;
    cmt_str_t     line;
    const char   *end;
    cmt__json_t  *metas, *words;

    metas = object(arena, CMT_PAGE_METAS_MAX);
    words = object(arena, CMT_PAGE_TAGS_MAX);

    if (metas == NULL || words == NULL) {
        return CMT_ENOMEM;
    }

    for (from = 0; from < about.len; from = to + 1) {

        end = memchr(about.data + from, '\n', about.len - from);
        if (end == NULL) {
            return CMT_ECORRUPT;
        }

        to = (size_t) (end - about.data);
        line = cmt__str_sub(about, from, to);

        rc = cmt__str_starts(line, "#") ? read_tag(line, arena, words)
                                        : read_meta(line, arena, metas);
        if (rc != CMT_OK) {
            return rc;
        }
    }

    *meta = metas;
    *tags = words;

    return CMT_OK;
}


static cmt__json_t *
object(cmt_arena_t *arena, size_t n_max)
{
    cmt__json_t  *object;

    object = cmt_calloc(arena, (1 + n_max) * sizeof(cmt__json_t));

    if (object != NULL) {
        object->type = CMT__JSON_OBJECT;
        object->items = object + 1;
    }

    return object;
}


static int
read_meta(cmt_str_t line, cmt_arena_t *arena, cmt__json_t *metas)
{
    size_t       n;
    const char  *mark;

    mark = line.len > 0 ? memchr(line.data, '=', line.len) : NULL;

    if (mark == NULL || metas->n == CMT_PAGE_METAS_MAX) {
        return CMT_ECORRUPT;
    }

    n = (size_t) (mark - line.data);

    return add(metas, cmt__str_copy(arena, cmt__str_sub(line, 0, n)),
               cmt__str_copy(arena, cmt__str_sub(line, n + 1, line.len)));
}


/* A tag is found by its letters in lower case, and has them as written. */

static int
read_tag(cmt_str_t line, cmt_arena_t *arena, cmt__json_t *tags)
{
    char       *p;
    size_t      at, n;
    cmt_str_t   tag;

    if (tags->n == CMT_PAGE_TAGS_MAX) {
        return CMT_ECORRUPT;
    }

    tag = cmt__str_sub(line, 1, line.len);

    /* a character has a byte at least, and 4 at most */

    p = cmt_alloc(arena, 4 * tag.len + 1);
    if (p == NULL) {
        return CMT_ENOMEM;
    }

    for (at = 0, n = 0; at < tag.len; /* void */ ) {
        n += cmt__utf8_put(p + n, cmt__text_lower(cmt__utf8_next(tag, &at)));
    }

    return add(tags, (cmt_str_t) { n, p }, cmt__str_copy(arena, tag));
}


static int
add(cmt__json_t *object, cmt_str_t name, cmt_str_t value)
{
    cmt__json_t  *item;

    if (name.data == NULL || value.data == NULL) {
        return CMT_ENOMEM;
    }

    item = object + 1 + object->n++;
    item->type = CMT__JSON_STRING;
    item->name = name;
    item->string = value;

    return CMT_OK;
}
