/*
 * receipt_rows.c: what receipts say over and over.
 */

#include "receipt_rows.h"


#define row(text)  { sizeof(text) - 1, text }

const cmt_str_t  cmt__packed_words[PACKED_WORDS] = {
    row("event"), row("kind"), row("id"), row("time"), row("text"),
    row("plain"), row("length"), row("words"), row("links"), row("ip_key"),
    row("ip_country"), row("agent"), row("var"), row("parent"),
    row("folded"), row("emoji"), row("mentions"), row("script"), row("html"),
    row("lang"),
    row("author.key"), row("author.name"), row("author.url"),
    row("author.role"), row("author.proof"), row("author.first_seen"),
    row("author.approved"), row("author.held"), row("author.rejected"),
    row("author.spam"), row("author.recent"), row("author.upheld_flags"),
    row("form.seconds"), row("form.honeypot"), row("form.pow_bits"),
    row("form.js"), row("form.pasted"),
    row("page.path"), row("page.url"), row("page.title"), row("page.meta"),
    row("page.tags"), row("page.age"),
    row("thread.comments"), row("thread.closed"), row("thread.locked"),
    row("thread.depth"), row("thread.authors"), row("thread.per_hour"),
    row("thread.removed_share"), row("thread.pair_replies"),
    row("parent.id"), row("parent.kind"), row("parent.time"),
    row("parent.text"), row("parent.plain"), row("parent.length"),
    row("parent.words"), row("parent.links"), row("parent.folded"),
    row("parent.author.key"), row("parent.author.name"),
    row("parent.author.url"),
    row("total"), row("approved"), row("held"), row("rejected"), row("spam"),
    row("answers"), row("language"), row("tags"), row("more"), row("cookie"),
    row("login"), row("member"), row("staff"), row("moderator"), row("post"),
    row("edit"), row("accept"), row("hold"), row("score"), row("reject"),
    row("nudge"), row("challenge"), row("verdict"), row("public"),
    row("rules"), row("name"), row("file"), row("line"), row("note"),
    row("steps"), row("us"), row("errors"), row("facts"), row("given"),
    row("ruleset"), row("skipped")
};

const cmt_str_t  cmt__packed_phrases[PACKED_PHRASES] = {
    row("{\"verdict\":\""),
    row("\",\"score\":"),
    row(",\"public\":null,\"rules\":["),
    row(",\"public\":\""),
    row("\",\"rules\":["),
    row("{\"name\":\""),
    row("\",\"file\":\""),
    row("\",\"line\":"),
    row(",\"verdict\":\"score\",\"score\":"),
    row(",\"verdict\":\"hold\",\"note\":\""),
    row(",\"verdict\":\"accept\",\"note\":\""),
    row(",\"verdict\":\"spam\",\"note\":\""),
    row(",\"verdict\":\"reject\",\"note\":\""),
    row(",\"verdict\":\"nudge\",\"note\":\""),
    row(",\"verdict\":\"challenge\",\"note\":\""),
    row(",\"verdict\":\""),
    row(",\"note\":\""),
    row("\"}],\"steps\":"),
    row("],\"steps\":"),
    row(",\"us\":"),
    row(",\"errors\":[],\"facts\":["),
    row(",\"errors\":[\""),
    row("],\"given\":{"),
    row("},\"answers\":[["),
    row("]],\"language\":\""),
    row("},\"language\":\""),
    row("\",\"ruleset\":\""),
    row("},\"ruleset\":\""),
    row("]],\"ruleset\":\""),
    row("\"},{\"name\":\""),
    row("\"],\"facts\":["),
    row("],["),
    row(",\"form.honeypot\":false,\"form.js\":false"),
    row("\"form.honeypot\":false,\"form.js\":false"),
    row(",\"form.honeypot\":false"),
    row(",\"author.proof\":\"cookie\""),
    row(",\"tags\":[\"")
};
