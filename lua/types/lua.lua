---@meta
-- What there is of Lua itself, for editors that read LuaLS annotations.  Lua's
-- own definitions are to be off (docs/rules.md, "In your editor"), so that an
-- editor marks io, os, pcall and the like as unknown: here they are.

_VERSION = "Lua 5.4"

---Raises message when value is false or nil, else gives all its arguments.
---@generic T
---@param value T
---@param message? string
---@return T
function assert(value, message) end

---Ends the rule: it has failed, and the comment is held.
---@param message string
---@param level? integer
function error(message, level) end

---@generic T
---@param t T[]
---@return fun(t: T[], i?: integer): integer, T
---@return T[]
---@return integer
function ipairs(t) end

---In a fixed order: numbers first, then texts by their bytes.
---@generic K, V
---@param t table<K, V>
---@return fun(t: table<K, V>, k?: K): K, V
---@return table<K, V>
function pairs(t) end

---Writes into the trace that `ngx-comments rules run` shows.
function print(...) end

---@param n integer|"#"
function select(n, ...) end

---@param value any
---@param base? integer
---@return number?
function tonumber(value, base) end

---A table or a function is its type: there are no addresses.
---@param value any
---@return string
function tostring(value) end

---@param value any
---@return string
function type(value) end


---On bytes; see text for characters.
---@class stringlib
string = {}

---@param s string
---@param i? integer
---@param j? integer
---@return integer ...
function string.byte(s, i, j) end

---@param ... integer
---@return string
function string.char(...) end

---@param s string
---@param pattern string
---@param init? integer
---@param plain? boolean
---@return integer? from
---@return integer? to
---@return any ... captures
function string.find(s, pattern, init, plain) end

---@param format string
---@return string
function string.format(format, ...) end

---@param s string
---@param pattern string
---@param init? integer
---@return fun(): string, ...
function string.gmatch(s, pattern, init) end

---@param s string
---@param pattern string
---@param replacement string|table|function
---@param n? integer
---@return string
---@return integer count
function string.gsub(s, pattern, replacement, n) end

---@param s string
---@return integer
function string.len(s) end

---ASCII letters only; text.lower knows the others.
---@param s string
---@return string
function string.lower(s) end

---@param s string
---@param pattern string
---@param init? integer
---@return any ...
function string.match(s, pattern, init) end

---@param s string
---@param n integer
---@param sep? string
---@return string
function string.rep(s, n, sep) end

---@param s string
---@return string
function string.reverse(s) end

---@param s string
---@param i integer
---@param j? integer
---@return string
function string.sub(s, i, j) end

---ASCII letters only.
---@param s string
---@return string
function string.upper(s) end


table = {}

---@param t table
---@param sep? string
---@param i? integer
---@param j? integer
---@return string
function table.concat(t, sep, i, j) end

---@param t table
---@param at any position, or the value
---@param value? any
function table.insert(t, at, value) end

---@return table
function table.pack(...) end

---@param t table
---@param at? integer
---@return any
function table.remove(t, at) end

---Keeps the order of what is equal.
---@generic T
---@param t T[]
---@param before? fun(a: T, b: T): boolean
function table.sort(t, before) end

---@param t table
---@param i? integer
---@param j? integer
---@return any ...
function table.unpack(t, i, j) end


math = {}

---@type number
math.huge = nil
---@type integer
math.maxinteger = nil
---@type integer
math.mininteger = nil
---@type number
math.pi = nil

---@param x number
---@return number
function math.abs(x) end
---@param x number
---@return number
function math.acos(x) end
---@param x number
---@return number
function math.asin(x) end
---@param y number
---@param x? number
---@return number
function math.atan(y, x) end
---@param x number
---@return integer
function math.ceil(x) end
---@param x number
---@return number
function math.cos(x) end
---@param x number
---@return number
function math.deg(x) end
---@param x number
---@return number
function math.exp(x) end
---@param x number
---@return integer
function math.floor(x) end
---@param x number
---@param y number
---@return number
function math.fmod(x, y) end
---@param x number
---@param base? number
---@return number
function math.log(x, base) end
---@param x number
---@param ... number
---@return number
function math.max(x, ...) end
---@param x number
---@param ... number
---@return number
function math.min(x, ...) end
---@param x number
---@return number
---@return number
function math.modf(x) end
---@param x number
---@return number
function math.rad(x) end
---The same comment gives the same numbers.
---@param m? integer
---@param n? integer
---@return number
function math.random(m, n) end
---@param x number
---@return number
function math.sin(x) end
---@param x number
---@return number
function math.sqrt(x) end
---@param x number
---@return number
function math.tan(x) end
---@param x any
---@return integer?
function math.tointeger(x) end
---@param x any
---@return "integer"|"float"|nil
function math.type(x) end
---@param m integer
---@param n integer
---@return boolean
function math.ult(m, n) end


utf8 = {}

---@type string
utf8.charpattern = nil

---@param ... integer
---@return string
function utf8.char(...) end
---@param s string
---@param i? integer
---@param j? integer
---@return integer ...
function utf8.codepoint(s, i, j) end
---@param s string
---@return fun(s: string, at?: integer): integer, integer
function utf8.codes(s) end
---@param s string
---@param i? integer
---@param j? integer
---@return integer?
---@return integer? wrong
function utf8.len(s, i, j) end
---@param s string
---@param n integer
---@param i? integer
---@return integer?
function utf8.offset(s, n, i) end
