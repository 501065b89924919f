/*
 * site.c: a site as a location describes it.
 */

#include <string.h>

#include "actions.h"


void
cmt_site_default(cmt_site_t *site)
{
    memset(site, 0, sizeof(*site));

    site->markup = CMT_MARKUP_HTML;
    site->levels = CMT_LEVELS_DEFAULT;
    site->text_chars_max = CMT_TEXT_CHARS_DEFAULT;
    site->require_name = 1;
    site->require_email = 1;
    site->author_rate = (cmt_rate_t) { 10, 60 };
    site->address_rate = (cmt_rate_t) { 60, 60 };
    site->edit_seconds = CMT_EDIT_SECONDS_DEFAULT;
    site->prefix = cmt_str("/comments/");
    site->language = CMT_LANGUAGE_AUTO;
    site->avatars = 1;
    site->page_size = CMT_LIMIT_DEFAULT;
}


int
cmt_site_init(cmt_site_t *site, const cmt_key_t *key, cmt_error_t *err)
{
    size_t  i;

    if (site->name.len == 0 || site->name.len > CMT_SITE_BYTES_MAX
        || !cmt__utf8_valid(site->name))
    {
        return cmt__fail(err, CMT_EARGUMENT, "site",
                         "the name of a site has 1 to %d bytes of UTF-8",
                         CMT_SITE_BYTES_MAX);
    }

    for (i = 0; i < site->name.len; i++) {
        if ((unsigned char) site->name.data[i] < 0x20
            || site->name.data[i] == 0x7f)
        {
            return cmt__fail(err, CMT_EARGUMENT, "site",
                             "the name of a site has no control characters");
        }
    }

    if (site->levels < 1 || site->levels > CMT_LEVELS_MAX) {
        return cmt__fail(err, CMT_EARGUMENT, "depth",
                         "the depth is 1 to %d", CMT_LEVELS_MAX);
    }

    site->keys = cmt__site_keys_create(key, site->name);
    if (site->keys == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, "no memory for keys");
    }

    return CMT_OK;
}


void
cmt_site_clear(cmt_site_t *site)
{
    cmt__site_keys_free(site->keys);
    site->keys = NULL;
}


unsigned
cmt_site_language(const cmt_site_t *site, cmt_str_t tag, cmt_str_t accept)
{
    return site->language != CMT_LANGUAGE_AUTO
           ? (unsigned) site->language : cmt_language_choose(tag, accept);
}
