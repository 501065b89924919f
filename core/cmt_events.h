/*
 * cmt_events.h: the part of cmt.h about what is new: events of a thread, feeds.
 * cmt.h includes it.
 */

#ifndef CMT_PUBLIC_EVENTS_H
#define CMT_PUBLIC_EVENTS_H


/*
 * Events: what readers of a thread could see happen, from the journal.
 * Whoever follows it keeps the number of the last entry that was read and,
 * in each new snapshot, goes on behind it.
 */

typedef enum {
    CMT_EVENT_COMMENT = 1,       /* approved now, and was not before          */
    CMT_EVENT_EDIT,              /* approved, with another text               */
    CMT_EVENT_DELETE             /* not approved any more                     */
} cmt_event_kind_t;

typedef struct {
    uint64_t          seq;       /* in the journal                            */
    cmt_event_kind_t  kind;
    uint64_t          thread, comment;
} cmt_event_t;

/* The number of the journal's last entry. */
int cmt_journal_last(cmt_read_t *read, uint64_t *seq, cmt_error_t *err)
    CMT_CHECK;

/*
 * Looks at no more than *n entries behind *cursor, which comes out as the
 * last one seen; gives events of one thread, or of all when thread is 0.
 * *n goes in as room and comes out as count.  CMT_ESTORE, CMT_ECORRUPT.
 */
int cmt_journal_read(cmt_read_t *read, uint64_t thread, uint64_t *cursor,
    cmt_event_t *events, size_t *n, cmt_error_t *err) CMT_CHECK;

/* The thread of an event and the name of its site.  CMT_ENOTFOUND. */
int cmt_event_thread(cmt_read_t *read, uint64_t id, cmt_arena_t *arena,
    cmt_str_t *site, cmt_thread_t *thread, cmt_error_t *err) CMT_CHECK;

/*
 * The events of one thread that come behind `after`, in the form of
 * text/event-stream, with a last one that counts the thread's comments and
 * has the number seq.  What is not to be seen any more is left out: its end
 * is an event, too.  Without any, count 1 writes the last one alone, count 0
 * nothing.  CMT_ENOMEM, CMT_ESTORE, CMT_ECORRUPT.
 */
int cmt_events_text(cmt_read_t *read, const cmt_site_t *site,
    const cmt_thread_t *thread, const cmt_event_t *events, size_t n,
    uint64_t after, uint64_t seq, int count, cmt_arena_t *arena,
    cmt_str_t *text, cmt_error_t *err) CMT_CHECK;

/*
 * Feeds: the newest comments that everybody sees, as Atom.  base stands before
 * all paths: "https://example.org".  CMT_ENOMEM, CMT_ESTORE, CMT_ECORRUPT.
 */
int cmt_thread_atom(cmt_read_t *read, const cmt_site_t *site,
    const cmt_thread_t *thread, cmt_str_t base, cmt_arena_t *arena,
    cmt_str_t *xml, cmt_error_t *err) CMT_CHECK;
int cmt_site_atom(cmt_read_t *read, const cmt_site_t *site, cmt_str_t base,
    cmt_arena_t *arena, cmt_str_t *xml, cmt_error_t *err) CMT_CHECK;


#endif /* CMT_PUBLIC_EVENTS_H */
