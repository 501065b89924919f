/*
 * Bodies of threads, kept per worker and bounded in bytes.
 *
 *   buckets[hash] -> entry -> entry -> NULL     found by what was asked for
 *   used:   newest <-> ... <-> oldest           dropped from the old end
 *
 * An entry counts the replies that still send it, and is freed when it has
 * left the cache and the last of them is done.
 */

#include "ngx_http_comments_module.h"


#define NGX_HTTP_COMMENTS_CACHE_BODY_BYTES  4096   /* a guess, for buckets   */
#define NGX_HTTP_COMMENTS_CACHE_BUCKETS_MIN  64


/* Hashed and compared as bytes: no padding. */
typedef struct {
    uint64_t                          conf;
    uint64_t                          thread;
    ngx_http_comments_view_t          view;
} ngx_http_comments_key_t;


typedef struct ngx_http_comments_entry_s  ngx_http_comments_entry_t;

struct ngx_http_comments_entry_s {
    ngx_http_comments_entry_t        *next;    /* in its bucket              */
    ngx_queue_t                       used;
    ngx_http_comments_key_t           key;
    uint64_t                          version;
    uint64_t                          instance;
    ngx_uint_t                        refs;    /* replies; 1 for the cache   */
    size_t                            len;
    size_t                            token_at;
    char                              body[];
};


struct ngx_http_comments_cache_s {
    size_t                            bytes;
    size_t                            bytes_max;
    ngx_queue_t                       used;
    ngx_uint_t                        mask;
    ngx_http_comments_entry_t       **buckets;
};


static void ngx_http_comments_key(ngx_http_comments_key_t *key,
    ngx_http_comments_loc_conf_t *conf, const cmt_thread_t *thread,
    const ngx_http_comments_view_t *view);
static ngx_http_comments_entry_t **ngx_http_comments_slot(
    ngx_http_comments_cache_t *cache, const ngx_http_comments_key_t *key);
static void ngx_http_comments_drop(ngx_http_comments_cache_t *cache,
    ngx_http_comments_entry_t **slot);
static ngx_int_t ngx_http_comments_hold(ngx_http_request_t *r,
    ngx_http_comments_entry_t *entry);
static void ngx_http_comments_release(void *data);


#define ngx_http_comments_entry_bytes(len)                                    \
    (sizeof(ngx_http_comments_entry_t) + (len))


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
    ngx_queue_t                *q;
    ngx_http_comments_entry_t  *entry;

    if (cache == NULL) {
        return;
    }

    while (!ngx_queue_empty(&cache->used)) {
        q = ngx_queue_last(&cache->used);
        entry = ngx_queue_data(q, ngx_http_comments_entry_t, used);

        ngx_http_comments_drop(cache,
                               ngx_http_comments_slot(cache, &entry->key));
    }

    ngx_free(cache->buckets);
    ngx_free(cache);
}


ngx_int_t
ngx_http_comments_cache_find(ngx_http_comments_cache_t *cache,
    ngx_http_request_t *r, ngx_http_comments_loc_conf_t *conf,
    const cmt_thread_t *thread, const ngx_http_comments_view_t *view,
    ngx_http_comments_body_t *body)
{
    ngx_http_comments_key_t      key;
    ngx_http_comments_entry_t   *entry, **slot;

    ngx_http_comments_key(&key, conf, thread, view);

    slot = ngx_http_comments_slot(cache, &key);
    entry = *slot;

    if (entry == NULL) {
        return NGX_DECLINED;
    }

    if (entry->version != thread->version
        || entry->instance != thread->instance)
    {
        ngx_http_comments_drop(cache, slot);
        return NGX_DECLINED;
    }

    if (ngx_http_comments_hold(r, entry) != NGX_OK) {
        return NGX_DECLINED;
    }

    ngx_queue_remove(&entry->used);
    ngx_queue_insert_head(&cache->used, &entry->used);

    body->text.len = entry->len;
    body->text.data = entry->body;
    body->token_at = entry->token_at;

    return NGX_OK;
}


/* thread was read in the same snapshot as *body, which is replaced by the
 * copy that is kept. */

ngx_int_t
ngx_http_comments_cache_store(ngx_http_comments_cache_t *cache,
    ngx_http_request_t *r, ngx_http_comments_loc_conf_t *conf,
    const cmt_thread_t *thread, const ngx_http_comments_view_t *view,
    ngx_http_comments_body_t *body)
{
    size_t                       bytes;
    ngx_queue_t                 *q;
    ngx_http_comments_entry_t   *entry, *old, **slot;

    bytes = ngx_http_comments_entry_bytes(body->text.len);

    if (bytes > cache->bytes_max) {
        return NGX_DECLINED;
    }

    while (cache->bytes + bytes > cache->bytes_max) {
        q = ngx_queue_last(&cache->used);
        old = ngx_queue_data(q, ngx_http_comments_entry_t, used);

        ngx_http_comments_drop(cache,
                               ngx_http_comments_slot(cache, &old->key));
    }

    entry = ngx_alloc(bytes, r->connection->log);
    if (entry == NULL) {
        return NGX_DECLINED;
    }

    ngx_http_comments_key(&entry->key, conf, thread, view);

    slot = ngx_http_comments_slot(cache, &entry->key);

    if (*slot) {
        ngx_http_comments_drop(cache, slot);
        slot = ngx_http_comments_slot(cache, &entry->key);
    }

    entry->version = thread->version;
    entry->instance = thread->instance;
    entry->refs = 1;
    entry->len = body->text.len;
    entry->token_at = body->token_at;
    ngx_memcpy(entry->body, body->text.data, body->text.len);

    entry->next = NULL;
    *slot = entry;

    ngx_queue_insert_head(&cache->used, &entry->used);
    cache->bytes += bytes;

    if (ngx_http_comments_hold(r, entry) != NGX_OK) {
        return NGX_DECLINED;
    }

    body->text.data = entry->body;

    return NGX_OK;
}


static void
ngx_http_comments_key(ngx_http_comments_key_t *key,
    ngx_http_comments_loc_conf_t *conf, const cmt_thread_t *thread,
    const ngx_http_comments_view_t *view)
{
    key->conf = (uint64_t) (uintptr_t) conf;
    key->thread = thread->id;
    key->view = *view;
}


/* The pointer to the entry of that key, or to the NULL at the bucket's end. */

static ngx_http_comments_entry_t **
ngx_http_comments_slot(ngx_http_comments_cache_t *cache,
    const ngx_http_comments_key_t *key)
{
    ngx_uint_t                   n;
    ngx_http_comments_entry_t  **slot;

    n = ngx_murmur_hash2((u_char *) key, sizeof(ngx_http_comments_key_t))
        & cache->mask;

    for (slot = &cache->buckets[n]; *slot; slot = &(*slot)->next) {

        if (ngx_memcmp(&(*slot)->key, key, sizeof(ngx_http_comments_key_t))
            == 0)
        {
            break;
        }
    }

    return slot;
}


static void
ngx_http_comments_drop(ngx_http_comments_cache_t *cache,
    ngx_http_comments_entry_t **slot)
{
    ngx_http_comments_entry_t  *entry;

    entry = *slot;

    *slot = entry->next;
    ngx_queue_remove(&entry->used);
    cache->bytes -= ngx_http_comments_entry_bytes(entry->len);

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
        ngx_free(entry);
    }
}
