/*
 * check.h: what the parts of a check share.  Private to check*.c.
 */

#ifndef CMT_CHECK_H
#define CMT_CHECK_H

#include "schema.h"


typedef struct {
    cmt_read_t    *read;
    cmt_arena_t   *arena;
    cmt_check_fn   fn;
    void          *ctx;
    cmt__head_t    head;
    uint64_t       problems;
    uint64_t       places;           /* entries that must be there */
    uint64_t       fingerprints;     /* of these, among the newest posts: */
    uint64_t       fingerprints_recent;
    uint64_t       recents;          /* records of newest posts */
    uint64_t       tops;
    uint64_t       authored, authored_newest;    /* of these, in records */
    uint64_t       authors;
    uint64_t       comments;
    uint64_t       threads;
    uint64_t       counted;          /* by count_one() */
    uint64_t       statuses[CMT__STATUSES];     /* of an author's comments */
    uint64_t       upheld;                      /* reports of those        */
    uint8_t       *status;           /* by the journal, of ids 0..next-1 */
    uint32_t      *replies;          /* less those that records tell of */
    uint32_t      *votes_up, *votes_down, *reports;             /* the same */
    uint64_t       votes;
    uint64_t       deeds;            /* that entries of the journal name */
    uint64_t       reported;
    uint64_t       days, remembered; /* of the table memory */
    uint32_t       memory_site;      /* whose records are being summed up */
    uint64_t       memory_bytes;
    uint64_t       moderation;       /* other records of that table */
    uint64_t       generations, digests;
} cmt__check_t;


/* Chains the journal again and notes in check->status where it leads each
 * comment.  (check_journal.c) */
int cmt__check_journal(cmt__check_t *check) CMT_CHECK;

/* The record of a thread.  (check_thread.c) */
int cmt__check_thread(cmt__check_t *check, const MDB_val *key,
    const MDB_val *value) CMT_CHECK;

/* A vote of the table of authors; a receipt or a report; and what is wrong
 * with their numbers when all were seen.  (check_votes.c) */
int cmt__check_vote(cmt__check_t *check, const MDB_val *key,
    const MDB_val *value) CMT_CHECK;
int cmt__check_receipt(cmt__check_t *check, const MDB_val *key,
    const MDB_val *value) CMT_CHECK;
void cmt__check_tallies(cmt__check_t *check);

/* The fingerprint of a comment; and a thread's record of its newest posts.
 * (check_recent.c) */
void cmt__check_fingerprint(cmt__check_t *check, const cmt__comment_t *c);
int cmt__check_recent(cmt__check_t *check, const MDB_val *key,
    const MDB_val *value) CMT_CHECK;

/* A record of the table memory; and what is wrong when all were seen.
 * (check_memory.c) */
int cmt__check_memory(cmt__check_t *check, const MDB_val *key,
    const MDB_val *value) CMT_CHECK;
void cmt__check_memory_end(cmt__check_t *check);

/* Makes the words of each segment again.  (check_words.c) */
int cmt__check_words(cmt__check_t *check) CMT_CHECK;

/* A record for moderators.  (check_moderation.c) */
int cmt__check_purging(cmt__check_t *check) CMT_CHECK;
int cmt__check_moderation(cmt__check_t *check, const MDB_val *key,
    const MDB_val *value) CMT_CHECK;

/* A record of files of rules.  (check_generations.c) */
int cmt__check_generation(cmt__check_t *check, const MDB_val *key,
    const MDB_val *value) CMT_CHECK;

/* Counts a problem and tells of it.  (check.c) */
void cmt__problem(cmt__check_t *check, const char *format, ...)
    __attribute__((format(printf, 2, 3)));


#endif /* CMT_CHECK_H */
