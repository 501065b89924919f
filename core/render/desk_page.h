/*
 * desk_page.h: pages of moderators: their frame, and what stands in it.
 *
 *   desk_page.c     the frame
 *   desk_html.c     lists of comments
 *   console_html.c  trying rules, and console_said.c: what came of it
 */

#ifndef CMT_DESK_PAGE_H
#define CMT_DESK_PAGE_H

#include "render.h"


#define CMT__DESK_RULES  "rules"         /* the page, and its path           */


typedef struct {
    cmt__buf_t             b;
    const cmt_site_t      *site;
    const cmt_desk_page_t *page;
    const cmt__lang_t     *lang;
    const char            *here;         /* a list, or CMT__DESK_RULES       */
    const char            *script;
} cmt__desk_t;

/* The list of that name, static; else the one of what waits. */
const char *cmt__desk_list(cmt_str_t name);

/* All before what the page is about; without a session that is the form to
 * sign in.  CMT_ENOMEM. */
int cmt__desk_begin(cmt__desk_t *d, const cmt_site_t *site,
    const cmt_desk_page_t *page, const char *here, const char *script,
    cmt_arena_t *arena, cmt_error_t *err) CMT_CHECK;
int cmt__desk_end(cmt__desk_t *d, cmt_str_t *html, cmt_error_t *err)
    CMT_CHECK;
/* <form>, with the token: a form of another page does not have it. */
void cmt__desk_form(cmt__desk_t *d, const char *action);
/* What came of trying rules, as cmt_console_try() and cmt_console_replay() say
 * it; read: NULL, or where the comments are.  CMT_ENOMEM, and errors of the
 * store.  (console_said.c) */
int cmt__console_said(cmt__desk_t *d, cmt_read_t *read, cmt_str_t said,
    cmt_error_t *err) CMT_CHECK;


#endif /* CMT_DESK_PAGE_H */
