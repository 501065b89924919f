/*
 * cmt_site.h: the part of cmt.h about what a configuration says: the master
 * key, sites, and what they call a page.  cmt.h includes it.
 */

#ifndef CMT_PUBLIC_SITE_H
#define CMT_PUBLIC_SITE_H


/*
 * The master key: 32 random bytes in a file of its own that only its owner
 * can read.  Everything that hides an e-mail or a network address is keyed
 * with keys derived from it, so that who has the store without the key can
 * neither guess addresses nor link two sites.
 */

typedef struct cmt_key_s  cmt_key_t;

/* Makes a new key file, mode 0600; CMT_EIO when the file exists. */
int cmt_key_create(const char *path, cmt_error_t *err) CMT_CHECK;

/* CMT_EKEY: missing, readable by group or others, not 32 bytes, all zero. */
int cmt_key_load(const char *path, cmt_key_t **key, cmt_error_t *err)
    CMT_CHECK;
void cmt_key_free(cmt_key_t *key);


/* Rules, and rules that serve: cmt_rules.h. */
typedef struct cmt_ruleset_s  cmt_ruleset_t;
typedef struct cmt_rules_s    cmt_rules_t;


/*
 * A site as one location of the configuration describes it.  Fill it with
 * cmt_site_default(), change what differs, then cmt_site_init() derives the
 * site's keys.  One site (by name) may have several of these.
 */

typedef enum {
    CMT_MARKUP_PLAIN = 0,
    CMT_MARKUP_HTML,
    CMT_MARKUP_MARKDOWN
} cmt_markup_t;

#define CMT_ALLOW_MAILTO  1      /* links that write an e-mail                */
#define CMT_ALLOW_IMAGES  2      /* of Markdown                               */

typedef struct {
    unsigned      posts;         /* 0: no limit                               */
    unsigned      seconds;       /* posts per so many seconds                 */
} cmt_rate_t;

/* A page that has moved; both are canonical paths. */
typedef struct {
    cmt_str_t     from, to;
} cmt_alias_t;

typedef struct cmt_site_keys_s  cmt_site_keys_t;

#define CMT_LANGUAGE_AUTO  (-1)

typedef struct {
    cmt_str_t             name;
    cmt_markup_t          markup;
    unsigned              allow;           /* CMT_ALLOW_..., of what is typed
                                              from now on                     */
    unsigned              levels;          /* nesting of new replies, 1..10   */
    size_t                text_chars_max;
    unsigned              require_name:1;
    unsigned              require_email:1;
    cmt_rate_t            author_rate;     /* by cookie and by e-mail         */
    cmt_rate_t            address_rate;    /* by network address              */
    unsigned              edit_seconds;    /* how long authors may edit and
                                              delete; 0: not at all           */
    unsigned              close_seconds;   /* a thread is closed so long after
                                              its first comment; 0: never     */
    cmt_rules_t          *rules;           /* for what is posted and edited   */
    cmt_str_t             prefix;          /* of our addresses: "/comments/"  */
    int                   language;        /* of all pages; CMT_LANGUAGE_AUTO */
    const char           *timezone;        /* of dates in words; NULL: UTC    */
    unsigned              avatars:1;       /* told in threads                 */
    unsigned              page_size;       /* comments in a part of a thread  */
    size_t                n_aliases;
    const cmt_alias_t    *aliases;
    cmt_str_t             base_url;        /* before all paths, for shares    */
    unsigned              n_shares;        /* targets, as cmt_share_find()
                                              numbers them                    */
    unsigned char         shares[CMT_SHARES_MAX];
    cmt_site_keys_t      *keys;            /* made by cmt_site_init()         */
} cmt_site_t;

void cmt_site_default(cmt_site_t *site);
/* CMT_EARGUMENT: the name is empty, too long or has control characters. */
int cmt_site_init(cmt_site_t *site, const cmt_key_t *key, cmt_error_t *err)
    CMT_CHECK;
void cmt_site_clear(cmt_site_t *site);


/*
 * Canonical path of a page: begins with "/", percent-encoding normalised,
 * dot segments resolved, without fragment, index.html and the parameters
 * that only count visits (utm_*, fbclid, gclid ...).  An absolute http(s)
 * address is taken as its path.  CMT_EPAGE, CMT_ENOMEM.
 */
int cmt_page_canonical(cmt_arena_t *arena, cmt_str_t page, cmt_str_t *out)
    CMT_CHECK;

/* The same on a site: a page that has moved is the one it has moved to. */
int cmt_page_of(const cmt_site_t *site, cmt_arena_t *arena, cmt_str_t page,
    cmt_str_t *out) CMT_CHECK;


#endif /* CMT_PUBLIC_SITE_H */
