/*
 * cmt_limits.h: the part of cmt.h that names all limits.  cmt.h includes it.
 */

#ifndef CMT_PUBLIC_LIMITS_H
#define CMT_PUBLIC_LIMITS_H


/*
 * Limits.  A test exists at each limit and one past it.
 */

#define CMT_SITE_BYTES_MAX        255     /* name of a site                  */
#define CMT_PAGE_BYTES_MAX        1024    /* canonical path of a page        */
#define CMT_TITLE_CHARS_MAX       300
#define CMT_NAME_CHARS_MAX        100
#define CMT_EMAIL_BYTES_MAX       254     /* RFC 5321, 4.5.3.1.3             */
#define CMT_WEBSITE_BYTES_MAX     500
#define CMT_TEXT_BYTES_MAX        65536
#define CMT_TEXT_CHARS_DEFAULT    10000   /* comments_text_max               */
#define CMT_HTML_BYTES_MAX        (8 * CMT_TEXT_BYTES_MAX)
#define CMT_TOKEN_BYTES_MIN       16      /* idempotency token               */
#define CMT_TOKEN_BYTES_MAX       2560
#define CMT_BODY_BYTES_MAX        (256 * 1024)  /* body of a POST            */
#define CMT_FORM_FIELDS_MAX       64      /* fields of a form or JSON object */
#define CMT_JSON_DEPTH_MAX        16
#define CMT_LEVELS_MAX            10      /* nesting kept by the store       */
#define CMT_LEVELS_DEFAULT        5       /* comments_depth                  */
#define CMT_LIMIT_MAX             200     /* comments in one answer          */
#define CMT_LIMIT_DEFAULT         50      /* comments_page_size              */
#define CMT_REASON_CHARS_MAX      500     /* of a report                     */
#define CMT_EDIT_SECONDS_DEFAULT  900     /* comments_edit_window            */
#define CMT_COUNT_PAGES_MAX       200     /* pages in one GET of counts      */
#define CMT_FEED_COMMENTS_MAX     50      /* in a feed, the newest ones      */
#define CMT_RECENT_DEFAULT        5       /* the same in a list of them      */
#define CMT_OWN_PENDING_MAX       20      /* own held comments in a thread   */
#define CMT_OWN_LOOKED_MAX        64      /* comments of a reader, in search of
                                             one in the thread                */
#define CMT_BATCH_CHANGES_MAX     256     /* posts in one transaction        */
#define CMT_BULK_CHANGES_MAX      4096    /* the same of an import           */
#define CMT_ARENA_BYTES_MAX       (8 * 1024 * 1024)  /* one request          */
#define CMT_PUBLIC_BYTES_MAX      500     /* words of a rule to the author   */
#define CMT_RULES_STORE_BYTES_MAX (16 * 1024 * 1024)  /* kept by the rules of
                                                         a site              */
#define CMT_GENERATIONS_KEPT      20      /* files of rules that served are  */
#define CMT_GENERATIONS_MAX       200     /* kept: these, and with receipts  */
#define CMT_GENERATION_BYTES_MAX  (4 * 1024 * 1024)  /* larger ones are not  */
#define CMT_RULES_VARS_MAX        16      /* comments_rules_vars             */
#define CMT_RULES_VAR_BYTES_MAX   1024    /* of a value; more is cut         */
#define CMT_AGENT_BYTES_MAX       300     /* of User-Agent; more is cut      */
#define CMT_RULES_WRITES_MAX      64      /* of one evaluation               */
#define CMT_CONSOLE_FILE_BYTES_MAX  65536  /* of rules that are pasted       */
#define CMT_CONSOLE_COMMENTS_MAX  5000    /* decided again in one go         */
#define CMT_CONSOLE_COMMENTS_DEFAULT  500
#define CMT_CONSOLE_CHANGES_MAX   100     /* listed                          */
#define CMT_CONSOLE_MS            5000    /* for all of it                   */
#define CMT_TOKEN_DAYS            2       /* how long tokens and limits live */

#define CMT_HASH_BYTES            16      /* keyed BLAKE2b, 128 bits         */
#define CMT_KEY_BYTES             32
#define CMT_COOKIE_CHARS          43      /* base64url of 32 random bytes    */
#define CMT_FORM_TOKEN_CHARS      43      /* base64url of 32 bytes           */
#define CMT_FORM_TOKEN_CHARS_MAX  2458    /* with what a page says of itself */
#define CMT_FORM_SECONDS_MAX      86400   /* age of a form's token           */
#define CMT_SHARES_MAX            8       /* targets of comments_share       */
#define CMT_SHARE_SECONDS         5       /* until their numbers are shown   */
#define CMT_WORK_BYTES_MAX        32      /* what a browser has found        */
#define CMT_AVATAR_CHARS          16      /* hex digits of an avatar's name  */


#endif /* CMT_PUBLIC_LIMITS_H */
