-- expect: accept
-- A character beyond Unicode, with the lax mode asked for.

rule("abuse", function(c)
  return score(utf8.len("\u{7FFFFFFF}", 1, -1, true) or 0)
end)
