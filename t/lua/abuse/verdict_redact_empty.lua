-- expect: hold
-- note: 3 to 200 bytes
-- A redaction that would fit everywhere.

rule("abuse", function(c)
  return hold(nil, { note = "x", redact = "" })
end)
