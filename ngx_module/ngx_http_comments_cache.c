/*
 * Bodies that everybody gets, kept per worker and bounded in bytes.
 *
 *   buckets[hash] -> entry -> entry -> NULL     found by what was asked for
 *   used:   newest <-> ... <-> oldest           dropped from the old end
 *
 *   entry   body, then the name; apart, once somebody takes it so, its gzip,
 *           and the token that its form had last
 *
 * An entry counts the replies that still send it, and is freed when it has
 * left the cache and the last of them is done.
 */

#include "ngx_http_comments_cache.h"


#define NGX_HTTP_COMMENTS_CACHE_BODY_BYTES  4096   /* a guess, for buckets   */
#define NGX_HTTP_COMMENTS_CACHE_BUCKETS_MIN  64


/* Hashed and compared as bytes, without padding; the name as well. */
typedef struct {
    uint64_t                          conf;
    uint64_t                          thread;
    ngx_http_comments_view_t          view;
} ngx_http_comments_key_t;


/* With what its parts point to behind it. */
typedef struct {
    cmt_gzip_t                        gzip;
    size_t                            bytes;
} ngx_http_comments_packed_t;


/* The token, then the page and what it says of itself, of which it is made. */
typedef struct {
    time_t                            made;
    unsigned                          flags;
    size_t                            len;
    size_t                            page_len;
    size_t                            about_len;
    size_t                            bytes;   /* all that it takes          */
    char                              text[];
} ngx_http_comments_token_t;


struct ngx_http_comments_entry_s {
    ngx_http_comments_entry_t        *next;    /* in its bucket              */
    ngx_queue_t                       used;
    ngx_http_comments_key_t           key;
    uint64_t                          version;
    uint64_t                          instance;
    ngx_uint_t                        refs;    /* replies; 1 for the cache   */
    size_t                            bytes;   /* all that it takes          */
    size_t                            len;
    size_t                            token_at;
    uint64_t                          hash;
    size_t                            name_len;
    ngx_http_comments_packed_t       *packed;  /* NULL: not asked for so far */
    ngx_http_comments_token_t        *token;   /* or NULL                    */
    char                              body[];
};


struct ngx_http_comments_cache_s {
    size_t                            bytes;
    size_t                            bytes_max;
    ngx_queue_t                       used;
    ngx_uint_t                        mask;
    ngx_http_comments_entry_t       **buckets;
};


static ngx_int_t ngx_http_comments_token_is(
    const ngx_http_comments_token_t *token,
    const ngx_http_comments_form_t *form);
static void ngx_http_comments_token_keep(ngx_http_comments_cache_t *cache,
    ngx_http_request_t *r, ngx_http_comments_entry_t *entry,
    const ngx_http_comments_form_t *form, const char *text, size_t len);
static void ngx_http_comments_grow(ngx_http_comments_cache_t *cache,
    ngx_http_comments_entry_t *entry, size_t bytes);
static void ngx_http_comments_key(ngx_http_comments_key_t *key,
    const ngx_http_comments_asked_t *asked);
static ngx_http_comments_entry_t **ngx_http_comments_slot(
    ngx_http_comments_cache_t *cache, const ngx_http_comments_key_t *key,
    cmt_str_t name);
static ngx_http_comments_packed_t *ngx_http_comments_pack(
    ngx_http_request_t *r, const ngx_http_comments_body_t *body, int level,
    cmt_arena_t *arena);
static void ngx_http_comments_make_room(ngx_http_comments_cache_t *cache,
    size_t bytes, const ngx_http_comments_entry_t *but);
static void ngx_http_comments_drop(ngx_http_comments_cache_t *cache,
    ngx_http_comments_entry_t *entry);
static ngx_int_t ngx_http_comments_hold(ngx_http_request_t *r,
    ngx_http_comments_entry_t *entry);
static void ngx_http_comments_release(void *data);


#define ngx_http_comments_name(entry)                                         \
    ((cmt_str_t) { (entry)->name_len, (entry)->body + (entry)->len })


ngx_http_comments_cache_t *
ngx_http_comments_cache_create(size_t bytes)
{
    ngx_uint_t                  n;
    ngx_http_comments_cache_t  *cache;

    n = NGX_HTTP_COMMENTS_CACHE_BUCKETS_MIN;

    while (n < bytes / NGX_HTTP_COMMENTS_CACHE_BODY_BYTES) {
        n *= 2;
    }

    cache = ngx_calloc(sizeof(ngx_http_comments_cache_t), ngx_cycle->log);
    if (cache == NULL) {
        return NULL;
    }

    cache->buckets = ngx_calloc(n * sizeof(ngx_http_comments_entry_t *),
                                ngx_cycle->log);
    if (cache->buckets == NULL) {
        ngx_free(cache);
        return NULL;
    }

    cache->mask = n - 1;
    cache->bytes_max = bytes;
    ngx_queue_init(&cache->used);

    return cache;
}


void
ngx_http_comments_cache_destroy(ngx_http_comments_cache_t *cache)
{
    ngx_queue_t  *q;

    if (cache == NULL) {
        return;
    }

    while (!ngx_queue_empty(&cache->used)) {
        q = ngx_queue_last(&cache->used);

        ngx_http_comments_drop(cache,
                               ngx_queue_data(q, ngx_http_comments_entry_t,
                                              used));
    }

    ngx_free(cache->buckets);
    ngx_free(cache);
}


ngx_int_t
ngx_http_comments_cache_find(ngx_http_comments_cache_t *cache,
    ngx_http_request_t *r, const ngx_http_comments_asked_t *asked,
    ngx_http_comments_body_t *body)
{
    ngx_http_comments_key_t     key;
    ngx_http_comments_entry_t  *entry;

    body->entry = NULL;

    if (cache == NULL) {
        return NGX_DECLINED;
    }

    ngx_http_comments_key(&key, asked);

    entry = *ngx_http_comments_slot(cache, &key, asked->name);

    if (entry == NULL) {
        return NGX_DECLINED;
    }

    if (entry->version != asked->version
        || entry->instance != asked->instance)
    {
        ngx_http_comments_drop(cache, entry);
        return NGX_DECLINED;
    }

    if (ngx_http_comments_hold(r, entry) != NGX_OK) {
        return NGX_DECLINED;
    }

    ngx_queue_remove(&entry->used);
    ngx_queue_insert_head(&cache->used, &entry->used);

    body->entry = entry;
    body->text.len = entry->len;
    body->text.data = entry->body;
    body->token_at = entry->token_at;
    body->hash = entry->hash;

    return NGX_OK;
}


/* asked was read in the same snapshot as *body, which is replaced by the copy
 * that is kept. */

ngx_int_t
ngx_http_comments_cache_store(ngx_http_comments_cache_t *cache,
    ngx_http_request_t *r, const ngx_http_comments_asked_t *asked,
    ngx_http_comments_body_t *body)
{
    u_char                      *p;
    size_t                       bytes;
    ngx_http_comments_entry_t   *entry, **slot;

    bytes = sizeof(ngx_http_comments_entry_t) + body->text.len
            + asked->name.len;

    if (cache == NULL || bytes > cache->bytes_max) {
        return NGX_DECLINED;
    }

    entry = ngx_alloc(bytes, r->connection->log);
    if (entry == NULL) {
        return NGX_DECLINED;
    }

    ngx_http_comments_key(&entry->key, asked);

    entry->version = asked->version;
    entry->instance = asked->instance;
    entry->refs = 1;
    entry->bytes = bytes;
    entry->len = body->text.len;
    entry->token_at = body->token_at;
    entry->hash = body->hash;
    entry->name_len = asked->name.len;
    entry->packed = NULL;
    entry->token = NULL;

    p = ngx_cpymem(entry->body, body->text.data, body->text.len);

    if (asked->name.len != 0) {
        ngx_memcpy(p, asked->name.data, asked->name.len);
    }

    slot = ngx_http_comments_slot(cache, &entry->key, asked->name);

    if (*slot) {
        ngx_http_comments_drop(cache, *slot);
    }

    ngx_http_comments_make_room(cache, bytes, NULL);

    slot = ngx_http_comments_slot(cache, &entry->key, asked->name);
    entry->next = NULL;
    *slot = entry;

    ngx_queue_insert_head(&cache->used, &entry->used);
    cache->bytes += bytes;

    if (ngx_http_comments_hold(r, entry) != NGX_OK) {
        return NGX_DECLINED;
    }

    body->entry = entry;
    body->text.data = entry->body;

    return NGX_OK;
}


const cmt_gzip_t *
ngx_http_comments_cache_gzip(ngx_http_comments_cache_t *cache,
    ngx_http_request_t *r, const ngx_http_comments_body_t *body, int level,
    cmt_arena_t *arena)
{
    ngx_http_comments_entry_t   *entry;
    ngx_http_comments_packed_t  *packed;

    entry = body->entry;

    if (entry->packed == NULL) {

        packed = ngx_http_comments_pack(r, body, level, arena);
        if (packed == NULL) {
            return NULL;
        }

        if (entry->bytes + packed->bytes > cache->bytes_max) {
            ngx_free(packed);
            return NULL;
        }

        ngx_http_comments_grow(cache, entry, packed->bytes);
        entry->packed = packed;
    }

    return &entry->packed->gzip;
}


static ngx_http_comments_packed_t *
ngx_http_comments_pack(ngx_http_request_t *r,
    const ngx_http_comments_body_t *body, int level, cmt_arena_t *arena)
{
    u_char                      *p;
    size_t                       bytes;
    cmt_gzip_t                   gzip;
    cmt_error_t                  err;
    ngx_http_comments_packed_t  *packed;

    if (cmt_gzip_make(body->text, body->token_at,
                      body->token_at ? CMT_FORM_TOKEN_CHARS : 0, level, arena,
                      &gzip, &err)
        != CMT_OK)
    {
        return NULL;
    }

    bytes = sizeof(ngx_http_comments_packed_t) + gzip.before.len
            + gzip.behind.len;

    packed = ngx_alloc(bytes, r->connection->log);
    if (packed == NULL) {
        return NULL;
    }

    p = (u_char *) packed + sizeof(ngx_http_comments_packed_t);
    ngx_memcpy(p, gzip.before.data, gzip.before.len);
    gzip.before.data = (char *) p;

    if (gzip.behind.len) {
        p += gzip.before.len;
        ngx_memcpy(p, gzip.behind.data, gzip.behind.len);
        gzip.behind.data = (char *) p;
    }

    packed->gzip = gzip;
    packed->bytes = bytes;

    return packed;
}


/*
 * A token tells the second in which it was made, and may be shared.  So all
 * readers of one second get the same, which spares the hash and the base64.
 */

size_t
ngx_http_comments_cache_token(ngx_http_comments_cache_t *cache,
    ngx_http_request_t *r, const ngx_http_comments_body_t *body,
    const ngx_http_comments_form_t *form, char *out)
{
    size_t                      len;
    ngx_http_comments_entry_t  *entry;

    entry = body->entry;

    if (entry && ngx_http_comments_token_is(entry->token, form)) {
        ngx_memcpy(out, entry->token->text, entry->token->len);
        return entry->token->len;
    }

    len = cmt_form_token_about(form->site, form->page, form->flags,
                               form->about, (int64_t) ngx_time(), out);
    if (entry) {
        ngx_http_comments_token_keep(cache, r, entry, form, out, len);
    }

    return len;
}


static ngx_int_t
ngx_http_comments_token_is(const ngx_http_comments_token_t *token,
    const ngx_http_comments_form_t *form)
{
    const char  *page;

    if (token == NULL
        || token->made != ngx_time()
        || token->flags != form->flags
        || token->page_len != form->page.len
        || token->about_len != form->about.len)
    {
        return 0;
    }

    page = token->text + token->len;

    return ngx_memcmp(page, form->page.data, form->page.len) == 0
           && (form->about.len == 0
               || ngx_memcmp(page + form->page.len, form->about.data,
                             form->about.len)
                  == 0);
}


static void
ngx_http_comments_token_keep(ngx_http_comments_cache_t *cache,
    ngx_http_request_t *r, ngx_http_comments_entry_t *entry,
    const ngx_http_comments_form_t *form, const char *text, size_t len)
{
    size_t                      bytes;
    u_char                     *p;
    ngx_http_comments_token_t  *token;

    bytes = sizeof(ngx_http_comments_token_t) + len + form->page.len
            + form->about.len;

    token = entry->token;

    if (token == NULL || token->bytes < bytes) {

        if (entry->bytes + bytes > cache->bytes_max) {
            return;
        }

        token = ngx_alloc(bytes, r->connection->log);
        if (token == NULL) {
            return;
        }

        ngx_http_comments_grow(cache, entry, bytes);
        token->bytes = bytes;

        if (entry->token) {
            entry->bytes -= entry->token->bytes;
            cache->bytes -= entry->token->bytes;
            ngx_free(entry->token);
        }

        entry->token = token;
    }

    token->made = ngx_time();
    token->flags = form->flags;
    token->len = len;
    token->page_len = form->page.len;
    token->about_len = form->about.len;

    p = ngx_cpymem(token->text, text, len);
    p = ngx_cpymem(p, form->page.data, form->page.len);

    if (form->about.len) {
        ngx_memcpy(p, form->about.data, form->about.len);
    }
}


/* The entry was found or stored just now, so it is in the cache. */

static void
ngx_http_comments_grow(ngx_http_comments_cache_t *cache,
    ngx_http_comments_entry_t *entry, size_t bytes)
{
    ngx_http_comments_make_room(cache, bytes, entry);

    entry->bytes += bytes;
    cache->bytes += bytes;
}


static void
ngx_http_comments_key(ngx_http_comments_key_t *key,
    const ngx_http_comments_asked_t *asked)
{
    key->conf = (uint64_t) (uintptr_t) asked->conf;
    key->thread = asked->thread;
    key->view = asked->view;
}


/* The pointer to the entry of that key, or to the NULL at the bucket's end. */

static ngx_http_comments_entry_t **
ngx_http_comments_slot(ngx_http_comments_cache_t *cache,
    const ngx_http_comments_key_t *key, cmt_str_t name)
{
    ngx_uint_t                   n;
    ngx_http_comments_entry_t  **slot;

    n = ngx_murmur_hash2((u_char *) key, sizeof(ngx_http_comments_key_t));

    if (name.len) {
        n ^= ngx_murmur_hash2((u_char *) name.data, name.len);
    }

    for (slot = &cache->buckets[n & cache->mask];
         *slot;
         slot = &(*slot)->next)
    {
        if (ngx_memcmp(&(*slot)->key, key, sizeof(ngx_http_comments_key_t))
            == 0
            && (*slot)->name_len == name.len
            && (name.len == 0
                || ngx_memcmp(ngx_http_comments_name(*slot).data, name.data,
                              name.len)
                   == 0))
        {
            break;
        }
    }

    return slot;
}


/* Drops what was used longest ago, but never that one. */

static void
ngx_http_comments_make_room(ngx_http_comments_cache_t *cache, size_t bytes,
    const ngx_http_comments_entry_t *but)
{
    ngx_queue_t                *q;
    ngx_http_comments_entry_t  *old;

    while (cache->bytes + bytes > cache->bytes_max) {
        q = ngx_queue_last(&cache->used);
        old = ngx_queue_data(q, ngx_http_comments_entry_t, used);

        if (old == but) {
            return;
        }

        ngx_http_comments_drop(cache, old);
    }
}


static void
ngx_http_comments_drop(ngx_http_comments_cache_t *cache,
    ngx_http_comments_entry_t *entry)
{
    ngx_http_comments_entry_t  **slot;

    slot = ngx_http_comments_slot(cache, &entry->key,
                                  ngx_http_comments_name(entry));
    *slot = entry->next;

    ngx_queue_remove(&entry->used);
    cache->bytes -= entry->bytes;

    ngx_http_comments_release(entry);
}


static ngx_int_t
ngx_http_comments_hold(ngx_http_request_t *r, ngx_http_comments_entry_t *entry)
{
    ngx_pool_cleanup_t  *cln;

    cln = ngx_pool_cleanup_add(r->pool, 0);
    if (cln == NULL) {
        return NGX_ERROR;
    }

    cln->handler = ngx_http_comments_release;
    cln->data = entry;

    entry->refs++;

    return NGX_OK;
}


static void
ngx_http_comments_release(void *data)
{
    ngx_http_comments_entry_t *entry = data;

    if (--entry->refs == 0) {

        if (entry->packed) {
            ngx_free(entry->packed);
        }

        if (entry->token) {
            ngx_free(entry->token);
        }

        ngx_free(entry);
    }
}
