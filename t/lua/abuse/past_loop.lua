-- expect: hold
-- note: it used more than

rule("past", function(c)
  while true do c.author.recent("1d") c.thread.pair_replies("a", "b", 60) end
end)
