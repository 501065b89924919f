/*
 * cmt_post.h: the part of cmt.h about writing: what readers send, what becomes
 * of it, and what they are told.  cmt.h includes it.
 */

#ifndef CMT_PUBLIC_POST_H
#define CMT_PUBLIC_POST_H


/*
 * Words of the domain.  The numbers are stored: never change them.
 */

typedef enum {
    CMT_APPROVED = 1,
    CMT_PENDING = 2,
    CMT_SPAM = 3,
    CMT_REJECTED = 4,
    CMT_DELETED = 5
} cmt_status_t;

typedef enum {
    CMT_COMMENT = 1,
    CMT_PINGBACK = 2,
    CMT_WEBMENTION = 3
} cmt_kind_t;

typedef enum {
    CMT_VERDICT_ACCEPT = 1,
    CMT_VERDICT_NUDGE = 2,
    CMT_VERDICT_CHALLENGE = 3,
    CMT_VERDICT_HOLD = 4,
    CMT_VERDICT_SPAM = 5,
    CMT_VERDICT_REJECT = 6
} cmt_verdict_t;

const char *cmt_status_name(cmt_status_t status);   /* "approved"; "?" */
const char *cmt_kind_name(cmt_kind_t kind);         /* "comment"; "?" */
const char *cmt_verdict_name(cmt_verdict_t v);      /* "accept"; "?" */
/* 0 when the word is unknown. */
cmt_status_t cmt_status_parse(cmt_str_t word);
cmt_kind_t cmt_kind_parse(cmt_str_t word);


/*
 * Forms: what a POST carries, whatever its encoding.
 */

typedef struct {
    cmt_str_t     name;
    cmt_str_t     value;
} cmt_field_t;

typedef struct {
    size_t        n;
    cmt_field_t  *fields;        /* in order; a name stands once              */
} cmt_form_t;

/*
 * content_type is the header's value.  Handles application/json (an object
 * of strings, integers, booleans and nulls; null is left out),
 * application/x-www-form-urlencoded, and multipart/form-data (files are
 * refused).  A name that stands twice is refused.
 * CMT_EMEDIATYPE, CMT_EJSON, CMT_EFORM, CMT_EUTF8, CMT_EFIELD,
 * CMT_ETOOLARGE, CMT_ENOMEM.
 */
int cmt_form_parse(cmt_arena_t *arena, cmt_str_t content_type,
    cmt_str_t body, cmt_form_t *form, cmt_error_t *err) CMT_CHECK;
/* The value, or an empty string with data NULL. */
cmt_str_t cmt_form_get(const cmt_form_t *form, const char *name);


/*
 * Posting.
 */

typedef struct cmt_change_s  cmt_change_t;

typedef struct {
    uint64_t      id;            /* of the comment that it is about; 0: a new
                                    one                                       */
    cmt_form_t    form;          /* page, text, name, email, website, parent,
                                    title, token, lang; or what the action
                                    needs                                     */
    cmt_str_t     accept_language;   /* the header, may be empty              */
    cmt_str_t     cookie;        /* value of the author cookie, may be empty  */
    cmt_str_t     address;       /* text form of the peer's address, or empty */
    cmt_str_t     identity;      /* name of who is signed in, may be empty    */
    cmt_str_t     role;          /* "staff", "moderator"; else a member       */
    cmt_str_t     agent;         /* User-Agent, may be empty                  */
    cmt_str_t     base;          /* of the site: "https://example.org"        */
    size_t        n_vars;
    const cmt_field_t  *vars;    /* for rules                                 */
    int64_t       now;           /* Unix seconds                              */
    unsigned      plain_form:1;  /* no script sent it, so none can be asked
                                    for work                                  */
    unsigned      refused:1;     /* a moment ago, for too many posts: that is
                                    asked first                               */
    unsigned      wait_seconds;  /* with refused: so long nothing is taken, as
                                    the caller has seen too much; else 0      */
} cmt_submission_t;

/*
 * What an author is asked by CMT_ENUDGE and CMT_ECHALLENGE.  Nothing was
 * stored: the same fields are sent again with the ticket, and for a challenge
 * with work: at most CMT_WORK_BYTES_MAX bytes such that the SHA-256 of
 * "TICKET:WORK" begins with pow_bits zero bits.  Each is asked once; who
 * sends the same words with the ticket and has not done what was asked, waits
 * for a moderator.
 */
typedef struct {
    cmt_str_t     ticket;        /* empty: nothing is asked                   */
    unsigned      pow_bits;      /* 0: no work                                */
} cmt_ask_t;

typedef struct {
    int           rc;            /* CMT_OK, or why it was refused             */
    cmt_error_t   error;         /* when rc is not CMT_OK                     */
    uint64_t      id;            /* of the comment; also set for rejected     */
    cmt_status_t  status;
    cmt_verdict_t verdict;
    unsigned      replayed:1;    /* the token was known: nothing was written  */
    cmt_str_t     message;       /* to the author: why it waits or was refused*/
    cmt_str_t     page;          /* canonical path                            */
    cmt_str_t     set_cookie;    /* a new author secret, or empty             */
    cmt_ask_t     ask;
} cmt_result_t;

/*
 * Whether who posts this has posted too much already, as far as address and
 * cookie tell; the form is not looked at, and may have the token of a comment
 * that is there, which is no new one.  So it is for whom cmt_commit() refused
 * a moment ago: before the body is read, and by cmt_submit_prepare() if
 * submission->refused.  Some reads of memory: for an event loop.
 * CMT_EFLOOD with err->retry_seconds; CMT_ESTORE, CMT_ECORRUPT.
 */
int cmt_submit_wait(cmt_store_t *store, const cmt_site_t *site,
    const cmt_submission_t *submission, cmt_error_t *err) CMT_CHECK;

/*
 * On success the e-mail in the form's memory is overwritten with zeros; after
 * a refusal, and in a plain form, which commit may still refuse, it is there
 * for the form that is shown again, and its owner overwrites it.  Everything
 * the change needs is in the arena or in *site, which must outlive it.
 * Errors: those of validation, with err->field; those of cmt_submit_wait().
 */
int cmt_submit_prepare(cmt_store_t *store, const cmt_site_t *site,
    const cmt_submission_t *submission, cmt_arena_t *arena,
    cmt_change_t **change, cmt_error_t *err) CMT_CHECK;

/*
 * What readers do to a comment that is there: submission->id.  Its author is
 * who has its cookie, as long as cmt_site_t.edit_seconds since it was posted.
 * All of them take what cmt_submit_prepare() takes and give a change for
 * cmt_commit().  CMT_ENOTFOUND: there is no such comment for this reader.
 *
 * cmt_edit_prepare     form: text.  The rules run on the new text; a stricter
 *                      verdict than the comment has changes its status,
 *                      but what a person has approved is not held again
 *                      unless links were added.  CMT_ENOTYOURS, CMT_EWINDOW,
 *                      those of a text; as result.rc also CMT_EDUPLICATE,
 *                      CMT_EFLOOD, CMT_EREJECTED.
 * cmt_delete_prepare   form: nothing.  All that tells of the author goes; with
 *                      answers below it the comment stays as a gap.  As
 *                      result.rc: CMT_ENOTYOURS, CMT_EWINDOW.
 * cmt_vote_prepare     form: value, "1", "0" (takes the vote back) or "-1".
 *                      CMT_EVOTE; as result.rc: CMT_EOWNVOTE, CMT_EFLOOD.
 * cmt_report_prepare   form: reason, may be empty.  Kept for moderators, once
 *                      for each reader.  CMT_EREASONLONG; as result.rc:
 *                      CMT_EFLOOD.
 * cmt_share_prepare    form: page and target.  Counts that a reader followed a
 *                      link to share the page: once a day for each network,
 *                      page and target; replayed is 1 for the others.  A page
 *                      that nobody has spoken on gets a thread, so the caller
 *                      knows that there is such a page.  CMT_EPAGE;
 *                      CMT_ENOTFOUND, the site does not offer the target; as
 *                      result.rc: CMT_EFLOOD.
 *
 * The result has the id, the status and the page of the comment; replayed is
 * 1 when nothing had to be written.
 */
int cmt_edit_prepare(cmt_store_t *store, const cmt_site_t *site,
    const cmt_submission_t *submission, cmt_arena_t *arena,
    cmt_change_t **change, cmt_error_t *err) CMT_CHECK;
int cmt_delete_prepare(cmt_store_t *store, const cmt_site_t *site,
    const cmt_submission_t *submission, cmt_arena_t *arena,
    cmt_change_t **change, cmt_error_t *err) CMT_CHECK;
int cmt_vote_prepare(cmt_store_t *store, const cmt_site_t *site,
    const cmt_submission_t *submission, cmt_arena_t *arena,
    cmt_change_t **change, cmt_error_t *err) CMT_CHECK;
int cmt_report_prepare(cmt_store_t *store, const cmt_site_t *site,
    const cmt_submission_t *submission, cmt_arena_t *arena,
    cmt_change_t **change, cmt_error_t *err) CMT_CHECK;
int cmt_share_prepare(cmt_store_t *store, const cmt_site_t *site,
    const cmt_submission_t *submission, cmt_arena_t *arena,
    cmt_change_t **change, cmt_error_t *err) CMT_CHECK;

/*
 * Applies n changes (at most CMT_BULK_CHANGES_MAX) in one transaction and
 * returns when they are on the disk.  Every change has its own result: one
 * that is refused or fails does not harm its neighbours.
 */
void cmt_commit(cmt_store_t *store, cmt_change_t **changes, size_t n);

/* Valid after cmt_commit(), as long as the change's arena. */
const cmt_result_t *cmt_change_result(const cmt_change_t *change);


/* The error contract: {"error":{"code","message","field","ticket","pow"}}.
 * ask may be NULL. */
int cmt_error_json(const cmt_error_t *error, cmt_str_t message,
    const cmt_ask_t *ask, unsigned language, cmt_arena_t *arena,
    cmt_str_t *json) CMT_CHECK;


#endif /* CMT_PUBLIC_POST_H */
