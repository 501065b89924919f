/*
 * cmt_errors.h: the part of cmt.h about all that can go wrong.  cmt.h includes
 * it.
 */

#ifndef CMT_PUBLIC_ERRORS_H
#define CMT_PUBLIC_ERRORS_H


/*
 * Errors: name, code in JSON, HTTP status, sentence for a person.  The
 * sentence says what to do; %s-free, so that it can be translated.
 */

#define CMT_ERRORS(X)                                                         \
  X(CMT_EINTERNAL,      "internal",            500,                           \
    "Something went wrong on the server. Please try again later.")            \
  X(CMT_ENOMEM,         "out_of_memory",       503,                           \
    "The server is short of memory. Please try again in a moment.")           \
  X(CMT_EBUSY,          "busy",                503,                           \
    "Too many comments arrive right now. Please try again in a moment.")      \
  X(CMT_ESTORE,         "store_unavailable",   503,                           \
    "Comments cannot be saved right now. Please try again in a moment.")      \
  X(CMT_EFULL,          "store_full",          507,                           \
    "There is no room for new comments right now. Please try again later.")   \
  X(CMT_EJSON,          "json_invalid",        400,                           \
    "The body is not a JSON object.")                                         \
  X(CMT_EFORM,          "form_invalid",        400,                           \
    "The form could not be read.")                                            \
  X(CMT_EUTF8,          "not_utf8",            400,                           \
    "The text is not valid UTF-8.")                                           \
  X(CMT_EARGUMENT,      "argument_invalid",    400,                           \
    "One of the arguments in the address has a wrong value.")                 \
  X(CMT_EMODERATOR,     "not_signed_in",       401,                           \
    "Please sign in.")                                                        \
  X(CMT_ESIGNIN,        "signin_failed",       401,                           \
    "The name or the password is wrong.")                                     \
  X(CMT_EORIGIN,        "origin_forbidden",    403,                           \
    "This page may not post comments here.")                                  \
  X(CMT_EHTTPS,         "https_needed",        403,                           \
    "Sign in over https. Here others could read the password.")               \
  X(CMT_EFORBIDDEN,     "not_allowed",         403,                           \
    "You may not do that here.")                                              \
  X(CMT_ECSRF,          "token_stale",         403,                           \
    "This page is too old. Please load it again and repeat what you did.")    \
  X(CMT_ECLOSED,        "thread_closed",       403,                           \
    "Comments are closed on this page.")                                      \
  X(CMT_ENOTYOURS,      "not_yours",           403,                           \
    "Only its author can change this comment.")                               \
  X(CMT_EWINDOW,        "edit_window_over",    403,                           \
    "It is too late to change this comment.")                                 \
  X(CMT_EOWNVOTE,       "own_comment",         403,                           \
    "You cannot vote on your own comment.")                                   \
  X(CMT_ENOTFOUND,      "not_found",           404,                           \
    "There is nothing here.")                                                 \
  X(CMT_EPAGEMISSING,   "page_missing",        404,                           \
    "There is no such page, so nobody can comment on it.")                    \
  X(CMT_EMETHOD,        "method_not_allowed",  405,                           \
    "This method is not allowed here.")                                       \
  X(CMT_EDUPLICATE,     "duplicate",           409,                           \
    "You have already said that here.")                                       \
  X(CMT_EDECIDED,       "already_decided",     409,                           \
    "Somebody has decided about this comment or changed it meanwhile.")       \
  X(CMT_EUNDO,          "undo_impossible",     409,                           \
    "This cannot be undone any more.")                                        \
  X(CMT_ETOOLARGE,      "body_too_large",      413,                           \
    "That is too much at once. Please shorten it.")                           \
  X(CMT_EMEDIATYPE,     "media_type_unsupported", 415,                        \
    "Send JSON or a form.")                                                   \
  X(CMT_EFIELD,         "field_invalid",       422,                           \
    "A field has a wrong type.")                                              \
  X(CMT_EPAGE,          "page_invalid",        422,                           \
    "The page must be a path of this site, such as /blog/post.")              \
  X(CMT_ETITLELONG,     "title_too_long",      422,                           \
    "The title of the page is too long.")                                     \
  X(CMT_ENAMEMISSING,   "name_missing",        422,                           \
    "Please tell us your name.")                                              \
  X(CMT_ENAMELONG,      "name_too_long",       422,                           \
    "The name is too long.")                                                  \
  X(CMT_EEMAILMISSING,  "email_missing",       422,                           \
    "Please give an e-mail address. It will not be published.")               \
  X(CMT_EEMAIL,         "email_invalid",       422,                           \
    "That does not look like an e-mail address.")                             \
  X(CMT_EWEBSITE,       "website_invalid",     422,                           \
    "The website must be an address that begins with http:// or https://.")   \
  X(CMT_EWEBSITELONG,   "website_too_long",    422,                           \
    "The address of the website is too long.")                                \
  X(CMT_ETEXTMISSING,   "text_missing",        422,                           \
    "Please write something first.")                                          \
  X(CMT_ETEXTLONG,      "text_too_long",       422,                           \
    "The comment is too long. Please shorten it.")                            \
  X(CMT_EPARENT,        "parent_invalid",      422,                           \
    "The comment that you answer is not on this page any more.")              \
  X(CMT_ETOKEN,         "token_invalid",       422,                           \
    "The token must be 16 to 2560 printable characters.")                      \
  X(CMT_EACTION,        "action_invalid",      422,                           \
    "The action must be edit or delete.")                                     \
  X(CMT_EVOTE,          "vote_invalid",        422,                           \
    "A vote is 1, 0 or -1.")                                                  \
  X(CMT_EREASONLONG,    "reason_too_long",     422,                           \
    "The reason is too long. Please shorten it.")                             \
  X(CMT_EDECISION,      "decision_invalid",    422,                           \
    "There is no such decision.")                                             \
  X(CMT_ENOTELONG,      "note_too_long",       422,                           \
    "The note is too long. Please shorten it.")                               \
  X(CMT_EBAN,           "ban_invalid",         422,                           \
    "This ban is not possible. Name an author, an address or a domain.")      \
  X(CMT_EREJECTED,      "rejected",            422,                           \
    "This comment was not accepted.")                                         \
  X(CMT_ENUDGE,         "nudge",               422,                           \
    "Please read your comment once more before it is sent.")                  \
  X(CMT_ECHALLENGE,     "challenge",           422,                           \
    "Your browser must do some work first. This needs JavaScript.")           \
  X(CMT_EFLOOD,         "too_many",            429,                           \
    "You are posting too quickly. Please wait a little.")                     \
  X(CMT_EKEY,           "key_unusable",        500,                           \
    "The key file cannot be used.")                                           \
  X(CMT_ERULES,         "rules_unusable",      500,                           \
    "The rules cannot be used.")                                              \
  X(CMT_ECORRUPT,       "store_corrupt",       500,                           \
    "The store is damaged.")                                                  \
  X(CMT_EVERSION,       "store_version",       500,                           \
    "The store was made by another version.")                                 \
  X(CMT_EIO,            "io",                  500,                           \
    "A file could not be read or written.")

#define CMT_OK  0

enum {
    cmt__error_first = -1000,
#define CMT_X(name, code, http, text)  name,
    CMT_ERRORS(CMT_X)
#undef CMT_X
    cmt__error_last
};

#define CMT_ERROR_DETAIL_BYTES  512

typedef struct {
    int           rc;            /* CMT_OK or the code that was returned      */
    const char   *field;         /* "email", static; NULL when none is meant  */
    unsigned      retry_seconds; /* for CMT_EFLOOD, CMT_EBUSY; else 0         */
    char          detail[CMT_ERROR_DETAIL_BYTES];  /* for the log, with NUL   */
} cmt_error_t;

/* "email_invalid", 422 and the sentence; any int is answered. */
const char *cmt_error_code(int rc);
int cmt_error_http(int rc);
const char *cmt_error_text(int rc);


#endif /* CMT_PUBLIC_ERRORS_H */
