/*
 * receipt_rows.h: a receipt as it is kept.  It is JSON everywhere else; what
 * all receipts say takes a byte or two here, and nothing is said twice.
 *
 *   first byte     then
 *   0x00           n:1             words[n] in quotes     "author.approved"
 *   0x01           n:1             a comma before it     ,"author.approved"
 *   0x02           n:1             and a colon behind it ,"author.approved":
 *   0x03           bytes:16        32 hex digits
 *   0x04           back:v len:v    what stands `back` bytes before, again
 *   0x05           any:1           that byte
 *   0x06..0x1f                     phrases[0..25]
 *   0x20..0xf4                     itself
 *   0xf5..0xff                     phrases[26..36]
 *
 * v is a varint, 7 bits a byte from the lowest, 0x80 on all but the last.
 * JSON has no byte below 0x20, UTF-8 none above 0xf4: so what was not packed
 * reads as itself.
 *
 *   {"verdict":"hold","score":0,"public":null,"rules":[{"name":"many links",
 *    06              hold 07    0  08                  0b       many links
 *    "file":"rules.lua","line":1,"verdict":"hold","note":"3 links"}], ...
 *    0c      rules.lua 0d      1 0f                      3 links  17
 *
 * The tables are part of the format: rows are added at the end.
 */

#ifndef CMT_RECEIPT_ROWS_H
#define CMT_RECEIPT_ROWS_H

#include "schema.h"


#define PACKED_WORD         0x00
#define PACKED_COMMA_WORD   0x01
#define PACKED_MEMBER       0x02
#define PACKED_HEX          0x03
#define PACKED_AGAIN        0x04
#define PACKED_ESCAPE       0x05
#define PACKED_PHRASE_LOW   0x06
#define PACKED_TEXT         0x20
#define PACKED_PHRASE_HIGH  0xf5

#define PACKED_HEX_BYTES    16
#define PACKED_LOW          (PACKED_TEXT - PACKED_PHRASE_LOW)

#define PACKED_WORDS        99
#define PACKED_PHRASES      (PACKED_LOW + 0x100 - PACKED_PHRASE_HIGH)

extern const cmt_str_t  cmt__packed_words[PACKED_WORDS];
extern const cmt_str_t  cmt__packed_phrases[PACKED_PHRASES];


#endif /* CMT_RECEIPT_ROWS_H */
