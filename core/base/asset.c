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
cmt_asset(const char *name, cmt_str_t *body, cmt_str_t *version)
{
    const cmt__asset_t  *asset;

    asset = cmt__asset_find(name);

    if (asset == NULL) {
        return CMT_ENOTFOUND;
    }

    *body = (cmt_str_t) { asset->len, (const char *) asset->bytes };
    *version = (cmt_str_t) { strlen(asset->version), asset->version };

    return CMT_OK;
}
