/*
 * Arguments of the query, read strictly: a name that is known stands once
 * (but for "page" of a count), its value is decoded and checked; a name that
 * is not known is left alone.
 */

#include "ngx_http_comments_module.h"


typedef struct {
    ngx_str_t    name;
    int        (*parse)(cmt_str_t value, uint64_t min, uint64_t max,
                        void *out);
    size_t       offset;                       /* in args_t                  */
    uint64_t     min;
    uint64_t     max;
} ngx_http_comments_arg_t;


static int ngx_http_comments_args_page(ngx_http_request_t *r,
    ngx_http_comments_arg_t *known, cmt_arena_t *arena,
    ngx_http_comments_args_t *args, cmt_error_t *err);
static int ngx_http_comments_args_read(ngx_http_request_t *r,
    ngx_http_comments_arg_t *known, cmt_arena_t *arena,
    ngx_http_comments_args_t *args, cmt_error_t *err);
static int ngx_http_comments_next_arg(u_char **at, u_char *last,
    cmt_arena_t *arena, cmt_str_t *name, cmt_str_t *value);
static int ngx_http_comments_decode(u_char *p, u_char *last,
    cmt_arena_t *arena, cmt_str_t *out);
static int ngx_http_comments_arg_string(cmt_str_t value, uint64_t min,
    uint64_t max, void *out);
static int ngx_http_comments_arg_sort(cmt_str_t value, uint64_t min,
    uint64_t max, void *out);
static int ngx_http_comments_arg_number(cmt_str_t value, uint64_t min,
    uint64_t max, void *out);
static int ngx_http_comments_arg_id(cmt_str_t value, uint64_t min,
    uint64_t max, void *out);
static int ngx_http_comments_hex(u_char c);
static int ngx_http_comments_is(cmt_str_t s, ngx_str_t *name);


#define ngx_http_comments_at(member)                                          \
    offsetof(ngx_http_comments_args_t, member)


static ngx_http_comments_arg_t  ngx_http_comments_thread_args[] = {

    { ngx_string("page"), ngx_http_comments_arg_string,
      ngx_http_comments_at(page), 0, 0 },

    { ngx_string("sort"), ngx_http_comments_arg_sort,
      ngx_http_comments_at(query.sort), 0, 0 },

    { ngx_string("limit"), ngx_http_comments_arg_number,
      ngx_http_comments_at(query.limit), 1, CMT_LIMIT_MAX },

    { ngx_string("depth"), ngx_http_comments_arg_number,
      ngx_http_comments_at(query.depth), 0, CMT_LEVELS_MAX },

    { ngx_string("after"), ngx_http_comments_arg_id,
      ngx_http_comments_at(query.after), 0, 0 },

    { ngx_string("at"), ngx_http_comments_arg_id,
      ngx_http_comments_at(query.at), 0, 0 },

    { ngx_string("parent"), ngx_http_comments_arg_id,
      ngx_http_comments_at(query.parent), 0, 0 },

    { ngx_string("reply_to"), ngx_http_comments_arg_id,
      ngx_http_comments_at(reply_to), 0, 0 },

    { ngx_string("lang"), ngx_http_comments_arg_string,
      ngx_http_comments_at(lang), 0, 0 },

    { ngx_null_string, NULL, 0, 0, 0 }
};


static ngx_http_comments_arg_t  ngx_http_comments_stream_args[] = {

    { ngx_string("page"), ngx_http_comments_arg_string,
      ngx_http_comments_at(page), 0, 0 },

    { ngx_string("last"), ngx_http_comments_arg_id,
      ngx_http_comments_at(last), 0, 0 },

    { ngx_null_string, NULL, 0, 0, 0 }
};


static ngx_http_comments_arg_t  ngx_http_comments_recent_args[] = {

    { ngx_string("limit"), ngx_http_comments_arg_number,
      ngx_http_comments_at(query.limit), 1, CMT_FEED_COMMENTS_MAX },

    { ngx_string("lang"), ngx_http_comments_arg_string,
      ngx_http_comments_at(lang), 0, 0 },

    { ngx_null_string, NULL, 0, 0, 0 }
};


int
ngx_http_comments_args_thread(ngx_http_request_t *r, cmt_arena_t *arena,
    ngx_http_comments_args_t *args, cmt_error_t *err)
{
    return ngx_http_comments_args_page(r, ngx_http_comments_thread_args, arena,
                                       args, err);
}


int
ngx_http_comments_args_feed(ngx_http_request_t *r, cmt_arena_t *arena,
    ngx_http_comments_args_t *args, cmt_error_t *err)
{
    static ngx_http_comments_arg_t  page[] = {

        { ngx_string("page"), ngx_http_comments_arg_string,
          ngx_http_comments_at(page), 0, 0 },

        { ngx_null_string, NULL, 0, 0, 0 }
    };

    return ngx_http_comments_args_page(r, page, arena, args, err);
}


int
ngx_http_comments_args_stream(ngx_http_request_t *r, cmt_arena_t *arena,
    ngx_http_comments_args_t *args, cmt_error_t *err)
{
    return ngx_http_comments_args_page(r, ngx_http_comments_stream_args, arena,
                                       args, err);
}


int
ngx_http_comments_args_recent(ngx_http_request_t *r, cmt_arena_t *arena,
    ngx_http_comments_args_t *args, cmt_error_t *err)
{
    return ngx_http_comments_args_read(r, ngx_http_comments_recent_args, arena,
                                       args, err);
}


/* Those of a table, of which "page" is needed. */

static int
ngx_http_comments_args_page(ngx_http_request_t *r,
    ngx_http_comments_arg_t *known, cmt_arena_t *arena,
    ngx_http_comments_args_t *args, cmt_error_t *err)
{
    int  rc;

    rc = ngx_http_comments_args_read(r, known, arena, args, err);

    return rc != CMT_OK || args->page.len
           ? rc : ngx_http_comments_fail(err, CMT_EPAGE, "page");
}


static int
ngx_http_comments_args_read(ngx_http_request_t *r,
    ngx_http_comments_arg_t *known, cmt_arena_t *arena,
    ngx_http_comments_args_t *args, cmt_error_t *err)
{
    int                       rc;
    u_char                   *p, *last;
    cmt_str_t                 name, value;
    ngx_uint_t                seen, bit;
    ngx_http_comments_arg_t  *arg;

    seen = 0;
    p = r->args.data;
    last = p + r->args.len;

    while (p < last) {
        rc = ngx_http_comments_next_arg(&p, last, arena, &name, &value);
        if (rc != CMT_OK) {
            return ngx_http_comments_fail(err, rc, NULL);
        }

        bit = 1;

        for (arg = known; arg->parse; arg++) {

            if (ngx_http_comments_is(name, &arg->name)) {

                rc = (seen & bit) ? CMT_EARGUMENT
                     : arg->parse(value, arg->min, arg->max,
                                  (u_char *) args + arg->offset);

                if (rc != CMT_OK && !args->lenient) {
                    return ngx_http_comments_fail(err, rc,
                                               (const char *) arg->name.data);
                }

                seen |= bit;
                break;
            }

            bit <<= 1;
        }
    }

    return CMT_OK;
}


int
ngx_http_comments_args_pages(ngx_http_request_t *r, cmt_arena_t *arena,
    cmt_str_t *pages, size_t *n, cmt_error_t *err)
{
    int               rc;
    u_char           *p, *last;
    cmt_str_t         name, value;
    static ngx_str_t  page = ngx_string("page");

    *n = 0;
    p = r->args.data;
    last = p + r->args.len;

    while (p < last) {
        rc = ngx_http_comments_next_arg(&p, last, arena, &name, &value);
        if (rc != CMT_OK) {
            return ngx_http_comments_fail(err, rc, NULL);
        }

        if (!ngx_http_comments_is(name, &page)) {
            continue;
        }

        if (*n == CMT_COUNT_PAGES_MAX) {
            return ngx_http_comments_fail(err, CMT_EARGUMENT, "page");
        }

        pages[(*n)++] = value;
    }

    if (*n == 0) {
        return ngx_http_comments_fail(err, CMT_EPAGE, "page");
    }

    return CMT_OK;
}


/* Takes "name=value" or "name" up to "&" or the end, decoded: in the arena, or
 * where it stands when there is nothing to decode. */

static int
ngx_http_comments_next_arg(u_char **at, u_char *last, cmt_arena_t *arena,
    cmt_str_t *name, cmt_str_t *value)
{
    int      rc;
    u_char  *p, *end, *equals;

    p = *at;

    end = ngx_strlchr(p, last, '&');
    if (end == NULL) {
        end = last;
    }

    *at = end + 1;

    equals = ngx_strlchr(p, end, '=');

    rc = ngx_http_comments_decode(p, equals ? equals : end, arena, name);
    if (rc != CMT_OK) {
        return rc;
    }

    return ngx_http_comments_decode(equals ? equals + 1 : end, end, arena,
                                    value);
}


static int
ngx_http_comments_decode(u_char *p, u_char *last, cmt_arena_t *arena,
    cmt_str_t *out)
{
    int      hi, lo;
    char    *data, *d;
    u_char  *plain;

    for (plain = p; plain < last && *plain != '%' && *plain != '+'; plain++) {
        /* void */
    }

    if (plain == last) {
        *out = (cmt_str_t) { (size_t) (last - p), (const char *) p };
        return CMT_OK;
    }

    data = cmt_alloc(arena, (size_t) (last - p));
    if (data == NULL) {
        return CMT_ENOMEM;
    }

    for (d = data; p < last; p++) {

        if (*p == '+') {
            *d++ = ' ';
            continue;
        }

        if (*p != '%') {
            *d++ = (char) *p;
            continue;
        }

        if (last - p < 3) {
            return CMT_EARGUMENT;
        }

        hi = ngx_http_comments_hex(p[1]);
        lo = ngx_http_comments_hex(p[2]);

        if (hi < 0 || lo < 0) {
            return CMT_EARGUMENT;
        }

        *d++ = (char) (hi * 16 + lo);
        p += 2;
    }

    out->data = data;
    out->len = (size_t) (d - data);

    return CMT_OK;
}


static int
ngx_http_comments_arg_string(cmt_str_t value, uint64_t min, uint64_t max,
    void *out)
{
    *(cmt_str_t *) out = value;

    return CMT_OK;
}


static int
ngx_http_comments_arg_sort(cmt_str_t value, uint64_t min, uint64_t max,
    void *out)
{
    return cmt_sort_parse(value, out);
}


static int
ngx_http_comments_arg_number(cmt_str_t value, uint64_t min, uint64_t max,
    void *out)
{
    uint64_t  n;

    if (ngx_http_comments_parse_id((u_char *) value.data, value.len, &n)
        != NGX_OK
        || n < min || n > max)
    {
        return CMT_EARGUMENT;
    }

    *(unsigned *) out = (unsigned) n;

    return CMT_OK;
}


static int
ngx_http_comments_arg_id(cmt_str_t value, uint64_t min, uint64_t max,
    void *out)
{
    if (ngx_http_comments_parse_id((u_char *) value.data, value.len, out)
        != NGX_OK)
    {
        return CMT_EARGUMENT;
    }

    return CMT_OK;
}


/* Decimal digits only, no sign, no overflow. */

ngx_int_t
ngx_http_comments_parse_id(u_char *p, size_t len, uint64_t *id)
{
    size_t    i;
    uint64_t  n, digit;

    if (len == 0) {
        return NGX_ERROR;
    }

    n = 0;

    for (i = 0; i < len; i++) {

        if (p[i] < '0' || p[i] > '9') {
            return NGX_ERROR;
        }

        digit = (uint64_t) (p[i] - '0');

        if (n > (UINT64_MAX - digit) / 10) {
            return NGX_ERROR;
        }

        n = n * 10 + digit;
    }

    *id = n;

    return NGX_OK;
}


static int
ngx_http_comments_hex(u_char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }

    c |= 0x20;

    return (c >= 'a' && c <= 'f') ? c - 'a' + 10 : -1;
}


static int
ngx_http_comments_is(cmt_str_t s, ngx_str_t *name)
{
    return s.len == name->len && ngx_memcmp(s.data, name->data, s.len) == 0;
}
