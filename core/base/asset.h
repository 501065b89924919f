/*
 * asset.h: the files of web/ and of lua/ that are compiled in.  web/embed.sh
 * makes the table when the product is built.
 */

#ifndef CMT_ASSET_H
#define CMT_ASSET_H

#include "base.h"


typedef struct cmt__asset_s  cmt__asset_t;

struct cmt__asset_s {
    const char           *name;          /* "i18n/en.json", "lua/std.lua"    */
    const char           *version;       /* 8 hex digits, of the bytes       */
    size_t                len;
    const unsigned char  *bytes;
    size_t                packed_len;    /* 0: nobody asks for it by HTTP    */
    const unsigned char  *packed;        /* the same as gzip                 */
};

/* Ends with a row whose name is NULL. */
extern const cmt__asset_t  cmt__assets[];

/* NULL: there is no such file. */
const cmt__asset_t *cmt__asset_find(const char *name);


#endif /* CMT_ASSET_H */
