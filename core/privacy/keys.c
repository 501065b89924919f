/*
 * keys.c: the master key in its file, and the keys of a site.
 *
 * Keys in memory lie between guard pages, are read-only once made, and are
 * left out of core dumps and, where the system lets us lock memory, of swap.
 */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "keys.h"


#define KDF_CONTEXT  "cmtsite1"

_Static_assert(sizeof(KDF_CONTEXT) - 1 == crypto_kdf_CONTEXTBYTES,
               "length of the context");
_Static_assert(CMT_KEY_BYTES == crypto_kdf_KEYBYTES, "length of a key");


static int write_key(int fd, const char *path, cmt_error_t *err);
static int sync_folder(const char *path, cmt_error_t *err);
static int check_file(int fd, const char *path, cmt_error_t *err);
static int read_key(int fd, uint8_t *bytes, const char *path,
    cmt_error_t *err);


int
cmt_key_create(const char *path, cmt_error_t *err)
{
    int  fd, rc;

    if (sodium_init() < 0) {
        return cmt__fail(err, CMT_EINTERNAL, NULL, "libsodium does not start");
    }

    fd = open(path, O_WRONLY|O_CREAT|O_EXCL|O_CLOEXEC, 0600);

    if (fd == -1 && errno == EEXIST) {
        return cmt__fail(err, CMT_EIO, NULL,
                         "%s exists; a key is never overwritten", path);
    }

    if (fd == -1) {
        return cmt__fail(err, CMT_EIO, NULL, "cannot make %s: %m", path);
    }

    rc = write_key(fd, path, err);

    if (close(fd) == -1 && rc == CMT_OK) {
        rc = cmt__fail(err, CMT_EIO, NULL, "cannot write %s: %m", path);
    }

    if (rc == CMT_OK) {
        rc = sync_folder(path, err);
    }

    if (rc != CMT_OK) {
        (void) unlink(path);
    }

    return rc;
}


int
cmt_key_load(const char *path, cmt_key_t **key, cmt_error_t *err)
{
    int         fd, rc;
    cmt_key_t  *loaded;

    if (sodium_init() < 0) {
        return cmt__fail(err, CMT_EINTERNAL, NULL, "libsodium does not start");
    }

    /* O_NONBLOCK: opening a FIFO by mistake must not wait for a writer */

    fd = open(path, O_RDONLY|O_CLOEXEC|O_NOCTTY|O_NONBLOCK);

    if (fd == -1 && errno == ENOENT) {
        return cmt__fail(err, CMT_EKEY, NULL,
                         "%s is missing; make it with: ngx-comments key new %s",
                         path, path);
    }

    if (fd == -1) {
        return cmt__fail(err, CMT_EKEY, NULL, "cannot open %s: %m", path);
    }

    loaded = NULL;

    rc = check_file(fd, path, err);

    if (rc == CMT_OK) {
        loaded = sodium_malloc(sizeof(cmt_key_t));

        rc = loaded == NULL
             ? cmt__fail(err, CMT_ENOMEM, NULL, "no memory for a key")
             : read_key(fd, loaded->master, path, err);
    }

    (void) close(fd);

    if (rc != CMT_OK) {
        sodium_free(loaded);
        return rc;
    }

    (void) sodium_mprotect_readonly(loaded);
    *key = loaded;

    return CMT_OK;
}


void
cmt_key_free(cmt_key_t *key)
{
    sodium_free(key);
}


cmt_site_keys_t *
cmt__site_keys_create(const cmt_key_t *key, cmt_str_t site)
{
    uint8_t                   site_key[CMT_KEY_BYTES];
    uint64_t                  purpose;
    cmt_site_keys_t          *keys;
    crypto_generichash_state  state;

    /* with the NUL, so that no name can continue the label */
    static const uint8_t      label[] = "ngx-comments site";

    keys = sodium_malloc(sizeof(cmt_site_keys_t));
    if (keys == NULL) {
        return NULL;
    }

    crypto_generichash_init(&state, key->master, CMT_KEY_BYTES, CMT_KEY_BYTES);
    crypto_generichash_update(&state, label, sizeof(label));
    crypto_generichash_update(&state, (const uint8_t *) site.data, site.len);
    crypto_generichash_final(&state, site_key, CMT_KEY_BYTES);

    memset(keys, 0, sizeof(cmt_site_keys_t));

    for (purpose = 1; purpose < CMT__KEYS; purpose++) {
        crypto_kdf_derive_from_key(keys->purpose[purpose], CMT_KEY_BYTES,
                                   purpose, KDF_CONTEXT, site_key);
    }

    sodium_memzero(site_key, sizeof(site_key));
    sodium_memzero(&state, sizeof(state));

    (void) sodium_mprotect_readonly(keys);

    return keys;
}


void
cmt__site_keys_free(cmt_site_keys_t *keys)
{
    sodium_free(keys);
}


static int
write_key(int fd, const char *path, cmt_error_t *err)
{
    ssize_t  n;
    uint8_t  bytes[CMT_KEY_BYTES];

    randombytes_buf(bytes, sizeof(bytes));

    do {
        n = write(fd, bytes, sizeof(bytes));
    } while (n == -1 && errno == EINTR);

    sodium_memzero(bytes, sizeof(bytes));

    if (n != (ssize_t) sizeof(bytes)) {
        errno = n == -1 ? errno : ENOSPC;
        return cmt__fail(err, CMT_EIO, NULL, "cannot write %s: %m", path);
    }

    if (fchmod(fd, 0600) == -1 || fsync(fd) == -1) {
        return cmt__fail(err, CMT_EIO, NULL, "cannot write %s: %m", path);
    }

    return CMT_OK;
}


/* The name of a new file is on the disk when its folder is. */

static int
sync_folder(const char *path, cmt_error_t *err)
{
    int          fd, rc;
    char         folder[PATH_MAX];
    size_t       len;
    const char  *slash;

    slash = strrchr(path, '/');

    if (slash == NULL) {
        path = ".";
        len = 1;

    } else {
        len = slash == path ? 1 : (size_t) (slash - path);
    }

    if (len >= sizeof(folder)) {
        return cmt__fail(err, CMT_EIO, NULL, "the path is too long");
    }

    memcpy(folder, path, len);
    folder[len] = '\0';

    fd = open(folder, O_RDONLY|O_DIRECTORY|O_CLOEXEC);
    if (fd == -1) {
        return cmt__fail(err, CMT_EIO, NULL, "cannot open %s: %m", folder);
    }

    rc = CMT_OK;

    if (fsync(fd) == -1) {
        rc = cmt__fail(err, CMT_EIO, NULL, "cannot sync %s: %m", folder);
    }

    (void) close(fd);

    return rc;
}


static int
check_file(int fd, const char *path, cmt_error_t *err)
{
    struct stat  st;

    if (fstat(fd, &st) == -1) {
        return cmt__fail(err, CMT_EKEY, NULL, "cannot look at %s: %m", path);
    }

    if (!S_ISREG(st.st_mode)) {
        return cmt__fail(err, CMT_EKEY, NULL, "%s is not a file", path);
    }

    if ((st.st_mode & 077) != 0) {
        return cmt__fail(err, CMT_EKEY, NULL,
                         "%s is open to others than its owner; "
                         "do: chmod 600 %s", path, path);
    }

    if (st.st_size != CMT_KEY_BYTES) {
        return cmt__fail(err, CMT_EKEY, NULL,
                         "%s has %lld bytes, a key has %d; "
                         "restore it, or make a new one elsewhere with: "
                         "ngx-comments key new PATH",
                         path, (long long) st.st_size, CMT_KEY_BYTES);
    }

    return CMT_OK;
}


static int
read_key(int fd, uint8_t *bytes, const char *path, cmt_error_t *err)
{
    ssize_t  n;

    do {
        n = read(fd, bytes, CMT_KEY_BYTES);
    } while (n == -1 && errno == EINTR);

    if (n != CMT_KEY_BYTES) {
        errno = n == -1 ? errno : EIO;
        return cmt__fail(err, CMT_EKEY, NULL, "cannot read %s: %m", path);
    }

    if (sodium_is_zero(bytes, CMT_KEY_BYTES)) {
        return cmt__fail(err, CMT_EKEY, NULL,
                         "%s holds only zeros and is no key; "
                         "restore it, or make a new one elsewhere with: "
                         "ngx-comments key new PATH", path);
    }

    return CMT_OK;
}
