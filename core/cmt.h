/*
 * cmt.h: the comment library of ngx-comments, and its manual.
 *
 * The library keeps threads of comments in one LMDB environment, decides
 * about each new one by rules in Lua, and writes threads as JSON.  It knows
 * nothing of nginx: the module (ngx_module/) and the command-line tool
 * (core/tool/) are its two users and include only this header.
 *
 * THE TWO HALVES OF A WRITE
 *
 *   cmt_submit_prepare()   decodes, validates, hashes the identity, renders
 *                          the markup, runs the rules.  Reads the store at
 *                          most.  Makes a change: a value that holds all that
 *                          is decided.
 *   cmt_commit()           applies many changes, in order, in one write
 *                          transaction, with one sync.  What only the order
 *                          can decide (is this token known, is the thread
 *                          closed, is the parent still there, does the text
 *                          repeat, is it a flood) is decided here.
 *
 * Neither may be called on an event loop: both can take milliseconds.
 *
 * A READ
 *
 *   cmt_read_begin()       takes a snapshot;
 *   cmt_thread_find() ...  look into it;
 *   cmt_read_end()         gives it back.  A snapshot held open makes the
 *                          file grow: end it before a reply is sent.
 *
 * ERRORS
 *
 * A function returns CMT_OK or one of the negative codes in CMT_ERRORS.
 * Outputs come last and are untouched on failure.  The details (which field,
 * which line of a rules file, what LMDB said) are in a cmt_error_t that the
 * caller owns; it may be NULL where the caller does not care.  A verdict of
 * the rules is a result, not an error.
 *
 * MEMORY
 *
 * Whatever a call makes for a request comes from the caller's arena and
 * lives as long as that arena.  Strings carry their length and are not
 * terminated by NUL unless a comment says so.
 *
 * THREADS
 *
 * A store, a key, a site and a ruleset may be used by many threads at a time.
 * An arena, a snapshot and a change belong to one thread at a time.
 *
 * PARTS
 *
 * This header is the way through the others, which nobody includes alone.
 * What posting and reading need:
 *
 *   cmt_base.h             strings and memory
 *   cmt_limits.h           all limits
 *   cmt_errors.h           all errors
 *   cmt_site.h             the master key, sites, pages
 *   cmt_store.h            the store as a whole
 *   cmt_post.h             posting, editing, voting, reporting
 *   cmt_read.h             threads, comments, counts
 *
 * The rest, to be read when it is needed:
 *
 *   cmt_events.h           events of a thread, feeds
 *   cmt_exchange.h         import and export
 *   cmt_rules.h            rules: load, serve, exchange, replay
 *   cmt_page.h             pages that pass by: markers, language, gzip
 *   cmt_html.h             threads and forms as HTML
 *   cmt_history.h          rules that served, as the store keeps them
 *   cmt_moderate.h         moderators, sessions, decisions, bans
 *   cmt_search.h           finding comments
 *   cmt_desk.h             what moderators ask for over HTTP
 */

#ifndef CMT_H
#define CMT_H

#include <stddef.h>
#include <stdint.h>

#include "cmt_base.h"
#include "cmt_limits.h"
#include "cmt_errors.h"
#include "cmt_site.h"
#include "cmt_store.h"
#include "cmt_post.h"
#include "cmt_read.h"

#include "cmt_events.h"
#include "cmt_exchange.h"
#include "cmt_rules.h"
#include "cmt_page.h"
#include "cmt_html.h"
#include "cmt_history.h"
#include "cmt_moderate.h"
#include "cmt_search.h"
#include "cmt_desk.h"


#endif /* CMT_H */
