---@meta
-- What a file of rules can call.  A test holds these definitions against the
-- tables of core/rules: t/unit/rules_types_test.c.

---A text, or one for each language: {nb = "...", en = "..."}.
---@alias words string|table<string, string>

---What a moderator reads: a text, what was found, or the two with texts that
---are kept out of the receipt.
---@alias note string|match|match[]|{note: string, redact: string|string[]}

---@alias verdict_name "accept"|"nudge"|"challenge"|"hold"|"spam"|"reject"

---What a rule returns; made by hold() and its like.
---@class verdict

---@class filter
---@field path? string|string[] of the page; * is any text, ? any byte
---@field kind? string|string[] "comment", "mention", "pingback", "webmention"
---@field event? string|string[] "post", "edit", "import"
---@field lang? string|string[] that the text seems to be in: "nb", "en"
---@field on_error? "hold"|"skip"
---@field unless? string|string[] predicates: "staff", "trusted", or your own
---@field only? string|string[] the same; one must hold

---@class settings
---@field default? "accept"|"hold" when no rule decides
---@field thresholds? {hold?: number, spam?: number, reject?: number}
---@field default_reason? words to the author of what is held
---@field language? string of the site, such as "nb"

---@class list_options
---@field match? "word"|"substring"|"prefix"|"domain"|"cidr"
---@field except? list
---@field case? boolean upper and lower case differ
---@field inflect? string a language, such as "nb": all forms of its words

---Declares a rule.  The function gets the comment and returns nothing or one
---verdict.
---@param name string what moderators see
---@param filter filter
---@param decide fun(c: comment): verdict?
---@overload fun(name: string, decide: fun(c: comment): verdict?)
function rule(name, filter, decide) end

---For all rules; a later call changes only what it names.
---@param t settings
function settings(t) end

---Must hold, or the file does not load.
---@param name string
---@param fields table fields of a comment; the others are harmless
---@param verdict verdict_name that the rules must come to
---@param by? string the rule that must have said so
function test(name, fields, verdict, by) end

---A question that filters can ask by its name.
---@param name string
---@param holds fun(c: comment): boolean?
function predicate(name, holds) end

---Into the receipt; does not decide.
---@param name string 64 bytes at most
function tag(name) end

---Takes a rule of an earlier file away.
---@param name string
function disable(name) end

---Runs another file that lies beside this one, once.
---@param file string
function include(file) end

---Reads a list that lies beside the file.
---@param file string
---@param options? list_options
---@return list
function list(file, options) end

---Published, unless an earlier rule was stricter; later rules do not run.
---@param note? note
---@return verdict
function accept(note) end

---Adds n to the score.
---@param n number may be negative
---@param note? note
---@return verdict
function score(n, note) end

---Asks the author to reconsider.
---@param public? words to the author
---@param note? note
---@return verdict
function nudge(public, note) end

---Asks the browser for work.
---@param t {pow: integer, note?: note} pow is 1 to 40 bits
---@return verdict
function challenge(t) end

---Held for a moderator; later rules run.
---@param public? words to the author
---@param note? note
---@return verdict
function hold(public, note) end

---Put aside; later rules do not run.  The author reads what one reads who is
---held.
---@param note? note
---@return verdict
function spam(note) end

---Refused; later rules do not run.
---@param public? words to the author
---@param note? note
---@return verdict
function reject(public, note) end


---On characters.
text = {}

---E-mail addresses and telephone numbers.
---@param s string
---@return match[]
function text.contacts(s) end

---Characters to add, drop or change; each text has 64 at most.
---@param a string
---@param b string
---@return integer
function text.distance(a, b) end

---What reads alike becomes the same.
---@param s string
---@return string
function text.fold(s) end

---Digits and signs that stand for letters, as letters: "c4$in0" is "casino".
---@param s string
---@return string
function text.leet(s) end

---@param s string
---@return integer
function text.len(s) end

---@param s string
---@return match[]
function text.links(s) end

---@param s string
---@return string
function text.lower(s) end

---Dots for what was found in s.
---@param s string
---@param m match|match[]
---@return string
function text.mask(s, m) end

---The first match of a at most n words from one of b.
---@param s string
---@param a list|string[]
---@param b list|string[]
---@param n integer
---@return match?
function text.near(s, a, b, n) end

---@param s string
---@param i integer
---@param j? integer
---@return string
function text.sub(s, i, j) end

---@param s string
---@return string
function text.trim(s) end

---1000 at most.
---@param s string
---@return string[]
function text.words(s) end


---Which language a text is in.
lang = {}

---Nil when it cannot be told.
---@param s string
---@return string? code
---@return number? confidence 0 to 1
function lang.guess(s) end


---Times are Unix seconds; c.time is the time.
time = {}

---"2024-01-31"
---@param t integer
---@param zone? string "Europe/Oslo"; UTC without one
---@return string
function time.date(t, zone) end

---A span in English words: "2 hours".
---@param seconds integer
---@return string
function time.human(seconds) end

---@param t integer
---@param zone string
---@return table<string, integer> year, month, day, hour, min, sec, wday ...
function time.local_(t, zone) end

---Of a date or of RFC 3339; nil when it is neither.
---@param s string
---@return integer?
function time.parse(s) end

---Seconds of "1h30m".
---@param s string
---@return integer
function time.span(s) end


---Events in a while.  "ip", "author" and "thread" are counted for each comment;
---the keys are c.ip_key, c.author.key and c.page.path.
rate = {}

---How many in the span, such as "10m"; 0 when the key is nil.  A kind in quotes
---that nothing counts is an error when the file loads.
---@param kind string
---@param key? string|number
---@param span string|integer
---@return integer
function rate.count(kind, key, span) end

---One more, of a kind of your own; the new count.
---@param kind string
---@param key? string|number
---@param span string|integer
---@return integer
function rate.add(kind, key, span) end


---What rules remember, written with the comment.
store = {}

---@param space string
---@param key? string|number
---@return string|number|boolean|table|nil
function store.get(space, key) end

---@param space string
---@param key string|number
---@param value string|number|boolean|table flat, 1 KB at most
---@param ttl string|integer how long it is kept, 400 days at most
function store.set(space, key, value, ttl) end

---@param space string
---@param key string|number
function store.del(space, key) end


---Rules that many sites want, registered by the call.  Each also takes `say`,
---words to the author instead of ours.
---@class stdlib
std = {}

---Holds until n (1) comments of the author are published.
---@param options {say?: words, n?: integer}
function std.first_comment(options) end

---Holds what comes after max (5) comments of the author or network (20) of the
---network in a span ("10m").
---@param options {say?: words, max?: integer, network?: integer, span?: string}
function std.flood(options) end

---Spam when the hidden field was filled.
---@param options {say?: words}
function std.honeypot(options) end

---Holds more than max (2) links.
---@param options {say?: words, max?: integer}
function std.links(options) end

---Holds more than max (1) words with letters of two alphabets.
---@param options {say?: words, max?: integer}
function std.mixed_alphabets(options) end

---Asks to write otherwise: more than a share (0.7) of capitals in a text of
---more than length (40) characters.
---@param options {say?: words, share?: number, length?: integer}
function std.shouting(options) end

---Accepts what signed-in staff and moderators write.
---@param options {say?: words}
function std.staff(options) end

---Holds what is written for its link: a name that is one, a shortener, a link
---with fewer than words (6) around it.
---@param options {say?: words, words?: integer}
function std.throwaway(options) end

---Holds what came less than seconds (3) after the form was opened.
---@param options {say?: words, seconds?: integer}
function std.too_fast(options) end

---The settings of WordPress, "Discussion".
---@param options {say?: words, manual?: boolean,
---  previously_approved?: boolean, max_links?: integer,
---  moderation_keys?: list|string, disallowed_keys?: list|string,
---  close_after?: integer, name_email?: boolean}
function std.wordpress(options) end

---Our own words, in the author's language.
---@param name "held"|"first"|"links"|"flood"|"shouting"
---@return string
function std.words(name) end
