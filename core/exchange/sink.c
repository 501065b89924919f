/*
 * sink.c: a comment of another system as a line of our format.
 */

#include <string.h>

#include "foreign.h"


#define SENTENCE_BYTES  256
#define ZONE_CHARS      5        /* +0200 */
#define TIME_BYTES      48       /* with nanoseconds */


static int strings_check(const cmt__foreign_t *foreign);
static int line_make(cmt__sink_t *sink, const cmt__foreign_t *foreign,
    cmt_str_t *line, unsigned *notes) CMT_CHECK;
static int author_put(cmt__sink_t *sink, cmt__buf_t *b,
    const cmt__foreign_t *foreign, unsigned *notes) CMT_CHECK;
static void identity_put(cmt__sink_t *sink, cmt__buf_t *b,
    const cmt__foreign_t *foreign, unsigned *notes);
static int website_put(cmt__sink_t *sink, cmt__buf_t *b, cmt_str_t website,
    unsigned *notes) CMT_CHECK;
static int short_put(cmt__sink_t *sink, cmt__buf_t *b, const char *member,
    cmt_str_t typed, size_t chars_max, unsigned *notes) CMT_CHECK;
static cmt_str_t zone_of(cmt_str_t s);


int
cmt__sink_put(cmt__sink_t *sink, const cmt__foreign_t *foreign,
    cmt_error_t *err)
{
    int        rc;
    unsigned   i, notes;
    cmt_str_t  line;

    if (foreign->page.len == 0) {
        cmt__sink_skip(sink, CMT_NOTE_NO_PAGE);
        return CMT_OK;
    }

    if (foreign->status != CMT_DELETED
        && cmt__str_trim(foreign->text).len == 0)
    {
        cmt__sink_skip(sink, CMT_NOTE_EMPTY);
        return CMT_OK;
    }

    if (!strings_check(foreign)) {
        cmt__sink_refuse(sink, foreign->at, CMT_EUTF8,
                         "what stands here is not valid UTF-8");
        return CMT_OK;
    }

    if (foreign->uid.len == 0 || foreign->uid.len > CMT__SOURCE_BYTES_MAX
        || foreign->parent.len > CMT__SOURCE_BYTES_MAX)
    {
        cmt__sink_refuse(sink, foreign->at, CMT_EFIELD,
                         "the comment has no id, or one that is too long");
        return CMT_OK;
    }

    if (foreign->created <= 0) {
        cmt__sink_refuse(sink, foreign->at, CMT_EFIELD,
                         "the comment has no time after 1970");
        return CMT_OK;
    }

    cmt_arena_reset(sink->arena);
    notes = 0;

    rc = line_make(sink, foreign, &line, &notes);
    if (rc != CMT_OK) {
        return cmt__fail(err, rc, NULL, NULL);
    }

    for (i = 0; i < CMT_NOTES; i++) {
        sink->stats.notes[i] += notes >> i & 1;
    }

    return sink->take(sink->to, line, foreign, err);
}


void
cmt__sink_skip(cmt__sink_t *sink, unsigned note)
{
    sink->stats.lines++;
    sink->stats.skipped++;
    sink->stats.notes[note]++;
}


void
cmt__sink_refuse(cmt__sink_t *sink, uint64_t at, int rc, const char *why)
{
    char  sentence[SENTENCE_BYTES];

    sink->stats.lines++;
    sink->stats.refused++;

    if (sink->fn != NULL) {
        (void) snprintf(sentence, sizeof(sentence), "%s %llu: %s: %s",
                        sink->unit, (unsigned long long) at,
                        cmt_error_code(rc), why);
        sink->fn(sink->ctx, sentence);
    }
}


void
cmt__sink_refuse_long(cmt__sink_t *sink, uint64_t at)
{
    cmt__sink_refuse(sink, at, CMT_ETEXTLONG,
                     "something of this comment is longer than a text may be");
}


static int
strings_check(const cmt__foreign_t *f)
{
    size_t           i;
    const cmt_str_t  strings[] = {
        f->uid, f->parent, f->page, f->title, f->name, f->website, f->text
    };

    for (i = 0; i < sizeof(strings) / sizeof(strings[0]); i++) {
        if (!cmt__utf8_valid(strings[i])) {
            return 0;
        }
    }

    return 1;
}


static int
line_make(cmt__sink_t *sink, const cmt__foreign_t *f, cmt_str_t *line,
    unsigned *notes)
{
    int         rc;
    cmt__buf_t  b;

    cmt__buf_init(&b, sink->arena, 1024 + f->text.len);
    cmt__buf_lit(&b, "{\"uid\":");
    cmt__json_string(&b, f->uid);
    cmt__line_put(&b, "page", f->page);
    cmt__line_put(&b, "parent", f->parent);
    cmt__line_word(&b, "kind", cmt_kind_name(f->kind));
    cmt__line_word(&b, "status", cmt_status_name(f->status));
    cmt__buf_lit(&b, ",\"created\":");
    cmt__json_time(&b, f->created);

    rc = short_put(sink, &b, "title", f->title, CMT_TITLE_CHARS_MAX, notes);

    if (rc == CMT_OK && f->status != CMT_DELETED) {
        rc = author_put(sink, &b, f, notes);

        if (f->edited > 0) {
            cmt__buf_lit(&b, ",\"edited\":");
            cmt__json_time(&b, f->edited);
        }

        cmt__line_put(&b, "text", f->text);
        cmt__line_word(&b, "markup", cmt__record_markup(f->markup));
    }

    cmt__buf_char(&b, '}');

    return rc == CMT_OK ? cmt__buf_end(&b, line) : rc;
}


static int
author_put(cmt__sink_t *sink, cmt__buf_t *b, const cmt__foreign_t *f,
    unsigned *notes)
{
    int  rc;

    rc = short_put(sink, b, "name", f->name, CMT_NAME_CHARS_MAX, notes);
    if (rc != CMT_OK) {
        return rc;
    }

    identity_put(sink, b, f, notes);

    return website_put(sink, b, cmt__str_trim(f->website), notes);
}


/* An account is hashed as no e-mail address can be. */

static void
identity_put(cmt__sink_t *sink, cmt__buf_t *b, const cmt__foreign_t *f,
    unsigned *notes)
{
    char         hex[2 * CMT_HASH_BYTES + 1];
    cmt_str_t    email, parts[2];
    cmt__hash_t  identity;

    email = cmt__str_trim(f->email);

    if (email.len != 0
        && cmt__email_hash(sink->site->keys, email, &identity) != CMT_OK)
    {
        *notes |= 1u << CMT_NOTE_EMAIL;
        email.len = 0;
    }

    if (email.len == 0) {
        if (f->account.len == 0) {
            return;
        }

        parts[0] = cmt_str("account");
        parts[1] = f->account;
        cmt__hash(sink->site->keys, CMT__KEY_IDENTITY, parts, 2, &identity);
    }

    cmt__hex(identity.bytes, CMT_HASH_BYTES, hex);
    cmt__line_word(b, "identity", hex);
}


/* Without a scheme it may be meant as an address all the same.  A scheme alone
 * was in the form before somebody typed. */

static int
website_put(cmt__sink_t *sink, cmt__buf_t *b, cmt_str_t website,
    unsigned *notes)
{
    int         rc;
    cmt_str_t   url;
    cmt__buf_t  whole;

    if (website.len == 0 || cmt__str_is_nocase(website, "http://")
        || cmt__str_is_nocase(website, "https://"))
    {
        return CMT_OK;
    }

    rc = CMT_EWEBSITE;

    if (website.len <= CMT_WEBSITE_BYTES_MAX) {

        if (memmem(website.data, website.len, "://", 3) == NULL) {
            cmt__buf_init(&whole, sink->arena, 0);
            cmt__buf_lit(&whole, "http://");
            cmt__buf_str_put(&whole, website);
            if (cmt__buf_end(&whole, &website) != CMT_OK) {
                return CMT_ENOMEM;
            }
        }

        rc = cmt__text_url(sink->arena, website, &url);
    }

    if (rc == CMT_ENOMEM) {
        return rc;
    }

    if (rc != CMT_OK || url.len > CMT_WEBSITE_BYTES_MAX
        || website.len > CMT_WEBSITE_BYTES_MAX)
    {
        *notes |= 1u << CMT_NOTE_WEBSITE;
        return CMT_OK;
    }

    cmt__line_put(b, "website", website);

    return CMT_OK;
}


/* A line that is too long ends in an ellipsis. */

static int
short_put(cmt__sink_t *sink, cmt__buf_t *b, const char *member,
    cmt_str_t typed, size_t chars_max, unsigned *notes)
{
    int         rc;
    size_t      at, chars;
    cmt_str_t   line;
    cmt__buf_t  cut;

    rc = cmt__text_line(sink->arena, typed, &line);
    if (rc != CMT_OK) {
        return rc;
    }

    if (cmt__utf8_chars(line) > chars_max) {
        *notes |= 1u << CMT_NOTE_SHORTENED;

        for (at = 0, chars = 1; chars < chars_max; chars++) {
            (void) cmt__utf8_next(line, &at);
        }

        cmt__buf_init(&cut, sink->arena, at + 3);
        cmt__buf_str_put(&cut, cmt__str_trim(cmt__str_sub(line, 0, at)));
        cmt__buf_lit(&cut, "\xe2\x80\xa6");

        rc = cmt__buf_end(&cut, &line);
        if (rc != CMT_OK) {
            return rc;
        }
    }

    cmt__line_put(b, member, line);

    return CMT_OK;
}


int
cmt__foreign_uid(cmt_arena_t *arena, const char *system, cmt_str_t scope,
    cmt_str_t id, cmt_str_t *uid)
{
    cmt__buf_t  b;

    if (id.len == 0) {
        *uid = cmt_null_str;
        return CMT_OK;
    }

    cmt__buf_init(&b, arena, 0);
    cmt__buf_lit(&b, system);
    cmt__buf_char(&b, ':');

    if (scope.len != 0) {
        cmt__buf_str_put(&b, scope);
        cmt__buf_char(&b, '/');
    }

    cmt__buf_str_put(&b, id);

    return cmt__buf_end(&b, uid);
}


int
cmt__foreign_time(cmt_str_t s, int64_t *t)
{
    char       text[TIME_BYTES];
    size_t     len;
    cmt_str_t  zone;

    s = cmt__str_trim(s);

    if (s.len < CMT__TIME_CHARS - 1
        || s.len >= sizeof(text) - ZONE_CHARS
        || (s.data[10] != ' ' && s.data[10] != 'T'))
    {
        return 0;
    }

    for (len = CMT__TIME_CHARS - 1; len < s.len; len++) {
        if (s.data[len] != '.' && (s.data[len] < '0' || s.data[len] > '9')) {
            break;
        }
    }

    memcpy(text, s.data, len);
    text[10] = 'T';

    zone = zone_of(cmt__str_sub(s, len, s.len));

    if (zone.len == 0) {
        text[len++] = 'Z';

    } else if (zone.len == ZONE_CHARS
               && (zone.data[0] == '+' || zone.data[0] == '-'))
    {
        memcpy(text + len, zone.data, 3);
        text[len + 3] = ':';
        memcpy(text + len + 4, zone.data + 3, 2);
        len += ZONE_CHARS + 1;

    } else {
        memcpy(text + len, zone.data, zone.len);
        len += zone.len;
    }

    return cmt__time_parse((cmt_str_t) { len, text }, t);
}


/* Go writes its name behind an offset: "+0200 CEST". */

static cmt_str_t
zone_of(cmt_str_t s)
{
    const char  *name;

    s = cmt__str_trim(s);

    if (s.len == 0 || (s.data[0] != '+' && s.data[0] != '-')) {
        return s;
    }

    name = memchr(s.data, ' ', s.len);

    return name != NULL ? cmt__str_sub(s, 0, (size_t) (name - s.data)) : s;
}
