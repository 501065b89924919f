/*
 * isso.c: the database of Isso, an SQLite file.  The only file that sees
 * SQLite.
 *
 *   threads      id uri title
 *   comments     tid id parent created modified mode text author email website
 *   preferences  "session-key", which no other database has
 *
 * The file is opened to be read alone.  It may be anybody's: nothing that is
 * written in it runs (views, functions), and a row has its limit.
 */

#include <string.h>

#include <sqlite3.h>

#include "foreign.h"


#define BUSY_MS        10000     /* until Isso has written                   */
#define SESSION_CHARS  16        /* of the key, to tell databases apart      */
#define TIME_MAX       253402300799.0    /* 9999-12-31T23:59:59Z             */


typedef struct {
    cmt__sink_t   *sink;
    sqlite3       *db;
    cmt_arena_t   *arena;        /* of a row                                 */
    uint64_t       at;           /* the comment that was read last           */
    size_t         session_len;
    char           session[SESSION_CHARS];
} isso_t;

/* The columns of the statement, which has no order: that would make SQLite
 * write e-mail addresses to temporary files. */
enum {
    ID, URI, TITLE, PARENT, CREATED, MODIFIED, MODE, TEXT, AUTHOR, EMAIL,
    WEBSITE
};


static int database_open(isso_t *isso, const char *path, cmt_error_t *err);
static int allow(void *ctx, int action, const char *a, const char *b,
    const char *database, const char *view);
static int session_read(isso_t *isso, cmt_error_t *err);
static int rows_read(isso_t *isso, cmt_error_t *err);
static int row_put(isso_t *isso, sqlite3_stmt *row, cmt_error_t *err);
static int author_unescape(cmt_arena_t *arena, cmt__foreign_t *f) CMT_CHECK;
static int uid_make(isso_t *isso, sqlite3_int64 id, cmt_str_t *uid) CMT_CHECK;
static cmt_str_t column(sqlite3_stmt *row, int i, int *too_long);
static int64_t column_time(sqlite3_stmt *row, int i);
static cmt_status_t status_of(int mode);
static int failed(const isso_t *isso, cmt_error_t *err);


static const char  comments[] =
    "SELECT c.id, t.uri, t.title, c.parent, c.created, c.modified, c.mode,"
    " c.text, c.author, c.email, c.website"
    " FROM comments AS c LEFT JOIN threads AS t ON t.id = c.tid";

static const char  session[] =
    "SELECT value FROM preferences WHERE key = 'session-key'";


int
cmt__isso_read(const cmt__input_t *input, cmt__sink_t *sink, cmt_error_t *err)
{
    int     rc;
    isso_t  isso;

    if (strcmp(input->path, "-") == 0) {
        return cmt__fail(err, CMT_EIO, NULL, "a database cannot be read from "
                         "standard input: give its file");
    }

    memset(&isso, 0, sizeof(isso_t));
    isso.sink = sink;

    isso.arena = cmt_arena_create(CMT__FOREIGN_BYTES_MAX);
    if (isso.arena == NULL) {
        return cmt__fail(err, CMT_ENOMEM, NULL, NULL);
    }

    rc = database_open(&isso, input->path, err);

    if (rc == CMT_OK) {
        rc = session_read(&isso, err);
    }

    if (rc == CMT_OK) {
        rc = rows_read(&isso, err);
    }

    (void) sqlite3_close(isso.db);
    cmt_arena_wipe(isso.arena);
    cmt_arena_destroy(isso.arena);

    return rc;
}


static int
database_open(isso_t *isso, const char *path, cmt_error_t *err)
{
    if (sqlite3_open_v2(path, &isso->db, SQLITE_OPEN_READONLY, NULL)
        != SQLITE_OK)
    {
        return failed(isso, err);
    }

    (void) sqlite3_busy_timeout(isso->db, BUSY_MS);
    (void) sqlite3_limit(isso->db, SQLITE_LIMIT_LENGTH, CMT__ROW_BYTES_MAX);
    (void) sqlite3_db_config(isso->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    (void) sqlite3_db_config(isso->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0,
                             NULL);
    (void) sqlite3_set_authorizer(isso->db, allow, NULL);

    return CMT_OK;
}


/* Our statements read columns of tables, and that is all. */

static int
allow(void *ctx, int action, const char *a, const char *b,
    const char *database, const char *view)
{
    (void) ctx;
    (void) a;
    (void) b;
    (void) database;

    return view == NULL && (action == SQLITE_SELECT || action == SQLITE_READ)
           ? SQLITE_OK : SQLITE_DENY;
}


/* Databases of Isso that were made by hand may have none. */

static int
session_read(isso_t *isso, cmt_error_t *err)
{
    int            too_long;
    cmt_str_t      value;
    sqlite3_stmt  *row;

    if (sqlite3_prepare_v2(isso->db, session, sizeof(session), &row, NULL)
        != SQLITE_OK)
    {
        return sqlite3_errcode(isso->db) == SQLITE_ERROR ? CMT_OK
                                                         : failed(isso, err);
    }

    if (sqlite3_step(row) == SQLITE_ROW) {
        value = cmt__str_sub(column(row, 0, &too_long), 0, SESSION_CHARS);

        if (value.len != 0) {
            memcpy(isso->session, value.data, value.len);
            isso->session_len = value.len;
        }
    }

    (void) sqlite3_finalize(row);

    return CMT_OK;
}


static int
rows_read(isso_t *isso, cmt_error_t *err)
{
    int            rc, step;
    sqlite3_stmt  *row;

    if (sqlite3_prepare_v2(isso->db, comments, sizeof(comments), &row, NULL)
        != SQLITE_OK)
    {
        return failed(isso, err);
    }

    rc = CMT_OK;

    while ((step = sqlite3_step(row)) == SQLITE_ROW) {
        rc = row_put(isso, row, err);
        if (rc != CMT_OK) {
            break;
        }
    }

    if (rc == CMT_OK && step != SQLITE_DONE) {
        rc = failed(isso, err);
    }

    (void) sqlite3_finalize(row);

    return rc;
}


static int
row_put(isso_t *isso, sqlite3_stmt *row, cmt_error_t *err)
{
    int             rc, too_long;
    cmt_str_t       text;
    cmt__foreign_t  f;

    cmt_arena_reset(isso->arena);
    memset(&f, 0, sizeof(cmt__foreign_t));
    too_long = 0;

    isso->at = (uint64_t) sqlite3_column_int64(row, ID);
    f.at = isso->at;
    f.kind = CMT_COMMENT;
    f.status = status_of(sqlite3_column_int(row, MODE));
    f.created = column_time(row, CREATED);
    f.edited = column_time(row, MODIFIED);
    f.page = column(row, URI, &too_long);
    f.title = column(row, TITLE, &too_long);
    text = column(row, TEXT, &too_long);
    f.name = column(row, AUTHOR, &too_long);
    f.email = column(row, EMAIL, &too_long);
    f.website = column(row, WEBSITE, &too_long);

    if (too_long) {
        cmt__sink_refuse_long(isso->sink, isso->at);
        return CMT_OK;
    }

    rc = uid_make(isso, sqlite3_column_int64(row, ID), &f.uid);

    if (rc == CMT_OK && sqlite3_column_int64(row, PARENT) != 0) {
        rc = uid_make(isso, sqlite3_column_int64(row, PARENT), &f.parent);
    }

    if (rc == CMT_OK) {
        rc = author_unescape(isso->arena, &f);
    }

    if (rc == CMT_OK) {
        rc = cmt__foreign_text(isso->arena, text, cmt_null_str, &f);
    }

    return rc == CMT_OK ? cmt__sink_put(isso->sink, &f, err)
                        : cmt__fail(err, rc, NULL, NULL);
}


/* Isso keeps these as they may stand in HTML. */

static int
author_unescape(cmt_arena_t *arena, cmt__foreign_t *f)
{
    int         rc;
    size_t      i;
    cmt_str_t  *escaped[] = { &f->name, &f->email, &f->website };

    for (i = 0; i < sizeof(escaped) / sizeof(escaped[0]); i++) {
        rc = cmt__html_unescape(arena, *escaped[i], escaped[i]);
        if (rc != CMT_OK) {
            return rc;
        }
    }

    return CMT_OK;
}


/* "isso:0123456789abcdef/7" */

static int
uid_make(isso_t *isso, sqlite3_int64 id, cmt_str_t *uid)
{
    char       digits[24];
    cmt_str_t  number, scope;

    number.len = (size_t) snprintf(digits, sizeof(digits), "%lld",
                                   (long long) id);
    number.data = digits;
    scope = (cmt_str_t) { isso->session_len, isso->session };

    return cmt__foreign_uid(isso->arena, "isso", scope, number, uid);
}


/* Valid until the next row. */

static cmt_str_t
column(sqlite3_stmt *row, int i, int *too_long)
{
    cmt_str_t  s;

    s.data = (const char *) sqlite3_column_text(row, i);
    s.len = (size_t) sqlite3_column_bytes(row, i);

    if (s.len > CMT__FIELD_BYTES_MAX) {
        *too_long = 1;
    }

    return s.data != NULL ? s : cmt_null_str;
}


/* Seconds with a fraction; 0: never. */

static int64_t
column_time(sqlite3_stmt *row, int i)
{
    double  t;

    t = sqlite3_column_double(row, i);

    return t > 0 && t <= TIME_MAX ? (int64_t) t : 0;
}


static cmt_status_t
status_of(int mode)
{
    switch (mode) {
    case 1:
        return CMT_APPROVED;
    case 4:
        return CMT_DELETED;
    default:
        return CMT_PENDING;
    }
}


static int
failed(const isso_t *isso, cmt_error_t *err)
{
    const char  *why;

    if (isso->db == NULL || sqlite3_errcode(isso->db) == SQLITE_NOMEM) {
        return cmt__fail(err, CMT_ENOMEM, NULL, NULL);
    }

    why = sqlite3_errmsg(isso->db);

    if (isso->at != 0) {
        return cmt__fail(err, CMT_EIO, NULL, "behind comment %llu: %s",
                         (unsigned long long) isso->at, why);
    }

    return cmt__fail(err, CMT_EIO, NULL, "no comments of Isso can be read from "
                     "this file: %s", why);
}
