/*
 * asset.c: finds a file that is compiled in.
 */

#include <string.h>

#include "asset.h"


const cmt__asset_t *
cmt__asset_find(const char *name)
{
    const cmt__asset_t  *asset;

    for (asset = cmt__assets; asset->name != NULL; asset++) {
        if (strcmp(asset->name, name) == 0) {
            return asset;
        }
    }

    return NULL;
}


int
cmt_asset(const char *name, cmt_asset_t *asset)
{
    const cmt__asset_t  *found;

    found = cmt__asset_find(name);

    if (found == NULL) {
        return CMT_ENOTFOUND;
    }

    asset->body = (cmt_str_t) { found->len, (const char *) found->bytes };
    asset->gzip = (cmt_str_t) { found->packed_len,
                                (const char *) found->packed };
    asset->version = (cmt_str_t) { strlen(found->version), found->version };

    return CMT_OK;
}
