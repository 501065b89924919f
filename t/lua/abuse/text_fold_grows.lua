-- expect: accept
-- One character that would become eighteen.

rule("abuse", function(c)
  local s = ("\u{fdfa}"):rep(1000)
  assert(#text.fold(s) <= 3 * #s)
end)
