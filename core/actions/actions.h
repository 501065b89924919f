/*
 * actions/: what can be done to the comments of a site, one file each.  A
 * file reads as a recipe: prepare, then apply.
 *
 * Applying is pure: no Lua, no clock, no randomness, no network.  The same
 * changes in the same order give the same store.
 */

#ifndef CMT_ACTIONS_H
#define CMT_ACTIONS_H

#include "../base/base.h"
#include "../privacy/privacy.h"
#include "../rules/rules.h"
#include "../store/store.h"
#include "../text/text.h"


/*
 * Applies one change.  CMT_OK: it is decided, and change->result says how
 * (result.rc is a refusal or CMT_OK).  Anything else: the store failed, and
 * what was written so far must be aborted with the whole transaction.
 * *wrote is set to 1 before the first write.
 */
typedef int (*cmt__apply_fn)(cmt__write_t *write, cmt_change_t *change,
    int *wrote, cmt_error_t *err);

/* The head of every change; the actions put theirs behind it. */
struct cmt_change_s {
    cmt__apply_fn  apply;
    cmt_result_t   result;
};

/* Makes the change refused; always CMT_OK, for `return`. */
int cmt__refuse(cmt_change_t *change, int rc, const char *field,
    unsigned retry_seconds);
/* The same, in the words that the rules have for it: result.message stays. */
int cmt__refuse_saying(cmt_change_t *change, int rc, const char *field);


/* What both posting and importing check and make of the typed fields.
 * (fields.c) */
typedef struct {
    cmt_str_t      page, title, name, website;
    cmt__text_t    text;
    cmt__hash_t    identity;             /* zero: no e-mail given */
} cmt__fields_t;

typedef struct {
    cmt_str_t      page, title, name, email, website, text;
    cmt_markup_t   markup;
    cmt__whom_t    whom;
    unsigned       lenient:1;            /* old comments: nothing is required
                                            but page and text */
    unsigned       signed_in:1;          /* an e-mail is not needed */
    unsigned       hollow:1;             /* nor a text: a deleted comment */
} cmt__typed_t;

int cmt__fields_make(const cmt_site_t *site, const cmt__typed_t *typed,
    cmt_arena_t *arena, cmt__fields_t *fields, cmt_error_t *err) CMT_CHECK;

/* One of them: a line of at most chars_max characters, else rc_long; and the
 * text alone, of which typed has text and markup. */
int cmt__fields_line(cmt_str_t typed, size_t chars_max, int rc_long,
    const char *field, cmt_arena_t *arena, cmt_str_t *out, cmt_error_t *err)
    CMT_CHECK;
int cmt__fields_text(const cmt_site_t *site, const cmt__typed_t *typed,
    cmt_arena_t *arena, cmt__text_t *out, cmt_error_t *err) CMT_CHECK;

/* A token against sending twice, empty or of printable bytes: CMT_ETOKEN. */
int cmt__fields_token(cmt_str_t token, cmt_error_t *err) CMT_CHECK;

/* A new comment of these fields, and zeros for all else. */
void cmt__fields_comment(const cmt__fields_t *fields,
    cmt__comment_t *comment);

/* Keyed hash by which the same words of the same author are known again. */
void cmt__fields_fingerprint(const cmt_site_t *site,
    const cmt__fields_t *fields, uint64_t parent, cmt__hash_t *out);


/* Who posts, as far as hashes tell, and what is answered. */
typedef struct {
    uint64_t       parent;               /* 0: none */
    cmt__hash_t    cookie;               /* that was sent; zero: none */
    cmt__hash_t    address;
    unsigned       signed_in:1;          /* the author's identity is that of
                                            in->identity                     */
    unsigned       has_title:1;          /* the fields' title is the page's
                                            own, as it was then              */
    cmt_str_t      about;                /* what the page said of itself when
                                            its form was made ...            */
    int64_t        told;                 /* ... then; 0: that is not known   */
    const cmt_submission_t  *in;
} cmt__asker_t;

/*
 * What the rules may know of a comment: the fields and, in one snapshot, the
 * author's history, the thread and the parent.  A typed e-mail proves
 * nothing: approved comments count only by the cookie, while bad marks count
 * by either.  Everything is copied into the arena.  (facts.c)
 *
 * The snapshot stays open, since rules may ask it more: cmt__facts_end().
 */
int cmt__facts_of_post(cmt_store_t *store, const cmt_site_t *site,
    const cmt__fields_t *fields, const cmt__asker_t *asker, int64_t now,
    cmt_arena_t *arena, cmt__facts_t *facts, cmt_error_t *err) CMT_CHECK;
void cmt__facts_end(cmt__facts_t *facts);

/* Parts of it, for comments that are there already. */
int cmt__facts_of_author(cmt_read_t *read, uint32_t site,
    const cmt__hash_t *identity, const cmt__hash_t *cookie,
    cmt__facts_t *facts) CMT_CHECK;
/* What the page of the thread said of itself last. */
int cmt__facts_of_page(const cmt__thread_t *thread, cmt_arena_t *arena,
    cmt__facts_t *facts) CMT_CHECK;
int cmt__facts_of_parent(const cmt__comment_t *parent, cmt_arena_t *arena,
    cmt__facts_t *facts) CMT_CHECK;

/* The receipt of a comment that is held because the rules could not run.
 * (facts.c) */
int cmt__receipt_of_trouble(cmt_arena_t *arena, const cmt_error_t *trouble,
    cmt_str_t *receipt) CMT_CHECK;


/* What the rules decide.  Their own trouble holds the comment: nothing is
 * lost.  (verdict.c) */
typedef struct {
    cmt_verdict_t  verdict;
    cmt_status_t   status;
    cmt_str_t      receipt;              /* packed */
    cmt_str_t      message;              /* to the author, may be empty */
    unsigned       pow_bits;             /* of a challenge */
    size_t         n_effects;
    const cmt__effect_t  *effects;       /* of rules, to be remembered */
} cmt__judged_t;

int cmt__judge(const cmt_site_t *site, const cmt__facts_t *facts,
    cmt_str_t language, cmt_arena_t *arena, cmt__judged_t *judged,
    cmt_error_t *err) CMT_CHECK;
/* What the author is told of a comment with this status. */
cmt_str_t cmt__judged_message(cmt_status_t status, unsigned language,
    cmt_str_t message);


/*
 * What the author is asked by a nudge or a challenge.  begin: what came back
 * from an earlier time, for the rules.  end: may set asks, judged->message
 * and result->ask.  refuse: when asks is not CMT_OK, in apply.  The page and
 * the words (a keyed hash) are kept by reference.  (ask.c)
 */
typedef struct {
    const cmt_site_t   *site;
    cmt_str_t           page;
    const cmt__hash_t  *words;
    int64_t             now;
    cmt__ticket_t       ticket;          /* zeros: nothing was asked */
    int                 asks;            /* CMT_OK, _ENUDGE, _ECHALLENGE */
    unsigned            plain_form:1;
} cmt__asking_t;

void cmt__asking_begin(const cmt_site_t *site, const cmt_submission_t *in,
    cmt_str_t page, const cmt__hash_t *words, cmt__asking_t *asking,
    cmt__facts_t *facts);
int cmt__asking_end(cmt__asking_t *asking, cmt__judged_t *judged,
    unsigned language, cmt_arena_t *arena, cmt_result_t *result,
    cmt_error_t *err) CMT_CHECK;
int cmt__asking_refuse(const cmt__asking_t *asking, cmt_change_t *change);


/* Remembers, with a comment that is written, what its rules asked for.
 * (memory.c) */
int cmt__remember(cmt__write_t *write, uint32_t site,
    const cmt__judged_t *judged, int64_t now, cmt_error_t *err) CMT_CHECK;


/* Limits of speed: all are asked before any is counted.  A key of zeros has
 * none.  (limits.c) */
typedef struct {
    cmt__limit_t        kind;
    const cmt__hash_t  *key;
    cmt_rate_t          rate;
} cmt__pace_t;

/* When these are too many, the change is refused with CMT_EFLOOD, which its
 * result.rc then says, and nothing was written.  *wrote is set before the
 * first write. */
int cmt__limits(cmt__write_t *write, cmt_change_t *change, uint32_t site,
    const cmt__pace_t *paces, size_t n, int64_t now, int *wrote,
    cmt_error_t *err) CMT_CHECK;
/* The same question to a snapshot of its own, by the site's name: CMT_EFLOOD
 * with err->retry_seconds, CMT_ESTORE, CMT_ECORRUPT. */
int cmt__limits_wait(cmt_store_t *store, cmt_str_t site,
    const cmt__pace_t *paces, size_t n, int64_t now, cmt_error_t *err)
    CMT_CHECK;


/* Targets to share a page with, and the name of each.  (share.c) */
#define CMT__SHARES  7

const char *cmt__share_name(unsigned share);


/* What edit, delete, vote and report share: a reader, known by a cookie, and
 * a comment that is there already.  (reader.c) */

/* The hash of the cookie that was sent, or of a new one, which result then
 * sets. */
int cmt__reader_cookie(const cmt_site_t *site, cmt_str_t sent,
    cmt_arena_t *arena, cmt__hash_t *hash, cmt_result_t *result,
    cmt_error_t *err) CMT_CHECK;
/* Who votes or reports; a banned one is answered, and changes nothing. */
typedef struct {
    cmt__hash_t    cookie, address;
    int            banned;
} cmt__reader_t;

int cmt__reader_comes(cmt_store_t *store, const cmt_site_t *site,
    const cmt_submission_t *in, cmt_arena_t *arena, cmt__reader_t *reader,
    cmt_result_t *result, cmt_error_t *err) CMT_CHECK;
/* Who is signed in, as an author: like an e-mail, but proven. */
void cmt__reader_identity(const cmt_site_t *site, cmt_str_t name,
    cmt__hash_t *identity);
/* The name that such a person's comments have; empty when none can be made of
 * it, and one must be typed. */
int cmt__reader_name(cmt_arena_t *arena, cmt_str_t identity,
    cmt_str_t *name) CMT_CHECK;
/* That of the site, the form or the browser. */
unsigned cmt__reader_language(const cmt_site_t *site,
    const cmt_submission_t *in);
/* The same for rules; empty: not known. */
cmt_str_t cmt__reader_tag(const cmt_site_t *site, const cmt_submission_t *in);
/* A comment of the site; CMT_ENOTFOUND.  And one that all readers see. */
int cmt__reader_target(cmt_read_t *read, const cmt_site_t *site, uint64_t id,
    cmt__comment_t *comment) CMT_CHECK;
int cmt__reader_sees(cmt_read_t *read, const cmt_site_t *site, uint64_t id,
    cmt__comment_t *comment) CMT_CHECK;
/* Whom an answer to this comment answers: its author, unless readers do not
 * see it.  0: nobody.  CMT_ENOMEM, CMT_ESTORE, CMT_ECORRUPT. */
int cmt__reader_whom(cmt_read_t *read, const cmt_site_t *site, uint64_t id,
    cmt_arena_t *arena, cmt__whom_t *whom) CMT_CHECK;
/* The same of the parent and the text of a form: nobody is asked for unless
 * the text has an "@". */
int cmt__reader_mentions(cmt_store_t *store, const cmt_site_t *site,
    const cmt_form_t *form, cmt_arena_t *arena, cmt__whom_t *whom,
    cmt_error_t *err) CMT_CHECK;
/* May this reader change it now?  CMT_OK, CMT_ENOTFOUND, CMT_ENOTYOURS,
 * CMT_EWINDOW. */
int cmt__reader_owns(const cmt_site_t *site, const cmt__comment_t *comment,
    const cmt__hash_t *cookie, int64_t now);
/* A comment of the site that this reader may change: both of the above. */
int cmt__reader_own(cmt_read_t *read, const cmt_site_t *site, uint64_t id,
    const cmt__hash_t *cookie, int64_t now, cmt__comment_t *comment)
    CMT_CHECK;
/* Puts id, status and page of the comment into the result. */
int cmt__reader_result(cmt_read_t *read, const cmt__comment_t *comment,
    cmt_arena_t *arena, cmt_result_t *result, cmt_error_t *err) CMT_CHECK;
/* One entry of the journal about the comment as it was. */
int cmt__reader_did(cmt__write_t *write, const cmt__comment_t *comment,
    cmt__did_t did, cmt_status_t after, int64_t now, cmt_error_t *err)
    CMT_CHECK;


/*
 * Bans.  The first that fits who posts or what; ban->status 0: there is none.
 * address: in words.  judge: what becomes of the comment.  (banned.c)
 */
int cmt__banned(cmt_store_t *store, const cmt_site_t *site,
    const cmt__fields_t *fields, const cmt__asker_t *asker,
    cmt_str_t address, int64_t now, cmt_arena_t *arena, cmt__ban_t *ban,
    cmt_error_t *err) CMT_CHECK;
/* The same of who votes or reports: by cookie and network. */
int cmt__banned_reader(cmt_store_t *store, const cmt_site_t *site,
    const cmt__hash_t *cookie, cmt_str_t address, int64_t now, int *banned,
    cmt_error_t *err) CMT_CHECK;
int cmt__banned_judge(const cmt__ban_t *ban, cmt_arena_t *arena,
    cmt__judged_t *judged, cmt_error_t *err) CMT_CHECK;
/* The bytes that name it in lists, CMT_BAN_KEY_CHARS / 2.  (ban.c) */
const uint8_t *cmt__ban_key(const cmt__ban_t *ban);
/* Of an address as cmt__text_url() makes it; empty. */
cmt_str_t cmt__host_of(cmt_str_t url);


/* Copies for a change that a person's decision makes: CMT_ENOMEM; a note
 * without blanks at its ends: CMT_EUTF8, CMT_ENOTELONG.  (decide.c) */
int cmt__who_copy(const cmt_who_t *who, cmt_arena_t *arena, cmt_who_t *copy,
    cmt_error_t *err) CMT_CHECK;
int cmt__note_copy(cmt_str_t note, cmt_arena_t *arena, cmt_str_t *copy,
    cmt_error_t *err) CMT_CHECK;


/* The thread of a page, as posting and importing need it.  (thread.c) */

/* Makes the site when it is new; a thread that is new has id 0, its site,
 * and nothing else.  *wrote as in cmt__apply_fn. */
int cmt__thread_open(cmt__write_t *write, const cmt_site_t *site,
    cmt_str_t page, cmt__thread_t *thread, int *wrote, cmt_error_t *err)
    CMT_CHECK;
/* That of a page of the site, or the one under a name that the page had
 * before: it moves along when somebody writes.  CMT_ENOTFOUND. */
int cmt__thread_of(cmt_read_t *read, const cmt_site_t *site, uint32_t id,
    cmt_str_t page, cmt__thread_t *thread) CMT_CHECK;
/* When it is closed by age, Unix seconds; 0: it is not.  And whether it is, by
 * age or by a moderator. */
int64_t cmt__thread_closes(const cmt_site_t *site,
    const cmt__thread_t *thread);
int cmt__thread_closed(const cmt_site_t *site, const cmt__thread_t *thread,
    int64_t now);
/* Is the parent (0: none) there to be answered, and was the same not said
 * before?  0: no, and the change is refused with CMT_EPARENT or
 * CMT_EDUPLICATE.  parent is the record of parent_id. */
int cmt__thread_takes(cmt_read_t *read, const cmt__thread_t *thread,
    uint64_t parent_id, const cmt__hash_t *fingerprint, cmt_change_t *change,
    cmt__comment_t *parent);
/* Was the token (zero: none) there already?  Then its comment is the answer,
 * and the change's result is replayed.  When that cannot be read: CMT_ESTORE,
 * CMT_ECORRUPT. */
int cmt__thread_replays(cmt_read_t *read, const cmt__thread_t *thread,
    const cmt__hash_t *token, int64_t now, cmt_change_t *change,
    cmt_error_t *err) CMT_CHECK;
/* The journal's entry of a comment that has just come into the thread. */
int cmt__thread_grew(cmt__write_t *write, const cmt__thread_t *thread,
    const cmt__comment_t *comment, cmt__did_t did, cmt_str_t actor,
    int64_t now, cmt_error_t *err) CMT_CHECK;
/* Writes a thread that is new, or has another page now. */
int cmt__thread_begin(cmt__write_t *write, const cmt__fields_t *fields,
    int64_t created, cmt__thread_t *thread, cmt_error_t *err) CMT_CHECK;


/* Import.  (import.c) */
typedef struct {
    cmt_str_t      uid, parent_uid;      /* parent_uid empty: none */
    cmt_str_t      page, title, name, email, website, text;
    int            has_identity;
    uint8_t        identity[CMT_HASH_BYTES];
    cmt_markup_t   markup;
    cmt_kind_t     kind;
    cmt_status_t   status;
    int64_t        created, edited;
    cmt_str_t      receipt;              /* JSON, or empty */
} cmt__import_t;

/*
 * result.replayed is 1 when the uid is known; CMT_EPARENT when parent_uid is
 * not.  Errors of prepare: those of validation, with err->field.
 */
int cmt__import_prepare(const cmt_site_t *site, const cmt__import_t *in,
    int64_t now, cmt_arena_t *arena, cmt_change_t **change, cmt_error_t *err)
    CMT_CHECK;

/* Has the site a comment with this uid?  In a snapshot of its own: CMT_ESTORE,
 * CMT_ECORRUPT. */
int cmt__import_knows(cmt_store_t *store, const cmt_site_t *site,
    cmt_str_t uid, int *known, cmt_error_t *err) CMT_CHECK;


#endif /* CMT_ACTIONS_H */
