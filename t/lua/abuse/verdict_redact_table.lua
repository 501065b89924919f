-- expect: hold
-- note: redact must be text
-- A redaction that is no text.

rule("abuse", function(c)
  return hold(nil, { note = "x", redact = { {} } })
end)
