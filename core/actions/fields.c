/*
 * fields.c: typed fields, checked and made ready to be stored.
 */

#include <string.h>

#include "actions.h"


int
cmt__fields_make(const cmt_site_t *site, const cmt__typed_t *typed,
    cmt_arena_t *arena, cmt__fields_t *fields, cmt_error_t *err)
{
    int            rc;
    cmt__fields_t  f;

    memset(&f, 0, sizeof(f));

    rc = cmt_page_of(site, arena, typed->page, &f.page);
    if (rc != CMT_OK) {
        return cmt__fail(err, rc, "page", "%s", cmt_error_code(rc));
    }

    rc = cmt__fields_line(typed->title, CMT_TITLE_CHARS_MAX,
                          CMT_ETITLELONG, "title", arena, &f.title, err);
    if (rc != CMT_OK) {
        return rc;
    }

    rc = cmt__fields_line(typed->name, CMT_NAME_CHARS_MAX, CMT_ENAMELONG,
                          "name", arena, &f.name, err);
    if (rc != CMT_OK) {
        return rc;
    }

    if (f.name.len == 0 && site->require_name && !typed->lenient) {
        return cmt__fail(err, CMT_ENAMEMISSING, "name", "no name");
    }

    if (cmt__str_trim(typed->email).len > 0) {

        rc = cmt__email_hash(site->keys, typed->email, &f.identity);
        if (rc != CMT_OK) {
            return cmt__fail(err, rc, "email", "syntax of the e-mail");
        }

    } else if (site->require_email && !typed->lenient && !typed->signed_in) {
        return cmt__fail(err, CMT_EEMAILMISSING, "email", "no e-mail");
    }

    if (cmt__str_trim(typed->website).len > 0) {

        if (typed->website.len > CMT_WEBSITE_BYTES_MAX) {
            return cmt__fail(err, CMT_EWEBSITELONG, "website",
                             "website of %zu bytes, %d are allowed",
                             typed->website.len, CMT_WEBSITE_BYTES_MAX);
        }

        rc = cmt__text_url(arena, typed->website, &f.website);
        if (rc != CMT_OK) {
            return cmt__fail(err, rc, "website", "syntax of the website");
        }
    }

    rc = cmt__fields_text(site, typed, arena, &f.text, err);
    if (rc != CMT_OK) {
        return rc;
    }

    *fields = f;

    return CMT_OK;
}


int
cmt__fields_line(cmt_str_t typed, size_t chars_max, int rc_long,
    const char *field, cmt_arena_t *arena, cmt_str_t *out, cmt_error_t *err)
{
    int        rc;
    cmt_str_t  line;

    /* no work on what is too long at any rate: 4 bytes a character, and as
     * much again for what folding drops */

    if (typed.len > 8 * chars_max) {
        return cmt__fail(err, rc_long, field, "%s of %zu bytes", field,
                         typed.len);
    }

    rc = cmt__text_line(arena, typed, &line);
    if (rc != CMT_OK) {
        return cmt__fail(err, rc, field, "%s", field);
    }

    if (cmt__utf8_chars(line) > chars_max) {
        return cmt__fail(err, rc_long, field,
                         "%s of %zu characters, %zu are allowed", field,
                         cmt__utf8_chars(line), chars_max);
    }

    *out = line;

    return CMT_OK;
}


int
cmt__fields_text(const cmt_site_t *site, const cmt__typed_t *typed,
    cmt_arena_t *arena, cmt__text_t *out, cmt_error_t *err)
{
    int     rc;
    size_t  chars, chars_max;

    if (cmt__str_trim(typed->text).len == 0) {

        if (typed->hollow) {
            return CMT_OK;
        }

        return cmt__fail(err, CMT_ETEXTMISSING, "text", "no text");
    }

    if (typed->text.len > CMT_TEXT_BYTES_MAX) {
        return cmt__fail(err, CMT_ETEXTLONG, "text",
                         "text of %zu bytes, %d are allowed",
                         typed->text.len, CMT_TEXT_BYTES_MAX);
    }

    chars = cmt__utf8_chars(typed->text);
    chars_max = typed->lenient ? CMT_TEXT_BYTES_MAX : site->text_chars_max;

    if (chars > chars_max) {
        return cmt__fail(err, CMT_ETEXTLONG, "text",
                         "text of %zu characters, %zu are allowed", chars,
                         chars_max);
    }

    rc = cmt__text_render_answer(arena, typed->markup, site->allow,
                                 typed->text, &typed->whom, out);
    if (rc != CMT_OK) {
        return cmt__fail(err, rc, "text", "%s", cmt_error_code(rc));
    }

    return CMT_OK;
}


int
cmt__fields_token(cmt_str_t token, cmt_error_t *err)
{
    size_t  i;

    if (token.len == 0) {
        return CMT_OK;
    }

    if (token.len < CMT_TOKEN_BYTES_MIN || token.len > CMT_TOKEN_BYTES_MAX) {
        return cmt__fail(err, CMT_ETOKEN, "token", "token of %zu bytes",
                         token.len);
    }

    for (i = 0; i < token.len; i++) {
        if (token.data[i] < 0x21 || token.data[i] > 0x7e) {
            return cmt__fail(err, CMT_ETOKEN, "token",
                             "token with a byte that is not printable");
        }
    }

    return CMT_OK;
}


void
cmt__fields_comment(const cmt__fields_t *fields, cmt__comment_t *comment)
{
    memset(comment, 0, sizeof(*comment));
    comment->identity = fields->identity;
    comment->name = fields->name;
    comment->website = fields->website;
    comment->text = fields->text.text;
    comment->html = fields->text.html;
}


void
cmt__fields_fingerprint(const cmt_site_t *site, const cmt__fields_t *fields,
    uint64_t parent, cmt__hash_t *out)
{
    cmt_str_t  parts[5];

    parts[0] = cmt_str("fingerprint");
    parts[1] = (cmt_str_t) { sizeof(parent), (const char *) &parent };
    parts[2] = (cmt_str_t) { CMT_HASH_BYTES,
                             (const char *) fields->identity.bytes };
    parts[3] = fields->name;
    parts[4] = fields->text.text;

    cmt__hash(site->keys, CMT__KEY_TOKEN, parts, 5, out);
}
