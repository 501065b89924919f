/* What moderators ask for: fields, limits, their page, and memory that ends. */

#include "moderate_site.h"


static cmt_session_t  session;


/* Fields of an address, as they would come; for these there is memory. */
static cmt_form_t
args(const char *query)
{
    long        left;
    cmt_form_t  form;

    left = cmt__arena_fail_at(0);
    memset(&form, 0, sizeof(form));

    if (*query != '\0'
        && cmt_form_parse(arena, cmt_str("application/x-www-form-urlencoded"),
                          (cmt_str_t) { strlen(query), query }, &form, NULL)
           != CMT_OK)
    {
        form.n = 0;
    }

    (void) cmt__arena_fail_at(left);

    return form;
}


static int
page(cmt_arena_t *where, const char *query, const cmt_error_t *refused,
    const cmt_session_t *who, cmt_str_t *html)
{
    int              rc;
    cmt_form_t       form;
    cmt_read_t      *read;
    cmt_desk_page_t  p;

    form = args(query);
    memset(&p, 0, sizeof(p));
    p.args = &form;
    p.now = NOW;
    p.session = who;
    p.refused = refused;
    p.passwords = 1;

    rc = cmt_read_begin(store, &read, NULL);
    if (rc != CMT_OK) {
        return rc;
    }

    rc = cmt_desk_html(read, &site, &p, where, html, NULL);
    cmt_read_end(read);

    return rc;
}


static int
has(cmt_str_t text, const char *part)
{
    return memmem(text.data, text.len, part, strlen(part)) != NULL;
}


static void
pages(void)
{
    char         query[64];
    uint64_t     id, bad;
    cmt_str_t    html;
    cmt_error_t  err;

    id = post("please hold <script>alert(1)</script> \\\"' &amp;");

    is_int(page(arena, "", NULL, NULL, &html), CMT_OK, "a door");
    ok(has(html, "name=\"password\""), "asks for a password");
    ok(!has(html, "please hold") && !has(html, "<script"),
       "and shows nothing");

    memset(&err, 0, sizeof(err));
    err.rc = CMT_ESIGNIN;
    is_int(page(arena, "name=%22%3E%3Cb%3E&password=tops", &err, NULL, &html),
           CMT_OK, "after a refusal");
    ok(has(html, "value=\"&quot;&gt;&lt;b&gt;"), "the name is there, escaped");
    ok(!has(html, "tops"), "the password is not");
    ok(has(html, "The name or the password is wrong."), "and why");

    is_int(page(arena, "", NULL, &session, &html), CMT_OK, "the desk");
    ok(has(html, "please hold &lt;script&gt;alert(1)&lt;/script&gt;"),
       "shows what waits as text");
    ok(has(html, "value=\"tokentokentokentokento\""), "with the token");

    bad = decide(CMT_DO_SPAM, id).version;
    ok(bad > 0 && page(arena, "", NULL, &session, &html) == CMT_OK
       && !has(html, "please hold"), "what was decided has left");
    ok(page(arena, "status=spam", NULL, &session, &html) == CMT_OK
       && has(html, "please hold"), "and is in its list");
    snprintf(query, sizeof(query), "status=pending&done=%u", (unsigned) id);
    ok(page(arena, query, NULL, &session, &html) == CMT_OK
       && has(html, "value=\"undo\""), "and can be undone");
    ok(page(arena, "status=%3Cb%3E&limit=x", NULL, &session, &html) == CMT_OK
       && !has(html, "<b>\""), "a list that is none is the first one");
    is_int(decide(CMT_DO_UNDO, id).rc, CMT_OK, "undone");
}


static int
decisions(const char *type, const char *body, size_t *n, const char **field)
{
    int              rc;
    cmt_form_t       form;
    cmt_error_t      err;
    cmt_decision_t  *all;

    memset(&err, 0, sizeof(err));
    rc = cmt_desk_decisions(arena, (cmt_str_t) { strlen(type), type },
                            (cmt_str_t) { strlen(body), body }, &form, &all,
                            n, &err);
    *field = err.field != NULL ? err.field : "";

    if (rc == CMT_OK) {
        ok(all[0].what == CMT_DO_HOLD && all[0].id == 7
           && all[0].version == CMT_VERSION_ANY, "a decision is read");
    }

    return rc;
}


static void
bodies(void)
{
    size_t       i, n;
    cmt_ban_t    ban;
    cmt_form_t   form;
    cmt__buf_t   b;
    cmt_str_t    body;
    const char  *field;

    is_int(decisions("application/json; charset=utf-8",
                     "{\"decisions\":[{\"id\":7,\"decision\":\"hold\"}]}", &n,
                     &field), CMT_OK, "as JSON");
    is_int(decisions("application/x-www-form-urlencoded", "id=7&decision=hold",
                     &n, &field), CMT_OK, "as a form");
    is_int(decisions("text/plain", "id=7&decision=hold", &n, &field),
           CMT_EMEDIATYPE, "as plain text it is none");
    is_int(decisions("application/x-www-form-urlencoded", "decision=hold", &n,
                     &field), CMT_EDECISION, "nor about nothing");
    is_text(field, "id", "which is said");
    is_int(decisions("application/x-www-form-urlencoded",
                     "id=7&decision=hold&version=-1", &n, &field),
           CMT_EDECISION, "nor with a version that is no number");
    is_text(field, "version", "which is said");

    for (n = CMT_DECISIONS_MAX; n <= CMT_DECISIONS_MAX + 1; n++) {
        cmt__buf_init(&b, arena, 65536);
        cmt__buf_lit(&b, "{\"decisions\":[");
        for (i = 0; i < n; i++) {
            cmt__buf_lit(&b, i > 0 ? "," : "");
            cmt__buf_lit(&b, "{\"id\":7,\"decision\":\"hold\"}");
        }
        cmt__buf_lit(&b, "]}");
        cmt__buf_char(&b, '\0');
        (void) !cmt__buf_end(&b, &body);
        i = n;
        is_int(decisions("application/json", body.data, &i, &field),
               n == CMT_DECISIONS_MAX ? CMT_OK : CMT_EDECISION,
               n == CMT_DECISIONS_MAX ? "a thousand" : "and not one more");
    }

    form = args("kind=domain&value=a.example&until=2030-01-31T00:00:00Z");
    is_int(cmt_desk_ban(&form, &ban, NULL), CMT_OK, "a ban");
    is_int(ban.status, CMT_SPAM, "which makes spam unless told");
    is_int(ban.until, 1896048000, "until its end");

    form = args("kind=domain&value=a.example&until=1970-01-01T00:00:00Z");
    is_int(cmt_desk_ban(&form, &ban, NULL), CMT_EBAN,
           "a time long ago is not without end");
}


static int
everything(cmt_arena_t *where)
{
    int              rc;
    size_t           n;
    cmt_str_t        out;
    cmt_form_t       form, none;
    cmt_read_t      *read;
    cmt_decision_t  *all;

    memset(&none, 0, sizeof(none));

    rc = page(where, "", NULL, &session, &out);
    if (rc != CMT_OK) {
        return rc;
    }

    rc = cmt_desk_decisions(where, cmt_str("application/json"),
                            cmt_str("{\"decisions\":[{\"id\":7,"
                                    "\"decision\":\"hold\"}]}"),
                            &form, &all, &n, NULL);
    if (rc != CMT_OK) {
        return rc;
    }

    rc = cmt_read_begin(store, &read, NULL);
    if (rc != CMT_OK) {
        return rc;
    }

    rc = cmt_desk_queue(read, &site, &none, 0, where, &out, NULL);

    if (rc == CMT_OK) {
        form = args("status=any&words=hold");
        rc = cmt_desk_queue(read, &site, &form, 0, where, &out, NULL);
    }
    if (rc == CMT_OK) {
        form = args("ids=1,2");
        rc = cmt_desk_items(read, &site, &form, 0, where, &out, NULL);
    }
    if (rc == CMT_OK) {
        rc = cmt_desk_log(read, &site, &none, 0, where, &out, NULL);
    }
    if (rc == CMT_OK) {
        rc = cmt_desk_session(&site, &session, where, &out, NULL);
    }

    cmt_read_end(read);

    if (rc == CMT_OK) {
        form = args("text=hold&name=n&page=/p");
        rc = cmt_console_try(store, &site, &form, where, &out, NULL);
    }

    return rc;
}


static void
memory(void)
{
    int           rc;
    long          n;
    unsigned      wrong;
    cmt_arena_t  *where;

    is_int(everything(arena), CMT_OK, "with enough memory all is answered");
    wrong = 0;

    for (n = 1; n < 10000; n++) {
        where = cmt_arena_create((size_t) 64 * 1024 * 1024);

        (void) cmt__arena_fail_at(n);
        rc = everything(where);

        if (cmt__arena_fail_at(0) > 0) {
            cmt_arena_destroy(where);
            break;
        }

        wrong += rc != CMT_ENOMEM;
        cmt_arena_destroy(where);
    }

    ok(n > 10 && n < 10000, "each allocation has failed once");
    is_int(wrong, 0, "and was answered so");
}


int
main(void)
{
    if (!site_begin()) {
        return 1;
    }

    session.who = kari;
    strcpy(session.csrf, "tokentokentokentokento");

    pages();
    bodies();
    memory();

    return site_done();
}
