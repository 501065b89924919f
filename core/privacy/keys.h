/*
 * keys.h: how keys lie in memory; for the files of privacy/ only.
 */

#ifndef CMT_KEYS_H
#define CMT_KEYS_H

#include "privacy.h"


struct cmt_key_s {
    uint8_t  master[CMT_KEY_BYTES];
};

struct cmt_site_keys_s {
    uint8_t  purpose[CMT__KEYS][CMT_KEY_BYTES];   /* by cmt__purpose_t */
};


#endif /* CMT_KEYS_H */
